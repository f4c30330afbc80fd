"""A network as people draw it: circles in layers, weights as lines, activations as small curves in the circles.

What a network consists of is told by the model itself, by a method `_network_`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograd.drawing.painting import Disc, Point, Shape, Stroke, Words
from autograd.drawing.render import width
from autograd.drawing.shapes import Figure
from autograd.korean import say
from autograd.naming import one_line
from autograd.notation import LOWERED, number, symbol

MAX_WEIGHTS = 1_000  # with more, long layers are drawn in part
MAX_ROWS, MAX_ROWS_IN_PART = 42, 10  # of circles in a layer
MAX_LAYERS = 24
MAX_NAMED_WEIGHTS, MAX_NAMED_IN_LAYER = 40, 16  # whose names or numbers stand on the lines
MAX_CROSS_FEEDBACK = 5  # neurons of a recurrent layer whose weights on each other are drawn one by one
MAX_STEPS = 12  # of a recurrent network that is unrolled

BELOW, ABOVE, ZERO, NOT_A_NUMBER = "#1f5f99", "#b35300", "#9aa3ad", "#7b3fa0"
PALE_BELOW, PALE_ABOVE, PALE_NAN = "#dcebf7", "#fdebd3", "#e3d3ee"
INK, GREY = "#333c47", "#5f6b7a"
EDGES = ("names", "numbers", "none")
SHARES = (0.3, 0.24, 0.36, 0.18, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72)  # of a line, where its name may stand
SMALL = 9  # points of the smallest type
MAX_NAME_CHARACTERS = 24  # of a weight's name on its line


@dataclass(frozen=True)
class Unit:
    """A neuron: its weights, its bias (or None), and its activation with the curve that stands for it (or None)."""

    weights: Sequence[Any]
    bias: Any = None
    activation: str = ""
    curve: Callable[[float], float] | None = None


@dataclass(frozen=True)
class Level:
    """Neurons side by side.

    name      what the layer is called
    units     its neurons
    feedback  how many of each neuron's last weights belong to the layer's own outputs of the step before
    note      what happens to the outputs, such as dropout
    """

    name: str
    units: Sequence[Unit]
    feedback: int = 0
    note: str = ""


@dataclass(frozen=True)
class Network:
    """A model as one sees it: its line at a prompt, the number of its inputs, and its layers."""

    line: str
    inputs: int
    levels: Sequence[Level]
    note: str = ""


class Drawable(Protocol):
    """A model that can be drawn."""

    def _network_(self) -> Network: ...


def draw_network(
    network: Network, *, edges: str | None = None, numbers: bool = True, unrolled: int | None = None
) -> Figure:
    """The picture of a network; the arguments are those of `draw`."""
    if edges not in {None, *EDGES}:
        raise ValueError(f"edges must be one of {', '.join(EDGES)}, got {edges!r:.80}")
    if not network.levels:
        raise ValueError(f"draw needs a model with at least 1 layer, got {network.line:.80}")
    style = _Style(network, edges, shows_deltas=numbers)
    picture = _Unrolled(network, style, unrolled) if unrolled is not None else _InLayers(network, style)
    return picture.figure()


@dataclass(frozen=True)
class Places:
    """Where a picture's circles are: for each column that is drawn, inputs first, row → point; row −1 is the bias node.

    radius  of the circles
    size    width and height
    """

    columns: dict[int, dict[int, Point]]
    radius: float
    size: tuple[float, float]


def places_of(network: Network) -> Places:
    """The places of the circles as `draw` lays them out, for a network without loops and without names on its lines."""
    style = _Style(network, "none", shows_deltas=False)
    picture = _InLayers(network, style)
    columns = {c: picture.places(c) for c in picture.columns if c is not None}
    across = max(picture.x_of.values()) + style.radius + 60
    return Places(columns, style.radius, (across, picture.top + picture.height))


def data(weight: Any) -> float:
    """A weight's number, whether it is a Value or a float."""
    return float(getattr(weight, "data", weight))


