"""Every operation: value and derivatives against its definition, special points as agreed on, in all readings."""

import itertools
import json
import math
import random
import struct
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from accuracy import BOUNDS, derivatives, error, errors, exact
from hypothesis import given
from hypothesis import strategies as st
from operations import HUGE, NEAR, TABLE, TINY

import autograd
from autograd import (
    Value,
    compile,  # noqa: A004 — the function's public name
    forward_sweep,
    gradient,
    jacobian,
    log_softmax,
    reverse_sweep,
    softmax,
    total,
    weighted_sum,
    weighted_sums,
)
from autograd.rules import OPERATIONS, Operation, operation

SPECIAL = json.loads((Path(__file__).parent / "oracles/special_points.json").read_text())
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, TINY, -TINY, 1e200, -1e-200, HUGE, -HUGE, math.inf, -math.inf, math.nan]
CASES = [
    pytest.param(name, point, id=f"{name}{point}") for name, row in TABLE.items() for point in (*row.easy, *row.hard)
]


def record(name, point):
    inputs = [Value(number) for number in point]
    return OPERATIONS[name](*OPERATIONS[name].grouped(inputs)), inputs


def same(x, y):
    return x == y or (math.isnan(x) and math.isnan(y))


def bits(numbers):
    """The bits of floats, the sign of a zero among them; any nan is as any other."""
    return [struct.pack("d", math.nan if math.isnan(x) else x) for x in numbers]


# The table


def test_every_operation_has_a_row_in_the_table_with_easy_and_hard_points():
    assert OPERATIONS.keys() == TABLE.keys()
    assert [name for name, row in TABLE.items() if not row.easy] == []
    assert [name for name, row in TABLE.items() if not set(row.hard) - set(row.easy)] == []


@pytest.mark.parametrize(("name", "point"), CASES)
def test_value_and_first_three_derivatives_are_the_definitions_to_some_ulps(name, point):
    for order, ulps, orders, ours, defined in errors(name, point):
        assert ulps <= BOUNDS[order], (orders, ours, defined)


@pytest.mark.parametrize(
    ("name", "point", "orders", "closed_form"),
    [
        ("exp", (-745.0,), (3,), mp.exp),
        ("log", (1e-102,), (3,), lambda x: 2 / x**3),
        ("sin", (1e-300,), (2,), lambda x: -mp.sin(x)),
        ("cos", (3.141592653589793,), (3,), mp.sin),
        ("asin", (NEAR,), (1,), lambda x: 1 / mp.sqrt(1 - x * x)),
        ("tanh", (0.5493061443340549,), (1,), lambda x: mp.sech(x) ** 2),
        ("erf", (26.0,), (2,), lambda x: -4 * x * mp.exp(-x * x) / mp.sqrt(mp.pi)),
        ("pow", (1e-160, 2.0), (1, 1), lambda x, y: x ** (y - 1) * (1 + y * mp.log(x))),
        ("hypot", (1.0, 1e-9), (1, 1), lambda x, y: -x * y / mp.hypot(x, y) ** 3),
        ("mul", (0.1, 0.2), (2, 1), lambda *_: 0),
        ("sigmoid", (710.0,), (1,), lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2),
        ("maximum", (TINY, 1e-323), (0, 1), lambda *_: 1),
    ],
)
def test_differences_of_a_definition_are_its_derivatives(name, point, orders, closed_form):
    with mp.workdps(700):
        known = closed_form(*map(mp.mpf, point))
        assert abs(exact(name, point, orders) - known) <= abs(known) * mp.mpf("1e-20")


def test_no_derivative_is_real_where_a_definition_leaves_the_real_numbers():
    assert mp.isnan(exact("pow", (-8.0, 3.0), (0, 1)))
    assert exact("pow", (-8.0, 3.0), (1, 0)) == pytest.approx(192)


def test_an_error_is_counted_in_ulps_of_the_exact_number_however_small_it_is():
    for x in (1.0, 1.5, 1e300, 1e-300, 1e-310, TINY):
        assert error(math.nextafter(x, math.inf), mp.mpf(x)) == 1.0
    assert error(0.0, mp.mpf(1e-300)) > 1e15
    assert error(1.0, mp.mpf(1e-300), size=1.0) == 2**52
    assert error(0.0, mp.mpf(0)) == error(math.inf, mp.mpf("1e309")) == error(math.nan, mp.nan) == 0
    for ours, defined in ((math.nan, "0"), (1.0, "nan"), (-math.inf, "1e309"), (HUGE, "1e309"), (math.inf, "1e308")):
        assert error(ours, mp.mpf(defined)) == math.inf


