"""The functions of the package, for one cloud."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Optional, Union

from . import _chunked, _chunks, _infos, _iresults, _jids, _options, _ship, _waits
from ._blobs import Blobs
from ._client import OUTAGE_LIMIT, Client
from ._jids import Jids
from ._outcomes import Outcomes
from ._place import Place
from ._results import Outcome
from ._watch import Watcher
from .errors import CloudException

# How long a count of the cloud's cores is used.
_CORES_SECONDS = 10.0

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
        #: When the cores were counted, and how many there were.
        self._cores: Optional[tuple[float, int]] = None

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
        """Runs ``function(*args, **kwargs)`` as a job.

        Keywords that begin with ``_`` are options of the job:

        ========================== =================================================================
        ``_label``                 a text, to find the job by
        ``_priority``              a whole number, 5 if absent; lower ones run first
        ``_max_runtime``           minutes, a timedelta, or a text such as ``"90s"``
        ``_depends_on``            jids or futures: run after these are done
        ``_depends_on_errors``     ``"abort"`` (default) or ``"ignore"``
        ``_restartable``           False: end as error if the node is lost, not run again
        ``_cores``, ``_memory``    limits; memory in bytes, or a text such as ``"2G"``
        ``_type``                  a core type, such as ``"c2"``
        ``_env``, ``_vol``         an environment; a volume or a list of them
        ``_profile``               True: record a profile (item ``profile`` of :func:`info`)
        ``_os_env_vars``           names of variables to pass on, or a dict of variables
        ``_cwd``                   the directory to run in; default: the current one, on one machine
        ``_retries``, ``_backoff`` retry a failed job so often, after so many seconds
        ``_callback``              called with the jid when the job is done
        ``_callback_on_error``     called with the jid when it ended otherwise
        ``_request_id``            submits at most one job for the same text
        ``_isolate``, ``_publish`` ``"network"``; ports to publish then
        ``_python``                the interpreter; default: this one, where the node has it
        ``_strict``                True: refuse the job if no node can run it
        ========================== =================================================================

        :returns: the jid
        :raises TypeError: if the function or an argument cannot be pickled, or an option is unknown
        :raises CloudException: if the cloud refuses the job
        """
        own, options = _options.split(kwargs)
        return self.submit(function, args, own, options)

    def map(
        self, function: Callable[..., Any], *iterables: Iterable[Any], **options: Any
    ) -> Jids:
        """Runs one job for each element of the iterables, which are walked in parallel.

        Shorter iterables are padded with None. The keywords are those of :func:`call` without
        callbacks, and ``_max_parallel`` (at most so many run at once), ``_max_fails`` (more
        failures kill the rest) and ``_chunk``: each job makes so many of the calls, which may take
        far less than a second then. :func:`result` and :func:`iresult` still give the value of
        each call, and raise for each that failed; such a job is done all the same.

        >>> cloud.result(cloud.map(pow, [2, 3], [10, 2]))      # doctest: +SKIP
        [1024, 9]

        :returns: the jids: a sequence, usable wherever a jid is
        """
        own, options = _options.split(options)
        if own:
            raise TypeError(
                f"map passes no keyword '{next(iter(own))}' to the function; bind it with "
                "functools.partial. An option of the jobs begins with '_'."
            )
        if not iterables:
            raise TypeError("map needs at least one iterable with arguments.")
        size = _options.chunk(options)
        if size is not None:
            chunks = _chunked.cut(iterables, size, pads=True)
            return self.submit_map(
                _chunks.Chunks(function, may_leave=False), (([one],) for one in chunks), options
            )
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
        return self.submit_prepared(self.prepare_map(function, options), calls)

    def prepare_map(
        self, function: Callable[..., Any], options: Mapping[str, Any] = {}
    ) -> _ship.Shipment:
        """The part that maps of this function share, for :meth:`submit_prepared`."""
        return self._shipment(function, _options.read(options, is_map=True))

    def submit_prepared(
        self,
        shipment: _ship.Shipment,
        calls: Iterable[Sequence[Any]],
        limit: Optional[float] = OUTAGE_LIMIT,
    ) -> Jids:
        """Like :meth:`submit_map`, with a function and options that were prepared.

        :param limit: how long the submission waits for the node, in seconds; None: without limit
        """
        parts: list[range] = []
        try:
            for _, submission in shipment.several((call, {}) for call in calls):
                parts.append(self._submitted(submission, limit))
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
        # All are read before one raises, so that no connection is left in the middle of answers.
        outcomes = list(self._outcomes.read(wanted, trusted, are_done=bad is None))
        if _jids.is_one(jids) and not isinstance(outcomes[0].value, _chunks.Results):
            return _iresults.value(outcomes[0].value, outcomes[0].failure, ignore_errors)
        return [_iresults.value(*pair, ignore_errors) for pair in _iresults.pairs(outcomes)]

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

        :param timeout: seconds for each result; None: without limit
        :param ignore_errors: yield the exceptions of failed jobs
        :param num_in_parallel: how many results are fetched ahead; 0: 1,024
        """
        wanted = _jids.of(jids)
        ahead = num_in_parallel
        return _iresults.InOrder(
            self._client, self._outcomes, wanted, timeout, ignore_errors, ahead, trusted
        )

    def status(self, jids: JobsLike) -> Any:
        """The status of one job, else a list of them.

        waiting, queued, processing, done, error, killed or stalled.
        """
        statuses = _infos.statuses(self._client, _jids.of(jids))
        return statuses[0] if _jids.is_one(jids) else statuses

    def info(
        self, jids: JobsLike, info_requested: Union[None, str, Iterable[str]] = None
    ) -> dict[int, dict[str, Any]]:
        """Items of jobs by jid: live while a job runs, and after it has ended.

        >>> cloud.info(jid, ["stdout", "memory.failcnt", "cputime.user"])      # doctest: +SKIP
        {7: {'stdout': 'Output\\n', 'memory.failcnt': 0, 'cputime.user': 0.02}}

        :param info_requested: names of items, or ``all``; default: stdout, stderr, runtime
            (seconds) and status. An item that a job does not have is None.
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
        :raises CloudException: if a job has not finished; nothing is deleted then
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

    def outcome(
        self, jid: JobsLike, trusted: bool = False, status: Optional[str] = None
    ) -> Outcome:
        """How one finished job ended.

        :param status: its status, if that is known
        """
        (only,) = self._outcomes.read(_jids.of(jid), trusted, are_done=status == "done")
        return only

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

    def cores(self) -> int:
        """The cores of the nodes that take jobs, as of the last seconds."""
        now = time.monotonic()
        if self._cores is None or now - self._cores[0] > _CORES_SECONDS:
            nodes = self._client.ask("GET", "/v1/nodes")["nodes"]
            cores = sum(int(node["cores"]) for node in nodes if node["state"] == "ready")
            self._cores = now, cores
        return self._cores[1]

    def close(self) -> None:
        """Ends watches and closes connections. Jobs continue."""
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

    def _submitted(self, submission: dict[str, Any], limit: Optional[float]) -> range:
        document = self._post(lambda: submission, limit)
        jids = range(document["first"], document["last"] + 1)
        self._outcomes.add_own(jids)
        return jids

    def _post(
        self, make: Callable[[], dict[str, Any]], limit: Optional[float] = OUTAGE_LIMIT
    ) -> Any:
        """Submits once, however often the request is sent."""
        headers = {"Idempotency-Key": os.urandom(16).hex()}
        submission = make()
        if any("request_id" in attributes for attributes in submission.values()):
            headers = {}
        try:
            return self._client.ask("POST", "/v1/jobs", submission, headers, limit)
        except CloudException as refusal:
            if refusal.status != "not-found":
                raise
            # The cloud deleted a content that this process sent long ago.
            self._blobs.forget()
        return self._client.ask("POST", "/v1/jobs", make(), headers, limit)


def _caller(
    on_end: Optional[Callable[[int], Any]], on_error: Optional[Callable[[int], Any]]
) -> Callable[[int, str], None]:
    def call_back(jid: int, status: str) -> None:
        function = on_end if status == "done" else on_error
        if function is not None:
            function(jid)

    return call_back
