"""The estimators keep scikit-learn's rules: its own checks, and what people do with estimators."""

import functools
import importlib
import pickle
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from autograd import sigmoid, tanh
from nn.estimator import Classifier, Regressor

EXCEPTIONS: dict[str, str] = {}
"""The checks of scikit-learn that fail, each with the reason. There are none."""


@pytest.mark.filterwarnings("ignore")  # some checks warn of what they do themselves
@parametrize_with_checks([Classifier(), Regressor()], expected_failed_checks=lambda _: EXCEPTIONS)
def test_estimators_keep_the_rules_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def flowers():
    return load_iris(return_X_y=True)


def test_a_pipeline_is_cross_validated_searched_and_cloned(flowers):
    X, y = flowers
    pipeline = make_pipeline(StandardScaler(), Classifier((8,), epochs=40, lr=0.02, random_state=0))
    scores = cross_val_score(pipeline, X, y, cv=3)
    assert scores.mean() > 0.9
    assert (cross_val_score(clone(pipeline), X, y, cv=3) == scores).all()


def test_a_search_tries_widths_activations_and_optimizers(flowers):
    X, y = flowers
    grid = {"widths": [(), (6,)], "activation": [tanh, sigmoid], "optimizer": [nn.Adam, nn.SGD]}
    search = GridSearchCV(Classifier(epochs=3, random_state=0), grid, cv=2, error_score="raise").fit(X, y)
    assert len(search.cv_results_["params"]) == 8
    assert search.best_estimator_.predict(X[:2]).shape == (2,)
    assert set(search.best_params_) == set(grid)


def test_classes_may_be_text_and_probabilities_add_up(flowers):
    X, y = flowers
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    found = Classifier((8,), epochs=30, random_state=1).fit(pd.DataFrame(X, columns=list("abcd")), names)
    assert found.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert found.n_features_in_ == 4
    assert found.feature_names_in_.tolist() == list("abcd")
    frame = pd.DataFrame(X, columns=list("abcd"))
    probabilities = found.predict_proba(frame)
    assert probabilities.shape == (150, 3)
    assert np.allclose(probabilities.sum(axis=1), 1, rtol=0, atol=1e-15)
    assert (found.classes_[probabilities.argmax(axis=1)] == found.predict(frame)).all()
    assert found.score(frame, names) == accuracy_score(names, found.predict(frame)) > 0.9


def test_two_classes_are_one_logit(flowers):
    X, y = flowers
    two = y < 2
    found = Classifier((4,), epochs=20, random_state=0).fit(X[two], y[two])
    assert len(found.model_(X[0].tolist())) == 1
    p = found.predict_proba(X[two])
    assert np.allclose(p.sum(axis=1), 1)
    assert ((p[:, 1] > 0.5) == found.predict(X[two])).all()
    assert found.score(X[two], y[two]) > 0.95


def test_a_random_state_settles_all_that_is_random(flowers):
    X, y = flowers
    for state in (3, np.random.RandomState(3)):
        found = Classifier(epochs=2, dropout=0.2, random_state=state).fit(X, y)
        expected = Classifier(epochs=2, dropout=0.2, random_state=3).fit(X, y)
        assert (found.predict_proba(X) == expected.predict_proba(X)).all()
    assert (Classifier(epochs=2, random_state=4).fit(X, y).predict_proba(X) != expected.predict_proba(X)).any()


def test_an_estimator_trains_as_fit_does_and_keeps_model_and_history(flowers):
    X, y = flowers
    optimizer = functools.partial(nn.Adam, weight_decay=0.01)
    found = Classifier((5,), activation=nn.PReLU, optimizer=optimizer, epochs=4, random_state=0).fit(X, y)
    assert len(found.history_) == 4
    assert isinstance(found.model_, nn.MLP)
    assert found.score(X, y) == nn.accuracy(found.model_, X, y)
    copied = pickle.loads(pickle.dumps(found))  # noqa: S301 — our own
    assert (copied.predict(X) == found.predict(X)).all()


def test_a_regressor_learns_one_number_or_several():
    X = np.linspace(-1, 1, 41)[:, None]
    parabola = 100 + 50 * X[:, 0] ** 2
    scaled = TransformedTargetRegressor(Regressor((8,), epochs=150, random_state=0), transformer=StandardScaler())
    assert scaled.fit(X, parabola).score(X, parabola) > 0.95
    both = Regressor((8,), epochs=150, random_state=0).fit(X, np.c_[X**2, -X])
    assert both.predict(X).shape == (41, 2)
    assert both.score(X, np.c_[X**2, -X]) > 0.95


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"widths": 8}, TypeError, "widths must be an ordered sequence, got an int"),
        ({"widths": (0,)}, ValueError, "MLP's widths must be at least 1, got 0"),
        ({"activation": "tanh"}, TypeError, "activation must be a function of one Value, or None, got str"),
        ({"lr": -1.0}, ValueError, "not negative, got -1"),
        ({"epochs": 1.5}, TypeError, "epochs must be an int, got float"),
        ({"random_state": "x"}, ValueError, "cannot be used to seed"),
    ],
)
def test_impossible_settings_are_refused_when_training_begins(settings, error, sentence, flowers):
    made = Classifier(**settings)
    with pytest.raises(error, match=sentence):
        made.fit(*flowers)


def test_one_class_is_refused_and_so_is_predicting_before_training(flowers):
    X, y = flowers
    with pytest.raises(ValueError, match="at least 2 classes, got 1 class"):
        Classifier().fit(X, y * 0)
    with pytest.raises(NotFittedError):
        Classifier().predict(X)


def test_ctrl_c_ends_a_search_and_not_one_training_alone(flowers, monkeypatch):
    def interrupted(*_arguments, **_named):
        return nn.History(stopped="interrupted in epoch 1")

    monkeypatch.setattr(sys.modules[Classifier.__module__], "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Classifier().fit(*flowers)


def test_without_scikit_learn_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, Classifier.__module__)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(ImportError, match=r'pip install "pathgrad\[sklearn\]"'):
        importlib.import_module(Classifier.__module__)
    assert "estimator" in dir(nn)
    assert "estimator" not in nn.__all__
