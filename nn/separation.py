"""Does a line separate the samples? Finds weights that do, or multipliers that prove that no weights can.

Either there are weights w that make every yᵢ·w·(1, xᵢ) positive, or there are multipliers mᵢ ≥ 0, not all 0, that make
Σ mᵢ·yᵢ·(1, xᵢ) zero; never both (P. Gordan, Math. Ann. 6, 1873). The simplex method finds the one or the other.

It first runs in floats, which prove nothing but find the final basis quickly. The exact run, in whole numbers, starts
from that basis and rarely needs a further step.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograd.notation import number, symbol
from nn.korean import say
from nn.perceptron import format_linear, read_signed_samples

MAX_NUMBERS = 120_000  # samples × features
MAX_FEATURES = 64  # the whole numbers of a proof grow by about 53 bits for each feature
ROUNDING_TOLERANCE = 1e-11  # a float of the simplex method below it may be a rounding error


@dataclass(repr=False)
class Separation:
    """The answer of `separate`: true if a line separates the samples.

    X, y         the samples, as fractions, and their targets −1 or +1
    weights      (w₀, w₁, …, w_d) that separate them: s = w₀ + w₁·x₁ + … + w_d·x_d is ≥ 0 for every sample of +1 and
                 < 0 for every sample of −1; None if there are none
    multipliers  if there are no such weights, the proof: a whole number mᵢ ≥ 0 for each sample, such that Σ mᵢ·yᵢ·sᵢ
                 is 0 for any weights, although the inequalities would make it positive; otherwise None
    """

    X: list[tuple[Fraction, ...]]
    y: list[int]
    weights: tuple[Fraction, ...] | None = None
    multipliers: list[int] | None = None

    def __bool__(self) -> bool:
        return self.weights is not None

    def holds(self) -> bool:
        """Check the answer in exact arithmetic: that the weights separate every sample, or that the sum is 0."""
        extended = [(Fraction(1), *x) for x in self.X]
        if self.weights is not None:
            sums = [sum(w * x for w, x in zip(self.weights, row, strict=True)) for row in extended]
            return all((s >= 0) == (sign > 0) for s, sign in zip(sums, self.y, strict=True))
        multipliers = self.multipliers or []
        signed = [m * sign for m, sign in zip(multipliers, self.y, strict=True)]
        cancels = all(sum(map(operator.mul, signed, column)) == 0 for column in zip(*extended, strict=True))
        strict = any(m > 0 > sign for m, sign in zip(multipliers, self.y, strict=True))
        return cancels and strict and min(multipliers) >= 0

    def __str__(self) -> str:
        names = [symbol(f"w{i}") for i in range(len(self.X[0]) + 1)]
        if self.weights is not None:
            weights = [f"{name} = {number(float(w))}" for name, w in zip(names, self.weights, strict=True)]
            return say("separated by {weights}", weights=", ".join(weights))
        points = [f"({', '.join(f'{float(x):g}'.replace('-', '−') for x in row)})" for row in self.X]
        sums = [
            format_linear([(1.0, names[0]), *((float(x), name) for x, name in zip(row, names[1:], strict=True) if x)])
            for row in self.X
        ]
        multipliers = self.multipliers or []
        lines = [say("No weights separate the samples. They would have to satisfy (each counted × times):")]
        widths = [max(map(len, texts)) for texts in (points, sums)]
        for point, sign, text, multiplier in zip(points, self.y, sums, multipliers, strict=True):
            side, relation = ("+1", "≥ 0") if sign > 0 else ("−1", "< 0")
            lines.append(f"  {point:<{widths[0]}} ↦ {side}:  {text:<{widths[1]}}  {relation}   × {multiplier}")
        left, right = (
            " + ".join(
                f"{f'{multiplier}·' if multiplier > 1 else ''}s{point}"
                for point, sign, multiplier in zip(points, self.y, multipliers, strict=True)
                if sign == wanted and multiplier
            )
            for wanted in (1, -1)
        )
        lines.append(say("But {left} = {right} for any weights,", left=left, right=right))
        lines.append(say("and the left side would be ≥ 0, the right side < 0."))
        return "\n".join(lines)

    __repr__ = __str__


def separate(X: Sequence[Sequence[float]], y: Sequence[float]) -> Separation:
    """Find weights that separate the samples of +1 from those of −1, or prove that there are none.

    The answer is exact: it consists of fractions and whole numbers that hold for the samples to the last bit. If
    there are many answers, any of them may be returned.

    300 samples of 20 features take about 0.1 s, and 64 features a few seconds. If the floats of one feature differ by
    hundreds of orders of magnitude, the whole numbers get hundreds of digits, and the search can take minutes.

    Raises ValueError for samples and targets that Perceptron.fit refuses, for more than 64 features, and for more than
    120,000 numbers (samples × features).

    >>> print(separate([[0, 0], [1, 0], [0, 1], [1, 1]], [-1, 1, 1, -1]))        # XOR
    No weights separate the samples. They would have to satisfy (each counted × times):
      (0, 0) ↦ −1:  w₀            < 0   × 1
      (1, 0) ↦ +1:  w₀ + w₁       ≥ 0   × 1
      (0, 1) ↦ +1:  w₀ + w₂       ≥ 0   × 1
      (1, 1) ↦ −1:  w₀ + w₁ + w₂  < 0   × 1
    But s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1) for any weights,
    and the left side would be ≥ 0, the right side < 0.
    """
    floats, signs = read_signed_samples(X, y, None, "separate")
    count, length = len(floats), len(floats[0])
    if length > MAX_FEATURES or count * length > MAX_NUMBERS:
        raise ValueError(
            f"separate takes at most {MAX_FEATURES} features and {MAX_NUMBERS:,} numbers (samples × features), got "
            f"{count:,} samples of {length:,} features; Perceptron.fit has no such limit"
        )
    samples = [tuple(map(Fraction, x)) for x in floats]
    features = [_centred(feature) for feature in zip(*samples, strict=True)]
    points = [
        [sign, *(sign * v for v in row)]
        for sign, row in zip(signs, zip(*(v for v, _, _ in features), strict=True), strict=True)
    ]
    sizes = _sizes(points)
    guess = _simplex([[x / h for x, h in zip(point, sizes, strict=True)] for point in points])
    for bits in (3, 53):  # prefer weights with few digits
        weights = [Fraction(w) / h for w, h in zip(_rounded(guess.weights(), bits), sizes, strict=True)]
        if all(_dot(_whole(weights), point) > 0 for point in points):
            return Separation(samples, signs, weights=_in_the_features(weights, features))
    proof = _simplex(points, guess.basis, exact=True)
    if proof.infeasibility():
        return Separation(samples, signs, weights=_in_the_features(proof.weights(), features))
    return Separation(samples, signs, multipliers=_whole(proof.values()))


def _centred(feature: Sequence[Fraction]) -> tuple[list[int], Fraction, Fraction]:
    """Return whole numbers v = a·x − b without a common divisor, centred on 0, and a and b."""
    common = math.lcm(*(x.denominator for x in feature))
    twice = [int(2 * common * x) for x in feature]
    middle = (min(twice) + max(twice)) // 2
    divisor = math.gcd(*(v - middle for v in twice)) or 1
    return [(v - middle) // divisor for v in twice], Fraction(2 * common, divisor), Fraction(middle, divisor)


def _in_the_features(
    weights: Sequence[Fraction], centred: Sequence[tuple[list[int], Fraction, Fraction]]
) -> tuple[Fraction, ...]:
    """Turn weights of v = a·x − b into weights of x, as small whole numbers or as numbers of at most 1."""
    slopes = [w * a for w, (_, a, _) in zip(weights[1:], centred, strict=True)]
    intercept = weights[0] - sum(w * b for w, (_, _, b) in zip(weights[1:], centred, strict=True))
    whole = _whole([Fraction(intercept), *slopes])
    largest = max(map(abs, whole))
    return tuple(Fraction(w, largest if largest > 1000 else 1) for w in whole)


def _rounded(weights: Sequence[float], bits: int) -> list[int]:
    """Scale the weights so that the largest is ±2^bits, and round them; zeros if one of them is inf or nan."""
    largest = max(map(abs, weights))
    if not (0 < largest < math.inf and all(map(math.isfinite, weights))):
        return [0] * len(weights)
    return [round(math.ldexp(w / largest, bits)) for w in weights]


def _whole(numbers: Sequence[Fraction | int]) -> list[int]:
    """Return the smallest whole numbers in the same proportions as these numbers."""
    common = math.lcm(*(x.denominator for x in numbers))
    whole = [int(x * common) for x in numbers]
    divisor = math.gcd(*whole) or 1
    return [x // divisor for x in whole]


def _simplex(points: Sequence[Sequence[Any]], start: Sequence[int] = (), *, exact: bool = False) -> _Table:
    """Look for multipliers mⱼ ≥ 0 with Σ mⱼ = 1 and Σ mⱼ·pointⱼ = 0, starting from the basis of the points `start`.

    This is the first phase of the simplex method: it brings the artificial variables, one for each equation, down to 0,
    or as low as they go. Points of `start` whose multiplier would be negative are left out. All points are moved by the
    same `shift`, which changes no solution, because Σ mⱼ = 1; without it the artificial variables would be 0 at the
    start and cause many steps of length 0. After too many such steps in a row, R. Bland's rule takes over, which never
    repeats a basis (Math. Oper. Res. 2, 1977).
    """
    zero, max_steps = (0, None) if exact else (ROUNDING_TOLERANCE, 50 * len(points[0]))
    size = len(points[0]) + 1
    shift = [h * (size + i) // size if exact else h * (size + i) / size for i, h in enumerate(_sizes(points))]
    table = _Table([[*map(operator.add, point, shift), 1] for point in points], [*shift, 1], exact=exact)
    table.start(start)
    begun = [(j, row[-1]) for j, row in zip(table.basis, table.rows, strict=True) if j >= 0]
    if any(value < 0 for _, value in begun):
        return _simplex(points, [j for j, value in begun if value >= 0], exact=exact)
    table.rows = [[-x for x in row] if row[-1] < 0 else row for row in table.rows]
    idle = 0
    for _ in itertools.islice(itertools.count(), max_steps):
        costs = table.costs()
        if costs[-1] <= zero:
            break
        prices = [_dot(costs, column) for column in table.columns]
        first = (j for j, price in enumerate(prices) if price > zero)
        j = next(first, None) if idle > 5 * size else max(range(len(prices)), key=prices.__getitem__)
        if j is None or not prices[j] > zero:
            break
        entering = table.entries(j)
        bounds = [
            (Fraction(row[-1], x) if exact else row[-1] / x, old, i)
            for i, (row, x, old) in enumerate(zip(table.rows, entering, table.basis, strict=True))
            if x > zero
        ]
        if not bounds:  # only rounding errors of floats lead here
            break
        step, _, i = min(bounds)
        idle = idle + 1 if step <= zero else 0
        table.pivot(i, j, entering)
    return table


def _sizes(points: Sequence[Sequence[Any]]) -> list[Any]:
    return [max(map(abs, row)) or 1 for row in zip(*points, strict=True)]


class _Table:
    """The simplex tableau: the inverse of a basis of `columns`, and at the end of each row its basic variable's value.

    `basis` has the number of each row's variable, −1 for an artificial one. In exact arithmetic row i is stored times
    `scales[i]`, the least factor that makes all its numbers whole; in floats the scales stay 1.
    """

    def __init__(self, columns: list[list[Any]], goal: list[Any], *, exact: bool) -> None:
        self.columns, self.exact = columns, exact
        self.rows: list[list[Any]] = [[*(int(i == k) for k in range(len(goal))), x] for i, x in enumerate(goal)]
        self.scales: list[Any] = [1] * len(goal)
        self.basis = [-1] * len(goal)

    def start(self, chosen: Iterable[int]) -> None:
        """Bring the chosen variables into the basis, except artificial ones and those that depend on others."""
        for j in chosen:
            entering = self.entries(j) if j >= 0 else []
            i = next((i for i, (x, old) in enumerate(zip(entering, self.basis, strict=False)) if x and old < 0), None)
            if i is not None:
                self.pivot(i, j, entering)

    def entries(self, j: int) -> list[Any]:
        """Return column j in this basis, each entry times its row's scale."""
        return [_dot(row, self.columns[j]) for row in self.rows]

    def costs(self) -> list[Any]:
        """Return the sum of the artificial variables' rows, after bringing them to a common scale."""
        artificial = [(row, scale) for row, scale, j in zip(self.rows, self.scales, self.basis, strict=True) if j < 0]
        common = math.lcm(*(scale for _, scale in artificial))
        sums = [sum(column) for column in zip(*([common // s * x for x in row] for row, s in artificial), strict=True)]
        return sums or [0] * len(self.rows[0])

    def infeasibility(self) -> Any:
        """Return the sum of the artificial variables, which is 0 once the multipliers are found."""
        return self.costs()[-1]

    def weights(self) -> list[Any]:
        """Return the weights, which separate the samples if no multipliers can be found."""
        return [-x for x in self.costs()[:-2]]

    def values(self) -> list[Fraction]:
        """Return the multipliers, one for each column."""
        found = [Fraction(0)] * len(self.columns)
        for row, scale, j in zip(self.rows, self.scales, self.basis, strict=True):
            if j >= 0:
                found[j] = Fraction(row[-1], scale)
        return found

    def pivot(self, i: int, j: int, entering: list[Any]) -> None:
        """Bring variable j into the basis in place of the variable of row i."""
        leaving, factor = self.rows[i], entering[i]
        for k, (row, x) in enumerate(zip(self.rows, entering, strict=True)):
            if k != i and not x:
                continue
            scale = factor if k == i else factor * self.scales[k]
            new = leaving if k == i else [factor * a - x * b for a, b in zip(row, leaving, strict=True)]
            if self.exact:
                divisor = math.gcd(scale, *new) if scale > 0 else -math.gcd(scale, *new)
                self.rows[k], self.scales[k] = [a // divisor for a in new], scale // divisor
            else:
                self.rows[k] = [a / scale for a in new]
        self.basis[i] = j


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum(map(operator.mul, a, b))
