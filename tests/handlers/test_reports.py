"""The Monday report as admins and e-tutors see it, and the button of each risk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.ids import Action, Callback
from handlers.payloads import RiskShown
from handlers.views.messages import draw
from handlers.views.reports import MENDING, PREPARED
from programme.messages.reports import (
    EvidenceAnchor,
    GroupWeek,
    GroupWeekPage,
    RiskHandled,
    RiskLine,
    RiskWord,
    WeeklyReport,
)
from programme.rules import risks
from programme.rules.risks import RiskKind
from programme.usecases.reports import LINES_PER_POST
from sandbox.slack.block_kit import check_message, check_view
from tests.handlers.conftest import Bolt
from tests.handlers.test_enrolment import as_view
from tests.usecases.running import running
from tests.usecases.waiting_room import group, messages

RISKS = tuple(
    RiskLine(kind=kind.value, member_user="" if kind is RiskKind.LOW_SLACK else "UM1", count=2) for kind in RiskKind
)


def week_of(group_id: str = "grp_1", risks: tuple[RiskLine, ...] = RISKS, **facts: Any) -> GroupWeek:
    known: dict[str, Any] = {
        "label": "groupe 012 – <Lyon>",
        "stage": "running",
        "held": 4,
        "planned": 16,
        "present": 15,
        "expected": 16,
        "documents": {"received": 1, "validated": 2},
        "check_ins_answered": 12,
        "check_ins_asked": 16,
        "weeks_left": 13,
        "slack_weeks": 1,
    }
    return GroupWeek(group_id=group_id, risks=risks, **(known | facts))


def buttons(payload: dict[str, Any]) -> dict[str, str]:
    """What the buttons of the risks say, and their values."""
    found = [block["accessory"] for block in payload["blocks"] if "accessory" in block]
    return {one["text"]["text"]: one["value"] for one in found}


def test_each_risk_has_its_button_on_the_page_and_in_the_report(bolt: Bolt) -> None:
    content = bolt.world.ports.content
    page = GroupWeekPage(week="2026-W49", tutor_user="UTUTOR1", group=week_of())
    report = WeeklyReport(week="2026-W49", waiting=3, groups=(week_of("grp_1"), week_of("grp_2", ())))
    sealed = report.model_copy(update={"evidence": EvidenceAnchor(count=212, hash="5f" * 32)})
    assert "212\N{NO-BREAK SPACE}preuves" in json.dumps(
        draw(sealed, bolt.world.ports.content).payload(), ensure_ascii=False
    )
    for message in (page, report):
        payload = draw(message, content).payload()
        assert check_message(payload) == []
        assert set(buttons(payload)) == set(MENDING.values())
    assert "&lt;Lyon&gt;" in json.dumps(payload)
    assert set(MENDING) == set(PREPARED) == set(RiskKind)


def test_a_report_without_groups_counts_nothing(bolt: Bolt) -> None:
    drawn = draw(WeeklyReport(week="2026-W49", waiting=0, groups=()), bolt.world.ports.content)
    assert drawn.text.endswith("Aucun groupe en cours. Personne n’attend de groupe.")


@pytest.mark.parametrize("shape", [(17, 17, 3), tuple([0] * LINES_PER_POST), (17, 0, 0, 17)])
def test_the_fullest_report_passes_slacks_judge(bolt: Bolt, shape: tuple[int, ...]) -> None:
    assert sum(1 + risks for risks in shape) <= LINES_PER_POST
    groups = tuple(week_of(f"grp_{n}", (RISKS * 4)[:count]) for n, count in enumerate(shape))
    payload = draw(WeeklyReport(week="2026-W49", waiting=0, groups=groups), bolt.world.ports.content).payload()
    assert check_message(payload) == []


@pytest.mark.parametrize("risk", RISKS, ids=lambda risk: risk.kind)
def test_the_button_opens_a_word_that_is_changed_and_sent(bolt: Bolt, risk: RiskLine) -> None:
    running(bolt.world.ports)
    page = GroupWeekPage(week="2026-W49", tutor_user="UTUTOR1", group=week_of(group(bolt.world.ports).id, (risk,)))
    (value,) = buttons(draw(page, bolt.world.ports.content).payload()).values()
    bolt.press(Action.ACT_ON_RISK, value, user="UTUTOR1")
    view = as_view(bolt.api.called("views.open")[-1])
    assert check_view(view) == []
    prepared = view["blocks"][1]["element"]["initial_value"]
    assert prepared == bolt.world.ports.content.sentence(PREPARED[RiskKind(risk.kind)])
    answer = submit(bolt, view, f"{prepared}\nÀ bientôt <ici>")
    assert "est parti" in json.dumps(answer, ensure_ascii=False)
    word = messages(bolt.world, "risk_word")[-1]
    assert word.text.endswith("À bientôt <ici>")
    drawn = draw(word, bolt.world.ports.content).payload()
    assert check_message(drawn) == []
    assert "&lt;ici&gt;" in drawn["blocks"][0]["text"]["text"]
    bolt.press(Action.ACT_ON_RISK, value, user="UADMIN1")
    assert "déjà écrit" in bolt.api.called("response")[-1]["text"]


def submit(bolt: Bolt, view: dict[str, Any], text: str) -> dict[str, Any]:
    values = {"word": {"type": "plain_text_input", "value": text}}
    answer = bolt.submit(
        Callback.RISK_WORD, values, user="UTUTOR1", metadata=view["private_metadata"], blocks=view["blocks"]
    )
    return json.loads(answer.body)


def test_an_empty_word_is_told_under_its_field(bolt: Bolt) -> None:
    running(bolt.world.ports)
    shown = RiskShown(week="2026-W49", group_id=group(bolt.world.ports).id, kind="silence", member_user="UM1")
    bolt.press(Action.ACT_ON_RISK, shown.model_dump_json(), user="UTUTOR1")
    view = as_view(bolt.api.called("views.open")[-1])
    assert set(submit(bolt, view, " ")["errors"]) == {"word"}


def test_a_member_who_finds_the_button_gets_nothing_from_it(bolt: Bolt) -> None:
    running(bolt.world.ports)
    shown = RiskShown(week="2026-W49", group_id=group(bolt.world.ports).id, kind="silence", member_user="UM2")
    bolt.press(Action.ACT_ON_RISK, shown.model_dump_json(), user="UM1")
    assert not bolt.api.called("views.open")


@pytest.mark.parametrize("risk", list(RiskKind))
def test_the_longest_word_passes_slacks_judge(bolt: Bolt, risk: RiskKind) -> None:
    content = bolt.world.ports.content
    word = RiskWord(risk=risk.value, from_user="UTUTOR1", group_label="groupe 1", text="&\n" * 250)
    noted = RiskHandled(risk=risk.value, by_user="UTUTOR1", member_user="UM1")
    for message in (word, noted):
        assert check_message(draw(message, content).payload()) == []


def test_the_rules_are_written_down_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs/suivi.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    thresholds = (
        f"{risks.ABSENCES_IN_A_ROW} séances tenues de suite",
        f"{risks.SILENT_DAYS} jours",
        f"moins de {risks.SLACK_WEEKS_WANTED} semaines",
        f"{risks.FALLING_ANSWERS} points d’étape de suite",
        *(f"« {label} »" for label in MENDING.values()),
    )
    assert [one for one in thresholds if one not in page] == []
