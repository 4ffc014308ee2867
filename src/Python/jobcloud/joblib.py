"""joblib's calls, and so scikit-learn's, as jobs.

    import joblib, jobcloud.joblib
    jobcloud.joblib.register_parallel_backend()
    with joblib.parallel_backend("jobcloud", _cores=1):
        search.fit(data, target)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from joblib import register_parallel_backend as _register
from joblib._parallel_backends import AutoBatchingMixin, ParallelBackendBase

from . import cloud
from .executor import JobCloudExecutor, JobFuture


def register_parallel_backend(name: str = "jobcloud", make_default: bool = False) -> None:
    """Makes the cloud a backend of joblib.

    ``name`` is what ``joblib.parallel_backend`` and ``parallel_config`` call it; with
    ``make_default``, ``Parallel`` uses it where nothing else is said.
    """
    _register(name, JobCloudBackend, make_default=make_default)


class JobCloudBackend(AutoBatchingMixin, ParallelBackendBase):  # type: ignore[misc]
    """Runs each batch of calls as one job. joblib chooses how many calls are in a batch, so that
    a job takes some tenths of a second.

    ``options`` are keywords of :func:`jobcloud.call`, such as ``_cores=2`` or ``_label="night"``.
    """

    supports_timeout = True

    def __init__(
        self,
        nesting_level: Optional[int] = None,
        inner_max_num_threads: Optional[int] = None,
        **options: Any,
    ) -> None:
        super().__init__(nesting_level=nesting_level, inner_max_num_threads=inner_max_num_threads)
        self._options = options
        self._executor = JobCloudExecutor(**options)

    def configure(
        self,
        n_jobs: int = 1,
        parallel: Any = None,
        prefer: Optional[str] = None,
        require: Optional[str] = None,
        **of_processes: Any,
    ) -> int:
        """Prepares a call of ``Parallel``; the number of jobs that it keeps submitted. Other
        arguments concern memory that processes of one machine share."""
        self.parallel = parallel
        self._executor = JobCloudExecutor(**self._options)
        return self.effective_n_jobs(n_jobs)

    def effective_n_jobs(self, n_jobs: Optional[int]) -> int:
        """``n_jobs``; of a negative number, as joblib counts: -1 is one for each core of the
        cloud, -2 one less."""
        if n_jobs == 0:
            raise ValueError("n_jobs is 0; it must be positive, or negative for all cores.")
        if n_jobs is None:
            return 1
        return n_jobs if n_jobs > 0 else max(1, cloud().cores() + 1 + n_jobs)

    def apply_async(
        self, func: Callable[[], Any], callback: Optional[Callable[[Any], None]] = None
    ) -> _Batch:
        """Submits a batch; the callback gets its result, unless it fails."""
        future = self._executor.submit(func)
        if callback is not None:
            future.add_done_callback(_calls_back(callback))
        return _Batch(future)

    # joblib 1.5 calls it so.
    submit = apply_async

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """Kills the jobs of the batches that have not ended."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        if ensure_ready:
            self.configure(self.parallel.n_jobs, self.parallel)

    def terminate(self) -> None:
        """Ends a call of ``Parallel``."""
        self._executor.shutdown(wait=False)


class _Batch:
    """What joblib waits for."""

    def __init__(self, future: JobFuture[Any]) -> None:
        self._future = future

    def get(self, timeout: Optional[float] = None) -> Any:
        return self._future.result(timeout)


def _calls_back(callback: Callable[[Any], None]) -> Callable[[Any], None]:
    def ended(future: Any) -> None:
        if not future.cancelled() and future.exception() is None:
            callback(future.result())

    return ended
