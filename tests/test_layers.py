"""Activations, initializations, modules, dropout, stochastic units, recurrent networks."""

import math
import random
import statistics

import pytest

import nn
from autograd import Value, elu, gradient, relu, sigmoid, softplus, tanh, topological_order
from nn.initialization import suited_to


def seeded(seed=0):
    return random.Random(seed)


# Initialization


@pytest.mark.parametrize(
    ("initialization", "variance", "largest"),
    [
        (nn.glorot_uniform, 2 / 100, math.sqrt(6 / 100)),
        (nn.glorot_normal, 2 / 100, None),
        (nn.he_uniform, 2 / 60, math.sqrt(6 / 60)),
        (nn.he_normal, 2 / 60, None),
    ],
)
def test_first_weights_have_the_mean_and_variance_of_the_papers(initialization, variance, largest):
    generator = seeded()
    weights = [initialization(60, 40, generator) for _ in range(20_000)]
    assert abs(statistics.fmean(weights)) < 4 * math.sqrt(variance / len(weights))
    assert statistics.pvariance(weights) == pytest.approx(variance, rel=0.05)
    if largest is not None:
        assert largest * 0.99 < max(weights) <= largest


@pytest.mark.parametrize(
    ("activation", "initialization"),
    [
        (relu, nn.he_uniform),
        (elu, nn.he_uniform),
        (softplus, nn.he_uniform),
        (nn.PReLU(), nn.he_uniform),
        (tanh, nn.glorot_uniform),
        (sigmoid, nn.glorot_uniform),
        (None, nn.glorot_uniform),
        (lambda x: x * x, nn.glorot_uniform),
    ],
)
def test_the_initialization_suits_the_activation_unless_another_is_given(activation, initialization):
    assert suited_to(activation) is initialization
    suited = nn.Layer(5, 4, activation, seed=seeded())
    given = nn.Layer(5, 4, activation, initialization=initialization, seed=seeded())
    assert [w.data for w in suited.parameters()] == [w.data for w in given.parameters()]
    other = nn.Layer(5, 4, activation, initialization=nn.glorot_normal, seed=seeded())
    assert other.neurons[0].weights[0].data != given.neurons[0].weights[0].data
    assert all(neuron.bias.data == 0.0 for neuron in suited.neurons)


@pytest.mark.parametrize("own", [nn.glorot_uniform, nn.glorot_normal, nn.he_uniform, nn.he_normal])
def test_a_layers_weights_are_those_that_its_initialization_draws_one_by_one(own):
    def of_ones_own(fan_in, fan_out, generator):
        return own(fan_in, fan_out, generator)

    drawing = seeded()
    expected = [[own(5, 3, drawing) for _ in range(5)] for _ in range(3)]
    for initialization in (own, of_ones_own):
        layer = nn.Layer(5, 3, initialization=initialization, seed=0)
        assert [[w.data for w in neuron.weights] for neuron in layer.neurons] == expected


def test_a_layers_sizes_are_not_checked_for_each_weight(monkeypatch):
    checked = []
    monkeypatch.setattr(nn.initialization, "integer", lambda number, what, **_: checked.append(what) or number)
    nn.Layer(50, 4, seed=0)
    assert len(checked) <= 2 + 2 * 4


def test_a_signal_keeps_its_size_through_ten_layers_of_relu_with_hes_weights():
    generator = seeded()
    model = nn.MLP(40, [40] * 10, relu, output_activation=relu, initialization=nn.he_normal, seed=generator)
    outputs = model([generator.gauss(0, 1) for _ in range(40)])
    assert 0.1 < statistics.fmean([y.data**2 for y in outputs]) * 2 / 2 < 10


# PReLU


def test_prelu_learns_its_slope():
    activation = nn.PReLU(0.25)
    neuron = nn.Neuron(1, activation, initialization=lambda *_: 2.0)
    output = neuron([-1.5])
    output.backward()
    assert output.data == 0.25 * -3.0
    assert activation.slope.grad == -3.0  # ∂(slope·s)/∂slope = s
    assert neuron.parameters()[-1] is activation.slope


