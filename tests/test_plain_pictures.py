"""Pictures with formulas in the nodes and names on the edges, as the lecture draws them."""

import re
import xml.etree.ElementTree as ET
from itertools import product

import pytest

from autograd import Value, draw, paths, tanh, weighted_sum


def lecture():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, e


def texts(drawing):
    return [element.text.strip() for element in ET.fromstring(drawing.svg()).iter() if element.tag.endswith("}text")]  # noqa: S314 — our own


def nodes_and_edges(drawing):
    svg = drawing.svg()
    return len(re.findall('class="node"', svg)), len(re.findall('class="edge"', svg))


def nine_paths(make):
    X = Value(1.0, "X")
    Y = make([Value(k, name) for k, name in enumerate("αβγ", start=1)], X)
    Y.label = "Y"
    Z = make([Value(k, name) for k, name in enumerate("δεζ", start=4)], Y)
    Z.label = "Z"
    return X, Z


SUMS = {
    "one node": lambda factors, x: weighted_sum(factors, [x] * len(factors)),
    "products added": lambda factors, x: factors[0] * x + x * factors[1] + factors[2] * x,
}


def test_the_lectures_first_figure_has_formulas_alone():
    picture = draw(lecture()[-1], formulas=True, numbers=False, edges="nothing")
    assert sorted(texts(picture)) == ["a", "b", "c = a + b", "d = b + 1", "e = c·d"]
    assert nodes_and_edges(picture) == (5, 5)  # the constant 1 is in a formula
    assert picture.alt == "Graph of e from a, b: 5 nodes, 5 edges"


def test_a_plain_picture_has_no_derivatives_after_a_sweep_either():
    *_, e = lecture()
    e.backward()
    assert not any("grad" in text for text in texts(draw(e, edges="nothing")))
    assert {"data 6", "data 3"} <= set(texts(draw(e, edges="nothing")))
    assert {"grad 5", "e = c·d"} <= set(texts(draw(e, formulas=True)))


def test_formulas_stand_beside_the_derivatives_that_a_mode_asks_for():
    shown = texts(draw(lecture()[-1], formulas=True, numbers=False, edges="nothing", mode="reverse"))
    assert {"c = a + b", "∂e/∂b = 5"} <= set(shown)
    assert not any("data" in text for text in shown)


def test_formulas_write_sums_out_and_name_functions():
    w, x, b = Value(0.5, "w"), Value(-2.0, "x"), Value(0.1, "b")
    s = weighted_sum([w], [x], b)
    s.label = "s"
    y = tanh(s) - 3 * x**2
    shown = set(texts(draw(y, formulas=True)))
    assert {"s = w·x + b", "v₁ = tanh(s)", "v₂ = x²", "v₃ = 3·v₂", "v₄ = v₁ − v₃"} <= shown


def test_a_long_sum_is_shortened_in_its_formula():
    xs = [Value(k, f"x{k}") for k in range(1, 10)]
    s = weighted_sum([Value(0.5)] * 9, xs, Value(1.0, "b"))
    assert "v₁ = 0.5·x₁ + 0.5·x₂ + … + b" in texts(draw(s, formulas=True))


@pytest.mark.parametrize("make", SUMS.values(), ids=SUMS)
def test_nine_paths_are_three_nodes_with_names_on_six_edges(make):
    X, Z = nine_paths(make)
    picture = draw(Z, edges="names", numbers=False)
    assert nodes_and_edges(picture) == (3, 6)
    assert sorted(texts(picture)) == sorted("XYZαβγδεζ")
    assert "on the edges: α, β, γ, δ, ε, ζ" in picture.alt
    assert len(paths(Z, X)) == 9  # the graph itself is as it was


def test_a_leaf_that_does_more_than_carry_a_name_is_drawn():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    picture = draw(w * x + w, edges="names")
    assert {"w", "x"} <= set(texts(picture))
    assert nodes_and_edges(draw(w * x, edges="names")) == (2, 1)


def test_the_node_that_is_asked_about_is_drawn_though_it_carries_a_name():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = weighted_sum([w], [x], 1.0)
    assert "∂y/∂w = 2" not in texts(draw(y, edges="names"))
    assert any(text.endswith("/∂w = 2") for text in texts(draw(y, edges="names", mode="forward", wrt=w)))
    assert "w" in texts(draw(y, edges="names", highlight=[w, y]))


@pytest.mark.parametrize("label", ["\\N", "<b>", "]]>", '"', "한", "x" * 500, "\n"])
@pytest.mark.parametrize(("formulas", "edges"), [*product([False, True], ["names", "nothing"])])
def test_labels_in_formulas_and_on_edges_are_text(label, formulas, edges):
    w, x = Value(0.5, label), Value(2.0, label)
    y = tanh(weighted_sum([w, x], [x, x * w], Value(1.0, label)))
    ET.fromstring(draw(y, formulas=formulas, edges=edges).svg())  # noqa: S314 — our own


@pytest.mark.parametrize("arguments", [{"edges": "name"}, {"edges": "names", "collapse": "layer"}, {"edges": False}])
def test_what_cannot_stand_on_edges_is_refused(arguments):
    with pytest.raises(ValueError, match="edges"):
        draw(lecture()[-1], **arguments)
