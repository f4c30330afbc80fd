"""Graphs as modules of PyTorch, where PyTorch is installed."""

import numpy as np
import pytest
from exported import at_kinks, errors, second_derivatives, table, worst
from test_export import NETWORKS, engines, in_order, network, random_graph

import autograd
import nn
from autograd import Value, export, hessian, maximum, relu
from autograd.export.blocks import is_free

torch = pytest.importorskip("torch")


def slopes(module):
    return {name: np.zeros(p.shape) if p.grad is None else p.grad.numpy() for name, p in module.named_parameters()}


def test_pytorch_has_every_operation_within_four_ulp_of_the_engine():
    rows = [*table(extremes=True)]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    module = export.torch([node for *_, node in rows], [], leaves)
    values = module(torch.zeros(1, 0, dtype=torch.float64))[0]
    values.sum().backward()
    by_leaf = {}
    for name, nodes in module.exported.nodes.items():
        by_leaf.update(zip(nodes, slopes(module)[name].ravel().tolist(), strict=True))
    found = worst(errors(rows, values.tolist(), by_leaf))
    assert {name: place for name, place in found.items() if place[0] > 4} == {}


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", NETWORKS)
def test_pytorchs_gradients_of_networks_are_the_engines_to_fourteen_digits(name, exact):
    model, inputs, loss, rows = network(*NETWORKS[name])
    module = export.torch(loss, inputs, model.parameters(), exact=exact)
    values, gradient = engines(model, inputs, loss, rows)
    theirs = module(torch.tensor(rows))
    theirs.sum().backward()
    assert np.abs(theirs.detach().numpy() - values).max() <= 1e-14 * np.abs(values).max()
    assert np.abs(in_order(module.exported, model, slopes(module)) - gradient).max() <= 1e-14 * np.abs(gradient).max()


@pytest.mark.parametrize("seed", range(6))
def test_random_graphs_have_the_engines_values_and_gradients_on_pytorch(seed):
    loss, inputs, parameters = random_graph(seed)
    rows = np.random.default_rng(seed).normal(size=(5, 3))
    values, gradient = autograd.compile(loss, inputs, parameters).value_and_gradient(rows)
    module = export.torch(loss, inputs, parameters)
    theirs = module(torch.tensor(rows))
    theirs.sum().backward()
    by_node = {}
    for name, nodes in module.exported.nodes.items():
        by_node.update(zip(nodes, slopes(module)[name].ravel().tolist(), strict=True))
    assert np.allclose(theirs.detach(), values, rtol=1e-12, atol=1e-12)
    assert np.allclose([by_node[p] for p in parameters], gradient, rtol=1e-10, atol=1e-10)


def test_conventions_at_kinks_are_ours():
    x, y = Value(0.0, "x"), Value(0.0, "y")
    module = export.torch(relu(x) + maximum(x, y), [x, y])
    rows = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 3.0]], dtype=torch.float64, requires_grad=True)
    module(rows).sum().backward()
    assert rows.grad.tolist() == [[0.5, 0.5], [1.5, 0.5], [1.0, 1.0]]


def test_second_derivatives_are_nan_at_the_kinks_where_the_engines_are():
    rows = [*table()]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    module = export.torch([node for *_, node in rows], [], leaves)
    numbers = [*module.parameters()]
    value = module(torch.zeros(1, 0, dtype=torch.float64)).sum()
    slopes = torch.autograd.grad(value, numbers, create_graph=True, materialize_grads=True)
    again = torch.autograd.grad(sum(slope.sum() for slope in slopes), numbers, materialize_grads=True)
    theirs = {}
    for nodes, slope in zip(module.exported.nodes.values(), again, strict=True):
        theirs.update(zip(nodes, slope.ravel().tolist(), strict=True))
    off, both = at_kinks(rows, second_derivatives(rows), theirs)
    assert off == []
    assert both > 100


@pytest.mark.parametrize("exact", [True, False])
def test_torch_func_takes_the_module_through_grad_vmap_and_jacobians(exact):
    model, inputs, loss, rows = network(3, [4, 3], True)
    module = export.torch(loss, inputs, model.parameters(), exact=exact)
    parameters = {name: p.detach() for name, p in module.named_parameters()}

    def value(parameters, row):
        return torch.func.functional_call(module, parameters, (row,))

    rows = torch.tensor(rows)
    by_row = torch.func.vmap(torch.func.grad(value), in_dims=(None, 0))(parameters, rows)
    _, expected = engines(model, inputs, loss, rows.numpy())
    summed = {name: slope.sum(0).numpy() for name, slope in by_row.items()}
    assert np.allclose(in_order(module.exported, model, summed), expected, rtol=1e-12, atol=1e-14)
    jacobian = torch.func.jacrev(value)(parameters, rows)
    assert all(torch.allclose(jacobian[name], by_row[name], rtol=1e-12, atol=1e-14) for name in by_row)
    curved = torch.func.jacrev(torch.func.grad(lambda b: value({**parameters, "b2": b}, rows[0])))(parameters["b2"])
    by_torch = torch.autograd.functional.hessian(lambda b: value({**parameters, "b2": b}, rows[0]), parameters["b2"])
    assert torch.allclose(curved, by_torch, rtol=1e-12, atol=1e-14)


