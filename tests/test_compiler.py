"""Compiled graphs: the graph engine's bits, over rows, for every operation and for random programs."""

import copy
import functools
import json
import math
import operator
import os
import pickle
import random
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import programs
import pytest
from readings import same_bits

import autograd
import nn
from autograd import Value, gradient, hessian, relu, tanh
from autograd.compiler import limits, pipeline, repeats, tape
from autograd.compiler.graph import recorded
from autograd.compiler.matrices import Matrix, as_matrix, matrix_runs
from autograd.rules import OPERATIONS, Operation
from nn import MLP, softmax_cross_entropy


def lengths(operation):
    """Numbers of inputs to try an operation at."""
    if not operation.variadic:
        return [len(operation.arguments)]
    if operation.name == "weighted_sum":
        return [1, 3, 9]
    return [2, 3, 6] if operation.sequences.count(False) else [1, 2, 5]


def on_graph(operation, numbers):
    """Value and gradient of one row by the graph engine."""
    inputs = [Value(x) for x in numbers]
    output = operation(*operation.grouped(inputs))
    output.backward()
    return output.data, [x.grad for x in inputs]


def points(name):
    """The special points of an operation, as far as they are inputs of floats."""
    table = json.loads((Path(__file__).parent / "oracles/special_points.json").read_text())
    return [[float(x) for x in point["args"]] for point in table if point["op"].partition(":")[0] == name]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_each_operation_compiled_has_the_graph_engines_bits_at_a_thousand_points(operation):
    generator = random.Random(operation.name)
    special = points(operation.name)
    for length in {*lengths(operation), *map(len, special)}:
        inputs = [Value(0.5) for _ in range(length)]
        compiled = autograd.compile(operation(*operation.grouped(inputs)), inputs)
        rows = [[programs.number(generator) for _ in range(length)] for _ in range(1000)]
        rows += [point for point in special if len(point) == length]
        values, _, gradients = compiled.value_and_gradient(rows, wrt_inputs=True)
        expected = [on_graph(operation, row) for row in rows]
        wrong = ~same_bits(values, [value for value, _ in expected])
        wrong |= ~same_bits(gradients, [slopes for _, slopes in expected]).all(axis=1)
        assert not wrong.any(), [(rows[i], expected[i], values[i], gradients[i]) for i in np.flatnonzero(wrong)[:3]]


def test_lanes_that_are_alike_are_told_from_those_that_differ_in_a_zeros_sign_alone():
    x = Value(1.0)
    power = autograd.compile(x**-3.0, [x], [])
    assert power.value([[2.0]] * 9).tolist() == [0.125] * 9
    assert power.value([[0.0]] * 9).tolist() == [math.inf] * 9
    for odd in range(8):
        rows = [[-0.0 if k == odd else 0.0] for k in range(8)]
        assert power.value(rows).tolist() == [-math.inf if k == odd else math.inf for k in range(8)]


@pytest.mark.parametrize("nan", [math.nan, -math.nan, math.copysign(math.nan, -1.0)])
def test_copysign_takes_a_nan_for_positive_whatever_its_sign_bit(nan):
    x, y = Value(-2.0), Value(nan)
    z = autograd.copysign(x, y)
    assert z.data == 2.0
    z.backward()
    assert x.grad == -1.0
    assert autograd.compile(z, [x, y]).value([[-2.0, nan], [3.0, nan]]).tolist() == [2.0, 3.0]


def random_program_agrees(seed):
    """Compare one random program, compiled, with the graph engine: several outputs, gradients by row, their sums."""
    choices = random.Random(seed)
    program = programs.random_program(choices, choices.choice([1, 3, 8, 20, 50, 120]))
    rows = programs.rows_of(program, choices, choices.choice([1, 2, 7, 8, 9, 20]))
    places = choices.randrange(program.size), -1, program.size // 2

    def record(row):
        inputs, own = [Value(x) for x in row], [Value(x) for x in program.leaves[program.inputs :]]
        nodes = programs.recorded(program, [*inputs, *own])
        return [nodes[place] for place in places], inputs, own

    compiled = autograd.compile(*record(rows[0]))
    table = np.array(rows).reshape(len(rows), program.inputs)
    values, by_row, by_input = compiled.value_and_gradient(table, per_row=True, wrt_inputs=True)
    values_again, sums = compiled.value_and_gradient(table)
    for i, row in enumerate(rows):
        outputs, inputs, own = record(row)
        outputs[0].backward()
        assert same_bits(values[i], [node.data for node in outputs]).all()
        assert same_bits(by_row[i], [node.grad for node in own]).all()
        assert same_bits(by_input[i], [node.grad for node in inputs]).all()
    assert same_bits(values, values_again).all()
    assert same_bits(values, compiled.value(table)).all()
    with np.errstate(all="ignore"):
        scale = np.abs(by_row).sum(axis=0)
        tame = np.isfinite(scale) & (scale < 1e300)
        assert (np.abs(by_row.sum(axis=0) - sums)[tame] <= 1e-9 * scale[tame] + 1e-12).all()


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_random_programs_have_the_graph_engines_bits(first):
    for seed in range(first, first + 10):
        random_program_agrees(seed)


