"""Functions on whole vectors have the bits of the C library, which Python's math module is made of."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest

import autograd
from autograd import Value, ieee
from autograd.compiler import vector_math
from autograd.compiler.vector_math_check import formulas

FUNCTIONS: dict[str, Callable[[float], float]] = {"exp": ieee.exp, "tanh": math.tanh}


def numbers(seed: int, count: int) -> list[float]:
    generator = random.Random(seed)
    found = [generator.gauss(0, 5) for _ in range(count)]
    found += [generator.uniform(-750, 750) for _ in range(count)]
    found += [generator.choice((-1, 1)) * 2 ** generator.uniform(-1070, 12) for _ in range(count)]
    return [*found, 0.0, -0.0, math.inf, -math.inf, 5e-324, -5e-324, 512.0, -512.0, 709.78, -745.2, 22.0, -22.0]


@pytest.mark.parametrize("word", FUNCTIONS)
def test_vectors_have_the_library_s_bits_at_every_size(word: str) -> None:
    x = Value(0.5)
    rows = numbers(11, 20_000)
    code = autograd.compile(getattr(autograd, word)(x), [x], [])
    found = code.value(np.array(rows).reshape(-1, 1)).tolist()
    assert [z.hex() for z in found] == [FUNCTIONS[word](row).hex() for row in rows]
    assert math.isnan(code.value([[math.nan]])[0])


@pytest.mark.parametrize("word", FUNCTIONS)
@pytest.mark.parametrize("rare", [math.inf, -math.inf, math.nan, 800.0, -800.0])
def test_one_lane_that_is_not_usual_changes_no_other(word: str, rare: float) -> None:
    x = Value(0.5)
    code = autograd.compile(getattr(autograd, word)(x), [x], [])
    for lane in range(8):
        rows = [0.1 * k for k in range(8)]
        rows[lane] = rare
        found = code.value(np.array(rows).reshape(-1, 1)).tolist()
        expected = [FUNCTIONS[word](row) for row in rows]
        assert [z.hex() for z in found if z == z] == [z.hex() for z in expected if z == z]  # noqa: PLR0124 — nan isn't


def test_the_table_of_exp_is_the_powers_of_two_to_the_last_bit() -> None:
    powers, tails = (
        [int(entry.split()[1], 16) for entry in line.partition("] [")[2].rstrip("]").split(", ")]
        for line in vector_math.exponential_tables(4)[:2]
    )
    # as in ARM's optimized routines, exp_data.c
    assert (powers[0], powers[1], tails[0], tails[1]) == (
        0x3FF0000000000000,
        0x3FEFF63DA9FB3335,
        0x0,
        0x3C9B3B4F1A88BF6E,
    )
    assert len(powers) == len(tails) == 128


def test_formulas_without_the_library_s_bits_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert formulas("exp") <= {("exp", True), ("exp", False)}
    monkeypatch.setattr(vector_math, "C2", 0.5)  # 6·10⁻¹⁴ beside it
    from autograd.compiler import c_library

    c_library._function.cache_clear()
    assert formulas.__wrapped__("exp") == frozenset()
    c_library._function.cache_clear()
