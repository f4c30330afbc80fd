"""Parameters in files of NumPy's: arrays by name, each with the labels of its numbers."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograd.export.exported import Exported, import_numpy
from autograd.files import replace

LABELS = ".labels"  # behind an array's name, the name of the array of its labels


def save(exported: Exported, path: str | bytes | os.PathLike[str], parameters: Mapping[str, Any] | None = None) -> Path:
    """Write parameters to an npz file, and return its path.

    exported    what `numpy` or `jax` returned, or `module.exported` of a module that `torch` returned
    parameters  arrays of any library by name; by default the graph's numbers as they are now

    `numpy.load(path)` reads the file anywhere: each array has its name, and its labels stand beside it, as W1.labels
    beside W1. An existing file is replaced as a whole.

    Raises TypeError for anything but an export, ValueError for arrays of other names or shapes, and OSError if the file
    can't be written.
    """
    numpy = import_numpy()
    numbers = _exported(exported, "save").numbers() if parameters is None else exported.checked(parameters)
    labels = exported.labels
    named = {f"{name}{LABELS}": numpy.array(labels[name], dtype=str).reshape(numbers[name].shape) for name in numbers}
    file = io.BytesIO()
    numpy.savez_compressed(file, **numbers, **named)
    replace(path, file.getvalue())
    return Path(os.fsdecode(path))


def load(exported: Exported, path: str | bytes | os.PathLike[str]) -> dict[str, Any]:
    """Read the parameters of an export from an npz file: NumPy's arrays by name.

    The file may come from `save`, or from NumPy's `savez` with arrays of the same names. `exported.to_graph(…)` gives
    the numbers to the graph; JAX and PyTorch take them as they are.

    Raises TypeError for anything but an export; ValueError for a file that isn't one of NumPy's, and for arrays of
    other names, shapes or labels; OSError if the file can't be read.
    """
    numpy = import_numpy()
    known = _exported(exported, "load").labels
    where = os.fsdecode(path)
    try:
        found = numpy.load(where, allow_pickle=False)
        if not hasattr(found, "files"):
            raise ValueError("it has a single array, as numpy.save writes it")
        with found as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise ValueError(f"cannot load {where!r}: not a file of numpy.savez ({error})") from None
    labels = {name.removesuffix(LABELS): arrays.pop(name) for name in [*arrays] if name.endswith(LABELS)}
    numbers = exported.checked(arrays)
    for name, found in labels.items():
        if name in known and found.ravel().tolist() != known[name]:
            pairs = zip(found.ravel().tolist(), known[name], strict=False)
            theirs, ours = next(((a, b) for a, b in pairs if a != b), ("", ""))
            raise ValueError(
                f"cannot load {where!r}: {name} is of another model: it has {theirs!r} instead of {ours!r}"
            )
    return numbers


def _exported(exported: Exported, what: str) -> Exported:
    if not isinstance(exported, Exported):
        raise TypeError(f"{what} needs what autograd.export made, got {type(exported).__name__}")
    return exported
