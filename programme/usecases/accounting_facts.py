"""What the facts of an order say on an invoice, a receipt and a credit note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from programme.content.printing import CreditNote, Instalment, Invoice, InvoiceLine, PaymentReceipt, Person, Totals
from programme.content.vat import VatPeriod
from programme.model.accounting import AccountingDocument, AccountingKind
from programme.model.ending import ContractEnd, EndKind
from programme.model.order import Order, Payment
from programme.rules.instants import day_in
from programme.rules.money import Amounts, vat_split

NUMBER_FIELD = {
    AccountingKind.INVOICE: "number",
    AccountingKind.RECEIPT: "reference",
    AccountingKind.CREDIT_NOTE: "number",
}
"""Where the printed facts name the document's number, which is given last."""
UNNUMBERED = ""
REASONS = {
    EndKind.WITHDRAWAL: "credit_reason_withdrawal",
    EndKind.OPERATOR_FAILURE: "credit_reason_operator_failure",
    EndKind.FORCE_MAJEURE: "credit_reason_force_majeure",
    EndKind.ABANDONMENT: "credit_reason_abandonment",
}


def invoice(
    order: Order, payments: Sequence[Payment], vat: VatPeriod, *, client: Person, description: str, issued_on: date
) -> Invoice:
    """Return what the invoice of an order says; a price of zero has no schedule."""
    amounts = vat_split(order.price, vat.rate)
    return Invoice(
        number=UNNUMBERED,
        issued_on=issued_on,
        client=client,
        order_id=order.id,
        ordered_on=day_in(order.concluded_at),
        lines=(InvoiceLine(description=description, quantity=1, unit_ht=amounts.ht, total_ht=amounts.ht),),
        discount=order.discount,
        offer=order.offer,
        totals=_totals(amounts),
        vat_rate=vat.rate,
        vat_mention=vat.mention,
        instalments=tuple(_instalment(payment) for payment in payments if order.price),
    )


def receipt(
    order: Order, payment: Payment, *, client: Person, of: int, paid_in_all: int, returned: bool
) -> PaymentReceipt:
    """Return what the receipt of a payment says; LookupError for a payment that was not received."""
    if payment.paid_at is None:
        raise LookupError("a receipt is for a payment that was received")
    return PaymentReceipt(
        reference=UNNUMBERED,
        paid_at=payment.paid_at,
        client=client,
        order_id=order.id,
        concluded_on=day_in(order.concluded_at),
        number=payment.number,
        of=of,
        amount=payment.amount,
        paid_in_all=paid_in_all,
        remaining=0 if returned else max(0, order.price - paid_in_all),
        returned=returned,
    )


def credit_note(
    order: Order,
    invoiced: AccountingDocument,
    end: ContractEnd,
    vat: VatPeriod,
    *,
    credited: Amounts,
    client: Person,
    reason: str,
    issued_on: date,
) -> CreditNote:
    """Return what the credit note of an early end says."""
    whole = invoiced.amounts
    kept = Amounts(whole.ttc - credited.ttc, whole.ht - credited.ht, whole.vat - credited.vat)
    return CreditNote(
        number=UNNUMBERED,
        issued_on=issued_on,
        client=client,
        order_id=order.id,
        invoice_number=invoiced.number,
        invoice_issued_on=day_in(invoiced.issued_at),
        reason=reason,
        sessions_delivered=end.delivered,
        invoiced=_totals(whole),
        kept=_totals(kept),
        credited=_totals(credited),
        refunded=end.refund,
        cancelled=end.cancelled,
        still_owed=end.still_owed,
        vat_rate=vat.rate,
        vat_mention=vat.mention,
    )


def _totals(amounts: Amounts) -> Totals:
    return Totals(ht=amounts.ht, vat=amounts.vat, ttc=amounts.ttc)


def _instalment(payment: Payment) -> Instalment:
    paid_on = day_in(payment.paid_at) if payment.paid_at else None
    return Instalment(number=payment.number, amount=payment.amount, due_on=payment.due_on, paid_on=paid_on)
