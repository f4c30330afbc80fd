"""Loss functions: how wrong the outputs for one sample are, as a Value to differentiate.

`input` holds the model's outputs for the sample (PyTorch's name): a sequence of Values, or one Value. `target` holds
one number for each output; for softmax_cross_entropy it may be the class. Different lengths raise ValueError.
A target may hold Values: they become part of the graph, so that one compiled graph serves every target.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import autograd
from autograd import Value, entropy, exp, huber, mean, relu, softplus, total
from autograd.arguments import as_tuple
from autograd.ieee import integer, real
from autograd.rules import OPERATIONS
from nn.samples import read_sample, read_target, refuse_text

Output = Value | Sequence[Value]
Number = float | Value
Target = Number | Sequence[Number]
Class = int | Value


def half_squared_error(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """½·Σᵢ (targetᵢ − inputᵢ)². Its derivative ∂/∂inputᵢ = inputᵢ − targetᵢ is the first factor of the δ rule.

    Lectures also call this the mean squared error, although it takes no mean.

    >>> half_squared_error([Value(1.0), Value(2.0)], [1.0, 4.0]).data
    2.0
    """
    pairs = _pairs("half_squared_error", input, target)
    loss: Value = total([(wanted - output) ** 2 for output, wanted in pairs]) / 2
    return loss


def mean_squared_error(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """Σᵢ (inputᵢ − targetᵢ)² / n, over the n outputs of one sample.

    >>> mean_squared_error([Value(1.0), Value(2.0)], [1.0, 4.0]).data
    2.0
    """
    pairs = _pairs("mean_squared_error", input, target)
    loss: Value = mean([(output - wanted) ** 2 for output, wanted in pairs])
    return loss


def l1_loss(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """Σᵢ |inputᵢ − targetᵢ| / n, over the n outputs of one sample. Where the two are equal, the derivative is 0.

    >>> l1_loss([Value(1.0), Value(2.0)], [1.0, 4.0]).data
    1.0
    """
    pairs = _pairs("l1_loss", input, target)
    loss: Value = mean([abs(output - wanted) for output, wanted in pairs])
    return loss


def huber_loss(input: Output, target: Target, delta: float = 1.0) -> Value:  # noqa: A002 — PyTorch's name
    """The mean of ½·d² where |d| ≤ δ and of δ·(|d| − ½·δ) beyond, where d is inputᵢ − targetᵢ and δ is `delta`.

    Outliers pull with a slope of at most δ. Raises ValueError unless δ > 0.

    Source: P. Huber, Annals of Mathematical Statistics 35 (1964), section 1.

    >>> huber_loss([Value(0.5), Value(3.0)], [0.0, 0.0]).data
    1.3125
    """
    bend = real(delta, "delta")
    if not bend > 0:
        raise ValueError(f"delta must be positive, got {bend:g}")
    pairs = _pairs("huber_loss", input, target)
    loss: Value = mean([huber(output - wanted, bend) for output, wanted in pairs])
    return loss


def hinge(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """max(0, 1 − target·input), where target is −1 or +1; the mean of these for several outputs.

    The loss is 0 once target·input is at least 1; where it is exactly 1, the derivative is 0. Raises ValueError for a
    target other than −1 and +1.

    Source: C. Cortes, V. Vapnik, Machine Learning 20 (1995), the soft margin's slack.

    >>> hinge([Value(0.25)], 1).data, hinge([Value(0.25)], -1).data
    (0.75, 1.25)
    """
    pairs = _pairs("hinge", input, target)
    for _, sign in pairs:
        if _number(sign) not in (-1.0, 1.0):
            raise ValueError(f"hinge's target must be -1 or 1, got {_number(sign):g}")
    loss: Value = mean([relu(1 - output * sign) for output, sign in pairs])
    return loss


def binary_cross_entropy(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """−t·log p − (1 − t)·log(1 − p), where the input p is a probability and t the target; the mean for several outputs.

    Each logarithm is at least −100, as in PyTorch, so the loss at p = 0 and t = 1 is 100 rather than inf. If the model
    gives logits, `binary_cross_entropy_with_logits` is more accurate. Raises ValueError for an input or a target
    outside [0, 1].

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90.

    >>> binary_cross_entropy([Value(0.5)], 1).data
    0.6931471805599453
    """
    pairs = _pairs("binary_cross_entropy", input, target)
    for probability, wanted in pairs:
        _require_probability("binary_cross_entropy's input", probability.data)
        _require_probability("binary_cross_entropy's target", _number(wanted))
    loss: Value = mean([autograd.binary_cross_entropy(output, wanted) for output, wanted in pairs])
    return loss


def binary_cross_entropy_with_logits(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """−t·log σ(s) − (1 − t)·log σ(−s), where the input s is a logit and t the target; the mean for several outputs.

    Computed as t·softplus(−s) + (1 − t)·softplus(s), which loses no digits to cancellation at any s; ∂/∂s = σ(s) − t.
    Raises ValueError for a target outside [0, 1].

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90.

    >>> binary_cross_entropy_with_logits([Value(-1000.0)], 1).data
    1000.0
    """
    pairs = _pairs("binary_cross_entropy_with_logits", input, target)
    losses = []
    for s, t in pairs:
        _require_probability("binary_cross_entropy_with_logits' target", _number(t))
        if t == 1:  # leave out the term times 0: it would be 0·inf = nan where s is inf
            losses.append(softplus(-s))
        elif t == 0:
            losses.append(softplus(s))
        else:
            losses.append(t * softplus(-s) + (1 - t) * softplus(s))
    loss: Value = mean(losses)
    return loss


def softmax_cross_entropy(
    input: Sequence[Value],  # noqa: A002 — PyTorch's name
    target: Class | Sequence[Number],
    label_smoothing: float = 0.0,
) -> Value:
    """−log softmax(input)[target]: the negative log-likelihood of the right class, from logits.

    `input` has one logit for each class; `target` is the index of the right class, from 0, or a sequence of that one
    index. Soft labels are a probability t for each class: then the loss is −Σᵢ tᵢ·log softmax(input)ᵢ. With
    `label_smoothing` ε it is (1 − ε) times that, and ε times the mean of −log softmax(input) over the classes.

    Stable for logits of any size; for one class ∂/∂inputᵢ = softmax(input)ᵢ − (1 if i is the target, else 0). Soft
    labels and smoothing take time in proportion to the square of the number of classes, for the sake of all digits.

    Raises TypeError for a class that is not an int, and ValueError for an index outside the classes, if the numbers of
    probabilities and logits differ, and for probabilities and a label smoothing outside [0, 1].

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108 and 4.109; label smoothing: C. Szegedy
    et al., CVPR 2016, section 7.

    >>> softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    >>> round(softmax_cross_entropy([Value(2.0), Value(0.0)], [0.75, 0.25], label_smoothing=0.1).data, 6)
    0.676928
    """
    logits = tuple([_as_value(x) for x in as_tuple(input, "softmax_cross_entropy's input")])
    chosen = read_target(target, "softmax_cross_entropy's target")
    smoothing = real(label_smoothing, "label_smoothing")
    if not 0 <= smoothing <= 1:
        raise ValueError(f"label_smoothing must be from 0 to 1, got {smoothing:g}")
    if not logits:
        raise ValueError("softmax_cross_entropy needs at least 1 logit, got 0")
    loss = _of_probabilities(logits, chosen) if isinstance(chosen, list | tuple) else _of_class(logits, chosen)
    if smoothing:
        loss = (1 - smoothing) * loss + smoothing * mean([_surprise(k, logits) for k in range(len(logits))])
    return loss


def _surprise(k: Class, logits: tuple[Value, ...]) -> Value:
    """−log softmax(logits)ₖ."""
    loss: Value = -OPERATIONS["log_softmax"](k, logits)
    return loss


def _of_class(logits: tuple[Value, ...], chosen: Any) -> Value:
    of_graph = isinstance(chosen, Value) and chosen.data.is_integer()
    refuse_text(chosen, "softmax_cross_entropy's target")
    number = int(chosen.data) if of_graph else _number(chosen)
    if isinstance(number, float):
        hint = f": int({number}), or y.astype(int) of an array, is a class" if number.is_integer() else ""
        raise TypeError(f"softmax_cross_entropy's target must be an int, got float {number}{hint}")
    index = integer(number, "softmax_cross_entropy's target")
    if not 0 <= index < len(logits):
        raise ValueError(f"softmax_cross_entropy's target must be a class from 0 to {len(logits) - 1}, got {index}")
    return _surprise(chosen if of_graph else index, logits)


def _of_probabilities(logits: tuple[Value, ...], probabilities: Sequence[Number]) -> Value:
    if len(probabilities) != len(logits):
        raise ValueError(
            "softmax_cross_entropy's target must be one class, an int, or one probability for each of the "
            f"{len(logits)} logits, got {len(probabilities)} numbers"
        )
    numbers = [t if isinstance(t, Value) else real(t, "softmax_cross_entropy's target") for t in probabilities]
    for number in numbers:
        _require_probability("softmax_cross_entropy's target", _number(number))
    losses = [number * _surprise(k, logits) for k, number in enumerate(numbers) if number != 0]
    if not losses:  # 0, and still a function of the logits; 0·inf would be nan
        losses = [0.0 * surprise for k in range(len(logits)) if math.isfinite((surprise := _surprise(k, logits)).data)]
    loss: Value = total(losses) if losses else Value(0.0)
    return loss


def kl_div(input: Output, target: Target, log_target: bool = False) -> Value:  # noqa: A002 — PyTorch's name
    """Σᵢ tᵢ·(log tᵢ − inputᵢ), the Kullback–Leibler divergence of a distribution from the target t.

    `input` holds the logarithms of probabilities, as `log_softmax` gives them; `target` the probabilities or, with
    `log_target`, their logarithms. A probability of 0 adds nothing. The terms are added up, as PyTorch's
    `reduction="batchmean"` does for each sample. Raises ValueError for a probability outside [0, 1].

    Source: S. Kullback, R. Leibler, Annals of Mathematical Statistics 22 (1951), eq. 2.4.

    >>> kl_div([Value(-1.0), Value(-0.5)], [1.0, 0.0]).data
    1.0
    """
    terms = []
    for output, wanted in _pairs("kl_div", input, target):
        if log_target:
            terms.append(exp(wanted) * (wanted - output))
            continue
        _require_probability("kl_div's target", _number(wanted))
        if _number(wanted) != 0 or math.isfinite(output.data):  # leave out 0·inf, which would be nan
            terms.append(-(entropy(wanted) + wanted * output))
    loss: Value = total(terms) if terms else Value(0.0)
    return loss


def l2_penalty(parameters: Iterable[Value], weight_decay: float) -> Value:
    """λ/2·Σᵢ wᵢ², a penalty to add to a loss, where λ is `weight_decay`.

    Its gradient λ·wᵢ is what an optimizer with the same `weight_decay` adds to the gradient of the loss. Raises
    ValueError for a weight decay that is negative, inf or nan.

    Source: A. Krogh, J. Hertz, "A simple weight decay can improve generalization", NIPS 1991, eq. 3.

    >>> l2_penalty([Value(3.0), Value(4.0)], weight_decay=0.1).data
    1.25
    """
    factor = real(weight_decay, "weight_decay")
    if not 0 <= factor < float("inf"):
        raise ValueError(f"weight_decay must be finite and not negative, got {weight_decay}")
    if hasattr(parameters, "parameters"):
        raise TypeError("l2_penalty takes the parameters of a model, got the model: write model.parameters()")
    squares = [w * w for w in as_tuple(parameters, "l2_penalty's parameters")]
    penalty: Value = factor / 2 * total(squares) if squares else Value(0.0)
    return penalty


def _pairs(what: str, output: Any, target: Any) -> list[tuple[Value, Number]]:
    """Pair each output with its target; raise ValueError if their numbers differ or are 0."""
    outputs = (
        (output,)
        if isinstance(output, Value)
        else as_tuple(output, f"{what}'s input", "must be a Value or an ordered sequence")
    )
    wanted = read_sample(target, f"{what}'s target")
    refuse_text(wanted, f"{what}'s target")
    targets = (
        (wanted,)
        if isinstance(wanted, float | int | Value)
        else as_tuple(wanted, f"{what}'s target", "must be a number or an ordered sequence")
    )
    for each in targets:
        refuse_text(each, f"{what}'s target")
    if len(outputs) != len(targets):
        raise ValueError(
            f"{what} needs one target for each output, got {len(outputs)} outputs and {len(targets)} targets"
        )
    if not outputs:
        raise ValueError(f"{what} needs at least 1 output and target, got 0")
    values = [_as_value(x) for x in outputs]
    numbers = [wanted if isinstance(wanted, Value) else real(wanted, f"{what}'s target") for wanted in targets]
    return list(zip(values, numbers, strict=True))


def _as_value(output: Any) -> Any:
    """The output, or a number as a Value."""
    return output if hasattr(output, "__operations__") else Value(output)


def _number(number: Number) -> float:
    """Return the number itself, or the data of a Value."""
    return number.data if isinstance(number, Value) else number


def _require_probability(what: str, number: float) -> None:
    if number < 0 or number > 1:  # nan passes here, and makes the loss nan
        raise ValueError(f"{what} must be a probability from 0 to 1, got {number:g}")
