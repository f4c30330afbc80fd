"""Plots of learning: the ball on the error's curve, and the plane that a hidden layer bends."""
# ruff: noqa: E402 — imports that follow the check whether matplotlib is there

import math

import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot as plt

import nn
from autograd import Value, draw, relu, tanh, total
from autograd.drawing import Drawing
from nn import plots

XOR = nn.data.gate("xor")


@pytest.fixture(autouse=True)
def _figures_are_closed():
    yield
    plt.close("all")


def balls(ax):
    return [tuple(line.get_xydata()[0]) for line in ax.get_lines() if line.get_marker() == "o"]


def tangents(ax):
    ends = [line.get_xydata() for line in ax.get_lines() if len(line.get_xydata()) == 2]
    return [(b[1] - a[1]) / (b[0] - a[0]) for a, b in ends]


def test_the_ball_takes_the_steps_of_gradient_descent_and_tangents_have_its_slopes():
    ax = plots.error_curve(lambda w: (w - 2) ** 2, 0.0, lr=0.25, steps=3)
    assert balls(ax) == [(0.0, 4.0), (1.0, 1.0), (1.5, 0.25), (1.75, 0.0625)]  # the distance to 2 halves
    assert tangents(ax) == pytest.approx([-4.0, -2.0, -1.0, -0.5])
    assert ax.get_title() == "step 3: w = 1.75, E = 0.0625, slope −0.5"
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2", "3"]


def test_numbers_of_balls_that_come_close_do_not_overlap_and_the_last_has_its_own():
    ax = plots.error_curve(lambda w: (w - 2) ** 2 + 1, weight=-0.5, lr=0.3, steps=12)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])
    assert [ax.texts[0].get_text(), ax.texts[-1].get_text()] == ["0", "12"]


def test_at_the_minimum_the_slope_is_zero():
    ax = plots.error_curve(lambda w: (3 * w - 6) ** 2 / 2, 2.0, steps=0)
    assert ax.get_title() == "step 0: w = 2, E = 0, slope 0"
    assert tangents(ax) == [0.0]


def test_a_parameter_of_a_model_has_its_number_again_even_after_an_error():
    neuron = nn.Neuron(1, None, seed=0)
    w = neuron.weights[0]
    start = w.data
    ax = plots.error_curve(lambda: (neuron([2.0]) - 1) ** 2, w, lr=0.1, steps=2)
    assert w.data == start
    assert not w.has_grad
    assert balls(ax)[1][0] == pytest.approx(start - 0.1 * 2 * (2 * start - 1) * 2)
    assert ax.get_xlabel() == "w1"
    with pytest.raises(TypeError, match="must return a Value, got float"):
        plots.error_curve(lambda: 1.0, w)
    with pytest.raises(ZeroDivisionError):
        plots.error_curve(lambda: neuron([2.0]) if w.data == start else 1 / 0, w)
    assert w.data == start


def test_a_ball_that_flies_away_is_drawn_as_far_as_it_is_finite():
    ax = plots.error_curve(lambda w: w**4, 3.0, lr=10.0, steps=50)
    assert 1 < len(balls(ax)) < 10
    assert all(math.isfinite(number) for ball in balls(ax) for number in ball)


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ((3, 0.0), TypeError, "must be a function, got int"),
        ((lambda w: w, "0"), TypeError, "weight"),
        ((lambda w: w.log(), 0.0), ValueError, "finite error and slope at its start"),
        ((lambda w: w, 0.0, -1.0), ValueError, "lr must be finite and not negative, got -1"),
        ((lambda w: w, 0.0, 0.1, -1), ValueError, "steps"),
    ],
)
def test_what_has_no_error_curve_is_refused(arguments, error, told):
    names = ("error", "weight", "lr", "steps")
    with pytest.raises(error, match=told):
        plots.error_curve(**dict(zip(names, arguments, strict=False)))
    assert not plt.get_fignums()


def model_of_xor():
    """h₁ is OR and h₂ is NAND, as sums before relu; the output is above 0 where both are."""
    model = nn.MLP(2, [2, 1], relu, seed=0)
    (h1, h2), (out,) = model.layers[0].neurons, model.layers[1].neurons
    for neuron, weights, bias in ((h1, (1, 1), 0.0), (h2, (1, 1), -1.0), (out, (1, -2), -0.5)):
        for w, number in zip((*neuron.weights, neuron.bias), (*weights, bias), strict=True):
            w.data = number
    return model


