"""LocalCloud: a node that is gone afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest
from waiting import wait_until

from jobcloud import CloudException
from jobcloud.testing import LocalCloud


def test_a_local_cloud_is_used_until_its_end_and_gone_afterwards() -> None:
    before = os.environ["JOBCLOUD_HOME"]
    with LocalCloud(cores=1) as cloud:
        assert os.environ["JOBCLOUD_HOME"] == str(cloud.home)
        pids = pids_of(cloud.home)
    assert os.environ["JOBCLOUD_HOME"] == before
    assert not cloud.home.exists()
    assert not running(pids)


def test_a_local_cloud_is_gone_after_its_python_was_killed() -> None:
    script = "from jobcloud.testing import LocalCloud; c = LocalCloud(); print(c.home); input()"
    owner = subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        home = Path(owner.stdout.readline().strip())
        pids = pids_of(home)
        owner.kill()
    wait_until(lambda: not home.exists() and not running(pids))


def test_a_missing_program_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CloudException, match="no program 'jobcloud' on PATH"):
        LocalCloud()


def test_a_node_that_does_not_start_is_one_sentence_and_leaves_no_home() -> None:
    before = os.environ["JOBCLOUD_HOME"]
    with pytest.raises(CloudException, match="did not start: .*cores"):
        LocalCloud(cores=-1)
    assert os.environ["JOBCLOUD_HOME"] == before


def pids_of(home: Path) -> List[int]:
    """The processes of the node in a home."""
    status = subprocess.run(
        ["jobcloud", "-o", "json", "node", "status"],
        env={**os.environ, "JOBCLOUD_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
    )
    document = json.loads(status.stdout)
    return [document["pid"], document["executor_pid"]]


def running(pids: List[int]) -> List[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]
