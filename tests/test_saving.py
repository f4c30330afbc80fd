"""save and load: what comes back, what is refused, and that a file is the old one or the new one."""

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, elu, relu, sigmoid, tanh

MODELS = {
    "elu": lambda: nn.MLP(2, [3, 1], elu),
    "mlp": lambda: nn.MLP(2, [3, 1], tanh, dropout=0.25),
    "prelu": lambda: nn.MLP(2, [3, 2, 1], nn.PReLU(), output_activation=sigmoid),
    "stochastic": lambda: nn.MLP(2, [3, 1], nn.Bernoulli()),
    "linear": lambda: nn.MLP(2, [1]),
    "layer": lambda: nn.Layer(2, 3, nn.PReLU()),
    "neuron": lambda: nn.Neuron(2, relu),
    "perceptron": lambda: nn.Perceptron(2, weights=[-0.5, 1, 1]),
    "elman": lambda: nn.Elman(2, 3, 1),
}


def state(model):
    return {parameter.label: parameter.data for parameter in model.parameters()}


@pytest.fixture
def saved(tmp_path):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    return model, nn.save(model, tmp_path / "model.json")


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_with_its_kind_its_labels_and_every_bit(name, tmp_path):
    model = MODELS[name]()
    loaded = nn.load(nn.save(model, tmp_path / "model.json"))
    assert type(loaded) is type(model)
    assert list(state(loaded).items()) == list(state(model).items())
    if name != "stochastic":
        x = [[0.5, -1.5]] * 2 if name == "elman" else [0.5, -1.5]
        model.eval()
        loaded.eval()
        assert str(model(x)) == str(loaded(x))


@given(numbers=st.lists(st.floats(width=64), min_size=3, max_size=3))
def test_every_float_comes_back(numbers, tmp_path_factory):
    path = tmp_path_factory.mktemp("floats") / "model.json"
    neuron = nn.Neuron(2, None)
    for parameter, number in zip(neuron.parameters(), numbers, strict=True):
        parameter.data = number
    again = [parameter.data for parameter in nn.load(nn.save(neuron, path)).parameters()]
    assert [x.hex() for x in again] == [x.hex() for x in numbers]


def test_loading_draws_no_random_numbers(saved):
    random.seed(3)
    expected = random.random()
    random.seed(3)
    nn.load(saved[1])
    assert random.random() == expected


def test_parameters_are_loaded_into_a_model_of_ones_own(tmp_path):
    def square(x):
        return x * x

    model = nn.MLP(2, [3, 1], square)
    path = nn.save(model, tmp_path / "own.json")
    with pytest.raises(
        ValueError, match="the file holds only parameters; load them into an existing model with into=model"
    ):
        nn.load(path)
    other = nn.MLP(2, [3, 1], square)
    assert nn.load(path, into=other) is other
    assert state(other) == state(model)


def test_a_file_is_text_that_says_what_it_is(saved):
    content = json.loads(saved[1].read_text(encoding="utf-8"))
    assert content["format"] == "pathgrad model"
    assert content["model"] == {
        "kind": "MLP",
        "fan_in": 2,
        "widths": [3, 1],
        "activation": "tanh",
        "output_activation": None,
        "dropout": 0.0,
    }
    assert content["parameters"]["layer1.neuron3.w2"] == state(saved[0])["layer1.neuron3.w2"]


def test_a_file_cut_off_anywhere_is_refused_and_changes_nothing(saved, tmp_path):
    _, path = saved
    text = path.read_bytes()
    other = nn.MLP(2, [3, 1], tanh, seed=1)
    before = state(other)
    for length in range(len(text.rstrip())):
        (tmp_path / "cut").write_bytes(text[:length])
        with pytest.raises(ValueError, match="cannot load "):
            nn.load(tmp_path / "cut", into=other)
    assert state(other) == before


def test_a_file_with_any_character_changed_is_refused_or_means_the_same(saved, tmp_path):
    model, path = saved
    text = path.read_text(encoding="utf-8")
    for i in range(len(text)):
        for character in "0x":
            changed = text[:i] + character + text[i + 1 :]
            (tmp_path / "changed").write_text(changed, encoding="utf-8")
            try:
                loaded = nn.load(tmp_path / "changed")
            except ValueError:
                continue
            assert state(loaded) == state(model)


