"""A repeat of a plan in LLVM's language: a loop over its turns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from autograd.compiler.instructions import STAGE_PARAMETERS, Instructions, lines_at
from autograd.compiler.llvm_text import FunctionText, Target
from autograd.compiler.plan import Plan
from autograd.compiler.program import MINUS_ZERO, Operand
from autograd.compiler.repeats import Column, OfTurn, Reference, Repeat


def repeat(plan: Plan, stage: Repeat, target: Target, name: str) -> str:
    """The function that carries out a repeat for a block of rows."""
    return _RepeatText(plan, stage, target, name).text_of_function()


Carried = dict[tuple[int, Operand], str]
"""Names of the results of the turn before, by the body's instruction and what is carried into the first turn."""


class _RepeatText:
    """The text of a loop over a repeat's turns, inside of a loop over a block's vectors of rows.

    kept       for each instruction of the body, the slot of each turn's result, or −1
    last_only  the instructions of the body for which only the last turn's result has a slot
    carried    the results passed from one turn to the next: an instruction of the body, and its value before the first
    """

    def __init__(self, plan: Plan, stage: Repeat, target: Target, name: str) -> None:
        self.plan, self.stage, self.name = plan, stage, name
        self.text = FunctionText(target)
        self.tables: list[str] = []
        slot_of = plan.slot_of
        self.kept = [[slot_of.get(place, -1) for place in results] for results in stage.results]
        references = [reference for _, operands in stage.body for reference in operands]
        self.last_only = [k for k, slots in enumerate(self.kept) if slots[-1] >= 0 > slots[0]]
        carried = [(r.k, r.first) for r in references if isinstance(r, OfTurn) and r.carried]
        self.carried = list(dict.fromkeys([*((k, MINUS_ZERO) for k in self.last_only), *carried]))

    def text_of_function(self) -> str:
        text, lanes = self.text, self.text.target.lanes
        # An addition in a chain waits for the one before it: take several vectors at once, whose chains wait together
        for v, vectors in text.tiles("%vectors", (4, 1) if self.carried else (1,)):
            begin = text.strided("%scratch", v, lanes)
            here = [text.address(begin, t * lanes) for t in range(vectors)]
            self._loop(here, [lines_at(text, self.plan, pointer) for pointer in here])
        function = text.as_function(self.name, STAGE_PARAMETERS)
        return "\n".join([*self.tables, function])

    def _loop(self, here: list[str], lines: list[Instructions]) -> None:
        """The loop over turns, for a vector of rows at each of the addresses `here`."""
        text, slot, size = self.text, self.text.target.slot, len(self.carried)
        for of_vector in lines:
            self._prepare(of_vector)
        first = [(text.vector, of_vector.operand(operand)) for of_vector in lines for _, operand in self.carried]
        with text.loop(0, str(self.stage.turns), 1, first) as (turn, totals, following):
            for t, pointer in enumerate(here):
                carried = dict(zip(self.carried, totals[t * size : (t + 1) * size], strict=True))
                results = self._turn(lines[t], pointer, turn, carried)
                following += [results[k] for k, _ in self.carried]
        for t, pointer in enumerate(here):
            for k, total in zip(self.last_only, totals[t * size :], strict=False):
                text.store(total, text.address(pointer, self.kept[k][-1] * slot))

    def _prepare(self, lines: Instructions) -> None:
        """Compute, before the loop, what is the same in all turns."""
        below = [reference for _, operands in self.stage.body for reference in operands]
        while below:
            reference = below.pop()
            if isinstance(reference, Column):
                below += reference.operands
            elif not isinstance(reference, OfTurn):
                lines.operand(reference)

    def _turn(self, lines: Instructions, here: str, turn: str, carried: Carried) -> list[str]:
        results: list[str] = []
        for k, (word, operands) in enumerate(self.stage.body):
            names = [self._name(lines, here, turn, reference, results, carried) for reference in operands]
            results.append(lines.line(word, names))
            if self.kept[k][0] >= 0:
                offset = self._entry(turn, [slot * self.text.target.slot for slot in self.kept[k]])
                self.text.store(results[k], self.text.address(here, offset))
        return results

    def _name(
        self,
        lines: Instructions,
        here: str,
        turn: str,
        reference: Reference,
        results: list[str],
        carried: Carried,
    ) -> str:
        """The name that an operand has in this turn."""
        text = self.text
        if isinstance(reference, OfTurn):
            return carried[reference.k, reference.first] if reference.carried else results[reference.k]
        if not isinstance(reference, Column):
            return lines.operand(reference)
        if reference.word == "slot":
            slots = [self.plan.slot_of[place] * text.target.slot for place in reference.entries]
            return text.load(text.address(here, self._entry(turn, slots)))
        if reference.word == "number":
            return text.splat(text.load_scalar(text.address("%numbers", self._entry(turn, reference.entries))))
        if reference.word == "constant":
            table = self._table("double", reference.entries)
            return text.splat(text.load_scalar(text.address(table, turn)))
        return lines.line(
            reference.word,
            [self._name(lines, here, turn, operand, results, carried) for operand in reference.operands],
        )

    def _entry(self, turn: str, entries: Sequence[int]) -> str:
        """This turn's entry: computed if entries are at even distances, otherwise read from a table."""
        text = self.text
        stride = entries[1] - entries[0]
        if all(b - a == stride for a, b in itertools.pairwise(entries)):
            return text.assign(f"add i64 {text.assign(f'mul i64 {turn}, {stride}')}, {entries[0]}")
        table = self._table("i64", entries)
        return text.load_index(table, turn)

    def _table(self, kind: str, entries: Sequence[object]) -> str:
        name = f"@{self.name}.{len(self.tables)}"
        numbers = ", ".join([f"{kind} {entry}" for entry in entries])
        self.tables.append(f"{name} = internal constant [{len(entries)} x {kind}] [{numbers}]")
        return name
