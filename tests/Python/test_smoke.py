"""The parts of the client in short: the tests that run on each Python of the machine."""

from __future__ import annotations

import asyncio
import sys

import calls
import pytest
from waiting import PATIENCE

import jobcloud as cloud
from jobcloud import CloudException, JobCloudExecutor, aio


def version() -> str:
    return sys.version


def test_a_job_runs_on_the_python_of_its_client() -> None:
    assert cloud.result(cloud.call(version)) == sys.version


def test_functions_without_a_module_are_sent_with_what_they_use() -> None:
    three = 3
    assert cloud.result(cloud.call(lambda x: x * three, 2)) == 6


def test_a_map_is_one_job_an_element() -> None:
    jids = cloud.map(calls.add, [1, 2, 3], [10, 20, 30])
    assert len(jids) == 3
    assert cloud.result(jids) == [11, 22, 33]


def test_a_failed_call_raises_with_its_traceback() -> None:
    with pytest.raises(CloudException, match="ZeroDivisionError"):
        cloud.result(cloud.call(calls.inverse, 0))


def test_an_executor_maps_in_chunks() -> None:
    with JobCloudExecutor() as executor:
        assert list(executor.map(calls.square, range(5), chunksize=2)) == [0, 1, 4, 9, 16]
        with pytest.raises(ZeroDivisionError):
            executor.submit(calls.inverse, 0).result(PATIENCE)


def test_a_future_is_awaited() -> None:
    async def main() -> int:
        return await (await aio.submit(calls.square, 4))

    assert asyncio.run(main()) == 16
