"""Samples of several shapes train through compiled code, in the order that `fit` documents."""

from __future__ import annotations

import random
import tracemalloc
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, tanh, total
from nn.batch_steps import BatchSteps
from nn.experiments import running_loss
from nn.rows import Rows
from nn.samples import ArraySamples, read_array


def strings(lengths: list[int]) -> tuple[list[list[list[float]]], list[list[int]]]:
    generator = random.Random(5)
    bits = [[generator.randrange(2) for _ in range(length)] for length in lengths]
    return [[[2.0 * bit - 1.0] for bit in string] for string in bits], [
        [sum(string[: i + 1]) % 2 for i in range(len(string))] for string in bits
    ]


def trained(lengths: list[int], **options: Any) -> tuple[nn.History, list[float]]:
    model = nn.Elman(1, 3, 1, seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    options = {"epochs": 3, "batch_size": 4, "seed": 1, "validation": strings([3, 2, 3]), **options}
    history = nn.fit(model, running_loss, *strings(lengths), optimizer=optimizer, **options)
    return history, [p.data for p in model.parameters()]


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    met: list[Any] = []
    steps = BatchSteps.steps
    monkeypatch.setattr(BatchSteps, "steps", lambda *given: met.append(given) or steps(*given))
    return met


LENGTHS = [2, 5, 3, 3, 2, 4, 5, 2, 2, 3, 4]


def test_batches_of_one_string_have_the_graph_engine_s_bits(batches: list[Any]) -> None:
    found, expected = (trained(LENGTHS, batch_size=1, compiled=compiled) for compiled in (True, False))
    assert found[0].losses == expected[0].losses
    assert found[0].validation_losses == expected[0].validation_losses
    assert found[1] == expected[1]
    assert len(batches) == 3 * 11


@pytest.mark.parametrize("batch_size", [2, 4, 11])
def test_batches_of_mixed_lengths_keep_their_samples_and_their_order(batch_size: int) -> None:
    found, expected = (trained(LENGTHS, batch_size=batch_size, compiled=compiled) for compiled in (True, False))
    assert found[0].losses == pytest.approx(expected[0].losses, rel=1e-12)
    assert found[1] == pytest.approx(expected[1], rel=1e-9)


def test_strings_of_several_lengths_are_compiled_by_default_where_that_pays(batches: list[Any]) -> None:
    options: Any = {"batch_size": 30, "epochs": 30}
    found, expected = (trained([2, 3, 4] * 60, **options, compiled=compiled) for compiled in (None, False))
    assert len(batches) == 30 * 6
    assert found[0].losses == pytest.approx(expected[0].losses, rel=1e-9)


def test_a_sample_of_another_length_is_judged_by_the_graph_engine() -> None:
    found, expected = (trained(LENGTHS, validation=strings([9]), compiled=compiled) for compiled in (True, False))
    assert found[0].validation_losses == pytest.approx(expected[0].validation_losses, rel=1e-12)


def test_a_function_of_ones_own_may_take_samples_of_several_shapes() -> None:
    results = []
    for compiled in (True, False):
        w = Value(0.5)
        X, y = [[1.0, 2.0], [3.0], [1.0, 1.0, 1.0], [2.0]], [1.0, 2.0, 3.0, 4.0]
        history = nn.fit(
            lambda x, w=w: total([w * each for each in x]),
            lambda output, target: (output - target) ** 2,
            X,
            y,
            optimizer=nn.SGD([w], lr=0.01),
            epochs=4,
            batch_size=1,
            compiled=compiled,
        )
        results.append((history.losses, w.data))
    assert results[0] == results[1]


def test_what_is_not_finite_is_named_whatever_the_length() -> None:
    for compiled in (True, False):
        model = nn.Elman(1, 2, 1, tanh, seed=0)
        X, y = strings([2, 3, 2])
        X[1][2][0] = float("inf")
        optimizer = nn.SGD(model.parameters())
        with pytest.raises(FloatingPointError, match=r"first node that isn't finite|gradient of") as error:
            nn.fit(model, running_loss, X, y, optimizer=optimizer, epochs=2, batch_size=1, compiled=compiled)
        assert error.value.history.losses == []  # type: ignore[attr-defined]


def test_more_shapes_than_are_compiled_are_refused_or_left_to_the_graph_engine() -> None:
    w = Value(0.5)
    X = [[1.0] * (i + 1) for i in range(65)]
    options: Any = {"optimizer": nn.SGD([w], lr=1e-4), "epochs": 1}
    with pytest.raises(ValueError, match="compiled samples must have at most 64 shapes, got more"):
        nn.fit(lambda x: total([w * each for each in x]), lambda o, _: o, X, [0.0] * 65, **options, compiled=True)
    assert len(nn.fit(lambda x: total([w * each for each in x]), lambda o, _: o, X, [0.0] * 65, **options)) == 1


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.uint8])
def test_samples_of_an_array_are_read_as_its_lists_and_stay_what_they_were(kind: Any) -> None:
    array = np.arange(24).reshape(4, 3, 2).astype(kind)
    samples = read_array(array, "X")
    assert isinstance(samples, ArraySamples)
    expected = array.tolist()
    assert (list(samples), len(samples), samples[2], samples[1:3]) == (expected, 4, expected[2], expected[1:3])
    table = Rows(samples, [0.0] * 4).tables[0]
    assert table[:, :6].tolist() == array.reshape(4, 6).astype(float).tolist()
    samples.own()
    array[:] = 0
    assert list(samples) == expected
    assert {type(x) for row in samples for pair in row for x in pair} == {type(expected[0][0][0])}


def test_whole_numbers_that_no_float_is_stay_in_their_array() -> None:
    samples = read_array(np.array([2**53 + 1, -(2**62) - 1]), "y")
    Rows(samples)
    assert list(samples) == [2**53 + 1, -(2**62) - 1]


def test_training_on_an_array_holds_its_samples_once() -> None:
    n = 40_000
    X, y = np.random.default_rng(0).uniform(-1, 1, (n, 2)), np.arange(n) % 2
    model = nn.MLP(2, [2, 2], tanh, seed=0)

    def train() -> None:
        nn.fit(model, nn.softmax_cross_entropy, X, y, optimizer=nn.SGD(model.parameters()), epochs=1)

    train()  # what is compiled once, is
    tracemalloc.start()
    try:
        train()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 70 * n  # 24 bytes of numbers, 8 of the order, a copy of one column for a moment, 1 MB for the rest


class ByLength(nn.Module):
    """A layer of its own for samples of one number, and one for samples of two."""

    def __init__(self) -> None:
        self.layers = [nn.Layer(n, 2, tanh, seed=n) for n in (1, 2)]

    def forward(self, x: list[float]) -> Value:
        return total(self.layers[len(x) - 1](x))


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_a_batch_leaves_parameters_that_none_of_its_samples_reaches(batch_size: int) -> None:
    found = []
    for compiled in (True, False):
        model = ByLength()
        optimizer = nn.Momentum(model.parameters(), lr=0.1, weight_decay=0.1)
        X, y = [[0.1], [0.2, 0.3], [0.5], [0.4, 0.2], [0.7]], [1.0, 0.0, 1.0, 0.0, 0.5]
        options = {"epochs": 3, "batch_size": batch_size, "compiled": compiled}
        nn.fit(model, nn.half_squared_error, X, y, optimizer=optimizer, **options)
        found.append(([p.data for p in model.parameters()], [t for t, _ in optimizer.remembered()]))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-13)
    assert found[0][1] == found[1][1]
