"""The attendance sheet, a member's own view of it, the declaration of absence, and the words to the tutors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.french import appointment, day_and_hour, listed, plural
from handlers.views.kit import Drawn, actions, button, clip, confirm, context, escape, header, modal, section, user
from programme.content import Content
from programme.messages.sessions import AbsenceAlert, AbsenceNote, AttendanceSheet, SessionMissed
from programme.model.session import AttendanceState
from programme.usecases.absence_notes import MOST_PROOFS
from programme.usecases.attendance import OwnSheet

LONGEST_REASON = 500


def _attendance_sheet(message: AttendanceSheet, _content: Content) -> Drawn:
    when = day_and_hour(message.starts_at, message.zone)
    title = f"Feuille de présence – séance {message.number}"
    blocks = [header(title), section(f"Séance du *{appointment(message.starts_at, message.zone)}*"), *_lines(message)]
    if message.moved_to is not None:
        sentence = f"Cette séance a une nouvelle date : {appointment(message.moved_to, message.zone)}."
        blocks = [header(title), section(f"{sentence} Une nouvelle feuille s’ouvrira à ce moment-là.")]
        return Drawn(f"{title}. {sentence}", blocks)
    if message.closed:
        blocks.append(section(_outcome(message)))
        if message.awaited_users or _unattested(message):
            blocks.append(actions(*_still_possible(message)))
        return Drawn(f"{title}, {when}. {_outcome(message)}", blocks)
    blocks.append(context(_rule()))
    blocks.append(
        actions(
            _sign(message.session_id, late=False),
            _attest(message.session_id),
            _absence(message.session_id),
            _close(message.session_id),
            button("Suivre le déroulé ensemble", Action.LIVE_START, message.session_id),
        )
    )
    return Drawn(f"{title}, {when}. Signez votre présence, ou déclarez votre absence.", blocks)


def _lines(message: AttendanceSheet) -> list[Block]:
    """Who signed and who declared an absence; how many are awaited, never who."""
    lines = []
    if message.signed_users:
        lines.append(f"• Présences signées : {_people(message.signed_users, message.attested_users)}")
    if message.late_users:
        lines.append(f"• Signatures tardives : {_people(message.late_users, message.attested_users)}")
    if message.absent_users:
        lines.append(f"• Absences déclarées : {listed([user(one) for one in message.absent_users])}")
    if message.awaited_users:
        lines.append(f"• En attente : {plural(len(message.awaited_users), 'réponse')}")
    return [section("\n".join(lines))] if lines else []


def _unattested(message: AttendanceSheet) -> bool:
    return bool({*message.signed_users, *message.late_users} - {*message.attested_users})


def _still_possible(message: AttendanceSheet) -> list[ButtonElement]:
    """What a closed sheet still takes: late signatures, the reasons of who did not sign, attestations."""
    late = [_sign(message.session_id, late=True), _absence(message.session_id)] if message.awaited_users else []
    return [*late, _attest(message.session_id)]


def _people(users: Sequence[str], attested: Sequence[str]) -> str:
    return listed([f"{user(one)} (attestée)" if one in attested else user(one) for one in users])


def _rule() -> str:
    return (
        "Chaque personne signe pour elle-même, dans les 24 heures qui suivent le début de la séance ; deux autres "
        "personnes présentes attestent sa signature. Ensuite, et pendant 14 jours, la signature est notée tardive."
    )


def _outcome(message: AttendanceSheet) -> str:
    if message.held:
        return "Séance close : elle compte comme tenue."
    return "Séance close : trop peu de présences pour qu’elle compte comme tenue."


def _sign(session_id: str, *, late: bool) -> ButtonElement:
    label = "Signer en retard" if late else "Signer ma présence"
    return button(label, Action.SIGN_ATTENDANCE, session_id, style=None if late else "primary")


def _attest(session_id: str) -> ButtonElement:
    return button("J’atteste les signatures", Action.ATTEST, session_id)


def _absence(session_id: str) -> ButtonElement:
    return button("Déclarer mon absence", Action.DECLARE_ABSENCE, session_id)


def _close(session_id: str) -> ButtonElement:
    dialog = confirm(
        "Clore la séance ?",
        "La feuille se fige : ensuite, seules des signatures tardives restent possibles.",
        "Clore la séance",
    )
    return button("Clore la séance", Action.CLOSE_SESSION, session_id, confirm=dialog)


def own_sheets_text(sheets: Sequence[OwnSheet]) -> str:
    """The member's sheets in words."""
    return " ".join(f"Séance {sheet.number} : {_standing(sheet)}" for sheet in sheets)


