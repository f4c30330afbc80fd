"""Where everything stands in scratch memory.

Rows are taken in blocks; slot s of a block stands at scratch + s·slot, one row beside the other. Behind the slots stand
tables: inputs of outer products, row by row; gathered weights; and gradients that are added to the others at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd.compiler.llvm_text import Target
from autograd.compiler.plan import OuterProductLoop, Plan, SlotVector
from autograd.compiler.summation import PLACES

Load = tuple[int, int]
"""A column of the rows, and its slot."""


@dataclass(frozen=True)
class Across:
    """How an outer product is taken: each number of `along` with a vector of `across`.

    column   where `across` stands side by side among a row's numbers, or None
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
    """A plan, what its code is made for, and where everything stands in scratch memory.

    runs      columns side by side that go to slots at even distances: (first, stride, how many)
    loads     all other columns
    products  how each outer product is taken
    sides     slots whose numbers are also needed row by row: how many, and where they stand then
    gathered  where the gathered weights begin
    table     where the gradients begin that are added to the others at the end
    size      how many numbers the scratch memory has
    """

    plan: Plan
    target: Target
    runs: list[tuple[Load, int, int]]
    loads: list[Load]
    products: list[Across]
    sides: dict[SlotVector, tuple[int, int]]
    gathered: int
    table: int
    size: int


def lay_out(plan: Plan, target: Target) -> Layout:
    """Where everything stands, for a plan and what its code is made for."""
    runs, loads = _runs(plan, target)
    products = [_across(plan, product) for product in plan.products]
    widths: dict[SlotVector, int] = {}
    for product in products:
        full = product.columns - product.columns % PLACES
        if product.column is None and full:
            widths[product.across] = max(full, widths.get(product.across, 0))
    sides, size = {}, plan.slots * target.slot
    for slots, width in widths.items():
        sides[slots] = size, width
        size += width * target.slot
    gathered, table = size, size + len(plan.numbers.gathered)
    return Layout(plan, target, runs, loads, products, sides, gathered, table, table + len(plan.table))


def _runs(plan: Plan, target: Target) -> tuple[list[tuple[Load, int, int]], list[Load]]:
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


def _across(plan: Plan, product: OuterProductLoop) -> Across:
    """The longer side is taken across where the inputs are too few for a group of columns."""
    (rows, columns), matrix = product.shape, product.gradient
    strides = matrix.row_stride, matrix.column_stride
    if columns < min(rows, PLACES):
        return Across(product.inputs, columns, strides[1], product.upstream, rows, strides[0], None)
    column_of = {slot: column for column, slot in plan.loads}
    slots = [product.inputs.first + j * product.inputs.stride for j in range(columns)]
    found = [column_of.get(slot) for slot in slots]
    first = found[0]
    beside = first is not None and found == list(range(first, first + columns))
    column = first if beside else None
    return Across(product.upstream, rows, strides[0], product.inputs, columns, strides[1], column)
