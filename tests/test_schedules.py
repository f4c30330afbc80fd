"""Schedules: PyTorch's recorded rates, equations by hand, the same steps on every engine, and what is refused."""

import copy
import math
import pickle
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_optimizer import Own
from recording import recorded

import nn
from autograd import Value, tanh
from nn import schedules
from nn.kernel_steps import KernelSteps
from nn.schedules import Cosine, Exponential, MultiStep, OnPlateau, PerStep, Piecewise, Step, WarmUp

RECORDED = recorded("pytorch")
KINDS = {"step": Step, "multi_step": MultiStep, "exponential": Exponential, "cosine": Cosine, "warm_up": WarmUp}
COMPOSED = {
    "times": WarmUp(Exponential(0.3, 0.95), total_iters=5, start_factor=0.1),
    "before": Piecewise([WarmUp(0.3, total_iters=5, start_factor=0.1), Cosine(0.3, T_max=35)], [5]),
}
LOSSES = RECORDED["plateau_losses"][0]["losses"]


def agrees(ours, theirs):
    # near its end a cosine's rate is a small difference, which PyTorch takes from the rate before
    return all(math.isclose(x, y, rel_tol=1e-13, abs_tol=1e-16) for x, y in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("record", RECORDED["schedules"], ids=lambda r: f"{r['schedule']}{r['options']}")
def test_each_schedule_has_the_recorded_rates(record):
    schedule = KINDS[record["schedule"]](0.3, **record["options"])
    assert agrees([schedule(t) for t in range(len(record["rates"]))], record["rates"])


@pytest.mark.parametrize("record", RECORDED["composed"], ids=lambda r: r["composed"])
def test_a_warm_up_times_and_before_another_schedule_has_the_recorded_rates(record):
    schedule = COMPOSED[record["composed"]]
    assert agrees([schedule(t) for t in range(len(record["rates"]))], record["rates"])


@pytest.mark.parametrize("record", RECORDED["plateaus"], ids=lambda r: str(r["options"]))
def test_a_rate_falls_on_plateaus_where_the_recorded_one_does(record):
    schedule = OnPlateau(0.3, **record["options"])
    assert agrees([schedule(t, LOSSES) for t in range(len(LOSSES) + 1)], record["rates"])
    assert agrees([schedule(t, LOSSES[:t]) for t in range(len(LOSSES) + 1)], record["rates"])


def test_a_first_loss_is_the_best_so_far_whatever_the_threshold():
    # by hand: 3 is the best, 3 isn't lower than 3·(1 − 1) = 0, so the rate falls after the second
    assert OnPlateau(0.5, factor=0.5, patience=0, threshold=1.0)(2, [3.0, 3.0]) == 0.25
    assert OnPlateau(0.5, factor=0.5, patience=0, mode="max")(2, [3.0, 4.0]) == 0.5
    assert OnPlateau(0.5, factor=0.5, patience=0)(1, [math.nan]) == 0.25
    assert [OnPlateau(0.5, factor=0.5, patience=1)(t, [math.nan] * 2) for t in (1, 2)] == [0.5, 0.25]
    assert OnPlateau(0.5, factor=0.5, patience=0)(1, [math.inf]) == 0.25


@pytest.mark.parametrize(
    ("options", "better", "worse"),
    [
        ({}, 0.74, 0.76),
        ({"mode": "max"}, 1.26, 1.24),
        ({"threshold_mode": "abs"}, 0.74, 0.76),
        ({"mode": "max", "threshold_mode": "abs"}, 1.26, 1.24),
    ],
)
def test_a_loss_is_better_if_it_is_so_by_more_than_the_threshold(options, better, worse):
    # a quarter of 1, up or down
    schedule = OnPlateau(0.5, factor=0.5, patience=0, threshold=0.25, **options)
    assert (schedule(2, [1.0, better]), schedule(2, [1.0, worse])) == (0.5, 0.25)


def test_equations_at_points_that_are_exact():
    assert [Step(1.0, step_size=3, gamma=0.5)(t) for t in (0, 2, 3, 5, 6)] == [1, 1, 0.5, 0.5, 0.25]
    assert [MultiStep(1.0, [2, 2, 4], gamma=0.5)(t) for t in (0, 1, 2, 3, 4)] == [1, 1, 0.25, 0.25, 0.125]
    assert [Exponential(2.0, gamma=0.5)(t) for t in (0, 1, 10)] == [2.0, 1.0, 2**-9]
    assert [Cosine(3.0, T_max=2, eta_min=1.0)(t) for t in (0, 1, 2)] == [3.0, 2.0, 1.0]
    assert [WarmUp(8.0, total_iters=4, start_factor=0.5, end_factor=0.75)(t) for t in (0, 2, 4, 9)] == [4, 5, 6, 6]
    assert [Step(1.0, step_size=1, gamma=0.0)(t) for t in (0, 1)] == [1.0, 0.0]


def test_parts_of_a_sequence_begin_at_their_milestones():
    schedule = Piecewise([lambda t: 10.0 + t, 7, lambda t: 20.0 + t], [2, 3])
    assert [schedule(t) for t in range(6)] == [10.0, 11.0, 7.0, 20.0, 21.0, 22.0]
    late = Piecewise([0.5, OnPlateau(0.5, factor=0.5, patience=0)], [2])
    assert late.needs_losses
    assert late(4, [1.0, 1.0, 1.0, 1.0]) == 0.25  # of the last two losses, the second isn't lower
    assert WarmUp(OnPlateau(0.5)).needs_losses
    assert not COMPOSED["before"].needs_losses
    assert not WarmUp(0.5).needs_losses


@given(t=st.integers(0, 10**6), lr=st.floats(0, 10), n=st.integers(1, 1000))
def test_a_rate_is_never_negative_nor_above_where_it_began(t, lr, n):
    for schedule in (Step(lr, n), MultiStep(lr, [n]), Exponential(lr, 0.99), Cosine(lr, n), WarmUp(lr, n)):
        assert 0 <= schedule(t) <= lr


def test_a_schedule_is_a_value_that_shows_copies_and_pickles():
    for schedule in (Step(0.1, 3), MultiStep(0.1, [1, 2]), COMPOSED["before"], OnPlateau(0.1), PerStep(Cosine(0.1, 9))):
        twins = [copy.deepcopy(schedule), pickle.loads(pickle.dumps(schedule)), eval(repr(schedule))]  # noqa: S301, S307
        assert twins == [schedule] * 3
    assert repr(Cosine(1, T_max=np.int64(9))) == "Cosine(lr=1.0, T_max=9, eta_min=0.0)"
    assert Cosine(Fraction(1, 2), 4).lr == 0.5


def test_a_schedule_keeps_its_own_copies_of_what_it_is_given():
    milestones, parts = [1, 3], [0.5, 0.25, 0.125]
    stepped, sequence = MultiStep(1.0, milestones, gamma=0.5), Piecewise(parts, milestones)
    milestones[0], parts[0] = 2, 9.0
    assert (stepped.milestones, sequence.milestones, sequence.schedules) == ((1, 3), (1, 3), (0.5, 0.25, 0.125))
    assert [stepped(t) for t in range(4)] == [1.0, 0.5, 0.5, 0.25]
    assert [sequence(t) for t in range(4)] == [0.5, 0.25, 0.25, 0.125]


def test_defaults_are_those_of_pytorchs_schedulers():
    # torch.optim.lr_scheduler 2.13
    assert Step(0.1, 3).gamma == MultiStep(0.1, [3]).gamma == 0.1
    assert Cosine(0.1, 3).eta_min == 0.0
    warm_up, plateau = WarmUp(0.1), OnPlateau(0.1)
    assert (warm_up.start_factor, warm_up.end_factor, warm_up.total_iters) == (1 / 3, 1.0, 5)
    assert (plateau.mode, plateau.factor, plateau.patience) == ("min", 0.1, 10)
    assert (plateau.threshold, plateau.threshold_mode) == (1e-4, "rel")
    assert (plateau.cooldown, plateau.min_lr, plateau.eps) == (0, 0.0, 1e-8)


# In training


X = [[random.Random(i).gauss(0, 1), random.Random(-i).gauss(0, 1)] for i in range(1, 42)]
Y = [x * y for x, y in X]


def trained(schedule, *, compiled, kind=nn.Adam, epochs=6, **options):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = kind(model.parameters(), lr=0.7)
    options = {"epochs": epochs, "batch_size": 8, "compiled": compiled, "schedule": schedule} | options
    history = nn.fit(model, nn.mean_squared_error, X, Y, optimizer=optimizer, **options)
    return [parameter.data for parameter in model.parameters()], history, optimizer


EVERY = {
    "step": Step(0.05, 2),
    "cosine": Cosine(0.05, 6),
    "warm-up": WarmUp(Cosine(0.05, 6), 3),
    "plateau": OnPlateau(0.05, factor=0.5, patience=0, threshold=0.2),
    "per step": PerStep(Cosine(0.05, 36)),
    "function": lambda t: 0.05 / (1 + t),
}


@pytest.mark.parametrize("name", EVERY)
def test_fit_takes_the_steps_of_a_loop_that_sets_lr_before_each(name):
    schedule = EVERY[name]
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.7)
    order, generator, losses, rates, t = list(range(len(X))), random.Random(0), [], [], 0
    for epoch in range(6):
        generator.shuffle(order)
        total = 0.0
        for start in range(0, len(order), 8):
            per_step, needs_losses = name == "per step", name == "plateau"
            optimizer.lr = schedule(t if per_step else epoch, *([losses] if needs_losses else []))
            batch = [nn.mean_squared_error(model(X[i]), Y[i]) for i in order[start : start + 8]]
            optimizer.zero_grad()
            (sum(batch) / len(batch)).backward()
            optimizer.step()
            total += sum(loss.data for loss in batch)
            t += 1
        losses.append(total / len(order))
        rates.append(optimizer.lr)
    numbers, history, by_fit = trained(schedule, compiled=False)
    assert np.allclose(numbers, [parameter.data for parameter in model.parameters()], rtol=1e-12, atol=0)
    assert history.learning_rates == rates
    assert len(set(rates)) > 1
    assert by_fit.lr == rates[-1]


