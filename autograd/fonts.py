"""Fonts for Korean letters, which most fonts lack: named for browsers, looked for on this machine for matplotlib."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

# Of Linux, macOS and Windows; the first that is installed is taken.
KOREAN = (
    "NanumGothic",
    "Apple SD Gothic Neo",
    "Malgun Gothic",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "AppleGothic",
    "NanumBarunGothic",
    "UnDotum",
)


def is_foreign(text: str) -> bool:
    """Whether a text has letters that fonts with Latin, Greek and Cyrillic letters lack, such as Korean ones."""
    return any(map(_is_foreign, text))


def _is_foreign(c: str) -> bool:
    return "\u1100" <= c <= "\u11ff" or c >= "\u2e80"


def can_paint(text: str) -> bool:
    """Whether matplotlib is there, and a font for a text's foreign letters, which must be Korean ones."""
    hangul = r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"
    is_korean = all(re.match(hangul, c) for c in text if _is_foreign(c))
    return is_korean and find_spec("matplotlib") is not None and bool(installed())


@cache
def installed() -> str:
    """The font with Korean letters that matplotlib is to use; "" if this machine has none. Needs matplotlib."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415 — only a plot or a PNG needs it

    found = {font.name for font in fontManager.ttflist}
    return next((name for name in KOREAN if name in found), "")


def families(given: Sequence[str]) -> list[str]:
    """Font families for matplotlib: the given ones, then one for Korean letters. It warns once if there is none."""
    korean = installed()
    if not korean:
        _warn_once()
    return [*given, *([korean] if korean and korean not in given else [])]


def give_to_plots() -> None:
    """Give matplotlib a font with Korean letters, if matplotlib is loaded or this is a notebook."""
    if "matplotlib" in sys.modules or ("IPython" in sys.modules and find_spec("matplotlib")):
        from matplotlib import rcParams  # noqa: PLC0415 — as above

        if installed():
            rcParams["font.family"] = families(rcParams["font.family"])


@cache
def _warn_once() -> None:
    names = ", ".join(KOREAN[:4])
    warnings.warn(
        f"no font for Korean letters is installed, so plots show boxes instead: install one of {names}, "
        "then delete matplotlib's list of fonts, matplotlib.get_cachedir()",
        stacklevel=4,
    )
