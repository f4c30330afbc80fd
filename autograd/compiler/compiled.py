"""The compiled graph, as its user has it: rows of numbers in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from autograd.compiler.graph import recorded, structure
from autograd.compiler.kernel import Kernel
from autograd.compiler.limits import refuse_too_many_edges
from autograd.compiler.memory import Array
from autograd.compiler.pipeline import kernel_for
from autograd.compiler.report import report
from autograd.compiler.results import GRADIENT, VALUE, Request
from autograd.compiler.summation import cut
from autograd.ieee import integer
from autograd.node import set_data
from autograd.value import Value


class Compiled:
    """A recorded graph as machine code that runs over rows; `autograd.compile` makes it.

    structure  the graph's edges, constants and operations; graphs with the same structure share their code
    """

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
        graph = recorded(outputs)
        refuse_too_many_edges(graph, outputs, inputs)
        self.structure = structure(graph, outputs, inputs, parameters)
        self._kernels: dict[Request, Kernel] = {}
        # The code keeps the array's address. An array that looks at a bytearray can't be resized, and so can't move
        self._memory = bytearray(8 * len(parameters))
        self._parameters: Array = np.ndarray(len(parameters), np.float64, self._memory)
        self._parameters[:] = [parameter.data for parameter in parameters]
        self._address = self._parameters.ctypes.data
        self._gradient_kernel = self._kernel(GRADIENT) if parameters and gradient else None
        self._value_kernel = None if self._gradient_kernel is not None else self._kernel(VALUE)

    @property
    def parameters(self) -> Array:
        """The parameters' numbers. The code reads this array at each call: change it in place; its size is fixed."""
        return self._parameters.view()

    def load(self) -> None:
        """Copy the parameters' numbers from their Values."""
        self._parameters[:] = [value.data for value in self._values]

    def store(self) -> None:
        """Copy the parameters' numbers to their Values: all of them or, on Ctrl-C, none."""
        set_data(self._values, self._parameters.tolist())

    def value(self, rows: Any, *, threads: int | None = None) -> Array:
        """Compute the output for each row: an array (n,) or, of several outputs, (n, outputs).

        `rows` is an array (n, inputs), or what NumPy makes one of. Raises TypeError for what isn't real numbers,
        ValueError for any other shape.
        """
        rows = self._rows(rows)
        kernel = self._value_kernel
        if kernel is None:
            kernel = self._value_kernel = self._kernel(VALUE)
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
        shares: int | tuple[int, int, int] | None = None,
    ) -> tuple[Array, ...]:
        """Compute the values, as `value` does, and Σ over rows of ∂output/∂parameter, an array (parameters,).

        per_row     give the gradient of each row instead of their sum: (n, parameters), with the bits of `backward`
        of          which of several outputs is differentiated: its place, or the Value itself
        wrt_inputs  give ∂output/∂input of each row, too, as a third array: (n, inputs)
        threads     how many threads share the work; any number of them gives the same bits
        shares      cut the n rows into so many shares, and give the sum of each: (shares, parameters). Share k of 16
                    has the rows from ⌊k·n/16⌋ to ⌊(k+1)·n/16⌋. With (first, last, 16) only shares from `first` to the
                    one before `last` are computed, and no other row is read. So processes can divide the work: all
                    sums, added from left to right, have the same bits however many processes there were

        The sum over rows has one order, on every processor (`autograd.compiler.summation`); a sum in another order
        differs from it by rounding. Raises as `value` does, and ValueError for an output or a share that doesn't exist,
        and for shares of a gradient per row.
        """
        if shares is not None:
            if per_row:
                raise ValueError("shares gives sums of rows, and per_row=True the rows themselves: choose one of them")
            return self._of_shares(rows, shares, of=of, wrt_inputs=wrt_inputs, threads=threads)
        rows = self._rows(rows)
        kernel = self._gradient_kernel
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

    def _of_shares(self, rows: Any, shares: int | tuple[int, int, int], **options: Any) -> tuple[Array, ...]:
        """`value_and_gradient` for each share: values, sums, derivatives by the inputs."""
        first, last, count = _checked_shares(shares)
        rows = self._rows(rows)
        found = [
            self.value_and_gradient(rows[begin:end], **options) for begin, end in cut(len(rows), count)[first:last]
        ]
        values, sums, *by_input = zip(*found, strict=True)
        return np.concatenate(values), np.stack(sums), *map(np.concatenate, by_input)

    def explain(self, *, llvm: bool = False) -> str:
        """Describe the stages from the graph to machine code: the recorded graph, its gradient, the layers in it.

        With `llvm`, the text in LLVM's language follows.
        """
        kernel = self._kernel(GRADIENT if self._values else VALUE)
        return "\n".join([*report(kernel, len(self._inputs), len(self._values)), *([kernel.text] if llvm else [])])

    def __reduce__(self) -> NoReturn:
        raise TypeError("compiled code cannot be pickled or copied; pickle or copy the graph, and compile it again")

    def _rows(self, rows: Any) -> Array:
        if type(rows) is not np.ndarray or rows.dtype != np.float64 or not rows.flags.carray:
            rows = _as_floats(rows)
        if rows.ndim == 1 and rows.size == 0:
            rows = rows.reshape(0, len(self._inputs))
        if rows.ndim != 2 or rows.shape[1] != len(self._inputs):
            raise ValueError(f"rows must have the shape (n, {len(self._inputs)}), got {rows.shape}")
        result: Array = rows
        return result

    def _place(self, of: Any) -> int:
        if isinstance(of, Value):
            places = [i for i, output in enumerate(self._outputs) if output is of]
            if not places:
                raise ValueError(f"of must be one of the {len(self._outputs)} outputs, got {of!r}")
            return places[0]
        place = integer(of, "of, the place of an output,")
        if not 0 <= place < len(self._outputs):
            raise ValueError(
                f"of must be below {len(self._outputs)}, the number of outputs, and not negative, got {place}"
            )
        return place

    def _kernel(self, request: Request) -> Kernel:
        """The kernel for this request."""
        kernel = self._kernels.get(request)
        if kernel is None:
            kernel = self._kernels[request] = kernel_for(
                self._outputs, self._inputs, self._values, request, exact=self._exact, like=self.structure
            )
        return kernel


def _checked_threads(threads: Any) -> int:
    return integer(threads, "threads", least=1)


def _checked_shares(shares: Any) -> tuple[int, int, int]:
    """(first, last, of) of shares that are wanted: of all, if there is only their number."""
    if not isinstance(shares, tuple):
        count = integer(shares, "shares", least=1)
        return 0, count, count
    if len(shares) != 3:
        raise ValueError(f"shares must be a number, or (first, last, of), got {len(shares)} numbers")
    first, last, count = (integer(part, "each of shares") for part in shares)
    if not 0 <= first < last <= count:
        raise ValueError(f"shares must be (first, last, of) with 0 ≤ first < last ≤ of, got {shares}")
    return first, last, count


def _as_floats(rows: Any) -> Array:
    try:
        array = np.asarray(rows)
    except ValueError as error:
        raise ValueError(f"rows must have one length: {error}") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"rows must be real numbers (float64, or what converts to it), got the type {array.dtype}")
    return np.require(array, np.float64, ["C", "A"])
