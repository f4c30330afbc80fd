"""A graph as DOT: nodes with label, value and gradient, edges with the local derivative."""

from __future__ import annotations

import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File

from autograd.derivatives import forward_sweep, reached_from, reverse_sweep
from autograd.drawing.collapse import Box, boxes
from autograd.drawing.render import raster, render
from autograd.files import replace
from autograd.naming import names as _names
from autograd.naming import one_line, own_name
from autograd.node import require_value
from autograd.notation import number as _number
from autograd.paths import Path
from autograd.rules import in_order
from autograd.sweep import topological_order
from autograd.value import Value

LARGEST = 2_000  # nodes; a larger picture takes the renderer minutes, and the reader more
DENSEST = 80_000_000  # pairs of edges side by side, above which the renderer takes more than ten seconds
LARGE = 50  # nodes; above it edges are straight and the layout's search is short
DENSE = 100_000  # pairs of edges side by side, likewise
LONGEST_NAME = 12  # characters of a label within ∂e/∂c
MOST_PIXELS = 300  # nodes up to which a notebook is given a PNG beside the SVG
SCREEN, PAGE = "60,45", "12,45"  # inches, at 144 pixels each, that a PNG is at most: in a file, in a notebook
COLUMN, TELEPHONE = 660, 250  # points across, where a notebook shows its outputs

HURRY = "  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.3]\n"
GREAT_HURRY = "  graph [splines=line, nslimit=0.1, nslimit1=0.1, mclimit=0.03]\n"
GREATEST_HURRY = "  graph [splines=line, nslimit=0.001, nslimit1=0.001, mclimit=0.001]\n"
# Without the search for an order with fewer crossings, neurons stay in theirs; ports keep edges off the boxes
COLLAPSED = """  graph [splines=line, ranksep=1.6, nodesep=0.12, mclimit=0.001]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5, headport=w, tailport=e]
"""
# Where a few operations stand beside boxes, labels take room of their own, and edges go round what stands in between
OPENED = """  graph [splines=line, ranksep=0.8, nodesep=0.15]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5]
"""

HEAD = """digraph {
  graph [rankdir=LR, nodesep=0.3, ranksep=0.6, bgcolor=transparent]
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
BORDER = (0, 1, 2, 4)  # points that a border is thicker by, for each size
LINE, PALE, ACCENT = "#5f6b7a", "#b8bfc8", "#a3124f"


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph: shows itself in a notebook, saves itself as .svg, .png or .dot."""

    dot: str = field(repr=False)  # which a notebook would keep beside the picture

    def svg(self) -> str:
        """The picture as SVG, which scales to the width of its page."""
        return render(self.dot)

    def png(self) -> bytes:
        """The picture as PNG on white, two pixels a point, or fewer where it would be more than a screen can hold.

        The renderer's own fonts have Latin, Greek and Cyrillic letters: Korean, say, comes out as boxes,
        and only an SVG shows it.
        """
        return self._pixels(SCREEN)

    def _pixels(self, size: str) -> bytes:
        return raster(self.dot.replace("bgcolor=transparent", f'bgcolor=white, dpi=144, size="{size}"', 1))

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
        """As wide as its page, for not every notebook shrinks an SVG that it shows as an image.

        What is narrower than a page stands on one, so that it isn't enlarged; what fits on a telephone stays as it is.
        """
        svg = self.svg()
        found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="0.00 0.00 [\d.]+ ([\d.]+)"', svg)
        if found is None or float(found[1]) <= TELEPHONE:
            return svg
        width = max(float(found[1]), COLUMN)
        return svg.replace(found[0], f'width="100%" viewBox="0.00 0.00 {width:.2f} {found[3]}"', 1)

    def _repr_png_(self) -> bytes | None:
        """For code hosts, which show no SVG of a notebook; not where it would be huge, or miss letters."""
        if self.dot.count(" [id=") > 3 * MOST_PIXELS or _is_foreign(self.dot):
            return None
        return self._pixels(PAGE)


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
    order = topological_order(require_value(output, "draw: output"))
    if collapse not in {None, "neuron", "layer"}:
        raise ValueError(f'collapse is "neuron", "layer" or None, not {collapse!r}')
    names = [str(name) for name in in_order(expand, "draw's expand")]
    if names and collapse is None:
        raise ValueError('expand opens boxes, and there are none without collapse="neuron" or "layer"')
    path = None if highlight is None else _path(highlight, order)
    if collapse is None:
        _refuse_more_than_can_be_drawn(order, len(order), _pairs_side_by_side(order))
    numbers = _Numbers(order, mode, wrt)
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
    place_label = "xlabel" if layout.startswith((COLLAPSED, GREATEST_HURRY)) else "label"
    drawn: dict[int, int] = {}
    for parent, child, edges in _edges(order, box_of):
        source, target = number[id(parent)], number[id(child)]
        k = drawn[target] = drawn.get(target, -1) + 1
        look = "" if path is None else _look(any(edge in path[1] for edge in edges))
        node, place = edges[0]
        label = f' {place_label}=" {_number(node.partials[place])} "' if len(edges) == 1 and node is child else ""
        lines.append(f'  n{source} -> n{target} [id="e{target}_{k}"{label}{look}]')
    head = HEAD + layout + numbers.legend()
    return Drawing(head + "\n".join(lines) + "\n}\n")


