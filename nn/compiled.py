"""Training and prediction through compiled graphs: samples as rows of numbers, a step on arrays.

One sample is recorded, and `autograd.compile` makes the code for all. That is right where the graph
doesn't depend on the sample, other than by operations that branch. Of this package's own models and losses
that is known; of anybody else's functions it is found out, by recording a good many samples.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import Value, topological_order
from autograd.atomic import all_or_none
from autograd.ieee import add_up, real
from autograd.rules import in_order
from nn.activations import Bernoulli, Dropout
from nn.module import Module
from nn.samples import read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from autograd import Compiled

    Array = NDArray[np.float64]

CHECKED = 256  # samples that are recorded to find out whether their graphs are one


def is_installed() -> bool:
    """Whether what compiling needs is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("llvmlite", "numpy"))


def is_worth_it(nodes: set[Value], samples: int) -> bool:
    """Whether the graph engine takes longer for so many samples than compiling takes, by experience with both."""
    computed = sum(node.operation is not None for node in nodes)
    edges = sum(len(node.parents) for node in nodes)
    return samples * (3e-6 * computed + 1.5e-7 * edges) > 0.1 + 1e-3 * computed + 5e-6 * edges


def is_one_graph(function: object) -> bool:
    """Whether this model, loss or activation is known to record the same graph for each sample of a shape."""
    if not isinstance(function, Module):
        return function is None or hasattr(function, "rule") or _is_ours(function)
    return all(
        _is_ours(type(module))
        and (isinstance(activation := getattr(module, "activation", None), Module) or is_one_graph(activation))
        for module in function.modules()
    )


def chance_in(model: object) -> Module | None:
    """A part of the model that is at random now."""
    modules = model.modules() if isinstance(model, Module) else ()
    return next((module for module in modules if module.training and _is_by_chance(module)), None)


def _is_by_chance(module: Module) -> bool:
    return isinstance(module, Bernoulli) or (isinstance(module, Dropout) and module.p > 0)


def _is_ours(function: Any) -> bool:
    """Whether it is what this package has under its name; what wraps such a thing bears the name, but isn't it."""
    name = getattr(function, "__module__", None) or ""
    found = getattr(sys.modules.get(name), getattr(function, "__qualname__", ""), None)
    return name.startswith(f"{__package__}.") and found is function


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
    """model(sample) for each sample, through compiled code where that is known to be right, and worth its time.

    The model is in evaluation already.
    """
    samples = read(samples, "samples")
    if not samples:
        return []
    output = model(samples[0])
    nodes = {node for leaf in _leaves_of(output) for node in topological_order(leaf)}
    if is_one_graph(model) and is_installed() and is_worth_it(nodes, len(samples)):
        try:
            rows = table(samples)
            inputs, leaves = as_leaves(samples[0])
            output = model(inputs)
            compiled = _compile(_leaves_of(output), leaves, model.parameters() if isinstance(model, Module) else [])
            return [_refilled(output, iter(row)) for row in compiled.value(rows).tolist()]
        except (TypeError, ValueError):  # the graph engine takes it, or says in its own words what is wrong
            pass
    return [output, *(model(sample) for sample in islice(samples, 1, None))]


def _compile(outputs: list[Value], inputs: list[Value], parameters: Sequence[Value]) -> Compiled:
    from autograd import compile as compiled  # noqa: PLC0415 — only what is compiled needs it

    return compiled(outputs, inputs, parameters)


def _leaves_of(output: Any) -> list[Value]:
    if isinstance(output, Value):
        return [output]
    return [leaf for part in in_order(output, "a model's output") for leaf in _leaves_of(part)]


def _refilled(output: Any, numbers: Iterator[float]) -> Any:
    """An output of the same shape, with these numbers."""
    return Value(next(numbers)) if isinstance(output, Value) else [_refilled(part, numbers) for part in output]


# Training


