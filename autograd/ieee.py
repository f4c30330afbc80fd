"""Floats as IEEE 754 has them: every operation has a result, and none raises.

Python's floats are IEEE doubles, but `1.0 / 0.0`, `math.exp(1000.0)` and `math.log(0.0)` raise, and
`(-8.0) ** (1 / 3)` leaves the real numbers. Here they are inf, inf, -inf and nan.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from numbers import Real

inf = math.inf
nan = math.nan


def real(number: object, what: str = "a Value") -> float:
    """The float nearest to a real number; anything else is refused, and told so.

    Accepted: float, int, Fraction, NumPy's real scalars. Refused with a TypeError: everything else,
    bool among it (True is an answer, not a quantity). An int or Fraction beyond the range of float64
    is a ValueError, never a silent inf.

    >>> real(3)
    3.0
    """
    if type(number) is float:
        return number
    if type(number) is not int and (isinstance(number, bool) or not isinstance(number, Real)):
        kind = type(number)
        name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        shown = f" {number!r:.40}" if isinstance(number, bool | str | bytes | complex) else ""
        raise TypeError(f"{what} takes a real number (float, int, Fraction, NumPy scalar), not {name}{shown}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"{what} holds a float64, and this {type(number).__name__} is beyond its range") from None


def integer(number: object, what: str, least: int | None = None) -> int:
    """The int that a number is, NumPy's ints among them; a TypeError for anything else, bool and 2.0 among it.

    With `least`, a smaller number is a ValueError.

    >>> integer(3, "epochs", least=0)
    3
    """
    try:
        found = operator.index(number)  # type: ignore[arg-type]  # which refuses what is none, arrays of several too
    except TypeError:
        found = None
    if found is None or isinstance(number, bool):
        raise TypeError(f"{what} must be an int, got {type(number).__name__}") from None
    if least is not None and found < least:
        raise ValueError(f"{what} must be at least {least}, got {found}")
    return found


def divide(x: float, y: float) -> float:
    """x / y, where x / 0 is ±inf and 0 / 0 is nan."""
    try:
        return x / y
    except ZeroDivisionError:
        return x * math.copysign(inf, y)


def power(x: float, y: float) -> float:
    """xʸ as the C library has it: ±inf at poles and on overflow, nan for a root of a negative number; x² is x·x."""
    if y == 2:
        return x * x
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        pass
    try:
        return divide(1.0, math.pow(x, -y))  # past the range, or at a pole, the reciprocal is a signed zero
    except ValueError:
        return nan


def add_up(terms: Iterable[float], start: float | None = None) -> float:
    """start + t₁ + t₂ + …, one addition after another from left to right; nothing adds up to 0."""
    if start is not None:
        return _from_left(terms, start)
    first, *rest = tuple(terms) or (0.0,)
    return _from_left(rest, first)


def _reduced(terms: Iterable[float], start: float) -> float:
    return functools.reduce(operator.add, terms, start)


# The built-in sum adds floats plainly up to Python 3.11, in half the time of reduce. Since 3.12 it compensates its
# rounding, which gives other bits there than in 3.11 and than compiled code.
_from_left: Callable[[Iterable[float], float], float] = _reduced if sys.version_info >= (3, 12) else sum


def inner_product(weights: Iterable[float], inputs: Iterable[float], start: float) -> float:
    """start + w₁·x₁ + w₂·x₂ + …, from left to right."""
    return _from_left(map(operator.mul, weights, inputs), start)


def peak(values: Iterable[float]) -> float:
    """The largest of the values, by which a sum of exponentials is shifted; 0 where that isn't finite."""
    largest = max(values, default=0.0)
    return largest if -inf < largest < inf else 0.0


def softmax(values: Sequence[float]) -> list[float]:
    """e^(xᵢ − m) / Σⱼ e^(xⱼ − m), m being the largest value."""
    m = max(values, default=0.0)
    exponentials = [exp(x - m) for x in values]
    denominator = add_up(exponentials)
    return [divide(e, denominator) for e in exponentials]


def hypot(x: float, y: float) -> float:
    """√(x² + y²) as the C library has it; math.hypot has a formula of its own, not the same in each version."""
    try:
        return abs(complex(x, y))
    except OverflowError:  # as Python says also of nan, when it finds the C library's flag still up from before
        return nan if math.isnan(x + y) and not (math.isinf(x) or math.isinf(y)) else inf


def _everywhere(function: Callable[[float], float], otherwise: Callable[[float], float]) -> Callable[[float], float]:
    """The function of the math module, and where that raises, its IEEE result."""

    def everywhere(x: float) -> float:
        try:
            return function(x)
        except (OverflowError, ValueError):
            return otherwise(x)

    return everywhere


exp = _everywhere(math.exp, lambda _: inf)
expm1 = _everywhere(math.expm1, lambda _: inf)
sinh = _everywhere(math.sinh, lambda x: math.copysign(inf, x))
cosh = _everywhere(math.cosh, lambda _: inf)
log = _everywhere(math.log, lambda x: -inf if x == 0 else nan)
log1p = _everywhere(math.log1p, lambda x: -inf if x == -1 else nan)
sqrt = _everywhere(math.sqrt, lambda _: nan)
sin = _everywhere(math.sin, lambda _: nan)
cos = _everywhere(math.cos, lambda _: nan)
tan = _everywhere(math.tan, lambda _: nan)
asin = _everywhere(math.asin, lambda _: nan)
acos = _everywhere(math.acos, lambda _: nan)


def shown(number: float) -> str:
    """A number as a person writes it: six significant digits, no trailing zeros.

    >>> shown(0.1 + 0.2), shown(6.0), shown(-1e-12)
    ('0.3', '6', '-1e-12')
    """
    return f"{number:.6g}"
