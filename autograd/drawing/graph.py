"""A graph as DOT: nodes with label, value and gradient, edges with the local derivative."""

from __future__ import annotations

import base64
import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from autograd.derivatives import forward_sweep, reached_from, reverse_sweep
from autograd.drawing.collapse import Box, boxes
from autograd.drawing.render import MAX_FONT_FACTOR, raster, render, width
from autograd.files import replace
from autograd.naming import names as _names
from autograd.naming import one_line, own_name
from autograd.node import require_value
from autograd.notation import number as _number
from autograd.paths import Path
from autograd.rules import as_tuple
from autograd.sweep import topological_order
from autograd.value import Value

MAX_NODES = 2_000  # nodes; a larger picture takes the renderer minutes, and the reader more
MAX_EDGE_PAIRS = 80_000_000  # pairs of edges side by side, above which the renderer takes more than ten seconds
FAST_ABOVE_NODES = 50  # nodes; above it edges are straight and the layout's search is short
FAST_ABOVE_EDGE_PAIRS = 100_000  # pairs of edges side by side, likewise
MAX_NAME_CHARACTERS = 12  # characters of a label within ∂e/∂c
MAX_PNG_NODES = 300  # nodes up to which a notebook is given a PNG beside the SVG
MAX_FILE_INCHES, MAX_NOTEBOOK_INCHES = (
    "60,45",
    "12,45",
)  # inches, at 144 pixels each, that a PNG is at most: in a file, in a notebook
NOTEBOOK_COLUMN_PIXELS = 660  # pixels across, where a notebook shows its outputs
PHONE_POINTS = 250  # points across: what is no wider fits on any screen
MAX_NAMED_INPUTS = 6  # inputs that a picture's text names

FAST_LAYOUT = "  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.3]\n"
FASTER_LAYOUT = "  graph [splines=line, nslimit=0.1, nslimit1=0.1, mclimit=0.03]\n"
FASTEST_LAYOUT = "  graph [splines=line, nslimit=0.001, nslimit1=0.001, mclimit=0.001]\n"
# Without the search for an order with fewer crossings, neurons stay in theirs; ports keep edges off the boxes
COLLAPSED_LAYOUT = """  graph [splines=line, ranksep=1.6, nodesep=0.12, mclimit=0.001]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5, headport=w, tailport=e]
"""
# Where a few operations stand beside boxes, labels take room of their own, and edges go round what stands in between
OPENED_LAYOUT = """  graph [splines=line, ranksep=0.8, nodesep=0.15]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5]
"""

HEAD = """digraph {
  graph [rankdir=LR, nodesep=0.3, ranksep=0.6, bgcolor=white]
  node [shape=plain, fontname="Helvetica", fontsize=12]
  edge [fontname="Helvetica", fontsize=11, color="#5f6b7a", fontcolor="#8a3b12", arrowsize=0.7]
"""

