"""Python functions as jobs of JobCloud.

>>> import jobcloud as cloud
>>> jid = cloud.call(pow, 2, 10, _label="first job")       # doctest: +SKIP
>>> cloud.result(jid)                                      # doctest: +SKIP
1024

A jid may be given as a number, an iterable or range of numbers, or a future.
"""

from __future__ import annotations

from _thread import allocate_lock

from ._jids import Jids
from .errors import (
    CloudConnectionError,
    CloudException,
    CloudTimeoutError,
    DeadlockError,
    UntrustedResultError,
    VersionMismatchError,
)

# A job starts with this module: typing and what it imports take longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Optional, Union

    from . import aio, shortcuts, wait_for
    from ._cloud import Cloud
    from .executor import JobCloudExecutor, JobFuture

__all__ = [
    "Cloud",
    "CloudConnectionError",
    "CloudException",
    "CloudTimeoutError",
    "DeadlockError",
    "Jids",
    "JobCloudExecutor",
    "JobFuture",
    "UntrustedResultError",
    "VersionMismatchError",
    "aio",
    "call",
    "cloud",
    "delete",
    "info",
    "iresult",
    "join",
    "kill",
    "map",
    "result",
    "retry",
    "shortcuts",
    "status",
    "use",
    "wait_for",
]

# What most programs do not need is imported when it is first used.
_LATER = {"Cloud": "._cloud", "JobCloudExecutor": ".executor", "JobFuture": ".executor"}
_MODULES = ("aio", "shortcuts", "testing", "wait_for")
_GONE = {
    "realtime": "JobCloud has no realtime cores: a node offers all of its cores at all times, and "
    "_priority says which jobs come first.",
    "queue": "JobCloud has no queues of messages: submit a job for each message, with map or call.",
    "bucket": "JobCloud has no buckets: name a volume (_vol), or pass the data as an argument.",
    "files": "JobCloud has no store of files: name a volume (_vol), or pass the data as an "
    "argument.",
    "cron": "JobCloud has no cron: let cron of the system run 'jobcloud exec'.",
}

_lock = allocate_lock()
_default: Optional[Cloud] = None


def cloud() -> Cloud:
    """The cloud that the functions of this module use; made at the first call."""
    global _default
    with _lock:
        if _default is None:
            from ._cloud import Cloud

            _default = Cloud()
        return _default


