"""A recurrent network: a layer that sees its own output of the step before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from autograd import Value, tanh
from autograd.rules import as_tuple
from nn.initialization import size
from nn.layers import Activation, Layer, sample
from nn.module import Module

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

    from nn.initialization import Initialization


class ElmanCell(Module):
    """h ← activation(b + W·x + U·h): a layer that remembers, one step of a recurrent network.

    Neuron i has weights w₁, w₂, … on the inputs and u₁, u₂, … on the `width` outputs of the step before.

    Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990).

    >>> import random
    >>> cell = ElmanCell(1, 2, generator=random.Random(0))
    >>> h = cell([1.0], cell.start())
    >>> len(h), [parameter.label for parameter in cell.parameters()[:4]]
    (2, ['neuron1.w1', 'neuron1.u1', 'neuron1.u2', 'neuron1.b'])
    """

    def __init__(
        self,
        fan_in: int,
        width: int,
        activation: Activation | None = tanh,
        *,
        initialization: Initialization | None = None,
        generator: random.Random | None = None,
    ) -> None:
        self.fan_in = size("ElmanCell", "fan_in", fan_in)
        self.width = size("ElmanCell", "width", width)
        self.layer = Layer(
            self.fan_in + self.width, self.width, activation, initialization=initialization, generator=generator
        )
        for i, neuron in enumerate(self.layer.neurons, start=1):
            for j, u in enumerate(neuron.weights[self.fan_in :], start=1):
                u.label = f"neuron{i}.u{j}"

    def start(self) -> list[Value]:
        """The outputs before the first step: zeros."""
        return [Value(0.0) for _ in range(self.width)]

    def __call__(self, inputs: Iterable[float | Value], state: Sequence[Value]) -> list[Value]:
        """The outputs of this step, from its inputs and the outputs of the step before."""
        now = sample(inputs, self.fan_in, "cell")
        before = sample(state, self.width, "cell's state")
        return self.layer((*now, *before))


class Elman(Module):
    """An Elman cell and a linear layer on its outputs, unrolled over a sequence of samples on one graph.

    Called with a sequence of samples, it returns a list of outputs for each of them, in order; for an
    empty sequence, no list. Gradients flow back through all steps: the parameters are the same in each.

    >>> import random
    >>> model = Elman(1, 4, 1, generator=random.Random(0))
    >>> outputs = model([[0.0], [1.0], [1.0]])
    >>> len(outputs), len(outputs[0]), len(model.parameters())
    (3, 1, 29)
    """

    def __init__(
        self,
        fan_in: int,
        width: int,
        fan_out: int,
        activation: Activation | None = tanh,
        *,
        initialization: Initialization | None = None,
        generator: random.Random | None = None,
    ) -> None:
        self.cell = ElmanCell(fan_in, width, activation, initialization=initialization, generator=generator)
        self.output = Layer(width, fan_out, None, initialization=initialization, generator=generator)
        for name, part in (("cell", self.cell), ("output", self.output)):
            for parameter in part.parameters():
                parameter.label = f"{name}.{parameter.label}"

    def __call__(self, samples: Iterable[Iterable[float | Value]]) -> list[list[Value]]:
        outputs = []
        h = self.cell.start()
        for inputs in as_tuple(samples, "a recurrent network's samples"):
            h = self.cell(inputs, h)
            outputs.append(self.output(h))
        return outputs
