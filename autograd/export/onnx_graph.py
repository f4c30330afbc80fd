"""Tensors that write down what is done to them, as the nodes of an ONNX graph."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd.export.exported import import_numpy

ROWS = "N"  # the free dimension


class Graph:
    """The nodes, and the numbers that they start from; also what rules' words mean, as `op.exp`."""

    def __init__(self, onnx: Any) -> None:
        self.onnx, self.np = onnx, import_numpy()
        self.nodes: list[Any] = []
        self.initializers: dict[str, Any] = {}
        self._names = itertools.count(1)
        self._numbers: dict[tuple[str, bytes, tuple[int, ...]], Tensor] = {}

    def emit(self, kind: str, *inputs: Any, shape: Sequence[Any], name: str = "", **attributes: Any) -> Tensor:
        """The result of a node."""
        made = Tensor(self, name or f"v{next(self._names)}", tuple(shape))
        given = [self.tensor(x).name for x in inputs]
        self.nodes.append(self.onnx.helper.make_node(kind, given, [made.name], **attributes))
        return made

    def number(self, numbers: Any, name: str = "") -> Tensor:
        """Numbers that are known: floats, or with ints places."""
        array = self.np.asarray(float(numbers) if type(numbers) is int else numbers)
        key = (str(array.dtype), array.tobytes(), array.shape)
        if key not in self._numbers or name:
            made = Tensor(self, name or f"c{next(self._names)}", array.shape)
            self.initializers[made.name] = self.onnx.numpy_helper.from_array(array, made.name)
            self._numbers[key] = made
        return self._numbers[key]

    def tensor(self, x: Any) -> Tensor:
        return x if isinstance(x, Tensor) else self.number(x)

    def both(self, kind: str, x: Any, y: Any) -> Tensor:
        x, y = self.tensor(x), self.tensor(y)
        return self.emit(kind, x, y, shape=broadcast(x.shape, y.shape))

    def __getattr__(self, word: str) -> Callable[..., Tensor]:
        """A function of one tensor that ONNX has under almost the same name."""
        if word not in KERNELS:
            raise ValueError(f"onnx has no float64 kernel for {word}, and there is no formula for it here")

        def function(x: Any) -> Tensor:
            tensor = self.tensor(x)
            return self.emit(KERNELS[word], tensor, shape=tensor.shape)

        return function

    def apart(self, x: Tensor) -> Tensor:
        """The same: onnxruntime changes no order of additions."""
        return x

    def power(self, x: Any, y: Any) -> Tensor:
        return self.both("Pow", x, y)

    def fmod(self, x: Any, y: Any) -> Tensor:
        x, y = self.tensor(x), self.tensor(y)
        return self.emit("Mod", x, y, shape=broadcast(x.shape, y.shape), fmod=1)

    def where(self, condition: Any, x: Any, y: Any) -> Tensor:
        parts = [self.tensor(part) for part in (condition, x, y)]
        return self.emit("Where", *parts, shape=broadcast(*(part.shape for part in parts)))

    def sum(self, x: Tensor, _axis: int) -> Tensor:
        x = self.emit("Cast", x, shape=x.shape, to=self.onnx.TensorProto.DOUBLE)
        return self.emit("ReduceSum", x, self.places([-1]), shape=x.shape[:-1], keepdims=0)

    def max(self, x: Tensor, _axis: int) -> Tensor:
        return self.emit("ReduceMax", x, self.places([-1]), shape=x.shape[:-1], keepdims=0)

    def arange(self, n: int) -> Tensor:
        return self.number([float(k) for k in range(n)])

    def places(self, numbers: Sequence[int]) -> Tensor:
        return self.number(self.np.array(numbers, dtype=self.np.int64))

    def stack(self, numbers: Sequence[Any]) -> Tensor:
        tensors = [self.tensor(x) for x in numbers]
        shape = broadcast(*(tensor.shape for tensor in tensors))
        first = next(tensor for tensor in tensors if tensor.shape == shape)
        wide = [tensor if tensor.shape == shape else tensor + 0.0 * first for tensor in tensors]
        return self.concatenate([tensor[..., None] for tensor in wide], -1)

    def concatenate(self, parts: Sequence[Any], _axis: int) -> Tensor:
        tensors = [self.tensor(part) for part in parts]
        width = sum(tensor.shape[-1] for tensor in tensors)
        return self.emit("Concat", *tensors, shape=(*tensors[0].shape[:-1], width), axis=-1)

    def reshape(self, x: Tensor, *shape: int) -> Tensor:
        """The numbers of each row in another shape."""
        first = (0,) if x.shape[:1] == (ROWS,) else ()
        sizes = self.places([*first, *shape])  # a 0 means the rows' number, or else nothing: sequences may be empty
        return self.emit("Reshape", x, sizes, shape=(*x.shape[: len(first)], *shape), allowzero=int(not first))

    def groups(self, x: Any, m: int, k: int) -> Tensor:
        return self.reshape(self.tensor(x), m, k)

    def joined_groups(self, x: Tensor) -> Tensor:
        return self.reshape(x, x.shape[-2] * x.shape[-1])

    def for_rows(self, x: Tensor, part: Any) -> Tensor:
        """The part for each row of x."""
        part = self.tensor(part)
        return part if part.shape[:1] == (ROWS,) else self.for_each_row(x, part)

    def for_each_row(self, x: Tensor, result: Any) -> Tensor:
        result = self.tensor(result)
        rows = self.emit("Shape", x, shape=(1,), start=0, end=1)
        shape = self.emit("Concat", rows, self.places(result.shape), shape=(1 + len(result.shape),), axis=0)
        return self.emit("Expand", result, shape, shape=(ROWS, *result.shape))


