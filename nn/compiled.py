"""Training and prediction through compiled graphs: samples as rows of numbers, a step on arrays.

One sample is recorded, and `autograd.compile` makes the code for all. That is right where the graph
doesn't depend on the sample, other than by operations that branch. Of this package's own models and losses
that is known; of anybody else's functions it is found out, by comparing the losses of some samples.
"""

from __future__ import annotations

import importlib.util
import math
import operator
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import starmap
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import Value, topological_order
from autograd.ieee import add_up, real
from autograd.rules import in_order
from nn.activations import Bernoulli, Dropout
from nn.module import Module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from autograd import Compiled

    Array = NDArray[np.float64]

ENOUGH = 1_000_000  # edges that a prediction's graphs would have together, from which on compiling is worth its time


def is_installed() -> bool:
    """Whether what compiling needs is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("llvmlite", "numpy"))


def is_one_graph(function: object) -> bool:
    """Whether this model, loss or activation is known to record the same graph for each sample of a shape."""
    if not isinstance(function, Module):
        return function is None or hasattr(function, "rule") or _is_ours(function)
    return all(
        _is_ours(type(module)) and not _is_by_chance(module) and is_one_graph_of(module)
        for module in function.modules()
    )


def is_one_graph_of(module: Module) -> bool:
    """Whether what this module calls does."""
    activation = getattr(module, "activation", None)
    return isinstance(activation, Module) or is_one_graph(activation)


def chance_in(model: object) -> Module | None:
    """A part of the model that is at random now."""
    modules = model.modules() if isinstance(model, Module) else ()
    return next((module for module in modules if _is_by_chance(module)), None)


def _is_ours(function: object) -> bool:
    return str(getattr(function, "__module__", "")).partition(".")[0] == "nn"


def _is_by_chance(module: Module) -> bool:
    return module.training and (isinstance(module, Bernoulli) or (isinstance(module, Dropout) and module.p > 0))


# Samples as rows


def shape_of(sample: Any) -> Any:
    """How a sample is nested: None for a number, a tuple for a sequence."""
    return None if isinstance(sample, Real) else tuple([shape_of(part) for part in in_order(sample, "a sample")])


def numbers_in(sample: Any) -> Iterator[float]:
    """The numbers in a sample, in order."""
    if isinstance(sample, Real):
        yield real(sample, "a sample")
    else:
        for part in sample:
            yield from numbers_in(part)


def as_leaves(sample: Any) -> tuple[Any, list[Value]]:
    """The sample with a Value in place of each number, and these Values."""
    if isinstance(sample, Real):
        number = Value(sample)
        return number, [number]
    parts = [as_leaves(part) for part in sample]
    return [part for part, _ in parts], [leaf for _, leaves in parts for leaf in leaves]


def table(*columns: Sequence[Any]) -> Array:
    """The numbers of samples, of targets, …, a row for each; a ValueError where they are not all of one shape."""
    import numpy as np  # noqa: PLC0415 — only what is compiled needs it

    for samples in columns:
        shape = shape_of(samples[0])
        for i, sample in enumerate(samples):
            if shape_of(sample) != shape:
                raise ValueError(
                    f"compiled, all samples and targets are of one shape: number {i} is not like the first"
                )
    rows = [[number for part in parts for number in numbers_in(part)] for parts in zip(*columns, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), -1)


def predictions(model: Callable[[Any], Any], samples: Sequence[Any]) -> list[Any]:
    """model(sample) for each sample, through compiled code where that is known to be right, and sooner.

    The model is in evaluation already.
    """
    first = model(samples[0])
    nodes: set[Value] = set()
    for output in _leaves_of(first):
        nodes.update(topological_order(output))
    edges = sum(len(node.parents) for node in nodes)
    if not nodes or edges * len(samples) < ENOUGH or not is_one_graph(model) or not is_installed():
        return [first, *(model(sample) for sample in samples[1:])]
    try:
        rows = table(samples)
    except (TypeError, ValueError):
        return [first, *(model(sample) for sample in samples[1:])]
    inputs, leaves = as_leaves(samples[0])
    output = model(inputs)
    found = _compile(_leaves_of(output), leaves, model.parameters() if isinstance(model, Module) else [])
    return [_refilled(output, iter(row)) for row in found.value(rows).tolist()]


def _compile(outputs: list[Value], inputs: list[Value], parameters: Sequence[Value]) -> Compiled:
    from autograd import compile as compiled  # noqa: PLC0415 — only what is compiled needs it

    return compiled(outputs, inputs, parameters)


def _leaves_of(output: Any) -> list[Value]:
    if isinstance(output, Value):
        return [output]
    return [leaf for part in output for leaf in _leaves_of(part)]


def _refilled(output: Any, numbers: Iterator[float]) -> Any:
    """An output of the same shape, with these numbers."""
    return Value(next(numbers)) if isinstance(output, Value) else [_refilled(part, numbers) for part in output]


# Training


class OnRows:
    """Steps of an optimizer by compiled code; the interface is that of the graph engine's steps in `training`.

    Until `store`, the model's Values are those of an earlier step; but an optimizer with a `step` of its own moves
    the Values.
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        loss: Callable[[Any, Any], Any],
        X: Sequence[Any],
        y: Sequence[Any],
        optimizer: Any,
        graph: Any,
    ) -> None:
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        self.graph, self.optimizer = graph, optimizer
        shares = np.ones((len(X), 1))  # of a sample in its batch's mean: a number of the row, as all else
        self.rows = np.hstack([table(X, y), shares])
        inputs, x_leaves = as_leaves(X[0])
        target, y_leaves = as_leaves(y[0])
        output = model(inputs)
        self._check_targets(loss, output, y)
        each, share = graph.as_loss(loss(output, target)), Value(1.0)
        below = set(topological_order(each))
        self.moved = [i for i, parameter in enumerate(optimizer.parameters) if parameter in below]
        self.parameters = [optimizer.parameters[i] for i in self.moved]
        held: list[Value] = (
            model.parameters() if isinstance(model, Module) else []
        )  # also those that the optimizer doesn't move
        parameters = list(dict.fromkeys([*self.parameters, *(value for value in held if value in below)]))
        self.compiled = _compile([each, each * share], [*x_leaves, *y_leaves, share], parameters)
        self.steps = self._on_arrays()

    def _on_arrays(self) -> Any:
        """The optimizer's steps on arrays, if it has such, and the gradient needs nothing that isn't compiled."""
        if self.graph.penalty is not None or not hasattr(self.optimizer, "on_arrays"):
            return None
        return self.optimizer.on_arrays(self.moved)

    @staticmethod
    def _check_targets(loss: Callable[[Any, Any], Any], output: Any, y: Sequence[Any]) -> None:
        """Each target as the loss takes it: what it refuses of one sample it refuses here, of all."""
        seen = set()
        for target in y:
            key = (type(target), tuple(numbers_in(target)))
            if key not in seen:
                seen.add(key)
                loss(output, target)

    def check(self, batch: Sequence[int]) -> None:
        """Compare with the graph engine; a ValueError where the graph isn't the same for each of these samples."""
        found = self.compiled.value(self.rows[batch])[:, 0].tolist()
        for i, number in zip(batch, found, strict=True):
            expected = self.graph.loss_of(i)
            if number != expected and not (math.isnan(number) and math.isnan(expected)):
                raise ValueError(
                    f"compiled, the loss of sample {i} is {number}, and {expected} on the graph engine: the graph "
                    "depends on the sample (by a Python `if` on .data, perhaps), or the loss reads its target as other "
                    "than a number; train with compiled=False"
                )

    def step(self, batch: Sequence[int]) -> list[float]:
        """One step on these samples; each sample's loss before it."""
        import numpy as np  # noqa: PLC0415 — as above

        rows = self.rows[batch]
        rows[:, -1] = 1 / len(batch)
        if self.steps is None:
            self.compiled.load()
        values, gradient = self.compiled.value_and_gradient(rows, of=1)
        gradient = gradient[: len(self.parameters)]
        losses: list[float] = values[:, 0].tolist()
        if self.steps is None:
            return self._step_on_values(losses, gradient, batch)
        own = self.compiled.parameters[: len(self.parameters)]
        step = self.steps.next(own, gradient)
        if not (math.isfinite(add_up(losses)) and np.isfinite(gradient).all() and np.isfinite(step.moved).all()):
            return self._step_on_graph(batch)
        # All in one call into C: an interrupt comes before or after, never between weights and what is remembered.
        done = [(np.copyto, own, step.moved), (object.__setattr__, self.steps, "last", step.last)]
        deque(starmap(operator.call, done), maxlen=0)
        return losses

    def _step_on_graph(self, batch: Sequence[int]) -> list[float]:
        """The same step by the graph engine, which says where something isn't finite."""
        self.store()
        losses: list[float] = self.graph.step(batch)
        self.load()
        return losses

    def _step_on_values(self, losses: list[float], gradient: Array, batch: Sequence[int]) -> list[float]:
        """The step by the optimizer's own `step`, which reads gradients of Values."""
        gradients = dict(zip(self.parameters, gradient.tolist(), strict=True))
        if not self.graph.move(add_up(losses) / len(losses), gradients):
            return self._step_on_graph(batch)
        return losses

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples."""
        import numpy as np  # noqa: PLC0415 — as above

        if self.steps is None:
            self.compiled.load()
        losses = self.compiled.value(np.hstack([table(X, y), np.ones((len(X), 1))]))[:, 0].tolist()
        mean: float = add_up(losses) / len(losses)
        if not math.isfinite(mean):
            self.store()
            mean = self.graph.mean_loss(X, y)
        return mean

    def store(self) -> None:
        """Give the numbers to the model's Values, and to the optimizer what it remembers."""
        if self.steps is not None:
            self.compiled.store()
            self.steps.store()

    def load(self) -> None:
        """Take the numbers from the model's Values, and from the optimizer what it remembers."""
        self.compiled.load()
        if self.steps is None or not self.steps.is_current():
            self.steps = self._on_arrays()
