"""The tutors' help in a document's thread: checklist, templates, time spent, and drafts made from a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    InteractiveElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.french import plural
from handlers.views.kit import Drawn, actions, button, clip, context, escape, modal, options, section, user
from handlers.views.long_texts import sections
from programme.content import Content
from programme.messages.reading import DraftShown, ReadingHelp, TemplateChoice
from programme.usecases.reading import LONGEST, MINUTES

FAMILIES = {"worksheet": "Pour cette fiche", "common": "Pour toutes les fiches"}


def _help(message: ReadingHelp, _content: Content) -> Drawn:
    title, place = clip(message.title, 150), f"{message.document_id}.{message.version}"
    blocks: list[Block] = [section(f"*Aide à la lecture* · {escape(title)}, version {message.version}")]
    if message.points:
        numbered = "\n".join(f"{number}. {escape(point)}" for number, point in enumerate(message.points, 1))
        blocks += [section(numbered), actions(_points(message), block_id=f"{place}:points")]
    blocks += [
        actions(_templates(message.templates), _minutes(message.minutes), block_id=f"{place}:help"),
        context("Ces notes restent entre e-tuteurs et e-tutrices. Le temps passé est facultatif."),
    ]
    good = plural(len(message.checked), "point validé", "points validés")
    return Drawn(f"Aide à la lecture de « {title} », version {message.version} : {good}.", blocks)


def _points(message: ReadingHelp) -> InteractiveElement:
    labels = {str(number): f"{number + 1}. {clip(point, 70)}" for number, point in enumerate(message.points)}
    points = options(labels)
    good = [point for point in points if int(point.value or 0) in message.checked]
    return CheckboxesElement(action_id=Action.TICK_POINTS, options=points, initial_options=good or None)


def _templates(templates: tuple[TemplateChoice, ...]) -> InteractiveElement:
    groups = [
        OptionGroup(label=PlainTextObject(text=label), options=_of(family, templates))
        for family, label in FAMILIES.items()
        if any(one.family == family for one in templates)
    ]
    return StaticSelectElement(
        action_id=Action.USE_TEMPLATE,
        placeholder=PlainTextObject(text="Partir d’un modèle d’observation"),
        option_groups=groups,
    )


def _of(family: str, templates: tuple[TemplateChoice, ...]) -> list[Option]:
    return options({one.key: one.label for one in templates if one.family == family})[:100]


def _minutes(minutes: int) -> InteractiveElement:
    choices = options({str(one): f"{one} minutes" for one in MINUTES})
    return StaticSelectElement(
        action_id=Action.TIME_SPENT,
        placeholder=PlainTextObject(text="Temps passé"),
        options=choices,
        initial_option=next((one for one in choices if one.value == str(minutes)), None),
    )


def remark_form(document_id: str, text: str) -> View:
    """A template to be completed: what stands between brackets is the tutor's to write."""
    typed = PlainTextInputElement(action_id="remark", multiline=True, initial_value=text, max_length=LONGEST)
    blocks: list[Block] = [
        section("Complétez ce qui est entre crochets. L’observation reste un brouillon, visible dans le fil."),
        InputBlock(block_id="remark", label=PlainTextObject(text="Observation"), element=typed),
    ]
    metadata = Subject(id=document_id).model_dump_json()
    return modal(Callback.REMARK, "Observation", blocks, submit="Garder", metadata=metadata)


def _draft(message: DraftShown, _content: Content) -> Drawn:
    who = user(message.tutor_user)
    if message.withdrawn:
        gone = f"Brouillon de {who} retiré."
        return Drawn(gone, [section(gone)])
    blocks: list[Block] = [
        section(f"Brouillon de {who}, qui partira avec « Rendre les observations » :"),
        *sections(message.text),
        actions(button("Retirer", Action.WITHDRAW_DRAFT, message.remark_id, accessible="Retirer ce brouillon")),
    ]
    return Drawn(f"Brouillon de {who}", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"reading_help": _help, "draft_shown": _draft}
