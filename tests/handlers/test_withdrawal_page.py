"""The public withdrawal page: two steps without script or login, the same for everybody, and not to be flooded."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from handlers.web import make_web
from handlers.withdrawal_page import POSTS_AN_ADDRESS
from programme.content.checks import text_faults
from programme.usecases import delivery
from tests.builders import paid
from tests.conftest import World

LEA = {"name": "Léa Marchand", "email": "lea@exemple.fr", "contract": ""}


@pytest.fixture
def web(world: World) -> FlaskClient:
    return make_web(world.ports, slack=None, check_signature=None).test_client()


def declare(web: FlaskClient, **changes: str) -> str:
    given = LEA | changes
    review = web.post("/retractation", data=given | {"step": "review"}).text
    found = re.search(r'name="token" value="([^"]+)"', review)
    assert found
    return web.post("/retractation", data=given | {"step": "confirm", "token": found[1]}).text


def declarations(world: World) -> int:
    delivery.deliver_all(world.ports)
    return len([mail for mail in world.mailer.sent if mail["template"] == "withdrawal_received"])


def shown(page: str) -> str:
    """The page without what differs by person: reference, address and time."""
    return re.sub(r"wdr_\w+|[\w.]+@exemple\.fr", "", page)


def test_the_form_has_both_labels_and_no_script(web: FlaskClient) -> None:
    page = web.get("/retractation")
    assert page.status_code == 200
    assert "Renoncer au contrat ici" in page.text
    assert "<script" not in page.text
    assert "Confirmer la rétractation" in web.post("/retractation", data=LEA | {"step": "review"}).text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_reviewing_records_nothing(world: World, web: FlaskClient) -> None:
    web.post("/retractation", data=LEA | {"step": "review"})
    assert declarations(world) == 0


def test_a_member_and_a_stranger_see_the_same(world: World, web: FlaskClient) -> None:
    paid(world, "ULEA")
    assert shown(declare(web)) == shown(declare(web, name="Personne d’Autre"))
    assert declarations(world) == 2


def test_a_reloaded_page_declares_once(world: World, web: FlaskClient) -> None:
    answers = {web.post("/retractation", data=LEA | {"step": "confirm", "token": "t"}).text for _ in range(3)}
    assert len(answers) == 1
    assert declarations(world) == 1


def test_what_is_missing_is_said_beside_its_field_and_escaped(world: World, web: FlaskClient) -> None:
    page = web.post("/retractation", data={"name": "", "email": "<script>x", "step": "confirm"})
    assert page.status_code == 422
    assert page.text.count('aria-invalid="true"') == 2
    assert "<script>" not in page.text
    assert declarations(world) == 0


def test_an_address_that_floods_the_page_is_told_another_way(world: World, web: FlaskClient) -> None:
    codes = [web.post("/retractation", data=LEA | {"step": "review"}).status_code for _ in range(POSTS_AN_ADDRESS + 1)]
    assert codes == [200] * POSTS_AN_ADDRESS + [429]
    world.clock.move(minutes=11)
    assert web.post("/retractation", data=LEA | {"step": "review"}).status_code == 200


def test_the_page_is_careful_french(world: World, web: FlaskClient) -> None:
    for page in (web.get("/retractation").text, declare(web), web.post("/retractation", data={}).text):
        words = re.sub(r"<[^>]+>", " ", page[page.index("<main>") :])
        assert text_faults(html.unescape(words)) == []
