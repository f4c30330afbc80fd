"""The optimizers: the recorded paths of PyTorch and Optax, arithmetic by hand, arrays, and what is refused."""

import copy
import itertools
import math
import pickle
import random
import re
import struct
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording import GRADIENTS, START, recorded

import nn
from autograd import Value, ieee, tanh
from autograd.atomic import all_or_none
from autograd.node import setting_data
from nn.array_steps import Columns
from nn.batch_steps import BatchSteps
from nn.kernel_steps import KernelSteps

RECORDED = [{"library": library} | row for library in ("pytorch", "jax") for row in recorded(library)["optimizers"]]
SWITCHED = recorded("pytorch")["switched"]
KINDS = nn.optimizers.KINDS


def ours(record, parameters):
    options = dict(record["options"])
    if record["optimizer"] == "NAG":  # PyTorch's SGD with nesterov=True
        assert options.pop("nesterov")
    return getattr(nn, record["optimizer"])(parameters, **options)


def named(record):
    return f"{record['library']}, {record['optimizer']}{record['options']}"


@pytest.mark.parametrize("record", RECORDED, ids=named)
def test_each_optimizer_takes_the_recorded_path_on_rosenbrocks_function(record):
    x, y = Value(1.5), Value(1.5)
    optimizer = ours(record, [x, y])
    for step, (theirs_x, theirs_y) in enumerate(record["path"], start=1):
        optimizer.zero_grad()
        ((1 - x) ** 2 + 100 * (y - x**2) ** 2).backward()
        optimizer.step()
        assert math.isclose(x.data, theirs_x, rel_tol=2e-15), step
        assert math.isclose(y.data, theirs_y, rel_tol=2e-15), step


@pytest.mark.parametrize("record", RECORDED, ids=named)
def test_each_optimizer_ends_where_recorded_after_gradients_of_any_size(record):
    parameters = [Value(START) for _ in GRADIENTS]
    optimizer = ours(record, parameters)
    for gradients in zip(*GRADIENTS, strict=True):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()
    for parameter, theirs, gradients in zip(parameters, record["pushed"], GRADIENTS, strict=True):
        assert math.isclose(parameter.data, theirs, rel_tol=1e-14), gradients


def rosenbrock(x, y):
    """The gradient of (1 − x)² + 100·(y − x²)²."""
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


