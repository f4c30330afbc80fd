"""Make slides of the notebooks: build/slides/index.html leads to a page for each notebook in each language.

    python docs/site/slides.py

A notebook's cells say by `slide_type`, as Jupyter has it, where a slide begins: "slide" to the right of the last one,
"subslide" below it, "-" goes on, "skip" leaves the cell out, and "notes" is for the speaker's view. Code that makes a
picture is folded. reveal.js and MathJax are taken from npm while building; the slides ask no network for anything.
"""

import html
import json
import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import npm
from frames import without_language
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent / "slides"
SLIDES = ROOT / "build" / "slides"
PACKAGES = (
    ("reveal.js@5.2.1", "dist/reveal.js", "reveal.js"),
    ("reveal.js@5.2.1", "dist/reveal.css", "reveal.css"),
    ("reveal.js@5.2.1", "plugin/notes/notes.js", "notes.js"),
    ("mathjax@3.2.2", "es5/tex-svg-full.js", "mathjax.js"),
)
WORDS = {
    "en": {"code": "Code", "all": "All slides", "other": "한국어", "plot": "Plot"},
    "ko": {"code": "코드", "all": "모든 슬라이드", "other": "English", "plot": "그림"},
}
LONG = 1200  # characters of HTML: a text that takes two columns
FOLDED_ABOVE = 14  # lines of code with an output that is no picture
FORMATS = ("text/html", "image/svg+xml", "image/png", "text/latex", "text/markdown", "text/plain")  # the best first


def main() -> None:
    """Build all, and say where."""
    shutil.rmtree(SLIDES, ignore_errors=True)
    (SLIDES / "static").mkdir(parents=True)
    for package, member, name in PACKAGES:
        folder = npm.folder_of(package)
        if folder is None:
            sys.exit(f"{package} is needed from npm: install npm, or build where it reaches its registry")
        shutil.copy(folder / member, SLIDES / "static" / name)
    shutil.copy(HERE / "slides.css", SLIDES / "static")
    shutil.copy(HERE / "slides.js", SLIDES / "static")
    colours = HtmlFormatter(style="default"), HtmlFormatter(style="github-dark")
    dark = f"@media (prefers-color-scheme: dark) {{ {colours[1].get_style_defs('.highlight')} }}"
    (SLIDES / "static" / "code.css").write_text(f"{colours[0].get_style_defs('.highlight')}\n{dark}\n", "utf-8")
    notebooks = {"en": sorted(ROOT.glob("notebooks/en/*.ipynb")), "ko": sorted(ROOT.glob("notebooks/ko/*.ipynb"))}
    titles: dict[str, list[tuple[str, str]]] = {language: [] for language in notebooks}
    for language, files in notebooks.items():
        for file in files:
            other = "ko" if language == "en" else "en"
            has_other = file.name in {each.name for each in notebooks[other]}
            name = f"{language}/{file.stem}.html"
            title, page = _page(file, language, other if has_other else None)
            (SLIDES / language).mkdir(exist_ok=True)
            (SLIDES / name).write_text(without_language(page), "utf-8")
            titles[language].append((name, title))
    (SLIDES / "index.html").write_text(_index(titles), "utf-8")
    print(f"{sum(map(len, titles.values()))} notebooks as slides: open {SLIDES / 'index.html'}")


