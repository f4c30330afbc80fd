"""Networks with chance train through compiled code with the numbers that the graph engine draws."""

from __future__ import annotations

import random
from typing import Any

import pytest

import nn
from autograd import tanh
from nn.chance import Draws


def samples(n: int) -> tuple[list[list[float]], list[int]]:
    generator = random.Random(4)
    X = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(n)]
    return X, [int(a * b > 0) for a, b in X]


def dropout(generators: list[Any]) -> nn.MLP:
    model = nn.MLP(2, [6, 5, 2], tanh, dropout=0.3, seed=0)
    model.dropout.generator = generators[0]
    return model


def bernoulli(generators: list[Any]) -> nn.MLP:
    unit = nn.Bernoulli(seed=generators[0])
    model = nn.MLP(2, [6, 5, 2], unit, dropout=0.3, seed=0)
    model.dropout.generator = generators[-1]
    return model


def trained(make: Any, generators: list[Any], **options: Any) -> tuple[Any, list[float], list[float]]:
    model = make(generators)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    options = {"epochs": 3, "batch_size": 1, **options}
    history = nn.fit(model, nn.softmax_cross_entropy, *samples(40), optimizer=optimizer, **options)
    return history, [p.data for p in model.parameters()], [generator.random() for generator in generators]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("make", [dropout, bernoulli])
def test_compiled_and_graph_draw_the_same_numbers_and_leave_the_generators_alike(make: Any, shared: bool) -> None:
    def generators() -> list[random.Random]:
        return [random.Random(7)] if shared else [random.Random(7), random.Random(8)]

    found = trained(make, generators(), compiled=True, validation=samples(5))
    expected = trained(make, generators(), compiled=False, validation=samples(5))
    assert found[0].losses == expected[0].losses
    assert found[0].validation_losses == expected[0].validation_losses
    assert found[1:] == expected[1:]


def test_a_batch_draws_sample_by_sample_as_the_graph_engine_does() -> None:
    found = trained(dropout, [random.Random(7)], compiled=True, batch_size=7, epochs=1)
    expected = trained(dropout, [random.Random(7)], compiled=False, batch_size=7, epochs=1)
    assert found[0].losses == pytest.approx(expected[0].losses, rel=1e-12)
    assert found[1] == pytest.approx(expected[1], rel=1e-9)
    assert found[2] == expected[2]


def test_without_generators_of_its_own_chance_is_pythons_module() -> None:
    numbers = []
    for compiled in (True, False):
        random.seed(3)
        model = dropout([None])
        optimizer = nn.SGD(model.parameters(), lr=0.05)
        nn.fit(
            model, nn.softmax_cross_entropy, *samples(9), optimizer=optimizer, epochs=2, batch_size=1, compiled=compiled
        )
        numbers.append(([p.data for p in model.parameters()], random.random()))
    assert numbers[0] == numbers[1]


def test_after_an_interruption_the_generator_stands_where_the_finished_steps_left_it() -> None:
    for stop in (1, 2):
        states = []
        for compiled in (True, False):

            def interrupt(history: nn.History, stop: int = stop) -> None:
                if len(history) == stop:
                    raise KeyboardInterrupt

            states.append(trained(dropout, [random.Random(7)], compiled=compiled, callbacks=[interrupt])[1:])
        assert states[0] == states[1]


def test_rows_that_were_drawn_but_not_used_are_drawn_again() -> None:
    generators = [random.Random(1), random.Random(2)]
    draws = Draws([generators[0], generators[1], generators[0]])
    found = draws.draw(5).tolist()
    expected = [random.Random(1), random.Random(2)]
    rows = [[expected[0].random(), expected[1].random(), expected[0].random()] for _ in range(5)]
    assert found == rows
    draws.used(2)
    assert draws.draw(3).tolist() == rows[2:]
    draws.used(0)
    assert generators[0].random() == rows[2][0]


def test_generators_of_another_kind_train_on_the_graph_engine() -> None:
    class Own(random.Random):
        pass

    assert len(trained(dropout, [Own(7)])[0]) == 3
    with pytest.raises(ValueError, match="Dropout draws random numbers in training"):
        trained(dropout, [Own(7)], compiled=True)
