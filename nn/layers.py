"""Neurons, layers and multilayer perceptrons.

Each of them is called with one sample, a sequence of numbers or Values. A neuron returns a Value; a layer or network
returns a list, one Value for each neuron of the (last) layer.

An activation is a function of one Value, such as an operation of `autograd`; or a Module that can be called with one
Value and may have parameters, such as PReLU; or None for linear neurons.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd import Value, ops, relu, weighted_sum, weighted_sums
from autograd.rules import as_tuple
from nn.activations import Bernoulli, Dropout, PReLU, require_drop_probability
from nn.display import Stage, name_of
from nn.initialization import require_size, suited_to, weight_source
from nn.module import Module, forward_of
from nn.outputs import Outputs
from nn.seeds import choose_generator, read_seed

if TYPE_CHECKING:
    from nn.initialization import Initialization
    from nn.seeds import Seed

Activation = Callable[[Any], Any]


class Neuron(Module):
    """activation(b + w₁·x₁ + … + wₙ·xₙ): one weighted sum and one activation.

    `initialization` draws the weights; by default it is chosen to suit the activation: He's for relu and similar
    ones, Glorot's otherwise. The bias starts at 0. `seed` is an int, a random.Random, or None for different weights in
    every run (see `nn.seeds`). `fan_out` is the number of neurons that see the same inputs; only Glorot's
    initialization uses it.

    Raises ValueError for a fan_in below 1, and when called with a sample whose length isn't fan_in.

    >>> neuron = Neuron(2, seed=0)
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
        seed: Seed = None,
    ) -> None:
        fan_in, fan_out = require_size(fan_in, "Neuron's fan_in"), require_size(fan_out, "Neuron's fan_out")
        activation = require_activation(activation)
        initialization = choose_initialization(initialization, activation)
        draw = weight_source(initialization, fan_in, fan_out, choose_generator(read_seed(seed)))
        self.weights = tuple([Value(draw(), f"w{i}") for i in range(1, fan_in + 1)])
        self.bias = Value(0.0, "b")
        self.activation = activation

    if TYPE_CHECKING:

        def __call__(self, inputs: Iterable[float | Value]) -> Value: ...

    def forward(self, inputs: Iterable[float | Value]) -> Value:
        """Return activation(b + w·x) of one sample."""
        inputs = require_length(inputs, len(self.weights), "a neuron's sample")
        try:
            s: Value = weighted_sum(self.weights, inputs, self.bias)
        except TypeError:
            refuse_batch(inputs)
            raise
        return s if self.activation is None else self.activation(s)

    def _stages_(self) -> list[Stage]:
        activation = name_of(self.activation)
        return [Stage("", len(self.weights), 1, activation, len(self.parameters()), neurons=(self,))]


