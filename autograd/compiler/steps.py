"""From a plan and an update formula to a module whose function `run` takes many steps of training.

    step      gather a batch's rows → losses, and their gradient summed over the rows → + the penalty's gradient
              → [a sum over parameters and a factor would stand here: the gradient is whole] → update
    update    the formula, element by element, over a vector of parameters at a time: from the old numbers into new ones

A step that meets a number that isn't finite (the mean loss, a gradient, a new parameter) is not taken, and `run`
returns. New numbers stand beside the old ones; which of the two is current tells the number of steps taken, odd or
even, so that a step is taken all at once, by one store.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograd.compiler import jit
from autograd.compiler.instructions import Instructions
from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.module import Layout as CodeLayout
from autograd.compiler.module import block, blocks, functions, shared_parts
from autograd.compiler.program import Program, Register, bits, on_registers
from autograd.compiler.shared import Shared


@dataclass(frozen=True)
class Formula:
    """An update formula: what each line computes of w, its gradient g, the step's number t, memory and constants.

    lines      (name, expression), in order; the last line for w is the new parameter, that for a memory its new number
    memory     names that are read before their line: what they were after the step before
    constants  names that are the same for all parameters, and may change from step to step
    """

    lines: tuple[tuple[str, str], ...]
    memory: tuple[str, ...]
    constants: tuple[str, ...]

    @property
    def text(self) -> str:
        arguments = ", ".join(("w", "g", *self.memory, "t", *self.constants))
        return f"lambda {arguments}: ({', '.join(f'({name} := {text})' for name, text in self.lines)},)"


@dataclass(frozen=True)
class Layout:
    """Where numbers stand in one of the two states, old and new: the fixed ones, the parameters, each of the memory.

    fixed       numbers that the graph reads and nobody moves
    parameters  that are moved; behind them, and behind each memory, is room for a vector
    """

    fixed: int
    parameters: int
    memory: int

    @property
    def padded(self) -> int:
        return -(-self.parameters // 8) * 8 + 8

    @property
    def size(self) -> int:
        return self.fixed + self.padded * (1 + self.memory)

    def place(self, k: int) -> int:
        """Where the parameters begin (0), or the memory k (from 1)."""
        return self.fixed + self.padded * k


def steps(code: CodeLayout, formula: Formula, layout: Layout, drawn: int) -> str:
    """The module. A row is a sample's numbers, `drawn` numbers of this turn, and its share in the batch's mean."""
    program, results = _on_registers(formula)
    target = code.target
    parts = functions(code, shared_parts(code, program.words()))
    parts += [_update(program, results, formula, layout, target), _gather(target, drawn)]
    parts += [_gradient(code, drawn), _step(layout, target, drawn), _run(formula, target, drawn)]
    return "\n\n".join(parts) + "\n"


def shared(code: CodeLayout, formula: Formula) -> list[Shared]:
    """What of the module is the same for all."""
    program, _ = _on_registers(formula)
    return shared_parts(code, program.words())


def width(columns: int, drawn: int) -> int:
    """Numbers of a row as the code gathers it."""
    return columns + drawn + 1


def space(code: CodeLayout, columns: int, drawn: int) -> int:
    """How many numbers the code needs room for: what the plan needs, and behind it a block's rows."""
    return code.size + code.target.block * width(columns, drawn)


# The update


@cache
def _on_registers(formula: Formula) -> tuple[Program, dict[str, Any]]:
    """The formula as a program, and the register (or float) that each name is in the end.

    Inputs are w, g and the memory; numbers are t and the constants.
    """
    program = Program()
    inputs = [program.register("input", k) for k in range(2 + len(formula.memory))]
    numbers = [program.register("number", k) for k in range(1 + len(formula.constants))]
    results = on_registers(formula.text)(*inputs, *numbers)
    return program, {name: result for (name, _), result in zip(formula.lines, results, strict=True)}


