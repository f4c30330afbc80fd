"""The perceptron: a weighted sum followed by a step to ±1, and its learning rule.

    output = τ(w₀ + w₁·x₁ + … + w_d·x_d),   τ(s) = +1 for s ≥ 0, −1 for s < 0

Backpropagation can't train it: τ is flat except at its jump, so its derivative is 0, and every gradient through it is 0
too. The perceptron has its own rule: after each mistake, w ← w + η·y·x, where y is the target.

Sources: F. Rosenblatt, Psychological Review 65 (1958); M. Minsky, S. Papert, Perceptrons (1969), section 11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd import Value, threshold, weighted_sum
from autograd.ieee import inner_product, integer, real, shown
from autograd.node import set_data
from autograd.notation import number, symbol
from autograd.rules import as_tuple
from nn.display import Parts, Stage
from nn.initialization import require_size
from nn.korean import say
from nn.layers import refuse_batch, require_length
from nn.module import Module
from nn.samples import read_pairs, read_target


class Perceptron(Module):
    """A weighted sum and a step to ±1; the bias is the weight w₀ of a constant input 1.

    `weights` are w₀, w₁, …, w_d in that order, by default zeros, where d is `fan_in`. A call returns the output +1 or
    −1 as a Value; `weighted_sum` returns s.

    Raises ValueError for a fan_in below 1, for a number of weights other than d + 1, and when called with a sample
    whose length isn't d.

    >>> gate = Perceptron(2, weights=[-0.5, 1.0, 1.0])                # OR
    >>> [gate.weighted_sum(x).data for x in ([0, 0], [1, 0], [0, 1], [1, 1])]
    [-0.5, 0.5, 0.5, 1.5]
    >>> [gate(x).data for x in ([0, 0], [1, 0], [0, 1], [1, 1])]
    [-1.0, 1.0, 1.0, 1.0]
    """

    def __init__(self, fan_in: int, weights: Sequence[float] | None = None) -> None:
        fan_in = require_size(fan_in, "Perceptron's fan_in")
        numbers = [0.0] * (fan_in + 1) if weights is None else list(as_tuple(weights, "Perceptron's weights"))
        if len(numbers) != fan_in + 1:
            raise ValueError(f"Perceptron's weights must be {fan_in + 1} numbers, w0 to w{fan_in}, got {len(numbers)}")
        self.weights = tuple([Value(real(w, "Perceptron's weights"), f"w{i}") for i, w in enumerate(numbers)])

    def weighted_sum(self, inputs: Iterable[float | Value]) -> Value:
        """s = w₀·1 + w₁·x₁ + … + w_d·x_d, as a node of the graph."""
        numbers = require_length(inputs, len(self.weights) - 1, "a perceptron's sample")
        try:
            s: Value = weighted_sum(self.weights[1:], numbers, self.weights[0])
        except TypeError:
            refuse_batch(numbers)
            raise
        return s

    def forward(self, inputs: Iterable[float | Value]) -> Value:
        """Return τ(s), +1 or −1."""
        y: Value = threshold(self.weighted_sum(inputs))
        return y

    def _stages_(self) -> list[Stage]:
        w0, *weights = self.weights
        return [Stage("", len(weights), 1, "threshold", len(self.weights), neurons=(Parts(weights, w0, threshold),))]

    @property
    def decision_line(self) -> DecisionLine:
        """The line where s is 0, between the outputs −1 and +1; for three inputs a plane, for more a hyperplane."""
        w0, *coefficients = (w.data for w in self.weights)
        return DecisionLine(tuple(coefficients), w0)

    def fit(
        self, X: Sequence[Sequence[float]], y: Sequence[float], *, lr: float = 1.0, epochs: int = 100
    ) -> PerceptronHistory:
        """Train by the perceptron's rule, and return the history.

        The rule goes through the samples in their order: where τ(s) differs from yᵢ, w ← w + lr·yᵢ·(1, x₁, …, x_d).
        Training stops after an epoch without mistakes, and also where an epoch starts with the weights of an earlier
        one, because the weights would then repeat for ever. If a line separates the samples, training finds one after
        enough epochs (A. Novikoff, "On convergence proofs for perceptrons", 1962).

        Raises ValueError for 0 samples, for X and y of different lengths, for a target other than −1 and +1, for
        inputs or weights that are inf or nan, and for an lr that is not positive and finite.
        """
        samples, signs = read_signed_samples(X, y, len(self.weights) - 1, "Perceptron.fit")
        rate = real(lr, "lr")
        if not 0 < rate < math.inf:
            raise ValueError(f"lr must be positive and finite, got {lr}")
        epochs = integer(epochs, "epochs", least=0)
        weights = tuple(w.data for w in self.weights)
        history = PerceptronHistory([], [weights], converged=False, cycle=None)
        starts = {weights: 1}  # weights → the epoch that started with them
        for epoch in range(1, epochs + 1):
            mistakes = 0
            for x, sign in zip(samples, signs, strict=True):
                if (inner_product(weights[1:], x, weights[0]) >= 0) != (sign > 0):
                    mistakes += 1
                    weights = tuple(w + rate * sign * xj for w, xj in zip(weights, (1.0, *x), strict=True))
            if not all(map(math.isfinite, weights)):
                raise ValueError(f"the weights left the range of floats in epoch {epoch}; scale the samples")
            history.mistakes.append(mistakes)
            history.weights.append(weights)
            history.converged = not mistakes
            if mistakes and weights in starts:
                history.cycle = (starts[weights], epoch + 1 - starts[weights])
            if history.converged or history.cycle:
                break
            starts[weights] = epoch + 1
        set_data(self.weights, weights)
        return history


@dataclass(frozen=True)
class DecisionLine:
    """The line c₁·x₁ + … + c_d·x_d + intercept = 0; a perceptron's output is +1 on one side of it and −1 on the other.

    >>> line = Perceptron(2, weights=[-0.5, 1.0, 1.0]).decision_line
    >>> line.coefficients, line.intercept
    ((1.0, 1.0), -0.5)
    >>> print(line)
    x₁ + x₂ − 0.5 = 0
    """

    coefficients: tuple[float, ...]
    intercept: float

    def __str__(self) -> str:
        terms = [(c, symbol(f"x{i}")) for i, c in enumerate(self.coefficients, start=1)]
        return f"{format_linear([*terms, (self.intercept, '')])} = 0"


@dataclass(repr=False)
class PerceptronHistory:
    """What happened in each epoch of `Perceptron.fit`.

    mistakes   the number of mistakes in each epoch; the last is 0 if training converged
    weights    (w₀, w₁, …) before the first epoch and after each epoch
    converged  whether the last epoch had no mistakes
    cycle      (first, length) if the weights repeat: those before epoch `first` (counted from 1) came back
               `length` epochs later; otherwise None
    """

    mistakes: list[int]
    weights: list[tuple[float, ...]]
    converged: bool
    cycle: tuple[int, int] | None

    def __repr__(self) -> str:
        parts = [say.counted(len(self.mistakes), "epoch")]
        if self.mistakes:
            parts.append(f"{say('mistakes')} {self.mistakes[0]} → {self.mistakes[-1]}")
        if self.cycle is not None:
            parts.append(say("the weights repeat"))
        elif self.converged:
            parts.append(say("converged"))
        return f"PerceptronHistory({', '.join(parts)})"


def read_signed_samples(
    X: Iterable[Iterable[float]], y: Iterable[float], length: int | None, what: str
) -> tuple[list[tuple[float, ...]], list[int]]:
    """Return the samples as floats and their targets −1 and +1; raise TypeError or ValueError for any others.

    Samples have `length` numbers; if that is None, as many as the first sample has.
    """
    rows, targets = read_pairs(X, y, what)
    signs = [real(read_target(target, f"{what}'s y"), f"{what}'s y") for target in targets]
    for sign in signs:
        if sign not in (-1.0, 1.0):
            raise ValueError(f"{what}'s y must be -1 or 1 for each sample, got {shown(sign)}")
    samples = []
    for row in rows:
        sample = as_tuple(row, f"each sample of {what}'s X")
        length = len(sample) if length is None else length
        numbers = require_length(sample, length, f"each sample of {what}'s X")
        samples.append(tuple([real(x, f"{what}'s X") for x in numbers]))
        if not all(map(math.isfinite, samples[-1])):
            raise ValueError(f"{what}'s X must be finite, got a sample with inf or nan")
    return samples, [int(sign) for sign in signs]


def format_linear(terms: Sequence[tuple[float, str]]) -> str:
    """Write c₁·name₁ + c₂·name₂ + … as a person does: without factors of 1 and without terms of 0."""
    text = ""
    for factor, name in terms:
        if factor == 0:
            continue
        size = number(abs(factor))
        term = size if not name else name if size == "1" else f"{size}·{name}"
        sign = "−" if factor < 0 else "+"
        text += f" {sign} {term}" if text else f"{sign if factor < 0 else ''}{term}"
    return text or "0"
