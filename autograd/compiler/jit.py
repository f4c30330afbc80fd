"""From LLVM's language to machine code in this process, and where it finds the C library's functions."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Callable, Sequence
from functools import cache
from threading import RLock
from typing import Any

import llvmlite.binding as llvm

from autograd.compiler.c_library import c_functions
from autograd.compiler.module import Module
from autograd.compiler.shared import SharedModule
from autograd.compiler.threads import in_threads

lock = RLock()  # one thread at a time asks LLVM

# Nobody forks meanwhile, because LLVM's own locks would be held for ever in the other process
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)


O0_ABOVE_INSTRUCTIONS = 40_000  # of straight pieces: optimizing more takes too long; without it, code is half as fast


class MachineCode:
    """Machine code: `run(*arguments)` takes integers and addresses, and lets other threads run meanwhile."""

    def __init__(self, module: Module) -> None:
        _lanes_of_processor()  # before `_engine` takes the lock: this asks LLVM, too, and would wait for ever
        optimization = 2 if module.instructions <= O0_ABOVE_INSTRUCTIONS else 0
        self._engine, self.address = _undisturbed(_engine, module.text, module.shared, optimization)
        self.run: Callable[..., None] = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * module.arguments)(self.address)


def _undisturbed(ask: Callable[..., Any], *arguments: Any) -> Any:
    """Run LLVM in a thread of its own, which Ctrl-C doesn't reach, and return its result.

    Within llvmlite, Ctrl-C would leave a lock taken, or memory that is freed twice, which ends the process.
    """
    answers: list[Any] = []

    def work(_: object) -> None:
        with lock:
            answers.append(ask(*arguments))

    in_threads(1, work, [ask])
    return answers[0]


def _engine(text: str, shared: Sequence[SharedModule], optimization: int) -> tuple[Any, int]:
    """The engine that holds a module's machine code, and the address of the function `run`."""
    module = llvm.parse_assembly(text)
    engine = llvm.create_mcjit_compiler(module, _target_machine(optimization))
    for name, address in _addresses(shared).items():
        engine.add_global_mapping(module.get_function(name), address)
    engine.finalize_object()
    return engine, engine.get_function_address("run")


_engines: list[Any] = []
_shared_addresses: dict[SharedModule, dict[str, int]] = {}


def _addresses(parts: Sequence[SharedModule]) -> dict[str, int]:
    """The addresses of shared modules' functions, which are compiled once in a process and stay."""
    _add_symbols(frozenset(c_functions()))
    new = [part for part in parts if part.exported and part not in _shared_addresses]
    if new:  # in one engine, because each has costs of its own
        first, *others = [llvm.parse_assembly(part.text) for part in new]
        for other in others:
            first.link_in(other)
        engine = llvm.create_mcjit_compiler(first, _target_machine(2))
        engine.finalize_object()
        _engines.append(engine)
        for part in new:
            _shared_addresses[part] = {name: engine.get_function_address(name) for name in part.exported}
    return {name: address for part in parts if part.exported for name, address in _shared_addresses[part].items()}


def shared_function(part: SharedModule, name: str, arguments: int) -> Callable[..., None]:
    """A shared module's function, which takes this many integers and addresses."""
    addresses = _undisturbed(_addresses, [part])
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)(addresses[name])


@cache
def lanes() -> int:
    """How many float64 a vector holds: this processor's number, or that of the environment variable PATHGRAD_LANES.

    LLVM splits vectors that are too wide for the processor.
    """
    own = _lanes_of_processor()  # now: within `_engine`, which holds the lock, it would wait for ever
    forced = os.environ.get("PATHGRAD_LANES") or str(own)
    if forced not in ("2", "4", "8"):
        raise ValueError(f"the environment variable PATHGRAD_LANES must be 2, 4 or 8, got {forced!r}")
    return int(forced)


@cache
def _lanes_of_processor() -> int:
    features: dict[str, bool] = _undisturbed(llvm.get_host_cpu_features)
    return 8 if features.get("avx512f") else 4 if features.get("avx2") else 2


@cache
def fuses() -> bool:
    """Whether this processor has an instruction for x·y + z, rounded once."""
    features: dict[str, bool] = _undisturbed(llvm.get_host_cpu_features)
    return bool(features.get("fma")) or platform.machine().lower() in ("arm64", "aarch64")


def _target_machine(optimization: int) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=optimization, jit=True)


@cache
def _add_symbols(names: frozenset[str]) -> None:
    """Tell LLVM the addresses of the C library's functions, which Python's math module calls, and of vector forms."""
    library = _c_library()
    for word in names:
        llvm.add_symbol(f"c.{word}", _address(library, word))
    for word, address in _vector_functions().items():
        llvm.add_symbol(f"vector.{word}", address)


def _c_library() -> ctypes.CDLL:
    names: Sequence[str | None] = ["ucrtbase"] if sys.platform == "win32" else [None, "libm.so.6", "libm.so"]
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if hasattr(library, "tanh"):
            return library
    raise ImportError("compile needs the C library's mathematics, and this system hides it")


def _address(library: ctypes.CDLL, name: str) -> int:
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


@cache
def _vector_functions() -> dict[str, int]:
    """The addresses of the GNU C library's functions of whole vectors, if the system has them: for `exact=False`.

    Each is within 4 ulp: the library's manual, "Errors in Math Functions". Names are those of the x86-64 vector ABI.
    """
    try:
        library = ctypes.CDLL("libmvec.so.1")
    except OSError:
        return {}
    if lanes() > _lanes_of_processor():
        return {}
    kind = {8: "e", 4: "d", 2: "b"}[lanes()]
    addresses = {}
    for word, count in c_functions().items():
        name = f"_ZGV{kind}N{lanes()}{'v' * count}_{word}"
        if hasattr(library, name):
            addresses[word] = _address(library, name)
    return addresses


def vectorized() -> frozenset[str]:
    """The functions that this system has for whole vectors."""
    return frozenset(_vector_functions())
