"""The sixteen session guides: ``seances/01.md`` … ``seances/16.md``.

A guide is a YAML front matter (figures and lists) followed by seven Markdown sections. The page of the tutor is
kept apart from what members see: only ``Guide.tutor_page`` holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from programme.content.checks import (
    ContentError,
    ContentProblem,
    digest,
    parse_yaml,
    prose_problems,
    read_text,
    validation_problems,
)

SESSIONS = 16
MIN_WORDS, MAX_WORDS = 800, 1500
# Individual work between two sessions, in minutes: one to three hours, said in advance.
MIN_WORK, MAX_WORK = 60, 180

SECTION_TITLES: dict[str, str] = {
    "pourquoi": "Pourquoi cette séance",
    "avant": "Avant de venir",
    "consignes": "Consignes pas à pas",
    "si_ca_coince": "Si ça coince",
    "pour_finir": "Pour finir",
    "prochaine": "D’ici la prochaine",
    "tuteur": "Page du tuteur",
}
TUTOR_SECTION = "tuteur"
# Where the agenda is shown: between « Avant de venir » and « Consignes pas à pas ».
AGENDA_TITLE = "Déroulé"
# To be shown under the agenda: the instructions quote the minutes of one format only.
AGENDA_NOTE = (
    "Les durées citées dans les consignes valent pour deux heures à quatre personnes ; "
    "le déroulé donne celles de votre séance."
)
AGENDA_MINUTES: dict[str, int] = {"90": 90, "120": 120, "150": 150, "trois": 120}

_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:[’-][^\W_]+)*")

Text = Annotated[str, Field(min_length=1)]
Minutes = Annotated[int, Field(ge=1, le=150)]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AgendaStep(_Content):
    """One line of the agenda: its length in minutes, its title, what people do."""

    minutes: Minutes
    title: Annotated[str, Field(min_length=1, max_length=75)]
    detail: Annotated[str, Field(min_length=1, max_length=300)]


class IndividualWork(_Content):
    """One piece of work that a member does alone after the session, with its expected minutes."""

    text: Text
    minutes: Minutes


class Roles(_Content):
    """What each rotating role looks after in this session; with three people there is no observateur."""

    animateur: Text
    gardien_du_temps: Text
    scribe: Text
    observateur: Text


class Section(_Content):
    """One titled Markdown section."""

    key: str
    title: str
    text: Text


class Guide(_Content):
    """The guide of one session.

    ``individual_work`` is what members do after this session and bring to the next one. ``agenda`` is keyed
    "90", "120", "150" (four people, that many minutes) and "trois" (three people, 120 minutes). ``sections``
    are those that members read, in order; ``tutor_page`` is for tutors only.
    """

    number: Annotated[int, Field(ge=1, le=SESSIONS)]
    title: Annotated[str, Field(min_length=1, max_length=75)]
    phase: Text
    default_minutes: Minutes = 120
    aim: Annotated[str, Field(min_length=1, max_length=400)]
    documents: Annotated[tuple[str, ...], Field(min_length=1)]
    individual_work: Annotated[tuple[IndividualWork, ...], Field(min_length=1)]
    material: Annotated[tuple[Text, ...], Field(min_length=1)]
    roles: Roles
    agenda: dict[str, tuple[AgendaStep, ...]]
    sections: tuple[Section, ...]
    tutor_page: Section

    @property
    def work_minutes(self) -> int:
        """Individual work after this session, in minutes."""
        return sum(work.minutes for work in self.individual_work)

    def agenda_for(self, minutes: int, people: int) -> tuple[AgendaStep, ...]:
        """The agenda that fits the length planned (90, 120 or 150) and the number of people (3 or 4).

        The agenda for three is written for 120 minutes; at another length three people take the one for four
        and share the fourth person's time.
        """
        if people == 3 and minutes == AGENDA_MINUTES["trois"]:
            return self.agenda["trois"]
        return self.agenda[str(minutes)]

    @model_validator(mode="after")
    def _agenda_complete(self) -> Self:
        if set(self.agenda) != set(AGENDA_MINUTES):
            raise ValueError("le déroulé doit exister pour 90, 120 et 150 minutes et pour trois personnes")
        return self


class Guides(tuple[Guide, ...]):
    """The sixteen guides in order; ``version`` is the SHA-256 of their files, which a group keeps."""

    version: str

    def number(self, number: int) -> Guide:
        """The guide of session ``number`` (1 to 16)."""
        return self[number - 1]

    def to_bring(self, number: int) -> tuple[IndividualWork, ...]:
        """The individual work that members bring to session ``number``; none is due at the first."""
        return self.number(number - 1).individual_work if number > 1 else ()


def guides_of(version: str, guides: Iterable[Guide]) -> Guides:
    """Sixteen guides as the edition of this version."""
    gathered = Guides(guides)
    gathered.version = version
    return gathered


def load_guides(root: Path) -> Guides:
    """The guides of the content folder ``root``; ContentError with every problem of every file."""
    paths = _paths(root)
    problems: list[ContentProblem] = _stray_files(root)
    guides: list[Guide] = []
    for path in paths:
        try:
            guide = parse_guide(path.name, read_text(path))
        except ContentError as error:
            problems.extend(error.problems)
            continue
        guides.append(guide)
        problems.extend(_guide_problems(root, path, guide))
    if problems:
        raise ContentError(problems)
    return guides_of(digest(paths), guides)


def parse_guide(file: str, text: str) -> Guide:
    """One guide from its text; ContentError when its front matter or its sections are not as expected."""
    matter = _FRONT_MATTER.match(text)
    if matter is None:
        raise ContentError([ContentProblem(file, "en-tête YAML absent")])
    front, body = parse_yaml(file, matter.group(1)), matter.group(2)
    if not isinstance(front, dict):
        raise ContentError([ContentProblem(file, "l’en-tête n’est pas une liste de champs")])
    sections = _sections(file, body)
    try:
        return Guide(
            **(front | {"agenda": _with_text_keys(front.get("agenda"))}),
            sections=tuple(section for section in sections if section.key != TUTOR_SECTION),
            tutor_page=next(section for section in sections if section.key == TUTOR_SECTION),
        )
    except ValidationError as error:
        raise ContentError(validation_problems(file, error)) from error


def word_count(guide: Guide) -> int:
    """Words of prose of the guide: all its sections, the page of the tutor included."""
    return sum(len(_WORD.findall(section.text)) for section in (*guide.sections, guide.tutor_page))


def _paths(root: Path) -> list[Path]:
    return [root / "seances" / f"{number:02d}.md" for number in range(1, SESSIONS + 1)]


def _stray_files(root: Path) -> list[ContentProblem]:
    expected = {path.name for path in _paths(root)}
    found = {path.name for path in (root / "seances").glob("*.md")}
    return [ContentProblem(name, "ne correspond à aucune séance") for name in sorted(found - expected)]


def _with_text_keys(agenda: Any) -> Any:
    # YAML reads « 90: » as an integer key.
    return {str(key): steps for key, steps in agenda.items()} if isinstance(agenda, dict) else agenda


def _sections(file: str, body: str) -> list[Section]:
    parts = _HEADING.split(body)
    titles = parts[1::2]
    if titles != list(SECTION_TITLES.values()):
        expected = ", ".join(SECTION_TITLES.values())
        raise ContentError([ContentProblem(file, f"sections attendues, dans cet ordre : {expected}")])
    texts = [text.strip() for text in parts[2::2]]
    empty = [title for title, text in zip(titles, texts, strict=True) if not text]
    if empty or parts[0].strip():
        raise ContentError([ContentProblem(file, f"section vide ou texte hors section : {', '.join(empty)}")])
    return [
        Section(key=key, title=title, text=text)
        for (key, title), text in zip(SECTION_TITLES.items(), texts, strict=True)
    ]


def _guide_problems(root: Path, path: Path, guide: Guide) -> list[ContentProblem]:
    messages: list[str] = []
    if path.stem != f"{guide.number:02d}":
        messages.append(f"le fichier porte le numéro {guide.number}")
    for name, expected in AGENDA_MINUTES.items():
        total = sum(step.minutes for step in guide.agenda[name])
        if total != expected:
            messages.append(f"le déroulé « {name} » fait {total} minutes au lieu de {expected}")
    for key in guide.documents:
        if not (root / "fiches" / f"{key}.yaml").is_file():
            messages.append(f"la fiche {key} n’existe pas")
    if not MIN_WORDS <= word_count(guide) <= MAX_WORDS:
        messages.append(f"{word_count(guide)} mots : il en faut entre {MIN_WORDS} et {MAX_WORDS}")
    if not MIN_WORK <= guide.work_minutes <= MAX_WORK:
        messages.append(f"travail individuel de {guide.work_minutes} minutes : entre {MIN_WORK} et {MAX_WORK}")
    return [ContentProblem(path.name, message) for message in messages] + prose_problems(path.name, guide.model_dump())
