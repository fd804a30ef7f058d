"""The public withdrawal page: no login, no script, no word about who is a member (C. conso. L221-21, D221-5).

Two steps with their two labels. What a person sees is the same whether or not a contract was found. Posts are counted
by address: beyond a few in ten minutes the page says how else to declare, and loses nothing that was confirmed.
"""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from programme.content.french import moment
from programme.errors import InvalidForm
from programme.ports import Ports
from programme.usecases import withdrawal
from programme.usecases.declarations import require_particulars

PATH = "/retractation"
TITLE = "Se rétracter d’un contrat"
PAGES = Path(__file__).parent / "pages"
WINDOW = timedelta(minutes=10)
POSTS_AN_ADDRESS = 12
POSTS_IN_ALL = 300
TOKEN_BYTES = 18
LONGEST_TOKEN = 64


@dataclass(frozen=True)
class Field:
    """One field of the form; no reason is ever asked."""

    name: str
    label: str
    help: str
    type: str
    autocomplete: str
    longest: int
    required: bool = True


FIELDS = (
    Field("name", "Votre prénom et votre nom", "Ceux du contrat.", "text", "name", 200),
    Field("email", "Votre adresse e-mail", "L’accusé de réception y part tout de suite.", "email", "email", 320),
    Field(
        "contract",
        "Votre contrat",
        "Sa référence (elle commence par ord_) ou ce qui permet de le retrouver, par exemple sa date.",
        "text",
        "off",
        200,
        required=False,
    ),
)


class Brake:
    """Counts the posts of the last ten minutes, by address and in all; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._posts: dict[str, deque[datetime]] = defaultdict(deque)

    def allows(self, address: str, now: datetime) -> bool:
        """Count one post, and tell whether it may go on."""
        with self._lock:
            counts = [self._count(address, now), self._count("", now)]
            for key in [key for key, posts in self._posts.items() if not posts]:
                del self._posts[key]
        return counts[0] <= POSTS_AN_ADDRESS and counts[1] <= POSTS_IN_ALL

    def _count(self, key: str, now: datetime) -> int:
        posts = self._posts[key]
        while posts and posts[0] <= now - WINDOW:
            posts.popleft()
        posts.append(now)
        return len(posts)


def withdrawal_page(ports: Ports) -> Blueprint:
    """Return the routes of the page."""
    page = _Page(ports)
    routes = Blueprint("withdrawal", __name__)
    routes.get(PATH)(page.form)
    routes.post(PATH)(page.post)
    return routes


class _Page:
    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._brake = Brake()
        loader = FileSystemLoader(PAGES)
        self._template = Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(
            "retractation.html"
        )

    def form(self) -> Response:
        """Show the empty form."""
        return self._draw("form", given=dict.fromkeys((field.name for field in FIELDS), ""), errors={})

    def post(self) -> Response:
        """Review what was filled in, then record what is confirmed."""
        if not self._brake.allows(request.remote_addr or "", self._ports.clock.now()):
            return self._draw("too_many", status=429, sentence=self._ports.content.sentence("page_busy"))
        given = {field.name: request.form.get(field.name, "").strip() for field in FIELDS}
        try:
            require_particulars(given)
            if request.form.get("step") != "confirm":
                return self._draw("review", given=given, token=secrets.token_urlsafe(TOKEN_BYTES))
            return self._confirm(given)
        except InvalidForm as wrong:
            errors = {name: self._ports.content.sentence(key) for name, key in wrong.fields.items()}
            return self._draw("form", status=422, given=given, errors=errors)

    def _confirm(self, given: dict[str, str]) -> Response:
        """Declare; the token of the review makes a second press, or a reloaded page, the same declaration."""
        token = request.form.get("token", "")[:LONGEST_TOKEN] or secrets.token_urlsafe(TOKEN_BYTES)
        declaration = withdrawal.declare_publicly(self._ports, **given, token=token)
        return self._draw("done", given=given, reference=declaration.id, sent_at=moment(declaration.sent_at))

    def _draw(self, step: str, *, status: int = 200, **facts: Any) -> Response:
        facts = {"errors": {}, **facts}
        facts["errors"] = defaultdict(str, facts["errors"])
        body = self._template.render(
            step=step, title=TITLE, action=PATH, fields=FIELDS, trader=self._ports.content.trader.shown(), **facts
        )
        response = Response(body, status=status, mimetype="text/html")
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
