"""Batches cut into shares, and who computes which: one process all of them, or each of several workers its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from autograd.ieee import integer, kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

USUAL = 16
"""Into how many shares workers cut a batch if nobody says: a number that 1, 2, 4, 8 and 16 workers divide evenly."""


class Workers(Protocol):
    """A group of processes that run the same program, as one of them sees it.

    A `close`, if there is one, lets the others know that this worker has left.
    """

    @property
    def rank(self) -> int:
        """Which of them this one is, from 0."""

    @property
    def size(self) -> int:
        """How many there are."""

    def allgather(self, array: Any, /) -> Sequence[Any]:
        """Give the others an array (n,) of float64, of one n in all workers; return those of all in the order of ranks.

        A worker waits here for the others. If one of them doesn't come any more, it raises an OSError.
        """


@dataclass(frozen=True)
class Shares:
    """How many shares a batch is cut into, and the workers among whom they are divided, if there are several."""

    count: int
    workers: Workers | None = None

    @property
    def rank(self) -> int:
        """Which worker this is."""
        return 0 if self.workers is None else self.workers.rank

    @property
    def size(self) -> int:
        """How many workers there are."""
        return 1 if self.workers is None else self.workers.size

    def of(self, rank: int) -> range:
        """The shares of a worker: worker r of W has those from ⌊r·shares/W⌋ to ⌊(r+1)·shares/W⌋."""
        return range(rank * self.count // self.size, (rank + 1) * self.count // self.size)

    def __enter__(self) -> Shares:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Leave the group if something has gone wrong here, so that the others don't wait."""
        close = getattr(self.workers, "close", None)
        if kind is not None and close is not None:
            close()


def read_shares(shares: int | None, workers: Workers | None) -> Shares | None:
    """The arguments of `fit`, checked: None if a batch is not cut.

    Raises TypeError for shares that are no int or workers that are no group; ValueError for less than 1 share, and for
    fewer shares than workers.
    """
    if shares is None and workers is None:
        return None
    count = USUAL if shares is None else integer(shares, "shares", least=1)
    if workers is None:
        return Shares(count)
    if not all(hasattr(workers, name) for name in ("rank", "size", "allgather")):
        raise TypeError(
            f"workers must have rank, size and allgather, as nn.workers.sockets(…) has, got {kind(workers)}"
        )
    rank, size = (
        integer(workers.rank, "a worker's rank", least=0),
        integer(workers.size, "the number of workers", least=1),
    )
    if rank >= size:
        raise ValueError(f"a worker's rank must be below the number of workers, {size}, got {rank}")
    if count < size:
        raise ValueError(f"shares must be at least the number of workers, {size}, got {count}")
    return Shares(count, workers)
