"""Samples and targets, read once and by position: whatever holds them becomes lists of Python's numbers.

Everything that takes samples reads them here, so that lists, NumPy's arrays, tables of pandas and tensors mean the
same. The index of a pandas Series or DataFrame is ignored; a DataFrame's samples are its rows, in the columns' order.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set, Sized
from numbers import Integral, Real
from typing import Any

from autograd.ieee import real

DEEPEST = 64
"""Levels of nesting in one sample, as many as NumPy's arrays have: Python's own recursion ends at about a thousand."""

_PLAIN = {float, int}
_NOT_NUMBERS = {"b": "bools", "c": "complex numbers", "m": "durations", "M": "dates"}


def read(samples: object, what: str) -> list[Any]:
    """The samples in their order: numbers become float or int, sequences and arrays lists; a tuple of such stays one.

    Accepted: lists and tuples; what has `__array__` (NumPy's arrays, pandas, tensors); what has `__len__` with
    `__iter__` or `__getitem__`. What is no number and no sequence (a Value, a text for a model of one's own) stays.

    Raises TypeError for sets, dicts, text, what can be read only once, and for bools, dates and complex numbers;
    ValueError for entries that are masked or missing, and for nesting that is too deep.

    >>> read(range(3), "y"), read([(0, 1.5)], "X")
    ([0, 1, 2], [(0, 1.5)])
    """
    found = None
    if hasattr(type(samples), "__array__"):
        found = _from_array(samples, what, 0)
    elif _is_sequence(samples):
        found = _read(samples, what, 0)
    elif isinstance(samples, Sized) and not isinstance(samples, str | bytes | bytearray | Set | Mapping):
        if isinstance(samples, Iterable):
            found = _read(list(samples), what, 0)
        elif hasattr(samples, "__getitem__"):
            found = _read([samples[i] for i in range(len(samples))], what, 0)
    if isinstance(found, list | tuple):
        return list(found)
    raise TypeError(f"{what} must be an ordered sequence of known length, got {type(samples).__name__}")


class ArraySamples(Sequence[Any]):
    """Samples of an array of numbers, which stay in it until one is asked for: a number, or a list of them.

    array   float64 or whole numbers; somebody else's until `own`
    whole   whether the samples are whole numbers
    """

    def __init__(self, array: Any) -> None:
        self.array, self.whole, self.is_own = array, array.dtype.kind != "f", False

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, i: Any) -> Any:
        chosen = self.array[i]
        return (chosen.astype(int) if self.whole and chosen.dtype.kind == "f" else chosen).tolist()

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), 1024):
            yield from self[start : start + 1024]

    def move_to(self, rows: Any) -> None:
        """Let the samples stand in these rows of float64, which nobody else changes; whole numbers, if they fit."""
        if not self.whole or (abs(rows) < 2.0**53).all():
            self.array, self.is_own = rows.reshape(self.array.shape), True

    def own(self) -> None:
        """Let nobody else change the samples from now on."""
        if not self.is_own:
            self.array, self.is_own = self.array.copy(), True


def read_array(samples: object, what: str) -> Any:
    """As `read`, but samples of an array of numbers stay in it."""
    if hasattr(type(samples), "__array__"):
        array = _as_array(samples, what)
        if array.dtype.kind in "fiu" and array.ndim:
            return ArraySamples(array)
    return read(samples, what)


def pairs(X: object, y: object, what: str, *, arrays: bool = False) -> tuple[Any, Any]:
    """Samples and targets, as `read` gives them; a ValueError for none, or for different numbers of them.

    With `arrays`, as `read_array` gives them.
    """
    reader = read_array if arrays else read
    samples, targets = reader(X, f"{what}'s X"), reader(y, f"{what}'s y")
    if len(samples) != len(targets):
        raise ValueError(f"every sample has a target, got {len(samples)} samples and {len(targets)} targets")
    if not samples:
        raise ValueError(f"{what} needs at least 1 sample, got 0")
    return samples, targets


def sample(inputs: object, what: str) -> Any:
    """One sample, or one target, as `read` gives it among others."""
    return _read(inputs, what, 0)


def single(target: object, what: str) -> Any:
    """A target that is one number, such as a class: of shape (1,) it is the number in it. Others stay as they are."""
    found = _read(target, what, 0)
    return found[0] if isinstance(found, list | tuple) and len(found) == 1 else found


def _read(part: Any, what: str, depth: int) -> Any:
    """A number, a list or tuple of what is read in the same way, or what is neither."""
    kind = type(part)
    if kind in _PLAIN:
        return part
    if (kind is list or kind is tuple) and set(map(type, part)) <= _PLAIN:
        return part[:]
    if kind is bool:
        raise TypeError(f"{what} must be numbers, got a bool: int(…) makes 0 or 1 of it")
    if isinstance(part, Real):
        return int(part) if isinstance(part, Integral) else real(part, what)
    if hasattr(kind, "__array__"):
        return _from_array(part, what, depth)
    if hasattr(kind, "__next__"):
        raise TypeError(f"{what} must be samples that can be read again, got {kind.__name__}: make a list of it")
    if kind.__name__ == "NAType":  # pandas' mark of what is missing
        raise ValueError(f"{what} has missing entries: fill them, or leave their samples out")
    if not _is_sequence(part):
        return part
    if depth == DEEPEST:
        raise ValueError(f"{what} must be nested at most {DEEPEST} levels deep, got more")
    parts = [_read(each, what, depth + 1) for each in part]
    if isinstance(part, tuple):  # also one with names, if it is as it was
        return part if all(map(operator.is_, parts, part)) else tuple(parts)
    return parts


def _is_sequence(part: object) -> bool:
    return isinstance(part, Sequence) and not isinstance(part, str | bytes | bytearray)


def _from_array(part: Any, what: str, depth: int) -> Any:
    """The same, of what NumPy makes an array of."""
    array = _as_array(part, what)
    found = array.tolist()
    return found if array.dtype.kind in "fiu" else _read(found, what, depth)


def _as_array(part: Any, what: str) -> Any:
    """The array that NumPy makes of it, floats as float64."""
    import numpy as np  # noqa: PLC0415 — what has __array__ asks for it

    if np.ma.is_masked(part):
        raise ValueError(f"{what} has masked entries: fill them, or leave their samples out")
    array = np.asarray(part)
    if array.dtype.kind in _NOT_NUMBERS:
        raise TypeError(f"{what} must be numbers, got {_NOT_NUMBERS[array.dtype.kind]} ({array.dtype})")
    if array.dtype.kind == "f" or (array.dtype.kind == "V" and array.dtype.names is None):  # of any size
        array = array.astype(np.float64, copy=False)
    return array
