"""A sweep step by step, and the chain rule of a derivative as a learner would write it.

    steps(output)             every edge visit of a sweep, with what came in, what was multiplied, what was added
    explain(output, input)    ∂output/∂input as a sum over paths, factored, in symbols and in numbers
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from autograd.notation import number, parenthesized
from autograd.paths import name_of
from autograd.value import Value, as_node, topological_order

MOST_STEPS = 100_000
"""A wrong order may visit edges again and again; no reader follows it further than that."""

ORDERS = ("topological", "depth_first", "breadth_first")


@dataclass(frozen=True)
class Step:
    """One step of a sweep.

    phase     "value": a node is computed; "seed": a sweep starts, ∂x/∂x = 1; "edge": an edge is visited
    node      the node that is computed, seeded, or whose edge is visited
    parent    the parent at the edge's other end; None in the other phases
    edge      the place of the parent among node.parents; None in the other phases
    upstream  what arrives over the edge: the gradient of the node, or, forward, the derivative of the parent
    local     the local derivative ∂node/∂parent
    product   upstream·local
    target    whose gradient (forward: derivative) changes: the parent, or, forward, the node
    before    what that was before, None if it was not computed yet
    after     what it is now
    text      the arithmetic in words, "b.grad ← 2 + 1·3 = 5"
    """

    phase: str
    node: Value
    parent: Value | None
    edge: int | None
    upstream: float | None
    local: float | None
    product: float | None
    target: Value
    before: float | None
    after: float
    text: str


def steps(
    output: Value, *, mode: str = "reverse", wrt: Value | None = None, order: str = "topological"
) -> list[Step]:
    """Each step of a sweep over output's graph: first the values, node by node, then the edges, one by one.

    mode "reverse" gives ∂output/∂node for every node; mode "forward" gives ∂node/∂wrt. `order` is that in
    which the reverse sweep takes the nodes. Topological is the right one: a node is taken when all that it
    gets has arrived. The wrong ones are there to be watched: "depth_first" recurses into the parents at once,
    and hands on again, each time it comes by, what has gathered so far, so that a diamond counts twice;
    "breadth_first" takes each node once, but perhaps before all has arrived, so that something is missing.
    The graph's own `grad` is not touched.

    Raises TypeError for what isn't a Value, ValueError for another mode or order, for a forward sweep without
    `wrt`, and for more than 100,000 steps.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> c, d = a + b, b + 1
    >>> e = c * d
    >>> c.label, d.label, e.label = "c", "d", "e"
    >>> for step in steps(e):
    ...     print(step.text)
    c ← 2 + 1 = 3
    d ← 1 + 1 = 2
    e ← 3 × 2 = 6
    e.grad ← 1
    d.grad ← 1·3 = 3
    c.grad ← 1·2 = 2
    a.grad ← 2·1 = 2
    """
    output = as_node(output, "steps")
    if mode not in ("reverse", "forward"):
        raise ValueError(f'a sweep is "reverse" or "forward", not {mode!r}')
    if order not in ORDERS:
        raise ValueError(f"the order is one of {', '.join(ORDERS)}, not {order!r}")
    if mode == "forward" and wrt is None:
        raise ValueError("a forward sweep starts at an input: name it with wrt=")
    if mode == "forward" and order != "topological":
        raise ValueError("wrong orders are those of a reverse sweep")
    nodes = topological_order(output)
    found = [_computed(node) for node in nodes if node.parents]
    sweep = _reverse(output, nodes, order) if mode == "reverse" else _forward(nodes, as_node(wrt, "steps: wrt"))
    for step in sweep:
        found.append(step)
        if len(found) > MOST_STEPS:
            raise ValueError(f"there are more than {MOST_STEPS:,} steps, and nobody follows them that far")
    return found


def _computed(node: Value) -> Step:
    symbol = node.operation.symbol if node.operation else ""
    numbers = [number(parent.data) for parent in node.parents]
    if len(numbers) == 2 and node.operation is not None and not node.operation.variadic and not symbol.isalnum():
        first, second = (parenthesized(parent.data) for parent in node.parents)
        told = f"{numbers[0]} {symbol} {second}" if symbol != "^" else f"{first}^{second}"
    else:
        told = f"{symbol}({', '.join(numbers)})" if len(numbers) <= 9 else f"{symbol}({', '.join(numbers[:8])}, …)"
    text = f"{name_of(node)} ← {told} = {number(node.data)}"
    return Step("value", node, None, None, None, None, None, node, None, node.data, text)


def _seed(node: Value, what: str) -> Step:
    return Step("seed", node, None, None, None, None, None, node, None, 1.0, f"{what} ← 1")


def _visited(
    node: Value, edge: int, upstream: float, target: Value, before: float | None, *, forward: bool
) -> Step:
    local = node.partials[edge]
    product = upstream * local
    after = product if before is None else before + product
    what = f"{name_of(target)}.derivative" if forward else f"{name_of(target)}.grad"
    factors = f"{number(upstream)}·{parenthesized(local)}"
    told = factors if before is None else f"{number(before)} + {parenthesized(upstream)}·{parenthesized(local)}"
    return Step(
        "edge",
        node,
        node.parents[edge],
        edge,
        upstream,
        local,
        product,
        target,
        before,
        after,
        f"{what} ← {told} = {number(after)}",
    )


def _reverse(output: Value, nodes: list[Value], order: str) -> Iterator[Step]:
    gathered: dict[Value, float] = {output: 1.0}
    yield _seed(output, f"{name_of(output)}.grad")
    for node in _in_order(output, nodes, order):
        for edge, parent in _edges(node, order):
            step = _visited(node, edge, gathered[node], parent, gathered.get(parent), forward=False)
            gathered[parent] = step.after
            yield step


def _in_order(output: Value, nodes: list[Value], order: str) -> Iterator[Value]:
    """The nodes as a sweep takes them; in the wrong order "depth_first", some of them again and again."""
    if order == "topological":
        yield from reversed(nodes)
    elif order == "breadth_first":
        queue, seen = deque([output]), {output}
        while queue:
            node = queue.popleft()
            yield node
            for parent in node.parents:
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
    else:
        yield output


def _edges(node: Value, order: str) -> Iterator[tuple[int, Value]]:
    yield from enumerate(node.parents)


def _forward(nodes: list[Value], wrt: Value) -> Iterator[Step]:
    reached = reached_from([wrt], nodes)
    derivatives = {wrt: 1.0}
    yield _seed(wrt, f"{name_of(wrt)}.derivative")
    for node in nodes:
        if node is wrt:
            continue
        for edge, parent in enumerate(node.parents):
            if parent in reached:
                step = _visited(node, edge, derivatives[parent], node, derivatives.get(node), forward=True)
                derivatives[node] = step.after
                yield step
