"""All or nothing, whenever Ctrl-C comes, and one sweep at a time, in every thread and after a fork. Knows no graph.

Gradients, parameters, an optimizer's memory, modes: they are as before a change or as after it, never between.
Python looks for Ctrl-C at the start of a function, after a call and at a loop's jump back, but never within a call into
C. So what changes together changes in one such call (`all_or_none`, and `set_data` and `set_gradients` of `node`). What
is undone is undone by a `finally` in the frame that did it, in its first call: a context manager's own functions can be
interrupted.

    faults   a sweep adds all its gradients or, on an exception, none, whenever Ctrl-C comes, and the next one can begin
    threads  may record and sweep graphs that share nodes: sweeps take turns, and no gradient is lost that another
             thread adds, sets or clears. The threads' order decides the last bits of a sum, and which number a sweep
             reads while another thread changes it
    nesting  a sweep runs nobody else's code; one that a signal's handler or a finalizer starts within another
             is refused with a RuntimeError, and the other one goes on
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
"""Held by a sweep, and by whatever sets gradients."""
_sweeping = False


def _free_the_lock() -> None:
    """In a forked child, where the thread that held the lock doesn't exist."""
    global lock, _sweeping
    lock, _sweeping = RLock(), False


if hasattr(os, "register_at_fork"):  # where there is fork
    os.register_at_fork(after_in_child=_free_the_lock)


def one_at_a_time(sweep: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A sweep leaves marks on the nodes, so only one may run at a time; under the GIL this costs nothing."""

    @wraps(sweep)
    def in_turn(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        global _sweeping  # noqa: PLW0603 — one for all graphs, as the lock is
        with lock:
            if _sweeping:  # the lock lets its own thread in again
                raise RuntimeError(
                    "a sweep was started within another one, as by a signal handler; start it afterwards"
                )
            try:
                _sweeping = True  # within the try, so that no Ctrl-C leaves it True
                return sweep(*arguments, **named)
            finally:
                _sweeping = False

    return in_turn


def all_or_none(calls: Iterable[tuple[Any, ...]]) -> None:
    """Call each (function, *arguments), functions that are C: all of them or, on Ctrl-C, none.

    Python looks for an interrupt between its own instructions, and to it this is one.
    """
    calls = list(calls)
    with lock:  # gradients may be among what they set
        deque(itertools.starmap(call, calls), maxlen=0)


def cyclic_collector_paused(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A graph has no cycles, but it has so many objects that the cyclic collector would walk it again and again."""

    @wraps(function)
    def paused(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        if not gc.isenabled():  # whoever has paused it enables it
            return function(*arguments, **named)
        try:
            gc.disable()
            return function(*arguments, **named)
        finally:
            gc.enable()

    return paused
