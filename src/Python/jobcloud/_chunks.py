"""Many calls in one job, each with an outcome of its own.

A job with chunks imports this module before it calls, so it imports as little as it can.
"""

from __future__ import annotations

from . import _records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Optional

    from .errors import CloudException

    #: How a call failed: a pickle of the exception, or None if it cannot be pickled; its type and
    #: text; its traceback.
    Failure = tuple[Optional[bytes], str, str]

    #: What became of the calls of a chunk: a pickle of the list of their results, and those that
    #: failed, by their place.
    Part = tuple[bytes, dict[int, Failure]]

#: A job that may leave chunks to others does so after this many seconds, or bytes of results.
SECONDS = 1.0
BYTES = 16 << 20


class Chunks:
    """Calls a function with the elements of some chunks. It runs in the job.

    :param may_leave: whether a job that takes long leaves the rest of its chunks to other jobs
    """

    def __init__(self, func: Callable[..., Any], may_leave: bool) -> None:
        self.func = func
        self.may_leave = may_leave

    def __call__(self, chunks: list[bytes]) -> Results:
        from time import monotonic

        parts: list[Part] = []
        begun = monotonic()
        size = 0
        for chunk in chunks:
            part = _part(self.func, chunk)
            parts.append(part)
            size += len(part[0])
            if self.may_leave and (monotonic() - begun > SECONDS or size > BYTES):
                break
        return Results(parts)


class Results:
    """The outcomes of the calls of the chunks that a job ran: all, or those at the beginning."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def __reduce__(self) -> Any:
        return Results, (self.parts,)

    def read(self, jid: int) -> Iterator[tuple[list[Any], dict[int, CloudException]]]:
        """The values of the calls of each chunk, and the failures by their place."""
        for pickled, failures in self.parts:
            try:
                values = _loaded(pickled)
            except Exception as error:
                text = f"the results of a chunk cannot be unpickled here: {_text(error)}"
                values, failures = [None], {0: (None, text, "")}
            yield values, {place: _exception(one, jid) for place, one in failures.items()}

    def outcomes(self, jid: int) -> Iterator[tuple[Any, Optional[CloudException]]]:
        """The values of the calls in their order, each with its failure, if it failed."""
        for values, failures in self.read(jid):
            for place, value in enumerate(values):
                yield value, failures.get(place)


def _part(func: Callable[..., Any], chunk: bytes) -> Part:
    """Calls the function with each element of a chunk."""
    values: list[Any] = []
    failures: dict[int, Failure] = {}
    try:
        columns = _loaded(chunk)
    except Exception as error:
        # Without them, their number is unknown, too.
        return _pickled([None]), {0: _failure(error)}
    if len(columns) == 1:
        _call_each(func, columns[0], values, failures)
    else:
        _call_rows(func, zip(*columns), values, failures)
    try:
        return _pickled(values), failures
    except Exception:
        _sort_out(values, failures)
        return _pickled(values), failures


def _call_rows(
    func: Callable[..., Any],
    rows: Iterable[tuple[Any, ...]],
    values: list[Any],
    failures: dict[int, Failure],
) -> None:
    add = values.append
    for arguments in rows:
        try:
            add(func(*arguments))
        except (Exception, SystemExit) as error:
            failures[len(values)] = _failure(error)
            add(None)


def _call_each(
    func: Callable[..., Any],
    elements: Iterable[Any],
    values: list[Any],
    failures: dict[int, Failure],
) -> None:
    """The same for calls of one argument each, which are most: without rows it takes 2/3 as
    long."""
    add = values.append
    for element in elements:
        try:
            add(func(element))
        except (Exception, SystemExit) as error:
            failures[len(values)] = _failure(error)
            add(None)


def _exception(failure: Failure, jid: int) -> CloudException:
    from .errors import CloudException

    pickled, text, trace = failure
    original = None
    if pickled is not None:
        try:
            original = _records.rebuilt(_loaded(pickled))
        except Exception:
            pass  # Its text is read.
    return CloudException(text, jid, "error", trace or None, original)


def _sort_out(values: list[Any], failures: dict[int, Failure]) -> None:
    """Makes failures of the results that cannot be pickled, so that the others are kept."""
    for place, value in enumerate(values):
        try:
            _pickled(value)
        except Exception as error:
            values[place] = None
            failures[place] = (None, f"its result cannot be pickled: {_text(error)}", "")


def _failure(error: BaseException) -> Failure:
    import traceback

    # The first frame is that of this module.
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    error.__traceback__ = frames or error.__traceback__
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    text = trace.rstrip().rsplit("\n", 1)[-1]
    try:
        return _pickled(_records.portable(error, _again)), text, trace
    except Exception:
        return None, text, trace


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _pickled(value: Any) -> bytes:
    """A pickle: by name what the caller can import, else with its code."""
    from _pickle import dumps

    try:
        pickled: bytes = dumps(value, 5)
        # The module __main__ is another one for who reads it.
        if b"__main__" not in pickled:
            return pickled
    except Exception:
        from importlib.util import find_spec

        if find_spec("cloudpickle") is None:
            raise
    import cloudpickle

    with_code: bytes = cloudpickle.dumps(value, 5)
    return with_code


def _loaded(pickled: bytes) -> Any:
    from _pickle import loads

    return loads(pickled)


def _again(value: Any) -> Any:
    """The value that a reader of its pickle gets."""
    from _pickle import dumps, loads

    return loads(dumps(value, 5))
