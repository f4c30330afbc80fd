"""A data set: samples and targets, with the names of features and classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import display
from autograd.ieee import shown
from autograd.naming import one_line
from autograd.notation import LOWERED
from nn.korean import say
from nn.samples import read, read_target, require_same_length

Row = list[float]

SHOWN_SAMPLES, SHOWN_FEATURES, SHOWN_CLASSES = 5, 8, 10


@dataclass(frozen=True, repr=False)
class DataSet:
    """Samples X and their classes y: `X[i]` holds a number for each feature, and `y[i]` is its class, counted from 0.

    `features` and `classes` hold the names of both. Arrays and pandas objects are read by position into lists. Without
    `features`, the names are a DataFrame's columns, or x₁, x₂, …. Without `classes`, targets that are text become
    numbers, and the names of the classes are these texts, sorted; whole numbers 0, 1, … are classes named by their
    numbers; other targets, such as a regression's, are not classes.

    A data set unpacks into its samples and targets: `X, y = data`, and `nn.fit(model, loss, *data, …)`.

    Raises ValueError if X and y have different lengths, and without `classes` if only some targets are text, for
    example because some are missing.

    >>> data = DataSet([[5.1, 3.5], [6.3, 3.3]], ["setosa", "virginica"])
    >>> data
    DataSet(2 samples, 2 features, 2 classes: setosa, virginica)
     x₁   x₂      class
    5.1  3.5     setosa
    6.3  3.3  virginica
    >>> X, y = data
    >>> y
    [0, 1]
    """

    X: list[Row]
    y: list[int]
    features: list[str] = None  # type: ignore[assignment]  # __post_init__ finds the names
    classes: list[str] = None  # type: ignore[assignment]  # as above

    def __post_init__(self) -> None:
        X, y = read(self.X, "DataSet's X"), read(self.y, "DataSet's y")
        y = [read_target(target, "DataSet's y") for target in y]
        require_same_length(X, y, "DataSet")
        features = _names_of_features(self.X, X) if self.features is None else self.features
        y, classes = _with_classes(y) if self.classes is None else (y, self.classes)
        found = {"X": X, "y": y, "features": read(features, "DataSet's features")}
        for name, value in {**found, "classes": read(classes, "DataSet's classes")}.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.X)

    def __iter__(self) -> Iterator[Any]:
        """X, then y."""
        return iter((self.X, self.y))

    @property
    def signs(self) -> list[int]:
        """`y` as perceptrons and the hinge loss need it: −1 for class 0, +1 for class 1.

        Raises ValueError if y has another class.
        """
        for target in self.y:
            if target not in (0, 1):
                raise ValueError(f"DataSet.signs needs a y of only 0 and 1, got {target!r:.40}")
        return [2 * target - 1 for target in self.y]

    def __repr__(self) -> str:
        head, rows = self._first_rows()
        return "\n".join([self._line(), *(display.aligned([head, *rows]) if rows else ())])

    def _repr_html_(self) -> str:
        head, rows = self._first_rows()
        return display.table(head, rows, caption=self._line(), align="r")

    def _line(self) -> str:
        parts = [say.counted(len(self), "sample"), say.counted(len(self.features), "feature")]
        if self.classes:
            parts.append(say.counted(len(self.classes), "class", "classes"))
            if len(self.classes) <= SHOWN_CLASSES:
                parts[-1] += f": {', '.join(one_line(str(name), 30) for name in self.classes)}"
        return f"DataSet({', '.join(parts)})"

    def _first_rows(self) -> tuple[list[str], list[list[str]]]:
        """The names of the columns, and the first samples as text."""
        samples = list(zip(self.X, self.y, strict=True))[:SHOWN_SAMPLES]
        in_columns = all(isinstance(x, list | tuple) and len(x) == len(self.features) for x, _ in samples)
        head = [str(name) for name in self.features] if in_columns else ["X"]
        rows = [[*map(_cell, x if in_columns else [x])] for x, _ in samples]
        if len(head) > SHOWN_FEATURES:
            head, *rows = [[*row[: SHOWN_FEATURES - 2], "…", row[-1]] for row in (head, *rows)]
        rows = [[*row, self._called(target)] for row, (_, target) in zip(rows, samples, strict=True)]
        head = [one_line(name, 20) for name in (*head, "class" if self.classes else "target")]
        return head, rows + [["…"] * len(head)] * (len(self) > SHOWN_SAMPLES)

    def _called(self, target: Any) -> str:
        is_class = isinstance(target, int) and 0 <= target < len(self.classes)
        return one_line(str(self.classes[target]), 30) if is_class else _cell(target)


def _cell(entry: Any) -> str:
    return shown(entry) if isinstance(entry, int | float) else one_line(str(entry), 30)


def _names_of_features(given: Any, X: Sequence[Any]) -> list[str]:
    columns = getattr(given, "columns", None)  # of a DataFrame
    if columns is not None and hasattr(given, "iloc"):
        return [str(name) for name in columns]
    width = len(X[0]) if X and isinstance(X[0], list | tuple) else 0
    return [f"x{str(i).translate(LOWERED)}" for i in range(1, width + 1)]


def _with_classes(y: list[Any]) -> tuple[list[Any], list[str]]:
    """The targets and the names of their classes, [] if they aren't classes; text becomes places among the names."""
    texts = sum(isinstance(target, str) for target in y)
    if 0 < texts < len(y):
        raise ValueError(f"DataSet's y must be all text or all numbers, got {texts} texts among {len(y)} targets")
    if texts:
        names = sorted({*y})
        places = {name: i for i, name in enumerate(names)}
        return [places[target] for target in y], names
    if not all(type(target) is int for target in y):
        return y, []
    distinct = sorted({*y})
    counts = len(distinct) > 1 and distinct == list(range(len(distinct)))
    return y, [str(k) for k in distinct] if counts else []


def require_data_set(data: Any, what: str) -> DataSet:
    """Return the data set, or a DataSet from an object with the same attributes; raise TypeError for anything else."""
    if isinstance(data, DataSet):
        return data
    if not is_like_data_set(data):
        raise TypeError(f"{what} must be an nn.data.DataSet, got {type(data).__name__}")
    return DataSet(data.X, data.y, data.features, data.classes)


def is_like_data_set(data: Any) -> bool:
    """Whether it is a DataSet or has its attributes."""
    names = ("X", "y", "features", "classes")
    return isinstance(data, DataSet) or (not hasattr(data, "iloc") and all(hasattr(data, name) for name in names))
