"""A layout as a module in LLVM's language, whose function `run` does what was planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from autograd.compiler.c_library import c_library
from autograd.compiler.instructions import intrinsics, piece
from autograd.compiler.layout import Layout
from autograd.compiler.llvm_text import FunctionText, attributes
from autograd.compiler.matrices import Matrix
from autograd.compiler.plan import LayerLoop, Piece
from autograd.compiler.program import bits
from autograd.compiler.repeat_text import repeat
from autograd.compiler.repeats import Repeat
from autograd.compiler.shared import SharedModule, shared_loops


class Module(NamedTuple):
    """Text in LLVM's language, with a function `run`.

    arguments     how many arguments `run` takes, integers and addresses
    instructions  how many there are in straight pieces, which decides how much LLVM may do for them
    shared        what the text calls and other modules call, too
    """

    text: str
    arguments: int
    instructions: int = 0
    shared: Sequence[SharedModule] = ()


def module(layout: Layout) -> Module:
    """The module of a plan: `run` takes the rows from `first` to `last` and writes all that was planned."""
    shared = shared_parts(layout)
    text = "\n\n".join([*functions(layout, shared), _run(layout)]) + "\n"
    return Module(text, 7 + len(layout.plan.written), layout.plan.instructions, shared)


def shared_parts(layout: Layout, words: Iterable[str] = ()) -> list[SharedModule]:
    """What of the code is the same for all plans: the loops that this one uses, and the C library's functions."""
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
    """All that a block of rows calls."""
    plan, target = layout.plan, layout.target
    parts = [attributes(), *intrinsics(target), *(part.declarations for part in shared)]
    for k, stage in enumerate(plan.stages):
        if isinstance(stage, Piece):
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
    yield _table("load.columns", [column for column, _ in layout.loads])
    yield _table("load.slots", [slot * place for _, place in layout.loads])
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
        rows = text.strided("%rows", start, "%width")
        block(layout, text, rows, start, height)
    written = "".join(f", ptr %written{k}" for k in range(len(layout.plan.written)))
    head = f"ptr %rows, i64 %width, i64 %first, i64 %last, ptr %numbers, ptr %scratch, ptr %gradient{written}"
    return text.as_function("run", head).replace("define internal", "define", 1)


@contextmanager
def blocks(layout: Layout, text: FunctionText) -> Iterator[tuple[str, str]]:
    """A loop over the rows from `first` to `last`: where each block starts, and how many rows it has."""
    plan, size = layout.plan, layout.target.block
    gathered, table = text.address("%scratch", layout.gathered), text.address("%scratch", layout.table)
    if plan.numbers.gathered:
        text.append(
            f"call void @gather(ptr {gathered}, ptr @gathered, i64 {len(plan.numbers.gathered)}, ptr %numbers, "
            f"i64 {len(plan.numbers.index)}, ptr @constants)"
        )
    if plan.summed:
        text.append(f"call void @fill(ptr %gradient, i64 {plan.summed})")
        text.append(f"call void @fill(ptr {table}, i64 {len(plan.table)})")
    for place in dict.fromkeys(plan.zeros):
        text.store_scalar(bits(0.0), text.address("%gradient", place))
    with text.loop("%first", "%last", size) as (start, _, _):
        left = text.assign(f"sub i64 %last, {start}")
        yield start, text.assign(f"select i1 {text.assign(f'icmp slt i64 {left}, {size}')}, i64 {left}, i64 {size}")
    wanted = sum(place is not None for place in plan.table)
    if wanted:
        text.append(
            f"call void @scatter(ptr %gradient, ptr @table.places, ptr {table}, ptr @table.entries, i64 {wanted})"
        )


