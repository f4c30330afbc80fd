"""From a graph in layers to a plan."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from autograd.compiler.graph import needed
from autograd.compiler.layered_graph import LayeredGraph
from autograd.compiler.layers import Layer
from autograd.compiler.outer_products import OuterProduct
from autograd.compiler.plan import LayerLoop, OuterProductLoop, Piece, Plan, SlotVector
from autograd.compiler.program import MINUS_ZERO, Program, bits
from autograd.compiler.registers import Register, new_register, value_on_registers
from autograd.compiler.repeats import find_repeats
from autograd.compiler.slots import assign_slots
from autograd.value import Value

MAX_PIECE_INSTRUCTIONS = 300  # in a straight piece: LLVM's time for a piece grows faster than its length


def plan_of(graph: LayeredGraph) -> Plan:
    """The plan for the results of a graph in layers."""
    return _Planner(graph).plan_all()


class _Planner:
    def __init__(self, graph: LayeredGraph) -> None:
        self.graph = graph
        self.program = Program()
        self.plan = Plan(self.program, graph.numbers)
        self.register: dict[Value, Any] = {}
        self.staged = 0  # places below this one are in a stage

    def plan_all(self) -> Plan:
        """Make the stages, then the results, then the slots of all numbers that pass from one stage to another."""
        graph, plan = self.graph, self.plan
        plan.operations.update(map(attrgetter("operation"), graph.nodes))
        self.make_stages()
        plan.summed, plan.zeros = len(graph.results.summed), list(graph.zeros)
        plan.products = [self.product_loop(product) for product in graph.products]
        plan.table = [place for product in graph.products for place in product.places]
        to_sum = [(i, self.place(node)) for i, node in graph.terms]
        to_write = [[self.place(node) for node in nodes] for nodes in graph.results.written]
        self.stage_instructions()
        assign_slots(plan, {place for _, place in to_sum} | {place for places in to_write for place in places})
        slot_of = plan.slot_of
        plan.sums = [(i, slot_of[place]) for i, place in to_sum]
        plan.written = [[slot_of[place] for place in places] for places in to_write]
        inputs = [(place, rest[0]) for place, (word, *rest) in enumerate(self.program.instructions) if word == "input"]
        plan.loads = [(column, slot_of[place]) for place, column in inputs if place in slot_of]
        return plan

    def make_stages(self) -> None:
        """Make the stages level by level: first a level's layers, then all its other nodes, in the graph's order."""
        graph = self.graph
        layer_of = {output: layer for layer in graph.layers for output in layer.outputs}
        ends = [node for product in graph.products for node in (*product.upstream, *product.inputs)]
        ends += [node for nodes in graph.results.written for node in nodes]
        ends += [node for _, node in graph.terms]

        def below(node: Value) -> Iterable[Value]:
            layer = layer_of.get(node)
            if layer is None:
                return graph.nodes[node]
            return (*layer.inputs, *(start for start in layer.starts if start is not None and layer.biases is None))

        by_level: dict[int, tuple[dict[int, Layer], list[Value]]] = {}
        for node in needed(ends, below):
            layers, plain = by_level.setdefault(graph.level[node], ({}, []))
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
        """The loop for an outer product, with the slots of its factors."""
        return OuterProductLoop(
            self.in_slots([self.place(node) for node in product.upstream]),
            self.in_slots([self.place(node) for node in product.inputs]),
            (len(product.upstream), len(product.inputs)),
            product.gradient,
        )

    def lowered(self, node: Value) -> Any:
        """A node's number in the program: a register, or a float for a constant."""
        if node in self.graph.columns:
            return new_register(self.program, "input", self.graph.columns[node])
        if node in self.graph.numbers:
            return new_register(self.program, "number", self.graph.numbers.index[node])
        if node.operation is None:
            return node.data
        inputs = [self.register[parent] for parent in self.graph.nodes[node]]
        return value_on_registers(node.operation)(*node.operation.grouped(inputs))

    def place(self, node: Value) -> int:
        """The place in the program of a node's number; a constant gets one, too."""
        register = self.register[node]
        return register.place if isinstance(register, Register) else self.program.emit("copy", bits(register))

    def add_layer(self, layer: Layer) -> None:
        """Make a stage of a layer, after the stages of all instructions so far."""
        inputs = self.in_slots([self.place(node) for node in layer.inputs])
        copies: list[int] = []
        if layer.biases is None:  # the starts are computed: copy them to where the sums will stand
            starts = [MINUS_ZERO if start is None else self.place(start) for start in layer.starts]
            copies = [self.program.fresh("copy", start) for start in starts]
        self.stage_instructions()
        outputs = [self.program.fresh("layer", i) for i in range(len(layer.outputs))]
        slots = self.in_slots(copies or outputs)
        self.plan.slot_of.update((place, slots.first + i) for i, place in enumerate(outputs))
        self.staged = len(self.program.instructions)
        shape = (len(layer.outputs), len(layer.inputs))
        self.plan.stages.append(LayerLoop(layer.weights, shape, inputs, slots, layer.biases))
        for node, place in zip(layer.outputs, outputs, strict=True):
            self.register[node] = Register(self.program, place)

    def in_slots(self, places: Sequence[int]) -> SlotVector:
        """Slots at even distances for these places: their own slots, or new ones, with copies where necessary."""
        slot_of = self.plan.slot_of
        slots = [slot_of[place] for place in places if place in slot_of]
        if not slots and len(set(places)) == len(places):
            return self.plan.new_slots(places)
        strides = {b - a for a, b in itertools.pairwise(slots)} or {0}
        if len(slots) == len(places) and len(strides) == 1:
            return SlotVector(slots[0], strides.pop())
        return self.plan.new_slots([self.program.fresh("copy", place) for place in places])

    def stage_instructions(self) -> None:
        """Make stages of the instructions that have none yet: repeats, and straight pieces between them."""
        end = len(self.program.instructions)
        for first, behind, repeat in find_repeats(self.program, self.staged, end):
            # A repeat covers no parameters: those between its instructions belong to the piece before it
            numbers = [place for place in range(first, behind) if self.program.instructions[place][0] == "number"]
            self.add_pieces([*range(self.staged, first), *numbers])
            self.plan.stages.append(repeat)
            self.staged = behind
        self.add_pieces(range(self.staged, end))
        self.staged = end

    def add_pieces(self, places: Sequence[int]) -> None:
        """Make straight pieces of these places."""
        places = [place for place in places if self.program.instructions[place][0] != "input"]
        for first in range(0, len(places), MAX_PIECE_INSTRUCTIONS):
            self.plan.stages.append(Piece(places[first : first + MAX_PIECE_INSTRUCTIONS]))
