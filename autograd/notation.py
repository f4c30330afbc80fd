"""Mathematical notation, as plain text and as LaTeX: 1 - z * z is 1 − z², and sqrt(v_hat) + eps is √v̂ + ε."""

from __future__ import annotations

import ast
import itertools
import operator
import re
from collections.abc import Mapping
from typing import ClassVar, cast
from unicodedata import normalize

from autograd.grammar import parsed
from autograd.ieee import shown
from autograd.kinks import plain

SYMBOLS = {
    "alpha": "α",
    "beta1": "β₁",
    "beta2": "β₂",
    "delta": "Δ",
    "eps": "ε",
    "lr": "η",
    "momentum": "γ",
    "momentum_decay": "ψ",
    "mu": "μ",
    "mu_next": "μ′",
    "mu_product": "Π",
    "rho": "ρ",
    "weight_decay": "λ",
    "dampening": "d",
    "sqrt_2": "√2",
    "sqrt_π": "√π",
    "sqrt_2π": "√2π",
}
FUNCTIONS = {"logistic": "sigmoid"}  # the same function; its rule gives the derivative more digits
RAISED = str.maketrans("0123456789−nt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵗ")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
COMPARISONS: dict[type[ast.AST], str] = {
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
HOLDS = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

# How tightly each form binds. A part that binds less tightly than its place requires gets parentheses.
_CHOICE, _COMPARISON, _SUM, _NEGATIVE, _PRODUCT, _FACTOR, _POWER, _ATOM = range(8)


def symbol(name: str) -> str:
    """A name as mathematics writes it, with Greek letters, hats and subscripts.

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
    """A rule's text in mathematical notation; `names` gives numbers, or other names, to put in for names.

    Raises ValueError for a text that `grammar` does not allow.

    >>> written("1 - z * z"), written("x / (2 * z)"), written("-lr * g / (sqrt(G) + eps)")
    ('1 − z²', 'x / (2·z)', '−η·g / (√G + ε)')
    >>> written("w - lr * g", {"w": 1.0, "lr": 0.1, "g": -2.0})
    '1 − 0.1·(−2)'
    >>> written("-x * x + g * y", {"g": -0.5, "x": "speed"})
    '−speed² + (−0.5·y)'
    """
    return Style().formula(text, names)


def latex(text: str, names: Mapping[str, float | str] | None = None) -> str:
    r"""A rule's text in LaTeX; the names that `names` puts in are LaTeX, too. Raises as `written` does.

    >>> print(latex("-z / y"), latex("1 / sqrt((1 - x) * (1 + x))"))
    -\frac{z}{y} \frac{1}{\sqrt{\left(1 - x\right) \cdot \left(1 + x\right)}}
    """
    return LatexStyle().formula(text, names)


def settled(text: str, names: Mapping[str, float | str]) -> str:
    """A rule's text in which the conditions and exponents are decided that the numbers in `names` settle.

    >>> settled("y * x ** (y - 1 if abs(x) > 0 or abs(y) > 0 else 0)", {"x": "x", "y": 2.0})
    'y * x'
    """
    return ast.unparse(_Settled(names).visit(_parsed(text)))


def _parsed(text: str) -> ast.expr:
    """The text as a tree without unary plus, which means nothing: + x * y is x·y."""
    return cast(ast.expr, _WithoutPlus().visit(plain(parsed(text))))


class _WithoutPlus(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.UAdd) else node


class _Settled(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, float | str]) -> None:
        self.names = names
        self.assumed: dict[str, bool] = {}  # the conditions that are known at this place, inside an if's branches

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
        """Whether a condition holds; None if it is unknown."""
        if (assumed := self.assumed.get(ast.unparse(node))) is not None:
            return assumed
        match node:
            case ast.BoolOp(word, conditions):
                truths = [self.truth(condition) for condition in conditions]
                decisive = isinstance(word, ast.Or)
                return decisive if decisive in truths else None if None in truths else not decisive
            case ast.UnaryOp(ast.Not(), condition):
                truth = self.truth(condition)
                return None if truth is None else not truth
            case ast.Compare(left, [sign], [right]):
                x, y = self.value(left), self.value(right)
                return None if x is None or y is None else HOLDS[type(sign)](x, y)
            case ast.Compare(left, signs, others):
                links = zip(itertools.pairwise([left, *others]), signs, strict=True)
                return self.truth(ast.BoolOp(ast.And(), [ast.Compare(x, [sign], [y]) for (x, y), sign in links]))
        return None

    def value(self, node: ast.expr) -> float | None:
        """The value of an expression; None if it is unknown."""
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
    """A number with six significant digits, as mathematics writes it.

    >>> number(-0.25), number(1e-8), number(2.5e7)
    ('−0.25', '10⁻⁸', '2.5·10⁷')
    """
    digits, e, power = shown(x).replace("-", "−").partition("e")
    if not e:
        return digits
    raised = power.lstrip("+").replace("−0", "−").lstrip("0").translate(RAISED)
    return {"1": f"10{raised}", "−1": f"−10{raised}"}.get(digits, f"{digits}·10{raised}")


class Style:
    """Mathematics as plain text: rule texts, form by form, and the parts of a derivation."""

    plus, minus, times = "+", "−", "·"
    brackets = "(", ")"
    dots = "…"
    comparisons: ClassVar[Mapping[type[ast.AST], str]] = COMPARISONS
    junctions: ClassVar[Mapping[type[ast.AST], str]] = {ast.And: " and ", ast.Or: " or "}
    negation = "not "
    equals, new_line = " = ", "\n    = "
    line_characters = 150

    def __init__(self, names: Mapping[str, float | str] | None = None) -> None:
        self.names = names or {}

    def formula(self, text: str, names: Mapping[str, float | str] | None = None) -> str:
        """A rule's text in this style; `names` gives numbers, or other names in this style, to put in for names."""
        return type(self)(names).write(_parsed(text))[0]

    def name(self, label: str) -> str:
        """A node's label, or a name in a rule's text."""
        return symbol(label) if label.isidentifier() else label

    def number(self, x: float) -> str:
        """A number of six significant digits."""
        return number(x)

    def factor(self, x: float) -> str:
        """A number after an operator: in parentheses if it is negative.

        >>> Style().factor(2.0), Style().factor(-2.0)
        ('2', '(−2)')
        """
        text = self.number(x)
        return self.parenthesized(text) if text.startswith(self.minus) else text

    def parenthesized(self, text: str) -> str:
        return text.join(self.brackets)

    # The parts of a derivation

    def derivative(self, above: str, below: str, edge: int | None) -> str:
        """∂above/∂below; parallel edges are numbered."""
        which = "" if edge is None else f"⁽{str(edge).translate(RAISED)}⁾"
        return f"∂{above}/∂{below}{which}"

    def sum(self, terms: list[str]) -> str:
        """Terms added up; a negative one after the first is in parentheses."""
        first, *others = terms
        return " + ".join([first, *(f"({term})" if term.startswith(self.minus) else term for term in others)])

    def product(self, factors: list[str]) -> str:
        return self.times.join(factors)

    def line(self, *sides: str) -> str:
        """Equal sides, on one line or, if they are long, on several."""
        first, *others = dict.fromkeys(sides)
        between = " = " if sum(map(len, sides)) < self.line_characters else self.new_line
        return self.equals.join([first, between.join(others)]) if others else first

    def remark(self, text: str) -> str:
        return text

    def local(self, definition: str, partials: list[str]) -> str:
        """A node's formula and its local derivatives."""
        return f"{definition}:  {',  '.join(partials)}" if partials else definition

    def lines(self, lines: list[str]) -> str:
        return "\n".join(lines)

    # Rule texts: `write` gives the text of a form, and how tightly it binds

    def within(self, node: ast.expr, strength: int) -> str:
        """The text of a form, in parentheses if it binds less tightly than `strength`."""
        text, own = self.write(node)
        return text if own >= strength else self.parenthesized(text)

    def write(self, node: ast.expr) -> tuple[str, int]:
        """The text of a form, and how tightly it binds."""
        match node:
            case ast.Constant(value):
                return self.write_number(float(cast(float, value)))
            case ast.Name(name):
                given = self.names.get(name, self.name(name))
                return (given, _ATOM) if isinstance(given, str) else self.write_number(given)
            case ast.UnaryOp(ast.Not(), condition):
                return f"{self.negation}{self.within(condition, _ATOM)}", _COMPARISON
            case ast.UnaryOp(_, operand):
                return f"{self.minus}{self.within(operand, _PRODUCT)}", _NEGATIVE
            case ast.BinOp(left, ast.Add() | ast.Sub() as operation, right):
                sign = "+" if isinstance(operation, ast.Add) else self.minus
                return f"{self.within(left, _SUM)} {sign} {self.within(right, _PRODUCT)}", _SUM
            case ast.BinOp(left, ast.Mult(), right):
                return self.write_product(left, right)
            case ast.BinOp(left, ast.Div(), right):
                return self.write_quotient(left, right)
            case ast.BinOp(left, _, right):
                return self.write_power(left, right)
            case ast.Compare(left, signs, others):
                links = zip(signs, others, strict=True)
                sides = [f" {self.comparisons[type(sign)]} {self.within(other, _SUM)}" for sign, other in links]
                return "".join([self.within(left, _SUM), *sides]), _COMPARISON
            case ast.BoolOp(junction, conditions):
                texts = [self.within(condition, _COMPARISON) for condition in conditions]
                return self.junctions[type(junction)].join(texts), _CHOICE
            case ast.IfExp(test, body, otherwise):
                return self.write_choice(test, body, otherwise)
            case ast.Call(ast.Name(word), arguments):
                return self.write_call(word, arguments)
        return self.write_sequence(node)

    def write_sequence(self, node: ast.expr) -> tuple[str, int]:
        """Sequences, written as they are typed."""
        match node:
            case ast.GeneratorExp(each, [loop]):
                return f"{self.write(each)[0]} for {self.write(loop.target)[0]} in {self.write(loop.iter)[0]}", _CHOICE
            case ast.ListComp(each, loops):
                return f"[{self.write(ast.GeneratorExp(each, loops))[0]}]", _ATOM
            case ast.List(elements) | ast.Tuple(elements):
                return f"[{', '.join(self.write(element)[0] for element in elements)}]", _ATOM
            case ast.Starred(values):
                return f"*{self.within(values, _ATOM)}", _ATOM
            case ast.NamedExpr(name, value):
                return f"{self.write(name)[0]} := {self.write(value)[0]}", _CHOICE
        raise ValueError(f"mathematics has no notation for {ast.unparse(node)}")

    def write_number(self, x: float) -> tuple[str, int]:
        """−2, 2.5·10⁷ and 10⁷ bind less tightly than a plain number: squared, they stand in parentheses."""
        text = self.number(x)
        if text.startswith(self.minus):
            return text, _NEGATIVE
        return text, _PRODUCT if self.times in text else _POWER if "e" in shown(x) else _ATOM

    def write_product(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        factors = [right]
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
            factors.insert(0, left.right)
            left = left.left
        sign, strength = "", _PRODUCT
        if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
            left, sign, strength = left.operand, "−", _NEGATIVE
        factors.insert(0, left)
        texts = [self.within(factor, _FACTOR) for factor in factors]
        if texts[-1] == texts[-2] and isinstance(factors[-1], ast.Name | ast.Call):
            texts[-2:] = [f"{self.within(factors[-1], _ATOM)}²"]  # z·z is z²
        if not sign and re.fullmatch(r"\(−[^()]*\)", texts[0]) and isinstance(factors[0], ast.Name):
            texts[0], strength = texts[0][1:-1], _NEGATIVE  # a negative first factor needs no parentheses
        return sign + "·".join(texts), strength

    def write_quotient(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        over, strength = self.write(left)
        over = over if strength >= _NEGATIVE else f"({over})"
        return f"{over} / {self.within(right, _FACTOR)}", min(max(strength, _NEGATIVE), _PRODUCT)

    def write_power(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        exponent = self.write(right)[0]
        if re.fullmatch(r"−?(\d+|[nt])", exponent):
            return f"{self.within(left, _ATOM)}{exponent.translate(RAISED)}", _POWER
        return f"{self.within(left, _ATOM)}^{self.within(right, _ATOM)}", _POWER

    def write_choice(self, test: ast.expr, body: ast.expr, otherwise: ast.expr) -> tuple[str, int]:
        return f"{self.within(body, _SUM)} if {self.write(test)[0]}, else {self.write(otherwise)[0]}", _CHOICE

    def write_call(self, word: str, arguments: list[ast.expr]) -> tuple[str, int]:
        match word, arguments:
            case "sqrt", [argument]:
                return f"√{self.within(argument, _ATOM)}", _POWER
            case "abs", [argument]:
                return f"|{self.write(argument)[0]}|", _ATOM
        return f"{FUNCTIONS.get(word, word)}({', '.join(self.write(argument)[0] for argument in arguments)})", _ATOM


class LatexStyle(Style):
    """Mathematics as LaTeX: fractions, roots and brackets that stretch, cases, words upright; lines are aligned."""

    plus, minus, times = " + ", "-", r" \cdot "
    brackets = r"\left(", r"\right)"
    dots = r"\ldots"
    comparisons: ClassVar[Mapping[type[ast.AST], str]] = {
        **COMPARISONS,
        ast.GtE: r"\ge",
        ast.LtE: r"\le",
        ast.NotEq: r"\ne",
    }
    junctions: ClassVar[Mapping[type[ast.AST], str]] = {ast.And: r" \text{ and } ", ast.Or: r" \text{ or } "}
    negation = r"\text{not }"
    equals, new_line = " &= ", " \\\\\n&= "
    line_characters = 250

    def name(self, label: str) -> str:
        return latex_name(label)

    def number(self, x: float) -> str:
        return latex_number(x)

    def derivative(self, above: str, below: str, edge: int | None) -> str:
        which = "" if edge is None else f"^{{({edge})}}"
        return rf"\frac{{\partial {above}}}{{\partial {below}{which}}}"

    def remark(self, text: str) -> str:
        return rf"\text{{ {text}}}"

    def local(self, definition: str, partials: list[str]) -> str:
        return "& " + r", \quad ".join([definition, *partials])

    def lines(self, lines: list[str]) -> str:
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def write_sequence(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.GeneratorExp(each, [loop]):
                target, values = self.write(loop.target)[0], self.write(loop.iter)[0]
                return rf"{self.write(each)[0]} \text{{ for }} {target} \text{{ in }} {values}", _CHOICE
        return super().write_sequence(node)

    def write_product(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        match left, right:
            case ast.UnaryOp(ast.USub(), operand), _:
                return f"-{self.within(ast.BinOp(operand, ast.Mult(), right), _PRODUCT)}", _NEGATIVE
            case ast.Name(one), ast.Name(other) if one == other:
                return f"{self.within(left, _ATOM)}^{{2}}", _POWER
        return rf"{self.within(left, _PRODUCT)} \cdot {self.within(right, _FACTOR)}", _PRODUCT

    def write_quotient(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        match left:
            case ast.UnaryOp(ast.USub(), operand):
                return f"-{self.within(ast.BinOp(operand, ast.Div(), right), _PRODUCT)}", _NEGATIVE
        return rf"\frac{{{self.write(left)[0]}}}{{{self.write(right)[0]}}}", _FACTOR

    def write_power(self, left: ast.expr, right: ast.expr) -> tuple[str, int]:
        return f"{self.within(left, _ATOM)}^{{{self.write(right)[0]}}}", _POWER

    def write_choice(self, test: ast.expr, body: ast.expr, otherwise: ast.expr) -> tuple[str, int]:
        rows = [(self.write(body)[0], rf"\text{{if }} {self.write(test)[0]}")]
        while isinstance(otherwise, ast.IfExp):
            rows.append((self.write(otherwise.body)[0], rf"\text{{if }} {self.write(otherwise.test)[0]}"))
            otherwise = otherwise.orelse
        rows.append((self.write(otherwise)[0], r"\text{otherwise}"))
        lines = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{cases}}{lines}\end{{cases}}", _ATOM

    def write_call(self, word: str, arguments: list[ast.expr]) -> tuple[str, int]:
        match word, arguments:
            case "sqrt", [argument]:
                return rf"\sqrt{{{self.write(argument)[0]}}}", _ATOM
            case "abs", [argument]:
                return rf"\left|{self.write(argument)[0]}\right|", _ATOM
            case "exp", [argument]:
                return f"e^{{{self.write(argument)[0]}}}", _POWER
        inputs = ", ".join(self.write(argument)[0] for argument in arguments)
        return rf"\operatorname{{{latex_text(FUNCTIONS.get(word, word))}}}\left({inputs}\right)", _ATOM


def latex_number(x: float) -> str:
    r"""A number in LaTeX, with six significant digits.

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


def latex_name(name: str) -> str:
    r"""A name in LaTeX: digits as subscripts, words upright, and no character that LaTeX would take for a command.

    >>> print(latex_name("w12"), latex_name("loss"), latex_name("50%"))
    w_{12} \mathrm{loss} \mathrm{50\%}
    """
    if name in LATEX:
        return LATEX[name]
    if match := re.fullmatch(r"([^\W\d_])([0-9₀-₉]+)", name):
        return f"{match[1]}_{{{normalize('NFKC', match[2])}}}"
    return name if re.fullmatch(r"[A-Za-zα-ωΑ-Ω]", name) else rf"\mathrm{{{latex_text(name)}}}"


def latex_text(text: str) -> str:
    """A user's text in which every character that LaTeX takes for a command is escaped."""
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
