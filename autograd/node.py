"""What a node of the graph holds.

One object a node, edges without tuples: a third of the memory, and of the work of Python's cyclic collector.

    kind                              _x         _y     _dx              _dy
    leaf                              None       None   None             None
    operation on one number           x          None   ∂z/∂x            None
    operation on two numbers          x          y      ∂z/∂x            ∂z/∂y
    operation on any other number     (x₁, …)    None   (∂z/∂x₁, …)      None
    condition, such as x > y          None       None   (x, y)           None

To derivatives a condition is a leaf; what it watches is kept where a derivative would be.
`age` counts nodes up as they are made. A node is younger than its parents, so age is a topological order.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Self, TypeVar

from autograd import atomic
from autograd.ieee import real
from autograd.rules import Operation

next_age = itertools.count(1).__next__
age_of = attrgetter("age")


class Node:
    """A number, its parents, and the local derivative on each edge."""

    # _arrived and _mark belong to the sweep under way, and mean nothing after it.
    __slots__ = ("_arrived", "_data", "_dx", "_dy", "_grad", "_label", "_mark", "_x", "_y", "age", "operation")

    age: int
    operation: Operation | None
    _data: float
    _label: str
    _grad: float | None
    _arrived: float
    _mark: object
    _x: Any  # a Node, a tuple of them, or None
    _y: Any  # a Node or None
    _dx: Any  # a float, a tuple of them, or None
    _dy: Any  # a float or None

    @property
    def data(self) -> float:
        """The number; setting it changes no derivative that was recorded."""
        return self._data

    @data.setter
    def data(self, data: object) -> None:
        self._data = real(data)

    @property
    def label(self) -> str:
        """A name for pictures and messages."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        self._label = checked_label(label)

    @property
    def op(self) -> str:
        """The operation's name, "" for a leaf."""
        return self.operation.name if self.operation else ""

    @property
    def parents(self) -> tuple[Self, ...]:
        """The nodes that this one was computed from, in argument order; x*x has x twice."""
        return _flat(self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂parent for each parent, as it was when this node was made."""
        return () if self._x is None else _flat(self._dx, self._dy)

    @property
    def watched(self) -> tuple[Self, ...]:
        """What a condition, such as x > y within a derivative's graph, depends on; no path leads through it."""
        return self._dx if self._x is None and self.operation else ()

    @property
    def grad(self) -> float:
        """∂(outputs swept so far)/∂self: 0.0 until a `backward` reaches this node; None clears it."""
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        number = None if grad is None else real(grad, "a gradient")
        with atomic.lock:  # as in set_gradients, which takes several times as long for a single one
            self._grad = number

    @property
    def has_grad(self) -> bool:
        """Whether a sweep has reached this node: tells a gradient of 0 from none computed."""
        return self._grad is not None


AnyNode = TypeVar("AnyNode", bound=Node)


def checked_label(label: object) -> str:
    """The label, if it is text."""
    if not isinstance(label, str):
        raise TypeError(f"label must be a str, got {type(label).__name__}")
    return label


def require_value(node: AnyNode | object, what: str) -> Any:
    """The node itself; a TypeError for anything else, a number among them."""
    if not isinstance(node, Node):
        raise TypeError(f"{what} must be a Value, got {type(node).__name__}")
    return node


def _flat(x: Any, y: Any) -> tuple[Any, ...]:
    """The parents, or partials, that two slots hold."""
    if x is None:
        return ()
    if isinstance(x, tuple):
        return x
    return (x,) if y is None else (x, y)


# Many at once: each of these is one call into C, so that Ctrl-C comes before or after it.

set_grad = Node.__dict__["_grad"].__set__  # the slots' own setters, which are C
_set_data = Node.__dict__["_data"].__set__


def setting_data(nodes: Iterable[Node], numbers: Iterable[float]) -> tuple[Any, ...]:
    """The call that gives each node its number, a float; for `atomic.all_or_none`, with others."""
    return deque, map(_set_data, list(nodes), list(numbers)), 0


def setting_gradients(nodes: Iterable[Node], gradients: Iterable[float | None]) -> tuple[Any, ...]:
    """The call that gives each node its gradient, a float or None; as `setting_data`."""
    return deque, map(set_grad, list(nodes), list(gradients)), 0


def set_data(nodes: Iterable[Node], numbers: Iterable[float]) -> None:
    """Give each node its number, a float: all of them or, on Ctrl-C, none."""
    deque(map(_set_data, list(nodes), list(numbers)), maxlen=0)


def set_gradients(nodes: Iterable[Node], gradients: Iterable[float | None]) -> None:
    """Give each node its gradient, a float or None: all of them or, on Ctrl-C, none."""
    nodes, gradients = list(nodes), list(gradients)
    with atomic.lock:  # not between a sweep's reading and writing them
        deque(map(set_grad, nodes, gradients), maxlen=0)


def clear_gradients(nodes: Iterable[Node]) -> None:
    """Forget what sweeps have added, of all or none: `grad` is 0.0 again, and `has_grad` False."""
    nodes = list(nodes)
    set_gradients(nodes, [None] * len(nodes))
