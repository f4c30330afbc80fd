"""An update formula in LLVM's language: from old numbers to new ones, a vector of parameters at a time."""

from __future__ import annotations

import functools

from autograd.compiler import jit
from autograd.compiler.formula import Formula, StateLayout, formula_program, varying
from autograd.compiler.instructions import Instructions
from autograd.compiler.llvm_text import FunctionText, Target, constant
from autograd.compiler.program import Operand, Program

MIN_USUAL_MAGNITUDE, MAX_USUAL_MAGNITUDE = 2.0**-400, 2.0**400
"""Between these, no quotient of two numbers and no remainder of a division over- or underflows."""


def update(formula: Formula, state: StateLayout, target: Target) -> str:
    """The function `update`: writes new numbers; returns whether the gradient and the new parameters are finite."""
    text = FunctionText(target)
    program, places = formula_program(formula)
    lines = _FormulaLines(text, program)
    with text.loop(0, str(state.parameters), target.lanes, [(text.vector, "zeroinitializer")]) as (i, totals, next_):
        pointers = [text.address("%old", state.place(0), i), text.address("%gradient", i)]
        pointers += [text.address("%old", state.place(k), i) for k in range(1, 1 + len(formula.memory))]
        inputs = [text.load(pointer) for pointer in pointers]
        new = lines.results(inputs, [places[k] for k in formula.targets])
        for k, x in enumerate(new):
            text.store(x, text.address("%new", state.place(k), i))
        # x − x is 0 for what is finite, else nan, and nan stays in a sum
        nothing = [text.assign(f"fsub {text.vector} {x}, {x}") for x in (inputs[1], new[0])]
        both = _parameters_only(text, i, text.add(*nothing), state.parameters)
        next_.append(text.add(totals[0], both))
    finite = text.assign(f"fcmp oeq {text.vector} {totals[0]}, zeroinitializer")
    text.append(f"ret i1 {text.all_lanes(finite)}")
    return text.as_function("update", "ptr %old, ptr %new, ptr %gradient, ptr %numbers", result="i1")


def _parameters_only(text: FunctionText, i: str, vector: str, count: int) -> str:
    """The lanes of parameters; those after the last parameter, which may hold any number, become zeros."""
    if count % text.target.lanes == 0:
        return vector
    is_parameter = text.lanes_below(text.assign(f"sub i64 {count}, {i}"))
    return text.select(is_parameter, vector, "zeroinitializer")


class _FormulaLines:
    """The lines of a formula. A part without w, g and memory is computed once, before the loop over parameters.

    A quotient x / d with one d for all parameters is computed by multiplications, in a third of a division's time.
    With the reciprocal r of d, rounded, q = x·r is nearly the quotient. Each q + (x − q·d)·r, where the remainder in
    brackets is rounded once, is nearer: the first one is next to the quotient, the second is the quotient, rounded
    (P. Markstein, IBM J. Res. Dev. 34, 1990). This holds for numbers that are neither tiny nor huge: for a vector with
    another one, the instructions are computed again, with divisions.
    """

    def __init__(self, text: FunctionText, program: Program) -> None:
        self.text, self.program, self.varying = text, program, varying(program)
        self.fixed = Instructions(text, program, str)  # nothing is loaded, so `load` is never called
        for place, varies in enumerate(self.varying):
            if not varies:
                self.fixed.compute(place)
        self.divisor = {place: d for place in range(len(self.varying)) if (d := self._fixed_divisor(place)) is not None}
        # On a processor without an instruction for x·y + z, rounded once, a division is faster
        divisors = dict.fromkeys(self.divisor.values()) if jit.fuses() else ()
        self.reciprocals = {divisor: self._reciprocal(self.fixed.operand(divisor)) for divisor in divisors}

    def _fixed_divisor(self, place: int) -> Operand | None:
        """The divisor of an instruction that divides by the same number for all parameters."""
        word, *operands = self.program.instructions[place]
        if word != "/" or not self.varying[place]:
            return None
        divisor: Operand = operands[1]
        return divisor if isinstance(divisor, str) or not self.varying[divisor] else None

    def _reciprocal(self, divisor: str) -> tuple[str, str, str]:
        """1/d, −d, and whether d is neither tiny nor huge."""
        text = self.text
        reciprocal = text.assign(f"fdiv {text.vector} {constant(1.0)}, {divisor}")
        return reciprocal, text.assign(f"fneg {text.vector} {divisor}"), _is_usual(text, divisor)

    def results(self, inputs: list[str], places: list[int]) -> list[str]:
        """The names of the results at these places."""
        text = self.text
        if not self.reciprocals:
            return self._by_division(inputs, places)
        quick, usual = self._by_multiplication(inputs, places)
        safe = functools.reduce(lambda x, y: text.assign(f"and <{text.target.lanes} x i1> {x}, {y}"), usual)
        before = text.label
        text.append(f"br i1 {text.all_lanes(safe)}, label %usual, label %rare")
        text.start_block("rare")
        others = self._by_division(inputs, places)
        text.append("br label %usual")
        text.start_block("usual")
        return [
            text.assign(f"phi {text.vector} [ {x}, %{before} ], [ {y}, %rare ]")
            for x, y in zip(quick, others, strict=True)
        ]

    def _by_division(self, inputs: list[str], places: list[int]) -> list[str]:
        lines = self._instructions(inputs)
        for place in range(len(self.varying)):
            lines.compute(place)
        return [lines.operand(place) for place in places]

    def _by_multiplication(self, inputs: list[str], places: list[int]) -> tuple[list[str], list[str]]:
        """The results, and for each quotient whether it is right, lane by lane."""
        lines, usual = self._instructions(inputs), []
        for place in range(len(self.varying)):
            if place in self.divisor:
                number = lines.operand(self.program.instructions[place][1])
                lines.names[place], is_right = self._quotient(number, *self.reciprocals[self.divisor[place]])
                usual.append(is_right)
            else:
                lines.compute(place)
        return [lines.operand(place) for place in places], usual

    def _instructions(self, inputs: list[str]) -> Instructions:
        lines = Instructions(self.text, self.program, str)
        lines.names = {**self.fixed.names, **dict(enumerate(inputs))}
        return lines

    def _quotient(self, x: str, reciprocal: str, minus: str, divisor_is_usual: str) -> tuple[str, str]:
        """x / d by multiplications, and for each lane whether the result is right."""
        text, lanes = self.text, self.text.target.lanes
        zero = text.assign(f"fcmp oeq {text.vector} {x}, zeroinitializer")
        first = quotient = text.assign(f"fmul {text.vector} {x}, {reciprocal}")
        for _ in range(2):
            remainder = text.fused(quotient, minus, x)
            quotient = text.fused(remainder, reciprocal, quotient)
        quotient = text.select(zero, first, quotient)  # a fused sum would lose the sign of a zero
        usual = text.assign(f"or <{lanes} x i1> {zero}, {_is_usual(text, x)}")
        return quotient, text.assign(f"and <{lanes} x i1> {usual}, {divisor_is_usual}")


def _is_usual(text: FunctionText, x: str) -> str:
    size, lanes = text.magnitude(x), text.target.lanes
    large_enough = text.assign(f"fcmp ogt {text.vector} {size}, {constant(MIN_USUAL_MAGNITUDE)}")
    small_enough = text.assign(f"fcmp olt {text.vector} {size}, {constant(MAX_USUAL_MAGNITUDE)}")
    return text.assign(f"and <{lanes} x i1> {large_enough}, {small_enough}")
