"""Training on the graph engine: a graph is recorded for each batch, swept, and the optimizer takes its step."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from autograd import Value, mean, topological_order
from autograd.atomic import all_or_none, cyclic_collector_paused
from autograd.ieee import add_up
from autograd.node import set_gradients
from nn.clipping import clip_norm
from nn.evaluation import in_evaluation
from nn.fixed_graph import spread
from nn.problem import NotFiniteError, Problem

if TYPE_CHECKING:
    from random import Random

    from nn.problem import StepRates

LOOKED_AT = 256  # samples that are recorded to find out which parameters the loss depends on


class GraphSteps:
    """Steps of an optimizer on the graph engine, a graph for each batch."""

    stores = False  # the model's Values are those that train

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.has_checked_optimizer = False

    def order(self, generator: Random) -> ListOrder:
        return ListOrder(len(self.problem.X), generator)

    def epoch(self, order: Any, size: int, rates: StepRates | None = None) -> Iterator[tuple[int, float]]:
        places, total = list(map(int, order)), None
        for start in range(0, len(places), size):
            if rates is not None:
                self.problem.set_rate(rates(start // size))
            batch = places[start : start + size]
            total = add_up(self.step(batch), total)
            yield start + len(batch), total

    @cyclic_collector_paused
    def step(self, batch: Sequence[int]) -> list[float]:
        """Take a step on these samples; return their losses before it."""
        losses = [self.problem.loss_of(i) for i in batch]
        objective: Value = finite("the loss", mean(losses))
        if self.problem.penalty is not None:
            objective = finite("the loss with its penalty", objective + self.problem.penalty_now())
        self.check_optimizer(objective)
        self.problem.optimizer.zero_grad()
        objective.backward()
        self._step()
        return [each.data for each in losses]

    def step_by(self, loss: float, gradients: Mapping[Value, float]) -> bool:
        """Take a step from these gradients plus the penalty's; return False if one of them isn't finite."""
        self.problem.optimizer.zero_grad()
        set_gradients(gradients.keys(), gradients.values())
        try:
            if self.problem.penalty is not None:
                penalty = self.problem.penalty_now()
                finite("the loss with its penalty", penalty + loss)
                penalty.backward()
            self._step()
        except NotFiniteError:
            return False
        return True

    def _step(self) -> None:
        """Take the optimizer's step if its gradients and the new parameters are finite; otherwise undo it."""
        optimizer, parameters = self.problem.optimizer, self.problem.optimizer.parameters
        _check_finite("the gradient of {} is {}", parameters, [p.grad for p in parameters])
        if self.problem.clip_norm is not None:
            clip_norm(parameters, self.problem.clip_norm)
        before = [(parameter, "_data", parameter.data) for parameter in parameters]
        before += [(optimizer, *attribute) for attribute in getattr(optimizer, "__dict__", {}).items()]
        try:
            optimizer.step()
            _check_finite("a step makes {} {}", parameters, [p.data for p in parameters])
        except BaseException:  # also Ctrl-C, within a step of somebody's own
            all_or_none((object.__setattr__, *attribute) for attribute in before)
            raise

    @cyclic_collector_paused
    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples; raises NotFiniteError with the first node that isn't finite."""
        problem, losses = self.problem, []
        for i, (x, target) in enumerate(zip(X, y, strict=True)):
            loss = problem.as_loss(problem.loss(problem.model(x), target))
            losses.append(finite(f"the validation loss of sample {i}", loss).data)
        return add_up(losses) / len(losses)

    def numbers(self) -> tuple[Sequence[Value], Sequence[float]]:
        parameters = list(self.problem.optimizer.parameters)
        return parameters, [parameter.data for parameter in parameters]

    def store(self) -> None:
        """Nothing: the model's Values are those that train."""

    def compare(self, *, batches: int | None) -> None:
        """Nothing: each sample is recorded in each epoch."""

    def renewed(self, epochs: int) -> GraphSteps:  # noqa: ARG002 — whatever has changed is recorded anew
        return self

    def check_optimizer(self, objective: Value) -> None:
        """Refuse an optimizer none of whose parameters the loss depends on; warn if some may be another model's.

        A parameter may be only in the graphs of other samples, or of the penalty, so these are recorded, too. Leaves
        that two recordings share are parameters; a leaf of a single one is a sample's number or a constant.
        """
        if self.has_checked_optimizer:
            return
        held = dict.fromkeys(self.problem.optimizer.parameters)
        learned: set[Value] = set()
        outside = held.keys() - set(topological_order(objective))
        if outside:
            outside, learned = in_evaluation(self.problem.model, lambda: self._look_for(outside))
        if outside == held.keys():
            raise ValueError(
                f"the loss depends on none of the optimizer's {len(held)} parameters: make the optimizer from the "
                "parameters of this model, after the model was made, copied or loaded"
            )
        if outside and learned - held.keys():
            first = next(i for i, parameter in enumerate(held) if parameter in outside)
            label = list(held)[first].label or f"parameter {first + 1}"
            warnings.warn(
                f"the loss depends on {len(learned - held.keys())} parameters that the optimizer doesn't hold, and not "
                f"on {len(outside)} that it holds (the first is {label}): are these parameters of another model?",
                UserWarning,
                stacklevel=_level_of_the_caller(),
            )
        self.has_checked_optimizer = True

    def _look_for(self, missed: set[Value]) -> tuple[set[Value], set[Value]]:
        """Those of these parameters that no recorded graph has, and the leaves that two recordings share."""
        problem = self.problem
        met: set[Value] = set()
        lasting: set[Value] = set()
        places = spread(len(problem.X), LOOKED_AT)
        graphs: list[Callable[[], Value]] = [partial(problem.loss_of, i) for i in (*places, 0)]
        for record in (*graphs, *([problem.penalty_now] * 2 if problem.penalty is not None else [])):
            leaves = {node for node in topological_order(record()) if node.operation is None}
            lasting |= met & leaves
            met |= leaves
        own = {value for samples in (problem.X, problem.y) for i in places for value in _values_in(samples[i])}
        return missed - met, lasting - own


