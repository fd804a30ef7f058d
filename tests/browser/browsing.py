"""A real Chromium in front of the page, and what no page may ever do: log an error, ask elsewhere, fail axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS = "BILAN_SCREENSHOTS"
"""The folder in which tests leave their pictures, if the environment names one."""


def browser_path(own: str) -> str:
    """Where Chromium is, or Playwright's ``own``; fails with what to do when there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), own)
    if not Path(found).exists():
        pytest.fail("there is no Chromium on this machine: run make test-browser")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, for as long as the block lasts."""
    with sync_playwright() as playwright:
        path = browser_path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Faults:
    """What went wrong in a window without anybody seeing it."""

    base_url: str
    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Note the errors of this window."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("request", self._request)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.seen.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.seen.append(f"asked elsewhere: {request.url}")


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong for people who do not see or do not use a mouse, from serious on."""
    found: Any = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    """Leave a picture of the window, where the environment asks for pictures."""
    folder = os.environ.get(SCREENSHOTS)
    if folder:
        page.wait_for_timeout(300)  # fonts and focus rings come to rest
        page.screenshot(path=Path(folder) / f"{name}.png")
