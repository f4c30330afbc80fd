"""Activations that have parameters, and units that behave randomly in training: PReLU, Bernoulli, Dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import Value, bernoulli, prelu, sigmoid
from autograd.ieee import real
from autograd.rules import OPERATIONS
from nn.display import Stage
from nn.korean import say
from nn.module import Module
from nn.seeds import choose_generator, read_seed

if TYPE_CHECKING:
    from nn.seeds import Seed


class PReLU(Module):
    """Parametric ReLU: x for x > 0, otherwise slope·x, where the slope is a parameter.

    Given to an MLP, each layer gets its own slope; given to a Layer, its neurons share one.

    Source: K. He, X. Zhang, S. Ren, J. Sun, ICCV 2015, eq. 1, with their initial slope of 0.25.

    >>> activation = PReLU()
    >>> activation(Value(-2.0)).data, activation.parameters()[0].label
    (-0.5, 'slope')
    """

    operation = prelu.operation

    def __init__(self, slope: float = 0.25) -> None:
        self.slope = Value(real(slope, "PReLU's slope"), "slope")

    def forward(self, x: Value) -> Value:
        """Return x for x > 0, otherwise slope·x."""
        z: Value = prelu(x, self.slope)
        return z

    def _stages_(self) -> list[Stage]:
        return [Stage("", None, None, say("slope {number}", number=f"{self.slope.data:.6g}"), 1)]


class Bernoulli(Module):
    """A stochastic binary unit: 1 with probability σ(s), otherwise 0.

    The true derivative is 0 almost everywhere, so `backward` uses the straight-through estimator: it sets
    ∂output/∂σ(s) to 1, as if the output were the probability. The estimate is biased, but it has the sign of the
    derivative of the expected output, which is enough to learn from. In evaluation mode the output is the
    probability itself, which is the expected output.

    Source: Y. Bengio, N. Léonard, A. Courville, arXiv:1308.3432, section 4.

    >>> unit = Bernoulli(seed=0)
    >>> s = Value(0.0)
    >>> [unit(s).data for _ in range(6)], unit.eval()(s).data
    ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0], 0.5)
    """

    def __init__(self, *, seed: Seed = None) -> None:
        self.generator = read_seed(seed)

    def forward(self, s: Value) -> Value:
        """Return 1 or 0 in training, σ(s) in evaluation."""
        p: Value = sigmoid(s)
        if not self.training:
            return p
        z: Value = bernoulli(p, choose_generator(self.generator).random())
        return z


class Dropout(Module):
    """In training mode, set each value to 0 with probability p, and divide it by 1 − p otherwise.

    The expected result is the value itself, which is what evaluation mode returns. Raises ValueError unless
    0 ≤ p < 1.

    Source: N. Srivastava et al., JMLR 15 (2014); section 10 has the form that divides in training.

    >>> dropout = Dropout(0.5, seed=0)
    >>> [x.data for x in dropout([Value(1.0), Value(2.0), Value(3.0)])]
    [2.0, 4.0, 0.0]
    """

    def __init__(self, p: float = 0.5, *, seed: Seed = None) -> None:
        self.p = require_drop_probability(p, "Dropout's p")
        self.generator = read_seed(seed)

    def forward(self, values: Sequence[Value]) -> list[Value]:
        """Return the values, in training each of them multiplied by 0 or by 1 / (1 − p)."""
        if not self.training or self.p == 0:
            return list(values)
        draw, kept = choose_generator(self.generator).random, 1 / (1 - self.p)
        return [x * self._factor(draw(), kept) for x in values]

    def _stages_(self) -> list[Stage]:
        return [Stage("", None, None, f"{self.p:g}")]

    def _factor(self, u: float | Value, kept: float) -> float | Value:
        """Return what a value is multiplied by: a node of the graph if u is one, otherwise a float."""
        if isinstance(u, Value):
            factor: Value = OPERATIONS["greater_equal"](u, self.p) * kept
            return factor
        return 0.0 if u < self.p else kept


def require_drop_probability(p: float, what: str) -> float:
    """Return the probability as a float; raise ValueError unless it is at least 0 and less than 1."""
    probability = real(p, what)
    if not 0 <= probability < 1:
        raise ValueError(f"{what} must be at least 0 and less than 1, got {p}")
    return probability
