"""The results of a kernel: the outputs and, as a graph too, the gradient that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd.derivatives import gradient_graph
from autograd.value import Value


@dataclass(frozen=True)
class Request:
    """A request for gradients, in addition to the outputs.

    of          the place of the output whose gradient is asked for; None for no gradient
    per_row     the gradient by the parameters is written for each row, instead of being summed over the rows
    wrt_inputs  the gradient by the inputs is written for each row, too
    """

    of: int | None = None
    per_row: bool = False
    wrt_inputs: bool = False


VALUE, GRADIENT = Request(), Request(of=0)


@dataclass(frozen=True)
class Results:
    """The nodes that a kernel computes: those written for each row of data, and those summed over the rows."""

    written: Sequence[Sequence[Value]]
    summed: Sequence[Value] = ()


def results_of(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value], request: Request
) -> Results:
    """The outputs, and the nodes of the gradient that is asked for."""
    if request.of is None:
        return Results([outputs])
    wrt = [*parameters, *(inputs if request.wrt_inputs else ())]
    gradient = gradient_graph(outputs[request.of], wrt)
    by_parameter, by_input = gradient[: len(parameters)], gradient[len(parameters) :]
    written = [outputs]
    if request.per_row:
        written.append(by_parameter)
    if request.wrt_inputs:
        written.append(by_input)
    return Results(written, () if request.per_row else by_parameter)