def _refuse_more_than_can_be_drawn(order: list[Value], drawn: int, pairs: int) -> None:
    instead = 'collapse="layer" draws a model layer by layer'
    if drawn > LARGEST:
        raise ValueError(
            f"the graph has {len(order):,} nodes, and a picture of more than {LARGEST:,} can't be read: {instead}"
        )
    if pairs > DENSEST:
        raise ValueError(
            f"the edges of this graph's {len(order):,} nodes run side by side in {pairs:,} pairs, and a picture "
            f"with more than {DENSEST:,} can't be laid out, let alone read: {instead}"
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
            return OPENED
        return COLLAPSED + (GREAT_HURRY if drawn > 4 * LARGE else "")
    pairs = _pairs_side_by_side(order)
    if pairs > 10 * DENSE:
        return GREATEST_HURRY
    if drawn > 6 * LARGE or pairs > DENSE:
        return GREAT_HURRY
    return HURRY if drawn > LARGE else ""


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
    nodes = highlight.nodes if isinstance(highlight, Path) else in_order(highlight, "draw's highlight")
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
    return f' color="{PALE}" fontcolor="#9a8574" penwidth=0.6'


class _Numbers:
    """The derivative that each node shows, by the mode, and the colour that it has."""

    def __init__(self, order: list[Value], mode: str | None, wrt: Value | None) -> None:
        if mode not in {None, "reverse", "forward"}:
            raise ValueError(f'mode is "reverse", "forward" or None, not {mode!r}')
        if (wrt is not None) != (mode == "forward"):
            raise ValueError('mode="forward" and wrt=… go together: the derivatives of all nodes with respect to wrt')
        if wrt is not None:
            require_value(wrt, "draw's wrt")
        output = order[-1]
        self.mode = mode
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
        name = self.names.get(node) or node.label
        return _text(name) if 0 < len(name) <= LONGEST_NAME and name.isprintable() else otherwise

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
        return SCALE[step], "#ffffff" if abs(step) == 3 else "", BORDER[abs(step)]

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
                border = 1 + BORDER[abs(step)]
                cells += f'<td bgcolor="{color}" border="{border}"><font color="{ink}">{text}</font></td>'
        if any(map(math.isnan, self.coloured)):
            cells += f'<td bgcolor="{NOT_A_NUMBER}">nan</td>'
        if any(map(self.faded, self.derivatives)):
            cells += '<td bgcolor="#f6f7f8"><font color="#9aa3ad">not reached</font></td>'
        what = f"{self.over or '∂node'}/{self.under or '∂node'}"
        table = (
            f'<table border="0" cellborder="1" cellspacing="3" cellpadding="4" color="{LINE}">'
            f'<tr><td border="0">{what}</td>{cells}</tr></table>'
        )
        return f'  graph [labelloc=b, labeljust=l, fontname="Helvetica", fontsize=11, label=<{table}>]\n'


def _node(node: Value, numbers: _Numbers, highlighted: bool | None) -> str:
    """The node's box, as one of Graphviz's HTML-like tables: the deck's picture of a neuron's parts."""
    rows = [row for row in (f"data {_number(node.data)}", numbers.row(node)) if row]
    faded = numbers.faded(node)
    given = f'<font point-size="10">{name}</font>' if (name := numbers.given(node)) else ""
    if node.operation is None and not node.label:
        rows[0] = "  ".join(part for part in (name, rows[0]) if part)
        color = ' color="#9aa3ad"' if faded else ""
        return f'<font point-size="9"{color}>{"<br/>".join(rows)}</font>'
    operation = f"<b>{_text(node.operation.symbol)}</b>" if node.operation else ""
    heading = "  ".join(part for part in (_text(node.label), given, operation) if part)
    color = "#dbe9f6" if node.operation is None else "#fdebd0" if node.op == "weighted_sum" else "#eef0f2"
    return _table(heading, rows, numbers.style(node, color), highlighted, faded=faded)


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


def _table(heading: str, rows: list[str], style: tuple[str, str, int], highlighted: bool | None, *, faded: bool) -> str:
    color, ink, border = style
    line = LINE if highlighted is None else ACCENT if highlighted else PALE
    if faded:
        ink, line = "#9aa3ad", line if highlighted else PALE
        rows = [f'<font color="{ink}">{row}</font>' for row in rows]
    if ink:
        heading = f'<font color="{ink}">{heading}</font>'
    cells = f'<tr><td bgcolor="{color}">{heading}</td></tr>'
    cells += "".join(f'<tr><td bgcolor="#ffffff">{row}</td></tr>' for row in rows)
    border = max(border, 2 if highlighted else 0)
    return f'<table border="{border}" cellborder="1" cellspacing="0" cellpadding="4" color="{line}">{cells}</table>'


def _text(label: str) -> str:
    """A user's label as text: on one line, not too long, and with nothing left that DOT or SVG could read."""
    # Graphviz replaces \N, \G and the like in any text, even in one written as entities, unless a tag parts the two.
    return html.escape(one_line(label)).replace("\\", '<font color="black">&#92;</font>')


def _is_foreign(text: str) -> bool:
    """Whether the renderer's own fonts, for pixels, lack some of its letters."""
    return any("\u1100" <= c <= "\u11ff" or c >= "\u2e80" for c in text)
