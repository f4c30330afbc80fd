"""The recorded graph of one row of data: its nodes in order, and its structure."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from autograd.atomic import cyclic_collector_paused
from autograd.rules import Operation
from autograd.value import Value

Graph = dict[Value, tuple[Value, ...]]
"""Nodes, each after those that it depends on, which are listed with it."""

Structure = tuple[bytes, tuple[Operation, ...]]
"""What two graphs have in common that the same kernel computes; see `structure`."""


@cyclic_collector_paused
def recorded(ends: Iterable[Value]) -> Graph:
    """The nodes that the ends depend on, each with its parents, from the oldest to the youngest."""
    below: Graph = {}

    def parents(node: Value) -> tuple[Value, ...]:
        below[node] = nodes = (node.parents or node.watched) if node.operation else ()
        return nodes

    return {node: below[node] for node in needed(ends, parents)}


def needed(ends: Iterable[Value], below: Callable[[Value], Iterable[Value]]) -> list[Value]:
    """The ends and the nodes that they need, directly or not, from the oldest to the youngest."""
    nodes = list(dict.fromkeys(ends))
    seen = set(nodes)
    for node in nodes:  # the list grows while it is read
        for parent in below(node):
            if parent not in seen:
                seen.add(parent)
                nodes.append(parent)
    nodes.sort(key=attrgetter("age"))
    return nodes


def structure(
    graph: Graph, outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]
) -> Structure:
    """All that a kernel is made from: a digest of the graph's edges and constants, and the operations.

    The numbers of inputs, parameters and results are left out. The digest names operations by their places in the
    tuple, so it is the same in every process.
    """
    place: dict[Value, int] = {}
    columns = {node: k for k, node in enumerate(inputs)}
    index = {node: k for k, node in enumerate(parameters)}
    operations: dict[Operation, int] = {}
    entries = [len(inputs), len(parameters)]
    for i, (node, below) in enumerate(graph.items()):
        place[node] = i
        if node in columns:
            entries += (0, columns[node])
        elif node in index:
            entries += (1, index[node])
        elif node.operation is None:
            entries += (2, *array("q", array("d", [node.data]).tobytes()))
        else:
            entries += (3, operations.setdefault(node.operation, len(operations)), len(below))
            entries += map(place.__getitem__, below)
    entries += map(place.__getitem__, outputs)
    return hashlib.blake2b(array("q", entries)).digest(), tuple(operations)
