"""Whether a penalty can be compiled into training: it must be one function of the parameters.

The graph engine calls a penalty for every batch, so it follows one that changes by itself. Compiled code records it
once. By default that is done only where the penalty's own code shows that it computes the same each time: it reads
Values, numbers and modules of this package, calls functions of this package, and changes nothing. With compiled=True
any penalty is compiled, if its recordings at several numbers have one structure.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from numbers import Real
from operator import call
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from autograd import Value, topological_order
from autograd.node import set_data, setting_data
from nn.fixed_graph import graph_is_fixed, is_ours
from nn.module import Module

if TYPE_CHECKING:
    from autograd.compiler.graph import Structure

MAX_PENALTY_NODES = 40_000  # of a penalty that is compiled: a longer one takes seconds
MAX_DEPTH = 8  # of functions that call functions

PURE = (abs, enumerate, float, int, len, list, max, min, pow, range, reversed, sum, tuple, zip)
ATTRIBUTES = {"bias", "cell", "layer", "layers", "neurons", "output", "parameters", "weights"}
"""What is read of modules; beside these, names that this package has."""
CHANGES = ("STORE_GLOBAL", "STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "DELETE_", "IMPORT_", "YIELD", "SEND", "RAISE")
"""How the names of instructions begin that do more than compute."""


def is_pure(function: object, depth: int = 0) -> bool:
    """Whether a function's code shows that it computes the same from the same parameters, and changes nothing."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(function, partial):
        arguments = (*function.args, *function.keywords.values())
        return _is_known(function.func, depth + 1) and all(_is_known(part, depth + 1) for part in arguments)
    if not isinstance(function, FunctionType):
        return False
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    try:
        held = [cell.cell_contents for cell in cells.values()]
    except ValueError:  # nothing is in it yet
        return False
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    read = [*held, *defaults, *_globals_of(function)]
    if not all(_is_known(part, depth + 1) for part in read):
        return False
    may_extend = any(type(part) is list and set(map(type, part)) != {Value} for part in read)
    return all(_only_computes(code, may_extend=may_extend) for code in _codes(function.__code__))


_NOT_THERE = object()


def _globals_of(function: FunctionType) -> Iterator[Any]:
    """The objects behind the global names that a function reads."""
    import dis  # noqa: PLC0415 — only a penalty needs it

    for code in _codes(function.__code__):
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                name = instruction.argval
                yield function.__globals__.get(name, vars(builtins).get(name, _NOT_THERE))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of those within it, such as comprehensions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _only_computes(code: CodeType, *, may_extend: bool) -> bool:
    """Whether the code changes no object from outside of it; += may extend a list that has another name elsewhere."""
    import dis  # noqa: PLC0415 — as above

    for instruction in dis.get_instructions(code):
        name, what = instruction.opname, instruction.argval
        if name.startswith(CHANGES) or (name == "STORE_DEREF" and what in code.co_freevars):
            return False
        if may_extend and name == "BINARY_OP" and instruction.argrepr.endswith("="):
            return False
        if name.startswith(("LOAD_ATTR", "LOAD_METHOD")) and not _is_attribute(what):
            return False
    return True


def _is_attribute(name: str) -> bool:
    return name in ATTRIBUTES or name in _names_of_this_package()


def _names_of_this_package() -> set[str]:
    import autograd  # noqa: PLC0415 — its list of names
    import nn  # noqa: PLC0415 — as above

    return {*autograd.__all__, *nn.__all__} - {"clip_norm", "data", "fit", "load", "save", "workers"}


def _is_known(part: object, depth: int) -> bool:
    """Whether an object that a function reads or calls stays the same unless the user changes it."""
    if isinstance(part, Module):
        return graph_is_fixed(part)
    if part is None or isinstance(part, Real | str | Value):
        return True
    if type(part) in (list, tuple):
        return all(_is_known(each, depth + 1) for each in part) if depth <= MAX_DEPTH else False  # type: ignore[attr-defined]
    if isinstance(part, ModuleType):
        return f"{part.__name__}.".startswith((_OURS, _HEART))
    if isinstance(part, FunctionType) and not _is_of_this_package(part):
        return is_pure(part, depth)
    return _is_of_this_package(part) or any(part is function for function in PURE)


_OURS, _HEART = __name__.removesuffix("fixed_penalty"), f"{Value.__module__.removesuffix('value')}"


def _is_of_this_package(part: Any) -> bool:
    return is_ours(part) or hasattr(part, "operation") or (getattr(part, "__module__", "") or "").startswith(_HEART)


class FixedPenalty:
    """A penalty as it was compiled, with checks that it hasn't changed since.

    penalty  records the user's penalty; it may depend only on `numbers`, the leaves that compiled code knows
    """

    def __init__(self, penalty: Callable[[], Value], numbers: Sequence[Value], others: set[Value]) -> None:
        self.penalty, self.numbers, self.others = penalty, numbers, others
        self.structure: Structure | None = None

    def holds(self, parameters: Sequence[Value]) -> bool:
        """Whether the penalty has the same structure at the current and at other numbers, and that of an earlier call.

        It is recorded at other numbers, too, because there a Python `if` on .data might take the other branch.
        """
        before = [value.data for value in parameters]
        restore = setting_data(parameters, before)
        found = [self._structure()]
        try:
            for scale in (-1.5, 0.0):
                set_data(parameters, [scale * x for x in before])
                found.append(self._structure())
        finally:
            call(*restore)  # one call into C, which Ctrl-C can't divide, as it can `set_data`
        expected = self.structure or found[0]
        self.structure = found[0]
        return expected is not None and set(found) == {expected}

    def is_as_compiled(self) -> bool:
        """Whether it still has the structure that was compiled, at the current numbers."""
        return self._structure() == self.structure

    def _structure(self) -> Structure | None:
        """The structure of the penalty's graph; None where it can't be compiled."""
        from autograd.compiler.graph import recorded, structure  # noqa: PLC0415 — only what is compiled needs it

        penalty = self.penalty()
        nodes = topological_order(penalty)
        if len(nodes) > MAX_PENALTY_NODES or self.others.intersection(nodes):
            return None
        return structure(recorded([penalty]), [penalty], (), self.numbers)
