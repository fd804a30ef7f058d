"""Files to and from Slack: the upload in three steps, the download with the bot's token.

Slack shows its sign-in page, with status 200, to whoever may not read a file: a redirection or HTML in place of the
file is a refusal, never the file. The token goes to Slack's own hosts only, and no redirection is followed with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.gateways.slack_api import SlackApi, SlackRefusal
from programme.errors import DeliveryError, Permanent, Retryable, Unreadable
from programme.usecases.files import LARGEST

CHUNK = 64 * 1024
TRIES = 3
"""Reading again harms nobody: a connection that breaks is tried anew at once, without a pause."""
UPLOAD_STEPS = ("files.getUploadURLExternal", "files.completeUploadExternal")
_REFUSALS = {"file_deleted": "file_deleted"}
_MODES = {"tombstone": "file_deleted", "hidden_by_limit": "file_hidden", "external": "file_external"}
"""Slack's word for what became of a file → the sentence that its sender reads."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing: the answer is then an HTTPError with the status 3xx."""


class SlackFiles:
    """The files of one workspace; an upload shows nothing until it is shared, so that it can be tried again."""

    def __init__(self, api: SlackApi) -> None:
        """Use the token and the pacing of ``api``."""
        self._api = api
        self._opener = build_opener(_NoRedirect)

    def upload(self, name: str, content: bytes, alt: str = "") -> str:
        """Send the bytes of a file and return its id; nobody sees it before it is shared."""
        ticket = self._api.call(UPLOAD_STEPS[0], filename=name, length=len(content), alt_txt=alt or None)
        self._upload(str(ticket["upload_url"]), content)
        return str(ticket["file_id"])

    def share(self, channel: str, files: Mapping[str, str], thread_ts: str) -> None:
        """Let uploaded files (id → title) appear together in a channel or one of its threads."""
        entries = [{"id": file_id, "title": title} for file_id, title in files.items()]
        self._api.call(UPLOAD_STEPS[1], files=entries, channel_id=channel, thread_ts=thread_ts or None)

    def is_shared(self, file_id: str, channel: str) -> bool:
        """Tell whether an uploaded file has appeared in the channel, after an uncertain outcome."""
        try:
            info = self._api.call("files.info", file=file_id)["file"]
        except SlackRefusal as refusal:
            if refusal.code in {"file_not_found", "file_deleted"}:
                return refusal.code == "file_deleted"
            raise
        places = [*(info.get("channels") or ()), *(info.get("groups") or ()), *(info.get("ims") or ())]
        return channel in places

    def _upload(self, url: str, content: bytes) -> None:
        request = Request(_web_address(url), data=content, method="POST")  # noqa: S310 - http(s) only
        request.add_header("Content-Type", "application/octet-stream")
        try:
            with self._opener.open(request, timeout=self._api.timeout):
                return
        except HTTPError as error:
            with error:
                raise _judged(error.code, "upload") from error
        except (OSError, HTTPException) as error:
            raise Retryable(f"upload: {type(error).__name__}") from error

    def fetch(self, file_id: str) -> tuple[str, Iterator[bytes]]:
        """Return the name of a file that somebody shared with the bot, and its content piece by piece."""
        info = self._info(file_id)
        _demand_readable(info)
        url = _web_address(str(info.get("url_private_download") or info["url_private"]))
        self._demand_own_host(url)
        page = str(info.get("mimetype")) == "text/html"
        return str(info.get("name") or info.get("title") or ""), self._download(url, page_expected=page)

    def _info(self, file_id: str) -> Mapping[str, Any]:
        try:
            info: Mapping[str, Any] = self._api.call("files.info", file=file_id)["file"]
        except SlackRefusal as refusal:
            raise Unreadable(_REFUSALS.get(refusal.code, "file_unreadable"), refusal.code) from refusal
        return info

    def _demand_own_host(self, url: str) -> None:
        own = (urlsplit(self._api.base_url).hostname or "").removeprefix("www.")
        host = urlsplit(url).hostname or ""
        if host != own and not host.endswith(f".{own}"):
            raise Unreadable("file_external", f"(it is kept by {host})")

    def _download(self, url: str, *, page_expected: bool) -> Iterator[bytes]:
        """Read piece by piece, going on where a broken connection stopped; nothing is held in memory."""
        given, tries_left = 0, TRIES
        while True:
            try:
                for piece in self._pieces(url, skip=given, page_expected=page_expected):
                    given += len(piece)
                    _demand_small(given)
                    yield piece
            except HTTPError as error:
                with error:
                    raise _judged(error.code, "download") from error
            except (OSError, HTTPException) as error:
                tries_left -= 1
                if not tries_left:
                    raise Retryable(f"download: {type(error).__name__}") from error
            else:
                return

    def _pieces(self, url: str, *, skip: int, page_expected: bool) -> Iterator[bytes]:
        request = Request(url, headers={"Authorization": f"Bearer {self._api.token}"})  # noqa: S310 - http(s) only
        with self._opener.open(request, timeout=self._api.timeout) as response:
            if response.headers.get_content_type() == "text/html" and not page_expected:
                raise Unreadable("file_unreadable", "(Slack answers with a page instead of the file)")
            announced = int(response.headers.get("Content-Length") or 0)
            _demand_small(announced)
            read = 0
            while piece := response.read(CHUNK):
                fresh = piece[max(0, skip - read) :]
                read += len(piece)
                if fresh:
                    yield fresh
            if read < announced:
                raise ConnectionResetError("the download was cut short")


def _demand_readable(info: Mapping[str, Any]) -> None:
    mode = info.get("mode")
    if mode in _MODES:
        raise Unreadable(_MODES[mode], f"(mode: {mode})")
    if info.get("is_external"):
        raise Unreadable("file_external", "(only its address was shared)")
    if not (info.get("url_private_download") or info.get("url_private")):
        if info.get("file_access") == "check_file_info":
            raise Retryable("files.info: the file is not there yet")
        raise Unreadable("file_unreadable", f"(access: {info.get('file_access', 'unknown')})")
    _demand_small(int(info.get("size") or 0))


def _demand_small(size: int) -> None:
    if size > LARGEST:
        raise Unreadable("file_too_large")


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Permanent("Slack gave no web address")
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")  # a name in the address may hold spaces and emoji


def _judged(status: int, act: str) -> DeliveryError:
    if status == 429 or status >= 500:
        return Retryable(f"{act}: HTTP {status}")
    if act == "upload":
        return Permanent(f"upload refused with HTTP {status}")
    return Unreadable("file_deleted" if status in {404, 410} else "file_unreadable", f"(HTTP {status})")
