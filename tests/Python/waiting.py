"""Waits for conditions, so that no test sleeps for a guessed time."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

T = TypeVar("T")

# Only a fault takes this long, on a loaded machine too: seconds.
PATIENCE = 60.0


def wait_until(condition: Callable[[], T]) -> T:
    """The first true answer of the condition."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"Not true after {PATIENCE:.0f} s: {condition}")
