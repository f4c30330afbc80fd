"""Models drawn as networks: a circle for each neuron, a line for each weight, and what cannot be drawn."""

import copy
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import chain

import pytest
from PIL import Image

import nn
from autograd import Value, draw, relu, sigmoid, softmax, tanh
from autograd.drawing import Drawing
from nn.network import network_of

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing):
    return ET.fromstring(drawing.svg())  # noqa: S314 — our own


def texts(drawing):
    return [element.text for element in parsed(drawing).iter(f"{SVG}text")]


def lines(drawing):
    """What is written on each weight's line, and its colour and width."""
    paths = [path for path in parsed(drawing).iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    return {path.find(f"{SVG}title").text: (path.get("stroke"), float(path.get("stroke-width"))) for path in paths}


def circles(drawing):
    found = [circle.find(f"{SVG}title") for circle in parsed(drawing).iter(f"{SVG}circle")]
    return [title.text for title in found if title is not None]


def lecture():
    return nn.two_two_two([[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6], [0.7, 0.8]], biases=[0.1, -0.2, 0.0, 0.3])


def test_the_lectures_network_has_its_circles_its_names_and_its_biases_fixed_at_one():
    picture = draw(lecture())
    assert isinstance(picture, Drawing)
    names = {f"w{i}{j}".translate(str.maketrans("1234", "₁₂₃₄")) for i in range(1, 5) for j in (1, 2)}
    assert names | {"b₁", "b₂", "b₃", "b₄", "x₁", "x₂", "y₁", "y₂"} <= set(texts(picture))
    assert circles(picture).count("bias node, fixed at 1") == texts(picture).count("1") - 1 == 2  # and neuron 1
    assert [title for title in circles(picture) if "neuron" in title] == [f"neuron {k}, sigmoid" for k in range(1, 5)]


def test_a_line_is_blue_below_zero_orange_above_and_the_wider_the_larger():
    drawn = lines(draw(lecture()))
    assert len(drawn) == 12
    assert drawn["w₂₁ = −0.3"][0] == drawn["w₃₂ = −0.6"][0] != drawn["w₄₂ = 0.8"][0] == drawn["w₁₁ = 0.1"][0]
    assert drawn["w₁₁ = 0.1"][1] < drawn["w₂₁ = −0.3"][1] < drawn["w₃₂ = −0.6"][1] < drawn["w₄₂ = 0.8"][1]
    assert drawn["b₃ = 0"][0] not in {drawn["w₄₂ = 0.8"][0], drawn["w₂₁ = −0.3"][0]}


def test_after_a_sweep_each_circle_shows_the_delta_of_the_rule():
    model, x, y = lecture(), [1.0, 0.5], [1.0, 0.0]
    before = draw(model)
    assert not any("δ" in text for text in [*texts(before), *circles(before)])
    nn.half_squared_error(model(x), y).backward()
    shown = " ".join(circles(draw(model)))
    deltas = [float(text.replace("−", "-")) for text in re.findall("δ = ([−\\d.]+)", shown)]
    rule = [delta.by_rule for delta in chain(*nn.delta_rule(model, x, y).deltas)]
    assert deltas == pytest.approx(rule, rel=1e-5)
    assert "δ" in draw(model).alt
    assert draw(model, plain=True).svg() == before.svg()
    model.zero_grad()


def test_no_delta_is_shown_where_neurons_share_a_bias_because_its_gradient_is_a_sum():
    model = lecture()
    model.layers[0].neurons[1].bias = model.layers[0].neurons[0].bias
    nn.half_squared_error(model([1.0, 0.5]), [1.0, 0.0]).backward()
    shown = circles(draw(model))
    assert ["δ" in title for title in shown if title.startswith("neuron")] == [False, False, True, True]


def test_a_perceptron_has_a_step_and_its_weights_as_numbers_if_asked():
    gate = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
    assert {"w₀", "w₁", "w₂", "threshold", "y"} <= set(texts(draw(gate)))
    assert texts(draw(gate, edges="numbers")).count("−0.5") == 1
    (step,) = re.findall(r'<path d="(M[^"]+)" fill="none" stroke="#a3124f"', draw(gate).svg())
    assert len(set(re.findall(r"[-\d.]+", step)[1::2])) == 2  # two heights


def test_a_recurrent_network_has_a_loop_or_is_unrolled_with_the_same_weights():
    model = nn.Elman(2, 3, 1, seed=0)
    loops = draw(model)
    assert sum(text.startswith("u") for text in texts(loops)) == 9
    assert "loops: 3 × 3 weights u on the outputs of the step before" in texts(loops)
    steps = draw(model, unrolled=4)
    assert [text for text in texts(steps) if text.startswith("step")] == ["step 1", "step 2", "step 3", "step 4"]
    assert set(lines(steps)) == set(lines(loops))
    assert len(re.findall("<title>u₁₂ = ", steps.svg())) == 4
    assert steps.alt.endswith("unrolled over 4 steps, all with the same weights")


def test_few_weights_of_an_unrolled_network_are_named_in_each_step_and_many_in_none():
    steps = draw(nn.Elman(1, 2, 1, seed=0), unrolled=3)
    named = [text for text in texts(steps) if text[0] in "wub" and text[-1] in "₁₂₃"]
    names = ["w₁₁", "w₂₁", "b₁", "b₂", "u₁₁", "u₁₂", "u₂₁", "u₂₂", "w₃₁", "w₃₂", "b₃"]
    assert sorted(named) == sorted(3 * names)
    assert not any(text.startswith("u") for text in texts(draw(nn.Elman(2, 8, 1, seed=0), unrolled=3)))
    assert not any(text.startswith("u") for text in texts(draw(nn.Elman(1, 2, 1, seed=0), unrolled=3, edges="none")))


def test_a_recurrent_layer_alone_is_unrolled():
    assert texts(draw(nn.ElmanCell(1, 1, seed=0), unrolled=2)).count("u₁") == 2


@pytest.mark.parametrize("steps", [0, 13, -1, True, 2.0, "3"])
def test_the_number_of_unrolled_steps_is_checked(steps):
    with pytest.raises(ValueError, match="unrolled must be an int from 1 to 12"):
        draw(nn.ElmanCell(1, 2, seed=0), unrolled=steps)


@pytest.mark.parametrize(
    "model",
    [
        nn.MLP(1, [1], seed=0),
        nn.MLP(1, [1] * 200, tanh, seed=0),
        nn.MLP(500, [1], seed=0),
        nn.MLP(1, [500], seed=0),
        nn.MLP(2, [16, 16, 1], seed=0),
        nn.MLP(784, [128, 10], dropout=0.2, seed=0),
        nn.Neuron(3, None, seed=0),
        nn.Layer(2, 2, nn.Bernoulli, seed=0),
        nn.Perceptron(40),
        nn.ElmanCell(1, 1, seed=0),
        nn.Elman(3, 40, 2, seed=0),
        nn.Sequential(nn.Dropout(0.1), nn.Layer(2, 3, None, seed=0), tanh, nn.Layer(3, 2, seed=0), softmax),
    ],
    ids=repr,
)
def test_a_model_of_any_shape_is_a_picture_of_moderate_size_with_legible_type(model):
    svg = draw(model).svg()
    assert len(svg) < 300_000
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)) >= 9
    across, down = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    places = re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"', svg)
    assert places
    for x, y, r in (map(float, place) for place in places):
        assert r <= x <= across - r
        assert r <= y <= down - r
    assert len({(x, y) for x, y, _ in places}) == len(places)  # no circle hides another
    assert svg == draw(copy.deepcopy(model)).svg()


