"""An update formula as JavaScript: the same reading as for machine code, written for one parameter after another."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler.formula import Formula, formula_program, varying
from autograd.compiler.program import Program, float_of
from autograd.export.script_code import expression, literal, parts_of


def update_code(lines: Sequence[tuple[str, str]], memory: Sequence[str] = (), constants: Sequence[str] = ()) -> str:
    """The text of a function that takes one step of every parameter, and of the parts that it needs.

    lines      (name, expression), in order; the last line for w gives the new parameter, and the last one for a
               memory its new number
    memory     names that keep a number of each parameter from step to step; each has a line
    constants  names that are the same for all parameters, such as lr

    Expressions may use w, the gradient g, the number t of the step, the memory, the constants and earlier lines. The
    text defines

        update(w, g, memory, t, constants, results)

    w and g are Float64Arrays with a number for each parameter, `memory` is an array of such arrays, one for each name
    in order; t is a number, and `constants` an array of numbers. The new numbers of w and memory are written over the
    old ones. `results` has an array for each line, which gets the line's result for each parameter.

    + − × ÷ √ and comparisons have the bits of the formula on floats; the last bits of others, such as pow, are the
    browser's.

    Raises ValueError for a function that JavaScript lacks, and for w or a memory without a line.

    >>> print(update_code([("w", "w - lr * g")], [], ["lr"]))
    function update(w, g, memory, t, constants, results) {
      const v2 = t;
      const v3 = constants[0];
      for (let i = 0; i < w.length; i++) {
        const v0 = w[i];
        const v1 = g[i];
        const v4 = v3 * v1;
        const v5 = v0 - v4;
        results[0][i] = v5;
        w[i] = v5;
      }
    }
    """
    formula = Formula(tuple(lines), tuple(memory), tuple(constants))
    program, places = formula_program(formula)
    fixed: list[str] = []  # what is the same for all parameters
    turn: list[str] = []
    for place, varies in enumerate(varying(program)):
        (turn if varies else fixed).append(f"const v{place} = {_text(program, place)};")
    turn += [f"results[{k}][i] = v{place};" for k, place in enumerate(places)]
    to = ["w", *(f"memory[{k}]" for k in range(len(memory)))]
    turn += [f"{name}[i] = v{places[k]};" for name, k in zip(to, formula.targets, strict=True)]
    body = [*fixed, "for (let i = 0; i < w.length; i++) {", *(f"  {line}" for line in turn), "}"]
    head = "function update(w, g, memory, t, constants, results) {"
    text = "\n".join([head, *(f"  {line}" for line in body), "}"])
    return "\n\n".join([text, *parts_of([], text)])


def _text(program: Program, place: int) -> str:
    """An instruction as an expression."""
    word, *operands = program.instructions[place]
    if word == "input":
        return ["w[i]", "g[i]", *(f"memory[{k}][i]" for k in range(operands[0] - 1))][operands[0]]
    if word == "number":
        return f"constants[{operands[0] - 1}]" if operands[0] else "t"
    return expression(word, [literal(float_of(x)) if isinstance(x, str) else f"v{x}" for x in operands])
