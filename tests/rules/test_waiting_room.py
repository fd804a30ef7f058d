"""What a waiting person is told: counts that give nobody away, and suggestions by the rule itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from programme.rules.compatibility import Candidate
from programme.rules.matching import propose
from programme.rules.waiting_room import Suggestion, waiting_room, what_would_help
from tests.rules.exact_matching import kilometres, seeded_room

ME = Candidate("mem_me", 0.0, 0.0, 20, frozenset({"mon-evening", "tue-lunch"}))


def other(name: str, km_east: float, *slots: str, radius_km: int = 40) -> Candidate:
    return Candidate(name, 0.0, km_east / 111.195, radius_km, frozenset(slots))


def test_counts_from_three_on_only() -> None:
    two = [other("mem_a", 5, "mon-evening"), other("mem_b", 6, "mon-evening")]
    assert waiting_room(ME, two).within_reach is None
    three = [*two, other("mem_c", 7, "sun-lunch")]
    told = waiting_room(ME, [*three, ME])
    assert (told.within_reach, told.sharing_a_slot, told.by_slot) == (3, None, ())
    told = waiting_room(ME, [*three, other("mem_d", 8, "mon-evening", "tue-lunch")])
    assert (told.within_reach, told.sharing_a_slot, told.by_slot) == (4, 3, (("mon-evening", 3),))


def test_only_people_within_both_radii_count() -> None:
    near = [other(f"mem_{k}", 10, "mon-evening", radius_km=9 if k == 0 else 11) for k in range(3)]
    far = other("mem_far", 21, "mon-evening")
    assert waiting_room(ME, [*near, far]).within_reach is None


def test_refusals_and_employers_cannot_be_read_off_the_counts() -> None:
    people = [other(f"mem_{k}", 5, "mon-evening") for k in range(3)]
    wary = [replace(c, refuses=frozenset({ME.id}), employer="Acme") for c in people]
    assert waiting_room(replace(ME, employer="Acme"), wary) == waiting_room(ME, people)


def test_a_slot_that_others_share_would_help() -> None:
    people = [other(f"mem_{k}", 5, "wed-evening") for k in range(3)]
    assert what_would_help(ME, people) == (Suggestion("wed-evening", 0, 3),)


def test_ten_more_kilometres_would_help() -> None:
    people = [other(f"mem_{k}", 25, "mon-evening") for k in range(4)]
    assert what_would_help(ME, people) == (Suggestion(None, 10, 4),)
    assert what_would_help(ME, [replace(c, radius_km=20) for c in people]) == ()


def test_two_people_are_never_suggested() -> None:
    assert what_would_help(ME, [other(f"mem_{k}", 5, "wed-evening") for k in range(2)]) == ()


def test_nothing_helps_where_refusals_stand_in_the_way() -> None:
    people = [other(f"mem_{k}", 5, "wed-evening") for k in range(3)]
    assert what_would_help(ME, [replace(people[0], refuses=frozenset({ME.id})), *people[1:]]) == ()


@given(st.integers(0, 5_000))
@settings(max_examples=40)
def test_a_suggestion_followed_makes_a_group_possible(seed: int) -> None:
    people, _ = seeded_room(seed)
    me, *others = people
    for offer in what_would_help(me, others):
        changed = replace(
            me,
            radius_km=me.radius_km + offer.extra_km,
            slots=me.slots | ({offer.slot} if offer.slot else set()),
            head_of_queue=True,
        )
        reachable = [c for c in others if kilometres(changed, c) <= changed.radius_km]
        assert 3 <= offer.people <= len(reachable)
        assert any(propose([changed, *three]) for three in combinations(reachable, 3))
