"""The tutors' day, their forms, and what is said of absences, hand-overs and documents that nobody has taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    InputBlock,
    InteractiveElement,
    NumberInputElement,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.french import appointment, day_and_hour, hour, plural
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    modal,
    options,
    section,
    user,
)
from programme.content import Content
from programme.content.french import week_day
from programme.messages.tutoring import (
    AdminActed,
    AwayLine,
    GroupLine,
    PromiseMoved,
    QueueLine,
    TutorAway,
    TutorDay,
    Unclaimed,
)
from programme.model.tutor import TutorSettings
from programme.rules.instants import PARIS
from programme.usecases.tutor_day import EARLIEST, LATEST, MOST

GROUPS_SHOWN = 15
TUTOR_DAY = "tutor_day"
"""The window of the queue, which has nothing to send."""


def day(message: TutorDay, addresses: Mapping[str, str] | None = None) -> Drawn:
    """The queue by clock, the load, the groups and who is away, with the buttons of the day.

    ``addresses`` leads from the subjects of lines to their cards; where it is not known, a button asks for it.
    """
    title = "Votre journée d’e-tutorat"
    waiting = plural(message.load, "dossier vous attend", "dossiers vous attendent")
    blocks: list[Block] = [header(title), *day_blocks(message, addresses)]
    if message.digest:
        at = f"Un seul message par jour, à {hour_of(message.digest_hour)}."
        blocks.append(context(f"{at} L’heure se change avec « Mes réglages »."))
    return Drawn(f"{title} : {waiting}.", blocks)


def hour_of(at: int) -> str:
    """9 h 00."""
    return hour(time(at))


def day_blocks(message: TutorDay, addresses: Mapping[str, str] | None = None) -> list[Block]:
    """The same without a title, for the App Home."""
    load = f"*{plural(message.load, 'dossier')}* pour une capacité de {message.capacity}."
    blocks: list[Block] = [section(load)]
    if message.lines:
        lines = [_line(line, (addresses or {}).get(line.subject_id, "")) for line in message.lines]
        more = [f"… et {plural(message.more, 'autre')}"] if message.more else []
        blocks += _in_sections("À lire, par échéance", [*lines, *more])
    else:
        blocks.append(section("Rien ne vous attend."))
    if message.groups:
        blocks += _in_sections("Vos groupes", [_group(group) for group in message.groups[:GROUPS_SHOWN]])
    if message.away:
        blocks += _in_sections("Absences", [_away(away) for away in message.away[:GROUPS_SHOWN]])
    return [*blocks, divider(), actions(*_buttons(message, linked=addresses is not None))]


def _in_sections(title: str, lines: list[str]) -> list[Block]:
    """Lines of at most 500 characters, five a section."""
    parts = [lines[start : start + 5] for start in range(0, len(lines), 5)]
    return [
        section((f"*{title}*\n" if number == 0 else "") + "\n".join(f"• {line}" for line in part))
        for number, part in enumerate(parts)
    ]


def _line(line: QueueLine, address: str) -> str:
    title = escape(clip(line.title, 70))
    what = f"{f'<{address}|{title}>' if address else title} de {user(line.author_user)}"
    state = "question" if line.question else "en cours" if line.begun else "à prendre"
    due = f", avant {day_and_hour(line.due_at, PARIS)}" if line.due_at else ""
    return f"{what} ({state}){due}"


def _group(group: GroupLine) -> str:
    where = f" <#{group.channel_id}>" if group.channel_id else ""
    if group.next_start is None:
        return f"{escape(group.label)}{where}"
    return f"{escape(group.label)}{where} : séance {group.next_number}, {appointment(group.next_start, group.zone)}"


def _away(away: AwayLine) -> str:
    instead = f" ; {user(away.backup_user)} prend le relais" if away.backup_user else " ; sans relais"
    return f"{user(away.tutor_user)}, {_days(away)}{instead}"


def _days(away: AwayLine | TutorAway) -> str:
    if away.first_day == away.last_day:
        return f"le {week_day(away.first_day)}"
    return f"du {week_day(away.first_day)} au {week_day(away.last_day)} inclus"


def day_view(message: TutorDay, addresses: Mapping[str, str]) -> View:
    """The same in a window, from the digest and the Home."""
    return modal(TUTOR_DAY, "Ma file", day_blocks(message, addresses))


def _buttons(message: TutorDay, *, linked: bool) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if message.lines and not linked:
        buttons.append(button("Ouvrir ma file", Action.TUTOR_DAY))
    if any(not line.begun and not line.question for line in message.lines):
        buttons.append(button("Prendre le suivant", Action.TUTOR_NEXT, style="primary"))
    own = [away for away in message.away if away.tutor_user == message.tutor_user]
    if own:
        label = "Je suis de retour" if own[0].first_day <= message.day else "Annuler mon absence"
        buttons.append(button(label, Action.TUTOR_BACK, own[0].absence_id))
    return [
        *buttons,
        button("Mon absence", Action.TUTOR_ABSENCE),
        button("Mes réglages", Action.TUTOR_SETTINGS),
    ]


def absence_form() -> View:
    """First and last day, and who takes over."""
    blocks: list[Block] = [
        section(
            "Avec un relais, vos dossiers lui sont confiés le premier matin et les délais promis restent. "
            "Sans relais, ils vous attendent : chaque délai est repoussé des jours ouvrés perdus, et chaque membre "
            "en reçoit la nouvelle date."
        ),
        _picker("first_day", "Premier jour d’absence"),
        _picker("last_day", "Dernier jour d’absence (inclus)"),
        _colleague("backup", "Relais", ""),
    ]
    return modal(Callback.TUTOR_ABSENCE, "Mon absence", blocks, submit="Enregistrer")


def settings_form(chosen: TutorSettings) -> View:
    """Capacity, hour of the digest, usual backup."""
    hours = options({str(at): hour_of(at) for at in range(EARLIEST, LATEST + 1)})
    at = next(option for option in hours if option.value == str(chosen.digest_hour))
    blocks: list[Block] = [
        InputBlock(
            block_id="capacity",
            label=PlainTextObject(text="Combien de dossiers à la fois ?"),
            hint=PlainTextObject(text="Au-delà, les nouveaux documents vont à votre relais ou à une autre personne."),
            element=NumberInputElement(
                action_id="capacity",
                is_decimal_allowed=False,
                min_value="1",
                max_value=str(MOST),
                initial_value=str(chosen.capacity),
            ),
        ),
        InputBlock(
            block_id="digest_hour",
            label=PlainTextObject(text="Heure de votre message du jour (heure de Paris)"),
            element=StaticSelectElement(action_id="digest_hour", options=hours, initial_option=at),
        ),
        _colleague("backup", "Votre relais habituel", chosen.backup_id),
    ]
    return modal(Callback.TUTOR_SETTINGS, "Mes réglages", blocks, submit="Enregistrer")


def _picker(name: str, label: str) -> InputBlock:
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=DatePickerElement(action_id=name))


def _colleague(name: str, label: str, chosen: str) -> InputBlock:
    element = UserSelectElement(
        action_id=name, placeholder=PlainTextObject(text="Une personne de l’e-tutorat"), initial_user=chosen or None
    )
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element, optional=True)


def _day(message: TutorDay, _content: Content) -> Drawn:
    return day(message)


def _tutor_away(message: TutorAway, _content: Content) -> Drawn:
    who = user(message.tutor_user)
    if message.back:
        sentence = f"{who} est de retour."
    elif message.backup_user:
        moved = f" {plural(message.moved, 'dossier')} à reprendre dès maintenant." if message.moved else ""
        sentence = f"{who} s’absente {_days(message)} ; {user(message.backup_user)} prend le relais.{moved}"
    else:
        moved = f" {plural(message.moved, 'délai promis est repoussé', 'délais promis sont repoussés')}."
        sentence = f"{who} s’absente {_days(message)}, sans relais.{moved if message.moved else ''}"
    return Drawn(sentence, [section(sentence)])


def _promise_moved(message: PromiseMoved, _content: Content) -> Drawn:
    sentence = (
        f"« {escape(clip(message.title, 150))} » : la personne qui vous lit s’absente. "
        f"Votre retour arrivera au plus tard {appointment(message.due_at, PARIS)}. Vous n’avez rien à faire."
    )
    return Drawn(sentence, [section(sentence)])


def _unclaimed(message: Unclaimed, _content: Content) -> Drawn:
    title, due = escape(clip(message.title, 150)), appointment(message.due_at, PARIS)
    if message.to_admins:
        sentence = f"« {title} » de {user(message.author_user)} n’est pris par personne. Retour promis {due}."
        return Drawn(sentence, [section(sentence), reassign_row(message.subject_id)])
    who = user(message.tutor_user) if message.tutor_user else "À qui peut"
    instead = f" (ou {user(message.backup_user)}, son relais)" if message.backup_user else ""
    sentence = f"{who}{instead} : ce document attend « Je prends ». Retour promis {due}."
    return Drawn(sentence, [section(sentence)])


def reassign_row(subject_id: str) -> Block:
    """The select that gives a document or a question to another tutor."""
    return actions(reassign_select(), block_id=subject_id)


def reassign_select() -> UserSelectElement:
    """The select itself; the id of the document or question is that of its block."""
    return UserSelectElement(action_id=Action.REASSIGN, placeholder=PlainTextObject(text="Réassigner"))


def _admin_acted(message: AdminActed, _content: Content) -> Drawn:
    title = escape(clip(message.title, 150))
    if message.what == "taken":
        sentence = f"{user(message.admin_user)}, de l’administration, lit maintenant « {title} »."
    else:
        sentence = (
            f"{user(message.admin_user)}, de l’administration, a confié « {title} » à {user(message.tutor_user)}. "
            "Cette personne pourra le lire et vous répondre."
        )
    return Drawn(sentence, [section(sentence)])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "tutor_day": _day,
    "tutor_away": _tutor_away,
    "promise_moved": _promise_moved,
    "unclaimed": _unclaimed,
    "admin_acted": _admin_acted,
}
