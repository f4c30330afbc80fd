"""A graph as DOT: nodes with label, value and gradient, edges with the local derivative."""

from __future__ import annotations

import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograd.derivatives import forward_sweep, reached_from, reverse_sweep
from autograd.drawing.collapse import Box, boxes
from autograd.drawing.formulas import SUMS, Edge, NamedEdges, formula, is_constant, named_edges, shown_name
from autograd.drawing.network import Drawable, draw_network
from autograd.drawing.picture import Drawing
from autograd.drawing.render import MAX_FONT_FACTOR, width
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
EDGES = ("numbers", "names", "nothing")  # what may stand on edges
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
    formulas: bool = False,
    numbers: bool = True,
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
    formulas   whether a node says how it was computed, "c = a + b"; constants are then in formulas, and not drawn
    numbers    whether nodes show their numbers and gradients; the derivatives that `mode` asks for are shown anyway
    edges      "numbers", the default: local derivatives; "names": the labels of the leaves that are these derivatives,
               such as w at x in w·x, without the nodes that only carry a name; "nothing": no derivatives at all, except
               those that `mode` asks for

    The picture of a textbook has formulas alone: `draw(e, formulas=True, numbers=False, edges="nothing")`.

    A model, such as an `nn.MLP`, is drawn as circles in layers, with bias nodes fixed at 1, activations as curves,
    and a line for each weight: the wider, the larger; blue below 0, orange above. Once gradients are computed, each
    circle shows its neuron's δ = ∂E/∂s, which is the gradient of its bias. Very large layers are drawn in part. Three
    arguments are for models, too:

    edges      "names" of weights, such as w₃₁ for neuron 3 and input 1, the default for small models; "numbers";
               or "nothing"
    numbers    whether circles show δ
    unrolled   the number of steps of a recurrent network that are drawn side by side; without it, there are loops

    Raises TypeError if output, wrt or a highlighted node is not a Value, and ValueError for a graph of more than 2,000
    nodes, or with too many and too long edges; for another mode or collapse; for mode "forward" without wrt and wrt
    without it; for a highlight that is not a path in this graph; for a collapse without labelled parameters; for a name
    in expand that no box has; for other edges; for a model without neurons, or whose layers do not follow one
    another; and for arguments that are for graphs alone, or for models alone.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> picture = draw((a + b) * (b + 1), mode="forward", wrt=b)
    >>> picture.svg()[:4]
    '<svg'
    """
    network = getattr(type(output), "_network_", None)
    if network is not None:
        for_graphs = {"mode": mode, "wrt": wrt, "highlight": highlight, "collapse": collapse, "expand": expand or None}
        given = [name for name, value in {**for_graphs, "formulas": formulas or None}.items() if value is not None]
        if given:
            raise ValueError(f"draw's {given[0]} is for graphs: give draw the output for a sample, not the model")
        return draw_network(network(output), edges=edges, numbers=numbers, unrolled=unrolled)
    if unrolled is not None:
        raise ValueError(f"draw's unrolled is for recurrent models, got {unrolled!r:.80} and a graph")
    look = Look(formulas=formulas, numbers=numbers, edges="numbers" if edges is None else edges)
    return picture(require_value(output, "draw's output"), mode, wrt, highlight, collapse, expand, look=look)


@dataclass(frozen=True)
class Look:
    """What stands in the nodes and on the edges: the last three arguments of `draw`."""

    formulas: bool = False
    numbers: bool = True
    edges: str = "numbers"

    def __post_init__(self) -> None:
        if self.edges not in EDGES:
            raise ValueError(f"edges must be one of {', '.join(EDGES)}, got {self.edges!r:.80}")


def picture(
    output: Value,
    mode: str | None = None,
    wrt: Value | None = None,
    highlight: Path | Sequence[Value] | None = None,
    collapse: str | None = None,
    expand: Sequence[str] = (),
    room: Mapping[Value, float] | None = None,
    look: Look | None = None,
) -> Drawing:
    """The picture of `draw`; `room` has, for some nodes, a number for which the node must be wide enough."""
    order = topological_order(require_value(output, "draw's output"))
    look = look or Look()
    if collapse not in {None, "neuron", "layer"}:
        raise ValueError(f'collapse must be "neuron", "layer" or None, got {collapse!r}')
    names = [str(name) for name in as_tuple(expand, "draw's expand")]
    if names and collapse is None:
        raise ValueError('expand needs collapse="neuron" or "layer", got collapse=None')
    if collapse and look.edges == "names":
        raise ValueError(f'edges="names" needs collapse=None, because boxes hide the named edges, got {collapse!r}')
    path = None if highlight is None else _path(highlight, order)
    if collapse is None:
        _refuse_more_than_can_be_drawn(order, len(order), _pairs_side_by_side(order))
    numbers = _Numbers(order, mode, wrt, room or {}, look)
    box_of = boxes(order, collapse, names) if collapse else {}
    kept = {order[-1], *([] if wrt is None else [wrt]), *(path[0] if path else ())}
    named = named_edges(order, kept) if look.edges == "names" else NamedEdges()
    if look.formulas:
        named.hidden |= {node for node in order if is_constant(node)} - kept
    return _assembled(order, numbers, box_of, named, path)


def _assembled(
    order: list[Value],
    numbers: _Numbers,
    box_of: Mapping[Value, Box],
    named: NamedEdges,
    path: tuple[set[Value], set[Edge]] | None,
) -> Drawing:
    units: dict[Value | Box, None] = dict.fromkeys(box_of.get(node, node) for node in order if node not in named.hidden)
    merged = _edges(order, box_of, named)
    if box_of:
        _refuse_more_than_can_be_drawn(order, len(units), len(merged) ** 2)
    layout = _layout(order, box_of, len(units))
    on_path = {id(box_of.get(node, node)) for node in path[0]} if path else None
    # Ids are places in the topological order: n2 is the third node, e2_0 its edge to its first parent.
    lines = []
    for i, unit in enumerate(units):
        highlighted = None if on_path is None else id(unit) in on_path
        text = _box(unit, numbers, highlighted) if isinstance(unit, Box) else _node(unit, numbers, highlighted)
        lines.append(f'  n{i} [id="n{i}" label=<{text}>]')
    texts = [_edge_label(edge, numbers.look, named) for edge in merged]
    lines += _edge_lines(merged, texts, {id(unit): i for i, unit in enumerate(units)}, layout, path and path[1])
    alt = f"{numbers.in_words()}: {_counted(len(units), 'node')}, {_counted(len(merged), 'edge')}"
    if path:
        alt += f"; highlighted: {' → '.join(numbers.names[node] for node in order if node in path[0])}"
    if named.names:
        shown = [named.names[edges[0]] for *_, edges in merged if edges[0] in named.names]
        alt += f"; on the edges: {', '.join(shown[:MAX_NAMED_INPUTS])}{', …' if len(shown) > MAX_NAMED_INPUTS else ''}"
    return Drawing(HEAD + layout + numbers.legend() + "\n".join(lines) + "\n}\n", alt)


def _edge_label(edge: DrawnEdge, look: Look, named: NamedEdges) -> str:
    """What stands on an edge, in DOT: its local derivative or its name; "" between boxes, and where there is none."""
    _, child, edges = edge
    node, place = edges[0]
    if look.edges == "names":  # a user's text must be markup: DOT reads a backslash between quotes
        return f"<&nbsp;{_text(named.names[edges[0]])}&nbsp;>" if edges[0] in named.names else ""
    if look.edges == "numbers" and len(edges) == 1 and node is child:
        return f'" {_number(node.partials[place])} "'
    return ""


def _edge_lines(
    merged: list[DrawnEdge],
    texts: list[str],
    number: Mapping[int, int],
    layout: str,
    highlighted: set[Edge] | None,
) -> Iterator[str]:
    place_label = "xlabel" if layout.startswith((COLLAPSED_LAYOUT, FASTEST_LAYOUT)) else "label"
    drawn: dict[int, int] = {}
    for (parent, child, edges), text in zip(merged, texts, strict=True):
        source, target = number[id(parent)], number[id(child)]
        k = drawn[target] = drawn.get(target, -1) + 1
        look = "" if highlighted is None else _look(any(edge in highlighted for edge in edges))
        label = f" {place_label}={text}" if text else ""
        yield f'  n{source} -> n{target} [id="e{target}_{k}"{label}{look}]'


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


DrawnEdge = tuple[Value | Box, Value | Box, list[Edge]]
"""Parent and child of an edge in the picture, and the graph's edges that it stands for."""


