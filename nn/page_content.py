"""A training as its page needs it: data, and programs in JavaScript."""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value, stepper
from autograd.drawing.network import Network, places_of
from autograd.export.script_code import code
from autograd.export.script_formula import update_code
from autograd.grammar import parsed
from autograd.language import LANGUAGES, language
from autograd.naming import names
from autograd.notation import symbol, written
from autograd.sweep import topological_order
from nn.activations import Bernoulli, Dropout
from nn.delta_nodes import DeltaNodes, delta_nodes
from nn.display import name_of
from nn.evaluation import in_evaluation
from nn.fixed_penalty import FixedPenalty
from nn.formula_variants import Variants, variants_of
from nn.module import Module
from nn.optimizers import Optimizer
from nn.problem import Problem
from nn.recordings import Recording
from nn.rows import check_targets, numbers_in, shape_of
from nn.saving import description_of, made_again

if TYPE_CHECKING:
    from nn.updates import Update

STOPS = {
    "rate": (0, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10),
    "share": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999),
    "small": (0, 1e-10, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1),
}
"""Where a hyperparameter's slider stops; any other number can be typed."""


def _network(model: Module) -> Network:
    try:
        return model._network_()
    except ValueError as error:
        raise ValueError(f"playground shows a model as draw does: {error}") from None


