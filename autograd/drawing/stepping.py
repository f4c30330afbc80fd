"""A page that goes through a sweep step by step, and computes what its reader changes: a single HTML file."""

from __future__ import annotations

import math
import re
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, ClassVar

from autograd.derivatives import gradient_graph, last_partials_as_graph, reverse_sweep
from autograd.drawing.graph import picture
from autograd.drawing.page import Page, common_script, filled, inert, policy
from autograd.drawing.sketch import formula
from autograd.explanation import WRONG_ORDERS, Step, fits, is_weighted_sum, local_formulas, steps
from autograd.export.script_code import code
from autograd.korean import say
from autograd.language import LANGUAGES, language
from autograd.naming import names, one_line
from autograd.node import require_value
from autograd.notation import Style, number
from autograd.paths import Leaf, Term, edge_labels, grouped
from autograd.sweep import topological_order
from autograd.value import Value

STARTS = ("first value", "first gradient", "last step")
MAX_NODES = 200
MAX_EDGES = 1_000
MAX_STEPS = 2_000  # of a wrong order, which uses edges again and again
MAX_FORMULA_CHARACTERS = 36  # for which a node is made wide enough
MAX_OPERATIONS = 60  # in a factored form
MAX_INPUTS = 24  # that the page offers for the forward sweep; any other can be chosen with wrt=


class Stepper(Page):
    """A page that steps through the sweeps of a graph. A notebook shows it; `save` writes it as .html.

    page    the HTML
    height  the height in pixels that it takes in a notebook
    """

    what: ClassVar[str] = "stepper"


def stepper(output: Value, *, wrt: Value | None = None, lang: str | None = None, at: str = "first value") -> Stepper:
    """A page on which the sweeps of output's graph can be stepped through, and its inputs changed.

    It highlights the current node and edge, and shows the arithmetic of the step and the gradients so far. The reader
    chooses between the reverse sweep, a forward sweep, and the two wrong orders of `steps`. Labelled leaves are inputs:
    dragged or typed, they change all values, local derivatives and gradients at the same step, computed in the page by
    the JavaScript of `autograd.export`. Where the reader points at an input, its paths light up, with their products
    and their sum. The page can ask what the next step gives before it shows it. Its address has inputs, step and sweep.
    Where scripts are blocked, it shows the picture with the gradients of the reverse sweep. No `.grad` is shown or
    changed.

    wrt   the input of the forward sweep; without it the page offers up to 24 labelled leaves or, if none has a label,
          the oldest leaf
    lang  the language at first, "en" or "ko"; without it that of `autograd.language`
    at    the step at first: "first value", "first gradient" or "last step"

    Raises TypeError for anything but Values, and ValueError for another language or start, for a `wrt` that is not in
    the graph, and for a graph of more than 200 nodes or 1,000 edges.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> page = stepper((a + b) * (b + 1), at="first gradient").html()
    >>> len(page) < 80_000, " = slots[0] + slots[1];" in page
    (True, True)
    """
    output = require_value(output, "stepper's output")
    lang = language() if lang is None else lang
    for what, choice, choices in (("lang", lang, LANGUAGES), ("at", at, STARTS)):
        if choice not in choices:
            raise ValueError(f"{what} must be one of {', '.join(choices)}, got {choice!r}")
    nodes = topological_order(output)
    if len(nodes) > MAX_NODES:
        raise ValueError(f"the limit is {MAX_NODES} nodes, got a graph of {len(nodes):,}")
    edges = sum(len(node.parents) for node in nodes)
    if edges > MAX_EDGES:
        raise ValueError(f"the limit is {MAX_EDGES:,} edges, got a graph with {edges:,}")
    if wrt is not None and require_value(wrt, "stepper's wrt") not in nodes:
        raise ValueError(f"wrt must be a node of the graph, got {wrt!r:.80}, which is not in it")
    sweeps = _sweeps(output, _inputs(nodes) if wrt is None else [wrt])
    with language(lang):
        svg = _picture(output, nodes, _room(nodes, sweeps), reverse_sweep(output).derivatives)
    data, compute = _data(nodes, sweeps, at)
    return Stepper(_page(lang, svg, data, compute), _height(svg, len(nodes)))


