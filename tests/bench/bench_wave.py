"""A wave of 300 members in the sandbox: every group formed, its channel opened and furnished, without one refused call.

The real gateway speaks to the real sandbox over loopback; the sandbox counts Slack's rates on its clock and answers 429
to whoever is too fast. The clock goes to the instant at which the outbox has something to send, so that the figure is
the time that Slack's rates cost, not this machine's.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from slack_sdk import WebClient
from starlette.applications import Starlette

from bot.gateways.slack import SlackWorkspace
from handlers.views.home import home as draw_home
from handlers.views.messages import draw
from programme.content import load_content
from programme.fake_payments import FakePayments
from programme.fakes import FakeClock, FakeFiles, FakeMailer, FakePictures, FakePrinter
from programme.model.group import GroupState
from programme.model.people import Caller, Role
from programme.ports import Config, Ports
from programme.usecases import delivery, matching, seats
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Recorder
from sandbox.settings import DATA
from sandbox.slack.manifest import load_manifest
from sandbox.slack.model import Channel, ChannelKind, User
from sandbox.slack.seed import load_workspace
from sandbox.slack.service import SlackService
from sandbox.slack.web_api import slack_routes
from store.engine import make_engine
from store.migrate import migrate
from store.unit_of_work import Store
from tests.sandbox.conftest import EventLog, serving
from tests.usecases.waiting_room import ADMIN, Person, enrol

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CITIES = ((45.76, 4.84), (48.86, 2.35), (43.30, 5.37), (43.60, 1.44), (50.63, 3.06), (47.22, -1.55))
TUTORS = tuple(f"UTUTOR{number:02d}" for number in range(1, 9))


@dataclass
class Outside:
    """The sandbox's Slack, and what it was asked."""

    service: SlackService
    clock: Clock
    recorder: Recorder
    url: str


@dataclass
class Outcome:
    """What the wave came to."""

    groups: int
    calls: int
    refused: list[tuple[str, str]]
    minutes: float
    seconds: float
    methods: Counter[str]


@dataclass
class SharedClock(FakeClock):
    """The sandbox's clock, read in the same process."""

    sandbox: Clock | None = None

    def now(self) -> datetime:
        """The sandbox's instant."""
        assert self.sandbox is not None
        return self.sandbox.now()


