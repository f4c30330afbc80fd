"""Training: mini-batches, one step of the optimizer for each; and how well a model does."""

from __future__ import annotations

import gc
import math
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import starmap
from typing import TYPE_CHECKING, Any, Protocol

from autograd import Value, mean, topological_order
from autograd.ieee import add_up
from autograd.paths import name_of
from autograd.value import set_data

if TYPE_CHECKING:
    from types import TracebackType

Model = Callable[[Any], Any]
"""What takes a sample and returns its outputs: a Module, or any function."""

Loss = Callable[[Any, Any], Value]
"""What takes a sample's outputs and its target, and returns how wrong they are."""


class Optimizer(Protocol):
    """What moves the parameters of a model."""

    @property
    def parameters(self) -> Sequence[Value]: ...
    def zero_grad(self) -> None: ...
    def step(self) -> None: ...


@dataclass
class History:
    """How training went, epoch by epoch; of an epoch that was broken off, nothing.

    losses             the mean loss over each epoch's samples, as they were met
    validation_losses  the mean loss over the held-out samples after each epoch
    metrics            for each metric its value after each epoch, on the held-out samples if there are any
    stopped            why training ended before its last epoch; "" if it didn't
    """

    losses: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    stopped: str = ""

    def __len__(self) -> int:
        """The number of epochs that were finished."""
        return len(self.losses)

    def record(self, loss: float, validation_loss: float | None, metrics: Mapping[str, float]) -> None:
        """Add a finished epoch, to all lists or, on Ctrl-C, to none."""
        columns = [(self.losses, loss), *((self.metrics[name], number) for name, number in metrics.items())]
        if validation_loss is not None:
            columns.append((self.validation_losses, validation_loss))
        deque(starmap(list.append, columns), maxlen=0)

    def plot(self, ax: Any = None) -> Any:
        """The curves of losses and metrics, on matplotlib's axes, which are returned."""
        from nn.plots import loss_curves  # noqa: PLC0415 — only a picture needs matplotlib

        return loss_curves(self, ax=ax)


def fit(
    model: Model,
    loss: Loss,
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int = 32,
    seed: int = 0,
    validation: tuple[Sequence[Any], Sequence[Any]] | None = None,
    metrics: Mapping[str, Callable[[Model, Sequence[Any], Sequence[Any]], float]] | None = None,
    patience: int | None = None,
    penalty: Callable[[], Value] | None = None,
    callbacks: Sequence[Callable[[History], object]] = (),
    progress: bool | None = None,
) -> History:
    """Minimize the mean of loss(model(X[i]), y[i]) by mini-batches, and return the history.

    Every epoch goes once through the samples, in an order shuffled with the seed, `batch_size` at a time;
    the last batch may be smaller. `penalty()`, such as an `l2_penalty`, is added to the mean of each batch.
    A model in training mode is put into evaluation where it is judged. The same seed gives the same bits.

    After each epoch: the mean loss over `validation`, samples and targets that are held out; the `metrics`,
    such as {"accuracy": nn.accuracy}; each of the `callbacks`, called with the history; one that returns
    True ends training. With `patience`, training ends after so many epochs without a lower loss (over the
    validation, if there is one), and the parameters go back to those of the best epoch. A bar shows the
    progress on a terminal and in a notebook, elsewhere only with progress=True.

    Ctrl-C leaves the model at the last step that was finished, and returns the history so far.

    Raises FloatingPointError, with the first node of the graph that isn't finite, when a loss or gradient is
    inf or nan; the model is at the last finished step, and the history is the error's `history`. Raises
    ValueError for no samples, different numbers of samples and targets, a batch size below 1, epochs below
    0 or a patience below 1; TypeError where one of these is no int.
    """
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    _check_samples("training", X, y)
    if validation is not None:
        _check_samples("validation", *validation)
    _check_count("batch_size", batch_size, 1)
    _check_count("epochs", epochs, 0)
    _check_count("seed", seed, None)
    if patience is not None:
        _check_count("patience", patience, 1)
    generator = random.Random(seed)
    order = list(range(len(X)))
    history = History(metrics={name: [] for name in metrics or {}})
    best, best_at, best_parameters = math.inf, 0, [parameter.data for parameter in optimizer.parameters]
    starts = range(0, len(order), batch_size)
    try:
        with _Bar(epochs * len(starts), shown=progress) as bar:
            for epoch in range(1, epochs + 1):
                generator.shuffle(order)
                losses: list[float] = []
                for start in starts:
                    batch = order[start : start + batch_size]
                    losses += _step(model, loss, [X[i] for i in batch], [y[i] for i in batch], optimizer, penalty)
                    bar.advance(epoch, add_up(losses) / len(losses))
                epoch_loss = judged = add_up(losses) / len(losses)
                with evaluation(model):
                    if validation is not None:
                        judged = mean_loss(model, loss, *validation)
                    measured = {
                        name: metric(model, *(validation or (X, y))) for name, metric in (metrics or {}).items()
                    }
                history.record(epoch_loss, judged if validation is not None else None, measured)
                if judged < best:
                    best, best_at = judged, epoch
                    best_parameters = [parameter.data for parameter in optimizer.parameters]
                if [callback(history) for callback in callbacks].count(True):
                    history.stopped = f"a callback ended training after epoch {epoch}"
                elif patience is not None and epoch - best_at >= patience:
                    history.stopped = f"no lower loss for {patience} epochs: back at epoch {best_at}"
                    set_data(optimizer.parameters, best_parameters)
                if history.stopped:
                    break
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {len(history) + 1}"
    except FloatingPointError as error:
        history.stopped = f"{error} (epoch {len(history) + 1})"
        stopped = FloatingPointError(history.stopped)
        stopped.history = history  # type: ignore[attr-defined]
        raise stopped from None
    return history