def forged(saved, change):
    """The file with its content changed and its hash made to fit."""
    content = json.loads(saved[1].read_text(encoding="utf-8"))
    del content["sha256"]
    change(content)
    content["sha256"] = nn.saving._hash(content)
    saved[1].write_text(json.dumps(content), encoding="utf-8")
    return saved[1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.update(version=2), '"version" must be 1, got 2'),
        (lambda c: c.update(format="other"), 'not a pathgrad model: "format" is missing or different'),
        (lambda c: c.update(more=1), "got format, version, model, parameters, more"),
        (lambda c: c["model"].update(kind="Path"), "must be one of Perceptron, Neuron, Layer, MLP, Elman"),
        (lambda c: c["model"].update(kind=["MLP"]), "must be one of Perceptron, Neuron, Layer, MLP, Elman"),
        (lambda c: c.update(model="MLP"), "must be one of Perceptron, Neuron, Layer, MLP, Elman"),
        (lambda c: c["model"].update(widths=[10**9, 10**9]), "do not fit 13 parameters"),
        (lambda c: c["model"].update(widths=[[1]]), "do not fit 13 parameters"),
        (lambda c: c["model"].update(widths=5), "do not fit 13 parameters"),
        (lambda c: c["model"].update(widths=[]), "cannot load "),
        (lambda c: c["model"].update(fan_in=True), "do not fit 13 parameters"),
        (lambda c: c["model"].update(fan_in=3), "13 parameters, the model 16"),
        (lambda c: c["model"].update(activation="eval"), "unknown activation 'eval'"),
        (lambda c: c["model"].update(activation="add"), "unknown activation 'add'"),
        (lambda c: c["model"].update(activation={"a": 1}), "unknown activation"),
        (lambda c: c["model"].update(dropout="0.5"), "must be a real number"),
        (lambda c: c["model"].update(generator=1), "the arguments of MLP must be"),
        (lambda c: c["model"].pop("dropout"), "the arguments of MLP must be"),
        (lambda c: c["parameters"].update({"layer1.neuron1.b": "1.0"}), "'layer1.neuron1.b' must be a number"),
        (lambda c: c["parameters"].update({"layer1.neuron1.b": None}), "'layer1.neuron1.b' must be a number"),
        (lambda c: c["parameters"].update({"layer1.neuron1.b": True}), "'layer1.neuron1.b' must be a number"),
        (lambda c: c["parameters"].update({"layer1.neuron1.b": 10**400}), "'layer1.neuron1.b' must be a number"),
        (lambda c: c["parameters"].update({"b": 1.0}), "14 parameters, the model 13; the model lacks 'b'"),
        (
            lambda c: c["parameters"].pop("layer1.neuron1.b"),
            "12 parameters, the model 13; the file lacks 'layer1.neuron1.b'",
        ),
        (lambda c: c.update(parameters=[1.0]), '"parameters" must be an object of labels'),
    ],
)
def test_a_forged_file_is_refused_with_a_sentence(saved, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        nn.load(forged(saved, change))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "not a pathgrad model, or cut off: not valid JSON"),
        (b"\x80\x04\x95pickle", "not text in UTF-8"),
        (b"[" * 100_000, "nested too deeply|more than 100 lists"),
        (b"[]", 'not a pathgrad model: "format" is missing or different'),
        (b'{"format": NaN}', "NaN is not valid JSON"),
        (b'{"format": 1, "format": "pathgrad model"}', "stands there twice"),
        (b"PK\x03\x04", "cannot load "),
    ],
)
def test_a_foreign_file_is_refused_with_a_sentence(tmp_path, text, sentence):
    (tmp_path / "foreign").write_bytes(text)
    with pytest.raises(ValueError, match=sentence):
        nn.load(tmp_path / "foreign")


def test_another_models_parameters_are_refused_and_change_nothing(saved):
    for other, sentence in (
        (nn.MLP(2, [3, 1], relu), "another model: activation is 'tanh', not 'relu'"),
        (nn.MLP(2, [4, 1], tanh), r"widths is \[3, 1\], not \[4, 1\]"),
        (nn.Perceptron(2), "kind is 'MLP', not 'Perceptron'"),
    ):
        before = state(other)
        with pytest.raises(ValueError, match=sentence):
            nn.load(saved[1], into=other)
        assert state(other) == before


def test_saving_over_a_file_that_fails_midway_leaves_the_old_one(saved, monkeypatch):
    model, path = saved
    old = path.read_bytes()
    model.parameters()[0].data = 7.0
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        nn.save(model, path)
    assert path.read_bytes() == old
    assert list(path.parent.iterdir()) == [path]


def test_saving_through_a_link_keeps_the_link(saved, tmp_path):
    model, path = saved
    link = tmp_path / "link.json"
    link.symlink_to(path)
    model.parameters()[0].data = 7.0
    nn.save(model, link)
    assert link.is_symlink()
    assert nn.load(path).parameters()[0].data == 7.0


