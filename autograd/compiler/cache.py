"""A cache of the kernels that this process has compiled, by what they were made from."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from autograd.atomic import cyclic_collector_paused

MAX_KERNELS = 64  # of more, the one that was used longest ago is forgotten

Made = TypeVar("Made")

_kernels: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = threading.RLock()


def cached(key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """The kernel of this key: the one that is kept, or a new one."""
    with _lock:
        kernel: Made | None = _kernels.get(key)
        if kernel is None:
            # Compiling makes many objects and few cycles: the collector would search them again and again
            kernel = _kernels[key] = cyclic_collector_paused(make)()
        _kernels.move_to_end(key)
        while len(_kernels) > MAX_KERNELS:
            _kernels.popitem(last=False)
        return kernel


def _start_anew() -> None:
    """Make a new lock in a forked child: the old one may be held by a thread that doesn't exist there."""
    global _lock  # noqa: PLW0603 — there is one for the process
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_start_anew)
