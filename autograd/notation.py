"""A rule's text as a person writes it: 1 - z * z is 1 − z², and sqrt(v_hat) + eps is √v̂ + ε."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import cast
from unicodedata import normalize

from autograd.ieee import shown

SYMBOLS = {
    "alpha": "α",
    "beta1": "β₁",
    "beta2": "β₂",
    "delta": "Δ",
    "eps": "ε",
    "lr": "η",
    "momentum": "γ",
    "rho": "ρ",
    "weight_decay": "λ",
    "dampening": "d",
    "sqrt_2": "√2",
    "sqrt_π": "√π",
    "sqrt_2π": "√2π",
}
RAISED = str.maketrans("0123456789−nt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵗ")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
COMPARISONS = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "="}

# How tightly each form binds: a part that binds less than its place demands stands in parentheses
_CHOICE, _COMPARISON, _SUM, _NEGATIVE, _PRODUCT, _FACTOR, _POWER, _ATOM = range(8)


def symbol(name: str) -> str:
    """A quantity's name as it is written.

    >>> symbol("beta1"), symbol("v_hat"), symbol("E_g"), symbol("w12")
    ('β₁', 'v̂', 'E[g²]', 'w₁₂')
    """
    if name in SYMBOLS:
        return SYMBOLS[name]
    if name.endswith("_hat"):
        return normalize("NFC", symbol(name.removesuffix("_hat")) + "\N{COMBINING CIRCUMFLEX ACCENT}")
    if name.startswith("E_"):
        return f"E[{symbol(name.removeprefix('E_'))}²]"
    return re.sub(r"_?(\d+)$", lambda digits: digits[1].translate(LOWERED), name)


def written(text: str, names: Mapping[str, float | str] | None = None) -> str:
    """A rule's text in mathematical notation; where `names` has a number or another name for a name, with that.

    >>> written("1 - z * z"), written("x / (2 * z)"), written("-lr * g / (sqrt(G) + eps)")
    ('1 − z²', 'x / (2·z)', '−η·g / (√G + ε)')
    >>> written("w - lr * g", {"w": 1.0, "lr": 0.1, "g": -2.0})
    '1 − 0.1·(−2)'
    >>> written("-x * x + g * y", {"g": -0.5, "x": "speed"})
    '−speed² + (−0.5·y)'
    """
    return _Writer(names or {}).write(ast.parse(text, mode="eval").body)[0]


def latex(text: str, names: Mapping[str, float | str] | None = None) -> str:
    r"""The same in LaTeX; the names that `names` puts in are LaTeX.

    >>> print(latex("-z / y"), latex("1 / sqrt((1 - x) * (1 + x))"))
    -\frac{z}{y} \frac{1}{\sqrt{\left(1 - x\right) \cdot \left(1 + x\right)}}
    """
    return _LatexWriter(names or {}).write(ast.parse(text, mode="eval").body)[0]


def settled(text: str, names: Mapping[str, float | str]) -> str:
    """A rule's text without the conditions and exponents that the numbers among the names settle.

    >>> settled("y * x ** (y - 1 if abs(x) > 0 or abs(y) > 0 else 0)", {"x": "x", "y": 2.0})
    'y * x'
    """
    return ast.unparse(_Settled(names).visit(ast.parse(text, mode="eval")).body)


class _Settled(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, float | str]) -> None:
        self.names = names
        self.assumed: dict[str, bool] = {}  # what holds where the text is at

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        holds = self.truth(node.test)
        if holds is not None:
            return cast(ast.expr, self.visit(node.body if holds else node.orelse))
        outside = self.assumed
        self.assumed = outside | {ast.unparse(node.test): True}
        node.body = self.visit(node.body)
        self.assumed = outside | {ast.unparse(node.test): False}
        node.orelse = self.visit(node.orelse)
        self.assumed = outside
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        exponent = self.value(node.right) if isinstance(node.op, ast.Pow) else None
        if exponent is None:
            return node
        if exponent == 1:
            return node.left
        return ast.BinOp(node.left, ast.Pow(), ast.Constant(exponent)) if exponent else ast.Constant(1)

    def truth(self, node: ast.expr) -> bool | None:
        """Whether a condition holds, None where that isn't known."""
        if (assumed := self.assumed.get(ast.unparse(node))) is not None:
            return assumed
        match node:
            case ast.BoolOp(operator, conditions):
                truths = [self.truth(condition) for condition in conditions]
                decisive = isinstance(operator, ast.Or)
                return decisive if decisive in truths else None if None in truths else not decisive
            case ast.Compare(left, [operator], [right]):
                x, y = self.value(left), self.value(right)
                if x is not None and y is not None:
                    return {ast.Gt: x > y, ast.GtE: x >= y, ast.Lt: x < y, ast.LtE: x <= y, ast.Eq: x == y}[
                        type(operator)
                    ]
        return None

    def value(self, node: ast.expr) -> float | None:
        """The number that an expression is, None where that isn't known."""
        match node:
            case ast.Constant(value):
                return float(cast(float, value))
            case ast.Name(name):
                given = self.names.get(name)
                return given if isinstance(given, float) else None
            case ast.Call(ast.Name("abs"), [argument]):
                x = self.value(argument)
                return None if x is None else abs(x)
            case ast.BinOp(left, ast.Sub(), right):
                x, y = self.value(left), self.value(right)
                return None if x is None or y is None else x - y
        return None


