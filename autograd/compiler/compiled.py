"""The compiled graph, as its user has it: rows of numbers in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from autograd.compiler.graph import structure
from autograd.compiler.kernel import Kernel
from autograd.compiler.limits import refuse_too_many_edges
from autograd.compiler.memory import Array
from autograd.compiler.pipeline import kernel_for
from autograd.compiler.report import report
from autograd.compiler.results import GRADIENT, VALUE, Request
from autograd.ieee import integer
from autograd.node import set_data
from autograd.value import Value


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
        self._gradient_kernel = self._kernel(GRADIENT) if parameters and gradient else None
        self._value_kernel = None if self._gradient_kernel is not None else self._kernel(VALUE)

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

    def explain(self, *, llvm: bool = False) -> str:
        """The stages from the graph to machine code: what was recorded, its gradient, the layers that were found.

        With `llvm`, the text in LLVM's language, too.
        """
        kernel = self._kernel(GRADIENT if self._values else VALUE)
        return "\n".join([*report(kernel, len(self._inputs), len(self._values)), *([kernel.text] if llvm else [])])

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
            found = self._kernels[request] = kernel_for(
                self._outputs, self._inputs, self._values, request, exact=self._exact, digest=self._structure
            )
        return found


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