class _Style:
    """The look of lines and circles that is the same in the whole network."""

    def __init__(self, network: Network, edges: str | None, *, shows_deltas: bool) -> None:
        self.network = network
        units = [unit for level in network.levels for unit in level.units]
        self.weights = [w for unit in units for w in (*unit.weights, *_biases(unit))]
        sizes = [abs(data(w)) for w in self.weights if math.isfinite(data(w))]
        self.largest = max(sizes, default=0.0)
        shared = Counter(id(unit.bias) for unit in units if unit.bias is not None)
        self.deltas: dict[int, float] = {}
        for unit in units:
            if shows_deltas and getattr(unit.bias, "has_grad", False) and shared[id(unit.bias)] == 1:
                self.deltas[id(unit)] = unit.bias.grad
        in_layers = [
            sum(len(unit.weights) - level.feedback + len(_biases(unit)) for unit in level.units)
            for level in network.levels
        ]
        few = len(self.weights) <= MAX_NAMED_WEIGHTS and max(in_layers) <= MAX_NAMED_IN_LAYER
        if edges in {"names", "numbers"} and not few:
            raise ValueError(
                f"edges={edges!r} needs at most {MAX_NAMED_IN_LAYER} weights in a layer and {MAX_NAMED_WEIGHTS} in the "
                f"model, got {max(in_layers):,} and {len(self.weights):,}"
            )
        self.edges = edges or ("names" if few else "none")
        rows = max(network.inputs, *(len(level.units) for level in network.levels)) + 1
        shown = min(rows, MAX_ROWS if len(self.weights) <= MAX_WEIGHTS else MAX_ROWS_IN_PART + 3)
        self.radius = 20 if shown <= 9 else 14 if shown <= 20 else 9
        if self.deltas and shown <= 14:
            self.radius = 28
        self.pitch = 2 * self.radius + (8 if self.radius == 9 else 14 if self.edges == "none" else 34)
        self.thickest = 5.0 if self.radius >= 20 else 3.0 if self.radius == 14 else 1.8

    def line(self, weight: Any, points: tuple[Point, ...], about: str, *, curved: bool = False) -> Stroke:
        """A weight's line, wide where its number is large, blue below 0 and orange above."""
        w = data(weight)
        about = f"{about} = {number(w)}"
        if math.isnan(w):
            return Stroke(points, NOT_A_NUMBER, 1.5, about, "1 3", curved)
        if w == 0:
            return Stroke(points, ZERO, 0.8, about, "4 3", curved)
        share = min(1.0, abs(w) / self.largest) if self.largest else 1.0
        return Stroke(points, BELOW if w < 0 else ABOVE, 0.4 + (self.thickest - 0.4) * share, about, "", curved)

    def circle(self, unit: Unit, x: float, y: float, name: str) -> list[Shape]:
        """A neuron with the curve of its activation and, after a sweep, its δ."""
        delta = self.deltas.get(id(unit))
        about = f"{name}{f', {unit.activation}' if unit.activation else ''}"
        fill = "#ffffff"
        if delta is not None:
            about += f", δ = {number(delta)}"
            fill = PALE_NAN if math.isnan(delta) else PALE_BELOW if delta < 0 else PALE_ABOVE if delta > 0 else fill
        shapes: list[Shape] = [Disc(x, y, self.radius, fill, INK, 1.2, about)]
        has_room = self.radius >= 28 and delta is not None
        size = 0.42 * self.radius if has_room else 0.6 * self.radius
        middle = y - 0.38 * self.radius if has_room else y
        strokes = curve(unit.curve, x, middle, size) if unit.curve else []
        shapes += strokes
        if not strokes and unit.activation and self.radius >= 14:
            shapes.append(Words(x, middle + 3, _fitted(unit.activation, 1.7 * self.radius), SMALL, INK))
        if has_room and delta is not None:
            shapes.append(Words(x, y + 0.33 * self.radius, _short(delta, "δ ", 1.75 * self.radius), SMALL, "#000000"))
        return shapes

    def legend(self) -> list[list[Shape]]:
        """The pieces of the legend, each beginning at (0, 0)."""
        weights = [data(w) for w in self.weights]
        kinds = (
            (say("weight below 0"), -1.0, any(w < 0 for w in weights)),
            (say("above 0"), 1.0, any(w > 0 for w in weights)),
            ("0", 0.0, 0.0 in weights),
            ("nan", math.nan, any(map(math.isnan, weights))),
        )
        pieces: list[list[Shape]] = []
        for text, w, is_there in kinds:
            if is_there:
                sample = self.line(w * self.largest if w else w, ((0, -4), (24, -4)), "")
                sample = Stroke(sample.points, sample.color, min(3.0, sample.line), "", sample.dash)
                pieces.append([sample, Words(29, 0, text, 10, INK, "start")])
        if self.largest:
            pieces.append([Words(0, 0, say("widest line: {number}", number=number(self.largest)), 10, INK, "start")])
        if self.deltas:
            text = say("in a circle: δ = ∂E/∂s, the gradient of the bias")
            pieces.append([Words(0, 0, text, 10, INK, "start")])
        return pieces


