"""The contractual texts: figures that agree with the rules, exact bytes, versions, pages for Slack."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.content.checks import ContentError
from programme.content.choices import EARLY_START_KEYS, load_choices
from programme.content.french import clock, length, long_day, moment, week_day
from programme.content.placeholders import fill
from programme.content.texts import REQUIRED_KEYS, LegalText, Texts, load_texts, pages, to_mrkdwn
from programme.content.trader import CONTENT_ROOT, Trader, load_trader
from programme.rules import planning, retention, withdrawal
from programme.rules.money import euros, session_value_floor

TODAY = date(2026, 11, 23)
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})
ARTICLES = [
    "Objet",
    "Nature et caractéristiques de la prestation",
    "Niveau de connaissances préalables",
    "Organisation",
    "Prix et paiement",
    "Confidentialité",
    "Fin anticipée du contrat",
    "Droit de rétractation et démarrage anticipé",
    "Données personnelles",
    "Réclamation et médiation",
]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return load_texts()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An operator's copy of the legal content."""
    for name in ("cgv", "texts"):
        shutil.copytree(CONTENT_ROOT / name, tmp_path / name)
    for name in ("trader.toml", "choices.toml"):
        shutil.copy(CONTENT_ROOT / name, tmp_path / name)
    return tmp_path


def plain(text: LegalText) -> str:
    return text.body.translate(SPACES)