@contextmanager
def slack(people: list[str]) -> Iterator[Outside]:
    """A sandbox Slack with these people, on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock = Clock(START, running=False)
    recorder = Recorder(clock)
    workspace = load_workspace(DATA / "workspace.yml", load_manifest(DATA / "app_manifest.yml"))
    service = SlackService(clock, recorder, Faults(), workspace, EventLog(), base_url=address)
    for person in people:
        service.workspace.users[person] = User(person, person.lower(), real_name=person.title())
    bot = service.app.bot_user_id
    for channel, name in (("CADMIN", "bilan-admin-essai"), ("CTUTOR", "e-tutorat-essai")):
        members = [bot, "UADMIN1"]
        service.workspace.channels[channel] = Channel(
            channel, ChannelKind.PRIVATE, name, "UADMIN1", int(START.timestamp()), members
        )
    with serving(Starlette(routes=slack_routes(service)), listener):
        yield Outside(service, clock, recorder, address)
    listener.close()


def play(members: int, folder: Path) -> Outcome:
    """Enrol, match, confirm, accept; deliver until nothing is left."""
    users = [f"UM{number:03d}" for number in range(1, members + 1)]
    began = time.perf_counter()
    with slack([*users, *TUTORS, "UADMIN1"]) as outside:
        ports = _ports(outside, folder)
        _enrol(ports, users)
        matching.propose_now(ports, ADMIN)
        _deliver(ports, outside)
        with ports.reading() as uow:
            groups = uow.groups.in_states(GroupState.PROPOSED)
        since = outside.clock.now()
        for group in groups:
            seats.confirm_group(ports, caller=ADMIN, group_id=group.id)
        _deliver(ports, outside)
        for group in groups:
            _accept(ports, group.id)
        _deliver(ports, outside)
        with ports.reading() as uow:
            formed = uow.groups.in_states(GroupState.VOTING)
        _check(outside, ports, [group.id for group in formed])
        lines = outside.recorder.lines(service="slack")
        refused = [(line["method"], str(line["answer"])) for line in lines if line["status"] != 200 or not _ok(line)]
        minutes = (outside.clock.now() - since).total_seconds() / 60
        methods = Counter(str(line["method"]) for line in lines)
        return Outcome(len(formed), len(lines), refused, minutes, time.perf_counter() - began, methods)


def _ok(line: dict[str, object]) -> bool:
    answer = line["answer"]
    return isinstance(answer, dict) and bool(answer.get("ok"))


def _ports(outside: Outside, folder: Path) -> Ports:
    engine = make_engine(f"sqlite:///{folder}/wave.sqlite3")
    migrate(engine)
    clock, content = SharedClock(sandbox=outside.clock), load_content()
    store = Store(engine, clock.now, lambda: None)
    client = WebClient(token="xoxb-sandbox", base_url=f"{outside.url}/api/", timeout=30)
    workspace = SlackWorkspace(client, clock, draw=lambda message: draw(message, content), draw_home=draw_home)
    with store.uow() as uow:
        uow.people.grant(Role.ADMIN, "UADMIN1")
        for tutor in TUTORS:
            uow.people.grant(Role.TUTOR, tutor)
    return Ports(
        clock=clock,
        uow=store.uow,
        reading=store.reading,
        workspace=workspace,
        payments=FakePayments(clock),
        mailer=FakeMailer(),
        printer=FakePrinter(),
        files=FakeFiles(),
        content=content,
        config=Config(admin_channel="CADMIN", tutor_channel="CTUTOR"),
        pictures=FakePictures(),
    )


def _enrol(ports: Ports, users: list[str]) -> None:
    people = [
        replace(Person(user, place=_near(number)), paid_days_ago=1 + number / 1000) for number, user in enumerate(users)
    ]
    enrol(ports, *people)


def _near(number: int) -> tuple[float, float]:
    latitude, longitude = CITIES[number % len(CITIES)]
    return latitude + (number % 17) * 0.004, longitude + (number % 13) * 0.004


def _accept(ports: Ports, group_id: str) -> None:
    with ports.reading() as uow:
        users = [uow.members.get(seat.member_id).slack_user_id for seat in uow.groups.seats(group_id)]
    for user in users:
        seats.answer_seat(ports, caller=Caller(user), group_id=group_id, accept=True)


def _deliver(ports: Ports, outside: Outside) -> None:
    """Send what may go, then let time pass to the next thing that may."""
    while True:
        delivery.deliver_all(ports, limit=100_000)
        with ports.reading() as uow:
            due = uow.outbox.next_due()
        if due is None:
            return
        outside.clock.set(max(due, outside.clock.now() + timedelta(milliseconds=1)))


def _check(outside: Outside, ports: Ports, group_ids: list[str]) -> None:
    """Every channel is there with its people, topic, link, two pins and three posts."""
    for group_id in group_ids:
        with ports.reading() as uow:
            group = uow.groups.get(group_id)
            expected = {uow.members.get(seat.member_id).slack_user_id for seat in uow.groups.seats(group_id)}
        channel = outside.service.workspace.channels[group.channel_id]
        assert set(channel.members) == expected | {group.tutor_id, outside.service.app.bot_user_id}
        assert channel.topic["value"]
        assert len(channel.bookmarks) == 1


def main() -> None:
    """Play the wave and print what it came to."""
    members = int(dict(enumerate(sys.argv)).get(1, "300"))
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(members, Path(folder))
    busiest = ", ".join(f"{name} {count}" for name, count in outcome.methods.most_common(6))
    sys.stdout.write(
        f"{members} members: {outcome.groups} groups in their channels, {outcome.calls} calls, "
        f"{len(outcome.refused)} refused\n"
        f"{outcome.minutes:.1f} minutes of Slack's clock from the admins' confirmation to the last channel, "
        f"{outcome.seconds:.0f} s of this machine's\n{busiest}\n"
    )
    sys.stdout.writelines(f"refused: {method} {answer}\n" for method, answer in outcome.refused[:10])
    sys.exit(bool(outcome.refused))


if __name__ == "__main__":
    main()
