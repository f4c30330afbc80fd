"""The loops of compiled code, in LLVM's language: layers, their gradients, sums, rows in and out.

Each is one function for all layers and all networks: what differs comes as numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.program import bits
from autograd.compiler.summation import PLACES

NOTHING = f"splat (double {bits(-0.0)})"
"""What a sum starts from: −0, the identity of IEEE addition. From +0, a sum of −0 alone would be +0."""

TILES = (4, 2, 1)
"""Sums of a layer that are computed together: with as many vectors of rows each, they fit into registers."""


def vector_tiles(target: Target) -> tuple[int, ...]:
    """Vectors of rows that a layer takes at once: AVX-512 has twice the registers."""
    return (4, 1) if target.lanes == 8 else (2, 1)


# Layers


def layer_tile(target: Target, sums: int, vectors: int) -> str:
    """`sums` sums of `vectors` vectors of rows: each product is added in its turn."""
    text = FunctionText(target)
    lanes = target.lanes
    weights = [text.address("%weights", text.assign(f"mul i64 %row, {i}")) for i in range(sums)]
    outputs = [text.address("%outputs", text.assign(f"mul i64 %output, {i}")) for i in range(sums)]
    tile = [(i, t) for i in range(sums) for t in range(vectors)]
    text.append("br i1 %resumed, label %resume, label %start")
    text.start_block("resume")
    held = [text.load(text.address(outputs[i], t * lanes)) for i, t in tile]
    text.append("br label %begin")
    text.start_block("start")
    biases = [
        text.splat(text.load_scalar(text.address("%biases", text.assign(f"mul i64 %bias, {i}")))) for i in range(sums)
    ]
    text.append("br label %begin")
    text.start_block("begin")
    first = [
        text.assign(f"phi {text.vector} [ {held[k]}, %resume ], [ {biases[i]}, %start ]")
        for k, (i, _) in enumerate(tile)
    ]
    with text.loop(0, "%count", 1, [(text.vector, x) for x in first]) as (j, totals, following):
        inputs = text.address("%inputs", text.assign(f"mul i64 {j}, %input"))
        x = [text.load(text.address(inputs, t * lanes)) for t in range(vectors)]
        column = text.assign(f"mul i64 {j}, %column")
        w = [text.splat(text.load_scalar(text.address(weights[i], column))) for i in range(sums)]
        following += [text.multiply_add(total, w[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    for total, (i, t) in zip(totals, tile, strict=True):
        text.store(total, text.address(outputs[i], t * lanes))
    return text.as_function(f"layer.{sums}x{vectors}", LAYER_TILE)


LAYER_TILE = (
    "ptr %inputs, i64 %input, ptr %weights, i64 %row, i64 %column, i64 %count, "
    "ptr %biases, i64 %bias, ptr %outputs, i64 %output, i1 %resumed"
)


def layer(target: Target) -> str:
    text = FunctionText(target)
    for i, sums in text.tiles("%rows", TILES):
        weights = text.address("%weights", text.assign(f"mul i64 {i}, %row"))
        biases = text.address("%biases", text.assign(f"mul i64 {i}, %bias"))
        outputs = text.address("%outputs", text.assign(f"mul i64 {i}, %output"))
        for v, vectors in text.tiles("%vectors", vector_tiles(target)):
            offset = text.assign(f"mul i64 {v}, {target.lanes}")
            x, z = text.address("%inputs", offset), text.address(outputs, offset)
            text.append(
                f"call void @layer.{sums}x{vectors}(ptr {x}, i64 %input, ptr {weights}, i64 %row, i64 %column, "
                f"i64 %count, ptr {biases}, i64 %bias, ptr {z}, i64 %output, i1 %resumed)"
            )
    return text.as_function("layer", f"{LAYER_TILE}, i64 %rows, i64 %vectors")


# A layer's gradient: products added up over rows


def product_tile(target: Target, rows: int, vectors: int) -> str:
    """Products of `rows` upstream numbers and `vectors` vectors of inputs side by side, added up row by row of data."""
    text = FunctionText(target)
    upstream = [text.address("%upstream", text.assign(f"mul i64 %up, {i}")) for i in range(rows)]
    tile = [(i, t) for i in range(rows) for t in range(vectors)]
    first = [(text.vector, NOTHING)] * len(tile)
    with text.loop(0, "%height", 1, first) as (r, totals, following):
        side = text.address("%side", text.assign(f"mul i64 {r}, %width"))
        x = [text.load(text.address(side, t * target.lanes)) for t in range(vectors)]
        δ = [text.splat(text.load_scalar(text.address(pointer, r))) for pointer in upstream]
        following += [text.multiply_add(total, δ[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    for total, (i, t) in zip(totals, tile, strict=True):
        pointer = text.address(
            "%gradient", text.assign(f"mul i64 %row, {i}"), text.assign(f"mul i64 %column, {t * target.lanes}")
        )
        text.append(f"call void @add(ptr {pointer}, i64 %column, {text.vector} {total})")
    return text.as_function(f"product.{rows}x{vectors}", PRODUCT_TILE)


PRODUCT_TILE = "ptr %upstream, i64 %up, ptr %side, i64 %width, ptr %gradient, i64 %row, i64 %column, i64 %height"


def adding(target: Target) -> str:
    """gradient[k·column] += xₖ for the lanes of a vector, at once where they stand side by side."""
    text = FunctionText(target)
    side = text.assign("icmp eq i64 %column, 1")
    text.append(f"br i1 {side}, label %together, label %apart")
    text.start_block("together")
    text.store(text.add(text.load("%gradient"), "%x"), "%gradient")
    text.append("ret void")
    text.start_block("apart")
    for lane in range(target.lanes):
        pointer = text.address("%gradient", text.assign(f"mul i64 %column, {lane}"))
        _add(text, pointer, text.assign(f"extractelement {text.vector} %x, i64 {lane}"))
    return text.as_function("add", f"ptr %gradient, i64 %column, {text.vector} %x")


def _add(text: FunctionText, pointer: str, x: str) -> None:
    total = text.assign(f"fadd double {text.load_scalar(pointer)}, {x}")
    text.append(f"store double {total}, ptr {pointer}, align 8")


def product(target: Target) -> str:
    """One product, added up over the block: of an input behind the last full group of columns."""
    text = FunctionText(target)
    (total,) = _totals(text, [("%upstream", "%inputs")])
    _add(text, "%gradient", _sum_of_lanes(text, total))
    return text.as_function("product", "ptr %upstream, ptr %inputs, ptr %gradient, i64 %height")


def products(target: Target) -> str:
    text = FunctionText(target)
    lanes = target.lanes
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %columns, {PLACES}')}, {PLACES // lanes}")
    for j, vectors in text.tiles(full, vector_tiles(target)):
        offset = text.assign(f"mul i64 {j}, {lanes}")
        side, columns = (
            text.address("%side", offset),
            text.address("%gradient", text.assign(f"mul i64 {offset}, %column")),
        )
        for i, rows in text.tiles("%rows", TILES):
            upstream = text.address("%upstream", text.assign(f"mul i64 {i}, %up"))
            gradient = text.address(columns, text.assign(f"mul i64 {i}, %row"))
            text.append(
                f"call void @product.{rows}x{vectors}(ptr {upstream}, i64 %up, ptr {side}, i64 %width, "
                f"ptr {gradient}, i64 %row, i64 %column, i64 %height)"
            )
    with text.loop(text.assign(f"mul i64 {full}, {lanes}"), "%columns") as (j, _, _):
        inputs = text.address("%inputs", text.assign(f"mul i64 {j}, %input"))
        columns = text.address("%gradient", text.assign(f"mul i64 {j}, %column"))
        with text.loop(0, "%rows") as (i, _, _):
            upstream = text.address("%upstream", text.assign(f"mul i64 {i}, %up"))
            gradient = text.address(columns, text.assign(f"mul i64 {i}, %row"))
            text.append(f"call void @product(ptr {upstream}, ptr {inputs}, ptr {gradient}, i64 %height)")
    more = "ptr %inputs, i64 %input, i64 %rows, i64 %columns"
    return text.as_function("products", f"{PRODUCT_TILE}, {more}")


# Sums over places and lanes, and vectors turned into rows


def _totals(text: FunctionText, terms: Sequence[Sequence[str]]) -> list[str]:
    """For each term, a slot or a product of two, the totals of its places over the block's rows, in one vector.

    Places beyond the lanes have vectors of their own, which are added by halves.
    """
    places = range(0, PLACES, text.target.lanes)
    full = text.assign(f"udiv i64 %height, {PLACES}")
    end = text.assign(f"udiv i64 {text.assign(f'add i64 %height, {PLACES - 1}')}, {PLACES}")
    left = text.assign(f"urem i64 %height, {PLACES}")
    is_row = {place: text.lanes_below(text.assign(f"sub i64 {left}, {place}")) for place in places}
    totals = [NOTHING] * (len(places) * len(terms))
    for start, stop in (("0", full), (full, end)):
        with text.loop(start, stop, 1, [(text.vector, total) for total in totals]) as (eight, totals, following):
            row = text.assign(f"mul i64 {eight}, {PLACES}")
            for total, (place, term) in zip(totals, itertools.product(places, terms), strict=True):
                x = [text.load(text.address(slot, row, place)) for slot in term]
                if stop == end:  # behind the last row stands what was there before, nan perhaps
                    instead = [NOTHING, "zeroinitializer"]  # whose product is −0, too
                    x = [text.select(is_row[place], number, other) for number, other in zip(x, instead, strict=False)]
                following.append(text.multiply_add(total, *x) if len(x) == 2 else text.add(total, *x))
    while len(totals) > len(terms):
        middle = len(totals) // 2
        totals = [text.add(a, b) for a, b in zip(totals[:middle], totals[middle:], strict=True)]
    return totals


def _transposed(text: FunctionText, vectors: Sequence[str]) -> list[str]:
    """Vectors whose lane i is that of vector i: pairs exchange halves, then quarters, …"""
    lanes = half = text.target.lanes
    found = list(vectors)
    while half > 1:
        half //= 2
        for k in range(lanes):
            if k & half == 0:
                low = [lane if lane & half == 0 else lanes + lane - half for lane in range(lanes)]
                high = [lane + half if lane & half == 0 else lanes + lane for lane in range(lanes)]
                pair = found[k], found[k + half]
                found[k], found[k + half] = text.shuffle(*pair, low), text.shuffle(*pair, high)
    return found


def _transposed_sum(text: FunctionText, vectors: Sequence[str]) -> str:
    """The vector of the vectors' sums over their lanes: halves, quarters, … are laid side by side and added."""
    lanes = half = text.target.lanes
    found = list(vectors)
    while half > 1:
        half //= 2
        groups = [range(start, start + half) for start in range(0, lanes, 2 * half)]
        low = [lane for group in groups for lane in (*group, *(lanes + lane for lane in group))]
        high = [lane + half for lane in low]
        middle = len(found) // 2
        found = [
            text.add(text.shuffle(a, b, low), text.shuffle(a, b, high))
            for a, b in zip(found[:middle], found[middle:], strict=True)
        ]
    return found[0]


