"""Batches cut into shares: the formula, the sums of shares, and training on them; samples that stay in a file."""

import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, tanh
from autograd.compiler.summation import cut
from nn.samples import ArraySamples, read_array


def compiled():
    """w·x + b² and its square, of which sums over whole numbers are exact."""
    w, b, x = Value(2.0), Value(3.0), Value(0.0)
    z = w * x + b * b
    return autograd.compile([z, z * z], [x], [w, b])


def bits(numbers):
    return np.asarray(numbers).tobytes()


@given(st.integers(0, 10**10), st.integers(1, 60))
def test_shares_are_all_rows_one_after_another_and_differ_by_one_row_at_most(rows, count):
    found = cut(rows, count)
    assert [first for first, _ in found] == [0, *(last for _, last in found[:-1])]
    assert found[-1][1] == rows
    assert {last - first for first, last in found} <= {rows // count, -(-rows // count)}


def test_each_share_has_the_sum_of_its_rows():
    rows = np.arange(7.0).reshape(-1, 1)
    values, sums = compiled().value_and_gradient(rows, shares=3)  # rows 0 1, 2 3, 4 5 6
    assert values[:, 0].tolist() == [9, 11, 13, 15, 17, 19, 21]
    assert sums.tolist() == [[1, 12], [5, 12], [15, 18]]  # Σx, and 2b for each row


def test_some_of_the_shares_can_be_computed_and_no_other_row_is_read():
    rows = np.arange(7.0).reshape(-1, 1)
    rows[:2] = np.nan
    values, sums, by_x = compiled().value_and_gradient(rows, shares=(1, 3, 3), of=1, wrt_inputs=True)
    assert values[:, 1].tolist() == [169, 225, 289, 361, 441]
    assert sums.tolist() == [[2 * (13 * 2 + 15 * 3), 12 * (13 + 15)], [2 * (17 * 4 + 19 * 5 + 21 * 6), 12 * 57]]
    assert by_x.ravel().tolist() == [4 * z for z in (13, 15, 17, 19, 21)]


def test_a_share_may_be_empty_and_its_sum_is_0():
    _, sums = compiled().value_and_gradient([[5.0]], shares=4)
    assert sums.tolist() == [[0, 0], [0, 0], [0, 0], [5, 6]]
    assert compiled().value_and_gradient([], shares=2)[1].tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("threads", [1, 3])
def test_a_share_of_many_rows_has_the_bits_of_its_rows_alone(threads):
    code, rows = compiled(), np.random.default_rng(0).normal(size=(20_000, 1))
    _, sums = code.value_and_gradient(rows, shares=3, of=1, threads=threads)
    alone = [code.value_and_gradient(rows[first:last], of=1)[1] for first, last in cut(20_000, 3)]
    assert bits(sums) == bits(alone)


@pytest.mark.parametrize(
    ("shares", "error", "sentence"),
    [
        (0, ValueError, "shares must be at least 1, got 0"),
        (1.5, TypeError, "shares"),
        ((0, 2), ValueError, r"shares must be a number, or \(first, last, of\), got 2 numbers"),
        ((2, 2, 4), ValueError, r"with 0 ≤ first < last ≤ of, got \(2, 2, 4\)"),
        ((0, 5, 4), ValueError, "0 ≤ first < last ≤ of"),
        ((-1, 2, 4), ValueError, "0 ≤ first < last ≤ of"),
    ],
)
def test_shares_that_are_not_there_are_refused(shares, error, sentence):
    with pytest.raises(error, match=sentence):
        compiled().value_and_gradient([[1.0]], shares=shares)


def test_sums_of_shares_and_a_gradient_per_row_are_not_given_together():
    with pytest.raises(ValueError, match="choose one of them"):
        compiled().value_and_gradient([[1.0]], shares=2, per_row=True)


# Training

X = np.random.default_rng(1).normal(size=(60, 3))
Y = np.random.default_rng(2).integers(0, 2, 60)


def trained(X=X, y=Y, *, kind=nn.Adam, loss=nn.softmax_cross_entropy, widths=(4, 2), **options):
    model = nn.MLP(3, widths, tanh, seed=3)
    optimizer = kind(model.parameters(), lr=0.05)
    given = {"epochs": 4, "batch_size": 25} | options
    if given.pop("penalized", False):
        given["penalty"] = lambda: nn.l2_penalty(model.parameters(), 0.01)
    history = nn.fit(model, loss, X, y, optimizer=optimizer, **given)
    return history, [parameter.data for parameter in model.parameters()], optimizer


def test_training_adds_the_gradients_of_shares_in_order():
    model = nn.MLP(3, [4, 2], tanh, seed=3)
    x, target, part = [Value(0.0) for _ in range(3)], Value(0.0), Value(0.0)
    loss = nn.softmax_cross_entropy(model(x), target) * part
    code = autograd.compile(loss, [*x, target, part], model.parameters())
    order, generator = list(range(60)), random.Random(5)
    for _ in range(4):
        generator.shuffle(order)
        for start in range(0, 60, 25):
            batch = order[start : start + 25]
            n = len(batch)
            gradient = 0
            for k in range(4):
                own = batch[k * n // 4 : (k + 1) * n // 4]
                gradient += code.value_and_gradient(np.column_stack([X[own], Y[own], [1 / n] * len(own)]))[1]
            code.parameters[:] -= 0.05 * gradient
    _, parameters, _ = trained(kind=nn.SGD, shares=4, seed=5)
    assert bits(parameters) == bits(code.parameters)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"kind": nn.SGD, "clip_norm": 0.1},
        {"validation": (X[:7], Y[:7]), "patience": 2},
        {"penalized": True, "compiled": True, "callbacks": [lambda _: None]},
        {"X": X.tolist(), "y": Y.tolist(), "schedule": nn.schedules.PerStep(nn.schedules.Cosine(0.1, T_max=9))},
    ],
)
def test_one_share_has_the_bits_of_training_without_shares(options):
    history, parameters, optimizer = trained(shares=1, **options)
    expected, its_parameters, its_optimizer = trained(**{"compiled": True} | options)
    assert history == expected
    assert bits(parameters) == bits(its_parameters)
    assert optimizer.remembered() == its_optimizer.remembered()


