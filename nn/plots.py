"""Plots of data, decisions, training and derivatives, with matplotlib, which the extra `plots` installs.

Each function draws on the matplotlib axes `ax`, or on those of a new figure, and returns them. Outside a notebook,
save the figure with `ax.figure.savefig("picture.png")`. Arguments of the wrong type raise TypeError before a figure is
made.

Colour-blind people can tell the colours apart; in black and white print, markers and line styles differ.

Source: M. Okabe, K. Ito, "Color Universal Design" (2008), for the colours.
"""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from autograd import Value, forward_sweep, gradient, reverse_sweep, topological_order
from autograd.fonts import families
from autograd.ieee import inner_product, integer, real
from autograd.language import language
from autograd.naming import one_line
from autograd.notation import number
from autograd.rules import as_tuple
from nn.data_set import DataSet, require_data_set
from nn.evaluation import in_evaluation, predicted_class, predictions
from nn.korean import say
from nn.perceptron import Perceptron
from nn.problem import Model
from nn.samples import read

COLORS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000")
LINE_COLORS = tuple(COLORS[i] for i in (0, 3, 2, 4, 1, 5, 7))  # no yellow: a yellow line on white is hard to see
MARKERS = ("o", "s", "^", "D", "v", "P", "*")  # 7 markers and 8 colours: a pair of both repeats only after 56
LINE_STYLES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (10, 3)))

LEGEND_OUTSIDE = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.0), "borderaxespad": 0.0}
"""Places a legend beside the axes, where it covers nothing."""

Point = tuple[float, float]
Span = tuple[float, float]


def decision_boundary(model: Model, data: DataSet, *, ax: Any = None, resolution: int = 100) -> Any:
    """Draw the region of the plane that a model assigns to each class, and the samples of data with two features.

    The model is evaluated at resolution × resolution points, in evaluation mode. With one output, a logit, the class
    is 1 where it is above 0; with several, the class is the index of the largest; a single Value, such as a
    perceptron's ±1, is taken as a logit.

    Raises ValueError for 0 samples, samples without exactly 2 finite features, a target that is not the index of a
    class, and a resolution below 2.
    """
    data = _require_plane(data, "decision_boundary's data")
    for target in data.y:
        if target not in range(len(data.classes)):
            raise ValueError(f"data.y must hold classes from 0 to {len(data.classes) - 1}, got {target!r:.40}")
    resolution = integer(resolution, "resolution", least=2)
    horizontal, vertical = _view_of_samples(data, 0.1)
    xs, ys = _spaced(*horizontal, resolution), _spaced(*vertical, resolution)
    results = iter(in_evaluation(model, lambda: predictions(model, [[x, y] for y in ys for x in xs])))
    outputs = [[_outputs(next(results)) for _ in xs] for _ in ys]
    ax = _axes(ax)
    pale = [[round(255 * part) for part in _pale(color)] for color in COLORS]  # interpolated floats would be noisy
    half_x, half_y = (xs[1] - xs[0]) / 2, (ys[1] - ys[0]) / 2
    ax.imshow(  # each pixel is centred on the point where the model was evaluated
        [[pale[predicted_class(cell) % len(pale)] for cell in row] for row in outputs],
        extent=(xs[0] - half_x, xs[-1] + half_x, ys[0] - half_y, ys[-1] + half_y),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
        zorder=0,
    )
    for k in range(1, max(len(outputs[0][0]), 2)):  # every border of class 0 is also a border of another class
        margins = [[_margin(cell, k) for cell in row] for row in outputs]
        finite = [margin for row in margins for margin in row if math.isfinite(margin)]
        if finite and min(finite) < 0 < max(finite):
            ax.contour(xs, ys, margins, levels=[0.0], colors="0.25", linewidths=1.2, zorder=1)
    for k, name in enumerate(data.classes):
        _scatter(ax, [x for x, target in zip(data.X, data.y, strict=True) if target == k], k, say(name))
    return _finish_plane(ax, data.features, horizontal, vertical, say("Decision regions"))


