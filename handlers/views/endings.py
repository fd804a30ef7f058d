"""Withdrawal, termination and refunds: what the member is told, and the admins' cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ConfirmObject,
)

from handlers.ids import Action
from handlers.views.french import appointment, day_and_hour
from handlers.views.kit import (
    Drawn,
    actions,
    button,
    clip,
    confirm,
    context,
    escape,
    header,
    section,
    user,
)
from programme.content import Content
from programme.content.french import week_day
from programme.messages.endings import (
    DeclarationCard,
    DeclarationReceived,
    DeclarationToConfirm,
    EndCard,
    EndRequestCard,
    EndRequestReceived,
    EndRequestSetAside,
    RefundAlert,
    RefundFailed,
    RefundSent,
)
from programme.model.ending import DeclarationSource, EndKind, EndState
from programme.rules.instants import PARIS
from programme.rules.lights import LightKind
from programme.rules.money import euros

WITHDRAW = "Renoncer au contrat ici"
CONFIRM_WITHDRAWAL = "Confirmer la rétractation"
TERMINATE = "Résilier votre contrat"
NOTIFY = "Notification de la résiliation"
KINDS = {
    EndKind.WITHDRAWAL: "rétractation",
    EndKind.OPERATOR_FAILURE: "arrêt de notre fait",
    EndKind.FORCE_MAJEURE: "force majeure",
    EndKind.ABANDONMENT: "abandon",
}
DOORS = {
    DeclarationSource.SLACK: "dans Slack",
    DeclarationSource.WEB: "par la page publique",
    DeclarationSource.LETTER: "par courrier ou par e-mail",
}


def _received(message: DeclarationReceived, _content: Content) -> Drawn:
    when = day_and_hour(message.sent_at, message.zone)
    text = f"Votre rétractation est enregistrée, le {when}. L’accusé de réception part à {message.email}."
    if message.in_time and message.refund_by:
        follow = (
            "Votre contrat prend fin et plus rien ne sera prélevé. Ce que vous avez payé vous revient au plus tard "
            f"le *{week_day(message.refund_by)}*, par le moyen de paiement utilisé ; seules les séances déjà tenues à "
            "votre demande expresse peuvent être retenues."
        )
    elif message.in_time:
        follow = "Votre contrat prend fin et rien ne sera prélevé."
    else:
        follow = "Elle nous parvient après la fin du délai, selon notre calcul : une personne l’examine et vous répond."
    blocks = [
        header("Votre rétractation est enregistrée"),
        section(f"Envoyée le *{when}*. L’accusé de réception part à {escape(message.email)}."),
        section(follow),
        context(f"Référence {message.reference}. {_own_work(message.work_until)}"),
    ]
    return Drawn(text, blocks)


def _own_work(last_day: date | None) -> str:
    """How one's own work can be had, and until when."""
    copy = "Votre travail vous appartient : recevez-en une copie avec `/bilan-donnees`"
    return f"{copy} jusqu’au {week_day(last_day)} ; il est effacé ensuite." if last_day else f"{copy}."


def _to_confirm(message: DeclarationToConfirm, _content: Content) -> Drawn:
    when = day_and_hour(message.sent_at, message.zone)
    sentence = f"Une rétractation à votre nom a été envoyée par la page publique, le {when}."
    if message.answer == "confirmed":
        return Drawn(sentence, [section(f"{sentence}\nElle est confirmée : votre contrat prend fin.")])
    if message.answer == "denied":
        return Drawn(sentence, [section(f"{sentence}\nElle ne change rien : votre contrat continue.")])
    blocks = [
        section(f"*{sentence}*\nEst-ce bien vous ? Si oui, c’est sa date d’envoi qui compte."),
        actions(
            button(CONFIRM_WITHDRAWAL, Action.CONFIRM_DECLARATION, message.declaration_id, style="danger"),
            button("Ce n’est pas moi", Action.DENY_DECLARATION, message.declaration_id),
        ),
        context("Sans réponse de votre part, une personne de l’équipe l’examine. Rien n’est dit à votre groupe."),
    ]
    return Drawn(f"{sentence} Est-ce bien vous ?", blocks)


