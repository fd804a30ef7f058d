"""Settings: read from the environment, told in French when wrong, exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1-2", "SLACK_APP_TOKEN": "xapp-1-2"}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours, and no .env in the working folder."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "STRIPE_", "SMTP_", "DATA", "PUBLIC_", "PORT", "CONTENT_", "LOG_", "CLOCK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in {**GOOD, **variables}.items():
        monkeypatch.setenv(name, value)


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch)
    settings = load_settings()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database == "sqlite:///data/bilan.sqlite3"
    assert settings.socket_mode


def test_an_address_gets_its_slash_and_an_empty_variable_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK_API_URL="http://127.0.0.1:8700/api", DATABASE_URL="", CONTENT_DIR="", PORT="")
    settings = load_settings()
    assert settings.slack_api_url == "http://127.0.0.1:8700/api/"
    assert settings.port == 3000
    assert settings.content_dir.name == "content"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "abc", "SLACK_BOT_TOKEN n’est pas valable"),
        ("STRIPE_SECRET_KEY", "pk_live", "sk_ ou rk_"),
        ("STRIPE_API_URL", "ftp://x", "http://"),
        ("SMTP_URL", "localhost", "smtp://"),
        ("PORT", "http", "nombre entier"),
        ("PORT", "70000", "trop grand"),
        ("LOG_LEVEL", "loud", ".env.example"),
    ],
)
def test_a_wrong_value_is_told_in_french(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    given(monkeypatch, **{name: value})
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert told in str(error.value)


def test_a_missing_token_is_named() -> None:
    with pytest.raises(SettingsError, match="La variable SLACK_BOT_TOKEN manque"):
        load_settings()


def test_some_way_for_slack_to_reach_us_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2")
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        load_settings()
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    assert not load_settings().socket_mode


def test_the_program_ends_with_code_2_and_no_traceback(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "STRIPE_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "SLACK_BOT_TOKEN" in ended.stderr
    assert "Traceback" not in ended.stderr
