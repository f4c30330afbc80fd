"""The renderer's SVG read back as shapes, so that matplotlib can paint letters that the renderer's own fonts lack."""

from __future__ import annotations

import html
import re

from autograd.drawing.painting import Area, Shape, Stroke, Words, paint

ELEMENT = r"<(polygon|path|text) ([^>]*?)/?>(?:([^<]*)</text>)?"
NUMBER = r"-?[\d.]+(?:e[-+]?\d+)?"


def repainted(svg: str, size: tuple[int, int], dpi: float) -> bytes:
    """The PNG of an SVG that the renderer drew, of `size` points. Raises ImportError if matplotlib is missing."""
    return paint(_shapes(svg), size, dpi)


def _shapes(svg: str) -> list[Shape | Area]:
    """Its areas, lines and texts, from back to front."""
    moved = re.search(rf"translate\(({NUMBER}) ({NUMBER})\)", svg)
    dx, dy = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
    shapes: list[Shape | Area] = []
    for tag, attributes, content in re.findall(ELEMENT, svg):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        line = float(given.get("stroke-width", 1))
        if tag == "text":
            size, color, anchor = float(given["font-size"]), given.get("fill", "#000000"), given["text-anchor"]
            x, y = float(given["x"]) + dx, float(given["y"]) + dy
            shapes.append(Words(x, y, html.unescape(content), size, color, anchor, bold="font-weight" in given))
            continue
        numbers = list(map(float, re.findall(NUMBER, given["d" if tag == "path" else "points"])))
        points = tuple((x + dx, y + dy) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
        if tag == "path":
            shapes.append(Stroke(points, given["stroke"], line, curved="C" in given["d"]))
        else:
            shapes.append(Area(points, given["fill"], given["stroke"], line))
    return shapes
