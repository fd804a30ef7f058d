"""Surveys: the request, the form, and what the admins see of the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block, PlainTextInputElement, RadioButtonsElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.french import plural
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    input_field,
    modal,
    options,
    section,
)
from handlers.views.nudges import ending
from programme.content import Content
from programme.content.french import week_day
from programme.content.surveys import SurveyQuestion
from programme.messages.surveys import SurveyRequest
from programme.model.nudge import Topic
from programme.rules.surveys import SHOWN_FROM, Tally
from programme.usecases.survey_results import WAVES, WaveResult
from programme.usecases.surveys import LONGEST_NOTE, OwnSurvey

NOTES_SHOWN = 8
WHO_READS = "L’équipe n’en lit que les totaux, et les lignes libres sans votre nom. Rien n’est obligatoire."
ASKED = {
    "end": "Quelques questions sur votre programme, une minute.",
    "month_3": "Trois mois ont passé depuis votre dernière séance. Comment allez-vous ?",
    "month_6": "Six mois ont passé depuis votre dernière séance. Où en êtes-vous ?",
}


def _survey_request(message: SurveyRequest, _content: Content) -> Drawn:
    until = week_day(message.open_until)
    if message.answered:
        sentence = f"Merci de votre réponse. Vous pouvez la changer jusqu’au {until}."
        return Drawn(sentence, [section(sentence), actions(_open(message, "Changer mes réponses"))])
    sentence = f"Rappel, le seul : {_lower(ASKED[message.wave])}" if message.reminder else ASKED[message.wave]
    follow = f"L’enquête reste ouverte jusqu’au {until}. {WHO_READS}"
    blocks = [
        section(f"*{sentence}*\n{follow}"),
        actions(_open(message, "Répondre", style="primary")),
        *ending(Topic.SURVEY),
    ]
    return Drawn(f"{sentence} {follow}", blocks)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _open(message: SurveyRequest, label: str, style: str | None = None) -> Any:
    return button(label, Action.OPEN_SURVEY, message.survey_id, style=style)


def survey_modal(survey: OwnSurvey) -> View:
    """Each question with its options, filled with the answers given so far, and the free line."""
    asked = survey.questionnaire
    blocks: list[Block] = [section(f"{asked.intro} {WHO_READS}")]
    blocks += [_question(one, survey.answers.get(one.id, "")) for one in asked.questions]
    note = PlainTextInputElement(
        action_id="note", multiline=True, max_length=LONGEST_NOTE, initial_value=survey.note or None
    )
    hint = "Ne nommez personne : ces lignes sont lues sans votre nom."
    blocks.append(input_field("note", asked.note, note, hint, optional=True))
    metadata = Subject(id=survey.survey_id).model_dump_json()
    return modal(Callback.SURVEY, asked.title, blocks, submit="Envoyer", close="Plus tard", metadata=metadata)


def _question(question: SurveyQuestion, value: str) -> Block:
    choices = options(question.options)
    chosen = next((option for option in choices if option.value == value), None)
    element = RadioButtonsElement(action_id="choice", options=choices, initial_option=chosen)
    return input_field(question.id, question.label, element)


def results_modal(results: tuple[WaveResult, ...]) -> View:
    """The waves one under the other; too few answers show nothing but how many there are."""
    blocks: list[Block] = []
    for result in results:
        blocks += _wave(result)
    how = f"En CSV : `bilan export surveys`. Un résultat paraît à partir de {SHOWN_FROM} réponses."
    return modal("survey_results", "Enquêtes", [*blocks, context(how)])


def _wave(result: WaveResult) -> list[Block]:
    said = result.tally
    title = f"*{WAVES[result.wave].capitalize()}* : {plural(said.answered, 'réponse')} sur {said.asked}"
    blocks: list[Block] = [section(title)]
    if said.answered < SHOWN_FROM:
        return [*blocks, divider()]
    blocks += [section(_counts(one, said)) for one in result.questionnaire.questions if one.id in said.counts]
    blocks += [context(f"« {escape(clip(note, LONGEST_NOTE))} »") for note in said.notes[:NOTES_SHOWN]]
    rest = len(said.notes) - NOTES_SHOWN
    if rest > 0:
        blocks.append(context(f"Et {plural(rest, 'autre ligne', 'autres lignes')} dans le CSV."))
    return [*blocks, divider()]


def _counts(question: SurveyQuestion, said: Tally) -> str:
    counts = said.counts[question.id]
    total = sum(counts.values())
    numbers = {label: counts.get(value, 0) for value, label in question.options.items()}
    lines = [f"{label} : {count} ({_share(count, total)})" for label, count in numbers.items()]
    return "\n".join([f"*{question.label}*", *lines])


def _share(count: int, total: int) -> str:
    return f"{round(100 * count / total)} %"


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"survey_request": _survey_request}
