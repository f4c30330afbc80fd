"""A recurrent network: its layer takes its own outputs of the previous step as further inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from autograd import Value, tanh
from autograd.rules import as_tuple
from nn.display import Stage
from nn.initialization import require_size
from nn.korean import say
from nn.layers import Activation, Layer, refuse_batch, require_length
from nn.module import Module, forward_of
from nn.seeds import read_seed

if TYPE_CHECKING:
    from nn.initialization import Initialization
    from nn.outputs import Outputs
    from nn.seeds import Seed


class ElmanCell(Module):
    """One step of a recurrent network: h ← activation(b + W·x + U·h).

    Each of the `width` neurons has weights w₁, w₂, … on the inputs x and u₁, u₂, … on the outputs h of the
    previous step.

    Source: J. Elman, "Finding structure in time", Cognitive Science 14 (1990).

    >>> cell = ElmanCell(1, 2, seed=0)
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
        seed: Seed = None,
    ) -> None:
        self.fan_in = require_size(fan_in, "ElmanCell's fan_in")
        self.width = require_size(width, "ElmanCell's width")
        self.layer = Layer(self.fan_in + self.width, self.width, activation, initialization=initialization, seed=seed)
        for i, neuron in enumerate(self.layer.neurons, start=1):
            for j, u in enumerate(neuron.weights[self.fan_in :], start=1):
                u.label = f"neuron{i}.u{j}"

    def start(self) -> list[Value]:
        """The state before the first step: a zero for each neuron."""
        return [Value(0.0) for _ in range(self.width)]

    if TYPE_CHECKING:

        def __call__(self, inputs: Iterable[float | Value], state: Sequence[Value]) -> Outputs: ...

    def forward(self, inputs: Iterable[float | Value], state: Sequence[Value]) -> list[Value]:
        """Return the outputs of this step, from its inputs and the outputs of the previous step."""
        now = require_length(inputs, self.fan_in, "a cell's sample")
        before = require_length(state, self.width, "a cell's state")
        try:
            outputs: list[Value] = forward_of(self.layer)((*now, *before))
        except TypeError:
            refuse_batch(now)
            raise
        return outputs

    def _stages_(self) -> list[Stage]:
        (stage,) = self.layer._stages_()
        what = f"{say('recurrent')} {stage.what}".strip()
        return [stage._replace(fan_in=self.fan_in, what=what, feedback=self.width)]


class Elman(Module):
    """An Elman network: an ElmanCell of `width` neurons, and a linear layer of `fan_out` neurons on its outputs.

    Call it with a sequence of samples: it returns a list with the outputs for each sample, in order. All steps share
    the same parameters and are recorded in one graph, so that gradients flow back through all of them.

    Raises ValueError for a fan_in, width or fan_out below 1, and when called with a sample whose length isn't fan_in.

    >>> model = Elman(1, 4, 1, seed=0)
    >>> outputs = model([[0.0], [1.0], [1.0]])
    >>> len(outputs), len(outputs[0])
    (3, 1)
    >>> model
    Elman(1 → 4 recurrent tanh → 1, 29 parameters)
    """

    def __init__(
        self,
        fan_in: int,
        width: int,
        fan_out: int,
        activation: Activation | None = tanh,
        *,
        initialization: Initialization | None = None,
        seed: Seed = None,
    ) -> None:
        fan_in, width = require_size(fan_in, "Elman's fan_in"), require_size(width, "Elman's width")
        fan_out = require_size(fan_out, "Elman's fan_out")
        generator = read_seed(seed)
        self.cell = ElmanCell(fan_in, width, activation, initialization=initialization, seed=generator)
        self.output = Layer(width, fan_out, None, initialization=initialization, seed=generator)
        for name, part in (("cell", self.cell), ("output", self.output)):
            for parameter in part.parameters():
                parameter.label = f"{name}.{parameter.label}"

    if TYPE_CHECKING:

        def __call__(self, samples: Iterable[Iterable[float | Value]]) -> list[Outputs]: ...

    def forward(self, samples: Iterable[Iterable[float | Value]]) -> list[Outputs]:
        """Return the outputs for each of the samples, in order."""
        outputs = []
        h = self.cell.start()
        for inputs in as_tuple(samples, "an Elman network's samples"):
            h = forward_of(self.cell)(inputs, h)
            outputs.append(self.output(h))
        return outputs

    def _stages_(self) -> list[Stage]:
        parts = {"cell": self.cell, "output": self.output}
        return [stage._replace(name=name) for name, part in parts.items() for stage in part._stages_()]
