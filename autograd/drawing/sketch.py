"""What a graph shows as people sketch it: formulas in the nodes, and names on the edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from autograd.naming import one_line
from autograd.notation import number
from autograd.paths import edge_labels
from autograd.value import Value

MAX_ARGUMENTS = 9  # that a formula lists


def formula(node: Value, called: Mapping[Value, str]) -> str:
    """The right side of "c = a + b", in the names of the nodes and with the numbers of constants; "" for a leaf."""
    if node.operation is None:
        return ""
    sign = node.operation.symbol
    inputs = [called[parent] if parent.parents or parent.label else number(parent.data) for parent in node.parents]
    if node.op == "square":
        return f"{inputs[0]}²"
    if node.op == "weighted_sum" and len(inputs) < 2 * MAX_ARGUMENTS:
        half = len(inputs) // 2
        products = [f"{w}·{x}" for w, x in zip(inputs[:half], inputs[half:-1], strict=True)]
        return " + ".join(products if _is_nothing(node.parents[-1]) else [*products, inputs[-1]])
    if len(inputs) == 2 and not sign.isidentifier():
        return sign.join(inputs) if sign == "^" else f" {sign} ".join(inputs)
    return f"{sign}({', '.join(inputs if len(inputs) <= MAX_ARGUMENTS else [*inputs[: MAX_ARGUMENTS - 1], '…'])})"


def _is_nothing(node: Value) -> bool:
    """Whether a node is the constant 0, such as the bias of a weighted sum that has none."""
    return not (node.parents or node.label) and node.data == 0


def names_on_edges(order: Sequence[Value]) -> tuple[dict[tuple[Value, int], str], set[Value]]:
    """For each edge (child, place of the parent) the label of its local derivative; and the nodes to leave out.

    Left out are the leaves that are there for their name on another edge alone, such as α in α·x where nothing else
    uses α, and zeros that are added.
    """
    names: dict[tuple[Value, int], str] = {}
    left_out: set[Value] = set()
    uses = Counter(parent for node in order for parent in node.parents)
    for node in order:
        labels = [one_line(label).strip() for label in edge_labels(node)]
        names |= {(node, k): label for k, label in enumerate(labels) if label}
        shown = {parent.label for parent in node.parents} & set(labels)
        carriers: set[Value] = set()
        for parent, label in zip(node.parents, labels, strict=True):
            is_carrier = not parent.parents and parent.label in shown and uses[parent] == 1
            if is_carrier and label not in {carrier.label for carrier in carriers}:
                carriers.add(parent)
        if node.op in ("weighted_sum", "add"):
            carriers |= {parent for parent in node.parents if _is_nothing(parent)}
        left_out |= carriers
    return names, left_out
