"""The recorded graph as blocks: a layer is one product of matrices, nodes of one depth and operation are one block.

Layers are those that the compiler finds, from MIN_LAYER_PRODUCTS on. All other nodes of the same operation that are
equally far from the leaves stand side by side, whatever the width of a network. So a graph of a hundred thousand nodes
has as few blocks as it has layers and losses. Of the readers of blocks, only this file asks the compiler.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.arguments import as_tuple
from autograd.atomic import cyclic_collector_paused
from autograd.compiler.graph import needed, recorded
from autograd.compiler.layers import Sum, find_sums
from autograd.node import require_value
from autograd.rules import OPERATIONS, PRIMITIVES, Operation
from autograd.value import Value

MIN_LAYER_PRODUCTS = 2  # below it, a matrix is no gain
MAX_BLOCKS = 1000  # XLA compiles a thousand in some 20 s, and each is computed by a call of its own


@dataclass(frozen=True, eq=False)
class Array:
    """A name for numbers that stand side by side.

    kind     "rows", "parameters" or "block"
    shape    of one row: (m,), or (m, k) for a matrix of parameters; () for a single number
    varies   whether it has numbers for each row of data
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    varies: bool = False


@dataclass(frozen=True)
class Block:
    """Nodes that are computed at once, and what they are computed from.

    operation  of each of them; None for a layer
    outputs    the nodes, side by side
    arguments  for each parameter of the operation the nodes, one for each output; for a sequence a tuple of nodes

    A layer's arguments are its inputs, the rows of its weights, and the starts of its sums, if it has any. It may have
    several groups of inputs, each of which gives one output for each row of weights.
    """

    operation: Operation | None
    outputs: tuple[Value, ...]
    arguments: tuple[tuple[Any, ...], ...]
    array: Array


@dataclass
class Blocks:
    """A graph as arrays and blocks, in the order in which they are computed.

    members  the nodes of each array
    place    for each node its array and its position in it, row by row of a matrix; a node without one is a constant
    """

    outputs: tuple[Value, ...]
    inputs: tuple[Value, ...]
    parameters: tuple[Value, ...]
    single: bool
    blocks: list[Block] = field(default_factory=list)
    members: dict[Array, tuple[Value, ...]] = field(default_factory=dict)
    place: dict[Value, tuple[Array, int]] = field(default_factory=dict)

    def arrays(self, kind: str) -> list[Array]:
        """The arrays of a kind."""
        return [array for array in self.members if array.kind == kind]

    def add(self, array: Array, nodes: Sequence[Value]) -> Array:
        """A new array of these nodes."""
        self.members[array] = tuple(nodes)
        for k, node in enumerate(nodes):
            self.place.setdefault(node, (array, k))
        return array


def blocks(
    loss: Value | Sequence[Value], inputs: Iterable[Value], parameters: Iterable[Value], what: str = "export"
) -> Blocks:
    """The graph of one row as blocks.

    loss        the node to compute, or a sequence of nodes
    inputs      the leaves that each row gives numbers to, column by column
    parameters  the leaves that are the same for all rows; other leaves are constants

    Raises TypeError for what isn't a Value; ValueError for no output, for an input or parameter that isn't a leaf or is
    listed twice, and for a graph of more than 1,000 blocks.

    >>> w, x = Value(2.0, "w"), [Value(1.0), Value(2.0), Value(3.0)]
    >>> [block.operation.name for block in blocks([(w * x1) ** 2 for x1 in x], x, [w]).blocks]
    ['mul', 'square']
    """
    outputs = (loss,) if isinstance(loss, Value) else as_tuple(loss, f"{what}'s loss")
    if not outputs:
        raise ValueError(f"{what} needs at least 1 output, got 0")
    columns, numbers = leaves(inputs, parameters, what)
    for output in outputs:
        require_value(output, f"{what}'s loss")
    made = Blocks(outputs, columns, numbers, single=isinstance(loss, Value))
    cyclic_collector_paused(_Maker(made).make)()
    if len(made.blocks) > MAX_BLOCKS:
        raise ValueError(
            f"the limit is {MAX_BLOCKS:,} blocks of nodes of one depth and operation, and this graph has "
            f"{len(made.blocks):,}: export a part of it, or write its loop in the other library"
        )
    return made


