"""Labels are users' text: whatever they hold, every function takes them, and nothing they say is obeyed."""

import re
import xml.etree.ElementTree as ET

import pytest

from autograd import Value, explain, paths, steps, tanh, weighted_sum
from autograd.drawing import draw, stepper

LABELS = [
    "\"quoted\" 'single'",
    "{a|b} }{",
    "back\\slash\\n \\N\\G",
    "\\",
    "\\input{x}\\end{aligned}",
    "<script>alert(1)</script>",
    "</td></table>>",
    "-->]]><!--",
    "&lt;&#60;",
    "$x$ $$ \\(y\\) %",
    "^_~#",
    "한글 가중치",
    "🙂👩\u200d👩\u200d👧",
    "two\nlines\r\n\u2028and a\ttab",
    "nul\x00",
    "lone \ud800 surrogates \udfff",
    "right \u202e to left",
    "  ",
    "x" * 10_000,
    "{" * 10_000,
    "[[DATA]]",
    "1",
    "v₁",
]
DRAWN = {"svg", "g", "title", "polygon", "text", "path", "ellipse", "polyline"}


def graph(label):
    """x has the label, and y, computed from it twice, has none."""
    x, w = Value(2.0, label), Value(-1.0, "w")
    y = tanh(weighted_sum([w, x], [x, w])) * x
    return x, y


def harmless(text):
    assert text.isprintable() or not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", text)
    text.encode()


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_a_label_is_drawn_as_text(label, tmp_path, capfd):
    x, y = graph(label)
    for drawing in (
        draw(y),
        draw(y, mode="reverse"),
        draw(y, mode="forward", wrt=x),
        draw(y, highlight=paths(y, x)[0]),
    ):
        svg = drawing.svg()
        harmless(svg)
        harmless(drawing.dot)
        assert {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()} <= DRAWN  # noqa: S314 — our own
        assert svg.count('class="node"') == 6
    for ending in ("svg", "dot", "png"):
        assert draw(y).save(tmp_path / f"picture.{ending}").stat().st_size > 100
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_a_label_is_explained_as_text(label):
    x, y = graph(label)
    found = explain(y, x)
    harmless(found.text)
    harmless(found.latex)
    assert len(found.text.replace("\n    = ", "").splitlines()) in {4, 5}
    assert len(found.latex.replace("&= ", "").split("\n& ")) in {4, 5}  # a label that is no name has a line
    bare = re.sub(r"\\(?:left|right)?[{}$%#&_]", "", found.latex)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[$%#<>]|\\(?:input|end\{a.*\\end)", bare.replace("\n", ""))
    for path in paths(y, x):
        harmless(str(path))
    for step in steps(y):
        harmless(step.text)
        assert len(step.text.splitlines()) == 1
        assert len(step.text) < 400
    assert all(len(line) < 2_000 for line in found.text.splitlines())


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_a_label_is_text_in_the_page_that_steps(label):
    page = stepper(graph(label)[1]).html()
    harmless(page)
    assert page.count("<script") == page.count("</script>") == 2
    assert page.count("<svg") == page.count("</svg>") == 1
