"""Samples as rows of numbers, the form in which compiled code takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.ieee import real
from autograd.rules import as_tuple
from nn.samples import ArraySamples, refuse_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

MAX_DISTINCT = 1024  # targets of a file that are looked at
PIECE = 1 << 20  # targets of a file that are in memory at a time
MAX_SHAPES = 64  # of samples in one data set: each shape is compiled by itself

COMPILED = "each compiled sample or target", "must be a number or an ordered sequence"


def shape_of(sample: Any) -> Any:
    """How a sample is nested: None for a number, a tuple for a sequence."""
    refuse_text(sample, COMPILED[0])
    return None if isinstance(sample, Real) else tuple([shape_of(part) for part in as_tuple(sample, *COMPILED)])


def numbers_in(sample: Any) -> Iterator[float]:
    """The numbers in a sample, in order."""
    if isinstance(sample, Real):
        yield real(sample, "a sample")
    else:
        for part in sample:
            yield from numbers_in(part)


def as_leaves(sample: Any) -> tuple[Any, list[Value]]:
    """The sample with a Value in place of each number, and these Values."""
    if isinstance(sample, Real):
        number = Value(sample)
        return number, [number]
    parts = [as_leaves(part) for part in sample]
    return [part for part, _ in parts], [leaf for _, leaves in parts for leaf in leaves]


class Rows:
    """Samples as rows of numbers, in one table for each shape of samples.

    shapes    the shapes, in the order of their first samples
    examples  for each shape the place of its first sample
    tables    for each shape the rows of its samples
    kinds     for each sample the number of its shape; None if all have one shape
    places    for each sample its row in the table of its shape; None if all have one shape
    """

    def __init__(self, *columns: Sequence[Any]) -> None:
        self.kinds: Indices | None = None
        self.places: Indices | None = None
        self.examples = [0]
        self.shapes = [tuple(shape_of(samples[0]) for samples in columns)]
        arrays = [_as_array(samples) for samples in columns]
        if all(array is not None for array in arrays):
            import numpy as np  # noqa: PLC0415 — only what is compiled needs it

            parts = [array for array in arrays if array is not None]
            self.tables = [np.empty((len(columns[0]), sum(part.shape[1] for part in parts)))]
            np.concatenate(parts, axis=1, out=self.tables[0])
            self._move(columns)
        else:
            self._group(columns)

    def _move(self, columns: Sequence[Sequence[Any]]) -> None:
        """Let samples of arrays use the table's memory, so that the data are in memory only once."""
        at = 0
        for samples in columns:
            if isinstance(samples, ArraySamples):
                width = samples.array[:1].size
                samples.move_to(self.tables[0][:, at : at + width])
                at += width
            else:
                at += len(list(numbers_in(samples[0])))

    def _group(self, columns: Sequence[Sequence[Any]]) -> None:
        import numpy as np  # noqa: PLC0415 — as above

        kinds: dict[Any, int] = {}
        rows: list[list[list[float]]] = []
        where = []
        for i, parts in enumerate(zip(*columns, strict=True)):
            kind = kinds.setdefault(tuple(map(shape_of, parts)), len(kinds))
            if kind == len(rows):
                if kind == MAX_SHAPES:
                    raise ValueError(f"compiled samples must have at most {MAX_SHAPES} shapes, got more")
                rows.append([])
                self.examples[kind:] = [i]
            where.append((kind, len(rows[kind])))
            rows[kind].append([number for part in parts for number in numbers_in(part)])
        self.shapes = list(kinds)
        self.tables = [np.array(own, dtype=np.float64).reshape(len(own), -1) for own in rows]
        if len(rows) > 1:
            self.kinds, self.places = np.array(where).T.copy()

    def __len__(self) -> int:
        return sum(map(len, self.tables))

    def kind(self, i: int) -> int:
        """The number of a sample's shape."""
        return 0 if self.kinds is None else int(self.kinds[i])

    def of_each_shape(self) -> Iterator[tuple[int, Sequence[int], Array]]:
        """For each shape: the place of its first sample, the places of all its samples, and their rows."""
        places: list[list[int]] = [[] for _ in self.tables]
        for i, kind in enumerate([] if self.kinds is None else self.kinds.tolist()):
            places[kind].append(i)
        for example, own, table in zip(self.examples, places, self.tables, strict=True):
            yield example, own or range(len(table)), table

    def by_shape(self, chosen: Sequence[int]) -> list[tuple[int, Indices, Array]]:
        """For each shape: its number, the positions in `chosen` of the samples that have it, and their rows."""
        import numpy as np  # noqa: PLC0415 — as above

        samples = np.asarray(chosen, dtype=np.int64)
        if self.kinds is None or self.places is None:
            return [(0, np.arange(len(samples)), self.tables[0][samples])]
        kinds, places = self.kinds[samples], self.places[samples]
        found = [(int(kind), np.flatnonzero(kinds == kind)) for kind in np.unique(kinds)]
        return [(kind, which, self.tables[kind][places[which]]) for kind, which in found]