def leaves(
    inputs: Iterable[Value], parameters: Iterable[Value], what: str
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The inputs and the parameters, each a leaf and listed once."""
    groups: list[tuple[Value, ...]] = []
    known: set[Value] = set()
    for kind, nodes in (("inputs", inputs), ("parameters", parameters)):
        if isinstance(nodes, Value):
            raise TypeError(f"{what}'s {kind} must be a sequence of Values; for a single one write [x]")
        found = as_tuple(nodes, f"{what}'s {kind}")
        for node in found:
            if require_value(node, f"each of {what}'s {kind}").operation is not None:
                raise ValueError(f"{what}'s {kind} must be leaves of the graph, got the result of {node.op}")
            if node in known:
                raise ValueError(f"{node.label or repr(node)} is listed twice among inputs and parameters")
            known.add(node)
        groups.append(found)
    return groups[0], groups[1]


class _Maker:
    """Puts a graph's nodes into blocks."""

    def __init__(self, made: Blocks) -> None:
        self.made = made
        self.parameters = set(made.parameters)
        self.sums: dict[Value, Sum] = {}
        self.below: dict[Value, tuple[Value, ...]] = {}
        self.varies: set[Value] = set(made.inputs)
        self.counts: Counter[str] = Counter()

    def make(self) -> None:
        made = self.made
        made.add(Array("x", "rows", (len(made.inputs),), varies=True), made.inputs)
        depth: dict[Value, int] = {}
        groups: dict[tuple[Any, ...], list[Value]] = defaultdict(list)
        for node in self.nodes():
            below = self.below[node]
            depth[node] = 1 + max((depth[parent] for parent in below), default=-1)
            if below:
                if not self.varies.isdisjoint(below):
                    self.varies.add(node)
                groups[depth[node], *self.kind(node)].append(node)
        for group in self.merged(groups):
            self.add(group)
        self.name("p", made.outputs)
        self.name("unused", made.parameters)

    def nodes(self) -> list[Value]:
        """The nodes that the outputs need, from the oldest to the youngest, without what is inside a layer's sums."""
        graph = recorded(self.made.outputs)
        columns = set(self.made.inputs)
        uses = Counter(parent for parents in graph.values() for parent in parents)
        uses.update(self.made.outputs)
        weights = {node for node in graph if node.operation is None and node not in columns}
        found = find_sums([*graph], uses, weights, shortest=MIN_LAYER_PRODUCTS)
        rows = Counter(tuple(map(id, each.inputs)) for each in found.values())
        for node, each in found.items():
            if rows[tuple(map(id, each.inputs))] * len(each.weights) >= MIN_LAYER_PRODUCTS:
                self.sums[node] = each

        def below(node: Value) -> tuple[Value, ...]:
            each = self.sums.get(node)
            if each is None:
                self.below[node] = graph[node]
            else:
                starts = () if each.start is None else (each.start,)
                self.below[node] = (*each.inputs, *each.weights, *starts)
            return self.below[node]

        return needed(self.made.outputs, below)

    def kind(self, node: Value) -> tuple[Any, ...]:
        """The properties that all nodes of a block share, besides their depth."""
        each = self.sums.get(node)
        if each is not None:
            return (None, node in self.varies, each.start is None, tuple(map(id, each.inputs)))
        return (node.operation, node in self.varies, len(self.below[node]))

    def merged(self, groups: dict[tuple[Any, ...], list[Value]]) -> list[list[Value]]:
        """The groups by depth, in the order of the graph; layers with the same weights are one group."""
        alike: dict[tuple[Any, ...], list[Value]] = {}
        for key in sorted(groups, key=lambda key: key[0]):
            group = groups[key]
            if group[0] in self.sums:
                weights = tuple(id(weight) for node in group for weight in self.sums[node].weights)
                key = (*key[:4], len(group), weights)  # noqa: PLW2901 — without the inputs
            alike.setdefault(key, []).extend(group)
        return [*alike.values()]

    def add(self, nodes: list[Value]) -> None:
        """Append a block of these nodes."""
        is_layer, varies = nodes[0] in self.sums, nodes[0] in self.varies
        arguments = self.layer(nodes) if is_layer else self.elementwise(nodes)
        shape = (len(nodes),) if is_layer or len(nodes) > 1 else ()
        array = Array(self.numbered("h"), "block", shape, varies=varies)
        self.made.add(array, nodes)
        operation = None if is_layer else nodes[0].operation
        self.made.blocks.append(Block(operation, tuple(nodes), arguments, array))

    def layer(self, nodes: list[Value]) -> tuple[tuple[Any, ...], ...]:
        """A layer's groups of inputs, its weights, and the starts of its sums."""
        sums = [self.sums[node] for node in nodes]
        inputs = tuple(dict.fromkeys(tuple(each.inputs) for each in sums))
        weights = tuple(tuple(each.weights) for each in sums[: len(sums) // len(inputs)])
        self.name("W", [weight for row in weights for weight in row], (len(weights), len(weights[0])))
        starts = tuple(each.start for each in sums if each.start is not None)
        self.name("b", starts)
        self.name("p", [x for group in inputs for x in group])
        return (inputs, weights, starts)

    def elementwise(self, nodes: list[Value]) -> tuple[tuple[Any, ...], ...]:
        """For each parameter of the operation the nodes; `nodes` are sorted, so that they read arrays in order."""
        operation = nodes[0].operation
        assert operation is not None
        for argument in zip(*(self.below[node] for node in nodes), strict=True):
            self.name("p", argument)
        nodes.sort(key=lambda node: [self.position(parent) for parent in self.below[node][:2]])
        return tuple(zip(*(operation.grouped(self.below[node]) for node in nodes), strict=True))

    def position(self, node: Value) -> tuple[str, int]:
        """Where a node stands; constants stand nowhere."""
        array, k = self.made.place.get(node, (None, 0))
        return ("" if array is None else array.name, k)

    def name(self, letter: str, nodes: Sequence[Value], shape: tuple[int, ...] = ()) -> None:
        """An array of those nodes that are parameters and stand in none yet; it has the shape if it has all nodes."""
        new = [*dict.fromkeys(node for node in nodes if node in self.parameters and node not in self.made.place)]
        if new:
            whole = shape if len(new) == len(nodes) and shape else (len(new),)
            if whole == (1,) and letter == "p":
                whole = ()
            label = new[0].label
            alone = len(new) == 1 and is_free(label) and all(label != array.name for array in self.made.members)
            name = label if alone else letter if letter == "unused" else self.numbered(letter)
            self.made.add(Array(name, "parameters", whole), new)

    def numbered(self, letter: str) -> str:
        self.counts[letter] += 1
        return f"{letter}{self.counts[letter]}"


def is_free(label: str) -> bool:
    """Whether a label can name an array in a program's text.

    >>> [label for label in ("w", "W1", "class", "exp", "sin_of", "to", "가중치") if is_free(label)]
    ['w']
    """
    taken = keyword.iskeyword(label) or label in {*OPERATIONS, *PRIMITIVES, *RESERVED} or hasattr(builtins, label)
    return label.isascii() and label.isidentifier() and not taken and not re.fullmatch(PATTERNS, label)


PATTERNS = r"[hWbpci]\d+|_.*|.*_|.*_of|(get|set|named|load|register|requires|state|side_by_side|fused|exact)_.*"

WORDS = """
x np jnp jax torch op nan inf parameters rows unused self math functools Function
convention erf_near_one erf_near_zero erfc_tail for_each_row groups joined_groups picked polynomial quotient
side_by_side stack tensor turned
T_destination add_module apply bfloat16 buffers call_super_init children cpu cuda double dump_patches exported
extra_repr forward half ipu modules mtia share_memory to to_empty train training xpu zero_grad
"""
RESERVED = {*WORDS.split()}
"""Words that the programs' texts use themselves, those of helpers, and what a torch.nn.Module has already."""
