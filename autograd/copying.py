"""Copies and pickles of graphs, at any depth: parents come before their children, so depth costs no recursion."""

from __future__ import annotations

from collections.abc import Iterator
from threading import local
from typing import Any, Self

from autograd.node import AnyNode, Node, age_of, next_age
from autograd.sweep import topological_order


class Copyable(Node):
    """A node that `copy` and `pickle` take, with the graph below it."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return _restored(type(self), (), *self._state())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy of the whole graph below self, what conditions watch included."""

        def copied(parents: Any) -> Any:
            if type(parents) is tuple:
                return tuple([memo[id(parent)] for parent in parents])
            return memo.get(id(parents))

        found = [self]
        seen = {self}
        for node in found:  # grows while it is read
            for parent in (*node.parents, *node.watched):
                if parent not in seen and id(parent) not in memo:
                    seen.add(parent)
                    found.append(parent)
        for node in sorted(found, key=age_of):
            memo[id(node)] = copy = node.__copy__()
            copy._x, copy._y = copied(node._x), copied(node._y)
            if node.watched:
                copy._dx = copied(node._dx)
        result: Self = memo[id(self)]
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle: the first node that it meets brings its ancestors along, so it knows each before its child."""
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
    """The node of that state; younger than its parents, which are there already."""
    node = kind.__new__(kind)
    node._data, node._grad, node._label, node.operation, node._x, node._y, node._dx, node._dy = state
    node._mark = None
    node.age = next_age()
    return node


class _Ancestors:
    """Nodes on their way into a pickle, parents before children; out of it comes a list of them."""

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
    """The ages of the nodes that this thread's pickle is about to meet, and whose ancestors it has met already.

    Only of those: what a pickle that failed leaves behind must not take the ancestors from another one's node.
    """

    def __init__(self) -> None:
        self.ages: set[int] = set()


_announced = _Announced()
