"""Depth and memory: graphs of any depth are freed on any stack and pickled whole, and training leaves nothing."""

import copy
import gc
import io
import pickle
import subprocess
import sys
import threading
import tracemalloc

import pytest

import nn
from autograd import Value, factor, total


def chain(length):
    """sin(sin(… x)), with x and the node in the middle."""
    x = middle = node = Value(0.5)
    for i in range(length):
        node = node.sin()
        if i == length // 2:
            middle = node
    return x, middle, node


def run(program):
    """What the program prints in an interpreter of its own, where a crash is only that one's."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


# Freeing

KINDS = """
import gc, threading
from autograd import Value, total, weighted_sum
from autograd.rules import OPERATIONS

x, N = Value(0.5), 30_000
def chain(step):
    node = Value(0.5)
    for _ in range(N): node = step(node)
    return node
def in_a_cycle():
    holder = {"node": chain(Value.sin)}
    holder["itself"] = holder
    del holder
    gc.collect()
kinds = {
    "unary": lambda: chain(Value.sin),
    "binary": lambda: chain(lambda node: x * node),
    "shared": lambda: chain(lambda node: node * node),
    "n-ary": lambda: chain(lambda node: weighted_sum([x, x], [node, 1.0], x)),
    "alternating": lambda: chain(lambda node: total([-node])),
    "watched": lambda: chain(lambda node: Value.__operations__[OPERATIONS["greater"]](node, x)),
    "swept": lambda: chain(Value.sin).backward(),
    "cycle": in_a_cycle,
}
def work():
    for kind, make in kinds.items():
        make()
        print(kind)
"""


def test_a_deep_graph_of_every_kind_of_node_is_freed_on_a_small_stack():
    start = "threading.stack_size(64 << 10)\nthread = threading.Thread(target=work)\nthread.start()\nthread.join()"
    assert run(KINDS + start) == ["unary", "binary", "shared", "n-ary", "alternating", "watched", "swept", "cycle"]


def test_a_deep_graph_is_freed_when_the_interpreter_ends():
    assert run(KINDS + 'y = chain(Value.sin)\nprint("end")') == ["end"]


def test_a_graph_that_is_taken_apart_by_a_loop_keeps_what_somebody_else_holds():
    program = """
import gc
from autograd import Value, small_stacks, total
small_stacks.take_graphs_apart()  # as where a thread with a small stack has started on Python 3.13
x = Value(3.0)
kept = x * x
summands = [kept, kept, x]
output = total(summands).sin()
for _ in range(5_000): output = output + kept
del output
print(sum(type(thing) is Value for thing in gc.get_objects()))
kept.backward()
print(kept.parents == (x, x), x.grad, summands == [kept, kept, x])
"""
    assert run(program) == ["2", "True", "6.0", "True"]


@pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="other Pythons free chains of any depth by themselves")
def test_graphs_are_taken_apart_from_the_first_small_stack_on_and_not_before():
    program = """
import threading
from autograd import Value
def start():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    print(hasattr(Value, "__del__"))
start()
threading.stack_size(4 << 20)
start()
threading.stack_size(64 << 10)
start()
print(threading.stack_size())
"""
    assert run(program) == ["False", "False", "True", "65536"]


# Pickles


def shape(node):
    """Depth of a chain and its number, which tell whether all of it is there."""
    depth = 0
    while node.parents:
        (node,) = node.parents
        depth += 1
    return depth, node.data


def dumped_while(work, root, halfway, kind):
    """The root's pickle, and what `work` gives when the pickler meets the node halfway."""
    results = []

    class Pickler(kind):
        def persistent_id(self, thing):
            if thing is halfway and not results:
                results.append(work())

    Pickler(file := io.BytesIO()).dump(root)
    return file.getvalue(), results[0]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_deep_graph_is_pickled_in_every_protocol(protocol):
    _, _, y = chain(3_000)
    assert shape(pickle.loads(pickle.dumps(y, protocol))) == (3_000, 0.5)  # noqa: S301 — our own


@pytest.mark.parametrize("kind", [pickle.Pickler, pickle._Pickler])
def test_threads_pickle_one_deep_graph_at_the_same_time(kind):
    _, middle, y = chain(6_000)

    def in_another_thread():
        results = []
        thread = threading.Thread(target=lambda: results.append(pickle.dumps(middle)))
        thread.start()
        thread.join()
        return results

    outer, (inner,) = dumped_while(in_another_thread, y, middle.parents[0], kind)
    assert shape(pickle.loads(outer)) == (6_000, 0.5)  # noqa: S301 — our own
    assert shape(pickle.loads(inner)) == (3_001, 0.5)  # noqa: S301 — our own


@pytest.mark.parametrize("kind", [pickle.Pickler, pickle._Pickler])
def test_a_pickle_within_a_pickle_of_the_same_deep_graph_is_whole(kind):
    x, middle, y = chain(6_000)
    outer, inner = dumped_while(lambda: pickle.dumps(middle), y, x, kind)
    assert shape(pickle.loads(outer)) == (6_000, 0.5)  # noqa: S301 — our own
    assert shape(pickle.loads(inner)) == (3_001, 0.5)  # noqa: S301 — our own