class OnRows:
    """Steps of an optimizer by compiled code; the interface is that of the graph engine's steps in `training`.

    The model's Values are those of an earlier step until `store`, except with an optimizer that has a `step` of its
    own, or a penalty: then the Values are moved, and the code's numbers follow.
    """

    def __init__(self, graph: Any, *, known: bool) -> None:
        self.graph, self.known = graph, known
        self.shape = shape_of(graph.X[0]), shape_of(graph.y[0])
        self.output, self.each, self.inputs = self._record(0)
        self._check_targets(graph.y)
        self.nodes = set(topological_order(self.each))
        model, optimizer = graph.model, graph.optimizer
        self.moved = [i for i, parameter in enumerate(optimizer.parameters) if parameter in self.nodes]
        self.parameters: list[Value] = [optimizer.parameters[i] for i in self.moved]
        held: list[Value] = model.parameters() if isinstance(model, Module) else []  # also those that don't move
        self.all = list(dict.fromkeys([*self.parameters, *(value for value in held if value in self.nodes)]))
        self.rows = self._rows(graph.X, graph.y)
        self.by_chance = False

    def start(self) -> None:
        """Compile, and look whether the code is right for all samples, where that isn't known."""
        share = Value(1.0)  # of a sample in its batch's mean: a number of the row, as all else
        self.compiled = _compile([self.each, self.each * share], [*self.inputs, share], self.all)
        self.steps = self._on_arrays()
        if not self.known:
            self._check()

    def _record(self, i: int) -> tuple[Any, Value, list[Value]]:
        """The model's output for a sample, its loss, and the leaves that are the sample's numbers."""
        inputs, x_leaves = as_leaves(self.graph.X[i])
        target, y_leaves = as_leaves(self.graph.y[i])
        output = self.graph.model(inputs)
        return output, self.graph.as_loss(self.graph.loss(output, target)), [*x_leaves, *y_leaves]

    def _structure(self, i: int) -> bytes:
        from autograd.compiler.compiled import structure  # noqa: PLC0415 — only what is compiled needs it

        _, each, inputs = self._record(i)
        return structure([each], inputs, self.all)

    def _rows(self, X: Sequence[Any], y: Sequence[Any]) -> Array:
        """Samples and targets as rows, with a last column for their shares."""
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        if (shape_of(X[0]), shape_of(y[0])) != self.shape:
            raise ValueError("compiled, all samples and targets are of the shape of those that are trained on")
        return np.hstack([table(X, y), np.ones((len(X), 1))])

    def _check_targets(self, y: Sequence[Any]) -> None:
        """Each target as the loss takes it: what it refuses of one sample, it refuses here of all."""
        seen = set()
        for target in y:
            key = repr(list(target) if hasattr(target, "__iter__") else target)
            if key not in seen:
                seen.add(key)
                self.graph.loss(self.output, target)

    def _check(self) -> None:
        """Record samples from all over the data: a ValueError where their graphs, or losses, are not as compiled."""
        structure = self._structure(0)
        places = range(0, len(self.rows), max(1, len(self.rows) // CHECKED))
        found = self.compiled.value(self.rows[list(places)])[:, 0].tolist()
        for i, number in zip(places, found, strict=True):
            expected = self.graph.loss_of(i)
            same = number == expected or (math.isnan(number) and math.isnan(expected))
            if not same or self._structure(i) != structure:
                raise ValueError(
                    f"the graph of sample {i} is another than that which was compiled (by a Python `if` on .data, "
                    "perhaps, or since the loss reads its target as other than a number): train with compiled=False"
                )
        self.structure = structure

    def _on_arrays(self) -> Any:
        """The optimizer's steps on arrays, if it has such, and the gradient needs nothing that isn't compiled."""
        if self.graph.penalty is not None or not hasattr(self.graph.optimizer, "on_arrays"):
            return None
        return self.graph.optimizer.on_arrays(self.moved)

    def step(self, batch: Sequence[int]) -> list[float]:
        """One step on these samples; each sample's loss before it."""
        import numpy as np  # noqa: PLC0415 — as above

        if self.by_chance:
            result: list[float] = self.graph.step(batch)
            return result
        rows = self.rows[batch]
        rows[:, -1] = 1 / len(batch)
        if self.steps is None:
            self.compiled.load()
        values, gradient = self.compiled.value_and_gradient(rows, of=1)
        gradient = gradient[: len(self.parameters)]
        losses: list[float] = values[:, 0].tolist()
        own = self.compiled.parameters[: len(self.parameters)]
        step = self.steps.next(own, gradient) if self.steps is not None else None
        if step is None:
            self.store()
            self.steps = None  # the optimizer's formula may have changed to one that is not for arrays
            gradients = dict(zip(self.parameters, gradient.tolist(), strict=True))
            return losses if self.graph.move(add_up(losses) / len(losses), gradients) else self.graph.step(batch)
        if not (math.isfinite(add_up(losses)) and np.isfinite(gradient).all() and np.isfinite(step.moved).all()):
            return self._step_on_graph(batch)
        all_or_none([(np.copyto, own, step.moved), (object.__setattr__, self.steps, "last", step.last)])
        return losses

    def _step_on_graph(self, batch: Sequence[int]) -> list[float]:
        """The same step by the graph engine, which says where something isn't finite."""
        self.store()
        losses: list[float] = self.graph.step(batch)
        self.load()
        return losses

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples; by the graph engine what isn't finite, unknown, or refused."""
        try:
            if self.known and len(X) == len(y):
                self._check_targets(y)
                self.compiled.load()
                losses = self.compiled.value(self._rows(X, y))[:, 0].tolist()
                if math.isfinite(add_up(losses)):
                    return add_up(losses) / len(losses)
        except (TypeError, ValueError):
            pass
        mean: float = self.graph.mean_loss(X, y)
        return mean

    def store(self) -> None:
        """Give numbers and gradients of the last step to the model's Values, and to the optimizer what it remembers.

        Without a step since the last time, the Values keep what they have: a callback may have changed it.
        """
        steps = self.steps
        if steps is None or steps.last is steps.stored:
            return
        own = zip(self.all, self.compiled.parameters.tolist(), strict=True)
        slopes = zip(self.parameters, steps.gradient(), strict=True)
        settings = [(value, "_data", x) for value, x in own] + [(value, "_grad", g) for value, g in slopes]
        all_or_none([*((object.__setattr__, *setting) for setting in settings), *steps.storing()])

    def load(self) -> None:
        """Take the numbers from the model's Values, and from the optimizer what it remembers."""
        self.by_chance = chance_in(self.graph.model) is not None
        self.compiled.load()
        if self.steps is None or not self.steps.is_current():
            self.steps = self._on_arrays()
        if not self.known and self._structure(0) != self.structure:
            raise ValueError("the graph has changed since training began: train with compiled=False")
