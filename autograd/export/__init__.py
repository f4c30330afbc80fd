"""Graphs as programs for other machines, each written by a function here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.export.module_text import source as source
    from autograd.export.on_jax import jax as jax
    from autograd.export.on_numpy import numpy as numpy
    from autograd.export.on_onnx import onnx as onnx
    from autograd.export.on_torch import torch as torch
    from autograd.export.script import javascript as javascript
    from autograd.export.weights import load as load
    from autograd.export.weights import save as save

# What is imported when it is first asked for. A module and its function have different names, because the module would
# hide the function.
_FILES = {
    "javascript": "script",
    "jax": "on_jax",
    "load": "weights",
    "numpy": "on_numpy",
    "onnx": "on_onnx",
    "save": "weights",
    "source": "module_text",
    "torch": "on_torch",
}


def __getattr__(name: str) -> Any:
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = member = getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
    return member


__all__ = [*_FILES]  # noqa: PLE0604 — the keys are strings, which the linter can't see
