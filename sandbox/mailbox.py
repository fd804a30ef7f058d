"""A mail server that delivers nothing: it takes every message and keeps it, readable.

A message that comes twice is kept twice, so that a sender's idempotence can be checked by Message-ID.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.clock import Clock, show_instant
from sandbox.faults import Fault, Faults
from sandbox.record import Recorder

ACCEPTED = "250 2.0.0 OK"
REFUSED = "550 5.1.1 The mailbox refuses this message"
TRY_LATER = "451 4.3.0 Try again later"
MAX_BYTES = 33_554_432


@dataclass(frozen=True)
class Mail:
    """One message as it came in; ``sender`` and ``recipients`` are those of the envelope."""

    number: int
    received: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    size: int

    @property
    def message_id(self) -> str | None:
        """The Message-ID header, with its angle brackets."""
        return _header(self.message, "Message-ID")

    def body(self, kind: str) -> str | None:
        """The text of the first part of this kind (``plain`` or ``html``); None when there is none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else None

    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, media type and contents of each attachment."""
        return [
            (part.get_filename() or f"part-{index}", part.get_content_type(), _contents(part))
            for index, part in enumerate(self.message.iter_attachments())
        ]


class Mailbox:
    """All mail received, oldest first, numbered from 1."""

    def __init__(self, clock: Clock, recorder: Recorder, faults: Faults) -> None:
        self._clock = clock
        self._recorder = recorder
        self._faults = faults
        self._mails: list[Mail] = []
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen for SMTP; answers the port (a free one when ``port`` is 0)."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _protocol(self) -> SMTP:
        return SMTP(self, hostname="sandbox.localhost", data_size_limit=MAX_BYTES, enable_SMTPUTF8=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take or refuse one message, as the faults say."""
        began = time.perf_counter()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        faults = {fault.kind: fault for fault in self._faults.take("smtp", "DATA")}
        await _delay(faults.get("delay"))
        answer = _refusal(faults) or ACCEPTED
        if answer == ACCEPTED and "drop" not in faults:
            self._keep(envelope, message, len(content))
        self._record(envelope, message, answer, (time.perf_counter() - began) * 1000)
        if "disconnect" in faults and server.transport is not None:
            server.transport.close()
        return answer

    def _keep(self, envelope: Envelope, message: EmailMessage, size: int) -> None:
        recipients = tuple(str(recipient) for recipient in envelope.rcpt_tos)
        number, sender = len(self._mails) + 1, str(envelope.mail_from or "")
        self._mails.append(Mail(number, self._clock.now(), sender, recipients, message, size))

    def _record(self, envelope: Envelope, message: EmailMessage, answer: str, ms: float) -> None:
        arguments = {
            "from": envelope.mail_from,
            "to": list(envelope.rcpt_tos),
            "subject": _header(message, "Subject"),
            "message_id": _header(message, "Message-ID"),
        }
        self._recorder.record(
            service="smtp", method="DATA", arguments=arguments, status=int(answer[:3]), answer=answer, ms=ms
        )

    def mails(self, to: str | None = None) -> list[Mail]:
        """The mail to an address (compared without case), or all of it."""
        wanted = to.casefold() if to else None
        return [m for m in self._mails if wanted is None or wanted in {r.casefold() for r in m.recipients}]

    def mail(self, number: int) -> Mail:
        """One mail; raises LookupError."""
        if not 0 < number <= len(self._mails):
            raise LookupError(f"there is no mail {number}")
        return self._mails[number - 1]

    def clear(self) -> None:
        """Throw everything away."""
        self._mails.clear()

    def answer(self, mail: Mail) -> dict[str, Any]:
        """A mail as the control routes show it; ``duplicate`` when its Message-ID came before."""
        seen = Counter(m.message_id for m in self._mails[: mail.number - 1])
        names = [
            {"name": name, "content_type": kind, "size": len(content)} for name, kind, content in mail.attachments()
        ]
        return {
            "n": mail.number,
            "received": show_instant(mail.received),
            "from": _header(mail.message, "From") or mail.sender,
            "to": list(mail.recipients),
            "envelope_from": mail.sender,
            "reply_to": _header(mail.message, "Reply-To"),
            "subject": _header(mail.message, "Subject"),
            "date": _header(mail.message, "Date"),
            "message_id": mail.message_id,
            "duplicate": mail.message_id is not None and seen[mail.message_id] > 0,
            "text": mail.body("plain"),
            "html": mail.body("html"),
            "attachments": names,
            "size": mail.size,
        }


def _refusal(faults: dict[str, Fault]) -> str | None:
    if "disconnect" in faults:
        return TRY_LATER
    if "5xx" in faults:
        return REFUSED
    return TRY_LATER if "429" in faults else None


async def _delay(fault: Fault | None) -> None:
    if fault is not None:
        await asyncio.sleep(fault.seconds or 0.0)


def _header(message: EmailMessage, name: str) -> str | None:
    value = message[name]
    return str(value) if value is not None else None


def _contents(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    return part.as_bytes()
