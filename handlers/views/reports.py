"""The Monday report: every group for the admins, one page a group for the tutors (CGV art. 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import RiskShown
from handlers.views.french import listed, plural
from handlers.views.kit import Drawn, actions, button, clip, context, escape, header, modal, section, user
from programme.content import Content
from programme.messages.reports import GroupWeek, GroupWeekPage, RiskHandled, RiskLine, RiskWord, WeeklyReport
from programme.rules.risks import RiskKind
from programme.usecases.risk_words import LONGEST_WORD

STAGE_LABELS = {
    "opening": "ouverture du canal",
    "voting": "vote du créneau",
    "gated": "démarrage attendu",
    "running": "séances en cours",
    "paused": "programme suspendu",
}
MENDING = {
    RiskKind.LOW_SLACK: "Demander des dates",
    RiskKind.ABSENCES: "Prendre des nouvelles",
    RiskKind.SILENCE: "Écrire un mot",
    RiskKind.MISSING_DOCUMENT: "Rappeler les fiches",
    RiskKind.FALLING_MOOD: "Proposer un échange",
}
"""What the button of each risk says."""
PREPARED = {
    RiskKind.LOW_SLACK: "risk_word_low_slack",
    RiskKind.ABSENCES: "risk_word_absences",
    RiskKind.SILENCE: "risk_word_silence",
    RiskKind.MISSING_DOCUMENT: "risk_word_missing_document",
    RiskKind.FALLING_MOOD: "risk_word_falling_mood",
}
"""The sentence that its form is filled with."""
NEXT_STEPS = {
    "low_slack": ("Déplacer une séance", Action.MOVE_SESSION),
    "absences": ("Voir les 16 dates", Action.SHOW_PLAN),
    "missing_document": ("Remplir une fiche", Action.CHOOSE_WORKSHEET),
}
"""What whoever reads the word can do at once."""
RISK_NAMES = {
    "low_slack": "peu de semaines de marge",
    "absences": "absences de suite",
    "silence": "silence",
    "missing_document": "documents attendus",
    "falling_mood": "avancement en baisse",
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
    summary = f"{plural(len(message.groups), 'groupe')}, dont {at_risk or 'aucun'} à regarder de près"
    if not message.groups:
        summary = "Aucun groupe en cours"
    waiting = f"{plural(message.waiting, 'personne attend', 'personnes attendent')} un groupe"
    if not message.waiting:
        waiting = "Personne n’attend de groupe"
    blocks: list[Block] = [header(title), section(f"{summary}. {waiting}.")]
    for group in message.groups:
        blocks += [section(f"*{escape(group.label)}*\n{lines_of(group)}"), *_risks(group, message.week)]
    if at_risk:
        blocks.append(context("Un risque attire l’attention d’une personne et ne décide de rien."))
    if message.evidence:
        sealed = plural(message.evidence.count, "preuve")
        blocks.append(context(f"Registre des preuves : {sealed}, dernière empreinte `{message.evidence.hash}`"))
    return Drawn(f"{title} : {summary}. {waiting}.", blocks)


def _group_week_page(message: GroupWeekPage, _content: Content) -> Drawn:
    title = f"{message.group.label} – semaine {_week(message.week)}"
    addressee = f"{user(message.tutor_user)} suit ce groupe.\n" if message.tutor_user else ""
    risks = f"{plural(len(message.group.risks), 'risque')} à regarder" if message.group.risks else "aucun risque relevé"
    return Drawn(
        f"{title} : {_held(message.group)}, {risks}.",
        [header(title), section(f"{addressee}{lines_of(message.group)}"), *_risks(message.group, message.week)],
    )


def _week(week: str) -> str:
    year, _, number = week.partition("-W")
    return f"{int(number)} de {year}"


def lines_of(group: GroupWeek) -> str:
    """The figures of a group, one a line."""
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
    return "\n".join(lines)


def _risks(group: GroupWeek, week: str) -> list[Block]:
    """Each risk with the button that mends it."""
    return [
        section(
            f"• *À regarder* : {risk_words(risk)}",
            accessory=_mend(group, risk, week),
            block_id=f"risk_{number}_{group.group_id}",
        )
        for number, risk in enumerate(group.risks)
    ]


def _mend(group: GroupWeek, risk: RiskLine, week: str) -> ButtonElement:
    shown = RiskShown(week=week, group_id=group.group_id, kind=risk.kind, member_user=risk.member_user)
    label = MENDING[RiskKind(risk.kind)]
    return button(label, Action.ACT_ON_RISK, shown.model_dump_json(), accessible=f"{label}, {group.label}"[:75])


def word_form(shown: RiskShown, group_label: str, prepared: str) -> View:
    """The word, ready to be changed: it leaves under the name of whoever sends it."""
    to = user(shown.member_user) if shown.member_user else f"toutes les personnes du {escape(group_label)}"
    element = PlainTextInputElement(
        action_id="word", multiline=True, max_length=LONGEST_WORD, initial_value=prepared, focus_on_load=True
    )
    blocks = [
        section(f"Ce mot part sous votre nom à {to}. Changez-le comme vous voulez."),
        InputBlock(block_id="word", label=PlainTextObject(text="Votre mot"), element=element),
    ]
    metadata = shown.model_dump_json()
    return modal(Callback.RISK_WORD, "Un mot à envoyer", blocks, submit="Envoyer", metadata=metadata)


def _risk_word(message: RiskWord, _content: Content) -> Drawn:
    quote = "\n".join(f"> {line}" for line in escape(message.text).splitlines())
    blocks: list[Block] = [section(f"{user(message.from_user)} vous écrit :\n{quote}")]
    if message.risk in NEXT_STEPS:
        label, action = NEXT_STEPS[message.risk]
        blocks.append(actions(button(label, action)))
    blocks.append(context("Pour répondre, cliquez sur le nom ci-dessus : ce n’est pas le robot qui vous écrit."))
    return Drawn(f"{user(message.from_user)} vous écrit : {clip(message.text, 200)}", blocks)


def _risk_handled(message: RiskHandled, _content: Content) -> Drawn:
    to = user(message.member_user) if message.member_user else "tout le groupe"
    sentence = f"{user(message.by_user)} a écrit à {to} : {RISK_NAMES[message.risk]}."
    return Drawn(sentence, [section(sentence)])


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


def risk_words(risk: RiskLine) -> str:
    """Who, and what calls for attention."""
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
    "risk_word": _risk_word,
    "risk_handled": _risk_handled,
}
