"""A graph as DOT: nodes with label, value and gradient, edges with the local derivative."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

from autograd.drawing.render import render
from autograd.ieee import shown
from autograd.value import Value, as_node, topological_order

LARGEST = 2_000  # nodes; a larger picture takes the renderer minutes, and the reader more
LARGE = (
    50  # nodes; above it edges are straight and the layout's search is short, or a node with many edges takes minutes
)
LONGEST_LABEL = 60  # characters of a label that a node shows

HURRY = "  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.3]\n"

HEAD = """digraph {
  graph [rankdir=LR, nodesep=0.3, ranksep=0.6, bgcolor=transparent]
  node [shape=plain, fontname="Helvetica", fontsize=12]
  edge [fontname="Helvetica", fontsize=11, color="#5f6b7a", fontcolor="#8a3b12", arrowsize=0.7]
"""


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph: shows itself in a notebook, saves itself as .svg or .dot."""

    dot: str

    def svg(self) -> str:
        """The picture as SVG, which scales to the width of its page."""
        return render(self.dot)

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file whose ending says how: .svg or .dot. Returns the path.

        Raises ValueError for another ending, OSError where the file can't be written.
        """
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in {".svg", ".dot"}:
            raise ValueError(f"a drawing is saved as .svg or .dot, not as {path.name!r}")
        text = self.svg() if ending == ".svg" else self.dot
        path.write_text(text, encoding="utf-8")
        return path

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(output: Value) -> Drawing:
    """Draw the graph of output, parents left of children.

    A node shows its label, its operation, its value and, once a `backward` has reached it, its gradient
    ∂/∂node. An edge shows the local derivative ∂child/∂parent; two edges between the same nodes show
    one each. A weighted sum is a node of its own kind, a constant is small.

    Raises ValueError for a graph of more than 2,000 nodes.
    """
    order = topological_order(as_node(output, "draw"))
    if len(order) > LARGEST:
        raise ValueError(f"the graph has {len(order):,} nodes, and a picture of more than {LARGEST:,} can't be read")
    number = {node: i for i, node in enumerate(order)}
    # Ids are places in the topological order: n2 is the third node, e2_0 its edge to its first parent
    lines = [f'  n{i} [id="n{i}" label=<{_node(node)}>]' for node, i in number.items()]
    lines += [
        f'  n{number[parent]} -> n{number[node]} [id="e{number[node]}_{k}" label=" {_number(partial)} "]'
        for node in order
        for k, (parent, partial) in enumerate(zip(node.parents, node.partials, strict=True))
    ]
    head = HEAD + HURRY if len(order) > LARGE else HEAD
    return Drawing(head + "\n".join(lines) + "\n}\n")


def _node(node: Value) -> str:
    """The node's box, as one of Graphviz's HTML-like tables: the deck's picture of a neuron's parts."""
    rows = [f"data {_number(node.data)}"]
    if node.has_grad:
        rows.append(f"grad {_number(node.grad)}")
    if node.operation is None and not node.label:
        return f'<font point-size="9">{"<br/>".join(rows)}</font>'
    operation = f"<b>{_text(node.operation.symbol)}</b>" if node.operation else ""
    name = _text(node.label)
    heading = "  ".join(part for part in (name, operation) if part)
    color = "#dbe9f6" if node.operation is None else "#fdebd0" if node.operation.name == "weighted_sum" else "#eef0f2"
    cells = f'<tr><td bgcolor="{color}">{heading}</td></tr>'
    cells += "".join(f'<tr><td bgcolor="#ffffff">{row}</td></tr>' for row in rows)
    return f'<table border="0" cellborder="1" cellspacing="0" cellpadding="4" color="#5f6b7a">{cells}</table>'


def _text(label: str) -> str:
    """A user's label as text: on one line, not too long, and with nothing left that DOT or SVG could read."""
    label = "".join(c if c.isprintable() else " " for c in label)
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    # Graphviz replaces \N, \G and the like in any text, even in one written as entities, unless a tag parts the two.
    return html.escape(label).replace("\\", '<font color="black">&#92;</font>')


def _number(number: float) -> str:
    return shown(number).replace("-", "−")
