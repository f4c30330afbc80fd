"""What the command line says to an expression that it can't read but may understand; π and e."""

import math

import pytest

from autograd import ops
from autograd.expression import _FUNCTIONS, parse
from autograd.slips import OTHER_NAMES, function_meant, text_meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ln(x)", "log"),
        ("LN(x)", "log"),
        ("max(x, y)", "maximum"),
        ("min(x, y)", "minimum"),
        ("sum([x, y])", "total"),
        ("arctan(x)", "atan"),
        ("clamp(x, 0, 1)", "clip"),
        ("var([x, y])", "variance"),
        ("cot(x)", r"1/tan\(x\)"),
        ("Tanh(x)", "tanh"),
        ("sigmoud(x)", "sigmoid"),
        ("x^2", r"x\*\*2"),
        ("x ^ (y + 1)", r"x \*\* \(y \+ 1\)"),
        ("2x", r"2\*x"),
        ("2.5x + .5y", r"2.5\*x \+ .5\*y"),
        ("2e3x", r"2e3\*x"),
        ("2x^2", r"2\*x\*\*2"),
        ("2(x + 1)", r"2\*\(x \+ 1\)"),
        ("(x + 1)(y - 1)", r"\(x \+ 1\)\*\(y - 1\)"),
        ("(x + 1)y", r"\(x \+ 1\)\*y"),
        ("2sin(x)", r"2\*sin\(x\)"),
        ("sin x", r"sin\(x\)"),
        ("sin^2(x)", r"sin\(x\)\*\*2"),
        ("x y", r"x\*y"),
        ("xy", r"x\*y"),
        ("pix", r"pi\*x"),
        ("2π", r"2\*π"),
        ("x²", r"x\*\*2"),
        ("x⁻¹²", r"x\*\*-12"),
        ("√x + √(y)", r"sqrt\(x\) \+ sqrt\(y\)"),
        ("|x - y|", r"abs\(x - y\)"),
        ("x × y", r"x \* y"),
        ("x − y", "x - y"),
        ("x ÷ y", "x / y"),
        ("1,5*x", r"1\.5\*x"),
        ("math.exp(x)", r"exp\(x\)"),
        ("np.tanh(x)", r"tanh\(x\)"),
        ("x.relu()", r"relu\(x\)"),
        ("x(y + 1)", r"x\*\(…\)"),
        ("tanh", r"tanh\(…\)"),
    ],
)
def test_a_slip_is_told_what_it_may_have_meant(text, meant) -> None:
    with pytest.raises(ValueError, match=f"did you mean {meant}(\\?| or )"):
        parse(text, {"x": 2.0, "y": 3.0})


@pytest.mark.parametrize("text", ["x +", "x!", "x % 2", "x == 2", "exp^x", "2x^", "f(x)", "import os", "x if x else y"])
def test_nothing_is_suggested_where_nothing_is_likely(text) -> None:
    with pytest.raises(ValueError, match=r"^((?!did you mean).)*$"):
        parse(text, {"x": 2.0, "y": 3.0})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("pi", math.pi),
        ("2*π", 2 * math.pi),
        ("e**x", math.e**2),
        ("log(e)", 1.0),
        ("sin(pi/2) + e", 1 + math.e),
        ("e = x*x; e + 1", 5.0),
    ],
)
def test_pi_and_e_are_numbers_unless_they_are_given_others(text, number) -> None:
    output, leaves = parse(text, {"x": 2.0})
    assert output.data == pytest.approx(number, rel=1e-15)
    assert [*leaves] == ["x"]


@pytest.mark.parametrize("name", ["pi", "π", "e"])
def test_a_given_number_hides_the_constant(name) -> None:
    output, leaves = parse(f"{name} * {name}", {name: 3.0})
    output.backward()
    assert (output.data, leaves[name].grad) == (9.0, 6.0)


def test_a_constant_is_one_leaf_under_its_name_and_cant_be_assigned_after_its_use() -> None:
    output, _ = parse("π * π", {})
    assert output.parents[0] is output.parents[1]
    assert output.parents[0].label == "π"
    with pytest.raises(ValueError, match="each name can have one value, got two for e"):
        parse("a = e * 2; e = a + 1", {})


def test_other_names_lead_to_operations_and_hide_none() -> None:
    later = {"asinh", "acosh", "atanh"}
    for name, meant in OTHER_NAMES.items():
        assert meant in {*ops.PUBLIC, *later} or not meant.isidentifier(), name
        if name not in ops.PUBLIC and meant not in later:
            assert function_meant(name, _FUNCTIONS) == [meant]


def test_what_is_meant_comes_out_as_written_with_all_signs() -> None:
    assert parse(text_meant("2x^2 + 3(x − 1)", _FUNCTIONS, ["x"]), {"x": 5.0})[0].data == 62.0


@pytest.mark.parametrize("piece", ["1", "(", "2x", "|", "sin ", "a ", "√", "1,", "²", ".", "x.relu()", "1e", "a^"])
def test_a_long_text_is_answered_without_backtracking(piece) -> None:
    text = (piece * 20_000)[:20_000]
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text + "!", {"a": 1.0})
    text_meant(text, _FUNCTIONS, ["a", "aa"])
