"""Tables of numbers in plain CSV files: columns' names, samples and targets; errors name the line and the column."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from autograd.ieee import integer, kind
from autograd.naming import one_line
from autograd.rules import as_tuple

DELIMITERS = ",;\t"
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "<na>", "null", "none", "?"})
"""The texts that mean a missing entry, in small letters."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)

Record = tuple[int, list[str]]
"""The number of the line on which a record begins, and its fields."""


@dataclass(frozen=True)
class Table:
    """The content of a file: a row of floats for each sample, its target, and the names of features and classes.

    With classes, a target is the place of its class among their names; without, it is a number.
    """

    X: list[list[float]]
    y: list[int] | list[float]
    features: list[str]
    classes: list[str]


def read_table(
    path: str | os.PathLike[str],
    target: str | int,
    *,
    features: Sequence[str | int] | None,
    header: bool | None,
    classes: bool | None,
    encoding: str,
) -> Table:
    """Read a CSV file, as `nn.data.csv` says."""
    with Path(path).open(encoding=encoding, newline="") as file:
        columns = _Columns(os.fspath(path), list(_records(file, path)), header)
    y = columns.place(target, "target")
    others = [i for i in range(columns.width) if i != y]
    if features is None:
        columns.require_names(others)
    chosen = (
        others
        if features is None
        else [columns.place(feature, "features") for feature in as_tuple(features, "csv's features")]
    )
    if not chosen or y in chosen or len({*chosen}) < len(chosen):
        raise ValueError("csv's features must name at least 1 column, each once, and not the target")
    X = [[columns.number(record, i) for i in chosen] for record in columns.records]
    targets, names = columns.targets(y, classes)
    return Table(X, targets, [columns.names[i] for i in chosen], names)


def _records(file: TextIO, path: object) -> Iterator[Record]:
    """The records that are not blank, with the lines on which they begin; the first line tells the delimiter."""
    line = 1
    try:
        first = file.readline()
        while first and not first.strip("\ufeff \r\n"):
            line, first = line + 1, file.readline()
        first = first.removeprefix("\ufeff")  # the mark with which some programs begin UTF-8
        delimiter = max(DELIMITERS, key=re.sub(r'"[^"]*"?', "", first).count)  # a comma, where there is none
        reader = csv.reader(chain([first], file), delimiter=delimiter, skipinitialspace=True, strict=True)
        before = line - 1
        for fields in reader:
            if len(fields) > 1 or "".join(fields).strip():
                yield line, [field.strip() for field in fields]
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"{path}, line {line}: this is not CSV: {error}") from None
    except UnicodeError:
        place = f"after line {line - 1} of {path}" if line > 1 else path
        raise ValueError(
            f"{place}: expected text in {file.encoding}, got other bytes; encoding=… says which text it is"
        ) from None