def _edges(order: list[Value], box_of: Mapping[Value, Box], named: NamedEdges) -> list[DrawnEdge]:
    """The edges of the picture: all edges between two boxes are drawn as one."""
    merged: dict[tuple[int, ...], DrawnEdge] = {}
    count = itertools.count()
    for node in order:
        end = named.end(node)
        for k, parent in enumerate(node.parents):
            source, target = box_of.get(parent, parent), box_of.get(end, end)
            if source is target or parent in named.hidden:
                continue
            pair = (id(source), id(target))
            single = source is parent and target is end
            key = (*pair, next(count)) if single else pair
            merged.setdefault(key, (source, target, []))[2].append((node, k))
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
        self, order: list[Value], mode: str | None, wrt: Value | None, widest: Mapping[Value, float], look: Look
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
        self.mode, self.wrt, self.order, self.widest, self.look = mode, wrt, order, widest, look
        self.derivatives: dict[Value, float] = {}
        self.reached: set[Value] | None = None
        shows_gradients = look.numbers and look.edges != "nothing"
        self.any_grad = shows_gradients and any(node.has_grad for node in order)
        self.names = _names(order, wrt)
        self.over, self.under = f"∂{self.name(output, 'output')}", ""
        if wrt is not None:
            self.derivatives = forward_sweep(output, wrt).derivatives
            self.reached = reached_from([wrt], order)
            self.over, self.under = "", f"∂{self.name(wrt, 'input')}"
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
            name = "∂node" if boxed else f"∂{self.name(node, 'node')}"
            return f"{self.over or name}/{self.under or name} = {_number(self.derivatives[node])}"
        if not self.any_grad:
            return ""
        return f"grad {_number(node.grad)}" if node.has_grad else "grad –"

    def rows(self, node: Value) -> list[str]:
        """The lines below a node's heading."""
        data = f"data {_number(node.data)}" if self.look.numbers else ""
        return [row for row in (data, self.row(node)) if row]

    def heading(self, node: Value) -> str:
        """A node's first line: its label and its operation, or its name and its formula."""
        if self.look.formulas:
            text = formula(node, self.names)
            return f"{_text(shown_name(self.names[node]))}{f' = {_text(text)}' if text else ''}"
        if self.look.edges == "names" and node.label and node.op in {*SUMS, "mul", "weighted_sum", ""}:
            return _text(shown_name(node.label))  # the names on its edges say how it was computed
        given = f'<font point-size="10">{name}</font>' if (name := self.given(node)) else ""
        operation = f"<b>{_text(node.operation.symbol)}</b>" if node.operation else ""
        return "  ".join(part for part in (_text(node.label), given, operation) if part)

    def in_words(self) -> str:
        """A sentence about the picture."""
        *_, output = self.order
        inputs = [self.names[node] for node in self.order if node.label and not node.parents and node is not output]
        value = _number(output.data)
        equals = f" = {value}" if self.look.numbers and self.names[output] != value else ""
        text = f"Graph of {self.names[output]}{equals}"
        if inputs:
            text += f" from {', '.join(inputs[:MAX_NAMED_INPUTS])}{', …' if len(inputs) > MAX_NAMED_INPUTS else ''}"
        if self.mode == "reverse":
            text += f", with ∂{self.short(output, 'output')}/∂node"
        elif self.wrt is not None:
            text += f", with ∂node/∂{self.short(self.wrt, 'input')}"
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
            text = "not reached"
            cells += f'<td bgcolor="#f6f7f8" width="{_room([text], 11)}"><font color="{FADED}">{text}</font></td>'
        what = f"{self.over or '∂node'}/{self.under or '∂node'}"
        table = (
            f'<table border="0" cellborder="1" cellspacing="3" cellpadding="4" color="{LINE}">'
            f'<tr><td border="0" width="{_room([what], 11)}">{what}</td>{cells}</tr></table>'
        )
        return f'  graph [labelloc=b, labeljust=l, fontname="Helvetica", fontsize=11, label=<{table}>]\n'


