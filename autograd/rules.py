"""How a rule is read.

A rule is text: an operation's value z in its inputs x, y, …, and ∂z/∂x, ∂z/∂y, … in the inputs and z:

    Operation("div", "x, y", "x / y", "1 / y", "-z / y")

The text is plain Python, and each reading is the same text in another arithmetic:

    on floats         value and partials as IEEE floats: what a recorded node stores on its edges
    on other numbers  partials as whatever the numbers are: on graph nodes, the derivative is again a graph

A number that is not a float takes part by having the operators + - * / ** and a class method
`__operation__(operation, inputs)`, which says what one of the named operations makes of it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, cast, overload

from autograd import ieee


class Operation:
    """A scalar operation z = f(x, y, …): its name, its value and its partial derivatives, as text.

    `parameters` is a signature: "x, y", or with defaults "x, slope=0.01", or with sequences
    "*weights, *inputs, bias=0" (all sequences of one operation have one length). `partials` has one
    text for each parameter; that of a sequence is starred, too. Called on floats it gives the float;
    called with any other kind of number among its inputs, that kind decides: a Value records a node.

    Raises TypeError for what isn't a real number, ValueError for sequences of different lengths.

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
        doc: str = "",
    ) -> None:
        signature = [parameter.strip().partition("=") for parameter in parameters.split(",")]
        if len(partials) != len(signature):
            raise ValueError(f"{name} has {len(signature)} parameters ({parameters}) and {len(partials)} partials")
        self.name = name
        self.symbol = symbol or name
        self.parameters = parameters
        self.value = value
        self.partials = partials
        self.nonempty = nonempty
        self.arguments = tuple(parameter.lstrip("*") for parameter, _, _ in signature)
        self.sequences = tuple(parameter.startswith("*") for parameter, _, _ in signature)
        self.defaults = {parameter: float(default) for parameter, equals, default in signature if equals}
        self.variadic = any(self.sequences)
        self.plain_arity = None if self.variadic else len(signature)
        self.__doc__ = f"{name}({parameters}) = {value}\n\nPartials: {'; '.join(partials)}. {doc}".rstrip()

    def __repr__(self) -> str:
        return f"<operation {self.name}({self.parameters})>"

    def __reduce__(self) -> tuple[Any, ...]:
        if OPERATIONS.get(self.name) is self:
            return _operation, (self.name,)
        return Operation, (self.name, self.parameters, self.value, *self.partials)

    def __deepcopy__(self, memo: object) -> Operation:
        return self

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The value on floats; on any other kind of number, what that kind makes of this operation."""
        if named or len(arguments) != self.plain_arity:
            arguments = self._flat(arguments, named)
        for number in arguments:
            if type(number) is not float and (operate := getattr(number, "__operation__", None)):
                return operate(self, arguments)
        return self.value_of_floats(*self.grouped([ieee.real(number, self.name) for number in arguments]))

    def _flat(self, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments of a call as one flat tuple: sequences spread out, defaults filled in."""
        given = {**self.defaults, **dict(zip(self.arguments, arguments, strict=False)), **named}
        if len(arguments) + len(named) > len(self.arguments) or given.keys() != set(self.arguments):
            told = ", ".join([f"{len(arguments)} arguments", *named])
            raise TypeError(f"{self.name} takes ({self.parameters}), got {told}")
        inputs: list[Any] = []
        lengths = {}
        for name, is_sequence in zip(self.arguments, self.sequences, strict=True):
            if not is_sequence:
                inputs.append(given[name])
                continue
            if isinstance(given[name], str | bytes) or not isinstance(given[name], Iterable):
                raise TypeError(f"{self.name}: {name} is a sequence of numbers, not {type(given[name]).__name__}")
            sequence = tuple(given[name])
            lengths[name] = len(sequence)
            inputs += sequence
        if len(set(lengths.values())) > 1:
            told = " and ".join(f"{length} {name}" for name, length in lengths.items())
            raise ValueError(f"{self.name} takes sequences of one length, got {told}")
        if self.nonempty and not inputs:
            raise ValueError(f"{self.name} needs at least 1 value, got 0")
        return tuple(inputs)

    def grouped(self, inputs: Sequence[Any]) -> Sequence[Any]:
        """A flat row of inputs as the text's variables: of "*weights, *inputs, bias", two sequences and a number."""
        if not self.variadic:
            return inputs
        length = (len(inputs) - self.sequences.count(False)) // self.sequences.count(True)
        groups: list[Any] = []
        start = 0
        for is_sequence in self.sequences:
            groups.append(inputs[start : start + length] if is_sequence else inputs[start])
            start += length if is_sequence else 1
        return groups

    # The readings, compiled at their first use: importing the table of rules compiles none of it.

    @cached_property
    def value_of_floats(self) -> Callable[..., float]:
        """(x, y, …) → z on floats."""
        return _read(f"lambda {self._signature}: {self.value}", _OnFloats())

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, ...]]:
        """(x, y, …) → (z, ∂z/∂x, ∂z/∂y, …) on floats."""
        return _read(f"lambda {self._signature}: ((z := {self.value}), {self._partials})", _OnFloats())

    @cached_property
    def partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …, z) → (∂z/∂x, ∂z/∂y, …) on any kind of number."""
        return _read(f"lambda {self._signature}, z: ({self._partials})", _OnAnyNumber())

    @property
    def _signature(self) -> str:
        return ", ".join(self.arguments)

    @property
    def _partials(self) -> str:
        return "".join(f"{partial}, " for partial in self.partials)


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
        operate = getattr(x, "__operation__", None)
        return operate(rule, (x,)) if operate else rule(x)

    def of_several(*arguments: Any, **named: Any) -> Any:
        return rule(*arguments, **named)

    function: Any = of_one if rule.plain_arity == 1 else of_several
    function.__name__ = function.__qualname__ = name
    function.__module__ = "autograd.ops"
    function.__doc__ = rule.__doc__
    function.rule = rule
    return cast(Function, function)


OPERATIONS: dict[str, Operation] = {}
"""The operations by name: the words that a rule's text may use. `ops` fills it."""

