"""A program's instructions in LLVM's language, one after another: straight pieces of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.plan import Plan
from autograd.compiler.program import Operand, Program, bits

ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv", "negate": "fneg"}
ORDERINGS = {">": "ogt", ">=": "oge", "<": "olt", "<=": "ole", "==": "oeq", "!=": "une"}
"""LLVM's words for comparisons: for nan those with o are false, that with u is true."""


class Instructions:
    """Instructions of a program as lines of text.

    load   gives the name of a result that other lines have computed, by its place in the program
    """

    def __init__(self, text: FunctionText, program: Program, load: Callable[[int], str]) -> None:
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
        """Append the line for an instruction, unless it is there; return the name of its result."""
        if place not in self.names:
            word, *operands = self.program.instructions[place]
            self.names[place] = self._line(word, operands)
        return self.names[place]

    def _line(self, word: str, operands: list[Any]) -> str:
        text = self.text
        if word == "number":
            return text.splat(text.load_scalar(text.address("%numbers", operands[0])))
        return self.line(word, [self.operand(number) for number in operands])

    def line(self, word: str, x: list[str]) -> str:
        """Append the line for a word and the names of its operands; return the name of its result."""
        text, vector, lanes = self.text, self.text.vector, self.text.target.lanes
        if word == "copy":
            return x[0]
        if word in ARITHMETIC:
            contract = text.contract if word in ("+", "-", "*") else ""
            return text.assign(f"{ARITHMETIC[word]}{contract} {vector} {', '.join(x)}")
        if word in ORDERINGS:
            return text.assign(f"fcmp {ORDERINGS[word]} {vector} {x[0]}, {x[1]}")
        if word in ("and", "or"):
            return text.assign(f"{word} <{lanes} x i1> {x[0]}, {x[1]}")
        if word == "select":
            return text.select(*x)
        if word == "power.of.two":
            return self._power_of_two(x[0])
        numbers = ", ".join(f"{vector} {number}" for number in x)
        name = f"llvm.{INTRINSICS[word]}.v{lanes}f64" if word in INTRINSICS else f"vector.{word}"
        return text.assign(f"call {vector} @{name}({numbers})")

    def _power_of_two(self, k: str) -> str:
        """2ᵏ for a small whole number k: adding 1.5·2⁵² puts k into the last bits, a shift then into the exponent."""
        text, lanes = self.text, self.text.target.lanes
        shifted = text.assign(f"fadd {text.vector} {k}, {self.operand(bits(1.5 * 2.0**52 + 1023))}")
        whole = text.assign(f"bitcast {text.vector} {shifted} to <{lanes} x i64>")
        exponent = text.assign(f"shl <{lanes} x i64> {whole}, <{', '.join(['i64 52'] * lanes)}>")
        return text.assign(f"bitcast <{lanes} x i64> {exponent} to {text.vector}")


INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "fma": "fma", "trunc": "trunc", "copysign": "copysign"}
"""Words for which processors have an instruction, with LLVM's names."""


STAGE_PARAMETERS = "ptr %scratch, ptr %numbers, i64 %vectors"


def piece(plan: Plan, places: Sequence[int], target: Target, name: str) -> str:
    text = FunctionText(target)
    with text.loop(0, "%vectors") as (v, _, _):
        here = text.strided("%scratch", v, target.lanes)
        lines = lines_at(text, plan, here)
        for place in places:
            kept = place in plan.slot_of
            if kept or plan.program.instructions[place][0] != "number":
                result = lines.compute(place)
            if kept:
                text.store(result, text.address(here, plan.slot_of[place] * target.slot))
    return text.as_function(name, STAGE_PARAMETERS)


def lines_at(text: FunctionText, plan: Plan, here: str) -> Instructions:
    return Instructions(
        text, plan.program, lambda place: text.load(text.address(here, plan.slot_of[place] * text.target.slot))
    )


def intrinsics(target: Target) -> Iterator[str]:
    vector = f"<{target.lanes} x double>"
    for word in INTRINSICS.values():
        numbers = ", ".join([vector] * {"fma": 3, "copysign": 2}.get(word, 1))
        yield f"declare {vector} @llvm.{word}.v{target.lanes}f64({numbers})"
