"""A sum over parameters and a factor, between the gradient and the update: clipping by the norm, in LLVM's language."""

from __future__ import annotations

from autograd.compiler.formula import StateLayout
from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.program import bits


def clip(state: StateLayout, target: Target) -> str:
    """The function `clip`: g ← min(1, c / (√s + ε))·g, where s = g₁² + g₂² + …; it returns whether it could do so.

    The numbers c, ε, least and most stand behind %clip. The sum is added up from left to right, one number at a time:
    several lanes would give different bits. The sum must be above `least` and below `most`, or all of g must be 0.
    """
    text = FunctionText(target)
    limit, epsilon, least, most = (text.load_scalar(text.address("%clip", k)) for k in range(4))
    with text.loop(0, str(state.parameters), 1, [("double", bits(0.0))]) as (i, totals, following):
        g = text.load_scalar(text.address("%gradient", i))
        following.append(text.assign(f"fadd double {totals[0]}, {text.assign(f'fmul double {g}, {g}')}"))
    above, below = (
        text.assign(f"fcmp {order} double {totals[0]}, {bound}") for order, bound in (("ogt", least), ("olt", most))
    )
    text.append(f"br i1 {text.assign(f'and i1 {above}, {below}')}, label %usual, label %rare")
    text.start_block("usual")
    norm = text.assign(f"call double @llvm.sqrt.f64(double {totals[0]})")
    factor = text.assign(f"fdiv double {limit}, {text.assign(f'fadd double {norm}, {epsilon}')}")
    is_less = text.assign(f"fcmp olt double {factor}, {bits(1.0)}")
    factors = text.splat(text.assign(f"select i1 {is_less}, double {factor}, double {bits(1.0)}"))
    with text.loop(0, str(state.parameters), target.lanes) as (i, _, _):
        pointer = text.address("%gradient", i)
        text.store(text.assign(f"fmul {text.vector} {factors}, {text.load(pointer)}"), pointer)
    text.append("ret i1 true")
    text.start_block("rare")
    with text.loop(0, str(state.parameters), 1, [("i1", "true")]) as (i, zeros, following):
        is_zero = text.assign(f"fcmp oeq double {text.load_scalar(text.address('%gradient', i))}, {bits(0.0)}")
        following.append(text.assign(f"and i1 {zeros[0]}, {is_zero}"))
    text.append(f"ret i1 {zeros[0]}")
    return text.as_function("clip", "ptr %gradient, ptr %clip", result="i1")
