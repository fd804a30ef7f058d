"""Carrying out one effect through the ports: no transaction is open here, except to read what the effect names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programme.effects import (
    ArchiveChannel,
    Attachment,
    ChargeInstalment,
    CloseCheckout,
    DescribeChannel,
    Edit,
    Effect,
    EraseContents,
    FetchFiles,
    InviteToChannel,
    LearnPerson,
    LetCardGo,
    LookUpLink,
    MakeExport,
    OpenCheckout,
    OpenGroupChannel,
    OpenInstalmentPage,
    Post,
    PublishHome,
    RemoveFiles,
    RemoveFromChannel,
    SendMail,
    SendRefund,
    SetBookmark,
    ShareFiles,
    SharePrinted,
    ShowChart,
    ShowMap,
    StopInstalment,
    TakeBack,
)
from programme.errors import Permanent, Retryable
from programme.ports import Ports, Receipt
from programme.usecases import (
    channel_life,
    collecting,
    data_export,
    files,
    home,
    instalment_outcomes,
    instalment_pages,
    maps,
    payments,
    refunds,
    week_charts,
    worksheet_prints,
)

PICTURE_NAMES = {"show_map": "groupe.png", "show_chart": "semaine.png"}


@dataclass(frozen=True)
class Attempt:
    """One try at one effect; after an uncertain one, ``first`` is False and the outside is searched before acting."""

    key: str
    effect: Effect
    first: bool


def carry_out(ports: Ports, attempt: Attempt) -> Receipt:
    """Do what the effect says; raises Retryable or Permanent."""
    effect = attempt.effect
    if isinstance(effect, StripeEffect):
        return Receipt(extra=_at_stripe(ports, attempt.key, effect))
    match effect:
        case Post():
            return _post(ports, attempt, effect)
        case Edit():
            return _edit(ports, effect)
        case PublishHome():
            ports.workspace.publish_home(effect.slack_user_id, home.compose(ports, effect.slack_user_id))
            return Receipt()
        case LearnPerson():
            person = ports.workspace.person(effect.slack_user_id)
            with ports.uow() as uow:
                person.refreshed_at = ports.clock.now()
                uow.people.save(person)
            return Receipt()
        case SendMail():
            return _mail(ports, attempt.key, effect)
        case ShareFiles() | SharePrinted() | ShowMap() | ShowChart() | RemoveFiles() | TakeBack():
            return _file_effect(ports, attempt, effect)
        case FetchFiles() | LookUpLink():
            return Receipt(extra=_looked_up(ports, effect))
        case MakeExport() | EraseContents():
            return Receipt(extra=_with_data(ports, effect))
        case _:
            return _channel_effect(ports, effect)


def _looked_up(ports: Ports, effect: FetchFiles | LookUpLink) -> dict[str, Any]:
    if isinstance(effect, FetchFiles):
        return files.fetch(ports, effect)
    try:
        return {"link": ports.workspace.permalink(effect.channel, effect.ts)}
    except Permanent:
        return {"link": ""}


StripeEffect = (
    OpenCheckout | CloseCheckout | SendRefund | ChargeInstalment | OpenInstalmentPage | StopInstalment | LetCardGo
)


def _at_stripe(ports: Ports, key: str, effect: StripeEffect) -> dict[str, Any]:
    match effect:
        case OpenCheckout():
            return payments.open_checkout(ports, effect.order_id, effect.attempt)
        case CloseCheckout():
            return payments.close_checkout(ports, effect.checkout_id)
        case ChargeInstalment():
            return collecting.carry_out(ports, effect.payment_id, key)
        case OpenInstalmentPage():
            return instalment_pages.carry_out(ports, effect.payment_id, effect.attempt, key)
        case StopInstalment():
            return instalment_outcomes.give_up(ports, effect.payment_id)
        case SendRefund():
            return refunds.carry_out(ports, effect.refund_id, key)
        case LetCardGo():
            ports.payments.detach_card(effect.card_id, key=key)
            return {}


def _with_data(ports: Ports, effect: MakeExport | EraseContents) -> dict[str, Any]:
    if isinstance(effect, MakeExport):
        return data_export.make(ports, effect.export_id)
    for digest in effect.digests:
        ports.files.erase(digest)
    return {}


ChannelEffect = OpenGroupChannel | DescribeChannel | SetBookmark | InviteToChannel | RemoveFromChannel | ArchiveChannel


FileEffect = ShareFiles | SharePrinted | ShowMap | ShowChart | RemoveFiles | TakeBack


def _file_effect(ports: Ports, attempt: Attempt, effect: FileEffect) -> Receipt:
    match effect:
        case ShareFiles() | SharePrinted():
            return _share(ports, attempt, effect)
        case TakeBack():
            return _take_back(ports, effect)
        case ShowMap():
            return _show_map(ports, attempt, effect)
        case ShowChart():
            chart = week_charts.compose(effect)
            return _show_picture(ports, attempt, effect, chart.title, chart.alt, lambda: week_charts.draw(ports, chart))
        case RemoveFiles():
            return _remove(ports, effect)


def _channel_effect(ports: Ports, effect: ChannelEffect) -> Receipt:
    if isinstance(effect, OpenGroupChannel):
        channel, name = ports.workspace.create_channel(effect.name)
        return Receipt(channel=channel, extra={"channel_id": channel, "name": name})
    if isinstance(effect, ArchiveChannel):
        with ports.reading() as uow:
            closing = uow.groups.get(effect.group_id)
        if closing.channel_id and closing.channel_trouble != "bot_removed":
            ports.workspace.archive(closing.channel_id)
        return Receipt()
    channel = _channel(ports, f"group:{effect.group_id}")
    with channel_life.noticing(ports, f"group:{effect.group_id}"):
        match effect:
            case DescribeChannel():
                ports.workspace.describe(channel, topic=effect.topic)
            case SetBookmark():
                url = ports.workspace.permalink(*_where(ports, effect.post_key)) if effect.post_key else effect.url
                ports.workspace.bookmark(channel, title=effect.title, url=url, emoji=effect.emoji)
            case InviteToChannel():
                return Receipt(extra={"failures": dict(ports.workspace.invite(channel, effect.users))})
            case RemoveFromChannel():
                ports.workspace.kick(channel, effect.user)
    return Receipt()


def _edit(ports: Ports, effect: Edit) -> Receipt:
    """Redraw a post; one in a group's channel that was archived, or that we were removed from, stays as it is."""
    channel, ts = _where(ports, effect.post_key)
    try:
        ports.workspace.edit(channel, ts, effect.message)
    except Permanent as error:
        if not (channel_life.is_gone(error) and _is_of_a_group(ports, channel)):
            raise
    return Receipt()