def _biases(unit: Unit) -> list[Any]:
    return [] if unit.bias is None else [unit.bias]


def _fitted(text: str, room: float, size: float = SMALL) -> str:
    text = one_line(text, 24)
    while len(text) > 1 and width(text, size) > room:
        text = f"{text.rstrip('…')[:-1]}…"
    return text


def _short(x: float, before: str, room: float) -> str:
    """A number with the most digits that fit, three at most."""
    for digits in (3, 2, 1):
        text = number(float(f"{x:.{digits}g}"))
        if width(before + text, SMALL) <= room:
            return before + text
    return text if width(text, SMALL) <= room else _fitted(text, room)


def curve(function: Callable[[float], float], x: float, y: float, size: float) -> list[Shape]:
    """A function from −3 to 3 as a small curve around (x, y), interrupted where it has no value."""
    xs = [-3 + k / 8 for k in range(49)]
    try:
        ys = [float(function(at)) for at in xs]
    except Exception:  # noqa: BLE001 — a user's function may raise anything, and a name can stand for it
        return []
    finite = [height for height in ys if math.isfinite(height)]
    if not finite:
        return []
    top, bottom = max(0.0, *finite), min(0.0, *finite)
    unit = size / max(3.0, (top - bottom) / 2) if top - bottom > 3.5 else 1.5 * size / max(top - bottom, 1e-300)
    level = y + unit * (top + bottom) / 2
    pieces: list[list[Point]] = [[]]
    for at, height in zip(xs, ys, strict=True):
        if math.isfinite(height):
            pieces[-1].append((x + size * at / 3, level - unit * height))
        elif pieces[-1]:
            pieces.append([])
    axis = Stroke(((x - size, level), (x + size, level)), "#c3c9d0", 0.6)
    return [axis, *(Stroke(tuple(piece), "#a3124f", 1.6) for piece in pieces if len(piece) > 1)]


def rows_shown(count: int, most: int) -> list[int | None]:
    """The places of the circles that are drawn; None where the others are left out."""
    if count <= most:
        return list(range(count))
    return [*range(most - 2), None, count - 1]


