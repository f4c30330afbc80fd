"""Derivatives of a recorded graph.

`gradient` evaluates the rules on the nodes of the graph, so the derivative is a graph again and can be differentiated
again. The two sweeps use the local derivatives recorded on the edges, and count operations:

    forward from x     ∂node/∂x      =  Σ over parents   ∂node/∂parent · ∂parent/∂x
    reverse from z     ∂z/∂node      =  Σ over children  ∂z/∂child · ∂child/∂node
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autograd import display
from autograd.ieee import add_up, shown
from autograd.korean import say
from autograd.naming import names
from autograd.node import require_value
from autograd.rules import as_tuple
from autograd.sweep import adjoints, topological_order
from autograd.value import Value


def gradient(output: Value, inputs: Iterable[Value]) -> list[Value]:
    """∂output/∂input for each of the inputs, as a list of Values that can be differentiated again.

    An input may be any node of the graph, not only a leaf; the derivative is 0 if the output does not depend on it.
    No `.grad` changes.

    Raises TypeError for anything but a Value and an ordered sequence of Values, and ValueError if some `.data` was
    changed after the forward pass, because the recorded derivatives belong to the old numbers.

    >>> x = Value(3.0)
    >>> (first,) = gradient(x**3, [x])
    >>> (second,) = gradient(first, [x])
    >>> first.data, second.data
    (27.0, 18.0)
    """
    inputs = _nodes(inputs, "gradient's inputs")
    return _gradient(require_value(output, "gradient's output"), inputs, partials_as_graph, _refuse_changed_data)


def gradient_graph(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """The gradient as a graph, even if `.data` was changed since; do not differentiate it again."""
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
    """∂outputᵢ/∂inputⱼ as a list of rows, one for each output; the entries can be differentiated again.

    Raises as `gradient` does.

    >>> x, y = Value(2.0), Value(3.0)
    >>> [[entry.data for entry in row] for row in jacobian([x * y, x + y], [x, y])]
    [[3.0, 2.0], [1.0, 1.0]]
    """
    inputs = _nodes(inputs, "jacobian's inputs")
    return [gradient(output, inputs) for output in _nodes(outputs, "jacobian's outputs")]


def hessian(output: Value, inputs: Iterable[Value]) -> list[list[Value]]:
    """∂²output/∂inputᵢ∂inputⱼ as a list of rows; the entries can be differentiated again. Raises as `gradient` does.

    >>> x, y = Value(2.0), Value(3.0)
    >>> [[entry.data for entry in row] for row in hessian(x * x * y, [x, y])]
    [[6.0, 4.0], [4.0, 0.0]]
    """
    inputs = _nodes(inputs, "hessian's inputs")
    return jacobian(gradient(output, inputs), inputs)


SHOWN_NODES = 30


@dataclass(frozen=True, repr=False)
class Sweep:
    """The derivatives that a sweep computed, and the operations that it took. Printed, it shows a line for each node.

    derivatives      the derivative of each node of the graph, parents before children
    edges            the number of edges; each is used once
    multiplications  one for each edge
    additions        those that add up several edges at a node
    """

    derivatives: dict[Value, float]
    edges: int
    multiplications: int
    additions: int

    def __repr__(self) -> str:
        rows = self._rows()
        return "\n".join([self._line(), *(display.aligned([self._head(), *rows]) if rows else ())])

    def _repr_html_(self) -> str:
        return display.table(self._head(), self._rows(), caption=self._line(), align="lrr")

    def _head(self) -> list[str]:
        return [say("node"), say("data"), say("derivative")]

    def _line(self) -> str:
        counts = [(len(self.derivatives), "node"), (self.edges, "edge"), (self.multiplications, "multiplication")]
        counts.append((self.additions, "addition"))
        return f"Sweep({', '.join(say.counted(number, noun) for number, noun in counts)})"

    def _rows(self) -> list[list[str]]:
        """The name, the data and the derivative of each node, or of the first ones if there are many."""
        called = names(list(self.derivatives))
        found = [
            [called[node], shown(node.data), shown(x)] for node, x in islice(self.derivatives.items(), SHOWN_NODES)
        ]
        return found + [["…"] * 3] * (len(called) > SHOWN_NODES)


def forward_sweep(output: Value, input: Value) -> Sweep:  # noqa: A002 — the name of the thing
    """∂node/∂input for every node of output's graph, computed from the input to the output.

        ∂node/∂input = Σ over parents ∂node/∂parent · ∂parent/∂input

    A node that does not depend on the input has derivative 0. Its edges contribute nothing, not even 0·inf = nan or a
    0.0 that would change the sign of a −0.0. Raises TypeError for anything but Values.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b) * (b + 1)
    >>> sweep = forward_sweep(e, b)
    >>> sweep.derivatives[e], sweep.edges
    (5.0, 6)
    """
    order = topological_order(require_value(output, "forward_sweep's output"))
    input = require_value(input, "forward_sweep's input")  # noqa: A001 — the name of the thing
    reached = reached_from([input], order)
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
    """∂output/∂node for every node of output's graph, in one sweep from the output back to all inputs.

        ∂output/∂node = Σ over children ∂output/∂child · ∂child/∂node

    No `.grad` changes. Raises TypeError for anything but a Value.

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
    """The inputs, and the nodes of a topological order that depend on one of them."""
    reached = set(inputs)
    for node in order:
        if not reached.isdisjoint(node.parents):
            reached.add(node)
    return reached


def partials_as_graph(node: Value) -> Sequence[Any]:
    """∂node/∂parent for each parent by the rule of the node's operation, as Values; a constant may be a float."""
    operation = node.operation
    if operation is None or not node.parents:
        return ()
    return operation.partials_of(*operation.grouped(node.parents), node)


def last_partials_as_graph(node: Value) -> Sequence[Any]:
    """The same numbers by a smaller graph; do not differentiate it again."""
    operation = node.operation
    if operation is None or not node.parents:
        return ()
    return operation.last_partials_of(*operation.grouped(node.parents), node)


def _refuse_changed_data(node: Value, partials: Sequence[Any]) -> None:
    for partial, recorded, parent in zip(partials, node.partials, node.parents, strict=True):
        number = partial.data if isinstance(partial, Value) else partial
        if number != recorded and not (math.isnan(number) and math.isnan(recorded)):
            changed = parent.label or node.label or repr(parent)
            raise ValueError(
                f"gradient needs the numbers of the forward pass, but .data was changed at or near {changed}; "
                "build the expression again, or use backward, which takes the recorded derivatives"
            )


def _nodes(values: Iterable[Value], what: str) -> list[Value]:
    if isinstance(values, Value):
        raise TypeError(f"{what} must be an ordered sequence of Values, got a Value; write [x] for a single one")
    return [require_value(value, f"each of {what}") for value in as_tuple(values, what)]
