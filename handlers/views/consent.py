"""The question put to each person whom a change of their group concerns, and how it ended for them."""

from __future__ import annotations

from math import ceil

from slack_sdk.models.blocks import Block

from handlers.ids import Action
from handlers.views.french import appointment, plural, slot_name
from handlers.views.kit import Drawn, actions, button, clip, confirm, context, escape, header, section
from handlers.views.nudges import ending
from programme.content import Content
from programme.content.french import week_day
from programme.messages.rescue import ConsentRequest
from programme.model.nudge import Topic

_TITLES = {
    "replacement": "Une personne peut rejoindre votre groupe",
    "merge": "Deux groupes peuvent n’en faire qu’un",
    "pause": "Suspendre le programme ?",
    "resume": "Reprendre le programme plus tôt ?",
    "three": "Commencer à trois ?",
}
_ANSWERED = {
    "agreed": "Vous avez donné votre accord. Rien ne change tant que chaque personne n’a pas répondu.",
    "refused": "Vous n’avez pas donné votre accord : rien ne change. Personne n’apprend votre réponse.",
    "closed": "Cette demande est close : elle n’a pas réuni tous les accords. Rien ne change.",
    "decided": "Chaque personne a donné son accord : c’est décidé.",
}


def draw(message: ConsentRequest, _content: Content) -> Drawn:
    """Draw the question, or its end."""
    title = _title(message)
    if message.answer:
        sentence = _ANSWERED[message.answer]
        return Drawn(f"{title.rstrip(' ?')} : {sentence}", [section(f"*{title}*\n{sentence}")])
    until = appointment(message.expires_at, message.zone)
    shown = f"Rappel : {title[0].lower()}{title[1:]}" if message.reminder else title
    blocks: list[Block] = [
        header(shown),
        *(section(part) for part in _facts(message)),
        actions(
            button("Donner mon accord", Action.AGREE, message.rescue_id, style="primary"),
            button("Refuser", Action.REFUSE, message.rescue_id, confirm=_REFUSING),
        ),
        context(f"Répondez avant le {until}. Sans l’accord de chaque personne, rien ne change."),
    ]
    if message.reminder:
        blocks += ending(Topic.CONSENT)
    end = "" if shown.endswith("?") else "."
    return Drawn(f"{shown}{end} Réponse avant le {until}.", blocks)


_REFUSING = confirm(
    "Refuser ?", "Rien ne changera pour le groupe, et personne n’apprend votre réponse.", "Refuser", "Revenir"
)


def _title(message: ConsentRequest) -> str:
    if message.what == "replacement" and message.joining:
        return "Une place se libère dans un groupe près de chez vous"
    return _TITLES[message.what]


def _facts(message: ConsentRequest) -> list[str]:
    match message.what:
        case "replacement":
            return _to_join(message) if message.joining else _to_welcome(message)
        case "merge":
            return _to_merge(message)
        case "pause":
            return _to_pause(message)
        case "resume":
            return [
                f"Votre groupe est suspendu{_until(message)}. L’équipe propose de reprendre dès que chaque membre est "
                "d’accord. Les jours de pause non pris reviennent à votre calendrier, et vos séances se rapprochent "
                "par semaines entières."
            ]
        case _:
            return [
                "Une place est libre et le programme n’a pas commencé. Il est prévu pour quatre personnes ; il peut "
                "commencer à trois si chacune l’accepte expressément. Sinon, nous continuons à chercher une quatrième "
                "personne."
            ]


def _to_welcome(message: ConsentRequest) -> list[str]:
    found = "Une place est libre dans votre groupe, et une personne qui attend pourrait la prendre. "
    found += f"Le groupe tiendrait dans {_distance(message)}"
    found += f", et le {slot_name(message.slot)} lui convient." if message.slot else "."
    if message.held:
        held = plural(message.held, "séance", "séances")
        found += f" Votre groupe a tenu {held} : elle rattrape le début à part, "
        found += f"puis vous rejoint à la séance {message.next_number}."
    return [found, "Elle n’entre dans le groupe que si chaque membre l’accepte, et si elle l’accepte aussi."]


def _to_join(message: ConsentRequest) -> list[str]:
    place = escape(clip(message.place, 100))
    facts = (
        f"Le groupe de *{place}* serait de {plural(message.size, 'personne')}, en vous comptant : {_distance(message)}."
    )
    facts += f"\n*Rendez-vous :* {slot_name(message.slot)}, chaque semaine." if message.slot else ""
    parts = [facts]
    if message.held:
        held = plural(message.held, "séance", "séances")
        parts.append(
            f"Ce groupe a déjà tenu {held}. Vous rattrapez le début avec la personne qui le suit (fiches F1 à F4), "
            f"puis vous le rejoignez à la séance {message.next_number}. Les séances tenues sans vous ne comptent pas "
            "comme tenues pour vous."
        )
    parts.append("Si vous refusez, vous gardez votre rang dans la liste d’attente.")
    return parts


def _to_merge(message: ConsentRequest) -> list[str]:
    label, size = escape(clip(message.label, 120)), plural(message.size, "personne")
    where = (
        f"Votre groupe rejoindrait le *{label}*"
        if message.joining
        else f"Un autre petit groupe rejoindrait le vôtre (*{label}*)"
    )
    slot = f"\n*Rendez-vous :* {slot_name(message.slot)}, chaque semaine." if message.slot else ""
    held = plural(message.held, "séance tenue", "séances tenues")
    return [
        f"{where} : {size} en tout, {_distance(message)}.{slot}",
        f"Les deux groupes en sont au même point ({held}). Vos documents vous suivent.",
    ]


def _to_pause(message: ConsentRequest) -> list[str]:
    weeks = plural(message.weeks, "semaine")
    return [
        f"L’équipe propose à votre groupe une pause de *{weeks}*{_until(message)}.",
        "Vos séances à venir se décalent d’autant, et votre date limite aussi. Les pauses d’un groupe durent huit "
        "semaines au plus en tout.",
    ]


def _until(message: ConsentRequest) -> str:
    return f", jusqu’au {week_day(message.until)}" if message.until else ""


def _distance(message: ConsentRequest) -> str:
    return f"{max(1, ceil(round(message.worst_km, 3)))}\u00a0km au plus entre deux personnes"
