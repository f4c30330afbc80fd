"""The loop that carries out a tape, in LLVM's language."""

from __future__ import annotations

from autograd.compiler.instructions import Instructions
from autograd.compiler.llvm_text import FunctionText, Target, constant
from autograd.compiler.program import CONDITIONS, Program
from autograd.compiler.tape import CONSTANT, ENTRY_NUMBERS, Tape

TAPE_PARAMETERS = "ptr %scratch, ptr %numbers, i64 %vectors, i64 %first, i64 %last"


def tape_function(tape: Tape, target: Target) -> str:
    """Write the function `tape`, which carries out entries `first` to `last`, each on a block of rows.

    A comparison gives the number 1 or 0.
    """
    text = FunctionText(target)
    with text.loop("%first", "%last") as (i, _, _):
        start = text.assign(f"mul i64 {i}, {ENTRY_NUMBERS}")
        entry = text.assign(f"getelementptr i32, ptr inttoptr (i64 {tape.entries.ctypes.data} to ptr), i64 {start}")
        number, *operands = (_number(text, entry, k) for k in range(ENTRY_NUMBERS))
        cases = [f"i64 {k}, label %word{k}" for k in range(len(tape.words))]
        text.append(f"switch i64 {number}, label %done [ {' '.join(cases)} ]")
        for k, (word, count) in enumerate(tape.words):
            text.start_block(f"word{k}")
            _entry(text, tape, word, operands[: 1 + count])
            text.append("br label %done")
        text.start_block("done")
    return text.as_function("tape", TAPE_PARAMETERS)


def _number(text: FunctionText, entry: str, k: int) -> str:
    pointer = text.assign(f"getelementptr i32, ptr {entry}, i64 {k}")
    return text.assign(f"sext i32 {text.assign(f'load i32, ptr {pointer}, align 4')} to i64")


def _entry(text: FunctionText, tape: Tape, word: str, operands: list[str]) -> None:
    """Return the lines that carry out an entry with this word; its first operand is the slot of its result."""
    is_leaf = word in ("number", CONSTANT)
    if is_leaf:
        table = "%numbers" if word == "number" else f"inttoptr (i64 {tape.constants.ctypes.data} to ptr)"
        leaf = text.splat(text.load_scalar(text.address(table, operands.pop())))
    slots = [text.address("%scratch", operand) for operand in operands]
    with text.loop(0, "%vectors") as (v, _, _):
        offset = text.assign(f"mul i64 {v}, {text.target.lanes}")
        into, *inputs = [text.address(slot, offset) for slot in slots]
        text.store(leaf if is_leaf else _line(text, word, [text.load(pointer) for pointer in inputs]), into)


def _line(text: FunctionText, word: str, x: list[str]) -> str:
    """Append an instruction; return the name of its result, which is the number 1 or 0 for a comparison."""
    conditions = {"select": 1, "and": 2, "or": 2}.get(word, 0)
    x[:conditions] = [text.assign(f"fcmp une {text.vector} {number}, zeroinitializer") for number in x[:conditions]]
    result = Instructions(text, Program(), str).line(word, x)  # which loads nothing
    return text.select(result, constant(1.0), constant(0.0)) if word in CONDITIONS else result
