"""The addresses of the page: ``/page/<person>/<conversation>``, the tools beside it, and the forms' ``POST``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page import tools, tour
from sandbox.page.acting import FORMS
from sandbox.page.desk import Desk, Notice
from sandbox.page.drawing import FOLDER, drawn
from sandbox.page.screen import Screen
from sandbox.slack.elements import ActError
from sandbox.slack.errors import SlackError
from sandbox.slack.membership import open_im
from sandbox.slack.model import SlackFile, User
from sandbox.slack.people_common import find_person
from sandbox.slack.people_modals import suggest_options

Drawing = Callable[[Desk, Screen, Request], Response]
SHOWABLE = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain")
MAX_FILES, MAX_PART = 20, 64 * 1024 * 1024


def conversation(desk: Desk, screen: Screen, request: Request) -> Response:
    """A conversation, with a thread beside it when the address names one."""
    thread = request.query_params.get("thread", "")
    opened = screen.open(request.path_params["place"], thread)
    return drawn("conversation.html", screen=screen, conversation=opened)


def home(desk: Desk, screen: Screen, _: Request) -> Response:
    """The app's home."""
    return drawn("home.html", screen=screen)


def stories(desk: Desk, screen: Screen, _: Request) -> Response:
    """The stories of the tour."""
    return drawn("tour.html", screen=screen)


def first_page(desk: Desk, screen: Screen, _: Request) -> Response:
    """Where a person begins: the conversation with the app."""
    direct = open_im(desk.service, screen.user.id, desk.service.app.bot_user_id)
    return RedirectResponse(f"/page/{screen.user.id}/{direct.id}", 303)


def page_routes(desk: Desk) -> list[BaseRoute]:
    """All routes of the page."""
    drawings: dict[str, Drawing] = {
        "/page/{person}": first_page,
        "/page/{person}/home": home,
        "/page/{person}/around": tools.around,
        "/page/{person}/mail": tools.mail,
        "/page/{person}/wire": tools.wire,
        "/page/{person}/tour": stories,
        "/page/{person}/{place}": conversation,
    }
    return [
        Mount("/page/static", StaticFiles(directory=FOLDER / "static")),
        Route("/", lambda _: RedirectResponse("/page")),
        Route("/page", lambda _: _hats(desk)),
        Route("/page/live", lambda _: _live(desk)),
        Route("/page/mail/{number:int}", lambda request: tools.mail_html(desk, request.path_params["number"])),
        Route("/control/page/links", _control(desk, tools.set_links), methods=["POST"]),
        Route("/control/page/stories", _control(desk, tour.set_stories), methods=["POST"]),
        Route("/page/{person}/suggest", _suggesting(desk), methods=["POST"]),
        Route("/page/{person}/files/{file_id}", _file(desk)),
        *(Route(path, _drawing(desk, drawing), methods=["GET"]) for path, drawing in drawings.items()),
        Route("/page/{person}/{act}", _acting(desk), methods=["POST"]),
    ]


def _hats(desk: Desk) -> Response:
    """Who do you want to be?"""
    people = [user for user in desk.service.workspace.users.values() if not user.is_bot and not user.deleted]
    return drawn("hats.html", people=[user for user in people if user.id != "USLACKBOT"], desk=desk)


def _live(desk: Desk) -> Response:
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(desk.changes.stream(), media_type="text/event-stream", headers=headers)


def _control(
    desk: Desk, act: Callable[[Desk, Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await act(desk, request)

    return answer


def _person(desk: Desk, request: Request) -> User:
    return find_person(desk.service, request.path_params["person"])


def _drawing(desk: Desk, draw: Drawing) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return tour.follow(desk, request) or draw(desk, Screen(desk, _person(desk, request), here), request)
        except ActError as refusal:
            return drawn("missing.html", 404, refusal=str(refusal))

    return answer


def _acting(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        act = FORMS.get(request.path_params["act"])
        if act is None or not _from_here(request):
            return drawn("missing.html", 404, refusal="Cette page n’a pas ce bouton.")
        try:
            user = _person(desk, request)
        except ActError as refusal:
            return drawn("missing.html", 404, refusal=str(refusal))
        async with request.form(max_files=MAX_FILES, max_part_size=MAX_PART) as form:
            desk.notices.pop(user.id, None)
            try:
                to = await act(desk, user, form)
            except (ActError, SlackError, KeyError) as refusal:
                to = ""
                desk.notices[user.id] = Notice(_sentence(refusal))
            return RedirectResponse(to or _back(form, user), 303)

    return answer


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, SlackError):
        return f"Slack refuse : {refusal.code}."
    return str(refusal) if isinstance(refusal, ActError) else "Le formulaire est incomplet."


def _back(form: FormData, user: User) -> str:
    here = str(form.get("here") or "")
    return here if here.startswith(f"/page/{user.id}/") else f"/page/{user.id}"


def _from_here(request: Request) -> bool:
    """Whether the form was on a page of ours, not on a page of another site."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _suggesting(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form = await request.form()
        try:
            user = _person(desk, request)
            data = {"action_id": str(form.get("action_id") or ""), "value": str(form.get("value") or "")}
            found = await suggest_options(desk.service, user, data)
        except ActError as refusal:
            return JSONResponse({"options": [], "error": str(refusal)})
        return JSONResponse({"options": found["options"], "error": found["error"]})

    return answer


def _file(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            file = _seen_file(desk, _person(desk, request), request.path_params["file_id"])
        except ActError as refusal:
            return drawn("missing.html", 404, refusal=str(refusal))
        shown = file.mimetype in SHOWABLE and request.query_params.get("download") != "1"
        way = "inline" if shown else "attachment"
        headers = {
            "content-disposition": f"{way}; filename*=UTF-8''{quote(file.name)}",
            "x-content-type-options": "nosniff",
        }
        return Response(file.content, media_type=file.mimetype, headers=headers)

    return answer


def _seen_file(desk: Desk, user: User, file_id: str) -> SlackFile:
    file = desk.service.workspace.files.get(file_id)
    if file is None or file.content is None or not desk.service.workspace.file_is_seen(user.id, file):
        raise ActError("Ce fichier n’est pas visible d’ici.")
    return file
