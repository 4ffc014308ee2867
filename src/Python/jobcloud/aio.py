"""Calls as jobs that a coroutine awaits.

    future = await aio.submit(train, data)
    await future

    async for future in aio.as_completed(futures):
        print(future.jid, await future)
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import chain
from typing import Any, Optional, TypeVar

from ._futures import JobFuture as _ThreadFuture
from ._futures import lists
from .executor import JobCloudExecutor, Piece

__all__ = ["JobFuture", "as_completed", "attach", "map", "submit"]

T = TypeVar("T")


class JobFuture(asyncio.Future[T]):
    """The awaitable future of a call that is a job.

    ``jid`` is the job's number. Awaiting it raises what the call raised. Cancelling it, or a task
    that awaits it, kills the job: ``asyncio.shield`` keeps it.
    """

    def __init__(self, job: _ThreadFuture[T]) -> None:
        super().__init__()
        self.jid = job.jid
        self._job = job
        self._kill: Optional[asyncio.Future[bool]] = None
        loop = self.get_loop()

        def ended(_: object) -> None:
            # The loop is closed if nobody awaits the future any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._take)

        job.add_done_callback(ended)

    def cancel(self, msg: Optional[Any] = None) -> bool:
        """Kills the job. Returns False if the call had ended."""
        if not super().cancel(msg):
            return False
        # A kill is a request to the node, which the loop shall not wait for.
        self._kill = self.get_loop().run_in_executor(None, self._job.cancel)
        return True

    def _take(self) -> None:
        """Takes the outcome of the job, unless the future was cancelled."""
        if self.done():
            return
        if self._job.cancelled():
            super().cancel()
        elif (error := self._job.exception()) is not None:
            # A coroutine ends with StopIteration, so asyncio refuses it.
            ended = isinstance(error, StopIteration)
            self.set_exception(RuntimeError(f"The job raised {error!r}.") if ended else error)
        else:
            self.set_result(self._job.result())


async def submit(fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> JobFuture[T]:
    """Submits a call, as :meth:`JobCloudExecutor.submit` does. Once it returns, the job is
    stored."""
    return JobFuture(await _in_thread(JobCloudExecutor().submit, fn, *args, **kwargs))


async def attach(jid: int) -> JobFuture[Any]:
    """The future of a job that was submitted before, in this process or another one."""
    return JobFuture(await _in_thread(JobCloudExecutor().attach, jid))


async def map(
    fn: Callable[..., T], *iterables: Iterable[Any], chunksize: int = 1, **options: Any
) -> AsyncIterator[T]:
    """The results of ``fn`` for the elements of the iterables, in their order, as
    :meth:`JobCloudExecutor.map` gives them. The jobs are submitted at the first step."""
    executor = JobCloudExecutor(**options)
    jobs = await _in_thread(executor.map_futures, fn, *iterables, chunksize=chunksize)
    futures = [JobFuture(job) for job in reversed(jobs)]
    try:
        while futures:
            result = await futures[-1]
            jid = futures.pop().jid
            if isinstance(result, Piece):
                futures += [JobFuture(job) for job in reversed(result.rest)]
                for value in chain.from_iterable(lists(result.results, jid)):
                    yield value
            else:
                yield result
    finally:
        await _in_thread(executor.shutdown, wait=False, cancel_futures=True)


async def as_completed(futures: Iterable[JobFuture[T]]) -> AsyncIterator[JobFuture[T]]:
    """The futures in the order in which their jobs end."""
    ended: asyncio.Queue[JobFuture[T]] = asyncio.Queue()
    unique = set(futures)
    for future in unique:
        future.add_done_callback(ended.put_nowait)
    for _ in unique:
        yield await ended.get()


async def _in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await asyncio.to_thread(function, *args, **kwargs)
