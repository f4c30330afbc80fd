"""Models in files: plain text that can be read, holds numbers only, and runs nothing.

The format is JSON (RFC 8259), UTF-8, one object:

    format      "pathgrad model"
    version     1
    model       the kind of model and what it is made with: {"kind": "MLP", "fan_in": 2, "widths": [3, 1], …}; null
                for one's own kind of module or activation, whose parameters can be loaded into such a model
    parameters  label → number, in the order of model.parameters(); a number is the shortest decimal that gives the
                float back, or one of "inf", "-inf", "nan"
    sha256      the hash of the rest, as JSON with sorted keys and no spaces, so that a changed or cut file is noticed

An activation is an operation's name, "PReLU", "Bernoulli", or null for none. A file has up to 64 MiB, some 1.4 million
parameters. Whoever wrote it, loading makes no objects but of the kinds below, and no more than it has numbers for.
"""

from __future__ import annotations

import json
import math
import operator
import os
import re
import sys
from collections.abc import Mapping
from itertools import pairwise, starmap
from pathlib import Path
from typing import Any

import autograd
from autograd import Value
from autograd.files import replace
from autograd.naming import one_line
from autograd.node import set_data
from autograd.rules import OPERATIONS
from nn.activations import Bernoulli, PReLU
from nn.layers import MLP, Layer, Neuron
from nn.module import Module
from nn.perceptron import Perceptron
from nn.recurrent import Elman

FORMAT, VERSION = "pathgrad model", 1
LARGEST = 2**26  # bytes of a file
MOST_BRACKETS = 100  # a model's file has four; each takes Python twenty times the memory that it takes in the file


def save(model: Module, path: str | bytes | os.PathLike[str]) -> Path:
    """Write a model to a file, and return its path.

    The file is the old one or the new one, never a part, whatever comes between (see `autograd.files`). Generators of
    chance and gradients are not saved.

    Raises TypeError for what isn't a Module, ValueError for parameters whose labels are missing, alike or no text that
    can be written, a model of more than 64 MiB, or a path that is taken by something else than a file; OSError where
    the file can't be written.
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
    written = text.encode()
    if len(written) > LARGEST:
        raise ValueError(f"a model's file has up to {LARGEST:,} bytes, and this one would have {len(written):,}")
    replace(path, written)
    return Path(os.fsdecode(path))


def load(path: str | bytes | os.PathLike[str], into: Module | None = None) -> Any:
    """Read a model from a file; or, with `into`, its parameters into a model that is there, which is returned.

    Everything is checked before anything changes, or memory is asked for. Raises ValueError, with what is wrong, for
    a file that isn't such a model, has more than 64 MiB, was cut off or changed, or doesn't fit; OSError where it
    can't be read.
    """
    if into is not None and not isinstance(into, Module):
        raise TypeError(f"parameters are loaded into a Module, such as an nn.MLP, not {type(into).__name__}")
    try:
        content = _parsed(_bytes(Path(os.fsdecode(path))))
        numbers = {label: _from_json(label, number) for label, number in content["parameters"].items()}
        model = _made(content["model"], len(numbers)) if into is None else into
        parameters = _by_label(model)
        _compare(numbers, parameters, content["model"], _described(model))
    except (ValueError, TypeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else one_line(str(error), 300)
        raise ValueError(f"no model can be loaded from {os.fsdecode(path)!r}: {reason}") from None
    set_data(parameters.values(), [numbers[label] for label in parameters])
    return model


# What a model is, as JSON, and back


def _described(model: Module) -> dict[str, Any] | None:
    """With what such a model is made; None for one that isn't made by that alone."""
    try:
        description = _arguments(model)
        same = description is not None and _alike(model, _made(description, len(model.parameters())), {})
    except (AttributeError, LookupError, TypeError, ValueError):  # parts exchanged for others, a function of one's own
        return None
    return description if same else None


def _arguments(model: Any) -> dict[str, Any] | None:
    if type(model) is Perceptron:
        return {"kind": "Perceptron", "fan_in": len(model.weights) - 1}
    if type(model) is Neuron:
        return {"kind": "Neuron", "fan_in": len(model.weights), "activation": _named(model.activation)}
    if type(model) is Layer:
        first = model.neurons[0]
        sizes = {"fan_in": len(first.weights), "fan_out": len(model.neurons)}
        return {"kind": "Layer", **sizes, "activation": _named(first.activation)}
    if type(model) is MLP:
        first, last = model.layers[0].neurons[0], model.layers[-1].neurons[0]
        return {
            "kind": "MLP",
            "fan_in": len(first.weights),
            "widths": [len(layer.neurons) for layer in model.layers],
            "activation": _named(first.activation) if len(model.layers) > 1 else None,
            "output_activation": _named(last.activation),
            "dropout": model.dropout.p if model.dropout else 0.0,
        }
    if type(model) is Elman:
        sizes = {"fan_in": model.cell.fan_in, "width": model.cell.width, "fan_out": len(model.output.neurons)}
        return {"kind": "Elman", **sizes, "activation": _named(model.cell.layer.neurons[0].activation)}
    return None


