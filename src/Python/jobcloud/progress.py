"""A bar that shows how far jobs are."""

from __future__ import annotations

import html
import sys
import time
from typing import Any, Callable, Mapping, Optional, TextIO

__all__ = ["ProgressBar", "bar"]

# Seconds from one drawing to the next: on a terminal and in a notebook, where the line is
# replaced, and in a file, where it is added.
_PACE = 0.2
_FILE_PACE = 30.0

_WIDTH = 30
_FINISHED = ("done", "error", "killed", "stalled")
_FAILED = ("error", "killed", "stalled")


class ProgressBar:
    """Shows the numbers of jobs by status until it is closed.

    :param total: the number of jobs
    :param stream: where it is written; default: stderr, or the output of a notebook's cell
    :param clock: seconds that never go back
    """

    def __init__(
        self,
        total: int,
        stream: Optional[TextIO] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._cell = _notebook_cell() if stream is None else None
        self._stream = stream if stream is not None else sys.stderr
        self._replaces = self._cell is not None or self._stream.isatty()
        self._clock = clock
        self._begun = self._drawn = clock()
        self._counts: Mapping[str, int] = {}
        self._shown = ""

    def update(self, counts: Mapping[str, int]) -> None:
        """Takes the new numbers, and shows them unless it did so a moment ago.

        :param counts: the number of jobs of each status
        """
        self._counts = dict(counts)
        now = self._clock()
        if now - self._drawn >= (_PACE if self._replaces else _FILE_PACE):
            self._drawn = now
            self._draw()

    def close(self) -> None:
        """Shows the last numbers and ends the line."""
        self._draw()
        if self._cell is None and self._replaces:
            self._write("\n")

    def _draw(self) -> None:
        text = bar(self._total, self._counts, self._clock() - self._begun)
        if text == self._shown:
            return
        self._shown = text
        if self._cell is not None:
            self._cell.update(_Markup(text))
        else:
            self._write(f"\r{text}\x1b[K" if self._replaces else f"{text}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def bar(total: int, counts: Mapping[str, int], seconds: float) -> str:
    """The line for these numbers.

    >>> bar(4, {"done": 1, "error": 1, "processing": 2}, 3.21)
    '[###############...............] 2 of 4 finished, 1 failed, 2 processing, 3 s'
    """
    finished = sum(counts.get(status, 0) for status in _FINISHED)
    failed = sum(counts.get(status, 0) for status in _FAILED)
    filled = _WIDTH * finished // total if total else _WIDTH
    parts = [f"{finished:,} of {total:,} finished"]
    if failed:
        parts.append(f"{failed:,} failed")
    if counts.get("processing"):
        parts.append(f"{counts['processing']:,} processing")
    parts.append(f"{int(seconds)} s")
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {', '.join(parts)}"


class _Markup:
    """What a notebook shows of a line."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(self._text)}</code>"


def _notebook_cell() -> Any:
    """An output of the running cell that can be replaced; None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display(_Markup(""), display_id=True)
