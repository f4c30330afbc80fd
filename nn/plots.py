"""Plots with matplotlib, which the extra `plots` installs: of data, decisions, training and derivatives.

Each function draws on the axes that it is given, or on those of a new figure, and returns them. None
shows a figure: a notebook does that by itself, elsewhere `ax.figure.savefig("picture.png")` does. Arguments of another
kind are a TypeError, before a figure is made.
Colours can be told apart by the colour-blind, markers and line styles also in print without colours.

Source: M. Okabe, K. Ito, "Color Universal Design" (2008), for the colours.
"""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from autograd import Value, gradient
from autograd.ieee import integer, real
from autograd.naming import one_line
from nn.data import DataSet, data_set
from nn.evaluation import in_evaluation, predicted_class, predictions
from nn.perceptron import Perceptron
from nn.problem import Model
from nn.samples import read

COLORS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000")
LINE_COLORS = tuple(COLORS[i] for i in (0, 3, 2, 4, 1, 5, 7))  # without the yellow, which a line on white hides
MARKERS = ("o", "s", "^", "D", "v", "P", "*")  # 7, 5 and 8 of a kind: pairs come again only after 56 and 40
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (10, 3)))

OUTSIDE = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.0), "borderaxespad": 0.0}
"""A legend's place beside the axes, where it covers nothing."""

Point = tuple[float, float]
Span = tuple[float, float]


def decision_boundary(model: Model, data: DataSet, *, ax: Any = None, resolution: int = 100) -> Any:
    """The regions of the plane that a model gives to each class, and the samples of data with two features.

    The model is asked at resolution × resolution points. Its outputs are one logit, class 1 where it is
    above 0; several, the class of the largest; or one Value, such as a perceptron's ±1. A model in training
    is put into evaluation meanwhile, and afterwards back.

    Raises ValueError for data of no samples, of another number of features than 2, or with a target that
    is no class, and for a resolution below 2.
    """
    data = _of_the_plane(data, "decision_boundary")
    for target in data.targets:
        if not 0 <= target < len(data.classes):
            raise ValueError(f"targets are classes from 0 to {len(data.classes) - 1}, got {target}")
    resolution = integer(resolution, "a resolution", least=2)
    horizontal, vertical = (_widened(min(column), max(column), 0.1) for column in zip(*data.rows, strict=True))
    xs, ys = _spaced(*horizontal, resolution), _spaced(*vertical, resolution)
    found = iter(in_evaluation(model, lambda: predictions(model, [[x, y] for y in ys for x in xs])))
    outputs = [[_outputs(next(found)) for _ in xs] for _ in ys]
    ax = _axes(ax)
    pale = [[round(255 * part) for part in _pale(color)] for color in COLORS]  # floats leave noise when interpolated
    half_x, half_y = (xs[1] - xs[0]) / 2, (ys[1] - ys[0]) / 2
    ax.imshow(  # each pixel around the point where the model was asked
        [[pale[predicted_class(cell) % len(pale)] for cell in row] for row in outputs],
        extent=(xs[0] - half_x, xs[-1] + half_x, ys[0] - half_y, ys[-1] + half_y),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
        zorder=0,
    )
    for k in range(1, max(len(outputs[0][0]), 2)):  # the border of class 0 is on those of the others
        margins = [[_margin(cell, k) for cell in row] for row in outputs]
        finite = [margin for row in margins for margin in row if math.isfinite(margin)]
        if finite and min(finite) < 0 < max(finite):
            ax.contour(xs, ys, margins, levels=[0.0], colors="0.25", linewidths=1.2, zorder=1)
    for k, name in enumerate(data.classes):
        _scatter(ax, [row for row, target in zip(data.rows, data.targets, strict=True) if target == k], k, name)
    return _finish_plane(ax, data, horizontal, vertical, "Decision regions")


