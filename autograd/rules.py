"""How a rule is read.

A rule is text: an operation's value z in its inputs x, y, …, and ∂z/∂x, ∂z/∂y, … in the inputs and z:

    div = operation("div", "x, y", "x / y", "1 / y", "-z / y")

The text is plain Python, and each reading is the same text in another arithmetic:

    on floats         value and partials as IEEE floats: what a recorded node stores on its edges
    on other numbers  partials as whatever the numbers are: on graph nodes, the derivative is again a graph

A number that is not a float takes part by having the operators + - * / ** and an attribute
`__operations__`, which maps each of the named operations to the function that it is on such numbers.
"""

from __future__ import annotations

import ast
import keyword
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Any, Protocol, cast, overload

from autograd import ieee


class Operation:
    """A scalar operation z = f(x, y, …): its name, its value and its partial derivatives, as text.

    `parameters` is a signature: "x, y", or with defaults "x, slope=0.01", or with sequences
    "*weights, *inputs, bias=0" (all sequences of one operation have one length). `partials` has one
    text for each parameter; that of a sequence is starred, too. A `condition` is piecewise constant, and
    to derivatives no more than the number it is: no path leads through it. Called on floats it gives the
    float; called with any other kind of number among its inputs, that kind decides: a Value records a node.

    The texts are source code, and what they say is run: they are the program's own, never a stranger's.

    Raises TypeError for what isn't text, ValueError for a name that is no function's; and when it is called, TypeError
    for what isn't a real number, ValueError for sequences of different lengths.

    >>> cube = Operation("cube", "x", "x * x * x", "3 * x * x")
    >>> cube(2)
    8.0
    >>> cube.on_floats(2.0)
    (8.0, 12.0)
    """

    def __init__(
        self,
        name: str,
        parameters: str,
        value: str,
        *partials: str,
        symbol: str = "",
        nonempty: bool = False,
        condition: bool = False,
        doc: str = "",
    ) -> None:
        for text in (name, parameters, value, *partials):
            if not isinstance(text, str):
                raise TypeError(
                    f"an operation's name, parameters, value and partials are text, not {type(text).__name__}"
                )
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"an operation's name is that of a function, such as softsign, not {name!r:.60}")
        signature = [parameter.strip().partition("=") for parameter in parameters.split(",")]
        if len(partials) != len(signature):
            raise ValueError(f"{name} has {len(signature)} parameters ({parameters}) and {len(partials)} partials")
        self.name = name
        self.symbol = symbol or name
        self.parameters = parameters
        self.value = value
        self.partials = partials
        self.nonempty = nonempty
        self.condition = condition
        self.doc = doc
        self.arguments = tuple(parameter.lstrip("*") for parameter, _, _ in signature)
        self.sequences = tuple(parameter.startswith("*") for parameter, _, _ in signature)
        self.defaults = {parameter: float(default) for parameter, equals, default in signature if equals}
        self.starred = [(i, name) for i, name in enumerate(self.arguments) if self.sequences[i]]
        self.variadic = bool(self.starred)
        self.__doc__ = f"{name}({parameters}) = {value}\n\nPartials: {'; '.join(partials)}. {doc}".rstrip()

    def __repr__(self) -> str:
        return f"<operation {self.name}({self.parameters})>"

    def __reduce__(self) -> tuple[Any, ...]:
        if OPERATIONS.get(self.name) is self:
            return _operation, (self.name,)
        about = {"symbol": self.symbol, "nonempty": self.nonempty, "condition": self.condition, "doc": self.doc}
        return _rebuilt, ((self.name, self.parameters, self.value, *self.partials), about)

    def __deepcopy__(self, memo: object) -> Operation:
        return self

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The value on floats; on any other kind of number, what that kind makes of this operation."""
        if named or len(arguments) != len(self.arguments):
            arguments = self._bound(arguments, named)
        if self.variadic:
            arguments = self._with_sequences(arguments)
        for argument in arguments:
            for number in argument if type(argument) is tuple else (argument,):
                if type(number) is not float and (operations := getattr(number, "__operations__", None)):
                    return operations[self](*arguments)
        return self.value_of_floats(*[self._real(argument) for argument in arguments])

    def grouped(self, inputs: Sequence[Any]) -> tuple[Any, ...]:
        """A flat row of inputs as the arguments: for "*weights, *inputs, bias", two tuples and a number."""
        if not self.variadic:
            return tuple(inputs)
        length = (len(inputs) - self.sequences.count(False)) // self.sequences.count(True)
        groups: list[Any] = []
        start = 0
        for is_sequence in self.sequences:
            groups.append(tuple(inputs[start : start + length]) if is_sequence else inputs[start])
            start += length if is_sequence else 1
        return tuple(groups)

    def _bound(self, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments of a call in the order of the parameters, defaults filled in."""
        positional = dict(zip(self.arguments, arguments, strict=False))
        given = {**self.defaults, **positional, **named}
        twice = len(arguments) > len(self.arguments) or positional.keys() & named.keys()
        if twice or given.keys() != set(self.arguments):
            told = ", ".join([f"{len(arguments)} arguments", *named])
            raise TypeError(f"{self.name} takes ({self.parameters}), got {told}")
        return tuple([given[name] for name in self.arguments])

    def _with_sequences(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments with each sequence as a tuple, all of one length."""
        checked = list(arguments)
        lengths = {}
        for i, name in self.starred:
            checked[i] = sequence = in_order(arguments[i], f"{self.name}: {name}")
            lengths[name] = len(sequence)
        if len(set(lengths.values())) > 1:
            told = " and ".join(f"{length} {name}" for name, length in lengths.items())
            raise ValueError(f"{self.name} takes sequences of one length, got {told}")
        if self.nonempty and not any(lengths.values()):
            raise ValueError(f"{self.name} needs at least 1 value, got 0")
        return tuple(checked)

    def _real(self, argument: Any) -> Any:
        if type(argument) is tuple and self.variadic:
            return tuple([ieee.real(number, self.name) for number in argument])
        return ieee.real(argument, self.name)

    # The readings, compiled at their first use: importing the table of rules compiles none of it.

    @cached_property
    def value_of_floats(self) -> Callable[..., float]:
        """(x, y, …) → z on floats."""
        return read(f"lambda {self.signature}: {self.value}", OnFloats())

    @cached_property
    def on_floats(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …) → (z, ∂z/∂x, ∂z/∂y, …) on floats; with sequences, (z, (all partials, one after another))."""
        partials = f"({', '.join(self.partials)},)" if self.variadic else ", ".join(self.partials)
        return read(f"lambda {self.signature}: ((z := {self.value}), {partials})", OnFloats())

    @cached_property
    def partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …, z) → (∂z/∂x, ∂z/∂y, …) on any kind of number."""
        return read(f"lambda {self.signature}, z: ({', '.join(self.partials)},)", _OnAnyNumber())

    @property
    def signature(self) -> str:
        return ", ".join(self.arguments)


def in_order(values: object, what: str) -> tuple[Any, ...]:
    """The values as a tuple. What has no order of its own (a set, a dict), or is text, is refused with a TypeError."""
    if type(values) is tuple:
        return values
    if type(values) is list:  # the rest is slow
        return tuple(values)
    if isinstance(values, str | bytes | bytearray | Set | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"{what}: a sequence is needed, in an order of its own, not {type(values).__name__}")
    return tuple(values.to_numpy() if hasattr(values, "to_numpy") else values)  # a DataFrame would give column names


class Function(Protocol):
    """An operation as a function: on floats the float, on any other kind of number what that kind makes of it."""

    rule: Operation

    @overload
    def __call__(self, *arguments: float | Sequence[float], **named: float) -> float: ...
    @overload
    def __call__(self, *arguments: Any, **named: Any) -> Any: ...


def operation(name: str, parameters: str, value: str, *partials: str, **about: Any) -> Function:
    """A new operation, as a function with its `rule`; the arguments are Operation's.

    >>> square = operation("square", "x", "x * x", "2 * x")
    >>> square(3), square.rule.on_floats(3.0)
    (9.0, (9.0, 6.0))
    """
    rule = Operation(name, parameters, value, *partials, **about)

    def of_one(x: Any) -> Any:  # what rule(x) comes to, sooner: activations are called often
        operations = getattr(x, "__operations__", None)
        return operations[rule](x) if operations else rule(x)

    def of_several(*arguments: Any, **named: Any) -> Any:
        return rule(*arguments, **named)

    function: Any = of_one if not rule.variadic and len(rule.arguments) == 1 else of_several
    function.__name__ = function.__qualname__ = name
    function.__module__ = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 — where pickle finds it, as for namedtuple
    function.__doc__ = rule.__doc__
    function.rule = rule
    return cast(Function, function)


OPERATIONS: dict[str, Operation] = {}
"""The operations by name: the words that a rule's text may use. `ops` fills it."""

