"""Carrying out one effect through the ports: no transaction is open here, except to read what the effect names."""

from __future__ import annotations

from dataclasses import dataclass

from programme.effects import (
    ArchiveChannel,
    Edit,
    Effect,
    FetchFiles,
    InviteToChannel,
    LearnPerson,
    OpenCheckout,
    OpenGroupChannel,
    Post,
    PublishHome,
    SendMail,
    ShareFiles,
)
from programme.errors import Permanent, Retryable
from programme.ports import Ports, Receipt
from programme.usecases import files, home, payments


@dataclass(frozen=True)
class Attempt:
    """One try at one effect; after an uncertain one, ``first`` is False and the outside is searched before acting."""

    key: str
    effect: Effect
    first: bool


def carry_out(ports: Ports, attempt: Attempt) -> Receipt:
    """Do what the effect says; raises Retryable or Permanent."""
    effect = attempt.effect
    match effect:
        case Post():
            return _post(ports, attempt, effect)
        case Edit():
            channel, ts = _where(ports, effect.post_key)
            ports.workspace.edit(channel, ts, effect.message)
            return Receipt()
        case PublishHome():
            ports.workspace.publish_home(effect.slack_user_id, home.compose(ports, effect.slack_user_id))
            return Receipt()
        case LearnPerson():
            person = ports.workspace.person(effect.slack_user_id)
            with ports.uow() as uow:
                person.refreshed_at = ports.clock.now()
                uow.people.save(person)
            return Receipt()
        case OpenCheckout():
            return Receipt(extra=payments.open_checkout(ports, effect.order_id, effect.attempt))
        case SendMail():
            return _mail(ports, attempt.key, effect)
        case ShareFiles():
            return _share(ports, attempt, effect)
        case FetchFiles():
            return Receipt(extra=files.fetch(ports, effect))
        case _:
            return _channel_effect(ports, effect)


def _channel_effect(ports: Ports, effect: OpenGroupChannel | InviteToChannel | ArchiveChannel) -> Receipt:
    match effect:
        case OpenGroupChannel():
            channel, name = ports.workspace.create_channel(effect.name)
            ports.workspace.describe(channel, topic=effect.topic)
            return Receipt(channel=channel, extra={"channel_id": channel, "name": name})
        case InviteToChannel():
            failures = ports.workspace.invite(_channel(ports, f"group:{effect.group_id}"), effect.users)
            return Receipt(extra={"failures": dict(failures)})
        case ArchiveChannel():
            ports.workspace.archive(_channel(ports, f"group:{effect.group_id}"))
            return Receipt()


def _post(ports: Ports, attempt: Attempt, effect: Post) -> Receipt:
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
        raise Retryable(f"{post_key} is not posted yet", after=2)
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
            with ports.reading() as uow:
                channel = uow.groups.get(name).channel_id
        case _:
            raise Permanent(f"unknown destination {destination}")
    if not channel:
        raise Permanent(f"no channel for {destination}")
    return channel


def _mail(ports: Ports, key: str, effect: SendMail) -> Receipt:
    attachments = [(part.filename, ports.printer.render(part.template, part.data)) for part in effect.attachments]
    message_id = f"<{key.replace(':', '.')}@{ports.config.mail_domain}>"
    ports.mailer.send(
        to=effect.to, template=effect.template, data=effect.data, attachments=attachments, message_id=message_id
    )
    return Receipt(extra={"message_id": message_id})


def _share(ports: Ports, attempt: Attempt, effect: ShareFiles) -> Receipt:
    """Upload, note what was uploaded, then let all of it appear at once: a lost answer never shows a file twice."""
    channel, thread_ts = _where(ports, effect.in_reply_to) if effect.in_reply_to else (_channel(ports, effect.to), "")
    uploaded = _uploaded(ports, attempt.key)
    if uploaded and ports.workspace.is_shared(next(iter(uploaded)), channel):
        return Receipt()
    if not uploaded:
        uploaded = _upload(ports, attempt.key, effect)
    ports.workspace.share_files(channel, uploaded, thread_ts=thread_ts)
    return Receipt()


def _uploaded(ports: Ports, key: str) -> dict[str, str]:
    with ports.reading() as uow:
        row = uow.outbox.get(key)
        return dict(row.receipt.get("uploaded") or {}) if row else {}


def _upload(ports: Ports, key: str, effect: ShareFiles) -> dict[str, str]:
    with ports.reading() as uow:
        files = [uow.documents.file(file_id) for file_id in effect.file_ids]
    uploaded = {ports.workspace.upload_file(file.name, ports.files.read(file.sha256)): file.name for file in files}
    with ports.uow() as uow:
        row = uow.outbox.get(key)
        if row is not None:
            row.receipt = {**row.receipt, "uploaded": uploaded}
    return uploaded
