"""Neurons, networks, losses, SGD and training: hand arithmetic, recorded PyTorch results, and what is refused."""

import math
import random

import numpy as np
import pytest

import nn
from autograd import Value, check_gradient, identity, tanh, topological_order


def seeded(seed=0):
    return random.Random(seed)


# Layers


def test_a_neuron_is_one_weighted_sum_and_one_activation():
    neuron = nn.Neuron(3, tanh, seed=seeded())
    output = neuron([1.0, 2.0, 3.0])
    (s,) = output.parents
    assert (output.op, s.op) == ("tanh", "weighted_sum")
    assert s.parents[:3] == tuple(neuron.weights)
    assert s.parents[-1] is neuron.bias
    by_hand = neuron.bias.data + sum(w.data * x for w, x in zip(neuron.weights, [1.0, 2.0, 3.0], strict=True))
    assert math.isclose(output.data, math.tanh(by_hand), rel_tol=1e-15)


def test_a_neuron_without_activation_is_linear():
    assert nn.Neuron(2, None, seed=seeded())([1.0, 1.0]).op == "weighted_sum"


def test_a_layer_returns_a_list_even_for_one_neuron():
    for width in (1, 3):
        outputs = nn.Layer(2, width, seed=seeded())([1.0, 2.0])
        assert isinstance(outputs, list)
        assert len(outputs) == width


def test_the_neurons_of_a_layer_share_their_input_nodes():
    outputs = nn.Layer(2, 2, None, seed=seeded())([1.0, 2.0])
    assert outputs[0].parents[2:4] == outputs[1].parents[2:4]


def test_an_mlp_is_as_in_micrograd_and_its_last_layer_is_linear():
    model = nn.MLP(2, [16, 16, 1], seed=seeded())
    (output,) = model([0.5, -0.5])
    assert len(model.parameters()) == 337
    assert output.op == "weighted_sum"
    assert {node.op for node in topological_order(output)} == {"", "weighted_sum", "relu"}


def test_parameters_have_a_stable_order_and_readable_labels():
    labels = [parameter.label for parameter in nn.MLP(2, [2, 1], seed=seeded()).parameters()]
    first = [f"layer1.neuron{i}.{name}" for i in (1, 2) for name in ("w1", "w2", "b")]
    assert labels == [*first, "layer2.neuron1.w1", "layer2.neuron1.w2", "layer2.neuron1.b"]


def test_first_weights_follow_from_the_generator():
    first, again, other = (nn.MLP(9, [30, 2], seed=seeded(seed)) for seed in (0, 0, 1))
    assert [p.data for p in first.parameters()] == [p.data for p in again.parameters()]
    assert [p.data for p in first.parameters()] != [p.data for p in other.parameters()]


def test_without_a_generator_pythons_own_is_used_and_neurons_differ():
    random.seed(5)
    first = nn.Neuron(2)
    second = nn.Neuron(2)
    random.seed(5)
    again = nn.Neuron(2)
    assert first.weights[0].data == again.weights[0].data != second.weights[0].data


def test_zero_grad_sets_every_gradient_to_zero():
    model = nn.MLP(1, [1], seed=seeded())
    model([1.0])[0].backward()
    assert [p.grad for p in model.parameters()] == [1.0, 1.0]
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0, 0.0]


def test_a_networks_gradient_is_that_of_differences():
    def loss(*numbers):
        model = nn.MLP(2, [3, 2], tanh, seed=seeded())
        for layer in model.layers:
            for neuron in layer.neurons:
                neuron.weights = [numbers[i] for i in range(len(neuron.weights))]
                neuron.bias = numbers[-1]
        return nn.softmax_cross_entropy(model([0.5, -1.5]), 1)

    assert check_gradient(loss, [0.3, -0.8, 0.5, 0.1])


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.MLP(0, []), ValueError, "MLP's fan_in must be at least 1, got 0"),
        (lambda: nn.MLP(2, []), ValueError, "MLP needs at least 1 layer, got 0 widths"),
        (lambda: nn.MLP(2, [3, 0]), ValueError, "each of MLP's widths must be at least 1, got 0"),
        (lambda: nn.MLP(2, 3), TypeError, "for one layer, got int"),
        (lambda: nn.MLP(2.0, [3]), TypeError, "fan_in must be an int, got float"),
        (lambda: nn.Neuron(-1), ValueError, "Neuron's fan_in must be at least 1, got -1"),
        (lambda: nn.Neuron(True), TypeError, "must be an int, got bool"),
        (lambda: nn.Neuron(2, "relu"), TypeError, "activation must be a function of one Value, or None, got str"),
        (lambda: nn.MLP(2, [1], "relu"), TypeError, "activation must be a function"),
        (lambda: nn.MLP(2, [1], seed=0.5), TypeError, r"seed must be an int, a random\.Random or None, got a float"),
        (lambda: nn.MLP(2, [3, 1])({1.0, 2.0}), TypeError, "must be an ordered sequence, got a set"),
        (lambda: nn.MLP(2, None), TypeError, "widths must be a sequence"),
        (lambda: nn.Neuron(2)([1.0]), ValueError, "must have length 2, got length 1"),
        (lambda: nn.MLP(2, [3, 1])([1.0, 2.0, 3.0]), ValueError, "must have length 2, got length 3"),
        (lambda: nn.Layer(2, 1)([1.0, "2"]), TypeError, "got a str, '2'"),
    ],
)
def test_impossible_layers_and_samples_are_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


