"""Graphs as ONNX files, where onnx and onnxruntime are installed."""

import numpy as np
import pytest
from exported import engine, size, table, ulps
from test_export import NETWORKS, network, random_graph

import autograd
import nn
from autograd import Value, export, weighted_sum

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def run(path, rows):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.asarray(rows, float)})[0]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def test_onnx_has_every_operation_within_four_ulp_of_the_engine(path):
    rows = [*table(extremes=True)]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    export.onnx([node for *_, node in rows], path, leaves)
    values = run(path, [[leaf.data for leaf in leaves]])[0].tolist()
    off = {}
    for (name, point, *_), value in zip(rows, values, strict=True):
        if name in ("sin", "cos", "tan") and abs(point[0]) > 1e6:  # π has no more digits here
            continue
        error = ulps(engine(name, point)[0], value, size(name, point))
        if error > 4:
            off[name, point] = (error, value)
    assert off == {}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_models_outputs_are_the_engines_for_any_number_of_rows(name, path):
    fan_in, widths, _ = NETWORKS[name]
    model = nn.MLP(fan_in, widths, seed=1)
    export.onnx(model, path, fan_in)
    inputs = [Value(0.0) for _ in range(fan_in)]
    compiled = autograd.compile(model(inputs), inputs, model.parameters())
    for n in (1, 2, 50):
        rows = np.random.default_rng(n).normal(size=(n, fan_in))
        expected = compiled.value(rows)
        assert np.abs(run(path, rows) - expected).max() <= 1e-14 * np.abs(expected).max()
    named = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    assert named["W1"].tolist() == [[w.data for w in neuron.weights] for neuron in model.layers[0].neurons]
    assert {f"{letter}{k + 1}" for k in range(len(widths)) for letter in "Wb"} <= named.keys()


def test_a_networks_file_has_few_nodes_and_one_free_dimension(path):
    model = nn.MLP(64, [32, 10], seed=1)
    export.onnx(model, path, 64)
    graph = onnx.load(path).graph
    assert len(graph.node) <= 12
    assert [dim.dim_param or dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim] == ["N", 64]
    assert [dim.dim_param or dim.dim_value for dim in graph.output[0].type.tensor_type.shape.dim] == ["N", 10]


@pytest.mark.parametrize("seed", range(6))
def test_random_graphs_have_the_engines_values_in_onnx(seed, path):
    loss, inputs, parameters = random_graph(seed)
    rows = np.random.default_rng(seed).normal(size=(5, 3))
    export.onnx(loss, path, inputs, parameters)
    assert np.allclose(run(path, rows), autograd.compile(loss, inputs, parameters).value(rows), rtol=1e-12, atol=1e-12)


def test_a_loss_with_softmax_is_written_too(path):
    model, inputs, loss, rows = network(5, [4, 3], True)
    export.onnx(loss, path, inputs, model.parameters())
    expected = autograd.compile(loss, inputs, model.parameters()).value(rows)
    assert np.allclose(run(path, rows), expected, rtol=1e-14)


def test_sums_of_nothing_stand_side_by_side(path):
    x = [Value(2.0), Value(3.0)]
    export.onnx([weighted_sum([], [], leaf) for leaf in x], path, x)
    assert run(path, [[2.0, 3.0], [5.0, -1.0]]).tolist() == [[2.0, 3.0], [5.0, -1.0]]


def test_dropout_is_recorded_in_evaluation_and_stays_in_training(path):
    model = nn.MLP(2, [8, 1], dropout=0.5, seed=1).train()
    export.onnx(model, path, 2)
    assert all(module.training for module in model.modules())
    row = [0.25, -1.5]
    model.eval()
    assert np.allclose(run(path, [row]), [[output.data for output in model(row)]], rtol=1e-14)


@pytest.mark.parametrize("inputs", [0, True, "x", [Value(1.0)]])
def test_a_model_needs_the_number_of_a_samples_numbers(inputs, path):
    with pytest.raises(TypeError, match="onnx's inputs must be the number of a sample's numbers, at least 1, got"):
        export.onnx(nn.MLP(2, [1]), path, inputs)
    assert not path.exists()


def test_a_graph_needs_its_leaves(path):
    with pytest.raises(TypeError, match="must be the leaves of the graph that each row gives numbers to, got an int"):
        export.onnx(Value(1.0), path, 2)
