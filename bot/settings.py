"""Settings from the environment and ``.env``; missing or wrong ones are told one French sentence each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlparse

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from programme.content.trader import CONTENT_ROOT


class SettingsError(Exception):
    """The settings cannot be used; each line of the text is one sentence for the operator."""


def _web_address(value: str) -> str:
    if value and urlparse(value).scheme not in {"http", "https"}:
        raise ValueError("doit être une adresse qui commence par http:// ou https://")
    return value


def _slack_api(value: str) -> str:
    return _web_address(value).rstrip("/") + "/"


def _mail_address(value: str) -> str:
    if value and urlparse(value).scheme not in {"smtp", "smtps", "smtp+starttls"}:
        raise ValueError("doit commencer par smtp://, smtps:// ou smtp+starttls://")
    return value


def _starting_with(*prefixes: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        value = secret.get_secret_value()
        if value and not value.startswith(prefixes):
            raise ValueError(f"doit commencer par {' ou '.join(prefixes)}")
        return secret

    return AfterValidator(check)


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """One field a variable; ``.env.example`` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    slack_bot_token: Annotated[SecretStr, _starting_with("xoxb-"), Field(min_length=6)]
    slack_app_token: Annotated[SecretStr, _starting_with("xapp-")] = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: Annotated[str, AfterValidator(_slack_api)] = "https://slack.com/api/"
    slack_admin_channel: str = ""
    slack_tutor_channel: str = ""
    stripe_secret_key: Annotated[SecretStr, _starting_with("sk_", "rk_")] = SecretStr("")
    stripe_webhook_secret: Annotated[SecretStr, _starting_with("whsec_")] = SecretStr("")
    stripe_api_url: WebAddress = ""
    smtp_url: Annotated[str, AfterValidator(_mail_address)] = ""
    database_url: str = ""
    data_dir: Path = Path("data")
    public_url: WebAddress = ""
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    content_dir: Path = CONTENT_ROOT
    refund_second_admin_cents: Annotated[int, Field(ge=0)] = 30_000
    payment_in_three: bool = True
    log_level: Annotated[str, Field(pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    clock_url: WebAddress = ""

    @property
    def contents(self) -> Path:
        """The folder of what people hand in."""
        return self.data_dir / "files"

    @property
    def database(self) -> str:
        """The database URL; by default a SQLite file under ``data_dir``."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bilan.sqlite3'}"

    @property
    def socket_mode(self) -> bool:
        """Socket Mode needs an app token; without one, Slack must be able to reach ``/slack/events``."""
        return bool(self.slack_app_token.get_secret_value())


_MISSING = "La variable {name} manque : renseignez-la dans l’environnement ou dans le fichier .env (voir .env.example)."
_WRONG = "La variable {name} n’est pas valable : {reason}."
_REASONS = {
    "string_pattern_mismatch": "la valeur ne fait pas partie de celles que .env.example énumère",
    "bool_parsing": "il faut true ou false",
    "int_parsing": "il faut un nombre entier",
    "greater_than_equal": "le nombre est trop petit",
    "less_than_equal": "le nombre est trop grand",
    "too_short": "la valeur est trop courte",
}


def load_settings() -> Settings:
    """Read the settings; SettingsError with one French sentence for each that is missing or wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error))) from error
    if not settings.socket_mode and not settings.slack_signing_secret.get_secret_value():
        raise SettingsError(
            "Il manque SLACK_APP_TOKEN (connexion Socket Mode) ou SLACK_SIGNING_SECRET (requêtes HTTP signées) : "
            "renseignez l’une des deux variables."
        )
    return settings


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    for fault in error.errors():
        name = str(fault["loc"][0]).upper()
        if fault["type"] == "missing":
            sentences.append(_MISSING.format(name=name))
        else:
            given = str(fault.get("ctx", {}).get("error", ""))
            reason = given or _REASONS.get(fault["type"], "la valeur ne convient pas")
            sentences.append(_WRONG.format(name=name, reason=reason))
    return sentences
