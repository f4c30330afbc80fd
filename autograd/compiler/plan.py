"""A plan: what is computed in which order, and in which slot each number is kept.

A plan is for a block of rows. What is computed for one row is computed for all rows of the block. Stages follow one
another: straight pieces of a program, instructions that are repeated, and layers, which are loops. At the end stand the
results: written for each row, or summed over the rows. A plan knows no language: whoever writes code reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograd.compiler.matrices import Matrix, NumberTables
from autograd.compiler.program import LEAVES, Program
from autograd.compiler.repeats import Repeat
from autograd.rules import Operation


@dataclass(frozen=True)
class SlotVector:
    """Slots at even distances."""

    first: int
    stride: int


@dataclass(frozen=True)
class Piece:
    """Places of the program that are computed one after another."""

    places: Sequence[int]


@dataclass(frozen=True)
class LayerLoop:
    """out[i] = start[i] + Σⱼ weights[i, j]·inputs[j], over slots; without biases, out holds the starts already."""

    weights: Matrix
    shape: tuple[int, int]
    inputs: SlotVector
    outputs: SlotVector
    biases: Matrix | None


@dataclass(frozen=True)
class OuterProductLoop:
    """gradient[i, j] += Σ over rows of upstream[i]·inputs[j]."""

    upstream: SlotVector
    inputs: SlotVector
    shape: tuple[int, int]
    gradient: Matrix


Stage = Piece | Repeat | LayerLoop


@dataclass
class Plan:
    """What the code does with a block of rows.

    numbers     the tables of parameters and constants
    loads       (column of a row, slot)
    stages      pieces of the program, repeats, and layers
    written     for each result with a row for each row of data, the slots of its columns
    summed      how many numbers the gradient has that is summed over the rows
    products    loops that sum up the gradients of layers
    table       for each entry of the table behind the gradient, its place in the gradient, or None
    sums        (place in the gradient, slot): what else is summed over the rows
    zeros       places in the gradient to which +0 is added, for each row; where nothing is added is one of them
    slot_of     the slot of each place of the program that has one
    slots       how many slots there are
    operations  how many nodes of each operation there were; of None, how many leaves
    """

    program: Program
    numbers: NumberTables
    loads: list[tuple[int, int]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    written: list[list[int]] = field(default_factory=list)
    summed: int = 0
    products: list[OuterProductLoop] = field(default_factory=list)
    table: list[int | None] = field(default_factory=list)
    sums: list[tuple[int, int]] = field(default_factory=list)
    zeros: list[int] = field(default_factory=list)
    slot_of: dict[int, int] = field(default_factory=dict)
    slots: int = 0
    operations: Counter[Operation | None] = field(default_factory=Counter)

    def new_slots(self, places: Sequence[int]) -> SlotVector:
        """Slots side by side for these places."""
        first = self.slots
        self.slot_of.update(zip(places, range(first, first + len(places)), strict=True))
        self.slots += len(places)
        return SlotVector(first, 1)

    @property
    def instructions(self) -> int:
        """How many instructions LLVM has to compile, beside those of layers: a repeated one counts once."""
        words = (self.program.instructions[place][0] for stage in self.stages for place in _spelled_out(stage))
        return sum(word not in LEAVES for word in words)


def _spelled_out(stage: Stage) -> Iterable[int]:
    if isinstance(stage, Repeat):
        return [results[0] for results in stage.results]
    return stage.places if isinstance(stage, Piece) else ()
