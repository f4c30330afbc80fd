"""Atomic file replacement: readers see the old file or the new one, never a partial one."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path


def replace(path: str | bytes | os.PathLike[str], content: bytes) -> None:
    """Replace the file at `path`, or make it: write a temporary file in the same folder, then move it there.

    A symbolic link stays, and its target is replaced. The new file has the permissions of the old one. An exception or
    Ctrl-C removes the temporary file. If the process is killed, a hidden file that ends in .part remains.

    Raises ValueError if something other than a regular file is at `path`, and OSError if the file cannot be written; a
    write-protected file is not replaced.
    """
    target = Path(os.path.realpath(os.fsdecode(path)))
    if target.exists() and not target.is_file():
        raise ValueError(f"cannot replace {target}: not a regular file")
    if target.exists() and not os.access(target, os.W_OK):  # the move itself would not ask for this permission
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    temporary = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except OSError as error:
        if error.filename is None:
            raise
        raise OSError(
            error.errno, error.strerror, os.fspath(path)
        ) from None  # names the user's path, not the temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
