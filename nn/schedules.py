"""Schedules: the learning rate as a function of the epoch or the step.

A schedule is called with t, the number of epochs that are finished, and returns the learning rate for the next one.
`fit` takes it as `schedule=`; a hand-written loop sets `optimizer.lr = schedule(t)`. Any function of t is a schedule,
such as `lambda t: 0.1 / (1 + t)`. Those below have the equations and parameters of PyTorch's torch.optim.lr_scheduler,
but each takes the initial rate as an argument, and has no memory. The same t gives the same rate, so a training
that is resumed has no schedule to restore. `PerStep` makes t count steps.

>>> schedule = WarmUp(Cosine(0.1, T_max=10), total_iters=2, start_factor=0.5)
>>> [round(schedule(t), 4) for t in (0, 1, 2, 5, 10)]
[0.05, 0.0732, 0.0905, 0.05, 0.0]
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from autograd import hints
from autograd.ieee import integer, power, real
from autograd.rules import as_tuple


class Schedule(hints.OnSchedules):
    """Base class of the schedules in this file: a function of t and, where `needs_losses`, of the epochs' losses."""

    needs_losses: ClassVar[bool] = False

    def __call__(self, t: int, losses: Sequence[float] = ()) -> float:
        """Return the learning rate after t epochs; `losses` has the loss of each of them.

        Raises TypeError for a t that is not an int and for losses that are not numbers, ValueError for a t that is
        negative or beyond float64, and for losses that are missing.
        """
        t = integer(t, "t", least=0)
        real(t, "t")  # which an int beyond float64 is not
        return self.rate(t, _numbers(losses) if self.needs_losses else losses)

    def rate(self, t: int, losses: Sequence[float]) -> float:
        """Return the learning rate, for a t that has been checked."""
        raise NotImplementedError

    def _take(self, *, at_most: float = math.inf, **numbers: Any) -> None:
        """Set an attribute to each number, a float from 0 to a bound."""
        bound = "finite and not negative" if at_most == math.inf else f"at least 0 and at most {at_most:g}"
        for name, number in numbers.items():
            _refuse_optimizer(number, name, type(self).__name__)
            checked = real(number, name)
            if not (0 <= checked <= at_most and math.isfinite(checked)):
                raise ValueError(f"{name} must be {bound}, got {number}")
            object.__setattr__(self, name, checked)

    def _count(self, least: int, **numbers: Any) -> None:
        """Set an attribute to each number, an int of at least `least`."""
        for name, number in numbers.items():
            object.__setattr__(self, name, integer(number, name, least=least))


