"""The errors that the calls raise. All are CloudException."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional


class CloudException(Exception):
    """A job ended badly, or the cloud refused a request.

    ``jid`` is the job, or None; ``status`` is the job's status (``error``, ``killed`` or
    ``stalled``), or the code of the refusal, such as ``unknown-job``; ``traceback`` is the text of
    the job's traceback, or None; ``original`` is the exception that the job raised, where this
    process could unpickle it, or None.
    """

    def __init__(
        self,
        message: str,
        jid: Optional[int] = None,
        status: Optional[str] = None,
        traceback: Optional[str] = None,
        original: Optional[BaseException] = None,
    ) -> None:
        super().__init__(message, jid, status, traceback)
        self.message = message
        self.jid = jid
        self.status = status
        self.traceback = traceback
        self.original = original
        #: Whether the text begins with the job; a refusal's own sentence names it.
        self.names_job = jid is not None

    def __str__(self) -> str:
        text = f"Job {self.jid}: {self.message}" if self.names_job else self.message
        return text if not self.traceback else f"{text}\n{self.traceback.rstrip()}"


class CloudTimeoutError(CloudException, TimeoutError):
    """The timeout expired before the jobs had finished. The jobs continue."""


class CloudConnectionError(CloudException, ConnectionError):
    """No node answers."""


class DeadlockError(CloudException):
    """A job waits for jobs that cannot start while it holds its cores."""


class VersionMismatchError(CloudException):
    """A function or a result was pickled by another version of Python than reads it."""


class UntrustedResultError(CloudException):
    """The result is a pickle of another user, and reading a pickle runs its code."""