def test_xors_samples_stand_where_the_hidden_layer_puts_them():
    before, after = plots.bent_grid(model_of_xor(), XOR)
    assert [ax.get_title() for ax in (before, after)] == ["inputs", "after the hidden layer"]
    places = [tuple(map(tuple, part.get_offsets())) for part in after.collections if len(part.get_offsets())]
    assert places[:2] == [((0.0, 0.0), (2.0, 1.0)), ((1.0, 0.0), (1.0, 0.0))]  # false, false; true, true; the border
    assert len(before.get_lines()) == len(after.get_lines()) == 30
    assert after.get_xlabel() == "h₁"


def test_the_border_is_straight_behind_the_hidden_layer_and_bent_before_it():
    before, after = plots.bent_grid(model_of_xor(), XOR)
    line = [tuple(point) for part in after.collections for path in part.get_paths() for point in path.vertices]
    line = [point for point in line if abs(point[0] - 2 * point[1] - 0.5) < 1e-9]
    assert len(line) > 10
    assert any(len(part.get_paths()) for part in before.collections)


def test_deeper_models_are_bent_where_the_last_hidden_layer_has_two_neurons():
    before, _ = plots.bent_grid(nn.MLP(2, [5, 2, 3], tanh, seed=0), XOR)
    assert before.figure is not None
    _, pair = plt.subplots(1, 2)
    assert plots.bent_grid(nn.MLP(2, [2, 1], tanh, dropout=0.5, seed=0), XOR, axes=pair)[1] is pair[1]


@pytest.mark.parametrize(
    ("model", "error", "told"),
    [
        (nn.MLP(2, [1], seed=0), ValueError, "got no hidden layer"),
        (nn.MLP(2, [3, 1], seed=0), ValueError, "2 neurons, got 3 neurons"),
        (nn.Perceptron(2), TypeError, "must be an nn.MLP, got Perceptron"),
    ],
)
def test_models_without_a_plane_to_bend_are_refused(model, error, told):
    with pytest.raises(error, match=told):
        plots.bent_grid(model, XOR)
    assert not plt.get_fignums()


def test_a_neuron_stands_beside_its_graph(tmp_path):
    neuron = nn.Neuron(2, tanh, seed=0)
    both = draw(neuron).beside(draw(neuron([1.0, 0.5])))
    assert isinstance(both, Drawing)
    svg = both.svg()
    assert "Weightsum" in svg
    assert "bias node, fixed at 1" in svg
    assert " id=" not in svg
    assert "Beside it: Graph of" in both.alt
    assert both.save(tmp_path / "pair.png").read_bytes()[:4] == b"\x89PNG"
    assert both.save(tmp_path / "pair.svg").read_text(encoding="utf-8") == svg
    assert both.beside(draw(Value(1.0, "x"))).svg().count("<svg") == 5
    with pytest.raises(TypeError, match="beside needs a drawing, such as draw returns, got str"):
        both.beside("x")


def test_an_optimizers_walk_is_its_formula_step_by_step():
    path = plots.walk(lambda x, y: x * x + 3 * y, lambda p: nn.SGD(p, lr=0.25), (4.0, 1.0), steps=2)
    assert path == [(4.0, 1.0), (2.0, 0.25), (1.0, -0.5)]  # x halves, and y falls by 0.75
    assert plots.walk(lambda x, y: x * y, nn.Adam, (1.0, 2.0), steps=0) == [(1.0, 2.0)]
    with pytest.raises(ValueError, match="2 coordinates, got 3"):
        plots.walk(lambda x, y: x * y, nn.Adam, (1.0, 2.0, 3.0))
    with pytest.raises(TypeError, match="walk's optimizer must be a function"):
        plots.walk(lambda x, y: x * y, "Adam", (1.0, 2.0))


def test_a_spread_has_a_dot_for_each_seed_and_a_line_at_the_median():
    ax = plots.spread({"a": [3.0, 1.0, 2.0], "$b_": [4.0, math.nan], "c": [5.0]})
    dots = [list(line.get_ydata()) for line in ax.get_lines()[::2]]
    medians = [list(line.get_ydata()) for line in ax.get_lines()[1::2]]
    assert dots == [[1.0, 2.0, 3.0], [4.0], [5.0]]
    assert medians == [[2.0, 2.0], [4.0, 4.0], [5.0, 5.0]]
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "\\$b_\n1 not finite", "c"]


@pytest.mark.parametrize("results", [{}, {"a": []}, {"a": [math.inf]}])
def test_a_spread_without_numbers_is_refused(results):
    with pytest.raises(ValueError, match="at least 1"):
        plots.spread(results)
    assert not plt.get_fignums()


def test_n_forward_sweeps_cost_n_times_as_much_as_one_sweep_back():
    sums = {n: total([Value(1.0) * 2 for _ in range(n)]) for n in (1, 3, 10)}
    back, forth = (list(line.get_ydata()) for line in plots.sweep_costs(sums).get_lines())
    assert [b * n for b, n in zip(back, sums, strict=True)] == forth
