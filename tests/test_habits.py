"""Programs as people write them who come from the lecture and from micrograd, with nothing but other imports."""

import math
import random

import numpy as np
import pytest
from recording import recorded

import nn
from autograd import Value
from nn import MLP, Neuron

RECORDED = recorded("micrograd")
DEMO = {name: numbers for row in RECORDED["demo"] for name, numbers in row.items()}


def test_the_lectures_training_loop_runs() -> None:
    random.seed(2)
    n = MLP(3, [4, 4, 1])
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    seen = []
    for k in range(60):
        ypred = [n(x) for x in xs]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(ys, ypred))  # noqa: B905 — as people type it
        for p in n.parameters():
            p.grad = 0.0
        loss.backward()
        if k == 0:
            slopes = [p.grad for p in n.parameters()]
            differences = [difference(n, p, xs, ys) for p in n.parameters()]
        for p in n.parameters():
            p.data += -0.02 * p.grad
        seen.append(loss.data)
    assert slopes == pytest.approx(differences, rel=1e-5, abs=1e-7)
    assert any(slopes)
    assert seen[-1] < 0.1 * seen[0]
    assert [(yout.data > 0) == (ygt > 0) for ygt, yout in zip(ys, ypred, strict=True)] == [True] * 4
    assert f"{loss:.4f}" == f"{loss.data:.4f}"


def difference(n: nn.MLP, p: Value, xs: list[list[float]], ys: list[float], h: float = 1e-6) -> float:
    """∂loss/∂p by finite differences of the outputs' numbers."""
    ends, middle = [], p.data
    for p.data in (middle + h, middle - h):
        ends.append(math.fsum((n(x)[0].data - y) ** 2 for x, y in zip(xs, ys, strict=True)))
    p.data = middle
    return (ends[0] - ends[1]) / (2 * h)


def test_the_lectures_neuron_and_graph_run() -> None:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    e = (2 * n).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    slope = 1 - math.tanh(n.data) ** 2
    assert o.data == pytest.approx(math.tanh(n.data))
    assert [x.grad for x in (x1, w1, x2, w2)] == pytest.approx([-3 * slope, 2 * slope, slope, 0.0])
    assert Neuron(2)([x1, x2]).data >= 0


def moons() -> tuple[np.ndarray, np.ndarray]:
    rows = np.array(RECORDED["moons"])
    return rows[:, :2], rows[:, 2].astype(int)


def test_micrograds_demo_runs_with_its_own_results() -> None:
    X, y = moons()
    model = MLP(2, [16, 16, 1])
    for p, weight in zip(model.parameters(), DEMO["weights"], strict=True):
        p.data = weight

    def loss(batch_size=None):
        if batch_size is None:
            Xb, yb = X, y
        else:
            ri = np.random.default_rng(0).permutation(X.shape[0])[:batch_size]
            Xb, yb = X[ri], y[ri]
        inputs = [list(map(Value, xrow)) for xrow in Xb]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(yb, scores)]  # noqa: B905
        data_loss = sum(losses) * (1.0 / len(losses))
        alpha = 1e-4
        reg_loss = alpha * sum((p * p for p in model.parameters()))  # noqa: UP034
        total_loss = data_loss + reg_loss
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(yb, scores)]  # noqa: B905
        return total_loss, sum(accuracy) / len(accuracy)

    assert loss(batch_size=20)[0].data > 0
    for k in range(3):
        total_loss, acc = loss()
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        assert total_loss.data == pytest.approx(DEMO["loss"][k], rel=1e-12)
        assert acc == DEMO["accuracy"][k]
    mesh = [list(map(Value, xrow)) for xrow in [[0.0, 1.0], [1.0, -0.5]]]
    Z = np.array([s.data > 0 for s in map(model, mesh)])
    assert Z.shape == (2,)
