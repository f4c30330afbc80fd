"""The seven optimizers: the recorded paths of PyTorch and Optax, arithmetic by hand, arrays, and what is refused."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording import GRADIENTS, START, recorded

import nn
from autograd import Value

RECORDED = [{"library": library} | row for library in ("pytorch", "jax") for row in recorded(library)["optimizers"]]
KINDS = [nn.SGD, nn.Momentum, nn.NAG, nn.Adagrad, nn.Adadelta, nn.RMSprop, nn.Adam]


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
        assert math.isclose(parameter.data, theirs, rel_tol=2e-15), gradients


def test_each_library_has_recorded_all_seven():
    for library in ("pytorch", "jax"):
        names = {record["optimizer"] for record in RECORDED if record["library"] == library}
        assert names == {kind.__name__ for kind in KINDS}


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
        memory = [results[i] for i in update.kept]
        w = results[update.moved]
        assert w.tolist() == [parameter.data for parameter in parameters]


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
    for kind in KINDS:
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
    with pytest.raises(ValueError, match="a learning rate is finite and not negative, got -1"):
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
        (lambda w: nn.SGD([w], momentum=-0.1), "a momentum is finite and not negative, got -0.1"),
        (lambda w: nn.SGD([w], nesterov=True), "needs a momentum and no dampening, got momentum 0 and dampening 0"),
        (lambda w: nn.SGD([w], momentum=0.5, dampening=0.1, nesterov=True), "dampening 0.1"),
        (lambda w: nn.NAG([w], momentum=0.0), "needs a momentum"),
        (lambda w: nn.Momentum([w], weight_decay=-1), "a weight decay is finite and not negative, got -1"),
        (lambda w: nn.Adagrad([w], eps=-1e-9), "an ε is finite and not negative"),
        (lambda w: nn.Adagrad([w], initial_accumulator_value=-1), "an initial accumulator value is finite"),
        (lambda w: nn.Adagrad([w], lr_decay=math.inf), "a decay of the learning rate is finite"),
        (lambda w: nn.Adadelta([w], rho=1.5), "a ρ is at least 0 and at most 1, got 1.5"),
        (lambda w: nn.RMSprop([w], alpha=-0.5), "an α is at least 0 and at most 1, got -0.5"),
        (lambda w: nn.Adam([w], betas=(0.9, 1.0)), "a β₂ is at least 0 and less than 1, got 1.0"),
        (lambda w: nn.Adam([w], betas=(math.nan, 0.9)), "a β₁ is at least 0 and less than 1, got nan"),
        (lambda w: nn.Adam([w], betas=(0.9,)), "Adam has 2 betas, got 1"),
        (lambda w: nn.Adam([w], lr=math.nan), "a learning rate is finite and not negative, got nan"),
        (lambda _: nn.Adam([]), "Adam needs at least 1 parameter, got 0"),
        (lambda w: nn.RMSprop([w, w]), "listed twice"),
    ],
)
def test_bad_hyperparameters_are_refused(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt(Value(1.0))


@pytest.mark.parametrize("betas", [0.9, "ab", {0.9, 0.99}])
def test_betas_are_a_sequence_of_numbers(betas):
    with pytest.raises(TypeError):
        nn.Adam([Value(1.0)], betas=betas)
