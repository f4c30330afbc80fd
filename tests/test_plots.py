"""Plots: what the artists hold is compared with hand formulas; what can't be drawn is refused."""
# ruff: noqa: E402 — imports that follow the check whether matplotlib is there

import itertools
import math
import subprocess
import sys
from types import SimpleNamespace

import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

import autograd
import nn
from autograd import Value
from nn import plots
from nn.data import DataSet

GATE = DataSet([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0, 1, 1, 1], ["left", "right"], ["no", "yes"])


@pytest.fixture(autouse=True)
def _figures_are_drawn_and_closed():
    yield
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()  # a warning about a glyph or a limit is an error here
    plt.close("all")


def line_of(ax, label):
    (line,) = [line for line in ax.get_lines() if line.get_label() == label]
    return line


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def history(losses, validation_losses=(), metrics=None):
    return SimpleNamespace(losses=list(losses), validation_losses=list(validation_losses), metrics=metrics or {})


def bowl(x, y):
    return x * x + 10 * y * y


EVERY_KIND = {
    "decision_boundary": lambda ax: plots.decision_boundary(lambda x: [Value(x[0])], GATE, ax=ax, resolution=5),
    "decision_line": lambda ax: plots.decision_line(nn.Perceptron(2, [-0.5, 1, 1]), GATE, ax=ax),
    "activation": lambda ax: plots.activation(autograd.tanh, ax=ax),
    "loss_curves": lambda ax: plots.loss_curves(history([1.0, 0.5]), ax=ax),
    "optimizer_paths": lambda ax: plots.optimizer_paths(bowl, {"SGD": [(1, 1), (0, 0)]}, ax=ax),
    "vanishing_gradients": lambda ax: plots.vanishing_gradients({"sigmoid": [0.25, 0.0625]}, ax=ax),
}


@pytest.mark.parametrize("draw", EVERY_KIND.values(), ids=EVERY_KIND)
def test_the_axes_that_are_given_are_drawn_on_and_returned_and_no_figure_is_made(draw):
    figure, ax = plt.subplots()
    assert draw(ax) is ax
    assert plt.get_fignums() == [figure.number]
    assert ax.has_data()


@pytest.mark.parametrize("draw", EVERY_KIND.values(), ids=EVERY_KIND)
def test_without_axes_one_figure_in_constrained_layout_is_made_with_labelled_axes(draw):
    ax = draw(None)
    assert plt.get_fignums() == [ax.figure.number]
    assert ax.figure.get_constrained_layout()
    assert all([ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), legend_of(ax)])


def test_importing_the_module_loads_neither_matplotlib_nor_numpy():
    code = "import sys, nn.plots; print({'matplotlib', 'numpy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_without_matplotlib_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot")
    with pytest.raises(ImportError, match=r'plots need matplotlib: pip install "pathgrad\[plots\]"'):
        plots.activation(autograd.tanh)


# Decision regions


def regions(ax):
    """The colours of the pixels of the shaded regions, row by row from the lowest."""
    (image,) = ax.get_images()
    return np.asarray(image.get_array()) / 255


def test_one_logit_is_class_1_where_it_is_above_0():
    ax = plots.decision_boundary(lambda x: [Value(x[0] - 0.5)], GATE, resolution=12)
    pixels = regions(ax)
    # x goes from −0.1 to 1.1 in 12 points, the first six of them below 0.5
    blue, orange = (1 - (1 - np.array(to_rgb(color))) / 4 for color in plots.COLORS[:2])
    assert pixels.shape == (12, 12, 3)
    np.testing.assert_allclose(pixels[:, :6], np.broadcast_to(blue, (12, 6, 3)), atol=0.002)
    np.testing.assert_allclose(pixels[:, 6:], np.broadcast_to(orange, (12, 6, 3)), atol=0.002)


