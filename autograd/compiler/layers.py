"""Layers in a graph: sums of products over the same inputs, which one loop computes.

    layer           sᵢ = startᵢ + wᵢ₁·x₁ + wᵢ₂·x₂ + …   with a row i of weights for each sum
    outer product   gᵢⱼ = δᵢ·xⱼ                           added up over rows of data: a layer's gradient

A weighted sum is such a sum, and so is what flows back to a layer's input: a chain of additions of products with
weights. A weight is a parameter or a constant. Weights that already stand at even distances among the parameters are
read where they are; all others are gathered into a table first. This file knows no derivative.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from autograd.rules import OPERATIONS
from autograd.value import Value

ADD, MULTIPLY, WEIGHTED_SUM = (OPERATIONS[name] for name in ("add", "mul", "weighted_sum"))

MIN_CHAIN_PRODUCTS = 4  # products in a chain of additions that may belong to a layer
MIN_LAYER_PRODUCTS = 24  # products in a layer, below which straight code is as good
MIN_ROWS_PER_RUN = 4  # rows of a layer's weights, on average: gathering all rows is better than loops over fewer


class Matrix(NamedTuple):
    """A matrix in a table of numbers: row i, column j stands at first + i·row_stride + j·column_stride."""

    first: int
    row_stride: int
    column_stride: int
    table: str = "numbers"


@dataclass(frozen=True)
class Sum:
    """start + w₁·x₁ + w₂·x₂ + …; without a start, it begins with the first product."""

    output: Value
    weights: Sequence[Value]
    inputs: Sequence[Value]
    start: Value | None

    @property
    def edges(self) -> int:
        """The edges of the graph inside the sum."""
        if self.output.operation is WEIGHTED_SUM:
            return len(self.output.parents)
        return 4 * len(self.weights) - 2 * (self.start is None)


@dataclass(frozen=True)
class Layer:
    """Sums over the same inputs, and where their weights stand.

    biases   where the starts stand, if all of them are parameters or constants; otherwise None
    """

    outputs: tuple[Value, ...]
    inputs: tuple[Value, ...]
    weights: Matrix
    starts: tuple[Value | None, ...]
    biases: Matrix | None


@dataclass(frozen=True)
class OuterProduct:
    """δᵢ·xⱼ for all i and j.

    gradient   where the products belong in the gradient, or in a table that is added to the gradient at the end
    places     for each entry of that table, row by row, its place in the gradient; None where nobody wants it
    """

    upstream: tuple[Value, ...]
    inputs: tuple[Value, ...]
    gradient: Matrix
    places: tuple[int | None, ...] = ()


# Where weights stand


class Numbers:
    """The numbers that are the same for all rows of data, in three tables.

    numbers     the parameters, in the user's order
    constants   constant weights, and constants that go into the next table
    gathered    parameters and constants in the order in which layers read them: copies
    """

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.index = {parameter: i for i, parameter in enumerate(parameters)}
        self.constants: list[float] = []
        self.gathered: list[int] = []
        """For each entry its source: a place among the parameters or, counted on, among the constants."""
        self._constant_place: dict[Value, int] = {}
        self._gathered_place: dict[Value, int] = {}

    def __contains__(self, node: Value) -> bool:
        return node in self.index

    def matrices(self, rows: Sequence[Sequence[Value]]) -> list[tuple[int, Matrix]]:
        """Matrices that hold these rows of weights, one below another: (rows, matrix) of each."""
        direct = _where(rows, self.index)
        if direct is not None:
            runs = list(even_runs(direct))
            if _is_worthwhile(runs, len(rows), len(rows[0])):
                return [(last - first, matrix) for first, last, matrix in runs]
        return [(len(rows), self.matrix(rows))]

    def matrix(self, rows: Sequence[Sequence[Value]]) -> Matrix:
        """The matrix of these rows of weights: where they stand already, or in a table that grows by them."""
        known = (("numbers", self.index), ("constants", self._constant_place), ("gathered", self._gathered_place))
        for table, index in known:
            places = _where(rows, index)
            matrix = even(places) if places is not None else None
            if matrix is not None:
                return matrix._replace(table=table)
        weights = [weight for row in rows for weight in row]
        if any(weight in self for weight in weights):
            table, first = "gathered", len(self.gathered)
            for weight in weights:
                self._gathered_place.setdefault(weight, len(self.gathered))
                self.gathered.append(self._source(weight))
        else:
            table, first = "constants", len(self.constants)
            for weight in weights:
                self._add_constant(weight)
        return Matrix(first, len(rows[0]), 1, table)

    def _source(self, weight: Value) -> int:
        place = self.index.get(weight)
        return len(self.index) + self._add_constant(weight) if place is None else place

    def _add_constant(self, constant: Value) -> int:
        self._constant_place.setdefault(constant, len(self.constants))
        self.constants.append(constant.data)
        return len(self.constants) - 1


def _where(rows: Sequence[Sequence[Value]], index: dict[Value, int]) -> list[list[int]] | None:
    """The place of each weight, or None where one has none."""
    found = []
    for row in rows:
        places = [index.get(weight, -1) for weight in row]
        if -1 in places:
            return None
        found.append(places)
    return found


def even(places: Sequence[Sequence[int]]) -> Matrix | None:
    """The matrix that these places make, or None."""
    runs = list(itertools.islice(even_runs(places), 2))
    return runs[0][2] if len(runs) == 1 and runs[0][1] - runs[0][0] == len(places) else None


def even_runs(places: Sequence[Sequence[int]]) -> Iterable[tuple[int, int, Matrix]]:
    """The rows of places cut into runs, [first, last), each of which is a matrix; other rows are left out."""
    strides = [_stride(row) for row in places]
    first = 0
    while first < len(places):
        last = first + 1
        stride = strides[first]
        if stride is not None:
            step = places[last][0] - places[first][0] if last < len(places) else 0
            while last < len(places) and strides[last] == stride and places[last][0] - places[last - 1][0] == step:
                last += 1
            yield first, last, Matrix(places[first][0], step if last > first + 1 else 0, stride)
        first = last


def _stride(row: Sequence[int]) -> int | None:
    """The distance from each place to the next, or None where distances differ."""
    stride = row[1] - row[0] if len(row) > 1 else 0
    return stride if all(b - a == stride for a, b in itertools.pairwise(row)) else None


def _is_worthwhile(runs: Sequence[tuple[int, int, Matrix]], rows: int, columns: int) -> bool:
    """Whether the runs cover all rows, in loops that are not too many or too small."""
    covered = sum(last - first for first, last, _ in runs)
    large = all((last - first) * columns >= MIN_LAYER_PRODUCTS for first, last, _ in runs)
    return covered == rows and large and (len(runs) == 1 or rows >= MIN_ROWS_PER_RUN * len(runs))


# Sums of products


def find_sums(
    nodes: Sequence[Value], uses: dict[Value, int], weights: Set[Value], shortest: int = MIN_CHAIN_PRODUCTS
) -> dict[Value, Sum]:
    """The sums of products with weights among the nodes, by their outputs; what is inside a sum is in no other.

    A chain of additions is one if it has at least `shortest` products.
    """
    sums: dict[Value, Sum] = {}
    inside: set[Value] = set()
    for node in reversed(nodes):
        found = None
        if node in inside:
            continue
        if node.operation is WEIGHTED_SUM:
            found = _weighted_sum(node, weights)
        elif node.operation is ADD:
            found = _chain(node, uses, weights, inside, shortest)
        if found is not None:
            sums[node] = found
    return sums


def _weighted_sum(node: Value, known: Set[Value]) -> Sum | None:
    *products, bias = node.parents
    half = len(products) // 2
    for weights, inputs in ((products[:half], products[half:]), (products[half:], products[:half])):
        if half and all(weight in known for weight in weights):
            return Sum(node, weights, inputs, bias)
    return None


def _chain(node: Value, uses: dict[Value, int], weights: Set[Value], inside: set[Value], shortest: int) -> Sum | None:
    """((start + w₁·x₁) + w₂·x₂) + …, followed from its end; no part of it is used for anything else."""
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
    """The weight and the other factor of a product that is used once; None for all else."""
    if node.operation is not MULTIPLY or uses[node] > 1:
        return None
    x, y = node.parents
    if x in weights:
        return x, y
    return (y, x) if y in weights else None


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


# Layers


def find_layers(sums: dict[Value, Sum], level: dict[Value, int], numbers: Numbers, weights: Set[Value]) -> list[Layer]:
    """The sums over the same inputs, as layers. A layer's starts have one level, so that none depends on its sums."""
    alike: dict[tuple[object, ...], list[Sum]] = defaultdict(list)
    for found in reversed(sums.values()):
        moves = any(weight in numbers for weight in found.weights)  # constants alone need not be gathered at each call
        start = found.start is None, found.start in weights
        alike[tuple(map(id, found.inputs)), moves, _level_of(found.start, level), start].append(found)
    layers = []
    for rows in alike.values():
        if len(rows) * len(rows[0].weights) < MIN_LAYER_PRODUCTS:
            continue
        first = 0
        for count, matrix in numbers.matrices([row.weights for row in rows]):
            layers.append(_layer(rows[first : first + count], matrix, numbers, weights))
            first += count
    return layers


