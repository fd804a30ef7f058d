"""A table of a worksheet in a form: a field a cell, rows to add and to take away."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement, PlainTextObject

from handlers.ids import Action
from handlers.views.kit import actions, button, section
from programme.content.worksheets import Question


def table(question: Question, rows: list[list[str]], *, shown: int, revision: int) -> list[Block]:
    """The fields of ``shown`` rows, filled with ``rows``.

    Slack keeps what was typed in a field of the same id: ``revision`` gives the fields new ids once rows have moved.
    """
    least = max(question.rows_min, 1)
    count = min(max(shown, least), question.rows_max)
    blocks: list[Block] = []
    for row in range(count):
        blocks.append(_heading(question, row, removable=count > least))
        for column, name in enumerate(question.columns):
            value = rows[row][column] if row < len(rows) else ""
            cell = PlainTextInputElement(
                action_id=question.id, initial_value=value or None, max_length=question.max_length
            )
            blocks.append(
                InputBlock(
                    block_id=f"{question.id}.{row}.{column}.{revision}",
                    label=PlainTextObject(text=name),
                    element=cell,
                    optional=not question.required or row >= least,
                )
            )
    if count < question.rows_max:
        blocks.append(actions(button("Ajouter une ligne", Action.ADD_ROW, question.id)))
    return blocks


def _heading(question: Question, row: int, *, removable: bool) -> Block:
    if not removable:
        return section(f"*Ligne {row + 1}*")
    remove = button("Retirer", Action.REMOVE_ROW, f"{question.id}:{row}", accessible=f"Retirer la ligne {row + 1}")
    return section(f"*Ligne {row + 1}*", remove)
