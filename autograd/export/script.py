"""A graph as a JavaScript module, for pages that compute without this package."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from autograd.export.script_code import array, code
from autograd.node import require_value
from autograd.rules import as_tuple
from autograd.value import Value

MAX_NAMES = 24  # in the module's first lines


def javascript(
    loss: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] = (),
    *,
    gradient: bool = True,
) -> str:
    """The recorded graph of one row as the text of an ES module, which needs nothing else.

    loss        the node to compute; without the gradient, also a sequence of nodes
    inputs      the leaves that each row gives numbers to, column by column
    parameters  the leaves that are the same for all rows; other leaves are constants
    gradient    whether the module has the gradient; if not, it is half as long

    The module exports `trained`, the parameters' numbers as they are now, and one function:

        valueAndGradient(rows, parameters = trained)   {values, gradient}: one value for each row, and Σ over rows of
                                                       ∂loss/∂parameter
        value(rows, parameters = trained)              without the gradient: one value for each row; of several
                                                       outputs, an array for each row

    It is compiled from the same plan as `autograd.compile`, so + − × ÷ √ and comparisons have the graph engine's bits,
    and sums over rows are added in the same order. The last bits of other functions, such as exp, are the browser's:
    docs/export.md has the errors. The operations that branch choose row by row, while a Python `if` is frozen.

    Raises TypeError for what isn't a Value; ValueError for no output, for several outputs with a gradient, for an
    input or parameter that isn't a leaf or is listed twice, for a function that JavaScript lacks, and for a graph
    of more than 100,000 instructions in straight code.

    >>> w, x = Value(2.0, "w"), Value(1.0, "x")
    >>> text = javascript(w * x, [x], [w])
    >>> "export { trained, valueAndGradient };" in text
    True
    """
    single = isinstance(loss, Value)
    outputs = [loss] if isinstance(loss, Value) else as_tuple(loss, "javascript's loss")
    if not outputs or (gradient and not single):
        raise ValueError(f"javascript needs one loss, or outputs and gradient=False, got {len(outputs)} outputs")
    for output in outputs:
        require_value(output, "javascript's loss")
    columns, numbers = _leaves(inputs, parameters)
    text = code(outputs, columns, numbers, of=outputs[0] if gradient else None, single=single)
    door = "valueAndGradient" if gradient else "value"
    parts = (
        _heading(outputs, columns, numbers),
        f"const trained = {array([node.data for node in numbers])};",
        text,
        f"export {{ trained, {door} }};",
    )
    return "\n\n".join(parts) + "\n"


def _leaves(inputs: Iterable[Value], parameters: Iterable[Value]) -> tuple[list[Value], list[Value]]:
    """The inputs and the parameters, each a leaf and listed once."""
    groups: list[list[Value]] = []
    known: set[Value] = set()
    for what, nodes in (("inputs", inputs), ("parameters", parameters)):
        if isinstance(nodes, Value):
            raise TypeError(f"javascript's {what} must be a sequence of Values; for a single one write [x]")
        groups.append([require_value(node, f"each of javascript's {what}") for node in as_tuple(nodes, what)])
        for node in groups[-1]:
            if node.operation is not None:
                raise ValueError(f"javascript's {what} must be leaves of the graph, got the result of {node.op}")
            if node in known:
                raise ValueError(f"{node.label or repr(node)} is listed twice among inputs and parameters")
            known.add(node)
    return groups[0], groups[1]


def _heading(outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]) -> str:
    """Comment lines that say what a row, the parameters and the outputs are called."""
    groups = (("a row", inputs), ("parameters", parameters), ("computed", outputs))
    lines = [f"{what}: {len(nodes)} number{'s' * (len(nodes) != 1)}{_called(nodes)}" for what, nodes in groups]
    return "\n".join(f"// {line}" for line in ["Written by pathgrad, autograd.export.javascript.", *lines])


def _called(nodes: Sequence[Value]) -> str:
    labels = [node.label for node in nodes[:MAX_NAMES]]
    if not any(labels):
        return ""
    more = ", …" if len(nodes) > MAX_NAMES else ""
    # No label ends the comment or, where the text stands in a page, the script
    return f": {', '.join(json.dumps(label) for label in labels)}{more}".replace("<", "\\u003c")
