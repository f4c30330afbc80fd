"""The layout of scratch memory.

Rows are taken in blocks; slot s of a block stands at scratch + s·slot, one row beside the other. Behind the slots stand
tables: inputs of outer products, row by row; gathered weights; and gradients that are added to the others at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd.compiler.llvm_text import Target
from autograd.compiler.plan import OuterProductLoop, Plan, SlotVector
from autograd.compiler.repeats import Repeat
from autograd.compiler.summation import PLACES
from autograd.compiler.tape import Tape, tape_of

Load = tuple[int, int]
"""A column of the rows, and its slot."""


@dataclass(frozen=True)
class OuterProductLayout:
    """How an outer product is computed: each number of `along` is multiplied with vectors of `across`.

    along           one factor's slots, `rows` of them, `row_stride` apart in the gradient
    across          the other factor's slots, `columns` of them, `column_stride` apart in the gradient
    column          the column of the data where the numbers of `across` stand side by side, or None
    """

    along: SlotVector
    rows: int
    row_stride: int
    across: SlotVector
    columns: int
    column_stride: int
    column: int | None


@dataclass(frozen=True)
class Layout:
    """A plan, the target of its code, and where everything stands in scratch memory.

    column_runs      columns side by side that go to slots at even distances: (first, stride, how many)
    columns          all other columns that are needed, each with its slot
    products         how each outer product is computed
    transposed       slots whose numbers are also needed row by row: where the copies stand, and how many there are
    gathered_start   where the gathered weights begin
    table_start      where the gradients begin that are added to the others at the end
    scratch_numbers  how many numbers the scratch memory has
    tape             the straight pieces' instructions, if they are too many to be compiled
    """

    plan: Plan
    target: Target
    column_runs: list[tuple[Load, int, int]]
    columns: list[Load]
    products: list[OuterProductLayout]
    transposed: dict[SlotVector, tuple[int, int]]
    gathered_start: int
    table_start: int
    scratch_numbers: int
    tape: Tape | None

    @property
    def compiled_instructions(self) -> int:
        """The number of instructions that LLVM compiles."""
        plan = self.plan
        return plan.instructions if self.tape is None else plan.instructions_of(Repeat)


def lay_out(plan: Plan, target: Target) -> Layout:
    """The layout for a plan and the target of its code."""
    runs, columns = _column_runs(plan, target)
    products = [_outer_product_layout(plan, product) for product in plan.products]
    widths: dict[SlotVector, int] = {}
    for product in products:
        full = product.columns - product.columns % PLACES
        if product.column is None and full:
            widths[product.across] = max(full, widths.get(product.across, 0))
    tape = tape_of(plan, target.slot)
    transposed, size = {}, (plan.slots if tape is None else tape.slots) * target.slot
    for slots, width in widths.items():
        transposed[slots] = size, width
        size += width * target.slot
    gathered, table = size, size + len(plan.numbers.gathered)
    return Layout(plan, target, runs, columns, products, transposed, gathered, table, table + len(plan.table), tape)


def _column_runs(plan: Plan, target: Target) -> tuple[list[tuple[Load, int, int]], list[Load]]:
    runs, others = [], []
    loads = sorted(plan.loads)
    k = 0
    while k < len(loads):
        column, slot = loads[k]
        stride = loads[k + 1][1] - slot if k + 1 < len(loads) else 0
        length = 1
        while k + length < len(loads) and loads[k + length] == (column + length, slot + length * stride):
            length += 1
        count = length - length % target.lanes
        if count:
            runs.append((loads[k], stride, count))
        others += loads[k + count : k + length]
        k += length
    return runs, others


def _outer_product_layout(plan: Plan, product: OuterProductLoop) -> OuterProductLayout:
    """The layout of an outer product: across are the inputs or, if these don't fill a group, the longer factor."""
    (rows, columns), matrix = product.shape, product.gradient
    strides = matrix.row_stride, matrix.column_stride
    if columns < min(rows, PLACES):
        return OuterProductLayout(product.inputs, columns, strides[1], product.upstream, rows, strides[0], None)
    column_of = {slot: column for column, slot in plan.loads}
    slots = [product.inputs.first + j * product.inputs.stride for j in range(columns)]
    columns_of_inputs = [column_of.get(slot) for slot in slots]
    first = columns_of_inputs[0]
    beside = first is not None and columns_of_inputs == list(range(first, first + columns))
    column = first if beside else None
    return OuterProductLayout(product.upstream, rows, strides[0], product.inputs, columns, strides[1], column)
