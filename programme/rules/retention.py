"""How long personal data are kept, from when, and the day on which they are erased (GDPR art. 5(1)(e)).

A duration runs from a reference day that the caller knows; data are kept through its last day and erased on the day
after. Legal sources stand beside each line of the timetable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from programme.rules.instants import ONE_DAY


class Purpose(StrEnum):
    """Why data are kept; the values are stored."""

    PROSPECT = "prospect"
    CONTRACT = "contract"
    ACCOUNTING = "accounting"
    CLAIMS = "claims"
    ATTENDANCE = "attendance"
    WORK = "work"
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
    return _add_months(start, line.months) + timedelta(days=line.days) + ONE_DAY


def _add_months(day: date, months: int) -> date:
    """Same day of the month so many months later, or the last day of that month when it is shorter."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(first_of_next - ONE_DAY, date(year, month, 1) + timedelta(days=day.day - 1))
