"""Compact sequences of jids: a map of a million jobs is a few numbers."""

from __future__ import annotations

# A job starts with this module: typing and what it imports take longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, Union, overload
else:
    from _collections_abc import Iterable, Sequence

    def overload(function):
        return function


_LONGEST_PATH = 4_000


class Jids(Sequence[int]):
    """The jids of jobs, in order, kept as ranges. It is usable wherever a jid is.

    Jids compare equal to any sequence of the same numbers. ``str`` is the notation that the
    command takes, such as ``3,7-9``.
    """

    __slots__ = ("_ranges", "_length")

    def __init__(self, jids: Iterable[int] = ()) -> None:
        self._ranges = tuple(_compact(jids))
        self._length = sum(map(len, self._ranges))

    @property
    def ranges(self) -> tuple[range, ...]:
        """The ascending ranges without gaps, in order."""
        return self._ranges

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        for part in self._ranges:
            yield from part

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Jids: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[int, Jids]:
        if isinstance(index, slice):
            if len(self._ranges) == 1:
                return Jids(self._ranges[0][index])
            return Jids(self[i] for i in range(*index.indices(self._length)))
        at = index + self._length if index < 0 else index
        if at >= 0:
            for part in self._ranges:
                if at < len(part):
                    return part[at]
                at -= len(part)
        raise IndexError(f"index {index} of {self._length} jids")

    def __contains__(self, jid: object) -> bool:
        return any(jid in part for part in self._ranges)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Jids):
            return self._ranges == other._ranges
        if isinstance(other, (list, tuple, range)):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._ranges)

    def __str__(self) -> str:
        return ",".join(
            str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in self._ranges
        )

    def __repr__(self) -> str:
        return f"Jids({self})"

    def _repr_html_(self) -> str:
        from ._notebook import of_jobs

        return of_jobs(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_ranges, self._ranges


def of(jids: Any) -> Jids:
    """The jids that a caller names by a jid, a future, or an iterable or range of them.

    Raises TypeError for anything else, and ValueError for a number below 1.
    """
    return jids if isinstance(jids, Jids) else Jids(_numbers(jids))


def is_one(jids: Any) -> bool:
    """Whether a caller names one job, so that an answer is one value and not a list."""
    return _number(jids) is not None


def notations(jids: Jids) -> Iterator[str]:
    """The jids as texts for paths of requests, whose length is limited."""
    parts: list[str] = []
    size = 0
    for part in str(jids).split(",") if len(jids) > 0 else []:
        if size + len(part) > _LONGEST_PATH:
            yield ",".join(parts)
            parts, size = [], 0
        parts.append(part)
        size += len(part) + 1
    if parts:
        yield ",".join(parts)


def _of_ranges(*ranges: range) -> Jids:
    return Jids(jid for part in ranges for jid in part) if len(ranges) != 1 else Jids(ranges[0])


def _number(jid: Any) -> Any:
    """The number of one jid or of a future; None: it is neither."""
    if isinstance(jid, bool):
        return None
    if hasattr(jid, "__index__"):
        return jid.__index__()
    found = getattr(jid, "jid", None)
    return found if isinstance(found, int) else None


def _numbers(jids: Any) -> Iterator[int]:
    one = _number(jids)
    if one is not None:
        if one < 1:
            raise ValueError(f"{one} is not a jid; jids count from 1")
        yield one
    elif isinstance(jids, Iterable) and not isinstance(jids, (str, bytes)):
        for part in jids:
            yield from _numbers(part)
    else:
        raise TypeError(f"{jids!r} is not a jid; give jids, a range of them or futures")


def _compact(jids: Iterable[int]) -> Iterator[range]:
    if isinstance(jids, range) and jids.step == 1:
        if len(jids) > 0:
            yield jids
        return
    first = last = 0
    for jid in jids:
        if first and jid == last + 1:
            last = jid
            continue
        if first:
            yield range(first, last + 1)
        first = last = jid
    if first:
        yield range(first, last + 1)
