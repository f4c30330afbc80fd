"""Build the site: prepare its sources in build/site, and let Sphinx make build/docs of them.

    python docs/site/build.py

The sources are laid out as in the repository, so that links between its pages lead to the same pages here. A link to a
file that is no page, such as a module, leads to a page that shows the file. Warnings are errors, so that a link to
nothing fails. MathJax is taken from npm while building; the site itself asks no network for anything.
"""

import html
import json
import re
import shutil
import sys
import time
from pathlib import Path

import npm
import operations
import pictures
import reference
from frames import without_language
from sphinx.cmd.build import main as sphinx

from autograd import Value, stepper

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCES = ROOT / "build" / "site"
SITE = ROOT / "build" / "docs"
PAGES = ("CHANGELOG.md", "CONTRIBUTING.md", "autograd/OPERATIONS.md", "notebooks/README.md")
NOT_PAGES = ("docs/package.md",)  # what a package index shows
MATHJAX = "mathjax@3.2.2"
LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^()\s#]+)(#[^()\s]*)?(?=\))")
LANGUAGES = {".py": "python", ".pyi": "python", ".json": "json", "": "text", ".js": "javascript"}


def main() -> None:
    """Build all, and say how long it took."""
    begun = time.perf_counter()
    for folder in (SOURCES, SITE):  # a page that was renamed would stay
        shutil.rmtree(folder, ignore_errors=True)
    pages = _pages()
    for place, text in list(pages.items()):
        pages |= _shown_files(place, text)
    for place, text in pages.items():
        _write(place, _with_links(place, text, pages))
    _static()
    shutil.copy(HERE / "conf.py", SOURCES)
    options = ["-q", "-W", "--keep-going", "-j", "auto", "-d", str(ROOT / "build" / "doctrees")]
    if status := sphinx([*options, str(SOURCES), str(SITE)]):
        sys.exit(status)
    for file in SITE.rglob("*.html"):
        file.write_text(_mended(file.read_text("utf-8")), "utf-8")
    print(f"{len(list(SITE.rglob('*.html')))} pages in {SITE}, built in {time.perf_counter() - begun:.0f} s")


