"""Predictions, losses and accuracy of a model, in evaluation mode, where nothing is random.

Many samples go through compiled code where it is known to be right and saves time. The numbers are the same. Without
llvmlite they go through NumPy's arrays, whose numbers are the same up to rounding.
"""

from __future__ import annotations

import importlib.util
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, starmap
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import Value, topological_order
from autograd.atomic import all_or_none, cyclic_collector_paused
from autograd.display import counted
from autograd.ieee import add_up, real
from autograd.node import require_value
from autograd.rules import as_tuple
from nn.fixed_graph import compiling_pays, graph_is_fixed, has_numpy, is_installed, size_of
from nn.module import Module
from nn.numpy_code import NumPyCode
from nn.outputs import as_outputs
from nn.problem import OF_SAMPLE, OF_TARGET, Loss, Model, Problem, require_function
from nn.rows import Rows, as_leaves, check_targets
from nn.samples import read, read_pairs, read_target, refuse_text

if TYPE_CHECKING:
    from nn.rows import Array

Judgement = TypeVar("Judgement")
Result = TypeVar("Result")


def in_evaluation(model: Model, judge: Callable[[], Judgement]) -> Judgement:
    """Call judge() with the model and all its parts in evaluation mode, restore their modes, and return its result."""
    modules: list[Module] = list(model.modules()) if isinstance(model, Module) else []
    before = starmap(setattr, [(module, "training", module.training) for module in modules])
    try:
        all_or_none((setattr, module, "training", False) for module in modules)
        return judge()
    finally:
        deque(before, maxlen=0)  # at once, by this frame's very next call, so that no interrupt comes before it


