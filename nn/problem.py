"""What training needs: a model, a loss, samples and an optimizer; and the interface of what takes the steps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Protocol

from autograd import Value
from autograd.ieee import kind
from nn.fixed_graph import graph_is_fixed
from nn.module import forward_of
from nn.outputs import only_output
from nn.shares import Shares

if TYPE_CHECKING:
    from random import Random

Model = Callable[[Any], Any]
"""What takes a sample and returns its outputs: a Module, or any function."""

Loss = Callable[[Any, Any], Value]
"""What takes a sample's outputs and its target, and returns how wrong they are."""


StepRates = Callable[[int], float]
"""The learning rate of each step of an epoch, from 0."""


class Optimizer(Protocol):
    """What changes the parameters of a model."""

    @property
    def parameters(self) -> Sequence[Value]: ...
    def zero_grad(self) -> None: ...
    def step(self) -> None: ...


@dataclass(frozen=True)
class Problem:
    """What `fit` was asked to minimize, and by which optimizer.

    exact      whether compiled code keeps every bit
    compiled   whether compiled code is wanted: None is "where it is known to be right and pays"
    clip_norm  the largest norm of a batch's gradient, or None
    shares     how a batch is cut into shares, and among whom they are divided, or None
    """

    model: Model
    loss: Loss
    X: Sequence[Any]
    y: Sequence[Any]
    optimizer: Optimizer
    penalty: Callable[[], Value] | None
    exact: bool
    compiled: bool | None
    clip_norm: float | None = None
    shares: Shares | None = None

    def graph_is_fixed(self) -> bool:
        """Whether the graph is known to be the same for all samples of one shape."""
        return graph_is_fixed(self.model) and graph_is_fixed(self.loss)

    def loss_of(self, i: int) -> Value:
        """The loss of one sample, recorded."""
        return self.as_loss(self.loss(self.model(self.X[i]), self.y[i]))

    def penalty_now(self) -> Value:
        """Record the penalty; a number becomes a constant. Raise TypeError for what is neither a number nor a Value."""
        assert self.penalty is not None
        penalty: Any = only_output(self.penalty())
        if isinstance(penalty, Value):
            return penalty
        if isinstance(penalty, Real):
            return Value(penalty)
        raise TypeError(f"the penalty must be a Value, got {kind(penalty)}")

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the optimizer, which has one."""
        optimizer: Any = self.optimizer
        optimizer.lr = rate

    @staticmethod
    def as_loss(loss: object) -> Value:
        """Return the loss as a Value; raise TypeError if it is not one."""
        loss = only_output(loss)
        if not isinstance(loss, Value):
            raise TypeError(f"the loss must be a Value, got {type(loss).__name__}")
        return loss


class Order(Protocol):
    """An order of the samples, as a sequence of their places."""

    def shuffle(self) -> Any:
        """Shuffle once more; return the order."""


class Steps(Protocol):
    """What takes an optimizer's steps: the graph engine (`graph_steps`) or compiled code (`compiled_steps`)."""

    @property
    def stores(self) -> bool:
        """Whether the Values must be brought up to date after each epoch."""

    def order(self, generator: Random) -> Order:
        """The order of the samples, which is shuffled before each epoch."""

    def epoch(self, order: Any, size: int, rates: StepRates | None = None) -> Iterator[tuple[int, float]]:
        """Take a step on each batch, at these rates; yield from time to time (samples so far, sum of their losses)."""

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples."""

    def numbers(self) -> tuple[Sequence[Value], Sequence[float]]:
        """The Values that the steps change, and their current numbers."""

    def store(self) -> None:
        """Copy the results of the last step to the Values and the optimizer."""

    def compare(self, *, batches: int | None) -> None:
        """Check that graphs are still as compiled: those of some samples after this many batches, of all at the end."""

    def renewed(self, epochs: int) -> Steps:
        """What takes the steps from now on, after a callback may have changed the model or the optimizer."""


class TrainingStopped(Exception):  # noqa: N818 — it says why, and becomes one of Python's errors
    """Training can't go on, because a number isn't finite or a graph has changed."""

    kind: type[Exception] = FloatingPointError


class NotFiniteError(TrainingStopped):
    """A number in training is inf or nan; the message says which."""


class GraphChangedError(TrainingStopped, ValueError):
    """A sample's graph differs from the one that was compiled."""

    kind = ValueError


def require_function(function: object, what: str, arguments: tuple[str, ...] | None = None) -> None:
    """Raise TypeError for what can't be called or, where they are named, doesn't take these arguments."""
    if not callable(function):
        raise TypeError(f"{what} must be a function, got {kind(function)}")
    if arguments is None:
        return
    try:
        signature = inspect.signature(forward_of(function), follow_wrapped=False)  # a wrapper takes what it takes
    except (TypeError, ValueError):  # a function that doesn't say what it takes
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        name = getattr(function, "__name__", type(function).__name__)
        raise TypeError(
            f"{what} must be a function of ({', '.join(arguments)}), got {name}({', '.join(signature.parameters)})"
        ) from None


OF_SAMPLE, OF_TARGET = ("sample",), ("outputs", "target")
"""The arguments of a model and of a loss."""
