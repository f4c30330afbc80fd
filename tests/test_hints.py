"""Names from elsewhere say what to write here, cost nothing, and are invisible to whoever only looks around."""

import copy
import inspect
import math
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, hints

ROOT = Path(autograd.__file__).parent.parent
OWNERS = {
    "v.{}": [Value(1.0), Value(1.0) + 1, nn.MLP(1, [1])([0.0])],
    "model.{}": [nn.MLP(1, [1]), nn.Neuron(1), nn.Dropout()],
    "autograd.{}": [autograd],
    "nn.{}": [nn],
}
NAMES = [(place, name) for place, table in hints.TABLES.items() for name in table]


@pytest.mark.parametrize(("place", "name"), NAMES)
def test_each_name_says_what_to_write_here(place, name) -> None:
    hint = hints.TABLES[place][name]
    for owner in OWNERS[place]:
        with pytest.raises(AttributeError, match=re.escape(f"no attribute {name!r}; {hint}")):
            getattr(owner, name)
        assert not hasattr(owner, name)
        assert getattr(owner, name, 7) == 7
        assert name not in dir(owner)


@pytest.mark.parametrize(("place", "name"), NAMES)
def test_what_a_hint_says_to_write_is_there(place, name) -> None:
    hint = hints.TABLES[place][name]
    text = f"{hint.write} {hint.why}"
    for package, member in re.findall(r"\b(autograd|nn)\.(\w+)", text):
        assert hasattr({"autograd": autograd, "nn": nn}[package], member), text
    for owner, thing in (
        ("v", Value(1.0)),
        ("model", nn.MLP(1, [1])),
        ("neuron", nn.Neuron(1)),
        ("layer", nn.Layer(1, 1)),
        ("output", Value(1.0)),
    ):
        for member in re.findall(rf"\b{owner}\.(\w+)", text):
            assert hasattr(thing, member), text


@pytest.mark.checkout
def test_the_page_for_newcomers_has_the_table() -> None:
    page = (ROOT / "docs/from-micrograd.md").read_text(encoding="utf-8")
    assert page.endswith("| elsewhere | here |\n|---|---|\n" + "\n".join(hints.as_rows()) + "\n")


REQUIRED = [
    "_prev",
    "_op",
    "_children",
    "_backward",
    "item",
    "detach",
    "requires_grad",
    "numpy",
    "m",
    "v",
    "name",
    "zero_grad",
]


def test_the_names_of_micrograd_and_pytorch_are_in_the_table() -> None:
    assert {*REQUIRED} <= hints.TABLES["v.{}"].keys()
    assert {"state_dict", "load_state_dict"} <= hints.ON_MODELS.keys()
    assert {"draw_dot", "no_grad", "grad", "tensor", "manual_seed"} <= hints.IN_AUTOGRAD.keys()
    assert {"Linear", "ReLU", "Tanh", "MSELoss", "CrossEntropyLoss"} <= hints.IN_NN.keys()


@pytest.mark.parametrize("name", hints.SET_ON_VALUES)
def test_setting_a_foreign_attribute_says_where_it_belongs(name) -> None:
    v = Value(1.0)
    with pytest.raises(AttributeError, match=re.escape(str(hints.SET_ON_VALUES[name]))):
        setattr(v, name, 0.0)


def test_a_subclass_of_ones_own_has_room_for_its_attributes() -> None:
    class Named(Value):
        def __init__(self, data, name):
            super().__init__(data)
            self.name, self.m = name, 0.0

    v = Named(2.0, "speed")
    v.m += 1
    assert (v.name, v.m, (v * v).data) == ("speed", 1.0, 4.0)
    assert "name" in dir(v)
    with pytest.raises(AttributeError, match=r"state\[v\]"):
        v.velocity  # noqa: B018

    class Own(nn.Module):
        def __init__(self):
            self.w, self.b, self.state = Value(1.0, "w"), Value(0.0, "b"), []

        def fit(self):
            return "fitted"

    assert Own().fit() == "fitted"
    assert Own().w.label == "w"


