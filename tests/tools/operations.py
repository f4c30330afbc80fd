"""The table of operations: an independent definition of each, and easy and hard points to try it at.

A new operation needs one row here. `mpmath` reads the definition at as many digits as it takes, and `accuracy`
takes its derivatives by differences, so that no derivative is written down a second time.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import mpmath as mp

Point = tuple[float, ...]


class Terms(NamedTuple):
    """Where a result is the small difference of larger terms, or passes through a number beyond float64's range.

    `size(orders, *point)` is how large those are, for the derivative of these orders (of all 0: the value). An error
    is then counted in ulps of that size, where it is larger than the exact result.
    """

    why: str
    size: Callable[..., Any]


class Row(NamedTuple):
    definition: Callable[..., Any]
    easy: list[Point]
    hard: list[Point]  # near kinks, poles and edges, where terms cancel, and at both ends of float64's range
    kinks: Mapping[Point, Point] = {}  # where there is no derivative: the partials that are agreed on
    known: Mapping[Point, Mapping[tuple[int, ...], float]] = {}  # and higher derivatives that there are: others are nan
    terms: Terms | None = None
    differentiated: Callable[..., Any] | None = None  # what the partials are derivatives of, if not of the definition


EPSILON = 2.0**-52
SUBNORMAL = 2.0**-1022  # below it a float64 has fewer digits
TINY = 5e-324
HUGE = 1.7976931348623157e308
NEAR = 1 - EPSILON / 2  # the float64 below 1
INF, NAN = float("inf"), float("nan")

UNIT = [(-0.875,), (-0.25,), (0.0625,), (0.5,), (0.9375,)]
REAL = [(-3.5,), (-0.75,), (0.3125,), (1.25,), (4.5,)]
POSITIVE = [(0.015625,), (0.5,), (1.5,), (7.25,)]
PAIRS = [(0.75, 1.5), (2.5, -0.625), (3.0, 0.25)]
LISTS = [(0.5,), (1.0, -2.5), (0.25, 3.0, -1.5), (2.0, 2.0, 0.5, -4.0)]
ENDS = [(TINY,), (-TINY,), (HUGE,), (-HUGE,)]
ANGLES = [(TINY,), (1e-300,), (1.5707963267948966,), (1.57,), (3.141592653589793,), (-710.0,), (1e22,), (HUGE,)]
EDGES = [(NEAR,), (-NEAR,), (0.999,), (-1e-9,), (1e-300,), (TINY,)]
TAILS = [(TINY,), (-1e-9,), (-40.0,), (-709.0,), (-744.5,), (37.42994775023705,), (40.410841513445845,), (709.0,)]
GROWING = [(TINY,), (1e-9,), (22.0,), (710.25,), (-710.47,), (711.0,)]
ZERO = {(0.0,): (0.0,)}
SLOPES = [(TINY, 0.01), (-TINY, 0.01), (-HUGE, 0.01), (-HUGE, 2.0), (HUGE, 0.01), (-1.0, TINY)]
TIES = {(2.0, 2.0): (0.5, 0.5), (0.0, -0.0): (0.5, 0.5), (-HUGE, -HUGE): (0.5, 0.5)}
BESIDE = [(1.0, NEAR), (TINY, 1e-323), (-TINY, TINY), (HUGE, -HUGE)]
COMPARED = [*BESIDE, (1.0, 1.0), (0.0, -0.0), (-0.0, 0.0)]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def gauss(x):
    return max(mp.npdf(x), SUBNORMAL)


def weighted_sum(*flat):
    n = (len(flat) - 1) // 2
    return flat[-1] + sum(w * x for w, x in zip(flat[:n], flat[n:-1], strict=True))


@cache
def exp(x, _precision):  # differences come back to the same numbers
    return mp.exp(x)


def logsumexp(*values):
    return mp.log(sum(exp(x, mp.mp.prec) for x in values))


def is_peak(e, d):
    """Whether e is the largest of softmax's exponentials, 1, and more than half of their sum; e may be a step aside."""
    return abs(e - 1) < 1e-20 and d < 2


def within_range(*numbers):
    """The product of the numbers, or inf if any of them is beyond the range."""
    return mp.fprod(numbers) if all(abs(number) < mp.ldexp(1, 1024) for number in numbers) else mp.inf


# The sizes of terms. As in Terms: orders says which derivative, n of which variable.


def power_terms(orders, x, y):
    if not any(orders):
        return 0
    by_x, by_y = orders
    x, steep, log = abs(mp.mpf(x)), 1 + abs(y), 1 + abs(mp.log(abs(x)))
    if not by_y:
        return within_range(x ** (y - by_x), abs(y) * steep ** (by_x - 1), log)
    z = max(x**y, SUBNORMAL)
    return within_range(z, max(x**-by_x, SUBNORMAL)) * steep**by_x * log ** (by_y + min(by_x, 1))


def atan_terms(orders, x):
    x, (n,) = abs(mp.mpf(x)), orders
    if n == 0:
        return 0
    flushed = SUBNORMAL / EPSILON * max(1, 2 * x) ** (n - 1)
    return max(flushed, 8 * x * x / (1 + x * x) ** 3 if n == 3 else 0)


def hypot_terms(orders, x, y):
    r, n = mp.hypot(x, y), sum(orders)
    return within_range(r, r**-n, max(1, SUBNORMAL / r)) if n else 0


def atan2_terms(orders, y, x):
    r, n = mp.hypot(x, y), sum(orders)
    return within_range(r, r**-n) / r * mp.factorial(n - 1) if n else 0


def gauss_terms(orders, x):
    x, (n,) = abs(x), orders
    return 0 if n == 0 else gauss(x * mp.sqrt(2)) * (1 + x * x) * {1: 1, 2: 2 * x, 3: 2 + 4 * x * x}[n]


