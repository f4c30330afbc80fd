"""Run the lines of docs/gallery.md, and draw the pictures that the page shows: python tests/tools/gallery.py."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "gallery.md"
PICTURES = PAGE.parent / "pictures"
BLOCK = r"```python\n(.*?)```\n"


def blocks(page):
    """The blocks of code of the page, each as its lines."""
    return [block.splitlines() for block in re.findall(BLOCK, page, re.DOTALL)]


def results(page):
    """(lines, the value of the last one) for each block, run one after another in one namespace."""
    names = {}
    for lines in blocks(page):
        *statements, last = lines
        if lines[0].startswith("import "):
            exec("\n".join(lines), names)  # noqa: S102 — the page is our own
            continue
        exec("\n".join(statements), names)  # noqa: S102
        yield lines, eval(last, names)  # noqa: S307
        names["plots"].pyplot().close("all")


def main():
    import matplotlib as mpl

    from autograd.drawing import Drawing

    mpl.use("Agg")
    page = PAGE.read_text(encoding="utf-8")
    page = re.sub(r"!\[[^]]*\]\(pictures/\d+\.svg\)\n\n", "", page)
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for k, (lines, result) in enumerate(results(page), start=1):
        if isinstance(result, Drawing):
            result.save(PICTURES / f"{k:02}.svg")
            code = "```python\n" + "\n".join(lines) + "\n```\n\n"
            alt = re.sub(r"[\[\]]", "", result.alt)
            page = page.replace(code, f"{code}![{alt}](pictures/{k:02}.svg)\n\n", 1)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
