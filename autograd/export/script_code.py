"""From a plan to JavaScript: the same stages as in LLVM's language, for one row after another.

The numbers of a row stand in `slots`; parameters, constants, and copies of both for layers in `weights`. `parts.js`
holds what is the same for all plans, such as sums over rows. Of the exports, this file and `script_formula` alone read
the compiler.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from importlib.resources import files

from autograd.compiler.layered_graph import layered_graph
from autograd.compiler.layout import lay_out
from autograd.compiler.llvm_text import Target
from autograd.compiler.matrices import Matrix
from autograd.compiler.plan import LayerLoop, Plan, Stage
from autograd.compiler.planning import plan_of
from autograd.compiler.program import Operand, float_of
from autograd.compiler.results import Results
from autograd.compiler.summation import MAX_SHARES, MIN_SHARE_ROWS, PLACES, block_rows
from autograd.derivatives import gradient_graph
from autograd.value import Value

MAX_INSTRUCTIONS = 100_000  # in straight code: browsers take seconds to read more

WORDS = {
    **{word: f"{{}} {word} {{}}" for word in ("+", "-", "*", "/", ">", ">=", "<", "<=")},
    "==": "{} === {}",
    "!=": "{} !== {}",
    "negate": "-{}",
    "and": "{} && {}",
    "or": "{} || {}",
    "copy": "{}",
    "select": "{} ? {} : {}",
    "abs": "Math.abs({})",
    "sqrt": "Math.sqrt({})",
}
"""Each instruction in JavaScript. All of these have the graph engine's bits."""

EXACT = {
    **{word: f"Math.{word}({{}})" for word in ("floor", "ceil", "trunc")},
    "rint": "rint({})",
    "roundeven": "rint({})",
    "fmod": "{} % {}",
    "copysign": "copysign({}, {})",
}
"""Functions of the C library whose results are exact, so that they have the graph engine's bits, too."""

MATH = "exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh cbrt"
FUNCTIONS = {
    **{word: f"Math.{word}({{}})" for word in MATH.split()},
    "exp2": "Math.pow(2, {})",
    "atan2": "Math.atan2({}, {})",
    "hypot": "Math.hypot({}, {})",
    "pow": "pow({}, {})",
    "erf": "erf({})",
    "erfc": "erfc({})",
}
"""Functions of the C library, and those of JavaScript, or of `parts.js`, that stand for them: last bits may differ."""


def code(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    parameters: Sequence[Value],
    *,
    of: Value | None = None,
    single: bool = False,
) -> str:
    """The text of `plan`, `compute` and all parts that they need; with `of`, the gradient of that output, too."""
    gradient = gradient_graph(of, parameters) if of is not None else []
    plan = plan_of(layered_graph(Results([outputs], gradient), inputs, parameters))
    if plan.instructions > MAX_INSTRUCTIONS:
        raise ValueError(f"the limit is {MAX_INSTRUCTIONS:,} instructions, got a graph of {plan.instructions:,}")
    bodies = [lines for stage in plan.stages if (lines := _lines(plan, stage))]
    stages = [_function(f"stage{k}", lines) for k, lines in enumerate(bodies, 1)]
    compute = _function("compute", [f"stage{k}(slots, weights);" for k, _ in enumerate(stages, 1)])
    text = "\n\n".join([_tables(plan, inputs, parameters, single=single), *stages, compute])
    door = "value" if of is None else "valueAndGradient"
    return "\n\n".join([text, *parts_of([door], text)])


# Straight code and layers


def _lines(plan: Plan, stage: Stage) -> list[str]:
    """What a stage does; a repeat is written out, turn by turn."""
    return _layer(plan, stage) if isinstance(stage, LayerLoop) else [*_Straight(plan).lines(sorted(stage.places))]


def _function(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"function {name}(slots, weights) {{", *(f"  {line}" for line in lines), "}"])


class _Straight:
    """Instructions as lines; what other stages have computed is read from its slot."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.program = plan, plan.program
        self.names: dict[int, str] = {}

    def lines(self, places: Iterable[int]) -> Iterable[str]:
        """A constant for each of the places, and what is kept for other stages."""
        for place in places:
            if self.program.instructions[place][0] != "number":
                yield f"const v{place} = {self.text(place)};"
                self.names[place] = f"v{place}"
            if place in self.plan.slot_of:
                yield f"slots[{self.plan.slot_of[place]}] = {self.operand(place)};"

    def text(self, place: int) -> str:
        word, *operands = self.program.instructions[place]
        return expression(word, [self.operand(operand) for operand in operands])

    def operand(self, operand: Operand) -> str:
        """A constant's number, or the name of a result; conditions are computed anew, because no slot holds them."""
        if isinstance(operand, str):
            return literal(float_of(operand))
        word, *rest = self.program.instructions[operand]
        if word == "number":
            return f"weights[{rest[0]}]"
        if operand in self.names:
            return self.names[operand]
        return (
            f"({self.text(operand)})" if self.program.is_condition(operand) else f"slots[{self.plan.slot_of[operand]}]"
        )


