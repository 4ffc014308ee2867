"""Awaitable futures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import calls
import pytest
from waiting import PATIENCE, wait_until

import jobcloud as cloud
from jobcloud import aio


def test_a_future_is_awaited() -> None:
    async def main() -> None:
        future = await aio.submit(calls.add, 1, y=2)
        assert await future == 3
        assert cloud.result(future.jid) == 3
        with pytest.raises(calls.OddError):
            await (await aio.submit(calls.fail, 1))

    asyncio.run(main())


def test_futures_are_gathered_and_attached() -> None:
    async def main() -> None:
        futures = [await aio.submit(calls.square, i) for i in range(4)]
        assert await asyncio.gather(*futures) == [0, 1, 4, 9]
        assert await (await aio.attach(futures[3].jid)) == 9

    asyncio.run(main())


def test_as_completed_gives_the_futures_as_their_jobs_end(tmp_path: Path) -> None:
    async def main() -> None:
        slow = await aio.submit(calls.wait_for_file, str(tmp_path / "go"), "slow")
        quick = await aio.submit(calls.square, 5)
        order = []
        async for future in aio.as_completed([slow, quick]):
            order.append(await future)
            (tmp_path / "go").touch()
        assert order == [25, "slow"]

    asyncio.run(main())


def test_map_gives_the_results_in_order() -> None:
    async def main() -> None:
        got = [x async for x in aio.map(calls.square, range(7), chunksize=3)]
        assert got == [0, 1, 4, 9, 16, 25, 36]

    asyncio.run(main())


def test_a_timeout_kills_the_job(tmp_path: Path) -> None:
    async def main() -> int:
        future = await aio.submit(calls.mark, str(tmp_path / "runs"))
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(future, 0.05)
        return future.jid

    jid = asyncio.run(main())
    wait_until(lambda: cloud.status(jid) == "killed")


def test_the_loop_goes_on_while_jobs_run(tmp_path: Path) -> None:
    async def main() -> None:
        future = await aio.submit(calls.wait_for_file, str(tmp_path / "go"), 1)
        turns = 0
        while turns < 100:
            await asyncio.sleep(0)
            turns += 1
        (tmp_path / "go").touch()
        assert await asyncio.wait_for(asyncio.shield(future), PATIENCE) == 1

    asyncio.run(main())
