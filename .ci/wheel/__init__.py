"""Scalar automatic differentiation: all that `pathgrad.autograd` has, and `nn`, networks made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathgrad import autograd, nn

if TYPE_CHECKING:
    from pathgrad.autograd import *  # noqa: F403
    from pathgrad.autograd import Compiled as Compiled
    from pathgrad.autograd import __version__ as __version__
    from pathgrad.autograd import compile as compile  # noqa: A004 — its public name


def __getattr__(name: str) -> Any:
    return getattr(autograd, name)


def __dir__() -> list[str]:
    return sorted({*__all__, *dir(autograd)})


__all__ = ["autograd", "nn", *autograd.__all__]  # noqa: PLE0604 — strings, which the linter can't see