def _layer(rows: Sequence[Sum], matrix: Matrix, numbers: Numbers, weights: Set[Value]) -> Layer:
    starts = tuple(row.start for row in rows)
    fixed = [[start] for start in starts if start is not None and start in weights]
    biases = numbers.matrix(fixed) if len(fixed) == len(rows) else None
    return Layer(tuple(row.output for row in rows), tuple(rows[0].inputs), matrix, starts, biases)


# Gradients of layers


Term = tuple[int, Value]
"""A place in the gradient, and a node that is added up there over the rows."""


@dataclass
class _Block:
    """Terms δ·x whose x are mostly the same: for each δ, the place of each x."""

    rows: dict[Value, dict[Value, int]]
    inputs: dict[Value, None]


def find_outer_products(terms: Iterable[Term], uses: dict[Value, int]) -> tuple[list[OuterProduct], list[Term]]:
    """The terms δ·x that make outer products, and the other terms.

    An outer product whose places in the gradient are not at even distances stands in a table of its own.
    """
    by_upstream, others = _by_upstream(terms, uses)
    products: list[OuterProduct] = []
    table = 0
    for block in _blocks(by_upstream):
        found = _outer_products(block, table)
        if not found:
            others += [(place, by_upstream[δ][x][1]) for δ, row in block.rows.items() for x, place in row.items()]
        products += found
        table += sum(len(product.places) for product in found)
    return products, others


