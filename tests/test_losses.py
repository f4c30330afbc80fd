"""Losses: identities, extremes, and what is refused. (test_pytorch_and_jax.py has what others say of them.)"""

import math
import random
from functools import partial

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, check_gradient, topological_order
from nn.fixed_graph import graph_is_fixed

LOSSES = [
    "half_squared_error",
    "mean_squared_error",
    "hinge",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
]


@given(s=st.floats(-1000, 1000), t=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_binary_cross_entropy_on_logits_is_exact_to_the_last_digits(s, t):
    with mp.workdps(500):
        sigma = 1 / (1 + mp.exp(-mp.mpf(s)))
        exact = -t * mp.log(sigma) - (1 - t) * mp.log(1 - sigma)
        slope = sigma - t
        x = Value(s)
        loss = nn.binary_cross_entropy_with_logits(x, t)
        loss.backward()
        assert mp.almosteq(loss.data, exact, rel_eps=1e-14, abs_eps=1e-300)
        assert mp.almosteq(x.grad, slope, rel_eps=1e-13, abs_eps=1e-15 if t not in (0.0, 1.0) else 1e-300)


@pytest.mark.parametrize(
    "name",
    ["half_squared_error", "mean_squared_error", "hinge", "huber_loss", "l1_loss", "binary_cross_entropy_with_logits"],
)
@pytest.mark.parametrize("s", [-1000.0, 1000.0])
def test_losses_are_finite_at_a_thousand(name, s):
    x = Value(s)
    loss = getattr(nn, name)(x, 1)
    loss.backward()
    assert math.isfinite(loss.data)
    assert math.isfinite(x.grad)


@given(
    x=st.lists(st.floats(-1000, 1000), min_size=2, max_size=4),
    share=st.floats(0, 1),
    smoothing=st.sampled_from([0.0, 0.1, 1.0]),
)
@settings(max_examples=30)
def test_soft_labels_cost_the_cross_entropy_of_two_distributions(x, share, smoothing):
    labels = [share, 1 - share, *[0.0] * (len(x) - 2)]
    with mp.workdps(500):
        logits = [Value(number) for number in x]
        loss = nn.softmax_cross_entropy(logits, labels, label_smoothing=smoothing)
        loss.backward()
        exponentials = [mp.exp(number) for number in x]
        shares = [e / sum(exponentials) for e in exponentials]
        wanted = [(1 - mp.mpf(smoothing)) * t + mp.mpf(smoothing) / len(x) for t in labels]
        exact = -sum(t * mp.log(p) for t, p in zip(wanted, shares, strict=True))
        rounding = (max(x) - min(x)) * 2**-53  # of a difference of logits, whose exponential the loss may be
        assert mp.almosteq(loss.data, exact, rel_eps=1e-14 + rounding, abs_eps=1e-300)
        for logit, p, t in zip(logits, shares, wanted, strict=True):
            assert abs(logit.grad - (p * sum(wanted) - t)) < 1e-14


def test_label_smoothing_by_hand():
    # Of equal logits each class costs log 2, however the labels are spread
    for target in (0, [0.5, 0.5], [1, 0], Value(1.0)):
        loss = nn.softmax_cross_entropy([Value(3.0), Value(3.0)], target, label_smoothing=0.25)
        assert math.isclose(loss.data, math.log(2), rel_tol=1e-15)
    x = [Value(1000.0), Value(0.0)]
    loss = nn.softmax_cross_entropy(x, 0, label_smoothing=0.5)  # ½·0 + ½·(0 + 1000)/2
    loss.backward()
    assert (loss.data, x[0].grad, x[1].grad) == (250.0, 0.25, -0.25)


def test_a_label_of_0_costs_nothing_even_at_a_logit_of_minus_infinity():
    logits = [Value(0.5), Value(-math.inf)]
    assert nn.softmax_cross_entropy(logits, [1.0, 0.0]).data == 0.0
    assert nn.softmax_cross_entropy(logits, [0.0, 0.0]).data == 0.0
    assert nn.kl_div([Value(0.0), Value(-math.inf)], [1.0, 0.0]).data == 0.0
    assert nn.kl_div([Value(-1.0)], [0.0]).data == 0.0


@pytest.mark.parametrize(("loss", "labels"), [(nn.kl_div, [1.0, 0.0]), (nn.softmax_cross_entropy, [0.0, 0.0])])
def test_a_label_of_0_leaves_its_output_a_part_of_the_loss(loss, labels):
    outputs = [Value(-0.5), Value(-1.0)]
    loss(outputs, labels).backward()
    assert outputs[1].has_grad  # so that an optimizer with momentum moves what is behind it, as in PyTorch
    assert outputs[1].grad == 0.0


def test_the_divergence_of_a_distribution_from_itself_is_0_and_from_others_positive():
    p = [0.125, 0.375, 0.5]
    log_p = [math.log(x) for x in p]
    assert abs(nn.kl_div([Value(x) for x in log_p], p).data) < 1e-15
    assert nn.kl_div([Value(x) for x in log_p], log_p, log_target=True).data == 0.0
    half = nn.kl_div([Value(-1.0), Value(-2.0)], [math.log(0.5)] * 2, log_target=True)
    assert math.isclose(half.data, math.log(0.5) + 1.5, rel_tol=1e-15)
    divergence = nn.kl_div([Value(math.log(0.25)), Value(math.log(0.75))], [0.5, 0.5])
    assert math.isclose(divergence.data, 0.5 * math.log(2) + 0.5 * math.log(2 / 3), rel_tol=1e-14)


@pytest.mark.parametrize(
    ("output", "delta", "value", "grad"),
    [
        (0.5, 1.0, 0.125, 0.5),
        (1.0, 1.0, 0.5, 1.0),
        (-3.0, 1.0, 2.5, -1.0),
        (3.0, 0.5, 1.375, 0.5),
        (0.0, 1.0, 0.0, 0.0),
    ],
)
def test_the_huber_loss_by_hand(output, delta, value, grad):
    x = Value(output)
    loss = nn.huber_loss(x, 0.0, delta=delta)
    loss.backward()
    assert (loss.data, x.grad) == (value, grad)
    assert nn.huber_loss(Value(3.0), 0.0).data == 2.5  # δ is 1 unless another is given


def test_the_l1_loss_by_hand():
    x = [Value(3.0), Value(-1.0), Value(0.5)]
    loss = nn.l1_loss(x, [1.0, 0.0, 0.5])
    loss.backward()
    assert loss.data == (2 + 1 + 0) / 3
    assert [node.grad for node in x] == [1 / 3, -1 / 3, 0.0]


@pytest.mark.parametrize("t", [0, 1])
def test_an_infinite_logit_costs_nothing_where_it_is_right_and_infinity_where_wrong(t):
    right = math.inf if t else -math.inf
    assert nn.binary_cross_entropy_with_logits(Value(right), t).data == 0.0
    assert nn.binary_cross_entropy_with_logits(Value(-right), t).data == math.inf


def test_a_target_of_the_graph_has_a_gradient_of_its_own():
    output, target = Value(0.25), Value(1.0)
    nn.hinge(output, target).backward()
    assert (output.grad, target.grad) == (-1.0, -0.25)  # of 1 − target·output


@pytest.mark.parametrize("k", [0, 1, 2])
def test_a_class_of_the_graph_costs_what_the_same_class_as_an_int_costs(k):
    numbers = [0.5, -1.25, 2.0]
    logits, alike = [Value(x) for x in numbers], [Value(x) for x in numbers]
    chosen = Value(float(k))
    loss, same = nn.softmax_cross_entropy(logits, chosen), nn.softmax_cross_entropy(alike, k)
    assert chosen in topological_order(loss)
    loss.backward()
    same.backward()
    assert loss.data == same.data
    assert [x.grad for x in logits] == pytest.approx([x.grad for x in alike], rel=1e-15)
    assert logits[k].grad < 0


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_names_itself_where_outputs_and_targets_do_not_match(name):
    with pytest.raises(ValueError, match=rf"^{name} needs one target for each output"):
        getattr(nn, name)([Value(0.5), Value(0.5)], [1.0])


def test_half_squared_error_is_the_lectures_and_its_gradient_is_output_minus_target():
    o = [Value(0.75), Value(0.25)]
    loss = nn.half_squared_error(o, [1.0, 0.0])
    loss.backward()
    assert loss.data == 0.5 * 0.0625 + 0.5 * 0.0625
    assert [x.grad for x in o] == [-0.25, 0.25]


@pytest.mark.parametrize(
    ("output", "target", "value", "grad"),
    [(2.0, 1, 0.0, 0.0), (1.0, 1, 0.0, 0.0), (0.5, 1, 0.5, -1.0), (-0.5, -1, 0.5, 1.0), (1.0, -1, 2.0, 1.0)],
)
def test_hinge_by_hand(output, target, value, grad):
    x = Value(output)
    loss = nn.hinge(x, target)
    loss.backward()
    assert (loss.data, x.grad) == (value, grad)


def test_a_wrong_certainty_costs_a_hundred():
    p = Value(0.0)
    loss = nn.binary_cross_entropy(p, 1)
    loss.backward()
    assert (loss.data, p.grad) == (100.0, -1e12)


def test_a_single_output_may_come_alone_or_in_a_list_and_targets_may_be_of_numpy():
    for output, target in (
        (Value(0.5), 1),
        ([Value(0.5)], [1]),
        ((Value(0.5),), np.array([1.0])),
        (Value(0.5), np.int64(1)),
    ):
        assert nn.hinge(output, target).data == 0.5


def test_the_l2_penalty_by_hand():
    w = [Value(3.0), Value(-4.0)]
    penalty = nn.l2_penalty(w, 0.1)
    penalty.backward()
    assert penalty.data == 0.05 * 25
    assert [x.grad for x in w] == [0.1 * 3.0, 0.1 * -4.0]
    assert nn.l2_penalty([], 0.1).data == nn.l2_penalty(w, 0).data == 0.0


@pytest.mark.parametrize(
    "loss",
    [
        lambda *x: nn.half_squared_error(x, [1.0, -2.0, 0.5]),
        lambda *x: nn.mean_squared_error(x, [1.0, -2.0, 0.5]),
        lambda *x: nn.hinge(x, [1, -1, 1]),
        lambda *x: nn.binary_cross_entropy_with_logits(x, [1, 0, 0.25]),
        lambda *x: nn.binary_cross_entropy([v.sigmoid() for v in x], [1, 0, 0.25]),
        lambda *x: nn.softmax_cross_entropy(x, 2),
        lambda *x: nn.softmax_cross_entropy(x, 2, label_smoothing=0.25),
        lambda *x: nn.softmax_cross_entropy(x, [0.5, 0.0, 0.5], label_smoothing=0.25),
        lambda *x: nn.l1_loss(x, [1.0, -2.0, 0.5]),
        lambda *x: nn.huber_loss(x, [1.0, -2.0, 0.5], delta=0.75),
        lambda *x: nn.kl_div(x, [0.25, 0.0, 0.75]),
        lambda *x: nn.kl_div([-0.5, -1.0, -3.0], [v.sigmoid() for v in x]),
        lambda *x: nn.kl_div(x, [-1.0, -2.0, -0.5], log_target=True),
        lambda *x: nn.l2_penalty(x, 0.5),
    ],
)
def test_every_loss_has_the_gradient_of_differences(loss):
    assert check_gradient(loss, [0.3, -0.8, 1.7])


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda x: nn.hinge([x], [1, 1]), ValueError, "got 1 outputs and 2 targets"),
        (lambda x: nn.hinge(x, 0), ValueError, "hinge's target must be -1 or 1, got 0"),
        (lambda x: nn.hinge(x, True), TypeError, "target must hold numbers, got a bool"),
        (lambda x: nn.hinge([x], ["1"]), TypeError, "hinge's target must be a number, got the text '1'"),
        (lambda x: nn.half_squared_error([x, x], 1.0), ValueError, "got 2 outputs and 1 targets"),
        (lambda x: nn.binary_cross_entropy_with_logits(x, 1.5), ValueError, "from 0 to 1, got 1.5"),
        (lambda x: nn.binary_cross_entropy(x, -0.5), ValueError, "target must be a probability from 0 to 1, got -0.5"),
        (lambda x: nn.binary_cross_entropy(x * 3, 1), ValueError, "input must be a probability from 0 to 1, got 1.5"),
        (lambda _: nn.binary_cross_entropy([], []), ValueError, "at least 1 output and target, got 0"),
        (lambda x: nn.mean_squared_error(x, "1"), TypeError, "must be a number, got the text"),
        (lambda x: nn.mean_squared_error({x}, [1]), TypeError, "ordered sequence"),
        (lambda x: nn.mean_squared_error(x, None), TypeError, "ordered sequence"),
        (lambda x: nn.softmax_cross_entropy([x, x], Value(0.5)), TypeError, "target must be an int, got float 0.5$"),
        (lambda x: nn.softmax_cross_entropy([x, x], Value(math.nan)), TypeError, "must be an int, got float nan$"),
        (lambda x: nn.softmax_cross_entropy([x, x], Value(2.0)), ValueError, "must be a class from 0 to 1, got 2"),
        (lambda x: nn.softmax_cross_entropy([x, x], True), TypeError, "target must hold numbers, got a bool"),
        (lambda x: nn.softmax_cross_entropy([x] * 3, [0.5, 0.5]), ValueError, "each of the 3 logits, got 2 numbers"),
        (lambda x: nn.softmax_cross_entropy([x, x], [0.5, 1.5]), ValueError, "a probability from 0 to 1, got 1.5"),
        (
            lambda x: nn.softmax_cross_entropy([x, x], [0.5, "1"]),
            TypeError,
            "cross_entropy's target must be a real number",
        ),
        (
            lambda x: nn.softmax_cross_entropy([x, x], 0, 1.5),
            ValueError,
            "label_smoothing must be from 0 to 1, got 1.5",
        ),
        (lambda x: nn.softmax_cross_entropy([x, x], 0, math.nan), ValueError, "from 0 to 1, got nan"),
        (lambda x: nn.softmax_cross_entropy([x, x], 0, -0.5), ValueError, "from 0 to 1, got -0.5"),
        (lambda x: nn.softmax_cross_entropy([x, x], 0, "a"), TypeError, "label_smoothing must be a real number"),
        (lambda x: nn.huber_loss(x, 1, delta="1"), TypeError, "delta must be a real number"),
        (lambda x: nn.huber_loss(x, 1, delta=0), ValueError, "delta must be positive, got 0"),
        (lambda x: nn.huber_loss(x, 1, delta=math.nan), ValueError, "delta must be positive, got nan"),
        (lambda x: nn.kl_div([x, x], [0.5, -0.5]), ValueError, "kl_div's target must be a probability from 0 to 1"),
        (lambda x: nn.l2_penalty([x], -1), ValueError, "weight_decay must be finite and not negative, got -1"),
        (lambda x: nn.l2_penalty([x], math.nan), ValueError, "got nan"),
        (lambda x: nn.l2_penalty([x], math.inf), ValueError, "got inf"),
        (lambda x: nn.l2_penalty([x], "1"), TypeError, "weight_decay must be a real number"),
    ],
)
def test_losses_refuse_what_does_not_match(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt(Value(0.5))


SOFT = [[0.25, 0.0, 0.75], [0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [0.125, 0.375, 0.5]]


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        (nn.l1_loss, SOFT),
        (partial(nn.huber_loss, delta=0.5), SOFT),
        (nn.kl_div, SOFT),
        (nn.softmax_cross_entropy, SOFT),
        (partial(nn.softmax_cross_entropy, label_smoothing=0.25), [2, 1, 0, 2]),
    ],
    ids=["l1", "huber", "kl", "soft labels", "smoothed labels"],
)
def test_a_loss_is_known_as_one_graph_and_trains_through_compiled_code(loss, y):
    X = [[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.0, 0.5]]
    trained = []
    for compiled in (True, False):
        model = nn.MLP(2, [3], seed=random.Random(0))
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        nn.fit(model, loss, X, y, optimizer=optimizer, epochs=2, batch_size=2, compiled=compiled)
        trained.append([p.data for p in model.parameters()])
    assert graph_is_fixed(loss)
    assert trained[0] == pytest.approx(trained[1], rel=1e-12)