# Losses


def test_softmax_cross_entropy_is_pytorchs():
    # torch.nn.functional.cross_entropy(torch.tensor([0.2, -1.3, 2.5], dtype=float64), class 1), PyTorch 2.13
    logits = [Value(x) for x in (0.2, -1.3, 2.5)]
    loss = nn.softmax_cross_entropy(logits, 1)
    loss.backward()
    assert math.isclose(loss.data, 3.9156738044170436, rel_tol=1e-13)
    grads = [0.08930714309643224, -0.9800728828584944, 0.890765739762062]
    assert all(math.isclose(x.grad, g, rel_tol=1e-13) for x, g in zip(logits, grads, strict=True))


@pytest.mark.parametrize(
    ("logits", "target", "loss", "grads"),
    [
        ([1000.0, 0.0], 0, 0.0, [0.0, 0.0]),
        ([1000.0, 0.0], 1, 1000.0, [1.0, -1.0]),
        ([-1000.0, -1000.0], 0, math.log(2), [-0.5, 0.5]),
        ([1e308, 1e308], 0, math.log(2), [-0.5, 0.5]),
        ([3.0], 0, 0.0, [0.0]),
    ],
)
def test_cross_entropy_is_stable_at_any_size(logits, target, loss, grads):
    inputs = [Value(x) for x in logits]
    output = nn.softmax_cross_entropy(inputs, target)
    output.backward()
    assert output.data == loss
    assert [x.grad for x in inputs] == grads


