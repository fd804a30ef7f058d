"""The figures of a month, from the rows themselves: counted, never named, the same in words, pictures and CSV."""

from __future__ import annotations

import csv
import io

import pytest

from programme.errors import NotAllowed, Refusal
from programme.messages.figures import MonthFigures
from programme.model.people import Caller, Role
from programme.usecases import delivery, enrolment, figure_files, figures, reviews, termination
from programme.usecases.accounts import Month
from programme.usecases.figures import FunnelStep
from tests.builders import ADMIN, ordered, paid
from tests.conftest import World
from tests.usecases.running import LEA, MAX, NOE, ZOE, hold, running
from tests.usecases.tutoring import TUTOR, submitted
from tests.usecases.tutoring import running as tutored


def month(world: World) -> Month:
    now = world.clock.now()
    return Month(now.year, now.month)


def counts(world: World) -> dict[FunnelStep, int]:
    return {step: stage.people for step, stage in figures.gather(world.ports, month=month(world)).stages.items()}


def table(world: World) -> list[dict[str, str]]:
    _, files = figure_files.make(world.ports, month=month(world))
    return list(csv.DictReader(io.StringIO(files[0].content.decode("utf-8-sig")), delimiter=";"))


def test_the_funnel_counts_each_step(world: World) -> None:
    enrolment.resume(world.ports, caller=Caller("UNEW"))
    enrolment.resume(world.ports, caller=Caller("UREADER"))
    enrolment.see_tutorial(world.ports, caller=Caller("UREADER"))
    ordered(world, "UNOE", email="noe@exemple.fr")
    paid(world, "ULEA")
    found = counts(world)
    assert [found[step] for step in FunnelStep] == [4, 3, 2, 2, 2, 2, 1, 0, 0]
    told = {row["detail"]: row["nombre"] for row in table(world)}
    assert told["Inscription commencée"] == "4"
    assert told["Commande passée"] == told["Premier paiement reçu"] == "moins de 3"
    assert told["Programme commencé"] == "0"


def test_the_funnel_goes_as_far_as_the_start(world: World) -> None:
    running(world.ports)
    world_month = month(world)
    with world.store.reading() as uow:
        opened = [one.opened_at for one in uow.enrolments.waiting()]
    assert opened == []
    found = figures.gather(world.ports, month=world_month).stages
    assert found[FunnelStep.STARTED].people == found[FunnelStep.BEGUN].people


def test_another_month_holds_nothing_of_this_one(world: World) -> None:
    paid(world, "ULEA")
    before = Month(2025, 1)
    assert figures.gather(world.ports, month=before).stages[FunnelStep.BEGUN].people == 0
    with pytest.raises(Refusal, match="figures_future"):
        figures.gather(world.ports, month=Month(2031, 1))


def test_an_early_end_falls_into_its_week(world: World) -> None:
    running(world.ports)
    hold(world, 1, LEA, MAX, NOE, ZOE)
    hold(world, 2, LEA, MAX, NOE, ZOE)
    order_id, cases = termination.cases_of(world.ports, caller=ADMIN, member_user="UM1")
    termination.end_as(world.ports, caller=ADMIN, order_id=order_id, kind=cases[-1].kind, reason="Départ.")
    found = figures.gather(world.ports, month=month(world)).drops
    [(week, count)] = found.items()
    assert week >= 2
    assert count == 1
    assert [row["nombre"] for row in table(world) if row["chiffre"].startswith("Fins")] == ["moins de 3"]


def test_remarks_are_counted_once_given_back(world: World) -> None:
    tutored(world)
    document = submitted(world)
    assert figures.gather(world.ports, month=month(world)).reviews.pending == 1
    reviews.take(world.ports, caller=TUTOR, document_id=document.id)
    reviews.validate(world.ports, caller=TUTOR, document_id=document.id)
    assert figures.gather(world.ports, month=month(world)).reviews.by_days == (1, 0, 0, 0)


def test_the_median_and_the_share_of_promises_kept_are_said_from_three_on(world: World) -> None:
    tutored(world, guides=3)
    for number, worksheet in enumerate(("F01", "F02", "F03"), 1):
        document = submitted(world, worksheet)
        world.clock.move(hours=12)
        reviews.take(world.ports, caller=TUTOR, document_id=document.id)
        reviews.validate(world.ports, caller=TUTOR, document_id=document.id)
        words, _ = figure_files.make(world.ports, month=month(world))
        [read] = [part for part in words.sections if part.title.startswith("Délai")]
        notes = [line.replace("\u00a0", " ") for line in read.lines if "médiane" in line or "%" in line]
        expected = ["médiane : 0,5 j", "dans les trois jours ouvrés : 100 %"]
        assert notes == (expected if number == 3 else [])


def test_an_admin_gets_words_charts_with_their_text_and_the_csv(world: World) -> None:
    running(world.ports)
    figure_files.send(world.ports, caller=ADMIN, month=month(world), request="t1")
    figure_files.send(world.ports, caller=ADMIN, month=month(world), request="t1")
    delivery.deliver_all(world.ports)
    [words] = world.workspace.said(MonthFigures, "DADMIN1")
    assert [part.title for part in words.sections][-1] == "Santé des groupes"
    [table_name] = [name for _, name, _, _ in world.workspace.shared]
    assert table_name == f"chiffres-{month(world)}.csv"
    texts = [text for channel, _, text in world.workspace.pictures if channel == "DADMIN1"]
    assert len(texts) == 2, "the funnel and the groups: nobody has read anything yet"
    assert all(line in texts[0] for line in words.sections[0].lines)
    assert words.month.replace("\u00a0", " ") == "novembre 2026"


@pytest.mark.parametrize("caller", [LEA, Caller("UTUTOR1", frozenset({Role.TUTOR}))])
def test_the_figures_are_for_admins(world: World, caller: Caller) -> None:
    with pytest.raises(NotAllowed):
        figure_files.send(world.ports, caller=caller, month=month(world), request="t1")
