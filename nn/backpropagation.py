"""Backpropagation as it is done by hand: the δ rule, and why gradients vanish.

The δ of a neuron is ∂E/∂s, where s is its weighted sum and E = ½·Σ (t − o)² is the error of one sample:

    δ = (o − t)·φ′(s)              for an output neuron with output o and target t
    δ = (Σₖ δₖ·wₖ)·φ′(s)           for a hidden neuron, where wₖ is the weight with which neuron k takes its output
    ∂E/∂w = δ·x                    for a weight w on an input x, so the update is  w ← w − η·δ·x
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from autograd import Value, forward_sweep, identity, reverse_sweep, sigmoid, weighted_sum
from autograd.display import columns, to_the_left
from autograd.ieee import inner_product, real
from autograd.notation import number
from autograd.rules import as_tuple
from nn.activations import PReLU
from nn.initialization import require_size
from nn.korean import say
from nn.layers import MLP, Activation, Layer, require_activation
from nn.losses import half_squared_error
from nn.samples import read_sample


@dataclass(frozen=True)
class Delta:
    """The δ of one neuron, computed by the rule and read off the graph."""

    neuron: str
    weighted_sum: float
    output: float
    by_rule: float
    from_graph: float


@dataclass(frozen=True)
class DeltaRule:
    """The δ of every neuron and ∂E/∂w of every parameter, for one sample.

    error       E = ½·Σ (t − o)²
    deltas      for each layer, a list with the δ of each neuron
    gradients   label of a parameter → (∂E/∂w by the rule, ∂E/∂w from the graph)
    parameters  label of a parameter → its number w
    """

    error: float
    deltas: list[list[Delta]]
    gradients: dict[str, tuple[float, float]]
    parameters: dict[str, float]

    def updated(self, label: str, lr: float) -> float:
        """Return a parameter's number after one step, w − lr·∂E/∂w; raise KeyError for an unknown label."""
        if label not in self.parameters:
            raise KeyError(f"updated's label must be one of {', '.join(self.parameters)}, got {label!r}")
        return self.parameters[label] - real(lr, "lr") * self.gradients[label][0]

    def __str__(self) -> str:
        head: tuple[str, ...] = (say("neuron"), "s", say("output"), say("δ by the rule"), say("δ from the graph"))
        rows: list[tuple[str, ...]] = [head]
        for layer in self.deltas:
            for delta in layer:
                numbers = (delta.weighted_sum, delta.output, delta.by_rule, delta.from_graph)
                rows.append((delta.neuron, *map(number, numbers)))
        head = (say("parameter"), "w", say("∂E/∂w by the rule"), say("∂E/∂w from the graph"))
        weights: list[tuple[str, ...]] = [head]
        for label, (by_rule, from_graph) in self.gradients.items():
            weights.append((label, *map(number, (self.parameters[label], by_rule, from_graph))))
        return "\n".join([f"E = {number(self.error)}", *_table(rows), *_table(weights)])