def rewrite(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_texts(folder)
    return str(caught.value)


def test_every_text_that_the_programme_needs_is_there(texts: Texts) -> None:
    assert {text.key for text in texts} == REQUIRED_KEYS
    assert all(texts.current(key, TODAY).key == key for key in REQUIRED_KEYS)


def test_terms_have_their_ten_articles(texts: Texts) -> None:
    body = plain(texts.current("cgv", TODAY))

    titles = [line.removeprefix("## ") for line in body.splitlines() if line.startswith("## ")]
    assert titles == [f"Article {number} – {title}" for number, title in enumerate(ARTICLES, 1)]


def test_figures_of_the_terms_are_those_of_the_rules(texts: Texts) -> None:
    body = plain(texts.current("cgv", TODAY))
    kept = {purpose: line.months // 12 for purpose, line in retention.TIMETABLE.items()}

    for sentence in (
        f"comprend {planning.SESSIONS} séances",
        f"en {planning.USUAL_WEEKS} semaines au plus",
        f"portée à {planning.SUMMER_WEEKS} semaines",
        f"disposez de {withdrawal.WITHDRAWAL_DAYS} jours",
        f"au plus tard {withdrawal.REFUND_DAYS} jours après",
        f"environ {euros(session_value_floor(45000))}".translate(SPACES),
        f"pièces comptables : {kept[retention.Purpose.CONTRACT]} ans",
        f"réclamations : {kept[retention.Purpose.CLAIMS]} ans",
        f"observations : {retention.TIMETABLE[retention.Purpose.WORK].days} jours",
        f"groupe : {retention.TIMETABLE[retention.Purpose.GROUP_CHAT].days} jours",
        f"sans commande : {retention.TIMETABLE[retention.Purpose.PROSPECT].months} mois",
        f"techniques : {retention.TIMETABLE[retention.Purpose.LOGS].months} mois",
    ):
        assert sentence in body


def test_terms_carry_the_corrections_of_the_law(texts: Texts) -> None:
    body = plain(texts.current("cgv", TODAY))

    for sentence in (
        "à compter de la conclusion du contrat, ou de votre premier paiement s’il est postérieur",
        "« Renoncer au contrat ici »",
        "« Confirmer la rétractation »",
        "ancien niveau II",
        "1231 et suivants",
        "aucun prélèvement n’a lieu automatiquement",
        "arrondi au centime inférieur",
        "prêtés",
        "si chacun d’eux l’accepte expressément",
        "ne vous fait pas renoncer à votre droit",
        load_trader().withdrawal_url,
        load_trader().mediator.website,
    ):
        assert sentence in body
    assert not [old for old in ("1146", "renoncer à votre délai", "ec.europa.eu", "odr") if old in body.lower()]


@pytest.mark.parametrize("key", ["fiche_information", "notice_retractation", "formulaire_retractation"])
def test_information_of_the_law_names_the_trader(texts: Texts, key: str) -> None:
    trader, body = load_trader(), texts.current(key, TODAY).body

    assert trader.name in body
    assert trader.address in body
    assert trader.email in body


def test_notice_counts_from_the_conclusion_and_tells_the_online_function(texts: Texts) -> None:
    body = plain(texts.current("notice_retractation", TODAY))

    assert "expire quatorze jours après le jour de la conclusion du contrat" in body
    assert f"en ligne sur {load_trader().withdrawal_url}." in body
    assert "la date et l’heure de sa soumission" in body


def test_digest_is_that_of_the_exact_bytes_shown(texts: Texts) -> None:
    text = texts.current("cgv", TODAY)

    assert text.sha256 == hashlib.sha256(text.body.encode("utf-8")).hexdigest()
    assert texts.by_sha256(text.sha256) == text
    assert texts.by_sha256("0" * 64) is None
    assert "{{" not in "".join(text.body for text in texts)


def test_a_vat_regime_holds_until_the_next_one(folder: Path) -> None:
    rewrite(folder / "trader.toml", 'vat_number = ""', 'vat_number = "FR00123456789"')
    rewrite(folder / "trader.toml", 'mention = "TVA non applicable, art. 293 B du CGI"\n', STANDARD)
    trader = load_trader(folder)

    assert [trader.vat_on(day).rate for day in (date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))] == [0, 0, 20]
    with pytest.raises(ContentError, match="aucun régime de TVA n’est en vigueur le 31\u00a0décembre\u00a02025"):
        trader.vat_on(date(2025, 12, 31))


def test_another_trader_is_another_text(texts: Texts) -> None:
    moved = load_trader().model_copy(update={"street": "1 place d’Ailleurs"})

    other = load_texts(trader=moved).current("cgv", TODAY)
    assert other.sha256 != texts.current("cgv", TODAY).sha256
    assert "1 place d’Ailleurs" in other.body


def test_a_new_version_leaves_the_old_one_as_it_was(folder: Path, texts: Texts) -> None:
    new = (folder / "cgv/2026-01.md").read_text(encoding="utf-8")
    new = new.replace('version: "2026-01"', 'version: "2027-01"').replace("2026-06-19", "2027-02-01")
    (folder / "cgv/2027-01.md").write_text(new.replace("450", "480"), encoding="utf-8")

    loaded = load_texts(folder)

    assert loaded.current("cgv", date(2027, 1, 31)) == texts.current("cgv", TODAY)
    assert loaded.current("cgv", date(2027, 2, 1)).version == "2027-01"
    assert loaded.version("cgv", "2026-01").sha256 == texts.current("cgv", TODAY).sha256
    with pytest.raises(KeyError):
        loaded.current("cgv", date(2026, 6, 18))
    with pytest.raises(KeyError):
        loaded.version("cgv", "1999-01")


def test_every_problem_of_every_file_is_told_at_once(folder: Path) -> None:
    rewrite(folder / "cgv/2026-01.md", "{{ trader.name }}", "{{ trader.nom }}")
    rewrite(folder / "texts/confidentialite.md", "title: Engagement", "title: Autre engagement")
    rewrite(folder / "texts/notice_retractation.md", "version: ", "verson: ")
    (folder / "texts/tutoriel_paiement.md").write_text("sans en-tête", encoding="utf-8")

    told = problems(folder)

    assert "cgv/2026-01.md: champ inconnu {{ trader.nom }}" in told
    assert "texts/confidentialite.md: le texte ne commence pas par son titre" in told
    assert "texts/notice_retractation.md: verson" in told
    assert "texts/tutoriel_paiement.md: en-tête YAML absent" in told


def test_missing_and_doubled_texts_are_told(folder: Path) -> None:
    shutil.copy(folder / "cgv/2026-01.md", folder / "cgv/copie.md")
    (folder / "texts/confidentialite.md").unlink()

    told = problems(folder)

    assert "cgv: la version 2026-01 existe deux fois" in told
    assert "confidentialite: texte absent" in told


TWICE = 'mention = "a"\n[[vat]]\nsince = 2026-01-01\nregime = "exempt_training"\nmention = "b"\n'
STANDARD = 'mention = "a"\n[[vat]]\nsince = 2027-01-01\nregime = "standard"\nrate = 20\n'


def test_typing_faults_are_told(folder: Path) -> None:
    rewrite(folder / "texts/confidentialite.md", "Je rejoins un groupe", "J'entre dans un groupe")

    assert "apostrophe droite" in problems(folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('siren = "123456789"', 'siren = "12345"', "siren"),
        ("sample = true", "", "sample"),
        ('email = "bonjour@ensemble1job.example"', 'email = "bonjour"', "email"),
        ('phone = "', "phone = ", "TOML illisible"),
        ("[[vat]]", "[[tva]]", "vat"),
        ("since = 2026-01-01", "since = 2026-13-01", "TOML illisible"),
        ('regime = "franchise"', 'regime = "standard"', "un taux"),
        ('regime = "franchise"', 'regime = "standard"\nrate = 20', "mention légale"),
        ('mention = "TVA non applicable, art. 293 B du CGI"\n', "", "mention légale"),
        ('mention = "TVA non applicable, art. 293 B du CGI"\n', STANDARD, "numéro de TVA"),
        ('mention = "TVA non applicable, art. 293 B du CGI"\n', TWICE, "se suivent"),
    ],
)
def test_wrong_trader_is_refused(folder: Path, old: str, new: str, told: str) -> None:
    rewrite(folder / "trader.toml", old, new)

    with pytest.raises(ContentError, match=told):
        load_trader(folder)


