"""A layout as a module in LLVM's language, whose function `run` does what was planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from autograd.compiler import loop_text
from autograd.compiler.c_library import c_library
from autograd.compiler.instructions import STAGE_PARAMETERS, intrinsics, piece
from autograd.compiler.layout import Layout
from autograd.compiler.llvm_text import FunctionText, attributes, call
from autograd.compiler.matrices import Matrix
from autograd.compiler.plan import LayerLoop, Piece
from autograd.compiler.program import bits
from autograd.compiler.repeat_text import repeat
from autograd.compiler.repeats import Repeat
from autograd.compiler.shared import SharedModule, shared_loops
from autograd.compiler.tape_text import TAPE_PARAMETERS, tape_function


class Module(NamedTuple):
    """Code in LLVM's language, with a function `run`.

    arguments     how many arguments `run` takes: integers and addresses
    instructions  how many instructions LLVM compiles; it doesn't optimize too many
    shared        modules that the text calls and that other modules call, too
    """

    text: str
    arguments: int
    instructions: int = 0
    shared: Sequence[SharedModule] = ()


def module(layout: Layout) -> Module:
    """The module of a plan: `run` takes the rows from `first` to `last` and writes all that was planned."""
    shared = shared_parts(layout)
    text = "\n\n".join([*functions(layout, shared), _run(layout)]) + "\n"
    return Module(text, 7 + len(layout.plan.written), layout.compiled_instructions, shared)


def shared_parts(layout: Layout, words: Iterable[str] = ()) -> list[SharedModule]:
    """The shared modules that the code calls: loops, and the C library's functions that it or `words` name."""
    plan = layout.plan
    used = {"rows"}
    if any(isinstance(stage, LayerLoop) for stage in plan.stages):
        used.add("layers")
    if plan.products:
        used.add("products")
    if plan.sums:
        used.add("sums")
    if plan.numbers.gathered or plan.table:
        used.add("tables")
    return [*shared_loops(used, layout.target), *c_library({*words, *plan.program.words()}, layout.target)]


def functions(layout: Layout, shared: Iterable[SharedModule]) -> list[str]:
    """The functions and tables that the lines of `block` use, as text."""
    plan, target = layout.plan, layout.target
    parts = [attributes(), *intrinsics(target), *(part.declarations for part in shared)]
    if layout.tape is not None:
        parts.append(tape_function(layout.tape, target))
    for k, stage in enumerate(plan.stages):
        if isinstance(stage, Piece) and layout.tape is None:
            parts.append(piece(plan, stage.places, target, f"stage{k}"))
        elif isinstance(stage, Repeat):
            parts.append(repeat(plan, stage, target, f"stage{k}"))
    return [*parts, *_tables(layout)]


def _table(name: str, entries: Sequence[int]) -> str:
    numbers = ", ".join([f"i64 {entry}" for entry in entries])
    return f"@{name} = internal constant [{len(entries)} x i64] [{numbers}]"


def _tables(layout: Layout) -> Iterator[str]:
    plan, slot = layout.plan, layout.target.slot
    constants = ", ".join([f"double {bits(x)}" for x in plan.numbers.constants])
    yield f"@constants = internal constant [{len(plan.numbers.constants)} x double] [{constants}]"
    yield _table("gathered", plan.numbers.gathered)
    yield _table("load.columns", [column for column, _ in layout.columns])
    yield _table("load.slots", [slot * place for _, place in layout.columns])
    yield _table("sums.places", [place for place, _ in plan.sums])
    yield _table("sums.slots", [slot * place for _, place in plan.sums])
    entries = [(k, place) for k, place in enumerate(plan.table) if place is not None]
    yield _table("table.entries", [k for k, _ in entries])
    yield _table("table.places", [place for _, place in entries])
    for k, slots in enumerate(plan.written):
        yield _table(f"written{k}", [slot * place for place in slots])


def _run(layout: Layout) -> str:
    text = FunctionText(layout.target)
    with blocks(layout, text) as (start, height):
        block(layout, text, text.strided("%rows", start, "%width"), start, height)
    written = "".join(f", ptr %written{k}" for k in range(len(layout.plan.written)))
    parameters = f"ptr %rows, i64 %width, i64 %first, i64 %last, ptr %numbers, ptr %scratch, ptr %gradient{written}"
    return text.as_function("run", parameters, internal=False)


@contextmanager
def blocks(layout: Layout, text: FunctionText) -> Iterator[tuple[str, str]]:
    """A loop over the blocks of the rows from `first` to `last`; gives a block's first row and its number of rows."""
    plan, size = layout.plan, layout.target.block
    gathered, table = text.address("%scratch", layout.gathered_start), text.address("%scratch", layout.table_start)
    if plan.numbers.gathered:
        given = {"%into": gathered, "%sources": "@gathered", "%constants": "@constants"}
        counts = {"%count": len(plan.numbers.gathered), "%parameters": len(plan.numbers.index)}
        text.append(call("gather", loop_text.GATHER_PARAMETERS, {**given, **counts}))
    if plan.summed:
        for pointer, count in (("%gradient", plan.summed), (table, len(plan.table))):
            text.append(call("fill", loop_text.FILL_PARAMETERS, {"%numbers": pointer, "%count": count}))
    for place in dict.fromkeys(plan.zeros):
        text.store_scalar(bits(0.0), text.address("%gradient", place))
    with text.loop("%first", "%last", size) as (start, _, _):
        left = text.assign(f"sub i64 %last, {start}")
        yield start, text.assign(f"select i1 {text.assign(f'icmp slt i64 {left}, {size}')}, i64 {left}, i64 {size}")
    entries = sum(place is not None for place in plan.table)
    if entries:
        given = {"%places": "@table.places", "%table": table, "%entries": "@table.entries"}
        text.append(call("scatter", loop_text.SCATTER_PARAMETERS, {**given, "%count": entries}))


