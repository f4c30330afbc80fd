"""Pictures: what a graph's drawing says, on a machine without `dot`, and what labels cannot do to it."""

import base64
import html
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from limits import within
from PIL import Image

import nn
from autograd import Value, paths, sigmoid, tanh, total, weighted_sum
from autograd.drawing import draw, render


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


def chain(operations):
    x = Value(1, "x")
    for _ in range(operations):
        x = x.tanh()
    return x


def smallest_type(svg):
    """In points, which are the units of the picture's own system of coordinates."""
    return min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg))


@pytest.mark.parametrize("operations", [1, 2, 3, 4, 5, 6, 12, 40])
def test_a_notebook_shows_no_type_below_9_pixels_and_no_picture_larger_than_on_paper(operations):
    svg = draw(chain(operations) * 2)._repr_svg_()
    attributes = ET.fromstring(svg).attrib  # noqa: S314 — our own
    *_, units, high = map(float, attributes["viewBox"].split())
    least = re.match(r"min-width: (\d+)px; max-width: 100%; height: auto$", attributes["style"])
    assert float(least[1]) * smallest_type(svg) / units >= 9
    assert units <= float(attributes["width"]) <= units * 4 / 3 + 1
    assert float(attributes["width"]) <= max(660, units)
    assert float(attributes["width"]) / float(attributes["height"]) == pytest.approx(units / high, rel=0.01)


def test_a_notebook_is_told_to_show_a_picture_in_its_own_width_with_its_text():
    drawing = draw(chain(12))
    data, about = drawing._repr_mimebundle_(include=None, exclude=None)
    assert data["image/svg+xml"] == drawing._repr_svg_()
    assert base64.b64decode(data["image/png"]) == drawing._repr_png_()
    assert about["image/svg+xml"] == {"alt": drawing.alt, "unconfined": True}
    width = float(ET.fromstring(data["image/svg+xml"]).attrib["width"])  # noqa: S314 — our own
    assert about["image/png"] == {"alt": drawing.alt, "unconfined": True, "width": width}
    others = draw(Value(1.0, "字"))._repr_mimebundle_()
    assert [part.keys() for part in others] == [{"image/svg+xml"}] * 2  # its letters are only in the SVG


@pytest.fixture(scope="module")
def network():
    """The 2-2-2 network of the lecture, and its loss."""
    model = nn.MLP(2, [2, 2], sigmoid, seed=0)
    return nn.half_squared_error(model([Value(0.05, "x1"), Value(0.1, "x2")]), [0.01, 0.99])