@dataclass(frozen=True)
class Step(Schedule):
    """lr·γ^⌊t / step_size⌋: the rate falls by the factor γ (gamma) every step_size epochs.

    Source: PyTorch's StepLR.

    >>> [Step(0.5, step_size=2, gamma=0.5)(t) for t in range(5)]
    [0.5, 0.5, 0.25, 0.25, 0.125]
    """

    lr: float
    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        self._take(lr=self.lr, gamma=self.gamma)
        self._count(1, step_size=self.step_size)

    def rate(self, t: int, losses: Sequence[float]) -> float:  # noqa: ARG002 — a function of t
        return self.lr * power(self.gamma, float(t // self.step_size))


@dataclass(frozen=True)
class MultiStep(Schedule):
    """lr·γᵏ, where k is the number of milestones up to t: the rate falls by the factor γ at each.

    A milestone that is given twice counts twice. Source: PyTorch's MultiStepLR.

    >>> [MultiStep(0.5, milestones=[1, 3], gamma=0.5)(t) for t in range(5)]
    [0.5, 0.25, 0.25, 0.125, 0.125]
    """

    lr: float
    milestones: Sequence[int]
    gamma: float = 0.1

    def __post_init__(self) -> None:
        self._take(lr=self.lr, gamma=self.gamma)
        object.__setattr__(self, "milestones", _milestones(self.milestones))

    def rate(self, t: int, losses: Sequence[float]) -> float:  # noqa: ARG002 — a function of t
        return self.lr * power(self.gamma, float(bisect_right(self.milestones, t)))


@dataclass(frozen=True)
class Exponential(Schedule):
    """lr·γᵗ: the rate falls by the factor γ (gamma) every epoch.

    Source: PyTorch's ExponentialLR.

    >>> [Exponential(0.5, gamma=0.5)(t) for t in range(3)]
    [0.5, 0.25, 0.125]
    """

    lr: float
    gamma: float

    def __post_init__(self) -> None:
        self._take(lr=self.lr, gamma=self.gamma)

    def rate(self, t: int, losses: Sequence[float]) -> float:  # noqa: ARG002 — a function of t
        return self.lr * power(self.gamma, float(t))


@dataclass(frozen=True)
class Cosine(Schedule):
    """η + (lr − η)·(1 + cos(π·t / T_max)) / 2: half a wave from lr down to η (eta_min) in T_max epochs.

    After these it rises again, as the cosine does. Source: I. Loshchilov, F. Hutter, arXiv:1608.03983, eq. 5, without
    restarts; PyTorch's CosineAnnealingLR.

    >>> [round(Cosine(0.5, T_max=4)(t), 4) for t in range(5)]
    [0.5, 0.4268, 0.25, 0.0732, 0.0]
    """

    lr: float
    T_max: int
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        self._take(lr=self.lr, eta_min=self.eta_min)
        self._count(1, T_max=self.T_max)

    def rate(self, t: int, losses: Sequence[float]) -> float:  # noqa: ARG002 — a function of t
        return self.eta_min + (self.lr - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """(a + (b − a)·min(t, n) / n)·schedule(t): another schedule, or a constant rate, times a factor that rises.

    The factor goes from a (start_factor) to b (end_factor) in n (total_iters) epochs, and stays there. The other
    schedule begins at the same time; `Piecewise` makes it begin after the warm-up.
    Source: PyTorch's LinearLR, in a ChainedScheduler.

    >>> [round(WarmUp(0.5, total_iters=4, start_factor=0.2)(t), 4) for t in range(6)]
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.5]
    """

    schedule: Callable[[int], float] | float
    total_iters: int = 5
    start_factor: float = 1 / 3
    end_factor: float = 1.0

    def __post_init__(self) -> None:
        _check_part(self.schedule)
        self._count(1, total_iters=self.total_iters)
        self._take(at_most=1.0, start_factor=self.start_factor, end_factor=self.end_factor)

    @property
    def needs_losses(self) -> bool:  # type: ignore[override]
        """Whether the other schedule needs them."""
        return needs_losses(self.schedule)

    def rate(self, t: int, losses: Sequence[float]) -> float:
        rise = (self.end_factor - self.start_factor) * t / self.total_iters
        factor = self.start_factor + rise if t < self.total_iters else self.end_factor  # which a sum might miss
        return factor * _rate_of(self.schedule, t, losses)


@dataclass(frozen=True)
class Piecewise(Schedule):
    """Schedules (or constant rates) one after the other; each but the first begins at its milestone, as if at t = 0.

    Source: PyTorch's SequentialLR.

    >>> schedule = Piecewise([WarmUp(0.5, total_iters=2, start_factor=0.5), Exponential(0.5, gamma=0.5)], [2])
    >>> [schedule(t) for t in range(5)]
    [0.25, 0.375, 0.5, 0.25, 0.125]
    """

    schedules: Sequence[Callable[[int], float] | float]
    milestones: Sequence[int]

    def __post_init__(self) -> None:
        schedules = as_tuple(self.schedules, "schedules")
        milestones = _milestones(self.milestones)
        if not schedules or len(milestones) != len(schedules) - 1:
            raise ValueError(
                "there must be one more schedule than milestones, "
                f"got {len(schedules)} schedules and {len(milestones)} milestones"
            )
        for schedule in schedules:
            _check_part(schedule)
        object.__setattr__(self, "schedules", schedules)
        object.__setattr__(self, "milestones", milestones)

    @property
    def needs_losses(self) -> bool:  # type: ignore[override]
        """Whether one of the schedules needs them."""
        return any(map(needs_losses, self.schedules))

    def rate(self, t: int, losses: Sequence[float]) -> float:
        k = bisect_right(self.milestones, t)
        begin = self.milestones[k - 1] if k else 0
        return _rate_of(self.schedules[k], t - begin, losses[begin:])


@dataclass(frozen=True)
class OnPlateau(Schedule):
    """lr times `factor` for each time that the loss stood still for more than `patience` epochs.

    A loss counts as lower if it is below best·(1 − threshold) or, with threshold_mode="abs", below best − threshold;
    with mode="max", higher is better. The `cooldown` epochs after each fall don't count. The rate never falls below
    min_lr, and a fall by eps or less is left out.

    The losses are given with t, oldest first: `fit` gives those of the held-out samples if there are any, otherwise
    those of training; a hand-written loop calls `schedule(t, losses)`. Source: PyTorch's ReduceLROnPlateau.

    >>> schedule = OnPlateau(0.5, factor=0.5, patience=1)
    >>> schedule(4, [3.0, 2.0, 2.5, 2.0]), schedule(4, [3.0, 2.0, 2.5, 1.0])
    (0.25, 0.5)
    """

    lr: float
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    cooldown: int = 0
    min_lr: float = 0.0
    eps: float = 1e-8
    mode: str = "min"
    threshold_mode: str = "rel"
    needs_losses: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self._take(lr=self.lr, threshold=self.threshold, min_lr=self.min_lr, eps=self.eps)
        self._take(at_most=1.0, factor=self.factor)
        self._count(0, patience=self.patience, cooldown=self.cooldown)
        for name, words in (("mode", ("min", "max")), ("threshold_mode", ("rel", "abs"))):
            if (word := getattr(self, name)) not in words:
                raise ValueError(f"{name} must be {' or '.join(map(repr, words))}, got {word!r}")

    def rate(self, t: int, losses: Sequence[float]) -> float:
        if len(losses) < t:
            raise ValueError(f"OnPlateau needs the losses of the {t} epochs that are finished, got {len(losses)}")
        lr, best, bad, cooling = self.lr, math.inf if self.mode == "min" else -math.inf, 0, 0
        for loss in losses[:t]:
            if self._is_better(loss, best):
                best, bad = loss, 0
            else:
                bad += 1
            if cooling:
                cooling, bad = cooling - 1, 0
            if bad > self.patience:
                lower = max(lr * self.factor, self.min_lr)
                lr = lower if lr - lower > self.eps else lr
                cooling, bad = self.cooldown, 0
        return lr

    def _is_better(self, loss: float, best: float) -> bool:
        sign = 1 if self.mode == "min" else -1
        if math.isinf(best):  # the first loss; ∞·0 would be nan
            return sign * loss < sign * best
        if self.threshold_mode == "rel":
            return sign * loss < sign * best * (1 - sign * self.threshold)
        return sign * loss < sign * best - self.threshold


@dataclass(frozen=True)
class PerStep(Schedule):
    """schedule(t), where t counts the steps of the optimizer in place of the epochs.

    An epoch of n samples has ⌈n / batch_size⌉ steps.

    >>> PerStep(Exponential(0.5, gamma=0.5))(3)
    0.0625
    """

    schedule: Callable[[int], float]

    def __post_init__(self) -> None:
        _check_part(self.schedule)
        if needs_losses(self.schedule):
            raise ValueError("PerStep's schedule must not need losses, which only epochs have; OnPlateau needs them")

    def rate(self, t: int, losses: Sequence[float]) -> float:
        return _rate_of(self.schedule, t, losses)


def needs_losses(schedule: object) -> bool:
    """Return whether the schedule is a function of t and of the epochs' losses."""
    return isinstance(schedule, Schedule) and schedule.needs_losses


def call(schedule: Callable[[int], float] | float, t: int, losses: Sequence[float] = ()) -> object:
    """Return the rate that a schedule, or any function of t, gives; a constant rate is returned as it is."""
    if isinstance(schedule, Schedule):
        return schedule(t, losses)
    return schedule(t) if callable(schedule) else schedule


def require_rate(found: object, t: int) -> float:
    """Return a learning rate as a float; raise TypeError if it isn't a number, ValueError if negative, inf or nan."""
    rate = real(found, f"the schedule's learning rate at t = {t}")
    if not 0 <= rate < math.inf:
        raise ValueError(f"the schedule's learning rate must be finite and not negative, got {found} at t = {t}")
    return rate


def _rate_of(part: Callable[[int], float] | float, t: int, losses: Sequence[float]) -> float:
    return require_rate(call(part, t, losses), t)


def _refuse_optimizer(thing: object, what: str, kind: str) -> None:
    """Raise TypeError for an optimizer, which PyTorch's schedules hold and change."""
    if hasattr(thing, "zero_grad"):
        raise TypeError(f"{what} must be a learning rate, got an optimizer: write {kind}(0.1, …), and fit(schedule=…)")


def _check_part(schedule: object) -> None:
    """Raise TypeError or ValueError for anything but a schedule, a function or a rate."""
    if isinstance(schedule, PerStep):
        raise TypeError("PerStep must be the outermost schedule, got one inside another")
    if callable(schedule):
        return
    _refuse_optimizer(schedule, "a schedule that is no function", "Step")
    rate = real(schedule, "a schedule that is no function")
    if not 0 <= rate < math.inf:
        raise ValueError(f"a constant learning rate must be finite and not negative, got {schedule}")


def _numbers(losses: Sequence[float]) -> Sequence[float]:
    """Losses as floats; a list of floats as it is."""
    if isinstance(losses, list) and {*map(type, losses)} <= {float}:
        return losses
    return [real(loss, "a loss") for loss in as_tuple(losses, "losses")]


def _milestones(milestones: Sequence[int]) -> tuple[int, ...]:
    """Milestones in their order."""
    found = tuple(integer(milestone, "a milestone", least=0) for milestone in as_tuple(milestones, "milestones"))
    if sorted(found) != list(found):
        raise ValueError(f"milestones must be in ascending order, got {', '.join(map(str, found))}")
    return found


KINDS: tuple[type[Schedule], ...] = (Step, MultiStep, Exponential, Cosine, WarmUp, Piecewise, OnPlateau, PerStep)
"""The schedules of this package, which `docs/optimizers.md` lists."""


def __getattr__(name: str) -> Any:
    raise hints.of_module(__name__, hints.OF_SCHEDULES, name)
