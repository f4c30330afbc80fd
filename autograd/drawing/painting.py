"""Circles, lines, texts and areas at known places, painted as PNG by matplotlib."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd.fonts import KOREAN, families, is_foreign

Point = tuple[float, float]


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


@dataclass(frozen=True)
class Area:
    """A polygon with its outline, only to be painted; "none" leaves out the one or the other."""

    points: tuple[Point, ...]
    fill: str
    color: str
    line: float = 1.0


Shape = Disc | Stroke | Words


def printable(text: str) -> str:
    """A text without characters that SVG forbids."""
    return re.sub(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)


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


def paint(shapes: Sequence[Shape | Area], size: tuple[int, int], dpi: float) -> bytes:
    """The PNG of shapes, painted by matplotlib without a window."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 — only a PNG needs it
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ImportError('a PNG of a network needs matplotlib: pip install "pathgrad[plots]"') from None
    across, down = size
    canvas = Canvas(figsize=(across / 72, down / 72), dpi=dpi, facecolor="white")
    # The user's settings may have another layout, which complains of axes that are placed by hand.
    canvas.set_layout_engine("none")
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


def _paint_one(ax: Any, shape: Shape | Area, order: int) -> None:
    from matplotlib import rcParams  # noqa: PLC0415 — as above
    from matplotlib.patches import Circle, PathPatch, Polygon  # noqa: PLC0415 — as above
    from matplotlib.path import Path  # noqa: PLC0415

    if isinstance(shape, Words):
        text = printable(shape.text).replace("$", r"\$")
        place = {"middle": "center", "start": "left", "end": "right"}[shape.anchor]
        look = {"fontsize": shape.size, "color": shape.color, "fontweight": "bold" if shape.bold else "normal"}
        # A font for Korean letters may have no bold ones, and then matplotlib complains.
        family = [name for name in rcParams["font.family"] if name not in KOREAN] or rcParams["font.family"]
        look["fontfamily"] = family
        if is_foreign(text):
            look |= {"fontfamily": families(family), "fontweight": "normal"}
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5} if shape.halo else None
        ax.text(shape.x, shape.y, text, ha=place, va="baseline", zorder=order, bbox=ground, **look)
    elif isinstance(shape, Area):
        outline: dict[str, Any] = {"edgecolor": shape.color, "linewidth": shape.line, "zorder": order}
        ax.add_patch(Polygon(shape.points, facecolor=shape.fill, **outline))
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
