"""What the command line shows, in French."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

RESULTS = {
    "closed": "La fenêtre est fermée.",
    "cleared": "Toutes les fenêtres sont fermées.",
    "updated": "La fenêtre a changé.",
    "pushed": "Une nouvelle fenêtre s’est ouverte.",
    "errors": "L’envoi est refusé : des champs sont à corriger.",
    "error": "L’envoi n’a pas abouti.",
    "cancelled": "Rien n’a été envoyé.",
}
PAYMENTS = {
    "paid": "Le paiement est accepté.",
    "declined": "La carte est refusée.",
    "authentication_required": "La banque demande une authentification.",
    "expired": "Le lien de paiement a expiré.",
}
KINDS = {"public_channel": "public", "private_channel": "privé", "im": "direct", "mpim": "groupe"}


class Display:
    """Writes to a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    def say(self, text: str, style: str = "") -> None:
        """One line."""
        self.console.print(Text(text, style))

    def act(self, answer: Mapping[str, Any]) -> None:
        """What a person sees after an act."""
        if answer.get("result") in RESULTS:
            self.say(RESULTS[answer["result"]])
        if answer.get("error"):
            self.say(f"Slack affiche une erreur : {answer['error']}", "red")
        for line in answer.get("refused") or []:
            self.say(f"  {line}", "red")
        for label, error in (answer.get("errors_by_label") or {}).items():
            self.say(f"  {label} : {error}", "red")
        if answer.get("url"):
            self.say(f"Le bouton ouvre {answer['url']}")
        self.messages(answer.get("messages") or [])
        if answer.get("home_changed"):
            self.say("L’accueil de l’application a changé.")
        self.view(answer.get("modal"))

    def view(self, view: Mapping[str, Any] | None) -> None:
        """A modal or a home; nothing when there is none."""
        if view is None:
            return
        buttons = [view.get("close"), view.get("submit")]
        shown = [Text(view["text"])]
        if any(buttons):
            shown.append(Text("  ".join(f"[{button}]" for button in buttons if button), "bold"))
        title = view["title"] if view["type"] == "modal" else "Accueil"
        self.console.print(Panel(Group(*shown), title=Text(title), title_align="left", expand=False))

    def messages(self, messages: Iterable[Mapping[str, Any]]) -> None:
        """Messages, oldest first."""
        for message in messages:
            moment = datetime.fromisoformat(message["at"]).astimezone().strftime("%d/%m %H:%M")
            place = f" · {message['channel_name']}" if message.get("channel_name") else ""
            marks = [
                word for key, word in (("ephemeral", "visible de vous seul"), ("edited", "modifié")) if message[key]
            ]
            mark = f" ({', '.join(marks)})" if marks else ""
            self.console.print(Text(f"{message['from']}{place} · {moment}{mark}", "bold cyan"))
            self.console.print(Text(message["text"]))
            for file in message["files"]:
                self.say(f"  Fichier : {file['name']} ({file['size']} octets)")
            if message.get("replies"):
                self.say(f"  Réponses : {message['replies']} (fil {message['ts']})", "dim")

    def channels(self, channels: Iterable[Mapping[str, Any]]) -> None:
        """The sidebar, with what was said last."""
        for channel in channels:
            unread = f", non lus : {channel['unread']}" if channel["unread"] else ""
            closed = ", archivé" if channel["is_archived"] else ""
            self.console.rule(Text(f"{channel['name']} ({KINDS[channel['kind']]}{unread}{closed})"), align="left")
            self.messages(channel["messages"])

    def people(self, users: Iterable[Mapping[str, Any]]) -> None:
        """The directory."""
        table = Table("Nom", "Identifiant", "Adresse e-mail", "Fonction", "Fuseau")
        for user in users:
            if user["is_bot"]:
                continue
            admin = "Administration" if user["is_admin"] else ""
            name = user["real_name"] + (" (compte désactivé)" if user["deleted"] else "")
            table.add_row(*map(Text, (name, user["name"], user["email"] or "", user["title"] or admin, user["tz"])))
        self.console.print(table)

    def mails(self, mails: Iterable[Mapping[str, Any]]) -> None:
        """Mail received, oldest first."""
        for mail in mails:
            head = f"{mail['n']}. {mail['subject'] or '(sans objet)'} — de {mail['from']} à {', '.join(mail['to'])}"
            self.console.print(Text(head, "bold cyan"))
            self.console.print(Text((mail.get("text") or "").strip()))
            for attachment in mail.get("attachments") or []:
                self.say(f"  Pièce jointe : {attachment['name']} ({attachment['size']} octets)")

    def payment(self, answer: Mapping[str, Any]) -> None:
        """What came of a payment."""
        result = str(answer.get("result"))
        self.say(PAYMENTS.get(result, result), "" if result == "paid" else "red")

    def faults(self, faults: Iterable[Mapping[str, Any]]) -> None:
        """The faults that are on."""
        table = Table("Service", "Panne", "Méthode", "Fois", "Probabilité", "Durée (s)")
        for fault in faults:
            keys = ("service", "kind", "method", "times", "probability", "seconds")
            table.add_row(*(Text("" if fault[key] is None else str(fault[key])) for key in keys))
        self.console.print(table if table.row_count else Text("Aucune panne."))

    def clock(self, answer: Mapping[str, Any]) -> None:
        """The time of the sandbox and of the programs on it."""
        if answer.get("moved") is False:
            self.say("Rien n’est prévu : l’horloge n’a pas bougé.")
        if answer.get("now"):
            state = "" if answer.get("running", True) else " (arrêtée)"
            self.say(f"Il est {_local(answer['now'])}{state}.")
        for name, follower in (answer.get("followers") or {}).items():
            due = follower.get("next_due")
            self.say(f"  {name} : {'prochaine échéance ' + _local(due) if due else 'rien de prévu'}")


def _local(instant: str) -> str:
    moment = datetime.fromisoformat(instant).astimezone()
    return moment.strftime("%d/%m/%Y %H:%M:%S %Z")
