"""A graph as DOT: nodes with label, value and gradient, edges with the local derivative."""

from __future__ import annotations

import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from autograd.derivatives import forward_sweep, reached_from, reverse_sweep
from autograd.drawing.collapse import Box, boxes
from autograd.drawing.network import Drawable, draw_network
from autograd.drawing.picture import Drawing
from autograd.drawing.render import MAX_FONT_FACTOR, width
from autograd.drawing.sketch import formula, names_on_edges
from autograd.korean import say
from autograd.naming import names as _names
from autograd.naming import one_line, own_name
from autograd.node import require_value
from autograd.notation import number as _number
from autograd.paths import Path
from autograd.rules import as_tuple
from autograd.sweep import topological_order
from autograd.value import Value

MAX_NODES = 2_000  # a larger picture takes the renderer minutes, and the reader longer
MAX_EDGE_PAIRS = 80_000_000  # of edges side by side; with more, the renderer takes more than ten seconds
FAST_ABOVE_NODES = 50  # above it edges are straight, and the renderer searches briefly for a good layout
FAST_ABOVE_EDGE_PAIRS = 100_000  # the same for edges side by side
MAX_NAME_CHARACTERS = 12  # of a label within ∂e/∂c
MAX_FILE_INCHES, MAX_NOTEBOOK_INCHES = "60,45", "12,45"  # of a PNG in a file and in a notebook, with 144 pixels each
MAX_NAMED_INPUTS = 6  # in a picture's alternative text

FAST_LAYOUT = "  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.3]\n"
FASTER_LAYOUT = "  graph [splines=line, nslimit=0.1, nslimit1=0.1, mclimit=0.03]\n"
FASTEST_LAYOUT = "  graph [splines=line, nslimit=0.001, nslimit1=0.001, mclimit=0.001]\n"
# Without a search for fewer crossings the neurons stay in their order; ports keep the edges off the boxes.
COLLAPSED_LAYOUT = """  graph [splines=line, ranksep=1.6, nodesep=0.12, mclimit=0.001]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5, headport=w, tailport=e]
"""
# For a few operations beside boxes: labels have room of their own, and edges go around the nodes between their ends.
OPENED_LAYOUT = """  graph [splines=line, ranksep=0.8, nodesep=0.15]
  edge [color="#a9b1bc", penwidth=0.6, arrowsize=0.5]
"""

HEAD = """digraph {
  graph [rankdir=LR, nodesep=0.3, ranksep=0.6, bgcolor=white]
  node [shape=plain, fontname="Helvetica", fontsize=12]
  edge [fontname="Helvetica", fontsize=11, color="#5f6b7a", fontcolor="#8a3b12", arrowsize=0.7]
"""

# Blue below 0, orange above, darker for larger numbers: colour-blind people can tell these apart.
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
BORDER_POINTS = (0, 1, 2, 4)  # added to a border, for each size of the derivative
LINE, PALE, ACCENT = "#5f6b7a", "#b8bfc8", "#a3124f"
FADED, FADED_NUMBER = "#68727d", "#7d6a5a"  # of text in the background, still legible


