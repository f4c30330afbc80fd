"""Whether a line separates samples: weights that do, or multipliers that prove that there are none.

Either some weights w make every yᵢ·w·(1, xᵢ) positive, or some multipliers mᵢ ≥ 0, not all of them 0, make the sum of
mᵢ·yᵢ·(1, xᵢ) zero; never both (P. Gordan, Math. Ann. 6, 1873). The simplex method finds either.

Floats prove nothing, but they find the last basis soon. In whole numbers the method starts from there, and rarely takes
a further step.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograd.notation import number
from autograd.rules import as_tuple
from nn.perceptron import LOWERED, labelled, linear
from nn.samples import read

MAX_NUMBERS = 120_000  # samples × features
MAX_FEATURES = 64  # the whole numbers of a proof have some 53 bits for each
TOLERANCE = 1e-11  # below it a float of the simplex method may be rounding


@dataclass
class Separation:
    """Whether a line separates samples: `weights` if one does, `multipliers` as the proof if none does.

    Weights (w₀, w₁, …, w_d) separate if s ≥ 0 for every sample of +1 and s < 0 for every sample of −1, s
    being w₀ + w₁·x₁ + … + w_d·x_d. The multipliers, one for each sample and none negative, prove that there
    are none: added up with them, Σ mᵢ·yᵢ·sᵢ is 0 whatever the weights, for each weight's terms cancel; but
    the inequalities would make it positive.
    """

    samples: list[tuple[Fraction, ...]]
    signs: list[int]
    weights: tuple[Fraction, ...] | None = None
    multipliers: list[int] | None = None

    def __bool__(self) -> bool:
        return self.weights is not None

    def holds(self) -> bool:
        """Check the answer again, in exact arithmetic: the weights on every sample, or that the terms cancel."""
        extended = [(Fraction(1), *x) for x in self.samples]
        if self.weights is not None:
            sums = [sum(w * x for w, x in zip(self.weights, row, strict=True)) for row in extended]
            return all((s >= 0) == (sign > 0) for s, sign in zip(sums, self.signs, strict=True))
        multipliers = self.multipliers or []
        signed = [m * sign for m, sign in zip(multipliers, self.signs, strict=True)]
        cancels = all(sum(map(operator.mul, signed, column)) == 0 for column in zip(*extended, strict=True))
        strict = any(m > 0 > sign for m, sign in zip(multipliers, self.signs, strict=True))
        return cancels and strict and min(multipliers) >= 0

    def __str__(self) -> str:
        names = [f"w{str(i).translate(LOWERED)}" for i in range(len(self.samples[0]) + 1)]
        if self.weights is not None:
            told = ", ".join(f"{name} = {number(float(w))}" for name, w in zip(names, self.weights, strict=True))
            return f"separated by {told}"
        lines = ["No weights separate them. They would have to satisfy, each taken × times,"]
        multipliers = self.multipliers or []
        left = [
            linear([(1.0, names[0]), *((float(x), name) for x, name in zip(row, names[1:], strict=True) if x)])
            for row in self.samples
        ]
        points = [f"({', '.join(f'{float(x):g}'.replace('-', '−') for x in row)})" for row in self.samples]
        widths = [max(map(len, texts)) for texts in (points, left)]
        for point, sign, text, multiplier in zip(points, self.signs, left, multipliers, strict=True):
            side, relation = ("+1", "≥ 0") if sign > 0 else ("−1", "< 0")
            lines.append(f"  {point:<{widths[0]}} ↦ {side}:  {text:<{widths[1]}}  {relation}   × {multiplier}")
        weighed = [
            " + ".join(
                f"{f'{multiplier}·' if multiplier > 1 else ''}s{point}"
                for point, sign, multiplier in zip(points, self.signs, multipliers, strict=True)
                if sign == wanted and multiplier
            )
            for wanted in (1, -1)
        ]
        lines.append(f"But {weighed[0]} = {weighed[1]} for any weights,")
        lines.append("and the left side would be ≥ 0, the right side < 0.")
        return "\n".join(lines)


def separate(X: Sequence[Sequence[float]], y: Sequence[float]) -> Separation:
    """Find weights that separate the samples of +1 from those of −1, or prove that there are none.

    The answer is exact: its numbers are fractions and whole numbers, and they hold for the samples as they are, to the
    last bit. There may be many answers; which one is found is not promised.

    Raises ValueError as Perceptron.fit does, for more than 64 features, and for more than 120,000 numbers
    (samples × features). 300 samples of 20 features take some 0.1 s, 64 features some seconds. Where the floats of one
    feature differ by hundreds of orders of magnitude, the whole numbers are as long, and it can take minutes.

    >>> print(separate([[0, 0], [1, 0], [0, 1], [1, 1]], [-1, 1, 1, -1]))        # XOR
    No weights separate them. They would have to satisfy, each taken × times,
      (0, 0) ↦ −1:  w₀            < 0   × 1
      (1, 0) ↦ +1:  w₀ + w₁       ≥ 0   × 1
      (0, 1) ↦ +1:  w₀ + w₂       ≥ 0   × 1
      (1, 1) ↦ −1:  w₀ + w₁ + w₂  < 0   × 1
    But s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1) for any weights,
    and the left side would be ≥ 0, the right side < 0.
    """
    rows = read(X, "X")
    floats, signs = labelled(rows, y, len(as_tuple(rows[0], "a sample")) if rows else 0)
    count, length = len(floats), len(floats[0])
    if length > MAX_FEATURES or count * length > MAX_NUMBERS:
        raise ValueError(
            f"separate takes at most {MAX_FEATURES} features and {MAX_NUMBERS:,} numbers (samples × features), got "
            f"{count:,} samples of {length:,} features; Perceptron.fit has no limit"
        )
    samples = [tuple(map(Fraction, x)) for x in floats]
    features = [_centred(feature) for feature in zip(*samples, strict=True)]
    points = [
        [sign, *(sign * v for v in row)]
        for sign, row in zip(signs, zip(*(v for v, _, _ in features), strict=True), strict=True)
    ]
    sizes = _sizes(points)
    guess = _simplex([[x / h for x, h in zip(point, sizes, strict=True)] for point in points])
    for bits in (3, 53):  # short numbers, where they will do
        weights = [Fraction(w) / h for w, h in zip(_rounded(guess.weights(), bits), sizes, strict=True)]
        if all(_dot(_whole(weights), point) > 0 for point in points):
            return Separation(samples, signs, weights=_in_the_features(weights, features))
    proof = _simplex(points, guess.basis, exact=True)
    if proof.infeasibility():
        return Separation(samples, signs, weights=_in_the_features(proof.weights(), features))
    return Separation(samples, signs, multipliers=_whole(proof.values()))


def _centred(feature: Sequence[Fraction]) -> tuple[list[int], Fraction, Fraction]:
    """The numbers v = a·x − b that are whole, without a common divisor, and as far above 0 as below; with a and b."""
    common = math.lcm(*(x.denominator for x in feature))
    twice = [int(2 * common * x) for x in feature]
    middle = (min(twice) + max(twice)) // 2
    divisor = math.gcd(*(v - middle for v in twice)) or 1
    return [(v - middle) // divisor for v in twice], Fraction(2 * common, divisor), Fraction(middle, divisor)


def _in_the_features(
    weights: Sequence[Fraction], centred: Sequence[tuple[list[int], Fraction, Fraction]]
) -> tuple[Fraction, ...]:
    """The weights of x for those of v = a·x − b: small whole numbers, or numbers up to 1."""
    slopes = [w * a for w, (_, a, _) in zip(weights[1:], centred, strict=True)]
    intercept = weights[0] - sum(w * b for w, (_, _, b) in zip(weights[1:], centred, strict=True))
    whole = _whole([Fraction(intercept), *slopes])
    largest = max(map(abs, whole))
    return tuple(Fraction(w, largest if largest > 1000 else 1) for w in whole)


def _rounded(weights: Sequence[float], bits: int) -> list[int]:
    """The weights in proportion to 2^bits for the largest; zeros, if rounding made one inf or nan."""
    largest = max(map(abs, weights))
    if not (0 < largest < math.inf and all(map(math.isfinite, weights))):
        return [0] * len(weights)
    return [round(math.ldexp(w / largest, bits)) for w in weights]


def _whole(numbers: Sequence[Fraction | int]) -> list[int]:
    """The smallest whole numbers in the same proportions."""
    common = math.lcm(*(x.denominator for x in numbers))
    whole = [int(x * common) for x in numbers]
    divisor = math.gcd(*whole) or 1
    return [x // divisor for x in whole]


def _simplex(points: Sequence[Sequence[Any]], start: Sequence[int] = (), *, exact: bool = False) -> _Table:
    """Look for multipliers mⱼ ≥ 0 of sum 1 with Σ mⱼ·pointⱼ = 0, from a basis of the points `start`.

    It is the method's first phase: the artificial variables, one an equation, are brought down to 0, or as far as they
    go. Points of `start` whose multiplier would be below 0 are left out. All points are moved by the same `shift`,
    which alters no solution, because Σ mⱼ = 1: artificial variables that are 0 from the start would make many steps of
    length 0. After too many in a row, R. Bland's rule takes over, which never goes round (Math. Oper. Res. 2, 1977).
    """
    zero, most = (0, None) if exact else (TOLERANCE, 50 * len(points[0]))
    size = len(points[0]) + 1
    shift = [h * (size + i) // size if exact else h * (size + i) / size for i, h in enumerate(_sizes(points))]
    table = _Table([[*map(operator.add, point, shift), 1] for point in points], [*shift, 1], exact=exact)
    table.start(start)
    begun = [(j, row[-1]) for j, row in zip(table.basis, table.rows, strict=True) if j >= 0]
    if any(value < 0 for _, value in begun):
        return _simplex(points, [j for j, value in begun if value >= 0], exact=exact)
    table.rows = [[-x for x in row] if row[-1] < 0 else row for row in table.rows]
    idle = 0
    for _ in itertools.islice(itertools.count(), most):
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
        if not bounds:  # by rounding alone
            break
        step, _, i = min(bounds)
        idle = idle + 1 if step <= zero else 0
        table.pivot(i, j, entering)
    return table


def _sizes(points: Sequence[Sequence[Any]]) -> list[Any]:
    return [max(map(abs, row)) or 1 for row in zip(*points, strict=True)]


class _Table:
    """The inverse of a basis of `columns`, in floats or in whole numbers, with the basic variables' values behind it.

    In `basis`, −1 is an artificial variable. A row of whole numbers is `scales` times what it stands for, the least
    multiple there is.
    """

    def __init__(self, columns: list[list[Any]], goal: list[Any], *, exact: bool) -> None:
        self.columns, self.exact = columns, exact
        self.rows: list[list[Any]] = [[*(int(i == k) for k in range(len(goal))), x] for i, x in enumerate(goal)]
        self.scales: list[Any] = [1] * len(goal)
        self.basis = [-1] * len(goal)

    def start(self, chosen: Iterable[int]) -> None:
        """Bring the chosen variables into the basis, but for artificial ones and those that depend on others."""
        for j in chosen:
            entering = self.entries(j) if j >= 0 else []
            i = next((i for i, (x, old) in enumerate(zip(entering, self.basis, strict=False)) if x and old < 0), None)
            if i is not None:
                self.pivot(i, j, entering)

    def entries(self, j: int) -> list[Any]:
        """Column j in this basis, times the scales."""
        return [_dot(row, self.columns[j]) for row in self.rows]

    def costs(self) -> list[Any]:
        """The sum of the artificial variables' rows, in one scale."""
        artificial = [(row, scale) for row, scale, j in zip(self.rows, self.scales, self.basis, strict=True) if j < 0]
        common = math.lcm(*(scale for _, scale in artificial))
        sums = [sum(column) for column in zip(*([common // s * x for x in row] for row, s in artificial), strict=True)]
        return sums or [0] * len(self.rows[0])

    def infeasibility(self) -> Any:
        """What is left of the artificial variables: 0 if the multipliers are found."""
        return self.costs()[-1]

    def weights(self) -> list[Any]:
        """The weights, which separate if no multipliers can be found."""
        return [-x for x in self.costs()[:-2]]

    def values(self) -> list[Fraction]:
        """The multipliers."""
        found = [Fraction(0)] * len(self.columns)
        for row, scale, j in zip(self.rows, self.scales, self.basis, strict=True):
            if j >= 0:
                found[j] = Fraction(row[-1], scale)
        return found

    def pivot(self, i: int, j: int, entering: list[Any]) -> None:
        """Bring variable j into the basis for the one of row i."""
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
