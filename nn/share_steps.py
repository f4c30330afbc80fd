"""Steps on batches that are cut into shares, whose gradients are added up in order, whoever has computed them.

A batch of n samples is cut by n alone (`autograd.compiler.summation.cut`). Each share has the sum that compiled code
gives of its rows, and the batch's gradient is the sum of the shares' sums, from left to right. So one process has the
bits of any number of workers, each of which computes some of the shares and gets the sums of all.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nn.batch_steps import BatchSteps
from nn.problem import TrainingStopped

if TYPE_CHECKING:
    from autograd.compiler.graph import Structure
    from nn.rows import Array
    from nn.shares import Shares


class WorkersLostError(TrainingStopped):
    """A worker has left or doesn't answer, so that no step has all of its shares."""

    kind = ConnectionError


class WorkersDifferError(TrainingStopped):
    """A worker trains something else than the others."""

    kind = ValueError


class ShareSteps(BatchSteps):
    """Train batch by batch; each batch's gradient is computed share by share."""

    def structures(self) -> list[Structure]:
        """What is compiled for the samples of each shape."""
        codes: list[Any] = [self._code(kind) for kind in range(len(self.recorded.each))]
        return [code.structure for code in codes]

    def _gradient(self, batch: Sequence[int]) -> tuple[Array, Array]:
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        from autograd.compiler.summation import cut  # noqa: PLC0415 — as above

        shares = self.recorded.problem.shares
        assert shares is not None
        bounds = cut(len(batch), shares.count)
        parts = [self._share(batch, *bounds[k]) for k in shares.of(shares.rank)]
        losses, sums = np.concatenate([losses for losses, _ in parts]), [gradient for _, gradient in parts]
        if shares.workers is not None:
            losses, sums = self._of_all(shares, bounds, losses, sums)
        return losses, functools.reduce(np.add, sums)  # not np.add.reduce, which has another order

    def _share(self, batch: Sequence[int], first: int, last: int) -> tuple[Array, Array]:
        import numpy as np  # noqa: PLC0415 — as above

        if first == last:
            return np.empty(0), np.zeros(len(self.recorded.parameters))
        return self._part(batch[first:last], len(batch))

    def _of_all(
        self, shares: Shares, bounds: list[tuple[int, int]], losses: Array, sums: list[Array]
    ) -> tuple[Array, list[Array]]:
        """Losses and sums of all shares. Messages have one length: a checksum, losses, sums, and room that is left."""
        import numpy as np  # noqa: PLC0415 — as above

        width, ranks = len(self.recorded.parameters), range(shares.size)
        heights = [bounds[shares.of(rank)[-1]][1] - bounds[shares.of(rank)[0]][0] for rank in ranks]
        message = np.zeros(1 + max(heights) + max(len(shares.of(rank)) for rank in ranks) * width)
        message[0] = zlib.crc32(self.numbers().data)
        message[1 : 1 + len(losses)] = losses
        own = message[1 + max(heights) :][: len(sums) * width]
        np.concatenate(sums, out=own)
        found = gathered(shares, message)
        if other := next((rank for rank in ranks if found[rank][0] != found[0][0]), 0):
            raise WorkersDifferError(
                f"worker {other} has other parameters than worker 0, perhaps because a callback has changed those "
                "of one worker alone; no step was taken since"
            )
        losses = np.concatenate([found[rank][1 : 1 + heights[rank]] for rank in ranks])
        tables = [found[rank][1 + max(heights) :].reshape(-1, width)[: len(shares.of(rank))] for rank in ranks]
        return losses, [row for table in tables for row in table]


def gathered(shares: Shares, message: Array) -> list[Array]:
    """The messages of all workers, in the order of their ranks."""
    import numpy as np  # noqa: PLC0415 — as above

    assert shares.workers is not None
    try:
        found = [np.asarray(each) for each in shares.workers.allgather(message)]
    except OSError as error:
        raise WorkersLostError(str(error)) from error
    if len(found) != shares.size or any(each.shape != message.shape or each.dtype != message.dtype for each in found):
        raise WorkersDifferError(
            f"allgather must give an array of float64 of shape {message.shape} for each of {shares.size} workers, "
            f"got {[(str(each.dtype), each.shape) for each in found]}"
        )
    return found
