"""Pictures of circles, lines and texts at known places: written as SVG without a renderer, painted as PNG."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import ClassVar

from autograd.drawing.painting import Disc, Shape, Words, arrow_head, paint, printable
from autograd.drawing.picture import MAX_FILE_INCHES, MAX_NOTEBOOK_INCHES, Drawing
from autograd.drawing.render import WIDTHS, fonts_for, width
from autograd.fonts import can_paint, is_foreign

MAX_PNG_SHAPES = 2_000  # in a picture that a notebook gets as PNG beside the SVG


@dataclass(frozen=True)
class Figure(Drawing):
    """A picture of shapes, from back to front. It needs no renderer; a PNG needs matplotlib.

    shapes  circles, lines and texts
    size    width and height in points
    """

    shapes: tuple[Shape, ...] = field(default=(), repr=False)
    size: tuple[int, int] = (100, 100)
    endings: ClassVar[tuple[str, ...]] = (".svg", ".png")

    def svg(self) -> str:
        """The picture as SVG, which scales to the width of its page."""
        across, down = self.size
        title = html.escape(printable(self.alt))
        head = (
            f'<svg role="img" aria-label="{title}" style="max-width: 100%; height: auto" width="{across}pt" '
            f'height="{down}pt" viewBox="0 0 {across} {down}" xmlns="http://www.w3.org/2000/svg">\n'
            f'<title>{title}</title>\n<rect width="{across}" height="{down}" fill="white"/>\n'
        )
        body = "\n".join(map(_as_svg, self.shapes))
        return f'{head}<g font-family="{fonts_for(body)}">\n{body}\n</g>\n</svg>\n'

    def png(self) -> bytes:
        """The picture as PNG: two pixels a point, or fewer for a very large picture.

        Raises ImportError with the command to install matplotlib if it is missing.
        """
        return self.painted(MAX_FILE_INCHES)

    def painted(self, size: str) -> bytes:
        """The PNG with at most `size`, its width and height in inches of 144 pixels."""
        across, down = (float(inches) * 72 / side for inches, side in zip(size.split(","), self.size, strict=True))
        return paint(self.shapes, self.size, 144 * min(1.0, across, down))

    def _repr_png_(self) -> bytes | None:
        texts = "".join(shape.text for shape in self.shapes if isinstance(shape, Words))
        if len(self.shapes) > MAX_PNG_SHAPES or (is_foreign(texts) and not can_paint(texts)):
            return None
        try:
            return self.painted(MAX_NOTEBOOK_INCHES)
        except ImportError:  # the SVG is there
            return None


def _n(x: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{x:.1f}".removesuffix(".0")


def _as_svg(shape: Shape) -> str:
    if isinstance(shape, Words):
        return _words(shape)
    title = f"<title>{html.escape(printable(shape.about))}</title>" if shape.about else ""
    if isinstance(shape, Disc):
        dash = ' stroke-dasharray="3 2"' if shape.dashed else ""
        place = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"'
        look = f'fill="{shape.fill}" stroke="{shape.color}" stroke-width="{shape.line:.2g}"{dash}'
        return f"<circle {place} {look}>{title}</circle>" if title else f"<circle {place} {look}/>"
    start, *rest = (f"{_n(x)} {_n(y)}" for x, y in shape.points)
    path = f"M{start}{'C' if shape.curved else 'L'}{' '.join(rest)}"
    dash = f' stroke-dasharray="{shape.dash}"' if shape.dash else ""
    look = f'fill="none" stroke="{shape.color}" stroke-width="{shape.line:.2g}"{dash}'
    line = f'<path d="{path}" {look}>{title}</path>' if title else f'<path d="{path}" {look}/>'
    if not shape.arrow:
        return line
    corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in arrow_head(shape))
    return f'{line}\n<polygon points="{corners}" fill="{shape.color}"/>'


def _words(shape: Words) -> str:
    text = printable(shape.text)
    bold = ' font-weight="bold"' if shape.bold else ""
    ground, fitted = "", ""
    if text and WIDTHS.keys() >= set(text):  # the place is for Helvetica, whatever font replaces it
        length = width(text, shape.size, bold=shape.bold)
        fitted = f' textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs"'
    if shape.halo:
        across = width(text, shape.size) + 3
        corner = f'x="{_n(shape.x - across / 2)}" y="{_n(shape.y - 0.85 * shape.size)}"'
        ground = f'<rect {corner} width="{_n(across)}" height="{_n(1.1 * shape.size)}" fill="white"/>'
    place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" text-anchor="{shape.anchor}"'
    return f'{ground}<text {place} fill="{shape.color}"{bold}{fitted}>{html.escape(text)}</text>'