def _update(program: Program, results: dict[str, Any], formula: Formula, layout: Layout, target: Target) -> str:
    """New numbers from old ones; whether the gradient and the new parameters are finite."""
    text, lanes = FunctionText(target), target.lanes
    varying = _varying(program)
    once = _Divisions(text, program, varying)  # what has no w, g or memory in it is computed once
    ends = [("w", 0), *((name, 1 + k) for k, name in enumerate(formula.memory))]
    first = [(text.vector, "zeroinitializer")]
    with text.loop(0, str(layout.parameters), lanes, first) as (i, totals, following):
        pointers = [text.address("%old", layout.place(0), i), text.address("%gradient", i)]
        pointers += [text.address("%old", layout.place(1 + k), i) for k in range(len(formula.memory))]
        inputs = [text.load(pointer) for pointer in pointers]
        made = once.by_multiplication(inputs, [results[name] for name, _ in ends])
        for (_, k), new in zip(ends, made, strict=True):
            text.store(new, text.address("%new", layout.place(k), i))
        nothing = [text.assign(f"fsub {text.vector} {x}, {x}") for x in (inputs[1], made[0])]  # 0 of what is finite
        both = text.assign(f"fadd {text.vector} {nothing[0]}, {nothing[1]}")
        following.append(text.assign(f"fadd {text.vector} {totals[0]}, {_within(text, i, both, layout.parameters)}"))
    finite = text.assign(f"fcmp oeq {text.vector} {totals[0]}, zeroinitializer")
    text.append(f"ret i1 {_all_of(text, finite)}")
    return _function(text, "i1", "update", "ptr %old, ptr %new, ptr %gradient, ptr %numbers")


LEAST, MOST = 2.0**-400, 2.0**400
"""Between these, no quotient of two numbers and no remainder of a division over- or underflows."""


class _Divisions:
    """A formula's instructions, in which x / d with one d for all parameters is computed by multiplications.

    With the reciprocal r of d, rounded, q = x·r is nearly the quotient. Each q + (x − q·d)·r, where the remainder in
    brackets is rounded once, is nearer: the first one is next to the quotient, the second is the quotient, rounded
    (P. Markstein, IBM J. Res. Dev. 34, 1990). That takes a third of a division's time, and needs numbers of
    usual sizes: where one isn't, a vector's instructions are computed anew, with divisions.
    """

    def __init__(self, text: FunctionText, program: Program, varying: list[bool]) -> None:
        self.text, self.program, self.varying = text, program, varying
        self.fixed = Instructions(text, program, str)  # loads nothing: the inputs' names are put in below
        for place in range(len(program.instructions)):
            if not varying[place]:
                self.fixed.compute(place)
        self.by_fixed = [place for place in range(len(program.instructions)) if self._is_by_fixed(place)]
        self.divisors: dict[Any, tuple[str, str, str]] = {}
        for place in self.by_fixed if jit.fuses() else ():
            divisor = program.instructions[place][2]
            if divisor not in self.divisors:
                self.divisors[divisor] = self._reciprocal(self.fixed.operand(divisor))

    def _is_by_fixed(self, place: int) -> bool:
        word, *operands = self.program.instructions[place]
        if word != "fdiv" or not self.varying[place]:
            return False
        return isinstance(operands[1], str) or not self.varying[operands[1]]

    def _reciprocal(self, divisor: str) -> tuple[str, str, str]:
        """1/d, −d, and whether d is of a usual size."""
        text = self.text
        reciprocal = text.assign(f"fdiv {text.vector} {_all(1.0)}, {divisor}")
        return reciprocal, text.assign(f"fneg {text.vector} {divisor}"), _is_usual(text, divisor)

    def by_multiplication(self, inputs: list[str], results: list[Any]) -> list[str]:
        """The names of the results."""
        text = self.text
        if not self.divisors:
            return self._computed(inputs, results, {})
        usual: dict[int, str] = {}
        found = self._computed(inputs, results, usual)
        safe = functools.reduce(lambda x, y: text.assign(f"and <{text.target.lanes} x i1> {x}, {y}"), usual.values())
        before = text.label
        text.append(f"br i1 {_all_of(text, safe)}, label %usual, label %rare")
        text.start_block("rare")
        others = self._computed(inputs, results, None)
        text.append("br label %usual")
        text.start_block("usual")
        return [
            text.assign(f"phi {text.vector} [ {x}, %{before} ], [ {y}, %rare ]")
            for x, y in zip(found, others, strict=True)
        ]

    def _computed(self, inputs: list[str], results: list[Any], usual: dict[int, str] | None) -> list[str]:
        """The instructions as lines; without a table for what is usual, by divisions."""
        lines = Instructions(self.text, self.program, str)
        lines.names = {**self.fixed.names, **dict(enumerate(inputs))}
        for place in range(len(self.program.instructions)):
            divisor = self.program.instructions[place][2] if place in self.by_fixed else None
            if usual is not None and divisor in self.divisors:
                number = lines.operand(self.program.instructions[place][1])
                lines.names[place], usual[place] = self._quotient(number, *self.divisors[divisor])
            else:
                lines.compute(place)
        return [_name(lines, result) for result in results]

    def _quotient(self, x: str, reciprocal: str, minus: str, divisor_is_usual: str) -> tuple[str, str]:
        """x / d, and for each lane whether it is that."""
        text, lanes = self.text, self.text.target.lanes
        zero = text.assign(f"fcmp oeq {text.vector} {x}, zeroinitializer")
        first = quotient = text.assign(f"fmul {text.vector} {x}, {reciprocal}")
        for _ in range(2):
            remainder = _fused(text, quotient, minus, x)
            quotient = _fused(text, remainder, reciprocal, quotient)
        quotient = text.select(zero, first, quotient)  # with its sign
        usual = text.assign(f"or <{lanes} x i1> {zero}, {_is_usual(text, x)}")
        return quotient, text.assign(f"and <{lanes} x i1> {usual}, {divisor_is_usual}")


