"""``/bilan-document``: the list of one's documents with their states, then one document with its versions."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.views.documents import STATES, file_lines, worksheet_value
from handlers.views.french import appointment, day_and_hour
from handlers.views.kit import actions, button, clip, context, divider, escape, modal, section
from handlers.views.long_texts import sections
from handlers.views.sharing import revoke_button, share_button
from programme.rules.instants import PARIS
from programme.usecases.document_pages import DocumentPage, VersionLine
from programme.usecases.documents import MyDocument

TITLE = "Mes documents"
LISTED = 90
VERSIONS_SHOWN = 8
REMARKS_SHOWN = 6_000


def my_documents(documents: Sequence[MyDocument]) -> View:
    """One line a document: what it is, where it stands, and the way into it."""
    if not documents:
        nothing = "Aucune fiche n’est encore ouverte : chacune s’ouvre avec le guide de sa séance."
        return modal("my_documents", TITLE, [section(nothing)])
    lines: list[Block] = [
        section(
            f"*{escape(clip(one.title, 150))}*\n{standing(one)}",
            button("Ouvrir", Action.OPEN_DOCUMENT, reference(one), accessible=clip(f"Ouvrir {one.title}", 75)),
        )
        for one in documents[-LISTED:]
    ]
    how = "Pour rendre un fichier, déposez-le dans vos messages avec le robot. Cette liste n’est visible que de vous."
    return modal("my_documents", TITLE, [*lines, context(how)])


def reference(document: MyDocument) -> str:
    """What names the document: its worksheet and copy, or its id when it is a file."""
    if document.worksheet:
        return worksheet_value(document.worksheet, document.copy_number)
    return document.document_id


def standing(document: MyDocument | DocumentPage) -> str:
    """« à reprendre · brouillon en cours »."""
    state = STATES[document.state] if document.state else "pas encore rendu"
    return f"{state} · brouillon en cours" if document.pending else state


def one_document(page: DocumentPage) -> View:
    """Its state, what can be done with it, and its versions, the newest first, with their remarks."""
    blocks: list[Block] = [section(f"*{escape(clip(page.title, 150))}*\nÉtat : *{standing(page)}*")]
    if page.due_at:
        blocks.append(section(f"Vous aurez un retour au plus tard {appointment(page.due_at, PARIS)}."))
    blocks += [*_acts(page), *_sharing(page)]
    for version in reversed(page.versions[-VERSIONS_SHOWN:]):
        blocks += _version(version)
    return modal("my_document", TITLE, blocks[:100])


def _acts(page: DocumentPage) -> list[Block]:
    value = worksheet_value(page.worksheet, page.copy_number)
    elements: list[InteractiveElement] = []
    if page.fillable:
        label = "Continuer mon brouillon" if page.pending else "Reprendre la fiche" if page.versions else "Remplir"
        elements.append(button(label, Action.OPEN_WORKSHEET, value, style="primary"))
    if page.printable:
        elements.append(button("Recevoir en PDF", Action.VERSION_PDF, page.document_id))
        elements.append(button("Recevoir en DOCX", Action.VERSION_DOCX, page.document_id))
    blocks: list[Block] = [actions(*elements)] if elements else []
    if page.worksheet:
        blocks.append(
            actions(
                button("Fiche vierge en PDF", Action.BLANK_PDF, page.worksheet),
                button("Fiche vierge en DOCX", Action.BLANK_DOCX, page.worksheet),
            )
        )
    return blocks


def _sharing(page: DocumentPage) -> list[Block]:
    """Who reads it now, and the author's way to change that."""
    if not page.versions:
        return []
    latest = page.versions[-1].number
    reads = f"Votre groupe peut lire la version {page.shared}." if page.shared else "Votre groupe ne le voit pas."
    elements: list[InteractiveElement] = []
    if page.audience and page.shared != latest:
        elements.append(share_button(page.document_id, latest, page.audience))
    if page.shared:
        elements.append(revoke_button(page.document_id))
    return [section(f"*Partage*\n{reads}"), *([actions(*elements)] if elements else [])]


def _version(version: VersionLine) -> list[Block]:
    kept = "" if version.handed_in else ", gardée pour vous"
    title = f"*Version {version.number}*, {day_and_hour(version.submitted_at, PARIS)}{kept}"
    blocks: list[Block] = [divider(), section(title)]
    if version.files:
        blocks.append(section(file_lines(version.files)))
    if version.remarks:
        blocks += [section("_Observations_"), *sections(clip("\n\n".join(version.remarks), REMARKS_SHOWN))]
    elif version.handed_in:
        blocks.append(context("Pas d’observation sur cette version."))
    if version.sha256:
        blocks.append(context(f"Empreinte SHA-256 : `{version.sha256}`"))
    return blocks
