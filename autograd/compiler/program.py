"""A graph's values as a program: a list of simple instructions, each on numbers that came before it.

A rule's text is read once more, now on registers: what the text does to a register is written down
as an instruction, and the same instruction on the same numbers is written down once. Derivatives need
nothing of their own, for a gradient is a graph, too. Numbers that are known stay Python's floats, and
what is done to floats alone is done at once, by the functions that the graph itself uses.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from autograd import ieee
from autograd.kinks import plain
from autograd.rules import (
    CONSTANTS,
    OPERATIONS,
    PRIMITIVES,
    OnFloats,
    Operation,
    call,
    read,
)
from autograd.sequences import ALIKE, log_softmax_slopes, softmax

Operand = int | str
"""The place of an instruction whose result is meant, or a constant by its bits."""

Instruction = tuple[Any, ...]
"""A word, then its operands: ("fadd", 3, 5). Of "input", "number" and "layer", what follows are plain indices."""

LEAVES = {"input", "number", "layer"}
COMPARISONS = {ast.Gt: "ogt", ast.GtE: "oge", ast.Lt: "olt", ast.LtE: "ole", ast.Eq: "oeq"}


class Program:
    """The instructions, in an order in which each follows those whose results it takes."""

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self._known: dict[Instruction, int] = {}

    def emit(self, *instruction: Any) -> int:
        """The place of this instruction: a new one, or where it stands already."""
        place = self._known.get(instruction)
        if place is None:
            place = self._known[instruction] = len(self.instructions)
            self.instructions.append(instruction)
        return place

    def register(self, *instruction: Any) -> Register:
        """The result of this instruction."""
        return Register(self, self.emit(*instruction))

    def fresh(self, *instruction: Any) -> int:
        """A new place for this instruction, even where it stands already."""
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def operands(self, place: int) -> list[int]:
        """The places whose results an instruction takes."""
        word, *operands = self.instructions[place]
        return [] if word in LEAVES else [operand for operand in operands if type(operand) is int]

    def words(self) -> set[str]:
        """The words that occur."""
        return {instruction[0] for instruction in self.instructions}

    def is_condition(self, place: int) -> bool:
        """Whether its result is a truth, and not a number."""
        word: str = self.instructions[place][0]
        return word.startswith("fcmp") or word in ("and", "or")


def bits(x: float) -> str:
    """A float as LLVM writes it, bit for bit.

    >>> bits(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


ONE = bits(1.0)


class _Operations:
    """What operations are on registers."""

    def __getitem__(self, operation: Operation) -> Callable[..., Any]:
        return value_on_registers(operation)


class Register:
    """The number that an instruction will have computed: arithmetic with it is written down."""

    __slots__ = ("place", "program")
    __operations__ = _Operations()

    def __init__(self, program: Program, place: int) -> None:
        self.program = program
        self.place = place

    def emit(self, word: str, *operands: Any) -> Register:
        """The result of an instruction on this and other numbers."""
        return self.program.register(word, *[_operand(operand) for operand in operands])

    def __add__(self, other: Any) -> Register:
        return self.emit("fadd", self, other)

    def __radd__(self, other: Any) -> Register:
        return self.emit("fadd", other, self)

    def __sub__(self, other: Any) -> Register:
        return self.emit("fsub", self, other)

    def __rsub__(self, other: Any) -> Register:
        return self.emit("fsub", other, self)

    def __mul__(self, other: Any) -> Register:
        # 1·x is x in every bit, and gradients begin with a 1
        return self if _operand(other) == ONE else self.emit("fmul", self, other)

    def __rmul__(self, other: Any) -> Register:
        return self if _operand(other) == ONE else self.emit("fmul", other, self)

    def __truediv__(self, other: Any) -> Register:
        return self.emit("fdiv", self, other)

    def __neg__(self) -> Register:
        return self.emit("fneg", self)

    def __pos__(self) -> Register:
        return self.emit("copy", self)

    def __bool__(self) -> bool:
        raise TypeError(
            "what a compiled operation does can't depend on Python's `if`; write `x if … else y` in its rule"
        )


class Condition(Register):
    """The truth that a comparison will have; in arithmetic it counts as 1 or 0, as Python's does."""

    __slots__ = ()

    def __neg__(self) -> Register:
        return 0.0 - self


def _operand(number: Any) -> Operand:
    kind = type(number)
    if kind is Register:  # first, for it is most
        place: int = number.place
        return place
    return _operand(_number(number)) if kind is Condition else bits(number)


def _register_among(numbers: Iterable[Any]) -> Register | None:
    return next((number for number in numbers if isinstance(number, Register)), None)


def _function(word: str) -> Callable[..., Any]:
    """A function of the C library on registers; on floats alone, the graph's own."""

    def function(*numbers: Any) -> Any:
        register = _register_among(numbers)
        if register is None:
            return PRIMITIVES[word].on_floats(*numbers)
        return register.emit(PRIMITIVES[word].c_name or word, *numbers)

    return function


def _divide(x: Any, y: Any) -> Any:
    register = _register_among((x, y))
    return ieee.divide(x, y) if register is None else register.emit("fdiv", x, y)


def _power(x: Any, y: Any) -> Any:
    if not isinstance(y, Register):
        if y == 2:
            return x * x
        if not isinstance(x, Register):
            return ieee.power(x, y)
    register = _register_among((x, y))
    assert register is not None
    general = register.emit("pow", x, y)
    return choose(compare("oeq", y, 2.0), x * x, general) if isinstance(y, Register) else general


def compare(how: str, x: Any, y: Any) -> Any:
    register = _register_among((x, y))
    # LLVM, too, sees that nothing is larger than itself, but then may take a nan of what becomes constant for 0 (22.1)
    if isinstance(x, Register) and isinstance(y, Register) and x.place == y.place and how in ("ogt", "olt"):
        return False
    if register is None:
        return {"ogt": x > y, "oge": x >= y, "olt": x < y, "ole": x <= y, "oeq": x == y, "une": x != y}[how]
    return Condition(register.program, register.program.emit(f"fcmp {how}", _operand(x), _operand(y)))


def _truth(number: Any) -> Any:
    """Whether a number is not 0, as `if` asks it; what was made of a condition is that condition."""
    if isinstance(number, Condition) or not isinstance(number, Register):
        return number if isinstance(number, Condition) else bool(number)
    word, *operands = number.program.instructions[number.place]
    if word == "select" and operands[1:] == [ONE, bits(0.0)]:
        return Condition(number.program, operands[0])
    return compare("une", number, 0.0)


def choose(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y: both are computed."""
    condition = _truth(condition)
    if not isinstance(condition, Condition):
        return x if condition else y
    return condition.program.register("select", condition.place, _operand(x), _operand(y))


def _number(value: Any) -> Any:
    """A number; of a condition, 1 or 0, as Python counts."""
    return choose(value, 1.0, 0.0) if isinstance(value, Condition) else value


def _both(*values: Any) -> Any:
    """`and`: the first that isn't true, or the last."""
    return _joined("and", values)


def _either(*values: Any) -> Any:
    """`or`: the first that is true, or the last."""
    return _joined("or", values)


def _joined(word: str, values: Sequence[Any]) -> Any:
    *others, joined = values
    for value in reversed(others):
        truth = _truth(value)
        if not isinstance(truth, Condition):
            joined = joined if truth is (word == "and") else value
        elif isinstance(value, Condition) and isinstance(joined, Condition):
            joined = Condition(value.program, value.program.emit(word, value.place, joined.place))
        else:
            joined = choose(truth, joined, value) if word == "and" else choose(truth, value, joined)
    return joined


def _add_up(terms: Iterable[Any]) -> Any:
    first, *rest = tuple(terms) or (0.0,)
    for term in rest:
        first = first + term
    return first


def _inner_product(weights: Iterable[Any], inputs: Iterable[Any], start: Any) -> Any:
    for weight, x in zip(weights, inputs, strict=True):
        start = start + weight * x
    return start


def _largest(*values: Any) -> Any:
    """Python's max, of one sequence or several numbers: the first of the largest, and a nan that comes first stays."""
    largest, *others = values if len(values) > 1 else values[0]
    for value in others:
        largest = choose(compare("ogt", value, largest), value, largest)
    return largest


def _peak(values: Iterable[Any]) -> Any:
    values = tuple(values)
    largest = _largest(values) if values else 0.0
    finite = _both(compare("olt", -ieee.inf, largest), compare("olt", largest, ieee.inf))
    return choose(finite, largest, 0.0)


def _others(exponentials: Iterable[Any]) -> Any:
    exponentials = tuple(exponentials)
    whole = _add_up(exponentials)
    below = _add_up(choose(compare("olt", e, 1.0), e, 0.0) for e in exponentials)
    return choose(_both(compare("ole", 1.0, whole), compare("olt", whole, 2.0)), below, whole - 1.0)


def _pick(k: Any, values: Sequence[Any]) -> Any:
    if not isinstance(k, Register):
        return ieee.pick(k, values)
    picked = ieee.nan
    for j, value in enumerate(values):
        picked = choose(compare("oeq", k, float(j)), value, picked)
    return picked


class _OnRegisters(OnFloats):
    """The text in registers: conditions choose between results that are both computed."""

    def meaning(self, word: str) -> Any:
        if word in OPERATIONS and word not in PRIMITIVES:
            return value_on_registers(OPERATIONS[word])
        return _WORDS.get(word) or (_function(word) if word in PRIMITIVES else CONSTANTS.get(word))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return call("choose", node.test, node.body, node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        return call("both" if isinstance(node.op, ast.And) else "either", *node.values)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return call("compare", ast.Constant(COMPARISONS[type(node.ops[0])]), node.left, node.comparators[0])


_WORDS: dict[str, Callable[..., Any]] = {
    "divide": _divide,
    "power": _power,
    "compare": compare,
    "choose": choose,
    "both": _both,
    "either": _either,
    "len": ieee.length,
    "places": ieee.places,
    "max": _largest,
    "peak": _peak,
    "others": _others,
    "pick": _pick,
    "add_up": _add_up,
    "inner_product": _inner_product,
    "softmax": softmax,
    "log_softmax_slopes": log_softmax_slopes,
    **{word: function for word, (_, function) in ALIKE.items()},
}


@cache
def value_on_registers(operation: Operation) -> Callable[..., Any]:
    """(x, y, …) → z, on registers and floats."""
    read_text = on_registers(f"lambda {operation.signature}: {operation.value}")

    def value(*arguments: Any) -> Any:
        return _number(read_text(*arguments))

    return value


def on_registers(text: str) -> Callable[..., Any]:
    """The function that a text is, on registers and floats."""
    return read(plain(text), _OnRegisters())
