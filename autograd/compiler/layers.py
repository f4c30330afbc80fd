"""Layers in a graph: sums of products over the same inputs, which one loop computes.

    layer   sᵢ = startᵢ + wᵢ₁·x₁ + wᵢ₂·x₂ + …   with a row i of weights for each sum

A weighted sum is such a sum, and so is what flows back to a layer's input: a chain of additions of products with
weights. A weight is a parameter or a constant. This file knows no derivative.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from autograd.compiler.graph import Graph
from autograd.compiler.matrices import MIN_LAYER_PRODUCTS, Matrix, NumberTables
from autograd.rules import OPERATIONS
from autograd.value import Value

ADD, MULTIPLY, WEIGHTED_SUM = (OPERATIONS[name] for name in ("add", "mul", "weighted_sum"))

MIN_CHAIN_PRODUCTS = 4  # of a chain of additions that counts as a sum of products


@dataclass(frozen=True)
class Sum:
    """start + w₁·x₁ + w₂·x₂ + …, or without a start, w₁·x₁ + w₂·x₂ + …"""

    output: Value
    weights: Sequence[Value]
    inputs: Sequence[Value]
    start: Value | None

    @property
    def edges(self) -> int:
        """How many edges the graph has inside the sum."""
        if self.output.operation is WEIGHTED_SUM:
            return len(self.output.parents)
        return 4 * len(self.weights) - 2 * (self.start is None)


@dataclass(frozen=True)
class Layer:
    """Sums over the same inputs, and where their weights stand.

    starts   what each sum starts from; None for −0, the identity of IEEE addition
    biases   where the starts stand, if all of them are parameters or constants, or all −0; otherwise None
    """

    outputs: tuple[Value, ...]
    inputs: tuple[Value, ...]
    weights: Matrix
    starts: tuple[Value | None, ...]
    biases: Matrix | None


# Sums of products


def find_sums(
    nodes: Sequence[Value], uses: dict[Value, int], weights: Set[Value], shortest: int = MIN_CHAIN_PRODUCTS
) -> dict[Value, Sum]:
    """The sums of products with weights among the nodes, by their outputs. No node is part of two sums.

    A chain of additions is one from `shortest` products on.
    """
    sums: dict[Value, Sum] = {}
    inside: set[Value] = set()
    for node in reversed(nodes):
        its_sum = None
        if node in inside:
            continue
        if node.operation is WEIGHTED_SUM:
            its_sum = _weighted_sum(node, weights)
        elif node.operation is ADD:
            its_sum = _chain(node, uses, weights, inside, shortest)
        if its_sum is not None:
            sums[node] = its_sum
    return sums


def sums_of(
    nodes: Graph, ends: Sequence[Value], columns: dict[Value, int]
) -> tuple[Counter[Value], set[Value], dict[Value, Sum]]:
    """How often each node is used; the weights, which are the same for all rows; and the sums of products with them.

    Weights are parameters and constants: all leaves except the inputs, which have columns.
    """
    uses = Counter(parent for parents in nodes.values() for parent in parents)
    uses.update(ends)
    weights = {node for node in nodes if node.operation is None and node not in columns}
    return uses, weights, find_sums(list(nodes), uses, weights)


def _weighted_sum(node: Value, known: Set[Value]) -> Sum | None:
    *products, bias = node.parents
    half = len(products) // 2
    for weights, inputs in ((products[:half], products[half:]), (products[half:], products[:half])):
        if half and all(weight in known for weight in weights):
            return Sum(node, weights, inputs, bias)
    return None


def _chain(node: Value, uses: dict[Value, int], weights: Set[Value], inside: set[Value], shortest: int) -> Sum | None:
    """The sum ((start + w₁·x₁) + w₂·x₂) + … that ends in this node; nothing else uses a part of it."""
    terms: list[tuple[Value, Value]] = []
    within: list[Value] = []
    while node.operation is ADD:
        rest, last = node.parents
        factors = _factors(last, uses, weights)
        if factors is None or (within and uses[node] > 1):
            break
        terms.append(factors)
        within += [node, last]
        node = rest
    start: Value | None = node
    if terms and (factors := _factors(node, uses, weights)) is not None:
        terms.append(factors)
        within.append(node)
        start = None
    if len(terms) < shortest:
        return None
    output = within[0]
    inside.update(within[1:])
    terms.reverse()
    return Sum(output, [weight for weight, _ in terms], [x for _, x in terms], start)


def _factors(node: Value, uses: dict[Value, int], weights: Set[Value]) -> tuple[Value, Value] | None:
    """The weight and the other factor of a product that is used once; None for anything else."""
    if node.operation is not MULTIPLY or uses[node] > 1:
        return None
    x, y = node.parents
    if x in weights:
        return x, y
    return (y, x) if y in weights else None


def levels(graph: Graph, sums: dict[Value, Sum]) -> dict[Value, int]:
    """For each node the longest chain of sums that leads to it. Sums of one level don't depend on each other."""
    if not sums:
        return dict.fromkeys(graph, 0)
    level: dict[Value, int] = {}
    for node, parents in graph.items():
        its_sum = sums.get(node)
        if its_sum is None:
            level[node] = max([level[parent] for parent in parents], default=0)
        else:
            below = max((level[x] for x in its_sum.inputs), default=0)
            level[node] = 1 + max(below, _level_of(its_sum.start, level))
    return level


def _level_of(start: Value | None, level: dict[Value, int]) -> int:
    return -1 if start is None else level[start]


# Layers


def find_layers(
    sums: dict[Value, Sum], level: dict[Value, int], numbers: NumberTables, weights: Set[Value]
) -> list[Layer]:
    """Layers: sums over the same inputs. A layer's starts have one level, so that none depends on the layer's sums."""
    alike: dict[tuple[object, ...], list[Sum]] = defaultdict(list)
    for row in reversed(sums.values()):
        # Rows of constants stay apart from those with parameters: they needn't be gathered at each call
        has_parameters = any(weight in numbers for weight in row.weights)
        start = row.start is None, row.start in weights
        alike[tuple(map(id, row.inputs)), has_parameters, _level_of(row.start, level), start].append(row)
    layers = []
    for rows in alike.values():
        if len(rows) * len(rows[0].weights) < MIN_LAYER_PRODUCTS:
            continue
        first = 0
        for count, matrix in numbers.matrices([row.weights for row in rows]):
            layers.append(_layer(rows[first : first + count], matrix, numbers, weights))
            first += count
    return layers


def _layer(rows: Sequence[Sum], matrix: Matrix, numbers: NumberTables, weights: Set[Value]) -> Layer:
    starts = tuple(row.start for row in rows)
    fixed = [[start] for start in starts if start is not None and start in weights]
    biases = numbers.matrix(fixed) if len(fixed) == len(rows) else None
    if all(start is None for start in starts):
        biases = numbers.repeated(-0.0)
    return Layer(tuple(row.output for row in rows), tuple(rows[0].inputs), matrix, starts, biases)