@cyclic_collector_paused
def mean_loss(model: Model, loss: Loss, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The mean of loss(model(X[i]), y[i]), with the model in evaluation mode.

    Raises ValueError for 0 samples, and for X and y of different lengths; TypeError for a model or a loss that isn't a
    function.
    """
    require_function(model, "mean_loss's model", OF_SAMPLE)
    require_function(loss, "mean_loss's loss", OF_TARGET)
    X, y = read_pairs(X, y, "mean_loss")

    def total() -> float:
        losses = losses_of(model, loss, X, y)
        if losses is not None:
            return add_up(losses)
        return add_up(Problem.as_loss(loss(model(x), target)).data for x, target in zip(X, y, strict=True))

    return in_evaluation(model, total) / len(X)


@cyclic_collector_paused
def predict(model: Model, X: Sequence[Any], *, outputs: bool = False) -> Any:
    """The model's prediction for each of n samples, in evaluation mode: a NumPy array of length n.

    Of several outputs, logits, it is the class: the index of the largest, an int. A single output is given as the
    number that it is, a float: a regression's value, a perceptron's sign, a logit (whose class is 1 where it is above
    0). With outputs=True it is all outputs as they are, an array of shape (n, number of outputs), or (n,) of a model
    whose output is one Value. Without NumPy, arrays are lists.

    Raises ValueError for no samples or no outputs, or with outputs=True if the number of outputs differs from sample
    to sample; TypeError for a model that isn't a function, and for outputs that are not Values.

    >>> predict(lambda sample: 2 * Value(sample) + 1, [0, 3])
    array([1., 7.])
    >>> predict(lambda sample: [Value(1.0), 2 * Value(sample)], [0, 3]), predict(lambda _: [Value(1.0)], [0, 3])
    (array([0, 1]), array([1., 1.]))
    """
    require_function(model, "predict's model", OF_SAMPLE)
    samples = read(X, "predict's X")
    if not samples:
        raise ValueError("predict needs at least 1 sample, got 0")
    answers = in_evaluation(model, lambda: _answers(model, samples))
    if not outputs:
        return _as_array(list(map(_prediction, answers)))
    widths = {len(answer) if isinstance(answer, list) else 0 for answer in answers}
    if len(widths) > 1:
        raise ValueError(
            f"predict needs the same number of outputs for each sample, got {min(widths)} and {max(widths)}"
        )
    return _as_array(answers)


def _as_array(numbers: list[Any]) -> Any:
    """The numbers in an array, where NumPy is installed."""
    if importlib.util.find_spec("numpy") is None:
        return numbers
    import numpy as np  # noqa: PLC0415 — only whoever predicts needs it

    return np.array(numbers)


def _prediction(answer: float | list[float]) -> float:
    if not isinstance(answer, list):
        return answer
    return answer[0] if len(answer) == 1 else _class_of(answer)


@cyclic_collector_paused
def accuracy(model: Model, X: Sequence[Any], y: Sequence[Any]) -> float:
    """The share of samples whose predicted class is the target, with the model in evaluation mode.

    Of a perceptron, whose output is a Value, the class is its sign: targets are −1 and +1. Raises ValueError
    for no samples, for X and y of different lengths, and for a target that is not a class; TypeError for one that is
    not a number, and for a model that isn't a function.
    """
    require_function(model, "accuracy's model", OF_SAMPLE)
    X, y = read_pairs(X, y, "accuracy")
    targets = [read_target(target, "a class") for target in y]
    for target in targets:
        refuse_text(target, "a class")
    targets = [real(target, "a class") for target in targets]
    answers = in_evaluation(model, lambda: _answers(model, X))
    return list(map(_is_right, answers, targets)).count(True) / len(X)


def _is_right(answer: float | list[float], target: float) -> bool:
    if not isinstance(answer, list):
        return answer == target
    predicted, last = _class_of(answer), max(len(answer) - 1, 1)
    if not (target.is_integer() and 0 <= target <= last):  # ±1, say, which no logit's class ever is
        raise ValueError(f"the classes of {counted(len(answer), 'output')} are 0 to {last}, got a target of {target:g}")
    return predicted == target


def predicted_class(outputs: Sequence[Value]) -> int:
    """The index of the largest output, the first of equal ones; for a single logit, 1 if it is above 0, else 0.

    Raises ValueError for no outputs, TypeError for anything but a sequence of Values.
    """
    return _class_of([require_value(output, "an output").data for output in as_tuple(outputs, "outputs")])


def _class_of(logits: list[float]) -> int:
    if not logits:
        raise ValueError("predicted_class needs at least 1 output, got 0")
    return int(logits[0] > 0) if len(logits) == 1 else logits.index(max(logits))


def _answer(outputs: Any) -> float | list[float]:
    """A model's output as numbers: a number for a Value, a list for a sequence of Values."""
    if isinstance(outputs, Value):
        return outputs.data
    return [require_value(output, "an output").data for output in as_tuple(outputs, "a model's output")]


# Through compiled code; the model is in evaluation already


def _answers(model: Model, samples: Sequence[Any]) -> list[float | list[float]]:
    """The model's output for each sample, as numbers."""
    output = model(samples[0])
    leaves, answer = _leaves_of(output), _answer(output)
    answers = _results_on_rows(model, [model], leaves, [samples], _reading_answers)
    return answers or [answer, *(_answer(model(sample)) for sample in islice(samples, 1, None))]


def _reading_answers(output: Any) -> Callable[[list[float]], float | list[float]]:
    return itemgetter(0) if isinstance(_answer(output), float) else list


def predictions(model: Model, samples: Sequence[Any]) -> list[Any]:
    """model(sample) for each sample, through compiled code where it is known to be right and saves time."""
    samples = read(samples, "samples")
    if not samples:
        return []
    output = model(samples[0])
    found = _results_on_rows(model, [model], _leaves_of(output), [samples], _refilling)
    return found or [output, *(model(sample) for sample in islice(samples, 1, None))]


def _refilling(output: Any) -> Callable[[list[float]], Any]:
    return lambda numbers: _refilled(output, iter(numbers))


def losses_of(model: Model, loss: Loss, X: Sequence[Any], y: Sequence[Any]) -> list[float] | None:
    """Each sample's loss, through compiled code where it is known to be right and saves time; otherwise None."""

    def loss_of(sample: Any, target: Any) -> Value:
        return Problem.as_loss(loss(model(sample), target))

    def check(rows: Rows) -> None:
        outputs = [model(X[i]) for i in rows.examples]
        check_targets(loss, lambda i: outputs[rows.kind(i)], y)

    return _results_on_rows(loss_of, [model, loss], [loss_of(X[0], y[0])], [X, y], lambda _: itemgetter(0), check)


def _results_on_rows(
    function: Callable[..., Any],
    parts: Sequence[object],
    outputs: Sequence[Value],
    columns: Sequence[Sequence[Any]],
    reading: Callable[[Any], Callable[[list[float]], Result]],
    check: Callable[[Rows], None] = lambda _: None,
) -> list[Result] | None:
    """The function's result for each row of the columns, by compiled code; None to leave all to the graph engine.

    parts    what the function calls, the model first
    outputs  the function's outputs for the first row
    reading  makes of a recorded output the function that reads its numbers as a result
    check    raises an exception if the graph engine is to refuse a row

    Samples of each shape have code of their own. Those of a shape that occurs seldom are left to the graph engine.
    """
    if not (all(map(graph_is_fixed, parts)) and has_numpy() and _compiling_pays(outputs, len(columns[0]))):
        return None
    model = parts[0]
    parameters = model.parameters() if isinstance(model, Module) else []
    results: list[Any] = [None] * len(columns[0])
    try:
        rows = Rows(*columns)
        check(rows)
        for example, places, table in rows.of_each_shape():
            leaves = [as_leaves(samples[example]) for samples in columns]
            recorded = function(*(inputs for inputs, _ in leaves))
            outputs, numbers = _leaves_of(recorded), [leaf for _, own in leaves for leaf in own]
            if _compiling_pays(outputs, len(places)):
                found: Iterator[Result] = map(reading(recorded), _values(outputs, numbers, parameters, table))
            else:
                found = (_result(function(*(samples[i] for samples in columns)), reading) for i in places)
            for i, result in zip(places, found, strict=True):
                results[i] = result
    except (TypeError, ValueError):  # the graph engine takes it, or says in its own words what is wrong
        return None
    return results


def _compiling_pays(outputs: Sequence[Value], samples: int) -> bool:
    nodes = {node for output in outputs for node in topological_order(output)}
    return compiling_pays(*size_of(nodes), samples)


def _values(outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value], rows: Array) -> Any:
    """The numbers of the outputs for each row, by machine code or, where llvmlite is missing, on NumPy's arrays."""
    if not is_installed():
        return NumPyCode(outputs, inputs, parameters).value(rows).tolist()
    from autograd.compiler.compiled import Compiled  # noqa: PLC0415 — only what is compiled needs it

    compiled = Compiled(outputs, inputs, parameters, single=False, exact=True, threads=1, gradient=False)
    return compiled.value(rows).tolist()


def _result(output: Any, reading: Callable[[Any], Callable[[list[float]], Result]]) -> Result:
    return reading(output)([leaf.data for leaf in _leaves_of(output)])


def _leaves_of(output: Any) -> list[Value]:
    if isinstance(output, Value):
        return [output]
    return [leaf for part in as_tuple(output, "a model's output") for leaf in _leaves_of(part)]


def _refilled(output: Any, numbers: Iterator[float]) -> Any:
    """A copy of an output with these numbers."""
    if isinstance(output, Value):
        return Value(next(numbers))
    return as_outputs([_refilled(part, numbers) for part in output])
