"""Python functions as jobs of JobCloud.

>>> import jobcloud as cloud
>>> jid = cloud.call(pow, 2, 10, _label="first job")       # doctest: +SKIP
>>> cloud.result(jid)                                      # doctest: +SKIP
1024

A jid may be given as a number, an iterable or range of numbers, or a future.
"""

from __future__ import annotations

from _thread import allocate_lock

# A job starts with this module: typing and what it imports take longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from . import aio, shortcuts, wait_for
    from ._cloud import Cloud
    from ._jids import Jids
    from .errors import (
        CloudConnectionError,
        CloudException,
        CloudTimeoutError,
        DeadlockError,
        UntrustedResultError,
        VersionMismatchError,
    )
    from .executor import JobCloudExecutor, JobFuture

    # The methods of the default cloud as functions: see __getattr__.
    _a_cloud: Cloud
    call = _a_cloud.call
    map = _a_cloud.map
    join = _a_cloud.join
    result = _a_cloud.result
    iresult = _a_cloud.iresult
    status = _a_cloud.status
    info = _a_cloud.info
    kill = _a_cloud.kill
    delete = _a_cloud.delete
    retry = _a_cloud.retry

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

# A job needs none of these, so each is imported when it is first used.
_LATER = {
    "Cloud": "._cloud",
    "CloudConnectionError": ".errors",
    "CloudException": ".errors",
    "CloudTimeoutError": ".errors",
    "DeadlockError": ".errors",
    "Jids": "._jids",
    "JobCloudExecutor": ".executor",
    "JobFuture": ".executor",
    "UntrustedResultError": ".errors",
    "VersionMismatchError": ".errors",
}
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


def __getattr__(name: str) -> Any:
    if name in _LATER:
        value = getattr(_module(_LATER[name]), name)
    elif name in _MODULES:
        value = _module(f".{name}")
    elif name in _GONE:
        raise AttributeError(_GONE[name])
    elif name in __all__:
        value = _of_default_cloud(name)
    else:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = value
    return value


def _module(name: str) -> Any:
    # An import of a module of this package asks for its name first, and needs not this one.
    from importlib import import_module

    return import_module(name, __name__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _of_default_cloud(verb: str) -> Any:
    """The function that calls a method of the default cloud."""
    from functools import wraps
    from types import MethodType

    from ._cloud import Cloud

    method = getattr(Cloud, verb)

    @wraps(method)
    def function(*args: Any, **kwargs: Any) -> Any:
        return getattr(cloud(), verb)(*args, **kwargs)

    function.__module__, function.__qualname__ = __name__, verb
    # Its signature is the method's without self.
    function.__dict__["__wrapped__"] = MethodType(method, Cloud)
    return function
