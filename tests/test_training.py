"""fit: what it computes, where it stops, and what Ctrl-C, nan and one seed do; accuracy and modes."""

import copy
import functools
import gc
import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from own_optimizer import Own

import nn
from autograd import Value, log, sigmoid, sqrt, tanh, topological_order
from nn import graph_steps, recordings

ROOT = Path(nn.__file__).parent.parent


def seeded(seed=0):
    return random.Random(seed)


def problem(first=0, **options):
    model = nn.MLP(2, [4, 1], tanh, seed=seeded(first))
    moons = nn.data.moons(40, seed=1)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    given = {"epochs": 5, "batch_size": 10, "optimizer": optimizer, "X": moons.X, "y": moons.y}
    given = {"model": model, "loss": nn.binary_cross_entropy_with_logits} | given | options
    history = nn.fit(**given)
    return model, history


def weights(model):
    return [parameter.data for parameter in model.parameters()]


def test_one_seed_gives_the_same_bits_whatever_is_watched():
    quiet, history = problem()
    watched, told = problem(validation=([[0.0, 0.0]], [1]), metrics={"accuracy": nn.accuracy}, progress=False)
    assert weights(quiet) == weights(watched)
    assert history.losses == told.losses
    assert history.losses != problem(seed=1)[1].losses


def test_held_out_samples_and_metrics_are_judged_with_the_model_after_each_epoch():
    held_out = nn.data.moons(20, seed=2)
    losses = []
    model = nn.MLP(2, [4, 1], tanh, seed=seeded())
    optimizer = nn.SGD(model.parameters(), lr=0.1)

    def judge(history):
        total = [
            nn.binary_cross_entropy_with_logits(model(x), t).data for x, t in zip(held_out.X, held_out.y, strict=True)
        ]
        losses.append(sum(total) / len(total))
        assert len(history.losses) == len(history.validation_losses) == len(history.metrics["accuracy"]) == len(losses)

    _, history = (
        None,
        nn.fit(
            model,
            nn.binary_cross_entropy_with_logits,
            held_out.X,
            held_out.y,
            optimizer=optimizer,
            epochs=3,
            validation=(held_out.X, held_out.y),
            metrics={"accuracy": nn.accuracy},
            callbacks=[judge],
        ),
    )
    assert history.validation_losses == pytest.approx(losses, rel=1e-14)
    assert history.metrics["accuracy"][-1] == nn.accuracy(model, held_out.X, held_out.y)
    assert len(history) == 3


def test_a_callback_that_returns_true_ends_training_and_the_others_are_still_called():
    called = []
    _, history = problem(epochs=9, callbacks=[lambda h: len(h) == 2, lambda h: called.append(len(h))])
    assert len(history) == 2
    assert called == [1, 2]
    assert history.stopped == "a callback ended training after epoch 2"


def test_early_stopping_goes_back_to_the_best_epoch():
    w = Value(0.0, "w")
    optimizer = nn.SGD([w], lr=1.0)
    seen = []

    def model(x):
        return w * x

    # w steps by 1 each epoch; the held-out loss (w − 3)² is least after epoch 3
    history = nn.fit(
        model,
        lambda output, target: (output - target) ** 2 if target else -output,
        [1.0],
        [0],
        optimizer=optimizer,
        epochs=100,
        validation=([1.0], [3]),
        patience=4,
        callbacks=[lambda _: seen.append(w.data)],
    )
    assert seen == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert history.validation_losses == [4.0, 1.0, 0.0, 1.0, 4.0, 9.0, 16.0]
    assert w.data == 3.0
    assert history.stopped == "no lower loss for 4 epochs: back at epoch 3"


def test_a_penalty_is_added_to_each_batchs_mean():
    w = Value(2.0)
    optimizer = nn.SGD([w], lr=0.1)
    nn.fit(lambda x: w * x, lambda o, t: o * t, [0.0], [1.0], optimizer=optimizer, epochs=1, penalty=lambda: w * w)
    assert w.data == 2.0 - 0.1 * 4.0


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (lambda o, _: log(o[0] * 0.0 - 1.0), r"the loss is nan: the first node that isn't finite is log\(-1\) = nan"),
        (lambda o, _: log(o[0] * 0.0), r"the loss is -inf: the first node that isn't finite is log\((-)?0\) = -inf"),
        (lambda o, _: o[0] * math.nan, "a number that came in is nan"),
        (lambda o, _: sqrt(o[0] * 0.0), "the gradient of layer1.neuron1.w1 is (nan|-?inf)"),
    ],
)
def test_what_is_not_finite_stops_training_before_it_does_harm(loss, sentence):
    model = nn.MLP(2, [3, 1], tanh, seed=seeded())
    before = weights(model)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(FloatingPointError, match=sentence) as raised:
        nn.fit(model, loss, [[1.0, 2.0]], [1], optimizer=optimizer, epochs=3)
    assert weights(model) == before
    assert raised.value.history.losses == []
    assert "epoch 1" in raised.value.history.stopped


