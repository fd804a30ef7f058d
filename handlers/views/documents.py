"""Documents: receipts for authors, cards and contents for tutors, remarks on their way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.ids import Action
from handlers.views.french import appointment
from handlers.views.kit import Drawn, actions, button, clip, context, escape, header, section, user
from handlers.views.long_texts import sections
from handlers.views.tutoring import reassign_row, reassign_select
from programme.content import Content
from programme.messages.documents import (
    AuthorReply,
    DocumentCard,
    DocumentContent,
    DocumentReceipt,
    NamedFile,
    NotReceived,
    RemarksReturned,
    ReviewAlert,
    ReviewHandedOver,
)
from programme.model.document import DocumentState
from programme.rules.instants import PARIS

STATES = {
    DocumentState.KEPT: "gardé pour vous",
    DocumentState.RECEIVED: "reçu",
    DocumentState.IN_REVIEW: "en relecture",
    DocumentState.TO_REVISE: "à reprendre",
    DocumentState.VALIDATED: "validé",
}


def worksheet_value(worksheet: str, copy_number: int) -> str:
    """Return what a button carries to open this copy of a worksheet: ``F09-2``."""
    return f"{worksheet}-{copy_number}"


def _size(octets: int) -> str:
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} ko"
    return f"{octets / 1_000_000:.1f} Mo".replace(".", ",")


def file_lines(files: Sequence[NamedFile]) -> str:
    """Names and sizes, one a line, ten at most."""
    return "\n".join(f"• {escape(clip(file.name, 150))} ({_size(file.size)})" for file in files[:10])


def _receipt(message: DocumentReceipt, _content: Content) -> Drawn:
    title = escape(clip(message.title, 150))
    text = f"« {clip(message.title, 150)} », version {message.version} : {STATES[message.state]}."
    blocks: list[Block] = []
    if not message.in_thread:
        blocks.append(header(clip(message.title, 150)))
    blocks.append(section(f"« {title} », version {message.version} : *{STATES[message.state]}*"))
    if message.files:
        blocks.append(section("Fichiers reçus :\n" + file_lines(message.files)))
    if message.due_at and message.state in {DocumentState.RECEIVED, DocumentState.IN_REVIEW}:
        promise = f"Vous aurez un retour au plus tard {appointment(message.due_at, PARIS)}."
        blocks.append(section(promise))
        text += f" {promise}"
    if message.state is DocumentState.KEPT:
        blocks.append(
            section("Ce document n’est lu par personne d’autre que vous, sauf si vous choisissez de le rendre.")
        )
    if not message.in_thread:
        buttons = _receipt_buttons(message)
        blocks += [actions(*buttons)] if buttons else []
        blocks.append(context("Les observations arrivent dans ce fil ; vous pouvez y répondre."))
    return Drawn(text, blocks)


def _receipt_buttons(message: DocumentReceipt) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if message.worksheet:
        value = worksheet_value(message.worksheet, message.copy_number)
        buttons.append(button("Ouvrir la fiche", Action.OPEN_WORKSHEET, value))
    if message.state is DocumentState.KEPT:
        buttons.append(button("Rendre ce document", Action.HAND_IN, message.document_id))
    buttons.append(button("Versions et partage", Action.OPEN_DOCUMENT, message.document_id))
    return buttons


def _card(message: DocumentCard, _content: Content) -> Drawn:
    title = escape(clip(message.title, 150))
    state = STATES[message.state]
    text = f"Document à relire : {clip(message.title, 150)}, version {message.version} ({state})."
    blocks: list[Block] = [
        section(
            f"*{title}* · version {message.version}\n"
            f"De {user(message.author_user)}, {escape(clip(message.group_label, 150))}"
        ),
        section(f"État : *{state}*" + _who(message)),
    ]
    if message.due_at:
        blocks.append(context(f"Retour promis au plus tard {appointment(message.due_at, PARIS)}"))
    blocks += _card_buttons(message)
    return Drawn(text, blocks)


def _who(message: DocumentCard) -> str:
    if message.tutor_user:
        return f", par {user(message.tutor_user)}"
    expected = escape(message.proposed_name) or (user(message.proposed_tutor) if message.proposed_tutor else "")
    return f", attendu de {expected}" if expected else ""


def _card_buttons(message: DocumentCard) -> list[Block]:
    if message.state is DocumentState.RECEIVED:
        elements: list[InteractiveElement] = [
            button("Je prends", Action.TAKE, message.document_id, style="primary"),
            reassign_select(),
        ]
    elif message.state in {DocumentState.IN_REVIEW, DocumentState.TO_REVISE}:
        elements = [
            button("Rendre les observations", Action.RETURN_REMARKS, message.document_id, style="primary"),
            button("Valider", Action.VALIDATE, message.document_id),
            reassign_select(),
        ]
    else:
        return [context("Ce document est validé.")]
    return [
        actions(*elements, block_id=message.document_id),
        context(
            "Écrivez vos observations dans ce fil : elles restent des brouillons jusqu’à « Rendre les observations »."
        ),
    ]


def _document_content(message: DocumentContent, _content: Content) -> Drawn:
    part = f" ({message.part} sur {message.parts})" if message.parts > 1 else ""
    text = f"{clip(message.title, 150)}, version {message.version}{part}"
    blocks: list[Block] = [section(f"*{escape(clip(message.title, 150))}*, version {message.version}{part}")]
    for question, answer in message.answers:
        if question:
            blocks.append(section(f"*{escape(clip(question, 300))}*"))
        blocks += sections(answer)
    if message.files:
        blocks.append(section("Fichiers, ci-dessous dans ce fil :\n" + file_lines(message.files)))
    return Drawn(text, blocks[:50])


def _remarks(message: RemarksReturned, _content: Content) -> Drawn:
    title = clip(message.title, 150)
    verdict = "est validé" if message.validated else "est à reprendre"
    part = f" ({message.part} sur {message.parts})" if message.parts > 1 else ""
    text = f"« {title} », version {message.version}, {verdict}{part}."
    blocks: list[Block] = [
        section(
            f"« {escape(title)} », version {message.version}, *{verdict}*{part}, lu par {user(message.tutor_user)}."
        )
    ]
    if message.remarks:
        blocks.append(section("*Observations*"))
    for remark in message.remarks:
        blocks += sections(remark)
    if message.worksheet and not message.validated and message.part == message.parts:
        value = worksheet_value(message.worksheet, message.copy_number)
        blocks.append(actions(button("Reprendre ma fiche", Action.OPEN_WORKSHEET, value, style="primary")))
    blocks.append(context("Vous pouvez répondre dans ce fil : la personne qui vous a lu recevra votre message."))
    return Drawn(text, blocks[:50])


def _author_reply(message: AuthorReply, _content: Content) -> Drawn:
    if message.withdrawn:
        gone = f"Message de {user(message.author_user)} retiré par la personne qui l’avait écrit."
        return Drawn(gone, [section(gone)])
    blocks: list[Block] = [
        section(f"Réponse de {user(message.author_user)} :"),
        *sections(message.text or "(fichiers)"),
    ]
    if message.files:
        blocks.append(section(file_lines(message.files)))
    return Drawn(f"Réponse de {user(message.author_user)}", blocks[:50])


def _not_received(message: NotReceived, content: Content) -> Drawn:
    name = f"« {escape(clip(message.name, 150))} » : " if message.name else ""
    sentence = name + content.sentence(message.reason)
    return Drawn(sentence, [section(sentence)])


def _handed_over(message: ReviewHandedOver, _content: Content) -> Drawn:
    title, tutor = f"« {escape(clip(message.title, 150))} »", user(message.tutor_user)
    if message.by_user:
        sentence = f"{user(message.by_user)} confie {title} à {tutor}."
    else:
        sentence = f"{title} est maintenant pour {tutor} : la personne qui l’avait a quitté ce canal."
    return Drawn(sentence, [section(sentence)])


def _alert(message: ReviewAlert, _content: Content) -> Drawn:
    who = f" ({user(message.tutor_user)})" if message.tutor_user else ""
    what = f"« {escape(clip(message.title, 150))} » de {user(message.author_user)}"
    promised = f"{appointment(message.due_at, PARIS)}{who}"
    if message.late:
        sentence = f"Relecture en retard : {what} était promis {promised}."
    else:
        sentence = f"Relecture bientôt due : {what} est promis {promised}."
    return Drawn(sentence, [section(sentence), reassign_row(message.subject_id)])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "document_receipt": _receipt,
    "document_card": _card,
    "document_content": _document_content,
    "remarks_returned": _remarks,
    "author_reply": _author_reply,
    "not_received": _not_received,
    "review_handed_over": _handed_over,
    "review_alert": _alert,
}
