"""``/bilan-admin chiffres``: the figures of a month, in words, as charts and as CSV."""

from __future__ import annotations

from slack_bolt import App

from handlers.admin import AdminRequest, Subcommand
from programme.rules.instants import day_in
from programme.usecases import figure_files
from programme.usecases.accounts import Month, read_month


def register(_app: App) -> None:
    """Nothing is pressed here."""


def figures_asked(request: AdminRequest) -> None:
    """Send the figures of the month, or of this one, to the admin's direct messages."""
    today = day_in(request.ports.clock.now())
    month = read_month(request.words) if request.words else Month(today.year, today.month)
    figure_files.send(request.ports, caller=request.caller, month=month, request=request.body["trigger_id"])
    request.respond(text=request.ports.content.sentence("figures_sent", month=month.words))


ADMIN = (Subcommand("chiffres", "2026-11", "les chiffres du mois : inscriptions, relectures, groupes", figures_asked),)
