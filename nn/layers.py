"""Neurons, layers of neurons, networks of layers: a weighted sum and an activation each.

A network is its parameters and a call. It takes one sample, a sequence of numbers or Values, and a
layer or network always returns a list, one Value for each neuron of the (last) layer.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value, relu, weighted_sum, weighted_sums
from autograd.rules import in_order

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

Activation = Callable[[Any], Any]
"""A function of one Value, such as an operation of `autograd`; None where a neuron has none."""


class Module:
    """What has parameters to learn."""

    def parameters(self) -> list[Value]:
        """The Values to learn, in a fixed order."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0, before the next sample or batch is swept."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Module):
    """activation(b + w₁·x₁ + … + wₙ·xₙ): one weighted sum and one activation.

    Weights and bias start uniform in ±1/√fan_in, drawn from the generator, as PyTorch's Linear has them
    (LeCun et al., "Efficient BackProp", 1998, section 4.6, for the size). Without a generator, Python's
    global one is used.

    Raises ValueError for fewer than 1 input, or a sample of another length.

    >>> import random
    >>> neuron = Neuron(2, generator=random.Random(0))
    >>> neuron([1.0, -1.0]).op, len(neuron.parameters())
    ('relu', 3)
    """

    def __init__(
        self, fan_in: int, activation: Activation | None = relu, *, generator: random.Random | None = None
    ) -> None:
        fan_in = _size("Neuron", "fan_in", fan_in)
        _check(activation, generator)
        uniform = _uniform(generator)
        bound = 1 / math.sqrt(fan_in)
        self.weights = tuple([Value(uniform(-bound, bound), f"w{i}") for i in range(1, fan_in + 1)])
        self.bias = Value(uniform(-bound, bound), "b")
        self.activation = activation

    def __call__(self, inputs: Iterable[float | Value]) -> Value:
        inputs = _sample(inputs, len(self.weights), "neuron")
        s: Value = weighted_sum(self.weights, inputs, self.bias)
        return s if self.activation is None else self.activation(s)

    def parameters(self) -> list[Value]:
        return [*self.weights, self.bias]


class Layer(Module):
    """fan_out neurons that see the same fan_in inputs.

    >>> import random
    >>> layer = Layer(2, 3, generator=random.Random(0))
    >>> len(layer([1.0, -1.0])), layer.parameters()[5].label
    (3, 'neuron2.b')
    """

    def __init__(
        self,
        fan_in: int,
        fan_out: int,
        activation: Activation | None = relu,
        *,
        generator: random.Random | None = None,
    ) -> None:
        fan_out = _size("Layer", "fan_out", fan_out)
        self.neurons = [Neuron(fan_in, activation, generator=generator) for _ in range(fan_out)]
        _prefix_labels("neuron", self.neurons)

    def __call__(self, inputs: Iterable[float | Value]) -> list[Value]:
        neurons = self.neurons
        inputs = _sample(inputs, len(neurons[0].weights), "layer")
        sums = weighted_sums([neuron.weights for neuron in neurons], inputs, [neuron.bias for neuron in neurons])
        return [
            s if neuron.activation is None else neuron.activation(s) for neuron, s in zip(neurons, sums, strict=True)
        ]

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """A multilayer perceptron: layers of the given widths, the activation after each but the last.

    The last layer is linear, so that a loss on logits or on real numbers can follow. Parameters are
    labelled layer1.neuron1.w1 and so on.

    Raises ValueError for no input or no layer, or a sample of another length.

    >>> import random
    >>> model = MLP(2, [16, 16, 1], generator=random.Random(0))
    >>> len(model.parameters())
    337
    """

    def __init__(
        self,
        fan_in: int,
        widths: Sequence[int],
        activation: Activation | None = relu,
        *,
        generator: random.Random | None = None,
    ) -> None:
        if not isinstance(widths, Iterable):
            raise TypeError("an MLP's widths are a sequence of integers, one for each layer: [1] for a single one")
        widths = list(widths)
        if fan_in == 0 or not widths:
            raise ValueError(f"an MLP needs 1 input and 1 layer at least, got {fan_in} inputs and {len(widths)} layers")
        _check(activation, generator)
        activations = [activation] * (len(widths) - 1) + [None]
        sizes = itertools.pairwise([fan_in, *widths])
        self.layers = [
            Layer(fan_in, fan_out, activation, generator=generator)
            for (fan_in, fan_out), activation in zip(sizes, activations, strict=True)
        ]
        _prefix_labels("layer", self.layers)

    def __call__(self, inputs: Iterable[float | Value]) -> list[Value]:
        first, *others = self.layers
        outputs = first(inputs)
        for layer in others:
            outputs = layer(outputs)
        return outputs

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]


def _size(what: str, name: str, size: int) -> int:
    if isinstance(size, bool) or not hasattr(size, "__index__"):
        raise TypeError(f"{what}'s {name} is an int, not {type(size).__name__}")
    if size < 1:
        raise ValueError(f"{what} needs a {name} of 1 at least, got {size}")
    return operator.index(size)


def _check(activation: object, generator: object) -> None:
    if activation is not None and not callable(activation):
        raise TypeError(f"an activation is a function of one Value, or None, not {type(activation).__name__}")
    if generator is not None and not hasattr(generator, "uniform"):
        raise TypeError(f"a generator is a random.Random, such as random.Random(0), not {type(generator).__name__}")


def _uniform(generator: random.Random | None) -> Callable[[float, float], float]:
    if generator is not None:
        return generator.uniform
    import random  # noqa: PLC0415 — see above

    return random.uniform


def _sample(inputs: Iterable[float | Value], length: int, what: str) -> tuple[float | Value, ...]:
    sample = in_order(inputs, f"a {what}'s sample")
    if len(sample) != length:
        raise ValueError(f"this {what} takes {length} inputs, got {len(sample)}")
    return sample


def _prefix_labels(prefix: str, modules: Sequence[Module]) -> None:
    for i, module in enumerate(modules, start=1):
        for parameter in module.parameters():
            parameter.label = f"{prefix}{i}.{parameter.label}"
