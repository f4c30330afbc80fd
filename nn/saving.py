"""Models in files: plain text that can be read, holds numbers only, and runs nothing.

The format is JSON (RFC 8259), UTF-8, one object:

    format      "pathgrad model"
    version     1
    model       the kind of model and what it is made with: {"kind": "MLP", "fan_in": 2, "widths": [3, 1], …}; null
                for one's own kind of module or activation, whose parameters can be loaded into such a model
    parameters  label → number, in the order of model.parameters(); a number is the shortest decimal that gives the
                float back, or one of "inf", "-inf", "nan"
    sha256      the hash of the rest, as JSON with sorted keys and no spaces, so that a changed or cut file is noticed

An activation is an operation's name, "PReLU", "Bernoulli", or null for none.
"""

from __future__ import annotations

import contextlib
import json
import math
import operator
import os
import sys
from collections.abc import Mapping
from itertools import pairwise, starmap
from pathlib import Path
from typing import Any

import autograd
from autograd.rules import OPERATIONS
from autograd.value import set_data
from nn.activations import Bernoulli, PReLU
from nn.layers import MLP, Layer, Neuron
from nn.module import Module
from nn.perceptron import Perceptron
from nn.recurrent import Elman

FORMAT, VERSION = "pathgrad model", 1


def save(model: Module, path: str | os.PathLike[str]) -> Path:
    """Write a model to a file, and return its path.

    The file is written beside its place first and then moved there: it is the old one or the new one, never a
    part. Generators of chance and gradients are not saved.

    Raises TypeError for what isn't a Module, ValueError for parameters whose labels are missing or alike, OSError
    where the file can't be written.
    """
    if not isinstance(model, Module):
        raise TypeError(f"a Module is saved, such as an nn.MLP, not {type(model).__name__}")
    parameters = _by_label(model)
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "model": _described(model),
        "parameters": {label: _in_json(parameter.data) for label, parameter in parameters.items()},
    }
    content["sha256"] = _hash(content)
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    target = Path(os.path.realpath(path))  # through a link, to what it links to
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        with contextlib.suppress(OSError):  # it has been moved; or there is nothing to tidy up
            beside.unlink()
    return Path(path)