def swapped(model):
    model.layers[0], model.layers[1] = model.layers[1], model.layers[0]
    return model


def other_output(model):
    for neuron in model.output.neurons:
        neuron.activation = sigmoid
    return model


def relabelled(model):
    w, _, b = model.parameters()
    w.label, b.label = b.label, w.label
    return model


class Doubled(nn.MLP):
    def __call__(self, inputs):
        return [2 * output for output in super().__call__(inputs)]


def shared(model):
    for layer in model.layers[:2]:
        for neuron in layer.neurons:
            neuron.activation = model.layers[0].neurons[0].activation
    return model


@pytest.mark.parametrize(
    "model",
    [
        lambda: swapped(nn.MLP(3, [3, 3, 1])),
        lambda: other_output(nn.Elman(1, 3, 1)),
        lambda: relabelled(nn.Neuron(2)),
        lambda: Doubled(2, [2, 1]),
        lambda: shared(nn.MLP(3, [3, 3, 1], nn.PReLU())),
    ],
)
def test_a_model_that_needs_more_than_its_sizes_is_loaded_into_such_a_model_only(model, tmp_path):
    path = nn.save(model(), tmp_path / "model.json")
    with pytest.raises(ValueError, match="the file holds only parameters"):
        nn.load(path)
    other = model()
    nn.load(path, into=other)
    assert nn.save(other, tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_a_file_that_asks_for_more_memory_than_it_has_parameters_is_refused(saved):
    def huge(content):
        content["model"] = {"kind": "Elman", "fan_in": 1, "width": 20_000, "fan_out": 1, "activation": "tanh"}
        content["parameters"] = {f"p{i}": 0.0 for i in range(40_001)}

    with pytest.raises(ValueError, match="do not fit 40001 parameters"):
        nn.load(forged(saved, huge))


def test_saving_keeps_a_files_mode_and_replaces_nothing_but_files(saved, tmp_path):
    model, path = saved
    path.chmod(0o600)
    nn.save(model, path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="not a regular file"):
        nn.save(model, tmp_path)


def test_threads_may_save_to_one_path(saved):
    model, path = saved
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: nn.save(model, path), range(60)))
    assert state(nn.load(path)) == state(model)
    assert list(path.parent.iterdir()) == [path]


class TwoLayers(nn.Module):
    """As in PyTorch: layers among the attributes, whose parameters have the same labels."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.scale = nn.Layer(2, 3, seed=0), nn.Layer(3, 1, None, seed=0), Value(1.0)

    def forward(self, x):
        return [self.scale * s for s in self.fc2(self.fc1(x))]


def test_a_module_whose_labels_are_missing_or_shared_is_saved_by_places(tmp_path):
    model, twin = TwoLayers(), TwoLayers()
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    X, y = [[0.0, 1.0], [1.0, -1.0]], [0.25, -0.5]
    history = nn.fit(model, nn.mean_squared_error, X, y, optimizer=optimizer, epochs=3)
    nn.save(tmp_path / "own.json", model, optimizer, history)
    _, resumed, past = nn.load(tmp_path / "own.json", into=twin)
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]
    for each, its_optimizer, its_history in ((model, optimizer, history), (twin, resumed, past)):
        nn.fit(each, nn.mean_squared_error, X, y, optimizer=its_optimizer, epochs=3, history=its_history)
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]
    assert past == history
    with pytest.raises(ValueError, match="the file has 14 parameters, the model 9"):
        nn.load(tmp_path / "own.json", into=nn.Layer(2, 3))


def test_what_cannot_be_saved_is_refused(tmp_path):
    class Own(nn.Module):
        def __init__(self, *labels):
            self.values = [Value(1.0, label) for label in labels]

    class Twice(nn.Module):
        def __init__(self):
            self.parts = {"a.b": Value(1.0), "a": {"b": Value(2.0)}}

    for model, error, sentence in (
        (Value(1.0), TypeError, "save's model must be a Module, such as an nn.MLP, got Value"),
        (Twice(), ValueError, "got two called 'parts.a.b'"),
        (Own("\ud800"), ValueError, "without lone surrogates"),
    ):
        with pytest.raises(error, match=sentence):
            nn.save(model, tmp_path / "none.json")
    with pytest.raises(FileNotFoundError):
        nn.save(nn.Neuron(1), tmp_path / "no" / "folder.json")
    assert not list(tmp_path.iterdir())
