"""The compiled shuffle gives Python's permutations."""

from __future__ import annotations

import random

import pytest

from autograd.compiler import shuffle
from autograd.compiler.shuffle import Shuffled


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 9, 1437, 70_000])
def test_the_compiled_shuffle_is_pythons_time_after_time(n: int) -> None:
    generator, expected = random.Random(5), list(range(n))
    found = Shuffled(n, random.Random(5))
    for _ in range(4):
        generator.shuffle(expected)
        assert found.shuffle().tolist() == expected


def test_where_python_shuffles_in_another_way_its_own_shuffle_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shuffle, "_is_as_pythons", lambda: False)
    expected = list(range(9))
    random.Random(5).shuffle(expected)
    assert Shuffled(9, random.Random(5)).shuffle().tolist() == expected
