"""Preparing samples: splitting off a part for testing, and scaling features. The results keep the samples' form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from autograd.ieee import add_up, real
from autograd.rules import as_tuple
from nn.data_set import DataSet, Row, is_like_data_set, require_data_set
from nn.samples import read, read_pairs, read_target
from nn.seeds import choose_generator, read_seed

if TYPE_CHECKING:
    import random

    from nn.seeds import Seed

Samples = TypeVar("Samples")
"""A DataSet; a pair (X, y), as a tuple; or samples alone, as a list, an array or a DataFrame."""


def split(data: Samples, test: float, seed: Seed = None) -> tuple[Samples, Samples]:
    """Split the data at random into a part for training and a part for testing.

    `data` is a DataSet, a pair (X, y) or samples alone, and each part is the same: of arrays and pandas objects the
    parts are such, too; of other sequences they are lists. `test` is the share of the samples that goes to the second
    part, rounded. If y holds classes, whole numbers or text with at least 2 samples of each, every class is split in
    this proportion. `seed` is an int, a random.Random, or None for another split in every run.

    Raises ValueError unless 0 < test < 1, and for X and y of different lengths; TypeError for data of other kinds, and
    for a seed that is not an int, a random.Random or None.

    >>> from nn.data import iris
    >>> train, held_out = split(iris(), test=0.3, seed=0)
    >>> len(train), len(held_out), held_out.y.count(2)
    (105, 45, 15)
    >>> (X, y), (X_test, y_test) = split(([[1.0], [2.0], [3.0], [4.0]], [0.5, 1.5, 2.5, 3.5]), test=0.25, seed=0)
    >>> len(X), X_test, y_test
    (3, [[3.0]], [2.5])
    """
    given: Any = data
    share: Any = test
    if hasattr(share, "__len__") and not isinstance(share, str):  # somebody's split(X, y)
        raise TypeError("split takes samples and targets as a pair, split((X, y), test=0.3)")
    if is_like_data_set(given):
        given = require_data_set(given, "split's data")
        length, targets = len(given), given.y
    elif _is_pair(given):
        X, y = read_pairs(given[0], given[1], "split")
        length, targets = len(X), [read_target(target, "split's y") for target in y]
    else:
        length, targets = len(read(given, "split's data")), []
    share = real(share, "split's test")
    if not 0 < share < 1:
        raise ValueError(f"split's test must be between 0 and 1, got {test}")
    kept, held_out = _chosen(length, targets, share, choose_generator(read_seed(seed, "split's seed")))
    return _part(given, kept), _part(given, held_out)


def standardize(train: Samples, *others: Samples) -> list[Samples]:
    """Scale each feature to (x − mean) / standard deviation, and return the scaled data in the same order and forms.

    Each argument is a DataSet, a pair (X, y), whose y stays as it is, or samples alone. Mean and standard deviation are
    those of `train`, for all of them. A feature that is constant in `train` is only shifted. Of arrays the results are
    arrays of float64, of DataFrames they are DataFrames with the same columns and index, of other sequences lists.

    Raises ValueError for 0 training samples or samples of different lengths, TypeError for an argument that is none of
    these or for samples that are not numbers.

    >>> standardize([[1.0, 5.0], [3.0, 5.0]], [[2.0, 6.0]])
    [[[-1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0]]]
    """
    given = [
        require_data_set(data, "standardize's data") if is_like_data_set(data) else data for data in (train, *others)
    ]
    X, *others_X = [
        [_numbers_of(x, "standardize's X") for x in read(_samples_of(data), "standardize's X")] for data in given
    ]
    if not X:
        raise ValueError("standardize needs at least 1 training sample, got 0")
    widths = {len(x) for samples in (X, *others_X) for x in samples}
    if len(widths) > 1:
        raise ValueError(f"standardize needs samples of one length, got lengths {', '.join(map(str, sorted(widths)))}")
    scales = [_mean_and_deviation(column) for column in zip(*X, strict=True)]

    def scaled(row: Sequence[float]) -> Row:
        return [(x - mean) / deviation for x, (mean, deviation) in zip(row, scales, strict=True)]

    return [_with_samples(data, [*map(scaled, X)]) for X, data in zip((X, *others_X), given, strict=True)]


def _mean_and_deviation(column: Sequence[float]) -> tuple[float, float]:
    """The mean and the standard deviation; of a constant column its value, which a rounded sum would miss, and 1."""
    if min(column) == max(column):
        return column[0], 1.0
    largest = max(map(abs, column))
    exponent = 0 if 1e-100 < largest < 1e150 else math.frexp(largest)[1]  # squares would overflow, or be 0
    scaled = [math.ldexp(x, -exponent) for x in column]
    mean = add_up(scaled) / len(scaled)
    deviation = (add_up((x - mean) ** 2 for x in scaled) / len(scaled)) ** 0.5
    return math.ldexp(mean, exponent), math.ldexp(deviation, exponent) or 1.0


def _is_pair(data: object) -> bool:
    return isinstance(data, tuple) and len(data) == 2 and not is_like_data_set(data)


def _chosen(length: int, targets: Sequence[Any], share: float, generator: random.Random) -> tuple[list[int], list[int]]:
    """The places of the samples for training, and of those held out."""
    groups: dict[Any, list[int]] = {}
    if all(isinstance(target, int | str) or (isinstance(target, float) and target.is_integer()) for target in targets):
        for i, target in enumerate(targets):
            groups.setdefault(target, []).append(i)
    if not groups or min(map(len, groups.values())) < 2:
        groups = {0: list(range(length))}
    kept: list[int] = []
    held_out: list[int] = []
    for target in sorted(groups, key=lambda target: (isinstance(target, str), target)):
        members = groups[target]
        generator.shuffle(members)
        count = round(share * len(members))
        held_out += members[:count]
        kept += members[count:]
    return kept, held_out


def _part(data: Any, places: list[int]) -> Any:
    """The samples at these places, in the form of the whole: a list, an array or a pandas object."""
    if isinstance(data, DataSet):
        return DataSet([data.X[i] for i in places], [data.y[i] for i in places], data.features, data.classes)
    if _is_pair(data):
        return tuple([_part(part, places) for part in data])
    if hasattr(data, "iloc"):
        return data.iloc[places]
    if hasattr(type(data), "__array__"):
        import numpy as np  # noqa: PLC0415 — what has __array__ asks for it

        return data[np.array(places, dtype=int)]
    return [data[i] for i in places]


def _samples_of(data: Any) -> Any:
    return data.X if isinstance(data, DataSet) else data[0] if _is_pair(data) else data


def _with_samples(data: Any, X: list[Row]) -> Any:
    """The same data with other samples."""
    if isinstance(data, DataSet):
        return DataSet(X, data.y, data.features, data.classes)
    if _is_pair(data):
        return _with_samples(data[0], X), data[1]
    if hasattr(data, "iloc"):
        return type(data)(X, index=data.index, columns=data.columns)
    if hasattr(type(data), "__array__"):
        import numpy as np  # noqa: PLC0415 — what has __array__ asks for it

        return np.array(X, dtype=float)
    return X


def _numbers_of(sample: object, what: str) -> tuple[float, ...]:
    return tuple([real(x, what) for x in as_tuple(sample, f"each sample of {what}")])
