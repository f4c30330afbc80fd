"""Where weights start: so spread that signals and gradients keep their size from layer to layer.

An initialization draws one weight: initialization(fan_in, fan_out, generator). Biases start at 0. Those here raise
TypeError or ValueError for a fan_in or fan_out that is no number of inputs or neurons.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd
from autograd.ieee import integer

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

    Initialization = Callable[[int, int, random.Random], float]

MOST = 10**8
"""Inputs or neurons side by side: as Values they take some 20 GB, and more would take the machine's memory unasked."""

ONE_SIDED = ("relu", "leaky_relu", "prelu", "elu", "silu", "gelu", "softplus")
"""The activations that keep one half of their input: He's weights make up for the other."""


def glorot_uniform(fan_in: int, fan_out: int, generator: random.Random) -> float:
    """Uniform in ±√(6 / (fan_in + fan_out)): for activations that are near the identity at 0, such as tanh.

    The variance is 2 / (fan_in + fan_out).

    Source: X. Glorot, Y. Bengio, AISTATS 2010, eq. 16.
    """
    bound = math.sqrt(6 / _both("glorot_uniform", fan_in, fan_out))
    return generator.uniform(-bound, bound)


def glorot_normal(fan_in: int, fan_out: int, generator: random.Random) -> float:
    """Normal with variance 2 / (fan_in + fan_out) (Glorot and Bengio, AISTATS 2010, eq. 12)."""
    return generator.gauss(0.0, math.sqrt(2 / _both("glorot_normal", fan_in, fan_out)))


def he_uniform(fan_in: int, fan_out: int, generator: random.Random) -> float:  # noqa: ARG001 — every initialization's
    """Uniform in ±√(6 / fan_in), with the variance of `he_normal`."""
    bound = math.sqrt(6 / size("he_uniform", "fan_in", fan_in))
    return generator.uniform(-bound, bound)


def he_normal(fan_in: int, fan_out: int, generator: random.Random) -> float:  # noqa: ARG001 — every initialization's
    """Normal with variance 2 / fan_in: for relu and its kin, which let half of the signal through.

    Source: K. He, X. Zhang, S. Ren, J. Sun, ICCV 2015, eq. 10.
    """
    return generator.gauss(0.0, math.sqrt(2 / size("he_normal", "fan_in", fan_in)))


def suited_to(activation: Any) -> Initialization:
    """He's initialization for relu and its kin, Glorot's for all others, both uniform.

    >>> suited_to(autograd.relu).__name__, suited_to(autograd.tanh).__name__, suited_to(None).__name__
    ('he_uniform', 'glorot_uniform', 'glorot_uniform')
    """
    one_sided = [getattr(autograd, name).operation for name in ONE_SIDED]
    return he_uniform if getattr(activation, "operation", None) in one_sided else glorot_uniform


def _both(what: str, fan_in: int, fan_out: int) -> int:
    return size(what, "fan_in", fan_in) + size(what, "fan_out", fan_out)


def size(what: str, name: str, number: int) -> int:
    """A number of inputs or neurons: an int from 1 to a hundred million, or a sentence."""
    number = integer(number, f"{what}'s {name}")
    if number < 1:
        raise ValueError(f"{what} needs a {name} of 1 at least, got {number}")
    if number > MOST:
        raise ValueError(f"{what} has a {name} of {MOST:,} at most")  # and what came may be long
    return number
