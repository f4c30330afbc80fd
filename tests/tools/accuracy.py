"""How far each operation is from its definition, in ulps: value, and derivatives up to the third, mixed ones too.

    python tests/tools/accuracy.py            the worst error of each operation, and the point where it is
    python tests/tools/accuracy.py pow atan2  of these operations only

The definition's derivatives are central differences. Their rounding is estimated, and more digits are taken (from 100
to some thousand) until it is below 1e-25 of the result, or below the smallest float64; two steps, one 128 times the
other, must agree to 1e-20.
"""

import itertools
import math
import sys
from collections import defaultdict
from functools import cache

import mpmath as mp
from operations import TABLE

from autograd import Value, gradient
from autograd.rules import OPERATIONS

BOUNDS = 4, 4, 8, 16
"""Ulps that value, first, second and third derivatives may be off."""

NOTHING = mp.mpf("1e-345")  # rounds to 0 with room to spare
BEYOND = mp.ldexp(1, 1024) - mp.ldexp(1, 970)  # rounds to inf


@cache
def exact(name, point, orders):
    """The definition's derivative of these orders by its inputs; nan where the definition is not real nearby."""
    results = []
    for fineness in (100, 107):
        digits = 100
        while True:
            z, rounding = _difference(name, point, orders, digits, fineness)
            if rounding < max(abs(z) * 1e-25, NOTHING):
                break
            missing = mp.log10(rounding / max(abs(z) * 1e-25, NOTHING))
            digits = int(digits + missing) // 50 * 50 + 50
        if mp.im(z):
            return mp.nan
        results.append(mp.re(z))
    if abs(results[0] - results[1]) > max(abs(results[1]) * 1e-20, NOTHING):
        raise ArithmeticError(f"{name}{point}: two differences of order {orders} differ: {results}")
    return results[1]


def _difference(name, point, orders, digits, fineness):
    """The central difference, and how large its rounding may be."""
    sizes = [abs(x) for x in point if x]
    with mp.workdps(digits):
        steps = [mp.ldexp(1, math.frexp(min(1.0, abs(x) or min(sizes, default=1.0)))[1] - fineness) for x in point]
        difference, largest = mp.mpf(0), mp.mpf(max([1.0, *sizes]))
        for places in itertools.product(*[range(n + 1) for n in orders]):
            sign_and_count = math.prod((-1) ** k * math.comb(n, k) for n, k in zip(orders, places, strict=True))
            around = [x + (n - 2 * k) * h for x, n, k, h in zip(point, orders, places, steps, strict=True)]
            z = _defined(name, any(orders), tuple(x._mpf_ for x in around), digits)
            difference += sign_and_count * z
            largest = max(largest, abs(z))
        scale = mp.fprod((2 * h) ** n for h, n in zip(steps, orders, strict=True))
        return difference / scale, largest * mp.mpf(10) ** (2 - digits) / scale


@cache
def _defined(name, derived, numbers, digits):
    row = TABLE[name]
    definition = row.differentiated if derived and row.differentiated else row.definition
    with mp.workdps(digits):
        return mp.mpmathify(definition(*map(mp.make_mpf, numbers)))


def error(ours, exact, size=0):
    """The distance in ulps of the exact number, or of a size that is larger.

    Beyond the range of float64 the number is inf with its sign, or nan where terms are inf, too. Where only they are
    beyond the range, it may be anything.
    """
    if mp.isnan(exact):
        return 0.0 if math.isnan(ours) else math.inf
    if abs(exact) >= BEYOND:
        lost = size > BEYOND and math.isnan(ours)
        return 0.0 if lost or ours == math.copysign(math.inf, exact) else math.inf
    if size > BEYOND:
        return 0.0
    if not math.isfinite(ours):
        return math.inf
    return float(abs(ours - exact) / mp.ldexp(1, max(mp.frexp(max(abs(exact), size))[1] - 53, -1074)))


def derivatives(name, point):
    """All derivatives up to the third, by each input and each order of taking them: (orders, float)."""
    inputs = [Value(number) for number in point]
    rule = OPERATIONS[name]
    nodes = [((0,) * len(point), rule(*rule.grouped(inputs)))]
    for _ in range(3 if not rule.condition else 0):
        yield from ((orders, node.data) for orders, node in nodes)
        nodes = [
            (tuple(n + (i == j) for j, n in enumerate(orders)), derivative)
            for orders, node in nodes
            for i, derivative in enumerate(gradient(node, inputs))
        ]
    yield from ((orders, node.data) for orders, node in nodes)


def errors(name, point):
    """(order, error in ulps, orders by input, float, exact) of the value and each derivative at the point."""
    terms = TABLE[name].terms
    for orders, ours in derivatives(name, point):
        z = exact(name, point, orders)
        size = terms.size(orders, *point) if terms else 0
        yield sum(orders), error(ours, z, size), orders, ours, z


def report(names):
    columns = "value", "first", "second", "third"
    print(f"{'operation':21}", *[f"{column:>7} {'at':24}" for column in columns])
    overall = [0.0] * 4
    for name in names or TABLE:
        row = TABLE[name]
        worst = defaultdict(lambda: (-1.0, ()))
        for point in (*row.easy, *row.hard):
            for order, ulps, *_ in errors(name, point):
                worst[order] = max(worst[order], (ulps, point), key=lambda found: found[0])
        cells = []
        for order in range(4):
            ulps, point = worst[order]
            overall[order] = max(overall[order], ulps)
            at = "" if ulps <= 0 else ", ".join(f"{x:.6g}" for x in point)
            cells.append(f"{max(ulps, 0):7.2f} {at:24}" if order in worst else " " * 32)
        print(f"{name:21}", *cells, "*" if row.terms else "", flush=True)
    print(
        f"{'worst':21}", *[f"{ulps:7.2f} {'of ' + str(bound):24}" for ulps, bound in zip(overall, BOUNDS, strict=True)]
    )
    print("\n* in ulps of the terms that a result is made of, where they are larger than it:")
    for name in names or TABLE:
        if terms := TABLE[name].terms:
            print(f"  {name:21}{terms.why}")


if __name__ == "__main__":
    report(sys.argv[1:])
