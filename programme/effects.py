"""What must happen outside: the contents of the outbox, one model an effect.

A destination is ``user:U…`` (their direct messages), ``channel:C…``, ``group:grp_…`` (its channel), ``tutors`` or
``admins``. ``in_reply_to`` and ``post_key`` are outbox keys: the receipt of that row says where the thread or post is.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from programme.messages import Message
from programme.messages.reports import GroupWeek


class _Effect(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Post(_Effect):
    """Say a message once; ``pin`` keeps it at hand in its channel."""

    kind: Literal["post"] = "post"
    to: str
    message: Message
    in_reply_to: str = ""
    pin: bool = False


class Edit(_Effect):
    """Redraw a post in place; edits do not ping."""

    kind: Literal["edit"] = "edit"
    post_key: str
    message: Message


class OpenGroupChannel(_Effect):
    """Create the private channel of a group; the topic, people and bookmarks follow once it exists."""

    kind: Literal["open_group_channel"] = "open_group_channel"
    group_id: str
    name: str


class DescribeChannel(_Effect):
    """Write the topic above a group's channel."""

    kind: Literal["describe_channel"] = "describe_channel"
    group_id: str
    topic: str


class SetBookmark(_Effect):
    """Put a link above a group's channel, once for each title; ``post_key`` names one of our posts to link to.

    Without url and post_key, the link is taken away.
    """

    kind: Literal["set_bookmark"] = "set_bookmark"
    group_id: str
    title: str
    url: str = ""
    post_key: str = ""
    emoji: str = ""


class RemoveFromChannel(_Effect):
    """Take somebody out of a group's channel; somebody who is not in it is no error."""

    kind: Literal["remove_from_channel"] = "remove_from_channel"
    group_id: str
    user: str


class InviteToChannel(_Effect):
    """Invite people to a group's channel; those already in it are no error."""

    kind: Literal["invite_to_channel"] = "invite_to_channel"
    group_id: str
    users: tuple[str, ...]


class ArchiveChannel(_Effect):
    """Close a group's channel for ever: a bot cannot unarchive."""

    kind: Literal["archive_channel"] = "archive_channel"
    group_id: str


class PublishHome(_Effect):
    """Redraw a person's App Home."""

    kind: Literal["publish_home"] = "publish_home"
    slack_user_id: str


class LearnPerson(_Effect):
    """Ask Slack who a person is (name, e-mail, zone, active)."""

    kind: Literal["learn_person"] = "learn_person"
    slack_user_id: str


class OpenCheckout(_Effect):
    """Create the Stripe Checkout session of an order."""

    kind: Literal["open_checkout"] = "open_checkout"
    order_id: str
    attempt: int


class CloseCheckout(_Effect):
    """Let an order's open Checkout session expire, as the contract has ended."""

    kind: Literal["close_checkout"] = "close_checkout"
    order_id: str
    checkout_id: str


class ChargeInstalment(_Effect):
    """Debit a later instalment from the member's card, without them; the outbox key is the idempotency key."""

    kind: Literal["charge_instalment"] = "charge_instalment"
    payment_id: str


class OpenInstalmentPage(_Effect):
    """Open the page on which a member pays a later instalment themselves."""

    kind: Literal["open_instalment_page"] = "open_instalment_page"
    payment_id: str
    attempt: int


class StopInstalment(_Effect):
    """Close at Stripe whatever could still pay an instalment of a contract that has ended."""

    kind: Literal["stop_instalment"] = "stop_instalment"
    payment_id: str


class LetCardGo(_Effect):
    """Detach a card that was kept for later instalments, once nothing needs it; already detached is fine."""

    kind: Literal["let_card_go"] = "let_card_go"
    order_id: str
    card_id: str


class SendRefund(_Effect):
    """Send back one charge's part of a refund, by the means of payment that was used (L221-24)."""

    kind: Literal["send_refund"] = "send_refund"
    refund_id: str