@pytest.mark.parametrize("arrays", ["never", "always", "every second step"])
@pytest.mark.parametrize("record", SWITCHED, ids=lambda record: f"{record['optimizer']}{record['changes']}")
def test_memory_outlives_the_formulas_that_do_not_mention_it(record, arrays):
    parameters = [Value(1.5), Value(1.5)]
    optimizer = getattr(nn, record["optimizer"])(parameters, **record["options"])
    changes = iter(record["changes"])
    for step, path in enumerate(record["path"]):
        if step % (len(record["path"]) // 5) == 0:
            for name, number in next(changes, {}).items():
                setattr(optimizer, name, number)
        w = np.array([parameter.data for parameter in parameters])
        if arrays == "always" or (arrays == "every second step" and step % 2):
            taken = optimizer.on_arrays([0, 1])
            new, taken.last = taken.next(w, rosenbrock(*w))
            all_or_none(taken.storing())
            parameters[0].data, parameters[1].data = new.tolist()
        else:
            swept(parameters, rosenbrock(*w))
            optimizer.step()
        assert np.allclose([parameter.data for parameter in parameters], path, rtol=1e-13, atol=0), step


@pytest.mark.parametrize("record", SWITCHED, ids=lambda record: f"{record['optimizer']}{record['changes']}")
def test_steps_of_one_array_go_on_with_what_other_formulas_remember(record):
    parameters = [Value(1.5), Value(1.5)]
    optimizer = getattr(nn, record["optimizer"])(parameters, **record["options"])
    changes, w, steps = iter(record["changes"]), np.array([1.5, 1.5]), optimizer.on_arrays([0, 1])
    for step, path in enumerate(record["path"]):
        if step % (len(record["path"]) // 5) == 0:
            for name, number in next(changes, {}).items():
                setattr(optimizer, name, number)
        w, steps.last = steps.next(w, rosenbrock(*w))
        assert np.allclose(w, path, rtol=1e-13, atol=0), step


def test_momentum_that_is_switched_off_and_on_again_still_has_its_velocity():
    # By hand, as PyTorch: v = 1, then a step without it, then v = 0.9 + 1
    w = Value(0.0)
    optimizer = nn.SGD([w], lr=0.1, momentum=0.9)
    for momentum, reached in ((0.9, -0.1), (0.0, -0.2), (0.9, -0.39)):
        optimizer.momentum = momentum
        w.grad = 1.0
        optimizer.step()
        assert math.isclose(w.data, reached, rel_tol=1e-15)


def test_the_first_velocity_is_the_gradient_whenever_momentum_begins():
    # By hand, as PyTorch: a step of 1; then v = 3, not (1 − ¼)·3; then ½·3 + (1 − ¼)·2
    w = Value(0.0)
    optimizer = nn.SGD([w], lr=1.0)
    for gradient, momentum, reached in ((1.0, 0.0, -1.0), (3.0, 0.5, -4.0), (2.0, 0.5, -7.0)):
        optimizer.momentum, optimizer.dampening = momentum, 0.25
        w.grad = gradient
        optimizer.step()
        assert w.data == reached


def test_dampening_switched_on_later_goes_on_with_the_velocity_there_is():
    # By hand: v = 1 without dampening, then ½·1 + (1 − ¼)·2
    w = Value(0.0)
    optimizer = nn.SGD([w], lr=1.0, momentum=0.5)
    w.grad = 1.0
    optimizer.step()
    optimizer.dampening = 0.25
    w.grad = 2.0
    optimizer.step()
    assert w.data == -1.0 - 2.0


def test_memory_that_no_formula_mentions_now_is_copied_and_pickled():
    w = Value(0.0)
    optimizer = nn.SGD([w], lr=1.0, momentum=0.5)
    for momentum in (0.5, 0.0):
        optimizer.momentum = momentum
        w.grad = 1.0
        optimizer.step()
    optimizer.momentum = 0.5
    for other in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):  # noqa: S301 — our own
        (parameter,) = other.parameters
        parameter.grad = 0.0
        other.step()
        assert parameter.data == -2.0 - 0.5


def test_parameters_that_remember_different_names_take_no_steps_as_one_array():
    x, y = Value(1.0), Value(2.0)
    optimizer = nn.SGD([x, y])
    for momentum, parameter in ((0.5, x), (0.0, y), (0.0, x), (0.0, y)):
        x.grad = y.grad = None
        optimizer.momentum, parameter.grad = momentum, 1.0
        optimizer.step()
    assert optimizer.on_arrays([0, 1]) is None


@pytest.mark.parametrize("arrays", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("gradient", [3.3, 1e-3, -0.7, 1e10, 1 / 3])
def test_a_centered_variance_is_not_negative_where_the_gradient_is_constant(gradient, alpha, momentum, arrays):
    w = Value(0.0)
    optimizer = nn.RMSprop([w], alpha=alpha, momentum=momentum, centered=True)
    if arrays:
        steps, moved = optimizer.on_arrays([0]), np.zeros(1)
        for _ in range(800):
            moved, steps.last = steps.next(moved, np.array([gradient]))
        w.data = moved[0]
    else:
        for _ in range(800):
            w.grad = gradient
            optimizer.step()
    assert math.isfinite(w.data)
    assert w.data * gradient < 0


def test_pytorch_has_recorded_every_optimizer_and_optax_all_but_the_variants_of_adam():
    for library, left_out in (("pytorch", set()), ("jax", {nn.AdamW, nn.Adamax, nn.NAdam})):
        names = {record["optimizer"] for record in RECORDED if record["library"] == library}
        assert names == {kind.__name__ for kind in set(KINDS) - left_out}


@pytest.mark.parametrize("record", RECORDED, ids=named)
def test_the_formula_on_arrays_has_the_bits_of_the_formula_on_floats(record):
    generator = np.random.default_rng(0)
    parameters = [Value(w) for w in generator.normal(size=50)]
    optimizer = ours(record, parameters)
    update = optimizer.update
    constants = [getattr(optimizer, name) for name in update.constants]
    w = np.array([parameter.data for parameter in parameters])
    memory = [np.full(50, optimizer.initial(name)) for name in update.memory]
    for t in range(1, 6):
        g = generator.normal(size=50) * 10.0 ** generator.integers(-8, 8, size=50)
        for parameter, number in zip(parameters, g, strict=True):
            parameter.grad = number
        optimizer.step()
        results = update.on_arrays(w, g, float(t), *memory, *constants)
        memory = [results[i] for i in update.memory_indices]
        w = results[update.w_index]
        assert w.tolist() == [parameter.data for parameter in parameters]


@pytest.mark.parametrize(
    ("optimizer", "steps"),
    [
        (lambda w: nn.Adagrad(w, lr=1.0, eps=0.5), [-2 / 2.5, -2 / (math.sqrt(8) + 0.5)]),
        (lambda w: nn.Adagrad(w, lr=1.0, eps=0.5, lr_decay=3.0), [-2 / 2.5, -2 / 4 / (math.sqrt(8) + 0.5)]),
        (lambda w: nn.RMSprop(w, lr=1.0, alpha=0.0, eps=0.5), [-2 / 2.5, -2 / 2.5]),
        (lambda w: nn.RMSprop(w, lr=1.0, alpha=0.0, eps=0.5, momentum=0.5), [-2 / 2.5, -0.5 * 2 / 2.5 - 2 / 2.5]),
        (lambda w: nn.RMSprop(w, lr=1.0, alpha=0.5, eps=0.5, centered=True), [-2 / 1.5, -2 / (math.sqrt(0.75) + 0.5)]),
        (lambda w: nn.Adam(w, lr=1.0, betas=(0.0, 0.0), eps=0.5), [-2 / 2.5, -2 / 2.5]),
        (lambda w: nn.Adadelta(w, rho=0.0, eps=0.5), [-2 / 3, -2 * math.sqrt(4 / 9 + 0.5) / math.sqrt(4.5)]),
    ],
)
def test_epsilon_is_added_outside_the_root_and_adadeltas_inside(optimizer, steps):
    # The gradient is 2: by hand, g² = 4, and where it is forgotten by halves G = 2, then 3, and m = 1, then 1.5
    w = Value(0.0)
    moving = optimizer([w])
    for step in steps:
        w.data, w.grad = 0.0, 2.0
        moving.step()
        assert math.isclose(w.data, step, rel_tol=1e-15)


def test_a_centered_mean_is_that_of_the_gradients():
    w = Value(0.0)
    w.grad = 2.0
    optimizer = nn.RMSprop([w], alpha=0.75, centered=True)
    optimizer.step()
    (row,) = [line for line in optimizer.explain().splitlines() if line.startswith("m ")]
    assert row.split()[-1] == "0.5"


def test_momentum_is_the_lectures_form_with_v_as_minus_lr_times_ours():
    # V ← γV − ηg, W ← W + V on W²/2, whose gradient is W: by hand from W = 1 with γ = 0.5, η = 0.1
    w = Value(1.0)
    optimizer = nn.Momentum([w], lr=0.1, momentum=0.5)
    V, W = 0.0, 1.0
    for _ in range(10):
        V = 0.5 * V - 0.1 * W
        W = W + V
        optimizer.zero_grad()
        (w * w / 2).backward()
        optimizer.step()
        assert math.isclose(w.data, W, rel_tol=1e-14)


def test_nag_is_the_lectures_form_whose_w_is_the_parameter_minus_gamma_v():
    # V ← γV − η·∂E/∂(W + γV), W ← W + V on W²/2: our parameter is the point W + γV where the gradient is taken
    w = Value(1.0)
    optimizer = nn.NAG([w], lr=0.1, momentum=0.5)
    V, W = 0.0, 1.0
    for _ in range(10):
        V = 0.5 * V - 0.1 * (W + 0.5 * V)
        W = W + V
        optimizer.zero_grad()
        (w * w / 2).backward()
        optimizer.step()
        assert math.isclose(w.data, W + 0.5 * V, rel_tol=1e-14)


def test_adagrad_falls_to_what_the_errata_say_where_the_printed_sign_climbs():
    w = Value(1.0)
    optimizer = nn.Adagrad([w], lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        (w * w / 2).backward()
        optimizer.step()
    assert 0.1 < w.data < 0.5
    printed, G = 1.0, 0.0
    for _ in range(50):
        G += printed**2
        printed += 0.1 * printed / math.sqrt(G + 1e-10)
    assert printed > 1.5


def test_adams_first_step_is_lr_whatever_the_gradient():
    # v̂ = g and Ĝ = g² after one step, so that the step is −lr·g / (|g| + ε)
    for g in (1e-3, 5.0, -1e6):
        w = Value(0.0)
        w.grad = g
        nn.Adam([w], lr=0.01).step()
        assert math.isclose(w.data, -math.copysign(0.01, g), rel_tol=1e-4)


def test_a_table_of_the_last_step_has_every_quantity_of_the_formula():
    w = Value(1.0, "w7")
    optimizer = nn.Adam([w], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
    first, heads, *rows = optimizer.explain().splitlines()
    assert first == "Adam, step 2 of w7"
    # Kingma and Ba's m and v are the lecture's v and G
    brackets = {row.split()[0]: row.split()[1] for row in rows if row.split()[1].startswith("(")}
    assert brackets == {"v": "(m)", "G": "(v)", "v̂": "(m̂)", "Ĝ": "(v̂)"}
    assert heads.split() == ["quantity", "formula", "numbers", "value"]
    table = {row.split("  ")[0]: row.split()[-1] for row in rows}
    # By hand: w₁ = 0.9, g = 1.8; v = 0.9·0.2 + 0.1·1.8 = 0.36, G = 0.999·0.004 + 0.001·3.24 = 0.007236,
    # v̂ = 0.36 / 0.19, Ĝ = 0.007236 / (1 − 0.999²)
    assert table["g"] == "1.8"
    assert table["v"] == "0.36"
    assert table["G"] == "0.007236"
    assert table["v̂"] == "1.89474"
    assert table["Ĝ"] == "3.61981"
    assert float(table["step"].replace("−", "-")) == pytest.approx(-0.1 * 1.894737 / math.sqrt(3.61981), rel=1e-5)
    assert float(table["new w"]) == pytest.approx(w.data, rel=1e-5)


def test_an_optimizer_of_ones_own_is_its_formula_and_a_lone_number_is_shown_once():
    class Whole(nn.optimizers.Optimizer):
        def formula(self):
            yield "step = g"
            yield "w = w - step"

    w = Value(1.0, "w")
    w.grad = 0.25
    optimizer = Whole([w], lr=1.0, weight_decay=0.0)
    optimizer.step()
    assert w.data == 0.75
    *_, step, moved = optimizer.explain().splitlines()
    assert step.split() == ["step", "g", "0.25"]
    assert moved == "new w     w − step  1 − 0.25  0.75"


def test_the_tables_columns_line_up_also_under_a_hat():
    w = Value(1.0)
    w.grad = 0.3
    optimizer = nn.Adam([w])
    optimizer.step()
    _, *lines = optimizer.explain().replace("\N{COMBINING CIRCUMFLEX ACCENT}", "").splitlines()
    for head in ("formula", "numbers", "value"):
        column = lines[0].index(head)
        assert {line[column - 2 : column] for line in lines} == {"  "}
        assert [line for line in lines if line[column] == " "] == (lines[1:3] if head == "numbers" else [])


@pytest.mark.parametrize(
    ("unknown", "named"), [("z", "'z'"), (Value(1.0, "z"), "z"), (Value(1.0), "that"), (0.5, "that")]
)
def test_what_is_no_parameter_of_the_optimizer_is_named_if_it_has_a_name(unknown, named):
    with pytest.raises(ValueError, match=f"^{named} is none of this optimizer's 1 parameters"):
        nn.SGD([Value(1.0, "w")]).explain(unknown)


def test_a_label_that_two_parameters_have_chooses_neither():
    optimizer = nn.SGD([Value(1.0, "w"), Value(2.0, "w"), Value(3.0, "b")])
    with pytest.raises(ValueError, match="2 parameters are labelled 'w': pass the Value instead of its label"):
        optimizer.explain("w")
    with pytest.raises(ValueError, match="b hasn't taken a step yet"):
        optimizer.explain("b")


@pytest.mark.parametrize("kind", KINDS)
def test_each_optimizer_explains_itself_and_chooses_by_label_or_parameter(kind):
    x, y = Value(1.0, "x"), Value(-2.0, "y")
    optimizer = kind([x, y])
    with pytest.raises(ValueError, match="x hasn't taken a step yet"):
        optimizer.explain()
    (x * x + y * y).backward()
    optimizer.step()
    assert optimizer.explain(y) == optimizer.explain("y")
    assert optimizer.explain().splitlines()[0] == f"{kind.__name__}, step 1 of x"
    assert optimizer.explain("y").splitlines()[3].split()[-1] == "−4"
    with pytest.raises(ValueError, match="'z' is none of this optimizer's 2 parameters"):
        optimizer.explain("z")


@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_without_gradient_stays_and_takes_no_step(kind):
    x, y = Value(1.0), Value(2.0)
    optimizer = kind([x, y], weight_decay=0.1)
    x.grad = 1.0
    optimizer.step()
    assert x.data != 1.0
    assert y.data == 2.0
    y.grad = 1.0
    optimizer.step()
    assert optimizer.explain(y).startswith(f"{kind.__name__}, step 1 of")


@pytest.mark.parametrize("kind", KINDS)
def test_state_lives_in_the_optimizer_and_is_copied_and_pickled_with_it(kind):
    def stepped(optimizer, gradient=3.0):
        for parameter in optimizer.parameters:
            parameter.grad = gradient
        optimizer.step()
        return [parameter.data for parameter in optimizer.parameters]

    optimizer = kind([Value(1.0), Value(2.0)])
    stepped(optimizer, -0.5)
    copies = [copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))]  # noqa: S301 — our own
    fresh = kind([Value(parameter.data) for parameter in optimizer.parameters])
    again = stepped(optimizer)
    assert [stepped(other) for other in copies] == [again, again]
    if kind is not nn.SGD:
        assert stepped(fresh) != again


@given(g=st.floats(width=64), w=st.floats(width=64))
def test_no_gradient_makes_an_optimizer_raise(g, w):
    for kind in KINDS:
        parameter = Value(w)
        parameter.grad = g
        optimizer = kind([parameter])
        optimizer.step()
        optimizer.step()
        assert type(parameter.data) is float
        assert "new w" in optimizer.explain()


def test_weight_decay_is_part_of_the_gradient_and_is_what_the_penalty_adds():
    for kind in set(KINDS) - {nn.AdamW}:  # which does without
        decayed, penalized = Value(2.0), Value(2.0)
        with_decay, without = kind([decayed], weight_decay=0.3), kind([penalized])
        for _ in range(5):
            with_decay.zero_grad()
            (decayed * 1.5).backward()
            with_decay.step()
            without.zero_grad()
            (penalized * 1.5 + nn.l2_penalty([penalized], 0.3)).backward()
            without.step()
        assert math.isclose(decayed.data, penalized.data, rel_tol=1e-12), kind


@pytest.mark.parametrize(
    ("optimizer", "reached"),
    [
        # w = 1, g = 2, all by hand: Adam's first step is −lr·g / (|g| + ε), whatever the betas
        (lambda w: nn.AdamW(w, lr=0.5, weight_decay=0.25, eps=0.5), 1 * (1 - 0.5 * 0.25) - 0.5 * 2 / 2.5),
        (lambda w: nn.Adamax(w, lr=0.5, eps=0.5), 1 - 0.5 * 2 / 2.5),
        (lambda w: nn.Adamax(w, lr=0.5, eps=0.5, weight_decay=1.0), 1 - 0.5 * 3 / 3.5),
        # β₁ = ½, ψ = 0: μ = ¼, v = 1, Π = ¼, so v̂ = ¼·1 / (1 − 1/16) + ¾·2 / ¾ = 34/15
        (lambda w: nn.NAdam(w, lr=0.5, betas=(0.5, 0.9), eps=0.5, momentum_decay=0.0), 1 - 0.5 * 34 / 15 / 2.5),
        (
            lambda w: nn.NAdam(
                w, 0.5, (0.5, 0.9), eps=0.5, momentum_decay=0.0, weight_decay=0.25, decoupled_weight_decay=True
            ),
            0.875 - 0.5 * 34 / 15 / 2.5,
        ),
    ],
)
def test_the_first_step_of_adams_variants_is_that_of_arithmetic_by_hand(optimizer, reached):
    w = Value(1.0)
    w.grad = 2.0
    optimizer([w]).step()
    assert math.isclose(w.data, reached, rel_tol=1e-14)


def test_what_a_method_says_that_it_remembers_is_what_any_of_its_formulas_reads():
    for kind in KINDS:
        settings, remembered = kind.settings(), set()
        for values in itertools.product([0.0, 0.5], repeat=len(settings)):
            optimizer = kind([Value(1.0)])
            for name, value in zip(settings, values, strict=True):
                setattr(optimizer, name, value)
            try:
                remembered |= {*optimizer.update.memory}
            except ValueError:  # Nesterov's method without a momentum
                continue
        assert remembered == {*kind.memory}, kind


def test_hyperparameters_may_change_between_steps():
    w = Value(1.0)
    optimizer = nn.SGD([w], lr=0.1)
    w.grad = 1.0
    optimizer.step()
    optimizer.lr = 0.01
    optimizer.step()
    assert math.isclose(w.data, 1.0 - 0.1 - 0.01)
    optimizer.momentum = 0.5  # from now on v is remembered
    optimizer.step()
    optimizer.step()
    assert math.isclose(w.data, 0.89 - 0.01 - 0.015)
    with pytest.raises(ValueError, match="lr must be finite and not negative, got -1"):
        optimizer.lr = -1
    assert optimizer.lr == 0.01


def test_an_exception_midway_moves_no_parameter():
    x, y = Value(1.0), Value(2.0)
    optimizer = nn.Adam([x, y])
    x.grad = y.grad = 1.0
    optimizer.step()
    before = x.data, y.data, optimizer.explain(x), optimizer.explain(y)
    y._data = None  # as if something had broken it
    with pytest.raises(TypeError):
        optimizer.step()
    y._data = before[1]
    assert (x.data, y.data, optimizer.explain(x), optimizer.explain(y)) == before


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda w: nn.SGD([w], momentum=-0.1), "momentum must be finite and not negative, got -0.1"),
        (lambda w: nn.SGD([w], dampening=-0.1), "dampening must be finite and not negative, got -0.1"),
        (lambda w: nn.RMSprop([w], momentum=-0.1), "momentum must be finite and not negative, got -0.1"),
        (lambda w: nn.RMSprop([w], eps=-0.1), "eps must be finite and not negative, got -0.1"),
        (lambda w: nn.Adadelta([w], eps=-0.1), "eps must be finite and not negative, got -0.1"),
        (lambda w: nn.Adam([w], eps=-0.1), "eps must be finite and not negative, got -0.1"),
        (lambda w: nn.SGD([w], nesterov=True), "needs a momentum and no dampening, got momentum 0 and dampening 0"),
        (lambda w: nn.SGD([w], momentum=0.5, dampening=0.1, nesterov=True), "dampening 0.1"),
        (lambda w: nn.NAG([w], momentum=0.0), "needs a momentum"),
        (lambda w: nn.Momentum([w], weight_decay=-1), "weight_decay must be finite and not negative, got -1"),
        (lambda w: nn.Adagrad([w], eps=-1e-9), "eps must be finite and not negative"),
        (lambda w: nn.Adagrad([w], initial_accumulator_value=-1), "initial_accumulator_value must be finite"),
        (lambda w: nn.Adagrad([w], lr_decay=math.inf), "lr_decay must be finite"),
        (lambda w: nn.Adadelta([w], rho=1.5), "rho must be at least 0 and at most 1, got 1.5"),
        (lambda w: nn.RMSprop([w], alpha=-0.5), "alpha must be at least 0 and at most 1, got -0.5"),
        (lambda w: nn.Adam([w], betas=(0.9, 1.0)), "beta2 must be at least 0 and less than 1, got 1.0"),
        (lambda w: nn.Adam([w], betas=(math.nan, 0.9)), "beta1 must be at least 0 and less than 1, got nan"),
        (lambda w: nn.Adam([w], betas=(0.9,)), "betas must be 2 numbers, got 1"),
        (lambda w: nn.Adam([w], lr=math.nan), "lr must be finite and not negative, got nan"),
        (lambda _: nn.Adam([]), "Adam needs at least 1 parameter, got 0"),
        (lambda w: nn.RMSprop([w, w]), "each parameter must be listed once, got one that is listed twice"),
    ],
)
def test_bad_hyperparameters_are_refused(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt(Value(1.0))


@pytest.mark.parametrize(
    ("optimizer", "memory", "constants"),
    [
        (nn.SGD, [], ["lr"]),
        (lambda w: nn.SGD(w, momentum=0.5, dampening=0.1), ["v", "begun"], ["momentum", "dampening", "lr"]),
        (lambda w: nn.Momentum(w, weight_decay=0.1), ["v"], ["weight_decay", "momentum", "lr"]),
        (lambda w: nn.Adagrad(w, lr_decay=0.1), ["G"], ["lr", "lr_decay", "eps"]),
        (nn.Adadelta, ["E_g", "E_delta"], ["rho", "eps", "lr"]),
        (lambda w: nn.RMSprop(w, centered=True, momentum=0.1), ["G", "m", "v"], ["alpha", "momentum", "eps", "lr"]),
        (lambda w: nn.Adam(w, amsgrad=True), ["v", "G", "G_max"], ["beta1", "beta2", "lr", "eps"]),
    ],
)
def test_an_update_remembers_what_it_reads_first_and_takes_hyperparameters_as_given(optimizer, memory, constants):
    update = optimizer([Value(1.0)]).update
    assert (sorted(update.memory), sorted(update.constants)) == (sorted(memory), sorted(constants))


def test_overflow_on_arrays_is_a_result_and_no_warning():
    update = nn.Adagrad([Value(1.0)]).update
    G, step, w = update.on_arrays(np.array([1.0]), np.array([1e200]), 1.0, np.array([0.0]), 0.01, 1e-10)
    assert (G.tolist(), step.tolist(), w.tolist()) == ([math.inf], [0.0], [1.0])


def test_bounds_that_belong_to_the_range_are_taken():
    w = Value(1.0)
    assert nn.Adadelta([w], rho=1.0).rho == nn.RMSprop([w], alpha=1).alpha == 1.0
    assert nn.SGD([w], lr=0).lr == nn.Adam([w], betas=(0, 0)).beta1 == 0.0


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda w: nn.SGD([w, 1.0]), TypeError, "a parameter must be a Value, got float"),
        (lambda w: nn.SGD([w * 2]), ValueError, "a parameter must be a leaf of the graph, got the result of mul"),
        (lambda w: nn.SGD([w], lr="1"), TypeError, "lr must be a real number"),
        (lambda w: nn.optimizers.Optimizer([w], 0.1, 0.0).step(), NotImplementedError, None),
    ],
)
def test_what_cannot_be_optimized_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt(Value(1.0))