def test_the_installation_knows_its_own_withdrawal_page() -> None:
    trader = load_trader(withdrawal_url="https://bot.example/retractation")

    assert "https://bot.example/retractation" in load_texts(trader=trader).current("cgv", TODAY).body
    assert load_trader().sample is True


def test_three_boxes_of_an_early_start_with_dates_and_euros() -> None:
    boxes = load_choices().early_start_boxes(last_day=date(2026, 12, 7), earliest=date(2026, 12, 8), price=45000)

    shown = [box.shown.translate(SPACES) for box in boxes]
    assert tuple(box.key for box in boxes) == EARLY_START_KEYS
    assert "lundi 7 décembre 2026" in shown[0]
    assert "environ 28,12 € par séance pour un prix de 450,00 €" in shown[1]
    assert "seulement quand la prestation aura été entièrement exécutée" in shown[2]
    assert len({box.sha256 for box in boxes}) == 3
    assert boxes[0].sha256 == hashlib.sha256(boxes[0].shown.encode()).hexdigest()
    assert all(len(box.label) <= 75 for box in boxes)


def test_two_ways_to_start_and_no_waiver() -> None:
    wait, early = load_choices().start_options(last_day=date(2026, 12, 7), earliest=date(2026, 12, 8), price=40000)

    assert "mardi 8 décembre 2026" in wait.shown.translate(SPACES)
    assert "25,00 € par séance" in early.shown.translate(SPACES)
    assert "renonc" not in (wait.shown + early.shown).lower()


def test_choices_must_be_the_expected_ones(folder: Path) -> None:
    rewrite(folder / "choices.toml", 'key = "wait"', 'key = "waive"')

    with pytest.raises(ContentError, match=r"start.*wait, early"):
        load_choices(folder)


