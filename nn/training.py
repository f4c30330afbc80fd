"""Training: mini-batches, one step of the optimizer for each; and how well a model does."""

from __future__ import annotations

import math
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import starmap
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograd import Value, mean, topological_order
from autograd.atomic import all_or_none, cyclic_collector_paused
from autograd.ieee import add_up, integer, real
from autograd.node import require_value, set_data, set_gradients
from autograd.rules import as_tuple
from nn.chance import chance_in, undrawable_in
from nn.compiled import (
    CHECKED,
    GraphChangedError,
    OnRows,
    is_installed,
    is_one_graph,
    is_worth_it,
    losses_of,
    predictions,
    spread,
)
from nn.module import Module
from nn.samples import read, read_pairs, read_target

if TYPE_CHECKING:
    from random import Random

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
        all_or_none((list.append, column, number) for column, number in columns)

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
    compiled: bool | None = None,
    exact: bool = True,
) -> History:
    """Minimize the mean of loss(model(X[i]), y[i]) by mini-batches, and return the history.

    Samples and targets are read once, by position: lists, NumPy's arrays, pandas (whose index is ignored), tensors,
    what has a length and an order. Model, loss and metrics are given them as numbers and lists of numbers. A loss of
    one output, or of a class, takes targets of shape (n, 1) as those of (n,).

    Every epoch goes once through the samples, in an order shuffled with the seed, `batch_size` at a time;
    the last batch may be smaller. `penalty()`, such as an `l2_penalty`, is added to the mean of each batch.
    A Module in training mode is put into evaluation where it is judged (a function that wraps one is not). The same
    seed gives the same bits, if what else is at random in the model (Dropout, Bernoulli) has generators with seeds.

    The optimizer holds what is to be learned of the loss and the penalty: a ValueError says if it holds nothing of
    them, and a UserWarning if it holds something else while they depend on parameters that it doesn't hold, as an
    optimizer does that was made before the model was copied or loaded. Whoever freezes layers holds a part of them.

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
    By default it does where that is installed and worth its time, if the model and the loss are of this package and all
    samples of one shape: then the graph is known to be the same for each. With True it does for any functions; a good
    many samples are recorded first, and a ValueError says if their graphs differ. Targets come to the loss as Values.
    Dropout and Bernoulli draw from their generators as on the graph engine, if these are Python's. A penalty is
    compiled, too, where recordings at several numbers have one structure. With exact=False compiled code may add
    products without rounding them first (see `autograd.compile`).

    With compiled=True and functions of one's own, some samples are compared with the graph engine after each epoch,
    others each time, for about a tenth of the epoch's time, and all of them (of many, 1,024) at the end. A ValueError
    says if a Python `if` on .data has turned meanwhile: the model is at the last finished step, and the history so far
    is the error's `history`. After Ctrl-C there is no comparison.

    Ctrl-C leaves the model at the last step that was finished, and returns the history so far; any other exception, of
    a model, loss, optimizer or callback, leaves it there, too. (What an optimizer of one's own remembers goes back with
    the parameters, unless it changes it in place.)

    Raises FloatingPointError, with the first node of the graph that isn't finite, when a loss is inf or nan, or
    with the parameter whose gradient or next value is; the model is at the last finished step, and the history
    is the error's `history`. Raises ValueError for no samples, different numbers of samples and targets, a batch
    size below 1, epochs or a seed below 0 or a patience below 1, entries that are masked or samples nested more than 64
    levels deep; TypeError where one of these is no int, or samples have no length or no order.
    """
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    X, y = read_pairs(X, y, "training")
    if not all(hasattr(optimizer, name) for name in ("parameters", "zero_grad", "step")):
        raise TypeError(f"an optimizer is one such as nn.Adam(model.parameters()), not {type(optimizer).__name__}")
    if validation is not None:
        if not isinstance(validation, tuple) or len(validation) != 2:
            raise TypeError("validation is a pair of samples and targets, (X, y)")
        validation = read_pairs(*validation, "validation")
    batch_size = integer(batch_size, "batch_size", least=1)
    epochs = integer(epochs, "epochs", least=0)
    seed = integer(seed, "seed", least=0)
    if patience is not None:
        patience = integer(patience, "patience", least=1)
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(f'metrics are named, as {{"accuracy": nn.accuracy}}, not {type(metrics).__name__}')
    called_back = as_tuple(callbacks, "callbacks")
    for what, function in (
        ("a model", model),
        ("a loss", loss),
        *(("a metric", metric) for metric in (metrics or {}).values()),
        *(("a callback", callback) for callback in called_back),
        *([("a penalty", penalty)] if penalty is not None else []),
    ):
        if not callable(function):
            raise TypeError(f"{what} is a function, not {type(function).__name__}")
    generator = random.Random(seed)
    history = History(metrics={name: [] for name in metrics or {}})
    best, best_at, best_parameters = math.inf, 0, dict[Value, float]()
    parts = _parts(model, optimizer) if patience is not None else []
    batches = -(-len(X) // batch_size)
    epoch = 0

    def judge() -> tuple[float | None, dict[str, float]]:
        """The loss over the validation, and each metric."""
        judged = steps.mean_loss(*validation) if validation is not None else None
        return judged, {name: metric(model, *(validation or (X, y))) for name, metric in (metrics or {}).items()}

    try:
        graph = _OnGraph(model, loss, X, y, optimizer, penalty, exact=bool(exact))
        steps = _steps(graph, epochs, compiled=compiled)
        try:
            order = steps.shuffled(len(X), generator)
            with _Bar(epochs * batches, shown=progress) as bar:
                for epoch in range(1, epochs + 1):
                    sum_of_losses, samples = None, 0
                    for losses in steps.epoch(order.shuffle(), batch_size):
                        sum_of_losses = add_up(losses, sum_of_losses)
                        samples += len(losses)
                        bar.advance(-(-len(losses) // batch_size), epoch, sum_of_losses / samples)
                    assert sum_of_losses is not None
                    epoch_loss = sum_of_losses / samples
                    if called_back or metrics or patience is not None or not steps.known:
                        steps.store()
                    steps.compare_some(batches)
                    validation_loss, measured = in_evaluation(model, judge) if metrics or validation else (None, {})
                    history.record(epoch_loss, validation_loss, measured)
                    judged = epoch_loss if validation_loss is None else validation_loss
                    if patience is not None and judged < best:
                        best, best_at = judged, epoch
                        best_parameters = {value: value.data for value in parts if isinstance(value, Value)}
                    if any([bool(callback(history)) for callback in called_back]):  # noqa: C419 — each is called
                        history.stopped = f"a callback ended training after epoch {epoch}"
                    before, parts = parts, _parts(model, optimizer) if parts and called_back else parts
                    if parts != before:  # patience begins anew: the best numbers are those of another model
                        best, best_at = math.inf, epoch
                    if patience is not None and epoch - best_at >= patience and not history.stopped:
                        history.stopped = f"no lower loss for {patience} epochs: back at epoch {best_at}"
                        set_data(best_parameters.keys(), best_parameters.values())
                    if called_back or metrics or history.stopped:
                        steps = _renewed(steps, epochs - epoch, compiled=compiled)
                    if history.stopped:
                        break
            steps.compare_all()
        finally:
            steps.store()  # whatever ended training, the model has the numbers of the last step that was finished
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {min(len(history) + 1, epochs)}"
    except (_NotFiniteError, GraphChangedError) as error:
        history.stopped = f"{error} (epoch {epoch})" if epoch else str(error)
        stopped = (ValueError if isinstance(error, GraphChangedError) else FloatingPointError)(history.stopped)
        stopped.history = history  # type: ignore[union-attr]
        raise stopped from None
    return history


def _parts(model: Model, optimizer: Optimizer) -> list[object]:
    """What a model consists of and what of it is trained, whatever the numbers: modules, functions, parameters."""
    modules: list[Module] = list(model.modules()) if isinstance(model, Module) else []
    functions = [part for module in modules for part in vars(module).values() if callable(part)]
    return [*modules, *functions, *(model.parameters() if isinstance(model, Module) else ()), *optimizer.parameters]


class _NotFiniteError(Exception):
    """Something in training is inf or nan; says what."""


class _OnGraph:
    """Steps of an optimizer on the graph engine, a graph for each batch."""

    def __init__(
        self,
        model: Model,
        loss: Loss,
        X: Sequence[Any],
        y: Sequence[Any],
        optimizer: Optimizer,
        penalty: Callable[[], Value] | None,
        *,
        exact: bool = True,
    ) -> None:
        self.model, self.loss, self.X, self.y = model, loss, X, y
        self.optimizer, self.penalty, self.exact = optimizer, penalty, exact
        self.has_checked_optimizer = False
        self.known = True  # the Values are those that train

    def is_known(self) -> bool:
        """Whether the graph is known to be the same for all samples of one shape."""
        return is_one_graph(self.model) and is_one_graph(self.loss)

    def check_optimizer(self, objective: Value) -> None:
        """Refuse an optimizer that holds nothing of the loss, and warn of one that holds what belongs to another model.

        A parameter may also be in the graphs of other samples alone, or of the penalty. Those that are recorded here
        are learned by what is in two recordings: what is in one alone is a sample's number, or a constant.
        """
        if self.has_checked_optimizer:
            return
        held = dict.fromkeys(self.optimizer.parameters)
        learned: set[Value] = set()
        outside = held.keys() - set(topological_order(objective))
        if outside:
            outside, learned = in_evaluation(self.model, lambda: self._look_for(outside))
        if outside == held.keys():
            raise ValueError(
                f"the optimizer holds no parameter of the loss, which depends on none of its {len(held)}: make it of "
                "the parameters of this model, after the model was made, copied or loaded"
            )
        if outside and learned - held.keys():
            first = next(i for i, parameter in enumerate(held) if parameter in outside)
            label = list(held)[first].label or f"parameter {first + 1}"
            warnings.warn(
                f"the loss depends on {len(learned - held.keys())} parameters that the optimizer doesn't hold, and not "
                f"on {len(outside)} that it holds (the first is {label}): was it made of another model's parameters?",
                UserWarning,
                stacklevel=5,  # the line that calls fit
            )
        self.has_checked_optimizer = True

    def _look_for(self, missed: set[Value]) -> tuple[set[Value], set[Value]]:
        """Which of these parameters are in no graph, of some samples and the penalty; and the leaves that last."""
        met: set[Value] = set()
        lasting: set[Value] = set()
        places = spread(len(self.X), CHECKED)
        graphs: list[Callable[[], Value]] = [partial(self.loss_node, i) for i in (*places, 0)]
        for record in (*graphs, *([self.penalty] * 2 if self.penalty is not None else [])):
            leaves = {node for node in topological_order(record()) if node.operation is None}
            lasting |= met & leaves
            met |= leaves
        own = {value for samples in (self.X, self.y) for i in places for value in _values_in(samples[i])}
        return missed - met, lasting - own

    def shuffled(self, samples: int, generator: Random) -> Any:
        """The order of the samples, which is shuffled before each epoch."""
        return _Order(samples, generator)

    def epoch(self, order: Any, size: int) -> Iterator[list[float]]:
        """A step on each batch, the samples in this order; the losses of each."""
        places = list(map(int, order))
        return map(self.step, [places[start : start + size] for start in range(0, len(places), size)])

    @cyclic_collector_paused
    def step(self, batch: Sequence[int]) -> list[float]:
        """One step on these samples; each sample's loss before it."""
        losses = [self.loss_node(i) for i in batch]
        objective: Value = _finite("the loss", mean(losses))
        if self.penalty is not None:
            objective = _finite("the loss with its penalty", objective + self.penalty())
        self.check_optimizer(objective)
        self.optimizer.zero_grad()
        objective.backward()
        self._move()
        return [each.data for each in losses]

    def move(self, loss: float, gradients: Mapping[Value, float]) -> bool:
        """The step by gradients that are known, and the penalty's; False where something isn't finite."""
        self.optimizer.zero_grad()
        set_gradients(gradients.keys(), gradients.values())
        try:
            if self.penalty is not None:
                penalty = self.penalty()
                _finite("the loss with its penalty", penalty + loss)
                penalty.backward()
            self._move()
        except _NotFiniteError:
            return False
        return True

    def _move(self) -> None:
        """The optimizer's step, from finite gradients to finite parameters, or none."""
        optimizer, parameters = self.optimizer, self.optimizer.parameters
        _check_finite("the gradient of {} is {}", parameters, [p.grad for p in parameters])
        before = [(parameter, "_data", parameter.data) for parameter in parameters]
        before += [(optimizer, *attribute) for attribute in getattr(optimizer, "__dict__", {}).items()]
        try:
            optimizer.step()
            _check_finite("a step makes {} {}", parameters, [p.data for p in parameters])
        except BaseException:  # also Ctrl-C, within a step of somebody's own
            all_or_none((object.__setattr__, *attribute) for attribute in before)
            raise

    def loss_node(self, i: int) -> Value:
        return self.as_loss(self.loss(self.model(self.X[i]), self.y[i]))

    def loss_of(self, i: int) -> float:
        """The loss of one sample."""
        return self.loss_node(i).data

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples, or the first node that isn't finite."""
        return _finite_mean_loss(self.model, self.loss, X, y)

    def as_loss(self, loss: object) -> Value:
        return _as_loss(loss)

    def store(self) -> None:
        """Nothing: the model's Values are those that train."""

    def compare_some(self, batches: int) -> None:
        """Nothing: each sample is recorded in each epoch."""

    def compare_all(self) -> None:
        """Nothing, as above."""


class _Order:
    """0, 1, …, n − 1, shuffled again and again."""

    def __init__(self, n: int, generator: Random) -> None:
        self.order, self.generator = list(range(n)), generator

    def shuffle(self) -> list[int]:
        """The order, after one more shuffle."""
        self.generator.shuffle(self.order)
        return self.order


def _steps(graph: _OnGraph, epochs: int, *, compiled: bool | None) -> Any:
    """What takes the steps: compiled code, where that is wanted and known to be right, or the graph engine."""
    part = undrawable_in(graph.model) if graph.is_known() else chance_in(graph.model)
    if compiled is None:
        if not (graph.is_known() and part is None and is_installed()):
            return graph
        try:
            steps = OnRows(graph)
            if not is_worth_it(steps.nodes, epochs * len(graph.X)):
                return graph
            steps.start()
        except (TypeError, ValueError):  # the graph engine takes it, or says in its own words what is wrong
            return graph
        return graph if steps.by_chance else steps
    if not compiled:
        return graph
    if part is None:
        steps = OnRows(graph)
        steps.start()
        part = chance_in(graph.model) if steps.by_chance else None
    if part is not None:
        raise ValueError(
            f"{type(part).__name__} is at random in training, which compiled code can't be but with Python's "
            "generators, and a model, a loss and an optimizer of this package: train with compiled=False"
        )
    return steps


def _renewed(steps: Any, epochs: int, *, compiled: bool | None) -> Any:
    """What takes the steps from here: a callback may have changed the numbers, or the model, which is compiled anew."""
    if isinstance(steps, _OnGraph):
        return steps
    try:
        if not steps.look_again():
            steps.record()
            if compiled is None and not (steps.known and is_worth_it(steps.nodes, epochs * len(steps.rows))):
                return steps.graph
            steps.start()
        elif not steps.by_chance:
            steps.load()
    except (TypeError, ValueError):
        if compiled:
            raise
        return steps.graph
    return steps


def _as_loss(loss: object) -> Value:
    if not isinstance(loss, Value):
        raise TypeError(f"a loss is a Value to differentiate, not {type(loss).__name__}")
    return loss


def _check_finite(sentence: str, parameters: Sequence[Value], numbers: Sequence[float]) -> None:
    if not all(map(math.isfinite, numbers)):
        i = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
        raise _NotFiniteError(sentence.format(parameters[i].label or f"parameter {i + 1}", numbers[i]))


def _finite(what: str, objective: Value) -> Value:
    """The objective, if it is finite; otherwise, the first node that isn't, in topological order, and its parents."""
    if math.isfinite(objective.data):
        return objective
    node = next(node for node in topological_order(objective) if not math.isfinite(node.data))
    if not node.parents:
        raise _NotFiniteError(f"{what} is {objective.data}: {node.label or 'a number that came in'} is {node.data}")
    largest = sorted(node.parents, key=lambda parent: -abs(parent.data))[:3]  # those that are to blame
    parents = [f"{parent.label} = {parent.data:.6g}" if parent.label else f"{parent.data:.6g}" for parent in largest]
    more = ["…"] if len(node.parents) > 3 else []
    name = f"{node.label}, " if node.label else ""
    raise _NotFiniteError(
        f"{what} is {objective.data}: the first node that isn't finite is "
        f"{name}{node.op}({', '.join([*parents, *more])}) = {node.data}"
    )


Judgement = TypeVar("Judgement")


def in_evaluation(model: Model, judge: Callable[[], Judgement]) -> Judgement:
    """What judge() says of the model, and each of its parts, in evaluation mode; afterwards they are as they were."""
    modules: list[Module] = list(model.modules()) if isinstance(model, Module) else []
    before = starmap(setattr, [(module, "training", module.training) for module in modules])
    try:
        all_or_none((setattr, module, "training", False) for module in modules)
        return judge()
    finally:
        deque(before, maxlen=0)  # at once, by this frame's very next call, so that no interrupt comes before it


@cyclic_collector_paused
def _finite_mean_loss(model: Model, loss: Loss, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The mean loss; where it isn't finite, the first node of the first such sample."""
    losses = []
    for i, (x, target) in enumerate(zip(X, y, strict=True)):
        losses.append(_finite(f"the validation loss of sample {i}", _as_loss(loss(model(x), target))).data)
    return add_up(losses) / len(losses)


@cyclic_collector_paused
def mean_loss(model: Model, loss: Loss, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The mean of loss(model(X[i]), y[i]), the model being in evaluation; a ValueError for none, or unequal lengths."""
    X, y = read_pairs(X, y, "mean_loss")

    def total() -> float:
        found = losses_of(model, loss, X, y)
        if found is not None:
            return add_up(found)
        return add_up(_as_loss(loss(model(x), target)).data for x, target in zip(X, y, strict=True))

    return in_evaluation(model, total) / len(X)


@cyclic_collector_paused
def predict(model: Model, X: Sequence[Any]) -> list[int] | list[float]:
    """What the model says of each sample, the model being in evaluation.

    Of several outputs, logits, it is the class: the index of the largest. A single output is given as the number that
    it is: a regression's value, a perceptron's sign, a logit (whose class is 1 where it is above 0).

    Raises ValueError for no samples or no outputs, TypeError for outputs that are no Values.

    >>> predict(lambda sample: 2 * Value(sample) + 1, [0, 3])
    [1.0, 7.0]
    """
    samples = read(X, "predict's X")
    if not samples:
        raise ValueError("predict needs at least 1 sample, got 0")
    return [_prediction(outputs) for outputs in in_evaluation(model, lambda: predictions(model, samples))]


def _prediction(outputs: Any) -> float:
    if isinstance(outputs, Value):
        return outputs.data
    found = as_tuple(outputs, "a model's outputs")
    if len(found) == 1:
        only: Value = require_value(found[0], "a model's output")
        return only.data
    return predicted_class(found)


@cyclic_collector_paused
def accuracy(model: Model, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The share of samples whose predicted class is the target, the model being in evaluation.

    Of a perceptron, whose output is a Value, the class is its sign: targets are −1 and +1. Raises ValueError
    for no samples, another number of targets, or a target that is no class, TypeError for one that is no number.
    """
    X, y = read_pairs(X, y, "accuracy")
    targets = [real(read_target(target, "accuracy's y"), "accuracy's y") for target in y]
    outputs = in_evaluation(model, lambda: predictions(model, X))
    return [_is_right(output, target) for output, target in zip(outputs, targets, strict=True)].count(True) / len(X)


def _is_right(outputs: Any, target: float) -> bool:
    if isinstance(outputs, Value):
        return outputs.data == target
    found, last = predicted_class(outputs), max(len(outputs) - 1, 1)
    if not (target.is_integer() and 0 <= target <= last):  # ±1, say, which no logit's class ever is
        raise ValueError(f"of {len(outputs)} outputs the classes are 0 to {last}, got a target of {target:g}")
    return found == target


def predicted_class(outputs: Sequence[Value]) -> int:
    """The index of the largest output, the first of several; of a single one, a logit, 1 if it is above 0, else 0.

    Raises ValueError for no outputs, TypeError for what is no sequence of Values.
    """
    logits = [require_value(output, "an output").data for output in as_tuple(outputs, "outputs")]
    if not logits:
        raise ValueError("there is no largest among 0 outputs")
    if len(logits) == 1:
        return int(logits[0] > 0)
    return max(range(len(logits)), key=logits.__getitem__)


def _values_in(sample: Any) -> Iterator[Value]:
    """The Values among a sample's numbers, which are not learned."""
    if isinstance(sample, Value):
        yield sample
    elif isinstance(sample, list | tuple):
        for part in sample:
            yield from _values_in(part)


class _Bar:
    """The progress of training, where somebody sees it: on a terminal, or in a notebook."""

    def __init__(self, steps: int, *, shown: bool | None) -> None:
        notebook = _in_a_notebook()
        self.bar: Any = None
        if shown if shown is not None else notebook or sys.stderr.isatty():
            from tqdm import tqdm  # noqa: PLC0415 — only what is seen needs it

            self.bar = tqdm(total=steps, unit="step", file=sys.stdout if notebook else sys.stderr)

    def advance(self, steps: int, epoch: int, loss: float) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(f"epoch {epoch}, loss {loss:.4g}", refresh=False)
            self.bar.update(steps)

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
