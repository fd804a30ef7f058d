"""``bilan content preview``: what an editor sees is what Slack will show."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.previews import guide_payloads
from programme.content import CONTENT_ROOT
from sandbox.slack.block_kit import check_message
from tests.usecases.running import running, session, until
from tests.usecases.waiting_room import messages


def run(*words: str):
    return CliRunner().invoke(app, ["content", "preview", *words], env={"COLUMNS": "100"})


@pytest.mark.parametrize("number", range(1, 17))
def test_every_guide_is_shown_and_slack_would_take_it(content, number: int) -> None:
    for people in (3, 4):
        for payload in guide_payloads(content, number, minutes=120, people=people):
            assert check_message(payload) == []


def test_the_pages_are_those_of_the_real_post(world, content) -> None:
    running(world.ports)
    until(world, session(world.ports, 1).starts_at)
    from handlers.views.messages import draw  # noqa: PLC0415

    real = draw(messages(world, "session_guide")[0], content).payload()["blocks"]
    shown = guide_payloads(content, 1, minutes=120, people=4)[0]["blocks"]
    assert [block["type"] for block in shown] == [block["type"] for block in real]
    assert shown[-2] == real[-2]


def test_it_reads_without_markup_and_names_everybody() -> None:
    shown = run("5")
    assert shown.exit_code == 0, shown.output
    assert "Guide de la séance 5" in shown.output
    assert "@Camille" in shown.output
    assert "*" not in shown.output
    assert "<@" not in shown.output


def test_the_json_is_what_the_block_kit_builder_takes() -> None:
    shown = json.loads(run("5", "--blocks").output)
    posts = shown if isinstance(shown, list) else [shown]
    assert all(post["blocks"][0]["type"] == "header" for post in posts)


def test_an_editor_sees_their_own_copy(tmp_path: Path) -> None:
    mine = tmp_path / "content"
    shutil.copytree(CONTENT_ROOT, mine)
    guide = next((mine / "seances").glob("05*.md"))
    text = guide.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith(("titre:", "title:")))
    guide.write_text(text.replace(title, title.split(":")[0] + ": Mon propre titre"), encoding="utf-8")
    assert "Mon propre titre" in run("5", "--root", str(mine)).output
    guide.write_text("rien", encoding="utf-8")
    assert run("5", "--root", str(mine)).exit_code == 1


@pytest.mark.parametrize("words", [("0",), ("17",), ("cinq",), ("5", "--people", "5")])
def test_a_number_that_names_no_guide_is_told(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