def swept(parameters, gradients):
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


def test_an_arrays_last_step_is_continued_without_a_step_of_each_parameter(monkeypatch):
    parameters = [Value(1.0), Value(-2.0)]
    optimizer = nn.Momentum(parameters, lr=0.25, momentum=0.5)
    for expected in ([0.75, -2.25], [0.375, -2.625]):  # by hand: v = 1, then 0.5·1 + 1
        steps = optimizer.on_arrays([0, 1])
        step = steps.next(np.array([p.data for p in parameters]), np.array([1.0, 1.0]))
        assert step.w.tolist() == expected
        steps.last = step.last
        all_or_none([setting_data(parameters, step.w.tolist()), *steps.storing()])
        monkeypatch.setattr(Columns, "steps", None)


@pytest.mark.parametrize("record", RECORDED, ids=named)
def test_steps_of_an_array_may_be_taken_between_steps_of_the_parameters(record):
    starts, gradients = [1.0, -2.0, 0.5], [[0.5, 0.25, -3.0], [1.0, 2.0, 4.0], [-0.75, 0.125, 1e-9]]
    alone, mixed = [Value(w) for w in starts], [Value(w) for w in starts]
    one, other = ours(record, alone), ours(record, mixed)
    for gradient in [*gradients, *gradients]:
        swept(alone, gradient)
        one.step()
    for turn in range(2):
        swept(mixed, gradients[0])
        other.step()
        steps = other.on_arrays([2, 0])
        w = np.array([mixed[2].data, mixed[0].data])
        for gradient in gradients[1:]:
            step = steps.next(w, np.array([gradient[2], gradient[0]]))
            w, steps.last = step.w, step.last
            swept([mixed[1]], [gradient[1]])
            for parameter in (mixed[0], mixed[2]):
                parameter.grad = None
            other.step()
        assert steps.gradient() == [gradients[-1][2], gradients[-1][0]]
        assert not steps.is_current()  # the other parameter moved meanwhile
        assert steps.stored is not steps.last
        all_or_none(steps.storing())
        assert steps.is_current(), turn
        assert steps.stored is steps.last
        mixed[2].data, mixed[0].data = w.tolist()
    assert [parameter.data for parameter in mixed] == [parameter.data for parameter in alone]
    assert [other.explain(i) for i in mixed] == [one.explain(i) for i in alone]


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_parameters_of_different_ages_or_formulas_take_no_steps_as_one_array(decay):
    x, y = Value(1.0), Value(2.0)
    optimizer = nn.Momentum([x, y])
    assert optimizer.on_arrays([0, 1]) is not None
    x.grad = 1.0
    optimizer.step()
    assert optimizer.on_arrays([0, 1]) is None
    assert optimizer.on_arrays([0]).is_current()
    optimizer.weight_decay = decay  # another formula, unless it is 0
    x.grad, y.grad = None, 1.0
    optimizer.step()
    assert (optimizer.on_arrays([0, 1]) is None) == (decay != 0)