def _alike(one: Any, other: Any, met: dict[int, int]) -> bool:
    """Whether two models are of the same parts: everything but numbers, gradients, chance and mode.

    `met` says which part of the other each part of the one was met with: what is shared in one, is in the other.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, Value | Module) and met.setdefault(id(one), id(other)) != id(other):
        return False
    if isinstance(one, Value):
        return one.label == other.label and one.operation is other.operation is None
    if isinstance(one, Module):
        mine, theirs = vars(one), vars(other)
        names = (mine.keys() | theirs.keys()) - {"generator", "training"}
        return all(name in mine and name in theirs and _alike(mine[name], theirs[name], met) for name in names)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(_alike(x, y, met) for x, y in zip(one, other, strict=True))
    return bool(one == other)


def _named(activation: Any) -> str | None:
    if activation is None:
        return None
    if type(activation) in (PReLU, Bernoulli):
        return type(activation).__name__
    operation: Any = getattr(activation, "operation", None)
    if operation not in OPERATIONS.values():
        raise ValueError(f"{activation} has no name in a file")
    name: str = operation.name
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
        raise _no_kind(description)
    arguments = dict(description)
    kind, names = KINDS[arguments.pop("kind")]
    if arguments.keys() != names:
        raise ValueError(
            f"{kind.__name__} is made with {', '.join(sorted(names))}, not {', '.join(arguments) or 'nothing'}"
        )
    sizes = [arguments["fan_in"]]
    if kind is Elman:
        sizes = [arguments["fan_in"], arguments["width"], arguments["width"], arguments["fan_out"]]
    elif kind is MLP:
        sizes += arguments["widths"] if isinstance(arguments["widths"], list) else [None]
    else:
        sizes += [arguments.get("fan_out", 1)]
    # Before memory is asked for: each input of each neuron is a parameter, and those are all in the file
    if any(type(size) is not int or not 0 < size <= count for size in sizes) or _products(sizes) > count:
        raise ValueError(f"its sizes {sizes!r:.80} don't go with its {count} parameters")
    for name in ("activation", "output_activation"):
        if name in arguments:
            arguments[name] = _activation(arguments[name])
    if kind is not Perceptron:
        arguments["initialization"] = _zero
    model: Module = kind(**arguments)
    return model


def _no_kind(description: object) -> ValueError:
    return ValueError(f"it holds no kind of model that is known here, but {description!r:.80}")


def _products(sizes: list[int]) -> int:
    return sum(starmap(operator.mul, pairwise(sizes)))


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
    operation = OPERATIONS.get(name) if isinstance(name, str) and name in autograd.ops.PUBLIC else None
    if operation is None or operation.variadic or len(operation.arguments) - len(operation.defaults) != 1:
        raise ValueError(f"there is no activation {name!r:.80}")
    return getattr(autograd, operation.name)


def _zero(*_: object) -> float:
    return 0.0


def _by_label(model: Module) -> dict[str, Any]:
    by_label: dict[str, Any] = {}
    for i, parameter in enumerate(model.parameters(), start=1):
        if not parameter.label:
            raise ValueError(f"each parameter needs a label to be found by, and parameter {i} has none")
        if any("\ud800" <= character <= "\udfff" for character in parameter.label):
            raise ValueError(
                f"a label that is written to a file is text without lone surrogates, not {parameter.label!r}"
            )
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


def _bytes(path: Path) -> bytes:
    """What is in a file: a pipe could keep one waiting, and a device has no end."""
    if path.exists() and not path.is_file():
        raise ValueError("it is no file")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"it has more than {LARGEST:,} bytes")
    return path.read_bytes()


TEXTS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]', re.DOTALL)


def _parsed(text: bytes) -> dict[str, Any]:
    """The file's object, when it is what was written."""
    try:
        decoded = text.decode("utf-8")
        if sum(part[0] in "[{" for part in TEXTS_AND_BRACKETS.finditer(decoded)) > MOST_BRACKETS:
            raise ValueError("it is nested too deeply, or of too many parts, for a model")
        content = json.loads(decoded, object_pairs_hook=_without_repetition, parse_constant=_refused)
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
    if not isinstance(content["model"], dict | None):
        raise _no_kind(content["model"])
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