def _node(node: Value, numbers: _Numbers, highlighted: bool | None) -> str:
    """A node, as one of Graphviz's HTML-like tables."""
    rows = numbers.rows(node)
    faded = numbers.faded(node)
    room = [f"grad {_number(numbers.widest[node])}"] if node in numbers.widest else []
    if is_constant(node) and node.operation is None:
        given = f'<font point-size="10">{name}</font>' if (name := numbers.given(node)) else ""
        rows = rows if numbers.look.numbers else [_number(node.data), *rows]
        rows[0] = "  ".join(part for part in (given, rows[0]) if part)
        color = f' color="{FADED}"' if faded else ""
        text = f'<font point-size="9"{color}>{"<br/>".join(rows)}</font>'
        cell = f'<td width="{_room([*rows, *room], 9)}">{text}</td>'
        return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>{cell}</tr></table>'
    color = "#dbe9f6" if node.operation is None else "#fdebd0" if node.op == "weighted_sum" else "#eef0f2"
    return _table(numbers.heading(node), rows, numbers.style(node, color), highlighted, faded=faded, room=room)


def _box(box: Box, numbers: _Numbers, highlighted: bool | None) -> str:
    """A neuron, a layer or another box, as a table."""
    rows = []
    heading = [f"<b>{_text(box.name)}</b>"]
    if box.sums:
        one = len(box.neurons) == 1
        width = [] if one and box.name in box.neurons else [_counted(len(box.neurons), "neuron")]
        heading += [*width, _counted(len(box.parameters), "parameter")]
        samples = len(box.sums) // len(box.neurons)
        if samples > 1:
            rows.append(f"used {samples:,} times")
    if box.output is not None:
        about_output = (f"data {_number(box.output.data)}", numbers.row(box.output, boxed=True))
        rows.append("   ".join(row for row in about_output if row))
    style = numbers.style(box.output, "#fdebd0" if box.sums else "#eef0f2")
    return _table(
        " · ".join(heading), rows, style, highlighted, faded=box.output is not None and numbers.faded(box.output)
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
    """The width in points that a cell needs for these lines of markup, whatever font replaces Helvetica."""
    texts = [(html.unescape(re.sub("<[^>]*>", "", line)), "<b>" in line) for line in lines]
    return 2 + math.ceil(max(MAX_FONT_FACTOR * width(text, size, bold=bold) for text, bold in texts))


def _text(label: str) -> str:
    """A user's label as markup: on one line, not too long, and with every character escaped that DOT or SVG reads."""
    # Graphviz replaces \N, \G and the like in any text, even if they are entities, unless a tag separates the two.
    return html.escape(one_line(label)).replace("\\", '<font color="black">&#92;</font>')