def block(layout: Layout, text: FunctionText, rows: str, start: str, height: str) -> None:
    """Append lines that carry out the plan for `height` rows of `width` numbers; results go to rows from `start` on."""
    plan, lanes = layout.plan, layout.target.lanes
    vectors = text.assign(f"udiv i64 {text.assign(f'add i64 {height}, {lanes - 1}')}, {lanes}")
    _call_loads(layout, text, rows, height, vectors)
    for k, stage in enumerate(plan.stages):
        if isinstance(stage, LayerLoop):
            _call_layer(layout, text, stage, vectors)
        elif isinstance(stage, Piece) and layout.tape is not None:
            first, last = layout.tape.ranges[k]
            text.append(call("tape", TAPE_PARAMETERS, {"%vectors": vectors, "%first": first, "%last": last}))
        else:
            text.append(call(f"stage{k}", STAGE_PARAMETERS, {"%vectors": vectors}))
    for k, slots in enumerate(plan.written):
        result = text.strided(f"%written{k}", start, len(slots))
        given = {"%result": result, "%width": len(slots), "%height": height, "%slots": f"@written{k}"}
        text.append(call("write", loop_text.WRITE_PARAMETERS, given))
    if plan.sums:
        given = {"%places": "@sums.places", "%slots": "@sums.slots", "%count": len(plan.sums), "%height": height}
        text.append(call("sums", loop_text.SUMS_PARAMETERS, given))
    _call_products(layout, text, rows, height, vectors)


def _call_loads(layout: Layout, text: FunctionText, rows: str, height: str, vectors: str) -> None:
    slot = layout.target.slot
    size = {"%height": height, "%vectors": vectors}
    for (column, place), stride, count in layout.column_runs:
        given = {"%rows": text.address(rows, column), "%slots": text.address("%scratch", place * slot)}
        strides = {"%slot.stride": stride * slot, "%count": count}
        text.append(call("load.across", loop_text.LOAD_ACROSS_PARAMETERS, {**given, **strides, **size}))
    given = {"%rows": rows, "%columns": "@load.columns", "%slots": "@load.slots"}
    text.append(call("load", loop_text.LOAD_PARAMETERS, {**given, "%count": len(layout.columns), **size}))


def _pointer(layout: Layout, text: FunctionText, matrix: Matrix) -> str:
    """The address of a matrix's first number."""
    begin = {"numbers": "%numbers", "constants": "@constants", "gradient": "%gradient"}
    offset = {"gathered": layout.gathered_start, "table": layout.table_start}.get(matrix.table, 0)
    return text.address(begin.get(matrix.table, "%scratch"), offset + matrix.first)


def _call_layer(layout: Layout, text: FunctionText, stage: LayerLoop, vectors: str) -> None:
    slot = layout.target.slot
    (rows, columns), weights, biases = stage.shape, stage.weights, stage.biases or Matrix(0, 0, 0)
    given = {
        "%inputs": text.address("%scratch", stage.inputs.first * slot),
        "%input.stride": stage.inputs.stride * slot,
        "%outputs": text.address("%scratch", stage.outputs.first * slot),
        "%output.stride": stage.outputs.stride * slot,
        "%weights": _pointer(layout, text, weights),
        "%row.stride": weights.row_stride,
        "%column.stride": weights.column_stride,
        "%biases": _pointer(layout, text, biases),
        "%bias.stride": biases.row_stride,
        "%resumed": int(stage.biases is None),
    }
    size = {"%count": columns, "%rows": rows, "%vectors": vectors}
    text.append(call("layer", loop_text.LAYER_PARAMETERS, {**given, **size}))


def _call_products(layout: Layout, text: FunctionText, rows: str, height: str, vectors: str) -> None:
    slot = layout.target.slot
    for slots, (place, width) in layout.transposed.items():
        given = {
            "%slots": text.address("%scratch", slots.first * slot),
            "%slot.stride": slots.stride * slot,
            "%side": text.address("%scratch", place),
            "%width": width,
            "%vectors": vectors,
        }
        text.append(call("side.by.side", loop_text.SIDE_BY_SIDE_PARAMETERS, given))
    for product, taken in zip(layout.plan.products, layout.products, strict=True):
        place, width = layout.transposed.get(taken.across, (0, 0))
        given = {
            "%side": text.address("%scratch", place) if taken.column is None else text.address(rows, taken.column),
            "%width": width if taken.column is None else "%width",
            "%upstream": text.address("%scratch", taken.along.first * slot),
            "%upstream.stride": taken.along.stride * slot,
            "%inputs": text.address("%scratch", taken.across.first * slot),
            "%input.stride": taken.across.stride * slot,
            "%gradient": _pointer(layout, text, product.gradient),
            "%row.stride": taken.row_stride,
            "%column.stride": taken.column_stride,
            "%height": height,
            "%rows": taken.rows,
            "%columns": taken.columns,
        }
        text.append(call("products", loop_text.PRODUCTS_PARAMETERS, given))
