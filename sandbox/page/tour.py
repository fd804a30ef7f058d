"""The tour: which story is under way, at which step, and whether it is playing itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sandbox.page.player import Player
from sandbox.page.stories import Step, Story, read_stories
from sandbox.slack.elements import ActError
from sandbox.slack.errors import SlackError
from sandbox.slack.model import User
from sandbox.slack.people_common import find_person
from sandbox.stripe.errors import StripeError

if TYPE_CHECKING:
    from sandbox.page.desk import Desk

PAUSE_SECONDS = 2.0
NEWEST = "newest"
"""The place of a step that happens in the channel which its person joined last."""


class Tour:
    """The stories of one desk and how far they have come."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.stories: dict[str, Story] = {}
        self.story: Story | None = None
        self.at = 0
        self.done: set[str] = set()
        self.trouble = ""
        self.pause = PAUSE_SECONDS
        self.by_hand: set[tuple[str, str]] = set()
        """Who has pressed what since the step began: playing it then does only what is left."""
        self._player = Player(desk)
        self._play: asyncio.Task[None] | None = None

    @property
    def playing(self) -> bool:
        """Whether a step is playing itself."""
        return self._play is not None and not self._play.done()

    @property
    def step(self) -> Step | None:
        """The step that is to be done now; None after the last one."""
        if self.story is None or self.at >= len(self.story.steps):
            return None
        return self.story.steps[self.at]

    @property
    def missing(self) -> Story | None:
        """The story that must be played before the one under way."""
        needs = self.story.needs if self.story else ""
        return self.stories[needs] if needs and needs not in self.done else None

    def address(self, step: Step) -> str:
        """Where a step happens, on the page of the person who does it."""
        try:
            person = find_person(self.desk.service, step.person)
        except ActError:
            return "/page"
        place = step.place or self._direct(person)
        if place == NEWEST:
            own = [c for c in self.desk.service.workspace.channels_of(person.id) if not c.is_direct]
            place = own[-1].id if own else self._direct(person)
        return f"/page/{person.id}/{place}"

    def _direct(self, person: User) -> str:
        return self.desk.service.app.bot_user_id

    def choose(self, story_id: str) -> None:
        """Begin a story; raises ActError."""
        self.stop()
        if story_id not in self.stories:
            raise ActError("Cette histoire n’existe pas.")
        self._begin(self.stories[story_id])

    def leave(self) -> None:
        """Put the story away."""
        self.stop()
        self._begin(None)

    def _begin(self, story: Story | None, at: int = 0) -> None:
        self.story, self.at, self.trouble = story, at, ""
        self.by_hand.clear()

    def advance(self) -> None:
        """The step has been done."""
        self._begin(self.story, self.at + 1)
        if self.story is not None and self.step is None:
            self.done.add(self.story.id)
        self.desk.changes.note()

    def play(self, *, whole: bool) -> None:
        """Let the step, or the ``whole`` rest of the story, play itself in the background."""
        if not self.playing:
            self._play = asyncio.create_task(self._played(whole=whole))

    def stop(self) -> None:
        """Stop playing."""
        if self._play is not None:
            self._play.cancel()
            self._play = None

    def reset(self) -> None:
        """The workspace starts again: nothing has been played."""
        self.leave()
        self.done.clear()

    async def _played(self, *, whole: bool) -> None:
        try:
            if whole and self.missing is not None and self.story is not None:
                for earlier in self.missing.steps:
                    await self._deeds(earlier)
                self.done.add(self.missing.id)
            while (step := self.step) is not None:
                await self._deeds(step)
                self.advance()
                if not whole or self.step is None:
                    return
                await asyncio.sleep(self.pause)
        except (ValueError, LookupError, SlackError, StripeError) as refusal:
            self.trouble = str(refusal)
        finally:
            self._play = None
            self.desk.changes.note()

    async def _deeds(self, step: Step) -> None:
        for deed in step.deeds:
            await self._player.play(deed)


async def act(desk: Desk, _: User, form: FormData) -> str:
    """Use the tour: choose a story, play, go on, leave."""
    wanted = str(form.get("tour") or "")
    if wanted == "choose":
        desk.tour.choose(str(form.get("story") or ""))
        return following(desk)
    if wanted in {"step", "whole"}:
        desk.tour.play(whole=wanted == "whole")
    elif wanted == "done":
        desk.tour.stop()
        desk.tour.advance()
    elif wanted == "stop":
        desk.tour.stop()
    elif wanted == "leave":
        desk.tour.leave()
        return ""
    else:
        raise ActError("La visite ne connaît pas ce bouton.")
    return following(desk)


def following(desk: Desk) -> str:
    """The address of a window that follows the tour, or "" when nothing is under way."""
    step = desk.tour.step
    return f"{desk.tour.address(step)}?tour=1" if step is not None else ""


def follow(desk: Desk, request: Request) -> Response | None:
    """Lead a window that follows the tour to where the present step happens."""
    step = desk.tour.step
    if request.query_params.get("tour") != "1" or step is None or desk.tour.address(step) == request.url.path:
        return None
    return RedirectResponse(following(desk), 303)


async def set_stories(desk: Desk, request: Request) -> Response:
    """``POST /control/page/stories``: {"stories": [{"id", "title", "intro", "needs"?, "steps"}]}."""
    try:
        body = await request.json()
        desk.tour.stories = read_stories(body["stories"])
    except (ValueError, TypeError, KeyError) as error:
        return JSONResponse({"error": str(error)}, 400)
    desk.tour.reset()
    return JSONResponse({"stories": list(desk.tour.stories)})