def printed_by(code: str) -> str:
    """The last line of the traceback that a program ends with."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("Value(1.0).parnts", "AttributeError: 'Value' object has no attribute 'parnts'. Did you mean: 'parents'?"),
        (
            "nn.MLP(1, [1]).paramters()",
            "AttributeError: 'MLP' object has no attribute 'paramters'. Did you mean: 'parameters'?",
        ),
        ("nn.Layr", "AttributeError: module 'nn' has no attribute 'Layr'. Did you mean: 'Layer'?"),
        ("autograd.tanhh", "AttributeError: module 'autograd' has no attribute 'tanhh'. Did you mean: 'tanh'?"),
        (
            "from autograd import grad",
            "ImportError: cannot import name 'grad' from 'autograd'; write autograd.gradient",
        ),
        ("from nn import Linear", "ImportError: cannot import name 'Linear' from 'nn'; write nn.Layer"),
        ("from nn import nothing", "ImportError: cannot import name 'nothing' from 'nn' ("),
    ],
)
@pytest.mark.checkout
def test_python_suggests_after_a_typo_and_passes_hints_on(code, told) -> None:
    assert printed_by(f"import autograd, nn\nfrom autograd import Value\n{code}").startswith(told)


@pytest.mark.parametrize(
    ("function", "keyword", "told"),
    [
        (Value(1.0).backward, "retain_graph", "keeps the graph in every case"),
        (Value(1.0).backward, "create_graph", r"autograd\.gradient"),
        (nn.MLP(1, [1]).zero_grad, "set_to_none", "always sets gradients to none"),
        (Value(1.0).backward, "sed", r"backward\(\) got an unexpected keyword argument 'sed'$"),
    ],
)
def test_a_foreign_keyword_says_what_to_do(function, keyword, told) -> None:
    with pytest.raises(TypeError, match=told):
        function(**{keyword: True})


def test_copies_pickles_and_those_who_look_around_meet_no_hint() -> None:
    for thing in (Value(1.0) + 2, nn.MLP(2, [2, 1], seed=0)):
        for twin in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):  # noqa: S301
            assert type(twin) is type(thing)
        for display in ("_repr_mimebundle_", "_ipython_display_", "_ipython_canary_method", "__len__"):
            assert not hasattr(thing, display)
        assert inspect.getmembers(thing)
        assert {*dir(thing)} >= {"__class__"}
        hidden = hints.TABLES["v.{}"] if isinstance(thing, Value) else hints.ON_MODELS
        assert not {*dir(thing)} & hidden.keys()
    assert "Value" in repr(Value)
    assert inspect.getmembers(Value)


@pytest.mark.parametrize(
    ("form", "text"),
    [(".4f", "0.1235"), ("8.2e", "1.23e-01"), ("+g", "+0.123457"), (">9.1%", "    12.3%"), ("n", "0.123457")],
)
def test_a_form_in_an_f_string_is_that_of_the_number(form, text) -> None:
    assert format(Value(0.123456789, "x"), form) == text


def test_without_a_form_text_is_as_printed_and_wrong_forms_are_pythons_error() -> None:
    v = Value(1.5, "x")
    assert f"{v}" == str(v) == repr(v)
    assert f"{v!r:>30}".strip() == repr(v)
    assert f"{Value(math.inf):.1f} {Value(math.nan):.1f}" == "inf nan"
    with pytest.raises(ValueError, match="format code 'd'"):
        f"{v:d}"


def test_a_value_becomes_no_float_without_a_word() -> None:
    v = Value(1.5)
    for convert in (float, math.exp, math.floor, "%.3f".__mod__, np.float64, lambda v: np.array([v], dtype=float)):
        with pytest.raises(TypeError, match=r"write v\.data .*autograd\.exp\(v\) instead of math\.exp\(v\)"):
            convert(v)
    with pytest.raises(TypeError, match=r"int\(v\.data\)"):
        int(v)


BATCHES = {
    "list": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
    "array": np.ones((3, 2)),
    "rows of a frame": [np.ones(2)] * 3,
    "as long as a sample is": [[1.0, 2.0], [3.0, 4.0]],
    "one sample": [[1.0, 2.0]],
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize(
    "model",
    [
        nn.Neuron(2),
        nn.Layer(2, 3),
        nn.MLP(2, [3, 1]),
        nn.Perceptron(2),
        nn.Sequential(nn.Layer(2, 1)),
        nn.ElmanCell(2, 1),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_batch_given_to_a_model_says_that_it_takes_one_sample(model, batch) -> None:
    state = ([0.0],) if isinstance(model, nn.ElmanCell) else ()
    with pytest.raises(TypeError, match=rf"one sample, got a batch of {len(batch)}: write \[model\(x\) for x in X\]"):
        model(batch, *state)


def test_a_wrong_entry_of_a_sample_is_named_as_before() -> None:
    for wrong, told in (("x", "got a str"), (None, "got None"), (1j, "got a complex")):
        with pytest.raises(TypeError, match=f"must be a real number .* {told}"):
            nn.MLP(2, [1])([1.0, wrong])
    with pytest.raises(ValueError, match="must have length 2, got length 3"):
        nn.MLP(2, [1])([1.0, 2.0, 3.0])


@pytest.mark.parametrize("optimizer", [nn.SGD, nn.Momentum, nn.NAG, nn.Adagrad, nn.Adadelta, nn.RMSprop, nn.Adam])
def test_an_optimizer_of_a_model_says_to_give_its_parameters(optimizer) -> None:
    with pytest.raises(TypeError, match=rf"write {optimizer.__name__}\(model\.parameters\(\)\)"):
        optimizer(nn.MLP(1, [1]))
