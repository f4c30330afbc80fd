"""Data sets that come with the package, and what is done to data before training."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.ieee import add_up, integer, real
from autograd.rules import as_tuple
from nn.samples import read, single

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

Row = list[float]


@dataclass(frozen=True)
class DataSet:
    """Samples and their classes: `rows[i]` has one number for each feature, `targets[i]` is its class, from 0.

    Each is read by position, of arrays and of pandas, too, into a list. Raises ValueError for different numbers of rows
    and targets.
    """

    rows: list[Row]
    targets: list[int]
    features: list[str]
    classes: list[str]

    def __post_init__(self) -> None:
        for name in ("rows", "targets", "features", "classes"):
            object.__setattr__(self, name, read(getattr(self, name), name))
        object.__setattr__(self, "targets", [single(target, "targets") for target in self.targets])
        if len(self.rows) != len(self.targets):
            raise ValueError(f"every sample has a target, got {len(self.rows)} rows and {len(self.targets)} targets")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def signs(self) -> list[int]:
        """−1 for class 0 and +1 for class 1, as perceptrons and hinge have them; a ValueError for other classes."""
        if not set(self.targets) <= {0, 1}:
            raise ValueError(f"signs are for 2 classes, got {len(self.classes)}")
        return [2 * target - 1 for target in self.targets]


GATES = {"and": [0, 0, 0, 1], "nand": [1, 1, 1, 0], "or": [0, 1, 1, 1], "nor": [1, 0, 0, 0], "xor": [0, 1, 1, 0]}


def gate(name: str) -> DataSet:
    """The table of a logic gate, "and", "nand", "or", "nor" or "xor": (0, 0), (1, 0), (0, 1), (1, 1), in that order.

    Raises ValueError for another name.

    >>> gate("or").rows, gate("or").targets, gate("or").signs
    ([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0, 1, 1, 1], [-1, 1, 1, 1])
    """
    if not isinstance(name, str) or name not in GATES:
        raise ValueError(f"there is a gate for each of {', '.join(GATES)}, not for {name!r}")
    return DataSet([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], list(GATES[name]), ["x₁", "x₂"], ["false", "true"])


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


def moons(samples: int = 200, *, noise: float = 0.1, seed: int = 0) -> DataSet:
    """Two half circles of radius 1 that reach into one another.

    scikit-learn's recipe (make_moons): class 0 at (cos θ, sin θ), class 1 at (1 − cos θ, ½ − sin θ), θ evenly
    from 0 to π with both ends; half of the samples each, one more for class 1 if they are odd; to each number
    a normal deviate of `noise`; shuffled. The same seed gives the same bits.

    Raises ValueError for fewer than 1 sample, or a noise that is negative, inf or nan.

    >>> [round(x, 3) for x in moons(2, noise=0.0).rows[0]]
    [1.0, 0.0]
    """
    first, second = _halves(samples)
    points = [((math.cos(t), math.sin(t)), 0) for t in _evenly(math.pi, first)]
    points += [((1 - math.cos(t), 0.5 - math.sin(t)), 1) for t in _evenly(math.pi, second)]
    return _shuffled(points, noise, seed, ["upper", "lower"])


def circles(samples: int = 200, *, noise: float = 0.05, factor: float = 0.5, seed: int = 0) -> DataSet:
    """A circle of radius 1, class 0, around one of radius `factor`, class 1.

    scikit-learn's recipe (make_circles): θ evenly from 0 to 2π without the end, otherwise as `moons`.

    Raises ValueError as `moons` does, and for a factor outside [0, 1).
    """
    if not 0 <= real(factor, "a factor") < 1:
        raise ValueError(f"the inner circle's factor is at least 0 and less than 1, got {factor}")
    first, second = _halves(samples)
    points = [((math.cos(t), math.sin(t)), 0) for t in _evenly(2 * math.pi, first + 1)[:-1]]
    points += [((factor * math.cos(t), factor * math.sin(t)), 1) for t in _evenly(2 * math.pi, second + 1)[:-1]]
    return _shuffled(points, noise, seed, ["outer", "inner"])


def spirals(samples: int = 200, *, noise: float = 0.05, turns: float = 1.5, seed: int = 0) -> DataSet:
    """Two arms of a spiral, opposite to one another, each of the given number of turns.

    Class 0 at r·(cos θ, sin θ), class 1 at the opposite point, with θ = 2π·turns·r and r evenly from 0.1 to
    1; noise, order and seed as `moons`.

    Raises ValueError as `moons` does, and for turns that aren't finite.
    """
    if not math.isfinite(real(turns, "turns")):
        raise ValueError(f"a spiral has a finite number of turns, got {turns}")
    points: list[tuple[tuple[float, float], int]] = []
    for target, count in enumerate(_halves(samples)):
        for part in _evenly(0.9, count):
            r = 0.1 + part
            angle = 2 * math.pi * turns * r + math.pi * target
            points.append(((r * math.cos(angle), r * math.sin(angle)), target))
    return _shuffled(points, noise, seed, ["one arm", "the other"])


def digits() -> DataSet:
    """1,797 handwritten digits of 8 × 8 pixels from 0 (paper) to 1 (ink), row by row: needs scikit-learn.

    Source: the test part of E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository (1998), as scikit-learn ships it.

    Raises ImportError, with what to install, where scikit-learn is missing.
    """
    try:
        from sklearn.datasets import load_digits  # noqa: PLC0415 — only this data set needs it
    except ImportError:
        raise ImportError('the digits come with scikit-learn: pip install "pathgrad[digits]"') from None
    loaded = load_digits()
    return DataSet(
        rows=[[float(pixel) / 16 for pixel in row] for row in loaded.data],
        targets=[int(target) for target in loaded.target],
        features=[f"row {i} column {j}" for i in range(1, 9) for j in range(1, 9)],
        classes=[str(digit) for digit in range(10)],
    )


def bit_strings(length: int) -> tuple[list[list[Row]], list[list[int]]]:
    """All strings of so many bits, and the running parity of each.

    A string is a sequence of samples, [-1.0] for a bit that is 0 and [1.0] for one that is 1. The target at
    each place is 1 if the ones up to there are odd in number, otherwise 0. Raises ValueError for a length
    below 0 or above 20, TypeError for one that is no int.

    >>> strings, parities = bit_strings(3)
    >>> strings[6], parities[6]
    ([[1.0], [1.0], [-1.0]], [1, 0, 0])
    """
    length = integer(length, "a bit string's length")
    if not 0 <= length <= 20:
        raise ValueError(f"bit strings have a length from 0 to 20, got {length}")
    strings = list(itertools.product((0, 1), repeat=length))
    parities = [list(itertools.accumulate(bits, operator.xor)) for bits in strings]
    return [[[2.0 * bit - 1.0] for bit in bits] for bits in strings], parities


def split(data: DataSet, test: float, generator: random.Random) -> tuple[DataSet, DataSet]:
    """The data in two parts, for training and for testing, at random but with each class in proportion.

    `test` is the share of each class that goes to the second part, rounded. Raises ValueError unless
    0 < test < 1, TypeError for arguments of another kind.

    >>> import random
    >>> train, held_out = split(iris(), test=0.3, generator=random.Random(0))
    >>> len(train), len(held_out), held_out.targets.count(2)
    (105, 45, 15)
    """
    data = data_set(data, "split")
    if not 0 < real(test, "a share of test data") < 1:
        raise ValueError(f"the share of test data is between 0 and 1, got {test}")
    if not hasattr(generator, "shuffle"):
        raise TypeError(f"a generator is a random.Random, such as random.Random(0), not {type(generator).__name__}")
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
    of different lengths, TypeError for what is no data set.
    """
    train, *rest = [data_set(data, "standardize") for data in (train, *others)]
    if not len(train):
        raise ValueError("there is no training data to take means and deviations from, got 0 rows")
    widths = {len(as_tuple(row, "a row")) for data in (train, *rest) for row in data.rows}
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
        for data in (train, *rest)
    ]


