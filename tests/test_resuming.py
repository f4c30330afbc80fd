"""Trainings in files: five epochs, a file, and five more are ten; what a forged file can't do."""

import copy
import json
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, tanh
from nn.schedules import Cosine, OnPlateau, PerStep

X = [[random.Random(i).gauss(0, 1), random.Random(-i).gauss(0, 1)] for i in range(1, 42)]
Y = [x * y for x, y in X]
EVERY = {
    "bernoulli": lambda: nn.MLP(2, [3, 1], nn.Bernoulli(seed=3), seed=0),
    "dropout": lambda: nn.MLP(2, [4, 1], tanh, dropout=0.25, seed=0),
    "plain": lambda: nn.MLP(2, [3, 1], tanh, seed=0),
}
OPTIONS = {
    "SGD": {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01},
    "RMSprop": {"momentum": 0.5, "centered": True},
    "Adagrad": {"initial_accumulator_value": 0.5, "lr_decay": 0.1},
    "Adam": {"amsgrad": True},
    "NAdam": {"weight_decay": 0.1, "decoupled_weight_decay": True},
}


def begun(kind=nn.Adam, make=EVERY["plain"]):
    model = make()
    return model, kind(model.parameters(), lr=0.02, **OPTIONS.get(kind.__name__, {}))


def trained(model, optimizer, history=None, epochs=5, **options):
    given = {"epochs": epochs, "batch_size": 8, "seed": 7} | options
    return nn.fit(model, nn.mean_squared_error, X, Y, optimizer=optimizer, history=history, **given)


def through_a_file(path, *training):
    nn.save(path, *training)
    return nn.load(path)


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def same(one, other):
    """Whether two trainings stand at the same numbers, in every bit."""
    (model, optimizer, history), (its_model, its_optimizer, its_history) = one, other
    return (
        numbers(model) == numbers(its_model)
        and optimizer.remembered() == its_optimizer.remembered()
        and history == its_history
        and (history.steps, history.seed) == (its_history.steps, its_history.seed)
        and type(optimizer) is type(its_optimizer)
        and all(getattr(optimizer, name) == getattr(its_optimizer, name) for name in optimizer.settings())
    )


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("kind", nn.optimizers.KINDS)
def test_five_epochs_and_five_after_a_file_are_ten(kind, compiled, tmp_path):
    model, optimizer = begun(kind)
    whole = model, optimizer, trained(model, optimizer, epochs=10, compiled=compiled)
    model, optimizer = begun(kind)
    history = trained(model, optimizer, compiled=compiled)
    model, optimizer, history = through_a_file(tmp_path / "training", model, optimizer, history)
    again = model, optimizer, trained(model, optimizer, history, compiled=compiled)
    assert again[2] is history
    assert same(again, whole)
    assert len(history) == 10


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "schedule",
    [Cosine(0.05, T_max=10), PerStep(Cosine(0.05, T_max=60)), OnPlateau(0.05, factor=0.5, patience=0, threshold=0.1)],
    ids=["cosine", "per step", "plateau"],
)
def test_chance_and_schedules_go_on_where_they_stood(schedule, name, compiled, tmp_path):
    if name == "bernoulli" and compiled:
        options = {"schedule": schedule, "compiled": None}
    else:
        options = {"schedule": schedule, "compiled": compiled}
    options |= {"validation": ([[0.5, 0.5], [1.0, -1.0]], [0.25, -1.0]), "metrics": {"loss": lambda *_: 0.5}}
    model, optimizer = begun(nn.AdamW, EVERY[name])
    whole = model, optimizer, trained(model, optimizer, epochs=10, **options)
    training = begun(nn.AdamW, EVERY[name])
    history = None
    for epochs in (3, 0, 1, 6):
        history = trained(*training, history, epochs=epochs, **options)
        *training, history = through_a_file(tmp_path / "training", *training, history)
    assert same((*training, history), whole)
    assert len(history.learning_rates) == len(history.metrics["loss"]) == 10


def test_a_training_goes_on_in_another_way_of_taking_steps(tmp_path):
    model, optimizer = begun()
    whole = trained(model, optimizer, epochs=10, batch_size=1, compiled=False)
    model, optimizer = begun()
    history = trained(model, optimizer, batch_size=1, compiled=True)
    model, optimizer, history = through_a_file(tmp_path / "training", model, optimizer, history)
    assert trained(model, optimizer, history, batch_size=1, compiled=False) == whole


