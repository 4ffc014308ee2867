"""What travels with a function, and where it runs."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calls
import pytest
from waiting import PATIENCE

import jobcloud as cloud
from jobcloud import CloudException

ROOT = Path(__file__).resolve().parents[2]


def factorial(n: int) -> int:
    return 1 if n <= 1 else n * factorial(n - 1)


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance

    def deposit(self, amount: int) -> int:
        return self.balance + amount

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Account) and self.balance == other.balance


def doubled(account: Account) -> Account:
    return Account(2 * account.balance)


def facts() -> dict[str, Any]:
    return {
        "folder": os.getcwd(),
        "executable": sys.executable,
        "argv": sys.argv,
        "variable": os.environ.get("OF_THE_CALLER"),
    }


def size(data: bytes) -> int:
    return len(data)


def test_a_recursive_function_calls_itself() -> None:
    assert cloud.result(cloud.call(factorial, 20)) == 2432902008176640000


def test_a_closure_a_lambda_and_a_partial_function_are_sent_with_what_they_use() -> None:
    base = [10]

    def fibonacci(n: int) -> int:
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    jids = [
        cloud.call(lambda x: x + base[0], 1),
        cloud.call(fibonacci, 10),
        cloud.call(functools.partial(calls.add, y=5), 1),
    ]
    assert cloud.result(jids) == [11, 55, 6]


def test_objects_methods_and_keywords_are_sent() -> None:
    account = Account(100)
    assert cloud.result(cloud.call(account.deposit, amount=5)) == 105
    assert cloud.result(cloud.call(doubled, account)) == Account(200)


def test_a_map_takes_a_generator_and_pads_shorter_iterables_with_none() -> None:
    def pair(x: Any, y: Any) -> Any:
        return [x, y]

    def numbers() -> Iterator[int]:
        yield from range(3)

    assert cloud.result(cloud.map(pair, numbers(), "ab")) == [[0, "a"], [1, "b"], [2, None]]
    assert cloud.result(cloud.map(pair, [], [])) == []


def test_the_jids_of_a_map_are_a_compact_sequence() -> None:
    jids = cloud.map(calls.square, range(5), _label="squares")
    assert isinstance(jids, cloud.Jids)
    assert list(jids) == list(range(jids[0], jids[0] + 5))
    assert cloud.result(jids[1:3]) == [1, 4]
    assert cloud.result([jids[4], jids[:2]]) == [16, 0, 1]
    total = cloud.call(lambda all: sum(cloud.result(all)), jids, _depends_on=jids)
    assert cloud.result(total, timeout=PATIENCE) == 30


def test_elements_with_large_arguments_have_files_of_their_own() -> None:
    parts = [os.urandom(100_000 + i) for i in range(4)] + [b"", b"x"]
    assert cloud.result(cloud.map(size, parts)) == [len(part) for part in parts]


def test_a_job_runs_where_its_caller_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OF_THE_CALLER", "7")
    found = cloud.result(cloud.call(facts))
    assert found["folder"] == str(tmp_path)
    assert found["executable"] == sys.executable
    assert found["argv"] == ["facts"]
    assert found["variable"] is None
    found = cloud.result(cloud.call(facts, _cwd="/", _os_env_vars=["OF_THE_CALLER"]))
    assert (found["folder"], found["variable"]) == ("/", "7")
    with pytest.raises(CloudException, match="No such file"):
        cloud.result(cloud.call(facts, _cwd="/no/such/place"))


def test_the_directory_of_a_job_has_only_what_the_job_put_there() -> None:
    def entries() -> list[str]:
        return os.listdir(os.environ["JOBCLOUD_DIR"])

    jid = cloud.call(entries)
    cloud.join(jid)
    command = [_program(), "files", str(jid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "jobcloud.zip" not in listed and "arguments" not in listed


def test_a_script_is_run_with_its_classes_and_the_module_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("import deeper.inside\nNUMBER = deeper.inside.NUMBER\n")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "__init__.py").write_text("")
    (tmp_path / "deeper" / "inside.py").write_text("NUMBER = 42\n")
    (tmp_path / "deeper" / "data.txt").write_text("data")
    (tmp_path / "later.py").write_text("VALUE = 'later'\n")
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import shutil, os, sys
            import beside
            import jobcloud as cloud

            class Point:
                def __init__(self, x):
                    self.x = x

            class Odd(Exception):
                def __init__(self, a, b):
                    super().__init__("odd")
                    self.pair = (a, b)

            def move(point):
                import pkgutil
                import later
                data = pkgutil.get_data("deeper", "data.txt").decode()
                return Point(point.x + beside.NUMBER), later.VALUE, data

            def fail():
                raise Odd(1, 2)

            if __name__ == "__main__":
                jid = cloud.call(move, Point(1), _cwd="/")
                failed = cloud.call(fail)
                # What the job needs has travelled: it is not read from here.
                for name in ("beside.py", "later.py"):
                    os.rename(name, name + ".gone")
                shutil.rmtree("deeper")
                point, value, data = cloud.result(jid)
                assert type(point) is Point, type(point)
                print(point.x, value, data)
                try:
                    cloud.result(failed)
                except cloud.CloudException as error:
                    assert type(error.original) is Odd, error.original
                    print(error.original.pair, error.original)
            """
        )
    )
    assert _run(script) == "43 later data\n(1, 2) odd\n"