def decision_line(perceptron: Perceptron, data: DataSet, *, ax: Any = None) -> Any:
    """A perceptron's line w₀ + w₁·x₁ + w₂·x₂ = 0 among the samples; its +1 side is shaded.

    Class 1 of the data is drawn as +1, class 0 as −1. With w₁ = w₂ = 0 there is no line, and the title says so.

    Raises ValueError for data of no samples, of another number of features than 2, or of other classes
    than 0 and 1 (or −1 and 1), and for a perceptron of another number of inputs than 2 or with weights
    that are inf or nan.
    """
    if not hasattr(perceptron, "decision_line"):
        raise TypeError(f"decision_line takes an nn.Perceptron, not {type(perceptron).__name__}")
    data = _of_the_plane(data, "decision_line")
    for target in data.targets:
        if target not in (-1, 0, 1):
            raise ValueError(f"a perceptron tells 2 classes apart, 0 and 1, got a target of {target}")
    line = perceptron.decision_line
    if len(line.coefficients) != 2:
        raise ValueError(f"a line needs a perceptron of 2 inputs, got {len(line.coefficients)}")
    w0, (w1, w2) = line.intercept, line.coefficients
    if not all(map(math.isfinite, (w0, w1, w2))):
        raise ValueError(f"a line needs finite weights, got {w0}, {w1}, {w2}")
    horizontal, vertical = (_widened(min(column), max(column), 0.3) for column in zip(*data.rows, strict=True))
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
        title = f"no line, for w₁ = w₂ = 0: the output is {'+1' if w0 >= 0 else '−1'} everywhere"
    else:
        ax.plot(xs, ys, color="black", linewidth=1.5, zorder=1)
    for k, sign in enumerate(("−1", "+1")):
        members = [row for row, target in zip(data.rows, data.targets, strict=True) if (target > 0) == k]
        name = data.classes[k] if k < len(data.classes) else sign
        name = name if name.replace("-", "−") == sign else f"{name} ({sign})"
        _scatter(ax, members, k, name, size=70)
    return _finish_plane(ax, data, horizontal, vertical, title)


def activation(function: Callable[[Any], Any], *, ax: Any = None, span: Span = (-4.0, 4.0)) -> Any:
    """A function f of one Value, such as `autograd.tanh`, and its derivative f′ as the graph has it.

    At a jump the curve is broken, not joined by a line; a value that stands alone there, such as the
    derivative 0 of |x| at 0, is a dot. Raises ValueError for a span that isn't finite, from less to more.
    """
    _check_function(function)
    low, high = (real(end, "a span") for end in span)
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"a span is two finite numbers, the smaller first, got {low} and {high}")

    def value(x: float) -> float:
        result: float = function(Value(x)).data
        return result

    def derivative(x: float) -> float:
        point = Value(x)
        result = function(point)
        if not math.isfinite(result.data):  # where there is no function, there is no derivative
            return math.nan
        (slope,) = gradient(result, [point])
        return slope.data

    curves = [_curve(curve, low, high) for curve in (value, derivative)]
    ax = _axes(ax)
    for (xs, ys, _), label, color, line in zip(curves, ("f", "f′"), (COLORS[0], COLORS[3]), LINES, strict=False):
        ax.plot(xs, ys, color=color, linestyle=line, linewidth=2, label=label, zorder=2)
        alone = [
            (x, y)
            for before, (x, y), after in zip(ys, zip(xs[1:], ys[1:], strict=True), ys[2:], strict=False)
            if math.isnan(before) and math.isfinite(y) and math.isnan(after)
        ]
        if alone:
            ax.plot(*zip(*alone, strict=True), "o", color=color, markersize=5, zorder=3)
    if any(pole for _, _, pole in curves):
        sizes = sorted(abs(y) for _, ys, _ in curves for y in ys if math.isfinite(y)) or [1.0]
        bound = 2 * sizes[int(0.9 * (len(sizes) - 1))]
        if 0 < bound < sizes[-1]:
            ax.set_ylim(-bound, bound)
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
    """The losses of training and validation after each epoch, and the metrics on a second axis at the right.

    The losses' axis is logarithmic where they are all positive and differ by more than a factor of 100. Of
    a history without an epoch the axes say so.
    """
    if not hasattr(history, "losses"):
        raise TypeError(f"loss_curves takes an nn.History, such as nn.fit returns, not {type(history).__name__}")
    ax = _axes(ax)
    ax.set_title("Training")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    if not history.losses:
        ax.text(0.5, 0.5, "no epoch finished", ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
        ax.set_yticks([])
        return ax
    curves = {"loss": history.losses, "validation loss": history.validation_losses}
    drawn = [_by_epoch(ax, losses, i, name) for i, (name, losses) in enumerate(curves.items()) if losses]
    losses = [*history.losses, *history.validation_losses]
    if min(losses) > 0 and max(losses) > 100 * min(losses):
        ax.set_yscale("log")
    _count(ax, len(history.losses))
    metrics = {name: numbers for name, numbers in history.metrics.items() if numbers}
    top = ax
    if metrics:
        top = ax.twinx()
        drawn += [_by_epoch(top, numbers, i, name) for i, (name, numbers) in enumerate(metrics.items(), start=2)]
        top.set_ylabel(_text(", ".join(metrics)))
        if all(0 <= number <= 1 for numbers in metrics.values() for number in numbers):
            top.set_ylim(-0.03, 1.03)
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.08), "ncols": 3} if metrics else {"loc": "best"}
    top.legend(handles=drawn, **place)  # above the axes, where two kinds of curves leave no corner free
    return ax


