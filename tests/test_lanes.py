"""The order in which numbers are added up over rows: the same bits on any number of lanes."""

import functools
import itertools
import json
import operator
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from readings import same_bits

import autograd
from autograd import Value, relu, tanh
from autograd.compiler import jit
from nn import MLP


def started_with(lanes, *arguments):
    """A Python of its own, in which vectors have so many lanes."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, "PATHGRAD_LANES": lanes},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_values_gradients_and_trainings_have_the_same_bits_with_2_4_and_8_lanes():
    runs = [started_with(lanes, str(Path(__file__).parent / "tools/lanes.py")) for lanes in "248"]
    with_2, with_4, with_8 = (json.loads(run.communicate(timeout=300)[0]) for run in runs)
    assert len(with_2) == 11
    assert with_2 == with_4 == with_8


@pytest.mark.parametrize("lanes", [2, 4, 8])
def test_the_environment_says_how_many_lanes_there_are(monkeypatch, lanes):
    monkeypatch.setenv("PATHGRAD_LANES", str(lanes))
    assert jit.lanes.__wrapped__() == lanes


def test_without_a_word_from_the_environment_the_lanes_are_the_processors(monkeypatch):
    monkeypatch.delenv("PATHGRAD_LANES", raising=False)
    own = jit.lanes.__wrapped__()
    monkeypatch.setenv("PATHGRAD_LANES", "")
    assert jit.lanes.__wrapped__() == own


@pytest.mark.parametrize("lanes", ["1", "3", "16", "-4", "4.0", "eight", " "])
def test_another_number_of_lanes_is_refused_with_a_sentence(monkeypatch, lanes):
    monkeypatch.setenv("PATHGRAD_LANES", lanes)
    with pytest.raises(ValueError, match=f"PATHGRAD_LANES must be 2, 4 or 8, got '{lanes}'"):
        jit.lanes.__wrapped__()


def test_a_training_refuses_another_number_of_lanes_too():
    code = """
import nn
model, gate = nn.MLP(2, [4, 1]), nn.data.gate("xor")
optimizer = nn.SGD(model.parameters(), lr=0.1)
nn.fit(model, nn.mean_squared_error, gate.X, gate.y, optimizer=optimizer, epochs=9, compiled=True)
"""
    _, told = started_with("5", "-c", code).communicate(timeout=60)
    assert told.endswith("ValueError: the environment variable PATHGRAD_LANES must be 2, 4 or 8, got '5'\n")


# The order itself, on the gradients of single rows


def in_places(rows):
    """Rows of numbers added up in eight places, which then are added by halves."""
    places = [np.full(rows.shape[1], -0.0) for _ in range(8)]
    for r, row in enumerate(rows):
        places[r % 8] = places[r % 8] + row
    while len(places) > 1:
        half = len(places) // 2
        places = [places[i] + places[i + half] for i in range(half)]
    return places[0]


def one_by_one(rows):
    return functools.reduce(operator.add, rows, np.full(rows.shape[1], -0.0))


def in_blocks(rows, block, is_one_by_one):
    """Blocks from left to right, each added up in the one way or the other."""
    total = np.full(rows.shape[1], -0.0)
    for start in range(0, len(rows), block):
        of_block = rows[start : start + block]
        total = total + np.where(is_one_by_one, one_by_one(of_block), in_places(of_block))
    return total


def in_shares(rows, block, is_one_by_one):
    """Up to 16 shares, of 4096 rows at least, of whole blocks: from left to right."""
    shares = min(16, -(-len(rows) // 4096))
    share = -(-len(rows) // (shares * block)) * block
    sums = [in_blocks(rows[k * share : (k + 1) * share], block, is_one_by_one) for k in range(shares)]
    return functools.reduce(operator.add, sums)


def of_layers(*layers):
    """For each parameter, neuron by neuron, whether its products are added one by one, row after row."""
    found = []
    for fan_in, fan_out in layers:
        inputs_are_columns = fan_in >= min(fan_out, 8)
        for i in range(fan_out):
            for j in range(fan_in):
                columns, column = (fan_in, j) if inputs_are_columns else (fan_out, i)
                found.append(fan_in * fan_out >= 24 and column < columns // 8 * 8)
            found.append(False)  # the bias
    return np.array(found)


@pytest.mark.parametrize(
    ("widths", "n"),
    [
        *[([1, 1], n) for n in (1, 7, 8, 9, 100, 128, 129, 300, 4096, 4097, 70_001)],
        *[([2, 20, 1], n) for n in (1, 5, 64, 65, 200)],
        *[([11, 10, 3], n) for n in (4, 63, 64, 300, 5000)],
        *[([3, 4, 1], n) for n in (9, 500)],
    ],
)
def test_a_gradient_is_added_up_over_rows_in_the_order_of_the_docs(widths, n):
    model = MLP(widths[0], widths[1:], tanh, seed=1)
    x = [Value(0.0) for _ in range(widths[0])]
    loss = functools.reduce(operator.add, [relu(z) * z for z in model(x)])
    compiled = autograd.compile(loss, x, model.parameters())
    block = int(re.search(r"blocks of (\d+) rows", compiled.explain())[1])
    rows = np.random.default_rng(0).normal(size=(n, widths[0]))
    _, by_row = compiled.value_and_gradient(rows, per_row=True)
    is_one_by_one = of_layers(*itertools.pairwise(widths))
    _, gradient = compiled.value_and_gradient(rows)
    assert same_bits(gradient, in_shares(by_row, block, is_one_by_one)).all()


@pytest.mark.parametrize(
    ("slots", "rows"), [(1, 128), (64, 128), (65, 64), (2048, 64), (2049, 32), (4097, 16), (8192, 16), (8193, 8)]
)
def test_the_rows_of_a_block_follow_from_the_slots_alone(slots, rows):
    assert autograd.compiler.summation.block_rows(slots) == rows


def test_what_stands_behind_the_last_row_changes_no_sum():
    x, w = Value(1.0), Value(2.0)
    compiled = autograd.compile(w * x, [x], [w])
    compiled.value_and_gradient(np.full((300, 1), np.nan))
    for n in range(1, 20):
        assert compiled.value_and_gradient(np.ones((n, 1)))[1].tolist() == [n]
