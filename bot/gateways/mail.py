"""E-mail over SMTP (``programme.ports.Mailer``): text and HTML, with the PDF documents attached.

A mail is the durable medium of contracts and acknowledgements (C. conso. L221-13, L221-21). Its Message-ID comes from
the outbox key: a mail that had to be sent again carries the same one, and mail readers show it once.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from bot.gateways.mail_templates import MailTemplates, Written
from programme.content.trader import CONTENT_ROOT, Trader
from programme.errors import DeliveryError, Permanent, Retryable
from programme.ports import Clock

PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
SECONDS = 15.0


@dataclass(frozen=True)
class _Server:
    """What an SMTP_URL says: ``smtp://``, ``smtps://`` or ``smtp+starttls://``, then user:password@host:port."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def _server(url: str) -> _Server | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// with a host")
    return _Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class SmtpMailer:
    """Sends the mails of one operator; one connection a mail, safe to use from several threads."""

    def __init__(self, smtp_url: str, trader: Trader, content_dir: Path = CONTENT_ROOT, *, clock: Clock) -> None:
        """Send as ``trader`` with the mails of ``content_dir``; ContentError when these cannot be used.

        An empty ``smtp_url`` is a machine without mail: every mail then fails for good and the admins are told.
        Raises ValueError for an address of another kind.
        """
        self._server = _server(smtp_url)
        self._trader = trader
        self._templates = MailTemplates(content_dir, trader)
        self._clock = clock

    def send(
        self,
        *,
        to: str,
        template: str,
        data: Mapping[str, Any],
        attachments: Sequence[tuple[str, bytes]],
        message_id: str,
    ) -> None:
        """Send one mail to one person; raises Retryable (uncertain when the content was on its way) or Permanent."""
        message = self._message(to, self._templates.write(template, data), message_id)
        for name, content in attachments:
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        try:
            with self._connection() as smtp:
                self._hand_over(smtp, to, message.as_bytes(policy=SMTP))
        except smtplib.SMTPAuthenticationError as error:
            raise Permanent("smtp: the user or the password of SMTP_URL is refused") from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Retryable(f"smtp: {type(error).__name__}") from error

    def _message(self, to: str, written: Written, message_id: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        sender = Address(self._trader.name, addr_spec=self._trader.email)
        try:
            message["To"] = Address(addr_spec=to)
        except (ValueError, MessageError, IndexError) as error:
            raise Permanent("smtp: the address cannot be used") from error
        if not to.isascii():
            raise Permanent("smtp: the address cannot be used (letters beyond ASCII)")
        message["From"] = sender
        message["Reply-To"] = sender
        message["Subject"] = written.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "fr"
        message.set_content(written.text, cte="quoted-printable")
        message.add_alternative(written.html, subtype="html", cte="quoted-printable")
        return message

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A connection, encrypted and signed in as the address says; its end changes nothing of what was sent."""
        server = self._server
        if server is None:
            raise Permanent("smtp: no mail server is set (SMTP_URL)")
        name = self._trader.email.rpartition("@")[2]
        context = ssl.create_default_context()
        if server.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, name, timeout=SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)
        try:
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()

    def _hand_over(self, smtp: smtplib.SMTP, to: str, content: bytes) -> None:
        smtp.ehlo_or_helo_if_needed()
        _demand(smtp.mail(self._trader.email))
        _demand(smtp.rcpt(to))
        try:
            answer = smtp.data(content)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Retryable(f"smtp: {type(error).__name__} after DATA", uncertain=True) from error
        _demand(answer)


def _demand(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)


def _judged(code: int, text: bytes | str) -> DeliveryError:
    shown = text.decode(errors="replace") if isinstance(text, bytes) else text
    reason = f"smtp: {code} {shown}"
    return Permanent(reason) if 500 <= code < 600 else Retryable(reason)
