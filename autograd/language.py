"""The language in which results are shown: one setting, and sentences in two languages.

Errors are in English in both: whoever meets one looks it up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograd import fonts

LANGUAGES = ("en", "ko")
# One for the whole process. A context variable would reach neither other threads nor a notebook's next cell.
_chosen = "en"


class Language(str):
    """A language's name, "en" or "ko". In a `with` statement, the language before it is chosen again at its end."""

    __slots__ = ("before",)
    before: str

    def __enter__(self) -> Language:
        return self

    def __exit__(self, *_: object) -> None:
        language(self.before)


def language(name: str | None = None) -> Language:
    """Choose the language of what is printed, drawn and plotted from now on: "en" or "ko"; return the one that holds.

    It holds in the whole process, for `print` and notebooks, pictures and their legends, plots, step-through pages and
    exercises; in a notebook, plots of your own have Korean letters, too. Without a name nothing changes. Errors, and
    whatever is code, stay as they are.

    Raises ValueError for another language.

    >>> from autograd import Value, paths
    >>> with language("ko"):
    ...     print(paths(Value(1.0), Value(2.0)))
    경로 없음
    >>> language()
    'en'
    """
    global _chosen  # noqa: PLW0603 — the setting
    before = _chosen
    if name is not None:
        if name not in LANGUAGES:
            raise ValueError(f'language must be "en" or "ko", got {name!r:.40}')
        _chosen = str(name)
        if name == "ko":
            fonts.give_to_plots()
    found = Language(_chosen)
    found.before = before
    return found


class Words:
    """Sentences in English, each with its Korean. A call with the English one gives it in the language chosen.

    korean  the Korean of each; a place such as {name} is filled in both with the same text
    """

    def __init__(self, korean: Mapping[str, str]) -> None:
        self.korean = korean

    def __call__(self, english: str, /, **parts: object) -> str:
        text = self.korean.get(english, english) if _chosen == "ko" else english
        return text.format(**parts) if parts else text

    def with_numbers(self, text: str) -> str:
        """A sentence that was stored in English, in the language chosen: the key has {0}, {1}, … as its numbers."""
        numbers = re.findall(r"\d+", text)
        places = map("{{{}}}".format, range(len(numbers)))
        key = re.sub(r"\d+", lambda _: next(places), text)
        return self(key).format(*numbers) if key in self.korean else text

    def counted(self, number: int, noun: str, plural: str = "") -> str:
        """A number with its noun, "1 node" or "2 nodes"; the Korean stands under "{number} nodes"."""
        plural = plural or f"{noun}s"
        if _chosen == "ko" and (korean := self.korean.get(f"{{number}} {plural}")):
            return korean.format(number=f"{number:,}")
        return f"{number:,} {noun if number == 1 else plural}"
