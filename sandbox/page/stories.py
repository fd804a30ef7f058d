"""Guided stories: what to press, step by step, and the deeds with which each step plays itself.

The stories come from outside (``POST /control/page/stories``): the sandbox knows nothing of what its app does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERBS = frozenset({"add", "command", "press", "complete", "close", "pay", "move", "until", "reply"})
SENT = "submit"
"""What is noted of somebody who has sent a form by hand."""


@dataclass(frozen=True)
class Deed:
    """One thing that each of ``people`` does: the verb, what it is done with, and what else it needs."""

    verb: str
    value: Any
    people: tuple[str, ...]
    more: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What a person is told to do, where, and how it plays itself. ``person`` is a reference, ``place`` an address."""

    text: str
    person: str
    place: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Story:
    """A short story of a few steps; ``needs`` names the one that must have been played before, or ""."""

    id: str
    title: str
    intro: str
    needs: str
    steps: tuple[Step, ...]


def read_stories(data: Any) -> dict[str, Story]:
    """Stories by id, in their order; raises ValueError with what is wrong."""
    if not isinstance(data, list):
        raise ValueError("stories is a list")  # noqa: TRY004 - the caller answers 400 to a ValueError
    stories = {story.id: story for story in map(_story, data)}
    for story in stories.values():
        if story.needs and story.needs not in stories:
            raise ValueError(f"the story {story.id} needs {story.needs}, which is not there")
    return stories


def _story(data: Any) -> Story:
    try:
        steps = tuple(_step(step) for step in data["steps"])
        return Story(data["id"], data["title"], data["intro"], data.get("needs", ""), steps)
    except (KeyError, TypeError) as error:
        raise ValueError(f"this story cannot be read: {error!r}") from error


def _step(data: Mapping[str, Any]) -> Step:
    person = str(data["as"])
    deeds = tuple(_deed(deed, person) for deed in data.get("play", []))
    return Step(str(data["say"]), person, str(data.get("at", "")), deeds)


def _deed(data: Mapping[str, Any], person: str) -> Deed:
    more = dict(data)
    people = more.pop("as", person)
    verbs = VERBS.intersection(more)
    if len(verbs) != 1:
        raise ValueError(f"one verb of {', '.join(sorted(VERBS))} is needed in {dict(data)}")
    (verb,) = verbs
    return Deed(verb, more.pop(verb), tuple(people) if isinstance(people, list) else (str(people),), more)