def _step(
    model: Model,
    loss: Loss,
    X: Sequence[Any],
    y: Sequence[Any],
    optimizer: Optimizer,
    penalty: Callable[[], Value] | None,
) -> list[float]:
    """One step of the optimizer on one batch; each sample's loss."""
    with _cyclic_collector_paused():
        losses = [loss(model(x), target) for x, target in zip(X, y, strict=True)]
        objective: Value = mean(losses)
        if penalty is not None:
            objective = objective + penalty()
        if not math.isfinite(objective.data):
            raise FloatingPointError(f"the loss is {objective.data}: {_first_not_finite(objective)}")
        optimizer.zero_grad()
        objective.backward()
        for parameter in optimizer.parameters:
            if not math.isfinite(parameter.grad):
                raise FloatingPointError(
                    f"the gradient of {name_of(parameter)} is {parameter.grad}, though the loss is {objective.data:.6g}"
                )
        optimizer.step()
        return [sample.data for sample in losses]


def _first_not_finite(objective: Value) -> str:
    """The first node, in topological order, that is inf or nan, and what it was computed from."""
    node = next(node for node in topological_order(objective) if not math.isfinite(node.data))
    if not node.parents:
        return f"{node.label or 'a number that came in'} is {node.data}"
    label = f"{node.label}, " if node.label else ""
    parents = ", ".join(
        f"{parent.label} = {parent.data:.6g}" if parent.label else f"{parent.data:.6g}" for parent in node.parents[:6]
    )
    more = ", …" if len(node.parents) > 6 else ""
    return f"the first node that isn't finite is {label}{node.op}({parents}{more}) = {node.data}"


@contextmanager
def _cyclic_collector_paused() -> Iterator[None]:
    """A graph has no cycles, but grows by so many objects that the collector would walk it again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def evaluation(model: Model) -> Iterator[None]:
    """The model, and each of its parts, in evaluation mode; afterwards as they were."""
    modules = list(getattr(model, "modules", list)())
    modes = [module.training for module in modules]
    for module in modules:
        module.training = False
    try:
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


def mean_loss(model: Model, loss: Loss, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The mean of loss(model(X[i]), y[i]), the model being in evaluation; a ValueError for none, or unequal lengths."""
    _check_samples("a mean loss", X, y)
    with evaluation(model), _cyclic_collector_paused():
        return add_up(loss(model(x), target).data for x, target in zip(X, y, strict=True)) / len(X)


def accuracy(model: Model, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The share of samples whose predicted class is the target, the model being in evaluation.

    Of a perceptron, whose output is a Value, the class is its sign: targets are −1 and +1. Raises ValueError
    for no samples, or another number of targets.
    """
    if len(X) != len(y) or not len(X):
        raise ValueError(f"accuracy needs samples and as many classes, got {len(X)} and {len(y)}")
    with evaluation(model), _cyclic_collector_paused():
        return [_judgement(model(x)) == target for x, target in zip(X, y, strict=True)].count(True) / len(X)


def _judgement(outputs: Any) -> float:
    return outputs.data if isinstance(outputs, Value) else float(predicted_class(outputs))


def predicted_class(outputs: Sequence[Value]) -> int:
    """The index of the largest output, the first of several; of a single one, a logit, 1 if it is above 0, else 0.

    Raises ValueError for no outputs.
    """
    if not outputs:
        raise ValueError("there is no largest among 0 outputs")
    if len(outputs) == 1:
        return int(outputs[0].data > 0)
    return max(range(len(outputs)), key=lambda i: outputs[i].data)


def _check_count(name: str, number: int, least: int | None) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{name} is an int, not {type(number).__name__}")
    if least is not None and number < least:
        raise ValueError(f"{name} is {least} at least, got {number}")


def _check_samples(what: str, X: Sequence[Any], y: Sequence[Any]) -> None:
    if len(X) != len(y):
        raise ValueError(f"every sample has a target, got {len(X)} samples and {len(y)} targets")
    if not len(X):
        raise ValueError(f"{what} needs at least 1 sample, got 0")


class _Bar:
    """The progress of training, where somebody sees it: on a terminal, or in a notebook."""

    def __init__(self, steps: int, *, shown: bool | None) -> None:
        notebook = _in_a_notebook()
        self.bar: Any = None
        if shown if shown is not None else notebook or sys.stderr.isatty():
            from tqdm import tqdm  # noqa: PLC0415 — only what is seen needs it

            self.bar = tqdm(total=steps, unit="step", file=sys.stdout if notebook else sys.stderr)

    def advance(self, epoch: int, loss: float) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(f"epoch {epoch}, loss {loss:.4g}", refresh=False)
            self.bar.update()

    def __enter__(self) -> _Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()


def _in_a_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, where output goes to a page."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"
