"""Scalar automatic differentiation: all that `pathgrad.autograd` has, and `nn`, networks made of it."""

from __future__ import annotations

import sys
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


class _PickledInACheckout:
    """Refuses a graph that was pickled in a checkout, where the engine is called autograd, with a sentence."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        # Python looks for autograd first, so only the callers know that it is on the way to autograd.copying.
        frame = sys._getframe(1)  # noqa: SLF001
        while frame is not None and frame.f_globals.get("__name__") == "importlib._bootstrap":
            if frame.f_locals.get("name") == "autograd.copying":
                raise ModuleNotFoundError(
                    "this graph was pickled in a checkout of pathgrad, where pathgrad.autograd is called autograd: "
                    "load it there; a model that nn.save wrote can be loaded in both",
                    name=name,
                )
            frame = frame.f_back


sys.meta_path.append(_PickledInACheckout)

__all__ = ["autograd", "nn", *autograd.__all__]  # noqa: PLE0604 — strings, which the linter can't see
