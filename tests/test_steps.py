"""Many steps of training in one call of machine code: the bits of the graph engine's steps, and of the batch's code."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.compiler.formula import Formula
from autograd.compiler.training import Training

OPTIMIZERS: dict[str, Callable[[list[Value]], nn.optimizers.Optimizer]] = {
    "sgd": lambda p: nn.SGD(p, lr=0.1),
    "sgd, decay": lambda p: nn.SGD(p, lr=0.1, weight_decay=0.01),
    "sgd, dampening": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, dampening=0.5),
    "sgd, nesterov": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    "momentum": lambda p: nn.Momentum(p, lr=0.1),
    "nag": lambda p: nn.NAG(p, lr=0.1),
    "adagrad": lambda p: nn.Adagrad(p, lr=0.1),
    "adagrad, all": lambda p: nn.Adagrad(
        p, lr=0.1, lr_decay=0.1, weight_decay=0.01, initial_accumulator_value=0.5, eps=1e-6
    ),
    "adadelta": lambda p: nn.Adadelta(p, lr=1.0, rho=0.8, eps=1e-4, weight_decay=0.01),
    "rmsprop": lambda p: nn.RMSprop(p, lr=0.01),
    "rmsprop, all": lambda p: nn.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5, centered=True, weight_decay=0.01),
    "adam": lambda p: nn.Adam(p, lr=0.01),
    "adamw": lambda p: nn.AdamW(p, lr=0.01),
    "adamw, all": lambda p: nn.AdamW(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1, amsgrad=True),
    "adamax": lambda p: nn.Adamax(p, lr=0.01),
    "adamax, all": lambda p: nn.Adamax(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
    "nadam": lambda p: nn.NAdam(p, lr=0.01),
    "nadam, all": lambda p: nn.NAdam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1, momentum_decay=0.1),
    "nadam, decoupled": lambda p: nn.NAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "adam, all": lambda p: nn.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01, amsgrad=True),
}


def model_and_data(samples: int) -> tuple[nn.MLP, list[list[float]], list[float]]:
    generator = random.Random(1)
    model = nn.MLP(3, [6, 3], autograd.tanh, seed=0)
    X = [[generator.uniform(-1, 1) for _ in range(3)] for _ in range(samples)]
    return model, X, [float(generator.randrange(3)) for _ in range(samples)]


def training(model: Any, optimizer: Any, *, penalty: Value | None = None, **options: Any) -> Training:
    """The training of a classifier of three numbers, begun from the parameters as they are."""
    row = [Value(0.5) for _ in range(3)]
    target = Value(1.0)
    update = optimizer.update
    formula = Formula(tuple(update.lines), tuple(update.memory), tuple(update.constants))
    loss = nn.softmax_cross_entropy(model(row), target)
    found = Training(loss, [*row, target], optimizer.parameters, formula, penalty=penalty, **options)
    found.parameters[:] = [parameter.data for parameter in optimizer.parameters]
    for name, numbers in found.memory.items():
        numbers[:] = optimizer.initial(name)
    return found


def run(
    found: Training, optimizer: Any, data: Any, order: list[int], batch: int, t: int = 0
) -> tuple[int, list[float]]:
    """Steps with the optimizer's hyperparameters, and the losses."""
    steps = -(-len(order) // batch)
    constants = [getattr(optimizer, name) for name in found.formula.constants]
    hyperparameters = np.array([[t + k, *constants] for k in range(1, steps + 1)], dtype=np.float64)
    losses = np.zeros(len(order))
    taken = found.run(data, np.array(order), batch, hyperparameters.reshape(steps, -1), losses)
    return taken, losses.tolist()


def batches(order: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_batches_of_one_sample_take_the_graph_engine_s_steps_bit_by_bit(name: str) -> None:
    model, X, y = model_and_data(12)
    optimizer = OPTIMIZERS[name](model.parameters())
    found = training(model, optimizer)
    order = [3, 1, 4, 11, 5, 9, 2, 6, 0, 8, 7, 10, 3]
    taken, losses = run(found, optimizer, np.column_stack([X, y]), order, 1)
    expected = []
    for i in order:
        loss = nn.softmax_cross_entropy(model(X[i]), Value(y[i]))
        expected.append(loss.data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert taken == len(order)
    assert losses == expected
    assert found.parameters.tolist() == [parameter.data for parameter in optimizer.parameters]
    assert found.last()[1].tolist() == [parameter.grad for parameter in optimizer.parameters]


@pytest.mark.parametrize("batch", [2, 7, 8, 32, 100])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_batches_take_the_steps_of_the_batch_s_code_and_the_formula_on_floats(name: str, batch: int) -> None:
    model, X, y = model_and_data(37)
    optimizer = OPTIMIZERS[name](model.parameters())
    parameters = optimizer.parameters
    penalty = 0.01 * autograd.total([w * w for w in parameters[:4]]) if batch == 7 else None
    found = training(model, optimizer, penalty=penalty)
    data = np.column_stack([X, y])
    order = random.Random(2).choices(range(37), k=2 * batch + 1)
    taken, losses = run(found, optimizer, data, order, batch)
    row, share = [Value(0.5) for _ in range(3)], Value(1.0)
    target = Value(1.0)
    loss = nn.softmax_cross_entropy(model(row), target)
    code = autograd.compile([loss, loss * share], [*row, target, share], parameters)
    expected = []
    for chosen in batches(order, batch):
        code.load()
        values, gradient = code.value_and_gradient(
            np.column_stack([data[chosen], np.full(len(chosen), 1 / len(chosen))]), of=1
        )
        expected += values[:, 0].tolist()
        optimizer.zero_grad()
        for parameter, slope in zip(parameters, gradient.tolist(), strict=True):
            parameter.grad = slope
        if penalty is not None:
            (0.01 * autograd.total([w * w for w in parameters[:4]])).backward()
        optimizer.step()
    assert taken == 3
    assert losses == expected
    assert found.parameters.tolist() == [parameter.data for parameter in parameters]


def test_a_batch_of_many_rows_is_added_up_share_by_share() -> None:
    model, X, y = model_and_data(50)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    found = training(model, optimizer)
    data = np.column_stack([X, y])
    order = random.Random(2).choices(range(50), k=15_000)
    assert run(found, optimizer, data, order, 9_000)[0] == 2
    row, target, share = [Value(0.5) for _ in range(3)], Value(1.0), Value(1.0)
    loss = nn.softmax_cross_entropy(model(row), target)
    code = autograd.compile(loss * share, [*row, target, share], optimizer.parameters)
    for chosen in batches(order, 9_000):
        rows = np.column_stack([data[chosen], np.full(len(chosen), 1 / len(chosen))])
        code.parameters[:] += -0.1 * code.value_and_gradient(rows)[1]
    assert found.parameters.tolist() == code.parameters.tolist()


@pytest.mark.parametrize("place", ["loss", "gradient", "parameter", "penalty"])
def test_training_stops_before_the_step_whose_numbers_are_not_finite(place: str) -> None:
    w, x, losses = Value(1.0, "w"), Value(1.0), np.zeros(3)
    loss = {"loss": autograd.exp(w * x), "gradient": autograd.sqrt(w * x)}.get(place, w * x)
    penalty = autograd.log(w) if place == "penalty" else None
    found = Training(loss, [x], [w], Formula((("w", "w + -lr * g"),), (), ("lr",)), penalty=penalty)
    found.parameters[:] = 2.0
    # the first step is taken; the second one meets exp(10⁹), √0 with its slope, 2 − 10³⁰⁸·2, or log of what is negative
    second = {"loss": 1e9, "gradient": 0.0, "parameter": 2.0}.get(place, 1.0)
    rates = {"parameter": [0.0, 1e308, 0.1], "penalty": [10.0, 0.1, 0.1]}.get(place, [0.1, 0.1, 0.1])
    slope = {"loss": np.exp(2.0), "gradient": 0.5 / np.sqrt(2.0), "parameter": 1.0, "penalty": 1.5}[place]
    hyperparameters = np.array([[1.0, rates[0]], [2.0, rates[1]], [3.0, rates[2]]])
    assert found.run(np.array([[1.0], [second]]), np.array([0, 1, 0]), 1, hyperparameters, losses) == 1
    assert found.taken == 1
    assert found.parameters[0] == pytest.approx(2.0 - rates[0] * slope, rel=1e-15)
    before, gradient, memory = found.last()
    assert before.tolist() == [2.0]
    assert gradient[0] == pytest.approx(slope, rel=1e-15)
    assert memory == {}


def test_a_call_without_a_finite_step_leaves_what_the_last_step_left() -> None:
    w, x, losses = Value(1.0), Value(1.0), np.zeros(1)
    found = Training(w * x, [x], [w], Formula((("v", "v + g"), ("w", "w + -lr * v")), ("v",), ("lr",)))
    found.parameters[:] = 2.0
    data, rate = np.array([[3.0], [np.inf]]), np.array([[1.0, 0.5]])
    assert [found.run(data, np.array([i]), 1, rate, losses) for i in (0, 0, 1, 1)] == [1, 1, 0, 0]
    assert found.parameters.tolist() == [-2.5]  # 2 − ½·3 − ½·(3 + 3)
    before, gradient, memory = found.last()
    assert (before.tolist(), gradient.tolist(), memory["v"].tolist()) == ([0.5], [3.0], [3.0])


def test_numbers_that_are_fixed_stay_and_are_read() -> None:
    w, b, x = Value(1.0), Value(3.0), Value(1.0)
    found = Training((w * x + b) ** 2, [x], [w], Formula((("w", "w + -lr * g"),), (), ("lr",)), fixed=[b])
    found.parameters[:] = 1.0
    found.fix([3.0])
    losses = np.zeros(1)
    assert found.run(np.array([[2.0]]), np.array([0]), 1, np.array([[1.0, 0.125]]), losses) == 1
    assert losses.tolist() == [25.0]  # (1·2 + 3)²
    assert found.parameters.tolist() == [-1.5]  # 1 − ⅛·2·5·2
    assert found.fixed.tolist() == [3.0]


def test_numbers_that_are_drawn_come_with_their_turn_not_with_their_sample() -> None:
    w, x, u = Value(1.0), Value(1.0), Value(1.0)
    found = Training(w * x * u, [x, u], [w], Formula((("w", "w + -lr * g"),), (), ("lr",)), drawn=1)
    found.parameters[:] = 1.0
    losses, drawn = np.zeros(3), np.array([[2.0], [3.0], [5.0]])
    order = np.array([0, 0, 1])
    assert found.run(np.array([[1.0], [7.0]]), order, 3, np.array([[1.0, 0.0]]), losses, drawn) == 1
    assert losses.tolist() == [2.0, 3.0, 35.0]


def test_what_does_not_fit_is_refused() -> None:
    w, x = Value(1.0), Value(1.0)
    found = Training(w * x, [x], [w], Formula((("w", "w + -lr * g"),), (), ("lr",)))
    rates, losses = np.ones((1, 2)), np.zeros(2)
    with pytest.raises(ValueError, match="order must name rows of the data, from 0 to 1"):
        found.run(np.ones((2, 1)), np.array([0, 2]), 2, rates, losses)
    with pytest.raises(ValueError, match=r"data must be an array of float64 of shape \(2, 1\)"):
        found.run(np.ones((2, 2)), np.array([0, 1]), 2, rates, losses)
    with pytest.raises(ValueError, match=r"hyperparameters must be an array of float64 of shape \(2, 2\)"):
        found.run(np.ones((2, 1)), np.array([0, 1]), 1, rates, losses)


SIZES = [
    *(0.0, -0.0, 5e-324, -5e-324, 1e-310, -2.3e-308, 1e-250, 2.0**-400, 2.0**-399, 1.0, -1.0, 3.0, 2.0**400, 1e250),
    *(random.Random(7).choice((-1, 1)) * random.Random(i).uniform(1, 2) * 2.0 ** (i % 700 - 350) for i in range(2_000)),
]


@pytest.mark.parametrize(
    "divisor", [0.1, 1e-3, 1 - 0.999**3, 1.0, 3.0, -7.0, 1 / 3, 2.0 - 2.0**-52, 1e-200, 1e200, 5e-324, 1.7e308]
)
def test_a_division_by_what_all_parameters_share_is_rounded_as_a_division(divisor: float) -> None:
    parameters = [Value(0.5) for _ in SIZES]
    zero = Value(0.0)
    loss = autograd.total([zero * w for w in parameters])
    lines = (("q", "w / d"), ("w", "q"))
    found = Training(loss, [zero], parameters, Formula(lines, (), ("d",)))
    numbers = [x for x in SIZES if np.isfinite(x / divisor)]
    found.parameters[:] = numbers + [1.0] * (len(SIZES) - len(numbers))
    expected = [float(x) / divisor for x in found.parameters]
    if not np.isfinite(expected).all():
        return
    losses = np.zeros(1)
    assert found.run(np.array([[0.0]]), np.array([0]), 1, np.array([[1.0, divisor]]), losses) == 1
    assert [x.hex() for x in found.parameters.tolist()] == [x.hex() for x in expected]
