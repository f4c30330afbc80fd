"""Many steps in one call of machine code: it takes the order of the samples, and gives losses and new parameters."""

from __future__ import annotations

import contextlib
from time import perf_counter
from typing import TYPE_CHECKING, Any

from autograd.atomic import all_or_none
from autograd.node import setting_data, setting_gradients
from nn.chance import Draws
from nn.clipping import EPSILON, LEAST_SQUARES, MOST_SQUARES

if TYPE_CHECKING:
    from autograd.compiler.formula import Formula
    from nn.array_steps import ArraySteps
    from nn.problem import StepRates
    from nn.recordings import Recordings
    from nn.rows import Array
    from nn.updates import Update

    Coming = tuple[Update, tuple[Any, ...], dict[str, Any]]
    """An optimizer's next step: its formula, what goes into it, and what earlier formulas computed."""

SECONDS_OF_A_CALL = 0.04  # so that a bar moves, and Ctrl-C waits no longer than that
MAX_DRAWN = 1_000_000  # numbers that are drawn at a time


class KernelSteps:
    """Steps by machine code that goes from batch to batch by itself; only `store` brings the Values up to date."""

    def __init__(self, recorded: Recordings, formula: Formula) -> None:
        from autograd.compiler.training import Training  # noqa: PLC0415 — only what is compiled needs it

        problem, (recording,) = recorded.problem, recorded.each
        self.recorded, self.formula = recorded, formula
        self.fixed = recorded.numbers[len(recorded.parameters) :]
        self.draws = Draws(recording.generators)
        self.kernel = Training(
            recording.loss,
            recording.inputs,
            recorded.parameters,
            formula,
            fixed=self.fixed,
            drawn=self.draws.width,
            penalty=problem.penalty_now() if problem.penalty is not None else None,
            exact=problem.exact,
            clip=None if problem.clip_norm is None else (problem.clip_norm, EPSILON, LEAST_SQUARES, MOST_SQUARES),
        )
        self.seconds_of_a_sample = SECONDS_OF_A_CALL  # one batch, until it is known
        self.rates: list[float] = []  # of the steps of the next call, if there is a schedule
        self.next_rate: float | None = None  # of the next step, while later ones are tried
        # the steps before the call under way, its samples, how many are in a batch, and its rates
        self.running: tuple[int, int, int, list[float]] = (0, 0, 1, [])

    def load(self, arrays: ArraySteps, coming: Coming) -> None:
        """Copy the numbers from the Values, and the optimizer's memory from its next step."""
        self.arrays, kernel = arrays, self.kernel
        self.update, (_, _, t, *rest), self.earlier = coming
        memory, self.constants = rest[: len(self.update.memory)], rest[len(self.update.memory) :]
        kernel.parameters[:] = [parameter.data for parameter in self.recorded.parameters]
        kernel.fix([value.data for value in self.fixed])
        for name, numbers in zip(kernel.formula.memory, memory, strict=True):
            kernel.memory[name][:] = numbers
        self.stored = kernel.taken
        self.t = t - kernel.taken  # of the kernel's first step

    def numbers(self) -> Array:
        """The current numbers, in the order of `recorded.numbers`."""
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        return np.concatenate([self.kernel.parameters, self.kernel.fixed])

    def losses(self, _kind: int, rows: Array) -> Array:
        """The loss of each row, at the current numbers."""
        return self.kernel.value(rows)

    def steps(self, order: Any, size: int, rates: StepRates | None = None) -> Any:
        """Take steps on the first batches of samples in this order; return each sample's loss before its step.

        `rates` gives the learning rate of each step, counted from 0. If a number in a step isn't finite, neither that
        step nor a later one is taken, and the losses end before it.
        """
        import numpy as np  # noqa: PLC0415 — as above

        order = order[: size * self._batches_of_a_call(size)]
        self.rates = [] if rates is None else self._alike(rates, -(-len(order) // size))
        order = order[: size * len(self.rates)] if self.rates else order
        losses = np.empty(len(order))
        taken = self._run(order, size, losses)
        return losses[:taken]

    def _batches_of_a_call(self, size: int) -> int:
        samples = SECONDS_OF_A_CALL / self.seconds_of_a_sample
        if self.draws.width:
            samples = min(samples, MAX_DRAWN / self.draws.width)
        return max(1, int(samples / size))

    def _run(self, order: Any, size: int, losses: Array) -> int:
        """Take steps on samples in this order; return on how many: fewer if a number in the next step isn't finite."""
        import numpy as np  # noqa: PLC0415 — as above

        steps = -(-len(order) // size)
        hyperparameters = np.empty((steps, 1 + len(self.constants)))
        hyperparameters[:, 0] = np.arange(steps) + (self.t + self.kernel.taken)
        hyperparameters[:, 1:] = self.constants
        if self.rates and "lr" in self.update.constants:
            hyperparameters[:, 1 + self.update.constants.index("lr")] = self.rates
        start = perf_counter()
        self.running = self.kernel.taken, len(order), size, self.rates
        drawn = self.draws.draw(len(order)) if self.draws.width else None
        taken = self.kernel.run(self.recorded.rows.tables[0], order, size, hyperparameters, losses, drawn)
        self._put_back()
        self._note_rate()
        # a first call may be slow for once, and a fast one says little
        self.seconds_of_a_sample = max((perf_counter() - start) / len(order), self.seconds_of_a_sample / 8)
        return min(taken * size, len(order))

    def _alike(self, rates: StepRates, steps: int) -> list[float]:
        """The rates of the next `steps` steps, up to one that changes the formula or whose rate raises an exception."""
        found = [rates(0)]
        self.next_rate = found[0]
        with contextlib.suppress(Exception):  # it comes again, as the first of a call, after the steps before it
            for k in range(1, steps):
                rate = rates(k)
                if rate != found[-1]:
                    self.recorded.problem.set_rate(rate)
                    if self.arrays.optimizer.update is not self.update:
                        break
                found.append(rate)
        self._end_trial()
        return found

    def _end_trial(self) -> None:
        """Set the optimizer's learning rate back to that of the next step."""
        if self.next_rate is not None:
            self.recorded.problem.set_rate(self.next_rate)
            self.next_rate = None

    # After a call

    def _note_rate(self) -> None:
        """Set the optimizer's learning rate to that of the last step taken."""
        first, samples, size, rates = self.running
        taken = self.kernel.taken - first
        if rates and taken:
            rate = rates[taken - 1]
            self.recorded.problem.set_rate(rate)
            self.constants = [
                rate if name == "lr" else c for name, c in zip(self.update.constants, self.constants, strict=True)
            ]
        self.running = first, samples, size, []

    def _put_back(self) -> None:
        """Set the generators back to where the last step taken left them."""
        first, samples, size, _ = self.running
        used = min((self.kernel.taken - first) * size, samples)
        if self.draws.states and used < samples:
            self.draws.used(used)
        self.draws.states = []

    def store(self) -> None:
        """Copy the last step's numbers and gradients to the Values, and the memory to the optimizer.

        If no step was taken since the last copy, nothing is copied, because a callback may have changed the Values.
        """
        self._put_back()  # after an interrupt
        self._end_trial()
        self._note_rate()
        kernel, arrays, recorded = self.kernel, self.arrays, self.recorded
        if kernel.taken == self.stored:
            return
        w, g, memory = kernel.last()
        w, g, *columns = [column.copy() for column in (w, g, *memory.values())]
        arrays.take(self.update, (w, g, self.t + kernel.taken - 1, *columns, *self.constants), self.earlier)
        all_or_none(
            [
                setting_data(recorded.numbers, self.numbers().tolist()),
                setting_gradients(recorded.parameters, g.tolist()),
                (object.__setattr__, self, "stored", kernel.taken),
                *arrays.storing(),
            ]
        )


def formula_of(coming: Coming) -> Formula:
    """The formula of the optimizer's next step, as the compiler takes it."""
    from autograd.compiler.formula import Formula  # noqa: PLC0415 — only what is compiled needs it

    update = coming[0]
    return Formula(tuple(update.lines), tuple(update.memory), tuple(update.constants))