def load(path: str | os.PathLike[str], into: Module | None = None) -> Any:
    """Read a model from a file; or, with `into`, its parameters into a model that is there, which is returned.

    Everything is checked before anything changes. Raises ValueError, with what is wrong, for a file that isn't
    such a model, was cut off or changed, or doesn't fit; OSError where it can't be read.
    """
    if into is not None and not isinstance(into, Module):
        raise TypeError(f"parameters are loaded into a Module, such as an nn.MLP, not {type(into).__name__}")
    try:
        content = _parsed(Path(path).read_bytes())
        numbers = {label: _from_json(label, number) for label, number in content["parameters"].items()}
        model = _made(content["model"], len(numbers)) if into is None else into
        parameters = _by_label(model)
        _compare(numbers, parameters, content["model"], _described(model))
    except (ValueError, TypeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(f"no model can be loaded from {os.fspath(path)!r}: {reason}") from None
    set_data(parameters.values(), [numbers[label] for label in parameters])
    return model


# What a model is, as JSON, and back


def _described(model: Module) -> dict[str, Any] | None:
    """With what such a model is made; None for what has no name in a file."""
    try:
        match model:
            case Perceptron():
                return {"kind": "Perceptron", "fan_in": len(model.weights) - 1}
            case Neuron():
                return {"kind": "Neuron", "fan_in": len(model.weights), "activation": _named(model.activation)}
            case Layer():
                return {"kind": "Layer", **_sizes(model), "activation": _activation_of(model)}
            case MLP():
                *hidden, last = model.layers
                activations = {_activation_of(layer) for layer in hidden} or {None}
                (activation,) = activations
                return {
                    "kind": "MLP",
                    "fan_in": _sizes(model.layers[0])["fan_in"],
                    "widths": [len(layer.neurons) for layer in model.layers],
                    "activation": activation,
                    "output_activation": _activation_of(last),
                    "dropout": model.dropout.p if model.dropout else 0.0,
                }
            case Elman():
                sizes = {"fan_in": model.cell.fan_in, "width": model.cell.width, "fan_out": len(model.output.neurons)}
                return {"kind": "Elman", **sizes, "activation": _activation_of(model.cell.layer)}
    except ValueError:  # an activation of one's own, or layers that differ
        pass
    return None


def _sizes(layer: Layer) -> dict[str, int]:
    return {"fan_in": len(layer.neurons[0].weights), "fan_out": len(layer.neurons)}


def _activation_of(layer: Layer) -> str | None:
    (name,) = {_named(neuron.activation) for neuron in layer.neurons}
    return name


def _named(activation: Any) -> str | None:
    if activation is None or isinstance(activation, PReLU | Bernoulli):
        return type(activation).__name__ if activation else None
    rule: Any = getattr(activation, "rule", None)
    if rule not in OPERATIONS.values():
        raise ValueError(f"{activation} has no name in a file")
    name: str = rule.name
    return name


def _made(description: Any, count: int) -> Module:
    """A model of that kind, with count parameters."""
    if description is None:
        raise ValueError("it holds the parameters of a kind of its own: load them into such a model, with into=model")
    if (
        not isinstance(description, dict)
        or not isinstance(description.get("kind"), str)
        or description["kind"] not in KINDS
    ):
        raise ValueError(f"it holds no kind of model that is known here, but {description!r:.80}")
    arguments = dict(description)
    kind, names = KINDS[arguments.pop("kind")]
    if arguments.keys() != names:
        raise ValueError(
            f"{kind.__name__} is made with {', '.join(sorted(names))}, not {', '.join(arguments) or 'nothing'}"
        )
    sizes = [arguments[name] for name in ("fan_in", "width", "fan_out") if name in arguments]
    widths = arguments.get("widths", [1])
    sizes += widths if isinstance(widths, list) else [None]
    # Before memory is asked for: each input of each neuron is a parameter, and those are all in the file
    if (
        any(type(size) is not int or not 0 < size <= count for size in sizes)
        or sum(starmap(operator.mul, pairwise(sizes))) > count
    ):
        raise ValueError(f"its sizes {sizes} don't go with its {count} parameters")
    for name in ("activation", "output_activation"):
        if name in arguments:
            arguments[name] = _activation(arguments[name])
    if kind is not Perceptron:
        arguments["initialization"] = _zero
    model: Module = kind(**arguments)
    return model


KINDS: dict[str, tuple[Any, set[str]]] = {
    "Perceptron": (Perceptron, {"fan_in"}),
    "Neuron": (Neuron, {"fan_in", "activation"}),
    "Layer": (Layer, {"fan_in", "fan_out", "activation"}),
    "MLP": (MLP, {"fan_in", "widths", "activation", "output_activation", "dropout"}),
    "Elman": (Elman, {"fan_in", "width", "fan_out", "activation"}),
}


def _activation(name: object) -> Any:
    if name is None:
        return None
    own = {"PReLU": PReLU, "Bernoulli": Bernoulli}
    if isinstance(name, str) and name in own:
        return own[name]()
    rule = OPERATIONS.get(name) if isinstance(name, str) and name in autograd.ops.PUBLIC else None
    if rule is None or rule.variadic or len(rule.arguments) - len(rule.defaults) != 1:
        raise ValueError(f"there is no activation {name!r:.80}")
    return getattr(autograd, rule.name)


def _zero(*_: object) -> float:
    return 0.0


def _by_label(model: Module) -> dict[str, Any]:
    by_label: dict[str, Any] = {}
    for i, parameter in enumerate(model.parameters(), start=1):
        if not parameter.label:
            raise ValueError(f"each parameter needs a label to be found by, and parameter {i} has none")
        if parameter.label in by_label:
            raise ValueError(f"each parameter needs a label of its own, and two are labelled {parameter.label!r}")
        by_label[parameter.label] = parameter
    return by_label


def _compare(numbers: Mapping[str, float], parameters: Mapping[str, Any], theirs: Any, ours: Any) -> None:
    """Whether the file's parameters are the model's, or a sentence on what isn't."""
    if theirs is not None and ours is not None and theirs != ours:
        names = [name for name in {**theirs, **ours} if theirs.get(name) != ours.get(name)]
        told = ", ".join(f"{name} {theirs.get(name)!r} and not {ours.get(name)!r}" for name in names)
        raise ValueError(f"it is another model's: {told}")
    if numbers.keys() != parameters.keys():
        lacking = [label for label in parameters if label not in numbers][:1]
        strange = [label for label in numbers if label not in parameters][:1]
        told = "".join(
            [*(f", {label!r} is missing" for label in lacking), *(f", {label!r} is strange" for label in strange)]
        )
        raise ValueError(f"it has {len(numbers)} parameters and the model {len(parameters)}{told}")


# The text


def _parsed(text: bytes) -> dict[str, Any]:
    """The file's object, when it is what was written."""
    try:
        content = json.loads(text.decode("utf-8"), object_pairs_hook=_without_repetition, parse_constant=_refused)
    except UnicodeDecodeError:
        raise ValueError("it isn't text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it isn't JSON, or was cut off: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f"it doesn't say that it is a {FORMAT}")
    if content.get("version") != VERSION or isinstance(content["version"], bool | float):
        raise ValueError(f"it is of version {content.get('version')!r:.20}, and only {VERSION} is known here")
    if content.keys() != {"format", "version", "model", "parameters", "sha256"}:
        raise ValueError(f"it has {', '.join(content)} where a {FORMAT} has model, parameters and sha256")
    if content.pop("sha256") != _hash(content):
        raise ValueError("it was changed after it was written: its sha256 isn't that of its content")
    if not isinstance(content["parameters"], dict):
        raise ValueError("its parameters aren't labelled")  # noqa: TRY004 — what is wrong is in the file
    return content


def _hash(content: Mapping[str, Any]) -> str:
    import hashlib  # noqa: PLC0415 — only files need it

    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it says the same thing twice")
    return found


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def _in_json(number: float) -> float | str:
    return number if math.isfinite(number) else repr(number)


def _from_json(label: str, number: object) -> float:
    if isinstance(number, str) and number in ("inf", "-inf", "nan"):
        return float(number)
    if isinstance(number, int | float) and abs(number) <= sys.float_info.max and not isinstance(number, bool):
        return float(number)
    raise ValueError(f"{label!r} is no number, but {number!r:.40}")