def _is_usual(text: FunctionText, x: str) -> str:
    lanes = text.target.lanes
    size = text.assign(f"call {text.vector} @llvm.fabs.v{lanes}f64({text.vector} {x})")
    low, high = (
        text.assign(f"fcmp {how} {text.vector} {size}, {_all(y)}") for how, y in (("ogt", LEAST), ("olt", MOST))
    )
    return text.assign(f"and <{lanes} x i1> {low}, {high}")


def _fused(text: FunctionText, x: str, y: str, z: str) -> str:
    """x·y + z, rounded once."""
    numbers = ", ".join(f"{text.vector} {number}" for number in (x, y, z))
    return text.assign(f"call {text.vector} @llvm.fma.v{text.target.lanes}f64({numbers})")


def _all(number: float) -> str:
    return f"splat (double {bits(number)})"


def _all_of(text: FunctionText, condition: str) -> str:
    """Whether it holds in all lanes."""
    lanes = text.target.lanes
    return text.assign(f"icmp eq i{lanes} {text.assign(f'bitcast <{lanes} x i1> {condition} to i{lanes}')}, -1")


def _within(text: FunctionText, i: str, vector: str, count: int) -> str:
    """The vector's lanes below `count`, and zeros."""
    lanes = text.target.lanes
    if count % lanes == 0:
        return vector
    left = text.assign(f"sub i64 {count}, {i}")
    one = text.assign(f"insertelement <{lanes} x i64> poison, i64 {left}, i64 0")
    all_of = text.assign(
        f"shufflevector <{lanes} x i64> {one}, <{lanes} x i64> poison, <{lanes} x i32> zeroinitializer"
    )
    places = ", ".join(f"i64 {lane}" for lane in range(lanes))
    inside = text.assign(f"icmp slt <{lanes} x i64> <{places}>, {all_of}")
    return text.assign(f"select <{lanes} x i1> {inside}, {text.vector} {vector}, {text.vector} zeroinitializer")


def _varying(program: Program) -> list[bool]:
    """For each instruction, whether its result differs from parameter to parameter."""
    varying: list[bool] = []
    for place, (word, *_) in enumerate(program.instructions):
        varying.append(word == "input" or any(varying[operand] for operand in program.operands(place)))
    return varying


def _name(lines: Instructions, result: Any) -> str:
    return lines.operand(result.place if isinstance(result, Register) else bits(result))


# A batch


def _gather(target: Target, drawn: int) -> str:
    """Samples' numbers side by side, row by row: those of the data, those drawn, and the share."""
    text = FunctionText(target)
    with text.loop(0, "%height") as (r, _, _):
        sample = text.assign(f"load i64, ptr {text.assign(f'getelementptr i64, ptr %order, i64 {r}')}, align 8")
        source = text.address("%data", text.assign(f"mul i64 {sample}, %columns"))
        into = text.address("%rows", text.assign(f"mul i64 {r}, %width"))
        _copy(text, source, into, "%columns")
        into = text.address(into, "%columns")
        if drawn:
            _copy(text, text.address("%drawn", text.assign(f"mul i64 {r}, {drawn}")), into, str(drawn))
        text.append(f"store double %share, ptr {text.address(into, drawn)}, align 8")
    parameters = "ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 %height, ptr %rows, i64 %width, double %share"
    return text.as_function("batch", parameters)


