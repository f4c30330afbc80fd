"""Faults midway: Ctrl-C at each moment of a call, exceptions and want of memory within it, and the process killed.

A long call's moments are too many for all of them to be tried each time: evenly spread ones are, and with
MOMENTS=100000 in the environment, as `make faults` has it, all.
"""

import copy
import gc
import os
import pickle
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from interruption import interrupted, moments

import nn
from autograd import (
    Value,
    atomic,
    draw,
    forward_sweep,
    gradient,
    hessian,
    reverse_sweep,
    stepper,
    tanh,
    topological_order,
)
from autograd.compiler import cache, jit
from autograd.files import replace
from autograd.node import set_data

ROOT = Path(__file__).parent.parent
MOMENTS = int(os.environ.get("MOMENTS", "40"))


def tried(call, most=MOMENTS):
    """The moments at which a call is interrupted: all, or so many that are spread over it."""
    count = moments(call)
    return sorted({1 + i * (count - 1) // (most - 1) for i in range(most)} if count > most else range(1, count + 1))


def nothing_is_held():
    assert gc.isenabled()
    assert not atomic.lock._is_owned()
    x = Value(3.0)
    (x * x).backward()  # which would be refused, or wait for ever
    assert x.grad == 6.0


def network():
    x, w, b = Value(0.5, "x"), Value(-0.3, "w"), Value(0.1, "b")
    z = x
    for _ in range(3):
        z = tanh(z * w + b) + x
    return z, [x, w, b]


# Sweeps


def test_ctrl_c_at_any_moment_of_backward_adds_all_gradients_or_none():
    z, _ = network()
    nodes = topological_order(z)
    z.backward()
    added = [node.grad for node in nodes]
    outcomes = set()
    for moment in range(1, moments(z.backward) + 1):
        for node in nodes:
            node.grad = 1.0
        error = interrupted(z.backward, moment)
        assert error is not None
        found = [node.grad for node in nodes]
        assert found in ([1.0] * len(nodes), [1.0 + gradient for gradient in added])
        outcomes.add(found == [1.0] * len(nodes))
        nothing_is_held()  # while the traceback is kept, as a notebook keeps the last one
    assert outcomes == {True, False}  # some moments come after the gradients are added


def forgotten(nodes, numbers):
    for node, number in zip(nodes, numbers, strict=True):
        node.grad = number


@pytest.mark.parametrize(
    "sweep",
    [
        lambda z, _: topological_order(z),
        lambda z, _: reverse_sweep(z),
        forward_sweep,
        lambda z, x: gradient(z, [x]),
        lambda z, x: hessian(z, [x]),
        lambda z, _: pickle.dumps(z),
        lambda z, _: copy.deepcopy(z),
        lambda z, _: pickle.loads(pickle.dumps(z)).backward(),  # noqa: S301 — our own
    ],
)
def test_ctrl_c_at_any_moment_of_reading_a_graph_leaves_nothing_held_or_changed(sweep):
    z, (x, *_) = network()
    sweep(z, x)
    for moment in tried(lambda: sweep(z, x)):
        error = interrupted(lambda: sweep(z, x), moment)
        nothing_is_held()
        del error
    assert not any(node.has_grad for node in topological_order(z))
    z.backward()
    assert x.grad == reverse_sweep(z).derivatives[x] == gradient(z, [x])[0].data


def test_the_collector_is_on_again_whenever_ctrl_c_comes_and_stays_off_where_it_was():
    work = atomic.cyclic_collector_paused(lambda: [abs(number) for number in range(3)])
    for moment in range(1, moments(work) + 1):
        error = interrupted(work, moment)
        assert gc.isenabled()
        del error
    gc.disable()
    try:
        work()
        assert not gc.isenabled()
    finally:
        gc.enable()


# Parameters, gradients, modes: all of them, or none


def all_or_none(call, state, restore):
    """Interrupt the call at each moment: the state is as before, or as after. How often which."""
    before = state()
    call()
    after = state()
    assert before != after
    outcomes = []
    for moment in range(1, moments(call) + 1):
        restore()
        assert state() == before
        error = interrupted(call, moment)
        assert state() in (before, after)
        outcomes.append(state() == after)
        nothing_is_held()
        del error
    assert set(outcomes) == {True, False}


def test_ctrl_c_leaves_all_gradients_cleared_all_numbers_and_modes_set_or_none():
    model = nn.MLP(2, [3, 1], tanh, dropout=0.5, seed=0)
    parameters = model.parameters()
    optimizer = nn.SGD(parameters)

    def graded():
        for parameter in parameters:
            parameter.grad = 1.0

    graded()
    for clear in (model.zero_grad, optimizer.zero_grad):
        graded()
        all_or_none(clear, lambda: [p.has_grad for p in parameters], graded)

    def numbered():
        set_data(parameters, [0.5] * len(parameters))

    numbered()
    all_or_none(lambda: set_data(parameters, range(len(parameters))), lambda: [p.data for p in parameters], numbered)
    all_or_none(model.eval, lambda: [m.training for m in model.modules()], model.train)


def test_a_model_that_is_judged_is_in_training_again_whenever_ctrl_c_comes():
    model = nn.MLP(1, [1], dropout=0.5, seed=0)

    def judged():
        return nn.mean_loss(model, nn.mean_squared_error, [[1.0]], [1.0])

    judged()
    for moment in range(1, moments(judged) + 1):
        error = interrupted(judged, moment)
        assert all(module.training for module in model.modules())
        nothing_is_held()
        del error


OPTIMIZERS = {
    "SGD": nn.SGD,
    "Momentum": nn.Momentum,
    "NAG": nn.NAG,
    "Adagrad": nn.Adagrad,
    "Adadelta": nn.Adadelta,
    "RMSprop": nn.RMSprop,
    "Adam": nn.Adam,
    "AdamW": nn.AdamW,
    "Adamax": nn.Adamax,
    "NAdam": nn.NAdam,
}


def memory(optimizer):
    """What an optimizer remembers, as numbers."""
    return [last and last[1:] for last in optimizer._steps]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_goes_on_after_ctrl_c_as_if_its_steps_were_whole(name):
    def made():
        parameters = [Value(1.0), Value(-2.0), Value(0.5)]
        return parameters, OPTIMIZERS[name](parameters, lr=0.1)

    def stepped(parameters, optimizer, step):
        for i, parameter in enumerate(parameters):
            parameter.grad = 0.1 * step + i - 1
        return optimizer.step

    def numbers(parameters):
        return [parameter.data for parameter in parameters]

    reference = made()
    states = [(numbers(reference[0]), memory(reference[1]))]
    for step in range(4):
        stepped(*reference, step)()
        states.append((numbers(reference[0]), memory(reference[1])))
    parameters, optimizer = made()
    stepped(parameters, optimizer, 0)()
    outcomes = set()
    for moment in range(1, moments(stepped(*copy.deepcopy((parameters, optimizer)), 1)) + 1):
        twin, its = copy.deepcopy((parameters, optimizer))
        error = interrupted(stepped(twin, its, 1), moment)
        taken = states.index((numbers(twin), memory(its)))
        assert taken in (1, 2)
        outcomes.add(taken)
        for step in range(taken, 4):
            stepped(twin, its, step)()
        assert (numbers(twin), memory(its)) == states[4]
        del error
    assert outcomes == {1, 2}


# Training


ROWS, TARGETS = [[0.1, 0.9], [0.8, -0.2], [-0.5, 0.4], [0.3, 0.3], [-0.9, -0.7]], [1.0, 0.0, 1.0, 1.0, 0.0]
EPOCHS, BATCH = 3, 2


class Recorded(nn.Adam):
    """Adam with a diary: the model's numbers and its own memory after each step."""

    diary = None

    def step(self):
        self.diary = self.diary or [state(self)]
        super().step()
        self.diary.append(state(self))


def state(optimizer):
    return [parameter.data for parameter in optimizer.parameters], memory(optimizer)


def squared(outputs, target):
    return (outputs[0] - target) ** 2


def training(kind=nn.Adam, **options):
    """A model, its optimizer, and the call that trains it."""
    model = nn.MLP(2, [2, 1], tanh, seed=0)
    optimizer = kind(model.parameters(), lr=0.01)
    options = {"loss": nn.binary_cross_entropy_with_logits, "epochs": EPOCHS, "batch_size": BATCH} | options
    return model, optimizer, lambda: nn.fit(model, X=ROWS, y=TARGETS, optimizer=optimizer, **options)


def diary(**options):
    """The states of a training in which nothing happens."""
    _, optimizer, fit = training(Recorded, **{**options, "callbacks": ()})
    fit()
    return optimizer.diary


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("penalized", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as below
def test_ctrl_c_at_any_moment_of_training_leaves_a_whole_number_of_steps(compiled, penalized, capsys):
    options = {
        "compiled": compiled,
        "validation": (ROWS[:2], TARGETS[:2]),
        "metrics": {"accuracy": nn.accuracy},
        "patience": 3,
        "progress": not penalized,
    }
    if penalized:
        weights = [Value(0.1)]  # a penalty on what isn't trained still makes compiled training keep to the Values
        options["penalty"] = lambda: weights[0] ** 2
    states = diary(**options)
    assert len(states) == 1 + 3 * EPOCHS
    _, _, fit = training(**options)
    fit()  # what is imported and compiled once, is
    _, _, fit = training(**options)
    reached = set()
    for moment in tried(fit, MOMENTS // 4):
        model, optimizer, fit = training(**options)
        histories = []
        error = interrupted(lambda fit=fit, histories=histories: histories.append(fit()), moment)
        reached.add(states.index(state(optimizer)))  # a ValueError if it were a part of a step
        assert all(module.training for module in model.modules())
        nothing_is_held()
        for history in histories:
            assert error is not None or len(history) == EPOCHS or history.stopped.startswith("interrupted in epoch")
            assert len(history) == len(history.validation_losses) == len(history.metrics["accuracy"])
    assert {0, 3 * EPOCHS} < reached  # the moments are from all over the training
    capsys.readouterr()


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_ctrl_c_under_a_schedule_and_clipping_leaves_a_whole_number_of_steps(compiled):
    schedule = nn.schedules.PerStep(nn.schedules.Cosine(0.05, T_max=9))
    options = {"compiled": compiled, "schedule": schedule, "clip_norm": 0.01}
    states = diary(**options)
    rates = [schedule(t) for t in range(3 * EPOCHS)]
    training(**options)[2]()  # what is imported and compiled once, is
    reached = set()
    for moment in tried(training(**options)[2], MOMENTS // 4):
        _, optimizer, fit = training(**options)
        interrupted(fit, moment)
        steps = states.index(state(optimizer))
        reached.add(steps)
        assert optimizer.lr in ((0.01, rates[0]) if steps == 0 else rates[steps - 1 : steps + 1])
        nothing_is_held()
    assert {0, 3 * EPOCHS} <= reached


class OwnError(Exception):
    """What somebody's own code raises."""


def raising(call, turn):
    """The call, which raises in its turn of that number."""
    turns = iter(range(10**9))

    def called(*arguments):
        if next(turns) == turn:
            raise OwnError
        return call(*arguments)

    return called


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("part", ["loss", "metric", "callback", "penalty"])
def test_an_exception_from_a_part_of_training_leaves_a_whole_number_of_steps(part, compiled):
    for turn in range(8):
        options = {"compiled": compiled, "loss": squared}
        expected = diary(**options)
        if part == "loss":
            options["loss"] = raising(squared, turn)
        elif part == "metric":
            options["metrics"] = {"m": raising(lambda *_: 0.0, turn % EPOCHS)}
        elif part == "callback":
            options["callbacks"] = [raising(lambda _: None, turn % EPOCHS)]
        else:
            zero = Value(0.0)
            turn %= 4 if compiled else 8  # noqa: PLW2901 — compiled, it is recorded so often before training begins
            options["penalty"] = raising(lambda zero=zero: zero, turn)
        model, optimizer, fit = training(**options)
        if part in ("loss", "penalty") and compiled:  # some are recorded before training begins
            with pytest.raises(OwnError):
                fit()
            assert state(optimizer) == expected[0]
            continue
        with pytest.raises(OwnError):
            fit()
        steps = {"loss": turn // 2 if turn < 5 else 3 + (turn - 5) // 2, "penalty": turn}.get(
            part, 3 * (turn % EPOCHS + 1)
        )
        assert state(optimizer) == expected[steps]
        assert all(module.training for module in model.modules())
        nothing_is_held()


@pytest.mark.parametrize("compiled", [False, True])
def test_what_a_callback_has_changed_stays_when_it_raises_after_that(compiled):
    def reset(_):
        set_data(model.parameters(), [0.25] * len(model.parameters()))
        raise OwnError

    model, _, fit = training(compiled=compiled, callbacks=[reset])
    with pytest.raises(OwnError):
        fit()
    assert {parameter.data for parameter in model.parameters()} == {0.25}


@pytest.mark.parametrize("compiled", [False, True])
def test_half_a_step_of_an_optimizer_of_ones_own_is_undone(compiled):
    states = []

    class HalfWay(nn.Adam):
        def step(self):
            states.append(state(self))
            super().step()
            for i, parameter in enumerate(self.parameters):
                parameter.data *= 0.5
                if len(states) == 3 and i == 3:
                    raise OwnError

    _, optimizer, fit = training(HalfWay, compiled=compiled)
    with pytest.raises(OwnError):
        fit()
    assert len(states) == 3
    assert state(optimizer) == states[2]


def test_a_step_that_is_not_finite_is_undone_with_all_that_it_left_in_the_optimizer():
    class Overflowing(Recorded):
        def step(self):
            super().step()
            if len(self.diary) == 4:
                self.parameters[2].data = float("inf")

    _, optimizer, fit = training(Overflowing)
    with pytest.raises(FloatingPointError, match="a step makes"):
        fit()
    assert state(optimizer) == optimizer.diary[2]


# Files


SAVED = {
    "model.json": lambda path: nn.save(nn.Neuron(2, seed=1), path),
    "graph.dot": draw(network()[0]).save,
    "page.html": stepper(Value(2.0) * Value(3.0)).save,
    "bytes": lambda path: replace(path, b"new"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="there a file that is read isn't replaced")
@pytest.mark.parametrize("name", SAVED)
def test_who_reads_a_file_while_it_is_saved_reads_the_old_one_to_its_end(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"old" * 100_000)
    with path.open("rb") as file:
        assert file.read(3) == b"old"
        SAVED[name](path)
        assert len(file.read()) == 299_997
    assert b"oldold" not in path.read_bytes()


@pytest.mark.parametrize("name", SAVED)
def test_ctrl_c_at_any_moment_of_saving_leaves_the_old_file_or_the_new_one_alone(name, tmp_path):
    path = tmp_path / name
    SAVED[name](path)
    new = path.read_bytes()
    outcomes = set()
    for moment in tried(lambda: SAVED[name](path), 10 * MOMENTS if name == "bytes" else MOMENTS // 2):
        path.write_bytes(b"old")
        error = interrupted(lambda: SAVED[name](path), moment)
        assert path.read_bytes() in (b"old", new)
        assert list(tmp_path.iterdir()) == [path]
        outcomes.add(path.read_bytes() == new)
        del error
    assert outcomes == {True, False}


def test_ctrl_c_while_a_model_is_loaded_leaves_the_old_numbers_or_the_new_ones(tmp_path):
    path = tmp_path / "model.json"
    model, other = nn.Neuron(3, seed=0), nn.Neuron(3, seed=1)
    nn.save(other, path)
    before, after = ([p.data for p in each.parameters()] for each in (model, other))
    for moment in tried(lambda: nn.load(path, into=nn.Neuron(3))):
        set_data(model.parameters(), before)
        interrupted(lambda: nn.load(path, into=model), moment)
        assert [p.data for p in model.parameters()] in (before, after)


def test_a_file_that_cannot_be_written_is_named_as_it_was_given_and_leaves_nothing(tmp_path):
    for save in (SAVED["model.json"], lambda path: draw(Value(1.0)).save(path.with_suffix(".dot"))):
        with pytest.raises(FileNotFoundError) as error:
            save(tmp_path / "no" / "such")
        assert "part" not in str(error.value)
    (tmp_path / "folder.dot").mkdir()
    with pytest.raises(ValueError, match=r"cannot replace .*folder\.dot: not a regular file"):
        draw(Value(1.0)).save(tmp_path / "folder.dot")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.dot"]


@pytest.mark.parametrize("name", SAVED)
def test_a_file_that_is_protected_against_writing_stays(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_bytes(b"old")
    path.chmod(0o444)
    if os.access(path, os.W_OK):  # root may write to any
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match=name):
        SAVED[name](path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def running():
    """The children of this process that are at work."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    states = {child: Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] for child in children}
    return {child for child, state in states.items() if state != "Z"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as below
@pytest.mark.skipif(not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="no list of children here")
def test_ctrl_c_while_a_picture_is_rendered_leaves_no_renderer_running_and_no_file(tmp_path):
    picture, path = draw(network()[0]), tmp_path / "graph.svg"
    picture.save(path)
    new = path.read_bytes()
    others = running()  # of other tests: a browser, say
    for moment in tried(lambda: picture.save(path), MOMENTS // 4):
        path.write_bytes(b"old")
        error = interrupted(lambda: picture.save(path), moment)
        assert path.read_bytes() in (b"old", new)
        assert list(tmp_path.iterdir()) == [path]
        for _ in range(6_000):  # it ends by itself where its input is closed: it was started, but not told what
            if not running() - others:
                break
            time.sleep(0.01)
        else:
            pytest.fail("a renderer is still running")
        del error


KILLED = """
import random, sys
import nn
model = nn.MLP(20, [20, 20, 1], seed=0)
while True:
    model.parameters()[0].data += 1.0
    nn.save(model, sys.argv[1])
    print("saved", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_process_that_is_killed_while_it_saves_leaves_a_file_that_loads(tmp_path):
    path = tmp_path / "model.json"
    generator = random.Random(0)
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout.readline() == b"saved\n"
            time.sleep(0.02 * generator.random())
            process.kill()
        assert len(nn.load(path).parameters()) == 20 * 20 + 20 + 20 * 20 + 20 + 20 + 1
    beside = [other for other in tmp_path.iterdir() if other != path]
    assert all(other.name.startswith(".") and other.suffix == ".part" for other in beside)


# Compiling


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of Ctrl-C within somebody's __del__
def test_ctrl_c_at_any_moment_of_compiling_leaves_locks_free_and_compiling_right():
    from autograd import compile as compiled

    x, w = Value(0.5), Value(2.0)

    def call():
        cache._kernels.clear()
        return compiled(x * w + w, [x], [w])

    call()
    for moment in tried(call, MOMENTS // 4):
        error = interrupted(call, moment)
        assert not cache._lock._is_owned()
        assert not jit.lock._is_owned()
        nothing_is_held()
        del error
    values, slopes = call().value_and_gradient([[1.0], [3.0]])
    assert (values.tolist(), slopes.tolist()) == ([4.0, 8.0], [6.0])  # (x + 1)·w, Σ (x + 1)


# Memory


def without_memory(call, allocation):
    """Make the call, whose allocation of that number (from 0) fails; whether it noticed."""
    testing = pytest.importorskip("_testcapi")
    try:
        testing.set_nomemory(allocation, allocation + 1)
        call()
    except MemoryError:
        return True
    finally:
        testing.remove_mem_hooks()
    return False


@pytest.mark.parametrize("turn", ["backward", "step", "zero_grad"])
def test_when_memory_runs_out_all_gradients_and_parameters_change_or_none(turn):
    z, parameters = network()
    optimizer = nn.Adam(parameters, lr=0.1)
    z.backward()
    optimizer.step()
    nodes = topological_order(z)

    def found():
        return [(node.data, node.has_grad, node.grad) for node in nodes], memory(optimizer)

    call = {"backward": z.backward, "step": optimizer.step, "zero_grad": optimizer.zero_grad}[turn]
    start, steps = found(), list(optimizer._steps)

    def restore():
        set_data(nodes, [number for number, _, _ in start[0]])
        forgotten(nodes, [gradient for _, _, gradient in start[0]])
        optimizer._steps = list(steps)
        assert found() == start

    call()
    done = found()
    assert done != start
    noticed = 0
    for allocation in range(400):
        restore()
        failed = without_memory(call, allocation)
        assert found() == (start if failed else done)
        noticed += failed
    assert noticed or turn == "zero_grad"
