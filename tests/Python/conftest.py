"""What the tests share: a node of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

import pytest

from jobcloud.testing import LocalCloud

# Jobs need the modules of this directory too.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def local_cloud() -> Iterator[LocalCloud]:
    """The cloud of all tests. It offers more cores than the machine has: most jobs wait."""
    with LocalCloud(cores=8) as cloud:
        yield cloud
