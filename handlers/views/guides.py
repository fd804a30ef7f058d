"""The guide of a session and the plan of the sixteen dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers.views.french import appointment, day_and_hour, plural, zone_name
from handlers.views.kit import Drawn, actions, context, header, modal, section, user
from handlers.views.planning import plan_buttons, undated_buttons
from programme.content import Content
from programme.content.french import length, week_day
from programme.content.guides import Guide
from programme.content.mrkdwn import to_mrkdwn
from programme.messages.sessions import SessionGuide
from programme.model.session import SessionState
from programme.rules.roles import ROLE_LABELS, Role
from programme.usecases.guide_pages import Page, guide_posts
from programme.usecases.sessions import Appointment, PlanView


def _session_guide(message: SessionGuide, content: Content) -> Drawn:
    guide = content.edition(message.edition).number(message.number)
    start = message.starts_at.astimezone(ZoneInfo(message.zone)).time()
    people, edition = len(message.roles), message.edition
    posts = guide_posts(content, message.number, minutes=message.minutes, people=people, start=start, edition=edition)
    pages = posts[min(message.part, len(posts)) - 1]
    opening = _opening(message, guide) if message.part == 1 else [header(_title(message, guide))]
    blocks: list[Block] = [*opening, *(section(_page(page)) for page in pages)]
    if message.part == message.parts:
        blocks.append(context(f"Ce guide reste à votre disposition : `/bilan-guide {message.number}`"))
    when = appointment(message.starts_at, message.zone)
    return Drawn(f"{_title(message, guide)}, {when}. {guide.aim}", blocks)


def _title(message: SessionGuide, guide: Guide) -> str:
    part = f" ({message.part}/{message.parts})" if message.parts > 1 else ""
    return f"Guide de la séance {message.number} – {guide.title}{part}"


def _opening(message: SessionGuide, guide: Guide) -> list[Block]:
    when = appointment(message.starts_at, message.zone)
    video = f"\nVisioconférence : <{message.video_url}>" if message.video_url else ""
    return [
        header(_title(message, guide)),
        section(f"*{when[0].upper()}{when[1:]}*\nDurée : {length(message.minutes)}. Étape : {guide.phase}.{video}"),
        section(f"*But de la séance*\n{to_mrkdwn(guide.aim)}"),
        section(f"*Rôles*\n{_roles(message, guide)}"),
    ]


def _roles(message: SessionGuide, guide: Guide) -> str:
    tasks = guide.roles.model_dump()
    lines = [
        f"• {ROLE_LABELS[role].capitalize()} : {user(message.roles[role.value])} – {to_mrkdwn(tasks[role.value])}"
        for role in Role
        if role.value in message.roles
    ]
    return "\n".join(lines) or "À répartir entre vous au début de la séance."


def _page(page: Page) -> str:
    return f"*{page.title}*\n{page.text}" if page.title else page.text


def plan_text(plan: PlanView) -> str:
    """The plan in one sentence."""
    coming = next((one for one in plan.appointments if not one.begun), None)
    following = (
        f"Prochaine séance : n° {coming.number}, {appointment(coming.starts_at, coming.zone)}."
        if coming
        else "Toutes vos séances ont commencé."
    )
    return f"{following} {_slack(plan)}"


def plan_blocks(plan: PlanView) -> Sequence[Block]:
    """The sixteen dates with their state, the weeks to spare and the last day allowed."""
    coming = next((one.number for one in plan.appointments if not one.begun), None)
    zone = zone_name(plan.appointments[0].zone)
    return [
        section(f"*Vos {len(plan.appointments)} séances* ({zone})"),
        section("\n".join(_date_line(one, is_next=one.number == coming) for one in plan.appointments)),
        actions(*plan_buttons()),
        context(f"{_slack(plan)} Dernier jour possible : {week_day(plan.last_allowed_day)}."),
    ]


def undated_blocks(sentence: str) -> Sequence[Block]:
    """Before the dates exist: what is awaited, and what the group can already choose."""
    return [section(sentence), actions(*undated_buttons())]


def plan_modal(plan: PlanView) -> View:
    """The same plan in a modal, for the App Home."""
    return modal("plan", "Vos séances", plan_blocks(plan))


def _date_line(one: Appointment, *, is_next: bool) -> str:
    line = f"{one.number}. {day_and_hour(one.starts_at, one.zone)} – {_state(one, is_next=is_next)}"
    return f"*{line}*" if is_next else line


def _state(one: Appointment, *, is_next: bool) -> str:
    if one.state is SessionState.HELD:
        return "tenue"
    if one.state is SessionState.MISSED:
        return "non tenue"
    if one.begun:
        return "commencée, feuille de présence ouverte"
    return "prochaine" if is_next else "à venir"


def _slack(plan: PlanView) -> str:
    weeks = plan.slack_weeks
    if weeks < 0:
        return f"Attention : il manque {plural(-weeks, 'semaine')} pour tenir toutes les séances."
    if weeks == 0:
        return "Il ne reste aucune semaine de marge."
    return f"Il vous reste {plural(weeks, 'semaine')} de marge."


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"session_guide": _session_guide}