class _Shapes:
    """Shapes that are gathered from back to front: lines, circles, texts."""

    def __init__(self, network: Network, style: _Style) -> None:
        self.network, self.style = network, style
        self.lines: list[Stroke] = []
        self.circles: list[Shape] = []
        self.texts: list[Shape] = []
        self.named: list[tuple[float, float, float]] = []  # the middle of each name on a line, and half its width
        self.first_of_level = [1]
        for level in network.levels:
            self.first_of_level.append(self.first_of_level[-1] + len(level.units))
        self.alone = self.first_of_level[-1] == 2

    def weight_name(self, weight: Any, level: int, i: int, j: int | None) -> str:
        """The name of a weight: its own short label, or w₃₁ for neuron 3 and input 1; j is None for a bias."""
        label = getattr(weight, "label", "")
        if label.strip() and "." not in label:
            return shown_name(label)
        feedback = self.network.levels[level].feedback
        before = len(self.network.levels[level].units[i].weights) - feedback
        letter = "b" if j is None else "u" if j >= before else "w"
        neuron = "" if self.alone else str(self.first_of_level[level] + i)
        place = "" if j is None else str(j + 1 - (before if j >= before else 0))
        comma = "," if len(neuron) > 1 or (neuron and len(place) > 1) else ""
        return f"{letter}{neuron.translate(LOWERED)}{comma if place else ''}{place.translate(LOWERED)}"

    def connect(self, weight: Any, name: str, start: Point, end: Point) -> None:
        self.lines.append(self.style.line(weight, (start, end), name))
        self.say(weight, name, start, end)

    def say(self, weight: Any, name: str, start: Point, end: Point) -> None:
        """Write the name or the number of a weight on its line, where no other stands."""
        edges = self.style.edges
        if edges == "none":
            return
        text = name if edges == "names" else _short(data(weight), "", 60)
        half = width(text, 11) / 2 + 2
        places = [(start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1])) for s in SHARES]
        x, y = max(places, key=lambda place: self.room_at(place[0], place[1], half))
        self.named.append((x, y, half))
        self.texts.append(Words(x, y + 4, text, 11, INK, halo=True))

    def room_at(self, x: float, y: float, half: float) -> float:
        """How far a name at a place would be from the others, in its own size; 1 where it touches none."""
        gaps = (max(abs(x - ox) / (half + other), abs(y - oy) / 13) for ox, oy, other in self.named)
        return min(1.0, min(gaps, default=1.0))

    def constant(self, x: float, y: float, text: str = "1", about: str = "") -> None:
        radius, about = self.style.radius, about or say("bias node, fixed at 1")
        self.circles.append(Disc(x, y, radius, "#eef0f2", GREY, 1, about, dashed=True))
        self.circles.append(Words(x, y + 4, text, 12 if radius > 9 else SMALL, INK))

    def input(self, x: float, y: float, name: str) -> None:
        self.circles.append(Disc(x, y, self.style.radius, "#dbe9f6", INK, 1.2, say("input {name}", name=name)))
        text = _fitted(name, 1.9 * self.style.radius)
        self.circles.append(Words(x, y + 4, text, 12 if self.style.radius > 14 else SMALL, "#000000"))

    def figure_of(self, alt: str, across: float, down: float) -> Figure:
        """All shapes, the widest lines at the back, and the legend below them."""
        legend, x, y = [], 16.0, down + 8
        for piece in self.style.legend():
            words = next(shape for shape in piece if isinstance(shape, Words))
            length = words.x + 1.1 * width(words.text, words.size)
            if x > 16 and x + length > across - 10:
                x, y = 16.0, y + 16
            legend += [_moved(shape, x, y) for shape in piece]
            x += length + 18
        across = max(across, x if y == down + 8 else 0, 200)
        lines = sorted(self.lines, key=lambda line: -line.line)
        shapes = (*lines, *self.circles, *self.texts, *legend)
        return Figure("", alt, shapes, (math.ceil(across), math.ceil(y + 14)))

    def in_words(self) -> str:
        """The picture's alternative text."""
        weights = len(self.style.weights)
        below = sum(data(w) < 0 for w in self.style.weights)
        inputs = say.counted(self.network.inputs, "input")
        text = say("Network {model}: {inputs}", model=self.network.line, inputs=inputs)
        for level in self.network.levels:
            activation = next((unit.activation for unit in level.units if unit.activation), "")
            what = " ".join(filter(None, (activation, level.name or say("layer"))))
            text += say(", {what} of {neurons}", what=what, neurons=say.counted(len(level.units), "neuron"))
        counts = {"weights": f"{weights:,}", "below": f"{below:,}"}
        text += say("; {weights} weights and biases, {below} of them below 0", **counts)
        deltas = list(self.style.deltas.values())
        if deltas:
            text += f"; δ {', '.join(map(number, deltas[:8]))}{', …' if len(deltas) > 8 else ''}"
        return text


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    if isinstance(shape, Stroke):
        return Stroke(tuple((x + dx, y + dy) for x, y in shape.points), shape.color, shape.line, "", shape.dash)
    if isinstance(shape, Words):
        return Words(shape.x + dx, shape.y + dy, shape.text, shape.size, shape.color, shape.anchor)
    return Disc(shape.x + dx, shape.y + dy, shape.radius, shape.fill, shape.color, shape.line)


def low(i: int) -> str:
    """A number as a subscript."""
    return str(i).translate(LOWERED)


