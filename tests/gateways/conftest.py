"""A sandbox's Stripe for the tests of a module, and the gateway on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.gateways.stripe import StripePayments
from programme.fakes import FakeClock
from sandbox.background import running_sandbox
from sandbox.settings import Settings

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def control() -> Iterator[httpx.Client]:
    """The control API of a running sandbox."""
    with (
        running_sandbox(Settings(port=0, smtp_port=0, start=START)) as box,
        httpx.Client(base_url=f"{box.base_url}/control", trust_env=False) as http,
    ):
        http.post("/clock/freeze")
        yield http


@pytest.fixture
def stripe(control: httpx.Client) -> StripePayments:
    """The gateway under test, on an empty account."""
    url = str(control.base_url).removesuffix("/control/")
    return StripePayments("sk_test_sandbox", f"{url}/stripe", "", FakeClock(START), retries=0)
