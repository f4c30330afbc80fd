"""The table of operations, as its rules have it: names, formulas, derivatives, values at 0, conventions."""

from __future__ import annotations

import ast
import html
import re
import sys
import textwrap
from collections.abc import Iterator

from autograd import ops
from autograd.notation import number, written
from autograd.rules import OPERATIONS, Operation


def operations(*names: str) -> Iterator[Operation]:
    """The rules of these operations; without names of all public ones, in the order of the file that has them.

    Raises ValueError for a name that no operation has.
    """
    for name in names or ops.PUBLIC:
        if name in OPERATIONS:
            yield OPERATIONS[name]
        elif names:
            raise ValueError(f"there is no operation {name!r}; the table without names has them all")


def as_text(width: int = 100) -> str:
    """The table as text: of each operation z, its partial derivatives, z at 0, and what else is known of it.

    >>> print(as_text()[:38])
    add(x, y)
        z = x + y
        ∂z/∂x = 1
    """
    return "\n".join(line for rule in operations() for line in _entry(rule, width))


def as_page() -> str:
    """The page OPERATIONS.md: `make operations` writes it."""
    return f"{_PAGE}\n{as_markdown()}\n"


_PAGE = """# Operations

Every operation is a function, on floats and on `Value`s alike; those of one number are methods of a `Value`, too.
z is the result. Of a sequence, as `*values`, index i stands for each element; what has a number behind `=` may be left
out. The last column has the convention at kinks, ties and singular points, and sources.

This page is made from the rules in [ops.py](ops.py) by `make operations`; `python -m autograd --operations` prints the
same as text.
"""


def as_markdown(*names: str, conventions: bool = True) -> str:
    """The table in Markdown, of these operations or, without names, of all; narrower without conventions and sources.

    >>> print(as_markdown("tanh", "softplus", conventions=False))
    | operation | z | derivatives |
    |---|---|---|
    | `tanh(x)` | `tanh(x)` | `∂z/∂x = 1 − z²` |
    | `softplus(x)` | <code>maximum(x, 0) + log1p(exp(−&#124;x&#124;))</code> | `∂z/∂x = sigmoid(x)` |
    """
    columns = ("operation", "z", "derivatives", "z at 0", "conventions, sources")[: 5 if conventions else 3]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for rule in operations(*names):
        derivatives = "<br>".join(_code(formula) for formula in _derivatives(rule))
        cells = (
            _code(f"{rule.name}({rule.parameters})"),
            _code(_formula(rule.value)),
            derivatives,
            _at_zero(rule),
            re.sub(r"[<>*_]", r"\\\g<0>", rule.doc),  # which Markdown would read
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells[: len(columns)]) + " |")
    return "\n".join(lines)


def _code(text: str) -> str:
    """Text as code within a table, where readers of Markdown disagree about a | that is escaped."""
    return f"<code>{html.escape(text).replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"


def _entry(rule: Operation, width: int) -> Iterator[str]:
    yield f"{rule.name}({rule.parameters})"
    yield f"    z = {_formula(rule.value)}"
    for formula in _derivatives(rule):
        yield f"    {formula}"
    if at_zero := _at_zero(rule):
        yield f"    at 0: {at_zero}"
    for line in textwrap.wrap(rule.doc, width - 4):
        yield f"    {line}"


def _derivatives(rule: Operation) -> list[str]:
    return [
        f"∂z/∂{argument}ᵢ = {_each(partial)}" if partial.startswith("*") else f"∂z/∂{argument} = {_formula(partial)}"
        for argument, partial in zip(rule.arguments, rule.partials, strict=True)
    ]


def _each(partials: str) -> str:
    """The i-th of partials over a sequence: *inputs is inputsᵢ, and *(-x for x in softmax(v)) is −softmax(v)ᵢ."""
    match ast.parse(partials[1:], mode="eval").body:
        case ast.GeneratorExp(element, [ast.comprehension(ast.Name(name), sequence)]):
            return written(ast.unparse(element), {name: f"{ast.unparse(sequence)}ᵢ"})
        case sequence:
            return f"{ast.unparse(sequence)}ᵢ"


def _formula(text: str) -> str:
    """A rule's text as mathematics; as it stands where it has no notation, as a sum over a sequence."""
    try:
        return written(text)
    except (ValueError, SyntaxError):
        return text


def _at_zero(rule: Operation) -> str:
    """z at x = 0, of an operation on one number."""
    if not rule.is_method:
        return ""
    return number(rule.value_of_floats(0.0, *rule.defaults.values()))


_STUB = '''"""The operations as methods of a Value, for type checkers; made from ops.py by `make operations`."""

from typing import Self

class Methods:
    __slots__ = ()
'''


def as_stub() -> str:
    """The file methods.pyi: a signature for each operation that is a method."""
    methods = []
    for rule in OPERATIONS.values():
        if rule.is_method:
            named = [f"{name}: Self | float = {value:g}" for name, value in rule.defaults.items()]
            methods.append(f"    def {rule.name}({', '.join(['self', *named])}) -> Self: ...\n")
    return _STUB + "".join(methods)


if __name__ == "__main__":
    print(as_stub() if sys.argv[1:] == ["--methods"] else as_page(), end="")
