"""The graph: a Value knows its parents and, on each edge, the local derivative ∂self/∂parent.

Contract of `backward`, the chain rule with paths merged at every node:

    ∂output/∂parent  =  Σ over children  ∂output/∂child · ∂child/∂parent

Nothing here knows a derivative: the rules of `ops` are read on floats, once, when a node is made.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

from autograd import ops
from autograd.ieee import real
from autograd.rules import OPERATIONS, Operation

PICKLE_DEPTH = 100  # pickle recurses about six frames a level, and Python allows it 1000 frames

_new = object.__new__
_level = attrgetter("level")


# Recording: read the rule on the inputs' numbers, keep the value and the local derivatives


def _recorder(operation: Operation) -> Callable[..., Value]:
    """The function that makes the node z = operation(x, y, …)."""
    rule = operation.on_floats

    def of_one(x: Any) -> Value:
        node = _new(Value)
        node.data, node._dx = rule(x.data)
        node._x = x
        node._y = node._dy = node._grad = None
        node.operation = operation
        node.level = x.level + 1
        node.label = ""
        return node

    def of_two(x: Any, y: Any) -> Value:
        if type(x) is not Value:
            x = _as_value(x)
        if type(y) is not Value:
            y = _as_value(y)
        node = _new(Value)
        node.data, node._dx, node._dy = rule(x.data, y.data)
        node._x = x
        node._y = y
        node._grad = None
        node.operation = operation
        level = x.level
        other = y.level
        node.level = (level if level > other else other) + 1  # noqa: FURB136 — max() takes a tenth of the time of a node
        node.label = ""
        return node

    def of_many(*inputs: Any) -> Value:
        parents = tuple([x if type(x) is Value else _as_value(x) for x in inputs])
        node = _new(Value)
        z_and_partials = rule(*operation.grouped([parent.data for parent in parents]))
        node.data = z_and_partials[0]
        node._dx = z_and_partials[1:]
        node._x = parents
        node._y = node._dy = node._grad = None
        node.operation = operation
        node.level = max(map(_level, parents)) + 1
        node.label = ""
        return node

    if operation.variadic or len(operation.arguments) > 2:
        return of_many
    return of_one if len(operation.arguments) == 1 else of_two


class _Recorders(dict[Operation, Callable[..., "Value"]]):
    """The recorder of each operation, made at the first look-up."""

    def __missing__(self, operation: Operation) -> Callable[..., Value]:
        self[operation] = _recorder(operation)
        return self[operation]


_recorders = _Recorders()


def _as_value(x: Any) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _reflected(operation: Operation) -> Callable[[Any, Any], Value]:
    """The operator that Python calls on the right operand."""
    record = _recorders[operation]
    return lambda self, other: record(other, self)


def _method(operation: Operation) -> Callable[..., Value]:
    """The operation as a method of its first input."""
    if len(operation.arguments) == 1:
        return _recorders[operation]
    return lambda self, *rest, **named: operation(self, *rest, **named)  # noqa: PLW0108 — binds self, as an object doesn't


if TYPE_CHECKING:

    class _Methods:
        def __getattr__(self, name: str) -> Callable[..., Value]: ...

else:
    # The operations on one number as methods, x.tanh() for tanh(x), so that a rule in `ops` is enough to have both.
    _Methods = type(
        "_Methods",
        (),
        {"__slots__": ()}
        | {
            operation.name: _method(operation)
            for operation in OPERATIONS.values()
            if not operation.variadic and len(operation.arguments) - len(operation.defaults) == 1
        },
    )


class Value(_Methods):
    """A number that remembers how it was computed.

    data      the number, a float
    grad      ∂(outputs swept so far)/∂self: 0.0 until a `backward` reaches the node, then added up
    parents   the Values it was computed from, in argument order; x*x has x twice
    partials  ∂self/∂parent for each parent, as they were when this node was made
    op        the operation's name, "" for a leaf
    label     a name for pictures and messages

    Values are compared and hashed by identity. Arithmetic with float, int, Fraction or NumPy scalars
    turns those into leaves. Raises TypeError for anything that isn't a real number.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> e.data, a.grad, b.grad
    (6.0, 2.0, 5.0)
    """

    # One object a node, edges without tuples: a third of the memory, and of the work that Python's
    # cyclic collector has with a graph. `level` is 0 for a leaf and else one more than the highest
    # parent's, so that sorting by it is a topological order. A leaf has _x None; a node with one or two
    # parents has them in _x and _y; a node with any other number has all of them in _x, as a tuple.
    __slots__ = ("_dx", "_dy", "_grad", "_x", "_y", "data", "label", "level", "operation")
    __array_ufunc__ = None  # so that numpy.float64(2) * Value(3) asks Value, and is a Value

    data: float
    label: str
    level: int
    operation: Operation | None
    _grad: float | None
    _x: Any  # a Value, a tuple of them, or None
    _y: Value | None
    _dx: Any  # a float, a tuple of them, or None
    _dy: Any  # a float or None

    def __init__(self, data: object, label: str = "") -> None:
        self.data = real(data)
        if not isinstance(label, str):
            raise TypeError(f"a Value's label is a str, not {type(label).__name__}")
        self.label = label
        self.level = 0
        self.operation = self._grad = self._x = self._y = self._dx = self._dy = None

    @property
    def op(self) -> str:
        return self.operation.name if self.operation else ""

    @property
    def parents(self) -> tuple[Value, ...]:
        return _edge_ends(self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        return _edge_ends(self._dx, self._dy)

    @property
    def grad(self) -> float:
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        self._grad = real(grad, "a gradient")

    @property
    def has_grad(self) -> bool:
        """Whether a sweep has reached this node: tells a gradient of 0 from none computed."""
        return self._grad is not None

    def backward(self, seed: float = 1.0) -> None:
        """Add seed·∂self/∂node to the `grad` of every node that self was computed from, and of self.

        Linear in the number of edges: each is touched once. Either all gradients are added or, on an
        exception, none.
        """
        order = topological_order(self)
        derivatives = adjoints(order, real(seed, "a seed"))
        totals = [
            derivative if node._grad is None else node._grad + derivative
            for node, derivative in zip(order, derivatives, strict=True)
        ]
        # All in one call into C: an interrupt (Ctrl-C) comes before or after, never between two nodes.
        deque(map(_set_grad, order, totals), maxlen=0)

    # Arithmetic

    __add__ = _recorders[ops.add.rule]
    __sub__ = _recorders[ops.sub.rule]
    __mul__ = _recorders[ops.mul.rule]
    __truediv__ = _recorders[ops.div.rule]
    __pow__ = _recorders[ops.pow.rule]
    __neg__ = _recorders[ops.neg.rule]
    __abs__ = _recorders[ops.abs.rule]

    __radd__ = _reflected(ops.add.rule)  # other + self
    __rsub__ = _reflected(ops.sub.rule)  # other - self
    __rmul__ = _reflected(ops.mul.rule)  # other * self
    __rtruediv__ = _reflected(ops.div.rule)  # other / self
    __rpow__ = _reflected(ops.pow.rule)  # other ** self

    def __pos__(self) -> Value:
        return self

    @staticmethod
    def __operation__(operation: Operation, inputs: tuple[Any, ...]) -> Value:
        """The node z = operation(inputs): what a call such as `tanh(x)` or `total(values)` comes to."""
        return _recorders[operation](*inputs)

    # What a Value is not: a number to compare, to branch on, to sort or to run through

    def __bool__(self) -> NoReturn:
        raise TypeError("a Value is neither true nor false; to branch on its number, write .data")

    def _not_ordered(self, _other: object) -> NoReturn:
        raise TypeError("Values are not ordered; to compare their numbers, write .data (or use maximum, minimum, step)")

    __lt__ = __le__ = __gt__ = __ge__ = _not_ordered

    # Printing, copying, pickling

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        grad = f", grad={self._grad!r}" if self.has_grad else ""
        return f"Value({self.data!r}{grad}{label})"

    def __copy__(self) -> Value:
        copy = Value.__new__(Value)
        for slot in Value.__slots__:
            setattr(copy, slot, getattr(self, slot))
        return copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        """A copy of the whole graph below self, at any depth: parents are copied before their children."""

        def copied(parents: Any) -> Any:
            if type(parents) is tuple:
                return tuple(memo[id(parent)] for parent in parents)
            return None if parents is None else memo[id(parents)]

        for node in topological_order(self):
            if id(node) not in memo:
                memo[id(node)] = copy = node.__copy__()
                copy._x, copy._y = copied(node._x), copied(node._y)
        result: Value = memo[id(self)]
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        if self.level > PICKLE_DEPTH:
            raise ValueError(
                f"pickle can carry a graph {PICKLE_DEPTH} operations deep, and this one is {self.level} deep; "
                "pickle the leaves' .data and build it again, or copy it with copy.deepcopy, which has no such limit"
            )
        return _restored, tuple(getattr(self, slot) for slot in Value.__slots__)


_set_grad = Value._grad.__set__  # type: ignore[union-attr]  # the slot's own setter, which is C


def _restored(*slots: Any) -> Value:
    node = _new(Value)
    for slot, content in zip(Value.__slots__, slots, strict=True):
        setattr(node, slot, content)
    return node


def _edge_ends(x: Any, y: Any) -> tuple[Any, ...]:
    if x is None:
        return ()
    if isinstance(x, tuple):
        return x
    return (x,) if y is None else (x, y)


def as_node(node: object, what: str) -> Value:
    """The node itself; a TypeError for anything else, a number among them."""
    if not isinstance(node, Value):
        raise TypeError(f"{what}: a Value is needed, not {type(node).__name__}")
    return node


def topological_order(output: Value) -> list[Value]:
    """The nodes that output was computed from, and output: parents before children, each once.

    Nodes are found from the output backwards, then sorted by level. No recursion; linear but for the
    sort, which finds them nearly sorted. The order depends on the graph alone: two runs give the same.

    >>> x = Value(3, "x")
    >>> y = x * x
    >>> [node.label or node.op for node in topological_order(y + y)]
    ['x', 'mul', 'add']
    """
    found = [output]
    seen = {output}
    for node in found:  # grows while it is read
        x = node._x
        if x is None:
            continue
        if type(x) is tuple:
            for parent in x:
                if parent not in seen:
                    seen.add(parent)
                    found.append(parent)
            continue
        if x not in seen:
            seen.add(x)
            found.append(x)
        y = node._y
        if y is not None and y not in seen:
            seen.add(y)
            found.append(y)
    found.sort(key=_level)
    return found


def adjoints(order: list[Value], seed: float = 1.0) -> list[float]:
    """seed·∂output/∂node for each node of a topological order whose last is the output: the reverse sweep.

    What arrives at a node over its edges is added up before it is passed on, so that each edge is
    touched once. The local derivatives are the recorded ones, multiplied and added as plain IEEE floats.
    """
    arrived = {order[-1]: seed}
    derivatives = []
    for node in reversed(order):
        upstream = arrived.pop(node)
        derivatives.append(upstream)
        x = node._x
        if x is None:
            continue
        if type(x) is tuple:
            for parent, partial in zip(x, node._dx, strict=True):
                if parent in arrived:
                    arrived[parent] += upstream * partial
                else:
                    arrived[parent] = upstream * partial
            continue
        # The same for one or two parents, without the loop: most nodes, and a third of the time.
        if x in arrived:
            arrived[x] += upstream * node._dx
        else:
            arrived[x] = upstream * node._dx
        y = node._y
        if y is not None:
            if y in arrived:
                arrived[y] += upstream * node._dy
            else:
                arrived[y] = upstream * node._dy
    derivatives.reverse()
    return derivatives
