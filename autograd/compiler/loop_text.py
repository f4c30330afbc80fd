"""The loops of compiled code, in LLVM's language: layers, their gradients, sums, rows in and out.

Each loop is one function for all layers of all networks: what differs is passed as numbers. A vector of rows holds one
number of each of these rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from autograd.compiler.llvm_text import FunctionText, Target, call, constant
from autograd.compiler.program import bits
from autograd.compiler.summation import PLACES

MINUS_ZEROS = constant(-0.0)
"""Sums start from −0, the identity of IEEE addition: from +0, a sum of nothing but −0 would be +0."""


def tile_sums(target: Target) -> tuple[int, ...]:
    """How many of a layer's sums are computed together: for the vectors of `tile_vectors`, registers hold them all."""
    return (8, 4, 2, 1) if target.lanes == 8 else (4, 2, 1)


def tile_vectors(target: Target) -> tuple[int, ...]:
    """How many vectors of rows a layer takes together.

    AVX-512 multiplies all lanes by one number in memory. For a second vector LLVM would first copy that number to the
    lanes of a register, by an instruction that waits for the same units as additions and multiplications.
    """
    return (1,) if target.lanes == 8 else (2, 1)


# Layers


LAYER_TILE_PARAMETERS = (
    "ptr %inputs, i64 %input.stride, ptr %weights, i64 %row.stride, i64 %column.stride, i64 %count, "
    "ptr %biases, i64 %bias.stride, ptr %outputs, i64 %output.stride, i1 %resumed"
)