def test_a_seed_that_is_drawn_is_kept(tmp_path):
    for seed in (None, random.Random(5)):
        model, optimizer = begun()
        history = trained(model, optimizer, seed=seed)
        assert history.seed is not None
        whole = begun()
        expected = trained(*whole, epochs=10, seed=history.seed)
        model, optimizer, history = through_a_file(tmp_path / "training", model, optimizer, history)
        assert trained(model, optimizer, history, seed=99) == expected


def test_an_optimizers_memory_outlives_the_formula_that_needs_it(tmp_path):
    # by hand: v = 1, then a step without momentum, a file, and v = 0.5 + 0 with dampening that begins late
    model = nn.Neuron(1, None)
    optimizer = nn.SGD(model.parameters(), lr=1.0, momentum=0.5)
    for momentum in (0.5, 0.0):
        optimizer.momentum = momentum
        for parameter in model.parameters():
            parameter.grad = 1.0
        optimizer.step()
    before = numbers(model)
    model, optimizer, history = through_a_file(tmp_path / "training", model, optimizer)
    assert history is None
    optimizer.momentum, optimizer.dampening = 0.5, 0.25
    for parameter in model.parameters():
        parameter.grad = 2.0
    optimizer.step()
    assert numbers(model) == [number - (0.5 * 1 + 0.75 * 2) for number in before]


def test_parameters_that_took_different_numbers_of_steps_keep_theirs(tmp_path):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters()[2:7])
    for i in range(1, 5):
        for parameter in optimizer.parameters[:i]:
            parameter.grad = 0.5
        optimizer.step()
        optimizer.zero_grad()
    loaded_model, loaded, _ = through_a_file(tmp_path / "training", model, optimizer)
    assert [t for t, _ in loaded.remembered()] == [4, 3, 2, 1, 0]
    assert loaded.remembered() == optimizer.remembered()
    assert [parameter.label for parameter in loaded.parameters] == [p.label for p in optimizer.parameters]
    assert all(parameter in loaded_model.parameters() for parameter in loaded.parameters)
    for each in (loaded, copy.deepcopy(loaded)):
        with pytest.raises(ValueError, match="hasn't taken a step since its optimizer was loaded"):
            each.explain()
    with pytest.raises(ValueError, match=r"layer1\.neuron3\.w1 hasn't taken a step yet"):
        loaded.explain("layer1.neuron3.w1")
    for each in (optimizer, loaded):
        for parameter in each.parameters:
            parameter.grad = -0.25
        each.step()
    assert numbers(loaded_model) == numbers(model)
    assert loaded.explain() == optimizer.explain()


def test_what_was_not_saved_is_none_and_a_model_alone_is_a_model(tmp_path):
    model, optimizer = begun()
    history = trained(model, optimizer)
    path = tmp_path / "training"
    assert isinstance(through_a_file(path, model), nn.MLP)
    assert through_a_file(path, model, optimizer)[2] is None
    loaded, nothing, its_history = through_a_file(path, model, None, history)
    assert (nothing, its_history, numbers(loaded)) == (None, history, numbers(model))
    assert nn.save(model, path, optimizer, history) == path
    assert nn.load(path)[2] == history
    assert json.loads(path.read_text("utf-8"))["format"] == "pathgrad training"


def test_parameters_and_generators_go_into_a_model_of_ones_own(tmp_path):
    class Own(nn.Module):
        def __init__(self, seed):
            self.layer = nn.Layer(2, 3, tanh, seed=seed)
            self.dropout = nn.Dropout(0.5, seed=seed)
            self.output = nn.Layer(3, 1, seed=seed)
            for i, parameter in enumerate(self.parameters()):
                parameter.label = f"w{i}"

        def __call__(self, x):
            return self.output(self.dropout(self.layer(x)))

    model = Own(0)
    optimizer = nn.NAdam(model.parameters())
    history = trained(model, optimizer)
    path = nn.save(model, tmp_path / "own", optimizer, history)
    with pytest.raises(ValueError, match="the file holds only parameters"):
        nn.load(path)
    other, its_optimizer, its_history = nn.load(path, into=Own(1))
    assert trained(other, its_optimizer, its_history) == trained(model, optimizer, history)
    assert numbers(other) == numbers(model)


def test_parts_that_share_a_generator_share_it_again(tmp_path):
    generator = random.Random(0)
    model = nn.MLP(2, [3, 3, 1], tanh, dropout=0.5, seed=generator)
    generator.gauss(0, 1)  # which keeps a second number in store
    optimizer = nn.SGD(model.parameters())
    loaded, _, _ = through_a_file(tmp_path / "training", model, optimizer)
    assert loaded.dropout.generator.getstate() == generator.getstate()
    assert loaded.dropout.generator is not generator
    assert loaded.dropout.generator.gauss(0, 1) == generator.gauss(0, 1)
    alone, _, _ = through_a_file(tmp_path / "training", nn.MLP(2, [3, 1], tanh, dropout=0.5), None, nn.History())
    assert alone.dropout.generator is None


