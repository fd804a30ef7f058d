"""A document shown to the group: the post in its channel, and the confirmations around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from handlers.ids import Action
from handlers.views.french import listed
from handlers.views.kit import Drawn, button, clip, confirm, context, escape, section, user
from programme.content import Content
from programme.messages.sharing import DocumentShared
from programme.usecases.document_sharing import Audience

CONFIRMATION = 300
NAME = 20


def share_button(document_id: str, version: int, readers: Audience) -> ButtonElement:
    """Share, after having read who will see it."""
    names = [escape(clip(name, NAME)) for name in readers.first_names]
    people = listed([*names, *([user(readers.tutor_user)] if readers.tutor_user else [])])
    text = (
        f"Pourront lire ce document dans le canal : {people}, et toute autre personne qui s’y trouve. "
        "Vous pourrez le retirer, mais pas ce qui aura déjà été lu ou copié."
    )
    ask = confirm("Partager avec mon groupe ?", clip(text, CONFIRMATION), "Partager")
    return button(f"Partager la version {version} avec mon groupe", Action.SHARE_DOCUMENT, document_id, confirm=ask)


def revoke_button(document_id: str) -> ButtonElement:
    """Take back, after having read what cannot be."""
    text = (
        "Le message et les fichiers disparaissent du canal. "
        "Ce que les autres ont déjà lu, téléchargé, copié ou répondu ne peut pas être repris."
    )
    ask = confirm("Retirer du groupe ?", text, "Retirer")
    return button("Retirer du groupe", Action.REVOKE_SHARE, document_id, style="danger", confirm=ask)


def _shared(message: DocumentShared, _content: Content) -> Drawn:
    title = clip(message.title, 150)
    text = f"Un document est partagé avec le groupe : « {title} », version {message.version}."
    said = f"{user(message.author_user)} partage « {escape(title)} », version {message.version}, avec le groupe."
    shown = section(said)
    note = context("Le document est dans le fil. Il reste à la personne qui l’a écrit : ne le faites pas circuler.")
    return Drawn(text, [shown, note])


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {"document_shared": _shared}
