"""Modules of one's own with `forward`, Sequential, and the names of parameters."""

import copy
import math

import pytest

import autograd
import nn
from autograd import Value, relu, tanh
from autograd.rules import operation
from nn.fixed_graph import graph_is_fixed
from nn.outputs import Outputs

MOONS = nn.data.moons(40, seed=0)


class Residual(nn.Module):
    def __init__(self, width, seed):
        self.layer = nn.Layer(width, width, tanh, seed=seed)

    def forward(self, x):
        return [a + b for a, b in zip(x, self.layer(x), strict=True)]


class OldStyle(nn.Module):
    def __init__(self):
        self.layer = nn.Layer(2, 1, None, seed=0)

    def __call__(self, x):
        return self.layer(x)[0]


def test_a_call_is_forward_with_its_arguments() -> None:
    class Shifted(nn.Module):
        def forward(self, x, by=0.0, *, times=1.0):
            return (x + by) * times

    model = Shifted()
    assert model(Value(1.0)).data == 1.0
    assert model(Value(1.0), 2.0, times=3.0).data == 9.0
    assert model(1.0) == 1.0


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ([Value(1.0)], Outputs),
        ([Value(1.0), Value(2.0)], Outputs),
        ((Value(1.0),), tuple),
        ([1.0], list),
        ([], list),
        ([[Value(1.0)]], list),
        (Value(1.0), Value),
    ],
)
def test_a_list_of_values_is_returned_as_outputs_and_all_else_as_it_is(result, kind) -> None:
    class Constant(nn.Module):
        def forward(self, _):
            return result

    assert type(Constant()(0)) is kind
    assert Constant()(0) == result


def test_a_module_without_forward_says_so_and_one_with_call_is_called() -> None:
    class Empty(nn.Module):
        pass

    with pytest.raises(TypeError, match=r"needs a method forward\(self, x\).* Empty has none"):
        Empty()([1.0])
    assert OldStyle()([1.0, 2.0]).op == "weighted_sum"


@pytest.mark.parametrize("make", [OldStyle, lambda: nn.Sequential(Residual(2, 0), nn.Layer(2, 1, None, seed=1))])
@pytest.mark.parametrize("compiled", [True, False])
def test_modules_of_ones_own_train_on_both_engines(make, compiled) -> None:
    model = make()
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    loss = nn.binary_cross_entropy_with_logits
    history = nn.fit(model, loss, MOONS.X, MOONS.y, optimizer=optimizer, epochs=25, compiled=compiled)
    assert history.losses[-1] < 0.6 * history.losses[0]


def same_numbers(model: nn.Module, other: nn.Module) -> None:
    for mine, theirs in zip(model.parameters(), other.parameters(), strict=True):
        mine.data = theirs.data


def test_a_sequence_of_layers_and_activations_has_the_bits_of_the_network() -> None:
    network = nn.MLP(2, [5, 4, 1], tanh, seed=3)
    model = nn.Sequential(nn.Layer(2, 5, None), tanh, nn.Layer(5, 4, tanh), nn.Layer(4, 1, None))
    same_numbers(model, network)
    for x in MOONS.X:
        assert model(x).data == network(x).data
    loss = nn.binary_cross_entropy_with_logits
    losses = []
    for each in (model, network):
        for compiled in (None, True, False):
            twin = copy.deepcopy(each)
            optimizer = nn.SGD(twin.parameters(), lr=0.5)
            how = {"optimizer": optimizer, "epochs": 2, "batch_size": 1, "compiled": compiled}
            losses.append(nn.fit(twin, loss, MOONS.X, MOONS.y, **how).losses)
    assert all(others == losses[0] for others in losses)


def test_parts_may_have_parameters_or_chance_or_be_functions_of_the_list() -> None:
    model = nn.Sequential(
        nn.Layer(2, 3, None, seed=0),
        nn.PReLU,
        nn.Dropout(0.5, seed=0),
        nn.Layer(3, 3, None, seed=1),
        autograd.softmax,
        lambda outputs: outputs[::-1],
        autograd.total,
    )
    assert model.eval()([1.0, -1.0]).data == pytest.approx(1.0, abs=1e-15)
    assert [name for name, _ in model.named_parameters()][9] == "part2.slope"
    assert nn.Sequential(relu)([-1.0, 2.0]) == [0.0, 2.0]
    assert nn.Sequential(autograd.total, tanh)([Value(1.0), Value(2.0)]).data == math.tanh(3.0)
    single = nn.Sequential(nn.Layer(1, 1, None, seed=0), lambda n: n * 2)
    assert single([1.0]).op == "mul"


shifted = operation("shifted", "x", "x + 1", "1")


