"""Instructions of a program in LLVM's language, and the functions of the C library that they call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import cache
from typing import Any

from autograd.compiler.functions import FORMULAS, exponential, exponential_tables
from autograd.compiler.plan import Plan
from autograd.compiler.program import Operand, Program, bits
from autograd.compiler.shared import Shared, shared
from autograd.compiler.text import Target, Text

ONE_NUMBER = (
    *("acos", "asin", "atan", "cos", "cosh", "erf", "erfc", "exp", "expm1", "log", "log1p"),
    *("sin", "sinh", "tan", "tanh"),
)
TWO_NUMBERS = ("atan2", "hypot", "pow")
"""The C library's functions, of which the compiled code calls those that the graph calls."""


# Straight pieces


class Instructions:
    """Instructions of a program as lines of text; what others have computed is had by `load`."""

    def __init__(self, text: Text, program: Program, load: Callable[[int], str]) -> None:
        self.text, self.program, self.load = text, program, load
        self.names: dict[int, str] = {}

    def operand(self, number: Operand) -> str:
        """The name of a result, or a constant for all lanes."""
        if isinstance(number, str):
            return f"splat (double {number})"
        if number not in self.names:
            if self.program.instructions[number][0] == "number" or self.program.is_condition(number):
                self.compute(number)
            else:
                self.names[number] = self.load(number)
        return self.names[number]

    def compute(self, place: int) -> str:
        """The line for an instruction, and the name of its result."""
        if place not in self.names:
            word, *operands = self.program.instructions[place]
            self.names[place] = self._line(word, operands)
        return self.names[place]

    def _line(self, word: str, operands: list[Any]) -> str:
        text, vector, lanes = self.text, self.text.vector, self.text.target.lanes
        if word == "number":
            return text.splat(text.scalar(text.at("%numbers", operands[0])))
        x = [self.operand(number) for number in operands]
        if word == "copy":
            return x[0]
        if word in ("fadd", "fsub", "fmul"):
            return text.put(f"{word}{text.contract} {vector} {x[0]}, {x[1]}")
        if word in ("fdiv", "fneg") or word.startswith("fcmp"):
            return text.put(f"{word} {vector} {', '.join(x)}")
        if word in ("and", "or"):
            return text.put(f"{word} <{lanes} x i1> {x[0]}, {x[1]}")
        if word == "select":
            return text.select(*x)
        if word == "power.of.two":
            return self._power_of_two(x[0])
        numbers = ", ".join(f"{vector} {number}" for number in x)
        name = f"llvm.{INTRINSICS[word]}.v{lanes}f64" if word in INTRINSICS else f"vector.{word}"
        return text.put(f"call {vector} @{name}({numbers})")

    def _power_of_two(self, k: str) -> str:
        """2ᵏ of a small whole number: added to 1.5·2⁵² it stands in the last bits, and moves to the exponent."""
        text, lanes = self.text, self.text.target.lanes
        shifted = text.put(f"fadd {text.vector} {k}, {self.operand(bits(1.5 * 2.0**52 + 1023))}")
        whole = text.put(f"bitcast {text.vector} {shifted} to <{lanes} x i64>")
        exponent = text.put(f"shl <{lanes} x i64> {whole}, <{', '.join(['i64 52'] * lanes)}>")
        return text.put(f"bitcast <{lanes} x i64> {exponent} to {text.vector}")


INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "fma": "fma", "trunc": "trunc", "copysign": "copysign"}
"""Words that are single instructions of processors, and LLVM's names for them."""


def piece(plan: Plan, places: range, target: Target, name: str) -> str:
    text = Text(target)
    with text.loop(0, "%vectors") as (v, _, _):
        here = text.at("%scratch", text.put(f"mul i64 {v}, {target.lanes}"))
        lines = Instructions(text, plan.program, lambda place: text.load(text.at(here, plan.kept[place] * target.slot)))
        for place in places:
            if plan.program.instructions[place][0] == "input":
                continue  # it is in its slot already
            result = lines.compute(place)
            if place in plan.kept:
                text.store(result, text.at(here, plan.kept[place] * target.slot))
    return text.function(name, "ptr %scratch, ptr %numbers, i64 %vectors")


# The C library's functions, lane by lane


def intrinsics(target: Target) -> Iterator[str]:
    vector = f"<{target.lanes} x double>"
    for word in INTRINSICS.values():
        numbers = ", ".join([vector] * {"fma": 3, "copysign": 2}.get(word, 1))
        yield f"declare {vector} @llvm.{word}.v{target.lanes}f64({numbers})"


