"""What nn refuses at its doors: each sentence names the argument that the caller wrote, and what came."""

import inspect
import math
import random

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import nn
from autograd import Value, relu, tanh
from nn import plots
from nn.data import DataSet

mpl.use("Agg")

GATE = nn.data.gate("or")
TEXTS = DataSet([["a", "b"], ["c", "d"]], [0, 1], ["x", "y"], ["0", "1"])
WEIGHTS, BIASES = [[0.1, 0.2]] * 4, [0.0] * 4


def bowl(x, y):
    return x * x + y * y


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.MLP(2, [3, 0]), ValueError, "^each of MLP's widths must be at least 1, got 0$"),
        (lambda: nn.MLP(2, [3, 1.5]), TypeError, "^each of MLP's widths must be an int, got float$"),
        (lambda: nn.MLP(2, np.array([[3, 1]])), TypeError, "^each of MLP's widths must be an int, got ndarray$"),
        (lambda: nn.MLP(2, 3), TypeError, r"^MLP's widths must be a sequence of ints, such as \[1\] .*, got int$"),
        (lambda: nn.MLP(2, [1], dropout=2), ValueError, "^MLP's dropout must be at least 0 and less than 1, got 2$"),
        (lambda: nn.MLP(2, [1], dropout="0.5"), TypeError, "^MLP's dropout "),
        (lambda: nn.Layer(0, 3), ValueError, "^Layer's fan_in must be at least 1, got 0$"),
        (lambda: nn.Elman(0, 1, 1), ValueError, "^Elman's fan_in must be at least 1, got 0$"),
        (lambda: nn.Elman(1, 1, 0), ValueError, "^Elman's fan_out must be at least 1, got 0$"),
        (lambda: nn.Perceptron(1, ["a", 1]), TypeError, "^Perceptron's weights "),
        (lambda: nn.Perceptron(1).fit([[1]], [1], lr="a"), TypeError, "^lr "),
        (lambda: nn.Perceptron(1).fit([1], [1]), TypeError, "^each sample of Perceptron.fit's X"),
        (lambda: nn.separate([["a"]], [1]), TypeError, "^separate's X "),
        (lambda: nn.separate([[1]], ["a"]), TypeError, "^separate's y "),
        (lambda: nn.two_two_two([["a", 1]] * 4, BIASES), TypeError, "^two_two_two's weights "),
        (lambda: nn.two_two_two(WEIGHTS, ["a"] * 4), TypeError, "^two_two_two's biases "),
        (lambda: nn.vanishing_gradient(tanh, 0), ValueError, "^vanishing_gradient's depth must be at least 1, got 0$"),
        (lambda: nn.vanishing_gradient(tanh, 2, weight="a"), TypeError, "^vanishing_gradient's weight "),
        (lambda: nn.vanishing_gradient(tanh, 2, x="a"), TypeError, "^vanishing_gradient's x "),
        (
            lambda: nn.vanishing_gradient("tanh", 2),
            TypeError,
            r"^activation must be a function of one Value, .* got str; write autograd\.tanh$",
        ),
        (lambda: nn.delta_rule(nn.MLP(2, [1]), ["a", 1], 1), TypeError, "^delta_rule's x "),
        (lambda: nn.delta_rule(nn.MLP(2, [1]), [1, 1], Value(1)), TypeError, "^delta_rule's y "),
        (
            lambda: nn.delta_rule(nn.MLP(2, [1]), [1, 1], [1, 1]),
            ValueError,
            "^delta_rule's y must have length 1, .* 2$",
        ),
        (
            lambda: DataSet([[1.0]], [[0, 1]], ["x"], ["0"]).signs,
            ValueError,
            r"^DataSet.signs needs a y of only 0 and 1, got \[0, 1\]$",
        ),
        (
            lambda: DataSet([[1.0]], ["a"], ["x"], ["0"]).signs,
            ValueError,
            "^DataSet.signs needs a y of only 0 and 1, got 'a'$",
        ),
        (lambda: nn.predict(nn.Perceptron(1), GATE), TypeError, "^predict's X must be samples, got a DataSet: unpack"),
        (lambda: nn.data.standardize(TEXTS), TypeError, "^standardize's X .* a real number"),
        (lambda: nn.data.standardize(DataSet([1.0, 2.0], [0, 1], ["x"], ["0"])), TypeError, "^each sample of stand"),
        (lambda: plots.activation(relu, span=3), TypeError, "^activation's span"),
        (lambda: plots.activation(relu, span=(0, 1, 2)), ValueError, r"two finite numbers, .* got \(0, 1, 2\)$"),
        (
            lambda: plots.decision_boundary(nn.Perceptron(2), TEXTS),
            TypeError,
            "^decision_boundary's data.X .* a real number",
        ),
        (
            lambda: plots.decision_boundary(
                nn.Perceptron(2), DataSet(GATE.X, list("abcd"), GATE.features, GATE.classes)
            ),
            ValueError,
            "^data.y must hold classes from 0 to 1, got 'a'$",
        ),
        (
            lambda: plots.optimizer_paths(bowl, {"A": [(0, 1, 2)]}),
            ValueError,
            r"^paths\['A'\] must have points of 2 co.* 3$",
        ),
        (lambda: plots.optimizer_paths(bowl, {"A": [3.0]}), TypeError, r"^each point of paths\['A'\]"),
        (lambda: plots.optimizer_paths(bowl, {"A": [("a", 1)]}), TypeError, r"^paths\['A'\] .* a real number"),
        (
            lambda: plots.decision_line(nn.Perceptron(2), DataSet([[1.0, math.nan]], [0], ["x", "y"], ["0"])),
            ValueError,
            "^decision_line's data must be finite, got a sample with inf or nan$",
        ),
        (lambda: plots.vanishing_gradients({"A": ["a"]}), TypeError, r"^products\['A'\] .* a real number"),
    ],
)
def test_a_refusal_names_the_argument_that_was_written(attempt, error, sentence):
    figures = plt.get_fignums()
    with pytest.raises(error, match=sentence):
        attempt()
    assert plt.get_fignums() == figures


