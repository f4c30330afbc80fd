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
    return re.sub(r"\d+$", lambda digits: digits[0].translate(LOWERED), name)


def written(text: str, numbers: Mapping[str, float] | None = None) -> str:
    """A rule's text in mathematical notation; where `numbers` has a number for a name, with that number.

    >>> written("1 - z * z"), written("x / (2 * z)"), written("-lr * g / (sqrt(G) + eps)")
    ('1 − z²', 'x / (2·z)', '−η·g / (√G + ε)')
    >>> written("w - lr * g", {"w": 1.0, "lr": 0.1, "g": -2.0})
    '1 − 0.1·(−2)'
    >>> written("-x * x + g * y", {"g": -0.5})
    '−x² + (−0.5·y)'
    """
    return _Writer(numbers or {}).write(ast.parse(text, mode="eval").body)[0]


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


def _number(x: float) -> tuple[str, int]:
    """A number's text, and how tightly that binds: −2, 2.5·10⁷ and 10⁷ are not what they are squared of."""
    text = number(x)
    if text.startswith("−"):
        return text, _NEGATIVE
    return text, _PRODUCT if "·" in text else _ATOM if "e" not in shown(x) else _POWER


class _Writer:
    def __init__(self, numbers: Mapping[str, float]) -> None:
        self.numbers = numbers

    def within(self, node: ast.expr, strength: int) -> str:
        text, own = self.write(node)
        return text if own >= strength else f"({text})"

    def write(self, node: ast.expr) -> tuple[str, int]:
        """The text of a form, and how tightly it binds."""
        match node:
            case ast.Constant(value):
                return _number(float(cast(float, value)))
            case ast.Name(name) if name in self.numbers:
                return _number(self.numbers[name])
            case ast.Name(name):
                return symbol(name), _ATOM
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
            case ast.Compare(left, [operator], [right]):
                sign = COMPARISONS[type(operator)]
                return f"{self.within(left, _SUM)} {sign} {self.within(right, _SUM)}", _COMPARISON
            case ast.Call(ast.Name("sqrt"), [argument]):
                return f"√{self.within(argument, _ATOM)}", _POWER
            case ast.Call(ast.Name("abs"), [argument]):
                return f"|{self.write(argument)[0]}|", _ATOM
            case ast.Call(ast.Name(function), arguments):
                return f"{function}({', '.join(self.write(argument)[0] for argument in arguments)})", _ATOM
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
