"""Placeholders of the texts: ``{{ trader.name }}`` is replaced by the value of that name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from programme.content.checks import ContentError, ContentProblem

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")


def flatten(prefix: str, value: Any) -> dict[str, str]:
    """Nested mappings as dotted names: ``{"mediator": {"name": "x"}}`` gives ``trader.mediator.name``."""
    if not isinstance(value, Mapping):
        return {prefix: str(value)}
    return {name: text for key, item in value.items() for name, text in flatten(f"{prefix}.{key}", item).items()}


def fill(file: str, text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; ContentError names every one that is unknown or badly written."""
    names = set(_PLACEHOLDER.findall(text))
    faults = [f"champ inconnu {{{{ {name} }}}}" for name in sorted(names - set(values))]
    if "{{" in _PLACEHOLDER.sub("", text):
        faults.append("accolades « {{ » qui n’ouvrent pas un champ")
    if faults:
        raise ContentError(ContentProblem(file, fault) for fault in faults)
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)
