"""The curves of a training as a picture in a notebook: by matplotlib, or as plain lines where it isn't installed.

Text and axes have the page's own colour, so that they can be read on a light page and on a dark one.
"""

from __future__ import annotations

import importlib.util
import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence

from autograd.display import escaped
from nn.korean import say
from nn.plots import LINE_COLORS, Curves, loss_curves

WIDTH, HEIGHT, MARGIN = 480, 200, 8  # of plain lines, in pixels
MAX_POINTS = 2_000


def picture(history: Curves) -> str:
    """The curves as an SVG element; "" for a history without a finished epoch."""
    if not history.losses:
        return ""
    if importlib.util.find_spec("matplotlib") is None:
        return plain_lines(history)
    try:
        return _by_matplotlib(history)
    except (ArithmeticError, ValueError):  # it has no axis for numbers near both ends of float64's range
        return plain_lines(history)


def _by_matplotlib(history: Curves) -> str:
    from matplotlib import rc_context  # noqa: PLC0415 — only a picture needs it
    from matplotlib.figure import Figure  # noqa: PLC0415 — as above; pyplot would show the figure once more

    written = io.StringIO()
    with rc_context({"svg.hashsalt": "pathgrad", "svg.fonttype": "path"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a letter that the font lacks, or a name that leaves no room
        figure = Figure(figsize=(6.4, 3.2), layout="constrained")
        loss_curves(history, ax=figure.subplots())
        for legend in (axes.get_legend() for axes in figure.axes):
            if legend is not None:
                legend.set_frame_on(False)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    svg = written.getvalue()
    svg = re.sub("<metadata>.*?</metadata>|<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    style = "max-width: 100%; height: auto; fill: currentColor; stroke-linejoin: round; stroke-linecap: butt"
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{_alt(history)}" style="{style}" ', 1)
    return svg.replace("#000000", "currentColor")


def plain_lines(history: Curves) -> str:
    """The losses as lines in a frame, with the smallest and the largest number; metrics are left out."""
    curves = [(say("loss"), history.losses), (say("validation loss"), history.validation_losses)]
    finite = [y for _, numbers in curves for y in numbers if math.isfinite(y)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    sizes = f'viewBox="0 0 {WIDTH + 2 * MARGIN} {HEIGHT + 2 * MARGIN}" width="{WIDTH}" style="max-width: 100%"'
    parts = [f'<svg role="img" aria-label="{_alt(history)}" {sizes} font-size="12" fill="currentColor">']
    frame = f'x="{MARGIN}" y="{MARGIN}" width="{WIDTH}" height="{HEIGHT}"'
    parts.append(f'<rect {frame} fill="none" stroke="currentColor" stroke-opacity="0.4"/>')
    for i, (name, numbers) in enumerate(curves):
        style = f'fill="none" stroke="{LINE_COLORS[i]}" stroke-width="2"'
        parts += [f'<polyline points="{points}" {style}/>' for points in _pieces(numbers, low, high)]
        if numbers:
            parts.append(f'<text x="{MARGIN + 300}" y="{MARGIN + 18 + 16 * i}" fill="{LINE_COLORS[i]}">{name}</text>')
    parts.append(f'<text x="{MARGIN + 4}" y="{MARGIN + 14}">{high:.4g}</text>')
    parts.append(f'<text x="{MARGIN + 4}" y="{MARGIN + HEIGHT - 6}">{low:.4g}</text>')
    return "\n".join([*parts, "</svg>"])


def _pieces(numbers: Sequence[float], low: float, high: float) -> Iterator[str]:
    """The points of a curve, in pieces between numbers that are not finite."""
    every = -(-len(numbers) // MAX_POINTS) or 1
    piece: list[str] = []
    for epoch in range(0, len(numbers), every):
        y = numbers[epoch]
        if math.isfinite(y):
            right = MARGIN + WIDTH * epoch / max(len(numbers) - 1, 1)
            down = MARGIN + HEIGHT * (1 - (y / 2 - low / 2) / (high / 2 - low / 2 or 1))  # halves don't overflow
            piece.append(f"{right:.1f},{down:.1f}")
        elif piece:
            yield " ".join(piece)
            piece = []
    if piece:
        yield " ".join(piece)


def _alt(history: Curves) -> str:
    return escaped(say("curves of {history}", history=repr(history))).replace('"', "&quot;")
