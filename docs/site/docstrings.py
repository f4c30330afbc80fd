"""Docstrings as MyST Markdown: columns become definition lists, indented lines stay as they stand.

A docstring here is prose with code in single backquotes, doctests, and indented or aligned lines. Two aligned columns
are names with what they mean; lines with more columns, or with formulas, are shown as they were typed.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

MARKUP = re.compile(r"[\\*_<>\[\]|$~#{}]")
FIRST_COLUMN = re.compile(r"(\S+(?: \S+)*)( {2,})\S")
LEADS = re.compile(r"(?:(?<=\. )|(?<=: )|^)(?=(?:Raises|Sources?:)\s)", re.MULTILINE)

Describe = Callable[[str], str]


def as_markdown(text: str, describe: Describe = lambda _: "") -> str:
    """A docstring as Markdown. `describe` gives what a name in the first column is, such as its type and default."""
    return "\n\n".join(block for paragraph in _paragraphs(text) for block in _blocks(paragraph, describe))


def prose(text: str) -> str:
    """Text as Markdown that shows it as it is, code in backquotes included."""
    pieces = re.split(r"(`+[^`]+`+)", text)
    escaped = (piece if i % 2 else MARKUP.sub(r"\\\g<0>", piece) for i, piece in enumerate(pieces))
    return re.sub(r"^(\d*)(?=[.)](?:\s|$)|[-+=])", r"\1\\", "".join(escaped))


def columns(lines: list[str]) -> list[tuple[str, str]] | None:
    """Names with what they mean, if the lines are two aligned columns; otherwise None.

    >>> columns(["a    the first", "     in two lines", "b    the second"])
    [('a', 'the first in two lines'), ('b', 'the second')]
    >>> columns(["a    1    2"])
    """
    first = FIRST_COLUMN.match(lines[0])
    if first is None:
        return None
    start = first.end() - 1
    rows: list[tuple[str, str]] = []
    for line in lines:
        name, description = line[:start].rstrip(), line[start:]
        if "  " in description or (line[start - 1 : start].strip()) or not description.strip():
            return None
        if name:
            rows.append((name, description))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {description}")
    return rows


def _paragraphs(text: str) -> Iterator[list[str]]:
    for filled, lines in groupby(text.splitlines(), key=lambda line: bool(line.strip())):
        if filled:
            yield list(lines)


def _blocks(lines: list[str], describe: Describe) -> Iterator[str]:
    if lines[0].lstrip().startswith(">>>"):
        yield _fenced("pycon", lines)
        return
    if rows := columns(lines):
        yield _definitions(rows, describe)
        return
    for indented, part in groupby(lines, key=lambda line: line.startswith("  ")):
        piece = list(part)
        if not indented:
            yield from filter(None, map(_sentence, LEADS.split("\n".join(piece))))
        elif rows := columns(_dedented(piece)):
            yield _definitions(rows, describe)
        else:
            yield _fenced("text", _dedented(piece))


def _sentence(text: str) -> str:
    lead = re.match(r"(Raises|Sources?:)\s", text)
    if lead is None:
        return "\n".join(prose(line) for line in text.strip().splitlines())
    body = "\n".join(prose(line) for line in text[lead.end() :].strip().splitlines())
    return f"**{lead[1].rstrip(':')}:** {body}"


def _definitions(rows: list[tuple[str, str]], describe: Describe) -> str:
    entries = []
    for name, description in rows:
        more = describe(name)
        entries.append(f"`{name}`{' ' + more if more else ''}\n: {prose(description)}")
    return "\n\n".join(entries)


def _dedented(lines: list[str]) -> list[str]:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[margin:] for line in lines]


def _fenced(language: str, lines: list[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"])
