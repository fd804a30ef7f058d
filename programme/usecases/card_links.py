"""Where the posts of the outbox stand in Slack."""

from __future__ import annotations

from collections.abc import Iterable

from programme.errors import DeliveryError
from programme.ports import Ports


def links(ports: Ports, keys: Iterable[str]) -> dict[str, str]:
    """Return the addresses of the posts with these keys; one that has not been sent, or is gone, has none."""
    with ports.reading() as uow:
        rows = [row for key in keys if (row := uow.outbox.get(key)) is not None and row.receipt_ts]
    found = {}
    for row in rows:
        try:
            found[row.key] = ports.workspace.permalink(row.receipt_channel, row.receipt_ts)
        except DeliveryError:
            continue
    return found
