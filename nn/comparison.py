"""Checks during training that compiled code is still right: losses are compared with those of the graph engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from nn.fixed_graph import spread
from nn.problem import GraphChangedError
from nn.recordings import Recordings

COMPARED = 256  # samples whose graphs are compared, at the start and at the end of training
COMPARED_LAST = 1024  # samples whose losses are compared at the end
SHARE_OF_TIME = 0.1

DIFFERENT = (
    "the graph of sample {} is another than that which was compiled (by a Python `if` on .data, perhaps, or because "
    "the loss reads its target as other than a number): train with compiled=False"
)
CHANGED = (
    "the graph of sample {} is no longer the one that was compiled, perhaps because a Python `if` on .data turned as "
    "the parameters moved; losses and steps may be wrong since then: train with compiled=False"
)

Losses = Callable[[Sequence[int]], list[float]]
"""The losses of samples by compiled code."""


class Comparison:
    """Compares compiled losses with the graph engine's, for a model or a loss that the user wrote.

    compared  how many samples were compared after epochs so far; all have their turn before one is compared again
    credit    how many samples may be compared now, as a float
    """

    def __init__(self, recorded: Recordings) -> None:
        self.recorded = recorded
        self.compared, self.credit = 0, 1.0

    def begin(self, losses: Losses) -> None:
        """Before training: compare the losses and graphs of samples spread over all the data."""
        places = spread(len(self.recorded.rows), COMPARED)
        self._compare(places, places, losses, DIFFERENT)

    def look(self, batches: int | None, losses: Losses) -> None:
        """Compare some samples after an epoch of this many batches, different ones each time; at the end (None) many.

        This takes about a tenth of the epoch's time, which is estimated from the graph, not measured, so that two runs
        compare the same samples. After an epoch too short for one sample, none is compared. Raises GraphChangedError.
        """
        n = len(self.recorded.rows)
        if batches is None:
            self._compare(spread(n, COMPARED_LAST), spread(n, COMPARED), losses, CHANGED)
            return
        computed, edges = self.recorded.computed, self.recorded.edges
        seconds_of_epoch = batches * (20e-6 + 4e-9 * edges) + n * (2e-9 * computed + 8e-11 * edges)  # by experience
        seconds_of_sample = 3e-5 + 1.2e-6 * computed + 8e-8 * edges
        self.credit = min(n, self.credit + SHARE_OF_TIME * seconds_of_epoch / seconds_of_sample)
        count = int(self.credit)
        self.credit -= count
        stride = next(stride for stride in range(int(0.618 * n) + 1, 2 * n + 2) if math.gcd(stride, n) == 1)
        self._compare([(self.compared + k) * stride % n for k in range(count)], (), losses, CHANGED)
        self.compared += count

    def _compare(self, chosen: Sequence[int], graphs: Sequence[int], losses: Losses, sentence: str) -> None:
        """Compare the losses of the samples `chosen`, and the graphs of the samples `graphs`."""
        if not chosen:
            return
        problem = self.recorded.problem
        for i, found in zip(chosen, losses(chosen), strict=True):
            expected = problem.loss_of(i).data
            near = found == expected or (math.isnan(found) and math.isnan(expected))
            if not near and (problem.exact or not math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)):
                raise GraphChangedError(sentence.format(i))
        for i in graphs:
            if not self.recorded.has_graph_of(i):
                raise GraphChangedError(sentence.format(i))
