"""Samples and targets by position: whatever holds them, the same numbers give the same results."""

import array
import collections
import math
import random
import subprocess
import sys
from fractions import Fraction

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import autograd
import nn
from autograd import Value, tanh
from nn import plots
from nn.data import DataSet
from nn.samples import read, read_target

mpl.use("Agg")

X = [[0, 1], [1, 1], [2, 1], [3, 0]]
ORDER = [3, 1, 0, 2]
SHUFFLED = pd.Series([0.0, 1.0, 2.0, 3.0]).iloc[ORDER]  # 3, 1, 0, 2 under the labels 3, 1, 0, 2
LIST = [3.0, 1.0, 0.0, 2.0]
FRAME = pd.DataFrame({"b": [0, 1, 2, 3], "a": [1, 1, 1, 0]}, index=[7, 0, 7, 3])  # columns not in alphabetical order
WAYS = [False, True, None]


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


class OfItems:
    """A length and places, as PyTorch's data sets have them; no iteration of its own."""

    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class Iterated(OfItems):
    """A length and an iteration; places mean something else, as in a Series."""

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, label):
        raise KeyError(label)


class Array:
    """What NumPy makes an array of, as a tensor is."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numbers, dtype)


def losses(X, y, *, loss=nn.mean_squared_error, width=1, **options):
    """Five epochs' losses of the network in question."""
    model = nn.MLP(2, [3, width], tanh, seed=0)
    history = nn.fit(model, loss, X, y, optimizer=nn.SGD(model.parameters(), 0.05), epochs=5, **options)
    return history.losses


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(
    "y",
    [
        SHUFFLED,
        SHUFFLED.rename(index={3: 34}),
        pd.Series(LIST, index=list("abcd")),
        pd.Series(LIST, dtype="Float64"),
        pd.Series([3, 1, 0, 2], dtype="category"),
        pd.DataFrame({"y": SHUFFLED}),
        np.array(LIST),
        np.array(LIST, np.float16),
        np.array(LIST, np.longdouble),
        np.array([3, 1, 0, 2], np.uint8),
        np.array([[3], [1], [0], [2]]),
        np.ma.masked_array(LIST, mask=[False] * 4),
        list(np.array(LIST, np.float32)),
        [np.array(t) for t in LIST],
        [Fraction(3), 1, 0.0, np.int64(2)],
        tuple(LIST),
        [[3.0], [1.0], [0.0], [2.0]],
        collections.deque(LIST),
        array.array("f", LIST),
        OfItems(LIST),
        Iterated(LIST),
        Array(LIST),
        {"a": 3.0, "b": 1.0, "c": 0.0, "d": 2.0}.values(),
    ],
    ids=lambda y: type(y).__name__,
)
def test_targets_are_read_by_position_whatever_holds_them(y, compiled):
    assert losses(X, y, compiled=compiled) == pytest.approx(losses(X, LIST, compiled=False), rel=1e-12)


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(
    "samples",
    [
        FRAME,
        FRAME.astype("Int64"),
        FRAME.to_numpy(np.int8),
        [row for _, row in FRAME.iterrows()],
        [pd.Series(row, index=["x", "y"]) for row in X],
        [tuple(row) for row in X],
        [array.array("d", row) for row in X],
        np.array([(0, 1.0), (1, 1.0), (2, 1.0), (3, 0.0)], [("b", "i4"), ("a", "f8")]),
        np.array(X, object),
        Iterated([np.array(row) for row in X]),
        [Array(row) for row in X],
    ],
    ids=lambda samples: type(samples).__name__,
)
def test_samples_are_read_by_position_whatever_holds_them(samples, compiled):
    assert losses(samples, LIST, compiled=compiled) == pytest.approx(losses(X, LIST, compiled=False), rel=1e-12)


def test_a_shuffled_series_trains_as_its_list_to_the_known_loss():
    assert losses(X, SHUFFLED, compiled=False)[-1] == pytest.approx(1.610, abs=1e-3)


@pytest.mark.parametrize("compiled", WAYS)
def test_metrics_and_validation_are_given_what_was_read(compiled):
    seen = []

    def places(_model, X, y):
        seen.append((X[0], [y[i] for i in range(len(y))]))
        return 0.0

    losses(FRAME, SHUFFLED, validation=(FRAME, SHUFFLED), metrics={"places": places}, compiled=compiled)
    assert seen == [([0, 1], LIST)] * 5


@pytest.mark.parametrize("compiled", WAYS)
def test_samples_are_read_once_whatever_a_callback_does_to_them(compiled):
    table = np.array(X, float)
    rows = [list(row) for row in X]

    def spoil(_):
        table[:] = 100
        for row in rows:
            row[:] = [100, 100]

    expected = pytest.approx(losses(X, LIST, compiled=False), rel=1e-12)
    assert losses(table, LIST, callbacks=[spoil], compiled=compiled) == expected
    rows[:] = [list(row) for row in X]
    assert losses(rows, LIST, callbacks=[spoil], compiled=compiled) == expected