def _is_of_a_group(ports: Ports, channel: str) -> bool:
    return channel not in {ports.config.admin_channel, ports.config.tutor_channel} and not channel.startswith("D")


def _post(ports: Ports, attempt: Attempt, effect: Post) -> Receipt:
    with channel_life.noticing(ports, effect.to):
        return _say(ports, attempt, effect)


def _say(ports: Ports, attempt: Attempt, effect: Post) -> Receipt:
    channel = _channel(ports, effect.to)
    thread_ts = ""
    if effect.in_reply_to:
        channel, thread_ts = _where(ports, effect.in_reply_to)
    receipt = None if attempt.first else ports.workspace.find_posted(channel, attempt.key, thread_ts)
    receipt = receipt or ports.workspace.post(channel, effect.message, key=attempt.key, thread_ts=thread_ts)
    if effect.pin:
        ports.workspace.pin(receipt.channel, receipt.ts)
    return receipt


def _where(ports: Ports, post_key: str) -> tuple[str, str]:
    """Return channel and ts of an earlier post; Retryable while it has not been sent."""
    with ports.reading() as uow:
        row = uow.outbox.get(post_key)
    if row is None:
        raise Permanent(f"no post {post_key}")
    if not row.receipt_ts:
        wait = (row.due_at - ports.clock.now()).total_seconds()  # a post may wait for the morning
        raise Retryable(f"{post_key} is not posted yet", after=max(2.0, wait))
    return row.receipt_channel, row.receipt_ts


def _channel(ports: Ports, destination: str) -> str:
    kind, _, name = destination.partition(":")
    match kind:
        case "user":
            return ports.workspace.direct_channel(name)
        case "channel":
            return name
        case "admins" | "tutors":
            channel = ports.config.admin_channel if kind == "admins" else ports.config.tutor_channel
        case "group":
            channel = _group_channel(ports, name)
        case _:
            raise Permanent(f"unknown destination {destination}")
    if not channel:
        raise Permanent(f"no channel for {destination}")
    return channel


def _group_channel(ports: Ports, group_id: str) -> str:
    """Return a group's channel; while nothing can be said in it, what is to be said waits."""
    with ports.reading() as uow:
        group = uow.groups.get(group_id)
    if group.channel_trouble:
        raise Retryable(f"channel {group.channel_trouble}", after=channel_life.TROUBLE_PAUSE)
    return group.channel_id


def _mail(ports: Ports, key: str, effect: SendMail) -> Receipt:
    attachments = [(part.filename, _attached(ports, part)) for part in effect.attachments]
    message_id = f"<{key.replace(':', '.')}@{ports.config.mail_domain}>"
    ports.mailer.send(
        to=effect.to, template=effect.template, data=effect.data, attachments=attachments, message_id=message_id
    )
    return Receipt(extra={"message_id": message_id})


