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
from functools import cached_property
from itertools import islice
from numbers import Real
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, topological_order
from autograd.atomic import all_or_none
from autograd.ieee import add_up, real
from autograd.node import set_data
from autograd.rules import as_tuple
from nn.chance import Draws, chance_in, recorded, undrawable_in
from nn.module import Module
from nn.samples import read

if TYPE_CHECKING:
    from random import Random

    import numpy as np
    from numpy.typing import NDArray

    from autograd import Compiled
    from nn.optimizers import Update

    Array = NDArray[np.float64]

SECONDS_OF_A_CALL = 0.04
MAX_PENALTY_NODES = 40_000  # of a penalty that is compiled: a longer one takes seconds
MAX_DRAWN = 1_000_000  # numbers that are drawn at a time
CHECKED = 256  # samples that are recorded to find out whether their graphs are one
CHECKED_LAST = 1024  # and at the end of training, to find out whether they still are


def is_installed() -> bool:
    """Whether what compiling needs is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("llvmlite", "numpy"))


def size_of(nodes: set[Value]) -> tuple[int, int]:
    """How many nodes of a graph are computed, and how many edges there are."""
    return sum(node.operation is not None for node in nodes), sum(len(node.parents) for node in nodes)


def is_worth_it(nodes: set[Value], samples: int) -> bool:
    """Whether the graph engine takes longer for so many samples than compiling takes, by experience with both."""
    computed, edges = size_of(nodes)
    return samples * (3e-6 * computed + 1.5e-7 * edges) > 0.06 + 5e-4 * computed + 5e-6 * edges


def is_one_graph(function: object) -> bool:
    """Whether this model, loss or activation is known to record the same graph for each sample of a shape."""
    if not isinstance(function, Module):
        return function is None or hasattr(function, "operation") or _is_ours(function)
    return all(
        _is_ours(type(module))
        and (isinstance(activation := getattr(module, "activation", None), Module) or is_one_graph(activation))
        for module in function.modules()
    )


def _is_ours(function: Any) -> bool:
    """Whether it is what this package has under its name; what wraps such a thing bears the name, but isn't it."""
    name = getattr(function, "__module__", None) or ""
    found = getattr(sys.modules.get(name), getattr(function, "__qualname__", ""), None)
    return name.startswith(f"{__package__}.") and found is function


