"""An executor of :mod:`concurrent.futures` whose calls are jobs."""

from __future__ import annotations

import concurrent.futures
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from . import _chunked, _chunks
from . import cloud as default_cloud
from ._chunks import Results
from ._client import OUTAGE_LIMIT
from ._futures import JobFuture, RemoteTraceback, lists
from ._jids import Jids
from .errors import CloudConnectionError

if TYPE_CHECKING:
    from ._cloud import Cloud

__all__ = ["JobCloudExecutor", "JobFuture", "RemoteTraceback"]

T = TypeVar("T")


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
        self._is_cancelled = False

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

        All jobs are submitted before this returns, as one map, one for each element. With a
        ``chunksize``, there is one job for each core of the cloud, or for each chunk if these are
        fewer: use it for calls that take less than a second. A job that has run for a second
        leaves the chunks that it has not begun to further jobs, which this process submits, so
        that no job takes much longer than a second or a chunk.

        An element that failed raises when its turn comes. If the iterator is not read to its end,
        the jobs that have not ended are killed.

        ``timeout`` is in seconds from this call on; after it, the iterator raises TimeoutError.
        """
        end = None if timeout is None else time.monotonic() + timeout
        self._check(chunksize)
        if chunksize == 1:
            futures = self.map_futures(fn, *iterables, **options)
            return _results(futures, end, lambda rest: _cancel(self._cloud, rest))
        chunked = ChunkedMap(self, fn, {**self._options, **options})
        return _results(chunked.submit_all(iterables, chunksize), end, chunked.cancel)

    def map_futures(
        self, fn: Callable[..., Any], *iterables: Iterable[Any], chunksize: int = 1, **options: Any
    ) -> list[JobFuture[Any]]:
        """Submits a map, as :meth:`map` does, and returns the futures of its jobs.

        With a ``chunksize`` above 1, the result of each is a :class:`Piece`.
        """
        self._check(chunksize)
        if chunksize > 1:
            chunked = ChunkedMap(self, fn, {**self._options, **options})
            return chunked.submit_all(iterables, chunksize)
        argument_lists = list(zip(*iterables))
        if not argument_lists:
            return []
        return self._watched(
            self._cloud.submit_map(fn, argument_lists, {**self._options, **options})
        )

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
            self._is_cancelled |= cancel_futures
        if cancel_futures:
            _cancel(self._cloud, self._pending())
        # The end of a job may add others, to which it left chunks.
        while wait and (pending := self._pending()):
            concurrent.futures.wait(pending)

    def _check(self, chunksize: int) -> None:
        if chunksize < 1:
            raise ValueError(f"chunksize is {chunksize}; it must be at least 1.")
        self._refuse_after_shutdown()

    def _refuse_after_shutdown(self) -> None:
        if self._is_shut_down:
            raise RuntimeError("The executor takes no calls after its shutdown.")

    def _pending(self) -> list[JobFuture[Any]]:
        with self._lock:
            return [future for future in self._futures if not future.done()]

    def _watched(
        self, jids: Jids, reads: Iterable[Optional[Callable[[Results], Any]]] = repeat(None)
    ) -> list[JobFuture[Any]]:
        """Futures that take the outcomes of these jobs, and what reads the results of each."""
        futures: list[JobFuture[Any]] = [
            JobFuture(self._cloud, jid, read) for jid, read in zip(jids, reads)
        ]
        with self._lock:
            self._futures.update(futures)
        pending = dict(zip(jids, futures))
        self._cloud.watch(jids, lambda jid, status: pending.pop(jid)._take(status))
        return futures


class Piece:
    """What a job of a chunked map did.

    :param rest: the futures of the jobs to which it left chunks, in their order
    """

    def __init__(self, results: Results, rest: list[JobFuture[Piece]]) -> None:
        self.results = results
        self.rest = rest


class ChunkedMap:
    """A map whose jobs make the calls of several chunks."""

    def __init__(
        self, executor: JobCloudExecutor, fn: Callable[..., Any], options: Mapping[str, Any]
    ) -> None:
        self._executor = executor
        self._cloud = executor._cloud
        # With a request id, the jobs must be the same each time, whatever the cloud's cores are.
        self._is_fixed = options.get("_request_id") is not None
        function = _chunks.Chunks(fn, may_leave=not self._is_fixed)
        self._prepared = self._cloud.prepare_map(function, options)
        self._futures: weakref.WeakSet[JobFuture[Piece]] = weakref.WeakSet()
        self._is_cancelled = False

    def submit_all(
        self, iterables: tuple[Iterable[Any], ...], size: int
    ) -> list[JobFuture[Piece]]:
        """Submits the calls in chunks of this size."""
        chunks = list(_chunked.cut(iterables, size))
        if not chunks:
            return []
        cores = len(chunks) if self._is_fixed else max(1, self._cloud.cores())
        return self._submit(chunks, -(-len(chunks) // cores))

    def cancel(self, _: object = None) -> None:
        """Kills the jobs that have not ended; none is submitted any more."""
        self._is_cancelled = True
        with self._executor._lock:
            futures = list(self._futures)
        _cancel(self._cloud, futures)

    def _submit(
        self, chunks: list[bytes], number: int, limit: Optional[float] = OUTAGE_LIMIT
    ) -> list[JobFuture[Piece]]:
        groups = list(_chunked.by_job(chunks, number))
        jids = self._cloud.submit_prepared(self._prepared, [(group,) for group in groups], limit)
        futures = self._executor._watched(jids, [self._reader(group) for group in groups])
        with self._executor._lock:
            self._futures.update(futures)
        if self._ends():
            # Who cancelled meanwhile may not have found them.
            _cancel(self._cloud, futures)
        return futures

    def _reader(self, group: list[bytes]) -> Callable[[Results], Piece]:
        """Starts what follows the end of a job."""

        def read(results: Results) -> Piece:
            done = len(results.parts)
            rest = group[done:]
            while rest and not self._ends():
                try:
                    # As many at once as this job managed. Like a wait, it goes on whatever
                    # becomes of the node.
                    return Piece(results, self._submit(rest, done, limit=None))
                except CloudConnectionError:
                    continue  # Contents were not sent yet.
            return Piece(results, [])

        return read

    def _ends(self) -> bool:
        return self._is_cancelled or self._executor._is_cancelled


def _results(
    futures: list[JobFuture[Any]],
    end: Optional[float],
    cancel: Callable[[list[JobFuture[Any]]], None],
) -> Iterator[Any]:
    """The values in their order; at the end, ``cancel`` gets the futures that were not read."""
    futures.reverse()
    try:
        while futures:
            left = None if end is None else max(0.0, end - time.monotonic())
            result = futures[-1].result(left)
            # Neither the list nor the future keeps a result that was given out.
            jid = futures.pop().jid
            if isinstance(result, Piece):
                futures.extend(reversed(result.rest))
                for part in lists(result.results, jid):
                    yield from part
            else:
                yield result
    finally:
        cancel(futures)


def _cancel(cloud: Cloud, futures: Iterable[JobFuture[Any]]) -> None:
    """Kills the jobs of these futures with one request. Those that have ended by themselves
    keep their outcomes."""
    pending = [future for future in futures if not future.done()]
    for future in pending:
        future._is_killed = True
    if pending:
        cloud.kill([future.jid for future in pending])
