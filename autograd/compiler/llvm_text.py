"""LLVM's language as text, line by line.

A vector holds one number of several rows, one in each lane. A lane does what the graph does for its row, in the same
order and with the same roundings, and so gets the same bits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from autograd.compiler.program import bits


@dataclass(frozen=True)
class Target:
    """The target of code: a processor, and whether results must be exact.

    lanes       how many rows a vector holds
    block       how many rows a block has at most: a multiple of 8, whatever the lanes
    exact       whether every bit must be the graph's; if not, products may be added without being rounded first, and
                `vectorized` functions take a vector at once
    vectorized  functions that this system has for whole vectors
    formulas    functions whose formula in `vector_math` has the C library's bits, each with whether the formula rounds
                x·y + z once
    """

    lanes: int
    block: int
    exact: bool = True
    vectorized: frozenset[str] = frozenset()
    formulas: frozenset[tuple[str, bool]] = frozenset()

    @property
    def of_loops(self) -> Target:
        """This target reduced to the fields on which `loop_text` depends, so that all plans share its loops."""
        return Target(self.lanes, 1, self.exact)

    @property
    def of_functions(self) -> Target:
        """This target reduced to the fields on which `c_library` depends."""
        return Target(self.lanes, 1, self.exact, self.vectorized, self.formulas)

    @property
    def slot(self) -> int:
        """How many numbers lie between the starts of two slots.

        An odd number of vectors: at a power of two, all slots would compete for the same few lines of the cache.
        """
        return self.lanes * (self.block // self.lanes | 1)


class FunctionText:
    """The lines of one function. Methods append a line, and those that compute something return its name."""

    def __init__(self, target: Target) -> None:
        self.lines: list[str] = []
        self.target = target
        self.vector = f"<{target.lanes} x double>"
        self.contract = "" if target.exact else " contract"
        self._names = itertools.count()
        self.label = "entry"

    def assign(self, text: str) -> str:
        """Append a line that has a result; return the name that the result gets."""
        name = f"%v{next(self._names)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def append(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def start_block(self, label: str) -> None:
        self.label = label
        self.lines.append(f"{label}:")

    def address(self, pointer: str, *index: str | int) -> str:
        """The address of pointer[sum of the indices], in numbers of 8 bytes."""
        for i in index:
            if i != 0:
                pointer = self.assign(f"getelementptr double, ptr {pointer}, i64 {i}")
        return pointer

    def strided(self, pointer: str, i: str | int, stride: str | int) -> str:
        """The address of pointer[i·stride], in numbers of 8 bytes."""
        return self.address(pointer, self.assign(f"mul i64 {i}, {stride}"))

    def load_scalar(self, pointer: str) -> str:
        return self.assign(f"load double, ptr {pointer}, align 8")

    def load(self, pointer: str) -> str:
        return self.assign(f"load {self.vector}, ptr {pointer}, align 8")

    def store(self, vector: str, pointer: str) -> None:
        self.append(f"store {self.vector} {vector}, ptr {pointer}, align 8")

    def store_scalar(self, x: str, pointer: str) -> None:
        self.append(f"store double {x}, ptr {pointer}, align 8")

    def index_address(self, table: str, k: str | int) -> str:
        """The address of entry k of a table of indices."""
        return self.assign(f"getelementptr i64, ptr {table}, i64 {k}") if k != 0 else table

    def load_index(self, table: str, k: str | int) -> str:
        """Load entry k of a table of indices; return the name of the result."""
        return self.assign(f"load i64, ptr {self.index_address(table, k)}, align 8")

    def splat(self, scalar: str) -> str:
        one = self.assign(f"insertelement {self.vector} poison, double {scalar}, i64 0")
        return self.assign(
            f"shufflevector {self.vector} {one}, {self.vector} poison, <{self.target.lanes} x i32> zeroinitializer"
        )

    def shuffle(self, x: str, y: str, lanes: Sequence[int]) -> str:
        """The vector of these lanes, where a number counts the lanes of x and then those of y."""
        mask = ", ".join(f"i32 {lane}" for lane in lanes)
        return self.assign(f"shufflevector {self.vector} {x}, {self.vector} {y}, <{len(lanes)} x i32> <{mask}>")

    def lanes_below(self, count: str) -> str:
        """For each lane, whether its index, counted from 0, is below `count`."""
        lanes = self.target.lanes
        one = self.assign(f"insertelement <{lanes} x i64> poison, i64 {count}, i64 0")
        counts = self.assign(
            f"shufflevector <{lanes} x i64> {one}, <{lanes} x i64> poison, <{lanes} x i32> zeroinitializer"
        )
        return self.assign(f"icmp slt <{lanes} x i64> <{', '.join(f'i64 {lane}' for lane in range(lanes))}>, {counts}")

    def select(self, condition: str, x: str, y: str) -> str:
        return self.assign(f"select <{self.target.lanes} x i1> {condition}, {self.vector} {x}, {self.vector} {y}")

    def add(self, x: str, y: str) -> str:
        return self.assign(f"fadd {self.vector} {x}, {y}")

    def fused(self, x: str, y: str, z: str) -> str:
        """x·y + z, rounded once."""
        numbers = ", ".join(f"{self.vector} {number}" for number in (x, y, z))
        return self.assign(f"call {self.vector} @llvm.fma.v{self.target.lanes}f64({numbers})")

    def magnitude(self, x: str) -> str:
        return self.assign(f"call {self.vector} @llvm.fabs.v{self.target.lanes}f64({self.vector} {x})")

    def all_lanes(self, condition: str) -> str:
        """Whether the condition holds in all lanes."""
        lanes = self.target.lanes
        return self.assign(f"icmp eq i{lanes} {self.assign(f'bitcast <{lanes} x i1> {condition} to i{lanes}')}, -1")

    def multiply_add(self, total: str, x: str, y: str) -> str:
        """total + x·y. Where the target is exact, the product is rounded first."""
        product = self.assign(f"fmul{self.contract} {self.vector} {x}, {y}")
        return self.assign(f"fadd{self.contract} {self.vector} {total}, {product}")

    @contextmanager
    def loop(
        self, start: str | int, stop: str, step: int = 1, carried: Sequence[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        """The loop `for i in range(start, stop, step)`.

        `carried` has (type, first value) of what each turn hands on to the next. Gives i, the names of the carried
        values (in the turn, or behind the loop the last ones), and a list for their values in the next turn.
        """
        n = next(self._names)
        before, head, body, latch, after = self.label, f"head{n}", f"body{n}", f"latch{n}", f"after{n}"
        names = [f"%carried{n}_{k}" for k in range(len(carried))]
        following: list[str] = []
        self.append(f"br label %{head}")
        self.start_block(head)
        self.append(f"%i{n} = phi i64 [ {start}, %{before} ], [ %next{n}, %{latch} ]")
        here = len(self.lines)
        self.append(f"%more{n} = icmp slt i64 %i{n}, {stop}")
        self.append(f"br i1 %more{n}, label %{body}, label %{after}")
        self.start_block(body)
        yield f"%i{n}", names, following
        self.append(f"br label %{latch}")
        self.start_block(latch)
        self.append(f"%next{n} = add i64 %i{n}, {step}")
        self.append(f"br label %{head}")
        self.start_block(after)
        self.lines[here:here] = [
            f"  {name} = phi {kind} [ {first}, %{before} ], [ {value}, %{latch} ]"
            for name, (kind, first), value in zip(names, carried, following, strict=True)
        ]

    def tiles(self, stop: str, sizes: Sequence[int]) -> Iterator[tuple[str, int]]:
        """Loops over tiles that cover range(stop), the large ones first: (start, size) of each loop's tile."""
        start = "0"
        for size in sizes:
            last = self.assign(f"sub i64 {stop}, {size - 1}") if size > 1 else stop
            with self.loop(start, last, size) as (i, _, _):
                yield i, size
            start = i

    def as_function(self, name: str, parameters: str, *, result: str = "void", internal: bool = True) -> str:
        """The function of these lines; one with a result ends in lines that return it."""
        head = f"define {'internal ' if internal else ''}{result} @{name}({parameters}) #0 {{\nentry:"
        return "\n".join([head, *self.lines, *(["  ret void"] if result == "void" else []), "}"])


def constant(x: float) -> str:
    """A vector with this number in all lanes."""
    return f"splat (double {bits(x)})"


def call(function: str, parameters: str, arguments: Mapping[str, object], *, result: str = "void") -> str:
    """A call of a function with these parameters. A parameter without an argument gets the caller's of the same name.

    >>> call("f", "ptr %x, i64 %count", {"%x": "%v3"})
    'call void @f(ptr %v3, i64 %count)'
    """
    pairs = [parameter.rpartition(" ") for parameter in parameters.split(", ")]
    return f"call {result} @{function}({', '.join(f'{kind} {arguments.get(name, name)}' for kind, _, name in pairs)})"


def attributes() -> str:
    """LLVM's attributes: #0 for all functions, #1 for those that must not be inlined."""
    # Without this width, code for some processors takes vectors of 512 bits by halves
    common = 'nounwind "min-legal-vector-width"="512"'
    return f"attributes #0 = {{ {common} }}\nattributes #1 = {{ {common} noinline }}"
