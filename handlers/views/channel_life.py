"""What the admins are told of the groups' channels, each with what mends it; and the first words of a new channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.ids import Action
from handlers.views.french import listed
from handlers.views.kit import Drawn, actions, button, clip, confirm, context, escape, header, section, user
from programme.content import Content
from programme.messages.groups import ChannelMoved, GroupAlert

_SAID = {
    "not_invited": "Invitation impossible dans le canal du {label} : {people}.",
    "left": "{people} a quitté le canal du {label}.",
    "deactivated": "Le compte Slack de {people}, membre du {label}, est désactivé.",
    "reactivated": "Le compte Slack de {people}, membre du {label}, est de nouveau actif.",
    "tutor_gone": "{people}, qui suit le {label}, n’est plus dans le canal des e-tuteurs et e-tutrices.",
    "stranger": "{people} est dans le canal du {label} sans faire partie du groupe.",
    "renamed": "Le canal du {label} a changé de nom : `{detail}` s’appelle maintenant {channel}.",
    "archived": "Le canal du {label} a été archivé à la main.",
    "unarchived": "Le canal du {label} est de nouveau ouvert : {channel}.",
    "bot_removed": "Le robot n’est plus dans le canal du {label}.",
    "bot_back": "Le robot est de nouveau dans le canal du {label} : {channel}.",
    "moved": "Le {label} a un nouveau canal : {channel}.",
}
_ADVICE = {
    "not_invited": "Réponse de Slack :\n{reasons}\nInvitez ces personnes à la main depuis le canal.",
    "left": "Sa place dans le groupe reste la sienne. Prenez contact avant d’inviter de nouveau.",
    "deactivated": "Sa place reste la sienne tant que vous ne la libérez pas : `/bilan-admin secours {number}`",
    "reactivated": "Rien ne lui rend l’accès au canal sans vous.",
    "tutor_gone": "Confiez ce groupe à une autre personne de ce canal. Ce qui attendait une relecture est "
    "proposé aux autres.",
    "stranger": "Ce canal est confidentiel. Si cette présence n’est pas voulue, retirez la personne.",
    "renamed": "Il n’y a rien à faire : le robot reconnaît le canal même sous un autre nom.",
    "archived": "Ce qui doit être dit au groupe attend. Slack ne laisse pas un robot désarchiver : "
    "faites-le depuis Slack pour garder l’historique, ou ouvrez un nouveau canal.",
    "unarchived": "Ce qui attendait d’être dit au groupe y est publié.",
    "bot_removed": "Ce qui doit être dit au groupe attend. Invitez de nouveau le robot depuis le canal "
    "(`/invite`), ou ouvrez un nouveau canal.",
    "bot_back": "Ce qui attendait d’être dit au groupe y est publié.",
    "moved": "Les membres et la personne qui suit le groupe y sont invités, et le tableau de bord y est épinglé.",
}


def _alert(message: GroupAlert, _content: Content) -> Drawn:
    people = listed([user(one) for one in message.users])
    facts = {
        "label": escape(clip(message.label, 120)),
        "people": people,
        "detail": escape(message.detail),
        "channel": f"<#{message.channel}>",
        "number": message.label.removeprefix("groupe ").partition(" ")[0].lstrip("0"),
        "reasons": "\n".join(f"• {user(one)} : `{escape(clip(why, 100))}`" for one, why in message.users.items()),
    }
    sentence = _SAID[message.what].format(**facts)
    blocks: list[Block] = [section(f"*{sentence}*\n{_ADVICE[message.what].format(**facts)}")]
    if buttons := _buttons(message):
        blocks.append(actions(*buttons))
    return Drawn(sentence, blocks)


def _buttons(message: GroupAlert) -> list[ButtonElement]:
    people = [f"{message.group_id}:{one}" for one in message.users]
    match message.what:
        case "left" | "reactivated" if people:
            return [button("Inviter de nouveau", Action.REINVITE, people[0])]
        case "stranger" if people:
            return [button("Retirer du canal", Action.REMOVE_STRANGER, people[0], confirm=_REMOVING)]
        case "archived" | "bot_removed":
            return [button("Ouvrir un nouveau canal", Action.NEW_CHANNEL, message.group_id, confirm=_OPENING)]
    return []


_REMOVING = confirm(
    "Retirer cette personne ?", "Elle ne verra plus ce canal. Les membres voient son départ.", "Retirer", "Revenir"
)
_OPENING = confirm(
    "Ouvrir un nouveau canal ?",
    "Les membres et la personne qui suit le groupe y seront invités. L’ancien canal garde ce qui y est écrit.",
    "Ouvrir",
    "Revenir",
)


def _moved(message: ChannelMoved, _content: Content) -> Drawn:
    members = listed([user(member) for member in message.member_users])
    sentence = f"Voici le nouveau canal du {escape(clip(message.label, 120))}."
    blocks: list[Block] = [
        header("Votre groupe continue ici"),
        section(f"*Le groupe :* {members}\n*Pour vous suivre à distance :* {user(message.tutor_user)}"),
        section(
            "L’ancien canal n’est plus accessible. Vos dates, vos documents et vos séances restent les mêmes : "
            "rien n’est à refaire. Les prochains guides et les feuilles de présence paraissent ici."
        ),
        context("Ce canal est privé : seules les personnes citées ci-dessus en font partie."),
    ]
    return Drawn(f"{sentence} Rien n’est à refaire : la suite de votre programme paraît ici.", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "group_alert": _alert,
    "channel_moved": _moved,
}