def _sum_of_lanes(text: FunctionText, vector: str) -> str:
    """One number: the same additions as in a transposed sum."""
    lanes = half = text.target.lanes
    while half > 1:
        half //= 2
        moved = text.shuffle(vector, vector, [min(lane + half, lanes - 1) for lane in range(lanes)])
        vector = text.add(vector, moved)
    return text.assign(f"extractelement {text.vector} {vector}, i64 0")


def sums(target: Target) -> str:
    """gradient[place] += the sum of a slot over the block, for a vector full of slots at once."""
    text = FunctionText(target)
    for k, slots in text.tiles("%count", (target.lanes, 1)):
        entries = [text.assign(f"add i64 {k}, {i}") for i in range(slots)]
        pointers = [text.address("%scratch", _entry(text, "%slots", entry)) for entry in entries]
        totals = _totals(text, [(pointer,) for pointer in pointers])
        if slots == 1:
            sums = [_sum_of_lanes(text, totals[0])]
        else:
            added = _transposed_sum(text, totals)
            sums = [text.assign(f"extractelement {text.vector} {added}, i64 {i}") for i in range(slots)]
        for entry, total in zip(entries, sums, strict=True):
            _add(text, text.address("%gradient", _entry(text, "%places", entry)), total)
    return text.as_function("sums", "ptr %gradient, ptr %places, ptr %scratch, ptr %slots, i64 %count, i64 %height")


