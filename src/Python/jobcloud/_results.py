"""Reads results and exceptions of jobs."""

from __future__ import annotations

import io
import json
from typing import IO, Any, NamedTuple, Optional

from . import _records
from .errors import CloudException, UntrustedResultError, VersionMismatchError


class Kind(NamedTuple):
    """What is known of a job before its result is read."""

    #: Whether it is the call of a Python function; another job's result is bytes.
    is_call: bool
    #: Its user; empty: this one.
    owner: str = ""


class Outcome(NamedTuple):
    """How a finished job ended: with a value, or with a failure."""

    jid: int
    status: str
    value: Any = None
    failure: Optional[CloudException] = None

    @property
    def error(self) -> Optional[BaseException]:
        """The exception that the job raised, or the failure if there is none that this process
        can read; None: the job is done."""
        return (self.failure.original or self.failure) if self.failure else None

    @property
    def traceback(self) -> Optional[str]:
        """The text of the job's traceback; None: it has none."""
        return self.failure.traceback if self.failure else None


def read(jid: int, source: io.RawIOBase, kind: Kind, trusted: bool) -> Any:
    """The result of a job that is done.

    :raises CloudException: if it cannot be read, or must not be: reading a pickle runs its code
    """
    file = io.BufferedReader(source, 256 << 10)
    if not kind.is_call:
        return file.read()
    values = _head(file)
    if values is None:
        return json.load(file)
    _check(jid, values, kind, trusted, "The result")
    return _load(jid, file, "result")


def read_error(
    jid: int, source: io.RawIOBase, kind: Kind, trusted: bool
) -> tuple[Optional[BaseException], Optional[str], Optional[str]]:
    """The exception that a job raised, its text, and its traceback; each is None if there is none.

    One that cannot be unpickled here keeps its text.
    """
    file = io.BufferedReader(source, 256 << 10)
    values = _head(file) if kind.is_call else None
    if values is None or values.get("kind") != "error":
        return None, None, None
    text = f"{values['type']}: {values['text']}" if values["type"] else values["text"]
    error: Optional[BaseException] = None
    if values["pickle"] != "none":
        try:
            _check(jid, values, kind, trusted, "The exception")
            error = _records.rebuilt(_load(jid, file, "exception"))
        except ConnectionError:
            raise
        except Exception:
            error = None
    return error, text.rstrip(": "), values["trace"] or None


def _head(file: io.BufferedReader) -> Optional[dict[str, str]]:
    title = _records.RESULT.encode() + b"\n"
    if file.peek(len(title))[: len(title)] != title:
        return None
    return _records.read_head(file, _records.RESULT)


def _check(jid: int, values: dict[str, str], kind: Kind, trusted: bool, what: str) -> None:
    if kind.owner and not trusted:
        raise UntrustedResultError(
            f"its result is a pickle of the user {kind.owner}, and reading it would run "
            "that user's code as yours; say trusted=True if you trust them",
            jid,
            "not-allowed",
        )
    if values["pickle"] == "code" and (problem := _records.mismatch(values["python"], what)):
        raise VersionMismatchError(problem, jid, "version-mismatch")


def _load(jid: int, file: IO[bytes], what: str) -> Any:
    import pickle

    try:
        return pickle.load(file)
    except (ConnectionError, MemoryError):
        # The answer broke off, or there is no room for it.
        raise
    except Exception as error:
        raise CloudException(
            f"its {what} cannot be unpickled here: {type(error).__name__}: {error}", jid
        ) from error