def test_the_border_is_drawn_where_the_logit_is_0():
    ax = plots.decision_boundary(lambda x: [Value(x[0] + 2 * x[1] - 1)], GATE, resolution=20)
    vertices = np.concatenate([path.vertices for drawn in ax.collections[:1] for path in drawn.get_paths()])
    np.testing.assert_allclose(vertices[:, 0] + 2 * vertices[:, 1], 1, atol=1e-12)
    assert np.ptp(vertices[:, 0]) > 1


def test_of_several_logits_the_largest_is_the_class():
    data = DataSet([[0.0, 0.0], [1.0, 0.0], [2.0, 1.0]], [0, 1, 2], ["a", "b"], ["first", "second", "third"])
    ax = plots.decision_boundary(lambda x: [Value(-abs(x[0] - k)) for k in range(3)], data, resolution=25)
    colors = [tuple(color) for color in np.round(regions(ax)[0], 6)]
    runs = [len(list(run)) for _, run in itertools.groupby(colors)]
    # x from −0.2 to 2.2 in steps of 0.1: classes change at 0.5 and 1.5
    assert len(runs) == 3
    assert runs[0] in (7, 8)
    assert runs[0] + runs[1] in (17, 18)
    borders = {x for drawn in ax.collections[:2] for path in drawn.get_paths() for x in path.vertices[:, 0].round(9)}
    assert borders == {0.5, 1.5}
    assert legend_of(ax) == ["first", "second", "third"]
    assert len({handle.get_paths()[0].vertices.shape for handle in ax.get_legend().legend_handles}) > 1  # markers


def test_a_single_value_is_understood_as_a_perceptrons_output():
    gate = nn.Perceptron(2, [-0.5, 1, 1])
    pixels = regions(plots.decision_boundary(gate, GATE, resolution=12))
    assert pixels[0, 0].tolist() != pixels[-1, -1].tolist() == pixels[0, -1].tolist() == pixels[-1, 0].tolist()


def test_samples_stand_where_they_are_and_features_name_the_axes():
    ax = plots.decision_boundary(lambda x: [Value(x[0])], GATE, resolution=3)
    offsets = {drawn.get_label(): drawn.get_offsets().tolist() for drawn in ax.collections if len(drawn.get_offsets())}
    assert offsets["no"] == [[0, 0]]
    assert offsets["yes"] == [[1, 0], [0, 1], [1, 1]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("left", "right")


class Watched(nn.Module):
    """A linear model that notes in which mode it is asked, and may fail."""

    def __init__(self, *, fails=False):
        self.part = nn.Dropout(0.5, seed=0)
        self.modes = set()
        self.fails = fails

    def __call__(self, inputs):
        self.modes.add((self.training, self.part.training))
        if self.fails:
            raise ZeroDivisionError
        return [Value(inputs[0])]


def test_a_model_is_in_evaluation_for_the_picture_and_in_training_after_it():
    model = Watched()
    plots.decision_boundary(model, GATE, resolution=3)
    assert model.modes == {(False, False)}
    assert model.training
    assert model.part.training


def test_a_model_in_evaluation_stays_there():
    model = Watched().eval()
    plots.decision_boundary(model, GATE, resolution=3)
    assert not model.training
    assert not model.part.training


def test_a_model_that_fails_is_back_in_training_and_leaves_no_figure():
    model = Watched(fails=True)
    with pytest.raises(ZeroDivisionError):
        plots.decision_boundary(model, GATE, resolution=3)
    assert model.training
    assert plt.get_fignums() == []


def test_a_dollar_sign_in_a_name_is_no_formula():
    data = DataSet(GATE.X, GATE.y, ["price $ and $", "right"], ["$a_$", "b"])
    ax = plots.decision_boundary(lambda x: [Value(x[0])], data, resolution=3)
    assert ax.get_xlabel() == r"price \$ and \$"
    assert legend_of(ax)[0] == r"\$a_\$"


# Decision lines


def test_the_line_of_or_goes_through_its_intercepts():
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 1.0, 1.0]), GATE)
    (line,) = ax.get_lines()
    (x, y), (other_x, other_y) = line.get_xydata()
    slope = (other_y - y) / (other_x - x)
    assert math.isclose(y + slope * (0.5 - x), 0, abs_tol=1e-12)  # (0.5, 0)
    assert math.isclose(y + slope * (0 - x), 0.5, abs_tol=1e-12)  # (0, 0.5)
    assert ax.get_title() == "x₁ + x₂ − 0.5 = 0"
    assert legend_of(ax) == ["no (−1)", "yes (+1)"]


