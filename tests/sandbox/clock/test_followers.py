"""Programs that follow the clock, over HTTP: they are told of every move, and waited for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from queue import Queue

import httpx
import pytest

from sandbox.background import running_sandbox
from sandbox.clock import Clock
from sandbox.followers import SILENT_SECONDS, Followers
from sandbox.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    settings = Settings(port=0, smtp_port=0, start=START)
    with running_sandbox(settings) as box, httpx.Client(base_url=box.base_url, trust_env=False, timeout=20) as client:
        yield client


def post(http, path, **data):
    return http.post(path, json=data)


@pytest.fixture
def clock(http) -> dict:
    """The clock standing at its start, with nobody following."""
    post(http, "/control/reset")
    post(http, "/control/clock/freeze")
    post(http, "/control/clock/set", now="2026-03-02T09:00:00Z")
    for name in http.get("/control/state").json()["clock"]["followers"]:
        post(http, "/clock/leave", name=name)
    return http.get("/clock").json()


class Program(threading.Thread):
    """Follows the clock until it sees the version ``last``; settles each, and has work again an hour later."""

    def __init__(self, http: httpx.Client, name: str, moves: int, next_due: str | None = None) -> None:
        super().__init__(daemon=True)
        self.http, self.program, self.moves, self.next_due = http, name, moves, next_due
        self.seen: Queue[str] = Queue()
        self.after = http.get("/clock").json()["version"]
        self.settle(self.after)
        self.start()

    def settle(self, version: int) -> None:
        post(self.http, "/clock/settled", name=self.program, version=version, next_due=self.next_due)

    def run(self) -> None:
        for _ in range(self.moves):
            query = {"name": self.program, "after": self.after, "timeout": 10}
            answer = self.http.get("/clock/follow", params=query).json()
            self.after = answer["version"]
            self.seen.put(answer["now"])
            self.settle(self.after)


def test_the_clock_is_shown(clock):
    assert (clock["now"], clock["running"]) == ("2026-03-02T09:00:00Z", False)


def test_it_is_set_moved_and_run(http, clock):
    assert post(http, "/control/clock/set", now="2026-01-01T00:00:00+01:00").json()["now"] == "2025-12-31T23:00:00Z"
    assert post(http, "/control/clock/move", seconds=60).json()["now"] == "2025-12-31T23:01:00Z"
    assert post(http, "/control/clock/move", to="2026-01-01T00:00:00Z").json()["now"] == "2026-01-01T00:00:00Z"
    assert post(http, "/control/clock/run").json()["running"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("set", {"now": "yesterday"}),
        ("set", {"now": "2026-01-01T00:00:00"}),
        ("move", {"seconds": -1}),
        ("move", {"to": "2020-01-01T00:00:00Z"}),
        ("move", {"seconds": 1, "next": True}),
        ("move", {}),
        ("move", {"seconds": 1, "wait": True, "timeout": -1}),
    ],
)
def test_bad_moves_are_refused(http, clock, path, data):
    answer = post(http, f"/control/clock/{path}", **data)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_following_ends_with_the_time_out(http, clock):
    query = {"name": "bot", "after": clock["version"], "timeout": 0}
    assert http.get("/clock/follow", params=query).json()["version"] == clock["version"]


def test_a_follower_needs_a_name(http, clock):
    assert http.get("/clock/follow", params={"after": 0, "timeout": 0}).status_code == 400


def test_a_move_waits_until_everybody_has_settled(http, clock):
    programs = [Program(http, name, 1, f"2026-03-02T1{n}:30:00Z") for n, name in enumerate(("bot", "other"))]
    answer = post(http, "/control/clock/move", seconds=3600, wait=True).json()
    assert {name: f["next_due"] for name, f in answer["followers"].items()} == {
        "bot": "2026-03-02T10:30:00Z",
        "other": "2026-03-02T11:30:00Z",
    }
    assert all(f["settled_version"] == answer["version"] for f in answer["followers"].values())
    for program in programs:
        program.join(10)
        assert program.seen.get_nowait() == "2026-03-02T10:00:00Z"


def test_a_move_to_what_is_next(http, clock):
    program = Program(http, "bot", 1, "2026-03-05T08:00:00Z")
    answer = post(http, "/control/clock/move", next=True, wait=True).json()
    assert (answer["moved"], answer["now"]) == (True, "2026-03-05T08:00:00Z")
    program.join(10)


def test_nothing_is_next(http, clock):
    answer = post(http, "/control/clock/move", next=True, wait=True).json()
    assert (answer["moved"], answer["version"]) == (False, clock["version"])


def test_next_never_goes_back(http, clock):
    Program(http, "bot", 1, "2020-01-01T00:00:00Z")
    answer = post(http, "/control/clock/move", next=True, wait=True).json()
    assert (answer["moved"], answer["now"]) == (True, clock["now"])


def test_who_does_not_settle_is_named(http, clock):
    post(http, "/clock/settled", name="slow", version=clock["version"], next_due=None)
    answer = post(http, "/control/clock/move", seconds=1, wait=True, timeout=0)
    assert answer.status_code == 504
    assert "slow" in answer.json()["error"]
    post(http, "/clock/leave", name="slow")
    assert post(http, "/control/clock/move", seconds=1, wait=True, timeout=0).status_code == 200


def test_a_program_that_was_killed_is_not_waited_for(http, clock):
    post(http, "/clock/settled", name="bot", version=clock["version"], next_due=None)
    query = {"name": "bot", "after": clock["version"], "timeout": 60}
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(http.base_url.join("/clock/follow"), params=query, timeout=0.05, trust_env=False)
    answer = post(http, "/control/clock/move", seconds=1, wait=True, timeout=10)
    assert (answer.status_code, answer.json()["followers"]) == (200, {})
    post(http, "/clock/settled", name="bot", version=answer.json()["version"], next_due=None)
    assert list(http.get("/control/state").json()["clock"]["followers"]) == ["bot"]


def test_everybody_looks_once_more(http, clock):
    program = Program(http, "bot", 1)
    answer = post(http, "/control/clock/wait_settled", timeout=10).json()
    assert answer["version"] > clock["version"]
    assert answer["now"] == clock["now"]
    assert answer["followers"]["bot"]["settled_version"] == answer["version"]
    program.join(10)


def test_a_version_that_never_was_cannot_be_settled(http, clock):
    answer = post(http, "/clock/settled", name="bot", version=clock["version"] + 1)
    assert answer.status_code == 400


def test_a_silent_follower_is_taken_for_gone():
    seconds = [0.0]
    followers = Followers(Clock(START, running=False), monotonic=lambda: seconds[0])
    followers.settled("bot", 1, START + timedelta(hours=1))
    assert followers.next_due() == START + timedelta(hours=1)
    seconds[0] = SILENT_SECONDS + 1
    assert followers.next_due() is None
    assert followers.answer() == {}
