"""Finds out, by trying, which formulas of `vector_math` have the bits of this system's C library."""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np

from autograd import ieee
from autograd.compiler import jit
from autograd.compiler.layered_graph import layered_graph
from autograd.compiler.layout import lay_out
from autograd.compiler.llvm_text import Target
from autograd.compiler.module import module
from autograd.compiler.planning import plan_of
from autograd.compiler.results import Results
from autograd.compiler.summation import PLACES
from autograd.rules import OPERATIONS, PRIMITIVES
from autograd.value import Value


@cache
def formulas(word: str) -> frozenset[tuple[str, bool]]:
    """(word, whether x·y + z is rounded once) if the word's formula has the C library's bits in that way, or nothing.

    Tried on numbers of all sizes, and on many near the places where the formula changes.
    """
    numbers = _numbers_to_try()
    expected = np.array([PRIMITIVES[word].on_floats(number) for number in numbers])
    x = Value(0.5)
    plan = plan_of(layered_graph(Results([[OPERATIONS[word](x)]]), [x], []))
    rows, computed = np.array(numbers), np.empty(len(numbers))
    for once in (True, False):
        layout = lay_out(plan, Target(jit.lanes(), PLACES, formulas=frozenset({(word, once)})))
        machine = jit.MachineCode(module(layout))
        slots = np.empty(layout.scratch_numbers)
        machine.run(rows.ctypes.data, 1, 0, len(rows), 0, slots.ctypes.data, 0, computed.ctypes.data)
        same = (computed.view(np.int64) == expected.view(np.int64)) | (np.isnan(computed) & np.isnan(expected))
        if same.all():
            return frozenset({(word, once)})
    return frozenset()


CHANGES_OF_FORMULA = (0.5 * math.log(2) / 2, 0.75 * math.log(2), 1.0, 20 * math.log(2) / 2, 22.0)


def _numbers_to_try() -> list[float]:
    generator = random.Random(0)
    numbers = [generator.uniform(-25, 25) for _ in range(8_000)]
    numbers += [generator.choice((-1, 1)) * 2 ** generator.uniform(-60, 5) for _ in range(8_000)]
    numbers += [
        generator.choice((-1, 1)) * x * (1 + generator.uniform(-1e-6, 1e-6))
        for x in CHANGES_OF_FORMULA
        for _ in range(200)
    ]
    numbers += [generator.uniform(-760, 760) for _ in range(4_000)]
    numbers += [0.0, -0.0, ieee.inf, -ieee.inf, ieee.nan, 1.0, -1.0, 22.0, 512.0, -512.0, 1e300, 5e-324]
    return numbers
