"""A penalty trains through compiled code as on the graph engine."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import Value, relu, tanh, total
from nn.compiled import OnRows


def trained(penalty: Callable[[list[Value]], Callable[[], Value]], **options: Any) -> tuple[list[float], list[float]]:
    generator = random.Random(4)
    X = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(24)]
    model = nn.MLP(2, [5, 2], tanh, generator=random.Random(0))
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    history = nn.fit(
        model,
        nn.softmax_cross_entropy,
        X,
        [int(a * b > 0) for a, b in X],
        optimizer=optimizer,
        epochs=4,
        batch_size=1,
        penalty=penalty(model.parameters()),
        **options,
    )
    return history.losses, [p.data for p in model.parameters()]


def l2(parameters: list[Value]) -> Callable[[], Value]:
    return lambda: nn.l2_penalty(parameters, 0.1)


def l1(parameters: list[Value]) -> Callable[[], Value]:
    return lambda: 0.01 * total([abs(w) for w in parameters])


def with_an_if(parameters: list[Value]) -> Callable[[], Value]:
    return lambda: total([w * w if w.data > 0 else relu(w) for w in parameters])


def that_grows(parameters: list[Value]) -> Callable[[], Value]:
    calls: list[int] = []

    def penalty() -> Value:
        calls.append(1)
        return 0.01 * (len(calls) > 6) * parameters[0] ** 2

    return penalty


@pytest.mark.parametrize("penalty", [l2, l1, with_an_if])
def test_batches_of_one_sample_have_the_graph_engine_s_bits(penalty: Any) -> None:
    assert trained(penalty, compiled=True) == trained(penalty, compiled=False)


def test_a_penalty_of_one_structure_is_compiled_and_another_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[object] = []
    step = OnRows.step
    monkeypatch.setattr(OnRows, "step", lambda self, batch: batches.append(batch) or step(self, batch))
    trained(l2, compiled=True)
    assert not batches
    trained(with_an_if, compiled=True)
    assert len(batches) == 4 * 24


def test_a_penalty_that_a_callback_changes_is_followed() -> None:
    results = []
    for compiled in (True, False):
        factor = [0.1]

        def change(history: nn.History, factor: list[float] = factor) -> None:
            factor[0] = 0.1 * len(history)

        def penalty(parameters: list[Value], factor: list[float] = factor) -> Callable[[], Value]:
            return lambda: nn.l2_penalty(parameters, factor[0])

        results.append(trained(penalty, compiled=compiled, callbacks=[change]))
    assert results[0] == results[1]


def test_a_penalty_that_changes_without_a_callback_is_told() -> None:
    with pytest.raises(ValueError, match="the penalty's graph is no longer the one that was compiled"):
        trained(that_grows, compiled=True)