def test_a_step_that_would_overflow_is_not_taken():
    w = Value(1.0, "speed")
    optimizer = nn.SGD([w], lr=1e308)
    with pytest.raises(FloatingPointError, match=r"a step makes speed -inf \(epoch 2\)") as raised:
        nn.fit(lambda x: w * x, lambda o, _: o, [1.0], [0.0], optimizer=optimizer, epochs=9)
    assert raised.value.history.losses == [1.0]
    assert w.data == 1.0 - 1e308


def test_of_a_weighted_sum_that_overflows_the_message_names_what_is_to_blame():
    model = nn.MLP(4, [1], initialization=lambda *_: 1e200)
    optimizer = nn.SGD(model.parameters())
    sample = [Value(1.0, "a"), Value(1e150, "huge"), Value(2.0, "c"), Value(3.0, "d")]
    with pytest.raises(FloatingPointError, match=r"weighted_sum\(layer1.neuron1.w1 = 1e\+200, .*…\) = inf"):
        nn.fit(model, lambda o, _: o[0], [sample], [0.0], optimizer=optimizer, epochs=1)


def test_held_out_samples_that_are_not_finite_stop_training_too():
    model = nn.MLP(1, [1], seed=seeded())
    optimizer = nn.SGD(model.parameters())
    with pytest.raises(
        FloatingPointError, match="the validation loss of sample 1 is nan: a number that came in is nan"
    ):
        nn.fit(
            model,
            nn.mean_squared_error,
            [[1.0]],
            [1.0],
            optimizer=optimizer,
            epochs=3,
            validation=([[1.0], [math.nan]], [1.0, 1.0]),
        )


def test_ctrl_c_while_the_model_is_judged_leaves_it_in_training():
    model = nn.MLP(1, [1], tanh, dropout=0.5, seed=seeded())
    optimizer = nn.SGD(model.parameters())
    met = []

    def metric(*_):
        met.append(model.training)
        if len(met) == 2:
            raise KeyboardInterrupt
        return 0.0

    history = nn.fit(model, nn.mean_squared_error, [[1.0]], [1.0], optimizer=optimizer, epochs=9, metrics={"m": metric})
    assert len(history) == len(history.metrics["m"]) == 1
    assert all(module.training for module in model.modules())
    assert gc.isenabled()


def test_an_interrupt_leaves_the_last_finished_step_and_returns_the_history():
    steps = []
    model = nn.MLP(2, [4, 1], tanh, seed=seeded())
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    moons = nn.data.moons(20)

    def loss(outputs, target):
        if len(steps) == 50:  # within the third epoch
            raise KeyboardInterrupt
        steps.append(weights(model))
        return nn.binary_cross_entropy_with_logits(outputs, target)

    options = {"optimizer": optimizer, "epochs": 10, "batch_size": 4}
    history = nn.fit(model, loss, moons.X, moons.y, **options)
    assert len(history) == 2
    assert history.stopped == "interrupted in epoch 3"
    assert weights(model) == steps[48]  # 12 steps of 4 samples were finished


