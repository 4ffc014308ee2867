"""Contents that go with a submission: small ones inside it, others once, by their hash."""

from __future__ import annotations

import io
import threading
import time
from base64 import b64encode
from hashlib import sha256
from typing import IO, Any, Union

from ._client import Client
from ._pickles import Pickled
from .errors import CloudException

_INLINE_BYTES = 4 << 10
_INLINE_MOST = 32 << 10
# The cloud keeps a content that no job refers to for an hour.
_KNOWN_SECONDS = 1800.0

Content = Union[bytes, Pickled]


class Blobs:
    """The contents that this process sent."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._sent: dict[str, float] = {}

    def content(
        self, content: Content, name: str, shares: int = 1
    ) -> dict[str, Any]:
        """The member of a submission that is a file with this content; sends it if need be.

        :param shares: how many calls share it: it stands inside the submission if it is small for
            each of them
        """
        if isinstance(content, bytes):
            size = len(content)
        else:
            size = content.size
        if size <= min(shares * _INLINE_BYTES, _INLINE_MOST):
            data = content if isinstance(content, bytes) else content.content()
            return {"base64": b64encode(data).decode("ascii"), "name": name}
        digest = sha256(content).hexdigest() if isinstance(content, bytes) else content.hash
        self._send(digest, content)
        return {"sha256": digest, "size": size, "name": name}

    def forget(self) -> None:
        """Sends all contents again, because the cloud lost one."""
        with self._lock:
            self._sent.clear()

    def _send(self, digest: str, content: Content) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._sent.get(digest, -_KNOWN_SECONDS) < _KNOWN_SECONDS:
                return
        target = f"/v1/blobs/{digest}"
        try:
            with self._client.exchange("HEAD", target):
                pass
        except CloudException as problem:
            if problem.status not in ("not-found", "unexpected"):
                raise
            body: IO[bytes] = io.BytesIO(content) if isinstance(content, bytes) else content.file
            with self._client.exchange("PUT", target, body, {"Content-Type": _BYTES}) as answer:
                answer.readall()
        with self._lock:
            self._sent[digest] = now


_BYTES = "application/octet-stream"