def test_a_loss_with_an_option_of_ones_own_is_not_known_as_one_graph():
    assert not graph_is_fixed(partial(nn.huber_loss, delta=Value(0.5)))
    assert not graph_is_fixed(partial(nn.huber_loss, Value(0.5)))
    assert not graph_is_fixed(partial(lambda output, target: output[0] - target))


def test_a_nan_in_the_outputs_makes_the_gradient_of_each_loss_nan():
    for loss, target in (
        (nn.l1_loss, 0.5),
        (nn.huber_loss, 0.5),
        (nn.mean_squared_error, 0.5),
        (nn.half_squared_error, 0.5),
        (nn.binary_cross_entropy, 0.5),
        (nn.binary_cross_entropy_with_logits, 0.5),
    ):
        x = Value(math.nan)
        each = loss(x, target)
        each.backward()
        assert math.isnan(each.data), loss
        assert math.isnan(x.grad), loss


def test_outputs_that_are_plain_numbers_give_a_value():
    for loss, target in ((nn.softmax_cross_entropy, 1), (nn.mean_squared_error, [0.0, 1.0])):
        assert isinstance(loss([0.0, 1.0], target), Value)
    with pytest.raises(TypeError, match="l1_loss's input must be a Value or an ordered sequence, got a float"):
        nn.l1_loss(1.0, 1.0)
