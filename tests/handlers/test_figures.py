"""``/bilan-admin chiffres``: asked by an admin, for a month or for this one."""

from __future__ import annotations

import pytest

from handlers.ids import Command
from handlers.views.messages import draw
from programme.content import Content
from programme.messages.figures import FigureSection, MonthFigures
from programme.usecases import delivery
from sandbox.slack.block_kit import check_message
from tests.builders import paid
from tests.handlers.conftest import USER, Bolt
from tests.handlers.test_dashboard import said


@pytest.mark.parametrize("words", ["chiffres", "chiffres 2026-11"])
def test_an_admin_asks_for_the_figures(bolt: Bolt, words: str) -> None:
    paid(bolt.world, USER)
    bolt.command(Command.ADMIN, words, user="UADMIN1")
    assert "partent dans vos messages directs" in said(bolt.api.called("response")[-1])
    delivery.deliver_all(bolt.world.ports)
    [words_sent] = bolt.world.workspace.said(MonthFigures)
    shown = said(draw(words_sent, bolt.world.ports.content).payload())
    assert "Inscription commencée : moins de 3" in shown
    assert "protège les personnes" in shown


@pytest.mark.parametrize(("words", "told"), [("chiffres hier", "Indiquez un mois"), ("chiffres 2031-01", "commencé")])
def test_a_month_that_is_none_is_told(bolt: Bolt, words: str, told: str) -> None:
    bolt.command(Command.ADMIN, words, user="UADMIN1")
    assert told in said(bolt.api.called("response")[-1])


def test_the_message_passes_the_judge(content: Content) -> None:
    lines = tuple(f"groupe {number:03d} – <&> : présence 80 %" for number in range(200))
    sections = tuple(FigureSection(title=f"<&> {number}", lines=lines) for number in range(4))
    assert check_message(draw(MonthFigures(month="2026-11", sections=sections), content).payload()) == []