def test_random_programs_have_the_engines_bits_where_all_that_repeats_is_a_loop(monkeypatch):
    monkeypatch.setattr(repeats, "MIN_TURNS", 2)
    for seed in range(40, 80):
        random_program_agrees(seed)


@pytest.mark.parametrize(("min_turns", "first"), [(64, 80), (2, 90)])
def test_random_programs_have_the_engines_bits_on_a_tape(monkeypatch, min_turns, first):
    monkeypatch.setattr(tape, "MAX_COMPILED_INSTRUCTIONS", 0)
    monkeypatch.setattr(repeats, "MIN_TURNS", min_turns)
    for seed in range(first, first + 10):
        random_program_agrees(seed)


def test_a_large_graph_is_on_a_tape_and_has_the_graph_engines_bits():
    generator = random.Random(0)
    made = [Value(0.3), Value(-0.2), Value(0.5), Value(0.7)]
    operations = [operator.add, operator.mul, autograd.maximum, lambda a, b: tanh(a - b), lambda a, _: autograd.sin(a)]
    while len(made) < 7_000:
        made.append(generator.choice(operations)(made[-1], generator.choice(made[-100:])))
    compiled = autograd.compile(made[-1], made[:2], made[2:4])
    assert "on a tape" in compiled.explain()
    row = [0.25, -0.75]
    values, gradients = compiled.value_and_gradient([[0.3, -0.2], row], per_row=True)
    value, expected = by_graph_engine(made[-1], made[:2], row)
    assert values.tolist() == [made[-1].data, value]
    assert same_bits(gradients[1], [expected[parameter] for parameter in made[2:4]]).all()


def demo(activation=relu, widths=(16, 16, 1)):
    model = MLP(2, widths, activation, seed=0)
    x, y = [Value(0.3), Value(-0.2)], Value(1.0)
    return model, [*x, y], relu(1 - model(x)[0] * y)


def rows_of(n, seed=0):
    rows = np.random.default_rng(seed).uniform(-1, 1, (n, 3))
    rows[:, 2] = np.sign(rows[:, 0] * rows[:, 1])
    return rows


@pytest.mark.parametrize("activation", [relu, tanh])
@pytest.mark.parametrize("n", [1, 7, 8, 9, 64, 65, 100])
def test_a_network_has_the_graph_engines_bits_for_any_number_of_rows(activation, n):
    model, inputs, loss = demo(activation)
    compiled = autograd.compile(loss, inputs, model.parameters())
    rows = rows_of(n)
    values, by_row = compiled.value_and_gradient(rows, per_row=True)
    _, sums = compiled.value_and_gradient(rows)
    for i, (x1, x2, y) in enumerate(rows.tolist()):
        model.zero_grad()
        one = relu(1 - model([x1, x2])[0] * y)
        one.backward()
        assert values[i] == one.data
        assert same_bits(by_row[i], [p.grad for p in model.parameters()]).all()
    np.testing.assert_allclose(sums, by_row.sum(axis=0), rtol=1e-12, atol=1e-13)


def test_layers_are_found_in_the_graph_and_in_its_gradient():
    model, inputs, loss = demo(widths=(16, 8, 1))
    told = autograd.compile(loss, inputs, model.parameters()).explain()
    assert "8 sums of 16 products" in told
    assert "16 sums of 8 products" in told  # what flows back
    assert "8 × 16, added up over rows" in told


def test_a_layer_written_as_a_chain_of_additions_is_found_as_well():
    x = [Value(0.1 * i) for i in range(6)]
    w = [[Value(0.01 * (i + j)) for j in range(6)] for i in range(6)]
    sums = []
    for row in w:
        s = row[0] * x[0]
        for weight, number in zip(row[1:], x[1:], strict=True):
            s = s + weight * number
        sums.append(s)
    compiled = autograd.compile(sums, x, [weight for row in w for weight in row])
    assert "6 sums of 6 products" in compiled.explain()
    assert same_bits(compiled.value([[node.data for node in x]]), [[s.data for s in sums]]).all()


def frozen_or_shuffled(kind, widths=(20, 16, 10)):
    """A network's loss, leaves and parameters, of which one weight a neuron is left out, or the order is another."""
    fan_in, *layers = widths
    model = MLP(fan_in, layers, relu, seed=0)
    x, target = [Value(0.1 * i) for i in range(fan_in)], Value(3.0)
    loss = softmax_cross_entropy(model(x), target)
    generator = random.Random(1)
    parameters = model.parameters()
    if kind in ("frozen", "both"):
        frozen = {id(generator.choice(neuron.weights)) for layer in model.layers for neuron in layer.neurons}
        parameters = [parameter for parameter in parameters if id(parameter) not in frozen]
    if kind in ("shuffled", "both"):
        generator.shuffle(parameters)
    if kind == "reversed":
        parameters.reverse()
    return loss, [*x, target], parameters


