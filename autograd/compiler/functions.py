"""The C library's tanh on whole vectors, rounding by rounding as the library's own, so that it has the same bits.

Most C libraries compute tanh by the formulas of fdlibm (Sun Microsystems, 1993: s_tanh.c, s_expm1.c), on some
processors with each product and the sum that it goes into rounded once. Which of the two this system's does,
if either, is not asked but tried (`probe`); where neither has its bits, each lane calls the library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiler.program import Register, choose, compare

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # ln 2 in two parts
ONE_OVER_LN2 = 1.44269504088896338700e00
HALF_LN2, THREE_HALVES_LN2 = float.fromhex("0x1.62e43p-2"), float.fromhex("0x1.0a2b2p+0")  # as fdlibm compares them
Q1, Q2, Q3 = -3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05
Q4, Q5 = 4.00821782732936239552e-06, -2.01099218183624371326e-07

MultiplyAdd = Callable[[Any, Any, Any], Register]
"""x·y + z, rounded once or twice."""


def tanh(x: Register, multiply_add: MultiplyAdd) -> Register:
    """tanh x = 1 − 2/(t + 2) with t = expm1(2|x|) from 1 on, −t/(t + 2) with t = expm1(−2|x|) below, with x's sign."""
    size = x.emit("abs", x)
    large = compare("oge", size, 1.0)
    t = _expm1(choose(large, 2.0 * size, -2.0 * size), multiply_add)
    share = choose(large, 2.0, -t) / (t + 2.0)
    z = choose(compare("oge", size, 22.0), 1.0, choose(large, 1.0 - share, share))
    tiny = compare("olt", size, 2.0**-55)
    result: Register = choose(tiny, x, choose(compare("olt", x, 0.0), -z, z))
    return result


def _expm1(u: Register, multiply_add: MultiplyAdd) -> Register:
    """eᵘ − 1 for −2 < u < 0 and 2 ≤ u < 44: with u = k·ln 2 + x + c, from x by a rational function, then times 2ᵏ."""
    size, negative = u.emit("abs", u), compare("olt", u, 0.0)
    rounded = multiply_add(ONE_OVER_LN2, u, choose(negative, -0.5, 0.5))
    k = choose(compare("olt", size, THREE_HALVES_LN2), choose(negative, -1.0, 1.0), u.emit("trunc", rounded))
    k = choose(compare("olt", size, HALF_LN2), 0.0, k)
    high, low = multiply_add(-k, LN2_HIGH, u), k * LN2_LOW
    x = high - low
    c = (high - x) - low
    half = 0.5 * x
    h = x * half
    h2 = h * h
    r1, r2, r3 = multiply_add(h, Q1, 1.0), multiply_add(h, Q3, Q2), multiply_add(h, Q5, Q4)
    r = multiply_add(h2 * h2, r3, multiply_add(h2, r2, r1))
    t = multiply_add(-r, half, 3.0)
    e = h * ((r - t) / multiply_add(-x, t, 6.0))
    unscaled = x - multiply_add(x, e, -h)
    e = multiply_add(x, e - c, -c) - h
    power, inverse = k.emit("power.of.two", k), k.emit("power.of.two", -k)
    halved = 0.5 * (x - e) - 0.5
    outer = (1.0 - (e - x)) * power - 1.0
    small = ((1.0 - inverse) - (e - x)) * power
    big = ((x - (e + inverse)) + 1.0) * power
    result = choose(compare("olt", k, 20.0), small, choose(compare("ole", k, 56.0), big, outer))
    result = choose(compare("olt", k, 0.0), choose(compare("oeq", k, -1.0), halved, outer), result)
    scaled: Register = choose(compare("oeq", k, 0.0), unscaled, result)
    return scaled


FORMULAS: dict[str, Callable[[Register, MultiplyAdd], Register]] = {"tanh": tanh}
