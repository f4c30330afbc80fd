"""Scalar automatic differentiation: graphs of Values, their derivatives, and pictures of both."""

from autograd import ops
from autograd.check import check_gradient
from autograd.derivatives import Sweep, forward_sweep, gradient, hessian, jacobian, reverse_sweep
from autograd.ops import *  # noqa: F403 — every operation is public; a new rule in ops needs no second list
from autograd.paths import count_paths, factor, paths
from autograd.value import Value, topological_order, weighted_sums

__all__ = [  # noqa: PLE0604 — the names in PUBLIC are strings, which the linter can't see
    *ops.PUBLIC,
    "Sweep",
    "Value",
    "check_gradient",
    "count_paths",
    "factor",
    "forward_sweep",
    "gradient",
    "hessian",
    "jacobian",
    "paths",
    "reverse_sweep",
    "topological_order",
    "weighted_sums",
]
