"""Copies and pickles of graphs of any depth, without recursion: parents are copied before their children."""

from __future__ import annotations

from collections.abc import Iterator
from threading import local
from typing import Any

from autograd.node import AnyNode, Node, age_of, next_age
from autograd.sweep import topological_order


def copy(node: AnyNode) -> AnyNode:
    """Another node with the same parents."""
    return _restored(type(node), (), *_state(node))


def deepcopy(node: AnyNode, memo: dict[int, Any]) -> AnyNode:
    """A copy of the node and of the graph that it was computed from, with the nodes that conditions watch."""

    def copied(parents: Any) -> Any:
        if type(parents) is tuple:
            return tuple([memo[id(parent)] for parent in parents])
        return memo.get(id(parents))

    nodes = [node]
    seen = {node}
    for original in nodes:  # the list grows during this loop
        for parent in (*original.parents, *original.watched):
            if parent not in seen and id(parent) not in memo:
                seen.add(parent)
                nodes.append(parent)
    for original in sorted(nodes, key=age_of):
        memo[id(original)] = twin = copy(original)
        twin._x, twin._y = copied(original._x), copied(original._y)
        if original.watched:
            twin._dx = copied(original._dx)
    result: AnyNode = memo[id(node)]
    return result


def reduce(node: Node) -> tuple[Any, ...]:
    """What pickle stores: all ancestors with the first node that it meets, so that parents come before children.

    Otherwise pickle would go from child to parent by recursion, and fail on a deep graph.
    """
    announced = _announced.ages
    if node.age in announced:
        announced.remove(node.age)
        ancestors = None
    else:
        ancestors = _Ancestors(topological_order(node)[:-1])
    return _restored, (type(node), ancestors, *_state(node))


def _state(node: Node) -> tuple[Any, ...]:
    return node._data, node._grad, node._label, node.operation, node._x, node._y, node._dx, node._dy


def _restored(kind: type[AnyNode], _ancestors: object, *state: Any) -> AnyNode:
    """A node with this state. Its parents have been restored already, so it is younger than they are."""
    node = kind.__new__(kind)
    node._data, node._grad, node._label, node.operation, node._x, node._y, node._dx, node._dy = state
    node._mark = None
    node.age = next_age()
    return node


class _Ancestors:
    """Nodes for a pickle, parents before children; loading gives a list of them."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._in_turn()

    def _in_turn(self) -> Iterator[Node]:
        ages = set(map(age_of, self.nodes))
        announced = _announced.ages
        try:
            for node in self.nodes:
                announced.add(node.age)
                yield node
        finally:
            announced -= ages


class _Announced(local):
    """The ages of the nodes that this thread's pickle meets next, and whose ancestors it has stored already.

    `_in_turn` removes them in its `finally`: if a failed pickle left them here, a later one would store those nodes
    without their ancestors.
    """

    def __init__(self) -> None:
        self.ages: set[int] = set()


_announced = _Announced()
