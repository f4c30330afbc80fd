"""A page that goes through a sweep step by step: one HTML file that loads nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from copy import deepcopy
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from autograd.derivatives import reverse_sweep
from autograd.drawing.graph import picture
from autograd.explanation import WRONG_ORDERS, Step, steps
from autograd.files import replace
from autograd.naming import names
from autograd.node import require_value
from autograd.notation import number
from autograd.sweep import topological_order
from autograd.value import Value

LANGUAGES = ("en", "ko")
MAX_NODES = 200
MAX_EDGES = 1_000
MAX_STEPS = 2_000  # of a wrong order, which uses edges again and again
MAX_INPUTS = 24  # that the page offers for the forward sweep; any other can be chosen with wrt=


@dataclass(frozen=True)
class Stepper:
    """A page that steps through the sweeps of a graph. A notebook shows it; `save` writes it as .html.

    page    the HTML
    height  the height in pixels that it takes in a notebook
    """

    page: str = field(repr=False)  # not in the repr, which a notebook would store beside the page
    height: int

    def html(self) -> str:
        """The whole page as HTML."""
        return self.page

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that ends in .html; return the path.

        Readers of the file see the old page or the new one, never a partial one.

        Raises ValueError for another ending, or if something other than a regular file is there; OSError if the file
        cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".html":
            raise ValueError(f"a stepper's file name must end in .html, got {path.name!r}")
        replace(path, self.page.encode())
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="pathgrad stepper" sandbox="allow-scripts" width="100%" height="{self.height}" '
            f'style="width: 100%; height: {self.height}px; border: 0" srcdoc="{html.escape(self.page)}"></iframe>'
        )


def stepper(output: Value, *, wrt: Value | None = None, lang: str = "en") -> Stepper:
    """A page that goes through the sweeps of output's graph, one edge at a time, forwards and backwards.

    It highlights the current node and edge, and shows the arithmetic of the step and the gradients so far. The reader
    chooses between the reverse sweep, a forward sweep, and the two wrong orders of `steps`. Where scripts are blocked,
    the page shows the picture with the gradients of the reverse sweep. No `.grad` is shown or changed.

    wrt   the input of the forward sweep; without it the page offers up to 24 labelled leaves or, if none has a label,
          the oldest leaf
    lang  the language at first, "en" or "ko"

    Raises TypeError for anything but Values, and ValueError for another language, for a `wrt` that is not in the graph,
    and for a graph of more than 200 nodes or 1,000 edges.

    >>> x = Value(3, "x")
    >>> page = stepper(x * x).html()
    >>> "x.grad ← 3 + 1·3 = 6" in page
    True
    """
    output = require_value(output, "stepper's output")
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    nodes = topological_order(output)
    if len(nodes) > MAX_NODES:
        raise ValueError(f"the limit is {MAX_NODES} nodes, got a graph of {len(nodes):,}")
    edges = sum(len(node.parents) for node in nodes)
    if edges > MAX_EDGES:
        raise ValueError(f"the limit is {MAX_EDGES:,} edges, got a graph with {edges:,}")
    if wrt is not None and require_value(wrt, "stepper's wrt") not in nodes:
        raise ValueError(f"wrt must be a node of the graph, got {wrt!r:.80}, which is not in it")
    sweeps = _sweeps(output, _inputs(nodes) if wrt is None else [wrt])
    arriving = [step for sweep in sweeps for step in sweep.steps or [] if step.phase != "value"]
    widest = {step.target: step.after for step in sorted(arriving, key=lambda step: len(number(step.after)))}
    svg = _picture(output, nodes, widest, reverse_sweep(output).derivatives)
    page = _page(lang, svg, _data(nodes, sweeps))
    return Stepper(page, _height(svg, len(nodes)))


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


def _data(nodes: list[Value], sweeps: list[_Sweep]) -> dict[str, Any]:
    """The data of the page's script: nodes as places in the topological order, numbers as text."""
    place = {node: i for i, node in enumerate(nodes)}

    def row(step: Step) -> list[Any]:
        parent = None if step.parent is None else place[step.parent]
        numbers = (step.upstream, step.local, step.product, step.before, step.after)
        shown = [None if x is None else number(x) for x in numbers]
        return [step.phase, place[step.node], parent, step.edge, place[step.target], *shown, step.text]

    called = names(nodes)
    right = sweeps[0].steps or []
    rights = _ends(right)
    choices: list[dict[str, Any]] = []
    for sweep in sweeps:
        choice: dict[str, Any] = {"kind": sweep.kind, "steps": None}
        if sweep.steps is not None:
            choice["steps"] = [row(step) for step in sweep.steps if step.phase != "value"]
            if sweep.kind in WRONG_ORDERS:
                ends = _ends(sweep.steps)
                choice["differences"] = [
                    [place[node], number(ends[node]), number(rights[node])]
                    for node in nodes
                    if not _same(ends[node], rights[node])
                ]
        if sweep.wrt is not None:
            choice["wrt"] = place[sweep.wrt]
        choices.append(choice)
    return {
        "nodes": [[called[node], number(node.data), [place[parent] for parent in node.parents]] for node in nodes],
        "values": [row(step) for step in right if step.phase == "value"],  # every sweep begins with them
        "sweeps": choices,
        "most": f"{MAX_STEPS:,}",
    }


