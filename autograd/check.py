"""Finite differences against the graph: is this gradient right?

The derivative is estimated from values of the function alone, by central differences of shrinking step
extrapolated to step 0 (Richardson), with an estimate of what rounding and truncation leave uncertain.

Source: C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Adv. Eng. Software 4 (1982);
Press et al., Numerical Recipes, 3rd ed., section 5.7.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd.ieee import real
from autograd.value import Value

STEPS = 30  # halvings of the step, from a tenth of the point's size down to rounding
ORDERS = 6  # extrapolations; more of them only amplify rounding


@dataclass(frozen=True)
class Comparison:
    """One input: ∂f/∂x from the graph, from differences, how far those can be trusted, and the verdict."""

    label: str
    graph: float
    differences: float
    uncertainty: float
    agrees: bool

    def __str__(self) -> str:
        line = (
            f"∂f/∂{self.label}: graph {self.graph:.10g}, differences {self.differences:.10g} ± {self.uncertainty:.1g}"
        )
        if self.agrees:
            return f"{line}: they agree"
        off = self.graph - self.differences
        share = f", {100 * abs(off / self.differences):.2g} %" if self.differences else ""
        return f"{line}: OFF by {off:.3g}{share}"


@dataclass(frozen=True)
class GradientCheck:
    """The comparison for each input; true if all agree. Printed, it says where and by how much it is off."""

    comparisons: tuple[Comparison, ...]

    @property
    def ok(self) -> bool:
        return all(comparison.agrees for comparison in self.comparisons)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n".join(map(str, self.comparisons)) or "no inputs, nothing to compare"

    __repr__ = __str__


def check_gradient(
    function: Callable[..., Value], point: Sequence[float], *, rtol: float = 1e-6, atol: float = 1e-12
) -> GradientCheck:
    """Compare the gradient of function(x₁, x₂, …) at the point with finite differences.

    The function takes as many Values as the point has numbers and returns one Value. An input agrees
    if graph and differences differ by no more than atol + rtol·(the larger of them) + what is uncertain
    of the differences, and so little is uncertain that an error of 0.01 % would show. At a kink no
    difference quotient is a derivative; a check there fails rightly.

    Raises ValueError where the function has no finite value at the point.

    >>> check_gradient(lambda x, y: x * y.tanh(), [2.0, 0.5]).ok
    True
    """
    if isinstance(point, Value | str) or not isinstance(point, Sequence):
        raise TypeError(
            f"check_gradient's point is a sequence of numbers, not {type(point).__name__}; for one write [x]"
        )
    numbers = [real(number, "check_gradient's point") for number in point]
    inputs = [Value(number, f"x{i}") for i, number in enumerate(numbers, start=1)]
    output = function(*inputs)
    if isinstance(output, Value):
        output.backward()
    value = _number(output)
    if not math.isfinite(value):
        raise ValueError(f"the function is {value} at this point: there is no difference to take")
    comparisons = []
    for i, x in enumerate(inputs):

        def along(step: float, i: int = i) -> float:
            return _number(function(*(Value(number + step * (j == i)) for j, number in enumerate(numbers))))

        differences, uncertainty = _central_difference(along, numbers[i])
        size = max(abs(x.grad), abs(differences))
        decided = uncertainty <= 1e-4 * size + 1e-8 * (1 + abs(value))
        agrees = abs(x.grad - differences) <= atol + rtol * size + 4 * uncertainty
        comparisons.append(Comparison(x.label, x.grad, differences, uncertainty, agrees and decided))
    return GradientCheck(tuple(comparisons))


def _central_difference(along: Callable[[float], float], x: float) -> tuple[float, float]:
    """lim (f(x + h) − f(x − h)) / 2h for h → 0, where along(h) = f(x + h), and what is uncertain of it."""
    best, uncertainty = math.nan, math.inf
    previous: list[float] = []
    step = 0.1 * max(1.0, abs(x))
    for _ in range(STEPS):
        exact_step = (x + step) - x  # a step that x + h and x − h take without rounding
        above, below = along(exact_step), along(-exact_step)
        quotient = (above - below) / (2 * exact_step)
        rounding = sys.float_info.epsilon * (abs(above) + abs(below)) / (2 * exact_step)
        row = [quotient]
        for order in range(1, min(len(previous), ORDERS) + 1):
            row.append(row[-1] + (row[-1] - previous[order - 1]) / (4**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - previous[order - 1])) + rounding
            if error < uncertainty:
                best, uncertainty = row[-1], error
        if uncertainty <= 1e-11 * abs(best):
            break
        previous = row if math.isfinite(quotient) else []
        step /= 2
    return best, uncertainty


def _number(output: object) -> float:
    return output.data if isinstance(output, Value) else real(output, "check_gradient's function")