# Blue below 0, orange above, darker with size: told apart by the colour-blind, and in grey by their numbers' signs
SCALE = {
    -3: "#1f5f99",
    -2: "#8fbfe3",
    -1: "#dcebf7",
    0: "#ffffff",
    1: "#fdebd3",
    2: "#f7b267",
    3: "#b35300",
}
NOT_A_NUMBER = "#e3d3ee"
BORDER_POINTS = (0, 1, 2, 4)  # points that a border is thicker by, for each size
LINE, PALE, ACCENT = "#5f6b7a", "#b8bfc8", "#a3124f"
FADED, FADED_NUMBER = "#68727d", "#7d6a5a"  # text that steps back, and is legible all the same


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph: shows itself in a notebook, saves itself as .svg, .png or .dot.

    `alt` tells in words what it shows, to who doesn't see it.
    """

    dot: str = field(repr=False)  # which a notebook would keep beside the picture
    alt: str

    def svg(self) -> str:
        """The picture as SVG, which scales to the width of its page."""
        return render(self.dot, self.alt)

    def png(self) -> bytes:
        """The picture as PNG on white, two pixels a point, or fewer where it would be more than a screen can hold.

        The renderer's own fonts have Latin, Greek and Cyrillic letters: Korean, say, comes out as boxes,
        and only an SVG shows it.
        """
        return self._pixels(MAX_FILE_INCHES)

    def _pixels(self, size: str) -> bytes:
        return raster(self.dot.replace("bgcolor=white", f'bgcolor=white, dpi=144, size="{size}"', 1))

    def save(self, path: str | File) -> File:
        """Write the picture to a file whose ending says how: .svg, .png or .dot. Returns the path.

        The file is the old one or the new one, never a part.

        Raises ValueError for another ending, or where something else than a file has that path; OSError where the file
        can't be written.
        """
        path = File(path)
        ending = path.suffix.lower()
        if ending not in {".svg", ".png", ".dot"}:
            raise ValueError(f"a drawing is saved as .svg, .png or .dot, not as {path.name!r}")
        replace(path, self.png() if ending == ".png" else (self.svg() if ending == ".svg" else self.dot).encode())
        return path

    def _repr_svg_(self) -> str:
        return _on_page(self.svg())

    def _repr_png_(self) -> bytes | None:
        """For code hosts, which show no SVG of a notebook; not where it would be huge, or miss letters."""
        if self.dot.count(" [id=") > 3 * MAX_PNG_NODES or _is_foreign(self.dot):
            return None
        return self._pixels(MAX_NOTEBOOK_INCHES)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Both for a notebook, and how to show them: in their own width, with the text."""
        svg, png = self.svg(), self._repr_png_()
        data, about = {"image/svg+xml": _on_page(svg)}, {"alt": self.alt, "unconfined": True}
        if png is None:
            return data, {"image/svg+xml": about}
        data["image/png"] = base64.b64encode(png).decode()
        return data, {"image/svg+xml": about, "image/png": {**about, "width": _pixels_across(_size(svg)[0])}}


def _on_page(svg: str) -> str:
    """An SVG as wide as a notebook's column, but with no type below 9 pixels: what is wider than its page scrolls.

    Its width is in pixels, and not a share of the page's, because many notebooks show it as an image.
    """
    points, height = _size(svg)
    if points <= PHONE_POINTS:
        return svg
    pixels = _pixels_across(points)
    head, end, rest = svg.partition(">")
    head = head.replace('style="', f'style="min-width: {points}px; ', 1)
    size = f'width="{pixels}" height="{height * pixels / points:.0f}"'
    return head.replace(f'width="{points}pt" height="{height}pt"', size) + end + rest


def _pixels_across(points: int) -> int:
    """A picture's width in a notebook: as on paper, or less where that is more than a column, but a pixel a point.

    The smallest type has 9 points.
    """
    return min(round(points * 4 / 3), max(NOTEBOOK_COLUMN_PIXELS, points))


def _size(svg: str) -> tuple[int, int]:
    """An SVG's width and height in points."""
    found = re.search(r'width="(\d+)pt" height="(\d+)pt"', svg)
    if found is None:
        raise RuntimeError("the renderer's SVG has no size")
    return int(found[1]), int(found[2])


def draw(
    output: Value,
    *,
    mode: str | None = None,
    wrt: Value | None = None,
    highlight: Path | Sequence[Value] | None = None,
    collapse: str | None = None,
    expand: Sequence[str] = (),
) -> Drawing:
    """Draw the graph of output, parents left of children.

    A node shows its label, its operation, its value and, once a `backward` has reached it, its gradient
    ∂/∂node; "grad –" is one that has not been computed where others have. An edge shows the local
    derivative ∂child/∂parent; two edges between the same nodes show one each. A weighted sum is a node
    of its own kind, a constant is small.

    mode       "reverse" shows ∂output/∂node in each node, "forward" ∂node/∂wrt, both coloured by sign and
               size, with a legend. The sweep is the picture's own and leaves every `.grad` as it is.
    highlight  a path (of `autograd.paths`), or its nodes from input to output, to stand out; of nodes
               alone, parallel edges between them all do
    collapse   "neuron" or "layer" draws the weighted sums of each, with their parameters and activations,
               as one box: those whose parameters are labelled layer1.neuron1.w1 and so on
    expand     the names of boxes to open all the same: a layer into its neurons, a neuron into its operations

    Raises ValueError for a graph of more than 2,000 nodes, or with edges that are too many and too long
    to lay out, for another mode or collapse, for mode "forward" without wrt (or wrt without it), for a
    highlight that is no path in this graph, for a collapse where no labels tell of neurons, and for a
    name to expand that no box has.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> picture = draw((a + b) * (b + 1), mode="forward", wrt=b)
    >>> picture.svg()[:4]
    '<svg'
    """
    return picture(output, mode, wrt, highlight, collapse, expand)


