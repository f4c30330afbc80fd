"""A group of workers over MPI, by mpi4py."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SECONDS_BETWEEN_LOOKS = 50e-6  # while others are at work, so that waiting takes no processor's time


class MPI:
    """The workers of a communicator: `rank`, `size`, `allgather`."""

    def __init__(self, communicator: Any, timeout: float) -> None:
        self._communicator, self.timeout = communicator, timeout
        self.rank, self.size = communicator.Get_rank(), communicator.Get_size()
        self._closed = False

    def allgather(self, array: Array) -> list[Array]:
        """Give the others an array (n,) of float64, and return those of all workers in the order of their ranks.

        Raises ConnectionError if the others don't come within `timeout` seconds.
        """
        if self._closed:
            raise ConnectionError("the group of workers is closed: this worker has left it")
        own = np.ascontiguousarray(array, dtype=np.float64)
        found = np.empty((self.size, len(own)))
        request = self._communicator.Iallgather(own, found)
        end = monotonic() + self.timeout
        while not request.Test():
            if monotonic() > end:
                self._closed = True
                raise ConnectionError(f"some of {self.size} workers were silent for {self.timeout:g} s")
            sleep(SECONDS_BETWEEN_LOOKS)
        return list(found)

    def close(self) -> None:
        """Take part in no more exchanges: the others wait as long as their timeout, and stop."""
        self._closed = True
