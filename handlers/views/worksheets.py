"""Worksheets as Slack forms: the questions page by page, then what is about to be handed in."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import PageShown
from handlers.views.french import number, plural
from handlers.views.kit import actions, button, clip, context, escape, modal, section
from handlers.views.long_texts import sections
from handlers.views.worksheet_table import table
from programme.content import Content
from programme.content.mrkdwn import to_mrkdwn
from programme.content.worksheet_pages import pages_of
from programme.content.worksheets import Question, QuestionType
from programme.usecases.answers import Problem, as_text
from programme.usecases.worksheets import OpenWorksheet

MODAL_BLOCKS = 100
REMARKS_ON_LATER_PAGES = 600
"""Characters of the remarks that stay on view after the page on which they are read in full."""


def form(opened: OpenWorksheet, content: Content) -> View:
    """One page of a worksheet, filled with what was answered; after the questions, what would be handed in."""
    if opened.is_summary:
        return _summary(opened, content)
    last = opened.page + 1 == len(pages_of(opened.sheet))
    blocks = _beginning(opened)
    for question in opened.questions:
        blocks += _conflict(question, opened)
        blocks += _asked(question, opened)
    blocks.append(_leaving(opened))
    return modal(
        Callback.WORKSHEET,
        clip(opened.sheet.title, 24),
        blocks,
        submit="Relire avant de rendre" if last and not opened.sheet.owner_only else "Relire" if last else "Suivant",
        metadata=_metadata(opened),
    )


def _metadata(opened: OpenWorksheet) -> str:
    return PageShown(
        worksheet=opened.sheet.key, copy_number=opened.copy_number, page=opened.page, revision=opened.revision
    ).model_dump_json()


def _beginning(opened: OpenWorksheet) -> list[Block]:
    sheet, pages = opened.sheet, len(pages_of(opened.sheet))
    blocks: list[Block] = []
    if opened.resumed:
        blocks.append(section("Vous reprenez là où vous en étiez. Vos réponses enregistrées sont à leur place."))
    if opened.page == 0:
        blocks.append(section(clip(to_mrkdwn(sheet.intro), 2900)))
    blocks += _remarks(opened)
    steps = f"Page {opened.page + 1} sur {pages}, enregistrée quand vous la quittez par un bouton."
    blocks.append(context(f"{steps} Environ {sheet.minutes} minutes en tout." if opened.page == 0 else steps))
    return blocks


def _remarks(opened: OpenWorksheet) -> list[Block]:
    """What the tutor asks for: in full where the form opens, shortened on the pages that follow."""
    if not opened.remarks:
        return []
    text = "\n\n".join(opened.remarks)
    if opened.page and not opened.resumed:
        text = clip(text, REMARKS_ON_LATER_PAGES)
    return [section("*Observations à reprendre*"), *sections(clip(text, 12_000))]


def _conflict(question: Question, opened: OpenWorksheet) -> list[Block]:
    if question.id not in opened.conflicts:
        return []
    elsewhere = opened.conflicts[question.id]
    text = clip(as_text(question, elsewhere), 1200) if elsewhere else "(réponse effacée)"
    return [
        section(f"*« {escape(question.label)} » : vous avez répondu sur un autre écran entre-temps.*"),
        *sections(text),
        section("Le champ garde ce que vous venez d’écrire. Recopiez ce qui manque, puis enregistrez de nouveau."),
    ]


def _asked(question: Question, opened: OpenWorksheet) -> list[Block]:
    answer = opened.answers.get(question.id)
    explained = context(clip(f"{escape(question.why)}\nExemple : {escape(question.example)}", 2000))
    if question.type is QuestionType.TABLE:
        rows = answer or []
        shown = opened.rows.get(question.id, len(rows))
        asked = f"*{escape(question.label)}*\n{escape(question.help)} {limits(question)}"
        return [section(asked), explained, *table(question, rows, shown=shown, revision=opened.revision)]
    field = InputBlock(
        block_id=question.id,
        label=PlainTextObject(text=question.label),
        hint=PlainTextObject(text=f"{question.help} {limits(question)}".strip()),
        element=_element(question, answer),
        optional=not question.required,
    )
    return [field, explained]


def limits(question: Question) -> str:
    """What the answer may measure, said before anybody types."""
    if question.type is QuestionType.TABLE:
        least, most = question.rows_min, question.rows_max
        count = plural(most, "ligne", "lignes") if least == most else f"De {max(least, 1)} à {most} lignes"
        return f"{count}, {number(question.max_length or 0)} caractères au plus par case."
    if question.type is QuestionType.CHOICES:
        return "Plusieurs réponses possibles."
    if question.max_length is None:
        return ""
    if question.min_length:
        return f"De {number(question.min_length)} à {number(question.max_length)} caractères."
    return f"{number(question.max_length)} caractères au plus."


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
                multiline=question.type is QuestionType.LONG_TEXT,
                initial_value=answer or None,
                max_length=question.max_length,
            )


def _leaving(opened: OpenWorksheet) -> Block:
    later = button("Enregistrer et continuer plus tard", Action.SAVE_WORKSHEET)
    if not opened.page:
        return actions(later)
    return actions(button("Page précédente", Action.WORKSHEET_PAGE, str(opened.page - 1)), later)


def _summary(opened: OpenWorksheet, content: Content) -> View:
    sheet = opened.sheet
    blocks: list[Block] = []
    if opened.changed:
        blocks.append(section("*Un autre écran a changé des réponses entre-temps.* Relisez, puis appuyez de nouveau."))
    blocks.append(section(_before_handing_in(opened)))
    for index, page in enumerate(pages_of(sheet)):
        for place, question in enumerate(page):
            blocks += _answered(question, opened, content, page=index if place == 0 else None)
    submit = None if opened.problems else "Garder pour moi" if sheet.owner_only else "Rendre"
    return modal(
        Callback.WORKSHEET_SUMMARY,
        clip(sheet.title, 24),
        blocks[:MODAL_BLOCKS],
        submit=submit,
        metadata=_metadata(opened),
    )


def _before_handing_in(opened: OpenWorksheet) -> str:
    if opened.problems:
        missing = plural(len(opened.problems), "réponse est à compléter", "réponses sont à compléter")
        return f"*{missing}* avant de pouvoir finir. Le bouton « Modifier » mène à la page. Tout est enregistré."
    if opened.sheet.owner_only:
        return "Voici ce qui sera gardé, pour vous seulement. Vous pourrez ensuite décider de le rendre, ou non."
    return "Voici ce qui sera rendu à la personne qui vous accompagne à distance. Le groupe ne le verra pas."


def _answered(question: Question, opened: OpenWorksheet, content: Content, *, page: int | None) -> list[Block]:
    """A question, its answer and what is wrong with it; the first of a page carries the way back to it."""
    change = None
    if page is not None:
        label = f"Modifier la page {page + 1}"
        change = button("Modifier", Action.WORKSHEET_PAGE, str(page), accessible=label)
    blocks: list[Block] = [section(f"*{escape(question.label)}*", change)]
    blocks += [
        section(f"_À compléter : {_sentence(one, content)}_") for one in opened.problems.get(question.id, ())[:1]
    ]
    answer = opened.answers.get(question.id)
    if answer:
        return [*blocks, *sections(as_text(question, answer))]
    return blocks if question.id in opened.problems else [*blocks, section("_Sans réponse_")]


def _sentence(problem: Problem, content: Content) -> str:
    return content.sentence(problem.key, **problem.details)
