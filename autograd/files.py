"""Files that are whole, whatever comes between: the old one or the new one, never a part."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path


def replace(path: str | bytes | os.PathLike[str], content: bytes) -> None:
    """Write a file beside its place, and move it there: through a link, to what it links to; with the old one's mode.

    An exception or Ctrl-C leaves nothing beside it. Where the process is killed meanwhile, what it has written stays
    there: a hidden file that ends in .part, which nothing reads.

    Raises ValueError where something else than a file has its place, OSError where it can't be written: a file that is
    protected against writing stays.
    """
    target = Path(os.path.realpath(os.fsdecode(path)))
    if target.exists() and not target.is_file():
        raise ValueError(f"{target} is no file that could be replaced")
    if target.exists() and not os.access(target, os.W_OK):  # to be moved over, it needs no permission of its own
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    beside = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        if error.filename is None:
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None  # the name that was given
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
