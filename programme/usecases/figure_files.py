"""The figures of a month as people get them: words, charts that say the same, and a CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from programme.journal import Action
from programme.messages.figures import FigureSection, MonthFigures
from programme.model.people import Caller
from programme.ports import Ports
from programme.rules import spreadsheets
from programme.rules.figures import FEW, Turnaround, is_few
from programme.usecases import handing_out, pings, week_charts
from programme.usecases.accounts import Month
from programme.usecases.figures import Figures, FunnelStep, gather
from programme.usecases.groups import require_admin
from programme.usecases.handing_out import Made

STEPS = {
    FunnelStep.BEGUN: "Inscription commencée",
    FunnelStep.PRESENTATION: "Présentation lue",
    FunnelStep.PROFILE: "Profil complété",
    FunnelStep.LEVEL: "Niveau déclaré",
    FunnelStep.TEXTS: "Textes acceptés, départ choisi",
    FunnelStep.ORDER: "Commande passée",
    FunnelStep.PAYMENT: "Premier paiement reçu",
    FunnelStep.GROUP: "Place acceptée dans un groupe",
    FunnelStep.STARTED: "Programme commencé",
}
READ_IN = ("Un jour ouvré", "Deux jours ouvrés", "Trois jours ouvrés", "Plus de trois jours ouvrés")
FEW_WORDS = f"moins de {FEW}"
COLUMNS = ("mois", "chiffre", "detail", "nombre", "mediane_jours", "pourcentage")
FUNNEL, DROPS, REVIEWS, GROUPS = (
    "Entonnoir d’inscription",
    "Fins anticipées, par semaine du programme",
    "Délai de relecture",
    "Santé des groupes",
)


@dataclass(frozen=True)
class FigureBars:
    """One bar chart: a length and a caption for each label; few people have no length, only their caption.

    ``notes`` are figures about the whole, above the bars.
    """

    title: str
    name: str
    labels: tuple[str, ...]
    lengths: tuple[int, ...]
    captions: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in words, with what no bar can show."""
        return *self.notes, *(f"{label} : {caption}" for label, caption in zip(self.labels, self.captions, strict=True))


def make(ports: Ports, *, month: Month) -> tuple[MonthFigures, tuple[Made, ...]]:
    """Return the figures in words, and as files: the CSV, then the charts with their text."""
    figures = gather(ports, month=month)
    charts = _charts(figures)
    files = [Made(f"chiffres-{month}.csv", "text/csv", spreadsheets.write(COLUMNS, _rows(figures)))]
    for chart in charts:
        if not any(chart.lengths):
            continue  # the words say it
        title = "\n".join((f"{chart.title}, {month.words}", *chart.notes))
        picture = ports.pictures.bar_chart(
            title=title, labels=chart.labels, lengths=chart.lengths, captions=chart.captions
        )
        name = f"{chart.name}-{month}.png"
        files.append(Made(name, "image/png", picture, alt=f"{chart.title}. {' ; '.join(chart.lines)}."[:1000]))
    health = week_charts.of_groups(figures.groups[: week_charts.GROUPS_PER_PICTURE], GROUPS)
    if figures.groups:
        picture = week_charts.draw(ports, health)
        files.append(Made(f"groupes-{month}.png", "image/png", picture, alt=health.alt))
    sections = [FigureSection(title=chart.title, lines=chart.lines) for chart in charts]
    sections.append(
        FigureSection(title=GROUPS, lines=week_charts.words_of(figures.groups) or ("aucun groupe en cours",))
    )
    return MonthFigures(month=month.words, sections=tuple(sections)), tuple(files)


def send(ports: Ports, *, caller: Caller, month: Month, request: str) -> None:
    """Put the figures of a month into the admin's direct messages, the words before the files."""
    require_admin(caller)
    words, files = make(ports, month=month)
    key = f"figures:{caller.slack_user_id}:{request}"
    with ports.uow() as uow:
        pings.answer(uow, caller.slack_user_id, f"{key}:words", words)
    handing_out.hand_out(ports, caller=caller, files=files, key=key, action=Action.FIGURES_EXPORTED, subject=str(month))


def counted(count: int) -> str:
    """Say a count, or that it is too small to be said."""
    return FEW_WORDS if is_few(count) else str(count)


def _length(count: int) -> int:
    return 0 if is_few(count) else count


def _charts(figures: Figures) -> tuple[FigureBars, ...]:
    stages = list(figures.stages.values())
    took = [f", médiane {_days(stage.took)} j depuis l’étape d’avant" if stage.took else "" for stage in stages]
    funnel = FigureBars(
        FUNNEL,
        "entonnoir",
        tuple(STEPS[step] for step in figures.stages),
        tuple(_length(stage.people) for stage in stages),
        tuple(f"{counted(stage.people)}{words}" for stage, words in zip(stages, took, strict=True)),
    )
    reviews = figures.reviews
    read = replace(_bars(REVIEWS, "relectures", READ_IN, reviews.by_days), notes=_notes(reviews))
    charts = [funnel, read]
    if figures.drops:
        weeks = [_week(week) for week in figures.drops]
        charts.insert(1, _bars(DROPS, "fins", weeks, list(figures.drops.values())))
    return tuple(charts)


def _bars(title: str, name: str, labels: Sequence[str], counts: Sequence[int]) -> FigureBars:
    lengths, captions = tuple(map(_length, counts)), tuple(map(counted, counts))
    return FigureBars(title, name, tuple(labels), lengths, captions)


def _notes(reviews: Turnaround) -> tuple[str, ...]:
    """The median, the share of promises kept, and what is still inside its promise."""
    median = f"médiane : {_days(reviews.took)} j" if reviews.took is not None else ""
    kept = f"dans les trois jours ouvrés : {reviews.kept_percent} %" if reviews.kept_percent is not None else ""
    pending = f"encore dans leur délai : {counted(reviews.pending)}" if reviews.pending else ""
    return tuple(note for note in (median, kept, pending) if note)


def _week(week: int) -> str:
    return f"Semaine {week}" if week else "Avant le début"


def _days(took: timedelta | None) -> str:
    """1,5: days with one decimal, as French readers write it."""
    return f"{took / timedelta(days=1):.1f}".replace(".", ",") if took is not None else ""


def _rows(figures: Figures) -> Iterator[dict[str, str]]:
    def row(title: str, detail: str, number: str = "", took: str = "", percent: str = "") -> dict[str, str]:
        return dict(zip(COLUMNS, (str(figures.month), title, detail, number, took, percent), strict=True))

    for step, stage in figures.stages.items():
        yield row(FUNNEL, STEPS[step], counted(stage.people), _days(stage.took))
    for week, count in figures.drops.items():
        yield row(DROPS, _week(week), counted(count))
    reviews = figures.reviews
    for label, count in zip(READ_IN, reviews.by_days, strict=True):
        yield row(REVIEWS, label, counted(count))
    yield row(REVIEWS, "Encore dans leur délai", counted(reviews.pending))
    kept = "" if reviews.kept_percent is None else str(reviews.kept_percent)
    yield row(REVIEWS, "Dans les trois jours ouvrés", counted(reviews.counted), _days(reviews.took), kept)
    for group in figures.groups:
        for name, share in zip(week_charts.BARS, week_charts.shares_of(group), strict=True):
            yield row(GROUPS, f"{group.label} : {name.lower()}", percent="" if share is None else str(share))
