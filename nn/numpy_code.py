"""A graph on NumPy's arrays, in the place of compiled code where llvmlite is missing: all rows at once.

The graph of one row becomes the blocks of `autograd.export.numpy`. The formulas are those of the graph engine, but
products of matrices, sums over rows and functions such as exp are NumPy's. So numbers differ from the graph engine's
by rounding, and perhaps from those of another processor or another NumPy; on one machine they are the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import Value, export

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]


class NumPyCode:
    """A graph on NumPy's arrays, with what training and evaluation use of `autograd.Compiled`.

    parameters  the parameters' numbers; each call reads them

    Raises ValueError for a graph of more than 1,000 blocks.
    """

    def __init__(self, outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]) -> None:
        import numpy as np  # noqa: PLC0415 — only this way needs it

        self.function = export.numpy(outputs, inputs, parameters)
        self.parameters: Array = np.array([parameter.data for parameter in parameters])
        place = {parameter: i for i, parameter in enumerate(parameters)}
        shapes = self.function.shapes
        self.places: dict[str, Indices] = {
            name: np.array([place[node] for node in nodes]).reshape(shapes[name])
            for name, nodes in self.function.nodes.items()
        }

    def value(self, rows: Array) -> Array:
        """The outputs for each row: (n, outputs)."""
        values: Array = self.function(self._arrays(), rows)
        return values

    def value_and_gradient(self, rows: Array, *, of: int = 0) -> tuple[Array, Array]:
        """The outputs for each row, and Σ over rows of ∂output/∂parameter of one of them."""
        import numpy as np  # noqa: PLC0415 — as above

        values, gradients = self.function.value_and_gradient(self._arrays(), rows, of=of)
        gradient = np.empty(len(self.parameters))
        for name, places in self.places.items():
            gradient[places] = gradients[name]
        return values, gradient

    def _arrays(self) -> dict[str, Array]:
        return {name: self.parameters[places] for name, places in self.places.items()}
