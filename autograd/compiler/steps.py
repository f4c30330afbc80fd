"""From a layout and an update formula to a module whose function `run` takes many steps of training.

    step      gather a batch's rows → losses, and their gradient summed over the rows → + the penalty's gradient
              → clip, if that is wanted → update
    clip      a sum over parameters, and a factor of the gradient (`clip_text`)
    update    the formula, element by element, from the old numbers into new ones (`update_text`)

A step that meets a number that isn't finite (the mean loss, a gradient, a new parameter) is not taken, and `run`
returns. New numbers stand beside the old ones, and the number of steps taken tells which of the two are current: one
store takes a step, all at once.
"""

from __future__ import annotations

from autograd.compiler.clip_text import clip
from autograd.compiler.formula import Formula, StateLayout, formula_program
from autograd.compiler.layout import Layout
from autograd.compiler.llvm_text import FunctionText, Target, call
from autograd.compiler.module import Module, block, blocks, functions, shared_parts
from autograd.compiler.program import bits
from autograd.compiler.summation import PLACES
from autograd.compiler.update_text import update


def steps_module(layout: Layout, formula: Formula, state: StateLayout, drawn: int, *, clipped: bool) -> Module:
    """The module. A row is a sample's numbers, `drawn` numbers of this turn, and its share in the batch's mean."""
    target = layout.target
    program, _ = formula_program(formula)
    shared = shared_parts(layout, program.words())
    parts = [
        *functions(layout, shared),
        update(formula, state, target),
        *([clip(state, target)] if clipped else []),
        _batch(target, drawn),
        _gradient(layout, drawn),
        _step(state, target, drawn, clipped=clipped),
        _run(formula, target, drawn),
    ]
    return Module("\n\n".join(parts) + "\n", RUN_PARAMETERS.count("%"), layout.compiled_instructions, shared)


def scratch_numbers(layout: Layout, columns: int, drawn: int) -> int:
    """The size of scratch memory, in numbers: what the plan needs, then a block's rows."""
    return _filled(layout.scratch_numbers) + layout.target.block * _filled(columns + drawn + 1)


