"""Functions that the tests run as jobs."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from waiting import PATIENCE

class OddError(Exception):
    """Its constructor takes other arguments than those that it keeps."""

    def __init__(self, code: int, *, where: str) -> None:
        super().__init__(f"{code} at {where}")
        self.code = code
        self.where = where

    def __reduce__(self) -> Any:
        return _odd, (self.code, self.where)


def _odd(code: int, where: str) -> OddError:
    return OddError(code, where=where)


def square(x: int) -> int:
    return x * x


def add(x: int, y: int = 0) -> int:
    return x + y


def fail(code: int) -> None:
    raise OddError(code, where="the job")


def inverse(x: int) -> float:
    return 1 / x


def wait_for_file(path: str, answer: Any = None) -> Any:
    """Runs until the file exists; a test that failed does not hang for ever."""
    end = time.monotonic() + PATIENCE
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.02)
    return answer


def mark(path: str) -> None:
    """Makes a file and ends long after the test."""
    Path(path).touch()
    time.sleep(10 * PATIENCE)


def cores() -> str:
    return os.environ["JOBCLOUD_CORES"]


def run_late(folder: str, element: int) -> Any:
    """Leaves a file for each element and tells its job, which takes too long from then on."""
    from jobcloud import _chunks

    _chunks.SECONDS = -1
    with open(f"{folder}/{element}", "x"):
        return element, os.environ["JOBCLOUD_JID"]


def end_process(code: int) -> int:
    """Ends the whole process, unless the code is 0."""
    if code:
        os._exit(code)
    return code