def test_an_optimizer_with_a_step_of_its_own_takes_none_on_arrays():
    class Own(nn.SGD):
        def step(self):
            super().step()

    class Callable(nn.SGD):
        step = staticmethod(print)

    assert Own([Value(1.0)]).on_arrays([0]) is None
    assert Callable([Value(1.0)]).on_arrays([0]) is None


def test_an_array_that_has_taken_no_step_has_no_gradient_and_stores_nothing():
    optimizer = nn.Adam([Value(1.0)])
    steps = optimizer.on_arrays([0])
    assert (steps.storing(), steps.gradient(), steps.last, steps.stored) == ([], [], None, None)
    with pytest.raises(ValueError, match="parameter 1 hasn't taken a step yet"):
        optimizer.explain()


def test_defaults_are_pytorchs():
    # torch.optim 2.13; SGD's momentum there is 0, what is called Momentum and NAG here has the customary 0.9
    sgd = {"lr": 1e-3, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0}
    moments = {"betas": (0.9, 0.999), "eps": 1e-8}
    defaults = {
        nn.SGD: {**sgd, "nesterov": False},
        nn.Momentum: {**sgd, "momentum": 0.9},
        nn.NAG: {"lr": 1e-3, "momentum": 0.9, "weight_decay": 0.0},
        nn.Adagrad: {
            "lr": 1e-2,
            "lr_decay": 0.0,
            "weight_decay": 0.0,
            "initial_accumulator_value": 0.0,
            "eps": 1e-10,
        },
        nn.Adadelta: {"lr": 1.0, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
        nn.RMSprop: {
            "lr": 1e-2,
            "alpha": 0.99,
            "eps": 1e-8,
            "weight_decay": 0.0,
            "momentum": 0.0,
            "centered": False,
        },
        nn.Adam: {"lr": 1e-3, **moments, "weight_decay": 0.0, "amsgrad": False},
        nn.AdamW: {"lr": 1e-3, **moments, "weight_decay": 1e-2, "amsgrad": False},
        nn.Adamax: {"lr": 2e-3, **moments, "weight_decay": 0.0},
        nn.NAdam: {
            "lr": 2e-3,
            **moments,
            "weight_decay": 0.0,
            "momentum_decay": 4e-3,
            "decoupled_weight_decay": False,
        },
    }
    assert defaults.keys() == set(KINDS)
    for kind, expected in defaults.items():
        optimizer = kind([Value(1.0)])
        assert {name: getattr(optimizer, name) for name in expected} == expected, kind


def test_a_line_that_is_one_number_for_all_parameters_is_given_back_to_each():
    class Slowing(nn.optimizers.Optimizer):
        def formula(self):
            yield "rate = lr / sqrt(t)"
            yield "w = w - rate * g"

    x, y = Value(1.0), Value(2.0)
    optimizer = Slowing([x, y], lr=0.5, weight_decay=0.0)
    steps = optimizer.on_arrays([0, 1])
    steps.last = steps.next(np.array([1.0, 2.0]), np.array([0.25, -1.0])).last
    all_or_none(steps.storing())
    for parameter, moved in ((x, 0.875), (y, 2.5)):
        *_, rate, new = optimizer.explain(parameter).splitlines()
        assert (rate.split()[-1], float(new.split()[-1])) == ("0.5", moved)


@pytest.mark.parametrize("betas", [0.9, "ab", {0.9, 0.99}])
def test_betas_are_a_sequence_of_numbers(betas):
    with pytest.raises(TypeError, match="betas must be an ordered sequence, got "):
        nn.Adam([Value(1.0)], betas=betas)


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        (nn.Adamax, {"v": "(m)", "v̂": "(m̂)"}),
        (nn.NAdam, {"v": "(m)", "G": "(n)", "v̂": "(m̂)", "Ĝ": "(n̂)"}),
    ],
)
def test_the_letters_of_the_papers_stand_in_brackets(kind, letters):
    w = Value(1.0)
    w.grad = 2.0
    optimizer = kind([w])
    optimizer.step()
    rows = [line.split() for line in optimizer.explain().splitlines()[2:]]
    assert {row[0]: row[1] for row in rows if row[1].startswith("(")} == letters


