"""The loops of compiled code, in LLVM's language: layers, their gradients, sums, rows in and out.

Each is one function for all layers and all networks: what differs comes as numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from autograd.compiler.program import bits
from autograd.compiler.summation import PLACES
from autograd.compiler.text import Target, Text

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
    text = Text(target)
    lanes = target.lanes
    weights = [text.at("%weights", text.put(f"mul i64 %row, {i}")) for i in range(sums)]
    outputs = [text.at("%outputs", text.put(f"mul i64 %output, {i}")) for i in range(sums)]
    tile = [(i, t) for i in range(sums) for t in range(vectors)]
    text.do("br i1 %resumed, label %resume, label %start")
    text.begin("resume")
    held = [text.load(text.at(outputs[i], t * lanes)) for i, t in tile]
    text.do("br label %begin")
    text.begin("start")
    biases = [text.splat(text.scalar(text.at("%biases", text.put(f"mul i64 %bias, {i}")))) for i in range(sums)]
    text.do("br label %begin")
    text.begin("begin")
    first = [
        text.put(f"phi {text.vector} [ {held[k]}, %resume ], [ {biases[i]}, %start ]") for k, (i, _) in enumerate(tile)
    ]
    with text.loop(0, "%count", 1, [(text.vector, x) for x in first]) as (j, totals, following):
        inputs = text.at("%inputs", text.put(f"mul i64 {j}, %input"))
        x = [text.load(text.at(inputs, t * lanes)) for t in range(vectors)]
        column = text.put(f"mul i64 {j}, %column")
        w = [text.splat(text.scalar(text.at(weights[i], column))) for i in range(sums)]
        following += [text.multiply_add(total, w[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    for total, (i, t) in zip(totals, tile, strict=True):
        text.store(total, text.at(outputs[i], t * lanes))
    return text.function(f"layer.{sums}x{vectors}", LAYER_TILE)


LAYER_TILE = (
    "ptr %inputs, i64 %input, ptr %weights, i64 %row, i64 %column, i64 %count, "
    "ptr %biases, i64 %bias, ptr %outputs, i64 %output, i1 %resumed"
)


def layer(target: Target) -> str:
    text = Text(target)
    for i, sums in text.tiled("%rows", TILES):
        weights = text.at("%weights", text.put(f"mul i64 {i}, %row"))
        biases = text.at("%biases", text.put(f"mul i64 {i}, %bias"))
        outputs = text.at("%outputs", text.put(f"mul i64 {i}, %output"))
        for v, vectors in text.tiled("%vectors", vector_tiles(target)):
            offset = text.put(f"mul i64 {v}, {target.lanes}")
            x, z = text.at("%inputs", offset), text.at(outputs, offset)
            text.do(
                f"call void @layer.{sums}x{vectors}(ptr {x}, i64 %input, ptr {weights}, i64 %row, i64 %column, "
                f"i64 %count, ptr {biases}, i64 %bias, ptr {z}, i64 %output, i1 %resumed)"
            )
    return text.function("layer", f"{LAYER_TILE}, i64 %rows, i64 %vectors")


# A layer's gradient: products added up over rows


def product_tile(target: Target, rows: int, vectors: int) -> str:
    """Products of `rows` upstream numbers and `vectors` vectors of inputs side by side, added up row by row of data."""
    text = Text(target)
    upstream = [text.at("%upstream", text.put(f"mul i64 %up, {i}")) for i in range(rows)]
    tile = [(i, t) for i in range(rows) for t in range(vectors)]
    first = [(text.vector, NOTHING)] * len(tile)
    with text.loop(0, "%height", 1, first) as (r, totals, following):
        side = text.at("%side", text.put(f"mul i64 {r}, %width"))
        x = [text.load(text.at(side, t * target.lanes)) for t in range(vectors)]
        δ = [text.splat(text.scalar(text.at(pointer, r))) for pointer in upstream]
        following += [text.multiply_add(total, δ[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    for total, (i, t) in zip(totals, tile, strict=True):
        pointer = text.at("%gradient", text.put(f"mul i64 %row, {i}"), text.put(f"mul i64 %column, {t * target.lanes}"))
        text.do(f"call void @add(ptr {pointer}, i64 %column, {text.vector} {total})")
    return text.function(f"product.{rows}x{vectors}", PRODUCT_TILE)


PRODUCT_TILE = "ptr %upstream, i64 %up, ptr %side, i64 %width, ptr %gradient, i64 %row, i64 %column, i64 %height"


def adding(target: Target) -> str:
    """gradient[k·column] += xₖ for the lanes of a vector, at once where they stand side by side."""
    text = Text(target)
    side = text.put("icmp eq i64 %column, 1")
    text.do(f"br i1 {side}, label %together, label %apart")
    text.begin("together")
    text.store(text.add(text.load("%gradient"), "%x"), "%gradient")
    text.do("ret void")
    text.begin("apart")
    for lane in range(target.lanes):
        pointer = text.at("%gradient", text.put(f"mul i64 %column, {lane}"))
        _add(text, pointer, text.put(f"extractelement {text.vector} %x, i64 {lane}"))
    return text.function("add", f"ptr %gradient, i64 %column, {text.vector} %x")


def _add(text: Text, pointer: str, x: str) -> None:
    total = text.put(f"fadd double {text.scalar(pointer)}, {x}")
    text.do(f"store double {total}, ptr {pointer}, align 8")


def product(target: Target) -> str:
    """One product, added up over the block: of an input behind the last full group of columns."""
    text = Text(target)
    (total,) = _totals(text, [("%upstream", "%inputs")])
    _add(text, "%gradient", _sum_of_lanes(text, total))
    return text.function("product", "ptr %upstream, ptr %inputs, ptr %gradient, i64 %height")


def products(target: Target) -> str:
    text = Text(target)
    lanes = target.lanes
    full = text.put(f"mul i64 {text.put(f'udiv i64 %columns, {PLACES}')}, {PLACES // lanes}")
    for j, vectors in text.tiled(full, vector_tiles(target)):
        offset = text.put(f"mul i64 {j}, {lanes}")
        side, columns = text.at("%side", offset), text.at("%gradient", text.put(f"mul i64 {offset}, %column"))
        for i, rows in text.tiled("%rows", TILES):
            upstream = text.at("%upstream", text.put(f"mul i64 {i}, %up"))
            gradient = text.at(columns, text.put(f"mul i64 {i}, %row"))
            text.do(
                f"call void @product.{rows}x{vectors}(ptr {upstream}, i64 %up, ptr {side}, i64 %width, "
                f"ptr {gradient}, i64 %row, i64 %column, i64 %height)"
            )
    with text.loop(text.put(f"mul i64 {full}, {lanes}"), "%columns") as (j, _, _):
        inputs = text.at("%inputs", text.put(f"mul i64 {j}, %input"))
        columns = text.at("%gradient", text.put(f"mul i64 {j}, %column"))
        with text.loop(0, "%rows") as (i, _, _):
            upstream = text.at("%upstream", text.put(f"mul i64 {i}, %up"))
            gradient = text.at(columns, text.put(f"mul i64 {i}, %row"))
            text.do(f"call void @product(ptr {upstream}, ptr {inputs}, ptr {gradient}, i64 %height)")
    more = "ptr %inputs, i64 %input, i64 %rows, i64 %columns"
    return text.function("products", f"{PRODUCT_TILE}, {more}")


# Sums over places and lanes, and vectors turned into rows


def _totals(text: Text, terms: Sequence[Sequence[str]]) -> list[str]:
    """For each term, a slot or a product of two, the totals of its places over the block's rows, in one vector.

    Places beyond the lanes have vectors of their own, which are added by halves.
    """
    places = range(0, PLACES, text.target.lanes)
    full = text.put(f"udiv i64 %height, {PLACES}")
    end = text.put(f"udiv i64 {text.put(f'add i64 %height, {PLACES - 1}')}, {PLACES}")
    left = text.put(f"urem i64 %height, {PLACES}")
    is_row = {place: text.lanes_below(text.put(f"sub i64 {left}, {place}")) for place in places}
    totals = [NOTHING] * (len(places) * len(terms))
    for start, stop in (("0", full), (full, end)):
        with text.loop(start, stop, 1, [(text.vector, total) for total in totals]) as (eight, totals, following):
            row = text.put(f"mul i64 {eight}, {PLACES}")
            for total, (place, term) in zip(totals, itertools.product(places, terms), strict=True):
                x = [text.load(text.at(slot, row, place)) for slot in term]
                if stop == end:  # behind the last row stands what was there before, nan perhaps
                    instead = [NOTHING, "zeroinitializer"]  # whose product is −0, too
                    x = [text.select(is_row[place], number, other) for number, other in zip(x, instead, strict=False)]
                following.append(text.multiply_add(total, *x) if len(x) == 2 else text.add(total, *x))
    while len(totals) > len(terms):
        middle = len(totals) // 2
        totals = [text.add(a, b) for a, b in zip(totals[:middle], totals[middle:], strict=True)]
    return totals


def _transposed(text: Text, vectors: Sequence[str]) -> list[str]:
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
                found[k], found[k + half] = text.shuffled(*pair, low), text.shuffled(*pair, high)
    return found


def _transposed_sum(text: Text, vectors: Sequence[str]) -> str:
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
            text.add(text.shuffled(a, b, low), text.shuffled(a, b, high))
            for a, b in zip(found[:middle], found[middle:], strict=True)
        ]
    return found[0]


def _sum_of_lanes(text: Text, vector: str) -> str:
    """One number: the same additions as in a transposed sum."""
    lanes = half = text.target.lanes
    while half > 1:
        half //= 2
        moved = text.shuffled(vector, vector, [min(lane + half, lanes - 1) for lane in range(lanes)])
        vector = text.add(vector, moved)
    return text.put(f"extractelement {text.vector} {vector}, i64 0")


def sums(target: Target) -> str:
    """gradient[place] += the sum of a slot over the block, for a vector full of slots at once."""
    text = Text(target)
    for k, slots in text.tiled("%count", (target.lanes, 1)):
        entries = [text.put(f"add i64 {k}, {i}") for i in range(slots)]
        pointers = [text.at("%scratch", _entry(text, "%slots", entry)) for entry in entries]
        totals = _totals(text, [(pointer,) for pointer in pointers])
        if slots == 1:
            sums = [_sum_of_lanes(text, totals[0])]
        else:
            added = _transposed_sum(text, totals)
            sums = [text.put(f"extractelement {text.vector} {added}, i64 {i}") for i in range(slots)]
        for entry, total in zip(entries, sums, strict=True):
            _add(text, text.at("%gradient", _entry(text, "%places", entry)), total)
    return text.function("sums", "ptr %gradient, ptr %places, ptr %scratch, ptr %slots, i64 %count, i64 %height")


# Tables


UNROLLED = (8, 1)
"""Entries of a table that are moved in one turn: loads don't wait for one another."""


