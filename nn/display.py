"""How models and optimizers are shown: as a line at a prompt, as a table in a notebook.

A module of this package lists its parts in `_stages_`; a user-defined one is shown by its attributes.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from autograd import Value, display
from autograd.naming import one_line
from autograd.notation import symbol
from nn.korean import say

MAX_DEPTH = 4  # of modules in modules, on a line
MAX_PARTS = 12  # of a module or a chain, on a line
MAX_NESTING = 20  # of modules in a table, and of lists in lists
MAX_ROWS = 100  # of a model's table
LINE_CHARACTERS = 100


class NeuronLike(Protocol):
    """The interface of a neuron: weights, bias and activation."""

    @property
    def weights(self) -> Sequence[Any]:
        """Its weights, one for each input."""

    @property
    def bias(self) -> Any:
        """Its bias."""

    @property
    def activation(self) -> Any:
        """Its activation, or None."""


class Parts(NamedTuple):
    """The parts of a neuron that has them under other names."""

    weights: Sequence[Value]
    bias: Value | None
    activation: Any


class Stage(NamedTuple):
    """A step on the way from a module's inputs to its outputs: a row in the table, and the text after an arrow.

    name        what it is called in the module, "layer1"
    fan_in      the number of its inputs, and `fan_out` that of its outputs; None where it takes any number
    what        its activation, or another word for what it does
    parameters  the number of its parameters
    neurons     its neurons, with `weights`, `bias` and `activation`, for `nn.network`
    feedback    how many of each neuron's last weights belong to the stage's own outputs of the step before
    function    what is called, if it is a function without neurons
    """

    name: str
    fan_in: int | None
    fan_out: int | None
    what: str
    parameters: int = 0
    neurons: Sequence[NeuronLike] = ()
    feedback: int = 0
    function: Any = None


class Described(Protocol):
    """A module, as far as this file needs it."""

    def parameters(self) -> list[Value]:
        """The Values to learn."""

    def _stages_(self) -> Sequence[Stage]: ...


class Structured(Protocol):
    """An optimizer, as far as this file needs it."""

    parameters: list[Value]


def name_of(function: Any) -> str:
    """The name of an activation or another function; "" for None, the identity.

    >>> from autograd import tanh
    >>> name_of(tanh), name_of(partial(tanh)), name_of(None)
    ('tanh', 'tanh', '')
    """
    while isinstance(function, partial):
        function = function.func
    return "" if function is None else one_line(str(getattr(function, "__name__", type(function).__name__)), 40)


def stages_of(steps: Iterable[Any]) -> list[Stage]:
    """The stages of modules and functions that are called one after another."""
    found = []
    for i, step in enumerate(steps, start=1):
        own = _own_stages(step)
        function = None if any(stage.neurons for stage in own) else step
        for stage in own:
            sizeless = stage.fan_in is None and not stage.name  # a Dropout or a PReLU, whose number alone says little
            what = f"{name_of(step)} {stage.what}" if sizeless else stage.what
            name = f"part{i}{stage.name and f'.{stage.name}'}"
            found.append(stage._replace(name=name, what=what, function=stage.function or function))
        if not own:
            name = type(step).__name__ if hasattr(type(step), "_stages_") else name_of(step)
            found.append(Stage(f"part{i}", None, None, name, _count(step) or 0, function=step))
    return found


# Modules


def all_stages(module: Described) -> list[Stage]:
    """The stages of a module, or of its parts in the order of its attributes."""
    return list(_rows(module, "", set()))


def module_line(module: Described) -> str:
    """A module's structure and the number of its parameters; on several lines if that is too long for one."""
    return _written(module, 0, set())


def module_table(module: Described) -> str:
    """A module's structure as a table in HTML, with a row for each stage."""
    rows: list[list[str]] = []
    for stage in _rows(module, "", set()):
        if len(rows) == MAX_ROWS:
            rows.append(["…"] * 5)
            break
        sizes = ["" if size is None else f"{size:,}" for size in (stage.fan_in, stage.fan_out)]
        rows.append([stage.name, *sizes, stage.what, f"{stage.parameters:,}" if stage.parameters else ""])
    count = _count(module)
    caption = type(module).__name__ + (f", {say.counted(count, 'parameter')}" if count is not None else "")
    head = ["", say("inputs"), say("outputs"), say("activation"), say("parameters")]
    return display.table(head if rows else [], rows, caption=caption, align="lrrlr")


def _own_stages(module: Any) -> Sequence[Stage]:
    """A module's stages; [] for a user-defined module, or for one half made, as a debugger may see it."""
    try:
        stages: Sequence[Stage] = module._stages_() if hasattr(type(module), "_stages_") else ()
    except (AttributeError, IndexError, TypeError):
        return ()
    return stages


def _count(module: Any) -> int | None:
    try:
        return len(module.parameters())
    except (AttributeError, IndexError, TypeError):  # as above
        return None


