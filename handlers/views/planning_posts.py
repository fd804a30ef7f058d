"""What the group, the tutors and the admins read about the plan: moves, catch-ups, settings, weeks to spare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.payloads import MoveAsked
from handlers.views.french import appointment, day_and_hour, guide_rhythm, plural
from handlers.views.kit import Drawn, actions, button, clip, context, escape, header, section, user
from handlers.views.planning import margin
from programme.content import Content
from programme.content.french import length, week_day
from programme.messages.planning import CatchUpProposal, GroupSettingsChanged, MarginWarning, SessionsMoved


def _sessions_moved(message: SessionsMoved, _content: Content) -> Drawn:
    lines = [
        f"• *Séance {one.number}* : ~{day_and_hour(one.before, message.zone)}~ → "
        f"*{day_and_hour(one.after, message.zone)}*"
        for one in message.moved
    ]
    first = message.moved[0]
    others = "" if len(lines) == 1 else " Les dates suivantes changent aussi."
    text = f"La séance {first.number} est déplacée : {appointment(first.after, message.zone)}.{others}"
    lifted = " Les absences déclarées pour l’ancienne date sont levées : déclarez-la de nouveau si besoin."
    blocks = [
        header("Changement de date" if len(lines) == 1 else "Changement de dates"),
        section(f"{user(message.by_user)} a déplacé {plural(len(lines), 'séance')} :"),
        section("\n".join(lines)),
        context(
            f"{margin(message.slack_weeks)} Les guides et les calendriers suivent."
            f"{lifted if message.absences_lifted else ''} Une date ne va pas ? `/bilan-planning`"
        ),
    ]
    return Drawn(text, blocks)


def _catch_up(message: CatchUpProposal, _content: Content) -> Drawn:
    if message.settled:
        sentence = _settled(message)
        return Drawn(sentence, [section(sentence)])
    why = (
        f"Trop peu de personnes étaient là pour que la séance {message.number} compte."
        if message.missed
        else f"Vous seriez moins de trois à la séance {message.number}."
    )
    ask = "La rattraper avant la suivante ?" if message.missed else "La déplacer avant la suivante ?"
    blocks: list[Block] = [header(f"Séance {message.number} : une autre date ?"), section(f"{why} {ask}")]
    blocks += [_date(message, start) for start in message.dates]
    blocks.append(
        actions(button("Choisir une autre date", Action.MOVE_SESSION, message.session_id), block_id="other_date")
    )
    blocks.append(
        context("Mettez-vous d’accord ici, puis une personne choisit : l’écran suivant demande de confirmer.")
    )
    return Drawn(f"{why} {ask}", blocks)


def _settled(message: CatchUpProposal) -> str:
    if message.settled == "moved" and message.settled_at is not None:
        return f"La séance {message.number} a une nouvelle date : {appointment(message.settled_at, message.zone)}."
    return f"La séance {message.number} compte finalement comme tenue : il n’y a rien à rattraper."


def _date(message: CatchUpProposal, start: datetime) -> Block:
    when = day_and_hour(start, message.zone)
    local = start.astimezone(ZoneInfo(message.zone))
    asked = MoveAsked(session_id=message.session_id, day=local.date(), wall=local.time(), fingerprint="")
    take = button("Choisir", Action.TAKE_CATCH_UP, asked.model_dump_json(), accessible=clip(f"Choisir le {when}", 75))
    return section(f"*{when[0].upper()}{when[1:]}*", take, block_id=f"date_{local:%Y%m%d}")


def _margin_warning(message: MarginWarning, _content: Content) -> Drawn:
    left = plural(message.sessions_left, "séance")
    label = escape(clip(message.group_label, 120))
    text = (
        f"{label} : {left} à tenir avant le {week_day(message.last_allowed_day)} inclus. {margin(message.slack_weeks)}"
    )
    addressee = f"{user(message.tutor_user)} : " if message.tutor_user else ""
    advice = (
        "Le programme ne tient plus dans sa durée : voyez avec le groupe et l’équipe ce qui peut être avancé."
        if message.slack_weeks < 0
        else "Bientôt plus de séances que de semaines : aidez le groupe à garder ses dates."
    )
    return Drawn(text, [section(f"{addressee}{text}"), context(advice)])


def _settings_changed(message: GroupSettingsChanged, _content: Content) -> Drawn:
    video = f"• visioconférence : <{message.video_url}>" if message.video_url else "• pas de lien de visioconférence"
    facts = (
        f"• durée des séances à venir : {length(message.minutes)}\n"
        f"• guides : {guide_rhythm(message.guide_lead_days, message.guide_hour)}\n{video}"
    )
    opening = f"{user(message.by_user)} a changé les réglages de votre groupe :"
    return Drawn(
        f"Les réglages de votre groupe ont changé : séances de {length(message.minutes)}.",
        [section(f"{opening}\n{facts}"), context("Tout membre du groupe peut les changer : `/bilan-planning`")],
    )


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "sessions_moved": _sessions_moved,
    "catch_up_proposal": _catch_up,
    "margin_warning": _margin_warning,
    "group_settings_changed": _settings_changed,
}