def test_an_optimizer_of_ones_own_remembers_every_line_but_w_and_g():
    class Own(nn.Optimizer):
        def formula(self):
            yield "half = 0.5"
            yield "m = m + half * g"
            yield "w = w - lr * m"

    w = Value(1.0)
    optimizer = Own([w], lr=1.0, weight_decay=0.5)
    w.grad = 0.5
    optimizer.step()  # g = 0.5 + 0.5·1
    assert optimizer.remembered() == [(1, {"half": 0.5, "m": 0.5})]
    assert "0 + 0.5·1" in optimizer.explain()
    twin = Own([Value(w.data)], lr=1.0)
    twin.restore(optimizer.remembered())
    assert twin.remembered() == optimizer.remembered()
    with pytest.raises(ValueError, match=r"one pair \(steps, memory\) for each of 1 parameter, got 2$"):
        twin.restore(2 * optimizer.remembered())


def test_a_parameter_that_is_taken_out_and_put_back_keeps_its_memory():
    # by hand: v = 1, a step without it, then v = 0.5·1 + 1
    x, y = Value(0.0, "x"), Value(0.0, "y")
    optimizer = nn.SGD([x, y], lr=1.0, momentum=0.5)
    for parameters in ([x, y], [y], [y, x]):
        optimizer.parameters[:] = parameters
        x.grad = y.grad = 1.0
        optimizer.step()
    assert (x.data, y.data) == (-1.0 - 1.5, -1.0 - 1.5 - 1.75)
    optimizer.parameters[:] = [x]
    assert optimizer.explain().startswith("SGD, step 2 of x")
    with pytest.raises(ValueError, match="'y' is none of this optimizer's 1 parameters"):
        optimizer.explain("y")