def library(used: Set[str], target: Target) -> list[Shared]:
    """The C library's functions among these words, each of a vector."""
    return [_function(word, target.of_functions) for word in (*ONE_NUMBER, *TWO_NUMBERS) if word in used]


@cache
def _function(word: str, target: Target) -> Shared:
    vector = f"<{target.lanes} x double>"
    count = 2 if word in TWO_NUMBERS else 1
    if (word, True) in target.formulas or (word, False) in target.formulas:
        made = _exponential(target) if word == "exp" else [_by_formula(word, target)]
        return shared([*intrinsics(target), *made], [f"vector.{word}"])
    if word in target.vectorized:
        return Shared("", f"declare {vector} @vector.{word}({', '.join([vector] * count)})", ())
    parts = [f"declare double @c.{word}({', '.join(['double'] * count)})"]
    scalar = f"c.{word}"
    if word == "pow":
        parts.append(POWER)
        scalar = "power"
    return shared([*parts, _lane_by_lane(word, scalar, count, target)], [f"vector.{word}"])


def _by_formula(word: str, target: Target) -> str:
    """A function that takes a vector at once, and has the C library's bits."""
    program = Program()
    x = program.register("input", 0)
    once = (word, True) in target.formulas
    result = FORMULAS[word](x, lambda a, b, c: x.emit("fma", a, b, c) if once else a * b + c)
    text = Text(target)
    lines = Instructions(text, program, lambda _: "%x")
    lines.names[x.place] = "%x"
    for place in range(len(program.instructions)):
        lines.compute(place)
    name = lines.names[result.place]
    head = f"define internal {text.vector} @vector.{word}({text.vector} %x) #1 {{"
    return "\n".join([head, *text.lines, f"  ret {text.vector} {name}", "}"])


def _exponential(target: Target) -> list[str]:
    text = Text(target)
    lines = exponential(text, once=("exp", True) in target.formulas)
    head = f"define internal {text.vector} @vector.exp({text.vector} %x) #1 {{\nentry:"
    rare = _lane_by_lane("exp", "c.exp", 1, target).replace("@vector.exp(", "@rare.exp(", 1)
    return [
        *exponential_tables(target.lanes),
        "declare double @c.exp(double)",
        rare,
        "\n".join([head, *lines, "}"]),
    ]


# Past the range, or at a pole, the graph takes the reciprocal of the inverse power (`ieee.power`)
POWER = f"""define internal double @power(double %x, double %y) #1 {{
  %z = call double @c.pow(double %x, double %y)
  %size = call double @llvm.fabs.f64(double %z)
  %size.x = call double @llvm.fabs.f64(double %x)
  %size.y = call double @llvm.fabs.f64(double %y)
  %infinite = fcmp oeq double %size, {bits(float("inf"))}
  %finite.x = fcmp olt double %size.x, {bits(float("inf"))}
  %finite.y = fcmp olt double %size.y, {bits(float("inf"))}
  %finite = and i1 %finite.x, %finite.y
  %beyond = and i1 %finite, %infinite
  br i1 %beyond, label %inverse, label %done
inverse:
  %minus.y = fneg double %y
  %over = call double @c.pow(double %x, double %minus.y)
  %reciprocal = fdiv double {bits(1.0)}, %over
  ret double %reciprocal
done:
  ret double %z
}}
declare double @llvm.fabs.f64(double)"""


def _lane_by_lane(word: str, scalar: str, count: int, target: Target) -> str:
    vector = f"<{target.lanes} x double>"
    inputs = ["%x", "%y"][:count]
    lines = []
    for lane in range(target.lanes):
        lines += [f"  {x}{lane} = extractelement {vector} {x}, i64 {lane}" for x in inputs]
    result = "poison"
    for lane in range(target.lanes):
        lines.append(f"  %z{lane} = call double @{scalar}({', '.join(f'double {x}{lane}' for x in inputs)})")
        lines.append(f"  %r{lane} = insertelement {vector} {result}, double %z{lane}, i64 {lane}")
        result = f"%r{lane}"
    head = f"define internal {vector} @vector.{word}({', '.join(f'{vector} {x}' for x in inputs)}) #1 {{"
    return "\n".join([head, *lines, f"  ret {vector} {result}", "}"])
