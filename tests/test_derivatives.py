"""Gradients as graphs and the two sweeps: against each other, against hand arithmetic, and how much they touch."""

import math
import random

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Value,
    atan2,
    cos,
    elu,
    exp,
    factor,
    forward_sweep,
    gradient,
    hessian,
    hypot,
    jacobian,
    leaky_relu,
    log_softmax,
    logsumexp,
    maximum,
    minimum,
    relu,
    reverse_sweep,
    sigmoid,
    sign,
    silu,
    softmax,
    softplus,
    step,
    total,
)
from autograd.rules import OPERATIONS, operation


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


def test_a_node_that_no_input_reaches_passes_on_zero_even_over_an_infinite_edge():
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


def test_a_partial_of_one_adds_no_node_to_the_gradients_graph_but_minus_one_does():
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
    with pytest.raises(ValueError, match=r"\.data was changed at or near"):
        gradient(z, [x])


@pytest.mark.parametrize(("parent", "node", "named"), [("x", "z", "x"), ("", "z", "z"), ("", "", r"Value\(4\.0\)")])
def test_changed_data_is_named_by_its_input_by_the_node_near_it_or_by_its_number(parent, node, named):
    x = Value(3.0, parent)
    z = x * x
    z.label = node
    x.data = 4.0
    with pytest.raises(ValueError, match=f"at or near {named}; "):
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


def test_all_readings_of_a_derivatives_graph_agree_on_powers_of_negative_bases():
    x = Value(-2.0, "x")
    for n, second in ((2, 2.0), (3, -12.0)):
        x.grad = 0.0
        (slope,) = gradient(x**n, [x])
        slope.backward()
        assert x.grad == gradient(slope, [x])[0].data == second
        assert reverse_sweep(slope).derivatives[x] == forward_sweep(slope, x).derivatives[slope] == second
        assert factor(slope, x).value == second


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
        (lambda x: gradient(x, x), "for a single one"),
        (lambda x: gradient(x, None), "must be an ordered sequence, got None"),
        (lambda x: gradient(x, {x}), "got a set"),
        (lambda x: gradient(3.0, [x]), "output must be a Value, got float"),
        (lambda x: gradient(x, [3.0]), "inputs must be a Value, got float"),
        (lambda x: jacobian(x, [x]), "outputs must be an ordered sequence"),
        (lambda x: forward_sweep(x, 1), "must be a Value, got int"),
        (lambda _: reverse_sweep(None), "must be a Value, got NoneType"),
    ],
)
def test_what_is_not_a_value_is_refused(attempt, sentence):
    with pytest.raises(TypeError, match=sentence):
        attempt(Value(1.0))


# At kinks


def curvature(function, *point):
    """The Hessian's numbers, row by row."""
    inputs = [Value(x) for x in point]
    return [[entry.data for entry in row] for row in hessian(function(*inputs), inputs)]


NAN = math.nan
ALL_NAN = [[NAN, NAN], [NAN, NAN]]
SOFTSIGN = operation("softsign", "x", "x / (1 + abs(x))", "1 / (1 + abs(x)) / (1 + abs(x))")
RAMP = operation("ramp", "x, a", "a * x if x > 1 and a > 0 else a", "a if x > 1 and a > 0 else 0", "x if x > 1 else 1")
RAMPS = operation("ramps", "*values", "add_up(relu(x) for x in values)", "*(1 if x > 0 else 0 for x in values)")


