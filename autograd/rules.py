"""Operations, and how their rules are read.

A rule is text: an operation's value z in its inputs x, y, …, and ∂z/∂x, ∂z/∂y, … in the inputs and z:

    div = operation("div", "x, y", "x / y", "1 / y", "-z / y")

The text is plain Python. Each reading evaluates the same text in another arithmetic:

    on floats         The value and the partials are IEEE floats, which a recorded node stores on its edges.
    on other numbers  The partials are numbers of that kind: on graph nodes, the derivative is again a graph.

`grammar` says what a text may contain, `kinks` what the derivatives of a partial are where it is a convention.

Any class of numbers can take part. It needs the operators + - * / ** and an attribute `__operations__`, which maps each
Operation to the function that computes it on such numbers. What has `__value__()` stands for the Value that it returns.
"""

from __future__ import annotations

import ast
import keyword
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, cast, overload

from autograd import exponentials, grammar, ieee, library
from autograd.arguments import NEEDED
from autograd.arguments import as_tuple as as_tuple  # noqa: PLC0414 — other files have it from here
from autograd.grammar import simplified
from autograd.kinks import AT_KINK_OF, WithKinks, conditions, names, plain


class Operation:
    """A scalar operation z = f(x, y, …): its name, its value and its partial derivatives, as text.

    name        a Python identifier
    parameters  a signature: "x, y", with defaults "x, slope=0.01", with sequences "*weights, *inputs, bias=0"; all
                sequences of one operation have the same length
    value       z in the parameters
    partials    ∂z/∂parameter for each parameter, in the parameters and z; for a sequence a starred text
    symbol      the sign or word in pictures; the name by default
    nonempty    whether sequences must have at least one number
    condition   whether z is piecewise constant; derivatives then treat it as a constant
    doc         conventions and sources

    An operation is called like a function. On floats it returns a float; if any input is another kind of number, that
    kind decides, and a Value records a node.

    Rule texts are evaluated as code: never build one from untrusted input.

    Raises TypeError for anything but text, and ValueError for a name that isn't an identifier, for a wrong number of
    partials and for a text that `grammar` does not allow. A call raises TypeError for anything but real numbers, and
    ValueError for sequences of different lengths.

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
                raise TypeError(f"name, parameters, value and partials must be text, got {ieee.kind(text)}")
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"an operation's name must be an identifier such as softsign, got {name!r:.60}")
        signature = [parameter.strip().partition("=") for parameter in parameters.split(",")]
        if len(partials) != len(signature):
            raise ValueError(f"{name} needs one partial for each of ({parameters}), got {len(partials)}")
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
        if OPERATIONS:  # while `ops` is read it is empty: a rule may use words of later lines, and a test checks those
            self.check()
        self.__doc__ = f"{name}({parameters}) = {value}\n\nPartials: {'; '.join(partials)}. {doc}".rstrip()

    def check(self) -> None:
        """Raise a ValueError that shows the place in the text, if the grammar or the tables of words lack something."""
        own = {self.name} - PRIMITIVES.keys() if OPERATIONS.get(self.name, self) is self else set()
        known = words()
        names = {*self.arguments, *CONSTANTS}
        others = {word: known[word] for word in known if word not in own}
        grammar.check(self.value, f"{self.name}'s value", names, others)
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
        """The value as a float; with any other kind of number among the arguments, the result of that kind."""
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
        """The arguments of a call, from one flat sequence: for "*weights, *inputs, bias" two tuples and a number."""
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
        """The arguments of a call in the order of the parameters, with the defaults."""
        positional = dict(zip(self.arguments, arguments, strict=False))
        given = {**self.defaults, **positional, **named}
        twice = len(arguments) > len(self.arguments) or positional.keys() & named.keys()
        if twice or given.keys() != set(self.arguments):
            got = " and ".join([f"{len(arguments)} positional argument{'s' * (len(arguments) != 1)}", *named])
            raise TypeError(f"{self.name} takes ({self.parameters.replace('*', 'sequence of ')}), got {got}")
        return tuple([given[name] for name in self.arguments])

    def _with_sequences(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments with each sequence as a tuple, all of the same length."""
        tuples = list(arguments)
        lengths = {}
        for i, name in self.starred:
            needed = NEEDED if len(self.starred) == 1 else f"{NEEDED} of {name}"
            tuples[i] = sequence = as_tuple(arguments[i], self.name, needed)
            lengths[name] = len(sequence)
        if len(set(lengths.values())) > 1:
            counts = " and ".join(f"{length} {name}" for name, length in lengths.items())
            raise ValueError(f"{self.name} needs sequences of the same length, got {counts}")
        if self.nonempty and not any(lengths.values()):
            raise ValueError(f"{self.name} needs at least 1 value, got 0")
        return tuple(tuples)

    def _real(self, argument: Any) -> Any:
        what = f"an argument of {self.name}"
        if type(argument) is tuple and self.variadic:
            return tuple([ieee.real(number, what) for number in argument])
        return ieee.real(argument, what)

    # The readings. Each is compiled at its first use, so that an import compiles none of the rules.

    @cached_property
    def value_of_floats(self) -> Callable[..., float]:
        """(x, y, …) → z on floats."""
        return read(f"lambda {self.signature}: {self.value}", OnFloats())

    @cached_property
    def on_floats(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …) → (z, ∂z/∂x, ∂z/∂y, …) on floats; for an operation with sequences (z, (∂z/∂x₁, ∂z/∂x₂, …))."""
        partials = f"({', '.join(self.partials)},)" if self.variadic else ", ".join(self.partials)
        return read(f"lambda {self.signature}: ((z := {self.value}), {partials})", OnFloats())

    @cached_property
    def partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """(x, y, …, z) → (∂z/∂x, ∂z/∂y, …) on any kind of number; at kinks, the derivatives of these are nan."""
        tree = ast.parse(f"lambda {self.signature}, z: ({', '.join(self.partials)},)", mode="eval")
        sequences = [name for _, name in self.starred]
        numbers = [name for name in self.arguments if name not in sequences]
        noted = ast.unparse(WithKinks(numbers, sequences, CONSTANTS, OPERATIONS).visit(tree))
        return read(noted, _OnAnyNumber(), keep_kinks=True)

    @cached_property
    def last_partials_of(self) -> Callable[..., tuple[Any, ...]]:
        """The same numbers as `partials_of`, by a smaller graph that ignores kinks: do not differentiate it again."""
        return read(f"lambda {self.signature}, z: ({', '.join(self.partials)},)", _OnAnyNumber())

    @cached_property
    def kinks(self) -> list[str]:
        """The conditions under which a partial is a convention, as texts in x, y, …, z."""
        kinks = [at for tree in self._trees() for at in conditions(tree, OPERATIONS)]
        return [*dict.fromkeys(ast.unparse(at) for at in kinks if names(at) <= {*self.arguments, "z"})]

    def _trees(self) -> list[ast.Expression]:
        return [ast.parse(f"({partial},)", mode="eval") for partial in self.partials]

    def has_kinks(self, met: frozenset[str] = frozenset()) -> bool:
        """Whether the partials, or those of the operations that they call, have kinks; those in `met` are skipped."""
        trees = [] if self.name in met else self._trees()
        return any(True for tree in trees for _ in conditions(tree, OPERATIONS, met | {self.name}))

    def at_kink(self, *arguments: Any, **named: Any) -> Any:
        """Whether these arguments, of any kind of number, are at a kink, as a number: 0 means no."""
        arguments = self._bound(arguments, named)
        return self._at_kink(*arguments, self(*arguments))

    @cached_property
    def _at_kink(self) -> Callable[..., Any]:
        text = f"lambda {self.signature}, z: {' or '.join(f'({at})' for at in self.kinks)}"
        return read(text, _OnAnyNumber(), keep_kinks=True)

    @property
    def is_method(self) -> bool:
        """Whether it needs one number only, apart from defaults: then it is a method of Value, too."""
        return not self.variadic and len(self.arguments) - len(self.defaults) == 1

    @property
    def signature(self) -> str:
        """The names of the parameters, without stars and defaults."""
        return ", ".join(self.arguments)


class Function(Protocol):
    """An operation as a function: on floats it returns a float, on any other kind of number one of that kind."""

    operation: Operation

    @overload
    def __call__(self, *arguments: float | Sequence[float], **named: float) -> float: ...
    @overload
    def __call__(self, *arguments: Any, **named: Any) -> Any: ...


def operation(name: str, parameters: str, value: str, *partials: str, **about: Any) -> Function:
    """A new operation, as a function with the attribute `operation`; the arguments are those of `Operation`.

    Rule texts are evaluated as code: never build one from untrusted input. Raises as `Operation` does.

    >>> square = operation("square", "x", "x * x", "2 * x")
    >>> square(3), square.operation.on_floats(3.0)
    (9.0, (9.0, 6.0))
    """
    made = Operation(name, parameters, value, *partials, **about)

    def of_one(x: Any) -> Any:  # the same as made(x) in less time, because activations are called often
        operations = getattr(x, "__operations__", None)
        return operations[made](x) if operations else made(x)

    def of_several(*arguments: Any, **named: Any) -> Any:
        return made(*arguments, **named)

    function: Any = of_one if not made.variadic and len(made.arguments) == 1 else of_several
    function.__name__ = function.__qualname__ = name
    function.__module__ = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 — pickle looks there, as for namedtuple
    function.__doc__ = made.__doc__
    function.operation = made
    return cast(Function, function)


OPERATIONS: dict[str, Operation] = {}
"""The operations by name: the words that a rule's text may use. `ops` fills it."""

