"""The clock bar: what time it is, what comes next, and what the last move of the clock set off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from sandbox.clock import parse_instant, show_instant
from sandbox.followers import NotSettledError
from sandbox.page.page import Page
from sandbox.slack.elements import ActError

PARIS = ZoneInfo("Europe/Paris")
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
STEPS = {"hour": HOUR, "week": WEEK}
SETTLE_SECONDS = 60
_READINGS = (".info", ".list", ".history", ".replies", ".members", ".test", ".get", "connections.open")
_LABELS = {
    ("slack", "chat.postMessage"): "Message publié",
    ("slack", "chat.postEphemeral"): "Message pour une seule personne",
    ("slack", "chat.update"): "Message modifié",
    ("slack", "chat.delete"): "Message supprimé",
    ("slack", "views.publish"): "Accueil mis à jour",
    ("slack", "views.open"): "Fenêtre ouverte",
    ("slack", "conversations.create"): "Canal créé",
    ("slack", "conversations.invite"): "Personnes invitées dans un canal",
    ("slack", "conversations.archive"): "Canal archivé",
    ("slack", "files.completeUploadExternal"): "Fichier déposé",
    ("smtp", "DATA"): "Courriel envoyé",
}


def move_clock_to(choice: str, clock_now: datetime) -> dict[str, Any]:
    """What the clock's controls take for a button of the bar, or for « Aller à » (an instant in Paris)."""
    if choice == "next":
        return {"next": True}
    if choice in STEPS:
        return {"seconds": STEPS[choice].total_seconds()}
    try:
        target = datetime.fromisoformat(choice)
    except ValueError as error:
        raise ActError("Donnez un jour et une heure.") from error
    target = target if target.tzinfo else target.replace(tzinfo=PARIS)
    if target < clock_now:
        raise ActError("L’horloge n’avance que vers l’avenir.")
    return {"to": show_instant(target)}


async def turn(page: Page, form: Mapping[str, Any]) -> str:
    """Do what a button of the bar says; answers a sentence. Raises ActError."""
    choice = str(form.get("move") or "")
    if choice in {"run", "freeze"}:
        (page.clock.run if choice == "run" else page.clock.freeze)({})
        return "Le temps s’écoule." if choice == "run" else "Le temps est arrêté."
    data = move_clock_to(str(form.get("to") or "") if choice == "to" else choice, page.sandbox.clock.now())
    first, before = page.count_records(), paris(page.sandbox.clock.now())
    try:
        moved = await page.clock.move({**data, "wait": True, "timeout": SETTLE_SECONDS})
    except NotSettledError as late:
        raise ActError(f"L’horloge a avancé, mais tout n’est pas terminé ({late}).") from late
    if not moved["moved"]:
        return "Aucun événement n’est prévu."
    page.first_record, page.moved_at = first, before
    return f"Il est maintenant {paris(page.sandbox.clock.now())}."


def paris(instant: datetime) -> str:
    """An instant in Paris, in full."""
    return str(format_datetime(instant.astimezone(PARIS), "EEE d MMM y, HH:mm", locale="fr"))


def bar(page: Page) -> dict[str, Any]:
    """What the clock bar shows."""
    due = page.sandbox.followers.next_due()
    now = page.sandbox.clock.now()
    return {
        "now": paris(now),
        "machine_now": show_instant(now),
        "local_now": now.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M"),
        "running": page.sandbox.clock.running,
        "next_due": paris(due) if due else None,
        "moved_at": page.moved_at,
        "fired": fired(page),
        "first_record": page.first_record,
        "followers": sorted(page.sandbox.followers.answer()),
    }


def fired(page: Page) -> list[tuple[str, int]]:
    """What happened since the last move of the clock (reading apart), with how many times."""
    lines = page.sandbox.recorder.lines(since=page.first_record) if page.moved_at else []
    counts = Counter(_label(line) for line in lines if not line["method"].endswith(_READINGS))
    return counts.most_common()


def _label(line: Mapping[str, Any]) -> str:
    known = _LABELS.get((line["service"], line["method"]))
    return known or f"{line['service'].capitalize()} : {line['method']}"


def local_time(instant: str) -> str:
    """The time of day in Paris of an ISO instant."""
    return parse_instant(instant).astimezone(PARIS).strftime("%d/%m %H:%M:%S")