def _wrong(output: Value, order: str) -> list[Step] | None:
    """The steps of a wrong order; None if there are more than MAX_STEPS."""
    try:
        return steps(output, order=order, limit=MAX_STEPS)
    except ValueError:
        return None


def _ends(sweep: list[Step]) -> dict[Value, float]:
    return {step.target: step.after for step in sweep if step.phase != "value"}


def _same(x: float, y: float) -> bool:
    """Whether two numbers are equal up to rounding, which depends on the order of a sum."""
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-300) or (math.isnan(x) and math.isnan(y))


def _picture(output: Value, nodes: list[Value], widest: dict[Value, float], gradients: dict[Value, float]) -> str:
    """The graph with its gradients, which is all that a reader without scripts sees.

    Each node is wide enough for its widest number. A large picture scrolls; it never becomes too small to read. The
    titles and comments of the renderer are left out.
    """
    shown = deepcopy(output)
    copies = dict(zip(nodes, topological_order(shown), strict=True))
    for node, copy in copies.items():
        copy.grad = gradients[node]
    svg = picture(shown, room={copy: widest[node] for node, copy in copies.items() if node in widest}).svg()
    svg = re.sub(r"<!--.*?-->\s*|<title>.*?</title>\s*", "", svg, flags=re.DOTALL)
    points = re.search(r'width="(\d+)pt"', svg)
    least = f"min-width: {points[1]}px; " if points else ""
    return svg.replace('<svg role="img"', '<svg id="graph" role="img"', 1).replace('style="', f'style="{least}', 1)


def _height(svg: str, rows: int) -> int:
    """The height of the page in a notebook, in pixels: its controls, and its picture or table up to a limit."""
    points = re.search(r'height="(\d+)pt"', svg)
    picture = int(points[1]) * 4 / 3 if points else 0
    return 420 + round(min(max(picture, 33 * rows), 440))


def _page(lang: str, svg: str, data: dict[str, Any]) -> str:
    """The filled template. One pass fills all places, so text that is filled in cannot be taken for a place."""
    template = files(__package__).joinpath("stepper.html").read_text(encoding="utf-8")
    script = template.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    filling = {"LANG": lang, "SVG": svg, "DATA": _inert(data), "SCRIPT": f"sha256-{digest}"}
    return re.sub(r"\[\[(LANG|SVG|DATA|SCRIPT)\]\]", lambda place: filling[place[1]], template)


def _inert(data: dict[str, Any]) -> str:
    """JSON in which no character can end the HTML element around it, or a line of script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda character: f"\\u{ord(character[0]):04x}", text)