def delta_rule(model: MLP, x: Sequence[float], y: Sequence[float] | float) -> DeltaRule:
    """Compute the δ of every neuron of an MLP for one sample x and its target y, by the rule and from the graph.

    By the rule: forward through the layers in floats, then δ from the last layer to the first, by the formulas of this
    module, with φ′ from the activation's definition. From the graph: ∂E/∂s of each weighted sum, by one reverse sweep.
    The two may differ in the last digits, because they add sums in different orders.

    Raises TypeError for a model that is not an MLP and for an activation that is not an operation of `autograd`;
    ValueError for an x or y of the wrong length, and for two parameters with the same label.

    Source: D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986), eq. 4 to 7.

    >>> model = two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], biases=[0.0, 0.0, 0.0, 0.0])
    >>> print(delta_rule(model, [1.0, 0.5], [1.0, 0.0]))
    E = 0.309162
    neuron    s         output    δ by the rule  δ from the graph
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
    _require_rule_applies(model)
    passes: list[_LayerPass] = []
    inputs = [real(number, "delta_rule's x") for number in as_tuple(read_sample(x, "delta_rule's x"), "delta_rule's x")]
    values: list[Any] = list(inputs)
    for layer in model.layers:
        passes.append(_LayerPass(layer, inputs, values))
        inputs, values = passes[-1].outputs, passes[-1].values
    target = read_sample(y, "delta_rule's y")
    targets = [real(t, "delta_rule's y") for t in (target if isinstance(target, list | tuple) else (target,))]
    if len(targets) != len(inputs):
        raise ValueError(
            f"delta_rule's y must have length {len(inputs)}, the number of outputs, got length {len(targets)}"
        )
    error = half_squared_error(values, targets)
    swept = reverse_sweep(error).derivatives

    arriving = [o - t for o, t in zip(inputs, targets, strict=True)]
    by_rule: dict[str, float] = {}
    for passed in reversed(passes):
        arriving = passed.go_back(arriving)
        for parameter, gradient in passed.gradients():  # −0.0 is the identity of IEEE addition
            by_rule[parameter.label] = by_rule.get(parameter.label, -0.0) + gradient

    parameters = model.parameters()
    return DeltaRule(
        error=error.data,
        deltas=_named_deltas(passes, swept),
        gradients={p.label: (by_rule.get(p.label, 0.0), swept.get(p, 0.0)) for p in parameters},
        parameters={p.label: p.data for p in parameters},
    )


def _require_rule_applies(model: Any) -> None:
    if not isinstance(model, MLP):
        raise TypeError(f"delta_rule's model must be an MLP, got {type(model).__name__}")
    labels = [parameter.label for parameter in model.parameters()]
    if len(set(labels)) < len(labels):
        raise ValueError(
            f"delta_rule needs a label of its own for each parameter, got {len(set(labels))} different "
            f"labels for {len(labels)} parameters"
        )
    for layer in model.layers:
        for neuron in layer.neurons:
            _value_and_slopes(neuron.activation, 0.0)  # raises TypeError for an activation that has no rule


class _LayerPass:
    """One layer's way forward, in floats and on the graph, and its way back by the rule, in floats."""

    def __init__(self, layer: Layer, inputs: list[float], values: list[Any]) -> None:
        self.layer, self.inputs = layer, inputs
        self.nodes = layer.weighted_sums(values)
        self.values = layer.activated(self.nodes)
        self.sums = [weighted_sum([w.data for w in n.weights], inputs, n.bias.data) for n in layer.neurons]
        read = [_value_and_slopes(neuron.activation, s) for neuron, s in zip(layer.neurons, self.sums, strict=True)]
        self.outputs, self.slopes, self.slopes_by_parameter = map(list, zip(*read, strict=True))

    def go_back(self, arriving: list[float]) -> list[float]:
        """From ∂E/∂output of each neuron, find its δ; return ∂E/∂input of each input."""
        self.arriving = arriving
        self.deltas = [d * slope for d, slope in zip(arriving, self.slopes, strict=True)]
        columns = zip(*([w.data for w in neuron.weights] for neuron in self.layer.neurons), strict=True)
        return [inner_product(self.deltas, column, 0.0) for column in columns]

    def gradients(self) -> Iterator[tuple[Value, float]]:
        """Yield ∂E/∂w by the rule for each parameter; for a shared slope of PReLU, the part of each neuron."""
        for i, neuron in enumerate(self.layer.neurons):
            for w, x in zip((*neuron.weights, neuron.bias), (*self.inputs, 1.0), strict=True):
                yield w, self.deltas[i] * x
            if isinstance(neuron.activation, PReLU):
                yield neuron.activation.slope, self.arriving[i] * self.slopes_by_parameter[i]


def _named_deltas(passes: Sequence[_LayerPass], swept: Mapping[Value, float]) -> list[list[Delta]]:
    """The δ of each layer's neurons, named after the neuron's label, or by its number if it has none."""
    numbers = itertools.count(1)
    return [
        [
            Delta(
                neuron.bias.label.rpartition(".")[0] or say("neuron {number}", number=next(numbers)),
                s,
                output,
                delta,
                swept[node],
            )
            for neuron, node, s, output, delta in zip(
                passed.layer.neurons, passed.nodes, passed.sums, passed.outputs, passed.deltas, strict=True
            )
        ]
        for passed in passes
    ]


def _value_and_slopes(activation: Any, s: float) -> tuple[float, float, float]:
    """Return φ(s), φ′(s) and, for PReLU, ∂φ(s)/∂slope, from the activation's own rule."""
    if activation is None:
        return s, 1.0, 0.0
    rule = getattr(activation, "operation", None)
    more = {"slope": activation.slope.data} if isinstance(activation, PReLU) else getattr(rule, "defaults", {})
    if rule is None or rule.variadic or len(rule.arguments) - len(more) != 1:
        raise TypeError(f"delta_rule needs activations that are operations of one number, got {activation}")
    value, slope, *others = rule.on_floats(s, *more.values())
    return value, slope, others[0] if others else 0.0


