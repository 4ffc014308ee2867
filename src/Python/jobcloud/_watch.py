"""Reports the ends of jobs as they happen, on one thread and over one connection."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Optional

from ._client import Client, Outage
from ._jids import Jids
from ._streams import News, Stream
from .errors import CloudConnectionError, CloudException

Callback = Callable[[int, str], None]

# Jobs that are submitted one after another are added to the wait together.
_GATHER_SECONDS = 0.005


class Watcher:
    """The jobs that this process watches. Callbacks run on its thread."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._changed = threading.Condition()
        self._watched: dict[int, list[Callback]] = {}
        self._stream: Optional[Stream] = None
        self._is_new = False
        self._is_closed = False
        self._process = 0

    def watch(self, jids: Jids, callback: Callback) -> Callable[[], None]:
        """Calls back once for each job that has ended or ends.

        A job that was deleted or is unknown ends with the code of that refusal.

        :returns: a function that ends the watch
        """
        with self._changed:
            if self._process != os.getpid():
                self._start()
            for jid in jids:
                self._watched.setdefault(jid, []).append(callback)
            self._wake()

        def end() -> None:
            with self._changed:
                for jid in jids:
                    self._drop(jid, callback)

        return end

    def close(self) -> None:
        """Ends all watches."""
        with self._changed:
            self._is_closed = True
            self._watched.clear()
            self._wake()

    def _start(self) -> None:
        # A forked process has none of its parent's threads.
        self._process = os.getpid()
        self._watched.clear()
        self._stream = None
        self._is_closed = False
        threading.Thread(target=self._run, name="jobcloud", daemon=True).start()

    def _wake(self) -> None:
        self._is_new = True
        if self._stream is not None:
            self._stream.stop()
        self._changed.notify_all()

    def _drop(self, jid: int, callback: Callback) -> None:
        callbacks = self._watched.get(jid, [])
        if callback in callbacks:
            callbacks.remove(callback)
        if not callbacks:
            self._watched.pop(jid, None)

    def _run(self) -> None:
        outage = Outage(None)
        while (jids := self._next()) is not None:
            try:
                self._follow(jids)
                outage = Outage(None)
            except (OSError, CloudConnectionError) as failure:
                if not self._is_new:
                    outage.wait(CloudConnectionError(str(failure)))
            except CloudException as refusal:
                if refusal.jid is None:
                    outage.wait(refusal)
                else:
                    self._tell(range(refusal.jid, refusal.jid + 1), refusal.status or "error")

    def _next(self) -> Optional[Jids]:
        """The jobs to wait for, once there are any; None: the watcher is closed."""
        with self._changed:
            if self._stream is not None:
                self._stream.close()
                self._stream = None
                if self._is_new and not self._is_closed:
                    self._changed.wait_for(lambda: self._is_closed, _GATHER_SECONDS)
            self._changed.wait_for(lambda: bool(self._watched) or self._is_closed)
            self._is_new = False
            return None if self._is_closed else Jids(sorted(self._watched))

    def _follow(self, jids: Jids) -> None:
        stream = Stream(self._client, jids)
        with self._changed:
            self._stream = stream
            if self._is_new:
                stream.stop()
        for news in stream.news():
            self._take(news)

    def _take(self, news: News) -> None:
        for jids, status in news.ended:
            self._tell(jids, status)

    def _tell(self, jids: range, status: str) -> None:
        for jid in jids:
            with self._changed:
                callbacks = self._watched.pop(jid, [])
            for callback in callbacks:
                try:
                    callback(jid, status)
                except Exception:
                    # As with futures: the watch of other jobs goes on.
                    import logging

                    logging.getLogger("jobcloud").exception("A callback of job %d failed", jid)