def decision_line(perceptron: Perceptron, data: DataSet, *, ax: Any = None) -> Any:
    """Draw a perceptron's line w₀ + w₁·x₁ + w₂·x₂ = 0 and the samples; the side of output +1 is shaded.

    Class 1 of the data counts as +1, class 0 as −1. If w₁ = w₂ = 0, there is no line, and the title says so.

    Raises ValueError for 0 samples, samples without exactly 2 finite features, targets other than 0 and 1 (or −1 and
    1), and for a perceptron without exactly 2 inputs or with weights that are inf or nan.
    """
    if not hasattr(perceptron, "decision_line"):
        raise TypeError(f"decision_line's perceptron must be an nn.Perceptron, got {type(perceptron).__name__}")
    data = _require_plane(data, "decision_line's data")
    for target in data.y:
        if target not in (-1, 0, 1):
            raise ValueError(f"data.y must hold the classes 0 and 1, got {target!r:.40}")
    line = perceptron.decision_line
    if len(line.coefficients) != 2:
        raise ValueError(f"decision_line's perceptron must have 2 inputs, got {len(line.coefficients)}")
    w0, (w1, w2) = line.intercept, line.coefficients
    if not all(map(math.isfinite, (w0, w1, w2))):
        raise ValueError(f"decision_line's perceptron must have finite weights, got {w0}, {w1}, {w2}")
    horizontal, vertical = _view_of_samples(data, 0.3)
    ax = _axes(ax)
    side = _side(w0, w1, w2, horizontal, vertical)
    if side:
        ax.fill(*zip(*side, strict=True), color=_pale(COLORS[1]), linewidth=0, zorder=0)
    if abs(w2) >= abs(w1) and w2 != 0:
        xs = horizontal
        ys = (-(w0 + w1 * xs[0]) / w2, -(w0 + w1 * xs[1]) / w2)
    elif w1 != 0:
        ys = vertical
        xs = (-(w0 + w2 * ys[0]) / w1, -(w0 + w2 * ys[1]) / w1)
    title = str(line)
    if w1 == w2 == 0:
        text = "no line, because w₁ = w₂ = 0: the output is {sign} everywhere"
        title = say(text, sign="+1" if w0 >= 0 else "−1")
    else:
        ax.plot(xs, ys, color="black", linewidth=1.5, zorder=1)
    for k, sign in enumerate(("−1", "+1")):
        members = [x for x, target in zip(data.X, data.y, strict=True) if (target > 0) == k]
        name = say(data.classes[k]) if k < len(data.classes) else sign
        name = name if name.replace("-", "−") == sign else f"{name} ({sign})"
        _scatter(ax, members, k, name, size=70)
    return _finish_plane(ax, data.features, horizontal, vertical, title)


def activation(function: Callable[[Any], Any], *, ax: Any = None, span: Span = (-4.0, 4.0)) -> Any:
    """Draw a function f of one Value, such as `autograd.tanh`, and its derivative f′ as the graph computes it.

    At a jump the curve is interrupted. A value that differs from both sides of the jump, such as the derivative 0 of
    |x| at 0, is drawn as a dot.

    Raises ValueError for a span that is not two finite numbers, the smaller first.
    """
    _require_function(function, "activation's function")
    ends = [real(end, "activation's span") for end in as_tuple(span, "activation's span")]
    if len(ends) != 2 or not -math.inf < ends[0] < ends[1] < math.inf:
        raise ValueError(f"activation's span must be two finite numbers, the smaller first, got {span!r:.80}")
    low, high = ends

    def value(x: float) -> float:
        result: float = function(Value(x)).data
        return result

    def derivative(x: float) -> float:
        point = Value(x)
        result = function(point)
        if not math.isfinite(result.data):  # a function without a value has no derivative either
            return math.nan
        (slope,) = gradient(result, [point])
        return slope.data

    curves = [_curve(curve, low, high) for curve in (value, derivative)]
    ax = _axes(ax)
    for curve, label, color, line in zip(curves, ("f", "f′"), (COLORS[0], COLORS[3]), LINE_STYLES, strict=False):
        _draw_curve(ax, curve.xs, curve.ys, label=label, color=color, linestyle=line)
    if any(curve.has_pole for curve in curves):
        _bound_heights(ax, [y for curve in curves for y in curve.ys])
    ax.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.7", linewidth=0.8, zorder=0)
    ax.set_xlim(low, high)
    name = getattr(function, "__name__", type(function).__name__)
    ax.set_title("f" if name == "<lambda>" else _text(name))
    ax.set_xlabel("x")
    ax.set_ylabel("f(x), f′(x)")
    ax.legend(loc="best")
    return ax


class Curves(Protocol):
    """What a training leaves: an `nn.History`."""

    losses: list[float]
    validation_losses: list[float]
    metrics: dict[str, list[float]]


def loss_curves(history: Curves, *, ax: Any = None) -> Any:
    """Draw the training and validation losses after each epoch, and the metrics on a second axis at the right.

    The axis of the losses is logarithmic if all of them are positive and they differ by more than a factor of 100. For
    a history without a finished epoch the picture says so.
    """
    if not hasattr(history, "losses"):
        name = type(history).__name__
        raise TypeError(f"loss_curves' history must be an nn.History, such as nn.fit returns, got {name}")
    ax = _axes(ax)
    ax.set_title(say("Training"))
    ax.set_xlabel(say("epoch"))
    ax.set_ylabel(say("loss"))
    if not history.losses:
        ax.text(0.5, 0.5, say("no epoch finished"), ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
        ax.set_yticks([])
        return ax
    curves = {say("loss"): history.losses, say("validation loss"): history.validation_losses}
    drawn = [_by_epoch(ax, losses, i, name) for i, (name, losses) in enumerate(curves.items()) if losses]
    losses = [*history.losses, *history.validation_losses]
    if min(losses) > 0 and max(losses) > 100 * min(losses):
        ax.set_yscale("log")
    _count_from_one(ax, len(history.losses))
    metrics = {name: numbers for name, numbers in history.metrics.items() if numbers}
    top = ax
    if metrics:
        top = ax.twinx()
        drawn += [_by_epoch(top, numbers, i, _text(name)) for i, (name, numbers) in enumerate(metrics.items(), start=2)]
        top.set_ylabel(_text(", ".join(metrics)))
        if all(0 <= number <= 1 for numbers in metrics.values() for number in numbers):
            top.set_ylim(-0.03, 1.03)
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.08), "ncols": 3} if metrics else {"loc": "best"}
    top.legend(handles=drawn, **place)  # above the axes: with metrics, the curves leave no corner free
    return ax


