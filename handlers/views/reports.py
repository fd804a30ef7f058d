"""The Monday report: every group for the admins, one page a group for the tutors (CGV art. 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.views.french import listed, plural
from handlers.views.kit import Drawn, context, escape, header, section, user
from programme.content import Content
from programme.messages.reports import GroupWeek, GroupWeekPage, RiskLine, WeeklyReport

STAGE_LABELS = {
    "opening": "ouverture du canal",
    "voting": "vote du créneau",
    "gated": "démarrage attendu",
    "running": "séances en cours",
}
DOCUMENT_LABELS = {
    "received": ("reçu", "reçus"),
    "in_review": ("en relecture", "en relecture"),
    "to_revise": ("à reprendre", "à reprendre"),
    "validated": ("validé", "validés"),
}


def _weekly_report(message: WeeklyReport, _content: Content) -> Drawn:
    part = f" ({message.part}/{message.parts})" if message.parts > 1 else ""
    title = f"Suivi de la semaine {_week(message.week)}{part}"
    at_risk = sum(bool(group.risks) for group in message.groups)
    summary = f"{plural(len(message.groups), 'groupe')}, dont {at_risk} à regarder de près"
    waiting = f"{plural(message.waiting, 'personne attend', 'personnes attendent')} un groupe"
    blocks = [header(title), section(f"{summary}. {waiting}.")]
    blocks += [section(f"*{escape(group.label)}*\n{_lines(group)}") for group in message.groups]
    blocks.append(context("Un risque attire l’attention d’une personne et ne décide de rien."))
    return Drawn(f"{title} : {summary} ; {waiting}.", blocks)


def _group_week_page(message: GroupWeekPage, _content: Content) -> Drawn:
    title = f"{message.group.label} – semaine {_week(message.week)}"
    addressee = f"{user(message.tutor_user)} suit ce groupe.\n" if message.tutor_user else ""
    risks = f"{plural(len(message.group.risks), 'risque')} à regarder" if message.group.risks else "aucun risque relevé"
    return Drawn(
        f"{title} : {_held(message.group)}, {risks}.",
        [header(title), section(f"{addressee}{_lines(message.group)}")],
    )


def _week(week: str) -> str:
    year, _, number = week.partition("-W")
    return f"{int(number)} de {year}"


def _lines(group: GroupWeek) -> str:
    lines = [f"Étape : {STAGE_LABELS.get(group.stage, group.stage)}"]
    if group.planned:
        lines.append(f"Séances : {_held(group)}")
    if group.expected:
        percent = round(100 * group.present / group.expected)
        lines.append(f"Présence : {group.present} sur {group.expected} ({percent} %)")
    if group.documents:
        lines.append(f"Documents : {listed(_documents(group))}")
    if group.check_ins_asked:
        lines.append(f"Points d’étape : {plural(group.check_ins_answered, 'réponse')} sur {group.check_ins_asked}")
    if group.weeks_left is not None and group.slack_weeks is not None:
        lines.append(
            f"Calendrier : {plural(group.weeks_left, 'semaine')} devant le groupe, {_slack(group.slack_weeks)}"
        )
    lines += [f"• *À regarder* : {_risk(risk)}" for risk in group.risks]
    return "\n".join(lines)


def _held(group: GroupWeek) -> str:
    return f"{plural(group.held, 'tenue')} sur {group.planned}"


def _documents(group: GroupWeek) -> list[str]:
    return [
        plural(group.documents[state], one, many)
        for state, (one, many) in DOCUMENT_LABELS.items()
        if group.documents.get(state)
    ]


def _slack(weeks: int) -> str:
    return f"{plural(weeks, 'semaine')} de marge" if weeks >= 0 else f"{plural(-weeks, 'semaine')} de retard"


def _risk(risk: RiskLine) -> str:
    who = f"{user(risk.member_user)}, " if risk.member_user else ""
    match risk.kind:
        case "low_slack" if risk.count < 0:
            return f"il manque {plural(-risk.count, 'semaine')} pour tenir toutes les séances"
        case "low_slack":
            return f"plus que {plural(risk.count, 'semaine')} de marge" if risk.count else "aucune semaine de marge"
        case "absences":
            return f"{who}{plural(risk.count, 'absence')} de suite"
        case "silence":
            return f"{who}aucun signe depuis {plural(risk.count, 'jour')}"
        case "missing_document":
            return f"{who}{plural(risk.count, 'document attendu', 'documents attendus')}"
        case _:
            return (
                f"{who}avancement ressenti en baisse ({plural(risk.count, 'point')} de moins en trois points d’étape)"
            )


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "weekly_report": _weekly_report,
    "group_week_page": _group_week_page,
}
