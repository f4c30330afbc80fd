"""A network that trains in its own page: one HTML file that runs what the compiler makes of model and optimizer."""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from autograd import Value, stepper
from autograd.drawing.network import Network, places_of
from autograd.drawing.page import Page, common_script, filled, inert, policy
from autograd.export.script_code import code
from autograd.export.script_formula import update_code
from autograd.grammar import parsed
from autograd.ieee import integer, kind
from autograd.language import LANGUAGES, language
from autograd.notation import symbol, written
from nn.chance import random_part
from nn.data_set import DataSet
from nn.delta_nodes import DeltaNodes, delta_nodes
from nn.display import name_of
from nn.fixed_penalty import FixedPenalty
from nn.formula_variants import Variants, variants_of
from nn.module import Module
from nn.optimizers import Optimizer
from nn.problem import Loss, Problem
from nn.recordings import Recording
from nn.rows import check_targets, numbers_in, shape_of
from nn.samples import read_pairs
from nn.saving import description_of, made_again
from nn.seeds import fixed_seed

if TYPE_CHECKING:
    from nn.seeds import Seed
    from nn.updates import Update

MAX_PARAMETERS = 5_000
MAX_SAMPLES = 5_000  # for training, and as many held out
MAX_NUMBERS = 250_000  # of all samples and targets
HEIGHT_PIXELS = 1_250  # in a notebook
STOPS = {
    "rate": (0, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10),
    "share": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999),
    "small": (0, 1e-10, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1),
}
"""Where a hyperparameter's slider stops; any other number can be typed."""


class Playground(Page):
    """A page on which a network trains. A notebook shows it; `save` writes it as .html.

    page    the HTML
    height  the height in pixels that it takes in a notebook
    """

    what: ClassVar[str] = "playground"
    allowed: ClassVar[str] = "allow-scripts allow-downloads"


def playground(
    model: Module,
    loss: Loss,
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    optimizer: Optimizer,
    batch_size: int = 32,
    seed: Seed = 0,
    validation: tuple[Sequence[Any], Sequence[Any]] | DataSet | None = None,
    penalty: Callable[[], Value] | None = None,
    lang: str | None = None,
) -> Playground:
    """A page that trains this model, as `nn.fit` with these arguments would: one HTML file that needs nothing else.

    It begins at the model's numbers and the optimizer's memory, and takes the steps of `fit` in compiled code: the same
    order of the samples, the same batches, losses with the same bits but for functions such as tanh and exp, whose last
    bits are the browser's. One sees loss curves, δ layer by layer, the network with its weights and, for two inputs,
    the regions of the plane and of each neuron. A weight that is clicked shows the δ rule with its numbers, its paths,
    the optimizer's table and the step to come; a sample that is clicked shows its graph in the page of `stepper`.
    Weights can be dragged; hyperparameters, the batch size and the seed can be changed.

    Another seed than the given one also draws new weights, those of a model made with that seed, if a file of
    `nn.save` could hold the model, and shuffles the samples as `fit` does with that seed. The page reads and writes
    the files of `nn.save`. Nothing here changes the model or the optimizer.

    lang  the language at first, "en" or "ko"; without it that of `autograd.language`

    Raises TypeError for a model that is not a Module and for an optimizer that is not an Optimizer of this package;
    ValueError for a model that isn't made of layers of neurons or has something at random, an optimizer with its own
    `step` or whose parameters are not the model's, samples of different lengths, numbers that are not finite, a loss or
    a penalty whose graph changes from sample to sample, more than 5,000 parameters, 5,000 samples or 250,000 numbers in
    them, and as `fit` for empty data.

    >>> from autograd import tanh
    >>> from nn import MLP, SGD, mean_squared_error
    >>> model = MLP(2, [3, 1], tanh, seed=0)
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> page = playground(model, mean_squared_error, X, y, optimizer=SGD(model.parameters(), lr=0.5))
    >>> page.html()[:15]
    '<!DOCTYPE html>'
    """
    lang = language() if lang is None else lang
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    _require_model(model)
    _require_optimizer(optimizer, model)
    X, y = _samples(X, y, "playground")
    held_out = _held_out(validation)
    task = _Task(model, optimizer, Problem(model, loss, X, y, optimizer, penalty, exact=True, compiled=True), held_out)
    data = task.data() | {"batchSize": integer(batch_size, "batch_size", least=1), "seed": str(fixed_seed(seed))}
    return Playground(_page(lang, data, task.programs()), HEIGHT_PIXELS)


