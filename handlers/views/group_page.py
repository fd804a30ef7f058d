"""A group's page, as the team sees it."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from handlers.views.dashboard import run_button
from handlers.views.french import appointment, plural
from handlers.views.kit import actions, context, escape, modal, section, user
from handlers.views.member_page import SEATS, open_button
from handlers.views.reports import lines_of, risk_words
from programme.model.group import GroupState
from programme.usecases.group_page import GroupPage

STATES = {
    GroupState.PROPOSED: "proposé, attend la décision d’un admin",
    GroupState.OFFERED: "places offertes, réponses attendues",
    GroupState.FINISHED: "séances terminées",
    GroupState.ARCHIVED: "canal archivé",
    GroupState.REJECTED: "proposition rejetée",
    GroupState.DISSOLVED: "dissous",
}
SILENT = "*Le canal ne reçoit plus rien* : sa carte est dans le canal des admins."
LIVING = frozenset({GroupState.VOTING, GroupState.GATED, GroupState.RUNNING, GroupState.PAUSED})
STARTED = frozenset({GroupState.RUNNING, GroupState.PAUSED, GroupState.FINISHED, GroupState.ARCHIVED})


def page(facts: GroupPage) -> View:
    """Its stage, its people, what is to be looked at, and the acts."""
    tutor = f"Suivi par {user(facts.tutor)}." if facts.tutor else "*Personne ne suit ce groupe.*"
    channel = f" Canal : <#{facts.channel_id}>." if facts.channel_id else ""
    trouble = f"\n{SILENT}" if facts.channel_trouble else ""
    stage = STATES.get(facts.state)
    known = f"Étape : {stage}" if stage else lines_of(facts.week)
    blocks: list[Block] = [
        section(f"*{escape(facts.label)}*\n{tutor}{channel}{trouble}"),
        section(f"{known}{_next(facts)}"),
        *(section(f"• *À regarder* : {risk_words(risk)}") for risk in facts.week.risks),
    ]
    for one in facts.people:
        documents = plural(one.documents, "document remis", "documents remis")
        counts = f"présence : {one.present} sur {one.held} ; {documents}"
        line = f"*{escape(one.name)}* ({user(one.user)})\n{SEATS[one.seat]} ; {counts}"
        blocks.append(section(line, open_button(one.user, one.name)))
    if not facts.people:
        blocks.append(section("Plus personne n’a de place dans ce groupe."))
    if facts.questions:
        asked = plural(facts.questions, "accord demandé", "accords demandés")
        blocks.append(section(f"{asked} au groupe, sans réponse encore."))
    acts = _acts(facts)
    if acts:
        blocks.append(actions(*acts))
    blocks.append(context("Les membres voient dans leur accueil que vous avez ouvert cette page."))
    return modal("group_page", "Page de groupe", blocks)


def _next(facts: GroupPage) -> str:
    if facts.next_start is None or facts.next_number is None:
        return ""
    return f"\nProchaine séance ({facts.next_number} sur 16) : {appointment(facts.next_start, facts.zone)}"


def _acts(facts: GroupPage) -> list[InteractiveElement]:
    offered: list[tuple[str, str]] = []
    if facts.state in LIVING:
        offered += [("Secours", "secours"), ("Entrer dans le canal", "canal")]
    if facts.state in STARTED:
        offered += [("Documents", "documents"), ("Kit papier", "kit")]
    if facts.week.planned:
        offered.append(("Émargement", "emargement"))
    return [run_button(label, f"{name} {facts.number}") for label, name in offered]
