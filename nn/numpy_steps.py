"""Steps on NumPy's arrays, where llvmlite is missing: batch by batch, with penalties and numbers drawn at random.

`numpy_code` says which bits they have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value
from nn.batch_steps import BatchSteps
from nn.chance import Draws
from nn.graph_steps import ListOrder
from nn.numpy_code import NumPyCode

if TYPE_CHECKING:
    from nn.graph_steps import GraphSteps
    from nn.recordings import Recordings
    from nn.rows import Array


class NumPySteps(BatchSteps):
    """Steps batch by batch, whose gradients NumPy computes, those of a fixed penalty and of random parts included."""

    adds_penalty = True

    def __init__(self, recorded: Recordings, graph: GraphSteps) -> None:
        super().__init__(recorded, graph)
        self.draws = Draws(recorded.each[0].generators)
        self._penalty: NumPyCode | None = None
        for kind in range(len(recorded.each)):
            self._code(kind)  # a graph of too many blocks is refused before the first step

    @property
    def may_draw(self) -> bool:
        """Whether random numbers may be drawn ahead: for samples of one shape, if the optimizer steps on arrays."""
        return len(self.recorded.each) == 1 and self.arrays is not None

    def _made(self, outputs: Sequence[Value], inputs: Sequence[Value]) -> NumPyCode:
        return NumPyCode(outputs, inputs, self.recorded.numbers)

    def steps(self, order: Any, size: int, rates: Any = None) -> Any:
        """As BatchSteps; without a step, the generators stay where they were."""
        losses = super().steps(order, size, rates)
        if len(losses):
            self.draws.states = []
        self._put_back()
        return losses

    def _put_back(self) -> None:
        """Set the generators back to before a step that was not taken."""
        if self.draws.states:
            self.draws.used(0)

    def store(self) -> None:
        """As BatchSteps; after an interrupt, the generators go back to the last step taken."""
        self._put_back()
        super().store()

    def _rows(self, own: Array) -> Array:
        """Rows with the numbers drawn for them."""
        import numpy as np  # noqa: PLC0415 — as above

        return np.concatenate([own, self.draws.draw(len(own))], axis=1) if self.draws.width else own

    def _gradient(self, batch: Sequence[int]) -> tuple[Array, Array]:
        losses, gradient = super()._gradient(batch)
        if self.arrays is None or self.recorded.problem.penalty is None:
            return losses, gradient
        return losses, gradient + self._of_penalty()

    def _of_penalty(self) -> Array:
        """The penalty's gradient; nan where the penalty isn't finite, so that no step is taken."""
        import numpy as np  # noqa: PLC0415 — as above

        if self._penalty is None:
            self._penalty = self._made([self.recorded.problem.penalty_now()], [])
        self._penalty.parameters[:] = self.numbers()
        values, gradient = self._penalty.value_and_gradient(np.empty((1, 0)))
        own = gradient[: len(self.recorded.parameters)]
        return own if math.isfinite(values[0, 0]) else own * math.nan


class ArrayOrder(ListOrder):
    """The graph engine's order of the samples, as an array."""

    def shuffle(self) -> Any:
        """Shuffle once more; return the order."""
        import numpy as np  # noqa: PLC0415 — as above

        return np.array(super().shuffle())
