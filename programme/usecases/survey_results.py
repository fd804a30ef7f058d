"""What the surveys say as a whole, for the admins: sums from three answers on, and free lines without names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from programme.content.surveys import Questionnaire
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules import spreadsheets
from programme.rules.surveys import Tally, Wave, tally
from programme.usecases.groups import require_admin
from programme.usecases.surveys import questionnaire_of

COLUMNS = ("enquete", "question", "reponse", "nombre", "reponses", "personnes")
WAVES = {Wave.END: "à la fin", Wave.MONTH_3: "à trois mois", Wave.MONTH_6: "à six mois"}
NOTE = "en quelques mots"


@dataclass(frozen=True)
class WaveResult:
    """One wave: what was asked, and what was answered."""

    wave: Wave
    questionnaire: Questionnaire
    tally: Tally


def results(ports: Ports, *, caller: Caller) -> tuple[WaveResult, ...]:
    """Return the three waves; NotAllowed for who is no admin."""
    require_admin(caller)
    return tuple(_read(ports))


def _read(ports: Ports) -> Iterator[WaveResult]:
    with ports.reading() as uow:
        for wave in Wave:
            asked, questionnaire = uow.surveys.of_wave(wave), questionnaire_of(ports, wave)
            answered = [(one.answers, one.note) for one in asked if one.answered_at is not None]
            said = tally(len(asked), answered, [question.id for question in questionnaire.questions])
            yield WaveResult(wave, questionnaire, said)


def export(ports: Ports) -> bytes:
    """Return the same as a CSV: a line for each option of each question, then one for each free line."""
    return spreadsheets.write(COLUMNS, [row for result in _read(ports) for row in _rows(result)])


def _rows(result: WaveResult) -> Iterator[dict[str, str]]:
    said = {
        "enquete": WAVES[result.wave],
        "reponses": str(result.tally.answered),
        "personnes": str(result.tally.asked),
    }
    for question in result.questionnaire.questions:
        counts = result.tally.counts.get(question.id)
        for value, label in question.options.items() if counts is not None else ():
            count = str(counts.get(value, 0)) if counts else "0"
            yield {**said, "question": question.label, "reponse": label, "nombre": count}
    for note in result.tally.notes:
        yield {**said, "question": NOTE, "reponse": note, "nombre": "1"}
