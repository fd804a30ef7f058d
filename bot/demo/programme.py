"""How people live the programme: what each does when a message of the bot asks for something.

What people do is told by the messages alone, as in real life: nobody looks into the bot.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.demo.cast import Part
from bot.demo.person import Person
from bot.demo.sandbox_api import DemoError, Posted, SandboxApi
from handlers.ids import Action, Command, Shortcut
from programme.content import Content
from programme.content.worksheets import CELL_SEPARATOR

DECLINED_CARD = "4000000000000002"
REMARKS = (
    "Votre situation est claire et datée. Précisez ce que vous faisiez la veille du tournant.",
    "Gardez cet exemple : il montre mieux que le reste ce que vous savez faire.",
)
LATER_VERSION = re.compile(r":v([2-9]|\d\d):content$")
REPLY = "Merci de votre lecture. Je reprends la fiche avec vos deux observations."


@dataclass
class Company:
    """Everybody who plays, and what they have done so far."""

    api: SandboxApi
    content: Content
    draw: random.Random
    tutors: list[Person]
    admins: list[Person]
    parts: list[Part]
    counts: Counter[str] = field(default_factory=Counter)
    _places: dict[str, list[Person]] = field(default_factory=dict)
    tutor_of: dict[str, Person] = field(default_factory=dict)
    """Who reads the document of a card, by the card's ts."""

    @property
    def members(self) -> dict[str, Person]:
        """The members by Slack id."""
        return {part.person.id: part.person for part in self.parts}

    def readers(self, channel: str) -> list[Person]:
        """The members who read a channel; only one in a conversation with the bot."""
        if channel not in self._places:
            for person in (*self.members.values(), *self.tutors, *self.admins):
                for entry in person.conversations():
                    if person not in self._places.setdefault(entry["id"], []):
                        self._places[entry["id"]].append(person)
        return [person for person in self._places.get(channel, []) if person.id in self.members]

    def forget_places(self) -> None:
        """Look again at who reads what: somebody was invited."""
        self._places.clear()

    def enrol(self, part: Part) -> None:
        """From the first command to the button that binds; then the link arrives in a direct message."""
        person = part.person
        person.type(Command.ENROL)
        answers = part.answers()
        person.complete(answers, stop_at=Action.PLACE_ORDER)
        person.press_and_wait(Action.PLACE_ORDER)
        person.close()
        self.counts["people"] += 1

    def react(self, post: Posted) -> bool:
        """Do what the message asks of whoever reads it; tells whether anybody did anything."""
        if LATER_VERSION.search(post.key):
            _read_again(self, post)
            return True
        for action_id in post.action_ids():
            reaction = REACTIONS.get(action_id)
            if reaction is not None:
                reaction(self, post, action_id)
                return True
        return False

    def next_worksheet(self, member: Person, session: int) -> str:
        """The worksheet of a session when it is this member's turn to hand one in, else nothing."""
        turn = list(self.members).index(member.id) % 4
        key = f"F{session:02d}"
        return key if (session - 1) % 4 == turn and session < 16 else ""

    def answers_of(self, worksheet: str) -> dict[str, object]:
        """The answers of the invented person who serves as the worksheet's example."""
        answers: dict[str, object] = {}
        for question in self.content.worksheets.key(worksheet).questions:
            if question.columns:
                rows = [row.split(CELL_SEPARATOR) for row in question.example.splitlines()]
                answers |= {f"{question.id}.{r}.{c}": cell for r, row in enumerate(rows) for c, cell in enumerate(row)}
            elif not question.options:
                answers[question.id] = question.example
        return answers

    def revised_answers_of(self, worksheet: str) -> dict[str, object]:
        """The same, each text a little longer where there is room."""
        room = {one.id: one.max_length or 0 for one in self.content.worksheets.key(worksheet).questions}
        return {
            name: f"{answer} (repris)"[: room[name.partition(".")[0]]]
            for name, answer in self.answers_of(worksheet).items()
        }

    @property
    def staying(self) -> list[Part]:
        """The parts of those who live the programme to its end."""
        return [part for part in self.parts if not part.leaves]


Reaction = Callable[[Company, Posted, str], None]


def _pay(company: Company, post: Posted, action_id: str) -> None:
    """Pay by the link; now and then the first card is refused."""
    payer = _one(company, post)
    link = post.value_of(action_id)
    if company.draw.random() < 0.2 and payer.pay(link, DECLINED_CARD) != "declined":
        raise DemoError("Une carte refusée a payé.")
    if (result := payer.pay(link)) != "paid":
        raise DemoError(f"Le paiement de {payer.real_name} a échoué : {result}")
    company.counts["payments"] += 1


