"""Waits for one job."""

from __future__ import annotations

from typing import Any, Optional

from . import cloud


def status(jid: Any, test_status: str, timeout: Optional[float] = None) -> str:
    """Waits until a job has a status, such as ``processing``.

    :param timeout: seconds; None: without limit
    :returns: the status
    :raises CloudException: as soon as the job can no longer get it
    :raises CloudTimeoutError: after the timeout
    """
    return cloud().wait_for_status(jid, test_status, timeout)


def port(
    jid: Any, port: int, protocol: str = "tcp", timeout: Optional[float] = None
) -> dict[str, Any]:
    """Waits until a job listens on a port.

    :param protocol: ``tcp`` or ``udp``
    :param timeout: seconds; None: without limit
    :returns: the ``address`` and the ``port`` by which to reach it
    :raises CloudException: if the job ends without
    :raises CloudTimeoutError: after the timeout
    """
    return cloud().wait_for_port(jid, port, protocol, timeout)