def own_sheets_blocks(sheets: Sequence[OwnSheet]) -> Sequence[Block]:
    """The member's sheets, each with what can still be done."""
    blocks: list[Block] = []
    for sheet in sheets:
        when = appointment(sheet.starts_at, sheet.zone)
        blocks.append(section(f"*Séance {sheet.number}*, {when}\n{_standing(sheet)}"))
        buttons = _possible(sheet)
        if buttons:
            blocks.append(actions(*buttons))
    return blocks


def _standing(sheet: OwnSheet) -> str:
    match sheet.state:
        case AttendanceState.SIGNED | AttendanceState.LATE:
            late = " en retard" if sheet.state is AttendanceState.LATE else ""
            others = plural(sheet.attestations, "attestation")
            return f"votre présence est signée{late} ({others})."
        case AttendanceState.ABSENT:
            return "votre absence est déclarée."
        case _ if sheet.begun:
            return "vous n’avez pas encore signé."
        case _:
            return "la feuille s’ouvrira à l’heure de la séance. Vous pouvez déjà déclarer une absence."


def _possible(sheet: OwnSheet) -> list[ButtonElement]:
    buttons = []
    signed = sheet.state in {AttendanceState.SIGNED, AttendanceState.LATE}
    if sheet.begun and not signed:
        buttons.append(_sign(sheet.session_id, late=sheet.closed))
    if sheet.to_attest:
        buttons.append(_attest(sheet.session_id))
    if not sheet.closed and sheet.state is None:
        buttons.append(_absence(sheet.session_id))
    if sheet.begun and not sheet.closed and not sheet.missing:
        buttons.append(_close(sheet.session_id))
    return buttons


def absence_modal(session_id: str) -> View:
    """The declaration of one's own absence."""
    reason = InputBlock(
        block_id="reason",
        label=PlainTextObject(text="Raison, en quelques mots"),
        hint=PlainTextObject(text="Aucun détail médical n’est demandé : « empêchement de santé » suffit."),
        element=PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON),
    )
    proofs = InputBlock(
        block_id="proofs",
        label=PlainTextObject(text="Justificatif"),
        hint=PlainTextObject(text="Seulement si vous en avez un, sans document médical détaillé."),
        element=FileInputElement(action_id="proofs", max_files=MOST_PROOFS),
        optional=True,
    )
    note = context("Le groupe voit votre absence, jamais sa raison : seule la personne qui vous suit peut la lire.")
    metadata = Subject(id=session_id).model_dump_json()
    return modal(
        Callback.ABSENCE,
        "Déclarer mon absence",
        [reason, proofs, note],
        submit="Déclarer",
        close="Annuler",
        metadata=metadata,
    )


def _session_missed(message: SessionMissed, _content: Content) -> Drawn:
    when = appointment(message.starts_at, message.zone)
    which = f"la séance {message.number} du {message.group_label} ({when})"
    present = f"{plural(message.present, 'présence')} sur {message.size}"
    if message.recovered:
        sentence = f"Finalement, {which} compte comme tenue : des signatures tardives sont arrivées ({present})."
    else:
        sentence = f"Trop peu de présences : {which} ne compte pas comme tenue ({present})."
    return _to_tutor(
        message.tutor_user,
        sentence,
        "Le groupe a reçu des dates de rattrapage dans son canal : aidez-le à en choisir une.",
    )


def _absence_alert(message: AbsenceAlert, _content: Content) -> Drawn:
    which = listed([str(number) for number in message.numbers])
    sentence = f"Deux absences de suite : {user(message.member_user)}, {message.group_label} (séances {which})."
    return _to_tutor(message.tutor_user, sentence, "Un message privé de votre part peut aider à reprendre le fil.")


def _to_tutor(tutor: str, sentence: str, advice: str) -> Drawn:
    addressee = f"{user(tutor)} : " if tutor else ""
    return Drawn(sentence, [section(f"{addressee}{sentence}"), context(advice)])


def _absence_note(message: AbsenceNote, _content: Content) -> Drawn:
    which = f"séance {message.number} du {escape(clip(message.group_label, 120))}"
    when = appointment(message.starts_at, message.zone)
    if message.lifted:
        sentence = f"{user(message.member_user)} a finalement signé sa présence : {which}."
        return Drawn(sentence, [section(sentence)])
    opening = f"Absence déclarée par {user(message.member_user)} : {which} ({when})."
    reason = escape(clip(message.reason, LONGEST_REASON)).replace("\n", "\n>")
    proofs = f" {plural(message.proofs, 'justificatif')} dans ce fil." if message.proofs else ""
    return Drawn(
        opening,
        [section(f"{opening}\n>{reason}"), context(f"Cette raison n’est montrée qu’à vous.{proofs}")],
    )


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "attendance_sheet": _attendance_sheet,
    "session_missed": _session_missed,
    "absence_alert": _absence_alert,
    "absence_note": _absence_note,
}
