"""What a graph has of layers: sums of products that read the same numbers, which a loop computes as well.

    layer     sᵢ = startᵢ + wᵢ₁·x₁ + wᵢ₂·x₂ + …   for rows i of weights that stand at even distances
    product   gᵢⱼ = δᵢ·xⱼ                           summed over the rows of data: a layer's gradient

A weighted sum is such a sum, and so is what flows back to a layer's input: a chain of additions of
products with weights. Nothing here knows a derivative, or which of the two a sum is.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd.rules import OPERATIONS
from autograd.value import Value

ADD, MULTIPLY, WEIGHTED_SUM = (OPERATIONS[name] for name in ("add", "mul", "weighted_sum"))

SHORTEST = 4  # products of a chain of additions that may be a layer's
SMALLEST = 24  # products of a layer that is worth a loop


class Grid(NamedTuple):
    """Numbers at even distances: that of row i and column j is at first + i·row + j·column."""

    first: int
    row: int
    column: int


@dataclass(frozen=True)
class Sum:
    """start + w₁·x₁ + w₂·x₂ + …; without a start, it begins with the first product."""

    output: Value
    weights: Sequence[Value]
    inputs: Sequence[Value]
    start: Value | None


@dataclass(frozen=True)
class Layer:
    """Sums over the same inputs, and where their weights stand among the numbers."""

    outputs: tuple[Value, ...]
    inputs: tuple[Value, ...]
    weights: Grid
    starts: tuple[Value | None, ...]
    biases: Grid | None
    """Where all starts stand among the numbers, evenly; None if they don't."""


@dataclass(frozen=True)
class Products:
    """δᵢ·xⱼ for all i and j, and where they belong in the gradient."""

    upstream: tuple[Value, ...]
    inputs: tuple[Value, ...]
    gradient: Grid


class Numbers:
    """What the code reads beside rows of data: the parameters first, then constant weights of layers."""

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.index = {parameter: i for i, parameter in enumerate(parameters)}
        self.constants: list[float] = []

    def __contains__(self, node: Value) -> bool:
        return node in self.index

    def place(self, weights: Iterable[Value]) -> list[int]:
        """Where the weights are; constants get a place of their own, one after another."""
        found = []
        for weight in weights:
            place = self.index.get(weight)
            if place is None:
                place = len(self.index) + len(self.constants)
                self.constants.append(weight.data)
            found.append(place)
        return found


def find_sums(nodes: Sequence[Value], uses: dict[Value, int], is_weight: dict[Value, bool]) -> dict[Value, Sum]:
    """The sums of products with weights among the nodes, by their outputs; what is inside a sum is in no other.

    `is_weight` has True for a parameter and False for a constant; other nodes are not weights.
    """
    sums: dict[Value, Sum] = {}
    inside: set[Value] = set()
    for node in reversed(nodes):
        found = None
        if node in inside:
            continue
        if node.operation is WEIGHTED_SUM:
            found = _weighted_sum(node, is_weight)
        elif node.operation is ADD:
            found = _chain(node, uses, is_weight, inside)
        if found is not None:
            sums[node] = found
    return sums


def _weighted_sum(node: Value, is_weight: dict[Value, bool]) -> Sum | None:
    *products, bias = node.parents
    half = len(products) // 2
    for weights, inputs in ((products[:half], products[half:]), (products[half:], products[:half])):
        if half and all(weight in is_weight for weight in weights):
            return Sum(node, weights, inputs, bias)
    return None


def _chain(node: Value, uses: dict[Value, int], is_weight: dict[Value, bool], inside: set[Value]) -> Sum | None:
    """((start + w₁·x₁) + w₂·x₂) + … as it is found from its end, each part used for nothing else."""
    terms: list[tuple[Value, Value]] = []
    within: list[Value] = []
    while node.operation is ADD:
        rest, last = node.parents
        factors = _factors(last, uses, is_weight)
        if factors is None or (within and uses[node] > 1):
            break
        terms.append(factors)
        within += [node, last]
        node = rest
    start: Value | None = node
    if terms and (factors := _factors(node, uses, is_weight)) is not None:
        terms.append(factors)
        within.append(node)
        start = None
    if len(terms) < SHORTEST:
        return None
    output = within[0]
    inside.update(within[1:])
    terms.reverse()
    return Sum(output, [weight for weight, _ in terms], [x for _, x in terms], start)


def _factors(node: Value, uses: dict[Value, int], is_weight: dict[Value, bool]) -> tuple[Value, Value] | None:
    """A product's weight and its other factor, if it is a product and used once."""
    if node.operation is not MULTIPLY or uses[node] > 1:
        return None
    x, y = node.parents
    if x in is_weight:
        return x, y
    return (y, x) if y in is_weight else None


