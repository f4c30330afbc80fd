"""A graph as an ONNX file, for onnxruntime and whatever else reads that format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from autograd.arguments import as_tuple
from autograd.export.blocks import Blocks, blocks
from autograd.export.exported import Exported
from autograd.export.module_text import Source
from autograd.export.onnx_graph import ROWS, Graph, Tensor
from autograd.export.onnx_words import ONNX
from autograd.files import replace
from autograd.value import Value

OPSET, IR_VERSION = 18, 9  # of 2023, which all current runtimes read


def onnx(
    model: Any,
    path: str | bytes | os.PathLike[str],
    inputs: int | Iterable[Value],
    parameters: Iterable[Value] | None = None,
) -> Path:
    """Write a model, or a recorded graph, to an ONNX file, and return its path.

    model       a model with `parameters()` that is called with a sample, such as an nn.MLP, which is recorded in
                evaluation mode; or the node to compute, or a sequence of nodes
    path        of the file; an existing one is replaced as a whole
    inputs      how many numbers a sample has; for a graph the leaves that each row gives numbers to
    parameters  the leaves that are initializers with names; by default the model's, and none of a graph. Others are
                numbers in the file, too

    The file's input `x` is a float64 tensor (N, inputs) for any N. Its output `y` is (N, outputs), or (N,) for a single
    node. Operations that onnxruntime has in float32 only are written as formulas of others, in float64.

    Raises TypeError and ValueError as `autograd.export.numpy` does; ImportError where onnx is missing; OSError if the
    file can't be written.
    """
    try:
        import onnx as library  # noqa: PLC0415 — this door needs ONNX
    except ModuleNotFoundError as error:
        raise ImportError('export.onnx needs onnx: pip install "pathgrad[onnx]"') from error
    if callable(model) and not isinstance(model, Value):
        if not isinstance(inputs, int) or isinstance(inputs, bool) or inputs < 1:
            raise TypeError(f"onnx's inputs must be the number of a sample's numbers, at least 1, got {inputs!r:.40}")
        columns = [Value(0.0, f"x{k}") for k in range(1, inputs + 1)]
        outputs = in_evaluation(model, columns)
        numbers = model.parameters() if parameters is None else parameters
    else:
        if isinstance(inputs, int):
            raise TypeError("onnx's inputs must be the leaves of the graph that each row gives numbers to, got an int")
        columns, outputs = list(as_tuple(inputs, "onnx's inputs")), model
        numbers = () if parameters is None else parameters
    made = _model(library, blocks(outputs, columns, numbers, "onnx"))
    library.checker.check_model(made, full_check=True)
    replace(path, made.SerializeToString())
    return Path(os.fsdecode(path))


def in_evaluation(model: Callable[..., Any], columns: Sequence[Value]) -> Any:
    """The model's outputs for a sample, with nothing at random; its parts keep their modes."""
    modules = [*model.modules()] if hasattr(model, "modules") else []
    modes = [module.training for module in modules]
    try:
        for module in modules:
            module.training = False
        return model(columns)
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


def _model(library: Any, made: Blocks) -> Any:
    graph, helper = Graph(library), library.helper
    numbers = Exported(made).numbers()
    program = Source(made, ONNX)
    space: dict[str, Any] = {"op": graph}
    for name, known in program.program.constants.items():
        space[name] = graph.places(known) if name.startswith("i") else graph.number(known)
    exec("\n\n\n".join(program.parts(constants=False)), space)  # noqa: S102 — made of the program's own rules
    x = Tensor(graph, "x", (ROWS, len(made.inputs)))
    given = {name: graph.number(array, name) for name, array in numbers.items()}
    result = graph.tensor(space["compute"](given, x))
    graph.emit("Identity", result, shape=result.shape, name="y")
    double = library.TensorProto.DOUBLE
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "pathgrad",
            [helper.make_tensor_value_info("x", double, [ROWS, len(made.inputs)])],
            [helper.make_tensor_value_info("y", double, list(result.shape))],
            list(graph.initializers.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="pathgrad",
    )
