"""What all exports have in common: the arrays of parameters, by name, and the way back to the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd.export.blocks import Blocks
from autograd.ieee import kind
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

        Raises ValueError for arrays of other names or shapes, TypeError for what isn't a dict of arrays of numbers.
        """
        numbers = self.checked(parameters)
        set_data(
            [node for nodes in self.nodes.values() for node in nodes],
            [x for name in self.nodes for x in numbers[name].ravel().tolist()],
        )

    def checked(self, parameters: Mapping[str, Any]) -> dict[str, Numbers]:
        """The arrays as NumPy's float64; an error for other names, shapes or types."""
        self.check_names(parameters)
        numbers = {}
        for name, array in parameters.items():
            numbers[name] = as_floats(array.detach().cpu() if hasattr(array, "detach") else array, name)
            self.check_shape(name, numbers[name].shape)
        return numbers

    def check_names(self, parameters: object) -> None:
        """Raise TypeError for parameters that aren't a dict, ValueError for other names than the graph's."""
        if not isinstance(parameters, Mapping):
            raise TypeError(f"the parameters must be a dict of arrays, got {kind(parameters)}")
        if parameters.keys() != self.shapes.keys():
            names = ", ".join(map(str, parameters)) or "none"
            raise ValueError(f"the parameters must be {', '.join(self.shapes) or 'none'}, got {names}")

    def check_shape(self, name: str, shape: tuple[int, ...]) -> None:
        """Raise ValueError for a parameter of another shape than the graph's."""
        if shape != self.shapes[name]:
            raise ValueError(f"{name} must have the shape {self.shapes[name]}, got {shape}")

    def check_columns(self, shape: tuple[int, ...]) -> None:
        """Raise ValueError for rows, of any number of dimensions, without one number for each input."""
        columns = len(self.blocks.inputs)
        if shape[-1:] != (columns,):
            raise ValueError(f"rows must have the shape (…, {columns}), got {tuple(shape)}")


def as_floats(numbers: object, what: str) -> Numbers:
    """The numbers as NumPy's array of float64; an error for what isn't an array of real numbers."""
    numpy = import_numpy()
    try:
        array = numpy.asarray(numbers)
    except ValueError as error:
        raise ValueError(f"{what} must be an array: {error}") from None
    if array.dtype.kind not in "fiuV":  # JAX's bfloat16 is a V
        raise TypeError(f"{what} must be real numbers (float64, or what converts to it), got the type {array.dtype}")
    floats: Numbers = array.astype(float, copy=False)
    return floats


def import_numpy() -> Any:
    """NumPy; an ImportError that says how to install it."""
    try:
        import numpy  # noqa: PLC0415, ICN001 — only who exports needs it
    except ModuleNotFoundError as error:
        raise ImportError('this export needs numpy: pip install "pathgrad[compile]"') from error
    return numpy
