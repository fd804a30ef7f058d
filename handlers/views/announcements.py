"""Announcements: the form, the preview, what each person reads, and the admins' card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import AnnouncementShown
from handlers.views.french import day_and_hour, plural
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    divider,
    escape,
    header,
    input_field,
    modal,
    options,
    section,
    user,
)
from handlers.views.long_texts import sections
from handlers.views.nudges import ending
from programme.content import Content
from programme.messages.announcements import AnnouncementCard, AnnouncementWord
from programme.model.announcement import Audience
from programme.model.group import Group
from programme.model.nudge import Topic
from programme.rules.instants import PARIS
from programme.usecases.announcements import LONGEST, SHORTEST, Preview

TITLE = "Annonce"
AUDIENCES = {
    Audience.MEMBERS: "Toutes les personnes dont le contrat est en cours",
    Audience.GROUP: "Un groupe",
    Audience.WAITING: "Les personnes qui attendent un groupe",
}
TO = {
    "members": "à toutes les personnes inscrites",
    "group": "aux membres du {label}",
    "waiting": "aux personnes qui attendent un groupe",
}
SHOWN_GROUPS = 100
"""What Slack takes in one list; the newest groups come first."""


def form(groups: Sequence[Group]) -> View:
    """To whom, and what."""
    audiences = options({audience.value: label for audience, label in AUDIENCES.items()})
    newest = sorted(groups, key=lambda group: -group.number)[:SHOWN_GROUPS]
    words = PlainTextInputElement(action_id="text", multiline=True, min_length=SHORTEST, max_length=LONGEST)
    blocks: list[Block] = [
        input_field("audience", "À qui ?", RadioButtonsElement(action_id="audience", options=audiences)),
    ]
    if newest:
        chosen = StaticSelectElement(action_id="group", options=options({one.id: one.label for one in newest}))
        blocks.append(input_field("group", "Quel groupe ?", chosen, "Pour l’annonce à un groupe.", optional=True))
    blocks.append(input_field("text", "Votre annonce", words, "Elle part sous votre nom, en message direct."))
    return modal(Callback.ANNOUNCEMENT, TITLE, blocks, submit="Voir avant d’envoyer")


def preview_view(seen: Preview, shown: AnnouncementShown, content: Content) -> View:
    """Exactly what each person reads; its two buttons are named, as they would act on whoever looks."""
    people = plural(seen.people, "personne")
    unwilling = f", dont {seen.unwilling} qui n’en veulent pas et ne recevront rien" if seen.unwilling else ""
    drawn = [block for block in word(seen.word, content).blocks if not isinstance(block, ActionsBlock)]
    blocks: list[Block] = [
        section(f"Cette annonce part *dans dix minutes* à *{people}*{unwilling}. Voici ce que chaque personne lira :"),
        divider(),
        *drawn,
        context("Suivent deux boutons : « Pas avant lundi » et « Ne plus m’écrire ainsi »."),
        divider(),
        context(
            "Elle attend le message du jour de chaque personne, à l’heure qu’elle a choisie et jamais la nuit. "
            "Vous pouvez la rappeler depuis sa carte tant qu’elle n’est pas partie."
        ),
    ]
    metadata = shown.model_dump_json()
    return modal(Callback.ANNOUNCEMENT_SEEN, TITLE, blocks, submit="Envoyer l’annonce", metadata=metadata)


def word(message: AnnouncementWord, _content: Content) -> Drawn:
    """What each person reads."""
    to = TO[message.audience].format(label=escape(message.group_label))
    blocks: list[Block] = [
        header("Un mot de l’équipe"),
        *sections(message.text),
        context(f"Écrit par {user(message.from_user)} {to}. Pour répondre, cliquez sur ce nom."),
        *ending(Topic.ANNOUNCEMENT),
    ]
    return Drawn(f"Un mot de l’équipe : {clip(message.text, 300)}", blocks)


def _card(message: AnnouncementCard, _content: Content) -> Drawn:
    to = TO[message.audience].format(label=escape(message.group_label))
    people = plural(message.people, "personne")
    states = {
        "confirmed": f"Part le {day_and_hour(message.leaves_at, PARIS)}.",
        "sent": "Partie : chaque personne la reçoit à son heure.",
        "called_back": f"Rappelée par {user(message.called_back_by)}. Reçue avant par {message.reached} sur {people}.",
    }
    title = f"Annonce {to} ({people})"
    blocks: list[Block] = [
        section(f"*{title}*\nÉcrite par {user(message.from_user)}. {states[message.state]}"),
        *sections(message.text),
    ]
    if message.state != "called_back":
        dialog = confirm("Rappeler l’annonce ?", "Elle n’ira pas aux personnes qui ne l’ont pas encore.", "Rappeler")
        back = button("Rappeler l’annonce", Action.CALL_BACK_ANNOUNCEMENT, message.announcement_id, confirm=dialog)
        blocks.append(actions(back))
    return Drawn(f"{title}. {states[message.state]}", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"announcement_word": word, "announcement_card": _card}
