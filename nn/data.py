"""Data sets that come with the package; splitting and scaling of data before training."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.ieee import add_up, integer, real
from autograd.rules import as_tuple
from nn.samples import read, read_target, require_same_length
from nn.seeds import choose_generator, read_seed

if TYPE_CHECKING:
    from nn.seeds import Seed

Row = list[float]


@dataclass(frozen=True)
class DataSet:
    """Samples X and their classes y: `X[i]` holds a number for each feature, and `y[i]` is its class, counted from 0.

    `features` and `classes` hold the names of both. Arrays and pandas objects are read by position into lists.
    Raises ValueError if X and y have different lengths.
    """

    X: list[Row]
    y: list[int]
    features: list[str]
    classes: list[str]

    def __post_init__(self) -> None:
        for name in ("X", "y", "features", "classes"):
            object.__setattr__(self, name, read(getattr(self, name), f"DataSet's {name}"))
        object.__setattr__(self, "y", [read_target(target, "DataSet's y") for target in self.y])
        require_same_length(self.X, self.y, "DataSet")

    def __len__(self) -> int:
        return len(self.X)

    @property
    def signs(self) -> list[int]:
        """`y` as perceptrons and the hinge loss need it: −1 for class 0, +1 for class 1.

        Raises ValueError if y has another class.
        """
        for target in self.y:
            if target not in (0, 1):
                raise ValueError(f"DataSet.signs needs a y of only 0 and 1, got {target!r:.40}")
        return [2 * target - 1 for target in self.y]


OUTPUTS_OF_GATES = {
    "and": [0, 0, 0, 1],
    "nand": [1, 1, 1, 0],
    "or": [0, 1, 1, 1],
    "nor": [1, 0, 0, 0],
    "xor": [0, 1, 1, 0],
}


def gate(name: str) -> DataSet:
    """The truth table of the logic gate "and", "nand", "or", "nor" or "xor".

    The samples are (0, 0), (1, 0), (0, 1) and (1, 1), in this order.

    Raises ValueError for any other name.

    >>> gate("or").X, gate("or").y, gate("or").signs
    ([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0, 1, 1, 1], [-1, 1, 1, 1])
    """
    if not isinstance(name, str) or name not in OUTPUTS_OF_GATES:
        raise ValueError(f"gate's name must be one of {', '.join(OUTPUTS_OF_GATES)}, got {name!r:.40}")
    X = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    return DataSet(X, list(OUTPUTS_OF_GATES[name]), ["x₁", "x₂"], ["false", "true"])


def iris() -> DataSet:
    """Fisher's 150 iris flowers: four lengths in cm, three species of 50 each.

    Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7
    (1936), 179-188, table I. The numbers are the paper's; the UCI repository's file has slips in two rows.

    >>> flowers = iris()
    >>> len(flowers), flowers.X[0], flowers.classes[flowers.y[0]]
    (150, [5.1, 3.5, 1.4, 0.2], 'setosa')
    """
    text = Path(__file__).with_name("datasets").joinpath("iris.csv").read_text(encoding="utf-8")
    header, *records = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    classes = list(dict.fromkeys(record[-1] for record in records))
    return DataSet(
        X=[[float(number) for number in record[:-1]] for record in records],
        y=[classes.index(record[-1]) for record in records],
        features=header[:-1],
        classes=classes,
    )


def moons(samples: int = 200, *, noise: float = 0.1, seed: Seed = 0) -> DataSet:
    """Two half circles of radius 1, each of which reaches into the other.

    scikit-learn's recipe (make_moons): class 0 lies at (cos θ, sin θ), class 1 at (1 − cos θ, ½ − sin θ), with θ
    evenly spaced from 0 to π, both ends included. Each class has half of the samples; if their number is odd,
    class 1 has one more. Each coordinate gets Gaussian noise of standard deviation `noise`, and the samples are
    shuffled. The same seed gives the same bits.

    Raises ValueError for fewer than 1 sample, or a noise that is negative, inf or nan.

    >>> [round(x, 3) for x in moons(2, noise=0.0).X[0]]
    [1.0, 0.0]
    """
    first, second = _halves(samples)
    points = [((math.cos(t), math.sin(t)), 0) for t in _evenly(math.pi, first)]
    points += [((1 - math.cos(t), 0.5 - math.sin(t)), 1) for t in _evenly(math.pi, second)]
    return _shuffled(points, noise, seed, ["upper", "lower"])


def circles(samples: int = 200, *, noise: float = 0.05, factor: float = 0.5, seed: Seed = 0) -> DataSet:
    """A circle of radius 1, class 0, around a circle of radius `factor`, class 1.

    scikit-learn's recipe (make_circles): θ is evenly spaced from 0 to 2π, the end excluded. Number of samples,
    noise, order and seed work as in `moons`.

    Raises ValueError as `moons` does, and for a factor outside [0, 1).
    """
    if not 0 <= real(factor, "circles' factor") < 1:
        raise ValueError(f"circles' factor must be at least 0 and less than 1, got {factor}")
    first, second = _halves(samples)
    points = [((math.cos(t), math.sin(t)), 0) for t in _evenly(2 * math.pi, first + 1)[:-1]]
    points += [((factor * math.cos(t), factor * math.sin(t)), 1) for t in _evenly(2 * math.pi, second + 1)[:-1]]
    return _shuffled(points, noise, seed, ["outer", "inner"])


def spirals(samples: int = 200, *, noise: float = 0.05, turns: float = 1.5, seed: Seed = 0) -> DataSet:
    """Two arms of a spiral, opposite to each other, each with the given number of turns.

    Class 0 lies at r·(cos θ, sin θ), class 1 at the opposite point, with θ = 2π·turns·r and r evenly spaced from
    0.1 to 1. Number of samples, noise, order and seed work as in `moons`.

    Raises ValueError as `moons` does, and for a number of turns that is inf or nan.
    """
    if not math.isfinite(real(turns, "spirals' turns")):
        raise ValueError(f"spirals' turns must be finite, got {turns}")
    points: list[tuple[tuple[float, float], int]] = []
    for target, count in enumerate(_halves(samples)):
        for part in _evenly(0.9, count):
            r = 0.1 + part
            angle = 2 * math.pi * turns * r + math.pi * target
            points.append(((r * math.cos(angle), r * math.sin(angle)), target))
    return _shuffled(points, noise, seed, ["one arm", "the other"])


def digits() -> DataSet:
    """1,797 handwritten digits of 8 × 8 pixels; needs scikit-learn.

    A sample is the 64 pixels, row by row, each from 0 (paper) to 1 (ink).

    Source: the test part of E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository (1998), as scikit-learn ships it.

    Raises ImportError, with the command to install it, if scikit-learn is missing.
    """
    try:
        from sklearn.datasets import load_digits  # noqa: PLC0415 — only this data set needs it
    except ImportError:
        raise ImportError('digits needs scikit-learn: pip install "pathgrad[digits]"') from None
    loaded = load_digits()
    return DataSet(
        X=[[float(pixel) / 16 for pixel in row] for row in loaded.data],
        y=[int(target) for target in loaded.target],
        features=[f"row {i} column {j}" for i in range(1, 9) for j in range(1, 9)],
        classes=[str(digit) for digit in range(10)],
    )


MAX_BITS = 20
"""The longest bit strings: there are 2²⁰ of them, and each bit more doubles their number and their length in memory."""


def bit_strings(length: int) -> tuple[list[list[Row]], list[list[int]]]:
    """All bit strings of this length, and the running parity of each: X, y for a recurrent network.

    A string is a sequence of samples: [-1.0] stands for bit 0, [1.0] for bit 1. Its target has a number for each
    place: 1 if the number of ones up to there is odd, otherwise 0.

    Raises ValueError for a length below 0 or above 20, TypeError for a length that is not an int.

    >>> X, y = bit_strings(3)
    >>> X[6], y[6]
    ([[1.0], [1.0], [-1.0]], [1, 0, 0])
    """
    length = integer(length, "bit_strings' length")
    if not 0 <= length <= MAX_BITS:
        raise ValueError(f"bit_strings' length must be from 0 to {MAX_BITS}, got {length}")
    strings = list(itertools.product((0, 1), repeat=length))
    parities = [list(itertools.accumulate(bits, operator.xor)) for bits in strings]
    return [[[2.0 * bit - 1.0] for bit in bits] for bits in strings], parities


def split(data: DataSet, test: float, seed: Seed = None) -> tuple[DataSet, DataSet]:
    """Split the data at random into a part for training and a part for testing, with each class in proportion.

    `test` is the share of each class that goes to the second part; the number of samples is rounded.

    Raises ValueError unless 0 < test < 1, TypeError if data is not a DataSet, if a target is not a single class, or
    for a seed that is not an int, a random.Random or None.

    >>> train, held_out = split(iris(), test=0.3, seed=0)
    >>> len(train), len(held_out), held_out.y.count(2)
    (105, 45, 15)
    """
    data = require_data_set(data, "split's data")
    if not 0 < real(test, "split's test") < 1:
        raise ValueError(f"split's test must be between 0 and 1, got {test}")
    generator = choose_generator(read_seed(seed, "split's seed"))
    for target in data.y:
        if not isinstance(target, Hashable):
            raise TypeError(f"split needs one class for each sample, got a target {target!r:.40}")
    kept: list[int] = []
    held_out: list[int] = []
    for target in sorted(set(data.y)):
        members = [i for i, other in enumerate(data.y) if other == target]
        generator.shuffle(members)
        count = round(test * len(members))
        held_out += members[:count]
        kept += members[count:]
    return _part(data, kept), _part(data, held_out)


def standardize(train: DataSet, *others: DataSet) -> list[DataSet]:
    """Scale each feature to (x − mean) / standard deviation, and return the scaled data sets in the same order.

    Mean and standard deviation are those of `train`, for all data sets. A feature that is constant in `train` is
    only shifted.

    Raises ValueError for 0 training samples or samples of different lengths, TypeError for an argument that is not
    a DataSet or for samples that are not numbers.
    """
    train, *rest = [require_data_set(data, "each argument of standardize") for data in (train, *others)]
    if not len(train):
        raise ValueError("standardize needs at least 1 training sample, got 0")
    X, *others_X = [[_numbers_of(x, "standardize's X") for x in data.X] for data in (train, *rest)]
    widths = {len(x) for samples in (X, *others_X) for x in samples}
    if len(widths) > 1:
        raise ValueError(f"standardize needs samples of one length, got lengths {', '.join(map(str, sorted(widths)))}")
    columns = list(zip(*X, strict=True))
    # The mean of a constant column is exactly its value, which a rounded sum would miss
    means = [column[0] if min(column) == max(column) else add_up(column) / len(column) for column in columns]
    deviations = [
        (add_up((x - mean) ** 2 for x in column) / len(column)) ** 0.5 or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]

    def scaled(row: Sequence[float]) -> Row:
        return [(x - mean) / deviation for x, mean, deviation in zip(row, means, deviations, strict=True)]

    return [
        DataSet([scaled(x) for x in samples], data.y, data.features, data.classes)
        for samples, data in zip((X, *others_X), (train, *rest), strict=True)
    ]


def _numbers_of(sample: object, what: str) -> tuple[float, ...]:
    return tuple([real(x, what) for x in as_tuple(sample, f"each sample of {what}")])


def require_data_set(data: Any, what: str) -> DataSet:
    """Return the data set, or a DataSet of what has the same attributes; raise TypeError for anything else."""
    if isinstance(data, DataSet):
        return data
    if not all(hasattr(data, name) for name in ("X", "y", "features", "classes")):
        raise TypeError(f"{what} must be an nn.data.DataSet, got {type(data).__name__}")
    return DataSet(data.X, data.y, data.features, data.classes)


def _part(data: DataSet, indices: Sequence[int]) -> DataSet:
    return DataSet([data.X[i] for i in indices], [data.y[i] for i in indices], data.features, data.classes)


def _halves(samples: int) -> tuple[int, int]:
    samples = integer(samples, "samples", least=1)
    return samples // 2, samples - samples // 2


def _evenly(end: float, count: int) -> list[float]:
    """`count` evenly spaced numbers from 0 to the end, both included; a single number is 0."""
    return [end * i / (count - 1) if count > 1 else 0.0 for i in range(count)]


def _shuffled(points: list[tuple[tuple[float, float], int]], noise: float, seed: Seed, classes: list[str]) -> DataSet:
    generator = choose_generator(read_seed(seed))
    deviation = real(noise, "noise")
    if not 0 <= deviation < math.inf:
        raise ValueError(f"noise must be finite and not negative, got {noise}")
    generator.shuffle(points)
    return DataSet(
        X=[[x + generator.gauss(0.0, deviation) if deviation else x for x in point] for point, _ in points],
        y=[target for _, target in points],
        features=["x₁", "x₂"],
        classes=classes,
    )
