"""From a plan to a module in LLVM's language, whose function `run` does what was planned.

Rows are taken in blocks; slot s of a block stands at scratch + s·slot, one row beside the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from autograd.compiler.instructions import intrinsics, library, piece
from autograd.compiler.layers import Grid
from autograd.compiler.plan import LayerLoop, Piece, Plan, ProductLoop, Slots
from autograd.compiler.program import bits
from autograd.compiler.shared import Shared, shared_loops
from autograd.compiler.summation import PLACES
from autograd.compiler.text import Target, Text, attributes


def code(plan: Plan, parameters: int, target: Target) -> str:
    """The module: a function `run` that takes rows from `first` to `last` and writes all that was planned."""
    return "\n\n".join([*functions(plan, target, shared_parts(plan, target)), _run(plan, parameters, target)]) + "\n"


def shared_parts(plan: Plan, target: Target, words: Iterable[str] = ()) -> list[Shared]:
    """What of the code is the same for all plans: the loops that this one uses, and the C library's functions."""
    used = {"rows"}
    if any(isinstance(stage, LayerLoop) for stage in plan.stages):
        used.add("layers")
    if plan.products:
        used.add("products")
    if plan.sums:
        used.add("sums")
    return [*shared_loops(used, target), *library({*words, *plan.program.words()}, target)]


def functions(plan: Plan, target: Target, shared: Iterable[Shared]) -> list[str]:
    """All that a block of rows calls."""
    parts = [attributes(), *intrinsics(target), *(part.declarations for part in shared)]
    parts += [
        piece(plan, stage.places, target, f"piece{k}")
        for k, stage in enumerate(plan.stages)
        if isinstance(stage, Piece)
    ]
    parts += ["declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)"]
    return [*parts, *_tables(plan, target)]


def _table(name: str, entries: Sequence[int]) -> str:
    numbers = ", ".join(f"i64 {entry}" for entry in entries)
    return f"@{name} = internal constant [{len(entries)} x i64] [{numbers}]"


def _tables(plan: Plan, target: Target) -> Iterator[str]:
    constants = ", ".join(f"double {bits(x)}" for x in plan.constants)
    yield f"@constants = internal constant [{len(plan.constants)} x double] [{constants}]"
    _, others = _runs(plan, target)
    yield _table("load.columns", [column for column, _ in others])
    yield _table("load.slots", [slot * target.slot for _, slot in others])
    yield _table("sums.places", [place for place, _ in plan.sums])
    yield _table("sums.slots", [slot * target.slot for _, slot in plan.sums])
    for k, slots in enumerate(plan.written):
        yield _table(f"written{k}", [slot * target.slot for slot in slots])


def _run(plan: Plan, parameters: int, target: Target) -> str:
    text = Text(target)
    with blocks(plan, text) as (start, height):
        rows = text.at("%rows", text.put(f"mul i64 {start}, %width"))
        block(plan, parameters, text, rows, start, height)
    written = "".join(f", ptr %written{k}" for k in range(len(plan.written)))
    head = f"ptr %rows, i64 %width, i64 %first, i64 %last, ptr %numbers, ptr %scratch, ptr %gradient{written}"
    return text.function("run", head).replace("define internal", "define", 1)


@contextmanager
def blocks(plan: Plan, text: Text) -> Iterator[tuple[str, str]]:
    """A loop over the rows from `first` to `last`: where each block starts, and how many rows it has."""
    size = text.target.block
    if plan.added:
        text.do(f"call void @llvm.memset.p0.i64(ptr %gradient, i8 0, i64 {8 * plan.added}, i1 false)")
    with text.loop("%first", "%last", size) as (start, _, _):
        left = text.put(f"sub i64 %last, {start}")
        yield start, text.put(f"select i1 {text.put(f'icmp slt i64 {left}, {size}')}, i64 {left}, i64 {size}")


def block(plan: Plan, parameters: int, text: Text, rows: str, start: str, height: str) -> None:
    """What was planned, for `height` rows of `width` numbers each; results stand from row `start` on."""
    target = text.target
    vectors = text.put(f"udiv i64 {text.put(f'add i64 {height}, {target.lanes - 1}')}, {target.lanes}")
    runs, others = _runs(plan, target)
    for (column, slot), step, count in runs:
        source, into = text.at(rows, column), text.at("%scratch", slot * target.slot)
        text.do(
            f"call void @load.across(ptr {source}, i64 %width, i64 {height}, ptr {into}, "
            f"i64 {step * target.slot}, i64 {count}, i64 {vectors})"
        )
    text.do(
        f"call void @load(ptr {rows}, i64 %width, i64 {height}, ptr %scratch, ptr @load.columns, "
        f"ptr @load.slots, i64 {len(others)}, i64 {vectors})"
    )
    for k, stage in enumerate(plan.stages):
        if isinstance(stage, Piece):
            text.do(f"call void @piece{k}(ptr %scratch, ptr %numbers, i64 {vectors})")
        else:
            _call_layer(text, stage, parameters, vectors)
    for k, slots in enumerate(plan.written):
        result = text.at(f"%written{k}", text.put(f"mul i64 {start}, {len(slots)}"))
        text.do(f"call void @write(ptr {result}, i64 {len(slots)}, i64 {height}, ptr %scratch, ptr @written{k})")
    if plan.sums:
        text.do(
            f"call void @sums(ptr %gradient, ptr @sums.places, ptr %scratch, ptr @sums.slots, "
            f"i64 {len(plan.sums)}, i64 {height})"
        )
    _call_products(text, plan, rows, height, vectors)


