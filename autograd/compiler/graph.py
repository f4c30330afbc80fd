"""The recorded graph of one row of data: its nodes in order, and a digest of its structure."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from autograd.atomic import cyclic_collector_paused
from autograd.value import Value

Graph = dict[Value, tuple[Value, ...]]
"""Nodes, each after those that it depends on, which are listed with it."""


def recorded(ends: Iterable[Value]) -> Graph:
    """The nodes that the ends depend on, each with its parents, from the oldest to the youngest."""
    below: Graph = {}

    def parents(node: Value) -> tuple[Value, ...]:
        below[node] = nodes = node.parents or node.watched
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


@cyclic_collector_paused
def structure(outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]) -> bytes:
    """A digest of all that a kernel is made from: operations, edges and constants.

    The numbers of inputs, parameters and results are left out. An operation is identified by its id, so a digest is
    valid only while the operations are kept alive.
    """
    place: dict[Value, int] = {}
    columns = {node: k for k, node in enumerate(inputs)}
    index = {node: k for k, node in enumerate(parameters)}
    digest = hashlib.blake2b(array("q", [len(inputs), len(parameters)]).tobytes())
    for i, (node, below) in enumerate(recorded(outputs).items()):
        place[node] = i
        if node in columns:
            entry = array("q", [0, columns[node]])
        elif node in index:
            entry = array("q", [1, index[node]])
        elif node.operation is None:
            entry = array("q", [2, *array("q", array("d", [node.data]).tobytes())])
        else:
            entry = array("q", [3, id(node.operation), len(below), *[place[parent] for parent in below]])
        digest.update(entry.tobytes())
    digest.update(array("q", [place[output] for output in outputs]).tobytes())
    return digest.digest()
