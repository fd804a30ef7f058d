"""Switches for what can go wrong: lost answers, slow answers, refusals, repeated and disordered events.

The parts ask ``Faults.take`` at every call or delivery and act on what they get:

- ``slack``, ``stripe`` (calls received): ``delay``, ``5xx``, ``429``, ``disconnect`` (the connection ends
  before anything is done), ``drop`` (the call is done but its answer is lost);
- ``smtp``: ``5xx`` (550, refused for good), ``429`` (451, try later), ``delay``, ``disconnect``, ``drop``
  (accepted, never delivered);
- ``events``, ``webhooks`` (deliveries to the app): ``drop`` (not delivered this time), ``delay``,
  ``repeat`` (delivered twice), ``disorder`` (delivered after the next one), ``disconnect`` (Socket Mode).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Any

SERVICES = ("slack", "stripe", "smtp", "events", "webhooks")
KINDS = ("drop", "delay", "5xx", "429", "disconnect", "repeat", "disorder")
MAX_SECONDS = 86_400.0


@dataclass
class Fault:
    """One switch. It hits ``times`` more calls (None: no end), each with a ``probability``.

    ``method`` may be a pattern (``chat.*``; for Stripe ``POST /v1/refunds``; for events the event's type);
    None means every method. ``seconds`` is the length of a delay or the Retry-After.
    """

    service: str
    kind: str
    method: str | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float | None = None

    def matches(self, service: str, method: str) -> bool:
        """Whether it is about this call."""
        return self.service == service and (self.method is None or fnmatchcase(method, self.method))


class Faults:
    """All switches that are on; chance is seeded, so that a run can be repeated."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._random = Random(seed)  # noqa: S311 - chance for tests, not for secrets
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        self._active.append(fault)

    def take(self, service: str, method: str) -> list[Fault]:
        """The faults that hit this call; each counts down its ``times``."""
        hit = [
            fault
            for fault in self._active
            if fault.matches(service, method) and self._random.random() < fault.probability
        ]
        for fault in hit:
            if fault.times is not None:
                fault.times -= 1
        self._active = [fault for fault in self._active if fault.times != 0]
        return hit

    def clear(self) -> None:
        """Switch everything off and start the chance again."""
        self._active.clear()
        self._random.seed(self._seed)

    def answer(self) -> list[dict[str, Any]]:
        """The switches that are on, for the control routes."""
        return [asdict(fault) for fault in self._active]


def parse_fault(data: Mapping[str, Any]) -> Fault:
    """A fault as the control route receives it; raises ValueError with a sentence."""
    unknown = sorted(set(data) - {"service", "kind", "method", "times", "probability", "seconds"})
    _demand(not unknown, f"unknown fields: {', '.join(unknown)}")
    _demand(data.get("service") in SERVICES, f"service must be one of {', '.join(SERVICES)}")
    _demand(data.get("kind") in KINDS, f"kind must be one of {', '.join(KINDS)}")
    method = data.get("method")
    _demand(method is None or isinstance(method, str), "method must be a text")
    times, probability, seconds = data.get("times"), data.get("probability"), data.get("seconds")
    _demand(times is None or (isinstance(times, int) and times > 0), "times must be a positive whole number")
    _demand(_between(probability, 1.0), "probability must be between 0 and 1")
    _demand(_between(seconds, MAX_SECONDS), f"seconds must be between 0 and {MAX_SECONDS:g}")
    if times is None and probability is None:
        times = 1
    chance = 1.0 if probability is None else float(probability)
    return Fault(data["service"], data["kind"], method, times, chance, seconds)


def _between(value: object, largest: float) -> bool:
    return value is None or (isinstance(value, int | float) and 0 <= value <= largest)


def _demand(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)
