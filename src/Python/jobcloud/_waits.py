"""Waits for jobs. The node answers when they have ended; nothing is polled."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Optional

from . import _http, _jids
from ._client import Client, Outage
from ._jids import Jids
from ._streams import News, Stream
from .errors import CloudConnectionError, CloudException, CloudTimeoutError, DeadlockError


def wait(
    client: Client, jids: Jids, timeout: Optional[float], ignore_errors: bool
) -> Optional[int]:
    """Waits until all jobs have ended or, unless errors are ignored, one has failed.

    :returns: a job that did not end as done; None: all are done
    :raises CloudTimeoutError: after the timeout, in seconds
    """
    end = _end(timeout)
    bad: Optional[int] = None
    inside = client.place.inside or None
    for notation in _jids.notations(jids):
        pairs = [("all", ignore_errors)]
        try:
            _ask(client, f"{notation}/wait", [*pairs, ("inside", inside)], end)
        except CloudException as refusal:
            if refusal.status != "bad-end":
                raise
            bad = bad or refusal.jid or jids[0]
            if not ignore_errors:
                return bad
    return bad


def ask(
    client: Client, jids: Jids, pairs: Iterable[tuple[str, object]], timeout: Optional[float]
) -> Any:
    """Waits for a status or a port of one job."""
    if len(jids) != 1:
        raise ValueError(f"name one job, not {len(jids)}")
    try:
        return _ask(client, f"{jids}/wait-for", pairs, _end(timeout))
    except DeadlockError as late:
        # Only a wait that names the job that waits can end as a deadlock; here the time is up.
        timed_out = CloudTimeoutError(late.message, late.jid, late.status)
        timed_out.names_job = False
        raise timed_out from None


def _ask(
    client: Client, path: str, pairs: Iterable[tuple[str, object]], end: Optional[float]
) -> Any:
    """Keeps waiting, whatever happens to the node meanwhile."""
    outage = Outage(None if end is None else max(0.0, end - time.monotonic()))
    while True:
        left = None if end is None else f"{max(1, round((end - time.monotonic()) * 1000))}ms"
        query = _http.query([*pairs, ("timeout", left)])
        try:
            return client.ask("GET", f"/v1/jobs/{path}{query}", limit=0)
        except CloudConnectionError as failure:
            outage.wait(failure)
        except CloudException as refusal:
            if refusal.status not in ("busy", "store-unavailable", "unavailable"):
                raise
            outage.wait(refusal)


class Ends:
    """The jobs of a sequence that have ended so far."""

    def __init__(self, client: Client, jids: Jids) -> None:
        self._client = client
        self._jids = jids
        self._ended: set[int] = set()
        self._stream: Optional[Stream] = None
        self._news: Any = None

    def has(self, jid: int) -> bool:
        """Whether a job is known to have ended."""
        return jid in self._ended

    def wait(self, jid: int, end: Optional[float]) -> None:
        """Waits until a job has ended.

        :param end: when to stop, by the clock of ``time.monotonic``; None: never
        :raises CloudTimeoutError: then
        """
        outage = Outage(None if end is None else max(0.0, end - time.monotonic()))
        while jid not in self._ended:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise CloudTimeoutError(f"Job {jid} has not finished in time.", status="timeout")
            try:
                self._take(left)
            except TimeoutError:
                self.close()
            except (OSError, CloudConnectionError) as failure:
                self.close()
                outage.wait(CloudConnectionError(str(failure)))

    def close(self) -> None:
        """Ends the wait; the next one begins again."""
        if self._stream is not None:
            self._stream.close()
            self._stream = self._news = None

    def __del__(self) -> None:
        # The caller may leave the rest of the results.
        self.close()

    def _take(self, timeout: Optional[float]) -> None:
        if self._stream is None:
            left = Jids(jid for jid in self._jids if jid not in self._ended)
            self._stream = Stream(self._client, left)
            self._news = self._stream.news()
        self._stream.set_timeout(timeout)
        news: Optional[News] = next(self._news, None)
        if news is None:
            self.close()
            return
        for jids, _ in news.ended:
            self._ended.update(jids)


def show(client: Client, jids: Jids, timeout: Optional[float], ignore_errors: bool) -> None:
    """Shows a bar until the jobs have ended or, unless errors are ignored, one has failed."""
    from .progress import ProgressBar

    end = _end(timeout)
    bar = ProgressBar(len(jids))
    outage = Outage(timeout)
    try:
        while True:
            try:
                return _show(client, jids, end, ignore_errors, bar)
            except TimeoutError:
                return
            except (OSError, CloudConnectionError) as failure:
                outage.wait(CloudConnectionError(str(failure)))
    finally:
        bar.close()


def _show(
    client: Client, jids: Jids, end: Optional[float], ignore_errors: bool, bar: Any
) -> None:
    stream = Stream(client, jids)
    try:
        for news in stream.news():
            bar.update(news.counts)
            is_bad = any(status != "done" for _, status in news.ended)
            if news.is_last or is_bad and not ignore_errors:
                return
            if end is not None:
                stream.set_timeout(max(0.001, end - time.monotonic()))
    finally:
        stream.close()


def _end(timeout: Optional[float]) -> Optional[float]:
    return None if timeout is None else time.monotonic() + timeout