@pytest.mark.parametrize("kind", ["plain", "frozen", "shuffled", "both", "reversed"])
def test_layers_are_found_with_frozen_weights_and_in_any_order_of_parameters(kind):
    loss, inputs, parameters = frozen_or_shuffled(kind)
    compiled = autograd.compile(loss, inputs, parameters)
    told = compiled.explain()
    assert re.findall(r"layer +(.*)", told) == [
        "16 sums of 20 products",
        "10 sums of 16 products",
        "16 sums of 10 products",
    ]
    assert sorted(re.findall(r"products +(\d.*),", told)) == ["10 × 16", "16 × 20"]
    assert "sums            26 numbers" in told  # the biases
    rows = np.random.default_rng(0).normal(size=(70, 21))
    rows[:, -1] = np.arange(70) % 10
    values, by_row, by_input = compiled.value_and_gradient(rows, per_row=True, wrt_inputs=True)
    for i, row in enumerate(rows[:12].tolist()):
        value, expected = by_graph_engine(loss, inputs, row)
        assert values[i] == value
        assert same_bits(by_row[i], [expected[parameter] for parameter in parameters]).all()
        assert same_bits(by_input[i], [expected[node] for node in inputs]).all()
    _, summed = compiled.value_and_gradient(rows)
    np.testing.assert_allclose(summed, by_row.sum(axis=0), rtol=1e-11, atol=1e-13)


def by_graph_engine(loss, inputs, row):
    """Value and derivatives of a recorded graph at other inputs."""
    numbers = {}
    for node, below in recorded([loss]).items():
        parents = [numbers[parent] for parent in below]
        if node.operation is None:
            numbers[node] = Value(row[inputs.index(node)] if node in inputs else node.data)
        else:
            numbers[node] = node.operation(*node.operation.grouped(parents))
    numbers[loss].backward()
    return numbers[loss].data, {node: numbers[node].grad for node in numbers}


def test_the_order_of_parameters_changes_no_bit_of_a_gradient():
    rows = np.random.default_rng(0).normal(size=(300, 21))
    rows[:, -1] = np.arange(300) % 10
    loss, inputs, parameters = frozen_or_shuffled("plain")
    _, plain = autograd.compile(loss, inputs, parameters).value_and_gradient(rows)
    places = range(len(parameters))
    for order in (random.Random(7).sample(places, len(places)), [*reversed(places)]):
        _, other = autograd.compile(loss, inputs, [parameters[i] for i in order]).value_and_gradient(rows)
        assert same_bits(other, plain[order]).all()


def test_a_weight_that_stands_in_several_places_of_a_layer_is_gathered_too():
    x, w = [Value(0.5 + i) for i in range(8)], [Value(1.0 + i) for i in range(8)]
    sums = [autograd.weighted_sum([w[(i - j) % 8] for j in range(8)], x) for i in range(8)]  # a circulant matrix
    compiled = autograd.compile(autograd.total([s * s for s in sums]), x, w)
    assert "8 sums of 8 products" in compiled.explain()
    rows = np.arange(24.0).reshape(3, 8)
    matrix = np.array([[1.0 + (i - j) % 8 for j in range(8)] for i in range(8)])
    values, gradient = compiled.value_and_gradient(rows)
    products = rows @ matrix.T
    assert values.tolist() == (products**2).sum(axis=1).tolist()  # whole numbers: any order of sums is exact
    expected = [2 * sum(products[:, i] @ rows[:, (i - k) % 8] for i in range(8)) for k in range(8)]
    assert gradient.tolist() == expected


def test_a_thousand_classes_are_loops_and_have_the_graph_engines_bits():
    logits, target = [Value(0.01 * i) for i in range(1000)], Value(7.0)
    loss = softmax_cross_entropy(logits, target)
    compiled = autograd.compile(loss, [*logits, target])
    rows = np.random.default_rng(0).normal(size=(5, 1001), scale=3)
    rows[:, -1] = [0, 999, 7, 500, 1]
    rows[1, 999] = rows[4, 3] = math.inf
    values, _, slopes = compiled.value_and_gradient(rows, wrt_inputs=True)
    told = compiled.explain()
    assert re.search(r"repeated +1000 times 2 instructions", told)
    assert max(map(int, re.findall(r"straight +(\d+)", told)), default=0) < 20
    for i, row in enumerate(rows.tolist()):
        value, expected = by_graph_engine(loss, [*logits, target], row)
        assert same_bits(values[i], value)
        assert same_bits(slopes[i], [expected[node] for node in (*logits, target)]).all()


