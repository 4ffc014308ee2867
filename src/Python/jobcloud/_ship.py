"""Makes submissions of calls: what to send so that a job can call a function."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from . import _modules, _options, _pickles, _records
from ._blobs import Blobs, Content
from ._options import Options
from ._pickles import Pickled

# Arguments of one job, and of several jobs of a map, stand in one content up to this size.
_BLOCK_BYTES = 32 << 10
_BLOCK_CALLS = 4096
#: The calls of one submission; a larger map is several.
CALLS_MAX = 20_000

_START = """\
p={python}
[ -x "$p" ] || p=$(command -v python3) || {{
  echo "There is neither {text} nor a python3 on PATH; name an environment (_env) with Python." >&2
  exit 127
}}
exec "$p" -c 'import sys, os
sys.argv[0] = sys.argv.pop(1)
sys.path[0] = os.path.abspath(sys.argv[1])
from jobcloud._runner import run
run()' "$0" "$@"
"""

Call = tuple[Sequence[Any], Mapping[str, Any]]


class Function(NamedTuple):
    """A function, ready to be sent."""

    name: str
    pickled: Pickled
    modules: _modules.Modules


def function(callable_: Any) -> Function:
    """Pickles a function.

    :raises TypeError: if it is not callable, or cannot be pickled
    """
    if not callable(callable_):
        raise TypeError(f"{callable_!r} is not callable; give a function and its arguments.")
    modules = _modules.Modules()
    pickled = dumped(callable_, modules.names(), "The function")
    return Function(_name(callable_), pickled, modules)


class Shipment:
    """The calls of a function as submissions.

    :param shares_machine: whether the jobs run on this machine, so that they have its directories
    """

    def __init__(
        self, function: Function, options: Options, blobs: Blobs, shares_machine: bool
    ) -> None:
        self._function = function
        self._options = options
        self._blobs = blobs
        self._shares_machine = shares_machine

    def one(self, call: Call) -> dict[str, Any]:
        """The submission of one call."""
        return {"exec": self._submission(list(self._blocks([call])), {})}

    def several(self, calls: Iterable[Call]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The numbers of calls and the submissions of a map, of at most CALLS_MAX calls each."""
        for part in _parts(calls, CALLS_MAX):
            blocks = list(self._blocks(part))
            if len(blocks) == 1 and len(part) > 1:
                more: dict[str, Any] = {"copies": len(part)}
            else:
                column = [block.content for block in blocks for _ in range(block.number)]
                more = {"map_data": {"arguments": column}}
            yield len(part), {"mapexec": self._submission(blocks, more)}

    def _submission(
        self, blocks: Sequence[_Block], more: Mapping[str, Any]
    ) -> dict[str, Any]:
        pickled = self._function.pickled
        has_code = pickled.has_code or any(block.has_code for block in blocks)
        found = pickled.found.union(*(block.found for block in blocks))
        modules = self._function.modules.pack(found, has_code)
        contents = {
            "call": (self._starter(), self._function.name),
            "jobcloud": (_modules.own_package(), "jobcloud.zip"),
            "task": (self._head(has_code) + pickled.content(), "task"),
        }
        command = ["/bin/sh", "{call}", "{jobcloud}", "{task}", "{arguments}"]
        if modules is not None:
            contents["modules"] = (modules, "modules.zip")
            command.append("{modules}")
        data = {name: self._blobs.content(*content) for name, content in contents.items()}
        if "map_data" not in more:
            data["arguments"] = blocks[0].content
        submission: dict[str, Any] = {
            "command": command,
            "fresh": True,
            "return": _records.RESULT_FILE,
            "data": data,
            **self._options.attributes,
            **more,
        }
        if self._shares_machine and "env" not in submission:
            variables = {**_options.exported(), **submission.get("os_env", {})}
            submission["os_env"] = variables
        return submission

    def _head(self, has_code: bool) -> bytes:
        options = self._options
        folder = options.cwd
        if folder is not None and self._shares_machine:
            folder = os.path.abspath(folder)
        elif folder is None and self._shares_machine:
            folder = _current_folder()
        path = _modules.search_path() if self._shares_machine else []
        return _records.head(
            _records.TASK,
            python=_records.version(),
            pickle="code" if has_code else "names",
            reader="own" if has_code and _pickles.has_known_form() else "standard",
            folder=folder or "",
            must="no" if options.cwd is None else "yes",
            **{f"path{i}": one for i, one in enumerate(path)},
        )

    def _starter(self) -> bytes:
        """The shell script that starts Python."""
        python = self._options.python or sys.executable or "python3"
        # The text stands in double quotes.
        text = re.sub(r'([\\"$`])', r"\\\1", python)
        if "/" not in python:
            quoted = f"$(command -v {_quoted(python)})"
            return _START.format(python=quoted, text=text).encode()
        return _START.format(python=_quoted(python), text=text).encode()

    def _blocks(self, calls: Sequence[Call]) -> Iterator[_Block]:
        """Sends the arguments, so that few of them are in memory at the same time."""
        names = self._function.modules.names()
        waiting: list[Pickled] = []
        first, size = 0, 0
        for i, (args, kwargs) in enumerate(calls):
            one = dumped((tuple(args), dict(kwargs)), names, "An argument")
            is_full = size + one.size > _BLOCK_BYTES or len(waiting) == _BLOCK_CALLS
            if waiting and is_full:
                yield self._block(waiting, first, is_only=False)
                waiting, first, size = [], i, 0
            waiting.append(one)
            size += one.size
        yield self._block(waiting, first, is_only=len(waiting) == len(calls))

    def _block(self, calls: Sequence[Pickled], first: int, is_only: bool) -> _Block:
        content: Content = calls[0]
        if len(calls) > 1:
            sizes = " ".join(str(call.size) for call in calls)
            start = _records.head(_records.ARGUMENTS, first=str(first), sizes=sizes)
            content = b"".join([start, *(call.content() for call in calls)])
        found: set[bytes] = set()
        return _Block(
            # The calls of other blocks name theirs too, so it stands inside only if it is all.
            self._blobs.content(content, "arguments", len(calls) if is_only else 0),
            len(calls),
            found.union(*(call.found for call in calls)),
            any(call.has_code for call in calls),
        )


class _Block(NamedTuple):
    """The arguments of consecutive calls, in one content."""

    content: dict[str, Any]
    number: int
    found: set[bytes]
    has_code: bool


def dumped(value: Any, names: Iterable[bytes], what: str) -> Pickled:
    """A pickle; ``what`` it is stands in the error.

    :raises TypeError: if the value cannot be pickled
    """
    try:
        return _pickles.dump(value, names)
    except Exception as error:
        raise refused(what, error) from error


def refused(what: str, error: Exception) -> TypeError:
    """What to raise when something cannot be pickled."""
    return TypeError(f"{what} cannot be pickled: {type(error).__name__}: {error}")


def _name(function: Any) -> str:
    """The name of a function, which is also that of a file."""
    while hasattr(function, "func"):
        # A partial function.
        function = function.func
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    name = re.sub(r"[^\w.<>-]", "_", name.replace("<locals>.", ""))[:100].lstrip(".-")
    reserved = ("jobcloud.zip", "task", "arguments", "modules.zip", _records.RESULT_FILE)
    return f"{name}_" if name in reserved else name or "function"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _current_folder() -> Optional[str]:
    try:
        return os.getcwd()
    except OSError:
        return None


def _parts(calls: Iterable[Call], size: int) -> Iterator[list[Call]]:
    part: list[Call] = []
    for call in calls:
        part.append(call)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
