"""Runs the ``python`` blocks of a page: ``python page.py docs/python.md``.

A statement may be followed by what it shows: ``# → its output``, or ``# → its value`` as at the
prompt, or ``# → Error: its message``. Comment lines that start with an arrow add lines; ``…``
stands for any text. Prints what differs, and exits with 1 if something does.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional


class Statement(NamedTuple):
    """A statement of the page with the output that the page shows, if any."""

    line: int
    node: ast.stmt
    claim: Optional[str]


def statements(page: str) -> Iterator[Statement]:
    """The statements of all blocks, with their lines in the page."""
    lines = page.split("\n")
    start: Optional[int] = None
    for number, line in enumerate(lines):
        if start is None and line.startswith("```python"):
            start = number + 1
        elif start is not None and line.startswith("```"):
            block = lines[start:number]
            # The lines before the block make the line numbers those of the page.
            tree = ast.parse("\n" * start + "\n".join(block))
            ends = [node.lineno for node in tree.body[1:]] + [number + 1]
            for node, end in zip(tree.body, ends):
                assert node.end_lineno is not None
                yield Statement(node.lineno, node, claim(lines[node.end_lineno - 1 : end - 1]))
            start = None


def claim(lines: List[str]) -> Optional[str]:
    """What the comments after a statement claim. The first line has its end."""
    claimed = re.findall(r"\s# → (.*)", lines[0])
    for line in lines[1:]:
        if line.startswith("# → "):
            claimed.append(line[4:])
    return "\n".join(claimed) if claimed else None


def shown(statement: Statement, variables: Dict[str, Any], path: str) -> str:
    """Runs a statement; what it shows at the prompt."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            if isinstance(statement.node, ast.Expr):
                value = eval(
                    compile(ast.Expression(statement.node.value), path, "eval"), variables
                )
                if value is not None:
                    print(repr(value))
            else:
                exec(compile(ast.Module([statement.node], []), path, "exec"), variables)
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
            if statement.claim is None:
                raise
    return output.getvalue()


def is_as_claimed(text: str, claimed: str) -> bool:
    """Whether a text is what the page shows, where … stands for any text."""
    pattern = re.escape(claimed).replace("…", ".*")
    return re.fullmatch(pattern, text.strip("\n"), re.DOTALL) is not None


def main(path: str) -> int:
    page = Path(path).read_text(encoding="utf-8")
    linecache.cache[path] = (len(page), None, page.splitlines(keepends=True), path)
    variables = sys.modules["__main__"].__dict__
    wrong = 0
    for statement in statements(page):
        text = shown(statement, variables, path)
        if statement.claim is not None and not is_as_claimed(text, statement.claim):
            print(f"{path}:{statement.line} shows\n{text}and not\n{statement.claim}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
