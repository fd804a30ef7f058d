"""The guided stories: what they tell, how they play themselves, and what they refuse."""

from __future__ import annotations

import re
import time

import pytest

from tests.sandbox.page.window import CLAIRE, ELISE, GENERAL, START, TUTORS, one, plain

FIRST = {
    "id": "first",
    "title": "Première",
    "intro": "Pour commencer.",
    "steps": [
        {"say": "Tapez la commande.", "as": CLAIRE, "play": [{"command": "/demo aide"}]},
        {"say": "Appuyez.", "as": ELISE, "at": "e-tutorat", "play": [{"press": "a", "channel": "e-tutorat"}]},
    ],
}
SECOND = {"id": "second", "title": "Deuxième", "intro": "Ensuite.", "needs": "first", "steps": []}
LONGEST_SECONDS = 10


def told(window, *stories):
    answer = window.client.post("/control/page/stories", json={"stories": list(stories)})
    assert answer.status_code == 200, answer.text
    window.desk.tour.pause = 0


def story(*deeds, person=CLAIRE):
    return FIRST | {"steps": [{"say": "Regardez.", "as": person, "play": list(deeds)}]}


def tour(window, act, **more):
    return window.post("tour", tour=act, **more)


def played(window, act="whole"):
    """Play, and give the bar once it has come to rest."""
    tour(window, act)
    until = time.monotonic() + LONGEST_SECONDS
    while window.on_loop(lambda: window.desk.tour.playing) and time.monotonic() < until:
        window.client.get("/clock")
    return bar(window)


def bar(window, person=CLAIRE):
    return one(r'<form class="tour"(.*?)</form>', window.get(f"/page/{person}/{GENERAL}"))


def button(action_id="a"):
    element = {"type": "button", "action_id": action_id, "text": plain("Prendre")}
    return {"type": "actions", "block_id": "acts", "elements": [element]}


def test_stories_are_listed_with_what_they_need(window):
    told(window, FIRST, SECOND)
    page = window.get(f"/page/{CLAIRE}/tour")
    assert "Première" in page
    assert "À jouer après « Première »." in page
    assert "Visite</a>" in window.get(f"/page/{CLAIRE}/{GENERAL}")


def test_a_story_says_what_to_do_and_leads_to_where_it_is_done(window):
    told(window, FIRST)
    page = tour(window, "choose", story="first")
    assert "Tapez la commande." in page
    assert "étape 1 sur 2" in page
    tour(window, "done")
    assert f'href="/page/{ELISE}/e-tutorat?tour=1"' in bar(window)
    led = window.client.get(f"/page/{CLAIRE}/{GENERAL}?tour=1")
    assert led.url.path == f"/page/{ELISE}/e-tutorat"
    assert window.client.get(f"/page/{CLAIRE}/{GENERAL}").url.path == f"/page/{CLAIRE}/{GENERAL}"


def test_a_step_plays_itself_and_the_whole_story_does(window):
    told(window, FIRST)
    window.message(button(), channel=TUTORS)
    tour(window, "choose", story="first")
    assert "étape 2 sur 2" in played(window, "step")
    assert window.app.last("/demo")["text"] == "aide"
    assert "terminée" in played(window)
    assert window.app.actions()[0]["action_id"] == "a"
    assert "✓ jouée" in window.get(f"/page/{CLAIRE}/tour")


def test_the_story_that_is_needed_is_played_first(window):
    told(window, FIRST, SECOND | {"steps": [{"say": "Fini.", "as": CLAIRE}]})
    window.message(button(), channel=TUTORS)
    tour(window, "choose", story="second")
    assert "Cette histoire vient après « Première »." in bar(window)
    assert "terminée" in played(window)
    assert window.app.last("/demo")


def test_a_step_that_cannot_be_played_says_why_and_stays(window):
    told(window, FIRST)
    tour(window, "choose", story="first")
    tour(window, "done")
    shown = played(window)
    assert "La visite s’arrête ici :" in shown
    assert "ne voit pas « a »" in shown
    assert "étape 2 sur 2" in shown