def test_the_client_may_end_between_call_and_result(tmp_path: Path) -> None:
    script = tmp_path / "submit.py"
    script.write_text(
        "import jobcloud as cloud\n"
        "class Local: value = 3\n"
        "def make(): return [Local().value] * 2\n"
        "print(cloud.call(make))\n"
    )
    jid = int(_run(script))
    assert cloud.result(jid, timeout=PATIENCE) == [3, 3]


def test_a_node_without_the_interpreter_takes_python3() -> None:
    assert cloud.result(cloud.call(os.path.basename, "a/b", _python="/no/such/python3")) == "b"


@pytest.mark.skipif(not os.path.exists("/usr/bin/python3"), reason="there is no other Python")
def test_code_of_another_version_is_refused_with_one_sentence() -> None:
    other = _other_python()
    jid = cloud.call(lambda: 1, _python=other)
    with pytest.raises(CloudException, match="contains code of Python") as caught:
        cloud.result(jid)
    assert "\n" not in str(caught.value).strip()
    # A function in a module needs no code.
    assert cloud.result(cloud.call(pow, 2, 5, _python=other)) == 32


def test_what_cannot_be_pickled_is_refused_before_anything_is_submitted() -> None:
    import threading

    with pytest.raises(TypeError, match="An argument cannot be pickled"):
        cloud.call(size, threading.Lock())
    with pytest.raises(TypeError, match="is not callable"):
        cloud.call(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"_prioritty": 1}, "did you mean '_priority'"),
        ({"_kill_process": True}, "each job has a process of its own"),
        ({"_max_fails": 1}, "only for maps"),
        ({"_max_runtime": object()}, "a number, a timedelta"),
        ({"_os_env_vars": "HOME"}, "a list of names, or a dict"),
        ({"_callback": 3}, "takes a jid"),
    ],
)
def test_a_wrong_option_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        cloud.call(calls.square, 2, **options)


def test_a_request_id_submits_one_job() -> None:
    one = cloud.call(calls.square, 2, _request_id="the only one")
    assert cloud.call(calls.square, 2, _request_id="the only one") == one


def test_a_call_back_is_told_the_end() -> None:
    import queue

    ends: queue.Queue[tuple[str, int]] = queue.Queue()
    done = cloud.call(calls.square, 2, _callback=lambda jid: ends.put(("done", jid)))
    assert ends.get(timeout=PATIENCE) == ("done", done)
    bad = cloud.call(
        calls.inverse,
        0,
        _callback=lambda jid: ends.put(("done", jid)),
        _callback_on_error=lambda jid: ends.put(("bad", jid)),
    )
    assert ends.get(timeout=PATIENCE) == ("bad", bad)


def test_numpy_arrays_are_arguments_and_results() -> None:
    numpy = pytest.importorskip("numpy")
    array = numpy.arange(1_000_000, dtype="float64").reshape(1000, 1000)
    result = cloud.result(cloud.call(numpy.transpose, array), timeout=PATIENCE)
    assert (result == array.T).all()


def _other_python() -> str:
    own = sys.version_info[:2]
    homes = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [*map(str, sorted(homes.glob("3.*/bin/python"))), "/usr/bin/python3"]
    for python in candidates:
        found = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
        )
        version = tuple(int(part) for part in found.stdout.split())
        if version and version != own and version >= (3, 9):
            return python
    pytest.skip("there is no other Python")


def _run(script: Path) -> str:
    environment = {"PYTHONPATH": str(ROOT / "src/Python"), **os.environ}
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        cwd=script.parent,
        env=environment,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _program() -> str:
    import shutil

    found = shutil.which("jobcloud")
    assert found
    return found


def test_arguments_stand_inside_a_submission_if_they_are_small_for_each_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []

    def post(make: Any, *rest: Any) -> Any:
        sent.append(make()["mapexec"]["data"]["arguments"])
        raise CloudException("it is only looked at", status="bad-request")

    monkeypatch.setattr(cloud.cloud(), "_post", post)
    for sizes in ([3_000, 4_000], [4_000] * 7, [100, 9_000]):
        with pytest.raises(CloudException, match="only looked at"):
            cloud.map(size, [os.urandom(one) for one in sizes])
    assert ["base64" in content for content in sent] == [True, True, False]
