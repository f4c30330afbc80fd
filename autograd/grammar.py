"""The grammar of rule texts. It is checked when an operation is made, and every reader handles all of it.

    x, z, sqrt_2                           names: inputs, the result, constants
    1, 2.5                                 numbers
    x + y, x - y, x * y, x / y, x ** y     arithmetic, with the signs -x and +x
    x < y, <=, ==, !=, >=, >               comparisons, also in chains, 0 < x < 9
    … and …, … or …, not …                 conditions made of others; in arithmetic, a condition is 1 or 0
    x if x > 0 else y                      a choice
    exp(x), maximum(x, y)                  words: operations and primitives
    add_up(exp(x) for x in values)         the same for each number of a sequence; also as a list, [… for …]
    mean([x, y]), max(x, y)                several numbers as a sequence
    (m := peak(values))                    a name for a part of the text

Rule texts are evaluated as code: never build one from untrusted input.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Mapping
from typing import NoReturn, TypeVar, cast

ARITHMETIC: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
SIGNS: dict[type[ast.AST], str] = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}
COMPARISONS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.GtE: ">=",
    ast.Gt: ">",
}
JUNCTIONS: dict[type[ast.AST], str] = {ast.And: "and", ast.Or: "or"}
OPERATORS = {**ARITHMETIC, **SIGNS, **COMPARISONS, **JUNCTIONS}

FORMS: dict[type[ast.AST], str] = {
    ast.Constant: "2.5",
    ast.Name: "x",
    ast.BinOp: "x + y",
    ast.UnaryOp: "-x",
    ast.Compare: "x < y",
    ast.BoolOp: "x < y and y < 9",
    ast.IfExp: "x if x > 0 else y",
    ast.Call: "exp(x)",
    ast.GeneratorExp: "add_up(exp(v) for v in values)",
    ast.ListComp: "others([exp(v) for v in values])",
    ast.List: "mean([x, y])",
    ast.Tuple: "mean((x, y))",
    ast.Starred: "kink(x, x == 0, *values)",
    ast.NamedExpr: "(m := exp(x)) * m",
}
"""Every form that a text may contain, with an example."""

_INSIDE = (ast.comprehension, ast.expr_context)  # parts of a form that have no text of their own
Tree = TypeVar("Tree", bound=ast.AST)


def parsed(text: str, what: str = "the text") -> ast.expr:
    """Parse the text into Python's tree; raise a ValueError that shows the place if the grammar does not allow it."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = min(error.offset or 1, len(text) + 1)
        raise ValueError(f"{what}, {text!r}, cannot be read: {error.msg}, at column {column}") from None
    except (RecursionError, MemoryError, ValueError) as error:  # nested too deeply, or with a null character
        raise ValueError(f"{what} cannot be read: {error or type(error).__name__}") from None
    for node in ast.walk(tree):
        if isinstance(node, _INSIDE) or type(node) in OPERATORS:
            continue
        _check_form(node, text, what)
    return tree


def _check_form(node: ast.AST, text: str, what: str) -> None:
    match node:
        case ast.Constant(value) if isinstance(value, bool) or not isinstance(value, int | float):
            _refuse("a number", node, text, what)
        case ast.BinOp(_, operator, _) if type(operator) not in ARITHMETIC:
            _refuse(f"one of {' '.join(ARITHMETIC.values())}", node, text, what)
        case ast.UnaryOp(operator, _) if type(operator) not in SIGNS:
            _refuse(f"one of {' '.join(SIGNS.values())}", node, text, what)
        case ast.Compare(_, operators, _) if any(type(operator) not in COMPARISONS for operator in operators):
            _refuse(f"one of {' '.join(COMPARISONS.values())}", node, text, what)
        case ast.Call(function, _, keywords) if keywords or not isinstance(function, ast.Name):
            _refuse("a word with its arguments in order, as exp(x)", node, text, what)
        case ast.GeneratorExp(_, loops) | ast.ListComp(_, loops) if not _is_plain(loops):
            _refuse("one sequence without a condition, as f(x) for x in values", node, text, what)
        case _ if type(node) not in FORMS:
            _refuse("arithmetic, comparisons, choices and words", node, text, what)


def _is_plain(loops: list[ast.comprehension]) -> bool:
    """Whether this is one loop over one sequence, without a condition."""
    match loops:
        case [ast.comprehension(ast.Name(), ast.Name() | ast.Call() | ast.List() | ast.Tuple(), [])]:
            return True
    return False


def _refuse(expected: str, node: ast.AST, text: str, what: str) -> NoReturn:
    piece = ast.get_source_segment(text, node) or ast.unparse(node)
    place = f", at column {node.col_offset + 1}" if isinstance(node, ast.expr) and piece != text else ""
    raise ValueError(f"{what}, {text!r}: expected {expected}, got {piece!r}{place}")


def check(text: str, what: str, names: Collection[str] | None, words: Mapping[str, range]) -> None:
    """Raise a ValueError that shows the place, if the text goes beyond the grammar, the names or the words.

    names  the quantities that the text may mention; None allows any
    words  the functions that the text may call, with the possible numbers of their arguments
    """
    tree = parsed(text, what)
    if names is not None:
        for name, node in quantities(tree).items():
            if name not in names:
                _refuse(f"one of the names {', '.join(sorted(names))}", node, text, what)
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        word = cast(ast.Name, call.func).id
        if word not in words:
            _refuse("an operation or a primitive", call, text, what)
        counts = words[word]
        if len(call.args) not in counts:
            _refuse(f"{counts[0]} argument{'s' * (counts[0] != 1)} of {word}", call, text, what)


def quantities(tree: ast.AST) -> dict[str, ast.Name]:
    """The quantities that a text mentions and does not define itself, by name, each with its first place."""
    words = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in words]
    own = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return {name.id: name for name in reversed(names) if name.id not in own}


class _Simplified(ast.NodeTransformer):
    """Writes chains of comparisons with `and`, != and `not` as choices, and a condition among numbers as 1 or 0."""

    def condition(self, node: ast.expr) -> ast.expr:
        """A part that is used as a condition; a number counts as true if it is not 0."""
        match node:
            case ast.Compare(left, signs, others):
                sides = itertools.pairwise([self.visit(side) for side in (left, *others)])
                links = [_link(x, sign, y) for (x, y), sign in zip(sides, signs, strict=True)]
                return links[0] if len(links) == 1 else ast.BoolOp(ast.And(), links)
            case ast.BoolOp(junction, conditions):
                return ast.BoolOp(junction, [self.condition(part) for part in conditions])
            case ast.UnaryOp(ast.Not(), condition):
                return _opposite(self.condition(condition))
        return cast(ast.expr, self.visit(node))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return ast.IfExp(self.condition(node), ast.Constant(1), ast.Constant(0))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return self.condition(node) if isinstance(node.op, ast.Not) else cast(ast.expr, self.generic_visit(node))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return ast.IfExp(self.condition(node.test), self.visit(node.body), self.visit(node.orelse))


def _link(x: ast.expr, sign: ast.cmpop, y: ast.expr) -> ast.expr:
    if isinstance(sign, ast.NotEq):
        return _opposite(ast.Compare(x, [ast.Eq()], [y]))
    return ast.Compare(x, [sign], [y])


def _opposite(condition: ast.expr) -> ast.expr:
    return ast.IfExp(condition, ast.Constant(0), ast.Constant(1))


def simplified(tree: Tree) -> Tree:
    """The same text in fewer forms: without `not`, != and chains, and with comparisons in conditions only."""
    return cast(Tree, _Simplified().visit(tree))