def test_a_thousand_weights_are_a_thousand_lines():
    assert len(re.findall("<path[^>]*><title>", draw(nn.MLP(24, [39], seed=0)).svg())) == 975


def test_weights_that_are_nan_inf_or_plain_numbers_have_lines():
    model = nn.Neuron(3, relu, seed=0)
    model.weights[0].data, model.weights[1].data, model.weights[2].data = math.nan, -math.inf, 1e300
    assert {"w₁ = nan", "w₂ = −inf", "w₃ = 10³⁰⁰", "b = 0"} == set(lines(draw(model)))
    model.weights = (0.5, -0.5, 0.0)
    assert {"w₁ = 0.5", "w₂ = −0.5", "w₃ = 0", "b = 0"} == set(lines(draw(model)))


@pytest.mark.parametrize(
    "label", ["<script>", '"', "]]>", "\\N", "\x00", "\ud800", "한글", "x" * 1000, "\n", "$x_$", "\u202e"]
)
def test_labels_of_weights_are_text(label, tmp_path):
    model = nn.Neuron(1, tanh, seed=0)
    model.weights[0].label = label
    picture = draw(model)
    svg = picture.save(tmp_path / "n.svg").read_text(encoding="utf-8")
    assert {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()} <= {  # noqa: S314 — our own
        "svg", "g", "title", "rect", "text", "path", "circle", "polygon",
    }  # fmt: skip
    assert picture.png()[:4] == b"\x89PNG"


