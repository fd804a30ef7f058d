"""What commands share that work on this installation without Slack: its settings, and its ports."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.settings import Settings, SettingsError, load_settings
from programme.ports import Ports

console = Console(stderr=True)
WRONG_SETTINGS = 2


def settings_or_exit() -> Settings:
    """Return the settings; on any fault say each in French and leave with code 2."""
    try:
        return load_settings()
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(WRONG_SETTINGS) from error


def offline_ports() -> Ports:
    """Return the ports of this installation; leaves as ``settings_or_exit`` does."""
    from bot.wiring import make_clock, make_ports  # noqa: PLC0415
    from programme.content import load_content  # noqa: PLC0415
    from store.engine import make_engine  # noqa: PLC0415

    settings = settings_or_exit()
    content = load_content(settings.content_dir)
    return make_ports(settings, make_engine(settings.database), make_clock(settings), content, lambda: None)
