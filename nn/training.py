"""Training: mini-batches, one step of the optimizer for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograd import Value, mean
from autograd.ieee import add_up

Model = Callable[[Sequence[float]], list[Value]]
Loss = Callable[[list[Value], Any], Value]


class Optimizer(Protocol):
    """What moves the parameters of a model."""

    def zero_grad(self) -> None: ...
    def step(self) -> None: ...


@dataclass
class History:
    """How training went: the mean loss over each epoch's samples, as they were met."""

    losses: list[float] = field(default_factory=list)


def fit(
    model: Model,
    loss: Loss,
    X: Sequence[Sequence[float]],
    y: Sequence[Any],
    *,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int = 32,
    seed: int = 0,
    progress: Callable[[int, float], None] | None = None,
) -> History:
    """Minimize the mean of loss(model(X[i]), y[i]) by mini-batches, and return the history.

    Every epoch goes once through the samples, in an order shuffled with the seed, `batch_size` at a time;
    the last batch may be smaller. After each epoch, progress(epoch from 1, mean loss) is called.

    Raises ValueError for no samples, different numbers of samples and targets, a batch size below 1 or
    epochs below 0; TypeError where one of these is no int.
    """
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    if len(X) != len(y):
        raise ValueError(f"every sample has a target, got {len(X)} samples and {len(y)} targets")
    if not len(X):
        raise ValueError("training needs at least 1 sample, got 0")
    for name, number in (("batch_size", batch_size), ("epochs", epochs), ("seed", seed)):
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"{name} is an int, not {type(number).__name__}")
    if batch_size < 1 or epochs < 0:
        raise ValueError(f"batch_size is 1 at least and epochs 0 at least, got {batch_size} and {epochs}")
    generator = random.Random(seed)
    order = list(range(len(X)))
    history = History()
    for epoch in range(1, epochs + 1):
        generator.shuffle(order)
        losses: list[float] = []
        for start in range(0, len(order), batch_size):
            batch = [loss(model(X[i]), y[i]) for i in order[start : start + batch_size]]
            optimizer.zero_grad()
            mean(batch).backward()
            optimizer.step()
            losses += [sample.data for sample in batch]
        history.losses.append(add_up(losses) / len(losses))
        if progress is not None:
            progress(epoch, history.losses[-1])
    return history


def accuracy(model: Model, X: Sequence[Sequence[float]], y: Sequence[int]) -> float:
    """The share of samples whose largest output is that of their class; a ValueError for none, or unequal lengths."""
    if len(X) != len(y) or not len(X):
        raise ValueError(f"accuracy needs samples and as many classes, got {len(X)} and {len(y)}")
    return sum(predicted_class(model(x)) == target for x, target in zip(X, y, strict=True)) / len(X)


def predicted_class(outputs: Sequence[Value]) -> int:
    """The index of the largest output, the first of several; a ValueError for no outputs."""
    if not outputs:
        raise ValueError("there is no largest among 0 outputs")
    return max(range(len(outputs)), key=lambda i: outputs[i].data)
