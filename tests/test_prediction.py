"""What a trained model says of samples, by the graph engine and by compiled code."""

from __future__ import annotations

import importlib.util
import random
from typing import Any

import pytest
from sklearn import metrics

import nn
from autograd import Value, tanh
from autograd.compiler import pipeline
from nn.evaluation import in_evaluation, predictions
from nn.experiments import running_loss


def test_predictions_are_classes_of_several_outputs_and_numbers_of_a_single_one() -> None:
    classes = nn.predict(lambda x: [Value(x[0]), Value(x[1]), Value(0.0)], [[1, 2], [3, 2], [-1, -2]])
    assert (classes.tolist(), classes.dtype.kind) == ([1, 0, 2], "i")
    assert nn.predict(lambda x: [Value(x[0]) * 2], [[1.5], [2.5]]).tolist() == [3.0, 5.0]
    assert nn.predict(lambda x: Value(x) * 2, [1.5, 2.5]).tolist() == [3.0, 5.0]
    perceptron = nn.Perceptron(1)
    assert set(nn.predict(perceptron, [[1.0], [-1.0]])) <= {-1.0, 1.0}


def test_outputs_are_an_array_with_a_row_for_each_sample() -> None:
    def double(x: Any) -> Any:
        return [Value(x[0]), Value(x[0]) * 2]

    assert nn.predict(double, [[1], [2], [3]], outputs=True).tolist() == [[1, 2], [2, 4], [3, 6]]
    assert nn.predict(lambda x: double(x)[:1], [[1], [2]], outputs=True).shape == (2, 1)
    assert nn.predict(lambda x: double(x)[1], [[1], [2]], outputs=True).tolist() == [2, 4]
    with pytest.raises(ValueError, match="the same number of outputs for each sample, got 1 and 2"):
        nn.predict(lambda x: double(x)[: x[0]], [[1], [2]], outputs=True)


def test_without_numpy_predictions_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert nn.predict(lambda x: Value(x) * 2, [1.5, 2.5]) == [3.0, 5.0]


def test_scikit_learns_metrics_take_predictions_as_they_are() -> None:
    flowers = nn.data.iris()
    model = nn.MLP(4, [8, 3], tanh, seed=0)
    found = metrics.confusion_matrix(flowers.y, nn.predict(model, flowers.X))
    assert found.sum() == 150
    assert found.trace() / 150 == nn.accuracy(model, *flowers)
    assert "setosa" in metrics.classification_report(
        flowers.y, nn.predict(model, flowers.X), target_names=flowers.classes, zero_division=0
    )


