"""Matrices in tables of numbers: the places of weights, with fixed distances between rows and between columns.

Weights that already form a matrix among the parameters are read from there; others are gathered into a table first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.value import Value

MIN_LAYER_PRODUCTS = 24  # of a layer: straight code computes fewer products as fast
MIN_ROWS_PER_RUN = 4  # on average: gathering all rows of a layer's weights is faster than loops over fewer


class Matrix(NamedTuple):
    """A matrix in a table of numbers: row i, column j stands at first + i·row_stride + j·column_stride."""

    first: int
    row_stride: int
    column_stride: int
    table: str = "numbers"


class NumberTables:
    """The numbers that are the same for all rows of data, in three tables.

    numbers    the parameters, in the user's order
    constants  the layers' constant weights
    gathered   copies of parameters and constants, in the order in which layers read them
    """

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.index = {parameter: i for i, parameter in enumerate(parameters)}
        self.constants: list[float] = []
        self.gathered: list[int] = []
        """For each entry the place of its source, where places count the parameters and then the constants."""
        self._constant_place: dict[Value, int] = {}
        self._gathered_place: dict[Value, int] = {}

    def __contains__(self, node: Value) -> bool:
        return node in self.index

    def matrices(self, rows: Sequence[Sequence[Value]]) -> list[tuple[int, Matrix]]:
        """Matrices that hold these rows of weights, one below another: (number of rows, matrix) of each."""
        places = _places(rows, self.index)
        if places is not None:
            runs = list(matrix_runs(places))
            if are_worthwhile(runs, len(rows), len(rows[0])):
                return [(last - first, matrix) for first, last, matrix in runs]
        return [(len(rows), self.matrix(rows))]

    def matrix(self, rows: Sequence[Sequence[Value]]) -> Matrix:
        """The matrix of these rows of weights: in their present places or, gathered, at the end of a table."""
        known = (("numbers", self.index), ("constants", self._constant_place), ("gathered", self._gathered_place))
        for table, index in known:
            places = _places(rows, index)
            matrix = as_matrix(places) if places is not None else None
            if matrix is not None:
                return matrix._replace(table=table)
        weights = [weight for row in rows for weight in row]
        if any(weight in self for weight in weights):
            table, first = "gathered", len(self.gathered)
            for weight in weights:
                self._gathered_place.setdefault(weight, len(self.gathered))
                self.gathered.append(self._source(weight))
        else:
            table, first = "constants", len(self.constants)
            for weight in weights:
                self._add_constant(weight)
        return Matrix(first, len(rows[0]), 1, table)

    def repeated(self, number: float) -> Matrix:
        """A matrix of one column that has this number in every row."""
        self.constants.append(number)
        return Matrix(len(self.constants) - 1, 0, 0, "constants")

    def _source(self, weight: Value) -> int:
        place = self.index.get(weight)
        return len(self.index) + self._add_constant(weight) if place is None else place

    def _add_constant(self, constant: Value) -> int:
        self._constant_place.setdefault(constant, len(self.constants))
        self.constants.append(constant.data)
        return len(self.constants) - 1


def _places(rows: Sequence[Sequence[Value]], index: dict[Value, int]) -> list[list[int]] | None:
    """The place of each weight, row by row; None if a weight has none."""
    places = []
    for row in rows:
        places.append([index.get(weight, -1) for weight in row])
        if -1 in places[-1]:
            return None
    return places


def as_matrix(places: Sequence[Sequence[int]]) -> Matrix | None:
    """The matrix that these rows of places form; None if their distances differ."""
    runs = list(itertools.islice(matrix_runs(places), 2))
    return runs[0][2] if len(runs) == 1 and runs[0][1] - runs[0][0] == len(places) else None


def matrix_runs(places: Sequence[Sequence[int]]) -> Iterable[tuple[int, int, Matrix]]:
    """Runs of rows [first, last), each of which forms a matrix. Rows whose own distances differ are left out."""
    strides = [_stride(row) for row in places]
    first = 0
    while first < len(places):
        last = first + 1
        stride = strides[first]
        if stride is not None:
            step = places[last][0] - places[first][0] if last < len(places) else 0
            while last < len(places) and strides[last] == stride and places[last][0] - places[last - 1][0] == step:
                last += 1
            yield first, last, Matrix(places[first][0], step if last > first + 1 else 0, stride)
        first = last


def _stride(row: Sequence[int]) -> int | None:
    """The distance from each place to the next; None if distances differ."""
    stride = row[1] - row[0] if len(row) > 1 else 0
    return stride if all(b - a == stride for a, b in itertools.pairwise(row)) else None


def are_worthwhile(runs: Sequence[tuple[int, int, Matrix]], rows: int, columns: int) -> bool:
    """Whether the runs cover all rows, and loops over them are neither too many nor too small."""
    covered = sum(last - first for first, last, _ in runs)
    large = all((last - first) * columns >= MIN_LAYER_PRODUCTS for first, last, _ in runs)
    return covered == rows and large and (len(runs) == 1 or rows >= MIN_ROWS_PER_RUN * len(runs))