def expression(word: str, operands: Sequence[str]) -> str:
    """An instruction as an expression; a ValueError for a word that has no meaning in JavaScript.

    >>> expression("+", ["v1", "2"])
    'v1 + 2'
    """
    known = {**WORDS, **EXACT, **FUNCTIONS}
    if word not in known:
        raise ValueError(f"javascript has no counterpart of the C library's function {word}")
    return known[word].format(*operands)


def _layer(plan: Plan, stage: LayerLoop) -> list[str]:
    rows, columns = stage.shape
    to = f"slots[{_at(stage.outputs.first, 'i', stage.outputs.stride)}]"
    x = f"slots[{_at(stage.inputs.first, 'j', stage.inputs.stride)}]"
    start = to if stage.biases is None else f"weights[{_entry(plan, stage.biases, 'i')}]"
    return [
        f"for (let i = 0; i < {rows}; i++) {{",
        f"  let sum = {start};",
        f"  for (let j = 0; j < {columns}; j++) {{",
        f"    sum += weights[{_entry(plan, stage.weights, 'i', 'j')}] * {x};",
        "  }",
        f"  {to} = sum;",
        "}",
    ]


def _entry(plan: Plan, matrix: Matrix, row: str, column: str = "") -> str:
    """Where an entry of a matrix stands in `weights`."""
    numbers = plan.numbers
    constants = len(numbers.index)
    behind = {"numbers": 0, "constants": constants, "gathered": constants + len(numbers.constants)}
    first = _at(behind[matrix.table] + matrix.first, row, matrix.row_stride)
    return _at(first, column, matrix.column_stride) if column else first


def _at(first: int | str, k: str, stride: int) -> str:
    """first + k·stride as a person writes it."""
    step = {0: "", 1: k}.get(stride, f"{stride} * {k}")
    return str(first) if not step else step if first == 0 else f"{first} + {step}"


# Tables


def _tables(plan: Plan, inputs: Sequence[Value], parameters: Sequence[Value], *, single: bool) -> str:
    block = block_rows(plan.slots)
    products = lay_out(plan, Target(PLACES, block)).products
    to = [product.gradient for product in plan.products]
    tables = {
        "inputs": len(inputs),
        "parameters": len(parameters),
        "outputs": plan.written[0],
        "single": single,
        "slots": plan.slots,
        "loads": plan.loads,
        "gathered": plan.numbers.gathered,
        "block": block,
        "shareRows": MIN_SHARE_ROWS,
        "maxShares": MAX_SHARES,
        "summed": plan.summed,
        "zeros": [*dict.fromkeys(plan.zeros)],
        "sums": plan.sums,
        "products": [
            {
                "along": [one.along.first, one.along.stride],
                "across": [one.across.first, one.across.stride],
                "rows": one.rows,
                "columns": one.columns,
                "to": [
                    matrix.first + plan.summed * (matrix.table == "table"),
                    one.row_stride,
                    one.column_stride,
                ],
            }
            for one, matrix in zip(products, to, strict=True)
        ],
        "table": plan.table,
    }
    lines = [f"  {name}: {json.dumps(table)}," for name, table in tables.items()]
    return "\n".join(["const plan = {", *lines, f"  constants: {array(plan.numbers.constants)},", "};"])


def array(numbers: Iterable[float]) -> str:
    """An array of JavaScript.

    >>> array([1.0, -0.5])
    '[1, -0.5]'
    """
    return f"[{', '.join(literal(x).strip('()') for x in numbers)}]"


def literal(x: float) -> str:
    """A float as JavaScript writes it, bit for bit; a negative one in parentheses.

    >>> literal(0.1), literal(-2.0), literal(math.inf)
    ('0.1', '(-2)', 'Infinity')
    """
    if math.isnan(x):
        return "NaN"
    text = "Infinity" if math.isinf(x) else repr(abs(x)).removesuffix(".0")
    return f"(-{text})" if math.copysign(1, x) < 0 else text


# Parts


def parts_of(names: Iterable[str], text: str = "") -> list[str]:
    """The parts with these names, and those that they or the text call, in the order of the file."""
    parts = _parts()
    called = re.compile(rf"(?<![.\w])({'|'.join(parts)})\b")
    below = [*names, *called.findall(text)]
    wanted: set[str] = set()
    while below:
        name = below.pop()
        if name not in wanted:
            wanted.add(name)
            below += called.findall(parts[name].partition("*/")[2] or parts[name])
    return [text for name, text in parts.items() if name in wanted]


def _parts() -> dict[str, str]:
    """The functions of `parts.js` by name, each with the comment above it."""
    _, *parts = files(__package__).joinpath("parts.js").read_text(encoding="utf-8").strip().split("\n\n")
    return {re.search(r"^function (\w+)", part, re.MULTILINE)[1]: part for part in parts}  # type: ignore[index]
