"""The gallery: each row of the lecture has a picture, and the lines that the page lists make it."""

# ruff: noqa: E402 — imports that follow the check whether matplotlib is there

import re

import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import gallery

from autograd.drawing import Drawing, Stepper

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module")
def results():
    return list(gallery.results(gallery.PAGE.read_text(encoding="utf-8")))


def test_the_gallery_has_all_twenty_two_rows_each_with_one_or_two_lines():
    page = gallery.PAGE.read_text(encoding="utf-8")
    assert [int(row) for row in re.findall(r"^## (\d+)\. ", page, re.MULTILINE)] == list(range(1, 23))
    for section in re.split(r"^## \d+\. ", page, flags=re.MULTILINE)[1:]:
        assert gallery.blocks(section)
    assert all(len(lines) <= 2 for lines in gallery.blocks(page)[1:])


def test_each_of_the_gallerys_lines_makes_a_picture_or_a_page(results):
    assert len(results) >= 22
    for lines, result in results:
        for picture in result if isinstance(result, list | tuple) else [result]:
            drawn = isinstance(picture, Drawing | Stepper) or getattr(picture, "figure", None) is not None
            assert drawn, lines
            if isinstance(picture, Drawing):
                assert picture.svg().startswith("<svg")


def test_the_page_shows_the_picture_of_each_drawing(results):
    page = gallery.PAGE.read_text(encoding="utf-8")
    shown = dict(re.findall(r"\n!\[(.*)\]\(pictures/(\d+\.svg)\)\n", page))
    files = {path.name: path for path in gallery.PICTURES.iterdir()}
    assert len(files) == sum(isinstance(result, Drawing) for _, result in results) == page.count("](pictures/")
    assert {*files} == {*re.findall(r"\(pictures/(\d+\.svg)\)", page)} >= {*shown.values()}
    assert sum(path.stat().st_size for path in files.values()) <= 350_000


def test_the_gallerys_pictures_are_up_to_date(results):
    for k, (lines, result) in enumerate(results, start=1):
        if isinstance(result, Drawing):
            text = (gallery.PICTURES / f"{k:02}.svg").read_text(encoding="utf-8")
            assert result.svg() == text, f"run python tests/tools/gallery.py: {lines}"
