"""Arithmetic on floats as IEEE 754 defines it: every operation has a result, and none raises.

Python's floats are IEEE doubles, but `1.0 / 0.0`, `math.exp(1000.0)` and `math.log(0.0)` raise, and `(-8.0) ** (1 / 3)`
is a complex number. Here the results are inf, inf, -inf and nan.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any

inf, nan = math.inf, math.nan


def real(number: object, what: str = "a Value's data") -> float:
    """The float nearest to a real number: a float, int, Fraction or NumPy scalar.

    Raises TypeError for anything else, bool included, because True is an answer and not a quantity; and ValueError for
    an int or a Fraction beyond the range of float64, which would otherwise become inf without notice.

    >>> real(3)
    3.0
    """
    if type(number) is float:
        return number
    if type(number) is not int and (isinstance(number, bool) or not isinstance(number, Real)):
        shown = f", {number!r:.40}" if isinstance(number, bool | str | bytes | complex) else ""
        raise TypeError(f"{what} must be a real number (float, int, Fraction, NumPy scalar), got {kind(number)}{shown}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"{what} must fit into a float64, got {kind(number)} beyond its range") from None


def kind(thing: object) -> str:
    """The type of a thing, as a sentence names it.

    >>> from fractions import Fraction
    >>> kind({1}), kind(2), kind(Fraction(1)), kind(None)
    ('a set', 'an int', 'a fractions.Fraction', 'None')
    """
    package = type(thing).__module__.partition(".")[0]
    name = f"{package}.{type(thing).__qualname__}".removeprefix("builtins.")
    return "None" if thing is None else f"{'an' if name.startswith((*'aeiou', 'nn.')) else 'a'} {name}"


def integer(number: object, what: str, least: int | None = None) -> int:
    """The number as an int, if it is an int of Python or NumPy.

    Raises TypeError for anything else, bool and 2.0 included, and ValueError for a number below `least`.

    >>> integer(3, "epochs", least=0)
    3
    """
    try:
        result = operator.index(number)  # type: ignore[arg-type]  # raises for all that is no int
    except TypeError:
        result = None
    if result is None or isinstance(number, bool):
        raise TypeError(f"{what} must be an int, got {type(number).__name__}") from None
    if least is not None and result < least:
        raise ValueError(f"{what} must be at least {least}, got {result}")
    return result


def divide(x: float, y: float) -> float:
    """x / y, where x / 0 is ±inf and 0 / 0 is nan."""
    try:
        return x / y
    except ZeroDivisionError:
        return x * math.copysign(inf, y)


def power(x: float, y: float) -> float:
    """xʸ as the C library has it (x² is x·x): ±inf at poles and on overflow, nan for a root of a negative number."""
    if y == 2:
        return x * x
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        pass
    try:
        return divide(1.0, math.pow(x, -y))  # on overflow or at a pole the reciprocal is a zero, which keeps the sign
    except ValueError:
        return nan


def add_up(terms: Iterable[float], start: float | None = None) -> float:
    """start + t₁ + t₂ + …, added from left to right; without terms and start it is 0."""
    if start is not None:
        return _from_left(terms, start)
    first, *rest = tuple(terms) or (0.0,)
    return _from_left(rest, first)


def _reduced(terms: Iterable[float], start: float) -> float:
    return functools.reduce(operator.add, terms, start)


# Up to Python 3.11 the built-in sum adds floats one by one, in half the time of reduce. From 3.12 on it corrects its
# rounding errors, so its results would differ from those of 3.11 and of compiled code in the last bits.
_from_left: Callable[[Iterable[float], float], float] = _reduced if sys.version_info >= (3, 12) else sum


def inner_product(weights: Iterable[float], inputs: Iterable[float], start: float) -> float:
    """start + w₁·x₁ + w₂·x₂ + …, added from left to right."""
    return _from_left(map(operator.mul, weights, inputs), start)


def pick(k: float, values: Sequence[Any]) -> Any:
    """The k-th value, counted from 0; nan if there is none."""
    return values[int(k)] if 0 <= k < len(values) and int(k) == k else nan


def places(values: Sequence[object]) -> list[float]:
    """The positions of the values, 0, 1, 2, …, as floats."""
    return [float(j) for j in range(len(values))]


def length(values: Sequence[float]) -> float:
    """The number of values, as a float."""
    return float(len(values))


def hypot(x: float, y: float) -> float:
    """√(x² + y²) as the C library computes it; the formula of math.hypot differs between versions of Python."""
    try:
        return abs(complex(x, y))
    except OverflowError:  # Python also raises it for nan, if a flag of the C library is still set from an earlier call
        return nan if math.isnan(x + y) and not (math.isinf(x) or math.isinf(y)) else inf


def everywhere(function: Callable[[float], float], otherwise: Callable[[float], float]) -> Callable[[float], float]:
    """A function of the math module that returns the IEEE result where the math module raises."""

    def function_everywhere(x: float) -> float:
        try:
            return function(x)
        except (OverflowError, ValueError):
            return otherwise(x)

    return function_everywhere


exp = everywhere(math.exp, lambda _: inf)
expm1 = everywhere(math.expm1, lambda _: inf)
sinh = everywhere(math.sinh, lambda x: math.copysign(inf, x))
cosh = everywhere(math.cosh, lambda _: inf)
log = everywhere(math.log, lambda x: -inf if x == 0 else nan)
log1p = everywhere(math.log1p, lambda x: -inf if x == -1 else nan)
sqrt = everywhere(math.sqrt, lambda _: nan)
sin = everywhere(math.sin, lambda _: nan)
cos = everywhere(math.cos, lambda _: nan)
tan = everywhere(math.tan, lambda _: nan)
asin = everywhere(math.asin, lambda _: nan)
acos = everywhere(math.acos, lambda _: nan)


def shown(number: float) -> str:
    """A number as a person writes it: with six significant digits and without trailing zeros.

    >>> shown(0.1 + 0.2), shown(6.0), shown(-1e-12)
    ('0.3', '6', '-1e-12')
    """
    return f"{number:.6g}"
