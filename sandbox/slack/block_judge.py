"""The judge's tools: small checks that are put together into the shapes of blocks and elements.

A check is called with the judge, the value and the value's JSON pointer; it complains to the judge and never
raises. Complaints read like Slack's: "must be less than 76 characters [json-pointer:/blocks/0/text/text]".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Value = Any


@dataclass
class Judge:
    """Collects complaints while one message or view is examined."""

    surface: str
    messages: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    markdown_characters: int = 0
    tables: int = 0
    focused: int = 0

    def complain(self, sentence: str, pointer: str) -> None:
        """Add a complaint about the value at ``pointer``."""
        self.messages.append(f"{sentence} [json-pointer:{pointer}]")


Check = Callable[[Judge, Value, str], None]


def string(maximum: int, minimum: int = 1) -> Check:
    """A string of ``minimum`` to ``maximum`` characters."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        if not isinstance(value, str):
            judge.complain("must provide a string", pointer)
        elif len(value) < minimum:
            judge.complain(f"must be more than {minimum - 1} characters", pointer)
        elif len(value) > maximum:
            judge.complain(f"must be less than {maximum + 1} characters", pointer)

    return check


def matching(test: Callable[[str], bool], sentence: str) -> Check:
    """A string that passes the test."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        if not isinstance(value, str):
            judge.complain("must provide a string", pointer)
        elif not test(value):
            judge.complain(sentence, pointer)

    return check


def one_of(*allowed: str) -> Check:
    """One of some fixed strings."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        if value not in allowed:
            judge.complain(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def boolean(judge: Judge, value: Value, pointer: str) -> None:
    """A JSON boolean."""
    if not isinstance(value, bool):
        judge.complain("must provide a boolean", pointer)


def integer(minimum: int, maximum: int) -> Check:
    """A JSON integer between two bounds, both included."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            judge.complain("must provide an integer", pointer)
        elif not minimum <= value <= maximum:
            judge.complain(f"must be between {minimum} and {maximum}", pointer)

    return check


def number(judge: Judge, value: Value, pointer: str) -> None:
    """A JSON number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        judge.complain("must provide a number", pointer)


def array(item: Check, maximum: int, minimum: int = 1) -> Check:
    """A list of ``minimum`` to ``maximum`` items that each pass the check."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        if not isinstance(value, list):
            judge.complain("must provide an array", pointer)
            return
        if len(value) < minimum:
            judge.complain(f"no fewer than {minimum} items required", pointer)
        if len(value) > maximum:
            judge.complain(f"no more than {maximum} items allowed", pointer)
        for index, entry in enumerate(value):
            item(judge, entry, f"{pointer}/{index}")

    return check


def plain_text(maximum: int) -> Check:
    """A text object of type plain_text, 1 to ``maximum`` characters."""
    return _text(maximum, ("plain_text",))


def any_text(maximum: int) -> Check:
    """A text object of either type, 1 to ``maximum`` characters."""
    return _text(maximum, ("plain_text", "mrkdwn"))


def _text(maximum: int, types: tuple[str, ...]) -> Check:
    extras: dict[str, dict[str, Check]] = {"plain_text": {"emoji": boolean}, "mrkdwn": {"verbatim": boolean}}

    def check(judge: Judge, value: Value, pointer: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in types:
            judge.complain(f"must provide a text object of type {' or '.join(types)}", pointer)
            return
        Shape({"type": one_of(*types), "text": string(maximum)}, extras[kind])(judge, value, pointer)

    return check


@dataclass(frozen=True)
class Shape:
    """An object with required and optional fields and none other; ``rule`` judges what spans fields."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    rule: Check | None = None

    def __call__(self, judge: Judge, value: Value, pointer: str) -> None:
        """Examine one object."""
        if not isinstance(value, dict):
            judge.complain("must provide an object", pointer)
            return
        for name in self.required:
            if value.get(name) is None:
                judge.complain(f"missing required field: {name}", pointer)
        for name, content in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                judge.complain(f"invalid additional property: {name}", pointer)
            elif content is not None:
                check(judge, content, f"{pointer}/{name}")
        if self.rule is not None:
            self.rule(judge, value, pointer)


def typed(shapes: Mapping[str, Check], allowed: Collection[str], *, what: str = "type") -> Check:
    """An object judged by the shape of its ``type``, which must be among ``allowed``."""

    def check(judge: Judge, value: Value, pointer: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            judge.complain("missing required field: type", pointer)
        elif kind not in allowed or kind not in shapes:
            judge.complain(f"unsupported {what}: {kind}", f"{pointer}/type")
        else:
            shapes[kind](judge, value, pointer)

    return check


def anything(judge: Judge, value: Value, pointer: str) -> None:
    """No complaint at all."""
