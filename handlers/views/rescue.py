"""Rescue: the admins' card, the questions to each person, and what the group's channel is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, PlainTextObject, StaticSelectElement

from handlers.ids import Action
from handlers.views import consent
from handlers.views.french import appointment, listed, plural
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    escape,
    header,
    options,
    section,
    user,
)
from programme.content import Content
from programme.content.french import week_day
from programme.messages.rescue import (
    CatchUp,
    ChannelClosing,
    ConsentOutcome,
    GroupChanged,
    PlaceFree,
    RescueCard,
    RescueChoice,
    SeatGivenBack,
)

_STAGES = {
    "opening": "son canal s’ouvre",
    "voting": "vote du créneau",
    "gated": "créneau choisi, pas encore démarré",
    "running": "en cours",
    "paused": "suspendu",
    "finished": "terminé",
    "archived": "archivé",
    "dissolved": "dissous",
}
_QUESTIONS = {
    "replacement": "accueillir une personne à la place libre",
    "merge": "réunir deux groupes",
    "pause": "suspendre le programme",
    "resume": "reprendre plus tôt",
    "three": "commencer à trois",
}
_ENDS = {
    "agreed": "chaque personne a donné son accord. C’est fait.",
    "refused": "une personne n’a pas donné son accord. Rien ne change.",
    "expired": "une personne n’a pas répondu à temps. Rien ne change.",
    "cancelled": "la demande n’a plus lieu d’être. Rien ne change.",
}


def _card(message: RescueCard, _content: Content) -> Drawn:
    label = escape(clip(message.label, 120))
    title = f"Une place est libre : {message.label}" if message.place_freed else f"Secours : {message.label}"
    people = plural(len(message.members), "membre")
    stage = _STAGES.get(message.stage, message.stage)
    held = plural(message.held, "séance tenue", "séances tenues")
    lines = "\n".join(f"• {escape(clip(one.label, 150))}" for one in message.members)
    blocks: list[Block] = [header(title), section(f"*{people}*, {stage}, {held} sur 16\n{lines}")]
    if message.paused_until:
        blocks.append(section(f"*Pause* jusqu’au {week_day(message.paused_until)}."))
    if message.question:
        blocks += _question(message)
    else:
        blocks += _offers(message)
    return Drawn(f"{title} ({people}, {stage}).".replace(message.label, label), blocks)


def _question(message: RescueCard) -> list[Block]:
    answers = f"{message.agreed} accord{'s' if message.agreed > 1 else ''} sur {message.asked}"
    asked = f"*Demande en cours :* {_QUESTIONS[message.question]}. {answers}."
    withdraw = button("Retirer la demande", Action.WITHDRAW_QUESTION, message.rescue_id)
    return [
        section(asked),
        actions(withdraw),
        context("Sans réponse de chaque personne en cinq jours, rien ne change."),
    ]


def _offers(message: RescueCard) -> list[Block]:
    group, blocks = message.group_id, list[Block]()
    if message.newcomers:
        offer = button("Proposer la place", Action.OFFER_PLACE, group, style="primary")
        blocks.append(_choice("newcomer", "Qui attend tout près ?", message.newcomers, offer))
    elif len(message.members) < 4 and message.stage not in {"finished", "archived", "dissolved"}:
        blocks.append(section("Personne, parmi celles et ceux qui attendent, ne convient à ce groupe aujourd’hui."))
    if message.mergers:
        merge = button("Proposer de réunir", Action.MERGE_GROUPS, group)
        blocks.append(_choice("merge", "Rejoindre quel groupe ?", message.mergers, merge))
    if message.may_agree_to_three:
        three = button("Demander à commencer à trois", Action.START_AS_THREE, group)
        blocks.append(actions(three))
    if message.pause_weeks:
        weeks = [RescueChoice(value=str(n), label=plural(n, "semaine")) for n in range(1, message.pause_weeks + 1)]
        blocks.append(
            _choice("pause", "Combien de temps ?", weeks, button("Proposer la pause", Action.PAUSE_GROUP, group))
        )
    if message.stage == "paused":
        blocks.append(actions(button("Proposer de reprendre", Action.RESUME_GROUP, group)))
    if message.members and message.stage not in {"finished", "archived", "dissolved"}:
        free = button("Libérer la place", Action.FREE_SEAT, group, style="danger", confirm=_FREEING)
        blocks.append(_choice("seat", "La place de qui ?", message.members, free))
        blocks.append(context("Rien ne change pour le groupe sans l’accord de chaque personne concernée."))
    return blocks


def _choice(block_id: str, prompt: str, choices: Sequence[RescueChoice], act: Any) -> ActionsBlock:
    select = StaticSelectElement(
        action_id=Action.RESCUE_CHOICE,
        placeholder=PlainTextObject(text=prompt),
        options=options({one.value: one.label for one in choices}),
    )
    return actions(select, act, block_id=block_id)


_FREEING = confirm(
    "Libérer cette place ?",
    "La personne sort du canal. Si son contrat continue, elle attend un autre groupe. Le groupe apprend seulement "
    "qu’une place est libre.",
    "Libérer",
    "Revenir",
)


def _outcome(message: ConsentOutcome, _content: Content) -> Drawn:
    sentence = f"{escape(clip(message.label, 120))}, {_QUESTIONS[message.what]} : {_ENDS[message.end]}"
    sentence = sentence[0].upper() + sentence[1:]
    return Drawn(sentence, [section(sentence)])


def _place_free(message: PlaceFree, _content: Content) -> Drawn:
    left = f"vous êtes {plural(message.size, 'personne')}" if message.size > 1 else "il ne reste que vous"
    sentence = f"Une place est libre dans votre groupe : {left}."
    follow = (
        "Vos séances continuent aux dates prévues. L’équipe cherche qui pourrait vous rejoindre : "
        "rien ne se décide sans votre accord."
        if message.running
        else "L’équipe cherche qui pourrait vous rejoindre : rien ne se décide sans votre accord."
    )
    return Drawn(f"{sentence} {follow}", [section(f"*{sentence}*\n{follow}")])


def _changed(message: GroupChanged, _content: Content) -> Drawn:
    people = listed([user(one) for one in message.users])
    coming = f" Prochaine séance : {appointment(message.next_start, message.zone)}." if message.next_start else ""
    sentence = {
        "replacement": f"{people} rejoint votre groupe. Bienvenue !",
        "merge": f"{people} {'rejoignent' if len(message.users) > 1 else 'rejoint'} votre groupe. Bienvenue !",
        "pause": f"Votre programme est suspendu pendant {plural(message.weeks, 'semaine')}, "
        f"avec l’accord de chaque membre.{coming} Vos dates et votre limite se décalent d’autant : `/bilan-planning`",
        "resume": f"Votre programme reprend.{coming} Toutes vos dates : `/bilan-planning`",
        "three": "C’est décidé : votre groupe commence à trois, avec l’accord de chaque membre.",
    }[message.what]
    return Drawn(sentence, [section(sentence)])


def _catch_up(message: CatchUp, _content: Content) -> Drawn:
    label, tutor = escape(clip(message.label, 120)), user(message.tutor_user)
    held = plural(message.held, "séance", "séances")
    coming = f", {appointment(message.next_start, message.zone)}" if message.next_start else ""
    blocks: list[Block] = [
        header("Bienvenue dans votre groupe"),
        section(
            f"Le {label} a déjà tenu {held}. Vous le rejoignez à la séance {message.next_number}{coming}. "
            "Les séances tenues sans vous ne comptent pas comme tenues pour vous."
        ),
        section(
            f"*Votre chemin de rattrapage, avec {tutor}*\n"
            "1. Remplissez les fiches F1 à F4 : `/bilan-document`\n"
            "2. Lisez les guides parus, par exemple `/bilan-guide 1`\n"
            "3. Posez vos questions à la personne qui vous suit : elle relit vos fiches en trois jours ouvrés.\n"
            "4. Entrez dans le canal du groupe et présentez-vous en quelques lignes."
        ),
        context("Rien ne presse : ce qui n’est pas rattrapé avant la séance peut l’être après."),
    ]
    return Drawn(f"Bienvenue dans le {label} : vous le rejoignez à la séance {message.next_number}{coming}.", blocks)


def _given_back(message: SeatGivenBack, _content: Content) -> Drawn:
    sentence = f"Votre place dans le {escape(clip(message.label, 120))} est rendue."
    follow = (
        "Votre contrat continue : nous cherchons un autre groupe dès maintenant. Pour suivre la recherche : `/bilan`"
    )
    return Drawn(f"{sentence} {follow}", [section(f"*{sentence}*\n{follow}")])


def _closing(message: ChannelClosing, _content: Content) -> Drawn:
    day = week_day(message.closes_on)
    joined = f"Votre groupe continue avec le {escape(clip(message.joined, 120))}. " if message.joined else ""
    sentence = f"{joined}Ce canal fermera le {day}."
    follow = "D’ici là, copiez ce que vous voulez garder. Vos documents restent à vous : `/bilan-document`"
    return Drawn(f"{sentence} {follow}", [section(f"*{sentence}*\n{follow}")])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "rescue_card": _card,
    "consent_request": consent.draw,
    "consent_outcome": _outcome,
    "place_free": _place_free,
    "group_changed": _changed,
    "catch_up": _catch_up,
    "seat_given_back": _given_back,
    "channel_closing": _closing,
}
