"""The messages of a group's channel: welcome, vote, dates, living board. They never tell whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.views.french import appointment, day_and_hour, guide_rhythm, listed, plural, slot_name, zone_name
from handlers.views.kit import Drawn, button, clip, context, escape, fields, header, section, user
from programme.content import Content
from programme.content.french import length, week_day
from programme.messages.groups import Board, GroupWelcome, PlanPublished, SlotVote

_AWAITED = {
    "vote": "le vote du créneau hebdomadaire",
    "charter": "les signatures de la charte",
    "confirmation": "l’envoi des documents de contrat",
    "legal_delay": "la fin des délais prévus par la loi",
    "seat": "une place à pourvoir",
}
_STAGES = {
    "voting": "Choix du créneau hebdomadaire",
    "gated": "Créneau choisi, démarrage en préparation",
    "running": "Programme en cours",
    "paused": "Programme suspendu, avec l’accord de chaque membre",
    "finished": "Programme terminé",
}
PROGRESS_WIDTH = 16


def _welcome(message: GroupWelcome, _content: Content) -> Drawn:
    label = escape(clip(message.label, 120))
    members = listed([user(member) for member in message.member_users])
    blocks: list[Block] = [
        header(f"Bienvenue dans le {message.label}"),
        section(f"*Le groupe :* {members}\n*Pour vous suivre à distance :* {user(message.tutor_user)}"),
        section(
            "*La suite, dans l’ordre*\n"
            "1. Présentez-vous ici en quelques lignes.\n"
            "2. Votez ci-dessous pour votre créneau de chaque semaine.\n"
            "3. Signez la charte que vous avez reçue en message direct.\n"
            "4. Vos seize dates paraissent ici, puis le guide de chaque séance, deux jours avant."
        ),
        context("Ce canal est privé : seules les personnes citées ci-dessus en font partie."),
    ]
    return Drawn(f"Bienvenue dans le {label} : présentez-vous, puis votez pour votre créneau hebdomadaire.", blocks)


def _vote(message: SlotVote, _content: Content) -> Drawn:
    if message.chosen:
        sentence = f"Créneau choisi : {slot_name(message.chosen)}, {zone_name(message.zone)}."
        counts = "\n".join(f"• {slot_name(slot)} : {_votes(count)}" for slot, count in message.votes.items())
        blocks = [header("Votre créneau hebdomadaire"), section(f"*{sentence}*"), section(counts)]
        return Drawn(sentence, blocks)
    until = appointment(message.closes_at, message.zone)
    blocks = [
        header("Votre créneau hebdomadaire"),
        section(
            "Voici les créneaux qui conviennent à tout le groupe. Votez pour un ou plusieurs ; "
            "appuyer de nouveau retire votre vote."
        ),
        *(_ballot(message, slot) for slot in message.votes),
        context(
            f"Ont voté : {message.voters} sur {message.size}. Clôture le {until}, "
            "ou dès que tout le groupe a voté. À égalité, le premier créneau de la semaine l’emporte."
        ),
    ]
    return Drawn(f"Votez pour votre créneau hebdomadaire avant le {until}.", blocks)


def _ballot(message: SlotVote, slot: str) -> Block:
    name = slot_name(slot)
    ballot = button("Voter", Action.VOTE, f"{message.group_id}:{slot}", accessible=clip(f"Voter : {name}", 75))
    return section(f"*{name}*\n{_votes(message.votes[slot])}", ballot, block_id=f"slot_{slot}")


def _votes(count: int) -> str:
    return plural(count, "vote", "votes")


def _plan(message: PlanPublished, _content: Content) -> Drawn:
    dates = [f"{number}. {day_and_hour(start, message.zone)}" for number, start in enumerate(message.starts, 1)]
    half = (len(dates) + 1) // 2
    first = appointment(message.starts[0], message.zone)
    slack = plural(message.slack_weeks, "semaine")
    blocks = [
        header("Vos seize séances"),
        fields("\n".join(dates[:half]), "\n".join(dates[half:])),
        section(
            f"Chaque séance dure {length(message.minutes)}, à l’{zone_name(message.zone)}. "
            f"Le guide paraît ici {guide_rhythm(message.guide_lead_days, message.guide_hour)}."
        ),
        context(
            f"Réserve : {slack} pour déplacer une séance. "
            f"La dernière séance se tient au plus tard le {week_day(message.last_allowed_day)}. "
            "Toutes vos dates : `/bilan-planning`"
        ),
    ]
    return Drawn(f"Vos seize dates sont fixées. Première séance : {first}.", blocks)


def _board(message: Board, _content: Content) -> Drawn:
    members = listed([user(member) for member in message.member_users])
    stage = _STAGES[message.stage]
    blocks: list[Block] = [
        header(f"Tableau de bord – {message.label}"),
        section(f"*Le groupe :* {members}\n*Pour vous suivre à distance :* {user(message.tutor_user)}"),
        section(f"*Étape :* {stage}"),
    ]
    if message.awaited:
        awaited = "\n".join(f"• {_AWAITED[one]}" for one in message.awaited)
        blocks.append(section(f"*Avant la première séance, il reste :*\n{awaited}"))
    if message.stage in {"running", "paused", "finished"}:
        blocks += _progress(message)
    text = f"Tableau de bord du {escape(clip(message.label, 120))} – {stage}"
    return Drawn(text, blocks)


def _progress(message: Board) -> list[Block]:
    bar = "▓" * message.held + "░" * (PROGRESS_WIDTH - message.held)
    held = f"*Séances tenues :* {message.held} sur 16\n`{bar}`"
    weeks = f"*Semaines restantes :* {message.weeks_left}" if message.weeks_left is not None else ""
    blocks: list[Block] = []
    if message.next_number is not None and message.next_start is not None:
        when = appointment(message.next_start, message.zone)
        blocks.append(section(f"*Prochaine séance :* n°\u00a0{message.next_number}, {when}"))
    blocks.append(fields(held, weeks) if weeks else section(held))
    if message.documents:
        counts = "\n".join(f"• {user(one)} : {plural(count, 'document')}" for one, count in message.documents.items())
        blocks.append(section(f"*Documents remis*\n{counts}"))
    return blocks


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "group_welcome": _welcome,
    "slot_vote": _vote,
    "plan_published": _plan,
    "board": _board,
}
