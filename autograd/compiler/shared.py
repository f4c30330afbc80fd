"""Code that is the same for all plans: compiled once in a process, and called from each plan's own module."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler import loop_text
from autograd.compiler.llvm_text import Target, attributes


class SharedModule(NamedTuple):
    """A module in LLVM's language, and what another module needs in order to call it.

    text          the module; "" for functions whose addresses LLVM has already
    declarations  lines that declare its functions in another module
    exported      the names of the functions that other modules call
    """

    text: str
    declarations: str
    exported: tuple[str, ...]


def shared_module(functions: Sequence[str], exported: Sequence[str]) -> SharedModule:
    """The module of these functions, given as text."""
    parts = []
    declarations = []
    for function in functions:
        head, brace, body = function.partition("{\n")
        if brace and any(f"@{name}(" in head for name in exported):
            declarations.append(head.replace("define internal", "declare").rpartition("#")[0])
            parts.append(head.replace("define internal", "define") + brace + body)
        else:
            parts.append(function)
    return SharedModule("\n\n".join([attributes(), *parts]), "\n".join(declarations), tuple(exported))


def shared_loops(families: Iterable[str], target: Target) -> list[SharedModule]:
    """The loops of these families: layers, products, sums, tables, rows."""
    return [_loops(family, target.of_loops) for family in sorted(families)]


@cache
def _loops(family: str, target: Target) -> SharedModule:
    tiles = list(itertools.product(loop_text.tile_sums(target), loop_text.tile_vectors(target)))
    if family == "layers":
        layer_tiles = [loop_text.layer_tile(target, *tile) for tile in tiles]
        return shared_module([*layer_tiles, loop_text.layer(target)], ["layer"])
    if family == "products":
        functions = [loop_text.product_tile(target, *tile) for tile in tiles]
        functions += [loop_text.add_lanes(target), loop_text.product(target)]
        functions += [loop_text.products(target), loop_text.side_by_side(target)]
        return shared_module(functions, ["products", "side.by.side"])
    if family == "sums":
        return shared_module([loop_text.sums(target)], ["sums"])
    if family == "tables":
        return shared_module([loop_text.gather(target), loop_text.scatter(target)], ["gather", "scatter"])
    functions = [loop_text.load(target), loop_text.load_across(target), loop_text.write(target), loop_text.fill(target)]
    return shared_module(functions, ["load", "load.across", "write", "fill"])
