"""Scalar automatic differentiation: graphs of Values, their derivatives, and pictures of both."""

from __future__ import annotations

import builtins
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd import hints, ops
from autograd.check import check_gradient
from autograd.derivatives import Sweep, forward_sweep, gradient, hessian, jacobian, reverse_sweep
from autograd.language import language
from autograd.ops import *  # noqa: F403 — every operation is public; a new rule in ops needs no second list
from autograd.paths import count_paths, factor, paths
from autograd.sweep import topological_order
from autograd.value import Value, weighted_sums

__version__ = "0.2.0"

if TYPE_CHECKING:
    from autograd.compiler import compile as compile  # noqa: A004 — its public name, exported by this form
    from autograd.compiler.compiled import Compiled as Compiled
    from autograd.drawing import Drawing, Stepper, draw, stepper
    from autograd.explanation import Explanation, Step, explain, steps

if sys.version_info[:2] == (3, 13):
    from autograd import small_stacks

    small_stacks.watch()

# What is imported when it is first asked for, so that `import autograd` takes no time
_LATER = {
    "Compiled": "compiler.compiled",
    "compile": "compiler",
    "Drawing": "drawing",
    "Explanation": "explanation",
    "Step": "explanation",
    "Stepper": "drawing",
    "draw": "drawing",
    "explain": "explanation",
    "stepper": "drawing",
    "steps": "explanation",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise hints.of_module(__name__, hints.IN_AUTOGRAD, name)
    globals()[name] = member = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return member


# Without the names of built-ins: `from autograd import *` must leave Python its abs, pow and compile, and the built-in
# abs(x) and pow(x, 2) record nodes, too. Without Compiled, which needs NumPy.
__all__ = [  # noqa: PLE0604 — the names in PUBLIC are strings, which the linter can't see
    *(name for name in ops.PUBLIC if not hasattr(builtins, name)),
    "Drawing",
    "Explanation",
    "Step",
    "Stepper",
    "Sweep",
    "Value",
    "check_gradient",
    "count_paths",
    "draw",
    "explain",
    "factor",
    "forward_sweep",
    "gradient",
    "hessian",
    "jacobian",
    "language",
    "paths",
    "reverse_sweep",
    "stepper",
    "steps",
    "topological_order",
    "weighted_sums",
]
