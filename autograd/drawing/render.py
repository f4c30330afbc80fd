"""From DOT to SVG and PNG, by a renderer: a program, a package, or a function.

The program is Graphviz as one static file, from `graphviz-pure`. If it is missing, the package `graphviz` runs the
system's. Where no program can run, as in a browser, `use` takes a function. Only this file knows about Graphviz.
"""

from __future__ import annotations

import html
import importlib.metadata
import re
import subprocess
from collections.abc import Callable
from functools import cache

from autograd.fonts import KOREAN, is_foreign

TIMEOUT_SECONDS = 20  # a graph that draw accepts takes less than two seconds, and less than ten at the limits


def render(dot: str, alt: str) -> str:
    """The SVG of a picture in DOT, as an element that scales to the width of its page, with the alternative text alt.

    Raises ImportError if the drawing packages are missing, and RuntimeError if the renderer fails.
    """
    svg = _rendered(dot, "svg").decode()
    svg = re.sub(CELL, _centred, svg[svg.index("<svg") :])
    svg = re.sub(TEXT, _fitted, svg)
    title = html.escape(alt)
    start, head, rest = svg.partition(">\n")
    start = start.replace("<svg ", f'<svg role="img" aria-label="{title}" style="max-width: 100%; height: auto" ', 1)
    return f"{start}{head}<title>{title}</title>\n{rest}".replace('"Helvetica,sans-Serif"', f'"{fonts_for(svg)}"')


FONTS = "Helvetica,Arial,Liberation Sans,Nimbus Sans,sans-serif"
"""Helvetica, then fonts with the same widths, then any other."""


def fonts_for(text: str) -> str:
    """FONTS, with fonts for Korean letters before the last where the text has any.

    DejaVu Sans stands before them for Latin letters: Chromium takes a font for Korean ones before any sans-serif.
    """
    return FONTS.replace("sans-serif", ",".join(["DejaVu Sans", *KOREAN, "sans-serif"])) if is_foreign(text) else FONTS


