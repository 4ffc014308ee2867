"""Pickles: of functions, of arguments and of results."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable
from hashlib import sha256
from typing import IO, Any

# The oldest Python that runs jobs reads it.
PROTOCOL = 5
_IN_MEMORY = 4 << 20
# What only cloudpickle's code can be read with: the module __main__ is another one in a job, and
# a pickle within the value may contain code.
_NEED_CODE = {b"__main__", b"cloudpickle"}
# The longest name that is found where two parts of a pickle meet.
_OVERLAP = 256


class Pickled:
    """A pickle, in memory or, if it is large, in a temporary file."""

    def __init__(self, names: Iterable[bytes] = ()) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._names = {*names}
        self._tail = b""
        self._hash = sha256()
        self.size = 0
        #: The names that it contains.
        self.found: set[bytes] = set()
        #: Whether only the Python that made it can read it.
        self.has_code = False

    def write(self, data: Any) -> int:
        """Adds bytes; the pickler calls it."""
        part = bytes(data)
        if self.size + len(part) > _IN_MEMORY and isinstance(self._file, io.BytesIO):
            import tempfile

            spilled = tempfile.TemporaryFile()
            spilled.write(self._file.getbuffer())
            self._file = spilled
        self._file.write(part)
        self._hash.update(part)
        self.size += len(part)
        seam = self._tail + part[:_OVERLAP]
        self.found |= {n for n in self._names - self.found if n in part or n in seam}
        self._tail = (self._tail + part)[-_OVERLAP:] if len(part) < _OVERLAP else part[-_OVERLAP:]
        return len(part)

    def __del__(self) -> None:
        self._file.close()

    @property
    def hash(self) -> str:
        """Its SHA-256, in hexadecimal digits."""
        return self._hash.hexdigest()

    def content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()

    @property
    def file(self) -> IO[bytes]:
        return self._file


def dump(value: Any, names: Iterable[bytes] = ()) -> Pickled:
    """Pickles a value: by name what a job can import, else with its code.

    :param names: the names to look for in it
    :raises pickle.PicklingError, TypeError, AttributeError…: if it cannot be pickled
    """
    try:
        plain = Pickled(_NEED_CODE.union(names))
        pickle.dump(value, plain, PROTOCOL)
        if plain.found.isdisjoint(_NEED_CODE):
            return plain
    except Exception:
        # Something in it has no name that a job could import.
        if not _can_pickle_code():
            raise
    import cloudpickle

    with_code = Pickled(names)
    cloudpickle.dump(value, with_code, PROTOCOL)
    with_code.has_code = True
    return with_code


def data(value: Any) -> bytes:
    """The pickle of a small value, without its names: see :func:`dump`."""
    try:
        plain = pickle.dumps(value, PROTOCOL)
        if not any(name in plain for name in _NEED_CODE):
            return plain
    except Exception:
        if not _can_pickle_code():
            raise
    import cloudpickle

    with_code: bytes = cloudpickle.dumps(value, PROTOCOL)
    return with_code


def has_known_form() -> bool:
    """Whether pickles with code are as those of the versions of cloudpickle that jobs read
    without it."""
    import cloudpickle

    return str(cloudpickle.__version__).partition(".")[0] in ("2", "3")


def _can_pickle_code() -> bool:
    try:
        import cloudpickle  # noqa: F401
    except ImportError:
        return False
    return True