CONSTANTS = {"sqrt_2": math.sqrt(2), "sqrt_π": math.sqrt(math.pi), "sqrt_2π": math.sqrt(2 * math.pi)}

PRIMITIVES: dict[str, Callable[..., Any]] = {
    "abs": math.fabs,
    "exp": ieee.exp,
    "expm1": ieee.expm1,
    "log": ieee.log,
    "log1p": ieee.log1p,
    "sqrt": ieee.sqrt,
    "sin": ieee.sin,
    "cos": ieee.cos,
    "tan": ieee.tan,
    "asin": ieee.asin,
    "acos": ieee.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "sinh": ieee.sinh,
    "cosh": ieee.cosh,
    "tanh": math.tanh,
    "erf": math.erf,
    "erfc": math.erfc,
    "hypot": ieee.hypot,
    "divide": ieee.divide,
    "power": ieee.power,
    "len": len,
    "max": max,
    "peak": ieee.peak,
    "add_up": ieee.add_up,
    "inner_product": ieee.inner_product,
    "softmax": ieee.softmax,
}
"""The words that on floats are not explained by other words."""


class Reading(ast.NodeTransformer):
    """A text on its way into an arithmetic: what its words mean there; every number is a float."""

    def meaning(self, word: str) -> Any:
        raise NotImplementedError

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(cast(int, node.value)))


