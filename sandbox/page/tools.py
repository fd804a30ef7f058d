"""What lies around Slack: the mail, the payments, the other pages and feeds, and the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.page.desk import Desk, Link
from sandbox.page.drawing import drawn
from sandbox.page.screen import Screen, feeds_in
from sandbox.slack.model import JsonObject, User
from sandbox.slack.people_common import conversations_of, visible_messages
from sandbox.stripe import control as stripe

SHOWN_CALLS = 150
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def around(desk: Desk, screen: Screen, _: Request) -> Response:
    """The payments, the pages and the feeds of this person."""
    sessions = [_session(one) for one in stripe.sessions(desk.sandbox.stripe)["sessions"]]
    own = [one for one in sessions if one["customer_email"] == screen.user.email]
    others = [one for one in sessions if one["customer_email"] != screen.user.email]
    feeds = list(dict.fromkeys(_feeds(desk, screen.user)))
    return drawn("around.html", screen=screen, own=own, others=others, links=desk.links, feeds=feeds)


def _session(session: JsonObject) -> JsonObject:
    page = f"/checkout/{session['session']}" if session["status"] == "open" else ""
    return session | {"page": page}


def _feeds(desk: Desk, user: User) -> Iterator[str]:
    """The addresses of calendars in what this person has read: modals, messages and mail."""
    yield from sorted(desk.feeds.get(user.id, ()))
    for channel in conversations_of(desk.service, user):
        for message in visible_messages(channel, user):
            yield from feeds_in(f"{message.text} {message.blocks}")
    home = desk.service.workspace.homes.get(user.id)
    if home is not None:
        yield from feeds_in(str(home.payload["blocks"]))
    for mail in desk.sandbox.mailbox.mails(user.email):
        yield from feeds_in(mail.body("plain") or "")


def mail(desk: Desk, screen: Screen, request: Request) -> Response:
    """The mail to this person (``all=1``: to everybody), and one of them."""
    everybody = request.query_params.get("all") == "1"
    mailbox = desk.sandbox.mailbox
    mails = [mailbox.answer(one) for one in reversed(mailbox.mails(None if everybody else screen.user.email))]
    for one in mails:
        one["at"] = datetime.fromisoformat(one["received"]).astimezone(screen.zone)
    number = request.query_params.get("n", "")
    chosen = next((one for one in mails if str(one["n"]) == number), None)
    return drawn("mail.html", screen=screen, mails=mails, chosen=chosen, everybody=everybody)


def mail_html(desk: Desk, number: int) -> Response:
    """The HTML of one mail, alone and harmless: no script, nothing from elsewhere."""
    try:
        content = desk.sandbox.mailbox.mail(number).body("html")
    except LookupError:
        content = None
    if content is None:
        return Response("", 404)
    headers = {"content-security-policy": MAIL_POLICY, "x-content-type-options": "nosniff"}
    return Response(content, media_type="text/html", headers=headers)


def wire(desk: Desk, screen: Screen, request: Request) -> Response:
    """The calls that the sandbox received, and the envelopes that it sent to the app, newest first."""
    query = request.query_params
    shown = query.get("show", "all")
    entries = [*_calls(desk), *_envelopes(desk)]
    wanted = [entry for entry in entries if _is_wanted(entry, shown, query.get("q", "").casefold())]
    wanted.sort(key=lambda entry: (entry["at"], entry["n"]), reverse=True)
    for entry in wanted[:SHOWN_CALLS]:
        entry["at"] = datetime.fromisoformat(entry["at"]).astimezone(screen.zone)
    counted = len(wanted)
    newest, text = wanted[:SHOWN_CALLS], query.get("q", "")
    return drawn("wire.html", screen=screen, entries=newest, counted=counted, show=shown, q=text)


def _calls(desk: Desk) -> Iterator[dict[str, Any]]:
    for line in desk.sandbox.recorder.lines():
        answer = line["answer"]
        refused = line["status"] >= 400 or (isinstance(answer, dict) and answer.get("ok") is False)
        yield {
            "id": f"call-{line['n']}",
            "n": line["n"],
            "at": line["at"],
            "way": line["service"],
            "name": line["method"],
            "refused": refused,
            "result": _result(line),
            "sent": line["arguments"],
            "answer": answer,
        }


def _result(line: dict[str, Any]) -> str:
    answer = line["answer"]
    if isinstance(answer, dict) and answer.get("ok") is False:
        return str(answer.get("error"))
    return str(line["status"])


def _envelopes(desk: Desk) -> Iterator[dict[str, Any]]:
    for sent in desk.envelopes:
        yield {
            "id": f"envelope-{sent['n']}",
            "n": sent["n"],
            "at": sent["at"],
            "way": "envelope",
            "name": f"{sent['kind']} {sent['name']}",
            "refused": sent["error"] is not None,
            "result": sent["error"] or ("reçu" if not sent["retry"] else f"reçu, reprise {sent['retry']}"),
            "sent": sent["payload"],
            "answer": sent["answer"],
        }


def _is_wanted(entry: dict[str, Any], shown: str, text: str) -> bool:
    if shown == "refused" and not entry["refused"]:
        return False
    if shown not in {"all", "refused"} and entry["way"] != shown:
        return False
    return not text or text in entry["name"].casefold() or text in str(entry["sent"]).casefold()


async def set_links(desk: Desk, request: Request) -> Response:
    """``POST /control/page/links``: {"links": [{"label", "url"}]}, the pages that are one click away."""
    try:
        body = await request.json()
        links = [Link(str(one["label"]), str(one["url"])) for one in body["links"]]
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": "links is a list of {label, url}"}, 400)
    if not all(link.url.startswith(("http://", "https://")) for link in links):
        return JSONResponse({"error": "url must be an http(s) address"}, 400)
    desk.links = links
    return JSONResponse({"links": len(links)})
