"""What must be true of a played programme, looked at from the sandbox's side: the calls, the mails, the payments."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.demo.programme import REMARKS, Company
from bot.demo.sandbox_api import Posted, SandboxApi
from programme.content.french import week_day
from programme.rules.instants import day_in
from programme.rules.money import LIST_PRICE, instalments

SESSIONS = 16
GUIDE = re.compile(r"^guide:(grp_\w+):(\d\d)(?::part:(\d+))?$")
PRIVATE = re.compile(r"rétract|rembours|paiement|impayé|remise", re.IGNORECASE)
"""Words that a group's channel never reads in a message of the bot, guides aside."""


@dataclass
class Evidence:
    """All that the sandbox saw."""

    lines: list[dict[str, Any]]
    posts: list[Posted]
    mails: list[dict[str, Any]]
    account: Mapping[str, Any]
    sessions: list[dict[str, Any]]
    group_channels: frozenset[str] = field(default=frozenset())

    @property
    def slack(self) -> list[dict[str, Any]]:
        """The calls of Slack's Web API."""
        return [line for line in self.lines if line["service"] == "slack"]

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The calls that Slack or Stripe refused."""
        slack = [line for line in self.slack if not line["answer"].get("ok")]
        return slack + [line for line in self.lines if line["service"] == "stripe" and line["status"] >= 400]


def gather(api: SandboxApi) -> Evidence:
    """Read everything once."""
    lines = api.record()
    created = [line for line in lines if line["method"] == "conversations.create" and line["answer"].get("ok")]
    return Evidence(
        lines=lines,
        posts=api.all_posts(),
        mails=api.get("/control/mail")["mail"],
        account=api.get("/control/stripe/state"),
        sessions=api.get("/control/stripe/sessions")["sessions"],
        group_channels=frozenset(line["answer"]["channel"]["id"] for line in created),
    )


def guides_of(evidence: Evidence) -> dict[str, list[int]]:
    """The numbers of the guides that each group's channel received, in the order of their posts."""
    guides: dict[str, list[int]] = defaultdict(list)
    for post in evidence.posts:
        found = GUIDE.match(post.key)
        if found and found[3] in {None, "1"}:
            guides[post.channel].append(int(found[2]))
    return guides


def sessions_held(evidence: Evidence) -> int:
    """How many sheets were closed as held, as the boards of the groups last said it."""
    held: dict[str, int] = {}
    for line in evidence.slack:
        if line["method"] not in {"chat.postMessage", "chat.update"}:
            continue
        found = re.search(r"Séances tenues\s:\*\s(\d+) sur 16", _text(line["arguments"].get("blocks")))
        if found and line["answer"].get("ok"):
            held[line["answer"]["channel"]] = int(found[1])
    return sum(held.values())


def _text(blocks: Any) -> str:
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    return json.dumps(blocks or [], ensure_ascii=False)


def _nothing_refused(evidence: Evidence, _: Company) -> Iterator[str]:
    for line in evidence.refused:
        why = line["answer"].get("error") or line["answer"]
        yield f"appel refusé : {line['service']} {line['method']} ({line['status']}) {str(why)[:300]}"


def _nothing_twice(evidence: Evidence, company: Company) -> Iterator[str]:
    """SMTP knows no idempotency key: a mail cut off before its receipt may come again under the same Message-ID."""
    for key, times in Counter(post.key for post in evidence.posts if post.key).items():
        if times > 1:
            yield f"message posté {times} fois : {key}"
    repeated = [mail["message_id"] for mail in evidence.mails if mail["duplicate"]]
    if len(repeated) > company.counts["cuts"]:
        yield f"e-mails reçus plus d’une fois : {', '.join(repeated)}"


def _guides_in_order(evidence: Evidence, company: Company) -> Iterator[str]:
    guides = guides_of(evidence)
    if len(guides) != company.counts["groups"]:
        yield f"{len(guides)} groupes ont reçu des guides, sur {company.counts['groups']}"
    for channel, numbers in guides.items():
        if numbers != list(range(1, SESSIONS + 1)):
            yield f"guides du canal {channel} : {numbers}"


def _sessions_held(evidence: Evidence, company: Company) -> Iterator[str]:
    held, planned = sessions_held(evidence), company.counts["groups"] * SESSIONS
    if held != planned:
        yield f"{held} séances tenues sur {planned}"


def _everybody_told(evidence: Evidence, company: Company) -> Iterator[str]:
    keys = Counter(post.key.partition(":")[0] for post in evidence.posts)
    members = len(company.staying)
    for stem, what in (("confirmed", "commandes confirmées"), ("offer", "places proposées"), ("charter", "chartes")):
        if keys[stem] < members:
            yield f"{what} : {keys[stem]} messages pour {members} membres"
    for part in company.parts:
        received = [mail for mail in evidence.mails if part.person.email in mail["to"]]
        contracts = [mail for mail in received if any(name.endswith(".pdf") for name in _attached(mail))]
        if not contracts:
            yield f"{part.person.real_name} n’a pas reçu son contrat par e-mail"
        if part in company.staying and not any(_is_attestation(mail) for mail in received):
            yield f"{part.person.real_name} n’a pas reçu son attestation de participation"
    asked = sum(post.key.startswith("checkin:") and "reminder" not in post.key for post in evidence.posts)
    if asked != members * SESSIONS:
        yield f"{asked} points d’étape demandés pour {members * SESSIONS}"