def _pages() -> dict[str, str]:
    """The text of each page: Markdown, or a notebook."""
    files = [*ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/en/*.ipynb"), *ROOT.glob("notebooks/ko/*.ipynb")]
    places = [file.relative_to(ROOT).as_posix() for file in files]
    pages = {place: (ROOT / place).read_text("utf-8") for place in (*sorted(places), *PAGES) if place not in NOT_PAGES}
    pages["docs/gallery.md"] = pictures.with_plots(pages["docs/gallery.md"], SOURCES / "docs" / "plots")
    pages |= reference.pages() | {"reference/operations.md": operations.page()}
    index = (HERE / "index.md").read_text("utf-8")
    further = [page for page in pages if page.startswith("docs/") and f"\n{page[:-3]}\n" not in index]
    pages["index.md"] = index.replace("[[MORE]]", "\n".join(page[:-3] for page in further))
    notebooks = [place for place in pages if place.endswith(".ipynb")]
    pages["notebooks/README.md"] += _hidden_contents([place.removeprefix("notebooks/") for place in notebooks])
    pages["reference/operations.md"] += _hidden_contents(["As one table <../autograd/OPERATIONS>"])
    return pages


def _hidden_contents(entries: list[str]) -> str:
    return "\n".join(["", "```{toctree}", ":hidden:", *(entry.removesuffix(".ipynb") for entry in entries), "```", ""])


def _targets(place: str, text: str) -> set[str]:
    """The files of the repository to which a page links, or which it shows."""
    found = set()
    for link in LINK.finditer(text):
        target = (ROOT / place).parent.joinpath(link[1]).resolve()
        if target.is_relative_to(ROOT) and target.exists():
            found.add(target.relative_to(ROOT).as_posix())
    return found


def _shown_files(place: str, text: str) -> dict[str, str]:
    """A page for each file that isn't one and to which this page links."""
    shown = {}
    for target in _targets(place, text):
        file = ROOT / target
        if file.is_dir():
            names = "\n".join(f"- `{entry.name}`" for entry in sorted(file.iterdir()) if not entry.name.startswith("_"))
            shown[f"files/{target}.md"] = f"---\norphan: true\n---\n\n# {target}\n\n{names}\n"
        elif file.suffix in LANGUAGES:
            code = file.read_text("utf-8").rstrip()
            fence = "`" * 8
            shown[f"files/{target}.md"] = (
                f"---\norphan: true\n---\n\n# {target}\n\n{fence}{LANGUAGES[file.suffix]}\n{code}\n{fence}\n"
            )
    return shown


def _with_links(place: str, text: str, pages: dict[str, str]) -> str:
    """The page with links that lead to pages: README is the start page, and a file's page stands under files/."""

    def link(match: re.Match[str]) -> str:
        target = (ROOT / place).parent.joinpath(match[1]).resolve()
        if not target.is_relative_to(ROOT) or place.startswith("files/"):
            return match[0]
        name = target.relative_to(ROOT).as_posix()
        up = "../" * place.count("/")
        if name == "README.md":
            return f"{up}index.md"
        if f"files/{name}.md" in pages:
            return f"{up}files/{name}.md"
        return match[0]

    if not place.endswith(".ipynb"):
        return LINK.sub(link, text)
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = LINK.sub(link, "".join(cell["source"]))
    return json.dumps(notebook)


def _write(place: str, text: str) -> None:
    file = SOURCES / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    for target in _targets(place, text):
        if target.endswith((".svg", ".png")):
            (SOURCES / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / target, SOURCES / target)


def _static() -> None:
    """Style, the page of the stepper, and MathJax."""
    static = SOURCES / "_static"
    shutil.copytree(HERE / "static", static)
    a, b = Value(2, "a"), Value(1, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    page = stepper(e)
    page.save(static / "stepper.html")
    index = SOURCES / "index.md"
    text = (
        index.read_text("utf-8").replace("[[HEIGHT]]", str(page.height)).replace("[[PAGE]]", html.escape(page.html()))
    )
    index.write_text(text, "utf-8")
    mathjax = npm.folder_of(MATHJAX)
    if mathjax is None:
        print("There is no npm that could bring MathJax: formulas are shown as TeX, and the pages say so.")
        (static / "without_mathjax.js").rename(static / "mathjax.js")
    else:
        shutil.copy(mathjax / "es5/tex-svg-full.js", static / "mathjax.js")


MENDED = (  # what the theme's HTML and that of notebooks lack for screen readers and in this site's column
    (re.compile(r'<p class="caption" role="heading">'), '<p class="caption" role="heading" aria-level="2">'),
    (re.compile(r'<aside class="sidebar-drawer">'), '<aside class="sidebar-drawer" aria-label="Pages">'),
    (re.compile(r'<aside class="toc-drawer'), '<aside aria-label="On this page" class="toc-drawer'),
    (re.compile(r'<th class="head( stub)?"><p></p></th>'), "<td></td>"),  # a corner of a table heads nothing
    (re.compile(r'(?=<div id="search-results">)'), "<h1>Search</h1>"),
    (re.compile(r"<code>"), '<code class="docutils literal">'),  # written as HTML, because | would end a table's cell
    (re.compile(r"\s*\n</pre>"), "\n</pre>"),  # a doctest ends with an empty line
    (  # site.js makes a live page's frame as high as the page is in this column
        re.compile(r'<iframe (title="[^"]*") sandbox="[^"]*" width="100%" height="(\d+)" style="[^"]*"'),
        r'<iframe class="live" \1 height="\2"',
    ),
)
PARAMETERS = re.compile(r'<dl>\s*(<dd><em class="sig-param.*?)</dl>', re.DOTALL)


def _mended(page: str) -> str:
    """The page with the names and levels that it lacked, and with parameters that are no definitions without terms."""
    for pattern, better in MENDED:
        page = pattern.sub(better, page)

    def parameters(match: re.Match[str]) -> str:
        lines = match[1].replace("<dd>", '<span class="parameter">').replace("</dd>", "</span>")
        return f'<span class="parameters">{lines}</span>'

    return without_language(PARAMETERS.sub(parameters, page))


if __name__ == "__main__":
    main()
