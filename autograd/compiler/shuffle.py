"""random.shuffle in machine code: the same permutation as in Python, in a fiftieth of the time.

For i from the last place down to 1, the entry at i changes places with the entry at j. The generator's numbers are cut
to as many bits as i + 1 has, and j is the first of them that isn't above i (`random.Random.shuffle`, `getrandbits`).
The generator is MT19937 (M. Matsumoto, T. Nishimura, ACM TOMACS 8, 1998), which goes on here from its state in Python.
"""

from __future__ import annotations

import random
from functools import cache

import numpy as np

from autograd.compiler.jit import MachineCode
from autograd.compiler.llvm_text import attributes
from autograd.compiler.memory import Indices
from autograd.compiler.module import Module

STATE_WORDS = 624  # of 32 bits, in the generator's state
TWIST_WORDS = 397  # from a word to the one that goes into its successor


class Shuffled:
    """0, 1, …, n − 1, shuffled again and again. Nothing else may draw from the generator in the meantime."""

    def __init__(self, n: int, generator: random.Random) -> None:
        self.order: Indices = np.arange(n)
        self.generator = generator
        self.state = np.array(generator.getstate()[1], dtype=np.uint32)  # the words, then how many are used up

    def shuffle(self) -> Indices:
        """Shuffle once more; return the order, an array that the next shuffle changes."""
        if _is_as_pythons():
            return _shuffled(self)
        order = self.order.tolist()
        self.generator.shuffle(order)
        self.order[:] = order
        return self.order


def _shuffled(entries: Shuffled) -> Indices:
    _code().run(entries.order.ctypes.data, len(entries.order), entries.state.ctypes.data)
    return entries.order


@cache
def _is_as_pythons() -> bool:
    """Whether this Python's shuffle gives the same order as the code here, found by trying."""
    expected = list(range(100))
    random.Random(0).shuffle(expected)
    order: list[int] = _shuffled(Shuffled(100, random.Random(0))).tolist()
    return order == expected


@cache
def _code() -> MachineCode:
    return MachineCode(Module(SHUFFLE_MODULE, arguments=3))


SHUFFLE_MODULE = f"""{attributes()}

declare i64 @llvm.ctlz.i64(i64, i1)

define internal void @refill(ptr %state) #1 {{
entry:
  br label %turn
turn:
  %i = phi i64 [ 0, %entry ], [ %next, %turn ]
  %next = add i64 %i, 1
  %next.wrapped = urem i64 %next, {STATE_WORDS}
  %far = add i64 %i, {TWIST_WORDS}
  %far.wrapped = urem i64 %far, {STATE_WORDS}
  %x.at = getelementptr i32, ptr %state, i64 %i
  %y.at = getelementptr i32, ptr %state, i64 %next.wrapped
  %z.at = getelementptr i32, ptr %state, i64 %far.wrapped
  %x = load i32, ptr %x.at
  %y = load i32, ptr %y.at
  %z = load i32, ptr %z.at
  %high = and i32 %x, {-(2**31)}
  %low = and i32 %y, {2**31 - 1}
  %both = or i32 %high, %low
  %half = lshr i32 %both, 1
  %odd = and i32 %y, 1
  %is.odd = icmp ne i32 %odd, 0
  %twist = select i1 %is.odd, i32 {0x9908B0DF - 2**32}, i32 0
  %mixed = xor i32 %z, %half
  %word = xor i32 %mixed, %twist
  store i32 %word, ptr %x.at
  %more = icmp ult i64 %next, {STATE_WORDS}
  br i1 %more, label %turn, label %done
done:
  %used.at = getelementptr i32, ptr %state, i64 {STATE_WORDS}
  store i32 0, ptr %used.at
  ret void
}}

define void @run(ptr %order, i64 %n, ptr %state) #0 {{
entry:
  %used.at = getelementptr i32, ptr %state, i64 {STATE_WORDS}
  %used.before = load i32, ptr %used.at
  %last = sub i64 %n, 1
  br label %head
head:
  %i = phi i64 [ %last, %entry ], [ %i.next, %draw ]
  %used = phi i32 [ %used.before, %entry ], [ %used.next, %draw ]
  %left = icmp sgt i64 %i, 0
  br i1 %left, label %look, label %done
look:
  %empty = icmp uge i32 %used, {STATE_WORDS}
  br i1 %empty, label %fill, label %draw
fill:
  call void @refill(ptr %state)
  br label %draw
draw:
  %place = phi i32 [ %used, %look ], [ 0, %fill ]
  %used.next = add i32 %place, 1
  %word.at = getelementptr i32, ptr %state, i32 %place
  %a = load i32, ptr %word.at
  %a.11 = lshr i32 %a, 11
  %b = xor i32 %a, %a.11
  %b.7 = shl i32 %b, 7
  %b.masked = and i32 %b.7, {0x9D2C5680 - 2**32}
  %c = xor i32 %b, %b.masked
  %c.15 = shl i32 %c, 15
  %c.masked = and i32 %c.15, {0xEFC60000 - 2**32}
  %d = xor i32 %c, %c.masked
  %d.18 = lshr i32 %d, 18
  %word = xor i32 %d, %d.18
  %wide = zext i32 %word to i64
  %places = add i64 %i, 1
  %zeros = call i64 @llvm.ctlz.i64(i64 %places, i1 true)
  %shift = sub i64 %zeros, 32
  %drawn = lshr i64 %wide, %shift
  %within = icmp sle i64 %drawn, %i
  %j = select i1 %within, i64 %drawn, i64 %i  ; no branch, which processors would guess wrong every third time
  %x.at = getelementptr i64, ptr %order, i64 %i
  %y.at = getelementptr i64, ptr %order, i64 %j
  %x = load i64, ptr %x.at
  %y = load i64, ptr %y.at
  store i64 %y, ptr %x.at
  store i64 %x, ptr %y.at
  %one = zext i1 %within to i64
  %i.next = sub i64 %i, %one
  br label %head
done:
  store i32 %used, ptr %used.at
  ret void
}}
"""
