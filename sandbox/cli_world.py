"""The part of ``bilan-sandbox`` about the world itself: its clock and its faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from sandbox.cli_client import CommandError, SandboxClient, parse_duration
from sandbox.cli_display import Display

clock_app = typer.Typer(help="L’horloge du bac à sable.", invoke_without_command=True)
faults_app = typer.Typer(help="Les pannes provoquées.", invoke_without_command=True)


@contextmanager
def session(context: typer.Context) -> Iterator[tuple[SandboxClient, Display]]:
    """The sandbox and the terminal; a refusal is printed and ends the command with status 1."""
    display = Display()
    try:
        yield context.obj, display
    except CommandError as refusal:
        display.say(str(refusal), "red")
        raise typer.Exit(1) from refusal


def entries(answer: Any) -> list[Any]:
    """The list in an answer, bare or under its only key."""
    return answer if isinstance(answer, list) else next(iter(answer.values()))


@clock_app.callback()
def clock(context: typer.Context) -> None:
    """L’horloge du bac à sable ; sans sous-commande, elle donne l’heure."""
    if context.invoked_subcommand is None:
        clock_show(context)


@clock_app.command("show")
def clock_show(context: typer.Context) -> None:
    """Donne l’heure."""
    with session(context) as (sandbox, display):
        display.clock(sandbox.get("/clock"))


@clock_app.command("move")
def clock_move(context: typer.Context, duration: Annotated[str, typer.Argument(metavar="DURÉE")]) -> None:
    """Avance d’une durée (2d3h, 90min, 1sem) et attend que tout ce qui était dû soit fait."""
    with session(context) as (sandbox, display):
        seconds = parse_duration(duration).total_seconds()
        display.clock(sandbox.post("/control/clock/move", seconds=seconds, wait=True))


@clock_app.command("next")
def clock_next(context: typer.Context) -> None:
    """Avance jusqu’à la prochaine échéance."""
    with session(context) as (sandbox, display):
        display.clock(sandbox.post("/control/clock/move", next=True, wait=True))


@clock_app.command("set")
def clock_set(context: typer.Context, instant: Annotated[str, typer.Argument(metavar="INSTANT")]) -> None:
    """Met à l’heure (2027-03-15T18:30+01:00)."""
    with session(context) as (sandbox, display):
        try:
            moment = datetime.fromisoformat(instant).astimezone()
        except ValueError as error:
            raise CommandError(f"« {instant} » n’est pas un instant (2027-03-15T18:30+01:00).") from error
        display.clock(sandbox.post("/control/clock/set", now=moment.isoformat()))


@faults_app.callback()
def faults(context: typer.Context) -> None:
    """Les pannes provoquées ; sans sous-commande, la liste."""
    if context.invoked_subcommand is None:
        with session(context) as (sandbox, display):
            display.faults(entries(sandbox.get("/control/faults")))


@faults_app.command("add")
def faults_add(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="slack, stripe, smtp, events ou webhooks")],
    kind: Annotated[str, typer.Argument(help="drop, delay, 5xx, 429, disconnect, repeat ou disorder")],
    *,
    method: Annotated[str | None, typer.Option(help="Seulement cette méthode (chat.*)")] = None,
    times: Annotated[int | None, typer.Option(help="Combien de fois")] = None,
    probability: Annotated[float | None, typer.Option(help="Avec quelle probabilité (0 à 1)")] = None,
    seconds: Annotated[float | None, typer.Option(help="Durée du retard")] = None,
) -> None:
    """Provoque une panne."""
    with session(context) as (sandbox, display):
        chosen = {"method": method, "times": times, "probability": probability, "seconds": seconds}
        sandbox.post("/control/faults", service=service, kind=kind, **chosen)
        display.say("La panne est en place.")


@faults_app.command("clear")
def faults_clear(context: typer.Context) -> None:
    """Fait cesser toutes les pannes."""
    with session(context) as (sandbox, display):
        sandbox.delete("/control/faults")
        display.say("Plus aucune panne.")
