"""The graph: the ten semantics that engines of this kind get wrong, and what a Value refuses to be."""

import copy
import gc
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, forward_sweep, gradient, reverse_sweep, topological_order
from autograd.atomic import cyclic_collector_paused
from autograd.node import clear_gradients, set_data, set_gradients
from autograd.rules import OPERATIONS


def chain(length, start=0.5):
    x = node = Value(start)
    for _ in range(length):
        node = node * 0.5 + 0.25
    return x, node


# 1. Sweeps add up


def test_backward_twice_adds_the_gradient_twice():
    x = Value(2.0)
    y = x * x
    z = y * y
    z.backward()
    assert x.grad == 32.0  # (x⁴)′ = 4x³
    z.backward()
    assert (x.grad, y.grad, z.grad) == (64.0, 16.0, 2.0)


def test_backward_on_two_outputs_adds_their_gradients():
    x = Value(3.0)
    (x * x).backward()
    (5 * x).backward()
    assert x.grad == 11.0


def test_a_seed_scales_every_gradient():
    x = Value(3.0)
    y = x * x
    y.backward(seed=-0.5)
    assert (x.grad, y.grad) == (-3.0, -0.5)


def test_threads_that_sweep_into_one_parameter_lose_no_gradient():
    w = Value(1.0)

    def work():
        for _ in range(300):
            (w * 3.0 + w).backward()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert w.grad == 4 * 300 * 4.0


def test_a_sweep_within_a_sweep_is_refused_and_leaves_sweeping_possible():
    x, y = chain(50_000)

    def sweep_again(*_):
        x.backward()

    def sweep_for_long():
        for _ in range(1_000):
            y.backward()

    previous = signal.signal(signal.SIGALRM, sweep_again)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.005)
        with pytest.raises(RuntimeError, match="a sweep is running in this thread"):
            sweep_for_long()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    x.backward()
    assert x.has_grad


# 2. Sharing sums over paths


def test_an_interior_diamond_is_swept_after_all_its_children():
    x = Value(3.0)
    y = x * x
    (y + y).backward()
    assert (x.grad, y.grad) == (12.0, 2.0)


def test_a_node_used_at_two_depths_waits_for_the_deeper_child():
    x = Value(2.0)
    y = x * x
    z = y + (y * 3.0).sin() * y
    z.backward()
    assert math.isclose(y.grad, 1 + math.sin(12) + 12 * math.cos(12), rel_tol=1e-15)


