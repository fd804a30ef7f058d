"""« Mes données » : the three rights, the form of corrections, the erasure before it is confirmed, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, PlainTextInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.enrolment import (
    address_field,
    availability_field,
    avoided_field,
    commune_field,
    employer_field,
    radius_field,
)
from handlers.views.french import day_and_hour
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    escape,
    header,
    input_field,
    modal,
    section,
    user,
)
from programme.content import Content
from programme.content.french import long_day
from programme.messages.personal_data import CorrectionCard, DataExportReady, ErasureDone, ErasurePlanned, Holding
from programme.model.member import Member
from programme.rules.instants import PARIS
from programme.usecases.corrections import LONGEST
from programme.usecases.erasure import Preview
from programme.usecases.retention import Plan

TITLE = "Mes données"
SLACK_KEEPS = (
    "Slack garde ses propres messages selon les réglages de l’espace de travail : l’équipe peut vous dire "
    "lesquels. Stripe garde ce que la loi lui impose de vos paiements."
)


def menu() -> View:
    """The three things that one can ask."""
    blocks: list[Block] = [
        section(
            "*Recevoir une copie*\nTout ce que nous gardons sur vous, avec vos fiches et vos documents, dans un "
            "fichier que vous êtes la seule personne à recevoir."
        ),
        actions(button("Recevoir mes données", Action.EXPORT_DATA, style="primary")),
        section("*Corriger*\nVotre adresse, vos disponibilités, ou toute autre information."),
        actions(button("Corriger mes données", Action.CORRECT_DATA)),
        section(
            "*Effacer*\nCe que la loi ne nous oblige pas à garder. Vous verrez d’abord ce qui reste, pourquoi et "
            "jusqu’à quand."
        ),
        actions(button("Effacer mes données", Action.ERASE_DATA)),
        context("Une question sur vos données ? Écrivez-nous : l’adresse est dans la fiche d’information."),
    ]
    return modal(Callback.PERSONAL_DATA, TITLE, blocks)


def corrections(member: Member) -> View:
    """What can be corrected by oneself, and a request for the rest."""
    request = PlainTextInputElement(action_id="request", multiline=True, max_length=LONGEST)
    blocks: list[Block] = [
        address_field(member),
        commune_field(member, f"{member.postcode}:{member.insee}" if member.insee else ""),
        radius_field(member),
        availability_field(member),
        employer_field(member),
        avoided_field(member),
        input_field(
            "request",
            "Autre correction",
            request,
            "Nom, prénom, adresse e-mail : une personne de l’équipe s’en charge, car votre contrat les porte.",
            optional=True,
        ),
    ]
    return modal(Callback.CORRECTIONS, TITLE, blocks, submit="Enregistrer", close="Retour")


def erasure(preview: Preview) -> View:
    """What goes, what stays, and the button that cannot be undone once three days have passed."""
    goes = (
        "*Ce qui sera effacé*\nVos fiches et leurs observations, vos fichiers, vos points d’étape, les raisons de vos "
        "absences, vos disponibilités, votre employeur et vos autres souhaits, vos liens de calendrier."
    )
    blocks: list[Block] = [
        section("Avant d’effacer, recevez une copie : rien ne pourra être retrouvé ensuite."),
        section(goes),
        *_stays(preview.stays),
        context(SLACK_KEEPS),
    ]
    if preview.asked is not None:
        blocks.append(
            section(f"*Effacement déjà prévu* le {day_and_hour(preview.asked.due_at, PARIS)} (heure de Paris).")
        )
        return modal(Callback.ERASURE, TITLE, blocks)
    dialog = confirm(
        "Effacer mes données ?",
        "L’effacement aura lieu dans trois jours. D’ici là, un bouton dans vos messages directs permet d’y renoncer.",
        "Effacer",
    )
    blocks.append(actions(button("Effacer dans trois jours", Action.CONFIRM_ERASURE, style="danger", confirm=dialog)))
    return modal(Callback.ERASURE, TITLE, blocks)


def _stays(stays: Sequence[Holding]) -> list[Block]:
    if not stays:
        return [section("*Ce qui reste*\nLa preuve que vous avez demandé cet effacement, sans votre nom.")]
    lines = [f"• {one.what}, {_until(one)} ({one.why})" for one in stays]
    return [section("*Ce que la loi nous oblige à garder*\n" + "\n".join(lines))]


def _until(holding: Holding) -> str:
    return f"jusqu’au {long_day(holding.until)}" if holding.until else "jusqu’à la fin du délai légal"


def _ready(message: DataExportReady, _content: Content) -> Drawn:
    until = f"{day_and_hour(message.expires_at, PARIS)} (heure de Paris)"
    if not message.url:
        sentence = (
            "La copie de vos données est le fichier ci-dessus. Enregistrez-la chez vous, puis supprimez ce message."
        )
        return Drawn(sentence, [section(sentence)])
    sentence = f"La copie de vos données est prête. Ce lien est personnel et s’ouvre jusqu’au {until}."
    return Drawn(
        sentence,
        [
            section(sentence),
            actions(button("Télécharger mes données", Action.FETCH_EXPORT, style="primary", url=message.url)),
            context("Ne transmettez ce lien à personne : il ouvre tout ce que nous gardons sur vous."),
        ],
    )


def _planned(message: ErasurePlanned, _content: Content) -> Drawn:
    if message.cancelled:
        sentence = "Vous avez renoncé à l’effacement : vos données restent en place."
        return Drawn(sentence, [section(sentence)])
    when = f"{day_and_hour(message.due_at, PARIS)} (heure de Paris)"
    sentence = f"Vos données seront effacées le {when}."
    call_back = button("Renoncer à l’effacement", Action.CANCEL_ERASURE, message.erasure_id)
    return Drawn(
        f"{sentence} Vous pouvez y renoncer d’ici là.",
        [
            header("Effacement demandé"),
            section(sentence),
            *_stays(message.stays),
            actions(call_back),
            context(SLACK_KEEPS),
        ],
    )


def _done(message: ErasureDone, _content: Content) -> Drawn:
    sentence = "Vos données sont effacées."
    return Drawn(sentence, [header("C’est fait"), section(sentence), *_stays(message.stays), context(SLACK_KEEPS)])


def _card(message: CorrectionCard, _content: Content) -> Drawn:
    name = escape(clip(message.name, 150))
    quoted = escape(message.request).replace("\n", "\n> ")
    return Drawn(
        f"Correction demandée par {name}.",
        [
            header("Correction à faire"),
            section(f"{user(message.user)} ({name}) demande une correction de ses données :\n> {quoted}"),
            context("Réponse due en un mois au plus (RGPD, article 12). Répondez-lui en message direct."),
        ],
    )


def timetable(plan: Plan) -> Drawn:
    """The retention timetable with what is due, for admins: counts, never people."""
    lines = [
        f"• *{line.what}* (depuis : {line.since}) : {line.due} à effacer"
        + (f", puis le {long_day(line.next_on)}" if line.next_on else "")
        for line in plan.lines.values()
    ]
    return Drawn(
        "Calendrier de conservation",
        [
            header("Calendrier de conservation"),
            section("\n".join(lines)),
            context("Le robot efface chaque nuit ce qui est dû. Une réclamation ou un litige en cours suspend tout."),
        ],
    )


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "data_export_ready": _ready,
    "erasure_planned": _planned,
    "erasure_done": _done,
    "correction_card": _card,
}
