"""An expression that a person typed → a graph. Nothing but arithmetic and the operations can run.

The text is parsed by Python's own parser and walked here against a list of what may appear; it is never
evaluated. Every refusal is a ValueError of one sentence.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from autograd import ops
from autograd.naming import one_line
from autograd.value import Value

MAX_CHARACTERS = 20_000  # characters; Python's parser takes about a hundred times their memory
MAX_LABEL_CHARACTERS = 40  # a node that isn't named is labelled with its own text up to this length
MAX_SOFTMAX_NUMBERS = (
    10_000  # in the lists that softmax makes in one step: softmax within softmax makes many of a short text
)

_OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
# log_softmax also takes a place in its list, which isn't a number of the expression
_FUNCTIONS: dict[str, Callable[..., Any]] = {name: vars(ops)[name] for name in ops.PUBLIC if name != "log_softmax"}


def parse(text: str, numbers: Mapping[str, float]) -> tuple[Value, dict[str, Value]]:
    """The graph of an expression such as "(a + b) * (b + 1)", and the Values of the given numbers by name.

    Steps may be named, "c = a + b; d = b + 1; e = c * d": the last is the result, and its label its
    name. Functions are the operations, with lists where they take sequences:
    "weighted_sum([w1, w2], [x1, x2], bias=b)". A comment reaches from # to the end of its line.

    There is a limit of 20,000 characters, of 10,000 numbers in the lists that softmax makes in one step, and, by
    Python's parser, of 200 parentheses within one another and about 3,000 terms one after another. Raises
    ValueError, with one sentence, for what is beyond a limit, or is no such expression.

    >>> e, leaves = parse("(a + b) * (b + 1)", {"a": 2, "b": 1})
    >>> e.data, e.label, leaves["a"].label
    (6.0, '(a + b) * (b + 1)', 'a')
    """
    leaves = {name: Value(number, name) for name, number in numbers.items()}
    known = dict(leaves)
    result = None
    text = " ".join(re.sub(r"#[^\r\n]*", "", text).split())
    for statement in _statements(text):
        name = ""
        expression = statement.value
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets[:1]
            if len(statement.targets) > 1 or not isinstance(target, ast.Name):
                raise ValueError("only a single name can stand left of =")
            name = target.id
            if name in known:
                raise ValueError(f"{one_line(name, MAX_LABEL_CHARACTERS)} has a value already")
        result = _graph(expression, known, text.encode())
        if name:
            known[name] = result = _named(result, name)
    if result is None:
        raise ValueError("there is no expression")
    return result, leaves


def _statements(text: str) -> list[ast.Assign | ast.Expr]:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the expression is {len(text):,} characters long; the limit is {MAX_CHARACTERS:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python only warns of, "1if" or "\d", is no arithmetic either
            statements = ast.parse(text, filename="").body  # to quote a line Python opens that file, and none is ""
    except SyntaxError as error:
        if "integer string" in error.msg:
            raise ValueError("this is not an expression: a number has thousands of digits") from None
        where = f" at character {error.offset}" if error.offset else ""
        raise ValueError(f"this is not an expression: {error.msg}{where}") from None
    except (RecursionError, MemoryError):
        raise ValueError("the expression is nested too deeply for Python's parser") from None
    except ValueError:
        raise ValueError("this is not an expression: a null or stray character, or thousands of digits") from None
    for statement in statements:
        if not isinstance(statement, ast.Assign | ast.Expr):
            raise _refused(statement)
    return statements  # type: ignore[return-value]  # just checked


def _graph(expression: ast.expr, known: Mapping[str, Value], text: bytes) -> Value:
    """The expression's node: parts before the whole, on a stack of our own, so that depth costs no recursion."""
    done: dict[ast.AST, Any] = {}
    made = 0
    waiting = [expression]
    while waiting:
        node = waiting[-1]
        parts = [part for part in _parts(node) if part not in done]
        if parts:
            waiting += reversed(parts)
            continue
        waiting.pop()
        try:
            result = _combined(node, done, known)
        except TypeError as error:
            raise ValueError(str(error)) from None
        if isinstance(result, list) and isinstance(node, ast.Call):
            made += len(result)
            if made > MAX_SOFTMAX_NUMBERS:
                raise ValueError(f"the lists that softmax makes here come to more than {MAX_SOFTMAX_NUMBERS:,} numbers")
        if isinstance(result, float):  # a sum of nothing
            result = Value(result)
        if isinstance(result, Value) and not result.label and result.parents:
            source = text[node.col_offset : node.end_col_offset].decode()
            result.label = source if len(source) <= MAX_LABEL_CHARACTERS else ""
        done[node] = result
    if not isinstance(done[expression], Value):
        raise ValueError("a list is not a number; total, mean, logsumexp or weighted_sum make one of it")  # noqa: TRY004 — see above
    graph: Value = done[expression]
    return graph


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return [left, right]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return [operand]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=named):
            keywords = [keyword.arg for keyword in named]
            if None in keywords or len(set(keywords)) < len(keywords):
                raise _refused(node)
            if name not in _FUNCTIONS:
                raise ValueError(
                    f"there is no operation {one_line(name, MAX_LABEL_CHARACTERS)!r}; there are {', '.join(_FUNCTIONS)}"
                )
            return [*arguments, *(keyword.value for keyword in named)]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
        case ast.Name() | ast.Constant():
            return []
    raise _refused(node)


def _combined(node: ast.expr, done: Mapping[ast.AST, Any], known: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Value(number)
        case ast.Name(id=name):
            if name not in known:
                told = one_line(name, MAX_LABEL_CHARACTERS)
                raise ValueError(f"{told} has no value; give one with {told}=NUMBER")
            return known[name]
        case ast.BinOp(left=left, right=right) if isinstance(done[left], list) or isinstance(done[right], list):
            raise _refused(node)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](done[left], done[right])
        case ast.UnaryOp(operand=operand) if isinstance(done[operand], list):
            raise _refused(node)
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](done[operand])
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [done[element] for element in elements]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=named):
            return _FUNCTIONS[name](
                *(done[argument] for argument in arguments),
                **{keyword.arg or "": done[keyword.value] for keyword in named},
            )
    raise _refused(node)


def _named(node: Value, name: str) -> Value:
    """The node under that name; before a leaf, or a node with a name of its own, an identity node takes the name."""
    if not node.parents or node.label.isidentifier():
        node = ops.identity(node)
    node.label = name
    return node


def _refused(node: ast.AST) -> ValueError:
    try:
        source = ast.unparse(node)
    except RecursionError:
        source = "this"
    told = one_line(source, MAX_LABEL_CHARACTERS)
    return ValueError(f"only numbers, names, + - * / ** and operations can stand in an expression, not {told!r}")
