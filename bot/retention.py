"""``bilan retention``: what the timetable erases today and next, as a table; and the run itself, by hand."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.offline import offline_ports
from programme.content.french import long_day
from programme.usecases.retention import Line, Plan

NONE = "–"


def retention(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Montrer seulement, sans rien effacer.")] = False
) -> None:
    """Efface ce dont la durée de conservation est passée (le robot le fait seul, chaque nuit)."""
    from programme.usecases import retention as timetable  # noqa: PLC0415 - keeps the other commands quick

    ports = offline_ports()
    plan = timetable.preview(ports) if dry_run else timetable.run(ports)
    Console().print(_table(plan, "À effacer aujourd’hui" if dry_run else "Effacé"))


def _table(plan: Plan, heading: str) -> Table:
    table = Table("Ce qui est gardé", "Compté depuis", heading, "Prochaine date")
    for line in plan.lines.values():
        table.add_row(line.what, line.since, str(line.due), _next(line))
    return table


def _next(line: Line) -> str:
    return long_day(line.next_on) if line.next_on else NONE
