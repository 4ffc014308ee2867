"""The modules that travel with a function: those that it needs and that are not installed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Optional

from . import _zips
from .errors import CloudException

_IMPORTS = re.compile(rb"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([^#\n(]+))", re.MULTILINE)
_MOST_BYTES = 64 << 20
_INSTALLED = ("site-packages", "dist-packages")
# The job starts with these, so they are compiled here once and not in each job.
_STARTERS = (
    "__init__.py",
    "_chunks.py",
    "_functions.py",
    "_records.py",
    "_runner.py",
)


class Modules:
    """The modules of this process that are not installed, by the name of their package."""

    def __init__(self) -> None:
        main = sys.modules.get("__main__")
        names = {name.partition(".")[0] for name in list(sys.modules)}
        names |= set(_imported(getattr(main, "__file__", None)))
        self._places = {name: place for name in names if (place := _place(name))}

    def names(self) -> list[bytes]:
        """The names that a pickle may contain."""
        return [name.encode() for name in self._places]

    def pack(self, found: Iterable[bytes], has_code: bool) -> Optional[bytes]:
        """A zip of the named modules and of what they import; None: there are none.

        :param has_code: whether to add the module that reads pickles with code
        """
        left = [name.decode() for name in found]
        places: dict[str, str] = {}
        if has_code:
            import cloudpickle

            places["cloudpickle"] = os.path.dirname(os.path.abspath(cloudpickle.__file__))
        while left:
            name = left.pop()
            place = self._places.get(name) or _place(name)
            if name in places or not place:
                continue
            places[name] = place
            for path in _sources(place):
                left += _imported(path)
        return _packed(tuple(sorted(places.values()))) if places else None


def own_package() -> bytes:
    """A zip of this package."""
    return _packed((os.path.dirname(os.path.abspath(__file__)),), _STARTERS)


def search_path() -> list[str]:
    """The directories of this process' path that hold modules that are not installed."""
    paths = [os.path.abspath(path or os.getcwd()) for path in sys.path]
    return [path for path in paths if os.path.isdir(path) and not _is_installed(path)]


def _packed(places: tuple[str, ...], starters: tuple[str, ...] = ()) -> bytes:
    files: list[tuple[str, str]] = []
    for place in places:
        root = os.path.dirname(place)
        files += [(path, os.path.relpath(path, root)) for path in _files(place)]
    return _zip(tuple((path, name, _version(path)) for path, name in files), starters)


@lru_cache(maxsize=8)
def _zip(files: tuple[tuple[str, str, tuple[int, int]], ...], starters: tuple[str, ...]) -> bytes:
    size = sum(version[1] for _, _, version in files)
    if size > _MOST_BYTES:
        raise CloudException(
            f"The modules that the function needs have {size >> 20} MiB with the files beside "
            f"them, more than {_MOST_BYTES >> 20} MiB: {files[0][0]} … Install them where the "
            "jobs run, or move large files out of the package."
        )
    return _zips.pack(_entries(files, starters))


def _entries(
    files: Iterable[tuple[str, str, tuple[int, int]]], starters: tuple[str, ...]
) -> Iterator[tuple[str, bytes]]:
    for path, name, _ in files:
        with open(path, "rb") as file:
            content = file.read()
        if path.endswith(".py"):
            always = not starters or os.path.basename(path) in starters
            code = _zips.compiled(path, content, always)
            if code is not None:
                yield name + "c", code
        yield name, content


def _version(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


def _place(name: str) -> Optional[str]:
    """The file or directory of a module that is not installed; None: it is, or it is unknown."""
    if name in ("__main__", "__mp_main__", "jobcloud") or not name.isidentifier():
        return None
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    path = getattr(module, "__file__", None)
    if module is None:
        from importlib.machinery import PathFinder

        try:
            spec = PathFinder.find_spec(name)
        except (ImportError, ValueError):
            return None
        path = spec.origin if spec else None
    if path is None:
        # A namespace package has directories and no file.
        places = list(getattr(spec, "submodule_search_locations", None) or [])
        found = places[0] if places else None
    else:
        is_package = os.path.basename(path) == "__init__.py"
        found = os.path.dirname(path) if is_package else path if path.endswith(".py") else None
    if not found or not os.path.isabs(found) or _is_installed(found):
        return None
    return found if os.path.exists(found) else None


@lru_cache(maxsize=1024)
def _is_installed(path: str) -> bool:
    library = os.path.dirname(os.path.abspath(os.__file__))
    real = os.path.realpath(path)
    return any(
        f"{one}/".startswith((f"{library}/", f"{os.path.realpath(library)}/"))
        or any(part in _INSTALLED for part in one.split("/"))
        or re.search(r"/python\d+\.?\d*\.zip$", one) is not None
        for one in (path, real)
    )


def _files(place: str) -> list[str]:
    """All files of a module or package, in a fixed order."""
    if os.path.isfile(place):
        return [place]
    found = []
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(n for n in folders if n != "__pycache__" and not n.startswith("."))
        found += [
            os.path.join(folder, name)
            for name in sorted(names)
            if not name.startswith(".") and os.path.isfile(os.path.join(folder, name))
        ]
    return found


def _sources(place: str) -> list[str]:
    return [path for path in _files(place) if path.endswith(".py")]


def _imported(path: Optional[str]) -> list[str]:
    """The packages that a source file imports anywhere in it."""
    if not path or not path.endswith(".py"):
        return []
    try:
        return _imports_of(path, _version(path))
    except OSError:
        return []


@lru_cache(maxsize=4096)
def _imports_of(path: str, version: tuple[int, int]) -> list[str]:
    with open(path, "rb") as file:
        source = file.read()
    found = set()
    for whole, some in _IMPORTS.findall(source):
        names = [whole] if whole else [part.split()[0] for part in some.split(b",") if part.split()]
        found |= {name.partition(b".")[0].decode("ascii", "ignore") for name in names}
    return sorted(name for name in found if name)
