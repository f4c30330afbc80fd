"""Graphs on JAX, where JAX is installed: every operation, three networks, and JAX's transformations."""

import math
import os
import socket
import subprocess
import sys
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from exported import at_kinks, errors, second_derivatives, table, worst
from test_export import NETWORKS, NO_ROWS, engines, in_order, network, random_graph

import autograd
from autograd import Value, export, hessian, maximum, relu
from autograd.rules import OPERATIONS

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)

WORSE = {"tanh": 5}
"""Operations that XLA's functions make worse than 4 ulp, and by how much at most."""


@pytest.mark.filterwarnings("ignore")
def test_jax_has_every_operation_within_four_ulp_of_the_engine():
    rows = [*table(extremes=True)]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    function = export.jax([node for *_, node in rows], [], leaves)
    values = np.asarray(jax.jit(function)(function.parameters, NO_ROWS)[0]).tolist()
    slopes = jax.jit(jax.grad(lambda parameters: function(parameters, NO_ROWS).sum()))(function.parameters)
    by_leaf = {}
    for name, nodes in function.nodes.items():
        by_leaf.update(zip(nodes, np.asarray(slopes[name]).ravel().tolist(), strict=True))
    found = worst(errors(rows, values, by_leaf, flushed=True))
    assert {name: place for name, place in found.items() if place[0] > WORSE.get(name, 4)} == {}


@pytest.mark.parametrize("name", NETWORKS)
def test_jaxs_gradients_of_networks_are_the_engines_to_fourteen_digits(name):
    model, inputs, loss, rows = network(*NETWORKS[name])
    function = export.jax(loss, inputs, model.parameters())
    values, gradient = engines(model, inputs, loss, rows)
    theirs = jax.jit(function)(function.parameters, rows)
    slopes = jax.jit(jax.grad(lambda parameters: function(parameters, rows).sum()))(function.parameters)
    assert np.abs(theirs - values).max() <= 1e-14 * np.abs(values).max()
    assert np.abs(in_order(function, model, slopes) - gradient).max() <= 1e-14 * np.abs(gradient).max()


@pytest.mark.parametrize("seed", range(3))
def test_random_graphs_have_the_engines_values_and_gradients_on_jax(seed):
    loss, inputs, parameters = random_graph(seed)
    rows = np.random.default_rng(seed).normal(size=(5, 3))
    values, gradient = autograd.compile(loss, inputs, parameters).value_and_gradient(rows)
    function = export.jax(loss, inputs, parameters)
    slopes = jax.jit(jax.grad(lambda numbers: function(numbers, rows).sum()))(function.parameters)
    by_node = {}
    for name, nodes in function.nodes.items():
        by_node.update(zip(nodes, np.asarray(slopes[name]).ravel().tolist(), strict=True))
    assert np.allclose(jax.jit(function)(function.parameters, rows), values, rtol=1e-12, atol=1e-12)
    assert np.allclose([by_node[p] for p in parameters], gradient, rtol=1e-10, atol=1e-10)


def test_conventions_at_kinks_are_ours_under_grad_and_vmap():
    x, y = Value(0.0, "x"), Value(0.0, "y")
    function = export.jax(relu(x) + maximum(x, y), [x, y])
    slope = jax.vmap(jax.grad(lambda row: function({}, row)))(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 3.0]]))
    assert slope.tolist() == [[0.5, 0.5], [1.5, 0.5], [1.0, 1.0]]


@pytest.mark.filterwarnings("ignore")
def test_second_derivatives_are_nan_at_the_kinks_where_the_engines_are():
    rows = [*table()]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    function = export.jax([node for *_, node in rows], [], leaves)

    def total_slope(parameters):
        slopes = jax.grad(lambda numbers: function(numbers, NO_ROWS).sum())(parameters)
        return sum(slope.sum() for slope in slopes.values())

    slopes = jax.jit(jax.grad(total_slope))(function.parameters)
    theirs = {}
    for name, nodes in function.nodes.items():
        theirs.update(zip(nodes, np.asarray(slopes[name]).ravel().tolist(), strict=True))
    off, both = at_kinks(rows, second_derivatives(rows), theirs, least=1e-199)  # XLA takes 1e-200² and the like as 0
    assert off == []
    assert both > 100


def test_the_hessian_is_the_engines():
    x, y = Value(0.75, "x"), Value(-1.25, "y")
    node = (x * y).tanh() / (x * x + y.exp()) + (y - x).softplus() + maximum(x, y) ** 3
    function = export.jax(node, [x, y])
    ours = [[entry.data for entry in row] for row in hessian(node, [x, y])]
    assert np.allclose(jax.hessian(lambda row: function({}, row))(np.array([0.75, -1.25])), ours, rtol=1e-13)


