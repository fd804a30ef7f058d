"""Socket Mode: tickets, envelopes, acknowledgements, retries, disconnections — by hand and with Bolt."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

APP_TOKEN = "xapp-sandbox"


def address(outside: Any) -> str:
    return str(outside.client(APP_TOKEN).apps_connections_open(app_token=APP_TOKEN)["url"])


def receive(link: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(link.recv(timeout=10))
    return message


def acknowledge(link: ClientConnection, envelope: dict[str, Any]) -> None:
    link.send(json.dumps({"envelope_id": envelope["envelope_id"]}))


@pytest.fixture
def links(lonely: Any) -> Iterator[Any]:
    """Opens raw connections."""
    with ExitStack() as stack:

        def open_link(url: str = "") -> ClientConnection:
            return stack.enter_context(connect(url or address(lonely), compression=None, proxy=None))

        yield open_link


def test_the_ticket_opens_one_connection_once(lonely: Any, links: Any) -> None:
    url = address(lonely)
    assert url.startswith(lonely.base_url.replace("http", "ws") + "/link/?ticket=")
    hello = receive(links(url))
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": lonely.service.app.app_id}
    assert hello["debug_info"]["approximate_connection_time"] == 3600
    with pytest.raises(InvalidStatus):
        links(url)


def test_debug_reconnects_shorten_the_connection(lonely: Any, links: Any) -> None:
    hello = receive(links(address(lonely) + "&debug_reconnects=true"))
    assert hello["debug_info"]["approximate_connection_time"] == 360


def test_only_the_app_token_opens_connections(outside: Any) -> None:
    answer = outside.control.post(f"{outside.base_url}/api/apps.connections.open", data={"token": "xoxb-sandbox"})
    assert answer.json()["error"] == "not_allowed_token_type"


def test_each_payload_goes_to_exactly_one_connection_in_turn(lonely: Any, links: Any) -> None:
    both = [links(), links()]
    for link in both:
        receive(link)
    got: list[list[str]] = [[], []]

    def listen(number: int) -> None:
        for _ in range(3):
            envelope = receive(both[number])
            got[number].append(envelope["payload"]["event"]["text"])
            acknowledge(both[number], envelope)

    threads = [threading.Thread(target=listen, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for number in range(6):
        lonely.act("message", to_bot=True, text=f"m{number}")
    for thread in threads:
        thread.join(10)
    assert sorted(got[0] + got[1]) == [f"m{number}" for number in range(6)]
    assert (len(got[0]), len(got[1])) == (3, 3)


def test_an_event_travels_in_an_envelope(lonely: Any, links: Any) -> None:
    link = links()
    receive(link)
    lonely.act("message", to_bot=True, text="bonjour")
    envelope = receive(link)
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    payload = envelope["payload"]
    assert payload["type"] == "event_callback"
    assert payload["event"]["channel_type"] == "im"
    assert {"token", "team_id", "api_app_id", "event_id", "event_time", "authorizations"} <= set(payload)


def test_an_unacknowledged_event_comes_again_now_then_after_one_and_five_minutes(
    lonely: Any, links: Any, until: Any
) -> None:
    link = links()
    receive(link)
    lonely.act("message", to_bot=True, text="encore")
    attempts = [receive(link), receive(link)]
    until(lambda: timers(lonely) == 1)
    with pytest.raises(TimeoutError):
        link.recv(timeout=0.2)
    lonely.move(minutes=1)
    attempts.append(receive(link))
    until(lambda: timers(lonely) == 1)
    lonely.move(minutes=4, seconds=59)
    with pytest.raises(TimeoutError):
        link.recv(timeout=0.2)
    lonely.move(seconds=1)
    attempts.append(receive(link))
    assert [attempt["retry_attempt"] for attempt in attempts] == [0, 1, 2, 3]
    assert [attempt["retry_reason"] for attempt in attempts] == ["", "timeout", "timeout", "timeout"]
    assert len({attempt["payload"]["event_id"] for attempt in attempts}) == 1
    [line] = until(lambda: lonely.recorder.lines(method="event lost"))
    assert line["answer"]["error"] == "timeout"


def timers(outside: Any) -> int:
    """How many things wait for the clock."""
    return int(outside.on_loop(lambda: sum(not timer.cancelled for timer in outside.clock._timers)))


def test_an_acknowledged_event_does_not_come_again(outside: Any, bot: Any) -> None:
    outside.act("message", to_bot=True, text="une fois")
    outside.move(minutes=10)
    outside.act("message", to_bot=True, text="deux")
    assert [event["text"] for event in bot.events("message")] == ["une fois", "deux"]


def test_the_eleventh_connection_is_turned_away(lonely: Any, links: Any) -> None:
    for number in range(10):
        assert receive(links())["num_connections"] == number + 1
    late = links()
    assert receive(late)["reason"] == "too_many_websockets"
    with pytest.raises(ConnectionClosed):
        late.recv(timeout=10)


def test_pings_are_answered(lonely: Any, links: Any) -> None:
    link = links()
    assert link.ping("here").wait(10)


def test_nonsense_from_the_app_acknowledges_nothing(lonely: Any, links: Any) -> None:
    link = links()
    receive(link)
    for text in ("not json", "[]", '{"envelope_id": "unknown"}'):
        link.send(text)
    assert lonely.act("command", command="/demo")["error"] == "operation_timeout"


def texts(bot: Any) -> set[str]:
    """What arrived; twice, maybe, if the client replaced its connection in between."""
    return {event["text"] for event in bot.events("message")}


@pytest.mark.parametrize("reason", ["refresh_requested", "lost"])
def test_bolt_reconnects_and_goes_on(outside: Any, bot: Any, until: Any, reason: str) -> None:
    before = outside.connections()["connections_made"]
    outside.act("disconnect", reason=reason)
    until(lambda: outside.connections()["connections_made"] > before)
    until(lambda: outside.connections()["connections"] == 1)
    outside.act("message", to_bot=True, text="toujours là")
    until(lambda: texts(bot) == {"toujours là"})


def test_a_draining_connection_gets_nothing_new(lonely: Any, links: Any) -> None:
    link = links()
    receive(link)
    lonely.act("disconnect", reason="refresh_requested")
    assert receive(link) == {
        "type": "disconnect",
        "reason": "refresh_requested",
        "debug_info": {"host": "applink-sandbox"},
    }
    assert lonely.act("command", command="/demo")["error"] == "dispatch_failed"


def test_a_switched_off_link_says_so(lonely: Any, links: Any) -> None:
    lonely.delivery.socket.enabled = False
    link = links()
    assert receive(link)["reason"] == "link_disabled"


def test_a_dropped_event_comes_with_the_next_attempt(outside: Any, bot: Any, until: Any) -> None:
    outside.fault("drop", "message")
    outside.act("message", to_bot=True, text="perdu puis retrouvé")
    until(lambda: bot.events("message"))
    assert [event["text"] for event in bot.events("message")] == ["perdu puis retrouvé"]


def test_a_repeated_event_keeps_its_id(outside: Any, bot: Any, until: Any) -> None:
    outside.fault("repeat", "message")
    outside.act("message", to_bot=True, text="deux fois")
    until(lambda: len(bot.of("event")) == 2)
    assert len({body["event_id"] for body in bot.of("event")}) == 1


def test_disorder_lets_the_next_event_pass_first(outside: Any, bot: Any, until: Any) -> None:
    outside.fault("disorder", "message")

    def both() -> None:
        for text in ("premier", "second"):
            event = {"type": "message", "channel_type": "im", "text": text, "channel": "D1", "user": "U1", "ts": "1.1"}
            outside.delivery.send_event(outside.service.event_callback(event))

    outside.on_loop(both)
    until(lambda: len(bot.events("message")) == 2)
    assert [event["text"] for event in bot.events("message")] == ["second", "premier"]


def test_a_dropped_interaction_is_an_error_to_the_person(outside: Any, bot: Any) -> None:
    outside.fault("drop", "/demo")
    assert outside.act("command", command="/demo")["error"] == "operation_timeout"
    assert bot.of("command") == []


def test_a_disconnection_after_an_event_is_survived(outside: Any, bot: Any, until: Any) -> None:
    made = outside.connections()["connections_made"]
    outside.fault("disconnect", "message")
    outside.act("message", to_bot=True, text="avant")
    until(lambda: outside.connections()["connections_made"] > made)
    until(lambda: outside.connections()["connections"] == 1)
    outside.act("message", to_bot=True, text="après")
    until(lambda: texts(bot) == {"avant", "après"})


def test_a_delayed_command_arrives_later(outside: Any, bot: Any) -> None:
    outside.fault("delay", "/demo", seconds=0.2)
    started = time.monotonic()
    outside.act("command", command="/demo", wait=0)
    assert time.monotonic() - started >= 0.2
