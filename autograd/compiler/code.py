"""From a plan to LLVM's language: text, which LLVM makes machine code of.

A vector holds one number of several rows, its lanes. A lane does what the graph does for its row, in
the same order and with the same roundings, so that it has the same bits. Rows are taken in blocks;
slot s of a block stands at scratch + s·slot, one row beside the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograd.compiler.functions import FORMULAS
from autograd.compiler.layers import Grid
from autograd.compiler.plan import LayerLoop, Piece, Plan, ProductLoop, Slots
from autograd.compiler.program import Operand, Program, bits

TILES = (4, 2, 1)
"""Sums of a layer that are computed together: with as many vectors of rows each, they fit into registers."""

ONE_NUMBER = (
    *("acos", "asin", "atan", "cos", "cosh", "erf", "erfc", "exp", "expm1", "log", "log1p"),
    *("sin", "sinh", "tan", "tanh"),
)
TWO_NUMBERS = ("atan2", "hypot", "pow")
"""The C library's functions, of which the compiled code calls those that the graph calls."""


@dataclass(frozen=True)
class Target:
    """What code is made for.

    lanes    rows in a vector
    vectors  vectors in a block, at most
    exact    whether every bit is the graph's: if not, a product may be added without being rounded first, and
             `vectorized` functions take a vector at once
    formulas functions whose formula here has the C library's bits, and whether it rounds products
    """

    lanes: int
    vectors: int
    exact: bool = True
    vectorized: frozenset[str] = frozenset()
    formulas: frozenset[tuple[str, bool]] = frozenset()

    @property
    def slot(self) -> int:
        """Numbers from one slot to the next: an odd number of vectors, so that slots don't share lines of the cache."""
        return self.lanes * (self.vectors | 1)

    @property
    def block(self) -> int:
        return self.lanes * self.vectors