CLASSES = [
    [0, 1, 1, 0],
    [[0], [1], [1], [0]],
    np.array([[0], [1], [1], [0]]),
    [np.array([0]), np.array([1]), np.array([1]), np.array([0])],
    pd.DataFrame({"species": [0, 1, 1, 0]}, index=[3, 2, 1, 0]),
    pd.Series([0, 1, 1, 0], index=[3, 2, 1, 0]),
    pd.Series([0, 1, 1, 0], dtype="Int64"),
]


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("y", CLASSES, ids=lambda y: type(y).__name__)
def test_classes_of_shape_n_1_are_classes(y, compiled):
    fitted = losses(X, y, loss=nn.softmax_cross_entropy, width=2, metrics={"a": nn.accuracy}, compiled=compiled)
    assert fitted == pytest.approx(
        losses(X, CLASSES[0], loss=nn.softmax_cross_entropy, width=2, compiled=False), rel=1e-12
    )


@pytest.mark.parametrize("y", CLASSES, ids=lambda y: type(y).__name__)
def test_accuracy_and_mean_loss_pair_by_position(y):
    def model(x):  # right of samples 0 and 1, wrong of 2 and 3
        return [Value(1.0 - x[0] % 2), Value(x[0] % 2)]

    assert nn.accuracy(model, FRAME, y) == 0.5
    wrong, right = math.log1p(math.e), math.log1p(math.exp(-1))  # −log softmax of (1, 0) at 1 and at 0
    assert nn.mean_loss(model, nn.softmax_cross_entropy, FRAME, y) == pytest.approx((wrong + right) / 2, rel=1e-14)


def test_a_frame_given_to_a_model_is_not_its_columns_names():
    frame = pd.DataFrame([[1.0, 2.0]])  # whose names are 0 and 1
    model = nn.MLP(2, [1], seed=0)
    with pytest.raises((TypeError, ValueError), match="one sample, got a batch of 1"):
        model(frame)
    with pytest.raises((TypeError, ValueError), match=r"a real number|one target for each output"):
        nn.mean_squared_error([Value(0.0), Value(0.0)], frame)
    assert model(frame.iloc[0])[0].data == model([1.0, 2.0])[0].data


def test_perceptrons_and_separations_read_by_position():
    corners = pd.DataFrame({"b": [0, 1, 0, 1], "a": [0, 0, 1, 1]}, index=[3, 2, 1, 0])
    signs = pd.DataFrame({"sign": [-1, -1, 1, 1]}, index=[3, 2, 1, 0])  # +1 where a is 1
    perceptron = nn.Perceptron(2)
    assert perceptron.fit(corners, signs).converged
    assert [perceptron(x).data for x in ([0, 0], [1, 0], [0, 1], [1, 1])] == [-1, -1, 1, 1]
    found = nn.separate(corners, signs["sign"])
    assert found
    assert found.holds()
    assert found.X == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert found.y == [-1, -1, 1, 1]


def test_the_delta_rule_reads_by_position():
    def rule(inputs, target):
        model = nn.two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], [0, 0, 0, 0])
        return nn.delta_rule(model, inputs, target)

    by_label = pd.Series([1.0, 0.5], index=[1, 0]), pd.Series([1.0, 0.0], index=[1, 0])
    assert rule(*by_label) == rule([1.0, 0.5], [1.0, 0.0]) == rule(np.array([1.0, 0.5]), np.array([1, 0]))


def test_data_sets_are_read_by_position():
    frame = pd.DataFrame({"b": [1.0, 3.0, 5.0, 7.0], "a": [5, 5, 9, 9]}, index=[3, 2, 1, 0])
    held = DataSet(frame, pd.DataFrame({"y": [0, 0, 1, 1]}, index=[3, 2, 1, 0]), frame.columns, pd.Series(["n", "y"]))
    plain = DataSet([[1.0, 5.0], [3.0, 5.0], [5.0, 9.0], [7.0, 9.0]], [0, 0, 1, 1], ["b", "a"], ["n", "y"])
    assert held == plain
    assert held.signs == [-1, -1, 1, 1]
    assert nn.data.split(held, 0.5, random.Random(0)) == nn.data.split(plain, 0.5, random.Random(0))
    (scaled,) = nn.data.standardize(held)
    assert [row[1] for row in scaled.X] == [-1.0, -1.0, 1.0, 1.0]  # mean 7, deviation 2
    ax = plots.decision_boundary(lambda x: [Value(x[0] - 4)], held, resolution=3)
    assert ax.get_xlabel() == "b"
    with pytest.raises(ValueError, match="DataSet's X and y must have the same length, got 2 and 1"):
        DataSet([[1.0], [2.0]], [0], ["a"], ["n"])


