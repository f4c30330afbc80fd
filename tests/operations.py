"""The table of operations: an independent definition of each, and points to try it at.

A new operation needs one row here. `mpmath` works at 50 digits, and takes derivatives by differences
at that precision, so no derivative is written down a second time.
"""

from collections.abc import Callable
from typing import NamedTuple

import mpmath as mp


class Row(NamedTuple):
    definition: Callable
    points: list[tuple]
    differentiated: Callable | None = None  # what the partials are derivatives of, where that isn't the definition


UNIT = [(-0.875,), (-0.25,), (0.0625,), (0.5,), (0.9375,)]
REAL = [(-3.5,), (-0.75,), (0.3125,), (1.25,), (4.5,)]
POSITIVE = [(0.015625,), (0.5,), (1.5,), (7.25,)]
PAIRS = [(0.75, 1.5), (2.5, -0.625), (3.0, 0.25)]
LISTS = [(0.5,), (1.0, -2.5), (0.25, 3.0, -1.5), (2.0, 2.0, 0.5, -4.0)]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def weighted_sum(*flat):
    n = (len(flat) - 1) // 2
    return flat[-1] + sum(w * x for w, x in zip(flat[:n], flat[n:-1], strict=True))


def share(x, *values):
    return mp.exp(x) / sum(mp.exp(v) for v in values)


TABLE = {
    "add": Row(lambda x, y: x + y, PAIRS),
    "sub": Row(lambda x, y: x - y, PAIRS),
    "mul": Row(lambda x, y: x * y, PAIRS),
    "div": Row(lambda x, y: x / y, PAIRS),
    "neg": Row(lambda x: -x, REAL),
    "pow": Row(lambda x, y: x**y, [(0.75, 1.5), (2.5, -0.625), (3.0, 2.0), (1.25, 0.0)]),
    "exp": Row(mp.exp, REAL),
    "expm1": Row(mp.expm1, [*REAL, (1e-9,)]),
    "log": Row(mp.log, POSITIVE),
    "log1p": Row(mp.log1p, [*POSITIVE, (-0.5,), (1e-9,)]),
    "sqrt": Row(mp.sqrt, POSITIVE),
    "sin": Row(mp.sin, REAL),
    "cos": Row(mp.cos, REAL),
    "tan": Row(mp.tan, UNIT),
    "asin": Row(mp.asin, UNIT),
    "acos": Row(mp.acos, UNIT),
    "atan": Row(mp.atan, REAL),
    "sinh": Row(mp.sinh, REAL),
    "cosh": Row(mp.cosh, REAL),
    "tanh": Row(mp.tanh, UNIT),
    "erf": Row(mp.erf, UNIT),
    "erfc": Row(mp.erfc, REAL),
    "hypot": Row(mp.hypot, PAIRS),
    "atan2": Row(mp.atan2, PAIRS),
    "identity": Row(lambda x: x, REAL),
    "step": Row(lambda x: mp.mpf(x > 0), REAL),
    "sign": Row(mp.sign, REAL),
    "threshold": Row(lambda s: mp.mpf(1 if s >= 0 else -1), REAL),
    "bernoulli": Row(lambda p, u: mp.mpf(u < p), [(0.75, 0.5), (0.25, 0.5)], lambda p, _: p),
    "binary_cross_entropy": Row(
        lambda p, t: -t * mp.log(p) - (1 - t) * mp.log(1 - p), [(0.25, 1.0), (0.25, 0.0), (0.75, 0.375)]
    ),
    "abs": Row(abs, REAL),
    "relu": Row(lambda x: max(x, 0), REAL),
    "leaky_relu": Row(lambda x, slope: x if x > 0 else slope * x, [(-3.5, 0.125), (1.25, 0.125)]),
    "prelu": Row(lambda x, slope: x if x > 0 else slope * x, [(-3.5, 0.25), (1.25, 0.25)]),
    "elu": Row(lambda x, alpha: x if x > 0 else alpha * mp.expm1(x), [(-0.75, 1.0), (-2.5, 0.5), (1.25, 1.0)]),
    "sigmoid": Row(sigmoid, REAL),
    "log_sigmoid": Row(lambda x: mp.log(sigmoid(x)), REAL),
    "softplus": Row(lambda x: mp.log1p(mp.exp(x)), REAL),
    "silu": Row(lambda x: x * sigmoid(x), REAL),
    "gelu": Row(lambda x: x * mp.ncdf(x), REAL),
    "maximum": Row(max, PAIRS),
    "minimum": Row(min, PAIRS),
    "total": Row(lambda *values: sum(values), LISTS),
    "mean": Row(lambda *values: sum(values) / len(values), LISTS),
    "weighted_sum": Row(weighted_sum, [(0.5,), (2.0, -1.5, 0.25), (2.0, 0.5, -1.5, 3.0, 0.25)]),
    "logsumexp": Row(lambda *values: mp.log(sum(map(mp.exp, values))), LISTS),
    "log_softmax": Row(lambda x, *values: mp.log(share(x, *values)), [(0.5, 0.5, -1.0), (-1.0, 0.5, -1.0, 2.0)]),
    "where": Row(lambda c, x, y: x if abs(c) > 0.5 else y, [(1.0, 2.5, -0.5), (0.0, 2.5, -0.5)]),
    "greater": Row(lambda x, y: mp.mpf(x > y), PAIRS),
    "greater_equal": Row(lambda x, y: mp.mpf(x >= y), PAIRS),
    "largest": Row(lambda *values: mp.mpf(max(values)), LISTS),
    "equal": Row(lambda x, y: mp.mpf(x == y), PAIRS),
}
