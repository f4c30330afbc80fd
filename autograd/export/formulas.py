"""A rule's text as an expression on arrays, in Python: the one reading from which all exports are made.

    x if x > 0 else y                  where(x > 0, x, y)
    add_up(exp(v - m) for v in values) add_up(exp(values - m[..., None]))
    x and y                            x & y

A sequence is an array's last axis, which nothing else has. So a loop over a sequence is arithmetic with arrays, and a
number that takes part in it gets an axis of length 1. Parts that hold no array are computed here, on floats.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from autograd.grammar import simplified
from autograd.kinks import AT_KINK_OF, WithKinks, names, plain
from autograd.rules import CONSTANTS, OPERATIONS, PRIMITIVES, OnFloats, Operation, read

REDUCTIONS = {"len", "max", "peak", "others", "pick", "add_up", "inner_product", "multiply_up"}
"""The primitives of sequences whose result is a number."""

LAST_AXIS = ast.Tuple([ast.Constant(...), ast.Constant(None)], ast.Load())


class Formula(ast.NodeTransformer):
    """The text of one rule, translated.

    scalars    the names of numbers
    sequences  the names of sequences
    known      numbers that are the same everywhere, by name: they are written into the text
    word       what a word is called, given whether the text is of a derivative
    literal    what makes a float an argument that functions take; "" where they take floats
    apart      what keeps a compiler from changing the order of divisions; "" where none does
    kinks      whether the text is differentiated again, which gives nan where it is a convention
    """

    def __init__(
        self,
        operation: Operation,
        known: Mapping[str, float],
        word: Callable[[str], str],
        literal: str = "",
        apart: str = "",
        *,
        kinks: bool = False,
    ) -> None:
        starred = {name for _, name in operation.starred}
        self.sequences = starred - known.keys()
        self.scalars = ({*operation.arguments, "z"} - starred) - known.keys()
        self.known = {**CONSTANTS, **known}
        self.word, self.literal, self.apart = word, literal, apart
        self.kinks = (
            WithKinks(sorted({*operation.arguments} - starred), starred, CONSTANTS, OPERATIONS) if kinks else None
        )
        self.loop: dict[str, ast.expr] = {}

    def text(self, rule: str) -> str:
        """The expression for a text of the rule."""
        tree = ast.parse(rule, mode="eval")
        noted: ast.Expression = plain(tree) if self.kinks is None else self.kinks.visit(tree)
        return written(self.number(simplified(noted).body))

    # Numbers

    def number(self, node: ast.expr) -> ast.expr:
        return self.constant(node) or cast(ast.expr, self.visit(node))

    def constant(self, node: ast.AST) -> ast.Constant | None:
        """The number of a part that holds no array."""
        is_bare = isinstance(node, ast.Starred | ast.GeneratorExp | ast.ListComp | ast.List | ast.Tuple)
        if not isinstance(node, ast.expr) or is_bare or not names(node) <= self.known.keys():
            return None
        arguments = ", ".join(self.known)
        value = read(f"lambda {arguments}: {ast.unparse(node)}", OnFloats())(*self.known.values())
        return ast.Constant(value) if isinstance(value, float) else None

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(cast(int, node.value)))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.known:
            return ast.Constant(self.known[node.id])
        if node.id in self.loop:
            found = self.loop[node.id]
            if isinstance(found, ast.NamedExpr):  # it is computed once, where it stands first
                self.loop[node.id] = ast.Name(found.target.id, ast.Load())
            return found
        if self.loop and node.id in self.sequences:
            raise ValueError(f"a sequence within a loop over another has no meaning on arrays: {node.id}")
        return self.widened(ast.Name(node.id, ast.Load())) if node.id in self.scalars else node

    def widened(self, node: ast.expr) -> ast.expr:
        """Within a loop, a number takes part for each of the sequence."""
        return ast.Subscript(node, LAST_AXIS, ast.Load()) if self.loop else node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        value = self.number(node.value)
        if self.loop:
            raise ValueError(f"a name within a loop has no meaning on arrays: {node.target.id}")
        if isinstance(value, ast.Constant):
            self.known[node.target.id] = cast(float, value.value)
            return value
        self.scalars.add(node.target.id)
        return ast.NamedExpr(ast.Name(node.target.id, ast.Store()), value)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        x = self.number(node.operand)
        return ast.UnaryOp(node.op, x) if isinstance(node.op, ast.USub) else x

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        x, y = self.number(node.left), self.number(node.right)
        match node.op, x, y:
            case ast.Pow(), _, _:
                return self.power(x, y)
            case ast.Mult(), ast.Constant(1.0), _:
                return y
            case ((ast.Mult() | ast.Div()), _, ast.Constant(1.0)):
                return x
            case ast.Div(), ast.BinOp(_, ast.Div(), _), _ if self.apart:  # XLA makes x / y / z to x / (y * z)
                x = ast.Call(ast.Name(self.apart, ast.Load()), [x], [])
        return ast.BinOp(x, node.op, y)

    def power(self, x: ast.expr, y: ast.expr) -> ast.expr:
        match x, y:
            case _, ast.Constant(1.0):
                return x
            case ast.Name(), ast.Constant(2.0):
                return ast.BinOp(x, ast.Mult(), x)
        return self.called("power", [x, y])

    # Choices

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.truth(node.test)
        if isinstance(test, ast.Constant):
            return self.number(node.body if test.value else node.orelse)
        arms = [self.number(node.body), self.number(node.orelse)]
        match arms:
            case [ast.Constant(1.0), ast.Constant(0.0)] if self.literal:  # PyTorch's where is slow, and needs tensors
                return ast.Call(ast.Attribute(test, "double", ast.Load()), [], [])
        return self.called("where", [test, *arms])

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """In arithmetic, `and` is the first number that is 0, or the last; `or` the first that isn't, or the last."""
        *others, last = node.values
        result = self.number(last)
        for part in reversed(others):
            value = self.number(part)
            arms = [result, value] if isinstance(node.op, ast.And) else [value, result]
            result = self.called("where", [self.not_zero(value), *arms])
        return result

    def truth(self, node: ast.expr) -> ast.expr:
        """A condition; a number is one if it is not 0."""
        constant = self.constant(node)
        if constant is not None:
            return ast.Constant(bool(constant.value))
        match node:
            case ast.Call(ast.Name(word), arguments) if word.startswith(AT_KINK_OF):
                return self.truth(at_kink(OPERATIONS[word.removeprefix(AT_KINK_OF)], arguments))
            case ast.Compare(x, [sign], [y]):
                return ast.Compare(self.number(x), [sign], [self.number(y)])
            case ast.BoolOp(junction, parts):
                return self.joined(junction, [self.truth(part) for part in parts])
            case ast.IfExp(condition, ast.Constant(0), ast.Constant(1)):
                return self.called("not", [self.truth(condition)])
            case ast.IfExp(condition, ast.Constant(1), ast.Constant(0)):
                return self.truth(condition)
        return self.not_zero(self.number(node))

    def joined(self, junction: ast.boolop, parts: list[ast.expr]) -> ast.expr:
        ends = isinstance(junction, ast.Or)
        rest = [part for part in parts if not isinstance(part, ast.Constant)]
        if any(isinstance(part, ast.Constant) and part.value is ends for part in parts) or not rest:
            return ast.Constant(ends if len(rest) < len(parts) and rest else not ends)
        result = rest[0]
        for part in rest[1:]:
            result = ast.BinOp(result, ast.BitOr() if ends else ast.BitAnd(), part)
        return result

    def not_zero(self, x: ast.expr) -> ast.expr:
        return ast.Compare(x, [ast.NotEq()], [ast.Constant(0.0)])

    # Words

    def visit_Call(self, node: ast.Call) -> ast.expr:
        word = cast(ast.Name, node.func).id
        match word, node.args:
            case "where", [test, *arms]:
                return self.number(ast.IfExp(test, *arms))
            case "kink", [value, at, *by]:
                return self.kink(value, at, by)
        loop = self.loop
        inner = word in REDUCTIONS and bool(loop)
        if inner:
            self.loop = {}
        arguments = [self.argument(argument) for argument in node.args]
        if word in PRIMITIVES and word == "max" and len(arguments) > 1:
            arguments = [self.stacked(arguments)]
        if word in OPERATIONS and OPERATIONS[word].variadic:
            arguments += [ast.Constant(x) for x in [*OPERATIONS[word].defaults.values()][: self.missing(word, node)]]
        elif word in OPERATIONS and word not in PRIMITIVES:
            rest = OPERATIONS[word].arguments[len(arguments) :]
            arguments += [ast.Constant(OPERATIONS[word].defaults[name]) for name in rest]
        result = self.called(word, arguments)
        self.loop = loop
        return self.widened(result) if inner and word != "len" else result

    def kink(self, value: ast.expr, at: ast.expr, by: list[ast.expr]) -> ast.expr:
        """The value, whose derivatives are nan where a condition holds."""
        x, condition = self.number(value), self.truth(at)
        inputs = [self.argument(name.value if isinstance(name, ast.Starred) else name) for name in by]
        inputs = [name for name in inputs if not isinstance(name, ast.Constant)]
        if isinstance(condition, ast.Constant) or not inputs:
            return x
        return self.called("convention", [x, condition, *inputs])

    def missing(self, word: str, node: ast.Call) -> int:
        return len(OPERATIONS[word].arguments) - len(node.args)

    def argument(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.GeneratorExp() | ast.ListComp():
                return self.over(node)
            case ast.List(items) | ast.Tuple(items):
                return self.stacked([self.number(item) for item in items])
        return self.number(node)

    def stacked(self, items: list[ast.expr]) -> ast.expr:
        return ast.Call(ast.Name(self.word("stack"), ast.Load()), [ast.List(items, ast.Load())], [])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return self.over(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self.over(node)

    def over(self, node: ast.GeneratorExp | ast.ListComp) -> ast.expr:
        """A loop: its variable is the sequence itself."""
        (loop,) = node.generators
        variable = cast(ast.Name, loop.target).id
        if self.loop:
            raise ValueError("a loop within a loop has no meaning on arrays")
        sequence = self.argument(loop.iter)
        if not isinstance(sequence, ast.Name):
            sequence = ast.NamedExpr(ast.Name(variable, ast.Store()), sequence)
        self.loop = {variable: sequence}
        body = self.number(node.elt)
        self.loop = {}
        return body

    def called(self, word: str, arguments: Iterable[ast.expr]) -> ast.expr:
        given = [*arguments]
        match word, given:
            case "len", [sequence]:
                return ast.Subscript(ast.Attribute(sequence, "shape", ast.Load()), ast.Constant(-1), ast.Load())
            case "divided", [sequence, n]:
                wide = n if isinstance(n, ast.Constant) else ast.Subscript(n, LAST_AXIS, ast.Load())
                return ast.BinOp(sequence, ast.Div(), wide)
            case _ if self.apart:
                given = [self.with_true_quotient(argument) for argument in given]
        free = word == "where" and not all(isinstance(arm, ast.Constant) for arm in given[1:])
        if self.literal and not free:
            given = [self.as_argument(argument) for argument in given]
        return ast.Call(ast.Name(self.word(word), ast.Load()), given, [])

    def with_true_quotient(self, argument: ast.expr) -> ast.expr:
        """Divide by a number with `quotient`: XLA multiplies by the reciprocal, whose rounding error erfc enlarges."""
        match argument:
            case ast.BinOp(x, ast.Div(), ast.Constant(y)) if math.frexp(cast(float, y))[0] != 0.5:
                return self.called("quotient", [x, ast.Constant(y)])
        return argument

    def as_argument(self, argument: ast.expr) -> ast.expr:
        if isinstance(argument, ast.Constant):
            return ast.Call(ast.Name(self.literal, ast.Load()), [argument], [])
        return argument


def at_kink(operation: Operation, arguments: list[ast.expr]) -> ast.expr:
    """The condition that an operation of these arguments is at a kink."""
    known = dict(zip(operation.arguments, arguments, strict=False))
    known["z"] = ast.Call(ast.Name(operation.name, ast.Load()), arguments, [])

    class Filled(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return known.get(node.id, node)

    text = " or ".join(f"({at})" for at in operation.kinks)
    return cast(ast.expr, Filled().visit(ast.parse(text, mode="eval").body))


def written(tree: ast.expr) -> str:
    """An expression as text.

    >>> written(ast.Constant(float("inf")))
    'inf'
    """
    return ast.unparse(ast.fix_missing_locations(tree)).replace("1e309", "inf")
