"""Steps batch by batch: compiled code gives the gradient, and the optimizer steps on arrays or by its own method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.atomic import all_or_none
from autograd.node import setting_data, setting_gradients
from nn.clipping import clip_array

if TYPE_CHECKING:
    from autograd import Compiled
    from nn.array_steps import ArraySteps
    from nn.graph_steps import GraphSteps
    from nn.numpy_code import NumPyCode
    from nn.problem import StepRates
    from nn.recordings import Recordings
    from nn.rows import Array


class BatchSteps:
    """A batch at a time, of samples of one shape or of several, whose gradients are added up shape by shape.

    With `arrays`, the optimizer's steps on arrays, the Values are those of an earlier step until `store`. Without, they
    are changed by the optimizer itself, with the penalty's gradient by the graph engine, and the code's numbers follow.

    adds_penalty  whether the gradient has the penalty's, too, where the optimizer steps on arrays
    """

    adds_penalty = False

    def __init__(self, recorded: Recordings, graph: GraphSteps) -> None:
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        self.recorded, self.graph = recorded, graph
        self.arrays: ArraySteps | None = None
        self.codes: dict[int, Compiled | NumPyCode] = {}
        self._numbers = np.empty(len(recorded.numbers))

    def load(self, arrays: ArraySteps | None) -> None:
        """Copy the numbers from the Values; `arrays` are the optimizer's steps on arrays, None for its own method."""
        self.arrays = arrays
        self._numbers[:] = [value.data for value in self.recorded.numbers]

    def _code(self, kind: int) -> Compiled | NumPyCode:
        """The code for samples of one shape: each loss times its share in the batch's mean, and the loss."""
        code = self.codes.get(kind)
        if code is None:
            recording, share = self.recorded.each[kind], Value(1.0)  # a number of the row, as all else
            code = self._made([recording.loss * share, recording.loss], [*recording.inputs, share])
            self.codes[kind] = code
        code.parameters[:] = self.numbers()
        return code

    def _made(self, outputs: Sequence[Value], inputs: Sequence[Value]) -> Compiled | NumPyCode:
        """New code for these outputs."""
        from autograd import compile as compiled  # noqa: PLC0415 — only what is compiled needs it

        return compiled(outputs, inputs, self.recorded.numbers, exact=self.recorded.problem.exact)

    def _rows(self, own: Array) -> Array:
        """The rows of samples of a batch, as the code takes them."""
        return own

    def numbers(self) -> Array:
        """The current numbers."""
        if self.arrays is None:
            self._numbers[:] = [value.data for value in self.recorded.numbers]
        return self._numbers

    def steps(self, order: Any, size: int, rates: StepRates | None = None) -> Any:  # noqa: ARG002
        """Take a step on the first batch of samples in this order, at the current rate; return their losses before it.

        If a number in the step isn't finite, or if some parameters are to stay as they are while all are stepped on
        arrays, the step is not taken, and no losses are returned.
        """
        import numpy as np  # noqa: PLC0415 — as above

        batch = order[:size]
        reached = self.recorded.reached_by(batch)
        if self.arrays is not None and len(reached) < len(self.recorded.parameters):
            return []  # the graph engine steps, after which the parameters differ in age
        losses, gradient = self._gradient(batch)
        total = float(np.add.accumulate(losses)[-1])  # from left to right, as np.sum would not
        arrays, count = self.arrays, len(self.recorded.parameters)
        own = self._numbers[:count]
        is_finite = bool(np.isfinite(gradient).all())
        clip = self.recorded.problem.clip_norm
        clipped = gradient if clip is None or not is_finite else clip_array(gradient, clip)
        step = arrays.next(own, clipped) if arrays is not None else None
        if arrays is None or step is None:
            self.store()
            self.arrays = None  # the optimizer's formula may have changed to one that is not for arrays
            gradients = dict(zip(self.recorded.parameters, gradient.tolist(), strict=True))
            own_gradients = {parameter: gradients[parameter] for parameter in reached}
            taken = self.graph.step_by(total / len(losses), own_gradients)
            return losses if taken else self.graph.step([int(i) for i in batch])
        if not (math.isfinite(total) and is_finite and np.isfinite(step.w).all()):
            return []
        all_or_none([(np.copyto, own, step.w), (object.__setattr__, arrays, "last", step.last)])
        return losses

    def _gradient(self, batch: Sequence[int]) -> tuple[Array, Array]:
        """The samples' losses, and the gradient of their mean."""
        return self._part(batch, len(batch))

    def _part(self, samples: Sequence[int], n: int) -> tuple[Array, Array]:
        """The losses of samples, at least one, of a batch of n, and the gradient of their sum / n."""
        import numpy as np  # noqa: PLC0415 — as above

        losses, total = np.empty(len(samples)), None
        for kind, which, own in self.recorded.rows.by_shape(samples):
            rows = np.column_stack([self._rows(own), np.full(len(own), 1 / n)])
            values, gradient = self._code(kind).value_and_gradient(rows)
            losses[which] = values[:, 1]
            total = gradient if total is None else total + gradient
        assert total is not None
        return losses, total[: len(self.recorded.parameters)]

    def losses(self, kind: int, rows: Array) -> Array:
        """The loss of each row, at the current numbers."""
        import numpy as np  # noqa: PLC0415 — as above

        losses: Array = self._code(kind).value(np.column_stack([rows, np.ones(len(rows))]))[:, 1]
        return losses

    def store(self) -> None:
        """Copy the last step's numbers and gradients to the Values, and the memory to the optimizer.

        If no step was taken since the last copy, nothing is copied, because a callback may have changed the Values.
        """
        arrays = self.arrays
        if arrays is None or arrays.last is arrays.stored:
            return
        all_or_none(
            [
                setting_data(self.recorded.numbers, self._numbers.tolist()),
                setting_gradients(self.recorded.parameters, arrays.gradient()),
                *arrays.storing(),
            ]
        )
