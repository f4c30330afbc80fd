"""Compiled graphs: machine code that gives the graph engine's bits, over rows of data.

`pipeline.compile_graph` is the way, in one function, and each stage has its files:

    graph      the recorded Values of one row
    gradient   as a graph, too, which `derivatives` gives (`results`)
    layers     sums of products with the same inputs, and their gradients (`layered_graph`, which reads `matrices`,
               `layers`, `outer_products`)
    plan       what is computed in which order, and where each number is kept: straight pieces of a `program`, and
               layers as loops (`planning`, with `registers`, `repeats`, `slots`)
    code       the plan in LLVM's language (`module`, made of `layout`, `instructions`, `repeat_text`, `loop_text`,
               `c_library`, `vector_math`, `shared`); of a large plan, a `tape` that a loop carries out (`tape_text`)
    machine    LLVM's machine code, in this process (`jit`)

Other files run the code: `kernel` (rows in, arrays out), `sharing`, `memory`, `cache`, and the user's `compiled`.
`formula`, `update_text`, `clip_text`, `steps` and `training` take many steps of an optimizer in one call.

The stages up to the plan don't depend on LLVM's language, and need neither llvmlite nor NumPy. No file here knows a
rule's derivative: a gradient is a graph, too, and only values are compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd.node import require_value
from autograd.rules import as_tuple
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.compiled import Compiled


def compile(  # noqa: A001 — the name of the thing
    output: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] = (),
    *,
    exact: bool = True,
    threads: int = 1,
) -> Compiled:
    """Compile the recorded graph of one row into machine code that runs over many rows.

    output      the node to compute, or a sequence of nodes
    inputs      the leaves to which each row gives numbers, column by column
    parameters  the leaves that are the same for all rows, and by which gradients are taken. All other leaves are
                constants
    exact       True gives every value, and every row's gradient, the bits of the graph engine. With False a product
                may be added without being rounded first, and functions of whole vectors are used where the system
                has them: each function is within 4 ulp of the exact result then, and each sum or product within the
                rounding of its own terms
    threads     how many threads share the work of many rows; any number of them gives the same bits

    What is compiled is what was recorded: a Python `if` on `.data` stays as it fell for this row, while the
    operations that branch (relu, maximum, step, …) choose row by row. A graph with the same structure as one that this
    process has compiled before gets the same code, without compiling again.

    Raises TypeError for what isn't a Value; ValueError for no output, for an input or parameter that isn't a leaf or
    is listed twice, and for a graph of more than 400,000 edges outside sums of products; ImportError where
    llvmlite or NumPy is missing.

    >>> w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(0.5, "x")
    >>> compiled = compile((w * x + b) ** 2, inputs=[x], parameters=[w, b])
    >>> values, gradient = compiled.value_and_gradient([[0.5], [1.0], [2.0]])
    >>> values.tolist(), gradient.tolist()
    ([4.0, 9.0, 25.0], [28.0, 20.0])
    """
    try:
        from autograd.compiler.compiled import Compiled  # noqa: PLC0415 — this door needs llvmlite and NumPy
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        raise ImportError(f'compile needs {missing}: pip install "pathgrad[compile]"') from error
    outputs = (output,) if isinstance(output, Value) else as_tuple(output, "compile's output")
    if not outputs:
        raise ValueError("compile needs at least 1 output, got 0")
    known: dict[Value, str] = {}
    return Compiled(
        [require_value(node, "compile's output") for node in outputs],
        _leaves(inputs, "inputs", known),
        _leaves(parameters, "parameters", known),
        single=isinstance(output, Value),
        exact=bool(exact),
        threads=threads,
    )


def _leaves(nodes: Any, what: str, known: dict[Value, str]) -> list[Value]:
    """The nodes, each a leaf that isn't known yet; adds them to what is known."""
    if isinstance(nodes, Value):
        raise TypeError(f"compile's {what} must be a sequence of Values, got a Value: for a single one write [x]")
    leaves = [require_value(node, f"compile's {what}") for node in as_tuple(nodes, f"compile's {what}")]
    for node in leaves:
        if node.operation is not None:
            raise ValueError(f"compile's {what} must be leaves of the graph, got the result of {node.op}")
        if node in known:
            twice = f"twice among the {what}" if known[node] == what else "among inputs and parameters"
            raise ValueError(f"{node.label or repr(node)} is listed {twice}")
        known[node] = what
    return leaves
