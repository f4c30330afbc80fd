"""The speed of the graph engine beside micrograd's, measured in one process.

    make bench

Times are the best of several runs. The ratios should be about the same on other machines. Where possible, both engines
run the same program: `acc = (acc*x + y).relu()`, and micrograd's demo network.
"""

from __future__ import annotations

import gc
import platform
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import micrograd.engine
import micrograd.nn

import nn
from autograd import Value, mean, relu, total

NODES = 900
POINTS = 100


def best(work: Callable[[], Any], repeats: int) -> float:
    """Return the shortest time of a run in seconds, which includes freeing what the run built."""
    least = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        built = work()
        del built
        least = min(least, time.perf_counter() - start)
    return least


@contextmanager
def collector_off() -> Iterator[None]:
    """Switch off Python's cyclic garbage collector for a while."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def expression(kind: type, nodes: int, *, sweep: bool) -> Any:
    """Record a graph with three operations in each step and, with `sweep`, run its reverse sweep."""
    acc, x, y = kind(0.5), kind(0.9), kind(0.1)
    for _ in range(nodes // 3):
        acc = (acc * x + y).relu()
    if sweep:
        acc.backward()
    return acc


def bytes_a_node(kind: type, nodes: int) -> tuple[float, float]:
    """Return the bytes per node that a swept graph holds, and the peak while it was recorded and swept."""
    gc.collect()
    tracemalloc.start()
    graph = expression(kind, nodes, sweep=True)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del graph
    return held / nodes, peak / nodes


def samples() -> tuple[list[list[float]], list[int]]:
    """Return a hundred points in the plane and their targets −1 and 1; the time of a step doesn't depend on them."""
    generator = random.Random(0)
    X = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(POINTS)]
    return X, [1 if a * b > 0 else -1 for a, b in X]


def micrograd_step() -> Callable[[], None]:
    """Return the loop body of micrograd's demo notebook: hinge loss, L2 penalty, one step of SGD."""
    random.seed(0)
    model = micrograd.nn.MLP(2, [16, 16, 1])
    X, y = samples()

    def step() -> None:
        inputs = [list(map(micrograd.engine.Value, x)) for x in X]
        scores = list(map(model, inputs))
        losses = [(1 + -target * score).relu() for target, score in zip(y, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.001 * p.grad

    return step


def our_step() -> Callable[[], None]:
    """Return the same step of the same network on this engine."""
    model = nn.MLP(2, [16, 16, 1], seed=0)
    optimizer = nn.SGD(model.parameters(), lr=0.001)
    X, y = samples()

    def step() -> None:
        losses = [relu(1 - target * model(x)[0]) for x, target in zip(X, y, strict=True)]
        loss = mean(losses) + 1e-4 * total([p * p for p in model.parameters()])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def import_seconds(program: str) -> float:
    """Return the shortest time that a fresh interpreter takes to run the program."""
    return best(lambda: subprocess.run([sys.executable, "-c", program], check=True), 15)  # noqa: S603 — the command is fixed


def main() -> None:
    """Measure, and print the tables of docs/benchmarks.md."""
    sys.setrecursionlimit(10_000)  # micrograd's backward needs a stack frame for each node of the longest path
    compare_engines()
    time_by_size()
    bare, loaded = import_seconds("pass"), import_seconds("import autograd, nn")
    print(f"import autograd, nn: {1e3 * (loaded - bare):.0f} ms more than a bare interpreter (aim: < 50)")


def compare_engines() -> None:
    """Print the table of both engines: time and memory of a node, time of a training step."""
    rows: list[tuple[str, str, str, str, str]] = []

    def compare(what: str, ours: float, theirs: float, unit: str, aim: str, *, faster: bool) -> None:
        ratio = f"{theirs / ours:.1f} times faster" if faster else f"{ours / theirs:.2f} of it"
        rows.append((what, f"{ours:,.0f} {unit}", f"{theirs:,.0f} {unit}", ratio, aim))

    times = {kind: [float("inf")] * 2 for kind in (Value, micrograd.engine.Value)}
    for _ in range(40):  # alternately, so that both engines meet the machine's slow moments
        for kind, least in times.items():
            for sweep in (False, True):
                work = lambda kind=kind, sweep=sweep: expression(kind, NODES, sweep=sweep)  # noqa: E731 — a thunk
                least[sweep] = min(least[sweep], best(work, 10) / NODES * 1e9)
    ours, theirs = times.values()
    compare("fresh graph of 900 nodes, forward", ours[0], theirs[0], "ns/node", "", faster=False)
    compare("the same, forward and backward", ours[1], theirs[1], "ns/node", "≤ 0.60", faster=False)
    (held, peak), (their_held, their_peak) = bytes_a_node(Value, NODES), bytes_a_node(micrograd.engine.Value, NODES)
    compare("memory that the swept graph holds", held, their_held, "bytes/node", "≤ 0.35", faster=False)
    compare("memory at its peak", peak, their_peak, "bytes/node", "", faster=False)

    step, their_step = our_step(), micrograd_step()
    ours_on = min(best(step, 20) for _ in range(3)) * 1e3
    theirs_on = best(their_step, 4) * 1e3
    with collector_off():
        ours_off = best(step, 20) * 1e3
        theirs_off = best(their_step, 6) * 1e3
    compare("micrograd's demo step, both as installed", ours_on, theirs_on, "ms", "≥ 30", faster=True)
    compare("micrograd without the cyclic collector", ours_on, theirs_off, "ms", "≥ 8", faster=True)
    compare("both without the cyclic collector", ours_off, theirs_off, "ms", "", faster=True)

    print(f"CPython {platform.python_version()}, {platform.machine()}, one thread; best of repeats\n")
    print("| | this engine | micrograd 0.1.0 | ratio | aim |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def time_by_size() -> None:
    """Print the time of a node in graphs of a thousand to a million nodes."""
    print("\n| nodes | ns/node | with the cyclic collector on |\n|---|---|---|")
    sizes = (999, 9_999, 99_999, 999_999)
    with collector_off():
        off = [best(lambda n=n: expression(Value, n, sweep=True), max(6, 2_000_000 // n)) / n * 1e9 for n in sizes]
    on = [best(lambda n=n: expression(Value, n, sweep=True), max(3, 1_000_000 // n)) / n * 1e9 for n in sizes]
    for n, without, with_collector in zip(sizes, off, on, strict=True):
        print(f"| {n + 1:,} | {without:.0f} | {with_collector:.0f} |")
    print(f"\nfrom 1,000 to 1,000,000 nodes: {off[-1] / off[0]:.2f} times the time per node (aim: ≤ 1.30),")
    print(f"{on[-1] / on[0]:.2f} times with the collector on, which visits every living object again and again")
    print(
        f"1,000,000 nodes in a chain, recorded and swept: {bytes_a_node(Value, 999_999)[1]:.0f} bytes/node at the peak"
    )


if __name__ == "__main__":
    main()
