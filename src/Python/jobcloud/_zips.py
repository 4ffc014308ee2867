"""Zip files that Python imports modules from. Equal modules give equal bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Optional

# 1980-01-01, the first day of the format: the time of a file must not change the bytes.
_TIME, _DATE = 0, 0x21
_VERSION = 20
_LONGEST = 0xFFFFFFFF
_UTF8 = 0x800


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of files that are stored as they are; importing needs no decompression then.

    :raises ValueError: if they have 4 GiB or more
    """
    from binascii import crc32

    body, index, count = bytearray(), bytearray(), 0
    for name, content in files:
        path = name.encode("utf-8")
        common = struct.pack(
            "<HHHHHIIIHH",
            _VERSION,
            _UTF8,
            0,
            _TIME,
            _DATE,
            crc32(content),
            len(content),
            len(content),
            len(path),
            0,
        )
        index += b"PK\1\2" + struct.pack("<H", _VERSION) + common
        index += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + path
        body += b"PK\3\4" + common + path + content
        count += 1
        if len(body) > _LONGEST or count > 0xFFFF:
            raise ValueError("The modules of the function have 4 GiB or 65,536 files, or more.")
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(index), len(body), 0)
    return bytes(body + index + end)


def compiled(path: str, source: bytes, always: bool) -> Optional[bytes]:
    """The compiled form of a module, which Python takes without a look at the source.

    :param always: whether to compile it if there is no compiled file beside it
    """
    from _imp import source_hash
    from importlib.util import MAGIC_NUMBER, cache_from_source

    code = _cached(path, cache_from_source(path), source, MAGIC_NUMBER)
    if code is None:
        if not always:
            return None
        import marshal

        try:
            code = marshal.dumps(compile(source, path, "exec", dont_inherit=True))
        except (SyntaxError, ValueError):
            return None
    key = int.from_bytes(MAGIC_NUMBER[:2], "little")
    unchecked = struct.pack("<I", 1)
    return MAGIC_NUMBER + unchecked + source_hash(key, source) + code


def _cached(path: str, cache: str, source: bytes, magic: bytes) -> Optional[bytes]:
    """The code in the compiled file beside a module, if it is of this source."""
    import os

    try:
        with open(cache, "rb") as file:
            data = file.read()
        changed = int(os.stat(path).st_mtime) & 0xFFFFFFFF
    except OSError:
        return None
    expected = magic + struct.pack("<III", 0, changed, len(source) & 0xFFFFFFFF)
    return data[16:] if data[:16] == expected else None