@given(seed=st.integers(0), text=st.text(st.characters(exclude_categories=["Cs"])), number=st.floats())
def test_any_history_comes_back(seed, text, number, tmp_path_factory):
    history = nn.History([number], [-number], {text: [0.5]}, [0.1], stopped=text, steps=3, seed=seed)
    neuron = nn.Neuron(2, None, seed=0)
    _, _, loaded = through_a_file(tmp_path_factory.mktemp("history") / "training", neuron, None, history)
    assert repr(loaded) == repr(history)
    assert (loaded.steps, loaded.seed) == (3, seed)


def test_numbers_that_json_lacks_come_back(tmp_path):
    history = nn.History([math.inf, -math.inf, math.nan])
    _, _, loaded = through_a_file(tmp_path / "training", nn.Neuron(1, None, seed=0), None, history)
    assert str(loaded.losses) == "[inf, -inf, nan]"


def test_going_on_needs_the_metrics_and_the_validation_of_before():
    model, optimizer = begun()
    held_out = ([[0.5, 0.5]], [0.25])
    history = trained(model, optimizer, metrics={"a": lambda *_: 1.0}, validation=held_out)
    with pytest.raises(ValueError, match="metrics must be those of the history, a, got none"):
        trained(model, optimizer, history, validation=held_out)
    with pytest.raises(ValueError, match="metrics must be those of the history, a, got b"):
        trained(model, optimizer, history, validation=held_out, metrics={"b": lambda *_: 1.0})
    with pytest.raises(ValueError, match="validation must be given, as in the history's epochs, got None"):
        trained(model, optimizer, history, metrics={"a": lambda *_: 1.0})
    with pytest.raises(ValueError, match="validation must be None, as in the history's epochs, got samples"):
        trained(model, optimizer, trained(model, optimizer), validation=held_out)
    with pytest.raises(TypeError, match="history must be a History, such as fit returns, got a list"):
        trained(model, optimizer, [0.5])
    empty = nn.History()
    assert trained(model, optimizer, empty, metrics={"a": lambda *_: 1.0}) is empty
    assert empty.metrics == {"a": [1.0] * 5}


def test_epochs_are_counted_on_and_patience_begins_anew():
    model, optimizer = begun()
    history = trained(model, optimizer)
    history.stopped = "before"
    trained(model, optimizer, history, epochs=1)
    assert history.stopped == ""
    optimizer.lr = 0.0
    one = {"optimizer": optimizer, "history": history, "epochs": 9, "patience": 2}
    nn.fit(model, nn.mean_squared_error, X[:1], Y[:1], **one)
    assert (len(history), history.stopped) == (9, "no lower loss for 2 epochs: back at epoch 7")
    optimizer.lr = 1e308
    with pytest.raises(FloatingPointError) as raised:
        trained(model, optimizer, history)
    assert "(epoch 10)" in str(raised.value)
    assert raised.value.history is history


# What is refused


@pytest.fixture
def saved(tmp_path):
    model = nn.MLP(2, [3, 1], tanh, dropout=0.25, seed=0)
    optimizer = nn.Adam(model.parameters())
    history = trained(model, optimizer, epochs=2, metrics={"a": lambda *_: 1.0})
    return nn.save(model, tmp_path / "training", optimizer, history)