def test_unknown_field_of_a_choice_is_found_at_loading(folder: Path) -> None:
    rewrite(folder / "choices.toml", "{{ session_price }}", "{{ seance }}")

    with pytest.raises(ContentError, match="champ inconnu"):
        load_choices(folder)


def test_placeholders_are_filled_once_and_all() -> None:
    assert fill("f", "{{ a }} et {{b.c}}", {"a": "{{ b.c }}", "b.c": "2"}) == "{{ b.c }} et 2"
    with pytest.raises(ContentError, match="accolades"):
        fill("f", "{{ A }}", {})


def test_mrkdwn_of_each_construction() -> None:
    markdown = (
        "# Titre **fort**\n\nUn *mot* **fort**, `code`\net [lien](https://x.example?a=1&b=2).\n\n"
        "1. un\n   - dessous\n2. deux\n\n| n | nom |\n|---|---|\n| 1 | **a** |\n\n> cité\n\n"
        "---\n\n<@U1> & [x](javascript:y) [z](../ailleurs)"
    )

    assert to_mrkdwn(markdown) == (
        "*Titre fort*\nUn _mot_ *fort*, `code` et <https://x.example?a=1&amp;b=2|lien>.\n\n"
        "1. un\n    ◦ dessous\n2. deux\n\n_n – nom_\n• 1 – *a*\n\n> cité\n\n"
        "———\n\n&lt;@U1&gt; &amp; [x](javascript:y) z"
    )


def test_each_text_fits_slack_and_loses_no_word(texts: Texts) -> None:
    for text in texts:
        shown = to_mrkdwn(text.body)
        assert all(len(page) <= 2900 for page in pages(shown))
        assert " ".join(pages(shown)).split() == shown.split()


def test_pages_cut_between_paragraphs_then_sentences_and_keep_headings() -> None:
    text = "Un deux trois.\n\n*Titre*\nPhrase une. Phrase deux. Phrase trois.\n\nFin."

    assert pages(text, 100) == [text]
    assert pages(text, 55) == ["Un deux trois.", "*Titre*\nPhrase une. Phrase deux. Phrase trois.\n\nFin."]
    assert pages(text, 24) == [
        "Un deux trois.",
        "*Titre*\nPhrase une.",
        "Phrase deux.",
        "Phrase trois.\n\nFin.",
    ]


@given(st.text("ab .\n*", max_size=120), st.integers(5, 40))
def test_pages_never_pass_the_limit_and_keep_every_letter(text: str, limit: int) -> None:
    cut = pages(text, limit)

    assert all(len(page) <= limit for page in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_french_dates_and_lengths() -> None:
    at = datetime(2026, 12, 31, 23, 30, 5, tzinfo=UTC)

    assert long_day(date(2027, 1, 1)).translate(SPACES) == "1er janvier 2027"
    assert week_day(date(2026, 12, 8)).translate(SPACES) == "mardi 8 décembre 2026"
    assert moment(at).translate(SPACES) == "1er janvier 2027 à 0 h 30 min 05 s (heure de Paris)"
    assert moment(at, "Indian/Reunion").translate(SPACES) == "1er janvier 2027 à 3 h 30 min 05 s (Indian/Reunion)"
    assert [length(minutes).translate(SPACES) for minutes in (0, 45, 60, 95)] == ["0 min", "45 min", "1 h", "1 h 35"]
    assert clock(at.time()).translate(SPACES) == "23 h 30"
    with pytest.raises(ValueError, match="negative"):
        length(-1)


def test_trader_is_shown_without_line_ends_in_numbers() -> None:
    shown = load_trader().shown()

    assert isinstance(load_trader(), Trader)
    assert shown["siren"] == "123\u00a0456\u00a0789"
    assert " " not in shown["phone"]
    assert shown["address"] == "12 quai des Exemples, 69002 Lyon"
