"""Two screens fill in one page in any order: nothing that was saved is overwritten unseen, nothing typed is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from programme.fakes import FakeClock
from programme.model.worksheet import Draft
from programme.usecases.worksheets import Shown, merge

QUESTIONS = ("first", "second")
SCREENS = ("phone", "computer")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(SCREENS),
        st.booleans(),
        st.fixed_dictionaries({question: st.sampled_from(["", "a", "b", "c"]) for question in QUESTIONS}),
    ),
    max_size=14,
)


@given(STEPS)
def test_nothing_is_overwritten_unseen_and_nothing_typed_is_lost(steps) -> None:
    draft = Draft("dra_1", "mem_1", "F01", 1, FakeClock().now())
    seen = {screen: (0, {}) for screen in SCREENS}
    for screen, reopens, typed in steps:
        if reopens:
            seen[screen] = (draft.revision, dict(draft.answers))
        revision, known = seen[screen]
        before = dict(draft.answers)
        conflicts = merge(draft, typed, Shown("F01", 1, 0, revision, screen))
        for question, answer in typed.items():
            if question in conflicts:
                assert conflicts[question] == before.get(question)
                assert draft.answers.get(question) == before.get(question)
            else:
                assert draft.answers.get(question, "") == answer
                assert before.get(question, "") in {known.get(question, ""), answer}
        seen[screen] = (draft.revision, dict(draft.answers))
