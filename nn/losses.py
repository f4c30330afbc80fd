"""Loss functions: how wrong the outputs for one sample are, as a Value to differentiate.

`input` holds the model's outputs for the sample (PyTorch's name): a sequence of Values, or one Value. `target` holds
one number for each output, or for softmax_cross_entropy the class. Different lengths raise ValueError.
A target may hold Values: they become part of the graph, so that one compiled graph serves every target.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import autograd
from autograd import Value, mean, relu, softplus, total
from autograd.arguments import as_tuple
from autograd.ieee import integer, real
from autograd.rules import OPERATIONS
from nn.samples import read_sample, read_target

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


def softmax_cross_entropy(input: Sequence[Value], target: Class | Sequence[Class]) -> Value:  # noqa: A002 — PyTorch's name
    """−log softmax(input)[target]: the negative log-likelihood of the right class, from logits.

    `input` has one logit for each class; `target` is the index of the right class, from 0, or a sequence of that one
    index. Stable for logits of any size; ∂/∂inputᵢ = softmax(input)ᵢ − (1 if i is the target, else 0).

    Raises TypeError for a target that is not an int, ValueError for an index outside the classes.

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108 and 4.109.

    >>> softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    """
    logits = as_tuple(input, "softmax_cross_entropy's input")
    chosen = read_target(target, "softmax_cross_entropy's target")
    if isinstance(chosen, list | tuple):
        raise TypeError(
            f"softmax_cross_entropy's target must be one class, an int, got {len(chosen)} numbers; "
            "for a one-hot target, give the index of the 1"
        )
    of_graph = isinstance(chosen, Value) and chosen.data.is_integer()
    index = integer(int(chosen.data) if of_graph else chosen, "softmax_cross_entropy's target")
    if not logits:
        raise ValueError("softmax_cross_entropy needs at least 1 logit, got 0")
    if not 0 <= index < len(logits):
        raise ValueError(f"softmax_cross_entropy's target must be a class from 0 to {len(logits) - 1}, got {index}")
    loss: Value = -OPERATIONS["log_softmax"](chosen if of_graph else index, logits)
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
    squares = [w * w for w in as_tuple(parameters, "l2_penalty's parameters")]
    penalty: Value = factor / 2 * total(squares) if squares else Value(0.0)
    return penalty


def _pairs(what: str, output: Any, target: Any) -> list[tuple[Value, Number]]:
    """Pair each output with its target; raise ValueError if their numbers differ or are 0."""
    outputs = (output,) if hasattr(output, "__operations__") else as_tuple(output, f"{what}'s input")
    wanted = read_sample(target, f"{what}'s target")
    targets = (wanted,) if isinstance(wanted, float | int | Value) else as_tuple(wanted, f"{what}'s target")
    if len(outputs) != len(targets):
        raise ValueError(
            f"{what} needs one target for each output, got {len(outputs)} outputs and {len(targets)} targets"
        )
    if not outputs:
        raise ValueError(f"{what} needs at least 1 output and target, got 0")
    values = [x if hasattr(x, "__operations__") else Value(x) for x in outputs]
    numbers = [wanted if isinstance(wanted, Value) else real(wanted, f"{what}'s target") for wanted in targets]
    return list(zip(values, numbers, strict=True))


def _number(number: Number) -> float:
    """Return the number itself, or the data of a Value."""
    return number.data if isinstance(number, Value) else number


def _require_probability(what: str, number: float) -> None:
    if number < 0 or number > 1:  # nan passes here, and makes the loss nan
        raise ValueError(f"{what} must be a probability from 0 to 1, got {number:g}")
