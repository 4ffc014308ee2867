"""JobCloudExecutor and its futures."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import calls
import pytest
from waiting import PATIENCE, wait_until

import jobcloud as cloud
from jobcloud import CloudException, JobCloudExecutor
from jobcloud._chunks import Results
from jobcloud._futures import lists
from jobcloud.executor import ChunkedMap


def test_a_future_has_the_result_and_the_jid_of_its_job() -> None:
    with JobCloudExecutor() as executor:
        future = executor.submit(calls.add, 2, y=3)
        assert future.result(PATIENCE) == 5
    assert cloud.status(future.jid) == "done"
    assert cloud.result(future.jid) == 5


def test_a_future_raises_the_original_exception_caused_by_the_remote_traceback() -> None:
    with JobCloudExecutor() as executor:
        error = executor.submit(calls.fail, 7).exception(PATIENCE)
    assert isinstance(error, calls.OddError)
    assert (error.code, error.where) == (7, "the job")
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert 'raise OddError(code, where="the job")' in text


def test_an_exception_that_cannot_be_pickled_keeps_its_text() -> None:
    def raises() -> None:
        error = ValueError("of this call only")
        error.lock = threading.Lock()  # type: ignore[attr-defined]
        raise error

    with JobCloudExecutor() as executor:
        error = executor.submit(raises).exception(PATIENCE)
    assert isinstance(error, CloudException)
    assert "ValueError: of this call only" in str(error)


def test_a_job_that_was_killed_by_others_raises_a_cloud_exception(tmp_path: Path) -> None:
    with JobCloudExecutor() as executor:
        future = executor.submit(calls.mark, str(tmp_path / "runs"))
        cloud.kill(future.jid)
        error = future.exception(PATIENCE)
    assert isinstance(error, CloudException)
    assert (error.jid, error.status) == (future.jid, "killed")


def test_cancel_kills_a_running_job(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    executor = JobCloudExecutor()
    future = executor.submit(calls.mark, str(runs))
    wait_until(runs.exists)
    assert future.running()
    assert future.cancel()
    assert future.cancelled() and future.done() and not future.running()
    assert [future] == list(concurrent.futures.as_completed([future], PATIENCE))
    with pytest.raises(concurrent.futures.CancelledError):
        future.result()
    wait_until(lambda: cloud.status(future.jid) == "killed")


def test_an_ended_call_cannot_be_cancelled() -> None:
    future = JobCloudExecutor().submit(calls.square, 3)
    cloud.join(future.jid)
    assert not future.cancel()
    assert future.result(PATIENCE) == 9
    assert not future.cancel()


def test_futures_end_in_the_order_of_their_jobs(tmp_path: Path) -> None:
    with JobCloudExecutor() as executor:
        slow = executor.submit(calls.wait_for_file, str(tmp_path / "go"), "slow")
        quick = executor.submit(calls.square, 1)
        ended = concurrent.futures.as_completed([slow, quick], PATIENCE)
        assert next(ended) is quick
        with pytest.raises(concurrent.futures.TimeoutError):
            slow.result(0.01)
        (tmp_path / "go").touch()
        assert next(ended) is slow


def test_options_are_those_of_the_executor_and_of_the_call() -> None:
    with JobCloudExecutor(_cores=2, _label="both") as executor:
        two = executor.submit(calls.cores)
        three = executor.submit(calls.cores, _cores=3)
        assert [two.result(PATIENCE), three.result(PATIENCE)] == ["2", "3"]
        assert list(executor.map(calls.square, [1, 2], _cores=3)) == [1, 4]
    info = cloud.info([two.jid, three.jid], ["attributes"])
    assert [info[future.jid]["attributes"]["label"] for future in (two, three)] == ["both"] * 2


def test_a_future_can_be_a_dependency(tmp_path: Path) -> None:
    with JobCloudExecutor() as executor:
        first = executor.submit(calls.wait_for_file, str(tmp_path / "go"))
        second = executor.submit(calls.square, 2, _depends_on=first)
        assert cloud.status(second.jid) == "waiting"
        (tmp_path / "go").touch()
        assert second.result(PATIENCE) == 4


@pytest.mark.parametrize("chunksize", [1, 4, 100])
def test_map_gives_the_results_in_order(chunksize: int) -> None:
    with JobCloudExecutor() as executor:
        results = executor.map(calls.add, range(11), range(100, 200), chunksize=chunksize)
        assert list(results) == [100 + 2 * i for i in range(11)]
        assert list(executor.map(calls.square, [3], chunksize=chunksize)) == [9]
        assert list(executor.map(calls.square, [], chunksize=chunksize)) == []


@pytest.mark.parametrize("chunksize", [1, 2, 5])
def test_an_element_of_a_map_raises_at_its_turn(chunksize: int) -> None:
    with JobCloudExecutor() as executor:
        results = executor.map(calls.inverse, [1, 2, 4, 0, 5], chunksize=chunksize)
        assert [next(results) for _ in range(3)] == [1, 0.5, 0.25]
        with pytest.raises(ZeroDivisionError) as caught:
            next(results)
    assert "in inverse" in str(caught.value.__cause__)


def test_a_result_that_cannot_be_pickled_costs_no_other_of_its_chunk_its_result() -> None:
    def result_of(x: int) -> object:
        return threading.Lock() if x == 2 else x

    with JobCloudExecutor() as executor:
        results = executor.map(result_of, [1, 2], chunksize=2)
        assert next(results) == 1
        with pytest.raises(CloudException, match="cannot be pickled"):
            next(results)


def test_the_chunks_of_a_map_are_its_jobs() -> None:
    before = cloud.call(calls.square, 1)
    with JobCloudExecutor() as executor:
        assert len(list(executor.map(calls.square, range(100), chunksize=50))) == 100
    assert cloud.call(calls.square, 1) == before + 3


def test_a_map_in_many_chunks_has_one_job_for_each_core() -> None:
    cores = cloud.cloud().cores()
    before = cloud.call(calls.square, 1)
    with JobCloudExecutor() as executor:
        results = list(executor.map(calls.square, range(20 * cores), chunksize=2))
    assert results == [i * i for i in range(20 * cores)]
    assert cloud.call(calls.square, 1) <= before + cores + 1


def test_a_job_that_takes_long_leaves_its_other_chunks_to_further_jobs(tmp_path: Path) -> None:
    cores = cloud.cloud().cores()
    number = 6 * cores
    with JobCloudExecutor() as executor:
        folders = [str(tmp_path)] * number
        found = list(executor.map(calls.run_late, folders, range(number), chunksize=2))
    assert [element for element, _ in found] == list(range(number))
    assert sorted(map(int, os.listdir(tmp_path))) == list(range(number))
    jobs = [jid for _, jid in found]
    assert jobs[::2] == jobs[1::2]
    assert len(set(jobs)) == number // 2


def test_a_shutdown_waits_for_the_jobs_that_got_the_rest(tmp_path: Path) -> None:
    number = 4 * cloud.cloud().cores()
    executor = JobCloudExecutor()
    folders = [str(tmp_path)] * number
    results = executor.map(calls.run_late, folders, range(number), chunksize=2)
    executor.shutdown()
    assert sorted(map(int, os.listdir(tmp_path))) == list(range(number))
    assert [element for element, _ in results] == list(range(number))


def test_a_job_leaves_no_chunk_to_others_once_the_map_is_cancelled() -> None:
    executor = JobCloudExecutor()
    chunked = ChunkedMap(executor, calls.square, {})
    (future,) = chunked.submit_all(([1, 2],), 2)
    assert list(lists(future.result(PATIENCE).results, future.jid)) == [[1, 4]]
    chunked.cancel()
    done = future._read(Results([]))
    assert done.rest == []
    assert cloud.call(calls.square, 1) == future.jid + 1


def test_a_crash_in_a_chunk_raises_at_its_turn() -> None:
    with JobCloudExecutor() as executor:
        results = executor.map(calls.end_process, [0, 3], chunksize=2)
        with pytest.raises(CloudException) as caught:
            next(results)
    assert caught.value.status == "error"


def test_attach_gives_the_values_of_a_chunk() -> None:
    jids = cloud.map(calls.inverse, [1, 2, 4, 0], _chunk=2)
    executor = JobCloudExecutor()
    assert executor.attach(jids[0]).result(PATIENCE) == [1, 0.5]
    with pytest.raises(ZeroDivisionError):
        executor.attach(jids[1]).result(PATIENCE)


def test_a_map_with_a_request_id_has_the_same_jobs_each_time(tmp_path: Path) -> None:
    number = 4 * cloud.cloud().cores()
    with JobCloudExecutor(_request_id="a map in chunks") as executor:
        folders = [str(tmp_path)] * number
        first = list(executor.map(calls.run_late, folders, range(number), chunksize=2))
        again = list(executor.map(calls.run_late, folders, range(number), chunksize=2))
    assert [element for element, _ in first] == list(range(number))
    assert first == again


def test_a_map_that_is_not_read_to_its_end_is_killed(tmp_path: Path) -> None:
    paths = [str(tmp_path / str(i)) for i in range(3)]
    before = cloud.call(calls.square, 1)
    executor = JobCloudExecutor()
    with pytest.raises(concurrent.futures.TimeoutError):
        list(executor.map(calls.wait_for_file, paths, timeout=0.2))
    jids = range(before + 1, before + 4)
    wait_until(lambda: [cloud.status(jid) for jid in jids] == ["killed"] * 3)


def test_a_new_process_attaches_to_the_job_of_a_killed_one(tmp_path: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import calls
from jobcloud import JobCloudExecutor
print(JobCloudExecutor().submit(calls.wait_for_file, {str(tmp_path / "go")!r}, [1]).jid)
input()
"""
    first = subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout is not None
        jid = int(first.stdout.readline())
        first.kill()
    (tmp_path / "go").touch()
    assert JobCloudExecutor().attach(jid).result(PATIENCE) == [1]