def levels(graph: dict[Value, tuple[Value, ...]], sums: dict[Value, Sum]) -> dict[Value, int]:
    """How many sums lie one above another up to each node; sums of one level don't depend on one another."""
    if not sums:
        return dict.fromkeys(graph, 0)
    level: dict[Value, int] = {}
    for node, parents in graph.items():
        found = sums.get(node)
        if found is None:
            level[node] = max([level[parent] for parent in parents], default=0)
        else:
            below = max((level[x] for x in found.inputs), default=0)
            level[node] = 1 + max(below, _level_of(found.start, level))
    return level


def _level_of(start: Value | None, level: dict[Value, int]) -> int:
    return -1 if start is None else level[start]


def find_layers(
    sums: dict[Value, Sum], level: dict[Value, int], numbers: Numbers, is_weight: dict[Value, bool]
) -> list[Layer]:
    """The sums of the same inputs, with starts of one level and weights at even distances, as layers.

    That starts are of one level keeps a sum from depending on another one of its layer.
    """
    alike: dict[tuple[object, ...], list[Sum]] = defaultdict(list)
    for found in reversed(sums.values()):
        parameters = {is_weight[weight] for weight in found.weights}
        if len(parameters) == 1:
            inputs = tuple(map(id, found.inputs))
            kind = found.start is None, found.start in numbers if found.start is not None else False
            alike[inputs, parameters.pop(), _level_of(found.start, level), kind].append(found)
    layers = []
    for rows in alike.values():
        if len(rows) * len(rows[0].weights) < SMALLEST:
            continue
        for first, last, grid in even_runs([numbers.place(row.weights) for row in rows]):
            run = rows[first:last]
            if len(run) * len(run[0].weights) < SMALLEST:
                continue
            starts = tuple(row.start for row in run)
            biases = None
            if all(start is not None and start in numbers for start in starts):
                biases = even([[numbers.index[start]] for start in starts if start is not None])
            layers.append(Layer(tuple(row.output for row in run), tuple(run[0].inputs), grid, starts, biases))
    return layers


def even(places: Sequence[Sequence[int]]) -> Grid | None:
    """The grid on which these places stand, or None."""
    runs = list(even_runs(places))
    return runs[0][2] if len(runs) == 1 else None


def _step(row: Sequence[int]) -> int | None:
    """The distance from each to the next, or None where it isn't one."""
    step = row[1] - row[0] if len(row) > 1 else 0
    return step if all(b - a == step for a, b in itertools.pairwise(row)) else None


def even_runs(places: Sequence[Sequence[int]]) -> Iterable[tuple[int, int, Grid]]:
    """The rows of places cut into runs, [first, last), that stand on a grid each."""
    steps = [_step(row) for row in places]
    first = 0
    while first < len(places):
        last = first + 1
        column = steps[first]
        if column is not None:
            step = places[last][0] - places[first][0] if last < len(places) else 0
            while last < len(places) and steps[last] == column and places[last][0] - places[last - 1][0] == step:
                last += 1
            yield first, last, Grid(places[first][0], step if last > first + 1 else 0, column)
        first = last


def find_products(
    terms: Iterable[tuple[int, Value]], uses: dict[Value, int]
) -> tuple[list[Products], list[tuple[int, Value]]]:
    """Of (place in the gradient, term): the terms δ·x that make a grid, and the others."""
    by_upstream: dict[Value, list[tuple[int, Value, Value]]] = defaultdict(list)
    others = []
    for place, term in terms:
        if term.operation is MULTIPLY and uses[term] == 1:
            upstream, x = term.parents
            by_upstream[upstream].append((place, x, term))
        else:
            others.append((place, term))
    alike: dict[tuple[int, ...], list[Value]] = defaultdict(list)
    for upstream, found in by_upstream.items():
        alike[tuple(id(x) for _, x, _ in found)].append(upstream)
    products = []
    for upstreams in alike.values():
        upstreams.sort(key=lambda upstream: by_upstream[upstream][0][0])
        rows = [by_upstream[upstream] for upstream in upstreams]
        covered = 0
        for first, last, grid in even_runs([[place for place, _, _ in row] for row in rows]):
            others += [(place, term) for row in rows[covered:first] for place, _, term in row]
            if (last - first) * len(rows[first]) < SMALLEST:
                others += [(place, term) for row in rows[first:last] for place, _, term in row]
            else:
                inputs = tuple(x for _, x, _ in rows[first])
                products.append(Products(tuple(upstreams[first:last]), inputs, grid))
            covered = last
        others += [(place, term) for row in rows[covered:] for place, _, term in row]
    return products, others


def terms_of(node: Value, uses: dict[Value, int]) -> list[Value]:
    """What a sum, used once, is the sum of: added up over rows of data, the order is free."""
    terms = []
    below = [node]
    while below:
        node = below.pop()
        if node.operation is ADD and uses[node] == 1:
            below += reversed(node.parents)
        else:
            terms.append(node)
    return terms
