"""From an expression that a person typed to a graph. Only arithmetic and the operations can run.

Python's own parser reads the text, and this file walks through its tree; the text is never evaluated as code. Anything
that is not on a short list of forms raises a ValueError of one sentence.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from autograd import ops, slips
from autograd.naming import one_line
from autograd.value import Value

MAX_CHARACTERS = 20_000  # Python's parser needs about a hundred times their memory
MAX_LABEL_CHARACTERS = 40  # a node without a name is labelled with its text, if that is no longer
MAX_SOFTMAX_NUMBERS = 10_000  # in the results of softmax in one step; nested softmaxes make many from a short text

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
"""Names that are these numbers unless they are given another value."""

_OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
# Without log_softmax, whose index is an int and not a number of the expression
_FUNCTIONS: dict[str, Callable[..., Any]] = {name: vars(ops)[name] for name in ops.PUBLIC if name != "log_softmax"}


def parse(text: str, numbers: Mapping[str, float]) -> tuple[Value, dict[str, Value]]:
    """The graph of an expression such as "(a + b) * (b + 1)", and the Values of the given numbers by name.

    Steps may have names, "c = a + b; d = b + 1; e = c * d": the last step is the result, and its name becomes its
    label. The functions are the operations; sequences are lists, "weighted_sum([w1, w2], [x1, x2], bias=b)". A comment
    goes from # to the end of its line. The names pi, π and e are these numbers, unless they are given a value.

    The limits are 20,000 characters, 10,000 numbers in the results of softmax in one step and, because of Python's
    parser, 200 nested parentheses and about 3,000 terms in a row. Raises ValueError, with one sentence, for an
    expression beyond a limit, and for any other text; the sentence may ask whether another text was meant.

    >>> e, leaves = parse("(a + b) * (b + 1)", {"a": 2, "b": 1})
    >>> e.data, e.label, leaves["a"].label
    (6.0, '(a + b) * (b + 1)', 'a')
    """
    leaves = {name: Value(number, name) for name, number in numbers.items()}
    text = " ".join(re.sub(r"#[^\r\n]*", "", text).split())
    try:
        return _result(text, dict(leaves)), leaves
    except ValueError as error:
        meant = slips.text_meant(text, _FUNCTIONS, {*numbers, *CONSTANTS}) if len(text) <= MAX_CHARACTERS else ""
        if not meant:
            raise
        raise ValueError(f"{error}; did you mean {one_line(meant, 2 * MAX_LABEL_CHARACTERS)}?") from None


def _result(text: str, known: dict[str, Value]) -> Value:
    """The value of the last step of an expression; named steps and constants are added to `known`."""
    result = None
    for statement in _statements(text):
        name = ""
        expression = statement.value
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets[:1]
            if len(statement.targets) > 1 or not isinstance(target, ast.Name):
                raise ValueError("an assignment must have a single name on the left of =")
            name = target.id
            if name in known:
                raise ValueError(f"each name can have one value, got two for {one_line(name, MAX_LABEL_CHARACTERS)}")
        result = _graph(expression, known, text.encode())
        if name:
            known[name] = result = _named(result, name)
    if result is None:
        raise ValueError("expected an expression, got an empty text")
    return result


def _statements(text: str) -> list[ast.Assign | ast.Expr]:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the limit is {MAX_CHARACTERS:,} characters, got an expression of {len(text):,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python only warns of "1if" and "\d", which are no arithmetic either
            statements = ast.parse(text, filename="").body  # for an error Python opens the file with this name
    except SyntaxError as error:
        if "integer string" in error.msg:
            raise ValueError("this is not an expression: a number has thousands of digits") from None
        where = f" at character {error.offset}" if error.offset else ""
        raise ValueError(f"this is not an expression: {error.msg}{where}") from None
    except (RecursionError, MemoryError):
        raise ValueError("this is not an expression: it is nested too deeply for Python's parser") from None
    except ValueError:
        raise ValueError("this is not an expression: it has a null or stray character, or too many digits") from None
    for statement in statements:
        if not isinstance(statement, ast.Assign | ast.Expr):
            raise _refused(statement)
    return statements  # type: ignore[return-value]  # just checked


def _graph(expression: ast.expr, known: dict[str, Value], text: bytes) -> Value:
    """The expression's node. Parts come before the whole, on a stack of our own, so depth needs no recursion."""
    done: dict[ast.AST, Any] = {}
    made = 0
    waiting = [expression]
    while waiting:
        node = waiting[-1]
        parts = [part for part in _parts(node, known) if part not in done]
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
                raise ValueError(f"the limit is {MAX_SOFTMAX_NUMBERS:,} numbers from softmax in one step, got {made:,}")
        if isinstance(result, float):  # an empty sum
            result = Value(result)
        if isinstance(result, Value) and not result.label and result.parents:
            source = text[node.col_offset : node.end_col_offset].decode()
            result.label = source if len(source) <= MAX_LABEL_CHARACTERS else ""
        done[node] = result
    if not isinstance(done[expression], Value):
        raise ValueError("expected a number, got a list; total, mean or logsumexp make it a number")  # noqa: TRY004 — see above
    graph: Value = done[expression]
    return graph


def _parts(node: ast.expr, known: Mapping[str, Value]) -> list[ast.expr]:
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
                raise _unknown_operation(name, known)
            return [*arguments, *(keyword.value for keyword in named)]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
        case ast.Name() | ast.Constant():
            return []
    raise _refused(node)


def _combined(node: ast.expr, done: Mapping[ast.AST, Any], known: dict[str, Value]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Value(number)
        case ast.Name(id=name):
            if name not in known:
                if name not in CONSTANTS:
                    raise _without_value(name, known)
                known[name] = Value(CONSTANTS[name], name)
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
    """The node with that name; a leaf or a node that has a name keeps it, and an identity node gets the new one."""
    if not node.parents or node.label.isidentifier():
        node = ops.identity(node)
    node.label = name
    return node


def _unknown_operation(name: str, known: Mapping[str, Value]) -> ValueError:
    shown = one_line(name, MAX_LABEL_CHARACTERS)
    if name in known or name in CONSTANTS:
        return ValueError(f"{shown} is a number, not an operation; did you mean {shown}*(…)?")
    meant = slips.function_meant(name, _FUNCTIONS)
    if meant:
        return ValueError(f"there is no operation {shown!r}; did you mean {' or '.join(meant)}?")
    return ValueError(f"there is no operation {shown!r}; the operations are {', '.join(_FUNCTIONS)}")


def _without_value(name: str, known: Mapping[str, Value]) -> ValueError:
    shown = one_line(name, MAX_LABEL_CHARACTERS)
    if product := slips.product_meant(name, {*known, *CONSTANTS}):
        return ValueError(f"{shown} has no value; did you mean {one_line(product, MAX_LABEL_CHARACTERS)}?")
    if name in _FUNCTIONS:
        return ValueError(f"{shown} is an operation, not a number; did you mean {shown}(…)?")
    return ValueError(f"{shown} has no value; give one with {shown}=NUMBER")


def _refused(node: ast.AST) -> ValueError:
    try:
        source = ast.unparse(node)
    except RecursionError:
        source = "this"
    piece = one_line(source, MAX_LABEL_CHARACTERS)
    return ValueError(f"an expression may contain numbers, names, + - * / ** and operations, got {piece!r}")
