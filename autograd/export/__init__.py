"""Graphs as programs for other machines, each written by a function here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.export.script import javascript as javascript

# What is imported when it is first asked for. A module and its function have different names, because the module would
# hide the function.
_FILES = {
    "javascript": "script",
}


def __getattr__(name: str) -> Any:
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = member = getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
    return member


__all__ = [*_FILES]  # noqa: PLE0604 — the keys are strings, which the linter can't see
