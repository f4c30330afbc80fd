"""How a rule is read.

A rule is text: an operation's value z in its inputs x, y, …, and ∂z/∂x, ∂z/∂y, … in the inputs and z:

    div = operation("div", "x, y", "x / y", "1 / y", "-z / y")

The text is plain Python, and each reading is the same text in another arithmetic:

    on floats         value and partials as IEEE floats: what a recorded node stores on its edges
    on other numbers  partials as whatever the numbers are: on graph nodes, the derivative is again a graph

`grammar` says what a text may contain, `kinks` what happens to derivatives where a partial is a convention.

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
from typing import Any, NamedTuple, Protocol, cast, overload

from autograd import grammar, ieee
from autograd.grammar import simplified
from autograd.kinks import AT_KINK_OF, WithKinks, conditions, names, plain


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
        if OPERATIONS:  # while `ops` fills the table, a rule may use words of later lines; a test checks those
            self.check()
        self.__doc__ = f"{name}({parameters}) = {value}\n\nPartials: {'; '.join(partials)}. {doc}".rstrip()

    def check(self) -> None:
        """Refuse, with a ValueError that shows the place, what the grammar or the tables of words don't have."""
        own = {self.name} - PRIMITIVES.keys() if OPERATIONS.get(self.name, self) is self else set()
        known = words()
        names = {*self.arguments, *CONSTANTS}
        grammar.check(
            self.value, f"{self.name}'s value", names, {word: known[word] for word in known if word not in own}
        )
        for argument, partial in zip(self.arguments, self.partials, strict=True):
            grammar.check(partial.removeprefix("*"), f"{self.name}'s ∂z/∂{argument}", {*names, "z"}, known)

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
        return read(plain(f"lambda {self.signature}: {self.value}"), OnFloats())

    @cached_property
    def on_floats(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …) → (z, ∂z/∂x, ∂z/∂y, …) on floats; with sequences, (z, (all partials, one after another))."""
        partials = f"({', '.join(self.partials)},)" if self.variadic else ", ".join(self.partials)
        return read(plain(f"lambda {self.signature}: ((z := {self.value}), {partials})"), OnFloats())

    @cached_property
    def partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …, z) → (∂z/∂x, ∂z/∂y, …) on any kind of number, with derivatives of nan at kinks."""
        tree = ast.parse(f"lambda {self.signature}, z: ({', '.join(self.partials)},)", mode="eval")
        sequences = [name for _, name in self.starred]
        numbers = [name for name in self.arguments if name not in sequences]
        return read(ast.unparse(WithKinks(numbers, sequences, CONSTANTS, OPERATIONS).visit(tree)), _OnAnyNumber())

    @cached_property
    def last_partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """The same numbers, not to be differentiated again: the graph is smaller, and knows no kinks."""
        return read(plain(f"lambda {self.signature}, z: ({', '.join(self.partials)},)"), _OnAnyNumber())

    @cached_property
    def kinks(self) -> list[str]:
        """The conditions under which a partial is a convention, in x, y, …, z."""
        found = [at for tree in self._trees() for at in conditions(tree, OPERATIONS)]
        return [*dict.fromkeys(ast.unparse(at) for at in found if names(at) <= {*self.arguments, "z"})]

    def _trees(self) -> list[ast.Expression]:
        return [ast.parse(f"({partial},)", mode="eval") for partial in self.partials]

    def has_kinks(self, met: frozenset[str] = frozenset()) -> bool:
        """Whether there are such conditions, in the partials or in those of operations that these call."""
        trees = [] if self.name in met else self._trees()
        return any(True for tree in trees for _ in conditions(tree, OPERATIONS, met | {self.name}))

    def at_kink(self, *arguments: Any, **named: Any) -> Any:
        """Whether these arguments, any kind of number, are at a kink: a number that is 0 where they aren't."""
        arguments = self._bound(arguments, named)
        return self._at_kink(*arguments, self(*arguments))

    @cached_property
    def _at_kink(self) -> Callable[..., Any]:
        return read(f"lambda {self.signature}, z: {' or '.join(f'({at})' for at in self.kinks)}", _OnAnyNumber())

    @property
    def is_method(self) -> bool:
        """Whether it takes one number, and perhaps others that have defaults: then it is a method of a Value, too."""
        return not self.variadic and len(self.arguments) - len(self.defaults) == 1

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

    operation: Operation

    @overload
    def __call__(self, *arguments: float | Sequence[float], **named: float) -> float: ...
    @overload
    def __call__(self, *arguments: Any, **named: Any) -> Any: ...


def operation(name: str, parameters: str, value: str, *partials: str, **about: Any) -> Function:
    """A new operation, as a function with its `operation`; the arguments are Operation's.

    >>> square = operation("square", "x", "x * x", "2 * x")
    >>> square(3), square.operation.on_floats(3.0)
    (9.0, (9.0, 6.0))
    """
    made = Operation(name, parameters, value, *partials, **about)

    def of_one(x: Any) -> Any:  # what made(x) comes to, sooner: activations are called often
        operations = getattr(x, "__operations__", None)
        return operations[made](x) if operations else made(x)

    def of_several(*arguments: Any, **named: Any) -> Any:
        return made(*arguments, **named)

    function: Any = of_one if not made.variadic and len(made.arguments) == 1 else of_several
    function.__name__ = function.__qualname__ = name
    function.__module__ = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 — where pickle finds it, as for namedtuple
    function.__doc__ = made.__doc__
    function.operation = made
    return cast(Function, function)


OPERATIONS: dict[str, Operation] = {}
"""The operations by name: the words that a rule's text may use. `ops` fills it."""

