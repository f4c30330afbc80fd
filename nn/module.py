"""Base class of everything with parameters: submodules, training and evaluation mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from autograd import Value
from autograd.atomic import all_or_none
from autograd.node import clear_gradients
from nn import display


class Module:
    """Base class of everything with parameters, of its own or of the modules that are its parts.

    A module of one's own is a class with Values and modules among its attributes, and a `__call__`.
    """

    training = True
    """Whether it is being trained: what is at random then (Dropout, Bernoulli) is not in evaluation."""

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

    def zero_grad(self) -> None:
        """Clear every parameter's gradient, which then is 0, before the next sample or batch is swept."""
        clear_gradients(self.parameters())

    def train(self, mode: bool = True) -> Self:
        """Put the module and all its parts into training mode (with False, as `eval` does); return the module."""
        all_or_none((setattr, module, "training", mode) for module in self.modules())
        return self

    def eval(self) -> Self:
        """Put the module and all its parts into evaluation mode, where nothing is at random; return the module."""
        return self.train(mode=False)

    def _stages_(self) -> list[display.Stage]:
        """What it consists of, for `nn.display`; without any, its attributes are shown."""
        return []

    def __repr__(self) -> str:
        return display.module_line(self)

    def _repr_html_(self) -> str:
        return display.module_table(self)


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
