"""joblib and scikit-learn on the cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import calls
import pytest

import jobcloud as cloud

joblib = pytest.importorskip("joblib")

from jobcloud.joblib import register_parallel_backend  # noqa: E402


@pytest.fixture(autouse=True)
def backend() -> None:
    register_parallel_backend("jobcloud")


def test_the_calls_of_parallel_are_jobs() -> None:
    before = cloud.call(calls.square, 1)
    with joblib.parallel_backend("jobcloud", _label="parallel"):
        results = joblib.Parallel(n_jobs=2)(joblib.delayed(calls.square)(i) for i in range(5))
    assert results == [0, 1, 4, 9, 16]
    first = before + 1
    assert cloud.info(first, ["attributes"])[first]["attributes"]["label"] == "parallel"


def test_a_failed_call_raises_its_exception_and_kills_the_others(tmp_path: Path) -> None:
    with joblib.parallel_backend("jobcloud", n_jobs=2):
        with pytest.raises(ZeroDivisionError):
            joblib.Parallel()(
                joblib.delayed(function)(argument)
                for function, argument in [(calls.inverse, 0), (calls.mark, str(tmp_path / "r"))]
            )


def test_a_negative_number_of_jobs_counts_from_the_cores_of_the_cloud() -> None:
    with joblib.parallel_backend("jobcloud"):
        assert joblib.effective_n_jobs(-1) == 8
        assert joblib.effective_n_jobs(-2) == 7
        assert joblib.effective_n_jobs(3) == 3


def test_scikit_learn_searches_a_grid_on_the_cloud() -> None:
    pytest.importorskip("sklearn")
    from sklearn.datasets import load_iris
    from sklearn.model_selection import GridSearchCV
    from sklearn.svm import SVC

    data, target = load_iris(return_X_y=True)
    grid = {"C": [0.1, 10.0], "gamma": [0.01, 0.1]}

    def best() -> object:
        search = GridSearchCV(SVC(), grid, cv=2)
        search.fit(data, target)
        return search.best_params_, search.cv_results_["mean_test_score"].tolist()

    expected = best()
    with joblib.parallel_backend("jobcloud", n_jobs=2):
        assert best() == expected
