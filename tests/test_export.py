"""Graphs as array programs: blocks, NumPy, source text and files of parameters."""

import ast
import random
import subprocess
import sys

import numpy as np
import pytest
from exported import errors, table, worst

import nn
from autograd import Value, export, maximum, mean, relu, total, weighted_sum
from autograd.export.blocks import MAX_BLOCKS, blocks, is_free
from autograd.export.onnx_words import ONNX
from autograd.export.words import COMMON, JAX, NUMPY, TORCH
from autograd.rules import OPERATIONS, PRIMITIVES, Operation

NO_ROWS = np.zeros((1, 0))


def network(fan_in, widths, classes):
    """A network with numbers of its own, a row's leaves, its loss, and some rows."""
    model = nn.MLP(fan_in, widths, seed=1)
    x, t = [Value(0.5, f"x{k}") for k in range(1, fan_in + 1)], Value(1.0, "t")
    outputs = model(x)
    loss = nn.softmax_cross_entropy(outputs, t) if classes else nn.hinge(outputs, t)
    numbers = np.random.default_rng(0)
    target = numbers.integers(0, widths[-1], (8, 1)) if classes else numbers.choice([-1.0, 1.0], (8, 1))
    return model, [*x, t], loss, np.concatenate([numbers.normal(size=(8, fan_in)), target], axis=1)


NETWORKS = {
    "2-16-16-1": (2, [16, 16, 1], False),
    "64-32-10": (64, [32, 10], True),
    "784-128-10": (784, [128, 10], True),
}


def engines(model, inputs, loss, rows):
    """The values and the summed gradient of the compiled graph, whose bits are the engine's."""
    import autograd

    return autograd.compile(loss, inputs, model.parameters()).value_and_gradient(rows)


def in_order(exported, model, gradient):
    by_node = {}
    for name, nodes in exported.nodes.items():
        by_node.update(zip(nodes, np.asarray(gradient[name]).ravel().tolist(), strict=True))
    return np.array([by_node[parameter] for parameter in model.parameters()])


# Blocks


@pytest.mark.parametrize(("name", "count"), [("2-16-16-1", 9), ("64-32-10", 5), ("784-128-10", 5)])
def test_a_network_is_as_many_blocks_as_it_has_layers_whatever_its_width(name, count):
    model, inputs, loss, _ = network(*NETWORKS[name])
    made = blocks(loss, inputs, model.parameters())
    assert len(made.blocks) == count
    assert [block.operation for block in made.blocks].count(None) == len(model.layers)
    assert {array.name: array.shape for array in made.arrays("parameters")}["W1"] == (
        len(model.layers[0].neurons),
        len(inputs) - 1,
    )


def test_a_graph_that_would_be_exported_node_by_node_is_refused():
    node = x = Value(1.0)
    for _ in range(MAX_BLOCKS + 1):
        node = node.sin()
    with pytest.raises(
        ValueError, match=r"the limit is 1,000 blocks of nodes .* and this graph has 1,001: export a part"
    ):
        export.numpy(node, [x])


