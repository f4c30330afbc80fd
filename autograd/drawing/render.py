"""DOT → SVG and PNG, by the renderer that comes with the package, or by a system's `dot` where that is missing.

The one place that knows of Graphviz. `graphviz-pure` is the whole of it as one static program in a
wheel; the `graphviz` package runs it.
"""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
from functools import cache

PATIENCE = 20  # seconds; what draw lets through takes less than two, or at its limits less than ten


def render(dot: str) -> str:
    """The SVG of a picture in DOT, as an element that scales to the width of its page.

    Raises ImportError where the drawing packages are missing, RuntimeError where the renderer fails.
    """
    svg = _rendered(dot, "svg").decode()
    svg = svg[svg.index("<svg") :]
    return re.sub(r"<svg ", '<svg style="max-width: 100%; height: auto" ', svg, count=1)


def raster(dot: str) -> bytes:
    """The PNG of a picture in DOT, two pixels a point. Raises as `render` does."""
    return _rendered(dot, "png")


def _rendered(dot: str, form: str) -> bytes:
    try:
        import graphviz  # noqa: PLC0415 — only a picture needs it, and `import autograd` stays free of it
    except ImportError:
        raise ImportError("drawing needs the graphviz package: pip install graphviz graphviz-pure") from None
    program = _program()
    try:
        if program is None:
            picture: bytes = graphviz.pipe("dot", form, dot.encode(), quiet=True)
        else:
            picture = subprocess.run(  # noqa: S603 — our own renderer, and the picture goes in as data
                [program, f"-T{form}"], input=dot.encode(), capture_output=True, check=True, timeout=PATIENCE
            ).stdout
    except graphviz.ExecutableNotFound:
        raise RuntimeError(
            "there is no renderer for pictures: pip install graphviz-pure, or install Graphviz"
        ) from None
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"the renderer took more than {PATIENCE} seconds for this picture; draw less of it"
        ) from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines() if error.stderr else []
        raise RuntimeError(f"the renderer failed on this picture: {told[-1] if told else error}") from None
    return picture


@cache
def _program() -> str | None:
    """The renderer's path. Asked of its wheel, since a notebook's PATH may lack the environment's bin."""
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
