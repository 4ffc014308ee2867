"""The guide does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from page import is_as_claimed, statements

from jobcloud.testing import LocalCloud

ROOT = Path(__file__).parents[2]


def test_every_statement_of_the_guide_does_what_the_guide_says(tmp_path: Path) -> None:
    with LocalCloud(cores=4):
        ran = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("page.py")), str(ROOT / "docs/python.md")],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout == ""


def test_a_statement_is_read_with_its_line_and_what_it_shows() -> None:
    page = "# T\n```python\nx = 1\nprint(x)  # → 1\nprint(x, x,\n  x)\n# → a\n# → b\n# c\n```\n```text\ny\n```\n"

    read = [(one.line, one.claim) for one in statements(page)]

    assert read == [(3, None), (4, "1"), (5, "a\nb")]


def test_three_dots_stand_for_any_text() -> None:
    assert is_as_claimed("job 3 failed\nnow\n", "job … failed\n…")
    assert not is_as_claimed("job 3 failed", "job … ended")
