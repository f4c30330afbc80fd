"""The names of nodes: the same in paths, steps, explanations, pictures and the step-through page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autograd.notation import LOWERED, number, symbol
from autograd.value import Value

FORMULA = r"[\w)] ?(?:\*\*|[+*/^·×÷]) ?[\w(]|[\w)] [-−] [\w(]|^[-−√]"
MAX_LABEL_CHARACTERS = 60  # of a label that is shown


def names(order: Sequence[Value], wrt: Value | None = None, *, in_formulas: bool = True) -> dict[Value, str]:
    """A different name for each node of a topological order.

    The name of a node is its label; a constant without a label is called by its number. A node without either, or with
    the same label as another node, is called v₁, v₂, … in topological order, constants last. The
    input `wrt` gets such a name if it has no label, because one does not differentiate with respect to a number. With
    `in_formulas`, a node that is labelled "a + b" gets one, too, because ∂a + b/∂a would be misread.

    >>> from autograd import topological_order
    >>> x = Value(2.0, "x")
    >>> list(names(topological_order(x * x + 1.0)).values())
    ['x', 'v₁', '1', 'v₂']
    """
    plain = {node: own_name(node) for node in order}
    if in_formulas:
        plain |= {node: "" for node in order if node.label and re.search(FORMULA, plain[node])}
    used = Counter(plain.values())
    free = _free({symbol(name) for name in used})
    constants = [node for node in order if not (node.label or node.parents or node is wrt)]
    others = [node for node in order if node.label or node.parents]
    numbered = [node for node in (*others, *constants) if not plain[node] or used[plain[node]] > 1]
    if wrt is not None and not (wrt.label or wrt.parents):
        numbered.append(wrt)
    return plain | dict(zip(numbered, free, strict=False))


def own_name(node: Value) -> str:
    """The label as `one_line` shows it; without a label a constant's number, and "" for any other node."""
    return one_line(node.label).strip() or ("" if node.parents else number(node.data))


def one_line(text: str, longest: int = MAX_LABEL_CHARACTERS) -> str:
    r"""A user's text on one line, at most `longest` characters long, with a space for each that cannot be printed.

    >>> one_line("two\nlines"), one_line("abcdef", 5)
    ('two lines', 'abcd…')
    """
    shown = "".join(c if c.isprintable() else " " for c in text[:longest])
    return shown if len(text) <= longest else f"{shown[:-1]}…"


def _free(taken: set[str]) -> Iterator[str]:
    count = 0
    while True:
        count += 1
        name = f"v{str(count).translate(LOWERED)}"
        if name not in taken:
            yield name
