"""Whether workers train the same: before the first step they compare what they have, subject by subject.

Each worker computes a digest of 48 bits of each subject, which a float64 holds, and gathers those of the others.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import autograd
from nn.fixed_graph import spread
from nn.share_steps import ShareSteps, WorkersDifferError, gathered

if TYPE_CHECKING:
    from autograd.compiler.graph import Structure

SUBJECTS = 32
"""How many digests a message has room for, so that versions with more subjects or fewer understand each other."""
SAMPLES = 64
"""The number of samples, spread over the data, whose numbers are compared."""


def agree(steps: ShareSteps, recipe: Mapping[str, object]) -> None:
    """Raise WorkersDifferError, in every worker, unless all have the same version, model, data and recipe.

    recipe  further arguments of `fit` by name, such as batch_size
    """
    shares = steps.recorded.problem.shares
    if shares is None or shares.workers is None:
        return
    import numpy as np  # noqa: PLC0415 — only what is compiled needs it

    subjects = [*_subjects(steps, recipe)]
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


def _subjects(steps: ShareSteps, recipe: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    """Yield each subject that workers compare, by name, with the bytes that must be equal."""
    problem, rows, parameters = steps.recorded.problem, steps.recorded.rows, steps.recorded.held
    assert problem.shares is not None
    yield "the version", autograd.__version__.encode()
    yield "the shares", repr(problem.shares.count).encode()
    for name, argument in recipe.items():
        yield f"the {name}", repr(argument).encode()
    yield "the number of samples", repr(len(rows)).encode()
    yield "the parameters, in the order", repr([parameter.label for parameter in parameters]).encode()
    yield "the graph of the loss", b"".join(map(_as_bytes, steps.structures()))
    yield "the numbers of the parameters", array("d", [parameter.data for parameter in parameters]).tobytes()
    yield "the optimizer", repr((type(problem.optimizer).__name__, *_settings(problem.optimizer))).encode()
    places = [*spread(len(rows), SAMPLES), len(rows) - 1]
    yield "the shape of the samples", repr([rows.shapes[rows.kind(i)] for i in places]).encode()
    yield "the data", b"".join(own.tobytes() for *_, own in rows.by_shape(places))


def _as_bytes(structure: Structure) -> bytes:
    """A graph's structure, with the operations as their texts, which are the same in every process."""
    digest, operations = structure
    return digest + repr([(rule.name, rule.value, rule.partials) for rule in operations]).encode()


def _settings(optimizer: Any) -> Iterator[object]:
    """An optimizer's hyperparameters and memory; nothing for an optimizer of another package."""
    if hasattr(optimizer, "settings") and hasattr(optimizer, "remembered"):
        yield [(name, getattr(optimizer, name)) for name in optimizer.settings()]
        yield optimizer.remembered()