def data_set(data: Any, what: str) -> DataSet:
    """The data set, or one of what has the same attributes; a TypeError for what is none."""
    if isinstance(data, DataSet):
        return data
    if not all(hasattr(data, name) for name in ("rows", "targets", "features", "classes")):
        raise TypeError(f"{what} takes an nn.data.DataSet, not {type(data).__name__}")
    return DataSet(data.rows, data.targets, data.features, data.classes)


def _part(data: DataSet, indices: Sequence[int]) -> DataSet:
    return DataSet([data.rows[i] for i in indices], [data.targets[i] for i in indices], data.features, data.classes)


def _halves(samples: int) -> tuple[int, int]:
    samples = integer(samples, "the number of samples")
    if samples < 1:
        raise ValueError(f"a data set has at least 1 sample, got {samples}")
    return samples // 2, samples - samples // 2


def _evenly(end: float, count: int) -> list[float]:
    """`count` numbers from 0 to the end, both included; a single one is 0."""
    return [end * i / (count - 1) if count > 1 else 0.0 for i in range(count)]


def _shuffled(points: list[tuple[tuple[float, float], int]], noise: float, seed: int, classes: list[str]) -> DataSet:
    import random  # noqa: PLC0415 — see above

    seed = integer(seed, "a seed")
    deviation = real(noise, "noise")
    if not 0 <= deviation < math.inf:
        raise ValueError(f"noise is a standard deviation, finite and not negative, got {noise}")
    generator = random.Random(seed)
    generator.shuffle(points)
    return DataSet(
        rows=[[x + generator.gauss(0.0, deviation) if deviation else x for x in point] for point, _ in points],
        targets=[target for _, target in points],
        features=["x₁", "x₂"],
        classes=classes,
    )
