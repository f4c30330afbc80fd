"""The recorded graph of one row, compiled: rows of numbers in, arrays out."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from ctypes import addressof, c_char
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd.atomic import cyclic_collector_paused
from autograd.compiler import jit
from autograd.compiler.llvm_text import Target
from autograd.compiler.module import code, lay_out, shared_parts
from autograd.compiler.plan import LayerLoop, Piece, Plan, Results, plan, recorded, sums_of
from autograd.compiler.repeats import Repeat
from autograd.compiler.summation import SHARE_ROWS, block_rows, shares
from autograd.compiler.threads import in_threads
from autograd.compiler.vector_math import TRIED
from autograd.compiler.vector_math_check import formulas
from autograd.derivatives import gradient_graph
from autograd.ieee import integer
from autograd.node import set_data
from autograd.rules import Operation
from autograd.value import Value

Array = NDArray[np.float64]

MAX_EDGES = 400_000  # in the recorded graph, beside those in sums of products: planning more takes a minute
MAX_INSTRUCTIONS = 1_000_000  # in straight code, gradient included: LLVM takes more than a minute for more
MAX_KERNELS = 64  # that are found again in the process


@dataclass(frozen=True)
class Request:
    """What a kernel computes beside the outputs: the gradient of which output, and how it is given."""

    of: int | None = None
    per_row: bool = False
    wrt_inputs: bool = False


class Compiled:
    """Machine code of a recorded graph, over rows; `autograd.compile` makes it."""

    def __init__(
        self,
        outputs: Sequence[Value],
        inputs: Sequence[Value],
        parameters: Sequence[Value],
        *,
        single: bool,
        exact: bool,
        threads: int,
        gradient: bool = True,
    ) -> None:
        self._outputs, self._inputs, self._values = tuple(outputs), tuple(inputs), tuple(parameters)
        self._single, self._exact, self._threads = single, exact, _checked_threads(threads)
        refuse_too_many_edges(outputs, inputs)
        self._structure = structure(outputs, inputs, parameters)
        self._kernels: dict[Request, Kernel] = {}
        # The code knows the address: a bytearray isn't resized as long as an array looks at it
        self._memory = bytearray(8 * len(parameters))
        self._parameters: Array = np.ndarray(len(parameters), np.float64, self._memory)
        self._parameters[:] = [parameter.data for parameter in parameters]
        self._address = self._parameters.ctypes.data
        self._usual = self._kernel(_GRADIENT) if parameters and gradient else None
        self._values_alone = None if self._usual is not None else self._kernel(_VALUE)

    @property
    def parameters(self) -> Array:
        """The parameters' numbers, an array that the code reads at each call: change it in place (not its size)."""
        return self._parameters.view()

    def load(self) -> None:
        """Take the parameters' numbers from their Values."""
        self._parameters[:] = [value.data for value in self._values]

    def store(self) -> None:
        """Give the parameters' numbers to their Values: all of them or, on Ctrl-C, none."""
        set_data(self._values, self._parameters.tolist())

    def value(self, rows: Any, *, threads: int | None = None) -> Array:
        """The output for each row, (n,); of several outputs, (n, outputs).

        `rows` has a row of numbers for each sample, (n, inputs). Raises TypeError for what isn't an array of
        real numbers, ValueError for another shape.
        """
        rows = self._rows(rows)
        kernel = self._values_alone
        if kernel is None:
            kernel = self._values_alone = self._kernel(_VALUE)
        (values,), _ = kernel(
            rows, self._parameters, self._address, self._threads if threads is None else _checked_threads(threads)
        )
        return values if self._single else values.reshape(len(rows), len(self._outputs))

    def value_and_gradient(
        self,
        rows: Any,
        *,
        per_row: bool = False,
        of: int | Value = 0,
        wrt_inputs: bool = False,
        threads: int | None = None,
    ) -> tuple[Array, ...]:
        """The values, as `value` gives them, and Σ over rows of ∂output/∂parameter, (parameters,).

        per_row     the gradient of each row instead of their sum: (n, parameters), bit for bit that of `backward`
        of          which of several outputs is differentiated, its place or itself
        wrt_inputs  ∂output/∂input of each row, too, as a third array: (n, inputs)
        threads     that share the work; any number of them gives the same bits

        The sum over rows has one order, on every processor (`autograd.compiler.summation`); a sum in another order
        differs from it by rounding.
        """
        rows = self._rows(rows)
        kernel = self._usual
        if kernel is None or per_row or wrt_inputs or type(of) is not int or of:
            kernel = self._kernel(Request(self._place(of), bool(per_row), bool(wrt_inputs)))
        written, gradient = kernel(
            rows, self._parameters, self._address, self._threads if threads is None else _checked_threads(threads)
        )
        values = written[0]
        if not self._single:
            values = values.reshape(len(rows), len(self._outputs))
        if per_row:
            gradient = written[1].reshape(len(rows), len(self._values))
        if wrt_inputs:
            return values, gradient, written[-1].reshape(len(rows), len(self._inputs))
        return values, gradient

    def explain(self, *, llvm: bool = False) -> str:
        """The stages from the graph to machine code: what was recorded, its gradient, the layers that were found.

        With `llvm`, the text in LLVM's language, too.
        """
        kernel = self._kernel(_GRADIENT if self._values else _VALUE)
        return "\n".join([*kernel.told(len(self._inputs), len(self._values)), *([kernel.text] if llvm else [])])

    def __reduce__(self) -> NoReturn:
        raise TypeError("machine code is of this process: pickle or copy the graph instead, and compile it again")

    def _rows(self, rows: Any) -> Array:
        if type(rows) is not np.ndarray or rows.dtype != np.float64 or not rows.flags.carray:
            rows = _as_floats(rows)
        if rows.ndim == 1 and rows.size == 0:
            rows = rows.reshape(0, len(self._inputs))
        if rows.ndim != 2 or rows.shape[1] != len(self._inputs):
            raise ValueError(
                f"rows of {len(self._inputs)} numbers are needed, an array of the shape (n, {len(self._inputs)}), "
                f"not of {rows.shape}"
            )
        result: Array = rows
        return result

    def _place(self, of: Any) -> int:
        if isinstance(of, Value):
            found = [i for i, output in enumerate(self._outputs) if output is of]
            if not found:
                raise ValueError(f"of: {of!r} is none of the {len(self._outputs)} outputs")
            return found[0]
        place = integer(of, "of, the place of an output,")
        if not 0 <= place < len(self._outputs):
            raise ValueError(f"of: there is no output {place} among {len(self._outputs)}")
        return place

    def _kernel(self, request: Request) -> Kernel:
        """The kernel for this request: the process's, if the structure was compiled before."""
        found = self._kernels.get(request)
        if found is None:
            found = self._kernels[request] = remembered(
                (self._structure, request, self._exact),
                lambda: Kernel(self._outputs, self._inputs, self._values, request, exact=self._exact),
            )
        return found


