"""A page of one HTML file: how it is filled, how a notebook shows it, and how it is saved."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

from autograd.files import replace


@dataclass(frozen=True)
class Page:
    """A page that needs nothing but itself. A notebook shows it; `save` writes it as .html.

    page    the HTML
    height  the height in pixels that it takes in a notebook
    """

    page: str = field(repr=False)  # not in the repr, which a notebook would store beside the page
    height: int
    what: ClassVar[str] = "page"
    allowed: ClassVar[str] = "allow-scripts"
    """What a notebook's frame lets the page do."""

    def html(self) -> str:
        """The whole page as HTML."""
        return self.page

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that ends in .html; return the path.

        Readers of the file see the old page or the new one, never a partial one.

        Raises ValueError for another ending, or if something other than a regular file is there; OSError if the file
        cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".html":
            raise ValueError(f"a {self.what}'s file name must end in .html, got {path.name!r}")
        replace(path, self.page.encode())
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="pathgrad {self.what}" sandbox="{self.allowed}" width="100%" height="{self.height}" '
            f'style="width: 100%; height: {self.height}px; border: 0" srcdoc="{html.escape(self.page)}"></iframe>'
        )


def common_script() -> str:
    """What the scripts of pages have in common: elements, texts, and numbers as the package writes them."""
    return files(__package__).joinpath("page.js").read_text(encoding="utf-8")


def filled(template: str, filling: Mapping[str, str]) -> str:
    """The template with a text in each place [[NAME]]: in one pass, so that no text is taken for a place."""
    return re.sub(rf"\[\[({'|'.join(filling)})\]\]", lambda place: filling[place[1]], template)


def policy(scripts: Iterable[str]) -> str:
    """What a Content-Security-Policy allows to run: these scripts, by their hashes."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def inert(data: Any) -> str:
    """JSON in which no character can end the HTML element around it, or a line of script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda character: f"\\u{ord(character[0]):04x}", text)
