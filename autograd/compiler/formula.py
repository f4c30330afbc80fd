"""An optimizer's update formula, as a program, and the layout of the state that it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from autograd.compiler.program import Program, bits
from autograd.compiler.registers import Register, new_register, read_on_registers


@dataclass(frozen=True)
class Formula:
    """An update formula: lines that compute a new parameter w from the old one and its gradient g.

    lines      (name, expression), in order; the last line for w gives the new parameter, and the last one for a
               memory its new number
    memory     names that hold a number of each parameter, from one step to the next
    constants  names that are the same for all parameters, and may change from step to step

    Expressions may also use t, the number of the step.
    """

    lines: tuple[tuple[str, str], ...]
    memory: tuple[str, ...]
    constants: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as the text of one function of w, g, the memory, t and the constants."""
        arguments = ", ".join(("w", "g", *self.memory, "t", *self.constants))
        return f"lambda {arguments}: ({', '.join(f'({name} := {text})' for name, text in self.lines)},)"

    @property
    def targets(self) -> list[int]:
        """Which lines give the new numbers: of w, and of each memory."""
        last = {name: k for k, (name, _) in enumerate(self.lines)}
        if missing := [name for name in ("w", *self.memory) if name not in last]:
            raise ValueError(f"a formula needs a line for {missing[0]}, got lines for {', '.join(last) or 'nothing'}")
        return [last[name] for name in ("w", *self.memory)]


@dataclass(frozen=True)
class StateLayout:
    """The layout of a training's state: the fixed numbers, then the parameters, then each memory.

    fixed       the number of leaves that the graph reads and no step changes
    parameters  the number of parameters
    memory      the number of names that the formula remembers
    """

    fixed: int
    parameters: int
    memory: int

    @property
    def padded(self) -> int:
        """The distance from one memory to the next: rounded up, because code reads and writes whole vectors."""
        return -(-self.parameters // 8) * 8 + 8

    @property
    def size(self) -> int:
        """How many numbers a state has."""
        return self.fixed + self.padded * (1 + self.memory)

    def place(self, k: int) -> int:
        """The place where the parameters begin (k = 0), or memory k, counted from 1."""
        return self.fixed + self.padded * k


@cache
def formula_program(formula: Formula) -> tuple[Program, list[int]]:
    """The formula as a program, and the place of each line's result.

    The program's inputs are w, g and the memory, in this order; its numbers are t and the constants.
    """
    program = Program()
    inputs = [new_register(program, "input", k) for k in range(2 + len(formula.memory))]
    numbers = [new_register(program, "number", k) for k in range(1 + len(formula.constants))]
    results = read_on_registers(formula.text)(*inputs, *numbers)
    return program, [x.place if isinstance(x, Register) else program.emit("copy", bits(x)) for x in results]


def varying(program: Program) -> list[bool]:
    """Tell for each instruction of a formula whether its result depends on the parameter."""
    varies: list[bool] = []
    for place, (word, *_) in enumerate(program.instructions):
        varies.append(word == "input" or any(varies[operand] for operand in program.operands(place)))
    return varies
