"""Training by compiled code: what is compiled, and checks that it is right for all samples and stays so.

A sample of each shape is recorded and compiled. Then one call of machine code takes many steps (`kernel_steps`); where
the optimizer, the penalty or samples of several shapes don't allow that, steps go batch by batch (`batch_steps`). Where
llvmlite is missing, they go batch by batch on NumPy's arrays (`numpy_steps`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.ieee import add_up
from nn.agreement import agree
from nn.batch_steps import BatchSteps
from nn.chance import random_part, undrawable_part
from nn.comparison import Comparison
from nn.evaluation import losses_of
from nn.fixed_graph import has_numpy, is_installed
from nn.fixed_penalty import FixedPenalty, is_pure
from nn.graph_steps import GraphSteps
from nn.kernel_steps import KernelSteps, formula_of
from nn.numpy_steps import ArrayOrder, NumPySteps
from nn.problem import GraphChangedError, Order, Problem, Steps
from nn.recordings import Recordings
from nn.rows import Rows, check_targets, rows_of
from nn.share_steps import ShareSteps

if TYPE_CHECKING:
    from random import Random

    from nn.array_steps import ArraySteps
    from nn.problem import StepRates

PENALTY_CHANGED = (
    "the penalty's graph is no longer the one that was compiled, perhaps because a Python `if` on .data turned as the "
    "parameters moved; steps may be wrong since then: train with compiled=False"
)


def steps_for(problem: Problem, epochs: int, batch_size: int) -> Steps:
    """Return compiled steps where they are wanted and known to be right, otherwise the graph engine's."""
    graph = GraphSteps(problem)
    if problem.shares is not None:
        return _in_shares(problem, graph, batch_size)
    if problem.compiled is False:
        return graph
    fixed = problem.graph_is_fixed()
    part = undrawable_part(problem.model) if fixed else random_part(problem.model)
    if problem.compiled is None:
        if not (fixed and part is None and has_numpy()):
            return graph
        try:
            steps = CompiledSteps(problem, graph, batch_size, by_batch=BatchSteps if is_installed() else NumPySteps)
            if not steps.recorded.compiling_pays(epochs, batch_size):
                return graph
            steps.start()
        except (TypeError, ValueError):  # the graph engine takes it, or says in its own words what is wrong
            return graph
        return graph if steps.needs_graph else steps
    if not is_installed():
        raise ImportError('compiled=True needs llvmlite and numpy: pip install "pathgrad[compile]"')
    if part is None:
        steps = CompiledSteps(problem, graph, batch_size)
        steps.start()
        part = random_part(problem.model) if steps.needs_graph else None
    if part is not None:
        raise ValueError(
            f"{type(part).__name__} draws random numbers in training; compiled code draws them only from Python's "
            "generators, for samples of one shape, and with a model, loss and optimizer of this package: "
            "train with compiled=False"
        )
    return steps


def _in_shares(problem: Problem, graph: GraphSteps, batch_size: int) -> Steps:
    """Compiled code on each batch's shares."""
    if problem.compiled is False:
        raise ValueError("shares and workers train through compiled code, got compiled=False")
    if not is_installed():
        raise ImportError('shares and workers need llvmlite and numpy: pip install "pathgrad[compile]"')
    if not (problem.compiled or problem.graph_is_fixed()):
        raise ValueError(
            "shares and workers train through compiled code, which records a function of your own once: write "
            "compiled=True if it records the same graph for all samples"
        )
    if (part := random_part(problem.model)) is not None:
        raise ValueError(f"with shares or workers nothing in the model must be at random, got {type(part).__name__}")
    steps = CompiledSteps(replace(problem, compiled=True), graph, batch_size, by_batch=ShareSteps)
    steps.start()
    return steps