def test_a_layers_neurons_share_a_slope_and_each_layer_has_its_own():
    for activation in (nn.PReLU(), nn.PReLU):
        model = nn.MLP(2, [3, 3, 1], activation, seed=seeded())
        labels = [parameter.label for parameter in model.parameters()]
        assert len(labels) == len(set(labels)) == 9 + 12 + 4 + 2
        assert labels[9] == "layer1.slope"
        assert labels[22] == "layer2.slope"


# Modules


def test_a_module_of_ones_own_finds_its_parameters_in_the_order_of_its_attributes():
    class Own(nn.Module):
        def __init__(self):
            self.scale = Value(2.0, "scale")
            self.parts = {"first": nn.Neuron(1, None), "second": [nn.Neuron(1, None)]}
            self.again = self.parts["first"]

    own = Own()
    assert [p.label for p in own.parameters()] == ["scale", "w1", "b", "w1", "b"]
    assert [type(module).__name__ for module in own.modules()] == ["Own", "Neuron", "Neuron"]


def test_training_and_evaluation_reach_every_part():
    model = nn.MLP(2, [3, 1], nn.Bernoulli(seed=seeded()), dropout=0.5, seed=seeded())
    assert all(module.training for module in model.modules())
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    assert {type(module).__name__ for module in model.modules()} == {"MLP", "Layer", "Neuron", "Bernoulli", "Dropout"}
    model.train()
    assert all(module.training for module in model.modules())


# Chance


def test_a_bernoulli_unit_fires_with_its_probability_and_passes_the_gradient_through():
    unit = nn.Bernoulli(seed=seeded())
    s = Value(0.4)
    p = 1 / (1 + math.exp(-0.4))
    fired = [unit(s).data for _ in range(4000)]
    assert set(fired) == {0.0, 1.0}
    assert statistics.fmean(fired) == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 4000))
    unit(s).backward()
    assert math.isclose(s.grad, p * (1 - p), rel_tol=1e-14)


def test_in_evaluation_a_bernoulli_unit_is_its_probability():
    unit = nn.Bernoulli(seed=seeded()).eval()
    assert unit(Value(0.0)).data == 0.5


def test_a_network_of_stochastic_units_learns():
    gate = nn.data.gate("or")
    model = nn.MLP(2, [6, 1], nn.Bernoulli(seed=seeded(1)), seed=seeded(1))
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    nn.fit(model, nn.binary_cross_entropy_with_logits, gate.X, gate.y, optimizer=optimizer, epochs=300)
    assert nn.accuracy(model, gate.X, gate.y) == 1.0


def test_dropout_drops_its_share_and_keeps_the_expectation():
    dropout = nn.Dropout(0.25, seed=seeded())
    x = [Value(3.0) for _ in range(8000)]
    outputs = [y.data for y in dropout(x)]
    assert set(outputs) == {0.0, 4.0}
    assert outputs.count(0.0) / len(outputs) == pytest.approx(0.25, abs=0.02)
    assert dropout.eval()(x) == x


def test_dropout_passes_gradients_of_what_it_kept_only():
    x = [Value(1.0) for _ in range(20)]
    kept = nn.Dropout(0.5, seed=seeded())(x)
    for y in kept:
        y.backward()
    assert [value.grad for value in x] == [y.data for y in kept]  # 0 or 2, the factor


def test_one_seed_gives_the_same_masks():
    first, again = (nn.MLP(2, [8, 8, 1], tanh, dropout=0.5, seed=seeded(3)) for _ in range(2))
    assert [first([1.0, 2.0])[0].data for _ in range(5)] == [again([1.0, 2.0])[0].data for _ in range(5)]


# Output activation, Elman


def test_an_output_activation_follows_the_last_layer():
    (output,) = nn.MLP(2, [2, 1], tanh, output_activation=sigmoid, seed=seeded())([1.0, -1.0])
    assert output.op == "sigmoid"


def test_an_elman_cell_by_hand():
    cell = nn.ElmanCell(1, 1, tanh, initialization=lambda *_: 0.5)
    h = cell([1.0], cell.start())
    h = cell([-1.0], h)
    assert math.isclose(h[0].data, math.tanh(-0.5 + 0.5 * math.tanh(0.5)), rel_tol=1e-15)


