"""Step 6: the order in full, with the price that binds, and the code of an offer."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, PlainTextInputElement, RadioButtonsElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.views.enrolment import TITLE
from handlers.views.french import slots_by_part
from handlers.views.kit import actions, button, clip, context, escape, header, input_field, modal, options, section
from programme.content import Content
from programme.model.enrolment import Choice
from programme.model.order import PaymentPlan
from programme.rules.money import LIST_PRICE, euros, instalments
from programme.usecases.enrolment import Terms
from programme.usecases.payments import order_button
from programme.usecases.prices import Quote
from programme.usecases.standing import Standing


def summary(standing: Standing, terms: Terms, content: Content, metadata: str = "", *, in_three: bool) -> View:
    """The order in full; modify or confirm. The button that binds says so (L221-14)."""
    member, quote = standing.member, standing.quote
    start = terms.start[0] if standing.enrolment.choice is Choice.WAIT else terms.start[1]
    blocks: list[Block] = [
        context("Étape 6 sur 6 · Votre commande"),
        header("Récapitulatif"),
        *_price(quote, content),
        section(
            f"*Pour* {escape(clip(member.full_name, 120))}\n{escape(clip(member.address, 250))}\n"
            f"{member.postcode} {escape(member.commune)}\n{escape(clip(member.email, 200))}"
        ),
        section(
            f"*Vos disponibilités :*\n{slots_by_part(member.availability)}\n*Distance maximale :* {member.radius_km} km"
        ),
        section(f"*{start.label}*\n{start.statement}"),
        *_plans(quote.price, in_three=in_three),
        actions(
            button("Modifier mon profil", Action.MODIFY_PROFILE, "profile"),
            button("Modifier mon niveau", Action.MODIFY_LEVEL, "level"),
            button("Modifier mon choix de départ", Action.MODIFY_CHOICE, "choice"),
            *([button("Retirer mon code", Action.LEAVE_CODE)] if quote.offer or quote.problem else []),
            *([] if quote.offer else [button("J’ai un code", Action.ENTER_CODE)]),
        ),
        actions(button(order_button(quote.price), Action.PLACE_ORDER, style="primary")),
        context("Après la commande, vous gardez votre droit de rétractation de 14 jours."),
    ]
    return modal(Callback.SUMMARY, TITLE, blocks, submit="Revenir plus tard", metadata=metadata)


def _price(quote: Quote, content: Content) -> list[Block]:
    total = f"*Prix total : {euros(quote.price)} TTC*"
    if quote.offer is not None:
        total += f"\nOffre « {escape(quote.offer.label)} », au lieu de {euros(LIST_PRICE)}."
    what = (
        "*Bilan professionnel collaboratif Ensemble1job*\n"
        "16 séances en groupe de quatre, une par semaine, relecture de vos documents et suivi par e-tuteurs et "
        f"e-tutrices.\n{total}"
    )
    lapsed = f"{content.sentence(quote.problem)} Retirez-le pour commander." if quote.problem else ""
    return [section(what), *([section(lapsed)] if lapsed else [])]


def _plans(price: int, *, in_three: bool) -> list[Block]:
    if not price:
        return [section("*Rien à payer :* votre inscription sera confirmée dès votre commande.")]
    plans = {PaymentPlan.FULL.value: f"En une fois : {euros(price)}"}
    hint = "Par carte, sur la page sécurisée de Stripe. Le lien arrive dans vos messages directs."
    if in_three:
        parts = " + ".join(euros(part) for part in instalments(price, 3))
        plans[PaymentPlan.THREE.value] = f"En trois fois sans frais : {parts}"
        hint += (
            " En trois fois : la première à la commande, les deux autres pendant le programme, sur la même carte, à "
            "des dates annoncées au début de votre groupe."
        )
    choices = options(plans)
    element = RadioButtonsElement(action_id="plan", options=choices, initial_option=choices[0])
    return [input_field("plan", "Paiement", element, hint)]


def code_form() -> View:
    """The code of an offer or a partnership, over the summary."""
    element = PlainTextInputElement(action_id="code", max_length=40)
    hint = "Lettres et chiffres, tels que vous les avez reçus. Vous verrez le nouveau prix avant de commander."
    blocks: list[Block] = [input_field("code", "Votre code", element, hint)]
    return modal(Callback.OFFER_CODE, "Votre code", blocks, submit="Utiliser ce code", close="Retour")
