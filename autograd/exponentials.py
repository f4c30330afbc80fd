"""Sums of exponentials on floats, shifted by the largest value so that nothing overflows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from autograd import ieee


def peak(values: Iterable[float]) -> float:
    """The largest value, which is subtracted from each exponent of a sum of exponentials; 0 if it is not finite."""
    largest = max(values, default=0.0)
    return largest if -math.inf < largest < math.inf else 0.0


def others(exponentials: Sequence[float]) -> float:
    """The sum of e^(xᵢ − m) without the largest term, which is 1; exact even if it is too small to change the 1."""
    whole = ieee.add_up(exponentials)
    return ieee.add_up(e for e in exponentials if e < 1) if 1 <= whole < 2 else whole - 1.0


def log_softmax_slopes(k: float, values: Sequence[float]) -> list[float]:
    """∂/∂xⱼ of log softmax(x)ₖ for each j: −softmax(x)ⱼ for j ≠ k, and 1 − softmax(x)ₖ for j = k."""
    m = max(values)
    exponentials = [ieee.exp(x - m) for x in values]
    whole = ieee.add_up(exponentials)
    slopes = [-ieee.divide(e, whole) for e in exponentials]
    if 0 <= k < len(values) and int(k) == k:
        is_peak = exponentials[int(k)] == 1 and whole < 2
        slopes[int(k)] = ieee.divide(others(exponentials), whole) if is_peak else 1 + slopes[int(k)]
    return slopes


def softmax(values: Sequence[float]) -> list[float]:
    """e^(xᵢ − m) / Σⱼ e^(xⱼ − m) for each i, where m is the largest value."""
    m = max(values, default=0.0)
    exponentials = [ieee.exp(x - m) for x in values]
    denominator = ieee.add_up(exponentials)
    return [ieee.divide(e, denominator) for e in exponentials]
