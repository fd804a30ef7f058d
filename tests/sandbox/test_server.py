"""The whole program: started as users start it, reached by the real clients of everything it plays."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import stripe
from slack_sdk import WebClient

from sandbox.background import RunningSandbox, running_sandbox
from sandbox.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def box() -> Iterator[RunningSandbox]:
    with running_sandbox(Settings(port=0, smtp_port=0, start=START)) as running:
        yield running


@pytest.fixture
def http(box) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.base_url, trust_env=False) as client:
        assert client.post("/control/reset").status_code == 200
        yield client


def slack(box):
    return WebClient("xoxb-sandbox", base_url=f"{box.base_url}/api/")


def test_slack_stripe_and_mail_answer_at_their_addresses(box, http):
    state = http.get("/control/state").json()
    assert WebClient("xoxb-sandbox", base_url=state["slack"]["api"]).auth_test()["ok"]
    client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": state["stripe"]["api"]})
    assert client.v1.customers.list().data == []
    with socket.create_connection(("127.0.0.1", state["mail"]["smtp_port"]), timeout=5) as line:
        assert line.recv(3) == b"220"


def test_the_clock_is_everybody_s(box, http):
    http.post("/control/clock/freeze")
    http.post("/control/clock/set", json={"now": "2026-07-14T12:00:00Z"})
    slack(box).chat_postMessage(channel="CTUTORS01", text="Bonjour")
    message = slack(box).conversations_history(channel="CTUTORS01", limit=1)["messages"][0]
    assert datetime.fromtimestamp(float(message["ts"]), UTC).date().isoformat() == "2026-07-14"


def test_people_act_through_the_control_routes(box, http):
    said = http.post("/control/slack/message", json={"person": "elise.bernard", "channel": "e-tutorat", "text": "Oui"})
    assert said.status_code == 200
    texts = [m["text"] for m in slack(box).conversations_history(channel="CTUTORS01")["messages"]]
    assert "Oui" in texts


def test_reset_forgets_everything(box, http):
    slack(box).chat_postMessage(channel="CTUTORS01", text="Bonjour")
    http.post("/control/faults", json={"service": "slack", "kind": "5xx"})
    http.post("/control/clock/move", json={"seconds": 86_400})
    http.post("/control/reset")
    texts = [m["text"] for m in slack(box).conversations_history(channel="CTUTORS01")["messages"]]
    assert "Bonjour" not in texts
    state = http.get("/control/state").json()
    assert state["faults"] == []
    assert state["clock"]["now"].startswith("2026-03-02T09:0")


def test_faults_are_switched_over_http(http):
    assert http.post("/control/faults", json={"service": "slack", "kind": "explode"}).status_code == 400
    on = http.post("/control/faults", json={"service": "slack", "kind": "429", "times": 2}).json()["faults"]
    assert [(fault["kind"], fault["times"]) for fault in on] == [("429", 2)]
    assert http.get("/control/faults").json()["faults"] == on
    assert http.delete("/control/faults").json()["faults"] == []


def test_the_record_goes_to_a_file(box, http, tmp_path):
    slack(box).auth_test()
    path = tmp_path / "calls.jsonl"
    assert http.post("/control/record/file", json={"path": str(path)}).json()["written"] >= 1
    slack(box).team_info()
    methods = [json.loads(line)["method"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert methods[-2:] == ["auth.test", "team.info"]
    lines = http.get("/control/record", params={"method": "team.info"}).json()["lines"]
    assert len(lines) == 1
    assert "xoxb-sandbox" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("body", [b"not json", b"[1]"])
def test_bad_bodies_are_refused_with_a_sentence(http, body):
    answer = http.post("/control/faults", content=body)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


def test_a_taken_port_is_said(box):
    port = int(box.base_url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"), running_sandbox(Settings(port=port, smtp_port=0)):
        pytest.fail("the port was taken")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_starts_as_a_program():
    port, smtp_port = free_port(), free_port()
    command = [sys.executable, "-m", "sandbox", "serve", "--port", str(port), "--smtp-port", str(smtp_port)]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        transport = httpx.HTTPTransport(retries=12)
        with httpx.Client(transport=transport, trust_env=False) as client:
            state = client.get(f"http://127.0.0.1:{port}/control/state", timeout=20).json()
        assert state["mail"]["smtp_port"] == smtp_port
    finally:
        program.terminate()
        _, complaints = program.communicate(timeout=20)
    assert b"Traceback" not in complaints
