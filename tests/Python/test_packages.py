"""The wheel and the Debian package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

ROOT = Path(__file__).parents[2]
JOB = "import jobcloud; print(jobcloud.__file__, jobcloud.result(jobcloud.call(pow, 2, 10)))"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Path]:
    for needed in ("setuptools", "wheel"):
        pytest.importorskip(needed)
    to = tmp_path_factory.mktemp("packages")
    built = output("src/Python/build-packages", str(to), cwd=ROOT).split()
    assert [Path(file).suffix for file in built] == [".whl", ".deb"]
    return Path(built[0]), Path(built[1])


def test_the_wheel_installs_into_a_new_environment_and_runs_a_job(
    packages: Tuple[Path, Path], tmp_path: Path
) -> None:
    # It has Debian's packages, so that cloudpickle needs no network.
    output(sys.executable, "-m", "venv", "--system-site-packages", str(tmp_path / "venv"))
    python = str(tmp_path / "venv/bin/python")
    output(python, "-m", "pip", "install", "--no-index", "--no-deps", str(packages[0]))
    installed, result = output(python, "-c", JOB).split()
    assert installed.startswith(str(tmp_path))
    assert result == "1024"
    version = "import importlib.metadata; print(importlib.metadata.version('jobcloud'))"
    stated = output("jobcloud", "--version")
    assert output(python, "-c", version) in stated
    assert (Path(installed).parent / "py.typed").exists()


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
def test_the_debian_package_has_the_modules_and_runs_a_job(
    packages: Tuple[Path, Path], tmp_path: Path
) -> None:
    output("dpkg-deb", "--extract", str(packages[1]), str(tmp_path))
    modules = tmp_path / "usr/lib/python3/dist-packages"
    installed, result = output(sys.executable, "-c", JOB, PYTHONPATH=str(modules)).split()
    assert installed.startswith(str(modules))
    assert result == "1024"
    fields = output("dpkg-deb", "--field", str(packages[1]), "Package", "Depends")
    assert "Package: python3-jobcloud" in fields
    assert "python3-cloudpickle" in fields


def output(*command: str, cwd: Path = Path("/"), **variables: str) -> str:
    """What a program prints; it must succeed."""
    environment: Dict[str, str] = {**os.environ, **variables}
    if "PYTHONPATH" not in variables:
        environment.pop("PYTHONPATH", None)
    arguments: List[str] = list(command)
    ran = subprocess.run(
        arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()
