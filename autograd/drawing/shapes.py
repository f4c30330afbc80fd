"""Pictures of circles, lines and texts at known places: written as SVG without a renderer, painted as PNG."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from autograd.drawing.picture import MAX_FILE_INCHES, MAX_NOTEBOOK_INCHES, Drawing, is_foreign
from autograd.drawing.render import FONTS, WIDTHS, width

Point = tuple[float, float]
MAX_PNG_SHAPES = 2_000  # in a picture that a notebook gets as PNG beside the SVG


@dataclass(frozen=True)
class Disc:
    """A circle around (x, y); `about` is what one reads with the mouse on it."""

    x: float
    y: float
    radius: float
    fill: str = "#ffffff"
    color: str = "#5f6b7a"
    line: float = 1.2
    about: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line through points; with `curved` a Bézier curve through the first, with three more for each of its parts."""

    points: tuple[Point, ...]
    color: str = "#5f6b7a"
    line: float = 1.2
    about: str = ""
    dash: str = ""
    curved: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Words:
    """A text on one line, whose baseline begins, is centred or ends at (x, y); with `halo` on a white ground."""

    x: float
    y: float
    text: str
    size: float = 11
    color: str = "#000000"
    anchor: str = "middle"
    halo: bool = False
    bold: bool = False


Shape = Disc | Stroke | Words


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
        return f'{head}<g font-family="{FONTS}">\n{body}\n</g>\n</svg>\n'

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
        if len(self.shapes) > MAX_PNG_SHAPES or is_foreign(texts):
            return None
        try:
            return self.painted(MAX_NOTEBOOK_INCHES)
        except ImportError:  # the SVG is there
            return None


def printable(text: str) -> str:
    """A text without characters that SVG forbids."""
    return re.sub(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)


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


def arrow_head(stroke: Stroke) -> list[Point]:
    """The corners of the triangle at the end of a line."""
    (x0, y0), (x, y) = stroke.points[-2:]
    length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1.0
    dx, dy = (x - x0) / length, (y - y0) / length
    long, half = 6 + stroke.line, 2.5 + stroke.line / 2
    return [
        (x, y),
        (x - long * dx - half * dy, y - long * dy + half * dx),
        (x - long * dx + half * dy, y - long * dy - half * dx),
    ]


def paint(shapes: Sequence[Shape], size: tuple[int, int], dpi: float) -> bytes:
    """The PNG of shapes, painted by matplotlib without a window."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 — only a PNG needs it
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ImportError('a PNG of a network needs matplotlib: pip install "pathgrad[plots]"') from None
    across, down = size
    canvas = Canvas(figsize=(across / 72, down / 72), dpi=dpi, facecolor="white")
    FigureCanvasAgg(canvas)
    ax = canvas.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(0, across)
    ax.set_ylim(down, 0)
    for order, shape in enumerate(shapes, start=1):
        _paint_one(ax, shape, order)
    file = io.BytesIO()
    with warnings.catch_warnings():  # a letter that the font lacks is an empty box, as in other pictures' PNGs
        warnings.filterwarnings("ignore", message="Glyph")
        canvas.savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    return file.getvalue()


def _paint_one(ax: Any, shape: Shape, order: int) -> None:
    from matplotlib.patches import Circle, PathPatch, Polygon  # noqa: PLC0415 — as above
    from matplotlib.path import Path  # noqa: PLC0415

    if isinstance(shape, Words):
        text = printable(shape.text).replace("$", r"\$")
        place = {"middle": "center", "start": "left", "end": "right"}[shape.anchor]
        look = {"fontsize": shape.size, "color": shape.color, "fontweight": "bold" if shape.bold else "normal"}
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5} if shape.halo else None
        ax.text(shape.x, shape.y, text, ha=place, va="baseline", zorder=order, bbox=ground, **look)
    elif isinstance(shape, Disc):
        look = {"facecolor": shape.fill, "edgecolor": shape.color, "linewidth": shape.line, "zorder": order}
        ax.add_patch(Circle((shape.x, shape.y), shape.radius, linestyle="--" if shape.dashed else "-", **look))
    else:
        code = Path.CURVE4 if shape.curved else Path.LINETO
        path = Path(shape.points, [Path.MOVETO, *[code] * (len(shape.points) - 1)])
        style: Any = (0, tuple(float(x) / shape.line for x in shape.dash.split())) if shape.dash else "-"
        look = {"edgecolor": shape.color, "linewidth": shape.line, "linestyle": style, "zorder": order}
        ax.add_patch(PathPatch(path, facecolor="none", **look))
        if shape.arrow:
            ax.add_patch(Polygon(arrow_head(shape), color=shape.color, zorder=order))