class OneByOne(nn.Adam):
    """Adam whose steps are taken by itself, with compiled gradients."""

    def step(self):
        super().step()


@pytest.mark.parametrize("name", EVERY)
def test_a_schedule_gives_the_same_bits_in_machine_code_and_batch_by_batch(name):
    fast, history, optimizer = trained(EVERY[name], compiled=True)
    slow, slow_history, by_itself = trained(EVERY[name], compiled=True, kind=OneByOne)
    assert fast == slow
    assert history == slow_history
    assert optimizer.lr == by_itself.lr == history.learning_rates[-1]
    assert optimizer.explain().replace("Adam", "") == by_itself.explain().replace("OneByOne", "")
    on_graph, graph_history, _ = trained(EVERY[name], compiled=False)
    assert np.allclose(fast, on_graph, rtol=1e-9, atol=0)
    assert np.allclose(history.learning_rates, graph_history.learning_rates, rtol=1e-13, atol=0)


@pytest.mark.parametrize("kind", nn.optimizers.KINDS)
def test_every_optimizer_follows_a_schedule_of_steps_bit_by_bit_with_batches_of_one(kind):
    schedule = PerStep(WarmUp(Exponential(0.01, 0.99), 7))
    fast, history, _ = trained(schedule, compiled=True, kind=kind, batch_size=1, epochs=2)
    slow, slow_history, _ = trained(schedule, compiled=False, kind=kind, batch_size=1, epochs=2)
    assert fast == slow
    assert history == slow_history


