"""Training in machine code: many steps of an optimizer in one call, with no Python between batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.atomic import all_or_none
from autograd.compiler.cache import cached
from autograd.compiler.formula import Formula, StateLayout
from autograd.compiler.graph import recorded, structure
from autograd.compiler.kernel import Kernel
from autograd.compiler.limits import refuse_too_many_edges
from autograd.compiler.memory import Array, Indices, address_of, aligned
from autograd.compiler.pipeline import compile_steps, kernel_for
from autograd.compiler.results import VALUE, Request
from autograd.compiler.summation import shares
from autograd.value import Value

NO_PENALTY = (0, 0, 0, 0)
"""Placeholders for the addresses of a `_Penalty` where there is none."""


class _Penalty:
    """A penalty's code, which the code of steps calls by its address, and the memory that it writes to.

    addresses   of the code, its scratch memory, the penalty's value, and its gradient by the parameters
    """

    def __init__(self, penalty: Value, numbers: Sequence[Value], state: StateLayout, *, exact: bool) -> None:
        # There is one row, without numbers. "Per row" gives its gradient without a sum over rows
        self.kernel = kernel_for([penalty], (), numbers, Request(of=0, per_row=True), exact=exact)
        self.scratch, scratch_address = aligned(self.kernel.layout.scratch_numbers)
        self.value, self.gradient = np.zeros(1), np.zeros(state.fixed + state.padded)
        self.addresses = (
            self.kernel.machine.address,
            scratch_address,
            address_of(self.value),
            address_of(self.gradient),
        )


class Training:
    """Steps of an optimizer on rows of data, and the state that they change.

    loss        the recorded loss of one row
    inputs      the leaves to which each row gives numbers: first those of the data, then `drawn` random ones
    parameters  the leaves that a step changes
    fixed       further leaves, which keep their numbers
    formula     the new parameters, from the gradient of the batch's mean loss
    penalty     a function of the parameters, added to each batch's mean loss; or None
    clip        four numbers c, ε, least and most, by which a gradient with the sum of squares s is multiplied by
                min(1, c / (√s + ε)), where least < s < most; or None

    A batch's gradient has the bits of `Compiled.value_and_gradient` on its rows, and a step has the bits of the
    formula on floats.
    """

    def __init__(
        self,
        loss: Value,
        inputs: Sequence[Value],
        parameters: Sequence[Value],
        formula: Formula,
        *,
        fixed: Sequence[Value] = (),
        drawn: int = 0,
        penalty: Value | None = None,
        exact: bool = True,
        clip: tuple[float, float, float, float] | None = None,
    ) -> None:
        graph = recorded([loss])
        refuse_too_many_edges(graph, [loss], inputs)
        numbers = (*fixed, *parameters)
        self.formula, self.drawn = formula, drawn
        self._loss, self._inputs, self._numbers, self._exact = loss, tuple(inputs), numbers, exact
        key = (structure(graph, [loss], inputs, numbers), formula, len(fixed), drawn, exact, clip is not None)
        self._kernel = kernel = cached(
            key,
            lambda: compile_steps(
                loss, inputs, fixed, parameters, formula, drawn, exact=exact, clipped=clip is not None
            ),
        )
        self.layout = state = kernel.state
        self._states = np.zeros((2, state.size))
        self._gradient = np.zeros(state.padded)
        self._part = np.zeros(state.padded)
        self._steps = np.zeros(1, np.int64)
        self._addresses = [address_of(own) for own in (self._states, self._gradient, self._part, self._steps)]
        self._scratch, self._scratch_address = aligned(kernel.scratch_numbers)
        self._penalty = None if penalty is None else _Penalty(penalty, numbers, state, exact=exact)
        self._clip = np.array(clip or (), dtype=np.float64)
        self._share_tables: dict[int, Indices] = {}
        self._values: Kernel | None = None

    # State

    @property
    def taken(self) -> int:
        """The number of steps taken so far."""
        return int(self._steps[0])

    def _state(self, k: int, *, before: bool = False) -> Array:
        start = self.layout.place(k)
        state: Array = self._states[(self.taken + before) % 2, start : start + self.layout.parameters]
        return state

    @property
    def parameters(self) -> Array:
        """The parameters' numbers: change them in place."""
        return self._state(0)

    @property
    def memory(self) -> dict[str, Array]:
        """The formula's memory of each parameter, by name: change it in place."""
        return {name: self._state(1 + k) for k, name in enumerate(self.formula.memory)}

    @property
    def fixed(self) -> Array:
        """The numbers of the fixed leaves; `fix` changes them."""
        numbers: Array = self._states[0, : self.layout.fixed]
        return numbers

    def fix(self, numbers: Sequence[float]) -> None:
        """Set the numbers of the fixed leaves."""
        self._states[:, : self.layout.fixed] = numbers

    def last(self) -> tuple[Array, Array, dict[str, Array]]:
        """The state before the last step: the parameters, their gradient, and the memory."""
        memory = {name: self._state(1 + k, before=True) for k, name in enumerate(self.formula.memory)}
        return self._state(0, before=True), self._gradient[: self.layout.parameters], memory

    def value(self, rows: Array) -> Array:
        """The loss of each of these rows."""
        if self._values is None:
            self._values = kernel_for([self._loss], self._inputs, self._numbers, VALUE, exact=self._exact)
        numbers = self._states[self.taken % 2]
        rows = np.require(rows, np.float64, ["C", "A"])
        if rows.ndim != 2 or rows.shape[1] != len(self._inputs):
            raise ValueError(f"rows must have the shape (n, {len(self._inputs)}), got {rows.shape}")
        (values,), _ = self._values(rows, numbers, numbers.ctypes.data, 1)
        return values

    # Steps

    def run(
        self, data: Array, order: Indices, batch: int, hyperparameters: Array, losses: Array, drawn: Array | None = None
    ) -> int:
        """Take steps on rows of the data, `batch` of them at a time; return how many were taken.

        order             the rows in the order of training; batches are cut from it, so that the data is never copied
        hyperparameters   a row for each step: its number t, and the formula's constants
        losses            an array that gets the loss of each sample in the order
        drawn             the random numbers of each sample in the order

        A step that meets a number that isn't finite (a mean loss, a gradient, a new parameter), or a gradient that
        can't be clipped, isn't taken, nor is any later step. Raises ValueError for arrays of the wrong shape or type,
        and for an order beyond the data.
        """
        self._check(data, order, batch, hyperparameters, losses, drawn)
        first = self.taken
        before, gradient = self._states.copy(), self._gradient.copy()
        wanted = -(-len(order) // batch)
        self._call(data, order, batch, hyperparameters, losses, drawn)
        taken = self.taken - first
        if taken < wanted:  # the step that wasn't taken has overwritten what the one before left: repeat those before
            back = [(self._states, before), (self._gradient, gradient), (self._steps, np.array([first]))]
            all_or_none((np.copyto, array, numbers) for array, numbers in back)
            self._call(data, order[: taken * batch], batch, hyperparameters, losses, drawn)
        return taken

    def _check(
        self, data: Array, order: Indices, batch: int, hyperparameters: Array, losses: Array, drawn: Array | None
    ) -> None:
        _check_array("data", data, (len(data), self._kernel.columns), np.float64)
        _check_array("order", order, (len(order),), np.int64)
        steps = -(-len(order) // batch)
        _check_array("hyperparameters", hyperparameters, (steps, 1 + len(self.formula.constants)), np.float64)
        _check_array("losses", losses, (len(order),), np.float64)
        if self.drawn:
            _check_array("drawn", drawn, (len(order), self.drawn), np.float64)
        if len(order) and not 0 <= order.min() <= order.max() < len(data):
            raise ValueError(f"order must name rows of the data, from 0 to {len(data) - 1}")

    def _call(
        self, data: Array, order: Indices, batch: int, hyperparameters: Array, losses: Array, drawn: Array | None
    ) -> None:
        full, rest = self._shares(min(batch, len(order))), self._shares(len(order) % batch or 1)
        self._kernel.machine.run(
            data.ctypes.data,
            data.shape[1],
            address_of(order),
            address_of(drawn) if drawn is not None else 0,
            len(order),
            batch,
            address_of(full),
            address_of(rest),
            *self._addresses,
            address_of(hyperparameters),
            address_of(losses),
            self._scratch_address,
            *(self._penalty.addresses if self._penalty is not None else NO_PENALTY),
            address_of(self._clip),
        )

    def _shares(self, rows: int) -> Indices:
        """The shares of this many rows: how many there are, where each begins, and where the last one ends."""
        table = self._share_tables.get(rows)
        if table is None:
            ranges = shares(rows, self._kernel.layout.target.block)
            table = self._share_tables[rows] = np.array([len(ranges), *(first for first, _ in ranges), rows])
        return table


def _check_array(name: str, array: Any, shape: tuple[int, ...], kind: Any) -> None:
    if array is None or array.shape != shape or array.dtype != kind or not array.flags.carray:
        raise ValueError(f"{name} must be an array of {kind.__name__} of shape {shape}, got {_described(array)}")


def _described(array: Any) -> str:
    if not isinstance(array, np.ndarray):
        return repr(array)
    order = "" if array.flags.carray else ", not contiguous, aligned and writable"
    return f"one of {array.dtype} of shape {array.shape}{order}"
