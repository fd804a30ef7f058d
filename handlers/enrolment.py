"""Enrolment: ``/bilan-inscription`` and the modals that follow one another."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.models.views import View

from handlers.answers import acknowledged, answer, notice, show
from handlers.ids import Action, Callback, Command
from handlers.payloads import SummaryShown, TextShown, action_value, form_values, traces
from handlers.views import enrolment as views
from handlers.views import exemptions
from handlers.views.order_summary import summary
from programme.errors import InvalidForm
from programme.model.enrolment import Choice, Step
from programme.model.order import PaymentPlan
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules.eligibility import Level
from programme.rules.instants import day_in
from programme.usecases import early_start, enrolment, order_summary, payments, text_copies
from programme.usecases.enrolment import Standing


def register(app: App) -> None:
    """Listen to every act of enrolment."""
    app.command(Command.ENROL)(open_enrolment)
    app.action(Action.OPEN_ENROLMENT)(open_enrolment)
    app.options(Action.COMMUNE)(suggest_communes)
    app.view(Callback.TUTORIAL)(tutorial_read)
    app.view(Callback.PROFILE)(profile_submitted)
    app.view(Callback.LEVEL)(level_submitted)
    app.view(Callback.TEXT)(text_accepted)
    app.view(Callback.CHOICE)(start_chosen)
    app.view(Callback.SUMMARY)(acknowledged)
    app.action(Action.MODIFY_PROFILE)(step_reopened)
    app.action(Action.MODIFY_CHOICE)(step_reopened)
    app.action(Action.TAKE_BACK_EARLY_START)(early_start_taken_back)
    app.action(Action.TEXT_AS_PDF)(text_asked)
    app.action(Action.MODIFY_LEVEL)(step_reopened)
    app.action(Action.PLACE_ORDER)(order_placed)


def open_enrolment(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """Open the screen of the step at which the person stopped."""
    ack()
    standing = enrolment.resume(ports, caller=caller)
    client.views_open(trigger_id=body["trigger_id"], view=screen(ports, standing))


def screen(ports: Ports, standing: Standing) -> View:
    """Return the modal of a step."""
    member, step = standing.member, standing.step
    match step:
        case Step.TUTORIAL:
            today = day_in(ports.clock.now())
            return views.tutorial(ports.content.texts.current("tutoriel_paiement", today))
        case Step.PROFILE:
            return views.profile(member, f"{member.postcode}:{member.insee}" if member.insee else "")
        case Step.EMAIL:
            return exemptions.email_code(member)
        case Step.EXEMPTION:
            return exemptions.request_form(standing.enrolment)
        case Step.EXEMPTION_PENDING:
            return exemptions.waiting(ports.content.sentence("enrolment_exemption_pending"))
        case Step.LEVEL:
            return views.level(standing.enrolment.level)
        case Step.TEXTS:
            texts = list(enrolment.required_texts(ports))
            text = enrolment.next_text(ports, standing.enrolment)
            return views.text(text, texts.index(text.key) + 1, len(texts))
        case Step.CHOICE:
            return views.choice(enrolment.terms(ports, standing), standing.quote)
        case Step.ORDER:
            seen = SummaryShown(fingerprint=order_summary.fingerprint(ports, standing))
            terms, in_three = enrolment.terms(ports, standing), payments.in_three_offered(ports, standing.quote.price)
            return summary(standing, terms, ports.content, seen.model_dump_json(), in_three=in_three)
        case _:
            return notice(ports.content.sentence(f"enrolment_{step.value}"))


def suggest_communes(ack: Ack, payload: dict[str, Any], ports: Ports) -> None:
    """Complete a postcode or the name of a commune."""
    ack(options=views.commune_options(ports.content, payload["value"]))


def tutorial_read(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Step 1 is done once the box is ticked."""
    if not form_values(view)["seen"]:
        raise InvalidForm({"seen": "box_missing"})
    _go_on(ack, ports, enrolment.see_tutorial(ports, caller=caller))


def profile_submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Step 2."""
    form = form_values(view)
    profile = enrolment.Profile(
        first_name=form["first_name"],
        last_name=form["last_name"],
        email=form["email"],
        address=form["address"],
        place=form["place"],
        radius_km=int(form["radius_km"] or 0),
        availability=form["availability"],
        employer=form["employer"],
        avoided=form.get("avoided") or (),
    )
    _go_on(ack, ports, enrolment.save_profile(ports, caller=caller, profile=profile))


def level_submitted(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Step 3."""
    level = form_values(view)["level"]
    if not level:
        raise InvalidForm({"level": "level_missing"})
    _go_on(ack, ports, enrolment.declare_level(ports, caller=caller, level=Level(level)))


def text_accepted(ack: Ack, body: dict[str, Any], view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Step 4, once per text."""
    if not form_values(view)["accepted"]:
        raise InvalidForm({"accepted": "box_missing"})
    shown = TextShown.model_validate_json(view["private_metadata"])
    standing = enrolment.accept_text(ports, caller=caller, key=shown.key, sha256=shown.sha256, shown=traces(body))
    _go_on(ack, ports, standing)


def text_asked(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Recevoir ce texte en PDF par e-mail »: said above the text, which stays open."""
    ack()
    address = text_copies.send_copy(ports, caller=caller, sha256=action_value(body))
    show(notice(ports.content.sentence("text_sent", email=address)), body=body, client=client)


def start_chosen(ack: Ack, view: dict[str, Any], ports: Ports, caller: Caller) -> None:
    """Step 5."""
    form = form_values(view)
    choice = Choice(form["choice"]) if form["choice"] else None
    boxes = {name: bool(ticked) for name, ticked in form.items() if name != "choice"}
    _go_on(ack, ports, enrolment.choose_start(ports, caller=caller, choice=choice, boxes=boxes))


def step_reopened(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """« Modifier » : back to a step before the order."""
    ack()
    standing = enrolment.reopen_step(ports, caller=caller, step=Step(action_value(body)))
    client.views_update(view_id=body["view"]["id"], view=screen(ports, standing))


def early_start_taken_back(
    ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond, ports: Ports, caller: Caller
) -> None:
    """« Renoncer au démarrage anticipé », until the first session."""
    ack()
    early_start.take_back(ports, caller=caller)
    answer(ports.content.sentence("early_start_back"), body=body, client=client, respond=respond)


def order_placed(ack: Ack, body: dict[str, Any], client: WebClient, ports: Ports, caller: Caller) -> None:
    """The button that binds (L221-14)."""
    ack()
    metadata = body["view"].get("private_metadata") or '{"fingerprint": ""}'
    seen = SummaryShown.model_validate_json(metadata).fingerprint
    facts = order_summary.require_as_shown(ports, caller=caller, seen=seen)
    plan = PaymentPlan(form_values(body["view"]).get("plan") or PaymentPlan.FULL)
    order = payments.place_order(ports, caller=caller, plan=plan, shown=traces(body) | facts)
    view = notice(ports.content.sentence("order_placed" if order.price else "order_free"))
    client.views_update(view_id=body["view"]["id"], view=view)


def _go_on(ack: Ack, ports: Ports, standing: Standing) -> None:
    ack(response_action="update", view=screen(ports, standing).to_dict())
