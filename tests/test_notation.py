"""A rule's text in mathematical notation: what is written means what was read."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.notation import number, symbol, written


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


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "2", "3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(-{t})"),
        inner.map(lambda t: f"sqrt({t} * {t})"),
        inner.map(lambda t: f"({t} ** 2)"),
    ),
    max_leaves=12,
)


@given(text=EXPRESSIONS, x=st.sampled_from([0.7, -1.3]), y=st.sampled_from([1.9, -0.4]))
def test_what_is_written_has_the_value_of_what_was_read(text, x, y):
    for mathematics, names in ((written(text), {"x": x, "y": y}), (written(text, {"x": x, "y": y}), {})):
        try:
            value = eval(text, {"sqrt": math.sqrt, "x": x, "y": y})  # noqa: S307 — our own text
        except (ZeroDivisionError, OverflowError):
            continue
        again = eval(back(mathematics), {"sqrt": math.sqrt, **names})  # noqa: S307 — as above
        assert math.isclose(value, again, rel_tol=1e-9, abs_tol=1e-9), mathematics


def test_what_has_no_notation_is_refused():
    with pytest.raises(ValueError, match="can't be written as mathematics: x @ y"):
        written("x @ y")