KERNELS = {
    **{
        word: word.capitalize()
        for word in ("exp", "log", "sqrt", "sin", "cos", "abs", "floor", "ceil", "round", "sign")
    },
    "logical_not": "Not",
}
"""What ONNX calls functions that onnxruntime computes in float64."""


class Tensor:
    """The result of a node, or known numbers; `shape` has "N" for the rows."""

    __array_ufunc__ = None  # NumPy's arrays leave arithmetic with it to it

    def __init__(self, graph: Graph, name: str, shape: tuple[Any, ...]) -> None:
        self.graph, self.name, self.shape = graph, name, shape

    def __add__(self, other: Any) -> Tensor:
        return self.graph.both("Add", self, other)

    def __radd__(self, other: Any) -> Tensor:
        return self.graph.both("Add", other, self)

    def __sub__(self, other: Any) -> Tensor:
        return self.graph.both("Sub", self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return self.graph.both("Sub", other, self)

    def __mul__(self, other: Any) -> Tensor:
        return self.graph.both("Mul", self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return self.graph.both("Mul", other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return self.graph.both("Div", self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return self.graph.both("Div", other, self)

    def __neg__(self) -> Tensor:
        return self.graph.emit("Neg", self, shape=self.shape)

    def __lt__(self, other: Any) -> Tensor:
        return self.graph.both("Less", self, other)

    def __le__(self, other: Any) -> Tensor:
        return self.graph.both("LessOrEqual", self, other)

    def __gt__(self, other: Any) -> Tensor:
        return self.graph.both("Greater", self, other)

    def __ge__(self, other: Any) -> Tensor:
        return self.graph.both("GreaterOrEqual", self, other)

    def __eq__(self, other: object) -> Any:
        return self.graph.both("Equal", self, other)

    def __ne__(self, other: object) -> Any:
        return self.graph.logical_not(self == other)

    __hash__ = None  # type: ignore[assignment]  # equality is a node

    def __and__(self, other: Tensor) -> Tensor:
        return self.graph.both("And", self, other)

    def __or__(self, other: Tensor) -> Tensor:
        return self.graph.both("Or", self, other)

    def __matmul__(self, other: Tensor) -> Tensor:
        return self.graph.emit("MatMul", self, other, shape=(*self.shape[:-1], *other.shape[1:]))

    @property
    def T(self) -> Tensor:  # noqa: N802 — as NumPy has it
        """The matrix transposed."""
        return self.graph.emit("Transpose", self, shape=self.shape[::-1])

    def reshape(self, *shape: int) -> Tensor:
        """The same numbers in another shape; (−1,) is one row of all of them."""
        if shape == (-1,):
            shape = (math.prod(self.shape),)
        return self.graph.emit("Reshape", self, self.graph.places(shape), shape=shape)

    def squeeze(self, _axis: int) -> Tensor:
        """Without the last axis."""
        return self.graph.emit("Squeeze", self, self.graph.places([-1]), shape=self.shape[:-1])

    def __getitem__(self, key: tuple[Any, ...]) -> Tensor:
        graph = self.graph
        match key:
            case (_, None):
                return graph.emit("Unsqueeze", self, graph.places([-1]), shape=(*self.shape, 1))
            case (_, None, _):
                return graph.emit("Unsqueeze", self, graph.places([-2]), shape=(*self.shape[:-1], 1, self.shape[-1]))
            case (_, slice() as part):
                first, end, step = part.indices(self.shape[-1])
                ends = [graph.places([x]) for x in (first, end, -1, step)]
                return graph.emit("Slice", self, *ends, shape=(*self.shape[:-1], len(range(first, end, step))))
            case (_, int() as k):
                place = graph.number(graph.np.int64(k))
                return graph.emit("Gather", self, place, shape=self.shape[:-1], axis=-1)
        return graph.emit("Gather", self, key[1], shape=(*self.shape[:-1], *key[1].shape), axis=-1)


def broadcast(*shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape of what arithmetic makes of these.

    >>> broadcast(("N", 1), (3,)), broadcast((), (2, 3))
    (('N', 3), (2, 3))
    """
    result = []
    for sizes in itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        wide = [size for size in sizes if size != 1]
        result.append(wide[0] if wide else 1)
    return tuple(result[::-1])
