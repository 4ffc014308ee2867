"""One connection on which the cloud reports which jobs have ended."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from . import _http
from ._client import BUSY, LINES, Client, problem_of, read_problem
from ._jids import Jids
from .errors import CloudConnectionError


class News(NamedTuple):
    """The changes since the last update."""

    counts: dict[str, int]
    ended: list[tuple[range, str]]
    is_last: bool


class Stream:
    """Waits for jobs. ``stop`` may be called by another thread."""

    def __init__(self, client: Client, jids: Jids) -> None:
        target = f"/v1/jobs/{jids}/ends" + _http.query([("inside", client.place.inside or None)])
        self._connection, answer = client.open_stream(target, {"Accept": LINES})
        if answer.status >= 400:
            try:
                problem = read_problem(answer)
            finally:
                self.close()
            # A node that starts or is busy is an outage, which the caller waits out.
            if answer.status in BUSY:
                raise CloudConnectionError(str(problem), status=problem.status)
            raise problem
        self._lines = io.BufferedReader(answer)

    def set_timeout(self, timeout: Optional[float]) -> None:
        """Sets how long to wait for each of the next news, in seconds; None: without limit."""
        self._connection.socket.settimeout(timeout)

    def news(self) -> Iterator[News]:
        """What happens, until all jobs have ended.

        :raises CloudException: if the cloud refuses, such as for a job that was deleted
        :raises OSError: if the connection breaks, or nothing comes in time (TimeoutError)
        """
        while line := self._lines.readline():
            document = json.loads(line)
            if "error" in document:
                error = document["error"]
                raise problem_of(error["code"], error["jid"], error["message"])
            news = _news(document)
            yield news
            if news.is_last:
                return
        raise _http.BrokenAnswer("The node ended the connection in the middle of an answer.")

    def stop(self) -> None:
        """Ends a wait of another thread; it gets an OSError."""
        import socket

        try:
            self._connection.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The connection has ended.

    def close(self) -> None:
        self._connection.close()


def _news(document: dict[str, Any]) -> News:
    ended = [(range(run["first"], run["last"] + 1), run["status"]) for run in document["ended"]]
    return News(document["counts"], ended, document["finished"])
