"""The values of outcomes, and results one after another."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from . import _waits
from ._chunks import Results
from ._client import Client
from ._jids import Jids
from ._outcomes import Outcomes
from ._results import Outcome
from .errors import CloudException


def pairs(outcomes: Iterable[Outcome]) -> Iterator[tuple[Any, Optional[CloudException]]]:
    """The value or the failure of each call: of each element of a job that is a chunk."""
    for outcome in outcomes:
        if outcome.failure is None and isinstance(outcome.value, Results):
            yield from outcome.value.outcomes(outcome.jid)
        else:
            yield outcome.value, outcome.failure


def value(found: Any, failure: Optional[CloudException], ignores_errors: bool) -> Any:
    """The value of a call; if it failed, its failure is raised or, if ignored, stands for it."""
    if failure is None:
        return found
    if ignores_errors:
        return failure
    raise failure


class InOrder(Iterator[Any]):
    """The results of jobs, in order. It goes on after an exception.

    :param timeout: seconds for each result
    :param ahead: how many jobs' results are fetched ahead
    """

    def __init__(
        self,
        client: Client,
        outcomes: Outcomes,
        jids: Jids,
        timeout: Optional[float],
        ignores_errors: bool,
        ahead: int,
        trusted: bool,
    ) -> None:
        self._outcomes = outcomes
        self._jids = jids
        self._timeout = timeout
        self._ignores_errors = ignores_errors
        self._ahead = ahead if 0 < ahead <= 1024 else 1024
        self._trusted = trusted
        self._at = 0
        self._fetched: Iterator[tuple[Any, Optional[CloudException]]] = iter(())
        self._ends = _waits.Ends(client, jids)

    def __next__(self) -> Any:
        while (pair := next(self._fetched, None)) is None:
            if self._at == len(self._jids):
                self._ends.close()
                raise StopIteration
            self._fetched = pairs(self._fetch())
        return value(*pair, self._ignores_errors)

    def _fetch(self) -> list[Outcome]:
        """The outcomes of the next job and of those after it that have ended, too."""
        end = None if self._timeout is None else time.monotonic() + self._timeout
        self._ends.wait(self._jids[self._at], end)
        ready = [self._jids[self._at]]
        for jid in self._jids[self._at + 1 : self._at + self._ahead]:
            if not self._ends.has(jid):
                break
            ready.append(jid)
        fetched = list(self._outcomes.read(Jids(ready), self._trusted))
        self._at += len(ready)
        return fetched