def optimizer_paths(
    function: Callable[[float, float], Any], paths: Mapping[str, Sequence[Point]], *, ax: Any = None, levels: int = 30
) -> Any:
    """Draw the paths of optimizers over the contours of function(x, y): from ○, the start, to ✕, the end.

    The function is called with floats, and may return a float or a Value. The picture shows every start and every
    point that is no higher than its start. The other points enlarge it by at most its own size on each side; the
    legend says which paths leave the picture.

    Contours are spaced by equal factors if the function is much steeper at the rim than inside, otherwise evenly.

    Raises ValueError for 0 paths, a path without points, a point without exactly 2 coordinates, a start that is inf or
    nan, and fewer than 1 level.
    """
    _require_function(function, "optimizer_paths' function")
    levels = integer(levels, "levels", least=1)
    tracks = _read_tracks(paths)
    horizontal, vertical = _view_of_paths(function, list(tracks.values()))
    xs, ys = _spaced(*horizontal, 100), _spaced(*vertical, 100)
    heights = [[_height(function, x, y) for x in xs] for y in ys]
    ax = _axes(ax)
    spacing = _levels([height for row in heights for height in row if math.isfinite(height)], levels)
    if spacing:
        ax.contour(xs, ys, heights, levels=spacing, colors="0.75", linewidths=0.7, linestyles="solid", zorder=0)
    for i, (name, track) in enumerate(tracks.items()):
        _draw_track(ax, track, i, name, horizontal, vertical)
    starts = list(zip(*dict.fromkeys(track[0] for track in tracks.values()), strict=True))
    circle = {"markersize": 9, "markerfacecolor": "white", "markeredgecolor": "black", "markeredgewidth": 1.5}
    ax.plot(*starts, "o", **circle, label=say("start"), zorder=3)
    return _finish_plane(ax, ("x", "y"), horizontal, vertical, say("Optimizers' paths, from ○ to ✕"))


def error_curve(
    error: Callable[..., Any], weight: float | Value, *, lr: float = 0.1, steps: int = 5, ax: Any = None
) -> Any:
    """Draw the error over one weight, and a ball that rolls down by gradient descent, w ← w − lr·∂E/∂w.

    At each of the `steps` + 1 places of the ball, numbered from 0, its tangent has the slope ∂E/∂w there; the title
    says the last one, which is 0 at a minimum. `weight` is a number, the ball's first place, and error a function of
    one Value. Or `weight` is a parameter of a model, and error a function without arguments, which is called with other
    numbers in the parameter; afterwards the parameter has its own again.

    Raises ValueError for an lr that is negative or not finite, steps below 0, and a start where the error is not
    finite.

    >>> ax = error_curve(lambda w: (w - 2) ** 2, 0.0, lr=0.25, steps=3)
    >>> ax.get_title()
    'step 3: w = 1.75, E = 0.0625, slope −0.5'
    """
    _require_function(error, "error_curve's error")
    start = real(weight.data if isinstance(weight, Value) else weight, "error_curve's weight")
    rate, steps = real(lr, "lr"), integer(steps, "steps", least=0)
    if not 0 <= rate < math.inf:
        raise ValueError(f"lr must be finite and not negative, got {lr}")
    read_at = _error_at(error, weight)
    try:
        balls = _descent(read_at, start, rate, steps)
        low, high = _widened(min(w for w, _, _ in balls), max(w for w, _, _ in balls), 0.5)
        low, high = min(low, start - 0.5), max(high, start + 0.5)
        xs = _spaced(low, high, 201)
        heights = [y if math.isfinite(y := read_at(x)[0]) else math.nan for x in xs]
    finally:
        if isinstance(weight, Value):
            weight.data = start
    ax = _axes(ax)
    ax.plot(xs, heights, color=COLORS[0], linewidth=2, zorder=1)
    half = 0.14 * (high - low)
    for k, (w, y, slope) in enumerate(balls):
        last = k == len(balls) - 1
        color = LINE_COLORS[1] if last else "0.45"
        ax.plot(
            [w - half, w + half],
            [y - half * slope, y + half * slope],
            color=color,
            linewidth=2.5 if last else 1.2,
            zorder=2,
        )
        ax.plot([w], [y], "o", color=color, markersize=9, markeredgecolor="black", zorder=3)
    _number_balls(ax, balls, 0.03 * (high - low))
    w, y, slope = balls[-1]
    last_ball = {"step": len(balls) - 1, "w": number(w), "error": number(y), "slope": number(slope)}
    ax.set_title(say("step {step}: w = {w}, E = {error}, slope {slope}", **last_ball))
    ax.set_xlim(low, high)
    ax.set_xlabel(_text(weight.label or "w") if isinstance(weight, Value) else "w")
    ax.set_ylabel(say("error E"))
    ax.grid(visible=True, color="0.9")
    return ax


