"""A graph in layers: which of its sums are layers or their gradients, and which nodes remain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.compiler.graph import Graph, recorded
from autograd.compiler.layers import Layer, find_layers, levels, sums_of
from autograd.compiler.matrices import NumberTables
from autograd.compiler.outer_products import OuterProduct, Term, find_outer_products, terms_of
from autograd.compiler.results import Results
from autograd.value import Value


@dataclass(frozen=True)
class LayeredGraph:
    """The layers of a graph, and its other nodes.

    results   the nodes that are written for each row, or summed over the rows
    nodes     all nodes that the results depend on
    columns   the place of each input in a row
    numbers   the tables of parameters and constants
    layers    sums over the same inputs
    level     the longest chain of sums that leads to each node
    products  the gradients of layers, summed over the rows
    terms     (place in the gradient, node): what else is summed over the rows
    zeros     places in the gradient to which a term +0 is added
    """

    results: Results
    nodes: Graph
    columns: dict[Value, int]
    numbers: NumberTables
    layers: Sequence[Layer]
    level: dict[Value, int]
    products: Sequence[OuterProduct]
    terms: Sequence[Term]
    zeros: Sequence[int]


def layered_graph(results: Results, inputs: Sequence[Value], parameters: Sequence[Value]) -> LayeredGraph:
    """Find the layers among the nodes that the results depend on."""
    columns = {node: k for k, node in enumerate(inputs)}
    numbers = NumberTables(parameters)
    ends = [*(node for nodes in results.written for node in nodes), *results.summed]
    nodes = recorded(ends)
    uses, weights, sums = sums_of(nodes, ends, columns)
    terms = [(i, term) for i, node in enumerate(results.summed) for term in terms_of(node, uses)]
    zeros = {node for node in weights if node not in numbers and node.data == 0}
    products, others = find_outer_products([(i, term) for i, term in terms if term not in zeros], uses)
    # In the order in which the graph adds them: otherwise a single row's gradient would lose the bits of `backward`
    position = {term: k for k, term in enumerate(terms)}
    others.sort(key=position.__getitem__)
    level = levels(nodes, sums)
    return LayeredGraph(
        results,
        nodes,
        columns,
        numbers,
        find_layers(sums, level, numbers, weights),
        level,
        products,
        others,
        [i for i, term in terms if term in zeros and math.copysign(1, term.data) == 1],
    )
