"""``/bilan-admin annonce``: the form, the preview that is exact, the confirmation and the card."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.ids import Action, Callback, Command
from handlers.payloads import AnnouncementShown
from handlers.views import announcements as views
from handlers.views.messages import draw
from programme.content import Content
from programme.messages.announcements import AnnouncementCard, AnnouncementWord
from programme.model.announcement import Audience
from programme.model.group import Group
from programme.usecases import agenda, delivery
from programme.usecases.announcements import LONGEST, Preview
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_dashboard import said
from tests.handlers.test_enrolment import as_view, text
from tests.usecases.waiting_room import enrol, four

AT = datetime(2026, 11, 25, 11, tzinfo=UTC)
WORDS = "Le canal change d’adresse ce mardi."


def chosen(audience: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": audience}}


def test_an_announcement_is_written_seen_confirmed_and_called_back(bolt: Bolt) -> None:
    bolt.world.clock.instant = AT
    enrol(bolt.world.ports, *four())
    bolt.command(Command.ADMIN, "annonce", user="UADMIN1")
    assert as_view(bolt.api.called("views.open")[-1])["callback_id"] == Callback.ANNOUNCEMENT
    form = {"audience": chosen("waiting"), "text": text(WORDS)}
    seen = json.loads(bolt.submit(Callback.ANNOUNCEMENT, form, user="UADMIN1").body)["view"]
    shown = said(seen)
    assert "*4 personnes*" in shown
    assert WORDS in shown
    done = bolt.submit(Callback.ANNOUNCEMENT_SEEN, {}, user="UADMIN1", metadata=seen["private_metadata"])
    assert "dix minutes" in said(json.loads(done.body))
    delivery.deliver_all(bolt.world.ports)
    [card] = bolt.world.workspace.said(AnnouncementCard)
    bolt.press(Action.CALL_BACK_ANNOUNCEMENT, card.announcement_id, user="UADMIN2")
    assert "Personne ne la recevra" in said(bolt.api.called("response")[-1])
    bolt.world.clock.move(days=1)
    agenda.run_due(bolt.world.ports, lambda what, error: None)
    delivery.deliver_all(bolt.world.ports)
    assert bolt.world.workspace.said(AnnouncementWord) == []


def test_a_form_without_an_answer_is_told_at_its_field(bolt: Bolt) -> None:
    empty = {"audience": {"type": "radio_buttons", "selected_option": None}, "text": text(WORDS)}
    wrong = bolt.submit(Callback.ANNOUNCEMENT, empty, user="UADMIN1")
    assert list(json.loads(wrong.body)["errors"]) == ["audience"]
    nobody = bolt.submit(Callback.ANNOUNCEMENT, {"audience": chosen("members"), "text": text(WORDS)}, user="UADMIN1")
    assert list(json.loads(nobody.body)["errors"]) == ["audience"]


def test_the_preview_is_what_each_person_reads(content: Content) -> None:
    message = AnnouncementWord(from_user="UADMIN1", audience="group", group_label="groupe 1 <&>", text="<&>\n" * 300)
    shown = AnnouncementShown(audience="group", group_id="grp_1", text=message.text, people=4)
    view = views.preview_view(Preview(message, 4, 1), shown, content).to_dict()
    assert check_view(view) == []
    read = [block.to_dict() for block in draw(message, content).blocks if block.type != "actions"]
    assert [block for block in view["blocks"] if block in read] == read


def test_a_long_text_fits_into_what_the_preview_remembers() -> None:
    shown = AnnouncementShown(audience=Audience.MEMBERS, group_id="g" * 24, text='"' * LONGEST, people=9999)
    assert len(shown.model_dump_json()) <= 3000


@pytest.mark.parametrize("audience", [audience.value for audience in Audience])
def test_every_screen_and_message_passes_the_judge(content: Content, audience: str) -> None:
    facts = {"from_user": "U1", "audience": audience, "group_label": "<&>" * 20, "text": "<&>\n" * 350}
    assert check_message(draw(AnnouncementWord(**facts), content).payload()) == []
    for state in ("confirmed", "sent", "called_back"):
        facts |= {"announcement_id": "ann_1", "people": 9, "leaves_at": AT + timedelta(hours=1), "state": state}
        assert check_message(draw(AnnouncementCard(**facts, called_back_by="U2", reached=3), content).payload()) == []
    groups = [Group(f"grp_{number}", number, AT, place="Saint-Denis") for number in range(120)]
    assert check_view(views.form(groups).to_dict()) == []
    assert check_view(views.form([]).to_dict()) == []
