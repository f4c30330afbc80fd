"""How wrong one sample's output is, as a Value to differentiate. `input` is the output, as PyTorch names it."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value, log_softmax, mean


def softmax_cross_entropy(input: Sequence[Value], target: int) -> Value:  # noqa: A002 — PyTorch's name
    """−log softmax(input)[target]: the surprise at the right class, from its logits.

    Stable at logits of any size; ∂/∂inputᵢ = softmax(input)ᵢ − (1 if i is the target). `input` has one logit
    for each class, `target` is the class, from 0.

    Raises TypeError for a target that isn't an int, ValueError for one that is no class.

    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108 and 4.109.

    >>> softmax_cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    """
    if isinstance(target, bool) or not hasattr(target, "__index__"):
        raise TypeError(f"softmax_cross_entropy's target is a class, an int, not {type(target).__name__}")
    if not 0 <= target < len(input):
        raise ValueError(f"there is no class {target} among {len(input)} logits")
    loss: Value = -log_softmax(input, target)
    return loss


def mean_squared_error(input: Sequence[Value], target: Sequence[float]) -> Value:  # noqa: A002 — PyTorch's name
    """Σᵢ (inputᵢ − targetᵢ)² / n, over the n outputs of one sample.

    Raises ValueError for different lengths, or none.

    >>> mean_squared_error([Value(1.0), Value(2.0)], [1.0, 4.0]).data
    2.0
    """
    if len(input) != len(target):
        raise ValueError(f"mean_squared_error compares one to one, got {len(input)} outputs and {len(target)} targets")
    loss: Value = mean([(output - wanted) ** 2 for output, wanted in zip(input, target, strict=True)])
    return loss
