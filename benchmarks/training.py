"""Whole trainings beside other libraries: what a person types, from arrays to a trained model; float64, one thread.

    make bench

All start from the same parameters, go through the samples in the same order (scikit-learn shuffles on its own), and
have to end each of the first epochs with the same loss before anything is timed. A step's time is the slope between a
short and a long training, so that what is done once (compiling) isn't in it; the short training's own time is given
beside it, the first one in the process and a second one. Peers that aren't installed are left out.
"""

from __future__ import annotations

import os
import sys

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
if __name__ == "__main__" and any(os.environ.get(name) != one for name, one in ONE_THREAD.items()):
    os.execve(sys.executable, sys.orig_argv, os.environ | ONE_THREAD)  # noqa: S606 — this program again

import importlib.util
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
import nn
from autograd import Value, relu, tanh

Array = NDArray[Any]
Losses = Sequence[float]
Peer = Callable[["Problem", int], Losses]  # trains for this many epochs; returns the mean loss of each

FEW, MANY, ROUNDS = 5, 45, 5


@dataclass(frozen=True)
class Problem:
    """A classifier with hidden layers of tanh, its parameters at the start, samples, and how it is trained."""

    name: str
    widths: Sequence[int]
    batch: int
    momentum: bool  # SGD with momentum; without, Adam
    X: Array
    y: Array
    layers: list[tuple[Array, Array]]
    epochs: tuple[int, int] = (FEW, MANY)

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return -(-len(self.X) // self.batch)


def problem(name: str, widths: Sequence[int], batch: int, samples: int, **options: Any) -> Problem:
    """What is timed is training, not what is learned."""
    generator = np.random.default_rng(0)
    layers = [
        (generator.normal(size=(fan_out, fan_in)) / fan_in**0.5, np.zeros(fan_out))
        for fan_in, fan_out in pairwise(widths)
    ]
    X = generator.uniform(-1, 1, (samples, widths[0]))
    y = np.argmax(X @ generator.normal(size=(widths[0], widths[-1])), axis=1)
    return Problem(name, widths, batch, options.pop("momentum", False), X, y, layers, **options)


def orders(samples: int, epochs: int) -> Array:
    """The order of the samples in each epoch, as `nn.fit` with seed 0 has it."""
    generator, order, found = random.Random(0), list(range(samples)), []
    for _ in range(epochs):
        generator.shuffle(order)
        found.append(order.copy())
    return np.array(found)


def this_library(problem: Problem, epochs: int) -> Losses:
    """`nn.fit`, as anybody calls it."""
    return _fit(problem, epochs).losses


def this_library_inexact(problem: Problem, epochs: int) -> Losses:
    """The same without the graph engine's last bits."""
    return _fit(problem, epochs, exact=False).losses


def _fit(problem: Problem, epochs: int, **options: Any) -> nn.History:
    model = nn.MLP(problem.widths[0], problem.widths[1:], tanh, seed=0)
    parameters: list[Value] = model.parameters()
    start = np.concatenate([np.column_stack(layer).ravel() for layer in problem.layers])
    for parameter, number in zip(parameters, start.tolist(), strict=True):
        parameter.data = number
    optimizer = nn.Momentum(parameters, lr=1e-3) if problem.momentum else nn.Adam(parameters)
    options = {"batch_size": problem.batch, "progress": False, **options}
    return nn.fit(model, nn.softmax_cross_entropy, problem.X, problem.y, optimizer=optimizer, epochs=epochs, **options)


def scikit_learn(problem: Problem, epochs: int) -> Losses:
    """MLPClassifier, which has its own parameters and order."""
    import warnings

    from sklearn.neural_network import MLPClassifier

    how = {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False} if problem.momentum else {"solver": "adam"}
    model = MLPClassifier(
        problem.widths[1:-1],
        activation="tanh",
        alpha=0.0,
        batch_size=problem.batch,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        tol=0.0,
        random_state=0,
        **how,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        model.fit(problem.X, problem.y)
    return list(model.loss_curve_)


def pytorch(problem: Problem, epochs: int, *, compiled: bool = False) -> Losses:
    """A step a batch, eagerly or by torch.compile."""
    import torch

    torch.set_num_threads(1)
    parts: list[Any] = []
    for weights, biases in problem.layers:
        linear = torch.nn.Linear(*weights.T.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weights))
            linear.bias.copy_(torch.tensor(biases))
        parts += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*parts[:-1])
    optimizer: Any = (
        torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
        if problem.momentum
        else torch.optim.Adam(model.parameters())
    )
    X, y = torch.tensor(problem.X), torch.tensor(problem.y)

    def step(batch: Any) -> Any:
        optimizer.zero_grad()
        losses = torch.nn.functional.cross_entropy(model(X[batch]), y[batch], reduction="none")
        losses.mean().backward()
        optimizer.step()
        return losses.detach().sum()

    if compiled:
        step = torch.compile(step)
    return [
        sum(step(batch) for batch in order.split(problem.batch)).item() / len(X)
        for order in torch.tensor(orders(len(X), epochs))
    ]


