"""The form of « Remettre ce fichier »."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextObject, StaticSelectElement
from slack_sdk.models.views import View

from handlers.ids import Callback
from handlers.payloads import FilesOffered
from handlers.views.kit import clip, escape, modal, options, section
from programme.usecases.file_shortcut import Choice

OWN = "own"


def offer(choice: Choice) -> View:
    """Which files, and for which worksheet."""
    files = "\n".join(f"• {escape(clip(name, 100))}" for _, name, _ in choice.offered.files)
    choices = {OWN: "Aucune : un document de mon choix"} | choice.worksheets
    listed: list[Option] = options(choices)[:100]
    start = next((one for one in listed if one.value == choice.named), listed[0])
    select = StaticSelectElement(action_id="worksheet", options=listed, initial_option=start)
    blocks: list[Block] = [
        section(f"Ces fichiers iront à la personne qui vous accompagne à distance, et à personne d’autre :\n{files}"),
        InputBlock(block_id="worksheet", label=PlainTextObject(text="Pour quelle fiche ?"), element=select),
    ]
    metadata = FilesOffered(**vars(choice.offered)).model_dump_json()
    return modal(Callback.FILES_OFFERED, "Remettre ce fichier", blocks, submit="Remettre", metadata=metadata)
