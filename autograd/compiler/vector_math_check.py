"""Finds out, by trying, which formulas of `vector_math` have the bits of this system's C library."""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autograd import ieee
from autograd.compiler import jit
from autograd.compiler.c_library import c_library
from autograd.compiler.llvm_text import Target
from autograd.compiler.summation import PLACES
from autograd.rules import PRIMITIVES

Array = NDArray[np.float64]


@cache
def formulas(word: str) -> frozenset[tuple[str, bool]]:
    """(word, whether x·y + z is rounded once) if the word's formula has the C library's bits in that way, or nothing.

    Tried on numbers of all sizes, and on many near the places where the formula changes.
    """
    numbers = _numbers_to_try()
    expected = np.array(list(map(PRIMITIVES[word].on_floats, numbers.tolist())))
    computed = np.empty(len(numbers))
    for once in (True, False):
        (part,) = c_library({word}, Target(jit.lanes(), PLACES, formulas=frozenset({(word, once)})))
        jit.shared_function(part, f"each.{word}", 3)(numbers.ctypes.data, computed.ctypes.data, len(numbers))
        same = (computed.view(np.int64) == expected.view(np.int64)) | (np.isnan(computed) & np.isnan(expected))
        if same.all():
            return frozenset({(word, once)})
    return frozenset()


CHANGES_OF_FORMULA = (0.5 * math.log(2) / 2, 0.75 * math.log(2), 1.0, 20 * math.log(2) / 2, 22.0)


@cache
def _numbers_to_try() -> Array:
    generator = random.Random(0)

    def uniform(low: float, high: float, count: int) -> Array:
        share = np.frombuffer(generator.randbytes(4 * count), "<u4").astype(np.float64) / 2**32
        return low + (high - low) * share

    sizes = [2 ** uniform(-60, 5, 8_000), *(x * (1 + uniform(-1e-6, 1e-6, 200)) for x in CHANGES_OF_FORMULA)]
    rare = [0.0, -0.0, ieee.inf, -ieee.inf, ieee.nan, 1.0, -1.0, 22.0, 512.0, -512.0, 1e300, 5e-324]
    signed = [np.copysign(size, uniform(-1, 1, len(size))) for size in sizes]
    numbers = np.concatenate([rare, uniform(-25, 25, 8_000), *signed, uniform(-760, 760, 4_000)])
    return np.resize(numbers, -(-len(numbers) // PLACES) * PLACES)  # the first ones again, so that vectors are full