def fill(target: Target) -> str:
    """`count` numbers that are −0, to which others are added."""
    text = Text(target)
    lanes = target.lanes
    full = text.put(f"mul i64 {text.put(f'udiv i64 %count, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (k, _, _):
        text.store(NOTHING, text.at("%numbers", k))
    with text.loop(full, "%count") as (k, _, _):
        text.do(f"store double {bits(-0.0)}, ptr {text.at('%numbers', k)}, align 8")
    return text.function("fill", "ptr %numbers, i64 %count")


def gather(target: Target) -> str:
    """into[k] = the number of which sources[k] is the place: among the parameters or, counted on, the constants."""
    text = Text(target)
    constants = text.at("%constants", text.put("sub i64 0, %parameters"))
    for k, size in text.tiled("%count", UNROLLED):
        sources = [_entry(text, "%sources", text.put(f"add i64 {k}, {i}")) for i in range(size)]
        is_parameter = [text.put(f"icmp slt i64 {source}, %parameters") for source in sources]
        tables = [text.put(f"select i1 {condition}, ptr %numbers, ptr {constants}") for condition in is_parameter]
        numbers = [text.scalar(text.at(table, source)) for table, source in zip(tables, sources, strict=True)]
        for i, number in enumerate(numbers):
            text.do(f"store double {number}, ptr {text.at('%into', k, i)}, align 8")
    return text.function("gather", "ptr %into, ptr %sources, i64 %count, ptr %numbers, i64 %parameters, ptr %constants")


def scatter(target: Target) -> str:
    """gradient[places[k]] += table[entries[k]]; a place may occur several times."""
    text = Text(target)
    for k, size in text.tiled("%count", UNROLLED):
        entries = [text.put(f"add i64 {k}, {i}") for i in range(size)]
        numbers = [text.scalar(text.at("%table", _entry(text, "%entries", entry))) for entry in entries]
        for entry, number in zip(entries, numbers, strict=True):
            _add(text, text.at("%gradient", _entry(text, "%places", entry)), number)
    return text.function("scatter", "ptr %gradient, ptr %places, ptr %table, ptr %entries, i64 %count")


# Rows in and out


def _entry(text: Text, table: str, k: str) -> str:
    return text.put(f"load i64, ptr {text.put(f'getelementptr i64, ptr {table}, i64 {k}')}, align 8")


def load(target: Target) -> str:
    """Columns of rows into their slots, zeros behind the last row."""
    text = Text(target)
    end = text.put(f"mul i64 %vectors, {target.lanes}")
    with text.loop(0, "%count") as (k, _, _):
        source = text.at("%rows", _entry(text, "%columns", k))
        slot = text.at("%scratch", _entry(text, "%slots", k))
        _column(text, source, slot, "0", end)
    return text.function(
        "load", "ptr %rows, i64 %width, i64 %height, ptr %scratch, ptr %columns, ptr %slots, i64 %count, i64 %vectors"
    )


def load_across(target: Target) -> str:
    """The same for columns side by side, a multiple of a vector's lanes, into slots at even distances."""
    text = Text(target)
    lanes = target.lanes
    end = text.put(f"mul i64 %vectors, {lanes}")
    full = text.put(f"mul i64 {text.put(f'udiv i64 %height, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (r, _, _), text.loop(0, "%count", lanes) as (j, _, _):
        source = text.at("%rows", text.put(f"mul i64 {r}, %width"), j)
        vectors = [text.load(text.at(source, text.put(f"mul i64 %width, {k}"))) for k in range(lanes)]
        slots = text.at("%slots", text.put(f"mul i64 {j}, %slot"), r)
        for k, vector in enumerate(_transposed(text, vectors)):
            text.store(vector, text.at(slots, text.put(f"mul i64 %slot, {k}")))
    with text.loop(0, "%count") as (j, _, _):
        _column(text, text.at("%rows", j), text.at("%slots", text.put(f"mul i64 {j}, %slot")), full, end)
    return text.function(
        "load.across", "ptr %rows, i64 %width, i64 %height, ptr %slots, i64 %slot, i64 %count, i64 %vectors"
    )


def _column(text: Text, source: str, slot: str, start: str, end: str) -> None:
    """A column's numbers from row `start` on into a slot, and zeros up to `end`."""
    with text.loop(start, "%height") as (r, _, _):
        x = text.scalar(text.at(source, text.put(f"mul i64 {r}, %width")))
        text.do(f"store double {x}, ptr {text.at(slot, r)}, align 8")
    with text.loop("%height", end) as (r, _, _):
        text.do(f"store double {bits(0.0)}, ptr {text.at(slot, r)}, align 8")


def write(target: Target) -> str:
    """Slots into rows of a result."""
    text = Text(target)
    with text.loop(0, "%height") as (r, _, _):
        row = text.at("%result", text.put(f"mul i64 {r}, %width"))
        with text.loop(0, "%width") as (k, _, _):
            x = text.scalar(text.at("%scratch", _entry(text, "%slots", k), r))
            text.do(f"store double {x}, ptr {text.at(row, k)}, align 8")
    return text.function("write", "ptr %result, i64 %width, i64 %height, ptr %scratch, ptr %slots")


def side_by_side(target: Target) -> str:
    """Slots as rows: the numbers of one row of data side by side, `width` of them, for as many rows as a block has."""
    text = Text(target)
    lanes = target.lanes
    with text.loop(0, "%vectors") as (v, _, _):
        row = text.put(f"mul i64 {v}, {lanes}")
        with text.loop(0, "%width", lanes) as (j, _, _):
            slots = text.at("%slots", text.put(f"mul i64 {j}, %slot"), row)
            vectors = [text.load(text.at(slots, text.put(f"mul i64 %slot, {k}"))) for k in range(lanes)]
            side = text.at("%side", text.put(f"mul i64 {row}, %width"), j)
            for k, vector in enumerate(_transposed(text, vectors)):
                text.store(vector, text.at(side, text.put(f"mul i64 %width, {k}")))
    return text.function("side.by.side", "ptr %slots, i64 %slot, ptr %side, i64 %width, i64 %vectors")
