"""The learning rates that a schedule gives the steps of an epoch in `fit`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from autograd.ieee import kind
from nn.problem import TrainingStopped
from nn.schedules import PerStep, call, require_rate

if TYPE_CHECKING:
    from nn.history import History
    from nn.problem import Optimizer, StepRates


class Rates:
    """The learning rate of each step by a schedule; without a schedule, the optimizer keeps its own rate.

    Raises TypeError for a schedule that is not a function, or an optimizer without a learning rate.
    """

    def __init__(self, schedule: object, optimizer: Optimizer) -> None:
        if schedule is not None and not callable(schedule):
            raise TypeError(
                "schedule must be a function of the epoch, such as nn.schedules.Cosine(0.1, T_max=20), "
                f"got {kind(schedule)}"
            )
        if isinstance(schedule, type):
            raise TypeError(f"schedule must be a function of the epoch, such as {schedule.__name__}(…), got the class")
        if schedule is not None and not hasattr(optimizer, "lr"):
            raise TypeError(f"a schedule sets the optimizer's lr, but {type(optimizer).__name__} has none")
        self.per_step = isinstance(schedule, PerStep)
        self.schedule: Any = schedule.schedule if isinstance(schedule, PerStep) else schedule

    def begin(self, history: History) -> StepRates | None:
        """Return the rates of the coming epoch, as a function of the step in it, from 0; None without a schedule."""
        if self.schedule is None:
            return None
        if self.per_step:
            return partial(self._of_step, history.steps)
        rate = self._at(len(history), history.validation_losses or history.losses)
        return lambda _: rate

    def _of_step(self, before: int, k: int) -> float:
        return self._at(before + k)

    def _at(self, t: int, losses: Sequence[float] = ()) -> float:
        found = call(self.schedule, t, losses)  # an exception of its own goes to the caller as it is
        try:
            return require_rate(found, t)
        except (TypeError, ValueError) as error:
            stopped = TrainingStopped(str(error))
            stopped.kind = type(error)
            raise stopped from None