def test_forms_are_completed_with_the_answers_of_the_story_and_plausible_ones(window):
    def field(name, element, **more):
        label = {"type": "input", "block_id": name, "label": plain(name)}
        return label | {"element": element | {"action_id": "a"}} | more

    days = [{"text": plain("Lundi"), "value": "mon"}, {"text": plain("Mardi"), "value": "tue"}]
    window.modal(
        field("name", {"type": "plain_text_input"}),
        field("why", {"type": "plain_text_input", "min_length": 300, "max_length": 400}),
        field("days", {"type": "checkboxes", "options": days}),
        field("day", {"type": "radio_buttons", "options": days}),
        field("more", {"type": "plain_text_input"}, optional=True),
    )
    told(window, story({"complete": {"name": "Claire"}}))
    tour(window, "choose", story="first")
    assert "terminée" in played(window)
    values = window.app.last("view_submission")["view"]["state"]["values"]
    assert values["name"]["a"]["value"] == "Claire"
    assert 300 <= len(values["why"]["a"]["value"]) <= 400
    assert len(values["days"]["a"]["selected_options"]) == 2
    assert values["day"]["a"]["selected_option"]["value"] == "mon"
    assert values["more"]["a"]["value"] is None


def test_newcomers_come_in_and_write_in_threads(window):
    window.message(button(), channel=GENERAL)
    newcomer = {"name": "ines.dupre", "real_name": "Inès Dupré", "email": "ines.dupre@example.fr"}
    told(
        window,
        story(
            {"add": [newcomer]},
            {"reply": "Une observation.", "to": "a"},
            {"move": "hour"},
            {"as": ["ines.dupre", CLAIRE], "command": "/demo"},
        ),
    )
    window.client.post("/control/clock/set", json={"now": START.isoformat()})
    tour(window, "choose", story="first")
    assert "terminée" in played(window)
    replies = [m for m in window.sandbox.slack.workspace.channels[GENERAL].messages.values() if m.is_reply]
    assert [m.text for m in replies] == ["Une observation."]
    typed = [p["user_name"] for p in window.app.received if p.get("command") == "/demo"]
    assert typed == ["ines.dupre", "claire.martin"]


def test_a_form_that_is_not_open_is_not_completed(window):
    told(window, story({"complete": {}}))
    tour(window, "choose", story="first")
    assert "Aucun formulaire n’est ouvert devant Claire Martin" in played(window)


def test_what_never_comes_ends_the_waiting(window):
    told(window, story({"until": "nowhere"}))
    tour(window, "choose", story="first")
    assert "n’est jamais arrivé devant Claire Martin" in played(window)


def test_what_was_done_by_hand_is_not_played_again(window):
    """Claire has pressed and answered herself; « Jouer l’étape » does only what the other person has to do."""
    ts = window.message(button(), channel=GENERAL)
    both = {"as": [CLAIRE, ELISE]}
    told(window, story({"until": "a"}, both | {"press": "a", "channel": GENERAL}, {"complete": {}}))
    tour(window, "choose", story="first")
    window.post("press", surface="message", channel=GENERAL, ts=ts, press="acts/a")
    window.modal(button())
    window.post("submit", surface="modal")
    assert "terminée" in played(window, "step")
    pressed = [p["user"]["id"] for p in window.app.received if p.get("type") == "block_actions"]
    assert pressed == [CLAIRE, ELISE]
    assert len([p for p in window.app.received if p.get("type") == "view_submission"]) == 1


def test_what_was_done_by_hand_counts_for_its_step_only(window):
    press = {"say": "Appuyez.", "as": CLAIRE, "play": [{"press": "a", "channel": GENERAL}]}
    ts = window.message(button(), channel=GENERAL)
    told(window, FIRST | {"steps": [press, press]})
    tour(window, "choose", story="first")
    window.post("press", surface="message", channel=GENERAL, ts=ts, press="acts/a")
    tour(window, "done")
    assert "terminée" in played(window, "step")
    assert len(window.app.actions()) == 2


def test_the_story_is_put_away(window):
    told(window, FIRST)
    tour(window, "choose", story="first")
    assert 'class="tour"' not in tour(window, "leave")
    assert "ne connaît pas ce bouton" in tour(window, "dance")
    assert "n’existe pas" in tour(window, "choose", story="nowhere")


@pytest.mark.parametrize(
    "stories",
    [
        None,
        [{"id": "x"}],
        [FIRST | {"needs": "nowhere"}],
        [FIRST | {"steps": [{"say": "Oui", "as": CLAIRE, "play": [{"dance": True}]}]}],
        [FIRST | {"steps": [{"say": "Oui", "as": CLAIRE, "play": [{"close": True, "press": "a"}]}]}],
    ],
)
def test_stories_that_cannot_be_read_are_refused_with_a_reason(window, stories):
    answer = window.client.post("/control/page/stories", json={"stories": stories})
    assert answer.status_code == 400
    assert re.search(r"\w+ \w+", answer.json()["error"])
