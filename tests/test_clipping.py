"""clip_norm: PyTorch's recorded norms and gradients, arithmetic by hand, one result on every engine."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording import recorded

import nn
from autograd import Value, relu, tanh
from nn.clipping import clip_array
from nn.kernel_steps import KernelSteps

RECORDED = recorded("pytorch")["clipped"]


def with_gradients(gradients):
    parameters = [Value(0.0, f"w{i}") for i in range(len(gradients))]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient
    return parameters


@pytest.mark.parametrize("record", RECORDED, ids=lambda r: f"{r['gradients']} to {r['max_norm']}"[:60])
def test_gradients_are_clipped_as_recorded(record):
    parameters = with_gradients(record["gradients"])
    assert math.isclose(nn.clip_norm(parameters, record["max_norm"]), record["norm"], rel_tol=1e-14)
    for parameter, theirs in zip(parameters, record["clipped"], strict=True):
        assert math.isclose(parameter.grad, theirs, rel_tol=1e-13)


def test_a_short_gradient_keeps_every_bit_and_a_long_one_its_direction():
    parameters = with_gradients([0.3, -0.4])
    assert nn.clip_norm(parameters, 0.6) == 0.5
    assert [p.grad for p in parameters] == [0.3, -0.4]
    parameters = with_gradients([3.0, -4.0])
    assert nn.clip_norm(parameters, 2) == 5.0
    assert [p.grad for p in parameters] == [3.0 * (2 / 5.000001), -4.0 * (2 / 5.000001)]
    assert nn.clip_norm(parameters, math.inf) == pytest.approx(2.0, rel=1e-6)
    assert nn.clip_norm([], 1.0) == 0.0
    assert nn.clip_norm(with_gradients([0.0, 0.0]), 0.0) == 0.0


@pytest.mark.parametrize("size", [1e200, 1e-160, 1e-200, 2.0**-450, 5e-324, 1e308, 2.0**500])
def test_a_norm_neither_overflows_nor_vanishes_where_squares_do(size):
    parameters = with_gradients([3 * size, -4 * size] if size < 1e308 else [size, 0.0])
    expected = 5 * size if size < 1e308 else size
    assert nn.clip_norm(parameters, 1.0) == expected
    if size > 1:
        assert math.hypot(*[p.grad for p in parameters]) == pytest.approx(1.0, rel=1e-12)
    assert nn.clip_norm(with_gradients([1.5e308] * 2), 1.0) == math.inf


def test_parameters_that_no_sweep_has_reached_stay_without_a_gradient():
    reached, missed = Value(2.0), Value(3.0)
    (reached * reached).backward()
    assert nn.clip_norm([missed, reached], 1.0) == 4.0
    assert (missed.has_grad, missed.grad) == (False, 0.0)
    assert reached.grad == 4.0 * (1.0 / 4.000001)


@given(
    gradients=st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=40), limit=st.just(0.0) | st.floats(1e-100, 1e100)
)
def test_arrays_are_clipped_with_the_bits_of_floats(gradients, limit):
    parameters = with_gradients(gradients)
    norm = nn.clip_norm(parameters, limit)
    clipped = clip_array(np.array(gradients), limit)
    assert [x.hex() for x in clipped.tolist()] == [p.grad.hex() for p in parameters]
    assert norm == pytest.approx(math.hypot(*gradients), rel=1e-13)
    after = math.hypot(*clipped.tolist())
    subnormal = norm * 2.0**-1074  # a factor that small has few digits
    assert after <= limit * (1 + 1e-12) + subnormal or after == norm


@pytest.mark.parametrize("size", [1e200, 1e-160, 1e-200, 2.0**500])
def test_an_array_has_the_bits_of_floats_where_squares_overflow_or_vanish(size):
    parameters = with_gradients([3 * size, -4 * size, size / 7])
    nn.clip_norm(parameters, size)
    assert clip_array(np.array([3 * size, -4 * size, size / 7]), size).tolist() == [p.grad for p in parameters]
    assert clip_array(np.zeros(0), 1.0).tolist() == []


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.clip_norm([Value(1.0)], -1), ValueError, "max_norm must be at least 0, got -1"),
        (lambda: nn.clip_norm([Value(1.0)], math.nan), ValueError, "max_norm must be at least 0, got nan"),
        (lambda: nn.clip_norm([Value(1.0)], "1"), TypeError, "max_norm must be a real number"),
        (lambda: nn.clip_norm([1.0], 1.0), TypeError, "a parameter must be a Value, got float"),
        (lambda: nn.clip_norm({Value(1.0)}, 1.0), TypeError, "clip_norm's parameters"),
        (lambda: trained(clip_norm=-1), ValueError, "clip_norm must be at least 0, got -1"),
        (lambda: trained(clip_norm=math.nan), ValueError, "clip_norm must be at least 0, got nan"),
        (lambda: trained(clip_norm=True), TypeError, "clip_norm must be a real number"),
    ],
)
def test_what_cannot_be_clipped_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_is_named_and_nothing_changes(bad):
    parameters = with_gradients([5.0, bad])
    with pytest.raises(FloatingPointError, match=f"the gradient of w1 is {bad}"):
        nn.clip_norm(parameters, 1.0)
    assert parameters[0].grad == 5.0
    parameters[1].label = ""
    with pytest.raises(FloatingPointError, match=f"the gradient of parameter 2 is {bad}"):
        nn.clip_norm(parameters, 1.0)


# In training


X = [[random.Random(i).gauss(0, 1), random.Random(-i).gauss(0, 1)] for i in range(1, 42)]
Y = [10 * x * y for x, y in X]


def trained(kind=nn.Momentum, make=lambda: nn.MLP(2, [3, 1], tanh, seed=0), epochs=4, X=X, Y=Y, **options):
    model = make()
    optimizer = kind(model.parameters(), lr=0.01)
    if options.pop("penalized", False):
        options["penalty"] = lambda: nn.l2_penalty(model.parameters(), 0.5)
    options = {"epochs": epochs, "batch_size": 8, "clip_norm": 0.75} | options
    history = nn.fit(model, nn.mean_squared_error, X, Y, optimizer=optimizer, **options)
    return [p.data for p in model.parameters()], [p.grad for p in model.parameters()], history, optimizer


@pytest.mark.parametrize("penalized", [False, True])
def test_fit_clips_as_a_loop_that_calls_clip_norm(penalized):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Momentum(model.parameters(), lr=0.01)
    order, generator, norms = list(range(len(X))), random.Random(0), []
    for _ in range(4):
        generator.shuffle(order)
        for start in range(0, len(order), 8):
            batch = [nn.mean_squared_error(model(X[i]), Y[i]) for i in order[start : start + 8]]
            optimizer.zero_grad()
            loss = sum(batch) / len(batch)
            (loss + nn.l2_penalty(model.parameters(), 0.5) if penalized else loss).backward()
            norms.append(nn.clip_norm(model.parameters(), 25.0))
            optimizer.step()
    assert max(norms) > 25.0 > min(norms)
    numbers, gradient, _, _ = trained(compiled=False, penalized=penalized, clip_norm=25.0)
    assert np.allclose(numbers, [p.data for p in model.parameters()], rtol=1e-12, atol=0)
    assert np.allclose(gradient, [p.grad for p in model.parameters()], rtol=1e-12, atol=0)


@pytest.mark.parametrize("penalized", [False, True])
@pytest.mark.parametrize("kind", nn.optimizers.KINDS)
def test_clipped_batches_of_one_have_the_graph_engines_bits_in_compiled_code(kind, penalized):
    options = {"kind": kind, "batch_size": 1, "epochs": 2, "penalized": penalized}
    fast, slow = trained(compiled=True, **options), trained(compiled=False, **options)
    assert fast[:3] == slow[:3]
    assert fast[3].explain() == slow[3].explain()
    assert fast[0] != trained(compiled=True, clip_norm=None, **options)[0]


class ByItself(nn.Momentum):
    """Momentum whose steps are taken by itself, with compiled gradients."""

    def step(self):
        super().step()


@pytest.mark.parametrize("width", [1, 2, 5, 8, 13])
@pytest.mark.parametrize("clip", [1e-3, 0.75, 1e3, math.inf])
def test_clipped_batches_have_the_bits_of_an_optimizers_own_step(width, clip):
    def make():
        return nn.MLP(2, [width, 1], tanh, seed=0)

    fast = trained(make=make, compiled=True, clip_norm=clip)
    slow = trained(make=make, compiled=True, clip_norm=clip, kind=ByItself)
    assert fast[:3] == slow[:3]
    if clip == math.inf:
        assert fast[:3] == trained(make=make, compiled=True, clip_norm=None)[:3]


def test_samples_of_several_lengths_are_clipped_as_on_the_graph_engine():
    generator = random.Random(0)
    strings = [[[generator.gauss(0, 1)] for _ in range(1 + i % 3)] for i in range(24)]
    targets = [[10 * sum(x for (x,) in string)] * len(string) for string in strings]

    def running(outputs, targets):
        return sum((z[0] - t) ** 2 for z, t in zip(outputs, targets, strict=True))

    def fitted(compiled):
        model = nn.Elman(1, 3, 1, seed=0)
        optimizer = nn.Adam(model.parameters())
        options = {"epochs": 3, "batch_size": 1, "clip_norm": 0.5, "compiled": compiled}
        history = nn.fit(model, running, strings, targets, optimizer=optimizer, **options)
        return [p.data for p in model.parameters()], history

    assert fitted(True) == fitted(False)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("scale", [1e152, 1e-160])
def test_gradients_whose_squares_overflow_or_vanish_are_clipped_and_train(scale, compiled):
    # The gradient of (w + b − t)² is −2·(t − w − b) for both: 2e152 long or 2e-160, while the loss fits float64
    def make():
        model = nn.MLP(1, [1], seed=0)
        for parameter in model.parameters():
            parameter.data = 0.0
        return model

    limit = 0.5 * min(scale, 1)
    options = {"make": make, "X": [[1.0]], "Y": [scale], "epochs": 1, "kind": nn.SGD}
    numbers, gradient, _, _ = trained(compiled=compiled, clip_norm=limit, **options)
    assert gradient == pytest.approx(
        [-limit / math.sqrt(2)] * 2 if scale > 1 else [-limit * 2e-160 * 1e6] * 2, rel=1e-5
    )
    assert numbers == [-0.01 * g for g in gradient]


def test_a_gradient_that_is_not_finite_stops_training_that_is_clipped():
    for compiled in (True, False):
        with pytest.raises(FloatingPointError, match=r"gradient of|the loss is"):
            trained(make=lambda: nn.MLP(2, [3, 1], relu, seed=0), X=[[1e200, 1e200]], Y=[1e200], compiled=compiled)


def test_clipping_trains_in_machine_code(monkeypatch):
    calls, run = [], KernelSteps._run

    def counted(*given):
        calls.append(given)
        return run(*given)

    monkeypatch.setattr(KernelSteps, "_run", counted)
    trained(compiled=True)
    assert calls


def test_a_limit_may_be_any_number_of_pythons_or_numpys():
    expected = trained(compiled=True)[:3]
    for limit in (Fraction(3, 4), np.float32(0.75)):
        assert trained(compiled=True, clip_norm=limit)[:3] == expected
