"""From a graph to a plan: what is computed, in which order, and in which slot each number is kept.

A plan is for a block of rows. What is computed for one row is computed for all rows of the block, a vector of them at a
time. Stages follow one another: straight pieces of a program, instructions that are repeated, and layers, which are
loops. At the end stand the results: written for each row, or summed over the rows.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from autograd.compiler.layers import (
    Layer,
    Matrix,
    Numbers,
    OuterProduct,
    Sum,
    Term,
    find_layers,
    find_outer_products,
    find_sums,
    levels,
    terms_of,
)
from autograd.compiler.program import LEAVES, Program, Register, bits, value_on_registers
from autograd.compiler.repeats import Repeat, find_repeats
from autograd.rules import Operation
from autograd.value import Value

PIECE_INSTRUCTIONS = 300  # in a straight piece, at most: LLVM's time for a piece grows faster than its length


@dataclass(frozen=True)
class SlotVector:
    """Slots at even distances."""

    first: int
    stride: int


@dataclass(frozen=True)
class Piece:
    """Places of the program that are computed one after another."""

    places: Sequence[int]


@dataclass(frozen=True)
class LayerLoop:
    """out[i] = start[i] + Σⱼ weights[i, j]·inputs[j], over slots; without biases, out holds the starts already."""

    weights: Matrix
    shape: tuple[int, int]
    inputs: SlotVector
    outputs: SlotVector
    biases: Matrix | None


@dataclass(frozen=True)
class OuterProductLoop:
    """gradient[i, j] += Σ over rows of upstream[i]·inputs[j]."""

    upstream: SlotVector
    inputs: SlotVector
    shape: tuple[int, int]
    gradient: Matrix


Stage = Piece | Repeat | LayerLoop


@dataclass
class Plan:
    """What the code does with a block of rows.

    numbers     the tables of parameters and constants
    loads       (column of a row, slot)
    stages      pieces of the program, repeats, and layers
    written     for each result with a row for each row of data, the slots of its columns
    summed      how many numbers the gradient has that is summed over the rows
    products    loops that sum up the gradients of layers
    table       for each entry of the table behind the gradient, its place in the gradient, or None
    sums        (place in the gradient, slot): what else is summed over the rows
    zeros       places in the gradient to which +0 is added, for each row; where nothing is added is one of them
    slot_of     the slot of each place of the program that has one
    slots       how many slots there are
    operations  how many nodes of each operation there were; of None, how many leaves
    """

    program: Program
    numbers: Numbers
    loads: list[tuple[int, int]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    written: list[list[int]] = field(default_factory=list)
    summed: int = 0
    products: list[OuterProductLoop] = field(default_factory=list)
    table: list[int | None] = field(default_factory=list)
    sums: list[tuple[int, int]] = field(default_factory=list)
    zeros: list[int] = field(default_factory=list)
    slot_of: dict[int, int] = field(default_factory=dict)
    slots: int = 0
    operations: Counter[Operation | None] = field(default_factory=Counter)

    def new_slots(self, places: Sequence[int]) -> SlotVector:
        """Slots side by side for these places."""
        first = self.slots
        self.slot_of.update(zip(places, range(first, first + len(places)), strict=True))
        self.slots += len(places)
        return SlotVector(first, 1)

    @property
    def instructions(self) -> int:
        """How many instructions LLVM has to compile, beside those of layers: a repeated one counts once."""
        words = (self.program.instructions[place][0] for stage in self.stages for place in _spelled_out(stage))
        return sum(word not in LEAVES for word in words)


def _spelled_out(stage: Stage) -> Iterable[int]:
    if isinstance(stage, Repeat):
        return [results[0] for results in stage.results]
    return stage.places if isinstance(stage, Piece) else ()


@dataclass(frozen=True)
class Results:
    """The nodes that a kernel computes: those it writes for each row of data, and those it sums over the rows."""

    written: Sequence[Sequence[Value]]
    summed: Sequence[Value] = ()


def plan(results: Results, inputs: Sequence[Value], parameters: Sequence[Value]) -> Plan:
    """The plan for the results of a graph whose leaves are inputs, parameters and constants."""
    return _Planner(inputs, parameters).plan_for(results)


@dataclass(frozen=True)
class _Analysis:
    """What a graph consists of.

    written   nodes whose numbers are written for each row
    products  the gradients of layers, summed over the rows
    others    (place in the gradient, node): what else is summed
    level     how many sums lie one above another up to each node
    layers    sums over the same inputs
    """

    written: Sequence[Value]
    products: Sequence[OuterProduct]
    others: Sequence[Term]
    level: dict[Value, int]
    layers: Sequence[Layer]


class _Planner:
    def __init__(self, inputs: Sequence[Value], parameters: Sequence[Value]) -> None:
        self.numbers = Numbers(parameters)
        self.program = Program()
        self.plan = Plan(self.program, self.numbers)
        self.columns = {node: k for k, node in enumerate(inputs)}
        self.parents: dict[Value, tuple[Value, ...]] = {}
        self.register: dict[Value, Any] = {}
        self.begun = 0  # places below are in a stage

    def plan_for(self, results: Results) -> Plan:
        """The stages, the results, and the slots of all numbers between them."""
        analysis = self.analyse(results)
        self.make_stages(analysis)
        self.plan.summed = len(results.summed)
        self.plan.products = [self.product_loop(product) for product in analysis.products]
        self.plan.table = [place for product in analysis.products for place in product.places]
        to_sum = [(i, self.place(node)) for i, node in analysis.others]
        to_write = [[self.place(node) for node in nodes] for nodes in results.written]
        self.close()
        assign_slots(self.plan, {place for _, place in to_sum} | {place for places in to_write for place in places})
        slot_of = self.plan.slot_of
        self.plan.sums = [(i, slot_of[place]) for i, place in to_sum]
        self.plan.written = [[slot_of[place] for place in places] for places in to_write]
        inputs = [(place, rest[0]) for place, (word, *rest) in enumerate(self.program.instructions) if word == "input"]
        self.plan.loads = [(column, slot_of[place]) for place, column in inputs if place in slot_of]
        return self.plan

    def analyse(self, results: Results) -> _Analysis:
        """The nodes that the results depend on, and the layers among them."""
        written = [node for nodes in results.written for node in nodes]
        self.parents = nodes = recorded([*written, *results.summed])
        self.plan.operations.update(map(attrgetter("operation"), nodes))
        uses, weights, sums = sums_of(nodes, [*written, *results.summed], self.columns)
        terms = [(i, term) for i, node in enumerate(results.summed) for term in terms_of(node, uses)]
        zeros = {node for node in weights if node not in self.numbers and node.data == 0}
        self.plan.zeros = [i for i, term in terms if term in zeros and math.copysign(1, term.data) == 1]
        products, others = find_outer_products([(i, term) for i, term in terms if term not in zeros], uses)
        position = {term: k for k, term in enumerate(terms)}  # as the graph adds them: one row has backward's bits
        others.sort(key=position.__getitem__)
        level = levels(nodes, sums)
        return _Analysis(written, products, others, level, find_layers(sums, level, self.numbers, weights))

    def make_stages(self, analysis: _Analysis) -> None:
        """The stages, level by level: first a level's layers, then all else, in the graph's own order."""
        layer_of = {output: layer for layer in analysis.layers for output in layer.outputs}
        ends = [node for product in analysis.products for node in (*product.upstream, *product.inputs)]
        ends += [*analysis.written, *(node for _, node in analysis.others)]

        def below(node: Value) -> Iterable[Value]:
            layer = layer_of.get(node)
            if layer is None:
                return self.parents[node]
            return (*layer.inputs, *(start for start in layer.starts if start is not None and layer.biases is None))

        by_level: dict[int, tuple[dict[int, Layer], list[Value]]] = {}
        for node in needed(ends, below):
            layers, plain = by_level.setdefault(analysis.level[node], ({}, []))
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

    def product_loop(self, product: OuterProduct) -> OuterProductLoop:
        return OuterProductLoop(
            self.in_slots([self.place(node) for node in product.upstream]),
            self.in_slots([self.place(node) for node in product.inputs]),
            (len(product.upstream), len(product.inputs)),
            product.gradient,
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
        """The place of a node's number; a constant gets one, too."""
        register = self.register[node]
        return register.place if isinstance(register, Register) else self.program.emit("copy", bits(register))

    def add_layer(self, layer: Layer) -> None:
        inputs = self.in_slots([self.place(node) for node in layer.inputs])
        copies: list[int] = []
        if layer.biases is None:  # starts of any kind are put where the sums will be
            starts = [MINUS_ZERO if start is None else self.place(start) for start in layer.starts]
            copies = [self.program.fresh("copy", start) for start in starts]
        self.close()
        outputs = [self.program.fresh("layer", i) for i in range(len(layer.outputs))]
        held = self.in_slots(copies or outputs)
        self.plan.slot_of.update((place, held.first + i) for i, place in enumerate(outputs))
        self.begun = len(self.program.instructions)
        shape = (len(layer.outputs), len(layer.inputs))
        self.plan.stages.append(LayerLoop(layer.weights, shape, inputs, held, layer.biases))
        for node, place in zip(layer.outputs, outputs, strict=True):
            self.register[node] = Register(self.program, place)

    def in_slots(self, places: Sequence[int]) -> SlotVector:
        """The slots, at even distances, that hold these places: theirs already, or new ones, or those of copies."""
        slots = [self.plan.slot_of.get(place) for place in places]
        if len(set(places)) == len(places) and not any(slot is not None for slot in slots):
            return self.plan.new_slots(places)
        strides = {b - a if a is not None and b is not None else None for a, b in itertools.pairwise(slots)} or {0}
        stride = strides.pop()
        if slots[0] is None or stride is None or strides:
            return self.plan.new_slots([self.program.fresh("copy", place) for place in places])
        return SlotVector(slots[0], stride)

    def close(self) -> None:
        """Make stages of the instructions since the last one: repeats, and straight pieces between them."""
        end = len(self.program.instructions)
        for first, behind, repeat in find_repeats(self.program, self.begun, end):
            numbers = [place for place in range(first, behind) if self.program.instructions[place][0] == "number"]
            self.add_pieces([*range(self.begun, first), *numbers])
            self.plan.stages.append(repeat)
            self.begun = behind
        self.add_pieces(range(self.begun, end))
        self.begun = end

    def add_pieces(self, places: Sequence[int]) -> None:
        places = [place for place in places if self.program.instructions[place][0] != "input"]
        for first in range(0, len(places), PIECE_INSTRUCTIONS):
            self.plan.stages.append(Piece(places[first : first + PIECE_INSTRUCTIONS]))


