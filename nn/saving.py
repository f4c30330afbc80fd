"""Saving models and trainings to files and loading them: text that holds only data, so that loading never runs code.

A file is one JSON object (RFC 8259) in UTF-8:

    format      "pathgrad model", or "pathgrad training" if there are an optimizer and a history, too
    version     1
    model       the kind of model and its arguments: {"kind": "MLP", "fan_in": 2, "widths": [3, 1], …}; null for
                modules or activations of the user's own, whose parameters can be loaded into a model that exists
    parameters  name → number, as in model.named_parameters(); a number is the shortest decimal that gives the
                same float, or one of "inf", "-inf", "nan"
    optimizer, history, generators
                of a training: see `states`; null for an optimizer or a history that was not given
    sha256      the hash of the rest, as JSON with sorted keys and no spaces; it reveals a changed or cut file

An activation is the name of an operation, "PReLU" or "Bernoulli", or null for none. A file may have up to 64 MiB, which
is about 1.4 million parameters, or 0.4 million with Adam's memory. Even a malicious file can only create the kinds of
model and optimizer below, and no larger ones than it has numbers for.
"""

from __future__ import annotations

import json
import operator
import os
import re
from collections.abc import Mapping
from itertools import pairwise, starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import autograd
from autograd import Value
from autograd.atomic import all_or_none
from autograd.files import replace
from autograd.naming import one_line
from autograd.node import setting_data
from autograd.rules import OPERATIONS
from nn.activations import Bernoulli, PReLU
from nn.history import History
from nn.layers import MLP, Layer, Neuron
from nn.module import Module
from nn.perceptron import Perceptron
from nn.recurrent import Elman
from nn.states import (
    describe_generators,
    describe_history,
    describe_optimizer,
    make_generators,
    make_history,
    make_optimizer,
    number_from_json,
    number_to_json,
    require_text,
)

if TYPE_CHECKING:
    from random import Random

    from nn.optimizers import Optimizer

FORMAT, TRAINING, FORMAT_VERSION = "pathgrad model", "pathgrad training", 1
KEYS = {
    FORMAT: ("format", "version", "model", "parameters", "sha256"),
    TRAINING: ("format", "version", "model", "parameters", "optimizer", "history", "generators", "sha256"),
}
MAX_FILE_BYTES = 2**26
MAX_BRACKETS = 100  # a model's file has four; parsed, each takes twenty times the memory that it takes in the file


def save(
    model: Module | str | bytes | os.PathLike[str],
    path: str | bytes | os.PathLike[str] | Module,
    optimizer: Optimizer | None = None,
    history: History | None = None,
) -> Path:
    """Write a model to a file, with the optimizer and the history of its training if they are given; return the path.

    Model and path may stand in either order: `save(path, model, optimizer, history)`. An existing file is replaced as a
    whole: whoever reads it finds the old content or the new (see `autograd.files`). Gradients are not saved. With an
    optimizer or a history, so are the model's random generators; from what `load` returns, training goes on as if it
    had not been interrupted, to the last bit:

        nn.save("training.json", model, optimizer, history)
        model, optimizer, history = nn.load("training.json")
        nn.fit(model, loss, X, y, optimizer=optimizer, history=history, epochs=5)

    Raises TypeError for a model that is not a Module, an optimizer that is not one of this package, or a history that
    is not a History. Raises ValueError if two parameters have one name (as `model.named_parameters()` gives them) or
    one has lone surrogates; if the optimizer holds a parameter that is not the model's; if the file would have more
    than 64 MiB; or if something other than a file is at the path. Raises OSError if the file can't be written.
    """
    if isinstance(path, Module):
        model, path = path, model
    if not isinstance(model, Module) or isinstance(path, Module):
        paths: Any = (str, bytes, os.PathLike)
        given = path if isinstance(model, paths) and not isinstance(path, paths) else model
        raise TypeError(f"save's model must be a Module, such as an nn.MLP, got {type(given).__name__}")
    parameters = _by_name(model)
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "model": _describe(model),
        "parameters": {label: number_to_json(parameter.data) for label, parameter in parameters.items()},
    }
    if optimizer is not None or history is not None:
        content |= {"format": TRAINING, **_describe_training(model, parameters, optimizer, history)}
    content["sha256"] = _hash(content)
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    written = text.encode()
    if len(written) > MAX_FILE_BYTES:
        raise ValueError(f"a model's file must have at most {MAX_FILE_BYTES:,} bytes, got {len(written):,}")
    if _brackets(text) > MAX_BRACKETS:
        raise ValueError(f"a model's file must have at most {MAX_BRACKETS} lists and objects: save fewer metrics")
    replace(path, written)
    return Path(os.fsdecode(path))


