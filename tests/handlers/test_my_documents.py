"""``/bilan-document``, the shortcut on a message and the matrix, as people meet them."""

from __future__ import annotations

import json

import pytest

from handlers.ids import Action, Callback, Command, Shortcut
from handlers.views.messages import draw
from programme.messages.documents import DocumentReceipt
from programme.usecases import delivery
from tests.usecases.tutoring import (
    documents_of,
    filled,
    read_by,
    remark,
    returned,
    running,
    slack_file,
    submitted,
    taken,
)
from tests.usecases.waiting_room import rows

AUTHOR, PEER, TUTOR, OTHER_TUTOR, ADMIN = "UM1", "UM2", "UTUTOR1", "UTUTOR2", "UADMIN1"


def texts(view: dict) -> str:
    return json.dumps(view, ensure_ascii=False).replace("\u00a0", " ")


def opened(bolt) -> dict:
    return bolt.api.called("views.open")[-1]["view"]


def in_modal(bolt, action: str, value: str, user: str = AUTHOR, method: str = "views.update") -> dict:
    """Press inside an open modal; returns what it shows then."""
    bolt.press(action, value, user=user, view={"id": "V1", "type": "modal", "hash": "h", "blocks": []})
    return bolt.api.called(method)[-1]["view"]


def look(bolt, value: str, user: str = AUTHOR) -> dict:
    return in_modal(bolt, Action.OPEN_DOCUMENT, value, user, "views.push")


def test_the_list_says_where_each_document_stands(bolt, world) -> None:
    running(world, guides=3)
    done = taken(world)
    filled(world, "F02", pages=1)
    bolt.command(Command.DOCUMENT, user=AUTHOR)

    lines = [block["text"]["text"] for block in opened(bolt)["blocks"] if "accessory" in block]
    assert lines == [
        "*F01 · Mon point de départ*\nen relecture",
        "*F02 · Ligne de vie*\npas encore rendu · brouillon en cours",
        "*F03 · Trois réalisations*\npas encore rendu",
    ]
    assert done.versions == 1


def test_without_a_group_the_command_says_when_worksheets_open(bolt, world) -> None:
    bolt.command(Command.DOCUMENT, user="UNOBODY")

    assert "Aucune fiche n’est encore ouverte" in texts(opened(bolt))


def test_versions_are_shown_with_their_remarks_and_seals(bolt, world) -> None:
    running(world)
    done = taken(world)
    remark(world, done.id, "Précisez la date.")
    returned(world, done.id)
    submitted(world, question="Une autre question, plus courte que la première ?")
    page = texts(look(bolt, "F01-1"))

    assert "État : *reçu*" in page
    assert page.index("*Version 2*") < page.index("*Version 1*") < page.index("Précisez la date.")
    with world.ports.reading() as uow:
        assert all(version.sha256 in page for version in uow.documents.versions(done.id))


def test_a_receipt_leads_to_the_versions(bolt, world) -> None:
    running(world)
    done = submitted(world)
    (receipt,) = read_by(world, "DM1", DocumentReceipt)
    buttons = [
        one for block in draw(receipt, world.ports.content).payload()["blocks"] for one in block.get("elements", ())
    ]
    assert (Action.OPEN_DOCUMENT, done.id) in [(one.get("action_id"), one.get("value")) for one in buttons]
    bolt.press(Action.OPEN_DOCUMENT, done.id, user=AUTHOR)

    assert "*Version 1*" in texts(opened(bolt))


@pytest.mark.parametrize(
    ("action", "name"),
    [(Action.VERSION_PDF, "v1.pdf"), (Action.VERSION_DOCX, "v1.docx")],
)
def test_a_version_is_received_as_a_file(bolt, world, action, name) -> None:
    running(world)
    done = submitted(world)
    said = in_modal(bolt, action, done.id)
    delivery.deliver_all(world.ports)

    assert "dans vos messages directs" in texts(said)
    assert [one for where, one, _, _ in world.workspace.shared if where == "DM1"] == [f"{done.title} {name}"]


@pytest.mark.parametrize(("action", "form"), [(Action.BLANK_PDF, "pdf"), (Action.BLANK_DOCX, "docx")])
def test_a_blank_template_is_received_as_a_file(bolt, world, action, form) -> None:
    running(world)
    in_modal(bolt, action, "F01")
    delivery.deliver_all(world.ports)

    assert [name for _, name, _, _ in world.workspace.shared] == [f"F01 Mon point de départ (fiche vierge).{form}"]


