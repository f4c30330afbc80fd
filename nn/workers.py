"""Groups of processes that train together: `nn.fit(…, shares=16, workers=group)`.

A group is anything with `rank`, `size` and `allgather` (see `Workers`); docs/scale.md makes some in five lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.ieee import integer, real
from nn.shares import Workers

if TYPE_CHECKING:
    from nn.mpi_group import MPI
    from nn.socket_group import Sockets

__all__ = ["Workers", "mpi", "sockets"]


def sockets(rank: int, size: int, address: tuple[str, int] = ("127.0.0.1", 29876), *, timeout: float = 60.0) -> Sockets:
    """Join a group of `size` workers over sockets as worker `rank`, from 0; return when all have come.

    address   where worker 0 listens, a host and a port: by default on this machine alone
    timeout   how many seconds a worker may be silent, while it computes its shares or before it has come

    A worker that dies is noticed at the next step, and one that hangs after `timeout` seconds: by the others within
    twice as many. There is no password and no cipher: use it on a network you trust.

        with nn.workers.sockets(rank, 2, ("192.168.0.7", 29876)) as group:
            nn.fit(model, loss, X, y, optimizer=optimizer, epochs=10, batch_size=4096, shares=16, workers=group)

    Raises TypeError and ValueError for arguments of another kind; ConnectionError if a worker hasn't come within
    `timeout` seconds or has a rank that is taken; OSError if the address can't be listened at.

    >>> with sockets(0, 1) as group:
    ...     group.rank, group.size, [each.tolist() for each in group.allgather([0.5, 2.0])]
    (0, 1, [[0.5, 2.0]])
    """
    size = integer(size, "size", least=1)
    rank = integer(rank, "rank", least=0)
    if rank >= size:
        raise ValueError(f"rank must be below size, {size}, got {rank}")
    if not (isinstance(address, tuple) and len(address) == 2 and isinstance(address[0], str)):
        raise TypeError(f'address must be a host and a port, such as ("127.0.0.1", 29876), got {address!r:.80}')
    host, port = address[0], integer(address[1], "address's port", least=1)
    if port > 65_535:
        raise ValueError(f"address's port must be at most 65535, got {port}")
    seconds = _seconds(timeout)
    try:
        from nn.socket_group import Sockets  # noqa: PLC0415 — this door needs NumPy
    except ModuleNotFoundError as error:
        raise ImportError('workers need numpy: pip install "pathgrad[compile]"') from error
    return Sockets(rank, size, (host, port), seconds)


def mpi(communicator: Any = None, *, timeout: float = 60.0) -> MPI:
    """Return the workers of an MPI communicator, by default all that `mpiexec -n 4 python train.py` has started.

    A worker that hangs stops the others after `timeout` seconds. If one is killed, mpiexec ends the others, too: go on
    from a checkpoint.

    Raises ImportError where mpi4py is missing; TypeError and ValueError for another kind of timeout.
    """
    seconds = _seconds(timeout)
    try:
        from nn.mpi_group import MPI  # noqa: PLC0415 — this door needs NumPy

        if communicator is None:
            from mpi4py.MPI import COMM_WORLD  # noqa: PLC0415 — this door needs mpi4py

            communicator = COMM_WORLD
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        raise ImportError(f'nn.workers.mpi needs {missing}: pip install "pathgrad[mpi]"') from error
    return MPI(communicator, seconds)


def _seconds(timeout: float) -> float:
    seconds = real(timeout, "timeout")
    if not 0 < seconds < 1e6:
        raise ValueError(f"timeout must be a number of seconds above 0 and below a million, got {timeout}")
    return seconds
