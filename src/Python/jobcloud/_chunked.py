"""Cuts a map into chunks: the arguments of several calls, which one job makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Any

from . import _pickles, _ship

# A job reads all of its chunks before it calls.
_JOB_BYTES = 4 << 20


def cut(
    iterables: tuple[Iterable[Any], ...], size: int, pads: bool = False
) -> Iterator[bytes]:
    """The calls of a map in chunks of ``size``, each pickled.

    :param pads: whether None stands for the elements that shorter iterables lack
    """
    for columns in _columns(iterables, size, pads):
        try:
            yield _pickles.data(columns)
        except Exception as error:
            raise _ship.refused("An argument", error) from error


def by_job(chunks: Iterable[bytes], number: int) -> Iterator[list[bytes]]:
    """The chunks of each job: ``number`` of them, or fewer if they are large."""
    group: list[bytes] = []
    size = 0
    for chunk in chunks:
        if group and (len(group) == number or size + len(chunk) > _JOB_BYTES):
            yield group
            group, size = [], 0
        group.append(chunk)
        size += len(chunk)
    if group:
        yield group


def _columns(
    iterables: tuple[Iterable[Any], ...], size: int, pads: bool
) -> Iterator[tuple[Any, ...]]:
    """The chunks as columns: the elements of each iterable together."""
    if len(iterables) == 1:
        (only,) = iterables
        if isinstance(only, range):
            # A part of a range is three numbers.
            for start in range(0, len(only), size):
                yield (only[start : start + size],)
            return
        elements = iter(only)
        while column := list(islice(elements, size)):
            yield (column,)
        return
    rows = iter(zip_longest(*iterables) if pads else zip(*iterables))
    while some := list(islice(rows, size)):
        yield tuple(zip(*some))
