"""Files to and from Slack, on the sandbox as a server: what can never be read says why, nothing appears twice."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk import WebClient
from starlette.applications import Starlette

from bot.gateways.files import DiskFiles
from bot.gateways.slack_api import SlackApi
from bot.gateways.slack_files import SlackFiles
from programme.errors import Permanent, Retryable, Unreadable
from programme.usecases.files import LARGEST
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Recorder
from sandbox.settings import DATA
from sandbox.slack.manifest import load_manifest
from sandbox.slack.model import SlackFile
from sandbox.slack.seed import load_workspace
from sandbox.slack.service import SlackService
from sandbox.slack.sharing import delete_file, new_file, share_files
from sandbox.slack.web_api import slack_routes
from tests.sandbox.conftest import EventLog, World, serving

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADMINS = "CADMIN0001"


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    """The sandbox's Slack on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock, faults, events = Clock(START, running=False), Faults(), EventLog()
    workspace = load_workspace(DATA / "workspace.yml", load_manifest(DATA / "app_manifest.yml"))
    service = SlackService(clock, Recorder(clock), faults, workspace, events, base_url=address)
    with serving(Starlette(routes=slack_routes(service)), listener):
        yield World(service, clock, faults, Recorder(clock), address, events)
    listener.close()


@pytest.fixture
def slack(running: World) -> World:
    """The same, fresh."""
    running.restart()
    return running


@pytest.fixture
def files(slack: World) -> SlackFiles:
    """The gateway under test; its clock moves by a minute a look, so that nothing waits for its pace."""
    minutes = iter(range(1_000_000))
    clock = SimpleNamespace(now=lambda: datetime.fromtimestamp(START.timestamp() + 60 * next(minutes), UTC))
    return SlackFiles(SlackApi(WebClient(token="xoxb-sandbox", base_url=f"{slack.base_url}/api/"), clock))


def shared(slack: World, name: str = "cv.pdf", content: bytes = b"%PDF-1.7 cv", place: str = ADMINS) -> SlackFile:
    """A person's file, in a conversation of the bot."""
    author = slack.user_id("elise.bernard")
    file = new_file(slack.service, author, name, len(content), content)
    share_files(slack.service, slack.channel(place), author, [file])
    return file


def unreadable(files: SlackFiles, file_id: str) -> str:
    """The key of the sentence with which a file is refused."""
    with pytest.raises(Unreadable) as refused:
        b"".join(files.fetch(file_id)[1])
    return refused.value.key