@pytest.mark.parametrize("count", [63, 64, 65, 200])
@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: autograd.softmax(x)[3],
        lambda x, w: autograd.total([relu(a) for a in x]) * autograd.mean([a * b for a, b in zip(x, w, strict=True)]),
        lambda x, w: autograd.logsumexp([tanh(a * b) for a, b in zip(x, w, strict=True)]),
        lambda x, w: functools.reduce(lambda h, a: tanh(w[0] * h + a), x),
        lambda x, w: functools.reduce(autograd.maximum, [a * b for a, b in zip(x, reversed(w), strict=True)]),
        lambda x, w: functools.reduce(lambda h, k: tanh(h + x[k] * (0.5 + k % 3)), range(len(x)), w[5]),
        lambda x, w: autograd.total([a if k % 7 else a * a for k, a in enumerate(x)]),
    ],
)
def test_instructions_that_are_repeated_have_the_graph_engines_bits(function, count):
    generator = np.random.default_rng(count)
    x, w = ([Value(number) for number in generator.normal(size=count)] for _ in range(2))
    output = function(x, w)
    compiled = autograd.compile(output, x, w)
    rows = generator.normal(size=(19, count))
    values, by_row, by_input = compiled.value_and_gradient(rows, per_row=True, wrt_inputs=True)
    for i in (0, 7, 18):
        value, expected = by_graph_engine(output, x, rows[i].tolist())
        assert values[i] == value
        assert same_bits(by_row[i], [expected.get(node, 0.0) for node in w]).all()
        assert same_bits(by_input[i], [expected[node] for node in x]).all()


@pytest.mark.parametrize(
    "function",
    [
        lambda w, b, x: w * x,
        lambda w, b, x: autograd.weighted_sum([w], [x], b),
        lambda w, b, x: w * x + b * 0.0,
        lambda w, b, x: w * x + w * x,
        lambda w, b, x: w * x * -0.0 + b * x,
    ],
)
def test_a_gradient_of_minus_zero_stays_one_over_a_single_row(function):
    w, b, unused, x = Value(2.0), Value(0.5), Value(1.0), Value(-0.0)
    output = function(w, b, x)
    _, gradient = autograd.compile(output, [x], [w, b, unused]).value_and_gradient([[-0.0]])
    output.backward()
    assert same_bits(gradient, [w.grad, b.grad, unused.grad]).all()
    assert np.signbit(gradient).any()


@pytest.mark.parametrize("kind", ["plain", "frozen", "shuffled"])
def test_a_single_row_has_the_bits_of_backward_in_layers_too(kind):
    loss, inputs, parameters = frozen_or_shuffled(kind)
    row = [-0.0 if i % 3 else 0.5 for i in range(20)] + [3.0]
    _, gradient = autograd.compile(loss, inputs, parameters).value_and_gradient([row])
    _, expected = by_graph_engine(loss, inputs, row)
    assert same_bits(gradient, [expected[parameter] for parameter in parameters]).all()
    assert (np.signbit(gradient) & (gradient == 0)).any()


def test_no_rows_and_unused_parameters_have_gradients_of_plus_zero():
    x, w, unused = Value(1.0), Value(2.0), Value(3.0)
    compiled = autograd.compile(w * x, [x], [w, unused])
    assert not np.signbit(compiled.value_and_gradient(np.empty((0, 1)))[1]).any()
    assert compiled.value_and_gradient([[-1.0]])[1].tolist() == [-1.0, 0.0]
    assert not np.signbit(compiled.value_and_gradient([[-1.0]])[1][1])


def test_constant_weights_make_a_layer_too():
    _, inputs, loss = demo()
    compiled = autograd.compile(loss, inputs)
    assert "16 sums of 16 products" in compiled.explain()
    assert compiled.value([[node.data for node in inputs]]) == loss.data


def test_a_hessian_is_compiled_like_any_graph():
    x, y = Value(0.7), Value(-0.3)
    rows = [[0.2, 0.5], [1.5, -2.0]]
    entries = [entry for row in hessian(tanh(x * y) * x, [x, y]) for entry in row]
    values = autograd.compile(entries, [x, y]).value(rows)
    for i, row in enumerate(rows):
        a, b = map(Value, row)
        assert values[i].tolist() == [entry.data for line in hessian(tanh(a * b) * a, [a, b]) for entry in line]


def test_with_several_outputs_any_of_them_can_be_differentiated():
    x, w = Value(2.0), Value(3.0)
    first, second = w * x, w * w * x
    compiled = autograd.compile([first, second], [x], [w])
    values, slopes = compiled.value_and_gradient([[2.0], [5.0]])
    assert values.tolist() == [[6.0, 18.0], [15.0, 45.0]]
    assert slopes.tolist() == [7.0]
    assert compiled.value_and_gradient([[2.0], [5.0]], of=1)[1].tolist() == [42.0]
    assert compiled.value_and_gradient([[2.0], [5.0]], of=second)[1].tolist() == [42.0]
    with pytest.raises(ValueError, match="of must be below 2, the number of outputs, and not negative, got 2"):
        compiled.value_and_gradient([[2.0]], of=2)
    with pytest.raises(ValueError, match="of must be one of the 2 outputs, got "):
        compiled.value_and_gradient([[2.0]], of=x)
    for wrong in ("first", False, 0.0):
        with pytest.raises(TypeError, match="of, the place of an output, must be an int, got "):
            compiled.value_and_gradient([[2.0]], of=wrong)


