"""Clipping by the norm: a gradient that is too long is shortened, and keeps its direction.

The norm of the gradient of all parameters together is ‖g‖ = √(g₁² + g₂² + …), added up from left to right in the order
of the parameters, and the gradient becomes min(1, max_norm / (‖g‖ + 10⁻⁶))·g. Where the sum of squares would overflow,
or lose digits near 0, the numbers are first divided by a power of two. Floats, arrays and machine code have the same
order, and so the same bits; machine code leaves sums that would overflow or lose digits to the graph engine.

Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, algorithm 1; with PyTorch's 10⁻⁶, of clip_grad_norm_.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.ieee import add_up, divide, real
from autograd.node import set_gradients
from autograd.rules import as_tuple

if TYPE_CHECKING:
    from nn.rows import Array

EPSILON = 1e-6
LEAST_SQUARES, MOST_SQUARES = 2.0**-900, 2.0**1000
"""Between these, no square that counts has lost digits, and the sum has not overflowed."""


def clip_norm(parameters: Iterable[Value], max_norm: float) -> float:
    """Make the gradient of all these parameters together at most max_norm long; return the norm that it had.

    g ← min(1, max_norm / (‖g‖ + 10⁻⁶))·g, all parameters or, on Ctrl-C, none. A parameter that no sweep has reached
    counts as 0 and stays as it is. With max_norm=math.inf only the norm is computed.

    >>> x, y = Value(3.0), Value(4.0)
    >>> ((x * x + y * y) / 2).backward()
    >>> clip_norm([x, y], max_norm=1.0), round(x.grad, 5), round(y.grad, 5)
    (5.0, 0.6, 0.8)

    Raises TypeError for parameters that are not Values or a max_norm that is not a number, ValueError for one that is
    negative or nan, and FloatingPointError for a gradient that isn't finite; then nothing is changed.
    Source: PyTorch's clip_grad_norm_.
    """
    limit = require_norm(max_norm, "max_norm")
    if hasattr(parameters, "parameters"):
        raise TypeError("clip_norm takes the parameters of a model, got the model: write model.parameters()")
    values = as_tuple(parameters, "clip_norm's parameters")
    for i, value in enumerate(values):
        if not isinstance(value, Value):
            raise TypeError(f"a parameter must be a Value, got {type(value).__name__}")
        if not math.isfinite(value.grad):
            raise FloatingPointError(f"the gradient of {value.label or f'parameter {i + 1}'} is {value.grad}")
    reached = [value for value in values if value.has_grad]
    gradients = [value.grad for value in reached]
    norm = norm_of(gradients)
    factor = factor_of(norm, limit)
    set_gradients(reached, [factor * gradient for gradient in gradients])
    return norm


def require_norm(norm: object, what: str) -> float:
    """Return the largest norm as a float, if it is a number from 0 to inf."""
    checked = real(norm, what)
    if not checked >= 0:
        raise ValueError(f"{what} must be at least 0, got {norm}")
    return checked


def norm_of(gradients: Sequence[float]) -> float:
    """Return ‖g‖ of numbers that are finite."""
    squares = add_up([g * g for g in gradients], 0.0)
    if LEAST_SQUARES < squares < MOST_SQUARES:
        return math.sqrt(squares)
    largest = max(map(abs, gradients), default=0.0)
    if not largest:
        return 0.0
    exponent = math.frexp(largest)[1]
    scaled = [math.ldexp(g, -exponent) for g in gradients]
    norm = math.sqrt(add_up([g * g for g in scaled], 0.0))
    try:
        return math.ldexp(norm, exponent)
    except OverflowError:
        return math.inf


def factor_of(norm: float, limit: float) -> float:
    """Return what the gradient is multiplied by."""
    return min(1.0, divide(limit, norm + EPSILON))


def clip_array(gradient: Array, limit: float) -> Array:
    """Return the clipped gradient of an array whose numbers are finite, with the bits of `clip_norm`."""
    import numpy as np  # noqa: PLC0415 — only what is compiled needs it

    with np.errstate(over="ignore", under="ignore"):
        squares = float(np.add.accumulate(gradient * gradient)[-1]) if len(gradient) else 0.0
    usual = LEAST_SQUARES < squares < MOST_SQUARES
    norm = math.sqrt(squares) if usual else norm_of(gradient.tolist())
    clipped: Any = gradient * factor_of(norm, limit)
    return clipped  # type: ignore[no-any-return]