def test_a_training_without_a_schedule_records_the_optimizers_own_rate():
    def halve(_):
        optimizers[0].lr /= 2

    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizers = [nn.SGD(model.parameters(), lr=0.5)]
    options = {"epochs": 3, "optimizer": optimizers[0], "callbacks": [halve]}
    history = nn.fit(model, nn.mean_squared_error, X, Y, **options)
    assert history.learning_rates == [0.5, 0.25, 0.125]


def test_an_optimizer_without_a_rate_records_none_and_takes_no_schedule():
    model = nn.MLP(2, [1], seed=0)
    options = {"optimizer": Own(model.parameters()), "epochs": 2}
    assert nn.fit(model, nn.mean_squared_error, X, Y, **options).learning_rates == []
    with pytest.raises(TypeError, match="a schedule sets the optimizer's lr, but Own has none"):
        nn.fit(model, nn.mean_squared_error, X, Y, schedule=Cosine(0.1, 9), **options)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_formula_that_depends_on_the_rate_is_the_one_of_each_step(compiled):
    class Careful(nn.SGD):
        def formula(self):
            yield "v = v + g" if self.lr < 0.03 else "v = g"
            yield "w = w - lr * v"

    class CarefulByItself(Careful):
        def step(self):
            super().step()

    schedule = PerStep(lambda t: 0.05 - 0.001 * t)
    fast = trained(schedule, compiled=compiled, kind=Careful)
    slow = trained(schedule, compiled=compiled, kind=CarefulByItself)
    assert fast[:2] == slow[:2]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_rate_that_is_none_ends_training_at_the_last_step_before_it(compiled):
    bad = {
        "nan": (math.nan, ValueError, "learning rate must be finite and not negative, got nan at t = 9"),
        "negative": (-0.5, ValueError, "the schedule's learning rate must be finite and not negative, got -0.5"),
        "inf": (math.inf, ValueError, "got inf at t = 9"),
        "text": ("0.1", TypeError, "the schedule's learning rate at t = 9 must be a real number"),
        "none": (None, TypeError, "must be a real number (float, int, Fraction, NumPy scalar), got None"),
        "true": (True, TypeError, "must be a real number"),
        "value": (Value(0.1), TypeError, "must be a real number"),
    }
    for name, (rate, error, sentence) in bad.items():
        model = nn.MLP(2, [3, 1], tanh, seed=0)
        optimizer = nn.Adam(model.parameters(), lr=0.7)

        def schedule(t, rate=rate):
            return 0.05 if t < 9 else rate

        options = {"optimizer": optimizer, "epochs": 6, "batch_size": 8, "compiled": compiled}
        with pytest.raises(error) as raised:
            nn.fit(model, nn.mean_squared_error, X, Y, schedule=PerStep(schedule), **options)
        assert sentence in str(raised.value), name
        assert "(epoch 2)" in raised.value.history.stopped
        assert len(raised.value.history) == 1
        assert optimizer.explain().startswith("Adam, step 9 of")