NO_PATH = object()
"""The partial of a condition: 0 on floats, and in a derivative graph no edge to go on along, not even times 0."""

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
    "hypot": math.hypot,
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


class _OnFloats(ast.NodeTransformer):
    """The text in IEEE floats: / and ** never raise, conditions are Python's own."""

    def meaning(self, word: str) -> Any:
        if word in OPERATIONS and word not in PRIMITIVES:
            return OPERATIONS[word].value_of_floats
        return {"no_path": 0.0, **CONSTANTS, **PRIMITIVES}.get(word)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(cast(int, node.value)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        for operator, word in ((ast.Div, "divide"), (ast.Pow, "power")):
            if isinstance(node.op, operator):
                return _call(word, node.left, node.right)
        return node


class _OnAnyNumber(ast.NodeTransformer):
    """The text in numbers that record what is done to them: conditions, too, are operations."""

    def meaning(self, word: str) -> Any:
        if word == "softmax":
            return lambda values: [OPERATIONS["softmax"](x, values) for x in values]
        return {"no_path": NO_PATH, "len": len, **CONSTANTS, **OPERATIONS}.get(word)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(cast(int, node.value)))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return _call("where", node.test, node.body, node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        first, second = node.values
        if isinstance(node.op, ast.And):
            return _call("where", first, second, ast.Constant(0.0))
        return _call("where", first, ast.Constant(1.0), second)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        words = {ast.Gt: "greater", ast.GtE: "greater_equal", ast.Eq: "equal"}
        return _call(words[type(node.ops[0])], node.left, node.comparators[0])


def _operation(name: str) -> Operation:
    """An operation of the table, for pickle, which stores it by its name."""
    return OPERATIONS[name]


def _call(word: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(word, ast.Load()), list(arguments), [])


def _read(text: str, reading: _OnFloats | _OnAnyNumber) -> Callable[..., Any]:
    """The function that a text is in a reading. The texts are the source code of rules, never a user's input."""
    tree = ast.fix_missing_locations(reading.visit(ast.parse(text, mode="eval")))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    meanings = {word: meaning for word in words if (meaning := reading.meaning(word)) is not None}
    function: Callable[..., Any] = eval(compile(tree, f"<rule: {text}>", "eval"), meanings)  # noqa: S307 — see above
    return function
