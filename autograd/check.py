"""Is this gradient right? A comparison with finite differences.

The derivative is estimated from values of the function alone: by central differences with smaller and smaller steps,
extrapolated to step 0 (Richardson), and with an estimate of the error that rounding and truncation leave.

Source: C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Adv. Eng. Software 4 (1982);
Press et al., Numerical Recipes, 3rd ed., section 5.7.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from autograd import display
from autograd.derivatives import reached_from, reverse_sweep
from autograd.ieee import real
from autograd.korean import say
from autograd.rules import as_tuple
from autograd.sweep import topological_order
from autograd.value import Value

MAX_HALVINGS = 18  # of the step; beyond them the rounding error outweighs the truncation error
MAX_EXTRAPOLATIONS = 6  # more of them would only amplify the rounding error


@dataclass(frozen=True)
class Comparison:
    """∂f/∂x of one input, from the graph and from finite differences.

    label        the name of the input, x1 for the first
    graph        ∂f/∂x from the reverse sweep
    differences  ∂f/∂x from finite differences
    uncertainty  the estimated error of `differences`
    agrees       whether the two agree within the tolerances
    decided      whether `uncertainty` is small enough to tell
    sides        ∂f/∂x from finite differences on the left and on the right alone, if x is at a kink; otherwise None
    kinks        the operations of the graph that are at a kink
    """

    label: str
    graph: float
    differences: float
    uncertainty: float
    agrees: bool
    decided: bool
    sides: tuple[float, float] | None = None
    kinks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return say(
            "∂f/∂{label}: graph {graph}, differences {differences}: {verdict}",
            label=self.label,
            graph=f"{self.graph:.10g}",
            differences=self._estimate,
            verdict=self.verdict,
        )

    __repr__ = __str__

    @property
    def _estimate(self) -> str:
        if self.sides is not None:
            left, right = (f"{side:.10g}" for side in self.sides)
            return say("{left} on the left and {right} on the right", left=left, right=right)
        return f"{self.differences:.10g} ± {self.uncertainty:.1g}"

    @property
    def verdict(self) -> str:
        """Whether the two agree, or by how much the graph is off; at a kink, the convention that holds."""
        kink = say("a kink of {names}", names=say(" and ").join(self.kinks)) if self.kinks else say("a kink")
        graph = f"{self.graph:.10g}"
        if self.sides is not None and not self._is_between:
            text = "OFF: at {kink} the graph takes {graph}, which is not between the two"
            return say(text, kink=kink, graph=graph)
        if self.sides is not None or (self.kinks and not self.agrees and not self.decided):  # a jump has no sides
            text = "at {kink} no derivative exists: the graph takes {graph} by convention"
            return say(text, kink=kink, graph=graph)
        if self.agrees:
            return say("they agree")
        if not self.decided:
            return say("the differences are too uncertain to tell")
        off = self.graph - self.differences
        share = f", {100 * abs(off / self.differences):.2g} %" if self.differences else ""
        return say("OFF by {off}{share}", off=f"{off:.3g}", share=share)

    @property
    def _is_between(self) -> bool:
        """Whether the graph's number is between the two sides, as a convention must be."""
        low, high = sorted(self.sides or (math.nan, math.nan))
        margin = 1e-6 * max(abs(low), abs(high))
        return low - margin <= self.graph <= high + margin


@dataclass(frozen=True)
class GradientCheck:
    """The comparisons of all inputs. It is true if all agree; printed, it says which differ, and by how much."""

    comparisons: tuple[Comparison, ...]

    @property
    def ok(self) -> bool:
        """Whether all inputs agree."""
        return all(comparison.agrees for comparison in self.comparisons)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n".join(map(str, self.comparisons)) or say("no inputs, nothing to compare")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [
            [f"∂f/∂{each.label}", f"{each.graph:.10g}", each._estimate, each.verdict]  # noqa: SLF001 — of this room
            for each in self.comparisons
        ]
        caption = "" if rows else str(self)
        return display.table(["", say("graph"), say("differences"), ""] if rows else [], rows, caption=caption)