def draw(
    output: Value | Drawable,
    *,
    mode: str | None = None,
    wrt: Value | None = None,
    highlight: Path | Sequence[Value] | None = None,
    collapse: str | None = None,
    expand: Sequence[str] = (),
    plain: bool = False,
    edges: str | None = None,
    unrolled: int | None = None,
) -> Drawing:
    """Draw the graph of output, with parents on the left of their children; or a model as a network.

    A node shows its label, its operation, its number and its gradient ∂/∂node; "grad –" means that this node has no
    gradient although others have one. An edge shows the local derivative ∂child/∂parent. Parallel edges are drawn
    separately. Weighted sums have a colour of their own, and constants are small.

    mode       "reverse" shows ∂output/∂node in each node, "forward" shows ∂node/∂wrt, coloured by sign and size, with a
               legend; no `.grad` changes
    wrt        the input of mode "forward"
    highlight  a path of `autograd.paths`, or the nodes of one from input to output; with nodes alone, all parallel
               edges between them are highlighted
    collapse   "neuron" or "layer" draws each neuron or layer as one box: weighted sums whose parameters are labelled
               layer1.neuron1.w1 and so on, with their parameters and activations
    expand     the names of boxes to open: a layer into its neurons, a neuron into its operations
    plain      a graph as one sketches it: in each node its formula, such as c = a + b, and no numbers
    edges      "numbers" shows the local derivatives, "names" their labels where they are labelled nodes, without the
               leaves that are there for their name alone; "none" shows nothing; a plain graph shows no numbers

    A model, such as an `nn.MLP`, is drawn as circles in layers, with bias nodes fixed at 1, activations as curves,
    and a line for each weight: the wider, the larger; blue below 0, orange above. Once gradients are computed, each
    circle shows its neuron's δ = ∂E/∂s, which is the gradient of its bias. Very large layers are drawn in part. Three
    arguments are for models, too:

    plain      circles without δ
    edges      "names" of weights, such as w₃₁ for neuron 3 and input 1, the default for small models; "numbers"; or
               "none"
    unrolled   the number of steps of a recurrent network that are drawn side by side; without it, there are loops

    Raises TypeError if output, wrt or a highlighted node is not a Value, and ValueError for a graph of more than 2,000
    nodes, or with too many and too long edges; for another mode or collapse; for mode "forward" without wrt and wrt
    without it; for a highlight that is not a path in this graph; for a collapse without labelled parameters; for a
    name in expand that no box has; for other edges; for a plain graph or named edges with mode or collapse; for a model
    without neurons, or whose layers do not follow one another; and for arguments that are for graphs alone, or for
    models alone.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> picture = draw((a + b) * (b + 1), mode="forward", wrt=b)
    >>> picture.svg()[:4]
    '<svg'
    """
    network = getattr(type(output), "_network_", None)
    if network is not None:
        for_graphs = {"mode": mode, "wrt": wrt, "highlight": highlight, "collapse": collapse, "expand": expand or None}
        given = [name for name, value in for_graphs.items() if value is not None]
        if given:
            raise ValueError(f"draw's {given[0]} is for graphs: give draw the output for a sample, not the model")
        return draw_network(network(output), edges=edges, numbers=not plain, unrolled=unrolled)
    if unrolled is not None:
        raise ValueError(f"draw's unrolled is for recurrent models, got {unrolled!r:.80} and a graph")
    root = require_value(output, "draw's output")
    return picture(root, mode, wrt, highlight, collapse, expand, plain=plain, edges=edges or "numbers")


def picture(
    output: Value,
    mode: str | None = None,
    wrt: Value | None = None,
    highlight: Path | Sequence[Value] | None = None,
    collapse: str | None = None,
    expand: Sequence[str] = (),
    room: Mapping[Value, Sequence[str]] | None = None,
    *,
    plain: bool = False,
    edges: str = "numbers",
) -> Drawing:
    """The picture of `draw`; `room` has, for some nodes, lines for which the node must be wide enough."""
    order = topological_order(require_value(output, "draw's output"))
    names = [str(name) for name in as_tuple(expand, "draw's expand")]
    _refuse_options(mode, collapse, names, edges, plain=plain)
    labels, left_out = names_on_edges(order) if edges == "names" else ({}, set())
    path = None if highlight is None else _path(highlight, order)
    if collapse is None:
        _refuse_more_than_can_be_drawn(order, len(order), _pairs_side_by_side(order))
    numbers = _Numbers(order, mode, wrt, room or {})
    box_of = boxes(order, collapse, names) if collapse else {}
    units: dict[Value | Box, None] = dict.fromkeys(box_of.get(node, node) for node in order if node not in left_out)
    if collapse:
        _refuse_more_than_can_be_drawn(order, len(units), len(_edges(order, box_of)) ** 2)
    layout = _layout(order, box_of, len(units))
    merged = [edge for edge in _edges(order, box_of) if edge[0] not in left_out]
    on_path = {id(box_of.get(node, node)) for node in path[0]} if path else None
    # Ids are places in the topological order: n2 is the third node, e2_0 its edge to its first parent.
    lines = []
    for i, unit in enumerate(units):
        highlighted = None if on_path is None else id(unit) in on_path
        text = (
            _box(unit, numbers, highlighted)
            if isinstance(unit, Box)
            else _node(unit, numbers, highlighted, plain=plain)
        )
        lines.append(f'  n{i} [id="n{i}" label=<{text}>]')
    place = {id(unit): i for i, unit in enumerate(units)}
    lines += _edge_lines(merged, place, layout, path and path[1], _edge_texts(edges, labels, plain=plain))
    alt = f"{numbers.in_words()}: {say.counted(len(units), 'node')}, {say.counted(len(merged), 'edge')}"
    if path:
        through = " → ".join(numbers.names[node] for node in order if node in path[0])
        alt += say("; highlighted: {nodes}", nodes=through)
    return Drawing(HEAD + layout + numbers.legend() + "\n".join(lines) + "\n}\n", alt)


