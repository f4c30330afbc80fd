"""Compiled graphs: machine code that gives the graph engine's bits, over rows of data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from autograd.rules import in_order
from autograd.value import Value, as_node

if TYPE_CHECKING:
    from autograd.compiler.compiled import Compiled


def compile(  # noqa: A001 — the public name
    output: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] = (),
    *,
    exact: bool = True,
    threads: int = 1,
) -> Compiled:
    """doc"""
    from autograd.compiler.compiled import Compiled

    outputs = [output] if isinstance(output, Value) else list(in_order(output, "compile's output"))
    return Compiled(
        outputs, list(inputs), list(parameters), single=isinstance(output, Value), exact=exact, threads=threads
    )
