"""A page on which a sweep is walked through step by step: one HTML file, and nothing it needs from elsewhere."""

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
MAX_STEPS = 2_000  # of a wrong order, which visits edges again and again
MAX_INPUTS = 24  # that a forward sweep is offered from; any other is named with wrt=


@dataclass(frozen=True)
class Stepper:
    """A page to step through the sweeps of a graph: shows itself in a notebook, saves itself as .html."""

    page: str = field(repr=False)  # a notebook keeps the repr beside the page
    height: int

    def html(self) -> str:
        """The whole page, as it stands in a file."""
        return self.page

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that ends in .html. Returns the path.

        The file is the old one or the new one, never a part.

        Raises ValueError for another ending, or where something else than a file has that path; OSError where the file
        can't be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".html":
            raise ValueError(f"a stepper is saved as .html, not as {path.name!r}")
        replace(path, self.page.encode())
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="pathgrad stepper" sandbox="allow-scripts" width="100%" height="{self.height}" '
            f'style="width: 100%; height: {self.height}px; border: 0" srcdoc="{html.escape(self.page)}"></iframe>'
        )


def stepper(output: Value, *, wrt: Value | None = None, lang: str = "en") -> Stepper:
    """A page that walks through the sweeps of output's graph, forward and back, one edge at a time.

    It shows the graph with the current node and edge lit, the step's arithmetic, and the gradients so far.
    Where scripts are blocked, the picture is there with the gradients at the end of the reverse sweep.
    The reader chooses between the reverse sweep, the forward sweep from an input, and two wrong orders:
    those that `steps` gives. `wrt` is the input of the forward sweep; without it each labelled leaf is
    offered, up to 24, or where none has a label the oldest leaf. `lang` is the language at first, "en" or
    "ko". The graph's own `grad` is neither shown nor touched.

    Raises TypeError for what isn't a Value; ValueError for an unknown language, for a `wrt` that is not in
    the graph, and for a graph of more than 200 nodes or 1,000 edges.

    >>> x = Value(3, "x")
    >>> page = stepper(x * x).html()
    >>> "x.grad ← 3 + 1·3 = 6" in page
    True
    """
    output = require_value(output, "stepper: output")
    if lang not in LANGUAGES:
        raise ValueError(f"the language is one of {', '.join(LANGUAGES)}, not {lang!r}")
    nodes = topological_order(output)
    if len(nodes) > MAX_NODES:
        raise ValueError(f"the graph has {len(nodes):,} nodes, and nobody steps through more than {MAX_NODES}")
    edges = sum(len(node.parents) for node in nodes)
    if edges > MAX_EDGES:
        raise ValueError(f"the graph has {edges:,} edges, and nobody steps through more than {MAX_EDGES:,}")
    if wrt is not None and require_value(wrt, "stepper: wrt") not in nodes:
        raise ValueError("wrt is not in the graph, so that a forward sweep from it reaches nothing")
    found = _sweeps(output, _inputs(nodes) if wrt is None else [wrt])
    arriving = [step for sweep in found for step in sweep.steps or [] if step.phase != "value"]
    widest = {step.target: step.after for step in sorted(arriving, key=lambda step: len(number(step.after)))}
    svg = _picture(output, nodes, widest, reverse_sweep(output).derivatives)
    page = _page(lang, svg, _data(nodes, found))
    return Stepper(page, _height(svg, len(nodes)))


def _inputs(nodes: list[Value]) -> list[Value]:
    """Where forward sweeps start: at labelled leaves, or else at the oldest, since x is older than the 2 of x·2."""
    leaves = [node for node in nodes if not node.parents]
    return [leaf for leaf in leaves if leaf.label][:MAX_INPUTS] or leaves[:1]


@dataclass(frozen=True)
class _Sweep:
    """A choice on the page: its steps, None where there are too many to follow, and where it starts if forward."""

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
    """What the page's script reads: nodes by their places in the topological order, numbers as they are shown."""
    place = {node: i for i, node in enumerate(nodes)}

    def told(step: Step) -> list[Any]:
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
            choice["steps"] = [told(step) for step in sweep.steps if step.phase != "value"]
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
        "values": [told(step) for step in right if step.phase == "value"],  # with which each sweep begins
        "sweeps": choices,
        "most": f"{MAX_STEPS:,}",
    }


def _wrong(output: Value, order: str) -> list[Step] | None:
    """The steps of a wrong order, or None where nobody would follow them to the end."""
    try:
        return steps(output, order=order, most=MAX_STEPS)
    except ValueError:
        return None


def _ends(found: list[Step]) -> dict[Value, float]:
    return {step.target: step.after for step in found if step.phase != "value"}


def _same(x: float, y: float) -> bool:
    """Whether they differ by rounding at most, as sums in another order do."""
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-300) or (math.isnan(x) and math.isnan(y))


def _picture(output: Value, nodes: list[Value], widest: dict[Value, float], gradients: dict[Value, float]) -> str:
    """The graph with its gradients, room in each node for its widest number, and without the renderer's own names.

    So it is what a reader sees where no script runs. It is never smaller than can be read, but scrolls in its box.
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
    """The pixels that the page takes in a notebook: its picture or its table, within reason, and its controls."""
    found = re.search(r'height="(\d+)pt"', svg)
    picture = int(found[1]) * 4 / 3 if found else 0
    return 420 + round(min(max(picture, 33 * rows), 440))


def _page(lang: str, svg: str, data: dict[str, Any]) -> str:
    """The template with its places filled, in one pass: what is filled in is not read again."""
    template = files(__package__).joinpath("stepper.html").read_text(encoding="utf-8")
    script = template.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    filling = {"LANG": lang, "SVG": svg, "DATA": _inert(data), "SCRIPT": f"sha256-{digest}"}
    return re.sub(r"\[\[(LANG|SVG|DATA|SCRIPT)\]\]", lambda place: filling[place[1]], template)


def _inert(data: dict[str, Any]) -> str:
    """JSON in which nothing can end the element it stands in, or a line of script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
