"""Samples X and targets y, read once and by position into lists of Python numbers.

Every function that takes samples reads them here, so that lists, NumPy arrays, pandas tables and tensors mean the same.
The index of a pandas Series or DataFrame is ignored; a DataFrame's samples are its rows, in the order of the columns.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set, Sized
from numbers import Real
from typing import Any

from autograd.ieee import real

MAX_NESTING = 64
"""Levels of nesting in one sample. NumPy's arrays have as many; Python's recursion ends at about a thousand."""

_PLAIN_TYPES = {float, int}
_KINDS_OF_NO_NUMBERS = {"b": "bools", "c": "complex numbers", "m": "durations", "M": "dates"}


def read(samples: object, what: str) -> list[Any]:
    """Return the samples as a list, in their order.

    Numbers become float or int; sequences and arrays become lists, tuples stay tuples. An entry that is neither a
    number nor a sequence (a Value, or text for a user-defined model) is kept as it is.

    Accepted: lists and tuples; objects with `__array__` (NumPy arrays, pandas, tensors); objects with `__len__` and
    either `__iter__` or `__getitem__`.

    Raises TypeError for sets, dicts, text and iterators, and for bools, dates and complex numbers among the entries;
    ValueError for masked or missing entries, and for nesting more than 64 levels deep.

    >>> read(range(3), "y"), read([(0, 1.5)], "X")
    ([0, 1, 2], [(0, 1.5)])
    """
    found = None
    if hasattr(type(samples), "__array__"):
        found = _from_array(samples, what, 0)
    elif _is_sequence(samples):
        found = _read(samples, what, 0)
    elif isinstance(samples, Sized) and not isinstance(samples, str | bytes | bytearray | Set | Mapping):
        if hasattr(samples, "X") and hasattr(samples, "y"):  # a DataSet, whose iterator gives these two
            raise TypeError(f"{what} must be samples, got a {type(samples).__name__}: unpack it with X, y = data")
        if isinstance(samples, Iterable):
            found = _read(list(samples), what, 0)
        elif hasattr(samples, "__getitem__"):
            found = _read([samples[i] for i in range(len(samples))], what, 0)
    if isinstance(found, list | tuple):
        return list(found)
    raise TypeError(f"{what} must be an ordered sequence of known length, got {type(samples).__name__}")


class ArraySamples(Sequence[Any]):
    """Samples that stay in an array of numbers; each is made a number or a list only when it is asked for.

    array   float64 or whole numbers; the caller's own array until `own` copies it
    whole   whether the samples are whole numbers
    mapped  whether they stand in a file (NumPy's memmap); floats may be shorter than float64 there
    """

    def __init__(self, array: Any, *, mapped: bool = False) -> None:
        self.array, self.whole, self.is_own, self.mapped = array, array.dtype.kind != "f", False, mapped

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, i: Any) -> Any:
        chosen = self.array[i]
        return (chosen.astype(int) if self.whole and chosen.dtype.kind == "f" else chosen).tolist()

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), 1024):
            yield from self[start : start + 1024]

    def move_to(self, rows: Any) -> None:
        """Read the samples from these rows of float64, which no one else changes, if no whole number loses digits."""
        if not self.whole or (abs(rows) < 2.0**53).all():
            self.array, self.is_own, self.mapped = rows.reshape(self.array.shape), True, False

    def own(self) -> None:
        """Copy the caller's array, so that a later change of it has no effect."""
        if not self.is_own:
            self.array, self.is_own, self.mapped = self.array.copy(), True, False


def read_array(samples: object, what: str) -> Any:
    """Do as `read`, but leave samples of an array of numbers in it."""
    if hasattr(type(samples), "__array__"):
        if _is_mapped(samples):
            return ArraySamples(samples, mapped=True)
        array = _as_array(samples, what)
        if array.dtype.kind in "fiu" and array.ndim:
            return ArraySamples(array)
    return read(samples, what)


def _is_mapped(samples: Any) -> bool:
    """Whether samples stand in a file, as real numbers that a float64 holds."""
    import numpy as np  # noqa: PLC0415 — what has __array__ asks for it

    return (
        isinstance(samples, np.memmap)
        and samples.dtype.kind in "fiu"
        and samples.dtype.itemsize <= 8
        and samples.ndim > 0
    )


def read_pairs(X: object, y: object, what: str, *, arrays: bool = False) -> tuple[Any, Any]:
    """Read samples and targets with `read`; raise ValueError for 0 samples, or if the lengths differ.

    With `arrays`, read them with `read_array`.
    """
    reader = read_array if arrays else read
    samples, targets = reader(X, f"{what}'s X"), reader(y, f"{what}'s y")
    require_same_length(samples, targets, what)
    if not samples:
        raise ValueError(f"{what} needs at least 1 sample, got 0")
    return samples, targets


def require_same_length(X: Sized, y: Sized, what: str) -> None:
    """Raise ValueError unless there are as many targets as samples."""
    if len(X) != len(y):
        raise ValueError(f"{what}'s X and y must have the same length, got {len(X)} and {len(y)}")


def read_sample(sample: object, what: str) -> Any:
    """Read one sample or one target, as `read` reads each of its entries."""
    return _read(sample, what, 0)


def read_target(target: object, what: str) -> Any:
    """Read one target; from one of shape (1,), such as a class in a column, return the number in it."""
    found = _read(target, what, 0)
    return found[0] if isinstance(found, list | tuple) and len(found) == 1 else found


def refuse_text(target: object, what: str) -> None:
    """Raise a TypeError that says how to make numbers of texts, if the target is one."""
    if isinstance(target, str):
        raise TypeError(
            f"{what} must be a number, got the text {target!r:.40}: where texts name classes, "
            "X, y = nn.data.DataSet(X, y) turns them into numbers"
        )


def _read(part: Any, what: str, depth: int) -> Any:
    """Return a number, a list or tuple whose parts are read in the same way, or the part itself if it is neither."""
    kind = type(part)
    if kind in _PLAIN_TYPES:
        return part
    if (kind is list or kind is tuple) and set(map(type, part)) <= _PLAIN_TYPES:
        return part[:]
    if kind is bool:
        raise TypeError(f"{what} must hold numbers, got a bool; int(…) turns it into 0 or 1")
    if isinstance(part, Real):
        return operator.index(part) if hasattr(part, "__index__") else real(part, what)
    if hasattr(kind, "__array__"):
        return _from_array(part, what, depth)
    if hasattr(kind, "__next__"):
        raise TypeError(f"{what} must be readable more than once, got {kind.__name__}; make a list of it")
    if kind.__name__ == "NAType":  # pandas' mark for a missing entry
        raise ValueError(f"{what} must have no missing entries; fill them, or leave their samples out")
    if not _is_sequence(part):
        return part
    if depth == MAX_NESTING:
        raise ValueError(f"{what} must be nested at most {MAX_NESTING} levels deep, got more")
    parts = [_read(each, what, depth + 1) for each in part]
    if isinstance(part, tuple):  # an unchanged namedtuple stays a namedtuple
        return part if all(map(operator.is_, parts, part)) else tuple(parts)
    return parts


def _is_sequence(part: object) -> bool:
    return isinstance(part, Sequence) and not isinstance(part, str | bytes | bytearray)


def _from_array(part: Any, what: str, depth: int) -> Any:
    """Read what NumPy can turn into an array."""
    array = _as_array(part, what)
    found = array.tolist()
    return found if array.dtype.kind in "fiu" else _read(found, what, depth)


def _as_array(part: Any, what: str) -> Any:
    """The array that NumPy makes of a part; floats become float64."""
    import numpy as np  # noqa: PLC0415 — what has __array__ asks for it

    masked = sys.modules.get("numpy.ma")  # importing it takes time, and who has a masked array has done so
    if masked is not None and masked.is_masked(part):
        raise ValueError(f"{what} must have no masked entries; fill them, or leave their samples out")
    array = np.asarray(part)
    if array.dtype.kind in _KINDS_OF_NO_NUMBERS:
        hint = "; astype(int) turns them into 0 and 1" if array.dtype.kind == "b" else ""
        raise TypeError(f"{what} must hold numbers, got {_KINDS_OF_NO_NUMBERS[array.dtype.kind]} ({array.dtype}){hint}")
    if array.dtype.kind == "f" or (array.dtype.kind == "V" and array.dtype.names is None):  # of any size
        array = array.astype(np.float64, copy=False)
    return array
