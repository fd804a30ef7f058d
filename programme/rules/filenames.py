"""Names of files that people send: never trusted, never used as a path, still recognisable."""

from __future__ import annotations

import unicodedata

NAME_LENGTH = 120
NAMELESS = "fichier"
_FORBIDDEN = set('/\\:*?"<>|')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINER = "\u200d"
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def safe_name(given: str) -> str:
    """Return a name that any system can write and any person can read, as near as may be to the one that was given.

    Separators, control and direction characters go; so do leading dots, which hide a file or climb out of a folder.
    The ending stays when the name is cut to 120 characters.
    """
    kept = "".join(
        "_" if character in _FORBIDDEN else character
        for character in unicodedata.normalize("NFC", given)
        if character == _JOINER or unicodedata.category(character) not in _INVISIBLE
    )
    name = " ".join(kept.split()).strip(" ._" + _JOINER)
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending.isascii() or len(ending) > 10:
        stem, dot, ending = name, "", ""
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    room = NAME_LENGTH - len(dot + ending)
    return (stem[:room].rstrip(" ._") + dot + ending) or NAMELESS
