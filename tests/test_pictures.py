"""Pictures that show a sweep, a path, or a model by its parts."""

import re
import xml.etree.ElementTree as ET

import pytest
from limits import within

import nn
from autograd import Value, paths, tanh, total
from autograd.drawing import draw


def lecture():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, c, d, e


def texts(drawing):
    return [element.text.strip() for element in ET.fromstring(drawing.svg()).iter() if element.tag.endswith("}text")]  # noqa: S314 — our own


def thick_edges(drawing):
    return {re.search(r'id="(e\w+)"', line)[1] for line in drawing.dot.splitlines() if "penwidth=3" in line}


def boxes(drawing):
    return len(re.findall(r'^  n\d+ \[id="n', drawing.dot, re.MULTILINE))


def test_reverse_mode_shows_the_outputs_derivative_in_each_node_and_spares_grad():
    *_, e = lecture()
    a, b = e.parents[0].parents
    shown = texts(draw(e, mode="reverse"))
    assert {"∂e/∂a = 2", "∂e/∂b = 5", "∂e/∂c = 2", "∂e/∂d = 3", "∂e/∂e = 1"} <= set(shown)  # the lecture's numbers
    assert not any(node.has_grad for node in (a, b, e))


def test_forward_mode_shows_each_nodes_derivative():
    a, b, *_, e = lecture()
    shown = texts(draw(e, mode="forward", wrt=b))
    assert {"∂a/∂b = 0", "∂b/∂b = 1", "∂c/∂b = 1", "∂d/∂b = 1", "∂e/∂b = 5", "not reached"} <= set(shown)
    assert "∂e/∂a = 2" in texts(draw(e, mode="forward", wrt=a))


def test_the_legend_tells_signs_and_sizes():
    x, y = Value(2.0, "x"), Value(-10.0, "y")
    shown = texts(draw(x * y, mode="reverse"))  # the derivatives are −10, 2 and 1
    assert {"below −5", "below −1", "below 0", "0", "above 0", "above 1", "above 5"} <= set(shown)


@pytest.mark.parametrize(
    "arguments", [{"mode": "sideways"}, {"mode": "forward"}, {"wrt": Value(1.0)}, {"collapse": "x"}]
)
def test_arguments_that_make_no_picture_are_refused(arguments):
    with pytest.raises(ValueError, match=r"mode|collapse"):
        draw(lecture()[-1], **arguments)


def test_a_gradient_that_was_not_computed_differs_from_0_where_others_are():
    *_, c, _, e = lecture()
    c.backward()
    assert {"grad –", "grad 1"} <= set(texts(draw(e)))
    assert not any("grad" in text for text in texts(draw(lecture()[-1])))


def test_a_highlighted_path_is_thick_and_of_parallel_edges_only_its_own():
    _, b, _, d, e = lecture()
    through_c, through_d = paths(e, b)
    assert thick_edges(draw(e, highlight=through_c)) == {"e2_1", "e5_0"}
    assert thick_edges(draw(e, highlight=through_d)) == thick_edges(draw(e, highlight=[b, d, e]))
    x = Value(3.0)
    y = x * x
    assert [thick_edges(draw(y, highlight=path)) for path in paths(y, x)] == [{"e1_0"}, {"e1_1"}]
    assert thick_edges(draw(y, highlight=[x, y])) == {"e1_0", "e1_1"}


def test_what_is_no_path_in_the_graph_is_refused():
    a, b, c, d, e = lecture()
    for wrong in ([a, d, e], [e, c], [Value(1.0), c], []):
        with pytest.raises(ValueError, match="highlight must"):
            draw(e, highlight=wrong)
    with pytest.raises(ValueError, match="highlight must be a path in this graph"):
        draw(c, highlight=paths(e, b)[0])


@pytest.fixture
def loss():
    model = nn.MLP(2, [16, 16, 1], tanh, seed=0)
    return nn.mean_squared_error(model([Value(1.0, "x1"), Value(-1.0, "x2")]), [1.0])


def test_a_model_by_layer_has_a_box_for_each_with_its_width(loss):
    shown = "".join(texts(draw(loss, collapse="layer")))
    for told in ("16 neurons · 48 parameters", "16 neurons · 272 parameters", "1 neuron · 17 parameters"):
        assert told in shown


def test_a_model_by_neuron_has_a_box_for_each(loss):
    loss.backward()
    drawing = draw(loss, collapse="neuron")
    shown = texts(drawing)
    assert sum(text.startswith("layer2.neuron") for text in shown) == 16
    assert boxes(drawing) == 2 + 33 + 4  # the inputs, the neurons, and −, square, mean with the constant of one


