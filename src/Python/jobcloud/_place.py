"""Finds the node, as the command ``jobcloud`` does."""

from __future__ import annotations

import os
from typing import Optional

from ._http import Address
from .errors import CloudConnectionError, CloudException

# Root's node serves all accounts of a machine here.
MACHINE_SOCKET = "/run/jobcloud/jobcloud.sock"
_PATH_MAX = 107


class Place:
    """Where the cloud is: the server that is named, else the node of a home."""

    def __init__(
        self, server: Optional[str], home: Optional[str], token_file: Optional[str]
    ) -> None:
        variable = os.environ.get
        from_environment = "" if home else os.environ.get("JOBCLOUD_SERVER", "")
        self.server: str = server or from_environment
        named = home or variable("JOBCLOUD_HOME")
        self.names_home = bool(named)
        self.home = os.path.abspath(named) if named else default_home()
        file = token_file or variable("JOBCLOUD_TOKEN_FILE")
        self.token = _read_token(file) if file else None
        #: The job that this process runs in, if it uses the cloud of that job; else 0.
        self.inside = 0
        if not server and not home and self.server:
            jid = variable("JOBCLOUD_JID", "")
            self.inside = int(jid) if jid.isdecimal() else 0

    def addresses(self) -> list[Address]:
        """The addresses to try, in order."""
        if self.server:
            return [self._named()]
        if os.environ.get("JOBCLOUD_JID") and not self.names_home:
            # Another node of this account must not be taken for the cloud of the job.
            raise CloudException(
                "This job has no way to its cloud: one with a volume (_vol), a root file system "
                "(_env) or a private network (_isolate) has no JOBCLOUD_SERVER. Use a job without "
                "them, or pass results as arguments.",
                status="not-supported",
            )
        own = Address(_checked(f"{self.home}/run/http.sock"))
        return [own] if self.names_home else [own, Address(MACHINE_SOCKET)]

    def start_node(self) -> bool:
        """Starts the node of the home; False: the command is not there, or a server is named."""
        import shutil
        import subprocess

        program = None if self.server else shutil.which("jobcloud")
        if program is None:
            return False
        environment = {k: v for k, v in os.environ.items() if k != "JOBCLOUD_SERVER"}
        started = subprocess.run(
            [program, "node", "start"],
            env={**environment, "JOBCLOUD_HOME": self.home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if started.returncode != 0:
            raise CloudConnectionError(started.stderr.strip() or "The node did not start.")
        return True

    def _named(self) -> Address:
        if self.server.startswith("https://"):
            rest = self.server[len("https://") :].rstrip("/")
            host, _, port = rest.rpartition(":")
            if not port.isdecimal() or not host:
                raise CloudException(f"'{self.server}' names no port; write https://HOST:PORT.")
            return Address("", host.strip("[]"), int(port), self._authority())
        if "://" in self.server:
            raise CloudException(
                f"'{self.server}' is no address; write unix:PATH or https://HOST:PORT."
            )
        path = self.server[5:] if self.server.startswith("unix:") else self.server
        return Address(_checked(os.path.abspath(path)))

    def _authority(self) -> str:
        named = os.environ.get("JOBCLOUD_CA_FILE")
        own = f"{self.home}/tls/ca.pem"
        return named if named else own if os.path.exists(own) else ""


def default_home() -> str:
    """The home of an account that names none."""
    data = os.environ.get("XDG_DATA_HOME", "")
    if data.startswith("/"):
        return f"{data.rstrip('/')}/jobcloud"
    user = os.environ.get("HOME") or "/"
    return f"{user.rstrip('/')}/.local/share/jobcloud"


def _checked(path: str) -> str:
    if len(os.fsencode(path)) > _PATH_MAX:
        raise CloudException(
            f"The path of the socket {path} has more than {_PATH_MAX} bytes; "
            "use a JOBCLOUD_HOME with a shorter path."
        )
    return path


def _read_token(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as source:
            token = source.read().strip()
    except OSError as error:
        raise CloudException(f"The token file {file} cannot be read: {error.strerror}.") from None
    if not token:
        raise CloudException(f"The token file {file} is empty.")
    return token
