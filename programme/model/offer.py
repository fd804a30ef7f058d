"""A special offer or a partnership (CGV 5): a code, the price that it gives, for how long, and who granted it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

CODE = re.compile(r"[A-Z0-9]{6,20}")
"""Long enough not to be guessed, short enough to be typed on a phone."""
TRIES_A_DAY = 10


@dataclass
class Offer:
    """``price`` in cents is the whole price of the programme under this offer; 0 is an offer of 100 %.

    Valid from ``first_day`` to ``last_day``, both included, as civil days in Paris; at most ``max_uses`` orders
    (None: without limit); ``for_user`` keeps it to one Slack user ("": anybody who has the code). ``label`` is what
    the contract and the invoice print.
    """

    id: str
    code: str
    label: str
    price: int
    first_day: date
    last_day: date
    granted_by: str
    granted_at: datetime
    max_uses: int | None = None
    for_user: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    version: int = 0

    def problem(self, *, today: date, uses: int, slack_user_id: str) -> str:
        """Return the key of the sentence that says why this person cannot use it now; "" when they can.

        A code kept for somebody else answers as an unknown one does: it tells nothing about that person.
        """
        if self.for_user not in {"", slack_user_id}:
            return "offer_unknown"
        if today < self.first_day:
            return "offer_not_yet"
        if self.closed_at is not None or today > self.last_day:
            return "offer_over"
        if self.max_uses is not None and uses >= self.max_uses:
            return "offer_used_up"
        return ""


def normal_code(typed: str) -> str:
    """Return a code as it is kept: capitals and digits, whatever spaces and hyphens were typed."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed).upper()
