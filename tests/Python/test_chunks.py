"""Maps whose jobs make several calls each."""

from __future__ import annotations

import pickle
import threading

import calls
import pytest

import jobcloud as cloud
from jobcloud import CloudException, _chunked, _chunks


def run(chunks: _chunks.Chunks, *iterables: list[object], size: int) -> _chunks.Results:
    return chunks(list(_chunked.cut(iterables, size)))


def test_each_job_makes_the_calls_of_a_chunk() -> None:
    jids = cloud.map(calls.add, range(7), [10, 20, 30, 40, 50, 60, 70], _chunk=3)
    assert len(jids) == 3
    expected = [11 * i + 10 for i in range(7)]
    assert cloud.result(jids) == expected
    assert list(cloud.iresult(jids)) == expected
    assert cloud.result(jids[2]) == expected[6:]
    assert cloud.status(jids) == ["done"] * 3


def test_shorter_iterables_of_a_map_in_chunks_are_padded_with_none() -> None:
    jids = cloud.map(lambda x, y: (x, y), range(3), "a", _chunk=2)
    assert cloud.result(jids) == [(0, "a"), (1, None), (2, None)]


def test_an_element_that_fails_costs_no_other_one_its_result() -> None:
    jids = cloud.map(calls.inverse, [1, 0, 2, 4], _chunk=3)
    results = cloud.iresult(jids)
    assert next(results) == 1
    with pytest.raises(CloudException, match="ZeroDivisionError") as caught:
        next(results)
    assert isinstance(caught.value.original, ZeroDivisionError)
    assert caught.value.jid == jids[0]
    assert "in inverse" in (caught.value.traceback or "")
    assert list(results) == [0.5, 0.25]
    first, failure, *others = cloud.result(jids, ignore_errors=True)
    assert (first, others) == (1, [0.5, 0.25])
    assert isinstance(failure, CloudException)
    with pytest.raises(CloudException, match="ZeroDivisionError"):
        cloud.result(jids)


@pytest.mark.parametrize("iterables", [([1, 0, 2],), ([1, 0, 2], [1, 1, 1])])
def test_a_call_that_raises_stop_iteration_is_one_failure(iterables: tuple[list[int], ...]) -> None:
    def call(x: int, y: int = 1) -> int:
        return next(iter([x + y] * x))

    ((values, failures),) = run(_chunks.Chunks(call, False), *iterables, size=3).read(1)
    assert (values, list(failures)) == ([2, None, 3], [1])
    assert isinstance(failures[1].original, StopIteration)
    assert "in call" in (failures[1].traceback or "")
    assert "jobcloud/_chunks.py" not in (failures[1].traceback or "")


def test_lambdas_with_their_results_travel_in_chunks() -> None:
    jids = cloud.map(lambda f: lambda: f() + 1, [lambda: 1, lambda: 2], _chunk=2)
    assert [function() for function in cloud.result(jids)] == [2, 3]


@pytest.mark.parametrize("size", [0, -1, True, "2", 1.5])
def test_a_chunk_is_a_positive_number_of_calls(size: object) -> None:
    with pytest.raises((TypeError, ValueError), match="_chunk"):
        cloud.map(calls.square, [1], _chunk=size)


def test_only_a_map_of_the_cloud_takes_a_chunk() -> None:
    with pytest.raises(TypeError, match="only for cloud.map"):
        cloud.call(calls.square, 1, _chunk=2)
    with pytest.raises(TypeError, match="chunksize"):
        cloud.JobCloudExecutor(_chunk=2).map(calls.square, [1])


def test_an_argument_that_cannot_be_pickled_is_refused_before_anything_is_submitted() -> None:
    before = cloud.call(calls.square, 1)
    with pytest.raises(TypeError, match="An argument cannot be pickled"):
        cloud.map(calls.square, [1, threading.Lock()], _chunk=1)
    assert cloud.call(calls.square, 1) == before + 1


def test_a_part_of_a_range_is_sent_as_a_range() -> None:
    chunks = list(_chunked.cut((range(0, 10_000_000, 2),), 1_000_000))
    assert len(chunks) == 5
    assert sum(map(len, chunks)) < 500
    assert pickle.loads(chunks[1]) == (range(2_000_000, 4_000_000, 2),)


def test_large_chunks_have_jobs_of_their_own() -> None:
    small, large = b"1", bytes(3 << 20)
    jobs = list(_chunked.by_job([small] * 5 + [large] * 2 + [small] * 2, 3))
    assert [len(job) for job in jobs] == [3, 3, 3]
    assert jobs == [[small] * 3, [small, small, large], [large, small, small]]


def test_a_job_leaves_chunks_only_after_one_of_them_and_only_if_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elements: list[object] = [1, 2, 3, 4, 5]
    leaves, stays = (_chunks.Chunks(calls.square, may_leave=may) for may in (True, False))
    assert len(run(leaves, elements, size=2).parts) == 3
    monkeypatch.setattr(_chunks, "BYTES", 0)
    assert len(run(leaves, elements, size=2).parts) == 1
    monkeypatch.setattr(_chunks, "BYTES", 1 << 20)
    monkeypatch.setattr(_chunks, "SECONDS", -1)
    assert len(run(leaves, elements, size=2).parts) == 1
    assert len(run(stays, elements, size=2).parts) == 3


def test_a_chunk_that_cannot_be_read_costs_no_other_one_its_results() -> None:
    chunks = [b"no pickle", *_chunked.cut(([3],), 1)]
    results = _chunks.Chunks(calls.square, may_leave=False)(chunks)
    (_, failure), pair = list(results.outcomes(7))
    assert failure is not None and failure.jid == 7 and "UnpicklingError" in str(failure)
    assert pair == (9, None)


def test_results_that_cannot_be_read_here_are_a_failure_at_their_turn() -> None:
    results = _chunks.Results([(b"no pickle", {}), (pickle.dumps([1]), {})])
    (_, failure), pair = list(results.outcomes(7))
    assert failure is not None and "cannot be unpickled here" in str(failure)
    assert pair == (1, None)
