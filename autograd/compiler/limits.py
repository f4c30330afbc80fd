"""Graphs that are refused, because compiling them would take minutes."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.atomic import cyclic_collector_paused
from autograd.compiler.graph import Graph
from autograd.compiler.layers import sums_of
from autograd.compiler.plan import Plan
from autograd.value import Value

MAX_EDGES = 400_000  # of the recorded graph, beside those in sums of products: planning more takes a minute
MAX_INSTRUCTIONS = 1_000_000  # of straight code, gradient included: LLVM takes more than a minute for more


@cyclic_collector_paused
def refuse_too_many_edges(graph: Graph, outputs: Sequence[Value], inputs: Sequence[Value]) -> None:
    """Raise ValueError for a graph whose planning takes minutes. Sums of products don't count: they become loops."""
    edges = sum(map(len, graph.values()))
    if edges > MAX_EDGES:
        _, _, sums = sums_of(graph, outputs, dict.fromkeys(inputs, 0))
        edges -= sum(each.edges for each in sums.values())
    if edges > MAX_EDGES:
        raise ValueError(
            f"the limit is {MAX_EDGES:,} edges outside sums of products, and this graph has {edges:,}: "
            "compile a part of it, or leave it to the graph engine"
        )


def refuse_too_many_instructions(plan: Plan) -> None:
    """Raise ValueError for a plan, gradient included, that LLVM would take minutes to compile."""
    if plan.instructions > MAX_INSTRUCTIONS:
        raise ValueError(
            f"the limit is {MAX_INSTRUCTIONS:,} instructions outside loops, and this graph, with the gradient that is "
            f"asked for, has {plan.instructions:,}: compile a part of it, or leave it to the graph engine"
        )