def _edge_lines(
    merged: list[tuple[Value | Box, Value | Box, list[Edge]]],
    number: Mapping[int, int],
    layout: str,
    highlighted: set[Edge] | None,
    text_of: Callable[[Edge], str],
) -> Iterator[str]:
    place_label = "xlabel" if layout.startswith((COLLAPSED_LAYOUT, FASTEST_LAYOUT)) else "label"
    drawn: dict[int, int] = {}
    for parent, child, edges in merged:
        source, target = number[id(parent)], number[id(child)]
        k = drawn[target] = drawn.get(target, -1) + 1
        look = "" if highlighted is None else _look(any(edge in highlighted for edge in edges))
        node, place = edges[0]
        text = text_of((node, place)) if len(edges) == 1 and node is child else ""
        label = f" {place_label}={text}" if text else ""
        yield f'  n{source} -> n{target} [id="e{target}_{k}"{label}{look}]'


def _edge_texts(edges: str, names: Mapping[Edge, str], *, plain: bool) -> Callable[[Edge], str]:
    """The text on an edge, as DOT: the local derivative, its name, or nothing."""

    def text_of(edge: Edge) -> str:
        node, place = edge
        if edge in names:
            return f"<&#160;{_text(names[edge])}&#160;>"
        return "" if plain or edges == "none" else f'" {_number(node.partials[place])} "'

    return text_of


def _refuse_options(mode: str | None, collapse: str | None, expand: list[str], edges: str, *, plain: bool) -> None:
    if collapse not in {None, "neuron", "layer"}:
        raise ValueError(f'collapse must be "neuron", "layer" or None, got {collapse!r}')
    if expand and collapse is None:
        raise ValueError('expand needs collapse="neuron" or "layer", got collapse=None')
    if edges not in ("numbers", "names", "none"):
        raise ValueError(f'edges must be "numbers", "names" or "none", got {edges!r}')
    if (plain or edges == "names") and (mode or collapse):
        what, got = (
            "plain=True" if plain else 'edges="names"',
            f"collapse={collapse!r}" if collapse else f"mode={mode!r}",
        )
        raise ValueError(f"{what} must be without mode and collapse, got {got}")


def _refuse_more_than_can_be_drawn(order: list[Value], drawn: int, pairs: int) -> None:
    instead = 'collapse="layer" draws a model layer by layer'
    if drawn > MAX_NODES:
        raise ValueError(f"the limit is {MAX_NODES:,} nodes, got a graph of {len(order):,}; {instead}")
    if pairs > MAX_EDGE_PAIRS:
        raise ValueError(
            f"the limit is {MAX_EDGE_PAIRS:,} pairs of edges side by side, got {pairs:,} in a graph of "
            f"{len(order):,} nodes; {instead}"
        )


