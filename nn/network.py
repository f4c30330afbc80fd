"""What a model looks like: its layers of neurons, for `autograd.draw`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from autograd import Value, sigmoid
from autograd.drawing.network import Level, Network, Unit
from autograd.naming import one_line
from nn.display import Described, Stage, all_stages, name_of

PROBABILITIES = {"Bernoulli": sigmoid}  # what is drawn of units at random


def network_of(module: Described) -> Network:
    """The layers of a model whose parts are called one after another.

    Raises ValueError for a model without neurons, and if a layer does not take the outputs of the one before.
    """
    line = one_line(" ".join(repr(module).split()), 160)
    levels: list[Level] = []
    note, inputs = "", 0
    curves: dict[int, Callable[[float], float]] = {}
    for stage in all_stages(module):
        if stage.neurons:
            level = Level(stage.name, _units(stage, curves), stage.feedback)
            taken = len(level.units[0].weights) - level.feedback
            if levels and taken != len(levels[-1].units):
                raise ValueError(
                    f"draw needs layers of which each takes the outputs of the one before, but {stage.name or line} "
                    f"takes {taken}, and {levels[-1].name or 'the layer before'} gives {len(levels[-1].units)}"
                )
            inputs = inputs or taken
            levels.append(level)
        elif not levels:
            note = " · ".join(filter(None, (note, _what(stage))))
        elif stage.what or stage.function is not None:
            levels[-1] = _followed(levels[-1], stage, curves)
    if not levels:
        raise ValueError(f"draw needs a model made of neurons, got {line}; draw(model(x)) draws a sample's graph")
    return Network(line, inputs, levels, note)


def _units(stage: Stage, curves: dict[int, Callable[[float], float]]) -> list[Unit]:
    return [
        Unit(neuron.weights, neuron.bias, name_of(neuron.activation), _curve(neuron.activation, curves))
        for neuron in stage.neurons
    ]


def _followed(level: Level, stage: Stage, curves: dict[int, Callable[[float], float]]) -> Level:
    """The layer with what follows it: an activation of each neuron, or a note about anything else."""
    is_activation = getattr(getattr(stage.function, "operation", None), "is_method", False)
    if is_activation and not any(unit.activation for unit in level.units):
        name, curve = name_of(stage.function), _curve(stage.function, curves)
        return replace(level, units=[replace(unit, activation=name, curve=curve) for unit in level.units])
    return replace(level, note=" · ".join(filter(None, (level.note, _what(stage)))))


def _what(stage: Stage) -> str:
    """The text for a stage without neurons, such as "Dropout 0.5"."""
    kind = type(stage.function).__name__ if hasattr(type(stage.function), "_stages_") else ""
    return " ".join(dict.fromkeys(filter(None, (kind, stage.what))))


def _curve(activation: Any, curves: dict[int, Callable[[float], float]]) -> Callable[[float], float]:
    """The activation on floats, each point computed once; for a unit at random, its probability."""
    if id(activation) not in curves:
        curves[id(activation)] = cache(_on_floats(PROBABILITIES.get(name_of(activation), activation)))
    return curves[id(activation)]


def _on_floats(activation: Any) -> Callable[[float], float]:
    def on_float(x: float) -> float:
        if activation is None:
            return x
        y = activation(Value(x))
        (y,) = y if isinstance(y, Iterable) and not isinstance(y, Value) else (y,)
        return float(y.data if isinstance(y, Value) else y)

    return on_float
