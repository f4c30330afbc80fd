"""A graph on JAX: a function for jit, grad, vmap and hessian, with our partial derivatives in its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.export.blocks import Blocks, blocks
from autograd.export.exported import Exported
from autograd.export.module_text import Source
from autograd.export.words import JAX
from autograd.value import Value


def jax(loss: Value | Sequence[Value], inputs: Iterable[Value], parameters: Iterable[Value] = ()) -> OnJax:
    """The recorded graph of one row as a function for JAX: (parameters, rows) → values.

    The arguments are those of `autograd.export.numpy`. The function is pure, so `jax.jit`, `jax.grad`, `jax.vmap`,
    `jax.hessian` and `jax.sharding` work on it. Parameters are a dict of arrays: `function.parameters` has them as they
    are in the graph, and `function.to_graph(parameters)` gives others back to it. Rows are an array (…, inputs); the
    values have the shape (…), or (…, outputs) for several outputs, so that a single row gives a single value.

    Each operation has our partial derivatives, by jax.custom_jvp: relu′(0) is 0, and a tie of maximum gives ½ to each.
    Second derivatives are JAX's of these, and nan at a kink, as on the graph engine; jax.hessian, which goes forward
    over all inputs at once, may then have nan in other places of the row, too.

    Raises RuntimeError unless JAX computes in float64, which is for you to switch on before JAX's first array:
    `jax.config.update("jax_enable_x64", True)`. Raises ImportError where JAX is missing, and else as `numpy` does.
    """
    try:
        import jax as library  # noqa: PLC0415 — this door needs JAX
    except ModuleNotFoundError as error:
        raise ImportError('export.jax needs jax: pip install "pathgrad[jax]"') from error
    if not library.config.jax_enable_x64:
        raise RuntimeError(
            "export.jax needs float64, which JAX has only after "
            'jax.config.update("jax_enable_x64", True), at the start of your program'
        )
    return OnJax(blocks(loss, inputs, parameters, "jax"))


class OnJax(Exported):
    """What `jax` makes: (parameters, rows) → values."""

    def __init__(self, made: Blocks) -> None:
        import jax.numpy as jnp  # noqa: PLC0415 — as above
        import numpy as np  # noqa: PLC0415

        super().__init__(made)
        source = Source(made, JAX)
        space: dict[str, Any] = {name: np.array(x) for name, x in source.program.constants.items()}
        exec("\n\n\n".join(source.parts(constants=False)), space)  # noqa: S102 — made of the program's own rules
        self._compute = space["compute"]
        self.parameters = {name: jnp.asarray(numbers) for name, numbers in self.numbers().items()}
        """The graph's parameters as they were when it was exported."""
        self.__name__ = "compute"

    @property
    def source(self) -> str:
        """The function as text, to read and to keep."""
        return Source(self.blocks, JAX).text()

    def __call__(self, parameters: Mapping[str, Any], rows: Any) -> Any:
        """The values: an array of length n or, for several outputs, of shape (n, outputs).

        Raises ValueError for parameters of other names or shapes, and for rows of another length; TypeError for
        parameters that aren't a dict, and for complex rows.
        """
        import jax.numpy as jnp  # noqa: PLC0415 — as above

        self.check_names(parameters)
        for name, array in parameters.items():
            self.check_shape(name, jnp.shape(array))
        rows = jnp.asarray(rows)
        self.check_columns(rows.shape)
        if jnp.iscomplexobj(rows):
            raise TypeError(f"rows must be real numbers, got the type {rows.dtype}")
        return self._compute(parameters, rows)
