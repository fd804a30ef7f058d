"""The exemption: the request's form, the admins' card and decision, and the answer; and the e-mail's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import ExemptionShown
from handlers.views.kit import Drawn, actions, button, clip, context, escape, header, modal, section, user
from programme.content import Content
from programme.messages.enrolment import ExemptionAnswer, ExemptionCard, TerritoryCard
from programme.model.email_proof import LIFETIME
from programme.model.enrolment import Enrolment, ExemptionState
from programme.model.member import Member

TITLE = "Inscription"
LONGEST = 2000


def request_form(enrolment: Enrolment) -> View:
    """Below level 6: ask for an exemption; after a refusal, its reason stands above and one may ask again."""
    blocks: list[Block] = [
        context("Étape 3 sur 6 · Demande de dérogation"),
        section(
            "Le programme est ouvert sans condition à partir du niveau 6. Avec un autre parcours, une personne de "
            "l’équipe lit votre demande et vous répond avec ses raisons. Rien n’est décidé par le robot."
        ),
    ]
    if enrolment.exemption is ExemptionState.REFUSED:
        reason = escape(clip(enrolment.exemption_reason, 2000))
        blocks.append(section(f"*Réponse à votre demande précédente*\n{reason}"))
        blocks.append(context("Vous pouvez refaire votre demande ci-dessous, autant de fois que vous le souhaitez."))
    blocks += [
        _long("request", "Pourquoi ce programme ?", "Ce que vous en attendez, et ce qui vous y prépare."),
        _long("experience", "Votre expérience", "Métiers, responsabilités, formations suivies : quelques lignes."),
        InputBlock(
            block_id="files",
            label=PlainTextObject(text="Un document"),
            element=FileInputElement(action_id="files", filetypes=["pdf", "docx", "odt", "png", "jpg"], max_files=1),
            hint=PlainTextObject(text="Un CV ou une attestation, si vous le souhaitez. Seule l’équipe le voit."),
            optional=True,
        ),
        actions(button("Corriger mon niveau", Action.MODIFY_LEVEL, "level")),
    ]
    return modal(Callback.EXEMPTION, TITLE, blocks, submit="Envoyer ma demande")


def waiting(sentence: str) -> View:
    """The request is being read; the level can still be corrected."""
    blocks: list[Block] = [
        section(sentence),
        actions(button("Corriger mon niveau", Action.MODIFY_LEVEL, "level")),
    ]
    return modal("enrolment_exemption_wait", TITLE, blocks)


def decision_form(card: ExemptionCard, *, granted: bool) -> View:
    """To an admin: the reason, which is what the person will read."""
    verb = "Accepter" if granted else "Refuser"
    follow = (
        "La personne pourra poursuivre son inscription."
        if granted
        else "La personne pourra faire une nouvelle demande : dites ce qui manque."
    )
    blocks: list[Block] = [
        section(f"*{verb} la demande de {escape(clip(card.name, 150))}*\n{follow}"),
        _long("reason", "Votre raison", "Elle est envoyée telle quelle à la personne, dans Slack et par e-mail."),
    ]
    shown = ExemptionShown(enrolment_id=card.enrolment_id, turn=card.turn, granted=granted)
    label = f"{verb} la demande"
    return modal(Callback.EXEMPTION_DECISION, "Dérogation", blocks, submit=label, metadata=shown.model_dump_json())


def email_code(member: Member, said: str = "") -> View:
    """The code that was sent to an address which Slack does not know."""
    minutes = int(LIFETIME.total_seconds() // 60)
    code = PlainTextInputElement(action_id="code", max_length=12, min_length=6)
    blocks: list[Block] = [
        context("Étape 2 sur 6 · Votre adresse e-mail"),
        section(
            f"Un code à six chiffres vient de partir à l’adresse *{escape(clip(member.email, 320))}*, qui n’est pas "
            "celle de votre compte Slack. Votre contrat y sera envoyé : nous vérifions qu’elle est bien à vous."
        ),
        InputBlock(
            block_id="code",
            label=PlainTextObject(text="Code reçu par e-mail"),
            element=code,
            hint=PlainTextObject(text=f"Valable {minutes} minutes. Pensez à regarder dans les indésirables."),
        ),
        actions(
            button("Recevoir un nouveau code", Action.RESEND_CODE),
            button("Changer d’adresse", Action.MODIFY_PROFILE, "profile"),
        ),
    ]
    if said:
        blocks.insert(1, section(f"*{escape(said)}*"))
    return modal(Callback.EMAIL_CODE, TITLE, blocks, submit="Vérifier")


def _long(block_id: str, label: str, hint: str) -> InputBlock:
    element = PlainTextInputElement(action_id=block_id, multiline=True, max_length=LONGEST)
    return InputBlock(
        block_id=block_id, label=PlainTextObject(text=label), element=element, hint=PlainTextObject(text=hint)
    )


def _card(message: ExemptionCard, _content: Content) -> Drawn:
    name = escape(clip(message.name, 150))
    title = f"Demande de dérogation de {name}"
    blocks: list[Block] = [
        header("Demande de dérogation"),
        section(f"{user(message.user)} ({name})\n*Niveau déclaré :* {escape(message.level)}"),
        section(f"*Pourquoi ce programme*\n{escape(clip(message.request, 900))}"),
        section(f"*Expérience*\n{escape(clip(message.experience, 900))}"),
    ]
    if message.files:
        blocks.append(context("Le document joint arrive dans le fil de cette carte."))
    if message.answer:
        ending = _ending(message)
        return Drawn(f"{title} : {ending}", [*blocks, section(f"*{ending}*"), *_reason(message)])
    value = f"{message.enrolment_id}:{message.turn}"
    spoken = clip(message.name, 60)
    blocks.append(
        actions(
            button("Accepter", Action.GRANT_EXEMPTION, value, style="primary", accessible=f"Accepter, {spoken}"),
            button("Refuser", Action.REFUSE_EXEMPTION, value, accessible=f"Refuser, {spoken}"),
        )
    )
    blocks.append(context("Chaque réponse est motivée. Rien n’est envoyé avant que vous ayez écrit votre raison."))
    return Drawn(f"{title} : à lire, puis à accepter ou à refuser.", blocks)


def _ending(message: ExemptionCard) -> str:
    if message.answer == "moot":
        return "Sans objet : la personne a corrigé son niveau."
    word = "Acceptée" if message.answer == "granted" else "Refusée"
    return f"{word} par {user(message.decided_by)}"


def _reason(message: ExemptionCard) -> list[Block]:
    if not message.reason:
        return []
    quoted = escape(clip(message.reason, 900)).replace("\n", "\n> ")
    return [section(f"> {quoted}")]


def _answer(message: ExemptionAnswer, _content: Content) -> Drawn:
    reason = escape(clip(message.reason, 2000))
    if message.granted:
        sentence = "Votre demande de dérogation est acceptée."
        follow = "Vous pouvez poursuivre votre inscription : tout ce que vous avez rempli vous attend."
        label = "Reprendre mon inscription"
    else:
        sentence = "Votre demande de dérogation n’est pas acceptée pour l’instant."
        follow = "Vous pouvez faire une nouvelle demande quand vous le souhaitez, en tenant compte de cette réponse."
        label = "Faire une nouvelle demande"
    blocks: list[Block] = [
        section(f"*{sentence}*"),
        section(f"*La raison donnée par l’équipe*\n{reason}"),
        section(follow),
        actions(button(label, Action.OPEN_ENROLMENT, style="primary")),
        context("La même réponse vous est envoyée par e-mail, avec une lettre à conserver."),
    ]
    return Drawn(f"{sentence} {follow}", blocks)


def _territory(message: TerritoryCard, _content: Content) -> Drawn:
    place = f"{message.postcode} {escape(clip(message.commune, 100))}"
    sentence = f"{user(message.user)} souhaite s’inscrire depuis {place}."
    why = (
        "Le droit de la consommation y est en partie local : le robot ne conclut pas de contrat. La personne sait que "
        "vous allez lui écrire."
    )
    return Drawn(sentence, [header("Inscription à traiter"), section(sentence), section(why)])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "exemption_card": _card,
    "exemption_answer": _answer,
    "territory_card": _territory,
}
