"""Data sets that come with the package, and those in CSV files; `split` and `standardize` prepare them."""

from __future__ import annotations

import itertools
import math
import operator
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograd.ieee import integer, real
from nn.data_set import DataSet, Row
from nn.preparation import split, standardize
from nn.seeds import choose_generator, read_seed
from nn.tables import read_table

if TYPE_CHECKING:
    from nn.seeds import Seed

__all__ = [
    "MAX_BITS",
    "OUTPUTS_OF_GATES",
    "DataSet",
    "bit_strings",
    "circles",
    "csv",
    "digits",
    "gate",
    "iris",
    "moons",
    "spirals",
    "split",
    "standardize",
]


def csv(
    path: str | os.PathLike[str],
    target: str | int = -1,
    *,
    features: Sequence[str | int] | None = None,
    header: bool | None = None,
    classes: bool | None = None,
    encoding: str = "utf-8",
) -> DataSet:
    r"""Read a plain CSV file: a sample on each line, its features as finite numbers and its target.

    target    the column of the targets, by its name or its index, which may count from the end; by default the last
    features  the columns of the features, in the same way and in this order; by default all others
    header    whether the first line holds the columns' names; by default it does if none of its fields is a number
    classes   whether targets are names of classes, each of which becomes its place among the sorted names. By default
              text is a class's name; whole numbers that cover 0, 1, … without a gap are classes, named by their
              numbers; other targets are numbers, and `DataSet.classes` is empty

    Fields are separated by the comma, semicolon or tab that is most frequent in the first line; a field in "quotes" may
    hold any of them. Blank lines are skipped, and so is the mark with which some programs begin UTF-8.

    Raises ValueError, with the line and the column, for a missing entry (an empty field, NA, nan, null, None or ?) and
    for a feature that is not a finite number; with the line, if it has too few or too many fields or is not CSV; for a
    file without samples or with only 1 column; for a column that doesn't exist or whose name occurs twice; and for a
    feature without a name in the header, unless `features` chooses it.
    Raises TypeError for a column that is neither a name nor an int, and OSError for a file that cannot be read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "flowers.csv")
    ...     _ = path.write_text("length,width,species\n5.1,3.5,setosa\n6.3,3.3,virginica\n")
    ...     csv(path, target="species")
    DataSet(2 samples, 2 features, 2 classes: setosa, virginica)
    length  width      class
       5.1    3.5     setosa
       6.3    3.3  virginica
    """
    table = read_table(path, target, features=features, header=header, classes=classes, encoding=encoding)
    return DataSet(table.X, table.y, table.features, table.classes)  # type: ignore[arg-type]  # y of a regression


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
