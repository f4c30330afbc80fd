"""Slots: the places of numbers between the stages of a plan, each with room for one number of each row of a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograd.compiler.plan import Plan, Stage
from autograd.compiler.program import Program
from autograd.compiler.repeats import Repeat


def assign_slots(plan: Plan, ends: Iterable[int]) -> None:
    """Give a slot to each number that a stage computes and another one needs.

    ends   the places of the results, which are needed after the last stage
    """
    home, last = _lives(plan, ends)
    instructions = plan.program.instructions
    crossing = {
        place
        for place, k in last.items()
        if place not in plan.slot_of and (home.get(place) != k or instructions[place][0] == "input")
    }
    for stage in plan.stages:
        if isinstance(stage, Repeat):
            crossing.update(_with_their_turns(plan, stage, crossing, last))
    free: list[int] = []
    leaving: dict[int, list[int]] = {}
    at = 0
    for place in sorted(crossing):
        if instructions[place][0] == "input":
            plan.new_slots([place])
            continue
        while at < home[place]:  # numbers that no further stage needs give their slots back
            free += leaving.pop(at, [])
            at += 1
        if free:
            plan.slot_of[place] = free.pop()
        else:
            plan.new_slots([place])
        leaving.setdefault(last[place], []).append(plan.slot_of[place])


def _lives(plan: Plan, ends: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """For each place, the stage that computes it, and the last stage that needs it."""
    home: dict[int, int] = {}
    last: dict[int, int] = {}
    for k, stage in enumerate(plan.stages):
        for place in _places(stage):
            home[place] = k
            for operand in stored_operands(plan.program, place):
                last[operand] = k
    last |= dict.fromkeys(ends, len(plan.stages))
    return home, last


def _places(stage: Stage) -> Iterable[int]:
    """The places of the program that a stage computes; none for a layer, whose results have slots already."""
    return getattr(stage, "places", ())


def _with_their_turns(plan: Plan, repeat: Repeat, crossing: set[int], last: dict[int, int]) -> Iterator[int]:
    """All results of a repeated instruction, if one before the last needs a slot.

    Code stores either every turn's result or that of the last turn alone.
    """
    for results in repeat.results:
        if any(place in crossing or place in plan.slot_of for place in results[:-1]):
            end = max(last.get(place, -1) for place in results)
            for place in results:
                if place not in plan.slot_of:
                    last[place] = end
                    yield place


def stored_operands(program: Program, place: int) -> list[int]:
    """The results that an instruction needs from slots: not conditions and parameters, which are computed again."""
    stored = []
    below = program.operands(place)
    while below:
        operand = below.pop()
        if program.is_condition(operand):
            below += program.operands(operand)
        elif program.instructions[operand][0] != "number":
            stored.append(operand)
    return stored
