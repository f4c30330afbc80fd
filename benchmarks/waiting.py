"""The waiting times besides training, each beside its aim: pictures, refusals, the answers of nn.separate.

make bench
"""

from __future__ import annotations

import contextlib
import itertools
import operator
import platform
import random
import timeit
from collections.abc import Callable, Iterator
from typing import Any

import nn
from autograd import Value, count_paths, explain, tanh, total
from autograd.drawing import draw, stepper

SAMPLES, FEATURES = 300, 20


def chain(step: Callable[[Value], Value], length: int) -> list[Value]:
    """x, step(x), step(step(x)), …"""
    nodes = [Value(1.0, "x")]
    for _ in range(length):
        nodes.append(step(nodes[-1]))
    return nodes


def refused(node: Value) -> None:
    """Try to draw a graph that is too large."""
    with contextlib.suppress(ValueError):
        draw(node)


def pictures() -> Iterator[tuple[str, float, Callable[[], Any]]]:
    """Yield a name, the aim in seconds and the work for everything that is drawn, explained or refused."""
    for operations, aim in ((9, 0.1), (149, 0.5)):
        product = chain(lambda node: node * 1.01, operations)[-1]
        name = f"picture of {operations} products and the sweep through them"
        yield name, aim, lambda node=product: draw(node, mode="reverse").svg()  # type: ignore[misc]
    model = nn.MLP(2, [16, 16, 1], tanh, seed=0)
    loss = nn.mean_squared_error(model([Value(1.0, "x1"), Value(-1.0, "x2")]), [1.0])
    loss.backward()
    yield "a 2-16-16-1 network by neuron", 2, draw(loss, collapse="neuron").svg
    hub = total(chain(tanh, 300)[1::2])
    yield "a hub of 150 edges along a chain of 300", 2, lambda: draw(hub).svg()
    yield "refusal of 6,001 nodes", 1, lambda: refused(chain(lambda node: node + 1, 3_000)[-1])
    full = [Value(1.0)]
    while len(full) < 100:
        full.append(total(full))
    yield "refusal of 333,333,330 pairs of edges", 1, lambda: refused(full[-1])
    ways = chain(lambda node: total([node] * 3), 20)
    yield "count of 3²⁰ paths", 0.1, lambda: count_paths(ways[-1], ways[0])
    x = Value(1.0, "x")
    edges = total([x] * 3_000)
    yield "explanation of 3,000 parallel edges", 2, lambda: explain(edges, x).text
    letters = Value(1.0, "".join(chr(random.Random(i).randrange(0x110000)) for i in range(100_000)))
    yield "step-through page with a label of 100,000 letters", 2, lambda: stepper(tanh(letters * 2.0)).html()


def separations() -> Iterator[tuple[str, float, Callable[[], Any]]]:
    """Yield a name, the aim in seconds and the work for nn.separate on samples of different kinds."""
    generator = random.Random(0)
    cloud = [[generator.gauss(0, 1) for _ in range(FEATURES)] for _ in range(SAMPLES)]
    lattice = [[generator.randint(-2, 2) for _ in range(FEATURES)] for _ in range(SAMPLES)]
    w = [generator.gauss(0, 1) for _ in range(FEATURES)]
    line = [[t * a for a in w] for t in (generator.gauss(0, 1) for _ in range(SAMPLES))]
    at_random = [generator.choice([-1, 1]) for _ in range(SAMPLES)]
    sides = [1 if sum(map(operator.mul, w, x)) >= 0 else -1 for x in cloud]
    onto = [[*x[:-1], -sum(map(operator.mul, w, x[:-1])) / w[-1]] for x in cloud]
    curve = [[t**k for k in range(1, FEATURES + 1)] for t in (i / SAMPLES for i in range(SAMPLES))]
    changes = [(-1) ** (i * (FEATURES + 3) // SAMPLES) for i in range(SAMPLES)]
    for name, samples, targets in (
        ("separable", cloud, sides),
        ("not separable", cloud, at_random),
        ("times 1e300", [[1e300 * x for x in row] for row in cloud], at_random),
        ("times 1e-300", [[1e-300 * x for x in row] for row in cloud], sides),
        ("a lattice", lattice, at_random),
        (
            "each sample twice, with both targets",
            [*cloud[: SAMPLES // 2], *cloud[: SAMPLES // 2]],
            [1] * (SAMPLES // 2) + [-1] * (SAMPLES // 2),
        ),
        ("on a line, except for rounding", line, at_random),
        ("on a plane, except for rounding", onto, at_random),
        ("on the moment curve", curve, changes),
    ):
        yield f"separate {SAMPLES} × {FEATURES}, {name}", 1, lambda X=samples, y=targets: nn.separate(X, y)  # type: ignore[misc]


def main() -> None:
    """Measure the waiting times, and print the table."""
    print(f"CPython {platform.python_version()}, {platform.machine()}; best of 3, in seconds\n")
    print("| | seconds | aim |\n|---|---|---|")
    for name, aim, work in itertools.chain(pictures(), separations()):
        print(f"| {name} | {min(timeit.repeat(work, number=1, repeat=3)):.3f} | ≤ {aim:g} |", flush=True)


if __name__ == "__main__":
    main()
