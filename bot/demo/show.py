"""``bilan demo``: the play with its progress bar, its summary, its checks, and what a person can do afterwards."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.demo import checks
from bot.demo.cast import NEWCOMER
from bot.demo.checks import Evidence
from bot.demo.player import Played, Plot, play
from bot.demo.sandbox_api import DemoError
from bot.demo.stage import Stage

FOLDER = Path("demo-data")
console = Console()


def run(plot: Plot, *, port: int = 0, record: Path | None = None, stay: bool = True) -> int:
    """Play, say what was played and check it; with ``stay`` the stage then stays up until Ctrl-C.

    Returns the exit code: 0, or 1 when the play could not end or a check failed.
    """
    stage = Stage(FOLDER / time.strftime("%Y%m%d-%H%M%S"), port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    failed = False
    try:
        played = _play(stage, plot)
        if record is not None:
            stage.api.post("/control/record/file", path=str(record.resolve()))
        failed = _report(checks.gather(stage.api), played)
        if stay:
            _invite(stage)
            threading.Event().wait()
    except KeyboardInterrupt:
        console.print("Tout s’arrête.")
    except (DemoError, httpx.TransportError) as error:
        console.print(f"La démonstration s’est arrêtée : {error}", style="red", markup=False)
        console.print(f"Les journaux des deux programmes sont dans {stage.folder}.", markup=False)
        return 1
    finally:
        stage.stop()
    return int(failed)


def _play(stage: Stage, plot: Plot) -> Played:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    watching = f"Pour le regarder se jouer : {stage.sandbox}/page. La main est à vous dès qu’il est fini."
    console.print(watching, soft_wrap=True, markup=False)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Le programme se joue…", total=plot.acts)
        return play(stage, plot, lambda acts: progress.advance(task, acts))


def _report(evidence: Evidence, played: Played) -> bool:
    """Print summary and checks; tells whether any check failed."""
    console.print(_summary(evidence, played))
    failed = False
    for name, faults in checks.verify(evidence, played.company).items():
        failed = failed or bool(faults)
        console.print(f"  {'✗' if faults else '✓'} {name}", style="red" if faults else "green", markup=False)
        for fault in faults[:10]:
            console.print(f"      {fault}", style="red", markup=False, soft_wrap=True)
    return failed


def _summary(evidence: Evidence, played: Played) -> Table:
    counts = played.company.counts
    guides = sum(len(numbers) for numbers in checks.guides_of(evidence).values())
    kept = evidence.account["sums"]["kept"]
    rows = {
        "Personnes inscrites": counts["people"],
        "Rétractations": counts["withdrawals"],
        "Groupes": counts["groups"],
        "Séances tenues": checks.sessions_held(evidence),
        "Guides publiés": guides,
        "Points d’étape remplis": counts["check_ins"],
        "Enquêtes remplies": counts["surveys"],
        "Supports rendus ou détruits": counts["declarations"],
        "Documents remis": counts["documents"],
        "Documents validés": counts["validated"],
        "Paiements": f"{counts['payments']} ({kept // 100} €)",
        "E-mails": len(evidence.mails),
        "Appels à Slack": len(evidence.slack),
        "Appels refusés": len(evidence.refused),
        "Coupures du robot": counts["cuts"],
        "Durée": f"{played.seconds:.0f} s",
    }
    table = Table(title="Le programme joué", show_header=False, title_justify="left")
    for label, figure in rows.items():
        table.add_row(label, str(figure))
    return table


def _invite(stage: Stage) -> None:
    """Say what a person can do now, and open the page where there is a desktop."""
    stage.api.let_time_pass()
    page = f"{stage.sandbox}/page/{NEWCOMER}"
    command = f"{Path(sys.executable).parent / 'bilan-sandbox'} --url {stage.sandbox}"
    console.print("[bold]Le robot tourne toujours.[/bold] Claire Martin n’est pas encore inscrite : à vous de jouer.")
    console.print(f"Dans un navigateur : [bold]{page}[/bold]", soft_wrap=True)
    console.print("Ou dans un autre terminal :")
    for act in ("people", 'type claire.martin "/bilan-inscription"', "read claire.martin", "clock next", "mail"):
        console.print(f"  {command} {act}", markup=False, soft_wrap=True)
    console.print("Ctrl-C arrête tout.")
    if has_desktop(os.environ, sys.platform):
        webbrowser.open(page)


def has_desktop(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a browser window can open here."""
    return platform in {"darwin", "win32"} or bool({"DISPLAY", "WAYLAND_DISPLAY"}.intersection(environment))