WIDTHS = {
    **dict.fromkeys("ijl", 222),
    **dict.fromkeys(" !,./:;I[\\]ft·", 278),
    **dict.fromkeys("()-`r₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻", 333),
    **dict.fromkeys("Jckszvxy", 500),
    **dict.fromkeys("#$0123456789?L_abdeghnopqu∂–", 556),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("&ABEKPSVXY", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("Mm", 833),
    **dict.fromkeys("+<=>~−×÷", 584),
    **dict.fromkeys('"', 355),
    **dict.fromkeys("'", 191),
    **dict.fromkeys("|", 260),
    **dict.fromkeys("{}", 334),
    **dict.fromkeys("*", 389),
    **dict.fromkeys("^", 469),
    **dict.fromkeys("%", 889),
    **dict.fromkeys("W", 944),
    **dict.fromkeys("…", 1000),
    **dict.fromkeys("@", 1015),
}
"""The width of each character of Helvetica, in thousandths of the font's size, from Adobe's metrics (1997)."""

HANGUL_WIDTH = 790  # thousandths; 1.2 times as much is what the widest of the usual Korean fonts has
BOLD_FACTOR = 1.08  # how many times wider bold type is
MAX_FONT_FACTOR = 1.2  # how many times wider than Helvetica a font is that replaces it, at most


def width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """The width of a text in Helvetica, in points; for characters that the font lacks, a generous estimate."""
    thousandths = sum(map(_thousandths, text.replace("\u00a0", " ")))
    return thousandths * size / 1000 * (BOLD_FACTOR if bold else 1)


def _thousandths(character: str) -> int:
    return WIDTHS.get(character, HANGUL_WIDTH if "\uac00" <= character <= "\ud7a3" else 1000)


TEXT = r"<text ([^>]*)>([^<]*)</text>"
CELL = r'(<polygon fill="none"[^>]* points="([^"]*)"/>\n)((?:<text [^>]*>[^<]*</text>\n)+)'


def _length(attributes: str, content: str) -> float:
    size = re.search(r'font-size="([\d.]+)"', attributes)
    return width(html.unescape(content), float(size[1]) if size else 12, bold="font-weight" in attributes)


def _fitted(text: re.Match[str]) -> str:
    """The text with its width in Helvetica, for which the picture is laid out, as an attribute for any other font."""
    attributes, content = text.groups()
    if not WIDTHS.keys() >= set(html.unescape(content)):
        return text[0]
    length = f'textLength="{_length(attributes, content):.2f}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {attributes} {length}>{content}</text>"


def _centred(cell: re.Match[str]) -> str:
    """A cell with its line in the middle, because not every program respects the width of a text.

    A wider font has room: the first part of a line grows to the left, and the last part to the right.
    """
    outline, points, line = cell.groups()
    across = [float(point.partition(",")[0]) for point in points.split()]
    parts = re.findall(TEXT, line)
    lengths = [_length(*part) for part in parts]
    left = (min(across) + max(across) - MAX_FONT_FACTOR * sum(lengths)) / 2
    placed = []
    for i, ((attributes, content), length) in enumerate(zip(parts, lengths, strict=True)):
        right = left + MAX_FONT_FACTOR * length
        anchor, x = (
            ("middle", (left + right) / 2)
            if 0 < i < len(parts) - 1 or len(parts) == 1
            else (("start", left) if i else ("end", right))
        )
        at = re.sub(r'text-anchor="\w+" x="[-\d.]+"', f'text-anchor="{anchor}" x="{x:.2f}"', attributes)
        placed.append(f"<text {at}>{content}</text>\n")
        left = right
    return outline + "".join(placed)


def raster(dot: str) -> bytes:
    """The PNG of a picture in DOT, with two pixels a point. Raises as `render` does."""
    return _rendered(dot, "png")


Renderer = Callable[[str, str], bytes]
"""From a picture in DOT, and "svg" or "png", to the file of that form."""

_chosen: Renderer | None = None


def use(renderer: Renderer | None) -> None:
    """Let a function render all pictures, where neither a program nor a package can run; None undoes this."""
    global _chosen  # noqa: PLW0603 — one renderer for the whole process
    _chosen = renderer


def _rendered(dot: str, form: str) -> bytes:
    renderer = _chosen or (_by_program if _program() else _by_package)
    try:
        return renderer(dot, form)
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"the limit is {TIMEOUT_SECONDS} seconds for a picture, and the renderer took longer; draw a smaller graph"
        ) from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() if error.stderr else []
        raise RuntimeError(f"the renderer failed on this picture: {lines[-1] if lines else error}") from None


def _by_program(dot: str, form: str) -> bytes:
    """Render with `graphviz-pure`: a fixed program, to which the picture is passed as data, never as code."""
    command = [str(_program()), f"-T{form}"]
    return subprocess.run(  # noqa: S603 — see above
        command, input=dot.encode(), capture_output=True, check=True, timeout=TIMEOUT_SECONDS
    ).stdout


def _by_package(dot: str, form: str) -> bytes:
    """Render with the system's `dot`, which the package `graphviz` finds."""
    try:
        import graphviz  # noqa: PLC0415 — only a picture needs it
    except ImportError:
        raise ImportError("drawing needs a renderer: pip install graphviz-pure") from None
    try:
        picture: bytes = graphviz.pipe("dot", form, dot.encode(), quiet=True)
    except graphviz.ExecutableNotFound:
        raise RuntimeError("drawing needs a renderer: pip install graphviz-pure, or install Graphviz") from None
    return picture


@cache
def _program() -> str | None:
    """The renderer's path, from the files of its package, because a notebook's PATH may lack the environment's bin."""
    try:
        files = importlib.metadata.files("graphviz-pure") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next(
        (
            str(file.locate())
            for file in files
            if file.stem == "graphviz-pure" and file.parent.name in {"bin", "Scripts"}
        ),
        None,
    )
