"""Instructions of a program in LLVM's language, and the functions of the C library that they call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence, Set
from functools import cache
from typing import Any

from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.plan import MINUS_ZERO, Plan
from autograd.compiler.program import Operand, Program, bits
from autograd.compiler.repeats import Column, OfTurn, Reference, Repeat
from autograd.compiler.shared import Shared, shared
from autograd.compiler.vector_math import FORMULAS, exponential, exponential_tables
from autograd.rules import PRIMITIVES


def c_functions() -> dict[str, int]:
    """The C library's functions that the table of primitives names, each with the number of its arguments."""
    return {word.c_name: word.arguments for word in PRIMITIVES.values() if word.c_name and type(word.arguments) is int}


# Straight pieces


class Instructions:
    """Instructions of a program as lines of text; what others have computed is had by `load`."""

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
        """The line for an instruction, and the name of its result."""
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
        """The line for a word and the names of its operands, and the name of its result."""
        text, vector, lanes = self.text, self.text.vector, self.text.target.lanes
        if word == "copy":
            return x[0]
        if word in ("fadd", "fsub", "fmul"):
            return text.assign(f"{word}{text.contract} {vector} {x[0]}, {x[1]}")
        if word in ("fdiv", "fneg") or word.startswith("fcmp"):
            return text.assign(f"{word} {vector} {', '.join(x)}")
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
        """2ᵏ of a small whole number: added to 1.5·2⁵² it stands in the last bits, and moves to the exponent."""
        text, lanes = self.text, self.text.target.lanes
        shifted = text.assign(f"fadd {text.vector} {k}, {self.operand(bits(1.5 * 2.0**52 + 1023))}")
        whole = text.assign(f"bitcast {text.vector} {shifted} to <{lanes} x i64>")
        exponent = text.assign(f"shl <{lanes} x i64> {whole}, <{', '.join(['i64 52'] * lanes)}>")
        return text.assign(f"bitcast <{lanes} x i64> {exponent} to {text.vector}")


INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "fma": "fma", "trunc": "trunc", "copysign": "copysign"}
"""Words that are single instructions of processors, and LLVM's names for them."""


def piece(plan: Plan, places: Sequence[int], target: Target, name: str) -> str:
    text = FunctionText(target)
    with text.loop(0, "%vectors") as (v, _, _):
        here = text.address("%scratch", text.assign(f"mul i64 {v}, {target.lanes}"))
        lines = _lines(text, plan, here)
        for place in places:
            kept = place in plan.slot_of
            if kept or plan.program.instructions[place][0] != "number":
                result = lines.compute(place)
            if kept:
                text.store(result, text.address(here, plan.slot_of[place] * target.slot))
    return text.as_function(name, "ptr %scratch, ptr %numbers, i64 %vectors")


def _lines(text: FunctionText, plan: Plan, here: str) -> Instructions:
    return Instructions(
        text, plan.program, lambda place: text.load(text.address(here, plan.slot_of[place] * text.target.slot))
    )


# Repeats


def repeat(plan: Plan, stage: Repeat, target: Target, name: str) -> str:
    return _Repeated(plan, stage, target, name).text_of_function()


Carried = dict[tuple[int, Operand], str]
"""The results of the turn before, by the instruction of the body and what stands for its result in the first turn."""


