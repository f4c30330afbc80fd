"""Suggestions for expressions that can't be read: log for ln, ** for ^, 2*x for 2x.

A suggestion is only shown; it is never computed.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Iterable

OTHER_NAMES = {
    "ln": "log",
    "log_e": "log",
    "max": "maximum",
    "min": "minimum",
    "sum": "total",
    "average": "mean",
    "avg": "mean",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "tg": "tan",
    "tgh": "tanh",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
    "sgn": "sign",
    "signum": "sign",
    "heaviside": "step",
    "logistic": "sigmoid",
    "σ": "sigmoid",
    "power": "pow",
    "fabs": "abs",
    "absolute": "abs",
    "lse": "logsumexp",
    "clamp": "clip",
    "prod": "product",
    "var": "variance",
    "std": "sqrt(variance(x, y))",
    "mod": "fmod",
    "cot": "1/tan(x)",
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "dot": "weighted_sum",
    "sqr": "x**2",
    "root": "sqrt",
    "√": "sqrt",
}
"""Functions by the names that they have elsewhere. A name that is an operation here is never looked up."""

_NUMBER = r"(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?+"  # possessive, so that no text takes long
_WORD = r"[^\W\d]\w*+"
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "^": "**"})
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def function_meant(name: str, functions: Iterable[str]) -> list[str]:
    """The operations that an unknown name may mean, the likeliest first; [] if none is similar.

    >>> function_meant("ln", ["log", "exp"]), function_meant("tahn", ["tan", "tanh"]), function_meant("f", ["exp"])
    (['log'], ['tan', 'tanh'], [])
    """
    functions = list(functions)
    for known in (name, name.lower()):
        if known in OTHER_NAMES and (OTHER_NAMES[known] in functions or not OTHER_NAMES[known].isidentifier()):
            return [OTHER_NAMES[known]]
    if name.lower() in functions:
        return [name.lower()]
    return difflib.get_close_matches(name.lower(), functions, n=2, cutoff=0.7)


def text_meant(text: str, functions: Iterable[str], numbers: Iterable[str] = ()) -> str:
    """The expression that a text may mean if Python can't parse it, or if ^ in it isn't a power; "" for none.

    >>> text_meant("2x^2 + 3(x − 1)", []), text_meant("sin x", ["sin"]), text_meant("x +", [])
    ('2*x**2 + 3*(x - 1)', 'sin(x)', '')
    """
    functions = set(functions)
    meant = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda power: f"**{power[0].translate(_POWERS)}", text.translate(_SIGNS))
    meant = re.sub(r"√ ?(?=\()", "sqrt", meant)
    meant = re.sub(rf"√ ?({_WORD}|{_NUMBER})", r"sqrt(\1)", meant)
    meant = re.sub(r"\|([^|]++)\|", r"abs(\1)", meant)
    meant = re.sub(rf"\b(?:math|np|numpy|torch|autograd)\.(?={_WORD})", "", meant)
    if not re.search(r"[(\[]", meant):
        meant = re.sub(r"(?<=\d),(?=\d)", ".", meant)
    if functions:
        names = _any_of(functions)
        meant = re.sub(rf"({_WORD}|\([^()]*+\))\.({names})\(\)", r"\2(\1)", meant)
        meant = re.sub(rf"\b({names}) ?\*\* ?({_NUMBER}) ?(\([^()]*+\))", r"\1\3**\2", meant)
        meant = re.sub(rf"\b({names}) ({_WORD}|{_NUMBER})(?! ?\()", r"\1(\2)", meant)
    if numbers := set(numbers):
        meant = re.sub(rf"\b({_any_of(numbers)}) (?=\w)", r"\1*", meant)
    meant = re.sub(rf"(?<![\w.])({_NUMBER}) ?(?=[^\W\d]|\()", r"\1*", meant)
    meant = re.sub(r"\) ?(?=[\w(])", ")*", meant)
    return meant if meant != text and _can_be_read(meant, functions) else ""


def product_meant(name: str, numbers: Iterable[str]) -> str:
    """The product of two known numbers that a name may mean, such as x*y for xy; "" if none."""
    numbers = set(numbers)
    splits = ((name[:i], name[i:]) for i in range(1, min(len(name), 100)))
    return next((f"{x}*{y}" for x, y in splits if x in numbers and y in numbers), "")


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _can_be_read(text: str, functions: Iterable[str]) -> bool:
    """Whether Python parses a text, and exactly the known functions are called in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nodes = list(ast.walk(ast.parse(text, filename="")))  # for an error Python opens the file with this name
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    return all((node.id in functions) == (node in called) for node in nodes if isinstance(node, ast.Name))
