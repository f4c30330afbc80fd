"""The third room: surfaces, the optimizers' formulas as programs, and the table of a step with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import nn
from autograd import Value
from autograd.export import javascript
from autograd.export.script_formula import update_code
from autograd.expression import parse
from nn.optimizers import KINDS, Optimizer

SURFACES: dict[str, dict[str, Any]] = {
    "rosenbrock": {
        "text": "(1 - x)**2 + 100*(y - x**2)**2",
        "box": [-2, 2, -1, 3],
        "start": [-1.2, 1.0],
        "rates": [0.001, 0.0005, 0.0005],
    },
    "valley": {
        "text": "(x**2 + 25*y**2) / 2",
        "box": [-4, 4, -2, 2],
        "start": [-3.5, 1.2],
        "rates": [0.05, 0.02, 0.02],
    },
    "bowl": {"text": "w**2 / 2", "box": [-3, 3], "start": [1.0], "rates": [0.1, 0.05, 0.05]},
    "saddle": {
        "text": "x**2/2 - y**2/2 + y**4/16",
        "box": [-3, 3, -4, 4],
        "start": [2.0, 0.01],
        "rates": [0.1, 0.05, 0.05],
    },
}
"""Each surface's expression, what of the plane is shown, where the start is at first, and the learning rates of SGD,
Momentum and NAG, whose steps grow with the slope."""


class AdagradAsPrinted(nn.Adagrad):
    """The slide's Adagrad, whose sign is +: it climbs."""

    def formula(self) -> Iterator[str]:
        yield "G = G + g * g"
        yield "step = lr * g / sqrt(G + eps)"
        yield "w = w + step"


class RMSpropAsPrinted(nn.RMSprop):
    """The slide's RMSprop, whose sign is +, too."""

    def formula(self) -> Iterator[str]:
        yield "G = alpha * G + (1 - alpha) * g * g"
        yield "step = lr * g / sqrt(G + eps)"
        yield "w = w + step"


class AdamAsPrinted(nn.Adam):
    """The slide's Adam: G in the place of V, and the fraction upside down, with a mean of slopes under the root."""

    def formula(self) -> Iterator[str]:
        yield "v = beta1 * G + (1 - beta1) * g"
        yield "G = beta2 * G + (1 - beta2) * g * g"
        yield "v_hat = v / (1 - beta1 ** t)"
        yield "G_hat = G / (1 - beta2 ** t)"
        yield "step = -lr * G_hat / sqrt(v_hat + eps)"
        yield "w = w + step"


PRINTED: dict[str, type[Optimizer]] = {"Adagrad": AdagradAsPrinted, "RMSprop": RMSpropAsPrinted, "Adam": AdamAsPrinted}
METHODS: dict[str, type[Optimizer]] = {kind.__name__: kind for kind in KINDS}
RATES = {"Adadelta": 1.0}
"""Learning rates for a short walk, where 0.1 isn't one."""


def surfaces() -> dict[str, dict[str, Any]]:
    """Each surface with its programs: of its values at many points, and of its value and gradient at one."""
    return {name: {**surface, **_programs(surface["text"])} for name, surface in SURFACES.items()}


def _programs(text: str) -> dict[str, Any]:
    output, leaves = parse(text, dict.fromkeys(["x", "y"] if "x" in text else ["w"], 1.0))
    points = list(leaves.values())
    return {
        "names": list(leaves),
        "values": javascript(output, points, gradient=False),
        "slopes": javascript(output, [], points),
    }


CHOICES: dict[str, list[float]] = {
    "lr": [
        0.0001,
        0.0002,
        0.0005,
        0.001,
        0.002,
        0.005,
        0.01,
        0.02,
        0.03,
        0.05,
        0.08,
        0.1,
        0.2,
        0.3,
        0.5,
        0.8,
        1.0,
        2.0,
    ],
    "eps": [0.0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 0.1, 1.0],
    "weight_decay": [0.0, 1e-4, 1e-3, 1e-2, 0.05, 0.1, 0.5],
    "momentum_decay": [0.0, 0.001, 0.004, 0.01, 0.1],
}
SHARES = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999]
"""Where a slider stops: at each of these; shares are of a mean, or of a momentum."""


def methods() -> list[dict[str, Any]]:
    """Each method: its hyperparameters as (name, number, where its slider stops), and whether the slide slipped."""
    found = []
    for name, kind in METHODS.items():
        optimizer = kind([Value(0.0)], lr=RATES.get(name, 0.1))
        numbers = [
            [setting, getattr(optimizer, setting), CHOICES.get(setting, SHARES)]
            for setting in kind.settings()
            if not isinstance(getattr(optimizer, setting), bool) and getattr(optimizer, setting)
        ]
        found.append({"name": name, "settings": numbers, "printed": name in PRINTED})
    return found


def program(name: str, settings: Mapping[str, float], printed: bool) -> dict[str, Any]:
    """A method's formula as a program, with what it remembers at first, and the numbers of its hyperparameters."""
    optimizer = _optimizer(name, settings, printed, [Value(0.0)])
    update = optimizer.update
    return {
        "text": update_code(update.lines, update.memory, update.constants),
        "names": [line for line, _ in update.lines],
        "memory": update.memory,
        "initial": [optimizer.initial(own) for own in update.memory],
        "constants": [float(getattr(optimizer, constant)) for constant in update.constants],
    }


def _optimizer(name: str, settings: Mapping[str, float], printed: bool, parameters: Sequence[Value]) -> Optimizer:
    kind = PRINTED.get(name, METHODS[name]) if printed else METHODS[name]
    optimizer = kind(parameters)
    for setting, value in settings.items():
        setattr(optimizer, setting, value)
    return optimizer


def explained(
    surface: str,
    name: str,
    settings: Mapping[str, float],
    printed: bool,
    t: int,
    place: Sequence[float],
    memory: Mapping[str, Sequence[float]],
) -> list[dict[str, Any]]:
    """The tables of the step after step t, from a place with its memory: one for each coordinate."""
    names = ["x", "y"] if len(place) == 2 else ["w"]
    output, leaves = parse(SURFACES[surface]["text"], dict(zip(names, place, strict=True)))
    optimizer = _optimizer(name, settings, printed, list(leaves.values()))
    remembered = [(t, {own: numbers[i] for own, numbers in memory.items()}) for i in range(len(names))]
    optimizer.restore(remembered)
    output.backward()
    optimizer.step()
    tables = [optimizer.explain(own) for own in names]
    kind = type(optimizer).__name__
    return [{"heading": table.heading.replace(kind, name), "rows": table.rows} for table in tables]
