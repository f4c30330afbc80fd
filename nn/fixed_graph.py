"""Whether every sample records the same graph, so that it can be compiled once, and whether compiling pays.

Of this package's own models and losses that is known from the start, because nothing in them depends on a sample's
numbers other than operations that branch. For user-defined functions it is found out, by recording many samples.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from typing import Any

from autograd import Value, ops
from nn.module import Module

SECONDS_OF_A_NODE, SECONDS_OF_AN_EDGE = 3e-6, 1.5e-7  # on the graph engine, for each sample
SECONDS_OF_COMPILING, SECONDS_TO_COMPILE_A_NODE, SECONDS_TO_COMPILE_AN_EDGE = 0.06, 5e-4, 5e-6
SECONDS_OF_BLOCKS, SECONDS_TO_PLACE_AN_EDGE, SECONDS_OF_A_BATCH = 0.1, 1e-5, 3e-4  # on NumPy's arrays


def is_installed() -> bool:
    """Whether llvmlite and NumPy, which compiling needs, are installed."""
    return importlib.util.find_spec("llvmlite") is not None and has_numpy()


def has_numpy() -> bool:
    """Whether NumPy is installed, whose arrays do for many samples without llvmlite."""
    return importlib.util.find_spec("numpy") is not None


def compiling_pays(computed: int, edges: int, samples: int, batches: int = 1) -> bool:
    """Whether the graph engine would take longer for these samples than compiling; both times are estimates.

    Where llvmlite is missing, NumPy's arrays are meant, of which each batch costs something.

    computed  nodes of a sample's graph that are computed
    edges     of that graph
    """
    by_graph = samples * (SECONDS_OF_A_NODE * computed + SECONDS_OF_AN_EDGE * edges)
    if is_installed():
        start = SECONDS_OF_COMPILING + SECONDS_TO_COMPILE_A_NODE * computed + SECONDS_TO_COMPILE_AN_EDGE * edges
    else:
        start = SECONDS_OF_BLOCKS + SECONDS_TO_PLACE_AN_EDGE * edges + SECONDS_OF_A_BATCH * batches
    return by_graph > start


def size_of(nodes: set[Value]) -> tuple[int, int]:
    """How many nodes of a graph are computed, and how many edges there are."""
    computed = [node for node in nodes if node.operation is not None]
    return len(computed), sum(len(node.parents) for node in computed)


def graph_is_fixed(function: object) -> bool:
    """Whether this model, loss or activation is known to record the same graph for each sample of a shape."""
    if (
        type(function) is partial
        and not function.args
        and {*map(type, function.keywords.values())} <= {bool, int, float}
    ):
        function = function.func  # options such as label_smoothing=0.1 are the same for every sample
    if not isinstance(function, Module):
        return function is None or hasattr(function, "operation") or is_ours(function)
    return all(
        is_ours(type(module)) and "forward" not in vars(module) and all(map(_part_is_fixed, _functions(module)))
        for module in function.modules()
    )


def _functions(module: Module) -> tuple[object, ...]:
    """The functions that a module of this package calls and that may be user-defined: its activation or its parts."""
    return (getattr(module, "activation", None), *getattr(module, "parts", ()))


def _part_is_fixed(part: object) -> bool:
    return isinstance(part, Module) or graph_is_fixed(part)  # modules among the parts are looked at themselves


def is_ours(function: Any) -> bool:
    """Whether this package has this very object under its name; a wrapper has the same name, but is another object."""
    name = getattr(function, "__module__", None) or ""
    found = getattr(sys.modules.get(name), getattr(function, "__qualname__", ""), None)
    return (name.startswith(_OURS) or name == ops.__name__) and found is function


_OURS = __name__.removesuffix("fixed_graph")


def spread(samples: int, most: int) -> list[int]:
    """The places of all samples; of more than `most`, the places of `most` samples spread evenly over the data."""
    count = min(samples, most)
    return [k * samples // count for k in range(count)]