def number(x: float) -> str:
    """A number of six significant digits, as mathematics writes it.

    >>> number(-0.25), number(1e-8), number(2.5e7)
    ('−0.25', '10⁻⁸', '2.5·10⁷')
    """
    digits, e, power = shown(x).replace("-", "−").partition("e")
    if not e:
        return digits
    raised = power.lstrip("+").replace("−0", "−").lstrip("0").translate(RAISED)
    return {"1": f"10{raised}", "−1": f"−10{raised}"}.get(digits, f"{digits}·10{raised}")


def parenthesized(x: float) -> str:
    """A number as a factor or a summand behind another: in parentheses if it is negative.

    >>> parenthesized(2.0), parenthesized(-2.0)
    ('2', '(−2)')
    """
    text = number(x)
    return f"({text})" if text.startswith("−") else text


def _number(x: float) -> tuple[str, int]:
    """A number's text, and how tightly that binds: −2, 2.5·10⁷ and 10⁷ are not what they are squared of."""
    text = number(x)
    if text.startswith("−"):
        return text, _NEGATIVE
    return text, _PRODUCT if "·" in text else _ATOM if "e" not in shown(x) else _POWER


class _Writer:
    def __init__(self, names: Mapping[str, float | str]) -> None:
        self.names = names

    def within(self, node: ast.expr, strength: int) -> str:
        text, own = self.write(node)
        return text if own >= strength else f"({text})"

    def write(self, node: ast.expr) -> tuple[str, int]:
        """The text of a form, and how tightly it binds."""
        match node:
            case ast.Constant(value):
                return _number(float(cast(float, value)))
            case ast.Name(name):
                given = self.names.get(name, symbol(name))
                return (given, _ATOM) if isinstance(given, str) else _number(given)
            case ast.UnaryOp(ast.USub(), operand):
                return f"−{self.within(operand, _PRODUCT)}", _NEGATIVE
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
                sign = "+" if isinstance(operator, ast.Add) else "−"
                return f"{self.within(left, _SUM)} {sign} {self.within(right, _PRODUCT)}", _SUM
            case ast.BinOp(left, ast.Mult(), right):
                return self.product(left, right)
            case ast.BinOp(left, ast.Div(), right):
                over, strength = self.write(left)
                over = over if strength >= _NEGATIVE else f"({over})"
                return f"{over} / {self.within(right, _FACTOR)}", min(max(strength, _NEGATIVE), _PRODUCT)
            case ast.BinOp(left, ast.Pow(), right):
                exponent = self.write(right)[0]
                if re.fullmatch(r"−?(\d+|[nt])", exponent):
                    return f"{self.within(left, _ATOM)}{exponent.translate(RAISED)}", _POWER
                return f"{self.within(left, _ATOM)}^{self.within(right, _ATOM)}", _POWER
            case ast.IfExp(test, body, otherwise):
                return f"{self.within(body, _SUM)} if {self.write(test)[0]}, else {self.write(otherwise)[0]}", _CHOICE
            case ast.Compare(left, operators, others):
                signs = [COMPARISONS[type(operator)] for operator in operators]
                sides = [f" {sign} {self.within(other, _SUM)}" for sign, other in zip(signs, others, strict=True)]
                return "".join([self.within(left, _SUM), *sides]), _COMPARISON
            case ast.BoolOp(operator, conditions):
                word = " and " if isinstance(operator, ast.And) else " or "
                return word.join(self.within(condition, _COMPARISON) for condition in conditions), _CHOICE
            case ast.Call(ast.Name("sqrt"), [argument]):
                return f"√{self.within(argument, _ATOM)}", _POWER
            case ast.Call(ast.Name("abs"), [argument]):
                return f"|{self.write(argument)[0]}|", _ATOM
            case ast.Call(ast.Name(function), arguments):
                return f"{function}({', '.join(self.write(argument)[0] for argument in arguments)})", _ATOM
            case ast.List(elements) | ast.Tuple(elements):
                return f"[{', '.join(self.write(element)[0] for element in elements)}]", _ATOM
        raise ValueError(f"this can't be written as mathematics: {ast.unparse(node)}")

    def product(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        factors = [right]
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
            factors.insert(0, left.right)
            left = left.left
        sign, strength = "", _PRODUCT
        if isinstance(left, ast.UnaryOp):
            left, sign, strength = left.operand, "−", _NEGATIVE
        factors.insert(0, left)
        texts = [self.within(factor, _FACTOR) for factor in factors]
        if texts[-1] == texts[-2] and isinstance(factors[-1], ast.Name | ast.Call):
            texts[-2:] = [f"{self.within(factors[-1], _ATOM)}²"]  # z·z is z²
        if not sign and re.fullmatch(r"\(−[^()]*\)", texts[0]) and isinstance(factors[0], ast.Name):
            texts[0], strength = texts[0][1:-1], _NEGATIVE  # a negative number may come first as it is
        return sign + "·".join(texts), strength


class _LatexWriter(_Writer):
    """The notation in LaTeX: fractions and roots that stretch, cases, and names that are words upright."""

    def within(self, node: ast.expr, strength: int) -> str:
        text, own = self.write(node)
        return text if own >= strength else rf"\left({text}\right)"

    def write(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Constant(value):
                return _latex_number(float(cast(float, value)))
            case ast.Name(name):
                given = self.names.get(name, latex_name(name))
                return (given, _ATOM) if isinstance(given, str) else _latex_number(given)
            case ast.UnaryOp(ast.USub(), operand):
                return f"-{self.within(operand, _PRODUCT)}", _NEGATIVE
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
                sign = "+" if isinstance(operator, ast.Add) else "-"
                return f"{self.within(left, _SUM)} {sign} {self.within(right, _PRODUCT)}", _SUM
            case ast.BinOp(ast.UnaryOp(ast.USub(), operand), ast.Mult() | ast.Div() as operator, right):
                return f"-{self.write(ast.BinOp(operand, operator, right))[0]}", _NEGATIVE
            case ast.BinOp(ast.Name(one), ast.Mult(), ast.Name(other)) if one == other:
                return f"{self.within(node.left, _ATOM)}^{{2}}", _POWER
            case ast.BinOp(left, ast.Mult(), right):
                return rf"{self.within(left, _PRODUCT)} \cdot {self.within(right, _FACTOR)}", _PRODUCT
            case ast.BinOp(left, ast.Div(), right):
                return rf"\frac{{{self.write(left)[0]}}}{{{self.write(right)[0]}}}", _FACTOR
            case ast.BinOp(left, ast.Pow(), right):
                return f"{self.within(left, _ATOM)}^{{{self.write(right)[0]}}}", _POWER
            case ast.IfExp(test, body, otherwise):
                rows = [(self.write(body)[0], rf"\text{{if }} {self.write(test)[0]}")]
                while isinstance(otherwise, ast.IfExp):
                    rows.append((self.write(otherwise.body)[0], rf"\text{{if }} {self.write(otherwise.test)[0]}"))
                    otherwise = otherwise.orelse
                rows.append((self.write(otherwise)[0], r"\text{otherwise}"))
                lines = r" \\ ".join(" & ".join(row) for row in rows)
                return rf"\begin{{cases}}{lines}\end{{cases}}", _ATOM
            case ast.Compare(left, [operator], [right]):
                sign = {"≥": r"\ge", "≤": r"\le"}.get(COMPARISONS[type(operator)], COMPARISONS[type(operator)])
                return f"{self.within(left, _SUM)} {sign} {self.within(right, _SUM)}", _COMPARISON
            case ast.BoolOp(operator, conditions):
                word = r" \text{ and } " if isinstance(operator, ast.And) else r" \text{ or } "
                return word.join(self.within(condition, _COMPARISON) for condition in conditions), _CHOICE
            case ast.Call(ast.Name("sqrt"), [argument]):
                return rf"\sqrt{{{self.write(argument)[0]}}}", _ATOM
            case ast.Call(ast.Name("abs"), [argument]):
                return rf"\left|{self.write(argument)[0]}\right|", _ATOM
            case ast.Call(ast.Name("exp"), [argument]):
                return f"e^{{{self.write(argument)[0]}}}", _POWER
            case ast.Call(ast.Name(function), arguments):
                told = ", ".join(self.write(argument)[0] for argument in arguments)
                return rf"\operatorname{{{latex_text(function)}}}\left({told}\right)", _ATOM
        raise ValueError(f"this can't be written as mathematics: {ast.unparse(node)}")


def latex_number(x: float) -> str:
    r"""A number in LaTeX, of six significant digits.

    >>> print(latex_number(-2.5e-7))
    -2.5 \cdot 10^{-7}
    """
    digits, e, power = shown(x).partition("e")
    if digits in ("inf", "-inf"):
        return digits.replace("inf", r"\infty")
    if digits == "nan":
        return r"\mathrm{nan}"
    if e and digits in ("1", "-1"):
        return f"{digits[:-1]}10^{{{int(power)}}}"
    return rf"{digits} \cdot 10^{{{int(power)}}}" if e else digits


def _latex_number(x: float) -> tuple[str, int]:
    """A number in LaTeX, and how tightly that binds."""
    text = latex_number(x)
    if text.startswith("-"):
        return text, _NEGATIVE
    return text, _PRODUCT if "cdot" in text else _POWER if "^" in text else _ATOM


def latex_name(name: str) -> str:
    r"""A quantity's name in LaTeX: w12 with its digits below, a word upright, and nothing that LaTeX would obey.

    >>> print(latex_name("w12"), latex_name("loss"), latex_name("50%"))
    w_{12} \mathrm{loss} \mathrm{50\%}
    """
    if name in LATEX:
        return LATEX[name]
    if match := re.fullmatch(r"([^\W\d_])([0-9₀-₉]+)", name):
        return f"{match[1]}_{{{normalize('NFKC', match[2])}}}"
    return name if re.fullmatch(r"[A-Za-zα-ωΑ-Ω]", name) else rf"\mathrm{{{latex_text(name)}}}"


def latex_text(text: str) -> str:
    """A user's text with every character that LaTeX reads as a command made harmless."""
    return "".join(_HARMLESS.get(character, character if character.isprintable() else " ") for character in text)


_HARMLESS = {
    "\\": r"\backslash ",
    "~": r"\sim ",
    "^": r"\hat{} ",
    "<": r"\lt ",
    ">": r"\gt ",
    "`": "'",
    " ": r"\ ",
} | {character: f"\\{character}" for character in "&%$#_{}"}
LATEX = {
    "sqrt_2": r"\sqrt{2}",
    "sqrt_π": r"\sqrt{\pi}",
    "sqrt_2π": r"\sqrt{2\pi}",
    "alpha": r"\alpha",
}
