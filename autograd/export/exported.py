"""What all exports have in common: the arrays of parameters, by name, and the way back to the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd.export.blocks import Blocks
from autograd.node import set_data

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


class Exported:
    """A graph for another library: the names of its parameters, their numbers, and how these come back."""

    def __init__(self, made: Blocks) -> None:
        self.blocks = made
        self.nodes = {array.name: made.members[array] for array in made.arrays("parameters")}
        """The parameters in each array, row by row."""
        self.shapes = {array.name: array.shape for array in made.arrays("parameters")}

    @property
    def labels(self) -> dict[str, list[str]]:
        """The labels of the parameters in each array, row by row."""
        return {name: [node.label for node in nodes] for name, nodes in self.nodes.items()}

    def numbers(self) -> dict[str, Numbers]:
        """The graph's parameters as they are now, as NumPy's arrays by name."""
        numpy = import_numpy()
        return {
            name: numpy.array([node.data for node in nodes]).reshape(self.shapes[name])
            for name, nodes in self.nodes.items()
        }

    def to_graph(self, parameters: Mapping[str, Any]) -> None:
        """Give the graph's parameters the numbers of these arrays: all of them or, on Ctrl-C, none.

        Raises ValueError for arrays of other names or shapes.
        """
        numbers = self.checked(parameters)
        set_data(
            [node for nodes in self.nodes.values() for node in nodes],
            [x for name in self.nodes for x in numbers[name].ravel().tolist()],
        )

    def checked(self, parameters: Mapping[str, Any]) -> dict[str, Numbers]:
        """The arrays as NumPy's float64; a ValueError for other names or shapes."""
        numpy = import_numpy()
        if parameters.keys() != self.shapes.keys():
            raise ValueError(
                f"the parameters must be {', '.join(self.shapes) or 'none'}, got {', '.join(parameters) or 'none'}"
            )
        numbers = {}
        for name, array in parameters.items():
            detached = array.detach().cpu() if hasattr(array, "detach") else array
            numbers[name] = found = numpy.asarray(detached, dtype=float)
            if found.shape != self.shapes[name]:
                raise ValueError(f"{name} must have the shape {self.shapes[name]}, got {found.shape}")
        return numbers


def import_numpy() -> Any:
    """NumPy; an ImportError that says how to install it."""
    try:
        import numpy  # noqa: PLC0415, ICN001 — only who exports needs it
    except ModuleNotFoundError as error:
        raise ImportError('this export needs numpy: pip install "pathgrad[compile]"') from error
    return numpy