@pytest.mark.parametrize("integer", [np.int8, np.uint8, np.int64])
def test_data_takes_numpys_ints_as_it_takes_pythons(integer):
    two = integer(2)
    for recipe in (nn.data.moons, nn.data.circles, nn.data.spirals):
        assert recipe(two, noise=0.0, seed=two) == recipe(2, noise=0.0, seed=2)
    assert nn.data.spirals(two, turns=two) == nn.data.spirals(2, turns=2)
    ours = DataSet([[1, 2], [3, 4]], [0, 1], ["a", "b"], ["n", "y"])
    theirs = DataSet(np.array([[1, 2], [3, 4]], integer), [integer(0), integer(1)], ["a", "b"], ["n", "y"])
    assert theirs == ours
    assert theirs.signs == ours.signs == [-1, 1]
    assert all(type(number) is int for number in theirs.signs)
    assert nn.data.standardize(theirs) == nn.data.standardize(ours)
    assert nn.data.split(theirs, 0.5, random.Random(0)) == nn.data.split(ours, 0.5, random.Random(0))
    plots.decision_boundary(nn.Perceptron(2), theirs, resolution=two)
    plots.decision_line(nn.Perceptron(2, [integer(1)] * 3), theirs)
    plots.optimizer_paths(bowl, {"A": [(two, two)]}, levels=two)
    plots.vanishing_gradients({"A": [two]})
    plots.activation(relu, span=(integer(1), two))
    plt.close("all")


def test_a_chain_of_linear_neurons_multiplies_its_weights():
    assert nn.vanishing_gradient(None, 3, weight=2.0) == [2.0, 4.0, 8.0]


def test_the_delta_rule_adds_up_what_a_shared_slope_does_in_each_neuron():
    model = nn.MLP(1, [2, 1], nn.PReLU, initialization=lambda *_: 1.0)
    result = nn.delta_rule(model, [-1.0], 0.0)
    (by_rule, from_graph) = result.gradients["layer1.slope"]
    # s = -1 in both neurons, y = -0.25 each, o = -0.5; ∂E/∂slope = 2 · o · s = 1
    assert by_rule == from_graph == 1.0
    assert math.isclose(result.error, 0.125)


def public(module):
    for name, thing in vars(module).items():
        if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__ and callable(thing):
            yield name, thing


def test_every_public_name_that_holds_data_or_draws_says_what_it_is():
    modules = [getattr(nn, name) for name in ("data", "plots", "layers", "perceptron", "separation", "backpropagation")]
    modules += [getattr(nn, name) for name in ("losses", "activations", "initialization", "recurrent", "saving")]
    named = {f"{module.__name__}.{name}": thing for module in modules for name, thing in public(module)}
    for name, thing in list(named.items()):
        if inspect.isclass(thing):
            parts = {part: found for part, found in vars(thing).items() if not part.startswith("_")}
            named |= {f"{name}.{part}": found for part, found in parts.items() if hasattr(found, "__doc__")}
    described = {name for name, thing in named.items() if isinstance(thing, property) or callable(thing)}
    lacking = [name for name in sorted(described) if not named[name].__doc__]
    assert lacking == []
    assert len(described) > 60