class PageContent:
    """A training, recorded: what the page needs as data, and as programs."""

    def __init__(
        self, model: Module, optimizer: Optimizer, problem: Problem, held_out: tuple[list[Any], list[Any]]
    ) -> None:
        self.model, self.optimizer, self.problem, self.held_out = model, optimizer, problem, held_out
        self.network: Network = _network(model)
        if any(level.feedback for level in self.network.levels):
            raise ValueError("playground's model must be without feedback, got a recurrent one")
        self.recording = recording = Recording(problem, 0)
        self.still = in_evaluation(model, lambda: Recording(problem, 0))
        self.names, self.numbers = map(list, zip(*self.model.named_parameters(), strict=True))
        self.nodes, self.still_nodes = self._nodes(recording), self._nodes(self.still)
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

    def _nodes(self, recording: Recording) -> DeltaNodes:
        output: Any = recording.output
        outputs = [output] if isinstance(output, Value) else list(output)
        return delta_nodes(self.network, outputs, recording.loss)

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
        constants = self.recording.constants(self.numbers, self.recording.nodes())
        for i in range(1, len(problem.X)):
            if not self.recording.is_repeated_by(Recording(problem, i), self.numbers, constants):
                raise ValueError(
                    f"every sample must record the same graph, but that of sample {i} differs from sample 0's"
                )

    def _penalty(self) -> Value | None:
        if self.problem.penalty is None:
            return None
        if not FixedPenalty(self.problem.penalty_now, self.numbers, set()).holds(self.numbers):
            raise ValueError("playground's penalty must record the same graph each time, got one that changes")
        return self.problem.penalty_now()

    # Data

    def _line(self, name: str) -> str:
        """The model's line at a prompt, in a language."""
        with language(name):
            return _network(self.model).line

    def data(self) -> dict[str, Any]:
        """What the page's script reads."""
        problem = self.problem
        rows, held_out = (
            [[*numbers_in(x), *numbers_in(target)] for x, target in zip(*pair, strict=True)]
            for pair in ((problem.X, problem.y), self.held_out)
        )
        return {
            "titles": {name: self._line(name) for name in LANGUAGES},
            "lossName": name_of(problem.loss),
            "names": self.names,
            "rows": rows,
            "heldOut": held_out,
            "features": len([*numbers_in(problem.X[0])]),
            "start": self._start(),
            "trained": [self.place[parameter] for parameter in self.trained],
            **self._draws(),
            **self._generators(),
            **self._method(),
            "network": self._picture(),
            "judge": _judge(problem, self.nodes.sizes[-1]),
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

    def _draws(self) -> dict[str, Any]:
        """How another seed draws each number: from a to b, or a constant; None where it changes no number.

        goesOn  whether the model's random parts then draw from the same generator
        """
        drawing = _Drawing()
        twin = made_again(self.model, drawing)
        if twin is None:
            return {"draws": None, "goesOn": False}
        draws: list[Any] = []
        drawn = iter([*drawing.drawn, (math.nan, [])])
        number, ends = next(drawn)
        for parameter in twin.parameters():
            is_drawn = parameter.data == number
            draws.append(ends if is_drawn else parameter.data)
            if is_drawn:
                number, ends = next(drawn)
        parts = [part for part in twin.modules() if isinstance(part, Dropout | Bernoulli)]
        goes_on = bool(parts) and all(part.generator is drawing for part in parts)
        return {"draws": draws if math.isnan(number) else None, "goesOn": goes_on}

    def _generators(self) -> dict[str, Any]:
        """The states of the generators of what is at random, and which of them draws each number of a sample."""
        generators = {id(generator): generator for generator in self.recording.generators}
        places = list(generators)
        states = [generator.getstate()[1] for generator in generators.values()]
        return {
            "generators": [{"words": state[:-1], "used": state[-1]} for state in states],
            "drawn": [places.index(id(generator)) for generator in self.recording.generators],
        }

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
        sample = in_evaluation(self.model, lambda: Recording(self.problem, 0))
        width = len([*numbers_in(self.problem.X[0])])
        for k, leaf in enumerate(sample.inputs):
            leaf.label = f"x{k + 1}" if k < width else f"t{k + 1 - width if len(sample.inputs) > width + 1 else ''}"
        sample.loss.label = sample.loss.label or "loss"
        unlabelled = {p: name for p, name in zip(self.numbers, self.names, strict=True) if not p.label.strip()}
        labels = {p: p.label for p in unlabelled}
        try:
            for p, name in unlabelled.items():  # without a label it would be a constant, which the page keeps
                p.label = name
            called = names(topological_order(sample.loss))
            page = stepper(sample.loss, lang="en").html()
        except (ValueError, ImportError, RuntimeError) as error:
            return {"stepper": "", "leaves": [], "labels": [], "whyNot": str(error)}
        finally:
            for p, label in labels.items():
                p.label = label
        leaves, numbers = ([called.get(node, "") for node in nodes] for nodes in (sample.inputs, self.numbers))
        return {"stepper": page, "leaves": leaves, "labels": numbers}

    # Programs

    def programs(self) -> str:
        """What is compiled, as JavaScript: the gradient, the formulas, and the numbers that the page shows."""
        loss, inputs, share = self.recording.loss, self.recording.inputs, Value(1.0)
        x = self.still.inputs[: len([*numbers_in(self.problem.X[0])])]
        still = code(_shown(self.still.loss, self.still_nodes), self.still.inputs, self.numbers)
        parts = {
            "lossAndGradient": _scope(code([loss], [*inputs, share], self.numbers, of=loss * share), GRADIENT),
            "penalty": "null"
            if self.penalty is None
            else _scope(code([self.penalty], [], self.numbers, of=self.penalty), GRADIENT),
            "still": _scope(still, NUMBERS),
            "network": _scope(code(self.still_nodes.outputs, x, self.numbers), NUMBERS),
            "sample": "null"
            if not self.recording.generators
            else _scope(code(_shown(loss, self.nodes), inputs, self.numbers), NUMBERS),
        }
        memory = self.variants.memory
        updates = [
            _scope(update_code(update.lines, _remembered(update, memory), update.constants), "update")
            for update in self.variants.formulas
        ]
        lines = [f"{name}: {text}," for name, text in parts.items()]
        return "\n".join(["const programs = {", *lines, f"updates: [{', '.join(updates)}],", "};"])


def _shown(loss: Value, nodes: DeltaNodes) -> list[Value]:
    """What the page shows of a sample, in its order."""
    return [loss, *nodes.sums, *nodes.outputs, *nodes.deltas, *nodes.slopes, *nodes.arriving]


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
    """Say how the page counts right answers, and from which output on the plane's colour changes."""
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