def test_gradients_flow_back_through_every_step_of_a_recurrent_network():
    model = nn.Elman(1, 1, 1, tanh, initialization=lambda *_: 0.5)
    outputs = model([[1.0], [1.0], [1.0]])
    u = next(p for p in model.parameters() if p.label == "cell.neuron1.u1")

    def last(number):
        h = 0.0
        for _ in range(3):
            h = math.tanh(0.5 + number * h)
        return 0.5 * h

    (slope,) = gradient(outputs[-1][0], [u])
    assert math.isclose(outputs[-1][0].data, last(0.5), rel_tol=1e-15)
    assert math.isclose(slope.data, (last(0.5 + 1e-6) - last(0.5 - 1e-6)) / 2e-6, rel_tol=1e-8)


def test_an_unrolled_network_shares_parameters_and_no_inputs_give_no_outputs():
    model = nn.Elman(2, 3, 2, seed=seeded())
    outputs = model([[1.0, 2.0]] * 4)
    assert [len(step) for step in outputs] == [2, 2, 2, 2]
    leaves = [node for node in topological_order(outputs[-1][0]) if not node.parents and "." in node.label]
    assert len(leaves) == len(set(leaves)) == 3 * 6 + 4
    assert model([]) == []
    labels = [p.label for p in model.parameters()]
    assert len(labels) == len(set(labels)) == 3 * 6 + 2 * 4
    assert labels[0] == "cell.neuron1.w1"
    assert labels[-1] == "output.neuron2.b"


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.Dropout(1.0), ValueError, "at least 0 and less than 1, got 1.0"),
        (lambda: nn.Dropout(-0.1), ValueError, "at least 0 and less than 1, got -0.1"),
        (lambda: nn.Dropout("half"), TypeError, "Dropout's p must be a real number"),
        (lambda: nn.Dropout(0.5, seed=True), TypeError, "seed must be an int, a random.Random or None, got a bool"),
        (lambda: nn.MLP(2, [2, 1], dropout=math.nan), ValueError, "less than 1, got nan"),
        (lambda: nn.Bernoulli(seed="x"), TypeError, "seed must be an int, a random.Random or None, got a str"),
        (lambda: nn.PReLU("steep"), TypeError, "PReLU's slope must be a real number"),
        (
            lambda: nn.Layer(2, 2, initialization="he"),
            TypeError,
            "initialization must be a function such as nn.he_normal",
        ),
        (lambda: nn.he_uniform(0, 1, seeded()), ValueError, "he_uniform's fan_in must be at least 1, got 0"),
        (lambda: nn.he_normal(-1, 1, seeded()), ValueError, "he_normal's fan_in must be at least 1, got -1"),
        (lambda: nn.glorot_uniform(-1, 1, seeded()), ValueError, "glorot_uniform's fan_in must be at least 1, got -1"),
        (lambda: nn.glorot_normal(3, -1, seeded()), ValueError, "glorot_normal's fan_out must be at least 1, got -1"),
        (lambda: nn.glorot_normal("3", 1, seeded()), TypeError, "glorot_normal's fan_in must be an int, got str"),
        (lambda: nn.Layer(2, 3).activated([Value(1.0)]), ValueError, "a layer's sums must have length 3, got length 1"),
        (lambda: nn.Neuron(10**400), ValueError, "Neuron's fan_in must be at most 100,000,000"),
        (lambda: nn.Layer(1, 10**400), ValueError, "Layer's fan_out must be at most 100,000,000"),
        (lambda: nn.Elman(1, 10**400, 1), ValueError, "Elman's width must be at most 100,000,000"),
        (lambda: nn.Perceptron(10**400), ValueError, "Perceptron's fan_in must be at most 100,000,000"),
        (lambda: nn.Elman(1, 0, 1), ValueError, "Elman's width must be at least 1, got 0"),
        (lambda: nn.Elman(2, 3, 1)([[1.0]]), ValueError, "a cell's sample must have length 2, got length 1"),
        (
            lambda: nn.ElmanCell(1, 2)([1.0], [Value(0.0)]),
            ValueError,
            "a cell's state must have length 2, got length 1",
        ),
        (lambda: nn.Elman(2, 3, 1)("ab"), TypeError, "ordered sequence"),
    ],
)
def test_impossible_parts_are_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
