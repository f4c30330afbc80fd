"""The playground's own scripts draw and lay out: what is computed in it is written by the package."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout  # the sources of the site

SCRIPTS = sorted((Path(__file__).parents[1] / "docs" / "site" / "playground").glob("*.js"))
FOR_LAYOUT = {"abs", "ceil", "floor", "max", "min", "round"}
FORMULAS = r"\b(tanh|sigmoid|relu|softmax|exp|expm1|log|log1p|pow|sqrt|cbrt|hypot|sin|cos|tan|random)\s*\("


def code(script):
    """The script without comments and without texts, which may name what they like."""
    text = script.read_text("utf-8")
    return re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', '""', text, flags=re.DOTALL)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_of_the_playground_calls_math_for_layout_alone(script):
    text = code(script)
    assert set(re.findall(r"\bMath\.(\w+)", text)) <= FOR_LAYOUT
    assert not re.search(r"\bMath\b(?!\.\w)|\bimport\s+.*Math", text)  # nor under another name
    assert not re.search(FORMULAS, text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_of_the_playground_raises_nothing_to_a_power_but_distances(script):
    powers = re.findall(r"\*\*\s*([\w.]+)", code(script))
    assert set(powers) <= {"2", "0.5"}


def test_the_page_names_its_scripts_and_no_other_host():
    page = SCRIPTS[0].with_name("index.html").read_text("utf-8")
    assert re.findall(r"""(?:src|href)=["'](?!#|data:)([^"']+)""", page) == ["style.css"]
    assert "http" not in page
