"""Code that is the same for all plans: compiled once in a process, and called from each plan's own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler import loop_text
from autograd.compiler.llvm_text import Target, attributes


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
    tiles = list(itertools.product(loop_text.TILES, loop_text.vector_tiles(target)))
    if name == "layers":
        return shared([*(loop_text.layer_tile(target, *tile) for tile in tiles), loop_text.layer(target)], ["layer"])
    if name == "products":
        parts = [loop_text.product_tile(target, *tile) for tile in tiles]
        parts += [
            loop_text.adding(target),
            loop_text.product(target),
            loop_text.products(target),
            loop_text.side_by_side(target),
        ]
        return shared(parts, ["products", "side.by.side"])
    if name == "sums":
        return shared([loop_text.sums(target)], ["sums"])
    if name == "tables":
        return shared([loop_text.gather(target), loop_text.scatter(target)], ["gather", "scatter"])
    parts = [loop_text.load(target), loop_text.load_across(target), loop_text.write(target), loop_text.fill(target)]
    return shared(parts, ["load", "load.across", "write", "fill"])
