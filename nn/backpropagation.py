"""Backpropagation as it is done by hand: the δ rule, and why gradients vanish.

δ of a neuron is ∂E/∂s, s being its weighted sum and E = ½·Σ (t − o)² the error of one sample:

    δ = (o − t)·φ′(s)              of an output neuron
    δ = (Σₖ δₖ·wₖ)·φ′(s)           of a hidden neuron, k being the neurons that it feeds, wₖ their weights on it
    ∂E/∂w = δ·x                    of a weight on an input x, so that  w ← w − η·δ·x
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value, forward_sweep, reverse_sweep, sigmoid, weighted_sum
from autograd.ieee import inner_product, real
from autograd.notation import number
from autograd.rules import as_tuple
from nn.activations import PReLU
from nn.initialization import size
from nn.layers import MLP
from nn.losses import half_squared_error
from nn.samples import sample


@dataclass(frozen=True)
class Delta:
    """The δ of one neuron, by the rule and from the graph."""

    neuron: str
    weighted_sum: float
    output: float
    by_rule: float
    from_graph: float


@dataclass(frozen=True)
class DeltaRule:
    """The δ of every neuron, and ∂E/∂w of every parameter, for one sample.

    error      E = ½·Σ (t − o)²
    deltas     a list for each layer, with the δ of its neurons
    gradients  by a parameter's label, ∂E/∂w by the rule and from the graph
    parameters by its label, the number that it is
    """

    error: float
    deltas: list[list[Delta]]
    gradients: dict[str, tuple[float, float]]
    parameters: dict[str, float]

    def updated(self, label: str, lr: float) -> float:
        """What a parameter is after one step, w − lr·∂E/∂w; a KeyError for one that isn't there."""
        return self.parameters[label] - real(lr, "a learning rate") * self.gradients[label][0]

    def __str__(self) -> str:
        rows: list[tuple[str, ...]] = [("neuron", "s", "y", "δ by the rule", "δ from the graph")]
        for layer in self.deltas:
            for delta in layer:
                numbers = (delta.weighted_sum, delta.output, delta.by_rule, delta.from_graph)
                rows.append((delta.neuron, *map(number, numbers)))
        weights: list[tuple[str, ...]] = [("parameter", "w", "∂E/∂w by the rule", "∂E/∂w from the graph")]
        for label, (by_rule, from_graph) in self.gradients.items():
            weights.append((label, *map(number, (self.parameters[label], by_rule, from_graph))))
        return "\n".join([f"E = {number(self.error)}", *_table(rows), *_table(weights)])


def delta_rule(model: MLP, inputs: Sequence[float], target: Sequence[float] | float) -> DeltaRule:
    """The δ of every neuron of an MLP, once by the formulas above and once read off the graph.

    By the rule, in floats: forward through the layers, then δ from the last layer to the first, with φ′ from
    the activation's rule. From the graph: ∂E/∂s of each Weightsum node, in one reverse sweep. The two agree
    but for the rounding of sums that are added in another order.

    Raises TypeError for another kind of model, or an activation that isn't an operation; ValueError for
    lengths that don't match, or parameters with the same label.

    Source: D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986), eq. 4 to 7.

    >>> model = two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], biases=[0.0, 0.0, 0.0, 0.0])
    >>> print(delta_rule(model, [1.0, 0.5], [1.0, 0.0]))
    E = 0.309162
    neuron    s         y         δ by the rule  δ from the graph
    neuron 1  0.2       0.549834  0.0157886      0.0157886
    neuron 2  0.5       0.622459  0.0166121      0.0166121
    neuron 3  0.648393  0.656648  −0.0774126     −0.0774126
    neuron 4  0.882851  0.707413  0.14642        0.14642
    parameter  w    ∂E/∂w by the rule  ∂E/∂w from the graph
    w11        0.1  0.0157886          0.0157886
    w12        0.2  0.00789428         0.00789428
    b1         0    0.0157886          0.0157886
    w21        0.3  0.0166121          0.0166121
    w22        0.4  0.00830605         0.00830605
    b2         0    0.0166121          0.0166121
    w31        0.5  −0.0425641         −0.0425641
    w32        0.6  −0.0481862         −0.0481862
    b3         0    −0.0774126         −0.0774126
    w41        0.7  0.0805068          0.0805068
    w42        0.8  0.0911407          0.0911407
    b4         0    0.14642            0.14642
    """
    if not isinstance(model, MLP):
        raise TypeError(f"the δ rule is for an MLP, not {type(model).__name__}")
    parameters = {parameter.label: parameter.data for parameter in model.parameters()}
    if len(parameters) < len(model.parameters()):
        raise ValueError(f"{len(model.parameters())} parameters have {len(parameters)} labels: each needs its own")
    for layer in model.layers:
        for neuron in layer.neurons:
            _value_and_slopes(neuron.activation, 0.0)  # which refuses what the rule can't be applied to
    ys: list[list[float]] = [[real(x, "an input") for x in as_tuple(sample(inputs, "a sample"), "a sample")]]
    sums: list[list[float]] = []
    slopes: list[list[float]] = []
    learned: list[list[float]] = []  # ∂y/∂slope of PReLU
    nodes: list[list[Value]] = []
    values: list[Any] = list(ys[0])
    for layer in model.layers:  # forward, in floats and on the graph
        nodes.append(layer.weighted_sums(values))
        values = layer.activated(nodes[-1])
        sums.append([weighted_sum([w.data for w in n.weights], ys[-1], n.bias.data) for n in layer.neurons])
        read = [_value_and_slopes(neuron.activation, s) for neuron, s in zip(layer.neurons, sums[-1], strict=True)]
        ys.append([y for y, *_ in read])
        slopes.append([slope for _, slope, _ in read])
        learned.append([by_parameter for *_, by_parameter in read])
    target = sample(target, "a target")
    error = half_squared_error(values, target)
    swept = reverse_sweep(error).derivatives
    targets = as_tuple(target, "a target") if isinstance(target, Iterable) else (target,)

    arriving = [o - t for o, t in zip(ys[-1], targets, strict=True)]  # ∂E/∂y of each neuron of the layer
    by_rule: list[list[float]] = []
    gradients: dict[str, tuple[float, float]] = dict.fromkeys(parameters, (0.0, 0.0))
    for i, layer in reversed(list(enumerate(model.layers))):
        by_rule.insert(0, [d * slope for d, slope in zip(arriving, slopes[i], strict=True)])
        for neuron, d, by_parameter in zip(layer.neurons, arriving, learned[i], strict=True):
            if isinstance(neuron.activation, PReLU):
                slope = neuron.activation.slope
                gradients[slope.label] = (gradients[slope.label][0] + d * by_parameter, swept[slope])
        columns = zip(*([w.data for w in neuron.weights] for neuron in layer.neurons), strict=True)
        arriving = [inner_product(by_rule[0], column, 0.0) for column in columns]

    deltas: list[list[Delta]] = []
    count = 0
    for i, layer in enumerate(model.layers):
        rows = zip(layer.neurons, nodes[i], sums[i], ys[i + 1], by_rule[i], strict=True)
        deltas.append([])
        for neuron, node, s, y, delta in rows:
            count += 1
            name = neuron.bias.label.rpartition(".")[0] or f"neuron {count}"
            deltas[-1].append(Delta(name, s, y, delta, swept[node]))
            for w, x in zip((*neuron.weights, neuron.bias), (*ys[i], 1.0), strict=True):
                gradients[w.label] = (delta * x, swept[w])
    return DeltaRule(error.data, deltas, gradients, parameters)


