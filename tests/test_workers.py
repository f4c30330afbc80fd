"""Workers that train together: what they gather, that any number of them has the same bits, and how they stop."""

import contextlib
import functools
import json
import operator
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import relu, tanh

WORKER = Path(__file__).parent / "tools/worker.py"
KILLS = int(os.environ.get("KILLS", "3"))
NOW = 30.0  # seconds in which even a busy machine has done what takes none


def free_port():
    """A port that the system gives nobody by itself: a client that asks for it too early would meet itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def together(*works, timeout=NOW):
    """What each of these functions of a group gives or raises, each in a thread of its own."""
    address, found = ("127.0.0.1", free_port()), [None] * len(works)

    def run(rank):
        try:
            with nn.workers.sockets(rank, len(works), address, timeout=timeout) as group:
                found[rank] = works[rank](group)
        except (OSError, ValueError, RuntimeError) as error:
            found[rank] = error

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# Gathering


def test_each_worker_gets_all_arrays_in_the_order_of_ranks_and_with_all_bits():
    def work(group):
        own = np.array([group.rank, -0.0, np.inf, 5e-324, np.nan])
        return [np.array(group.allgather(own * k)).tobytes() for k in (1, -2)]

    own = [np.array([[rank, -0.0, np.inf, 5e-324, np.nan] for rank in range(3)]) * k for k in (1, -2)]
    assert together(work, work, work) == [[each.tobytes() for each in own]] * 3


def test_an_array_may_be_empty_or_longer_than_a_sockets_memory():
    def work(group):
        return [[len(each) for each in group.allgather(np.zeros(n))] for n in (0, 1_000_000, 1)]

    assert together(work, work) == [[[0, 0], [1_000_000] * 2, [1, 1]]] * 2


def test_small_messages_do_not_wait_for_others():
    def work(group):
        return [peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for peer in group._peers.values()]

    assert all(flag for flags in together(work, work) for flag in flags)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_who_leaves_stops_the_others_with_a_sentence(gone):
    def work(group):
        group.allgather(np.zeros(2))
        return None if group.rank == gone else group.allgather(np.zeros(2))

    found = together(work, work, work)
    assert found.pop(gone) is None
    assert [str(error) for error in found] == [f"worker {gone} has left: its connection is closed"] * 2


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_who_is_silent_stops_the_others_within_twice_the_timeout(silent):
    ended = threading.Barrier(3, timeout=NOW)

    def work(group):
        try:
            return None if group.rank == silent else group.allgather(np.zeros(2))
        finally:
            ended.wait()

    found = together(work, work, work, timeout=0.1)
    assert found.pop(silent) is None
    seconds = 0.2 if silent == 0 else 0.1  # worker 0 waits for the others, and so has twice the time
    assert [str(error) for error in found] == [f"worker {silent} was silent for {seconds:g} s"] * 2


def test_arrays_of_two_lengths_are_refused_in_all_workers():
    def work(group):
        group.allgather(np.zeros(2))
        return group.allgather(np.zeros(2 + group.rank // 2))

    found = together(work, work, work)
    assert {type(error) for error in found} == {ConnectionError}
    assert all("must send 16 bytes in exchange 2, got 24 in exchange 2" in str(error) for error in found)


def test_a_group_that_was_left_says_so():
    with nn.workers.sockets(0, 1) as group:
        pass
    with pytest.raises(ConnectionError, match="the group of workers is closed: this worker has left it"):
        group.allgather(np.zeros(1))


def test_who_never_comes_is_not_waited_for():
    with pytest.raises(ConnectionError, match=r"^1 of 3 workers had come after 0.05 s$"):
        nn.workers.sockets(0, 3, ("127.0.0.1", free_port()), timeout=0.05)
    with pytest.raises(ConnectionError, match=r"worker 0 was not at 127\.0\.0\.1:\d+ within 0.05 s"):
        nn.workers.sockets(1, 3, ("127.0.0.1", free_port()), timeout=0.05)


@pytest.mark.parametrize("hello", [b"", b"GET / HTTP/1.1\r\n\r\n" + bytes(100), b"hello"])
def test_a_stranger_at_the_port_is_sent_away(hello):
    port, found = free_port(), []

    def first():
        with nn.workers.sockets(0, 2, ("127.0.0.1", port), timeout=NOW) as group:
            found.append(group.allgather(np.ones(1)))

    thread = threading.Thread(target=first)
    thread.start()
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            stranger = socket.create_connection(("127.0.0.1", port))
            break
    with stranger:
        with contextlib.suppress(OSError):  # sent away already
            stranger.sendall(hello)
            stranger.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert stranger.recv(1) == b""
    with nn.workers.sockets(1, 2, ("127.0.0.1", port), timeout=NOW) as group:
        found.append(group.allgather(np.zeros(1)))
    thread.join()
    assert np.array_equal(np.ravel(found), [1, 0, 1, 0])


def test_two_workers_of_one_rank_are_refused():
    port, found = free_port(), []

    def run(rank):
        with pytest.raises(ConnectionError) as error:
            nn.workers.sockets(rank, 3, ("127.0.0.1", port), timeout=NOW)
        found.append(str(error.value))

    threads = [threading.Thread(target=run, args=(rank,)) for rank in (0, 1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["two workers have rank 1 of 3, in a group of 3"] * 3


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((2, 2), ValueError, "rank must be below size, 2, got 2"),
        ((-1, 2), ValueError, "rank must be at least 0, got -1"),
        ((0, 0), ValueError, "size must be at least 1, got 0"),
        ((0, 2, "localhost"), TypeError, "address must be a host and a port"),
        ((0, 2, ("localhost", 65_536)), ValueError, "address's port must be at most 65535, got 65536"),
        ((0, 1, ("localhost", 1), float("nan")), ValueError, "timeout must be a number of seconds above 0"),
    ],
)
def test_what_is_no_worker_is_refused(arguments, error, sentence):
    timeout = {"timeout": arguments[3]} if len(arguments) > 3 else {}
    with pytest.raises(error, match=sentence):
        nn.workers.sockets(*arguments[:3], **timeout)


# Training together

X = np.random.default_rng(1).normal(size=(50, 3))
Y = np.random.default_rng(2).integers(0, 2, 50)


def trained(group, *, rate=0.05, relabel=False, activation=tanh, kind=nn.Adam, smoothing=0.0, **options):
    """The history and the parameters, and the error, if there is one."""
    model = nn.MLP(3, [4, 2], activation, seed=3)
    parameters = model.parameters()
    if relabel:
        parameters = parameters[::-1]
    given = {"X": X, "y": Y, "epochs": 3, "batch_size": 20, "shares": 5, "workers": group} | options
    optimizer, error = kind(parameters, lr=rate), ""
    try:
        loss = functools.partial(nn.softmax_cross_entropy, label_smoothing=smoothing)
        history = nn.fit(model, loss, optimizer=optimizer, **given)
    except (ConnectionError, ValueError) as raised:
        error, history = f"{type(raised).__name__}: {raised}", raised.history
    return history.losses, [parameter.data.hex() for parameter in model.parameters()], error


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_size": 3},  # fewer samples than shares
        {"batch_size": 50, "clip_norm": 0.1, "exact": False},
        {"X": X.tolist(), "y": Y.tolist(), "kind": nn.SGD, "validation": (X[:9], Y[:9]), "patience": 1},
    ],
)
def test_any_number_of_workers_has_the_bits_of_one_process(size, options):
    alone = trained(None, **options)
    assert together(*[functools.partial(trained, **options)] * size) == [alone] * size


def test_sixteen_shares_are_what_workers_have_by_default():
    (found,) = together(functools.partial(trained, shares=None))
    assert found == trained(None, shares=16)


def test_a_group_of_ones_own_needs_rank_size_and_allgather_alone():
    barrier, room = threading.Barrier(2, timeout=NOW), {}

    class Room:
        size = 2

        def __init__(self, rank):
            self.rank = rank

        def allgather(self, array):
            room[self.rank] = array
            barrier.wait()
            found = [room[0].copy(), room[1].copy()]
            barrier.wait()
            return found

    found = together(lambda _: trained(Room(0)), lambda _: trained(Room(1)))
    assert found == [trained(None)] * 2


@pytest.mark.parametrize(
    ("options", "subject"),
    [
        ({"X": X + 1e-9}, "the data"),
        ({"y": 1 - Y}, "the data"),
        ({"X": X[:49], "y": Y[:49]}, "the number of samples"),
        ({"batch_size": 10}, "the batch_size"),
        ({"seed": 1}, "the seed"),
        ({"epochs": 4}, "the number of epochs"),
        ({"shares": 6}, "the shares"),
        ({"rate": 0.06}, "the optimizer"),
        ({"kind": nn.NAdam}, "the optimizer"),
        ({"relabel": True}, "the parameters, in the order"),
        ({"activation": relu}, "the graph of the loss"),
        ({"smoothing": 0.1}, "the graph of the loss"),
        ({"clip_norm": 1.0}, "the clip_norm"),
    ],
)
def test_who_trains_something_else_is_told_in_all_workers_before_the_first_step(options, subject):
    for losses, parameters, error in together(trained, trained, functools.partial(trained, **options)):
        assert losses == []
        assert parameters in [trained(None, epochs=0, activation=activation)[1] for activation in (tanh, relu)]
        assert error.startswith("ValueError: worker 2 must have " + subject)


def test_another_version_is_told(monkeypatch):
    import nn.agreement

    versions = iter(["1.0", "1.1"])

    class Package:
        @property
        def __version__(self):
            return next(versions)

    monkeypatch.setattr(nn.agreement, "autograd", Package())
    for *_, error in together(trained, trained):
        assert error.startswith("ValueError: worker 1 must have the version of worker 0, which is 1.")


def test_a_worker_whose_callback_changes_its_model_stops_all():
    def work(group):
        model = nn.MLP(3, [4, 2], seed=3)

        def change(history):
            if group.rank == 1 and len(history) == 2:
                model.parameters()[0].data = 0.5

        optimizer = nn.SGD(model.parameters(), lr=0.1)
        with pytest.raises(ValueError, match="worker 1 has other parameters than worker 0") as error:
            nn.fit(
                model,
                nn.softmax_cross_entropy,
                X,
                Y,
                optimizer=optimizer,
                epochs=4,
                callbacks=[change],
                workers=group,
            )
        return len(error.value.history)

    assert together(work, work) == [2, 2]


@pytest.mark.parametrize("gone", [0, 1])
def test_an_error_in_one_worker_stops_the_others_at_a_whole_step_with_the_history(gone):
    def work(group):
        def fail(history):
            if group.rank == gone and len(history) == 2:
                raise RuntimeError("no")

        return trained(group, callbacks=[fail])

    found = together(work, work)
    assert str(found.pop(gone)) == "no"
    losses, parameters, error = found[0]
    alone = trained(None, epochs=2)
    assert (losses, parameters) == alone[:2]
    assert error == f"ConnectionError: worker {gone} has left: its connection is closed (epoch 3)"


@pytest.mark.parametrize(
    ("group", "error", "sentence"),
    [
        (object(), TypeError, "workers must have rank, size and allgather"),
        (5, TypeError, "workers must have rank, size and allgather"),
    ],
)
def test_what_is_no_group_is_refused(group, error, sentence):
    with pytest.raises(error, match=sentence):
        trained(group)


class Communicator:
    """One of two processes of MPI, of which the other sends its array when it is looked at for the third time."""

    def __init__(self, looks):
        self.looks, self.Get_rank, self.Get_size = looks, lambda: 1, lambda: 2

    def Iallgather(self, own, found):  # noqa: N802 — mpi4py's name
        looks = iter(range(self.looks))

        def is_there():
            if next(looks, None) is not None:
                return False
            found[:] = own - 1, own
            return True

        return type("Request", (), {"Test": staticmethod(is_there)})


def test_workers_of_mpi_gather_as_others_do_and_give_up_after_the_timeout():
    group = nn.workers.mpi(Communicator(looks=2))
    assert (group.rank, group.size) == (1, 2)
    assert np.array(group.allgather([2.5, 0.0])).tolist() == [[1.5, -1.0], [2.5, 0.0]]
    group = nn.workers.mpi(Communicator(looks=10**9), timeout=0.01)
    for sentence in ("some of 2 workers were silent for 0.01 s", "the group of workers is closed"):
        with pytest.raises(ConnectionError, match=sentence):
            group.allgather([0.0])


def test_without_mpi4py_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", None)
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(ImportError, match=r'nn.workers.mpi needs mpi4py: pip install "pathgrad\[mpi\]"'):
        nn.workers.mpi()


def test_fewer_shares_than_workers_are_refused():
    with pytest.raises(ValueError, match="shares must be at least the number of workers, 6, got 5"):
        nn.shares.read_shares(5, type("Six", (), {"rank": 0, "size": 6, "allgather": None})())


# Processes


def started(case, size, folder, port):
    processes = [
        subprocess.Popen(
            [sys.executable, str(WORKER), case, str(rank), str(size), str(port), str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(size)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    return processes


def answers(processes):
    return [json.loads(process.communicate(timeout=600)[0] or "null") for process in processes]


@pytest.mark.parametrize(("case", "steps"), [("digits", 60), ("wide", 6)])
def test_one_two_and_three_processes_have_the_same_bits(case, steps, tmp_path):
    found = [answers(started(case, size, tmp_path, free_port())) for size in (1, 2, 3)]
    each = functools.reduce(operator.add, found)
    assert [answer["stopped"] for answer in each] == [""] * 6
    assert {(answer["steps"], answer["sha"]) for answer in each} == {(steps, each[0]["sha"])}


def test_a_killed_process_costs_no_more_than_the_step_under_way(tmp_path):
    (tmp_path / "whole").mkdir()
    ((whole,),) = [answers(started("short", 1, tmp_path / "whole", free_port()))]
    chance = random.Random(int(os.environ.get("SEED", "0")))
    for i in range(KILLS):
        folder = tmp_path / str(i)
        folder.mkdir()
        processes = started("short", 3, folder, free_port())
        killed = chance.randrange(3)
        with contextlib.suppress(subprocess.TimeoutExpired):
            processes[killed].wait(chance.uniform(0, 1.5))
        processes[killed].send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        found = answers(processes)
        for rank, answer in enumerate(found):
            if rank == killed and answer is None:
                continue
            assert answer["stopped"] == "" or f"worker {killed} has left" in answer["stopped"]
            assert all(whole["hashes"][epoch] == sha for epoch, sha in answer["hashes"].items())
            assert answer["sha"] in whole["hashes"].values()
        (again,) = answers(started("short", 1, folder, free_port()))
        assert (again["steps"], again["sha"]) == (whole["steps"], whole["sha"])
