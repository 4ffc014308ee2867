"""The calls of the original, for one cloud."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Optional, Union

from . import _http, _infos, _jids, _options, _ship, _waits
from ._blobs import Blobs
from ._client import Client
from ._jids import Jids
from ._outcomes import Outcomes
from ._place import Place
from ._results import Outcome
from ._watch import Watcher
from .errors import CloudException

#: What a caller names jobs by: a jid, a future, or an iterable or range of them.
JobsLike = Any


class Cloud:
    """A cloud: the node that is named, else that of the variables JOBCLOUD_SERVER or
    JOBCLOUD_HOME, else that of this account. Several threads may use it.

    :param server: ``unix:PATH`` or ``https://HOST:PORT``
    :param home: the home of a node on this machine
    :param token_file: a file with an access token; default: the variable JOBCLOUD_TOKEN_FILE
    :param autostart: whether to start the node of the home if it does not run
    """

    def __init__(
        self,
        server: Optional[str] = None,
        *,
        home: Optional[str] = None,
        token_file: Optional[str] = None,
        autostart: bool = True,
    ) -> None:
        self._client = Client(Place(server, home, token_file), autostart)
        self._blobs = Blobs(self._client)
        self._outcomes = Outcomes(self._client)
        self._watcher = Watcher(self._client)

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
        """Runs ``function(*args, **kwargs)`` as a job.

        Keywords that begin with ``_`` are options of the job; see :func:`jobcloud.call`.

        :returns: the jid
        """
        own, options = _options.split(kwargs)
        return self.submit(function, args, own, options)

    def map(
        self, function: Callable[..., Any], *iterables: Iterable[Any], **options: Any
    ) -> Jids:
        """Runs one job for each element of the iterables, which are walked in parallel.

        Shorter iterables are padded with None. Keywords are options of all jobs.

        :returns: the jids, usable wherever a jid is
        """
        own, options = _options.split(options)
        if own:
            raise TypeError(
                f"map passes no keyword '{next(iter(own))}' to the function; bind it with "
                "functools.partial. An option of the jobs begins with '_'."
            )
        if not iterables:
            raise TypeError("map needs at least one iterable with arguments.")
        calls = zip(*iterables) if len(iterables) == 1 else zip_longest(*iterables)
        return self.submit_map(function, calls, options)

    def submit(
        self,
        function: Callable[..., Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] = {},
        options: Mapping[str, Any] = {},
    ) -> int:
        """Like :meth:`call`, with the arguments and the options apart."""
        read = _options.read(options)
        shipment = self._shipment(function, read)
        document = self._post(lambda: shipment.one((args, kwargs)))
        jid = int(document["jid"])
        self._outcomes.add_own(range(jid, jid + 1))
        if read.callback or read.callback_on_error:
            self.watch(jid, _caller(read.callback, read.callback_on_error))
        return jid

    def submit_map(
        self,
        function: Callable[..., Any],
        calls: Iterable[Sequence[Any]],
        options: Mapping[str, Any] = {},
    ) -> Jids:
        """Like :meth:`map`, with the positional arguments of each call."""
        shipment = self._shipment(function, _options.read(options, is_map=True))
        parts: list[range] = []
        try:
            for _, submission in shipment.several((call, {}) for call in calls):
                parts.append(self._submitted(submission))
        except BaseException:
            # A map is submitted whole or not at all.
            if parts:
                self.kill(parts)
            raise
        return Jids(jid for part in parts for jid in part) if len(parts) != 1 else Jids(parts[0])

    def join(
        self,
        jids: JobsLike,
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
        wanted = _jids.of(jids)
        if progress:
            _waits.show(self._client, wanted, timeout, ignore_errors)
        bad = _waits.wait(self._client, wanted, timeout, ignore_errors)
        if bad is not None and not ignore_errors:
            raise self._outcomes.failure(bad, trusted=False)

    def result(
        self,
        jids: JobsLike,
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
        wanted = _jids.of(jids)
        bad = _waits.wait(self._client, wanted, timeout, ignore_errors)
        if bad is not None and not ignore_errors:
            raise self._outcomes.failure(bad, trusted)
        outcomes = self._outcomes.read(wanted, trusted, are_done=bad is None)
        values = [_value(outcome, ignore_errors) for outcome in outcomes]
        return values[0] if _jids.is_one(jids) else values

    def iresult(
        self,
        jids: JobsLike,
        timeout: Optional[float] = None,
        ignore_errors: bool = False,
        num_in_parallel: int = 10,
        trusted: bool = False,
    ) -> Iterator[Any]:
        """Results in the order of the jids, each as soon as it and those before it are there.

        A failed job raises at its place, and the next call of ``next`` goes on after it.

        :param timeout: seconds for each result
        :param num_in_parallel: how many results are fetched ahead; 0: 1,024
        """
        return _Results(self, _jids.of(jids), timeout, ignore_errors, num_in_parallel, trusted)

    def status(self, jids: JobsLike) -> Any:
        """The status of one job, else a list: waiting, queued, processing, done, error, killed or
        stalled."""
        statuses = _infos.statuses(self._client, _jids.of(jids))
        return statuses[0] if _jids.is_one(jids) else statuses

    def info(
        self, jids: JobsLike, info_requested: Union[None, str, Iterable[str]] = None
    ) -> dict[int, dict[str, Any]]:
        """Items of jobs by jid: live while a job runs, and after it has ended.

        :param info_requested: items such as ``stdout``, ``memory.failcnt``, ``cputime.user``
            (seconds; memory is bytes), or ``all``; default: stdout, stderr, runtime and status.
            An item that a job does not have is None.
        """
        return _infos.read(self._client, _jids.of(jids), info_requested)

    def kill(self, jids: JobsLike = None) -> int:
        """Kills jobs that have not finished; without jids, all of yours.

        A job that runs gets SIGTERM and, a second later, SIGKILL.

        :returns: how many were killed
        """
        named = ["unfinished"] if jids is None else _jids.notations(_jids.of(jids))
        return self._change(named, "POST", "/kill")

    def delete(self, jids: JobsLike) -> int:
        """Deletes all data of finished jobs. Their jids are an error from then on.

        :returns: how many were deleted
        """
        return self._change(_jids.notations(_jids.of(jids)), "DELETE", "")

    def retry(self, jids: JobsLike) -> int:
        """Runs jobs that finished without success again.

        :returns: how many run again
        """
        return self._change(_jids.notations(_jids.of(jids)), "POST", "/retry")

    def watch(self, jids: JobsLike, callback: Callable[[int, str], None]) -> Callable[[], None]:
        """Calls ``callback(jid, status)`` once for each job when it has finished, on a thread that
        all watches share.

        :returns: a function that ends the watch
        """
        return self._watcher.watch(_jids.of(jids), callback)

    def outcome(self, jid: JobsLike, trusted: bool = False) -> Outcome:
        """How one finished job ended."""
        return next(iter(self._outcomes.read(_jids.of(jid), trusted)))

    def wait_for_status(
        self, jid: JobsLike, status: str, timeout: Optional[float] = None
    ) -> str:
        """Waits until a job has a status; see :func:`jobcloud.wait_for.status`."""
        pairs = [("status", status)]
        _waits.ask(self._client, _jids.of(jid), pairs, timeout)
        return status

    def wait_for_port(
        self,
        jid: JobsLike,
        port: int,
        protocol: str = "tcp",
        timeout: Optional[float] = None,
    ) -> dict[str, Any]:
        """Waits until a job listens; see :func:`jobcloud.wait_for.port`."""
        pairs = [("port", f"{port}/{protocol}")]
        found = _waits.ask(self._client, _jids.of(jid), pairs, timeout)
        return {"address": found["address"], "port": found["port"]}

    def close(self) -> None:
        """Ends watches and closes connections. Jobs go on."""
        self._watcher.close()
        self._client.close()

    def _change(self, notations: Iterable[str], method: str, change: str) -> int:
        return sum(
            int(self._client.ask(method, f"/v1/jobs/{jids}{change}")["changed"])
            for jids in notations
        )

    def _shipment(
        self, function: Callable[..., Any], options: _options.Options
    ) -> _ship.Shipment:
        shares_machine = bool(self._client.pool().address.path)
        return _ship.Shipment(_ship.function(function), options, self._blobs, shares_machine)

    def _submitted(self, submission: dict[str, Any]) -> range:
        document = self._post(lambda: submission)
        jids = range(document["first"], document["last"] + 1)
        self._outcomes.add_own(jids)
        return jids

    def _post(self, make: Callable[[], dict[str, Any]]) -> Any:
        """Submits once, however often the request is sent."""
        headers = {"Idempotency-Key": os.urandom(16).hex()}
        submission = make()
        if any("request_id" in attributes for attributes in submission.values()):
            headers = {}
        try:
            return self._client.ask("POST", "/v1/jobs", submission, headers)
        except CloudException as refusal:
            if refusal.status != "not-found":
                raise
            # The cloud deleted a content that this process sent long ago.
            self._blobs.forget()
        return self._client.ask("POST", "/v1/jobs", make(), headers)


class _Results(Iterator[Any]):
    """The results of jobs, in order. It goes on after an exception."""

    def __init__(
        self,
        cloud: Cloud,
        jids: Jids,
        timeout: Optional[float],
        ignore_errors: bool,
        ahead: int,
        trusted: bool,
    ) -> None:
        self._cloud = cloud
        self._jids = jids
        self._timeout = timeout
        self._ignores_errors = ignore_errors
        self._ahead = ahead if 0 < ahead <= 1024 else 1024
        self._trusted = trusted
        self._at = 0
        self._fetched: list[Outcome] = []
        self._ends = _waits.Ends(cloud._client, jids)

    def __next__(self) -> Any:
        if not self._fetched:
            if self._at == len(self._jids):
                self._ends.close()
                raise StopIteration
            end = None if self._timeout is None else time.monotonic() + self._timeout
            self._ends.wait(self._jids[self._at], end)
            ready = [self._jids[self._at]]
            for jid in self._jids[self._at + 1 : self._at + self._ahead]:
                if not self._ends.has(jid):
                    break
                ready.append(jid)
            self._fetched = list(self._cloud._outcomes.read(Jids(ready), self._trusted))
            self._fetched.reverse()
            self._at += len(ready)
        return _value(self._fetched.pop(), self._ignores_errors)


def _value(outcome: Outcome, ignores_errors: bool) -> Any:
    if outcome.failure is None:
        return outcome.value
    if ignores_errors:
        return outcome.failure
    raise outcome.failure


def _caller(
    on_end: Optional[Callable[[int], Any]], on_error: Optional[Callable[[int], Any]]
) -> Callable[[int, str], None]:
    def call_back(jid: int, status: str) -> None:
        function = on_end if status == "done" else on_error
        if function is not None:
            function(jid)

    return call_back
