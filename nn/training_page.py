"""A network that trains in its own page: one HTML file that runs what the compiler makes of model and optimizer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from autograd import Value
from autograd.drawing.page import Page, common_script, filled, inert, policy
from autograd.ieee import integer, kind
from autograd.language import LANGUAGES, language
from nn.chance import undrawable_part
from nn.data_set import DataSet
from nn.evaluation import in_evaluation
from nn.losses import mean_squared_error, softmax_cross_entropy
from nn.module import Module
from nn.optimizers import Optimizer
from nn.outputs import as_outputs
from nn.page_content import PageContent
from nn.problem import Loss, Problem, require_function
from nn.rows import numbers_in, shape_of
from nn.samples import read_pairs, refuse_text
from nn.seeds import fixed_seed

if TYPE_CHECKING:
    from nn.seeds import Seed

MAX_PARAMETERS = 5_000
MAX_SAMPLES = 5_000  # for training, and as many held out
MAX_NUMBERS = 250_000  # of all samples and targets
HEIGHT_PIXELS = 1_250  # in a notebook


class Playground(Page):
    """A page on which a network trains. A notebook shows it; `save` writes it as .html.

    page    the HTML
    height  the height in pixels that it takes in a notebook
    """

    what: ClassVar[str] = "playground"
    allowed: ClassVar[str] = "allow-scripts allow-downloads"


def playground(
    model: Module,
    data: DataSet | tuple[Sequence[Any], Sequence[Any]],
    optimizer: Optimizer,
    *,
    loss: Loss | None = None,
    batch_size: int = 32,
    seed: Seed = 0,
    validation: tuple[Sequence[Any], Sequence[Any]] | DataSet | None = None,
    penalty: Callable[[], Value] | None = None,
    lang: str | None = None,
) -> Playground:
    """A page that trains this model, as `nn.fit` would with the same numbers: one HTML file that needs nothing else.

    data  a DataSet or a pair (X, y)
    loss  the loss of a sample; without it, softmax_cross_entropy if the model has several outputs where y has classes,
          and mean_squared_error if not
    lang  the language at first, "en" or "ko"; without it that of `autograd.language`

    The other arguments are those of `fit`.

    It begins at the model's numbers and the optimizer's memory, and takes the steps of `fit` in compiled code: the same
    order of the samples, the same batches, losses with the same bits but for functions such as tanh and exp, whose last
    bits are the browser's. One sees loss curves, δ layer by layer, the network with its weights and, for two inputs,
    the regions of the plane and of each neuron. A weight that is clicked shows the δ rule with its numbers, its paths,
    the optimizer's table and the step to come; a sample that is clicked shows its graph in the page of `stepper`.
    Weights can be dragged; hyperparameters, the batch size and the seed can be changed.

    Another seed than the given one shuffles the samples as `fit` does with that seed. It also draws new weights, those
    of such a model made with that seed and the default initialization, if a file of `nn.save` could hold the model.
    Dropout and Bernoulli draw what they would draw in `fit`; losses, regions and a single sample are seen in evaluation
    mode. The page reads and writes the files of `nn.save`. Nothing here changes the model or the optimizer.

    Raises TypeError for a model that is not a Module, for an optimizer that is not an Optimizer of this package, and
    for a loss or a penalty that is not a function, and for data of another kind. Raises ValueError for a model that
    isn't made of layers of neurons or draws from a generator other than Python's; for an optimizer with its own `step`,
    or whose parameters are not the model's; for samples of different lengths and numbers that are not finite; for a
    loss or a penalty whose graph changes from sample to sample; for more than 5,000 parameters, 5,000 samples, or
    250,000 numbers in them; and as `fit` for empty data.

    >>> from autograd import tanh
    >>> from nn import MLP, SGD
    >>> from nn.data import gate
    >>> model = MLP(2, [3, 1], tanh, seed=0)
    >>> page = playground(model, gate("xor"), SGD(model.parameters(), lr=0.5))
    >>> page.html()[:15]
    '<!DOCTYPE html>'
    """
    lang = language() if lang is None else lang
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    _require_model(model)
    _require_optimizer(optimizer, model)
    for name, function in (("loss", loss), ("penalty", penalty)):
        if function is not None:
            require_function(function, f"playground's {name}")
    X, y = _samples(data, "data")
    held_out = ([], []) if validation is None else _samples(validation, "validation")
    loss = _usual_loss(model, X, y) if loss is None else loss
    problem = Problem(model, loss, X, y, optimizer, penalty, exact=True, compiled=True)
    content = PageContent(model, optimizer, problem, held_out)
    numbers = content.data() | {"batchSize": integer(batch_size, "batch_size", least=1), "seed": str(fixed_seed(seed))}
    return Playground(_page(lang, numbers, content.programs()), HEIGHT_PIXELS)


# What comes in


def _require_model(model: object) -> None:
    if not isinstance(model, Module):
        raise TypeError(f"playground's model must be a Module, such as an nn.MLP, got {kind(model)}")
    count = len(model.parameters())
    if count > MAX_PARAMETERS:
        raise ValueError(f"playground's model must have at most {MAX_PARAMETERS:,} parameters, got {count:,}")
    part = undrawable_part(model)
    if part is not None:
        raise ValueError(
            f"playground's model must draw from Python's generators, got a {type(part).__name__} with its own"
        )
    for name, parameter in model.named_parameters():
        if not math.isfinite(parameter.data):
            raise ValueError(f"playground's model must have finite parameters, got {name} = {parameter.data}")


def _require_optimizer(optimizer: object, model: Module) -> None:
    if not isinstance(optimizer, Optimizer):
        name = f"the class {optimizer.__name__}" if isinstance(optimizer, type) else kind(optimizer)
        raise TypeError(f"playground's optimizer must be one such as nn.Adam(model.parameters()), got {name}")
    if type(optimizer).step is not Optimizer.step or "step" in vars(optimizer):
        raise ValueError(
            f"playground needs an optimizer that is its formula, got {type(optimizer).__name__} with its own step"
        )
    if not set(optimizer.parameters) <= set(model.parameters()):
        raise ValueError("the optimizer's parameters must be the model's, got others: was it made before the model?")
    if len({t for t, _ in optimizer.remembered()}) > 1:
        raise ValueError("the optimizer's parameters must have taken the same number of steps, got different ones")


def _samples(data: object, what: str) -> tuple[list[Any], list[Any]]:
    """Samples and targets, each of one form, with finite numbers."""
    if not (isinstance(data, DataSet) or (isinstance(data, tuple) and len(data) == 2)):
        raise TypeError(f"playground's {what} must be a DataSet or a pair (X, y), got {kind(data)}")
    X, y = data
    samples, targets = read_pairs(X, y, what)
    for target in targets:
        refuse_text(target, f"each of {what}'s y")
    if len(samples) > MAX_SAMPLES:
        raise ValueError(f"{what}'s X must have at most {MAX_SAMPLES:,} samples, got {len(samples):,}")
    for name, column in (("X", samples), ("y", targets)):
        shape = shape_of(column[0])
        for i, sample in enumerate(column):
            if shape_of(sample) != shape:
                raise ValueError(
                    f"{what}'s {name} must have samples of one length, but sample {i} differs from sample 0"
                )
            for number in numbers_in(sample):
                if not math.isfinite(number):
                    raise ValueError(f"{what}'s {name} must be finite, got {number} in sample {i}")
    numbers = len(samples) * len([*numbers_in(samples[0]), *numbers_in(targets[0])])
    if numbers > MAX_NUMBERS:
        raise ValueError(f"{what}'s samples must have at most {MAX_NUMBERS:,} numbers, got {numbers:,}")
    return samples, targets


def _usual_loss(model: Module, X: Sequence[Any], y: Sequence[Any]) -> Loss:
    """Return softmax_cross_entropy if the model has several outputs and y holds classes; else mean_squared_error."""
    output = in_evaluation(model, lambda: as_outputs(model(X[0])))
    has_several_outputs = not isinstance(output, Value) and len(output) > 1
    has_classes = all(isinstance(target, int) for target in y)
    return softmax_cross_entropy if has_several_outputs and has_classes else mean_squared_error


# The page


def _page(lang: str, data: dict[str, Any], programs: str) -> str:
    place = files(__package__)
    page, script, trainer = (
        place.joinpath(name).read_text(encoding="utf-8") for name in ("playground.html", "playground.js", "trainer.js")
    )
    text = filled(script, {"PAGE": common_script(), "PROGRAMS": programs, "TRAINER": trainer})
    scripts = policy([f"\n{text}"])
    if data["stepper"]:
        scripts += f" {_policy_of(data['stepper'])}"  # a frame keeps to the policy of its page, too
    filling = {"LANG": lang, "DATA": inert(data), "SCRIPT": scripts, "CODE": text}
    return filled(page, filling)


def _policy_of(page: str) -> str:
    """The hashes in a page's own policy."""
    return page.partition("script-src ")[2].partition(";")[0]
