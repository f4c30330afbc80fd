"""The C library's tanh and exp on whole vectors, with the same roundings and so the same bits.

Most C libraries compute tanh by the formulas of fdlibm (Sun Microsystems, 1993: s_tanh.c, s_expm1.c). Those of GNU and
musl compute exp by the formulas of ARM's optimized routines (S. Nagy, 2018: exp.c). On some processors they round
x·y + z once, on others twice. `vector_math_check` tries which of the two has this system's bits; where neither has,
each lane calls the library.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

from autograd.compiler.llvm_text import FunctionText, constant
from autograd.compiler.program import bits
from autograd.compiler.registers import Register, choose, compare

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
    size = choose(compare("<", 22.0, size), 22.0, size)  # from 22 on the result is 1; in this order nan stays nan
    large = compare(">=", size, 1.0)
    t = _expm1(choose(large, 2.0 * size, -2.0 * size), multiply_add)
    share = choose(large, 2.0, -t) / (t + 2.0)
    z = choose(large, 1.0 - share, share)  # of a tiny x, or 0, its size
    return x.emit("copysign", z, x)


def _expm1(u: Register, multiply_add: MultiplyAdd) -> Register:
    """eᵘ − 1 for −2 < u < 0 and 2 ≤ u < 44: with u = k·ln 2 + x + c, from x by a rational function, then times 2ᵏ."""
    size, negative = u.emit("abs", u), compare("<", u, 0.0)
    rounded = multiply_add(ONE_OVER_LN2, u, choose(negative, -0.5, 0.5))
    k = choose(compare("<", size, THREE_HALVES_LN2), choose(negative, -1.0, 1.0), u.emit("trunc", rounded))
    k = choose(compare("<", size, HALF_LN2), 0.0, k)
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
    result = choose(compare("<", k, 20.0), small, big)  # the library's third form, above 56, ends in tanh's 1 as well
    result = choose(compare("<", k, 0.0), choose(compare("==", k, -1.0), halved, outer), result)
    scaled: Register = choose(compare("==", k, 0.0), unscaled, result)
    return scaled


FORMULAS: dict[str, Callable[[Register, MultiplyAdd], Register]] = {"tanh": tanh}
"""Formulas that need arithmetic alone, written on registers."""


# exp, which reads a table

PARTS_BITS = 7
PARTS = 2**PARTS_BITS  # into which a factor of 2 is divided: eˣ = 2^(k/128)·eʳ with |r| ≤ ln 2 / 256
LN2_HIGH_PART, LN2_LOW_PART = float.fromhex("0x1.62e42fefap-8"), float.fromhex("0x1.cf79abc9e3b3ap-47")  # of ln 2 / 128
PARTS_OVER_LN2 = float.fromhex("0x1.71547652b82fep+7")
C2, C3 = float.fromhex("0x1.ffffffffffdbdp-2"), float.fromhex("0x1.555555555543cp-3")
C4, C5 = float.fromhex("0x1.55555cf172b91p-5"), float.fromhex("0x1.1111167a4d017p-7")
ROUNDING_SHIFT = 1.5 * 2.0**52  # a number that it is added to is rounded to a whole one, in the last bits
MAX_USUAL_EXPONENT = 512.0  # below it, neither the result nor a part of it over- or underflows


def exponential(text: FunctionText, *, once: bool) -> list[str]:
    """Lines that compute eˣ for a vector %x. If a lane's number is tiny or huge, all lanes call the library."""
    vector, whole = text.vector, f"<{text.target.lanes} x i64>"

    def multiply_add(x: str, y: str, z: str) -> str:
        if once:
            return text.fused(x, y, z)
        return text.assign(f"fadd {vector} {text.assign(f'fmul {vector} {x}, {y}')}, {z}")

    usual = text.assign(f"fcmp olt {vector} {text.magnitude('%x')}, {constant(MAX_USUAL_EXPONENT)}")
    text.append(f"br i1 {text.all_lanes(usual)}, label %usual, label %rare")
    text.start_block("usual")
    shifted = multiply_add("%x", constant(PARTS_OVER_LN2), constant(ROUNDING_SHIFT))
    k = text.assign(f"fsub {vector} {shifted}, {constant(ROUNDING_SHIFT)}")
    r = multiply_add(k, constant(-LN2_LOW_PART), multiply_add(k, constant(-LN2_HIGH_PART), "%x"))
    number = text.assign(f"bitcast {vector} {shifted} to {whole}")
    place = text.assign(f"and {whole} {number}, splat (i64 {PARTS - 1})")
    tail = _gather(text, "exp.tails", place)
    power = text.assign(f"bitcast {vector} {_gather(text, 'exp.powers', place)} to {whole}")
    exponent = text.assign(f"shl {whole} {number}, splat (i64 {52 - PARTS_BITS})")
    scale = text.assign(f"bitcast {whole} {text.assign(f'add {whole} {power}, {exponent}')} to {vector}")
    r2 = text.assign(f"fmul {vector} {r}, {r}")
    low = multiply_add(r2, multiply_add(r, constant(C3), constant(C2)), text.assign(f"fadd {vector} {tail}, {r}"))
    grown = multiply_add(text.assign(f"fmul {vector} {r2}, {r2}"), multiply_add(r, constant(C5), constant(C4)), low)
    text.append(f"ret {vector} {multiply_add(scale, grown, scale)}")
    text.start_block("rare")
    text.append(f"ret {vector} {text.assign(f'call {vector} @rare.exp({vector} %x)')}")
    return text.lines


def _gather(text: FunctionText, table: str, place: str) -> str:
    lanes = text.target.lanes
    pointers = text.assign(f"getelementptr double, ptr @{table}, <{lanes} x i64> {place}")
    return text.assign(
        f"call {text.vector} @llvm.masked.gather.v{lanes}f64.v{lanes}p0(<{lanes} x ptr> {pointers}, i32 8, "
        f"<{lanes} x i1> splat (i1 true), {text.vector} poison)"
    )


def exponential_tables(lanes: int) -> list[str]:
    """Tables for i from 0 to 127: 2^(i/128), rounded, less i/128 in the exponent's bits; and its relative error."""
    precision = 200
    root = 2 << precision
    for _ in range(PARTS_BITS):
        root = isqrt(root << precision)
    exact, powers, tails = 1 << precision, [], []
    for i in range(PARTS):
        power = exact / (1 << precision)  # Python divides whole numbers with one rounding
        rounded = int(Fraction(power) * (1 << precision))
        powers.append(f"0x{int(bits(power), 16) - (i << 52 - PARTS_BITS):016X}")
        tails.append(bits((exact - rounded) / rounded))
        exact = exact * root >> precision
    vector = f"<{lanes} x double>"
    return [
        *(
            f"@exp.{name} = internal constant [{PARTS} x double] [{', '.join(f'double {entry}' for entry in entries)}]"
            for name, entries in (("powers", powers), ("tails", tails))
        ),
        f"declare {vector} @llvm.masked.gather.v{lanes}f64.v{lanes}p0(<{lanes} x ptr>, i32, <{lanes} x i1>, {vector})",
    ]


WORDS_WITH_FORMULA = {*FORMULAS, "exp"}