class CompiledSteps:
    """Steps of an optimizer by compiled code.

    recorded     the recorded samples that are compiled
    needs_graph  whether the model has a random part that compiled code can't follow, so that the graph engine steps
    way          the steps by kernel, or batch by batch
    by_batch     what steps batch by batch: BatchSteps, or what takes all steps so
    """

    def __init__(
        self, problem: Problem, graph: GraphSteps, batch_size: int, by_batch: type[BatchSteps] = BatchSteps
    ) -> None:
        self.problem, self.graph, self.batch_size, self.by_batch = problem, graph, batch_size, by_batch
        self.recorded = Recordings(problem, rows_of(problem.X, problem.y, copied=problem.shares is None))
        self.rows = self.recorded.rows
        check_targets(problem.loss, self.recorded.output_of(self.rows), problem.y)
        self.needs_graph = False
        self.way: KernelSteps | BatchSteps | None = None
        self.penalty_may_be_fixed = True
        self.penalty: FixedPenalty | None = None
        self.held_out: tuple[Any, Any, Rows] | None = None
        graph.has_checked_optimizer = len(self.recorded.trained) == len(self.recorded.held)
        graph.check_optimizer(self.recorded.each[0].loss)

    # What is compiled

    def start(self) -> None:
        """Compile the recorded samples and, unless it is known, check that the code is right for all samples."""
        self.way, self.penalty = None, None
        self._load()
        self.needs_graph = self._needs_graph()
        self.comparison = Comparison(self.recorded)
        if not (self.recorded.graph_is_fixed or self.needs_graph):
            self.comparison.begin(self._own_losses)

    def _load(self) -> None:
        """Copy the numbers from the Values, and the optimizer's memory."""
        arrays = self._on_arrays()
        many = len(self.recorded.each) == 1 and self.by_batch is BatchSteps
        coming = arrays.inputs(None, None) if arrays is not None and many else None
        if arrays is None or coming is None:
            if not isinstance(self.way, BatchSteps):
                self.way = self.by_batch(self.recorded, self.graph)
            self.way.load(arrays if self.problem.penalty is None or self.way.adds_penalty else None)
        else:
            if not (isinstance(self.way, KernelSteps) and self.way.formula == formula_of(coming)):
                self.way = KernelSteps(self.recorded, formula_of(coming))
            self.way.load(arrays, coming)

    def _on_arrays(self) -> ArraySteps | None:
        """The optimizer's steps on arrays; None if it has none, or if a part of the gradient isn't compiled."""
        optimizer: Any = self.problem.optimizer
        penalty, in_shares = self.problem.penalty, self.problem.shares is not None
        if not hasattr(optimizer, "on_arrays") or (penalty is not None and (in_shares or not self._penalty_is_fixed())):
            return None
        arrays: ArraySteps | None = self.way.arrays if self.way is not None else None
        if arrays is None or not arrays.is_current():
            arrays = optimizer.on_arrays(self.recorded.trained)
        return arrays

    def _penalty_is_fixed(self) -> bool:
        """Whether the penalty can be compiled; one that changes from call to call is left to the graph engine."""
        if not self.penalty_may_be_fixed:
            return False
        if self.penalty is None:
            others = set(self.recorded.held).difference(self.recorded.numbers)
            self.penalty = FixedPenalty(self.problem.penalty_now, self.recorded.numbers, others)
        wanted = self.problem.compiled or is_pure(self.problem.penalty)
        self.penalty_may_be_fixed = wanted and self.penalty.holds(self.recorded.parameters)
        return self.penalty_may_be_fixed

    def _needs_graph(self) -> bool:
        model = self.problem.model
        may_draw = isinstance(self.way, KernelSteps) or (isinstance(self.way, NumPySteps) and self.way.may_draw)
        return random_part(model) is not None and not (may_draw and undrawable_part(model) is None)

    def agree(self, recipe: Mapping[str, object]) -> None:
        """Raise WorkersDifferError unless all workers, if there are several, train the same."""
        if isinstance(self.way, ShareSteps):
            agree(self.way, recipe)

    # Steps

    @property
    def stores(self) -> bool:
        """Whether Values must be current: the graph engine reads them when user-defined functions are compared."""
        return not self.recorded.graph_is_fixed

    def order(self, generator: Random) -> Order:
        if self.by_batch is NumPySteps:
            return ArrayOrder(len(self.rows), generator)
        from autograd.compiler.shuffle import Shuffled  # noqa: PLC0415 — only what is compiled needs it

        return Shuffled(len(self.rows), generator)

    def epoch(self, order: Any, size: int, rates: StepRates | None = None) -> Iterator[tuple[int, float]]:
        met, total = 0, None
        while met < len(order):
            coming = self._at_rates(rates, met // size)
            if self.needs_graph:
                losses: Any = self.graph.step([int(i) for i in order[met : met + size]])
            else:
                assert self.way is not None
                losses = self.way.steps(order[met:], size, coming)
                if not len(losses):  # the next step meets what isn't finite, or leaves parameters as they are
                    losses = self._step_on_graph([int(i) for i in order[met : met + size]])
            met, total = met + len(losses), _add_up(losses, total)
            yield met, total

    def _at_rates(self, rates: StepRates | None, step: int) -> StepRates | None:
        """Set the learning rate of this step of the epoch; return the rates from there on."""
        if rates is None:
            return None
        self.problem.set_rate(rates(step))
        if isinstance(self.way, KernelSteps) and self.way.arrays.optimizer.update is not self.way.update:
            self.store()
            self._load()  # the formula depends on the rate
        return lambda k: rates(step + k)

    def _step_on_graph(self, batch: Sequence[int]) -> list[float]:
        """A step by the graph engine, which says where something isn't finite."""
        self.store()
        losses = self.graph.step(batch)
        self._load()
        return losses

    def numbers(self) -> tuple[Sequence[Value], Any]:
        if self.needs_graph:
            return self.graph.numbers()
        assert self.way is not None
        return self.recorded.numbers, self.way.numbers().copy()

    def store(self) -> None:
        if self.way is not None:
            self.way.store()

    def renewed(self, epochs: int) -> Steps:
        """These steps with the current numbers; compiled again if the graph has changed; or the graph engine's."""
        try:
            if not self._is_as_it_was():
                self.recorded = Recordings(self.problem, self.rows)
                if self.problem.compiled is None and not (
                    self.recorded.graph_is_fixed and self.recorded.compiling_pays(epochs, self.batch_size)
                ):
                    return self.graph
                self.start()
            elif not self.needs_graph:
                self._load()
        except (TypeError, ValueError):
            if self.problem.compiled:
                raise
            return self.graph
        return self

    def _is_as_it_was(self) -> bool:
        """Whether the model and the optimizer's parameters are still those that were compiled, whatever their numbers.

        While the model has random parts that compiled code can't follow, the graph engine takes the steps.
        """
        self.needs_graph = self._needs_graph()
        return self.needs_graph or (
            self.recorded.graph_is_fixed == self.problem.graph_is_fixed()
            and self.recorded.held == list(self.problem.optimizer.parameters)
            and all(map(self.recorded.has_graph_of, self.rows.examples))
        )

    # Losses of other samples

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples; by the graph engine, if compiled code can't or if it isn't finite."""
        is_random = bool(self.recorded.each[0].generators)
        try:
            if self.recorded.graph_is_fixed and not self.needs_graph and not is_random:
                losses = self._losses(self._held_out(X, y), range(len(X)))
                if math.isfinite(add_up(losses)):
                    return add_up(losses) / len(losses)
        except (TypeError, ValueError):
            pass
        self.store()
        if self.recorded.graph_is_fixed and is_random:
            found = losses_of(self.problem.model, self.problem.loss, X, y)
            if found is not None and math.isfinite(add_up(found)):
                return add_up(found) / len(found)
        return self.graph.mean_loss(X, y)

    def _held_out(self, X: Sequence[Any], y: Sequence[Any]) -> Rows:
        """Other samples as rows; those of the last call are kept, and recognized as the same lists."""
        if self.held_out is None or self.held_out[0] is not X or self.held_out[1] is not y:
            rows = Rows(X, y)
            check_targets(self.problem.loss, self.recorded.output_of(rows), y)
            self.held_out = X, y, rows
        return self.held_out[2]

    def _losses(self, rows: Rows, chosen: Sequence[int]) -> list[float]:
        """The loss of each chosen row, at the current numbers."""
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        assert self.way is not None
        losses, kinds = np.empty(len(chosen)), self.recorded.kinds(rows)
        if isinstance(chosen, range) and rows.kinds is None:
            return self.way.losses(kinds[0], rows.tables[0]).tolist()  # type: ignore[no-any-return]
        for kind, which, own in rows.by_shape(chosen):
            losses[which] = self.way.losses(kinds[kind], own)
        return losses.tolist()

    # Whether the code is right

    def compare(self, *, batches: int | None) -> None:
        if batches is not None:
            self._compare_penalty()
        if not (self.recorded.graph_is_fixed or self.needs_graph):
            self.comparison.look(batches, self._own_losses)

    def _own_losses(self, chosen: Sequence[int]) -> list[float]:
        return self._losses(self.rows, chosen)

    def _compare_penalty(self) -> None:
        """Go on batch by batch if the penalty has changed since it was compiled; with compiled=True, raise an error."""
        if self.penalty is None or (isinstance(self.way, BatchSteps) and self.way.arrays is None):
            return
        self.store()
        if self.penalty.is_as_compiled():
            return
        if self.problem.compiled:
            raise GraphChangedError(PENALTY_CHANGED)
        self.penalty_may_be_fixed = False
        self._load()


def _add_up(losses: Any, start: float | None) -> float:
    """start + l₁ + l₂ + …, added from left to right; a single call adds up an array."""
    if isinstance(losses, list):
        return add_up(losses, start)
    import numpy as np  # noqa: PLC0415 — as above

    terms = losses if start is None else np.concatenate([[start], losses])
    return float(np.add.accumulate(terms)[-1])