def test_layers_with_the_same_weights_are_one_product_of_matrices():
    w = [[Value(0.5 * i - j, f"w{i}{j}") for j in range(3)] for i in range(2)]
    x = [[Value(float(i + k)) for i in range(3)] for k in range(5)]
    sums = [weighted_sum(row, sample) for sample in x for row in w]
    made = blocks(total(sums), [leaf for sample in x for leaf in sample], [leaf for row in w for leaf in row])
    assert [block.operation and block.operation.name for block in made.blocks] == [None, "total"]
    function = export.numpy(total(sums), [leaf for sample in x for leaf in sample], [leaf for row in w for leaf in row])
    value, gradient = function.value_and_gradient(function.numbers(), [[leaf.data for sample in x for leaf in sample]])
    assert value == sum(node.data for node in sums)
    assert gradient["W1"].tolist() == [[10.0, 15.0, 20.0]] * 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (lambda x, w: ([], [x], [w]), "numpy needs at least 1 output, got 0"),
        (lambda x, w: (x * w, [x * w], []), "numpy's inputs must be leaves of the graph, got the result of mul"),
        (lambda x, w: (x * w, [x], [x]), "x is listed twice among inputs and parameters"),
        (lambda x, w: (2.0, [x], [w]), "numpy's loss must be an ordered sequence, got a float"),
        (lambda x, w: (x * w, x, [w]), r"numpy's inputs must be a sequence of Values; for a single one write \[x\]"),
        (lambda x, w: (x * w, [1.0], [w]), "each of numpy's inputs must be a Value, got float"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_a_sentence(arguments, told):
    with pytest.raises((ValueError, TypeError), match=told):
        export.numpy(*arguments(Value(1.0, "x"), Value(2.0, "w")))


# NumPy


def test_numpy_has_every_operation_within_four_ulp_of_the_engine():
    rows = [*table(extremes=True)]
    assert {name for name, *_ in rows} == OPERATIONS.keys()
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    nodes = [node for *_, node in rows]
    function = export.numpy(nodes, [], leaves)
    values = function(function.numbers(), NO_ROWS)[0].tolist()
    summed = export.numpy(total(nodes), [], leaves)
    _, gradient = summed.value_and_gradient(summed.numbers(), NO_ROWS)
    by_leaf = {}
    for name, members in summed.nodes.items():
        by_leaf.update(zip(members, gradient[name].ravel().tolist(), strict=True))
    off = {name: found for name, found in worst(errors(rows, values, by_leaf)).items() if found[0] > 4}
    assert off == {}


@pytest.mark.parametrize("name", NETWORKS)
def test_numpys_gradients_of_networks_are_the_engines_to_fourteen_digits(name):
    model, inputs, loss, rows = network(*NETWORKS[name])
    function = export.numpy(loss, inputs, model.parameters())
    values, gradient = engines(model, inputs, loss, rows)
    theirs, slopes = function.value_and_gradient(function.numbers(), rows)
    assert np.abs(theirs - values).max() <= 1e-14 * np.abs(values).max()
    assert np.abs(function(function.numbers(), rows) - values).max() <= 1e-14 * np.abs(values).max()
    assert np.abs(in_order(function, model, slopes) - gradient).max() <= 1e-14 * np.abs(gradient).max()


def random_graph(seed):
    """A loss whose nodes read each other in no order: shared weights, constants, and parts that no row changes."""
    generator = random.Random(seed)
    inputs = [Value(generator.uniform(-1, 1), f"x{k}") for k in range(3)]
    parameters = [Value(generator.uniform(-1, 1), f"w{k}" * (k % 2)) for k in range(7)]
    nodes = [*inputs, *parameters, Value(0.5), Value(-1.25)]
    for _ in range(60):
        a, b, c, *many = (generator.choice(nodes) for _ in range(7))
        kinds = [
            lambda a, b, *_, **__: a + b,
            lambda a, b, *_, **__: a * b,
            lambda a, *_, **__: a.tanh(),
            lambda a, b, *_, **__: a.sin() - b,
            lambda a, b, *_, **__: maximum(a, b),
            lambda a, *_, many: weighted_sum(many, many[::-1], a).tanh(),
            lambda *_, many: total(many).cos(),
            lambda a, b, c, *, many: weighted_sum(parameters[:3], [a, b, c], parameters[4]) / (2 + many[0] * many[0]),
            lambda a, *_, **__: relu(a) ** 2,
        ]
        nodes.append(generator.choice(kinds)(a, b, c, many=many))
    return total([node.tanh() for node in nodes[-20:]]), inputs, parameters


@pytest.mark.parametrize("seed", range(12))
def test_random_graphs_have_the_engines_values_and_gradients_on_numpy(seed):
    loss, inputs, parameters = random_graph(seed)
    rows = np.random.default_rng(seed).normal(size=(5, 3))
    import autograd

    values, gradient = autograd.compile(loss, inputs, parameters).value_and_gradient(rows)
    function = export.numpy(loss, inputs, parameters)
    theirs, slopes = function.value_and_gradient(function.numbers(), rows)
    by_node = {}
    for name, nodes in function.nodes.items():
        by_node.update(zip(nodes, slopes[name].ravel().tolist(), strict=True))
    assert np.allclose(theirs, values, rtol=1e-12, atol=1e-12)
    assert np.allclose(function(function.numbers(), rows), values, rtol=1e-12, atol=1e-12)
    assert np.allclose([by_node[p] for p in parameters], gradient, rtol=1e-10, atol=1e-10)


def test_no_row_one_row_and_several_outputs_have_their_shapes():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    one, two = export.numpy(w * x, [x], [w]), export.numpy([w * x, w], [x], [w])
    numbers = one.numbers()
    assert one(numbers, []).shape == (0,)
    assert two(numbers, []).shape == (0, 2)
    assert two(numbers, [[1.0], [2.0], [3.0]]).tolist() == [[2.0, 2.0], [4.0, 2.0], [6.0, 2.0]]
    values, gradient = one.value_and_gradient(numbers, [])
    assert values.shape == (0,)
    assert gradient["w"].tolist() == 0.0
    with pytest.raises(ValueError, match=r"rows must have the shape \(n, 1\), got \(1, 2\)"):
        one(numbers, [[1.0, 2.0]])
    values, gradient = two.value_and_gradient(numbers, [[1.0], [4.0]])
    assert (values.tolist(), gradient["w"].tolist()) == ([[2.0, 2.0], [8.0, 2.0]], 5.0)
    assert two.value_and_gradient(numbers, [[1.0], [4.0]], of=1)[1]["w"].tolist() == 2.0
    with pytest.raises(ValueError, match="of must be at least 0 and below 2, the number of outputs, got 2"):
        two.value_and_gradient(numbers, [[1.0]], of=2)
    with pytest.raises(ValueError, match="the parameters must be w, got v"):
        one({"v": [1.0]}, [[1.0]])
    with pytest.raises(ValueError, match=r"w must have the shape \(\), got \(2,\)"):
        one({"w": [1.0, 2.0]}, [[1.0]])


@pytest.mark.parametrize(
    ("parameters", "rows", "told"),
    [
        ({"w": 2.0}, [["a"]], r"rows must be real numbers .*, got the type <U1"),
        ({"w": 2.0}, [[1j]], r"rows must be real numbers .*, got the type complex128"),
        ({"w": 2.0}, None, r"rows must be real numbers .*, got the type object"),
        ({"w": 2.0}, [[1.0], []], "rows must be an array: .*inhomogeneous"),
        ({"w": "a"}, [[1.0]], r"w must be real numbers .*, got the type <U1"),
        ({"w": [[1.0], []]}, [[1.0]], "w must be an array: .*inhomogeneous"),
        (None, [[1.0]], "the parameters must be a dict of arrays, got None"),
        ([2.0], [[1.0]], "the parameters must be a dict of arrays, got a list"),
    ],
)
def test_what_is_no_array_of_real_numbers_is_refused_by_name(parameters, rows, told):
    w, x = Value(2.0, "w"), Value(1.0, "x")
    function = export.numpy(w * x, [x], [w])
    for call in (function, function.value_and_gradient):
        with pytest.raises((TypeError, ValueError), match=told):
            call(parameters, rows)


def test_parameters_that_are_no_numbers_leave_the_graph_as_it_was():
    w, b = Value(2.0, "w"), Value(1.0, "b")
    function = export.numpy(w + b, [], [w, b])
    for parameters in (None, {"w": 3.0, "b": "a"}, {"w": 3.0, "b": [1.0]}, {"w": 3.0}):
        with pytest.raises((TypeError, ValueError)):
            function.to_graph(parameters)
    assert (w.data, b.data) == (2.0, 1.0)


def test_an_output_that_is_a_leaf_or_a_constant_is_the_same_for_all_rows():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    for node, values, slope in ((w, [2.0, 2.0], 2.0), (Value(3.0), [3.0, 3.0], 0.0), (x, [5.0, 6.0], 0.0)):
        function = export.numpy(node, [x], [w])
        found, gradient = function.value_and_gradient(function.numbers(), [[5.0], [6.0]])
        assert found.tolist() == function(function.numbers(), [[5.0], [6.0]]).tolist() == values
        assert sum(float(g.sum()) for g in gradient.values()) == slope


def test_a_known_number_is_written_into_a_rule():
    x = Value(-2.0, "x")
    text = export.source([(x**3).leaky_relu(0.25)], [x])
    assert "def pow_3(x):\n    return np.power(x, 3.0)" in text
    assert "def leaky_relu_0_25(x):\n    return np.where(x > 0.0, x, 0.25 * x)" in text


@pytest.mark.parametrize(
    "label", ["groups", "pow_3", "side_by_side", "stack", "to", "W1", "x", "class", "가중치", 'a "b"\nc']
)
def test_a_label_may_be_a_word_of_the_program(label):
    p, x = Value(0.5, label), Value(2.0, "x")
    nodes = [(p * x) ** 3, total([(p * x).cos(), p]), *((x + k).relu() * p for k in (1.0, 2.0))]
    function = export.numpy(nodes, [x], [p])
    values = [node.data for node in nodes]
    assert function(function.numbers(), [[2.0]]).tolist() == [values]
    space = {}
    exec(function.source, space)  # noqa: S102 — it is ours
    assert space["compute"](space["parameters"], np.array([[2.0]])).tolist() == [values]


def test_no_helper_has_a_name_that_a_parameter_can_have():
    helpers = {dialect.helper(word) for dialect in (NUMPY, JAX, TORCH, ONNX) for word in (*dialect.helpers, *COMMON)}
    assert [name for name in sorted(helpers) if is_free(name)] == []


def test_functions_of_several_operations_have_names_of_their_own():
    x = Value(1.5)
    text = export.source(x**2.5 + x.exp() ** 25, [x], library="torch")
    classes = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    assert len(classes) == len({*classes})
    compute = Operation("compute", "x", "x + 1", "1")
    function = export.numpy(compute(x), [x])
    assert function({}, [[2.0]]).tolist() == [3.0]


def test_the_first_lines_name_the_inputs_that_have_names():
    def first(*labels):
        x = [Value(0.0, label) for label in labels]
        return export.source(total(x), x).splitlines()[1]

    assert first("a", "b") == "# x has rows of 2 numbers: a, b"
    assert first("a", "") == "# x has rows of 2 numbers: a, ?"
    assert first("", "") == "# x has rows of 2 numbers"
    assert first("") == "# x has rows of 1 number"
    assert first(*["a"] * 30).endswith("a, a, …")


def test_the_sum_or_mean_of_one_number_is_written_as_that_number():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    text = export.source(mean([(w * x).relu()]) + total([w]), [x], [w])
    assert "return relu(w * x[..., 0]) + w" in text


def test_an_operation_of_ones_own_is_exported_with_its_rule():
    softer = Operation(
        "softer", "x, y", "x / (1 + abs(x)) if y > 0 else y", "1 / (1 + abs(x)) ** 2 if y > 0 else 0", "0"
    )
    x, y = Value(3.0), Value(1.0)
    function = export.numpy(softer(x, y), [], [x, y])
    value, gradient = function.value_and_gradient(function.numbers(), NO_ROWS)
    assert value.tolist() == [0.75]
    assert gradient["p1"].tolist() == 1 / 16


def test_blocks_and_source_text_need_neither_numpy_nor_llvmlite():
    program = (
        "import sys; sys.modules |= dict.fromkeys(['numpy', 'llvmlite'])\n"
        "from autograd import Value, export\n"
        "w, x = Value(2.0, 'w'), Value(1.0, 'x')\n"
        "assert 'w * x[..., 0]' in export.source(w * x, [x], [w], library='jax')\n"
        "try:\n    export.numpy(w * x, [x], [w])\n"
        "except ImportError as error:\n    print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == 'this export needs numpy: pip install "pathgrad[compile]"\n'


# Words


def test_every_primitive_has_a_word_in_numpy():
    for word in PRIMITIVES.keys() - {"divide", "len", "divided"}:
        name = NUMPY.word(word)
        assert name in NUMPY.text(word) if NUMPY.helper(word) else hasattr(np, name.removeprefix("np.")), word


# Source text


def test_a_networks_source_is_a_line_that_a_person_can_read():
    model, inputs, loss, rows = network(3, [4, 1], False)
    text = export.source(loss, inputs, model.parameters())
    assert "relu(x[..., 0:3] @ W1.T + b1) @ W2.T + b2" in text
    space = {}
    exec(text, space)  # noqa: S102 — it is ours
    assert np.allclose(space["compute"](space["parameters"], rows), engines(model, inputs, loss, rows)[0], rtol=1e-14)


@pytest.mark.parametrize(
    ("library", "needs"),
    [("numpy", {"math", "numpy"}), ("jax", {"math", "jax", "numpy"}), ("torch", {"functools", "math", "torch"})],
)
def test_a_source_needs_its_library_alone(library, needs):
    model, inputs, loss, _ = network(3, [4, 3], True)
    tree = ast.parse(export.source(loss, inputs, model.parameters(), library=library))
    found = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    found += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in found} == needs


def test_many_parameters_are_read_from_a_file_beside_the_text(tmp_path, monkeypatch):
    model, inputs, loss, rows = network(*NETWORKS["64-32-10"])
    function = export.numpy(loss, inputs, model.parameters())
    text = function.source
    assert len(text) < 10_000
    monkeypatch.chdir(tmp_path)
    export.save(function, "parameters.npz")
    space = {}
    exec(text, space)  # noqa: S102 — it is ours
    assert np.array_equal(space["compute"](space["parameters"], rows), function(function.numbers(), rows))


def test_another_library_is_refused():
    with pytest.raises(ValueError, match="library must be one of numpy, jax, torch, got 'mxnet'"):
        export.source(Value(1.0), [], library="mxnet")


def test_texts_of_all_libraries_are_made_of_words_that_they_define_or_import():
    nodes = [node for *_, node in table()]
    leaves = [leaf for _, _, leaves, _ in table() for leaf in leaves]
    del leaves
    for dialect, library in ((NUMPY, "numpy"), (JAX, "jax"), (TORCH, "torch")):
        tree = ast.parse(export.source(nodes, [], [], library=library))
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        signatures = [node for node in ast.walk(tree) if isinstance(node, ast.arguments)]
        stored |= {each.arg for node in signatures for each in [*node.args, *filter(None, [node.vararg])]}
        stored |= {
            "math",
            "inf",
            "nan",
            "np",
            "jnp",
            "jax",
            "torch",
            "functools",
            "range",
            "zip",
            "len",
            "map",
            "super",
            "float",
            "classmethod",
            "staticmethod",
        }
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert read <= stored, (dialect.name, read - stored)


# Files of parameters


def test_parameters_go_to_a_file_and_come_back_with_their_labels(tmp_path):
    model, inputs, loss, _ = network(3, [4, 1], False)
    function = export.numpy(loss, inputs, model.parameters())
    before = [parameter.data for parameter in model.parameters()]
    path = export.save(function, tmp_path / "weights.npz")
    with np.load(path) as file:
        assert file["W1"].shape == (4, 3)
        assert file["W1.labels"][1, 2] == "layer1.neuron2.w3"
    for parameter in model.parameters():
        parameter.data = 0.0
    function.to_graph(export.load(function, path))
    assert [parameter.data for parameter in model.parameters()] == before
    doubled = {name: 2 * array for name, array in function.numbers().items()}
    export.save(function, path, doubled)
    assert np.array_equal(export.load(function, path)["W2"], doubled["W2"])


def test_a_file_of_another_model_or_of_something_else_is_refused(tmp_path):
    one, other = (network(3, [4, 1], False) for _ in range(2))
    function = export.numpy(one[2], one[1], one[0].parameters())
    for parameter in other[0].parameters():
        parameter.label = f"other.{parameter.label}"
    path = export.save(export.numpy(other[2], other[1], other[0].parameters()), tmp_path / "weights.npz")
    with pytest.raises(ValueError, match=r"W1 is of another model: it has 'other\.layer1"):
        export.load(function, path)
    path.write_text("no arrays")
    with pytest.raises(ValueError, match=r"cannot load .*: not a file of numpy\.savez"):
        export.load(function, path)
    np.save(tmp_path / "one.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"cannot load .*one.npy': not a file of numpy\.savez \(it has a single array"):
        export.load(function, tmp_path / "one.npy")
    with pytest.raises(TypeError, match=r"save needs what autograd\.export made, got MLP"):
        export.save(one[0], path)
