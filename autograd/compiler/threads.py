"""Work in threads that Ctrl-C doesn't interrupt, because C code starts them and waits for them.

`threading` and `concurrent.futures` start and wait in Python, where Ctrl-C can come between two lines and leave threads
hanging.
"""

from __future__ import annotations

from _thread import LockType, allocate_lock, start_new_thread
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

Task = TypeVar("Task")


def in_threads(threads: int, work: Callable[[Task], object], tasks: Iterable[Task]) -> None:
    """Do the work for each task in `threads` threads, and wait for them.

    If the work raises or Ctrl-C comes, no further task is begun, and this waits for those under way.
    """
    left = iter(tasks)  # each task goes to one thread, because `next` is a single step in C
    errors: list[BaseException] = []
    started: list[LockType] = []

    def run(at_work: LockType) -> None:
        try:
            for task in left:
                work(task)
        except BaseException as error:  # noqa: BLE001 — the waiting thread raises it
            errors.append(error)
            deque(left, maxlen=0)
        finally:
            at_work.release()

    def wait() -> None:
        for at_work in started:
            with at_work:
                pass

    try:
        for _ in range(threads):
            at_work = allocate_lock()
            at_work.acquire()
            start_new_thread(run, (at_work,))
            started.append(at_work)
        wait()
    finally:
        deque(left, maxlen=0)
        wait()
    if errors:
        raise errors[0]