def test_the_shaded_side_is_that_of_plus_1():
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 1.0, 1.0]), GATE)
    (shade,) = ax.patches
    inside = shade.get_path().contains_points([[0, 0], [0.2, 0.2], [1, 0], [0, 1], [1, 1], [-0.2, 0.8]])
    assert inside.tolist() == [False, False, True, True, True, True]


def test_a_line_without_w2_is_vertical():
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 2.0, 0.0]), GATE)
    (line,) = ax.get_lines()
    assert line.get_xdata() == pytest.approx([0.25, 0.25])
    assert tuple(line.get_ydata()) == ax.get_ylim()


def test_the_ends_of_a_steep_line_are_those_of_the_picture():
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 1.0, 1e-12]), GATE)
    (line,) = ax.get_lines()
    assert tuple(line.get_ydata()) == ax.get_ylim()
    assert line.get_xdata() == pytest.approx([0.5, 0.5])


def test_a_line_without_w1_is_horizontal():
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 0.0, 2.0]), GATE)
    (line,) = ax.get_lines()
    assert line.get_ydata() == pytest.approx([0.25, 0.25])
    assert tuple(line.get_xdata()) == ax.get_xlim()


@pytest.mark.parametrize(("w0", "output", "shades"), [(-0.5, "−1", 0), (0.0, "+1", 1), (0.5, "+1", 1)])
def test_without_a_line_the_title_says_what_the_output_is_everywhere(w0, output, shades):
    ax = plots.decision_line(nn.Perceptron(2, [w0, 0, 0]), GATE)
    assert not ax.get_lines()
    assert ax.get_title() == f"no line, because w₁ = w₂ = 0: the output is {output} everywhere"
    assert len(ax.patches) == shades


def test_targets_of_minus_1_and_1_are_drawn_as_those_of_0_and_1():
    signed = DataSet(GATE.X, [-1, 1, 1, 1], GATE.features, ["-1", "+1"])
    ax = plots.decision_line(nn.Perceptron(2, [-0.5, 1, 1]), signed)
    assert [drawn.get_offsets().tolist() for drawn in ax.collections] == [[[0, 0]], [[1, 0], [0, 1], [1, 1]]]
    assert legend_of(ax) == ["-1", "+1"]


# Activations


def test_tanh_and_its_derivative_are_1_minus_tanh_squared():
    ax = plots.activation(autograd.tanh, span=(-3.0, 3.0))
    value, derivative = line_of(ax, "f"), line_of(ax, "f′")
    xs = value.get_xdata()
    assert (xs[0], xs[-1]) == ax.get_xlim() == (-3.0, 3.0)
    np.testing.assert_allclose(value.get_ydata(), np.tanh(xs), rtol=1e-14)
    np.testing.assert_allclose(derivative.get_ydata(), 1 - np.tanh(derivative.get_xdata()) ** 2, rtol=1e-12)
    assert derivative.get_ydata()[list(derivative.get_xdata()).index(0.0)] == 1.0
    assert ax.get_title() == "tanh"
    assert legend_of(ax) == ["f", "f′"]


@pytest.mark.parametrize(
    ("name", "label", "before", "after"),
    [
        ("step", "f", 0, 1),
        ("threshold", "f", -1, 1),
        ("sign", "f", -1, 1),
        ("relu", "f′", 0, 1),
        ("leaky_relu", "f′", 0.01, 1),
        ("abs", "f′", -1, 1),
    ],
)
def test_a_jump_is_no_line_but_a_break_at_0(name, label, before, after):
    line = line_of(plots.activation(getattr(autograd, name)), label)
    xs, ys = line.get_data()
    np.testing.assert_array_equal(ys[xs < -1e-9], before)
    np.testing.assert_array_equal(ys[xs > 1e-9], after)
    assert not any(a != b for a, b in itertools.pairwise(ys) if not math.isnan(a) and not math.isnan(b))
    assert np.isnan(ys).any()