def picture(
    output: Value,
    mode: str | None = None,
    wrt: Value | None = None,
    highlight: Path | Sequence[Value] | None = None,
    collapse: str | None = None,
    expand: Sequence[str] = (),
    room: Mapping[Value, float] | None = None,
) -> Drawing:
    """What `draw` draws, with room in each node for another number as its gradient."""
    order = topological_order(require_value(output, "draw: output"))
    if collapse not in {None, "neuron", "layer"}:
        raise ValueError(f'collapse is "neuron", "layer" or None, not {collapse!r}')
    names = [str(name) for name in as_tuple(expand, "draw's expand")]
    if names and collapse is None:
        raise ValueError('expand opens boxes, and there are none without collapse="neuron" or "layer"')
    path = None if highlight is None else _path(highlight, order)
    if collapse is None:
        _refuse_more_than_can_be_drawn(order, len(order), _pairs_side_by_side(order))
    numbers = _Numbers(order, mode, wrt, room or {})
    box_of = boxes(order, collapse, names) if collapse else {}
    units: dict[Value | Box, None] = dict.fromkeys(box_of.get(node, node) for node in order)
    if collapse:
        _refuse_more_than_can_be_drawn(order, len(units), len(_edges(order, box_of)) ** 2)
    number = {id(unit): i for i, unit in enumerate(units)}
    on_path = {id(box_of.get(node, node)) for node in path[0]} if path else None
    # Ids are places in the topological order: n2 is the third node, e2_0 its edge to its first parent
    lines = []
    for i, unit in enumerate(units):
        shown = None if on_path is None else id(unit) in on_path
        text = _box(unit, numbers, shown) if isinstance(unit, Box) else _node(unit, numbers, shown)
        lines.append(f'  n{i} [id="n{i}" label=<{text}>]')
    layout = _layout(order, box_of, len(units))
    place_label = "xlabel" if layout.startswith((COLLAPSED_LAYOUT, FASTEST_LAYOUT)) else "label"
    drawn: dict[int, int] = {}
    merged = _edges(order, box_of)
    for parent, child, edges in merged:
        source, target = number[id(parent)], number[id(child)]
        k = drawn[target] = drawn.get(target, -1) + 1
        look = "" if path is None else _look(any(edge in path[1] for edge in edges))
        node, place = edges[0]
        label = f' {place_label}=" {_number(node.partials[place])} "' if len(edges) == 1 and node is child else ""
        lines.append(f'  n{source} -> n{target} [id="e{target}_{k}"{label}{look}]')
    head = HEAD + layout + numbers.legend()
    alt = f"{numbers.told()}: {_counted(len(units), 'node')}, {_counted(len(merged), 'edge')}"
    if path:
        alt += f"; highlighted: {' → '.join(numbers.names[node] for node in order if node in path[0])}"
    return Drawing(head + "\n".join(lines) + "\n}\n", alt)


def _refuse_more_than_can_be_drawn(order: list[Value], drawn: int, pairs: int) -> None:
    instead = 'collapse="layer" draws a model layer by layer'
    if drawn > MAX_NODES:
        raise ValueError(
            f"the graph has {len(order):,} nodes, and a picture of more than {MAX_NODES:,} can't be read: {instead}"
        )
    if pairs > MAX_EDGE_PAIRS:
        raise ValueError(
            f"the edges of this graph's {len(order):,} nodes run side by side in {pairs:,} pairs, and a picture "
            f"with more than {MAX_EDGE_PAIRS:,} can't be laid out, let alone read: {instead}"
        )


def _pairs_side_by_side(order: Sequence[Value]) -> int:
    """The pairs of edges that pass between the same two ranks: what the renderer's time grows with."""
    rank: dict[Value, int] = {}
    change: defaultdict[int, int] = defaultdict(int)
    for node in order:
        rank[node] = max((rank[parent] + 1 for parent in node.parents), default=0)
        for parent in node.parents:
            change[rank[parent]] += 1
            change[rank[node]] -= 1
    beside = itertools.accumulate(change[i] for i in range(max(change, default=0)))
    return sum(edges**2 for edges in beside)