CONSTANTS = {"nan": math.nan, "sqrt_2": math.sqrt(2), "sqrt_π": math.sqrt(math.pi), "sqrt_2π": math.sqrt(2 * math.pi)}


MANY = 100


class Primitive(NamedTuple):
    """A word that no rule explains: how many arguments it has, what it is on floats, and in the C library."""

    arguments: int | range
    on_floats: Callable[..., Any]
    c_name: str = ""


PRIMITIVES = {
    "exp": Primitive(1, ieee.exp, "exp"),
    "expm1": Primitive(1, ieee.expm1, "expm1"),
    "log": Primitive(1, ieee.log, "log"),
    "log1p": Primitive(1, ieee.log1p, "log1p"),
    "sin": Primitive(1, ieee.sin, "sin"),
    "cos": Primitive(1, ieee.cos, "cos"),
    "tan": Primitive(1, ieee.tan, "tan"),
    "asin": Primitive(1, ieee.asin, "asin"),
    "acos": Primitive(1, ieee.acos, "acos"),
    "atan": Primitive(1, math.atan, "atan"),
    "atan2": Primitive(2, math.atan2, "atan2"),
    "sinh": Primitive(1, ieee.sinh, "sinh"),
    "cosh": Primitive(1, ieee.cosh, "cosh"),
    "tanh": Primitive(1, math.tanh, "tanh"),
    "erf": Primitive(1, math.erf, "erf"),
    "erfc": Primitive(1, math.erfc, "erfc"),
    "hypot": Primitive(2, ieee.hypot, "hypot"),
    "power": Primitive(2, ieee.power, "pow"),  # what ** is
    "divide": Primitive(2, ieee.divide),  # what / is
    "abs": Primitive(1, math.fabs),  # an instruction of the processor's, as the next
    "sqrt": Primitive(1, ieee.sqrt),
    "len": Primitive(1, ieee.length),  # from here on, of sequences
    "max": Primitive(range(1, MANY), max),
    "peak": Primitive(1, ieee.peak),
    "others": Primitive(1, ieee.others),
    "places": Primitive(1, ieee.places),
    "pick": Primitive(2, ieee.pick),
    "add_up": Primitive(1, ieee.add_up),
    "inner_product": Primitive(3, ieee.inner_product),
    "softmax": Primitive(1, ieee.softmax),
    "log_softmax_slopes": Primitive(2, ieee.log_softmax_slopes),
}
"""The words that other words don't explain. A further function of the C library is one line here, and one rule."""


def words() -> dict[str, range]:
    """Every word that a text may use, with how many arguments it may have."""
    operations = {
        name: range(len(rule.arguments) - len(rule.defaults), len(rule.arguments) + 1)
        for name, rule in OPERATIONS.items()
    }
    primitives = {
        name: count if isinstance(count := word.arguments, range) else range(count, count + 1)
        for name, word in PRIMITIVES.items()
    }
    return {**operations, **primitives, "kink": range(2, MANY)}


class Reading(ast.NodeTransformer):
    """A text on its way into an arithmetic: what its words mean there; every number is a float, / and ** are words."""

    def meaning(self, word: str) -> Any:
        raise NotImplementedError

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(cast(int, node.value)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        for form, word in ((ast.Div, "divide"), (ast.Pow, "power")):
            if isinstance(node.op, form):
                return call(word, node.left, node.right)
        return node


class OnFloats(Reading):
    """The text in IEEE floats: nothing raises, conditions are Python's own."""

    def meaning(self, word: str) -> Any:
        if word in OPERATIONS and word not in PRIMITIVES:
            return OPERATIONS[word].value_of_floats
        return PRIMITIVES[word].on_floats if word in PRIMITIVES else CONSTANTS.get(word)


def divide(x: Any, y: Any) -> Any:
    """x / y on any kind of number; of two that are known, as IEEE has it."""
    return ieee.divide(x, y) if isinstance(x, float) and isinstance(y, float) else x / y


def power(x: Any, y: Any) -> Any:
    """xʸ on any kind of number; of two that are known, as IEEE has it."""
    return ieee.power(x, y) if isinstance(x, float) and isinstance(y, float) else x**y


class _OnAnyNumber(Reading):
    """The text in numbers that record what is done to them: conditions, too, are operations."""

    def meaning(self, word: str) -> Any:
        if word.startswith(AT_KINK_OF):
            return OPERATIONS[word.removeprefix(AT_KINK_OF)].at_kink
        return {**CONSTANTS, **OPERATIONS, **ON_ANY_NUMBER}.get(word)

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
        return call("equal", x, y)


def kink(number: Any, at: Any, *inputs: Any) -> Any:
    """The number, with derivatives of nan by the inputs where the condition `at` holds."""
    for x in inputs:
        number = OPERATIONS["kink"](number, at, x)
    return number


ON_ANY_NUMBER: dict[str, Callable[..., Any]] = {
    "kink": kink,
    "len": ieee.length,
    "places": ieee.places,
    "divide": divide,
    "power": power,
}
"""The words that are no operations, on any kind of number. `ops` adds those of `sequences`."""


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
    """The function that a text is in a reading. Its parts are texts that `grammar` has checked."""
    tree = ast.fix_missing_locations(reading.visit(simplified(ast.parse(text, mode="eval"))))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    meanings = {word: meaning for word in words if (meaning := reading.meaning(word)) is not None}
    function: Callable[..., Any] = eval(compile(tree, f"<rule: {text}>", "eval"), meanings)  # noqa: S307 — the program's own text
    return function
