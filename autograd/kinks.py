"""Where a rule's partial is a convention, so that its own derivatives must not pass for right: there they are nan.

That is where a comparison of an `if` in the partial turns, and where an operation that it calls has a kink. A text that
knows better says kink(partial, at, x, …): the partial, with derivatives of nan by x, … where the condition `at` holds;
kink(partial, 0) has none. where(condition, x, y) chooses without a kink, as between two formulas of one function.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol, cast

AT_KINK_OF = "at_kink_of_"
"""Before an operation's name in a text: whether that operation is at a kink."""


class Kinked(Protocol):
    """What is asked of the operations that a text calls."""

    def has_kinks(self, met: frozenset[str] = ...) -> bool: ...


def plain(text: str) -> str:
    """A text without what it says to derivatives: kink(z, …) is z, and where(c, x, y) is x if c else y."""
    return ast.unparse(_Plain().visit(ast.parse(text, mode="eval")))


class _Plain(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name("kink"), [value, *_]):
                return value
            case ast.Call(ast.Name("where"), [condition, x, y]):
                return ast.IfExp(condition, x, y)
        return node


class WithKinks(ast.NodeTransformer):
    """A rule's text, which says everywhere where the kinks are: where it doesn't, by all inputs that may matter.

    numbers, sequences  the rule's arguments of either kind
    constants           names that are no inputs
    """

    def __init__(
        self,
        numbers: Collection[str],
        sequences: Collection[str],
        constants: Collection[str],
        operations: Mapping[str, Kinked],
    ) -> None:
        self.numbers, self.sequences = [*numbers], {*sequences}
        self.no_inputs = {"z", *numbers, *constants}
        self.operations = operations

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return self.with_kinks(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node:
            case ast.Call(ast.Name("kink")):
                return node
            case ast.Call(ast.Name(word)) if word in self.operations and self.operations[word].has_kinks():
                return self.with_kinks(node)
        return cast(ast.expr, self.generic_visit(node))

    def with_kinks(self, node: ast.expr) -> ast.expr:
        found = [*conditions(node, self.operations)]
        if not found:
            return node
        at = " or ".join(dict.fromkeys(f"({ast.unparse(condition)})" for condition in found))
        met = set().union(*map(names, found)) - self.no_inputs
        inputs = [*self.numbers, *(f"*{name}" if name in self.sequences else name for name in sorted(met))]
        return ast.parse(f"kink({', '.join([ast.unparse(node), at, *inputs])})", mode="eval").body


def conditions(
    node: ast.AST, operations: Mapping[str, Kinked], met: frozenset[str] = frozenset()
) -> Iterator[ast.expr]:
    """The conditions under which what a text computes has a kink; `met` are operations that are asked already."""
    match node:
        case ast.Compare():  # no path leads through it
            return
        case ast.Call(ast.Name("kink"), [_, at, *inputs]):
            yield from [at] if inputs else []
            return
        case ast.IfExp(test):
            for comparison in ast.walk(test):
                if isinstance(comparison, ast.Compare):
                    sides = itertools.pairwise([comparison.left, *comparison.comparators])
                    for x, y in (sorted(pair, key=ast.unparse) for pair in sides):
                        yield ast.Compare(x, [ast.Eq()], [y])
        case ast.Call(ast.Name(word), arguments, named) if word in operations and operations[word].has_kinks(met):
            yield ast.Call(ast.Name(AT_KINK_OF + word, ast.Load()), arguments, named)
    for part in ast.iter_child_nodes(node):
        yield from conditions(part, operations, met)


def names(node: ast.AST) -> set[str]:
    """The names of numbers in a text, not those of functions."""
    functions = {id(part.func) for part in ast.walk(node) if isinstance(part, ast.Call)}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in functions}
