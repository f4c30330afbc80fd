"""random.shuffle in machine code: the permutation that Python's generator gives, in a fiftieth of the time.

For i from the last place down to 1, the entry there changes places with one of 0 to i: its place is the first of the
generator's numbers, cut to the bits of i + 1, that is not above i (`random.Random.shuffle` and `getrandbits`). The
generator's numbers of 32 bits are drawn in advance, many in one call; what is left of them is for the next time.
"""

from __future__ import annotations

import random
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import machine
from autograd.compiler.text import attributes

Indices = NDArray[np.int64]


class Shuffled:
    """0, 1, …, n − 1, shuffled again and again by a generator that nobody else draws from."""

    def __init__(self, n: int, generator: random.Random) -> None:
        self.order: Indices = np.arange(n)
        self.generator = generator
        self.words = np.empty(0, np.uint32)
        self.at = np.zeros(2, np.int64)  # the place to fill, and how many words are used up

    def shuffle(self) -> Indices:
        """The order, after one more shuffle."""
        if _is_as_pythons():
            return _shuffled(self)
        order = self.order.tolist()
        self.generator.shuffle(order)
        self.order[:] = order
        return self.order


def _shuffled(entries: Shuffled) -> Indices:
    at = entries.at
    at[0] = len(entries.order) - 1
    while True:
        _code().run(entries.order.ctypes.data, entries.words.ctypes.data, len(entries.words), at.ctypes.data)
        if at[0] <= 0:
            return entries.order
        count = 64 + int(at[0]) * 3 // 2
        words = entries.generator.getrandbits(32 * count).to_bytes(4 * count, "little")
        at[1] = 0
        entries.words = np.frombuffer(words, "<u4")


@cache
def _is_as_pythons() -> bool:
    """Whether this Python's `shuffle` is the one that is written here: tried, not known."""
    expected = list(range(100))
    random.Random(0).shuffle(expected)
    found: list[int] = _shuffled(Shuffled(100, random.Random(0))).tolist()
    return found == expected


@cache
def _code() -> machine.Kernel:
    return machine.Kernel(TEXT, 4, 0, shared=(), keep=None)


TEXT = f"""{attributes()}

declare i64 @llvm.ctlz.i64(i64, i1)

define void @run(ptr %order, ptr %words, i64 %count, ptr %at) #0 {{
entry:
  %used.at = getelementptr i64, ptr %at, i64 1
  %first = load i64, ptr %at
  %used.before = load i64, ptr %used.at
  br label %head
head:
  %i = phi i64 [ %first, %entry ], [ %i, %draw ], [ %below, %swap ]
  %used = phi i64 [ %used.before, %entry ], [ %used.next, %draw ], [ %used.next, %swap ]
  %left = icmp sgt i64 %i, 0
  %more = icmp slt i64 %used, %count
  %on = and i1 %left, %more
  br i1 %on, label %draw, label %done
draw:
  %word.at = getelementptr i32, ptr %words, i64 %used
  %word = load i32, ptr %word.at
  %wide = zext i32 %word to i64
  %used.next = add i64 %used, 1
  %places = add i64 %i, 1
  %zeros = call i64 @llvm.ctlz.i64(i64 %places, i1 true)
  %shift = sub i64 %zeros, 32
  %j = lshr i64 %wide, %shift
  %within = icmp sle i64 %j, %i
  br i1 %within, label %swap, label %head
swap:
  %x.at = getelementptr i64, ptr %order, i64 %i
  %y.at = getelementptr i64, ptr %order, i64 %j
  %x = load i64, ptr %x.at
  %y = load i64, ptr %y.at
  store i64 %y, ptr %x.at
  store i64 %x, ptr %y.at
  %below = sub i64 %i, 1
  br label %head
done:
  store i64 %i, ptr %at
  store i64 %used, ptr %used.at
  ret void
}}
"""
