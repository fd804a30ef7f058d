"""The screens of withdrawal and termination: for the member, then those in which an admin examines and decides."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    EmailInputElement,
    InputBlock,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import Subject
from handlers.views.endings import CONFIRM_WITHDRAWAL, KINDS, NOTIFY, TERMINATE, WITHDRAW
from handlers.views.french import day_and_hour
from handlers.views.kit import actions, button, clip, context, escape, header, modal, options, section, user
from programme.content.french import week_day
from programme.rules.money import euros
from programme.usecases.end_requests import LONGEST_REASON
from programme.usecases.termination import Case
from programme.usecases.withdrawal import OwnContract


def withdrawal(contract: OwnContract, email: str) -> View:
    """The first screen: everything is filled in, no reason is asked; the second button makes the declaration.

    The legal label has 25 characters, one more than a modal's submit: it is a button, so the address is changed apart.
    """
    blocks: list[Block] = [
        section(f"*Contrat* {contract.order_id}, conclu le {day_and_hour(contract.concluded_at, contract.zone)}"),
        section(f"*Au nom de* {escape(clip(contract.name, 200))}"),
        section(
            f"*Accusé de réception* : il part tout de suite à {escape(clip(email, 320))}, avec le contenu, la date et "
            "l’heure de votre déclaration.",
            button("Changer d’adresse", Action.CHANGE_ACKNOWLEDGEMENT, contract.order_id),
        ),
        section(
            f"{_until(contract)}Aucun motif ne vous est demandé. Le groupe apprend seulement qu’une place est libre."
        ),
        actions(button(CONFIRM_WITHDRAWAL, Action.CONFIRM_WITHDRAWAL, contract.order_id, style="danger")),
        context("Tant que vous n’avez pas appuyé sur ce bouton, rien n’est envoyé et votre contrat continue."),
    ]
    metadata = Subject(id=email).model_dump_json()
    return modal(Callback.WITHDRAWAL, "Rétractation", blocks, close="Garder mon contrat", metadata=metadata)


def _until(contract: OwnContract) -> str:
    if contract.last_day is None:
        return ""
    last_day = week_day(contract.last_day)
    if contract.in_time:
        return f"Vous pouvez vous rétracter jusqu’au *{last_day} inclus*. "
    return (
        f"Le délai de rétractation s’est terminé le {last_day}, selon notre calcul. Vous pouvez tout de même "
        "envoyer votre déclaration : une personne l’examine et vous répond. "
    )


def acknowledgement_address(email: str) -> View:
    """Where the acknowledgement goes instead."""
    field = InputBlock(
        block_id="email",
        label=PlainTextObject(text="Adresse pour l’accusé de réception"),
        element=EmailInputElement(action_id="email", initial_value=email or None),
    )
    return modal(Callback.ACKNOWLEDGEMENT_ADDRESS, "Rétractation", [field], submit="Continuer")


def termination(contract: OwnContract) -> View:
    """The reason, then the summary; inside the withdrawal period the withdrawal is offered first."""
    blocks: list[Block] = []
    if contract.in_time:
        last = f" jusqu’au {week_day(contract.last_day)} inclus" if contract.last_day else ""
        blocks += [
            section(
                f"*Vous êtes encore dans votre délai de rétractation{last}.* La rétractation est plus simple et plus "
                "favorable pour vous : elle ne demande aucun motif."
            ),
            actions(button(WITHDRAW, Action.WITHDRAW, contract.order_id, style="primary")),
        ]
    choices = {
        "force_majeure": "Un événement imprévisible m’empêche de continuer (force majeure)",
        "other": "Une autre raison",
    }
    blocks += [
        section(f"*{TERMINATE}* : contrat {contract.order_id}, au nom de {escape(clip(contract.name, 200))}."),
        InputBlock(
            block_id="ground",
            label=PlainTextObject(text="Ce qui vous amène à arrêter"),
            element=RadioButtonsElement(action_id="ground", options=options(choices)),
        ),
        InputBlock(
            block_id="reason",
            label=PlainTextObject(text="Quelques mots, si vous le souhaitez"),
            hint=PlainTextObject(text="Ne donnez aucun détail médical. Un justificatif peut être envoyé par e-mail."),
            element=PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON),
            optional=True,
        ),
    ]
    metadata = Subject(id=contract.order_id).model_dump_json()
    return modal(Callback.TERMINATION, "Résiliation", blocks, submit="Voir le résumé", metadata=metadata)


def termination_summary(order_id: str, *, force_majeure: bool, reason: str) -> View:
    """What will be notified, then the button that notifies it (D215-2)."""
    ground = "force majeure" if force_majeure else "autre raison"
    blocks: list[Block] = [
        header("Résumé"),
        section(f"*Contrat* {order_id}\n*Motif* : {ground}"),
        *([section("> " + escape(clip(reason, 1000)).replace("\n", "\n> "))] if reason else []),
        section(
            "Une personne de l’équipe examine votre demande et vous écrit les sommes, au centime, avant toute suite. "
            "Aucun prélèvement n’a lieu automatiquement. Vous recevez tout de suite une confirmation par e-mail."
        ),
        actions(button(NOTIFY, Action.NOTIFY_TERMINATION, "majeure" if force_majeure else "other", style="danger")),
    ]
    metadata = Subject(id=f"{order_id}\n{reason}").model_dump_json()
    return modal(Callback.TERMINATION_SUMMARY, "Résiliation", blocks, close="Garder mon contrat", metadata=metadata)


def cases(order_id: str, member_user: str, offered: tuple[Case, ...]) -> View:
    """The three guided cases of CGV 7, each to the cent; for admins."""
    lines = "\n".join(
        f"• *{KINDS[case.kind].capitalize()}* : {case.delivered} séances dues, soit {euros(case.due)} ; "
        f"à rembourser {euros(case.refund)}"
        + (f" ; resterait dû {euros(case.still_owed)}, jamais débité par le robot" if case.still_owed else "")
        for case in offered
    )
    blocks: list[Block] = [
        section(f"Contrat {order_id} de {user(member_user)}. Ce que chaque cas donnerait aujourd’hui :\n{lines}"),
        InputBlock(
            block_id="kind",
            label=PlainTextObject(text="Cas"),
            element=RadioButtonsElement(
                action_id="kind", options=options({case.kind.value: KINDS[case.kind].capitalize() for case in offered})
            ),
        ),
        InputBlock(
            block_id="reason",
            label=PlainTextObject(text="Motif et justificatifs vus"),
            hint=PlainTextObject(
                text="Gardé au dossier avec votre nom et la date. La force majeure se constate sur pièces."
            ),
            element=PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON),
        ),
        context("La fin du contrat est immédiate. Le remboursement attend encore une confirmation sur sa carte."),
    ]
    metadata = Subject(id=order_id).model_dump_json()
    return modal(Callback.END_CASE, "Fin de contrat", blocks, submit="Mettre fin au contrat", metadata=metadata)


def setting_aside(order_id: str) -> View:
    """Why a request to end a contract is set aside; it goes to the member as it is."""
    reason = InputBlock(
        block_id="reason",
        label=PlainTextObject(text="Votre réponse à la personne"),
        hint=PlainTextObject(
            text="Elle part mot pour mot, par e-mail et dans Slack. Le contrat continue, et les échéances reprennent."
        ),
        element=PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON),
    )
    metadata = Subject(id=order_id).model_dump_json()
    return modal(Callback.END_SET_ASIDE, "Écarter la demande", [reason], submit="Écarter", metadata=metadata)


def letter(member_user: str) -> View:
    """An admin writes down a declaration that came by letter or mail."""
    blocks: list[Block] = [
        section(f"Déclaration de rétractation de {user(member_user)}, reçue par courrier ou par e-mail."),
        InputBlock(
            block_id="sent_on",
            label=PlainTextObject(text="Date d’envoi (cachet de la poste, date du message)"),
            element=DatePickerElement(action_id="sent_on"),
        ),
        context("C’est la date d’envoi qui compte. L’accusé de réception part tout de suite à l’adresse du contrat."),
    ]
    metadata = Subject(id=member_user).model_dump_json()
    return modal(Callback.WITHDRAWAL_LETTER, "Rétractation reçue", blocks, submit="Enregistrer", metadata=metadata)


def rejection(declaration_id: str) -> View:
    """Why nothing follows from a declaration; sent by e-mail to who made it."""
    reason = InputBlock(
        block_id="reason",
        label=PlainTextObject(text="Votre réponse à la personne"),
        hint=PlainTextObject(text="Elle part par e-mail, mot pour mot, à l’adresse de la déclaration."),
        element=PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON),
    )
    metadata = Subject(id=declaration_id).model_dump_json()
    return modal(Callback.WITHDRAWAL_ANSWER, "Répondre", [reason], submit="Envoyer", metadata=metadata)