def optimizer_paths(
    function: Callable[[float, float], Any], paths: Mapping[str, Sequence[Point]], *, ax: Any = None, levels: int = 30
) -> Any:
    """The ways of optimizers over the contours of function(x, y): from ○, the start, to ✕, the end.

    The function is asked at points of floats, and may return a float or a Value. The picture holds every
    start and every point that is no higher than its start, and reaches beyond them for the other points, at
    most by its own size to each side; of a path that goes further the legend says that it leaves.

    Contours are spaced by equal factors where the function is much steeper at the rim than inside.

    Raises ValueError for no paths, a path without points or with a start that isn't finite, and for less
    than 1 level.
    """
    _check_function(function)
    _check_names(paths, "paths", '{"SGD": [(1.0, 2.0), (0.5, 1.0)]}')
    if not paths:
        raise ValueError("a picture of paths needs 1 path at least, got 0")
    levels = integer(levels, "the number of levels", least=1)
    paths = {name: read(path, f"the path {name}") for name, path in paths.items()}
    for name, path in paths.items():
        if not path:
            raise ValueError(f"a path has 1 point at least, got 0 for {name}")
        if not all(map(math.isfinite, path[0])):
            raise ValueError(f"a path starts at finite numbers, got {tuple(path[0])} for {name}")
    tracks = {name: [(float(x), float(y)) for x, y in path] for name, path in paths.items()}
    horizontal, vertical = _view(function, list(tracks.values()))
    xs, ys = _spaced(*horizontal, 100), _spaced(*vertical, 100)
    heights = [[_height(function, x, y) for x in xs] for y in ys]
    ax = _axes(ax)
    spacing = _levels([height for row in heights for height in row if math.isfinite(height)], levels)
    if spacing:
        ax.contour(xs, ys, heights, levels=spacing, colors="0.75", linewidths=0.7, linestyles="solid", zorder=0)
    for i, (name, track) in enumerate(tracks.items()):
        stays = _inside(track[-1], horizontal, vertical)
        # A point that no canvas can hold is left out, with the line to it
        near = [
            point if _inside(point, _widened(*horizontal, 1e4), _widened(*vertical, 1e4)) else (math.nan, math.nan)
            for point in track
        ]
        style = {
            "color": LINE_COLORS[i % len(LINE_COLORS)],
            "linestyle": LINES[i % len(LINES)],
            "linewidth": 1.6,
            "marker": MARKERS[i % len(MARKERS)],
            "markevery": 1 if len(track) <= 20 else (len(track) // 10, len(track) // 10),
            "markersize": 5,
        }
        label = _text(name) if stays else f"{_text(name)} (leaves)"
        ax.plot(*zip(*near, strict=True), **style, label=label, zorder=2)
        if stays:
            end = {"markersize": 10, "markeredgecolor": "white", "markeredgewidth": 0.8, "zorder": 4}
            ax.plot(*track[-1], "X", color=style["color"], **end)
    starts = list(zip(*dict.fromkeys(track[0] for track in tracks.values()), strict=True))
    round_ = {"markersize": 9, "markerfacecolor": "white", "markeredgecolor": "black", "markeredgewidth": 1.5}
    ax.plot(*starts, "o", **round_, label="start", zorder=3)
    ax.set_xlim(*horizontal)
    ax.set_ylim(*vertical)
    ax.set_title("Optimizers' paths, from ○ to ✕")
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.legend(**OUTSIDE)
    return ax


def vanishing_gradients(products: Mapping[str, Sequence[float]], *, ax: Any = None) -> Any:
    """How a product of local derivatives shrinks or grows with depth: its size after 1, 2, 3, … layers.

    The axis is logarithmic, and has no place for a product of 0: the legend says at which layer it is
    reached. Raises ValueError for no products, or none for one of the names.
    """
    _check_names(products, "products", '{"sigmoid": [0.25, 0.0625]}')
    if not products:
        raise ValueError("a picture of products needs those of 1 activation at least, got 0")
    products = {name: read(numbers, f"the products {name}") for name, numbers in products.items()}
    for name, numbers in products.items():
        if not numbers:
            raise ValueError(f"a product of derivatives has 1 layer at least, got 0 for {name}")
    ax = _axes(ax)
    seen: list[float] = []
    for i, (name, numbers) in enumerate(products.items()):
        sizes = [abs(number) if number != 0 and math.isfinite(number) else math.nan for number in numbers]
        zero = next((depth for depth, number in enumerate(numbers, start=1) if number == 0), None)
        label = _text(name) if zero is None else f"{_text(name)} (reaches 0 at layer {zero})"
        _by_epoch(ax, sizes, i, label)
        seen += [size for size in sizes if not math.isnan(size)]
    ax.set_yscale("log")
    if not seen:
        ax.set_ylim(0.1, 1.0)
    _count(ax, max(map(len, products.values())))
    ax.set_title("Product of local derivatives by depth")
    ax.set_xlabel("depth (layers)")
    ax.set_ylabel("|product of derivatives|")
    ax.grid(visible=True, color="0.9")
    ax.legend(loc="best")
    return ax


def pyplot() -> Any:
    """matplotlib.pyplot; an ImportError that says what to install where it is missing."""
    try:
        return importlib.import_module("matplotlib.pyplot")
    except ModuleNotFoundError:
        raise ImportError('plots need matplotlib: pip install "pathgrad[plots]"') from None


def _axes(ax: Any) -> Any:
    """The axes that were given, or those of a new figure."""
    if ax is not None and not hasattr(ax, "plot"):
        raise TypeError(f"ax takes matplotlib's axes, not {type(ax).__name__}")
    return pyplot().subplots(layout="constrained")[1] if ax is None else ax


def _text(name: str) -> str:
    """A user's name as text, in which matplotlib reads no formula, and a legend nothing to leave out as "_hidden"."""
    text = one_line(name).replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def _pale(color: str) -> Any:
    """The colour mixed with three parts of white, as red, green and blue from 0 to 1."""
    return tuple(1 - (1 - int(color[i : i + 2], 16) / 255) / 4 for i in (1, 3, 5))


def _spaced(low: float, high: float, count: int) -> list[float]:
    """Numbers from low to high, both included, at equal distances."""
    return [low + (high - low) * (i / (count - 1)) for i in range(count)]


def _widened(low: float, high: float, share: float) -> Span:
    """The interval with a margin at both ends, in shares of its length (or of 1, if it has none)."""
    margin = share * (high - low or max(1.0, abs(low)))
    return low - margin, high + margin


def _of_the_plane(data: DataSet, what: str) -> DataSet:
    """The data set, if it can be drawn on a plane."""
    data = data_set(data, what)
    if not len(data):
        raise ValueError("there is nothing to draw, got data of 0 samples")
    for width in {len(data.features), *map(len, data.rows)}:
        if width != 2:
            raise ValueError(f"a picture of the plane needs data of 2 features, got {width}")
    return data


def _check_function(function: object) -> None:
    if not callable(function):
        raise TypeError(f"a function is needed, not {type(function).__name__}")


def _check_names(named: object, what: str, such_as: str) -> None:
    if not isinstance(named, Mapping):
        raise TypeError(f"{what} are named, as {such_as}, not {type(named).__name__}")


def _scatter(ax: Any, rows: Sequence[Sequence[float]], k: int, name: str, size: float = 30) -> None:
    style = {"color": COLORS[k % len(COLORS)], "marker": MARKERS[k % len(MARKERS)], "edgecolors": "black"}
    ax.scatter([x for x, _ in rows], [y for _, y in rows], **style, s=size, linewidths=0.6, label=_text(name), zorder=2)


def _finish_plane(ax: Any, data: DataSet, horizontal: Span, vertical: Span, title: str) -> Any:
    ax.set_xlim(*horizontal)
    ax.set_ylim(*vertical)
    ax.set_title(title)
    ax.set_xlabel(_text(data.features[0]))
    ax.set_ylabel(_text(data.features[1]))
    ax.legend(**OUTSIDE)
    return ax


def _outputs(outputs: Any) -> list[Value]:
    return [outputs] if isinstance(outputs, Value) else list(outputs)


def _margin(outputs: Sequence[Value], k: int) -> float:
    """By how much class k is ahead of the others: 0 on its border."""
    logits = [output.data for output in outputs]
    return logits[0] if len(logits) == 1 else logits[k] - max(logits[:k] + logits[k + 1 :])


def _side(w0: float, w1: float, w2: float, horizontal: Span, vertical: Span) -> list[Point]:
    """The corners of that part of the rectangle where w₀ + w₁·x₁ + w₂·x₂ ≥ 0."""
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


def _curve(function: Callable[[float], float], low: float, high: float) -> tuple[list[float], list[float], bool]:
    """Points of a curve, with nan where it is broken, and whether it has a pole.

    Where neighbours are suspiciously far apart, their interval is halved, going on with the half that holds
    the larger difference: at a jump that difference stays, on a steep way it disappears.
    """
    xs = _spaced(low, high, 801)
    ys = [function(x) for x in xs]
    distances = [abs(b - a) for a, b in itertools.pairwise(ys)]
    finite = [y for y in ys if math.isfinite(y)]
    extent = max(finite) - min(finite) if finite else 0.0
    points = [(xs[0], ys[0])]
    pole = len(finite) < len(ys)
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
                pole = pole or growing
                ends = ((xs[i], ys[i]), (xs[i + 1], ys[i + 1])) if growing else ((a, fa), (b, fb))
                points += [ends[0], (a, math.nan), ends[1]]
        points.append((xs[i + 1], ys[i + 1]))
    points = [point for point, _ in itertools.groupby(points)]  # a value between two jumps came from both sides
    return [x for x, _ in points], [y if math.isfinite(y) else math.nan for _, y in points], pole


def _by_epoch(ax: Any, numbers: Sequence[float], i: int, name: str) -> Any:
    """A curve over 1, 2, 3, …, with a marker at each number where they are few."""
    style = {"color": LINE_COLORS[i % len(LINE_COLORS)], "linestyle": LINES[i % len(LINES)]}
    every = max(1, len(numbers) // 15)
    (line,) = ax.plot(
        range(1, len(numbers) + 1),
        numbers,
        **style,
        linewidth=1.8,
        marker=MARKERS[i % len(MARKERS)],
        markevery=every,
        markersize=5,
        label=name,
    )
    return line


def _count(ax: Any, last: int) -> None:
    """Ticks at whole numbers alone, on an axis of 1, 2, 3, … to the last."""
    margin = max(0.5, 0.03 * last)
    ax.set_xlim(1 - margin, last + margin)
    if last == 1:  # matplotlib finds no ticks for a single whole number
        ax.set_xticks([1])
    else:
        ax.xaxis.get_major_locator().set_params(integer=True)


def _height(function: Callable[[float, float], Any], x: float, y: float) -> float:
    """The function's number at a point, nan where it has none."""
    try:
        result = function(x, y)
    except (ArithmeticError, ValueError):
        return math.nan
    return float(result.data if isinstance(result, Value) else result)


def _view(function: Callable[[float, float], Any], tracks: Sequence[Sequence[Point]]) -> tuple[Span, Span]:
    """The part of the plane to show: that of the points no higher than their start, and not far around them."""
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
    """Heights for the contours, from lowest to highest; none where the function is constant."""
    heights = sorted(heights)
    lowest, extent = (heights[0], heights[-1] - heights[0]) if heights else (0.0, 0.0)
    if not 0 < extent < math.inf:
        return []
    if extent > 5 * (heights[len(heights) // 2] - lowest):
        spaced = [lowest + extent * 10 ** (-5 * (1 - (i + 1) / (count + 1))) for i in range(count)]
    else:
        spaced = [lowest + extent * (i + 1) / (count + 1) for i in range(count)]
    return sorted(set(spaced))