def _value_and_slopes(activation: Any, s: float) -> tuple[float, float, float]:
    """φ(s), φ′(s), and for PReLU what its learned slope changes, from the rule of the activation."""
    if activation is None:
        return s, 1.0, 0.0
    operation = getattr(activation, "operation", None)
    more = {"slope": activation.slope.data} if isinstance(activation, PReLU) else getattr(operation, "defaults", {})
    if operation is None or operation.variadic or len(operation.arguments) - len(more) != 1:
        raise TypeError(f"the δ rule needs an activation that is an operation of one number, not {activation}")
    value, slope, *others = operation.on_floats(s, *more.values())
    return value, slope, others[0] if others else 0.0


def two_two_two(weights: Sequence[Sequence[float]], biases: Sequence[float]) -> MLP:
    """The lecture's network: inputs x₁, x₂, hidden neurons 1 and 2, output neurons 3 and 4, all with sigmoid.

    `weights` has a row for each neuron, `biases` a number. w₃₁ leads to neuron 3 from neuron 1, and w₁₁ to
    neuron 1 from x₁; the bias of neuron 3, a parameter like the others, is b₃.

    Raises ValueError unless there are four rows of two weights and four biases.
    """
    rows = [as_tuple(row, "a row of weights") for row in as_tuple(weights, "weights")]
    bs = as_tuple(biases, "biases")
    if [len(row) for row in rows] != [2, 2, 2, 2] or len(bs) != 4:
        raise ValueError(
            f"the network has 4 rows of 2 weights and 4 biases, got rows of {[len(row) for row in rows]} "
            f"and {len(bs)} biases"
        )
    model = MLP(2, [2, 2], sigmoid, output_activation=sigmoid, initialization=lambda *_: 0.0)
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    for i, (neuron, row, b) in enumerate(zip(neurons, rows, bs, strict=True), start=1):
        for j, (w, given) in enumerate(zip(neuron.weights, row, strict=True), start=1):
            w.data, w.label = given, f"w{i}{j}"
        neuron.bias.data, neuron.bias.label = b, f"b{i}"
    return model


def vanishing_gradient(
    activation: Callable[[Any], Any], depth: int, *, weight: float = 1.0, x: float = 0.5
) -> list[float]:
    """∂yₖ/∂x for k = 1 … depth, in a chain of neurons yₖ = φ(weight·yₖ₋₁) from y₀ = x.

    Each is the product of the local derivatives along the one path there is, φ′(s₁)·w·φ′(s₂)·w·…: with
    sigmoid, whose slope is ¼ at most, it vanishes like ¼ᵏ; with relu it stays 1. One forward sweep gives
    them all.

    Raises ValueError for a depth below 1.

    Source: S. Hochreiter, diploma thesis, TU München (1991), section 4.

    >>> from autograd import relu
    >>> vanishing_gradient(relu, 3), vanishing_gradient(sigmoid, 2, x=0.0)[0]
    ([1.0, 1.0, 1.0], 0.25)
    """
    depth = size("a chain", "depth", depth)
    start, factor = Value(x, "x"), Value(weight, "w")
    y: Any = start
    chain: list[Value] = []
    for _ in range(depth):
        y = activation(weighted_sum([factor], [y]))
        chain.append(y)
    derivatives = forward_sweep(y, start).derivatives
    return [derivatives[node] for node in chain]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
