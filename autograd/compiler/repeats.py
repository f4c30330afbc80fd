"""Instructions that a program repeats, as one loop: softmax over a thousand logits, the activations of a layer.

The loop's body is a few instructions. From one turn to the next only operands change. An operand is a result of the
same turn, a result of the turn before, the same number in all turns, or a column, which has a number for each turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.compiler.program import LEAVES, Operand, Program

MIN_TURNS = 64  # straight code of fewer turns compiles as fast and runs faster
MAX_BODY_INSTRUCTIONS = 16


@dataclass(frozen=True)
class OfTurn:
    """The result of the body's instruction k in this turn or, `carried`, in the turn before.

    first   what is carried into the first turn
    """

    k: int
    carried: bool = False
    first: Operand = 0


@dataclass(frozen=True)
class Column:
    """An operand that differs from turn to turn.

    word       "slot" for a result that stands in a slot, "number" for a parameter, "constant", or a condition's word
    entries    for each turn: the place of a result, the index of a parameter, or the bits of a constant
    operands   a condition's operands: conditions are stored nowhere, but computed again
    """

    word: str
    entries: tuple[Any, ...] = ()
    operands: tuple[Any, ...] = ()


Reference = OfTurn | Column | Operand
"""What an instruction of a body works on; an Operand is the same in all turns."""


@dataclass(frozen=True)
class Repeat:
    """A body of instructions, carried out one turn after another.

    results   for each instruction of the body, its places in the program, turn by turn
    body      for each instruction of the body, its word and its operands
    """

    results: tuple[range | tuple[int, ...], ...]
    body: tuple[tuple[str, tuple[Reference, ...]], ...]

    @property
    def turns(self) -> int:
        """How often the body is carried out."""
        return len(self.results[0])

    @cached_property
    def places(self) -> list[int]:
        """The places of all results."""
        return [place for results in self.results for place in results]


def find_repeats(program: Program, start: int, end: int) -> Iterator[tuple[int, int, Repeat]]:
    """The repeats among the places [start, end), each with its first place and the place behind its last."""
    places = [place for place in range(start, end) if program.instructions[place][0] not in LEAVES]
    if len(places) < MIN_TURNS:
        return
    letters: dict[str, int] = {}
    text = "".join([chr(letters.setdefault(program.instructions[place][0], len(letters))) for place in places])
    for match in re.finditer(rf"(.{{1,{MAX_BODY_INSTRUCTIONS}}}?)\1{{{MIN_TURNS - 1},}}", text, re.DOTALL):
        k = match.start()
        while k + len(match[1]) * MIN_TURNS <= match.end():
            body, turns = _longest(program, places, k, match.end(), len(match[1]))
            if turns >= MIN_TURNS:
                repeat = body.repeat(turns)
                yield repeat.results[0][0], repeat.results[-1][-1] + 1, repeat
                k += turns * body.size
            else:
                k += max(1, (turns - 1) * body.size)


def _longest(program: Program, places: Sequence[int], k: int, end: int, size: int) -> tuple[_Body, int]:
    """A body of this size or a multiple of it, with its turns: the first with enough turns, or the one with most."""
    candidates = []
    for size_of_body in range(size, min(MAX_BODY_INSTRUCTIONS, (end - k) // MIN_TURNS) + 1, size):
        body = _Body(program, places, k, size_of_body)
        turns = body.count((end - k) // size_of_body)
        candidates.append((body, turns))
        if turns >= MIN_TURNS:
            return candidates[-1]
    return max(candidates, key=lambda pair: pair[1] * pair[0].size)


class _Body:
    """`size` instructions from places[k] on, which may be repeated.

    The first two turns tell how each operand depends on the turn; each further turn has to pass the checks that follow.
    """

    def __init__(self, program: Program, places: Sequence[int], k: int, size: int) -> None:
        self.program, self.size, self.start = program, size, k
        self.places = places
        self.position = {place: i for i, place in enumerate(places[k : k + 2 * size])}
        self.checks: list[Callable[[int], bool]] = []
        self.body: list[tuple[str, list[Callable[[int], Reference]]]] = []

    def place(self, turn: int, k: int) -> int:
        return self.places[self.start + turn * self.size + k]

    def operand(self, turn: int, k: int, i: int) -> Operand:
        operand: Operand = self.program.instructions[self.place(turn, k)][1 + i]
        return operand

    def count(self, limit: int) -> int:
        """How many turns there are, at most `limit`."""
        for k in range(self.size):
            word, *operands = self.program.instructions[self.place(0, k)]
            self.body.append((word, [self._reference(k, i) for i in range(len(operands))]))
        turn = 0
        while turn < limit and all(check(turn) for check in self.checks):
            turn += 1
        return turn

    def repeat(self, turns: int) -> Repeat:
        results = tuple(tuple(self.place(turn, k) for turn in range(turns)) for k in range(self.size))
        body = tuple((word, tuple(make(turns) for make in makers)) for word, makers in self.body)
        return Repeat(results, body)

    def _reference(self, k: int, i: int) -> Callable[[int], Reference]:
        """How operand i of instruction k follows from the turn; adds a check that each turn has to pass."""
        second = self.operand(1, k, i)
        position = self.position.get(second, -1) if isinstance(second, int) else -1
        if position >= self.size:  # a result of the same turn
            source = position - self.size
            self.checks.append(lambda turn: self.operand(turn, k, i) == self.place(turn, source))
            return lambda _: OfTurn(source)
        if position >= 0:
            return self._carried(k, i, position)
        return self._column(lambda turn: self.operand(turn, k, i))

    def _carried(self, k: int, i: int, source: int) -> Callable[[int], Reference]:
        first = self.operand(0, k, i)
        begin = self.places[self.start]
        possible = not self.program.is_condition(self.place(0, source)) and not (
            isinstance(first, int) and (first >= begin or self.program.is_condition(first))
        )
        self.checks.append(
            lambda turn: possible and (not turn or self.operand(turn, k, i) == self.place(turn - 1, source))
        )
        return lambda _: OfTurn(source, carried=True, first=first)

    def _column(self, entry: Callable[[int], Any]) -> Callable[[int], Reference]:
        """An operand from outside the loop: one for all turns, or a column."""
        first, begin = entry(0), self.places[self.start]
        word = self._kind(first)
        self.checks.append(lambda turn: self._kind(entry(turn)) == word and self._is_outside(entry(turn), begin))
        parts: list[Callable[[int], Reference]] = []
        if isinstance(first, int) and self.program.is_condition(first):
            parts += [
                self._column(lambda turn, i=i: self.program.instructions[entry(turn)][i])  # type: ignore[misc]
                for i in range(1, len(self.program.instructions[first]))
            ]

        def written(turns: int) -> Any:
            entries = tuple(entry(turn) for turn in range(turns))
            if len(set(entries)) == 1:
                return first
            if parts:
                return Column(word, operands=tuple(part(turns) for part in parts))
            if word == "number":
                entries = tuple(self.program.instructions[place][1] for place in entries)
            return Column(word, entries)

        return written

    def _is_outside(self, operand: Operand, begin: int) -> bool:
        return isinstance(operand, str) or operand < begin or self.program.instructions[operand][0] in LEAVES

    def _kind(self, operand: Operand) -> str:
        if isinstance(operand, str):
            return "constant"
        word: str = self.program.instructions[operand][0]
        return word if word == "number" or self.program.is_condition(operand) else "slot"