# What comes in


def _require_model(model: object) -> None:
    if not isinstance(model, Module):
        raise TypeError(f"playground's model must be a Module, such as an nn.MLP, got {kind(model)}")
    count = len(model.parameters())
    if count > MAX_PARAMETERS:
        raise ValueError(f"playground's model must have at most {MAX_PARAMETERS:,} parameters, got {count:,}")
    part = random_part(model)
    if part is not None:
        raise ValueError(
            f"playground's model must have nothing at random, got {type(part).__name__}: leave it out, or call "
            "model.eval()"
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


def _samples(X: object, y: object, what: str) -> tuple[list[Any], list[Any]]:
    """Samples and targets, each of one form, with finite numbers."""
    samples, targets = read_pairs(X, y, what)
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


def _held_out(validation: object) -> tuple[list[Any], list[Any]]:
    if validation is None:
        return [], []
    if isinstance(validation, DataSet):
        return _samples(validation.X, validation.y, "validation")
    if not (isinstance(validation, tuple) and len(validation) == 2):
        raise TypeError(f"validation must be a DataSet or a pair (X, y), got {kind(validation)}")
    return _samples(*validation, "validation")


# What the page gets


class _Task:
    """A training, recorded: what the page needs as data, and as programs."""

    def __init__(
        self, model: Module, optimizer: Optimizer, problem: Problem, held_out: tuple[list[Any], list[Any]]
    ) -> None:
        self.model, self.optimizer, self.problem, self.held_out = model, optimizer, problem, held_out
        self.network: Network = model._network_()
        if any(level.feedback for level in self.network.levels):
            raise ValueError("playground's model must be without feedback, got a recurrent one")
        self.recording = recording = Recording(problem, 0)
        self.names, self.numbers = map(list, zip(*self.model.named_parameters(), strict=True))
        output: Any = recording.output
        self.outputs = [output] if isinstance(output, Value) else list(output)
        self.nodes: DeltaNodes = delta_nodes(self.network, self.outputs, recording.loss)
        self._require_one_graph()
        self.place = {parameter: k for k, parameter in enumerate(self.numbers)}
        nodes = recording.nodes()
        self.trained = [parameter for parameter in self.optimizer.parameters if parameter in nodes]
        if not self.trained:
            raise ValueError(
                "the loss must depend on the optimizer's parameters, got a loss that depends on none of them"
            )
        self.variants: Variants = variants_of(self.optimizer)
        self.penalty = self._penalty()

    def _require_one_graph(self) -> None:
        """Raise an error unless every sample has the recorded graph, and a target that the loss takes."""
        problem = self.problem
        pairs = ((problem.X, problem.y), self.held_out)
        for X, y in pairs:
            if X and (shape_of(X[0]), shape_of(y[0])) != (shape_of(problem.X[0]), shape_of(problem.y[0])):
                raise ValueError("validation's samples must have the length of the training samples, got another one")
            check_targets(problem.loss, lambda _: self.recording.output, y)
        if problem.graph_is_fixed():
            return
        constants = self.recording.constants(self.numbers)
        for i in range(1, len(problem.X)):
            if not self.recording.is_repeated_by(Recording(problem, i), self.numbers, constants):
                raise ValueError(
                    f"every sample must record the same graph, but that of sample {i} differs from sample 0's"
                )

    def _penalty(self) -> Value | None:
        if self.problem.penalty is None:
            return None
        if not FixedPenalty(self.problem.penalty, self.numbers, set()).holds(self.numbers):
            raise ValueError("playground's penalty must record the same graph each time, got one that changes")
        return self.problem.penalty()

    # Data

    def data(self) -> dict[str, Any]:
        """What the page's script reads."""
        problem = self.problem
        rows, held_out = (
            [[*numbers_in(x), *numbers_in(target)] for x, target in zip(*pair, strict=True)]
            for pair in ((problem.X, problem.y), self.held_out)
        )
        return {
            "title": self.network.line,
            "lossName": name_of(problem.loss),
            "names": self.names,
            "rows": rows,
            "heldOut": held_out,
            "features": len([*numbers_in(problem.X[0])]),
            "start": self._start(),
            "trained": [self.place[parameter] for parameter in self.trained],
            "draws": self._draws(),
            **self._method(),
            "network": self._picture(),
            "judge": _judge(problem, len(self.outputs)),
            "file": description_of(self.model),
            **self._graph(),
        }

    def _start(self) -> dict[str, Any]:
        """The numbers, the memory and the number of steps with which training begins."""
        optimizer = self.optimizer
        past = dict(zip(optimizer.parameters, optimizer.remembered(), strict=True))
        memory = {
            name: [past[parameter][1].get(name, optimizer.initial(name)) for parameter in self.trained]
            for name in self.variants.memory
        }
        return {"parameters": [p.data for p in self.numbers], "memory": memory, "t": past[self.trained[0]][0]}

    def _draws(self) -> list[Any] | None:
        """How another seed draws each number: from a to b, or a constant; None where it changes no number."""
        drawing = _Drawing()
        twin = made_again(self.model, drawing)
        if twin is None:
            return None
        draws: list[Any] = []
        drawn = iter([*drawing.drawn, (math.nan, [])])
        number, ends = next(drawn)
        for parameter in twin.parameters():
            is_drawn = parameter.data == number
            draws.append(ends if is_drawn else parameter.data)
            if is_drawn:
                number, ends = next(drawn)
        return draws if math.isnan(number) else None

    def _method(self) -> dict[str, Any]:
        """The optimizer: its numbers, and its formulas."""
        optimizer, variants = self.optimizer, self.variants
        return {
            "optimizer": type(optimizer).__name__,
            "settings": [
                {
                    "name": name,
                    "symbol": symbol(name),
                    "value": getattr(optimizer, name),
                    "below": what.below if what.below < math.inf else None,
                    "atMost": what.at_most if what.at_most < math.inf else None,
                    "stops": _stops(name, getattr(optimizer, name), what.below, what.at_most),
                }
                for name, what in variants.hyperparameters.items()
            ],
            "fixed": variants.fixed,
            "zeros": variants.switches,
            "variants": variants.which,
            "formulas": [_formula(update, variants.memory, optimizer.letters) for update in variants.formulas],
        }

    def _picture(self) -> dict[str, Any]:
        """The network: where its circles are, and which parameters are a neuron's."""
        places = places_of(self.network)
        at_zero = iter(
            [unit.curve(0.0) if unit.curve else 0.0 for level in self.network.levels for unit in level.units]
        )
        levels = [
            {
                "name": level.name or "neuron",
                "activation": "/".join(dict.fromkeys(unit.activation for unit in level.units if unit.activation)),
                "units": [
                    {
                        "weights": [self.place[w] for w in unit.weights],
                        "bias": self.place.get(unit.bias, -1),
                        "zero": next(at_zero),
                    }
                    for unit in level.units
                ],
            }
            for level in self.network.levels
        ]
        columns = {str(c): {str(row): point for row, point in at.items()} for c, at in places.columns.items()}
        return {"columns": columns, "radius": places.radius, "size": places.size, "levels": levels}

    def _graph(self) -> dict[str, Any]:
        """The stepper's page of the first sample's graph, and what its leaves are called; "" where there is none."""
        sample = Recording(self.problem, 0)
        width = len([*numbers_in(self.problem.X[0])])
        for k, leaf in enumerate(sample.inputs):
            leaf.label = f"x{k + 1}" if k < width else f"t{k + 1 - width if len(sample.inputs) > width + 1 else ''}"
        sample.loss.label = sample.loss.label or "loss"
        leaves = [leaf.label for leaf in sample.inputs]
        try:
            return {"stepper": stepper(sample.loss).html(), "leaves": leaves, "labels": [p.label for p in self.numbers]}
        except (ValueError, ImportError, RuntimeError) as error:
            return {"stepper": "", "leaves": leaves, "whyNot": str(error)}

    # Programs

    def programs(self) -> str:
        """What is compiled, as JavaScript: the gradient, the formulas, and the numbers that the page shows."""
        loss, nodes, share = self.recording.loss, self.nodes, Value(1.0)
        inputs, x = self.recording.inputs, self.recording.inputs[: len([*numbers_in(self.problem.X[0])])]
        shown = [loss, *nodes.sums, *nodes.outputs, *nodes.deltas, *nodes.slopes, *nodes.arriving]
        parts = {
            "lossAndGradient": _scope(code([loss], [*inputs, share], self.numbers, of=loss * share), GRADIENT),
            "penalty": "null"
            if self.penalty is None
            else _scope(code([self.penalty], [], self.numbers, of=self.penalty), GRADIENT),
            "sample": _scope(code(shown, inputs, self.numbers), NUMBERS),
            "network": _scope(code(nodes.outputs, x, self.numbers), NUMBERS),
        }
        memory = self.variants.memory
        updates = [
            _scope(update_code(update.lines, _remembered(update, memory), update.constants), "update")
            for update in self.variants.formulas
        ]
        lines = [f"{name}: {text}," for name, text in parts.items()]
        return "\n".join(["const programs = {", *lines, f"updates: [{', '.join(updates)}],", "};"])


GRADIENT, NUMBERS = "{ valueAndGradient }", "{ plan, compute, tablesOf }"


def _scope(text: str, result: str) -> str:
    """A program whose names are its own."""
    return f"(() => {{\nconst trained = [];\n{text}\nreturn {result};\n}})()"


def _remembered(update: Update, memory: Sequence[str]) -> list[str]:
    """What a formula computes that it, or another one, remembers."""
    return [name for name in memory if name in update.names]


def _formula(update: Update, memory: Sequence[str], letters: Any) -> dict[str, Any]:
    """A formula as the page shows it, and the names of what goes in."""
    lines = [
        {
            "name": name,
            "quantity": symbol(name),
            "paper": f"({symbol(letters[name])})" if name in letters else "",
            "formula": written(text),
            "tree": _tree(parsed(text)),
        }
        for name, text in update.lines
    ]
    return {"lines": lines, "memory": _remembered(update, memory), "constants": update.constants}


SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}