def _change_mind(company: Company, post: Posted, action_id: str) -> None:
    """Whoever leaves withdraws in two taps; the others keep the message."""
    member = _one(company, post)
    part = next(part for part in company.parts if part.person is member)
    if not part.leaves:
        return
    member.press_and_wait(action_id, channel=post.channel, ts=post.ts)
    member.press_and_wait(Action.CONFIRM_WITHDRAWAL)
    member.close()
    company.counts["withdrawals"] += 1


def _refund(company: Company, post: Posted, action_id: str) -> None:
    """One admin confirms the refund; above the threshold the other does too."""
    for admin in company.admins:
        admin.press_when_shown(action_id, channel=post.channel, ts=post.ts)
        company.api.settle()


def _confirm_group(company: Company, post: Posted, action_id: str) -> None:
    company.admins[0].press(action_id, channel=post.channel, ts=post.ts)
    company.counts["groups"] += 1


def _press(company: Company, post: Posted, action_id: str) -> None:
    """Everybody who reads the message presses the button; a double press changes nothing."""
    for person in company.readers(post.channel):
        person.press(action_id, channel=post.channel, ts=post.ts, value=post.value_of(action_id))


def _vote(company: Company, post: Posted, action_id: str) -> None:
    """The whole group votes; the channel is new, so its readers are looked up again."""
    company.forget_places()
    _press(company, post, action_id)


def _attend(company: Company, post: Posted, action_id: str) -> None:
    """Sign, but for one who is away now and then; attest what the others signed, and close the sheet."""
    group = company.readers(post.channel)
    away = company.draw.choice(group) if company.draw.random() < 0.1 else None
    for person in group:
        if person is away:
            person.press_and_wait(Action.DECLARE_ABSENCE, channel=post.channel, ts=post.ts)
            person.complete({"reason": "Un déplacement de dernière minute pour mon travail."})
        else:
            person.press(action_id, channel=post.channel, ts=post.ts)
    company.api.settle()
    present = [person for person in group if person is not away]
    for person in present:
        person.press(Action.ATTEST, channel=post.channel, ts=post.ts)
    present[0].press(Action.CLOSE_SESSION, channel=post.channel, ts=post.ts)
    company.counts["sessions"] += 1
    if company.counts["sessions"] == 1:
        _hand_in_a_file(company, present[0], post.channel)


def _hand_in_a_file(company: Company, member: Person, channel: str) -> None:
    """A file shown to the group, then handed in from the message's menu."""
    ts = member.send_file("plan-de-table.txt", "Qui s’assied où, et pourquoi.".encode(), channel=channel)
    member.use_shortcut(Shortcut.HAND_IN_FILE, channel=channel, ts=ts)
    member.complete({"worksheet": "own"})
    member.close()
    company.counts["documents"] += 1


def _check_in(company: Company, post: Posted, action_id: str) -> None:
    """Answer the three questions, and hand in the session's worksheet when it is one's turn."""
    member = _one(company, post)
    if company.draw.random() < 0.1 and "reminder" not in post.key:
        return  # answers at the first reminder
    member.press_and_wait(action_id, channel=post.channel, ts=post.ts)
    progress = str(company.draw.randint(2, 5))
    obstacle = company.draw.choice(["none", "none", "time", "motivation"])
    member.complete({"progress": progress, "work_done": "yes", "obstacle": obstacle})
    company.counts["check_ins"] += 1
    session = _session_number(post)
    worksheet = company.next_worksheet(member, session)
    if worksheet:
        _hand_in(company, member, worksheet)


def _give_opinion(company: Company, post: Posted, action_id: str) -> None:
    """Answer the survey, write the synthesis and declare the material; one in four waits for the reminders."""
    member = _one(company, post)
    if company.draw.random() < 0.25 and "reminder" not in post.key:
        return
    member.press_and_wait(action_id, channel=post.channel, ts=post.ts)
    member.complete({"note": "Merci à chaque personne du groupe."})
    member.close()
    company.counts["surveys"] += 1
    if Action.OPEN_MATERIAL in post.action_ids():
        _open_worksheet(member, "F16")
        member.complete(company.answers_of("F16"))
        member.close()
        _give_back(company, post, Action.OPEN_MATERIAL)


def _give_back(company: Company, post: Posted, action_id: str) -> None:
    """Declare what became of the method's material."""
    member = _one(company, post)
    member.press_and_wait(action_id, channel=post.channel, ts=post.ts)
    member.complete({})
    member.close()
    company.counts["declarations"] += 1


def _session_number(post: Posted) -> int:
    """The session that a message names, as its reader finds it."""
    words = " ".join(str(block.get("text", {}).get("text", "")) for block in post.blocks)
    _, _, after = words.partition("après la séance ")
    digits = "".join(character for character in after[:2] if character.isdigit())
    return int(digits) if digits else 0