CONSTANTS = {"nan": math.nan, "sqrt_2": math.sqrt(2), "sqrt_π": math.sqrt(math.pi), "sqrt_2π": math.sqrt(2 * math.pi)}


MAX_ARGUMENTS = 100  # of max and kink, which take any number


class Primitive(NamedTuple):
    """A word that no rule explains: its number of arguments, its function on floats, its name in the C library."""

    arguments: int | range
    on_floats: Callable[..., Any]
    c_name: str = ""


PRIMITIVES = {
    "exp": Primitive(1, ieee.exp, "exp"),
    "exp2": Primitive(1, library.exp2, "exp2"),
    "expm1": Primitive(1, ieee.expm1, "expm1"),
    "log": Primitive(1, ieee.log, "log"),
    "log1p": Primitive(1, ieee.log1p, "log1p"),
    "log2": Primitive(1, library.log2, "log2"),
    "log10": Primitive(1, library.log10, "log10"),
    "cbrt": Primitive(1, math.cbrt, "cbrt"),
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
    "asinh": Primitive(1, math.asinh, "asinh"),
    "acosh": Primitive(1, library.acosh, "acosh"),
    "atanh": Primitive(1, library.atanh, "atanh"),
    "erf": Primitive(1, math.erf, "erf"),
    "erfc": Primitive(1, math.erfc, "erfc"),
    "hypot": Primitive(2, ieee.hypot, "hypot"),
    "floor": Primitive(1, library.floor, "floor"),
    "ceil": Primitive(1, library.ceil, "ceil"),
    "trunc": Primitive(1, library.trunc, "trunc"),
    "round": Primitive(1, library.round_half_even, "rint"),
    "fmod": Primitive(2, library.fmod, "fmod"),
    "copysign": Primitive(2, math.copysign, "copysign"),
    "power": Primitive(2, ieee.power, "pow"),  # x ** y is read as power(x, y)
    "divide": Primitive(2, ieee.divide),  # x / y is read as divide(x, y)
    "abs": Primitive(1, math.fabs),  # abs and sqrt are instructions of the processor
    "sqrt": Primitive(1, ieee.sqrt),
    "len": Primitive(1, ieee.length),  # from here on, functions of sequences
    "max": Primitive(range(1, MAX_ARGUMENTS), max),
    "peak": Primitive(1, exponentials.peak),
    "others": Primitive(1, exponentials.others),
    "places": Primitive(1, ieee.places),
    "pick": Primitive(2, ieee.pick),
    "add_up": Primitive(1, ieee.add_up),
    "inner_product": Primitive(3, ieee.inner_product),
    "softmax": Primitive(1, exponentials.softmax),
    "log_softmax_slopes": Primitive(2, exponentials.log_softmax_slopes),
}
"""The words that no rule explains. A further function of the C library takes one line here, and one rule."""


