"""Many rows, split into shares, which threads may work on; the shares' sums are added up in order."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from autograd.compiler.memory import Array
from autograd.compiler.summation import shares
from autograd.compiler.threads import in_threads

Run = Callable[[int, int, int], object]
"""run(first, last, address): compute the rows from `first` to `last`, and put their sums at the address."""


def sums_of_shares(run: Run, rows: int, *, block: int, sums: int, threads: int) -> Array:
    """Run the code on shares of the rows, in blocks of `block`; add up the `sums` numbers that each share gives."""
    ranges = shares(rows, block)
    parts = np.empty((len(ranges), sums))
    start = parts.ctypes.data

    # The default keeps alive what a thread writes to: after a second Ctrl-C, threads may work on when this has returned
    def run_share(k: int, _held: object = parts) -> None:
        run(*ranges[k], start + 8 * k * sums)

    if threads > 1:
        in_threads(min(threads, len(parts)), run_share, range(len(parts)))
    else:
        for k in range(len(parts)):
            run_share(k)
    return functools.reduce(np.add, parts)  # not np.add.reduce, which adds a single column in another order, pairwise