def _layout(order: list[Value], box_of: Mapping[Value, Box], drawn: int) -> str:
    if box_of:
        if drawn <= 30 and any(node.op == "weighted_sum" and node not in box_of for node in order):
            return OPENED_LAYOUT
        return COLLAPSED_LAYOUT + (FASTER_LAYOUT if drawn > 4 * FAST_ABOVE_NODES else "")
    pairs = _pairs_side_by_side(order)
    if pairs > 10 * FAST_ABOVE_EDGE_PAIRS:
        return FASTEST_LAYOUT
    if drawn > 6 * FAST_ABOVE_NODES or pairs > FAST_ABOVE_EDGE_PAIRS:
        return FASTER_LAYOUT
    return FAST_LAYOUT if drawn > FAST_ABOVE_NODES else ""


Edge = tuple[Value, int]
"""A child, and the place of the edge's parent among its parents."""


def _edges(order: list[Value], box_of: Mapping[Value, Box]) -> list[tuple[Value | Box, Value | Box, list[Edge]]]:
    """(parent, child, the edges that this one stands for): between plain nodes each is one, else all are."""
    merged: dict[tuple[int, ...], tuple[Value | Box, Value | Box, list[Edge]]] = {}
    for node in order:
        for k, parent in enumerate(node.parents):
            source, target = box_of.get(parent, parent), box_of.get(node, node)
            if source is target:
                continue
            pair = (id(source), id(target))
            single = source is parent and target is node
            merged.setdefault((*pair, k) if single else pair, (source, target, []))[2].append((node, k))
    return list(merged.values())


def _path(highlight: Path | Sequence[Value], order: list[Value]) -> tuple[set[Value], set[Edge]]:
    """The path's nodes and edges, or a sentence where it isn't one of this graph."""
    found = set(order)
    nodes = highlight.nodes if isinstance(highlight, Path) else as_tuple(highlight, "draw's highlight")
    if not nodes:
        raise ValueError("highlight is a path of one node at least, got 0")
    for node in nodes:
        if require_value(node, "a node of a highlighted path") not in found:
            raise ValueError(f"highlight is not a path in this graph: {node!r} is not in it")
    called = _names(order)
    edges: set[Edge] = set()
    for i, (parent, child) in enumerate(itertools.pairwise(nodes)):
        places = [k for k, one in enumerate(child.parents) if one is parent]
        if isinstance(highlight, Path):
            places = [k for k in places if k == highlight.edges[i]]
        if not places:
            told = f"no edge leads from {called[parent]} to {called[child]}"
            raise ValueError(f"highlight is not a path in this graph: {told}")
        edges.update((child, k) for k in places)
    return set(nodes), edges


def _look(highlighted: bool) -> str:
    if highlighted:
        return f' color="{ACCENT}" fontcolor="{ACCENT}" penwidth=3'
    return f' color="{PALE}" fontcolor="{FADED_NUMBER}" penwidth=0.6'