@pytest.mark.parametrize(
    ("name", "label"), [("relu", "f"), ("abs", "f"), ("elu", "f′"), ("threshold", "f′"), ("exp", "f"), ("tanh", "f′")]
)
def test_a_kink_or_a_steep_slope_is_no_break(name, label):
    line = line_of(plots.activation(getattr(autograd, name)), label)
    assert np.isfinite(line.get_ydata()).all()


def test_a_very_steep_sigmoid_is_no_break():
    def steep(x):
        return autograd.sigmoid(1e6 * x)

    assert np.isfinite(line_of(plots.activation(steep), "f").get_ydata()).all()


def test_a_jump_that_is_small_beside_the_whole_curve_is_a_break():
    line = line_of(plots.activation(lambda x: x**4 + autograd.step(x)), "f")
    xs, ys = line.get_data()
    (at,) = np.flatnonzero(np.isnan(ys))
    assert (xs[at - 1], ys[at - 1]) == (0, 0)
    assert (xs[at + 1], ys[at + 1]) == pytest.approx((0, 1))


def test_a_value_that_stands_alone_is_a_dot():
    ax = plots.activation(autograd.abs)
    assert [line.get_xydata().tolist() for line in ax.get_lines() if line.get_marker() == "o"] == [[[0.0, 0.0]]]
    ax = plots.activation(autograd.relu)
    assert not [line for line in ax.get_lines() if line.get_marker() == "o"]


def test_a_pole_is_a_break_and_does_not_stretch_the_picture():
    ax = plots.activation(lambda x: 1 / (x - 0.123))
    line = line_of(ax, "f")
    xs, ys = line.get_data()
    (at,) = np.flatnonzero(np.isnan(ys))
    assert ys[at - 1] < 0 < ys[at + 1]
    assert math.isclose(xs[at], 0.123, abs_tol=0.011)
    assert max(ax.get_ylim()) < 20
    assert ax.get_title() == "f"


def test_where_a_function_has_no_value_neither_curve_is_drawn():
    ax = plots.activation(autograd.log)
    for label in ("f", "f′"):
        xs, ys = line_of(ax, label).get_data()
        assert np.isnan(ys[xs <= 0]).all()
        assert np.isfinite(ys[xs > 0]).all()


def test_an_activation_with_a_parameter_is_drawn_under_its_class_name():
    ax = plots.activation(nn.PReLU(0.5))
    assert line_of(ax, "f").get_ydata()[0] == -2.0
    assert ax.get_title() == "PReLU"


# Losses


def test_epochs_are_counted_from_1():
    ax = plots.loss_curves(history([0.5, 0.25, 0.2], [0.6, 0.4, 0.5]))
    assert line_of(ax, "loss").get_xydata().tolist() == [[1, 0.5], [2, 0.25], [3, 0.2]]
    assert line_of(ax, "validation loss").get_xydata().tolist() == [[1, 0.6], [2, 0.4], [3, 0.5]]
    assert legend_of(ax) == ["loss", "validation loss"]
    assert len(ax.figure.axes) == 1
    assert all(tick == round(tick) for tick in ax.get_xticks())


@pytest.mark.parametrize(
    ("losses", "validation", "scale"),
    [
        ([1.0, 0.009], [], "log"),
        ([1.0, 0.01], [], "linear"),
        ([1.0, 0.5], [0.001, 0.001], "log"),
        ([1.0, 0.0], [], "linear"),
        ([1.0, -0.001], [], "linear"),
    ],
)
def test_losses_have_a_logarithmic_axis_where_they_are_positive_and_span_two_decades(losses, validation, scale):
    assert plots.loss_curves(history(losses, validation)).get_yscale() == scale


