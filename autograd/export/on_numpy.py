"""A graph on NumPy: the values of all rows at once, and their gradient, without machine code."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import prod
from typing import Any

from autograd.export.blocks import Array, Block, Blocks, blocks
from autograd.export.exported import Exported, as_floats, import_numpy
from autograd.export.module_text import Source
from autograd.export.words import NUMPY
from autograd.ieee import integer
from autograd.value import Value


def numpy(loss: Value | Sequence[Value], inputs: Iterable[Value], parameters: Iterable[Value] = ()) -> OnNumPy:
    """The recorded graph of one row as a function on NumPy's arrays.

    loss        the node to compute, or a sequence of nodes
    inputs      the leaves that each row gives numbers to, column by column
    parameters  the leaves that are the same for all rows; other leaves are constants

    The function takes the parameters as a dict of arrays, and rows (n, inputs); it returns the values, (n,) or
    (n, outputs). `function.numbers()` has the parameters' numbers, `function.to_graph(parameters)` gives them back to
    the graph, and `function.value_and_gradient(parameters, rows)` has Σ over rows of ∂loss/∂parameter, too.

    What is exported is what was recorded: a Python `if` on `.data` is frozen as it fell for this row, while the
    operations that branch choose row by row.

    Raises TypeError for what isn't a Value; ValueError for no output, for an input or parameter that isn't a leaf or is
    listed twice, and for a graph of more than 1,000 blocks; ImportError where NumPy is missing.

    >>> w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(0.5, "x")
    >>> function = numpy((w * x + b) ** 2, [x], [w, b])
    >>> function(function.numbers(), [[0.5], [1.0], [2.0]]).tolist()
    [4.0, 9.0, 25.0]
    """
    import_numpy()
    return OnNumPy(blocks(loss, inputs, parameters, "numpy"))


class OnNumPy(Exported):
    """What `numpy` makes: (parameters, rows) → values."""

    def __init__(self, made: Blocks) -> None:
        super().__init__(made)
        self._numpy = np = import_numpy()
        self._source = Source(made, NUMPY, partials=True)
        program, functions = self._source.program, self._source.functions
        known = [program.known(block) if block.operation else {} for block in made.blocks]
        calls = [
            functions.operation(block.operation, numbers) if block.operation else ""
            for block, numbers in zip(made.blocks, known, strict=True)
        ]
        texts = self._source.parts(constants=False)
        self._space: dict[str, Any] = {name: np.array(x) for name, x in self._source.program.constants.items()}
        exec("\n\n\n".join(texts), self._space)  # noqa: S102 — made of the program's own rules
        self._steps = [
            _Step(np, made, block, [self._space.get(name), self._space.get(f"{name}_partials")], numbers)
            for block, name, numbers in zip(made.blocks, calls, known, strict=True)
        ]
        self._outputs = _Operand(np, made, made.outputs)
        self._depending = {*made.arrays("parameters")}  # the arrays that depend on parameters, which gradients flow to
        for step in self._steps:
            if any(operand.depends(self._depending) for operand in step.operands):
                self._depending.add(step.block.array)

    @property
    def source(self) -> str:
        """The function as text, to read and to keep."""
        return Source(self.blocks, NUMPY).text()

    def __call__(self, parameters: Mapping[str, Any], rows: Any) -> Any:
        """The values: an array of length n or, for several outputs, of shape (n, outputs).

        Raises ValueError for parameters of other names or shapes, and for rows of another length; TypeError for
        parameters that aren't a dict, and for what isn't real numbers.
        """
        return self._space["compute"](self.checked(parameters), self._rows(rows))

    def value_and_gradient(
        self, parameters: Mapping[str, Any], rows: Any, *, of: int = 0
    ) -> tuple[Any, dict[str, Any]]:
        """The values, and Σ over rows of ∂loss/∂parameter, as arrays with the parameters' names.

        of  which of several outputs is differentiated: its place

        Raises ValueError as a call does, and for an output that doesn't exist.
        """
        np, made = self._numpy, self.blocks
        of = integer(of, "of, the place of an output,")
        if not 0 <= of < len(made.outputs):
            raise ValueError(f"of must be at least 0 and below {len(made.outputs)}, the number of outputs, got {of}")
        rows = self._rows(rows)
        arrays = {made.arrays("rows")[0]: rows}
        numbers = self.checked(parameters)
        arrays |= {array: numbers[array.name].reshape(1, -1) for array in made.arrays("parameters")}
        with np.errstate(all="ignore"):
            for step in self._steps:
                arrays[step.block.array] = step.forward(arrays)
            values = np.broadcast_to(self._outputs.read(arrays), (len(rows), len(made.outputs)))
            arrived = {array: np.zeros_like(arrays[array]) for array in self._depending}
            last, k = made.place.get(made.outputs[of], (None, 0))
            if last in arrived:
                arrived[last][:, k] += 1.0 if last.varies else len(rows)
                for step in reversed(self._steps):
                    if step.block.array in arrived:
                        step.backward(arrays, arrived)
        gradient = {array.name: arrived[array].reshape(array.shape) for array in made.arrays("parameters")}
        return values[:, 0] if made.single else values, gradient

    def _rows(self, rows: Any) -> Any:
        rows = as_floats(rows, "rows")
        columns = len(self.blocks.inputs)
        if rows.ndim == 1 and rows.size == 0:
            rows = rows.reshape(0, columns)
        if rows.ndim != 2 or rows.shape[1] != columns:
            raise ValueError(f"rows must have the shape (n, {columns}), got {rows.shape}")
        return rows


class _Step:
    """One block, forwards and backwards: numbers stand in arrays (n, m), or (1, m) where all rows have the same."""

    def __init__(self, np: Any, made: Blocks, block: Block, functions: list[Any], known: Mapping[str, float]) -> None:
        self.np, self.block = np, block
        if block.operation is None:
            inputs, weights, starts = block.arguments
            self.shape = (len(inputs), len(inputs[0]), len(weights))
            flat = [x for group in inputs for x in group], [w for row in weights for w in row], starts
            self.operands = [_Operand(np, made, nodes) for nodes in flat if nodes]
            return
        self.value, self.partials = functions
        operation = block.operation
        given = [k for k, name in enumerate(operation.arguments) if name not in known]
        self.sequences = [operation.sequences[k] for k in given]
        self.operands = [
            _Operand(np, made, [*chain.from_iterable(nodes)] if operation.sequences[k] else nodes)
            for k, nodes in enumerate(block.arguments)
            if k in given
        ]

    def arguments(self, arrays: Mapping[Array, Any]) -> list[Any]:
        found = [operand.read(arrays) for operand in self.operands]
        if self.block.operation is None:
            return found
        m = len(self.block.outputs)
        pairs = zip(found, self.sequences, strict=True)
        return [x.reshape(len(x), m, x.shape[1] // m) if is_sequence else x for x, is_sequence in pairs]

    def forward(self, arrays: Mapping[Array, Any]) -> Any:
        """The block's numbers."""
        arguments = self.arguments(arrays)
        if self.block.operation is not None:
            return self.np.broadcast_to(self.value(*arguments), self._size(arguments))
        groups, k, rows = self.shape
        x, weights, *starts = arguments
        sums = (x.reshape(-1, k) @ weights.reshape(rows, k).T).reshape(len(x), groups * rows)
        return sums + starts[0] if starts else sums

    def _size(self, arguments: Sequence[Any]) -> tuple[int, int]:
        n = max((len(x) for x in arguments if len(x) != 1), default=0 if any(not len(x) for x in arguments) else 1)
        return n, len(self.block.outputs)

    def backward(self, arrays: Mapping[Array, Any], arrived: Mapping[Array, Any]) -> None:
        """Pass on what arrived at the block's nodes to those operands that pass it on to parameters."""
        g = arrived[self.block.array]
        arguments = self.arguments(arrays)
        wanted = [operand.depends(arrived) for operand in self.operands]
        if self.block.operation is None:
            shares = self._layer_shares(g, arguments, of_inputs=wanted[0])
        else:
            slopes = self.partials(*arguments, arrays[self.block.array])
            shares = (
                (g[..., None] * slope * self.np.ones_like(x) if is_sequence else g * slope)
                for x, slope, is_sequence in zip(arguments, slopes, self.sequences, strict=True)
            )
        for operand, is_wanted, share in zip(self.operands, wanted, shares, strict=True):
            if is_wanted:
                operand.add(arrived, share.reshape(len(share), prod(share.shape[1:])))

    def _layer_shares(self, g: Any, arguments: Sequence[Any], *, of_inputs: bool) -> Iterator[Any]:
        """What flows back to a layer's inputs, weights and starts; to the inputs only if that is wanted."""
        groups, k, rows = self.shape
        x, weights, *starts = arguments
        δ = g.reshape(-1, rows)
        wide = self.np.broadcast_to(x, (len(g), groups * k)).reshape(-1, k)
        yield (δ @ weights.reshape(rows, k)).reshape(len(g), groups * k) if of_inputs else g
        yield (δ.T @ wide).reshape(1, -1)
        yield from [g] if starts else []


