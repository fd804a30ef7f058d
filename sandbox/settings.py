"""What the sandbox is started with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Settings:
    """Addresses, seed files and keys. A port of 0 lets the machine choose a free one."""

    host: str = "127.0.0.1"
    port: int = 8700
    smtp_port: int = 8725
    workspace: Path = DATA / "workspace.yml"
    manifest: Path = DATA / "app_manifest.yml"
    start: datetime | None = None
    stripe_key: str = "sk_test_sandbox"
    stripe_webhook_url: str | None = None
    stripe_webhook_secret: str = "whsec_sandbox"  # noqa: S105 - a test secret, the same for everybody
    record: Path | None = None
    faults_seed: int = 1
