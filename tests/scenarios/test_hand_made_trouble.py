"""Hand-made trouble in a group's channel, with the real bot on the real sandbox: each is mended or told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.sandbox_api import SandboxApi
from bot.demo.stage import Stage
from programme.content import load_content
from programme.fake_payments import FakePayments
from programme.fakes import FakeClock, FakeFiles, FakeMailer, FakePictures, FakePrinter, FakeWorkspace
from programme.model.people import Caller, Role
from programme.ports import Config, Ports
from programme.usecases import matching, seats
from store.engine import make_engine
from store.migrate import migrate
from store.unit_of_work import Store
from tests.usecases.waiting_room import Person, enrol, group

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEMBERS = ("U0CLAIRE01", "U0THOMAS01", "U0AICHA001", "U0LUCAS001")
ELISE = Caller("U0ADMIN001", frozenset({Role.ADMIN}))
SECONDS = 20.0


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A sandbox and a bot with one group that was accepted by all, in its channel."""
    _one_group(tmp_path)
    found = Stage(tmp_path)
    found.start(NOW)
    try:
        _until(lambda: _channel(found.api) is not None)
        found.api.move(timedelta(minutes=2))
        yield found
    finally:
        found.stop()


def _one_group(folder: Path) -> None:
    engine = make_engine(f"sqlite:///{folder}/bilan.sqlite3")
    migrate(engine)
    clock = FakeClock(NOW)
    store = Store(engine, clock.now, lambda: None)
    outside = (FakeWorkspace(), FakePayments(clock), FakeMailer(), FakePrinter(), FakeFiles())
    config = Config(admin_channel="CADMIN0001", tutor_channel="CTUTORS01")
    ports = Ports(clock, store.uow, store.reading, *outside, load_content(), config, FakePictures())
    with store.uow() as uow:
        uow.people.grant(Role.ADMIN, ELISE.slack_user_id)
        uow.people.grant(Role.TUTOR, "U0TUTRICE1")
    enrol(ports, *(Person(user) for user in MEMBERS))
    matching.propose_now(ports, ELISE)
    found = group(ports)
    seats.confirm_group(ports, caller=ELISE, group_id=found.id, tutor_id="U0TUTRICE1")
    for user in MEMBERS:
        seats.answer_seat(ports, caller=Caller(user), group_id=found.id, accept=True)
    engine.dispose()


def _until(condition: Callable[[], Any]) -> Any:
    deadline, pause = time.monotonic() + SECONDS, threading.Event()
    while time.monotonic() < deadline:
        if value := condition():
            return value
        pause.wait(0.1)
    pytest.fail("what was awaited never came")


def _channel(api: SandboxApi) -> dict[str, Any] | None:
    """The group's channel with its board, as Claire sees it in her sidebar."""
    for channel in api.get("/control/slack/channels", person="claire.martin")["channels"]:
        if str(channel["name"]).startswith("bilan-001") and not channel.get("is_archived"):
            return dict(channel)
    return None


def _said(api: SandboxApi, channel: str, person: str) -> str:
    return str(api.get("/control/slack/messages", person=person, channel=channel)["messages"])


def _told(stage: Stage, sentence: str) -> None:
    """The admins read the sentence in their channel; a minute goes by, as the rates count on the clock."""
    stage.api.move(timedelta(minutes=1))
    _until(lambda: sentence in _said(stage.api, "CADMIN0001", "elise.bernard"))


def _act(stage: Stage, act: str, person: str, **data: Any) -> dict[str, Any]:
    return stage.api.post(f"/control/slack/{act}", person=person, **data)


def test_each_trouble_made_by_hand_is_mended_or_told(stage: Stage) -> None:
    channel = _channel(stage.api)["id"]
    _act(stage, "command", "elise.bernard", command="/bilan-admin", text="canal 1", channel="CADMIN0001")
    _until(lambda: _sees(stage))

    _act(stage, "leave", "lucas.moreau", channel=channel)
    _told(stage, "a quitté le canal")
    _act(stage, "invite", "claire.martin", channel=channel, user="Hugo")
    _told(stage, "sans faire partie du groupe")
    _act(stage, "rename", "elise.bernard", channel=channel, name="les-lyonnais")
    _told(stage, "a changé de nom")
    _act(stage, "topic", "claire.martin", channel=channel, topic="Bonjour")
    _until(lambda: _said(stage.api, channel, "claire.martin").count("set the channel topic: Ensemble1job") >= 2)
    _act(stage, "deactivate", "thomas.nguyen")
    _told(stage, "est désactivé")
    _act(stage, "kick", "elise.bernard", channel=channel, user="bot")
    _told(stage, "Le robot n’est plus dans le canal")
    _act(stage, "invite", "claire.martin", channel=channel, user="bot")
    _told(stage, "Le robot est de nouveau dans le canal")
    _act(stage, "archive", "claire.martin", channel=channel)
    _told(stage, "a été archivé à la main")
    _act(stage, "press", "elise.bernard", channel="CADMIN0001", label="Ouvrir un nouveau canal", wait=2)
    _told(stage, "a un nouveau canal")
    stage.api.move(timedelta(minutes=10))
    new = _channel(stage.api)
    assert new is not None
    assert new["id"] != channel
    assert "Votre groupe continue ici" in _said(stage.api, new["id"], "claire.martin")


def _sees(stage: Stage) -> bool:
    channels = stage.api.get("/control/slack/channels", person="elise.bernard")["channels"]
    return any(str(channel["name"]).startswith("bilan-001") for channel in channels)
