"""Exported graphs beside programs that a person wrote for the same library; float64, one thread.

    python benchmarks/export.py            a step of gradient descent on three networks
    python benchmarks/export.py functions  how far the libraries' functions are from the engine's, in ulps

Both programs have to give the same gradient before anything is timed. Times are of the processor, the best of several
rounds in turn. Libraries that aren't installed are left out.
"""

from __future__ import annotations

import importlib.util
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
ONE_THREAD["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if __name__ == "__main__" and any(os.environ.get(name) != one for name, one in ONE_THREAD.items()):
    os.execve(sys.executable, sys.orig_argv, os.environ | ONE_THREAD)  # noqa: S606 — this program again


import numpy as np

import nn
from autograd import Value, export
from autograd.rules import OPERATIONS

ROUNDS, ROWS, POINTS = 9, 32, 100_000
NETWORKS = {"2-16-16-1": (2, [16, 16, 1]), "64-32-10": (64, [32, 10]), "784-128-10": (784, [128, 10])}
WANTED = {"JAX": 2.0, "PyTorch": 1.3, "PyTorch, exact=False": 1.3}


def has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


class Network:
    """A network, its loss as a graph, and rows."""

    def __init__(self, fan_in: int, widths: list[int]) -> None:
        self.model = nn.MLP(fan_in, widths, seed=0)
        self.layers, self.classes = len(widths), widths[-1] > 1
        x, t = [Value(0.5) for _ in range(fan_in)], Value(1.0)
        outputs = self.model(x)
        self.loss = nn.softmax_cross_entropy(outputs, t) if self.classes else nn.hinge(outputs, t)
        self.inputs = [*x, t]
        numbers = np.random.default_rng(0)
        target = numbers.integers(0, 10, (ROWS, 1)) if self.classes else numbers.choice([-1.0, 1.0], (ROWS, 1))
        self.rows = np.concatenate([numbers.normal(size=(ROWS, fan_in)), target], axis=1)

    @property
    def graph(self) -> tuple[Value, list[Value], list[Value]]:
        return self.loss, self.inputs, self.model.parameters()


def seconds(steps: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The processor's time for one step of each, which take turns."""
    counts, best = {}, dict.fromkeys(steps, math.inf)
    for name, step in steps.items():
        step()
        start = time.process_time()
        step()
        counts[name] = max(3, min(500, int(0.05 / max(time.process_time() - start, 1e-6))))
    for _ in range(ROUNDS):
        for name, step in steps.items():
            start = time.process_time()
            for _ in range(counts[name]):
                step()
            best[name] = min(best[name], (time.process_time() - start) / counts[name])
    return best


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    largest = max(np.abs(np.asarray(g)).max() for g in one.values())
    off = max(np.abs(np.asarray(one[name]) - np.asarray(other[name])).max() for name in one) / largest
    assert off < 1e-13, f"the two gradients differ by {off:.1e} of the largest"


def on_jax(network: Network) -> tuple[dict[str, Callable[[], object]], float]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    function = export.jax(*network.graph)
    rows = jnp.asarray(network.rows)

    def written(p: dict[str, Any], rows: Any) -> Any:
        h = rows[:, :-1]
        for k in range(1, network.layers + 1):
            h = h @ p[f"W{k}"].T + p[f"b{k}"]
            h = jax.nn.relu(h) if k < network.layers else h
        if network.classes:
            return -jnp.take_along_axis(jax.nn.log_softmax(h), rows[:, -1:].astype(int), 1).mean()
        return jax.nn.relu(1 - h[:, 0] * rows[:, -1]).mean()

    def step(loss: Callable[..., Any]) -> Any:
        def new(p: dict[str, Any], rows: Any) -> Any:
            gradient = jax.grad(loss)(p, rows)
            return {name: p[name] - 1e-3 * gradient[name] for name in p}

        return jax.jit(new)

    ours, theirs = step(lambda p, rows: function(p, rows).mean()), step(written)
    start = time.perf_counter()
    jax.block_until_ready(ours(function.parameters, rows))
    compiling = time.perf_counter() - start
    same(ours(function.parameters, rows), theirs(function.parameters, rows))
    return {
        "JAX": lambda: jax.block_until_ready(ours(function.parameters, rows)),
        "JAX by hand": lambda: jax.block_until_ready(theirs(function.parameters, rows)),
    }, compiling


def on_torch(network: Network) -> dict[str, Callable[[], object]]:
    import torch

    torch.set_num_threads(1)
    rows, labels = torch.tensor(network.rows), torch.tensor(network.rows[:, -1]).long()
    made = {exact: export.torch(*network.graph, exact=exact) for exact in (True, False)}
    own = [torch.nn.Parameter(p.detach().clone()) for p in made[True].parameters()]

    def written() -> Any:
        h = rows[:, :-1]
        for k in range(network.layers):
            h = torch.nn.functional.linear(h, own[2 * k], own[2 * k + 1])
            h = torch.relu(h) if k < network.layers - 1 else h
        if network.classes:
            return torch.nn.functional.cross_entropy(h, labels)
        return torch.relu(1 - h[:, 0] * rows[:, -1]).mean()

    def step(loss: Callable[[], Any], parameters: list[Any]) -> Callable[[], object]:
        optimizer = torch.optim.SGD(parameters, lr=1e-12)

        def run() -> None:
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()

        run()
        return run

    steps = {
        "PyTorch": step(lambda: made[True](rows).mean(), [*made[True].parameters()]),
        "PyTorch, exact=False": step(lambda: made[False](rows).mean(), [*made[False].parameters()]),
        "PyTorch by hand": step(written, own),
    }
    names = [name for name, _ in made[True].named_parameters()]
    expected = {name: p.grad for name, p in zip(names, own, strict=True)}
    for module in made.values():
        same({name: p.grad for name, p in module.named_parameters()}, expected)
    return steps


def networks() -> None:
    for name, sizes in NETWORKS.items():
        network = Network(*sizes)
        function = export.numpy(*network.graph)
        numbers = function.numbers()
        steps: dict[str, Callable[[], object]] = {
            "NumPy": lambda f=function, p=numbers, n=network: f.value_and_gradient(p, n.rows)
        }
        told = f"{len(function.blocks.blocks)} blocks"
        if has("jax"):
            jax_steps, compiling = on_jax(network)
            steps |= jax_steps
            told += f", XLA compiles a step in {compiling:.1f} s"
        if has("torch"):
            steps |= on_torch(network)
        print(f"\n{name}, {ROWS} rows: {told}")
        times = seconds(steps)
        for peer, took in times.items():
            hand = times.get(f"{peer.partition(',')[0]} by hand")
            ratio = f"  {took / hand:.2f} of it by hand, wanted ≤ {WANTED[peer]}" if hand and peer in WANTED else ""
            print(f"  {peer:22} {took * 1e6:9.1f} µs{ratio}")


# Functions


def points(name: str) -> np.ndarray:
    """Numbers of all sizes that an operation takes, where its value and the first derivative are normal numbers."""
    generator = np.random.default_rng(0)
    x = np.concatenate([generator.uniform(-20, 20, POINTS // 2), 10 ** generator.uniform(-12, 2.84, POINTS // 2)])
    x[1::2] *= -1
    if name in ("asin", "acos", "atanh", "log1p", "binary_cross_entropy", "logit", "log_odds_against"):
        x = generator.uniform(-1, 1, POINTS)
    operation = OPERATIONS[name]
    ours = np.array([operation.on_floats(float(v)) for v in x])
    normal = np.all(np.isfinite(ours) & ((np.abs(ours) > 1e-290) | (ours == 0)), axis=1)
    return x[normal]


def functions() -> None:
    """The largest distance of each one-argument operation's value and derivative; above 4 ulp it is marked."""
    names = [name for name, rule in OPERATIONS.items() if len(rule.arguments) == 1 and not rule.variadic]
    for name in names:
        x = points(name)
        if not len(x):
            continue
        ours = np.array([OPERATIONS[name].on_floats(float(v)) for v in x])
        leaf = Value(float(x[0]))
        node = OPERATIONS[name](leaf)
        found = {"NumPy": export.numpy(node, [leaf])({}, x[:, None])}
        if has("jax"):
            import jax

            jax.config.update("jax_enable_x64", True)
            found["JAX"] = np.asarray(jax.jit(export.jax(node, [leaf]))({}, x[:, None]))
        if has("torch"):
            import torch

            found["PyTorch"] = export.torch(node, [leaf])(torch.tensor(x[:, None])).detach().numpy()
        if has("onnxruntime"):
            import onnxruntime

            with tempfile.TemporaryDirectory() as folder:
                path = export.onnx(node, Path(folder) / "f.onnx", [leaf])
                session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
                found["onnxruntime"] = session.run(None, {"x": x[:, None]})[0]
        with np.errstate(all="ignore"):
            off = {
                peer: np.nanmax(np.abs(y - ours[:, 0]) / np.spacing(np.abs(ours[:, 0]))) for peer, y in found.items()
            }
        told = ", ".join(f"{peer} {ulps:.0f}{'!' if ulps > 4 else ''}" for peer, ulps in off.items())
        print(f"{name:20} {told}", flush=True)


if __name__ == "__main__":
    functions() if sys.argv[1:] == ["functions"] else networks()
