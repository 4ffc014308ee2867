"""HTTP/1.1 over a unix socket or TLS: the part of it that the cloud's nodes speak.

The standard library's client takes longer to import than a call takes; this one is loaded in
about a millisecond, and reads answers as streams.
"""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from time import monotonic
from typing import IO, Any, NamedTuple, Optional, Union

Body = Union[bytes, IO[bytes], None]

# A node closes a connection that was idle for longer, so an older one is not used again.
_IDLE_LIMIT = 60.0
_HEAD_LIMIT = 64 << 10
_COPY_BYTES = 256 << 10


class Address(NamedTuple):
    """Where a node listens: at a unix socket if ``path`` is not empty, else at a TLS port."""

    path: str
    host: str = ""
    port: int = 0
    authority: str = ""

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"https://{self.host}:{self.port}"


class BrokenAnswer(ConnectionError):
    """The connection ended before the answer did."""


class Answer(io.RawIOBase):
    """The answer to a request, and its body as a stream."""

    def __init__(
        self, status: int, headers: Mapping[str, str], source: IO[bytes], is_head: bool = False
    ) -> None:
        self.status = status
        self.headers = headers
        self._source = source
        self._is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        self._left = 0 if self._is_chunked else int(headers.get("content-length", "0"))
        self._is_complete = is_head or not self._is_chunked and self._left == 0

    @property
    def is_complete(self) -> bool:
        """Whether the whole body has been read."""
        return self._is_complete

    @property
    def keeps_connection(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._is_complete:
            return 0
        if self._is_chunked and self._left == 0:
            self._begin_chunk()
            if self._is_complete:
                return 0
        view = memoryview(buffer).cast("B")[: self._left]
        count = self._source.readinto1(view)  # type: ignore[attr-defined]
        if not count and len(view) > 0:
            raise BrokenAnswer("The node ended the connection in the middle of an answer.")
        self._left -= count
        if self._left == 0:
            if self._is_chunked:
                self._line()
            else:
                self._is_complete = True
        return int(count)

    def _begin_chunk(self) -> None:
        self._left = int(self._line().split(b";")[0], 16)
        if self._left == 0:
            while self._line():
                pass
            self._is_complete = True

    def _line(self) -> bytes:
        return read_line(self._source)


def read_line(source: IO[bytes]) -> bytes:
    line = source.readline(_HEAD_LIMIT)
    if not line.endswith(b"\n"):
        raise BrokenAnswer("The node ended the connection in the middle of an answer.")
    return line.rstrip(b"\r\n")


class Connection:
    """One connection, with one request at a time."""

    def __init__(self, address: Address, timeout: Optional[float]) -> None:
        self.address = address
        self.is_new = True
        self._is_head = False
        self.socket = _connect(address, timeout)
        self._source: Any = self.socket.makefile("rb", _COPY_BYTES)
        self._host = "node" if address.path else address.host

    def send(
        self, method: str, target: str, headers: Mapping[str, str] = {}, body: Body = None
    ) -> None:
        """Sends a request without waiting for its answer; a file is sent from its start."""
        self._is_head = method == "HEAD"
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        size = _size(body)
        if size is not None:
            lines.append(f"Content-Length: {size}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if body is None or isinstance(body, bytes):
            self.socket.sendall(head + (body or b""))
            return
        self.socket.sendall(head)
        while part := body.read(_COPY_BYTES):
            self.socket.sendall(part)

    def receive(self) -> Answer:
        """The answer to the oldest request that has none; read all of it before the next one."""
        while True:
            version, status, *_ = read_line(self._source).split(b" ", 2)
            headers = dict(self._headers())
            if not 100 <= int(status) < 200:
                break
        if not version.startswith(b"HTTP/1."):
            raise BrokenAnswer(f"{self.address} does not speak HTTP/1.1.")
        return Answer(int(status), headers, self._source, self._is_head)

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := read_line(self._source):
            name, _, value = line.decode("latin-1").partition(":")
            yield name.strip().lower(), value.strip()

    def close(self) -> None:
        self._source.close()
        self.socket.close()


class Pool:
    """Connections to one node, each used by one thread at a time."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        self.timeout = timeout
        self._lock = threading.Lock()
        self._idle: list[tuple[float, Connection]] = []
        self._process = os.getpid()

    def __del__(self) -> None:
        self.close()

    def take(self, is_new: bool = False) -> Connection:
        """A connection for one thread; give it back or close it."""
        with self._lock:
            if self._process != os.getpid():
                # A forked process must not use the connections of its parent.
                self._idle.clear()
                self._process = os.getpid()
            while self._idle and not is_new:
                since, connection = self._idle.pop()
                if monotonic() - since < _IDLE_LIMIT:
                    connection.is_new = False
                    return connection
                connection.close()
        return Connection(self.address, self.timeout)

    def give_new(self, connection: Connection) -> None:
        """Takes a connection on which nothing was sent."""
        with self._lock:
            self._idle.append((monotonic(), connection))

    def give(self, connection: Connection, answer: Optional[Answer]) -> None:
        """Takes a connection back if its last answer was read to the end."""
        if answer is None or not answer.is_complete or not answer.keeps_connection:
            connection.close()
            return
        with self._lock:
            self._idle.append((monotonic(), connection))

    def close(self) -> None:
        with self._lock:
            for _, connection in self._idle:
                connection.close()
            self._idle.clear()


def _size(body: Body) -> Optional[int]:
    if body is None:
        return None
    if isinstance(body, bytes):
        return len(body)
    body.seek(0, os.SEEK_END)
    size = body.tell()
    body.seek(0)
    return size


def _connect(address: Address, timeout: Optional[float]) -> socket.socket:
    if address.path:
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            local.settimeout(timeout)
            local.connect(address.path)
            # A wait has no limit of its own.
            local.settimeout(None)
        except BaseException:
            local.close()
            raise
        return local
    import ssl

    context = ssl.create_default_context(cafile=address.authority or None)
    context.set_alpn_protocols(["http/1.1"])
    plain = socket.create_connection((address.host, address.port), timeout)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A peer that vanished is noticed while this side waits for it.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        secure = context.wrap_socket(plain, server_hostname=address.host)
        secure.settimeout(None)
    except BaseException:
        plain.close()
        raise
    return secure


def query(pairs: Iterable[tuple[str, object]]) -> str:
    """The query of a target: ``?a=1&b``; a pair whose value is None or False is left out."""
    parts = [
        escape(name) if value is True else f"{escape(name)}={escape(str(value))}"
        for name, value in pairs
        if value is not None and value is not False
    ]
    return "?" + "&".join(parts) if parts else ""


def escape(text: str) -> str:
    """Escapes a text for a target."""
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 or byte in b"-_.~,:@/" else f"%{byte:02X}"
        for byte in text.encode("utf-8", "surrogateescape")
    )


def unescaped(text: str) -> str:
    """The text that was escaped."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