def _copy(text: FunctionText, source: str, into: str, count: str) -> None:
    lanes = text.target.lanes
    last = text.assign(f"sub i64 {count}, {lanes - 1}")
    with text.loop(0, last, lanes) as (j, _, _):
        text.store(text.load(text.address(source, j)), text.address(into, j))
    with text.loop(j, count) as (j, _, _):
        text.append(f"store double {text.load_scalar(text.address(source, j))}, ptr {text.address(into, j)}, align 8")


def _gradient(code: CodeLayout, drawn: int) -> str:
    """Losses of the rows from `first` to `last` of a batch, and their gradient's sum."""
    text = FunctionText(code.target)
    with blocks(code, text) as (start, height):
        order = text.assign(f"getelementptr i64, ptr %order, i64 {start}")
        draws = text.address("%drawn", text.assign(f"mul i64 {start}, {drawn}")) if drawn else "%drawn"
        rows = text.address("%scratch", code.size)
        text.append(
            f"call void @batch(ptr %data, i64 %columns, ptr {order}, ptr {draws}, i64 {height}, ptr {rows}, "
            "i64 %width, double %share)"
        )
        block(code, text, rows, start, height)
    return text.as_function("gradient", GRADIENT)


GRADIENT = (
    "ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 %first, i64 %last, i64 %width, double %share, "
    "ptr %numbers, ptr %scratch, ptr %gradient, ptr %written0"
)


def _step(layout: Layout, target: Target, drawn: int) -> str:
    """One step on `height` samples; whether it was taken."""
    text = FunctionText(target)
    steps = text.assign("load i64, ptr %steps, align 8")
    odd = text.assign(f"and i64 {steps}, 1")
    old = text.address("%states", text.assign(f"mul i64 {odd}, {layout.size}"))
    new = text.address("%states", text.assign(f"mul i64 {text.assign(f'xor i64 {odd}, 1')}, {layout.size}"))
    n = text.assign("sitofp i64 %height to double")
    _gradient_of_shares(text, layout, old, n, drawn)
    with text.loop(0, "%height", 1, [("double", bits(0.0))]) as (r, totals, following):
        following.append(text.assign(f"fadd double {totals[0]}, {text.load_scalar(text.address('%losses', r))}"))
    objective = _penalized(text, layout, old, text.assign(f"fdiv double {totals[0]}, {n}"))
    nothing = text.assign(f"fsub double {objective}, {objective}")
    text.append(f"br i1 {text.assign(f'fcmp oeq double {nothing}, {bits(0.0)}')}, label %finite, label %stop")
    text.start_block("stop")
    text.append("ret i1 false")
    text.start_block("finite")
    text.append(
        f"br i1 {text.assign(f'call i1 @update(ptr {old}, ptr {new}, ptr %gradient, ptr %numbers)')}, "
        "label %taken, label %stop"
    )
    text.start_block("taken")
    text.append(f"store i64 {text.assign(f'add i64 {steps}, 1')}, ptr %steps, align 8")
    text.append("ret i1 true")
    return _function(text, "i1", "step", STEP)


def _gradient_of_shares(text: FunctionText, layout: Layout, old: str, n: str, drawn: int) -> None:
    """The gradient of a batch of n samples: of its shares of rows, added up in order."""
    share = text.assign(f"fdiv double {bits(1.0)}, {n}")
    width = text.assign(f"add i64 %columns, {drawn + 1}")
    count = text.assign("load i64, ptr %shares, align 8")
    with text.loop(0, count) as (k, _, _):
        begin = text.assign(f"getelementptr i64, ptr %shares, i64 {text.assign(f'add i64 {k}, 1')}")
        first = text.assign(f"load i64, ptr {begin}, align 8")
        last = text.assign(f"load i64, ptr {text.assign(f'getelementptr i64, ptr {begin}, i64 1')}, align 8")
        is_first = text.assign(f"icmp eq i64 {k}, 0")
        into = text.assign(f"select i1 {is_first}, ptr %gradient, ptr %part")
        text.append(
            f"call void @gradient(ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 {first}, i64 {last}, "
            f"i64 {width}, double {share}, ptr {old}, ptr %scratch, ptr {into}, ptr %losses)"
        )
        stop = text.assign(f"select i1 {is_first}, i64 0, i64 {layout.parameters}")
        with text.loop(0, stop, text.target.lanes) as (i, _, _):
            _add_to(text, text.address("%gradient", i), text.address("%part", i))