def _is_attestation(mail: Mapping[str, Any]) -> bool:
    return any(name.startswith("attestation-") for name in _attached(mail))


def _attached(mail: Mapping[str, Any]) -> list[str]:
    return [str(one["name"]) for one in mail["attachments"]]


def _remarks_to_their_author(evidence: Evidence, company: Company) -> Iterator[str]:
    told = 0
    for post in evidence.posts:
        if not any(remark in _text(post.blocks) for remark in REMARKS):
            continue
        told += 1
        readers = company.readers(post.channel)
        if len(readers) != 1:
            yield f"observations lues par {len(readers)} personnes ({post.key})"
    if told != company.counts["documents"]:
        yield f"{told} retours d’observations pour {company.counts['documents']} documents"


def _sums_conserved(evidence: Evidence, company: Company) -> Iterator[str]:
    sums = evidence.account["sums"]
    paid = sum(session["amount_total"] for session in evidence.sessions if session["payment_status"] == "paid")
    off_session = sums["captured"] - paid
    if sums["kept"] != sums["captured"] - sums["refunded"]:
        yield f"encaissé {sums['captured']}, remboursé {sums['refunded']}, gardé {sums['kept']}"
    given_back = sum(_paid_by(evidence, part.person.email) for part in company.parts if part.leaves)
    if sums["refunded"] != given_back:
        yield f"remboursé {sums['refunded']} centimes, et {given_back} étaient dus"
    if off_session < 0:
        yield f"payé {paid} centimes sur les pages de Stripe, mais encaissé {sums['captured']}"
    paying = {session["client_reference_id"] for session in evidence.sessions if session["payment_status"] == "paid"}
    if len(paying) != company.counts["payments"]:
        yield f"{len(paying)} commandes payées pour {company.counts['payments']} paiements"


def _paid_by(evidence: Evidence, email: str) -> int:
    """What one person paid on Stripe's pages, in cents."""
    paid = [one for one in evidence.sessions if one["payment_status"] == "paid" and one["customer_email"] == email]
    return sum(session["amount_total"] for session in paid)


def _in_three_at_their_dates(evidence: Evidence, company: Company) -> Iterator[str]:
    """Whoever pays in three has paid the price, in three charges: at the order, then on the two days they were told."""
    for part in (one for one in company.parts if one.in_three):
        charges = _charges_of(evidence, part.person.email)
        if [charge["amount"] for charge in charges] != list(instalments(LIST_PRICE, 3)):
            yield f"{part.person.real_name} a payé {[charge['amount'] for charge in charges]} centimes"
        told = " ".join(_text(post.blocks) for post in evidence.posts if post.key.startswith("inst-dates:"))
        for charge in charges[1:]:
            day = week_day(day_in(datetime.fromtimestamp(charge["created"], UTC), part.town.zone))
            if day not in told:
                yield f"{part.person.real_name} a payé une échéance le {day}, qui n’était pas annoncé"


def _charges_of(evidence: Evidence, email: str) -> list[Mapping[str, Any]]:
    """The payments that one person made, oldest first, whether on a page or without them."""
    known = {one["id"] for one in evidence.account["customers"] if one["email"] == email}
    paid = [one for one in evidence.account["charges"] if one["customer"] in known and one["status"] == "succeeded"]
    return sorted(paid, key=lambda charge: int(charge["created"]))


def _groups_learn_nothing_private(evidence: Evidence, _: Company) -> Iterator[str]:
    for post in evidence.posts:
        if post.channel in evidence.group_channels and not post.key.startswith("guide:"):
            found = PRIVATE.search(_text(post.blocks))
            if found:
                yield f"le canal {post.channel} lit « {found[0]} » ({post.key})"


CHECKS: Mapping[str, Callable[[Evidence, Company], Iterator[str]]] = {
    "aucun appel refusé": _nothing_refused,
    "rien n’est dit deux fois": _nothing_twice,
    "chaque guide une fois par groupe, dans l’ordre": _guides_in_order,
    "toutes les séances sont tenues": _sessions_held,
    "chaque personne a reçu ce qui lui est dû": _everybody_told,
    "les observations ne vont qu’à leur destinataire": _remarks_to_their_author,
    "les sommes se conservent": _sums_conserved,
    "trois échéances font le prix, chacune à sa date": _in_three_at_their_dates,
    "les groupes n’apprennent rien de privé": _groups_learn_nothing_private,
}


def verify(evidence: Evidence, company: Company) -> dict[str, list[str]]:
    """Run every check; returns what each found wrong."""
    return {name: list(check(evidence, company)) for name, check in CHECKS.items()}
