"""Requests to the cloud: finds the node, repeats what an outage lost, and reads errors."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Optional, TypeVar

from . import _http
from ._http import Answer, Body, Connection, Pool
from ._place import Place
from .errors import CloudConnectionError, CloudException, CloudTimeoutError, DeadlockError

#: How long requests wait for the node, in seconds: a killed one is back after two or three.
OUTAGE_LIMIT = 20.0
_CONNECT_LIMIT = 10.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 0.5
#: The statuses of answers to requests that should be repeated.
BUSY = (429, 503)
# Requests sent ahead of the answers on one connection.
_AHEAD = 32

T = TypeVar("T")

JSON = "application/json"
LINES = "application/x-ndjson"


class Client:
    """One cloud, for all threads of this process."""

    def __init__(self, place: Place, autostart: bool = True) -> None:
        self.place = place
        self._autostart = autostart
        self._pool: Optional[Pool] = None
        self._lock = threading.Lock()
        self._user = ""

    def user(self) -> str:
        """The user that the cloud takes this process for."""
        if not self._user:
            self.ask("GET", "/healthz")
        return self._user

    def ask(
        self,
        method: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] = {},
        limit: Optional[float] = OUTAGE_LIMIT,
    ) -> Any:
        """The JSON document that answers a request. An outage of the node is waited out.

        :param body: a JSON document to send
        :param limit: how long, in seconds; None: without limit
        :raises CloudException: if the cloud refuses
        """
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        headers = {"Content-Type": JSON, **headers} if body is not None else headers
        with self.exchange(method, target, data, headers, limit) as answer:
            text = answer.readall()
        return json.loads(text) if text else {}

    @contextmanager
    def exchange(
        self,
        method: str,
        target: str,
        body: Body = None,
        headers: Mapping[str, str] = {},
        limit: Optional[float] = OUTAGE_LIMIT,
    ) -> Iterator[Answer]:
        """The answer to a request as a stream. The request may be sent more than once."""
        outage = Outage(limit)
        while True:
            try:
                connection, answer = self._exchange(method, target, body, headers)
            except OSError as failure:
                outage.wait(self._unreachable(failure))
                continue
            if answer.status in BUSY:
                problem = read_problem(answer)
                self._give(connection, answer)
                outage.wait(problem)
                continue
            break
        try:
            if answer.status >= 400:
                raise read_problem(answer)
            yield answer
        finally:
            self._give(connection, answer)

    def get_all(
        self,
        targets: Sequence[str],
        read: Callable[[int, Answer], T],
        limit: Optional[float],
    ) -> Iterator[T]:
        """What is read of the answers to GET requests, in their order; requests are sent ahead.

        :param read: reads the answer, of any status, to the target of this index; it is called
            again if the connection breaks meanwhile
        :param limit: how long to wait for the node, in seconds; None: without limit
        """
        received = 0
        outage = Outage(limit)
        while received < len(targets):
            answer = connection = None
            try:
                connection = self.pool().take()
                sent = received
                while received < len(targets):
                    while sent < min(received + _AHEAD, len(targets)):
                        connection.send("GET", targets[sent], self._headers({}))
                        sent += 1
                    answer = connection.receive()
                    if answer.status in BUSY:
                        outage.wait(read_problem(answer))
                        break
                    value = read(received, answer)
                    while not answer.is_complete:
                        answer.read(1 << 20)
                    received += 1
                    outage = Outage(limit)
                    yield value
                if received == len(targets):
                    self._give(connection, answer)
                    connection = None
            except OSError as failure:
                # A connection that the node closed while it was idle is no outage.
                if connection is None or connection.is_new:
                    outage.wait(self._unreachable(failure))
            finally:
                if connection is not None:
                    connection.close()

    def pool(self) -> Pool:
        """Connections to the node; the first call looks for it, and starts it if need be."""
        with self._lock:
            if self._pool is None:
                self._pool = self._find()
            return self._pool

    def open_stream(self, target: str, headers: Mapping[str, str]) -> tuple[Connection, Answer]:
        """A connection of its own for an answer without end; the caller closes it."""
        connection = self.pool().take(is_new=True)
        try:
            connection.send("GET", target, self._headers(headers))
            return connection, connection.receive()
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Closes the connections; a later request opens new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()

    def _exchange(
        self, method: str, target: str, body: Body, headers: Mapping[str, str]
    ) -> tuple[Connection, Answer]:
        while True:
            connection = self.pool().take()
            try:
                connection.send(method, target, self._headers(headers), body)
                answer = connection.receive()
            except OSError:
                connection.close()
                if not connection.is_new:
                    continue
                raise
            except BaseException:
                connection.close()
                raise
            self._user = _http.unescaped(answer.headers.get("jobcloud-user", self._user))
            return connection, answer

    def _give(self, connection: Connection, answer: Optional[Answer]) -> None:
        self.pool().give(connection, answer)

    def _headers(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        token = self.place.token
        return {**headers, "Authorization": f"Bearer {token}"} if token else headers

    def _find(self) -> Pool:
        failure = self._try_all()
        if isinstance(failure, Pool):
            return failure
        if not self._autostart or not self.place.start_node():
            raise self._unreachable(failure)
        failure = self._try_all()
        if isinstance(failure, Pool):
            return failure
        raise self._unreachable(failure)

    def _try_all(self) -> Any:
        failure: Optional[OSError] = None
        for address in self.place.addresses():
            pool = Pool(address, _CONNECT_LIMIT)
            try:
                pool.give_new(pool.take(is_new=True))
                return pool
            except OSError as error:
                failure = failure or error
        return failure

    def _unreachable(self, failure: OSError) -> CloudConnectionError:
        where = self._pool.address if self._pool else self.place.addresses()[0]
        why = failure.strerror or str(failure)
        return CloudConnectionError(
            f"No node answers at {where} ({why}). "
            + (
                "Check the address."
                if self.place.server
                else "Start it: JOBCLOUD_HOME="
                f"{self.place.home} jobcloud node start."
            ),
            status="unavailable",
        )


class Outage:
    """How long a request is repeated while the node does not answer it."""

    def __init__(self, limit: Optional[float]) -> None:
        self._limit = limit
        self._began: Optional[float] = None

    def wait(self, failure: CloudException) -> None:
        """Pauses before the next try; raises the failure once the time is up."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        passed = now - self._began
        if self._limit is not None and passed >= self._limit:
            raise failure
        time.sleep(min(max(passed / 20, _FIRST_PAUSE), _LONGEST_PAUSE))


def read_problem(answer: Answer) -> CloudException:
    """The error that an answer holds."""
    text = answer.readall()
    try:
        error = json.loads(text)["error"]
        code, jid, message = error["code"], error["jid"], error["message"]
    except (ValueError, KeyError, TypeError):
        code, jid, message = "unexpected", None, f"The node answered with status {answer.status}."
    return problem_of(code, jid, message)


def problem_of(code: str, jid: Optional[int], message: str) -> CloudException:
    """The exception for an error of the cloud."""
    kind = CloudException
    if code == "timeout":
        kind = DeadlockError if jid else CloudTimeoutError
    # The message names the job itself.
    error = kind(message, status=code)
    error.jid = jid
    error.names_job = False
    return error