def _pairs_side_by_side(order: Sequence[Value]) -> int:
    """The number of pairs of edges between the same two ranks; the renderer's time grows with it."""
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
    """(parent, child, edges) for each edge of the picture: all edges between two boxes are drawn as one."""
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
    """The nodes and the edges of a path; a ValueError if it is not a path in this graph."""
    in_graph = set(order)
    nodes = highlight.nodes if isinstance(highlight, Path) else as_tuple(highlight, "draw's highlight")
    if not nodes:
        raise ValueError("highlight must have at least 1 node, got 0")
    for node in nodes:
        if require_value(node, "each node of highlight") not in in_graph:
            raise ValueError(f"highlight must be a path in this graph, got {node!r:.80}, which is not in it")
    called = _names(order)
    edges: set[Edge] = set()
    for i, (parent, child) in enumerate(itertools.pairwise(nodes)):
        places = [k for k, one in enumerate(child.parents) if one is parent]
        if isinstance(highlight, Path):
            places = [k for k in places if k == highlight.edges[i]]
        if not places:
            missing = f"no edge leads from {called[parent]} to {called[child]}"
            raise ValueError(f"highlight must be a path in this graph, but {missing}")
        edges.update((child, k) for k in places)
    return set(nodes), edges


def _look(highlighted: bool) -> str:
    if highlighted:
        return f' color="{ACCENT}" fontcolor="{ACCENT}" penwidth=3'
    return f' color="{PALE}" fontcolor="{FADED_NUMBER}" penwidth=0.6'


class _Numbers:
    """The derivative and the colour of each node, according to the mode."""

    def __init__(
        self, order: list[Value], mode: str | None, wrt: Value | None, room: Mapping[Value, Sequence[str]]
    ) -> None:
        if mode not in {None, "reverse", "forward"}:
            raise ValueError(f'mode must be "reverse", "forward" or None, got {mode!r}')
        if (wrt is not None) != (mode == "forward"):
            raise ValueError(
                f'wrt must be given with mode="forward" and only then, got mode={mode!r} and wrt={wrt!r:.80}'
            )
        if wrt is not None:
            require_value(wrt, "draw's wrt")
        output = order[-1]
        self.mode, self.wrt, self.order, self.room = mode, wrt, order, room
        self.derivatives: dict[Value, float] = {}
        self.reached: set[Value] | None = None
        self.any_grad = any(node.has_grad for node in order)
        self.names = _names(order, wrt)
        self.over, self.under = f"∂{self.name(output, say('output'))}", ""
        if wrt is not None:
            self.derivatives = forward_sweep(output, wrt).derivatives
            self.reached = reached_from([wrt], order)
            self.over, self.under = "", f"∂{self.name(wrt, say('input'))}"
        elif mode == "reverse":
            self.derivatives = reverse_sweep(output).derivatives
        # Constants have no colour. So their derivatives, such as that of an exponent, must not set the scale.
        self.coloured = [x for node, x in self.derivatives.items() if node.parents or node.label]
        self.largest = max((abs(x) for x in self.coloured if math.isfinite(x)), default=0.0)

    def name(self, node: Value, otherwise: str) -> str:
        """The node's name within ∂e/∂c, as markup; another word if the name is long."""
        return _text(self.short(node, otherwise))

    def short(self, node: Value, otherwise: str) -> str:
        name = self.names.get(node) or node.label
        return name if 0 < len(name) <= MAX_NAME_CHARACTERS and name.isprintable() else otherwise

    def given(self, node: Value) -> str:
        """The node's name, if it differs from its label or number; otherwise ""."""
        return "" if self.names[node] == own_name(node) else self.names[node]

    def row(self, node: Value, *, boxed: bool = False) -> str:
        """The line with the node's derivative; "" if it has none."""
        if self.mode:
            name = f"∂{say('node')}" if boxed else f"∂{self.name(node, say('node'))}"
            return f"{self.over or name}/{self.under or name} = {_number(self.derivatives[node])}"
        if node.has_grad:
            return say("grad {number}", number=_number(node.grad))
        return say("grad {number}", number="–") if self.any_grad else ""

    def in_words(self) -> str:
        """A sentence about the picture."""
        *_, output = self.order
        inputs = [self.names[node] for node in self.order if node.label and not node.parents and node is not output]
        value = _number(output.data)
        text = say("Graph of {text}", text=" = ".join(dict.fromkeys([self.names[output], value])))
        if inputs:
            listed = ", ".join([*inputs[:MAX_NAMED_INPUTS], *(["…"] if len(inputs) > MAX_NAMED_INPUTS else [])])
            text += say(" from {inputs}", inputs=listed)
        if self.mode == "reverse":
            text += say(", with {derivative}", derivative=f"∂{self.short(output, say('output'))}/∂{say('node')}")
        elif self.wrt is not None:
            text += say(", with {derivative}", derivative=f"∂{say('node')}/∂{self.short(self.wrt, say('input'))}")
        return text

    def faded(self, node: Value) -> bool:
        return self.reached is not None and node not in self.reached

    def step(self, node: Value) -> int:
        """Sign and size of the derivative, from −3 to 3: 1 up to a tenth of the largest, 2 up to a half, 3 above."""
        x = self.derivatives[node]
        size = (abs(x) > 0) + (abs(x) > 0.1 * self.largest) + (abs(x) > 0.5 * self.largest)
        return size if x > 0 else -size

    def style(self, node: Value | None, plain: str) -> tuple[str, str, int]:
        """The colour of the heading, the colour of its text, and the points to add to the border."""
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
        below, above = ((f"{sign}{half}", f"{sign}{tenth}", "0") for sign in ("−", ""))
        if not self.largest:
            below = above = ("0",) * 3
        texts = [say("below {number}", number=x) for x in below]
        texts += ["0", *(say("above {number}", number=x) for x in reversed(above))]
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
            text = say("not reached")
            cells += f'<td bgcolor="#f6f7f8" width="{_room([text], 11)}"><font color="{FADED}">{text}</font></td>'
        node = f"∂{say('node')}"
        what = f"{self.over or node}/{self.under or node}"
        table = (
            f'<table border="0" cellborder="1" cellspacing="3" cellpadding="4" color="{LINE}">'
            f'<tr><td border="0" width="{_room([what], 11)}">{what}</td>{cells}</tr></table>'
        )
        return f'  graph [labelloc=b, labeljust=l, fontname="Helvetica", fontsize=11, label=<{table}>]\n'


