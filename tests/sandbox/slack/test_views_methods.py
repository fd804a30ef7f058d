"""``views.*``: triggers, stack, hashes, external ids, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


@pytest.fixture
def claire(outside: Any) -> str:
    return str(outside.user_id("claire.martin"))


@pytest.fixture
def trigger(outside: Any, claire: str) -> Any:
    """A fresh trigger of Claire, as if she had just pressed something (in a view, if its id is given)."""
    return lambda view_id=None: outside.on_loop(lambda: outside.delivery.triggers.issue(claire, view_id))


def error_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refusal:
        call(**arguments)
    return str(refusal.value.response["error"])


def test_a_trigger_opens_one_modal_once(outside: Any, trigger: Any, modal: Any) -> None:
    client, key = outside.client(), trigger()
    view = client.views_open(trigger_id=key, view=modal())["view"]
    assert (view["type"], view["root_view_id"], view["previous_view_id"]) == ("modal", view["id"], None)
    assert view["state"] == {"values": {"name": {"first_name": {"type": "plain_text_input", "value": None}}}}
    assert {"hash", "app_id", "bot_id", "team_id", "external_id", "app_installed_team_id"} <= set(view)
    assert error_of(client.views_open, trigger_id=key, view=modal()) == "exchanged_trigger_id"
    assert outside.read("view")["modal"]["id"] == view["id"]


def test_triggers_that_cannot_be_used(outside: Any, trigger: Any, modal: Any) -> None:
    client, late = outside.client(), trigger()
    outside.delivery.triggers._triggers[late].issued -= 3.1
    assert error_of(client.views_open, trigger_id=late, view=modal()) == "expired_trigger_id"
    assert error_of(client.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_a_trigger_ages_in_real_time_only(outside: Any, trigger: Any, modal: Any) -> None:
    key = trigger()
    outside.move(days=3)
    assert outside.client().views_open(trigger_id=key, view=modal())["ok"]


def test_a_refused_view_keeps_its_trigger(outside: Any, trigger: Any, modal: Any) -> None:
    client, key = outside.client(), trigger()
    bad = modal() | {"title": {"type": "plain_text", "text": "Un titre bien trop long pour Slack"}}
    with pytest.raises(SlackApiError) as refusal:
        client.views_open(trigger_id=key, view=bad)
    assert refusal.value.response["error"] == "invalid_arguments"
    assert "/view/title" in refusal.value.response["response_metadata"]["messages"][0]
    assert client.views_open(trigger_id=key, view=modal())["ok"]


def test_a_view_of_more_than_250_kilobytes_is_too_large(outside: Any, trigger: Any, modal: Any) -> None:
    text = {"type": "section", "text": {"type": "mrkdwn", "text": "é" * 2990}}
    big = modal(*[text] * 50)
    assert error_of(outside.client().views_open, trigger_id=trigger(), view=big) == "view_too_large"


def test_a_home_is_no_modal(outside: Any, trigger: Any) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert error_of(outside.client().views_open, trigger_id=trigger(), view=home) == "invalid_arguments"


def test_the_stack_holds_three(outside: Any, trigger: Any, modal: Any) -> None:
    client = outside.client()
    first = client.views_open(trigger_id=trigger(), view=modal())["view"]
    second = client.views_push(trigger_id=trigger(first["id"]), view=modal())["view"]
    third = client.views_push(trigger_id=trigger(second["id"]), view=modal())["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    assert error_of(client.views_push, trigger_id=trigger(third["id"]), view=modal()) == "push_limit_reached"
    assert outside.read("view")["depth"] == 3


def test_a_push_needs_a_trigger_from_an_open_modal(outside: Any, trigger: Any, modal: Any) -> None:
    client = outside.client()
    assert error_of(client.views_push, trigger_id=trigger(), view=modal()) == "invalid_trigger_id"
    assert error_of(client.views_push, trigger_id=trigger("V0GONE"), view=modal()) == "not_found"


def test_an_update_keeps_answers_whose_ids_stay(outside: Any, trigger: Any, modal: Any, fields: Any) -> None:
    client = outside.client()
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    outside.act("fill", values={"Prénom": "Zoé"})
    age = fields("Âge", {"type": "number_input", "is_decimal_allowed": False, "action_id": "age"}, "age")
    updated = client.views_update(view_id=view["id"], view=modal(*modal()["blocks"], age))["view"]
    assert updated["id"] == view["id"]
    assert updated["hash"] != view["hash"]
    assert updated["state"]["values"]["name"]["first_name"]["value"] == "Zoé"
    renamed = fields("Prénom", {"type": "plain_text_input", "action_id": "other"}, "name")
    fresh = client.views_update(view_id=view["id"], view=modal(renamed))["view"]
    assert fresh["state"]["values"]["name"]["other"]["value"] is None


def test_an_update_with_an_old_hash_conflicts(outside: Any, trigger: Any, modal: Any) -> None:
    client = outside.client()
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    conflict = error_of(client.views_update, view_id=view["id"], hash=view["hash"], view=modal())
    assert conflict == "hash_conflict"


def test_an_external_id_is_one_views_only(outside: Any, trigger: Any, modal: Any) -> None:
    client, named = outside.client(), modal(external_id="step-1")
    view = client.views_open(trigger_id=trigger(), view=named)["view"]
    assert client.views_update(external_id="step-1", view=named)["view"]["id"] == view["id"]
    assert error_of(client.views_push, trigger_id=trigger(view["id"]), view=named) == "duplicate_external_id"
    assert error_of(client.views_update, external_id="step-2", view=named) == "not_found"


def test_a_home_is_published_for_one_person(outside: Any, claire: str) -> None:
    client = outside.client()
    home = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Accueil"}}]}
    first = client.views_publish(user_id=claire, view=home)["view"]
    assert outside.read("view")["home"]["text"] == "# Accueil"
    assert outside.read("view", "thomas.nguyen")["home"] is None
    second = client.views_publish(user_id=claire, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert error_of(client.views_publish, user_id=claire, view=home, hash=first["hash"]) == "hash_conflict"
    assert error_of(client.views_publish, user_id="U0NOBODY", view=home) == "user_not_found"