def _declaration(message: DeclarationCard, _content: Content) -> Drawn:
    who = user(message.member_user) if message.member_user else escape(clip(message.name, 200))
    title = f"Rétractation à examiner : {who}"
    found = f"contrat {escape(clip(message.contract, 200))}" if message.matched else "aucun contrat retrouvé"
    timing = "envoyée dans le délai" if message.in_time else "envoyée après le délai, selon notre calcul"
    lines = [
        f"*{title}*",
        f"Envoyée {DOORS[message.source]} le {day_and_hour(message.sent_at, PARIS)} (heure de Paris).",
        f"Nom : {escape(clip(message.name, 200))}, adresse : {escape(clip(message.email, 320))}",
        f"Indiqué comme contrat : {escape(clip(message.contract, 200)) or 'rien'}, {found}",
    ]
    if message.matched:
        lines.append(timing.capitalize() + ".")
    blocks: list[Block] = [section("\n".join(lines))]
    if message.decision:
        done = "acceptée" if message.decision == "accepted" else "écartée"
        blocks.append(context(f"Déclaration {done} par {user(message.decided_by)}."))
        return Drawn(f"Rétractation {done} : {who}.", blocks)
    elements = [button("Répondre…", Action.REJECT_DECLARATION, message.declaration_id)]
    if message.matched:
        elements.insert(0, button("Accepter", Action.ACCEPT_DECLARATION, message.declaration_id, style="primary"))
    blocks += [actions(*elements), context("Gardée telle quelle, avec l’accusé de réception. Rien n’est encore fait.")]
    return Drawn(f"{title}. {timing.capitalize()}." if message.matched else f"{title}. {found}.", blocks)


def _end(message: EndCard, _content: Content) -> Drawn:
    title = f"Fin de contrat ({KINDS[message.end_kind]}) : {user(message.member_user)}"
    sums = [
        f"Payé {euros(message.paid)} sur un prix de {euros(message.price)}",
        f"Séances dues : {message.delivered} sur 16, soit {euros(message.due)}",
        f"*À rembourser : {euros(message.refund)}*, au plus tard le {week_day(message.refund_due_on)}",
    ]
    if message.cancelled:
        sums.append(f"Échéances annulées : {euros(message.cancelled)}")
    if message.still_owed:
        sums.append(f"Resterait dû : {euros(message.still_owed)}. Rien n’est débité.")
    blocks: list[Block] = [
        section(f"*{title}*\nDéclarée le {day_and_hour(message.declared_at, PARIS)}, commande {message.order_id}"),
        section("\n".join(f"• {line}" for line in sums)),
        *_end_state(message),
    ]
    return Drawn(f"{title}. À rembourser : {euros(message.refund)}.", blocks)


def _end_state(message: EndCard) -> list[Block]:
    undo = button("Annuler l’envoi", Action.UNDO_REFUND, message.end_id)
    match message.state:
        case EndState.PROPOSED:
            second = " Un second admin devra confirmer." if message.needs_second else ""
            return [
                actions(_approve(message, "Rembourser", "Rembourser")),
                context(f"La somme part dix minutes après la confirmation ; elle peut être rappelée d’ici là.{second}"),
            ]
        case EndState.SECONDED:
            return [
                section(f"Confirmé par {user(message.approved_by)}. Il manque l’accord d’un second admin."),
                actions(_approve(message, "Confirmer le remboursement", "Confirmer"), undo),
            ]
        case EndState.LEAVING:
            leaves = appointment(message.leaves_at, PARIS) if message.leaves_at else ""
            return [section(f"Confirmé par {_confirmed_by(message)}. Part {leaves}."), actions(undo)]
        case EndState.SENT:
            return [section("Le remboursement est chez Stripe. La carte change dès qu’il est arrivé.")]
        case EndState.FAILED:
            return [section("*Stripe n’a pas pu rembourser.* Convenez d’un autre moyen avec la personne, par écrit.")]
        case _:
            done = "Remboursé." if message.refund else "Rien à rembourser."
            return [context(done)]


def _approve(message: EndCard, label: str, yes: str) -> Any:
    dialog: ConfirmObject = confirm(
        "Rembourser ?", f"{euros(message.refund)} repartiront vers le moyen de paiement utilisé.", yes
    )
    return button(label, Action.APPROVE_REFUND, message.end_id, style="primary", confirm=dialog)


def _confirmed_by(message: EndCard) -> str:
    first = user(message.approved_by)
    return f"{first} et {user(message.seconded_by)}" if message.seconded_by else first


def _refund_sent(message: RefundSent, _content: Content) -> Drawn:
    amount = euros(message.amount)
    if message.late_payment:
        sentence = (
            f"Un paiement de {amount} est arrivé après la fin de votre contrat. Il vous est rendu en entier, "
            "sans que vous ayez rien à faire."
        )
    else:
        sentence = f"Votre remboursement de {amount} est parti vers le moyen de paiement que vous aviez utilisé."
    detail = "Selon votre banque, il apparaît sur votre compte en cinq à dix jours."
    return Drawn(f"{sentence} {detail}", [section(f"*{sentence}*\n{detail}"), context(f"Commande {message.order_id}")])


