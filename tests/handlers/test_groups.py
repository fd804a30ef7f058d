"""The proposal card's form, as Slack sends it."""

from __future__ import annotations

from handlers.ids import Action, Callback
from handlers.payloads import CompositionShown
from programme.usecases import composition
from tests.usecases.test_composition import in_it, member_id
from tests.usecases.waiting_room import ADMIN, Person, enrol, proposed


def chosen(*ids: str) -> dict[str, object]:
    options = [{"text": {"type": "plain_text", "text": "x"}, "value": one} for one in ids]
    return {"members": {"type": "multi_static_select", "selected_options": options}}


def test_an_admin_opens_the_form_and_changes_the_group(bolt, world, ports) -> None:
    found = proposed(ports)
    enrol(ports, Person("UM5"))
    bolt.press(Action.CHANGE_GROUP, found.id, user="UM1")
    assert bolt.api.called("views.open") == []
    bolt.press(Action.CHANGE_GROUP, found.id, user="UADMIN1")
    assert len(bolt.api.called("views.open")) == 1

    shown = composition.composition(ports, caller=ADMIN, group_id=found.id)
    metadata = CompositionShown(group_id=found.id, fingerprint=shown.fingerprint).model_dump_json()
    ids = [member_id(ports, user) for user in ("UM1", "UM2")]
    refused = bolt.submit(Callback.COMPOSITION, chosen(*ids), user="UADMIN1", metadata=metadata)
    assert "composition" not in refused.body
    assert "Trois ou quatre" in refused.body or "trois ou quatre" in refused.body

    ids = [member_id(ports, user) for user in ("UM1", "UM2", "UM3", "UM5")]
    bolt.submit(Callback.COMPOSITION, chosen(*ids), user="UADMIN1", metadata=metadata)
    assert in_it(ports, found) == {"UM1", "UM2", "UM3", "UM5"}
