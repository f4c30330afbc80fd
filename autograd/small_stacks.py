"""CPython 3.13, and no other, frees a chain by recursion until it is 10,000 levels deep, which takes 1 MB of stack.

A thread with less crashes there, as it does on a list nested as deeply; 3.12 and older stop at 50 levels, and 3.14
looks at the stack. So from the first thread with a small stack on, a graph is taken apart by a loop. That is a
`__del__`, which costs each node 200 ns; nothing else in Python sees a node go, and programs without such threads, and
other Pythons, don't pay for it.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from autograd.value import Value

SMALL = 2 << 20
"""Bytes of stack that hold 10,000 levels, twice."""


def watch() -> None:
    """From now on, be ready for every thread with a small stack, whoever starts it."""
    if _is_small(_stack_of_the_main_thread()):
        take_graphs_apart()
    sys.addaudithook(_thread_starts)


def take_graphs_apart() -> None:
    """Free graphs by a loop instead of by recursion, in all threads."""
    Value.__del__ = _take_apart  # type: ignore[attr-defined]


def _thread_starts(event: str, _arguments: Any) -> None:
    if event.startswith("_thread.start"):
        size = threading.stack_size()
        if size:
            threading.stack_size(size)  # asking has set it to 0
        if _is_small(size):
            take_graphs_apart()


def _is_small(size: int) -> bool:
    return 0 < size < SMALL


def _stack_of_the_main_thread() -> int:
    """In bytes; 0 or less where it has no limit, or where there is none to ask for."""
    try:
        import resource  # noqa: PLC0415 — it isn't everywhere
    except ImportError:
        return 0
    return resource.getrlimit(resource.RLIMIT_STACK)[0]


def _take_apart(self: Value, holders: Any = sys.getrefcount) -> None:  # bound, for globals go before nodes at exit
    """Take from a dying node its parents, from those that die with it theirs, and so on, before each is freed."""
    if self._x is None and self._dx is None:  # a leaf, or taken apart
        return
    dying = [self._x, self._y, self._dx]
    self._x = self._y = self._dx = None
    while dying:
        node = dying.pop()
        if holders(node) == 2:  # this name, and the call: nobody else has it
            if type(node) is tuple:
                dying += node
            elif type(node) is Value and (node._x is not None or node._dx is not None):
                dying += (node._x, node._y, node._dx)
                node._x = node._y = node._dx = None
