"""French postcodes and communes with their position, read once from ``communes.csv`` and searched in memory.

Sources, licences, coverage and error are in ``communes.LICENCE.md``; ``tools/build_gazetteer.py`` rebuilds the table.
Positions are those of communes: good enough to say who lives near whom, useless to find a street.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from programme.rules.folding import fold

DEFAULT_PATH = Path(__file__).with_name("communes.csv")

_ARTICLE = re.compile(r"^(l|la|le|les) ")
_SAINT = re.compile(r"\bst(e?)\b")
_AFTER = "\uffff"
_RARE_TRIGRAMS = 6
_FUZZY_CANDIDATES = 40
_MIN_FUZZY_LENGTH = 3


class Precision(StrEnum):
    """Where the position of a commune comes from, best first; errors are measured in ``communes.LICENCE.md``."""

    COMMUNE = "commune"
    """Its own seat or main village."""
    PART = "part"
    """The largest known part of it (an old commune, a district)."""
    HAND = "hand"
    """Set by hand, within about 5 km."""
    POSTCODE = "postcode"
    """Mean of the communes that share its postcode."""
    INTERCOMMUNALITY = "intercommunality"
    """Median of its intercommunality."""
    DEPARTMENT = "department"
    """Median of its department."""


class Place(NamedTuple):
    """One postcode of one commune. Degrees are WGS 84; ``population`` is that of the whole commune."""

    postcode: str
    commune: str
    insee: str
    latitude: float
    longitude: float
    precision: Precision
    population: int = 0


class Gazetteer:
    """All the places, indexed by postcode and by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_postcode: dict[str, list[Place]] = defaultdict(list)
        by_name: dict[str, list[Place]] = defaultdict(list)
        names: dict[str, str] = {}
        for place in places:
            self._by_postcode[place.postcode].append(place)
            name = names.get(place.commune) or names.setdefault(place.commune, search_key(place.commune))
            by_name[name].append(place)
        for same_postcode in self._by_postcode.values():
            same_postcode.sort(key=_largest_first)
        self._postcodes = sorted(self._by_postcode)
        self._names = _NameIndex(by_name)

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Gazetteer:
        """Read the table; ``OSError`` if it is missing, ``ValueError`` or ``KeyError`` if it is not ours."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls(_read_places(csv.reader(file)))

    def by_postcode(self, postcode: str) -> list[Place]:
        """Communes served by a postcode, the most populous first; empty if there is no such postcode."""
        return list(self._by_postcode.get(postcode.replace(" ", ""), ()))

    def places(self) -> Iterator[Place]:
        """Every postcode of every commune, by postcode."""
        return (place for postcode in self._postcodes for place in self._by_postcode[postcode])

    def search(self, text: str, limit: int = 20) -> list[Place]:
        """Complete what a person has typed: start of a postcode, of a name, of a word in it, or a misspelt name.

        Best first: the whole name, then names starting so, then names with a word starting so, then near misses;
        among equals the most populous. Both may be given ("69003 lyon").
        """
        key = search_key(text)
        digits, name = _split_postcode(key)
        if digits:
            return self._with_prefix(digits, name)[:limit]
        return self._names.search(name, limit) if name else []

    def _with_prefix(self, digits: str, name: str) -> list[Place]:
        start = bisect_left(self._postcodes, digits)
        end = bisect_left(self._postcodes, digits + _AFTER)
        found = [place for code in self._postcodes[start:end] for place in self._by_postcode[code]]
        named = [place for place in found if name in search_key(place.commune)] if name else []
        return named or found


class _NameIndex:
    """Completion over folded names: sorted starts for prefixes, trigrams for near misses."""

    def __init__(self, by_name: dict[str, list[Place]]) -> None:
        self._places = by_name
        self._people = {name: max(p.population for p in places) for name, places in by_name.items()}
        self._starts = sorted(by_name)
        self._inner = sorted((name[i + 1 :], name) for name in by_name for i, char in enumerate(name) if char == " ")
        self._trigrams: dict[str, list[str]] = defaultdict(list)
        for name in by_name:
            padded = f" {name}"
            for i in range(len(padded) - 2):
                self._trigrams[padded[i : i + 3]].append(name)

    def search(self, key: str, limit: int) -> list[Place]:
        """At most ``limit`` places for a folded key, best first."""
        found: dict[Place, None] = {}
        for step in (self._exact, self._starting, self._with_word, self._near):
            for place in step(key, limit):
                found[place] = None
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def _exact(self, key: str, limit: int) -> list[Place]:
        return sorted(self._places.get(key, ()), key=_largest_first)[:limit]

    def _starting(self, key: str, limit: int) -> list[Place]:
        names = self._starts[bisect_left(self._starts, key) : bisect_left(self._starts, key + _AFTER)]
        return self._largest(names, limit)

    def _with_word(self, key: str, limit: int) -> list[Place]:
        start, end = bisect_left(self._inner, (key,)), bisect_left(self._inner, (key + _AFTER,))
        return self._largest([name for _, name in self._inner[start:end]], limit)

    def _largest(self, names: Sequence[str], limit: int) -> list[Place]:
        return nsmallest(limit, (place for name in names for place in self._places[name]), key=_largest_first)

    def _near(self, key: str, limit: int) -> list[Place]:
        """Names whose beginning is a few letters away: one mistake up to 7 letters, two up to 11, then three."""
        if len(key) < _MIN_FUZZY_LENGTH:
            return []
        allowed = min(3, 1 + len(key) // 8 + (len(key) > 11))
        ranked = []
        for name in self._alike(key):
            mistakes = min(prefix_mistakes(key, start) for start in {name, _ARTICLE.sub("", name)})
            if mistakes <= allowed:
                best = min(self._places[name], key=_largest_first)
                ranked.append((mistakes, _largest_first(best), name))
        ranked.sort()
        return [place for _, _, name in ranked for place in self._places[name]][:limit]

    def _alike(self, key: str) -> list[str]:
        """Names which share the most of the key's rarest trigrams, the most populous first among equals."""
        padded = f" {key}"
        lists = [self._trigrams.get(padded[i : i + 3], []) for i in range(len(padded) - 2)]
        shared: Counter[str] = Counter()
        for names in sorted((names for names in lists if names), key=len)[:_RARE_TRIGRAMS]:
            shared.update(names)
        enough = sorted(shared.values(), reverse=True)[:_FUZZY_CANDIDATES][-1:]
        alike = [name for name, count in shared.items() if [count] >= enough]
        return nsmallest(_FUZZY_CANDIDATES, alike, key=lambda name: (-shared[name], -self._people[name], name))