def test_an_activation_that_raises_is_a_word_and_drawing_takes_no_random_number():
    def failing(_):
        raise KeyError

    assert "failing" in texts(draw(nn.Neuron(1, failing, seed=0)))
    unit = nn.Bernoulli(seed=0)
    state = unit.generator.getstate()
    draw(nn.Neuron(1, unit, seed=0))
    assert unit.generator.getstate() == state


def test_a_model_of_ones_own_is_drawn_by_its_attributes():
    class Net(nn.Module):
        def __init__(self):
            self.hidden, self.out = nn.Layer(2, 3, tanh, seed=0), nn.Neuron(3, sigmoid, seed=1)

        def forward(self, x):
            return self.out(self.hidden(x))

    assert [(level.name, len(level.units)) for level in network_of(Net()).levels] == [("hidden", 3), ("out", 1)]
    assert len(lines(draw(Net()))) == 13


def test_models_that_are_no_network_are_refused_with_a_reason():
    class Line(nn.Module):
        def __init__(self):
            self.slope = Value(1.0)

    class Two(nn.Module):
        def __init__(self):
            self.a, self.b = nn.Layer(2, 3, seed=0), nn.Layer(2, 3, seed=0)

    with pytest.raises(ValueError, match="made of neurons"):
        draw(Line())
    with pytest.raises(ValueError, match="b takes 2, and a gives 3"):
        draw(Two())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"mode": "reverse"}, "mode is for graphs"),
        ({"collapse": "layer"}, "collapse is for graphs"),
        ({"edges": "name"}, "edges must be one of names, numbers, none"),
        ({"unrolled": 3}, "unrolled needs a recurrent layer"),
    ],
)
def test_arguments_that_a_network_cannot_take_are_refused(arguments, told):
    with pytest.raises(ValueError, match=told):
        draw(lecture(), **arguments)
    with pytest.raises(ValueError, match="needs at most 16 weights in a layer"):
        draw(nn.MLP(16, [16], seed=0), edges="names")
    with pytest.raises(ValueError, match="for recurrent models"):
        draw(Value(1.0), unrolled=2)


def test_a_networks_picture_is_saved_as_svg_and_png_and_has_no_dot(tmp_path):
    picture = draw(lecture())
    with Image.open(picture.save(tmp_path / "n.png")) as image:
        assert image.size == tuple(2 * side for side in picture.size)
        assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    with pytest.raises(ValueError, match=r"must end in .svg or .png"):
        picture.save(tmp_path / "n.dot")


def test_a_notebook_gets_both_pictures_with_the_alternative_text():
    data, about = draw(lecture())._repr_mimebundle_()
    assert set(data) == {"image/svg+xml", "image/png"}
    assert "12 weights and biases, 3 of them below 0" in about["image/svg+xml"]["alt"]
    assert "min-width" in data["image/svg+xml"]  # on a narrow screen it scrolls


def test_a_network_is_drawn_without_a_renderer():
    code = "import sys, nn, autograd\nautograd.draw(nn.Perceptron(2)).svg()\nassert 'graphviz' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