@pytest.mark.parametrize("compiled", [True, False])
def test_an_exception_of_a_schedule_goes_to_the_caller_after_the_steps_before_it(compiled):
    def schedule(t):
        if t == 9:
            raise ZeroDivisionError
        return 0.05

    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters())
    options = {"optimizer": optimizer, "epochs": 6, "batch_size": 8, "compiled": compiled}
    with pytest.raises(ZeroDivisionError):
        nn.fit(model, nn.mean_squared_error, X, Y, schedule=PerStep(schedule), **options)
    assert optimizer.explain().startswith("Adam, step 9 of")
    assert optimizer.lr == 0.05


def test_explain_shows_the_rate_of_the_last_finite_step():
    rates = [0.25] * 9 + [1e308]
    for compiled in (True, False):
        model = nn.MLP(2, [3, 1], tanh, seed=0)
        optimizer = nn.Momentum(model.parameters())
        options = {"optimizer": optimizer, "epochs": 6, "batch_size": 8, "compiled": compiled}
        with pytest.raises(FloatingPointError):
            nn.fit(model, nn.mean_squared_error, X, Y, schedule=PerStep(lambda t: rates[min(t, 9)]), **options)
        table = optimizer.explain()
        assert table.startswith("Momentum, step 9 of")
        assert "−0.25·" in table


