"""The ports for commands that work on the database of this installation without Slack."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.settings import SettingsError, load_settings
from programme.ports import Ports

console = Console(stderr=True)
WRONG_SETTINGS = 2


def offline_ports() -> Ports:
    """Return the ports of this installation; on wrong settings, say so and leave with code 2."""
    from bot.wiring import make_clock, make_ports  # noqa: PLC0415
    from programme.content import load_content  # noqa: PLC0415
    from store.engine import make_engine  # noqa: PLC0415

    try:
        settings = load_settings()
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(WRONG_SETTINGS) from error
    content = load_content(settings.content_dir)
    return make_ports(settings, make_engine(settings.database), make_clock(settings), content, lambda: None)
