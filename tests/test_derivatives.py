"""Gradients as graphs and the two sweeps: against each other, against hand arithmetic, and how much they touch."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Value,
    atan2,
    elu,
    factor,
    forward_sweep,
    gradient,
    hessian,
    jacobian,
    logsumexp,
    reverse_sweep,
    total,
)
from autograd.rules import OPERATIONS


def lecture():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    return a, b, (a + b) * (b + 1)


def test_both_sweeps_find_the_lectures_numbers():
    a, b, e = lecture()
    forward, reverse = forward_sweep(e, b), reverse_sweep(e)
    assert [forward.derivatives[node] for node in (*e.parents, e)] == [1.0, 1.0, 5.0]
    assert (forward.derivatives[a], forward.derivatives[b]) == (0.0, 1.0)
    assert (reverse.derivatives[a], reverse.derivatives[b], reverse.derivatives[e]) == (2.0, 5.0, 1.0)


def test_each_sweep_touches_each_edge_once_and_counts():
    _, b, e = lecture()
    forward, reverse = forward_sweep(e, b), reverse_sweep(e)
    assert forward.edges == reverse.edges == 6
    assert forward.multiplications == reverse.multiplications == 6
    assert forward.additions == 3  # two edges meet at c, d and e
    assert reverse.additions == 1  # two edges meet at b


def test_sweeps_stay_linear_where_paths_are_exponential():
    x = z = Value(1.0)
    for _ in range(20):
        z = total([z, z, z])
    for sweep in (forward_sweep(z, x), reverse_sweep(z)):
        assert (sweep.edges, sweep.multiplications, sweep.additions) == (60, 60, 40)
    assert reverse_sweep(z).derivatives[x] == 3.0**20


def test_a_forward_sweep_from_an_interior_node_holds_it_free():
    a, b, e = lecture()
    c = e.parents[0]
    sweep = forward_sweep(e, c)
    assert (sweep.derivatives[c], sweep.derivatives[a], sweep.derivatives[b], sweep.derivatives[e]) == (
        1.0,
        0.0,
        0.0,
        2.0,
    )


def test_a_forward_sweep_from_a_node_outside_finds_zeros():
    _, _, e = lecture()
    assert set(forward_sweep(e, Value(1.0)).derivatives.values()) == {0.0}


def test_a_node_that_the_input_does_not_reach_passes_on_zero_even_over_an_infinite_edge():
    x = Value(2.0)
    y = x * Value(0.0).sqrt()  # ∂√0 = inf, but x has no part in it
    assert forward_sweep(y, x).derivatives[y] == 0.0


def test_a_negative_zero_is_the_same_in_both_sweeps():
    x, y = Value(-0.0), Value(3.0)
    z = x * y  # ∂z/∂y = x; the edge from x, which y does not reach, adds nothing, not even 0.0
    for sweep in (forward_sweep(z, y).derivatives[z], reverse_sweep(z).derivatives[y]):
        assert math.copysign(1.0, sweep) == -1.0


def test_an_input_that_the_output_does_not_depend_on_has_gradient_zero():
    x, y = Value(1.0), Value(2.0)
    unrelated, related = gradient(x * x, [y, x])
    assert (unrelated.data, related.data) == (0.0, 2.0)
    assert gradient(x, [x])[0].data == 1.0
    assert gradient(x, []) == []


def test_data_changed_beside_the_way_from_input_to_output_does_no_harm():
    x, y = Value(2.0), Value(3.0)
    z = x * (y * y)
    y.data = 5.0
    assert gradient(z, [x])[0].data == 9.0


def test_a_partial_of_one_adds_no_node_to_the_gradients_graph_and_one_of_minus_one_does():
    x, y = Value(2.0), Value(3.0)
    by_x, by_y = gradient(x - y, [x, y])
    assert (by_x.data, by_x.op) == (1.0, "")
    assert (by_y.data, by_y.op) == (-1.0, "mul")


def test_a_condition_has_gradient_one_with_respect_to_itself():
    greater = OPERATIONS["greater"](Value(2.0), Value(1.0))
    assert gradient(greater, [greater])[0].data == 1.0


@pytest.mark.parametrize(("before", "after"), [(2.0, math.nan), (math.nan, 2.0)])
def test_data_that_became_nan_or_was_it_counts_as_changed(before, after):
    x, y = Value(1.0), Value(before)
    z = x * y
    gradient(z, [x])
    y.data = after
    with pytest.raises(ValueError, match=r"\.data was changed since"):
        gradient(z, [x])


@pytest.mark.parametrize(("parent", "node", "named"), [("x", "z", "x"), ("", "z", "z"), ("", "", r"Value\(4\.0\)")])
def test_changed_data_is_named_by_the_input_it_is_at_by_the_node_near_it_or_by_its_number(parent, node, named):
    x = Value(3.0, parent)
    z = x * x
    z.label = node
    x.data = 4.0
    with pytest.raises(ValueError, match=f"at or near {named}: "):
        gradient(z, [x])


def test_the_gradient_of_a_cube_has_the_bits_of_the_float_reading_at_many_points():
    generator = random.Random(0)
    for number in [5.5843648958137475, 7.2249061795510094, *(generator.uniform(-10, 10) for _ in range(30_000))]:
        x = Value(number)
        y = x**3
        assert gradient(y, [x])[0].data == y.partials[0] == 3 * (number * number)


def test_a_gradient_touches_no_grad():
    x = Value(3.0)
    gradient(x * x, [x])
    assert not x.has_grad


def test_a_gradient_with_respect_to_an_interior_node_stops_there():
    a, _, e = lecture()
    c = e.parents[0]
    by_c, by_a = gradient(e, [c, a])
    assert (by_c.data, by_a.data) == (2.0, 2.0)


def test_a_gradient_can_be_swept_like_any_node():
    x = Value(2.0)
    (slope,) = gradient(x**3, [x])
    slope.backward()
    assert x.grad == 12.0  # 6x


def test_every_reading_of_a_derivatives_graph_agrees_where_powers_have_negative_bases():
    x = Value(-2.0, "x")
    for n, second in ((2, 2.0), (3, -12.0)):
        x.grad = 0.0
        (slope,) = gradient(x**n, [x])
        slope.backward()
        assert x.grad == gradient(slope, [x])[0].data == second
        assert reverse_sweep(slope).derivatives[x] == forward_sweep(slope, x).derivatives[slope] == second
        assert factor(slope, x).value == second


def test_the_second_derivative_of_elu_at_its_kink_is_that_of_its_left_branch():
    x = Value(0.0)
    assert hessian(elu(x), [x])[0][0].data == 1.0
    slope = Value(0.5)
    assert [[h.data for h in row] for row in hessian(elu(x, slope), [x, slope])] == [[0.5, 1.0], [1.0, 0.0]]


def test_inputs_may_come_from_a_generator():
    x = Value(3.0)
    assert hessian(x * x, (v for v in [x]))[0][0].data == 2.0
    assert len(jacobian((v for v in [x, x * x]), (v for v in [x]))[1]) == 1


def test_the_gradient_graph_of_a_wide_softmax_is_linear():
    xs = [Value(0.01 * i) for i in range(1_000)]
    graph = gradient(logsumexp(xs), xs[:1])[0]
    assert reverse_sweep(graph).edges < 6_000


def test_the_partial_derivatives_of_the_lectures_polynomial():
    # f = x² + xy + a: ∂f/∂x = 2x + y
    x, y, a = Value(3.0), Value(4.0), Value(7.0)
    f = x**2 + x * y + a
    assert [g.data for g in gradient(f, [x, y, a])] == [10.0, 3.0, 1.0]
    assert [[h.data for h in row] for row in hessian(f, [x, y])] == [[2.0, 1.0], [1.0, 0.0]]


def test_a_jacobian_has_a_row_for_each_output():
    r, θ = Value(2.0), Value(0.5)
    rows = jacobian([r * θ.cos(), r * θ.sin()], [r, θ])
    expected = [[math.cos(0.5), -2 * math.sin(0.5)], [math.sin(0.5), 2 * math.cos(0.5)]]
    assert [[entry.data for entry in row] for row in rows] == expected


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_hessians_are_symmetric_and_laplaces_equation_holds_for_the_angle(x, y):
    if math.hypot(x, y) < 0.1:
        return
    p, q = Value(x), Value(y)
    rows = hessian(atan2(q, p), [p, q])
    assert math.isclose(rows[0][1].data, rows[1][0].data, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(rows[0][0].data, -rows[1][1].data, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda x: gradient(x, x), "for a single one write"),
        (lambda x: gradient(x, None), "a sequence is needed, in an order of its own, not NoneType"),
        (lambda x: gradient(x, {x}), "not set"),
        (lambda x: gradient(3.0, [x]), "output must be a Value, got float"),
        (lambda x: gradient(x, [3.0]), "inputs must be a Value, got float"),
        (lambda x: jacobian(x, [x]), "outputs are a sequence"),
        (lambda x: forward_sweep(x, 1), "must be a Value, got int"),
        (lambda _: reverse_sweep(None), "must be a Value, got NoneType"),
    ],
)
def test_what_is_not_a_value_is_refused(attempt, sentence):
    with pytest.raises(TypeError, match=sentence):
        attempt(Value(1.0))
