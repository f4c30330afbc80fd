"""How large a graph can be, what a node takes, and what training leaves behind; each measured in a process of its own.

    make size
    python benchmarks/size.py --pythons python3.11 python3.12 python3.13 --nodes 10000000

A graph is built, swept, and dropped where it was built: in the main thread or in one with a small stack.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import platform
import random
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

DEEP, WIDE = 10_000_000, 1_000_000
STACKS = (0, 256, 64)  # kB; 0 is the main thread's own
MEASURED = 100_000
STEPS = 10_000

x = Value(0.5)


def chain(step: Callable[[Any], Value], length: int) -> Value:
    """step(step(… 0.5))."""
    node = Value(0.5)
    for _ in range(length):
        node = step(node)
    return node


def watching(node: Value) -> Value:
    """A condition, as they stand in gradients' graphs: it watches its inputs, and no path leads through it."""
    return Value.__operations__[OPERATIONS["greater"]](node, x)


def wide(sum_of: Callable[[list[Value]], Value], leaves: int) -> Value:
    """One node of so many new leaves."""
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
    "nothing, in a cycle": lambda y: cycle(y),  # noqa: PLW0108 — stands below
}


def cycle(y: Value) -> list[Any]:
    """A list that holds the graph and itself."""
    holder: list[Any] = [y]
    holder.append(holder)
    return holder


def live(graph: str, end: str, nodes: int) -> None:
    """Build a graph, sweep it, drop it; print the seconds of each and the most memory."""
    times = [time.perf_counter()]
    gc.disable()
    y: Any = GRAPHS[graph](nodes)
    times.append(time.perf_counter())
    result: Any = ENDS[end](y)
    times.append(time.perf_counter())
    del y, result
    gc.collect()
    times.append(time.perf_counter())
    built, swept, died = (after - before for before, after in itertools.pairwise(times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{built:.1f} | {swept:.1f} | {died:.1f} | {peak:.1f}", end="")


def in_a_stack_of(kilobytes: int, work: Callable[[], None]) -> None:
    """Do the work in the main thread, or in one with so small a stack."""
    if not kilobytes:
        work()
        return
    threading.stack_size(kilobytes << 10)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def bytes_a_node() -> None:
    """For each kind of node, what one takes in a chain, and the leaves of a sum; swept, and not."""
    kinds: dict[str, Callable[[], object]] = {
        "leaf": lambda: [Value(0.5 + i) for i in range(MEASURED)],
        "unary": lambda: chain(Value.sin, MEASURED),
        "binary": lambda: chain(lambda node: x * node, MEASURED),
        "condition": lambda: chain(watching, MEASURED),
    }
    for parents in (3, 5, 33):
        leaves = [Value(float(i)) for i in range(parents // 2)]
        kinds[f"weighted sum, {parents} parents"] = lambda leaves=leaves: chain(
            lambda node: weighted_sum(leaves, [node, *leaves[1:]], x), MEASURED
        )
    print("| node | bytes | after backward |\n|---|---|---|")
    for kind, make in kinds.items():
        sizes = []
        for sweep in (False, True):
            tracemalloc.start()
            made = make()
            if sweep and isinstance(made, Value):
                made.backward()
            sizes.append(tracemalloc.get_traced_memory()[0] / MEASURED)
            tracemalloc.stop()
            del made
        swept = "" if kind in {"leaf", "condition"} else f"{sizes[1]:.0f}"  # no path leads to a condition's inputs
        print(f"| {kind} | {sizes[0]:.0f} | {swept} |")


def training() -> None:
    """What memory grew by from the 1,000th step to the last, without the cyclic collector."""
    print(f"| {STEPS:,} steps | bytes a step kept | resident set, kB | objects in cycles |\n|---|---|---|---|")
    X = [[0.1 * i, 1.0 - 0.2 * i] for i in range(4)]
    y = [[float(i % 2)] for i in range(4)]
    for kind in (nn.SGD, nn.Momentum, nn.NAG, nn.Adagrad, nn.Adadelta, nn.RMSprop, nn.Adam):
        for compiled in (False, True) if kind in (nn.SGD, nn.Adam) else (False,):
            model = nn.MLP(2, [4, 1], generator=random.Random(0))
            marks: list[tuple[int, int, int]] = []

            def look(history: nn.History, marks: list[tuple[int, int, int]] = marks) -> None:
                if len(history) in (STEPS // 10, STEPS):
                    gc_found = gc.collect()
                    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
                    marks.append((tracemalloc.get_traced_memory()[0], pages * 4, gc_found))

            gc.collect()
            gc.disable()
            tracemalloc.start()
            nn.fit(
                model,
                nn.mean_squared_error,
                X,
                y,
                optimizer=kind(model.parameters(), lr=1e-3),
                epochs=STEPS,
                batch_size=4,
                callbacks=[look],
                compiled=compiled,
            )
            tracemalloc.stop()
            gc.enable()
            (traced, resident, _), (traced_later, resident_later, cycles) = marks
            engine = "compiled" if compiled else "graph"
            kept = (traced_later - traced) / (STEPS - STEPS // 10)
            print(f"| {kind.__name__}, {engine} | {kept:.0f} | {resident_later - resident:+,} | {cycles} |", flush=True)
    print("\nOf each step, here an epoch, History keeps its loss: 24 bytes, and 8 in a list that grows by an eighth.")


def rows(python: str, deep: int) -> None:
    """The table of one interpreter: each row is a process of its own, and says if it crashes."""
    asked = [python, "-c", "import platform; print(platform.python_version())"]
    version = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 — our own
    cases = [("chain, unary", "backward", deep, stack) for stack in STACKS]
    cases += [(graph, "backward", WIDE, stack) for graph in GRAPHS for stack in STACKS]
    cases += [("chain, unary", end, WIDE, STACKS[-1]) for end in ENDS if end != "backward"]
    for graph, end, nodes, stack in cases:
        command = [python, __file__, "--one", graph, end, str(nodes), str(stack)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own
        told = done.stdout if done.returncode == 0 else f"crashed, {done.returncode} | | |"
        where = f"{stack} kB" if stack else "main"
        print(f"| {version} | {graph} | {end} | {nodes:,} | {where} | {told} |", flush=True)
    done = subprocess.run([python, __file__, "--exit"], check=False)  # noqa: S603 — our own
    died = "died" if done.returncode == 0 else f"crashed, {done.returncode}"
    print(
        f"| {version} | chain, unary | nothing, to the interpreter's end | {WIDE:,} | main | | | {died} | |", flush=True
    )


def at_exit() -> None:
    """Leave a graph in the main module for the interpreter's end."""
    globals()["left"] = chain(Value.sin, WIDE)


def main() -> None:
    """Print the tables, or, for one process, a row's numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pythons", nargs="+", default=[sys.executable], help="interpreters to try")
    parser.add_argument("--nodes", type=int, default=DEEP, help="of the longest chain")
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
    print("\n| Python | graph | swept by | nodes | stack | built, s | swept, s | died, s | peak, GB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for python in arguments.pythons:
        rows(python, arguments.nodes)


if __name__ == "__main__":
    main()