# What a formula's text may say


SPECIAL = [0.0, 0.1, 1 / 3, 0.5, 1.0, 1.5, 2.0, 3.0, 1e-300, 5e-324, 1e200, 2.0**53 + 2, 2.0**53 - 1, math.inf]
SPECIAL += [-number for number in SPECIAL] + [math.nan]
ANY = [random.Random(0).gauss(0, 1) * 10.0**k for k in range(-9, 10)]
ELSEWHERE = {
    # The words that arrays have, on floats and without the readings
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "-x": lambda x, _: -x,
    "x * y": lambda x, y: x * y,
    "x / y": ieee.divide,
    "x ** y": ieee.power,
    "sqrt(x)": lambda x, _: math.sqrt(x) if x >= 0 else math.nan,
    "abs(x)": lambda x, _: math.fabs(x),
    "maximum(x, y)": lambda x, y: math.nan if math.isnan(x) or math.isnan(y) else max(x, y),
}


def bits(number):
    return "nan" if math.isnan(number) else struct.pack("d", number)


@pytest.mark.parametrize("text", ELSEWHERE)
@pytest.mark.parametrize("arrays", ["xy", "x", "y", ""])
def test_what_arrays_have_has_the_bits_of_floats_at_every_special_point(text, arrays):
    pairs = list(itertools.product(SPECIAL, SPECIAL)) + list(itertools.product(ANY, SPECIAL))
    names = {"x": "g" if "x" in arrays else "a", "y": "m" if "y" in arrays else "b"}  # the constants are a and b
    line = re.sub(r"\b[xy]\b", lambda match: names[match[0]], text)
    update = nn.optimizers.Update((f"z = {line}", "m = m + z", "w = w - g"))
    assert update.is_plain
    inputs = {"w": 0.0, "g": 0.0, "t": 1.0, "m": 0.0, "a": 0.0, "b": 0.0}

    def read(reading, x, y):
        given = inputs | {names["x"]: x, names["y"]: y}
        return reading(*[given[name] for name in update.inputs])[0]

    on_floats = [read(update.on_floats, x, y) for x, y in pairs]
    assert list(map(bits, on_floats)) == [bits(ELSEWHERE[text](x, y)) for x, y in pairs]
    if arrays == "xy":
        on_arrays = read(update.on_arrays, *map(np.array, zip(*pairs, strict=True))).tolist()
        assert list(map(bits, on_arrays)) == list(map(bits, on_floats))
    for length in (1, 7):  # NumPy has other instructions for what doesn't fill a register
        for (x, y), expected in zip(pairs, on_floats, strict=True):
            given = [np.full(length, number) if name in arrays else number for name, number in (("x", x), ("y", y))]
            results = read(update.on_arrays, *given)
            numbers = [results] if isinstance(results, float) else results.tolist()
            assert set(map(bits, numbers)) == {bits(expected)}, (x, y)