def _attached(ports: Ports, part: Attachment) -> bytes:
    return ports.files.read(part.sha256) if part.sha256 else ports.printer.render(part.template, part.data)


def _share(ports: Ports, attempt: Attempt, effect: ShareFiles | SharePrinted) -> Receipt:
    """Upload, note what was uploaded, then let all of it appear at once: a lost answer never shows a file twice."""
    channel, thread_ts = _where(ports, effect.in_reply_to) if effect.in_reply_to else (_channel(ports, effect.to), "")
    uploaded = _uploaded(ports, attempt.key)
    if uploaded and ports.workspace.is_shared(next(iter(uploaded)), channel):
        return Receipt()
    if not uploaded:
        uploaded = _upload(ports, attempt.key, effect)
    ports.workspace.share_files(channel, uploaded, thread_ts=thread_ts)
    return Receipt()


def _show_map(ports: Ports, attempt: Attempt, effect: ShowMap) -> Receipt:
    drawn = maps.compose(ports, effect.group_id)
    if drawn is None:
        return Receipt()
    return _show_picture(
        ports,
        attempt,
        effect,
        drawn.title,
        drawn.alt,
        lambda: ports.pictures.group_map(title=drawn.title, sketch=drawn.sketch, slots=drawn.slots),
    )


def _show_picture(
    ports: Ports, attempt: Attempt, effect: ShowMap | ShowChart, title: str, alt: str, draw: Callable[[], bytes]
) -> Receipt:
    """Draw, upload and show a picture in a thread; after a lost answer it is neither drawn nor shown twice."""
    channel, thread_ts = _where(ports, effect.in_reply_to)
    uploaded = _uploaded(ports, attempt.key)
    if uploaded and ports.workspace.is_shared(next(iter(uploaded)), channel):
        return Receipt()
    if not uploaded:
        uploaded = {ports.workspace.upload_file(PICTURE_NAMES[effect.kind], draw(), alt=alt): title}
        _note_uploaded(ports, attempt.key, uploaded)
    ports.workspace.share_files(channel, uploaded, thread_ts=thread_ts)
    return Receipt()


def _uploaded(ports: Ports, key: str) -> dict[str, str]:
    with ports.reading() as uow:
        row = uow.outbox.get(key)
        return dict(row.receipt.get("uploaded") or {}) if row else {}


def _upload(ports: Ports, key: str, effect: ShareFiles | SharePrinted) -> dict[str, str]:
    if isinstance(effect, SharePrinted):
        contents = [(name, content, "") for name, content in worksheet_prints.compose(ports, effect)]
    else:
        contents = _stored(ports, effect)
    uploaded = {ports.workspace.upload_file(name, content, alt=alt): name for name, content, alt in contents}
    _note_uploaded(ports, key, uploaded)
    return uploaded


def _stored(ports: Ports, effect: ShareFiles) -> list[tuple[str, bytes, str]]:
    with ports.reading() as uow:
        files = [uow.documents.file(file_id) for file_id in effect.file_ids]
    return [(file.name, ports.files.read(file.sha256), effect.alts.get(file.id, "")) for file in files]


def _note_uploaded(ports: Ports, key: str, uploaded: dict[str, str]) -> None:
    with ports.uow() as uow:
        row = uow.outbox.get(key)
        if row is not None:
            row.receipt = {**row.receipt, "uploaded": uploaded}


def _remove(ports: Ports, effect: RemoveFiles) -> Receipt:
    """Uploads stand in the order of the files that were shared."""
    with ports.reading() as uow:
        row = uow.outbox.get(effect.share_key)
        shared = row.effect["file_ids"] if row else []
        uploaded = list((row.receipt.get("uploaded") or {}) if row else {})
    for file_id, slack_file_id in zip(shared, uploaded, strict=False):
        if file_id in effect.file_ids:
            ports.workspace.delete_file(slack_file_id)
    return Receipt()


def _take_back(ports: Ports, effect: TakeBack) -> Receipt:
    """Both left by the same lane before this: what has no receipt never appeared."""
    for slack_file_id in _uploaded(ports, effect.files_key):
        ports.workspace.delete_file(slack_file_id)
    with ports.reading() as uow:
        row = uow.outbox.get(effect.post_key)
    if row is not None and row.receipt_ts:
        try:
            ports.workspace.delete(row.receipt_channel, row.receipt_ts)
        except Permanent as error:
            if not channel_life.is_gone(error):
                raise  # in an archived channel, only the files can still be taken away
    return Receipt()
