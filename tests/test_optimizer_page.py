"""The page of optimizers and schedules: not stale, complete, and whole when Markdown reads it."""

import re
from pathlib import Path

import pytest

import nn
from nn.table import as_page

PAGE = Path(__file__).parent.parent / "docs" / "optimizers.md"


@pytest.mark.checkout
def test_the_page_of_optimizers_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == as_page(), "run: make operations"


def test_every_optimizer_and_schedule_has_a_section():
    sections = re.findall(r"^### (\w+)$", as_page(), re.MULTILINE)
    assert sections == [kind.__name__ for kind in (*nn.optimizers.KINDS, *nn.schedules.KINDS)]


def test_the_kinds_are_all_the_optimizers_and_schedules_that_a_user_imports():
    public = [getattr(nn, name) for name in nn.__all__]
    kinds = {each for each in public if isinstance(each, type) and issubclass(each, nn.Optimizer)} - {nn.Optimizer}
    assert set(nn.optimizers.KINDS) == kinds
    classes = [each for each in vars(nn.schedules).values() if isinstance(each, type)]
    schedules = {each for each in classes if issubclass(each, nn.schedules.Schedule)}
    assert set(nn.schedules.KINDS) == schedules - {nn.schedules.Schedule}


def test_options_are_shown_by_the_lines_that_they_bring():
    sections = dict(zip(*[iter(re.split(r"^### (\w+)\n", as_page(), flags=re.MULTILINE)[1:])] * 2, strict=True))
    for name, line in {
        "SGD": "With `nesterov`: `v ← γ·v + g`, `step ← −η·(g + γ·v)`",
        "Adam": "With `weight_decay`: `g ← g + λ·w`",
        "AdamW": "```\nw ← w·(1 − η·λ)\nv ← β₁·v",
        "NAdam": "With `decoupled_weight_decay`: `w ← w·(1 − η·λ)`",
        "RMSprop": "It remembers `G`; with options, `m` and `v`.",
        "NAG": "It remembers `v`.",
        "Cosine": "`nn.schedules.Cosine(lr, T_max, eta_min=0.0)`",
    }.items():
        assert line in sections[name], name
    assert "begun" not in sections["Momentum"].split("```")[1]


def test_code_spans_end_and_no_character_outside_them_is_markdowns():
    text = re.sub(r"^```.*?^```$", "", as_page(), flags=re.MULTILINE | re.DOTALL)
    for line in text.splitlines():
        assert line.count("`") % 2 == 0, line
    bare = re.sub(r"`[^`]*`", "", text)
    assert not re.search(r"(?<!\\)[<>*_]", re.sub(r"^#.*$|\]\([^)]*\)|\[nn/[\w.]+", "", bare, flags=re.MULTILINE))