def spread(samples: int, most: int) -> list[int]:
    """The places of all samples or, of more than `most`, of so many from all over the data."""
    count = min(samples, most)
    return [k * samples // count for k in range(count)]


class GraphChangedError(ValueError):
    """A sample's graph is another than the one that was compiled."""


DIFFERENT = (
    "the graph of sample {} is another than that which was compiled (by a Python `if` on .data, perhaps, or since the "
    "loss reads its target as other than a number): train with compiled=False"
)
CHANGED = (
    "the graph of sample {} is no longer the one that was compiled, perhaps because a Python `if` on .data turned as "
    "the parameters moved; losses and steps may be wrong since then: train with compiled=False"
)
PENALTY_CHANGED = (
    "the penalty's graph is no longer the one that was compiled, perhaps because a Python `if` on .data turned as the "
    "parameters moved; steps may be wrong since then: train with compiled=False"
)


# Samples as rows


def shape_of(sample: Any) -> Any:
    """How a sample is nested: None for a number, a tuple for a sequence."""
    return None if isinstance(sample, Real) else tuple([shape_of(part) for part in as_tuple(sample, "a sample")])


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

    arrays = [_as_array(samples) for samples in columns]
    found = [array for array in arrays if array is not None]
    if len(found) == len(columns):
        return np.hstack(found)
    for samples in columns:
        shape = shape_of(samples[0])
        for i, sample in enumerate(samples):
            if shape_of(sample) != shape:
                raise ValueError(
                    f"compiled, all samples and targets are of one shape: number {i} is not like the first"
                )
    rows = [[number for part in parts for number in numbers_in(part)] for parts in zip(*columns, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), -1)


def _as_array(samples: Sequence[Any]) -> Array | None:
    """Samples of one shape that are plain numbers, a row for each; None where they have to be looked at one by one."""
    import numpy as np  # noqa: PLC0415 — as above

    try:
        array = np.array(samples)
    except (TypeError, ValueError):
        return None
    return array.reshape(len(samples), -1).astype(np.float64) if array.dtype.kind in "fiu" and array.size else None


def predictions(model: Callable[[Any], Any], samples: Sequence[Any]) -> list[Any]:
    """model(sample) for each sample, through compiled code where that is known to be right, and worth its time.

    The model is in evaluation already.
    """
    samples = read(samples, "samples")
    if not samples:
        return []
    output = model(samples[0])
    found = _values_on_rows(model, [model], _leaves_of(output), _leaves_of, [samples])
    if found is not None:
        return [_refilled(output, iter(row)) for row in found]
    return [output, *(model(sample) for sample in islice(samples, 1, None))]


def losses_of(
    model: Callable[[Any], Any], loss: Callable[[Any, Any], Any], X: Sequence[Any], y: Sequence[Any]
) -> list[float] | None:
    """Each sample's loss, through compiled code where that is known to be right, and worth its time; otherwise None.

    The model is in evaluation already.
    """
    output = model(X[0])
    each = loss(output, y[0])
    if not isinstance(each, Value):
        return None
    try:
        check_targets(loss, output, y)
    except (TypeError, ValueError):  # the graph engine says in its own words which one it is
        return None
    found = _values_on_rows(
        lambda sample, target: loss(model(sample), target), [model, loss], [each], lambda each: [each], [X, y], model
    )
    return None if found is None else [row[0] for row in found]


def check_targets(loss: Callable[[Any, Any], Any], output: Any, y: Sequence[Any]) -> None:
    """Each target as the loss takes it: what it refuses of one sample, it refuses here of all."""
    seen = set()
    for target in y:
        key = repr(list(target) if hasattr(target, "__iter__") else target)
        if key not in seen:
            seen.add(key)
            loss(output, target)


def _values_on_rows(
    function: Callable[..., Any],
    known: Sequence[object],
    outputs: Sequence[Value],
    as_outputs: Callable[[Any], Sequence[Value]],
    columns: Sequence[Sequence[Any]],
    model: object = None,
) -> list[list[float]] | None:
    """The function's outputs for each row of the columns by compiled code; None where the graph engine is to do it."""
    nodes = {node for output in outputs for node in topological_order(output)}
    if not (all(map(is_one_graph, known)) and is_installed() and is_worth_it(nodes, len(columns[0]))):
        return None
    from autograd.compiler.compiled import Compiled  # noqa: PLC0415 — only what is compiled needs it

    model = model or function
    try:
        rows = table(*columns)
        leaves = [as_leaves(samples[0]) for samples in columns]
        found = as_outputs(function(*(inputs for inputs, _ in leaves)))
        parameters = model.parameters() if isinstance(model, Module) else []
        numbers = [leaf for _, own in leaves for leaf in own]
        compiled = Compiled(found, numbers, parameters, single=False, exact=True, threads=1, gradient=False)
        values: list[list[float]] = compiled.value(rows).tolist()
    except (TypeError, ValueError):  # the graph engine takes it, or says in its own words what is wrong
        return None
    return values


def _compile(outputs: list[Value], inputs: list[Value], parameters: Sequence[Value], *, exact: bool) -> Compiled:
    from autograd import compile as compiled  # noqa: PLC0415 — only what is compiled needs it

    return compiled(outputs, inputs, parameters, exact=exact)


def _leaves_of(output: Any) -> list[Value]:
    if isinstance(output, Value):
        return [output]
    return [leaf for part in as_tuple(output, "a model's output") for leaf in _leaves_of(part)]


def _refilled(output: Any, numbers: Iterator[float]) -> Any:
    """An output of the same shape, with these numbers."""
    return Value(next(numbers)) if isinstance(output, Value) else [_refilled(part, numbers) for part in output]


# Training


class _Coming(NamedTuple):
    """What the steps to come are made of: t is that of the kernel's first step; earlier formulas computed `earlier`."""

    update: Update
    t: float
    constants: Sequence[float]
    earlier: dict[str, Any]


class OnRows:
    """Steps of an optimizer by compiled code; the interface is that of the graph engine's steps in `training`.

    The model's Values are those of an earlier step until `store`, except with an optimizer that has a `step` of its
    own, or a penalty: then the Values are moved, and the code's numbers follow.
    """

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.shape = shape_of(graph.X[0]), shape_of(graph.y[0])
        self.record()
        check_targets(graph.loss, self.output, graph.y)
        self.rows = self._rows(graph.X, graph.y)
        self.by_chance = False
        self.held_out: tuple[Any, Any, Array] | None = None
        self.pace = SECONDS_OF_A_CALL  # a sample's seconds: one batch, until it is known
        self.kernel: Any = None
        self.penalty_may_be_fixed = True
        self.penalty_structure: bytes | None = None
        self.running = 0, 0, 1  # the steps before the call under way, its samples, and how many are in a batch
        graph.check_optimizer(self.each)

    def record(self) -> None:
        """Record the first sample, and find what moves in its graph."""
        graph = self.graph
        self.known: bool = graph.is_known()
        self.output, self.each, self.inputs, drawn = self._record(0)
        self.draws = Draws([generator for _, generator in drawn])
        self.nodes = set(topological_order(self.each))
        self.held = list(graph.optimizer.parameters)
        self.moved = [i for i, parameter in enumerate(self.held) if parameter in self.nodes]
        self.parameters: list[Value] = [self.held[i] for i in self.moved]
        learned = graph.model.parameters() if isinstance(graph.model, Module) else []  # also what doesn't move
        self.all = list(dict.fromkeys([*self.parameters, *(value for value in learned if value in self.nodes)]))

    def start(self) -> None:
        """Compile what was recorded, and look whether the code is right for all samples, where that isn't known."""
        from autograd.compiler import plan  # noqa: PLC0415 — only what is compiled needs it

        self.__dict__.pop("compiled", None)  # of what was recorded before
        self.kernel = None
        self.own = {value: value for value in self.all}
        numbers = self.own.keys() | set(self.inputs)
        self.constants = {
            leaf: leaf.data for leaf in plan.recorded([self.each]) if not (leaf.operation or leaf in numbers)
        }
        self.steps = self._on_arrays()
        self._begin()
        self.by_chance = self._needs_graph()
        self.size, self.compared, self.credit = size_of(self.nodes), 0, 1.0
        places = spread(len(self.rows), CHECKED)
        self._compare(places, places, DIFFERENT)

    def look_again(self) -> bool:
        """Whether the model, and what the optimizer holds, are still what was compiled, whatever their numbers.

        As long as there is something at random, the graph engine takes the steps, from the model as it is.
        """
        self.by_chance = self._needs_graph()
        return self.by_chance or (
            self.known == self.graph.is_known()
            and self.held == list(self.graph.optimizer.parameters)
            and self._is_as_compiled(0)
        )

    def _needs_graph(self) -> bool:
        """Whether something is at random whose numbers can't be drawn ahead, or for which there is no kernel."""
        model = self.graph.model
        return chance_in(model) is not None and (self.kernel is None or undrawable_in(model) is not None)

    def _record(self, i: int) -> tuple[Any, Value, list[Value], list[tuple[Value, Any]]]:
        """The model's output for a sample, its loss, the leaves that are the row's numbers, and which are drawn."""
        inputs, x_leaves = as_leaves(self.graph.X[i])
        target, y_leaves = as_leaves(self.graph.y[i])
        output, drawn = recorded(self.graph.model, lambda: self.graph.model(inputs))
        each = self.graph.as_loss(self.graph.loss(output, target))
        return output, each, [*x_leaves, *y_leaves, *(leaf for leaf, _ in drawn)], drawn

    def _is_as_compiled(self, i: int) -> bool:
        """Whether a sample's graph is that which was compiled, node by node, but for the sample's numbers."""
        _, each, inputs, drawn = self._record(i)
        if [generator for _, generator in drawn] != self.draws.order:
            return False
        same = self.own | dict(zip(self.inputs, inputs, strict=True))
        numbers = self.own.keys() | set(inputs)
        pairs = [(self.each, each)]
        for old, new in pairs:  # grows while it is read
            if old.operation is not new.operation:
                return False
            if old.operation is None and (new in numbers or self.constants[old].hex() != new.data.hex()):
                return False
            before, after = old.parents or old.watched, new.parents or new.watched
            if list(map(same.get, before)) == list(after):  # the usual, at C's speed
                continue
            if len(before) != len(after):
                return False
            for parent, other in zip(before, after, strict=True):
                if parent not in same:
                    same[parent] = other
                    pairs.append((parent, other))
                elif same[parent] is not other:
                    return False
        return True

    def _rows(self, X: Sequence[Any], y: Sequence[Any]) -> Array:
        """Samples and targets as rows."""
        if (shape_of(X[0]), shape_of(y[0])) != self.shape:
            raise ValueError("compiled, all samples and targets are of the shape of those that are trained on")
        return table(X, y)

    def compare_some(self, batches: int) -> None:
        """Record some samples after an epoch, others each time; GraphChangedError where a loss is not as compiled.

        It takes a tenth of the epoch's time, reckoned from the graph, not measured: so two runs find the same. Where
        an epoch is too short for a whole sample, some epochs go by without.
        """
        if self.kernel is not None and self.graph.penalty is not None:
            self.store()
            if self._penalty_structure() != self.penalty_structure:
                raise GraphChangedError(PENALTY_CHANGED)
        if self.known:
            return
        n = len(self.rows)
        computed, edges = self.size
        epoch = batches * (20e-6 + 4e-9 * edges) + n * (2e-9 * computed + 8e-11 * edges)  # seconds, by experience
        sample = 3e-5 + 1.2e-6 * computed + 8e-8 * edges
        self.credit = min(n, self.credit + epoch / sample / 10)
        count = int(self.credit)
        self.credit -= count
        stride = next(stride for stride in range(int(0.618 * n) + 1, 2 * n + 2) if math.gcd(stride, n) == 1)
        self._compare([(self.compared + k) * stride % n for k in range(count)], (), CHANGED)
        self.compared += count

    def compare_all(self) -> None:
        """The same at the end of training: the losses of CHECKED_LAST samples, and the graphs of CHECKED."""
        n = len(self.rows)
        self._compare(spread(n, CHECKED_LAST), spread(n, CHECKED), CHANGED)

    def _compare(self, losses: Sequence[int], graphs: Sequence[int], sentence: str) -> None:
        """Compare the losses of these samples, and the graphs of those, with what was compiled."""
        if self.known or self.by_chance or not losses:
            return
        found = dict(zip(losses, self._losses(self.rows[losses]), strict=True))
        for i in losses:
            expected = self.graph.loss_of(i)
            near = found[i] == expected or (math.isnan(found[i]) and math.isnan(expected))
            if not near and (self.graph.exact or not math.isclose(found[i], expected, rel_tol=1e-9, abs_tol=1e-12)):
                raise GraphChangedError(sentence.format(i))
        for i in graphs:
            if not self._is_as_compiled(i):
                raise GraphChangedError(sentence.format(i))

    def _on_arrays(self) -> Any:
        """The optimizer's steps on arrays, if it has such, and the gradient needs nothing that isn't compiled."""
        if not hasattr(self.graph.optimizer, "on_arrays"):
            return None
        if self.graph.penalty is not None and not self._penalty_is_fixed():
            return None
        return self.graph.optimizer.on_arrays(self.moved)

    def _penalty_is_fixed(self) -> bool:
        """Whether the penalty can be compiled: a function of what the loss depends on, too, and of one structure.

        It is recorded at other numbers, too, because a Python `if` on .data would take another way there. What changes
        from call to call or from epoch to epoch, a factor perhaps, is left to the graph engine.
        """
        if not self.penalty_may_be_fixed:
            return False
        before = [value.data for value in self.parameters]
        found = [self._penalty_structure()]
        try:
            for scale in (-1.5, 0.0):
                set_data(self.parameters, [scale * x for x in before])
                found.append(self._penalty_structure())
        finally:
            set_data(self.parameters, before)
        same = found[0] is not None and found == [self.penalty_structure or found[0]] * len(found)
        self.penalty_structure, self.penalty_may_be_fixed = found[0], same
        return same

    def _penalty_structure(self) -> bytes | None:
        """A digest of the penalty's graph; None where it can't be compiled."""
        from autograd.compiler.compiled import structure  # noqa: PLC0415 — only what is compiled needs it

        penalty = self.graph.penalty()
        if not isinstance(penalty, Value):
            return None
        nodes = topological_order(penalty)
        if len(nodes) > MAX_PENALTY_NODES or set(self.held).difference(self.all).intersection(nodes):
            return None
        return structure([penalty], (), self.all)

    @cached_property
    def compiled(self) -> Compiled:
        """The code for a batch: losses, and those times a sample's share in the batch's mean."""
        share = Value(1.0)  # a number of the row, as all else
        return _compile([self.each, self.each * share], [*self.inputs, share], self.all, exact=self.graph.exact)

    def _begin(self) -> None:
        """The kernel that takes the optimizer's steps, with the numbers as they are; None where it has no formula."""
        coming = self.steps.inputs(None, None) if self.steps is not None else None
        if coming is None:
            self.kernel = None
            return
        from autograd.compiler.steps import Formula  # noqa: PLC0415 — only what is compiled needs it
        from autograd.compiler.training import Training  # noqa: PLC0415 — as above

        update, (_, _, t, *rest), earlier = coming
        memory, constants = rest[: len(update.memory)], rest[len(update.memory) :]
        formula = Formula(tuple(update.lines), tuple(update.memory), tuple(update.constants))
        fixed = self.all[len(self.parameters) :]
        kernel = self.kernel
        if kernel is None or kernel.formula != formula:
            penalty = self.graph.penalty() if self.graph.penalty is not None else None
            kernel = Training(
                self.each,
                self.inputs,
                self.parameters,
                formula,
                fixed=fixed,
                drawn=self.draws.width,
                penalty=penalty,
                exact=self.graph.exact,
            )
        kernel.parameters[:] = [parameter.data for parameter in self.parameters]
        kernel.fix([value.data for value in fixed])
        for name, numbers in zip(formula.memory, memory, strict=True):
            kernel.memory[name][:] = numbers
        self.kernel, self.stored = kernel, kernel.taken
        self.coming = _Coming(update, t - kernel.taken, constants, earlier)

    def shuffled(self, samples: int, generator: Random) -> Any:
        """The order of the samples, which is shuffled before each epoch."""
        from autograd.compiler.shuffle import Shuffled  # noqa: PLC0415 — only what is compiled needs it

        return Shuffled(samples, generator)

    def epoch(self, order: Any, size: int) -> Iterator[list[float]]:
        """A step on each batch, the samples in this order; the losses of some batches at a time."""
        at, n = 0, len(order)
        while at < n:
            if self.kernel is None or self.by_chance:
                losses = self.step(order[at : at + size].tolist())
            else:
                losses = self._run(order[at : at + size * self._batches(size)], size)
                if not losses:
                    losses = self._step_on_graph(order[at : at + size].tolist())
            at += len(losses)
            yield losses

    def _batches(self, size: int) -> int:
        """How many batches take so long that a user sees progress, and an interrupt waits no longer than that."""
        samples = SECONDS_OF_A_CALL / self.pace
        if self.draws.width:
            samples = min(samples, MAX_DRAWN / self.draws.width)
        return max(1, int(samples / size))

    def _run(self, order: Any, size: int) -> list[float]:
        """Steps by the kernel, and the losses; fewer, or none, where the next one meets what isn't finite."""
        import numpy as np  # noqa: PLC0415 — as above

        steps = -(-len(order) // size)
        hyperparameters = np.empty((steps, 1 + len(self.coming.constants)))
        hyperparameters[:, 0] = np.arange(steps) + (self.coming.t + self.kernel.taken)
        hyperparameters[:, 1:] = self.coming.constants
        losses = np.empty(len(order))
        start = perf_counter()
        self.running = self.kernel.taken, len(order), size
        drawn = self.draws.draw(len(order)) if self.draws.width else None
        taken = self.kernel.run(self.rows, order, size, hyperparameters, losses, drawn)
        self._put_back()
        # a first call may be slow for once, and a fast one says little
        self.pace = max((perf_counter() - start) / len(order), self.pace / 8)
        return losses[: taken * size].tolist()  # type: ignore[no-any-return]

    def _put_back(self) -> None:
        """Let the generators stand where the steps that were taken have left them."""
        first, samples, size = self.running
        used = min((self.kernel.taken - first) * size, samples)
        if self.draws.states and used < samples:
            self.draws.used(used)
        self.draws.states = []

    def step(self, batch: Sequence[int]) -> list[float]:
        """One step on these samples; each sample's loss before it."""
        import numpy as np  # noqa: PLC0415 — as above

        if self.by_chance:
            result: list[float] = self.graph.step(batch)
            return result
        rows = np.column_stack([self.rows[batch], np.full(len(batch), 1 / len(batch))])
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
            if self.known and not self.by_chance and not self.draws.width and len(X) == len(y):
                found = self._losses(self._held_out(X, y))
                if math.isfinite(add_up(found)):
                    return add_up(found) / len(found)
        except (TypeError, ValueError):
            pass
        self.store()
        if self.known and self.draws.width and len(X) == len(y):
            losses_of_rows = losses_of(self.graph.model, self.graph.loss, X, y)
            if losses_of_rows is not None and math.isfinite(add_up(losses_of_rows)):
                return add_up(losses_of_rows) / len(losses_of_rows)
        mean: float = self.graph.mean_loss(X, y)
        return mean

    def _held_out(self, X: Sequence[Any], y: Sequence[Any]) -> Array:
        """Other samples as rows: those of the last time are known by being the same lists."""
        if self.held_out is None or self.held_out[0] is not X or self.held_out[1] is not y:
            check_targets(self.graph.loss, self.output, y)
            self.held_out = X, y, self._rows(X, y)
        return self.held_out[2]

    def _losses(self, rows: Array) -> list[float]:
        """Each row's loss, of the numbers as they are."""
        if self.kernel is not None:
            return self.kernel.value(rows).tolist()  # type: ignore[no-any-return]
        import numpy as np  # noqa: PLC0415 — as above

        self.compiled.load()
        return self.compiled.value(np.column_stack([rows, np.ones(len(rows))]))[:, 0].tolist()  # type: ignore[no-any-return]

    def store(self) -> None:
        """Give numbers and gradients of the last step to the model's Values, and to the optimizer what it remembers.

        Without a step since the last time, the Values keep what they have: a callback may have changed it.
        """
        steps, numbers = self.steps, None
        if self.kernel is not None:
            self._put_back()  # after an interrupt
            if self.kernel.taken == self.stored:
                return
            w, g, memory = self.kernel.last()
            t = self.coming.t + self.kernel.taken - 1
            copies = [column.copy() for column in (w, g, *memory.values())]
            steps.take(self.coming.update, (*copies[:2], t, *copies[2:], *self.coming.constants), self.coming.earlier)
            numbers = [*self.kernel.parameters.tolist(), *self.kernel.fixed.tolist()]
        elif steps is None or steps.last is steps.stored:
            return
        own = zip(self.all, numbers or self.compiled.parameters.tolist(), strict=True)
        slopes = zip(self.parameters, steps.gradient(), strict=True)
        settings: list[tuple[Any, ...]] = [(value, "_data", x) for value, x in own] + [
            (value, "_grad", g) for value, g in slopes
        ]
        if self.kernel is not None:
            settings.append((self, "stored", self.kernel.taken))
        all_or_none([*((object.__setattr__, *setting) for setting in settings), *steps.storing()])

    def load(self) -> None:
        """Take the numbers from the model's Values, and from the optimizer what it remembers."""
        if self.steps is None or not self.steps.is_current() or self.graph.penalty is not None:
            self.steps = self._on_arrays()
        self._begin()
        if self.kernel is None:
            self.compiled.load()
