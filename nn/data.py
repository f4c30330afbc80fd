"""Data sets that come with the package, and what is done to data before training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograd.ieee import add_up

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

Row = list[float]


@dataclass(frozen=True)
class DataSet:
    """Samples and their classes: `rows[i]` has one number for each feature, `targets[i]` is its class, from 0."""

    rows: list[Row]
    targets: list[int]
    features: list[str]
    classes: list[str]

    def __len__(self) -> int:
        return len(self.rows)


def iris() -> DataSet:
    """Fisher's 150 iris flowers: four lengths in cm, three species of 50 each.

    Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7
    (1936), 179-188, table I. The numbers are the paper's; the UCI repository's file has slips in two rows.

    >>> flowers = iris()
    >>> len(flowers), flowers.rows[0], flowers.classes[flowers.targets[0]]
    (150, [5.1, 3.5, 1.4, 0.2], 'setosa')
    """
    text = Path(__file__).with_name("datasets").joinpath("iris.csv").read_text(encoding="utf-8")
    header, *records = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    classes = list(dict.fromkeys(record[-1] for record in records))
    return DataSet(
        rows=[[float(number) for number in record[:-1]] for record in records],
        targets=[classes.index(record[-1]) for record in records],
        features=header[:-1],
        classes=classes,
    )


def split(data: DataSet, test: float, generator: random.Random) -> tuple[DataSet, DataSet]:
    """The data in two parts, for training and for testing, at random but with each class in proportion.

    `test` is the share of each class that goes to the second part, rounded. Raises ValueError unless
    0 < test < 1.

    >>> import random
    >>> train, held_out = split(iris(), test=0.3, generator=random.Random(0))
    >>> len(train), len(held_out), held_out.targets.count(2)
    (105, 45, 15)
    """
    if not 0 < test < 1:
        raise ValueError(f"the share of test data is between 0 and 1, got {test}")
    kept: list[int] = []
    held_out: list[int] = []
    for target in sorted(set(data.targets)):
        members = [i for i, other in enumerate(data.targets) if other == target]
        generator.shuffle(members)
        count = round(test * len(members))
        held_out += members[:count]
        kept += members[count:]
    return _part(data, kept), _part(data, held_out)


def standardize(train: DataSet, *others: DataSet) -> list[DataSet]:
    """(x − mean) / standard deviation of each feature, both taken from the training data alone.

    A feature that doesn't vary there is only shifted. Raises ValueError for no training data, or rows
    of different lengths.
    """
    if not len(train):
        raise ValueError("there is no training data to take means and deviations from, got 0 rows")
    widths = {len(row) for data in (train, *others) for row in data.rows}
    if len(widths) > 1:
        raise ValueError(f"rows have as many numbers as there are features, got rows of {sorted(widths)}")
    columns = list(zip(*train.rows, strict=True))
    # Of a column that doesn't vary the mean is exactly its value, which rounding would miss
    means = [column[0] if min(column) == max(column) else add_up(column) / len(column) for column in columns]
    deviations = [
        (add_up((x - mean) ** 2 for x in column) / len(column)) ** 0.5 or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]

    def scaled(row: Sequence[float]) -> Row:
        return [(x - mean) / deviation for x, mean, deviation in zip(row, means, deviations, strict=True)]

    return [
        DataSet([scaled(row) for row in data.rows], data.targets, data.features, data.classes)
        for data in (train, *others)
    ]


def _part(data: DataSet, indices: Sequence[int]) -> DataSet:
    return DataSet([data.rows[i] for i in indices], [data.targets[i] for i in indices], data.features, data.classes)
