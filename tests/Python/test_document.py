"""The Python examples of the original's page "Advanced Job Management", in its order and in
Python 3. Each test has the number of its example."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from waiting import PATIENCE

import jobcloud as cloud


def foo() -> None:
    print("Output")
    print("An Error", file=sys.stderr)


def infinite_loop(started: str) -> None:
    while True:
        Path(started).touch()
        time.sleep(0.01)


def f1() -> int:
    return 20


def f2(jid: int) -> int:
    result_of_f1: int = cloud.result(jid)
    return result_of_f1 + 1


def fails() -> None:
    raise RuntimeError("f1 failed")


def job1() -> int:
    time.sleep(0.2)
    return 1


def job2(jid: int) -> Any:
    return cloud.result(jid)


def square(x: int) -> int:
    return x * x


def open_socket(port: int) -> None:
    """Opens a port and handles one request."""
    httpd = HTTPServer(("", port), BaseHTTPRequestHandler)
    httpd.handle_request()


def test_1_info_returns_the_items_that_are_asked_for() -> None:
    jid = cloud.call(foo)
    cloud.join(jid)
    found = cloud.info(jid, ["stdout", "memory.failcnt", "cputime.user"])
    assert found[jid]["stdout"] == "Output\n"
    assert found[jid]["memory.failcnt"] == 0
    assert found[jid]["cputime.user"] > 0
    assert set(found[jid]) == {"stdout", "memory.failcnt", "cputime.user"}


def test_2_info_returns_stdout_stderr_runtime_and_status_by_default() -> None:
    jids = cloud.map(square, range(2))
    cloud.join(jids)
    found = cloud.info(jids)
    assert list(found) == list(jids)
    assert set(found[jids[0]]) == {"stdout", "stderr", "runtime", "status"}


def test_3_stdout_and_stderr_are_what_the_job_printed() -> None:
    jid = cloud.call(foo)
    cloud.join(jid)
    assert cloud.info(jid, ["stderr", "stdout"]) == {
        jid: {"stderr": "An Error\n", "stdout": "Output\n"}
    }


def test_4_a_job_that_never_ends_is_killed(tmp_path: Path) -> None:
    started = tmp_path / "started"
    jid = cloud.call(infinite_loop, str(started))
    _appears(started)
    cloud.kill(jid)
    with pytest.raises(cloud.CloudException, match="killed") as caught:
        cloud.join(jid, timeout=PATIENCE)
    assert cloud.status(jid) == "killed"
    assert (caught.value.jid, caught.value.status) == (jid, "killed")
    # "an exception traceback showing at what point the SIGTERM was received"
    assert "infinite_loop" in (caught.value.traceback or "")


def test_5_a_deleted_job_is_an_error_in_later_commands() -> None:
    jid = cloud.call(square, 3)
    cloud.join(jid)
    cloud.delete(jid)
    with pytest.raises(cloud.CloudException, match="deleted") as caught:
        cloud.info(jid, "stdout")
    assert caught.value.status == "deleted-job"


def test_5_only_a_finished_job_is_deleted(tmp_path: Path) -> None:
    jid = cloud.call(infinite_loop, str(tmp_path / "started"))
    with pytest.raises(cloud.CloudException) as caught:
        cloud.delete(jid)
    assert caught.value.status == "unfinished-job"
    cloud.kill(jid)


def test_6_a_job_has_a_priority() -> None:
    jid = cloud.call(square, 2, _priority=1)
    assert cloud.info(jid, "attributes")[jid]["attributes"]["priority"] == 1
    assert cloud.result(jid) == 4


def test_7_a_job_has_a_label() -> None:
    jid = cloud.call(square, 2, _label="first job")
    assert cloud.info(jid, "attributes")[jid]["attributes"]["label"] == "first job"


def test_8_a_job_is_killed_after_its_maximum_runtime(tmp_path: Path) -> None:
    jid = cloud.call(square, 2, _max_runtime=1)
    assert cloud.info(jid, "attributes")[jid]["attributes"]["max_runtime"] == 60
    late = cloud.call(infinite_loop, str(tmp_path / "started"), _max_runtime="300ms")
    with pytest.raises(cloud.CloudException, match="max runtime"):
        cloud.join(late, timeout=PATIENCE)


def test_9_a_job_uses_the_result_of_the_job_that_it_depends_on() -> None:
    f1_jid = cloud.call(f1)
    f2_jid = cloud.call(f2, f1_jid, _depends_on=f1_jid)
    assert cloud.result(f2_jid, timeout=PATIENCE) == 21


def test_10_a_job_stalls_if_its_dependency_fails() -> None:
    jid = cloud.call(fails)
    stalled = cloud.call(square, 1, _depends_on=jid)
    runs = cloud.call(square, 2, _depends_on=jid, _depends_on_errors="ignore")
    assert cloud.result(runs, timeout=PATIENCE) == 4
    with pytest.raises(cloud.CloudException) as caught:
        cloud.join(stalled, timeout=PATIENCE)
    assert caught.value.status == "stalled"


def test_11_the_result_of_both() -> None:
    jid1 = cloud.call(job1)
    jid2 = cloud.call(job2, jid1, _depends_on=jid1)
    assert cloud.result(jid2, timeout=PATIENCE) == 1


def test_12_a_job_is_not_restartable() -> None:
    jid = cloud.call(foo, _restartable=False)
    assert cloud.info(jid, "attributes")[jid]["attributes"]["restartable"] is False


def test_13_a_job_is_restartable_by_default() -> None:
    jid = cloud.call(square, 10, _restartable=True)
    assert cloud.info(jid, "attributes")[jid]["attributes"]["restartable"] is True
    assert cloud.result(jid) == 100


def test_14_the_ports_of_a_job_are_known() -> None:
    port = _free_port()
    jid = cloud.call(open_socket, port)
    cloud.wait_for.port(jid, port, timeout=PATIENCE)
    assert cloud.status(jid) == "processing"
    ports = cloud.info(jid, ["ports"])[jid]["ports"]
    assert ports["tcp"][port]["port"] == port
    assert ports["tcp"][port]["address"]
    cloud.kill(jid)


def test_15_a_shortcut_waits_until_a_job_listens() -> None:
    port = _free_port()
    jid = cloud.call(open_socket, port)
    place = cloud.shortcuts.get_connection_info(jid, port)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://{place['address']}:{place['port']}", timeout=PATIENCE)
    assert caught.value.code == 501
    caught.value.close()
    cloud.join(jid, timeout=PATIENCE)


@pytest.mark.parametrize("name", ["realtime", "queue", "bucket", "files", "cron"])
def test_what_the_original_had_and_this_has_not_is_said(name: str) -> None:
    with pytest.raises(AttributeError, match="JobCloud has no"):
        getattr(cloud, name)


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _appears(path: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end, f"{path} does not appear"
        time.sleep(0.01)
