"""Complaints as people meet them: from the Home and one's papers, the team's card and answer, the register."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import Subject
from handlers.views import complaints as views
from handlers.views.home import home as draw_home
from handlers.views.messages import draw
from programme.content import Content
from programme.messages.complaints import ComplaintAnswered, ComplaintCard, ComplaintReceived, ComplaintReminder
from programme.usecases import delivery, home
from sandbox.slack.block_kit import check_message, check_view
from tests.builders import paid
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_dashboard import modal, said
from tests.handlers.test_enrolment import as_view, text

AT, DAY = datetime(2026, 11, 25, 11, tzinfo=UTC), date(2026, 12, 25)
WORDS = "La séance du 3 a été annulée sans un mot."


def a_card(state: str = "open", words: str = "<&>\n" * 700) -> ComplaintCard:
    return ComplaintCard(
        complaint_id="cpl_1",
        number="REC2026-0001",
        member_user="U1",
        name="<&>" * 30,
        order_id="ord_1",
        text=words,
        opened_at=AT,
        answer_by=DAY,
        state=state,
        answered_by="U2",
        closed_by="U3" if state == "closed" else "",
    )


def test_a_complaint_goes_its_whole_way(bolt: Bolt) -> None:
    paid(bolt.world, USER)
    assert Action.COMPLAIN in said(draw_home(home.compose(bolt.world.ports, USER)).to_dict())
    bolt.command(Command.CONTRACT)
    assert Action.COMPLAIN in said(as_view(bolt.api.called("views.open")[-1]))
    bolt.press(Action.COMPLAIN, view=modal("papers"))
    assert as_view(bolt.api.called("views.push")[-1])["callback_id"] == Callback.COMPLAINT
    short = bolt.submit(Callback.COMPLAINT, {"text": text("Non")})
    assert list(json.loads(short.body)["errors"]) == ["text"]
    done = bolt.submit(Callback.COMPLAINT, {"text": text(WORDS)})
    assert "REC2026-0001" in said(json.loads(done.body))

    bolt.command(Command.ADMIN, "reclamations", user="UADMIN1")
    shown = as_view(bolt.api.called("views.open")[-1])
    [one] = [block["accessory"] for block in shown["blocks"] if "accessory" in block]
    bolt.press(one["action_id"], one["value"], user="UADMIN1", view=modal("complaints"))
    form = as_view(bolt.api.called("views.push")[-1])
    assert WORDS in said(form)
    metadata = Subject(id=one["value"]).model_dump_json()
    sent = bolt.submit(Callback.COMPLAINT_ANSWER, {"text": text("Nos excuses.")}, user="UADMIN1", metadata=metadata)
    assert "coordonnées du médiateur" in said(json.loads(sent.body))
    delivery.deliver_all(bolt.world.ports)
    [told] = bolt.world.workspace.said(ComplaintAnswered)
    drawn = said(draw(told, bolt.world.ports.content).payload())
    mediator = bolt.world.ports.content.trader.mediator
    for part in (mediator.name, mediator.address, mediator.website, "jamais obligatoire"):
        assert part in drawn
    bolt.press(Action.CLOSE_COMPLAINT, one["value"])
    assert "close" in said(bolt.api.called("response")[-1])
    bolt.press(Action.EXPORT_COMPLAINTS, user="UADMIN1", view=modal("complaints"))
    assert "CSV" in said(as_view(bolt.api.called("views.update")[-1]))


def test_who_has_ordered_nothing_is_told_where_to_write(bolt: Bolt) -> None:
    done = bolt.submit(Callback.COMPLAINT, {"text": text(WORDS)})
    assert bolt.world.ports.content.trader.email in said(json.loads(done.body))


MESSAGES: list[Any] = [
    ComplaintReceived(
        number="REC2026-0001", opened_at=AT, zone="Indian/Reunion", answer_by=DAY, email="lea@exemple.fr"
    ),
    ComplaintReceived(number="REC2026-0001", opened_at=AT, zone="Europe/Paris", answer_by=DAY, email=""),
    *(
        ComplaintAnswered(
            complaint_id="cpl_1", number="REC2026-0001", opened_on=DAY, answer="<&>\n" * 700, closed=closed
        )
        for closed in (True, False)
    ),
    *(a_card(state) for state in ("open", "answered", "closed")),
    *(ComplaintReminder(number="REC2026-0001", member_user="U1", answer_by=DAY, last=last) for last in (True, False)),
]


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_passes_the_judge(content: Content, message: Any) -> None:
    assert check_message(draw(message, content).payload()) == []


def test_every_screen_passes_the_judge(content: Content) -> None:
    cards = [a_card(state) for state in ("open", "answered", "closed")] * 9
    registers = [views.register_view(cards), views.register_view([])]
    for view in (views.form(), views.answer_form(a_card(), content), *registers):
        assert check_view(view.to_dict()) == []
