"""An optimizer's update formula for any hyperparameters: a formula may have other lines where one of them is 0."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass
from typing import Any

from nn.optimizers import Hyperparameter, Optimizer
from nn.updates import Update, constants_of

MAX_HYPERPARAMETERS = 8  # that may switch lines on and off: each doubles the number of formulas that are looked at
SCALES = (1.0, 1e-6, 0.01, 0.5, 0.75, 1.5, 3.0, 10.0, 100.0)  # at which a formula must be the same


@dataclass(frozen=True)
class Variants:
    """The formulas of an optimizer.

    hyperparameters  its adjustable numbers by name, with their ranges
    switches         the names of those that change the formula where they are 0
    formulas         the different formulas
    which            for "01…", a digit for each switch, where 0 is "it is 0": the formula's place; −1 for none
    memory           every name that any of the formulas remembers
    fixed            other constants of the formulas
    """

    hyperparameters: dict[str, Hyperparameter]
    switches: list[str]
    formulas: list[Update]
    which: dict[str, int]
    memory: list[str]
    fixed: dict[str, float]


def variants_of(optimizer: Optimizer) -> Variants:
    """Find the formulas of an optimizer, with each of its hyperparameters at 0 and above.

    A hyperparameter that changes the formula in any other way is left as it is: it is none of the adjustable ones.
    """
    adjustable = {name: what for name, what in _hyperparameters(optimizer).items() if _is_number(optimizer, name)}
    names = list(adjustable)[:MAX_HYPERPARAMETERS]
    found = {key: _formula(optimizer, dict(zip(names, key, strict=True))) for key in _patterns(len(names))}
    switches = [k for k in range(len(names)) if any(found[key] is not found[_turned(key, k)] for key in found)]
    formulas = list(dict.fromkeys(each for each in found.values() if each is not None))
    which = {}
    for key, formula in found.items():
        text = "".join("1" if key[k] else "0" for k in switches)
        which[text] = -1 if formula is None else formulas.index(formula)
    memory = list(dict.fromkeys(name for formula in formulas for name in formula.memory))
    fixed: dict[str, float] = {}
    for formula in formulas:
        constants = dict(zip(formula.constants, constants_of(formula, optimizer), strict=True))
        fixed |= {name: number for name, number in constants.items() if name not in adjustable}
    read = {*(name for formula in formulas for name in formula.constants), *(names[k] for k in switches)}
    adjustable = {name: what for name, what in adjustable.items() if name in read}
    return Variants(adjustable, [names[k] for k in switches], formulas, which, memory, fixed)


def _hyperparameters(optimizer: Optimizer) -> dict[str, Hyperparameter]:
    declared = [named for each in reversed(type(optimizer).__mro__) for named in vars(each).items()]
    return {name: what for name, what in declared if isinstance(what, Hyperparameter)}


def _patterns(count: int) -> list[tuple[bool, ...]]:
    return list(itertools.product((False, True), repeat=count))


def _turned(key: tuple[bool, ...], k: int) -> tuple[bool, ...]:
    return (*key[:k], not key[k], *key[k + 1 :])


def _formula(optimizer: Optimizer, above_zero: dict[str, bool], scale: float = 1.0) -> Update | None:
    """The formula with these hyperparameters at 0 or above; None where they don't go together."""
    twin: Any = copy.copy(optimizer)
    try:
        for name, is_above in above_zero.items():
            setattr(twin, name, scale * (getattr(optimizer, name) or 0.5) if is_above else 0.0)
        update: Update = twin.update
    except ValueError:
        return None
    return update


def _is_number(optimizer: Optimizer, name: str) -> bool:
    """Whether a hyperparameter can be above 0, and is a number of the formula, which is the same at others above 0."""
    at_others = [_formula(optimizer, {name: True}, scale) for scale in SCALES]
    found = {formula for formula in at_others if formula is not None}  # None where it is out of its range
    return len(found) == 1 and at_others[0] is not None
