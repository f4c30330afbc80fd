"""Training: mini-batches, one step of the optimizer for each."""

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
from nn.agreement import agree
from nn.clipping import require_norm
from nn.compiled_steps import steps_for
from nn.data_set import DataSet
from nn.evaluation import in_evaluation
from nn.history import History
from nn.module import Module
from nn.problem import Loss, Model, Optimizer, Order, Problem, StepRates, Steps, TrainingStopped
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

    Samples and targets are read once, by position: lists, NumPy's arrays, pandas (whose index is ignored), tensors,
    what has a length and an order. Model, loss and metrics are given them as numbers and lists of numbers. A loss of
    one output, or of a class, takes targets of shape (n, 1) as those of (n,). A DataSet unpacks into both, `*train`;
    `validation` takes one as it takes a pair.

    Every epoch goes once through the samples, in an order shuffled by the seed (an int, a random.Random, or None for
    another order in every run), `batch_size` at a time; the last batch may be smaller. `penalty()`, such as an
    `l2_penalty`, is added to the mean of each batch.
    A Module in training mode is put into evaluation where it is judged (a function that wraps one is not). The same
    seed gives the same bits, if what else is at random in the model (Dropout, Bernoulli) has seeds, too.

    The optimizer holds what is to be learned of the loss and the penalty: a ValueError says if it holds nothing of
    them, and a UserWarning if it holds something else while they depend on parameters that it doesn't hold, as an
    optimizer does that was made before the model was copied or loaded. Whoever freezes layers holds a part of them.

    `schedule`, such as `nn.schedules.Cosine(0.1, T_max=20)` or any function of the number of finished epochs, sets the
    optimizer's `lr` before each epoch or, within a `PerStep`, before each step, and leaves the last one there.
    `clip_norm` is the largest norm that a batch's gradient, with the penalty's, may have: a longer one is made shorter,
    as by `nn.clip_norm`.

    `history`, such as the one that `nn.load` returns, is what to go on from: its epochs are counted on, it keeps the
    seed that it began with, and the order of the samples follows on. Five epochs, and five more with the same model,
    optimizer and history, are ten, to the last bit. Only patience begins anew.

    After each epoch: the mean loss over `validation`, samples and targets that are held out; the `metrics`,
    such as {"accuracy": nn.accuracy}; each of the `callbacks`, called with the history; one that returns
    something true ends training. With `patience`, training ends after so many epochs without a lower loss (over the
    validation, if there is one), and the parameters go back to those of the best epoch. A bar shows the
    progress on a terminal and in a notebook, elsewhere only with progress=True.

    A callback may change numbers, the model itself (its layers, activations, parameters) and which parameters the
    optimizer holds, where each keeps its own memory: training goes on with what it then finds. Patience begins anew
    after a change of the model, because the best numbers are those of another model; of a model that is no Module, only
    a change of the optimizer's parameters is seen. X and y are read once, at the start: a later change has no effect.

    `compiled` says whether training goes through compiled code, many batches in one call: each sample's loss and
    gradient, and each step, have the same bits as on the graph engine; the sum over a batch is added in another order.
    By default it does where that is installed and pays, if the model and the loss are of this package: then the graph
    is known to be the same for each sample of a shape. With True it does for any functions; a good many samples are
    recorded first, and a ValueError says if their graphs differ. Targets come to the loss as Values. Dropout and
    Bernoulli draw from their generators as on the graph engine, if these are Python's. Samples of several shapes, as
    sequences of several lengths, are compiled shape by shape; batches keep their samples and their order, and the
    gradients of a batch's shapes are added up. With exact=False compiled code may add products without rounding them
    first (see `autograd.compile`).

    `penalty()` is called for every batch, so that one that changes from call to call is followed, unless its code is
    seen to compute the same each time, as that of `lambda: nn.l2_penalty(model.parameters(), 0.01)` is: then it is
    compiled. With compiled=True every penalty is, if recordings at several numbers have one structure; a ValueError
    says if it has another one after an epoch. After a callback or a metric a penalty is looked at again in every case.

    With compiled=True and functions of one's own, some samples are compared with the graph engine after each epoch,
    others each time, for about a tenth of the epoch's time, and all of them (of many, 1,024) at the end. A ValueError
    says if a Python `if` on .data has turned meanwhile: the model is at the last finished step, and the history so far
    is the error's `history`. After Ctrl-C there is no comparison.

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

    Ctrl-C leaves the model at the last step that was finished, and returns the history so far; any other exception, of
    a model, loss, optimizer or callback, leaves it there, too. (What an optimizer of one's own remembers goes back with
    the parameters, unless it changes it in place.)

    Raises FloatingPointError, with the first node of the graph that isn't finite, when a loss is inf or nan, or
    with the parameter whose gradient or next value is; the model is at the last finished step, and the history
    is the error's `history`. Raises ValueError for no samples, different numbers of samples and targets, a batch
    size below 1, epochs or a seed below 0 or a patience below 1, a learning rate of the schedule or a clip_norm that is
    negative or nan, a history with other metrics, entries that are masked or samples nested more than 64 levels deep,
    less than 1 share or fewer shares than workers;
    TypeError where one of these has another type, or samples have no length or no order.
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
            steps = steps_for(problem, epochs)
            after.own_samples()
            try:
                order = _order(steps, history, seed)
                agree(problem, {"batch_size": batch_size, "number of epochs": epochs, **after.recipe()})
                with Bar(epochs * -(-len(problem.X) // batch_size), shown=progress) as bar:
                    for epoch in range(first + 1, first + epochs + 1):
                        mean_loss = _train(steps, order.shuffle(), batch_size, bar, epoch, rates.begin(history))
                        steps = after.look(steps, mean_loss, batch_size, first + epochs - epoch)
                        if history.stopped:
                            break
                steps.compare(batches=None)
            finally:
                steps.store()  # whatever ended training, the model has the numbers of the last step that was finished
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {min(len(history) + 1, first + epochs)}"
    except TrainingStopped as error:
        history.stopped = f"{error} (epoch {epoch})" if epoch else str(error)
        stopped = error.kind(history.stopped)
        stopped.history = history  # type: ignore[attr-defined]
        raise stopped from None
    return history


def _order(steps: Steps, history: History, seed: int) -> Order:
    """The order of the samples, as the epochs of the history have left it."""
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    if history.seed is None:
        history.seed = seed
    order = steps.order(random.Random(history.seed))
    for _ in range(len(history)):
        order.shuffle()
    return order


def _check_functions(problem: Problem, after: _AfterEpoch) -> None:
    for what, function in (
        ("a model", problem.model),
        ("a loss", problem.loss),
        *(("a metric", metric) for metric in after.metrics.values()),
        *(("a callback", callback) for callback in after.callbacks),
        *([("a penalty", problem.penalty)] if problem.penalty is not None else []),
    ):
        if not callable(function):
            raise TypeError(f"{what} is a function, not {type(function).__name__}")


def _train(steps: Steps, order: Any, batch_size: int, bar: Bar, epoch: int, rates: StepRates | None) -> float:
    """An epoch of steps, and the mean of the samples' losses."""
    samples, total = 0, 0.0
    for met, total in steps.epoch(order, batch_size, rates):
        bar.advance(-(-(met - samples) // batch_size), epoch, total / met)
        samples = met
    return total / samples


class _AfterEpoch:
    """What is done after each epoch: samples that are held out, metrics, callbacks, patience."""

    def __init__(self, problem: Problem, validation: object) -> None:
        if not all(hasattr(problem.optimizer, name) for name in ("parameters", "zero_grad", "step")):
            name = type(problem.optimizer).__name__
            raise TypeError(f"an optimizer is one such as nn.Adam(model.parameters()), not {name}")
        if isinstance(validation, DataSet):
            validation = validation.X, validation.y
        if validation is not None and not (isinstance(validation, tuple) and len(validation) == 2):
            raise TypeError("validation is a pair of samples and targets, (X, y)")
        self.problem = problem
        self.validation = read_pairs(*validation, "validation", arrays=True) if isinstance(validation, tuple) else None

    def watch(
        self, metrics: object, patience: int | None, callbacks: Sequence[Callback], history: History | None
    ) -> None:
        """Take what is to be called, and begin the history or go on with it."""
        if patience is not None:
            patience = integer(patience, "patience", least=1)
        if metrics is not None and not isinstance(metrics, Mapping):
            raise TypeError(f'metrics are named, as {{"accuracy": nn.accuracy}}, not {type(metrics).__name__}')
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
        """Let a later change of the caller's arrays have no effect."""
        samples = [self.problem.X, self.problem.y, *(self.validation or ())]
        for each in samples:
            if isinstance(each, ArraySamples):
                each.own()
        self.judged = self.validation or (self.problem.X, self.problem.y)
        if self.metrics:  # which take lists
            self.judged = [*self.judged[0]], [*self.judged[1]]

    def recipe(self) -> dict[str, object]:
        """What all workers that train together must have been given, by name."""
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
        """Judge the model after an epoch, and ask whether training ends; who takes the steps from here."""
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
        """The loss over the samples that are held out, and each metric."""
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
        """What the model consists of, and what of it is trained, whatever the numbers."""
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
        """Begin anew after a change of the model: the best numbers are those of another one."""
        before, self.parts = self.parts, self._parts()
        if self.parts != before:
            self.best, self.best_epoch = math.inf, epoch

    def is_over(self, epoch: int) -> bool:
        return epoch - self.best_epoch >= self.epochs

    def go_back(self, steps: Steps) -> str:
        """Give the Values the best numbers; and say so."""
        steps.store()
        values, numbers = self.numbers
        set_data(values, map(float, numbers))
        return f"no lower loss for {self.epochs} epochs: back at epoch {self.best_epoch}"
