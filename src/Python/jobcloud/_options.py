"""The keywords of a call, such as ``_cores=2``, as attributes of its job."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Optional

from . import _jids

_EXPORTED = ("PATH", "LANG", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH")
_EXPORTED_PREFIXES = ("LC_", "CONDA_")

#: The keywords that have an attribute of the same name, which takes their text.
_PLAIN = {
    "_cores": "cores",
    "_type": "type",
    "_env": "env",
    "_label": "label",
    "_priority": "priority",
    "_depends_on_errors": "depends_on_errors",
    "_retries": "retries",
    "_request_id": "request_id",
    "_isolate": "isolate",
}
_OF_MAPS = {"_max_parallel": "max_parallel", "_max_fails": "max_fails"}
_FLAGS = {"_profile": "profile", "_strict": "strict"}
#: What this process does, and no attribute.
_HERE = ("_callback", "_callback_on_error", "_cwd", "_python")
_GONE = {
    "_kill_process": "each job has a process of its own",
    "_high_cpu": "write _type='c2'",
    "_fast_serialization": "functions are always pickled with what they need",
}


class Options(NamedTuple):
    """The options of one call or map."""

    attributes: dict[str, Any]
    cwd: Optional[str]
    python: Optional[str]
    callback: Optional[Callable[[int], Any]]
    callback_on_error: Optional[Callable[[int], Any]]


def split(keywords: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keyword arguments of the function, and the options, which begin with one ``_``."""
    options = {k: v for k, v in keywords.items() if k.startswith("_") and not k.startswith("__")}
    return {k: v for k, v in keywords.items() if k not in options}, options


def read(options: Mapping[str, Any], is_map: bool = False) -> Options:
    """Reads options.

    :raises TypeError: if one is unknown or of a wrong type
    :raises ValueError: if a value is impossible
    """
    attributes: dict[str, Any] = {}
    for name, value in options.items():
        if name not in _HERE and value is not None:
            _put(attributes, name, value, is_map)
    cwd, python = options.get("_cwd"), options.get("_python")
    return Options(
        attributes,
        os.fspath(cwd) if cwd is not None else None,
        os.fspath(python) if python is not None else None,
        _callable(options, "_callback", is_map),
        _callable(options, "_callback_on_error", is_map),
    )


def chunk(options: dict[str, Any]) -> Optional[int]:
    """Takes how many calls of a map each job makes out of its options; None: one, as itself."""
    size = options.pop("_chunk", None)
    if size is None:
        return None
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"_chunk is a number of calls, not {size!r}")
    if size < 1:
        raise ValueError(f"_chunk must be at least 1, not {size}")
    return size


def exported() -> dict[str, str]:
    """The variables of this process that its jobs on the same machine get."""
    return {
        name: value
        for name, value in os.environ.items()
        if (name in _EXPORTED or name.startswith(_EXPORTED_PREFIXES)) and _is_plain(value)
    }


def _put(attributes: dict[str, Any], name: str, value: Any, is_map: bool) -> None:
    if name in _PLAIN:
        attributes[_PLAIN[name]] = value
    elif name in _OF_MAPS and is_map:
        attributes[_OF_MAPS[name]] = value
    elif name in _FLAGS:
        if value:
            attributes[_FLAGS[name]] = True
    elif name == "_restartable":
        if not value:
            attributes["not_restartable"] = True
    elif name == "_memory":
        attributes["memory"] = _memory(value)
    elif name in ("_max_runtime", "_backoff"):
        attributes[name[1:]] = _duration(name, value)
    elif name in ("_vol", "_publish"):
        attributes[name[1:]] = [value] if isinstance(value, (str, int)) else list(value)
    elif name == "_depends_on":
        jids = _jids.of(value)
        if len(jids) > 0:
            attributes["depends_on"] = str(jids)
    elif name == "_os_env_vars":
        attributes["os_env"] = _variables(value)
    else:
        raise TypeError(_unknown(name))


def _unknown(name: str) -> str:
    if name in _GONE:
        return f"There is no option {name}: {_GONE[name]}."
    if name in _OF_MAPS:
        return f"The option {name} is only for maps."
    if name == "_chunk":
        return "The option _chunk is only for cloud.map; the map of an executor has chunksize."
    import difflib

    known = [*_PLAIN, *_OF_MAPS, *_FLAGS, *_HERE, "_restartable", "_memory", "_max_runtime"]
    known += ["_backoff", "_vol", "_publish", "_depends_on", "_os_env_vars"]
    near = difflib.get_close_matches(name, known, 1)
    return f"Unknown option '{name}'" + (
        f": did you mean '{near[0]}'?" if near else f"; the options are {', '.join(sorted(known))}."
    )


def _memory(value: Any) -> str:
    """A number is bytes; a text has a unit."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError(f"_memory is bytes, or a text such as '512M', not {value!r}")
    return value if isinstance(value, str) else f"{-(-value // 1024)}KiB"


def _duration(name: str, value: Any) -> str:
    """A number of _max_runtime is minutes, as in the command; of _backoff, seconds."""
    if isinstance(value, str):
        return value
    if hasattr(value, "total_seconds"):
        seconds = value.total_seconds()
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value * 60 if name == "_max_runtime" else value
    else:
        raise TypeError(f"{name} is a number, a timedelta, or a text such as '90s', not {value!r}")
    if seconds <= 0:
        raise ValueError(f"{name} must be more than 0, not {value!r}")
    return f"{max(1, round(seconds * 1000))}ms"


def _variables(value: Any) -> dict[str, str]:
    """Names of variables of this process, or names with their values."""
    if isinstance(value, Mapping):
        found = {str(name): str(one) for name, one in value.items()}
    elif isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"_os_env_vars is a list of names, or a dict, not {value!r}")
    else:
        names = list(value)
        missing = [name for name in names if name not in os.environ]
        if missing:
            raise ValueError(
                f"The variable '{missing[0]}' is not set here; give a dict for its value."
            )
        found = {name: os.environ[name] for name in names}
    for name, one in found.items():
        if not _is_plain(one):
            raise ValueError(
                f"The variable '{name}' begins with '@' or is not UTF-8; "
                "set it in the function instead."
            )
    return found


def _callable(options: Mapping[str, Any], name: str, is_map: bool) -> Any:
    value = options.get(name)
    if value is None:
        return None
    if is_map:
        raise TypeError(f"The option {name} is only for single calls; use iresult for a map.")
    if not callable(value):
        raise TypeError(f"{name} is a function that takes a jid, not {value!r}")
    return value


def _is_plain(value: str) -> bool:
    """Whether a request can have it; there, a value that begins with ``@`` names a file."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return not value.startswith("@")
