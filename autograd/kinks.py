"""Kinks: the points where a rule's partial is a convention. There its own derivatives are nan, because none is right.

A kink is assumed where a comparison of an `if` in the partial has equal sides, and where an operation that the partial
calls has a kink. A text can say otherwise. kink(partial, at, x, …) is the partial; its derivatives with respect to
x, … are nan where the condition `at` holds. kink(partial, 0) has no kinks. where(condition, x, y) is a choice without a
kink, for example between two formulas of the same function.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol, cast

from autograd.grammar import Tree

AT_KINK_OF = "at_kink_of_"
"""With an operation's name behind it, the word for whether that operation is at a kink."""


class Kinked(Protocol):
    """An operation, as far as this file needs it."""

    def has_kinks(self, met: frozenset[str] = ...) -> bool:
        """Whether a partial has kinks; operations in `met` are skipped."""


def plain(tree: Tree) -> Tree:
    """The text without its notes on kinks: kink(z, …) becomes z, and where(c, x, y) becomes x if c else y."""
    return cast(Tree, _Plain().visit(tree))


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
    """Wraps every part of a rule's text that has a kink in kink(…), with all inputs that may matter.

    numbers     the parameters that are numbers
    sequences   the parameters that are sequences
    constants   names that are not inputs
    operations  the operations that the text may call, by name
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
        kinks = [*conditions(node, self.operations)]
        if not kinks:
            return node
        at = " or ".join(dict.fromkeys(f"({ast.unparse(condition)})" for condition in kinks))
        met = set().union(*map(names, kinks)) - self.no_inputs
        inputs = [*self.numbers, *(f"*{name}" if name in self.sequences else name for name in sorted(met))]
        return ast.parse(f"kink({', '.join([ast.unparse(node), at, *inputs])})", mode="eval").body


def conditions(
    node: ast.AST, operations: Mapping[str, Kinked], met: frozenset[str] = frozenset()
) -> Iterator[ast.expr]:
    """The conditions under which a text has a kink; operations in `met` are skipped."""
    match node:
        case ast.Compare():  # no derivative leads through a condition
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
    """The names of quantities in a text, without those of functions."""
    functions = {id(part.func) for part in ast.walk(node) if isinstance(part, ast.Call)}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in functions}
