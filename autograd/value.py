"""Value, a number that remembers how it was computed: recording, and the operators.

Recording evaluates an operation's rule once, on the inputs' numbers, and keeps the value and the local derivatives.
No formula of a derivative stands here. `node` says what a Value holds, `sweep` what is done with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Never, NoReturn

from autograd import copying, ops
from autograd.hints import OnValues, of_keywords
from autograd.ieee import real
from autograd.node import Node, next_age, require_label
from autograd.rules import OPERATIONS, Operation, as_tuple
from autograd.sweep import add_gradients

_new = object.__new__


# Each recorder writes all slots itself, because a helper function for them would make recording 13 to 60 % slower.


def _recorder(operation: Operation) -> Callable[..., Value]:
    """The function that makes the node z = operation(x, y, …)."""

    def evaluate(*numbers: Any) -> tuple[Any, ...]:  # the first call compiles the rule's text and replaces it
        nonlocal evaluate
        evaluate = operation.on_floats
        return evaluate(*numbers)

    def of_one(x: Any, /) -> Value:
        node = _new(Value)
        node._data, node._dx = evaluate(x._data)
        node._x = x
        node._y = node._dy = node._grad = node._mark = None
        node.operation = operation
        node.age = next_age()
        node._label = ""
        return node

    def of_two(x: Any, y: Any) -> Value:
        if type(x) is not Value:
            x = _as_value(x)
        if type(y) is not Value:
            y = _as_value(y)
        node = _new(Value)
        node._data, node._dx, node._dy = evaluate(x._data, y._data)
        node._x = x
        node._y = y
        node._grad = node._mark = None
        node.operation = operation
        node.age = next_age()
        node._label = ""
        return node

    def of_many(*arguments: Any) -> Value:
        groups = [_as_values(argument if type(argument) is tuple else (argument,)) for argument in arguments]
        parents = tuple(itertools.chain.from_iterable(groups))
        z_and_partials = evaluate(*operation.grouped([x._data for x in parents]))
        if not operation.variadic:
            z_and_partials = z_and_partials[0], z_and_partials[1:]
        return _node_of_many(operation, parents, z_and_partials)

    def of_nothing(*arguments: Any) -> Value:  # a condition: derivatives treat it as a leaf; _dx keeps what it watches
        node = of_many(*arguments)
        node._dx, node._x = node._x, None
        return node

    if operation.condition:
        record = of_nothing
    elif operation.variadic or len(operation.arguments) > 2:
        record = of_many
    else:
        record = of_one if len(operation.arguments) == 1 else of_two
    record.__name__, record.__doc__ = operation.name, operation.__doc__
    return record


def _node_of_many(operation: Operation, parents: tuple[Any, ...], z_and_partials: tuple[Any, ...]) -> Value:
    node = _new(Value)
    node._data, node._dx = z_and_partials
    node._x = parents
    node._y = node._dy = node._grad = node._mark = None
    node.operation = operation
    node.age = next_age()
    node._label = ""
    return node


class _Recorders(dict[Operation, Callable[..., "Value"]]):
    """The recorder of each operation, made when it is first looked up."""

    def __missing__(self, operation: Operation) -> Callable[..., Value]:
        self[operation] = _recorder(operation)
        return self[operation]


_recorders = _Recorders()


def _as_value(x: Any) -> Value:
    if type(x) is not float and hasattr(x, "__value__"):
        x = x.__value__()  # a model's only output stands for itself
    return x if isinstance(x, Value) else Value(x)


def _as_values(group: tuple[Any, ...]) -> tuple[Value, ...]:
    for x in group:
        if type(x) is not Value:
            return tuple([_as_value(x) for x in group])
    return group


def _reflected(operation: Operation) -> Callable[[Any, Any], Value]:
    """The operator for `other + self` and the like, which Python calls on the right operand."""
    record = _recorders[operation]
    return lambda self, other: record(other, self)


def _method(operation: Operation) -> Callable[..., Value]:
    """The operation as a method of its first input."""
    if len(operation.arguments) == 1:
        return _recorders[operation]

    def method(self: Value, *rest: Any, **named: Any) -> Any:
        return operation(self, *rest, **named)

    method.__name__, method.__doc__ = operation.name, operation.__doc__
    return method


if TYPE_CHECKING:
    from autograd.methods import Methods
else:
    # A rule in `ops` gives the function tanh(x) and the method x.tanh(). The methods' signatures stand in methods.pyi,
    # which `make operations` writes. OnValues has what is called otherwise elsewhere.
    Methods = type(
        "Methods",
        (OnValues,),
        {"__slots__": ()}
        | {operation.name: _method(operation) for operation in OPERATIONS.values() if operation.is_method},
    )


class Value(Node, Methods):  # one class above it has slots, because each takes time when a node is freed
    """A number that remembers how it was computed.

    data      the number, a float
    grad      the derivative of the outputs swept so far with respect to self; 0.0 until a `backward` reaches the node
    parents   the Values that it was computed from, in the order of the arguments; x * x has x twice
    partials  ∂self/∂parent for each parent, as they were when this node was recorded
    op        the name of the operation that made it, "" for a constant or a variable
    label     a name for pictures and messages

    Values are compared and hashed by identity. In arithmetic a float, int, Fraction or NumPy scalar becomes a leaf.
    Raises TypeError for anything but a real number, and ValueError for one beyond the range of float64.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> e.data, a.grad, b.grad
    (6.0, 2.0, 5.0)
    """

    __slots__ = ()
    __array_ufunc__ = None  # makes numpy.float64(2) * Value(3) call Value's operator, which returns a Value

    def __init__(self, data: object, label: str = "", **foreign: Never) -> None:
        if foreign:
            raise of_keywords("Value", foreign)
        self._data = data if type(data) is float else real(data)
        self._label = label if type(label) is str else require_label(label)
        self.age = next_age()
        self.operation = self._grad = self._x = self._y = self._dx = self._dy = self._mark = None

    def backward(self, seed: float = 1.0, **foreign: Never) -> None:
        """Add seed·∂self/∂node to the `grad` of self and of every node that self was computed from.

        The time is linear in the number of edges, because each edge is used once. An exception leaves all gradients
        as they were. Raises TypeError if the seed is not a real number.
        """
        if foreign:
            raise of_keywords("backward", foreign)
        add_gradients(self, real(seed, "seed"))

    # Arithmetic

    __add__ = _recorders[ops.add.operation]
    __sub__ = _recorders[ops.sub.operation]
    __mul__ = _recorders[ops.mul.operation]
    __truediv__ = _recorders[ops.div.operation]
    __neg__ = _recorders[ops.neg.operation]
    __abs__ = _recorders[ops.abs.operation]

    __radd__ = _reflected(ops.add.operation)  # other + self
    __rsub__ = _reflected(ops.sub.operation)  # other - self
    __rmul__ = _reflected(ops.mul.operation)  # other * self
    __rtruediv__ = _reflected(ops.div.operation)  # other / self
    __rpow__ = _reflected(ops.pow.operation)  # other ** self

    def __pow__(self, y: Any) -> Value:  # a square is an operation of its own: one parent, and no constant 2
        return _recorders[ops.pow.operation](self, y) if hasattr(y, "__operations__") or real(y) != 2 else self.square()

    def __pos__(self) -> Value:
        return self

    __operations__ = _recorders  # calls such as `tanh(x)` and `total(values)` look up their recorder here

    # A Value has no truth value and no order. Otherwise `if x > 0` would run, and the graph would know one branch only.
    def __bool__(self) -> NoReturn:
        raise TypeError("a Value is neither true nor false; to branch on its number, use .data")

    def _not_ordered(self, _other: object) -> NoReturn:
        raise TypeError("Values have no order; compare their .data, or use maximum, minimum or step")

    __lt__ = __le__ = __gt__ = __ge__ = _not_ordered

    __copy__ = copying.copy
    __deepcopy__ = copying.deepcopy
    __reduce__ = copying.reduce

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        grad = f", grad={self._grad!r}" if self.has_grad else ""
        return f"Value({self.data!r}{grad}{label})"


def weighted_sums(rows: Iterable[Sequence[Value]], inputs: Iterable[Any], biases: Iterable[Value]) -> list[Value]:
    """The weighted sums of a layer: bias + w·x for each row w of weights with its bias, all on the same inputs x.

    Each is the node that `weighted_sum(weights, inputs, bias)` makes, in half the time. Weights and biases are Values,
    inputs any numbers. Raises TypeError for other weights or biases, and ValueError if a row and the inputs, or the
    rows and the biases, differ in number.

    >>> w, b = [Value(0.5), Value(2.0)], Value(-1.0)
    >>> [s.data for s in weighted_sums([w, w], [2.0, 3.0], [b, b])]
    [6.0, 6.0]
    """
    operation = ops.weighted_sum.operation
    evaluate = operation.on_floats
    inputs = _as_values(as_tuple(inputs, "weighted_sums's inputs"))
    numbers = [x._data for x in inputs]
    rows, biases = list(rows), list(biases)
    if len(rows) != len(biases):
        raise ValueError(f"weighted_sums needs one bias for each row, got {len(rows)} rows and {len(biases)} biases")
    sums = []
    for weights, bias in zip(rows, biases, strict=True):
        if len(weights) != len(inputs):
            raise ValueError(f"weighted_sums needs one weight per input, got {len(weights)} for {len(inputs)} inputs")
        try:
            z_and_partials = evaluate([w._data for w in weights], numbers, bias._data)
        except AttributeError:
            raise TypeError("weighted_sums needs weights and biases that are Values") from None
        sums.append(_node_of_many(operation, (*weights, *inputs, bias), z_and_partials))
    return sums
