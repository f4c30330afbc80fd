"""How results are shown: as aligned columns of text at a prompt, as tables in HTML in a notebook.

A table's entries are plain text: a label that looks like HTML or LaTeX is shown as it was typed. The tables set no
colours, so that they have those of the page, light or dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from autograd.naming import one_line

NO_LATEX = "tex2jax_ignore mathjax_ignore"
"""Classes for which a notebook leaves $…$ in text as it is."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "parameter"), counted(1234, "parameter"), counted(2, "class", "classes")
    ('1 parameter', '1,234 parameters', '2 classes')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text as lines, with columns aligned.

    >>> aligned([["x", "y"], ["0.25", "-1"]])
    ['   x   y', '0.25  -1']
    """
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(to_the_right, row, widths)) for row in rows]


def columns(text: str) -> int:
    """The width of a text in columns of a terminal: a Hangul letter takes two columns, a combining sign none.

    >>> columns("loss"), columns("손실"), columns("v̂")
    (4, 4, 1)
    """
    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)


def to_the_left(text: str, width: int) -> str:
    """The text, filled up with spaces to a width in columns."""
    return text + " " * (width - columns(text))


def to_the_right(text: str, width: int) -> str:
    """The text behind spaces that fill it up to a width in columns."""
    return " " * (width - columns(text)) + text


def escaped(text: str) -> str:
    """A text escaped for HTML: no tags, no character references, and a sign for each unprintable character."""
    import html  # noqa: PLC0415 — only a notebook needs it

    return html.escape(one_line(text, 200))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", align: str = "l") -> str:
    """A table in HTML, from texts; `align` has an l or r for each column, or one for all of them."""
    parts = [sentence(caption)] if caption else []
    parts.append(f'<table class="{NO_LATEX}">')
    if head:
        parts.append(f"<thead>{_row('th', head, align)}</thead>")
    return "\n".join([*parts, "<tbody>", *(_row("td", row, align) for row in rows), "</tbody>", "</table>"])


def _row(tag: str, texts: Sequence[str], align: str) -> str:
    sides = [SIDES[letter] for letter in (align if len(align) > 1 else align * len(texts))]
    cells = []
    for side, text in zip(sides, texts, strict=True):
        wraps = "normal" if len(text) > MAX_UNBROKEN else "nowrap"
        cells.append(f'<{tag} style="text-align: {side}; white-space: {wraps}">{escaped(text)}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


MAX_UNBROKEN = 40  # characters of a cell that stay on one line
SIDES = {"l": "left", "r": "right"}


def sentence(text: str) -> str:
    """A line of text in HTML."""
    return f'<p class="{NO_LATEX}" style="margin: 0">{escaped(text)}</p>'


def preformatted(text: str) -> str:
    """Lines of text in HTML, with their spaces and line breaks."""
    lines = "\n".join(escaped(line) for line in text.splitlines())
    return f'<pre class="{NO_LATEX}">{lines}</pre>'
