"""Memory that machine code reads and writes: addresses of arrays, and scratch memory."""

from __future__ import annotations

import threading
from ctypes import addressof, c_char
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

CACHE_LINE_BYTES = 64


def address_of(numbers: NDArray[Any]) -> int:
    """The address of an array's first number."""
    try:
        # In an eighth of the time that `ctypes.data` takes, for what is neither empty nor read-only
        return addressof(_one_byte(numbers))
    except (TypeError, ValueError):
        return numbers.ctypes.data


_one_byte: Any = c_char.from_buffer


def aligned(count: int) -> tuple[Array, int]:
    """An array with room for `count` numbers, and the first address in it that is aligned to a cache line."""
    room = np.empty(count + CACHE_LINE_BYTES // 8)
    return room, -(-room.ctypes.data // CACHE_LINE_BYTES) * CACHE_LINE_BYTES


class Scratch:
    """Scratch memory for `count` numbers; each thread has its own."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._of_thread = threading.local()

    @property
    def address(self) -> int:
        """The address of this thread's memory, aligned to a cache line, so that no vector crosses two lines."""
        try:
            address: int = self._of_thread.address
        except AttributeError:
            self._of_thread.array, address = aligned(self.count)
            self._of_thread.address = address
        return address
