"""Freeing deep graphs in threads with small stacks, on CPython 3.13.

Only CPython 3.13 frees a chain of objects by up to 10,000 levels of recursion, which takes 1 MB of stack. A thread with
less stack crashes, as it would with a list nested as deeply. Python 3.12 and older stop at 50 levels; 3.14 looks at the
stack. So when the first thread with a small stack starts, Value gets a `__del__` that takes graphs apart in a loop.
A `__del__` is the only hook that runs when a node dies. It costs 200 ns a node, so programs without such threads, and
other versions of Python, do without it.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from autograd.value import Value

MIN_STACK_BYTES = 2 << 20
"""Twice the stack that 10,000 levels take."""


def watch() -> None:
    """Call `take_graphs_apart` as soon as a thread with a small stack starts, whatever library starts it."""
    if _is_small(_stack_of_the_main_thread()):
        take_graphs_apart()
    sys.addaudithook(_thread_starts)


def take_graphs_apart() -> None:
    """From now on, free graphs in a loop instead of by recursion, in all threads."""
    Value.__del__ = _take_apart  # type: ignore[attr-defined]


def _thread_starts(event: str, _arguments: Any) -> None:
    if event.startswith("_thread.start"):
        size = threading.stack_size()
        if size:
            threading.stack_size(size)  # reading the size has reset it to 0
        if _is_small(size):
            take_graphs_apart()


def _is_small(size: int) -> bool:
    return 0 < size < MIN_STACK_BYTES


def _stack_of_the_main_thread() -> int:
    """The size in bytes; 0 or less if it has no limit, or if the system does not tell."""
    try:
        import resource  # noqa: PLC0415 — Windows lacks it
    except ImportError:
        return 0
    return resource.getrlimit(resource.RLIMIT_STACK)[0]


# getrefcount is a default argument, because at exit Python may clear the globals before it frees the last nodes.
def _take_apart(self: Value, holders: Any = sys.getrefcount) -> None:
    """Cut a dying node, and all ancestors that die with it, off from their parents before any of them is freed."""
    if self._x is None and self._dx is None:  # a leaf, or taken apart already
        return
    dying = [self._x, self._y, self._dx]
    self._x = self._y = self._dx = None
    while dying:
        node = dying.pop()
        if holders(node) == 2:  # only this name and the call refer to it
            if type(node) is tuple:
                dying += node
            elif type(node) is Value and (node._x is not None or node._dx is not None):
                dying += (node._x, node._y, node._dx)
                node._x = node._y = node._dx = None
