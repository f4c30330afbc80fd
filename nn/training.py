"""Training by mini-batches, with one step of the optimizer for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.ieee import integer, kind
from autograd.node import set_data
from autograd.rules import as_tuple
from nn.clipping import require_norm
from nn.compiled_steps import CompiledSteps, steps_for
from nn.data_set import DataSet
from nn.evaluation import in_evaluation
from nn.history import History
from nn.module import Module
from nn.problem import (
    OF_SAMPLE,
    OF_TARGET,
    Loss,
    Model,
    Optimizer,
    Order,
    Problem,
    StepRates,
    Steps,
    TrainingStopped,
    require_function,
)
from nn.progress import Bar
from nn.rates import Rates
from nn.samples import ArraySamples, read_pairs
from nn.seeds import fixed_seed
from nn.shares import Workers, read_shares

if TYPE_CHECKING:
    from nn.schedules import Schedule
    from nn.seeds import Seed

    Metric = Callable[[Model, Sequence[Any], Sequence[Any]], float]
    Callback = Callable[[History], object]


def fit(
    model: Model,
    loss: Loss,
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int = 32,
    seed: Seed = 0,
    validation: tuple[Sequence[Any], Sequence[Any]] | DataSet | None = None,
    metrics: Mapping[str, Metric] | None = None,
    patience: int | None = None,
    penalty: Callable[[], Value] | None = None,
    schedule: Schedule | Callable[[int], float] | None = None,
    clip_norm: float | None = None,
    callbacks: Sequence[Callback] = (),
    history: History | None = None,
    progress: bool | None = None,
    compiled: bool | None = None,
    exact: bool = True,
    shares: int | None = None,
    workers: Workers | None = None,
) -> History:
    """Minimize the mean of loss(model(X[i]), y[i]) by mini-batches, and return the history.

    X and y may be lists, NumPy arrays, pandas objects (whose index is ignored), tensors, or anything with a length and
    an order. They are read once, by position; model, loss and metrics get numbers and lists of numbers. Targets of
    shape (n, 1) count as (n,) where the loss takes one number or a class. A DataSet `train` is passed as `*train`;
    `validation` is a DataSet or a pair (X, y).

    Every epoch goes once through the samples, in an order shuffled by the seed (an int, a random.Random, or None for a
    different order in every run), `batch_size` at a time; the last batch may be smaller. `penalty()`, such as an
    `l2_penalty`, is added to the mean loss of each batch.
    A Module is in evaluation mode while validation loss and metrics are computed (a function that wraps one is not).
    The same seed gives the same bits, if the random parts of the model (Dropout, Bernoulli) have seeds, too.

    The optimizer's parameters are what is learned; to freeze layers, leave theirs out. If loss and penalty depend on
    none of them, a ValueError is raised. If they depend on parameters that the optimizer lacks, and not on some that it
    has, a UserWarning is given: the optimizer may have been made before the model was copied or loaded.

    `schedule`, such as `nn.schedules.Cosine(0.1, T_max=20)` or any function of the number of finished epochs, sets the
    optimizer's `lr` before each epoch or, within a `PerStep`, before each step; the last rate stays set afterwards.
    `clip_norm` is the largest norm that a batch's gradient, with the penalty's, may have: a longer one is shortened, as
    by `nn.clip_norm`.

    `history`, such as the one that `nn.load` returns, is a training to continue: its epochs and its seed are kept, and
    the order of the samples goes on from there. Five epochs, and five more with the same model, optimizer and history,
    are ten, to the last bit. Only patience starts again.

    After each epoch these are computed or called: the mean loss over the held-out samples of `validation`; the
    `metrics`, such as {"accuracy": nn.accuracy}; and each of the `callbacks`, with the history. A callback that returns
    something true ends training. With `patience`, training ends after that many epochs without a lower loss (the one
    over `validation`, if given), and the parameters go back to those of the best epoch. A bar shows the progress on a
    terminal and in a notebook, elsewhere only with progress=True.

    A callback may change numbers, the model itself (its layers, activations, parameters) and the optimizer's list of
    parameters, each of which keeps its own memory; training goes on with the changed model. Patience starts again after
    a change of the model. If the model is not a Module, only a change of the optimizer's parameters is noticed. X and y
    are read once, at the start: a later change has no effect.

    `compiled` says whether training goes through compiled code, many batches in one call: each sample's loss and
    gradient, and each step, have the same bits as on the graph engine. Sums have another order (docs/summation.md): the
    sum over a batch, over the places where a sample uses one weight, and with the penalty's gradient.
    By default it is used where it is installed and saves time, if the model and the loss are this package's: then all
    samples of one shape are known to have the same graph. With compiled=True it is used for any functions; many samples
    are recorded first, and if their graphs differ, a ValueError is raised. The loss gets targets as Values. Dropout and
    Bernoulli draw from their generators as on the graph engine, if these are Python's. Samples of several shapes, such
    as sequences of several lengths, are compiled shape by shape; batches keep their samples and their order, and the
    gradients of a batch's shapes are added up. With exact=False compiled code may add products without rounding them
    first (see `autograd.compile`). Where llvmlite is missing and NumPy isn't, NumPy's arrays take the place of compiled
    code by default, batch by batch, with the graph engine's numbers up to rounding; compiled=False keeps its bits.

    `penalty()` is called for every batch, because it may change from call to call. It is compiled instead if its code
    shows that it computes the same each time, as `lambda: nn.l2_penalty(model.parameters(), 0.01)` does. With
    compiled=True every penalty is compiled, if its graph is the same at several numbers; if the graph has changed after
    an epoch, a ValueError is raised. After a callback or a metric every penalty is checked again.

    With compiled=True and user-defined functions, some samples are compared with the graph engine after each epoch,
    different ones each time, in about a tenth of the epoch's time; at the end all of them are, or 1,024 of many. If one
    differs, because a Python `if` on .data now takes the other branch, a ValueError is raised: the model is at the last
    finished step, and the history so far is the error's `history`. After Ctrl-C there is no comparison.

    With `shares`, such as 16, every batch is cut into so many shares: share k of a batch of n has its samples from
    ⌊k·n/16⌋ to ⌊(k+1)·n/16⌋, and the sums of the shares' gradients are added in order. So the shares are a part of the
    recipe, as batch_size is, and the last bits are those of any number of processes. `workers` are processes that run
    this same call, each of which computes some of the shares: a group that `nn.workers.sockets` or `nn.workers.mpi`
    makes, or anything with rank, size and allgather (16 shares, if nobody says). Each worker is given all samples, and
    reads of NumPy's memmap only its own shares, without a copy: the file must not change meanwhile. Before the first
    step workers compare version, model, data and recipe. If one dies, hangs or differs, the others raise
    ConnectionError or ValueError with the history, and the model is at the last finished step. Callbacks run in every
    worker and have to do the same to the model; docs/scale.md has checkpoints. All this needs compiled code, and
    nothing at random in the model.

    Ctrl-C leaves the model at the last finished step, and returns the history so far. Any other exception, of a model,
    loss, optimizer or callback, leaves the model there, too. (The attributes of a user-defined optimizer go back with
    the parameters, unless its step changes them in place.)

    Raises FloatingPointError if a loss is inf or nan, with the first node of the graph that isn't finite, or if a
    gradient or a new parameter is, with the parameter; the model is at the last finished step, and the history so far
    is the error's `history`. Raises ValueError for 0 samples, for X and y of different lengths, for a batch size or a
    patience below 1, epochs or a seed below 0, a clip_norm or a scheduled learning rate that is negative or nan, a
    history with other metrics, masked entries, samples nested more than 64 levels deep, less than 1 share, and fewer
    shares than workers; TypeError for arguments of the wrong type, and for samples without a length or an order.
    """
    X, y = read_pairs(X, y, "training", arrays=True)
    clip = None if clip_norm is None else require_norm(clip_norm, "clip_norm")
    together = read_shares(shares, workers)
    problem = Problem(model, loss, X, y, optimizer, penalty, bool(exact), compiled, clip, together)
    after = _AfterEpoch(problem, validation)
    batch_size = integer(batch_size, "batch_size", least=1)
    epochs = integer(epochs, "epochs", least=0)
    seed = fixed_seed(seed)
    after.watch(metrics, patience, callbacks, history)
    _check_functions(problem, after)
    rates = Rates(schedule, optimizer)
    history, first, epoch = after.history, len(after.history), 0
    try:
        with together or nullcontext():
            steps = steps_for(problem, epochs, batch_size)
            after.own_samples()
            try:
                order = _order(steps, history, seed)
                if isinstance(steps, CompiledSteps):
                    steps.agree({"batch_size": batch_size, "number of epochs": epochs, **after.recipe()})
                with Bar(epochs * -(-len(problem.X) // batch_size), shown=progress) as bar:
                    for epoch in range(first + 1, first + epochs + 1):
                        mean_loss = _train(steps, order.shuffle(), batch_size, bar, epoch, rates.begin(history))
                        steps = after.look(steps, mean_loss, batch_size, first + epochs - epoch)
                        if history.stopped:
                            break
                steps.compare(batches=None)
            finally:
                _store(steps)  # whatever ended training, the model has the numbers of the last step that was finished
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {min(len(history) + 1, first + epochs)}"
    except TrainingStopped as error:
        history.stopped = f"{error} (epoch {epoch})" if epoch else str(error)
        stopped = error.kind(history.stopped)
        stopped.history = history  # type: ignore[attr-defined]
        raise stopped from None
    return history


def _store(steps: Steps) -> None:
    """Give the numbers back to the Values, also if Ctrl-C comes meanwhile: it stores all or nothing."""
    try:
        steps.store()
    except KeyboardInterrupt:
        steps.store()
        raise


def _order(steps: Steps, history: History, seed: int) -> Order:
    """The order of the samples, shuffled once for each epoch in the history."""
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    if history.seed is None:
        history.seed = seed
    order = steps.order(random.Random(history.seed))
    for _ in range(len(history)):
        order.shuffle()
    return order


def _check_functions(problem: Problem, after: _AfterEpoch) -> None:
    for what, function, arguments in (
        ("model", problem.model, OF_SAMPLE),
        ("loss", problem.loss, OF_TARGET),
        *((f"the metric {name!r:.80}", metric, ("model", "X", "y")) for name, metric in after.metrics.items()),
        *(("each callback", callback, ("history",)) for callback in after.callbacks),
        *([("penalty", problem.penalty, ())] if problem.penalty is not None else []),
    ):
        require_function(function, what, arguments)


def _train(steps: Steps, order: Any, batch_size: int, bar: Bar, epoch: int, rates: StepRates | None) -> float:
    """Take an epoch of steps; return the mean of the samples' losses."""
    samples, total = 0, 0.0
    for met, total in steps.epoch(order, batch_size, rates):
        bar.advance(-(-(met - samples) // batch_size), epoch, total / met)
        samples = met
    return total / samples


class _AfterEpoch:
    """What is done after each epoch: the held-out loss, metrics, callbacks, patience."""

    def __init__(self, problem: Problem, validation: object) -> None:
        if not all(hasattr(problem.optimizer, name) for name in ("parameters", "zero_grad", "step")):
            given: Any = problem.optimizer
            name = f"the class {given.__name__}" if isinstance(given, type) else kind(given)
            raise TypeError(f"optimizer must be an optimizer such as nn.Adam(model.parameters()), got {name}")
        if isinstance(validation, DataSet):
            validation = validation.X, validation.y
        if validation is not None and not (isinstance(validation, tuple) and len(validation) == 2):
            got = f"a tuple of {len(validation)}" if isinstance(validation, tuple) else kind(validation)
            raise TypeError(f"validation must be a DataSet or a pair (X, y), got {got}")
        self.problem = problem
        self.validation = read_pairs(*validation, "validation", arrays=True) if isinstance(validation, tuple) else None

    def watch(
        self, metrics: object, patience: int | None, callbacks: Sequence[Callback], history: History | None
    ) -> None:
        """Check and store what is called after each epoch, and begin a history or continue the given one."""
        if patience is not None:
            patience = integer(patience, "patience", least=1)
        if metrics is not None and not isinstance(metrics, Mapping):
            raise TypeError(f'metrics must be a dict such as {{"accuracy": nn.accuracy}}, got {kind(metrics)}')
        self.metrics: Mapping[str, Metric] = metrics or {}
        self.callbacks: Sequence[Callback] = as_tuple(callbacks, "callbacks")
        if history is not None and not isinstance(history, History):
            raise TypeError(f"history must be a History, such as fit returns, got {kind(history)}")
        self.history = History() if history is None else history
        self.history.require_same(self.metrics, validation=self.validation is not None)
        if not len(self.history):
            self.history.metrics = {name: [] for name in self.metrics}
        self.history.stopped = ""
        self.patience = _Patience(patience, self.problem, len(self.history)) if patience is not None else None

    def own_samples(self) -> None:
        """Copy the caller's arrays, so that a later change of them has no effect."""
        samples = [self.problem.X, self.problem.y, *(self.validation or ())]
        for each in samples:
            if isinstance(each, ArraySamples):
                each.own()
        self.judged = self.validation or (self.problem.X, self.problem.y)
        if self.metrics:  # which take lists
            self.judged = [*self.judged[0]], [*self.judged[1]]

    def recipe(self) -> dict[str, object]:
        """The arguments that all workers must share, by name."""
        history, problem = self.history, self.problem
        return {
            "seed": history.seed,
            "number of earlier epochs": len(history),
            "number of earlier steps": history.steps,
            "exact": problem.exact,
            "clip_norm": problem.clip_norm,
            "penalty or none": problem.penalty is not None,
            "patience": self.patience and self.patience.epochs,
            "number of validation samples": len(self.validation[0]) if self.validation else 0,
        }

    def look(self, steps: Steps, loss: float, batch_size: int, epochs: int) -> Steps:
        """Judge the model after an epoch, and decide whether training ends; return what takes the next steps."""
        history, patience = self.history, self.patience
        anybody = bool(self.callbacks or self.metrics)  # may look at the Values, or change them
        if anybody or steps.stores:
            steps.store()
        steps.compare(batches=-(-len(self.problem.X) // batch_size))
        validation_loss, metrics = None, dict[str, float]()
        if self.validation is not None or self.metrics:
            validation_loss, metrics = in_evaluation(self.problem.model, lambda: self._judge(steps))
        rate = getattr(self.problem.optimizer, "lr", None)
        rate = float(rate) if isinstance(rate, Real) else None
        history.record(loss, validation_loss, metrics, rate, -(-len(self.problem.X) // batch_size))
        if patience is not None:
            patience.see(loss if validation_loss is None else validation_loss, len(history), steps)
        if any([bool(callback(history)) for callback in self.callbacks]):  # noqa: C419 — each is called
            history.stopped = f"a callback ended training after epoch {len(history)}"
        if patience is not None:
            if self.callbacks:
                patience.look_for_changes(len(history))
            if patience.is_over(len(history)) and not history.stopped:
                history.stopped = patience.go_back(steps)
        return steps.renewed(epochs) if anybody or history.stopped else steps

    def _judge(self, steps: Steps) -> tuple[float | None, dict[str, float]]:
        """The loss over the held-out samples, and each metric."""
        loss = steps.mean_loss(*self.validation) if self.validation is not None else None
        return loss, {name: metric(self.problem.model, *self.judged) for name, metric in self.metrics.items()}


class _Patience:
    """Waits for a lower loss, and keeps the numbers of the epoch that had the lowest."""

    def __init__(self, epochs: int, problem: Problem, epoch: int) -> None:
        self.epochs, self.problem = epochs, problem
        self.best, self.best_epoch = math.inf, epoch
        self.numbers: tuple[Sequence[Value], Sequence[float]] = [], []
        self.parts = self._parts()

    def _parts(self) -> list[object]:
        """The model's modules, functions and parameters, and the optimizer's parameters, whatever their numbers."""
        model = self.problem.model
        modules: list[Module] = list(model.modules()) if isinstance(model, Module) else []
        functions = [part for module in modules for part in vars(module).values() if callable(part)]
        learned = model.parameters() if isinstance(model, Module) else ()
        return [*modules, *functions, *learned, *self.problem.optimizer.parameters]

    def see(self, loss: float, epoch: int, steps: Steps) -> None:
        """Keep the numbers if the loss of this epoch is the lowest so far."""
        if loss < self.best:
            self.best, self.best_epoch = loss, epoch
            self.numbers = steps.numbers()

    def look_for_changes(self, epoch: int) -> None:
        """Start again after a change of the model, because the best numbers belong to the model before it."""
        before, self.parts = self.parts, self._parts()
        if self.parts != before:
            self.best, self.best_epoch = math.inf, epoch

    def is_over(self, epoch: int) -> bool:
        return epoch - self.best_epoch >= self.epochs

    def go_back(self, steps: Steps) -> str:
        """Give the Values the best numbers; return a sentence that says so."""
        steps.store()
        values, numbers = self.numbers
        set_data(values, map(float, numbers))
        return f"no lower loss for {self.epochs} epochs: back at epoch {self.best_epoch}"