def search_key(text: str) -> str:
    """Folded name with St and Ste written out."""
    return _SAINT.sub(r"saint\1", fold(text))


def prefix_mistakes(typed: str, name: str) -> int:
    """Fewest insertions, deletions, replacements and swaps that turn ``typed`` into a beginning of ``name``."""
    width = min(len(name), len(typed) + 3)
    before: list[int] = []
    previous = list(range(width + 1))
    for i, letter in enumerate(typed, start=1):
        current = [i]
        for j in range(1, width + 1):
            cost = 0 if letter == name[j - 1] else 1
            best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
            if i > 1 and j > 1 and letter == name[j - 2] and typed[i - 2] == name[j - 1]:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        before, previous = previous, current
    return min(previous)


def _split_postcode(key: str) -> tuple[str, str]:
    """Digits at the start, or five of them anywhere, are a postcode ("lyon 3" is not); the rest is a name."""
    words = key.split()
    for index, word in enumerate(words):
        if word.isdigit() and (index == 0 or len(word) == 5):
            return word, " ".join(words[:index] + words[index + 1 :])
    return "", key


def _largest_first(place: Place) -> tuple[int, str, str]:
    return -place.population, place.insee, place.postcode


def _read_places(rows: Iterable[list[str]]) -> Iterable[Place]:
    lines = iter(rows)
    expected = ["insee", "commune", "postcodes", "latitude", "longitude", "precision", "population"]
    if next(lines, None) != expected:
        raise ValueError(f"the gazetteer must have the columns {', '.join(expected)}")
    precisions = {precision.value: precision for precision in Precision}
    for insee, commune, postcodes, latitude, longitude, precision, population in lines:
        position = float(latitude), float(longitude), precisions[precision], int(population)
        for postcode in postcodes.split():
            yield Place(postcode, commune, insee, *position)
