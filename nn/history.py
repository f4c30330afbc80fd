"""How training went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd.atomic import all_or_none
from autograd.display import counted, sentence
from autograd.naming import one_line


@dataclass(repr=False)
class History:
    """How training went, epoch by epoch; of an epoch that was broken off, nothing. A notebook shows its curves.

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

    def __repr__(self) -> str:
        curves = {"loss": self.losses, "validation loss": self.validation_losses, **self.metrics}
        parts = [counted(len(self), "epoch")]
        parts += [f"{one_line(str(name), 40)} {_course(numbers)}" for name, numbers in curves.items() if numbers]
        return f"History({', '.join([*parts, *([f'stopped: {self.stopped}'] if self.stopped else [])])})"

    def _repr_html_(self) -> str:
        from nn.curves import picture  # noqa: PLC0415 — only a notebook needs it

        return f"{sentence(repr(self))}\n{picture(self)}"

    def plot(self, ax: Any = None) -> Any:
        """The curves of losses and metrics by `nn.plots.loss_curves`; returns matplotlib's axes."""
        from nn.plots import loss_curves  # noqa: PLC0415 — only a picture needs matplotlib

        return loss_curves(self, ax=ax)


def _course(numbers: list[float]) -> str:
    """The first and the last number."""
    return " → ".join(f"{number:.4g}" for number in ([numbers[0], numbers[-1]] if len(numbers) > 1 else numbers))
