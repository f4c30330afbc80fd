"""Initial weights, spread so that signals and gradients keep their size from layer to layer.

An initialization is a function that draws one weight: initialization(fan_in, fan_out, generator). Biases start at 0.
The initializations here raise TypeError for a fan_in or fan_out that is not an int, ValueError for one below 1 or above
100,000,000.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import autograd
from autograd.ieee import integer

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

    Initialization = Callable[[int, int, random.Random], float]

MAX_SIZE = 10**8
"""The most inputs or neurons of one layer. As Values they take about 20 GB; a larger number is more likely a slip."""

ONE_SIDED_ACTIVATIONS = (
    *("relu", "leaky_relu", "prelu", "elu", "silu", "gelu", "softplus"),
    *("relu6", "celu", "gelu_tanh", "swish", "mish", "hard_swish"),
)
"""Activations that let through about half of their inputs; He's larger weights compensate for the other half."""


def glorot_uniform(fan_in: int, fan_out: int, generator: random.Random) -> float:
    """Draw a weight uniformly from ±√(6 / (fan_in + fan_out)), which has variance 2 / (fan_in + fan_out).

    Suits activations that are close to the identity near 0, such as tanh.

    Source: X. Glorot, Y. Bengio, AISTATS 2010, eq. 16.
    """
    return _uniform(_both_sizes("glorot_uniform", fan_in, fan_out), generator)()


def glorot_normal(fan_in: int, fan_out: int, generator: random.Random) -> float:
    """Draw a weight from the normal distribution with mean 0 and variance 2 / (fan_in + fan_out).

    Source: X. Glorot, Y. Bengio, AISTATS 2010, eq. 12.
    """
    return _normal(_both_sizes("glorot_normal", fan_in, fan_out), generator)()


def he_uniform(fan_in: int, fan_out: int, generator: random.Random) -> float:  # noqa: ARG001 — every initialization takes fan_out
    """Draw a weight uniformly from ±√(6 / fan_in), which has the variance of `he_normal`, 2 / fan_in."""
    return _uniform(require_size(fan_in, "he_uniform's fan_in"), generator)()


def he_normal(fan_in: int, fan_out: int, generator: random.Random) -> float:  # noqa: ARG001 — every initialization takes fan_out
    """Draw a weight from the normal distribution with mean 0 and variance 2 / fan_in.

    Suits relu and similar activations, which let about half of the signal through.

    Source: K. He, X. Zhang, S. Ren, J. Sun, ICCV 2015, eq. 10.
    """
    return _normal(require_size(fan_in, "he_normal's fan_in"), generator)()


def suited_to(activation: Any) -> Initialization:
    """Return `he_uniform` for relu and similar activations, `glorot_uniform` for all others.

    >>> suited_to(autograd.relu).__name__, suited_to(autograd.tanh).__name__, suited_to(None).__name__
    ('he_uniform', 'glorot_uniform', 'glorot_uniform')
    """
    one_sided = [getattr(autograd, name).operation for name in ONE_SIDED_ACTIVATIONS]
    return he_uniform if getattr(activation, "operation", None) in one_sided else glorot_uniform


def weight_source(
    initialization: Initialization, fan_in: int, fan_out: int, generator: random.Random
) -> Callable[[], float]:
    """Return a function that draws one weight, as `initialization` does, without checking the sizes again."""
    if initialization in (glorot_uniform, glorot_normal):
        return (_uniform if initialization is glorot_uniform else _normal)(fan_in + fan_out, generator)
    if initialization in (he_uniform, he_normal):
        return (_uniform if initialization is he_uniform else _normal)(fan_in, generator)
    return partial(initialization, fan_in, fan_out, generator)


def _uniform(sizes: int, generator: random.Random) -> Callable[[], float]:
    bound = math.sqrt(6 / sizes)
    return partial(generator.uniform, -bound, bound)


def _normal(sizes: int, generator: random.Random) -> Callable[[], float]:
    return partial(generator.gauss, 0.0, math.sqrt(2 / sizes))


def _both_sizes(what: str, fan_in: int, fan_out: int) -> int:
    return require_size(fan_in, f"{what}'s fan_in") + require_size(fan_out, f"{what}'s fan_out")


def require_size(number: int, what: str) -> int:
    """Return a number of inputs or neurons as an int; raise ValueError unless it is from 1 to 100,000,000."""
    number = integer(number, what, least=1)
    if number > MAX_SIZE:
        raise ValueError(f"{what} must be at most {MAX_SIZE:,}, got more")  # the number itself may have many digits
    return number
