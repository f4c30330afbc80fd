"""Ordered sequences, checked where a user hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from autograd import ieee

NEEDED = "needs an ordered sequence"


def as_tuple(values: object, what: str, needed: str = "must be an ordered sequence") -> tuple[Any, ...]:
    """Return the values as a tuple; raise TypeError for anything without an order (a set, a dict), and for text."""
    if type(values) is tuple:
        return values
    if type(values) is list:  # these two lines save most calls the slow checks below
        return tuple(values)
    if isinstance(values, str | bytes | bytearray | Set | Mapping) or not isinstance(values, Iterable):
        raise TypeError(f"{what} {needed}, got {ieee.kind(values)}")
    # Iterating a DataFrame would give its column names
    return tuple(values.to_numpy() if hasattr(values, "to_numpy") else values)
