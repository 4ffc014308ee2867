"""Results, exceptions and waits."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import calls
import pytest
from waiting import PATIENCE, wait_until

import jobcloud as cloud
from jobcloud import (
    CloudException,
    CloudTimeoutError,
    UntrustedResultError,
    _records,
    _results,
)


class Odd(Exception):
    """Its pickle cannot be read: the constructor has other parameters than ``args``."""

    def __init__(self, code: int, *, where: str) -> None:
        super().__init__(f"{code} at {where}")
        self.code = code
        self.where = where


class Unpicklable(Exception):
    def __init__(self) -> None:
        super().__init__("holds a lock")
        self.lock = threading.Lock()


def raises(error: str) -> NoReturn:
    if error == "odd":
        raise Odd(3, where="here")
    if error == "unpicklable":
        raise Unpicklable()
    if error == "os":
        open("/no/such/file")
    if error == "exit":
        sys.exit(0)
    if error == "memory":
        raise MemoryError("too much")
    raise ValueError("line one\nline two: ü €")


def makes(what: str) -> Any:
    made: dict[str, Any] = {
        "none": None,
        "text": "ü\n\x00 € \U0001f600 \\ \"quoted\"",
        "surrogate": "\udcff",
        "tuple": (1, [2.5, {"a": True}], "x"),
        "nested": [{"a": [1, None]}, [], {}],
        "infinite": float("inf"),
        "large": 10**400,
        "keys": {1: "one", "2": 2},
        "set": {1, 2},
        "bytes": b"\x80\x00",
        "class": calls.OddError,
    }
    if what == "shared":
        inner: list[int] = []
        return [inner, inner]
    if what == "itself":
        value: list[Any] = []
        value.append(value)
        return value
    return made[what]


def test_results_are_the_values() -> None:
    names = ["none", "text", "surrogate", "tuple", "nested", "infinite", "large", "keys", "set"]
    names += ["bytes", "class"]
    for name, value in zip(names, cloud.result(cloud.map(makes, names))):
        assert value == makes(name), name
        assert type(value) is type(makes(name)), name
    shared, itself = cloud.result(cloud.map(makes, ["shared", "itself"]))
    assert shared[0] is shared[1]
    assert itself[0] is itself


@pytest.mark.parametrize("value", [None, True, -3, 2.5, "ü\"\\\n\x01", [1, [2], {"a": None}]])
def test_simple_values_are_json_for_other_programs(value: Any) -> None:
    import json

    text = _records.as_text(value)
    assert text is not None
    assert json.loads(text) == value


def test_the_command_shows_a_simple_result() -> None:
    jid = cloud.call(calls.square, 7)
    shown = subprocess.run(["jobcloud", "result", str(jid)], capture_output=True, check=True)
    assert shown.stdout == b"49\n"


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        ("odd", Odd, "3 at here"),
        ("os", FileNotFoundError, "No such file"),
        ("memory", MemoryError, "too much"),
        ("exit", SystemExit, "SystemExit: 0"),
        ("value", ValueError, "line one\nline two: ü €"),
    ],
)
def test_a_failed_call_raises_what_the_job_raised(
    error: str, kind: type[BaseException], text: str
) -> None:
    jid = cloud.call(raises, error)
    with pytest.raises(CloudException) as caught:
        cloud.result(jid, timeout=PATIENCE)
    failure = caught.value
    assert (failure.jid, failure.status) == (jid, "error")
    assert type(failure.original) is kind
    assert text in str(failure)
    assert failure.traceback is not None and "in raises" in failure.traceback
    # It begins with the function of the caller.
    assert "_runner.py" not in failure.traceback
    if error == "odd":
        assert isinstance(failure.original, Odd)
        assert (failure.original.code, failure.original.where) == (3, "here")
    stderr = cloud.info(jid, "stderr")[jid]["stderr"]
    assert "in raises" in stderr and "_runner.py" not in stderr
    assert "in raises" in (cloud.info(jid, "exception")[jid]["exception"] or "in raises")


def test_an_exception_that_cannot_be_pickled_keeps_its_text() -> None:
    with pytest.raises(CloudException, match="Unpicklable: holds a lock") as caught:
        cloud.result(cloud.call(raises, "unpicklable"))
    assert caught.value.original is None
    assert "in raises" in (caught.value.traceback or "")
    assert pickle.loads(pickle.dumps(caught.value)).jid == caught.value.jid


def test_a_result_that_cannot_be_pickled_is_an_error_that_says_so() -> None:
    def generator() -> Iterator[int]:
        yield 1

    with pytest.raises(CloudException, match="result of .*generator cannot be pickled"):
        cloud.result(cloud.call(generator))


def test_failures_stand_in_their_places_if_errors_are_ignored() -> None:
    jids = cloud.map(calls.inverse, [1, 0, 2])
    values = cloud.result(jids, ignore_errors=True)
    assert (values[0], values[2]) == (1.0, 0.5)
    assert isinstance(values[1], CloudException)
    assert values[1].jid == jids[1]
    cloud.join(jids, ignore_errors=True)
    with pytest.raises(CloudException, match="ZeroDivisionError"):
        cloud.join(jids)


def test_iresult_goes_on_after_a_failure() -> None:
    results = cloud.iresult(cloud.map(calls.inverse, [1, 0, 2]), timeout=PATIENCE)
    assert next(results) == 1.0
    with pytest.raises(CloudException, match="ZeroDivisionError"):
        next(results)
    assert next(results) == 0.5
    with pytest.raises(StopIteration):
        next(results)


def test_iresult_yields_what_is_there_before_the_rest_has_ended(tmp_path: Path) -> None:
    first = cloud.call(calls.square, 3)
    second = cloud.call(calls.wait_for_file, str(tmp_path / "go"), "gone")
    results = cloud.iresult([first, second], timeout=0.2)
    assert next(cloud.iresult([first, second], timeout=PATIENCE)) == 9
    with pytest.raises(CloudTimeoutError):
        while True:
            next(results)
    (tmp_path / "go").touch()
    assert list(cloud.iresult([second, first], timeout=PATIENCE)) == ["gone", 9]


def test_a_wait_ends_after_its_time_and_the_job_goes_on(tmp_path: Path) -> None:
    jid = cloud.call(calls.wait_for_file, str(tmp_path / "go"), 5)
    with pytest.raises(CloudTimeoutError, match="Timed out"):
        cloud.join(jid, timeout=0.1)
    with pytest.raises(TimeoutError):
        cloud.wait_for.status(jid, "done", timeout=0.1)
    (tmp_path / "go").touch()
    assert cloud.wait_for.status(jid, "done", timeout=PATIENCE) == "done"
    assert cloud.result(jid) == 5
    with pytest.raises(CloudException, match="can no longer become processing"):
        cloud.wait_for.status(jid, "processing")


def test_large_arguments_and_results_are_not_held_twice() -> None:
    data = os.urandom(1 << 20) * 100
    jid = cloud.call(bytes.join, b"", [data, b"end"])
    assert cloud.result(jid, timeout=PATIENCE) == data + b"end"


def test_a_job_that_is_no_call_has_bytes_as_result() -> None:
    shown = subprocess.run(
        ["jobcloud", "exec", "printf '\\200\\003.'"], capture_output=True, text=True, check=True
    )
    assert cloud.result(int(shown.stdout)) == b"\x80\x03."


def test_an_unknown_job_is_named() -> None:
    with pytest.raises(CloudException, match="987654") as caught:
        cloud.result(987654)
    assert (caught.value.status, caught.value.jid) == ("unknown-job", 987654)
    for wrong in ("3", None, 3.5):
        with pytest.raises(TypeError, match="is not a jid"):
            cloud.status(wrong)


def test_a_failed_call_is_retried(tmp_path: Path) -> None:
    jid = cloud.call(os.rmdir, str(tmp_path / "made later"))
    cloud.join(jid, ignore_errors=True)
    (tmp_path / "made later").mkdir()
    assert cloud.retry(jid) == 1
    assert cloud.result(jid, timeout=PATIENCE) is None


def test_all_unfinished_jobs_are_killed(tmp_path: Path) -> None:
    jids = cloud.map(calls.wait_for_file, [str(tmp_path / "never")] * 3)
    assert cloud.kill() >= 3
    cloud.join(jids, timeout=PATIENCE, ignore_errors=True)
    assert cloud.status(jids) == ["killed"] * 3
    assert cloud.kill(jids) == 0


def test_results_of_other_users_are_not_unpickled() -> None:
    body = _records.head(_records.RESULT, pickle="names", python=_records.version(), kind="value")
    body += pickle.dumps([1])
    other = _results.Kind(is_call=True, owner="ann")
    with pytest.raises(UntrustedResultError, match="pickle of the user ann"):
        _results.read(3, io.BytesIO(body), other, trusted=False)  # type: ignore[arg-type]
    assert _results.read(3, io.BytesIO(body), other, trusted=True) == [1]  # type: ignore[arg-type]
    # Simple results are no pickles.
    assert _results.read(3, io.BytesIO(b"7\n"), other, trusted=False) == 7  # type: ignore[arg-type]


def test_a_result_with_code_of_another_python_is_refused_before_it_is_read() -> None:
    body = _records.head(_records.RESULT, pickle="code", python="2.7", kind="value") + b"\x80"
    own = _results.Kind(is_call=True)
    with pytest.raises(cloud.VersionMismatchError, match="code of Python 2.7"):
        _results.read(3, io.BytesIO(body), own, trusted=False)  # type: ignore[arg-type]


def test_the_client_is_imported_without_what_it_may_not_need() -> None:
    code = (
        "import sys, jobcloud._cloud\n"
        "found = {'asyncio', 'ssl', 'cloudpickle', 'concurrent', 'logging'} & set(sys.modules)\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-S", "-c", code], check=True, env=os.environ)


def test_jobs_are_watched_while_others_run(tmp_path: Path) -> None:
    slow = cloud.call(calls.wait_for_file, str(tmp_path / "go"))
    quick = cloud.map(calls.inverse, [1, 0])
    seen: dict[int, str] = {}
    end = cloud.cloud().watch([slow, quick], seen.__setitem__)
    wait_until(lambda: len(seen) == 2)
    assert seen == {quick[0]: "done", quick[1]: "error"}
    later = cloud.call(calls.square, 2)
    cloud.cloud().watch(later, seen.__setitem__)
    wait_until(lambda: later in seen)
    end()
    (tmp_path / "go").touch()
    cloud.join(slow, timeout=PATIENCE)
    assert slow not in seen