def test_sixty_doublings_take_linear_time():
    x = y = Value(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


# 3. Depth


def test_a_million_nodes_in_a_chain_build_sweep_copy_and_die():
    x = y = Value(0.5)
    for _ in range(1_000_000):
        y = y.sin()
    y.backward()
    assert 0.0 < x.grad < 1.0
    assert math.isclose(forward_sweep(y, x).derivatives[y], x.grad, rel_tol=1e-9)
    twin = copy.deepcopy(y)
    assert twin.data == y.data
    assert repr(y).startswith("Value(0.00")
    del x, y, twin


@pytest.mark.parametrize("dumps", [pickle.dumps, pickle._dumps])
def test_a_graph_of_any_depth_is_pickled_with_its_gradients_and_sharing(dumps):
    x, y = chain(5_000)
    y.backward()
    x2, y2, model = pickle.loads(dumps([x, y, nn.MLP(2, [3], autograd.tanh)]))  # noqa: S301 — our own
    assert topological_order(y2)[0] is x2
    assert (x2.grad, y2.data, y2.op) == (x.grad, y.data, "add")
    y2.backward()
    assert x2.grad == 2 * x.grad
    assert len(model.parameters()) == 9


def test_pickling_what_was_pickled_before_as_an_ancestor_leaves_nothing_behind():
    _, y = chain(5_000)
    pickle.dumps([y, y * 2])
    assert pickle.loads(pickle.dumps(y)).data == y.data  # noqa: S301 — our own


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_forked_during_a_sweep_can_sweep():
    program = (
        "import os, threading, warnings\nfrom autograd import Value\nwarnings.simplefilter('ignore')\n"
        "y = Value(1.0)\nfor _ in range(200_000): y = y * 1.0\n"
        "threading.Thread(target=lambda: [y.backward() for _ in range(20)], daemon=True).start()\n"
        "for _ in range(10):\n"
        "    child = os.fork()\n"
        "    if not child:\n        (Value(2.0) * 3).backward()\n        os._exit(0)\n"
        "    os.waitpid(child, 0)\n"
        "print('swept')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "swept\n"


def test_a_deep_copy_keeps_sharing_between_its_roots():
    x = Value(3.0, "x")
    y = x * x
    x2, y2 = copy.deepcopy([x, y])
    y2.backward()
    assert y2.parents == (x2, x2)
    assert (x2.grad, x.grad, x2.label) == (6.0, 0.0, "x")


def test_a_deep_copy_is_a_graph_of_its_own_whatever_its_nodes_depend_on():
    x = Value(3.0, "x")
    larger = OPERATIONS["greater"](x, 1.0)
    s = autograd.total([x, larger * x, x.exp(), OPERATIONS["where"](larger, x * x, x)])
    s.backward()
    twin = copy.deepcopy(s)
    order, copied = topological_order(s), topological_order(twin)
    assert [(n.op, n.data, n.grad, n.label, n.partials) for n in order] == [
        (n.op, n.data, n.grad, n.label, n.partials) for n in copied
    ]
    assert not set(order) & set(copied)
    assert [[copied.index(parent) for parent in n.parents] for n in copied] == [
        [order.index(parent) for parent in n.parents] for n in order
    ]
    (condition,) = [n for n in copied if n.op == "greater"]
    assert condition.watched[0] is copied[order.index(x)]
    assert condition.watched[1] is not larger.watched[1]


def test_a_deep_copy_takes_linear_time_where_paths_are_exponential():
    y = Value(1.0)
    for _ in range(60):
        y = y + y
    assert copy.deepcopy(y).data == 2.0**60


def test_a_deep_copy_of_two_roots_copies_what_they_share_once():
    x = Value(3.0)
    y = x * x
    y2, z2 = copy.deepcopy([y, autograd.total([y, x])])
    assert z2.parents == (y2, y2.parents[0])


def test_a_copy_is_another_node_with_the_same_parents():
    x = Value(3.0)
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    assert (twin.parents, twin.partials, twin.op) == ((x, x), (3.0, 3.0), "mul")


# 4. No reference cycles


def test_a_dropped_graph_is_freed_without_the_cyclic_collector():
    def swept():
        x, y = chain(1_000)
        y.backward()
        return y, gradient(y, [x])

    swept()  # what is made once, such as compiled rules, is made
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        graph = swept()
        held = tracemalloc.get_traced_memory()[0]
        del graph
        left = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert left < held / 100


@pytest.mark.parametrize("enabled", [True, False])
def test_the_cyclic_collector_is_paused_while_a_function_runs_and_then_is_as_it_was(enabled):
    @cyclic_collector_paused
    def told(x, *, y):
        return gc.isenabled(), x, y

    try:
        if not enabled:
            gc.disable()
        assert told(1, y=2) == (False, 1, 2)
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


# 5. Local derivatives are those of the forward pass


def test_changing_data_afterwards_falsifies_no_gradient():
    x, y = Value(3.0), Value(4.0)
    z = x * y
    x.data = y.data = 100.0
    z.backward()
    assert (x.grad, y.grad) == (4.0, 3.0)
    assert forward_sweep(z, x).derivatives[z] == 4.0
    assert reverse_sweep(z).derivatives[y] == 3.0


def test_the_gradient_graph_refuses_a_graph_whose_data_was_changed():
    x = Value(3.0, "x")
    z = x * x
    x.data = 100.0
    with pytest.raises(ValueError, match=r"\.data was changed at or near x"):
        gradient(z, [x])


# 6. Order is deterministic


def test_bits_do_not_depend_on_the_hash_seed():
    program = (
        "from autograd import *\n"
        "xs = [Value(0.1 * i) for i in range(30)]\n"
        "y = total([sin(a * b) / (1 + a) for a in xs for b in xs[::3]])\n"
        "y.backward()\n"
        "print([x.grad.hex() for x in xs])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, text=True
        ).stdout
        for seed in "01234"
    }
    assert len(runs) == 1


def test_parents_stand_in_argument_order_with_duplicates():
    x, y = Value(2.0), Value(3.0)
    assert (x * x).parents == (x, x)
    assert (y - x).parents == (y, x)
    node = autograd.weighted_sum([x, y], [y, y], bias=x)
    assert node.parents == (x, y, y, y, x)
    assert node.partials == (3.0, 3.0, 2.0, 3.0, 1.0)


# 7. IEEE results on floats (each operation's special points are in test_operations)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (lambda: autograd.exp(Value(1000)), math.inf),
        (lambda: autograd.log(Value(0)), -math.inf),
        (lambda: autograd.log(Value(-1)), math.nan),
        (lambda: 1 / Value(0), math.inf),
        (lambda: Value(-8) ** (1 / 3), math.nan),
        (lambda: Value(0) ** -1, math.inf),
        (lambda: Value(1e200) ** 2, math.inf),
        (lambda: Value(-1e200) ** 3, -math.inf),
        (lambda: Value(0) / 0, math.nan),
    ],
)
def test_arithmetic_gives_ieee_results_never_exceptions(result, expected):
    number = result().data
    assert number == expected or (math.isnan(number) and math.isnan(expected))


