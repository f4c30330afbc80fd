"""`pathgrad` in a checkout: `autograd` and `nn` under the names that the published package gives them.

The modules are the same objects, so there is one engine, whichever name a program uses.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import InspectLoader, Loader
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import autograd
import nn

if TYPE_CHECKING:
    from autograd import *  # noqa: F403
    from autograd import Compiled as Compiled
    from autograd import __version__ as __version__
    from autograd import compile as compile  # noqa: A004 — its public name


class _Alias(Loader):
    """Finds and loads pathgrad.autograd.x, which is autograd.x."""

    def __init__(self, module: ModuleSpec) -> None:
        self.module = module

    @classmethod
    def find_spec(cls, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        package, _, rest = name.partition(".")
        if package != __name__ or rest.partition(".")[0] not in ("autograd", "nn"):
            return None
        if (module := find_spec(rest)) is None:
            return None
        is_package = module.submodule_search_locations is not None
        return ModuleSpec(name, cls(module), origin=module.origin, is_package=is_package)

    def create_module(self, _: ModuleSpec) -> ModuleType:
        return import_module(self.module.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.module  # importing has just replaced it by the alias's

    def get_code(self, _: str) -> CodeType | None:
        """What `python -m pathgrad.nn` runs."""
        assert isinstance(self.module.loader, InspectLoader)
        return self.module.loader.get_code(self.module.name)


sys.meta_path.insert(0, _Alias)
# Loaded modules are entered here: importing pathgrad.autograd.paths would set autograd.paths, which is a function.
for _name in [name for name in sys.modules if name.partition(".")[0] in ("autograd", "nn")]:
    sys.modules[f"{__name__}.{_name}"] = sys.modules[_name]


def __getattr__(name: str) -> Any:
    return getattr(autograd, name)


def __dir__() -> list[str]:
    return sorted({*__all__, *dir(autograd)})


__all__ = ["autograd", "nn", *autograd.__all__]  # noqa: PLE0604 — strings, which the linter can't see
