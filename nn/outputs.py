"""The outputs of a model: a list, which can be used in place of its Value if it has only one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.rules import Operation

if TYPE_CHECKING:
    from autograd import Value as AsOneValue  # to a type checker, outputs are a Value, too
else:
    from autograd.hints import OnValues as AsOneValue


class _OfTheOnlyOnes:
    """The recorder of each operation; it replaces outputs among the arguments by their only Value."""

    def __getitem__(self, operation: Operation) -> Callable[..., Value]:
        record = Value.__operations__[operation]
        return lambda *arguments: record(*map(_only_outputs, arguments))


def _only_outputs(argument: Any) -> Any:
    return tuple(map(only_output, argument)) if type(argument) is tuple else only_output(argument)


class Outputs(list[Value], AsOneValue):  # type: ignore[misc]  # which can be so for a type checker only
    """The outputs of a model: a list of Values, which acts as its Value in arithmetic if there is only one.

    Operators, operations, and the attributes and methods of a Value take that Value, so no node ever has this list for
    a parent. With several outputs operators raise a TypeError that says to take one, and attributes an AttributeError.

    Length, truth, iteration, indices, slices and == are those of a list. But + and * are arithmetic, where a list's
    would lengthen it, and < is refused as a Value's is.

    >>> one, two = Outputs([Value(3.0)]), Outputs([Value(1.0), Value(2.0)])
    >>> ((one - 1) ** 2).data, one.data, len(one)
    (4.0, 3.0, 1)
    >>> two + 1
    Traceback (most recent call last):
    TypeError: this model has 2 outputs: take one, model(x)[0]
    """

    __slots__ = ()
    __array_ufunc__ = None  # numpy.float64(2) * outputs then calls the operator of outputs
    __operations__ = _OfTheOnlyOnes()  # type: ignore[assignment]  # the same mapping, of outputs

    def __value__(self) -> Value:
        """Return the only output; raise TypeError if there are several."""
        if len(self) != 1:
            raise TypeError(_take_one(self))
        return self[0]

    def __format__(self, form: str) -> str:
        return format(self.__value__(), form) if form else str(self)

    if TYPE_CHECKING:  # where a list has another meaning; the rest is as a Value has it

        def __add__(self, other: float | Value) -> Value: ...  # type: ignore[override]
        def __mul__(self, other: float | Value) -> Value: ...  # type: ignore[override]
        def __rmul__(self, other: float | Value) -> Value: ...  # type: ignore[override]
        def __iadd__(self, other: float | Value) -> Value: ...  # type: ignore[override]
        def __imul__(self, other: float | Value) -> Value: ...  # type: ignore[override]


def _take_one(outputs: Outputs) -> str:
    return f"this model has {len(outputs)} outputs: take one, model(x)[0]"


def only_output(x: Any) -> Any:
    """Return the only Value of outputs; anything else is returned unchanged."""
    return x.__value__() if isinstance(x, Outputs) else x


def _operator(name: str) -> Callable[..., Any]:
    """A Value's operator, applied to the only output; += and *= rebind the name to the new Value."""
    operate = getattr(Value, name)

    def operate_on_the_only_one(self: Outputs, *others: Any) -> Any:
        return operate(self.__value__(), *others)

    return operate_on_the_only_one


def _attribute(name: str) -> property:
    """A Value's attribute or method, looked up on the only output."""

    def the_only_one(outputs: Outputs) -> Value:
        if len(outputs) != 1:
            raise AttributeError(_take_one(outputs))
        return outputs[0]

    def get(outputs: Outputs) -> Any:
        return getattr(the_only_one(outputs), name)

    def put(outputs: Outputs, value: Any) -> None:
        setattr(the_only_one(outputs), name, value)

    return property(get, put, doc=getattr(Value, name).__doc__)


for _name in ("add", "sub", "mul", "truediv", "pow"):
    for _prefix in ("", "r"):
        setattr(Outputs, f"__{_prefix}{_name}__", _operator(f"__{_prefix}{_name}__"))
for _name in ("add", "mul"):
    setattr(Outputs, f"__i{_name}__", _operator(f"__{_name}__"))
for _name in ("neg", "pos", "abs", "lt", "le", "gt", "ge", "float", "int"):
    setattr(Outputs, f"__{_name}__", _operator(f"__{_name}__"))
for _name in set(dir(Value)) - set(dir(list)):
    if not _name.startswith("_") and hasattr(Value, _name):
        setattr(Outputs, _name, _attribute(_name))


def as_outputs(result: Any) -> Any:
    """Return a list of Values as outputs; anything else is returned unchanged."""
    return Outputs(result) if type(result) is list and set(map(type, result)) == {Value} else result
