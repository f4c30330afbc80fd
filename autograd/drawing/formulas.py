"""What a picture may say in place of numbers: formulas in the nodes, and names on the edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograd.naming import one_line
from autograd.notation import Style, number, symbol, written
from autograd.value import Value

MAX_TERMS = 4  # of a sum that is written out
MAX_NAME_CHARACTERS = 24  # of a name within a formula, and on an edge
WRITTEN_OUT = {"add", "sub", "mul", "div", "neg", "square", "pow"}  # by their rule's text; others as f(x, y)
SUMS = {"add", "total"}

Edge = tuple[Value, int]
"""A child, and the place of the edge's parent among its parents."""


def shown_name(name: str) -> str:
    """A node's name as mathematics writes it, at most 24 characters long.

    >>> shown_name("w12"), shown_name("x" * 30)
    ('w₁₂', 'xxxxxxxxxxxxxxxxxxxxxxx…')
    """
    name = one_line(name, MAX_NAME_CHARACTERS).strip()
    return symbol(name) if name.isidentifier() else name


def formula(node: Value, names: Mapping[Value, str]) -> str:
    """How a node was computed from its parents; "" for a leaf. Constants without a label are numbers in it.

    >>> from autograd import weighted_sum
    >>> a, b = Value(2.0, "a"), Value(1.0, "b")
    >>> names = {a: "a", b: "b"}
    >>> formula(a + b, names), formula(a * -0.5, names), formula(weighted_sum([a], [b], 1.0), names)
    ('a + b', 'a·(−0.5)', 'a·b + 1')
    """
    operation = node.operation
    if operation is None or not node.parents:
        return ""
    parts = [_part(parent, names) for parent in node.parents]
    words = [number(part) if isinstance(part, float) else part for part in parts]
    if node.op == "weighted_sum":
        weights, inputs, bias = operation.grouped(parts)
        terms = [written("w * x", {"w": w, "x": x}) for w, x in zip(weights, inputs, strict=True)]
        return _sum([*terms, "" if bias == 0.0 else number(bias) if isinstance(bias, float) else bias])
    if node.op == "total":
        return _sum(words)
    if node.op in WRITTEN_OUT:
        return written(operation.value, dict(zip(operation.arguments, parts, strict=True)))
    listed = words if len(words) <= MAX_TERMS else [*words[: MAX_TERMS - 1], Style.dots]
    return f"{operation.symbol}({', '.join(listed)})"


def _part(parent: Value, names: Mapping[Value, str]) -> float | str:
    return parent.data if is_constant(parent) else shown_name(names[parent])


def is_constant(node: Value) -> bool:
    """Whether a node is just a number: a leaf without a label."""
    return not node.parents and not node.label.strip()


def _sum(terms: list[str]) -> str:
    terms = [term for term in terms if term]
    if len(terms) > MAX_TERMS:
        terms = [*terms[: MAX_TERMS - 2], Style.dots, terms[-1]]
    text = " + ".join(terms)
    return text.replace("+ −", "− ") or "0"


@dataclass
class NamedEdges:
    """Which names stand on edges, and which nodes are not drawn because of it.

    names    edge → the name of its derivative
    hidden   nodes that only carry a name, and products and partial sums that an edge with a name stands for
    through  a hidden product or partial sum → the sum that its edges lead to
    """

    names: dict[Edge, str] = field(default_factory=dict)
    hidden: set[Value] = field(default_factory=set)
    through: dict[Value, Value] = field(default_factory=dict)

    def end(self, node: Value) -> Value:
        """The node that is drawn where an edge into this one ends."""
        while node in self.through:
            node = self.through[node]
        return node


def named_edges(order: Sequence[Value], kept: set[Value]) -> NamedEdges:
    """The names of edges whose derivative is a labelled leaf's number: w for ∂(w·x)/∂x, wᵢ for a weighted sum's xᵢ.

    Such a leaf is hidden if that is all it is used for, and the product w·x, too, if it has no name and goes into one
    sum. Where both factors of a product are such leaves, the one that is used less carries the name. `kept` are nodes
    that are drawn in any case.
    """
    uses: Counter[Value] = Counter(parent for node in order for parent in node.parents)
    carried: dict[Value, list[tuple[Edge, Edge]]] = defaultdict(list)  # carrier → (its edge, the edge with its name)
    found = NamedEdges()
    for node in order:
        bias = node.parents[-1] if node.op == "weighted_sum" else None
        if bias is not None and is_constant(bias) and bias.data == 0 and uses[bias] == 1 and bias not in kept:
            found.hidden.add(bias)  # a sum without a bias has this one
        for own, other in _factors(node, uses, kept):
            carried[node.parents[own]].append(((node, own), (node, other)))
    for carrier, edges in carried.items():
        for _, named in edges:
            found.names[named] = shown_name(carrier.label)
        if len(edges) == uses[carrier] and carrier not in kept:
            found.hidden.add(carrier)
    _merge_sums(order, found, kept)
    return found


def _factors(node: Value, uses: Counter[Value], kept: set[Value]) -> list[tuple[int, int]]:
    """(place of the leaf that gives its name, place of the parent whose edge gets it) for each product in a node."""
    parents = node.parents

    def can_carry(i: int) -> bool:
        return not parents[i].parents and bool(parents[i].label.strip()) and parents[i] not in kept

    if node.op == "mul" and parents[0] is not parents[1]:
        able = [i for i in (0, 1) if can_carry(i)]
        chosen = min(able, key=lambda i: uses[parents[i]], default=None)
        return [] if chosen is None else [(chosen, 1 - chosen)]
    if node.op == "weighted_sum" and node.operation is not None:
        count = (len(parents) - 1) // 2
        inputs = set(parents[count:])
        return [(i, count + i) for i in range(count) if can_carry(i) and parents[i] not in inputs]
    return []


def _merge_sums(order: Sequence[Value], found: NamedEdges, kept: set[Value]) -> None:
    children: dict[Value, list[Value]] = defaultdict(list)
    for node in order:
        for parent in node.parents:
            children[parent].append(node)
    for node in order:
        if node.label.strip() or node in kept or len(children[node]) != 1:
            continue
        (child,) = children[node]
        is_product = node.op == "mul" and any(parent in found.hidden for parent in node.parents)
        if child.op in SUMS and (is_product or node.op in SUMS):
            found.hidden.add(node)
            found.through[node] = child