def check_gradient(
    function: Callable[..., Value], point: Iterable[float], *, rtol: float = 1e-6, atol: float = 1e-300
) -> GradientCheck:
    """Compare the gradient of function(x₁, x₂, …) at a point with finite differences.

    The function takes as many Values as the point has numbers, and returns one Value. An input agrees if

        |graph − differences| ≤ atol + rtol · max(|graph|, |differences|) + 4 · uncertainty

    and the uncertainty is so small that an error of 0.05 % would show. If it is larger, for example because a tiny
    derivative drowns in the rounding of a large value, the check cannot tell, and the result is not true. A derivative
    of 0 in the graph is accepted if the differences are certain to 1e-6.

    At a kink, where the slopes on the left and on the right differ, there is no derivative. The report gives both
    slopes and the graph's convention; the result is not true, unless the convention is the mean of the two.

    Raises TypeError if the point is not an ordered sequence of numbers, and ValueError if the function is not finite at
    the point, or if a tolerance is negative.

    >>> check_gradient(lambda x, y: x * y.tanh(), [2.0, 0.5]).ok
    True
    """
    if not (rtol >= 0 and atol >= 0):
        raise ValueError(f"rtol and atol must be at least 0, got rtol={rtol} and atol={atol}")
    numbers = [
        real(number, "a number of check_gradient's point") for number in as_tuple(point, "check_gradient's point")
    ]
    inputs = [Value(number, f"x{i}") for i, number in enumerate(numbers, start=1)]
    output = _result(function(*inputs))
    value = _number(output)
    if not math.isfinite(value):
        raise ValueError(f"check_gradient needs a function that is finite at the point, got {value}")
    gradient = reverse_sweep(output).derivatives if isinstance(output, Value) else {}
    comparisons = []
    for i, x in enumerate(inputs):

        def along(step: float, i: int = i) -> float:
            return _number(_result(function(*(Value(number + step * (j == i)) for j, number in enumerate(numbers)))))

        graph = gradient.get(x, 0.0)
        differences, uncertainty = _difference_quotient(along, numbers[i])
        size = max(abs(graph), abs(differences)) if math.isfinite(graph) else abs(differences)
        close = abs(graph - differences) <= atol + rtol * size + 4 * uncertainty
        decided = 4 * uncertainty <= 1e-4 * size + atol or (graph == 0 and uncertainty <= 1e-6)
        agrees, kinks = close and decided, _kinks(output, x)
        sides = _sides_of_kink(along, numbers[i]) if kinks or not agrees else None
        comparisons.append(Comparison(x.label, graph, differences, uncertainty, agrees, decided, sides, kinks))
    return GradientCheck(tuple(comparisons))


def _kinks(output: object, x: Value) -> tuple[str, ...]:
    """The names of the operations between x and the output whose rules say that they are at a kink."""
    if not isinstance(output, Value):
        return ()
    order = topological_order(output)
    found: dict[str, None] = {}
    for node in reached_from([x], order):
        operation = node.operation
        if operation is not None and node.parents and operation.kinks:
            arguments = operation.grouped([parent.data for parent in node.parents])
            found |= dict.fromkeys([operation.name] if operation.at_kink(*arguments) else [])
    return tuple(found)


def _sides_of_kink(along: Callable[[float], float], x: float) -> tuple[float, float] | None:
    """The slopes on the left and on the right, if they are certain and differ."""
    (left, error_left), (right, error_right) = (_difference_quotient(along, x, side) for side in (LEFT, RIGHT))
    largest = 1e-3 * max(abs(left), abs(right))
    return (left, right) if 4 * (error_left + error_right) < largest < abs(left - right) else None


BOTH, LEFT, RIGHT = (-1, 1), (-1, 0), (0, 1)
"""Between which multiples of the step a difference is taken."""


def _difference_quotient(
    along: Callable[[float], float], x: float, side: tuple[int, int] = BOTH
) -> tuple[float, float]:
    """lim (f(x + h) − f(x − h)) / 2h for h → 0, where along(h) = f(x + h), or that of one side; and its uncertainty.

    The steps start at a hundredth of |x|, and again at a hundredth of 1, because a function may vary on either scale.
    The result is the estimate with the least relative uncertainty or, if that is large, the least absolute one.
    """
    own_size = abs(x) if abs(x) > 1e-290 else 1.0  # smaller steps would be subnormal and lose digits
    estimates = [estimate for size in {own_size, 1.0} for estimate in _extrapolated(along, x, 0.01 * size, side)]
    if not estimates:
        return math.nan, math.inf
    in_proportion = min(estimates, key=lambda estimate: estimate[1] / (abs(estimate[0]) or math.inf))
    if in_proportion[1] <= 1e-3 * abs(in_proportion[0]):
        return in_proportion
    return min(estimates, key=itemgetter(1))


def _extrapolated(
    along: Callable[[float], float], x: float, step: float, side: tuple[int, int]
) -> Iterator[tuple[float, float]]:
    """Estimates of the derivative from shrinking steps, each with its uncertainty."""
    low, high = side
    powers = 4 if side == BOTH else 2  # of h², h⁴, … consists the error of both sides, of h, h², … that of one
    previous: list[float] = []
    for _ in range(MAX_HALVINGS):
        exact_step = (x + step) - x  # so that x + h and x − h have no rounding error
        if not exact_step:
            return
        above, below, width = along(high * exact_step), along(low * exact_step), (high - low) * exact_step
        quotient = (above - below) / width
        rounding = sys.float_info.epsilon * (abs(above) + abs(below)) / width
        row = [quotient]
        for order in range(1, min(len(previous), MAX_EXTRAPOLATIONS) + 1):
            row.append(row[-1] + (row[-1] - previous[order - 1]) / (powers**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - previous[order - 1])) + rounding
            if math.isfinite(error):
                yield row[-1], error
        previous = row if math.isfinite(quotient) else []
        step /= 2


def _result(output: Any) -> Any:
    """The function's result as a Value; if it is a model's outputs, the only one."""
    return output.__value__() if hasattr(output, "__value__") else output


def _number(output: object) -> float:
    return output.data if isinstance(output, Value) else real(output, "the result of check_gradient's function")
