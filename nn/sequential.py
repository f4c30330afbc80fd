"""Parts one after another: layers, modules and functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

from autograd import Value
from autograd.ieee import kind
from autograd.rules import as_tuple
from nn import display
from nn.activations import Bernoulli, PReLU
from nn.layers import require_activation
from nn.module import Module, forward_of
from nn.outputs import as_outputs


class Sequential(Module):
    """partₙ(… part₂(part₁(x))): each part takes what the one before it returns.

    A part is a Module, such as a Layer, an MLP or a Dropout; an activation, which is applied to each output: an
    operation on one number, PReLU or Bernoulli; or any other function, of the list of outputs. Parameters are labelled
    part1.neuron1.w1 and so on, by the place of their part.

    `nn.fit` compiles it by default if all its functions are operations or this package's own. Files of `nn.save` hold
    its parameters, to be loaded into such a model: `nn.load(path, into=model)`.

    Raises TypeError for a part that is not a function, ValueError for no parts.

    >>> from autograd import tanh
    >>> from nn.layers import Layer
    >>> model = Sequential(Layer(2, 16, None, seed=0), tanh, Layer(16, 1, None, seed=1))
    >>> len(model.parameters()), model([1.0, -1.0]).op, model.parameters()[-1].label
    (65, 'weighted_sum', 'part3.neuron1.b')
    """

    def __init__(self, *parts: Callable[..., Any]) -> None:
        if not parts:
            raise ValueError("Sequential needs at least 1 part, got 0")
        self.parts = [_require_part(part) for part in parts]
        labelled = set[int]()
        for i, part in enumerate(self.parts, start=1):
            for parameter in part.parameters() if isinstance(part, Module) else ():
                if id(parameter) not in labelled:  # a part may stand at several places
                    labelled.add(id(parameter))
                    parameter.label = f"part{i}.{parameter.label}" if parameter.label else ""

    def _stages_(self) -> list[display.Stage]:
        return display.stages_of(self.parts)

    def forward(self, inputs: Any) -> Any:
        """Return the output of the last part for one sample."""
        for part in self.parts:
            if _is_activation(part):
                is_one = isinstance(inputs, Value | Real)
                inputs = part(inputs) if is_one else [part(x) for x in as_tuple(inputs, "a model's sample")]
            else:
                inputs = forward_of(part)(inputs if isinstance(part, Module) else as_outputs(inputs))
        return inputs


def _require_part(part: Any) -> Any:
    if isinstance(part, Sequence) and not isinstance(part, str | bytes):
        raise TypeError(
            "each part of Sequential must be an argument of its own, Sequential(*parts), got a list of them"
        )
    if not callable(part) or (isinstance(part, type) and not issubclass(part, PReLU | Bernoulli)):
        got = f"the class {part.__name__}" if isinstance(part, type) else kind(part)
        raise TypeError(f"each part of Sequential must be a layer, another module or a function, got {got}")
    return require_activation(part) if isinstance(part, type) else part


def _is_activation(part: Any) -> bool:
    """Whether a part takes one number: it is applied to each output."""
    return isinstance(part, PReLU | Bernoulli) or getattr(getattr(part, "operation", None), "is_method", False)
