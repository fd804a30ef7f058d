"""The record: every call, numbered, without secrets, bounded."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.record import MAX_TEXT, Recorder, masked

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def note(recorder, method="chat.postMessage", service="slack", **arguments):
    recorder.record(service=service, method=method, arguments=arguments, status=200, answer={"ok": True}, ms=1.234)


@pytest.fixture
def recorder():
    return Recorder(Clock(START, running=False))


def test_a_line(recorder):
    note(recorder, text="Bonjour")
    (line,) = recorder.lines()
    assert datetime.fromisoformat(line.pop("real_at"))
    assert line == {
        "n": 1,
        "at": "2026-03-02T09:00:00Z",
        "service": "slack",
        "method": "chat.postMessage",
        "arguments": {"text": "Bonjour"},
        "status": 200,
        "answer": {"ok": True},
        "ms": 1.2,
    }


def test_lines_are_chosen(recorder):
    for method in ("a", "b", "a"):
        note(recorder, method)
    note(recorder, "a", service="stripe")
    assert [line["n"] for line in recorder.lines(since=2)] == [3, 4]
    assert [line["n"] for line in recorder.lines(method="a", service="slack")] == [1, 3]
    assert recorder.lines(since=9) == []


def test_the_record_is_bounded_and_numbers_go_on():
    recorder = Recorder(Clock(START, running=False), max_lines=3)
    for _ in range(5):
        note(recorder)
    assert [line["n"] for line in recorder.lines()] == [3, 4, 5]
    assert [line["n"] for line in recorder.lines(since=3)] == [4, 5]
    recorder.clear()
    note(recorder)
    assert [line["n"] for line in recorder.lines()] == [6]


def test_a_file_gets_what_was_and_what_comes(recorder, tmp_path):
    note(recorder, text="é")
    path = tmp_path / "new" / "calls.jsonl"
    assert recorder.write_to(path) == 1
    note(recorder)
    recorder.close()
    note(recorder)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["n"] for line in lines] == [1, 2]
    assert lines == recorder.lines()[:2]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Bearer xoxb-123-abc", "Bearer xoxb-***"),
        ("xapp-1-A-b", "xapp-***"),
        ("sk_test_sandbox and whsec_x", "sk_test_*** and whsec_***"),
        ({"token": "anything"}, {"token": "***"}),
        ({"token": "xoxb-1"}, {"token": "xoxb-***"}),
        ({"deep": [{"client_secret": "pi_1_secret_2"}]}, {"deep": [{"client_secret": "***"}]}),
        (b"abc", "<3 bytes>"),
        ({"n": 1, "f": 1.5, "none": None, "yes": True}, {"n": 1, "f": 1.5, "none": None, "yes": True}),
        (START, "2026-03-02 09:00:00+00:00"),
    ],
)
def test_secrets_and_bytes_are_masked(value, shown):
    assert masked(value) == shown


def test_long_texts_are_cut():
    shown = masked("é" * (MAX_TEXT + 1))
    assert shown == "é" * MAX_TEXT + f"… ({MAX_TEXT + 1} characters)"
    assert masked("é" * MAX_TEXT) == "é" * MAX_TEXT


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.text("abcdef0123-", min_size=1, max_size=12))
def test_what_is_kept_is_json_without_tokens(value, secret):
    shown = json.dumps(masked({"value": value, "header": f"Bearer xoxb-9{secret}"}))
    assert f"xoxb-9{secret}" not in shown