def test_zero_times_inf_is_nan_in_the_reverse_sweep():
    x = Value(0.0)
    (x.sqrt() * 0.0).backward()  # 0 · ∂√x/∂x = 0 · inf
    assert math.isnan(x.grad)


# 8. Bad input is refused at the door


@pytest.mark.parametrize("bad", ["3", None, True, 1j, [1], np.bool_(True), np.array([1.0, 2.0]), b"3", Value(1)])
def test_what_is_not_a_real_number_is_a_type_error_that_names_it(bad):
    with pytest.raises(TypeError, match="None" if bad is None else type(bad).__name__):
        Value(bad)


@pytest.mark.parametrize("good", [3, 3.0, Fraction(6, 2), np.float32(3), np.int64(3), np.float64(3)])
def test_real_numbers_of_all_kinds_become_floats(good):
    assert type(Value(good).data) is float
    assert Value(good).data == 3.0


def test_a_number_beyond_float64_is_refused_not_rounded_to_inf():
    with pytest.raises(ValueError, match="beyond its range"):
        Value(10**400)


def test_a_label_is_a_string():
    with pytest.raises(TypeError, match="label must be a str, got int"):
        Value(1.0, 2)


@pytest.mark.parametrize("bad", ["2", None, [1], True])
def test_arithmetic_with_anything_else_is_refused(bad):
    for attempt in (lambda: Value(1) + bad, lambda: bad * Value(1), lambda: Value(1) ** bad):
        with pytest.raises(TypeError):
            attempt()


def test_data_label_gradient_and_seed_are_checked_when_set():
    x = Value(1.0)
    with pytest.raises(TypeError, match="grad must be a real number"):
        x.grad = "0"
    with pytest.raises(TypeError, match=r"a Value's data must be a real number .* got a str, '3'"):
        x.data = "3"
    with pytest.raises(TypeError, match="label must be a str"):
        x.label = 3
    with pytest.raises(TypeError, match="seed must be a real number"):
        x.backward(seed=None)


# 9. With NumPy scalars, in sets, in conditions


@pytest.mark.parametrize("scalar", [np.float64(2), np.float32(2), np.int64(2)])
def test_a_numpy_scalar_and_a_value_make_a_value_from_either_side(scalar):
    for node in (scalar * Value(3), Value(3) * scalar):
        assert type(node) is Value
        assert node.data == 6.0
    assert (scalar - Value(3)).data == -1.0
    assert (scalar ** Value(3)).data == 8.0


@pytest.mark.parametrize(
    "make",
    [
        lambda x: x.exp(),
        lambda x: x + 1,
        lambda x: autograd.total([x, x]),
        lambda x: OPERATIONS["greater"](x, 0.0),
        lambda x: autograd.weighted_sums([[x]], [x], [x])[0],
    ],
)
def test_a_recorded_node_has_no_label_and_no_gradient_and_is_younger_than_its_inputs(make):
    x = Value(1.0, "x")
    node = make(x)
    assert (node.label, node.has_grad) == ("", False)
    assert node.age > x.age


def test_a_method_is_called_and_documented_as_its_operation():
    assert Value.tanh.__name__ == "tanh"
    assert Value.tanh.__doc__ == autograd.tanh.__doc__


def test_an_array_of_numpy_is_no_number_from_either_side():
    for attempt in (lambda x: np.array([1.0, 2.0]) * x, lambda x: x * np.array([1.0, 2.0])):
        with pytest.raises(TypeError, match="must be a real number"):
            attempt(Value(3.0))


def test_values_are_compared_and_hashed_by_identity():
    x, y = Value(1.0), Value(1.0)
    assert x != y
    assert len({x, y, x}) == 2


@pytest.mark.parametrize(
    "attempt", [bool, lambda x: x < 1, lambda x: x >= x + 1, lambda x: x > 0, lambda x: x <= 1, lambda x: max(x, x + 1)]
)
def test_conditions_on_a_value_point_to_its_data(attempt):
    with pytest.raises(TypeError, match=r"\.data"):
        attempt(Value(1.0))


# 10. Subtraction and division are operations of their own


def test_subtraction_division_and_negation_are_one_node_each():
    x, y = Value(1.0), Value(3.0)
    assert [node.op for node in topological_order(x - y)] == ["", "", "sub"]
    assert [node.op for node in topological_order(x / y)] == ["", "", "div"]
    assert [node.op for node in topological_order(-x)] == ["", "neg"]


