"""The sixteen worksheets and the remark templates load, fit Slack's forms, and refuse broken copies."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from programme.content.checks import ContentError
from programme.content.guides import load_guides
from programme.content.remarks import COMMON, load_remarks
from programme.content.worksheets import CHOSEN, QuestionType, Worksheets, load_worksheets

CONTENT = Path(__file__).parents[2] / "programme" / "content"


@pytest.fixture(scope="module")
def worksheets() -> Worksheets:
    return load_worksheets(CONTENT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT / "fiches", tmp_path / "fiches")
    shutil.copy(CONTENT / "remarques.yaml", tmp_path)
    return tmp_path


def change(path: Path, where: list[Any], value: Any) -> None:
    """Set one value deep inside a YAML file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    place = data
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def refusal(root: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_worksheets(root)
    return str(caught.value)


def test_sixteen_worksheets_with_their_copies_and_owner(worksheets: Worksheets) -> None:
    assert [worksheet.key for worksheet in worksheets] == [f"F{number:02d}" for number in range(1, 17)]
    repeated = {worksheet.key: worksheet.repeat for worksheet in worksheets if worksheet.repeat > 1}
    assert repeated == {"F09": 3, "F11": 2}
    assert [worksheet.key for worksheet in worksheets if worksheet.owner_only] == ["F16"]


def test_worksheets_fit_the_forms_of_slack(worksheets: Worksheets) -> None:
    for worksheet in worksheets:
        assert 4 <= len(worksheet.questions) <= 10
        assert 4 <= len(worksheet.checklist) <= 6
        assert len(worksheet.title) <= 24
        assert sum(question.form_blocks for question in worksheet.questions) < 100
        for question in worksheet.questions:
            assert len(question.label) <= 150
            assert len(question.help) <= 150
            assert all(len(option) <= 75 for option in question.options)
            assert question.type in CHOSEN or (question.max_length or 0) <= 3000


def test_every_type_of_question_is_used(worksheets: Worksheets) -> None:
    assert {question.type for worksheet in worksheets for question in worksheet.questions} == set(QuestionType)


def test_tracks_are_ten_at_least(worksheets: Worksheets) -> None:
    assert worksheets.key("F08").question("pistes").rows_min == 10


def test_first_and_last_worksheet_ask_the_same_scale(worksheets: Worksheets) -> None:
    first, last = (worksheets.key(key).question("confiance") for key in ("F01", "F16"))
    assert (first.label, first.options) == (last.label, last.options)


def test_guides_count_the_time_of_their_worksheet(worksheets: Worksheets) -> None:
    for guide in load_guides(CONTENT):
        worksheet = worksheets.key(guide.documents[0])
        assert worksheet.minutes * worksheet.repeat == guide.individual_work[0].minutes, worksheet.key


def test_unknown_names_are_key_errors(worksheets: Worksheets) -> None:
    with pytest.raises(KeyError):
        worksheets.key("F17")
    with pytest.raises(KeyError):
        worksheets.key("F01").question("absente")


def test_version_follows_the_bytes(worksheets: Worksheets, copy: Path) -> None:
    assert load_worksheets(copy).version == worksheets.version
    path = copy / "fiches" / "F02.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("minutes: 45", "minutes: 46"), encoding="utf-8")
    assert load_worksheets(copy).version != worksheets.version


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        (["title"], "Un titre bien trop long pour Slack", "title"),
        (["session"], 2, "incohérent"),
        (["key"], "F03", "incohérent"),
        (["checklist"], ["Un", "Deux", "Trois"], "checklist"),
        (["questions"], [], "questions"),
        (["questions", 1, "id"], "situation", "même identifiant"),
        (["questions", 0, "id"], "Situation", "questions.0.id"),
        (["questions", 0, "label"], "x" * 151, "questions.0.label"),
        (["questions", 0, "help"], "x" * 151, "questions.0.help"),
        (["questions", 0, "type"], "roman", "questions.0.type"),
        (["questions", 0, "max_length"], 3001, "questions.0.max_length"),
        (["questions", 0, "max_length"], None, "max_length"),
        (["questions", 0, "max_length"], 100, "le minimum dépasse le maximum"),
        (["questions", 0, "example"], "Trop court", "l’exemple ne serait pas accepté"),
        (["questions", 0, "columns"], ["A", "B"], "pour un tableau seulement"),
        (["questions", 0, "options"], ["A", "B"], "au moins deux options"),
        (["questions", 5, "options", 0], "x" * 76, "questions.5.options.0"),
        (["questions", 5, "options"], ["Seule"], "au moins deux options"),
        (["questions", 5, "options"], [f"Choix {n}" for n in range(11)], "questions.5.options"),
        (["questions", 5, "example"], "Autre chose", "l’exemple ne serait pas accepté"),
        (["questions", 5, "max_length"], 100, "max_length"),
        (["questions", 0, "couleur"], "bleu", "questions.0.couleur"),
        (["intro"], "Le bilan de compétences", "mot interdit"),
        (["next_step"], "C'est fini.", "apostrophe droite"),
        (["questions", 0, "why"], "Pourquoi ?", "espace ordinaire"),
    ],
)
def test_each_fault_is_told(copy: Path, where: list[Any], value: Any, expected: str) -> None:
    change(copy / "fiches" / "F01.yaml", where, value)
    problems = refusal(copy)
    assert expected in problems
    assert "F01.yaml" in problems


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("example", "Une seule cellule", "l’exemple ne serait pas accepté"),
        ("example", "\n".join(["a | b | c"] * 9), "l’exemple ne serait pas accepté"),
        ("example", "a | b | " + "c" * 200, "l’exemple ne serait pas accepté"),
        ("columns", [], "pour un tableau seulement"),
        ("columns", ["A", "B", "C", "D", "E"], "questions.0.columns"),
        ("rows_max", 0, "pour un tableau seulement"),
        ("rows_max", 2, "le minimum dépasse le maximum"),
    ],
)
def test_each_fault_of_a_table_is_told(copy: Path, field: str, value: Any, expected: str) -> None:
    change(copy / "fiches" / "F02.yaml", ["questions", 0, field], value)
    assert expected in refusal(copy)


