"""A rule's text, read on registers: each step of the text becomes an instruction of a program.

Derivatives need no extra code, because a gradient is a graph, too. Numbers that are known stay Python floats, and
arithmetic on floats alone is done at once, by the functions that the graph itself uses.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from autograd import ieee
from autograd.compiler.program import ONE, Operand, Program, bits
from autograd.grammar import COMPARISONS
from autograd.rules import CONSTANTS, OPERATIONS, PRIMITIVES, OnFloats, Operation, call, read
from autograd.sequences import ALIKE, log_softmax_slopes, softmax


class _Operations:
    """The operations, as functions of registers."""

    def __getitem__(self, operation: Operation) -> Callable[..., Any]:
        return value_on_registers(operation)


class Register:
    """The future result of an instruction: arithmetic with it appends further instructions."""

    __slots__ = ("place", "program")
    __operations__ = _Operations()

    def __init__(self, program: Program, place: int) -> None:
        self.program = program
        self.place = place

    def emit(self, word: str, *operands: Any) -> Register:
        """The result of an instruction on these operands."""
        return new_register(self.program, word, *[_operand(operand) for operand in operands])

    def __add__(self, other: Any) -> Register:
        return self.emit("+", self, other)

    def __radd__(self, other: Any) -> Register:
        return self.emit("+", other, self)

    def __sub__(self, other: Any) -> Register:
        return self.emit("-", self, other)

    def __rsub__(self, other: Any) -> Register:
        return self.emit("-", other, self)

    def __mul__(self, other: Any) -> Register:
        # 1·x has the bits of x, and gradients are full of it because they begin with a 1
        return self if _operand(other) == ONE else self.emit("*", self, other)

    def __rmul__(self, other: Any) -> Register:
        return self if _operand(other) == ONE else self.emit("*", other, self)

    def __truediv__(self, other: Any) -> Register:
        return self.emit("/", self, other)

    def __neg__(self) -> Register:
        return self.emit("negate", self)

    def __pos__(self) -> Register:
        return self.emit("copy", self)

    def __bool__(self) -> bool:
        raise TypeError(
            "a compiled operation cannot branch by Python's `if`, because it runs on many rows at once; "
            "write `x if … else y` in its rule"
        )


def new_register(program: Program, word: str, *operands: Any) -> Register:
    """The result of an instruction, which the program may have already."""
    return Register(program, program.emit(word, *operands))


class Condition(Register):
    """The future result of a comparison; in arithmetic it counts as 1 or 0, as Python's bool does."""

    __slots__ = ()

    def __neg__(self) -> Register:
        return 0.0 - self


def _operand(number: Any) -> Operand:
    kind = type(number)
    if kind is Register:  # first, because nearly all operands are
        place: int = number.place
        return place
    return _operand(_number(number)) if kind is Condition else bits(number)


def _register_among(numbers: Iterable[Any]) -> Register | None:
    return next((number for number in numbers if isinstance(number, Register)), None)


def _function(word: str) -> Callable[..., Any]:
    """A primitive function on registers; on floats alone it computes at once, as the graph does."""

    def function(*numbers: Any) -> Any:
        register = _register_among(numbers)
        if register is None:
            return PRIMITIVES[word].on_floats(*numbers)
        return register.emit(PRIMITIVES[word].c_name or word, *numbers)

    return function


def _divide(x: Any, y: Any) -> Any:
    register = _register_among((x, y))
    return ieee.divide(x, y) if register is None else register.emit("/", x, y)


def _power(x: Any, y: Any) -> Any:
    if not isinstance(y, Register):
        if y == 2:
            return x * x
        if not isinstance(x, Register):
            return ieee.power(x, y)
    register = _register_among((x, y))
    assert register is not None
    general = register.emit("pow", x, y)
    return choose(compare("==", y, 2.0), x * x, general) if isinstance(y, Register) else general


def compare(how: str, x: Any, y: Any) -> Any:
    register = _register_among((x, y))
    # Nothing is larger than itself. Left to LLVM (22.1), x > x with an x that turns out constant may be wrong for nan
    if isinstance(x, Register) and isinstance(y, Register) and x.place == y.place and how in (">", "<"):
        return False
    if register is None:
        return {">": x > y, ">=": x >= y, "<": x < y, "<=": x <= y, "==": x == y, "!=": x != y}[how]
    return Condition(register.program, register.program.emit(how, _operand(x), _operand(y)))


def _truth(number: Any) -> Any:
    """Whether a number isn't 0, as `if` tests; for the 1 or 0 made from a condition, the condition itself."""
    if isinstance(number, Condition) or not isinstance(number, Register):
        return number if isinstance(number, Condition) else bool(number)
    word, *operands = number.program.instructions[number.place]
    if word == "select" and operands[1:] == [ONE, bits(0.0)]:
        return Condition(number.program, operands[0])
    return compare("!=", number, 0.0)


def choose(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y. Both are computed."""
    condition = _truth(condition)
    if not isinstance(condition, Condition):
        return x if condition else y
    return new_register(condition.program, "select", condition.place, _operand(x), _operand(y))


def _number(value: Any) -> Any:
    """The value; for a condition the number 1 or 0, as Python counts."""
    return choose(value, 1.0, 0.0) if isinstance(value, Condition) else value


def _both(*values: Any) -> Any:
    """`and`: the first value that isn't true, or the last one."""
    return _joined("and", values)


def _either(*values: Any) -> Any:
    """`or`: the first value that is true, or the last one."""
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
    """Python's max of one sequence or of several numbers: the first of the largest; a nan stays if it comes first."""
    largest, *others = values if len(values) > 1 else values[0]
    for value in others:
        largest = choose(compare(">", value, largest), value, largest)
    return largest


def _peak(values: Iterable[Any]) -> Any:
    values = tuple(values)
    largest = _largest(values) if values else 0.0
    finite = _both(compare("<", -ieee.inf, largest), compare("<", largest, ieee.inf))
    return choose(finite, largest, 0.0)


def _others(exponentials: Iterable[Any]) -> Any:
    exponentials = tuple(exponentials)
    whole = _add_up(exponentials)
    below = _add_up(choose(compare("<", e, 1.0), e, 0.0) for e in exponentials)
    return choose(_both(compare("<=", 1.0, whole), compare("<", whole, 2.0)), below, whole - 1.0)


def _pick(k: Any, values: Sequence[Any]) -> Any:
    if not isinstance(k, Register):
        return ieee.pick(k, values)
    picked = ieee.nan
    for j, value in enumerate(values):
        picked = choose(compare("==", k, float(j)), value, picked)
    return picked


class _OnRegisters(OnFloats):
    """Reads a text on registers: an `if` becomes a choice between two results, which are both computed."""

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
    """An operation's value (x, y, …) → z as a function of registers and floats."""
    read_text = read_on_registers(f"lambda {operation.signature}: {operation.value}")

    def value(*arguments: Any) -> Any:
        return _number(read_text(*arguments))

    return value


def read_on_registers(text: str) -> Callable[..., Any]:
    """A text as a function of registers and floats."""
    return read(text, _OnRegisters())
