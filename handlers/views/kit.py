"""A thin layer over ``slack_sdk.models``: the few shapes that all views share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View


@dataclass(frozen=True)
class Drawn:
    """A message ready for Slack: ``text`` is the notification and the screen reader's summary, never empty."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    def payload(self) -> dict[str, Any]:
        """Return the arguments of ``chat.postMessage`` that this drawing gives."""
        return {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}


def escape(text: str) -> str:
    """Neutralise what Slack would read as markup: a member cannot write ``<!channel>`` through the bot."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Shorten to ``limit`` characters, ending with an ellipsis; applied before escaping."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def user(slack_user_id: str) -> str:
    """Mention a person."""
    return f"<@{slack_user_id}>"


def header(text: str) -> HeaderBlock:
    """A title."""
    return HeaderBlock(text=PlainTextObject(text=clip(text, 150)))


def section(text: str, accessory: InteractiveElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph in mrkdwn; what a person wrote must be escaped before."""
    return SectionBlock(text=MarkdownTextObject(text=text), accessory=accessory, block_id=block_id)


def fields(*texts: str) -> SectionBlock:
    """Two columns of short facts."""
    return SectionBlock(fields=[MarkdownTextObject(text=text) for text in texts])


def context(*texts: str) -> ContextBlock:
    """Small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=text) for text in texts])


def input_field(
    block_id: str,
    label: str,
    element: InputInteractiveElement | Any,
    hint: str = "",
    *,
    optional: bool = False,
) -> InputBlock:
    """A question of a form with its answer element; the block id is the name of the answer."""
    return InputBlock(
        block_id=block_id,
        label=PlainTextObject(text=label),
        element=element,
        hint=PlainTextObject(text=hint) if hint else None,
        optional=optional,
    )


def divider() -> DividerBlock:
    """A line."""
    return DividerBlock()


def actions(*elements: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons or selects."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def button(
    label: str,
    action_id: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: ConfirmObject | None = None,
    accessible: str | None = None,
) -> ButtonElement:
    """A button; ``accessible`` is read aloud where the label alone would be ambiguous."""
    return ButtonElement(
        text=PlainTextObject(text=label),
        action_id=action_id,
        value=value or None,
        style=style,
        url=url,
        confirm=confirm,
        accessibility_label=accessible,
    )


def confirm(title: str, text: str, yes: str, no: str = "Annuler") -> ConfirmObject:
    """A dialog before an act that cannot be undone (title 100, text 300, buttons 30 characters)."""
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=MarkdownTextObject(text=text),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text=no),
    )


def options(choices: Mapping[str, str]) -> list[Option]:
    """Options from value → label; labels are clipped to Slack's 75 characters."""
    return [Option(text=PlainTextObject(text=clip(label, 75)), value=value) for value, label in choices.items()]


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Fermer",
    metadata: str = "",
) -> View:
    """A modal (title and submit: 24 characters); ``metadata`` is typed JSON of ``handlers/payloads.py``."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=PlainTextObject(text=title),
        submit=PlainTextObject(text=submit) if submit else None,
        close=PlainTextObject(text=close),
        private_metadata=metadata,
        blocks=list(blocks),
    )
