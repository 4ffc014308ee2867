"""Futures of calls that are jobs."""

from __future__ import annotations

import concurrent.futures
import html
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from ._chunks import Results
from .errors import CloudException

if TYPE_CHECKING:
    from ._cloud import Cloud

T = TypeVar("T")


class RemoteTraceback(Exception):
    """The cause of an exception that a job raised: the traceback of the job, as text."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0].rstrip()}\n"""'


class JobFuture(concurrent.futures.Future[T]):
    """The future of a call that is a job.

    ``jid`` is the job's number. The job is stored when you see it: another process gets its
    result with :meth:`JobCloudExecutor.attach`.
    """

    def __init__(
        self, cloud: Cloud, jid: int, read: Optional[Callable[[Results], Any]] = None
    ) -> None:
        super().__init__()
        self._cloud = cloud
        self.jid = jid
        self._read = read or (lambda results: [*chain.from_iterable(lists(results, jid))])
        self._is_killed = False
        self._notifies = threading.Lock()

    def cancel(self) -> bool:
        """Kills the job. Unlike other executors' futures, this one ends a call that runs.

        Returns whether the call is cancelled; False if it had ended.
        """
        if self.done():
            return self.cancelled()
        self._is_killed = True
        if self._cloud.kill(self.jid) == 0:
            return False
        self._forget()
        return super().cancel()

    def running(self) -> bool:
        """Whether the job runs now. This asks the cloud."""
        return not self.done() and self._cloud.status(self.jid) == "processing"

    def __repr__(self) -> str:
        return f"<JobFuture of job {self.jid}: {self._state_text()}>"

    def _repr_html_(self) -> str:
        return f"<b>job {self.jid}</b> {html.escape(self._state_text())}"

    def _forget(self) -> None:
        """Makes the future cancelled. The thread that cancels and the one that sees the job end
        both come here; only the first may notify those that wait."""
        if self._notifies.acquire(blocking=False) and super().cancel():
            self.set_running_or_notify_cancel()

    def _state_text(self) -> str:
        if not self.done():
            return str(self._cloud.status(self.jid))
        if self.cancelled():
            return "cancelled"
        error = self.exception()
        return "done" if error is None else f"{type(error).__name__}: {error}"

    def _take(self, status: str) -> None:
        """Takes the outcome of the ended job."""
        if status == "killed" and self._is_killed:
            return self._forget()
        try:
            outcome = self._cloud.outcome(self.jid, status=status)
            if outcome.error is None:
                value = outcome.value
                self.set_result(self._read(value) if isinstance(value, Results) else value)
            else:
                self.set_exception(_caused(outcome.error, outcome.traceback))
        except concurrent.futures.InvalidStateError:
            pass  # It was cancelled meanwhile.
        except Exception as error:
            # The job is deleted, say, or no node answers: the waiting thread gets that.
            self.set_exception(error)


def lists(results: Results, jid: int) -> Iterator[list[Any]]:
    """The values of each of a job's chunks; raises the exception of the first call that failed."""
    for read, failures in results.read(jid):
        first = min(failures, default=len(read))
        if first in failures:
            yield read[:first]
            failure = failures[first]
            raise _caused(failure.original or failure, failure.traceback)
        yield read


def _caused(error: BaseException, traceback: Optional[str]) -> BaseException:
    """The exception with the job's traceback as its cause."""
    if traceback and not isinstance(error, CloudException):
        error.__cause__ = RemoteTraceback(traceback)
    return error