def words() -> dict[str, range]:
    """Every function that a text may call, with the possible numbers of its arguments."""
    operations = {
        name: range(len(rule.arguments) - len(rule.defaults), len(rule.arguments) + 1)
        for name, rule in OPERATIONS.items()
    }
    primitives = {
        name: count if isinstance(count := word.arguments, range) else range(count, count + 1)
        for name, word in PRIMITIVES.items()
    }
    return {**operations, **primitives, "kink": range(2, MAX_ARGUMENTS)}


class Reading(ast.NodeTransformer):
    """A text translated into an arithmetic: every number becomes a float, and / and ** become words."""

    def meaning(self, word: str) -> Any:
        """The function, or the number, that a word stands for in this arithmetic; None if for none."""
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
    """The text on IEEE floats, where nothing raises; conditions are those of Python."""

    def meaning(self, word: str) -> Any:
        if word in OPERATIONS and word not in PRIMITIVES:
            return OPERATIONS[word].value_of_floats
        return PRIMITIVES[word].on_floats if word in PRIMITIVES else CONSTANTS.get(word)


def divide(x: Any, y: Any) -> Any:
    """x / y on any kind of number; on two floats, as IEEE defines it."""
    return ieee.divide(x, y) if isinstance(x, float) and isinstance(y, float) else x / y


