"""The way from a recorded graph to machine code, stage by stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.compiler.cache import cached
from autograd.compiler.formula import Formula, StateLayout
from autograd.compiler.graph import Structure, recorded, structure
from autograd.compiler.jit import MachineCode, lanes, vectorized
from autograd.compiler.kernel import Kernel
from autograd.compiler.layered_graph import layered_graph
from autograd.compiler.layout import Layout, lay_out
from autograd.compiler.limits import refuse_too_many_instructions
from autograd.compiler.llvm_text import Target
from autograd.compiler.module import module
from autograd.compiler.plan import Plan
from autograd.compiler.planning import plan_of
from autograd.compiler.results import Request, Results, results_of
from autograd.compiler.steps import scratch_numbers, steps_module
from autograd.compiler.summation import block_rows
from autograd.compiler.vector_math import WORDS_WITH_FORMULA
from autograd.compiler.vector_math_check import formulas
from autograd.derivatives import gradient_graph
from autograd.value import Value


def compile_graph(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value], request: Request, *, exact: bool
) -> Kernel:
    """graph → gradient → layers → plan → code → machine.

    graph     the Values that were recorded for one row
    gradient  further Values, which `derivatives` gives as a graph: only values are compiled
    layers    which sums of the graph are layers, and which are their gradients
    plan      what is computed in which order: straight pieces of a program, and layers as loops
    code      the plan in LLVM's language, for this processor
    machine   LLVM's machine code, in this process
    """
    graph = recorded(outputs)
    results = results_of(outputs, inputs, parameters, request)
    layers = layered_graph(results, inputs, parameters)
    plan = plan_of(layers)
    refuse_too_many_instructions(plan)
    layout = lay_out(plan, target_of(plan, exact=exact))
    code = module(layout)
    machine = MachineCode(code)
    return Kernel(machine, layout, code.text, results, Counter(node.operation for node in graph))


def kernel_for(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    parameters: Sequence[Value],
    request: Request,
    *,
    exact: bool,
    like: Structure | None = None,
) -> Kernel:
    """The kernel of `compile_graph`, from the cache if this process has compiled a graph of the same structure.

    like     the graph's `structure`, where the caller knows it
    """
    if like is None:
        like = structure(recorded(outputs), outputs, inputs, parameters)
    return cached((like, request, exact), lambda: compile_graph(outputs, inputs, parameters, request, exact=exact))


@dataclass(frozen=True)
class StepsKernel:
    """Machine code for steps of training.

    layout           the plan of a batch's loss and gradient
    state            where the state's numbers stand
    columns          how many numbers a row of the data has
    scratch_numbers  how many numbers the code needs room for
    """

    machine: MachineCode
    layout: Layout
    state: StateLayout
    columns: int
    scratch_numbers: int


def compile_steps(
    loss: Value,
    inputs: Sequence[Value],
    fixed: Sequence[Value],
    parameters: Sequence[Value],
    formula: Formula,
    drawn: int,
    *,
    exact: bool,
    clipped: bool,
) -> StepsKernel:
    """The same stages for steps of training: graph → gradient → layers → plan → code → machine.

    The gradient is that of a batch's mean loss: a row has one more number, the sample's share in the mean.
    """
    share = Value(1.0)
    results = Results([[loss]], gradient_graph(loss * share, parameters))
    layers = layered_graph(results, [*inputs, share], [*fixed, *parameters])
    plan = plan_of(layers)
    refuse_too_many_instructions(plan)
    layout = lay_out(plan, target_of(plan, exact=exact))
    state = StateLayout(len(fixed), len(parameters), len(formula.memory))
    code = steps_module(layout, formula, state, drawn, clipped=clipped)
    machine = MachineCode(code)
    columns = len(inputs) - drawn
    return StepsKernel(machine, layout, state, columns, scratch_numbers(layout, columns, drawn))


def target_of(plan: Plan, *, exact: bool) -> Target:
    """The target of a plan's code: this processor, and the functions that its C library has."""
    block = block_rows(plan.slots)
    if not exact:
        return Target(lanes(), block, exact=False, vectorized=vectorized())
    words = plan.program.words() & WORDS_WITH_FORMULA
    return Target(lanes(), block, formulas=frozenset().union(*map(formulas, words)))
