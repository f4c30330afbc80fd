"""The table of operations: complete, not stale, and whole when Markdown reads it."""

import re
from pathlib import Path

import pytest

from autograd import ops
from autograd.rules import OPERATIONS
from autograd.table import as_markdown, as_page, as_text

PAGE = Path(__file__).parent.parent / "autograd" / "OPERATIONS.md"


@pytest.mark.checkout
def test_the_page_of_operations_is_what_the_rules_say():
    assert PAGE.read_text(encoding="utf-8") == as_page(), "run: make operations"


def test_every_row_has_five_cells_and_its_code_spans_end():
    rows = as_markdown().splitlines()
    assert len(rows) == 2 + sum(name in OPERATIONS for name in ops.PUBLIC)
    for row in rows:
        cells = re.split(r"(?<!\\)\|", row)  # as GitHub splits it, even within code
        assert len(cells) == 7
        assert all(cell.count("`") % 2 == 0 for cell in cells)
        assert all(not re.search(r"(?<!\\)[<>*_]", re.sub(r"`[^`]*`|</?code>|<br>", "", cell)) for cell in cells), row


def test_the_derivatives_of_a_sequence_are_those_of_each_element():
    text = as_text()
    for told in ("∂z/∂weightsᵢ = inputsᵢ", "∂z/∂valuesᵢ = 1 / len(values)", "∂z/∂valuesᵢ = softmax(values)ᵢ"):
        assert told in text


def test_conventions_at_0_are_told():
    text = as_text()
    for told in ("at 0: 0.693147", "with derivative 0 at 0", "a tie gives ½ to each", "log 0 = −inf"):
        assert told in text


def test_an_operation_has_its_mathematical_sign_or_its_name():
    signs = {
        "add": "+",
        "sub": "−",
        "mul": "×",
        "div": "÷",
        "neg": "−",
        "pow": "^",
        "total": "Σ",
        "weighted_sum": "Weightsum",
        "greater": ">",
        "greater_equal": "≥",
        "equal": "=",
        "product": "Π",
        "logistic": "sigmoid",
    }
    assert {name: rule.symbol for name, rule in OPERATIONS.items() if rule.symbol != name} == signs


def test_public_are_all_operations_but_those_that_only_derivatives_are_made_of():
    parts = {"greater", "greater_equal", "equal", "max", "center", "ties", "kink", "logistic", "log_odds_against"}
    parts |= {"share", "complement", "below_one", "pick", "sinpi", "cospi", "sinc_series", "mish_gate", "mish_gap"}
    assert sorted(ops.PUBLIC) == sorted([*(OPERATIONS.keys() - parts), "softmax"])