class _Operand:
    """Nodes side by side: where they stand in arrays, and the constants among them."""

    def __init__(self, np: Any, made: Blocks, nodes: Sequence[Value]) -> None:
        self.np = np
        self.constants = np.array([[0.0 if node in made.place else node.data for node in nodes]])
        behind: dict[Array, tuple[list[int], list[int]]] = {}
        for k, node in enumerate(nodes):
            if node in made.place:
                array, place = made.place[node]
                to, at = behind.setdefault(array, ([], []))
                to.append(k)
                at.append(place)
        self.parts = [(array, _slice(to), _slice(at), len({*at}) < len(at)) for array, (to, at) in behind.items()]
        self.whole = self.parts[0][:2] if len(self.parts) == 1 and self.parts[0][1] == slice(0, len(nodes)) else None

    def read(self, arrays: Mapping[Array, Any]) -> Any:
        """Their numbers, (n, m) or (1, m)."""
        if self.whole:
            return arrays[self.whole[0]][:, self.parts[0][2]]
        n = [len(arrays[array]) for array, *_ in self.parts if array.varies]
        numbers = self.np.repeat(self.constants, n[0] if n else 1, axis=0)
        for array, to, at, _ in self.parts:
            numbers[:, to] = arrays[array][:, at]
        return numbers

    def depends(self, arrays: Container[Array]) -> bool:
        """Whether one of them stands in one of these arrays."""
        return any(array in arrays for array, *_ in self.parts)

    def add(self, arrived: Mapping[Array, Any], shares: Any) -> None:
        """Add what flows back to them, where it goes on to parameters."""
        for array, to, at, again in self.parts:
            if array not in arrived:
                continue
            share = shares[:, to]
            total = arrived[array]
            if len(total) == 1 and not array.varies:
                share = share.sum(axis=0, keepdims=True)
            if again:
                self.np.add.at(total, (slice(None), at), share)
            else:
                total[:, at] += share


def _slice(places: list[int]) -> Any:
    """The places as a slice, where they follow one another."""
    first = places[0]
    return slice(first, first + len(places)) if places == [*range(first, first + len(places))] else places
