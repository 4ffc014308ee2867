"""Many calls in one job, each with an outcome of its own."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, Optional

from . import _pickles, _records
from .errors import CloudException


class Failure(NamedTuple):
    """How a call failed. ``error`` is a pickle of the exception; None: it cannot be pickled."""

    error: Optional[bytes]
    text: str
    trace: str


class Results(NamedTuple):
    """What became of the calls of a job: a pickle of the list of their results, and those that
    failed, by their place."""

    pickled: bytes
    failures: dict[int, Failure]


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
            return Results(_pickles.dump(values).content(), failures)
        except Exception:
            # Some results cannot be pickled: the others are kept.
            for place, value in enumerate(values):
                try:
                    _pickles.dump(value)
                except Exception as error:
                    values[place] = None
                    text = f"its result cannot be pickled: {type(error).__name__}: {error}"
                    failures[place] = Failure(None, text, "")
            return Results(_pickles.dump(values).content(), failures)


def of_size(elements: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The elements in lists of this size; the last may be shorter."""
    rest = iter(elements)
    while chunk := list(islice(rest, size)):
        yield chunk


def values(results: Results) -> list[Any]:
    """The results of the calls, in their order; None for those that failed."""
    read: list[Any] = pickle.loads(results.pickled)
    return read


def error_of(failure: Failure, jid: int) -> BaseException:
    """The exception that a call raised; a CloudException if it cannot be read here."""
    if failure.error is not None:
        try:
            return _records.rebuilt(pickle.loads(failure.error))
        except Exception:
            pass  # Its text is read.
    return CloudException(failure.text, jid, "error", failure.trace or None)


def _failure(error: BaseException) -> Failure:
    import traceback

    # The first frame is that of this module.
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    error.__traceback__ = frames or error.__traceback__
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    text = trace.rstrip().rsplit("\n", 1)[-1]
    try:
        return Failure(_pickles.dump(_records.portable(error, _again)).content(), text, trace)
    except Exception:
        return Failure(None, text, trace)


def _again(value: Any) -> Any:
    """The value that a reader of its pickle gets."""
    return pickle.loads(pickle.dumps(value, _pickles.PROTOCOL))
