"""The perceptron: a weighted sum and a step to ±1, its learning rule, and what it can't learn.

    y = τ(w₀ + w₁·x₁ + … + w_d·x_d),   τ(s) = +1 for s ≥ 0, −1 for s < 0

Backpropagation can't train it: τ is constant but for its jump, so its derivative is 0, and so is every
gradient through it. The perceptron has a rule of its own: after each mistake, w ← w + η·y·x.

Sources: F. Rosenblatt, Psychological Review 65 (1958); M. Minsky, S. Papert, Perceptrons (1969), section 11.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograd import Value, threshold, weighted_sum
from autograd.ieee import inner_product, integer, real, shown
from autograd.notation import number
from autograd.rules import in_order
from autograd.value import set_data
from nn.initialization import size
from nn.layers import sample
from nn.module import Module
from nn.samples import read, single

LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Perceptron(Module):
    """A step unit on a weighted sum; the bias is the weight w₀ on a constant input 1.

    `weights` are w₀, w₁, …, w_d in that order, zeros without any. A call gives the output as a Value of
    the graph, +1 or −1; `weighted_sum` gives s.

    Raises ValueError for fewer than 1 input, another number of weights than d + 1, or a sample of another
    length than d.

    >>> gate = Perceptron(2, weights=[-0.5, 1.0, 1.0])                # OR
    >>> [gate.weighted_sum(x).data for x in ([0, 0], [1, 0], [0, 1], [1, 1])]
    [-0.5, 0.5, 0.5, 1.5]
    >>> [gate(x).data for x in ([0, 0], [1, 0], [0, 1], [1, 1])]
    [-1.0, 1.0, 1.0, 1.0]
    """

    def __init__(self, fan_in: int, weights: Sequence[float] | None = None) -> None:
        fan_in = size("Perceptron", "fan_in", fan_in)
        numbers = [0.0] * (fan_in + 1) if weights is None else list(in_order(weights, "a perceptron's weights"))
        if len(numbers) != fan_in + 1:
            raise ValueError(
                f"a perceptron of {fan_in} inputs has {fan_in + 1} weights, w0 among them, got {len(numbers)}"
            )
        self.weights = tuple([Value(w, f"w{i}") for i, w in enumerate(numbers)])

    def weighted_sum(self, inputs: Iterable[float | Value]) -> Value:
        """s = w₀·1 + w₁·x₁ + … + w_d·x_d, as a node of the graph."""
        numbers = sample(inputs, len(self.weights) - 1, "perceptron")
        s: Value = weighted_sum(self.weights[1:], numbers, self.weights[0])
        return s

    def __call__(self, inputs: Iterable[float | Value]) -> Value:
        y: Value = threshold(self.weighted_sum(inputs))
        return y

    @property
    def decision_line(self) -> DecisionLine:
        """Where s is 0: the line (in three dimensions the plane, in more the hyperplane) between −1 and +1."""
        w0, *coefficients = (w.data for w in self.weights)
        return DecisionLine(tuple(coefficients), w0)

    def fit(
        self, X: Sequence[Sequence[float]], y: Sequence[float], *, lr: float = 1.0, epochs: int = 100
    ) -> PerceptronHistory:
        """Learn by the perceptron's rule, and return how it went.

        Sample after sample, in their order: where τ(s) is not yᵢ, w ← w + lr·yᵢ·(1, x₁, …, x_d). It stops
        after an epoch without mistakes, or when it starts an epoch with the same weights as an earlier one,
        for then it goes round for ever. If some line separates the samples, it stops at one (A. Novikoff,
        "On convergence proofs for perceptrons", 1962).

        Raises ValueError for no samples, lengths that don't match, a y that isn't ±1, a number in X or a weight
        that is inf or nan, or a learning rate that isn't positive and finite.
        """
        samples, signs = _labelled(X, y, len(self.weights) - 1)
        rate = real(lr, "a learning rate")
        if not 0 < rate < math.inf:
            raise ValueError(f"a perceptron's learning rate is positive and finite, got {lr}")
        epochs = integer(epochs, "epochs", least=0)
        weights = tuple(w.data for w in self.weights)
        history = PerceptronHistory([], [weights], converged=False, cycle=None)
        before = {weights: 1}
        for epoch in range(1, epochs + 1):
            mistakes = 0
            for x, sign in zip(samples, signs, strict=True):
                if (inner_product(weights[1:], x, weights[0]) >= 0) != (sign > 0):
                    mistakes += 1
                    weights = tuple(w + rate * sign * xj for w, xj in zip(weights, (1.0, *x), strict=True))
            if not all(map(math.isfinite, weights)):
                raise ValueError(f"the weights are beyond the range of floats in epoch {epoch}: scale the samples")
            history.mistakes.append(mistakes)
            history.weights.append(weights)
            history.converged = not mistakes
            if mistakes and weights in before:
                history.cycle = (before[weights], epoch + 1 - before[weights])
            if history.converged or history.cycle:
                break
            before[weights] = epoch + 1
        set_data(self.weights, weights)
        return history


@dataclass(frozen=True)
class DecisionLine:
    """c₁·x₁ + … + c_d·x_d + intercept = 0: on one side of it a perceptron says +1, on the other −1.

    >>> line = Perceptron(2, weights=[-0.5, 1.0, 1.0]).decision_line
    >>> line.coefficients, line.intercept
    ((1.0, 1.0), -0.5)
    >>> print(line)
    x₁ + x₂ − 0.5 = 0
    """

    coefficients: tuple[float, ...]
    intercept: float

    def __str__(self) -> str:
        terms = [(c, f"x{str(i).translate(LOWERED)}") for i, c in enumerate(self.coefficients, start=1)]
        return f"{_linear([*terms, (self.intercept, '')])} = 0"


@dataclass
class PerceptronHistory:
    """How a perceptron learned.

    mistakes   the number of mistakes in each epoch; the last is 0 if it converged
    weights    (w₀, w₁, …) before the first epoch and after each
    converged  whether an epoch passed without mistakes
    cycle      (first, length) if the weights came round: those before epoch `first` (from 1) came again
               `length` epochs later; None if not
    """

    mistakes: list[int]
    weights: list[tuple[float, ...]]
    converged: bool
    cycle: tuple[int, int] | None


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
            _linear([(1.0, names[0]), *((float(x), name) for x, name in zip(row, names[1:], strict=True) if x)])
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

    The multipliers of the proof are looked for by a linear program, exactly, in fractions: mᵢ ≥ 0 with
    Σ mᵢ·yᵢ·(1, xᵢ) = 0 and Σ mᵢ = 1 over the samples of −1. If it has no solution, the program's dual has, and
    that is the weights (T. Motzkin's transposition theorem, 1936).

    Raises ValueError as Perceptron.fit does.

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
    floats, signs = _labelled(rows, y, len(in_order(rows[0], "a sample")) if rows else 0)
    samples = [tuple(map(Fraction, x)) for x in floats]
    columns = [
        (*(sign * x for x in (Fraction(1), *sample)), Fraction(sign < 0))
        for sample, sign in zip(samples, signs, strict=True)
    ]
    solution, dual = _solve(columns, [Fraction(0)] * (len(columns[0]) - 1) + [Fraction(1)])
    if solution is None:
        return Separation(samples, signs, weights=tuple(-u for u in dual[:-1]))
    common = math.lcm(*(m.denominator for m in solution))
    whole = [int(m * common) for m in solution]
    divisor = math.gcd(*whole)
    return Separation(samples, signs, multipliers=[m // divisor for m in whole])


def _solve(
    columns: Sequence[Sequence[Fraction]], wanted: Sequence[Fraction]
) -> tuple[list[Fraction] | None, list[Fraction]]:
    """Some m ≥ 0 with Σ mⱼ·columnⱼ = wanted ≥ 0, or None; and u, with u·columnⱼ ≤ 0 < u·wanted if there is none.

    The first phase of the simplex method, which brings a sum of artificial variables down to 0 if it can;
    by Bland's rule it doesn't go round (R. Bland, Math. Oper. Res. 2, 1977).
    """
    size, count = len(wanted), len(columns)
    table = [
        [*(column[i] for column in columns), *(Fraction(i == j) for j in range(size)), wanted[i]] for i in range(size)
    ]
    costs = [-sum(column) for column in zip(*table, strict=True)]  # reduced: each artificial variable costs 1
    for j in range(count, count + size):
        costs[j] += 1
    basis = list(range(count, count + size))
    while (entering := next((j for j in range(count) if costs[j] < 0), None)) is not None:
        bounds = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(table) if row[entering] > 0]
        _, _, leaving = min(bounds)
        basis[leaving] = entering
        pivot = table[leaving][entering]
        table[leaving] = [x / pivot for x in table[leaving]]
        for row in (*table, costs):
            if row is not table[leaving] and row[entering]:
                factor = row[entering]
                row[:] = [x - factor * p if p else x for x, p in zip(row, table[leaving], strict=True)]
    dual = [1 - costs[count + i] for i in range(size)]
    if costs[-1] != 0:
        return None, dual
    found = dict(zip(basis, (row[-1] for row in table), strict=True))
    return [found.get(j, Fraction(0)) for j in range(count)], dual


def _labelled(
    X: Iterable[Iterable[float]], y: Iterable[float], length: int
) -> tuple[list[tuple[float, ...]], list[int]]:
    """The samples as floats and their signs, or a sentence about what can't be learned from."""
    rows = read(X, "X")
    labels = [real(single(label, "a label"), "a label") for label in read(y, "y")]
    if len(rows) != len(labels):
        raise ValueError(f"every sample has a label, got {len(rows)} samples and {len(labels)} labels")
    if not rows:
        raise ValueError("a perceptron learns from at least 1 sample, got 0")
    for label in labels:
        if label not in (-1.0, 1.0):
            raise ValueError(f"a perceptron's labels are -1 and 1, got {shown(label)}")
    samples = [tuple(real(x, "a sample") for x in sample(row, length, "perceptron")) for row in rows]
    if not all(math.isfinite(x) for row in samples for x in row):
        raise ValueError("a perceptron learns from finite numbers, got inf or nan among the samples")
    return samples, [int(label) for label in labels]


def _linear(terms: Sequence[tuple[float, str]]) -> str:
    """c₁·name₁ + c₂·name₂ + … as a person writes it: without factors 1, and terms of 0 left out."""
    text = ""
    for factor, name in terms:
        if factor == 0:
            continue
        size = number(abs(factor))
        term = size if not name else name if size == "1" else f"{size}·{name}"
        sign = "−" if factor < 0 else "+"
        text += f" {sign} {term}" if text else f"{sign if factor < 0 else ''}{term}"
    return text or "0"
