"""How jobs ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Optional

from . import _infos, _records, _results
from ._client import Client, read_problem
from ._http import Answer
from ._jids import Jids
from ._results import Kind, Outcome
from .errors import CloudException

_OWN_CALL = Kind(is_call=True)
_FINISHED = ("done", "error", "killed", "stalled")
_LAST_LINES = 5


class Outcomes:
    """Reads results, and knows which jobs are this process' own."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._own: list[range] = []
        self._others: dict[int, Kind] = {}

    def add_own(self, jids: range) -> None:
        """Notes calls that this process submitted."""
        with self._lock:
            if self._own and self._own[-1].stop == jids.start:
                self._own[-1] = range(self._own[-1].start, jids.stop)
            else:
                self._own.append(jids)

    def read(self, jids: Jids, trusted: bool, are_done: bool = False) -> Iterator[Outcome]:
        """The outcomes of finished jobs, in order.

        :param are_done: whether all are known to be done
        :raises CloudException: if one has not finished
        """
        statuses = ["done"] * len(jids) if are_done else _infos.statuses(self._client, jids, None)
        kinds = self._kinds(jids)
        bad = Jids(jid for jid, status in zip(jids, statuses) if status != "done")
        # These follow a wait, which goes on whatever becomes of the node meanwhile.
        details = _infos.documents(self._client, bad, "reason,exception,stderr", None)
        asked = list(jids)

        def read(index: int, answer: Answer) -> Outcome:
            jid, status = asked[index], statuses[index]
            if status not in _FINISHED:
                raise CloudException("it has not finished; wait for it first", jid, status)
            if status == "done":
                return self._outcome(jid, answer, kinds[jid], trusted)
            failure = _failure(jid, status, answer, kinds[jid], trusted, details[jid])
            return Outcome(jid, status, failure=failure)

        targets = [f"/v1/jobs/{jid}/output/result" for jid in asked]
        return self._client.get_all(targets, read, None)

    def failure(self, jid: int, trusted: bool) -> CloudException:
        """The exception for a job that ended otherwise than done."""
        (outcome,) = self.read(Jids([jid]), trusted)
        return outcome.failure or CloudException("it was retried, and is done", jid, "done")

    def _outcome(self, jid: int, answer: Answer, kind: Kind, trusted: bool) -> Outcome:
        try:
            if answer.status >= 400:
                raise read_problem(answer)
            if dropped := int(answer.headers.get("jobcloud-dropped", "0")):
                raise CloudException(f"{dropped} bytes of its result are no longer kept", jid)
            return Outcome(jid, "done", _results.read(jid, answer, kind, trusted))
        except CloudException as problem:
            return Outcome(jid, "done", failure=problem)

    def _kinds(self, jids: Jids) -> dict[int, Kind]:
        """What is known of jobs; asks for those that other processes submitted."""
        with self._lock:
            own = list(self._own)
            unknown = [
                jid
                for jid in jids
                if jid not in self._others and not any(jid in part for part in own)
            ]
        found = (
            _infos.documents(self._client, Jids(unknown), "attributes", None) if unknown else {}
        )
        with self._lock:
            for jid, document in found.items():
                self._others[jid] = self._kind(document["attributes"])
            return {jid: self._others.get(jid, _OWN_CALL) for jid in jids}

    def _kind(self, attributes: dict[str, Any]) -> Kind:
        owner = str(attributes["owner"])
        is_own = owner == self._client.user()
        is_call = attributes["return"] == _records.RESULT_FILE and "task" in attributes["data"]
        return Kind(is_call, "" if is_own else owner)


def _failure(
    jid: int,
    status: str,
    answer: Answer,
    kind: Kind,
    trusted: bool,
    details: dict[str, Any],
) -> CloudException:
    error: Optional[BaseException] = None
    text = trace = None
    if answer.status < 400:
        # A call that was killed has no result of its own.
        error, text, trace = _results.read_error(jid, answer, kind, trusted)
    if text is None:
        text = details.get("reason") or status
        trace = details.get("exception") or _last_lines(details.get("stderr"))
    return CloudException(text, jid, status, trace, error)


def _last_lines(text: Optional[str]) -> Optional[str]:
    lines = (text or "").rstrip().splitlines()
    return "\n".join(lines[-_LAST_LINES:]) or None