def load(path: str | bytes | os.PathLike[str], into: Module | None = None) -> Any:
    """Read a model from a file and return it; of a training, return the model, the optimizer and the history.

    With `into`, only the parameters are read, into that model. Of a training, what was not saved is None; the parts of
    the model that draw numbers get generators that stand where the saved ones stood.
    The file is checked completely before a model is made or changed.

    Raises TypeError for an `into` that is not a Module. Raises ValueError with the reason for a file that is not a
    pathgrad model, has more than 64 MiB, was cut off or changed, or does not fit `into`; OSError if the file can't be
    read.
    """
    if into is not None and not isinstance(into, Module):
        raise TypeError(f"load's into must be a Module, such as an nn.MLP, got {type(into).__name__}")
    generators: list[tuple[Any, Any]] = []
    optimizer = history = None
    try:
        content = _parse(_read_bytes(Path(os.fsdecode(path))))
        numbers = {
            label: number_from_json(f"parameter {label!r}", number) for label, number in content["parameters"].items()
        }
        model = _make(content["model"], len(numbers)) if into is None else into
        parameters = _by_name(model)
        _require_same_model(numbers, parameters, content["model"], _describe(model))
        if content["format"] == TRAINING:
            if content["optimizer"] is not None:
                optimizer = make_optimizer(content["optimizer"], parameters)
            if content["history"] is not None:
                history = make_history(content["history"])
            generators = make_generators(content["generators"], model)
    except (ValueError, TypeError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else one_line(str(error), 300)
        raise ValueError(f"cannot load {os.fsdecode(path)!r}: {reason}") from None
    all_or_none(
        [
            setting_data(parameters.values(), [numbers[label] for label in parameters]),
            *((setattr, part, "generator", generator) for part, generator in generators),
        ]
    )
    return model if content["format"] == FORMAT else (model, optimizer, history)


def _describe_training(
    model: Module, parameters: Mapping[str, Any], optimizer: object, history: object
) -> dict[str, Any]:
    """The keys that a training has beside those of a model."""
    if history is not None and not isinstance(history, History):
        raise TypeError(f"save's history must be a History, such as fit returns, got {type(history).__name__}")
    return {
        "optimizer": None if optimizer is None else describe_optimizer(optimizer, parameters),
        "history": None if history is None else describe_history(history),
        "generators": describe_generators(model),
    }


# Models as JSON objects


def _describe(model: Module) -> dict[str, Any] | None:
    """Describe a model by the arguments it can be made with; None for a model that they do not describe completely."""
    try:
        description = _arguments(model)
        same = description is not None and _same_structure(model, _make(description, len(model.parameters())), {})
    except (AttributeError, LookupError, TypeError, ValueError):  # exchanged parts, or the user's own functions
        return None
    return description if same else None


def _arguments(model: Any) -> dict[str, Any] | None:
    if type(model) is Perceptron:
        return {"kind": "Perceptron", "fan_in": len(model.weights) - 1}
    if type(model) is Neuron:
        return {"kind": "Neuron", "fan_in": len(model.weights), "activation": _name_of(model.activation)}
    if type(model) is Layer:
        first = model.neurons[0]
        sizes = {"fan_in": len(first.weights), "fan_out": len(model.neurons)}
        return {"kind": "Layer", **sizes, "activation": _name_of(first.activation)}
    if type(model) is MLP:
        first, last = model.layers[0].neurons[0], model.layers[-1].neurons[0]
        return {
            "kind": "MLP",
            "fan_in": len(first.weights),
            "widths": [len(layer.neurons) for layer in model.layers],
            "activation": _name_of(first.activation) if len(model.layers) > 1 else None,
            "output_activation": _name_of(last.activation),
            "dropout": model.dropout.p if model.dropout else 0.0,
        }
    if type(model) is Elman:
        sizes = {"fan_in": model.cell.fan_in, "width": model.cell.width, "fan_out": len(model.output.neurons)}
        return {"kind": "Elman", **sizes, "activation": _name_of(model.cell.layer.neurons[0].activation)}
    return None


def _same_structure(one: Any, other: Any, met: dict[int, int]) -> bool:
    """Whether two models have the same structure; numbers, gradients, generators and training mode may differ.

    `met` maps the id of each part of one to the id of its counterpart in the other, so that parts which are shared in
    one model must be shared in the other.
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
        return all(name in mine and name in theirs and _same_structure(mine[name], theirs[name], met) for name in names)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(_same_structure(x, y, met) for x, y in zip(one, other, strict=True))
    return bool(one == other)


def _name_of(activation: Any) -> str | None:
    if activation is None:
        return None
    if type(activation) in (PReLU, Bernoulli):
        return type(activation).__name__
    rule: Any = getattr(activation, "operation", None)
    if rule not in OPERATIONS.values():
        raise ValueError(f"{activation} is not an activation that a file can name")
    name: str = rule.name
    return name


def description_of(model: Module) -> str:
    """What a file says of a model, in the form of which the hash is taken."""
    return _canonical(_describe(model))


def made_again(model: Module, seed: Random) -> Module | None:
    """Make another model of the same kind with initial weights from a generator; None if a file couldn't say how."""
    description = _describe(model)
    return None if description is None else _make(description, len(model.parameters()), seed)


def _make(description: Any, count: int, seed: Random | None = None) -> Module:
    """Make the model that is described; `count` is the number of parameters that the file has for it."""
    if description is None:
        raise ValueError("the file holds only parameters; load them into an existing model with into=model")
    if (
        not isinstance(description, dict)
        or not isinstance(description.get("kind"), str)
        or description["kind"] not in MODEL_KINDS
    ):
        raise _unknown_kind(description)
    arguments = dict(description)
    kind, names = MODEL_KINDS[arguments.pop("kind")]
    if arguments.keys() != names:
        raise ValueError(
            f"the arguments of {kind.__name__} must be {', '.join(sorted(names))}, got {', '.join(arguments) or 'none'}"
        )
    sizes = [arguments["fan_in"]]
    if kind is Elman:
        sizes = [arguments["fan_in"], arguments["width"], arguments["width"], arguments["fan_out"]]
    elif kind is MLP:
        sizes += arguments["widths"] if isinstance(arguments["widths"], list) else [None]
    else:
        sizes += [arguments.get("fan_out", 1)]
    # Checked before a large model takes memory: each input of each neuron has a weight, and the file holds them all
    if any(type(size) is not int or not 0 < size <= count for size in sizes) or _products(sizes) > count:
        raise ValueError(f"sizes {sizes!r:.80} do not fit {count} parameters")
    for name in ("activation", "output_activation"):
        if name in arguments:
            arguments[name] = _activation(arguments[name])
    if kind is not Perceptron:
        arguments |= {"initialization": _zero} if seed is None else {"seed": seed}
    model: Module = kind(**arguments)
    return model


def _unknown_kind(description: object) -> ValueError:
    return ValueError(
        f'"model" must be one of {", ".join(MODEL_KINDS)} with its arguments, or null, got {description!r:.80}'
    )


def _products(sizes: list[int]) -> int:
    return sum(starmap(operator.mul, pairwise(sizes)))


MODEL_KINDS: dict[str, tuple[Any, set[str]]] = {
    "Perceptron": (Perceptron, {"fan_in"}),
    "Neuron": (Neuron, {"fan_in", "activation"}),
    "Layer": (Layer, {"fan_in", "fan_out", "activation"}),
    "MLP": (MLP, {"fan_in", "widths", "activation", "output_activation", "dropout"}),
    "Elman": (Elman, {"fan_in", "width", "fan_out", "activation"}),
}


def _activation(name: object) -> Any:
    if name is None:
        return None
    own: dict[str, Any] = {"PReLU": PReLU, "Bernoulli": Bernoulli}
    if isinstance(name, str) and name in own:
        return own[name]()
    rule = OPERATIONS.get(name) if isinstance(name, str) and name in autograd.ops.PUBLIC else None
    if rule is None or rule.variadic or len(rule.arguments) - len(rule.defaults) != 1:
        raise ValueError(f"unknown activation {name!r:.80}")
    return getattr(autograd, rule.name)


def _zero(*_: object) -> float:
    return 0.0


def _by_name(model: Module) -> dict[str, Any]:
    """The parameters by their names, each of which is one parameter's alone."""
    by_name: dict[str, Any] = {}
    for name, parameter in model.named_parameters():
        require_text("a parameter's name in a file", name)
        if name in by_name:
            raise ValueError(f"each parameter needs a name of its own, got two called {name!r}")
        by_name[name] = parameter
    return by_name


def _require_same_model(numbers: Mapping[str, float], parameters: Mapping[str, Any], theirs: Any, ours: Any) -> None:
    """Raise ValueError unless the file's model and parameters (`theirs`) are those of the model at hand (`ours`)."""
    if theirs is not None and ours is not None and theirs != ours:
        names = [name for name in {**theirs, **ours} if theirs.get(name) != ours.get(name)]
        differences = ", ".join(f"{name} is {theirs.get(name)!r}, not {ours.get(name)!r}" for name in names)
        raise ValueError(f"the file holds another model: {differences}")
    if numbers.keys() != parameters.keys():
        examples = [f"; the file lacks {label!r}" for label in parameters if label not in numbers][:1]
        examples += [f"; the model lacks {label!r}" for label in numbers if label not in parameters][:1]
        raise ValueError(f"the file has {len(numbers)} parameters, the model {len(parameters)}{''.join(examples)}")


# Files and their text


def _read_bytes(path: Path) -> bytes:
    """Read a regular file; reading a pipe could wait for ever, and a device may have no end."""
    if path.exists() and not path.is_file():
        raise ValueError("not a regular file")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ValueError(f"a model's file must have at most {MAX_FILE_BYTES:,} bytes, got {size:,}")
    return path.read_bytes()


TEXTS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]', re.DOTALL)