class _InLayers(_Shapes):
    """The layers from left to right: inputs, hidden layers, outputs; feedback as loops."""

    top = 46.0

    def __init__(self, network: Network, style: _Style) -> None:
        super().__init__(network, style)
        most = MAX_ROWS if len(style.weights) <= MAX_WEIGHTS else MAX_ROWS_IN_PART
        sizes = [network.inputs, *(len(level.units) for level in network.levels)]
        self.rows = [rows_shown(size, most) for size in sizes]
        self.columns = rows_shown(len(sizes), MAX_LAYERS)
        tallest = max(len(self.rows[c]) + self.has_bias(c) for c in self.columns if c is not None)
        self.height = tallest * style.pitch
        named = style.edges != "none"
        self.step = max(190.0 if named else 110.0, min(0.4 * self.height, 330.0)) + 2 * style.radius - 40
        self.x_of = {c: 50.0 + style.radius + k * self.step for k, c in enumerate(self.columns) if c is not None}

    def has_bias(self, column: int) -> bool:
        """Whether a bias node stands above a column, for the neurons of the next one."""
        levels = self.network.levels
        return column < len(levels) and any(unit.bias is not None for unit in levels[column].units)

    def places(self, column: int) -> dict[int, Point]:
        """Where each circle of a column is that is drawn; the bias node has the place −1."""
        rows: list[int | None] = [*([-1] if self.has_bias(column) else []), *self.rows[column]]
        start = self.top + (self.height - (len(rows) - 1) * self.style.pitch) / 2
        x = self.x_of[column]
        return {row: (x, start + k * self.style.pitch) for k, row in enumerate(rows) if row is not None}

    def figure(self) -> Figure:
        places = {c: self.places(c) for c in self.columns if c is not None}
        for c, at in places.items():
            self.column(c, at)
            self.heading(c)
            if c and c - 1 in places:
                self.lines_between(c - 1, places[c - 1], at)
            if c and self.network.levels[c - 1].feedback:
                self.loops(c - 1, at)
        for k, column in enumerate(self.columns):
            if column is None:
                left_out = len(self.network.levels) + 1 - len(places)
                x = 50.0 + self.style.radius + k * self.step
                text = say("… {count} layers …", count=f"{left_out:,}")
                self.texts.append(Words(x, self.top + self.height / 2, text, 11, INK))
        across = max(self.x_of.values()) + self.style.radius + 60
        return self.figure_of(self.in_words(), across, self.top + self.height + 26)

    def column(self, c: int, at: dict[int, Point]) -> None:
        """The circles of a column: inputs, or neurons with their outputs behind the last layer."""
        if -1 in at:
            self.constant(*at[-1])
        if None in self.rows[c]:
            x, y = at[max(row for row in at if row < MAX_ROWS + 1 and row + 1 not in at)]
            self.texts.append(Words(x, y + self.style.pitch + 4, "⋮", 16, INK))
        last = c == len(self.network.levels)
        for row, (x, y) in at.items():
            if row < 0:
                continue
            if c == 0:
                self.input(x, y, f"x{low(row + 1)}")
                continue
            level = self.network.levels[c - 1]
            unit, place = level.units[row], self.first_of_level[c - 1] + row
            self.circles += self.style.circle(unit, x, y, say("neuron {number}", number=place))
            r = self.style.radius
            if self.style.edges != "none" and not self.alone:
                self.texts.append(Words(x + 0.75 * r, y - 0.85 * r, str(place), SMALL, GREY, "start"))
            if last:
                self.lines.append(Stroke(((x + r, y), (x + r + 26, y)), GREY, 1.2, arrow=True))
                text = "y" if len(level.units) == 1 else f"y{low(row + 1)}"
                self.texts.append(Words(x + r + 30, y + 4, text, 12 if r > 14 else SMALL, "#000000", "start"))

    def heading(self, c: int) -> None:
        """Write the heading above a column."""
        count = self.network.inputs if c == 0 else len(self.network.levels[c - 1].units)
        level = self.network.levels[c - 1] if c else None
        name = say("input") if level is None else level.name or say("neuron")
        room = self.step - 8
        words = [say.counted(count, "input") if level is None and count != 1 else name]
        if level is not None:
            kinds = list(dict.fromkeys(unit.activation for unit in level.units if unit.activation))
            size = [f"{count:,}"] if None in self.rows[c] else []
            words.append(" · ".join([*size, "/".join(kinds), level.note]).strip(" ·").replace(" ·  · ", " · "))
        elif self.network.note:
            words.append(self.network.note)
        for k, text in enumerate(filter(None, words)):
            self.texts.append(Words(self.x_of[c], 16 + 13 * k, _fitted_line(text, room), 10, GREY))

    def lines_between(self, c: int, before: dict[int, Point], after: dict[int, Point]) -> None:
        level, r = self.network.levels[c], self.style.radius
        for i, end in after.items():
            if i < 0:
                continue
            unit = level.units[i]
            for j, start in before.items():
                if j < 0 and unit.bias is None:
                    continue
                weight = unit.bias if j < 0 else unit.weights[j]
                name = self.weight_name(weight, c, i, None if j < 0 else j)
                self.connect(weight, name, *_trimmed(start, end, r))

    def loops(self, c: int, at: dict[int, Point]) -> None:
        """A recurrent layer's weights on its own outputs of the step before."""
        level, r = self.network.levels[c], self.style.radius
        before = len(level.units[0].weights) - level.feedback
        drawn = {i: place for i, place in at.items() if i >= 0}
        cross = len(level.units) <= MAX_CROSS_FEEDBACK
        for i, (x, y) in drawn.items():
            for j, (_, from_y) in drawn.items():
                weight = level.units[i].weights[before + j]
                name = self.weight_name(weight, c, i, before + j)
                if i == j:
                    a, b = (x + 0.5 * r, y - 0.86 * r), (x - 0.5 * r, y - 0.86 * r)
                    points = (a, (x + 1.5 * r, y - 2.1 * r), (x - 1.5 * r, y - 2.1 * r), b)
                elif cross:
                    side = 1 if from_y < y else -1
                    out = (1.1 + 0.5 * abs(i - j)) * r * side
                    ends = (x + side * 0.85 * r, from_y + side * 0.5 * r), (x + side * 0.85 * r, y - side * 0.5 * r)
                    points = (ends[0], (ends[0][0] + out, ends[0][1]), (ends[1][0] + out, ends[1][1]), ends[1])
                else:
                    continue
                line = self.style.line(weight, points, name, curved=True)
                top = [(points[0][k] + 3 * points[1][k] + 3 * points[2][k] + points[3][k]) / 8 for k in (0, 1)]
                self.say(weight, name, (top[0], top[1]), (top[0], top[1]))
                self.lines.append(Stroke(line.points, line.color, line.line, line.about, line.dash, True, True))
        text = say("loops: {size} × {size} weights u on the outputs of the step before", size=level.feedback)
        self.texts.append(Words(16, self.top + self.height + 18, text, 10, GREY, "start"))