class ListOrder:
    """0, 1, …, n − 1, shuffled again and again."""

    def __init__(self, n: int, generator: Random) -> None:
        self.order, self.generator = list(range(n)), generator

    def shuffle(self) -> list[int]:
        """Shuffle once more; return the order."""
        self.generator.shuffle(self.order)
        return self.order


def _level_of_the_caller() -> int:
    """How many frames up the first function outside of this package is, counted from the one that calls this, as 1."""
    ours = tuple(name.partition(".")[0] for name in (__name__, Value.__module__))
    frame, level = sys._getframe(1), 1  # noqa: SLF001 — what `warnings` itself reads
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in ours:
        frame, level = frame.f_back, level + 1
    return level


def _check_finite(sentence: str, parameters: Sequence[Value], numbers: Sequence[float]) -> None:
    if not all(map(math.isfinite, numbers)):
        i = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
        raise NotFiniteError(sentence.format(parameters[i].label or f"parameter {i + 1}", numbers[i]))


def finite(what: str, objective: Value) -> Value:
    """Return the objective if it is finite; otherwise raise NotFiniteError with the first node that isn't."""
    if math.isfinite(objective.data):
        return objective
    node = next(node for node in topological_order(objective) if not math.isfinite(node.data))
    if not node.parents:
        raise NotFiniteError(f"{what} is {objective.data}: {node.label or 'a number that came in'} is {node.data}")
    largest = sorted(node.parents, key=lambda parent: -abs(parent.data))[:3]  # those that are to blame
    parents = [f"{parent.label} = {parent.data:.6g}" if parent.label else f"{parent.data:.6g}" for parent in largest]
    more = ["…"] if len(node.parents) > 3 else []
    name = f"{node.label}, " if node.label else ""
    raise NotFiniteError(
        f"{what} is {objective.data}: the first node that isn't finite is "
        f"{name}{node.op}({', '.join([*parents, *more])}) = {node.data}"
    )


def _values_in(sample: Any) -> Iterator[Value]:
    """The Values among a sample's numbers; they are not parameters."""
    if isinstance(sample, Value):
        yield sample
    elif isinstance(sample, list | tuple):
        for part in sample:
            yield from _values_in(part)