def test_an_array_of_no_parameters_has_no_powers():
    update = nn.optimizers.Update(("w = g ** 0.5",))
    (moved,) = update.on_arrays(np.zeros(0), np.zeros(0), 1.0)
    assert (moved.shape, moved.dtype) == ((0,), np.float64)


@pytest.mark.parametrize(
    "text",
    [
        "g if t == 1 else w",
        "max(g, 0)",
        "sigmoid(g)",
        "identity(g)",
        "mean([g])",
        "total((g, w))",
        "tanh(g)",
        "exp(g)",
        "erf(g)",
        "hypot(g, w)",
        "g > 0",
        "0 < g < 1",
        "sqrt(*[g])",
        "-exp(g) ** 2 + g",
        "g if sqrt(g) > 1 or w > 0 else 1",
        "+g",
        "power(g, 2)",
    ],
)
def test_a_formula_with_other_words_is_not_for_arrays(text):
    class Own(nn.optimizers.Optimizer):
        def formula(self):
            yield f"step = {text}"
            yield "w = w - step"

    assert Own([Value(1.0)], lr=0.1, weight_decay=0.0).on_arrays([0]) is None


class Formula(nn.optimizers.Optimizer):
    """w ← w − half·(what a text says), with a memory of the gradients, m."""

    def __init__(self, parameters, text, half=1 / 64):
        super().__init__(parameters, 0.1, 0.0)
        self.text, self.half, self.taken = text, half, 0

    def formula(self):
        yield "m = m + g"
        yield f"w = w - half * ({self.text})"


class ByHand(Formula):
    """The same by a Python function of what the names stand for, parameter by parameter."""

    def step(self):
        self.m = getattr(self, "m", [0.0] * len(self.parameters))
        self.taken += 1
        self.m = [m + parameter.grad for m, parameter in zip(self.m, self.parameters, strict=True)]
        for m, parameter in zip(self.m, self.parameters, strict=True):
            at = SimpleNamespace(g=parameter.grad, m=m, t=self.taken, w=parameter.data)
            parameter.data -= self.half * self.text(at)


WORDS = {
    # A text, and what it means in Python
    "mean([g])": lambda at: at.g,
    "total([g, m]) / 2": lambda at: (at.g + at.m) / 2,
    "tanh(g)": lambda at: math.tanh(at.g),
    "exp(-abs(m)) * g": lambda at: math.exp(-abs(at.m)) * at.g,
    "g if abs(g) > 0.01 else 0": lambda at: at.g if abs(at.g) > 0.01 else 0.0,
    "m if t > 3 and g * m > 0 else g": lambda at: at.m if at.t > 3 and at.g * at.m > 0 else at.g,
    "max(g, -0.02)": lambda at: max(at.g, -0.02),
    "max([g, m, w])": lambda at: max(at.g, at.m, at.w),
    "identity(g) / t": lambda at: at.g / at.t,
    "g * (0 < g < 0.5)": lambda at: at.g if 0 < at.g < 0.5 else 0.0,
    "(g * g) ** 0.5 * sign(g)": lambda at: math.pow(at.g * at.g, 0.5) * ((at.g > 0) - (at.g < 0)),
    # These are read on arrays
    "g / (m * m) ** 0.25": lambda at: at.g / math.pow(at.m * at.m, 0.25),
    "g / 2 ** t": lambda at: at.g / 2**at.t,
    "g * w ** 2": lambda at: at.g * (at.w * at.w),
    "g * w ** 3": lambda at: at.g * math.pow(at.w, 3),
    "g + 0 / (1 / (t - 1))": lambda at: at.g,
    "maximum(m, -g) - maximum(m, 0)": lambda at: max(at.m, -at.g) - max(at.m, 0),
}
POINTS = [[random.Random(i).gauss(0, 1), random.Random(-i).gauss(0, 1)] for i in range(1, 201)]
HEIGHTS = [x * y for x, y in POINTS]


def trained(kind, text, epochs=20, **options):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = kind(model.parameters(), text)
    nn.fit(model, nn.mean_squared_error, POINTS, HEIGHTS, optimizer=optimizer, epochs=epochs, **options)
    return [parameter.data for parameter in model.parameters()]


