"""How parameters move when their gradients are known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value
from autograd.ieee import real
from autograd.rules import in_order


class SGD:
    """w ← w − lr·∂loss/∂w: gradient descent on whatever the gradients were computed from.

    Stochastic where that is a random part of the data (Robbins and Monro, Ann. Math. Stat. 22, 1951).

    Raises ValueError for a learning rate that is negative, inf or nan, and for no parameters.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.0
    """

    def __init__(self, parameters: Iterable[Value], lr: float = 1e-3) -> None:
        self.parameters = list(in_order(parameters, "SGD's parameters"))
        if not self.parameters:
            raise ValueError("SGD needs at least 1 parameter, got 0")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(f"a parameter is a Value, not {type(parameter).__name__}")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("a parameter is listed twice, and would move twice")
        self.lr = real(lr, "a learning rate")
        if not 0 <= self.lr < math.inf:
            raise ValueError(f"a learning rate is finite and not negative, got {lr}")

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self) -> None:
        """Move every parameter against its gradient."""
        for parameter in self.parameters:
            parameter.data -= self.lr * parameter.grad
