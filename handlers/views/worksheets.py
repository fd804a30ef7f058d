"""Worksheets as Slack forms: the choice of a worksheet, then its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.documents import STATES, worksheet_value
from handlers.views.kit import clip, context, modal, options, section
from programme.content.mrkdwn import to_mrkdwn
from programme.content.worksheets import Question, QuestionType
from programme.usecases.answers import FIELD_CHARACTERS, as_field
from programme.usecases.documents import MyDocument
from programme.usecases.worksheets import OpenWorksheet

TITLE = "Mes documents"


def choice(documents: Sequence[MyDocument]) -> View:
    """The worksheets that are open, each with its state."""
    sheets = {worksheet_value(d.worksheet, d.copy_number): _label(d) for d in documents if d.worksheet}
    if not sheets:
        nothing = "Aucune fiche n’est encore ouverte : chacune s’ouvre avec le guide de sa séance."
        return modal(Callback.WORKSHEET_CHOICE, TITLE, [section(nothing)])
    select = StaticSelectElement(
        action_id=Action.CHOOSE_WORKSHEET,
        placeholder=PlainTextObject(text="Choisir une fiche"),
        options=options(sheets)[:100],
    )
    blocks: list[Block] = [
        section("Choisissez la fiche à remplir ou à reprendre. Un fichier se dépose dans vos messages avec le robot."),
        InputBlock(block_id="worksheet", label=PlainTextObject(text="Fiche"), element=select),
    ]
    return modal(Callback.WORKSHEET_CHOICE, TITLE, blocks, submit="Ouvrir")


def _label(document: MyDocument) -> str:
    state = STATES[document.state] if document.state else "à commencer"
    return f"{clip(document.title, 55)} : {state}"


def form(opened: OpenWorksheet) -> View:
    """The questions of a worksheet, filled with the last answers."""
    sheet = opened.sheet
    blocks: list[Block] = [section(clip(to_mrkdwn(sheet.intro), 2900)), context(f"Environ {sheet.minutes} minutes")]
    for question in sheet.questions:
        blocks += _question(question, opened.answers.get(question.id))
    metadata = worksheet_value(sheet.key, opened.copy_number)
    title = clip(sheet.title, 24)
    return modal(
        Callback.WORKSHEET, title, blocks, submit="Rendre" if not sheet.owner_only else "Garder", metadata=metadata
    )


def _question(question: Question, answer: Any) -> list[Block]:
    element = _element(question, answer)
    explained = context(clip(f"{question.why} Exemple : {question.example}", 2000))
    asked = InputBlock(
        block_id=question.id,
        label=PlainTextObject(text=question.label),
        hint=PlainTextObject(text=question.help),
        element=element,
        optional=not question.required,
    )
    return [asked, explained]


def _element(question: Question, answer: Any) -> Any:
    choices = [Option(text=PlainTextObject(text=option), value=option) for option in question.options]
    match question.type:
        case QuestionType.CHOICES:
            ticked = [option for option in choices if option.value in (answer or ())]
            return CheckboxesElement(action_id=question.id, options=choices, initial_options=ticked or None)
        case QuestionType.CHOICE | QuestionType.SCALE:
            chosen = next((option for option in choices if option.value == answer), None)
            return RadioButtonsElement(action_id=question.id, options=choices, initial_option=chosen)
        case _:
            return PlainTextInputElement(
                action_id=question.id,
                multiline=question.type is not QuestionType.TEXT,
                initial_value=as_field(question, answer)[:FIELD_CHARACTERS] if answer else None,
                max_length=question.max_length if question.type is not QuestionType.TABLE else FIELD_CHARACTERS,
            )
