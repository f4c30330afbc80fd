"""The report of `Compiled.explain`: the stages from the graph to machine code, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autograd.compiler.kernel import Kernel
from autograd.compiler.llvm_text import Target
from autograd.compiler.plan import LayerLoop, Piece, Plan
from autograd.compiler.repeats import Repeat
from autograd.display import to_the_left
from autograd.korean import say
from autograd.rules import Operation


def report(kernel: Kernel, inputs: int, parameters: int) -> Iterator[str]:
    """The lines for a kernel; `inputs` and `parameters` say how many its graph has."""
    plan, target = kernel.layout.plan, kernel.layout.target
    yield _line(say("recorded graph"), _counted(kernel.recorded))
    yield _line(say("with its gradient"), _counted(plan.operations))
    counts = {"inputs": inputs, "parameters": parameters}
    yield _line(say("reads"), say("{inputs} numbers a row, {parameters} parameters", **counts))
    yield from _stages(plan, "  straight" if kernel.layout.tape is None else "  on a tape")
    pieces, loops = (sum(isinstance(stage, kind) for stage in plan.stages) for kind in (Piece, LayerLoop))
    sizes = {"slots": plan.slots, "block": target.block, "lanes": target.lanes}
    text = "{pieces} straight pieces, {loops} layers; {slots} slots, blocks of {block} rows, {lanes} lanes"
    yield _line(say("in all"), say(text, pieces=pieces, loops=loops, **sizes))
    yield _line(say("arithmetic"), _exactness(target))


def _line(label: str, text: str) -> str:
    return f"{to_the_left(label, 17)} {text}"


def _stages(plan: Plan, piece: str) -> Iterator[str]:
    for stage in plan.stages:
        if isinstance(stage, Piece):
            yield _line(say(piece), say("{count} instructions", count=len(stage.places)))
        elif isinstance(stage, Repeat):
            counts = {"turns": stage.turns, "count": len(stage.body)}
            yield _line(say("  repeated"), say("{turns} times {count} instructions", **counts))
        else:
            counts = {"sums": stage.shape[0], "products": stage.shape[1]}
            yield _line(say("  layer"), say("{sums} sums of {products} products", **counts))
    for product in plan.products:
        size = f"{product.shape[0]} × {product.shape[1]}"
        yield _line(say("  products"), say("{size}, added up over rows", size=size))
    if plan.sums:
        yield _line(say("  sums"), say("{count} numbers, added up over rows", count=len(plan.sums)))


def _exactness(target: Target) -> str:
    if target.exact:
        return say("the graph engine's bits")
    within = say(", functions of whole vectors within 4 ulp") if target.vectorized else ""
    return say("products added without rounding them first") + within


def _counted(operations: Counter[Operation | None]) -> str:
    leaves = operations[None]
    common = "".join(f", {count} {operation.name}" for operation, count in operations.most_common(7) if operation)
    return say("{nodes} nodes: {leaves} leaves", nodes=f"{operations.total():,}", leaves=leaves) + common
