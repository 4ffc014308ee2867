"""A cloud for a test or a notebook that is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import weakref
from pathlib import Path
from types import TracebackType
from typing import Optional

from . import use
from .errors import CloudException

__all__ = ["LocalCloud"]

# Ends the node however this process ends: its standard input closes then. The executor ends a
# moment after the node, and would make the files of its home anew.
_GUARD = """
read -r _
executor=$(cat "$JOBCLOUD_HOME/store/executor.lock")
"$0" node stop --now
for _ in $(seq 300); do kill -0 "${executor:-none}" || break; sleep 0.1; done
rm -rf "$JOBCLOUD_HOME"
"""

# On a loaded machine, a node takes longer than the command waits; the next one waits on.
_STARTS = 4

# These name another cloud than the one of JOBCLOUD_HOME.
_OTHER_CLOUD = ("JOBCLOUD_SERVER", "JOBCLOUD_TOKEN_FILE", "JOBCLOUD_CA_FILE")


class LocalCloud:
    """Starts a node of its own, in an empty home, and uses it until the end of the ``with``.

    In a notebook, keep the object instead, and call :meth:`close` at the end. When Python ends
    in any way, by SIGKILL too, the node stops, its jobs are killed and its files are deleted.

    :param cores: cores that the node offers; default: all
    :param memory: memory that it offers, such as ``"4G"``; default: all
    :param program: the command ``jobcloud``; default: the one on ``PATH``
    :raises CloudException: if there is no such program, or its node does not start
    """

    def __init__(
        self,
        *,
        cores: Optional[int] = None,
        memory: Optional[str] = None,
        program: Optional[str] = None,
    ) -> None:
        self.program = program or shutil.which("jobcloud") or ""
        if not self.program:
            raise CloudException(
                "There is no program 'jobcloud' on PATH. Install JobCloud, or name its "
                "command: LocalCloud(program='/opt/jobcloud/jobcloud')."
            )
        # A short path: the path of a unix socket has at most 107 bytes.
        self.home = Path(tempfile.mkdtemp(prefix="jobcloud-"))
        self._replaced: dict[str, str] = {}
        self._use()
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, self.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._end = weakref.finalize(self, _end, guard)
        try:
            self._start(cores, memory)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stops the node, kills its jobs, and deletes its files. Once is enough."""
        self._end()
        self._use_again()

    def __enter__(self) -> LocalCloud:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<LocalCloud {self.home} {'running' if self._end.alive else 'closed'}>"

    def _repr_html_(self) -> str:
        state = "running" if self._end.alive else "closed"
        return f"<b>LocalCloud</b> {state} <code>{self.home}</code>"

    def _start(self, cores: Optional[int], memory: Optional[str]) -> None:
        options = [f"--cores={cores}"] if cores is not None else []
        options += [f"--memory={memory}"] if memory is not None else []
        for _ in range(_STARTS):
            started = subprocess.run(
                [self.program, "node", "start", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if "was not ready after" not in started.stdout:
                break
            options = []  # The executor keeps them.
        if started.returncode != 0:
            why = started.stdout.strip()
            raise CloudException(f"The node of the LocalCloud did not start: {why}")

    def _use(self) -> None:
        for name in ("JOBCLOUD_HOME", *_OTHER_CLOUD):
            if name in os.environ:
                self._replaced[name] = os.environ.pop(name)
        os.environ["JOBCLOUD_HOME"] = str(self.home)
        use(None)

    def _use_again(self) -> None:
        """Uses the cloud that was used before, unless another one was chosen since."""
        if os.environ.get("JOBCLOUD_HOME") == str(self.home):
            del os.environ["JOBCLOUD_HOME"]
            os.environ.update(self._replaced)
            use(None)


def _end(guard: subprocess.Popen[bytes]) -> None:
    assert guard.stdin is not None
    # A process that was forked may still have the pipe open, so closing it is not enough.
    with contextlib.suppress(BrokenPipeError):
        guard.stdin.write(b"\n")
        guard.stdin.close()
    guard.wait()