class _Text:
    """Text of one function, line by line."""

    def __init__(self, target: Target) -> None:
        self.lines: list[str] = []
        self.target = target
        self.vector = f"<{target.lanes} x double>"
        self.contract = "" if target.exact else " contract"
        self._names = itertools.count()
        self.label = "entry"

    def put(self, text: str) -> str:
        """A line that has a result, which gets a name."""
        name = f"%v{next(self._names)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def begin(self, label: str) -> None:
        self.label = label
        self.lines.append(f"{label}:")

    def at(self, pointer: str, *index: str | int) -> str:
        """The address of the number that stands `index`, a sum, behind a pointer."""
        for i in index:
            if i != 0:
                pointer = self.put(f"getelementptr double, ptr {pointer}, i64 {i}")
        return pointer

    def scalar(self, pointer: str) -> str:
        return self.put(f"load double, ptr {pointer}, align 8")

    def load(self, pointer: str) -> str:
        return self.put(f"load {self.vector}, ptr {pointer}, align 8")

    def store(self, vector: str, pointer: str) -> None:
        self.do(f"store {self.vector} {vector}, ptr {pointer}, align 8")

    def splat(self, scalar: str) -> str:
        one = self.put(f"insertelement {self.vector} poison, double {scalar}, i64 0")
        return self.put(
            f"shufflevector {self.vector} {one}, {self.vector} poison, <{self.target.lanes} x i32> zeroinitializer"
        )

    def shuffled(self, x: str, y: str, lanes: Sequence[int]) -> str:
        """A vector of lanes of x, and, counted on, of y."""
        mask = ", ".join(f"i32 {lane}" for lane in lanes)
        return self.put(f"shufflevector {self.vector} {x}, {self.vector} {y}, <{len(lanes)} x i32> <{mask}>")

    def multiply_add(self, total: str, x: str, y: str) -> str:
        """total + x·y, the product rounded first, where every bit counts."""
        product = self.put(f"fmul{self.contract} {self.vector} {x}, {y}")
        return self.put(f"fadd{self.contract} {self.vector} {total}, {product}")

    @contextmanager
    def loop(
        self, start: str | int, stop: str, step: int = 1, carried: Sequence[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        """for i in range(start, stop, step): what is carried from turn to turn has (type, first).

        Gives i, the carried values of the turn (after the loop: the last), and a list to put the next ones in.
        """
        n = next(self._names)
        before, head, body, latch, after = self.label, f"head{n}", f"body{n}", f"latch{n}", f"after{n}"
        names = [f"%carried{n}_{k}" for k in range(len(carried))]
        following: list[str] = []
        self.do(f"br label %{head}")
        self.begin(head)
        self.do(f"%i{n} = phi i64 [ {start}, %{before} ], [ %next{n}, %{latch} ]")
        here = len(self.lines)
        self.do(f"%more{n} = icmp slt i64 %i{n}, {stop}")
        self.do(f"br i1 %more{n}, label %{body}, label %{after}")
        self.begin(body)
        yield f"%i{n}", names, following
        self.do(f"br label %{latch}")
        self.begin(latch)
        self.do(f"%next{n} = add i64 %i{n}, {step}")
        self.do(f"br label %{head}")
        self.begin(after)
        self.lines[here:here] = [
            f"  {name} = phi {kind} [ {first}, %{before} ], [ {value}, %{latch} ]"
            for name, (kind, first), value in zip(names, carried, following, strict=True)
        ]

    def tiled(self, stop: str, sizes: Sequence[int]) -> Iterator[tuple[str, int]]:
        """(start, size) of tiles that cover range(stop), the large ones first."""
        start = "0"
        for size in sizes:
            last = self.put(f"sub i64 {stop}, {size - 1}") if size > 1 else stop
            with self.loop(start, last, size) as (i, _, _):
                yield i, size
            start = i

    def function(self, name: str, parameters: str) -> str:
        head = f"define internal void @{name}({parameters}) #0 {{\nentry:"
        return "\n".join([head, *self.lines, "  ret void", "}"])


def code(plan: Plan, parameters: int, target: Target) -> str:
    """The module: a function `run` that takes rows from `first` to `last` and writes all that was planned."""
    parts = [_attributes(), *_library(plan, target)]
    if any(isinstance(stage, LayerLoop) for stage in plan.stages):
        parts += [_layer_tile(target, *shape) for shape in itertools.product(TILES, _vector_tiles(target))]
        parts.append(_layer(target))
    if plan.products:
        parts += [_product_tile(target, *shape) for shape in itertools.product(TILES, _vector_tiles(target))]
        parts += [_adding(target), _product(target), _products(target), _side_by_side(target)]
    if plan.sums:
        parts.append(_sums(target))
    parts += [_load(target), _write(target), _clear(target)]
    parts += [
        _piece(plan, stage.places, target, f"piece{k}")
        for k, stage in enumerate(plan.stages)
        if isinstance(stage, Piece)
    ]
    parts += ["declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)"]
    parts += [*_tables(plan, target), _run(plan, parameters, target)]
    return "\n\n".join(parts) + "\n"


def _attributes() -> str:
    """What is said of all functions, and of those that are not to be copied to where they are called."""
    # Without that width, code for some processors takes vectors of 512 bits by halves
    common = 'nounwind "min-legal-vector-width"="512"'
    return f"attributes #0 = {{ {common} }}\nattributes #1 = {{ {common} noinline }}"


def _vector_tiles(target: Target) -> tuple[int, ...]:
    """Vectors of rows that a layer takes at once: AVX-512 has twice the registers."""
    return (4, 1) if target.lanes == 8 else (2, 1)


# The C library's functions, lane by lane


def _library(plan: Plan, target: Target) -> Iterator[str]:
    used = {instruction[0] for instruction in plan.program.instructions}
    vector = f"<{target.lanes} x double>"
    for word in INTRINSICS.values():
        numbers = ", ".join([vector] * (3 if word == "fma" else 1))
        yield f"declare {vector} @llvm.{word}.v{target.lanes}f64({numbers})"
    for word in (*ONE_NUMBER, *TWO_NUMBERS):
        if word not in used:
            continue
        count = 2 if word in TWO_NUMBERS else 1
        numbers = ", ".join(["double"] * count)
        if (word, True) in target.formulas or (word, False) in target.formulas:
            yield _by_formula(word, target)
            continue
        if word in target.vectorized:
            yield f"declare {vector} @vector.{word}({', '.join([vector] * count)})"
            continue
        yield f"declare double @c.{word}({numbers})"
        scalar = f"c.{word}"
        if word == "pow":
            yield POWER
            scalar = "power"
        yield _lane_by_lane(word, scalar, count, target)


def _by_formula(word: str, target: Target) -> str:
    """A function that takes a vector at once, and has the C library's bits."""
    program = Program()
    x = program.register("input", 0)
    once = (word, True) in target.formulas
    result = FORMULAS[word](x, lambda a, b, c: x.emit("fma", a, b, c) if once else a * b + c)
    text = _Text(target)
    lines = _Instructions(text, program, lambda _: "%x")
    lines.names[x.place] = "%x"
    for place in range(len(program.instructions)):
        lines.compute(place)
    name = lines.names[result.place]
    head = f"define internal {text.vector} @vector.{word}({text.vector} %x) #1 {{"
    return "\n".join([head, *text.lines, f"  ret {text.vector} {name}", "}"])


# Past the range, or at a pole, the graph takes the reciprocal of the inverse power (`ieee.power`)
POWER = f"""define internal double @power(double %x, double %y) #1 {{
  %z = call double @c.pow(double %x, double %y)
  %size = call double @llvm.fabs.f64(double %z)
  %size.x = call double @llvm.fabs.f64(double %x)
  %size.y = call double @llvm.fabs.f64(double %y)
  %infinite = fcmp oeq double %size, {bits(float("inf"))}
  %finite.x = fcmp olt double %size.x, {bits(float("inf"))}
  %finite.y = fcmp olt double %size.y, {bits(float("inf"))}
  %finite = and i1 %finite.x, %finite.y
  %beyond = and i1 %finite, %infinite
  br i1 %beyond, label %inverse, label %done
inverse:
  %minus.y = fneg double %y
  %over = call double @c.pow(double %x, double %minus.y)
  %reciprocal = fdiv double {bits(1.0)}, %over
  ret double %reciprocal
done:
  ret double %z
}}
declare double @llvm.fabs.f64(double)"""


def _lane_by_lane(word: str, scalar: str, count: int, target: Target) -> str:
    vector = f"<{target.lanes} x double>"
    inputs = ["%x", "%y"][:count]
    lines = []
    for lane in range(target.lanes):
        lines += [f"  {x}{lane} = extractelement {vector} {x}, i64 {lane}" for x in inputs]
    result = "poison"
    for lane in range(target.lanes):
        lines.append(f"  %z{lane} = call double @{scalar}({', '.join(f'double {x}{lane}' for x in inputs)})")
        lines.append(f"  %r{lane} = insertelement {vector} {result}, double %z{lane}, i64 {lane}")
        result = f"%r{lane}"
    head = f"define internal {vector} @vector.{word}({', '.join(f'{vector} {x}' for x in inputs)}) #1 {{"
    return "\n".join([head, *lines, f"  ret {vector} {result}", "}"])


# Straight pieces


class _Instructions:
    """Instructions of a program as lines of text; what others have computed is had by `load`."""

    def __init__(self, text: _Text, program: Program, load: Callable[[int], str]) -> None:
        self.text, self.program, self.load = text, program, load
        self.names: dict[int, str] = {}

    def operand(self, number: Operand) -> str:
        """The name of a result, or a constant for all lanes."""
        if isinstance(number, str):
            return "<" + ", ".join([f"double {number}"] * self.text.target.lanes) + ">"
        if number not in self.names:
            if self.program.instructions[number][0] == "number" or self.program.is_condition(number):
                self.compute(number)
            else:
                self.names[number] = self.load(number)
        return self.names[number]

    def compute(self, place: int) -> str:
        """The line for an instruction, and the name of its result."""
        if place not in self.names:
            word, *operands = self.program.instructions[place]
            self.names[place] = self._line(word, operands)
        return self.names[place]

    def _line(self, word: str, operands: list[Any]) -> str:
        text, vector, lanes = self.text, self.text.vector, self.text.target.lanes
        if word == "number":
            return text.splat(text.scalar(text.at("%numbers", operands[0])))
        x = [self.operand(number) for number in operands]
        if word == "copy":
            return x[0]
        if word in ("fadd", "fsub", "fmul"):
            return text.put(f"{word}{text.contract} {vector} {x[0]}, {x[1]}")
        if word in ("fdiv", "fneg") or word.startswith("fcmp"):
            return text.put(f"{word} {vector} {', '.join(x)}")
        if word in ("and", "or"):
            return text.put(f"{word} <{lanes} x i1> {x[0]}, {x[1]}")
        if word == "select":
            return text.put(f"select <{lanes} x i1> {x[0]}, {vector} {x[1]}, {vector} {x[2]}")
        if word == "power.of.two":
            return self._power_of_two(x[0])
        numbers = ", ".join(f"{vector} {number}" for number in x)
        name = f"llvm.{INTRINSICS[word]}.v{lanes}f64" if word in INTRINSICS else f"vector.{word}"
        return text.put(f"call {vector} @{name}({numbers})")

    def _power_of_two(self, k: str) -> str:
        """2ᵏ of a small whole number: added to 1.5·2⁵² it stands in the last bits, and moves to the exponent."""
        text, lanes = self.text, self.text.target.lanes
        shifted = text.put(f"fadd {text.vector} {k}, {self.operand(bits(1.5 * 2.0**52 + 1023))}")
        whole = text.put(f"bitcast {text.vector} {shifted} to <{lanes} x i64>")
        exponent = text.put(f"shl <{lanes} x i64> {whole}, <{', '.join(['i64 52'] * lanes)}>")
        return text.put(f"bitcast <{lanes} x i64> {exponent} to {text.vector}")


INTRINSICS = {"abs": "fabs", "sqrt": "sqrt", "fma": "fma", "trunc": "trunc"}
"""Words that are single instructions of processors, and LLVM's names for them."""


def _piece(plan: Plan, places: range, target: Target, name: str) -> str:
    text = _Text(target)
    with text.loop(0, "%vectors") as (v, _, _):
        here = text.at("%scratch", text.put(f"mul i64 {v}, {target.lanes}"))
        lines = _Instructions(
            text, plan.program, lambda place: text.load(text.at(here, plan.kept[place] * target.slot))
        )
        for place in places:
            if plan.program.instructions[place][0] == "input":
                continue  # it is in its slot already
            result = lines.compute(place)
            if place in plan.kept:
                text.store(result, text.at(here, plan.kept[place] * target.slot))
    return text.function(name, "ptr %scratch, ptr %numbers, i64 %vectors")


# Layers


def _layer_tile(target: Target, sums: int, vectors: int) -> str:
    """`sums` sums of `vectors` vectors of rows: each product is added in its turn."""
    text = _Text(target)
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


def _layer(target: Target) -> str:
    text = _Text(target)
    for i, sums in text.tiled("%rows", TILES):
        weights = text.at("%weights", text.put(f"mul i64 {i}, %row"))
        biases = text.at("%biases", text.put(f"mul i64 {i}, %bias"))
        outputs = text.at("%outputs", text.put(f"mul i64 {i}, %output"))
        for v, vectors in text.tiled("%vectors", _vector_tiles(target)):
            offset = text.put(f"mul i64 {v}, {target.lanes}")
            x, z = text.at("%inputs", offset), text.at(outputs, offset)
            text.do(
                f"call void @layer.{sums}x{vectors}(ptr {x}, i64 %input, ptr {weights}, i64 %row, i64 %column, "
                f"i64 %count, ptr {biases}, i64 %bias, ptr {z}, i64 %output, i1 %resumed)"
            )
    return text.function("layer", f"{LAYER_TILE}, i64 %rows, i64 %vectors")


# A layer's gradient: products added up over rows


def _product_tile(target: Target, rows: int, vectors: int) -> str:
    """Products of `rows` upstream numbers and `vectors` vectors of inputs side by side, added up row by row of data."""
    text = _Text(target)
    upstream = [text.at("%upstream", text.put(f"mul i64 %up, {i}")) for i in range(rows)]
    tile = [(i, t) for i in range(rows) for t in range(vectors)]
    first = [(text.vector, "zeroinitializer")] * len(tile)
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


def _adding(target: Target) -> str:
    """gradient[k·column] += xₖ for the lanes of a vector, at once where they stand side by side."""
    text = _Text(target)
    side = text.put("icmp eq i64 %column, 1")
    text.do(f"br i1 {side}, label %together, label %apart")
    text.begin("together")
    text.store(text.put(f"fadd {text.vector} {text.load('%gradient')}, %x"), "%gradient")
    text.do("ret void")
    text.begin("apart")
    for lane in range(target.lanes):
        pointer = text.at("%gradient", text.put(f"mul i64 %column, {lane}"))
        _add(text, pointer, text.put(f"extractelement {text.vector} %x, i64 {lane}"))
    return text.function("add", f"ptr %gradient, i64 %column, {text.vector} %x")


def _add(text: _Text, pointer: str, x: str) -> None:
    total = text.put(f"fadd double {text.scalar(pointer)}, {x}")
    text.do(f"store double {total}, ptr {pointer}, align 8")


def _product(target: Target) -> str:
    """One product, added up over the block: of an input that no vector of inputs is left for."""
    text = _Text(target)
    with text.loop(0, "%vectors", 1, [(text.vector, "zeroinitializer")]) as (v, totals, following):
        offset = text.put(f"mul i64 {v}, {target.lanes}")
        δ, x = (text.load(text.at(pointer, offset)) for pointer in ("%upstream", "%inputs"))
        following.append(text.multiply_add(totals[0], δ, x))
    _add(text, "%gradient", _sum_of_lanes(text, totals[0]))
    return text.function("product", "ptr %upstream, ptr %inputs, ptr %gradient, i64 %vectors")


def _products(target: Target) -> str:
    text = _Text(target)
    lanes = target.lanes
    full = text.put(f"udiv i64 %columns, {lanes}")
    for j, vectors in text.tiled(full, _vector_tiles(target)):
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
            text.do(f"call void @product(ptr {upstream}, ptr {inputs}, ptr {gradient}, i64 %vectors)")
    more = "ptr %inputs, i64 %input, i64 %rows, i64 %columns, i64 %vectors"
    return text.function("products", f"{PRODUCT_TILE}, {more}")


# Sums over lanes, and vectors turned into rows


def _transposed(text: _Text, vectors: Sequence[str]) -> list[str]:
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


def _transposed_sum(text: _Text, vectors: Sequence[str]) -> str:
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
            text.put(f"fadd {text.vector} {text.shuffled(a, b, low)}, {text.shuffled(a, b, high)}")
            for a, b in zip(found[:middle], found[middle:], strict=True)
        ]
    return found[0]


def _sum_of_lanes(text: _Text, vector: str) -> str:
    """One number: the same additions as in a transposed sum."""
    lanes = half = text.target.lanes
    while half > 1:
        half //= 2
        moved = text.shuffled(vector, vector, [min(lane + half, lanes - 1) for lane in range(lanes)])
        vector = text.put(f"fadd {text.vector} {vector}, {moved}")
    return text.put(f"extractelement {text.vector} {vector}, i64 0")


def _sums(target: Target) -> str:
    """gradient[place] += the sum of a slot over the block, for a vector full of slots at once."""
    text = _Text(target)
    for k, slots in text.tiled("%count", (target.lanes, 1)):
        entries = [text.put(f"add i64 {k}, {i}") for i in range(slots)]
        pointers = [text.at("%scratch", _entry(text, "%slots", entry)) for entry in entries]
        with text.loop(0, "%vectors", 1, [(text.vector, "zeroinitializer")] * slots) as (v, totals, following):
            offset = text.put(f"mul i64 {v}, {target.lanes}")
            for total, pointer in zip(totals, pointers, strict=True):
                following.append(text.put(f"fadd {text.vector} {total}, {text.load(text.at(pointer, offset))}"))
        if slots == 1:
            sums = [_sum_of_lanes(text, totals[0])]
        else:
            added = _transposed_sum(text, totals)
            sums = [text.put(f"extractelement {text.vector} {added}, i64 {i}") for i in range(slots)]
        for entry, total in zip(entries, sums, strict=True):
            _add(text, text.at("%gradient", _entry(text, "%places", entry)), total)
    return text.function("sums", "ptr %gradient, ptr %places, ptr %scratch, ptr %slots, i64 %count, i64 %vectors")


# Rows in and out


def _entry(text: _Text, table: str, k: str) -> str:
    return text.put(f"load i64, ptr {text.put(f'getelementptr i64, ptr {table}, i64 {k}')}, align 8")


def _load(target: Target) -> str:
    """Columns of rows into their slots, zeros behind the last row."""
    text = _Text(target)
    end = text.put(f"mul i64 %vectors, {target.lanes}")
    with text.loop(0, "%count") as (k, _, _):
        source = text.at("%rows", _entry(text, "%columns", k))
        slot = text.at("%scratch", _entry(text, "%slots", k))
        with text.loop(0, "%height") as (r, _, _):
            x = text.scalar(text.at(source, text.put(f"mul i64 {r}, %width")))
            text.do(f"store double {x}, ptr {text.at(slot, r)}, align 8")
        with text.loop("%height", end) as (r, _, _):
            text.do(f"store double {bits(0.0)}, ptr {text.at(slot, r)}, align 8")
    return text.function(
        "load", "ptr %rows, i64 %width, i64 %height, ptr %scratch, ptr %columns, ptr %slots, i64 %count, i64 %vectors"
    )


def _write(target: Target) -> str:
    """Slots into rows of a result."""
    text = _Text(target)
    with text.loop(0, "%height") as (r, _, _):
        row = text.at("%result", text.put(f"mul i64 {r}, %width"))
        with text.loop(0, "%width") as (k, _, _):
            x = text.scalar(text.at("%scratch", _entry(text, "%slots", k), r))
            text.do(f"store double {x}, ptr {text.at(row, k)}, align 8")
    return text.function("write", "ptr %result, i64 %width, i64 %height, ptr %scratch, ptr %slots")


def _clear(target: Target) -> str:
    """Zeros behind the last row, so that adding up all lanes adds up the rows."""
    text = _Text(target)
    end = text.put(f"mul i64 %vectors, {target.lanes}")
    full = text.put(f"icmp eq i64 %height, {end}")
    with text.loop(0, text.put(f"select i1 {full}, i64 0, i64 %count")) as (slot, _, _):
        pointer = text.at("%scratch", text.put(f"mul i64 {slot}, {target.slot}"))
        with text.loop("%height", end) as (r, _, _):
            text.do(f"store double {bits(0.0)}, ptr {text.at(pointer, r)}, align 8")
    return text.function("clear", "ptr %scratch, i64 %height, i64 %count, i64 %vectors")


def _side_by_side(target: Target) -> str:
    """Slots as rows: the numbers of one row of data side by side, `width` of them, for as many rows as a block has."""
    text = _Text(target)
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


def _table(name: str, entries: Sequence[int]) -> str:
    numbers = ", ".join(f"i64 {entry}" for entry in entries)
    return f"@{name} = internal constant [{len(entries)} x i64] [{numbers}]"


def _tables(plan: Plan, target: Target) -> Iterator[str]:
    constants = ", ".join(f"double {bits(x)}" for x in plan.constants)
    yield f"@constants = internal constant [{len(plan.constants)} x double] [{constants}]"
    yield _table("load.columns", [column for column, _ in plan.loads])
    yield _table("load.slots", [slot * target.slot for _, slot in plan.loads])
    yield _table("sums.places", [place for place, _ in plan.sums])
    yield _table("sums.slots", [slot * target.slot for _, slot in plan.sums])
    for k, slots in enumerate(plan.written):
        yield _table(f"written{k}", [slot * target.slot for slot in slots])


def _run(plan: Plan, parameters: int, target: Target) -> str:
    text = _Text(target)
    block = target.block
    if plan.added:
        text.do(f"call void @llvm.memset.p0.i64(ptr %gradient, i8 0, i64 {8 * plan.added}, i1 false)")
    with text.loop("%first", "%last", block) as (start, _, _):
        left = text.put(f"sub i64 %last, {start}")
        height = text.put(f"select i1 {text.put(f'icmp slt i64 {left}, {block}')}, i64 {left}, i64 {block}")
        vectors = text.put(f"udiv i64 {text.put(f'add i64 {height}, {target.lanes - 1}')}, {target.lanes}")
        rows = text.at("%rows", text.put(f"mul i64 {start}, %width"))
        text.do(
            f"call void @load(ptr {rows}, i64 %width, i64 {height}, ptr %scratch, ptr @load.columns, "
            f"ptr @load.slots, i64 {len(plan.loads)}, i64 {vectors})"
        )
        for k, stage in enumerate(plan.stages):
            if isinstance(stage, Piece):
                text.do(f"call void @piece{k}(ptr %scratch, ptr %numbers, i64 {vectors})")
            else:
                _call_layer(text, stage, parameters, vectors)
        for k, slots in enumerate(plan.written):
            result = text.at(f"%written{k}", text.put(f"mul i64 {start}, {len(slots)}"))
            text.do(f"call void @write(ptr {result}, i64 {len(slots)}, i64 {height}, ptr %scratch, ptr @written{k})")
        if plan.sums or plan.products:
            text.do(f"call void @clear(ptr %scratch, i64 {height}, i64 {plan.slots}, i64 {vectors})")
        if plan.sums:
            text.do(
                f"call void @sums(ptr %gradient, ptr @sums.places, ptr %scratch, ptr @sums.slots, "
                f"i64 {len(plan.sums)}, i64 {vectors})"
            )
        _call_products(text, plan, rows, height, vectors)
    written = "".join(f", ptr %written{k}" for k in range(len(plan.written)))
    head = f"ptr %rows, i64 %width, i64 %first, i64 %last, ptr %numbers, ptr %scratch, ptr %gradient{written}"
    return text.function("run", head).replace("define internal", "define", 1)


def _call_layer(text: _Text, stage: LayerLoop, parameters: int, vectors: str) -> None:
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


def _sides(plan: Plan, product: ProductLoop, target: Target) -> _Sides:
    """The longer side is taken across where the inputs are fewer than a vector has lanes."""
    (rows, columns), grid = product.shape, product.gradient
    if columns < min(rows, target.lanes):
        return _Sides(product.inputs, columns, grid.column, product.upstream, rows, grid.row, None)
    column_of = {slot: column for column, slot in plan.loads}
    found = [column_of.get(product.inputs.first + j * product.inputs.step) for j in range(columns)]
    first = found[0]
    beside = first is not None and found == list(range(first, first + columns))
    return _Sides(product.upstream, rows, grid.row, product.inputs, columns, grid.column, first if beside else None)


def _widths(plan: Plan, target: Target) -> dict[Slots, int]:
    """The slots that are needed side by side, and how many of each."""
    widths: dict[Slots, int] = {}
    for product in plan.products:
        sides = _sides(plan, product, target)
        if sides.column is None:
            full = sides.columns - sides.columns % target.lanes
            widths[sides.across] = max(full, widths.get(sides.across, 0))
    return {slots: width for slots, width in widths.items() if width}


def room(plan: Plan, target: Target) -> int:
    """How many numbers the code needs to have room for: the slots, and behind them those that stand side by side."""
    return (plan.slots + sum(_widths(plan, target).values())) * target.slot


def _call_products(text: _Text, plan: Plan, rows: str, height: str, vectors: str) -> None:
    slot = text.target.slot
    pointers: dict[Slots, tuple[str, int]] = {}
    place = plan.slots
    for slots, width in _widths(plan, text.target).items():
        pointer = text.at("%scratch", place * slot)
        pointers[slots] = pointer, width
        place += width
        source = text.at("%scratch", slots.first * slot)
        text.do(
            f"call void @side.by.side(ptr {source}, i64 {slots.step * slot}, ptr {pointer}, i64 {width}, i64 {vectors})"
        )
    for product in plan.products:
        sides = _sides(plan, product, text.target)
        if sides.column is None:
            side, width = pointers.get(sides.across, ("null", 0))
            beside = f"ptr {side}, i64 {width}"
        else:
            beside = f"ptr {text.at(rows, sides.column)}, i64 %width"
        upstream, inputs = (text.at("%scratch", slots.first * slot) for slots in (sides.up, sides.across))
        text.do(
            f"call void @products(ptr {upstream}, i64 {sides.up.step * slot}, {beside}, "
            f"ptr {text.at('%gradient', product.gradient.first)}, i64 {sides.row}, i64 {sides.step}, i64 {height}, "
            f"ptr {inputs}, i64 {sides.across.step * slot}, i64 {sides.rows}, i64 {sides.columns}, i64 {vectors})"
        )
