"""What a call may carry: types, required parameters, limits; anything else is refused as Stripe refuses it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.stripe.errors import invalid, missing

MAX_METADATA_KEYS = 50
MAX_METADATA_KEY = 40
MAX_METADATA_VALUE = 500
_CURRENCY = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter; ``unset`` tells whether an empty value clears it."""

    required: bool = False
    unset: bool = False

    def parse(self, value: Any, param: str) -> Any:
        """The typed value; raises StripeError."""
        if value == "":
            if self.unset:
                return None
            raise _empty(param)
        if isinstance(value, dict):
            raise invalid("Invalid string: a hash was given", param)
        return self.read(str(value), param)

    def read(self, text: str, param: str) -> Any:
        """The typed value of a text that is not empty."""
        raise invalid(f"Invalid value: {text}", param)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A text of limited length, of one shape, or one of a few."""

    max_length: int = 5000
    choices: Collection[str] = ()
    pattern: str | None = None

    def read(self, text: str, param: str) -> str:
        """The text."""
        if self.choices and text not in self.choices:
            raise invalid(f"Invalid {param}: must be one of {_alternatives(self.choices)}", param)
        if len(text) > self.max_length:
            raise invalid(f"Invalid string: must be at most {self.max_length} characters", param)
        if self.pattern is not None and re.fullmatch(self.pattern, text) is None:
            raise invalid(f"Invalid {param}: {text}", param)
        return text


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    """An e-mail address."""

    max_length: int = 512

    def read(self, text: str, param: str) -> str:
        """The address."""
        if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text) is None:
            raise invalid(f"Invalid email address: {text}", param, "email_invalid")
        return super().read(text, param)


@dataclass(frozen=True, kw_only=True)
class Url(Text):
    """An absolute http(s) address."""

    def read(self, text: str, param: str) -> str:
        """The address."""
        if re.match(r"https?://[^\s/]+", text) is None:
            raise invalid("Not a valid URL", param, "url_invalid")
        return super().read(text, param)


@dataclass(frozen=True, kw_only=True)
class Currency(Field):
    """A three-letter currency, in lower case."""

    def read(self, text: str, param: str) -> str:
        """The currency."""
        if _CURRENCY.fullmatch(text) is None:
            raise invalid(f"Invalid currency: {text}", param)
        return text.lower()


@dataclass(frozen=True, kw_only=True)
class Integer(Field):
    """A whole number."""

    minimum: int = 0
    maximum: int = 99_999_999_999

    def read(self, text: str, param: str) -> int:
        """The number."""
        if re.fullmatch(r"-?\d+", text) is None:
            raise invalid(f"Invalid integer: {text}", param, "parameter_invalid_integer")
        number = int(text)
        if number < self.minimum:
            message = f"This value must be greater than or equal to {self.minimum}."
            raise invalid(message, param, "parameter_invalid_integer")
        if number > self.maximum:
            message = f"This value must be less than or equal to {self.maximum}."
            raise invalid(message, param, "parameter_invalid_integer")
        return number


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """``true`` or ``false``."""

    def read(self, text: str, param: str) -> bool:
        """The truth value."""
        if text not in {"true", "false"}:
            raise invalid(f"Invalid boolean: {text}", param)
        return text == "true"


@dataclass(frozen=True, kw_only=True)
class Percent(Field):
    """A percentage above 0, at most 100."""

    def read(self, text: str, param: str) -> Decimal:
        """The exact percentage."""
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise invalid(f"Invalid decimal: {text}", param) from error
        if not 0 < number <= 100:
            raise invalid(f"Invalid {param}: must be above 0 and at most 100", param)
        return number


@dataclass(frozen=True, kw_only=True)
class Metadata(Field):
    """Free keys and texts: at most 50, keys up to 40 characters, values up to 500; an empty value removes."""

    def parse(self, value: Any, param: str) -> dict[str, str]:
        """Keys and texts as they came."""
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise invalid("Invalid hash", param)
        if len(value) > MAX_METADATA_KEYS:
            raise invalid(f"Metadata can have at most {MAX_METADATA_KEYS} keys", param)
        for key, text in value.items():
            _check_metadata(key, text, param)
        return dict(value)


@dataclass(frozen=True, kw_only=True)
class Hash(Field):
    """Named parameters; every other name is refused."""

    fields: Mapping[str, Field] = field(default_factory=dict)

    def parse(self, value: Any, param: str) -> Any:
        """The typed parameters that were sent."""
        if value == "" and self.unset:
            return None
        if not isinstance(value, dict):
            raise _empty(param) if value == "" else invalid("Invalid hash", param)
        unknown = [_join(param, name) for name in value if name not in self.fields]
        if unknown:
            plural = "s" if len(unknown) > 1 else ""
            message = f"Received unknown parameter{plural}: {', '.join(unknown)}"
            raise invalid(message, unknown[0], "parameter_unknown")
        for name, known in self.fields.items():
            if known.required and name not in value:
                raise missing(_join(param, name))
        return {name: self.fields[name].parse(entry, _join(param, name)) for name, entry in value.items()}


@dataclass(frozen=True, kw_only=True)
class ListOf(Field):
    """Numbered parameters of one type."""

    item: Field = field(default_factory=Text)
    max_length: int = 100

    def parse(self, value: Any, param: str) -> list[Any]:
        """The items in the order of their numbers."""
        if value == "":
            return []
        if not isinstance(value, dict) or not all(number.isdigit() for number in value):
            raise invalid("Invalid array", param)
        if len(value) > self.max_length:
            raise invalid(f"Array cannot have more than {self.max_length} items", param)
        numbers = sorted(value, key=int)
        return [self.item.parse(value[number], f"{param}[{number}]") for number in numbers]


@dataclass(frozen=True, kw_only=True)
class Range(Field):
    """An instant in epoch seconds, or bounds for it: ``created[gte]=…``."""

    def parse(self, value: Any, param: str) -> dict[str, int]:
        """The bounds by name (gt, gte, lt, lte)."""
        number = Integer()
        if not isinstance(value, dict):
            instant = number.parse(value, param)
            return {"gte": instant, "lte": instant}
        bounds = Hash(fields=dict.fromkeys(("gt", "gte", "lt", "lte"), number))
        return dict(bounds.parse(value, param))


def merge_metadata(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Metadata after an update: an empty text removes its key."""
    return {key: text for key, text in {**old, **new}.items() if text != ""}


def _check_metadata(key: str, text: Any, param: str) -> None:
    if not isinstance(text, str):
        raise invalid("Invalid string: metadata holds texts only", f"{param}[{key}]")
    if len(key) > MAX_METADATA_KEY:
        raise invalid(f"Metadata keys can have up to {MAX_METADATA_KEY} characters", f"{param}[{key}]")
    if len(text) > MAX_METADATA_VALUE:
        raise invalid(f"Metadata values can have up to {MAX_METADATA_VALUE} characters", f"{param}[{key}]")


def _empty(param: str) -> Exception:
    message = (
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter;"
        f" however '{param}' cannot be unset."
    )
    return invalid(message, param, "parameter_invalid_empty")


def _join(parent: str, name: str) -> str:
    return f"{parent}[{name}]" if parent else name


def _alternatives(choices: Collection[str]) -> str:
    *most, last = sorted(choices)
    return f"{', '.join(most)} or {last}" if most else last