@pytest.mark.parametrize(("name", "point"), [(name, point) for name, row in TABLE.items() for point in row.kinks])
def test_partials_at_a_kink_are_those_that_are_agreed_on(name, point):
    node, _ = record(name, point)
    assert all(map(same, node.partials, TABLE[name].kinks[point]))


KINKED = [name for name in TABLE if OPERATIONS[name].has_kinks()]


def test_what_a_partial_compares_is_a_kink_unless_the_rule_says_otherwise():
    smooth = {name for name, rule in OPERATIONS.items() if " if " in " ".join(rule.partials)} - {*KINKED}
    assert smooth == {"where"}  # whose condition is no quantity
    assert {"abs", "relu", "step", "hypot", "maximum", "pow", "binary_cross_entropy", "elu"} <= {*KINKED}


@pytest.mark.parametrize("name", KINKED)
def test_every_condition_of_a_kink_holds_at_some_point_of_the_table(name):
    rule = OPERATIONS[name]
    words = {**OPERATIONS, **{f"at_kink_of_{other}": OPERATIONS[other].at_kink for other in KINKED}}
    groups = [rule.grouped(point) for point in TABLE[name].kinks]
    for condition in rule.kinks:
        holds = [
            eval(condition, {**words, **dict(zip((*rule.arguments, "z"), (*group, rule(*group)), strict=True))})  # noqa: S307
            for group in groups
        ]
        assert any(holds), f"the table needs a point where {condition}"


@pytest.mark.parametrize(
    ("name", "point"), [(name, point) for name in KINKED if name != "kink" for point in TABLE[name].kinks]
)
def test_higher_derivatives_at_a_kink_are_nan_but_for_those_that_are_known(name, point):
    known = TABLE[name].known.get(point, {})
    found = [(orders, derivative) for orders, derivative in derivatives(name, point) if sum(orders) > 1]
    for orders, derivative in found:
        assert same(derivative, known.get(orders, math.nan)), orders


@pytest.mark.parametrize("name", [name for name, rule in OPERATIONS.items() if rule.condition])
def test_a_condition_is_a_constant_to_derivatives_that_knows_what_it_watches(name):
    node, inputs = record(name, TABLE[name].hard[0])
    assert (node.parents, node.partials, node.op) == ((), (), name)
    assert node.watched == tuple(inputs)
    assert [derivative.data for derivative in gradient(node, inputs)] == [0.0] * len(inputs)


# All readings


def rows_of_numbers(name):
    """Where the readings are compared: the table's points, and special numbers in all places."""
    row, rule = TABLE[name], OPERATIONS[name]
    points = [*row.easy, *row.hard, *row.kinks]
    if len(rule.arguments) < 3 and not rule.variadic:
        return [*points, *itertools.product(NUMBERS, repeat=len(rule.arguments))]
    generator = random.Random(name)
    return points + [tuple(generator.choices(NUMBERS, k=len(point))) for point in points for _ in range(20)]


def second_derivatives(slopes, inputs):
    return [entry for row in jacobian(slopes, inputs) for entry in row]


