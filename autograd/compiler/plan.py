"""From a graph to a plan: what is computed, in which order, and where each number is kept.

A plan is for a block of rows. What is computed for one row is computed for all rows of the block at
once, a vector of them at a time; a number that has to be kept stands in a slot, which has room for
one row beside the other. Stages follow one another: straight pieces of a program, and layers, which
are loops. Last, what was asked for is written: to each row of a result, or added up over the rows.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from autograd.compiler.layers import (
    Grid,
    Layer,
    Numbers,
    Products,
    find_layers,
    find_products,
    find_sums,
    levels,
    terms_of,
)
from autograd.compiler.program import Program, Register, bits, value_on_registers
from autograd.rules import Operation
from autograd.value import Value

PIECE = 300  # instructions of a straight piece: compiling a longer one takes more than its share of time


@dataclass(frozen=True)
class Slots:
    """Slots at even distances."""

    first: int
    step: int


@dataclass(frozen=True)
class Piece:
    """Places of the program that are computed one after another."""

    places: range


@dataclass(frozen=True)
class LayerLoop:
    """out[i] = start[i] + Σⱼ weights[i, j]·inputs[j], over slots; without biases, out holds the starts already."""

    weights: Grid
    shape: tuple[int, int]
    inputs: Slots
    outputs: Slots
    biases: Grid | None


@dataclass(frozen=True)
class ProductLoop:
    """gradient[i, j] += Σ over rows of upstream[i]·inputs[j]."""

    upstream: Slots
    inputs: Slots
    shape: tuple[int, int]
    gradient: Grid


Stage = Piece | LayerLoop


@dataclass
class Plan:
    """What the code does with a block of rows.

    loads       (column of a row, slot)
    stages      pieces of the program, and layers
    written     for each result with a row for each row of data, the slots of its columns
    products    loops that add up a layer's gradient, and
    sums        (place in the gradient, slot): what else is added up over the rows
    kept        the slot of each place of the program that has one
    slots       how many there are
    added       numbers of the gradient that is added up
    operations  how many nodes of each there were; of None, how many leaves
    """

    program: Program
    constants: list[float]
    loads: list[tuple[int, int]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    written: list[list[int]] = field(default_factory=list)
    products: list[ProductLoop] = field(default_factory=list)
    sums: list[tuple[int, int]] = field(default_factory=list)
    kept: dict[int, int] = field(default_factory=dict)
    slots: int = 0
    added: int = 0
    operations: Counter[Operation | None] = field(default_factory=Counter)


@dataclass(frozen=True)
class Wanted:
    """What a kernel is to compute: nodes to write, a row of results for each row of data, and nodes to add up."""

    written: Sequence[Sequence[Value]]
    added: Sequence[Value] = ()


def plan(wanted: Wanted, inputs: Sequence[Value], parameters: Sequence[Value]) -> Plan:
    """The plan for what is wanted of a graph whose leaves are inputs, parameters and constants."""
    return _Planner(inputs, parameters).planned(wanted)


@dataclass(frozen=True)
class _Found:
    """What of the graph is wanted, and what of it is sums of products.

    written   nodes whose numbers are written for each row
    products  a layer's gradient, added up over the rows
    others    (place in the gradient, node): what else is added up
    level     how many sums lie one above another up to each node
    layers    sums of the same inputs, by one loop each
    """

    written: Sequence[Value]
    products: Sequence[Products]
    others: Sequence[tuple[int, Value]]
    level: dict[Value, int]
    layers: Sequence[Layer]


class _Planner:
    def __init__(self, inputs: Sequence[Value], parameters: Sequence[Value]) -> None:
        self.numbers = Numbers(parameters)
        self.program = Program()
        self.plan = Plan(self.program, self.numbers.constants)
        self.columns = {node: k for k, node in enumerate(inputs)}
        self.parents: dict[Value, tuple[Value, ...]] = {}
        self.register: dict[Value, Any] = {}
        self.begun = 0  # places below are in a stage

    def planned(self, wanted: Wanted) -> Plan:
        """What there is in the graph, its stages, what they end in, and where each number is kept meanwhile."""
        found = self.found(wanted)
        self.stage(found)
        self.plan.added = len(wanted.added)
        self.plan.products = [self.product_loop(products) for products in found.products]
        to_add = [(i, self.place(node)) for i, node in found.others]
        to_write = [[self.place(node) for node in nodes] for nodes in wanted.written]
        self.close()
        self.keep_what_crosses({place for _, place in to_add} | {place for places in to_write for place in places})
        kept = self.plan.kept
        self.plan.sums = [(i, kept[place]) for i, place in to_add]
        self.plan.written = [[kept[place] for place in places] for places in to_write]
        inputs = [(place, rest[0]) for place, (word, *rest) in enumerate(self.program.instructions) if word == "input"]
        self.plan.loads = [(column, kept[place]) for place, column in inputs if place in kept]
        return self.plan

    def found(self, wanted: Wanted) -> _Found:
        """The nodes that are wanted, and the layers among those that they depend on."""
        outputs = [node for nodes in wanted.written for node in nodes]
        self.parents = nodes = recorded([*outputs, *wanted.added])
        self.plan.operations.update(map(attrgetter("operation"), nodes))
        uses = Counter(parent for parents in nodes.values() for parent in parents)
        uses.update(outputs)
        uses.update(wanted.added)
        is_weight = {
            node: node in self.numbers for node in nodes if node.operation is None and node not in self.columns
        }
        terms = [(i, term) for i, node in enumerate(wanted.added) for term in terms_of(node, uses)]
        zeros = {node for node, is_parameter in is_weight.items() if not is_parameter and node.data == 0}
        products, others = find_products([(i, term) for i, term in terms if term not in zeros], uses)
        sums = find_sums(list(nodes), uses, is_weight)
        level = levels(nodes, sums)
        return _Found(outputs, products, others, level, find_layers(sums, level, self.numbers, is_weight))

    def stage(self, found: _Found) -> None:
        """The stages, level by level: first a level's layers, then what else there is, in the graph's own order."""
        layer_of = {output: layer for layer in found.layers for output in layer.outputs}
        ends = [node for products in found.products for node in (*products.upstream, *products.inputs)]
        ends += [*found.written, *(node for _, node in found.others)]

        def below(node: Value) -> Iterable[Value]:
            layer = layer_of.get(node)
            if layer is None:
                return self.parents[node]
            return (*layer.inputs, *(start for start in layer.starts if start is not None and layer.biases is None))

        by_level: dict[int, tuple[dict[int, Layer], list[Value]]] = {}
        for node in needed(ends, below):
            layers, plain = by_level.setdefault(found.level[node], ({}, []))
            layer = layer_of.get(node)
            if layer is None:
                plain.append(node)
            else:
                layers[id(layer)] = layer
        for _, (layers, plain) in sorted(by_level.items()):
            for layer in layers.values():
                self.add_layer(layer)
            for node in plain:
                self.register[node] = self.lowered(node)

    def product_loop(self, products: Products) -> ProductLoop:
        return ProductLoop(
            self.in_slots([self.place(node) for node in products.upstream]),
            self.in_slots([self.place(node) for node in products.inputs]),
            (len(products.upstream), len(products.inputs)),
            products.gradient,
        )

    def lowered(self, node: Value) -> Any:
        """The register that a node is; a constant is a float."""
        if node in self.columns:
            return self.program.register("input", self.columns[node])
        if node in self.numbers:
            return self.program.register("number", self.numbers.index[node])
        if node.operation is None:
            return node.data
        inputs = [self.register[parent] for parent in self.parents[node]]
        return value_on_registers(node.operation)(*node.operation.grouped(inputs))

    def place(self, node: Value) -> int:
        """The place of a node's number, of a constant's, too."""
        register = self.register[node]
        return register.place if isinstance(register, Register) else self.program.emit("copy", bits(register))

    def add_layer(self, layer: Layer) -> None:
        inputs = self.in_slots([self.place(node) for node in layer.inputs])
        copies: list[int] = []
        if layer.biases is None:  # starts of any kind are put where the sums will be
            nothing = bits(-0.0)  # to which adding changes no number
            starts = [nothing if start is None else self.place(start) for start in layer.starts]
            copies = [self.program.fresh("copy", start) for start in starts]
        self.close()
        outputs = [self.program.fresh("layer", i) for i in range(len(layer.outputs))]
        held = self.in_slots(copies or outputs)
        self.plan.kept.update((place, held.first + i) for i, place in enumerate(outputs))
        self.begun = len(self.program.instructions)
        shape = (len(layer.outputs), len(layer.inputs))
        self.plan.stages.append(LayerLoop(layer.weights, shape, inputs, held, layer.biases))
        for node, place in zip(layer.outputs, outputs, strict=True):
            self.register[node] = Register(self.program, place)

    def in_slots(self, places: Sequence[int]) -> Slots:
        """The slots, at even distances, that hold these places: theirs already, or new ones, or those of copies."""
        kept = self.plan.kept
        found = [kept.get(place) for place in places]
        if len(set(places)) == len(places) and not any(slot is not None for slot in found):
            return self.new_slots(places)
        steps = {b - a if a is not None and b is not None else None for a, b in itertools.pairwise(found)} or {0}
        step = steps.pop()
        if found[0] is None or step is None or steps:
            return self.new_slots([self.program.fresh("copy", place) for place in places])
        return Slots(found[0], step)

    def new_slots(self, places: Sequence[int]) -> Slots:
        first = self.plan.slots
        self.plan.kept.update(zip(places, range(first, first + len(places)), strict=True))
        self.plan.slots += len(places)
        return Slots(first, 1)

    def close(self) -> None:
        """What was written down since the last stage, as pieces."""
        end = len(self.program.instructions)
        for start in range(self.begun, end, PIECE):
            self.plan.stages.append(Piece(range(start, min(start + PIECE, end))))
        self.begun = end

    def keep_what_crosses(self, ends: Iterable[int]) -> None:
        """A slot for each number that another stage needs than the one that computes it."""
        program = self.program
        home: dict[int, int] = {}
        last: dict[int, int] = {}
        for k, stage in enumerate(self.plan.stages):
            if isinstance(stage, Piece):
                home |= dict.fromkeys(stage.places, k)
                for place in stage.places:
                    for operand in stored_operands(program, place):
                        last[operand] = k
        last |= dict.fromkeys(ends, len(self.plan.stages))
        crossing = [
            place
            for place, k in sorted(last.items())
            if place not in self.plan.kept and (home.get(place) != k or program.instructions[place][0] == "input")
        ]
        free: list[int] = []
        leaving: dict[int, list[int]] = {}
        at = 0
        for place in crossing:
            while at < home[place]:  # what no later stage needs gives its slot back
                free += leaving.pop(at, [])
                at += 1
            if program.instructions[place][0] == "input" or not free:
                self.new_slots([place])
            else:
                self.plan.kept[place] = free.pop()
            if program.instructions[place][0] != "input":
                leaving.setdefault(last[place], []).append(self.plan.kept[place])


def stored_operands(program: Program, place: int) -> list[int]:
    """The results that an instruction needs from slots: neither conditions nor numbers are stored, but made anew."""
    found = []
    below = program.operands(place)
    while below:
        operand = below.pop()
        if program.is_condition(operand):
            below += program.operands(operand)
        elif program.instructions[operand][0] != "number":
            found.append(operand)
    return found


def recorded(ends: Iterable[Value]) -> dict[Value, tuple[Value, ...]]:
    """The nodes that the ends depend on, from the oldest to the youngest, and what each depends on itself."""
    below: dict[Value, tuple[Value, ...]] = {}

    def parents(node: Value) -> tuple[Value, ...]:
        below[node] = found = node.parents or node.watched
        return found

    return {node: below[node] for node in needed(ends, parents)}


def needed(ends: Iterable[Value], below: Callable[[Value], Iterable[Value]]) -> list[Value]:
    """The nodes that the ends need, from the oldest to the youngest."""
    found = list(dict.fromkeys(ends))
    seen = set(found)
    for node in found:  # grows while it is read
        for parent in below(node):
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=attrgetter("age"))
    return found
