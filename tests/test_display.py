"""What shows at the end of a cell: a line at a prompt, a table or a picture in a notebook; no label is obeyed."""

import importlib.util
import math
import pickle
import re
import xml.etree.ElementTree as ET
from functools import partial

import pytest
from test_hostile_labels import LABELS, harmless

import nn
from autograd import Value, check_gradient, factor, forward_sweep, paths, relu, reverse_sweep, sigmoid, tanh
from autograd.display import aligned, table
from nn.curves import picture, plain_lines
from nn.display import stages_of

TAGS = {"p", "table", "thead", "tbody", "tr", "th", "td", "pre", "div"}


def parsed(html):
    harmless(html)
    return ET.fromstring(f"<div>{html}</div>")  # noqa: S314 — our own


def cells(html):
    """The rows of a table, as texts."""
    return [[cell.text or "" for cell in row] for row in parsed(html).iter("tr")]


class Net(nn.Module):
    def __init__(self):
        self.encoder = nn.MLP(2, [8, 4], tanh, seed=0)
        self.heads = {"a": nn.Layer(4, 1, None, seed=0), "b": nn.Neuron(4, sigmoid, seed=0)}
        self.scales = [Value(1.0), [Value(2.0)]]
        self.act = relu


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: nn.MLP(2, [16, 16, 1], tanh), "MLP(2 → 16 tanh → 16 tanh → 1, 337 parameters)"),
        (lambda: nn.MLP(3, [1]), "MLP(3 → 1, 4 parameters)"),
        (lambda: nn.MLP(2, [4, 3], output_activation=sigmoid), "MLP(2 → 4 relu → 3 sigmoid, 27 parameters)"),
        (lambda: nn.MLP(2, [4, 1], dropout=0.25), "MLP(2 → 4 relu → dropout 0.25 → 1, 17 parameters)"),
        (lambda: nn.MLP(2, [4, 1], nn.PReLU), "MLP(2 → 4 PReLU → 1, 18 parameters)"),
        (lambda: nn.MLP(2, [4, 1], partial(relu)), "MLP(2 → 4 relu → 1, 17 parameters)"),
        (lambda: nn.MLP(2, [4, 1], lambda x: x), "MLP(2 → 4 <lambda> → 1, 17 parameters)"),
        (lambda: nn.Layer(2, 3), "Layer(2 → 3 relu, 9 parameters)"),
        (lambda: nn.Neuron(5, None), "Neuron(5 → 1, 6 parameters)"),
        (lambda: nn.Perceptron(2), "Perceptron(2 → 1 threshold, 3 parameters)"),
        (lambda: nn.Elman(1, 8, 2), "Elman(1 → 8 recurrent tanh → 2, 98 parameters)"),
        (lambda: nn.ElmanCell(1, 2), "ElmanCell(1 → 2 recurrent tanh, 8 parameters)"),
        (lambda: nn.PReLU(0.5), "PReLU(slope 0.5, 1 parameter)"),
        (lambda: nn.Dropout(0.5), "Dropout(0.5)"),
        (
            lambda: nn.Sequential(nn.Layer(2, 4), nn.Dropout(0.5), nn.Layer(4, 1)),
            "Sequential(2 → 4 relu → Dropout 0.5 → 1 relu, 17 parameters)",
        ),
        (nn.Bernoulli, "Bernoulli()"),
        (nn.Module, "Module()"),
    ],
)
def test_a_model_is_shown_as_its_structure(make, line):
    model = make()
    assert repr(model) == str(model) == line
    count = re.search(r"(\d+) parameter", line)
    assert len(model.parameters()) == (int(count[1]) if count else 0)
    parsed(model._repr_html_())


def test_a_module_of_ones_own_is_shown_by_its_parts():
    assert repr(Net()) == (
        "Net(\n"
        "  encoder=MLP(2 → 8 tanh → 4),\n"
        "  heads['a']=Layer(4 → 1),\n"
        "  heads['b']=Neuron(4 → 1 sigmoid),\n"
        "  scales=2 Values,\n"
        "  act=relu,\n"
        "  72 parameters\n"
        ")"
    )
    assert cells(Net()._repr_html_()) == [
        ["", "inputs", "outputs", "activation", "parameters"],
        ["encoder.layer1", "2", "8", "tanh", "24"],
        ["encoder.layer2", "8", "4", "", "36"],
        ["heads['a']", "4", "1", "", "5"],
        ["heads['b']", "4", "1", "sigmoid", "5"],
        ["scales", "", "", "", "2"],
        ["act", "", "", "relu", ""],
    ]


class Chain(nn.Module):
    def __init__(self, *parts):
        self.parts = parts

    def _stages_(self):
        return stages_of(self.parts)


