"""A member's page, as the team sees it, and the choice among several people of one name."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from handlers.ids import Action
from handlers.views.dashboard import run_button
from handlers.views.french import appointment, day_and_hour, listed, plural
from handlers.views.kit import actions, button, context, escape, modal, section, user
from handlers.views.nudges import NAMES as TOPIC_NAMES
from handlers.views.reports import STAGE_LABELS
from programme.content.french import week_day
from programme.model.document import DocumentState
from programme.model.enrolment import EnrolmentStatus, Step
from programme.model.group import SeatState
from programme.model.nudge import Topic
from programme.model.order import OrderStatus, Payment, PaymentPlan, PaymentStatus
from programme.rules.instants import PARIS, day_in
from programme.rules.money import euros
from programme.usecases.member_page import Found, MemberPage, OrderFacts, SeatFacts

TITLE = "Page de membre"
STEPS = {
    Step.TUTORIAL: "n’a pas encore lu la présentation",
    Step.PROFILE: "complète son profil",
    Step.EMAIL: "doit confirmer son adresse e-mail",
    Step.LEVEL: "doit déclarer son niveau",
    Step.EXEMPTION: "peut demander une dérogation",
    Step.EXEMPTION_PENDING: "attend une réponse à sa demande de dérogation",
    Step.TEXTS: "lit les textes du contrat",
    Step.CHOICE: "choisit quand commencer",
    Step.ORDER: "doit confirmer sa commande",
    Step.PAYMENT: "a commandé et doit payer",
    Step.DONE: "inscription complète",
}
STATUSES = {
    EnrolmentStatus.WITHDRAWN: "rétractation faite",
    EnrolmentStatus.TERMINATED: "contrat terminé avant son terme",
    EnrolmentStatus.FINISHED: "programme terminé",
}
SEATS = {
    SeatState.PROPOSED: "place proposée par le robot, en attente d’un admin",
    SeatState.OFFERED: "place offerte, réponse attendue",
    SeatState.ACCEPTED: "place acceptée",
}
PAYMENTS = {
    PaymentStatus.DUE: "à payer",
    PaymentStatus.PAID: "payé",
    PaymentStatus.FAILED: "refusé par la banque",
    PaymentStatus.CANCELLED: "annulé",
}
DOCUMENTS = {
    DocumentState.RECEIVED: ("reçu", "reçus"),
    DocumentState.IN_REVIEW: ("en relecture", "en relecture"),
    DocumentState.TO_REVISE: ("à reprendre", "à reprendre"),
    DocumentState.VALIDATED: ("validé", "validés"),
}


def choice(found: Sequence[Found]) -> View:
    """Several people fit what was typed."""
    blocks: list[Block] = [section("Plusieurs personnes portent ce nom. Laquelle ?")]
    blocks += [
        section(
            f"{escape(one.name)}, {escape(one.commune)} ({user(one.user)})",
            open_button(one.user, one.name),
        )
        for one in found
    ]
    return modal("member_choice", TITLE, blocks)


def open_button(slack_user_id: str, name: str = "") -> InteractiveElement:
    """Opens somebody's page."""
    accessible = f"Ouvrir la page de {name}"[:75] if name else None
    return run_button("Ouvrir", f"membre <@{slack_user_id}>", accessible=accessible)


def page(facts: MemberPage) -> View:
    """Where the person stands, and the help that can be given."""
    gone = "" if facts.active else "\n*Compte Slack désactivé.*"
    place = f", {escape(facts.commune)}" if facts.commune else ""
    who = escape(facts.name) or "Sans nom encore"
    blocks: list[Block] = [
        section(f"*{who}* ({user(facts.user)}){place}\nArrivée le {week_day(day_in(facts.since))}.{gone}"),
        section(f"*Inscription* : {_standing(facts)}"),
    ]
    if facts.order:
        blocks += _order(facts.order)
    if facts.seat:
        blocks.append(section(_seat(facts.seat)))
    blocks += [section(f"*Documents* : {_documents(facts)}"), section(f"*Messages* : {_messages(facts)}")]
    blocks += [actions(*acts) for acts in (_help(facts), _decisions(facts)) if acts]
    blocks.append(
        context(
            "La personne voit dans son accueil que vous avez ouvert cette page. Vous ne pouvez ni accepter un texte, "
            "ni choisir, ni commander pour elle."
        )
    )
    return modal("member_page", TITLE, blocks)


def _standing(facts: MemberPage) -> str:
    if facts.status in STATUSES:
        return STATUSES[facts.status]
    if facts.waiting_since:
        return f"complète, attend un groupe depuis le {week_day(day_in(facts.waiting_since))}"
    return STEPS[facts.step] if facts.step else "pas commencée"