def test_an_interrupt_leaves_the_rate_of_the_last_step_that_was_taken(monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(KernelSteps, "_put_back", interrupted)
    schedule = PerStep(lambda t: 0.01 * (t + 1))
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters())
    options = {"optimizer": optimizer, "epochs": 1, "batch_size": 8, "compiled": True}
    original = KernelSteps.store

    def store(self):
        monkeypatch.undo()
        original(self)

    monkeypatch.setattr(KernelSteps, "store", store)
    history = nn.fit(model, nn.mean_squared_error, X, Y, schedule=schedule, **options)
    assert history.stopped == "interrupted in epoch 1"
    steps = int(optimizer.explain().split("step ")[1].split()[0])
    assert optimizer.lr == 0.01 * steps


def test_a_plateau_is_one_of_the_held_out_losses_where_there_are_some():
    schedule = OnPlateau(0.05, factor=0.5, patience=0, threshold=0.2)
    held_out = ([[0.5, 0.5], [1.0, -1.0]], [0.25, -1.0])
    _, history, _ = trained(schedule, compiled=False, validation=held_out)
    assert history.learning_rates == [schedule(t, history.validation_losses) for t in range(6)]
    assert history.learning_rates != [schedule(t, history.losses) for t in range(6)]


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: Step(-0.1, 3), ValueError, "lr must be finite and not negative, got -0.1"),
        (lambda: Step(math.nan, 3), ValueError, "lr must be finite and not negative, got nan"),
        (lambda: Step("0.1", 3), TypeError, "lr must be a real number"),
        (lambda: Step(0.1, 0), ValueError, "step_size must be at least 1, got 0"),
        (lambda: Step(0.1, 2.5), TypeError, "step_size must be an int, got float"),
        (lambda: Step(0.1, 3, gamma=math.inf), ValueError, "gamma must be finite and not negative, got inf"),
        (lambda: MultiStep(0.1, 3), TypeError, "milestones must be an ordered sequence, got an int"),
        (lambda: MultiStep(0.1, [3, 1]), ValueError, "milestones must be in ascending order, got 3, 1"),
        (lambda: MultiStep(0.1, [-1]), ValueError, "a milestone must be at least 0, got -1"),
        (lambda: MultiStep(-0.1, [1]), ValueError, "lr must be finite"),
        (lambda: MultiStep(0.1, [1], gamma=-1), ValueError, "gamma must be finite"),
        (lambda: Exponential(0.1, -0.5), ValueError, "gamma must be finite and not negative, got -0.5"),
        (lambda: Cosine(0.1, 0), ValueError, "T_max must be at least 1, got 0"),
        (lambda: Cosine(0.1, 9, eta_min=-1), ValueError, "eta_min must be finite and not negative, got -1"),
        (lambda: WarmUp(0.1, 0), ValueError, "total_iters must be at least 1, got 0"),
        (lambda: WarmUp(0.1, start_factor=1.5), ValueError, "start_factor must be at least 0 and at most 1, got 1.5"),
        (lambda: WarmUp(0.1, end_factor=-1), ValueError, "end_factor must be at least 0 and at most 1, got -1"),
        (lambda: WarmUp(-0.1), ValueError, "a constant learning rate must be finite and not negative, got -0.1"),
        (lambda: WarmUp("0.1"), TypeError, "a schedule that is no function must be a real number"),
        (lambda: WarmUp(PerStep(Cosine(0.1, 9))), TypeError, "PerStep must be the outermost schedule"),
        (lambda: Piecewise({0.1}, []), TypeError, "schedules must be an ordered sequence, got a set"),
        (lambda: Piecewise([], []), ValueError, "there must be one more schedule than milestones, got 0 schedules"),
        (lambda: Piecewise([0.1], [3]), ValueError, "got 1 schedules and 1 milestones"),
        (lambda: Piecewise([0.1, None], [3]), TypeError, "a schedule that is no function must be a real number"),
        (lambda: OnPlateau(0.1, factor=1.5), ValueError, "factor must be at least 0 and at most 1, got 1.5"),
        (lambda: OnPlateau(0.1, patience=-1), ValueError, "patience must be at least 0, got -1"),
        (lambda: OnPlateau(0.1, cooldown=0.5), TypeError, "cooldown must be an int, got float"),
        (lambda: OnPlateau(0.1, threshold=-1), ValueError, "threshold must be finite"),
        (lambda: OnPlateau(0.1, min_lr=-1), ValueError, "min_lr must be finite"),
        (lambda: OnPlateau(0.1, eps=-1), ValueError, "eps must be finite"),
        (lambda: OnPlateau(-0.1), ValueError, "lr must be finite"),
        (lambda: OnPlateau(0.1, mode="least"), ValueError, "mode must be 'min' or 'max', got 'least'"),
        (lambda: OnPlateau(0.1, threshold_mode=1), ValueError, "threshold_mode must be 'rel' or 'abs', got 1"),
        (lambda: OnPlateau(0.1)(3, [1.0]), ValueError, "needs the losses of the 3 epochs that are finished, got 1"),
        (lambda: PerStep(OnPlateau(0.1)), ValueError, "PerStep's schedule must not need losses"),
        (lambda: PerStep(PerStep(Cosine(0.1, 9))), TypeError, "PerStep must be the outermost schedule"),
        (lambda: Cosine(0.1, 9)(-1), ValueError, "t must be at least 0, got -1"),
        (lambda: Cosine(0.1, 9)(0.5), TypeError, "t must be an int, got float"),
        (lambda: WarmUp(lambda _: -1.0)(3), ValueError, "must be finite and not negative, got -1.0 at t = 3"),
        (lambda: Exponential(1.0, 1e300)(9), None, None),
        (lambda: PerStep(Exponential(1.0, 1e300))(9), ValueError, "got inf at t = 9"),
        (lambda: trained(0.1, compiled=False), TypeError, "schedule must be a function of the epoch, such as"),
        (lambda: schedules.Schedule()(0), NotImplementedError, None),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_with_a_sentence(attempt, error, sentence):
    if error is None:
        assert attempt() == math.inf
        return
    with pytest.raises(error) as raised:
        attempt()
    assert sentence is None or sentence in str(raised.value)


def test_a_time_beyond_float64_and_losses_that_are_no_numbers_are_refused():
    for schedule in (Step(0.1, 3), Cosine(0.1, T_max=3), Exponential(0.1, 0.5)):
        with pytest.raises(ValueError, match="t must fit into a float64, got an int beyond its range"):
            schedule(10**400)
    for losses in (["a"], [None], np.array([True])):
        with pytest.raises(TypeError, match="a loss must be a real number"):
            OnPlateau(0.1)(1, losses)
    for losses in (None, {1.0}, "1"):
        with pytest.raises(TypeError, match="losses must be an ordered sequence"):
            OnPlateau(0.1)(1, losses)
    assert OnPlateau(0.1, patience=0)(2, np.array([1, 1])) == OnPlateau(0.1, patience=0)(2, (Fraction(1), 1))


def test_the_class_of_a_schedule_is_refused_with_its_name():
    model = nn.MLP(1, [1])
    with pytest.raises(TypeError, match=r"a function of the epoch, such as Cosine\(…\), got the class"):
        nn.fit(model, nn.hinge, [[1.0]], [1], optimizer=nn.SGD(model.parameters()), epochs=1, schedule=Cosine)