def _number_balls(ax: Any, balls: Sequence[tuple[float, float, float]], apart: float) -> None:
    """Number the balls from 0: the last, and each that is so far from those with a number."""
    numbered: list[int] = []
    for k in reversed(range(len(balls))):
        if all(abs(balls[k][0] - balls[other][0]) >= apart for other in numbered):
            numbered.append(k)
    for k in sorted(numbered):
        ax.annotate(str(k), balls[k][:2], xytext=(0, 9), textcoords="offset points", ha="center")


def _error_at(error: Callable[..., Any], weight: float | Value) -> Callable[[float], tuple[float, float]]:
    """A function from the weight's number to the error and its derivative."""

    def read_at(x: float) -> tuple[float, float]:
        point = weight if isinstance(weight, Value) else Value(x, "w")
        if isinstance(weight, Value):
            point.data = x
        result = error() if isinstance(weight, Value) else error(point)
        if not isinstance(result, Value):
            raise TypeError(f"error_curve's error must return a Value, got {type(result).__name__}")
        (slope,) = gradient(result, [point])
        return result.data, slope.data

    return read_at


def _descent(
    read_at: Callable[[float], tuple[float, float]], w: float, rate: float, steps: int
) -> list[tuple[float, float, float]]:
    """(w, E, ∂E/∂w) before the first step and after each, as far as they are finite."""
    balls = [(w, *read_at(w))]
    if not all(map(math.isfinite, balls[0])):
        raise ValueError(f"error_curve needs a finite error and slope at its start, got {balls[0][1:]}")
    for _ in range(steps):
        w -= rate * balls[-1][2]
        ball = (w, *read_at(w)) if math.isfinite(w) else (w, w, w)
        if not all(map(math.isfinite, ball)):
            break
        balls.append(ball)
    return balls


def bent_grid(model: Any, data: DataSet, *, axes: Any = None) -> Any:
    """Draw the plane of two features as a grid, and what the hidden layers make of it: a bent grid.

    At the left are the inputs, at the right the outputs of the last hidden layer, which must have two neurons. Where
    the model has one output, the line at the right is where its weighted sum is 0: straight, because a single neuron
    divides the plane by a line; bent back, it is the border at the left. `axes` are two matplotlib axes, which are
    returned, or those of a new figure.

    Raises TypeError for a model that is not an MLP, and ValueError for one without a hidden layer or whose last one
    has not two neurons; for data as `decision_boundary` does.
    """
    layers = getattr(model, "layers", None)
    if not isinstance(layers, Sequence) or not layers:
        raise TypeError(f"bent_grid's model must be an nn.MLP, got {type(model).__name__}")
    data = _require_plane(data, "bent_grid's data")
    *hidden, last = layers
    if not hidden or len(hidden[-1].neurons) != 2:
        got = f"{len(hidden[-1].neurons)} neurons" if hidden else "no hidden layer"
        raise ValueError(f"bent_grid needs a last hidden layer of 2 neurons, got {got}")
    if axes is None:
        _, axes = pyplot().subplots(1, 2, figsize=(9, 4.2), layout="constrained")
    pair = [_axes(ax) for ax in as_tuple(axes, "bent_grid's axes")]
    if len(pair) != 2:
        raise ValueError(f"bent_grid's axes must be 2, got {len(pair)}")
    view = _view_of_samples(data, 0.25)
    lines = [[(x, y) for y in _spaced(*view[1], 61)] for x in _spaced(*view[0], 15)]
    lines += [[(x, y) for x in _spaced(*view[0], 61)] for y in _spaced(*view[1], 15)]
    bent, samples = in_evaluation(
        model, lambda: ([[_after(hidden, at) for at in line] for line in lines], [_after(hidden, x) for x in data.X])
    )
    ends = last.neurons if len(last.neurons) == 1 else []
    _draw_plane(pair[0], lines, data.X, data, data.features, say("inputs"), [*hidden, *ends] if ends else [])
    _draw_plane(pair[1], bent, samples, data, ("h₁", "h₂"), say("after the hidden layer"), ends)
    pair[0].get_legend().remove()
    return pair


def _draw_plane(
    ax: Any, grid: Any, points: Any, data: DataSet, names: Sequence[str], title: str, parts: Sequence[Any]
) -> None:
    """Draw a grid with its samples, and where the last of the parts, a neuron, has a weighted sum of 0."""
    _draw_grid(ax, grid, points, data)
    across, up = (_widened(*_extent([at[axis] for line in grid for at in line]), 0.06) for axis in (0, 1))
    if parts:
        _draw_border(ax, lambda at: _after(parts, at), across, up)
    _finish_plane(ax, names, across, up, title)


def _after(parts: Sequence[Any], point: Sequence[float]) -> list[float]:
    """The layers' outputs for a point; a neuron at the end gives its weighted sum."""
    numbers = list(point)
    for part in parts:
        if hasattr(part, "neurons"):
            numbers = [output.data for output in part(numbers)]
        else:
            numbers = [inner_product([w.data for w in part.weights], numbers, part.bias.data)]
    return numbers


def _extent(numbers: Sequence[float]) -> Span:
    finite = [x for x in numbers if math.isfinite(x)] or [0.0]
    return min(finite), max(finite)


