"""How long personal data are kept, from when, and the day on which they are erased (GDPR art. 5(1)(e)).

A duration runs from a reference day that the caller knows; data are kept through its last day and erased on the day
after. Legal sources stand beside each line of the timetable.

People have one file: who comes back continues it, and its durations count from the end of their last programme. The
request for an erasure and the daily run read the same days (``due_days``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from programme.rules.instants import ONE_DAY, PARIS, add_months


class Purpose(StrEnum):
    """Why data are kept; the values are stored."""

    PROSPECT = "prospect"
    CONTRACT = "contract"
    ACCOUNTING = "accounting"
    CLAIMS = "claims"
    ATTENDANCE = "attendance"
    WORK = "work"
    SURVEYS = "surveys"
    GROUP_CHAT = "group_chat"
    LOGS = "logs"
    CONSENT = "consent"


@dataclass(frozen=True)
class Retention:
    """One line of the timetable: a duration, and in French what is kept, from when it runs, and why."""

    months: int
    days: int
    what: str
    since: str
    why: str
    from_year_end: bool = False


TIMETABLE = {
    Purpose.PROSPECT: Retention(
        36, 0, "questions, profil et niveau sans commande", "dernier contact", "CNIL, norme NS-048"
    ),
    Purpose.CONTRACT: Retention(
        120, 0, "contrat, textes acceptés et preuves", "dernière séance", "C. conso. L213-1 et D213-2"
    ),
    Purpose.ACCOUNTING: Retention(
        120, 0, "paiements, factures et avoirs", "fin de l’exercice", "C. com. L123-22", from_year_end=True
    ),
    Purpose.CLAIMS: Retention(
        60, 0, "rétractation, réclamations et remboursements", "clôture du dossier", "C. civ. 2224"
    ),
    Purpose.ATTENDANCE: Retention(
        60, 0, "planning et émargements, attestations de participation", "dernière séance", "C. civ. 2224"
    ),
    Purpose.WORK: Retention(
        0, 30, "documents de travail et observations", "fin du parcours", "délai d’export, puis effacement"
    ),
    Purpose.SURVEYS: Retention(
        12, 0, "réponses aux enquêtes, réglage des messages", "fin du parcours", "amélioration du programme"
    ),
    Purpose.GROUP_CHAT: Retention(0, 90, "messages du canal du groupe", "fin du parcours", "minimisation"),
    Purpose.LOGS: Retention(12, 0, "journaux techniques, sans texte de message", "écriture", "sécurité"),
    Purpose.CONSENT: Retention(
        0, 0, "lettre d’information et témoignages", "retrait du consentement", "RGPD art. 6(1)(a)"
    ),
}


def erase_on(purpose: Purpose, reference_day: date) -> date:
    """First day on which the data of a purpose must be erased, from the reference day named by its `since`."""
    line = TIMETABLE[purpose]
    start = date(reference_day.year, 12, 31) if line.from_year_end else reference_day
    return add_months(start, line.months) + timedelta(days=line.days) + ONE_DAY


def last_day(purpose: Purpose, reference_day: date) -> date:
    """Last day on which the data of a purpose are kept, as people are told it."""
    return erase_on(purpose, reference_day) - ONE_DAY


@dataclass(frozen=True)
class PersonFile:
    """What dates the durations of one person's data; a day is None while nothing of the kind has happened.

    Each is the later of the days in Paris and in ``zone``, where the person lives.
    ``enrolling`` is an enrolment on its way to a payment, ``in_force`` a paid contract that runs, ``held`` a claim that
    is open: a declaration, a refund, a dispute or a complaint that nobody has settled yet.
    """

    member_id: str
    last_contact: date
    zone: str = PARIS
    ordered: bool = False
    enrolling: bool = False
    in_force: bool = False
    held: bool = False
    ended_on: date | None = None
    accounted_on: date | None = None
    closed_on: date | None = None


def due_days(file: PersonFile) -> dict[Purpose, date]:
    """First day on which each purpose of a person's data must be erased; a purpose without a day stays.

    An open claim stops everything. A claim that is still kept keeps the accounting pieces that it is about; the
    contract and the identity go last, as the others hang on them. Without an order, all goes together after the last
    contact.
    """
    silent = erase_on(Purpose.PROSPECT, file.last_contact)
    if file.held:
        return {}
    days = {Purpose.CLAIMS: erase_on(Purpose.CLAIMS, file.closed_on)} if file.closed_on else {}
    if not file.ordered:
        last = max([silent, *days.values()])
        return days | dict.fromkeys((Purpose.WORK, Purpose.SURVEYS, Purpose.PROSPECT, Purpose.CONTRACT), last)
    if file.in_force or file.ended_on is None:
        return days
    days[Purpose.WORK] = erase_on(Purpose.WORK, file.ended_on)
    days[Purpose.PROSPECT] = silent if file.enrolling else days[Purpose.WORK]
    surveyed = erase_on(Purpose.SURVEYS, file.ended_on)
    days[Purpose.SURVEYS] = max(silent, surveyed) if file.enrolling else surveyed
    days[Purpose.ATTENDANCE] = erase_on(Purpose.ATTENDANCE, file.ended_on)
    own = erase_on(Purpose.ACCOUNTING, file.accounted_on or file.ended_on)
    days[Purpose.ACCOUNTING] = max(own, days.get(Purpose.CLAIMS, own))
    days[Purpose.CONTRACT] = max(erase_on(Purpose.CONTRACT, file.ended_on), *days.values())
    return days


def first_kept(purpose: Purpose, today: date) -> date:
    """First reference day whose data are still kept today: what is older is due."""
    line = TIMETABLE[purpose]
    day = add_months(today, -line.months) - timedelta(days=line.days + 5)
    if line.from_year_end:
        day = date(day.year, 1, 1)
    while erase_on(purpose, day) <= today:
        day = date(day.year + 1, 1, 1) if line.from_year_end else day + ONE_DAY
    return day
