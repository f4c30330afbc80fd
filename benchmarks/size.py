"""How large a graph can be, how many bytes a node takes, and whether training leaks memory.

    make size
    python benchmarks/size.py --pythons python3.11 python3.12 python3.13 --nodes 10000000

Each graph is recorded, swept and freed in a process of its own, in the main thread or in a thread with a small stack.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import platform
import resource
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import nn
from autograd import Value, gradient, reverse_sweep, topological_order, total, weighted_sum
from autograd.rules import OPERATIONS

DEEP_NODES, WIDE_NODES = 10_000_000, 1_000_000
STACK_KILOBYTES = (0, 256, 64)  # 0 stands for the main thread
MEASURED_NODES = 100_000
TRAINING_STEPS = 10_000

x = Value(0.5)


def chain(step: Callable[[Any], Value], length: int) -> Value:
    """step(step(… 0.5))."""
    node = Value(0.5)
    for _ in range(length):
        node = step(node)
    return node


def watching(node: Value) -> Value:
    """Record a condition, as in a gradient's graph: it depends on its inputs, but no path leads through it."""
    return Value.__operations__[OPERATIONS["greater"]](node, x)


def wide(sum_of: Callable[[list[Value]], Value], leaves: int) -> Value:
    """Record one node with this many new leaves as parents."""
    return sum_of([Value(1.0) for _ in range(leaves)])


GRAPHS: dict[str, Callable[[int], Value]] = {
    "chain, unary": lambda n: chain(Value.sin, n),
    "chain, binary": lambda n: chain(lambda node: x * node, n),
    "chain, sharing (diamonds)": lambda n: chain(lambda node: node * node, n),
    "chain, n-ary (weighted sum)": lambda n: chain(lambda node: weighted_sum([x], [node], x), n),
    "chain, conditions": lambda n: chain(watching, n),
    "weighted sum of leaves": lambda n: wide(lambda leaves: weighted_sum(leaves, leaves), n),
    "total of leaves": lambda n: wide(total, n),
}
ENDS: dict[str, Callable[[Value], object]] = {
    "backward": Value.backward,
    "reverse_sweep": reverse_sweep,
    "gradient": lambda y: gradient(y, topological_order(y)[:1]),
    "nothing, in a reference cycle": lambda y: cycle(y),  # noqa: PLW0108 — defined below
}


def cycle(y: Value) -> list[Any]:
    """Return a list that holds the graph and itself."""
    holder: list[Any] = [y]
    holder.append(holder)
    return holder


