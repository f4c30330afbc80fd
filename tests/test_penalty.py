"""A penalty trains through compiled code as on the graph engine."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import nn
from autograd import Value, relu, tanh, total
from nn.batch_steps import BatchSteps
from nn.fixed_penalty import is_pure


def trained(
    penalty: Callable[[list[Value]], Callable[[], Value]], learned: slice = slice(None), **options: Any
) -> tuple[list[float], list[float]]:
    generator = random.Random(4)
    X = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(24)]
    model = nn.MLP(2, [5, 2], tanh, seed=0)
    optimizer = nn.Adam(model.parameters()[learned], lr=0.05)
    history = nn.fit(
        model,
        nn.softmax_cross_entropy,
        X,
        [int(a * b > 0) for a, b in X],
        optimizer=optimizer,
        batch_size=1,
        penalty=penalty(model.parameters()),
        **{"epochs": 4, **options},
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


def from_a_number(parameters: list[Value]) -> Callable[[], Any]:
    return lambda: sum([w * w for w in parameters[:0]])


@pytest.mark.parametrize("compiled", [True, None, False])
def test_a_penalty_that_is_a_number_changes_nothing_and_another_thing_is_refused(compiled: bool | None) -> None:
    options: Any = {"compiled": compiled, "epochs": 200 if compiled is None else 4}
    assert trained(from_a_number, **options) == trained(lambda _: lambda: Value(0.0), **options)
    with pytest.raises(TypeError, match="the penalty must be a Value, got None"):
        trained(lambda _: lambda: None, **options)  # type: ignore[arg-type, return-value]


def test_a_penalty_on_frozen_weights_too_moves_the_others_as_the_graph_engine_does() -> None:
    others = slice(15, None)  # the second layer's
    assert trained(l2, others, compiled=True) == trained(l2, others, compiled=False)


def test_a_penalty_of_one_structure_is_compiled_and_another_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[object] = []
    steps = BatchSteps.steps
    monkeypatch.setattr(BatchSteps, "steps", lambda *given: batches.append(given) or steps(*given))
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


@pytest.mark.parametrize("penalty", [l2, l1, with_an_if, that_grows])
def test_by_default_every_penalty_is_followed_batch_by_batch(penalty: Any) -> None:
    assert trained(penalty, epochs=60) == trained(penalty, epochs=60, compiled=False)


WEIGHTS = [Value(0.5), Value(-0.25)]
FACTORS = [0.1]
MODEL = nn.MLP(2, [3, 1], tanh)
DRAWN = random.Random(0)


def own_squares() -> Value:
    squares = [w * w for layer in MODEL.layers for w in layer.parameters()]
    return 0.5 * total(squares)


def through_another() -> Value:
    return 2.0 * own_squares()


def with_a_running_sum() -> Value:
    found: Value = Value(0.0)
    for w in WEIGHTS:
        found += w * w
    return found


def that_extends_a_list() -> Value:
    calls = FACTORS
    calls += [1.0]
    return len(calls) * WEIGHTS[0]


class Counting:
    def __call__(self) -> Value:
        return WEIGHTS[0] * 1.0


PURE: list[Callable[[], Value]] = [
    lambda: nn.l2_penalty(MODEL.parameters(), 0.01),
    lambda: FACTORS[0] * total([abs(w) for w in WEIGHTS]),
    lambda: WEIGHTS[0].tanh() + WEIGHTS[1] ** 2,
    partial(nn.l2_penalty, WEIGHTS, 0.1),
    own_squares,
    through_another,
    with_a_running_sum,
]
NOT_PURE: list[Callable[[], Value]] = [
    lambda: WEIGHTS[0] * DRAWN.random(),
    lambda: WEIGHTS[0] * FACTORS.pop(),
    lambda: WEIGHTS[0] * WEIGHTS[0].data,
    lambda: FACTORS.append(1.0) or WEIGHTS[0] * 1.0,  # type: ignore[func-returns-value]
    lambda: WEIGHTS[0] * os.getpid(),
    lambda: WEIGHTS[0] * float(next(iter(FACTORS))),
    lambda: WEIGHTS[0] * not_there,  # type: ignore[name-defined]  # noqa: F821
    partial(lambda: WEIGHTS[0] * DRAWN.random()),
    that_extends_a_list,
    Counting(),
]


def that_counts() -> Callable[[], Value]:
    count = 0

    def penalty() -> Value:
        nonlocal count
        count += 1
        return count * WEIGHTS[0]

    return penalty


@pytest.mark.parametrize("penalty", PURE)
def test_a_penalty_that_only_computes_is_seen_to(penalty: Callable[[], Value]) -> None:
    assert is_pure(penalty)


@pytest.mark.parametrize("penalty", [*NOT_PURE, that_counts()])
def test_a_penalty_that_may_change_by_itself_is_not_taken_for_one_that_computes(penalty: Callable[[], Value]) -> None:
    assert not is_pure(penalty)