_AWAITED = {
    EndState.PROPOSED: "Personne ne l’a encore confirmé.",
    EndState.SECONDED: "{first} l’a confirmé ; il manque l’accord d’un second admin.",
    EndState.LEAVING: "Il est confirmé et part dans les dix minutes.",
    EndState.SENT: "Il est chez Stripe, qui n’a pas encore dit que l’argent est arrivé.",
    EndState.FAILED: "Stripe n’a pas pu rembourser : convenez d’un autre moyen avec la personne, par écrit.",
}


def _refund_alert(message: RefundAlert, _content: Content) -> Drawn:
    sentence = (
        f"Remboursement en attente depuis {message.day} jours : {euros(message.amount)} à {user(message.member_user)}."
    )
    awaited = _AWAITED.get(message.state, "").format(first=user(message.approved_by))
    limit = (
        f"Dernier jour légal : {week_day(message.due_on)}. Après, la somme est majorée de plein droit "
        "(C. conso. L242-4) : 5 % dès le onzième jour de retard, puis davantage."
    )
    blocks = [
        section(f"*{sentence}*\n{awaited}\n{limit}"),
        actions(button("Voir les remboursements", Action.SHOW_LIGHT, LightKind.REFUNDS.value)),
        context(f"Commande {message.order_id}"),
    ]
    return Drawn(f"{sentence} {awaited} {limit}", blocks)


def _refund_failed(message: RefundFailed, _content: Content) -> Drawn:
    sentence = f"Stripe n’a pas pu rembourser {euros(message.amount)} à {user(message.member_user)}."
    advice = (
        "Écrivez à la personne pour convenir d’un autre moyen : son accord exprès est nécessaire (L221-24). "
        "La date limite ne change pas."
    )
    return Drawn(sentence, [section(f"*{sentence}*\n{advice}"), context(f"Commande {message.order_id}")])


def _end_request(message: EndRequestCard, _content: Content) -> Drawn:
    ground = "force majeure" if message.force_majeure else "autre raison"
    title = f"Résiliation demandée par {user(message.member_user)} ({ground})"
    blocks: list[Block] = [section(f"*{title}*\nCommande {message.order_id}")]
    if message.reason:
        blocks.append(section("> " + escape(clip(message.reason, 1500)).replace("\n", "\n> ")))
    if message.decision is not None:
        done = f"Contrat terminé ({KINDS[message.decision]}) par {user(message.decided_by)}."
        return Drawn(f"{title}. {done}", [*blocks, context(done)])
    if message.set_aside:
        done = f"Demande écartée par {user(message.decided_by)}."
        answer = "> " + escape(clip(message.set_aside, 1500)).replace("\n", "\n> ")
        return Drawn(f"{title}. {done}", [*blocks, section(f"*Réponse envoyée*\n{answer}"), context(done)])
    blocks += [
        actions(
            button("Voir les cas et décider", Action.DECIDE_END, message.member_user, style="primary"),
            button("Écarter", Action.SET_ASIDE_END, message.order_id),
        ),
        context("Écrivez d’abord à la personne : un motif légitime s’examine. Rien n’est débité automatiquement."),
    ]
    return Drawn(title, blocks)


def _end_request_received(message: EndRequestReceived, _content: Content) -> Drawn:
    sentence = f"Votre demande de résiliation est notée ; sa confirmation part à {escape(message.email)}."
    follow = "Une personne de l’équipe l’examine et vous répond, avec les sommes au centime. Rien n’est prélevé."
    return Drawn(f"{sentence} {follow}", [section(f"*{sentence}*\n{follow}"), context(f"Commande {message.order_id}")])


def _end_request_set_aside(message: EndRequestSetAside, _content: Content) -> Drawn:
    sentence = "Votre demande de résiliation n’a pas été retenue : votre contrat continue."
    why = "Une personne de l’équipe l’a examinée et vous répond :\n> " + escape(clip(message.reason, 2000)).replace(
        "\n", "\n> "
    )
    follow = "Vos échéances suivent leur cours, chacune annoncée une semaine avant. " if message.resumes else ""
    mail = f"Répondez à l’e-mail parti à {escape(message.email)}, qui dit aussi vos recours."
    disagree = f"Vous n’êtes pas d’accord ? {mail}"
    blocks = [section(f"*{sentence}*\n{why}"), section(follow + disagree), context(f"Commande {message.order_id}")]
    return Drawn(f"{sentence} {follow}", blocks)


DRAWERS: dict[str, Callable[[Any, Content], Drawn]] = {
    "declaration_received": _received,
    "declaration_to_confirm": _to_confirm,
    "declaration_card": _declaration,
    "end_card": _end,
    "refund_sent": _refund_sent,
    "refund_alert": _refund_alert,
    "refund_failed": _refund_failed,
    "end_request_card": _end_request,
    "end_request_received": _end_request_received,
    "end_request_set_aside": _end_request_set_aside,
}
