"""The demonstration's stories in a real browser, with the real bot, which play themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.demo.stage import Stage
from bot.demo.stories import read_stories
from tests.browser.browsing import Faults, faults_of, picture
from tests.sandbox.page.window import CLAIRE

STORY_MILLISECONDS = 300_000
NADIA = "U0TUTRICE1"


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A window on the demonstration, which must stay without fault."""
    faults = Faults(stage.sandbox)
    context = browser.new_context(base_url=stage.sandbox, viewport={"width": 1280, "height": 800}, locale="fr-FR")
    opened = faults.watch(context.new_page())
    yield opened
    context.close()
    assert faults.seen == []


def begin(page: Page, title: str) -> None:
    page.goto(f"/page/{CLAIRE}/tour")
    page.get_by_role("button", name=f"Commencer : {title}").click()
    expect(page.locator("form.tour").first).to_contain_text(title)


def test_the_six_stories_play_themselves_to_their_end(page: Page, stage: Stage) -> None:
    for story in read_stories():
        begin(page, story["title"])
        page.locator("form.tour").get_by_role("button", name="Tout jouer").first.click()
        bar = page.locator("form.tour").last
        expect(bar).to_contain_text(re.compile("terminée|s’arrête ici"), timeout=STORY_MILLISECONDS)
        expect(bar).to_contain_text("terminée")
        assert faults_of(page) == [], story["title"]
    page.get_by_role("button", name="Quitter la visite").click()
    expect(page.locator("form.tour")).to_have_count(0)
    show(page)
    refused = stage.api.record(service="slack")
    assert [line for line in refused if line["answer"].get("ok") is False] == []


def show(page: Page) -> None:
    """Walk through what the stories have left, and take the pictures of the README."""
    page.goto(f"/page/{CLAIRE}")
    page.get_by_role("link", name=re.compile("bilan-001")).click()
    expect(page.locator("main h1")).to_contain_text("bilan-001")
    picture(page, "groupe")
    page.goto(f"/page/{NADIA}/e-tutorat")
    page.locator("a.replies").last.click()
    expect(page.locator("#thread-log")).to_contain_text("veille du tournant")
    picture(page, "fil")
    page.goto(f"/page/{CLAIRE}/wire?show=envelope")
    page.locator(".wire summary").nth(1).click()
    expect(page.locator(".wire details[open] pre").first).to_be_visible()
    picture(page, "echanges")