@pytest.fixture
def batches(monkeypatch):
    """The batches that go through compiled code."""
    batches, steps, run = [], BatchSteps.steps, KernelSteps._run
    monkeypatch.setattr(BatchSteps, "steps", lambda *given: batches.append(given) or steps(*given))

    def counted(self, order, size, losses):
        batches.extend(order[at : at + size] for at in range(0, len(order), size))
        return run(self, order, size, losses)

    monkeypatch.setattr(KernelSteps, "_run", counted)
    return batches


@pytest.mark.parametrize("text", WORDS)
def test_default_training_reads_a_formula_parameter_by_parameter_whatever_it_says(text, batches):
    numbers = trained(Formula, text)
    assert len(batches) == 20 * 7
    assert numbers == trained(ByHand, WORDS[text])


def test_a_formula_or_a_hyperparameter_that_a_callback_changes_is_read_from_then_on(batches):
    optimizers = []

    class Changing(Formula):
        def __init__(self, parameters, text):
            super().__init__(parameters, text)
            optimizers.append(self)

    class OwnStep(Changing):
        def step(self):  # parameter by parameter
            super().step()

    def change(history):
        texts = {2: "max(g, m)", 4: "g * w ** 2", 5: "tanh(g)"}
        halves = {1: np.float64(0.25), 3: Fraction(1, 64), 6: 0, 7: np.float32(0.125), 8: True}
        optimizers[-1].text = texts.get(len(history), optimizers[-1].text)
        optimizers[-1].half = halves.get(len(history), optimizers[-1].half)

    numbers = trained(Changing, "g", callbacks=[change])
    assert numbers == trained(OwnStep, "g", callbacks=[change])
    assert numbers != trained(OwnStep, "g")
    assert len(batches) == 3 * 20 * 7
    table = [optimizer.explain() for optimizer in optimizers[:2]]
    assert table[0].removeprefix("Changing") == table[1].removeprefix("OwnStep")


@pytest.mark.parametrize("half", [np.float32(0.125), np.float64(0.125), Fraction(1, 8)])
def test_a_hyperparameter_of_any_kind_of_number_is_a_float_to_the_formula(half):
    w = Value(1.0)
    w.grad = 0.1
    optimizer = Formula([w], "g", half)
    optimizer.step()
    assert (type(w.data), w.data) == (float, 1.0 - 0.125 * 0.1)
    step = optimizer.on_arrays([0]).next(np.array([1.0]), np.array([0.1]))
    assert step.w.tolist() == [1.0 - 0.125 * 0.1]


def test_a_hyperparameter_that_is_no_number_is_for_floats_alone():
    class Chosen(Formula):
        rates = (0.25, 0.5)

        def formula(self):
            yield "w = w - total(rates) * g"

    class Stretched(Formula):
        half = np.array([1.0, 2.0])

        def formula(self):
            yield "w = w - lr * g * half"

    optimizer = Chosen([Value(1.0)], "")
    optimizer.parameters[0].grad = 2.0
    optimizer.step()
    assert optimizer.parameters[0].data == -0.5
    optimizer = Stretched([Value(1.0), Value(1.0)], "", half=np.array([1.0, 2.0]))
    assert optimizer.on_arrays([0, 1]).next(np.ones(2), np.ones(2)) is None


class ByParameter(nn.SGD):
    """Steps parameter by parameter."""

    def step(self):
        super().step()


@pytest.mark.parametrize("changes", [record["changes"] for record in SWITCHED if record["optimizer"] == "SGD"])
def test_memory_outlives_formulas_across_compiled_epochs_and_steps_by_hand(changes, batches):
    def trained(kind):
        model = nn.MLP(2, [3, 1], tanh, seed=0)
        optimizer = kind(model.parameters(), lr=0.05, momentum=0.5)
        following = iter(changes)

        def change(_=None):
            for name, number in next(following, {}).items():
                setattr(optimizer, name, number)

        options = {"optimizer": optimizer, "compiled": True, "callbacks": [change]}
        for _ in range(2):
            nn.fit(model, nn.mean_squared_error, POINTS, HEIGHTS, epochs=2, **options)
            change()
            optimizer.step()
        nn.fit(model, nn.mean_squared_error, POINTS, HEIGHTS, epochs=2, **options)
        return [parameter.data for parameter in model.parameters()], memories(optimizer)

    assert trained(nn.SGD) == trained(ByParameter)
    assert len(batches) == 2 * 6 * 7


def memories(optimizer):
    return [last[1:] for last in optimizer._steps]


@pytest.mark.parametrize(
    ("text", "formula", "numbers"),
    [
        ("mean([g, w])", "mean([g, w])", "mean([2, 1])"),
        ("total((g, w))", "total([g, w])", "total([2, 1])"),
        ("g if -1 < g <= 3 else 0", "g if −1 < g ≤ 3, else 0", "2 if −1 < 2 ≤ 3, else 0"),
        ("max(g, 0) ** 0.5", "max(g, 0)^0.5", "max(2, 0)^0.5"),
        ("maximum(g, -m)", "maximum(g, −m)", "maximum(2, −0)"),
    ],
)
def test_a_table_shows_other_words_and_lists_as_they_are_written(text, formula, numbers):
    class Own(nn.optimizers.Optimizer):
        def formula(self):
            yield f"step = {text}"
            yield "m = 1"
            yield "w = w - step"

    w = Value(1.0)
    w.grad = 2.0
    optimizer = Own([w], lr=0.1, weight_decay=0.0)
    optimizer.step()
    _, _, _, _, step, moved = optimizer.explain().splitlines()
    assert [part.strip() for part in step.split("  ") if part][1:3] == [formula, numbers]
    assert moved.startswith("new w")


def test_an_optimizer_that_holds_its_last_step_as_arrays_copies_and_pickles():
    def after(optimizer):
        for i, parameter in enumerate(optimizer.parameters):
            parameter.grad = 0.1 * i - 0.2
        optimizer.step()
        return [parameter.data for parameter in optimizer.parameters], memories(optimizer)

    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    nn.fit(model, nn.mean_squared_error, POINTS, HEIGHTS, optimizer=optimizer, epochs=2, compiled=True)
    twins = [copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))]  # noqa: S301 — our own
    expected = after(optimizer)
    assert [after(twin) for twin in twins] == [expected, expected]
    assert optimizer.explain().startswith("Adam, step 15 of layer1.neuron1.w1")