def test_without_float64_jax_is_refused_with_what_to_write():
    jax.config.update("jax_enable_x64", False)
    try:
        with pytest.raises(RuntimeError, match=r'jax.config.update\("jax_enable_x64", True\)'):
            export.jax(Value(1.0), [])
    finally:
        jax.config.update("jax_enable_x64", True)


def test_weights_that_jax_trains_come_back_and_through_a_file(tmp_path):
    model, inputs, loss, rows = network(3, [4, 1], False)
    function = export.jax(loss, inputs, model.parameters())
    trained = {name: array - 0.5 for name, array in function.parameters.items()}
    path = export.save(function, tmp_path / "weights.npz", trained)
    function.to_graph(export.load(function, path))
    values, _ = engines(model, inputs, loss, rows)
    assert np.allclose(function(trained, rows), values, rtol=1e-13)


def test_the_source_for_jax_computes_the_same():
    model, inputs, loss, rows = network(3, [4, 3], True)
    function = export.jax(loss, inputs, model.parameters())
    space = {}
    exec(function.source, space)  # noqa: S102 — it is ours
    assert np.array_equal(space["compute"](space["parameters"], rows), function(function.parameters, rows))


def sharded(*arguments, devices=1):
    """A process that trains with rows sharded over devices."""
    program = Path(__file__).with_name("tools") / "sharded.py"
    flags = {"XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}", "JAX_PLATFORMS": "cpu"}
    paths = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, str(program), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **flags, **paths})


def test_rows_sharded_over_devices_or_processes_meet_in_one_all_reduce():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    processes = [sharded(), sharded(devices=4), sharded("0", port), sharded("1", port)]
    printed = [process.communicate(timeout=120)[0].splitlines()[-1].split() for process in processes]
    assert [line[:2] for line in printed] == [["1", "0"], ["4", "1"], ["2", "1"], ["2", "1"]]
    losses = [float(loss) for *_, loss in printed]
    assert np.allclose(losses, losses[0], rtol=1e-13)
    assert losses[2] == losses[3]


@pytest.mark.parametrize(
    ("parameters", "rows", "told"),
    [
        ({"w": 2.0}, np.ones((4, 2)), r"rows must have the shape \(…, 1\), got \(4, 2\)"),
        ({"w": 2.0}, 1.0, r"rows must have the shape \(…, 1\), got \(\)"),
        ({"w": 2.0}, [[1j]], "rows must be real numbers, got the type complex128"),
        ({}, [[1.0]], "the parameters must be w, got none"),
        ({"w": 2.0, "v": 1.0}, [[1.0]], "the parameters must be w, got (w, v|v, w)"),
        ({"w": np.ones(3)}, [[1.0]], r"w must have the shape \(\), got \(3,\)"),
        (None, [[1.0]], "the parameters must be a dict of arrays, got None"),
    ],
)
def test_jax_computes_nothing_from_rows_or_parameters_of_another_form(parameters, rows, told):
    w, x = Value(2.0, "w"), Value(1.0, "x")
    function = export.jax(w * x, [x], [w])
    for call in (function, jax.jit(lambda parameters, rows: function(parameters, jax.numpy.asarray(rows)))):
        with pytest.raises((TypeError, ValueError), match=told):
            call(parameters, rows)


def test_rows_for_jax_may_be_lists_and_shorter_floats():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    function = export.jax(w * x, [x], [w])
    for rows in ([[0.5], [3.0]], np.array([[0.5], [3.0]], np.float32)):
        values = function(function.parameters, rows)
        assert (values.tolist(), values.dtype) == ([1.0, 6.0], np.float64)


def test_whole_numbers_are_rows_as_floats_are():
    x = Value(1.0, "x")
    names = [name for name, rule in OPERATIONS.items() if len(rule.arguments) == 1 and not rule.variadic]
    function = export.jax([OPERATIONS[name](x) for name in names], [x])
    values = [np.asarray(function({}, rows)) for rows in ([[2], [0], [-3]], [[2.0], [0.0], [-3.0]])]
    assert np.array_equal(*values, equal_nan=True)


def test_the_far_tails_of_erfc_and_gelu_keep_their_digits():
    x = Value(1.0, "x")
    function = jax.jit(export.jax([x.erfc(), (-x).gelu()], [x]))
    points = np.linspace(-6, 26, 3001)
    theirs = np.asarray(function({}, points[:, None])).T
    for values, definition in zip(theirs, (mp.erfc, lambda x: -x * mp.erfc(x / mp.sqrt(2)) / 2), strict=True):
        for point, value in zip(points, values, strict=True):
            exact = float(definition(mp.mpf(float(point))))
            assert abs(value - exact) <= 6 * math.ulp(exact)
