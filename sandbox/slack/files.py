"""The routes of the files' bytes: upload to a ticket, download with a Bearer token.

Without a token that may read the file, Slack sends the reader to its sign-in page (a redirect, then HTML
with status 200): a program that does not look at the content type saves that page as the file.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.slack.model import SlackFile
from sandbox.slack.service import SlackService

SIGN_IN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"


def file_routes(service: SlackService) -> list[BaseRoute]:
    """Upload, both forms of the download, and the sign-in page."""
    routes = FileRoutes(service)
    return [
        Route("/upload/v1/{file_id}", routes.upload, methods=["POST"]),
        Route("/files-pri/{key}/download/{name:path}", routes.download),
        Route("/files-pri/{key}/{name:path}", routes.download),
        Route("/signin", sign_in),
    ]


async def sign_in(_request: Request) -> Response:
    """The page that Slack shows to somebody who is not signed in."""
    return HTMLResponse(SIGN_IN_PAGE)


class FileRoutes:
    """Bytes in and out of one service."""

    def __init__(self, service: SlackService) -> None:
        self.service = service

    async def upload(self, request: Request) -> Response:
        """The bytes of an announced file, raw or as a form; once, and of the announced length."""
        file = self.service.workspace.files.get(request.path_params["file_id"])
        if file is None or file.content is not None:
            return PlainTextResponse("upload not found", 404)
        content = await _bytes_of(request)
        if len(content) != file.declared_size:
            return PlainTextResponse("the length is not the announced one", 400)
        file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """The bytes of a file for the bot token, or the way to the sign-in page."""
        _, _, file_id = request.path_params["key"].partition("-")
        file = self.service.workspace.files.get(file_id)
        if file is None or file.content is None or not self._may_read(request, file):
            return RedirectResponse(f"{self.service.base_url}/signin?redir={quote(request.url.path)}", 302)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return Response(file.content, media_type=file.mimetype, headers={"content-disposition": disposition})

    def _may_read(self, request: Request, file: SlackFile) -> bool:
        app, workspace = self.service.app, self.service.workspace
        signed = request.headers.get("authorization") == f"Bearer {app.bot_token}"
        return signed and "files:read" in app.manifest.scopes and workspace.file_is_seen(app.bot_user_id, file)


async def _bytes_of(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        uploads = [value for value in form.values() if not isinstance(value, str)]
        return await uploads[0].read() if uploads else b""
