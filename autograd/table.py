"""The table of operations, as its rules have it: names, formulas, derivatives, values at 0, conventions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from autograd import ops
from autograd.notation import number, written
from autograd.rules import OPERATIONS, Operation


def operations() -> Iterator[Operation]:
    """The rules of the public operations, in the order of the file that has them."""
    for name in ops.PUBLIC:
        if name in OPERATIONS:
            yield OPERATIONS[name]


def as_text(width: int = 100) -> str:
    """The table as text: of each operation z, its partial derivatives, z at 0, and what else is known of it.

    >>> print(as_text()[:38])
    add(x, y)
        z = x + y
        ∂z/∂x = 1
    """
    return "\n".join(line for rule in operations() for line in _entry(rule, width))


def as_markdown() -> str:
    """The table in Markdown."""
    lines = ["| operation | z | derivatives | at 0 | |", "|---|---|---|---|---|"]
    for rule in operations():
        derivatives = "<br>".join(f"`{formula}`" for formula in _derivatives(rule))
        cells = (
            f"`{rule.name}({rule.parameters})`",
            f"`{_formula(rule.value)}`",
            derivatives,
            _at_zero(rule),
            rule.doc,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


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
        f"∂z/∂{argument} = {_formula(partial)}" for argument, partial in zip(rule.arguments, rule.partials, strict=True)
    ]


def _formula(text: str) -> str:
    """A rule's text as mathematics; as it stands where it has no notation, as a sum over a sequence."""
    try:
        return written(text)
    except (ValueError, SyntaxError):
        return text


def _at_zero(rule: Operation) -> str:
    """z at x = 0, of an operation on one number."""
    if rule.variadic or len(rule.arguments) - len(rule.defaults) != 1:
        return ""
    return number(rule.value_of_floats(0.0, *rule.defaults.values()))