def _by_upstream(
    terms: Iterable[Term], uses: dict[Value, int]
) -> tuple[dict[Value, dict[Value, tuple[int, Value]]], list[Term]]:
    """For each δ and x the place and the term δ·x, and what are no such terms."""
    found: dict[Value, dict[Value, tuple[int, Value]]] = defaultdict(dict)
    others = []
    for place, term in terms:
        if term.operation is MULTIPLY and uses[term] == 1 and term.parents[1] not in found[term.parents[0]]:
            δ, x = term.parents
            found[δ][x] = place, term
        else:
            others.append((place, term))
    return found, others


def _blocks(by_upstream: dict[Value, dict[Value, tuple[int, Value]]]) -> Iterable[_Block]:
    """Rows of terms, put together where at least half of their x, and of the block's, are the same.

    Where weights come again, as in a recurrent network, rows that make a matrix in the gradient stay apart: they
    are added there in the graph's order, and so have the bits of `backward`.
    """
    terms = Counter(place for row in by_upstream.values() for place, _ in row.values())
    latest: dict[Value, int] = {}  # the last block that has an x
    alike: dict[frozenset[Value], dict[Value, dict[Value, int]]] = {}
    blocks: list[_Block] = []
    for δ, of_δ in by_upstream.items():
        # In the order in which the gradient's graph was made, whatever the order of the parameters
        places = {x: place for x, (place, _) in sorted(of_δ.items(), key=lambda entry: entry[1][1].age)}
        alike.setdefault(frozenset(of_δ), {})[δ] = places
    rest: list[tuple[Value, dict[Value, int]]] = []
    for rows in alike.values():
        inputs = next(iter(rows.values()))
        full = [[row[x] for x in inputs] for row in sorted(rows.values(), key=lambda row: min(row.values(), default=0))]
        again = any(terms[place] > 1 for row in full for place in row)
        size = len(full) * len(inputs)
        if again and size >= MIN_LAYER_PRODUCTS and _is_worthwhile([*even_runs(full)], len(full), len(inputs)):
            blocks.append(_Block(rows, dict.fromkeys(inputs)))
        else:
            rest += rows.items()
    for δ, row in rest:
        votes = Counter(latest[x] for x in row if x in latest)
        k, common = votes.most_common(1)[0] if votes else (0, 0)
        if not votes or 2 * common < max(len(row), len(blocks[k].inputs)):
            k = len(blocks)
            blocks.append(_Block({}, {}))
        blocks[k].rows[δ] = row
        blocks[k].inputs.update(dict.fromkeys(row))
        latest.update(dict.fromkeys(row, k))
    return blocks


def _outer_products(block: _Block, table: int) -> list[OuterProduct]:
    """The block as outer products; none where it is too small. Its table begins at `table`."""
    upstream = sorted(block.rows, key=lambda δ: min(block.rows[δ].values(), default=0))
    orders = {tuple(row) for row in block.rows.values()}
    inputs = orders.pop() if len(orders) == 1 else tuple(sorted(block.inputs, key=attrgetter("age")))
    if len(upstream) * len(inputs) < MIN_LAYER_PRODUCTS:
        return []
    rows = [[block.rows[δ].get(x) for x in inputs] for δ in upstream]
    full = [[place for place in row if place is not None] for row in rows]
    if full == rows:
        runs = list(even_runs(full))
        if _is_worthwhile(runs, len(rows), len(inputs)):
            return [
                OuterProduct(tuple(upstream[first:last]), inputs, matrix._replace(table="gradient"))
                for first, last, matrix in runs
            ]
    # In the graph's order, whatever the order of the parameters, so that sums over rows have the same bits
    upstream.sort(key=attrgetter("age"), reverse=True)
    inputs = tuple(sorted(inputs, key=attrgetter("age")))
    places = tuple(block.rows[δ].get(x) for δ in upstream for x in inputs)
    return [OuterProduct(tuple(upstream), inputs, Matrix(table, len(inputs), 1, "table"), places)]


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
