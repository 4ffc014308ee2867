"""Jobs read the functions that cloudpickle pickled without it."""

from __future__ import annotations

import io
import os.path
import sys
from typing import Any, Callable

import cloudpickle
import pytest

import jobcloud as cloud
from jobcloud import _functions, _pickles

THREE = 3


def _sent(value: Any) -> Any:
    """The value that a job reads."""
    module = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(module)
    try:
        return _functions.load(io.BytesIO(cloudpickle.dumps(value, 5)))
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def plain(x: int, y: int = 2, *, z: int = 3) -> int:
    """Adds."""
    return x + y + z + THREE


plain.note = "kept"  # type: ignore[attr-defined]


def uses_another(x: int) -> int:
    return plain(x) + even(x)


def even(n: int) -> bool:
    return n == 0 or odd(n - 1)


def odd(n: int) -> bool:
    return n != 0 and even(n - 1)


def of_path(path: str) -> str:
    return os.path.basename(path)


def closure(start: int) -> Callable[[int], int]:
    def count(n: int) -> int:
        return start if n == 0 else count(n - 1) + 1

    return count


def empty_cell() -> Callable[[], int]:
    def early() -> int:
        return late

    if sys.argv == []:
        late = 1
    return early


class Holder:
    def __init__(self, value: int) -> None:
        self.value = value

    def twice(self) -> int:
        return 2 * self.value


def generator(n: int) -> Any:
    yield from range(n)


def test_a_function_keeps_what_it_has() -> None:
    read = _sent(plain)
    assert read is not plain
    assert (read(1), read(1, 1, z=1)) == (9, 6)
    assert (read.__doc__, read.__name__, read.__qualname__) == ("Adds.", "plain", "plain")
    assert (read.note, read.__annotations__) == ("kept", plain.__annotations__)
    assert read.__kwdefaults__ == {"z": 3}
    assert read.__module__ == __name__


@pytest.mark.parametrize(
    "function, arguments, expected",
    [
        (uses_another, (2,), 11),
        (even, (4,), True),
        (of_path, ("/a/b",), "b"),
        (closure(5), (3,), 8),
        (lambda x: x * THREE, (2,), 6),
        (lambda: [plain(i) for i in range(2)], (), [8, 9]),
    ],
)
def test_a_function_with_what_it_uses_works(
    function: Any, arguments: tuple[Any, ...], expected: Any
) -> None:
    assert _sent(function)(*arguments) == expected


def test_an_empty_cell_stays_empty() -> None:
    with pytest.raises(NameError):
        _sent(empty_cell())()


def test_generators_and_functions_in_containers_are_read() -> None:
    read, (twin, same) = _sent([generator, (even, even)])
    assert list(read(3)) == [0, 1, 2]
    assert twin is same and twin(2)


def test_a_class_is_left_to_cloudpickle() -> None:
    assert _sent(Holder(4)).twice() == 8
    assert _sent(Holder)(5).twice() == 10


def test_a_job_of_a_plain_function_does_not_import_cloudpickle() -> None:
    assert _pickles.has_known_form()

    def imported() -> list[str]:
        import sys

        names = ("cloudpickle", "typing", "logging", "threading")
        return [name for name in names if name in sys.modules]

    assert cloud.result(cloud.call(imported)) == []


def test_a_job_imports_only_what_a_call_needs_of_the_package() -> None:
    def imported() -> list[str]:
        import sys

        return sorted(name for name in sys.modules if name.partition(".")[0] == "jobcloud")

    needed = ["jobcloud", "jobcloud._functions", "jobcloud._records", "jobcloud._runner"]
    assert cloud.result(cloud.call(imported)) == needed


def test_an_unknown_version_of_cloudpickle_reads_its_own_pickles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cloudpickle, "__version__", "9.0")

    def imported() -> bool:
        import sys

        return "cloudpickle" in sys.modules

    assert cloud.result(cloud.call(imported)) is True
