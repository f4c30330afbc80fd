"""The chain rule, with paths merged at every node:

    ∂output/∂parent  =  Σ over children  ∂output/∂child · ∂child/∂parent

From the youngest node to the oldest: each has its whole sum before it passes it on, and each edge is touched once.
"""

from collections import deque

from autograd.atomic import one_at_a_time
from autograd.node import AnyNode, age_of, require_value, set_grad


def sweep_back(output: AnyNode, seed: float) -> list[AnyNode]:
    """Leave seed·∂output/∂node in each node's _arrived, and return the nodes, parents before children."""
    order = ancestors(output)
    output._arrived = seed
    for node in reversed(order):
        x, y, upstream = node._x, node._y, node._arrived
        if type(x) is tuple:
            for parent, partial in zip(x, node._dx):  # noqa: B905 — of one length, and asking takes time
                parent._arrived += upstream * partial
        elif x is not None:
            x._arrived += upstream * node._dx
            if y is not None:
                y._arrived += upstream * node._dy
    return order


def ancestors(output: AnyNode) -> list[AnyNode]:
    """The nodes that output was computed from, and output, from the oldest to the youngest: a topological order."""
    mark = output._mark = object()
    found = [output]
    for node in found:  # grows while it is read
        x, y = node._x, node._y
        if type(x) is tuple:
            for parent in x:
                if parent._mark is not mark:
                    parent._mark, parent._arrived = mark, -0.0  # IEEE addition's identity: −0.0 + x == x, −0.0 included
                    found.append(parent)
            continue
        if x is not None and x._mark is not mark:  # written out, as below: a loop over (x, y) makes a sweep 20 % slower
            x._mark, x._arrived = mark, -0.0
            found.append(x)
        if y is not None and y._mark is not mark:
            y._mark, y._arrived = mark, -0.0
            found.append(y)
    found.sort(key=age_of)
    return found


@one_at_a_time
def add_gradients(output: AnyNode, seed: float) -> None:
    """Add seed·∂output/∂node to the gradient of each node: to all of them or, on Ctrl-C, to none."""
    order = sweep_back(output, seed)
    totals = [node._arrived if node._grad is None else node._grad + node._arrived for node in order]
    deque(map(set_grad, order, totals), maxlen=0)  # one call into C, which Ctrl-C can't divide


@one_at_a_time
def adjoints(output: AnyNode) -> dict[AnyNode, float]:
    """∂output/∂node for each node of output's graph, parents before children: the reverse sweep."""
    return {node: node._arrived for node in sweep_back(output, 1.0)}


@one_at_a_time
def topological_order(output: AnyNode) -> list[AnyNode]:
    """The nodes that output was computed from, and output: parents before children, each once.

    Without recursion: the nodes are found from the output backwards and sorted by age. Two runs of a
    program give the same order. Raises TypeError for anything but a Value.

    >>> from autograd import Value
    >>> x = Value(3, "x")
    >>> y = x * x
    >>> [node.label or node.op for node in topological_order(y + y)]
    ['x', 'mul', 'add']
    """
    require_value(output, "topological_order's output")
    return ancestors(output)
