"""Splitting and scaling: whatever form samples have, what comes back has the same form and the same numbers."""

import random

import numpy as np
import pandas as pd
import pytest

import nn
from nn.data import DataSet, iris, split, standardize

X = [[float(i), float(i * i)] for i in range(20)]
y = [0] * 12 + [1] * 8
FORMS = {
    "lists": (list, list),
    "tuples": (tuple, tuple),
    "arrays": (np.array, np.array),
    "floats": (np.array, lambda y: np.array(y, float)),
    "columns": (np.array, lambda y: np.array(y)[:, None]),
    "pandas": (
        lambda X: pd.DataFrame(X, columns=["a", "b"], index=range(50, 70)),
        lambda y: pd.Series(y, index=range(50, 70)),
    ),
    "texts": (np.array, lambda y: np.array(["no", "yes"])[y]),
    "categories": (pd.DataFrame, lambda y: pd.Series(["no" if k == 0 else "yes" for k in y], dtype="category")),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_split_has_the_form_of_its_data_and_the_same_samples_in_all_forms(name):
    as_samples, as_targets = FORMS[name]
    given_X, given_y = as_samples(X), as_targets(y)
    (X_train, y_train), (X_test, y_test) = split((given_X, given_y), 0.25, seed=3)
    plain, held_out = split(DataSet(X, y), 0.25, seed=3)
    expected_type = type(given_X) if name != "tuples" else list
    assert isinstance(X_train, expected_type)
    assert np.array(X_train).tolist() == plain.X
    assert np.array(X_test).tolist() == held_out.X
    if name == "pandas":
        assert list(X_test.index) == [50 + int(x) for x, _ in held_out.X]
    targets = np.array(y_test).ravel().tolist()
    assert [{"no": 0, "yes": 1}.get(k, k) for k in targets] == held_out.y
    assert len(y_train) == 15


def test_each_class_is_split_in_proportion_and_nothing_is_lost():
    (X_train, y_train), (X_test, y_test) = split((X, y), 0.25, seed=0)
    assert (y_test.count(0), y_test.count(1)) == (3, 2)
    assert sorted(X_train + X_test) == sorted(X)
    assert all(y[int(x[0])] == target for x, target in zip(X_train + X_test, y_train + y_test, strict=True))


@pytest.mark.parametrize(
    "targets",
    [
        [i / 7 for i in range(20)],
        [float(i) for i in range(20)],
        list(range(20)),
        [[0.5, 0.5]] * 20,
        [0] * 19 + [1],
        [float("nan")] * 20,
    ],
)
def test_targets_that_are_no_classes_are_split_at_random(targets):
    (X_train, _), (X_test, _) = split((X, targets), 0.3, seed=1)
    assert len(X_test) == 6
    assert sorted(X_train + X_test) == sorted(X)
    assert X_test != X[:6]


def test_samples_alone_are_split_and_a_seed_settles_the_split():
    table = np.array(X)
    train, test = split(table, 0.5, seed=7)
    assert train.shape == test.shape == (10, 2)
    assert sorted(np.concatenate([train, test])[:, 0]) == list(range(20))
    assert (split(table, 0.5, seed=7)[0] == train).all()
    assert (split(table, 0.5, seed=random.Random(7))[0] == train).all()
    assert (split(table, 0.5, seed=8)[0] != train).any()
    random.seed(5)
    first = split(X, 0.5)
    assert split(X, 0.5) != first
    random.seed(5)
    assert split(X, 0.5) == first


def test_a_million_samples_are_split_and_one_is_kept():
    train, test = split(range(100_000), 0.2, seed=0)
    assert (len(train), len(test)) == (80_000, 20_000)
    assert split([[1.0]], 0.4, seed=0) == ([[1.0]], [])


def test_scaled_features_have_mean_0_and_deviation_1_in_every_form():
    table = np.array(X)
    expected = (table - table.mean(0)) / table.std(0)
    (scaled,) = standardize(table)
    assert scaled.dtype == float
    assert np.allclose(scaled, expected, rtol=0, atol=1e-12)
    assert standardize(X) == [scaled.tolist()]
    frame = pd.DataFrame({"a": table[:, 0].astype(int), "b": table[:, 1]}, index=range(5, 25))
    train, other = standardize(frame, frame[:3])
    assert list(train.columns) == ["a", "b"]
    assert list(other.index) == [5, 6, 7]
    assert (train.to_numpy() == scaled).all()
    assert (other.to_numpy() == scaled[:3]).all()
    (pair,) = standardize((table, y))
    assert (pair[0] == scaled).all()
    assert pair[1] is y
    assert scaled.tolist() == standardize(DataSet(X, y))[0].X


def test_forms_may_be_mixed_and_nothing_given_is_changed():
    table = np.array(X)
    before = table.copy()
    scaled, test = standardize(table, [[0.0, 0.0]])
    assert isinstance(scaled, np.ndarray)
    assert isinstance(test, list)
    assert (table == before).all()
    assert len(standardize(table, table[:0])[1]) == 0


def test_a_data_set_unpacks_into_samples_and_targets():
    flowers = iris()
    samples, targets = flowers
    assert samples is flowers.X
    assert targets is flowers.y
    assert len(flowers) == 150
    train, test = split(flowers, 0.3, seed=0)
    model = nn.MLP(4, [6, 3], seed=0)
    nn.fit(model, nn.softmax_cross_entropy, *train, optimizer=nn.Adam(model.parameters()), epochs=1)
    assert 0 <= nn.accuracy(model, *test) <= 1


def test_a_data_set_validates_as_the_pair_does():
    train, test = split(iris(), 0.3, seed=0)
    found = []
    for held_out in (test, tuple(test)):
        model = nn.MLP(4, [3], seed=0)
        optimizer = nn.Adam(model.parameters())
        options = {"optimizer": optimizer, "epochs": 2, "validation": held_out}
        found.append(nn.fit(model, nn.softmax_cross_entropy, *train, **options))
    assert found[0] == found[1]
    assert len(found[0].validation_losses) == 2


def test_a_data_set_finds_names_for_features_and_classes():
    frame = pd.DataFrame({"length": [5.1, 7.0, 4.9], "width": [3.5, 3.2, 3.0]})
    flowers = DataSet(frame, pd.Series(["setosa", "versicolor", "setosa"]))
    assert flowers == DataSet(frame.to_numpy().tolist(), [0, 1, 0], ["length", "width"], ["setosa", "versicolor"])
    plain = DataSet(np.array(frame), [0.5, 1.5, 2.5])
    assert (plain.features, plain.classes) == (["x₁", "x₂"], [])
    assert DataSet([[1.0]] * 3, [2, 0, 1]).classes == ["0", "1", "2"]
    assert DataSet([[1.0]] * 2, [1, 2]).classes == []
    assert DataSet([], []) == DataSet([], [], [], [])


def test_targets_of_which_some_are_text_are_refused_by_a_data_set():
    with pytest.raises(ValueError, match="y must be all text or all numbers, got 2 texts among 3 targets"):
        DataSet([[1.0]] * 3, pd.Series(["a", None, "b"]))
    train, test = split(([[1.0]] * 4, ["a", 1, "a", 1]), 0.5, seed=0)
    assert sorted(map(str, train[1])) == sorted(map(str, test[1])) == ["1", "a"]


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e-90, 1e140, 1e200, 1e307])
def test_features_of_any_size_are_scaled(unit):
    (scaled,) = standardize([[-3 * unit], [-unit], [unit], [3 * unit]])
    assert [x for (x,) in scaled] == pytest.approx([-3 / 5**0.5, -1 / 5**0.5, 1 / 5**0.5, 3 / 5**0.5], rel=1e-15)
