"""An update formula of an optimizer: what it says, as a program, and where the numbers stand that it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from autograd.compiler.program import Program, bits
from autograd.compiler.registers import Register, new_register, read_on_registers


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
class StateLayout:
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


@cache
def formula_program(formula: Formula) -> tuple[Program, dict[str, int]]:
    """The formula as a program, and for each name the place of what it is in the end.

    Inputs are w, g and the memory, in order; numbers are t and the constants.
    """
    program = Program()
    inputs = [new_register(program, "input", k) for k in range(2 + len(formula.memory))]
    numbers = [new_register(program, "number", k) for k in range(1 + len(formula.constants))]
    results = read_on_registers(formula.text)(*inputs, *numbers)
    places = [x.place if isinstance(x, Register) else program.emit("copy", bits(x)) for x in results]
    return program, {name: place for (name, _), place in zip(formula.lines, places, strict=True)}
