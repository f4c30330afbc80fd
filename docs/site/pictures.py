"""The gallery with all of its pictures: those of plots and pages, too, which the repository doesn't hold."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

from autograd.drawing import Drawing, Stepper

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "tools"))
import gallery  # noqa: E402 — found by the line above


def with_plots(page: str, folder: Path) -> str:
    """The gallery's page with what each block of its code makes below it; plots are written to the folder."""
    mpl.use("Agg")
    folder.mkdir(parents=True)
    done, rest = "", page
    for k, (lines, result) in enumerate(gallery.results(page), start=1):
        front, code, rest = rest.partition("```python\n" + "\n".join(lines) + "\n```\n")
        done += front + code
        if isinstance(result, Stepper):
            done += f"\n```{{raw}} html\n{result._repr_html_()}\n```\n"
        elif not isinstance(result, Drawing):
            done += "".join(_plots(result, folder, k))
    return done + rest


def _plots(result: Any, folder: Path, k: int) -> Iterator[str]:
    """The Markdown of each figure, which is saved."""
    axes = result if isinstance(result, list | tuple) else [result]
    for i, figure in enumerate(dict.fromkeys(ax.figure for ax in axes)):
        alt = "; ".join(filter(None, (ax.get_title() or ax.get_ylabel() for ax in figure.axes)))
        name = f"plot{k}_{i}.svg"
        figure.savefig(folder / name, metadata={"Date": None})
        yield f"\n![Plot: {alt}]({folder.name}/{name})\n"