def gelu_terms(orders, x):
    x, (n,) = mp.mpf(x), orders
    if n == 0:
        return max(abs(x) * mp.ncdf(x), SUBNORMAL) * (1 + x * x)
    return gauss(x) * (1 + abs(x)) ** (n + 2)


def share_terms(orders, values):
    """What derivatives of softmax's shares are made of, pᵢ·pⱼ or pᵢ·(1 − pᵢ), where the exponents x − m are exact."""
    met = [i for i, n in enumerate(orders) if n]
    if not met:
        return 0
    others = [x for i, x in enumerate(values) if i not in met] if len(met) == 1 < sum(orders) else values
    m, z = max(values), logsumexp(*values)
    size = mp.fprod(mp.exp(values[i] - z) for i in met) * (mp.exp(logsumexp(*others) - z) if others else 0)
    rounding = max(abs(Fraction(x) - Fraction(m) - Fraction(x - m)) for x in values)
    return size * (1 + float(rounding) / EPSILON)


def logsumexp_terms(orders, *values):
    return share_terms(orders, values) if any(orders) else abs(max(values))


def log_softmax_terms(orders, _, *values):
    if sum(orders) > 1:
        return share_terms(orders[1:], values)
    return 0 if any(orders) else abs(max(values))


def sigmoid_terms(orders, x):
    return sigmoid(x) * sigmoid(-x) if orders[0] > 1 else 0


def silu_terms(orders, x):
    (n,) = orders
    slope = sigmoid(x) * (sigmoid(-x) if n > 1 else 1)
    return max(slope, SUBNORMAL) * (1 + abs(x)) if n else SUBNORMAL * abs(x)


def asinh_terms(orders, x):
    h, (n,) = mp.hypot(x, 1), orders
    return max(h**-n, SUBNORMAL / EPSILON / h ** (n - 1) if h > 1e150 else 0) if n > 1 else 0


def sinc_terms(orders, x):
    """What the quotient rule adds up from |x| = ½ on; below, what a power series has of both signs."""
    x, (n,) = max(abs(mp.mpf(x)), mp.mpf(1) / 2), orders
    return sum(mp.pi**k / x ** (n - k + 1) * mp.factorial(n) / mp.factorial(k) for k in range(n + 1)) if n else 0


def gelu_tanh_exponent(x):
    return x * (mp.sqrt(8 / mp.pi) * (1 + mp.mpf("0.044715") * x * x))


def gelu_tanh_terms(orders, x):
    x, (n,) = mp.mpf(x), orders
    v, slope = gelu_tanh_exponent(x), 2 + x * x / 2
    left = max(sigmoid(v) * (sigmoid(-v) if n > 1 else 1), SUBNORMAL)
    return left * (1 + abs(x)) * (1 + abs(v)) * slope**n


def swish_terms(orders, x, beta):
    x, beta = abs(mp.mpf(x)), abs(mp.mpf(beta))
    t, (by_x, by_beta) = beta * x, orders
    n = by_x + by_beta
    size = max(mp.exp(-t) if n > 1 else 1, SUBNORMAL)
    return size * (1 + t) ** 2 * max(x, 1) ** (by_beta + 1) * max(beta, 1) ** by_x


def celu_terms(orders, x, alpha):
    by_x, by_alpha = orders
    if x > 0:
        return 0
    u = abs(mp.mpf(x) / alpha)
    e = max(mp.exp(-u), SUBNORMAL)
    size = (1 + u) * (e if by_x or by_alpha > 1 else 1) * min(u, 1) ** (by_alpha > 0 == by_x)
    return size * (1 + u) ** (by_alpha + 1) / abs(alpha) ** max(by_x + by_alpha - 1, 0)


def norm_terms(orders, *values):
    r, n = mp.sqrt(sum(mp.mpf(x) ** 2 for x in values)), sum(orders)
    return within_range(r, r**-n, max(1, SUBNORMAL / r)) if n else 0


def variance(*flat):
    *values, correction = flat
    mean = sum(values) / len(values)
    return sum((x - mean) ** 2 for x in values) / (len(values) - correction)


def variance_terms(orders, *flat):
    """The largest deviation stands for each."""
    *values, correction = map(mp.mpf, flat)
    *by_values, by_correction = orders
    spread, n = max(values) - min(values), len(values) - correction
    size = spread ** (2 - min(sum(by_values), 2)) / n ** (1 + by_correction)
    return size * (2 if any(by_values) else 0)


def below_terms(orders, p):
    return 1 / (mp.mpf(p) * (1 - mp.mpf(p))) ** orders[0] if orders[0] > 1 else 0


def log1mexp(x):
    return mp.log(-mp.expm1(-abs(x)))


LIMITS = [(0.5, -1.0, 1.0), (-2.5, -1.0, 1.0), (3.5, -1.0, 1.0)]
AT_LIMITS = {
    (-1.0, -1.0, 1.0): (0.0, 1.0, 0.0),
    (1.0, -1.0, 1.0): (0.0, 0.0, 1.0),
    (0.5, 1.0, 1.0): (0.0, 0.0, 1.0),
}
OUT_OF_ORDER = (0.5, 1.0, 0.0)
FRACTIONS = [(-3.5 - 0.25,), (-0.75,), (0.3125,), (1.25,), (4.4375,)]
PARTS = [(0.3,), (-0.3,), (TINY,), (-TINY,), (NEAR,), (1e15 + 0.25,), (-1e9 - 0.75,)]


