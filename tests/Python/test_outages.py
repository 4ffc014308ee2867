"""What happens to calls when the node, the client or a job's surroundings are not as usual."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from calls import run_late
from small import note, seven
from waiting import PATIENCE, wait_until

import jobcloud as cloud
from jobcloud import CloudException

MANY = 1_000


def inside(jid: int) -> Any:
    return os.getuid(), cloud.result(jid)


def submits() -> Any:
    """A job that submits jobs."""
    return cloud.result(cloud.call(seven), timeout=PATIENCE)


def test_a_killed_node_loses_no_element_of_a_map_and_no_order(tmp_path: Path) -> None:
    jids = cloud.map(note, [str(tmp_path)] * MANY, range(MANY))
    assert len(jids) == MANY
    found: list[Any] = []

    def collect() -> None:
        found.extend(cloud.iresult(jids, num_in_parallel=0))

    reader = threading.Thread(target=collect, daemon=True)
    reader.start()
    wait_until(lambda: len(os.listdir(tmp_path)) > 20)
    os.kill(_node(), signal.SIGKILL)
    assert cloud.result(jids, timeout=5 * PATIENCE) == [i * i for i in range(MANY)]
    assert len(os.listdir(tmp_path)) == MANY
    reader.join(PATIENCE)
    assert found == [i * i for i in range(MANY)]
    assert set(cloud.status(jids)) == {"done"}


def test_a_killed_node_loses_no_chunk_of_an_executors_map(tmp_path: Path) -> None:
    number = 40 * cloud.cloud().cores()
    with cloud.JobCloudExecutor() as executor:
        folders = [str(tmp_path)] * number
        results = executor.map(run_late, folders, range(number), chunksize=2)
        wait_until(lambda: len(os.listdir(tmp_path)) > 2)
        os.kill(_node(), signal.SIGKILL)
        assert [element for element, _ in results] == list(range(number))
    assert len(os.listdir(tmp_path)) == number


def test_a_job_uses_the_cloud_that_runs_it() -> None:
    assert cloud.result(cloud.call(submits), timeout=PATIENCE) == 7


def test_a_job_in_a_private_network_is_told_that_it_has_no_way_to_the_cloud() -> None:
    jid = cloud.call(seven)
    with pytest.raises(CloudException) as caught:
        cloud.result(cloud.call(inside, jid, _isolate="network", _depends_on=jid), timeout=PATIENCE)
    if "JOBCLOUD_SERVER" not in str(caught.value):
        pytest.skip(f"this machine has no private networks: {caught.value.message}")
    assert "no way to its cloud" in str(caught.value)


def test_a_command_in_python_uses_the_cloud() -> None:
    jid = cloud.call(seven)
    code = f"import jobcloud as cloud; print(cloud.result({jid}))"
    run = [_program(), "exec", "-f", sys.executable, "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr


def test_a_wait_that_holds_up_what_it_waits_for_ends_with_an_error(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "jobcloud.conf").write_text("jobcloud.gateway.deadlock-after = 1s\n")
    environment = {**os.environ, "JOBCLOUD_HOME": str(home)}
    start = [_program(), "node", "start", "--cores=1"]
    subprocess.run(start, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    one = cloud.Cloud(home=str(home))
    try:
        outer = one.call(_submits_and_waits, _label="outer")
        with pytest.raises(CloudException, match="cannot start while job") as caught:
            one.result(outer, timeout=PATIENCE)
        assert isinstance(caught.value.original, cloud.DeadlockError)
    finally:
        one.kill()
        one.close()
        stop = [_program(), "node", "stop"]
        subprocess.run(stop, env=environment, check=True, capture_output=True, timeout=PATIENCE)


def _submits_and_waits() -> Any:
    return cloud.result(cloud.call(seven))


def test_a_node_that_does_not_answer_is_named(tmp_path: Path) -> None:
    nobody = cloud.Cloud(f"unix:{tmp_path}/none.sock")
    with pytest.raises(cloud.CloudConnectionError, match="No node answers at unix:"):
        nobody.status(1)
    with pytest.raises(CloudException, match="write unix:PATH or https://HOST:PORT"):
        cloud.Cloud("http://localhost").status(1)


def test_a_forked_process_has_connections_of_its_own() -> None:
    jid = cloud.call(seven)
    assert cloud.result(jid) == 7
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if cloud.result(jid) == 7 else 1
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert cloud.result(jid) == 7


def test_threads_share_one_client() -> None:
    found: list[Any] = []

    def call() -> None:
        found.append(cloud.result(cloud.call(seven), timeout=PATIENCE))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [7] * 8


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs jobs as another account")
def test_jobs_of_another_account_use_the_cloud(tmp_path_factory: pytest.TempPathFactory) -> None:
    code = (
        "import jobcloud as cloud, os\n"
        "def f(jid): return os.getuid(), cloud.result(jid)\n"
        "jid = cloud.call(pow, 2, 3)\n"
        "print(cloud.result(cloud.call(f, jid, _depends_on=jid, _cwd='/tmp')))\n"
    )
    import pwd

    nobody = pwd.getpwnam("nobody")
    home = os.environ["JOBCLOUD_HOME"]
    os.chmod(home, 0o755)
    server = f"unix:{home}/open/jobcloud.sock"
    done = subprocess.run(
        ["/usr/bin/python3", "-c", code],
        env={"JOBCLOUD_SERVER": server, "PYTHONPATH": _readable_package(), "PATH": "/usr/bin:/bin"},
        cwd="/",
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert done.stdout == f"({nobody.pw_uid}, 8)\n", done.stderr


def _readable_package() -> str:
    """A copy of the package that all accounts can read."""
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="jobcloud-package-")
    os.chmod(folder, 0o755)
    package = os.path.dirname(cloud.__file__)
    shutil.copytree(package, f"{folder}/jobcloud", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _node() -> int:
    """The process of the node."""
    shown = subprocess.run([_program(), "node", "status"], capture_output=True, text=True)
    lines = dict(line.split(": ", 1) for line in shown.stdout.splitlines() if ": " in line)
    return int(lines["pid"])


def _program() -> str:
    import shutil

    found = shutil.which("jobcloud")
    assert found
    return found
