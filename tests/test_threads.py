"""Threads: what is promised of graphs, training and compiled code that several of them use at once.

They start together, and the interpreter is told to switch between them as often as it can.
"""

import gc
import os
import pickle
import random
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, atomic, draw, gradient, reverse_sweep, sweep, tanh, topological_order
from autograd.node import clear_gradients
from autograd.rules import operation

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _many_switches():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(*works):
    """Do the works, each in a thread, all from one moment on: what they return. What one raises is raised."""
    barrier = threading.Barrier(len(works))
    results = [None] * len(works)
    errors = []

    def run(i, work):
        try:
            barrier.wait(30)
            results[i] = work()
        except BaseException as error:  # noqa: BLE001 — raised again, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    for error in errors:
        raise error
    return results


@pytest.mark.parametrize("count", [2, 8])
def test_threads_that_sweep_graphs_of_shared_parameters_lose_no_gradient(count):
    a, b = Value(3.0), Value(5.0)

    def work():
        for _ in range(400 // count):
            z = a * b + a
            (z + z).backward()  # 2(ab + a): 2(b + 1) and 2a

    at_once(*[work] * count)
    assert (a.grad, b.grad) == (400 * 12.0, 400 * 6.0)  # whole numbers, so that no order of additions matters


def test_threads_that_sweep_one_graph_at_once_find_what_one_finds():
    x, w = Value(0.7), Value(-0.2)
    z = x
    for _ in range(60):
        z = tanh(z * w + x)
    expected = reverse_sweep(z).derivatives
    order = topological_order(z)

    def work():
        for _ in range(15):
            assert reverse_sweep(z).derivatives == expected
            assert topological_order(z) == order
            assert gradient(z, [x])[0].data == expected[x]

    at_once(*[work] * 4)


@pytest.mark.parametrize("count", [2, 8])
def test_a_graph_built_by_several_threads_is_in_topological_order_by_age(count):
    shared = [Value(float(i)) for i in range(5)]
    published = list(shared)

    def work(seed):
        generator = random.Random(seed)
        for _ in range(300):
            x, y = generator.choice(published), generator.choice(published)  # also what other threads have made
            published.append(x + y)

    at_once(*[lambda seed=seed: work(seed) for seed in range(count)])
    assert len({node.age for node in published}) == len(published)
    assert all(parent.age < node.age for node in published for parent in node.parents)
    z = autograd.total(published)
    order = topological_order(z)
    place = {node: i for i, node in enumerate(order)}
    assert all(place[parent] < place[node] for node in order for parent in node.parents)


def test_clearing_while_another_thread_sweeps_leaves_the_next_sweep_right():
    x = Value(1.0)
    y = x * 3.0

    def sweep():
        for _ in range(500):
            y.backward()

    def clear():
        for _ in range(500):
            clear_gradients([x])
            x.grad = None

    for _ in range(3):
        at_once(sweep, clear)
        x.grad = None
        y.backward()
        assert x.grad == 3.0


def cleared_by_itself(x):
    x.grad = None


def cleared_with_others(x):
    atomic.all_or_none([(object.__setattr__, x, "_grad", None)])


@pytest.mark.parametrize("clear", [lambda x: clear_gradients([x]), cleared_by_itself, cleared_with_others])
def test_clearing_waits_for_a_sweep_that_is_between_its_reading_and_its_writing(clear, monkeypatch):
    x = Value(1.0)
    y = x * 3.0
    held, go_on = threading.Event(), threading.Event()
    sweep_back = sweep.sweep_back

    def slow(output, seed):
        order = sweep_back(output, seed)
        held.set()
        assert go_on.wait(30)
        return order

    monkeypatch.setattr(sweep, "sweep_back", slow)
    sweeping, clearing = threading.Thread(target=y.backward), threading.Thread(target=clear, args=(x,))
    sweeping.start()
    try:
        assert held.wait(30)
        clearing.start()
        clearing.join(0.05)
        assert clearing.is_alive()  # it waits for its turn, and then clears what the sweep has added
    finally:
        go_on.set()
    sweeping.join(30)
    clearing.join(30)
    assert not x.has_grad


def test_an_operation_is_used_by_several_threads_for_the_first_time():
    for i in range(20):
        cube = operation(f"cube{i}", "x", "x * x * x", "3 * x * x")

        def work(cube=cube):
            x = Value(2.0)
            z = cube(x)
            z.backward()
            (slope,) = gradient(z, [x])
            return z.data, x.grad, slope.data

        assert at_once(*[work] * 4) == [(8.0, 12.0, 12.0)] * 4


def test_threads_pickle_and_copy_graphs_of_their_own_at_once():
    def work(seed):
        for _ in range(10):
            x = Value(float(seed))
            z = x
            for _ in range(40):
                z = z + x
            copied = pickle.loads(pickle.dumps(z))  # noqa: S301 — our own
            copied.backward()
            assert topological_order(copied)[0].grad == 41.0
            assert copied.data == 41.0 * seed

    at_once(*[lambda seed=seed: work(seed) for seed in range(4)])


def trained(seed, *, compiled):
    model = nn.MLP(2, [4, 1], tanh, dropout=0.0, seed=seed)
    moons = nn.data.moons(12, seed=seed)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    history = nn.fit(
        model,
        nn.binary_cross_entropy_with_logits,
        moons.X,
        moons.y,
        optimizer=optimizer,
        epochs=4,
        batch_size=5,
        metrics={"accuracy": nn.accuracy},
        compiled=compiled,
    )
    return [parameter.data for parameter in model.parameters()], history.losses, history.metrics


@pytest.mark.parametrize("compiled", [False, True])
def test_models_trained_at_once_have_the_bits_of_models_trained_one_after_another(compiled):
    expected = [trained(seed, compiled=compiled) for seed in range(4)]
    assert at_once(*[lambda seed=seed: trained(seed, compiled=compiled) for seed in range(4)]) == expected
    assert gc.isenabled()


def test_the_collector_is_on_again_after_threads_have_paused_it_in_any_order():
    work = atomic.cyclic_collector_paused(lambda: None)
    for _ in range(30):
        at_once(*[lambda: [work() for _ in range(50)]] * 4)
        assert gc.isenabled()


def test_threads_that_compile_equal_and_other_graphs_at_once_get_each_their_own():
    def work(power):
        x, w = Value(0.5), Value(2.0)
        compiled = autograd.compile(w * x**power + float(power), [x], [w])
        values, slopes = compiled.value_and_gradient([[1.0], [2.0]])
        return values.tolist(), slopes.tolist()

    found = at_once(*[lambda power=power: work(power) for power in (2, 3, 2, 3)])
    two, three = ([4.0, 10.0], [5.0]), ([5.0, 19.0], [9.0])  # 2xᵖ + p at 1 and 2; Σ xᵖ
    assert found == [two, three, two, three]


def test_one_compiled_graph_is_called_by_threads_that_themselves_share_its_work():
    x, w = Value(0.5), Value(2.0)
    compiled = autograd.compile(tanh(w * x), [x], [w])
    tables = [np.linspace(-1, 1 + k, 9_000).reshape(-1, 1) for k in range(4)]  # more than one share each
    expected = [compiled.value_and_gradient(rows) for rows in tables]

    def work(k):
        for threads in (1, 2, 2):
            values, slopes = compiled.value_and_gradient(tables[k], threads=threads)
            assert np.array_equal(values, expected[k][0])
            assert np.array_equal(slopes, expected[k][1])

    at_once(*[lambda k=k: work(k) for k in range(4)])


def test_pictures_drawn_at_once_are_those_drawn_one_after_another(tmp_path):
    def work(i):
        x = Value(float(i), f"x{i}")
        draw(tanh(x * x)).save(tmp_path / f"{i}.dot")
        draw(tanh(x * x)).save(tmp_path / "shared.dot")
        return (tmp_path / f"{i}.dot").read_text()

    expected = [work(i) for i in range(4)]
    assert at_once(*[lambda i=i: work(i) for i in range(4)]) == expected
    assert (tmp_path / "shared.dot").read_text() in expected
    assert len(list(tmp_path.iterdir())) == 5


def test_a_sweep_that_a_finalizer_starts_within_a_sweep_is_refused_and_that_goes_on():
    x = Value(2.0)
    y = x * x
    refused = []

    def again():
        with pytest.raises(RuntimeError, match="a sweep is running in this thread") as error:
            y.backward()
        refused.append(error.value)

    original = sweep.sweep_back

    def disturbed(output, seed):
        if not refused:
            again()  # as a finalizer does, or a signal's handler, in the midst of it
        return original(output, seed)

    sweep.sweep_back = disturbed
    try:
        y.backward()
    finally:
        sweep.sweep_back = original
    assert (len(refused), x.grad) == (1, 4.0)


FIRST_USE = """
import sys, threading
sys.setswitchinterval(1e-6)
import autograd, nn
names = [name for name in nn.__all__ if name != "plots"] + ["autograd"]
barrier, errors = threading.Barrier(8), []
def work(k):
    barrier.wait()
    try:
        for i in range(len(names)):
            name = names[(i * 5 + k * 7) % len(names)]
            getattr(nn, name) if name != "autograd" else (autograd.compile, autograd.draw, autograd.explain)
    except BaseException as error:
        errors.append(error)
threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(errors)
"""


def test_what_is_imported_at_first_use_may_be_used_first_by_several_threads():
    done = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == "[]\n", done.stderr


FORKED = """
import os, signal, threading, time, warnings
warnings.simplefilter("ignore")
import llvmlite.binding
import autograd
from autograd import Value, atomic
from autograd.compiler import cache, jit
x = Value(2.0)
y = x * x
autograd.compile(x + x, [x])
held, done = threading.Event(), threading.Event()
def hold():
    with atomic.lock, cache._lock:
        held.set()
        done.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
asked = threading.Event()
def ask():
    with llvmlite.binding.ffi.lib._lock:  # LLVM has locks of its own, and is at work
        asked.set()
        time.sleep(0.3)
threading.Thread(target=jit._undisturbed, args=(ask,)).start()
asked.wait()
child = os.fork()
if not child:
    signal.alarm(50)  # instead of waiting for ever
    y.backward()
    values = autograd.compile(y, [x]).value([[3.0]])
    os._exit(int(not (x.grad == 4.0 and values[0] == 9.0)))
done.set()
thread.join()
print(os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_forked_while_another_thread_sweeps_and_compiles_can_do_both():
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    assert done.stdout == "0\n", done.stderr