@given(st.floats(allow_nan=False), st.floats(allow_nan=False).filter(bool))
def test_division_is_pythons_own(x, y):
    quotient = (Value(x) / y).data
    assert quotient == x / y or (math.isnan(quotient) and math.isnan(x / y))


# The rest of the surface


def test_reflected_operators_keep_the_order_of_their_operands():
    x = Value(2.0)
    assert [(5 + x).data, (5 - x).data, (5 * x).data, (5 / x).data, (5**x).data] == [7.0, 3.0, 10.0, 2.5, 25.0]


def test_signs_and_absolute_values_are_pythons_own_operators():
    x = Value(-3.0)
    assert +x is x
    assert [(abs(x).data, abs(x).op), ((-x).data, (-x).op)] == [(3.0, "abs"), (3.0, "neg")]


def test_backward_on_a_constant_gives_it_gradient_one():
    x = Value(3.0)
    x.backward()
    assert (x.grad, x.parents, x.partials, x.op) == (1.0, (), (), "")


def test_no_gradient_yet_reads_as_zero_and_is_told_from_a_gradient_of_zero():
    x, y = Value(3.0), Value(4.0)
    assert (x.grad, x.has_grad) == (0.0, False)
    (x * 0 * y).backward()
    assert (y.grad, y.has_grad) == (0.0, True)


def test_numbers_and_gradients_are_given_to_many_values_each_its_own():
    x, y = Value(1.0), Value(2.0)
    set_data([x, y], [3.0, 4.0])
    set_gradients([x, y], [5.0, 6.0])
    assert [(v.data, v.grad) for v in (x, y)] == [(3.0, 5.0), (4.0, 6.0)]
    clear_gradients([y])
    assert (x.has_grad, y.has_grad, y.grad) == (True, False, 0.0)


def test_a_layers_rows_and_biases_may_come_from_generators():
    w, b = [Value(0.5), Value(2.0)], Value(-1.0)
    sums = autograd.weighted_sums((w for _ in range(2)), (x for x in [2.0, 3.0]), (b for _ in range(2)))
    assert [node.data for node in sums] == [6.0, 6.0]


@pytest.mark.parametrize(
    "zero",
    [
        lambda x: x * -0.0,
        lambda x: Value(-0.0) * x,
        lambda x: autograd.weighted_sum([x], [-0.0], 1.0),
        lambda x: -0.0 * x + autograd.total([-0.0 * x]),
    ],
)
def test_a_gradient_of_minus_zero_keeps_its_sign(zero):
    x = Value(2.0)
    zero(x).backward()
    assert (x.grad, math.copysign(1.0, x.grad)) == (0.0, -1.0)


@pytest.mark.parametrize("sweep", [topological_order, reverse_sweep, Value.backward])
def test_each_kind_of_sweep_is_refused_within_another(sweep, monkeypatch):
    x = Value(1.0)
    monkeypatch.setattr(autograd.atomic, "_sweeping", True)
    with pytest.raises(RuntimeError, match="a sweep is running in this thread"):
        sweep(x)
    assert not x.has_grad


def test_the_order_of_what_is_no_value_is_refused():
    with pytest.raises(TypeError, match=r"^topological_order's output must be a Value, got float"):
        topological_order(2.0)


@pytest.mark.parametrize(
    "give",
    [
        lambda x, cut: set_data([x, x], cut(3.0)),
        lambda x, cut: set_data(cut(x), [3.0, 3.0]),
        lambda x, cut: set_gradients([x, x], cut(3.0)),
        lambda x, cut: set_gradients(cut(x), [3.0, 3.0]),
        lambda x, cut: clear_gradients(cut(x)),
    ],
)
def test_an_interrupt_while_values_and_numbers_are_gathered_gives_none_of_them(give):
    def interrupted(something):
        yield something
        raise KeyboardInterrupt

    x = Value(1.0)
    x.grad = 2.0
    with pytest.raises(KeyboardInterrupt):
        give(x, interrupted)
    assert (x.data, x.grad) == (1.0, 2.0)


def test_topological_order_has_parents_first_and_each_node_once():
    a, b = Value(2.0), Value(1.0)
    c, d = a + b, b + 1
    e = c * d
    order = topological_order(e)
    assert len(order) == len(set(order)) == 6
    assert all(order.index(parent) < order.index(node) for node in order for parent in node.parents)
    assert order[-1] is e
    assert topological_order(output=e) == order


def test_printing_shows_the_number_the_gradient_and_the_label():
    x = Value(3.0, "x")
    assert repr(x) == "Value(3.0, label='x')"
    x.backward()
    assert repr(x) == "Value(3.0, grad=1.0, label='x')"
    assert repr(x * x) == "Value(9.0)"


def test_an_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="foo"):
        Value(1.0).foo  # noqa: B018 — the access is the test