@pytest.mark.parametrize("name", TABLE)
def test_all_readings_have_the_same_bits_at_hard_and_special_points(name):
    """Eager, backward, reverse sweep, forward sweep, gradient graph and compiled; and no number but a float."""
    for length, points in itertools.groupby(sorted(rows_of_numbers(name), key=len), key=len):
        table = list(points)
        read = []
        for point in table:
            node, inputs = record(name, point)
            node.backward()
            swept = reverse_sweep(node).derivatives
            slopes = gradient(node, inputs)
            seconds = [entry.data for entry in second_derivatives(slopes, inputs)]
            numbers = [slope.data for slope in slopes]
            assert all(type(number) is float for number in (node.data, *node.partials, *numbers, *seconds)), point
            assert bits([node.data]) == bits([OPERATIONS[name](*OPERATIONS[name].grouped(point))]), point
            assert bits(numbers) == bits(node.partials or [0.0] * length), point
            assert bits(numbers) == bits([x.grad for x in inputs]), point
            assert bits(numbers) == bits([swept.get(x, 0.0) for x in inputs]), point
            assert bits(numbers) == bits([forward_sweep(node, x).derivatives[node] for x in inputs]), point
            read.append((node.data, numbers, seconds))
        node, inputs = record(name, table[0])
        compiled = compile([node, *second_derivatives(gradient(node, inputs), inputs)], inputs)
        values, _, slopes = compiled.value_and_gradient(table, wrt_inputs=True)
        for point, (z, first, second), outputs, by_input in zip(
            table, read, values.tolist(), slopes.tolist(), strict=True
        ):
            assert bits([z, *first, *second]) == bits([outputs[0], *by_input, *outputs[1:]]), point


@given(x=st.floats(width=64), y=st.floats(width=64))
def test_no_operation_raises_on_floats_and_both_readings_agree_everywhere(x, y):
    for name, rule in OPERATIONS.items():
        count = 3 if rule.variadic else len(rule.arguments)
        node, inputs = record(name, (x, y, x)[:count])
        assert all(type(number) is float for number in (node.data, *node.partials)), name
        for recorded, as_graph in zip(node.partials, gradient(node, inputs if node.parents else []), strict=True):
            assert same(recorded, as_graph.data), (name, x, y)


# Recorded special points


def names_and_points():
    """The oracle's rows that are operations here: (name, inputs, value, gradients in the oracle's order)."""
    names = {"gelu_erf": "gelu", "max": "maximum", "min": "minimum", "logsumexp2": "logsumexp"}
    for row in SPECIAL:
        name, _, constant = row["op"].partition(":")
        inputs = [float(x) for x in row["args"]]
        of = list(range(len(inputs)))
        if name == "pow_const":
            name, inputs = "pow", [*inputs, float(constant)]
        elif name == "rpow_const":
            name, inputs, of = "pow", [float(constant), *inputs], [1]
        elif name == "bce_prob":
            name, inputs = "binary_cross_entropy", [*inputs, float(constant.removeprefix("y="))]
        name = names.get(name, name)
        if name in OPERATIONS:
            yield pytest.param(name, inputs, of, row, id=f"{row['op']}{row['args']}")


def agrees(ours, theirs, atol):
    if theirs == "any":
        return True
    theirs = float(theirs)
    return same(ours, theirs) or math.isclose(ours, theirs, rel_tol=1e-14, abs_tol=atol)


@pytest.mark.parametrize(("name", "inputs", "of", "row"), [*names_and_points()])
def test_values_and_gradients_at_special_points_are_the_oracles(name, inputs, of, row):
    rule = OPERATIONS[name]
    count = len(inputs) - len(rule.arguments)  # defaults that are not given
    nodes = [Value(x) for x in [*inputs, *([*rule.defaults.values()][count:] if count < 0 else [])]]
    output = rule(*rule.grouped(nodes))
    output.backward()
    atol = row.get("atol", 0.0)
    assert agrees(output.data, row["value"], atol)
    assert all(agrees(nodes[i].grad, g, atol) for i, g in zip(of, row["grads"], strict=True))


@pytest.mark.parametrize("row", [r for r in SPECIAL if r["op"].endswith("softmax2[0]")], ids=str)
def test_softmax_and_its_log_at_special_points_are_the_oracles(row):
    inputs = [Value(float(x)) for x in row["args"]]
    output = log_softmax(inputs, 0) if row["op"].startswith("log") else softmax(inputs)[0]
    output.backward()
    assert agrees(output.data, row["value"], 0)
    assert all(agrees(x.grad, g, 0) for x, g in zip(inputs, row["grads"], strict=True))


@pytest.mark.parametrize("name", [n for n in autograd.ops.PUBLIC if n in OPERATIONS and n != "log_softmax"])
def test_an_operation_is_a_function_of_floats_and_of_values_alike(name):
    rule = OPERATIONS[name]
    point = TABLE[name].easy[-1]
    groups = rule.grouped(point)
    on_floats = getattr(autograd, name)(*groups)
    on_values = getattr(autograd, name)(*rule.grouped([Value(x) for x in point]))
    assert type(on_floats) is float
    assert type(on_values) is Value
    assert on_values.data == on_floats