# Tables


UNROLLED = (8, 1)
"""Entries of a table that are moved in one turn: loads don't wait for one another."""


def fill(target: Target) -> str:
    """`count` numbers that are −0, to which others are added."""
    text = FunctionText(target)
    lanes = target.lanes
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %count, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (k, _, _):
        text.store(NOTHING, text.address("%numbers", k))
    with text.loop(full, "%count") as (k, _, _):
        text.append(f"store double {bits(-0.0)}, ptr {text.address('%numbers', k)}, align 8")
    return text.as_function("fill", "ptr %numbers, i64 %count")


def gather(target: Target) -> str:
    """into[k] = the number of which sources[k] is the place: among the parameters or, counted on, the constants."""
    text = FunctionText(target)
    constants = text.address("%constants", text.assign("sub i64 0, %parameters"))
    for k, size in text.tiles("%count", UNROLLED):
        sources = [_entry(text, "%sources", text.assign(f"add i64 {k}, {i}")) for i in range(size)]
        is_parameter = [text.assign(f"icmp slt i64 {source}, %parameters") for source in sources]
        tables = [text.assign(f"select i1 {condition}, ptr %numbers, ptr {constants}") for condition in is_parameter]
        numbers = [text.load_scalar(text.address(table, source)) for table, source in zip(tables, sources, strict=True)]
        for i, number in enumerate(numbers):
            text.append(f"store double {number}, ptr {text.address('%into', k, i)}, align 8")
    return text.as_function(
        "gather", "ptr %into, ptr %sources, i64 %count, ptr %numbers, i64 %parameters, ptr %constants"
    )


