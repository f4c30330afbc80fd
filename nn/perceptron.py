"""The perceptron: a weighted sum and a step to ±1, its learning rule, and what it can't learn.

    y = τ(w₀ + w₁·x₁ + … + w_d·x_d),   τ(s) = +1 for s ≥ 0, −1 for s < 0

Backpropagation can't train it: τ is constant but for its jump, so its derivative is 0, and so is every
gradient through it. The perceptron has a rule of its own: after each mistake, w ← w + η·y·x.

Sources: F. Rosenblatt, Psychological Review 65 (1958); M. Minsky, S. Papert, Perceptrons (1969), section 11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd import Value, threshold, weighted_sum
from autograd.ieee import inner_product, integer, real, shown
from autograd.node import set_data
from autograd.notation import number
from autograd.rules import as_tuple
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
        numbers = [0.0] * (fan_in + 1) if weights is None else list(as_tuple(weights, "a perceptron's weights"))
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
        samples, signs = labelled(X, y, len(self.weights) - 1)
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
        return f"{linear([*terms, (self.intercept, '')])} = 0"


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


def labelled(
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


def linear(terms: Sequence[tuple[float, str]]) -> str:
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
