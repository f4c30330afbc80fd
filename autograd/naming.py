"""What the nodes of a graph are called, the same in paths, steps, explanations, pictures and the step-through page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autograd.notation import LOWERED, number, symbol
from autograd.value import Value

FORMULA = r"[\w)] ?(?:\*\*|[+*/^·×÷]) ?[\w(]|[\w)] [-−] [\w(]|^[-−√]"
LONGEST = 60  # characters of a label that are shown


def names(order: Sequence[Value], wrt: Value | None = None, *, in_formulas: bool = True) -> dict[Value, str]:
    """A name for each node of a topological order, no two alike.

    A node is called by its label, and a constant without one by its number. Where there is neither, or where
    another node has the same, it is v₁, v₂, … in topological order, constants last. So is an input `wrt`
    without a label: nobody differentiates by a number. In formulas, so is what is labelled "a + b", since
    ∂a + b/∂a would be read amiss.

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
    """A node's label on one line, not too long, and of characters that can be printed; a constant's number."""
    return one_line(node.label).strip() or ("" if node.parents else number(node.data))


def one_line(text: str, longest: int = LONGEST) -> str:
    r"""A user's text on one line, not too long, and of characters that can be printed.

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
