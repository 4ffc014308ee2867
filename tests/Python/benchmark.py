"""Compares the executor with ProcessPoolExecutor, which runs or starts, and measures single calls.

    PYTHONPATH=src/Python PATH=$PWD/artifacts/jobcloud:$PATH python3 tests/Python/benchmark.py

Prints a line for each figure. README.md has figures of one machine.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import List

import jobcloud as cloud
from jobcloud import JobCloudExecutor
from jobcloud.testing import LocalCloud

CALLS = 100_000
CHUNK = 1_000
ROUNDS = 5
ROUND_TRIPS = 100


def tiny(x: int) -> int:
    return x + 1


def seconds_of(executor: Executor) -> float:
    begun = time.perf_counter()
    results = list(executor.map(tiny, range(CALLS), chunksize=CHUNK))
    taken = time.perf_counter() - begun
    assert results == list(range(1, CALLS + 1))
    return taken


def seconds_of_new() -> float:
    """The same by a pool that starts its processes for this map and ends them, as each job
    starts and ends its own."""
    begun = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        seconds_of(pool)
    return time.perf_counter() - begun


def round_trip() -> float:
    begun = time.perf_counter()
    assert cloud.result(cloud.call(tiny, 1)) == 2
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    cores = os.cpu_count() or 1
    print(f"Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with LocalCloud():
        trips = sorted(round_trip() for _ in range(ROUND_TRIPS))
        p50, p99 = trips[len(trips) // 2], trips[int(len(trips) * 0.99)]
        print(f"call to result: p50 {p50:.0f} ms, p99 {p99:.0f} ms, least {trips[0]:.0f} ms")
        running: List[float] = []
        fresh: List[float] = []
        with ProcessPoolExecutor() as pool, JobCloudExecutor() as executor:
            seconds_of(pool)  # It starts its processes with its first calls.
            for _ in range(ROUNDS):
                own, warm, other = seconds_of(executor), seconds_of(pool), seconds_of_new()
                running.append(warm / own)
                fresh.append(other / own)
                print(
                    f"map: jobcloud {CALLS / own:,.0f}/s, a running pool {CALLS / warm:,.0f}/s, "
                    f"a pool and its start {CALLS / other:,.0f}/s"
                )
        print(f"map: ratio {statistics.median(running):.2f} to a running pool (median)")
        print(f"map: ratio {statistics.median(fresh):.2f} to a pool and its start (median)")


if __name__ == "__main__":
    main()
