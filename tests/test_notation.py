"""A rule's text in mathematical notation: what is written means what was read."""

import math
import operator
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.notation import latex, number, settled, symbol, written


@pytest.mark.parametrize(
    ("text", "mathematics"),
    [
        ("x - (y - z)", "x − (y − z)"),
        ("x - y - z", "x − y − z"),
        ("x / (y / z)", "x / (y / z)"),
        ("x / y / z", "x / y / z"),
        ("x / (y * z)", "x / (y·z)"),
        ("(x + y) * z", "(x + y)·z"),
        ("-(x + y)", "−(x + y)"),
        ("(-x) ** 2", "(−x)²"),
        ("-x ** 2", "−x²"),
        ("x ** -1", "x⁻¹"),
        ("x ** (2 ** 3)", "x^(2³)"),
        ("x ** (n ** 2)", "x^(n²)"),
        ("x ** (y + 1)", "x^(y + 1)"),
        ("(x + 1) * (x + 1)", "(x + 1)·(x + 1)"),
        ("(1 - z) * z * z", "(1 − z)·z²"),
        ("sqrt(v_hat) + eps", "√v̂ + ε"),
        ("sqrt(x + y) * z", "√(x + y)·z"),
        ("1 if x > 0 else 0", "1 if x > 0, else 0"),
        ("(1 if x > 0 else 0) + 1", "(1 if x > 0, else 0) + 1"),
        ("1 - beta1 ** t", "1 − β₁ᵗ"),
        ("abs(-x)", "|−x|"),
        ("1 if x > 0 or y >= 0 else 0", "1 if x > 0 or y ≥ 0, else 0"),
        ("+x * y", "x·y"),
        ("x * +y", "x·y"),
        ("+(x + y) * z", "(x + y)·z"),
        ("+(x * y) * z", "x·y·z"),
        ("-+x * y", "−x·y"),
        ("+-x * y", "−x·y"),
        ("--x * y", "−(−x)·y"),
        ("+x ** +2", "x²"),
        ("x ** -+n", "x⁻ⁿ"),
        ("+x / +y - +z", "x / y − z"),
        ("+1 if +x > 0 else -+1", "1 if x > 0, else −1"),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(text, mathematics):
    assert written(text) == mathematics


def test_numbers_are_filled_in_with_their_signs():
    assert written("w - lr * g", {"w": -1.0, "lr": 0.5, "g": -2.0}) == "−1 − 0.5·(−2)"
    assert written("g * g", {"g": -2.0}) == "(−2)²"
    assert written("g * g", {"g": 1e-9}) == "(10⁻⁹)²"
    assert written("x * y", {"x": 2.5e7, "y": -1e-20}) == "(2.5·10⁷)·(−10⁻²⁰)"
    assert written("-x * x", {"x": -2.0}) == "−(−2)²"
    assert written("-x * y", {"x": -2.0}) == "−(−2)·y"
    assert written("beta1 ** t", {"beta1": 0.9, "t": 12.0}) == "0.9¹²"
    assert (number(-0.0), number(math.nan), number(-math.inf), number(1e-12)) == ("−0", "nan", "−inf", "10⁻¹²")
    assert symbol("E_delta") == "E[Δ²]"


def back(mathematics):
    """The text that the notation means, by its own reading."""
    text = mathematics.replace("−", "-").replace("·", "*").replace("²", "**2")
    return re.sub(r"√(\w+|\()", lambda m: f"sqrt({m[1]})" if m[1] != "(" else "sqrt(", text)


def back_from_latex(mathematics):
    """The same of LaTeX, whose braces are Python's parentheses."""
    for latex_, python in (
        (r"\left(", "("),
        (r"\right)", ")"),
        (r"\cdot", "*"),
        (r"\frac", "divide"),
        (r"\sqrt", "sqrt"),
        ("}{", ","),
        ("^{", "**{"),
    ):
        mathematics = mathematics.replace(latex_, python)
    return mathematics.translate(str.maketrans("{}", "()"))


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "2", "3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(-{t})"),
        st.tuples(st.sampled_from(["+", "-", "-+", "--"]), inner).map("".join),
        inner.map(lambda t: f"sqrt({t} * {t})"),
        inner.map(lambda t: f"({t} ** 2)"),
    ),
    max_leaves=12,
)


@given(text=EXPRESSIONS, x=st.sampled_from([0.7, -1.3]), y=st.sampled_from([1.9, -0.4]))
def test_what_is_written_has_the_value_of_what_was_read(text, x, y):
    numbers = {"x": x, "y": y}
    words = {"sqrt": math.sqrt, "divide": operator.truediv, **numbers}
    try:
        value = eval(text, words)  # noqa: S307 — our own text
    except (ZeroDivisionError, OverflowError):
        return
    for mathematics in (written(text), written(text, numbers)):
        again = eval(back(mathematics), words)  # noqa: S307 — as above
        assert math.isclose(value, again, rel_tol=1e-9, abs_tol=1e-9), mathematics
    for mathematics in (latex(text), latex(text, numbers)):
        again = eval(back_from_latex(mathematics), words)  # noqa: S307 — as above
        assert math.isclose(value, again, rel_tol=1e-9, abs_tol=1e-9), mathematics


@pytest.mark.parametrize("text", ["x @ y", "~x * y"])
@pytest.mark.parametrize("write", [written, latex])
def test_what_has_no_notation_is_refused(write, text):
    with pytest.raises(ValueError, match="expected one of"):
        write(text)


def test_unary_plus_hides_no_number_that_settles_an_exponent():
    assert settled("+y * x ** (+y - +1)", {"x": "x", "y": 2.0}) == "y * x"