def test_a_shared_file_is_fetched_whole(slack, files, tmp_path) -> None:
    content = bytes(range(256)) * 2000
    name, pieces = files.fetch(shared(slack, "données 😀.bin", content).id)
    kept = DiskFiles(tmp_path).keep(pieces)

    assert (name, kept.size) == ("données 😀.bin", len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert DiskFiles(tmp_path).read(kept.sha256) == content


def test_a_file_of_the_largest_size_passes_and_one_byte_more_does_not(slack, files) -> None:
    _, pieces = files.fetch(shared(slack, "juste.bin", b"x" * LARGEST).id)
    assert sum(map(len, pieces)) == LARGEST
    assert unreadable(files, shared(slack, "trop.bin", b"x" * (LARGEST + 1)).id) == "file_too_large"


def test_an_empty_file_is_read_as_empty(slack, files) -> None:
    assert b"".join(files.fetch(shared(slack, "vide.txt", b"").id)[1]) == b""


def test_a_deleted_file_says_so(slack, files) -> None:
    file = shared(slack)
    delete_file(slack.service, file)
    assert unreadable(files, file.id) == "file_deleted"


def test_a_file_the_bot_may_not_see_says_so(slack, files) -> None:
    hidden = new_file(slack.service, slack.user_id("claire.martin"), "secret.pdf", 3, b"abc")
    assert unreadable(files, hidden.id) == "file_unreadable"
    assert unreadable(files, "FNOTHING") == "file_unreadable"


def test_a_file_deleted_between_its_facts_and_its_bytes_leaves_nothing(slack, files, tmp_path) -> None:
    file = shared(slack)
    _, pieces = files.fetch(file.id)
    file.content = None
    with pytest.raises(Unreadable):
        DiskFiles(tmp_path).keep(pieces)
    assert list(tmp_path.rglob("*")) == []


def test_uploads_are_unseen_until_shared_and_then_appear_together(slack, files) -> None:
    one, two = files.upload("un.pdf", b"%PDF-1"), files.upload("deux.pdf", b"%PDF-2")
    assert slack.channel(ADMINS).messages == {}
    assert not files.is_shared(one, ADMINS)
    files.share(ADMINS, {one: "un.pdf", two: "deux.pdf"}, "")

    (message,) = slack.channel(ADMINS).messages.values()
    assert message.files == [one, two]
    assert files.is_shared(one, ADMINS)
    assert files.is_shared(two, ADMINS)
    assert not files.is_shared(one, "CTUTORS01")


def test_files_go_into_a_thread(slack, files) -> None:
    root = slack.client.chat_postMessage(channel=ADMINS, text="Fil")["ts"]
    files.share(ADMINS, {files.upload("un.pdf", b"%PDF-1"): "un.pdf"}, root)
    assert [m.thread_ts for m in slack.channel(ADMINS).messages.values() if m.files] == [root]


def test_sharing_where_the_bot_is_not_is_refused(slack, files) -> None:
    with pytest.raises(Permanent):
        files.share("CNOWHERE", {files.upload("un.pdf", b"%PDF-1"): "un.pdf"}, "")


class Flaky:
    """A host that answers ``files.info`` with ``facts``, and the file's address as ``answers`` say, in turn."""

    def __init__(self, content: bytes) -> None:
        self.content, self.facts, self.cuts, self.asked = content, {}, [], []
        self.status, self.kind = 200, "application/pdf"

    def serve(self) -> ThreadingHTTPServer:
        flaky = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                facts = {"id": "F1", "name": "cv.pdf", "mimetype": "application/pdf", "size": len(flaky.content)}
                facts["url_private"] = f"http://127.0.0.1:{self.server.server_port}/file"  # type: ignore[attr-defined]
                self._send(json.dumps({"ok": True, "file": facts | flaky.facts}).encode(), "application/json")

            def do_GET(self) -> None:
                flaky.asked.append(self.headers["Authorization"])
                self._send(flaky.content, flaky.kind, flaky.status, flaky.cuts.pop(0) if flaky.cuts else None)

            def _send(self, body: bytes, kind: str, status: int = 200, cut: int | None = None) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:cut])

            def log_message(self, *_arguments: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


@pytest.fixture
def flaky() -> Iterator[Flaky]:
    """A host on loopback with a file of some pieces."""
    host = Flaky(b"%PDF-1.7 " + bytes(200_000))
    server = host.serve()
    clock = SimpleNamespace(now=lambda: START)
    client = WebClient(token="xoxb-secret", base_url=f"http://127.0.0.1:{server.server_port}/api/")
    host.files = SlackFiles(SlackApi(client, clock))  # type: ignore[attr-defined]
    yield host
    server.shutdown()
    server.server_close()


def test_a_broken_download_goes_on_where_it_stopped(flaky, tmp_path) -> None:
    flaky.cuts = [70_000, 10]
    kept = DiskFiles(tmp_path).keep(flaky.files.fetch("F1")[1])

    assert kept.sha256 == hashlib.sha256(flaky.content).hexdigest()
    assert flaky.asked == ["Bearer xoxb-secret"] * 3


def test_a_download_that_stays_broken_is_tried_later(flaky, tmp_path) -> None:
    flaky.cuts = [5, 5, 5]
    with pytest.raises(Retryable):
        DiskFiles(tmp_path).keep(flaky.files.fetch("F1")[1])
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_in_trouble_is_tried_later(flaky, status) -> None:
    flaky.status = status
    with pytest.raises(Retryable):
        list(flaky.files.fetch("F1")[1])


@pytest.mark.parametrize(("status", "key"), [(302, "file_unreadable"), (403, "file_unreadable"), (404, "file_deleted")])
def test_a_refusing_host_is_final(flaky, status, key) -> None:
    flaky.status = status
    assert unreadable(flaky.files, "F1") == key


def test_a_page_in_place_of_the_file_is_a_refusal(flaky) -> None:
    flaky.kind = "text/html"
    assert unreadable(flaky.files, "F1") == "file_unreadable"
    flaky.facts = {"mimetype": "text/html"}
    assert b"".join(flaky.files.fetch("F1")[1]) == flaky.content


def test_a_host_that_sends_more_than_it_told_is_cut_off(flaky) -> None:
    flaky.content, flaky.facts = b"x" * (LARGEST + 1), {"size": 10}
    assert unreadable(flaky.files, "F1") == "file_too_large"


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"mode": "tombstone"}, "file_deleted"),
        ({"mode": "hidden_by_limit"}, "file_hidden"),
        ({"mode": "external"}, "file_external"),
        ({"is_external": True}, "file_external"),
        ({"size": LARGEST + 1}, "file_too_large"),
        ({"url_private": "", "file_access": "access_denied"}, "file_unreadable"),
        ({"url_private": "https://elsewhere.example/cv.pdf"}, "file_external"),
    ],
)
def test_facts_that_end_the_reading(flaky, facts, key) -> None:
    flaky.facts = facts
    assert unreadable(flaky.files, "F1") == key
    assert flaky.asked == []


def test_a_file_that_is_still_being_checked_is_awaited(flaky) -> None:
    flaky.facts = {"url_private": "", "file_access": "check_file_info"}
    with pytest.raises(Retryable):
        flaky.files.fetch("F1")


@pytest.mark.parametrize(
    ("content", "mimetype"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        ("é".encode() * 5000, "text/plain"),
        (b"a" + "é".encode() * 5000, "text/plain"),
        (b"\xff\xfe\x00bin", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"MZ\x90\x00", "application/x-msdownload"),
    ],
)
def test_the_type_is_what_the_first_bytes_tell(tmp_path: Path, content, mimetype) -> None:
    assert DiskFiles(tmp_path).keep([content[:3], content[3:]]).mimetype == mimetype
