"""The experiments of `python -m nn`: what is trained, on which data, how, and from which seeds.

Everything random in a run follows from its seed: the split, the initial weights and the order of the samples.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from autograd import Value, mean, relu, tanh
from autograd.display import counted
from nn import data
from nn.data import DataSet
from nn.evaluation import accuracy, predicted_class
from nn.history import History
from nn.korean import say
from nn.layers import MLP
from nn.losses import binary_cross_entropy_with_logits, softmax_cross_entropy
from nn.module import Module
from nn.optimizers import SGD, Adam, Optimizer
from nn.recurrent import Elman
from nn.samples import read_pairs
from nn.training import fit


@dataclass(frozen=True)
class Recipe:
    """How a classifier is trained, once for each seed.

    `test` is the share of the samples that are held out; 0 where there are too few to hold any out.
    """

    about: str
    load: Callable[[int], DataSet]
    seeds: tuple[int, ...]
    test: float
    standardized: bool
    widths: tuple[int, ...]
    activation: Callable[[Any], Any]
    optimizer: Callable[..., Optimizer]
    lr: float
    epochs: int
    batch_size: int

    @property
    def loss(self) -> Callable[[Any, Any], Value]:
        """Binary cross-entropy for one output, softmax cross-entropy for several."""
        return binary_cross_entropy_with_logits if self.widths[-1] == 1 else softmax_cross_entropy

    def __str__(self) -> str:
        widths = "-".join(map(str, self.widths))
        loss = self.loss.__name__.replace("_", " ")
        return say(
            "{about}\nMLP {widths}, {activation}, {loss}; {optimizer}, lr {lr}, batches of {batch}, {epochs} epochs",
            about=say(self.about),
            widths=widths,
            activation=self.activation.__name__,
            loss=say(loss),
            optimizer=self.optimizer.__name__,
            lr=f"{self.lr:g}",
            batch=self.batch_size,
            epochs=self.epochs,
        )


@dataclass(frozen=True)
class Run:
    """A trained model, its history, and the data for training and testing (the same data if none were held out)."""

    model: MLP
    train: DataSet
    test: DataSet
    history: History

    @cached_property
    def train_accuracy(self) -> float:
        return accuracy(self.model, self.train.X, self.train.y)

    @cached_property
    def test_accuracy(self) -> float:
        return accuracy(self.model, self.test.X, self.test.y)


@cache
def _digits() -> DataSet:
    """The digits; the file is read once."""
    return data.digits()


RECIPES = {
    "xor": Recipe(
        about="XOR: four samples, all to train on",
        load=lambda _: data.gate("xor"),
        seeds=tuple(range(10)),
        test=0.0,
        standardized=False,
        widths=(2, 3, 1),
        activation=tanh,
        optimizer=Adam,
        lr=0.3,
        epochs=300,
        batch_size=4,
    ),
    "iris": Recipe(
        about="Fisher's iris: 150 flowers, 70% of each species to train on, 30% to test",
        load=lambda _: data.iris(),
        seeds=(0, 1, 2, 3, 4),
        test=0.3,
        standardized=True,
        widths=(4, 8, 3),
        activation=tanh,
        optimizer=SGD,
        lr=0.5,
        epochs=60,
        batch_size=15,
    ),
    "moons": Recipe(
        about="two moons: 200 points, noise 0.1, of the run's seed; 70% to train on, 30% to test",
        load=lambda seed: data.moons(200, noise=0.1, seed=seed),
        seeds=(0, 1, 2, 3, 4),
        test=0.3,
        standardized=False,
        widths=(2, 8, 8, 1),
        activation=tanh,
        optimizer=Adam,
        lr=0.02,
        epochs=60,
        batch_size=14,
    ),
    "digits": Recipe(
        about="handwritten digits: 1,797 of 8 × 8 pixels, 70% of each digit to train on, 30% to test",
        load=lambda _: _digits(),
        seeds=(0, 1, 2),
        test=0.3,
        standardized=False,
        widths=(64, 32, 10),
        activation=relu,
        optimizer=Adam,
        lr=0.01,
        epochs=9,
        batch_size=32,
    ),
}


def train(recipe: Recipe, seed: int, **options: Any) -> Run:
    """One run of a recipe; further options go to `nn.fit`."""
    generator = random.Random(seed)
    samples = recipe.load(seed)
    training, test = data.split(samples, recipe.test, generator) if recipe.test else (samples, samples)
    if recipe.standardized:
        training, test = data.standardize(training, test)
    model = MLP(recipe.widths[0], recipe.widths[1:], recipe.activation, seed=generator)
    history = fit(
        model,
        recipe.loss,
        training.X,
        training.y,
        optimizer=recipe.optimizer(model.parameters(), lr=recipe.lr),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        **options,
    )
    return Run(model, training, test, history)


@dataclass(frozen=True)
class ParityRecipe:
    """How a recurrent network learns the running parity of bits: on all strings of growing lengths."""

    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    lengths: tuple[int, ...] = (2, 3, 4, 5, 8)
    width: int = 8
    bound: float = 1.0
    lr: float = 0.01  # at 0.02 the last bit of an exp decides how some runs end
    steps: int = 3000
    enough: float = 0.0005
    batch_size: int = 4

    def __str__(self) -> str:
        return say(
            "running parity: all strings of {lengths} bits, one length after another\n"
            "Elman network 1-{width}-1, tanh, first weights uniform in ±{bound}, binary cross-entropy at "
            "each bit; Adam, lr {lr}, batches of {batch},\n"
            "at most {steps} steps for a length, fewer once the loss is below {enough}",
            lengths=", ".join(map(str, self.lengths)),
            width=self.width,
            bound=f"{self.bound:g}",
            lr=f"{self.lr:g}",
            batch=self.batch_size,
            steps=self.steps,
            enough=f"{self.enough:g}",
        )


PARITY = ParityRecipe()


def running_loss(outputs: list[list[Value]], targets: list[int]) -> Value:
    """The mean of the binary cross-entropy over the places of a string."""
    if len(outputs) != len(targets):
        raise ValueError(
            f"running_loss needs one target for each output, got {counted(len(outputs), 'output')} and "
            f"{counted(len(targets), 'target')}"
        )
    loss: Value = mean([binary_cross_entropy_with_logits(z, t) for z, t in zip(outputs, targets, strict=True)])
    return loss


def train_on_parity(recipe: ParityRecipe, seed: int, **options: Any) -> tuple[Elman, History]:
    """Train on one length after another; return the run and its history. Further options go to `nn.fit`."""

    def uniform(_fan_in: int, _fan_out: int, generator: random.Random) -> float:
        return generator.uniform(-recipe.bound, recipe.bound)

    model = Elman(1, recipe.width, 1, initialization=uniform, seed=seed)
    optimizer = Adam(model.parameters(), lr=recipe.lr)
    history = History()  # of all lengths
    for length in recipe.lengths:
        strings, parities = data.bit_strings(length)
        history.losses += fit(
            model,
            running_loss,
            strings,
            parities,
            optimizer=optimizer,
            epochs=math.ceil(recipe.steps * recipe.batch_size / len(strings)),
            batch_size=recipe.batch_size,
            seed=seed,
            callbacks=[lambda history: history.losses[-1] < recipe.enough],
            **options,
        ).losses
    return model, history


def share_right(model: Module, strings: Sequence[Any], parities: Sequence[list[int]]) -> float:
    """The share of strings for which the parity is right at every place."""
    strings, parities = read_pairs(strings, parities, "a share")
    right = [
        [predicted_class(z) for z in model(string)] == targets
        for string, targets in zip(strings, parities, strict=True)
    ]
    return right.count(True) / len(right)
