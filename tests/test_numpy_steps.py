"""Training without llvmlite: on NumPy's arrays, with the losses of the graph engine up to rounding."""

import sys

import numpy as np
import pytest

import nn
from autograd import exp, tanh
from autograd.export import blocks
from nn.experiments import running_loss
from nn.graph_steps import GraphSteps

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(60, 5))
CLASSES = [int(3 * abs(x)) % 3 for x in X[:, 0]]


@pytest.fixture(autouse=True)
def _without_llvmlite(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite", None)


@pytest.fixture
def without_graph(monkeypatch):
    """A step on the graph engine is an error."""

    def refused(*_):
        raise AssertionError("a step went by the graph engine")

    monkeypatch.setattr(GraphSteps, "step", refused)
    monkeypatch.setattr(GraphSteps, "step_by", refused)


OPTIMIZERS = {
    "SGD": lambda w: nn.SGD(w, lr=0.1, weight_decay=0.01),
    "Momentum": lambda w: nn.Momentum(w, lr=0.05),
    "NAG": lambda w: nn.NAG(w, lr=0.05),
    "Adagrad": lambda w: nn.Adagrad(w, lr=0.05),
    "Adadelta": nn.Adadelta,
    "RMSprop": lambda w: nn.RMSprop(w, lr=0.01),
    "Adam": lambda w: nn.Adam(w, lr=0.01),
}


def trained(make=OPTIMIZERS["Adam"], *, X=X, y=CLASSES, model=None, penalty=0.0, epochs=40, **options):
    """The history, the parameters and the optimizer's next step after a training of a network with three outputs."""
    model = model or nn.MLP(5, [8, 3], seed=1)
    optimizer = make(model.parameters())
    if penalty:
        options["penalty"] = lambda: nn.l2_penalty(model.parameters(), penalty)
    loss = options.pop("loss", nn.softmax_cross_entropy)
    history = nn.fit(model, loss, X, y, optimizer=optimizer, epochs=epochs, batch_size=16, **options)
    return history, [p.data for p in model.parameters()], [p.grad for p in model.parameters()], optimizer


def on_the_graph(*arguments, **options):
    return trained(*arguments, compiled=False, **options)


def same(arrays, graph):
    """Whether two trainings agree to 12 digits of the largest number."""
    for one, other in (
        (arrays[0].losses, graph[0].losses),
        arrays[1:3] and (arrays[1], graph[1]),
        (arrays[2], graph[2]),
    ):
        if not np.abs(np.array(one) - other).max() <= 1e-12 * np.abs(other).max():
            return False
    return True


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_the_graph_engines_losses_parameters_and_gradients(name, request):
    graph = on_the_graph(OPTIMIZERS[name])
    request.getfixturevalue("without_graph")
    assert same(trained(OPTIMIZERS[name]), graph)


@pytest.mark.parametrize(
    "options",
    [
        {"penalty": 0.01},
        {"clip_norm": 0.05},
        {"schedule": nn.schedules.PerStep(lambda t: 0.02 / (1 + t))},
        {"schedule": lambda epoch: 0.02 / (1 + epoch)},
        {"validation": (X[:7], CLASSES[:7]), "patience": 3},
        {"penalty": 0.01, "clip_norm": 0.05},
    ],
    ids=" ".join,
)
def test_penalties_clipping_schedules_and_validation_are_those_of_the_graph_engine(options, request):
    graph = on_the_graph(**options)
    request.getfixturevalue("without_graph")
    arrays = trained(**options)
    assert same(arrays, graph)
    if "validation" in options:
        assert np.allclose(arrays[0].validation_losses, graph[0].validation_losses, rtol=1e-12)


def test_dropout_draws_the_numbers_that_the_graph_engine_draws(request):
    def model():
        return nn.Sequential(nn.Layer(5, 8, tanh, seed=1), nn.Dropout(0.5, seed=3), nn.Layer(8, 3, seed=2))

    graph = on_the_graph(model=model())
    request.getfixturevalue("without_graph")
    assert same(trained(model=model()), graph)


def test_sequences_of_several_lengths_train_shape_by_shape(request):
    sequences = [row[: 2 + i % 3] for i, row in enumerate(X.tolist())]
    targets = [[int(x > 0) for x in row] for row in sequences]

    def options():
        sequences_of_one = [[[x] for x in row] for row in sequences]
        model = nn.Elman(1, 4, 1, seed=1)
        return {"X": sequences_of_one, "y": targets, "model": model, "loss": running_loss, "penalty": 0.01}

    graph = on_the_graph(**options())
    request.getfixturevalue("without_graph")
    assert same(trained(**options()), graph)


def test_a_sample_is_recorded_once_however_many_there_are(monkeypatch):
    calls = []
    forward = nn.Layer.forward
    monkeypatch.setattr(nn.Layer, "forward", lambda layer, x: calls.append(layer) or forward(layer, x))
    counts = []
    for times in (1, 10):
        calls.clear()
        trained(X=np.tile(X, (times, 1)), y=CLASSES * times)
        counts.append(len(calls))
    assert counts[0] == counts[1] <= 10


def test_a_step_of_a_network_is_one_pass_over_its_blocks(monkeypatch):
    from autograd.export.on_numpy import _Step

    passes = []
    forward = _Step.forward
    monkeypatch.setattr(_Step, "forward", lambda step, arrays: passes.append(step) or forward(step, arrays))
    history = trained(epochs=30)[0]
    blocks = len({*passes})
    assert blocks <= 6  # two layers, the activation, the loss, its share in the mean
    assert len(passes) == blocks * len(history) * 4  # batches of 60 samples


def test_the_step_explains_itself_with_the_numbers_that_trained():
    *_, arrays = trained()
    *_, graph = on_the_graph()
    table, other = (optimizer.explain().splitlines() for optimizer in (arrays, graph))
    assert [line.split()[:3] for line in table] == [line.split()[:3] for line in other]
    assert arrays.explain().startswith("Adam")


def test_the_same_training_has_the_same_bits_twice():
    assert trained()[1] == trained()[1]


def test_training_goes_on_from_a_history_with_the_same_bits():
    model = nn.MLP(5, [8, 3], seed=1)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    history = None
    for epochs in (40, 40):
        history = nn.fit(
            model,
            nn.softmax_cross_entropy,
            X,
            CLASSES,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=16,
            history=history,
        )
    assert [p.data for p in model.parameters()] == trained(epochs=80)[1]


def test_a_number_that_is_not_finite_stops_training_with_the_graph_engines_sentence():
    messages, numbers = [], []
    for compiled in (None, False):
        model = nn.MLP(5, [8, 1], seed=1)
        with pytest.raises(FloatingPointError) as error:
            nn.fit(
                model,
                nn.mean_squared_error,
                X,
                X[:, 1],
                optimizer=nn.SGD(model.parameters(), lr=1e6),
                epochs=50,
                batch_size=16,
                compiled=compiled,
            )
        messages.append(str(error.value).partition("=")[0])
        numbers.append([p.data for p in model.parameters()])
    assert messages[0] == messages[1]
    assert np.isfinite(numbers).all()


def test_an_interrupt_leaves_whole_steps(monkeypatch):
    from nn.numpy_code import NumPyCode

    model = nn.Sequential(nn.Layer(5, 8, tanh, seed=1), nn.Dropout(0.5, seed=3), nn.Layer(8, 3, seed=2))
    gradient, calls = NumPyCode.value_and_gradient, []

    def interrupted(code, rows, of=0):
        calls.append(rows)
        if len(calls) == 9:
            raise KeyboardInterrupt
        return gradient(code, rows, of=of)

    monkeypatch.setattr(NumPyCode, "value_and_gradient", interrupted)
    history, numbers, *_ = trained(model=model)
    assert history.stopped == "interrupted in epoch 3"
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    whole = nn.Sequential(nn.Layer(5, 8, tanh, seed=1), nn.Dropout(0.5, seed=3), nn.Layer(8, 3, seed=2))
    optimizer = nn.Adam(whole.parameters(), lr=0.01)
    nn.fit(whole, nn.softmax_cross_entropy, X, CLASSES, optimizer=optimizer, epochs=2, batch_size=16, compiled=False)
    assert np.allclose(numbers, [p.data for p in whole.parameters()], rtol=1e-12)
    assert model.parts[1].generator.getstate() == whole.parts[1].generator.getstate()


def test_a_callback_may_change_numbers_and_layers():
    def options():
        model = nn.MLP(5, [8, 3], seed=1)

        def change(history):
            if len(history) == 10:
                model.layers[0].neurons[0].bias.data = 1.0
            if len(history) == 20:
                for neuron in model.layers[0].neurons:
                    neuron.activation = exp

        return {"model": model, "callbacks": [change]}

    assert same(trained(make=OPTIMIZERS["SGD"], **options()), on_the_graph(make=OPTIMIZERS["SGD"], **options()))


def test_an_optimizer_of_ones_own_steps_by_its_own_method():
    from own_optimizer import Own

    assert same(trained(make=Own), on_the_graph(make=Own))


def test_predictions_losses_and_accuracy_are_the_graph_engines_up_to_rounding(monkeypatch):
    model = nn.MLP(5, [16, 3], seed=1)
    many, classes = np.tile(X, (20, 1)), CLASSES * 20
    outputs = nn.predict(model, many, outputs=True)
    expected = [[output.data for output in model(x)] for x in X]
    assert np.allclose(outputs[:60], expected, rtol=1e-12, atol=1e-15)
    right = [outputs.index(max(outputs)) == c for outputs, c in zip(expected, CLASSES, strict=True)]
    assert nn.accuracy(model, many, classes) == np.mean(right)
    losses = [nn.softmax_cross_entropy(model(x), c).data for x, c in zip(X, CLASSES, strict=True)]
    assert nn.mean_loss(model, nn.softmax_cross_entropy, many, classes) == pytest.approx(np.mean(losses), rel=1e-12)
    calls = []
    forward = nn.Layer.forward
    monkeypatch.setattr(nn.Layer, "forward", lambda layer, x: calls.append(layer) or forward(layer, x))
    nn.accuracy(model, many, classes)
    assert len(calls) <= 4  # a sample, and the one that is recorded


def test_a_graph_of_too_many_blocks_trains_on_the_graph_engine(monkeypatch):
    monkeypatch.setattr(blocks, "MAX_BLOCKS", 2)
    assert trained()[1] == on_the_graph()[1]


def test_compiled_code_and_shares_are_refused_with_what_to_install():
    for options in ({"compiled": True}, {"shares": 4}):
        with pytest.raises(ImportError, match=r'need(s)? llvmlite and numpy: pip install "pathgrad\[compile\]"'):
            trained(**options)


def test_single_samples_of_a_small_graph_stay_on_the_graph_engine():
    from nn.fixed_graph import compiling_pays

    assert not compiling_pays(5, 8, samples=10_000, batches=10_000)
    assert compiling_pays(5, 8, samples=100_000, batches=100_000 // 32)
