"""Chromium, a sandbox with an app that the test plays by hand, and windows that must stay without fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.demo.player import BEGINNING
from bot.demo.stage import Stage
from sandbox.background import RunningSandbox, running_sandbox
from sandbox.settings import Settings
from tests.browser.browsing import Faults, launched
from tests.sandbox.page.window import CLAIRE, GENERAL, START, App, Window

Open = Callable[..., Page]
MILLISECONDS = 60_000
expect.set_options(timeout=MILLISECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: Playwright keeps an event loop running, which the tests after it must not meet."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demonstration with the real bot, on a Monday morning before anybody has enrolled."""
    built = Stage(tmp_path_factory.mktemp("stage"))
    try:
        built.start(BEGINNING)
        built.api.let_time_pass()
        yield built
    finally:
        built.stop()


@pytest.fixture(scope="session")
def _running() -> Iterator[RunningSandbox]:
    with running_sandbox(Settings(port=0, smtp_port=0, start=START)) as running:
        yield running


@pytest.fixture
def window(_running: RunningSandbox) -> Iterator[Window]:
    """The default workspace, fresh for each test, and the hands of the app."""
    app = App()
    _running.sandbox.delivery.socket.send = app.send  # type: ignore[method-assign]
    with httpx.Client(base_url=_running.base_url, timeout=30, trust_env=False, follow_redirects=True) as client:
        assert client.post("/control/reset").status_code == 200
        assert client.post("/control/clock/freeze").status_code == 200
        yield Window(client, _running, app)


@pytest.fixture
def open_page(browser: Browser, window: Window) -> Iterator[Open]:
    """Opens a page in a window of its own; at the end, none of them may have logged an error or asked elsewhere."""
    faults, contexts = Faults(window.running.base_url), []

    def opened(
        path: str = f"/page/{CLAIRE}/{GENERAL}", width: int = 1280, height: int = 800, **options: object
    ) -> Page:
        context = browser.new_context(
            base_url=window.running.base_url, viewport={"width": width, "height": height}, locale="fr-FR", **options
        )
        contexts.append(context)
        page = faults.watch(context.new_page())
        page.set_default_timeout(MILLISECONDS)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults.seen == []
