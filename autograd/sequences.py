"""Functions of sequences of any kind of number, composed of operations: graph nodes record their derivatives."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import accumulate
from typing import Any

from autograd import ieee
from autograd.rules import OPERATIONS


def softmax(values: Sequence[Any]) -> list[Any]:
    """e^(xᵢ − m) / Σⱼ e^(xⱼ − m) for each i; m, the largest value, is treated as a constant by derivatives."""
    exponentials, below, whole = _exponentials(values)
    return [OPERATIONS["share"](e, below, whole) for e in exponentials]


def log_softmax_slopes(k: Any, values: Sequence[Any]) -> list[Any]:
    """∂/∂xⱼ of log softmax(x)ₖ for each j: −softmax(x)ⱼ for j ≠ k, and 1 − softmax(x)ₖ for j = k."""
    exponentials, below, whole = _exponentials(values)
    where, equal, share = (OPERATIONS[word] for word in ("where", "equal", "share"))
    others = OPERATIONS["complement"](OPERATIONS["pick"](k, exponentials), below, whole)
    return [where(equal(k, float(j)), others, -share(e, below, whole)) for j, e in enumerate(exponentials)]


def _exponentials(values: Sequence[Any]) -> tuple[list[Any], Any, Any]:
    """e^(xᵢ − m) for each i, the sum of those below 1, and the sum of all."""
    m = OPERATIONS["max"](values)
    exponentials = [OPERATIONS["exp"](x - m) for x in values]
    return exponentials, OPERATIONS["below_one"](exponentials), OPERATIONS["total"](exponentials)


def largest(*values: Any) -> Any:
    """The largest of several numbers, or of one sequence, as with Python's max."""
    return OPERATIONS["max"](values if len(values) > 1 else values[0])


def peak(values: Sequence[Any]) -> Any:
    """The largest of the values; 0 if it is not finite."""
    m, greater, where = (OPERATIONS[word] for word in ("max", "greater", "where"))
    result = m(values) if values else 0.0
    return where(greater(result, -math.inf), where(greater(math.inf, result), result, 0.0), 0.0)


def others(exponentials: Sequence[Any]) -> Any:
    """The sum of e^(xᵢ − m) without the largest term, which is 1."""
    whole, (where, greater) = OPERATIONS["total"](exponentials), (OPERATIONS["where"], OPERATIONS["greater"])
    rest = where(greater(2.0, whole), OPERATIONS["below_one"](exponentials), whole - 1.0)
    return where(greater(1.0, whole), whole - 1.0, rest)


def add_up(values: Iterable[Any]) -> Any:
    """t₁ + t₂ + …, added from left to right."""
    return OPERATIONS["total"](tuple(values))


def inner_product(weights: Sequence[Any], inputs: Sequence[Any], start: Any) -> Any:
    """start + w₁·x₁ + w₂·x₂ + …, added from left to right."""
    return OPERATIONS["weighted_sum"](weights, inputs, start)


# Words that are the same function on floats, on graph nodes and on what a compiled program computes with


def multiply_up(values: Iterable[Any]) -> Any:
    """x₁·x₂·…, multiplied from left to right; 1 for no values."""
    return reduce(operator.mul, values, 1.0)


def products_of_others(values: Sequence[Any]) -> list[Any]:
    """For each value, the product of those before it times the product of those behind it."""
    if len(values) < 2:
        return [1.0] * len(values)
    before = [*accumulate(values[:-1], operator.mul)]
    behind = [*accumulate(values[:0:-1], operator.mul)][::-1]
    return [behind[0], *map(operator.mul, before, behind[1:]), before[-1]]


def deviations(values: Sequence[Any]) -> list[Any]:
    """x − mean for each x, with all digits: a constant near the mean is subtracted first."""
    constant = OPERATIONS["center"](values)
    nearby = [x - constant for x in values]
    mean = OPERATIONS["mean"](nearby)
    return [x - mean for x in nearby]


def divided(values: Iterable[Any], n: Any) -> list[Any]:
    """x / n for each x."""
    return [ieee.divide(x, n) for x in values]


ALIKE: dict[str, tuple[int, Callable[..., Any]]] = {
    "multiply_up": (1, multiply_up),
    "products_of_others": (1, products_of_others),
    "deviations": (1, deviations),
    "divided": (2, divided),
}
"""These words, each with the number of its arguments."""

WORDS: dict[str, Callable[..., Any]] = {
    "max": largest,
    "peak": peak,
    "others": others,
    "add_up": add_up,
    "inner_product": inner_product,
    "softmax": softmax,
    "log_softmax_slopes": log_softmax_slopes,
    **{word: function for word, (_, function) in ALIKE.items()},
}