def _page(file: Path, language: str, other: str | None) -> tuple[str, str]:
    """The title and the page of a notebook."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    title = _text(cells[0]).partition("\n")[0].lstrip("# ")
    words = WORDS[language]
    switch = f'<a href="../{other}/{file.stem}.html" lang="{other}">{words["other"]}</a>' if other else ""
    template = Template((HERE / "page.html").read_text("utf-8"))
    slides = "\n".join(_slides(cells, words))
    return title, template.substitute(
        lang=language, title=html.escape(title), slides=slides, all=words["all"], switch=switch
    )


def _index(titles: dict[str, list[tuple[str, str]]]) -> str:
    """The page that leads to all slides."""
    lists = "".join(
        f'<ul lang="{language}">'
        + "".join(f'<li><a href="{name}">{html.escape(title)}</a></li>' for name, title in entries)
        + "</ul>"
        for language, entries in titles.items()
    )
    return Template((HERE / "index.html").read_text("utf-8")).substitute(lists=lists)


def _slides(cells: list[dict[str, Any]], words: dict[str, str]) -> Iterator[str]:
    """The sections of reveal.js: one for each slide, and in it one for each slide below it."""
    columns: list[list[list[dict[str, Any]]]] = []
    for cell in cells:
        kind = cell["metadata"].get("slideshow", {}).get("slide_type", "-")
        if kind == "skip":
            continue
        if kind == "slide" or not columns:
            columns.append([[]])
        elif kind == "subslide":
            columns[-1].append([])
        columns[-1][-1].append(cell)
    for column in columns:
        yield f"<section>{''.join(_slide(cells, words) for cells in column)}</section>"


def _slide(cells: list[dict[str, Any]], words: dict[str, str]) -> str:
    """What is said on the left, with folded code below it; on the right, what is run and shown."""
    said, shown, notes = [], [], []
    for cell in cells:
        if cell["metadata"].get("slideshow", {}).get("slide_type") == "notes":
            notes.append(_said(cell))
        elif cell["cell_type"] == "markdown":
            said.append(_said(cell))
        else:
            code, outputs = _run(cell, words)
            (said if said and code.startswith("<details") else shown).append(code)
            shown.append(outputs)
    parts = [f'<div class="said">{"".join(said)}</div>'] if said else []
    parts += [f'<div class="shown">{"".join(shown)}</div>'] if shown else []
    aside = f'<aside class="notes">{"".join(notes)}</aside>' if notes else ""
    both = " both" if said and shown else " long" * (sum(map(len, said)) > LONG)
    return f'<section><div class="slide{both}">{"".join(parts)}</div>{aside}</section>'


MARKDOWN = (
    MarkdownIt("commonmark", {"html": True})
    .enable("table")
    .use(dollarmath_plugin, renderer=lambda tex, how: _formula(tex, display=how["display_mode"]))
    .use(amsmath_plugin, renderer=lambda tex: _formula(tex, display=True))
)


def _formula(tex: str, *, display: bool) -> str:
    """A formula as MathJax finds it."""
    text = html.escape(tex)
    return f"\\[{text}\\]" if display else f"\\({text}\\)"


def _said(cell: dict[str, Any]) -> str:
    """A text cell; its links to files of the repository become words, because slides are carried elsewhere."""
    text = MARKDOWN.render(_text(cell))
    return re.sub(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', r"\1", text, flags=re.DOTALL)


def _run(cell: dict[str, Any], words: dict[str, str]) -> tuple[str, str]:
    """The code of a cell, folded where the picture is what is to be seen, and its outputs."""
    code = _text(cell)
    outputs = "".join(_output(output, words) for output in cell["outputs"])
    text = highlight(code, PythonLexer(), HtmlFormatter())
    is_long = outputs and code.count("\n") >= FOLDED_ABOVE
    if is_long or "<img" in outputs or "<iframe" in outputs:
        text = f"<details><summary>{words['code']}</summary>{text}</details>"
    return text, outputs


def _output(output: dict[str, Any], words: dict[str, str]) -> str:
    """An output in the best of its formats."""
    if output["output_type"] == "stream":
        return _printed(_joined(output["text"]))
    data = output["data"]
    kind = next(kind for kind in FORMATS if kind in data)
    content = _joined(data[kind])
    if kind.startswith("image/"):
        alt = html.escape(output["metadata"].get("image/png", {}).get("alt", words["plot"]))
        coded = content.strip() if kind == "image/png" else b64encode(content.encode()).decode()
        return f'<figure><img alt="{alt}" src="data:{kind};base64,{coded}"></figure>'
    if kind in ("text/latex", "text/markdown"):
        return f'<div class="formula">{MARKDOWN.render(content)}</div>'
    return content if kind == "text/html" else _printed(content)


def _printed(text: str) -> str:
    """Printed lines; those without columns may be broken."""
    prose = "" if re.search(r"\S {2,}", text) else " prose"
    return f'<pre class="printed{prose}">{html.escape(text)}</pre>'


def _text(cell: dict[str, Any]) -> str:
    return _joined(cell["source"])


def _joined(lines: str | list[str]) -> str:
    """A text that a notebook may hold as a list of lines."""
    return lines if isinstance(lines, str) else "".join(lines)


if __name__ == "__main__":
    main()
