"""Further functions of the C library on floats: IEEE results where Python's math module raises or returns an int."""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd.ieee import everywhere, inf, nan

exp2 = everywhere(math.exp2, lambda _: inf)
log2 = everywhere(math.log2, lambda x: -inf if x == 0 else nan)
log10 = everywhere(math.log10, lambda x: -inf if x == 0 else nan)
acosh = everywhere(math.acosh, lambda _: nan)
atanh = everywhere(math.atanh, lambda x: math.copysign(inf, x) if abs(x) == 1 else nan)


def _rounding(to_int: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding function on floats: inf and nan stay, and a result of 0 has the sign of the argument."""

    def rounding(x: float) -> float:
        return math.copysign(to_int(x), x) if math.isfinite(x) else x

    return rounding


floor = _rounding(math.floor)
ceil = _rounding(math.ceil)
trunc = _rounding(math.trunc)
round_half_even = _rounding(round)


def fmod(x: float, y: float) -> float:
    """x − n·y with the sign of x, where n is x / y without its fraction; nan for y = 0 and for an infinite x."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return nan
