"""The quantities of the δ rule as nodes of a sample's graph, which can be compiled, for any model made of neurons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd import Value, topological_order
from autograd.derivatives import gradient_graph
from autograd.drawing.network import Network
from autograd.explanation import is_weighted_sum


@dataclass(frozen=True)
class DeltaNodes:
    """For each neuron, layer by layer, the nodes of one sample's graph.

    sums      s, the weighted sum
    outputs   z = φ(s)
    arriving  ∂loss/∂z
    slopes    φ′(s)
    deltas    δ = ∂loss/∂s
    sizes     the number of neurons of each layer
    """

    sums: list[Value]
    outputs: list[Value]
    arriving: list[Value]
    slopes: list[Value]
    deltas: list[Value]
    sizes: list[int]


def delta_nodes(network: Network, outputs: Sequence[Value], loss: Value) -> DeltaNodes:
    """Find the neurons of a network in a sample's graph, and record the derivatives of the δ rule.

    outputs  what the model returned for the sample
    loss     the sample's loss

    Raises ValueError if a neuron isn't one weighted sum of the graph, if its output depends on other neurons of its
    layer, or if a layer doesn't take the outputs of the one before.
    """
    known: dict[tuple[Value, ...], Value] = {}
    for node in topological_order(loss):
        if is_weighted_sum(node):
            weights = node.parents[: len(node.parents) // 2]
            if weights in known:
                raise ValueError("each neuron must be used once in a sample's graph, got one that is used twice")
            known[weights] = node
    layers: list[list[Value]] = []
    for level in network.levels:
        found = [known.get(tuple(unit.weights)) for unit in level.units]
        sums = [node for node in found if node is not None]
        if len(sums) < len(found):
            raise ValueError(
                f"each neuron must be a weighted sum of a sample's graph, {level.name or 'a neuron'} isn't"
            )
        layers.append(sums)
    ends = [*(_inputs_of(layer) for layer in layers[1:]), list(outputs)]
    for level, sums, after in zip(network.levels, layers, ends, strict=True):
        _require_own(level.name or "the layer", sums, after)
    return _recorded([s for layer in layers for s in layer], [z for layer in ends for z in layer], loss, layers)


def _inputs_of(layer: Sequence[Value]) -> list[Value]:
    """The inputs of a layer's weighted sums, which are the outputs of the layer before."""
    inputs = {tuple(s.parents[len(s.parents) // 2 : -1]) for s in layer}
    if len(inputs) > 1:
        raise ValueError("the neurons of a layer must have the same inputs, got different ones")
    return list(*inputs)


def _require_own(name: str, sums: Sequence[Value], outputs: Sequence[Value]) -> None:
    """Raise ValueError unless output k depends on sum k, and on no other sum of the layer."""
    if len(sums) != len(outputs):
        raise ValueError(f"{name} must have one output for each neuron, got {len(outputs)} for {len(sums)}")
    for s, z in zip(sums, outputs, strict=True):
        if set(sums).intersection(topological_order(z)) != {s}:
            raise ValueError(f"the output of each neuron of {name} must depend on its own weighted sum alone")


def _recorded(sums: list[Value], outputs: list[Value], loss: Value, layers: list[list[Value]]) -> DeltaNodes:
    slopes = [gradient_graph(z, [s])[0] for s, z in zip(sums, outputs, strict=True)]
    derivatives = gradient_graph(loss, [*outputs, *sums])
    arriving, deltas = derivatives[: len(sums)], derivatives[len(sums) :]
    return DeltaNodes(sums, outputs, arriving, slopes, deltas, [len(layer) for layer in layers])