def live(graph: str, end: str, nodes: int) -> None:
    """Record a graph, sweep it and free it; print the seconds of each and the peak of memory in GB."""
    times = [time.perf_counter()]
    gc.disable()
    y: Any = GRAPHS[graph](nodes)
    times.append(time.perf_counter())
    result: Any = ENDS[end](y)
    times.append(time.perf_counter())
    del y, result
    gc.collect()
    times.append(time.perf_counter())
    record, sweep, free = (after - before for before, after in itertools.pairwise(times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{record:.1f} | {sweep:.1f} | {free:.1f} | {peak:.1f}", end="")


def in_a_stack_of(kilobytes: int, work: Callable[[], None]) -> None:
    """Run the work in a thread with a stack of this many kilobytes, or for 0 in the main thread."""
    if not kilobytes:
        work()
        return
    threading.stack_size(kilobytes << 10)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def bytes_a_node() -> None:
    """Print the bytes of a node of each kind in a chain, and of a leaf; before and after a sweep."""
    kinds: dict[str, Callable[[], object]] = {
        "leaf": lambda: [Value(0.5 + i) for i in range(MEASURED_NODES)],
        "unary": lambda: chain(Value.sin, MEASURED_NODES),
        "binary": lambda: chain(lambda node: x * node, MEASURED_NODES),
        "condition": lambda: chain(watching, MEASURED_NODES),
    }
    for parents in (3, 5, 33):
        leaves = [Value(float(i)) for i in range(parents // 2)]
        kinds[f"weighted sum, {parents} parents"] = lambda leaves=leaves: chain(
            lambda node: weighted_sum(leaves, [node, *leaves[1:]], x), MEASURED_NODES
        )
    print("| node | bytes | after backward |\n|---|---|---|")
    for kind, make in kinds.items():
        sizes = []
        for sweep in (False, True):
            tracemalloc.start()
            made = make()
            if sweep and isinstance(made, Value):
                made.backward()
            sizes.append(tracemalloc.get_traced_memory()[0] / MEASURED_NODES)
            tracemalloc.stop()
            del made
        swept = (
            "" if kind in {"leaf", "condition"} else f"{sizes[1]:.0f}"
        )  # there is nothing to sweep: no path leads to a condition's inputs
        print(f"| {kind} | {sizes[0]:.0f} | {swept} |")


def training() -> None:
    """Print by how much memory grows from the 1,000th training step to the last, without the cyclic collector."""
    print(f"| {TRAINING_STEPS:,} steps | bytes a step kept | resident set, kB | objects in cycles |\n|---|---|---|---|")
    X = [[0.1 * i, 1.0 - 0.2 * i] for i in range(4)]
    y = [[float(i % 2)] for i in range(4)]
    for kind in nn.optimizers.KINDS:
        for compiled in (False, True) if kind in (nn.SGD, nn.Adam) else (False,):
            model = nn.MLP(2, [4, 1], seed=0)
            marks: list[tuple[int, int, int]] = []

            def look(history: nn.History, marks: list[tuple[int, int, int]] = marks) -> None:
                if len(history) in (TRAINING_STEPS // 10, TRAINING_STEPS):
                    in_cycles = gc.collect()
                    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
                    marks.append((tracemalloc.get_traced_memory()[0], pages * 4, in_cycles))

            gc.collect()
            gc.disable()
            tracemalloc.start()
            nn.fit(
                model,
                nn.mean_squared_error,
                X,
                y,
                optimizer=kind(model.parameters(), lr=1e-3),
                epochs=TRAINING_STEPS,
                batch_size=4,
                callbacks=[look],
                compiled=compiled,
            )
            tracemalloc.stop()
            gc.enable()
            (traced, resident, _), (traced_later, resident_later, cycles) = marks
            engine = "compiled" if compiled else "graph"
            kept = (traced_later - traced) / (TRAINING_STEPS - TRAINING_STEPS // 10)
            print(f"| {kind.__name__}, {engine} | {kept:.0f} | {resident_later - resident:+,} | {cycles} |", flush=True)
    print("\nHistory keeps the loss of each step, which is an epoch here: 24 bytes, and about 9 in its list.")


def rows(python: str, deep: int) -> None:
    """Print the table of one interpreter: each row is measured in a process of its own, which may crash."""
    ask_version = [python, "-c", "import platform; print(platform.python_version())"]
    version = subprocess.run(ask_version, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 — the command is fixed
    cases = [("chain, unary", "backward", deep, stack) for stack in STACK_KILOBYTES]
    cases += [(graph, "backward", WIDE_NODES, stack) for graph in GRAPHS for stack in STACK_KILOBYTES]
    cases += [("chain, unary", end, WIDE_NODES, STACK_KILOBYTES[-1]) for end in ENDS if end != "backward"]
    for graph, end, nodes, stack in cases:
        command = [python, __file__, "--one", graph, end, str(nodes), str(stack)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — the command is fixed
        figures = done.stdout if done.returncode == 0 else f"crashed, {done.returncode} | | |"
        where = f"{stack} kB" if stack else "main"
        print(f"| {version} | {graph} | {end} | {nodes:,} | {where} | {figures} |", flush=True)
    done = subprocess.run([python, __file__, "--exit"], check=False)  # noqa: S603 — the command is fixed
    freed = "freed" if done.returncode == 0 else f"crashed, {done.returncode}"
    print(
        f"| {version} | chain, unary | nothing, freed at the end | {WIDE_NODES:,} | main | | | {freed} | |",
        flush=True,
    )


def at_exit() -> None:
    """Leave a graph in the main module, to be freed when the interpreter ends."""
    globals()["left"] = chain(Value.sin, WIDE_NODES)


def main() -> None:
    """Print the tables; with --one, print the numbers of one row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pythons", nargs="+", default=[sys.executable], help="the interpreters to measure")
    parser.add_argument("--nodes", type=int, default=DEEP_NODES, help="the number of nodes of the longest chain")
    parser.add_argument("--tables", nargs="+", choices=["memory", "depth"], default=["memory", "depth"])
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--exit", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        graph, end, nodes, stack = arguments.one
        in_a_stack_of(int(stack), lambda: live(graph, end, int(nodes)))
        return
    if arguments.exit:
        at_exit()
        return
    print(f"CPython {platform.python_version()}, {platform.machine()}\n")
    if "memory" in arguments.tables:
        bytes_a_node()
        print()
        training()
    if "depth" not in arguments.tables:
        return
    print("\n| Python | graph | swept by | nodes | stack | record, s | sweep, s | free, s | peak, GB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for python in arguments.pythons:
        rows(python, arguments.nodes)


if __name__ == "__main__":
    main()