def _tree(node: ast.expr) -> Any:
    """An expression for the page, which puts numbers in; None for a form that it has no notation for."""
    match node:
        case ast.Constant(value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(name):
            return name
        case ast.UnaryOp(ast.USub(), operand):
            parts, sign = [operand], "negative"
        case ast.BinOp(left, operation, right):
            parts, sign = [left, right], SIGNS[type(operation)]
        case ast.Call(ast.Name(word), arguments):
            parts, sign = list(arguments), word
        case _:
            return None
    trees = [_tree(part) for part in parts]
    return None if None in trees else [sign, *trees]


def _stops(name: str, value: float, below: float, at_most: float) -> list[float]:
    """Where a hyperparameter's slider stops: at its own value, too."""
    is_share = below <= 1 or at_most <= 1 or name in ("momentum", "dampening")
    group = "rate" if name == "lr" else "share" if is_share else "small"
    allowed = [stop for stop in STOPS[group] if stop < below and stop <= at_most]
    return sorted({*map(float, allowed), value})


def _judge(problem: Problem, outputs: int) -> dict[str, Any]:
    """How outputs are told right from wrong: by the largest, by a threshold, or not at all; and where colours begin."""
    targets = [list(numbers_in(target)) for target in problem.y]
    if outputs > 1:
        classes = all(len(t) == 1 and t[0].is_integer() and 0 <= t[0] < outputs for t in targets)
        return {"kind": "class" if classes else "none", "center": 0.0, "half": 1.0}
    values = sorted({t[0] for t in targets})
    logits = "logits" in name_of(problem.loss)
    center = 0.0 if logits else (values[0] + values[-1]) / 2
    half = 3.0 if logits else (values[-1] - values[0]) / 2 or 1.0
    return {"kind": "sign" if len(values) == 2 else "none", "center": center, "half": half}


class _Drawing(random.Random):
    """A generator that notes each number, and from where to where it was drawn."""

    def __init__(self) -> None:
        super().__init__(0)
        self.drawn: list[tuple[float, list[float]]] = []

    def uniform(self, a: float, b: float) -> float:
        number = super().uniform(a, b)
        self.drawn.append((number, [a, b]))
        return number


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