class Attachment(BaseModel):
    """A PDF drawn when the mail leaves: a template of ``content/documents`` and its data.

    With ``sha256``, a content of our store instead: bytes that were kept leave as they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filename: str
    template: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    sha256: str = ""


class SendMail(_Effect):
    """Send an e-mail; ``template`` is a mail of ``content/mails``."""

    kind: Literal["send_mail"] = "send_mail"
    to: str
    template: str
    data: dict[str, Any]
    attachments: tuple[Attachment, ...] = ()


class ShowMap(_Effect):
    """Draw the sketch of a proposal as it is when it leaves, and put it into the thread of its card."""

    kind: Literal["show_map"] = "show_map"
    group_id: str
    in_reply_to: str


class ShowChart(_Effect):
    """Draw where these groups stand, and put the picture into the thread of the week's report."""

    kind: Literal["show_chart"] = "show_chart"
    week: str
    groups: tuple[GroupWeek, ...]
    in_reply_to: str


class ShareFiles(_Effect):
    """Put files of our store into a thread or a direct message; ``alts`` describes pictures, by file id."""

    kind: Literal["share_files"] = "share_files"
    to: str
    file_ids: tuple[str, ...]
    in_reply_to: str = ""
    alts: dict[str, str] = Field(default_factory=dict)


PrintFormat = Literal["pdf", "docx"]


class SharePrinted(_Effect):
    """Draw a version of a worksheet, or its blank template (no ``document_id``), and let the files appear.

    ``edition`` is the version of the worksheets to which the template belongs.
    """

    kind: Literal["share_printed"] = "share_printed"
    to: str
    worksheet: str
    edition: str = ""
    document_id: str = ""
    number: int = 0
    formats: tuple[PrintFormat, ...]
    in_reply_to: str = ""


class TakeBack(_Effect):
    """Delete a post of ours (``post_key``) and the files that appeared with it (``files_key``)."""

    kind: Literal["take_back"] = "take_back"
    post_key: str
    files_key: str


class RemoveFiles(_Effect):
    """Take files back that an earlier ``ShareFiles`` (``share_key``) let appear; ``file_ids`` are ours."""

    kind: Literal["remove_files"] = "remove_files"
    share_key: str
    file_ids: tuple[str, ...]


class MakeExport(_Effect):
    """Gather the copy of a person's data into one file of our store."""

    kind: Literal["make_export"] = "make_export"
    export_id: str


class EraseContents(_Effect):
    """Delete contents of our store for good, once what named them is gone."""

    kind: Literal["erase_contents"] = "erase_contents"
    digests: tuple[str, ...]


class FetchFiles(_Effect):
    """Read files that a person shared with us into our own store; ``purpose`` says what waits for them.

    ``source`` is ``channel:ts`` of the message that carried them, or the form. ``document_id`` is that of a remark or a
    reply, the line of an absence, or the outbox key of an exemption's card; a file handed in has none yet, and carries
    the ``worksheet`` its message named ("F09-2") and the message as ``note``.
    ``names`` keeps what the event called the files, for those that turn out to be unreadable.
    """

    kind: Literal["fetch_files"] = "fetch_files"
    purpose: Literal["document", "remark", "reply", "absence", "exemption"]
    user: str
    source: str
    slack_file_ids: tuple[str, ...]
    names: dict[str, str] = Field(default_factory=dict)
    document_id: str = ""
    worksheet: str = ""
    note: str = ""


class LookUpLink(_Effect):
    """Ask Slack for the address of the message that a question is about; one that is gone has none."""

    kind: Literal["look_up_link"] = "look_up_link"
    question_id: str
    channel: str
    ts: str


Effect = Annotated[
    Post
    | Edit
    | OpenGroupChannel
    | DescribeChannel
    | SetBookmark
    | RemoveFromChannel
    | InviteToChannel
    | ArchiveChannel
    | PublishHome
    | LearnPerson
    | OpenCheckout
    | CloseCheckout
    | ChargeInstalment
    | OpenInstalmentPage
    | StopInstalment
    | LetCardGo
    | SendRefund
    | SendMail
    | ShareFiles
    | ShowMap
    | ShowChart
    | RemoveFiles
    | SharePrinted
    | TakeBack
    | MakeExport
    | EraseContents
    | FetchFiles
    | LookUpLink,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Effect] = TypeAdapter(Effect)


def dump(effect: Effect) -> dict[str, Any]:
    """Return the effect as JSON-ready data for its outbox row."""
    return effect.model_dump(mode="json")


def load(data: dict[str, Any]) -> Effect:
    """Read an effect back from its outbox row; pydantic.ValidationError if the row is damaged."""
    return _ADAPTER.validate_python(data)
