"""Code that is the same for all plans: compiled once in a process, and called from each plan's own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler import loops
from autograd.compiler.text import Target, attributes


class Shared(NamedTuple):
    """A module in LLVM's language, how its functions are declared in another one, and their names."""

    text: str
    declarations: str
    names: tuple[str, ...]


def shared(parts: Sequence[str], names: Sequence[str]) -> Shared:
    """The module of these functions, of which those of the names are called from outside."""
    found = []
    declarations = []
    for part in parts:
        head, brace, body = part.partition("{\n")
        if brace and any(f"@{name}(" in head for name in names):
            declarations.append(head.replace("define internal", "declare").rpartition("#")[0])
            found.append(head.replace("define internal", "define") + brace + body)
        else:
            found.append(part)
    return Shared("\n\n".join([attributes(), *found]), "\n".join(declarations), tuple(names))


def shared_loops(used: Iterable[str], target: Target) -> list[Shared]:
    """Those of layers, products, sums, tables or rows."""
    return [_loops(name, target.of_loops) for name in sorted(used)]


@cache
def _loops(name: str, target: Target) -> Shared:
    tiles = list(itertools.product(loops.TILES, loops.vector_tiles(target)))
    if name == "layers":
        return shared([*(loops.layer_tile(target, *tile) for tile in tiles), loops.layer(target)], ["layer"])
    if name == "products":
        parts = [loops.product_tile(target, *tile) for tile in tiles]
        parts += [loops.adding(target), loops.product(target), loops.products(target), loops.side_by_side(target)]
        return shared(parts, ["products", "side.by.side"])
    if name == "sums":
        return shared([loops.sums(target)], ["sums"])
    if name == "tables":
        return shared([loops.gather(target), loops.scatter(target)], ["gather", "scatter"])
    parts = [loops.load(target), loops.load_across(target), loops.write(target), loops.fill(target)]
    return shared(parts, ["load", "load.across", "write", "fill"])
