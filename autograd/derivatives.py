"""Derivatives of a recorded graph.

`gradient` reads the rules on the graph's own nodes, so that the derivative is a graph again and can be
differentiated again. The two sweeps use the local derivatives recorded on the edges, and count:

    forward from x     ∂node/∂x      =  Σ over parents   ∂node/∂parent · ∂parent/∂x
    reverse from z     ∂z/∂node      =  Σ over children  ∂z/∂child · ∂child/∂node
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.ieee import add_up
from autograd.node import require_value
from autograd.rules import in_order
from autograd.sweep import adjoints, topological_order
from autograd.value import Value


def gradient(output: Value, inputs: Iterable[Value]) -> list[Value]:
    """∂output/∂input for each of the inputs, as Values that can be differentiated again.

    An input may be any node of the graph, not only a leaf; one that the output doesn't depend on has
    gradient 0. No `.grad` is touched.

    Raises TypeError for what isn't a Value, and ValueError where some `.data` was changed after the
    forward pass: the nodes no longer hold the numbers that the recorded derivatives belong to.

    >>> x = Value(3.0)
    >>> (first,) = gradient(x**3, [x])
    >>> (second,) = gradient(first, [x])
    >>> first.data, second.data
    (27.0, 18.0)
    """
    inputs = _nodes(inputs, "gradient's inputs")
    return _gradient(require_value(output, "gradient's output"), inputs, partials_as_graph, _refuse_changed_data)


def gradient_graph(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """The gradient of the graph's structure, whatever its numbers are by now; not to be differentiated again."""
    return _gradient(output, inputs, last_partials_as_graph, None)


def _gradient(
    output: Value,
    inputs: Sequence[Value],
    partials_of: Callable[[Value], Sequence[Any]],
    check: Callable[[Value, Sequence[Any]], object] | None,
) -> list[Value]:
    order = topological_order(output)
    on_the_way = reached_from(inputs, order)
    arrived = {output: Value(1.0)}
    for node in reversed(order):
        if node not in on_the_way:
            continue
        upstream = arrived[node]
        partials = partials_of(node)
        if check is not None:
            check(node, partials)
        for parent, partial in zip(node.parents, partials, strict=True):
            if parent not in on_the_way:
                continue
            contribution = upstream if partial == 1 else upstream * partial
            arrived[parent] = arrived[parent] + contribution if parent in arrived else contribution
    return [arrived[x] if x in arrived else Value(0.0) for x in inputs]


def jacobian(outputs: Iterable[Value], inputs: Iterable[Value]) -> list[list[Value]]:
    """∂outputᵢ/∂inputⱼ as a list of rows, a row for each output; differentiable again.

    >>> x, y = Value(2.0), Value(3.0)
    >>> [[entry.data for entry in row] for row in jacobian([x * y, x + y], [x, y])]
    [[3.0, 2.0], [1.0, 1.0]]
    """
    inputs = _nodes(inputs, "jacobian's inputs")
    return [gradient(output, inputs) for output in _nodes(outputs, "jacobian's outputs")]


def hessian(output: Value, inputs: Iterable[Value]) -> list[list[Value]]:
    """∂²output/∂inputᵢ∂inputⱼ as a list of rows; differentiable again.

    >>> x, y = Value(2.0), Value(3.0)
    >>> [[entry.data for entry in row] for row in hessian(x * x * y, [x, y])]
    [[6.0, 4.0], [4.0, 0.0]]
    """
    inputs = _nodes(inputs, "hessian's inputs")
    return jacobian(gradient(output, inputs), inputs)


@dataclass(frozen=True)
class Sweep:
    """What a sweep found, and what it took.

    derivatives      for each node of the graph, parents before children, its derivative
    edges            how many edges were touched, each once
    multiplications  one on each edge
    additions        those that merge several edges at a node
    """

    derivatives: dict[Value, float]
    edges: int
    multiplications: int
    additions: int


def forward_sweep(output: Value, input: Value) -> Sweep:  # noqa: A002 — the name of the thing
    """∂node/∂input for every node of output's graph, from the input to the output.

    A node that the input doesn't reach has derivative 0, and adds nothing over its edges: no path leads
    there, so there is nothing to multiply even by inf, and no 0.0 that would turn a -0.0 around.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b) * (b + 1)
    >>> sweep = forward_sweep(e, b)
    >>> sweep.derivatives[e], sweep.edges
    (5.0, 6)
    """
    order = topological_order(require_value(output, "forward_sweep's output"))
    reached = reached_from([require_value(input, "forward_sweep's input")], order)
    derivatives: dict[Value, float] = {}
    edges = additions = 0
    for node in order:
        edges += len(node.parents)
        additions += max(len(node.parents) - 1, 0)
        edges_from = zip(node.parents, node.partials, strict=True)
        products = [partial * derivatives[parent] for parent, partial in edges_from if parent in reached]
        derivatives[node] = 1.0 if node is input else add_up(products)
    return Sweep(derivatives, edges, multiplications=edges, additions=additions)


def reverse_sweep(output: Value) -> Sweep:
    """∂output/∂node for every node of output's graph, from the output back: one sweep for all inputs.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b) * (b + 1)
    >>> sweep = reverse_sweep(e)
    >>> sweep.derivatives[a], sweep.derivatives[b], sweep.edges
    (2.0, 5.0, 6)
    """
    derivatives = adjoints(require_value(output, "reverse_sweep's output"))
    edges = sum(len(node.parents) for node in derivatives)
    return Sweep(derivatives, edges, multiplications=edges, additions=edges - (len(derivatives) - 1))


def reached_from(inputs: Sequence[Value], order: Sequence[Value]) -> set[Value]:
    """The nodes of a topological order that depend on one of the inputs, the inputs included."""
    reached = set(inputs)
    for node in order:
        if not reached.isdisjoint(node.parents):
            reached.add(node)
    return reached


def partials_as_graph(node: Value) -> Sequence[Any]:
    """∂node/∂parent for each parent by the node's rule, as Values (or floats where it is a constant)."""
    rule = node.operation
    if rule is None or not node.parents:
        return ()
    return rule.partials_of(*rule.grouped(node.parents), node)


def last_partials_as_graph(node: Value) -> Sequence[Any]:
    """The same numbers by a smaller graph, which is not to be differentiated again."""
    rule = node.operation
    if rule is None or not node.parents:
        return ()
    return rule.last_partials_of(*rule.grouped(node.parents), node)


def _refuse_changed_data(node: Value, partials: Sequence[Any]) -> None:
    for partial, recorded, parent in zip(partials, node.partials, node.parents, strict=True):
        number = partial.data if isinstance(partial, Value) else partial
        if number != recorded and not (math.isnan(number) and math.isnan(recorded)):
            changed = parent.label or node.label or repr(parent)
            raise ValueError(
                f"gradient needs the numbers of the forward pass, but .data was changed since, at or near {changed}: "
                "build the expression again (backward and the sweeps go on with the recorded derivatives)"
            )


def _nodes(values: Iterable[Value], what: str) -> list[Value]:
    if isinstance(values, Value):
        raise TypeError(f"{what} are a sequence of Values; for a single one write [x]")
    return [require_value(value, what) for value in in_order(values, what)]