@pytest.mark.parametrize(
    ("parts", "fixed"),
    [
        ([nn.Layer(2, 2), tanh, nn.Dropout(), nn.MLP(2, [1]), nn.PReLU()], True),
        ([nn.Layer(2, 2), autograd.softmax], True),
        ([nn.Layer(2, 2), shifted], True),
        ([nn.Layer(2, 2), nn.Sequential(tanh, nn.Layer(2, 1))], True),
        ([nn.Layer(2, 2), lambda outputs: outputs], False),
        ([nn.Layer(2, 2), nn.Sequential(lambda outputs: outputs)], False),
        ([nn.Layer(2, 2, lambda x: x)], False),
        ([nn.Layer(2, 2), Residual(2, 0)], False),
        ([nn.Layer(2, 2), OldStyle()], False),
    ],
)
def test_a_sequence_is_one_graph_if_each_of_its_functions_is(parts, fixed) -> None:
    assert graph_is_fixed(nn.Sequential(*parts)) is fixed


def test_a_forward_put_on_a_model_makes_its_graph_unknown() -> None:
    model = nn.MLP(2, [1], seed=0)
    assert graph_is_fixed(model)
    model.forward = lambda x: [Value(x[0])]
    assert not graph_is_fixed(model)
    assert model([3.0, 4.0]).data == 3.0


@pytest.mark.parametrize(
    ("parts", "error", "told"),
    [
        ([], ValueError, "at least 1 part, got 0"),
        ([[nn.Layer(1, 1)]], TypeError, r"Sequential\(\*parts\), got a list"),
        ([nn.Layer(1, 1), None], TypeError, "must be a layer, another module or a function, got None"),
        ([nn.Layer], TypeError, "got the class Layer"),
        ([3], TypeError, "got an int"),
    ],
)
def test_a_part_that_is_no_function_is_refused(parts, error, told) -> None:
    with pytest.raises(error, match=told):
        nn.Sequential(*parts)


def test_sizes_that_do_not_fit_are_named_when_a_sample_comes() -> None:
    with pytest.raises(ValueError, match="must have length 3, got length 2"):
        nn.Sequential(nn.Layer(1, 2), nn.Layer(3, 1))([1.0])


def test_a_sequences_parameters_are_saved_and_loaded_into_one_like_it(tmp_path) -> None:
    first, other = (nn.Sequential(nn.Layer(2, 3, seed=s), tanh, nn.Layer(3, 1, None, seed=s)) for s in (0, 1))
    path = nn.save(first, tmp_path / "model.json")
    assert nn.load(path, into=other) is other
    assert [p.data for p in other.parameters()] == [p.data for p in first.parameters()]
    with pytest.raises(ValueError, match="holds only parameters; load them into an existing model with into=model"):
        nn.load(path)


def test_a_part_at_two_places_is_labelled_once() -> None:
    shared = nn.Layer(2, 2, None, seed=0)
    model = nn.Sequential(shared, tanh, shared)
    assert len(model.parameters()) == 6
    assert model.parameters()[0].label == "part1.neuron1.w1"


def test_names_of_parameters_are_labels_or_else_places() -> None:
    model = nn.MLP(2, [2, 1])
    assert model.named_parameters() == [(p.label, p) for p in model.parameters()]

    class Own(nn.Module):
        def __init__(self):
            self.w, self.rest = Value(1.0), {"a": [Value(2.0), (Value(3.0),)], "b": nn.PReLU()}
            self.again = self.w

    assert [name for name, _ in Own().named_parameters()] == ["w", "rest.a.0", "rest.a.1.0", "rest.b.slope"]

    class Two(nn.Module):
        def __init__(self):
            self.one, self.other = nn.MLP(1, [1]), nn.MLP(1, [1])

    names = [name for name, _ in Two().named_parameters()]
    assert names[0] == "one.layers.0.neurons.0.weights.0"
    assert len({*names}) == len(names) == 4


def test_recurrent_networks_give_outputs_that_compute_for_each_step() -> None:
    outputs = nn.Elman(1, 3, 1, seed=0)([[0.0], [1.0]])
    assert [type(each) for each in outputs] == [Outputs, Outputs]
    assert sum((each - 1) ** 2 for each in outputs).op == "add"


def test_a_loss_over_all_steps_of_a_recurrent_network_trains() -> None:
    X = [[[x], [-x]] for x in (-1.0, 1.0)]
    y = [[-1.0, 1.0], [1.0, -1.0]]

    def loss(outputs, targets):
        return sum((each - target) ** 2 for each, target in zip(outputs, targets, strict=True))

    for compiled in (True, False):
        model = nn.Elman(1, 3, 1, seed=0)
        how = {"optimizer": nn.Adam(model.parameters(), lr=0.05), "epochs": 10, "compiled": compiled}
        history = nn.fit(model, loss, X, y, **how)
        assert history.losses[-1] < 0.5 * history.losses[0]
