"""Pictures: what a graph's drawing says, on a machine without `dot`, and what labels cannot do to it."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from limits import within

from autograd import Value, tanh, weighted_sum
from autograd.drawing import draw


def lecture():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return e


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter() if element.tag.endswith("}text")]  # noqa: S314 — our own


def nodes_and_edges(svg):
    return len(re.findall('class="node"', svg)), len(re.findall('class="edge"', svg))


def test_a_drawing_has_every_node_and_the_local_derivative_on_every_edge():
    svg = draw(lecture()).svg()
    assert nodes_and_edges(svg) == (6, 6)
    shown = [text.strip() for text in texts(svg)]
    assert sorted(shown).count("1") == 4  # a→c, b→c, b→d, 1→d
    assert {"a", "b", "c", "d", "e", "×", "+", "2", "3"} <= set(shown)


def test_gradients_show_once_they_are_computed():
    e = lecture()
    assert not any("grad" in text for text in texts(draw(e).svg()))
    e.backward()
    shown = texts(draw(e).svg())
    assert {"grad 2", "grad 5", "grad 3", "grad 1"} <= set(shown)


def test_parallel_edges_show_one_derivative_each():
    x = Value(3.0, "x")
    svg = draw(x * x).svg()
    assert nodes_and_edges(svg) == (2, 2)
    assert [text.strip() for text in texts(svg)].count("3") == 2


def test_a_weighted_sum_reads_as_the_decks_weightsum():
    y = tanh(weighted_sum([Value(0.5, "w1")], [Value(2.0, "x1")], Value(0.1, "b")))
    assert {"Weightsum", "tanh", "w1", "x1", "b"} <= set(texts(draw(y).svg()))


def test_subtraction_and_division_draw_as_single_operations():
    x, y = Value(1.0, "x"), Value(4.0, "y")
    assert nodes_and_edges(draw(x - y).svg()) == (3, 2)
    assert "÷" in texts(draw(x / y).svg())


def test_numbers_are_short():
    assert "data 0.3" in texts(draw(Value(0.1) + 0.2).svg())


LABELS = [
    '"quoted"',
    "{a|b}",
    "back\\slash\\n",
    "<script>alert(1)</script>",
    "a & b &amp; &lt;",
    "two\nlines\r\tand a tab",
    "한글 가중치",
    "🙂 emoji",
    "]]> --> <!--",
    "\x00\x07\x1b\ud800 control",
    "%s \\N \\G ${x}",
    "<b>bold</b>",
]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_comes_out_as_text_and_as_nothing_else(label, capfd):
    drawing = draw(Value(1.0, label) * 2.0)
    svg = drawing.svg()
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 — our own
    assert tags <= {"svg", "g", "title", "polygon", "text", "path", "ellipse"}
    expected = " ".join("".join(c if c.isprintable() else " " for c in label).split())
    assert expected.replace(" ", "") in "".join(texts(svg)).replace(" ", "").replace("\u00a0", "")
    assert capfd.readouterr() == ("", "")


def test_a_long_label_is_cut():
    assert any(text.startswith("xxxx") and text.endswith("…") for text in texts(draw(Value(1.0, "x" * 1000)).svg()))


def test_the_same_graph_gives_the_same_bytes():
    program = (
        "import sys\n"
        "from autograd import *\nfrom autograd.drawing import draw\n"
        "a, b = Value(2, 'a'), Value(1, 'b')\n"
        "sys.stdout.write(draw((a + b) * tanh(b + 1)).svg())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in "01"
    }
    assert len(runs) == 1
    assert b"<svg" in runs.pop()


def test_a_drawing_scales_to_its_page_and_shows_itself_in_a_notebook():
    drawing = draw(Value(1.0, "x"))
    assert "max-width: 100%" in drawing.svg()
    assert drawing._repr_svg_() == drawing.svg()  # it fits on any page as it is


def test_a_notebook_shows_a_wide_picture_in_the_width_that_it_has():
    x = Value(1, "x")
    for _ in range(12):
        x = x.tanh()
    head = draw(x)._repr_svg_().partition(">")[0]
    assert 'width="100%" viewBox="0.00 0.00 ' in head
    assert "pt" not in head


def test_a_notebook_shows_a_middling_picture_on_a_page_so_that_it_is_neither_cut_nor_enlarged():
    drawing = draw(lecture())
    own = float(re.search(r'width="([\d.]+)pt"', drawing.svg())[1])
    shown = re.search(r'width="100%" viewBox="0.00 0.00 ([\d.]+) ([\d.]+)"', drawing._repr_svg_())
    assert own < float(shown[1]) == 660
    assert f'height="{float(shown[2]):.0f}pt"' in drawing.svg()


def test_text_has_the_width_that_the_picture_is_laid_out_for_whatever_font_shows_it():
    svg = draw(Value(2.0, "Ww i")).svg()
    # Adobe's metrics of Helvetica: W 944, w 722, space 278, i 222 thousandths of 12 points
    assert 'textLength="25.99" lengthAdjust="spacingAndGlyphs">Ww i</text>' in svg
    assert "textLength" not in draw(Value(2.0, "한국어")).svg().partition("한국어")[0].rpartition("<text")[2]


def test_a_drawing_is_saved_by_its_ending(tmp_path):
    drawing = draw(lecture())
    assert drawing.save(tmp_path / "e.svg").read_text(encoding="utf-8") == drawing.svg()
    assert drawing.save(str(tmp_path / "e.dot")).read_text(encoding="utf-8") == drawing.dot
    for name in ("e.pdf", "e"):
        with pytest.raises(ValueError, match=r"saved as \.svg, \.png or \.dot, not as"):
            drawing.save(tmp_path / name)


def test_a_large_graph_is_refused_at_once():
    program = """
from autograd import Value
from autograd.drawing import draw
node = Value(1.0)
for _ in range(3_000):
    node = node + 1
try:
    draw(node)
except ValueError as refused:
    print(refused)
"""
    assert "the graph has 6,001 nodes" in within(60, program).stdout


def test_infinities_and_nan_are_drawn():
    x = Value(0.0, "x")
    y = x.log() * x
    y.backward()
    assert {"data −inf", "data nan", "grad nan"} <= set(texts(draw(y).svg()))


def test_what_is_not_a_value_is_refused():
    with pytest.raises(TypeError, match="a Value is needed, not float"):
        draw(3.0)