def use(other: Optional[Cloud]) -> Optional[Cloud]:
    """Sets the cloud that the functions of this module use.

    :param other: None: one made anew from the environment, at its first use
    :returns: the one until now; None: there was none
    """
    global _default
    with _lock:
        before, _default = _default, other
        return before


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Runs ``function(*args, **kwargs)`` as a job.

    Keywords that begin with ``_`` are options of the job:

    ============================ ==================================================================
    ``_label``                   a text, to find the job by
    ``_priority``                a whole number, 5 if absent; lower ones run first
    ``_max_runtime``             minutes, a timedelta, or a text such as ``"90s"``
    ``_depends_on``              jids or futures: run after these are done
    ``_depends_on_errors``       ``"abort"`` (default) or ``"ignore"``
    ``_restartable``             False: end as error if the node is lost, instead of running again
    ``_cores``, ``_memory``      limits; memory in bytes, or a text such as ``"2G"``
    ``_type``                    a core type, such as ``"c2"``
    ``_env``, ``_vol``           an environment; a volume or a list of them
    ``_profile``                 True: record a profile (item ``profile`` of :func:`info`)
    ``_os_env_vars``             names of variables to pass on, or a dict of variables
    ``_cwd``                     the directory to run in; default: the current one, on one machine
    ``_retries``, ``_backoff``   retry a failed job so often, after so many seconds
    ``_callback``                called with the jid when the job is done
    ``_callback_on_error``       called with the jid when it ended otherwise
    ``_request_id``              submits at most one job for the same text
    ``_isolate``, ``_publish``   ``"network"``; ports to publish then
    ``_python``                  the interpreter; default: this one, where the node has it
    ``_strict``                  True: refuse the job if no node can run it
    ============================ ==================================================================

    :returns: the jid
    :raises TypeError: if the function or an argument cannot be pickled, or an option is unknown
    :raises CloudException: if the cloud refuses the job
    """
    return cloud().call(function, *args, **kwargs)


def map(function: Callable[..., Any], *iterables: Iterable[Any], **options: Any) -> Jids:
    """Runs one job for each element of the iterables, which are walked in parallel.

    Shorter iterables are padded with None. The keywords are those of :func:`call` without
    callbacks, and ``_max_parallel`` (at most so many run at once) and ``_max_fails`` (more
    failures kill the rest).

    >>> cloud.result(cloud.map(pow, [2, 3], [10, 2]))      # doctest: +SKIP
    [1024, 9]

    :returns: the jids: a sequence, usable wherever a jid is
    """
    return cloud().map(function, *iterables, **options)


def join(
    jids: Any,
    timeout: Optional[float] = None,
    ignore_errors: bool = False,
    progress: bool = False,
) -> None:
    """Waits until jobs have finished.

    :param timeout: seconds; None: without limit
    :param ignore_errors: wait for all; else the first that fails ends the wait
    :param progress: whether to show a bar on stderr
    :raises CloudException: if a job ended otherwise than done
    :raises CloudTimeoutError: after the timeout; the jobs go on
    """
    cloud().join(jids, timeout, ignore_errors, progress)


def result(
    jids: Any,
    timeout: Optional[float] = None,
    ignore_errors: bool = False,
    trusted: bool = False,
) -> Any:
    """Waits for jobs and returns their results: the value of one job, else a list.

    The result of a job that is no call of a Python function is its bytes.

    :param timeout: seconds; None: without limit
    :param ignore_errors: put the exceptions of failed jobs in place of their results
    :param trusted: whether to read results of other users, too. That runs their code as yours.
    :raises CloudException: if a job ended otherwise than done
    :raises CloudTimeoutError: after the timeout; the jobs go on
    """
    return cloud().result(jids, timeout, ignore_errors, trusted)


def iresult(
    jids: Any,
    timeout: Optional[float] = None,
    ignore_errors: bool = False,
    num_in_parallel: int = 10,
    trusted: bool = False,
) -> Iterator[Any]:
    """Results in the order of the jids, each as soon as it and those before it are there.

    A failed job raises at its place, and the next call of ``next`` goes on after it.

    :param timeout: seconds for each result; None: without limit
    :param ignore_errors: yield the exceptions of failed jobs
    :param num_in_parallel: how many results are fetched ahead; 0: 1,024
    """
    return cloud().iresult(jids, timeout, ignore_errors, num_in_parallel, trusted)


def status(jids: Any) -> Any:
    """The status of one job, else a list of them.

    waiting, queued, processing, done, error, killed or stalled.
    """
    return cloud().status(jids)


def info(
    jids: Any, info_requested: Union[None, str, Iterable[str]] = None
) -> dict[int, dict[str, Any]]:
    """Items of jobs by jid: live while a job runs, and after it has ended.

    >>> cloud.info(jid, ["stdout", "memory.failcnt", "cputime.user"])      # doctest: +SKIP
    {7: {'stdout': 'Output\\n', 'memory.failcnt': 0, 'cputime.user': 0.02}}

    :param info_requested: names of items, or ``all``; default: stdout, stderr, runtime (seconds)
        and status. An item that a job does not have is None.
    """
    return cloud().info(jids, info_requested)


def kill(jids: Any = None) -> int:
    """Kills jobs that have not finished; without jids, all of yours.

    A job that runs gets SIGTERM and, a second later, SIGKILL.

    :returns: how many were killed
    """
    return cloud().kill(jids)


def delete(jids: Any) -> int:
    """Deletes all data of finished jobs. Their jids are an error from then on.

    :returns: how many were deleted
    :raises CloudException: if a job has not finished; nothing is deleted then
    """
    return cloud().delete(jids)


def retry(jids: Any) -> int:
    """Runs jobs that finished without success again.

    :returns: how many run again
    """
    return cloud().retry(jids)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LATER:
        value = getattr(import_module(_LATER[name], __name__), name)
    elif name in _MODULES:
        value = import_module(f".{name}", __name__)
    elif name in _GONE:
        raise AttributeError(_GONE[name])
    else:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = value
    return value
