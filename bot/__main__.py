"""``python -m bot``: the same as ``bilan``."""

from __future__ import annotations

from bot.cli import main

main()