def layer_tile(target: Target, sums: int, vectors: int) -> str:
    """A tile of a layer: `sums` sums for `vectors` vectors of rows, product by product in the graph's order.

    Sums start from their biases or, if `resumed`, from the numbers in the outputs.
    """
    text = FunctionText(target)
    lanes = target.lanes
    weights = [text.strided("%weights", i, "%row.stride") for i in range(sums)]
    outputs = [text.strided("%outputs", i, "%output.stride") for i in range(sums)]
    tile = [(i, t) for i in range(sums) for t in range(vectors)]
    text.append("br i1 %resumed, label %resume, label %start")
    text.start_block("resume")
    starts = [text.load(text.address(outputs[i], t * lanes)) for i, t in tile]
    text.append("br label %begin")
    text.start_block("start")
    biases = [text.splat(text.load_scalar(text.strided("%biases", i, "%bias.stride"))) for i in range(sums)]
    text.append("br label %begin")
    text.start_block("begin")
    first = [
        text.assign(f"phi {text.vector} [ {starts[k]}, %resume ], [ {biases[i]}, %start ]")
        for k, (i, _) in enumerate(tile)
    ]
    with text.loop(0, "%count", 1, [(text.vector, x) for x in first]) as (j, totals, following):
        inputs = text.strided("%inputs", j, "%input.stride")
        x = [text.load(text.address(inputs, t * lanes)) for t in range(vectors)]
        column = text.assign(f"mul i64 {j}, %column.stride")
        w = [text.splat(text.load_scalar(text.address(weights[i], column))) for i in range(sums)]
        following += [text.multiply_add(total, w[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    for total, (i, t) in zip(totals, tile, strict=True):
        text.store(total, text.address(outputs[i], t * lanes))
    return text.as_function(f"layer.{sums}x{vectors}", LAYER_TILE_PARAMETERS)


LAYER_PARAMETERS = f"{LAYER_TILE_PARAMETERS}, i64 %rows, i64 %vectors"


def layer(target: Target) -> str:
    """All sums of a layer for a block of rows, tile by tile."""
    text = FunctionText(target)
    for i, sums in text.tiles("%rows", tile_sums(target)):
        weights = text.strided("%weights", i, "%row.stride")
        biases = text.strided("%biases", i, "%bias.stride")
        outputs = text.strided("%outputs", i, "%output.stride")
        for v, vectors in text.tiles("%vectors", tile_vectors(target)):
            offset = text.assign(f"mul i64 {v}, {target.lanes}")
            x, z = text.address("%inputs", offset), text.address(outputs, offset)
            of_tile = {"%inputs": x, "%weights": weights, "%biases": biases, "%outputs": z}
            text.append(call(f"layer.{sums}x{vectors}", LAYER_TILE_PARAMETERS, of_tile))
    return text.as_function("layer", LAYER_PARAMETERS)


# A layer's gradient: products added up over rows


PRODUCT_TILE_PARAMETERS = (
    "ptr %upstream, i64 %upstream.stride, ptr %side, i64 %width, "
    "ptr %gradient, i64 %row.stride, i64 %column.stride, i64 %height"
)


def product_tile(target: Target, rows: int, vectors: int) -> str:
    """A tile of a layer's gradient: `rows` of δ times `vectors` of inputs side by side, summed over rows of data."""
    text = FunctionText(target)
    upstream = [text.strided("%upstream", i, "%upstream.stride") for i in range(rows)]
    tile = [(i, t) for i in range(rows) for t in range(vectors)]
    first = [(text.vector, MINUS_ZEROS)] * len(tile)
    with text.loop(0, "%height", 1, first) as (r, totals, following):
        side = text.strided("%side", r, "%width")
        x = [text.load(text.address(side, t * target.lanes)) for t in range(vectors)]
        δ = [text.splat(text.load_scalar(text.address(pointer, r))) for pointer in upstream]
        following += [text.multiply_add(total, δ[i], x[t]) for total, (i, t) in zip(totals, tile, strict=True)]
    gradient = [text.strided("%gradient", i, "%row.stride") for i in range(rows)]
    are_side_by_side = text.assign("icmp eq i64 %column.stride, 1")
    text.append(f"br i1 {are_side_by_side}, label %together, label %apart")
    text.start_block("together")
    for total, (i, t) in zip(totals, tile, strict=True):
        pointer = text.address(gradient[i], t * target.lanes)
        text.store(text.add(text.load(pointer), total), pointer)
    text.append("ret void")
    text.start_block("apart")
    for total, (i, t) in zip(totals, tile, strict=True):
        pointer = text.strided(gradient[i], t * target.lanes, "%column.stride")
        text.append(call("add", _add_lanes_parameters(text), {"%gradient": pointer, "%x": total}))
    return text.as_function(f"product.{rows}x{vectors}", PRODUCT_TILE_PARAMETERS)


def add_lanes(target: Target) -> str:
    """gradient[k·stride] += xₖ for each lane k of a vector."""
    text = FunctionText(target)
    for lane in range(target.lanes):
        pointer = text.strided("%gradient", lane, "%column.stride")
        _add(text, pointer, text.assign(f"extractelement {text.vector} %x, i64 {lane}"))
    return text.as_function("add", _add_lanes_parameters(text))


def _add_lanes_parameters(text: FunctionText) -> str:
    return f"ptr %gradient, i64 %column.stride, {text.vector} %x"


def _add(text: FunctionText, pointer: str, x: str) -> None:
    total = text.assign(f"fadd double {text.load_scalar(pointer)}, {x}")
    text.store_scalar(total, pointer)


PRODUCT_PARAMETERS = "ptr %upstream, ptr %inputs, ptr %gradient, i64 %height"


def product(target: Target) -> str:
    """One product, summed over a block: for inputs behind the last full group of columns."""
    text = FunctionText(target)
    (total,) = _totals(text, [("%upstream", "%inputs")])
    _add(text, "%gradient", _sum_of_lanes(text, total))
    return text.as_function("product", PRODUCT_PARAMETERS)


PRODUCTS_PARAMETERS = f"{PRODUCT_TILE_PARAMETERS}, ptr %inputs, i64 %input.stride, i64 %rows, i64 %columns"


def products(target: Target) -> str:
    """A layer's gradient, summed over a block: full groups of columns in tiles, the columns behind them one by one."""
    text = FunctionText(target)
    lanes = target.lanes
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %columns, {PLACES}')}, {PLACES // lanes}")
    for j, vectors in text.tiles(full, tile_vectors(target)):
        offset = text.assign(f"mul i64 {j}, {lanes}")
        side, columns = text.address("%side", offset), text.strided("%gradient", offset, "%column.stride")
        for i, rows in text.tiles("%rows", tile_sums(target)):
            upstream = text.strided("%upstream", i, "%upstream.stride")
            gradient = text.strided(columns, i, "%row.stride")
            of_tile = {"%upstream": upstream, "%side": side, "%gradient": gradient}
            text.append(call(f"product.{rows}x{vectors}", PRODUCT_TILE_PARAMETERS, of_tile))
    with text.loop(text.assign(f"mul i64 {full}, {lanes}"), "%columns") as (j, _, _):
        inputs = text.strided("%inputs", j, "%input.stride")
        columns = text.strided("%gradient", j, "%column.stride")
        with text.loop(0, "%rows") as (i, _, _):
            upstream = text.strided("%upstream", i, "%upstream.stride")
            gradient = text.strided(columns, i, "%row.stride")
            one = {"%upstream": upstream, "%inputs": inputs, "%gradient": gradient}
            text.append(call("product", PRODUCT_PARAMETERS, one))
    return text.as_function("products", PRODUCTS_PARAMETERS)


# Sums over places and lanes, and vectors turned into rows


def _totals(text: FunctionText, terms: Sequence[Sequence[str]]) -> list[str]:
    """For each term, which is a slot or a product of two slots, a vector of its totals over a block, lane by lane.

    A block has a total for each of 8 places (see `summation`). With fewer lanes these are several vectors, which are
    added by halves in the end, as lanes are.
    """
    places = range(0, PLACES, text.target.lanes)
    full = text.assign(f"udiv i64 %height, {PLACES}")
    end = text.assign(f"udiv i64 {text.assign(f'add i64 %height, {PLACES - 1}')}, {PLACES}")
    left = text.assign(f"urem i64 %height, {PLACES}")
    is_row = {place: text.lanes_below(text.assign(f"sub i64 {left}, {place}")) for place in places}
    totals = [MINUS_ZEROS] * (len(places) * len(terms))
    for start, stop in (("0", full), (full, end)):
        with text.loop(start, stop, 1, [(text.vector, total) for total in totals]) as (eight, totals, following):
            row = text.assign(f"mul i64 {eight}, {PLACES}")
            for total, (place, term) in zip(totals, itertools.product(places, terms), strict=True):
                x = [text.load(text.address(slot, row, place)) for slot in term]
                if stop == end:  # behind the last row may stand anything, nan too: count it as −0, or as (−0)·0 = −0
                    instead = [MINUS_ZEROS, "zeroinitializer"]
                    x = [text.select(is_row[place], number, other) for number, other in zip(x, instead, strict=False)]
                following.append(text.multiply_add(total, *x) if len(x) == 2 else text.add(total, *x))
    while len(totals) > len(terms):
        middle = len(totals) // 2
        totals = [text.add(a, b) for a, b in zip(totals[:middle], totals[middle:], strict=True)]
    return totals


def _transposed(text: FunctionText, vectors: Sequence[str]) -> list[str]:
    """The transpose: lane j of vector i becomes lane i of vector j. Pairs exchange halves, then quarters, …"""
    lanes = half = text.target.lanes
    rows = list(vectors)
    while half > 1:
        half //= 2
        for k in range(lanes):
            if k & half == 0:
                low = [lane if lane & half == 0 else lanes + lane - half for lane in range(lanes)]
                high = [lane + half if lane & half == 0 else lanes + lane for lane in range(lanes)]
                pair = rows[k], rows[k + half]
                rows[k], rows[k + half] = text.shuffle(*pair, low), text.shuffle(*pair, high)
    return rows


def _transposed_sum(text: FunctionText, vectors: Sequence[str]) -> str:
    """A vector whose lane i is the sum of vector i's lanes: halves, quarters, … are placed side by side and added."""
    lanes = half = text.target.lanes
    sums = list(vectors)
    while half > 1:
        half //= 2
        groups = [range(start, start + half) for start in range(0, lanes, 2 * half)]
        low = [lane for group in groups for lane in (*group, *(lanes + lane for lane in group))]
        high = [lane + half for lane in low]
        middle = len(sums) // 2
        sums = [
            text.add(text.shuffle(a, b, low), text.shuffle(a, b, high))
            for a, b in zip(sums[:middle], sums[middle:], strict=True)
        ]
    return sums[0]


def _sum_of_lanes(text: FunctionText, vector: str) -> str:
    """The sum of a vector's lanes, by the same additions as in `_transposed_sum`, so that it has the same bits."""
    lanes = half = text.target.lanes
    while half > 1:
        half //= 2
        upper_half = text.shuffle(vector, vector, [min(lane + half, lanes - 1) for lane in range(lanes)])
        vector = text.add(vector, upper_half)
    return text.assign(f"extractelement {text.vector} {vector}, i64 0")


SUMS_PARAMETERS = "ptr %gradient, ptr %places, ptr %scratch, ptr %slots, i64 %count, i64 %height"


def sums(target: Target) -> str:
    """gradient[place] += the sum of a slot over a block, for as many slots together as a vector has lanes."""
    text = FunctionText(target)
    for k, slots in text.tiles("%count", (target.lanes, 1)):
        entries = [text.assign(f"add i64 {k}, {i}") for i in range(slots)]
        pointers = [text.address("%scratch", text.load_index("%slots", entry)) for entry in entries]
        totals = _totals(text, [(pointer,) for pointer in pointers])
        if slots == 1:
            sums = [_sum_of_lanes(text, totals[0])]
        else:
            added = _transposed_sum(text, totals)
            sums = [text.assign(f"extractelement {text.vector} {added}, i64 {i}") for i in range(slots)]
        for entry, total in zip(entries, sums, strict=True):
            _add(text, text.address("%gradient", text.load_index("%places", entry)), total)
    return text.as_function("sums", SUMS_PARAMETERS)


# Tables


ENTRIES_PER_TURN = (8, 1)
"""How many entries of a table are moved in one turn, so that a load needn't wait for the one before it."""


FILL_PARAMETERS = "ptr %numbers, i64 %count"


def fill(target: Target) -> str:
    """Fill memory with `count` times −0, to which others are added."""
    text = FunctionText(target)
    lanes = target.lanes
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %count, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (k, _, _):
        text.store(MINUS_ZEROS, text.address("%numbers", k))
    with text.loop(full, "%count") as (k, _, _):
        text.store_scalar(bits(-0.0), text.address("%numbers", k))
    return text.as_function("fill", FILL_PARAMETERS)


GATHER_PARAMETERS = "ptr %into, ptr %sources, i64 %count, ptr %numbers, i64 %parameters, ptr %constants"


def gather(target: Target) -> str:
    """into[k] = the number at place sources[k], where places count the parameters and then the constants."""
    text = FunctionText(target)
    constants = text.address("%constants", text.assign("sub i64 0, %parameters"))
    for k, size in text.tiles("%count", ENTRIES_PER_TURN):
        sources = [text.load_index("%sources", text.assign(f"add i64 {k}, {i}")) for i in range(size)]
        is_parameter = [text.assign(f"icmp slt i64 {source}, %parameters") for source in sources]
        tables = [text.assign(f"select i1 {condition}, ptr %numbers, ptr {constants}") for condition in is_parameter]
        numbers = [text.load_scalar(text.address(table, source)) for table, source in zip(tables, sources, strict=True)]
        for i, number in enumerate(numbers):
            text.store_scalar(number, text.address("%into", k, i))
    return text.as_function("gather", GATHER_PARAMETERS)


SCATTER_PARAMETERS = "ptr %gradient, ptr %places, ptr %table, ptr %entries, i64 %count"


def scatter(target: Target) -> str:
    """gradient[places[k]] += table[entries[k]]; a place may occur several times."""
    text = FunctionText(target)
    for k, size in text.tiles("%count", ENTRIES_PER_TURN):
        entries = [text.assign(f"add i64 {k}, {i}") for i in range(size)]
        numbers = [text.load_scalar(text.address("%table", text.load_index("%entries", entry))) for entry in entries]
        for entry, number in zip(entries, numbers, strict=True):
            _add(text, text.address("%gradient", text.load_index("%places", entry)), number)
    return text.as_function("scatter", SCATTER_PARAMETERS)


# Rows in and out


LOAD_PARAMETERS = "ptr %rows, i64 %width, i64 %height, ptr %scratch, ptr %columns, ptr %slots, i64 %count, i64 %vectors"


def load(target: Target) -> str:
    """Copy columns of rows into slots, and zeros behind the last row."""
    text = FunctionText(target)
    end = text.assign(f"mul i64 %vectors, {target.lanes}")
    with text.loop(0, "%count") as (k, _, _):
        source = text.address("%rows", text.load_index("%columns", k))
        slot = text.address("%scratch", text.load_index("%slots", k))
        _column(text, source, slot, "0", end)
    return text.as_function("load", LOAD_PARAMETERS)


LOAD_ACROSS_PARAMETERS = "ptr %rows, i64 %width, i64 %height, ptr %slots, i64 %slot.stride, i64 %count, i64 %vectors"


def load_across(target: Target) -> str:
    """Copy columns that stand side by side into slots at even distances: a multiple of a vector's lanes."""
    text = FunctionText(target)
    lanes = target.lanes
    end = text.assign(f"mul i64 %vectors, {lanes}")
    full = text.assign(f"mul i64 {text.assign(f'udiv i64 %height, {lanes}')}, {lanes}")
    with text.loop(0, full, lanes) as (r, _, _), text.loop(0, "%count", lanes) as (j, _, _):
        source = text.address(text.strided("%rows", r, "%width"), j)
        vectors = [text.load(text.strided(source, k, "%width")) for k in range(lanes)]
        slots = text.address(text.strided("%slots", j, "%slot.stride"), r)
        for k, vector in enumerate(_transposed(text, vectors)):
            text.store(vector, text.strided(slots, k, "%slot.stride"))
    with text.loop(0, "%count") as (j, _, _):
        _column(text, text.address("%rows", j), text.strided("%slots", j, "%slot.stride"), full, end)
    return text.as_function("load.across", LOAD_ACROSS_PARAMETERS)


def _column(text: FunctionText, source: str, slot: str, start: str, end: str) -> None:
    """Copy a column from row `start` on into a slot, and zeros up to `end`."""
    with text.loop(start, "%height") as (r, _, _):
        x = text.load_scalar(text.strided(source, r, "%width"))
        text.store_scalar(x, text.address(slot, r))
    with text.loop("%height", end) as (r, _, _):
        text.store_scalar(bits(0.0), text.address(slot, r))


WRITE_PARAMETERS = "ptr %result, i64 %width, i64 %height, ptr %scratch, ptr %slots"


def write(target: Target) -> str:
    """Copy slots into rows of a result."""
    text = FunctionText(target)
    with text.loop(0, "%height") as (r, _, _):
        row = text.strided("%result", r, "%width")
        with text.loop(0, "%width") as (k, _, _):
            x = text.load_scalar(text.address("%scratch", text.load_index("%slots", k), r))
            text.store_scalar(x, text.address(row, k))
    return text.as_function("write", WRITE_PARAMETERS)


SIDE_BY_SIDE_PARAMETERS = "ptr %slots, i64 %slot.stride, ptr %side, i64 %width, i64 %vectors"


def side_by_side(target: Target) -> str:
    """Copy `width` slots so that the numbers of one row of data stand side by side, for all rows of a block."""
    text = FunctionText(target)
    lanes = target.lanes
    with text.loop(0, "%vectors") as (v, _, _):
        row = text.assign(f"mul i64 {v}, {lanes}")
        with text.loop(0, "%width", lanes) as (j, _, _):
            slots = text.address(text.strided("%slots", j, "%slot.stride"), row)
            vectors = [text.load(text.strided(slots, k, "%slot.stride")) for k in range(lanes)]
            side = text.address(text.strided("%side", row, "%width"), j)
            for k, vector in enumerate(_transposed(text, vectors)):
                text.store(vector, text.strided(side, k, "%width"))
    return text.as_function("side.by.side", SIDE_BY_SIDE_PARAMETERS)