def test_parameters_are_live_and_go_to_their_values_and_back():
    x, w = Value(1.0), Value(2.0)
    compiled = autograd.compile(w * x, [x], [w])
    compiled.parameters[0] = 5.0
    assert compiled.value([[3.0]]).tolist() == [15.0]
    assert w.data == 2.0
    compiled.store()
    assert w.data == 5.0
    w.data = 7.0
    compiled.load()
    assert compiled.value([[3.0]]).tolist() == [21.0]
    with pytest.raises(AttributeError):
        compiled.parameters = np.zeros(1)


def test_a_gradient_is_that_of_the_structure_whatever_the_values_hold_by_now():
    x, w = Value(1.0), Value(2.0)
    compiled = autograd.compile(w * w * x, [x], [w])
    w.data = 10.0
    values, slopes, by_input = compiled.value_and_gradient([[1.0]], wrt_inputs=True)
    assert (values.tolist(), slopes.tolist(), by_input.tolist()) == ([4.0], [4.0], [[4.0]])


def test_rows_come_in_any_layout_and_real_type():
    x, y = Value(1.0), Value(2.0)
    compiled = autograd.compile(x - y, [x, y])
    rows = np.array([[1.0, 2.0], [5.0, 3.0], [0.5, 0.25]])
    expected = [-1.0, 2.0, 0.25]
    wide = np.zeros((3, 4))
    wide[:, ::2] = rows
    frozen = rows.copy()
    frozen.flags.writeable = False
    for given in (rows, rows.tolist(), np.asfortranarray(rows), wide[:, ::2], frozen, rows.astype(np.float32)):
        assert compiled.value(given).tolist() == expected
    assert compiled.value(rows[::-1]).tolist() == expected[::-1]
    assert compiled.value(rows.astype(">f8")).tolist() == expected
    assert compiled.value(np.array([[3, 1]])).tolist() == [2.0]


def test_no_rows_give_no_values_and_a_gradient_of_zeros():
    model, inputs, loss = demo()
    compiled = autograd.compile(loss, inputs, model.parameters())
    for empty in (np.empty((0, 3)), [], np.empty((0, 3), dtype=int)):
        values, slopes = compiled.value_and_gradient(empty)
        assert values.shape == (0,)
        assert slopes.shape == (337,)
        assert not slopes.any()
    assert compiled.value_and_gradient([], per_row=True)[1].shape == (0, 337)


@pytest.mark.parametrize(
    ("rows", "error", "sentence"),
    [
        ([1.0, 2.0], ValueError, r"rows must have the shape \(n, 2\), got \(2,\)"),
        ([[1.0]], ValueError, r"shape \(n, 2\), got \(1, 1\)"),
        (np.zeros((2, 2, 2)), ValueError, r"got \(2, 2, 2\)"),
        (3.0, ValueError, r"got \(\)"),
        ([[1.0, 2.0], [3.0]], ValueError, "rows must have one length"),
        ([[1j, 2.0]], TypeError, "complex128"),
        ([["1", "2"]], TypeError, "real numbers"),
        ([[True, False]], TypeError, "bool"),
        ([[None, 1.0]], TypeError, "object"),
        (None, TypeError, "object"),
    ],
)
def test_rows_that_are_none_are_refused_with_a_sentence(rows, error, sentence):
    x, y = Value(1.0), Value(2.0)
    with pytest.raises(error, match=sentence):
        autograd.compile(x - y, [x, y]).value(rows)


def test_nan_and_inf_in_a_row_stay_in_that_row():
    model, inputs, loss = demo()
    compiled = autograd.compile(loss, inputs, model.parameters())
    rows = rows_of(20)
    clean, by_row = compiled.value_and_gradient(rows, per_row=True)
    rows[3, 0], rows[11, 1] = math.nan, math.inf
    dirty, by_row_too = compiled.value_and_gradient(rows, per_row=True)
    others = [i for i in range(20) if i not in (3, 11)]
    assert math.isnan(dirty[3])
    assert (dirty[others] == clean[others]).all()
    assert same_bits(by_row_too[others], by_row[others]).all()


