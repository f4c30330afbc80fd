"""Names from elsewhere say what to write here, cost nothing, and are invisible to whoever only looks around."""

import copy
import inspect
import math
import pickle
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, hints
from nn.estimator import Classifier

ROOT = Path(autograd.__file__).parent.parent
OWNERS = {
    "v.{}": [Value(1.0), Value(1.0) + 1, nn.MLP(1, [1])([0.0])],
    "model.{}": [nn.MLP(1, [1]), nn.Neuron(1), nn.Dropout()],
    "optimizer.{}": [nn.Adam([Value(1.0)])],
    "schedule.{}": [nn.schedules.Step(0.1, 3), nn.schedules.PerStep(nn.schedules.Cosine(0.1, 3))],
    "autograd.{}": [autograd],
    "nn.{}": [nn],
}
NAMES = [(place, name) for place, table in hints.TABLES.items() for name in table]


@pytest.mark.parametrize(("place", "name"), NAMES)
def test_each_name_says_what_to_write_here(place, name) -> None:
    hint = hints.TABLES[place][name]
    for owner in OWNERS[place]:
        if isinstance(owner, nn.Neuron) and name in ("weights", "bias"):
            continue
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
        ("optimizer", nn.Adam([Value(1.0)])),
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
    assert {"Linear", "ReLU", "Tanh", "MSELoss", "CrossEntropyLoss", "L1Loss", "StepLR"} <= hints.IN_NN.keys()


@pytest.mark.parametrize("name", hints.OF_SCHEDULES)
def test_pytorchs_schedules_are_found_where_the_schedules_are(name) -> None:
    with pytest.raises(AttributeError, match=re.escape(f"no attribute {name!r}; {hints.OF_SCHEDULES[name]}")):
        getattr(nn.schedules, name)


def test_an_operation_is_found_from_nn() -> None:
    for name in ("relu", "tanh", "softmax", "huber"):
        with pytest.raises(AttributeError, match=rf"write autograd\.{name}$"):
            getattr(nn, name)


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
        (nn.Adam([Value(1.0)]).zero_grad, "set_to_none", "always sets gradients to none"),
        (partial(Value, 1.0), "requires_grad", "what is learned is what the optimizer holds"),
        (partial(Value, 1.0), "_children", "by themselves"),
        (partial(Value, 1.0), "name", "label="),
        (partial(Value, 1.0), "lable", r"Value\(\) got an unexpected keyword argument 'lable'$"),
        (partial(nn.Adam, [Value(1.0)]), "learning_rate", "lr=…"),
        (partial(nn.Adam, [Value(1.0)]), "beta1", "betas="),
        (nn.SGD, "params", r"nn\.SGD\(model\.parameters\(\)\)"),
        (partial(nn.Layer, 2, 1), "bias", "every neuron has a bias"),
        (partial(nn.Neuron, 2), "nonlin", "activation="),
        (partial(nn.MLP, 2, [1]), "generator", "seed="),
        (partial(nn.schedules.Step, step_size=2), "optimizer", "begin with"),
        (Classifier, "hidden_layer_sizes", "widths="),
        (Classifier, "learning_rate_init", "lr=…"),
        (partial(nn.Adam, [Value(1.0)]), "lrr", r"__init__\(\) got an unexpected keyword argument 'lrr'(\. Did .*)?$"),
    ],
)
def test_a_foreign_keyword_says_what_to_do(function, keyword, told) -> None:
    with pytest.raises(TypeError, match=told):
        function(**{keyword: True})


def test_a_keyword_means_nothing_where_it_would_mislead() -> None:
    for make, keyword in (
        (partial(nn.Perceptron, 2), "seed"),
        (partial(nn.Layer, 2, 1), "name"),
        (nn.Dropout, "alpha"),
    ):
        with pytest.raises(TypeError, match=rf"__init__\(\) got an unexpected keyword argument '{keyword}'$"):
            make(**{keyword: 0})


def test_help_shows_the_arguments_of_a_class_that_inherits_its_init() -> None:
    class Wider(nn.Layer):
        pass

    assert str(inspect.signature(Wider)) == str(inspect.signature(nn.Layer))
    assert [*inspect.signature(Classifier).parameters][:3] == ["widths", "activation", "optimizer"]
    assert [*inspect.signature(nn.SGD).parameters][:2] == ["parameters", "lr"]
    assert [*inspect.signature(nn.Layer(1, 1)).parameters] == ["inputs", "named"]
    assert str(inspect.signature(nn.Module)) == "()"


def test_a_keyword_of_ones_own_class_means_what_the_class_says() -> None:
    class Scaled(nn.Module):
        def __init__(self, bias, **options):
            self.start, self.options = Value(bias), options

    assert Scaled(bias=2.0, dtype="any").options == {"dtype": "any"}

    class Sign(nn.Optimizer):
        def __init__(self, parameters, learning_rate):
            super().__init__(parameters, learning_rate)

    assert Sign([Value(1.0)], learning_rate=0.5).lr == 0.5


