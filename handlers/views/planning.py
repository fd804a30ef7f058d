"""Forms of the plan: move a session, see what it does, weeks off, the group's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    InputBlock,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.blocks.block_elements import RadioButtonsElement, UrlInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import MoveAsked, WeeksAsked
from handlers.views.french import day_and_hour, guide_rhythm, hour, plural, zone_name
from handlers.views.kit import button, context, modal, options, section
from programme.content.french import length, long_day, week_day
from programme.usecases.group_settings import GUIDE_HOURS, LEAD_DAYS, LENGTHS, LONGEST_URL, GroupSettings
from programme.usecases.moves import Change, Movables, Move, Preview
from programme.usecases.weeks_off import Weeks

ONE, FOLLOWING = "one", "following"
SCOPES = {ONE: "Cette séance seulement", FOLLOWING: "Cette séance et toutes les suivantes"}
SHOWN = 16


def plan_buttons() -> list[ButtonElement]:
    """What can be done from the plan."""
    return [
        button("Déplacer une séance", Action.MOVE_SESSION),
        button("Semaines sans séance", Action.CHOOSE_WEEKS_OFF),
        button("Mettre dans mon calendrier", Action.CALENDAR),
        button("Réglages du groupe", Action.GROUP_SETTINGS),
    ]


def undated_buttons() -> list[ButtonElement]:
    """What can be chosen before there are dates."""
    return [
        button("Semaines sans séance", Action.CHOOSE_WEEKS_OFF),
        button("Réglages du groupe", Action.GROUP_SETTINGS),
    ]


def move_form(found: Movables, *, chosen: str = "") -> View:
    """Which session, which day and hour, alone or with the following ones."""
    sessions = {
        one.session_id: f"Séance {one.number} – {day_and_hour(one.starts_at, found.zone)}"
        + (" (à rattraper)" if one.missed else "")
        for one in found.sessions
    }
    first = next((one for one in found.sessions if one.session_id == chosen), found.sessions[0])
    local = first.starts_at.astimezone(ZoneInfo(found.zone))
    choices = options(sessions)
    blocks = [
        InputBlock(
            block_id="number",
            label=PlainTextObject(text="Séance à déplacer"),
            element=StaticSelectElement(
                action_id="number",
                options=choices,
                initial_option=next(one for one in choices if one.value == first.session_id),
            ),
        ),
        InputBlock(
            block_id="day",
            label=PlainTextObject(text="Nouveau jour"),
            element=DatePickerElement(action_id="day", initial_date=local.date().isoformat()),
        ),
        InputBlock(
            block_id="wall",
            label=PlainTextObject(text=f"Nouvelle heure ({zone_name(found.zone)})"),
            element=TimePickerElement(action_id="wall", initial_time=f"{local:%H:%M}"),
        ),
        InputBlock(
            block_id="following",
            label=PlainTextObject(text="Que faut-il déplacer ?"),
            element=RadioButtonsElement(
                action_id="following", options=options(SCOPES), initial_option=options(SCOPES)[0]
            ),
        ),
        context("Rien ne change encore : l’écran suivant montre les nouvelles dates, à confirmer ou non."),
    ]
    return modal(Callback.MOVE, "Déplacer une séance", blocks, submit="Voir les dates", close="Annuler")


def move_seen(move: Move, seen: Preview) -> View:
    """What the move does, to confirm."""
    asked = MoveAsked(
        session_id=move.session_id,
        day=move.day,
        wall=move.wall,
        following=move.following,
        fingerprint=seen.fingerprint,
    )
    return modal(
        Callback.MOVE_SEEN,
        "Nouvelles dates",
        _seen(seen),
        submit="Confirmer",
        close="Annuler",
        metadata=asked.model_dump_json(),
    )


def _seen(seen: Preview) -> list[Block]:
    blocks: list[Block] = [
        section(f"*Ce qui change* ({zone_name(seen.zone)})"),
        section("\n".join(_change(change, seen.zone) for change in seen.changes[:SHOWN])),
    ]
    holidays = [change for change in seen.changes if change.holiday]
    if holidays:
        named = "\n".join(
            f"• séance {one.number} : le {week_day(one.after.astimezone(ZoneInfo(seen.zone)).date())} est férié "
            f"({one.holiday})"
            for one in holidays
        )
        blocks.append(section(f"*À savoir*\n{named}"))
    blocks.append(section(f"{margin(seen.slack_weeks)} Dernier jour possible : {week_day(seen.last_allowed_day)}."))
    word = (
        "Le groupe avait déjà reçu le guide ou la feuille de l’ancienne date : un message le préviendra."
        if seen.told
        else "Le guide de ces séances n’a pas encore paru : le tableau de bord se met à jour, sans message à personne."
    )
    blocks.append(context(word, "Le guide, la feuille de présence, le point d’étape et les calendriers suivent."))
    return blocks


def _change(change: Change, zone: str) -> str:
    before, after = day_and_hour(change.before, zone), day_and_hour(change.after, zone)
    return f"• *Séance {change.number}* : ~{before}~ → *{after}*"


def margin(weeks: int) -> str:
    """The weeks to spare, in one sentence."""
    if weeks < 0:
        return f"Attention : il manque {plural(-weeks, 'semaine')} pour tenir toutes les séances."
    if weeks == 0:
        return "Il ne reste aucune semaine de marge."
    return f"Il reste {plural(weeks, 'semaine')} de marge."


def weeks_form(found: Weeks) -> View:
    """The weeks in which the group does not meet."""
    choices = options({monday.isoformat(): _week(monday) for monday in found.choices})
    chosen = [one for one in choices if one.value in {monday.isoformat() for monday in found.chosen}]
    element = StaticMultiSelectElement(
        action_id="weeks", options=choices, initial_options=chosen or None, placeholder="Choisir des semaines"
    )
    blocks = [
        InputBlock(
            block_id="weeks",
            label=PlainTextObject(text="Semaines sans séance"),
            hint=PlainTextObject(text="Vacances, déplacements… Les jours fériés sont déjà écartés."),
            element=element,
            optional=True,
        ),
        context("Chaque semaine libre prend une semaine de marge. Libérer une semaine ne déplace rien."),
    ]
    return modal(Callback.WEEKS_OFF, "Semaines sans séance", blocks, submit="Continuer", close="Annuler")


def _week(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return f"Du {long_day(monday)} au {long_day(sunday)}"


def weeks_seen(mondays: Sequence[date], seen: Preview) -> View:
    """What keeping these weeks free moves, to confirm."""
    asked = WeeksAsked(mondays=tuple(mondays), fingerprint=seen.fingerprint)
    return modal(
        Callback.WEEKS_OFF_SEEN,
        "Nouvelles dates",
        _seen(seen),
        submit="Confirmer",
        close="Annuler",
        metadata=asked.model_dump_json(),
    )


def settings_form(now: GroupSettings) -> View:
    """The length of sessions, the hour of the guides, the video link."""
    blocks: list[Block] = [
        _choice("minutes", "Durée des séances à venir", {str(one): length(one) for one in LENGTHS}, str(now.minutes)),
        _choice(
            "guide_lead_days",
            "Le guide paraît",
            {str(days): guide_rhythm(days, now.guide_hour).partition(",")[0] for days in LEAD_DAYS},
            str(now.guide_lead_days),
        ),
        _choice(
            "guide_hour", "À quelle heure", {str(one): hour(time(one)) for one in GUIDE_HOURS}, str(now.guide_hour)
        ),
        InputBlock(
            block_id="video_url",
            label=PlainTextObject(text="Lien de visioconférence du groupe"),
            hint=PlainTextObject(text="L’adresse complète, qui commence par https://. Vide si vous vous voyez."),
            element=UrlInputElement(action_id="video_url", initial_value=now.video_url or None),
            optional=True,
        ),
        context(f"Un message dira au groupe ce qui a changé. Adresse : {LONGEST_URL} caractères au plus."),
    ]
    return modal(Callback.GROUP_SETTINGS, "Réglages du groupe", blocks, submit="Enregistrer", close="Annuler")


def _choice(name: str, label: str, choices: dict[str, str], now: str) -> InputBlock:
    found = options(choices)
    chosen = next((one for one in found if one.value == now), None)
    element = StaticSelectElement(action_id=name, options=found, initial_option=chosen)
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element)
