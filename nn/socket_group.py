"""A group of workers over sockets of the standard library: worker 0 listens, and the others connect to it.

To gather, each worker sends its array to worker 0, which sends all of them to each. A message is a head (what it is,
the number of the exchange, the length) and so many bytes. A message that ends a group holds the sentence that says why.
Nothing that comes in is run or unpickled, but neither is there a password or a cipher: use it on a network you trust.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
from collections.abc import Iterator
from time import monotonic, sleep
from typing import NoReturn, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HELLO, WELCOME, NUMBERS, STOP = b"hello 1 ", b"welcome ", b"numbers ", b"stop    "
HEAD = struct.Struct("<8sQQ")
LEFT = "worker {} has left: its connection is closed"
MAX_SENTENCE_BYTES = 1000
SECONDS_TO_SAY_WHY = 1.0
SECONDS_BETWEEN_TRIALS = 0.02
SECONDS_OF_A_STRANGER = 2.0  # to say hello


class Sockets:
    """A worker's view of the group: `rank`, `size`, `allgather`, `close`; it can stand in a `with` statement."""

    def __init__(self, rank: int, size: int, address: tuple[str, int], timeout: float) -> None:
        self.rank, self.size, self.timeout = rank, size, timeout
        self._exchange = 0
        self._closed = ""
        self._peers: dict[int, socket.socket] = {}
        with self._leaving_on_errors():
            if size > 1 and rank == 0:
                self._listen(address)
            elif size > 1:
                self._connect(address)

    def allgather(self, array: Array) -> list[Array]:
        """Give the others an array (n,) of float64, and return those of all workers in the order of their ranks.

        All workers call it equally often, with arrays of one length. Raises ConnectionError if a worker has left, is
        silent for `timeout` seconds, or calls with another length; the group is closed then.
        """
        if self._closed:
            raise ConnectionError(f"the group of workers is closed: {self._closed}")
        own = np.ascontiguousarray(array, dtype=np.float64)
        if self.size == 1:
            return [own]
        with self._leaving_on_errors():
            self._exchange += 1
            return self._as_first(own) if self.rank == 0 else self._as_other(own)

    def close(self, reason: str = "") -> None:
        """Leave the group. The others are told the reason, if there is one, or see that the connection is closed."""
        if self._closed:
            return
        self._closed = reason or "this worker has left it"
        for peer in self._peers.values():
            if reason:
                with contextlib.suppress(OSError):
                    peer.settimeout(SECONDS_TO_SAY_WHY)
                    sentence = reason.encode()[:MAX_SENTENCE_BYTES]
                    peer.sendall(HEAD.pack(STOP, 0, len(sentence)) + sentence)
            peer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _leaving_on_errors(self) -> Iterator[None]:
        try:
            yield
        except ConnectionError as error:
            self.close(str(error))
            raise
        except BaseException:
            self.close()
            raise

    # Coming together

    def _listen(self, address: tuple[str, int]) -> None:
        """Wait until all others are there."""
        end = monotonic() + self.timeout
        with socket.create_server(address) as server:
            while len(self._peers) < self.size - 1:
                server.settimeout(max(0.001, end - monotonic()))
                try:
                    peer, _ = server.accept()
                except TimeoutError:
                    raise ConnectionError(
                        f"{len(self._peers) + 1} of {self.size} workers had come after {self.timeout:g} s"
                    ) from None
                self._admit(peer)
        for rank, peer in self._peers.items():
            self._send(rank, peer, HEAD.pack(WELCOME, 0, 0))

    def _admit(self, peer: socket.socket) -> None:
        """Let in who says hello as one of this group; leave alone who is something else."""
        peer.settimeout(SECONDS_OF_A_STRANGER)
        hello = b""
        with contextlib.suppress(OSError):
            while len(hello) < HEAD.size and (piece := peer.recv(HEAD.size - len(hello))):
                hello += piece
        what, rank, size = HEAD.unpack(hello) if len(hello) == HEAD.size else (b"", 0, 0)
        if what != HELLO:
            peer.close()
            return
        if size != self.size or not 0 < rank < self.size or rank in self._peers:
            self._peers[self.size] = peer  # to be told, too
            taken = "two workers have" if rank in self._peers else "a worker has"
            raise ConnectionError(f"{taken} rank {rank} of {size}, in a group of {self.size}")
        self._own(rank, peer)

    def _connect(self, address: tuple[str, int]) -> None:
        """Find worker 0, which may start later, and wait until all are there."""
        end = monotonic() + self.timeout
        while True:
            try:
                peer = _connected(address, max(0.001, end - monotonic()))
                break
            except OSError as error:
                if monotonic() > end:
                    raise ConnectionError(
                        f"worker 0 was not at {address[0]}:{address[1]} within {self.timeout:g} s: {error}"
                    ) from None
                sleep(SECONDS_BETWEEN_TRIALS)
        self._own(0, peer)
        self._send(0, peer, HEAD.pack(HELLO, self.rank, self.size))
        self._receive(_Message(0, WELCOME, 0, 0))

    def _own(self, rank: int, peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a small message may wait 40 ms for another
        self._peers[rank] = peer

    # Gathering

    def _as_first(self, own: Array) -> list[Array]:
        messages = {rank: _Message(rank, NUMBERS, self._exchange, own.nbytes) for rank in self._peers}
        self._receive_from_all(messages)
        found = [own, *(messages[rank].numbers() for rank in range(1, self.size))]
        head = HEAD.pack(NUMBERS, self._exchange, own.nbytes * self.size)
        for rank, peer in self._peers.items():
            for part in (head, *map(_bytes_of, found)):
                self._send(rank, peer, part)
        return found

    def _receive_from_all(self, messages: dict[int, _Message]) -> None:
        """Receive from whoever sends; nobody may be silent for longer than the timeout."""
        heard = dict.fromkeys(messages, monotonic())
        with selectors.DefaultSelector() as selector:
            for rank, message in messages.items():
                self._peers[rank].settimeout(self.timeout)
                selector.register(self._peers[rank], selectors.EVENT_READ, message)
            while heard:
                quietest = min(heard, key=heard.__getitem__)
                left = heard[quietest] + self.timeout - monotonic()
                if left <= 0:
                    self._silent(quietest, self.timeout)
                for key, _ in selector.select(left):
                    message = key.data
                    heard[message.rank] = monotonic()
                    if message.receive(self._peers[message.rank]):
                        selector.unregister(self._peers[message.rank])
                        del heard[message.rank]

    def _as_other(self, own: Array) -> list[Array]:
        peer = self._peers[0]
        try:
            for part in (HEAD.pack(NUMBERS, self._exchange, own.nbytes), _bytes_of(own)):
                self._send(0, peer, part)
        except BrokenPipeError:  # worker 0 may have said why before it left
            self._receive(_Message(0, NUMBERS, self._exchange, own.nbytes * self.size))
            raise
        message = _Message(0, NUMBERS, self._exchange, own.nbytes * self.size)
        self._receive(message)
        return list(message.numbers().reshape(self.size, -1))

    def _receive(self, message: _Message) -> None:
        """Receive from worker 0, which itself waits for the others: so it has twice the time."""
        peer, patience = self._peers[0], 2 * self.timeout
        peer.settimeout(patience)
        try:
            while not message.receive(peer):
                pass
        except TimeoutError:
            self._silent(0, patience)

    def _send(self, rank: int, peer: socket.socket, part: bytes | memoryview) -> None:
        peer.settimeout(self.timeout)
        left = memoryview(part)
        try:
            while left:
                left = left[peer.send(left) :]
        except TimeoutError:
            self._silent(rank, self.timeout)
        except OSError:
            raise BrokenPipeError(LEFT.format(rank)) from None

    def _silent(self, rank: int, seconds: float) -> NoReturn:
        raise ConnectionError(f"worker {rank} was silent for {seconds:g} s")


def _bytes_of(array: Array) -> bytes | memoryview:
    return array.data.cast("B") if array.nbytes else b""  # which a memoryview of nothing can't be cast to


class _Message:
    """A message that comes in, piece by piece."""

    def __init__(self, rank: int, what: bytes, exchange: int, length: int) -> None:
        self.rank, self.expected = rank, (what, exchange, length)
        self.received = 0
        self.memory = bytearray(HEAD.size)
        self.head: tuple[bytes, int, int] | None = None

    def receive(self, peer: socket.socket) -> bool:
        """Receive one more piece; whether that was the last. Raises ConnectionError for another message."""
        try:
            count = peer.recv_into(memoryview(self.memory)[self.received :])
        except TimeoutError:
            raise
        except OSError:
            count = 0
        if not count:
            raise ConnectionError(LEFT.format(self.rank))
        self.received += count
        if self.received < len(self.memory):
            return False
        if self.head is None:
            self._read_head()
            return self.received == len(self.memory)
        if self.head[0] == STOP:
            raise ConnectionError(self.memory[HEAD.size :].decode(errors="replace"))
        return True

    def _read_head(self) -> None:
        what, exchange, length = self.head = HEAD.unpack(self.memory)
        if what == STOP and 0 < length <= MAX_SENTENCE_BYTES:
            pass
        elif self.head != self.expected:
            raise ConnectionError(
                f"worker {self.rank} must send {self.expected[2]} bytes in exchange {self.expected[1]}, got {length} "
                f"in exchange {exchange}: do all workers call the same functions with the same arguments?"
            )
        self.memory = bytearray(HEAD.size + length)

    def numbers(self) -> Array:
        """The numbers that came."""
        return np.frombuffer(self.memory, np.float64, offset=HEAD.size)


def _connected(address: tuple[str, int], timeout: float) -> socket.socket:
    peer = socket.create_connection(address, timeout=timeout)
    if peer.getsockname() == peer.getpeername():  # while nobody listens, a system may connect a socket to itself
        peer.close()
        raise ConnectionRefusedError("nobody listens there")
    return peer
