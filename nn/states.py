"""The state of an optimizer, a history and random generators as JSON objects, from which a training can go on.

    optimizer   kind        one of `optimizers.KINDS`
                settings    each hyperparameter and switch of that kind
                parameters  the labels of its parameters, in its order
                steps       how many steps each of them took
                memory      name → for each parameter the number remembered under that name, or null
    history     losses, validation_losses, learning_rates, metrics (name → numbers), stopped, steps, seed
    generators  states      of each generator: its 625 words of 32 bits in hexadecimal digits and, after a space, the
                            normal number that it keeps for its next call, if there is one
                parts       for each part of the model that draws numbers, the place of its generator in `states`;
                            null is Python's global generator, whose state is not saved

An object is checked completely before anything is made from it, because a file may be forged.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd.ieee import real
from nn.history import History
from nn.module import Module
from nn.optimizers import KINDS, Hyperparameter, Optimizer

if TYPE_CHECKING:
    import random

STATE_WORDS = 625  # of Python's generator: 624 numbers and a place
COLUMNS = ("losses", "validation_losses", "learning_rates")


# Numbers


def number_to_json(number: float) -> float | str:
    """Return the number itself, or "inf", "-inf" or "nan", which JSON lacks."""
    return number if math.isfinite(number) else repr(number)


def number_from_json(what: str, number: object) -> float:
    """Return the float, or raise ValueError for anything but a number."""
    if isinstance(number, str) and number in ("inf", "-inf", "nan"):
        return float(number)
    if isinstance(number, int | float) and abs(number) <= sys.float_info.max and not isinstance(number, bool):
        return float(number)
    raise ValueError(f"{what} must be a number, got {number!r:.40}")


def _numbers(what: str, numbers: object, count: int | None = None) -> list[float]:
    return [number_from_json(what, number) for number in _list(what, numbers, count)]


def _list(what: str, found: object, count: int | None = None) -> list[Any]:
    if not isinstance(found, list) or count not in (None, len(found)):
        got = f"a list of {len(found)}" if isinstance(found, list) else type(found).__name__
        raise ValueError(f"{what} must be a list{'' if count is None else f' of {count}'}, got {got}")
    return found


def _object(what: str, found: object, keys: Sequence[str]) -> dict[str, Any]:
    if not isinstance(found, dict) or found.keys() != set(keys):
        got = ", ".join(found) if isinstance(found, dict) else type(found).__name__
        raise ValueError(f"{what} must have the keys {', '.join(keys)}, got {got:.200}")
    return found


def _whole(what: str, number: object) -> int:
    if type(number) is not int or not 0 <= number < 2**53:
        raise ValueError(f"{what} must be an int of at least 0, got {number!r:.40}")
    return number


def require_text(what: str, text: object) -> str:
    """Return the text, or raise ValueError if a file cannot hold it."""
    if not isinstance(text, str) or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"{what} must be text without lone surrogates, got {text!r:.200}")
    return text


# Optimizers


def describe_optimizer(optimizer: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the optimizer of these parameters of a model, by label, as an object."""
    if type(optimizer) not in KINDS:
        kinds = ", ".join(kind.__name__ for kind in KINDS)
        raise TypeError(f"save's optimizer must be one of {kinds}, got {type(optimizer).__name__}")
    label_of = {parameter: label for label, parameter in parameters.items()}
    for i, parameter in enumerate(optimizer.parameters):
        if parameter not in label_of:
            name = parameter.label or f"parameter {i + 1}"
            raise ValueError(f"save's optimizer must hold only parameters of the model, got {name}")
    remembered = optimizer.remembered()
    names = [name for name in optimizer.memory or () if any(name in memory for _, memory in remembered)]
    settings = {name: getattr(optimizer, name) for name in optimizer.settings()}
    return {
        "kind": type(optimizer).__name__,
        "settings": settings,
        "parameters": [label_of[parameter] for parameter in optimizer.parameters],
        "steps": [steps for steps, _ in remembered],
        "memory": {name: [_or_null(memory.get(name)) for _, memory in remembered] for name in names},
    }


def _or_null(number: float | None) -> float | str | None:
    return None if number is None else number_to_json(number)


def make_optimizer(description: object, parameters: Mapping[str, Any]) -> Optimizer:
    """Return the optimizer that is described, of these parameters of a model."""
    found = _object('"optimizer"', description, ("kind", "settings", "parameters", "steps", "memory"))
    kinds = {kind.__name__: kind for kind in KINDS}
    if not isinstance(found["kind"], str) or found["kind"] not in kinds:
        raise ValueError(f"the optimizer's kind must be one of {', '.join(kinds)}, got {found['kind']!r:.80}")
    kind = kinds[found["kind"]]
    labels = _list("the optimizer's parameters", found["parameters"])
    for label in labels:
        if not isinstance(label, str) or label not in parameters:
            raise ValueError(f"the optimizer's parameters must be those of the model, got {label!r:.80}")
    optimizer: Optimizer = kind([parameters[label] for label in labels])  # type: ignore[call-arg]
    settings = _object("the optimizer's settings", found["settings"], kind.settings())
    for name, value in settings.items():
        setattr(optimizer, name, _setting(kind, name, value))
    list(optimizer.formula())  # which refuses what doesn't go together
    optimizer.restore(_remembered(kind, found["steps"], found["memory"], len(labels)))
    return optimizer


