"""The exemption and the e-mail's code as people meet them: forms, card, decision, and every drawing judged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.models.views import View

from handlers.ids import Action, Callback, Command
from handlers.views import exemptions as views
from handlers.views.messages import draw
from programme.content import Content
from programme.messages import Message
from programme.messages.enrolment import ExemptionAnswer, ExemptionCard, TerritoryCard
from programme.model.enrolment import Enrolment, ExemptionState, Step
from programme.model.member import Member
from programme.model.people import Caller
from programme.ports import Ports
from programme.usecases import delivery, enrolment
from sandbox.slack.block_kit import check_message, check_view
from tests.builders import a_profile, known_to_slack
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_enrolment import PROFILE, as_view, option, text, updated

LONG = "<&> Quinze ans de chantiers. " * 70
CARD = ExemptionCard(
    enrolment_id="enr_1", turn=1, user="ULEA", name="<Léa> & " * 20, level="Niveau 5", request=LONG, experience=LONG
)


def said(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False)


def walk_to_level(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    enrolment.see_tutorial(bolt.world.ports, caller=Caller(USER))
    known_to_slack(bolt.world.ports, USER)
    enrolment.save_profile(bolt.world.ports, caller=Caller(USER), profile=a_profile())


def test_a_whole_exemption_from_form_to_letter(bolt: Bolt) -> None:
    walk_to_level(bolt)
    form = updated(bolt.submit(Callback.LEVEL, {"level": option("5", "radio_buttons")}))
    assert form["callback_id"] == Callback.EXEMPTION
    bolt.world.workspace.files["F1"] = ("cv.pdf", b"%PDF-1.7")
    answers = {
        "request": text("Je prépare une reconversion."),
        "experience": text("Quinze ans de conduite de chantiers."),
        "files": {"type": "file_input", "files": [{"id": "F1", "name": "cv.pdf", "size": 8}]},
    }
    waiting = updated(bolt.submit(Callback.EXEMPTION, answers))
    assert "entre les mains de l’équipe" in said(waiting)
    delivery.deliver_all(bolt.world.ports)
    [card] = bolt.world.workspace.posts
    assert card.channel == "CADMIN"
    assert len(bolt.world.workspace.shared) == 1
    bolt.press(Action.REFUSE_EXEMPTION, f"{card.message.enrolment_id}:1", user="UADMIN1")
    decision = as_view(bolt.api.called("views.open")[-1])
    reason = {"reason": text("Précisez vos fonctions d’encadrement.")}
    done = bolt.submit(Callback.EXEMPTION_DECISION, reason, user="UADMIN1", metadata=decision["private_metadata"])
    assert "C’est décidé" in said(updated(done))
    late = bolt.submit(Callback.EXEMPTION_DECISION, reason, user="UADMIN2", metadata=decision["private_metadata"])
    assert "n’attend plus de décision" in said(updated(late))
    bolt.command(Command.ENROL)
    again = as_view(bolt.api.called("views.open")[-1])
    assert "Précisez vos fonctions d’encadrement." in said(again)


def test_a_member_cannot_decide(bolt: Bolt) -> None:
    walk_to_level(bolt)
    enrolment_id = enrolment.resume(bolt.world.ports, caller=Caller(USER)).enrolment.id
    bolt.press(Action.GRANT_EXEMPTION, f"{enrolment_id}:1")
    assert len(bolt.api.called("views.open")) == 1


def test_another_address_is_proved_in_the_modal(bolt: Bolt) -> None:
    bolt.command(Command.ENROL)
    ports = bolt.world.ports
    enrolment.see_tutorial(ports, caller=Caller(USER))
    delivery.deliver_all(ports)  # Slack has told who this is, and knows another address
    screen = updated(bolt.submit(Callback.PROFILE, PROFILE))
    assert screen["callback_id"] == Callback.EMAIL_CODE
    delivery.deliver_all(ports)
    code = bolt.world.mailer.sent[-1]["data"]["code"]
    bolt.press(Action.RESEND_CODE, view={"id": "V1", "type": "modal"})
    assert "moins d’une minute" in said(as_view(bolt.api.called("views.update")[-1]))
    wrong = bolt.submit(Callback.EMAIL_CODE, {"code": text(f"{(int(code) + 1) % 10**6:06d}")})
    assert list(json.loads(wrong.body)["errors"]) == ["code"]
    assert updated(bolt.submit(Callback.EMAIL_CODE, {"code": text(code)}))["callback_id"] == Callback.LEVEL


def test_a_text_is_sent_as_a_pdf(bolt: Bolt) -> None:
    walk_to_level(bolt)
    view = updated(bolt.submit(Callback.LEVEL, {"level": option("6", "radio_buttons")}))
    [asked] = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    for _ in range(2):
        bolt.press(asked["action_id"], asked["value"], view={"id": "V1", "type": "modal"})
    delivery.deliver_all(bolt.world.ports)
    [mail] = bolt.world.mailer.sent
    assert (mail["to"], mail["template"]) == ("lea@exemple.fr", "text_copy")
    [(template, facts)] = bolt.world.printer.printed
    assert (template, facts["sha256"]) == ("texte", asked["value"])
    assert "en PDF" in said(as_view(bolt.api.called("views.push")[-1]))
    assert enrolment.resume(bolt.world.ports, caller=Caller(USER)).step is Step.TEXTS


def screens(ports: Ports) -> list[View]:
    now = ports.clock.now()
    fresh = Enrolment("enr_1", "mem_1", now, level="5")
    refused = Enrolment("enr_1", "mem_1", now, exemption=ExemptionState.REFUSED, exemption_reason=LONG[:2000])
    member = Member("mem_1", USER, now, email="a" * 300 + "@exemple.fr")
    return [
        views.request_form(fresh),
        views.request_form(refused),
        views.waiting(ports.content.sentence("enrolment_exemption_pending")),
        views.decision_form(CARD, granted=True),
        views.decision_form(CARD, granted=False),
        views.email_code(member),
        views.email_code(member, ports.content.sentence("code_sent", email=member.email)),
    ]


def test_every_screen_passes_the_judge(ports: Ports) -> None:
    for view in screens(ports):
        assert check_view(view.to_dict()) == []


@pytest.mark.parametrize(
    "message",
    [
        CARD,
        CARD.model_copy(update={"files": 1}),
        *(
            CARD.model_copy(update={"answer": a, "decided_by": "UADMIN1", "reason": LONG})
            for a in ("granted", "refused")
        ),
        CARD.model_copy(update={"answer": "moot"}),
        ExemptionAnswer(granted=True, reason=LONG),
        ExemptionAnswer(granted=False, reason=LONG),
        TerritoryCard(user="ULEA", postcode="98800", commune="Nouméa"),
    ],
)
def test_every_message_passes_the_judge(message: Message, content: Content) -> None:
    assert check_message(draw(message, content).payload()) == []