INTERRUPTED = """
import os, random, signal, threading, time
import nn
from autograd import tanh
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with it ignored
moons = nn.data.moons(20)
for attempt in range(21):
    model = nn.MLP(2, [8, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    if attempt == 0:  # what is imported and compiled at the first time takes longer than a moment
        nn.fit(model, nn.binary_cross_entropy_with_logits, moons.X, moons.y, optimizer=optimizer, epochs=1,
               compiled=True)
        continue
    # from within the training, or the signal may come before it on a busy machine
    timer = threading.Timer(0.0007 * attempt, os.kill, (os.getpid(), signal.SIGINT))
    history = nn.fit(model, nn.binary_cross_entropy_with_logits, moons.X, moons.y,
                     optimizer=optimizer, epochs=10**6, batch_size=5, compiled=True,
                     callbacks=[lambda history: timer.start() if len(history) == 20 else None])
    assert history.stopped.startswith("interrupted"), history.stopped
    steps = {optimizer._steps[i][1][2] for i in range(len(optimizer.parameters))}
    assert len(steps) == 1, steps      # every parameter has taken the same number of steps
    again = nn.MLP(2, [8, 1], tanh, seed=0)
    twin = nn.Adam(again.parameters(), lr=0.01)
    count = int(steps.pop())
    done = [0]
    class Enough(Exception): pass
    step = twin.step
    def counted():
        if done[0] == count: raise Enough
        step()
        done[0] += 1
    twin.step = counted
    try:
        nn.fit(again, nn.binary_cross_entropy_with_logits, moons.X, moons.y,
               optimizer=twin, epochs=10**6, batch_size=5, compiled=True)
    except Enough:
        pass
    assert [p.data for p in again.parameters()] == [p.data for p in model.parameters()]
print("whole")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to oneself")
def test_a_real_ctrl_c_at_any_moment_leaves_a_whole_number_of_steps():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120
    )
    assert done.stdout == "whole\n", done.stderr


def test_the_cyclic_collector_is_on_again_after_training_and_after_an_error():
    assert gc.isenabled()
    problem(epochs=1)
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        nn.fit(lambda _: 1 / 0, nn.mean_squared_error, [1], [1], optimizer=nn.SGD([Value(1.0)]), epochs=1)
    assert gc.isenabled()


def test_the_model_is_in_evaluation_where_it_is_judged_and_in_training_again_after():
    model = nn.MLP(2, [4, 1], tanh, dropout=0.5, seed=seeded())
    seen = []

    def metric(judged, _X, _y):
        seen.append(judged.training)
        return 0.0

    moons = nn.data.moons(10)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    loss = nn.binary_cross_entropy_with_logits
    nn.fit(model, loss, moons.X, moons.y, optimizer=optimizer, epochs=2, metrics={"m": metric})
    assert seen == [False, False]
    assert all(module.training for module in model.modules())
    assert nn.mean_loss(model, loss, moons.X, moons.y) == nn.mean_loss(model, loss, moons.X, moons.y)


def test_progress_is_quiet_in_a_file_and_a_bar_when_asked_for(capfd):
    problem(epochs=2)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    problem(epochs=2, progress=True)
    out, err = capfd.readouterr()
    assert "8/8" in out + err
    assert "epoch 2, loss" in out + err


def test_zero_epochs_change_nothing():
    model, history = problem(epochs=0)
    assert history == nn.History()
    assert weights(model) == weights(nn.MLP(2, [4, 1], tanh, seed=seeded()))


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"epochs": 1.5}, TypeError, "epochs must be an int, got float"),
        ({"batch_size": True}, TypeError, "batch_size must be an int, got bool"),
        ({"seed": "0"}, TypeError, "seed must be an int, a random.Random or None, got a str"),
        ({"X": iter([])}, TypeError, "X must be an ordered sequence of known length, got list_iterator"),
        ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
        ({"validation": ([[1.0]],)}, TypeError, r"validation must be a DataSet or a pair \(X, y\), got a"),
        ({"metrics": [nn.accuracy]}, TypeError, "metrics must be a dict"),
        ({"metrics": {"accuracy": 0.9}}, TypeError, "the metric .accuracy. must be a function, got a float"),
        ({"callbacks": 5}, TypeError, "callbacks must be an ordered sequence"),
        ({"callbacks": [print, 5]}, TypeError, "each callback must be a function, got an int"),
        ({"penalty": 5}, TypeError, "penalty must be a function, got an int"),
        ({"loss": "hinge"}, TypeError, "loss must be a function, got a str"),
        ({"model": nn.l1_loss}, TypeError, r"^model must be a function of \(sample\), got l1_loss\(input, target\)$"),
        ({"loss": nn.MLP(1, [1])}, TypeError, r"loss must be a function of \(outputs, target\), got MLP\(inputs\)"),
        ({"penalty": nn.l2_penalty}, TypeError, r"penalty must be a function of \(\), got l2_penalty\(parameters, "),
        ({"callbacks": [lambda: 0]}, TypeError, r"each callback must be a function of \(history\), got <lambda>\(\)"),
        ({"metrics": {"m": nn.l1_loss}}, TypeError, r"metric 'm' must be a function of \(model, X, y\), got l1_loss\("),
        (
            {"optimizer": "Adam"},
            TypeError,
            r"optimizer must be an optimizer such as nn\.Adam\(model\.parameters\(\)\), got a str",
        ),
        ({"loss": lambda o, _: o[0].data}, TypeError, "the loss must be a Value, got float"),
        ({"patience": 0}, ValueError, "patience must be at least 1, got 0"),
        ({"validation": ([[1.0, 2.0]], [])}, ValueError, "validation's X and y must have the same length, got 1 and 0"),
        ({"validation": ([], [])}, ValueError, "validation needs at least 1 sample, got 0"),
    ],
)
def test_fit_refuses_before_it_begins(options, error, sentence):
    asked = []

    def loss(*_):
        asked.append("the loss")
        return Value(0.0)

    with pytest.raises(error, match=sentence):
        problem(**{"loss": loss} | options)
    assert asked == []


def test_a_mean_loss_is_of_values():
    with pytest.raises(TypeError, match="the loss must be a Value, got float"):
        nn.mean_loss(nn.Layer(1, 1), lambda *_: 1.0, [[1.0]], [1.0])


def test_accuracy_of_one_logit_several_and_a_perceptron():
    assert nn.predicted_class([Value(0.1)]) == 1
    assert nn.predicted_class([Value(0.0)]) == 0
    assert nn.predicted_class([Value(1.0), Value(3.0), Value(3.0)]) == 1
    gate = nn.data.gate("or")
    assert nn.accuracy(nn.Perceptron(2, weights=[-0.5, 1, 1]), gate.X, gate.signs) == 1.0
    with pytest.raises(ValueError, match="at least 1 output"):
        nn.predicted_class([])
    for outputs in ([0.5], "ab", Value(0.5), None):
        with pytest.raises(TypeError, match=r"must be a Value|ordered sequence"):
            nn.predicted_class(outputs)


def test_accuracy_refuses_targets_that_are_no_class_and_outputs_that_are_no_values():
    one, three = nn.Layer(1, 1, None), nn.Layer(1, 3, None)
    for model, target in ((one, -1), (one, 2), (three, 3), (three, 0.5), (one, math.nan)):
        with pytest.raises(ValueError, match=r"the classes of [13] outputs? are 0 to [12], got a target of"):
            nn.accuracy(model, [[1.0], [2.0]], [0, target])
    for model in (lambda _: 0.5, lambda _: [0.5], lambda _: "yes"):
        with pytest.raises(TypeError, match=r"a model's output must be an ordered sequence, got a (float|str)"):
            nn.accuracy(model, [[1.0]], [0])


def test_a_loss_whose_graph_depends_on_the_sample_is_not_compiled_on_sorted_data():
    def absolute_error(outputs, target):
        error = outputs[0] - target
        return error if error.data > 0 else -error

    rows, targets = [[0.0, 0.0]] * 100, [-1.0] * 60 + [1.0] * 40
    with pytest.raises(ValueError, match="train with compiled=False"):
        problem(X=rows, y=targets, loss=absolute_error, compiled=True)
    _, history = problem(X=rows, y=targets, loss=lambda outputs, target: abs(outputs[0] - target), compiled=True)
    assert history.losses == pytest.approx(problem(X=rows, y=targets, loss=absolute_error)[1].losses, rel=1e-9)


# Through compiled code


def trained(loss, data, *, compiled, optimizer=nn.Adam, widths=(6, 1), **options):
    model = nn.MLP(2, list(widths), tanh, seed=0)
    options = {"epochs": 4, "batch_size": 7} | options
    history = nn.fit(model, loss, *data, optimizer=optimizer(model.parameters(), lr=0.05), compiled=compiled, **options)
    return model, history


def classes(n=40, kinds=2):
    rows = nn.data.moons(n, noise=0.2, seed=3).X
    return rows, [i % kinds for i in range(len(rows))]


@pytest.mark.parametrize("optimizer", nn.optimizers.KINDS)
def test_compiled_training_takes_the_graph_engines_steps_to_rounding(optimizer):
    model, history = trained(nn.binary_cross_entropy_with_logits, classes(), compiled=True, optimizer=optimizer)
    twin, expected = trained(nn.binary_cross_entropy_with_logits, classes(), compiled=False, optimizer=optimizer)
    assert history.losses == pytest.approx(expected.losses, rel=1e-10)
    assert weights(model) == pytest.approx(weights(twin), rel=1e-8)


@pytest.mark.parametrize(
    ("loss", "kinds", "widths", "as_target"),
    [
        (nn.hinge, 2, (6, 1), lambda k: 2 * k - 1),
        (nn.mean_squared_error, 3, (6, 1), float),
        (nn.half_squared_error, 3, (6, 2), lambda k: [float(k), -0.5]),
        (nn.binary_cross_entropy_with_logits, 2, (6, 1), int),
        (nn.softmax_cross_entropy, 3, (6, 3), int),
    ],
)
def test_every_loss_is_trained_on_through_compiled_code(loss, kinds, widths, as_target):
    rows, targets = classes(kinds=kinds)
    data = rows, [as_target(k) for k in targets]
    options = {"validation": data, "widths": widths}
    model, history = trained(loss, data, compiled=True, **options)
    twin, expected = trained(loss, data, compiled=False, **options)
    assert history.losses == pytest.approx(expected.losses, rel=1e-10)
    assert history.validation_losses == pytest.approx(expected.validation_losses, rel=1e-10)
    assert [p.grad for p in model.parameters()] == pytest.approx([p.grad for p in twin.parameters()], abs=1e-10)


class WarmedUp(nn.Optimizer):
    """Gradient descent whose first ten steps are shorter."""

    @property
    def share(self):
        return min(1.0, (1 + self.remembered()[0][0]) / 10)

    def formula(self):
        yield "w = w - lr * share * g"


def test_a_hyperparameter_that_depends_on_the_steps_so_far_is_computed_for_each():
    losses = []
    for compiled in (True, False):
        model = nn.MLP(2, [4, 1], tanh, seed=0)
        optimizer = WarmedUp(model.parameters(), lr=0.5)
        _, history = problem(model=model, optimizer=optimizer, compiled=compiled)
        losses.append(history.losses)
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)


def test_a_sample_whose_loss_all_parameters_reach_is_walked_once(monkeypatch):
    walks = []
    for module in (recordings, graph_steps):
        monkeypatch.setattr(
            module, "topological_order", lambda output: walks.append(output) or topological_order(output)
        )
    model = nn.MLP(2, [4, 2], tanh, seed=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    monkeypatch.setattr(nn.MLP, "parameters", None)
    nn.fit(model, nn.softmax_cross_entropy, [[0.5, 1.0]], [1], optimizer=optimizer, epochs=1, compiled=True)
    assert len(walks) == 1


def test_an_optimizer_explains_and_goes_on_after_compiled_training():
    data = classes()
    model, _ = trained(nn.binary_cross_entropy_with_logits, data, compiled=True)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    for compiled in (True, False, True):
        nn.fit(model, nn.binary_cross_entropy_with_logits, *data, optimizer=optimizer, epochs=1, compiled=compiled)
    assert "Adam, step 6 of layer1.neuron1.w1" in optimizer.explain()


@pytest.mark.parametrize(
    ("loss", "wrong"),
    [(nn.softmax_cross_entropy, 5), (nn.softmax_cross_entropy, 1.0), (nn.softmax_cross_entropy, True)],
)
@pytest.mark.parametrize("where", ["training", "validation"])
def test_a_wrong_target_is_refused_as_on_the_graph_engine(loss, wrong, where):
    rows, targets = classes(kinds=3)
    bad = [*targets[:-1], wrong]
    data, validation = (rows, bad if where == "training" else targets), (rows, bad)
    told = []
    for compiled in (False, None, True):
        with pytest.raises((TypeError, ValueError)) as error:
            trained(loss, data, compiled=compiled, widths=(6, 3), validation=validation, epochs=400)
        told.append((error.type, str(error.value)))
    assert told[0] == told[1] == told[2]


def test_what_wraps_a_loss_of_this_package_is_not_taken_for_it():
    @functools.wraps(nn.binary_cross_entropy_with_logits)
    def weighted(output, target):
        return (5.0 if target == 1 else 1.0) * nn.binary_cross_entropy_with_logits(output, target)

    _, default = trained(weighted, classes(), compiled=None, epochs=200)
    _, expected = trained(weighted, classes(), compiled=False, epochs=200)
    assert default.losses == expected.losses
    with pytest.raises(ValueError, match="train with compiled=False"):
        trained(weighted, classes(), compiled=True)


def test_a_branch_of_ones_own_on_a_number_is_found_out_wherever_in_the_data_it_turns():
    model = nn.MLP(2, [6, 1], tanh, seed=0)

    def branching(x):
        (z,) = model(x)
        return [z * 2 if z.data > 0 else z * 3]

    rows, targets = classes()
    order = sorted(range(len(rows)), key=lambda i: model(rows[i])[0].data)
    data = [rows[i] for i in order], [targets[i] for i in order]
    with pytest.raises(ValueError, match="train with compiled=False"):
        nn.fit(
            branching,
            nn.binary_cross_entropy_with_logits,
            *data,
            optimizer=nn.SGD(model.parameters(), lr=0.1),
            epochs=1,
            compiled=True,
        )


def test_a_model_at_random_by_another_generator_is_refused_with_compiled_true():
    class Own(random.Random):
        pass

    model = nn.MLP(2, [6, 1], tanh, dropout=0.5, seed=Own(0))
    options = {"optimizer": nn.SGD(model.parameters(), lr=0.1), "epochs": 1}
    nn.fit(model, nn.binary_cross_entropy_with_logits, *classes(), **options)
    with pytest.raises(ValueError, match="Dropout draws random numbers in training; compiled code draws them only"):
        nn.fit(model, nn.binary_cross_entropy_with_logits, *classes(), **options, compiled=True)


def test_a_callback_may_change_weights_hyperparameters_and_chance_of_compiled_code():
    def run(compiled):
        model = nn.MLP(2, [6, 6, 1], tanh, dropout=1e-9, seed=0)
        model.dropout.p = 0.0
        optimizer = nn.SGD(model.parameters(), lr=0.1)

        def meddle(history):
            optimizer.lr *= 0.5
            optimizer.momentum = 0.9 if len(history) > 1 else 0.0
            model.layers[0].neurons[0].bias.data = 0.25
            model.dropout.p = 0.5 if len(history) == 3 else 0.0

        nn.fit(
            model,
            nn.binary_cross_entropy_with_logits,
            *classes(),
            optimizer=optimizer,
            epochs=6,
            callbacks=[meddle],
            compiled=compiled,
        )
        return weights(model)

    assert run(compiled=True) == pytest.approx(run(compiled=False), rel=1e-9)


def test_the_best_parameters_are_kept_by_patience_through_compiled_code():
    def run(compiled):
        options = {"patience": 2, "epochs": 60, "validation": classes(30)}
        return trained(nn.binary_cross_entropy_with_logits, classes(), compiled=compiled, **options)

    (model, history), (twin, expected) = run(compiled=True), run(compiled=False)
    assert history.stopped == expected.stopped
    assert weights(model) == pytest.approx(weights(twin), rel=1e-7)


def test_a_penalty_and_an_optimizer_of_ones_own_go_with_compiled_code():
    def run(compiled):
        model = nn.MLP(2, [6, 1], tanh, seed=0)
        history = nn.fit(
            model,
            nn.binary_cross_entropy_with_logits,
            *classes(),
            optimizer=Own(model.parameters()),
            epochs=3,
            penalty=lambda: nn.l2_penalty(model.parameters(), 0.01),
            compiled=compiled,
        )
        return history.losses

    assert run(compiled=True) == pytest.approx(run(compiled=False), rel=1e-10)


# An optimizer and the parameters of the loss

WAYS = [False, None, True]


def as_function(model):
    return lambda x: model([*x])


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("seen_as", [lambda model: model, as_function])
def test_an_optimizer_of_another_model_is_refused_before_anything_moves(compiled, seen_as):
    model = nn.MLP(2, [6, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters())
    model = copy.deepcopy(model)
    before = weights(model)
    with pytest.raises(ValueError, match="the loss depends on none of the optimizer's 25 parameters"):
        nn.fit(
            seen_as(model),
            nn.binary_cross_entropy_with_logits,
            *classes(),
            optimizer=optimizer,
            epochs=400,
            compiled=compiled,
        )
    assert weights(model) == before
    assert optimizer.parameters[0].grad == 0.0
    with pytest.raises(ValueError, match="hasn't taken a step yet"):
        optimizer.explain()


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("seen_as", [lambda model: model, as_function])
@pytest.mark.parametrize("batch_size", [1, 7])
def test_an_optimizer_made_before_a_layer_was_exchanged_is_warned_of_once(compiled, seen_as, batch_size):
    model = nn.MLP(2, [6, 1], tanh, seed=0)
    optimizer = nn.SGD(model.parameters())
    model.layers[1] = nn.Layer(6, 1, None, seed=1)
    options = {"optimizer": optimizer, "epochs": 100, "batch_size": batch_size, "compiled": compiled}
    with pytest.warns(
        UserWarning, match=r"depends on 7 parameters .* and not on 7 .* first is layer2.neuron1.w1"
    ) as told:
        nn.fit(seen_as(model), nn.binary_cross_entropy_with_logits, *classes(10), **options)
    assert [warning.filename for warning in told] == [__file__]


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("seen_as", [lambda model: model, as_function])
def test_who_freezes_layers_or_has_parameters_to_spare_is_not_warned(compiled, seen_as):
    model = nn.MLP(2, [6, 1], tanh, seed=0)
    spare = Value(1.0)
    for parameters in (model.layers[1].parameters(), [*model.parameters(), spare]):
        frozen = weights(model.layers[0])
        options = {"optimizer": nn.SGD(parameters, lr=0.1), "epochs": 100, "compiled": compiled}
        nn.fit(seen_as(model), nn.binary_cross_entropy_with_logits, *classes(10), **options)
        assert (weights(model.layers[0]) == frozen) == (spare not in parameters)
    assert spare.data == 1.0


@pytest.mark.parametrize("compiled", WAYS)
def test_a_penaltys_parameters_are_parameters_of_the_loss(compiled):
    w, v = Value(1.0), Value(1.0)
    options = {"penalty": lambda: v * v, "epochs": 1, "compiled": compiled}
    nn.fit(lambda x: w * x, lambda o, t: (o - t) ** 2, [1.0], [1.0], optimizer=nn.SGD([v], lr=0.25), **options)
    assert (w.data, v.data) == (1.0, 0.5)  # v − 0.25·2v
    nn.fit(lambda x: w * x, lambda o, t: (o - t) ** 2, [1.0], [1.0], optimizer=nn.SGD([v, w], lr=0.25), **options)
    assert (w.data, v.data) == (1.0, 0.25)


def test_a_parameter_that_only_a_later_sample_reaches_is_one_of_the_loss():
    expert = [Value(0.0), Value(0.0)]
    options = {"epochs": 1, "batch_size": 1, "compiled": False}
    for k in (0, 1):
        optimizer = nn.SGD([expert[k]], lr=0.5)
        nn.fit(lambda x: expert[x] * 1.0, lambda o, t: (o - t) ** 2, [0, 1], [3.0, 5.0], optimizer=optimizer, **options)
    assert [w.data for w in expert] == [3.0, 5.0]  # one step each: 0 − 0.5·2·(0 − t)


def test_a_samples_values_are_no_parameters_that_the_optimizer_lacks():
    w, spare = Value(1.0), Value(1.0)
    optimizer = nn.SGD([w, spare], lr=0.5)
    nn.fit(lambda x: w * x, lambda o, t: o - t, [Value(2.0)], [Value(1.0)], optimizer=optimizer, epochs=1)
    assert w.data == 0.0


# Callbacks that change the model


def insert_a_layer(model, _):
    model.layers.insert(1, nn.Layer(4, 4, tanh, seed=5))


def insert_and_learn_a_layer(model, optimizer):
    insert_a_layer(model, None)
    optimizer.parameters.extend(model.layers[1].parameters())


def share_a_layer(model, _):
    model.layers.insert(1, model.layers[1])


def exchange_an_activation(model, _):
    model.layers[0].neurons[2].activation = sigmoid


def have_a_branch_of_ones_own(model, _):
    model.layers[0].neurons[2].activation = lambda s: 2 * s if s.data > 0 else s


def replace_a_weight(model, _):
    model.layers[1].neurons[0].bias = Value(0.25)


def replace_a_weight_in_both(model, optimizer):
    old, new = model.layers[1].neurons[0].bias, Value(0.25)
    model.layers[1].neurons[0].bias = new
    optimizer.parameters[optimizer.parameters.index(old)] = new


def freeze_a_layer(model, optimizer):
    for parameter in model.layers[0].parameters():
        optimizer.parameters.remove(parameter)


def freeze_all(_, optimizer):
    optimizer.parameters.clear()


def change_the_order(_, optimizer):
    optimizer.parameters.reverse()


def train_in_between(model, optimizer):
    moons = nn.data.moons(12, seed=9)
    nn.fit(model, nn.binary_cross_entropy_with_logits, moons.X, moons.y, optimizer=optimizer, epochs=2)


CHANGES = [
    insert_a_layer,
    insert_and_learn_a_layer,
    share_a_layer,
    exchange_an_activation,
    have_a_branch_of_ones_own,
    replace_a_weight,
    replace_a_weight_in_both,
    freeze_a_layer,
    freeze_all,
    change_the_order,
    train_in_between,
]


def changed_midway(change, *, compiled, seen_as=lambda model: model, epochs=60, at=10, **options):
    model = nn.MLP(2, [4, 4, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    moons, others = nn.data.moons(40, noise=0.1, seed=1), nn.data.moons(30, noise=0.1, seed=2)
    held_out = others.X, others.y
    history = nn.fit(
        seen_as(model),
        nn.binary_cross_entropy_with_logits,
        moons.X,
        moons.y,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=10,
        validation=held_out,
        callbacks=[lambda history: change(model, optimizer) if len(history) == at else None],
        compiled=compiled,
        **options,
    )
    return model, history, nn.mean_loss(model, nn.binary_cross_entropy_with_logits, *held_out)


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_callback_makes_of_the_model_is_what_is_trained_in_every_way(change):
    twin, expected, _ = changed_midway(change, compiled=False)
    for compiled, seen_as in ((None, lambda model: model), (True, lambda model: model), (True, as_function)):
        if change is have_a_branch_of_ones_own and compiled:
            continue
        model, history, found = changed_midway(change, compiled=compiled, seen_as=seen_as)
        assert history.validation_losses[-1] == pytest.approx(found, rel=1e-12)
        assert history.losses == pytest.approx(expected.losses, rel=1e-6)
        assert weights(model) == pytest.approx(weights(twin), rel=1e-5, abs=1e-7)


def test_a_branch_that_a_callback_brings_is_refused_when_compiled_is_asked_for():
    with pytest.raises(ValueError, match="train with compiled=False") as raised:
        changed_midway(have_a_branch_of_ones_own, compiled=True)
    assert len(raised.value.history) == 10


@pytest.mark.parametrize("compiled", WAYS)
def test_a_frozen_parameter_keeps_its_memory_and_the_others_theirs(compiled):
    a, b, c = Value(0.0, "a"), Value(0.0, "b"), Value(0.0, "c")
    optimizer = nn.Momentum([a, b, c], lr=1.0, momentum=0.5)

    def freeze(history):
        optimizer.parameters[:] = [[c, b], [c, b, a], [a, b, c]][len(history) - 1]

    nn.fit(
        lambda x: [a * x, b * x * 10, c * x * 100],
        lambda outputs, _: outputs[0] + outputs[1] + outputs[2],
        [1.0],
        [0.0],
        optimizer=optimizer,
        epochs=3,
        callbacks=[freeze],
        compiled=compiled,
    )
    # v = g, 1.5·g, 1.75·g after 1, 2, 3 steps; a has taken 2
    assert (a.data, b.data, c.data) == (-2.5, -42.5, -425.0)


@pytest.mark.parametrize("compiled", WAYS)
def test_an_optimizer_says_what_a_callback_gave_it_that_is_no_parameter(compiled):
    def run(addition):
        changed_midway(lambda _, optimizer: optimizer.parameters.append(addition(optimizer)), compiled=compiled)

    with pytest.raises(TypeError, match="a parameter must be a Value, got float"):
        run(lambda _: 1.0)
    with pytest.raises(ValueError, match="each parameter must be listed once"):
        run(lambda optimizer: optimizer.parameters[3])


@pytest.mark.parametrize("compiled", WAYS)
def test_numbers_that_a_callback_makes_nan_are_named_in_every_way(compiled):
    def spoil(model, _):
        model.layers[0].neurons[0].weights[1].data = math.nan

    with pytest.raises(FloatingPointError, match=r"layer1.neuron1.w2 is nan \(epoch 11\)") as raised:
        changed_midway(spoil, compiled=compiled)
    assert len(raised.value.history) == 10


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("change", [insert_a_layer, exchange_an_activation, freeze_a_layer])
def test_patience_begins_anew_with_a_changed_model_and_finds_its_best_epoch(change, compiled):
    _, history, found = changed_midway(change, compiled=compiled, patience=3, epochs=400, at=30)
    assert len(history) > 33
    best = min(range(30, len(history)), key=history.validation_losses.__getitem__)
    assert history.stopped == f"no lower loss for 3 epochs: back at epoch {best + 1}"
    assert history.validation_losses[best] == pytest.approx(found, rel=1e-12)


# A branch that turns as parameters move


def slope(*, compiled, at=math.inf, beyond=lambda z: 3 * z, n=300, **options):
    """w·x towards 2·x, where what is above `at` goes through another branch."""
    w = Value(0.5, "w")
    calls = []

    def model(x):
        if not isinstance(x, Value):
            calls.append(x)
        z = w * x
        return beyond(z) if z.data > at else z

    X = [0.01 + (7 * i % n) / n for i in range(n)]  # the largest is none of the first
    loss = lambda o, t: (o - t) ** 2  # noqa: E731
    options = {"epochs": 20, "batch_size": 10} | options
    optimizer = nn.SGD([w], lr=0.05)
    history = nn.fit(model, loss, X, [2 * x for x in X], optimizer=optimizer, compiled=compiled, **options)
    return w.data, history, calls


@pytest.mark.parametrize("at", [0.6, 0.9, 1.3])
def test_a_branch_that_turns_is_reported_at_a_whole_step_and_with_the_history(at):
    with pytest.raises(
        ValueError, match=r"no longer the one that was compiled.*compiled=False \(epoch \d+\)"
    ) as raised:
        slope(compiled=True, at=at)
    history = raised.value.history
    plain = [slope(compiled=True, epochs=epochs) for epochs in range(21)]
    assert 0 < len(history) <= 20 or at == 0.6
    assert history.losses == plain[len(history)][1].losses
    assert str(raised.value) == history.stopped


def test_one_sample_of_a_thousand_whose_branch_turns_is_found_at_the_end():
    for k in (1, 256, 511, 998, 999):
        w = Value(0.0)

        def model(x, w=w):
            z = w * x
            return z if z.data < 1.5 else w

        X = [1.0] * 1000
        X[k] = 2.0
        with pytest.raises(ValueError, match=f"the graph of sample {k} is no longer"):
            nn.fit(
                model,
                lambda o, _: (o - 1) ** 2,
                X,
                [0.0] * 1000,
                optimizer=nn.SGD([w], lr=0.5),
                epochs=1,
                batch_size=1000,
                compiled=True,
            )


def test_a_branch_that_only_the_gradient_shows_is_found_at_the_end():
    with pytest.raises(ValueError, match="no longer the one that was compiled"):
        slope(compiled=True, at=1.9, beyond=lambda z: Value(z.data), n=100)


def test_other_samples_are_compared_after_each_epoch_until_all_were():
    seen = []

    def watch(_):
        seen.append(list(calls))

    calls = []
    w = Value(0.0)

    def model(x):
        if not isinstance(x, Value):
            calls.append(x)
        return w * x

    n = 400
    nn.fit(
        model,
        lambda o, t: (o - t) ** 2,
        list(map(float, range(n))),
        [0.0] * n,
        optimizer=nn.SGD([w], lr=1e-9),
        epochs=60,
        batch_size=1,
        callbacks=[watch],
        compiled=True,
    )
    begun = [len(calls) for calls in seen]
    compared = [seen[k + 1][begun[k] :] for k in range(59)]
    assert all(0 < len(found) <= n / 10 for found in compared)
    found = [x for few in compared for x in few]
    assert len(set(found[:n])) == n  # no sample again before all were compared
    assert {int(x) for x in calls[len(seen[-1]) :]} == set(range(n))  # and all of them at the end


def test_functions_without_a_branch_are_compiled_to_the_end():
    (w, history, _), (twin, expected, _) = slope(compiled=True), slope(compiled=False)
    assert w == pytest.approx(twin, rel=1e-12)
    assert history.losses == pytest.approx(expected.losses, rel=1e-10)


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize("n", [4, 400])
@pytest.mark.parametrize("as_data", [list, np.array])
def test_samples_are_read_once_so_what_a_callback_does_to_them_has_no_effect(compiled, n, as_data):
    signs = [float((-1) ** i) for i in range(n)]
    X, y = as_data([[sign] for sign in signs]), as_data([2 * sign for sign in signs])

    def spoil(_):
        for i in range(n):
            X[i][0], y[i] = 1e300, -1e300

    model = nn.MLP(1, [1], None, initialization=lambda *_: 0.0)
    metrics = {"loss": lambda model, X, y: nn.mean_loss(model, nn.mean_squared_error, X, y)}
    data = {"X": X, "y": y, "validation": (X, y), "metrics": metrics}
    optimizer = nn.SGD(model.parameters(), lr=0.4)  # the error falls to a fifth in each epoch
    options = {"optimizer": optimizer, "epochs": 12, "batch_size": n, "callbacks": [spoil], "compiled": compiled}
    history = nn.fit(model, nn.mean_squared_error, **data, **options)
    assert weights(model) == pytest.approx([2.0, 0.0], abs=1e-3)  # y = 2·x, as it was
    assert history.validation_losses[-1] == pytest.approx(0.0, abs=1e-5)
    assert history.metrics["loss"] == pytest.approx(history.validation_losses, abs=1e-12)