def test_sharing_says_first_who_will_read_and_what_cannot_be_taken_back(bolt, world) -> None:
    found = running(world)
    done = submitted(world)
    page = look(bolt, "F01-1")
    confirms = [one["confirm"] for block in page["blocks"] for one in block.get("elements", ()) if "confirm" in one]
    assert len(confirms) == 1
    asked = texts(confirms[0])
    assert "<@UTUTOR1>" in asked
    assert "toute autre personne qui s’y trouve" in asked
    assert len(confirms[0]["text"]["text"]) <= 300

    shared = in_modal(bolt, Action.SHARE_DOCUMENT, done.id)
    assert "Votre groupe peut lire la version 1." in texts(shared)
    assert "ne peut pas être repris" in texts(shared)
    delivery.deliver_all(world.ports)
    assert [post.message.title for post in world.workspace.posts if post.key.startswith("share:")] == [done.title]
    assert "Votre groupe ne le voit pas." in texts(in_modal(bolt, Action.REVOKE_SHARE, done.id))
    delivery.deliver_all(world.ports)
    assert not any(post.key.startswith("share:") for post in world.workspace.posts)
    assert not any(where == found.channel_id for where, *_ in world.workspace.shared)


@pytest.mark.parametrize("action", [Action.SHARE_DOCUMENT, Action.REVOKE_SHARE, Action.VERSION_PDF])
@pytest.mark.parametrize("user", [PEER, TUTOR, ADMIN])
def test_somebody_elses_press_is_refused_in_words(bolt, world, action, user) -> None:
    running(world)
    done = submitted(world)
    said = in_modal(bolt, action, done.id, user)

    assert said["callback_id"] == "notice"
    assert rows(world, "share:") == []
    assert rows(world, "print:") == []


def shortcut(bolt, world, *files, author: str = AUTHOR, user: str = AUTHOR, text: str = ""):
    facts = [{"id": one.id, "name": one.name, "size": one.size} for one in files]
    bolt.send(
        {
            "type": "message_action",
            "callback_id": Shortcut.HAND_IN_FILE,
            "team": {"id": "T1", "domain": "t"},
            "user": {"id": user, "team_id": "T1"},
            "trigger_id": "trigger.s",
            "response_url": bolt.api.url + "response",
            "message_ts": "17.1",
            "channel": {"id": "CGROUP", "name": "x"},
            "message": {"type": "message", "user": author, "ts": "17.1", "text": text, "files": facts},
        }
    )


def test_the_files_of_a_message_are_handed_in_from_its_menu(bolt, world) -> None:
    running(world)
    shortcut(bolt, world, slack_file(world, "F1", "cv.pdf"), slack_file(world, "F2", "lettre.pdf"), text="Pour F01")
    view = opened(bolt)
    assert "cv.pdf" in texts(view)
    select = next(block["element"] for block in view["blocks"] if block["type"] == "input")
    assert select["initial_option"]["value"] == "F01-1"

    state = {"worksheet": {"type": "static_select", "selected_option": {"value": "own"}}}
    bolt.submit(Callback.FILES_OFFERED, state, user=AUTHOR, metadata=view["private_metadata"])
    delivery.deliver_all(world.ports)
    assert [(one.title, one.worksheet) for one in documents_of(world)] == [("cv.pdf", "")]


def test_the_metadata_of_ten_long_names_fits(bolt, world) -> None:
    running(world)
    files = [slack_file(world, f"F0ABCDEFGH{number}", "é" * 200 + ".pdf") for number in range(10)]
    shortcut(bolt, world, *files, text="é" * 4000)

    assert len(opened(bolt)["private_metadata"]) <= 3000


def test_somebody_elses_message_is_refused_in_words(bolt, world) -> None:
    running(world)
    shortcut(bolt, world, slack_file(world, "F1"), author=PEER)

    assert bolt.api.called("views.open") == []
    assert "Seule la personne qui a écrit un message" in str(bolt.api.called("response"))


def test_an_admin_reads_the_matrix_of_a_group(bolt, world) -> None:
    found = running(world, guides=2)
    submitted(world)
    bolt.command(Command.ADMIN, f"documents {found.number}", user=ADMIN)

    page = texts(opened(bolt))
    assert "Reçu : F01 v1" in page
    assert "*Pas encore rendu* : F02" in page
    assert "*Pas encore rendu* : F01, F02" in page


@pytest.mark.parametrize("words", ["documents", "documents douze", "documents 99"])
def test_a_group_that_is_not_named_is_asked_for(bolt, world, words) -> None:
    running(world)
    bolt.command(Command.ADMIN, words, user=ADMIN)

    assert bolt.api.called("views.open") == []
    assert len(bolt.api.called("response")) == 1


def test_a_tutor_reads_the_matrices_of_their_groups(bolt, world) -> None:
    found = running(world)
    for user, expected in ((TUTOR, found.label.capitalize()), (OTHER_TUTOR, "Vous ne suivez aucun groupe en cours.")):
        bolt.press(Action.DOCUMENT_MATRIX, user=user)
        assert expected in texts(opened(bolt))
    count = len(bolt.api.called("views.open"))
    bolt.press(Action.DOCUMENT_MATRIX, user=AUTHOR)
    assert len(bolt.api.called("views.open")) == count
