"""Samples recorded in order to be compiled: one of each shape."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograd import Value, topological_order
from nn.chance import leaves_drawn
from nn.fixed_graph import compiling_pays, size_of
from nn.module import Module
from nn.problem import Problem
from nn.rows import Rows, as_leaves


class Recording:
    """The graph of one sample, recorded with a leaf in place of each of its numbers.

    output      the model's output
    loss        its loss
    inputs      the leaves of the sample and its target, then those whose numbers are random
    generators  the generator of each random number
    """

    def __init__(self, problem: Problem, i: int) -> None:
        sample, x_leaves = as_leaves(problem.X[i])
        target, y_leaves = as_leaves(problem.y[i])
        self.output, drawn = leaves_drawn(problem.model, lambda: problem.model(sample))
        self.loss = problem.as_loss(problem.loss(self.output, target))
        self.inputs = [*x_leaves, *y_leaves, *(leaf for leaf, _ in drawn)]
        self.generators = [generator for _, generator in drawn]

    def nodes(self) -> set[Value]:
        """The nodes of the loss's graph."""
        return set(topological_order(self.loss))

    def constants(self, parameters: Sequence[Value], nodes: set[Value]) -> dict[Value, float]:
        """The leaves of the compiled graph that are neither parameters nor numbers of the sample.

        These are the leaves of `nodes`, and of what conditions among them compare.
        """
        from autograd.compiler.graph import recorded  # noqa: PLC0415 — only what is compiled needs it

        compiled = recorded([self.loss]) if any(node.watched for node in nodes if node.operation) else nodes
        leaves = {node for node in compiled if node.operation is None}
        return {leaf: leaf.data for leaf in leaves.difference(parameters, self.inputs)}

    def is_repeated_by(self, other: Recording, parameters: Sequence[Value], constants: dict[Value, float]) -> bool:
        """Whether another sample's graph is the same, node by node, except for the sample's numbers."""
        if other.generators != self.generators or len(other.inputs) != len(self.inputs):
            return False
        same = {value: value for value in parameters} | dict(zip(self.inputs, other.inputs, strict=True))
        numbers = {*parameters, *other.inputs}
        pairs = [(self.loss, other.loss)]
        for old, new in pairs:  # grows while it is read
            if old.operation is not new.operation:
                return False
            if old.operation is None and (new in numbers or constants[old].hex() != new.data.hex()):
                return False
            before, after = old.parents or old.watched, new.parents or new.watched
            if list(map(same.get, before)) == list(after):  # the usual, at C's speed
                continue
            if len(before) != len(after):
                return False
            for parent, twin in zip(before, after, strict=True):
                if parent not in same:
                    same[parent] = twin
                    pairs.append((parent, twin))
                elif same[parent] is not twin:
                    return False
        return True


class Recordings:
    """A recorded sample of each shape, with the model and the optimizer's parameters at this moment.

    each        the recordings, in the order of the rows' shapes
    held        the optimizer's parameters
    trained     the places in `held` of the parameters on which the loss depends
    parameters  these parameters
    reached     for each shape which of these its samples' loss depends on; None if all do on all
    numbers     the leaves that compiled code reads: the parameters, then leaves of the model that no step changes
    constants   for each recording the leaves that compiled code doesn't read, with their numbers
    """

    def __init__(self, problem: Problem, rows: Rows) -> None:
        self.problem, self.rows = problem, rows
        self.graph_is_fixed = problem.graph_is_fixed()
        self.each = [Recording(problem, i) for i in rows.examples]
        graphs = [recording.nodes() for recording in self.each]
        sizes = list(map(size_of, graphs))
        self.computed, self.edges = (sum(column) for column in zip(*sizes, strict=True))
        nodes = graphs[0].union(*graphs[1:])
        self.held = list(problem.optimizer.parameters)
        self.trained = [i for i, parameter in enumerate(self.held) if parameter in nodes]
        self.parameters = [self.held[i] for i in self.trained]
        reached = [
            {parameter for parameter in self.parameters if parameter in graph} for graph in graphs[1:] and graphs
        ]
        self.reached = reached if any(len(each) < len(self.parameters) for each in reached) else None
        self.constants = [each.constants(self.parameters, graph) for each, graph in zip(self.each, graphs, strict=True)]
        rest = nodes.intersection(set[Value]().union(*self.constants))
        own = problem.model.parameters() if rest and isinstance(problem.model, Module) else []
        fixed = dict.fromkeys(value for value in own if value in rest)
        self.constants = [{leaf: x for leaf, x in each.items() if leaf not in fixed} for each in self.constants]
        self.numbers = [*self.parameters, *fixed]

    def compiling_pays(self, epochs: int, batch_size: int) -> bool:
        """Whether compiling takes less time than this many epochs on the graph engine."""
        samples = epochs * len(self.rows)
        batches = -(-samples // batch_size) * len(self.each)
        return compiling_pays(self.computed, self.edges, samples // len(self.each), batches)

    def kinds(self, rows: Rows) -> list[int]:
        """For each shape of the rows, which of the recordings has it."""
        if unknown := set(rows.shapes).difference(self.rows.shapes):
            raise ValueError(
                f"compiled samples must have the training samples' shapes, got {len(unknown)} other shapes"
            )
        return list(map(self.rows.shapes.index, rows.shapes))

    def output_of(self, rows: Rows) -> Any:
        """The recorded output for samples of the same shape as the sample at this place."""
        outputs = [self.each[kind].output for kind in self.kinds(rows)]
        return lambda i: outputs[rows.kind(i)]

    def reached_by(self, batch: Sequence[int]) -> Collection[Value]:
        """The parameters on which the loss of these samples depends: a step leaves the others as they are."""
        if self.reached is None:
            return self.parameters
        return set[Value]().union(*(self.reached[kind] for kind in {self.rows.kind(int(i)) for i in batch}))

    def has_graph_of(self, i: int) -> bool:
        """Whether a sample's graph is the recorded one, except for the sample's numbers."""
        kind = self.rows.kind(i)
        return self.each[kind].is_repeated_by(Recording(self.problem, i), self.numbers, self.constants[kind])
