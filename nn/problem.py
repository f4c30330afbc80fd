"""What is trained: a model, its loss, samples, an optimizer; and who takes the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from autograd import Value
from nn.fixed_graph import graph_is_fixed
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

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the optimizer, which has one."""
        optimizer: Any = self.optimizer
        optimizer.lr = rate

    @staticmethod
    def as_loss(loss: object) -> Value:
        """The loss, if it can be differentiated."""
        loss = only_output(loss)
        if not isinstance(loss, Value):
            raise TypeError(f"a loss must be a Value to differentiate, got {type(loss).__name__}")
        return loss


class Order(Protocol):
    """The places of the samples, in an order."""

    def shuffle(self) -> Any:
        """The order, after one more shuffle."""


class Steps(Protocol):
    """Who takes an optimizer's steps: the graph engine (`graph_steps`) or compiled code (`compiled_steps`)."""

    @property
    def stores(self) -> bool:
        """Whether the Values have to be those of the last step after each epoch."""

    def order(self, generator: Random) -> Order:
        """The order of the samples, which is shuffled before each epoch."""

    def epoch(self, order: Any, size: int, rates: StepRates | None = None) -> Iterator[tuple[int, float]]:
        """A step on each batch, at the rates if there are some; now and then, how many samples were met, and the sum
        of their losses.
        """

    def mean_loss(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """The mean loss over other samples."""

    def numbers(self) -> tuple[Sequence[Value], Sequence[float]]:
        """What is changed by the steps, and the numbers as they are now."""

    def store(self) -> None:
        """Give the Values and the optimizer what the last step has left."""

    def compare(self, *, batches: int | None) -> None:
        """Find out whether graphs are still as compiled: of some samples after these batches; of all at the end."""

    def renewed(self, epochs: int) -> Steps:
        """Who takes the steps of the epochs to come, after somebody may have changed the model or the optimizer."""


class TrainingStopped(Exception):  # noqa: N818 — it says why, and becomes one of Python's errors
    """Training can't go on: what a step needs isn't finite, or a graph has changed."""

    kind: type[Exception] = FloatingPointError


class NotFiniteError(TrainingStopped):
    """Something in training is inf or nan; says what."""


class GraphChangedError(TrainingStopped, ValueError):
    """A sample's graph is another than the one that was compiled."""

    kind = ValueError