def test_parts_that_are_called_one_after_another_are_a_chain():
    chain = Chain(nn.Layer(2, 3, None, seed=0), tanh, nn.MLP(3, [4, 1], seed=0), nn.Bernoulli())
    assert repr(chain) == "Chain(2 → 3 → tanh → 4 relu → 1 → Bernoulli, 30 parameters)"
    assert [row[0] for row in cells(chain._repr_html_())[1:]] == [
        "part1",
        "part2",
        "part3.layer1",
        "part3.layer2",
        "part4",
    ]


def test_shared_parts_circles_and_deep_nests_have_an_end():
    outer = inner = nn.Module()
    for _ in range(1500):
        inner.part = nn.Module()
        inner = inner.part
    inner.whole = outer
    inner.weight = Value(1.0)
    inner.list = [1]
    inner.list.append(inner.list)
    assert "…" in repr(outer)
    assert len(repr(outer)) < 300
    assert len(outer._repr_html_()) < 20_000
    net = Net()
    net.again = net.encoder
    assert ["again", "", "", "the MLP above", ""] in cells(net._repr_html_())


def test_a_long_model_is_shortened_in_its_line_and_its_table():
    model = nn.MLP(1, [2] * 400)
    assert len(repr(model)) < 200
    assert "… 389 more …" in repr(model)
    assert len(cells(model._repr_html_())) == 102


def test_a_half_made_module_is_shown_too():
    for kind in (nn.MLP, nn.Layer, nn.Neuron, nn.Elman, nn.Perceptron, nn.Dropout):
        made = kind.__new__(kind)
        assert repr(made).startswith(f"{kind.__name__}(")
        parsed(made._repr_html_())


def test_an_optimizer_is_shown_with_its_hyperparameters():
    model = nn.MLP(2, [16, 16, 1], seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.02)
    optimizer.lr = 0.5
    line = "Adam(lr=0.5, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, amsgrad=False, 337 parameters)"
    assert repr(optimizer) == line
    assert cells(optimizer._repr_html_())[1] == ["lr", "η", "0.5"]
    for kind in (nn.SGD, nn.Momentum, nn.NAG, nn.Adagrad, nn.Adadelta, nn.RMSprop):
        assert re.fullmatch(rf"{kind.__name__}\(lr=[\d.]+, .*337 parameters\)", repr(kind(model.parameters())))


def test_a_step_is_a_text_that_a_notebook_sets():
    w = Value(1.0, "50% & $w$")
    optimizer = nn.Adam([w])
    (w * w).backward()
    optimizer.step()
    told = optimizer.explain()
    assert isinstance(told, str)
    assert repr(told) == told == pickle.loads(pickle.dumps(told))  # noqa: S301 — our own
    assert told.startswith("Adam, step 1 of 50% & $w$\nquantity")
    latex = told._repr_latex_()
    assert latex.startswith("$$")
    assert r"\mathrm{Adam,\ step\ 1\ of\ 50\%\ \&\ \$w\$}" in latex
    assert r"\hat{v} & \left(\hat{m}\right) & \displaystyle \frac{v}{1 - β_{1}^{t}}" in latex
    assert len({row.count(" & ") for row in latex.replace(r"\ \&\ ", "").split("\n") if " & " in row}) == 1
    bare = re.sub(r"\\[{}]", "", latex)
    assert bare.count("{") == bare.count("}")


def history(epochs=3):
    losses = [1 / (i + 1) for i in range(epochs)]
    return nn.History(losses, [2 * x for x in losses], {"accuracy": [0.5] * epochs})


def test_a_history_is_a_line_and_in_a_notebook_its_curves():
    assert repr(nn.History()) == "History(0 epochs)"
    assert repr(nn.History([0.5])) == "History(1 epoch, loss 0.5)"
    assert repr(history()) == "History(3 epochs, loss 1 → 0.3333, validation loss 2 → 0.6667, accuracy 0.5 → 0.5)"
    assert repr(nn.History([0.5], stopped="interrupted")) == "History(1 epoch, loss 0.5, stopped: interrupted)"
    html = history()._repr_html_()
    assert html.count("<svg") == 1
    assert "currentColor" in html
    assert "#000000" not in html
    assert html == history()._repr_html_()
    assert "<svg" not in nn.History()._repr_html_()


@pytest.mark.parametrize("some", [slice(0, 8), slice(8, 16), slice(16, None)], ids=str)
def test_names_of_metrics_are_text(some):
    hostile = nn.History([1.0, 0.5], [], {label: [0.1, 0.2] for label in LABELS[some]})
    harmless(hostile._repr_html_())
    assert "<script" not in hostile._repr_html_()
    parsed(plain_lines(hostile))