def _inputs(nodes: list[Value]) -> list[Value]:
    """The inputs of forward sweeps: the labelled leaves or, if there are none, the oldest.

    The oldest leaf is a good guess, because x is older than the 2 in x·2.
    """
    leaves = [node for node in nodes if not node.parents]
    return [leaf for leaf in leaves if leaf.label][:MAX_INPUTS] or leaves[:1]


@dataclass(frozen=True)
class _Sweep:
    """A sweep that the page offers: its steps, None if there are too many, and the input of a forward sweep."""

    kind: str
    steps: list[Step] | None
    wrt: Value | None = None


def _sweeps(output: Value, inputs: list[Value]) -> list[_Sweep]:
    return [
        _Sweep("reverse", steps(output)),
        *(_Sweep("forward", steps(output, mode="forward", wrt=wrt), wrt) for wrt in inputs),
        *(_Sweep(order, _wrong(output, order)) for order in WRONG_ORDERS),
    ]


def _data(nodes: list[Value], sweeps: list[_Sweep], at: str) -> tuple[dict[str, Any], str]:
    """The data of the page's script, with nodes as places in the topological order; and the program of the graph."""
    place = {node: i for i, node in enumerate(nodes)}
    called = names(nodes)
    inputs = [node for node in nodes if not node.parents and node.label]
    locals_ = [last_partials_as_graph(node) for node in nodes]
    dynamic = [
        (k, edge) for k, partials in enumerate(locals_) for edge, x in enumerate(partials) if isinstance(x, Value)
    ]
    changed = [place[node] for node in nodes if not fits(node)]
    compute, fixed = "", "reasonChanged" if changed else ""
    if not fixed:
        wanted = [*nodes, *(locals_[k][edge] for k, edge in dynamic), *gradient_graph(nodes[-1], nodes)]
        try:
            compute = code(wanted, inputs, [])
        except ValueError:  # of a function that JavaScript lacks
            fixed = "reasonFunction"
    formulas = local_formulas(nodes[-1])
    data = {
        "nodes": [
            [
                called[node],
                _real(node.data),
                [place[parent] for parent in node.parents],
                node.operation.symbol if node.operation else "",
                _formula(node, called),
            ]
            for node in nodes
        ],
        "locals": [[_real(x) for x in node.partials] for node in nodes],
        "dynamic": dynamic,
        "formulas": _by_edge([formulas[node] for node in nodes]),
        "inputs": [place[node] for node in inputs],
        "edgeNames": _by_edge([_labels(node) for node in nodes]),
        "factored": {place[node]: tree for node in inputs if (tree := _factored(nodes[-1], node, place))},
        "changed": changed,
        "fixed": fixed,
        "sweeps": [_choice(sweep, place) for sweep in sweeps],
        "most": f"{MAX_STEPS:,}",
        "at": at,
    }
    return data, compute


def _by_edge(texts: list[list[str]]) -> dict[str, str]:
    """Each node's texts for its edges, without the empty ones, by the place of the node and of the edge."""
    return {f"{k}_{edge}": text for k, each in enumerate(texts) for edge, text in enumerate(each) if text}


def _choice(sweep: _Sweep, place: dict[Value, int]) -> dict[str, Any]:
    """A sweep that the page offers, as the edges that it uses one after another: (child, place of the parent)."""
    edges = None
    if sweep.steps is not None:
        edges = [(place[step.node], step.edge) for step in sweep.steps if step.phase == "edge"]
    choice: dict[str, Any] = {"kind": sweep.kind, "edges": edges}
    return choice if sweep.wrt is None else choice | {"wrt": place[sweep.wrt]}


def _real(x: float) -> float | str:
    """The number for JSON; inf and nan, which JSON lacks, as text."""
    return x if math.isfinite(x) else str(x)


def _formula(node: Value, called: dict[Value, str]) -> str | None:
    """The node's formula; None for a weighted sum, which the page writes out in numbers."""
    return None if is_weighted_sum(node) else formula(node, called)


def _labels(node: Value) -> list[str]:
    """What the user calls the local derivative on each edge; "" where that is no node of the graph with a name."""
    return [one_line(label).strip() for label in edge_labels(node)]