class _Repeated:
    """The text of a loop over the turns of a repeat, inside of one over the vectors of rows."""

    def __init__(self, plan: Plan, stage: Repeat, target: Target, name: str) -> None:
        self.plan, self.stage, self.name = plan, stage, name
        self.text = FunctionText(target)
        self.tables: list[str] = []
        slot_of = plan.slot_of
        self.kept = [[slot_of.get(place, -1) for place in results] for results in stage.results]
        references = [reference for _, operands in stage.body for reference in operands]
        self.last_alone = [k for k, slots in enumerate(self.kept) if slots[-1] >= 0 > slots[0]]
        carried = [(r.k, r.first) for r in references if isinstance(r, OfTurn) and r.carried]
        self.carried = list(dict.fromkeys([*((k, MINUS_ZERO) for k in self.last_alone), *carried]))

    def text_of_function(self) -> str:
        text, lanes = self.text, self.text.target.lanes
        # A chain of additions waits for each of them: several vectors of rows at once wait together
        for v, vectors in text.tiles("%vectors", (4, 1) if self.carried else (1,)):
            begin = text.address("%scratch", text.assign(f"mul i64 {v}, {lanes}"))
            here = [text.address(begin, t * lanes) for t in range(vectors)]
            self._loop(here, [_lines(text, self.plan, pointer) for pointer in here])
        function = text.as_function(self.name, "ptr %scratch, ptr %numbers, i64 %vectors")
        return "\n".join([*self.tables, function])

    def _loop(self, here: list[str], lines: list[Instructions]) -> None:
        """The loop over turns, for a vector of rows at each of the addresses `here`."""
        text, slot, size = self.text, self.text.target.slot, len(self.carried)
        for of_vector in lines:
            self._prepare(of_vector)
        first = [(text.vector, of_vector.operand(operand)) for of_vector in lines for _, operand in self.carried]
        with text.loop(0, str(self.stage.turns), 1, first) as (turn, totals, following):
            for t, pointer in enumerate(here):
                carried = dict(zip(self.carried, totals[t * size : (t + 1) * size], strict=True))
                results = self._turn(lines[t], pointer, turn, carried)
                following += [results[k] for k, _ in self.carried]
        for t, pointer in enumerate(here):
            for k, total in zip(self.last_alone, totals[t * size :], strict=False):
                text.store(total, text.address(pointer, self.kept[k][-1] * slot))

    def _prepare(self, lines: Instructions) -> None:
        """Compute what is the same in all turns before the loop."""
        below = [reference for _, operands in self.stage.body for reference in operands]
        while below:
            reference = below.pop()
            if isinstance(reference, Column):
                below += reference.operands
            elif not isinstance(reference, OfTurn):
                lines.operand(reference)

    def _turn(self, lines: Instructions, here: str, turn: str, carried: Carried) -> list[str]:
        results: list[str] = []
        for k, (word, operands) in enumerate(self.stage.body):
            names = [self._name(lines, here, turn, reference, results, carried) for reference in operands]
            results.append(lines.line(word, names))
            if self.kept[k][0] >= 0:
                offset = self._entry(turn, [slot * self.text.target.slot for slot in self.kept[k]])
                self.text.store(results[k], self.text.address(here, offset))
        return results

    def _name(
        self,
        lines: Instructions,
        here: str,
        turn: str,
        reference: Reference,
        results: list[str],
        carried: Carried,
    ) -> str:
        """The name of an operand in this turn."""
        text = self.text
        if isinstance(reference, OfTurn):
            return carried[reference.k, reference.first] if reference.carried else results[reference.k]
        if not isinstance(reference, Column):
            return lines.operand(reference)
        if reference.word == "slot":
            slots = [self.plan.slot_of[place] * text.target.slot for place in reference.entries]
            return text.load(text.address(here, self._entry(turn, slots)))
        if reference.word == "number":
            return text.splat(text.load_scalar(text.address("%numbers", self._entry(turn, reference.entries))))
        if reference.word == "constant":
            table = self._table("double", reference.entries)
            return text.splat(text.load_scalar(text.address(table, turn)))
        return lines.line(
            reference.word,
            [self._name(lines, here, turn, operand, results, carried) for operand in reference.operands],
        )

    def _entry(self, turn: str, entries: Sequence[int]) -> str:
        """The entry of this turn: computed, where entries are at even distances, or read from a table."""
        text = self.text
        stride = entries[1] - entries[0]
        if all(b - a == stride for a, b in itertools.pairwise(entries)):
            return text.assign(f"add i64 {text.assign(f'mul i64 {turn}, {stride}')}, {entries[0]}")
        table = self._table("i64", entries)
        return text.assign(f"load i64, ptr {text.assign(f'getelementptr i64, ptr {table}, i64 {turn}')}, align 8")

    def _table(self, kind: str, entries: Sequence[object]) -> str:
        name = f"@{self.name}.{len(self.tables)}"
        numbers = ", ".join([f"{kind} {entry}" for entry in entries])
        self.tables.append(f"{name} = internal constant [{len(entries)} x {kind}] [{numbers}]")
        return name


# The C library's functions, lane by lane


def intrinsics(target: Target) -> Iterator[str]:
    vector = f"<{target.lanes} x double>"
    for word in INTRINSICS.values():
        numbers = ", ".join([vector] * {"fma": 3, "copysign": 2}.get(word, 1))
        yield f"declare {vector} @llvm.{word}.v{target.lanes}f64({numbers})"


def library(used: Set[str], target: Target) -> list[Shared]:
    """The C library's functions among these words, each of a vector."""
    return [_function(word, target.of_functions) for word in c_functions() if word in used]


@cache
def _function(word: str, target: Target) -> Shared:
    vector = f"<{target.lanes} x double>"
    count = c_functions()[word]
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
    text = FunctionText(target)
    lines = Instructions(text, program, lambda _: "%x")
    lines.names[x.place] = "%x"
    for place in range(len(program.instructions)):
        lines.compute(place)
    name = lines.names[result.place]
    head = f"define internal {text.vector} @vector.{word}({text.vector} %x) #1 {{"
    return "\n".join([head, *text.lines, f"  ret {text.vector} {name}", "}"])


def _exponential(target: Target) -> list[str]:
    text = FunctionText(target)
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
