"""Neurons, layers of neurons, networks of layers: a weighted sum and an activation each.

A network is its parameters and a call. It takes one sample, a sequence of numbers or Values, and a
layer or network always returns a list, one Value for each neuron of the (last) layer.

An activation is a function of one Value, such as an operation of `autograd`; or a Module that is one,
and may have parameters of its own, such as PReLU; or None, for neurons that are linear.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value, relu, weighted_sum, weighted_sums
from autograd.ieee import integer
from autograd.rules import as_tuple
from nn.activations import Bernoulli, Dropout, PReLU, checked_generator, generator_or_pythons
from nn.initialization import size, suited_to
from nn.module import Module

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

    from nn.initialization import Initialization

Activation = Callable[[Any], Any]


class Neuron(Module):
    """activation(b + w₁·x₁ + … + wₙ·xₙ): one weighted sum and one activation.

    The weights are drawn by the `initialization`, without one by that which suits the activation (He's for
    relu and its kin, Glorot's otherwise); the bias starts at 0. Without a generator, Python's global one is
    used. `fan_out`, the number of neurons that see the same inputs, matters to Glorot's alone.

    Raises ValueError for fewer than 1 input, or a sample of another length.

    >>> import random
    >>> neuron = Neuron(2, generator=random.Random(0))
    >>> neuron([1.0, -1.0]).op, len(neuron.parameters())
    ('relu', 3)
    """

    def __init__(
        self,
        fan_in: int,
        activation: Activation | None = relu,
        *,
        fan_out: int = 1,
        initialization: Initialization | None = None,
        generator: random.Random | None = None,
    ) -> None:
        fan_in, fan_out = size("Neuron", "fan_in", fan_in), size("Neuron", "fan_out", fan_out)
        activation = checked_activation(activation)
        draw = checked_initialization(initialization, activation)
        drawing = generator_or_pythons(checked_generator(generator))
        self.weights = tuple([Value(draw(fan_in, fan_out, drawing), f"w{i}") for i in range(1, fan_in + 1)])
        self.bias = Value(0.0, "b")
        self.activation = activation

    def __call__(self, inputs: Iterable[float | Value]) -> Value:
        inputs = sample(inputs, len(self.weights), "neuron")
        s: Value = weighted_sum(self.weights, inputs, self.bias)
        return s if self.activation is None else self.activation(s)


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
        initialization: Initialization | None = None,
        generator: random.Random | None = None,
    ) -> None:
        fan_out = size("Layer", "fan_out", fan_out)
        activation = checked_activation(activation)
        self.neurons = [
            Neuron(fan_in, activation, fan_out=fan_out, initialization=initialization, generator=generator)
            for _ in range(fan_out)
        ]
        for i, neuron in enumerate(self.neurons, start=1):
            for parameter in (*neuron.weights, neuron.bias):
                parameter.label = f"neuron{i}.{parameter.label}"

    def weighted_sums(self, inputs: Iterable[float | Value]) -> list[Value]:
        """The neurons' weighted sums, before their activation."""
        neurons = self.neurons
        inputs = sample(inputs, len(neurons[0].weights), "layer")
        return weighted_sums([neuron.weights for neuron in neurons], inputs, [neuron.bias for neuron in neurons])

    def activated(self, sums: Iterable[Value]) -> list[Value]:
        """The neurons' outputs from their weighted sums."""
        return [
            s if neuron.activation is None else neuron.activation(s)
            for neuron, s in zip(self.neurons, sums, strict=True)
        ]

    def __call__(self, inputs: Iterable[float | Value]) -> list[Value]:
        return self.activated(self.weighted_sums(inputs))

    def parameters(self) -> list[Value]:
        """Weights and bias of one neuron after another, then what their activation learns."""
        own = [parameter for neuron in self.neurons for parameter in (*neuron.weights, neuron.bias)]
        for activation in dict.fromkeys(neuron.activation for neuron in self.neurons):
            own += activation.parameters() if isinstance(activation, Module) else []
        return own


class MLP(Module):
    """A multilayer perceptron: layers of the given widths, the activation after each but the last.

    The last layer is linear, so that a loss on logits or on real numbers can follow, unless it is given an
    `output_activation`. `dropout` is the probability with which the output of a hidden neuron is dropped in
    training. Parameters are labelled layer1.neuron1.w1 and so on.

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
        output_activation: Activation | None = None,
        dropout: float = 0.0,
        initialization: Initialization | None = None,
        generator: random.Random | None = None,
    ) -> None:
        if not isinstance(widths, Iterable):
            raise TypeError("an MLP's widths are a sequence of integers, one for each layer: [1] for a single one")
        widths = list(widths)
        fan_in = integer(fan_in, "MLP's fan_in")
        if fan_in == 0 or not widths:
            raise ValueError(f"an MLP needs 1 input and 1 layer at least, got {fan_in} inputs and {len(widths)} layers")
        activations = [checked_activation(activation)] * (len(widths) - 1) + [checked_activation(output_activation)]
        sizes = itertools.pairwise([fan_in, *widths])
        self.layers = [
            Layer(fan_in, fan_out, _of_its_own(activation), initialization=initialization, generator=generator)
            for (fan_in, fan_out), activation in zip(sizes, activations, strict=True)
        ]
        for i, layer in enumerate(self.layers, start=1):
            for parameter in layer.parameters():
                parameter.label = f"layer{i}.{parameter.label}"
        self.dropout = Dropout(dropout, generator=generator) if dropout else None

    def __call__(self, inputs: Iterable[float | Value]) -> list[Value]:
        first, *others = self.layers
        outputs = first(inputs)
        for layer in others:
            outputs = layer(outputs if self.dropout is None else self.dropout(outputs))
        return outputs


def sample(inputs: Iterable[float | Value], length: int, what: str) -> tuple[float | Value, ...]:
    """A sample as a tuple of the length that is needed, or a sentence."""
    numbers = as_tuple(inputs, f"a {what}'s sample")
    if len(numbers) != length:
        raise ValueError(f"this {what} takes {length} inputs, got {len(numbers)}")
    return numbers


def checked_activation(activation: Activation | None) -> Activation | None:
    """The activation, or a sentence about what isn't one."""
    if isinstance(activation, type) and issubclass(activation, PReLU | Bernoulli):
        return activation()
    if activation is not None and (not callable(activation) or isinstance(activation, type)):
        name = getattr(activation, "__name__", type(activation).__name__)
        raise TypeError(f"an activation is a function of one Value, or None, not {name}")
    return activation


def _of_its_own(activation: Activation | None) -> Activation | None:
    return PReLU(activation.slope.data) if type(activation) is PReLU else activation


def checked_initialization(initialization: Initialization | None, activation: Activation | None) -> Initialization:
    """The initialization, by default that which suits the activation, or a sentence about what isn't one."""
    if initialization is not None and not callable(initialization):
        raise TypeError(
            f"an initialization is a function such as nn.he_normal, or None, not {type(initialization).__name__}"
        )
    return initialization or suited_to(activation)