def test_plots_read_paths_and_products_by_position():
    path = pd.DataFrame({"x": [2.0, 1.0, 0.0], "y": [0.0, 0.0, 0.0]}, index=[2, 1, 0])
    ax = plots.optimizer_paths(lambda x, y: x * x + y * y, {"SGD": path}, levels=np.int64(5))
    assert list(ax.lines[0].get_xdata()) == [2.0, 1.0, 0.0]
    ax = plots.vanishing_gradients({"relu": pd.Series([1.0, 0.5], index=[1, 0])})
    assert list(ax.lines[0].get_ydata()) == [1.0, 0.5]


def nested(depth):
    sample = 1.0
    for _ in range(depth):
        sample = [sample]
    return sample


ITSELF = []
ITSELF.extend([ITSELF, ITSELF])


@pytest.mark.parametrize(
    ("samples", "error", "sentence"),
    [
        ({0, 1, 2, 3}, TypeError, "ordered sequence of known length, got set"),
        ({0: 1, 1: 1, 2: 1, 3: 0}, TypeError, "ordered sequence of known length, got dict"),
        ("0123", TypeError, "ordered sequence of known length, got str"),
        (b"0123", TypeError, "ordered sequence of known length, got bytes"),
        ((t for t in LIST), TypeError, "ordered sequence of known length, got generator"),
        (iter(LIST), TypeError, "ordered sequence of known length, got list_iterator"),
        (None, TypeError, "ordered sequence of known length, got NoneType"),
        (3, TypeError, "ordered sequence of known length, got int"),
        (np.array(3.0), TypeError, "ordered sequence of known length, got ndarray"),
        (np.float64(3.0), TypeError, "ordered sequence of known length, got float64"),
        ([map(float, "12"), map(float, "34")], TypeError, "readable more than once, got map"),
        (np.ma.masked_array(LIST, mask=[0, 1, 0, 0]), ValueError, "masked entries"),
        ([1.0, np.ma.masked, 1.0, 1.0], ValueError, "masked entries"),
        (pd.Series([0, pd.NA, 1, 2], dtype="object"), ValueError, "missing entries"),
        (np.array([True, False, True, True]), TypeError, "must hold numbers, got bools"),
        ([True, False, True, True], TypeError, "must hold numbers, got a bool"),
        ([np.True_, np.False_], TypeError, "must hold numbers, got bools"),
        (pd.Series([True, False]), TypeError, "must hold numbers, got bools"),
        (pd.date_range("2020-01-01", periods=4), TypeError, "must hold numbers, got dates"),
        (np.array([1, 2], "m8[s]"), TypeError, "must hold numbers, got durations"),
        (np.array([1j, 2]), TypeError, "must hold numbers, got complex numbers"),
        ([nested(5000)] * 4, ValueError, "at most 64 levels deep, got more"),
        ([ITSELF] * 4, ValueError, "at most 64 levels deep, got more"),
    ],
    ids=lambda given: given.__name__ if isinstance(given, type) else type(given).__name__,
)
def test_what_holds_no_samples_is_refused_with_a_sentence(samples, error, sentence):
    for compiled in WAYS:
        with pytest.raises(error, match=sentence):
            losses(X, samples, compiled=compiled)
        with pytest.raises(error, match=sentence):
            losses(samples, LIST, compiled=compiled)
        with pytest.raises(error, match=sentence):
            losses(X, LIST, validation=(X, samples), compiled=compiled)
    model = nn.MLP(2, [1], seed=0)
    for attempt in (
        lambda: nn.accuracy(model, samples, LIST),
        lambda: nn.mean_loss(model, nn.mean_squared_error, X, samples),
        lambda: nn.Perceptron(2).fit(samples, LIST),
        lambda: nn.separate(X, samples),
        lambda: DataSet(samples, [0, 0, 0, 0], ["a", "b"], ["n", "y"]),
    ):
        with pytest.raises(error, match=sentence):
            attempt()


def test_samples_of_a_model_of_ones_own_may_be_anything():
    point = collections.namedtuple("point", "x y")(1, 2)
    w = Value(0.5)
    assert read(["a word", point, w, None], "X") == ["a word", point, w, None]
    assert read([point], "X")[0].y == 2
    history = nn.fit(
        lambda word: w * len(word), lambda o, t: (o - t) ** 2, ["a", "word"], (1, 4), optimizer=nn.SGD([w]), epochs=1
    )
    assert len(history) == 1


