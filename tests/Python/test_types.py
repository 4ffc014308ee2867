"""The type hints are complete."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not shutil.which("mypy"), reason="mypy is not installed")
def test_mypy_finds_nothing_in_its_strict_mode(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["mypy", "--strict", f"--cache-dir={tmp_path}", "jobcloud"],
        cwd=ROOT / "src/Python",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
