"""The losses and gradients of scikit-learn's MLPClassifier on digits, recorded, against the same networks here."""

import itertools
import math

import pytest
from recording import recorded

import autograd
import nn
from autograd import mean

RECORDED = recorded("sklearn")
DIGITS = RECORDED["digits"]
ACTIVATIONS = {
    "identity": autograd.identity,
    "logistic": autograd.sigmoid,
    "tanh": autograd.tanh,
    "relu": autograd.relu,
}


def named(record):
    return f"{record['activation']}, α = {record['alpha']}, {len(record['classes'])} classes"


def in_our_order(coefs, intercepts):
    """Weights and bias of one neuron after another, layer by layer."""
    rows = itertools.chain.from_iterable(map(zip, coefs, intercepts))
    return [number for weights, bias in rows for number in (*weights, bias)]


def network(record):
    """The network, its loss on one sample and its penalty, and the samples and targets."""
    coefs, intercepts = record["coefs"], record["intercepts"]
    model = nn.MLP(64, [len(biases) for biases in intercepts], ACTIVATIONS[record["activation"]])
    for parameter, number in zip(model.parameters(), in_our_order(coefs, intercepts), strict=True):
        parameter.data = number
    chosen = [row for row in DIGITS if row["digit"] in record["classes"]]
    X = [[pixel / 16 for pixel in row["pixels"]] for row in chosen]
    y = [record["classes"].index(row["digit"]) for row in chosen]
    weights = [w for layer in model.layers for neuron in layer.neurons for w in neuron.weights]

    def penalty():  # scikit-learn divides it, too, by the number of samples, and spares the biases
        return nn.l2_penalty(weights, record["alpha"] / len(X))

    loss = nn.softmax_cross_entropy if len(record["classes"]) > 2 else nn.binary_cross_entropy_with_logits
    return model, loss, penalty, X, y


def is_scikit_learns_gradient(model, record):
    """Each partial derivative to 2e-15 of the largest: a small one, a difference of large terms, has no more digits."""
    theirs = in_our_order(record["coef_grads"], record["intercept_grads"])
    tolerance = 2e-15 * max(map(abs, theirs))
    return all(abs(p.grad - grad) <= tolerance for p, grad in zip(model.parameters(), theirs, strict=True))


@pytest.mark.parametrize("record", RECORDED["networks"], ids=named)
def test_the_graph_engine_has_the_loss_and_gradient_of_scikit_learn(record):
    model, loss, penalty, X, y = network(record)
    objective = mean([loss(model(x), target) for x, target in zip(X, y, strict=True)]) + penalty()
    objective.backward()
    assert math.isclose(objective.data, record["loss"], rel_tol=2e-15)
    assert is_scikit_learns_gradient(model, record)


@pytest.mark.parametrize("record", RECORDED["networks"], ids=named)
def test_the_compiled_trainer_has_the_loss_and_gradient_of_scikit_learn(record):
    model, loss, penalty, X, y = network(record)
    optimizer = nn.SGD(model.parameters(), lr=0)  # the gradient is taken, and no step
    history = nn.fit(
        model, loss, X, y, optimizer=optimizer, epochs=1, batch_size=len(X), penalty=penalty, compiled=True
    )
    assert math.isclose(history.losses[0] + penalty().data, record["loss"], rel_tol=2e-15)
    assert is_scikit_learns_gradient(model, record)


def test_all_activations_of_scikit_learn_are_recorded_with_and_without_a_penalty():
    assert {record["activation"] for record in RECORDED["networks"]} == set(ACTIVATIONS)
    assert {record["alpha"] > 0 for record in RECORDED["networks"]} == {False, True}
