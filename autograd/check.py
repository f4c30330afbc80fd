"""Finite differences against the graph: is this gradient right?

The derivative is estimated from values of the function alone, by central differences of shrinking step
extrapolated to step 0 (Richardson), with an estimate of what rounding and truncation leave uncertain.

Source: C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Adv. Eng. Software 4 (1982);
Press et al., Numerical Recipes, 3rd ed., section 5.7.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from autograd.derivatives import reverse_sweep
from autograd.ieee import real
from autograd.rules import in_order
from autograd.value import Value

STEPS = 18  # halvings of the step, down to where rounding outweighs truncation
ORDERS = 6  # extrapolations; more of them only amplify rounding


@dataclass(frozen=True)
class Comparison:
    """One input: ∂f/∂x from the graph, from differences, how far those can be trusted, and the verdict."""

    label: str
    graph: float
    differences: float
    uncertainty: float
    agrees: bool
    decided: bool

    def __str__(self) -> str:
        line = (
            f"∂f/∂{self.label}: graph {self.graph:.10g}, differences {self.differences:.10g} ± {self.uncertainty:.1g}"
        )
        if self.agrees:
            return f"{line}: they agree"
        if not self.decided:
            return f"{line}: too uncertain to tell"
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
    function: Callable[..., Value], point: Iterable[float], *, rtol: float = 1e-6, atol: float = 1e-300
) -> GradientCheck:
    """Compare the gradient of function(x₁, x₂, …) at the point with finite differences.

    The function takes as many Values as the point has numbers and returns one Value. An input agrees
    if graph and differences differ by no more than atol + rtol·(the larger of them) + what is uncertain
    of the differences, and so little is uncertain that an error of 0.05 % would show; where more is, as
    where a tiny derivative drowns in a large value's rounding, the check says that it can't tell, and is
    not true; a graph's 0 is taken for one where differences are sure to 1e-6. At a kink no difference
    quotient is a derivative; a check there fails rightly.

    Raises TypeError for a point that isn't a sequence of numbers, ValueError where the function has no
    finite value at the point, or for a negative tolerance.

    >>> check_gradient(lambda x, y: x * y.tanh(), [2.0, 0.5]).ok
    True
    """
    if not (rtol >= 0 and atol >= 0):
        raise ValueError(f"tolerances are not negative, got rtol={rtol} and atol={atol}")
    numbers = [real(number, "check_gradient's point") for number in in_order(point, "check_gradient's point")]
    inputs = [Value(number, f"x{i}") for i, number in enumerate(numbers, start=1)]
    output = function(*inputs)
    value = _number(output)
    if not math.isfinite(value):
        raise ValueError(f"the function is {value} at this point: there is no difference to take")
    gradient = reverse_sweep(output).derivatives if isinstance(output, Value) else {}
    comparisons = []
    for i, x in enumerate(inputs):

        def along(step: float, i: int = i) -> float:
            return _number(function(*(Value(number + step * (j == i)) for j, number in enumerate(numbers))))

        graph = gradient.get(x, 0.0)
        differences, uncertainty = _central_difference(along, numbers[i])
        size = max(abs(graph), abs(differences)) if math.isfinite(graph) else abs(differences)
        close = abs(graph - differences) <= atol + rtol * size + 4 * uncertainty
        decided = 4 * uncertainty <= 1e-4 * size + atol or (graph == 0 and uncertainty <= 1e-6)
        comparisons.append(Comparison(x.label, graph, differences, uncertainty, close and decided, decided))
    return GradientCheck(tuple(comparisons))


def _central_difference(along: Callable[[float], float], x: float) -> tuple[float, float]:
    """lim (f(x + h) − f(x − h)) / 2h for h → 0, where along(h) = f(x + h), and what is uncertain of it.

    The steps start at a hundredth of |x|, and again at a hundredth of 1, since a function may vary over
    either; the estimate that is surest in proportion to its size is taken, or surest if none is sure.
    """
    own_size = abs(x) if abs(x) > 1e-290 else 1.0  # below, steps would lose their digits
    estimates = [estimate for size in {own_size, 1.0} for estimate in _extrapolated(along, x, 0.01 * size)]
    if not estimates:
        return math.nan, math.inf
    in_proportion = min(estimates, key=lambda estimate: estimate[1] / (abs(estimate[0]) or math.inf))
    if in_proportion[1] <= 1e-3 * abs(in_proportion[0]):
        return in_proportion
    return min(estimates, key=itemgetter(1))


def _extrapolated(along: Callable[[float], float], x: float, step: float) -> Iterator[tuple[float, float]]:
    """Estimates of the derivative from shrinking steps, each with its uncertainty."""
    previous: list[float] = []
    for _ in range(STEPS):
        exact_step = (x + step) - x  # a step that x + h and x − h take without rounding
        if not exact_step:
            return
        above, below = along(exact_step), along(-exact_step)
        quotient = (above - below) / (2 * exact_step)
        rounding = sys.float_info.epsilon * (abs(above) + abs(below)) / (2 * exact_step)
        row = [quotient]
        for order in range(1, min(len(previous), ORDERS) + 1):
            row.append(row[-1] + (row[-1] - previous[order - 1]) / (4**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - previous[order - 1])) + rounding
            if math.isfinite(error):
                yield row[-1], error
        previous = row if math.isfinite(quotient) else []
        step /= 2


def _number(output: object) -> float:
    return output.data if isinstance(output, Value) else real(output, "check_gradient's function")