class OnFloats(Reading):
    """The text in IEEE floats: / and ** never raise, conditions are Python's own."""

    def meaning(self, word: str) -> Any:
        if word in OPERATIONS and word not in PRIMITIVES:
            return OPERATIONS[word].value_of_floats
        return {**CONSTANTS, **PRIMITIVES}.get(word)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        for form, word in ((ast.Div, "divide"), (ast.Pow, "power")):
            if isinstance(node.op, form):
                return call(word, node.left, node.right)
        return node


class OnArrays(OnFloats):
    """The text on NumPy arrays, element by element with the bits of floats: + - * / ** sqrt and maximum, no more.

    A part without an array in it is read on floats, so that 1 / 0 is inf there, too.
    """

    def __init__(self, numpy: Any) -> None:
        self.array = numpy.ndarray
        power = numpy.frompyfunc(ieee.power, 2, 1)  # numpy.power has other last bits on a processor with AVX-512
        self.meanings: dict[str, Callable[..., Any]] = {
            "power": lambda x, y: x * x if type(y) is float and y == 2 else power(x, y).astype(float),
            "sqrt": numpy.sqrt,
            "maximum": lambda x, y: numpy.where(x >= y, x, numpy.maximum(x, y)),  # of 0 and −0 the first, as on floats
        }

    @classmethod
    def reads(cls, node: ast.AST) -> bool:
        """Whether an expression has nothing but what is read here."""
        match node:
            case ast.Name() | ast.Constant():
                return True
            case ast.UnaryOp(ast.USub(), x):
                return cls.reads(x)
            case ast.BinOp(x, ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), y):
                return cls.reads(x) and cls.reads(y)
            case ast.Call(ast.Name("sqrt"), [x], []):
                return cls.reads(x)
            case ast.Call(ast.Name("maximum"), [x, y], []):
                return cls.reads(x) and cls.reads(y)
        return False

    def meaning(self, word: str) -> Any:
        on_floats, on_arrays, array = super().meaning(word), self.meanings.get(word), self.array
        if on_arrays is None:
            return on_floats

        def on_either(*numbers: Any) -> Any:
            return (on_arrays if array in map(type, numbers) else on_floats)(*numbers)

        return on_either


class _OnAnyNumber(Reading):
    """The text in numbers that record what is done to them: conditions, too, are operations."""

    def meaning(self, word: str) -> Any:
        return {"len": len, "softmax": softmax, **CONSTANTS, **OPERATIONS}.get(word)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return call("where", node.test, node.body, node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        *others, result = node.values
        for value in reversed(others):
            if isinstance(node.op, ast.And):
                result = call("where", value, result, ast.Constant(0.0))
            else:
                result = call("where", value, ast.Constant(1.0), result)
        return result

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) > 1:  # x < y < z is x < y and y < z
            sides = [node.left, *node.comparators]
            pairs = zip(sides, node.ops, sides[1:], strict=False)
            return self.visit_BoolOp(ast.BoolOp(ast.And(), [ast.Compare(x, [op], [y]) for x, op, y in pairs]))
        self.generic_visit(node)
        x, y = node.left, node.comparators[0]
        match node.ops[0]:
            case ast.Gt():
                return call("greater", x, y)
            case ast.GtE():
                return call("greater_equal", x, y)
            case ast.Lt():
                return call("greater", y, x)
            case ast.LtE():
                return call("greater_equal", y, x)
            case ast.Eq():
                return call("equal", x, y)
        raise ValueError(f"a rule compares with < <= == >= > only, not {ast.unparse(node)}")


def softmax(values: Sequence[Any]) -> list[Any]:
    """e^(xᵢ − m) / Σⱼ e^(xⱼ − m) on any kind of number; m, the largest value, is a constant to derivatives."""
    m = OPERATIONS["largest"](values)
    exponentials = [OPERATIONS["exp"](x - m) for x in values]
    denominator = OPERATIONS["total"](exponentials)
    return [e / denominator for e in exponentials]


def _rebuilt(texts: tuple[str, ...], about: dict[str, Any]) -> Operation:
    """An operation of somebody's own, for pickle, which stores its texts."""
    return Operation(*texts, **about)


def _operation(name: str) -> Operation:
    """An operation of the table, for pickle, which stores it by its name."""
    return OPERATIONS[name]


def call(word: str, *arguments: ast.expr) -> ast.Call:
    """The call of a word, as part of a text."""
    return ast.Call(ast.Name(word, ast.Load()), list(arguments), [])


def read(text: str, reading: Reading) -> Callable[..., Any]:
    """The function that a text is in a reading. The texts are the source code of rules, never a user's input."""
    tree = ast.fix_missing_locations(reading.visit(ast.parse(text, mode="eval")))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    meanings = {word: meaning for word in words if (meaning := reading.meaning(word)) is not None}
    function: Callable[..., Any] = eval(compile(tree, f"<rule: {text}>", "eval"), meanings)  # noqa: S307 — see above
    return function