def _filled(count: int) -> int:
    """The next multiple of the largest vector's lanes, so that each row begins where a vector can."""
    return -(-count // PLACES) * PLACES


# A batch


BATCH_PARAMETERS = "ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 %height, ptr %rows, i64 %width, double %share"


def _batch(target: Target, drawn: int) -> str:
    """Samples' numbers side by side, row by row: those of the data, those drawn, and the share."""
    text = FunctionText(target)
    with text.loop(0, "%height") as (r, _, _):
        source = text.strided("%data", text.load_index("%order", r), "%columns")
        row = text.strided("%rows", r, "%width")
        _copy(text, source, row, "%columns")
        rest = text.address(row, "%columns")
        if drawn:
            _copy(text, text.strided("%drawn", r, drawn), rest, str(drawn))
        text.store_scalar("%share", text.address(rest, drawn))
    return text.as_function("batch", BATCH_PARAMETERS)


def _copy(text: FunctionText, source: str, target: str, count: str) -> None:
    lanes = text.target.lanes
    last = text.assign(f"sub i64 {count}, {lanes - 1}")
    with text.loop(0, last, lanes) as (j, _, _):
        text.store(text.load(text.address(source, j)), text.address(target, j))
    with text.loop(j, count) as (j, _, _):
        text.store_scalar(text.load_scalar(text.address(source, j)), text.address(target, j))


GRADIENT_PARAMETERS = (
    "ptr %data, i64 %columns, ptr %order, ptr %drawn, i64 %first, i64 %last, i64 %width, double %share, "
    "ptr %numbers, ptr %scratch, ptr %gradient, ptr %written0"
)


def _gradient(layout: Layout, drawn: int) -> str:
    """Compute the losses of the rows from `first` to `last` of a batch, and the sum of their gradients."""
    text = FunctionText(layout.target)
    with blocks(layout, text) as (start, height):
        order = text.index_address("%order", start)
        draws = text.strided("%drawn", start, drawn) if drawn else "%drawn"
        rows = text.address("%scratch", _filled(layout.scratch_numbers))
        of_block = {"%order": order, "%drawn": draws, "%height": height, "%rows": rows}
        text.append(call("batch", BATCH_PARAMETERS, of_block))
        block(layout, text, rows, start, height)
    return text.as_function("gradient", GRADIENT_PARAMETERS)


# A step


SAMPLES = "ptr %data, i64 %columns, ptr %order, ptr %drawn"
STATE = "ptr %states, ptr %gradient, ptr %part, ptr %steps"
PENALTY = "ptr %penalty, ptr %penalty.scratch, ptr %penalty.value, ptr %penalty.gradient"
STEP_PARAMETERS = (
    f"{SAMPLES}, i64 %height, ptr %shares, {STATE}, ptr %numbers, ptr %losses, ptr %scratch, {PENALTY}, ptr %clip"
)


def _step(state: StateLayout, target: Target, drawn: int, *, clipped: bool) -> str:
    """Take one step on `height` samples; return whether it was taken."""
    text = FunctionText(target)
    steps = text.load_index("%steps", 0)
    odd = text.assign(f"and i64 {steps}, 1")
    old = text.strided("%states", odd, state.size)
    new = text.address("%states", text.assign(f"mul i64 {text.assign(f'xor i64 {odd}, 1')}, {state.size}"))
    n = text.assign("sitofp i64 %height to double")
    _sum_gradient_of_shares(text, state, old, n, drawn)
    objective = _add_penalty(text, state, old, _mean_loss(text, n))
    nothing = text.assign(f"fsub double {objective}, {objective}")  # 0 if it is finite, else nan
    text.append(f"br i1 {text.assign(f'fcmp oeq double {nothing}, {bits(0.0)}')}, label %finite, label %stop")
    text.start_block("stop")
    text.append("ret i1 false")
    text.start_block("finite")
    if clipped:
        is_clipped = text.assign("call i1 @clip(ptr %gradient, ptr %clip)")
        text.append(f"br i1 {is_clipped}, label %update, label %stop")
        text.start_block("update")
    is_finite = text.assign(f"call i1 @update(ptr {old}, ptr {new}, ptr %gradient, ptr %numbers)")
    text.append(f"br i1 {is_finite}, label %taken, label %stop")
    text.start_block("taken")
    text.append(f"store i64 {text.assign(f'add i64 {steps}, 1')}, ptr %steps, align 8")
    text.append("ret i1 true")
    return text.as_function("step", STEP_PARAMETERS, result="i1")


def _sum_gradient_of_shares(text: FunctionText, state: StateLayout, old: str, n: str, drawn: int) -> None:
    """The gradient of a batch of n samples: those of its shares of rows, added up in order."""
    share = text.assign(f"fdiv double {bits(1.0)}, {n}")
    width = text.assign(f"and i64 {text.assign(f'add i64 %columns, {drawn + PLACES}')}, {-PLACES}")
    count = text.load_index("%shares", 0)
    with text.loop(0, count) as (k, _, _):
        begin = text.index_address("%shares", text.assign(f"add i64 {k}, 1"))
        first, last = text.load_index(begin, 0), text.load_index(begin, 1)
        is_first = text.assign(f"icmp eq i64 {k}, 0")
        into = text.assign(f"select i1 {is_first}, ptr %gradient, ptr %part")
        of_share = {"%first": first, "%last": last, "%width": width, "%share": share, "%numbers": old}
        text.append(call("gradient", GRADIENT_PARAMETERS, {**of_share, "%gradient": into, "%written0": "%losses"}))
        stop = text.assign(f"select i1 {is_first}, i64 0, i64 {state.parameters}")
        _add_to_gradient(text, "%part", stop)


def _mean_loss(text: FunctionText, n: str) -> str:
    """The mean of the batch's losses, added up from left to right."""
    with text.loop(0, "%height", 1, [("double", bits(0.0))]) as (r, totals, following):
        following.append(text.assign(f"fadd double {totals[0]}, {text.load_scalar(text.address('%losses', r))}"))
    return text.assign(f"fdiv double {totals[0]}, {n}")


def _add_penalty(text: FunctionText, state: StateLayout, old: str, mean: str) -> str:
    """The mean loss with the penalty, whose gradient is added to the batch's, if there is one."""
    text.append(f"br i1 {text.assign('icmp eq ptr %penalty, null')}, label %plain, label %penalized")
    before = text.label
    text.start_block("penalized")
    text.append(
        f"call void %penalty(ptr null, i64 0, i64 0, i64 1, ptr {old}, ptr %penalty.scratch, ptr null, "
        "ptr %penalty.value, ptr %penalty.gradient)"
    )
    _add_to_gradient(text, text.address("%penalty.gradient", state.fixed), str(state.parameters))
    penalized = text.assign(f"fadd double {text.load_scalar('%penalty.value')}, {mean}")
    text.append("br label %plain")
    after = text.label
    text.start_block("plain")
    return text.assign(f"phi double [ {mean}, %{before} ], [ {penalized}, %{after} ]")


def _add_to_gradient(text: FunctionText, other: str, count: str) -> None:
    with text.loop(0, count, text.target.lanes) as (i, _, _):
        into, term = text.address("%gradient", i), text.address(other, i)
        text.store(text.add(text.load(into), text.load(term)), into)


# All steps


RUN_PARAMETERS = (
    f"{SAMPLES}, i64 %samples, i64 %batch, ptr %shares, ptr %shares.of.rest, {STATE}, "
    f"ptr %hyperparameters, ptr %losses, ptr %scratch, {PENALTY}, ptr %clip"
)
"""In the order in which `Training` gives the arguments."""


def _run(formula: Formula, target: Target, drawn: int) -> str:
    """Steps on batches of the samples in their order, up to the last one or to one that can't be taken."""
    text = FunctionText(target)
    text.append("br label %head")
    text.start_block("head")
    text.append("%k = phi i64 [ 0, %entry ], [ %next, %body ]")
    start = text.assign("mul i64 %k, %batch")
    text.append(f"br i1 {text.assign(f'icmp slt i64 {start}, %samples')}, label %body, label %done")
    text.start_block("body")
    left = text.assign(f"sub i64 %samples, {start}")
    full = text.assign(f"icmp sge i64 {left}, %batch")
    of_batch = {
        "%height": text.assign(f"select i1 {full}, i64 %batch, i64 {left}"),
        "%shares": text.assign(f"select i1 {full}, ptr %shares, ptr %shares.of.rest"),
        "%order": text.index_address("%order", start),
        "%drawn": text.strided("%drawn", start, drawn),
        "%numbers": text.strided("%hyperparameters", "%k", 1 + len(formula.constants)),
        "%losses": text.address("%losses", start),
    }
    taken = text.assign(call("step", STEP_PARAMETERS, of_batch, result="i1"))
    text.append("%next = add i64 %k, 1")
    text.append(f"br i1 {taken}, label %head, label %done")
    text.start_block("done")
    return text.as_function("run", RUN_PARAMETERS, internal=False)