_VALUE, _GRADIENT = Request(), Request(0)


class Kernel:
    """Machine code for one request, and the memory that it works in."""

    def __init__(
        self,
        outputs: Sequence[Value],
        inputs: Sequence[Value],
        parameters: Sequence[Value],
        request: Request,
        *,
        exact: bool,
    ) -> None:
        written = [list(outputs)]
        added: list[Value] = []
        graph = recorded(outputs)
        self.recorded = Counter(node.operation for node in graph)
        if request.of is not None:
            wrt = [*parameters, *(inputs if request.wrt_inputs else ())]
            found = gradient_graph(outputs[request.of], wrt)
            added, by_input = found[: len(parameters)], found[len(parameters) :]
            if request.per_row:
                written.append(added)
                added = []
            if request.wrt_inputs:
                written.append(by_input)
        self.plan = planned = plan(Results(written, added), inputs, parameters)
        refuse_too_many_instructions(planned)
        self.target = target_of(planned, exact=exact)
        layout = lay_out(planned, self.target)
        self.text = code(layout)
        self.widths = [len(nodes) for nodes in written]
        self.size = len(parameters) if added else 0
        rules = {node.operation for node in graph}  # whose ids are in the structure
        self._code = jit.MachineCode(
            self.text,
            7 + len(written),
            planned.instructions,
            shared=shared_parts(layout),
            keep=rules,
        )
        self._run = self._code.run
        self.address = self._code.address
        self.room = layout.size
        self._local = threading.local()

    def __call__(self, rows: Array, parameters: Array, numbers: int, threads: int) -> tuple[list[Array], Array]:
        """What is written for each row, and what is added up; `numbers` is the parameters' address."""
        n, width = rows.shape
        if not n:  # a sum of nothing is 0, while sums start from −0
            return [np.empty((0, columns)) if columns != 1 else np.empty(0) for columns in self.widths], np.zeros(
                self.size
            )
        if n > SHARE_ROWS:
            return self._in_shares(rows, parameters, numbers, threads)
        written = [np.empty(n if columns == 1 else (n, columns)) for columns in self.widths]
        added = np.empty(self.size)
        self._run(
            address_of(rows),
            width,
            0,
            n,
            numbers,
            self._scratch(),
            address_of(added),
            *[address_of(result) for result in written],
        )
        return written, added

    def _in_shares(self, rows: Array, parameters: Array, numbers: int, threads: int) -> tuple[list[Array], Array]:
        """The same for many rows: shares of them, whose sums are added up in order."""
        n, width = rows.shape
        source = address_of(rows)
        written = [np.empty(n if columns == 1 else (n, columns)) for columns in self.widths]
        addresses = [result.ctypes.data for result in written]
        parts_of_rows = shares(n, self.target.block)
        parts = np.empty((len(parts_of_rows), self.size))
        first = parts.ctypes.data

        # What the threads write to is held by them, too: after a second Ctrl-C they may still be at it
        def run(k: int, _held: object = (rows, written, parts, parameters)) -> None:
            self._run(source, width, *parts_of_rows[k], numbers, self._scratch(), first + 8 * k * self.size, *addresses)

        if threads > 1:
            in_threads(min(threads, len(parts)), run, range(len(parts)))
        else:
            for k in range(len(parts)):
                run(k)
        return written, functools.reduce(np.add, parts)  # np.add.reduce adds a single column pairwise

    def _scratch(self) -> int:
        """The address of this thread's slots."""
        try:
            address: int = self._local.address
        except AttributeError:
            self._local.numbers = numbers = np.empty(self.room + 8)
            self._local.address = address = -(-numbers.ctypes.data // 64) * 64  # a vector in one line of the cache
        return address

    def told(self, inputs: int, parameters: int) -> Iterator[str]:
        """The stages of the pipeline, a line each."""
        yield f"recorded graph    {_told(self.recorded)}"
        yield f"with its gradient {_told(self.plan.operations)}"
        yield f"reads             {inputs} numbers a row, {parameters} parameters"
        pieces = [stage for stage in self.plan.stages if isinstance(stage, Piece)]
        for stage in self.plan.stages:
            if isinstance(stage, Piece):
                yield f"  straight        {len(stage.places)} instructions"
            elif isinstance(stage, Repeat):
                yield f"  repeated        {stage.turns} times {len(stage.body)} instructions"
            else:
                yield f"  layer           {stage.shape[0]} sums of {stage.shape[1]} products"
        for product in self.plan.products:
            yield f"  products        {product.shape[0]} × {product.shape[1]}, added up over rows"
        if self.plan.sums:
            yield f"  sums            {len(self.plan.sums)} numbers, added up over rows"
        loops = sum(isinstance(stage, LayerLoop) for stage in self.plan.stages)
        yield (
            f"in all            {len(pieces)} straight pieces, {loops} layers; "
            f"{self.plan.slots} slots, blocks of {self.target.block} rows, {self.target.lanes} lanes"
        )
        exactness = "the graph engine's bits" if self.target.exact else "products added without rounding them first"
        if self.target.vectorized:
            exactness += ", functions of whole vectors within 4 ulp"
        yield f"arithmetic        {exactness}"


def target_of(planned: Plan, *, exact: bool) -> Target:
    """What the plan's code is made for."""
    lanes, block = jit.lanes(), block_rows(planned.slots)
    if not exact:
        return Target(lanes, block, exact=False, vectorized=jit.vectorized())
    return Target(lanes, block, formulas=frozenset().union(*map(formulas, planned.program.words() & TRIED)))


def address_of(numbers: NDArray[Any]) -> int:
    """Where an array's numbers are: in an eighth of the time that `ctypes.data` takes, where it is writable."""
    try:
        return addressof(_one_byte(numbers))
    except (TypeError, ValueError):
        return numbers.ctypes.data


_one_byte: Any = c_char.from_buffer


def _told(operations: Counter[Operation | None]) -> str:
    leaves = operations[None]
    told = ", ".join(f"{count} {operation.name}" for operation, count in operations.most_common(7) if operation)
    return f"{operations.total():,} nodes: {leaves} leaves{', ' if told else ''}{told}"


Graph = Mapping[Value, tuple[Value, ...]]


@cyclic_collector_paused
def refuse_too_many_edges(outputs: Sequence[Value], inputs: Sequence[Value]) -> None:
    """Raise ValueError for a graph whose planning takes minutes. Sums of products don't count: they become loops."""
    nodes = recorded(outputs)
    edges = sum(map(len, nodes.values()))
    if edges > MAX_EDGES:
        _, _, sums = sums_of(nodes, outputs, dict.fromkeys(inputs, 0))
        edges -= sum(found.edges for found in sums.values())
    if edges > MAX_EDGES:
        raise ValueError(
            f"the limit is {MAX_EDGES:,} edges beside those in sums of products, and this graph has {edges:,}: "
            "compile a part of it, or leave it to the graph engine"
        )


def refuse_too_many_instructions(planned: Plan) -> None:
    """Raise ValueError for a plan, gradient included, that LLVM would take minutes to compile."""
    if planned.instructions > MAX_INSTRUCTIONS:
        raise ValueError(
            f"the limit is {MAX_INSTRUCTIONS:,} instructions beside loops, and this graph, with the gradient that is "
            f"asked for, has {planned.instructions:,}: compile a part of it, or leave it to the graph engine"
        )


@cyclic_collector_paused
def structure(outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]) -> bytes:
    """A digest of all that a kernel is made from: operations, edges, constants; not the numbers of the forward pass."""
    place: dict[Value, int] = {}
    columns = {node: k for k, node in enumerate(inputs)}
    index = {node: k for k, node in enumerate(parameters)}
    digest = hashlib.blake2b(array("q", [len(inputs), len(parameters)]).tobytes())
    for i, (node, below) in enumerate(recorded(outputs).items()):
        place[node] = i
        if node in columns:
            entry = array("q", [0, columns[node]])
        elif node in index:
            entry = array("q", [1, index[node]])
        elif node.operation is None:
            entry = array("q", [2, *array("q", array("d", [node.data]).tobytes())])
        else:
            entry = array("q", [3, id(node.operation), len(below), *[place[parent] for parent in below]])
        digest.update(entry.tobytes())
    digest.update(array("q", [place[output] for output in outputs]).tobytes())
    return digest.digest()


Made = TypeVar("Made")

_memory: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_memory_lock = threading.RLock()


def remembered(key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """The kernel of this key; the one that was used longest ago makes room."""
    with _memory_lock:
        kernel: Made | None = _memory.get(key)
        if kernel is None:
            kernel = _memory[key] = cyclic_collector_paused(make)()
        _memory.move_to_end(key)
        while len(_memory) > MAX_KERNELS:
            _memory.popitem(last=False)
        return kernel


def _start_anew() -> None:
    """In a process that was forked: the other one's lock may be held for ever."""
    global _memory_lock  # noqa: PLW0603 — it is one for the process
    _memory_lock = threading.RLock()


if hasattr(os, "register_at_fork"):  # where there is fork
    os.register_at_fork(after_in_child=_start_anew)


def _checked_threads(threads: Any) -> int:
    return integer(threads, "threads", least=1)


def _as_floats(rows: Any) -> Array:
    try:
        found = np.asarray(rows)
    except ValueError as error:
        raise ValueError(f"rows of one length are needed: {error}") from None
    if found.dtype.kind not in "fiu":
        raise TypeError(f"rows are real numbers (float64, or what becomes it), not of the type {found.dtype}")
    return np.require(found, np.float64, ["C", "A"])
