"""Build the notebooks, with their outputs, from their sources; or tell which of them are stale.

    python notebooks/build.py [--check] [NN …]

A source, `sources/NN_name.py`, is in jupytext's percent format. It has each text cell in English and then in Korean
(`lang="en"`, `lang="ko"`) and each code cell once, with a table of its Korean texts below (`lang="ko"`, see
translation.py), so that the two editions, `en/NN_name.ipynb` and `ko/NN_name.ipynb`, run the same code. Both are
executed, each in an empty folder, because a reader may copy a notebook anywhere.

What is built is the same each time, but for the outputs of cells tagged "varies". `--check` builds, too, but writes
nothing: it compares with the files that are there, pictures in PNG by their size only, since fonts differ between
machines.
"""

import argparse
import base64
import difflib
import io
import os
import re
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import zip_longest
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from translation import translated

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
FOLDERS = {"en": HERE / "en", "ko": HERE / "ko"}
LANGUAGES = tuple(FOLDERS)
AT_ONCE = 2
TIMEOUT = 120  # seconds for a cell
LARGEST = 1_000_000  # bytes for a notebook
SIZE_TOLERANCE = 0.02  # of a picture's width and height

FIXED = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger, which nobody asked for, warns
}
METADATA = {  # what a code host needs to show Python as Python; versions stay out
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
DESCRIBE = """
def describe(figure, **_):
    axes = [(ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), *ax.get_legend_handles_labels()[1]) for ax in figure.axes]
    told = "; ".join(", ".join(dict.fromkeys(filter(None, texts))) for texts in axes if any(texts))
    return {}, {"image/png": {"alt": " ".join(f"Plot: {told}".split()) if told else "Plot"}}

get_ipython().display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", describe)
del describe
"""  # what a kernel runs first, so that each plot has an alt text: its titles, axes and curves
PLOT = {"en": "Plot", "ko": "그림"}
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
ABSOLUTE = re.compile(r"(?<![\w.:/<])/(?:home|root|tmp|usr|var|opt|Users|private)/\w|\b[A-Z]:\\\w|site-packages")


class NotebookError(Exception):
    """What is wrong with a source, or with what it printed."""


def sources(numbers: list[str] | None = None) -> list[Path]:
    """All sources, or those of these numbers ("01" or "1")."""
    found = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    wanted = {number.zfill(2) for number in numbers or ()}
    if missing := wanted - {source.name[:2] for source in found}:
        raise NotebookError(f"There is no notebook {', '.join(sorted(missing))}.")
    return [source for source in found if not wanted or source.name[:2] in wanted]


def built(source: Path, language: str) -> Path:
    """Where the notebook is."""
    return FOLDERS[language] / f"{source.stem}.ipynb"


def assemble(source: Path, language: str) -> NotebookNode:
    """The notebook in one language, without outputs."""
    notebook = jupytext.read(source, fmt="py:percent")
    said, cells = 0, []
    for cell in notebook.cells:
        lang = cell.metadata.pop("lang", None)
        if cell.cell_type == "code" and lang == "ko" and not said and cells and cells[-1].cell_type == "code":
            if lang == language:
                cells[-1].source = _translated(source, cells[-1], cell)
            continue
        due = LANGUAGES[said] if said or cell.cell_type == "markdown" else None
        if lang != due:
            raise NotebookError(f"{source.name}: {_head(cell)} has lang={lang}, where lang={due} is due.")
        if lang:
            said = (said + 1) % len(LANGUAGES)
        if lang in (None, language):
            cells.append(cell)
    if said:
        raise NotebookError(f"{source.name}: its last text is not there in {LANGUAGES[said]}.")
    for number, cell in enumerate(cells, 1):
        before = cells[number - 2] if number > 1 else None
        slide = {"slide_type": cell.metadata.get("slide_type", _slide_type(cell, before))}
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"} | {"slideshow": slide}
        cell.id = f"{source.name[:2]}-{language}-{number:03}"
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def _translated(source: Path, cell: NotebookNode, table: NotebookNode) -> str:
    try:
        return translated(cell.source, table.source)
    except (ValueError, SyntaxError) as error:
        raise NotebookError(f"{source.name}: the texts below {_head(cell)}: {error}") from None


def _slide_type(cell: NotebookNode, before: NotebookNode | None) -> str:
    """Where slides begin unless the source says it: a section goes to the right, a text or a second program below."""
    if cell.cell_type == "code":
        return "subslide" if before is not None and before.cell_type == "code" else "-"
    return "slide" if re.match("##? ", cell.source) else "subslide"


def execute(source: Path, language: str) -> NotebookNode:
    """The notebook in one language, with its outputs."""
    from nbclient import NotebookClient  # noqa: PLC0415 — only here: the tests compare without executing
    from nbclient.exceptions import CellExecutionError, CellTimeoutError  # noqa: PLC0415

    notebook = assemble(source, language)
    try:
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(
                notebook,
                kernel_name="python3",
                timeout=TIMEOUT,
                coalesce_streams=True,
                record_timing=False,
                extra_arguments=[
                    "--IPKernelApp.log_level=ERROR",  # a kernel of this machine alone warns that it is one
                    f"--IPKernelApp.exec_lines={DESCRIBE.replace(PLOT['en'], PLOT[language])}",
                ],
                resources={"metadata": {"path": folder}},
            ).execute()
    except CellExecutionError as error:
        number = next(number for number, cell in enumerate(notebook.cells, 1) if _failed(cell))
        trace = re.sub(r"\x1b\[[\d;]*m", "", error.traceback)
        lines = "".join(f"\n      {line}" for line in trace.splitlines() if line.startswith("-") and ">" in line)
        cell = notebook.cells[number - 1]
        raise NotebookError(f"cell {number}, {_head(cell)}, fails: {error.ename}: {error.evalue}{lines}") from None
    except CellTimeoutError as error:
        raise NotebookError(str(error)) from None
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", ()):
                output.data["image/png"] = smaller(output.data["image/png"])
    notebook.metadata = nbformat.from_dict(METADATA)  # the kernel has added its version
    return notebook


def smaller(picture: str) -> str:
    """The same PNG in a third of the bytes: with a palette of 256 colours, which no eye tells from it."""
    from PIL import Image  # noqa: PLC0415

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")
    opaque = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    palette = opaque.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette.save(packed := io.BytesIO(), "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode()


def faults(notebook: NotebookNode) -> Iterator[str]:
    """What must not be in a notebook that is read on a code host, by cell."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            yield f"cell {number}, {_head(cell)}, has not been executed"
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"cell {number}, {_head(cell)}, warns or fails: {output.get('text') or output.get('evalue')}"
                continue
            for kind, content in _contents(output).items():
                text = content if isinstance(content, str) and kind != "image/png" else ""
                for what, pattern in (("an object's address", ADDRESS), ("an absolute path", ABSOLUTE)):
                    if found := pattern.search(text):
                        yield f"cell {number}, {_head(cell)}, shows {what}: {text[found.start() :][:60]!r}"
            if "image/svg+xml" in _contents(output) and "image/png" not in _contents(output):
                yield f"cell {number}, {_head(cell)}, shows an SVG without a PNG beside it"
            if "image/png" in _contents(output) and not output.metadata.get("image/png", {}).get("alt"):
                yield f"cell {number}, {_head(cell)}, shows a picture without alt text"
    if (size := len(nbformat.writes(notebook).encode())) > LARGEST:
        yield f"it is too large, {size:,} bytes, where {LARGEST:,} are allowed"


def differences(old: NotebookNode, new: NotebookNode, *, outputs: bool = True) -> Iterator[str]:
    """What is stale in an old notebook, by cell; `outputs=False` where the new one was not executed."""
    if old.metadata != new.metadata:
        yield "its metadata are not the builder's"
    for number, (before, after) in enumerate(zip_longest(old.cells, new.cells), 1):
        if _written(before) != _written(after):
            yield f"from cell {number} on, {_head(after or before)}, it is not what the source says"
            return
        if outputs and after.cell_type == "code" and "varies" not in after.metadata.get("tags", ()):
            pair = [list(map(_contents, cell.outputs)) for cell in (before, after)]
            about = [[output.get("metadata") for output in cell.outputs] for cell in (before, after)]
            if not _alike(*pair) or about[0] != about[1]:
                yield f"cell {number}, {_head(after)}, prints or shows something else now{_changes(*pair)}"


def _head(cell: NotebookNode) -> str:
    return f"“{cell.source.strip().partition(chr(10))[0][:60]}”"


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _written(cell: NotebookNode | None) -> object:
    return cell and (cell.cell_type, cell.id, cell.metadata, cell.source)


def _contents(output: NotebookNode) -> dict[str, object]:
    """What an output shows, by its kind."""
    return dict(output.data) if "data" in output else {output.get("name", "error"): output.get("text", "")}


def _alike(old: list[dict], new: list[dict]) -> bool:
    def same(kind: str, before: str, after: str) -> bool:
        if kind != "image/png":
            return before == after
        sizes = zip(_png_size(before), _png_size(after), strict=True)
        return all(abs(a - b) <= SIZE_TOLERANCE * max(a, b) for a, b in sizes)

    return len(old) == len(new) and all(
        a.keys() == b.keys() and all(same(kind, a[kind], b[kind]) for kind in a) for a, b in zip(old, new, strict=True)
    )


def _png_size(picture: str) -> tuple[int, int]:
    return struct.unpack(">II", base64.b64decode(picture)[16:24])


def _changes(old: list[dict], new: list[dict]) -> str:
    """The first lines that differ, to be read below a message."""

    def lines(outputs: list[dict]) -> list[str]:
        return [
            line
            for output in outputs
            for kind, content in sorted(output.items())
            for line in (
                [f"a PNG of {_png_size(content)}"] if kind == "image/png" else [f"{kind}:", *str(content).splitlines()]
            )
        ]

    changed = list(difflib.unified_diff(lines(old), lines(new), n=0, lineterm=""))[2:]  # after the names of files
    return "".join(f"\n      {line[:150]}" for line in changed[:12] if not line.startswith("@@"))


def job(source: Path, language: str, check: bool) -> tuple[str, list[str], float]:
    """Execute one edition, and write it or compare it: its name, what is wrong, and the seconds that it took."""
    path, start = built(source, language), time.perf_counter()
    try:
        notebook = execute(source, language)
        problems = list(faults(notebook))
    except NotebookError as error:
        problems = [str(error)]
    else:
        if check:
            problems += differences(nbformat.read(path, 4), notebook) if path.exists() else ["it has not been built"]
        elif not problems:
            path.parent.mkdir(exist_ok=True)
            path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return str(path.relative_to(HERE)), problems, time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed notebooks, write nothing")
    parser.add_argument("numbers", nargs="*", metavar="NN", help="the notebooks' numbers; all without any")
    arguments = parser.parse_args()
    try:
        jobs = [(source, language) for source in sources(arguments.numbers) for language in LANGUAGES]
    except NotebookError as error:
        parser.error(str(error))
    import matplotlib.font_manager  # noqa: F401, PLC0415 — a first import may warn that it looks for fonts: not in a notebook

    wrong = 0
    with tempfile.TemporaryDirectory() as settings, ProcessPoolExecutor(AT_ONCE) as pool:
        os.environ.update(FIXED, IPYTHONDIR=settings)  # a reader's own settings change nothing
        for future in [pool.submit(job, *each, arguments.check) for each in jobs]:
            name, problems, seconds = future.result()
            print(f"{name}: {'wrong' if problems else 'as committed' if arguments.check else 'built'}, {seconds:.0f} s")
            for problem in problems:
                print(f"  {problem}")
            wrong += bool(problems)
    if wrong:
        print(
            f"{wrong} of {len(jobs)} are not as they should be."
            + arguments.check * " To build them: make notebooks-build"
        )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
