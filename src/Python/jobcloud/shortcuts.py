"""Other names of functions, for programs that were written for other clouds."""

from __future__ import annotations

from typing import Any, Optional

from . import wait_for


def get_connection_info(
    jid: Any, port: int, protocol: str = "tcp", timeout: Optional[float] = None
) -> dict[str, Any]:
    """Waits until a job listens on a port, and returns where to reach it.

    The same as :func:`jobcloud.wait_for.port`.

    >>> cloud.shortcuts.get_connection_info(jid, 8000)      # doctest: +SKIP
    {'address': '127.0.0.1', 'port': 8000}
    """
    return wait_for.port(jid, port, protocol, timeout)