def test_torch_func_gives_our_conventions_at_kinks():
    x, y = Value(0.0, "x"), Value(0.0, "y")
    module = export.torch(relu(x) + maximum(x, y), [x, y])
    rows = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 3.0]], dtype=torch.float64)
    slopes = torch.func.vmap(torch.func.grad(module))(rows)
    assert slopes.tolist() == [[0.5, 0.5], [1.5, 0.5], [1.0, 1.0]]
    curved = torch.func.vmap(torch.func.jacrev(torch.func.grad(module)))(rows)
    assert curved[0].isnan().all()
    assert curved[2].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_powers_whose_digits_are_alike_are_different_functions():
    x = Value(1.5, "x")
    node = x**2.5 + (x.exp() / 10) ** 25
    node.backward()
    rows = torch.tensor([[1.5]], dtype=torch.float64, requires_grad=True)
    values = export.torch(node, [x])(rows)
    values.sum().backward()
    assert np.allclose([values.item(), rows.grad.item()], [node.data, x.grad], rtol=1e-14)


def test_pytorchs_own_checks_of_gradients_pass():
    model, inputs, loss, rows = network(3, [4, 3], True)
    module = export.torch(loss, inputs, model.parameters())
    numbers = dict(module.named_parameters())

    def value(bias):
        return torch.func.functional_call(module, {**numbers, "b2": bias}, (torch.tensor(rows),))

    bias = numbers["b2"].detach().clone().requires_grad_()
    assert torch.autograd.gradcheck(value, bias)
    assert torch.autograd.gradgradcheck(value, bias)


def test_no_parameter_has_the_name_of_what_a_module_has():
    assert [name for name in dir(torch.nn.Module()) if is_free(name)] == []


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_a_class_that_is_not_there_has_no_logarithm_of_softmax(dtype):
    logits, k = [Value(0.5), Value(-1.0), Value(2.0)], Value(1.0)
    module = export.torch(nn.softmax_cross_entropy(logits, k), [k], logits).to(dtype)
    values = module(torch.tensor([[0.0], [2.0], [3.0], [-1.0], [0.5], [np.nan]], dtype=dtype))
    exponentials = np.exp([0.5, -1.0, 2.0])
    assert np.allclose(values[:2].tolist(), np.log(exponentials.sum() / exponentials[[0, 2]]), rtol=1e-6)
    assert values[2:].isnan().all()


def test_the_hessian_is_the_engines():
    x, y = Value(0.75, "x"), Value(-1.25, "y")
    node = (x * y).tanh() / (x * x + y.exp()) + (y - x).softplus() + maximum(x, y) ** 3
    module = export.torch(node, [x, y])
    ours = [[entry.data for entry in row] for row in hessian(node, [x, y])]
    theirs = torch.autograd.functional.hessian(module, torch.tensor([0.75, -1.25], dtype=torch.float64))
    assert np.allclose(theirs, ours, rtol=1e-13)


def test_weights_that_pytorch_trains_come_back_and_through_a_file(tmp_path):
    model, inputs, loss, rows = network(3, [4, 1], False)
    module = export.torch(loss, inputs, model.parameters())
    assert dict(module.named_parameters())["W1"].shape == (4, 3)
    assert module.exported.labels["b1"] == [f"layer1.neuron{k}.b" for k in range(1, 5)]
    optimizer = torch.optim.SGD(module.parameters(), lr=0.5)
    module(torch.tensor(rows)).mean().backward()
    optimizer.step()
    path = export.save(module.exported, tmp_path / "weights.npz", dict(module.named_parameters()))
    module.exported.to_graph(export.load(module.exported, path))
    values, _ = engines(model, inputs, loss, rows)
    assert np.allclose(module(torch.tensor(rows)).detach(), values, rtol=1e-13)


def test_the_source_for_pytorch_computes_the_same():
    model, inputs, loss, rows = network(3, [4, 3], True)
    module = export.torch(loss, inputs, model.parameters())
    space = {}
    exec(module.exported.source, space)  # noqa: S102 — it is ours
    theirs = space["Model"](space["parameters"])(torch.tensor(rows))
    assert torch.equal(theirs, module(torch.tensor(rows)))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (torch.ones(4, 2, dtype=torch.float64), r"rows must have the shape \(…, 1\), got \(4, 2\)"),
        (torch.tensor(1.0, dtype=torch.float64), r"rows must have the shape \(…, 1\), got \(\)"),
        (
            torch.ones(4, 1, dtype=torch.float32),
            r"must be torch.float64, .*, got torch.float32: write rows\.to\(torch\.float64\)",
        ),
        ([[1.0]], "rows must be a tensor of torch.float64, got a list"),
    ],
)
def test_a_module_computes_nothing_from_rows_of_another_form(rows, told):
    w, x = Value(2.0, "w"), Value(1.0, "x")
    module = export.torch(w * x, [x], [w])
    for call in (module, lambda rows: module(x=rows)):
        with pytest.raises((TypeError, ValueError), match=told):
            call(rows)


def test_a_module_that_is_made_shorter_takes_shorter_rows():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    module = export.torch(w * x, [x], [w]).float()
    assert module(torch.tensor([[0.5], [3.0]])).tolist() == [1.0, 6.0]
    with pytest.raises(TypeError, match=r"rows must be torch\.float32, .* got torch\.float64"):
        module(torch.tensor([[0.5]], dtype=torch.float64))