@pytest.mark.parametrize(
    "name", [n for n, rule in OPERATIONS.items() if not rule.variadic and len(rule.arguments) == 1]
)
def test_a_unary_operation_is_also_a_method(name):
    x = Value(TABLE[name].easy[-1][0])
    node = getattr(x, name)()
    assert (node.op, node.data) == (name, OPERATIONS[name](x.data))
    assert node.parents == (x,)


def test_defaults_of_an_operation_can_be_named_in_function_and_method():
    assert autograd.leaky_relu(-2) == -0.02
    assert autograd.leaky_relu(Value(-2), slope=0.5).data == -1.0
    assert Value(-2).leaky_relu(slope=0.5).data == -1.0
    assert Value(-2).leaky_relu().data == -0.02


def test_defaults_are_pytorchs():
    assert (autograd.softshrink(0.75), autograd.huber(3.0), autograd.swish(2.0)) == (0.25, 2.5, autograd.silu(2.0))
    assert (autograd.hardtanh(-2.0), autograd.hardtanh(2.0), autograd.celu(-2.0)) == (-1.0, 1.0, math.expm1(-2.0))
    assert (autograd.clip(-1e300), autograd.clip(-5.0, min=-2), autograd.clip(5.0, max=2)) == (-1e300, -2.0, 2.0)
    assert (autograd.variance([1, 3]), autograd.variance([1, 3], correction=0)) == (2.0, 1.0)


@pytest.mark.parametrize("two", [2, 2.0, Fraction(2), np.int64(2), np.float32(2)])
def test_a_square_has_one_parent_and_no_constant_but_the_function_pow_is_a_power(two):
    x = Value(3.0)
    node = x**two
    assert (node.op, node.data, node.parents, node.partials) == ("square", 9.0, (x,), (6.0,))
    assert [autograd.pow(x, two).op, (x ** Value(2)).op, (x**3).op, (2**x).op] == ["pow"] * 4


def test_a_partial_of_a_product_is_right_where_others_are_0():
    for numbers, partials in (((0, 2, 3), [6, 0, 0]), ((2, 0, 3), [0, 6, 0]), ((0, 0, 3), [0, 0, 0]), ((5,), [1])):
        values = [Value(x) for x in numbers]
        autograd.product(values).backward()
        assert [x.grad for x in values] == partials


def test_functions_of_sequences_have_their_answers_for_none_and_for_one():
    assert (autograd.product([]), autograd.norm([])) == (1.0, 0.0)
    for function in (autograd.largest, autograd.smallest, autograd.variance):
        with pytest.raises(ValueError, match=f"{function.__name__} needs at least 1 value, got 0"):
            function([])
    assert [f([-2.0]) for f in (autograd.product, autograd.norm, autograd.largest, autograd.smallest)] == [
        -2,
        2,
        -2,
        -2,
    ]
    assert math.isnan(autograd.variance([5.0]))
    assert autograd.variance([5.0], correction=0) == 0.0


def test_functions_of_sequences_take_a_million_numbers():
    many = [1.0, -1.0] * 500_000
    assert (autograd.product(many), autograd.norm(many), autograd.largest(many)) == (1.0, 1000.0, 1.0)
    assert autograd.variance(many, correction=0) == 1.0


def test_a_square_is_a_product_in_every_reading():
    for x in (0.1, 1e200, -3.3, 5e-324):
        assert (Value(x) ** 2).data == x * x
        assert autograd.pow(x, 2) == x * x