def test_the_number_of_shares_changes_nothing_but_rounding():
    _, one, _ = trained(shares=1)
    _, many, _ = trained(shares=16)
    assert np.allclose(one, many, rtol=0, atol=1e-12)
    assert bits(one) != bits(many)


def test_five_epochs_on_shares_and_five_after_a_file_are_ten(tmp_path):
    def begun():
        model = nn.MLP(3, [4, 2], tanh, seed=3)
        return model, nn.Adam(model.parameters()), nn.History()

    def go_on(model, optimizer, history, epochs):
        nn.fit(model, nn.softmax_cross_entropy, X, Y, optimizer=optimizer, history=history, epochs=epochs, shares=3)
        return model, optimizer, history

    model, _, history = go_on(*begun(), 10)
    nn.save(tmp_path / "training.json", *go_on(*begun(), 5))
    again, _, its_history = go_on(*nn.load(tmp_path / "training.json"), 5)
    assert [p.data for p in again.parameters()] == [p.data for p in model.parameters()]
    assert its_history == history


def test_ones_own_functions_train_on_shares_where_they_are_said_to_have_one_graph():
    def squared(outputs, target):
        return (outputs[0] - target) ** 2

    with pytest.raises(ValueError, match="write compiled=True if it records the same graph"):
        trained(loss=squared, shares=2)
    history, _, _ = trained(loss=squared, shares=2, compiled=True)
    assert history.losses[-1] < history.losses[0]


def test_what_cannot_train_on_shares_is_refused():
    with pytest.raises(ValueError, match="train through compiled code, got compiled=False"):
        trained(shares=2, compiled=False)
    with pytest.raises(ValueError, match="shares must be at least 1, got 0"):
        trained(shares=0)
    model = nn.MLP(3, [4, 2], tanh, dropout=0.5, seed=0)
    with pytest.raises(ValueError, match="nothing in the model must be at random, got Dropout"):
        nn.fit(model, nn.softmax_cross_entropy, X, Y, optimizer=nn.SGD(model.parameters(), lr=1), epochs=1, shares=2)


def test_what_is_not_finite_is_told_as_without_shares():
    with pytest.raises(FloatingPointError) as error:
        trained(X * 1e200, y=X[:, 0] * 1e200, loss=nn.mean_squared_error, widths=[4, 1], shares=3)
    assert len(error.value.history) == 0


# Samples in a file


def mapped(path, array):
    file = np.memmap(path, array.dtype, "w+", shape=array.shape)
    file[:] = array
    file.flush()
    return np.memmap(path, array.dtype, "r", shape=array.shape)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.dtype(">f8"), np.float16])
def test_samples_in_a_file_train_with_the_bits_of_the_array(kind, tmp_path):
    x, y = X.astype(kind), Y.astype(np.int8)
    in_file = mapped(tmp_path / "x", x), mapped(tmp_path / "y", y)
    expected = trained(x, y, shares=4)
    for samples in (in_file, (in_file[0], y), (x, in_file[1]), (in_file[0], y.tolist())):
        history, parameters, _ = trained(*samples, shares=4)
        assert (history, bits(parameters)) == (expected[0], bits(expected[1]))
    history, parameters, _ = trained(*in_file)
    assert bits(parameters) == bits(trained(x, y)[1])


def test_samples_in_a_file_are_not_copied(tmp_path):
    x = np.memmap(tmp_path / "x", np.float64, "w+", shape=(20_000, 300))  # 48 MB, of which the disk has none
    y = np.memmap(tmp_path / "y", np.float64, "w+", shape=20_000)
    model = nn.MLP(300, [1], seed=0)
    tracemalloc.start()
    nn.fit(
        model,
        nn.mean_squared_error,
        x,
        y,
        optimizer=nn.SGD(model.parameters(), lr=0.1),
        epochs=1,
        batch_size=1000,
        shares=4,
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20e6


def test_targets_of_several_shapes_train_beside_samples_in_a_file(tmp_path):
    def first(outputs, target):
        return (outputs[0] - (target[0] if isinstance(target, list) else target)) ** 2

    y = [[float(c)] if c else 0.0 for c in Y]
    options = {"loss": first, "compiled": True, "shares": 2}
    _, parameters, _ = trained(mapped(tmp_path / "x", X), y, **options)
    assert bits(parameters) == bits(trained(X, y, **options)[1])


def test_a_class_that_is_not_there_is_told_of_targets_in_a_file(tmp_path):
    y = Y.copy()
    y[55] = 2
    with pytest.raises(ValueError, match="2"):
        trained(X, mapped(tmp_path / "y", y), shares=2)


def test_samples_in_a_file_that_is_no_longer_one_are_ordinary(tmp_path):
    samples = read_array(mapped(tmp_path / "x", X.astype(np.float32)), "X")
    assert isinstance(samples, ArraySamples)
    assert samples.mapped
    samples.own()
    assert not samples.mapped
    assert samples[0] == X.astype(np.float32)[0].tolist()