@pytest.mark.parametrize("kind", [pickle.Pickler, pickle._Pickler])
def test_a_pickle_that_failed_halfway_spoils_no_other(kind):
    _, middle, y = chain(6_000)

    def fail():
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full") as failure:
        dumped_while(fail, y, middle.parents[0], kind)
    assert shape(pickle.loads(pickle.dumps(middle))) == (3_001, 0.5)  # noqa: S301 — our own
    assert shape(pickle.loads(pickle.dumps([middle.parents[0], y])).pop()) == (6_000, 0.5)  # noqa: S301 — our own
    del failure  # which held the pickler, and what it was at, until here


def test_a_node_that_a_pickle_under_way_has_met_brings_its_ancestors_into_another():
    _, middle, y = chain(6_000)
    for _ in range(20):  # Python's pickler asks for a thousand nodes at once, and has met almost all of them here
        (middle,) = middle.parents
    (before,) = middle.parents
    outer, inner = dumped_while(lambda: pickle.dumps(before), y, middle, pickle._Pickler)
    assert shape(pickle.loads(outer)) == (6_000, 0.5)  # noqa: S301 — our own
    assert shape(pickle.loads(inner)) == (2_980, 0.5)  # noqa: S301 — our own


def test_a_module_is_pickled_and_copied_with_the_swept_graph_that_hangs_on_it():
    model = nn.MLP(2, [3, 1], seed=0)
    node = total([model([0.5, -1.0])[0] for _ in range(3)])
    for _ in range(3_000):
        node = node * 1.0
    node.backward()
    model.loss = node
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):  # noqa: S301 — our own
        assert [p.grad for p in twin.parameters()] == [p.grad for p in model.parameters()]
        twin.loss.backward()
        assert [p.grad for p in twin.parameters()] == [2 * p.grad for p in model.parameters()]


def test_a_copy_of_many_outputs_takes_the_graph_that_they_share_once():
    _, _, y = chain(20_000)
    outputs = copy.deepcopy([y * i for i in range(200)])
    assert len({output.parents[0] for output in outputs}) == 1
    assert shape(outputs[7].parents[0]) == (20_000, 0.5)


# What walks a graph


def test_a_factored_derivative_takes_memory_in_proportion_to_the_length_of_a_chain():
    def peak(length):
        x, _, y = chain(length)
        z = y + x
        tracemalloc.start()
        try:
            factored = factor(z, x)
            return factored, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    (short, little), (long, much) = peak(500), peak(4_000)
    assert (short.symbols.count("·"), long.symbols.count("·")) == (500, 4_000)
    assert long.paths == 2
    assert much < 2 * 8 * little


# Modules


class Part(nn.Module):
    def __init__(self, **attributes):
        self.weight = Value(1.0)
        vars(self).update(attributes)


def test_a_module_that_holds_itself_or_shares_a_part_has_each_parameter_once():
    shared = Part()
    left, right = Part(part=shared), Part(part=shared)
    whole = Part(parts=[left, right], itself=None)
    whole.itself = shared.whole = whole
    whole.parts.append(whole.parts)
    assert whole.parameters() == [whole.weight, left.weight, shared.weight, right.weight]
    assert list(whole.modules()) == [whole, left, shared, right]


def test_modules_within_modules_have_no_depth_limit():
    module = Part()
    for _ in range(5_000):
        module = Part(part=module)
    assert len(module.parameters()) == 5_001


# Training


def held():
    """Bytes in use, and how many objects only the cyclic collector frees, which empties Python's stores, too."""
    unreachable = gc.collect()
    return tracemalloc.get_traced_memory()[0], unreachable


@pytest.fixture
def traced():
    gc.collect()
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


OPTIMIZERS = nn.optimizers.KINDS


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_hundreds_of_training_steps_leave_no_memory_and_no_reference_cycle_behind(kind):
    model = nn.MLP(2, [2, 1], seed=0)
    optimizer = kind(model.parameters(), lr=0.01)

    def train(steps):
        for _ in range(steps):
            loss = (model([0.5, -1.0])[0] - 1.0) ** 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        del loss
        return held()

    train(20)
    before, _ = train(1)
    after, unreachable = train(300)
    assert unreachable == 0
    assert after - before < 300 * 4  # half a pointer a step: what grows at all grows by more


@pytest.mark.parametrize("compiled", [False, True])
def test_an_epoch_of_fit_leaves_its_numbers_in_the_history_and_nothing_else(compiled, request):
    model = nn.MLP(2, [2, 1], seed=0)
    X, y = [[0.5, -1.0], [1.0, 2.0]], [[1.0], [0.0]]
    at_epoch = {}

    def look(history):
        if len(history) == 20:  # what is made or imported once is there
            request.getfixturevalue("traced")
        if len(history) in (100, 500):
            at_epoch[len(history)] = held()

    history = nn.fit(
        model,
        nn.mean_squared_error,
        X,
        y,
        optimizer=nn.Adam(model.parameters()),
        epochs=500,
        batch_size=1,
        validation=(X, y),
        metrics={"constant": lambda *_: 1.5},
        callbacks=[look],
        compiled=compiled,
    )
    assert len(history) == 500
    (before, _), (after, unreachable) = at_epoch[100], at_epoch[500]
    assert unreachable == 0
    numbers = 400 * (24 + 24 + 3 * 8)  # two floats and three pointers, in lists that grow by an eighth
    assert numbers * 0.9 < after - before < numbers * 2  # NumPy keeps some memory for later; a float a step is too much
