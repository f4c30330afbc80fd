"""Whether the suite's gradients have the same bits in every run: `python tests/tools/determinism.py [PYTHON …]`.

It runs the suite with PYTHONHASHSEED 0 to 9, and once with each other Python that is named, which must have what
`pip install -e .[test]` brings. In each run it takes down all gradients that a sweep, a gradient graph or compiled
code gives, test by test, and says where two runs differ. Hypothesis draws other examples in each run, even derandomized
(by where objects lie in memory): of its tests, the graphs are compared that both runs have swept. What the tests start
as programs of their own is not seen.

`make determinism` runs it; as a plugin of pytest (`-p determinism`) it does the taking down.
"""

import argparse
import functools
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

import hypothesis

from autograd import derivatives, sweep, value
from autograd.compiler import compiled

HASH_SEEDS = range(10)
INTERRUPTED = "tests/test_faults.py"
"""Not compared: how far a sweep or a training comes there depends on when the interpreter looks for Ctrl-C."""
ROOT = Path(__file__).parents[2]
WITH_PLUGIN = ["-m", "pytest", "-n", "auto", "-p", "determinism", "--hypothesis-profile=determined"]


# The plugin


class Notes:
    """How many gradients one test has computed, the sum of their arrays' digests, and the digest of each swept graph.

    A sum, since two threads' sweeps may end in either order; within a sweep the order counts.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.start(by_graph=False)

    def start(self, *, by_graph: bool) -> None:
        self.by_graph = by_graph
        self.count = self.sum = 0
        self.graphs = {}

    def take(self, numbers: list[float]) -> int:
        found = digest(numbers)
        with self.lock:
            self.count += len(numbers)
            self.sum = (self.sum + found) % 2**128
        return found

    def take_sweep(self, nodes: list[value.Value]) -> None:
        gradients = f"{self.take([node._arrived for node in nodes]):x}"
        if not self.by_graph:
            return
        place = {node: i for i, node in enumerate(nodes)}
        edges = [float(place[parent]) for node in nodes for parent in (*node.parents, node)]
        graph = digest([*edges, *[node.data for node in nodes]], "".join(node.op for node in nodes))
        self.graphs[f"{graph:x}"] = gradients


def digest(numbers: Iterable[float], text: str = "") -> int:
    # Which of its bits a nan has is not IEEE's affair, and not ours.
    numbers = [number if number == number else float("nan") for number in numbers]  # noqa: PLR0124 — is it nan?
    packed = struct.pack(f"<{len(numbers)}d", *numbers)
    return int.from_bytes(hashlib.sha256(packed + text.encode()).digest()[:16])


notes = Notes()
found = {}


def noted(function, take):
    """The function, its results taken down."""

    @functools.wraps(function)
    def wrapper(*arguments, **named):
        result = function(*arguments, **named)
        take(result)
        return result

    return wrapper


def pytest_addoption(parser):
    parser.addoption("--gradient-bits", help="the file to write the gradients' digests to, test by test")
    hypothesis.settings.register_profile("determined", derandomize=True, database=None, deadline=None)


def pytest_configure():
    sweep.sweep_back = noted(sweep.sweep_back, notes.take_sweep)
    derivatives.gradient_graph = noted(
        derivatives.gradient_graph, lambda nodes: notes.take([node.data for node in nodes])
    )
    compiled.Compiled.value_and_gradient = noted(
        compiled.Compiled.value_and_gradient,
        lambda arrays: notes.take([number for array in arrays for number in array.flat]),
    )


def pytest_runtest_setup(item):
    notes.start(by_graph=hypothesis.is_hypothesis_test(getattr(item, "obj", None)))


def pytest_runtest_makereport(item, call):
    if call.when == "call":
        digests = notes.graphs if notes.by_graph else {"all": f"{notes.count} {notes.sum:x}"}
        item.user_properties.append(("gradients", [notes.count, digests]))


def pytest_runtest_logreport(report):  # with pytest-xdist, in the process that the workers report to
    if report.when == "call":
        found[report.nodeid] = dict(report.user_properties)["gradients"]


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        Path(session.config.getoption("--gradient-bits")).write_text(json.dumps(found))


# The program


failed = []  # the runs with a test that failed: their gradients are compared all the same


def run(python: str, seed: int, options: list[str]) -> dict[str, tuple[int, dict[str, str]]]:
    """Each test's count of gradients, and their digests, in a run of the suite."""
    with tempfile.TemporaryDirectory() as folder:
        bits = Path(folder, "bits.json")
        done = subprocess.run(
            [python, *WITH_PLUGIN, f"--gradient-bits={bits}", *options],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(Path(__file__).parent)},
            check=False,
            capture_output=True,
            text=True,
        )
        print(f"{python}, PYTHONHASHSEED={seed}: {done.stdout.splitlines()[-1]}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr)
            failed.append((python, seed))
        return json.loads(bits.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pythons", nargs="*", metavar="PYTHON", help="another Python with the test extras")
    parser.add_argument("--pytest", action="append", default=[], metavar="OPTION", help="such as --pytest=-k=value")
    options = parser.parse_args()
    first = run(sys.executable, 0, options.pytest)
    others = [(sys.executable, seed) for seed in HASH_SEEDS[1:]] + [(python, 0) for python in options.pythons]
    compared = different = 0
    for python, seed in others:
        bits = run(python, seed, options.pytest)
        for test in sorted(first.keys() ^ bits.keys()):
            print(f"  only one of the runs has {test}")
        for test in sorted(first.keys() & bits.keys()):
            if test.startswith(INTERRUPTED):
                continue
            (count, here), (_, there) = first[test], bits[test]
            common = here.keys() & there.keys()
            compared += count if len(common) == len(here) else 0
            if any(here[graph] != there[graph] for graph in common):
                different += 1
                print(f"  other gradients in {test}")
    counts = [count for count, _ in first.values() if count]
    print(
        f"{len(first):,} tests, {len(counts):,} of which compute {sum(counts):,} gradients in the first of "
        f"{1 + len(others)} runs; {compared:,} compared; tests whose gradients differ: {different}"
    )
    sys.exit(different > 0 or bool(failed))


if __name__ == "__main__":
    main()
