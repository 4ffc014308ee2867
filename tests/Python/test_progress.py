"""The bar of join(progress=True)."""

from __future__ import annotations

import io
import sys
import types
from typing import Any, List

import calls
import pytest

import jobcloud as cloud
from jobcloud.progress import ProgressBar, bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bar_shows_what_is_finished_what_failed_and_what_runs() -> None:
    assert bar(4, {"done": 1, "error": 1, "processing": 2}, 3.9) == (
        "[###############...............] 2 of 4 finished, 1 failed, 2 processing, 3 s"
    )
    assert bar(0, {}, 0) == "[##############################] 0 of 0 finished, 0 s"


def test_on_a_terminal_the_bar_is_drawn_over_and_not_too_often() -> None:
    terminal, clock = Terminal(), Clock()
    progress = ProgressBar(2, terminal, clock)
    progress.update({"done": 0})
    clock.now += 1
    progress.update({"done": 1})
    progress.update({"done": 2})
    progress.close()
    lines = terminal.getvalue().split("\r")
    assert lines[0] == ""
    assert lines[1].endswith("1 of 2 finished, 1 s\x1b[K")
    assert lines[2].endswith("2 of 2 finished, 1 s\x1b[K\n")
    assert len(lines) == 3


def test_in_a_file_the_bar_is_a_line_now_and_then() -> None:
    file, clock = io.StringIO(), Clock()
    progress = ProgressBar(2, file, clock)
    for _ in range(40):
        clock.now += 1
        progress.update({"done": 1})
    progress.close()
    ends = [line.partition("] ")[2] for line in file.getvalue().splitlines()]
    assert ends == ["1 of 2 finished, 30 s", "1 of 2 finished, 40 s"]


def test_in_a_notebook_the_bar_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: List[Any] = []
    display = types.SimpleNamespace(update=shown.append)
    ipython: Any = types.ModuleType("IPython")
    ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    output: Any = types.ModuleType("IPython.display")
    output.display = lambda markup, display_id: display
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", output)

    progress = ProgressBar(1)
    progress.update({"done": 1})
    progress.close()

    assert "1 of 1 finished" in shown[-1]._repr_html_()
    assert shown[-1]._repr_html_().startswith("<code>[")


def test_join_shows_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    cloud.join(cloud.map(calls.square, range(3)), progress=True)
    assert "3 of 3 finished" in capsys.readouterr().err
