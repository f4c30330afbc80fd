"""Machine code that runs over rows: arrays in, arrays out."""

from __future__ import annotations

from collections import Counter

import numpy as np

from autograd.compiler.jit import MachineCode
from autograd.compiler.layout import Layout
from autograd.compiler.memory import Array, Scratch, address_of
from autograd.compiler.results import Results
from autograd.compiler.sharing import sums_of_shares
from autograd.compiler.summation import MIN_SHARE_ROWS
from autograd.rules import Operation


class Kernel:
    """Machine code for some results of a graph, and the memory that it works in.

    layout    the plan that the code carries out, and its target
    text      the code in LLVM's language
    recorded  how often each operation occurs in the recorded graph. It keeps the operations alive, because their ids
              are in the digest under which the kernel is cached
    """

    def __init__(
        self,
        machine: MachineCode,
        layout: Layout,
        text: str,
        results: Results,
        recorded: Counter[Operation | None],
    ) -> None:
        self.machine, self.layout, self.text, self.recorded = machine, layout, text, recorded
        self.scratch = Scratch(layout.scratch_numbers)
        self._run = machine.run
        self._widths = [len(nodes) for nodes in results.written]
        self._sums = len(results.summed)

    def __call__(self, rows: Array, parameters: Array, numbers: int, threads: int) -> tuple[list[Array], Array]:
        """Return the results for each row, and the sums over the rows; `numbers` is the parameters' address."""
        n, width = rows.shape
        written = [np.empty(n if columns == 1 else (n, columns)) for columns in self._widths]
        if not n:  # a sum of nothing is 0, while the code's sums start from −0
            return written, np.zeros(self._sums)
        if n > MIN_SHARE_ROWS:
            return written, self._in_shares(rows, parameters, numbers, threads, written)
        summed = np.empty(self._sums)
        self._run(
            address_of(rows),
            width,
            0,
            n,
            numbers,
            self.scratch.address,
            address_of(summed),
            *[address_of(result) for result in written],
        )
        return written, summed

    def _in_shares(self, rows: Array, parameters: Array, numbers: int, threads: int, written: list[Array]) -> Array:
        """Return the sums over many rows; the results for each row are written into the arrays `written`."""
        source, width = address_of(rows), rows.shape[1]
        addresses = [result.ctypes.data for result in written]

        # The default keeps alive what a thread reads and writes: after a second Ctrl-C, threads may work on
        def run(first: int, last: int, summed: int, _held: object = (rows, parameters, written)) -> None:
            self._run(source, width, first, last, numbers, self.scratch.address, summed, *addresses)

        block = self.layout.target.block
        return sums_of_shares(run, len(rows), block=block, sums=self._sums, threads=threads)
