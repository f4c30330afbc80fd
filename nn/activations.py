"""Activations with parameters of their own, or with chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import Value, bernoulli, prelu, sigmoid
from autograd.ieee import real
from autograd.rules import OPERATIONS
from nn.module import Module

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random


class PReLU(Module):
    """x for x > 0, slope·x otherwise, with a slope that is learned.

    As a network's activation, each layer has a slope of its own; as a layer's, its neurons share one.

    Source: K. He, X. Zhang, S. Ren, J. Sun, ICCV 2015, eq. 1 and 0.25 as the first slope.

    >>> activation = PReLU()
    >>> activation(Value(-2.0)).data, activation.parameters()[0].label
    (-0.5, 'slope')
    """

    rule = prelu.rule

    def __init__(self, slope: float = 0.25) -> None:
        self.slope = Value(real(slope, "PReLU's slope"), "slope")

    def __call__(self, x: Value) -> Value:
        z: Value = prelu(x, self.slope)
        return z


class Bernoulli(Module):
    """1 with probability σ(s), otherwise 0: a neuron that fires or doesn't.

    Its derivative is 0 wherever it has one. `backward` goes on with an estimate instead, as if the output
    were the probability itself: the straight-through estimator, ∂output/∂σ(s) := 1. It is biased, but its
    sign is that of the derivative of the expected output, and that is enough to learn. In evaluation the
    output is the probability, which is the expectation.

    Source: Y. Bengio, N. Léonard, A. Courville, arXiv:1308.3432, section 4.

    >>> import random
    >>> unit = Bernoulli(generator=random.Random(0))
    >>> s = Value(0.0)
    >>> [unit(s).data for _ in range(6)], unit.eval()(s).data
    ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0], 0.5)
    """

    def __init__(self, *, generator: random.Random | None = None) -> None:
        self.generator = checked_generator(generator)

    def __call__(self, s: Value) -> Value:
        p: Value = sigmoid(s)
        if not self.training:
            return p
        z: Value = bernoulli(p, generator_or_pythons(self.generator).random())
        return z


class Dropout(Module):
    """In training, each value is dropped (times 0) with probability p, and otherwise divided by 1 − p.

    The expectation is the value itself, which is what comes out in evaluation. Raises ValueError unless
    0 ≤ p < 1.

    Source: N. Srivastava et al., JMLR 15 (2014); dividing in training is section 10's "inverted" form.

    >>> import random
    >>> dropout = Dropout(0.5, generator=random.Random(0))
    >>> [x.data for x in dropout([Value(1.0), Value(2.0), Value(3.0)])]
    [2.0, 4.0, 0.0]
    """

    def __init__(self, p: float = 0.5, *, generator: random.Random | None = None) -> None:
        self.p = real(p, "a probability of dropping")
        if not 0 <= self.p < 1:
            raise ValueError(f"a probability of dropping is at least 0 and less than 1, got {p}")
        self.generator = checked_generator(generator)

    def __call__(self, values: Sequence[Value]) -> list[Value]:
        if not self.training or self.p == 0:
            return list(values)
        draw, kept = generator_or_pythons(self.generator).random, 1 / (1 - self.p)
        return [x * self._factor(draw(), kept) for x in values]

    def _factor(self, u: float | Value, kept: float) -> float | Value:
        """What a value is multiplied by; where u is a number of the graph, so is the factor."""
        if isinstance(u, Value):
            factor: Value = OPERATIONS["greater_equal"](u, self.p) * kept
            return factor
        return 0.0 if u < self.p else kept


def checked_generator(generator: random.Random | None) -> random.Random | None:
    """The generator, or a sentence about what isn't one."""
    if generator is not None and not all(hasattr(generator, name) for name in ("random", "uniform", "gauss")):
        raise TypeError(f"a generator is a random.Random, such as random.Random(0), not {type(generator).__name__}")
    return generator


def generator_or_pythons(generator: random.Random | None) -> random.Random:
    """The generator, or without one Python's own."""
    if generator is not None:
        return generator
    import random  # noqa: PLC0415 — see above

    return random  # type: ignore[return-value]  # the module has the methods of its hidden instance
