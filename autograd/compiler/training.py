"""Training in machine code: many steps of an optimizer in one call, with no Python between batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.atomic import all_or_none
from autograd.compiler import jit
from autograd.compiler.compiled import (
    Array,
    Kernel,
    Request,
    address_of,
    refuse_too_many_edges,
    refuse_too_many_instructions,
    remembered,
    structure,
    target_of,
)
from autograd.compiler.module import lay_out
from autograd.compiler.plan import Results, plan, recorded
from autograd.compiler.steps import Formula, Layout, shared, space, steps
from autograd.compiler.summation import shares
from autograd.derivatives import gradient_graph
from autograd.value import Value

Indices = NDArray[np.int64]


class _StepsKernel:
    """Machine code for steps: of a loss's structure, a formula, and how many numbers of a row are drawn."""

    def __init__(
        self,
        loss: Value,
        inputs: Sequence[Value],
        fixed: Sequence[Value],
        parameters: Sequence[Value],
        formula: Formula,
        drawn: int,
        *,
        exact: bool,
    ) -> None:
        share = Value(1.0)  # of a sample in its batch's mean: a number of the row, as all else
        added = gradient_graph(loss * share, parameters)
        self.layout = Layout(len(fixed), len(parameters), len(formula.memory))
        planned = plan(Results([[loss]], added), [*inputs, share], [*fixed, *parameters])
        refuse_too_many_instructions(planned)
        code = lay_out(planned, target_of(planned, exact=exact))
        text = steps(code, formula, self.layout, drawn)
        self.block = code.target.block
        self.columns = len(inputs) - drawn
        self.space = space(code, self.columns, drawn)
        self._code = jit.MachineCode(text, 19, planned.instructions, shared=shared(code, formula), keep=_rules(loss))
        self.run = self._code.run


class Training:
    """Steps of an optimizer on rows of data, a state that they change, and what is left of the last one.

    loss        the recorded loss of one row
    inputs      the leaves that each row gives numbers to: first those of the data, then `drawn` that each turn draws
    parameters  the leaves that are moved
    fixed       further leaves that keep their numbers
    formula     how they are moved, from a gradient of the batch's mean loss
    penalty     a function of parameters, added to each batch's mean; or None

    A batch's gradient has the bits of `Compiled.value_and_gradient` on its rows, and a step those of the formula on
    floats. `order` says which rows a batch takes, so that data stands in memory once.
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
    ) -> None:
        refuse_too_many_edges([loss], inputs)
        self.formula, self.drawn = formula, drawn
        key = (structure([loss], inputs, [*fixed, *parameters]), formula, len(fixed), drawn, exact)
        self._kernel = remembered(
            key, lambda: _StepsKernel(loss, inputs, fixed, parameters, formula, drawn, exact=exact)
        )
        self.layout = layout = self._kernel.layout
        self._states = np.zeros((2, layout.size))
        self._gradient = np.zeros(layout.padded)
        self._part = np.zeros(layout.padded)
        self._steps = np.zeros(1, np.int64)
        self._addresses = [address_of(own) for own in (self._states, self._gradient, self._part, self._steps)]
        self._scratch, self._scratch_address = _aligned(self._kernel.space)
        self._penalty: Any = None
        self._penalty_addresses = (0, 0, 0, 0)
        if penalty is not None:
            self._add_penalty(penalty, [*fixed, *parameters], layout, exact=exact)
        self._tables: dict[int, Indices] = {}
        self._loss, self._inputs, self._numbers, self._exact = loss, tuple(inputs), (*fixed, *parameters), exact
        self._values: Kernel | None = None

    def _add_penalty(self, penalty: Value, numbers: Sequence[Value], layout: Layout, *, exact: bool) -> None:
        request = Request(0, per_row=True)
        kernel = remembered(
            (structure([penalty], (), numbers), request, exact),
            lambda: Kernel([penalty], (), numbers, request, exact=exact),
        )
        scratch, address = _aligned(kernel.room)
        value, gradient = np.zeros(1), np.zeros(layout.fixed + layout.padded)
        self._penalty = kernel, scratch, value, gradient
        self._penalty_addresses = (
            kernel.address,
            address,
            value.ctypes.data,
            gradient.ctypes.data + 8 * layout.fixed,
        )

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
        """What is remembered of each parameter: change it in place."""
        return {name: self._state(1 + k) for k, name in enumerate(self.formula.memory)}

    @property
    def fixed(self) -> Array:
        """The numbers of the leaves that aren't moved; `fix` changes them."""
        numbers: Array = self._states[0, : self.layout.fixed]
        return numbers

    def fix(self, numbers: Sequence[float]) -> None:
        """Give the leaves that aren't moved their numbers."""
        self._states[:, : self.layout.fixed] = numbers

    def last(self) -> tuple[Array, Array, dict[str, Array]]:
        """What went into the last step: the parameters, their gradient, and what was remembered."""
        memory = {name: self._state(1 + k, before=True) for k, name in enumerate(self.formula.memory)}
        return self._state(0, before=True), self._gradient[: self.layout.parameters], memory

    def value(self, rows: Array) -> Array:
        """The loss of each of these rows."""
        if self._values is None:
            key = (structure([self._loss], self._inputs, self._numbers), Request(), self._exact)
            self._values = remembered(
                key, lambda: Kernel([self._loss], self._inputs, self._numbers, Request(), exact=self._exact)
            )
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
        """Steps on the rows of the data in this order, `batch` at a time; how many were taken.

        hyperparameters   a row for each step: its number t, and the formula's constants
        losses            of each sample in the order, written
        drawn             for each sample in the order, the numbers that its turn draws

        Fewer steps are taken than there are batches where the next one meets a number that isn't finite: a mean loss,
        a gradient, a new parameter.
        """
        self._check(data, order, batch, hyperparameters, losses, drawn)
        first, odd = self.taken, self.taken % 2
        before = self._states[odd].copy()
        wanted = -(-len(order) // batch)
        self._call(data, order, batch, hyperparameters, losses, drawn)
        taken = self.taken - first
        if taken < wanted:  # what the step that wasn't taken has overwritten is made again
            all_or_none([(np.copyto, self._states[odd], before), (np.copyto, self._steps, np.array([first]))])
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
        self._kernel.run(
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
            *self._penalty_addresses,
        )

    def _shares(self, rows: int) -> Indices:
        """How many shares so many rows have, and where each begins; last, where the last one ends."""
        table = self._tables.get(rows)
        if table is None:
            found = shares(rows, self._kernel.block)
            table = self._tables[rows] = np.array([len(found), *(begin for begin, _ in found), rows])
        return table


def _check_array(name: str, array: Any, shape: tuple[int, ...], kind: Any) -> None:
    if array is None or array.shape != shape or array.dtype != kind or not array.flags.carray:
        raise ValueError(f"{name} must be an array of {kind.__name__} of shape {shape}")


def _rules(loss: Value) -> set[Any]:
    """The operations, whose ids are in the structure: they are kept as long as the code."""
    return {node.operation for node in recorded([loss])}


def _aligned(numbers: int) -> tuple[Array, int]:
    """Room for so many numbers, and its first address that begins a line of the cache."""
    room = np.empty(numbers + 8)
    return room, -(-room.ctypes.data // 64) * 64