def jax_and_optax(problem: Problem, epochs: int) -> Losses:
    """An epoch in one lax.scan in one jit."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y = jnp.array(problem.X), jnp.array(problem.y)
    parameters: Any = [(jnp.array(weights), jnp.array(biases)) for weights, biases in problem.layers]
    optimizer, run, run_rest = _jax(problem.momentum, problem.batch, len(X) % problem.batch)
    state = optimizer.init(parameters)
    found = []
    whole = len(X) - len(X) % problem.batch
    for order in orders(len(X), epochs):
        batches = jnp.array(order[:whole].reshape(-1, problem.batch))
        parameters, state, losses = run(parameters, state, X, y, batches)
        total = losses.sum()
        if whole < len(X):
            parameters, state, losses = run_rest(parameters, state, X, y, jnp.array(order[whole:])[None])
            total += losses.sum()
        found.append(float(total) / len(X))
    return found


_jitted: dict[Any, Any] = {}


def _jax(momentum: bool, batch: int, rest: int) -> Any:
    """The optimizer and the jitted epochs: made once, as a user with several trainings would."""
    import jax
    import jax.numpy as jnp
    import optax

    key = momentum, batch, rest
    if key in _jitted:
        return _jitted[key]
    optimizer = optax.sgd(1e-3, momentum=0.9) if momentum else optax.adam(1e-3)

    def losses_of(parameters: Any, inputs: Any, targets: Any) -> Any:
        *hidden, (weights, biases) = parameters
        for w, b in hidden:
            inputs = jnp.tanh(inputs @ w.T + b)
        return optax.softmax_cross_entropy_with_integer_labels(inputs @ weights.T + biases, targets)

    def mean_loss(parameters: Any, inputs: Any, targets: Any) -> Any:
        losses = losses_of(parameters, inputs, targets)
        return losses.mean(), losses.sum()

    @partial(jax.jit, donate_argnums=(0, 1))
    def run(parameters: Any, state: Any, X: Any, y: Any, batches: Any) -> Any:
        def step(carried: Any, places: Any) -> Any:
            parameters, state = carried
            (_, total), gradient = jax.value_and_grad(mean_loss, has_aux=True)(parameters, X[places], y[places])
            moves, state = optimizer.update(gradient, state, parameters)
            return (optax.apply_updates(parameters, moves), state), total

        (parameters, state), totals = jax.lax.scan(step, (parameters, state), batches)
        return parameters, state, totals

    _jitted[key] = optimizer, run, run
    return _jitted[key]


PEERS: dict[str, tuple[str, Peer]] = {
    "scikit-learn": ("sklearn", scikit_learn),
    "PyTorch eager": ("torch", pytorch),
    "torch.compile": ("torch", partial(pytorch, compiled=True)),
    "JAX + optax": ("optax", jax_and_optax),
}


def timed(train: Callable[[], object]) -> float:
    start = time.perf_counter()
    train()
    return time.perf_counter() - start


def slope(problem: Problem, train: Peer) -> float:
    """Seconds of a step."""
    few, many = problem.epochs
    best = [min(timed(partial(train, problem, epochs)) for _ in range(ROUNDS)) for epochs in (few, many)]
    return (best[1] - best[0]) / (many - few) / problem.steps


def compare(problem: Problem, peers: dict[str, Peer]) -> None:
    """A table of the peers, after their losses were compared."""
    few, _ = problem.epochs
    print(f"\n{problem.name}: batches of {problem.batch}, {'momentum' if problem.momentum else 'Adam'}")
    print(f"{'':24}{'a step':>12}{'ratio':>9}{f'first {few} epochs':>18}{'a second time':>15}")
    own: Losses | None = None
    ours = 0.0
    for name, train in peers.items():
        try:
            start = time.perf_counter()
            losses = train(problem, few)
            first = time.perf_counter() - start
        except Exception as error:  # noqa: BLE001 — torch.compile without a compiler to install
            print(f"{name:24} left out: {type(error).__name__}")
            continue
        own = own or losses
        if name != "scikit-learn":
            np.testing.assert_allclose(losses, own, rtol=1e-5, err_msg=name)
        again = min(timed(lambda train=train: train(problem, few)) for _ in range(3))  # type: ignore[misc]
        step = slope(problem, train)
        ours = ours or step
        print(f"{name:24}{step * 1e6:>9.1f} µs{step / ours:>9.2f}{first:>16.3f} s{again:>13.3f} s")


def growth() -> None:
    """The time of a step, and memory, as the samples grow."""
    print("\nmoons 2-16-16-2 as the samples grow")
    for samples in (1_000, 10_000, 100_000, 1_000_000):
        few = 2
        many = few + max(2, 200_000 // samples)
        grown = problem("", [2, 16, 16, 2], 32, samples, epochs=(few, many))
        times = [min(timed(partial(this_library, grown, epochs)) for _ in range(2)) for epochs in (few, many)]
        step = (times[1] - times[0]) / (many - few) / grown.steps
        tracemalloc.start()
        this_library(grown, 1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{samples:>10,} samples{step * 1e6:>9.1f} µs a step{peak / samples:>9.0f} bytes a sample at most")


def peak() -> float:
    """Multiplications and additions a second, of vectors in twelve chains, each rounded by itself."""
    from autograd.compiler import jit
    from autograd.compiler.llvm_text import FunctionText, Target, attributes
    from autograd.compiler.module import Module

    lanes, chains = jit.lanes(), 12
    text = FunctionText(Target(lanes, 8))
    factor, term = text.load("%numbers"), text.load(text.address("%numbers", lanes))
    with text.loop(0, "%count", 1, [(text.vector, factor)] * chains) as (_, sums, following):
        following += [text.add(text.assign(f"fmul {text.vector} {x}, {factor}"), term) for x in sums]
    for k, total in enumerate(sums):
        text.store(total, text.address("%numbers", k * lanes))
    body = text.as_function("run", "ptr %numbers, i64 %count", internal=False)
    kernel = jit.MachineCode(Module(f"{attributes()}\n\n{body}", arguments=2))
    numbers, count = np.full(chains * lanes, 0.5), 1_000_000
    best = min(timed(partial(kernel.run, numbers.ctypes.data, count)) for _ in range(20))
    return 2 * chains * lanes * count / best


def bounds() -> None:
    """The kernel's own time, and that of its multiplications and additions alone at this processor's peak.

    The kernel is called by its address, with arrays that are there: the same call from Python, with its checks and new
    arrays, stands beside it.
    """
    rate = peak()
    print(f"\nvalue and gradient beside multiplications and additions alone, at {rate / 1e9:.1f} GFlop/s")
    print(f"{'kernel':>35}{'bound':>13}{'ratio':>8}{'called from Python':>23}")
    for widths, rows in (([64, 32, 10], 32), ([2, 16, 16, 1], 100), ([784, 128, 10], 64)):
        products = [a * b for a, b in pairwise(widths)]
        bound = rows * (4 * sum(products) + 2 * sum(products[1:])) / rate
        for activation in (relu, tanh):
            own, called = kernel_times(widths, activation, rows)
            name = f"{'-'.join(map(str, widths))} {activation.__name__}, {rows} rows"
            times = f"{own * 1e6:>8.1f} µs{bound * 1e6:>10.1f} µs{own / bound:>8.2f}{called * 1e6:>20.1f} µs"
            print(f"{name:>27}{times}")


def kernel_times(widths: list[int], activation: Callable[[Value], Value], rows: int) -> tuple[float, float]:
    """Seconds of value and gradient, best of several: the machine code alone, and called from Python."""
    model = nn.MLP(widths[0], widths[1:], activation, seed=0)
    x = [Value(0.5) for _ in range(widths[0])]
    loss = nn.softmax_cross_entropy if widths[-1] > 1 else nn.hinge
    target = Value(0.0 if widths[-1] > 1 else 1.0)
    code = autograd.compile(loss(model(x), target), [*x, target], model.parameters())
    data = np.random.default_rng(0).uniform(-1, 1, (rows, widths[0] + 1))
    data[:, -1] = target.data
    code.value_and_gradient(data)
    kernel = code._gradient_kernel  # noqa: SLF001 — without what Python does before and after
    losses, gradient = np.empty(rows), np.empty(len(code.parameters))
    where = (code._address, kernel.scratch.address, gradient.ctypes.data, losses.ctypes.data)  # noqa: SLF001
    run = partial(kernel.machine.run, data.ctypes.data, data.shape[1], 0, rows, *where)
    few = max(1, 400_000 // (rows * sum(widths)))

    def alone() -> None:
        for _ in range(few):
            run()

    def called() -> None:
        for _ in range(few):
            code.value_and_gradient(data)

    return min(timed(alone) for _ in range(40)) / few, min(timed(called) for _ in range(40)) / few


def main() -> None:
    """Print the tables."""
    if CORES:
        os.sched_setaffinity(0, {max(CORES)})
    peers = {name: train for name, (module, train) in PEERS.items() if importlib.util.find_spec(module)}
    ours: dict[str, Peer] = {"nn.fit": this_library, "nn.fit, exact=False": this_library_inexact}
    compare(problem("digits 64-32-10", [64, 32, 10], 32, 1437), ours | peers)
    compare(problem("moons 2-16-16-2", [2, 16, 16, 2], 32, 1000), ours | peers)
    compare(problem("784-128-10", [784, 128, 10], 64, 1280, momentum=True, epochs=(2, 42)), ours | peers)
    bounds()
    growth()


if __name__ == "__main__":
    main()
