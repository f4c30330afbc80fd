"""A plan knows no language: read by a few lines of Python, it gives the bits of the machine code made of it."""

import random
import subprocess
import sys

import pytest
from words import ARITHMETIC, LIBRARY

import autograd
import nn
from autograd import Value, compiler
from autograd.compiler.layered_graph import layered_graph
from autograd.compiler.plan import LayerLoop
from autograd.compiler.planning import plan_of
from autograd.compiler.program import float_of
from autograd.compiler.results import GRADIENT, results_of

WORDS = ARITHMETIC | LIBRARY


class Reader:
    """What a plan computes of one row of data."""

    def __init__(self, plan, row, parameters):
        self.plan, self.row, self.parameters = plan, row, parameters
        self.computed, self.slots = {}, {slot: row[column] for column, slot in plan.loads}
        self.gradient = [-0.0] * plan.summed
        sources = [*parameters, *plan.numbers.constants]
        self.tables = {
            "numbers": parameters,
            "constants": plan.numbers.constants,
            "gathered": [sources[place] for place in plan.numbers.gathered],
            "gradient": self.gradient,
            "table": [-0.0] * len(plan.table),
        }

    def read(self):
        for stage in self.plan.stages:
            if isinstance(stage, LayerLoop):
                self.layer(stage)
            else:
                for place in sorted(stage.places):
                    self.computed[place] = self.operand(place)
                    if place in self.plan.slot_of:
                        self.slots[self.plan.slot_of[place]] = self.computed[place]
        self.sum_gradient()
        return [[self.slots[slot] for slot in slots] for slots in self.plan.written], self.gradient

    def operand(self, operand):
        if isinstance(operand, str):
            return float_of(operand)
        word, *operands = self.plan.program.instructions[operand]
        if word in ("input", "number"):
            return (self.row if word == "input" else self.parameters)[operands[0]]
        if word == "layer":
            return self.slots[self.plan.slot_of[operand]]
        if operand not in self.computed:
            self.computed[operand] = WORDS[word](*map(self.operand, operands))
        return self.computed[operand]

    def at(self, slots, i):
        return self.slots[slots.first + i * slots.stride]

    def layer(self, layer):
        rows, columns = layer.shape
        weights, biases = layer.weights, layer.biases
        sums = []
        for i in range(rows):
            bias = self.at(layer.outputs, i) if biases is None else self.entry(biases, i, 0)
            for j in range(columns):
                bias += self.entry(weights, i, j) * self.at(layer.inputs, j)
            sums.append(bias)
        for i, total in enumerate(sums):
            self.slots[layer.outputs.first + i * layer.outputs.stride] = total

    def entry(self, matrix, i, j):
        return self.tables[matrix.table][matrix.first + i * matrix.row_stride + j * matrix.column_stride]

    def sum_gradient(self):
        for place in self.plan.zeros:
            self.gradient[place] = 0.0
        for place, slot in self.plan.sums:
            self.gradient[place] += self.slots[slot]
        for product in self.plan.products:
            to, (rows, columns) = product.gradient, product.shape
            for i in range(rows):
                for j in range(columns):
                    place = to.first + i * to.row_stride + j * to.column_stride
                    self.tables[to.table][place] += self.at(product.upstream, i) * self.at(product.inputs, j)
        for place, total in zip(self.plan.table, self.tables["table"], strict=True):
            if place is not None:
                self.gradient[place] += total


def mlp(sizes, activation, loss):
    model = nn.MLP(sizes[0], sizes[1:], activation, seed=random.Random(0))
    inputs, target = [Value(0.0) for _ in range(sizes[0])], Value(1.0)
    return loss(model(inputs), target), [*inputs, target], model.parameters()


def elman():
    model = nn.Elman(2, 8, 1, seed=random.Random(0))
    sequence = [[Value(0.0), Value(0.0)] for _ in range(3)]
    return (
        autograd.total([output for outputs in model(sequence) for output in outputs]),
        [x for xs in sequence for x in xs],
        model.parameters(),
    )


@pytest.mark.parametrize(
    ("graph", "stages"),
    [
        (lambda: mlp([3, 8, 1], autograd.tanh, nn.hinge), "layer"),
        (lambda: mlp([5, 8, 9, 3], autograd.relu, nn.softmax_cross_entropy), "layer"),
        (lambda: mlp([2, 150], autograd.sigmoid, nn.softmax_cross_entropy), "repeated"),
        (lambda: mlp([2, 2, 1], autograd.softplus, nn.binary_cross_entropy_with_logits), "straight"),
        (elman, "layer"),
    ],
    ids=["tanh", "relu", "softmax", "small", "recurrent"],
)
def test_a_reader_of_the_plan_gets_the_bits_of_machine_code(graph, stages):
    loss, inputs, parameters = graph()
    compiled = autograd.compile(loss, inputs, parameters)
    assert stages in compiled.explain()
    plan = plan_of(layered_graph(results_of([loss], inputs, parameters, GRADIENT), inputs, parameters))
    generator = random.Random(1)
    for _ in range(3):
        row = [generator.uniform(-1, 1) for _ in inputs[:-1]] + [1.0]
        values, gradient = compiled.value_and_gradient([row])
        (found,), slopes = Reader(plan, row, [parameter.data for parameter in parameters]).read()
        assert found == values.tolist()
        assert [x.hex() for x in slopes] == [x.hex() for x in gradient.tolist()]


def test_a_plan_and_a_formula_need_neither_llvm_nor_numpy():
    package = compiler.__name__  # another one where the published package is tested
    modules = ", ".join(f"{package}.{name}" for name in ("planning", "formula", "limits"))
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert f"{package}.plan" in done.stdout.split()
    assert not {"numpy", "llvmlite"} & set(done.stdout.split())