class _Numbers:
    """The derivative that each node shows, by the mode, and the colour that it has."""

    def __init__(self, order: list[Value], mode: str | None, wrt: Value | None, widest: Mapping[Value, float]) -> None:
        if mode not in {None, "reverse", "forward"}:
            raise ValueError(f'mode is "reverse", "forward" or None, not {mode!r}')
        if (wrt is not None) != (mode == "forward"):
            raise ValueError('mode="forward" and wrt=… go together: the derivatives of all nodes with respect to wrt')
        if wrt is not None:
            require_value(wrt, "draw's wrt")
        output = order[-1]
        self.mode, self.wrt, self.order, self.widest = mode, wrt, order, widest
        self.derivatives: dict[Value, float] = {}
        self.reached: set[Value] | None = None
        self.any_grad = any(node.has_grad for node in order)
        self.names = _names(order, wrt)
        self.over, self.under = f"∂{self.name(output, 'output')}", ""
        if wrt is not None:
            self.derivatives = forward_sweep(output, wrt).derivatives
            self.reached = reached_from([wrt], order)
            self.over, self.under = "", f"∂{self.name(wrt, 'input')}"
        elif mode == "reverse":
            self.derivatives = reverse_sweep(output).derivatives
        # A constant has no colour, and the derivative by an exponent, say, is no measure for those that have
        self.coloured = [x for node, x in self.derivatives.items() if node.parents or node.label]
        self.largest = max((abs(x) for x in self.coloured if math.isfinite(x)), default=0.0)

    def name(self, node: Value, otherwise: str) -> str:
        """What the node is called within ∂e/∂c, as text; where that is long, another word."""
        return _text(self.short(node, otherwise))

    def short(self, node: Value, otherwise: str) -> str:
        name = self.names.get(node) or node.label
        return name if 0 < len(name) <= MAX_NAME_CHARACTERS and name.isprintable() else otherwise

    def given(self, node: Value) -> str:
        """The name that the picture gives to a node whose label, or number, is not its name; "" for others."""
        return "" if self.names[node] == own_name(node) else self.names[node]

    def row(self, node: Value, *, boxed: bool = False) -> str:
        """The line that tells the node's derivative, "" if there is none to tell."""
        if self.mode:
            name = "∂node" if boxed else f"∂{self.name(node, 'node')}"
            return f"{self.over or name}/{self.under or name} = {_number(self.derivatives[node])}"
        if node.has_grad:
            return f"grad {_number(node.grad)}"
        return "grad –" if self.any_grad else ""

    def told(self) -> str:
        """What the picture shows, in words."""
        *_, output = self.order
        inputs = [self.names[node] for node in self.order if node.label and not node.parents and node is not output]
        value = _number(output.data)
        told = f"Graph of {self.names[output]} = {value}" if self.names[output] != value else f"Graph of {value}"
        if inputs:
            told += f" from {', '.join(inputs[:MAX_NAMED_INPUTS])}{', …' if len(inputs) > MAX_NAMED_INPUTS else ''}"
        if self.mode == "reverse":
            told += f", with ∂{self.short(output, 'output')}/∂node"
        elif self.wrt is not None:
            told += f", with ∂node/∂{self.short(self.wrt, 'input')}"
        return told

    def faded(self, node: Value) -> bool:
        return self.reached is not None and node not in self.reached

    def step(self, node: Value) -> int:
        """Sign and size of the derivative, from −3 to 3: up to a tenth of the largest, up to a half, above."""
        x = self.derivatives[node]
        size = (abs(x) > 0) + (abs(x) > 0.1 * self.largest) + (abs(x) > 0.5 * self.largest)
        return size if x > 0 else -size

    def style(self, node: Value | None, plain: str) -> tuple[str, str, int]:
        """Colour of the heading, that of its text, and how much thicker its border is."""
        if node is None or not self.mode or self.faded(node):
            return ("#f6f7f8" if node is not None and self.mode else plain), "", 0
        if math.isnan(self.derivatives[node]):
            return NOT_A_NUMBER, "", 0
        step = self.step(node)
        return SCALE[step], "#ffffff" if abs(step) == 3 else "", BORDER_POINTS[abs(step)]

    def legend(self) -> str:
        if not self.mode:
            return ""
        half, tenth = _number(0.5 * self.largest), _number(0.1 * self.largest)
        texts = [f"below −{half}", f"below −{tenth}", "below 0", "0", "above 0", f"above {tenth}", f"above {half}"]
        if not self.largest:
            texts = ["below 0"] * 3 + ["0"] + ["above 0"] * 3
        cells = ""
        for (step, color), text in zip(SCALE.items(), texts, strict=True):
            if self.largest or abs(step) < 2:
                ink = "#ffffff" if abs(step) == 3 else "#000000"
                border = 1 + BORDER_POINTS[abs(step)]
                cells += (
                    f'<td bgcolor="{color}" border="{border}" width="{_room([text], 11) + 2 * border}">'
                    f'<font color="{ink}">{text}</font></td>'
                )
        if any(map(math.isnan, self.coloured)):
            cells += f'<td bgcolor="{NOT_A_NUMBER}">nan</td>'
        if any(map(self.faded, self.derivatives)):
            told = "not reached"
            cells += f'<td bgcolor="#f6f7f8" width="{_room([told], 11)}"><font color="{FADED}">{told}</font></td>'
        what = f"{self.over or '∂node'}/{self.under or '∂node'}"
        table = (
            f'<table border="0" cellborder="1" cellspacing="3" cellpadding="4" color="{LINE}">'
            f'<tr><td border="0" width="{_room([what], 11)}">{what}</td>{cells}</tr></table>'
        )
        return f'  graph [labelloc=b, labeljust=l, fontname="Helvetica", fontsize=11, label=<{table}>]\n'