def _order(order: OrderFacts) -> list[Block]:
    plan = "en trois fois" if order.plan is PaymentPlan.THREE else "en une fois"
    lines = [f"*Commande* `{order.id}` : {euros(order.price)}, {plan}"]
    if order.status is OrderStatus.CANCELLED:
        lines.append("Annulée avant d’être payée.")
    lines += [f"• {_payment(one)}" for one in order.payments]
    if order.link_expires_at:
        lines.append(f"Lien de paiement valable jusqu’au {day_and_hour(order.link_expires_at, PARIS)}.")
    if order.withdrawal_last_day:
        state = "jusqu’au" if order.withdrawal_open else "terminé depuis le"
        lines.append(f"Délai de rétractation : {state} {week_day(order.withdrawal_last_day)}.")
    if order.early_start:
        lines.append("Démarrage anticipé demandé.")
    if order.status is OrderStatus.PAID and not order.confirmed:
        lines.append("*La confirmation n’est pas encore partie* : aucune séance ne peut commencer.")
    if order.frozen:
        lines.append("*Paiement contesté* : rien n’est prélevé ni remboursé avant la décision de la banque.")
    if order.end:
        lines.append("Fin de contrat enregistrée : sa carte est dans le canal des admins.")
    return [section("\n".join(lines))]


def _payment(payment: Payment) -> str:
    due = f", le {week_day(payment.due_on)}" if payment.due_on and payment.status is not PaymentStatus.PAID else ""
    paid = f" le {week_day(day_in(payment.paid_at))}" if payment.paid_at else ""
    back = f", remboursé : {euros(payment.refunded)}" if payment.refunded else ""
    return f"{euros(payment.amount)} {PAYMENTS[payment.status]}{paid}{due}{back}"


def _seat(seat: SeatFacts) -> str:
    lines = [f"*{escape(seat.label)}* : {STAGE_LABELS.get(seat.state, SEATS.get(seat.seat, 'terminé'))}"]
    if seat.planned:
        lines.append(f"Présence : {seat.present} sur {plural(seat.held, 'séance tenue', 'séances tenues')}")
    if seat.next_start and seat.next_number:
        lines.append(f"Prochaine séance ({seat.next_number} sur 16) : {appointment(seat.next_start, seat.zone)}")
    if seat.check_ins_asked:
        lines.append(f"Points d’étape : {plural(seat.check_ins_answered, 'réponse')} sur {seat.check_ins_asked}")
    return "\n".join(lines)


def _documents(facts: MemberPage) -> str:
    there = [(facts.documents.get(state, 0), words) for state, words in DOCUMENTS.items()]
    counted = [plural(count, *words) for count, words in there if count]
    return listed(counted) if counted else "aucun remis"


def _messages(facts: MemberPage) -> str:
    last = f"dernier message courant le {day_and_hour(facts.last_routine, facts.zone)}" if facts.last_routine else ""
    waiting = f"{plural(facts.waiting_messages, 'attend', 'attendent')} son jour" if facts.waiting_messages else ""
    topics = [TOPIC_NAMES[Topic(topic)].lower() for topic in facts.stopped]
    stopped = f"ne veut plus : {listed(topics)}" if topics else ""
    return " ; ".join(part for part in (last, waiting, stopped) if part) or "aucun message courant"


def _help(facts: MemberPage) -> list[InteractiveElement]:
    acts: list[InteractiveElement] = []
    order = facts.order
    if order is not None and order.status is OrderStatus.PLACED:
        acts.append(button("Envoyer un nouveau lien", Action.SEND_LINK_FOR, facts.user))
    if order is not None and order.status is OrderStatus.PAID:
        acts.append(button("Renvoyer le contrat", Action.SEND_CONTRACT_FOR, facts.user))
    refused = [one for one in order.payments if one.number > 1 and one.status is PaymentStatus.FAILED] if order else []
    if refused:
        label = f"Lien pour l’échéance {refused[0].number}"
        acts.append(button(label, Action.SEND_INSTALMENT_LINK, refused[0].id))
    if facts.seat is not None:
        acts.append(run_button("Page du groupe", f"groupe {facts.seat.group_number}"))
    return acts


def _decisions(facts: MemberPage) -> list[InteractiveElement]:
    """The guided ends of a contract; each asks again before anything happens."""
    if facts.order is None or facts.status is not EnrolmentStatus.ACTIVE or facts.order.status is OrderStatus.CANCELLED:
        return []
    return [
        button("Mettre fin au contrat…", Action.DECIDE_END, facts.user),
        run_button("Noter une rétractation…", f"retractation <@{facts.user}>"),
    ]