class Layer(Module):
    """`fan_out` neurons that see the same `fan_in` inputs.

    Weights, biases and random numbers are as for a Neuron. Raises ValueError for a fan_in or fan_out below 1, and
    when called with a sample whose length isn't fan_in.

    >>> layer = Layer(2, 3, seed=0)
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
        seed: Seed = None,
    ) -> None:
        fan_in, fan_out = require_size(fan_in, "Layer's fan_in"), require_size(fan_out, "Layer's fan_out")
        activation = require_activation(activation)
        generator = read_seed(seed)
        self.neurons = [
            Neuron(fan_in, activation, fan_out=fan_out, initialization=initialization, seed=generator)
            for _ in range(fan_out)
        ]
        for i, neuron in enumerate(self.neurons, start=1):
            for parameter in (*neuron.weights, neuron.bias):
                parameter.label = f"neuron{i}.{parameter.label}"

    def weighted_sums(self, inputs: Iterable[float | Value]) -> list[Value]:
        """The weighted sum of each neuron, before its activation."""
        neurons = self.neurons
        inputs = require_length(inputs, len(neurons[0].weights), "a layer's sample")
        try:
            return weighted_sums([neuron.weights for neuron in neurons], inputs, [neuron.bias for neuron in neurons])
        except TypeError:
            refuse_batch(inputs)
            raise

    def activated(self, sums: Iterable[Value]) -> list[Value]:
        """The output of each neuron, from the weighted sums."""
        ordered: Any = require_length(sums, len(self.neurons), "a layer's sums")
        return [
            s if neuron.activation is None else neuron.activation(s)
            for neuron, s in zip(self.neurons, ordered, strict=True)
        ]

    if TYPE_CHECKING:

        def __call__(self, inputs: Iterable[float | Value]) -> Outputs: ...

    def forward(self, inputs: Iterable[float | Value]) -> list[Value]:
        """Return the output of each neuron for one sample."""
        return self.activated(self.weighted_sums(inputs))

    def parameters(self) -> list[Value]:
        """The weights and bias of each neuron in turn, then the parameters of the activation."""
        own = [parameter for neuron in self.neurons for parameter in (*neuron.weights, neuron.bias)]
        for activation in dict.fromkeys(neuron.activation for neuron in self.neurons):
            own += activation.parameters() if isinstance(activation, Module) else []
        return own

    def _stages_(self) -> list[Stage]:
        activation = "/".join(dict.fromkeys(name_of(neuron.activation) for neuron in self.neurons))
        fan_in, fan_out, count = len(self.neurons[0].weights), len(self.neurons), len(self.parameters())
        return [Stage("", fan_in, fan_out, activation, count, neurons=self.neurons)]


class MLP(Module):
    """A multilayer perceptron: layers of the given widths, with the activation after each layer except the last.

    By default the last layer is linear, so that its outputs can be logits or any real numbers; `output_activation`
    gives it an activation. `dropout` is the probability with which each hidden output is set to 0 in training.
    Parameters are labelled layer1.neuron1.w1 and so on.

    Raises ValueError for a fan_in or a width below 1 and for no widths, and when called with a sample whose length
    isn't fan_in.

    >>> MLP(2, [16, 16, 1], seed=0)
    MLP(2 → 16 relu → 16 relu → 1, 337 parameters)
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
        seed: Seed = None,
    ) -> None:
        if not isinstance(widths, Iterable):
            raise TypeError(
                f"MLP's widths must be a sequence of ints, such as [1] for one layer, got {type(widths).__name__}"
            )
        fan_in = require_size(fan_in, "MLP's fan_in")
        widths = [require_size(width, "each of MLP's widths") for width in widths]
        if not widths:
            raise ValueError("MLP needs at least 1 layer, got 0 widths")
        activations = [require_activation(activation)] * (len(widths) - 1) + [require_activation(output_activation)]
        sizes = itertools.pairwise([fan_in, *widths])
        generator = read_seed(seed)
        self.layers = [
            Layer(fan_in, fan_out, _of_its_own(activation), initialization=initialization, seed=generator)
            for (fan_in, fan_out), activation in zip(sizes, activations, strict=True)
        ]
        for i, layer in enumerate(self.layers, start=1):
            for parameter in layer.parameters():
                parameter.label = f"layer{i}.{parameter.label}"
        dropout = require_drop_probability(dropout, "MLP's dropout")
        self.dropout = Dropout(dropout, seed=generator) if dropout else None

    if TYPE_CHECKING:

        def __call__(self, inputs: Iterable[float | Value]) -> Outputs: ...

    def forward(self, inputs: Iterable[float | Value]) -> list[Value]:
        """Return the outputs of the last layer for one sample."""
        first, *others = self.layers
        outputs: list[Value] = forward_of(first)(inputs)
        for layer in others:
            outputs = forward_of(layer)(outputs if self.dropout is None else self.dropout.forward(outputs))
        return outputs

    def _stages_(self) -> list[Stage]:
        stages = [
            stage._replace(name=f"layer{i}") for i, layer in enumerate(self.layers, 1) for stage in layer._stages_()
        ]
        if self.dropout is None:
            return stages
        between = Stage("dropout", None, None, f"dropout {self.dropout.p:g}")
        return [*itertools.chain.from_iterable((stage, between) for stage in stages[:-1]), stages[-1]]


def require_length(inputs: Iterable[float | Value], length: int, what: str) -> tuple[float | Value, ...]:
    """Return the inputs as a tuple; raise ValueError unless there are `length` of them, TypeError for a batch."""
    try:
        numbers = as_tuple(inputs, what)
    except TypeError as error:
        hint = ": write [x] for one number" if isinstance(inputs, Value | Real) else ""
        raise TypeError(f"{error}{hint}") from None
    if len(numbers) != length:
        refuse_batch(numbers)
        raise ValueError(f"{what} must have length {length}, got length {len(numbers)}")
    return numbers


def refuse_batch(inputs: tuple[Any, ...]) -> None:
    """Raise a TypeError if the inputs are samples rather than the numbers of one."""
    if any(
        hasattr(x, "__len__") and not isinstance(x, str | Outputs) and getattr(x, "shape", None) != () for x in inputs
    ):
        raise TypeError(
            f"a model takes one sample, got a batch of {len(inputs)}: write [model(x) for x in X], or "
            "nn.predict(model, X) for what the model says of each, or compile the model with autograd.compile"
        )


def require_activation(activation: Activation | None) -> Activation | None:
    """Return the activation, or an instance of the class PReLU or Bernoulli; raise TypeError for anything else."""
    if isinstance(activation, type) and issubclass(activation, PReLU | Bernoulli):
        return activation()
    if activation is not None and (not callable(activation) or isinstance(activation, type)):
        name = getattr(activation, "__name__", type(activation).__name__)
        hint = f"; write autograd.{activation}" if str(activation) in ops.PUBLIC else ""
        raise TypeError(f"activation must be a function of one Value, or None, got {name}{hint}")
    return activation


def _of_its_own(activation: Activation | None) -> Activation | None:
    return PReLU(activation.slope.data) if type(activation) is PReLU else activation


def choose_initialization(initialization: Initialization | None, activation: Activation | None) -> Initialization:
    """Return the initialization, or for None one that suits the activation; raise TypeError for anything else."""
    if initialization is not None and not callable(initialization):
        raise TypeError(
            f"initialization must be a function such as nn.he_normal, or None, got {type(initialization).__name__}"
        )
    return initialization or suited_to(activation)