MINUS_ZERO = bits(-0.0)  # the identity of IEEE addition: −0.0 + x == x for every x, −0.0 included


def sums_of(
    nodes: dict[Value, tuple[Value, ...]], ends: Sequence[Value], columns: dict[Value, int]
) -> tuple[Counter[Value], set[Value], dict[Value, Sum]]:
    """How often each node is used, the leaves that are the same for all rows, and the sums of products with these."""
    uses = Counter(parent for parents in nodes.values() for parent in parents)
    uses.update(ends)
    weights = {node for node in nodes if node.operation is None and node not in columns}
    return uses, weights, find_sums(list(nodes), uses, weights)


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


# Slots: where numbers stand between the stages, each with room for one number of each row


def assign_slots(plan: Plan, ends: Iterable[int]) -> None:
    """Give a slot to each number that another stage needs than the one that computes it; `ends` are needed last."""
    home, last = _lives(plan, ends)
    instructions = plan.program.instructions
    crossing = {
        place
        for place, k in last.items()
        if place not in plan.slot_of and (home.get(place) != k or instructions[place][0] == "input")
    }
    for stage in plan.stages:
        if isinstance(stage, Repeat):
            crossing.update(_with_their_turns(plan, stage, crossing, last))
    free: list[int] = []
    leaving: dict[int, list[int]] = {}
    at = 0
    for place in sorted(crossing):
        if instructions[place][0] == "input":
            plan.new_slots([place])
            continue
        while at < home[place]:  # numbers that no later stage needs give their slots back
            free += leaving.pop(at, [])
            at += 1
        if free:
            plan.slot_of[place] = free.pop()
        else:
            plan.new_slots([place])
        leaving.setdefault(last[place], []).append(plan.slot_of[place])


def _lives(plan: Plan, ends: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """For each place, the stage that computes it, and the last stage that needs it."""
    home: dict[int, int] = {}
    last: dict[int, int] = {}
    for k, stage in enumerate(plan.stages):
        for place in _places(stage):
            home[place] = k
            for operand in stored_operands(plan.program, place):
                last[operand] = k
    last |= dict.fromkeys(ends, len(plan.stages))
    return home, last


def _places(stage: Stage) -> Iterable[int]:
    """The places of the program that a stage computes; a layer's have their slots already."""
    return getattr(stage, "places", ())


def _with_their_turns(plan: Plan, repeat: Repeat, crossing: set[int], last: dict[int, int]) -> Iterator[int]:
    """All turns of a repeated instruction, if one before the last crosses: a loop stores every turn or the last."""
    for results in repeat.results:
        if any(place in crossing or place in plan.slot_of for place in results[:-1]):
            end = max(last.get(place, -1) for place in results)
            for place in results:
                if place not in plan.slot_of:
                    last[place] = end
                    yield place


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
