"""The messages about forming a group: the admins' cards, the members' offers, the charter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    InteractiveElement,
    PlainTextInputElement,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import CompositionShown, Subject
from handlers.views import channel_life, group_channel
from handlers.views.french import appointment, plural, slots_by_part
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    escape,
    header,
    modal,
    options,
    section,
    user,
)
from handlers.views.nudges import ending
from programme.content import Content
from programme.messages.groups import (
    CharterRequest,
    GroupOutcome,
    GroupProposalCard,
    OfferWithdrawn,
    SeatOffer,
    TutorChoice,
)
from programme.model.nudge import Topic
from programme.rules.instants import PARIS
from programme.usecases.composition import Composition
from programme.usecases.gate import CHARTER
from programme.usecases.seats import REASON_LENGTH

TUTORS_SHOWN = 100

_ANSWERED = {
    "accepted": "Vous avez accepté. Dès que tout le groupe a répondu, son canal privé s’ouvre.",
    "declined": "Vous avez refusé. Vous restez dans la liste d’attente : une autre proposition viendra.",
    "expired": "Le délai de réponse est passé. Vous restez dans la liste d’attente : une autre proposition viendra.",
    "withdrawn": "Ce groupe ne se formera pas. Vous passez en tête de la liste d’attente.",
}
_OUTCOMES = {
    "accepted": "est complet : son canal privé s’ouvre.",
    "declined": "ne se formera pas : une place a été refusée. Les autres membres passent en tête de liste.",
    "expired": "ne se formera pas : une place est restée sans réponse. Les autres membres passent en tête de liste.",
}


def rejection(group_id: str) -> View:
    """Ask an admin why a proposal is rejected."""
    reason = InputBlock(
        block_id="reason",
        label=PlainTextObject(text="Pourquoi refuser ce groupe ?"),
        hint=PlainTextObject(text="La raison reste sur la carte. Les membres ne la voient pas."),
        element=PlainTextInputElement(action_id="reason", multiline=True, max_length=REASON_LENGTH),
    )
    metadata = Subject(id=group_id).model_dump_json()
    return modal(Callback.REJECTION, "Refuser ce groupe", [reason], submit="Refuser", metadata=metadata)


def composition(shown: Composition) -> View:
    """Let an admin swap, add or remove people in a proposal: who stays chosen is in it."""
    members = options({one.member_id: one.label for one in shown.members})
    others = options({one.member_id: one.label for one in shown.others})
    people = InputBlock(
        block_id="members",
        label=PlainTextObject(text="Qui est dans ce groupe ?"),
        hint=PlainTextObject(text="Trois ou quatre personnes. Celles qui sortent retournent dans la liste d’attente."),
        element=StaticMultiSelectElement(
            action_id="members", options=[*members, *others], initial_options=members, max_selected_items=4
        ),
    )
    metadata = CompositionShown(group_id=shown.group_id, fingerprint=shown.fingerprint).model_dump_json()
    return modal(Callback.COMPOSITION, "Changer ce groupe", [people], submit="Enregistrer", metadata=metadata)


def _proposal(message: GroupProposalCard, _content: Content) -> Drawn:
    label = escape(clip(message.label, 120))
    summary = f"{_people(len(message.members))}, {distance(message.worst_km)}"
    slots = slots_by_part(message.common_slots)
    blocks: list[Block] = [
        header(f"Proposition : {message.label}"),
        section("\n".join(f"{at}. {escape(clip(one, 200))}" for at, one in zip("ABCD", message.members, strict=False))),
        section(f"*Distance :* {distance(message.worst_km)} entre deux membres\n*Créneaux communs :*\n{slots}"),
    ]
    if len(message.members) == 3:
        blocks.append(context("Groupe de trois : il ne se forme que si les trois membres l’acceptent."))
    blocks += _reasons(message)
    blocks += _decision(message)
    if message.decision:
        done = {"confirmed": "confirmée", "rejected": "refusée", "lapsed": "sans suite", "expired": "sans suite"}[
            message.decision
        ]
        return Drawn(f"Proposition {done} : {label} ({summary}).", blocks)
    return Drawn(f"Nouvelle proposition à décider : {label} ({summary}).", blocks)


def _reasons(message: GroupProposalCard) -> list[Block]:
    """The mark and what it is made of; who has waited; until when to decide."""
    score, blocks = message.score, list[Block]()
    if score is not None:
        days = plural(score.longest_wait_days, "jour")
        back = f", {plural(score.heads_of_queue, 'personne')} en tête de liste" if score.heads_of_queue else ""
        marks = f"{score.closeness} sur 70 pour la distance, {score.slots} sur 30 pour les créneaux"
        blocks.append(section(f"*Note :* {score.total} sur 100 ({marks})\n*Attente :* {days} au plus{back}"))
    if message.changed_by:
        blocks.append(context(f"Composition changée par {user(message.changed_by)}."))
    if message.expires_at is not None and not message.decision:
        until = appointment(message.expires_at, PARIS)
        blocks.append(context(f"À décider avant le {until}. Le schéma des distances est dans le fil de cette carte."))
    return blocks


def _decision(message: GroupProposalCard) -> list[Block]:
    match message.decision:
        case "confirmed":
            done = f"*Confirmé* par {user(message.decided_by)}. Suivi : {user(message.tutor_user)}."
            return [section(f"{done} Les membres ont reçu leur proposition.")]
        case "rejected":
            reason = escape(clip(message.reason, REASON_LENGTH))
            return [section(f"*Refusé* par {user(message.decided_by)}.\n*Raison :* {reason}")]
        case "lapsed":
            return [
                section("*Sans suite* : une des personnes n’est plus disponible. Les autres passent en tête de liste.")
            ]
        case "expired":
            return [section("*Sans suite* : la proposition n’a pas été décidée à temps. Une autre viendra.")]
        case _:
            return [_choice(message)]


def _choice(message: GroupProposalCard) -> ActionsBlock:
    elements: list[InteractiveElement] = []
    if message.tutors:
        elements.append(_tutor_select(message.tutors[:TUTORS_SHOWN]))
    elements += [
        button("Confirmer", Action.CONFIRM_GROUP, message.group_id, style="primary"),
        button("Changer…", Action.CHANGE_GROUP, message.group_id),
        button("Refuser…", Action.REJECT_GROUP, message.group_id, style="danger"),
    ]
    return actions(*elements, block_id="decision")


def _tutor_select(tutors: Sequence[TutorChoice]) -> StaticSelectElement:
    shown = options({tutor.user: _tutor(tutor) for tutor in tutors})
    return StaticSelectElement(
        action_id=Action.CHOOSE_TUTOR,
        placeholder=PlainTextObject(text="Qui suit ce groupe ?"),
        options=shown,
        initial_option=shown[0],
    )


def _tutor(tutor: TutorChoice) -> str:
    return f"{clip(tutor.name or tutor.user, 50)} – {plural(tutor.groups, 'groupe')}"


def _offer(message: SeatOffer, _content: Content) -> Drawn:
    place = escape(clip(message.place, 100))
    if message.answer:
        sentence = _ANSWERED[message.answer]
        return Drawn(f"Groupe proposé ({place}) : {sentence}", [section(f"*Groupe proposé ({place})*\n{sentence}")])
    until = appointment(message.expires_at, message.zone)
    title = "Rappel : une place vous attend" if message.reminder else "Une place pour vous"
    slots = slots_by_part(message.common_slots)
    found = f"Nous avons trouvé un groupe de *{_people(message.size)}*, en vous comptant, près de chez vous"
    blocks: list[Block] = [
        header(title),
        section(f"{found} (*{place}*) : {distance(message.worst_km)} entre deux membres."),
        section(f"*Créneaux qui conviennent à tout le groupe :*\n{slots}"),
    ]
    if message.size == 3:
        blocks.append(section(_THREE))
    blocks += [
        actions(
            button(_accept_label(message.size), Action.ACCEPT_SEAT, message.group_id, style="primary"),
            button("Refuser cette place", Action.DECLINE_SEAT, message.group_id, confirm=_DECLINING),
        ),
        context(f"Répondez avant le {until}. Sans réponse, la place est rendue et la recherche continue."),
    ]
    if message.reminder:
        blocks += ending(Topic.OFFER)
    return Drawn(f"{title} : groupe de {_people(message.size)} ({place}). Réponse avant le {until}.", blocks)


_THREE = (
    "*Ce groupe compte trois personnes au lieu de quatre.* Il ne démarre que si les trois l’acceptent : "
    "en acceptant cette place, vous acceptez de commencer à trois."
)
_DECLINING = confirm(
    "Refuser cette place ?",
    "Ce groupe ne se formera pas. Vous restez dans la liste d’attente et vous recevrez une autre proposition.",
    "Refuser",
    "Revenir",
)


def _accept_label(size: int) -> str:
    return "Accepter à trois" if size == 3 else "Accepter cette place"


def _withdrawn(message: OfferWithdrawn, _content: Content) -> Drawn:
    place = escape(clip(message.place, 100))
    sentence = f"Le groupe proposé près de chez vous ({place}) ne se formera pas : il n’a pas pu réunir tout le monde."
    follow = "Vous passez en tête de la liste d’attente, et nous cherchons un autre groupe dès maintenant."
    return Drawn(f"{sentence} {follow}", [section(f"{sentence}\n{follow}")])


def _outcome(message: GroupOutcome, _content: Content) -> Drawn:
    sentence = f"Le {escape(clip(message.label, 120))} {_OUTCOMES[message.detail]}"
    return Drawn(sentence, [section(sentence)])


def _charter(message: CharterRequest, content: Content) -> Drawn:
    charter = content.sentence(CHARTER)
    if message.signed:
        sentence = "Vous avez signé la charte du groupe."
        return Drawn(sentence, [header("Charte du groupe"), section(charter), section(f"*{sentence}*")])
    blocks = [
        header("Charte du groupe"),
        section("Votre groupe est formé. Avant la première séance, chaque membre signe cette charte :"),
        section(charter),
        actions(button("Signer la charte", Action.SIGN_CHARTER, message.group_id, style="primary")),
        context("La date de votre signature et le texte exact sont conservés avec votre contrat."),
    ]
    return Drawn("Votre groupe est formé : lisez et signez sa charte avant la première séance.", blocks)


def _people(count: int) -> str:
    return plural(count, "personne")


def distance(km: float) -> str:
    """11 km au plus, rounded up, as the crow flies."""
    return f"{max(1, ceil(round(km, 3)))}\u00a0km au plus"


_FORMING: dict[str, Callable[[Any, Content], Drawn]] = {
    "group_proposal_card": _proposal,
    "seat_offer": _offer,
    "offer_withdrawn": _withdrawn,
    "group_outcome": _outcome,
    "charter_request": _charter,
}
DRAWERS = _FORMING | group_channel.DRAWERS | channel_life.DRAWERS
