"""Finite differences: they find planted faults, and raise no false alarm."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, check_gradient, elu, exp, leaky_relu, log, maximum, relu, sin, tanh, threshold
from autograd.rules import operation


def faulty(partial):
    return operation("faulty", "x", "x * x", partial)


@pytest.mark.parametrize("x", [1e-8, -0.3, 1.0, 7.5, 1e6])
def test_a_fault_of_five_hundredths_of_a_percent_is_caught_and_told(x):
    check = check_gradient(faulty("2.001 * x"), [x])
    assert not check
    assert "OFF by" in str(check)
    assert "0.05 %" in str(check)
    assert check_gradient(faulty("2 * x"), [x])


def test_the_report_names_the_input_that_is_off():
    check = check_gradient(lambda x, y: tanh(x) * faulty("2.001 * x")(y), [0.5, 1.5])
    assert [comparison.agrees for comparison in check.comparisons] == [True, False]
    assert "∂f/∂x2" in str(check).splitlines()[1]
    assert "OFF" in str(check).splitlines()[1]


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_right_gradients_raise_no_alarm(x, y):
    assert check_gradient(lambda x, y: sin(x * y) + exp(y / 3) * tanh(x) - x**3, [x, y])


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (log, 1e-8),
        (log, 1e8),
        (lambda x: sin(50 * x), 1.0),
        (exp, 300.0),
        (lambda x: 1e8 + x, 1.0),
        (lambda x: x**3, 0.0),
        (lambda x: 1e-12 * tanh(x), 0.5),
        (sin, 1000.0),
        (lambda x: sin(1000 * x), 0.37),
        (lambda x: 1 / x, 1e-8),
        (log, 1e-10),
        (lambda x: x.sqrt(), 1e-12),
        (lambda x: exp(-((x - 1) ** 2) * 1e6), 0.999),
        (lambda x: sin(1 + x), 1e-8),
        (abs, 1e-5),
        (lambda _: Value(3.0), 1.0),
        (lambda _: 3.0, 1.0),
    ],
)
def test_functions_of_odd_scales_pass(function, point):
    assert check_gradient(function, [point])


def test_a_derivative_that_drowns_in_rounding_cannot_be_told_and_is_not_true():
    check = check_gradient(lambda x: tanh(x) + 1e6, [12.0])
    assert not check
    assert "too uncertain to tell" in str(check)


def test_a_tiny_derivative_is_checked_as_strictly_as_any():
    assert check_gradient(lambda x: 1e-9 * x * x, [3.0])
    assert not check_gradient(lambda x: 1e-9 * faulty("2.001 * x")(x), [3.0])


def test_an_infinite_or_undefined_gradient_beside_sure_differences_is_off():
    for partial in ("1 / (x - x)", "log(-1)"):
        check = check_gradient(faulty(partial), [3.0])
        assert not check
        assert "OFF" in str(check)


def test_a_zero_that_drowns_in_rounding_is_not_taken_for_one():
    assert not check_gradient(operation("f", "x", "100000000000000 + x", "0"), [3.0])


def test_a_check_leaves_no_gradient_behind():
    w = Value(2.0)
    assert check_gradient(lambda x: w * x, [3.0])
    assert not w.has_grad


def test_at_a_kink_no_difference_is_a_derivative():
    assert not check_gradient(relu, [0.0])


@pytest.mark.parametrize(
    ("function", "point", "sides", "sentence"),
    [
        (relu, [0.0], (0, 1), "at a kink of relu no derivative exists: the graph takes 0 by convention"),
        (abs, [0.0], (-1, 1), "at a kink of abs no derivative exists: the graph takes 0 by convention"),
        (lambda x: maximum(2 * x, 5 - x * x + 3 * x), [-1.791287847477920], (2, 6.58257569), "maximum"),
        (lambda x: 3 * leaky_relu(x - 2) + x, [2.0], (1.03, 4), "of leaky_relu .* the graph takes 1.03 by"),
        (
            lambda x: x if x.data >= 0 else -5 * x,
            [0.0],
            (-5, 1),
            "at a kink no derivative exists: the graph takes 1 by",
        ),
        (lambda x: relu(x) + relu(-x), [0.0], (-1, 1), "at a kink of relu no"),
        (lambda x: 1e-9 * relu(x), [0.0], (0, 1e-9), "at a kink of relu no"),
    ],
)
def test_at_a_kink_the_report_gives_both_slopes_and_the_convention(function, point, sides, sentence):
    (comparison,) = check_gradient(function, point).comparisons
    assert comparison.sides == pytest.approx(sides, rel=1e-5)
    assert re.search(sentence, str(comparison))
    assert "OFF" not in str(comparison)


def test_at_a_jump_the_report_names_the_convention():
    assert "at a kink of threshold no derivative exists: the graph takes 0 by" in str(check_gradient(threshold, [0.0]))


def test_a_wrong_number_at_a_kink_and_a_fault_beside_one_are_off():
    wrong = operation("wrong", "x", "x if x > 0 else 0", "2 if x > 0 else -1")
    assert "OFF: at a kink of wrong the graph takes -1, which is not between" in str(check_gradient(wrong, [0.0]))
    beside = check_gradient(lambda x, y: relu(x) + faulty("2.001 * x")(y), [0.0, 1.5])
    assert "kink" in str(beside).splitlines()[0]
    assert "OFF by" in str(beside).splitlines()[1]


def test_an_operation_with_kinks_elsewhere_is_checked_as_any_other():
    assert check_gradient(lambda x: relu(x) + abs(x - 3), [0.5])
    assert "kink" not in str(check_gradient(elu, [0.0]))
    assert check_gradient(elu, [0.0])


def test_no_inputs_are_nothing_to_compare():
    assert check_gradient(lambda: Value(1.0), [])


def test_every_smooth_operation_passes_its_own_check():
    for name in ("exp", "erf", "gelu", "sigmoid", "softplus", "atan", "cosh"):
        assert check_gradient(getattr(autograd, name), [0.7]), name


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: check_gradient(log, [-1.0]), ValueError, "finite at the point, got nan"),
        (lambda: check_gradient(exp, 1.0), TypeError, "must be an ordered sequence, got a float"),
        (lambda: check_gradient(exp, ["1"]), TypeError, "got a str, '1'"),
        (lambda: check_gradient(exp, [1.0], rtol=-1.0), ValueError, "rtol and atol must be at least 0, got rtol=-1.0"),
        (lambda: check_gradient(lambda _: "1", [1.0]), TypeError, "got a str, '1'"),
    ],
)
def test_bad_input_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_uncertainty_is_small_where_the_function_is_smooth():
    (comparison,) = check_gradient(exp, [1.0]).comparisons
    assert abs(comparison.differences - math.e) < 1e-9
    assert comparison.uncertainty < 1e-9
