"""The first room: an expression, its graph and sweeps, paths, the chain rule in words, and second derivatives."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from autograd import stepper
from autograd.derivatives import gradient
from autograd.explanation import explain
from autograd.export import javascript
from autograd.expression import CONSTANTS, parse
from autograd.paths import factor, paths
from autograd.sweep import topological_order

MAX_PATHS_OPERATIONS = 2_000  # of the paths that are written out; a reader gives up earlier
SECOND = 6  # inputs, at most, of the second derivatives


def opened(text: str, numbers: Mapping[str, float], lang: str) -> dict[str, Any]:
    """The page of the expression's sweeps, and the program of its derivatives; inputs without a number begin at 1."""
    names = _inputs(text)
    numbers = {name: float(numbers.get(name, 1.0)) for name in names}
    output, leaves = parse(text, numbers)
    page = stepper(output, lang=lang, at="last step")
    wanted, called = [output], [output.label if output.label.isidentifier() else ""]
    firsts = gradient(output, leaves.values())
    for (name, _), first in zip(leaves.items(), firsts, strict=True):
        wanted.append(first)
        called.append(f"∂{called[0]}/∂{name}")
    pairs = list(leaves.items()) if len(leaves) <= SECOND else []
    for i, (above, _) in enumerate(pairs):
        row = gradient(firsts[i], [leaf for _, leaf in pairs[i:]])
        for (name, _), second in zip(pairs[i:], row, strict=True):
            wanted.append(second)
            called.append(f"∂²{called[0]}/{f'∂{name}²' if name == above else f'∂{above}∂{name}'}")
    return {
        "inputs": numbers,
        "page": page.html(),
        "height": page.height,
        "program": javascript(wanted, leaves.values(), gradient=False),
        "names": called,
    }


def told(text: str, numbers: Mapping[str, float], name: str) -> dict[str, str]:
    """The sum over the paths from one input, and the chain rule for it."""
    output, leaves = parse(text, {own: numbers[own] for own in _inputs(text)})
    leaf = leaves[name]
    if leaf not in topological_order(output):
        raise ValueError(f"{name} is not in the result")
    factored = factor(output, leaf)
    few = factored.naive.operations <= MAX_PATHS_OPERATIONS
    return {
        "paths": f"{paths(output, leaf)}\n\n{factored}" if few else str(factored),
        "chain": explain(output, leaf).text,
    }


def _inputs(text: str) -> list[str]:
    """The names that need a number: those that are read, but are neither steps, constants nor operations.

    Of a text that Python's parser refuses, all words that are not called, so that the refusal can name what was meant.
    """
    text = " ".join(re.sub(r"#[^\r\n]*", "", text).split())
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [*dict.fromkeys(re.findall(r"(?<![\w.])[^\W\d]\w*(?!\w|\s*\()", text))]
    nodes.sort(key=lambda node: (node.lineno, node.col_offset))
    known = {*CONSTANTS, *(node.id for node in nodes if isinstance(node.ctx, ast.Store))}
    called = {
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return [*dict.fromkeys(node.id for node in nodes if node.id not in known | called)]