TABLE = {
    "add": Row(lambda x, y: x + y, PAIRS, [(1e16, 1.0), (1.0, -NEAR), (0.1, 0.2), (HUGE, HUGE), (TINY, -1e-310)]),
    "sub": Row(lambda x, y: x - y, PAIRS, [(1e16, 1.0), (1.0, NEAR), (0.3, 0.1), (HUGE, -HUGE), (TINY, 1e-310)]),
    "mul": Row(
        lambda x, y: x * y,
        PAIRS,
        [(1e-200, 1e-200), (1e200, -1e200), (TINY, 0.5), (TINY, 1e300), (1 + EPSILON, NEAR)],
    ),
    "div": Row(
        lambda x, y: x / y,
        PAIRS,
        [(1.0, TINY), (1e-300, 1e300), (1e300, 1e-300), (TINY, 3.0), (1e-320, 3e-5), (1.0, 3e-100), (HUGE, 7.0)],
        terms=Terms(
            "z, of which ∂z/∂y is made, has fewer digits where it is subnormal",
            lambda orders, _, y: 0 if orders[0] else SUBNORMAL / abs(mp.mpf(y)) ** orders[1],
        ),
    ),
    "neg": Row(lambda x: -x, REAL, ENDS),
    "pow": Row(
        lambda x, y: x**y,
        [(0.75, 1.5), (2.5, -0.625), (3.0, 2.0), (1.25, 0.0)],
        [
            *((1e-200, 1.5), (1e100, 3.0), (1e-160, 2.0), (1e160, 2.0), (1 + EPSILON, 1e15), (1e300, 1e-300)),
            *(
                (0.5, 1074.0),
                (2.0, 1024.0),
                (7.3, 300.5),
                (0.3, -400.5),
                (3e-150, -1.5),
                (4.4e-73, 0.2259),
                (1.9e12, -1.1816),
            ),
            *((-8.0, 3.0), (-0.5, -3.0), (-3.0, 2.0)),  # where ∂z/∂y is nan
        ],
        {(0.0, 0.0): (0.0, 0.0), (0.0, 3.0): (0.0, 0.0), (0.0, 0.5): (INF, 0.0), (-0.0, 1.0): (1.0, 0.0)},
        {  # xⁿ has its derivatives by x, and 0ʸ is 0 for y > 0; the mixed ones have log x
            (0.0, 0.0): {(2, 0): 0.0, (3, 0): 0.0},
            (0.0, 3.0): {(2, 0): 0.0, (3, 0): 6.0, (0, 2): 0.0, (0, 3): 0.0},
            (0.0, 0.5): {(2, 0): -INF, (3, 0): INF, (0, 2): 0.0, (0, 3): 0.0},
            (-0.0, 1.0): {(2, 0): 0.0, (3, 0): 0.0, (0, 2): 0.0, (0, 3): 0.0},
        },
        Terms(
            "the rounding of y − 1, times log x; ∂z/∂y is made of z and then 1/x, also where these leave the range",
            power_terms,
        ),
    ),
    "exp": Row(mp.exp, REAL, [(-745.0,), (-708.5,), (709.75,), (710.0,), (1e-300,), (-1e-17,)]),
    "expm1": Row(mp.expm1, REAL, [(TINY,), (1e-9,), (-1e-300,), (-0.3,), (0.4,), (-40.0,), (-745.0,), (709.75,)]),
    "log": Row(mp.log, POSITIVE, [(NEAR,), (1 + EPSILON,), (0.99,), (1.01,), (TINY,), (1e-155,), (1e-102,), (HUGE,)]),
    "log1p": Row(mp.log1p, POSITIVE, [(-0.5,), (1e-9,), (1e-300,), (-TINY,), (-0.9999,), (-NEAR,), (HUGE,)]),
    "sqrt": Row(mp.sqrt, POSITIVE, [(TINY,), (1e-310,), (1e-120,), (NEAR,), (2.0,), (HUGE,)]),
    "sin": Row(mp.sin, REAL, ANGLES),
    "cos": Row(mp.cos, REAL, ANGLES),
    "tan": Row(mp.tan, UNIT, ANGLES),
    "asin": Row(
        mp.asin,
        UNIT,
        EDGES,
        terms=Terms(
            "the derivative of (1 − x)·(1 + x) is a difference",
            lambda orders, x: 0 if orders[0] < 2 else (1 - mp.mpf(x) ** 2) ** (mp.mpf(1) / 2 - orders[0]),
        ),
    ),
    "acos": Row(
        mp.acos,
        UNIT,
        EDGES,
        terms=Terms(
            "as asin", lambda orders, x: 0 if orders[0] < 2 else (1 - mp.mpf(x) ** 2) ** (mp.mpf(1) / 2 - orders[0])
        ),
    ),
    "atan": Row(
        mp.atan,
        REAL,
        [(TINY,), (-1e-300,), (1e-9,), (-0.5729677067531369,), (1e8,), (1e80,), (1e100,), (1e155,), (-1e300,)],
        terms=Terms("6x² − 2 in the third; 1 + x² and its square leave the range from 1e154 and 1e77 on", atan_terms),
    ),
    "sinh": Row(mp.sinh, REAL, GROWING),
    "cosh": Row(mp.cosh, REAL, GROWING),
    "tanh": Row(
        mp.tanh,
        UNIT,
        [(TINY,), (1e-9,), (0.5493061443340549,), (-3.0,), (10.0,), (19.0,), (-20.0,), (710.0,)],
        terms=Terms("1 − z², the lecture's formula", lambda orders, x: mp.tanh(x) ** 2 if orders[0] else 0),
    ),
    "erf": Row(
        mp.erf,
        UNIT,
        [(TINY,), (1e-9,), (-3.0,), (6.0,), (10.1,), (26.0,), (-27.2,), (1e4,)],
        terms=Terms("exp(−x²) magnifies the rounding of x² x²-fold, and passes on that of its own", gauss_terms),
    ),
    "erfc": Row(
        mp.erfc,
        REAL,
        [(TINY,), (1e-9,), (-6.0,), (6.0,), (10.1,), (26.0,), (27.2,), (1e4,)],
        terms=Terms("as erf", gauss_terms),
    ),
    "hypot": Row(
        mp.hypot,
        PAIRS,
        [
            *((3e200, 4e200), (1e-200, 2e-200), (3e-100, 1e-100), (1.0, 1e-9), (1e300, 1e-300), (0.0, -2.0)),
            *((TINY, TINY), (1e308, -1e308), (HUGE, HUGE)),
        ],
        {(0.0, 0.0): (0.0, 0.0)},
        terms=Terms("1 − (x/z)² from the second on; x/z where z is subnormal or inf", hypot_terms),
    ),
    "atan2": Row(
        mp.atan2,
        PAIRS,
        [
            *((1e-200, 2e-200), (3e-100, 1e-100), (3e200, -4e200), (1e-300, -1.0), (-1e-9, -1.0), (1e200, 1e-200)),
            *((0.0, 2.0), (-3.0, 0.0), (-1.99, 0.8732), (TINY, TINY), (1e-310, 1.0), (1e308, 1e308), (HUGE, HUGE)),
        ],
        {(0.0, 0.0): (NAN, NAN)},
        terms=Terms("x² − y², over powers of the distance, from the second on", atan2_terms),
    ),
    "square": Row(lambda x: x * x, REAL, [*ENDS, (1e-160,), (-1e200,), (1 + EPSILON,)]),
    "reciprocal": Row(
        lambda x: 1 / x, REAL, [(TINY,), (1e-308,), (-1e-160,), (1e-78,), (3.0,), (1e155,), (-1e300,), (HUGE,)]
    ),
    "log2": Row(
        lambda x: mp.log(x) / mp.log(2),
        POSITIVE,
        [(NEAR,), (1 + EPSILON,), (0.99,), (8.0,), (TINY,), (6e-309,), (1e-102,), (HUGE,)],
    ),
    "log10": Row(
        mp.log10, POSITIVE, [(NEAR,), (1 + EPSILON,), (0.99,), (1000.0,), (TINY,), (6e-309,), (1e-102,), (HUGE,)]
    ),
    "exp2": Row(
        lambda x: mp.mpf(2) ** x,
        REAL,
        [(-1074.5,), (-1030.25,), (-1022.0,), (1023.99,), (1024.5,), (1e-300,), (-1e-17,)],
        terms=Terms("z, of which the derivatives are made, where it is beyond the range", lambda _, x: mp.mpf(2) ** x),
    ),
    "cbrt": Row(
        lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        REAL,
        [(TINY,), (-1e-310,), (1e-120,), (27.0,), (NEAR,), (-1e100,), (1e300,), (HUGE,)],
        terms=Terms(
            "z′/x − z/x² from the second on",
            lambda orders, x: abs(mp.mpf(x)) ** (mp.mpf(1) / 3 - orders[0]) if orders[0] > 1 else 0,
        ),
    ),
    "rsqrt": Row(
        lambda x: 1 / mp.sqrt(x),
        POSITIVE,
        [(TINY,), (1e-310,), (1e-120,), (NEAR,), (2.0,), (1e100,), (1e300,), (HUGE,)],
    ),
    "asinh": Row(
        mp.asinh,
        REAL,
        [(TINY,), (-1e-300,), (1e-9,), (-0.7,), (1e8,), (-1e80,), (1e155,), (1e300,), (-HUGE,)],
        terms=Terms("1/h − x²/h³ in the third, h = √(x² + 1)", asinh_terms),
    ),
    "acosh": Row(
        mp.acosh,
        [(1.25,), (2.0,), (7.25,)],
        [(1 + EPSILON,), (1.0001,), (1e8,), (1e80,), (1e155,), (1e300,), (HUGE,)],
    ),
    "atanh": Row(mp.atanh, UNIT, [*EDGES, (0.5,), (-0.49,), (0.51,), (-0.999,), (1e-100,)]),
    "sinc": Row(
        mp.sincpi,
        UNIT,
        [
            *((TINY,), (-1e-300,), (1e-9,), (-1e-5,), (0.01,), (0.1,), (0.3,), (0.499,), (0.5,), (-0.51,), (0.6626,)),
            *((1.0,), (-1.0,), (1.43,), (-1.5,), (2.0,), (3.25,), (1e5 + 0.1,), (1e10 + 0.25,), (1e16,), (HUGE,)),
        ],
        terms=Terms("sums of the quotient rule, and of a series", sinc_terms),
    ),
    "sinpi": Row(mp.sinpi, UNIT, [(TINY,), (1e-300,), (0.5,), (1.0,), (-1.0000001,), (1e10 + 0.25,), (1e16,), (HUGE,)]),
    "cospi": Row(mp.cospi, UNIT, [(TINY,), (1e-300,), (0.5,), (0.4999,), (1.0,), (-1.5,), (1e10 + 0.25,), (HUGE,)]),
    "sinc_series": Row(
        lambda x, n: mp.hyp0f1(mp.nint(n) + mp.mpf(3) / 2, -((mp.pi * x / 2) ** 2)),
        [(0.25, 1.0), (-0.375, 2.0), (0.125, 0.0)],
        [(0.5, 0.0), (-0.499, 1.0), (TINY, 1.0), (1e-9, 3.0), (0.5, 4.0)],
        terms=Terms("the series' terms have both signs", lambda orders, *_: (mp.pi**2 / 3) ** max(orders[0] - 1, 0)),
    ),
    "logaddexp": Row(
        lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
        PAIRS,
        [
            *((0.0, -50.0), (-50.0, 0.0), (0.0, -745.0), (-1e-9, -37.0), (1000.0, 1000.0), (-1000.0, -1000.5)),
            *((700.0, -700.0), (0.0, -1e-17), (-0.6931471805599453, -0.6931471805599453), (0.3, 300.1), (5.0, 5.0)),
        ],
        terms=Terms("as logsumexp", logsumexp_terms),
    ),
    "log1mexp": Row(
        log1mexp,
        [(-0.5,), (0.75,), (-2.0,), (3.0,)],
        [
            *((TINY,), (-TINY,), (1e-300,), (-1e-100,), (-1e-9,), (0.69,), (-0.6931471805599453,), (0.7,)),
            *((-36.7,), (40.0,), (-700.0,), (708.5,), (-744.0,), (745.0,)),
        ],
        {(0.0,): (INF,)},
    ),
    "logit": Row(
        lambda p: mp.log(p) - mp.log1p(-p),
        [(0.125,), (0.375,), (0.75,)],
        [
            (TINY,),
            (1e-300,),
            (1e-11,),
            (0.25,),
            (0.49999,),
            (0.5 + EPSILON,),
            (0.3,),
            (0.76,),
            (1 - 2.0**-39,),
            (NEAR,),
        ],
        terms=Terms("(1 − p) − p from the second on", below_terms),
    ),
    "xlogy": Row(
        lambda x, y: x * mp.log(y),
        [(0.75, 1.5), (-2.5, 0.625), (3.0, 0.25)],
        [(TINY, 3.0), (1e-300, 1e-300), (2.0, NEAR), (1e290, 1e-9), (-1e-9, HUGE), (2.0, 1e-102)],
        {(0.0, 0.0): (0.0, 0.0), (0.0, -1.0): (0.0, -0.0)},
        terms=Terms(
            "as div", lambda orders, x, y: abs(x) / mp.mpf(y) ** orders[1] if orders[1] > 1 and not orders[0] else 0
        ),
    ),
    "entropy": Row(
        lambda x: -x * mp.log(x),
        POSITIVE,
        [(NEAR,), (1 + EPSILON,), (0.36787944117144233,), (TINY,), (1e-300,), (1e-102,), (1e305,)],
        terms=Terms("−log x and −1", lambda orders, _: mp.mpf(orders[0] == 1)),
    ),
    "floor": Row(mp.floor, FRACTIONS, PARTS, {(2.0,): (0.0,), (-0.0,): (0.0,), (HUGE,): (0.0,)}),
    "ceil": Row(mp.ceil, FRACTIONS, PARTS, {(2.0,): (0.0,), (0.0,): (0.0,), (-HUGE,): (0.0,)}),
    "trunc": Row(
        lambda x: mp.sign(x) * mp.floor(abs(x)), FRACTIONS, [*PARTS, (0.0,)], {(2.0,): (0.0,), (-1.0,): (0.0,)}
    ),
    "round": Row(mp.nint, FRACTIONS, [*PARTS, (0.0,), (3.0,)], {(2.5,): (0.0,), (-0.5,): (0.0,), (3.5,): (0.0,)}),
    "fmod": Row(
        lambda x, y: x - y * mp.sign(x / y) * mp.floor(abs(x / y)),
        [(7.0, 4.0), (-5.0, 3.0), (0.3, -0.7)],
        [(-1e15, 7.0), (1e22, 1.5), (7.0, NEAR), (TINY, 1.0), (1.0, HUGE), (1.0, 0.1)],
        {(8.0, 4.0): (1.0, -2.0), (-1.5, 0.5): (1.0, 3.0)},
    ),
    "copysign": Row(
        lambda x, y: abs(x) * mp.sign(y),
        [(0.75, 1.5), (-2.5, 0.625), (3.0, -0.25)],
        [(TINY, -TINY), (-HUGE, HUGE), (HUGE, -1e-300)],
        {(0.0, -1.0): (0.0, 0.0), (2.0, 0.0): (1.0, 0.0), (-3.0, -0.0): (1.0, 0.0), (0.0, 0.0): (0.0, 0.0)},
    ),
    "identity": Row(lambda x: x, REAL, ENDS),
    "step": Row(lambda x: mp.mpf(x > 0), REAL, ENDS, ZERO),
    "sign": Row(mp.sign, REAL, ENDS, ZERO),
    "threshold": Row(lambda s: mp.mpf(1 if s >= 0 else -1), REAL, ENDS, ZERO),
    "bernoulli": Row(
        lambda p, u: mp.mpf(u < p),
        [(0.75, 0.5), (0.25, 0.5)],
        [(0.5, 0.5), (0.0, 0.0), (1.0, NEAR), (TINY, 0.0), (0.5, 0.5 - EPSILON)],
        differentiated=lambda p, _: p,
    ),
    "binary_cross_entropy": Row(
        lambda p, t: -t * mp.log(p) - (1 - t) * mp.log1p(-p),
        [(0.25, 1.0), (0.25, 0.0), (0.75, 0.375)],
        [
            *((1e-11, 0.0), (1e-11, 1.0), (1e-11, NEAR), (1 - 2.0**-39, 1.0), (1 - 2.0**-39, 0.0)),
            *((1 - 2.0**-39, 1e-300), (0.3, 0.30000000000000004), (0.5 + EPSILON, 0.5)),
        ],
        {(0.0, 1.0): (-1e12, 100.0), (0.0, 0.5): (-5e11, 100.0), (1.0, 0.0): (1e12, -100.0)},
        {  # linear in t
            point: {(1, 1): -1e12, (0, 2): 0.0, (0, 3): 0.0, (1, 2): 0.0}
            for point in ((0.0, 1.0), (0.0, 0.5), (1.0, 0.0))
        },
        Terms(
            "derivatives of a quotient by p·(1 − p); log(1 − p) − log p near ½",
            lambda orders, p, _: (
                (mp.mpf(p) * (1 - mp.mpf(p))) ** (1 - orders[0]) if orders[0] else mp.log(2) if orders[1] else 0
            ),
        ),
    ),
    "log_odds_against": Row(
        lambda p: mp.log1p(-p) - mp.log(p),
        [(0.25,), (0.75,)],
        [(1e-11,), (1 - 2.0**-39,), (0.3,), (0.5 + EPSILON,)],
        {(0.0,): (-1e12,), (1.0,): (-1e12,)},
        terms=Terms(
            "as binary_cross_entropy",
            lambda orders, p: (mp.mpf(p) * (1 - mp.mpf(p))) ** -orders[0] if orders[0] else mp.log(2),
        ),
    ),
    "abs": Row(abs, REAL, ENDS, ZERO),
    "relu": Row(lambda x: max(x, 0), REAL, ENDS, ZERO),
    "leaky_relu": Row(
        lambda x, slope: x if x > 0 else slope * x,
        [(-3.5, 0.125), (1.25, 0.125), (-3.5, -0.125)],
        SLOPES,
        {(0.0, 0.01): (0.01, 0.0)},
    ),
    "prelu": Row(
        lambda x, slope: x if x > 0 else slope * x,
        [(-3.5, 0.25), (0.5, 0.25), (1.25, 0.25), (-3.5, -0.25)],
        SLOPES,
        {(0.0, 0.25): (0.25, 0.0)},
    ),
    "elu": Row(
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x),
        [(-0.75, 1.0), (-2.5, 0.5), (0.5, 1.0), (1.25, 1.0), (-0.75, -0.5)],
        [(TINY, 1.0), (-TINY, 1.0), (-1e-9, 0.5), (-40.0, 1.0), (-745.0, 1e300), (710.0, 1.0), (HUGE, 2.0)],
        {(0.0, 0.5): (0.5, 0.0), (-0.0, 1.0): (1.0, 0.0)},
        terms=Terms(
            "α·exp(x) where exp(x) is subnormal", lambda orders, _, alpha: alpha * SUBNORMAL if orders[0] else 0
        ),
    ),
    "sigmoid": Row(
        sigmoid,
        REAL,
        [
            (TINY,),
            (-1e-9,),
            (-40.0,),
            (-709.0,),
            (-720.0,),
            (-744.5,),
            (1.3169578969248166,),
            (10.0,),
            (36.0,),
            (40.0,),
            (710.0,),
        ],
        terms=Terms("z·(1 − z), the lecture's formula", lambda orders, x: sigmoid(x) if orders[0] else 0),
    ),
    "logistic": Row(sigmoid, REAL, TAILS, terms=Terms("σ(−x) − σ(x)", sigmoid_terms)),
    "log_sigmoid": Row(
        lambda x: mp.log(sigmoid(x)),
        REAL,
        [*TAILS, (-745.0,), (-1e300,), (744.5,)],
        terms=Terms("as logistic, in the third", lambda orders, x: sigmoid_terms((orders[0] - 1,), x)),
    ),
    "softplus": Row(
        lambda x: mp.log1p(mp.exp(x)),
        REAL,
        TAILS,
        terms=Terms("as log_sigmoid", lambda orders, x: sigmoid_terms((orders[0] - 1,), x)),
    ),
    "silu": Row(
        lambda x: x * sigmoid(x),
        REAL,
        [*TAILS, (-1.2784645427610738,)],
        terms=Terms("σ and x·σ′, of both signs; x times sigmoid where that is subnormal", silu_terms),
    ),
    "gelu": Row(
        lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
        REAL,
        [(TINY,), (-1e-9,), (-0.7517915246935645,), (-5.5,), (-14.3,), (-38.0,), (10.0,), (709.0,)],
        terms=Terms("erfc(−x/√2) and exp(−x²/2) magnify the rounding of what they are of x²-fold", gelu_terms),
    ),
    "gelu_tanh": Row(
        lambda x: x * (1 + mp.tanh(gelu_tanh_exponent(x) / 2)) / 2,
        REAL,
        [(TINY,), (-1e-9,), (-0.7524614,), (-5.5,), (-14.3,), (-21.0,), (-38.0,), (10.0,), (41.0,), (-1e110,), (HUGE,)],
        terms=Terms("as gelu", gelu_tanh_terms),
    ),
    "swish": Row(
        lambda x, beta: x * sigmoid(beta * x),
        [(-0.75, 1.0), (1.25, 0.5), (-3.5, 2.0), (0.5, -1.0)],
        [(TINY, 1.0), (-1e-9, 3.0), (-40.0, 1.0), (-250.0, 2.9), (709.0, 1.0), (1e-300, 1e300), (2.0, 0.0)],
        terms=Terms("as silu; the rounding of β·x, β·x-fold", swish_terms),
    ),
    "mish": Row(
        lambda x: x * mp.tanh(mp.log1p(mp.exp(x))),
        REAL,
        [*TAILS, (-1.1924312145154963,), (-2.2564,), (0.0,)],
        terms=Terms("as silu", silu_terms),
    ),
    "mish_gate": Row(
        lambda x: mp.tanh(mp.log1p(mp.exp(x))),
        REAL,
        TAILS,
        terms=Terms("terms of both signs from the second on", lambda orders, x: 2 * sigmoid_terms(orders, x)),
    ),
    "mish_gap": Row(
        lambda x: 1 - mp.tanh(mp.log1p(mp.exp(x))),
        REAL,
        [*TAILS, (360.0,)],
        terms=Terms(
            "as mish_gate",
            lambda orders, x: min(1, 8 * mp.exp(-2 * x)) * (1 if x > 0 else sigmoid(x)) if orders[0] > 1 else 0,
        ),
    ),
    "selu": Row(
        lambda x: (
            mp.mpf("1.0507009873554804934193349852946")
            * (x if x > 0 else mp.mpf("1.6732632423543772848170429916717") * mp.expm1(x))
        ),
        REAL,
        [(TINY,), (-TINY,), (-1e-9,), (-40.0,), (-745.0,), (710.0,), (HUGE,)],
        {(0.0,): (1.7580993408473768,)},
        terms=Terms("as elu", lambda orders, _: 2 * SUBNORMAL if orders[0] else 0),
    ),
    "celu": Row(
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x / alpha),
        [(-0.75, 1.0), (-2.5, 0.5), (0.5, 1.0), (1.25, 3.0), (-0.75, 4.0)],
        [(TINY, 1.0), (-TINY, 1.0), (-1e-9, 0.5), (-40.0, 1.0), (-7.3, 0.3), (-745.0, 1.0), (HUGE, 2.0), (-9.0, 2.0)],
        {(0.0, 0.5): (1.0, 0.0), (-0.0, 1.0): (1.0, 0.0)},
        terms=Terms("u = x/α, whose rounding exp(u) magnifies u-fold; expm1(u) − u·exp(u)", celu_terms),
    ),
    "softsign": Row(
        lambda x: x / (1 + abs(x)),
        REAL,
        [*ENDS, (1e-9,), (-1e9,), (1e16,), (-3e16,), (1e17,), (1e100,), (-1e155,), (1e160,)],
        {(0.0,): (1.0,)},
    ),
    "softshrink": Row(
        lambda x, lambd: x - lambd if x > lambd else x + lambd if x < -lambd else mp.mpf(0),
        [(-3.5, 0.5), (0.25, 0.5), (1.25, 0.5), (-0.75, 0.25)],
        [(TINY, 0.5), (0.5 + EPSILON, 0.5), (-HUGE, 0.5), (HUGE, 1.0), (0.3, 0.1), (TINY, 0.0)],
        {(0.5, 0.5): (0.0, 0.0), (-0.5, 0.5): (0.0, 0.0), (0.0, 0.0): (0.0, 0.0)},
    ),
    "relu6": Row(lambda x: min(max(x, 0), 6), REAL, [*ENDS, (6 - 4 * EPSILON,)], {(0.0,): (0.0,), (6.0,): (0.0,)}),
    "hard_sigmoid": Row(
        lambda x: min(max(x + 3, 0), 6) / 6,
        REAL,
        [*ENDS, (-3 + 2 * EPSILON,), (2.9999,), (-2.9999,)],
        {(-3.0,): (0.0,), (3.0,): (0.0,)},
    ),
    "hard_swish": Row(
        lambda x: x * min(max(x + 3, 0), 6) / 6,
        REAL,
        [*ENDS, (-3 + 2 * EPSILON,), (-1.5 + EPSILON,), (2.9999,)],
        {(-3.0,): (0.0,), (3.0,): (1.0,)},
    ),
    "hardtanh": Row(
        lambda x, low, high: min(max(x, low), high),
        LIMITS,
        [(TINY, 0.0, 1.0), (HUGE, -1.0, 1.0), OUT_OF_ORDER],
        AT_LIMITS,
    ),
    "clip": Row(
        lambda x, low, high: min(max(x, low), high),
        LIMITS,
        [(TINY, 0.0, 1.0), (-HUGE, -1.0, HUGE), (HUGE, -1.0, 1.0), OUT_OF_ORDER],
        AT_LIMITS,
    ),
    "huber": Row(
        lambda x, delta: x * x / 2 if abs(x) <= delta else delta * (abs(x) - delta / 2),
        [(0.5, 1.0), (-3.5, 1.0), (2.0, 0.25), (-0.25, 0.5)],
        [(0.0, 1.0), (TINY, 1.0), (-1e-200, 1.0), (1e200, 1.0), (-HUGE, 0.5), (1.0, NEAR), (1.5e154, 1e155)],
        {(1.0, 1.0): (1.0, 0.0), (-2.0, 2.0): (-2.0, 0.0)},
    ),
    "maximum": Row(max, PAIRS, BESIDE, TIES),
    "minimum": Row(min, PAIRS, BESIDE, TIES),
    "total": Row(
        lambda *values: sum(values),
        LISTS,
        [(1e16, 1.0, -1e16), (0.1, 0.2, -0.3), (HUGE, -HUGE, TINY), (HUGE, HUGE)],
        terms=Terms("terms of both signs", lambda orders, *values: 0 if any(orders) else sum(map(abs, values))),
    ),
    "mean": Row(
        lambda *values: sum(values) / len(values),
        LISTS,
        [(1e16, 1.0, -1e16), (0.1, 0.2, -0.3), (TINY, TINY, TINY), (TINY, 0.0)],
        terms=Terms("as total", lambda orders, *values: 0 if any(orders) else sum(map(abs, values)) / len(values)),
    ),
    "weighted_sum": Row(
        weighted_sum,
        [(0.5,), (2.0, -1.5, 0.25), (2.0, 0.5, -1.5, 3.0, 0.25)],
        [(1e16, 1.0, 1.0, 1.0, -1e16), (0.1, 0.1, -0.01), (1e200, 1e200, 1.0), (1e-200, 1e-200, 1e-320)],
        terms=Terms("as total", lambda orders, *flat: 0 if any(orders) else weighted_sum(*map(abs, flat))),
    ),
    "logsumexp": Row(
        logsumexp,
        LISTS,
        [
            *((0.0, -50.0), (-50.0, 0.0), (7.5, -40.0, -30.0), (0.0, -50.0, 0.0), (0.0, -745.0), (-1e-9, -37.0)),
            *((1000.0, 1000.0), (-1000.0, -1000.5), (1e300, -1e300), (HUGE,), (0.0, -1e-17), (0.0, -700.0)),
            *((-0.6931471805599453, -0.6931471805599453), (0.3, 1000.1, 600.7), (0.3, 300.1)),
        ],
        terms=Terms("m + log(1 + …), m being the largest; the rounding of x − m", logsumexp_terms),
    ),
    "log_softmax": Row(
        lambda k, *values: values[int(mp.nint(k))] - logsumexp(*values),
        [(0.0, 0.5, -1.0), (1.0, 0.5, -1.0), (2.0, 0.5, 0.25, -1.0)],
        [
            *((0.0, 1000.0, 0.0), (0.0, -1000.0, 0.0), (0.0, 0.0, -40.0), (1.0, 0.0, -50.0), (0.0, 0.0, -700.0)),
            *((1.0, 1000.1, 600.7), (0.0, 1e300, -1e300), (0.0, 0.3, 300.1), (1.0, 2.0, 2.0, -3.0), (0.0, 3.5)),
            *((0.0, 50.0, 0.0), (1.0, 0.0, 50.0, -1.0), (0.0, 1.0, 0.0, 0.5)),
        ],
        terms=Terms("as logsumexp", log_softmax_terms),
    ),
    "product": Row(
        lambda *values: mp.fprod(values),
        LISTS,
        [(0.0, 2.0, 3.0), (0.0, -0.0, 3.0), (1e200, 1e-200, 3.0), (1e200, 1e200), (TINY, 0.5), (0.1, 0.1, 0.1, 0.1)],
    ),
    "largest": Row(
        lambda *values: max(values),
        [(0.5,), (1.0, -2.5), (0.25, 3.0, -1.5)],
        [(1.0, NEAR), (-TINY, TINY), (-HUGE, HUGE, 0.0)],
        {(2.0, 2.0): (0.5, 0.5), (0.0, -0.0): (0.5, 0.5), (1.0, -1.0, 1.0, 1.0): (1 / 3, 0.0, 1 / 3, 1 / 3)},
    ),
    "smallest": Row(
        lambda *values: min(values),
        [(0.5,), (1.0, -2.5), (0.25, 3.0, -1.5)],
        [(1.0, NEAR), (-TINY, TINY), (-HUGE, HUGE, 0.0)],
        {(2.0, 2.0): (0.5, 0.5), (0.0, -0.0): (0.5, 0.5), (-1.0, 1.0, -1.0, -1.0): (1 / 3, 0.0, 1 / 3, 1 / 3)},
    ),
    "variance": Row(
        variance,
        [(1.0, 3.0, 1.0), (0.25, 3.0, -1.5, 0.0), (2.0, 2.0, 0.5, -4.0, 1.0)],
        [
            *((1e16, 1e16 + 2, 1e16 + 6, 1.0), (0.1, 0.2, -0.3, 0.5), (1e308, 1e308, 1.0), (5.0, 0.0), (5.0, 5.0, 1.0)),
            *((1e-100, 3e-100, 1.0), (1e150, -1e150, 0.0), (1e9 + 0.25, 1e9, 1e9 - 0.5, 1.0), (1.0, 1e16, 2.0, 1.0)),
        ],
        terms=Terms("deviations smaller than the largest", variance_terms),
    ),
    "norm": Row(
        lambda *values: mp.sqrt(sum(x * x for x in values)),
        LISTS,
        [
            *((3.0, 4.0), (TINY,), (1e200, 1e200), (1e-200, 2e-200, 0.0), (HUGE, HUGE), (-HUGE,), (0.0, -2.0)),
            *((1e300, 1.0), (TINY, TINY), (1e139, 1e141), (1e-141, 1e-139), (1.0, 1e-9)),
        ],
        {(0.0, 0.0): (0.0, 0.0), (0.0,): (0.0,)},
        terms=Terms("as hypot", norm_terms),
    ),
    "share": Row(
        lambda e, _, d: e / d,
        [(0.25, 0.75, 1.75), (0.5, 1.5, 2.5)],
        [(1.0, 1e-22, 1.0), (1.0, 0.25, 1.25), (1.0, 0.0, 3.0), (TINY, 0.5, 1.5)],
        differentiated=lambda e, t, d: 1 - t / d if is_peak(e, d) else e / d,
    ),
    "complement": Row(
        lambda e, t, d: t / d if is_peak(e, d) else 1 - e / d,
        [(0.25, 0.75, 1.75), (0.5, 1.5, 2.5)],
        [(1.0, 1e-22, 1.0), (1.0, 0.25, 1.25), (1.0, 0.0, 3.0), (TINY, 0.5, 1.5)],
    ),
    "below_one": Row(
        lambda *values: sum((x for x in values if x < 1 - mp.mpf(1e-20)), mp.mpf(0)),
        [(0.25,), (0.5, 1.0, 0.25)],
        [(1.0,), (1.0, 1.0, TINY), (1.0, NEAR), (1.0, 1e-22, 1e-22)],
    ),
    "pick": Row(
        lambda k, *values: values[int(mp.nint(k))],
        [(0.0, 0.5, -1.0), (1.0, 0.5, -1.0), (2.0, 0.5, 0.25, -1.0)],
        [(0.0, TINY), (1.0, HUGE, -HUGE)],
    ),
    "where": Row(
        lambda c, x, y: x if c != 0 else y,
        [(1.0, 2.5, -0.5), (-2.0, 2.5, -0.5)],
        [(TINY, 1.0, 2.0), (-TINY, HUGE, TINY)],
        {(0.0, 2.5, -0.5): (0.0, 0.0, 1.0), (-0.0, 1.0, 2.0): (0.0, 0.0, 1.0)},
    ),
    "greater": Row(lambda x, y: mp.mpf(x > y), PAIRS, COMPARED),
    "greater_equal": Row(lambda x, y: mp.mpf(x >= y), PAIRS, COMPARED),
    "kink": Row(
        lambda x, *_: x,
        [(2.5, 0.0, -0.5), (0.5, 0.0, 0.5)],
        [(HUGE, 0.0, TINY), (TINY, 0.0, 1.0)],
        {(2.5, 1.0, 0.0): (1.0, 0.0, NAN)},
    ),
    "max": Row(lambda *values: mp.mpf(max(values)), LISTS, [(-TINY, TINY), (1.0, NEAR, 1.0), (-HUGE,)]),
    "ties": Row(
        lambda m, *values: mp.mpf(values.count(m)),
        [(0.5, 0.5), (1.0, 1.0, -2.5), (2.0, 2.0, 0.5, 2.0)],
        [(TINY, -TINY, TINY), (0.0, -0.0), (1.0, NEAR)],
    ),
    "center": Row(lambda *values: sum(values) / len(values), LISTS, [(HUGE, HUGE), (1.0, NEAR), (TINY,)]),
    "equal": Row(lambda x, y: mp.mpf(x == y), PAIRS, [*COMPARED, (0.1, 0.1)]),
}
