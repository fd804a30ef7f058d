"""The control API over HTTP, for the command line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

DEFAULT_URL = "http://127.0.0.1:8700"
TIMEOUT_SECONDS = 90.0
CHECKOUT = re.compile(r"/checkout/(cs_\w+)")
DURATION = re.compile(r"(\d+)\s*(sem|min|[wdjhms])")
UNITS = {"w": "weeks", "sem": "weeks", "d": "days", "j": "days", "h": "hours", "m": "minutes", "min": "minutes"}


class CommandError(Exception):
    """The command cannot be done; the sentence (in French) says why."""


@dataclass(frozen=True)
class SandboxClient:
    """A running sandbox at ``url``."""

    url: str

    def get(self, path: str, /, **query: Any) -> Any:
        """Read; raises CommandError with the sandbox's sentence."""
        asked = {key: value for key, value in query.items() if value is not None}
        return self._call("GET", path, params=asked)

    def post(self, path: str, /, **body: Any) -> Any:
        """Act; raises CommandError with the sandbox's sentence."""
        return self._call("POST", path, json={key: value for key, value in body.items() if value is not None})

    def delete(self, path: str) -> Any:
        """Take away; raises CommandError with the sandbox's sentence."""
        return self._call("DELETE", path)

    def _call(self, verb: str, path: str, **options: Any) -> Any:
        try:
            response = httpx.request(verb, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, trust_env=False, **options)
        except httpx.TransportError as error:
            sentence = f"Rien ne répond à {self.url}. Lancez d’abord « bilan-sandbox serve »."
            raise CommandError(sentence) from error
        if response.is_success:
            return response.json()
        raise CommandError(_sentence(response))

    def find_person(self, reference: str) -> dict[str, Any]:
        """Somebody of the workspace by id, handle, e-mail, or the beginning of the name."""
        users: list[dict[str, Any]] = self.get("/control/slack/users")["users"]
        wanted = reference.removeprefix("@").casefold()
        exact = [u for u in users if wanted in {str(u[key]).casefold() for key in ("id", "name", "real_name", "email")}]
        found = exact or [user for user in users if user["real_name"].casefold().startswith(wanted)]
        if len(found) != 1:
            raise CommandError(f"Qui est « {reference} » ? Voyez « bilan-sandbox people ».")
        return found[0]

    def find_session(self, reference: str) -> str:
        """The id of a payment session: itself, or the last payment link on a person's screen."""
        if reference.startswith("cs_"):
            return reference
        person = self.find_person(reference)["id"]
        view = self.get("/control/slack/view", person=person)
        channels = self.get("/control/slack/inbox", person=person, limit=1000)["channels"]
        messages = sorted((m for channel in channels for m in channel["messages"]), key=lambda m: str(m["ts"]))
        for screen in (view["modal"], *reversed(messages), view["home"]):
            links = CHECKOUT.findall(json.dumps(screen))
            if links:
                return str(links[-1])
        raise CommandError(f"Aucun lien de paiement à l’écran de « {reference} ».")


def parse_duration(text: str) -> timedelta:
    """``2d3h``, ``90min``, ``1sem``, ``45s`` as a duration; raises CommandError."""
    if not re.fullmatch(rf"(?:{DURATION.pattern}\s*)+", text.strip()):
        raise CommandError(f"« {text} » n’est pas une durée (exemples : 2d3h, 90min, 1sem).")
    total = timedelta()
    for number, unit in DURATION.findall(text):
        total += timedelta(**{UNITS.get(unit, "seconds"): int(number)})
    return total


def _sentence(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"Le bac à sable a répondu par une erreur HTTP {response.status_code}."
