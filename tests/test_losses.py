"""Losses: identities, extremes, and what is refused. (test_pytorch_and_jax.py has what others say of them.)"""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, check_gradient

LOSSES = [
    "half_squared_error",
    "mean_squared_error",
    "hinge",
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
    "name", ["half_squared_error", "mean_squared_error", "hinge", "binary_cross_entropy_with_logits"]
)
@pytest.mark.parametrize("s", [-1000.0, 1000.0])
def test_losses_are_finite_at_a_thousand(name, s):
    x = Value(s)
    loss = getattr(nn, name)(x, 1)
    loss.backward()
    assert math.isfinite(loss.data)
    assert math.isfinite(x.grad)


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
    loss, same = nn.softmax_cross_entropy(logits, Value(float(k))), nn.softmax_cross_entropy(alike, k)
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
        (lambda x: nn.hinge([x], ["1"]), TypeError, "hinge's target must be a real number"),
        (lambda x: nn.half_squared_error([x, x], 1.0), ValueError, "got 2 outputs and 1 targets"),
        (lambda x: nn.binary_cross_entropy_with_logits(x, 1.5), ValueError, "from 0 to 1, got 1.5"),
        (lambda x: nn.binary_cross_entropy(x, -0.5), ValueError, "target must be a probability from 0 to 1, got -0.5"),
        (lambda x: nn.binary_cross_entropy(x * 3, 1), ValueError, "input must be a probability from 0 to 1, got 1.5"),
        (lambda _: nn.binary_cross_entropy([], []), ValueError, "at least 1 output and target, got 0"),
        (lambda x: nn.mean_squared_error(x, "1"), TypeError, "ordered sequence"),
        (lambda x: nn.mean_squared_error({x}, [1]), TypeError, "ordered sequence"),
        (lambda x: nn.mean_squared_error(x, None), TypeError, "ordered sequence"),
        (lambda x: nn.softmax_cross_entropy([x, x], Value(0.5)), TypeError, "target must be an int, got Value"),
        (lambda x: nn.softmax_cross_entropy([x, x], Value(2.0)), ValueError, "must be a class from 0 to 1, got 2"),
        (lambda x: nn.softmax_cross_entropy([x, x], True), TypeError, "target must hold numbers, got a bool"),
        (lambda x: nn.l2_penalty([x], -1), ValueError, "weight_decay must be finite and not negative, got -1"),
        (lambda x: nn.l2_penalty([x], math.nan), ValueError, "got nan"),
        (lambda x: nn.l2_penalty([x], math.inf), ValueError, "got inf"),
        (lambda x: nn.l2_penalty([x], "1"), TypeError, "weight_decay must be a real number"),
    ],
)
def test_losses_refuse_what_does_not_match(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt(Value(0.5))