@pytest.mark.parametrize(("X", "y"), [(["a", "word"], [1, 4]), ([[1.0], ["a"]], [1, 4]), ([[1.0], [2.0]], [1, "a"])])
def test_a_text_among_compiled_samples_is_refused_as_one(X, y):
    w = Value(0.5)
    with pytest.raises(TypeError, match="each compiled sample or target must be a number, got the text 'a'"):
        nn.fit(lambda x: w * x[0], lambda o, t: (o - t) ** 2, X, y, optimizer=nn.SGD([w]), epochs=1, compiled=True)


def test_a_single_target_is_the_number_in_it():
    assert [read_target(t, "t") for t in (1, [1], (1,), np.array([1]), np.array(1), [[1]], [1, 2], [])] == [
        *[1] * 5,
        [1],
        [1, 2],
        [],
    ]


@pytest.mark.parametrize("target", [np.array([0, 1, 0]), [0, 1, 0], (0, 1, 0), pd.Series([0, 1, 0])])
def test_a_one_hot_target_is_a_distribution_and_one_number_alone_is_a_class(target):
    logits = [Value(0.0), Value(1.0), Value(2.0)]
    assert nn.softmax_cross_entropy(logits, target).data == nn.softmax_cross_entropy(logits, 1).data
    for alone in (np.array([1]), np.array(1), np.int64(1), [1], [Value(1.0)]):
        assert nn.softmax_cross_entropy(logits, alone).data == nn.softmax_cross_entropy(logits, 1).data


@pytest.mark.parametrize("target", [3, np.array(3.0), np.float32(3), [3], np.array([3.0]), pd.Series([3], index=[7])])
def test_a_loss_of_one_output_takes_a_number_and_a_sequence_of_it(target):
    for output in (Value(1.0), [Value(1.0)]):
        assert nn.mean_squared_error(output, target).data == 4.0
        assert nn.half_squared_error(output, target).data == 2.0


def test_numpys_ints_are_ints_everywhere():
    two = np.int64(2)
    assert losses(X, LIST, batch_size=two, seed=np.uint8(3), patience=np.int16(9)) == losses(
        X, LIST, batch_size=2, seed=3, patience=9
    )
    model = nn.Perceptron(two)
    assert len(nn.fit(model, lambda o, _: o, X, LIST, optimizer=nn.SGD(model.parameters()), epochs=two)) == 2
    assert model.fit([[1, 1]], [1], epochs=two).converged
    assert nn.data.moons(two, seed=two) == nn.data.moons(2, seed=2)
    assert nn.data.bit_strings(two) == nn.data.bit_strings(2)
    assert len(nn.MLP(two, [two, np.int32(1)]).parameters()) == 9
    assert nn.vanishing_gradient(autograd.relu, two) == [1.0, 1.0]
    assert autograd.log_softmax([0.0, 0.0], np.int8(1)) == -math.log(2)
    assert plots.decision_boundary(model, nn.data.gate("or"), resolution=two) is not None


@pytest.mark.parametrize("number", [True, np.True_, 2.0, np.float64(2.0), "2", None, np.array([1, 2])])
def test_what_is_no_int_is_told_so(number):
    for option in ("epochs", "batch_size"):
        with pytest.raises(TypeError, match=f"{option} must be an int, got "):
            nn.fit(
                nn.Perceptron(2),
                nn.hinge,
                X,
                LIST,
                optimizer=nn.SGD([Value(0.0)]),
                **{"epochs": 1} | {option: number},
            )
    for attempt in (lambda: nn.MLP(number, [1]), lambda: nn.data.moons(number), lambda: nn.data.bit_strings(number)):
        with pytest.raises(TypeError, match="must be an int, got "):
            attempt()


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")  # of NumPy 2.5
def test_compiled_parameters_stay_where_the_code_reads_them():
    x, w = Value(2.0), Value(3.0)
    compiled = autograd.compile(w * x, [x], [w])
    seen = compiled.parameters
    for held in (seen, seen.base, compiled.parameters):
        if isinstance(held, np.ndarray):
            with pytest.raises(ValueError, match="does not own its data"):
                held.resize(1 << 20, refcheck=False)
    seen[0] = 5.0
    assert compiled.value([[2.0]]).tolist() == [10.0]
    seen.shape = (1, 1)
    seen[0, 0] = 7.0
    assert compiled.value([[2.0]]).tolist() == [14.0]
    compiled.load()
    assert compiled.value([[2.0]]).tolist() == [6.0]
    assert autograd.compile(x * x, [x]).parameters.shape == (0,)


def test_lists_need_neither_numpy_nor_pandas():
    program = (
        "import sys, nn\nfrom autograd import Value\n"
        "w = Value(0.0)\n"
        "nn.fit(lambda x: w * x, nn.mean_squared_error, [1, 2], range(2), optimizer=nn.SGD([w]), epochs=1)\n"
        "print(sorted({'numpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
