"""Items and statuses of jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional, Union

from . import _http, _jids
from ._client import OUTAGE_LIMIT, Client
from ._jids import Jids

_DEFAULT = ("stdout", "stderr", "runtime", "status")
_GROUPS = ("memory", "cputime", "swap", "disk", "all")
_TIMES = ("created", "started", "finished")


def statuses(
    client: Client, jids: Jids, limit: Optional[float] = OUTAGE_LIMIT
) -> list[str]:
    """The status of each job, in order."""
    found = []
    for notation in _jids.notations(jids):
        jobs = client.ask("GET", f"/v1/jobs/{notation}?expand", limit=limit)["jobs"]
        found += [job["status"] for job in jobs]
    return found


def documents(
    client: Client, jids: Jids, items: str, limit: Optional[float] = OUTAGE_LIMIT
) -> dict[int, dict[str, Any]]:
    """The items of jobs, as the cloud answers them."""
    found: dict[int, dict[str, Any]] = {}
    for notation in _jids.notations(jids):
        target = f"/v1/jobs/{notation}/info" + _http.query([("items", items)])
        answer = client.ask("GET", target, limit=limit)
        found.update((int(jid), one) for jid, one in answer.items() if jid.isdecimal())
    return found


def read(
    client: Client, jids: Jids, requested: Union[None, str, Iterable[str]]
) -> dict[int, dict[str, Any]]:
    """The requested items of jobs; an item that a job does not have is None."""
    names = requested.split(",") if isinstance(requested, str) else list(requested or _DEFAULT)
    names = [name.strip() for name in names]
    found = documents(client, jids, ",".join(names))
    return {jid: _items(one, names) for jid, one in found.items()}


def _items(document: dict[str, Any], names: list[str]) -> dict[str, Any]:
    document.pop("absent", None)
    items: dict[str, Any] = {}
    for name in names:
        if name == "all":
            items.update(document)
        elif name == "attributes" or name in _GROUPS or "." not in name:
            items[name] = document.get(name)
        else:
            group, _, member = name.partition(".")
            items[name] = (document.get(group) or {}).get(member)
    for name in _TIMES:
        if items.get(name):
            items[name] = _time(items[name])
    if items.get("ports"):
        items["ports"] = {
            protocol: {int(port): place for port, place in ports.items()}
            for protocol, ports in items["ports"].items()
        }
    return items


def _time(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text.replace("Z", "+00:00"))
