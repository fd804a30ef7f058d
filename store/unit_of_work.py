"""The unit of work: one transaction, committed on a clean exit and rolled back on an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from store.accounting import AccountingStore
from store.agenda import AgendaStore
from store.announcements import AnnouncementStore
from store.attestations import AttestationStore
from store.complaints import ComplaintStore
from store.disputes import DisputeStore
from store.documents import DocumentStore
from store.endings import EndingStore
from store.enrolments import EnrolmentStore
from store.groups import GroupStore
from store.journal import JournalStore
from store.mapping import start_mapping
from store.material import MaterialStore
from store.members import MemberStore
from store.nudges import NudgeStore
from store.offers import OfferStore
from store.orders import OrderStore
from store.outbox import InboxStore, OutboxStore
from store.overview import OverviewStore
from store.people import PeopleStore
from store.personal_data import PersonalDataStore
from store.questions import QuestionStore
from store.retention import RetentionStore
from store.sessions import SessionStore
from store.surveys import SurveyStore
from store.tutors import TutorStore


class SqlUnitOfWork:
    """The repositories of one open transaction."""

    def __init__(self, db: Session, now: Callable[[], datetime]) -> None:
        self.members = MemberStore(db)
        self.enrolments = EnrolmentStore(db)
        self.orders = OrderStore(db)
        self.offers = OfferStore(db)
        self.endings = EndingStore(db)
        self.accounting = AccountingStore(db)
        self.attestations = AttestationStore(db)
        self.disputes = DisputeStore(db)
        self.complaints = ComplaintStore(db)
        self.groups = GroupStore(db)
        self.sessions = SessionStore(db)
        self.documents = DocumentStore(db)
        self.questions = QuestionStore(db)
        self.material = MaterialStore(db)
        self.surveys = SurveyStore(db)
        self.tutors = TutorStore(db)
        self.people = PeopleStore(db)
        self.personal_data = PersonalDataStore(db)
        self.retention = RetentionStore(db)
        self.agenda = AgendaStore(db)
        self.nudges = NudgeStore(db)
        self.announcements = AnnouncementStore(db)
        self.outbox = OutboxStore(db, now)
        self.inbox = InboxStore(db, now)
        self.journal = JournalStore(db, now)
        self.overview = OverviewStore(db)


class Store:
    """Opens units of work on one engine; ``wake`` is called after a commit that wrote to the outbox."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        start_mapping()
        self._writing = sessionmaker(engine, expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(reading=True), expire_on_commit=False)
        self._now = now
        self._wake = wake

    def uow(self) -> AbstractContextManager[SqlUnitOfWork]:
        """Open the one transaction of an act."""
        return self._open(self._writing)

    def reading(self) -> AbstractContextManager[SqlUnitOfWork]:
        """Open a transaction that only reads: deferred, it never queues behind a writer; changes are dropped."""
        return self._open(self._reading, commit=False)

    @contextmanager
    def _open(self, factory: sessionmaker[Session], *, commit: bool = True) -> Iterator[SqlUnitOfWork]:
        with factory() as db:
            uow = SqlUnitOfWork(db, self._now)
            try:
                yield uow
            except BaseException:
                db.rollback()
                raise
            if commit:
                db.commit()
            else:
                db.expunge_all()  # what was read stays readable, a rollback would empty it
                db.rollback()
        if commit and uow.outbox.written:
            self._wake()
