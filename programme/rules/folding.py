"""Folding of written names, so that two spellings of one thing compare equal."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Words in lower case without accents or punctuation, one blank between: ``L'Haÿ`` → ``l hay``."""
    ascii_text = text if text.isascii() else _to_ascii(text)
    return " ".join(_WORD.findall(ascii_text.lower()))


def _to_ascii(text: str) -> str:
    """Without accents; an apostrophe or dash outside ASCII still separates two words."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c if c.isascii() else " " for c in decomposed if not unicodedata.combining(c))
