"""The δ rule on the lecture's 2-2-2 network, by hand and by the graph; gradients that vanish."""

import math
import random

import pytest

import nn
from autograd import Value, elu, identity, prelu, relu, sigmoid, silu, softplus, tanh, topological_order
from nn.backpropagation import two_two_two

WEIGHTS = [[0.15, 0.20], [0.25, 0.30], [0.40, 0.45], [0.50, 0.55]]
BIASES = [0.35, 0.35, 0.60, 0.60]
X, T = [0.05, 0.10], [0.01, 0.99]


def logistic(s):
    return 1 / (1 + math.exp(-s))


def by_hand():
    """The lecture's formulas as they stand in its errata, one after another."""
    (w11, w12), (w21, w22), (w31, w32), (w41, w42) = WEIGHTS
    b1, b2, b3, b4 = BIASES
    h1 = logistic(w11 * X[0] + w12 * X[1] + b1)
    h2 = logistic(w21 * X[0] + w22 * X[1] + b2)
    o1 = logistic(w31 * h1 + w32 * h2 + b3)
    o2 = logistic(w41 * h1 + w42 * h2 + b4)
    δo1 = (o1 - T[0]) * o1 * (1 - o1)
    δo2 = (o2 - T[1]) * o2 * (1 - o2)
    δh1 = (δo1 * w31 + δo2 * w41) * h1 * (1 - h1)
    δh2 = (δo1 * w32 + δo2 * w42) * h2 * (1 - h2)
    gradients = {"w31": δo1 * h1, "w11": δh1 * X[0], "w42": δo2 * h2, "w22": δh2 * X[1], "b3": δo1, "b1": δh1}
    return [[δh1, δh2], [δo1, δo2]], gradients


def test_the_lectures_network_has_its_deltas_and_its_updates_of_w31_and_w11():
    model = two_two_two(WEIGHTS, BIASES)
    result = nn.delta_rule(model, X, T)
    deltas, gradients = by_hand()
    for layer, expected in zip(result.deltas, deltas, strict=True):
        for found, δ in zip(layer, expected, strict=True):
            assert math.isclose(found.by_rule, δ, rel_tol=1e-14)
            assert math.isclose(found.from_graph, δ, rel_tol=1e-14)
    for label, gradient in gradients.items():
        assert math.isclose(result.gradients[label][0], gradient, rel_tol=1e-14)
        assert math.isclose(result.gradients[label][1], gradient, rel_tol=1e-14)
    # M. Mazur's "A Step by Step Backpropagation Example" (2015) works the same network, and prints nine digits
    assert result.error == pytest.approx(0.298371109, abs=1e-9)
    assert result.gradients["w31"][0] == pytest.approx(0.082167041, abs=1e-9)
    assert result.gradients["w11"][0] == pytest.approx(0.000438568, abs=1e-9)
    assert result.updated("w31", lr=0.5) == pytest.approx(0.35891648, abs=1e-8)
    assert result.updated("w11", lr=0.5) == pytest.approx(0.149780716, abs=1e-9)


def test_a_step_of_sgd_is_the_rules_update():
    model = two_two_two(WEIGHTS, BIASES)
    result = nn.delta_rule(model, X, T)
    wanted = {label: result.updated(label, lr=0.5) for label in result.gradients}
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    optimizer.zero_grad()
    nn.half_squared_error(model(X), T).backward()
    optimizer.step()
    for parameter in model.parameters():
        assert math.isclose(parameter.data, wanted[parameter.label], rel_tol=1e-15)


@pytest.mark.parametrize("activation", [sigmoid, tanh, relu, elu, softplus, silu, identity, None, nn.PReLU(0.1)])
@pytest.mark.parametrize("widths", [[1], [3], [4, 2], [5, 4, 3], [2] * 8])
def test_rule_and_graph_agree_to_the_last_bits_for_any_mlp(activation, widths):
    generator = random.Random(0)
    for output_activation in (None, sigmoid):
        model = nn.MLP(3, widths, activation, output_activation=output_activation, seed=generator)
        x = [generator.gauss(0, 1) for _ in range(3)]
        t = [generator.gauss(0, 1) for _ in range(widths[-1])]
        result = nn.delta_rule(model, x, t)
        assert [len(layer) for layer in result.deltas] == widths
        for layer in result.deltas:
            for δ in layer:
                assert math.isclose(δ.by_rule, δ.from_graph, rel_tol=1e-13, abs_tol=1e-15)
        assert result.gradients.keys() == {parameter.label for parameter in model.parameters()}
        for by_rule, from_graph in result.gradients.values():
            assert math.isclose(by_rule, from_graph, rel_tol=1e-13, abs_tol=1e-15)