def _brackets(text: str) -> int:
    """How many lists and objects a text in JSON has."""
    return sum(part[0] in "[{" for part in TEXTS_AND_BRACKETS.finditer(text))


def _parse(text: bytes) -> dict[str, Any]:
    """Return the file's JSON object; raise ValueError unless it is complete and unchanged since `save`."""
    try:
        decoded = text.decode("utf-8")
        if _brackets(decoded) > MAX_BRACKETS:
            raise ValueError(f"not a pathgrad model: more than {MAX_BRACKETS} lists and objects")
        content = json.loads(decoded, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ValueError("not a pathgrad model: not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not a pathgrad model, or cut off: not valid JSON ({error})") from None
    if not isinstance(content, dict) or content.get("format") not in (FORMAT, TRAINING):
        raise ValueError('not a pathgrad model: "format" is missing or different')
    if content.get("version") != FORMAT_VERSION or isinstance(content["version"], bool | float):
        raise ValueError(f'"version" must be {FORMAT_VERSION}, got {content.get("version")!r:.20}')
    keys = KEYS[content["format"]]
    if content.keys() != set(keys):
        raise ValueError(f"the keys must be {', '.join(keys[:-1])} and {keys[-1]}, got {', '.join(content)}")
    if content.pop("sha256") != _hash(content):
        raise ValueError("the file was changed after it was saved: its sha256 is not that of its content")
    if not isinstance(content["model"], dict | None):
        raise _unknown_kind(content["model"])
    if not isinstance(content["parameters"], dict):
        raise ValueError('"parameters" must be an object of labels and numbers')  # noqa: TRY004 — what is wrong is in the file
    return content


def _hash(content: Mapping[str, Any]) -> str:
    import hashlib  # noqa: PLC0415 — only saving and loading need it

    return hashlib.sha256(_canonical(content).encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("not a pathgrad model: a key or label stands there twice")
    return content


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"not a pathgrad model: {constant} is not valid JSON")