def test_mean_squared_error_by_hand():
    outputs = [Value(1.0), Value(2.0), Value(-1.0)]
    loss = nn.mean_squared_error(outputs, [0.0, 4.0, -1.0])
    loss.backward()
    assert math.isclose(loss.data, 5 / 3)
    assert all(map(math.isclose, [x.grad for x in outputs], [2 / 3, -4 / 3, 0.0]))


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.softmax_cross_entropy([Value(1), Value(2)], 2), ValueError, "must be a class from 0 to 1, got 2"),
        (lambda: nn.softmax_cross_entropy([Value(1), Value(2)], -1), ValueError, "must be a class from 0 to 1, got -1"),
        (lambda: nn.softmax_cross_entropy([], 0), ValueError, "softmax_cross_entropy needs at least 1 logit, got 0"),
        (lambda: nn.softmax_cross_entropy([Value(1)], 0.0), TypeError, "target must be an int, got float"),
        (lambda: nn.mean_squared_error([Value(1)], [1.0, 2.0]), ValueError, "1 outputs and 2 targets"),
        (lambda: nn.mean_squared_error([], []), ValueError, "at least 1 output and target, got 0"),
    ],
)
def test_losses_refuse_what_does_not_match(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


# SGD


def test_sgd_moves_each_parameter_against_its_gradient():
    x, y = Value(1.0), Value(-2.0)
    optimizer = nn.SGD([x, y], lr=0.1)
    (x * x + 3 * y).backward()
    optimizer.step()
    assert (x.data, y.data) == (1.0 - 0.1 * 2.0, -2.0 - 0.1 * 3.0)
    optimizer.zero_grad()
    optimizer.step()
    assert (x.data, y.data) == (0.8, -2.3)


@pytest.mark.parametrize("lr", [-0.1, math.nan, math.inf])
def test_sgd_refuses_a_learning_rate_that_is_none(lr):
    with pytest.raises(ValueError, match="lr must be finite and not negative, got"):
        nn.SGD([Value(1.0)], lr=lr)


@pytest.mark.parametrize("lr", ["0.1", None, True, np.array([0.1, 0.2])])
def test_a_learning_rate_is_a_number(lr):
    with pytest.raises(TypeError, match="must be a real number"):
        nn.SGD([Value(1.0)], lr=lr)


def test_numbers_of_numpy_leave_no_numpy_behind():
    w = Value(1.0)
    w.grad = np.float32(0.5)
    nn.SGD([w], lr=np.float64(0.5)).step()
    assert (type(w.data), w.data) == (float, 0.75)


def test_sgd_refuses_parameters_that_are_none():
    x = Value(1.0)
    for parameters, error, sentence in (
        ([], ValueError, "at least 1 parameter, got 0"),
        ([1.0], TypeError, "a parameter must be a Value, got float"),
        ([x, x], ValueError, "listed twice"),
    ):
        with pytest.raises(error, match=sentence):
            nn.SGD(parameters)


# Data and training


def test_iris_is_fishers():
    iris = nn.data.iris()
    assert (len(iris), [iris.y.count(i) for i in range(3)]) == (150, [50, 50, 50])
    assert iris.classes == ["setosa", "versicolor", "virginica"]
    # The two rows in which the UCI repository's file differs from Fisher's table, and the table's column means
    assert iris.X[34] == [4.9, 3.1, 1.5, 0.2]
    assert iris.X[37] == [4.9, 3.6, 1.4, 0.1]
    means = [sum(column) / 150 for column in zip(*iris.X, strict=True)]
    assert [round(mean, 3) for mean in means] == [5.843, 3.057, 3.758, 1.199]


def test_a_split_keeps_every_row_once_and_the_classes_in_proportion():
    iris = nn.data.iris()
    train, test = nn.data.split(iris, 0.2, seeded())
    assert sorted(train.X + test.X) == sorted(iris.X)
    assert [test.y.count(i) for i in range(3)] == [10, 10, 10]
    for share in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            nn.data.split(iris, share, seeded())


def test_standardizing_takes_mean_and_deviation_from_the_training_data_alone():
    train = nn.data.DataSet([[1.0, 5.0], [3.0, 5.0]], [0, 1], ["a", "b"], ["x", "y"])
    test = nn.data.DataSet([[4.0, 6.0]], [0], ["a", "b"], ["x", "y"])
    scaled, other = nn.data.standardize(train, test)
    assert scaled.X == [[-1.0, 0.0], [1.0, 0.0]]
    assert other.X == [[2.0, 1.0]]


def test_a_feature_that_does_not_vary_is_only_shifted():
    train = nn.data.DataSet([[0.1]] * 3, [0, 1, 1], ["a"], ["x", "y"])
    assert nn.data.standardize(train)[0].X == [[0.0]] * 3
    with pytest.raises(ValueError, match=r"got lengths 1, 2"):
        nn.data.standardize(nn.data.DataSet([[1.0], [1.0, 2.0]], [0, 1], ["a"], ["x", "y"]))


def line(**options):
    model = nn.MLP(1, [1], seed=seeded())
    X = [[x / 10] for x in range(-10, 11)]
    y = [[2 * x[0] - 0.5] for x in X]
    optimizer = nn.SGD(model.parameters(), lr=0.2)
    history = nn.fit(
        model, nn.mean_squared_error, X, y, optimizer=optimizer, **{"epochs": 40, "batch_size": 5} | options
    )
    return model, history


def test_fitting_a_line_finds_it():
    model, history = line()
    slope, intercept = (parameter.data for parameter in model.parameters())
    assert math.isclose(slope, 2.0, rel_tol=1e-6)
    assert math.isclose(intercept, -0.5, rel_tol=1e-6)
    assert len(history.losses) == 40
    assert history.losses[-1] < 1e-9 < history.losses[0]


def test_one_batch_of_gradient_descent_by_hand():
    # ∂/∂w of the mean of (wx + b − t)² over x = 1, 2 with w = b = 0 and t = 1, 3 is −(1 + 6), ∂/∂b is −(1 + 3)
    model = nn.MLP(1, [1])
    for parameter in model.parameters():
        parameter.data = 0.0
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, nn.mean_squared_error, [[1.0], [2.0]], [[1.0], [3.0]], optimizer=optimizer, epochs=1)
    assert [parameter.data for parameter in model.parameters()] == pytest.approx([0.7, 0.4], rel=1e-15)
    assert history.losses == [5.0]


def test_training_twice_with_one_seed_gives_the_same_bits():
    runs = [line(epochs=3, seed=0) for _ in range(2)]
    assert runs[0][1].losses == runs[1][1].losses
    assert line(epochs=3, seed=1)[1].losses != runs[0][1].losses


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"X": [[1.0]], "y": []}, "must have the same length, got 1 and 0"),
        ({"X": [], "y": []}, "at least 1 sample, got 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"epochs": -1}, "epochs must be at least 0, got -1"),
    ],
)
def test_fit_refuses_what_it_cannot_train_on(options, sentence):
    model = nn.MLP(1, [1])
    given = {"X": [[1.0]], "y": [[1.0]], "epochs": 1, "optimizer": nn.SGD(model.parameters())} | options
    with pytest.raises(ValueError, match=sentence):
        nn.fit(model, nn.mean_squared_error, **given)


def test_accuracy_is_the_share_of_right_largest_outputs():
    def model(x):
        return [identity(Value(x[0])), Value(0.0)]

    assert nn.accuracy(model, [[1.0], [-1.0], [2.0]], [0, 1, 1]) == 2 / 3
    with pytest.raises(ValueError, match="accuracy needs at least 1 sample, got 0"):
        nn.accuracy(model, [], [])
