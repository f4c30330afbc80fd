"""Whether workers train the same: before the first step they compare what they have, subject by subject.

Each worker computes a digest of 48 bits of each subject, which a float64 holds, and gathers those of the others.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import autograd
from autograd import Value, topological_order
from nn.fixed_graph import spread
from nn.rows import numbers_in, shape_of
from nn.share_steps import WorkersDifferError, gathered

if TYPE_CHECKING:
    from nn.problem import Problem

SUBJECTS = 32
"""How many digests a message has room for, so that versions with more subjects or fewer understand each other."""
SAMPLES = 64
"""The number of samples, spread over the data, whose numbers are compared."""


def agree(problem: Problem, recipe: Mapping[str, object]) -> None:
    """Raise WorkersDifferError, in every worker, unless all have the same version, model, data and recipe.

    recipe  further arguments of `fit` by name, such as batch_size
    """
    shares = problem.shares
    if shares is None or shares.workers is None:
        return
    import numpy as np  # noqa: PLC0415 — only what is compiled needs it

    subjects = [*_subjects(problem, recipe)]
    message = np.zeros(SUBJECTS)
    message[: len(subjects)] = [_digest(content) for _, content in subjects]
    found = gathered(shares, message)
    for i, (subject, content) in enumerate(subjects):
        other = next((rank for rank, digests in enumerate(found) if digests[i] != found[0][i]), None)
        if other is not None:
            here = f", which is {content.decode()} here" if len(content) < 40 and content.isascii() else ""
            raise WorkersDifferError(f"worker {other} must have {subject} of worker 0{here}, got another")


def _digest(content: bytes) -> float:
    return float(int.from_bytes(hashlib.blake2b(content, digest_size=6).digest(), "little"))


def _subjects(problem: Problem, recipe: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    """Yield each subject that workers compare, by name, with the bytes that must be equal."""
    assert problem.shares is not None
    parameters, optimizer = list(problem.optimizer.parameters), problem.optimizer
    yield "the version", autograd.__version__.encode()
    yield "the shares", repr(problem.shares.count).encode()
    for name, argument in recipe.items():
        yield f"the {name}", repr(argument).encode()
    yield "the number of samples", repr(len(problem.X)).encode()
    yield "the parameters, in the order", repr([parameter.label for parameter in parameters]).encode()
    yield "the graph of the loss", _structure(problem.loss_of(0), parameters)
    yield "the numbers of the parameters", array("d", [parameter.data for parameter in parameters]).tobytes()
    yield "the optimizer", repr((type(optimizer).__name__, *_settings(optimizer))).encode()
    places = spread(len(problem.X), SAMPLES)
    samples = [(problem.X[i], problem.y[i]) for i in (*places, len(problem.X) - 1)]
    yield "the shape of the samples", repr([(shape_of(x), shape_of(y)) for x, y in samples]).encode()
    yield "the data", array("d", [number for pair in samples for part in pair for number in numbers_in(part)]).tobytes()


def _settings(optimizer: Any) -> Iterator[object]:
    """An optimizer's hyperparameters and memory; nothing for an optimizer of another package."""
    if hasattr(optimizer, "settings") and hasattr(optimizer, "remembered"):
        yield [(name, getattr(optimizer, name)) for name in optimizer.settings()]
        yield optimizer.remembered()


def _structure(loss: Value, parameters: list[Value]) -> bytes:
    """Operations, their rules and edges; a digest of the graph's structure that is the same in every process."""
    place: dict[Value, int] = {}
    index = {parameter: i for i, parameter in enumerate(parameters)}
    digest = hashlib.blake2b()
    for i, node in enumerate(topological_order(loss)):
        place[node] = i
        if node.operation is None:
            entry: tuple[object, ...] = ("parameter", index[node]) if node in index else ("number",)
        else:
            rule = node.operation
            entry = rule.name, rule.value, rule.partials, [place[parent] for parent in node.parents]
        digest.update(repr(entry).encode())
    return digest.digest()
