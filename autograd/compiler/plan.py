"""A plan: what is computed in which order, and in which slot each number is kept.

Each stage is carried out for all rows of a block: straight pieces of a program, instructions that are repeated, and
layers, which are loops. At the end stand the results: written for each row, or summed over the rows. A slot has room
for one number of each row. A plan knows no language; `layout` and `module` write it in LLVM's.
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
    """Slots at even distances: first, first + stride, …"""

    first: int
    stride: int


@dataclass(frozen=True)
class Piece:
    """Instructions that are carried out one after another, by their places in the program."""

    places: Sequence[int]


@dataclass(frozen=True)
class LayerLoop:
    """outputs[i] = bias[i] + Σⱼ weights[i, j]·inputs[j] over slots, product after product.

    biases   None if the slots of the outputs hold what the sums start from
    """

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
    """Everything that code does with a block of rows, in this order.

    program     the instructions that stages refer to, by their places
    numbers     the tables of parameters and constants
    loads       (column of a row, slot): what is copied from the rows first
    stages      pieces of the program, repeats, and layers
    written     for each result that has a row for each row of data, the slots of its columns
    sums        (place in the gradient, slot): what is summed over the rows, one by one
    products    the gradients of layers, summed over the rows as outer products
    table       for each entry of the table that products fill, its place in the gradient, or None; the table is added
                to the gradient at the end
    summed      how many numbers the gradient has
    zeros       places in the gradient to which a term +0 is added, which turns the −0 of an empty sum into +0
    slot_of     the slot of each place of the program that has one
    slots       how many slots there are
    operations  how often each operation occurs in the graph with its gradient; None counts the leaves
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
        """Make a slot for each of these places, side by side."""
        first = self.slots
        self.slot_of.update(zip(places, range(first, first + len(places)), strict=True))
        self.slots += len(places)
        return SlotVector(first, 1)

    @property
    def instructions(self) -> int:
        """The number of instructions to compile, without those of layers; a repeated one counts once."""
        return self.instructions_of(Piece, Repeat)

    def instructions_of(self, *kinds: type[Stage]) -> int:
        """Count the instructions in stages of these kinds; an instruction in a loop counts once."""
        stages = (stage for stage in self.stages if isinstance(stage, kinds))
        words = (self.program.instructions[place][0] for stage in stages for place in _spelled_out(stage))
        return sum(word not in LEAVES for word in words)


def _spelled_out(stage: Stage) -> Iterable[int]:
    if isinstance(stage, Repeat):
        return [results[0] for results in stage.results]
    return stage.places if isinstance(stage, Piece) else ()
