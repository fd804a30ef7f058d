"""The sixteen guides load, keep the method's laws, and every check refuses a broken copy."""

import shutil
from pathlib import Path

import pytest

from programme.content.checks import ContentError, text_faults
from programme.content.difficulties import NUMBERS, load_difficulties
from programme.content.guides import (
    AGENDA_MINUTES,
    AGENDA_NOTE,
    SECTION_TITLES,
    Guides,
    load_guides,
    word_count,
)

CONTENT = Path(__file__).parents[2] / "programme" / "content"


@pytest.fixture(scope="module")
def guides() -> Guides:
    return load_guides(CONTENT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("seances", "fiches"):
        shutil.copytree(CONTENT / folder, tmp_path / folder)
    shutil.copy(CONTENT / "difficultes.md", tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(root: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_guides(root)
    return str(caught.value)


def test_sixteen_guides_in_order(guides: Guides) -> None:
    assert [guide.number for guide in guides] == list(range(1, 17))
    assert [guide.documents for guide in guides] == [(f"F{number:02d}",) for number in range(1, 17)]
    assert {guide.default_minutes for guide in guides} == {120}


def test_agendas_add_up_and_protect_the_time_of_each_person(guides: Guides) -> None:
    for guide in guides:
        for name, expected in AGENDA_MINUTES.items():
            assert sum(step.minutes for step in guide.agenda[name]) == expected, (guide.number, name)
            assert any(step.title == "Pause" for step in guide.agenda[name]), (guide.number, name)
        assert len({step.minutes for step in guide.agenda["120"] if "personne" in step.title}) <= 1
        assert not any("quatrième" in step.title for step in guide.agenda["trois"])


def test_three_people_have_their_own_two_hours(guides: Guides) -> None:
    guide = guides.number(3)
    assert guide.agenda_for(120, 3) == guide.agenda["trois"]
    assert guide.agenda_for(120, 4) == guide.agenda["120"]
    assert guide.agenda_for(90, 3) == guide.agenda["90"]


def test_the_tutor_page_is_not_among_the_sections_of_members(guides: Guides) -> None:
    member_keys = [key for key in SECTION_TITLES if key != "tuteur"]
    for guide in guides:
        assert [section.key for section in guide.sections] == member_keys
        shown = "\n".join(section.text for section in guide.sections)
        assert guide.tutor_page.text not in shown
        assert "Signaux d’alerte" not in shown
        assert "Signaux d’alerte" in guide.tutor_page.text


def test_tutor_pages_hold_three_model_questions(guides: Guides) -> None:
    for guide in guides:
        lines = guide.tutor_page.text.splitlines()
        assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3."], guide.number


def test_lengths_and_individual_work(guides: Guides) -> None:
    assert all(800 <= word_count(guide) <= 1500 for guide in guides)
    assert all(60 <= guide.work_minutes <= 180 for guide in guides)
    assert guides.to_bring(1) == ()
    assert guides.to_bring(2) == guides.number(1).individual_work


def test_guides_do_not_repeat_each_other(guides: Guides) -> None:
    seen: dict[str, int] = {}
    for guide in guides:
        for section in (*guide.sections, guide.tutor_page):
            for paragraph in section.text.splitlines():
                if len(paragraph.split()) >= 12:
                    assert seen.setdefault(paragraph, guide.number) == guide.number, paragraph


def test_version_is_stable_and_follows_the_bytes(guides: Guides, copy: Path) -> None:
    assert load_guides(copy).version == guides.version
    assert len(guides.version) == 64
    edit(copy / "seances" / "05.md", "Un refus pour commencer", "Un refus pour commenter")
    assert load_guides(copy).version != guides.version


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("minutes: 10, title", "minutes: 11, title", "121 minutes au lieu de 120"),
        ("documents:\n- F02", "documents:\n- F42", "la fiche F42 n’existe pas"),
        ("## Si ça coince", "## Si ça bloque", "sections attendues"),
        ("## Pour finir", "## Pour finir\n\n## Pour finir", "sections attendues"),
        ("number: 2", "number: 3", "porte le numéro 3"),
        ("number: 2", "number: 17", "number"),
        ("number: 2\n", "number: 2\nsurprise: oui\n", "surprise"),
        ("phase: Se raconter\n", "", "phase"),
        ("  trois:", "  quatre:", "le déroulé doit exister"),
        ("---\nnumber", "number", "en-tête YAML absent"),
        ("title: Ma ligne", "title: [Ma ligne", "YAML illisible"),
        ("  minutes: 45", "  minutes: 140", "travail individuel de 190 minutes"),
        ("Un curriculum vitæ", "Un bilan de compétences", "mot interdit"),
        ("Un curriculum vitæ", "Le CPF", "mot interdit"),
        ("Un curriculum vitæ", "Qualiopi", "mot interdit"),
        ("n’interrompt", "n'interrompt", "apostrophe droite"),
        ("\u202f?", " ?", "espace ordinaire avant"),
        ("\u202f?", "?", "espace insécable absente"),
        ("«\u00a0", "« ", "espace ordinaire dans les guillemets"),
        ("content ou contente", "content·e", "abréviation inclusive"),
    ],
)
def test_each_fault_is_told(copy: Path, old: str, new: str, expected: str) -> None:
    edit(copy / "seances" / "02.md", old, new)
    problems = refusal(copy)
    assert expected in problems
    assert "02.md" in problems


@pytest.mark.parametrize(("keep", "repeat"), [(500, 1), (1000, 4)])
def test_too_short_and_too_long_are_refused(copy: Path, keep: int, repeat: int) -> None:
    path = copy / "seances" / "01.md"
    head, rest = path.read_text(encoding="utf-8").split("## Pourquoi cette séance\n\n", 1)
    headings = "".join(f"\n## {title}\n\nRien.\n" for title in list(SECTION_TITLES.values())[1:])
    prose = " ".join(rest.replace("#", "").split()[:keep] * repeat)
    path.write_text(f"{head}## Pourquoi cette séance\n\n{prose}\n{headings}", encoding="utf-8")
    assert "il en faut entre 800 et 1500" in refusal(copy)


def test_missing_stray_and_unreadable_files_are_all_told_at_once(copy: Path) -> None:
    (copy / "seances" / "04.md").unlink()
    (copy / "seances" / "17.md").write_text("surplus", encoding="utf-8")
    (copy / "seances" / "09.md").write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError) as caught:
        load_guides(copy)
    assert {problem.file for problem in caught.value.problems} == {"04.md", "09.md", "17.md"}


def test_clock_times_and_addresses_are_not_typographic_faults() -> None:
    assert text_faults("Rendez-vous à 18:00, voir https://exemple.fr/a?b=1") == []


def test_fixed_sentences_keep_to_the_rules() -> None:
    assert text_faults(AGENDA_NOTE) == []


def test_difficulty_page_names_the_numbers(copy: Path) -> None:
    page = load_difficulties(CONTENT)
    assert all(f"**{number}**" in page for number in NUMBERS)
    edit(copy / "difficultes.md", "**3114**", "**3115**")
    with pytest.raises(ContentError, match="le numéro 3114 manque"):
        load_difficulties(copy)
