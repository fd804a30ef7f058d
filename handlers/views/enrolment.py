"""The screens of enrolment."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import EmailInputElement
from slack_sdk.models.views import View

from handlers.ids import Action, Callback
from handlers.payloads import TextShown
from handlers.views.french import slot_name
from handlers.views.kit import (
    actions,
    button,
    clip,
    context,
    divider,
    header,
    input_field,
    modal,
    options,
    section,
)
from programme.content import Content
from programme.content.texts import LegalText, pages, to_mrkdwn
from programme.model.member import Member
from programme.model.slots import ALL_SLOTS
from programme.rules.eligibility import LEVEL_LABELS
from programme.rules.money import euros
from programme.usecases.enrolment import Terms
from programme.usecases.prices import Quote
from programme.usecases.standing import box_of

TITLE = "Inscription"
MODAL_BLOCKS = 100


def tutorial(text: LegalText) -> View:
    """Step 1: what the programme is, how paying and starting work (CGV 5)."""
    blocks: list[Block] = [context("Étape 1 sur 6 · Deux minutes de lecture"), *_text_blocks(text)]
    box = {"seen": "J’ai lu comment se passent le paiement et le démarrage"}
    blocks.append(input_field("seen", "Votre lecture", CheckboxesElement(action_id="seen", options=options(box))))
    return modal(Callback.TUTORIAL, TITLE, blocks, submit="Continuer")


def profile(member: Member, place: str) -> View:
    """Step 2: who you are and when you are free; each field says why it is asked."""
    blocks: list[Block] = [
        context("Étape 2 sur 6 · Deux minutes. Ces réponses servent à votre contrat et à former votre groupe."),
        _text_field("first_name", "Prénom", member.first_name, "Prénom d’état civil : il figure sur le contrat."),
        _text_field("last_name", "Nom", member.last_name, "Nom d’état civil : il figure sur le contrat."),
        input_field(
            "email",
            "Adresse e-mail",
            EmailInputElement(action_id="email", initial_value=member.email or None),
            "Votre contrat et vos reçus y sont envoyés.",
        ),
        address_field(member),
        commune_field(member, place),
        radius_field(member),
        availability_field(member),
        employer_field(member),
        avoided_field(member),
    ]
    return modal(Callback.PROFILE, TITLE, blocks, submit="Continuer")


def commune_field(member: Member, place: str) -> InputBlock:
    """Where somebody lives, completed as they type."""
    chosen = Option(text=PlainTextObject(text=clip(f"{member.postcode} {member.commune}", 75)), value=place)
    select = ExternalDataSelectElement(
        action_id=Action.COMMUNE,
        placeholder=PlainTextObject(text="Code postal ou nom de la commune"),
        initial_option=chosen if place else None,
        min_query_length=2,
    )
    return input_field("place", "Commune", select, "Pour réunir des personnes proches les unes des autres.")


def radius_field(member: Member) -> InputBlock:
    """How far they would travel."""
    choices = options({str(km): f"{km} km" for km in (5, 10, 15, 20, 30, 40, 50, 75, 100)})
    initial = next((option for option in choices if option.value == str(member.radius_km)), None)
    select = StaticSelectElement(action_id="radius_km", options=choices, initial_option=initial)
    return input_field("radius_km", "Distance maximale", select, "Jusqu’où vous iriez pour une séance.")


def availability_field(member: Member) -> InputBlock:
    """When they can meet."""
    choices = options({slot: slot_name(slot) for slot in ALL_SLOTS})
    initial = [option for option in choices if option.value in member.availability]
    select = StaticMultiSelectElement(action_id="availability", options=choices, initial_options=initial or None)
    hint = "Tous les créneaux possibles : plus il y en a, plus vite votre groupe se forme."
    return input_field("availability", "Vos disponibilités chaque semaine", select, hint)


def employer_field(member: Member) -> InputBlock:
    """Whom they work for."""
    hint = "Pour ne pas vous placer avec une personne de la même entreprise. N’est montré à personne."
    return _text_field("employer", "Employeur", member.employer, hint, optional=True)


def avoided_field(member: Member) -> InputBlock:
    """With whom they do not want to be."""
    element = UserMultiSelectElement(
        action_id="avoided", initial_users=list(member.avoided) or None, max_selected_items=20
    )
    hint = "Vous ne serez pas dans le même groupe. Elles n’en sauront rien."
    return input_field("avoided", "Personnes à éviter", element, hint, optional=True)


def address_field(member: Member) -> InputBlock:
    """Where letters go."""
    hint = "Numéro et rue : obligatoires sur le contrat."
    return _text_field("address", "Adresse postale", member.address, hint, lines=True)


def commune_options(content: Content, typed: str) -> list[Option]:
    """The communes that match what is being typed, for the external select."""
    found = content.places.search(typed, limit=50)
    return [
        Option(text=PlainTextObject(text=clip(f"{p.postcode} {p.commune}", 75)), value=f"{p.postcode}:{p.insee}")
        for p in found
    ]


def level(current: str) -> View:
    """Step 3: today's level (CGV 3)."""
    choices = options({level.value: label for level, label in LEVEL_LABELS.items()})
    initial = next((option for option in choices if option.value == current), None)
    blocks: list[Block] = [
        context("Étape 3 sur 6 · Une question"),
        section(
            "Le programme demande d’être à l’aise à l’écrit comme à l’oral. Un diplôme de niveau 6 ou plus "
            "(ancien niveau II : licence, licence professionnelle, M1) en tient lieu."
        ),
        input_field(
            "level",
            "Votre plus haut niveau de diplôme",
            RadioButtonsElement(action_id="level", options=choices, initial_option=initial),
            "Déclaration sur l’honneur : aucun justificatif ne vous est demandé ici.",
        ),
    ]
    return modal(Callback.LEVEL, TITLE, blocks, submit="Continuer")


