"""Stripe's form encoding: ``line_items[0][price]=…&metadata[order]=…`` as nested dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.errors import invalid

Form = dict[str, Any]

_NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def parse_form(text: str) -> Form:
    """The nested dictionaries of a query or body; list items are under their number as a text.

    Raises StripeError when one name is both a value and a container.
    """
    return nest(parse_qsl(text, keep_blank_values=True))


def nest(pairs: Iterable[tuple[str, str]]) -> Form:
    """The nested dictionaries of names and values; see ``parse_form``."""
    form: Form = {}
    for name, value in pairs:
        *parents, last = _path(name)
        place = form
        for part in parents:
            place = place.setdefault(_numbered(place, part), {})
            if not isinstance(place, dict):
                raise invalid("Invalid hash", name)
        last = _numbered(place, last)
        if isinstance(place.get(last), dict):
            raise invalid("Invalid string: this parameter was also sent as a hash", name)
        place[last] = value
    return form


def _path(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None:
        return [name]
    return [match["first"], *_PART.findall(match["rest"])]


def _numbered(place: Form, part: str) -> str:
    """``a[]`` appends: it takes the next number."""
    return part or str(len(place))