def test_metrics_have_an_axis_of_their_own_at_the_right_from_0_to_1():
    ax = plots.loss_curves(history([2.0, 1.0], metrics={"accuracy": [0.5, 0.75]}))
    assert len(ax.get_lines()) == 1
    (right,) = [axes for axes in ax.figure.axes if axes is not ax]
    assert right.yaxis.get_label_position() == "right"
    assert right.get_ylabel() == "accuracy"
    assert line_of(right, "accuracy").get_xydata().tolist() == [[1, 0.5], [2, 0.75]]
    assert right.get_ylim() == pytest.approx((0, 1), abs=0.05)
    assert legend_of(right) == ["loss", "accuracy"]


def test_a_metric_that_is_no_share_is_not_cut_off():
    ax = plots.loss_curves(history([2.0, 1.0], metrics={"error in °": [80.0, 5.0]}))
    assert ax.figure.axes[1].get_ylim()[1] > 80


def test_a_history_without_an_epoch_says_so():
    ax = plots.loss_curves(nn.History())
    assert [text.get_text() for text in ax.texts] == ["no epoch finished"]
    assert not ax.get_lines()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


@pytest.mark.parametrize(
    "draw",
    [lambda: plots.loss_curves(nn.History(losses=[0.7])), lambda: plots.vanishing_gradients({"sigmoid": [0.25]})],
)
def test_a_single_epoch_or_layer_has_one_tick_on_it(draw):
    ax = draw()
    low, high = ax.get_xlim()
    assert [tick for tick in ax.get_xticks() if low <= tick <= high] == [1]


# Optimizers' paths


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def test_a_path_is_drawn_through_its_points_from_its_start_to_its_end():
    points = [(-1.2, 1.0), (0.0, 0.5), (1.0, 1.0)]
    ax = plots.optimizer_paths(rosenbrock, {"Adam": points, "SGD": points[:2]})
    assert line_of(ax, "Adam").get_xydata().tolist() == [list(point) for point in points]
    assert line_of(ax, "start").get_xydata().tolist() == [[-1.2, 1.0]]
    ends = [line.get_xydata().tolist() for line in ax.get_lines() if line.get_marker() == "X"]
    assert ends == [[[1.0, 1.0]], [[0.0, 0.5]]]
    assert legend_of(ax) == ["Adam", "SGD", "start"]


def test_the_view_holds_every_path_with_a_margin():
    ax = plots.optimizer_paths(rosenbrock, {"a": [(-1.2, 1.0), (1.0, 1.0)], "b": [(0.0, -0.5), (0.5, 0.0)]})
    assert ax.get_xlim() == pytest.approx((-1.2 - 0.22, 1.0 + 0.22))
    assert ax.get_ylim() == pytest.approx((-0.5 - 0.15, 1.0 + 0.15))


def levels_of(ax):
    (contours,) = ax.collections
    return contours.levels


def test_contours_are_spaced_by_equal_factors_in_a_valley_by_equal_steps_on_a_slope():
    path = {"SGD": [(-1.5, 2.0), (1.5, -1.0)]}
    ratios = np.diff(np.log(levels_of(plots.optimizer_paths(lambda x, y: rosenbrock(x, y) ** 2, path))))
    steps = np.diff(levels_of(plots.optimizer_paths(lambda x, y: x + y, path, levels=9)))
    assert len(steps) == 8
    np.testing.assert_allclose(steps, steps[0])
    np.testing.assert_allclose(ratios[5:], ratios[-1], rtol=1e-2)
    assert ratios[-1] > 0.3


