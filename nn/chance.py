"""The random parts of a model: they are found, recorded as inputs of a row, and drawn for many rows at a time.

The graph engine draws each uniform number when it records a sample. Compiled code takes these numbers as further
columns of the sample's row. They are drawn beforehand, from the same generators in the same order, so both ways have
the same numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import starmap
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import Value
from autograd.atomic import all_or_none
from nn.activations import Bernoulli, Dropout
from nn.module import Module
from nn.seeds import choose_generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Recorded = TypeVar("Recorded")


def random_part(model: object) -> Module | None:
    """The first part of the model that draws random numbers in its present mode; None if there is none."""
    return next(iter(_parts(model)), None)


def undrawable_part(model: object) -> Module | None:
    """The first part whose generator isn't Python's, so that its numbers can't be drawn ahead; None for none."""
    return next((part for part in _parts(model) if not _is_pythons(choose_generator(part.generator))), None)


def _is_pythons(generator: Any) -> bool:
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    return generator is random or type(generator) is random.Random


def _parts(model: object) -> list[Any]:
    modules = model.modules() if isinstance(model, Module) else ()
    return [module for module in modules if module.training and _is_random(module)]


def _is_random(module: Module) -> bool:
    return isinstance(module, Bernoulli) or (isinstance(module, Dropout) and module.p > 0)


class _Leaves:
    """A stand-in for a generator: each number that it gives is a leaf of the graph."""

    def __init__(self, generator: Any, drawn: list[tuple[Value, Any]]) -> None:
        self.generator, self.drawn = generator, drawn

    def random(self) -> Value:
        """A new leaf; which generator would have drawn its number is noted."""
        leaf = Value(0.5)
        self.drawn.append((leaf, self.generator))
        return leaf


def leaves_drawn(model: object, record: Callable[[], Recorded]) -> tuple[Recorded, list[tuple[Value, Any]]]:
    """What record() gives when leaves stand in for random numbers; and these leaves, each with its generator."""
    drawn: list[tuple[Value, Any]] = []
    parts = _parts(model)
    before = starmap(setattr, [(part, "generator", part.generator) for part in parts])
    try:
        all_or_none((setattr, part, "generator", _Leaves(choose_generator(part.generator), drawn)) for part in parts)
        return record(), drawn
    finally:
        deque(before, maxlen=0)  # by this frame's very next call, so that no interrupt comes before it


class Draws:
    """The uniform numbers of many rows, and a way to set the generators back to the last row that was used."""

    def __init__(self, generators: Sequence[Any]) -> None:
        self.columns: dict[int, list[int]] = {}
        self.generators = {id(generator): generator for generator in generators}
        for column, generator in enumerate(generators):
            self.columns.setdefault(id(generator), []).append(column)
        self.order, self.width = list(generators), len(generators)
        self.states: list[tuple[Any, Any]] = []

    def draw(self, rows: int) -> Array:
        """The numbers of the next `rows` rows, in the order in which the graph engine draws them."""
        import numpy as np  # noqa: PLC0415 — only what is compiled needs it

        self.states = [(key, generator.getstate()) for key, generator in self.generators.items()]
        numbers = np.empty((rows, self.width))
        for key, columns in self.columns.items():
            numbers[:, columns] = _uniform(self.generators[key], rows * len(columns)).reshape(rows, -1)
        return numbers

    def used(self, rows: int) -> None:
        """Set the generators back: of the rows drawn last, only the first `rows` were used."""
        states, self.states = self.states, []
        for key, state in states:
            self.generators[key].setstate(state)
            if rows:
                self.generators[key].getrandbits(64 * rows * len(self.columns[key]))


def _uniform(generator: Any, count: int) -> Array:
    """`count` numbers as generator.random() gives them, each made of two words: 27 bits of one, 26 of the other."""
    import numpy as np  # noqa: PLC0415 — as above

    if not count:
        return np.empty(0)
    words = np.frombuffer(generator.getrandbits(64 * count).to_bytes(8 * count, "little"), "<u4").reshape(-1, 2)
    found: Array = ((words[:, 0] >> 5) * 67108864.0 + (words[:, 1] >> 6)) * (1.0 / 9007199254740992.0)
    return found
