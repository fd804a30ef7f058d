"""Everything that use cases and gateways raise on purpose.

ProgrammeError
├── Refusal                a person asked for something that cannot be done; nothing has changed
│   ├── NotAllowed         the caller's role does not give the right
│   ├── NotFound           the thing does not exist, or not for this caller
│   └── InvalidForm        fields of a form are wrong; one sentence key per field
├── AlreadyHandled         the same event or effect has been handled before; nothing to do
└── DeliveryError          an effect could not be carried out in the outside world
    ├── Retryable          may work later (timeout, 429, 5xx)
    └── Permanent          will never work as it stands (channel deleted, user gone, refused payload)
        └── Unreadable     a file that a person sent and that never can be read; the key of the sentence why

A refusal carries the key of a French sentence of ``content/messages.toml``; the sentence says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping


class ProgrammeError(Exception):
    """Root of the errors raised on purpose."""


class Refusal(ProgrammeError):
    """The request is refused and nothing has changed; ``key`` names the French sentence, ``details`` fill it."""

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(key)
        self.key = key
        self.details = details


class NotAllowed(Refusal):
    """The caller's role or ownership does not give the right."""

    def __init__(self, key: str = "not_allowed", **details: object) -> None:
        super().__init__(key, **details)


class NotFound(Refusal):
    """The thing asked for does not exist, or this caller may not know that it does."""

    def __init__(self, key: str = "not_found", **details: object) -> None:
        super().__init__(key, **details)


class InvalidForm(Refusal):
    """Fields of a form are wrong: ``fields`` maps a field name to the key of its French sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("invalid_form")
        self.fields = dict(fields)


class AlreadyHandled(ProgrammeError):
    """The event was handled before: whoever repeats it gets the same end state, and no second effect."""


class DeliveryError(ProgrammeError):
    """An effect did not reach the outside world."""


class Retryable(DeliveryError):
    """May succeed later; ``after`` seconds at the earliest (0 = the usual back-off).

    ``uncertain`` says that the outside may have carried it out: look before doing it again.
    """

    def __init__(self, reason: str, *, after: float = 0, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.uncertain = uncertain


class Permanent(DeliveryError):
    """Will not succeed as it stands; a human is told."""


class Unreadable(Permanent):
    """A file that a person sent can never be read; ``key`` names the sentence that tells them why."""

    def __init__(self, key: str, reason: str = "") -> None:
        super().__init__(f"{key} {reason}".strip())
        self.key = key
