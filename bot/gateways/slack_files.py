"""Files to and from Slack: the upload in three steps, the download with the bot's token.

Slack shows its sign-in page, with status 200, to whoever may not read a file: a redirection or HTML in place of the
file is a refusal, never the file. The token goes to Slack's own hosts only, and no redirection is followed with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.gateways.slack_api import SlackApi
from programme.errors import DeliveryError, Permanent, Retryable

LARGEST: Final = 50 * 1024 * 1024
"""Bytes of the largest file that is fetched."""
CHUNK = 64 * 1024
TRIES = 3
"""Reading again harms nobody: a connection that breaks is tried anew at once, without a pause."""
UPLOAD_STEPS = ("files.getUploadURLExternal", "files.completeUploadExternal")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing: the answer is then an HTTPError with the status 3xx."""


class SlackFiles:
    """The files of one workspace."""

    def __init__(self, api: SlackApi) -> None:
        """Use the token and the pacing of ``api``."""
        self._api = api
        self._opener = build_opener(_NoRedirect)

    def share(self, channel: str, name: str, content: bytes, thread_ts: str) -> None:
        """Put a file into a channel or one of its threads; only the last step makes it appear."""
        self._api.pacing.take(*UPLOAD_STEPS)
        ticket = self._api.call(UPLOAD_STEPS[0], taken=True, filename=name, length=len(content))
        self._upload(str(ticket["upload_url"]), content)
        self._api.call(
            UPLOAD_STEPS[1],
            taken=True,
            files=[{"id": ticket["file_id"], "title": name}],
            channel_id=channel,
            thread_ts=thread_ts or None,
        )

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

    def fetch(self, file_id: str) -> tuple[str, str, bytes]:
        """Return name, MIME type and content of a file that somebody shared with the bot."""
        info = self._api.call("files.info", file=file_id)["file"]
        _demand_readable(info)
        url = _web_address(str(info.get("url_private_download") or info["url_private"]))
        self._demand_own_host(url)
        mimetype = str(info.get("mimetype") or "application/octet-stream")
        return str(info.get("name") or file_id), mimetype, self._download(url, mimetype)

    def _demand_own_host(self, url: str) -> None:
        own = (urlsplit(self._api.base_url).hostname or "").removeprefix("www.")
        host = urlsplit(url).hostname or ""
        if host != own and not host.endswith(f".{own}"):
            raise Permanent(f"file_not_in_slack (it is kept by {host})")

    def _download(self, url: str, mimetype: str) -> bytes:
        for tries_left in reversed(range(TRIES)):
            try:
                return self._download_once(url, mimetype)
            except HTTPError as error:
                with error:
                    raise _judged(error.code, "download") from error
            except (OSError, HTTPException) as error:
                if not tries_left:
                    raise Retryable(f"download: {type(error).__name__}") from error
        raise AssertionError("the last try returns or raises")

    def _download_once(self, url: str, mimetype: str) -> bytes:
        request = Request(url, headers={"Authorization": f"Bearer {self._api.token}"})  # noqa: S310 - http(s) only
        with self._opener.open(request, timeout=self._api.timeout) as response:
            kind = response.headers.get_content_type()
            if kind == "text/html" and mimetype != "text/html":
                raise Permanent("file_not_readable (Slack answers with a page instead of the file)")
            return _read(response)


def _read(response: HTTPResponse) -> bytes:
    """Read piece by piece, so that a file that lies about its size fills no memory."""
    announced = int(response.headers.get("Content-Length") or 0)
    _demand_small(announced)
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(CHUNK):
        size += len(piece)
        _demand_small(size)
        pieces.append(piece)
    if size < announced:
        raise ConnectionResetError("the download was cut short")
    return b"".join(pieces)


def _demand_readable(info: Mapping[str, Any]) -> None:
    mode = info.get("mode")
    if mode == "tombstone":
        raise Permanent("file_deleted")
    if mode == "hidden_by_limit":
        raise Permanent("file_hidden (older than what the workspace's plan shows)")
    if info.get("is_external") or mode == "external":
        raise Permanent("file_not_in_slack (only its address was shared)")
    if not (info.get("url_private_download") or info.get("url_private")):
        raise Permanent(f"file_not_readable (access: {info.get('file_access', 'unknown')})")
    _demand_small(int(info.get("size") or 0))


def _demand_small(size: int) -> None:
    if size > LARGEST:
        raise Permanent(f"file_too_large (at most {LARGEST // 1024 // 1024} MB)")


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Permanent("file_not_readable (Slack gave no web address)")
    return url


def _judged(status: int, act: str) -> DeliveryError:
    if status == 429 or status >= 500:
        return Retryable(f"{act}: HTTP {status}")
    if status in {404, 410}:
        return Permanent("file_not_found")
    return Permanent(f"file_not_readable ({act} refused with HTTP {status})")