def test_a_worksheet_too_large_for_one_form_is_refused(copy: Path) -> None:
    path = copy / "fiches" / "F08.yaml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"][0]
    for place in (1, 2):
        change(path, ["questions", place], table | {"id": f"pistes_{place}"})
    assert "100 blocs" in refusal(copy)


def test_several_choices_must_be_among_the_options(copy: Path) -> None:
    change(copy / "fiches" / "F06.yaml", ["questions", 4, "example"], "Le samedi seulement")
    assert "l’exemple ne serait pas accepté" in refusal(copy)


def test_missing_and_stray_files_are_told(copy: Path) -> None:
    (copy / "fiches" / "F05.yaml").rename(copy / "fiches" / "F55.yaml")
    with pytest.raises(ContentError) as caught:
        load_worksheets(copy)
    assert {problem.file for problem in caught.value.problems} == {"F05.yaml", "F55.yaml"}


def test_remarks_come_with_the_common_ones(worksheets: Worksheets) -> None:
    remarks = load_remarks(CONTENT)
    assert set(remarks) == {COMMON} | {worksheet.key for worksheet in worksheets}
    own = remarks.for_worksheet("F12")
    assert own[: len(remarks["F12"])] == remarks["F12"]
    assert own[len(remarks["F12"]) :] == remarks[COMMON]
    assert all(len(group) >= 3 for group in remarks.values())


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        (["F01"], None, "F01"),
        (["F99"], [], "F99 n’est pas une fiche"),
        (["F02", 0, "key"], "f01_attentes", "sert 2 fois"),
        (["F02", 0, "label"], "x" * 76, "label"),
        (["F02", 0, "text"], "Trop court", "text"),
        (["F02", 0, "text"], "Une remarque assez longue, avec l'apostrophe droite.", "apostrophe droite"),
    ],
)
def test_each_fault_of_the_remarks_is_told(copy: Path, where: list[Any], value: Any, expected: str) -> None:
    change(copy / "remarques.yaml", where, value)
    with pytest.raises(ContentError) as caught:
        load_remarks(copy)
    assert expected in str(caught.value)


def test_a_tutor_words_a_remark_anew(copy: Path) -> None:
    path = copy / "remarques.yaml"
    text = "Il manque encore une partie : écrivez-la, même en peu de mots."
    mine = {"key": "incomplet", "label": "Fiche incomplète", "text": text}
    path.write_text(path.read_text(encoding="utf-8") + yaml.safe_dump({"UTUTOR1": [mine]}, allow_unicode=True))
    remarks = load_remarks(copy)

    found = {tutor: remarks.find("incomplet", worksheet="F01", tutor=tutor) for tutor in ("UTUTOR1", "UTUTOR2")}
    assert [one.text == mine["text"] for one in found.values() if one] == [True, False]
    assert remarks.find("f02_alternatives", worksheet="F01", tutor="UTUTOR1") is None


def test_a_tutors_remark_needs_a_known_key(copy: Path) -> None:
    path = copy / "remarques.yaml"
    mine = {"key": "inconnue", "label": "Autre", "text": "Une remarque assez longue pour être lue avec profit."}
    path.write_text(path.read_text(encoding="utf-8") + yaml.safe_dump({"UTUTOR1": [mine]}, allow_unicode=True))
    with pytest.raises(ContentError, match="inconnue de UTUTOR1"):
        load_remarks(copy)


def test_a_worksheet_without_remarks_is_told(copy: Path) -> None:
    path = copy / "remarques.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    del data["F07"]
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match="aucune remarque pour F07"):
        load_remarks(copy)