@pytest.mark.parametrize(
    ("function", "point", "right"),
    [
        (hypot, (0, 0), ALL_NAN),
        (lambda x, y: hypot(x, y) ** 2, (0, 0), [[2, 0], [0, 2]]),
        (lambda x, y: exp(-(hypot(x, y) ** 2)), (0, 0), [[-2, 0], [0, -2]]),
        (lambda x, y: cos(hypot(x, y)), (0, 0), [[-1, 0], [0, -1]]),
        (lambda x: abs(x) ** 2, (0,), [[2]]),
        (lambda x: cos(abs(x)), (0,), [[-1]]),
        (lambda x: abs(x) * abs(x) * 3, (-0.0,), [[6]]),
        (lambda x: abs(x) ** 3, (0,), [[0]]),
        (lambda x: relu(x) ** 2, (0,), [[NAN]]),
        (lambda x: exp(relu(x)), (0,), [[NAN]]),
        (lambda x: leaky_relu(x) ** 2, (0,), [[NAN]]),
        (lambda x: step(x) + x * x, (0,), [[NAN]]),
        (lambda x: sign(x) * x, (0,), [[NAN]]),
        (lambda x, y: maximum(x, y) ** 2, (1, 1), ALL_NAN),
        (lambda x, y: minimum(x, y) * x, (-2, -2), ALL_NAN),
        (lambda x, y: maximum(x, y) + minimum(x, y), (3, 3), [[0, 0], [0, 0]]),
        (lambda x: maximum(x, 1.0) ** 2, (1,), [[NAN]]),
        (lambda x, y: x**y, (0, 1), [[0, -math.inf], [-math.inf, 0]]),
        (lambda x, y: x**y, (0, 2), [[2, 0], [0, 0]]),
        (lambda x, y: x**y, (0, 0.5), [[-math.inf, -math.inf], [-math.inf, 0]]),
        (lambda x, y: x**y, (0, 0), [[0, math.inf], [math.inf, math.inf]]),
        (lambda x, y: x**y, (-0.0, 3), [[0, 0], [0, 0]]),
        (elu, (0,), [[NAN]]),
        (elu, (0, 0.5), ALL_NAN),
        (OPERATIONS["prelu"], (0, 0.25), ALL_NAN),
        (lambda x: x.sqrt(), (0,), [[-math.inf]]),
        (atan2, (0, 0), ALL_NAN),
        (SOFTSIGN, (0,), [[NAN]]),
        (RAMP, (1, 2), ALL_NAN),
        (lambda *values: RAMPS(values), (0, 0), [[NAN, 0], [0, NAN]]),
        (autograd.binary_cross_entropy, (0, 0.5), [[NAN, -1e12], [-1e12, 0]]),
        (autograd.binary_cross_entropy, (1, 0.5), [[NAN, -1e12], [-1e12, 0]]),
        (autograd.binary_cross_entropy, (0, 0), [[NAN, -1e12], [-1e12, 0]]),
    ],
)
def test_second_derivatives_at_a_kink_are_right_or_nan(function, point, right):
    found = curvature(function, *point)
    for i, row in enumerate(right):
        for j, entry in enumerate(row):
            assert math.isnan(found[i][j]) or found[i][j] == entry, (i, j, found)
            assert math.isnan(found[i][j]) == math.isnan(found[j][i])


@pytest.mark.parametrize(
    ("function", "point", "right"),
    [
        (relu, (2.0,), [[0]]),
        (lambda x: abs(x) ** 2, (-3.0,), [[2]]),
        (lambda x, y: maximum(x, y) ** 2, (1.0, 2.0), [[0, 0], [0, 2]]),
        (lambda x: x**2, (0.0,), [[2]]),
        (lambda x: x**3, (0.0,), [[0]]),
        (autograd.binary_cross_entropy, (0, 0.5), [[NAN, -1e12], [-1e12, 0]]),
        (lambda x, y: x**y, (0, 2), [[2, NAN], [NAN, 0]]),
        (SOFTSIGN, (1.0,), [[-0.25]]),
        (RAMP, (2.0, 3.0), [[0, 1], [1, 0]]),
        (lambda *values: RAMPS(values), (0.0, 1.0), [[NAN, 0], [0, 0]]),
    ],
)
def test_second_derivatives_beside_a_kink_are_numbers(function, point, right):
    assert str(curvature(function, *point)) == str([[float(entry) for entry in row] for row in right])


def test_third_derivatives_at_a_kink_are_nan_in_every_order():
    for function, point in ((relu, [0.0]), (step, [0.0]), (hypot, [0.0, 0.0]), (maximum, [1.0, 1.0])):
        inputs = [Value(x) for x in point]
        found = [d.data for row in hessian(function(*inputs), inputs) for r in jacobian(row, inputs) for d in r]
        assert all(map(math.isnan, found)), function


def test_first_derivatives_at_a_kink_and_their_compiled_code_know_nothing_of_it():
    x = Value(0.0)
    for function, slope in ((relu, 0.0), (abs, 0.0), (step, 0.0), (lambda x: maximum(x, 0.0), 0.5)):
        y = function(x)
        assert (y.partials[0], gradient(y, [x])[0].data) == (slope, slope)
        assert autograd.compile(y, [x]).value_and_gradient([[0.0]], wrt_inputs=True)[2].tolist() == [[slope]]


def test_a_sweep_of_a_derivatives_graph_at_a_kink_is_nan_as_well():
    x = Value(0.0)
    (slope,) = gradient(abs(x) ** 2, [x])
    slope.backward()
    assert math.isnan(x.grad)
    assert math.isnan(forward_sweep(slope, x).derivatives[slope])


# In the tails


def exact_softmax(values, k):
    return mp.exp(values[k]) / sum(map(mp.exp, values))


def close(ours, exact, ulps=8):
    return abs(ours - exact) <= ulps * abs(exact) * mp.mpf(2) ** -52


TAILS = [
    (0.0, -50.0),
    (50.0, 0.0),
    (0.0, -700.0),
    (-3.0, 30.0, -3.0),
    (2.0, 2.0, -40.0),
    (7.0,),
    (0.0, 0.0),
    (0.5, 0.0),
]
TAILS += [(-80.0, -40.0, 0.0, -40.0), tuple(-i * 0.75 for i in range(100)), (36.75, 0.0), (1.0, 1.0, 1.0, 1.0)]


