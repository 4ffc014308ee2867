"""Runs in a job: calls a function and keeps its result, or its exception, in a file.

What the function prints is the job's output, as it is. The module imports as little as it can: a
job starts with it.
"""

from __future__ import annotations

import os
import sys
from . import _records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, Any, NoReturn, Optional

_TEXT_MAX = 1_000_000


def run() -> None:
    """Runs the function whose files are named by the arguments of this process.

    The arguments: this package, the task, the arguments of the function, and the modules that it
    needs, if any.
    """
    folder = os.environ.get("JOBCLOUD_DIR") or os.getcwd()
    files = [os.path.join(folder, name) for name in sys.argv[1:]]
    name = os.path.basename(sys.argv[0])
    _Leftovers(files + [os.path.join(folder, name)])
    sys.argv[:] = [name]
    result = os.path.join(folder, _records.RESULT_FILE)
    process = os.getpid()
    try:
        value = _call(files)
        if os.getpid() == process:
            _keep(result, value, name)
    except BaseException as error:
        if os.getpid() != process:
            raise
        _fail(result, error)


class _Leftovers:
    """Deletes the files of the call when the process ends: the job's directory is the job's."""

    def __init__(self, files: list[str]) -> None:
        import atexit

        self._files = files
        self._process = os.getpid()
        # The first one registered is called last.
        atexit.register(self._delete)

    def _delete(self) -> None:
        if os.getpid() != self._process:
            return
        for file in self._files:
            try:
                os.unlink(file)
            except OSError:
                pass


def _call(files: list[str]) -> Any:
    _, task, arguments, *modules = files
    with open(task, "rb") as source:
        values = _records.read_head(source, _records.TASK)
        if values is None:
            raise RuntimeError(f"{task} is no task of this version of jobcloud")
        problem = values["pickle"] == "code" and _records.mismatch(values["python"], "The function")
        if problem:
            raise _Refused(problem)
        _enter(values, modules)
        load = _reader(values["reader"])
        function = load(source)
    args, kwargs = _arguments(arguments, load)
    return function(*args, **kwargs)


def _enter(values: dict[str, str], modules: list[str]) -> None:
    """Goes where the caller is, and finds its modules: those that it sent first."""
    sys.path[1:1] = modules
    number = 0
    while (path := values.get(f"path{number}")) is not None:
        if path not in sys.path and os.path.isdir(path):
            sys.path.append(path)
        number += 1
    folder = values.get("folder", "")
    if folder and (values["must"] == "yes" or os.path.isdir(folder)):
        os.chdir(folder)


def _reader(name: str) -> Callable[[IO[bytes]], Any]:
    if name == "own":
        from . import _functions

        return _functions.load
    import _pickle

    load: Callable[[IO[bytes]], Any] = _pickle.load
    return load


def _arguments(path: str, load: Callable[[IO[bytes]], Any]) -> Any:
    with open(path, "rb") as source:
        values = _records.read_head(source, _records.ARGUMENTS)
        if values is None:
            source.seek(0)
        else:
            sizes = [int(size) for size in values["sizes"].split()]
            index = int(os.environ.get("JOBCLOUD_MAP_INDEX") or 0) - int(values["first"])
            source.seek(sum(sizes[:index]), os.SEEK_CUR)
        return load(source)


def _keep(path: str, value: Any, name: str) -> None:
    text = _records.as_text(value)
    if text is not None:
        with open(path, "wb") as file:
            file.write(text)
        return
    try:
        _write(path, value, kind="value")
    except Exception as error:
        raise _Refused(
            f"The result of {name} cannot be pickled: {type(error).__name__}: {error}"
        ) from error


def _write(path: str, value: Any, **values: str) -> None:
    """Writes a head and a pickle: by name what the caller can import, else with its code."""
    from _pickle import dump

    own = _records.version()
    try:
        with open(path, "wb+") as file:
            file.write(_records.head(_records.RESULT, pickle="names", python=own, **values))
            dump(value, file, 5)
            if not _needs_code(file):
                return
    except Exception:
        if "cloudpickle" not in sys.modules and not _has_cloudpickle():
            raise
    import cloudpickle

    with open(path, "wb") as file:
        file.write(_records.head(_records.RESULT, pickle="code", python=own, **values))
        cloudpickle.dump(value, file, 5)


def _again(value: Any) -> Any:
    """The value that a reader of its pickle gets."""
    from _pickle import dumps, loads

    return loads(dumps(value, 5))


def _needs_code(file: IO[bytes]) -> bool:
    """Whether a file names the module __main__, which is another one for who reads it, or contains
    a pickle with code."""
    file.seek(0)
    tail = b""
    while part := file.read(1 << 20):
        seen = tail + part
        if b"__main__" in seen or b"cloudpickle" in seen:
            return True
        tail = part[-10:]
    return False


def _has_cloudpickle() -> bool:
    try:
        import cloudpickle  # noqa: F401
    except ImportError:
        return False
    return True


class _Refused(Exception):
    """The function was not called, or its result cannot be kept; the text is a sentence."""


def _fail(path: str, error: BaseException) -> NoReturn:
    """Keeps the exception, shows it as Python does, and ends the process."""
    if isinstance(error, _Refused):
        print(error, file=sys.stderr)
        _keep_error(path, "", str(error), "", None)
        sys.exit(1)
    error.__traceback__ = _of_function(error)
    import traceback

    lines = traceback.format_exception(type(error), error, error.__traceback__)
    kind = type(error)
    own = kind.__module__
    name = kind.__qualname__ if own in ("builtins", "__main__") else f"{own}.{kind.__qualname__}"
    _keep_error(path, name, _text(error), "".join(lines), error)
    if isinstance(error, SystemExit):
        # The hook says nothing of it, and Python would take its code.
        sys.stderr.write("".join(lines))
        sys.exit(error.code if isinstance(error.code, int) and error.code else 1)
    sys.excepthook(kind, error, error.__traceback__)
    sys.exit(1)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return f"(its text cannot be made: {type(error).__name__})"


def _of_function(error: BaseException) -> Any:
    """The traceback without the frames of this module."""
    trace = error.__traceback__
    own = _of_function.__code__.co_filename
    while trace is not None and trace.tb_frame.f_code.co_filename == own:
        trace = trace.tb_next
    if trace is not None:
        return trace
    return error.__traceback__


def _keep_error(
    path: str, name: str, text: str, trace: str, error: Optional[BaseException]
) -> None:
    values = {"kind": "error", "type": name, "text": text[:_TEXT_MAX], "trace": trace[-_TEXT_MAX:]}
    try:
        if error is not None:
            _write(path, _records.portable(error, _again), **values)
            return
    except BaseException:
        pass  # The text of an exception that cannot be pickled is kept below.
    try:
        with open(path, "wb") as file:
            file.write(
                _records.head(_records.RESULT, pickle="none", python=_records.version(), **values)
            )
    except OSError:
        pass  # The traceback is on stderr in any case.