def _written(module: Any, depth: int, inside: set[int]) -> str:
    stages = _own_stages(module)
    if stages:
        parts = [" → ".join(_shortened(list(_arrows(stages))))]
    elif depth == MAX_DEPTH or id(module) in inside:  # a part may know the whole
        parts = ["…"]
    else:
        inner = inside | {id(module)}
        parts = _shortened([f"{name}={_part(part, depth + 1, inner)}" for name, part in _parts_of(module)])
    count = _count(module) if depth == 0 else None
    if count or (count == 0 and not stages and parts):
        parts.append(say.counted(count, "parameter"))
    line = f"{type(module).__name__}({', '.join(parts)})"
    if stages or len(line) <= LINE_CHARACTERS:
        return line
    lines = ",\n".join(parts).replace("\n", "\n  ")
    return f"{type(module).__name__}(\n  {lines}\n)"


def _part(part: Any, depth: int, inside: set[int]) -> str:
    if isinstance(part, int):
        return say.counted(part, "Value")
    return _written(part, depth, inside) if hasattr(type(part), "_stages_") else name_of(part)


def _arrows(stages: Sequence[Stage]) -> Iterator[str]:
    """The texts between the arrows: the inputs, then each stage's outputs and activation."""
    fan_ins = [stage.fan_in for stage in stages if stage.fan_in is not None]
    if fan_ins:
        yield f"{fan_ins[0]}"
    for stage in stages:
        yield f"{'' if stage.fan_out is None else stage.fan_out} {stage.what}".strip()


def _shortened(parts: list[str]) -> list[str]:
    if len(parts) <= MAX_PARTS:
        return parts
    half = MAX_PARTS // 2
    return [*parts[:half], say("… {count} more …", count=len(parts) - 2 * half), *parts[-half:]]


def _rows(module: Any, path: str, met: set[int], depth: int = 0) -> Iterator[Stage]:
    """The stages of a module and its parts, each named by its path."""
    met.add(id(module))
    stages = _own_stages(module)
    for stage in stages:
        sizeless = path and stage.fan_in is None and not stage.name
        what = f"{type(module).__name__} {stage.what}" if sizeless else stage.what
        yield stage._replace(name=".".join(filter(None, (path, stage.name))), what=what)
    for name, part in () if stages else _parts_of(module):
        below = one_line(f"{path}.{name}" if path else name, 80)
        if isinstance(part, int):
            yield Stage(below, None, None, "", part)
        elif not hasattr(type(part), "_stages_"):
            yield Stage(below, None, None, name_of(part), function=part)
        elif id(part) in met:
            yield Stage(below, None, None, say("the {name} above", name=type(part).__name__))
        elif depth < MAX_NESTING:  # Python's recursion ends somewhere
            inner = list(_rows(part, below, met, depth + 1))
            yield from inner or [Stage(below, None, None, type(part).__name__)]


def _parts_of(module: Any) -> list[tuple[str, Any]]:
    """The modules, listed functions and counts of Values among the attributes, by name."""
    found = []
    for name, attribute in vars(module).items():
        parts: list[tuple[str, Any]] = []
        values = _collect(name, attribute, parts, set())
        found += [*([(name, values)] if values else []), *parts]
    return found


def _collect(name: str, attribute: Any, parts: list[tuple[str, Any]], met: set[int]) -> int:
    """Add an attribute's modules, operations and listed functions to the parts; return the number of its Values."""
    if isinstance(attribute, Value):
        return int(attribute.operation is None)
    is_function = callable(attribute) and not isinstance(attribute, type)
    is_step = is_function and ("[" in name or hasattr(attribute, "operation"))
    if is_step or hasattr(type(attribute), "_stages_"):
        parts.append((name, attribute))
    elif isinstance(attribute, list | tuple | dict) and id(attribute) not in met and name.count("[") < MAX_NESTING:
        met.add(id(attribute))  # a list may hold itself
        items = attribute.items() if isinstance(attribute, dict) else enumerate(attribute)
        return sum(_collect(f"{name}[{key!r:.30}]", part, parts, met) for key, part in items)
    return 0


# Optimizers


def optimizer_line(optimizer: Structured) -> str:
    """An optimizer with its hyperparameters, in the order of its arguments, and the number of its parameters."""
    settings = [f"{name}={value}" for name, value in _hyperparameters(optimizer)]
    return f"{type(optimizer).__name__}({', '.join([*settings, say.counted(len(optimizer.parameters), 'parameter')])})"


def optimizer_table(optimizer: Structured) -> str:
    """An optimizer's hyperparameters as a table in HTML, named by the symbols of its formula."""
    rows = [[name, symbol(name) if symbol(name) != name else "", value] for name, value in _hyperparameters(optimizer)]
    caption = f"{type(optimizer).__name__}, {say.counted(len(optimizer.parameters), 'parameter')}"
    return display.table([say("hyperparameter"), say("symbol"), say("value")], rows, caption=caption)


def _hyperparameters(optimizer: Structured) -> Iterator[tuple[str, str]]:
    for name in inspect.signature(type(optimizer)).parameters:
        if name != "parameters" and hasattr(optimizer, name):
            yield name, one_line(repr(getattr(optimizer, name)), 60)
