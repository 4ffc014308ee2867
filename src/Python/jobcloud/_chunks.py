"""Many calls in one job, each with an outcome of its own.

A job with a chunk imports this module before it calls, so it imports little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Optional

from . import _records

#: How a call failed: a pickle of the exception, or None if it cannot be pickled; its type and
#: text; its traceback.
Failure = tuple[Optional[bytes], str, str]

#: What became of the calls of a job: a pickle of the list of their results, and those that
#: failed, by their place.
Results = tuple[bytes, dict[int, Failure]]


class Chunk:
    """Calls a function with each of several lists of arguments. It runs in the job."""

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func

    def __call__(self, elements: list[tuple[Any, ...]]) -> Results:
        values: list[Any] = []
        failures: dict[int, Failure] = {}
        for place, arguments in enumerate(elements):
            value = None
            try:
                value = self.func(*arguments)
            except (Exception, SystemExit) as error:
                failures[place] = _failure(error)
            values.append(value)
        try:
            return _pickled(values), failures
        except Exception:
            _sort_out(values, failures)
            return _pickled(values), failures


def of_size(elements: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The elements in lists of this size; the last may be shorter."""
    from itertools import islice

    rest = iter(elements)
    while chunk := list(islice(rest, size)):
        yield chunk


def values_of(results: Results) -> list[Any]:
    """The results of the calls, in their order; None for those that failed."""
    import pickle

    values: list[Any] = pickle.loads(results[0])
    return values


def error_of(failure: Failure, jid: int) -> BaseException:
    """The exception that a call raised; a CloudException if it cannot be read here."""
    import pickle

    from .errors import CloudException

    error, text, trace = failure
    if error is not None:
        try:
            return _records.rebuilt(pickle.loads(error))
        except Exception:
            pass  # Its text is read.
    return CloudException(text, jid, "error", trace or None)


def _sort_out(values: list[Any], failures: dict[int, Failure]) -> None:
    """Makes failures of the results that cannot be pickled, so that the others are kept."""
    for place, value in enumerate(values):
        try:
            _pickled(value)
        except Exception as error:
            values[place] = None
            text = f"its result cannot be pickled: {type(error).__name__}: {error}"
            failures[place] = (None, text, "")


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


def _again(value: Any) -> Any:
    """The value that a reader of its pickle gets."""
    from _pickle import dumps, loads

    return loads(dumps(value, 5))
