"""A program: a list of simple instructions, each of which takes results of earlier ones; none occurs twice.

    input k, number k, layer k    column k of a row, parameter k, sum k of a layer
    copy x                        x
    + - * / negate                arithmetic
    > >= < <= == !=               comparisons, whose results are conditions, as those of `and` and `or` are
    select c x y                  x where the condition c holds, else y; both have been computed
    tanh x, pow x y, …            functions, named as in the table of primitives or in the C library

Arithmetic is IEEE 754's on float64, and so are comparisons, which nan fails but for !=. A program knows no language:
`instructions` writes it in LLVM's.
"""

from __future__ import annotations

import struct
from typing import Any

Operand = int | str
"""What an instruction works on: a result, by the place of its instruction, or a constant, by its bits."""

Instruction = tuple[Any, ...]
"""A word, then its operands: ("+", 3, 5). Those of "input", "number" and "layer" are plain indices."""

LEAVES = {"input", "number", "layer"}
COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
CONDITIONS = {*COMPARISONS, "and", "or"}


class Program:
    """Instructions in order: each follows those whose results it takes."""

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self._known: dict[Instruction, int] = {}

    def emit(self, *instruction: Any) -> int:
        """The place of this instruction, which is appended unless the program has it already."""
        place = self._known.get(instruction)
        if place is None:
            place = self._known[instruction] = len(self.instructions)
            self.instructions.append(instruction)
        return place

    def fresh(self, *instruction: Any) -> int:
        """Append this instruction, even if the program has it already; return its place."""
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def operands(self, place: int) -> list[int]:
        """The places of the results that an instruction takes."""
        word, *operands = self.instructions[place]
        return [] if word in LEAVES else [operand for operand in operands if type(operand) is int]

    def words(self) -> set[str]:
        """The words of the instructions."""
        return {instruction[0] for instruction in self.instructions}

    def is_condition(self, place: int) -> bool:
        """Whether an instruction's result is a condition, and not a number."""
        return self.instructions[place][0] in CONDITIONS


def bits(x: float) -> str:
    """A constant's operand: the bits of a float, which tell −0.0 from 0.0.

    >>> bits(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


def float_of(constant: str) -> float:
    """The float of these bits: the inverse of `bits`.

    >>> float_of("0x3FF0000000000000")
    1.0
    """
    x: float = struct.unpack("<d", struct.pack("<Q", int(constant, 16)))[0]
    return x


ONE = bits(1.0)
MINUS_ZERO = bits(-0.0)  # the identity of IEEE addition: −0.0 + x == x for every x, −0.0 included
