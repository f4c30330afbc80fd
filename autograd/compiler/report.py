"""The report of `Compiled.explain`: the stages from the graph to machine code, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autograd.compiler.kernel import Kernel
from autograd.compiler.llvm_text import Target
from autograd.compiler.plan import LayerLoop, Piece, Plan
from autograd.compiler.repeats import Repeat
from autograd.rules import Operation


def report(kernel: Kernel, inputs: int, parameters: int) -> Iterator[str]:
    """The lines for a kernel; `inputs` and `parameters` say how many its graph has."""
    plan, target = kernel.layout.plan, kernel.layout.target
    yield f"recorded graph    {_counted(kernel.recorded)}"
    yield f"with its gradient {_counted(plan.operations)}"
    yield f"reads             {inputs} numbers a row, {parameters} parameters"
    yield from _stages(plan, "straight " if kernel.layout.tape is None else "on a tape")
    pieces, loops = (sum(isinstance(stage, kind) for stage in plan.stages) for kind in (Piece, LayerLoop))
    yield (
        f"in all            {pieces} straight pieces, {loops} layers; "
        f"{plan.slots} slots, blocks of {target.block} rows, {target.lanes} lanes"
    )
    yield f"arithmetic        {_exactness(target)}"


def _stages(plan: Plan, piece: str) -> Iterator[str]:
    for stage in plan.stages:
        if isinstance(stage, Piece):
            yield f"  {piece}       {len(stage.places)} instructions"
        elif isinstance(stage, Repeat):
            yield f"  repeated        {stage.turns} times {len(stage.body)} instructions"
        else:
            yield f"  layer           {stage.shape[0]} sums of {stage.shape[1]} products"
    for product in plan.products:
        yield f"  products        {product.shape[0]} × {product.shape[1]}, added up over rows"
    if plan.sums:
        yield f"  sums            {len(plan.sums)} numbers, added up over rows"


def _exactness(target: Target) -> str:
    if target.exact:
        return "the graph engine's bits"
    within = ", functions of whole vectors within 4 ulp" if target.vectorized else ""
    return f"products added without rounding them first{within}"


def _counted(operations: Counter[Operation | None]) -> str:
    leaves = operations[None]
    common = "".join(f", {count} {operation.name}" for operation, count in operations.most_common(7) if operation)
    return f"{operations.total():,} nodes: {leaves} leaves{common}"
