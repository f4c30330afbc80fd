"""Copies and pickles of graphs of any depth, without recursion: parents are copied before their children."""

from __future__ import annotations

from collections.abc import Iterator
from threading import local
from typing import Any, Self

from autograd.node import AnyNode, Node, age_of, next_age
from autograd.sweep import topological_order


class Copyable(Node):
    """A node that `copy` and `pickle` accept, together with the graph that it was computed from."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return _restored(type(self), (), *self._state())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy of self and of the graph that it was computed from, with the nodes that conditions watch."""

        def copied(parents: Any) -> Any:
            if type(parents) is tuple:
                return tuple([memo[id(parent)] for parent in parents])
            return memo.get(id(parents))

        nodes = [self]
        seen = {self}
        for node in nodes:  # the list grows during this loop
            for parent in (*node.parents, *node.watched):
                if parent not in seen and id(parent) not in memo:
                    seen.add(parent)
                    nodes.append(parent)
        for node in sorted(nodes, key=age_of):
            memo[id(node)] = copy = node.__copy__()
            copy._x, copy._y = copied(node._x), copied(node._y)
            if node.watched:
                copy._dx = copied(node._dx)
        result: Self = memo[id(self)]
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        """What pickle stores: all ancestors with the first node that it meets, so that parents come before children.

        Otherwise pickle would go from child to parent by recursion, and fail on a deep graph.
        """
        announced = _announced.ages
        if self.age in announced:
            announced.remove(self.age)
            ancestors = None
        else:
            ancestors = _Ancestors(topological_order(self)[:-1])
        return _restored, (type(self), ancestors, *self._state())

    def _state(self) -> tuple[Any, ...]:
        return self._data, self._grad, self._label, self.operation, self._x, self._y, self._dx, self._dy


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