def test_shutdown_without_waiting_leaves_the_jobs_running(tmp_path: Path) -> None:
    executor = JobCloudExecutor()
    future = executor.submit(calls.wait_for_file, str(tmp_path / "go"), "went on")
    executor.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="no calls after its shutdown"):
        executor.submit(calls.square, 1)
    (tmp_path / "go").touch()
    assert future.result(PATIENCE) == "went on"


def test_shutdown_waits_for_all_calls_and_cancels_them_if_asked(tmp_path: Path) -> None:
    executor = JobCloudExecutor()
    futures = [executor.submit(calls.square, i) for i in range(3)]
    executor.shutdown()
    assert all(future.done() for future in futures)

    executor = JobCloudExecutor()
    kept = executor.submit(calls.mark, str(tmp_path / "runs"))
    executor.shutdown(cancel_futures=True)
    assert kept.cancelled()


def test_a_notebook_shows_jobs_with_their_statuses() -> None:
    jids = cloud.map(calls.inverse, [1, 2, 0])
    cloud.join(jids, ignore_errors=True)
    assert jids._repr_html_() == f"<b>jobs {jids}</b> 2 done, 1 error"


def test_a_notebook_shows_a_future() -> None:
    future = JobCloudExecutor().submit(calls.fail, 1)
    future.exception(PATIENCE)
    assert future._repr_html_() == f"<b>job {future.jid}</b> OddError: 1 at the job"
    assert repr(future) == f"<JobFuture of job {future.jid}: OddError: 1 at the job>"


def test_a_process_ends_while_its_futures_wait(tmp_path: Path) -> None:
    script = "from jobcloud import JobCloudExecutor; import time\n"
    script += "print(JobCloudExecutor().submit(time.sleep, 3600).jid)"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
        check=True,
        env=os.environ,
    )
    jid = int(ran.stdout)
    assert cloud.status(jid) in ("queued", "processing")
    cloud.kill(jid)
