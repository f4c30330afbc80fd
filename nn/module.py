"""Base class of everything with parameters: submodules, training and evaluation mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Never, Self

from autograd import Value
from autograd.atomic import all_or_none
from autograd.hints import OnModels, refuse_keywords
from autograd.node import clear_gradients
from nn import display
from nn.outputs import as_outputs

if TYPE_CHECKING:
    from autograd.drawing.network import Network


class Module(OnModels):
    """Base class of everything with parameters, of its own or of the modules that are its parts.

    To make a module, derive a class that has Values and modules among its attributes, and a method `forward`, which
    computes its outputs. Calling the module calls `forward`; a list of Values is then returned as `nn.outputs.Outputs`.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.start = Value(2.0, "slope"), Value(1.0, "start")
    ...
    ...     def forward(self, x):
    ...         return self.slope * x + self.start
    >>> line = Line()
    >>> line(3.0).data, [name for name, _ in line.named_parameters()]
    (7.0, ['slope', 'start'])
    """

    training = True
    """Whether the module is in training mode, in which Dropout and Bernoulli are random."""

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """What `forward` returns; a list of Values as `nn.outputs.Outputs`."""
        return as_outputs(self.forward(*inputs, **named))

    def forward(self, *_inputs: Any, **_named: Any) -> Any:
        """Return the module's outputs for a sample; each kind of module defines its own `forward`."""
        raise TypeError(
            f"a module needs a method forward(self, x), which computes its outputs; {type(self).__name__} has none"
        )

    def modules(self) -> Iterator[Module]:
        """This module, its parts, and theirs, each once, in the order of their attributes."""
        found = [self]
        seen = {id(self)}
        while found:
            module = found.pop()
            yield module
            parts = {id(part): part for part in _parts(module, values=False) if isinstance(part, Module)}
            new = [part for key, part in parts.items() if key not in seen]
            seen.update(map(id, new))
            found += reversed(new)

    def parameters(self) -> list[Value]:
        """The Values to learn, each once, in the order of the attributes that hold them."""
        own: dict[Value, None] = {}
        seen: set[int] = set()
        found: list[Value | Module] = [self]
        while found:  # without recursion, and each module once: a part may be shared, or know the whole
            part = found.pop()
            if isinstance(part, Value):
                own[part] = None
            elif id(part) not in seen:
                seen.add(id(part))
                if part is self or type(part).parameters is Module.parameters:
                    found += list(_parts(part))[::-1]
                else:  # it says itself which they are
                    own |= dict.fromkeys(part.parameters())
        return list(own)

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Each parameter with a name of its own, in the order of `parameters()`.

        The names are the labels, as in `nn.save`'s files; where a parameter has none, or shares it with another, all
        names are the places where the parameters are found, such as `layers.0.bias`.
        """
        parameters = self.parameters()
        names = [parameter.label for parameter in parameters]
        if not all(names) or len({*names}) < len(names):
            places = _places(self)
            names = [places.get(parameter, f"parameter {i}") for i, parameter in enumerate(parameters, start=1)]
        return list(zip(names, parameters, strict=True))

    def zero_grad(self, **foreign: Never) -> None:
        """Clear every parameter's gradient, which then is 0, before the next sample or batch is swept."""
        refuse_keywords("zero_grad", foreign)
        clear_gradients(self.parameters())

    def train(self, mode: bool = True) -> Self:
        """Put the module and all its parts into training mode (with False, as `eval` does); return the module."""
        all_or_none((setattr, module, "training", mode) for module in self.modules())
        return self

    def eval(self) -> Self:
        """Put the module and all its parts into evaluation mode, where nothing is random; return the module."""
        return self.train(mode=False)

    def _stages_(self) -> list[display.Stage]:
        """The module's stages, for `nn.display`; if it has none, its attributes are shown."""
        return []

    def _network_(self) -> Network:
        from nn.network import network_of  # noqa: PLC0415 — only a picture needs it

        return network_of(self)

    def __repr__(self) -> str:
        return display.module_line(self)

    def _repr_html_(self) -> str:
        return display.module_table(self)


def forward_of(part: Any) -> Callable[..., Any]:
    """The function that computes a part's outputs within a model, as a plain list instead of `Outputs`."""
    return part.forward if isinstance(part, Module) and type(part).__call__ is Module.__call__ else part


def _places(module: Module) -> dict[Value, str]:
    """Where each Value is found first: the names of attributes, keys and positions on the way to it."""
    found: dict[Value, str] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", module)]
    while waiting:
        place, thing = waiting.pop()
        if isinstance(thing, Value):
            found.setdefault(thing, place)
        elif isinstance(thing, Module | dict | list | tuple) and id(thing) not in seen:
            seen.add(id(thing))
            parts = vars(thing) if isinstance(thing, Module) else thing
            items = parts.items() if isinstance(parts, dict) else enumerate(parts)
            waiting += [(f"{place}.{key}".lstrip("."), part) for key, part in items][::-1]
    return found


def _parts(module: Module, *, values: bool = True) -> Iterator[Value | Module]:
    """The leaf Values and modules among a module's attributes, or in lists, tuples and dicts among these.

    Without `values`, lists of nothing but Values are passed over, because a large network's have many.
    """
    found = list(vars(module).values())[::-1]
    seen: set[int] = set()
    while found:
        attribute = found.pop()
        if isinstance(attribute, Module) or (isinstance(attribute, Value) and attribute.operation is None):
            yield attribute
        elif isinstance(attribute, list | tuple | dict) and id(attribute) not in seen:  # a list may hold itself
            seen.add(id(attribute))
            parts = attribute.values() if isinstance(attribute, dict) else attribute
            if values or set(map(type, parts)) != {Value}:
                found += reversed(parts)
