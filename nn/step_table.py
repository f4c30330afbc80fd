"""An optimizer's step as a table: text at a prompt, LaTeX in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.display import columns, to_the_left
from autograd.notation import SYMBOLS, latex, latex_name, latex_number, latex_text, number, symbol, written
from nn.korean import say

Row = tuple[str, ...]
"""A quantity, its name in the paper, its formula, the numbers in it, and its value."""


class StepTable(str):
    """The table of a step: a str, which a prompt shows as `print` does and a notebook as formulas.

    latex    the same table in LaTeX
    heading  the line above it
    rows     its cells, row by row, the column heads first
    """

    __slots__ = ("heading", "latex", "rows")
    latex: str
    heading: str
    rows: Sequence[Sequence[str]]

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"


class StepRow(NamedTuple):
    """A line of an optimizer's formula: the quantity, its formula, the numbers in it, and the result."""

    name: str
    text: str
    numbers: Mapping[str, Any]
    result: float


def step_table(title: str, w: float, g: float, rows: Sequence[StepRow], letters: Mapping[str, str]) -> StepTable:
    """An optimizer's step as a table: each quantity, its formula, the numbers in it, and the result.

    `letters` are those of the method's paper, which stand in brackets.
    """
    plain: list[Row] = [(say("quantity"), "", say("formula"), say("numbers"), say("value"))]
    plain += [("w", "", say("before"), "", number(w)), ("g", "", say("∂loss/∂w"), "", number(g))]
    plain += [_in_text(row, letters.get(row.name, "")) for row in rows]
    typeset: list[Row] = [tuple(rf"\text{{{head}}}" if head else "" for head in plain[0])]
    loss = rf"\displaystyle \frac{{\partial\,\mathrm{{{say('loss')}}}}}{{\partial w}}"
    typeset += [("w", "", rf"\text{{{say('before')}}}", "", latex_number(w)), ("g", "", loss, "", latex_number(g))]
    typeset += [_in_latex(row, letters.get(row.name, "")) for row in rows]
    if not any(row[1] for row in plain):
        plain, typeset = ([(row[0], *row[2:]) for row in table] for table in (plain, typeset))
    table = StepTable("\n".join([title, *_lined_up(plain)]))
    table.latex, table.heading, table.rows = _array(title, typeset), title, plain
    return table


def _in_text(row: StepRow, paper: str) -> Row:
    filled, result = written(row.text, row.numbers), number(row.result)
    quantity = f"{say('new')} w" if row.name == "w" else say("step") if row.name == "step" else symbol(row.name)
    own = f"({symbol(paper)})" if paper else ""
    return quantity, own, written(row.text, {"step": say("step")}), "" if filled == result else filled, result


def _in_latex(row: StepRow, paper: str) -> Row:
    formula = latex(row.text, {name: latex_symbol(name) for name in row.numbers})
    filled, result = latex(row.text, row.numbers), latex_number(row.result)
    quantity = rf"\text{{{say('new')} }}w" if row.name == "w" else latex_symbol(row.name)
    own = rf"\left({latex_symbol(paper)}\right)" if paper else ""
    numbers = "" if filled == result else rf"\displaystyle {filled}"
    return quantity, own, rf"\displaystyle {formula}", numbers, result


def _array(title: str, rows: Sequence[Row]) -> str:
    head, *others = (" & ".join(row) for row in rows)
    lines = [
        r"\begin{array}{l}",
        rf"\mathrm{{{latex_text(title)}}} \\[0.5em]",
        rf"\begin{{array}}{{{'l' * len(rows[0])}}}",
        rf"{head} \\ \hline",
        " \\\\[0.5em]\n".join(others),
        r"\end{array}",
        r"\end{array}",
    ]
    return "\n".join(lines)


def latex_symbol(name: str) -> str:
    r"""A name of a formula in LaTeX, with Greek letters, hats and subscripts, as `autograd.notation.symbol` has it.

    >>> print(latex_symbol("beta1"), latex_symbol("v_hat"), latex_symbol("E_g"), latex_symbol("G_max"))
    β_{1} \hat{v} E\left[g^{2}\right] G_{\mathrm{max}}
    """
    if name.endswith("_hat"):
        return rf"\hat{{{latex_symbol(name.removesuffix('_hat'))}}}"
    if name.startswith("E_"):
        return rf"E\left[{latex_symbol(name.removeprefix('E_'))}^{{2}}\right]"
    letter, underscore, index = name.partition("_")
    if len(letter) == 1 and underscore:
        return rf"{letter}_{{\mathrm{{{latex_text(index)}}}}}"
    return latex_name(SYMBOLS.get(name, say(name) if name == "step" else name))


def _lined_up(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The rows of a table as lines, with aligned columns."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for *others, last in rows:
        yield "  ".join([*map(to_the_left, others, widths), last])
