"""The compiler beside other libraries, one step of training at a time: one process, one thread, float64.

    make bench

A step is what a caller pays for: the call from Python, the loss, its gradient added up over the rows, and the
parameters' update. All start from the same parameters and rows; before anything is timed, one step of each has to
give the same loss and gradient. Times are the best of many; ratios carry over to other machines better than they do.
"""

from __future__ import annotations

import os
import sys

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
SLOWER = (
    *("ATEN_CPU_CAPABILITY", "DNNL_MAX_CPU_ISA", "GLIBC_TUNABLES", "JAX_DISABLE_JIT", "MKL_DEBUG_CPU_TYPE"),
    *("MKL_ENABLE_INSTRUCTIONS", "NPY_DISABLE_CPU_FEATURES", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE", "XLA_FLAGS"),
)
CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
if __name__ == "__main__":  # libraries read these when they are loaded, or when the process starts
    environment = {name: value for name, value in os.environ.items() if name not in SLOWER} | ONE_THREAD
    if environment != dict(os.environ):
        os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606 — this program again

import gc
import json
import platform
import random
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
import nn
from autograd import Value, logsumexp, maximum, relu, sin, tanh, topological_order, weighted_sum

Array = NDArray[np.float64]
Step = Callable[[], Any]  # gives the loss of each row, or their mean, whichever costs less
Peer = Callable[["Problem"], tuple[Step, Callable[[], Array]]]  # a step, and the parameters as they are by then

RATE = 0.01
ROUNDS = 20


@dataclass(frozen=True)
class Problem:
    """A network, its parameters at the start, and rows of data.

    layers   for each layer a matrix (neurons, inputs + 1), whose last column is the biases
    targets  a column of −1 and 1 for one output, with the hinge loss; else a 1 among 0s, with softmax cross-entropy
    """

    activation: str
    layers: list[Array]
    inputs: Array
    targets: Array

    @property
    def hinge(self) -> bool:
        """Whether the loss is the hinge loss."""
        return self.targets.shape[1] == 1

    @property
    def pairs(self) -> list[tuple[Array, Array]]:
        """Weights and biases of each layer."""
        return [(layer[:, :-1].copy(), layer[:, -1].copy()) for layer in self.layers]


def problem(widths: Sequence[int], activation: str, rows: int) -> Problem:
    """What is timed is the step, not what it learns."""
    generator = np.random.default_rng(0)
    layers = [generator.normal(size=(fan_out, fan_in + 1)) / fan_in**0.5 for fan_in, fan_out in pairwise(widths)]
    inputs = generator.uniform(-1, 1, (rows, widths[0]))
    signs = np.where(inputs[:, :1] * inputs[:, 1:2] > 0, 1.0, -1.0)
    targets = signs if widths[-1] == 1 else np.eye(widths[-1])[generator.integers(0, widths[-1], rows)]
    return Problem(activation, layers, inputs, targets)


def flat(layers: Iterable[Any]) -> Array:
    """The parameters, one neuron after another: its weights, then its bias."""
    return np.concatenate([np.column_stack(layer).ravel() for layer in layers])


def recorded(problem: Problem) -> tuple[Value, list[Value], list[Value]]:
    """The graph of one row's loss, and its inputs and parameters."""
    fan_in = problem.inputs.shape[1]
    model = nn.MLP(fan_in, [len(layer) for layer in problem.layers], getattr(autograd, problem.activation))
    parameters = model.parameters()
    for parameter, number in zip(parameters, flat(problem.pairs).tolist(), strict=True):
        parameter.data = number
    row = [Value(number) for number in (*problem.inputs[0].tolist(), *problem.targets[0].tolist())]
    outputs, targets = model(row[:fan_in]), row[fan_in:]
    if problem.hinge:
        return relu(1 - outputs[0] * targets[0]), row, parameters
    return logsumexp(outputs) - weighted_sum(targets, outputs), row, parameters


def this_compiler(problem: Problem, *, exact: bool) -> tuple[Step, Callable[[], Array]]:
    """The recorded graph of one row, compiled."""
    compiled = autograd.compile(*recorded(problem), exact=exact)
    rows = np.hstack([problem.inputs, problem.targets])
    parameters, rate = compiled.parameters, RATE / len(rows)

    def step() -> Array:
        losses, gradient = compiled.value_and_gradient(rows)
        gradient *= rate
        np.subtract(parameters, gradient, out=parameters)
        return losses

    return step, parameters.copy


def numpy_by_hand(problem: Problem) -> tuple[Step, Callable[[], Array]]:
    """Forward and backward written out. A column of ones beside each layer's inputs makes the biases weights."""
    layers = [layer.copy() for layer in problem.layers]
    augmented = [np.ones((len(problem.inputs), layer.shape[1])) for layer in layers]
    inputs = [numbers[:, :-1] for numbers in augmented]
    weights = [layer[:, :-1] for layer in layers]
    inputs[0][:] = problem.inputs
    targets, rate = problem.targets, RATE / len(problem.inputs)
    is_relu, last = problem.activation == "relu", len(layers) - 1

    def step() -> Array:
        for i in range(last):
            sums = augmented[i] @ layers[i].T
            if is_relu:
                np.maximum(sums, 0, out=inputs[i + 1])
            else:
                np.tanh(sums, out=inputs[i + 1])
        outputs = augmented[last] @ layers[last].T
        if problem.hinge:
            losses = 1 - outputs * targets
            np.maximum(losses, 0, out=losses)
            upstream = targets * (losses > 0)
            upstream *= -rate
        else:
            outputs -= outputs.max(axis=1, keepdims=True)
            upstream = np.exp(outputs)
            sums = upstream.sum(axis=1, keepdims=True)
            losses = np.log(sums[:, 0]) - (outputs * targets).sum(axis=1)
            upstream /= sums
            upstream -= targets
            upstream *= rate
        for i in range(last, -1, -1):
            update = upstream.T @ augmented[i]
            if i:
                upstream = upstream @ weights[i]
                if is_relu:
                    upstream *= inputs[i] > 0
                else:
                    upstream -= upstream * (inputs[i] * inputs[i])
            layers[i] -= update
        return losses

    return step, lambda: flat([(layer[:, :-1], layer[:, -1]) for layer in layers])


def jax_jit(problem: Problem, *, one_array: bool) -> tuple[Step, Callable[[], Array]]:
    """The whole step in one jit, the parameters' buffers donated; computed at the call, not handed to a thread."""
    import jax
    import jax.numpy as jnp
    from jax.flatten_util import ravel_pytree

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    activation = getattr(jax.nn, problem.activation)
    inputs, targets = jnp.array(problem.inputs), jnp.array(problem.targets)
    layers = [(jnp.array(weights), jnp.array(biases)) for weights, biases in problem.pairs]
    parameters, as_layers = ravel_pytree(layers) if one_array else (layers, lambda layers: layers)

    def mean_loss(parameters: Any, inputs: Any, targets: Any) -> Any:
        *hidden, (weights, biases) = as_layers(parameters)
        for w, b in hidden:
            inputs = activation(inputs @ w.T + b)
        outputs = inputs @ weights.T + biases
        if problem.hinge:
            return jax.nn.relu(1 - outputs * targets).mean()
        return (jax.nn.logsumexp(outputs, axis=1) - (outputs * targets).sum(axis=1)).mean()

    @partial(jax.jit, donate_argnums=0)
    def update(parameters: Any, inputs: Any, targets: Any) -> tuple[Any, Any]:
        loss, gradient = jax.value_and_grad(mean_loss)(parameters, inputs, targets)
        return loss, jax.tree.map(lambda p, g: p - RATE * g, parameters, gradient)

    def step() -> Any:
        nonlocal parameters
        loss, parameters = update(parameters, inputs, targets)
        return loss.block_until_ready()

    return step, lambda: flat(as_layers(parameters))


def casadi_vm(problem: Problem, *, kind: str) -> tuple[Step, Callable[[], Array]]:
    """The step over all rows as one function: of numbers (SX) or of matrices (MX), called without copies."""
    import casadi

    symbols, rows = getattr(casadi, kind).sym, len(problem.inputs)
    activation = casadi.tanh if problem.activation == "tanh" else lambda sums: casadi.fmax(sums, 0)
    parameters, numbers = symbols("parameters", sum(layer.size for layer in problem.layers)), flat(problem.pairs)
    inputs, targets = symbols("inputs", problem.inputs.shape[1], rows), symbols("targets", 1, rows)
    begun, outputs = 0, inputs
    for layer in problem.layers:
        fan_out, columns = layer.shape
        matrix = casadi.reshape(parameters[begun : begun + layer.size], columns, fan_out).T
        begun += layer.size
        outputs = matrix[:, :-1] @ outputs + casadi.repmat(matrix[:, -1], 1, rows)
        outputs = outputs if layer is problem.layers[-1] else activation(outputs)
    loss = casadi.sum2(casadi.fmax(1 - outputs * targets, 0)) / rows
    updated = parameters - RATE * casadi.gradient(loss, parameters)
    function = casadi.Function("step", [parameters, inputs, targets], [loss, updated])
    buffer, run = function.buffer()
    arguments, results = (numbers, problem.inputs, problem.targets), (np.empty(1), np.empty(len(numbers)))
    for place, argument in enumerate(arguments):
        buffer.set_arg(place, memoryview(argument))
    for place, result in enumerate(results):
        buffer.set_res(place, memoryview(result))

    def step(_alive: Any = (function, buffer, arguments)) -> Array:  # CasADi holds their addresses, not them
        run()
        numbers[:] = results[1]
        return results[0]

    return step, numbers.copy


def ddx_ad(problem: Problem) -> tuple[Step, Callable[[], Array]]:
    """Compiled for a batch: the gradient of each row, then their sum, and the parameters again beside each row."""
    import ddx

    activation = ddx.tanh if problem.activation == "tanh" else lambda sums: ddx.max(sums, 0.0)
    parameters = flat(problem.pairs)
    size, (rows, fan_in) = len(parameters), problem.inputs.shape

    def row_loss() -> Any:
        drawn = iter([ddx.var(f"p{i}") for i in range(size)])
        outputs, target = [ddx.param(f"x{i}") for i in range(fan_in)], ddx.param("target")
        for layer in problem.layers:
            sums = [sum([next(drawn) * x for x in outputs], 0.0) + next(drawn) for _ in layer]
            outputs = sums if layer is problem.layers[-1] else [activation(s) for s in sums]
        return ddx.max(1 - outputs[0] * target, 0.0)

    points = np.vstack([np.repeat(parameters[:, None], rows, axis=1), problem.inputs.T, problem.targets.T])
    call = ddx.equation(row_loss).compile(points=rows, cache_dir="").buffer(points)
    beside_rows, mean = call.x[:size], np.full(rows, RATE / rows)

    def step() -> Array:
        call()
        np.subtract(parameters, call.jacobian @ mean, out=parameters)
        beside_rows[:] = parameters[:, None]
        return call.value

    return step, parameters.copy


def pytorch(problem: Problem, *, optimizer: bool) -> tuple[Step, Callable[[], Array]]:
    """Eager; with torch.optim.SGD, or with what is faster: a subtraction for each tensor."""
    import torch
    from torch.nn.functional import cross_entropy, linear

    torch.set_num_threads(1)
    activation = getattr(torch, problem.activation)
    inputs, targets = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    classes = targets.argmax(dim=1)
    layers = [tuple(torch.tensor(numbers, requires_grad=True) for numbers in pair) for pair in problem.pairs]
    parameters = [parameter for layer in layers for parameter in layer]
    sgd = torch.optim.SGD(parameters, lr=RATE)

    def mean_loss() -> Any:
        outputs = inputs
        for weights, biases in layers[:-1]:
            outputs = activation(linear(outputs, weights, biases))
        outputs = linear(outputs, *layers[-1])
        return torch.relu(1 - outputs * targets).mean() if problem.hinge else cross_entropy(outputs, classes)

    def step_of_optimizer() -> float:
        sgd.zero_grad()
        loss = mean_loss()
        loss.backward()
        sgd.step()
        return float(loss.item())

    def step() -> float:
        loss = mean_loss()
        with torch.no_grad():
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter.sub_(gradient, alpha=RATE)
        return float(loss.item())

    return (
        step_of_optimizer if optimizer else step,
        lambda: flat([[parameter.detach().numpy() for parameter in layer] for layer in layers]),
    )


def micrograd(problem: Problem, *, collector: bool) -> tuple[Step, Callable[[], Array]]:
    """A graph for each step, as in its demo; Python's cyclic garbage collector walks it, unless it is off."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    if problem.activation != "relu":
        raise NotImplementedError(f"has no {problem.activation}")
    model = MLP(problem.inputs.shape[1], [len(layer) for layer in problem.layers])
    parameters = model.parameters()
    for parameter, number in zip(parameters, flat(problem.pairs).tolist(), strict=True):
        parameter.data = number
    inputs, targets = problem.inputs.tolist(), problem.targets[:, 0].tolist()

    def step() -> float:
        if not collector:
            gc.disable()
        scores = [model(list(map(Value, row))) for row in inputs]
        losses = [(1 + -target * score).relu() for target, score in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for parameter in parameters:
            parameter.data -= RATE * parameter.grad
        gc.enable()
        return float(loss.data)

    return step, lambda: np.array([parameter.data for parameter in parameters])


OURS: dict[str, Peer] = {
    "**this compiler**, the graph engine's bits": partial(this_compiler, exact=True),
    "**this compiler**, `exact=False`": partial(this_compiler, exact=False),
}
EXACT, INEXACT = OURS
LARGE: dict[str, Peer] = {
    "NumPy by hand": numpy_by_hand,
    "`jax.jit`, parameters in one array": partial(jax_jit, one_array=True),
    "`jax.jit`, an array for each": partial(jax_jit, one_array=False),
    "PyTorch eager": partial(pytorch, optimizer=False),
    "PyTorch eager, `torch.optim.SGD`": partial(pytorch, optimizer=True),
}
SMALL: dict[str, Peer] = {
    **LARGE,
    "CasADi, SX": partial(casadi_vm, kind="SX"),
    "CasADi, MX": partial(casadi_vm, kind="MX"),
    "ddx-ad": ddx_ad,
    "micrograd": partial(micrograd, collector=True),
    "… without the cyclic collector": partial(micrograd, collector=False),
}


def checked(name: str, peer: Peer, problem: Problem, wanted: list[tuple[float, Array]]) -> Step:
    """The peer's step, if its first gives the loss and gradient of those that came before it."""
    step, parameters = peer(problem)
    before = parameters()
    loss, gradient = float(np.mean(step())), (before - parameters()) / RATE
    if not wanted:
        wanted.append((loss, gradient))
    for is_near, what in (
        (abs(loss - wanted[0][0]) <= 1e-9 * abs(wanted[0][0]), "loss"),
        (np.abs(gradient - wanted[0][1]).max() <= 1e-9 * np.abs(wanted[0][1]).max(), "gradient"),
    ):
        if not is_near:
            raise AssertionError(f"{name} computes another {what}")
    return step


def best(work: Callable[[], Any], seconds: float) -> float:
    """The least time of one run, of as many as fit into the seconds, and one at least."""
    least, start = float("inf"), time.perf_counter()
    end = start + seconds
    while start < end:
        built = work()
        del built
        stop = time.perf_counter()
        least, start = min(least, stop - start), stop
    return least


def side_by_side(
    title: str, widths: Sequence[int], activations: Sequence[str], rows: int, peers: dict[str, Peer]
) -> dict[tuple[str, str], float]:
    """Time ours and the peers in turn, so that the machine's moods fall on all, and print a table."""
    steps: dict[tuple[str, str], Step] = {}
    missing: dict[tuple[str, str], str] = {}
    for activation in activations:
        wanted: list[tuple[float, Array]] = []
        for name, peer in ({**OURS, **peers}).items():
            try:
                steps[name, activation] = checked(name, peer, problem(widths, activation, rows), wanted)
            except ModuleNotFoundError:
                missing[name, activation] = "not installed"
            except NotImplementedError as error:
                missing[name, activation] = str(error)
    gc.collect()
    gc.freeze()  # micrograd's step doesn't pay for walking what other libraries have loaded
    times = dict.fromkeys(steps, float("inf"))
    for rounds in range(ROUNDS):
        for key, step in steps.items():
            if rounds < 8 or times[key] < 0.02:  # seconds; a step of micrograd takes many times as long
                times[key] = min(times[key], best(step, 0.02))
    gc.unfreeze()
    print(f"\n| {title} |", *(f"{activation}, µs | of the fastest peer's |" for activation in activations))
    print("|---|" + "---|---|" * len(activations))
    for name in {**OURS, **peers}:
        cells = []
        for activation in activations:
            key = name, activation
            if key in times:
                cells += [f"{1e6 * times[key]:,.1f}", ratio(times[key] / fastest(times, activation))]
            else:
                cells += [missing[key], ""]
        print(f"| {name} |", " | ".join(cells), "|")
    return times


def fastest(times: dict[tuple[str, str], float], activation: str, name: str = "") -> float:
    """The time of the fastest peer whose name begins so; nan, if there is none."""
    found = [t for (peer, of), t in times.items() if of == activation and peer.startswith(name) and peer not in OURS]
    return min(found, default=float("nan"))


def ratio(number: float) -> str:
    """A ratio of times, which is nan if there is no peer."""
    return "not installed" if isnan(number) else f"{number:.2f}" if number < 100 else f"{number:,.0f}"


def print_aims(aims: Iterable[tuple[str, str, str]]) -> None:
    """What was measured beside what was wanted."""
    print("\n| | measured | wanted |\n|---|---|---|")
    for aim in aims:
        print(f"| {' | '.join(aim)} |")


def networks() -> None:
    """One step of training of three networks."""
    small = side_by_side("2-16-16-1, hinge loss, 100 rows", (2, 16, 16, 1), ("relu", "tanh"), 100, SMALL)
    middle = side_by_side("64-32-10, softmax cross-entropy, 32 rows", (64, 32, 10), ("relu", "tanh"), 32, LARGE)
    large = side_by_side("784-128-10, softmax cross-entropy, 64 rows", (784, 128, 10), ("relu",), 64, LARGE)

    def times_faster(times: dict[tuple[str, str], float], activation: str, peer: str = "", ours: str = EXACT) -> str:
        return ratio(fastest(times, activation, peer) / times[ours, activation])

    torch = fastest(large, "relu", "PyTorch")
    print_aims(
        [
            ("2-16-16-1, relu: times faster than the fastest peer", times_faster(small, "relu"), "≥ 3"),
            ("… than PyTorch", times_faster(small, "relu", "PyTorch"), "≥ 20"),
            ("… than micrograd", times_faster(small, "relu", "micrograd"), "≥ 50,000"),
            ("2-16-16-1, tanh: times faster than the fastest peer", times_faster(small, "tanh"), "≥ 1"),
            ("… with `exact=False`", times_faster(small, "tanh", ours=INEXACT), "≥ 2"),
            ("64-32-10, relu: times faster than the fastest peer", times_faster(middle, "relu"), "≥ 1.5"),
            ("64-32-10, tanh: the same", times_faster(middle, "tanh"), "≥ 1.5"),
            ("784-128-10, relu: time, of PyTorch's", ratio(large[EXACT, "relu"] / torch), "≤ 1.6"),
            ("… with `exact=False`", ratio(large[INEXACT, "relu"] / torch), "≤ 1"),
        ]
    )


def scaling() -> None:
    """The time a row of the smallest network, from few rows to many, on one thread and on two."""
    compiled = autograd.compile(*recorded(problem((2, 16, 16, 1), "relu", 1)))
    print("\n| rows | ns a row | with `threads=2` | times faster | the same bits | bytes at the peak beside results |")
    print("|---|---|---|---|---|---|")
    one, two = {}, {}
    for n in (100, 1_000, 10_000, 100_000, 1_000_000):
        made = problem((2, 16, 16, 1), "relu", n)
        rows = np.hstack([made.inputs, made.targets])
        run, run_on_two = (partial(compiled.value_and_gradient, rows, threads=threads) for threads in (1, 2))
        results, on_two = run(), run_on_two()
        is_same = all(np.array_equal(a, b) for a, b in zip(results, on_two, strict=True))
        peak = beside_results(run)
        one[n] = two[n] = float("inf")
        for _ in range(ROUNDS):
            one[n] = min(one[n], best(run, 0.04) / n * 1e9)
            two[n] = min(two[n], best(run_on_two, 0.04) / n * 1e9)
        faster = f"{one[n] / two[n]:.2f}"
        print(f"| {n:,} | {one[n]:.1f} | {two[n]:.1f} | {faster} | {'yes' if is_same else 'no'} | {peak:,} |")
    print_aims(
        [
            ("time a row, the longest over the shortest", f"{max(one.values()) / min(one.values()):.2f}", "≤ 1.5"),
            ("two threads, 100,000 rows: times faster", f"{one[100_000] / two[100_000]:.2f}", "≥ 1.7"),
        ]
    )


def beside_results(run: Callable[[], tuple[Array, ...]]) -> int:
    """The most bytes that a call holds beside its results, on a new thread, which has no memory to work in yet."""
    with ThreadPoolExecutor(1) as new_thread:
        tracemalloc.start()
        results = new_thread.submit(run).result()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak - sum(result.nbytes for result in results)


def random_operations(nodes: int) -> tuple[Value, list[Value], list[Value]]:
    """A graph without layers: each node is of the one before it and, often, of one of the hundred before that."""
    generator = random.Random(0)
    made = [Value(0.3), Value(-0.2), Value(0.5), Value(0.7)]
    operations: list[Callable[[Value, Value], Value]] = [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        maximum,
        lambda a, _: tanh(a),
        lambda a, _: sin(a),
    ]
    while len(made) < nodes:
        made.append(generator.choice(operations)(made[-1], generator.choice(made[-100:])))
    return made[-1], made[:2], made[2:4]


def recurrence(nodes: int) -> tuple[Value, list[Value], list[Value]]:
    """Another: `acc = tanh(acc*x + y*acc)`, again and again."""
    x, y, start = Value(0.3), Value(-0.2), Value(0.5)
    acc = start
    for _ in range(nodes // 4):
        acc = tanh(acc * x + y * acc)
    return acc, [x, y], [start]


SIZES = (1_000, 10_000, 100_000)
GRAPHS: dict[str, Callable[[], tuple[Value, list[Value], list[Value]]]] = {
    "2-16-16-1, relu": lambda: recorded(problem((2, 16, 16, 1), "relu", 1)),
    "64-32-10, relu": lambda: recorded(problem((64, 32, 10), "relu", 1)),
    "784-128-10, relu": lambda: recorded(problem((784, 128, 10), "relu", 1)),
    **{f"random operations, {n:,}": partial(random_operations, n) for n in SIZES},
    **{f"`acc = tanh(acc*x + y*acc)`, {n:,}": partial(recurrence, n) for n in SIZES},
}


def compile_once(name: str) -> dict[str, float]:
    """Record and compile in this process, and again; LLVM's start is in the first."""
    first, recording, second = time.perf_counter(), 0.0, 0.0
    graph = GRAPHS[name]()
    recording = time.perf_counter() - first
    autograd.compile(*graph)
    first = time.perf_counter() - first
    second = time.perf_counter()
    autograd.compile(*GRAPHS[name]())
    second = time.perf_counter() - second
    return {"recording": recording, "first": first, "second": second, "nodes": len(topological_order(graph[0]))}


def compile_times() -> None:
    """How long compiling takes, each graph in processes of its own."""
    print("\n| | nodes | recording, s | recorded and compiled, s | µs a node | the same structure again, s |")
    print("|---|---|---|---|---|---|")
    firsts = {}
    for name in GRAPHS:
        runs: list[dict[str, float]] = []
        while len(runs) < 3 and sum(run["first"] for run in runs) < 5:
            command = [sys.executable, __file__, name]
            runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))  # noqa: S603 — ours
        recording, first, second, nodes = (min(run[what] for run in runs) for what in runs[0])
        firsts[name] = first
        each = f"{1e6 * first / nodes:.1f}"
        print(f"| {name} | {nodes:,} | {recording:.3f} | {first:.2f} | {each} | {second:.3f} |")
    wanted = dict(zip(firsts, ("≤ 0.5 s", "≤ 0.8 s", "≤ 5 s"), strict=False))
    general = list(firsts)[3:]
    wanted |= {name: "≤ 20 s" for name in general if name.endswith(f" {SIZES[-1]:,}")}
    aims = [(f"{name}: recorded and compiled", f"{firsts[name]:.2f} s", aim) for name, aim in wanted.items()]
    for small, large in zip(general[:: len(SIZES)], general[len(SIZES) - 1 :: len(SIZES)], strict=True):
        aims.append((f"{large}, over {SIZES[0]:,}", f"{firsts[large] / firsts[small]:.0f} times", "≤ 100 times"))
    print_aims(aims)


def installed(package: str) -> str:
    """The package and its version."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


def main() -> None:
    """Measure, and print the tables that the README quotes."""
    if len(sys.argv) > 1:
        print(json.dumps(compile_once(sys.argv[1])))
        return
    from llvmlite.binding import get_host_cpu_name

    sys.setrecursionlimit(10_000)  # micrograd's backward needs a frame for each node of the longest path
    print(f"CPython {platform.python_version()}, {platform.machine()} ({get_host_cpu_name()}), float64, one thread:")
    print(*map(installed, ("llvmlite", "numpy", "jax", "torch", "casadi", "ddx-ad", "micrograd")), sep=", ")
    if CORES:  # XLA spreads its work over cores whatever its flags say, unless it has only one
        os.sched_setaffinity(0, {max(CORES)})
    networks()
    if CORES:
        os.sched_setaffinity(0, CORES)
    scaling()
    compile_times()


if __name__ == "__main__":
    main()
