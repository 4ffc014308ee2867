"""What the tests share: a node of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Iterator

import pytest

from jobcloud.testing import LocalCloud

# Jobs need the modules of this directory too.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def local_cloud() -> Iterator[None]:
    """The cloud of all tests: that of the script ``run``, or one of this process. It offers more
    cores than the machine has, because most jobs of the tests wait."""
    if "JOBCLOUD_TESTED" in os.environ:
        yield
        return
    with LocalCloud(cores=8):
        yield
