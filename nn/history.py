"""How training went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd.atomic import all_or_none
from autograd.display import sentence
from autograd.naming import one_line
from nn.korean import say


@dataclass(repr=False)
class History:
    """How training went, epoch by epoch; an unfinished epoch leaves no entry. A notebook shows the curves.

    losses             the mean over each epoch of the samples' losses, each just before the step on it
    validation_losses  the mean loss over the held-out samples after each epoch
    metrics            for each metric its value after each epoch, on the held-out samples if there are any
    learning_rates     the optimizer's rate in the last step of each epoch, if it has one
    stopped            why training ended before its last epoch; "" if it didn't
    steps              how many steps the optimizer took in these epochs
    seed               the seed of the order of the samples, in these epochs and in those to come
    """

    losses: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    learning_rates: list[float] = field(default_factory=list)
    stopped: str = ""
    steps: int = field(default=0, repr=False, compare=False)
    seed: int | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        """The number of epochs that were finished."""
        return len(self.losses)

    def record(
        self, loss: float, validation_loss: float | None, metrics: Mapping[str, float], rate: float | None, steps: int
    ) -> None:
        """Add a finished epoch of `steps` steps, to all lists or, on Ctrl-C, to none."""
        columns = [(self.losses, loss), *((self.metrics[name], number) for name, number in metrics.items())]
        columns += [(self.validation_losses, validation_loss)] if validation_loss is not None else []
        columns += [(self.learning_rates, rate)] if rate is not None else []
        changes: list[tuple[Any, ...]] = [(list.append, column, number) for column, number in columns]
        all_or_none([*changes, (object.__setattr__, self, "steps", self.steps + steps)])

    def require_same(self, metrics: Collection[str], *, validation: bool) -> None:
        """Raise ValueError unless epochs with these metrics, and with or without validation, can be added."""
        if not len(self):
            return
        if set(self.metrics) != set(metrics):
            raise ValueError(
                f"metrics must be those of the history, {', '.join(self.metrics) or 'none'}, "
                f"got {', '.join(metrics) or 'none'}"
            )
        if validation != bool(self.validation_losses):
            needed, got = ("None", "samples") if validation else ("given", "None")
            raise ValueError(f"validation must be {needed}, as in the history's epochs, got {got}")

    def __repr__(self) -> str:
        curves = {say("loss"): self.losses, say("validation loss"): self.validation_losses, **self.metrics}
        if len({*self.learning_rates}) > 1:  # one that a schedule changed
            curves[say("learning rate")] = self.learning_rates
        parts = [say.counted(len(self), "epoch")]
        parts += [f"{one_line(str(name), 40)} {_course(numbers)}" for name, numbers in curves.items() if numbers]
        if self.stopped:
            parts.append(say("stopped: {reason}", reason=say.with_numbers(self.stopped)))
        return f"History({', '.join(parts)})"

    def _repr_html_(self) -> str:
        from nn.curves import picture  # noqa: PLC0415 — only a notebook needs it

        return f"{sentence(repr(self))}\n{picture(self)}"

    def plot(self, ax: Any = None) -> Any:
        """The curves of losses and metrics by `nn.plots.loss_curves`; returns matplotlib's axes."""
        from nn.plots import loss_curves  # noqa: PLC0415 — only a picture needs matplotlib

        return loss_curves(self, ax=ax)


def _course(numbers: list[float]) -> str:
    """The first and the last number as text."""
    return " → ".join(f"{number:.4g}" for number in ([numbers[0], numbers[-1]] if len(numbers) > 1 else numbers))
