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
from autograd.atomic import all_or_none

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


def test_an_optimizer_of_ones_own_is_its_formula_and_a_lone_quantity_shows_its_number_once():
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
    with pytest.raises(ValueError, match="2 parameters are labelled 'w': give the one that is meant itself"):
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
        (lambda w: nn.SGD([w], dampening=-0.1), "a dampening is finite and not negative, got -0.1"),
        (lambda w: nn.RMSprop([w], momentum=-0.1), "a momentum is finite and not negative, got -0.1"),
        (lambda w: nn.RMSprop([w], eps=-0.1), "an ε is finite and not negative, got -0.1"),
        (lambda w: nn.Adadelta([w], eps=-0.1), "an ε is finite and not negative, got -0.1"),
        (lambda w: nn.Adam([w], eps=-0.1), "an ε is finite and not negative, got -0.1"),
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


@pytest.mark.parametrize(
    ("optimizer", "memory", "constants"),
    [
        (nn.SGD, [], ["lr"]),
        (lambda w: nn.SGD(w, momentum=0.5, dampening=0.1), ["v"], ["momentum", "dampening", "lr"]),
        (lambda w: nn.Momentum(w, weight_decay=0.1), ["v"], ["weight_decay", "momentum", "lr"]),
        (lambda w: nn.Adagrad(w, lr_decay=0.1), ["G"], ["lr", "lr_decay", "eps"]),
        (nn.Adadelta, ["E_g", "E_delta"], ["rho", "eps", "lr"]),
        (lambda w: nn.RMSprop(w, centered=True, momentum=0.1), ["G", "m", "v"], ["alpha", "momentum", "eps", "lr"]),
        (lambda w: nn.Adam(w, amsgrad=True), ["v", "G", "G_max"], ["beta1", "beta2", "lr", "eps"]),
    ],
)
def test_an_update_remembers_what_is_read_before_it_is_computed_and_needs_the_hyperparameters(
    optimizer, memory, constants
):
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
        (lambda w: nn.SGD([w, 1.0]), TypeError, "a parameter is a Value, not float"),
        (lambda w: nn.SGD([w * 2]), ValueError, "a parameter is a leaf of the graph, not the result of mul"),
        (lambda w: nn.SGD([w], lr="1"), TypeError, "a learning rate takes a real number"),
        (lambda w: nn.optimizers.Optimizer([w], 0.1, 0.0).step(), NotImplementedError, None),
    ],
)
def test_what_cannot_be_optimized_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt(Value(1.0))


def swept(parameters, gradients):
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


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
            w, steps.last = step.moved, step.last
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
        nn.Adam: {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False},
    }
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
    with pytest.raises(TypeError):
        nn.Adam([Value(1.0)], betas=betas)
