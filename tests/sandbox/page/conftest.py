"""The page over HTTP; an app that a test plays by hand answers what is pressed."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sandbox.background import RunningSandbox, running_sandbox
from sandbox.settings import Settings
from tests.sandbox.page.window import START, App, Window


@pytest.fixture(scope="session")
def _running() -> Iterator[RunningSandbox]:
    with running_sandbox(Settings(port=0, smtp_port=0, start=START)) as running:
        yield running


@pytest.fixture
def window(_running: RunningSandbox) -> Iterator[Window]:
    """The default workspace as seen in a browser, fresh for each test."""
    app = App()
    _running.sandbox.desk.patience = 0.02
    _running.sandbox.delivery.socket.send = app.send  # type: ignore[method-assign]
    with httpx.Client(base_url=_running.base_url, timeout=30, trust_env=False, follow_redirects=True) as client:
        assert client.post("/control/reset").status_code == 200
        assert client.post("/control/clock/freeze").status_code == 200
        yield Window(client, _running, app)
