"""What a node of the graph holds.

A node is one object, and its edges need no tuples. Tuples would triple the memory, and the work of Python's cyclic
collector.

    kind                              _x         _y     _dx              _dy
    leaf                              None       None   None             None
    operation on one number           x          None   ∂z/∂x            None
    operation on two numbers          x          y      ∂z/∂x            ∂z/∂y
    operation on any other number     (x₁, …)    None   (∂z/∂x₁, …)      None
    condition, such as x > y          None       None   (x, y)           None

A derivative treats a condition as a leaf; what the condition watches is kept where a derivative would be.
`age` numbers the nodes as they are made. Every node is younger than its parents, so sorting by age gives a topological
order.
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

    # _arrived and _mark belong to the running sweep and have no meaning after it.
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
        """The node's number, a float.

        Setting it leaves the recorded derivatives as they are. Raises TypeError for anything but a real number, and
        ValueError for one beyond the range of float64.
        """
        return self._data

    @data.setter
    def data(self, data: object) -> None:
        self._data = real(data)

    @property
    def label(self) -> str:
        """A name for pictures and messages, "" by default. Setting it to anything but a str raises TypeError."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        self._label = require_label(label)

    @property
    def op(self) -> str:
        """The name of the operation that made this node, such as "mul"; "" for a leaf."""
        return self.operation.name if self.operation else ""

    @property
    def parents(self) -> tuple[Self, ...]:
        """The nodes that this one was computed from, in the order of the arguments; x * x has x twice."""
        return _flat(self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂parent for each of `parents`, as they were when this node was recorded."""
        return () if self._x is None else _flat(self._dx, self._dy)

    @property
    def watched(self) -> tuple[Self, ...]:
        """The nodes that a condition, such as x > y, compares; () for any other node.

        Conditions occur in the graph of a derivative. They are not differentiated, so no path leads through them.
        """
        return self._dx if self._x is None and self.operation else ()

    @property
    def grad(self) -> float:
        """The derivative of the outputs swept so far with respect to this node.

        It is 0.0 until a `backward` reaches the node; further sweeps add to it. Setting it to None clears it. Raises
        TypeError for anything else but a real number.
        """
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        number = None if grad is None else real(grad, "grad")
        with atomic.lock:  # set_gradients would take several times as long for a single node
            self._grad = number

    @property
    def has_grad(self) -> bool:
        """Whether the node has a gradient: True after a sweep that gave 0.0, False where no sweep has come."""
        return self._grad is not None


AnyNode = TypeVar("AnyNode", bound=Node)


def require_label(label: object) -> str:
    """Return the label; raise TypeError if it is not a str."""
    if not isinstance(label, str):
        raise TypeError(f"label must be a str, got {type(label).__name__}")
    return label


def require_value(node: AnyNode | object, what: str) -> Any:
    """Return the node, or what computes as one, a model's only output; raise TypeError for anything else."""
    if hasattr(node, "__value__"):
        node = node.__value__()
    if not isinstance(node, Node):
        raise TypeError(f"{what} must be a Value, got {type(node).__name__}")
    return node


def _flat(x: Any, y: Any) -> tuple[Any, ...]:
    """The parents, or the partials, that two slots hold."""
    if x is None:
        return ()
    if isinstance(x, tuple):
        return x
    return (x,) if y is None else (x, y)


# Setting many nodes: each of these is one call into C, so Ctrl-C can only come before or after it.

set_grad = Node.__dict__["_grad"].__set__  # the setters of the slots are C functions; a function of ours would not be
_set_data = Node.__dict__["_data"].__set__


def setting_data(nodes: Iterable[Node], numbers: Iterable[float]) -> tuple[Any, ...]:
    """The call that gives each node its number, a float; for `atomic.all_or_none`, with others."""
    return deque, map(_set_data, list(nodes), list(numbers)), 0


def setting_gradients(nodes: Iterable[Node], gradients: Iterable[float | None]) -> tuple[Any, ...]:
    """The call that gives each node its gradient, a float or None; as `setting_data`."""
    return deque, map(set_grad, list(nodes), list(gradients)), 0


def set_data(nodes: Iterable[Node], numbers: Iterable[float]) -> None:
    """Set the number of each node, a float: all of them or, on Ctrl-C, none."""
    deque(map(_set_data, list(nodes), list(numbers)), maxlen=0)


def set_gradients(nodes: Iterable[Node], gradients: Iterable[float | None]) -> None:
    """Set the gradient of each node, a float or None: all of them or, on Ctrl-C, none."""
    nodes, gradients = list(nodes), list(gradients)
    with atomic.lock:  # a sweep reads gradients and writes them later; this must not happen in between
        deque(map(set_grad, nodes, gradients), maxlen=0)


def clear_gradients(nodes: Iterable[Node]) -> None:
    """Clear the gradient of every node, or of none on Ctrl-C: `grad` is 0.0 again, and `has_grad` is False."""
    nodes = list(nodes)
    set_gradients(nodes, [None] * len(nodes))
