"""Our own identifiers: a prefix that names the thing, then twelve random characters."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread aloud


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as ``mem_4k7q…``; 60 random bits."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))
