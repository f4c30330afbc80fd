"""How wrong one sample's output is, as a Value to differentiate. `input` is the output, as PyTorch names it.

An output is a sequence of Values, as a network gives it, or one Value; a target has one number for each
of them (for softmax_cross_entropy it is a class). Different lengths are a ValueError with both. A number of a
target may be a Value, too: then it is part of the graph, which so can be compiled for all targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import autograd
from autograd import Value, mean, relu, softplus, total
from autograd.ieee import integer, real
from autograd.rules import OPERATIONS, as_tuple
from nn.samples import sample, single

Output = Value | Sequence[Value]
Number = float | Value
Target = Number | Sequence[Number]
Class = int | Value


def half_squared_error(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """½·Σᵢ (targetᵢ − inputᵢ)²: ∂/∂inputᵢ is inputᵢ − targetᵢ, the first factor of the δ rule.

    Lectures call it "mean squared error", too, but there is no mean in it.

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
    """max(0, 1 − target·input), target being −1 or +1: 0 from a margin of 1 on. The mean, of several outputs.

    Raises ValueError for another target. At the margin itself the derivative is 0.

    Source: C. Cortes, V. Vapnik, Machine Learning 20 (1995), the soft margin's slack.

    >>> hinge([Value(0.25)], 1).data, hinge([Value(0.25)], -1).data
    (0.75, 1.25)
    """
    pairs = _pairs("hinge", input, target)
    for _, sign in pairs:
        if _number(sign) not in (-1.0, 1.0):
            raise ValueError(f"hinge's target is -1 or 1, got {_number(sign):g}")
    loss: Value = mean([relu(1 - output * sign) for output, sign in pairs])
    return loss


def binary_cross_entropy(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """−t·log p − (1 − t)·log(1 − p), p being the input, a probability, and t the target. The mean, of several.

    A wrong certainty costs 100, as in PyTorch, and not inf. From logits, `binary_cross_entropy_with_logits`
    is exact. Raises ValueError for an input or a target outside [0, 1].

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90.

    >>> binary_cross_entropy([Value(0.5)], 1).data
    0.6931471805599453
    """
    pairs = _pairs("binary_cross_entropy", input, target)
    for probability, wanted in pairs:
        _check_probability("binary_cross_entropy's input", probability.data)
        _check_probability("binary_cross_entropy's target", _number(wanted))
    loss: Value = mean([autograd.binary_cross_entropy(output, wanted) for output, wanted in pairs])
    return loss


def binary_cross_entropy_with_logits(input: Output, target: Target) -> Value:  # noqa: A002 — PyTorch's name
    """−t·log σ(s) − (1 − t)·log σ(−s), s being the input and t the target: t·softplus(−s) + (1 − t)·softplus(s).

    ∂/∂s = σ(s) − t, without cancellation at any size. The mean, of several outputs. Raises ValueError for a
    target outside [0, 1].

    Source: as binary_cross_entropy; the form without cancellation is that of two softplus.

    >>> binary_cross_entropy_with_logits([Value(-1000.0)], 1).data
    1000.0
    """
    pairs = _pairs("binary_cross_entropy_with_logits", input, target)
    losses = []
    for s, t in pairs:
        _check_probability("binary_cross_entropy_with_logits' target", _number(t))
        if t == 1:  # a term times 0 is left out, for 0·inf would be nan
            losses.append(softplus(-s))
        elif t == 0:
            losses.append(softplus(s))
        else:
            losses.append(t * softplus(-s) + (1 - t) * softplus(s))
    loss: Value = mean(losses)
    return loss


def softmax_cross_entropy(input: Sequence[Value], target: Class | Sequence[Class]) -> Value:  # noqa: A002 — PyTorch's name
    """−log softmax(input)[target]: the surprise at the right class, from its logits.

    Stable at logits of any size; ∂/∂inputᵢ = softmax(input)ᵢ − (1 if i is the target). `input` has one logit
    for each class, `target` is the class, from 0, or a sequence of it alone.

    Raises TypeError for a target that isn't an int, ValueError for one that is no class.

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108 and 4.109.

    >>> softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    """
    logits = as_tuple(input, "softmax_cross_entropy's input")
    chosen = single(target, "softmax_cross_entropy's target")
    if isinstance(chosen, list | tuple):
        raise TypeError(
            f"softmax_cross_entropy's target must be one class, an int, got {len(chosen)} numbers: "
            "of a one-hot target, give the place of the 1"
        )
    of_graph = isinstance(chosen, Value) and chosen.data.is_integer()
    index = integer(int(chosen.data) if of_graph else chosen, "softmax_cross_entropy's target")
    if not 0 <= index < len(logits):
        raise ValueError(f"there is no class {index} among {len(logits)} logits")
    loss: Value = -OPERATIONS["log_softmax"](chosen if of_graph else index, logits)
    return loss


def l2_penalty(parameters: Iterable[Value], weight_decay: float) -> Value:
    """λ/2·Σᵢ wᵢ², to be added to a loss: its gradient λ·wᵢ is what an optimizer's `weight_decay` λ adds.

    Raises ValueError for a weight decay that is negative, inf or nan.

    Source: A. Krogh, J. Hertz, "A simple weight decay can improve generalization", NIPS 1991, eq. 3.

    >>> l2_penalty([Value(3.0), Value(4.0)], weight_decay=0.1).data
    1.25
    """
    factor = real(weight_decay, "a weight decay")
    if not 0 <= factor < float("inf"):
        raise ValueError(f"a weight decay is finite and not negative, got {weight_decay}")
    squares = [w * w for w in as_tuple(parameters, "l2_penalty's parameters")]
    penalty: Value = factor / 2 * total(squares) if squares else Value(0.0)
    return penalty


def _pairs(what: str, output: Any, target: Any) -> list[tuple[Value, Number]]:
    """Each output with its target, or a sentence that says why they don't match."""
    outputs = (output,) if hasattr(output, "__operations__") else as_tuple(output, f"{what}'s input")
    wanted = sample(target, f"{what}'s target")
    targets = (wanted,) if isinstance(wanted, float | int | Value) else as_tuple(wanted, f"{what}'s target")
    if len(outputs) != len(targets):
        raise ValueError(f"{what} compares one to one, got {len(outputs)} outputs and {len(targets)} targets")
    if not outputs:
        raise ValueError(f"{what} needs at least 1 output and target, got 0")
    values = [x if hasattr(x, "__operations__") else Value(x) for x in outputs]
    numbers = [wanted if isinstance(wanted, Value) else real(wanted, f"{what}'s target") for wanted in targets]
    return list(zip(values, numbers, strict=True))


def _number(number: Number) -> float:
    """The number, of a Value its data."""
    return number.data if isinstance(number, Value) else number


def _check_probability(what: str, number: float) -> None:
    if number < 0 or number > 1:  # nan passes, and makes the loss nan
        raise ValueError(f"{what} is a probability, from 0 to 1, got {number:g}")