def _node(node: Value, numbers: _Numbers, highlighted: bool | None, *, plain: bool) -> str:
    """A node, as one of Graphviz's HTML-like tables."""
    if plain:
        is_constant = not (node.parents or node.label)
        name, text = _number(node.data) if is_constant else numbers.names[node], formula(node, numbers.names)
        color = "#dbe9f6" if node.operation is None else "#eef0f2"
        return _table(_text(f"{name} = {text}" if text else name), [], (color, "", 0), highlighted, faded=False)
    rows = [row for row in (_data(node), numbers.row(node)) if row]
    faded = numbers.faded(node)
    room = [_text(line) for line in numbers.room.get(node, ())]
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


def _data(node: Value) -> str:
    return say("data {number}", number=_number(node.data))


def _box(box: Box, numbers: _Numbers, highlighted: bool | None) -> str:
    """A neuron, a layer or another box, as a table."""
    rows = []
    heading = [f"<b>{_text(box.name)}</b>"]
    if box.sums:
        one = len(box.neurons) == 1
        width = [] if one and box.name in box.neurons else [say.counted(len(box.neurons), "neuron")]
        heading += [*width, say.counted(len(box.parameters), "parameter")]
        samples = len(box.sums) // len(box.neurons)
        if samples > 1:
            rows.append(say("used {count} times", count=f"{samples:,}"))
    if box.output is not None:
        about_output = (_data(box.output), numbers.row(box.output, boxed=True))
        rows.append("   ".join(row for row in about_output if row))
    style = numbers.style(box.output, "#fdebd0" if box.sums else "#eef0f2")
    return _table(
        " · ".join(heading), rows, style, highlighted, faded=box.output is not None and numbers.faded(box.output)
    )


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
    """The width in points that a cell needs for these lines of markup, whatever font replaces Helvetica."""
    texts = [(html.unescape(re.sub("<[^>]*>", "", line)), "<b>" in line) for line in lines]
    return 2 + math.ceil(max(MAX_FONT_FACTOR * width(text, size, bold=bold) for text, bold in texts))


def _text(label: str) -> str:
    """A user's label as markup: on one line, not too long, and with every character escaped that DOT or SVG reads."""
    # Graphviz replaces \N, \G and the like in any text, even if they are entities, unless a tag separates the two.
    return html.escape(one_line(label)).replace("\\", '<font color="black">&#92;</font>')