def test_a_module_without_an_init_takes_no_arguments() -> None:
    class Constant(nn.Module):
        def forward(self, x):
            return x

    assert Constant()(2.0) == 2.0
    for make in (partial(Constant, 3), partial(Constant, x=3), partial(nn.Module, bias=True)):
        with pytest.raises(TypeError, match=r"^\w+\(\) takes no arguments$"):
            make()


def test_an_optimizer_given_to_a_schedule_says_what_it_is_made_of() -> None:
    optimizer = nn.SGD([Value(1.0)])
    for make in (partial(nn.schedules.Step, step_size=3), nn.schedules.Exponential, nn.schedules.OnPlateau):
        with pytest.raises(TypeError, match=r"lr must be a learning rate, got an optimizer: write \w+\(0\.1, …\)"):
            make(optimizer, gamma=0.5) if make is nn.schedules.Exponential else make(optimizer)
    for make in (nn.schedules.WarmUp, nn.schedules.PerStep):
        with pytest.raises(TypeError, match="got an optimizer"):
            make(optimizer)


def test_named_parameters_and_groups_of_them_say_what_an_optimizer_takes() -> None:
    model = nn.MLP(1, [1])
    with pytest.raises(TypeError, match=r"got tuple: write model\.parameters\(\)"):
        nn.SGD(model.named_parameters())
    with pytest.raises(TypeError, match="got dict: write an optimizer for each lr"):
        nn.SGD([{"params": model.parameters(), "lr": 0.1}])


def test_a_model_given_for_its_parameters_says_to_write_parameters() -> None:
    model = nn.MLP(1, [1])
    for call in (nn.SGD, partial(nn.clip_norm, max_norm=1.0), partial(nn.l2_penalty, weight_decay=0.1)):
        with pytest.raises(TypeError, match=r"takes the parameters of a model, got the model: write .*parameters\(\)"):
            call(model)


TEXTS = [["a", "b"], np.array(["a", "b"]), [["a"], ["b"]], ["0", "1"]]


@pytest.mark.parametrize("y", TEXTS, ids=repr)
def test_targets_that_are_text_say_how_to_make_numbers_of_them(y) -> None:
    X = [[0.0], [1.0]]
    for loss in (nn.softmax_cross_entropy, nn.mean_squared_error, nn.hinge, nn.kl_div):
        model = nn.MLP(1, [2 if loss is nn.softmax_cross_entropy else 1])
        with pytest.raises(TypeError, match=r"target must be a number, got the text .*nn\.data\.DataSet\(X, y\)"):
            nn.fit(model, loss, X, y, optimizer=nn.SGD(model.parameters()), epochs=1)
    with pytest.raises(TypeError, match=r"a class must be a number, got the text .*nn\.data\.DataSet\(X, y\)"):
        nn.accuracy(model, X, y)


def test_a_class_that_is_a_float_says_how_to_make_an_int_of_it() -> None:
    with pytest.raises(TypeError, match=r"got float 1\.0: int\(1\.0\), or y\.astype\(int\) of an array, is a class"):
        nn.softmax_cross_entropy([Value(0.0), Value(0.0)], 1.0)
    with pytest.raises(TypeError, match="must be an int, got float"):
        nn.softmax_cross_entropy([Value(0.0), Value(0.0)], 0.5)


def test_the_name_of_an_activation_says_to_write_the_operation() -> None:
    with pytest.raises(TypeError, match=r"or None, got str; write autograd\.tanh$"):
        nn.MLP(2, [2, 1], "tanh")
    with pytest.raises(TypeError, match=r"or None, got str$"):
        nn.MLP(2, [2, 1], "tan h")


def test_rounding_and_remainders_of_a_value_say_what_to_write() -> None:
    for compute, told in (
        (lambda v: round(v, 2), r"round\(v\.data, 2\)"),
        (round, r"autograd\.round\(v\)"),
        (lambda v: v % 2, r"autograd\.fmod"),
        (lambda v: 2 % v, r"autograd\.fmod"),
        (lambda v: v // 2, r"autograd\.floor\(x / y\)"),
        (lambda v: 2 // v, r"autograd\.floor\(x / y\)"),
    ):
        for v in (Value(1.5), nn.MLP(1, [1])([1.0])):
            with pytest.raises(TypeError, match=told):
                compute(v)


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


def test_a_number_in_place_of_a_sample_says_to_put_it_in_a_list() -> None:
    for number, kind in (
        (0.5, "a float"),
        (2, "an int"),
        (Value(1.0), r"an? \w+\.Value"),
        (np.float64(1), "a numpy.float64"),
    ):
        for model in (nn.MLP(1, [1]), nn.Perceptron(1), nn.Neuron(1)):
            with pytest.raises(
                TypeError, match=rf"must be an ordered sequence, got {kind}: write \[x\] for one number"
            ):
                model(number)


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
