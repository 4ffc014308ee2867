"""The files that a job of a Python function reads and writes.

A *head* is a title line, lines ``name: value`` and an empty line. A job starts with this module, so
it imports nothing.
"""

from __future__ import annotations

import sys
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, Any, Optional

TASK = "jobcloud-task 1"
ARGUMENTS = "jobcloud-arguments 1"
RESULT = "jobcloud-result 1"

#: The name of the file with the result, in the job's own directory.
RESULT_FILE = "jobcloud-result"

_LONGEST_TEXT = 64 << 10
_DEEPEST = 20
_LINE_MAX = 16 << 20


def version() -> str:
    """The version of this Python that decides whether it reads a pickle with code."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def head(title: str, **values: str) -> bytes:
    """A head with these values, in their order."""
    lines = [title] + [f"{name}: {_escaped(value)}" for name, value in values.items()]
    return ("\n".join(lines) + "\n\n").encode("ascii")


def read_head(file: IO[bytes], title: str) -> Optional[dict[str, str]]:
    """The values of the head with which a file begins; None: it begins with something else.

    In the second case, up to one line of the file has been read.
    """
    if file.readline(len(title) + 1) != title.encode() + b"\n":
        return None
    values: dict[str, str] = {}
    while True:
        line = file.readline(_LINE_MAX)
        if line in (b"\n", b""):
            return values
        name, _, value = line[:-1].partition(b": ")
        # The module of that encoding is imported only if the value needs it.
        encoding = "unicode_escape" if b"\\" in value else "ascii"
        values[name.decode("ascii")] = value.decode(encoding)


def mismatch(made_by: str, what: str) -> Optional[str]:
    """Why this Python cannot read a pickle with code; None: it can."""
    own = version()
    if made_by == own:
        return None
    return (
        f"{what} contains code of Python {made_by}, which Python {own} cannot read; use the same "
        "version of Python in the job (keyword _python, or an environment), or put the functions "
        "and classes that it contains into a module."
    )


def as_text(value: object) -> Optional[bytes]:
    """A simple value as JSON, which other programs read too; None: it is not simple.

    A value is simple if JSON gives back an equal one: None, a bool, a number, a text, or lists and
    dicts of simple values, none of which is in two places.
    """
    parts: list[str] = []
    try:
        if not _add(parts, value, set(), 0):
            return None
        text = "".join(parts).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return None
    return text if len(text) <= _LONGEST_TEXT else None


def portable(error: BaseException, again: Callable[[Any], Any]) -> Any:
    """What to pickle for an exception: itself, or its parts if its pickle cannot be read.

    A constructor with other parameters than ``args`` makes a pickle that cannot be read.

    :param again: pickles a value and reads it
    """
    try:
        if type(again(error)) is type(error):
            return error
    except Exception:
        pass  # It is in parts then.
    return type(error), error.args, error.__dict__


def rebuilt(value: Any) -> BaseException:
    """The exception that :func:`portable` was given."""
    if isinstance(value, BaseException):
        return value
    kind, args, values = value
    error: BaseException = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(values)
    return error


def _add(parts: list[str], value: Any, seen: set[int], depth: int) -> bool:
    kind = type(value)
    if value is None or kind is bool:
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif kind is str:
        if len(value) > _LONGEST_TEXT:
            return False
        from _json import encode_basestring  # type: ignore[attr-defined]

        parts.append(encode_basestring(value))
    elif kind is int:
        # Longer ones are refused by int(str).
        if value.bit_length() > 1024:
            return False
        parts.append(str(value))
    elif kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            return False
        parts.append(repr(value))
    elif kind in (list, dict):
        if depth >= _DEEPEST or id(value) in seen or len(value) > _LONGEST_TEXT:
            return False
        seen.add(id(value))
        return _add_all(parts, value, seen, depth)
    else:
        return False
    return True


def _add_all(parts: list[str], value: Any, seen: set[int], depth: int) -> bool:
    is_dict = type(value) is dict
    parts.append("{" if is_dict else "[")
    for i, item in enumerate(value):
        if i > 0:
            parts.append(", ")
        if is_dict:
            if type(item) is not str or not _add(parts, item, seen, depth):
                return False
            parts.append(": ")
            item = value[item]
        if not _add(parts, item, seen, depth + 1):
            return False
    parts.append("}" if is_dict else "]")
    return True


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
