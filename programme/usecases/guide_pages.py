"""The layout of a guide: pages of mrkdwn, gathered into as few posts as Slack accepts.

The use case needs the number of posts to write one row each; the drawing needs their pages. Both ask here.
The page of the tutor is never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.content import Content
from programme.content.french import NO_BREAK_SPACE, clock, length
from programme.content.guides import AGENDA_TITLE, AgendaStep, Guide, Guides, IndividualWork
from programme.content.texts import pages, to_mrkdwn

# Slack tells no limit for a whole message but this one, for its longest kind of block.
POST_CHARACTERS = 12_000
# Of Slack's 50 blocks a message, some are the opening's and the closing's.
POST_PAGES = 40
PAGE_CHARACTERS = 2_900
# Room kept in the first post for the title, the date and the names beside the roles.
OPENING_CHARACTERS = 1_000
AGENDA_LENGTHS = (90, 120, 150)
BULLET = "• "


@dataclass(frozen=True)
class Page:
    """One block of a guide; ``title`` is empty when it continues the page before."""

    title: str
    text: str

    @property
    def characters(self) -> int:
        """Characters that the page adds to its post."""
        return len(self.title) + len(self.text)


def guide_posts(
    content: Content, number: int, *, minutes: int, people: int, start: time, edition: str = ""
) -> tuple[tuple[Page, ...], ...]:
    """Return the posts of a session's guide, each a sequence of pages, for a group of that length and size.

    ``start`` is the local hour at which the agenda begins, ``edition`` the version of the guides that the group keeps.
    No sentence is broken unless it is longer than a page.
    """
    guides = content.edition(edition)
    guide = guides.number(number)
    roles = guide.roles.model_dump().values()
    room = POST_CHARACTERS - OPENING_CHARACTERS - len(guide.aim) - sum(len(role) for role in roles)
    posts: list[list[Page]] = [[]]
    for title, text in _parts(content, guides, guide, minutes, people, start):
        for index, page in enumerate(pages(text, PAGE_CHARACTERS)):
            drawn = Page("" if index else title, page)
            if posts[-1] and (drawn.characters > room or len(posts[-1]) == POST_PAGES):
                posts.append([])
                room = POST_CHARACTERS
            posts[-1].append(drawn)
            room -= drawn.characters
    return tuple(tuple(post) for post in posts)


def _parts(
    content: Content, guides: Guides, guide: Guide, minutes: int, people: int, start: time
) -> Iterator[tuple[str, str]]:
    sections = {section.key: (section.title, to_mrkdwn(section.text)) for section in guide.sections}
    steps = agenda_of(guide, minutes, people)
    yield sections["pourquoi"]
    yield sections["avant"]
    yield "À apporter", _to_bring(guides, guide)
    yield f"{AGENDA_TITLE} ({length(sum(step.minutes for step in steps))})", "\n".join(_agenda(steps, start))
    for key in ("consignes", "si_ca_coince", "pour_finir", "prochaine"):
        yield sections[key]
    total = length(guide.work_minutes)
    yield f"Travail individuel d’ici la prochaine séance ({total})", _bulleted(_work(guide.individual_work))
    yield "Documents à produire", _bulleted(_documents(content, guide))


def agenda_of(guide: Guide, minutes: int, people: int) -> tuple[AgendaStep, ...]:
    """The steps of a session of that length for so many people."""
    return guide.agenda_for(_nearest(minutes), 3 if people <= 3 else people)


def _nearest(minutes: int) -> int:
    """The length for which an agenda is written that is nearest to the group's."""
    return min(AGENDA_LENGTHS, key=lambda written: abs(written - minutes))


def _to_bring(guides: Guides, guide: Guide) -> str:
    work = [to_mrkdwn(work.text) for work in guides.to_bring(guide.number)]
    return _bulleted([*work, *(to_mrkdwn(item) for item in guide.material)])


def _agenda(steps: Iterable[AgendaStep], start: time) -> Iterator[str]:
    moment = datetime.combine(date.min, start)
    for step in steps:
        minutes = f"{step.minutes}{NO_BREAK_SPACE}min"
        yield f"{BULLET}*{clock(moment.time())}* ({minutes}) *{to_mrkdwn(step.title)}*\n    {to_mrkdwn(step.detail)}"
        moment += timedelta(minutes=step.minutes)


def _work(works: Iterable[IndividualWork]) -> list[str]:
    return [f"{to_mrkdwn(work.text)} ({length(work.minutes)})" for work in works]


def _documents(content: Content, guide: Guide) -> list[str]:
    titles = [f"Fiche {key}, {to_mrkdwn(content.worksheets.key(key).title)}" for key in guide.documents]
    return [f"{title} – à remplir et à remettre avec `/bilan-document`" for title in titles]


def _bulleted(lines: Iterable[str]) -> str:
    return "\n".join(f"{BULLET}{line}" for line in lines)