def _draw_grid(ax: Any, grid: Sequence[Sequence[Sequence[float]]], points: Sequence[Any], data: DataSet) -> None:
    """Draw the lines of a grid, in two colours for its two directions, and the samples."""
    for k, line in enumerate(grid):
        color = COLORS[0] if k < len(grid) / 2 else COLORS[3]
        ax.plot(*zip(*line, strict=True), color=color, linewidth=1, alpha=0.5, zorder=0)
    for k, name in enumerate(data.classes):
        _scatter(ax, [x for x, target in zip(points, data.y, strict=True) if target == k], k, say(name), size=90)


def _draw_border(ax: Any, sum_at: Callable[[Point], list[float]], horizontal: Span, vertical: Span) -> None:
    """Draw where a neuron's weighted sum is 0."""
    xs, ys = _spaced(*horizontal, 80), _spaced(*vertical, 80)
    sums = [[sum_at((x, y))[0] for x in xs] for y in ys]
    finite = [s for row in sums for s in row if math.isfinite(s)]
    if finite and min(finite) < 0 < max(finite):
        ax.contour(xs, ys, sums, levels=[0.0], colors="black", linewidths=1.6, zorder=1)


def walk(
    function: Callable[[Value, Value], Any], optimizer: Callable[[list[Value]], Any], start: Point, steps: int = 50
) -> list[Point]:
    """Return the points that an optimizer visits on function(x, y), from start, for `optimizer_paths`.

    `optimizer` makes one for a list of parameters, such as `nn.Adam`, or `lambda parameters: nn.SGD(parameters, lr=1)`.
    Raises ValueError for a start without exactly 2 finite coordinates, and steps below 0.

    >>> from nn.optimizers import SGD
    >>> walk(lambda x, y: (x**2 + y**2) / 2, lambda parameters: SGD(parameters, lr=0.5), (4.0, 2.0), steps=2)
    [(4.0, 2.0), (2.0, 1.0), (1.0, 0.5)]
    """
    _require_function(function, "walk's function")
    _require_function(optimizer, "walk's optimizer")
    track = _read_tracks({"walk": [start]})["walk"]
    steps = integer(steps, "steps", least=0)
    x, y = Value(track[0][0], "x"), Value(track[0][1], "y")
    method = optimizer([x, y])
    for _ in range(steps):
        method.zero_grad()
        function(x, y).backward()
        method.step()
        track.append((x.data, y.data))
    return track


def spread(results: Mapping[str, Sequence[float]], *, ax: Any = None) -> Any:
    """Draw the results of several seeds for each name as dots side by side, with a line at the median.

    Raises ValueError for 0 names, and for a name without a finite number; others are left out, and the name says so.
    """
    _require_names(results, "spread's results", '{"tanh": [0.93, 0.95]}')
    read_results = {
        name: [real(x, f"results[{name!r}]") for x in read(numbers, f"results[{name!r}]")]
        for name, numbers in results.items()
    }
    for name, numbers in read_results.items():
        if not any(map(math.isfinite, numbers)):
            raise ValueError(f"results[{name!r}] must have at least 1 finite number, got 0")
    ax = _axes(ax)
    labels = []
    for i, (name, numbers) in enumerate(read_results.items()):
        finite = sorted(x for x in numbers if math.isfinite(x))
        left_out = len(numbers) - len(finite)
        labels.append(_text(name) + ("\n" + say("{count} not finite", count=left_out) if left_out else ""))
        places = [i] if len(finite) == 1 else _spaced(i - 0.22, i + 0.22, len(finite))
        style = _line_style(i)
        ax.plot(places, finite, style["marker"], color=style["color"], markersize=5, zorder=2)
        ax.plot([i - 0.32, i + 0.32], [median(finite)] * 2, color="black", linewidth=1.5, zorder=3)
    ax.set_xticks(range(len(labels)), labels)
    ax.set_xlim(-0.6, len(labels) - 0.4)
    ax.set_title(say("each dot one seed, each line the median"))
    ax.grid(visible=True, axis="y", color="0.9")
    return ax