def text(legal: LegalText, position: int, total: int) -> View:
    """Step 4: one text in full, with its version and digest, and its own unticked box."""
    label = box_of(legal)
    blocks: list[Block] = [
        context(f"Étape 4 sur 6 · Texte {position} sur {total} · version {legal.version}"),
        *_text_blocks(legal),
        context(f"Version {legal.version} · empreinte SHA-256 du texte affiché : {legal.sha256}"),
        actions(button("Recevoir ce texte en PDF par e-mail", Action.TEXT_AS_PDF, legal.sha256)),
        input_field(
            "accepted",
            "Votre réponse",
            CheckboxesElement(action_id="accepted", options=options({"accepted": label})),
        ),
    ]
    metadata = TextShown(key=legal.key, sha256=legal.sha256).model_dump_json()
    return modal(Callback.TEXT, TITLE, blocks, submit="Continuer", metadata=metadata)


def choice(terms: Terms, quote: Quote) -> View:
    """Step 5: wait or ask for an early start, in dates and euros; three separate unticked boxes (L221-25)."""
    blocks: list[Block] = [context("Étape 5 sur 6 · Votre délai de rétractation")]
    if quote.offer is not None:
        sums = f"Avec votre offre, le prix est de *{euros(quote.price)}* : les sommes ci-dessous en tiennent compte."
        blocks.append(section(sums))
    blocks += [section(f"*{text.label}*\n{text.statement}") for text in terms.start]
    labels = {text.key: text.label for text in terms.start}
    blocks.append(
        input_field("choice", "Votre choix", RadioButtonsElement(action_id="choice", options=options(labels)))
    )
    blocks.append(divider())
    blocks.append(section("*Seulement si vous demandez un démarrage anticipé*, lisez puis cochez ces trois cases :"))
    for box in terms.boxes:
        blocks.append(section(box.statement))
        element = CheckboxesElement(action_id=box.key, options=options({box.key: box.label}))
        blocks.append(input_field(box.key, "Je coche moi-même", element, optional=True))
    return modal(Callback.CHOICE, TITLE, blocks, submit="Continuer")


def _text_blocks(legal: LegalText) -> list[Block]:
    return [
        header(clip(legal.title, 150)),
        *(section(page) for page in pages(to_mrkdwn(legal.body))[: MODAL_BLOCKS - 8]),
    ]


def _text_field(
    block_id: str, label: str, value: str, hint: str, *, lines: bool = False, optional: bool = False
) -> InputBlock:
    element = PlainTextInputElement(
        action_id=block_id, initial_value=value or None, multiline=lines, max_length=500 if lines else 100
    )
    return input_field(block_id, label, element, hint, optional=optional)
