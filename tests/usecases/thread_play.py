"""A play at random on documents, beside a plain account of what everybody should read in the end."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass, field
from pathlib import Path

from programme.content import Content
from programme.errors import AlreadyHandled, NotAllowed, Refusal, Retryable
from programme.fake_payments import FakePayments
from programme.fakes import (
    FakeClock,
    FakeFiles,
    FakeMailer,
    FakePictures,
    FakePrinter,
    FakeWorkspace,
)
from programme.messages.documents import AuthorReply, RemarksReturned
from programme.model.document import DocumentState
from programme.model.people import Caller, Role
from programme.ports import Config, Ports
from programme.usecases import agenda, delivery, handing_over, reviews, threads
from programme.usecases.threads import ThreadMessage
from store.engine import make_engine
from store.unit_of_work import Store
from tests.conftest import TUTORS, World
from tests.usecases.tutoring import AUTHOR, OTHER_TUTOR, PEER, TUTOR, no_failure, read_by, submitted

PEOPLE = [AUTHOR, PEER, TUTOR, OTHER_TUTOR, Caller("UM3"), Caller("UADMIN1", frozenset({Role.ADMIN}))]
TUTOR_CALLERS = [TUTOR, OTHER_TUTOR]


def open_world(database: Path, content: Content) -> World:
    """A world on this database, as ``tests/conftest.py`` makes it."""
    engine = make_engine(f"sqlite:///{database}")
    clock, workspace = FakeClock(), FakeWorkspace()
    store = Store(engine, clock.now, lambda: None)
    payments, mailer, printer, files = FakePayments(clock), FakeMailer(), FakePrinter(), FakeFiles()
    config = Config(admin_channel="CADMIN", tutor_channel="CTUTOR")
    ports = Ports(
        clock, store.uow, store.reading, workspace, payments, mailer, printer, files, content, config, FakePictures()
    )
    return World(ports, clock, workspace, payments, mailer, printer, files, store, [])


def close(world: World) -> None:
    world.store._writing.kw["bind"].dispose()


class Death(BaseException):
    """The process is gone."""


@dataclass
class Sheet:
    """What should be true of one document, kept apart from the program."""

    id: str
    author: Caller
    card: str
    receipt: str
    state: str = "received"
    holder: str = ""
    versions: int = 1
    drafts: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    replies: dict[str, str | None] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)


@dataclass
class Event:
    """One event of Slack about one message."""

    id: str
    act: str
    sheet: Sheet
    of_tutors: bool
    caller: Caller
    message: ThreadMessage


class Play:
    """Acts at random on two documents and keeps count of what everybody should read."""

    def __init__(self, world: World, sheets: list[Sheet], chance: random.Random) -> None:
        self.world, self.sheets, self.chance = world, sheets, chance
        self.number = 0
        self.past: list[Event] = []
        self.held: list[Event] = []
        self.handled: set[str] = set()

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _mostly(self, right: Caller) -> Caller:
        """The right person, or now and then anybody."""
        return right if self.chance.random() < 0.8 else self.chance.choice(PEOPLE)

    def _holder(self, sheet: Sheet) -> Caller:
        return next((one for one in TUTOR_CALLERS if one.slack_user_id == sheet.holder), TUTOR)

    # What people do

    def write(self) -> None:
        sheet, of_tutors = self.chance.choice(self.sheets), self.chance.random() < 0.6
        right = self.chance.choice(TUTOR_CALLERS) if of_tutors else sheet.author
        caller = self._mostly(right)
        channel = "CTUTOR" if of_tutors else "D" + sheet.author.slack_user_id[1:]
        ts = f"19{self._next():08d}.000100"
        root = sheet.card if of_tutors else sheet.receipt
        message = ThreadMessage(channel, ts, root, f"texte-{self.number}")
        self._happen(Event(f"Ev{self.number}", "written", sheet, of_tutors, caller, message))

    def change(self) -> None:
        if not self.past:
            return
        old = self.chance.choice(self.past)
        act = self.chance.choice(["edited", "edited", "deleted"])
        number = self._next()
        was = old.message
        edited = f"20{number:08d}.000100" if act == "edited" else was.edited
        text = f"texte-{number}" if act == "edited" else was.text
        message = ThreadMessage(was.channel, was.ts, was.thread_ts, text, edited=edited)
        self._happen(Event(f"Ev{number}", act, old.sheet, old.of_tutors, old.caller, message))

    def _happen(self, event: Event) -> None:
        self.past.append(event)
        if self.chance.random() < 0.25:
            self.held.append(event)
        else:
            self.arrive(event)

    def late(self) -> None:
        if self.held:
            self.arrive(self.held.pop(self.chance.randrange(len(self.held))))

    def repeat(self) -> None:
        if self.past:
            event = self.chance.choice(self.past)
            if event not in self.held:
                self.arrive(event)

    def arrive(self, event: Event) -> None:
        """Slack tells the bot; what should follow is noted apart."""
        act = {
            "written": threads.message_written,
            "edited": threads.message_edited,
            "deleted": threads.message_deleted,
        }[event.act]
        with contextlib.suppress(AlreadyHandled, NotAllowed):
            act(self.world.ports, caller=event.caller, message=event.message, event_id=event.id)
        self._note(event)

    def _note(self, event: Event) -> None:
        sheet, message = event.sheet, event.message
        allowed = event.caller.is_tutor if event.of_tutors else event.caller == sheet.author
        if not allowed or event.id in self.handled:
            return
        self.handled.add(event.id)
        known = sheet.drafts if event.of_tutors else sheet.replies
        if message.ts in sheet.closed:
            return
        if event.act == "deleted":
            if event.of_tutors:
                known.pop(message.ts, None)
            elif message.ts in known:
                known[message.ts] = None
            sheet.closed.add(message.ts)
        elif message.ts not in known or (event.act == "edited" and message.edited >= sheet.edits[message.ts]):
            known[message.ts], sheet.edits[message.ts] = message.text, message.edited

    # What tutors and authors do with the document

    def take(self) -> None:
        sheet = self.chance.choice(self.sheets)
        caller = self._mostly(self.chance.choice(TUTOR_CALLERS))
        done = self._try(reviews.take, caller, sheet)
        expected = caller.is_tutor and (
            sheet.state == "received" or (sheet.state == "in_review" and sheet.holder == caller.slack_user_id)
        )
        assert done == expected
        if done:
            sheet.state, sheet.holder = "in_review", caller.slack_user_id

    def hand_over(self) -> None:
        sheet, caller = self.chance.choice(self.sheets), self.chance.choice(TUTOR_CALLERS)
        to = self.chance.choice(TUTORS)
        if sheet.state != "validated":
            handing_over.reassign(self.world.ports, caller=caller, subject_id=sheet.id, tutor_user=to)
            sheet.holder = to

    def give_back(self) -> None:
        sheet = self.chance.choice(self.sheets)
        caller = self._mostly(self._holder(sheet))
        done = self._try(reviews.return_remarks, caller, sheet)
        assert done == (self._holds(sheet, caller) and bool(sheet.drafts))
        if done:
            self._send(sheet)
            sheet.state = "to_revise" if sheet.state == "in_review" else sheet.state

    def validate(self) -> None:
        sheet = self.chance.choice(self.sheets)
        caller = self._mostly(self._holder(sheet))
        already = sheet.state == "validated"
        done = self._try(reviews.validate, caller, sheet)
        assert done == self._holds(sheet, caller)
        if done and not already:
            self._send(sheet)
            sheet.state = "validated"

    def _holds(self, sheet: Sheet, caller: Caller) -> bool:
        return caller.is_tutor and sheet.state != "received" and sheet.holder == caller.slack_user_id

    def _send(self, sheet: Sheet) -> None:
        sheet.sent += sheet.drafts.values()
        sheet.closed |= set(sheet.drafts)
        sheet.drafts.clear()

    def revise(self) -> None:
        sheet = self.chance.choice(self.sheets)
        sheet.versions += 1
        question = self.world.ports.content.worksheets.key("F01").questions[0]
        more = {question.id: question.example + f" Encore {sheet.versions}."}
        submitted(self.world, caller=sheet.author, **more)
        sheet.state = "in_review" if sheet.state == "in_review" else "received"

    def _try(self, act, caller: Caller, sheet: Sheet) -> bool:
        try:
            act(self.world.ports, caller=caller, document_id=sheet.id)
        except Refusal:
            return False
        return True

    # What the world does

    def deliver(self) -> None:
        for _ in range(self.chance.randrange(4)):
            delivery.deliver_next(self.world.ports)

    def lose(self) -> None:
        self.world.workspace.lose_answer = [Retryable("the answer was lost", uncertain=True)]
        delivery.deliver_next(self.world.ports)
        self.world.workspace.lose_answer = []

    def fail(self) -> None:
        self.world.workspace.fail_next = [Retryable("Slack is away")]
        delivery.deliver_next(self.world.ports)
        self.world.workspace.fail_next = []

    def crash(self) -> None:
        """The bot dies between acting and recording: the claimed row stays claimed until its lease ends."""
        self.world.workspace.lose_answer = [Death()]  # type: ignore[list-item]
        with contextlib.suppress(Death):
            delivery.deliver_next(self.world.ports)
        self.world.workspace.lose_answer = []
        self.world.clock.move(minutes=2)

    def wait(self) -> None:
        self.world.clock.move(hours=self.chance.choice([1, 5, 20]))
        agenda.run_due(self.world.ports, no_failure)

    def settle(self) -> None:
        """Everything held back arrives, everything due goes out, and what waits for the day has its day."""
        while self.held:
            self.late()
        for _ in range(20):
            self.world.clock.move(hours=3)
            delivery.deliver_all(self.world.ports)


ACTS = [
    *[Play.write] * 5,
    *[Play.change] * 4,
    *[Play.deliver] * 3,
    Play.late,
    Play.repeat,
    Play.take,
    Play.take,
    Play.hand_over,
    *[Play.give_back] * 3,
    Play.validate,
    Play.revise,
    Play.lose,
    Play.fail,
    Play.crash,
    Play.wait,
]


def judge(play: Play) -> None:
    """Compare what everybody reads with what they should."""
    world = play.world
    for sheet in play.sheets:
        own = "D" + sheet.author.slack_user_id[1:]
        read = [one for one in read_by(world, own, RemarksReturned) if one.document_id == sheet.id]
        assert sorted(text for one in read for text in one.remarks) == sorted(sheet.sent)
        with world.ports.reading() as uow:
            assert uow.documents.get(sheet.id).state is DocumentState(sheet.state)
    posts = [post for post in world.workspace.posts if isinstance(post.message, RemarksReturned | AuthorReply)]
    owners = {sheet.id: "D" + sheet.author.slack_user_id[1:] for sheet in play.sheets}
    for post in posts:
        right = "CTUTOR" if isinstance(post.message, AuthorReply) else owners[post.message.document_id]
        assert post.channel == right
    threads_of = {p.ts: p.thread_ts for p in posts if isinstance(p.message, AuthorReply)}
    assert set(threads_of.values()) <= {sheet.card for sheet in play.sheets}
    shown = [(one.text, one.withdrawn) for one in read_by(world, "CTUTOR", AuthorReply)]
    wanted = [(text or "", text is None) for sheet in play.sheets for text in sheet.replies.values()]
    assert sorted(shown) == sorted(wanted)
    assert len({post.key for post in posts}) == len(posts)
