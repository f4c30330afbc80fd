"""A graph on PyTorch: a module with named parameters, with our partial derivatives in its backward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd.export.blocks import blocks
from autograd.export.exported import Exported
from autograd.export.module_text import Source
from autograd.export.words import FUSED_TORCH, TORCH
from autograd.ieee import kind
from autograd.value import Value


def torch(
    loss: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] = (),
    *,
    exact: bool = True,
) -> Any:
    """The recorded graph of one row as a torch.nn.Module in float64: rows → values.

    The arguments are those of `autograd.export.numpy`. Rows are a tensor (…, inputs) of float64; the values have the
    shape (…), or (…, outputs) for several outputs, so that a single row gives a single value. `module.exported` knows
    the graph: `module.exported.labels` has the labels of the parameters in each of the module's, and
    `module.exported.to_graph(dict(module.named_parameters()))` gives their numbers back to the graph.

    Each operation is a torch.autograd.Function with our partial derivatives, or PyTorch's function where that has the
    same ones: relu′(0) is 0, and a tie of maximum gives ½ to each. With `exact=False` PyTorch's log_softmax, logsumexp,
    sigmoid, relu and abs are used, too, which take less time; small results of the first three lose digits, and at the
    kinks of the others second derivatives are 0. Otherwise they are nan at a kink, as on the graph engine. `torch.func`
    (grad, vmap, jacrev, functional_call) takes the module, too.

    Raises ImportError where PyTorch is missing, and else as `numpy` does. The module raises TypeError for rows
    of another type than its parameters, and ValueError for rows of another length.
    """
    try:
        import torch as library  # noqa: PLC0415 — this door needs PyTorch
    except ModuleNotFoundError as error:
        raise ImportError('export.torch needs torch: pip install "pathgrad[torch]"') from error
    made = blocks(loss, inputs, parameters, "torch")
    dialect = TORCH if exact else FUSED_TORCH
    program = Source(made, dialect)
    space: dict[str, Any] = {}
    exec("\n\n\n".join(program.parts(constants=False)), space)  # noqa: S102 — made of the program's own rules
    for name, numbers in program.program.constants.items():
        dtype = library.long if name.startswith("i") else library.float64
        space[name] = library.tensor(numbers, dtype=dtype)
    module = _with_checks(library, space["Model"])(Exported(made).numbers())
    module.exported = OnTorch(program)
    return module


def _with_checks(library: Any, model: Any) -> Any:
    """Return a subclass of the module's class that refuses rows of another type or width, as PyTorch does not.

    A hook would do the same, and take ten times as long.
    """

    class Model(model):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            first = next(iter(self._parameters.values()), None)
            own = library.float64 if first is None else first.dtype
            if not isinstance(x, library.Tensor):
                raise TypeError(f"rows must be a tensor of {own}, got {kind(x)}")
            if x.dtype != own:
                raise TypeError(f"rows must be {own}, as the parameters are, got {x.dtype}: write rows.to({own})")
            self.exported.check_columns(x.shape)
            return super().forward(x)

    return Model


class OnTorch(Exported):
    """The graph behind a module of `torch`, and the module's source text."""

    def __init__(self, program: Source) -> None:
        super().__init__(program.blocks)
        self.source = program.text()
        """The module as text, to read and to keep."""
