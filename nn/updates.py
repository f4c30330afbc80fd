"""An update formula: lines of text that say how a parameter changes when its gradient is known.

A line is "name = expression". An expression may use the parameter w, its gradient g, the number t of the step (from 1),
the hyperparameters and the names of earlier lines. A name that is read before its own line is remembered: it has the
number of the last step that computed it, even if steps with other formulas came between. Before the first such step it
has an initial number, which is 0 unless the optimizer says otherwise.

`autograd.rules` reads the lines on floats, parameter by parameter, and, where they have no more than
+ - * / ** sqrt abs and maximum, on NumPy arrays, all parameters at once, with the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from numbers import Real
from typing import Any

from autograd.arrays import OnArrays
from autograd.grammar import check, parsed, quantities
from autograd.rules import CONSTANTS, OnFloats, read, words


class Update:
    """An update formula: its lines, and the names that they remember and need.

    names           the names on the left of the lines, in order; one may occur twice, as g before and after the decay
    memory          the names that are read before their line, and so remembered: v, G
    constants       the hyperparameters that occur
    is_plain        whether arrays can compute it, because it has no word that only floats have
    w_index         the place in `names` of the new parameter
    memory_indices  the places in `names` of the numbers to remember
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.text = lines
        self.lines = [_split(line) for line in lines]
        self.names = [name for name, _ in self.lines]
        if "w" not in self.names:
            raise ValueError(
                f"an update formula needs a line for w, got lines for {', '.join(self.names) or 'nothing'}"
            )
        needed: dict[str, None] = {}
        known = {"w", "g", "t", *CONSTANTS}
        self.is_plain = True
        for name, text in self.lines:
            check(text, f"the formula's line for {name}", None, words())
            tree = parsed(text)
            self.is_plain &= OnArrays.reads(tree)
            needed |= dict.fromkeys(name for name in quantities(tree) if name not in known)
            known.add(name)
        self.memory = [name for name in needed if name in self.names]
        self.constants = [name for name in needed if name not in self.names]
        self.inputs = ["w", "g", "t", *self.memory, *self.constants]
        self.w_index = self._last("w")
        self.memory_indices = [self._last(name) for name in self.memory]

    def _last(self, name: str) -> int:
        return len(self.names) - 1 - self.names[::-1].index(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return update_of, (self.text,)

    @property
    def _source(self) -> str:
        return f"lambda {', '.join(self.inputs)}: ({', '.join(f'({name} := {text})' for name, text in self.lines)},)"

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, ...]]:
        """(w, g, t, *memory, *constants) → the result of each line."""
        return read(self._source, OnFloats())

    @cached_property
    def on_arrays(self) -> Callable[..., tuple[Any, ...]]:
        """The same on NumPy arrays w, g and memory, element by element; only for a plain formula."""
        import numpy as np  # noqa: PLC0415 — only for those who have arrays

        lines = read(self._source, OnArrays(np))

        def quietly(*inputs: Any) -> tuple[Any, ...]:
            with np.errstate(all="ignore"):  # inf and nan are results, as everywhere here
                results: tuple[Any, ...] = lines(*inputs)
                return results

        return quietly


def _split(line: str) -> tuple[str, str]:
    """A line of a formula as its name and its text."""
    name, equals, text = line.partition(" = ")
    if not equals or not name.isidentifier():
        raise ValueError(f"a line of a formula must be 'name = expression', got {line!r}")
    return name, text


@cache
def update_of(lines: tuple[str, ...]) -> Update:
    """The Update of these lines; equal lines share one, so that they are read once."""
    return Update(lines)


Step = tuple[Update, tuple[Any, ...], tuple[Any, ...], dict[str, Any]]
"""A parameter's last step: the formula, what went into it (w, g, t, …), what came out, and, by name, what the formulas
before this one computed last; of many parameters, as arrays."""


RESTORED = update_of(("w = w",))
"""The formula of a last step of which no more is known than its number t and what is remembered."""


def constants_of(update: Update, owner: object) -> list[Any]:
    """The formula's hyperparameters, which are attributes of the optimizer; each number as a float."""
    if missing := [name for name in update.constants if not hasattr(owner, name)]:
        raise ValueError(
            f"{type(owner).__name__}'s formula needs {' and '.join(missing)}: "
            "it must be w, g, t, an earlier line or an attribute of the optimizer"
        )
    constants = [getattr(owner, name) for name in update.constants]
    return [float(c) if type(c) is not float and isinstance(c, Real) else c for c in constants]


def inputs_of(
    update: Update, w: Any, g: Any, last: Step | None, constants: Sequence[Any], initial: Callable[[str], float]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of the formula, and the memory: of one parameter, or as arrays of many that have the same t."""
    if last is None:
        return (w, g, 1.0, *_memory(update, {}, initial), *constants), {}
    before, inputs, results, earlier = last
    t = inputs[2] + 1.0
    if before is update:
        memory = [results[i] for i in update.memory_indices] if update.memory_indices else ()
        return (w, g, t, *memory, *constants), earlier
    known = {**earlier, **dict(zip(before.names, results, strict=True))}  # the formula has changed
    return (w, g, t, *_memory(update, known, initial), *constants), known


def _memory(update: Update, known: dict[str, Any], initial: Callable[[str], float]) -> list[Any]:
    return [known[name] if name in known else float(initial(name)) for name in update.memory]
