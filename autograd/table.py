"""The table of operations, made from the rules: names, formulas, derivatives, values at 0, conventions."""

from __future__ import annotations

import ast
import html
import math
import re
import sys
import textwrap
from collections.abc import Iterator

from autograd import ops
from autograd.kinks import plain
from autograd.notation import number, written
from autograd.rules import OPERATIONS, Operation


def operations(*names: str) -> Iterator[Operation]:
    """The operations of these names; without names all public ones, in the order of `ops`.

    Raises ValueError for a name that no operation has.
    """
    for name in names or ops.PUBLIC:
        if name in OPERATIONS:
            yield OPERATIONS[name]
        elif names:
            raise ValueError(f"there is no operation {name!r}; call it without names to get all")


def as_text(width: int = 100) -> str:
    """The table as text: for each operation z, its partial derivatives, z at 0, conventions and sources.

    >>> print(as_text()[:38])
    add(x, y)
        z = x + y
        ∂z/∂x = 1
    """
    return "\n".join(line for operation in operations() for line in _entry(operation, width))


def as_page() -> str:
    """The page OPERATIONS.md, which `make operations` writes."""
    return f"{_PAGE}\n{as_markdown()}\n"


_PAGE = """# Operations

Every operation is a function of floats and of `Value`s; those of one number are methods of `Value`, too. z is the
result. For a sequence such as `*values`, the index i stands for each element. A parameter with a default, such as
`slope=0.01`, may be left out. The last column has the conventions at kinks, ties and singular points, and the sources.

This page is made from the rules in [ops.py](ops.py) by `make operations`; `python -m autograd --operations` prints the
same as text.
"""


def as_markdown(*names: str, conventions: bool = True) -> str:
    """The table in Markdown: these operations or, without names, all; with or without conventions and sources.

    >>> print(as_markdown("tanh", "softplus", conventions=False))
    | operation | z | derivatives |
    |---|---|---|
    | `tanh(x)` | `tanh(x)` | `∂z/∂x = 1 − z²` |
    | `softplus(x)` | <code>maximum(x, 0) + log1p(exp(−&#124;x&#124;))</code> | `∂z/∂x = sigmoid(x)` |
    """
    columns = ("operation", "z", "derivatives", "z at 0", "conventions, sources")[: 5 if conventions else 3]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for operation in operations(*names):
        derivatives = "<br>".join(_code(formula) for formula in _derivatives(operation))
        cells = (
            _code(f"{operation.name}({operation.parameters})"),
            _code(_formula(operation.value)),
            derivatives,
            _at_zero(operation),
            re.sub(r"[<>*_]", r"\\\g<0>", operation.doc),  # characters that Markdown reads
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells[: len(columns)]) + " |")
    return "\n".join(lines)


def _code(text: str) -> str:
    """Text as code within a table; in HTML if it has a |, because programs disagree about an escaped | in Markdown."""
    if "|" not in text:
        return f"`{text}`"
    return f"<code>{re.sub(r'[|*_]', lambda sign: f'&#{ord(sign[0])};', html.escape(text))}</code>"


def _entry(operation: Operation, width: int) -> Iterator[str]:
    yield f"{operation.name}({operation.parameters})"
    yield f"    z = {_formula(operation.value)}"
    for formula in _derivatives(operation):
        yield f"    {formula}"
    if at_zero := _at_zero(operation):
        yield f"    at 0: {at_zero}"
    for line in textwrap.wrap(operation.doc, width - 4):
        yield f"    {line}"


def _derivatives(operation: Operation) -> list[str]:
    return [
        f"∂z/∂{argument}ᵢ = {_each(partial)}" if partial.startswith("*") else f"∂z/∂{argument} = {_formula(partial)}"
        for argument, partial in zip(operation.arguments, operation.partials, strict=True)
    ]


def _each(partials: str) -> str:
    """The i-th of partials over a sequence: *inputs is inputsᵢ, and *(-x for x in softmax(v)) is −softmax(v)ᵢ."""
    name, element, sequence = _element(plain(ast.parse(partials[1:], mode="eval")).body)
    return written(ast.unparse(element), {name: f"{ast.unparse(sequence)}ᵢ"})


def _element(values: ast.expr) -> tuple[str, ast.expr, ast.expr]:
    """The variable of a comprehension over a sequence, and the expression for each number."""
    match values:
        case ast.Call(ast.Name("divided"), [each, n]):
            name, element, sequence = _element(each)
            return name, ast.BinOp(element, ast.Div(), n), sequence
        case ast.GeneratorExp(element, [loop]) | ast.ListComp(element, [loop]):
            return ast.unparse(loop.target), element, loop.iter
    return "each", ast.Name("each"), values


def _formula(text: str) -> str:
    """A rule's text as mathematics; a text without a notation stays as it is."""
    try:
        return written(text)
    except (ValueError, SyntaxError):
        return text


def _at_zero(operation: Operation) -> str:
    """z at x = 0 for an operation on one number; "" for others."""
    if not operation.is_method:
        return ""
    return number(operation.value_of_floats(0.0, *operation.defaults.values()))


_STUB = '''"""The operations as methods of a Value, for type checkers; made from ops.py by `make operations`."""

# ruff: noqa: A002 — clip's limits have the names that PyTorch gives them
from typing import Self

class Methods:
    __slots__ = ()
'''


def as_stub() -> str:
    """The file methods.pyi: a signature for each operation that is a method."""
    methods = []
    for operation in OPERATIONS.values():
        if operation.is_method:
            named = [f"{name}: Self | float = {_default(value)}" for name, value in operation.defaults.items()]
            methods.append(f"    def {operation.name}({', '.join(['self', *named])}) -> Self: ...\n")
    return _STUB + "".join(methods)


def _default(value: float) -> str:
    """A default as a stub has it; ±inf has no literal."""
    return f"{value:g}" if math.isfinite(value) else "..."


if __name__ == "__main__":
    print(as_stub() if sys.argv[1:] == ["--methods"] else as_page(), end="")
