"""A one-time code that proves an e-mail address which Slack does not know; only its digest is kept."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=30)
PAUSE = timedelta(minutes=1)
ATTEMPTS = 5
SENDINGS_A_DAY = 6
DIGITS = 6


@dataclass
class EmailProof:
    """The latest code of a member; ``sent_today`` counts the codes of the day that began at ``day_began_at``."""

    id: str
    member_id: str
    email: str
    digest: str
    sent_at: datetime
    expires_at: datetime
    day_began_at: datetime
    sent_today: int = 1
    attempts: int = 0
    proved_at: datetime | None = None
    version: int = 0

    def matches(self, code: str) -> bool:
        """Whether this is the code, compared in constant time."""
        return hmac.compare_digest(self.digest, digest_of(self.id, code))

    def is_spent(self, now: datetime) -> bool:
        """Whether the code cannot prove anything any more: used, too old or guessed at too often."""
        return self.proved_at is not None or now >= self.expires_at or self.attempts >= ATTEMPTS


def digest_of(salt: str, code: str) -> str:
    """Return the slow, salted digest of a code: six digits alone would be found in no time."""
    return hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=32).hex()
