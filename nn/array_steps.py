"""An optimizer's steps on all parameters at once, as an array: the same formula, and the same bits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from nn.updates import Step, Update, constants_of, inputs_of


class Owner(Protocol):
    """The optimizer whose steps these are; its attribute `_record` holds the last ones."""

    @property
    def update(self) -> Update: ...
    def initial(self, name: str) -> float: ...


class Columns:
    """The last steps of many parameters, kept as arrays until the step of a single parameter is asked for.

    before   the steps of all parameters, of which those at `indices` are out of date
    last     the last step of the parameters at `indices`, its numbers as arrays
    """

    def __init__(self, before: list[Step | None], indices: Sequence[int], last: Step) -> None:
        self.before, self.indices, self.last = before, indices, last

    @cached_property
    def steps(self) -> list[Step | None]:
        """The steps, parameter by parameter."""
        update, inputs, results, earlier = self.last
        n = len(self.indices)
        groups = [[_repeated(column, n) for column in group] for group in (inputs, results, earlier.values())]
        rows = zip(*(zip(*group, strict=True) if group else [()] * n for group in groups), strict=True)
        steps = list(self.before)
        for i, (own_inputs, own_results, own_earlier) in zip(self.indices, rows, strict=True):
            steps[i] = (update, own_inputs, own_results, dict(zip(earlier, own_earlier, strict=True)))
        return steps

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (self.steps,)


class ArraySteps:
    """An optimizer's steps on an array of parameters at once.

    `next` computes a step, which is taken by copying its `w` into the array and its `last` into this attribute.
    `storing` gives the last step back to the optimizer, parameter by parameter; `stored` is the last one given back.
    """

    def __init__(self, optimizer: Owner, indices: Sequence[int], last: Step | None) -> None:
        self.optimizer = optimizer
        self.indices = indices
        self.last = self.stored = last
        self._known = self._record()

    def _record(self) -> Any:
        return self.optimizer._record  # type: ignore[attr-defined]  # noqa: SLF001 — its own steps

    def inputs(self, w: Any, g: Any) -> tuple[Update, tuple[Any, ...], dict[str, Any]] | None:
        """The formula of the next step, the hyperparameters that it reads, and the optimizer's memory.

        None if the formula has changed to one that arrays can't compute, or if a hyperparameter is not a number.
        """
        update = self.optimizer.update
        constants = constants_of(update, self.optimizer)
        if not (update.is_plain and all(type(constant) is float for constant in constants)):
            return None
        return update, *inputs_of(update, w, g, self.last, constants, self.optimizer.initial)

    def take(self, update: Update, inputs: tuple[Any, ...], earlier: dict[str, Any]) -> None:
        """Note as the last step one that compiled code took, from these inputs."""
        self.last = (update, inputs, update.on_arrays(*inputs), earlier)

    def next(self, w: Any, g: Any) -> ArrayStep | None:
        """Compute the step for these gradients, without taking it; None where `inputs` gives None."""
        found = self.inputs(w.copy(), g)
        if found is None:
            return None
        update, inputs, earlier = found
        results = update.on_arrays(*inputs)
        return ArrayStep(results[update.w_index], (update, inputs, results, earlier))

    def storing(self) -> list[tuple[Any, ...]]:
        """The calls that give the last step back to the optimizer, for `all_or_none`."""
        if self.last is None:
            return []
        record = self._record()
        if isinstance(record, Columns):
            record = record.before if record.indices == self.indices else record.steps
        columns = Columns(record, self.indices, self.last)
        settings = [(self.optimizer, "_record", columns), (self, "_known", columns), (self, "stored", self.last)]
        return [(object.__setattr__, *setting) for setting in settings]

    def gradient(self) -> list[float]:
        """The gradient of the last step."""
        gradient: list[float] = self.last[1][1].tolist() if self.last is not None else []
        return gradient

    def is_current(self) -> bool:
        """Whether the last step here is still the optimizer's last: it hasn't taken one by itself since."""
        return self._record() is self._known


def stacked(steps: Sequence[Step]) -> Step:
    """Stack the last steps of parameters, which share formula and age, into one step on arrays."""
    import numpy as np  # noqa: PLC0415 — only for those who have arrays

    update, (_, _, t, *_), _, earlier = steps[0]
    w, g, _, *inputs = (np.array(column) for column in zip(*(step[1] for step in steps), strict=True))
    results = tuple(np.array(column) for column in zip(*(step[2] for step in steps), strict=True))
    return update, (w, g, t, *inputs), results, {name: np.array([step[3][name] for step in steps]) for name in earlier}


class ArrayStep(NamedTuple):
    """A computed step: the new parameters w, and the record of the step."""

    w: Any
    last: Step


def _repeated(column: Any, n: int) -> list[float]:
    """An array's numbers one by one, or the same number for each."""
    numbers: list[float] = column.tolist() if hasattr(column, "tolist") else [column] * n
    return numbers if isinstance(numbers, list) else [numbers] * n