def test_without_matplotlib_the_losses_are_plain_lines(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    drawn = parsed(picture(history(100_000)))
    assert [line.get("points").count(",") for line in drawn.iter("polyline")] == [2000, 2000]
    assert {text.text for text in drawn.iter("text")} == {"loss", "validation loss", "2", "1e-05"}
    broken = parsed(plain_lines(nn.History([1.0, math.nan, 3.0, 2.0, math.inf])))
    assert len(list(broken.iter("polyline"))) == 2
    assert plain_lines(nn.History([math.nan])) == ""
    assert parsed(plain_lines(nn.History([-1e308, 1e308]))).find(".//polyline").get("points") == "8.0,208.0 488.0,8.0"


def test_losses_of_any_size_have_a_picture():
    for losses in ([math.nan], [math.inf, 1.0], [1e308, -1e308], [5e-324], [-1.0, 0.0]):
        parsed(re.sub(r'xlink:|xmlns:xlink="[^"]*"', "", nn.History(losses)._repr_html_()))


def test_a_data_set_is_a_line_and_its_first_rows():
    flowers = nn.data.iris()
    lines = repr(flowers).splitlines()
    assert lines[0] == "DataSet(150 samples, 4 features, 3 classes: setosa, versicolor, virginica)"
    assert lines[2].split() == ["5.1", "3.5", "1.4", "0.2", "setosa"]
    assert len(lines) == 8
    assert lines[-1].split() == ["…"] * 5
    assert cells(flowers._repr_html_())[1] == ["5.1", "3.5", "1.4", "0.2", "setosa"]
    assert repr(nn.data.DataSet([], [])) == "DataSet(0 samples, 0 features)"
    wide = nn.data.DataSet([[0.5] * 64], [0.25])
    assert repr(wide).splitlines()[1].split() == ["x₁", "x₂", "x₃", "x₄", "x₅", "x₆", "…", "x₆₄", "target"]
    assert "[[0.5], [0.5]]" in repr(nn.data.DataSet([[[0.5], [0.5]]], [[0, 1]], [], []))


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_labels_of_features_classes_nodes_and_parts_are_text_in_tables(label):
    x = Value(2.0, label)
    y = tanh(x) * x
    net = nn.Module()
    net.parts = {label: nn.Layer(1, 1, seed=0)}
    shown = [
        nn.data.DataSet([[1.0]], [0], [label], [label]),
        paths(y, x),
        paths(y, x)[0],
        factor(y, x),
        reverse_sweep(y),
        forward_sweep(y, x),
        net,
    ]
    for thing in shown:
        html = thing._repr_html_()
        assert {element.tag for element in parsed(html).iter()} <= TAGS
        assert 'class="tex2jax_ignore mathjax_ignore"' in html
        assert all(len(line) < 500 for line in repr(thing).splitlines()) or type(thing).__name__ == "Factored"


def test_tables_set_no_colours():
    for html in (table(["a"], [["b"]], caption="c"), Net()._repr_html_(), nn.data.iris()._repr_html_()):
        assert not re.search(r"color:|background|bgcolor", html)


def test_paths_are_a_list_that_prints_a_line_for_each():
    a, b = Value(2, "a"), Value(1, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    found = paths(e, b)
    assert isinstance(found, list)
    assert repr(found) == "b → c → e:  1·2 = 2\nb → d → e:  1·3 = 3"
    assert repr(found[0]) == "b → c → e:  1·2 = 2"
    assert repr(paths(e, Value(1))) == "no paths"
    assert paths(e, Value(1)) == []
    assert repr(factor(e, b)) == str(factor(e, b))
    assert [line.split() for line in repr(reverse_sweep(e)).splitlines()[1:4]] == [
        ["node", "data", "derivative"],
        ["a", "2", "2"],
        ["b", "1", "5"],
    ]
    z = b
    for _ in range(6):
        z = z + z
    assert repr(paths(z, b)).splitlines()[-1] == "… 34 more"
    assert len(repr(reverse_sweep(z)).splitlines()) == 9


def test_a_checks_table_has_a_row_for_each_input():
    rows = cells(check_gradient(lambda x, y: relu(x) + y * y, [0.0, 2.0])._repr_html_())
    assert rows[1][:3] == ["∂f/∂x1", "0", "0 on the left and 1 on the right"]
    assert rows[2][0] == "∂f/∂x2"
    assert rows[2][3] == "they agree"
    assert "nothing to compare" in check_gradient(lambda: Value(1.0), [])._repr_html_()


def test_columns_end_at_the_same_place():
    assert aligned([["x", "y"], ["0.25", "-1"]]) == ["   x   y", "0.25  -1"]
    assert aligned([]) == []