@pytest.mark.parametrize("values", TAILS)
def test_log_softmax_and_two_derivatives_keep_their_digits_as_does_softmaxs_first(values):
    n = range(len(values))
    with mp.workdps(400):
        p = [exact_softmax(values, k) for k in n]
        complement = [mp.fsum(p[j] for j in n if j != k) for k in n]
        inputs = [Value(x) for x in values]
        z = logsumexp(inputs)
        for by_row, row in enumerate(hessian(z, inputs)):
            for by_column, entry in enumerate(row):
                by_hand = p[by_row] * (complement[by_row] if by_row == by_column else -p[by_column])
                assert close(entry.data, by_hand), (by_row, by_column)
        for k in n[:5]:
            z = log_softmax(inputs, k)
            assert close(z.data, -mp.log1p(complement[k] / p[k]))
            slopes = gradient(z, inputs)
            for j in n:
                assert close(slopes[j].data, complement[k] if j == k else -p[j])
            for i in n[:5]:
                for j, entry in enumerate(gradient(slopes[i], inputs)):
                    assert close(entry.data, -p[i] * complement[i] if i == j else p[i] * p[j])
            for j, entry in enumerate(gradient(softmax(inputs)[k], inputs)):
                assert close(entry.data, p[k] * complement[k] if j == k else -p[k] * p[j])


def test_the_logsumexp_of_a_thousand_values_keeps_its_digits():
    generator = random.Random(0)
    for spread in (1e-9, 1.0, 30.0, 800.0):
        values = [generator.uniform(-spread, 0) for _ in range(999)] + [0.0]
        with mp.workdps(400):
            exact = mp.log1p(mp.fsum(mp.exp(x) for x in values[:-1]))
            assert close(logsumexp(values), exact, 40)


def test_softplus_and_its_kin_keep_the_digits_of_three_derivatives_in_their_tails():
    s = [lambda x: 1 / (1 + mp.exp(-x)), lambda x: 1 / (1 + mp.exp(x))]  # σ(x), σ(−x)
    for x in (37.42994775023705, 40.410841513445845, -37.5, -40.0, 700.0, -700.0, 20.0, 36.04365338911715):
        with mp.workdps(700):
            up, down = (f(mp.mpf(x)) for f in s)
            slope = up * down
            by_hand = {
                softplus: [up, slope, slope * (down - up)],
                autograd.log_sigmoid: [down, -slope, slope * (up - down)],
                silu: [up + x * slope, slope * (2 + x * (down - up)), slope * (3 * (down - up) + x * (1 - 6 * slope))],
            }
            for function, exact in by_hand.items():
                z = y = Value(x)
                y = function(y)
                for order in exact:
                    (y,) = gradient(y, [z])
                    assert close(y.data, order, 16), (function, x)


def test_sigmoid_keeps_the_lectures_formula():
    x = Value(40.0)
    assert gradient(sigmoid(x), [x])[0].data == 0.0


# Constants


@pytest.mark.parametrize(
    ("partial", "values", "slope"),
    [
        ("1 / (len(values) - 1)", [3.0], math.inf),
        ("1 / (len(values) - 2)", [3.0], -1.0),
        ("-1 / (len(values) - 1)", [3.0], -math.inf),
        ("(len(values) - 1) / (len(values) - 1)", [3.0], math.nan),
        ("(len(values) - 1) ** -1", [3.0], math.inf),
        ("(len(values) - 2) ** 0.5", [3.0], math.nan),
        ("10 ** (400 * len(values))", [3.0], math.inf),
        ("exp(1000 * len(values)) + log(0)", [3.0], math.nan),
    ],
)
def test_constants_in_a_partial_are_ieee_floats_in_every_reading(partial, values, slope):
    f = operation("f", "*values", "add_up(values)", f"*({partial} for _ in values)")
    inputs = [Value(x, "x") for x in values]
    z = f(inputs)
    found = [z.partials[0], gradient(z, inputs)[0].data, forward_sweep(z, inputs[0]).derivatives[z]]
    compiled = autograd.compile(z, inputs).value_and_gradient([values], wrt_inputs=True)[2].tolist()[0]
    found += [compiled[0], compiled[-1]]
    assert all(number == slope or (math.isnan(number) and math.isnan(slope)) for number in found), found
    assert f"= {autograd.notation.number(slope)}" in autograd.explain(z, inputs[0]).text


def test_the_derivative_of_a_power_of_zero_is_a_zero_without_a_sign():
    for base in (-math.inf, -3.0, -0.0, 0.0, 2.0, math.inf, math.nan):
        x = Value(base)
        z = x**0
        z.backward()
        found = [z.partials[0], x.grad, gradient(z, [x])[0].data, forward_sweep(z, x).derivatives[z]]
        found += autograd.compile(z, [x]).value_and_gradient([[base]], wrt_inputs=True)[2].tolist()[0]
        found += autograd.compile(z, [], [x]).value_and_gradient([[]])[1].tolist()
        assert str(found) == str([0.0] * 6), base
