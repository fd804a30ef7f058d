"""The one page on what a group must not handle by itself: distress, harassment, health, violence."""

from __future__ import annotations

import re
from pathlib import Path

from programme.content.checks import ContentError, ContentProblem, read_text, text_faults

DIFFICULTIES_FILE = "difficultes.md"

# French emergency and listening numbers: police, SAMU, fire brigade, Europe, by SMS, suicide prevention, violence.
NUMBERS = frozenset({"15", "17", "18", "112", "114", "3114", "3919"})


def load_difficulties(root: Path) -> str:
    """The page as Markdown; ContentError when it is missing, badly set, or a number is missing or unknown."""
    text = read_text(root / DIFFICULTIES_FILE)
    messages = text_faults(text)
    shown = set(re.findall(r"\*\*(\d+)\*\*", text))
    messages += [f"le numéro {number} manque" for number in sorted(NUMBERS - shown)]
    messages += [f"le numéro {number} n’est pas connu" for number in sorted(shown - NUMBERS)]
    if messages:
        raise ContentError(ContentProblem(DIFFICULTIES_FILE, message) for message in messages)
    return text
