"""What an effect leads to once it has happened, in the transaction that records it."""

from __future__ import annotations

from typing import Any

from programme.effects import (
    ChargeInstalment,
    CloseCheckout,
    Effect,
    FetchFiles,
    InviteToChannel,
    LetCardGo,
    LookUpLink,
    MakeExport,
    OpenCheckout,
    OpenGroupChannel,
    OpenInstalmentPage,
    SendMail,
    SendRefund,
    StopInstalment,
)
from programme.ports import Ports, UnitOfWork
from programme.usecases import (
    absence_notes,
    cards,
    channels,
    data_export,
    email_proofs,
    files,
    instalment_outcomes,
    instalment_pages,
    payments,
    questions,
    refunds,
)


def completed(ports: Ports, uow: UnitOfWork, effect: Effect, extra: dict[str, Any]) -> None:
    """Tell the feature that waited for this effect."""
    match effect:
        case OpenGroupChannel():
            channels.channel_opened(ports, uow, effect.group_id, extra["channel_id"], extra["name"])
        case InviteToChannel():
            channels.invited(ports, uow, effect.group_id, extra["failures"])
        case SendMail():
            _mail_sent(ports, uow, effect, extra)
        case MakeExport():
            data_export.made(ports, uow, effect.export_id, extra)
        case FetchFiles():
            stored = files.fetched(ports, uow, effect, extra)
            if effect.purpose == "absence" and stored:
                absence_notes.attach(uow, effect.document_id, stored, ports.clock.now())
        case LookUpLink():
            questions.link_found(uow, effect.question_id, extra["link"])
        case _:
            _at_stripe(ports, uow, effect, extra)


def _at_stripe(ports: Ports, uow: UnitOfWork, effect: Effect, extra: dict[str, Any]) -> None:
    match effect:
        case OpenCheckout():
            payments.checkout_opened(ports, uow, effect.order_id, extra)
        case CloseCheckout():
            payments.checkout_closed(ports, uow, effect.order_id, extra)
        case ChargeInstalment() | StopInstalment():
            instalment_outcomes.carried_out(ports, uow, effect.payment_id, extra)
        case OpenInstalmentPage():
            instalment_pages.opened(ports, uow, effect.payment_id, extra)
        case SendRefund():
            refunds.carried_out(ports, uow, effect.refund_id, extra)
        case LetCardGo():
            cards.gone(uow, effect)
        case _:
            pass


def _mail_sent(ports: Ports, uow: UnitOfWork, mail: SendMail, extra: dict[str, Any]) -> None:
    match mail.template:
        case "confirmation":
            payments.confirmation_sent(ports, uow, mail.data["order_id"], extra["message_id"])
        case "email_code":
            email_proofs.code_sent(uow, mail.data["key"])