def test_derivatives_of_a_square_at_zero_stay_right_at_every_order():
    x = derivative = Value(0.0)
    derivative = x**2
    found = []
    for _ in range(5):
        (derivative,) = gradient(derivative, [x])
        found.append(derivative.data)
    assert found == [0.0, 2.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("base", [4.0, 0.5])
def test_a_powers_mixed_second_derivative_at_exponent_zero_is_one_over_the_base(base):
    x, y = Value(base), Value(0.0)
    (by_x,) = gradient(x**y, [x])
    (mixed,) = gradient(by_x, [y])
    assert mixed.data == 1 / base


def test_units_with_a_jump_or_kink_at_zero_take_one_side_there_and_are_nan_at_nan():
    units = {
        autograd.step: [0.0, 0.0, 0.0, 1.0],
        autograd.sign: [-1.0, 0.0, 0.0, 1.0],
        autograd.threshold: [-1.0, 1.0, 1.0, 1.0],
        autograd.relu: [0.0, 0.0, 0.0, 0.5],
    }
    for unit, expected in units.items():
        assert str([unit(x) for x in (-0.5, -0.0, 0.0, 0.5)]) == str(expected)  # as text, where -0 is not 0
        assert math.isnan(unit(math.nan))


def test_a_chance_is_taken_below_the_probability_and_is_nan_where_either_is():
    assert [OPERATIONS["bernoulli"](0.5, u) for u in (0.25, 0.5, 0.75)] == [1.0, 0.0, 0.0]
    assert all(math.isnan(OPERATIONS["bernoulli"](*pair)) for pair in ((math.nan, 0.5), (0.5, math.nan)))


@pytest.mark.parametrize("choice", [autograd.maximum, autograd.minimum])
def test_the_larger_and_the_smaller_of_a_number_and_nan_are_nan_and_a_tie_is_shared(choice):
    assert all(math.isnan(choice(*pair)) for pair in ((math.nan, 1.0), (1.0, math.nan)))
    x, y = Value(2.0), Value(2.0)
    tied = choice(x, y)
    tied.backward()
    assert (tied.data, x.grad, y.grad) == (2.0, 0.5, 0.5)


def test_sums_are_added_from_left_to_right_and_a_weighted_sum_starts_at_the_bias():
    # 1e16 + 1 is 1e16; compensated addition, as in Python 3.12's sum, would keep the two ones
    assert total([1e16, 1.0, 1.0]) == 1e16
    assert total([1.0, 1.0, 1e16]) == 1e16 + 2
    assert weighted_sum([1.0, 1.0], [1.0, 1.0], bias=1e16) == 1e16
    assert total([Value(1e16), 1.0, 1.0]).data == 1e16


def test_empty_sums_are_what_adding_nothing_gives():
    assert total([]) == 0.0
    assert weighted_sum([], []) == 0.0
    assert weighted_sum([], [], bias=Value(3)).data == 3.0
    assert autograd.logsumexp([]) == -math.inf
    assert softmax([]) == []
    assert log_softmax((x for x in (1000.0, 0.0)), 1) == -1000.0
    with pytest.raises(ValueError, match="mean needs at least 1 value, got 0"):
        autograd.mean([])


def test_a_million_terms_are_one_node():
    leaves = [Value(1.0)] * 1_000_000
    node = total(leaves)
    node.backward()
    assert (node.data, leaves[0].grad, len(node.parents)) == (1e6, 1e6, 1_000_000)


def test_a_layers_weighted_sums_are_those_recorded_one_by_one():
    rows = [[Value(0.1 * i + j) for j in range(3)] for i in range(2)]
    inputs, biases = [Value(0.7), Value(-0.3), 0.2], [Value(0.5), Value(-1.0)]
    together = weighted_sums(rows, inputs, biases)
    for node, row, bias in zip(together, rows, biases, strict=True):
        alone = weighted_sum(row, inputs, bias)
        assert (node.op, node.data, node.partials) == (alone.op, alone.data, alone.partials)
        assert node.parents[:5] == alone.parents[:5]  # the sixth is the constant 0.2, a leaf of each call's own
    assert together[0].parents[5] is together[1].parents[5]
    assert weighted_sums([], [], []) == []


@pytest.mark.parametrize(
    ("rows", "inputs", "biases", "error", "sentence"),
    [
        ([[Value(1.0)]], [1.0, 2.0], [Value(0.0)], ValueError, "needs one weight per input, got 1 for 2"),
        ([[Value(1.0)]], [1.0], [], ValueError, "1 rows and 0 biases"),
        ([[1.0]], [1.0], [Value(0.0)], TypeError, "needs weights and biases that are Values"),
        ([[Value(1.0)]], {1.0}, [Value(0.0)], TypeError, "must be an ordered sequence, got a set"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused(rows, inputs, biases, error, sentence):
    with pytest.raises(error, match=sentence):
        weighted_sums(rows, inputs, biases)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: weighted_sum([1, 2], [3]), ValueError, "2 weights and 1 inputs"),
        (lambda: total(3), TypeError, "total needs an ordered sequence, got an int"),
        (lambda: total("123"), TypeError, "total needs an ordered sequence, got a str"),
        (lambda: total([1, "2"]), TypeError, "got a str, '2'"),
        (lambda: autograd.exp("3"), TypeError, "an argument of exp must be a real number .* got a str, .3."),
        (lambda: autograd.exp(True), TypeError, "got a bool, True"),
        (lambda: autograd.hypot(Value(1)), TypeError, r"hypot takes \(x, y\), got 1 positional argument"),
        (lambda: autograd.leaky_relu(1, slop=2), TypeError, "slop"),
        (lambda: softmax(3), TypeError, "softmax needs an ordered sequence"),
        (lambda: log_softmax([1, 2], True), TypeError, "log_softmax's index must be an int, got bool"),
        (lambda: log_softmax([1, 2], 1.0), TypeError, "log_softmax's index must be an int, got float"),
        (lambda: log_softmax([1, 2], 2), IndexError, "must be at least 0 and below the 2 values, got 2"),
        (lambda: log_softmax([1, 2], -1), IndexError, "must be at least 0 and below the 2 values, got -1"),
        (lambda: log_softmax("12", 0), TypeError, "log_softmax needs an ordered sequence"),
        (lambda: softmax(["3"]), TypeError, "an argument of softmax must be a real number"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def test_any_real_number_will_do():
    assert autograd.exp(Fraction(0)) == 1.0
    assert autograd.maximum(1, Value(2)).data == 2.0


def test_adding_an_operation_takes_one_rule():
    # Softsign, x / (1 + |x|), with derivative 1 / (1 + |x|)²
    softsign = operation("softsign", "x", "x / (1 + abs(x))", "1 / (1 + abs(x)) ** 2")
    x = Value(-3.0)
    y = softsign(x)
    (first,) = gradient(y, [x])
    (second,) = gradient(first, [x])
    assert (y.data, first.data, second.data) == (-0.75, 1 / 16, 1 / 32)  # f″ = −2·sign(x) / (1 + |x|)³


@pytest.mark.parametrize(
    "condition",
    ["1 > x > -3", "x > 0 and x > 1 and x > 2", "x < 0", "x <= -2 or x >= 2 or x == 1", "x != 0", "not -1 < x < 1"],
)
def test_conditions_read_alike_on_floats_and_on_nodes(condition):
    f = operation("f", "x", "x", f"2 if {condition} else 3")
    for number in (-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 5.0):
        x = Value(number)
        y = f(x)
        assert gradient(y, [x])[0].data == y.partials[0] in (2.0, 3.0)


def test_a_rule_needs_a_partial_for_each_parameter():
    with pytest.raises(ValueError, match=r"f needs one partial for each of \(x, y\), got 1"):
        Operation("f", "x, y", "x + y", "1")


def test_values_given_one_by_one_are_told_to_be_a_sequence():
    with pytest.raises(TypeError, match=r"^product takes \(sequence of values\), got 2 positional arguments$"):
        autograd.product(1.0, 2.0)
    with pytest.raises(TypeError, match=r"sequence of inputs, bias=0\), got 1 positional argument$"):
        autograd.weighted_sum([1.0])


def test_hubers_slopes_at_nan_are_nan_and_its_own_elsewhere():
    for x, slope in (
        (math.nan, math.nan),
        (3.0, 1.0),
        (-3.0, -1.0),
        (1.0, 1.0),
        (-1.0, -1.0),
        (-0.5, -0.5),
        (0.0, 0.0),
    ):
        v = Value(x)
        autograd.huber(v).backward()
        assert v.grad == slope or (math.isnan(v.grad) and math.isnan(slope))
    x = Value(0.0)
    (slope,) = autograd.gradient(autograd.huber(x), [x])
    assert autograd.gradient(slope, [x])[0].data == 1.0


def test_xlogy_at_nothing_has_the_slope_log_y():
    for y in (0.5, 1.0, 3.0):
        x = Value(0.0)
        autograd.xlogy(x, y).backward()
        assert x.grad == math.log(y)
