"""The chain rule, with paths merged at every node:

    ∂output/∂parent  =  Σ over children  ∂output/∂child · ∂child/∂parent

From the youngest node to the oldest: each has its whole sum before it passes it on, and each edge is used once.
"""

from collections import deque

from autograd.atomic import one_at_a_time
from autograd.node import AnyNode, age_of, require_value, set_grad


def sweep_back(output: AnyNode, seed: float) -> list[AnyNode]:
    """Write seed·∂output/∂node into each node's _arrived; return the nodes, parents before children."""
    order = ancestors(output)
    output._arrived = seed
    for node in reversed(order):
        x, y, upstream = node._x, node._y, node._arrived
        if type(x) is tuple:
            for parent, partial in zip(x, node._dx):  # noqa: B905 — the lengths are equal, and checking takes time
                parent._arrived += upstream * partial
        elif x is not None:
            x._arrived += upstream * node._dx
            if y is not None:
                y._arrived += upstream * node._dy
    return order


def ancestors(output: AnyNode) -> list[AnyNode]:
    """Output and the nodes that it was computed from, from the oldest to the youngest: a topological order."""
    mark = output._mark = object()
    order = [output]
    for node in order:  # the list grows during this loop
        x, y = node._x, node._y
        if type(x) is tuple:
            for parent in x:
                if parent._mark is not mark:
                    parent._mark, parent._arrived = mark, -0.0  # IEEE addition's identity: −0.0 + x == x, −0.0 included
                    order.append(parent)
            continue
        if x is not None and x._mark is not mark:  # x and y are written out: a loop over them is 20 % slower
            x._mark, x._arrived = mark, -0.0
            order.append(x)
        if y is not None and y._mark is not mark:
            y._mark, y._arrived = mark, -0.0
            order.append(y)
    order.sort(key=age_of)
    return order


@one_at_a_time
def add_gradients(output: AnyNode, seed: float) -> None:
    """Add seed·∂output/∂node to the gradient of every node or, on Ctrl-C, of none."""
    order = sweep_back(output, seed)
    totals = [node._arrived if node._grad is None else node._grad + node._arrived for node in order]
    deque(map(set_grad, order, totals), maxlen=0)  # one call into C, which Ctrl-C cannot interrupt


@one_at_a_time
def adjoints(output: AnyNode) -> dict[AnyNode, float]:
    """The reverse sweep: ∂output/∂node for each node of output's graph, parents before children."""
    return {node: node._arrived for node in sweep_back(output, 1.0)}


@one_at_a_time
def topological_order(output: AnyNode) -> list[AnyNode]:
    """Output and the nodes that it was computed from: each once, parents before children.

    The nodes are collected from the output backwards, without recursion, and sorted by age; so a program gives the same
    order in every run. Raises TypeError if output is not a Value.

    >>> from autograd import Value
    >>> x = Value(3, "x")
    >>> y = x * x
    >>> [node.label or node.op for node in topological_order(y + y)]
    ['x', 'mul', 'add']
    """
    return ancestors(require_value(output, "topological_order's output"))