def two_two_two(weights: Sequence[Sequence[float]], biases: Sequence[float]) -> MLP:
    """Make the lecture's network: inputs x₁ and x₂, hidden neurons 1 and 2, output neurons 3 and 4, all with sigmoid.

    `weights` has a row for each neuron, and `biases` a number for each. The parameters are labelled w₁₁ for the weight
    of neuron 1 on x₁, w₃₁ for the weight of neuron 3 on neuron 1's output, b₃ for the bias of neuron 3, and so on.

    Raises ValueError unless there are four rows of two weights and four biases.
    """
    rows = [
        [real(w, "two_two_two's weights") for w in as_tuple(row, "each row of two_two_two's weights")]
        for row in as_tuple(weights, "two_two_two's weights")
    ]
    bs = [real(b, "two_two_two's biases") for b in as_tuple(biases, "two_two_two's biases")]
    if [len(row) for row in rows] != [2, 2, 2, 2] or len(bs) != 4:
        raise ValueError(
            f"two_two_two needs 4 rows of 2 weights and 4 biases, got rows of {[len(row) for row in rows]} weights "
            f"and {len(bs)} biases"
        )
    model = MLP(2, [2, 2], sigmoid, output_activation=sigmoid, initialization=lambda *_: 0.0)
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    for i, (neuron, row, b) in enumerate(zip(neurons, rows, bs, strict=True), start=1):
        for j, (w, given) in enumerate(zip(neuron.weights, row, strict=True), start=1):
            w.data, w.label = given, f"w{i}{j}"
        neuron.bias.data, neuron.bias.label = b, f"b{i}"
    return model


def error_graph(model: MLP, x: Sequence[float | Value], y: Sequence[float | Value]) -> Value:
    """Record E = ½·Σ (t − o)² of one sample x and its targets y, with the lecture's names on its nodes.

    Inputs are x1, x2, …; neuron k, counted through all layers, has the weighted sum sk; the outputs of the last layer
    are o1, o2, …, those of the others hk; targets are t1, t2, …, and E is the sum of E1, E2, …. `draw`, `stepper` and
    `explain` show these names. Values among x and y are used as they are, and named.

    Raises TypeError for a model that is not an MLP; ValueError for an x or y of the wrong length.

    >>> model = two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], biases=[0.0, 0.0, 0.0, 0.0])
    >>> E = error_graph(model, [1.0, 0.5], [1.0, 0.0])
    >>> print(f"{E.label} = {E.data:.6f}")
    E = 0.309162
    """
    if not isinstance(model, MLP):
        raise TypeError(f"error_graph's model must be an MLP, got {type(model).__name__}")
    values: list[Any] = _labelled(x, "error_graph's x", "x")
    targets = _labelled(y, "error_graph's y", "t")
    number_of = itertools.count(1)
    for layer in model.layers:
        sums = layer.weighted_sums(values)
        values = layer.activated(sums)
        for s, value, k in zip(sums, values, number_of, strict=False):  # the endless one last
            s.label = f"s{k}"
            if value is not s:
                value.label = f"h{k}"
    if len(targets) != len(values):
        raise ValueError(
            f"error_graph's y must have length {len(values)}, the number of outputs, got length {len(targets)}"
        )
    errors: list[Value] = []
    for k, (o, t) in enumerate(zip(values, targets, strict=True), start=1):
        o.label = f"o{k}"
        errors.append((t - o) ** 2 / 2)
        errors[-1].label = f"E{k}"
    error: Value = reduce(operator.add, errors)
    error.label = "E"
    return error


def _labelled(numbers: Sequence[float | Value], what: str, letter: str) -> list[Value]:
    """The numbers as Values with the labels x1, x2, …."""
    values = [x if isinstance(x, Value) else Value(real(x, what)) for x in as_tuple(read_sample(numbers, what), what)]
    for k, value in enumerate(values, start=1):
        value.label = f"{letter}{k}"
    return values


def vanishing_gradient(
    activation: Activation | None, depth: int, *, weight: float = 1.0, x: float = 0.5
) -> list[float]:
    """Return ∂yₖ/∂x for k = 1 … depth in a chain of neurons yₖ = φ(weight·yₖ₋₁) that starts at y₀ = x.

    Each derivative is the product of the local derivatives along the only path, φ′(s₁)·w·φ′(s₂)·w·… With sigmoid,
    whose slope is at most ¼, and a weight of 1 it shrinks at least as fast as ¼ᵏ; with relu and positive numbers it
    stays 1. One forward sweep computes all of them.

    Raises ValueError for a depth below 1, TypeError for an activation that is not a function.

    Source: S. Hochreiter, diploma thesis, TU München (1991), section 4.

    >>> from autograd import relu
    >>> vanishing_gradient(relu, 3), vanishing_gradient(sigmoid, 2, x=0.0)[0]
    ([1.0, 1.0, 1.0], 0.25)
    """
    activate = require_activation(activation) or identity
    depth = require_size(depth, "vanishing_gradient's depth")
    start = Value(real(x, "vanishing_gradient's x"), "x")
    factor = Value(real(weight, "vanishing_gradient's weight"), "w")
    y: Any = start
    chain: list[Value] = []
    for _ in range(depth):
        y = activate(weighted_sum([factor], [y]))
        chain.append(y)
    derivatives = forward_sweep(y, start).derivatives
    return [derivatives[node] for node in chain]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(to_the_left, row, widths)).rstrip() for row in rows]