def _penalized(text: FunctionText, layout: Layout, old: str, mean: str) -> str:
    """The mean loss with the penalty, whose gradient is added, if there is one."""
    text.append(f"br i1 {text.assign('icmp eq ptr %penalty, null')}, label %plain, label %penalized")
    before = text.label
    text.start_block("penalized")
    text.append(
        f"call void %penalty(ptr null, i64 0, i64 0, i64 1, ptr {old}, ptr %penalty.scratch, ptr null, "
        "ptr %penalty.value, ptr %penalty.gradient)"
    )
    with text.loop(0, str(layout.parameters), text.target.lanes) as (i, _, _):
        _add_to(text, text.address("%gradient", i), text.address("%penalty.gradient", i))
    penalized = text.assign(f"fadd double {text.load_scalar('%penalty.value')}, {mean}")
    text.append("br label %plain")
    after = text.label
    text.start_block("plain")
    return text.assign(f"phi double [ {mean}, %{before} ], [ {penalized}, %{after} ]")


def _add_to(text: FunctionText, pointer: str, other: str) -> None:
    text.store(text.assign(f"fadd {text.vector} {text.load(pointer)}, {text.load(other)}"), pointer)


STEP = (
    "ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 %height, ptr %shares, ptr %states, ptr %gradient, ptr %part, "
    "ptr %steps, ptr %numbers, ptr %losses, ptr %scratch, ptr %penalty, ptr %penalty.scratch, ptr %penalty.value, "
    "ptr %penalty.gradient"
)


def _run(formula: Formula, target: Target, drawn: int) -> str:
    """Steps on batches of the samples in their order, up to the last one or to one that can't be taken."""
    text = FunctionText(target)
    text.append("br label %head")
    text.start_block("head")
    text.append("%k = phi i64 [ 0, %entry ], [ %next, %body ]")
    start = text.assign("mul i64 %k, %batch")
    text.append(f"br i1 {text.assign(f'icmp slt i64 {start}, %samples')}, label %body, label %done")
    text.start_block("body")
    left = text.assign(f"sub i64 %samples, {start}")
    full = text.assign(f"icmp sge i64 {left}, %batch")
    height = text.assign(f"select i1 {full}, i64 %batch, i64 {left}")
    shares = text.assign(f"select i1 {full}, ptr %shares, ptr %shares.of.rest")
    order = text.assign(f"getelementptr i64, ptr %order, i64 {start}")
    draws = text.address("%drawn", text.assign(f"mul i64 {start}, {drawn}"))
    numbers = text.address("%hyperparameters", text.assign(f"mul i64 %k, {1 + len(formula.constants)}"))
    given = {
        "%order": order,
        "%drawn": draws,
        "%height": height,
        "%shares": shares,
        "%numbers": numbers,
        "%losses": text.address("%losses", start),
    }
    arguments = [(kind, given.get(name, name)) for kind, name in (entry.split() for entry in STEP.split(", "))]
    taken = text.assign(f"call i1 @step({', '.join(f'{kind} {name}' for kind, name in arguments)})")
    text.append("%next = add i64 %k, 1")
    text.append(f"br i1 {taken}, label %head, label %done")
    text.start_block("done")
    parameters = STEP.replace("%height", "%samples").replace("%shares", "%batch, ptr %shares, ptr %shares.of.rest")
    parameters = parameters.replace("ptr %batch", "i64 %batch").replace("%numbers", "%hyperparameters")
    return text.as_function("run", parameters).replace("define internal", "define", 1)


def _function(text: FunctionText, kind: str, name: str, parameters: str) -> str:
    return "\n".join([f"define internal {kind} @{name}({parameters}) #0 {{\nentry:", *text.lines, "}"])