Load = tuple[int, int]
"""A column of the rows, and its slot."""


def _runs(plan: Plan, target: Target) -> tuple[list[tuple[Load, int, int]], list[Load]]:
    """Columns side by side that go to slots at even distances, as (first, distance, how many), and the others."""
    runs, others = [], []
    loads = sorted(plan.loads)
    while loads:
        column, slot = loads[0]
        step = loads[1][1] - slot if len(loads) > 1 else 0
        length = next((i for i, load in enumerate(loads) if load != (column + i, slot + i * step)), len(loads))
        count = length - length % target.lanes
        if count:
            runs.append((loads[0], step, count))
        others += loads[count : max(length, 1)]
        loads = loads[max(length, 1) :]
    return runs, others


def _call_layer(text: Text, stage: LayerLoop, parameters: int, vectors: str) -> None:
    slot = text.target.slot
    rows, columns = stage.shape
    inputs = text.at("%scratch", stage.inputs.first * slot)
    outputs = text.at("%scratch", stage.outputs.first * slot)
    first = stage.weights.first
    weights = text.at("@constants", first - parameters) if first >= parameters else text.at("%numbers", first)
    biases = stage.biases or Grid(0, 0, 0)
    text.do(
        f"call void @layer(ptr {inputs}, i64 {stage.inputs.step * slot}, ptr {weights}, i64 {stage.weights.row}, "
        f"i64 {stage.weights.column}, i64 {columns}, ptr {text.at('%numbers', biases.first)}, i64 {biases.row}, "
        f"ptr {outputs}, i64 {stage.outputs.step * slot}, i1 {int(stage.biases is None)}, i64 {rows}, i64 {vectors})"
    )


@dataclass(frozen=True)
class _Sides:
    """How a layer's products are taken: each of `up` with a vector of `across` side by side.

    `column` is the place among a row's numbers where `across` stands side by side already, or None.
    """

    up: Slots
    rows: int
    row: int
    across: Slots
    columns: int
    step: int
    column: int | None


def _sides(plan: Plan, product: ProductLoop) -> _Sides:
    """The longer side is taken across where the inputs are too few for a group of columns."""
    (rows, columns), grid = product.shape, product.gradient
    if columns < min(rows, PLACES):
        return _Sides(product.inputs, columns, grid.column, product.upstream, rows, grid.row, None)
    column_of = {slot: column for column, slot in plan.loads}
    found = [column_of.get(product.inputs.first + j * product.inputs.step) for j in range(columns)]
    first = found[0]
    beside = first is not None and found == list(range(first, first + columns))
    return _Sides(product.upstream, rows, grid.row, product.inputs, columns, grid.column, first if beside else None)


def _widths(plan: Plan) -> dict[Slots, int]:
    """The slots that are needed side by side, and how many of each."""
    widths: dict[Slots, int] = {}
    for product in plan.products:
        sides = _sides(plan, product)
        if sides.column is None:
            full = sides.columns - sides.columns % PLACES
            widths[sides.across] = max(full, widths.get(sides.across, 0))
    return {slots: width for slots, width in widths.items() if width}


def room(plan: Plan, target: Target) -> int:
    """How many numbers the code needs to have room for: the slots, and behind them those that stand side by side."""
    return (plan.slots + sum(_widths(plan).values())) * target.slot


def _call_products(text: Text, plan: Plan, rows: str, height: str, vectors: str) -> None:
    slot = text.target.slot
    pointers: dict[Slots, tuple[str, int]] = {}
    place = plan.slots
    for slots, width in _widths(plan).items():
        pointer = text.at("%scratch", place * slot)
        pointers[slots] = pointer, width
        place += width
        source = text.at("%scratch", slots.first * slot)
        text.do(
            f"call void @side.by.side(ptr {source}, i64 {slots.step * slot}, ptr {pointer}, i64 {width}, i64 {vectors})"
        )
    for product in plan.products:
        sides = _sides(plan, product)
        if sides.column is None:
            side, width = pointers.get(sides.across, ("null", 0))
            beside = f"ptr {side}, i64 {width}"
        else:
            beside = f"ptr {text.at(rows, sides.column)}, i64 %width"
        upstream, inputs = (text.at("%scratch", slots.first * slot) for slots in (sides.up, sides.across))
        text.do(
            f"call void @products(ptr {upstream}, i64 {sides.up.step * slot}, {beside}, "
            f"ptr {text.at('%gradient', product.gradient.first)}, i64 {sides.row}, i64 {sides.step}, i64 {height}, "
            f"ptr {inputs}, i64 {sides.across.step * slot}, i64 {sides.rows}, i64 {sides.columns})"
        )
