"""A tape: the instructions of many straight pieces as a table, which one loop carries out, entry by entry.

LLVM takes longer for each instruction than recording, differentiating and planning it. A plan that has too many of them
is written as a tape, which has the same bits and is about as fast as code that isn't optimized.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograd.compiler.plan import Piece, Plan
from autograd.compiler.program import Operand, float_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_COMPILED_INSTRUCTIONS = 40_000  # of straight pieces: more go on a tape

CONSTANT = "constant"
"""The word of an entry that fills a slot with a constant, as "number" does with a parameter."""

ENTRY_NUMBERS = 5
"""Numbers of an entry: its word, the slot of its result, and three operands, the last of which may be unused."""


@dataclass(frozen=True)
class Tape:
    """Instructions as entries.

    words      the words that occur, each with its number of operands; an entry has the place of its word
    entries    ENTRY_NUMBERS each. Slots are given by their first numbers in scratch memory; the operand of "number" and
               of "constant" is a place in a table
    constants  the table of constants
    ranges     for each stage of the plan that is a straight piece, its first entry and the one behind its last
    slots      how many slots there are: those of the plan, and behind them others for results within a piece
    """

    words: list[tuple[str, int]]
    entries: NDArray[np.int32]
    constants: NDArray[np.float64]
    ranges: dict[int, tuple[int, int]]
    slots: int


def tape_of(plan: Plan, stride: int) -> Tape | None:
    """The tape of a plan's straight pieces, for slots at this distance; None if they are few enough to be compiled."""
    if plan.instructions <= MAX_COMPILED_INSTRUCTIONS:
        return None
    import numpy as np  # noqa: PLC0415 — plans are read without NumPy, too, for JavaScript

    writer = _Writer(plan)
    ranges = {k: writer.write(stage) for k, stage in enumerate(plan.stages) if isinstance(stage, Piece)}
    entries = np.frombuffer(writer.entries, np.int32).reshape(-1, ENTRY_NUMBERS)
    is_leaf = np.isin(entries[:, 0], [k for (word, _), k in writer.words.items() if word in ("number", CONSTANT)])
    entries[:, 1] *= stride
    entries[~is_leaf, 2:] *= stride
    constants = np.array([float_of(constant) for constant in writer.constants])
    return Tape([*writer.words], entries, constants, ranges, writer.slots)


@dataclass
class _Writer:
    """Writes piece after piece.

    slot_here  the slots of what the piece under way has computed
    free       the next slot for such a result
    """

    plan: Plan
    words: dict[tuple[str, int], int] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=dict)
    entries: array[int] = field(default_factory=lambda: array("i"))
    slots: int = 0
    free: int = 0
    slot_here: dict[Operand, int] = field(default_factory=dict)

    def write(self, piece: Piece) -> tuple[int, int]:
        """Append the entries of a piece; return the range that they are."""
        first = len(self.entries) // ENTRY_NUMBERS
        self.slot_here = {}
        self.free = self.plan.slots
        instructions = self.plan.program.instructions
        for place in piece.places:
            if place in self.plan.slot_of or instructions[place][0] != "number":
                self.computed(place)
        self.slots = max(self.slots, self.free)
        return first, len(self.entries) // ENTRY_NUMBERS

    def slot(self, operand: Operand) -> int:
        """The slot of an operand, which is computed here if no stage keeps it in a slot of its own."""
        slot = self.slot_here.get(operand)
        if slot is not None:
            return slot
        if isinstance(operand, str):
            return self.append(operand, CONSTANT, [self.constants.setdefault(operand, len(self.constants))])
        slot = self.plan.slot_of.get(operand)
        return self.computed(operand) if slot is None else slot

    def computed(self, place: int) -> int:
        """Append the entry of an instruction, unless it is there; return the slot of its result."""
        slot = self.slot_here.get(place)
        if slot is None:
            word, *operands = self.plan.program.instructions[place]
            slot = self.append(place, word, operands if word == "number" else [*map(self.slot, operands)])
        return slot

    def append(self, result: Operand, word: str, operands: list[int]) -> int:
        slot = self.plan.slot_of.get(result) if isinstance(result, int) else None
        if slot is None:
            slot = self.free
            self.free += 1
        self.slot_here[result] = slot
        number = self.words.setdefault((word, len(operands)), len(self.words))
        self.entries.extend((number, slot, *operands, *UNUSED[len(operands) :]))
        return slot


UNUSED = (0, 0, 0)
