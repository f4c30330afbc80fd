"""The graph: a Value knows its parents and, on each edge, the local derivative ∂self/∂parent.

Contract of `backward`, the chain rule with paths merged at every node:

    ∂output/∂parent  =  Σ over children  ∂output/∂child · ∂child/∂parent

Nothing here knows a derivative: the rules of `ops` are read on floats, once, when a node is made.

What is promised of faults and threads:

    faults   a sweep adds all its gradients or, on an exception, none, whenever Ctrl-C comes, and the next one can begin
    threads  may record and sweep graphs that share nodes: sweeps take turns, and no gradient is lost that another
             thread adds, sets or clears. In which order theirs are added up, and so the last bits, is up to them, as is
             which number they compute with while one changes it
    nesting  a sweep runs nobody else's code; one that a signal's handler or a finalizer starts within another
             is refused with a RuntimeError, and the other one goes on
"""

from __future__ import annotations

import gc
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from operator import attrgetter, call
from threading import RLock, local
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from autograd import ops
from autograd.ieee import real
from autograd.rules import OPERATIONS, Operation, in_order

_new = object.__new__
_age = attrgetter("age")
_next_age = itertools.count(1).__next__


# What a function does while it runs, and undoes whenever Ctrl-C comes. The `try` stands in the frame that does it: a
# context manager has functions of its own, and can be interrupted in them, after it has done and before it undoes.

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def cyclic_collector_paused(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A graph has no cycles, but grows by so many objects that the collector would walk it again and again."""

    @wraps(function)
    def paused(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        if not gc.isenabled():  # and whoever has paused it, enables it
            return function(*arguments, **named)
        try:
            gc.disable()
            return function(*arguments, **named)
        finally:
            gc.enable()

    return paused


_sweep_lock = RLock()
_sweep_under_way = False


def _free_the_lock() -> None:
    global _sweep_lock, _sweep_under_way
    _sweep_lock, _sweep_under_way = RLock(), False


if hasattr(os, "register_at_fork"):  # where there is fork
    os.register_at_fork(after_in_child=_free_the_lock)


def _one_sweep_at_a_time(sweep: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Sweeps mark the nodes they are at work on, so threads take turns, which costs none where one interpreter runs."""

    @wraps(sweep)
    def in_turn(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        global _sweep_under_way  # noqa: PLW0603 — it is one for all graphs, as the lock is
        with _sweep_lock:
            if _sweep_under_way:
                raise RuntimeError(
                    "a sweep was started within another one, as by a signal handler; start it afterwards"
                )
            try:
                _sweep_under_way = True
                return sweep(*arguments, **named)
            finally:
                _sweep_under_way = False

    return in_turn


# Recording: read the rule on the inputs' numbers, keep the value and the local derivatives


def _recorder(operation: Operation) -> Callable[..., Value]:
    """The function that makes the node z = operation(x, y, …)."""

    def rule(*numbers: Any) -> tuple[Any, ...]:  # until the first call, which compiles the text
        nonlocal rule
        rule = operation.on_floats
        return rule(*numbers)

    def of_one(x: Any, /) -> Value:
        node = _new(Value)
        node._data, node._dx = rule(x._data)
        node._x = x
        node._y = node._dy = node._grad = node._sweep = None
        node.operation = operation
        node.age = _next_age()
        node._label = ""
        return node

    def of_two(x: Any, y: Any) -> Value:
        if type(x) is not Value:
            x = _as_value(x)
        if type(y) is not Value:
            y = _as_value(y)
        node = _new(Value)
        node._data, node._dx, node._dy = rule(x._data, y._data)
        node._x = x
        node._y = y
        node._grad = node._sweep = None
        node.operation = operation
        node.age = _next_age()
        node._label = ""
        return node

    def of_many(*arguments: Any) -> Value:
        groups = [_as_values(argument if type(argument) is tuple else (argument,)) for argument in arguments]
        parents = tuple(itertools.chain.from_iterable(groups))
        z_and_partials = rule(*operation.grouped([x._data for x in parents]))
        if not operation.variadic:
            z_and_partials = z_and_partials[0], z_and_partials[1:]
        return _node_of_many(operation, parents, z_and_partials)

    def of_nothing(*arguments: Any) -> Value:  # a condition: to derivatives a leaf, which knows what it depends on
        node = of_many(*arguments)
        node._dx, node._x = node._x, None
        return node

    count = len(operation.arguments)
    if operation.condition:
        record = of_nothing
    elif operation.variadic or count > 2:
        record = of_many
    else:
        record = of_one if count == 1 else of_two
    record.__name__ = operation.name
    record.__doc__ = operation.__doc__
    return record


def _node_of_many(operation: Operation, parents: tuple[Any, ...], z_and_partials: tuple[Any, ...]) -> Value:
    node = _new(Value)
    node._data, node._dx = z_and_partials
    node._x = parents
    node._y = node._dy = node._grad = node._sweep = None
    node.operation = operation
    node.age = _next_age()
    node._label = ""
    return node


class _Recorders(dict[Operation, Callable[..., "Value"]]):
    """The recorder of each operation, made at the first look-up."""

    def __missing__(self, operation: Operation) -> Callable[..., Value]:
        self[operation] = _recorder(operation)
        return self[operation]


_recorders = _Recorders()


def _text(label: object) -> str:
    if not isinstance(label, str):
        raise TypeError(f"a Value's label is a str, not {type(label).__name__}")
    return label


def _as_value(x: Any) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _as_values(group: tuple[Any, ...]) -> tuple[Value, ...]:
    for x in group:
        if type(x) is not Value:
            return tuple([_as_value(x) for x in group])
    return group


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
    grad      ∂(outputs swept so far)/∂self: 0.0 until a `backward` reaches the node, then added up; None clears it
    parents   the Values it was computed from, in argument order; x*x has x twice
    partials  ∂self/∂parent for each parent, as they were when this node was made
    op        the operation's name, "" for a constant or variable
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
    # cyclic collector has with a graph. A leaf has _x None (so has a condition, which keeps what it
    # watches in _dx); a node of an operation on one or two numbers has its parents in _x and _y; a node
    # of any other has all of them in _x, as a tuple. `age` counts nodes up as they are made: a node is
    # younger than its parents, so age is a topological order. _arrived and _sweep belong to the sweep
    # that is under way, and mean nothing after it.
    __slots__ = ("_arrived", "_data", "_dx", "_dy", "_grad", "_label", "_sweep", "_x", "_y", "age", "operation")
    __array_ufunc__ = None  # so that numpy.float64(2) * Value(3) asks Value, and is a Value

    age: int
    _data: float
    _label: str
    operation: Operation | None
    _grad: float | None
    _arrived: float
    _sweep: object
    _x: Any  # a Value, a tuple of them, or None
    _y: Value | None
    _dx: Any  # a float, a tuple of them, or None
    _dy: Any  # a float or None

    def __init__(self, data: object, label: str = "") -> None:
        self._data = data if type(data) is float else real(data)
        self._label = label if type(label) is str else _text(label)
        self.age = _next_age()
        self.operation = self._grad = self._x = self._y = self._dx = self._dy = self._sweep = None

    @property
    def data(self) -> float:
        return self._data

    @data.setter
    def data(self, data: object) -> None:
        self._data = real(data)

    @property
    def label(self) -> str:
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        self._label = _text(label)

    @property
    def op(self) -> str:
        return self.operation.name if self.operation else ""

    @property
    def parents(self) -> tuple[Value, ...]:
        return _flat(self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        return () if self._x is None else _flat(self._dx, self._dy)

    @property
    def watched(self) -> tuple[Value, ...]:
        """What a condition, such as x > y within a derivative's graph, depends on; no path leads through it."""
        return self._dx if self._x is None and self.operation else ()

    @property
    def grad(self) -> float:
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        number = None if grad is None else real(grad, "a gradient")
        with _sweep_lock:  # as in set_gradients, which takes several times as long for a single one
            self._grad = number

    @property
    def has_grad(self) -> bool:
        """Whether a sweep has reached this node: tells a gradient of 0 from none computed."""
        return self._grad is not None

    def backward(self, seed: float = 1.0) -> None:
        """Add seed·∂self/∂node to the `grad` of every node that self was computed from, and of self.

        Linear in the number of edges: each is touched once. Either all gradients are added or, on an
        exception, none.
        """
        _add_gradients(self, real(seed, "a seed"))

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

    __operations__ = _recorders  # what a call such as `tanh(x)` or `total(values)` comes to

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
        return _restored((), *self._state())

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        """A copy of the whole graph below self, at any depth: parents are copied before their children."""

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
        for node in sorted(found, key=_age):
            memo[id(node)] = copy = node.__copy__()
            copy._x, copy._y = copied(node._x), copied(node._y)
            if node.watched:
                copy._dx = copied(node._dx)
        result: Value = memo[id(self)]
        return result

    def _state(self) -> tuple[Any, ...]:
        return self._data, self._grad, self._label, self.operation, self._x, self._y, self._dx, self._dy

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle, at any depth: the first node that pickle meets brings its ancestors along, parents first.

        Pickle knows each of them by the time it comes to a child, so that depth costs no recursion.
        """
        announced = _announced.ages
        if self.age in announced:
            announced.remove(self.age)
            ancestors = None
        else:
            ancestors = _Ancestors(topological_order(self)[:-1])
        return _restored, (ancestors, *self._state())


class _Ancestors:
    """Nodes on their way into a pickle, parents before children; out of it comes a list of them."""

    def __init__(self, nodes: list[Value]) -> None:
        self.nodes = nodes

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._in_turn()

    def _in_turn(self) -> Iterator[Value]:
        ages = set(map(_age, self.nodes))
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


def at_once(calls: Iterable[tuple[Any, ...]]) -> None:
    """Call each (function, *arguments), functions that are C: all of them or, on Ctrl-C, none.

    Python looks for an interrupt between its own instructions, and to it this is one.
    """
    calls = list(calls)
    with _sweep_lock:  # gradients may be among what they set
        deque(itertools.starmap(call, calls), maxlen=0)


def set_data(values: Iterable[Value], numbers: Iterable[float]) -> None:
    """Give each Value its number, a float: all of them or, on Ctrl-C, none."""
    deque(map(_set_data, list(values), list(numbers)), maxlen=0)


def set_gradients(values: Iterable[Value], gradients: Iterable[float | None]) -> None:
    """Give each Value its gradient, a float or None: all of them or, on Ctrl-C, none."""
    values, gradients = list(values), list(gradients)
    with _sweep_lock:  # not between a sweep's reading and writing them
        deque(map(_set_grad, values, gradients), maxlen=0)


def clear_gradients(values: Iterable[Value]) -> None:
    """Forget what sweeps have added, of all or none: `grad` is 0.0 again, and `has_grad` False."""
    values = list(values)
    set_gradients(values, [None] * len(values))


_set_data = Value._data.__set__  # type: ignore[attr-defined]  # the slots' own setters, which are C
_set_grad = Value._grad.__set__  # type: ignore[union-attr]


def _restored(_ancestors: object, *state: Any) -> Value:
    """The node of that state, for copies and pickles; younger than its parents, which are there already."""
    node = _new(Value)
    node._data, node._grad, node._label, node.operation, node._x, node._y, node._dx, node._dy = state
    node._sweep = None
    node.age = _next_age()
    return node


def _flat(x: Any, y: Any) -> tuple[Any, ...]:
    """The parents, or partials, that two slots hold."""
    if x is None:
        return ()
    if isinstance(x, tuple):
        return x
    return (x,) if y is None else (x, y)


def weighted_sums(rows: Iterable[Sequence[Value]], inputs: Iterable[Any], biases: Iterable[Value]) -> list[Value]:
    """A layer's Weightsums, bias + w·x for each row w of weights and its bias, all with the same inputs x.

    Each is the node that `weighted_sum(weights, inputs, bias)` makes, in half the time. Weights and biases
    are Values, inputs any numbers. Raises TypeError for other weights, ValueError where a row is not as
    long as the inputs or biases are not as many as rows.

    >>> w, b = [Value(0.5), Value(2.0)], Value(-1.0)
    >>> [s.data for s in weighted_sums([w, w], [2.0, 3.0], [b, b])]
    [6.0, 6.0]
    """
    operation = ops.weighted_sum.rule
    rule = operation.on_floats
    inputs = _as_values(in_order(inputs, "weighted_sums: inputs"))
    numbers = [x._data for x in inputs]
    rows, biases = list(rows), list(biases)
    if len(rows) != len(biases):
        raise ValueError(f"each row of weights has its bias, got {len(rows)} rows and {len(biases)} biases")
    sums = []
    for weights, bias in zip(rows, biases, strict=True):
        if len(weights) != len(inputs):
            raise ValueError(f"a weighted sum has as many weights as inputs, got {len(weights)} and {len(inputs)}")
        try:
            z_and_partials = rule([w._data for w in weights], numbers, bias._data)
        except AttributeError:
            raise TypeError(
                "weighted_sums takes Values as weights and biases; weighted_sum takes numbers, too"
            ) from None
        sums.append(_node_of_many(operation, (*weights, *inputs, bias), z_and_partials))
    return sums


def as_node(node: object, what: str) -> Value:
    """The node itself; a TypeError for anything else, a number among them."""
    if not isinstance(node, Value):
        raise TypeError(f"{what}: a Value is needed, not {type(node).__name__}")
    return node


@_one_sweep_at_a_time
def topological_order(output: Value) -> list[Value]:
    """The nodes that output was computed from, and output: parents before children, each once.

    Without recursion: the nodes are found from the output backwards and sorted by age. Two runs of a
    program give the same order.

    >>> x = Value(3, "x")
    >>> y = x * x
    >>> [node.label or node.op for node in topological_order(y + y)]
    ['x', 'mul', 'add']
    """
    return _found(as_node(output, "topological_order"))


@_one_sweep_at_a_time
def adjoints(output: Value) -> dict[Value, float]:
    """∂output/∂node for each node of output's graph, parents before children: the reverse sweep."""
    return {node: node._arrived for node in _sweep_back(output, 1.0)}


@_one_sweep_at_a_time
def _add_gradients(output: Value, seed: float) -> None:
    """Add what a sweep finds to the nodes' gradients."""
    order = _sweep_back(output, seed)
    totals = [node._arrived if node._grad is None else node._grad + node._arrived for node in order]
    deque(map(_set_grad, order, totals), maxlen=0)  # at once


def _sweep_back(output: Value, seed: float) -> list[Value]:
    """Leave seed·∂output/∂node in each node's _arrived, and return the nodes, parents before children.

    What arrives at a node over its edges is added up before it is passed on, so that each edge is
    touched once. The local derivatives are the recorded ones, multiplied and added as plain IEEE floats.
    """
    order = _found(output)
    output._arrived = seed
    for node in reversed(order):
        x = node._x
        if x is None:
            continue
        upstream = node._arrived
        if type(x) is tuple:
            for parent, partial in zip(x, node._dx):  # noqa: B905 — of one length, and asking takes time
                parent._arrived += upstream * partial
            continue
        x._arrived += upstream * node._dx
        y = node._y
        if y is not None:
            y._arrived += upstream * node._dy
    return order


def _found(output: Value) -> list[Value]:
    """Output and the nodes below, from the oldest to the youngest, with this sweep's mark; below, nothing has arrived.

    Nothing is -0.0: adding to it changes no number, not even the sign of a zero.
    """
    mark = output._sweep = object()
    found = [output]
    for node in found:  # grows while it is read
        x = node._x
        if x is None:
            continue
        if type(x) is tuple:
            for parent in x:
                if parent._sweep is not mark:
                    parent._sweep = mark
                    parent._arrived = -0.0
                    found.append(parent)
            continue
        if x._sweep is not mark:
            x._sweep = mark
            x._arrived = -0.0
            found.append(x)
        y = node._y
        if y is not None and y._sweep is not mark:
            y._sweep = mark
            y._arrived = -0.0
            found.append(y)
    found.sort(key=_age)
    return found
