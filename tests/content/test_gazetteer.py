"""The table of communes as shipped, and the search over it."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.content.gazetteer import Gazetteer, Place, Precision, prefix_mistakes, search_key
from programme.rules.geography import distance_km


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def names(places: list[Place]) -> list[str]:
    return [place.commune for place in places]


@pytest.mark.parametrize(
    ("postcode", "commune", "insee", "latitude", "longitude"),
    [
        ("75001", "Paris 1er Arrondissement", "75101", 48.86, 2.34),
        ("75116", "Paris 16e Arrondissement", "75116", 48.86, 2.27),
        ("69003", "Lyon 3e Arrondissement", "69383", 45.76, 4.86),
        ("13001", "Marseille 1er Arrondissement", "13201", 43.30, 5.38),
        ("67000", "Strasbourg", "67482", 48.58, 7.75),
        ("29200", "Brest", "29019", 48.39, -4.49),
        ("20000", "Ajaccio", "2A004", 41.92, 8.74),
        ("97400", "Saint-Denis", "97411", -20.88, 55.45),
        ("97150", "Saint-Martin", "97801", 18.07, -63.08),
        ("97500", "Saint-Pierre", "97502", 46.78, -56.18),
        ("98714", "Papeete", "98735", -17.54, -149.57),
        ("98800", "Nouméa", "98818", -22.27, 166.45),
    ],
)
def test_a_postcode_gives_its_commune_and_its_place(
    gazetteer: Gazetteer, postcode: str, commune: str, insee: str, latitude: float, longitude: float
) -> None:
    place = gazetteer.by_postcode(postcode)[0]
    assert (place.postcode, place.commune, place.insee) == (postcode, commune, insee)
    assert distance_km(place, Place("", "", "", latitude, longitude, Precision.HAND)) < 5


def test_a_postcode_of_several_communes_gives_the_most_populous_first(gazetteer: Gazetteer) -> None:
    places = gazetteer.by_postcode("01 400")
    assert len(places) > 5
    assert names(places)[0] == "Châtillon-sur-Chalaronne"
    assert "L'Abergement-Clémenciat" in names(places)


def test_an_unknown_postcode_gives_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.by_postcode("99999") == []
    assert gazetteer.by_postcode("") == []


def test_the_whole_country_is_there_with_believable_positions(gazetteer: Gazetteer) -> None:
    places = list(gazetteer.places())
    assert len({place.insee for place in places}) > 34_900
    assert len({place.postcode for place in places}) > 6_300
    departments = {place.insee[:3] if place.insee.startswith("97") else place.insee[:2] for place in places}
    metropolitan = {f"{n:02}" for n in range(1, 96) if n != 20} | {"2A", "2B"}
    assert departments >= metropolitan | {"971", "972", "973", "974", "975", "976", "977", "978", "98"}
    for place in places:
        assert re.fullmatch(r"\d{5}", place.postcode)
        if not place.insee.startswith(("97", "98")):
            assert 41.3 < place.latitude < 51.2, place
            assert -5.2 < place.longitude < 9.6, place


def test_communes_of_one_postcode_are_near_each_other(gazetteer: Gazetteer) -> None:
    spans = []
    for postcode in sorted({place.postcode for place in gazetteer.places() if not place.postcode.startswith("9")}):
        first, *others = gazetteer.by_postcode(postcode)
        spans.extend(distance_km(first, other) for other in others)
    spans.sort()
    assert spans[len(spans) // 2] < 10
    assert spans[int(0.99 * len(spans))] < 30


def test_nine_people_in_ten_live_in_a_commune_with_its_own_position(gazetteer: Gazetteer) -> None:
    communes = {place.insee: place for place in gazetteer.places()}.values()
    known = sum(p.population for p in communes if p.precision in (Precision.COMMUNE, Precision.PART))
    assert known / sum(p.population for p in communes) > 0.9


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("saint etien", "Saint-Étienne"),
        ("St-Étienne", "Saint-Étienne"),
        ("sant etiene", "Saint-Étienne"),
        ("ST ETIENNE DU ROUVRAY", "Saint-Étienne-du-Rouvray"),
        ("lyon 3", "Lyon 3e Arrondissement"),
        ("paris 16", "Paris 16e Arrondissement"),
        ("69003", "Lyon 3e Arrondissement"),
        ("69003 lyon", "Lyon 3e Arrondissement"),
        ("lyon 69003", "Lyon 3e Arrondissement"),
        ("01400 abergement", "L'Abergement-Clémenciat"),
        ("villeurbane", "Villeurbanne"),
        ("tolouse", "Toulouse"),
        ("grenobel", "Grenoble"),
        ("rochele", "La Rochelle"),
        ("l'hay", "L'Haÿ-les-Roses"),
        ("rouvray", "Rouvray"),
        ("clermon ferand", "Clermont-Ferrand"),
    ],
)
def test_completion(gazetteer: Gazetteer, typed: str, first: str) -> None:
    assert names(gazetteer.search(typed))[0] == first


def test_marseille_is_found_with_two_letters_swapped(gazetteer: Gazetteer) -> None:
    assert all(name.startswith("Marseille ") for name in names(gazetteer.search("marsielle", limit=5)))


def test_a_postcode_prefix_lists_what_begins_so(gazetteer: Gazetteer) -> None:
    found = gazetteer.search("6900", limit=50)
    assert [place.postcode for place in found] == [f"6900{n}" for n in range(1, 10)]


@pytest.mark.parametrize("typed", ["", "   ", "'", "zzzzzz", "00000", "99999 lyon"])
def test_what_is_nowhere_gives_nothing(gazetteer: Gazetteer, typed: str) -> None:
    assert gazetteer.search(typed) == []


@given(text=st.text(max_size=30), limit=st.integers(1, 30))
def test_any_text_is_answered_within_the_limit_without_repeats(gazetteer: Gazetteer, text: str, limit: int) -> None:
    found = gazetteer.search(text, limit)
    assert len(found) == len(set(found)) <= limit


def test_one_typing_mistake_rarely_hides_a_commune(gazetteer: Gazetteer) -> None:
    rng = random.Random(4)
    places = list(gazetteer.places())
    found = 0
    for place in rng.choices(places, [p.population for p in places], k=300):
        at = rng.randrange(1, len(place.commune))
        typed = place.commune[:at] + rng.choice(("", "e", "o")) + place.commune[at + 1 :]
        found += any(other.insee == place.insee for other in gazetteer.search(typed))
    assert found >= 270


def test_every_name_is_completed_from_its_full_spelling(gazetteer: Gazetteer) -> None:
    rng = random.Random(5)
    for place in rng.sample(list(gazetteer.places()), 300):
        assert search_key(names(gazetteer.search(place.commune))[0]) == search_key(place.commune)


@pytest.mark.parametrize(
    ("typed", "name", "mistakes"),
    [("lyo", "lyon", 0), ("lyno", "lyon 3e", 1), ("lion", "lyon", 1), ("lyyon", "lyon", 1), ("abc", "xyz", 3)],
)
def test_mistakes_are_counted_against_the_beginning(typed: str, name: str, mistakes: int) -> None:
    assert prefix_mistakes(typed, name) == mistakes


def test_a_table_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text("code,name\n1,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns"):
        Gazetteer.load(path)
