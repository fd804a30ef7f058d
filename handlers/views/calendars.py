"""The private link of a member's calendar, and what to do with it."""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.views.kit import actions, button, confirm, context, modal, section

CALENDAR = "calendar"


def calendar_modal(address: str, link_id: str, *, renewed: bool = False) -> View:
    """The link to copy, the file to receive, a new link; without a public address, the file alone."""
    file = button("Recevoir le fichier .ics", Action.CALENDAR_FILE)
    if not address:
        blocks: list[Block] = [
            section("Recevez vos séances en un fichier, pour votre calendrier."),
            actions(file),
        ]
        return modal(CALENDAR, "Mon calendrier", blocks)
    opening = "L’ancien lien ne fonctionne plus. Voici le nouveau :" if renewed else "*Votre lien personnel* :"
    sure = confirm(
        "Changer de lien ?",
        "L’ancien lien cessera de fonctionner partout où vous l’avez collé.",
        "Changer de lien",
    )
    blocks = [
        section(f"{opening}\n`{address}`"),
        section(
            "Copiez-le, puis dans votre calendrier choisissez « S’abonner à un calendrier » ou « Ajouter à partir "
            "d’une adresse ». Vos séances suivront les déplacements ; cela peut prendre quelques heures."
        ),
        actions(file, button("Changer de lien", Action.CALENDAR_RENEW, link_id, confirm=sure)),
        context("Gardez ce lien pour vous : qui l’a voit vos dates, rien d’autre. Un doute ? Changez de lien."),
    ]
    return modal(CALENDAR, "Mon calendrier", blocks)
