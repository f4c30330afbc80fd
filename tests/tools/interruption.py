"""Ctrl-C at a moment that is chosen: what the interpreter does with a real one, at every place where it looks for one.

CPython runs a signal's handler where it looks for signals: at the start of a function, after a call, at a loop's jump
back. Told of every instruction, this reports SIGINT just before such a one, and the interpreter delivers it by itself:
at no place where it would not, so that what is found wrong is wrong.
"""

import _thread
import dis
import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

LOOKING = {code for name, code in dis.opmap.items() if name.startswith(("CALL", "JUMP_BACKWARD", "RESUME"))}


class _Signal:
    """−signal reports SIGINT by an instruction after which the interpreter doesn't look for one, as after a call."""

    __neg__ = _thread.interrupt_main


SIGINT = _Signal()


class _Moments:
    """Counts the moments, and reports a signal at the one that is chosen."""

    def __init__(self, chosen: int) -> None:
        self.chosen = chosen
        self.met = 0
        self.codes: dict[CodeType, bytes] = {}

    def instruction(self, code: CodeType, offset: int) -> None:
        text = self.codes.get(code)
        if text is None:
            text = self.codes[code] = code.co_code
        if text[offset] in LOOKING and code.co_filename != __file__:
            self.met += 1
            if self.met == self.chosen:
                self.stop()
                -SIGINT  # noqa: B018 — see above

    if sys.version_info >= (3, 12):

        def start(self) -> None:
            monitoring = sys.monitoring
            monitoring.use_tool_id(monitoring.DEBUGGER_ID, "interruption")
            monitoring.register_callback(monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION, self.instruction)
            monitoring.set_events(monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION)

        def stop(self) -> None:
            monitoring = sys.monitoring
            if monitoring.get_tool(monitoring.DEBUGGER_ID):
                monitoring.set_events(monitoring.DEBUGGER_ID, 0)
                monitoring.register_callback(monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION, None)
                monitoring.free_tool_id(monitoring.DEBUGGER_ID)

    else:

        def start(self) -> None:
            self.previous = sys.gettrace()
            sys.settrace(self.trace)

        def stop(self) -> None:
            sys.settrace(self.previous)

        def trace(self, frame: FrameType, event: str, _: Any) -> Any:
            frame.f_trace_opcodes = True
            if event == "opcode":
                self.instruction(frame.f_code, frame.f_lasti)
            return self.trace


def moments(call: Callable[[], object]) -> int:
    """How many moments the call has at which Ctrl-C can come."""
    counted = _Moments(0)
    counted.start()
    try:
        call()
    finally:
        counted.stop()
    return counted.met


def interrupted(call: Callable[[], object], moment: int) -> KeyboardInterrupt | None:
    """Make the call, with Ctrl-C at its moment of that number (from 1); what it raised, traceback and all."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
    chosen = _Moments(moment)
    try:
        chosen.start()
        call()
    except KeyboardInterrupt as error:
        return error
    finally:
        chosen.stop()
        signal.signal(signal.SIGINT, before)
    return None