def _hand_in(company: Company, member: Person, worksheet: str) -> None:
    """Fill in the first page, stop there now and then, and go on later to the end."""
    answers = company.answers_of(worksheet)
    if company.draw.random() < 0.5:
        _open_worksheet(member, worksheet)
        member.complete(answers, stop_at=Action.SAVE_WORKSHEET)
        member.press_and_wait(Action.SAVE_WORKSHEET)
        member.close()
        company.counts["interruptions"] += 1
    _open_worksheet(member, worksheet)
    member.complete(answers)
    member.close()
    company.counts["documents"] += 1
    if company.draw.random() < 0.3:
        _share(company, member, worksheet)


def _share(company: Company, member: Person, worksheet: str) -> None:
    """Let the group read it, and change one's mind now and then; take the blank template along."""
    member.type(Command.DOCUMENT)
    member.press_and_wait(Action.OPEN_DOCUMENT, value=f"{worksheet}-1")
    member.press_and_wait(Action.SHARE_DOCUMENT)
    company.counts["shares"] += 1
    if company.draw.random() < 0.5:
        member.press_and_wait(Action.REVOKE_SHARE)
        company.counts["revocations"] += 1
    member.press_and_wait(Action.BLANK_DOCX)
    member.close()
    member.close()


def _open_worksheet(member: Person, worksheet: str) -> None:
    """From the list to the document, and into its form."""
    member.type(Command.DOCUMENT)
    member.press_and_wait(Action.OPEN_DOCUMENT, value=f"{worksheet}-1")
    member.press_and_wait(Action.OPEN_WORKSHEET, value=f"{worksheet}-1")


def _take(company: Company, post: Posted, action_id: str) -> None:
    """Take the document, write two remarks in its thread, mend one of them, and return them."""
    tutor = _expected(company, post)
    tutor.press(action_id, channel=post.channel, ts=post.ts)
    company.tutor_of[post.ts] = tutor
    first = tutor.say("Une remarque à relire", channel=post.channel, thread_ts=post.ts)
    tutor.act("edit", channel=post.channel, ts=first, text=REMARKS[0])
    tutor.say(REMARKS[1], channel=post.channel, thread_ts=post.ts)
    gone = tutor.say("À supprimer : ce message était pour une autre fiche.", channel=post.channel, thread_ts=post.ts)
    tutor.act("delete", channel=post.channel, ts=gone)
    company.counts["remarks"] += len(REMARKS)
    tutor.press_when_shown(Action.RETURN_REMARKS, channel=post.channel, ts=post.ts)


def _expected(company: Company, post: Posted) -> Person:
    """The tutor whom the card names: only they, and their backup, may take the document."""
    words = " ".join(str(block.get("text", {}).get("text", "")) for block in post.blocks)
    _, _, named = words.partition("attendu de ")
    for person in (*company.tutors, *company.admins):
        if named.startswith((person.real_name, person.handle, f"<@{person.id}>")):
            return person
    raise DemoError(f"Personne n’est attendu : {words}")


def _revise(company: Company, post: Posted, action_id: str) -> None:
    """Answer in the thread, mend the worksheet and hand it in again."""
    if not post.thread_ts:
        return  # the receipt of one's own document
    member = _one(company, post)
    member.say(REPLY, channel=post.channel, thread_ts=post.thread_ts)
    worksheet = post.value_of(action_id).partition("-")[0]
    member.press_and_wait(action_id, channel=post.channel, ts=post.ts)
    member.complete(company.revised_answers_of(worksheet))
    member.close()
    company.counts["versions"] += 1


def _read_again(company: Company, post: Posted) -> None:
    """A later version is in the card's thread: whoever read the first one takes it and validates it."""
    tutor = company.tutor_of[post.thread_ts]
    for action_id in (Action.TAKE, Action.VALIDATE):
        tutor.press_when_shown(action_id, channel=post.channel, ts=post.thread_ts)
    company.counts["validated"] += 1


def _one(company: Company, post: Posted) -> Person:
    """The one member who reads this message."""
    readers = company.readers(post.channel)
    if len(readers) != 1:
        company.forget_places()
        readers = company.readers(post.channel)
    if len(readers) != 1:
        raise DemoError(f"{len(readers)} personnes lisent {post.channel} ({post.key}).")
    return readers[0]


REACTIONS: Mapping[str, Reaction] = {
    Action.PAY: _pay,
    Action.WITHDRAW: _change_mind,
    Action.APPROVE_REFUND: _refund,
    Action.CONFIRM_GROUP: _confirm_group,
    Action.ACCEPT_SEAT: _press,
    Action.VOTE: _vote,
    Action.SIGN_CHARTER: _press,
    Action.SIGN_ATTENDANCE: _attend,
    Action.OPEN_CHECK_IN: _check_in,
    Action.OPEN_SURVEY: _give_opinion,
    Action.OPEN_MATERIAL: _give_back,
    Action.TAKE: _take,
    Action.OPEN_WORKSHEET: _revise,
}
