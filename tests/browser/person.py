"""Somebody at the page: what they read is on the screen, what they press is a control, what they type are keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SCREENS = 20
"""Screens of a form after which it is taken for endless."""
MOVES = 100
"""Presses of « Suite » after which what is awaited is taken for never coming."""
CARD = "4242424242424242"
WORDS = "J’ai conduit ce projet avec deux collègues, du premier devis à la remise des clés, et j’y ai pris goût. "


@dataclass
class Person:
    """A window, and whoever sits before it."""

    page: Page

    def become(self, name: str) -> None:
        """Put on another hat."""
        if self.page.url.endswith("about:blank"):
            self.page.goto("/page")
            self.page.get_by_role("link", name=re.compile(name)).click()
        else:
            self.page.locator("#hat-button").click()
            self.page.locator("#hats").get_by_role("link", name=re.compile(f"{name}(?!.*fenêtre)")).click()
        expect(self.page.locator("#hat-button")).to_contain_text(name)

    def go(self, place: str) -> None:
        """Open a conversation or a tool by its link."""
        self.rest()
        self.page.get_by_role("link", name=re.compile(place)).first.click()
        expect(self.page).to_have_title(re.compile(place))

    def type(self, text: str, log: str = "main") -> None:
        """Write into a conversation, or into the thread that is open (``log`` is then "thread")."""
        self.page.locator(f"#text-{log}").fill(text)
        self.page.keyboard.press("Enter")
        self.rest()

    def press(self, label: str, log: str = "log") -> None:
        """Press the newest button with this label, and confirm where a confirmation is asked."""
        self.rest()
        self.page.locator(f"#{log}").get_by_role("button", name=label).last.click()
        self.rest()
        sure = self.page.locator("#confirm-yes")
        if sure.count():
            sure.click()
            self.rest()

    def wait_for(self, label: str) -> None:
        """Move the clock from one thing to the next until there is such a button."""
        self._let_time_pass(self.page.locator("#log").get_by_role("button", name=label))

    def wait_to_read(self, words: str) -> None:
        """Move the clock from one thing to the next until these words are in the conversation."""
        self._let_time_pass(self.page.locator("#log").get_by_text(words))

    def _let_time_pass(self, wanted: Locator) -> None:
        for _ in range(MOVES):
            self.rest()
            if wanted.count():
                return
            self.page.locator("#move-next").click()
        raise AssertionError(f"{wanted} never came")

    def reads(self, sentence: str) -> None:
        """See these words in the conversation, now or as soon as they arrive."""
        expect(self.page.locator("main")).to_contain_text(re.compile(sentence))

    def received(self, subject: str) -> None:
        """Find a letter in the mailbox."""
        self.go("Courrier")
        expect(self.page.locator(".mails")).to_contain_text(re.compile(subject, re.IGNORECASE))

    def rest(self) -> None:
        """Let the page finish what was asked of it: the drawing, and a move of the clock."""
        expect(self.page.locator("html[aria-busy]")).to_have_count(0)
        expect(self.page.locator("#move-play", has_text="En route")).to_have_count(0)

    @property
    def dialog(self) -> Locator:
        """The window that is open in front."""
        return self.page.locator("dialog[data-drawing]")

    def fill_in(self, answers: dict[str, str], until: str = "") -> None:
        """Answer screen after screen, until the form is done or shows a button with the label ``until``."""
        for _ in range(SCREENS):
            self.rest()
            if not self.dialog.count():
                return
            last = self.dialog.locator(".body").get_by_role("button", name=until) if until else None
            if last is not None and last.count():
                return
            if not self.dialog.locator("[data-default]").count():
                return
            answer(self.dialog, answers)
            self.rest()
            drawing = self.dialog.get_attribute("data-drawing")
            self.dialog.locator("[data-default]").click()
            self.rest()
            assert self.dialog.locator(".error").all_inner_texts() == []
            expect(self.page.locator(f"dialog[data-drawing='{drawing}']")).to_have_count(0)
        raise AssertionError("this form does not end")

    def decide(self, label: str) -> None:
        """Press a button of the window, and leave the window."""
        self.dialog.get_by_role("button", name=label).click()
        self.rest()
        sure = self.page.locator("#confirm-yes")
        if sure.count():
            sure.click()
            self.rest()
        self.leave()

    def leave(self) -> None:
        """Close the windows that are open."""
        for _ in range(SCREENS):
            self.rest()
            if not self.dialog.count():
                return
            drawing = self.dialog.get_attribute("data-drawing")
            self.page.keyboard.press("Escape")
            expect(self.page.locator(f"dialog[data-drawing='{drawing}']")).to_have_count(0)

    def pay(self, name: str) -> None:
        """Pay on Stripe's page, which opens in a window of its own."""
        self.go("Paiements et liens")
        with self.page.expect_popup() as opened:
            self.page.get_by_role("link", name="Page de paiement").first.click()
        checkout = opened.value
        checkout.get_by_label("Nom sur la carte").fill(name)
        checkout.get_by_label("Numéro de carte").fill(CARD)
        checkout.get_by_role("button", name=re.compile("Payer")).click()
        expect(checkout.locator("body")).to_contain_text(re.compile("payé|reçu|merci", re.IGNORECASE))
        checkout.close()


def answer(dialog: Locator, answers: dict[str, str]) -> None:
    """Answer what one screen asks: with what is known by the field's name, else with what anybody could say."""
    for field in dialog.locator(".field").all():
        control = field.locator("input, textarea, select").first
        name = (control.get_attribute("name") or "").removeprefix("answer/").partition("/")[0]
        optional = "(facultatif)" in field.locator("label, legend").first.inner_text()
        if name in answers or not optional or control.get_attribute("type") == "checkbox":
            _answer(field, control, answers.get(name, ""))


def _answer(field: Locator, control: Locator, known: str) -> None:
    kind = control.get_attribute("type") or control.evaluate("element => element.tagName.toLowerCase()")
    if kind == "checkbox":
        for box in field.locator("input[type=checkbox]").all():
            if not known or box.get_attribute("value") in known.split():
                box.check()
    elif kind == "radio":
        field.locator(f"input[type=radio][value='{known}']" if known else "input[type=radio]").first.check()
    elif control.get_attribute("data-suggest") is not None:
        control.press_sequentially(known)
        expect(field.locator("datalist option")).not_to_have_count(0)
        control.fill(str(field.locator("datalist option").first.get_attribute("value")))
    elif kind == "select":
        if not control.input_value():
            control.select_option(index=1)
    elif known or not control.input_value():
        control.fill(known or _plausible(control))


def _plausible(control: Locator) -> str:
    least = int(control.get_attribute("minlength") or 0)
    most = int(control.get_attribute("maxlength") or 3000)
    return (WORDS * (max(least, 120) // len(WORDS) + 1)).strip()[:most]
