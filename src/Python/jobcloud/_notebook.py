"""What a notebook shows of jobs."""

from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._jids import Jids

# More jobs than these are shown without their statuses: the answer has one for each.
_MOST = 10_000


def of_jobs(jids: Jids) -> str:
    """HTML for jobs: their jids, and how many have each status."""
    from . import cloud
    from .errors import CloudException

    title = f"<b>jobs {html.escape(str(jids))}</b>"
    if not jids or len(jids) > _MOST:
        return f"{title} ({len(jids):,})"
    try:
        counts = Counter(cloud().status(jids))
    except CloudException as refusal:
        return f"{title} {html.escape(str(refusal))}"
    return f"{title} {', '.join(f'{count:,} {status}' for status, count in counts.items())}"