@pytest.mark.parametrize("last", [(math.inf, 0.0), (math.nan, math.nan), (1e300, -1e300), (1e6, 1.0), (-1e40, 0.0)])
def test_a_path_that_leaves_does_not_stretch_the_view(last):
    ax = plots.optimizer_paths(bowl, {"good": [(3.0, 1.0), (0.0, 0.0)], "bad": [(3.0, 1.0), (2.0, -1.2), last]})
    assert -4 < ax.get_xlim()[0] < ax.get_xlim()[1] < 8
    assert -4 < ax.get_ylim()[0] < -1.2
    assert ax.get_ylim()[1] < 4
    assert legend_of(ax) == ["good", "bad (leaves)", "start"]
    assert sum(line.get_marker() == "X" for line in ax.get_lines()) == 1
    drawn = line_of(ax, "bad (leaves)").get_xydata()
    assert drawn[:2].tolist() == [[3.0, 1.0], [2.0, -1.2]]
    assert np.isnan(drawn[2]).all()


def test_a_path_that_only_diverges_is_shown_around_its_start():
    path = [(3.0 * (-3.0) ** k, (-39.0) ** k) for k in range(150)]
    ax = plots.optimizer_paths(bowl, {"lr 2": path})
    assert -10 < ax.get_xlim()[0] < 3 < ax.get_xlim()[1] < 10
    assert -3 < ax.get_ylim()[0] < 1 < ax.get_ylim()[1] < 3


def test_a_function_may_return_a_value_or_fail_or_be_constant():
    path = {"SGD": [(-1.0, 1.0), (1.0, -1.0)]}
    of_values = plots.optimizer_paths(lambda x, y: Value(x) * Value(x) + y, path)
    of_floats = plots.optimizer_paths(lambda x, y: x * x + y, path)
    np.testing.assert_array_equal(levels_of(of_values), levels_of(of_floats))
    assert len(levels_of(plots.optimizer_paths(lambda x, y: math.log(x) + y, path))) == 30  # a ValueError for x ≤ 0
    assert len(levels_of(plots.optimizer_paths(lambda x, y: y if x > 0 else 1 / 0, path))) == 30
    assert not plots.optimizer_paths(lambda _x, _y: 1.0, path).collections


# Vanishing gradients


def test_products_are_drawn_by_their_size_from_layer_1_on():
    ax = plots.vanishing_gradients({"sigmoid": [0.25, 0.0625], "weights": [-2.0, 4.0, -8.0]})
    assert ax.get_yscale() == "log"
    assert line_of(ax, "sigmoid").get_xydata().tolist() == [[1, 0.25], [2, 0.0625]]
    assert line_of(ax, "weights").get_xydata().tolist() == [[1, 2], [2, 4], [3, 8]]


def test_a_product_of_0_is_left_out_and_its_layer_is_in_the_legend():
    ax = plots.vanishing_gradients({"relu": [1.0, 1.0, 0.0, 0.0], "tanh": [0.5, 0.25, 0.125, 0.0625]})
    assert legend_of(ax) == ["relu (reaches 0 at layer 3)", "tanh"]
    drawn = line_of(ax, "relu (reaches 0 at layer 3)").get_ydata()
    assert drawn[:2].tolist() == [1, 1]
    assert np.isnan(drawn[2:]).all()


def test_products_that_are_all_0_or_far_from_1_can_be_drawn():
    ax = plots.vanishing_gradients({"relu": [0.0, 0.0]})
    assert legend_of(ax) == ["relu (reaches 0 at layer 1)"]
    ax = plots.vanishing_gradients({"sigmoid": [1e-150, 1e-300, 5e-324], "weights": [1e200, math.inf]})
    low, high = ax.get_ylim()
    assert low < 1e-300
    assert high > 1e200


# What is refused


def data_of(rows, targets, features=("a", "b")):
    return DataSet(rows, targets, list(features), ["no", "yes"])


