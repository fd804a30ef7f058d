"""The house looks after itself: names that must agree, things that must be used, sizes that must hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.settings import Settings
from handlers import ids
from handlers.views.messages import _DRAWERS
from programme.journal import Action
from programme.messages import Message
from programme.model.agenda import DeadlineKind
from programme.usecases.agenda import HANDLERS

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "programme", "sandbox", "scheduling", "store")
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts]
MANIFEST = yaml.safe_load((ROOT / "app_manifest.yml").read_text(encoding="utf-8"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if "sandbox" not in path.parts)


def test_the_manifest_names_the_commands_in_use() -> None:
    named = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert named == {command.value for command in ids.Command}


def test_the_manifest_names_the_events_in_use() -> None:
    subscribed = {event.partition(".")[0] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert subscribed == {event.value for event in ids.Event}


def test_the_manifest_names_the_shortcuts_in_use() -> None:
    named = {shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]}
    assert named == {shortcut.value for shortcut in ids.Shortcut}


@pytest.mark.parametrize("family", [ids.Command, ids.Event, ids.Action, ids.Shortcut, ids.Callback])
def test_every_id_is_listened_to(family: type) -> None:
    listeners = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "handlers").glob("*.py"))
    unused = [member.name for member in family if f"{family.__name__}.{member.name})" not in listeners]
    assert unused == []


def test_every_message_is_drawn() -> None:
    union = get_args(get_args(Message)[0])
    assert {model.model_fields["kind"].default for model in union} == set(_DRAWERS)


def test_every_deadline_has_its_handler() -> None:
    assert set(HANDLERS) == set(DeadlineKind)


def test_every_action_is_journalled() -> None:
    assert [action.name for action in Action if f"Action.{action.name}" not in CODE] == []


def test_every_setting_is_explained() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_sentence_is_said() -> None:
    sentences = tomllib.loads((ROOT / "programme/content/messages.toml").read_text(encoding="utf-8"))
    families = ("enrolment_",)  # composed with a step's name
    unsaid = [key for key in sentences if f'"{key}"' not in CODE and not key.startswith(families)]
    fields = {"first_name_missing", "last_name_missing", "address_missing", "invalid_form", "not_allowed", "not_found"}
    assert sorted(set(unsaid) - fields) == []


def test_nobody_is_written_to_but_from_one_place() -> None:
    """Quiet hours, one post a day and wishes hold only if every direct message passes there."""
    written = re.compile(r"""f?["']user:""")
    rooms = [path for room in ("programme", "handlers", "scheduling", "bot") for path in (ROOT / room).rglob("*.py")]
    found = {path.name for path in rooms if written.search(path.read_text(encoding="utf-8"))}
    assert found == {"pings.py"}


def test_the_documents_name_files_that_exist() -> None:
    named = re.compile(r"`((?:bot|docs|handlers|programme|sandbox|scheduling|store|tests|tools)/[\w./-]+\.\w+)`")
    missing = {
        f"{page.name}: {path}"
        for page in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"))
        for path in named.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / path).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, node.name
