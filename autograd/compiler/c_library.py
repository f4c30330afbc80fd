"""The C library's functions, each of a vector: lane by lane, or by a formula that has the same bits."""

from __future__ import annotations

import functools
from collections.abc import Set

from autograd.compiler.instructions import Instructions, intrinsics
from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.program import Program, bits
from autograd.compiler.registers import new_register
from autograd.compiler.shared import SharedModule, shared_module
from autograd.compiler.vector_math import FORMULAS, exponential, exponential_tables
from autograd.rules import PRIMITIVES


def c_functions() -> dict[str, int]:
    """The C library's functions that the table of primitives names, each with the number of its arguments."""
    return {word.c_name: word.arguments for word in PRIMITIVES.values() if word.c_name and type(word.arguments) is int}


def c_library(used: Set[str], target: Target) -> list[SharedModule]:
    """The shared modules of the C library's functions among these words."""
    return [_function(word, target.of_functions) for word in c_functions() if word in used]


@functools.cache
def _function(word: str, target: Target) -> SharedModule:
    vector = f"<{target.lanes} x double>"
    count = c_functions()[word]
    if (word, True) in target.formulas or (word, False) in target.formulas:
        made = _exponential(target) if word == "exp" else [_by_formula(word, target)]
        return shared_module([*intrinsics(target), *made, _each(word, target)], [f"vector.{word}", f"each.{word}"])
    if word in target.vectorized:
        return SharedModule("", f"declare {vector} @vector.{word}({', '.join([vector] * count)})", ())
    parts = [f"declare double @c.{word}({', '.join(['double'] * count)})"]
    scalar = f"c.{word}"
    if word == "pow":
        parts.append(POWER_FUNCTION)
        scalar = "power"
    return shared_module([*parts, _lane_by_lane(word, scalar, count, target)], [f"vector.{word}"])


def _each(word: str, target: Target) -> str:
    """Write a function that sets z[i] = f(x[i]), vector by vector."""
    text = FunctionText(target)
    with text.loop(0, "%count", target.lanes) as (i, _, _):
        x = text.load(text.address("%x", i))
        text.store(text.assign(f"call {text.vector} @vector.{word}({text.vector} {x})"), text.address("%z", i))
    return text.as_function(f"each.{word}", "ptr %x, ptr %z, i64 %count")


def _by_formula(word: str, target: Target) -> str:
    """A function that computes a whole vector by a formula with the C library's bits."""
    program = Program()
    x = new_register(program, "input", 0)
    once = (word, True) in target.formulas
    result = FORMULAS[word](x, lambda a, b, c: x.emit("fma", a, b, c) if once else a * b + c)
    text = FunctionText(target)
    lines = Instructions(text, program, lambda _: "%x")
    lines.names[x.place] = "%x"
    for place in range(len(program.instructions)):
        lines.compute(place)
    name = lines.names[result.place]
    head = f"define internal {text.vector} @vector.{word}({text.vector} %x) #1 {{"
    return "\n".join([head, *text.lines, f"  ret {text.vector} {name}", "}"])


def _exponential(target: Target) -> list[str]:
    text = FunctionText(target)
    lines = exponential(text, once=("exp", True) in target.formulas)
    head = f"define internal {text.vector} @vector.exp({text.vector} %x) #1 {{\nentry:"
    rare = _lane_by_lane("exp", "c.exp", 1, target).replace("@vector.exp(", "@rare.exp(", 1)
    return [
        *exponential_tables(target.lanes),
        "declare double @c.exp(double)",
        rare,
        "\n".join([head, *lines, "}"]),
    ]


# Beyond the range, and at a pole, the graph takes the reciprocal of the inverse power (see `ieee.power`)
POWER_FUNCTION = f"""define internal double @power(double %x, double %y) #1 {{
  %z = call double @c.pow(double %x, double %y)
  %size = call double @llvm.fabs.f64(double %z)
  %size.x = call double @llvm.fabs.f64(double %x)
  %size.y = call double @llvm.fabs.f64(double %y)
  %infinite = fcmp oeq double %size, {bits(float("inf"))}
  %finite.x = fcmp olt double %size.x, {bits(float("inf"))}
  %finite.y = fcmp olt double %size.y, {bits(float("inf"))}
  %finite = and i1 %finite.x, %finite.y
  %beyond = and i1 %finite, %infinite
  br i1 %beyond, label %inverse, label %done
inverse:
  %minus.y = fneg double %y
  %over = call double @c.pow(double %x, double %minus.y)
  %reciprocal = fdiv double {bits(1.0)}, %over
  ret double %reciprocal
done:
  ret double %z
}}
declare double @llvm.fabs.f64(double)"""


def _lane_by_lane(word: str, scalar: str, count: int, target: Target) -> str:
    """A function that calls the C library's for each lane, or once where all lanes are alike, as in Adam's βᵗ."""
    text = FunctionText(target)
    lanes, inputs = target.lanes, ["%x", "%y"][:count]
    numbers = [[text.assign(f"extractelement {text.vector} {x}, i64 {lane}") for x in inputs] for lane in range(lanes)]
    results = f"call double @{scalar}({', '.join(['double {}'] * count)})"
    alike = functools.reduce(
        lambda a, b: text.assign(f"and <{lanes} x i1> {a}, {b}"),
        [_have_bits_of(text, x, first) for x, first in zip(inputs, numbers[0], strict=True)],
    )
    text.append(f"br i1 {text.all_lanes(alike)}, label %once, label %each")
    text.start_block("once")
    text.append(f"ret {text.vector} {text.splat(text.assign(results.format(*numbers[0])))}")
    text.start_block("each")
    result = "poison"
    for lane, of_lane in enumerate(numbers):
        z = text.assign(results.format(*of_lane))
        result = text.assign(f"insertelement {text.vector} {result}, double {z}, i64 {lane}")
    head = f"define internal {text.vector} @vector.{word}({', '.join(f'{text.vector} {x}' for x in inputs)}) #1 {{"
    return "\n".join([head, "entry:", *text.lines, f"  ret {text.vector} {result}", "}"])


def _have_bits_of(text: FunctionText, x: str, scalar: str) -> str:
    """Compare each lane of x with the scalar, bit by bit: 0 and −0 differ."""
    kind = f"<{text.target.lanes} x i64>"
    whole, first = (text.assign(f"bitcast {text.vector} {name} to {kind}") for name in (x, text.splat(scalar)))
    return text.assign(f"icmp eq {kind} {whole}, {first}")