def forged(path, change):
    content = json.loads(path.read_text("utf-8"))
    del content["sha256"]
    change(content)
    content["sha256"] = nn.saving._hash(content)
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize(
    ("part", "change", "sentence"),
    [
        ("optimizer", lambda o: o.update(kind="Path"), "the optimizer's kind must be one of SGD, Momentum,"),
        ("optimizer", lambda o: o.update(kind=["Adam"]), "the optimizer's kind must be one of SGD, Momentum,"),
        (
            "optimizer",
            lambda o: o.update(kind="SGD"),
            "the optimizer's settings must have the keys lr, weight_decay, momentum",
        ),
        (
            "optimizer",
            lambda o: o.update(more=1),
            '"optimizer" must have the keys kind, settings, parameters, steps, memory',
        ),
        ("optimizer", lambda o: o["settings"].update(lr=-1), "lr must be finite and not negative, got -1"),
        ("optimizer", lambda o: o["settings"].update(lr="0.1"), "the optimizer's lr must be a number, got '0.1'"),
        ("optimizer", lambda o: o["settings"].update(lr=True), "the optimizer's lr must be a number, got True"),
        ("optimizer", lambda o: o["settings"].update(lr="nan"), "lr must be finite and not negative, got nan"),
        ("optimizer", lambda o: o["settings"].update(beta1=1), "beta1 must be at least 0 and less than 1, got 1"),
        (
            "optimizer",
            lambda o: o["settings"].update(amsgrad=1),
            "the optimizer's amsgrad must be true or false, got 1",
        ),
        ("optimizer", lambda o: o["settings"].update(formula="x"), "the optimizer's settings must have the keys lr"),
        ("optimizer", lambda o: o.update(settings=[]), "the optimizer's settings must have the keys lr"),
        ("optimizer", lambda o: o.update(parameters=[]), "Adam needs at least 1 parameter, got 0"),
        ("optimizer", lambda o: o.update(parameters=["x"]), "the optimizer's parameters must be those of the model"),
        ("optimizer", lambda o: o.update(parameters=[[]]), "the optimizer's parameters must be those of the model"),
        ("optimizer", lambda o: o.update(parameters="w"), "the optimizer's parameters must be a list, got str"),
        ("optimizer", lambda o: o["parameters"].append(o["parameters"][0]), "listed twice"),
        ("optimizer", lambda o: o["steps"].pop(), "the optimizer's steps must be a list of 13, got a list of 12"),
        (
            "optimizer",
            lambda o: o["steps"].__setitem__(0, 1.5),
            "the optimizer's steps must be an int of at least 0, got 1.5",
        ),
        ("optimizer", lambda o: o["steps"].__setitem__(0, -1), "the optimizer's steps must be an int of at least 0"),
        ("optimizer", lambda o: o["steps"].__setitem__(0, 2**53), "the optimizer's steps must be an int of at least 0"),
        ("optimizer", lambda o: o["steps"].__setitem__(0, 0), "a parameter that has taken no step must have no memory"),
        ("optimizer", lambda o: o["memory"].update(x=[0] * 13), "Adam's memory must hold only v, G, G_max"),
        ("optimizer", lambda o: o.update(memory=[]), "Adam's memory must hold only v, G, G_max"),
        ("optimizer", lambda o: o["memory"].update(v=[0] * 12), "the memory v must be a list of 13, got a list of 12"),
        ("optimizer", lambda o: o["memory"]["v"].__setitem__(0, "0"), "the memory v must be a number, got '0'"),
        ("optimizer", lambda o: o["memory"]["v"].__setitem__(0, 10**400), "the memory v must be a number, got 1000"),
        ("optimizer", lambda o: o["memory"]["v"].__setitem__(0, True), "the memory v must be a number, got True"),
        ("optimizer", lambda o: o["memory"]["v"].__setitem__(0, [0]), "the memory v must be a number, got [0]"),
        (
            "history",
            lambda h: h.update(losses=[1]),
            "the history's learning_rates must be a list of 1, got a list of 2",
        ),
        ("history", lambda h: h.update(losses="12"), "the history's losses must be a list, got str"),
        ("history", lambda h: h.update(losses=[1, None]), "the history's losses must be a number, got None"),
        ("history", lambda h: h["metrics"].update(a=[1]), "the metric 'a' must be a list of 2, got a list of 1"),
        ("history", lambda h: h.update(metrics=[]), "the history's metrics must be an object, got list"),
        ("history", lambda h: h.update(stopped=0), "the history's stopped must be text, got 0"),
        ("history", lambda h: h.update(seed=-1), "the history's seed must be null or an int of at least 0, got -1"),
        ("history", lambda h: h.update(seed=0.5), "the history's seed must be null or an int of at least 0, got 0.5"),
        ("history", lambda h: h.update(seed=True), "the history's seed must be null or an int of at least 0, got True"),
        ("history", lambda h: h.update(steps=-1), "the history's steps must be an int of at least 0, got -1"),
        ("history", lambda h: h.pop("seed"), '"history" must have the keys losses'),
        ("generators", lambda g: g.update(parts=[]), "the generators' parts must be a list of 1, got a list of 0"),
        ("generators", lambda g: g.update(parts=[1]), "a part's generator must be null or below 1, got 1"),
        ("generators", lambda g: g.update(parts=[-1]), "a part's generator must be null or below 1, got -1"),
        ("generators", lambda g: g.update(parts=[False]), "a part's generator must be null or below 1, got False"),
        ("generators", lambda g: g.update(states=["00"]), "a generator's state must be 5000 hexadecimal digits"),
        ("generators", lambda g: g.update(states=["f" * 5000]), "a generator's state must be 5000 hexadecimal digits"),
        ("generators", lambda g: g.update(states=["g" * 5000]), "a generator's state must be 5000 hexadecimal digits"),
        ("generators", lambda g: g.update(states=["+0000000" * 625]), "a generator's state must be 5000 hexadecimal"),
        ("generators", lambda g: g.update(states=["0_0_0_00" * 625]), "a generator's state must be 5000 hexadecimal"),
        (
            "generators",
            lambda g: g.update(states=["0" * 5000 + " nan"]),
            "a generator's state must be 5000 hexadecimal",
        ),
        ("generators", lambda g: g.update(states=["_" * 5000]), "a generator's state must be 5000 hexadecimal digits"),
        (
            "generators",
            lambda g: g.update(states=["0" * 5000 + " inf"]),
            "a generator's state must be 5000 hexadecimal",
        ),
        ("generators", lambda g: g.update(states=["0" * 5000 + " x"]), "a generator's state must be 5000 hexadecimal"),
        ("generators", lambda g: g.update(states=[0]), "a generator's state must be 5000 hexadecimal digits"),
        ("generators", lambda g: g.update(states={}), "the generators' states must be a list, got dict"),
    ],
)
def test_a_forged_training_is_refused_with_a_sentence(saved, part, change, sentence):
    with pytest.raises(ValueError, match="cannot load ") as raised:
        nn.load(forged(saved, lambda content: change(content[part])))
    assert sentence in str(raised.value)


