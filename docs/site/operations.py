"""The page of operations: each rule with its formulas, its conventions and sources, and a plot of f and f′."""

import inspect
import io
import math
import re
from collections.abc import Iterator

import matplotlib as mpl
from docstrings import prose
from matplotlib.figure import Figure
from reference import RULES, Entry

import autograd
from autograd import Value, ops, table
from autograd.rules import Operation

SPAN = 4.0
POINTS = 801
TOP = 4.0  # what is higher, or lower than −TOP, is outside of the plot
JUMP = 0.5  # two neighbours farther apart than this have a jump between them, where the curve is interrupted
LEGEND = '<p class="legend"><span class="value">z, the value</span> <span class="derivative">∂z/∂x</span></p>'
INK = {"#010101": "currentColor", "#0000f1": "var(--plot-value)", "#f10000": "var(--plot-derivative)"}


def page() -> str:
    """The page as Markdown."""
    intro = table.as_page().partition("\n| ")[0].partition("This page is made")[0].strip()
    intro = intro.replace("The last column has the conventions", "Below the formulas stand the conventions")
    lines = [
        intro,
        LEGEND,
        "The rules are in [autograd/ops.py](../autograd/ops.py). [One table](../autograd/OPERATIONS.md) has the same.",
        "```{py:currentmodule} autograd\n```",
        *map(_entry, table.operations()),
        *_functions(),
    ]
    return "\n\n".join(lines) + "\n"


def _functions() -> Iterator[str]:
    """What combines operations, such as softmax."""
    known = {operation.name for operation in table.operations()}
    for name in autograd.__all__:
        member = getattr(autograd, name)
        if member.__module__ == RULES and name not in known:
            yield Entry(f"autograd.{name}", member).text


def _entry(operation: Operation) -> str:
    name = operation.name
    _, value, derivatives, at_zero, conventions = _cells(table.as_markdown(name).splitlines()[-1])
    function = getattr(autograd, name)
    is_operation = hasattr(function, "operation")  # log_softmax is a function that calls its operation
    parameters = operation.parameters if is_operation else ", ".join(inspect.signature(function).parameters)
    formulas = [
        f"z = {value}".replace("z = `", "`z = ").replace("z = <code>", "<code>z = "),
        *derivatives.split("<br>"),
    ]
    if at_zero:
        formulas.append(f"`z(0) = {at_zero}`")
    return "\n\n".join(
        [
            f"(autograd.{name})=\n## {prose(name)}",
            f"::::{{py:function}} {name}({parameters})",
            *_plot(operation),
            "\\\n".join(formulas),
            conventions if is_operation else Entry(f"autograd.{name}", function).doc,
            "::::",
        ]
    )


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def _plot(operation: Operation) -> Iterator[str]:
    """The two curves, for an operation of one number."""
    if not operation.is_method:
        return
    function = getattr(ops, operation.name)
    places = [
        SPAN * (2 * i / (POINTS - 1) - 1) + 1e-9 for i in range(POINTS)
    ]  # beside the kinks, which are at round numbers
    values, slopes = [], []
    for place in places:
        x = Value(place)
        z = function(x)
        z.backward()
        values.append(z.data)
        slopes.append(x.grad)
    yield _figure(operation.name, places, values, slopes)


def _figure(name: str, places: list[float], values: list[float], slopes: list[float]) -> str:
    figure = Figure(figsize=(2.6, 1.9))
    ax = figure.add_axes((0.13, 0.11, 0.85, 0.87))
    mpl.rcParams["svg.fonttype"] = "none"
    for ys, color, style in ((slopes, "#f10000", "--"), (values, "#0000f1", "-")):
        ax.plot(places, _visible(ys), color=color, linestyle=style, linewidth=1.6, clip_on=False)
    ax.axhline(0, color="#010101", linewidth=0.5, clip_on=False)
    ax.axvline(0, color="#010101", linewidth=0.5, clip_on=False)
    seen = [y for y in _visible(values) + _visible(slopes) if math.isfinite(y)]
    low, high = min(seen, default=-1.0), max(seen, default=1.0)
    margin = 0.06 * (high - low or 1)
    ax.set(xlim=(-SPAN, SPAN), ylim=(low - margin, high + margin), xticks=[-4, -2, 2, 4])
    ax.locator_params(axis="y", nbins=4)
    ax.tick_params(labelsize=8, colors="#010101", length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    file = io.StringIO()
    figure.savefig(
        file, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    return _inline(file.getvalue(), f"{name}(x) and its derivative, for x from −4 to 4")


def _visible(ys: list[float]) -> list[float]:
    """The curve, with nan where it is out of sight or jumps."""
    shown = [y if abs(y) <= TOP else math.nan for y in ys]
    return [math.nan if i and abs(y - shown[i - 1]) > JUMP else y for i, y in enumerate(shown)]


def _inline(svg: str, alt: str) -> str:
    """The picture as a part of a page, in the page's colours."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="[^"]*"', "", svg)
    for color, ink in INK.items():
        svg = svg.replace(color, ink)
    svg = re.sub(r" font-family: [^;]*;", "", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    opening = f'<svg role="img" aria-label="{alt}" '
    return f'<div class="plot">{svg.replace("<svg ", opening, 1)}</div>'
