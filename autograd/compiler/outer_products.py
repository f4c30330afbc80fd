"""The gradients of layers, found among the terms of a gradient.

    outer product   gᵢⱼ = δᵢ·xⱼ   added up over rows of data

This file knows no derivative: it sees products that are summed, whatever they mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from autograd.compiler.layers import ADD, MULTIPLY
from autograd.compiler.matrices import MIN_LAYER_PRODUCTS, Matrix, are_worthwhile, matrix_runs
from autograd.value import Value


@dataclass(frozen=True)
class OuterProduct:
    """δᵢ·xⱼ for all i and j.

    upstream   the δ: derivatives by a layer's sums
    inputs     the x
    gradient   where the products are summed: in the gradient, or in a table that is added to it at the end
    places     for each entry of that table, row by row, its place in the gradient; None for one that isn't needed
    """

    upstream: tuple[Value, ...]
    inputs: tuple[Value, ...]
    gradient: Matrix
    places: tuple[int | None, ...] = ()


Term = tuple[int, Value]
"""A place in the gradient, and a node that is summed there over the rows."""


@dataclass
class _Block:
    """Rows of terms δ·x with mostly the same x: for each δ and x the place in the gradient; and all x, in order."""

    rows: dict[Value, dict[Value, int]]
    inputs: dict[Value, None]


def find_outer_products(terms: Iterable[Term], uses: dict[Value, int]) -> tuple[list[OuterProduct], list[Term]]:
    """The outer products that terms δ·x make, and the other terms.

    Outer products whose places in the gradient are at uneven distances are summed in a table, one behind another.
    """
    by_upstream, others = _by_upstream(terms, uses)
    products: list[OuterProduct] = []
    table = 0
    for block in _blocks(by_upstream):
        of_block = _outer_products(block, table)
        if not of_block:
            others += [(place, by_upstream[δ][x][1]) for δ, row in block.rows.items() for x, place in row.items()]
        products += of_block
        table += sum(len(product.places) for product in of_block)
    return products, others


def _by_upstream(
    terms: Iterable[Term], uses: dict[Value, int]
) -> tuple[dict[Value, dict[Value, tuple[int, Value]]], list[Term]]:
    """For each δ and x the term δ·x and its place; and the terms that aren't such products."""
    by_upstream: dict[Value, dict[Value, tuple[int, Value]]] = defaultdict(dict)
    others = []
    for place, term in terms:
        if term.operation is MULTIPLY and uses[term] == 1 and term.parents[1] not in by_upstream[term.parents[0]]:
            δ, x = term.parents
            by_upstream[δ][x] = place, term
        else:
            others.append((place, term))
    return by_upstream, others


def _blocks(by_upstream: dict[Value, dict[Value, tuple[int, Value]]]) -> list[_Block]:
    """Blocks of rows of terms: a row joins a block if their common x are at least half of the x of each."""
    blocks, rows = _blocks_of_repeated_weights(by_upstream)
    latest: dict[Value, int] = {}  # the last block that has an x
    for δ, row in rows:
        votes = Counter(latest[x] for x in row if x in latest)
        k, common = votes.most_common(1)[0] if votes else (0, 0)
        if not votes or 2 * common < max(len(row), len(blocks[k].inputs)):
            k = len(blocks)
            blocks.append(_Block({}, {}))
        blocks[k].rows[δ] = row
        blocks[k].inputs.update(dict.fromkeys(row))
        latest.update(dict.fromkeys(row, k))
    return blocks


Row = tuple[Value, dict[Value, int]]
"""A δ, and for each x the place of δ·x in the gradient."""


def _blocks_of_repeated_weights(
    by_upstream: dict[Value, dict[Value, tuple[int, Value]]],
) -> tuple[list[_Block], list[Row]]:
    """Blocks of rows whose matrix of weights occurs in other terms, too; and all other rows.

    Such matrices, as in a recurrent network, stay apart: they are added to the gradient in the graph's order, and so
    have the bits of `backward`. In one block with others they would stand in a table, which is added at the end.
    """
    terms = Counter(place for row in by_upstream.values() for place, _ in row.values())
    alike: dict[frozenset[Value], dict[Value, dict[Value, int]]] = {}
    for δ, of_δ in by_upstream.items():
        # In the order in which the gradient's graph was made: the order of the parameters must change no bits
        places = {x: place for x, (place, _) in sorted(of_δ.items(), key=lambda entry: entry[1][1].age)}
        alike.setdefault(frozenset(of_δ), {})[δ] = places
    blocks: list[_Block] = []
    others: list[Row] = []
    for rows in alike.values():
        inputs = next(iter(rows.values()))
        full = [[row[x] for x in inputs] for row in sorted(rows.values(), key=lambda row: min(row.values(), default=0))]
        are_repeated = any(terms[place] > 1 for row in full for place in row)
        is_large = len(full) * len(inputs) >= MIN_LAYER_PRODUCTS
        if are_repeated and is_large and are_worthwhile([*matrix_runs(full)], len(full), len(inputs)):
            blocks.append(_Block(rows, dict.fromkeys(inputs)))
        else:
            others += rows.items()
    return blocks, others


def _outer_products(block: _Block, table: int) -> list[OuterProduct]:
    """The block as outer products; [] if it is too small. If it needs a table, that begins at `table`."""
    upstream = sorted(block.rows, key=lambda δ: min(block.rows[δ].values(), default=0))
    orders = {tuple(row) for row in block.rows.values()}
    inputs = orders.pop() if len(orders) == 1 else tuple(sorted(block.inputs, key=attrgetter("age")))
    if len(upstream) * len(inputs) < MIN_LAYER_PRODUCTS:
        return []
    rows = [[block.rows[δ].get(x) for x in inputs] for δ in upstream]
    full = [[place for place in row if place is not None] for row in rows]
    if full == rows:
        runs = list(matrix_runs(full))
        if are_worthwhile(runs, len(rows), len(inputs)):
            return [
                OuterProduct(tuple(upstream[first:last]), inputs, matrix._replace(table="gradient"))
                for first, last, matrix in runs
            ]
    # In the graph's order, so that sums over rows have the same bits for any order of the parameters
    upstream.sort(key=attrgetter("age"), reverse=True)
    inputs = tuple(sorted(inputs, key=attrgetter("age")))
    places = tuple(block.rows[δ].get(x) for δ in upstream for x in inputs)
    return [OuterProduct(tuple(upstream), inputs, Matrix(table, len(inputs), 1, "table"), places)]


def terms_of(node: Value, uses: dict[Value, int]) -> list[Value]:
    """The terms of a chain of additions, each of which is summed over rows by itself."""
    terms = []
    below = [node]
    while below:
        node = below.pop()
        if node.operation is ADD and uses[node] == 1:
            below += reversed(node.parents)
        else:
            terms.append(node)
    return terms
