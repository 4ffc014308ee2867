"""An executor of :mod:`concurrent.futures` whose calls are jobs."""

from __future__ import annotations

import concurrent.futures
import html
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from . import _chunks
from . import cloud as default_cloud
from ._jids import Jids
from .errors import CloudException

if TYPE_CHECKING:
    from ._cloud import Cloud

__all__ = ["JobCloudExecutor", "JobFuture", "RemoteTraceback"]

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

    def __init__(self, cloud: Cloud, jid: int) -> None:
        super().__init__()
        self._cloud = cloud
        self.jid = jid
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
            outcome = self._cloud.outcome(self.jid)
            if outcome.error is None:
                self.set_result(outcome.value)
            else:
                self.set_exception(_caused(outcome.error, outcome.traceback))
        except concurrent.futures.InvalidStateError:
            pass  # It was cancelled meanwhile.
        except Exception as error:
            # The job is deleted, say, or no node answers: the waiting thread gets that.
            self.set_exception(error)


class JobCloudExecutor(concurrent.futures.Executor):
    """Runs calls as jobs.

    ``options`` are keywords of :func:`jobcloud.call`, such as ``_cores=2`` or ``_label="night"``,
    for each call that does not give them itself. ``cloud`` is the cloud to use; default: the one
    that :func:`jobcloud.call` uses.
    """

    def __init__(self, *, cloud: Optional[Cloud] = None, **options: Any) -> None:
        self._cloud = cloud if cloud is not None else default_cloud()
        self._options = options
        # A future is kept by its watch until it ends.
        self._futures: weakref.WeakSet[JobFuture[Any]] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._is_shut_down = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> JobFuture[T]:
        """Submits a call. Once it returns, the job is stored: it runs even if Python ends.

        Keywords with an underscore are options of the call, the others arguments of the
        function. Raises RuntimeError after :meth:`shutdown`, and CloudException if the cloud
        refuses the call.
        """
        self._refuse_after_shutdown()
        jid = self._cloud.call(fn, *args, **{**self._options, **kwargs})
        return self._watched(Jids([jid]))[0]

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: Optional[float] = None,
        chunksize: int = 1,
        **options: Any,
    ) -> Iterator[T]:
        """The results of ``fn`` for the elements of the iterables, in their order.

        All jobs are submitted before this returns, as one map. With ``chunksize``, one job
        computes so many elements: use it for calls that take less than a second. An element
        that failed raises when its turn comes. If the iterator is not read to its end, the jobs
        that have not ended are killed.

        ``timeout`` is in seconds from this call on; after it, the iterator raises TimeoutError.
        """
        end = None if timeout is None else time.monotonic() + timeout
        futures = self.map_futures(fn, *iterables, chunksize=chunksize, **options)
        return self._results(futures, chunksize, end)

    def map_futures(
        self, fn: Callable[..., Any], *iterables: Iterable[Any], chunksize: int = 1, **options: Any
    ) -> list[JobFuture[Any]]:
        """Submits a map, as :meth:`map` does, and returns the futures of its jobs.

        With a ``chunksize`` above 1, the result of each is a chunk: :func:`values` reads it.
        """
        if chunksize < 1:
            raise ValueError(f"chunksize is {chunksize}; it must be at least 1.")
        self._refuse_after_shutdown()
        elements: Iterable[tuple[Any, ...]] = zip(*iterables)
        if chunksize > 1:
            fn = _chunks.Chunk(fn)
            elements = ((chunk,) for chunk in _chunks.of_size(elements, chunksize))
        argument_lists = list(elements)
        if not argument_lists:
            return []
        jids = self._cloud.submit_map(fn, argument_lists, {**self._options, **options})
        return self._watched(jids)

    def attach(self, jid: int) -> JobFuture[Any]:
        """The future of a job that was submitted before, in this process or another one."""
        return self._watched(Jids([jid]))[0]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accepts no further calls.

        With ``wait``, it returns when all calls have ended. Without it, the jobs go on, even
        after the end of Python: :meth:`attach` to them later. With ``cancel_futures``, all jobs
        that have not ended are killed.
        """
        with self._lock:
            self._is_shut_down = True
            pending = [future for future in self._futures if not future.done()]
        if cancel_futures:
            _cancel(self._cloud, pending)
        if wait:
            concurrent.futures.wait(pending)

    def _refuse_after_shutdown(self) -> None:
        if self._is_shut_down:
            raise RuntimeError("The executor takes no calls after its shutdown.")

    def _watched(self, jids: Jids) -> list[JobFuture[Any]]:
        """Futures that take the outcomes of these jobs."""
        futures: list[JobFuture[Any]] = [JobFuture(self._cloud, jid) for jid in jids]
        with self._lock:
            self._futures.update(futures)
        pending = dict(zip(jids, futures))
        self._cloud.watch(jids, lambda jid, status: pending.pop(jid)._take(status))
        return futures

    def _results(
        self, futures: list[JobFuture[Any]], chunksize: int, end: Optional[float]
    ) -> Iterator[Any]:
        futures.reverse()
        try:
            while futures:
                left = None if end is None else max(0.0, end - time.monotonic())
                result = futures[-1].result(left)
                # Neither the list nor the future keeps a result that was given out.
                jid = futures.pop().jid
                if chunksize == 1:
                    yield result
                else:
                    yield from values(result, jid)
        finally:
            _cancel(self._cloud, futures)


def values(results: _chunks.Results, jid: int) -> Iterator[Any]:
    """The values of a chunk; raises the exception of the first call that failed."""
    failures = results[1]
    for place, value in enumerate(_chunks.values_of(results)):
        if place in failures:
            _, _, trace = failures[place]
            raise _caused(_chunks.error_of(failures[place], jid), trace)
        yield value


def _caused(error: BaseException, traceback: Optional[str]) -> BaseException:
    """The exception with the job's traceback as its cause."""
    if traceback and not isinstance(error, CloudException):
        error.__cause__ = RemoteTraceback(traceback)
    return error


def _cancel(cloud: Cloud, futures: Iterable[JobFuture[Any]]) -> None:
    """Kills the jobs of these futures with one request. Those that have ended by themselves
    keep their outcomes."""
    pending = [future for future in futures if not future.done()]
    for future in pending:
        future._is_killed = True
    if pending:
        cloud.kill([future.jid for future in pending])