def scatter(target: Target) -> str:
    """gradient[places[k]] += table[entries[k]]; a place may occur several times."""
    text = FunctionText(target)
    for k, size in text.tiles("%count", UNROLLED):
        entries = [text.assign(f"add i64 {k}, {i}") for i in range(size)]
        numbers = [text.load_scalar(text.address("%table", _entry(text, "%entries", entry))) for entry in entries]
        for entry, number in zip(entries, numbers, strict=True):
            _add(text, text.address("%gradient", _entry(text, "%places", entry)), number)
    return text.as_function("scatter", "ptr %gradient, ptr %places, ptr %table, ptr %entries, i64 %count")


# Rows in and out


def _entry(text: FunctionText, table: str, k: str) -> str:
    return text.assign(f"load i64, ptr {text.assign(f'getelementptr i64, ptr {table}, i64 {k}')}, align 8")


def load(target: Target) -> str:
    """Columns of rows into their slots, zeros behind the last row."""
    text = FunctionText(target)
    end = text.assign(f"mul i64 %vectors, {target.lanes}")
    with text.loop(0, "%count") as (k, _, _):
        source = text.address("%rows", _entry(text, "%columns", k))
        slot = text.address("%scratch", _entry(text, "%slots", k))
        _column(text, source, slot, "0", end)
    return text.as_function(
        "load", "ptr %rows, i64 %width, i64 %height, ptr %scratch, ptr %columns, ptr %slots, i64 %count, i64 %vectors"
    )


def load_across(target: Target) -> str:
    """The same for columns side by side, a multiple of a vector's lanes, into slots at even distances."""
    text = FunctionText(target)
    lanes = target.lanes
    end = text.assign(f"mul i64 %vectors, {lanes}")
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %height, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (r, _, _), text.loop(0, "%count", lanes) as (j, _, _):
        source = text.address("%rows", text.assign(f"mul i64 {r}, %width"), j)
        vectors = [text.load(text.address(source, text.assign(f"mul i64 %width, {k}"))) for k in range(lanes)]
        slots = text.address("%slots", text.assign(f"mul i64 {j}, %slot"), r)
        for k, vector in enumerate(_transposed(text, vectors)):
            text.store(vector, text.address(slots, text.assign(f"mul i64 %slot, {k}")))
    with text.loop(0, "%count") as (j, _, _):
        _column(text, text.address("%rows", j), text.address("%slots", text.assign(f"mul i64 {j}, %slot")), full, end)
    return text.as_function(
        "load.across", "ptr %rows, i64 %width, i64 %height, ptr %slots, i64 %slot, i64 %count, i64 %vectors"
    )


def _column(text: FunctionText, source: str, slot: str, start: str, end: str) -> None:
    """A column's numbers from row `start` on into a slot, and zeros up to `end`."""
    with text.loop(start, "%height") as (r, _, _):
        x = text.load_scalar(text.address(source, text.assign(f"mul i64 {r}, %width")))
        text.append(f"store double {x}, ptr {text.address(slot, r)}, align 8")
    with text.loop("%height", end) as (r, _, _):
        text.append(f"store double {bits(0.0)}, ptr {text.address(slot, r)}, align 8")


def write(target: Target) -> str:
    """Slots into rows of a result."""
    text = FunctionText(target)
    with text.loop(0, "%height") as (r, _, _):
        row = text.address("%result", text.assign(f"mul i64 {r}, %width"))
        with text.loop(0, "%width") as (k, _, _):
            x = text.load_scalar(text.address("%scratch", _entry(text, "%slots", k), r))
            text.append(f"store double {x}, ptr {text.address(row, k)}, align 8")
    return text.as_function("write", "ptr %result, i64 %width, i64 %height, ptr %scratch, ptr %slots")


def side_by_side(target: Target) -> str:
    """Slots as rows: the numbers of one row of data side by side, `width` of them, for as many rows as a block has."""
    text = FunctionText(target)
    lanes = target.lanes
    with text.loop(0, "%vectors") as (v, _, _):
        row = text.assign(f"mul i64 {v}, {lanes}")
        with text.loop(0, "%width", lanes) as (j, _, _):
            slots = text.address("%slots", text.assign(f"mul i64 {j}, %slot"), row)
            vectors = [text.load(text.address(slots, text.assign(f"mul i64 %slot, {k}"))) for k in range(lanes)]
            side = text.address("%side", text.assign(f"mul i64 {row}, %width"), j)
            for k, vector in enumerate(_transposed(text, vectors)):
                text.store(vector, text.address(side, text.assign(f"mul i64 %width, {k}")))
    return text.as_function("side.by.side", "ptr %slots, i64 %slot, ptr %side, i64 %width, i64 %vectors")
