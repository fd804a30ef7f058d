"""The check-in: the request, its three questions, and what the tutors and the group are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.french import listed, plural
from handlers.views.kit import Drawn, actions, button, clip, context, escape, modal, options, section, user
from handlers.views.nudges import ending
from programme.content import Content
from programme.messages.checkins import CheckInObstacle, CheckInRequest, CheckInSilence, CheckInSummary
from programme.model.nudge import Topic
from programme.usecases.checkins import LONGEST_NOTE, NO_OBSTACLE, REMINDERS, OwnCheckIn

PROGRESS_LABELS = {
    "1": "1 – je suis à l’arrêt",
    "2": "2 – j’avance peu",
    "3": "3 – j’avance",
    "4": "4 – j’avance bien",
    "5": "5 – j’avance très bien",
}
WORK_LABELS = {"yes": "Oui", "partly": "En partie", "no": "Non, pas encore"}
OBSTACLE_LABELS = {
    "none": "Rien",
    "time": "Le temps",
    "motivation": "La motivation",
    "group": "Le groupe",
    "tool": "Un outil",
    "other": "Autre chose",
}
WHO_READS = (
    "Vos réponses vont à la personne qui suit votre groupe. Le groupe ne voit qu’un résumé, sans noms ni jugements."
)


def _check_in_request(message: CheckInRequest, _content: Content) -> Drawn:
    which = f"point d’étape après la séance {message.number}"
    if message.closed:
        sentence = f"Votre {which} est enregistré." if message.answered else f"Le {which} est clos."
        return Drawn(sentence, [section(sentence)])
    if message.answered:
        sentence = f"Merci, votre {which} est enregistré. Vous pouvez encore changer vos réponses."
        return Drawn(sentence, [section(sentence), actions(_open(message, "Changer mes réponses"))])
    if message.reminder:
        sentence = f"Rappel : votre {which} vous attend. Trois questions, une minute."
        why = f"Les rappels s’arrêtent dès que vous répondez ; c’est le n° {message.reminder} sur {REMINDERS}."
    else:
        sentence = f"Votre {which} : trois questions, une minute."
        why = "Vous pourrez changer vos réponses après les avoir envoyées."
    blocks = [
        section(f"*{sentence}*\n{WHO_READS}"),
        actions(_open(message, "Répondre aux trois questions", style="primary")),
        context(why),
        *ending(Topic.CHECK_IN),
    ]
    return Drawn(f"{sentence} {WHO_READS}", blocks)


def _open(message: CheckInRequest, label: str, style: str | None = None) -> Any:
    return button(label, Action.OPEN_CHECK_IN, message.check_in_id, style=style)


def check_in_modal(check_in: OwnCheckIn) -> View:
    """Three questions, filled with the answers given so far."""
    blocks = [
        section(f"Après la *séance {check_in.number}*. {WHO_READS}"),
        _input("progress", "Où en êtes-vous ?", _radio(PROGRESS_LABELS, str(check_in.progress or ""))),
        _input("work_done", "Votre travail individuel est-il fait ?", _radio(WORK_LABELS, check_in.work_done)),
        _input("obstacle", "Qu’est-ce qui vous a le plus freiné ?", _radio(OBSTACLE_LABELS, check_in.obstacle)),
        _input("note", "Quelques mots de plus, si vous voulez", _note(check_in.note), optional=True),
    ]
    metadata = Subject(id=check_in.check_in_id).model_dump_json()
    return modal(Callback.CHECK_IN, "Point d’étape", blocks, submit="Envoyer", close="Plus tard", metadata=metadata)


def _input(name: str, label: str, element: InputInteractiveElement, *, optional: bool = False) -> InputBlock:
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element, optional=optional)


def _chosen(choices: list[Option], value: str) -> Option | None:
    return next((option for option in choices if option.value == value), None)


def _radio(labels: dict[str, str], value: str) -> RadioButtonsElement:
    choices = options(labels)
    return RadioButtonsElement(action_id="choice", options=choices, initial_option=_chosen(choices, value))


def _note(value: str) -> PlainTextInputElement:
    return PlainTextInputElement(action_id="note", multiline=True, max_length=LONGEST_NOTE, initial_value=value or None)


def _check_in_summary(message: CheckInSummary, _content: Content) -> Drawn:
    average = f"{message.average_progress:.1f}".replace(".", ",")
    title = f"Point d’étape après la séance {message.number}"
    counts = [
        f"{words} pour {plural(count, 'personne')}"
        for words, count in (
            ("fait", message.work_done.get("yes", 0)),
            ("en partie fait", message.work_done.get("partly", 0)),
            ("pas encore fait", message.work_done.get("no", 0)),
        )
        if count
    ]
    answers = f"{plural(message.answered, 'réponse')} sur {message.asked}"
    work = f"Travail individuel : {listed(counts)}."
    progress = f"Avancement ressenti : {average} sur 5 en moyenne ({answers})."
    return Drawn(f"{title}. {progress} {work}", [section(f"*{title}*\n{progress}\n{work}")])


def _check_in_silence(message: CheckInSilence, _content: Content) -> Drawn:
    after = f", après {plural(message.reminders, 'rappel')}" if message.reminders else ""
    sentence = (
        f"{user(message.member_user)} ({message.group_label}) n’a pas répondu au point d’étape de la séance "
        f"{message.number}{after}."
    )
    advice = "Le robot n’écrira plus à ce sujet : un mot de votre part vaut mieux qu’un rappel de plus."
    return Drawn(sentence, [section(f"{_addressee(message.tutor_user)}{sentence}"), context(advice)])


def _check_in_obstacle(message: CheckInObstacle, _content: Content) -> Drawn:
    who = f"{user(message.member_user)} ({message.group_label}, après la séance {message.number})"
    if message.obstacle == NO_OBSTACLE:
        sentence = f"L’obstacle est levé pour {who} : la réponse a été changée."
    else:
        sentence = f"Un obstacle pour {who} : {OBSTACLE_LABELS[message.obstacle].lower()}."
    quote = "\n".join(f"> {line}" for line in escape(clip(message.note, LONGEST_NOTE)).splitlines())
    blocks = [section(f"{_addressee(message.tutor_user)}{sentence}" + (f"\n{quote}" if quote else ""))]
    return Drawn(sentence, [*blocks, context("Le groupe ne voit pas ce message.")])


def _addressee(tutor: str) -> str:
    return f"{user(tutor)} : " if tutor else ""


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "check_in_request": _check_in_request,
    "check_in_summary": _check_in_summary,
    "check_in_silence": _check_in_silence,
    "check_in_obstacle": _check_in_obstacle,
}