@pytest.mark.parametrize(
    ("X", "error", "sentence"),
    [
        ([], ValueError, "predict needs at least 1 sample, got 0"),
        ({1: 2}, TypeError, "predict's X must be an ordered sequence of known length, got dict"),
    ],
)
def test_what_cannot_be_predicted_is_refused(X: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        nn.predict(lambda x: x, X)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: nn.predict(None, [[1.0]]), "predict's model must be a function, got None"),
        (lambda: nn.predict([[1.0]], nn.MLP(1, [1], seed=0)), "predict's model must be a function, got a list"),
        (lambda: nn.accuracy(3, [[1.0]], [0]), "accuracy's model must be a function, got an int"),
        (lambda: nn.mean_loss(None, nn.l1_loss, [[1.0]], [0]), "mean_loss's model must be a function, got None"),
        (
            lambda: nn.mean_loss(nn.MLP(1, [1], seed=0), 2.0, [[1.0]], [0]),
            "mean_loss's loss must be a function, got a float",
        ),
        (
            lambda: nn.mean_loss(nn.l1_loss, nn.MLP(1, [1], seed=0), [[1.0]], [0]),
            r"mean_loss's model must be a function of \(sample\), got l1_loss\(input, target\)",
        ),
        (
            lambda: nn.mean_loss(abs, nn.MLP(1, [1], seed=0), [1.0], [0]),
            r"mean_loss's loss must be a function of \(outputs, target\), got MLP\(inputs\)",
        ),
        (
            lambda: nn.predict(nn.l1_loss, [[1.0]]),
            r"predict's model must be a function of \(sample\), got l1_loss\(input, target\)",
        ),
        (lambda: nn.accuracy(nn.MLP, [[1.0]], [0]), r"accuracy's model must be .* got MLP\(fan_in, widths, "),
    ],
)
def test_what_judges_names_an_argument_that_is_another_function_or_none(call: Any, sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        call()


def test_many_samples_are_predicted_and_judged_compiled_with_the_same_numbers() -> None:
    generator = random.Random(0)
    model = nn.MLP(4, [16, 16, 3], tanh, dropout=0.5, seed=0)
    X = [[generator.uniform(-1, 1) for _ in range(4)] for _ in range(3000)]
    y = [generator.randrange(3) for _ in X]
    some = slice(0, 20)
    model.eval()
    outputs = [[value.data for value in model(x)] for x in X[some]]
    losses = [nn.softmax_cross_entropy(model(x), target).data for x, target in zip(X, y, strict=True)]
    model.train()
    found = nn.predict(model, X).tolist()
    assert found[some] == [numbers.index(max(numbers)) for numbers in outputs]
    total = 0.0
    for loss in losses:
        total += loss
    assert nn.mean_loss(model, nn.softmax_cross_entropy, X, y) == total / 3000
    assert nn.accuracy(model, X, y) == sum(map(int.__eq__, found, y)) / 3000


def test_a_second_prediction_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = random.Random(0)
    model = nn.MLP(4, [15, 16, 3], tanh, seed=0)
    X = [[generator.uniform(-1, 1) for _ in range(4)] for _ in range(3000)]
    y = [generator.randrange(3) for _ in X]
    before = nn.predict(model, X), nn.mean_loss(model, nn.softmax_cross_entropy, X, y)
    monkeypatch.setattr(pipeline, "compile_graph", None)  # none can be made any more
    monkeypatch.setattr(nn.MLP, "__call__", _at_most(model, 20))
    assert nn.mean_loss(model, nn.softmax_cross_entropy, X, y) == before[1]
    assert (nn.predict(model, X) == before[0]).all()


def _at_most(model: nn.Module, calls: int) -> Any:
    """The model's own call, so many times: compiled code records a few samples, not all."""
    call, left = type(model).__call__, iter(range(calls))

    def counted(self: nn.Module, sample: Any) -> Any:
        next(left)
        return call(self, sample)

    return counted


def strings(lengths: list[int]) -> tuple[list[list[list[float]]], list[list[int]]]:
    generator = random.Random(3)
    X = [[[generator.uniform(-1, 1)] for _ in range(length)] for length in lengths]
    return X, [[int(number > 0) for (number,) in string] for string in X]


SEVERAL_LENGTHS = [2, 5, 3, 3, 2] * 700 + [7]
"""One string of length 7: no code is compiled for it."""


def test_strings_of_several_lengths_are_judged_compiled_with_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    model = nn.Elman(1, 6, 1, seed=0)
    X, y = strings(SEVERAL_LENGTHS)
    outputs = [[step[0].data for step in model(string)] for string in X]
    total = 0.0
    for string, target in zip(X, y, strict=True):
        total += running_loss(model(string), target).data
    for _ in range(2):
        assert nn.mean_loss(model, running_loss, X, y) == total / len(X)
        assert nn.predict(model, X).tolist() == [numbers.index(max(numbers)) for numbers in outputs]
        found = in_evaluation(model, lambda: predictions(model, X))
        assert [[step[0].data for step in output] for output in found] == outputs
        monkeypatch.setattr(pipeline, "compile_graph", None)  # a second time nothing is compiled
        monkeypatch.setattr(nn.Elman, "__call__", _at_most(model, 40))


def test_classes_of_strings_of_several_lengths_are_counted_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    model = nn.Elman(1, 6, 1, seed=0)
    X, _ = strings(SEVERAL_LENGTHS)
    y = [k % 2 for k in range(len(X))]
    outputs = [[step[0].data for step in model(string)] for string in X]
    places = [numbers.index(max(numbers)) for numbers in outputs]
    monkeypatch.setattr(nn.Elman, "__call__", _at_most(model, 10))
    assert nn.accuracy(model, X, y) == sum(map(int.__eq__, places, y)) / len(X)


def test_a_target_that_only_a_shorter_string_refuses_is_refused_by_the_graph_engine() -> None:
    X, y = strings(SEVERAL_LENGTHS)
    y[-2] = [0] * 5
    with pytest.raises(ValueError, match="running_loss needs one target for each output, got 2 outputs and 5 targets"):
        nn.mean_loss(nn.Elman(1, 6, 1, seed=0), running_loss, X, y)


def test_fit_may_give_up_the_last_bits_for_speed() -> None:
    found = []
    for exact in (True, False):
        model = nn.MLP(3, [8, 2], tanh, seed=0)
        generator = random.Random(1)
        X = [[generator.gauss(0, 1) for _ in range(3)] for _ in range(50)]
        y = [int(sum(x) > 0) for x in X]
        options = {"optimizer": nn.Adam(model.parameters()), "epochs": 3, "compiled": True, "exact": exact}
        found.append(nn.fit(model, nn.softmax_cross_entropy, X, y, **options).losses)
    assert found[0] == pytest.approx(found[1], rel=1e-9)
