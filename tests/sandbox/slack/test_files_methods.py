"""files.*: upload in two steps, share, read, delete."""

from __future__ import annotations

import httpx
import pytest

from sandbox.slack.sharing import new_file, share_files

ADMIN = "CADMIN0001"
BEARER = {"Authorization": "Bearer xoxb-sandbox"}


@pytest.fixture
def shared(world):
    """A file that the real client uploaded into the admins' channel."""
    answer = world.client.files_upload_v2(
        channel=ADMIN, filename="plan.pdf", title="Le plan", content=b"%PDF-1.7", initial_comment="Voici"
    )
    return answer["file"]


def test_the_clients_upload_ends_in_a_message(world, shared):
    (message,) = world.channel(ADMIN).messages.values()
    assert (message.subtype, message.text, message.files) == ("file_share", "Voici", [shared["id"]])
    info = world.client.files_info(file=shared["id"])["file"]
    facts = [info[key] for key in ("title", "name", "mimetype", "filetype", "size", "groups")]
    assert facts == ["Le plan", "plan.pdf", "application/pdf", "pdf", 8, [ADMIN]]
    assert world.events.of("file_shared")[0]["file_id"] == shared["id"]
    assert world.events.of("message")[0]["files"][0]["id"] == shared["id"]


def test_bytes_come_back_with_the_token(world, shared):
    for address in (shared["url_private"], shared["url_private_download"]):
        answer = httpx.get(address, headers=BEARER)
        assert (answer.content, answer.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")


def test_without_the_token_the_reader_lands_on_the_sign_in_page(world, shared):
    answer = httpx.get(shared["url_private_download"], follow_redirects=True)
    assert answer.history[0].status_code == 302
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"%PDF" not in answer.content


def test_a_humans_file_elsewhere_is_not_the_bots_business(world):
    claire = world.user_id("claire.martin")
    file = new_file(world.service, claire, "cv.odt", 3, b"abc")
    assert world.form_error("files.info", file=file.id) == "file_not_found"
    share_files(world.service, world.channel(ADMIN), world.user_id("elise.bernard"), [file])
    body = world.client.files_info(file=file.id)["file"]
    assert httpx.get(body["url_private"], headers=BEARER).content == b"abc"
    assert world.error("files.delete", file=file.id) == "cant_delete_file"


def _ticket(world, length=3, name="a.txt"):
    return world.client.files_getUploadURLExternal(filename=name, length=length)


def test_an_upload_is_taken_once_and_at_its_length(world):
    ticket = _ticket(world)
    assert httpx.post(ticket["upload_url"], content=b"four").status_code == 400
    assert httpx.post(ticket["upload_url"], files={"file": ("a.txt", b"abc")}).text == "OK - 3"
    assert httpx.post(ticket["upload_url"], content=b"abc").status_code == 404


def test_completing_needs_the_bytes_and_a_channel_with_the_bot_inside(world):
    ticket = _ticket(world)
    files = [{"id": ticket["file_id"]}]
    assert world.error("files.completeUploadExternal", files=files) == "file_not_found"
    httpx.post(ticket["upload_url"], content=b"abc")
    general = world.error("files.completeUploadExternal", files=files, channel_id="C0GENERAL1")
    assert general == "not_in_channel"
    threaded = world.error("files.completeUploadExternal", files=files, channel_id=ADMIN, thread_ts="1.1")
    assert threaded == "invalid_arguments"
    assert world.client.files_completeUploadExternal(files=files)["files"][0]["title"] == "a.txt"
    assert world.error("files.completeUploadExternal", files=files) == "file_not_found"


def test_what_cannot_be_announced(world):
    assert world.form_error("files.getUploadURLExternal", filename="a", length=0) == "missing_argument"
    assert world.form_error("files.getUploadURLExternal", filename="a") == "invalid_arguments"
    long_text = world.form_error("files.getUploadURLExternal", filename="a", length=1, alt_txt="x" * 1001)
    assert long_text == "alt_txt_too_large"


def test_files_are_listed_by_pages_newest_first_and_deleted(world):
    admin = world.channel(ADMIN)
    for number in range(3):
        share_files(world.service, admin, "U0SANDBOT1", [new_file(world.service, "U0SANDBOT1", f"f{number}", 1, b"x")])
    listed = world.client.files_list(channel=ADMIN, count=2)
    assert [file["name"] for file in listed["files"]] == ["f2", "f1"]
    assert listed["paging"] == {"count": 2, "total": 3, "page": 1, "pages": 2}
    newest = listed["files"][0]["id"]
    world.client.files_delete(file=newest)
    assert world.form_error("files.info", file=newest) == "file_deleted"
    assert [file["name"] for file in world.client.files_list()["files"]] == ["f1", "f0"]
    assert world.events.of("file_deleted")[0]["file_id"] == newest
    last = world.client.conversations_history(channel=ADMIN, limit=1)["messages"][0]
    assert last["files"][0]["mode"] == "tombstone"
