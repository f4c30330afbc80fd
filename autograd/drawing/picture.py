"""A picture: how a notebook shows it, and how it is saved."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, ClassVar

from autograd.drawing.render import raster, render
from autograd.drawing.repainting import repainted
from autograd.files import replace
from autograd.fonts import can_paint, is_foreign
from autograd.korean import say

MAX_PNG_NODES = 300  # in a picture that a notebook gets as PNG beside the SVG
MAX_FILE_INCHES, MAX_NOTEBOOK_INCHES = "60,45", "12,45"  # of a PNG in a file and in a notebook, with 144 pixels each
NOTEBOOK_COLUMN_PIXELS = 660  # the width of a notebook's outputs
GAP_POINTS = 24  # between two pictures side by side
PHONE_POINTS = 250  # a picture of this width fits on any screen


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph. A notebook shows it; `save` writes it as .svg, .png or .dot.

    dot  the picture in the DOT language of Graphviz
    alt  the alternative text, which says in words what the picture shows
    """

    dot: str = field(repr=False)  # not in the repr, which a notebook would store beside the picture
    alt: str
    endings: ClassVar[tuple[str, ...]] = (".svg", ".png", ".dot")

    def svg(self) -> str:
        """The picture as SVG, which scales to the width of its page.

        Raises ImportError if the drawing packages are missing, and RuntimeError if the renderer fails.
        """
        return render(self.dot, self.alt)

    def png(self) -> bytes:
        """The picture as PNG on a white background: two pixels a point, or fewer for a very large picture.

        The fonts of the renderer have Latin, Greek and Cyrillic letters. A picture with Korean ones is painted by
        matplotlib, if it and a font for them are installed. Any others come out as empty boxes; the SVG shows them.
        Raises as `svg` does.
        """
        return self.painted(MAX_FILE_INCHES)

    def painted(self, size: str) -> bytes:
        """The PNG with at most `size`, its width and height in inches of 144 pixels."""
        if is_foreign(self.dot) and can_paint(self.dot):
            svg = self.svg()
            across, down = (float(inches) * 72 / x for inches, x in zip(size.split(","), size_of(svg), strict=True))
            return repainted(svg, size_of(svg), 144 * min(1.0, across, down))
        return raster(self.dot.replace("bgcolor=white", f'bgcolor=white, dpi=144, size="{size}"', 1))

    def save(self, path: str | File) -> File:
        """Write the picture to a file that ends in .svg, .png or .dot; return the path.

        Readers of the file see the old picture or the new one, never a partial one.

        Raises ValueError for another ending, or if something other than a regular file is there; OSError if the file
        cannot be written; and as `svg` does.
        """
        path = File(path)
        ending = path.suffix.lower()
        if ending not in self.endings:
            *others, last = self.endings
            raise ValueError(f"a drawing's file name must end in {', '.join(others)} or {last}, got {path.name!r}")
        replace(path, self.png() if ending == ".png" else (self.svg() if ending == ".svg" else self.dot).encode())
        return path

    def beside(self, other: Drawing) -> Drawing:
        """This picture and another one at its right, such as a neuron and its graph, as one picture.

        Raises TypeError if the other is not a Drawing.
        """
        if not isinstance(other, Drawing):
            raise TypeError(f"beside needs a drawing, such as draw returns, got {type(other).__name__}")
        return Pair("", say("{left}. Beside it: {right}", left=self.alt, right=other.alt), self, other)

    def _repr_svg_(self) -> str:
        return on_page(self.svg())

    def _repr_png_(self) -> bytes | None:
        """A PNG for code hosts, which do not show SVGs in notebooks; None if it would be huge, or lack letters."""
        if self.dot.count(" [id=") > 3 * MAX_PNG_NODES:
            return None
        if is_foreign(self.dot) and not can_paint(self.dot):
            return None
        return self.painted(MAX_NOTEBOOK_INCHES)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Both pictures for a notebook, with their width and the alternative text."""
        svg, png = self.svg(), self._repr_png_()
        data, about = {"image/svg+xml": on_page(svg)}, {"alt": self.alt, "unconfined": True}
        if png is None:
            return data, {"image/svg+xml": about}
        data["image/png"] = base64.b64encode(png).decode()
        return data, {"image/svg+xml": about, "image/png": {**about, "width": pixels_across(size_of(svg)[0])}}


@dataclass(frozen=True)
class Pair(Drawing):
    """Two pictures side by side. A PNG needs matplotlib."""

    left: Drawing = field(repr=False)
    right: Drawing = field(repr=False)
    endings: ClassVar[tuple[str, ...]] = (".svg", ".png")

    def svg(self) -> str:
        """Both pictures in one SVG. Raises as their `svg` does."""
        parts = [self.left.svg(), self.right.svg()]
        sizes = [size_of(svg) for svg in parts]
        across, down = sum(size[0] for size in sizes) + GAP_POINTS, max(size[1] for size in sizes)
        places = (0, sizes[0][0] + GAP_POINTS)
        inner = [_nested(svg, x, (down - height) / 2) for svg, x, (_, height) in zip(parts, places, sizes, strict=True)]
        title = html.escape("".join(c if c.isprintable() else " " for c in self.alt))
        return (
            f'<svg role="img" aria-label="{title}" style="max-width: 100%; height: auto" width="{across}pt" '
            f'height="{down}pt" viewBox="0 0 {across} {down}" xmlns="http://www.w3.org/2000/svg" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink">\n<title>{title}</title>\n'
            f'<rect width="{across}" height="{down}" fill="white"/>\n{"".join(inner)}</svg>\n'
        )

    def painted(self, size: str) -> bytes:
        """Both PNGs in one."""
        return _joined([self.left.painted(size), self.right.painted(size)])

    def _repr_png_(self) -> bytes | None:
        if self.left._repr_png_() is None or self.right._repr_png_() is None:
            return None
        try:
            return self.painted(MAX_NOTEBOOK_INCHES)
        except ImportError:  # the SVG is there
            return None


def _nested(svg: str, x: float, y: float) -> str:
    """An SVG at a place within another one; without its ids, which would stand twice."""
    head, end, rest = svg.partition(">")
    head = re.sub(r' (?:role|aria-label|style|xmlns(?::\w+)?)="[^"]*"', "", head).replace("pt", "")
    return head.replace("<svg", f'<svg x="{x:g}" y="{y:g}"', 1) + end + re.sub(r' id="[^"]*"', "", rest)


def _joined(pngs: Sequence[bytes]) -> bytes:
    """PNGs side by side, each in the middle of the height."""
    try:
        import numpy as np  # noqa: PLC0415 — only a PNG of two pictures needs them
        from matplotlib import image  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ImportError('a PNG of two pictures needs matplotlib: pip install "pathgrad[plots]"') from None
    parts = [image.imread(io.BytesIO(png))[:, :, :3] for png in pngs]
    down = max(part.shape[0] for part in parts)
    whole = np.ones((down, sum(part.shape[1] for part in parts) + 2 * GAP_POINTS, 3))
    x = 0
    for part in parts:
        y = (down - part.shape[0]) // 2
        whole[y : y + part.shape[0], x : x + part.shape[1]] = part
        x += part.shape[1] + 2 * GAP_POINTS
    file = io.BytesIO()
    image.imsave(file, whole, format="png", metadata={"Software": ""})
    return file.getvalue()


def on_page(svg: str) -> str:
    """The SVG in the width of a notebook's column, or wider if its smallest type would have less than 9 pixels.

    The width is in pixels, not in percent of the page, because many notebooks show the SVG as an image.
    """
    points, height = size_of(svg)
    if points <= PHONE_POINTS:
        return svg
    pixels = pixels_across(points)
    head, end, rest = svg.partition(">")
    head = head.replace('style="', f'style="min-width: {points}px; ', 1)
    size = f'width="{pixels}" height="{height * pixels / points:.0f}"'
    return head.replace(f'width="{points}pt" height="{height}pt"', size) + end + rest


def pixels_across(points: int) -> int:
    """A picture's width in a notebook: its natural one, at most a column, but at least one pixel a point.

    The smallest type has 9 points, so it has at least 9 pixels.
    """
    return min(round(points * 4 / 3), max(NOTEBOOK_COLUMN_PIXELS, points))


def size_of(svg: str) -> tuple[int, int]:
    """An SVG's width and height in points."""
    size = re.search(r'width="(\d+)pt" height="(\d+)pt"', svg)
    if size is None:
        raise RuntimeError("the renderer's SVG has no size")
    return int(size[1]), int(size[2])