def power(x: Any, y: Any) -> Any:
    """xʸ on any kind of number; on two floats, as IEEE defines it."""
    return ieee.power(x, y) if isinstance(x, float) and isinstance(y, float) else x**y


class _OnAnyNumber(Reading):
    """The text on numbers that record their operations: conditions become operations, too."""

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
            x, y = (result, ast.Constant(0.0)) if isinstance(node.op, ast.And) else (ast.Constant(1.0), result)
            result = call("where", value, x, y)
        return result

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        x, y, sign = node.left, node.comparators[0], node.ops[0]
        if isinstance(sign, ast.Eq):
            return call("equal", x, y)
        word = "greater" if isinstance(sign, ast.Gt | ast.Lt) else "greater_equal"
        return call(word, x, y) if isinstance(sign, ast.Gt | ast.GtE) else call(word, y, x)


def kink(number: Any, at: Any, *inputs: Any) -> Any:
    """The number; its derivatives with respect to the inputs are nan where the condition `at` holds."""
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
"""The words that name no operation, on any kind of number. `ops` adds those of `sequences`."""


def _rebuilt(texts: tuple[str, ...], about: dict[str, Any]) -> Operation:
    """A user-defined operation, from the texts that pickle stores."""
    return Operation(*texts, **about)


def _operation(name: str) -> Operation:
    """An operation of the table, from the name that pickle stores."""
    return OPERATIONS[name]


def call(word: str, *arguments: ast.expr) -> ast.Call:
    """The tree of word(*arguments)."""
    return ast.Call(ast.Name(word, ast.Load()), list(arguments), [])


def read(text: str, reading: Reading, *, keep_kinks: bool = False) -> Callable[..., Any]:
    """The Python function that computes a text in an arithmetic. `grammar` must have checked the text."""
    tree = ast.parse(text, mode="eval")
    tree = ast.fix_missing_locations(reading.visit(simplified(tree if keep_kinks else plain(tree))))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    meanings = {word: meaning for word in words if (meaning := reading.meaning(word)) is not None}
    function: Callable[..., Any] = eval(compile(tree, f"<rule: {text}>", "eval"), meanings)  # noqa: S307 — rule texts are the program's own
    return function
