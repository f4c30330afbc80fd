"""How training went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd.atomic import all_or_none


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
        """The curves of losses and metrics by `nn.plots.loss_curves`; returns matplotlib's axes."""
        from nn.plots import loss_curves  # noqa: PLC0415 — only a picture needs matplotlib

        return loss_curves(self, ax=ax)