def test_a_batch_that_is_too_large_to_draw_is_drawn_by_layer():
    model = nn.MLP(2, [8, 1], seed=0)
    samples = [[i / 100, 1 - i / 100] for i in range(200)]
    loss = nn.mean_squared_error([model(sample)[0] for sample in samples], [0.5] * 200)
    with pytest.raises(ValueError, match='collapse="layer"'):
        draw(loss)
    drawing = draw(loss, collapse="layer")
    assert boxes(drawing) <= 6
    assert "used 200 times" in texts(drawing)


def test_a_graph_without_neurons_is_not_collapsed():
    with pytest.raises(ValueError, match="this graph has none"):
        draw(lecture()[-1], collapse="neuron")


def test_boxes_are_opened_one_by_one(loss):
    opened = texts(draw(loss, collapse="layer", expand=["layer1"]))
    assert sum(text.startswith("layer1.neuron") for text in opened) == 16
    assert any("272 parameters" in text for text in opened)
    neuron = draw(loss, collapse="layer", expand=["layer1.neuron2"])  # which opens its layer, too
    shown = texts(neuron)
    assert {"layer1.neuron2.w1", "layer1.neuron2.w2", "layer1.neuron2.b", "Weightsum", "tanh"} <= set(shown)
    assert sum("layer1.neuron" in text for text in shown) == 15 + 3
    assert boxes(neuron) == boxes(draw(loss, collapse="layer", expand=["layer1"])) - 1 + 5


def test_what_no_box_is_called_is_not_opened(loss):
    for collapse, known in (("layer", "layer1, layer2, layer3, layer1"), ("neuron", r"layer1\.neuron1, .*, …")):
        with pytest.raises(ValueError, match=f"expand must name boxes, got 'layer9'; the boxes are {known}"):
            draw(loss, collapse=collapse, expand=["layer1.neuron1", "layer9"])
    with pytest.raises(ValueError, match="expand needs collapse"):
        draw(loss, expand=["layer1"])
    with pytest.raises(TypeError, match="must be an ordered sequence"):
        draw(loss, collapse="layer", expand="layer1")


def test_a_hub_of_many_long_edges_is_drawn():
    chain = [Value(1.0, "x")]
    for _ in range(300):
        chain.append(tanh(chain[-1]))
    svg = draw(total(chain[1::2])).svg()
    assert svg.count('class="edge"') == 300 - 1 + 150


def test_a_graph_of_few_nodes_whose_edges_are_too_many_is_refused_at_once():
    # n edges go into the n-th node, so that k·(100 − k) run side by side behind the k-th: Σ k²·(100 − k)²
    program = """
from autograd import Value, total
from autograd.drawing import draw
nodes = [Value(1.0)]
while len(nodes) < 100:
    nodes.append(total(nodes))
try:
    draw(nodes[-1])
except ValueError as refused:
    print(refused)
"""
    assert re.search(r"got 333,333,330 in.*collapse", within(60, program).stdout)


def test_a_wide_picture_has_fewer_pixels_a_point():
    assert 2 * int(re.search(r'width="(\d+)pt"', draw(chain(300)).svg())[1]) > 20_000
    png = draw(chain(300)).png()
    assert int.from_bytes(png[16:20]) <= 8640


def chain(operations):
    node = Value(1.0)
    for _ in range(operations):
        node = tanh(node)
    return node


def test_a_png_is_one(tmp_path):
    drawing = draw(lecture()[-1], mode="reverse")
    assert drawing.png().startswith(b"\x89PNG\r\n\x1a\n")
    assert drawing.save(tmp_path / "e.png").read_bytes() == drawing.png() == drawing._repr_png_()
    assert draw(Value(1.0, "🙂") * 2.0)._repr_png_() is None  # its letters are only in the SVG


@pytest.mark.parametrize("label", ["</td>", '"', "\\N", "{|}", "<script>", "a\nb", "한글", "🙂", "&amp;"])
@pytest.mark.parametrize("arguments", [{"mode": "reverse"}, {"mode": "forward"}])
def test_labels_in_derivatives_and_legends_are_text(label, arguments):
    x = Value(1.0, label)
    y = x * 2.0
    y.label = label
    svg = draw(y, wrt=x if arguments["mode"] == "forward" else None, **arguments).svg()
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 — our own
    assert tags <= {"svg", "g", "title", "polygon", "text", "path", "ellipse"}


def test_a_constants_derivative_is_no_measure_for_the_colours_of_others():
    x = Value(-100.0, "x")
    y = x**3  # whose derivative by the exponent is nan
    picture = draw(y * 1, mode="reverse").dot
    assert "above 15000" in picture  # half of ∂/∂x's 30000
    assert ">nan<" not in picture


def test_a_forward_picture_is_with_respect_to_a_value():
    with pytest.raises(TypeError, match="draw's wrt must be a Value, got str"):
        draw(Value(1.0, "x").tanh(), mode="forward", wrt="x")