def _factored(output: Value, wrt: Value, place: dict[Value, int]) -> dict[str, Any] | None:
    """∂output/∂wrt with its paths merged, as a tree; None where that saves nothing, or is too long to be read."""
    tree = grouped(output, wrt)
    cost = tree.written(Style(), lambda _: "").cost
    if cost.operations >= tree.naive.operations or cost.operations > MAX_OPERATIONS:
        return None

    def branch(term: Term) -> Any:
        if isinstance(term, Leaf):
            return [place[term.above], place[term.below], -1 if term.edge is None else term.edge]
        sign = "*" if term.sign == "·" else term.sign
        return [sign, *map(branch, term.parts)] if term.parts else _real(term.value)

    shared = [[branch(leaf), branch(term)] for leaf, term in tree.where.items()]
    return {"term": branch(tree.term), "shared": shared, "cost": cost.operations, "naive": f"{tree.naive.operations:,}"}


def _wrong(output: Value, order: str) -> list[Step] | None:
    """The steps of a wrong order; None if there are more than MAX_STEPS."""
    try:
        return steps(output, order=order, limit=MAX_STEPS)
    except ValueError:
        return None


def _room(nodes: list[Value], sweeps: list[_Sweep]) -> dict[Value, list[str]]:
    """The lines for which each node must be wide enough: its longest gradient, and its formula."""
    called = names(nodes)
    room: dict[Value, list[str]] = {node: [] for node in nodes}
    for sweep in sweeps:
        for step in sweep.steps or []:
            if step.phase == "value":
                right_side = _formula(step.node, called) or step.text.partition(" ← ")[2].rpartition(" = ")[0]
                room[step.node].append(one_line(f"{called[step.node]} = {right_side}", MAX_FORMULA_CHARACTERS))
            else:
                room[step.target].append(say("grad {number}", number=number(step.after)))
    usual = say("grad {number}", number="−0.1234")  # for numbers that the reader's inputs make
    return {
        node: sorted({usual, *lines} if node.parents or node.label else lines, key=len)[-2:]
        for node, lines in room.items()
    }


def _picture(output: Value, nodes: list[Value], room: dict[Value, list[str]], gradients: dict[Value, float]) -> str:
    """The graph with its gradients, which is all that a reader without scripts sees.

    Each node is wide enough for its longest line. A large picture scrolls; it never becomes too small to read. The
    titles and comments of the renderer are left out.
    """
    shown = deepcopy(output)
    copies = dict(zip(nodes, topological_order(shown), strict=True))
    for node, copy in copies.items():
        copy.grad = gradients[node]
    svg = picture(shown, room={copy: room[node] for node, copy in copies.items()}).svg()
    svg = re.sub(r"<!--.*?-->\s*|<title>.*?</title>\s*", "", svg, flags=re.DOTALL)
    points = re.search(r'width="(\d+)pt"', svg)
    least = f"min-width: {points[1]}px; " if points else ""
    return svg.replace('<svg role="img"', '<svg id="graph" role="img"', 1).replace('style="', f'style="{least}', 1)


def _height(svg: str, rows: int) -> int:
    """The height of the page in a notebook, in pixels: its controls, and its picture or table up to a limit."""
    points = re.search(r'height="(\d+)pt"', svg)
    picture = int(points[1]) * 4 / 3 if points else 0
    return 455 + round(min(max(picture, 33 * rows), 440))


def _page(lang: str, svg: str, data: dict[str, Any], compute: str) -> str:
    page, script = (files(__package__).joinpath(f"stepper.{end}").read_text(encoding="utf-8") for end in ("html", "js"))
    program = f"const compute = (() => {{\nconst trained = [];\n{compute}\nreturn (row) => value([row])[0];\n}})();"
    script = script.replace("/*[[COMPUTE]]*/", program if compute else "const compute = null;")
    script = script.replace("  /*[[PAGE]]*/\n", common_script())
    filling = {"LANG": lang, "SVG": svg, "DATA": inert(data), "SCRIPT": policy([f"\n{script}"]), "CODE": script}
    return filled(page, filling)