def sweep_costs(outputs: Mapping[int, Value], *, ax: Any = None) -> Any:
    """Draw how many multiplications the gradient by n inputs takes: in one reverse sweep, and in n forward sweeps.

    `outputs` maps each n to an output that is computed from n inputs in the same way. A forward sweep is counted for
    one input, and taken n times. Raises ValueError for 0 outputs, and for an output without inputs.

    >>> ax = sweep_costs({2: Value(3.0) * Value(2.0)})
    >>> [[int(count) for count in line.get_ydata()] for line in ax.get_lines()]
    [[2], [4]]
    """
    _require_names(outputs, "sweep_costs' outputs", "{1: x * 2, 2: x * 2 + y * 2}")
    counts: list[list[int]] = [[], []]
    sizes = [integer(n, "sweep_costs' number of inputs", least=1) for n in outputs]
    for n, output in zip(sizes, outputs.values(), strict=True):
        leaves = [node for node in topological_order(output) if not node.parents]
        counts[0].append(reverse_sweep(output).multiplications)
        counts[1].append(n * forward_sweep(output, leaves[0]).multiplications)
    ax = _axes(ax)
    sweeps = (say("one reverse sweep"), say("n forward sweeps"))
    for i, (numbers, name) in enumerate(zip(counts, sweeps, strict=True)):
        ax.plot(sizes, numbers, **_line_style(i), linewidth=1.8, label=name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_title(say("Multiplications for the gradient"))
    ax.set_xlabel(say("inputs n"))
    ax.set_ylabel(say("multiplications"))
    ax.grid(visible=True, color="0.9")
    ax.legend(loc="best")
    return ax


def vanishing_gradients(products: Mapping[str, Sequence[float]], *, ax: Any = None) -> Any:
    """Draw how a product of local derivatives shrinks or grows with depth: its size after 1, 2, 3, … layers.

    `products` maps a name, such as an activation's, to the products after each layer, such as those that
    `nn.vanishing_gradient` returns. The axis is logarithmic and can't show a product of 0; the legend says at which
    layer the product reaches it.

    Raises ValueError for 0 products, and for a name without numbers.
    """
    _require_names(products, "vanishing_gradients' products", '{"sigmoid": [0.25, 0.0625]}')
    products = {
        name: [real(x, f"products[{name!r}]") for x in read(numbers, f"products[{name!r}]")]
        for name, numbers in products.items()
    }
    for name, numbers in products.items():
        if not numbers:
            raise ValueError(f"products[{name!r}] must have at least 1 number, got 0")
    ax = _axes(ax)
    seen: list[float] = []
    for i, (name, numbers) in enumerate(products.items()):
        sizes = [abs(number) if number != 0 and math.isfinite(number) else math.nan for number in numbers]
        zero = next((depth for depth, number in enumerate(numbers, start=1) if number == 0), None)
        label = _text(name)
        if zero is not None:
            label = say("{name} (reaches 0 at layer {depth})", name=label, depth=zero)
        _by_epoch(ax, sizes, i, label)
        seen += [size for size in sizes if not math.isnan(size)]
    ax.set_yscale("log")
    if not seen:
        ax.set_ylim(0.1, 1.0)
    _count_from_one(ax, max(map(len, products.values())))
    ax.set_title(say("Product of local derivatives by depth"))
    ax.set_xlabel(say("depth (layers)"))
    ax.set_ylabel(say("|product of derivatives|"))
    ax.grid(visible=True, color="0.9")
    ax.legend(loc="best")
    return ax


def pyplot() -> Any:
    """Import and return matplotlib.pyplot; raise ImportError with the command to install it if it is missing."""
    try:
        return importlib.import_module("matplotlib.pyplot")
    except ModuleNotFoundError:
        raise ImportError('plots need matplotlib: pip install "pathgrad[plots]"') from None


def _axes(ax: Any) -> Any:
    """Return the given axes, or those of a new figure."""
    if ax is not None and not hasattr(ax, "plot"):
        raise TypeError(f"ax must be matplotlib axes, got {type(ax).__name__}")
    if language() == "ko":
        _give_korean_letters(ax)
    return pyplot().subplots(layout="constrained")[1] if ax is None else ax


def _give_korean_letters(ax: Any) -> None:
    """Let matplotlib look in a font for Korean letters where its own lacks them: from now on, and in these axes."""
    matplotlib = pyplot().matplotlib
    family = families(matplotlib.rcParams["font.family"])
    matplotlib.rcParams["font.family"] = family
    if ax is not None:
        for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
            text.set_fontfamily(family)
        ax.tick_params(labelfontfamily=family)


def _text(name: str) -> str:
    """Return a user's name as plain text: matplotlib reads $…$ as a formula, and legends leave out names like _x."""
    text = one_line(name).replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def _pale(color: str) -> Any:
    """Mix the colour with three parts of white; return red, green and blue from 0 to 1."""
    return tuple(1 - (1 - int(color[i : i + 2], 16) / 255) / 4 for i in (1, 3, 5))


def _spaced(low: float, high: float, count: int) -> list[float]:
    """`count` evenly spaced numbers from low to high, both included."""
    return [low + (high - low) * (i / (count - 1)) for i in range(count)]


def _widened(low: float, high: float, share: float) -> Span:
    """Widen an interval at both ends by a share of its length, or of max(1, |low|) if its length is 0."""
    margin = share * (high - low or max(1.0, abs(low)))
    return low - margin, high + margin


def _view_of_samples(data: DataSet, share: float) -> tuple[Span, Span]:
    """The smallest rectangle around the samples, with a margin in shares of its size."""
    horizontal, vertical = (_widened(min(column), max(column), share) for column in zip(*data.X, strict=True))
    return horizontal, vertical


def _require_plane(data: DataSet, what: str) -> DataSet:
    """Return the data set; raise ValueError unless it has at least 1 sample and 2 features."""
    data = require_data_set(data, what)
    if not len(data):
        raise ValueError(f"{what} must have at least 1 sample, got 0")
    X = [[real(x, f"{what}.X") for x in as_tuple(sample, f"each sample of {what}.X")] for sample in data.X]
    for width in {len(data.features), *map(len, X)}:
        if width != 2:
            raise ValueError(f"{what} must have 2 features, got {width}")
    if not all(map(math.isfinite, itertools.chain(*X))):
        raise ValueError(f"{what} must be finite, got a sample with inf or nan")
    return DataSet(X, data.y, data.features, data.classes)


def _require_function(function: object, what: str) -> None:
    if not callable(function):
        raise TypeError(f"{what} must be a function, got {type(function).__name__}")


def _require_names(named: object, what: str, example: str) -> None:
    if not isinstance(named, Mapping):
        raise TypeError(f"{what} must be a dict with names, such as {example}, got {type(named).__name__}")
    if not named:
        raise ValueError(f"{what} must have at least 1 name, got 0")


def _read_tracks(paths: Mapping[str, Sequence[Point]]) -> dict[str, list[Point]]:
    """Read each path as a list of points, and require a finite start."""
    _require_names(paths, "optimizer_paths' paths", '{"SGD": [(1.0, 2.0), (0.5, 1.0)]}')
    tracks: dict[str, list[Point]] = {}
    for name, path in paths.items():
        what = f"paths[{name!r}]"
        tracks[name] = track = []
        for point in read(path, what):
            coordinates = [real(x, what) for x in as_tuple(point, f"each point of {what}")]
            if len(coordinates) != 2:
                raise ValueError(f"{what} must have points of 2 coordinates, got {len(coordinates)}")
            track.append((coordinates[0], coordinates[1]))
        if not track:
            raise ValueError(f"{what} must have at least 1 point, got 0")
        if not all(map(math.isfinite, track[0])):
            raise ValueError(f"{what} must start at a finite point, got {track[0]}")
    return tracks


def _draw_track(ax: Any, track: Sequence[Point], i: int, name: str, horizontal: Span, vertical: Span) -> None:
    """Draw one optimizer's path, with a ✕ at its end if that is in the picture."""
    stays = _inside(track[-1], horizontal, vertical)
    # matplotlib fails on points beyond any canvas; nan leaves out the point and the line to it
    far = _widened(*horizontal, 1e4), _widened(*vertical, 1e4)
    points = [point if _inside(point, *far) else (math.nan, math.nan) for point in track]
    label = _text(name) if stays else say("{name} (leaves)", name=_text(name))
    every = 1 if len(track) <= 20 else (len(track) // 10, len(track) // 10)
    style = _line_style(i)
    ax.plot(*zip(*points, strict=True), **style, linewidth=1.6, markevery=every, label=label, zorder=2)
    if stays:
        end = {"markersize": 10, "markeredgecolor": "white", "markeredgewidth": 0.8, "zorder": 4}
        ax.plot(*track[-1], "X", color=style["color"], **end)


def _line_style(i: int) -> dict[str, Any]:
    """The colour, line style and marker of curve i."""
    return {
        "color": LINE_COLORS[i % len(LINE_COLORS)],
        "linestyle": LINE_STYLES[i % len(LINE_STYLES)],
        "marker": MARKERS[i % len(MARKERS)],
        "markersize": 5,
    }


def _scatter(ax: Any, X: Sequence[Sequence[float]], k: int, name: str, size: float = 30) -> None:
    style = {"color": COLORS[k % len(COLORS)], "marker": MARKERS[k % len(MARKERS)], "edgecolors": "black"}
    ax.scatter([x for x, _ in X], [y for _, y in X], **style, s=size, linewidths=0.6, label=_text(name), zorder=2)


def _finish_plane(ax: Any, names: Sequence[str], horizontal: Span, vertical: Span, title: str) -> Any:
    ax.set_xlim(*horizontal)
    ax.set_ylim(*vertical)
    ax.set_title(title)
    ax.set_xlabel(_text(names[0]))
    ax.set_ylabel(_text(names[1]))
    ax.legend(**LEGEND_OUTSIDE)
    return ax


def _outputs(outputs: Any) -> list[Value]:
    return [outputs] if isinstance(outputs, Value) else list(outputs)


def _margin(outputs: Sequence[Value], k: int) -> float:
    """How far class k's logit is ahead of the largest other one: 0 on the border of the class."""
    logits = [output.data for output in outputs]
    return logits[0] if len(logits) == 1 else logits[k] - max(logits[:k] + logits[k + 1 :])


def _side(w0: float, w1: float, w2: float, horizontal: Span, vertical: Span) -> list[Point]:
    """Return the corners of the part of the rectangle where w₀ + w₁·x₁ + w₂·x₂ ≥ 0."""
    (left, right), (bottom, top) = horizontal, vertical
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    part: list[Point] = []
    for a, b in itertools.pairwise([*corners, corners[0]]):
        s, t = (w0 + w1 * x + w2 * y for x, y in (a, b))
        if s >= 0:
            part.append(a)
        if (s >= 0) != (t >= 0):
            share = s / (s - t)
            part.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return part


@dataclass(frozen=True)
class _Curve:
    """Points of a curve, with nan where it is interrupted, and whether it has a pole."""

    xs: list[float]
    ys: list[float]
    has_pole: bool


def _curve(function: Callable[[float], float], low: float, high: float) -> _Curve:
    """Evaluate a function at 801 points and close to its jumps.

    Where two neighbours are suspiciously far apart, their interval is halved again and again, always going on with the
    half that holds the larger difference. At a jump that difference stays; on a steep slope it disappears.
    """
    xs = _spaced(low, high, 801)
    ys = [function(x) for x in xs]
    distances = [abs(b - a) for a, b in itertools.pairwise(ys)]
    finite = [y for y in ys if math.isfinite(y)]
    extent = max(finite) - min(finite) if finite else 0.0
    points = [(xs[0], ys[0])]
    has_pole = len(finite) < len(ys)
    for i, distance in enumerate(distances):
        around = max(distances[max(i - 1, 0) : i] + distances[i + 1 : i + 2], default=0.0)
        if math.isfinite(distance) and (distance > 0.02 * extent or distance > 3 * around):
            a, b, fa, fb = xs[i], xs[i + 1], ys[i], ys[i + 1]
            while a < (middle := (a + b) / 2) < b and abs(fb - fa) > distance / 2:
                f = function(middle)
                if not math.isfinite(f):
                    break
                a, b, fa, fb = (a, middle, fa, f) if abs(f - fa) >= abs(fb - f) else (middle, b, f, fb)
            if abs(fb - fa) > distance / 2:
                growing = abs(fb - fa) > 2 * distance
                has_pole = has_pole or growing
                ends = ((xs[i], ys[i]), (xs[i + 1], ys[i + 1])) if growing else ((a, fa), (b, fb))
                points += [ends[0], (a, math.nan), ends[1]]
        points.append((xs[i + 1], ys[i + 1]))
    points = [point for point, _ in itertools.groupby(points)]  # a point between two jumps was found from both sides
    return _Curve([x for x, _ in points], [y if math.isfinite(y) else math.nan for _, y in points], has_pole)


def _draw_curve(ax: Any, xs: Sequence[float], ys: Sequence[float], *, label: str, color: str, linestyle: Any) -> None:
    """Draw a curve, and a dot for each of its points that has no neighbours."""
    ax.plot(xs, ys, color=color, linestyle=linestyle, linewidth=2, label=label, zorder=2)
    alone = [
        (x, y)
        for before, (x, y), after in zip(ys, zip(xs[1:], ys[1:], strict=True), ys[2:], strict=False)
        if math.isnan(before) and math.isfinite(y) and math.isnan(after)
    ]
    if alone:
        ax.plot(*zip(*alone, strict=True), "o", color=color, markersize=5, zorder=3)


def _bound_heights(ax: Any, ys: Sequence[float]) -> None:
    """Limit the vertical axis to twice the height of nine tenths of the points, so that a pole doesn't flatten them."""
    sizes = sorted(abs(y) for y in ys if math.isfinite(y)) or [1.0]
    bound = 2 * sizes[int(0.9 * (len(sizes) - 1))]
    if 0 < bound < sizes[-1]:
        ax.set_ylim(-bound, bound)


def _by_epoch(ax: Any, numbers: Sequence[float], i: int, name: str) -> Any:
    """Draw a curve over 1, 2, 3, …, with a marker at each number if they are few."""
    every = max(1, len(numbers) // 15)
    (line,) = ax.plot(range(1, len(numbers) + 1), numbers, **_line_style(i), linewidth=1.8, markevery=every, label=name)
    return line


def _count_from_one(ax: Any, last: int) -> None:
    """Put ticks at whole numbers only, on an axis from 1 to the last."""
    margin = max(0.5, 0.03 * last)
    ax.set_xlim(1 - margin, last + margin)
    if last == 1:  # matplotlib finds no ticks for a single whole number
        ax.set_xticks([1])
    else:
        ax.xaxis.get_major_locator().set_params(integer=True)


def _height(function: Callable[[float, float], Any], x: float, y: float) -> float:
    """Return the function's number at a point, or nan if it raises an arithmetic error."""
    try:
        result = function(x, y)
    except (ArithmeticError, ValueError):
        return math.nan
    return float(result.data if isinstance(result, Value) else result)


def _view_of_paths(function: Callable[[float, float], Any], tracks: Sequence[Sequence[Point]]) -> tuple[Span, Span]:
    """Choose the rectangle to show: around the points no higher than their start, and not far beyond."""
    finite = [[point for point in track if all(map(math.isfinite, point))] for track in tracks]
    low = [
        point
        for track in finite
        for i, point in enumerate(track)
        if i == 0 or _height(function, *point) <= _height(function, *track[0])
    ]
    spans = []
    for axis in (0, 1):
        inner = [point[axis] for point in low]
        every = [point[axis] for track in finite for point in track]
        least, most = _widened(min(inner), max(inner), 1.0)
        spans.append(_widened(max(least, min(every)), min(most, max(every)), 0.1))
    return spans[0], spans[1]


def _inside(point: Point, horizontal: Span, vertical: Span) -> bool:
    return horizontal[0] <= point[0] <= horizontal[1] and vertical[0] <= point[1] <= vertical[1]


def _levels(heights: Sequence[float], count: int) -> list[float]:
    """Return the heights of the contours in ascending order; none for a constant function."""
    heights = sorted(heights)
    lowest, extent = (heights[0], heights[-1] - heights[0]) if heights else (0.0, 0.0)
    if not 0 < extent < math.inf:
        return []
    if extent > 5 * (heights[len(heights) // 2] - lowest):
        spaced = [lowest + extent * 10 ** (-5 * (1 - (i + 1) / (count + 1))) for i in range(count)]
    else:
        spaced = [lowest + extent * (i + 1) / (count + 1) for i in range(count)]
    return sorted(set(spaced))