class MappedRows(Rows):
    """Samples of which some stand in a file (NumPy's memmap): only what is asked for is read."""

    def __init__(self, columns: Sequence[Sequence[Any]], arrays: Sequence[Any]) -> None:
        self.kinds = self.places = None
        self.examples = [0]
        self.shapes = [tuple(shape_of(samples[0]) for samples in columns)]
        self.columns = arrays
        for samples in columns:
            if isinstance(samples, ArraySamples) and samples.mapped:
                samples.is_own = True  # a file that trains is not changed meanwhile, and not copied

    def __len__(self) -> int:
        return len(self.columns[0])

    def by_shape(self, chosen: Sequence[int]) -> list[tuple[int, Indices, Array]]:
        """Return (0, all places, rows) of the chosen samples, because samples in a file have one shape."""
        import numpy as np  # noqa: PLC0415 — as above

        samples = np.asarray(chosen, dtype=np.int64)
        parts = [np.asarray(column)[samples].reshape(len(samples), -1) for column in self.columns]
        return [(0, np.arange(len(samples)), np.concatenate(parts, axis=1, dtype=np.float64))]


def rows_of(*columns: Sequence[Any], copied: bool) -> Rows:
    """Samples as rows, in tables; samples that are mapped stay in their file unless they are to be copied."""
    if not copied and any(isinstance(samples, ArraySamples) and samples.mapped for samples in columns):
        arrays = [samples.array if isinstance(samples, ArraySamples) else _as_array(samples) for samples in columns]
        if all(array is not None and array.size for array in arrays):
            return MappedRows(columns, arrays)
    return Rows(*columns)


def _as_array(samples: Sequence[Any]) -> Array | None:
    """Samples of plain numbers and of one shape as an array of rows; None if they must be read one by one."""
    import numpy as np  # noqa: PLC0415 — as above

    try:
        array = samples.array if isinstance(samples, ArraySamples) else np.array(samples)
    except (TypeError, ValueError):
        return None
    return (
        array.reshape(len(samples), -1).astype(np.float64, copy=False)
        if array.dtype.kind in "fiu" and array.size
        else None
    )


def check_targets(loss: Callable[[Any, Any], Any], output_of: Callable[[int], Any], y: Sequence[Any]) -> None:
    """Call the loss with each target, so that it can refuse any of them before training.

    `output_of` gives the recorded output to call it with: that of a sample of the same shape.
    """
    seen = set()
    for i, target in _distinct(y):
        output = output_of(i)
        key = id(output), repr(list(target) if hasattr(target, "__iter__") else target)
        if key not in seen:
            seen.add(key)
            loss(output, target)


def _distinct(y: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    """Targets with their places: from an array of numbers each different one once, otherwise all.

    From a file at most MAX_DISTINCT, the first distinct ones, which are all where targets are classes.
    """
    if not (isinstance(y, ArraySamples) and y.array.ndim == 1):
        return islice(enumerate(y), MAX_DISTINCT if isinstance(y, ArraySamples) and y.mapped else None)
    import numpy as np  # noqa: PLC0415 — as above

    if y.mapped:
        return _distinct_in_file(y)
    firsts = np.unique(y.array, return_index=True)[1]
    return [(int(i), y[i]) for i in np.sort(firsts)]


def _distinct_in_file(y: ArraySamples) -> Iterator[tuple[int, Any]]:
    """The first distinct targets of a file, which is read piece by piece."""
    import numpy as np  # noqa: PLC0415 — as above

    seen: set[Any] = set()
    for start in range(0, len(y), PIECE):
        for i in np.sort(np.unique(y.array[start : start + PIECE], return_index=True)[1]):
            target = y[start + int(i)]
            if target not in seen and len(seen) < MAX_DISTINCT:
                seen.add(target)
                yield start + int(i), target
        if len(seen) == MAX_DISTINCT:
            return