def _fitted_line(text: str, room: float) -> str:
    return _fitted(text, room, 10)


def _trimmed(start: Point, end: Point, radius: float) -> tuple[Point, Point]:
    """The line between two circles, without the parts within them."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = radius / (math.hypot(dx, dy) or 1.0)
    return (start[0] + share * dx, start[1] + share * dy), (end[0] - share * dx, end[1] - share * dy)


class _Unrolled(_Shapes):
    """A recurrent network in time, from left to right: in each step the same weights; inputs below, outputs above."""

    def __init__(self, network: Network, style: _Style, steps: int) -> None:
        super().__init__(network, style)
        if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MAX_STEPS:
            raise ValueError(f"unrolled must be an int from 1 to {MAX_STEPS}, got {steps!r:.80}")
        recurrent = [bool(level.feedback) for level in network.levels]
        if recurrent not in ([True], [True, False]):
            raise ValueError(
                "unrolled needs a recurrent layer and at most one layer behind it, such as nn.Elman, "
                f"got {network.line:.120}"
            )
        self.steps = steps
        self.style = style = _Style(
            network, style.edges, shows_deltas=False
        )  # a weight is in each step, its δ is a sum
        self.rows = [rows_shown(size, MAX_ROWS_IN_PART) for size in (network.inputs, *map(_size, network.levels))]
        inner, pitch = [len(rows) for rows in self.rows], style.pitch
        self.step = max(190.0, 0.6 * inner[1] * pitch, (max([inner[0] + 1, *inner[2:]]) + 1.5) * pitch)
        self.middle = 60.0 + (90 if len(recurrent) > 1 else 0)
        self.below = self.middle + (inner[1] - 1) * pitch + 100

    def figure(self) -> Figure:
        hidden, *rest = self.network.levels
        start = self.column(70.0, hidden)
        for row, (x, y) in start.items():
            self.constant(x, y, "0", say("{name} before the first step", name=f"h{low(row + 1)}"))
        self.texts.append(Words(70, self.middle - self.style.radius - 8, say("start"), 10, GREY))
        before = start
        for t in range(1, self.steps + 1):
            x = 70 + t * self.step
            now = self.column(x, hidden)
            self.one_step(t, x, before, now)
            if rest:
                self.outputs(x, now, rest[0])
            text = say("step {number}", number=t)
            self.texts.append(Words(x - 0.4 * self.step, self.below + self.style.radius + 18, text, 10, GREY))
            before = now
        alt = self.in_words()
        alt += say("; unrolled over {steps}, all with the same weights", steps=say.counted(self.steps, "step"))
        across = 70 + self.steps * self.step + max(80, 0.4 * self.step + self.style.radius * 4)
        return self.figure_of(alt, across, self.below + self.style.radius + 34)

    def column(self, x: float, level: Level) -> dict[int, Point]:
        """The places of a step's recurrent neurons, one below the other."""
        rows = self.rows[1]
        if None in rows:
            gap = rows.index(None)
            text = Words(x, self.middle + gap * self.style.pitch + 4, f"⋮ {len(level.units):,}", 12, INK)
            self.texts.append(text)
        return {row: (x, self.middle + k * self.style.pitch) for k, row in enumerate(rows) if row is not None}

    def one_step(self, t: int, x: float, before: dict[int, Point], now: dict[int, Point]) -> None:
        level, r = self.network.levels[0], self.style.radius
        count = len(level.units[0].weights) - level.feedback
        inputs = self.row_of(x - 0.4 * self.step, self.below, self.rows[0], bias=_has_bias(level))
        for j, at in inputs.items():
            if j < 0:
                self.constant(*at)
            else:
                self.input(*at, f"x{low(j + 1)}")
        for i, end in now.items():
            unit = level.units[i]
            self.circles += self.style.circle(unit, *end, say("neuron {number} in step {step}", number=i + 1, step=t))
            for j, start in inputs.items():
                weight = unit.bias if j < 0 else unit.weights[j]
                if weight is not None:
                    self.connect(weight, self.weight_name(weight, 0, i, None if j < 0 else j), *_trimmed(start, end, r))
            for j, start in before.items():
                weight = unit.weights[count + j]
                self.connect(weight, self.weight_name(weight, 0, i, count + j), *_trimmed(start, end, r))

    def outputs(self, x: float, now: dict[int, Point], level: Level) -> None:
        r = self.style.radius
        above = self.row_of(x + 0.4 * self.step, 40 + r, self.rows[2], bias=False)
        biased = _has_bias(level)
        bias = (min(at[0] for at in above.values()) - self.style.pitch, 40.0 + r)
        if biased:
            self.constant(*bias)
        for i, end in above.items():
            unit = level.units[i]
            self.circles += self.style.circle(unit, *end, say("output {number}", number=i + 1))
            self.texts.append(Words(end[0], end[1] - r - 5, "y" if len(above) == 1 else f"y{low(i + 1)}", 11, INK))
            if biased and unit.bias is not None:
                self.connect(unit.bias, self.weight_name(unit.bias, 1, i, None), *_trimmed(bias, end, r))
            for j, start in now.items():
                self.connect(unit.weights[j], self.weight_name(unit.weights[j], 1, i, j), *_trimmed(start, end, r))

    def row_of(self, x: float, y: float, rows: list[int | None], *, bias: bool) -> dict[int, Point]:
        """The places of circles side by side, in the middle at x."""
        places: list[int | None] = [*([-1] if bias else []), *rows]
        start = x - (len(places) - 1) * self.style.pitch / 2
        if None in places:
            self.texts.append(Words(start + places.index(None) * self.style.pitch, y + 4, "…", 14, INK))
        return {row: (start + k * self.style.pitch, y) for k, row in enumerate(places) if row is not None}


def _size(level: Level) -> int:
    return len(level.units)


def _has_bias(level: Level) -> bool:
    return any(unit.bias is not None for unit in level.units)


def shown_name(name: str) -> str:
    """A node's name as mathematics writes it, at most 24 characters long.

    >>> shown_name("w12"), shown_name("x" * 30)
    ('w₁₂', 'xxxxxxxxxxxxxxxxxxxxxxx…')
    """
    name = one_line(name, MAX_NAME_CHARACTERS).strip()
    return symbol(name) if name.isidentifier() else name
