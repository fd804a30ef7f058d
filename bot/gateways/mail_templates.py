"""The mails of ``content/mails``: ``<name>.txt.j2``, whose first line is the subject, and ``<name>.html.j2``.

Files whose name begins with ``_`` are parts that mails share. Both parts of a mail say the same; in the HTML everything
that is filled in is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from programme.content import french
from programme.content.checks import ContentError, ContentProblem, read_text, text_faults
from programme.content.trader import Trader
from programme.errors import Permanent
from programme.rules.money import euros, session_value_floor

FOLDER: Final = "mails"
REQUIRED: Final = frozenset(
    {
        "accounting_document",
        "attestation",
        "complaint_answer",
        "complaint_received",
        "confirmation",
        "contract_copy",
        "contract_ended",
        "email_code",
        "exemption_answer",
        "refund_sent",
        "termination_received",
        "termination_set_aside",
        "text_copy",
        "withdrawal_answer",
        "withdrawal_received",
    }
)
"""The mails that use cases send."""
TEXT, HTML = ".txt.j2", ".html.j2"


@dataclass(frozen=True)
class Written:
    """A mail ready to be sent."""

    subject: str
    text: str
    html: str


class MailTemplates:
    """The mails of one operator."""

    def __init__(self, root: Path, trader: Trader) -> None:
        """Read and check the mails of the content folder ``root``; ContentError with every fault."""
        self._folder = root / FOLDER
        self._environment = Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=lambda name: bool(name) and str(name).endswith(HTML),  # noqa: S701 - the text part is no HTML
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._environment.globals["trader"] = trader.shown()
        self._environment.filters |= {
            "euros": euros,
            "week_day": _week_day,
            "moment": _moment,
            "session_value": session_value_floor,
        }
        problems = [*self._incomplete(), *self._unreadable()]
        if problems:
            raise ContentError(problems)

    def write(self, template: str, data: Mapping[str, Any]) -> Written:
        """Fill a mail in; Permanent when there is no such mail or the facts do not fit it."""
        try:
            subject, _, text = self._environment.get_template(template + TEXT).render(data).partition("\n")
            html = self._environment.get_template(template + HTML).render(data)
        except (TemplateError, ValueError, TypeError) as error:
            raise Permanent(f"the mail {template} cannot be written: {error}") from error
        return Written(subject.strip(), text.strip() + "\n", html)

    def _incomplete(self) -> list[ContentProblem]:
        """Mails of which one part is missing."""
        names = {path.name for path in self._folder.glob("*.j2") if not path.name.startswith("_")}
        mails = REQUIRED | {name.removesuffix(TEXT).removesuffix(HTML) for name in names}
        wanted = {mail + part for mail in mails for part in (TEXT, HTML)}
        return [ContentProblem(f"{FOLDER}/{name}", "partie de courrier absente") for name in sorted(wanted - names)]

    def _unreadable(self) -> list[ContentProblem]:
        """Files that are no templates, and faults of French in those that carry no markup."""
        problems: list[ContentProblem] = []
        for path in sorted(self._folder.glob("*.j2")):
            file = f"{FOLDER}/{path.name}"
            source = read_text(path)
            try:
                self._environment.parse(source)
            except TemplateSyntaxError as error:
                problems.append(ContentProblem(file, f"ligne {error.lineno} : {error.message}"))
            if path.name.endswith(TEXT):
                problems += [ContentProblem(file, fault) for fault in text_faults(self._prose(source))]
        return problems

    def _prose(self, source: str) -> str:
        """What a text template says itself: placeholders and instructions left out."""
        try:
            tokens = list(self._environment.lex(source))
        except TemplateSyntaxError:
            return ""
        return "".join(content for _, kind, content in tokens if kind == "data")


def _moment(iso_instant: str) -> str:
    return french.moment(datetime.fromisoformat(iso_instant))


def _week_day(iso_day: str) -> str:
    return french.week_day(date.fromisoformat(iso_day))