class _Columns:
    """The records of a file, and what its columns are called.

    header  whether the first record holds their names; None: it does if it holds no number
    """

    def __init__(self, path: str, records: list[Record], header: bool | None) -> None:
        if not records:
            raise ValueError(f"{path} must have at least 1 sample, got an empty file")
        (begin, first), *others = records
        self.path, self.width = path, len(first)
        if self.width < 2:
            raise ValueError(f"{path} must have at least 2 columns, with , ; or tabs between them, got 1")
        for line, fields in others:
            if len(fields) != self.width:
                raise ValueError(
                    f"{path}, line {line}: expected {self.width} fields as in line {begin}, got {len(fields)}"
                )
        if header is None:
            header = not any(_NUMBER.fullmatch(field) or _DECIMAL_COMMA.fullmatch(field) for field in first)
        self.header = first if header else None
        self.records = others if header else records
        if not self.records:
            raise ValueError(f"{path} must have at least 1 sample, got a header alone")
        self.names = [name or f"column {i}" for i, name in enumerate(self.header or [""] * self.width, start=1)]

    def place(self, column: str | int, what: str) -> int:
        """The index of a column, given by its name or by an index, which may count from the end."""
        if not isinstance(column, str):
            try:
                place = integer(column, what)
            except TypeError:
                raise TypeError(
                    f"csv's {what} must be the name of a column or its place, an int, got {kind(column)}"
                ) from None
            if not -self.width <= place < self.width:
                raise ValueError(f"csv's {what} must be from {-self.width} to {self.width - 1}, got {place}")
            return place % self.width
        if self.header is None:
            raise ValueError(f"{self.path} has no header: csv's {what} must be an index such as -1, got {column!r:.40}")
        if self.header.count(column) != 1:
            known = ", ".join(repr(one_line(name, 30)) for name in self.header[:20]) + ", …" * (self.width > 20)
            count = self.header.count(column)
            raise ValueError(f"{self.path} must have one column {column!r:.40}, got {count} among {known}")
        return self.header.index(column)

    def require_names(self, places: Sequence[int]) -> None:
        """Raise ValueError if the header leaves out the name of one of these columns: it may number the lines."""
        unnamed = [i + 1 for i in places if self.header is not None and not self.header[i]]
        if unnamed:
            raise ValueError(
                f"{self.path}, column {unnamed[0]} has no name, and may be an index that pandas wrote: choose the "
                "columns with features=…, or write the file with to_csv(index=False)"
            )

    def number(self, record: Record, i: int) -> float:
        """Return column i as a number; raise ValueError unless it is finite."""
        text = record[1][i]
        if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
            return number
        self._require_entry(record, i)
        comma = ", with a decimal comma" if _DECIMAL_COMMA.fullmatch(text) else ""
        raise ValueError(f"{self._at(record, i)}: expected a finite number, got {one_line(text, 40)!r}{comma}")

    def targets(self, i: int, classes: bool | None) -> tuple[list[int] | list[float], list[str]]:
        """The targets in column i, and the names of their classes; no names if they are not classes."""
        for record in self.records:
            self._require_entry(record, i)
        texts = [fields[i] for _, fields in self.records]
        whole = [int(text) for text in texts if _WHOLE.fullmatch(text)]
        if len(whole) == len(texts):
            distinct = sorted({*whole})
            counted = len(distinct) > 1 and distinct == list(range(len(distinct)))
            if not (counted if classes is None else classes):
                return whole, []
            return [*map({x: k for k, x in enumerate(distinct)}.__getitem__, whole)], [*map(str, distinct)]
        if classes is None:
            classes = not self._are_numbers(i)
        if not classes:
            return [self.number(record, i) for record in self.records], []
        names = sorted({*texts})
        return [*map({name: k for k, name in enumerate(names)}.__getitem__, texts)], names

    def _are_numbers(self, i: int) -> bool:
        """Whether column i holds numbers; raises ValueError if only some of its entries are numbers."""
        number = [bool(_NUMBER.fullmatch(fields[i])) for _, fields in self.records]
        if any(number) and not all(number):
            record = self.records[number.index(not number[0])]
            texts = [one_line(fields[i], 40) for _, fields in (self.records[0], record)]
            is_header = self.header is None and all(number[1:])
            advice = "header=True takes line 1 as a header" if is_header else "classes=True takes each as a name"
            raise ValueError(
                f"{self._at(record, i)}: targets must be all numbers or all names of classes, got {texts[0]!r} and "
                f"{texts[1]!r}; {advice}"
            )
        return number[0]

    def _require_entry(self, record: Record, i: int) -> None:
        text = record[1][i]
        if text.lower() in MISSING:
            raise ValueError(
                f"{self._at(record, i)}: the entry is missing, got {text!r}; fill it, or leave the line out"
            )

    def _at(self, record: Record, i: int) -> str:
        name = f" ({one_line(self.names[i], 40)})" if self.header is not None else ""
        return f"{self.path}, line {record[0]}, column {i + 1}{name}"