PLANE = data_of([[0.0, 0.0]], [0])
MODEL = nn.Perceptron(2)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: plots.decision_boundary(MODEL, data_of([[1.0, 2.0, 3.0]], [0], "abc")), "2 features, got 3"),
        (lambda: plots.decision_line(MODEL, data_of([[1.0]], [0], "a")), "2 features, got 1"),
        (lambda: plots.decision_boundary(MODEL, data_of([], [])), "at least 1 sample, got 0"),
        (lambda: plots.decision_line(MODEL, data_of([], [])), "at least 1 sample, got 0"),
        (lambda: plots.decision_boundary(MODEL, data_of([[0.0, 0.0]], [-1])), "classes from 0 to 1, got -1"),
        (lambda: plots.decision_boundary(MODEL, PLANE, resolution=1), "resolution must be at least 2, got 1"),
        (lambda: plots.decision_line(MODEL, data_of([[0.0, 0.0]], [2])), "the classes 0 and 1, got 2"),
        (lambda: plots.decision_line(nn.Perceptron(3), PLANE), "must have 2 inputs, got 3"),
        (lambda: plots.decision_line(nn.Perceptron(2, [0, math.inf, 1]), PLANE), "finite weights, got 0.0, inf, 1.0"),
        (lambda: plots.activation(autograd.tanh, span=(1.0, 1.0)), r"the smaller first, got \(1.0, 1.0\)"),
        (lambda: plots.activation(autograd.tanh, span=(0.0, math.nan)), "two finite numbers"),
        (lambda: plots.optimizer_paths(bowl, {}), "at least 1 name, got 0"),
        (
            lambda: plots.optimizer_paths(bowl, {"SGD": [(0, 0)], "Adam": []}),
            r"paths\['Adam'\] must have at least 1 point, got 0",
        ),
        (lambda: plots.optimizer_paths(bowl, {"SGD": [(math.nan, 0)]}), r"paths\['SGD'\] must start at a finite point"),
        (lambda: plots.optimizer_paths(bowl, {"SGD": [(0, 0)]}, levels=0), "levels must be at least 1, got 0"),
        (lambda: plots.vanishing_gradients({}), "at least 1 name, got 0"),
        (lambda: plots.vanishing_gradients({"relu": []}), r"products\['relu'\] must have at least 1 number, got 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_a_figure_is_made(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt()
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (
            lambda: plots.decision_boundary(MODEL, [[0.0, 0.0]]),
            r"decision_boundary's data must be an nn\.data\.DataSet, got list",
        ),
        (lambda: plots.decision_boundary(MODEL, PLANE, resolution=9.5), "resolution must be an int, got float"),
        (
            lambda: plots.decision_boundary(lambda _: 0.5, PLANE),
            "a model's output must be an ordered sequence, got a float",
        ),
        (
            lambda: plots.decision_line(None, PLANE),
            r"decision_line's perceptron must be an nn\.Perceptron, got NoneType",
        ),
        (lambda: plots.decision_line(MODEL, None), "decision_line's data must be an .* got NoneType"),
        (lambda: plots.activation("tanh"), "must be a function, got str"),
        (lambda: plots.activation(autograd.tanh, span=("a", "b")), "activation's span must be a real number"),
        (lambda: plots.loss_curves([1.0, 0.5]), r"must be an nn\.History, such as nn\.fit returns, got list"),
        (lambda: plots.optimizer_paths(bowl, [(0.0, 0.0)]), "paths must be a dict with names, .* got list"),
        (lambda: plots.optimizer_paths(None, {"SGD": [(0.0, 0.0)]}), "must be a function, got NoneType"),
        (lambda: plots.vanishing_gradients([0.25]), "products must be a dict with names, .* got list"),
        (lambda: plots.vanishing_gradients({"relu": [1.0]}, ax="here"), "ax must be matplotlib axes, got str"),
    ],
)
def test_arguments_of_another_kind_are_refused_before_a_figure_is_made(attempt, sentence):
    with pytest.raises(TypeError, match=sentence):
        attempt()
    assert plt.get_fignums() == []


def test_a_plot_is_on_white_paper(tmp_path):
    ax = plots.activation(autograd.tanh)
    ax.figure.savefig(tmp_path / "plot.png")
    picture = plt.imread(tmp_path / "plot.png")
    assert (picture[0, 0] == 1).all()
