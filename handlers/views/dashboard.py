"""The admins' dashboard: one line a light, in words as well as in colour, and each light from near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.payloads import RiskShown
from handlers.views.french import day_and_hour, plural
from handlers.views.kit import actions, button, clip, confirm, context, escape, modal, section, user
from handlers.views.reports import MENDING, RISK_NAMES
from handlers.views.tutoring import reassign_select
from programme.content.french import week_day
from programme.rules.instants import PARIS
from programme.rules.lights import Colour, Item, Light, LightKind
from programme.rules.money import euros
from programme.rules.risks import RiskKind
from programme.usecases.dashboard import SHOWN, Detail

DASHBOARD, LIGHT = "admin_dashboard", "admin_light"
COLOURS = {
    Colour.RED: (":red_circle:", "Rouge"),
    Colour.ORANGE: (":large_orange_circle:", "Orange"),
    Colour.GREEN: (":large_green_circle:", "Vert"),
}
NAMES = {
    LightKind.REFUNDS: "Remboursements à envoyer",
    LightKind.DECLARATIONS: "Rétractations à examiner",
    LightKind.TERMINATIONS: "Résiliations à décider",
    LightKind.DISPUTES: "Paiements contestés",
    LightKind.COMPLAINTS: "Réclamations sans réponse",
    LightKind.INSTALMENTS: "Échéances refusées",
    LightKind.EXEMPTIONS: "Dérogations à décider",
    LightKind.PROPOSALS: "Groupes proposés à confirmer",
    LightKind.WAITING: "Personnes qui attendent depuis longtemps",
    LightKind.RISKS: "Risques dans les groupes",
    LightKind.REVIEWS: "Documents et questions en retard",
    LightKind.DELIVERIES: "Envois en échec ou retenus",
    LightKind.MAILS: "E-mails en échec ou retenus",
    LightKind.ROLES: "Rôles à pourvoir",
    LightKind.TICKS: "Horloge du robot",
    LightKind.RECONCILIATION: "Rapprochement avec Stripe",
    LightKind.BACKUP: "Sauvegarde",
}
HOW = {
    LightKind.REFUNDS: "Le bouton confirme l’envoi ; il reste dix minutes pour l’annuler sur la carte.",
    LightKind.DECLARATIONS: "La décision se prend sur la carte. Sans carte, la personne doit d’abord confirmer.",
    LightKind.TERMINATIONS: "« Décider » montre chaque cas au centime ; rien n’est prélevé.",
    LightKind.DISPUTES: "Les preuves se déposent chez Stripe, avant le dernier jour.",
    LightKind.COMPLAINTS: "La réponse part par e-mail et dans Slack, avec les coordonnées du médiateur.",
    LightKind.INSTALMENTS: "Écrivez à la personne avant d’agir.",
    LightKind.EXEMPTIONS: "La demande entière est sur la carte ; votre raison part telle quelle à la personne.",
    LightKind.PROPOSALS: "Confirmez, changez ou rejetez sur la carte. Une proposition s’efface après sept jours.",
    LightKind.WAITING: "`/bilan-admin former` cherche des groupes aussitôt. Écrivez à qui approche de la date promise.",
    LightKind.RISKS: "Le bouton ouvre un mot prêt à envoyer sous votre nom.",
    LightKind.REVIEWS: "« Réassigner » confie le dossier à qui a de la place. Sa carte est dans le canal e-tutorat.",
    LightKind.DELIVERIES: "« Réessayer » ne fait jamais partir deux fois la même chose. Ce qui est retenu repart seul.",
    LightKind.MAILS: "Vérifiez l’adresse et le serveur d’e-mail, puis réessayez.",
    LightKind.ROLES: "Le rôle vient du canal : invitez la personne dans celui de l’e-tutorat ou de l’administration.",
    LightKind.TICKS: "Si le retard grandit, le robot est arrêté ou bloqué : redémarrez-le, rien n’est perdu.",
    LightKind.RECONCILIATION: "Sans réponse de Stripe, les paiements ne sont plus vus : vérifiez la clé et le réseau.",
    LightKind.BACKUP: "Lancez une sauvegarde, et vérifiez celle qui devait partir d’elle-même.",
}
"""What to do about each."""
SENT_THINGS = {
    "post": "un message",
    "edit": "la mise à jour d’un message",
    "send_mail": "un e-mail",
    "send_refund": "un remboursement",
    "open_checkout": "une page de paiement",
    "charge_instalment": "un prélèvement",
    "open_group_channel": "l’ouverture d’un canal",
    "invite_to_channel": "une invitation",
    "publish_home": "un accueil du robot",
    "share_files": "un fichier",
}


def dashboard(lights: Sequence[Light]) -> View:
    """Every light that burns, the most pressing first, then those that ask for nothing, in one paragraph."""
    burning = [light for light in lights if light.colour is not Colour.GREEN]
    quiet = [light for light in lights if light.colour is Colour.GREEN]
    blocks: list[Block] = [section(f"*{summary(lights)}*"), *(_line(light) for light in burning)]
    if quiet:
        sign, word = COLOURS[Colour.GREEN]
        blocks.append(section(f"{sign} *{word}* : {' ; '.join(_quiet(light) for light in quiet)}."))
    blocks.append(actions(button("Actualiser", Action.DASHBOARD)))
    blocks.append(context("`/bilan-admin aide` donne la liste des commandes."))
    return modal(DASHBOARD, "Tableau de bord", blocks)


def summary(lights: Sequence[Light]) -> str:
    """2 feux rouges, 1 feu orange."""
    red, orange = (sum(light.colour is colour for light in lights) for colour in (Colour.RED, Colour.ORANGE))
    return counted(red, orange)


def counted(red: int, orange: int) -> str:
    """The same from the counts."""
    red_lights = plural(red, "feu rouge", "feux rouges") if red else ""
    orange_lights = plural(orange, "feu orange", "feux orange") if orange else ""
    burning = ", ".join(part for part in (red_lights, orange_lights) if part)
    return f"{burning}." if burning else "Tout est au vert."


def open_button() -> InteractiveElement:
    """Opens the dashboard, from the Home."""
    return button("Tableau de bord", Action.DASHBOARD)


def run_button(label: str, words: str, *, accessible: str | None = None) -> InteractiveElement:
    """A button that stands for ``/bilan-admin`` followed by these words; its id lets several share a row."""
    name = words.partition(" ")[0]
    return button(label, f"{Action.RUN_SUBCOMMAND}:{name}", words, accessible=accessible)


def _line(light: Light) -> Block:
    sign, word = COLOURS[light.colour]
    name = NAMES[light.kind]
    number = f" : {light.count}" if light.kind not in _SINGLE else ""
    pressing = light.items[0]
    look = button("Voir", Action.SHOW_LIGHT, light.kind.value, accessible=f"Voir : {name}"[:75])
    return section(f"{sign} *{word}* · {name}{number}\n{_WORDS[light.kind](pressing)}", accessory=look)


_SINGLE = {LightKind.TICKS, LightKind.RECONCILIATION, LightKind.BACKUP}


def _quiet(light: Light) -> str:
    name = NAMES[light.kind]
    lowered = name[0].lower() + name[1:]
    return f"{lowered} {_since(light.items[0])}" if light.kind in _SINGLE and light.items else lowered


def light_view(detail: Detail) -> View:
    """One light from near: what to do, and each item with its acts."""
    light = detail.light
    sign, word = COLOURS[light.colour]
    blocks: list[Block] = [section(f"{sign} *{word}* · *{NAMES[light.kind]}*\n{HOW[light.kind]}")]
    if not light.count:
        blocks.append(section("Il n’y a rien à faire."))
    for item in detail.shown:
        blocks += _item(detail, item)
    if len(light.items) > SHOWN:
        blocks.append(context(f"Les {SHOWN} plus pressants sur {len(light.items)}."))
    blocks.append(actions(button("Actualiser", Action.SHOW_LIGHT, light.kind.value)))
    return modal(LIGHT, "Tableau de bord", blocks, metadata=light.kind.value)


def _item(detail: Detail, item: Item) -> list[Block]:
    sign, word = COLOURS[item.colour]
    blocks: list[Block] = [section(f"{sign} {word} · {_WORDS[detail.light.kind](item)}")]
    acts = _ACTS[detail.light.kind](item, detail) if detail.light.kind in _ACTS else []
    if item.card in detail.links:
        acts.append(button("Ouvrir la carte", Action.OPEN_CARD, url=detail.links[item.card]))
    if acts:
        blocks.append(actions(*acts, block_id=item.subject if detail.light.kind is LightKind.REVIEWS else None))
    return blocks


def _since(item: Item) -> str:
    return f"(le {day_and_hour(item.at, PARIS)})" if item.at else "(jamais)"


def _by(day: date | None) -> str:
    return f"dernier jour : *{week_day(day)}*" if day else "sans dernier jour connu"


def _refund(item: Item) -> str:
    states = {"seconded": ", un second accord est attendu", "failed": ", Stripe n’a pas pu rembourser"}
    return f"{user(item.user)}, {euros(item.amount or 0)}, {_by(item.day)}{states.get(item.label, '')}"


def _instalment(item: Item) -> str:
    due = f", due le {week_day(item.day)}" if item.day else ""
    return f"{user(item.user)}, échéance {item.count} de {euros(item.amount or 0)}{due}"


def _risk(item: Item) -> str:
    kind = item.subject.partition(":")[2]
    who = f"{user(item.user)}, " if item.user else ""
    return f"{escape(item.label)} : {who}{RISK_NAMES[kind]} ({item.count})"


def _delivery(item: Item) -> str:
    what = SENT_THINGS.get(item.label, f"`{item.label}`")
    held = "abandonné" if item.subject else "retenu, nouvel essai automatique"
    return f"{what}, {held}, écrit {_since(item)} : {escape(clip(item.note, 200))}"


def _role(item: Item) -> str:
    if item.label == "tutor":
        return "personne dans le canal de l’e-tutorat : aucun document ne peut être lu"
    if item.count:
        return "une seule personne à l’administration : un remboursement important demande deux accords"
    return "personne dans le canal de l’administration"


def _tick(item: Item) -> str:
    if item.label == "overdue":
        return f"{plural(item.count or 0, 'échéance attend', 'échéances attendent')}, la plus ancienne {_since(item)}"
    return f"dernier passage {_since(item)}"


_WORDS: dict[LightKind, Callable[[Item], str]] = {
    LightKind.REFUNDS: _refund,
    LightKind.DECLARATIONS: lambda item: f"{escape(clip(item.label, 200))}, reçue {_since(item)}",
    LightKind.TERMINATIONS: lambda item: f"{user(item.user)}, notifiée {_since(item)}",
    LightKind.DISPUTES: lambda item: f"{user(item.user)}, {euros(item.amount or 0)} (`{item.label}`), {_by(item.day)}",
    LightKind.COMPLAINTS: lambda item: f"{item.label}, {user(item.user)}, {_by(item.day)}",
    LightKind.INSTALMENTS: _instalment,
    LightKind.EXEMPTIONS: lambda item: f"{user(item.user)}, demandée {_since(item)}",
    LightKind.PROPOSALS: lambda item: f"{escape(item.label)}, proposé {_since(item)}",
    LightKind.WAITING: lambda item: f"{user(item.user)} ({escape(item.label)}), début promis : {_by(item.day)}",
    LightKind.RISKS: _risk,
    LightKind.REVIEWS: lambda item: f"{escape(clip(item.label, 150))}, promis par {user(item.user)} {_since(item)}",
    LightKind.DELIVERIES: _delivery,
    LightKind.MAILS: _delivery,
    LightKind.ROLES: _role,
    LightKind.TICKS: _tick,
    LightKind.RECONCILIATION: lambda item: f"dernière réponse de Stripe {_since(item)}",
    LightKind.BACKUP: lambda item: f"dernière sauvegarde {_since(item)}",
}
Acts = list[InteractiveElement]


def _refund_acts(item: Item, _detail: Detail) -> Acts:
    if not item.subject:
        return []
    amount = euros(item.amount or 0)
    dialog = confirm("Rembourser ?", f"{amount} repartiront vers le moyen de paiement utilisé.", "Rembourser")
    return [button(f"Rembourser {amount}", Action.APPROVE_REFUND, item.subject, confirm=dialog)]


def _exemption_acts(item: Item, _detail: Detail) -> Acts:
    return [
        button("Accepter…", Action.GRANT_EXEMPTION, item.subject),
        button("Refuser…", Action.REFUSE_EXEMPTION, item.subject),
    ]


def _risk_acts(item: Item, detail: Detail) -> Acts:
    group_id, _, kind = item.subject.partition(":")
    shown = RiskShown(week=detail.week, group_id=group_id, kind=kind, member_user=item.user)
    return [button(MENDING[RiskKind(kind)], Action.ACT_ON_RISK, shown.model_dump_json())]


def _delivery_acts(item: Item, _detail: Detail) -> Acts:
    if not item.subject:
        return []
    dialog = confirm("Classer cet envoi ?", "Il ne partira plus. Faites-le si vous l’avez réglé autrement.", "Classer")
    return [
        button("Réessayer", Action.RETRY_DELIVERY, item.subject),
        button("Classer", Action.SET_DELIVERY_ASIDE, item.subject, confirm=dialog),
    ]


_ACTS: dict[LightKind, Callable[[Item, Detail], Acts]] = {
    LightKind.REFUNDS: _refund_acts,
    LightKind.TERMINATIONS: lambda item, _: [button("Décider…", Action.DECIDE_END, item.subject)],
    LightKind.INSTALMENTS: lambda item, _: [button("Envoyer un lien", Action.SEND_INSTALMENT_LINK, item.subject)],
    LightKind.COMPLAINTS: lambda item, _: [button("Répondre…", Action.ANSWER_COMPLAINT, item.subject)],
    LightKind.EXEMPTIONS: _exemption_acts,
    LightKind.WAITING: lambda item, _: [run_button("Page de membre", f"membre <@{item.user}>")],
    LightKind.RISKS: _risk_acts,
    LightKind.REVIEWS: lambda _item, _detail: [reassign_select()],
    LightKind.DELIVERIES: _delivery_acts,
    LightKind.MAILS: _delivery_acts,
}
