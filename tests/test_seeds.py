"""What `seed` may be, wherever there is one, and what it settles."""

import random

import numpy as np
import pytest

import nn
from autograd import tanh


def weights(model: nn.Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


MODELS = {
    "Neuron": lambda seed: nn.Neuron(3, seed=seed),
    "Layer": lambda seed: nn.Layer(3, 2, seed=seed),
    "MLP": lambda seed: nn.MLP(3, [4, 4, 1], seed=seed),
    "Elman": lambda seed: nn.Elman(3, 4, 1, seed=seed),
    "ElmanCell": lambda seed: nn.ElmanCell(3, 4, seed=seed),
}
DRAWS = {name: lambda seed, make=make: weights(make(seed)) for name, make in MODELS.items()} | {
    "Dropout": lambda seed: nn.Dropout(0.5, seed=seed)([1.0] * 40),
    "Bernoulli": lambda seed: [float(unit(0.0)) for unit in [nn.Bernoulli(seed=seed)] for _ in range(40)],
    "split": lambda seed: nn.data.split(nn.data.moons(40), 0.5, seed=seed)[0].X,
    "moons": lambda seed: nn.data.moons(40, seed=seed).X,
    "circles": lambda seed: nn.data.circles(40, seed=seed).X,
    "spirals": lambda seed: nn.data.spirals(40, seed=seed).X,
    "fit": lambda seed: losses(seed, compiled=False),
}


def losses(seed: object, *, compiled: bool) -> list[float]:
    model, data = nn.MLP(2, [2, 1], tanh, seed=0), nn.data.moons(12)
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    loss = nn.binary_cross_entropy_with_logits
    return nn.fit(
        model, loss, data.X, data.y, optimizer=optimizer, epochs=2, batch_size=1, seed=seed, compiled=compiled
    ).losses


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_an_int_of_python_or_numpy_settles_every_draw(draw) -> None:
    assert draw(7) == draw(7) == draw(np.int64(7)) == draw(np.uint8(7))
    assert draw(7) != draw(8)


@pytest.mark.parametrize("draw", [draw for name, draw in DRAWS.items() if name != "fit"])
def test_an_int_stands_for_the_generator_that_python_makes_of_it(draw) -> None:
    assert draw(7) == draw(random.Random(7))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_generator_goes_on_and_none_is_pythons_own(draw) -> None:
    generator = random.Random(7)
    first, second = draw(generator), draw(generator)
    assert first != second
    random.seed(5)
    first, second = draw(None), draw(None)
    assert first != second
    random.seed(5)
    assert [draw(None), draw(None)] == [first, second]


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_bools_floats_text_and_negative_numbers_are_no_seeds(draw) -> None:
    for wrong, kind in (
        (True, "a bool"),
        (np.True_, "a numpy.bool"),
        (1.0, "a float"),
        ("7", "a str"),
        ([1], "a list"),
    ):
        with pytest.raises(TypeError, match=f"seed must be an int, a random.Random or None, got {kind}"):
            draw(wrong)
    with pytest.raises(ValueError, match="seed must be at least 0, got -1"):
        draw(-1)


@pytest.mark.parametrize("compiled", [True, False])
def test_training_takes_one_number_of_a_generator_on_either_way(compiled) -> None:
    generator, expected = random.Random(3), random.Random(3)
    assert losses(generator, compiled=compiled) == losses(expected.getrandbits(64), compiled=compiled)
    assert generator.random() == expected.random()


def test_layers_of_one_seed_have_weights_of_their_own() -> None:
    first, second = nn.MLP(3, [3, 3], seed=0).layers
    assert [w.data for w in first.neurons[0].weights] != [w.data for w in second.neurons[0].weights]
    assert first.neurons[0].weights[0].data != first.neurons[1].weights[0].data
