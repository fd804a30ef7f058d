"""All that people see of their sessions: guides, attendance, check-ins and the end of the programme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.views import attendance, checkins, guides, live
from handlers.views.kit import Drawn, header, section
from programme.content import Content
from programme.content.french import week_day
from programme.content.guides import SESSIONS
from programme.messages.groups import ProgrammeEnded


def _programme_ended(message: ProgrammeEnded, _content: Content) -> Drawn:
    closes_on = week_day(message.closes_on)
    text = f"Votre programme est terminé : {message.held} séances tenues sur {SESSIONS}. Ce canal ferme le {closes_on}."
    blocks = [
        header("Votre programme est terminé"),
        section(
            f"Votre groupe a tenu *{message.held} séances sur {SESSIONS}*. Merci à chacune et à chacun pour "
            "l’attention donnée aux autres."
        ),
        section(
            "*Ce que vous gardez*\n"
            "• les guides des séances, avec `/bilan-guide` ;\n"
            "• vos documents et les observations reçues, avec `/bilan-document` ;\n"
            "• votre contrat et vos reçus, avec `/bilan-contrat`."
        ),
        *_copy_before(message.work_until),
        section(
            f"*Ce canal sera archivé le {closes_on}.* D’ici là, recopiez ce que vous voulez garder de vos échanges. "
            "Ce que les autres ont confié ici reste confidentiel après la fin du programme."
        ),
    ]
    return Drawn(text, blocks)


def _copy_before(last_day: date | None) -> list[Block]:
    """Until when one's own work can be had, and how; a message of an older version does not say."""
    if last_day is None:
        return []
    return [
        section(
            f"*Vos documents restent ici jusqu’au {week_day(last_day)}.* Recevez-en une copie d’ici là, avec "
            "`/bilan-donnees` : vos fiches, vos fichiers, les observations et vos points d’étape sont effacés ensuite."
        )
    ]


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = (
    guides.DRAWERS | live.DRAWERS | attendance.DRAWERS | checkins.DRAWERS | {"programme_ended": _programme_ended}
)