def _node(node: Value, numbers: _Numbers, highlighted: bool | None) -> str:
    """The node's box, as one of Graphviz's HTML-like tables: the deck's picture of a neuron's parts."""
    rows = [row for row in (f"data {_number(node.data)}", numbers.row(node)) if row]
    faded = numbers.faded(node)
    room = [f"grad {_number(numbers.widest[node])}"] if node in numbers.widest else []
    given = f'<font point-size="10">{name}</font>' if (name := numbers.given(node)) else ""
    if node.operation is None and not node.label:
        rows[0] = "  ".join(part for part in (name, rows[0]) if part)
        color = f' color="{FADED}"' if faded else ""
        text = f'<font point-size="9"{color}>{"<br/>".join(rows)}</font>'
        cell = f'<td width="{_room([*rows, *room], 9)}">{text}</td>'
        return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>{cell}</tr></table>'
    operation = f"<b>{_text(node.operation.symbol)}</b>" if node.operation else ""
    heading = "  ".join(part for part in (_text(node.label), given, operation) if part)
    color = "#dbe9f6" if node.operation is None else "#fdebd0" if node.op == "weighted_sum" else "#eef0f2"
    return _table(heading, rows, numbers.style(node, color), highlighted, faded=faded, room=room)


def _box(box: Box, numbers: _Numbers, highlighted: bool | None) -> str:
    """A neuron, a layer, or what else is drawn as one."""
    rows = []
    told = [f"<b>{_text(box.name)}</b>"]
    if box.sums:
        one = len(box.neurons) == 1
        width = [] if one and box.name in box.neurons else [_counted(len(box.neurons), "neuron")]
        told += [*width, _counted(len(box.parameters), "parameter")]
        samples = len(box.sums) // len(box.neurons)
        if samples > 1:
            rows.append(f"used {samples:,} times")
    if box.output is not None:
        told_of_it = (f"data {_number(box.output.data)}", numbers.row(box.output, boxed=True))
        rows.append("   ".join(row for row in told_of_it if row))
    style = numbers.style(box.output, "#fdebd0" if box.sums else "#eef0f2")
    return _table(
        " · ".join(told), rows, style, highlighted, faded=box.output is not None and numbers.faded(box.output)
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _table(
    heading: str,
    rows: list[str],
    style: tuple[str, str, int],
    highlighted: bool | None,
    *,
    faded: bool,
    room: Sequence[str] = (),
) -> str:
    color, ink, border = style
    across = _room([heading, *rows, *room])
    line = LINE if highlighted is None else ACCENT if highlighted else PALE
    if faded:
        ink, line = FADED, line if highlighted else PALE
        rows = [f'<font color="{ink}">{row}</font>' for row in rows]
    if ink:
        heading = f'<font color="{ink}">{heading}</font>'
    cells = f'<tr><td bgcolor="{color}" width="{across}">{heading}</td></tr>'
    cells += "".join(f'<tr><td bgcolor="#ffffff">{row}</td></tr>' for row in rows)
    border = max(border, 2 if highlighted else 0)
    return f'<table border="{border}" cellborder="1" cellspacing="0" cellpadding="4" color="{line}">{cells}</table>'


def _room(lines: Sequence[str], size: float = 12) -> int:
    """The points across that a cell needs for these lines of markup in whatever font stands in for Helvetica."""
    texts = [(html.unescape(re.sub("<[^>]*>", "", line)), "<b>" in line) for line in lines]
    return 2 + math.ceil(max(MAX_FONT_FACTOR * width(text, size, bold=bold) for text, bold in texts))


def _text(label: str) -> str:
    """A user's label as text: on one line, not too long, and with nothing left that DOT or SVG could read."""
    # Graphviz replaces \N, \G and the like in any text, even in one written as entities, unless a tag parts the two.
    return html.escape(one_line(label)).replace("\\", '<font color="black">&#92;</font>')


def _is_foreign(text: str) -> bool:
    """Whether the renderer's own fonts, for pixels, lack some of its letters."""
    return any("\u1100" <= c <= "\u11ff" or c >= "\u2e80" for c in text)