def test_the_table_has_a_row_for_every_neuron_and_leaves_the_model_as_it_was():
    model = nn.MLP(2, [3, 1], sigmoid, seed=0)
    text = str(nn.delta_rule(model, [1.0, 2.0], 0.5))
    rows = [line.split()[0] for line in text.splitlines()]
    neurons = ["layer1.neuron1", "layer1.neuron2", "layer1.neuron3", "layer2.neuron1"]
    assert rows[:6] == ["E", "neuron", *neurons]
    assert rows[6:] == ["parameter", *(parameter.label for parameter in model.parameters())]
    assert "δ by the rule" in text
    assert not any(parameter.has_grad for parameter in model.parameters())


def test_the_graph_of_the_error_has_the_lectures_names_and_gradients():
    E = nn.error_graph(two_two_two(WEIGHTS, BIASES), X, T)
    nodes = {node.label: node for node in topological_order(E) if node.label}
    letters = {"x1", "x2", "s1", "s2", "s3", "s4", "h1", "h2", "o1", "o2", "t1", "t2", "E1", "E2", "E"}
    assert letters <= set(nodes)
    assert E.data == pytest.approx(0.298371109, abs=1e-9)  # M. Mazur's page
    E.backward()
    assert nodes["s3"].grad == pytest.approx(0.138498562, abs=1e-9)  # δ of neuron 3, on the same page
    assert nodes["w11"].grad == pytest.approx(0.000438568, abs=1e-9)


def test_values_that_are_given_are_named_and_stay_in_the_graph():
    x = Value(0.5, "mine")
    E = nn.error_graph(nn.MLP(1, [1], seed=0), [x], [0.0])
    assert (x.label, x in topological_order(E), E.label) == ("x1", True, "E")


def relabelled():
    model = nn.MLP(2, [1])
    for parameter in model.parameters():
        parameter.label = "w"
    return model


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.delta_rule(nn.Neuron(2), [1, 2], [1]), TypeError, "delta_rule's model must be an MLP, got Neuron"),
        (lambda: nn.delta_rule(nn.MLP(2, [1]), [1], [1]), ValueError, "must have length 2, got length 1"),
        (
            lambda: nn.delta_rule(nn.MLP(2, [1]), [1, 2], [1, 2]),
            ValueError,
            "delta_rule's y must have length 1, the number of outputs, got length 2",
        ),
        (
            lambda: nn.delta_rule(nn.MLP(2, [1, 1], lambda x: x * x), [1, 2], [1]),
            TypeError,
            "operations of one number",
        ),
        (
            lambda: nn.delta_rule(nn.MLP(2, [1, 1], nn.Dropout(0.5)), [1, 2], [1]),
            TypeError,
            "operations of one number",
        ),
        (
            lambda: nn.error_graph(nn.Neuron(2), [1, 2], [1]),
            TypeError,
            "error_graph's model must be an MLP, got Neuron",
        ),
        (lambda: nn.error_graph(nn.MLP(2, [1]), [1, 2], [1, 2]), ValueError, "y must have length 1"),
        (lambda: nn.delta_rule(relabelled(), [1, 2], [1]), ValueError, "got 1 different labels for 3 parameters"),
        (lambda: nn.delta_rule(nn.MLP(2, [1, 1], prelu), [1, 2], [1]), TypeError, "prelu takes|one number"),
        (lambda: two_two_two([[1, 2]], [1]), ValueError, r"got rows of \[2\] weights and 1 biases"),
        (lambda: nn.vanishing_gradient(sigmoid, 0), ValueError, "vanishing_gradient's depth must be at least 1, got 0"),
    ],
)
def test_what_the_rule_cannot_be_applied_to_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


@pytest.mark.parametrize("weight", [1.0, -2.0, 0.5])
def test_a_gradient_through_a_chain_is_the_product_of_its_local_derivatives(weight):
    found = nn.vanishing_gradient(sigmoid, 12, weight=weight, x=0.3)
    y, product = 0.3, 1.0
    for derivative in found:
        y = logistic(weight * y)
        product *= y * (1 - y) * weight
        assert math.isclose(derivative, product, rel_tol=1e-13)


def test_sigmoid_vanishes_at_least_like_a_quarter_a_layer_and_relu_not_at_all():
    sigmoids = nn.vanishing_gradient(sigmoid, 30)
    assert all(0 < derivative <= 0.25**k for k, derivative in enumerate(sigmoids, start=1))
    assert nn.vanishing_gradient(relu, 30) == [1.0] * 30
    assert sigmoids[29] < nn.vanishing_gradient(tanh, 30)[29] < 1


def test_a_deep_chain_is_no_recursion():
    assert len(nn.vanishing_gradient(tanh, 5000)) == 5000
    assert isinstance(nn.vanishing_gradient(lambda y: y * Value(0.5), 2)[1], float)