def block(layout: Layout, text: FunctionText, rows: str, start: str, height: str) -> None:
    """What was planned, for `height` rows of `width` numbers each; results stand from row `start` on."""
    plan, target = layout.plan, layout.target
    vectors = text.assign(f"udiv i64 {text.assign(f'add i64 {height}, {target.lanes - 1}')}, {target.lanes}")
    _call_loads(layout, text, rows, height, vectors)
    for k, stage in enumerate(plan.stages):
        if isinstance(stage, LayerLoop):
            _call_layer(layout, text, stage, vectors)
        else:
            text.append(f"call void @stage{k}(ptr %scratch, ptr %numbers, i64 {vectors})")
    for k, slots in enumerate(plan.written):
        result = text.address(f"%written{k}", text.assign(f"mul i64 {start}, {len(slots)}"))
        text.append(f"call void @write(ptr {result}, i64 {len(slots)}, i64 {height}, ptr %scratch, ptr @written{k})")
    if plan.sums:
        text.append(
            f"call void @sums(ptr %gradient, ptr @sums.places, ptr %scratch, ptr @sums.slots, "
            f"i64 {len(plan.sums)}, i64 {height})"
        )
    _call_products(layout, text, rows, height, vectors)


def _call_loads(layout: Layout, text: FunctionText, rows: str, height: str, vectors: str) -> None:
    slot = layout.target.slot
    for (column, place), stride, count in layout.runs:
        source, into = text.address(rows, column), text.address("%scratch", place * slot)
        text.append(
            f"call void @load.across(ptr {source}, i64 %width, i64 {height}, ptr {into}, "
            f"i64 {stride * slot}, i64 {count}, i64 {vectors})"
        )
    text.append(
        f"call void @load(ptr {rows}, i64 %width, i64 {height}, ptr %scratch, ptr @load.columns, "
        f"ptr @load.slots, i64 {len(layout.loads)}, i64 {vectors})"
    )


def _pointer(layout: Layout, text: FunctionText, matrix: Matrix) -> str:
    """Where a matrix begins."""
    begin = {"numbers": "%numbers", "constants": "@constants", "gradient": "%gradient"}
    offset = {"gathered": layout.gathered, "table": layout.table}.get(matrix.table, 0)
    return text.address(begin.get(matrix.table, "%scratch"), offset + matrix.first)


def _call_layer(layout: Layout, text: FunctionText, stage: LayerLoop, vectors: str) -> None:
    slot = layout.target.slot
    rows, columns = stage.shape
    inputs = text.address("%scratch", stage.inputs.first * slot)
    outputs = text.address("%scratch", stage.outputs.first * slot)
    weights, biases = stage.weights, stage.biases or Matrix(0, 0, 0)
    text.append(
        f"call void @layer(ptr {inputs}, i64 {stage.inputs.stride * slot}, ptr {_pointer(layout, text, weights)}, "
        f"i64 {weights.row_stride}, i64 {weights.column_stride}, i64 {columns}, "
        f"ptr {_pointer(layout, text, biases)}, i64 {biases.row_stride}, ptr {outputs}, "
        f"i64 {stage.outputs.stride * slot}, i1 {int(stage.biases is None)}, i64 {rows}, i64 {vectors})"
    )


def _call_products(layout: Layout, text: FunctionText, rows: str, height: str, vectors: str) -> None:
    slot = layout.target.slot
    for slots, (place, width) in layout.sides.items():
        source, side = text.address("%scratch", slots.first * slot), text.address("%scratch", place)
        text.append(
            f"call void @side.by.side(ptr {source}, i64 {slots.stride * slot}, ptr {side}, i64 {width}, i64 {vectors})"
        )
    for product, taken in zip(layout.plan.products, layout.products, strict=True):
        if taken.column is None:
            place, width = layout.sides.get(taken.across, (0, 0))
            beside = f"ptr {text.address('%scratch', place)}, i64 {width}"
        else:
            beside = f"ptr {text.address(rows, taken.column)}, i64 %width"
        along, across = (text.address("%scratch", slots.first * slot) for slots in (taken.along, taken.across))
        text.append(
            f"call void @products(ptr {along}, i64 {taken.along.stride * slot}, {beside}, "
            f"ptr {_pointer(layout, text, product.gradient)}, i64 {taken.row_stride}, i64 {taken.column_stride}, "
            f"i64 {height}, ptr {across}, i64 {taken.across.stride * slot}, i64 {taken.rows}, i64 {taken.columns})"
        )
