"""Changes that happen completely or not at all, whenever Ctrl-C comes; one sweep at a time, in all threads.

This file knows no graph. Gradients, parameters, an optimizer's memory and modes have their values from before a change
or from after it, never a mixture. Python raises KeyboardInterrupt at the start of a function, after a call and at the
end of a loop's round, but never during a call into C. Therefore values that change together are set by one call into C:
`all_or_none` here, `set_data` and `set_gradients` in `node`. What a function must undo, it undoes in its own `finally`,
because the functions of a context manager can themselves be interrupted.

    faults   A sweep adds all its gradients or, on an exception, none; the next sweep can begin.
    threads  Threads may record and sweep graphs that share nodes. Sweeps take turns: no gradient is lost when another
             thread adds, sets or clears it. The order of the threads decides the last bits of a sum, and which number
             a sweep reads while another thread changes it.
    nesting  A sweep calls no user code. A signal handler or finalizer that starts a sweep during another one gets a
             RuntimeError, and the sweep under way goes on.
    forks    A forked child can sweep at once: it gets a lock of its own.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable
from functools import wraps
from operator import call
from threading import RLock
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

lock = RLock()
"""A sweep holds it, and so does everything that sets gradients."""
_sweeping = False


def _free_the_lock() -> None:
    """Make a new lock in a forked child, because the thread that held the old one does not exist there."""
    global lock, _sweeping
    lock, _sweeping = RLock(), False


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_free_the_lock)


def one_at_a_time(sweep: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Let only one sweep run at a time, because a sweep leaves marks on the nodes; under the GIL this costs nothing."""

    @wraps(sweep)
    def in_turn(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        global _sweeping  # noqa: PLW0603 — like the lock, one flag serves all graphs
        with lock:
            if _sweeping:  # an RLock lets its own thread enter again
                raise RuntimeError("a sweep is running in this thread; wait until it ends to start another one")
            try:
                _sweeping = True  # inside the try, so that no Ctrl-C can leave it True
                return sweep(*arguments, **named)
            finally:
                _sweeping = False

    return in_turn


def all_or_none(calls: Iterable[tuple[Any, ...]]) -> None:
    """Call function(*arguments) for each (function, *arguments): all of them or, on Ctrl-C, none.

    The functions must be written in C. Python raises KeyboardInterrupt only between its own instructions, and the
    `deque` makes all the calls within a single instruction; a `for` loop would not.
    """
    calls = list(calls)
    with lock:  # the calls may set gradients
        deque(itertools.starmap(call, calls), maxlen=0)


def cyclic_collector_paused(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Pause Python's cyclic collector, which would walk a large graph again and again although it has no cycles."""

    @wraps(function)
    def paused(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        if not gc.isenabled():  # a caller paused it, and will enable it
            return function(*arguments, **named)
        try:
            gc.disable()
            return function(*arguments, **named)
        finally:
            gc.enable()

    return paused