def test_a_value_that_is_not_of_the_graph_a_leaf_and_a_constant_compile_as_well():
    x, unused, w = Value(2.0), Value(3.0), Value(4.0)
    values, slopes, by_input = autograd.compile(x * 2, [x, unused], [w]).value_and_gradient(
        [[5.0, 1.0]], wrt_inputs=True
    )
    assert (values.tolist(), slopes.tolist(), by_input.tolist()) == ([10.0], [0.0], [[2.0, 0.0]])
    values, slopes = autograd.compile(w, [x], [w]).value_and_gradient([[1.0], [2.0]])
    assert (values.tolist(), slopes.tolist()) == ([4.0, 4.0], [2.0])
    assert autograd.compile(x, [x]).value([[1.5], [2.5]]).tolist() == [1.5, 2.5]
    assert autograd.compile(Value(7.0), []).value(np.empty((3, 0))).tolist() == [7.0, 7.0, 7.0]
    assert autograd.compile([x, x, x], [x]).value([[1.0]]).tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize(
    ("compiling", "error", "sentence"),
    [
        # ruff: noqa: ARG005 — each is given both, x and y = x²
        (lambda x, y: autograd.compile(3.0, [x]), TypeError, "must be an ordered sequence"),
        (lambda x, y: autograd.compile([3.0], [x]), TypeError, "must be a Value, got float"),
        (lambda x, y: autograd.compile([], [x]), ValueError, "at least 1 output, got 0"),
        (lambda x, y: autograd.compile(y, x), TypeError, r"write \[x\]"),
        (lambda x, y: autograd.compile(y, [1.0, x]), TypeError, "must be a Value, got float"),
        (lambda x, y: autograd.compile(y, {x}), TypeError, "ordered sequence"),
        (lambda x, y: autograd.compile(y, [x, x]), ValueError, "x is listed twice among the inputs"),
        (lambda x, y: autograd.compile(y, [], [x, x]), ValueError, "x is listed twice among the parameters"),
        (lambda x, y: autograd.compile(y, [x], [x]), ValueError, "x is listed among inputs and parameters"),
        (lambda x, y: autograd.compile(y, [y]), ValueError, "must be leaves of the graph, got the result of mul"),
        (lambda x, y: autograd.compile(y, [x], threads=0), ValueError, "threads must be at least 1, got 0"),
        (lambda x, y: autograd.compile(y, [x], threads=True), TypeError, "threads must be an int, got bool"),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_a_sentence(compiling, error, sentence):
    x = Value(2.0, "x")
    with pytest.raises(error, match=sentence):
        compiling(x, x * x)


def test_a_graph_of_a_million_nodes_is_refused_in_a_moment_and_with_a_sentence():
    x = z = Value(1.0)
    for _ in range(1_000_000):
        z = -z
    with pytest.raises(ValueError, match=r"limit is 400,000 edges .* has 1,000,000: .* graph engine"):
        autograd.compile(z, [x])


def test_the_limit_counts_the_gradients_instructions_too(monkeypatch):
    generator = random.Random(0)
    x = z = Value(0.5)
    for _ in range(300):
        z = generator.choice([autograd.sin, autograd.cos, tanh])(z) * x
    monkeypatch.setattr(limits, "MAX_INSTRUCTIONS", 1000)
    assert autograd.compile(z, [x]).value([[0.5]]).tolist() == [z.data]  # 600 instructions
    with pytest.raises(ValueError, match=r"limit is 1,000 instructions .* with the gradient .* has [12],\d\d\d: "):
        autograd.compile(z, [], [x])


def test_sums_of_products_do_not_count_for_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_EDGES", 100)
    x, w = [Value(1.0 + i) for i in range(60)], [[Value(0.5) for _ in range(60)] for _ in range(3)]
    sums = [functools.reduce(operator.add, [a * b for a, b in zip(row, x, strict=True)]) for row in w]
    compiled = autograd.compile(sums, x, [weight for row in w for weight in row])
    assert compiled.value([[node.data for node in x]]).tolist() == [[915.0] * 3]  # ½·(1 + … + 60)


def test_many_rows_in_any_number_of_threads_give_the_same_bits():
    model, inputs, loss = demo(widths=(4, 1))
    compiled = autograd.compile(loss, inputs, model.parameters())
    rows = rows_of(50_001)
    values, slopes = compiled.value_and_gradient(rows)
    for threads in (2, 3, 8):
        values_too, slopes_too = compiled.value_and_gradient(rows, threads=threads)
        assert same_bits(values, values_too).all()
        assert same_bits(slopes, slopes_too).all()
    np.testing.assert_allclose(slopes, compiled.value_and_gradient(rows, per_row=True)[1].sum(axis=0), rtol=1e-10)


def test_threads_may_call_one_compiled_graph_at_once():
    model, inputs, loss = demo(widths=(8, 1))
    compiled = autograd.compile(loss, inputs, model.parameters())
    tables = [rows_of(500 + 10 * k, seed=k) for k in range(4)]
    expected = [compiled.value_and_gradient(rows) for rows in tables]
    wrong = []

    def work(k):
        for _ in range(50):
            values, slopes = compiled.value_and_gradient(tables[k])
            if not (same_bits(values, expected[k][0]).all() and same_bits(slopes, expected[k][1]).all()):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_same_structure_is_compiled_once_in_a_process(monkeypatch):
    first = demo(widths=(5, 1))
    kernel = autograd.compile(first[2], first[1], first[0].parameters())
    monkeypatch.setattr(pipeline, "compile_graph", None)  # none can be made any more
    second = demo(widths=(5, 1))
    for parameter in second[0].parameters():
        parameter.data += 0.25
    other = autograd.compile(relu(1 - second[0](second[1][:2])[0] * second[1][2]), second[1], second[0].parameters())
    assert (kernel.value_and_gradient(rows_of(3))[1] != other.value_and_gradient(rows_of(3))[1]).any()
    with pytest.raises(TypeError):
        autograd.compile(second[2] * 2, second[1], second[0].parameters())


def test_a_branch_on_data_is_frozen_as_it_fell():
    x = Value(1.0)
    z = x * 2 if x.data > 0 else x * 3
    assert autograd.compile(z, [x]).value([[1.0], [-1.0]]).tolist() == [2.0, -2.0]
    assert autograd.compile(relu(x), [x]).value([[1.0], [-1.0]]).tolist() == [1.0, 0.0]


def test_an_operation_of_ones_own_is_compiled_from_its_text():
    softsign = Operation("softsign", "x", "x / (1 + abs(x))", "1 / (1 + abs(x)) ** 2")
    between = Operation("between", "x", "1 if -1 < x <= 1 and x == x or x > 9 else 0", "0")
    x = Value(0.5)
    compiled = autograd.compile([softsign(x), between(x)], [x])
    rows = [[0.5], [-3.0], [-1.0], [1.0], [10.0], [math.nan]]
    values, _, slopes = compiled.value_and_gradient(rows, wrt_inputs=True)
    for i, (number,) in enumerate(rows):
        leaf = Value(number)
        (slope,) = gradient(softsign(leaf), [leaf])
        assert same_bits(values[i], [softsign(number), between(number)]).all()
        assert same_bits(slopes[i], [slope.data]).all()


@pytest.mark.parametrize(
    "text",
    [
        "(x > 0) * x",
        "-(x > 0)",
        "exp(x > 0)",
        "(x > 0) == (x > 1)",
        "x or 2",
        "x and 2",
        "x > 0 and x < 2 or x",
        "not x",
        "1 if not x > 1 else 0",
        "+x",
        "(x > 0) + (x > 1)",
        "x != 1",
        "0 and x or 3",
    ],
)
def test_conditions_in_a_rule_are_what_python_has_them(text):
    operation = Operation("of_ones_own", "x", text, "0")
    x = Value(0.5)
    rows = [[0.0], [3.0], [1.0], [-2.0], [1.5], [math.nan]]
    values = autograd.compile(operation(x), [x]).value(rows)
    assert same_bits(values, [float(operation(number)) for (number,) in rows]).all(), values


def test_a_nan_that_follows_from_the_structure_alone_stays_one():
    # x > x is 0 for every x, so 0 / 0 is known before any row is, and LLVM would take relu of it for 0
    x = Value(0.5)
    never = OPERATIONS["greater"](x, x)
    nowhere = relu(never / never)
    assert math.isnan(nowhere.data)
    assert np.isnan(autograd.compile(nowhere, [x]).value([[0.5], [-1.0]])).all()
    numbers = autograd.compile([never, OPERATIONS["greater_equal"](x, x)], [x]).value([[2.0], [math.inf], [math.nan]])
    assert numbers.tolist() == [[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def test_an_operation_of_ones_own_may_have_the_name_of_another():
    x, w = [Value(0.5 * i) for i in range(6)], [Value(1.0 + i) for i in range(6)]
    more = Operation("mul", "x, y", "x * y + 1", "y", "x")
    chain = more(w[0], x[0])
    for weight, number in zip(w[1:], x[1:], strict=True):
        chain = chain + more(weight, number)
    double = Operation(
        "weighted_sum",
        "*weights, *inputs, bias=0",
        "2 * inner_product(weights, inputs, bias)",
        "*(2 * x for x in inputs)",
        "*(2 * w for w in weights)",
        "2",
    )
    outputs = [
        chain,
        *(double(w, x) for _ in range(6)),
        Operation("add", "x, y, z", "x + y + z", "1", "1", "1")(*x[:3]),
    ]
    compiled = autograd.compile(outputs, x, w)
    assert compiled.value([[node.data for node in x]]).tolist() == [[node.data for node in outputs]]


@pytest.mark.parametrize(
    ("first", "second"),
    [(lambda x: x[0] * x[2], lambda x: x[0] * Value(0.0)), (lambda x: x[0] + Value(0.0), lambda x: x[0] + x[2])],
)
def test_a_constant_is_not_taken_for_an_input(first, second):
    for function in (first, second):
        x = [Value(1.0), Value(2.0), Value(3.0)]
        z = function(x)
        assert autograd.compile(z, x).value([[1.0, 2.0, 3.0]]).tolist() == [z.data]


def test_ctrl_c_while_threads_are_at_work_leaves_a_session_that_goes_on():
    code = """
import os, signal, threading, time
import numpy as np
import autograd
import nn
from autograd import Value, sin
signal.signal(signal.SIGINT, signal.default_int_handler)
z = x = Value(0.3)
for _ in range(40):
    z = sin(z) * 1.5
compiled = autograd.compile(z, [x], threads=2)
rows = np.linspace(-1, 1, 400_000).reshape(-1, 1)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    for _ in range(100):
        compiled.value(rows)
except KeyboardInterrupt:
    del rows
    time.sleep(0.5)
    print(compiled.value([[0.5]]).shape)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "(1,)\n", done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_process_that_was_forked_has_threads_of_its_own():
    code = """
import os
import numpy as np
import autograd
import nn
from autograd import Value
x = Value(0.3)
compiled = autograd.compile(x * x, [x], threads=2)
rows = np.linspace(-1, 1, 10_000).reshape(-1, 1)
compiled.value(rows)
child = os.fork()
if not child:
    os._exit(int(compiled.value(rows)[0] != 1.0))
print(os.waitpid(child, 0)[1])
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "0\n", done.stderr


def test_machine_code_is_not_copied_or_pickled_and_says_so():
    x = Value(1.0)
    compiled = autograd.compile(x * x, [x])
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="compiled code cannot be pickled"):
            attempt(compiled)


# Inexact arithmetic, and what it may do


FUNCTIONS = [
    "acos",
    "asin",
    "atan",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "log",
    "log1p",
    "sin",
    "sinh",
    "tan",
    "tanh",
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_whole_vectors_are_within_4_ulp(name):
    function = getattr(autograd, name)
    x = Value(0.5)
    span = 1.0 if name in ("acos", "asin") else 20.0
    low = 1e-3 if name in ("log", "log1p") else -span
    numbers = np.random.default_rng(0).uniform(low, span, (1000, 1))
    exact = np.array([function(number) for (number,) in numbers.tolist()])
    inexact = autograd.compile(function(x), [x], exact=False).value(numbers)
    assert (np.abs(inexact - exact) <= 4 * np.spacing(np.abs(exact))).all()


def test_contracted_sums_are_within_the_rounding_of_their_terms():
    model, inputs, loss = demo(tanh)
    rows = rows_of(100)
    _, exact = autograd.compile(loss, inputs, model.parameters()).value_and_gradient(rows, per_row=True)
    compiled = autograd.compile(loss, inputs, model.parameters(), exact=False)
    _, inexact = compiled.value_and_gradient(rows, per_row=True)
    assert np.abs(exact - inexact).max() <= 1e-14 * np.abs(exact).max() * 50
    assert "without rounding them first" in compiled.explain()


# What a reader sees


def test_explain_tells_the_stages_and_on_request_the_code():
    model, inputs, loss = demo()
    compiled = autograd.compile(loss, inputs, model.parameters())
    told = compiled.explain()
    assert re.search(
        r"^recorded graph +409 nodes: 341 leaves, 33 weighted_sum, 33 relu, 1 mul, 1 sub$", told, re.MULTILINE
    )
    assert "reads             3 numbers a row, 337 parameters" in told
    assert "define" not in told
    assert "define void @run" in compiled.explain(llvm=True)


def test_no_derivative_stands_in_the_compiler():
    folder = Path(pipeline.__file__).parent
    for path in folder.glob("*.py"):
        assert "partials" not in re.sub(r'""".*?"""|#.*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL), path


def test_grids_are_found_where_numbers_are_at_even_distances():
    assert as_matrix([[0, 1, 2], [4, 5, 6]]) == Matrix(0, 4, 1)
    assert as_matrix([[5], [4], [3]]) == Matrix(5, -1, 0)
    assert as_matrix([[0, 1, 3]]) is None
    assert list(matrix_runs([[0, 1], [3, 4], [6, 7], [8, 9], [20, 19]])) == [
        (0, 3, Matrix(0, 3, 1)),
        (3, 4, Matrix(8, 0, 1)),
        (4, 5, Matrix(20, 0, -1)),
    ]


def test_without_llvmlite_the_call_says_what_to_install_and_all_else_works():
    code = """
import sys
sys.modules["llvmlite"] = None
import autograd, nn, random
x = autograd.Value(1.0)
try:
    autograd.compile(x * x, [x])
except ImportError as error:
    print(error)
gate = nn.data.gate("or")
model = nn.MLP(2, [1], seed=0)
print(len(nn.fit(model, nn.binary_cross_entropy_with_logits, gate.X, gate.y,
                 optimizer=nn.SGD(model.parameters(), lr=0.1), epochs=2)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == 'compile needs llvmlite: pip install "pathgrad[compile]"\n2\n'


def test_a_recurrent_graph_with_shared_weights_adds_its_gradients_up_to_rounding():
    w, h = Value(0.7), Value(0.0)
    x = [Value(0.1 * i) for i in range(6)]
    for number in x:
        h = tanh(w * h + number)
    compiled = autograd.compile(h, x, [w])
    rows = np.random.default_rng(1).normal(size=(30, 6))
    _, by_row = compiled.value_and_gradient(rows, per_row=True)
    _, sums = compiled.value_and_gradient(rows)
    np.testing.assert_allclose(sums, by_row.sum(axis=0), rtol=1e-13)


@pytest.mark.parametrize("length", [2, 3, 5])
@pytest.mark.parametrize("width", [3, 16])
def test_a_row_has_backwards_gradient_where_weights_come_again(length, width):
    network = nn.Elman(4, width, 3, seed=0)
    rows = [[Value(0.3 * i - 0.2), Value(0.1 * i + 0.4), Value(0.2), Value(-0.5 * i)] for i in range(length)]
    leaves = [x for row in rows for x in row]
    loss = autograd.total([output * output for outputs in network(rows) for output in outputs])
    compiled = autograd.compile(loss, leaves, network.parameters())
    _, gradient = compiled.value_and_gradient([[x.data for x in leaves]])
    loss.backward()
    assert gradient.tolist() == [parameter.grad for parameter in network.parameters()]