def _setting(kind: type[Optimizer], name: str, value: object) -> float | bool:
    declared = next(vars(each)[name] for each in kind.__mro__ if name in vars(each))
    if isinstance(declared, Hyperparameter):
        return number_from_json(f"the optimizer's {name}", value)
    if not isinstance(value, bool):
        raise ValueError(f"the optimizer's {name} must be true or false, got {value!r:.40}")  # noqa: TRY004 — in a file
    return value


def _remembered(kind: type[Optimizer], steps: object, memory: object, count: int) -> list[tuple[int, dict[str, float]]]:
    """For each parameter the number of its steps, and its memory."""
    taken = [_whole("the optimizer's steps", each) for each in _list("the optimizer's steps", steps, count)]
    if not isinstance(memory, dict) or not memory.keys() <= set(kind.memory or ()):
        raise ValueError(f"{kind.__name__}'s memory must hold only {', '.join(kind.memory or ()) or 'nothing'}")
    columns = {name: _list(f"the memory {name}", column, count) for name, column in memory.items()}
    remembered: list[tuple[int, dict[str, float]]] = []
    for i, t in enumerate(taken):
        own = {name: column[i] for name, column in columns.items() if column[i] is not None}
        if own and not t:
            raise ValueError("a parameter that has taken no step must have no memory")
        remembered.append((t, {name: number_from_json(f"the memory {name}", x) for name, x in own.items()}))
    return remembered


# Histories


def describe_history(history: History) -> dict[str, Any]:
    """Return the history as an object."""
    columns = {name: _column(getattr(history, name)) for name in COLUMNS}
    metrics = {require_text("a metric's name", name): _column(numbers) for name, numbers in history.metrics.items()}
    stopped = require_text("the history's stopped", history.stopped)
    return {**columns, "metrics": metrics, "stopped": stopped, "steps": history.steps, "seed": history.seed}


def _column(numbers: Sequence[Any]) -> list[float | str]:
    return [number_to_json(real(number, "a history's number")) for number in numbers]


def make_history(description: object) -> History:
    """Return the history that is described."""
    found = _object('"history"', description, (*COLUMNS, "metrics", "stopped", "steps", "seed"))
    epochs = len(_list("the history's losses", found["losses"]))
    columns = {}
    for name in COLUMNS:
        count = epochs if found[name] else None  # an epoch may have no more than a loss
        columns[name] = _numbers(f"the history's {name}", found[name], count)
    if not isinstance(found["metrics"], dict):
        raise ValueError(f"the history's metrics must be an object, got {type(found['metrics']).__name__}")  # noqa: TRY004 — in a file
    metrics = {name: _numbers(f"the metric {name!r:.80}", each, epochs) for name, each in found["metrics"].items()}
    if not isinstance(found["stopped"], str):
        raise ValueError(f"the history's stopped must be text, got {found['stopped']!r:.40}")  # noqa: TRY004 — in a file
    seed = found["seed"]
    if seed is not None and (type(seed) is not int or seed < 0):
        raise ValueError(f"the history's seed must be null or an int of at least 0, got {seed!r:.40}")
    steps = _whole("the history's steps", found["steps"])
    return History(**columns, metrics=metrics, stopped=found["stopped"], steps=steps, seed=seed)


# Generators


def _drawing(model: Module) -> list[Any]:
    """The parts of a model that draw numbers."""
    return [module for module in model.modules() if "generator" in vars(module)]


def describe_generators(model: Module) -> dict[str, Any]:
    """Return the random generators of the model's parts as an object."""
    import random  # noqa: PLC0415 — importing it takes longer than importing this package

    own = [part.generator if type(part.generator) is random.Random else None for part in _drawing(model)]
    different = {id(generator): generator for generator in own if generator is not None}
    places = {key: i for i, key in enumerate(different)}
    return {
        "states": [_state_to_text(generator) for generator in different.values()],
        "parts": [None if generator is None else places[id(generator)] for generator in own],
    }


def make_generators(description: object, model: Module) -> list[tuple[Any, random.Random]]:
    """Return the generators that are described, each with the part of the model that has it."""
    found = _object('"generators"', description, ("states", "parts"))
    generators = [_state_from_text(text) for text in _list("the generators' states", found["states"])]
    parts = _drawing(model)
    made = []
    for part, place in zip(parts, _list("the generators' parts", found["parts"], len(parts)), strict=True):
        if place is not None:
            if type(place) is not int or not 0 <= place < len(generators):
                raise ValueError(f"a part's generator must be null or below {len(generators)}, got {place!r:.40}")
            made.append((part, generators[place]))
    return made


def _state_to_text(generator: random.Random) -> str:
    _, words, normal = generator.getstate()
    digits = "".join(f"{word:08x}" for word in words)
    return digits if normal is None else f"{digits} {normal!r}"


def _state_from_text(text: object) -> random.Random:
    import random  # noqa: PLC0415 — as above

    digits, space, normal = text.partition(" ") if isinstance(text, str) else ("", "", "")
    try:
        if len(digits) != 8 * STATE_WORDS or not digits.isalnum() or not digits.isascii():
            raise ValueError
        words = tuple(int(digits[i : i + 8], 16) for i in range(0, len(digits), 8))
        stored = number_from_json("a normal number", float(normal)) if space else None
        generator = random.Random(0)
        generator.setstate((3, words, stored))  # which checks the last word, a place
    except ValueError:
        raise ValueError(f"a generator's state must be {8 * STATE_WORDS} hexadecimal digits") from None
    return generator