@pytest.mark.parametrize("part", ["optimizer", "history", "generators"])
@pytest.mark.parametrize("thing", [[], [[]], {}, 0, 1, "", "x", False, True])
def test_a_part_of_a_training_that_is_no_object_is_refused(saved, part, thing):
    with pytest.raises(ValueError, match=f'"{part}" must have '):
        nn.load(forged(saved, lambda content: content.update({part: thing})))


def test_keys_of_another_format_are_refused_and_nothing_is_changed(saved):
    model = nn.MLP(2, [3, 1], tanh, dropout=0.25, seed=9)
    before, generator = numbers(model), model.dropout.generator
    for change in (
        lambda content: content.update(format="pathgrad model"),
        lambda content: content.pop("history"),
        lambda content: content.update(version=2),
        lambda content: content["generators"].update(parts=[7]),
        lambda content: content["history"].update(seed="x"),
    ):
        text = saved.read_text("utf-8")
        with pytest.raises(ValueError, match="cannot load "):
            nn.load(forged(saved, change), into=model)
        saved.write_text(text, "utf-8")
    assert numbers(model) == before
    assert model.dropout.generator is generator


def test_what_cannot_be_saved_with_a_model_is_refused(tmp_path):
    class Own(nn.SGD):
        pass

    model = nn.MLP(2, [1], seed=0)
    path = tmp_path / "training"
    many = nn.History(metrics={str(i): [] for i in range(100)})
    for training, error, sentence in (
        ((model, Own(model.parameters())), TypeError, "save's optimizer must be one of SGD, Momentum"),
        ((model, nn.History()), TypeError, "save's optimizer must be one of SGD, Momentum"),
        ((model, nn.SGD([Value(1.0, "w")])), ValueError, "must hold only parameters of the model, got w"),
        ((model, nn.SGD([Value(1.0)])), ValueError, "must hold only parameters of the model, got parameter 1"),
        ((model, None, [0.5]), TypeError, "save's history must be a History, such as fit returns, got list"),
        ((model, None, nn.History(["x"])), TypeError, "a history's number must be a real number"),
        ((model, None, nn.History(metrics={"\ud800": []})), ValueError, "a metric's name must be text without lone"),
        ((model, None, nn.History(stopped="\ud800")), ValueError, "the history's stopped must be text without lone"),
        ((model, None, many), ValueError, "at most 100 lists and objects: save fewer metrics"),
        ((str(path),), TypeError, "save's model must be a Module, such as an nn.MLP, got PosixPath"),
    ):
        with pytest.raises(error, match=sentence):
            nn.save(path, *training)
    with pytest.raises(TypeError, match="save's model must be a Module"):
        nn.save(model, model)
    assert not path.exists()


def test_numbers_of_numpy_in_a_history_are_saved_as_floats(tmp_path):
    history = nn.History(metrics={"a": [np.float32(0.5), 1]}, losses=[math.inf, np.float64(0.25)])
    _, _, loaded = through_a_file(tmp_path / "training", nn.MLP(2, [1], seed=0), None, history)
    assert loaded.metrics == {"a": [0.5, 1.0]}
    assert loaded.losses == [math.inf, 0.25]