@pytest.mark.parametrize("width", [1000, 700, 400])
@pytest.mark.parametrize("place", ["inline", "image", "exported"])
def test_a_picture_scrolls_where_a_notebook_is_too_narrow_for_it(browser, network, place, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.route(re.compile("^https?:"), lambda route: route.abort())
    drawing = draw(network)
    svg = drawing._repr_svg_()
    if place == "exported":
        import nbformat  # it takes seconds, for one test
        from nbconvert import HTMLExporter

        data, metadata = drawing._repr_mimebundle_()
        output = nbformat.v4.new_output("display_data", data, metadata=metadata)
        cell = nbformat.v4.new_code_cell("draw(loss)", outputs=[output])
        text, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    else:
        data = f'<img src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'
        text = f'<!DOCTYPE html><div style="overflow: auto">{svg if place == "inline" else data}</div>'
    page.set_content(text, wait_until="domcontentloaded")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    shown, room, least = page.evaluate(
        """() => {
          const picture = document.querySelector('svg[role="img"], img[src*="svg"]');
          let box = picture.parentElement;
          while (box && !(box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto"))
            box = box.parentElement;
          return [picture.getBoundingClientRect().width, box?.clientWidth, document.documentElement.scrollWidth];
        }"""
    )
    units = float(re.search(r'viewBox="0.00 0.00 ([\d.]+)', svg)[1])
    assert shown * smallest_type(svg) / units >= 9
    assert room < shown  # in a box that scrolls
    assert least <= width  # and the page doesn't
    page.close()


# What everybody sees


def modes():
    a, b = Value(2.0, "a"), Value(-1.0, "b")
    c, d = a + b, b * 1e-3
    e = (c * d).relu() * Value(float("inf"), "weight of the loss") * 2
    e.label = "e"
    through = paths(e, b)[0]
    yield draw(e)
    yield draw(e, mode="reverse")
    yield draw(c * d, mode="reverse")
    yield draw(e, mode="forward", wrt=a)
    yield draw(e, mode="forward", wrt=a, highlight=through)
    yield draw(e, highlight=through)
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    loss = nn.mean_squared_error(model([a, b]), [1.0])
    yield draw(loss, collapse="layer", mode="reverse")
    yield draw(loss, collapse="neuron", expand=["layer1.neuron1"])


MODES = list(modes())


def points_of(element):
    pairs = [pair.split(",") for pair in element.attrib["points"].split()]
    return [float(x) for x, _ in pairs], [float(y) for _, y in pairs]


def painted(svg):
    """Each text with the colour that is behind it, and its cell, as left and right; without a cell on the paper."""
    paper, behind, cell = None, None, None
    for element in ET.fromstring(svg).iter():  # noqa: S314 — our own
        kind = element.tag.rpartition("}")[2]
        if kind == "g":
            behind, cell = paper, None
        elif kind == "polygon" and element.attrib["fill"] != "none":
            behind = element.attrib["fill"]
            paper = paper or behind
        elif kind == "polygon":
            across, _ = points_of(element)
            cell = min(across), max(across)
        elif kind == "text":
            yield element, paper if cell is None else behind, cell


def contrast(one, other):
    """The ratio of WCAG 2: (L₁ + 0.05)/(L₂ + 0.05), L being the relative luminance."""

    def luminance(color):
        digits = {"black": "000000", "white": "ffffff"}.get(color, color.lstrip("#"))
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("drawing", MODES)
def test_a_picture_is_on_white_paper_of_its_own(drawing):
    root = ET.fromstring(drawing.svg())  # noqa: S314 — our own
    polygon = next(element for element in root.iter() if element.tag.endswith("}polygon"))
    assert polygon.attrib["fill"] == "white"
    *_, wide, high = map(float, root.attrib["viewBox"].split())
    across, down = points_of(polygon)
    assert max(across) - min(across) == pytest.approx(wide, abs=1)
    assert max(down) - min(down) == pytest.approx(high, abs=1)
    corner = Image.open(io.BytesIO(drawing.png())).convert("RGBA").getpixel((0, 0))
    assert corner == (255, 255, 255, 255)


@pytest.mark.parametrize("drawing", MODES)
def test_all_text_stands_out_from_what_is_behind_it(drawing):
    for text, color, _ in painted(drawing.svg()):
        assert contrast(text.attrib.get("fill", "black"), color) >= 4.5, (text.text, text.attrib, color)


@pytest.mark.parametrize("drawing", MODES)
def test_text_stays_in_its_cell_where_the_font_is_a_fifth_wider_than_helvetica(drawing):
    ends = {}
    for text, _, cell in painted(drawing.svg()):
        assert text.attrib["font-family"].startswith("Helvetica,Arial,")
        assert text.attrib["font-family"].endswith(",sans-serif")
        if cell is None:
            continue
        wide = 1.2 * float(text.attrib.get("textLength") or render.width(text.text))
        left = float(text.attrib["x"]) - {"start": 0, "middle": wide / 2, "end": wide}[text.attrib["text-anchor"]]
        assert cell[0] <= left, text.text
        assert left + wide <= cell[1], text.text
        line = cell, text.attrib["y"]
        assert ends.get(line, cell[0]) <= left + 0.02, text.text  # and it covers no other part of its line
        ends[line] = left + wide


def test_a_picture_tells_in_words_what_it_shows():
    e = lecture()
    b = e.parents[1].parents[0]
    graph = "Graph of e = 6 from a, b"
    assert [
        draw(e).alt,
        draw(e, mode="reverse").alt,
        draw(e, mode="forward", wrt=b).alt,
        draw(e, highlight=paths(e, b)[0]).alt,
        draw(Value(3.0, "x")).alt,
        draw(Value(3.0)).alt,
        draw(total([Value(1.0, f"x{i}") for i in range(9)])).alt,
    ] == [
        f"{graph}: 6 nodes, 6 edges",
        f"{graph}, with ∂e/∂node: 6 nodes, 6 edges",
        f"{graph}, with ∂node/∂b: 6 nodes, 6 edges",
        f"{graph}: 6 nodes, 6 edges; highlighted: b → c → e",
        "Graph of x = 3: 1 node, 0 edges",
        "Graph of 3: 1 node, 0 edges",
        "Graph of v₁ = 9 from x0, x1, x2, x3, x4, x5, …: 10 nodes, 9 edges",
    ]


@pytest.mark.parametrize("label", [*LABELS, "x"])
@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
def test_an_svg_is_an_image_with_a_label_for_who_does_not_see_it(label, mode):
    x = Value(1.0, label)
    drawing = draw(x * 2.0, mode=mode, wrt=x if mode == "forward" else None)
    for svg in (drawing.svg(), drawing._repr_svg_()):
        root = ET.fromstring(svg)  # noqa: S314 — our own
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"] == root[0].text == drawing.alt
        assert root[0].tag.endswith("}title")
    assert "<font" not in drawing.alt
    expected = " ".join("".join(c if c.isprintable() else " " for c in label).split())
    assert expected.replace(" ", "") in drawing.alt.replace(" ", "")


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
        with pytest.raises(ValueError, match=r"must end in \.svg, \.png or \.dot, got"):
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
    assert "the limit is 2,000 nodes, got a graph of 6,001" in within(60, program).stdout


def test_infinities_and_nan_are_drawn():
    x = Value(0.0, "x")
    y = x.log() * x
    y.backward()
    assert {"data −inf", "data nan", "grad nan"} <= set(texts(draw(y).svg()))


def test_what_is_not_a_value_is_refused():
    with pytest.raises(TypeError, match="must be a Value, got float"):
        draw(3.0)


# Sketches


def shown_texts(drawing):
    """The texts of the nodes and of the edges."""
    groups = re.findall(r'<g id="\w+" class="(node|edge)">(.*?)</g>', drawing.svg(), re.DOTALL)
    found = {"node": [], "edge": []}
    for kind, group in groups:
        found[kind] += [html.unescape(text).strip() for text in re.findall(r"<text[^>]*>([^<]*)", group)]
    return sorted(found["node"]), sorted(found["edge"])


def test_a_plain_graph_shows_formulas_and_no_numbers():
    a, b = Value(2, "a"), Value(1, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    assert shown_texts(draw(e, plain=True)) == (["1", "a", "b", "c = a + b", "d = b + 1", "e = c × d"], [])
    e.backward()
    assert "grad" not in draw(e, plain=True).svg()
    s = weighted_sum([a, b], [c, d])
    assert "v₁ = a·c + b·d" in shown_texts(draw(s, plain=True))[0]


def test_edges_without_derivatives_leave_the_nodes_as_they_are():
    a, b = Value(2, "a"), Value(1, "b")
    nodes, edges = shown_texts(draw(a * b))
    assert shown_texts(draw(a * b, edges="none")) == (nodes, [])
    assert edges == ["1", "2"]


def test_names_on_edges_leave_out_the_nodes_that_only_carry_them():
    α, β, γ, δ, ε, ζ = (Value(i + 1, label) for i, label in enumerate("αβγδεζ"))
    x = Value(1, "X")
    y = weighted_sum([α, β, γ], [x, x, x])
    z = weighted_sum([δ, ε, ζ], [y, y, y])
    y.label, z.label = "Y", "Z"
    drawing = draw(z, edges="names")
    assert shown_texts(drawing)[1] == ["α", "β", "γ", "δ", "ε", "ζ"]
    assert drawing.alt.endswith(": 3 nodes, 6 edges")
    product = α * x * y  # α is used twice now, so it stays
    assert "α" in " ".join(shown_texts(draw(product, edges="names"))[0])


@pytest.mark.parametrize("label", ["<b>", 'a"b', "\\N", "한국어", "]]>", "& amp"])
def test_a_hostile_name_on_an_edge_is_text(label):
    w, x = Value(2, label), Value(3, "x")
    s = weighted_sum([w], [x], Value(1, "b"))
    texts = shown_texts(draw(s, edges="names"))[1]
    assert sorted("".join(texts).replace("1", "")) == sorted(label)  # a backslash is a piece of its own


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"edges": "all"}, 'edges must be "numbers", "names" or "none", got \'all\''),
        ({"plain": True, "mode": "reverse"}, "plain=True must be without mode and collapse, got mode='reverse'"),
        ({"edges": "names", "collapse": "layer"}, "must be without mode and collapse, got collapse='layer'"),
    ],
)
def test_options_of_a_sketch_that_make_no_sense_are_refused(options, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        draw(Value(1.0, "x") * 2, **options)
